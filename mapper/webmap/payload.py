"""The versioned contract between Python and the page: geometry once, changes per cell, evidence apart.

Four blocks, each unpacked only when it is needed:

* ``core``: plain JSON with the title, actors, what each status and basis means (``mapper.statuses``), states, the span of
  days and the directory of the streams;
* ``data``: the streams, unsigned LEB128 varints one after the other (signed values zigzagged), deflated: arcs on an
  integer grid with the two faces beside each, faces and their areas, cells and the periods of each cell;
* ``base``: the base map as JSON with delta-coded integer coordinates, deflated;
* ``evidence``: places and claims as JSON columns, deflated; the page unpacks it after its first picture.

Days are integers counted from 1970-01-01. The page refuses a VERSION newer than its own, kindly.
"""

from __future__ import annotations

import base64
import re
import unicodedata
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain, pairwise, repeat
from operator import attrgetter
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from mapper.addresses import web_address
from mapper.areas.longitudes import covering, seam
from mapper.areas.measures import share_checks
from mapper.collector import collector_paused, give_back
from mapper.colours import GROUNDS, assign, own_colours
from mapper.model import (
    Claim,
    Modality,
    Period,
    Place,
    PlaceId,
    Result,
    ShareClaim,
    Status,
    Territory,
)
from mapper.statuses import BASES, STATUSES, weight
from mapper.webmap.histories import PIECE, ClaimNumbers, Ints, day_number, listed, pack_periods

FORMAT = "mapper-timemap"
VERSION = 2
UNTITLED = "Who controlled what"

_HECTARES = 100  # in a km²: the unit in which faces' areas are sent, so that a map's sums are right to the km²
_BASE_STEP = 0.001  # degrees, about 100 m: finer than a pixel at the closest zoom the base map is good for
_FINEST, _COARSEST = 1e-5, 5e-4  # degrees: 1 m for a city's theatre, 50 m for a country's
_FINE_PARTS, _COARSE_PARTS = 65536, 26000  # the theatre's longer side is cut into so many grid steps
_MANY_POINTS = 100_000  # from here on the coarse grid: half the bytes, still finer than a pixel at zoom 10
# Claims from which on a page is squeezed at zlib's own level: a million at the closest take five times as long for 5 % less
_MANY_CLAIMS = 200_000
_CLOSEST, _USUAL = 9, 6
# Other spellings kept for each place the claims name, so that search finds them: of Latin letters, of every other script.
_SEARCH_NAMES = {"few": (24, 4), "many": (6, 1)}
_FEW_PLACES = 800  # named places up to which a page has room for all their names


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """The blocks as text that is safe inside a ``<script>`` data element."""

    title: str
    core: str
    data: str
    base: str
    evidence: str


@collector_paused()
def build_payload(result: Result, *, basemap: Mapping[str, Any], title: str = "") -> Payload:
    """Everything the page shows, packed. Nothing here depends on the order of mappings or on the clock."""
    territory = result.territory
    first, last = _span(result)  # before there is more to hold
    actors = _actor_table(result)
    actor_index = {actor["id"]: number for number, actor in enumerate(actors)}
    numbers = ClaimNumbers(result)
    cells = _cells(result)
    order = _spatial_order([result.places.get(place_id) for place_id, _ in cells])
    cells = [cells[number] for number in order]
    bounds, cut = _bounds(result, cells)
    places = _PlaceTable(result)

    streams: dict[str, Ints] = {}
    states, evidence_sets, used = pack_periods([own for _, own in cells], actor_index, numbers, streams)
    streams["cell_place"] = _deltas([places.number(place_id) for place_id, _ in cells])
    grid = None
    if territory is not None and territory.face_cell.size:
        rank = np.empty(len(order), dtype=np.int64)
        rank[np.asarray(order, dtype=np.int64)] = np.arange(len(order))
        grid = _pack_geometry(territory, rank, streams)

    level = _CLOSEST if len(numbers) < _MANY_CLAIMS else _USUAL
    directory, blob = _pack_streams(streams)
    data = _deflated([blob], level)
    said = _shares(result, actor_index, numbers)
    streams.clear()  # what is no longer needed is given up before the evidence of a million claims is packed
    del numbers
    give_back()
    evidence = _deflated(_evidence(result, actor_index, places, used), level)
    shown_title = title or result.title or UNTITLED
    core = {
        "format": FORMAT,
        "version": VERSION,
        "title": shown_title,
        "first": first,
        "last": last,
        "bounds": bounds,
        "seam": cut,
        "actors": actors,
        "statuses": [_status(status) for status in STATUSES],
        "bases": [{"id": basis.value, "tone": BASES[basis].tone, "own": BASES[basis].own} for basis in BASES],
        "states": states,
        "sets": evidence_sets,
        "grid": grid,
        "streams": directory,
        "shares": said,
        "counts": {"claims": len(result.claims), "shares": len(result.share_claims), "articles": len(result.articles)},
        "issues": sorted(Counter(issue.code for issue in result.issues).items()),
        "versions": dict(sorted(result.versions.items())),
    }
    return Payload(
        title=shown_title,
        core=_json_text(core),
        data=data,
        base=_deflated([orjson.dumps(_base(basemap, cut))], _CLOSEST),
        evidence=evidence,
    )


def _status(status: Status) -> dict[str, Any]:
    """A row of the table of statuses; ``weights``: (certain, likely, possible) for each basis."""
    row = STATUSES[status]
    return {
        "id": status.value,
        "weights": [weight(status, basis) for basis in BASES],
        **{name: getattr(row, name) for name in ("shared", "holds", "rival", "disputed", "fill", "wash", "edge")},
    }


def _json_text(value: object) -> str:
    """JSON that no HTML parser can mistake for markup."""
    text = orjson.dumps(value).decode("utf-8")
    for char, escape in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(char, escape)
    return text


def _deflated(raw: Iterable[bytes], level: int) -> str:
    squeeze = zlib.compressobj(level=level, wbits=-15)
    text: list[str] = []
    rest = b""
    for piece in raw:
        rest += squeeze.compress(piece)
        whole = len(rest) - len(rest) % 3  # three bytes are four letters
        text.append(base64.b64encode(rest[:whole]).decode("ascii"))
        rest = rest[whole:]
    text.append(base64.b64encode(rest + squeeze.flush()).decode("ascii"))
    return "".join(text)


def _shares(
    result: Result, actor_index: Mapping[str, int], numbers: ClaimNumbers
) -> list[dict[str, int | float | bool | str | None]]:
    """What sources say an actor lost or holds, beside what the map computes (None where it has no areas)."""
    if result.territory is None:
        return []
    rows, _ = share_checks(result.territory, result.share_claims)
    claims = numbers.of([row["claim_id"] for row in rows])
    return [
        {
            "claim": claim,
            "actor": actor_index.get(row["actor_id"], -1),
            "day": day_number(date.fromisoformat(row["date"])),
            **{key: row[key] for key in ("lost", "unit", "said", "low", "computed", "high")},
        }
        for row, claim in zip(rows, claims, strict=True)
    ]


# Streams -------------------------------------------------------------------------------------------------------------


def _deltas(values: Sequence[int] | Ints) -> Ints:
    numbers: Ints = np.asarray(values, dtype=np.int64)
    deltas: Ints = np.diff(numbers, prepend=np.int64(0)).astype(np.int64)
    return deltas


def varints(values: Ints) -> bytes:
    """Zigzag, then little-endian base 128: small numbers of either sign take one byte."""
    return b"".join(_varints(values[at : at + PIECE].astype(np.int64)) for at in range(0, len(values), PIECE))


def _varints(numbers: NDArray[np.int64]) -> bytes:
    rest = ((numbers << 1) ^ (numbers >> 63)).astype(np.uint64)
    if not rest.size:
        return b""
    columns = []
    while True:
        more = rest >= 128  # the continuation bit
        columns.append(((rest & np.uint64(0x7F)) | (more.astype(np.uint64) << np.uint64(7))).astype(np.uint8))
        rest = rest >> np.uint64(7)
        if not rest.any():
            break
    table = np.stack(columns, axis=1)
    used = np.ones(table.shape, dtype=bool)
    for column in range(1, table.shape[1]):
        used[:, column] = used[:, column - 1] & (table[:, column - 1] >= 128)
    return table[used].tobytes()


def _pack_streams(streams: Mapping[str, Ints]) -> tuple[list[list[Any]], bytes]:
    """The directory (name, how many numbers, bytes) in order, and the bytes."""
    directory: list[list[Any]] = []
    parts: list[bytes] = []
    for name, values in streams.items():
        part = varints(values)
        directory.append([name, len(values), len(part)])
        parts.append(part)
    return directory, b"".join(parts)


# Cells and periods ---------------------------------------------------------------------------------------------------


def _cells(result: Result) -> list[tuple[PlaceId, tuple[Period, ...]]]:
    """Cells of the territory, then places that have a history but no area (regions, rivers, places off the map)."""
    territory = result.territory
    cells: list[tuple[PlaceId, tuple[Period, ...]]] = []
    if territory is not None:
        periods = territory.cell_periods or ((),) * len(territory.cell_place)
        cells = list(zip(territory.cell_place, periods, strict=True))
    known = {place_id for place_id, own in cells if own}  # a country's rest has its id, not what is said of it
    others: dict[PlaceId, list[Period]] = {}
    for period in result.timeline.periods:
        if period.place_id not in known:
            others.setdefault(period.place_id, []).append(period)
    return cells + [(place_id, tuple(others[place_id])) for place_id in sorted(others)]


def _spatial_order(places: Sequence[Place | None]) -> list[int]:
    """Along a Z-curve, so that neighbours get near numbers and the streams squeeze well."""
    lon = np.asarray([0.0 if place is None else place.lon for place in places])
    lat = np.asarray([0.0 if place is None else place.lat for place in places])
    key = np.zeros(len(places), dtype=np.uint64)
    for shift, values in ((0, (lon + 180) / 360), (1, (lat + 90) / 180)):
        bits = np.clip(values * 65535, 0, 65535).astype(np.uint64)
        for bit in range(16):
            key |= ((bits >> np.uint64(bit)) & np.uint64(1)) << np.uint64(2 * bit + shift)
    return [int(number) for number in np.argsort(key, kind="stable")]


def _span(result: Result) -> tuple[int, int]:
    """First and last day of the slider: of what is on the map, else of the articles, else one day."""
    days = result.span() or tuple(article.published for article in result.articles if article.published is not None)
    return (day_number(min(days)), day_number(max(days))) if days else (0, 0)


def _bounds(result: Result, cells: Iterable[tuple[PlaceId, tuple[Period, ...]]]) -> tuple[list[float] | None, float]:
    """West, south, east, north of what there is to see, east beyond 180 where it lies across the antimeridian; and the
    longitude from which the page counts on, so that it is in one piece: what is less has 360 added.
    """
    territory = result.territory
    if territory is not None and territory.face_cell.size:
        west, south, east, north = territory.bounds
    else:
        places = [result.places[place_id] for place_id, _ in cells if place_id in result.places]
        places = places or [result.places[claim.place_id] for claim in result.claims if claim.place_id in result.places]
        if not places:
            return None, -180.0
        lons, lats = [place.lon for place in places], [place.lat for place in places]
        (west, east), margin = covering(lons, lons), 0.5
        west, south, east, north = west - margin, min(lats) - margin, east + margin, max(lats) + margin
    turned = east + 360 if west > east else east
    return [round(edge, 4) for edge in (west, south, turned, north)], round(seam(west, east), 4)


def _actor_table(result: Result) -> list[dict[str, Any]]:
    """Actors that the map or the claims speak of, those with most claims first, each with its colour in every theme.

    ``merged`` are the words of tables that were taken for it.
    """
    own = own_colours(result)
    chosen = {theme: assign(own, theme) for theme in GROUNDS}
    table = []
    for actor_id in own:
        actor = result.actors.get(actor_id)
        row: dict[str, Any] = {
            "id": str(actor_id),
            "name": str(actor_id) if actor is None else actor.name,
            "colours": {theme: found[actor_id] for theme, found in chosen.items()},
        }
        if actor_id in result.merged:
            row["merged"] = list(result.merged[actor_id])
        table.append(row)
    return table


# Geometry ------------------------------------------------------------------------------------------------------------


def _pack_geometry(territory: Territory, rank: Ints, streams: dict[str, Ints]) -> dict[str, float]:
    """Arcs on an integer grid, the lower of their two faces on the left, walked around that face: an arc tends to
    start where the one before it ended, and both its faces are near numbers.
    """
    face_order = np.lexsort((territory.face_zone, rank[territory.face_cell]))
    face_rank = np.empty(len(face_order) + 1, dtype=np.int64)
    face_rank[face_order] = np.arange(len(face_order))
    face_rank[-1] = -1  # index -1, outside the theatre, stays -1
    left, right = face_rank[territory.left], face_rank[territory.right]
    streams["face_cell"] = _deltas(rank[territory.face_cell][face_order])
    streams["face_zone"] = territory.face_zone[face_order].astype(np.int64)
    within = np.where(territory.face_zone <= 1, territory.face_km2, 0.0)  # beyond reach nobody's area is asked for
    streams["face_ha"] = np.rint(within[face_order] * _HECTARES).astype(np.int64)

    west, south = territory.xy.min(axis=0)
    extent = float((territory.xy.max(axis=0) - (west, south)).max())
    parts = _FINE_PARTS if len(territory.xy) < _MANY_POINTS else _COARSE_PARTS
    step = float(min(_COARSEST, max(_FINEST, extent / parts)))
    points = np.rint((territory.xy - (west, south)) / step).astype(np.int64)
    flipped = (left < 0) | ((right >= 0) & (right < left))
    owner, other = np.where(flipped, right, left), np.where(flipped, left, right)
    starts, ends = territory.offsets[:-1], territory.offsets[1:]
    order = _chained(owner, points, starts, ends, flipped)
    pieces = []
    for arc in order:
        piece = points[starts[arc] : ends[arc]]
        moved = np.ones(len(piece), dtype=bool)
        moved[1:-1] = (piece[1:-1] != piece[:-2]).any(axis=1)  # inner points that the grid has merged
        piece = piece[moved]
        pieces.append(piece[::-1] if flipped[arc] else piece)
    xy = np.concatenate(pieces)
    streams["arc_n"] = np.asarray([len(piece) for piece in pieces], dtype=np.int64)
    streams["arc_x"] = _deltas(xy[:, 0])
    streams["arc_y"] = _deltas(xy[:, 1])
    streams["arc_left"] = _deltas(owner[order])
    streams["arc_right"] = np.where(other[order] < 0, 0, other[order] - owner[order])  # 0: nothing beyond
    return {"west": round(float(west), 7), "south": round(float(south), 7), "step": step}


def _chained(owner: Ints, points: Ints, starts: Ints, ends: Ints, flipped: NDArray[np.bool_]) -> list[int]:
    """Arcs grouped by owner, each beginning where the one before it ended as far as they join."""
    by_owner = np.argsort(owner, kind="stable")
    cuts = np.flatnonzero(np.diff(owner[by_owner])) + 1
    first = points[np.where(flipped, ends - 1, starts)].tolist()
    last = points[np.where(flipped, starts, ends - 1)].tolist()
    order: list[int] = []
    here: list[int] = []
    for group in np.split(by_owner, cuts):
        left_over = [int(arc) for arc in group]
        while left_over:
            position = next((k for k, arc in enumerate(left_over) if first[arc] == here), 0)
            arc = left_over.pop(position)
            order.append(arc)
            here = last[arc]
    return order


def _flat(line: Sequence[Sequence[float]], cut: float) -> list[int]:
    """x, y, then steps, in thousandths of a degree, merged points dropped; moved as a whole where it lies before the cut."""
    if not line:
        return []
    turn = 360 if sum(point[0] for point in line) < cut * len(line) else 0
    points = [(round((point[0] + turn) / _BASE_STEP), round(point[1] / _BASE_STEP)) for point in line]
    flat = list(points[0])
    for before, after in pairwise(points):
        if before != after:
            flat += [after[0] - before[0], after[1] - before[1]]
    return flat


def _base(basemap: Mapping[str, Any], cut: float) -> dict[str, Any]:
    def at(spot: Mapping[str, Any]) -> tuple[float, float]:
        return round(spot["lat"], 4), round(spot["lon"] + (360 if spot["lon"] < cut else 0), 4)

    return {
        "step": _BASE_STEP,
        "land": [_flat(ring, cut) for ring in basemap.get("land", ())],
        "lakes": [_flat(ring, cut) for ring in basemap.get("lakes", ())],
        "borders": [_flat(line, cut) for line in basemap.get("borders", ())],
        "provinces": [_flat(line, cut) for line in basemap.get("provinces", ())],
        "rivers": [
            {"name": river.get("name", ""), "lines": [_flat(line, cut) for line in river.get("lines", ())]}
            for river in basemap.get("rivers", ())
        ],
        "towns": [[town["name"], *at(town), town.get("rank", 9)] for town in basemap.get("towns", ())],
        "countries": [[country["name"], *at(country)] for country in basemap.get("countries", ())],
        "credits": list(basemap.get("credits", ())),
        "view": str(basemap.get("point_of_view", "")),
    }


# Evidence ------------------------------------------------------------------------------------------------------------


class _PlaceTable:
    """Places in the order they are first asked for; unknown ids keep their id as a name."""

    def __init__(self, result: Result) -> None:
        self._result = result
        self._numbers: dict[PlaceId, int] = {}
        self._named = {claim.place_id for claim in result.claims}

    def number(self, place_id: PlaceId) -> int:
        if not place_id:
            return -1
        return self._numbers.setdefault(place_id, len(self._numbers))

    def columns(self) -> dict[str, list[Any]]:
        columns: dict[str, list[Any]] = {
            name: [] for name in ("id", "name", "lat", "lon", "country", "code", "pop", "also")
        }
        for place_id in self._numbers:
            place = self._result.places.get(place_id)
            columns["id"].append(str(place_id))
            columns["name"].append(str(place_id) if place is None else place.name)
            columns["lat"].append(None if place is None else round(place.lat, 3))
            columns["lon"].append(None if place is None else round(place.lon, 3))
            columns["country"].append("" if place is None else place.country)
            columns["code"].append("" if place is None else place.feature_code)
            columns["pop"].append(0 if place is None else place.population)
            names = () if place is None or place_id not in self._named else place.names
            columns["also"].append(_searchable(names, many=len(self._named) > _FEW_PLACES))
        return columns


def _searchable(names: Sequence[str], *, many: bool) -> list[str]:
    """Spellings that differ once folded, of every script: whoever writes حلب looks for Aleppo too."""
    latin, other = _SEARCH_NAMES["many" if many else "few"]
    kept: list[str] = []
    seen: set[str] = set()
    room: dict[str, int] = {}
    for name in names:
        letter = next((c for c in name if c.isalpha()), " ")
        script = unicodedata.name(letter, "?").split(" ")[0]
        key = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if c.isalnum())
        left = room.setdefault(script, latin if script == "LATIN" else other)
        if left and key not in seen:
            room[script] = left - 1
            seen.add(key)
            kept.append(name)
    return kept


def _called(text: str, names: Sequence[tuple[str, str]], said: str) -> str:
    """What a quote or note calls an actor, for its mark: a table gives an id where the words say "the Syrian army".

    ``names`` are the actor's with their folded spellings.
    """
    if not said or not names or (text and text in said):
        return text
    low = said.casefold()
    found = (name for name, folded in names if folded in low)
    whole = [name for name in found if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said, re.IGNORECASE)]
    return max(whole, key=len, default=text)


def _evidence(result: Result, actor_index: Mapping[str, int], places: _PlaceTable, used: bytearray) -> Iterator[bytes]:
    """The JSON of places and claims in pieces: claims and share claims as columns, claims first; strings that repeat go
    into dictionaries.
    """
    claims, shares = result.claims, result.share_claims
    asked = chain(map(attrgetter("place_id"), claims), (s.region[0] if s.region else PlaceId("") for s in shares))
    numbers = array("i", map(places.number, asked))
    yield b'{"places":' + orjson.dumps(places.columns()) + b',"claims":{'
    comma = b""
    for name, values in _columns(result, actor_index, numbers):
        yield comma + orjson.dumps(name) + b":"
        yield from listed(values)
        comma = b","
    mapped = dict.fromkeys(Modality, "") | {way: way.value for way in Modality if not way.mapped}
    words: dict[str, Iterable[str]] = {
        "predicate": chain(
            map(str, map(attrgetter("predicate"), claims)), ("lost_share" if s.lost else "holds_share" for s in shares)
        ),
        "modality": map(str, map(attrgetter("modality"), chain(claims, shares))),
        "publisher": map(attrgetter("source.publisher"), chain(claims, shares)),
        "reason": chain(
            ("" if on else _why_not_mapped(claim, result) for claim, on in zip(claims, used, strict=False)),
            (mapped[share.modality] for share in shares),
        ),
    }
    for name, texts in words.items():
        table: dict[str, int] = {}
        found = array("i", (table.setdefault(text, len(table)) for text in texts))
        yield b"," + orjson.dumps(name + "s") + b":" + orjson.dumps(list(table)) + b"," + orjson.dumps(name) + b":"
        yield from listed(found)
    yield b"}}"


def _columns(
    result: Result, actor_index: Mapping[str, int], numbers: Iterable[int]
) -> Iterator[tuple[str, Iterable[object]]]:
    """Each column's name and what stands in it: of the claims, then of the share claims. ``numbers`` are their places.

    A table has a million claims, so that most columns are told by functions that are not Python's.
    """
    claims, shares = result.claims, result.share_claims
    titles = {article.id: article.title for article in result.articles}
    names = {
        actor.id: [(name, name.casefold()) for name in (actor.name, *actor.aliases)] for actor in result.actors.values()
    }
    day = lru_cache(maxsize=PIECE)(lambda value: None if value is None else day_number(value))

    def both(field: str) -> Iterator[Any]:
        return map(attrgetter(field), chain(claims, shares))

    def called(rows: Iterable[Claim | ShareClaim], who: str) -> Iterator[str]:
        actors, texts = map(attrgetter(f"{who}_id"), rows), map(attrgetter(f"{who}_text"), rows)
        for row, actor_id, text in zip(rows, actors, texts, strict=True):
            yield _called(text, names.get(actor_id, ()), row.quote.text or row.note)

    yield "id", both("id")
    yield "place", numbers
    yield "placeText", chain(map(attrgetter("place_text"), claims), map(attrgetter("region_text"), shares))
    yield "actor", map(actor_index.get, both("actor_id"), repeat(-1))
    yield "actorText", chain(called(claims, "actor"), called(shares, "actor"))
    yield "other", chain(map(actor_index.get, map(attrgetter("other_id"), claims), repeat(-1)), repeat(-1, len(shares)))
    yield "otherText", chain(called(claims, "other"), repeat("", len(shares)))
    yield "from", map(day, both("when.earliest"))
    yield "to", map(day, both("when.latest"))
    yield "edtf", both("when.edtf")
    yield "extent", chain(map(str, map(attrgetter("extent"), claims)), repeat("part", len(shares)))
    yield "wording", both("extent_wording")
    yield "saidBy", both("said_by")
    yield "quote", both("quote.text")
    yield "note", both("note")
    yield "url", map(lru_cache(maxsize=PIECE)(web_address), both("source.url"))
    yield "published", map(day, both("source.published"))
    yield "title", (source.title or titles.get(source.article_id, "") for source in both("source"))
    yield "confidence", map(lru_cache(maxsize=PIECE, typed=True)(round), both("confidence"), repeat(2))
    yield "rule", both("rule")
    yield "share", chain(repeat(None, len(claims)), (s.km2 if s.fraction is None else s.fraction for s in shares))
    yield "start", both("quote.start")


def _why_not_mapped(claim: Claim, result: Result) -> str:
    """The first reason why no period on the map rests on the claim."""
    if claim.review == "wrong":
        return "rejected"
    if claim.modality in (Modality.PLANNED, Modality.HYPOTHETICAL, Modality.NEGATED):
        return claim.modality.value
    if not claim.place_id or claim.place_id not in result.places:
        return "unresolved"
    if not claim.when.known:
        return "undated"
    if not claim.actor_id and not claim.other_id:
        return "no-actor"
    return "unused"
