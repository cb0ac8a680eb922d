"""mapper's own flat tables: claims, periods and toponyms, one a line, the same fields in CSV and JSON lines.

The claims table loses nothing: what has no column of its own (the place's other names, the date's basis, …) stands as
JSON in the last column, ``more``. Where a column and ``more`` both speak, the column wins, because people edit columns.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import IO, Any, TypeVar, cast

from mapper.dates import edtf
from mapper.model import (
    ActorId,
    ArticleId,
    Claim,
    ClaimId,
    Extent,
    Modality,
    Place,
    PlaceId,
    Predicate,
    Quote,
    ShareClaim,
    Source,
    Timeline,
    Toponym,
    When,
    stable_id,
)
from mapper.records.cells import (
    NOWHERE,
    CellError,
    Sink,
    apart,
    parse_day,
    parse_number,
    parse_point,
    parse_when,
    source_of,
)
from mapper.records.more import read_more
from mapper.records.tables import Row, defuse

CLAIM_COLUMNS = (
    *("id", "article_id", "place_text", "place_id", "place_name", "lat", "lon", "country", "feature_code", "predicate"),
    *("actor_text", "actor_id", "other_text", "other_id", "earliest", "latest", "edtf", "modality", "extent"),
    *(
        "extent_wording",
        "share",
        "baseline",
        "said_by",
        "start",
        "end",
        "quote",
        "note",
        "publisher",
        "url",
        "published",
        "rule",
    ),
    *("confidence", "review", "more"),
)
PERIOD_COLUMNS = (
    *("place_id", "name", "lat", "lon", "status", "actor_id", "other_id", "start", "end", "start_precision", "basis"),
    *("confidence", "claim_ids", "start_latest", "country"),
)
TOPONYM_COLUMNS = (
    *("article_id", "start", "end", "text", "place_id", "name", "lat", "lon", "feature_class", "feature_code"),
    *("country", "admin1", "demonym", "score", "rivals", "kind", "spelling", "radius_km", "wording", "named"),
)
REVIEWS = ("", "ok", "wrong", "edited")
_NUMBERS = frozenset({"lat", "lon", "start", "end", "confidence", "share", "score"})
Choice = TypeVar("Choice", Predicate, Modality, Extent)
# What a row is looked through for as a whole: without it no cell needs quotes or defusing, but where a cell holds a comma
_UNPLAIN = re.compile(r"""(?:^|,)[=+\-@\uff1d\uff0b\uff0d\uff20]|["';\t\r\n]""")
_SPECIAL = re.compile(r'[",;\t\r\n]')  # LibreOffice parts cells at semicolons and tabs too, but not within quotes
_EMPTY_WHEN: dict[str, str] = {}
_PLACE_EXTRAS: dict[str, Any] = {
    "names": (),
    "feature_class": "P",
    "admin1": "",
    "population": 0,
    "geometry_ref": "",
    "radius_km": 0.0,
    "source": "",
}


# Writing ------------------------------------------------------------------------------------------------------------


def claim_rows(
    claims: Iterable[Claim], share_claims: Iterable[ShareClaim], places: Mapping[PlaceId, Place]
) -> Iterator[dict[str, str]]:
    """Flat records under CLAIM_COLUMNS: claims, then share claims, in the order given."""
    for claim in claims:
        place = places.get(claim.place_id)
        yield _row(
            claim,
            place_text=claim.place_text,
            place_id=claim.place_id,
            predicate=claim.predicate,
            other_text=claim.other_text,
            other_id=claim.other_id,
            extent=claim.extent,
            **_place_cells(place),
        ) | {"more": _json(_more(claim) | {"implies": list(claim.implies), "place": _place_more(place)})}
    for share in share_claims:
        known = [places[place_id] for place_id in share.region if place_id in places]
        number = share.fraction if share.km2 is None else share.km2
        row = _row(
            share,
            place_text=share.region_text,
            place_id=";".join(share.region),
            place_name=";".join(place.name for place in known),
            country=";".join(place.country for place in known),
            predicate="lost" if share.lost else "holds",
            extent="part",
            share="" if number is None else repr(number) + ("" if share.km2 is None else " km2"),
            baseline=edtf(share.baseline),
        )
        if share.lost:  # who lost is the other side of a loss, as in every claim
            row |= {"actor_text": "", "actor_id": "", "other_text": share.actor_text, "other_id": share.actor_id}
        if len(known) == 1:
            row |= _place_cells(known[0])
        more = _more(share) | {
            "baseline": _when_more(share.baseline),
            "places": [_place_record(place) for place in known],
            "region": list(share.region) if any(";" in place_id for place_id in share.region) else [],
        }
        yield row | {"more": _json(more)}


def _row(claim: Claim | ShareClaim, **own: str) -> dict[str, str]:
    when, quote, source = claim.when, claim.quote, claim.source
    row = dict.fromkeys(CLAIM_COLUMNS, "") | {
        "id": claim.id,
        "article_id": quote.article_id,
        "actor_text": claim.actor_text,
        "actor_id": claim.actor_id,
        "earliest": _iso(when.earliest),
        "latest": _iso(when.latest),
        "edtf": when.edtf,
        "modality": claim.modality,
        "extent_wording": claim.extent_wording,
        "said_by": claim.said_by,
        "start": str(quote.start),
        "end": str(quote.end),
        "quote": quote.text,
        "note": claim.note,
        "publisher": source.publisher,
        "url": source.url,
        "published": _iso(source.published),
        "rule": claim.rule,
        "confidence": repr(claim.confidence),
        "review": claim.review,
    }
    return row | {key: str(value) for key, value in own.items()}


def _more(claim: Claim | ShareClaim) -> dict[str, Any]:
    source = claim.source
    return {
        "basis": claim.when.basis,
        "title": source.title,
        "source_id": source.article_id if source.article_id != claim.quote.article_id else "",
    }


def _when_more(when: When) -> dict[str, str]:
    """What the EDTF column does not say of a When; empty if it says everything."""
    if not when.known and not when.edtf and not when.basis:
        return _EMPTY_WHEN
    return {
        "earliest": _iso(when.earliest),
        "latest": _iso(when.latest),
        "edtf": when.edtf,
        "basis": when.basis,
    }


def _place_cells(place: Place | None) -> dict[str, str]:
    if place is None:
        return {}
    return {
        "place_name": place.name,
        "lat": _coordinate(place.lat),
        "lon": _coordinate(place.lon),
        "country": place.country,
        "feature_code": place.feature_code,
    }


def _place_more(place: Place | None) -> dict[str, Any]:
    if place is None:
        return {}
    extras = {key: getattr(place, key) for key in _PLACE_EXTRAS}
    return {key: value for key, value in extras.items() if value != _PLACE_EXTRAS[key]}


def _place_record(place: Place) -> dict[str, Any]:
    return {
        "id": place.id,
        "name": place.name,
        "lat": None if place.point is None else place.lat,
        "lon": None if place.point is None else place.lon,
        "country": place.country,
        "feature_code": place.feature_code,
        **_place_more(place),
    }


def _json(record: dict[str, Any]) -> str:
    """Compact JSON without what is empty; nothing at all if everything is."""
    kept = {key: value for key, value in record.items() if value not in ("", [], {}, ())}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if kept else ""


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _coordinate(value: float) -> str:
    return "" if value != value else repr(value)  # noqa: PLR0124 - NaN


def period_rows(timeline: Timeline, places: Mapping[PlaceId, Place]) -> Iterator[dict[str, str]]:
    """Flat records under PERIOD_COLUMNS, in the timeline's order; ``claim_ids`` are joined by semicolons."""
    for period in timeline.periods:
        place = places.get(period.place_id)
        yield {
            "place_id": period.place_id,
            "name": "" if place is None else place.name,
            "lat": "" if place is None else _coordinate(place.lat),
            "lon": "" if place is None else _coordinate(place.lon),
            "status": period.status,
            "actor_id": period.actor_id,
            "other_id": period.other_id,
            "start": period.start.isoformat(),
            "end": _iso(period.end),
            "start_precision": period.start_precision,
            "basis": period.basis,
            "confidence": repr(period.confidence),
            "claim_ids": ";".join(period.claim_ids),
            "start_latest": period.start_latest.isoformat(),
            "country": "" if place is None else place.country,
        }


def toponym_rows(toponyms: Iterable[Toponym]) -> Iterator[dict[str, Any]]:
    """Flat records under TOPONYM_COLUMNS; lat and lon are None when the name is unresolved."""
    for toponym in toponyms:
        place = toponym.place
        yield {
            "article_id": toponym.quote.article_id,
            "start": toponym.quote.start,
            "end": toponym.quote.end,
            "text": toponym.quote.text,
            "place_id": "" if place is None else place.id,
            "name": "" if place is None else place.name,
            "lat": None if place is None else place.lat,
            "lon": None if place is None else place.lon,
            "feature_class": "" if place is None else place.feature_class,
            "feature_code": "" if place is None else place.feature_code,
            "country": "" if place is None else place.country,
            "admin1": "" if place is None else place.admin1,
            "demonym": toponym.kind == "demonym",
            "score": toponym.score,
            "rivals": [
                {
                    "place_id": rival.place_id,
                    "name": rival.name,
                    "country": rival.country,
                    "lat": rival.lat,
                    "lon": rival.lon,
                    "score": rival.score,
                }
                for rival in toponym.rivals
            ],
            "kind": toponym.kind,
            "spelling": toponym.spelling,
            "radius_km": None if place is None else place.radius_km,
            "wording": "" if toponym.wording is None else toponym.wording.text,
            "named": "" if toponym.named is None else toponym.named.place_id,
        }


def write_csv(rows: Iterable[Mapping[str, Any]], stream: IO[str]) -> int:
    """Rows as CSV under the first row's columns; cells that a spreadsheet might run are defused. Returns how many."""
    columns: list[str] = []
    number = 0
    for row in rows:
        if not columns:
            columns = list(row)
            stream.write(",".join(_quoted(column) for column in columns) + "\n")
        cells = [_csv_cell(row.get(column)) for column in columns]
        line = ",".join(cells)
        if line.count(",") >= len(cells) or _UNPLAIN.search(line):
            line = ",".join(map(_quoted, cells))
        stream.write(line + "\n")
        number += 1
    return number


def _quoted(cell: str) -> str:
    """The cell defused, and in quotes where CSV asks for them; the standard writer forgets a lone carriage return."""
    safe = defuse(cell)
    return '"' + safe.replace('"', '""') + '"' if _SPECIAL.search(safe) else safe


def _csv_cell(value: Any) -> str:
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)  # 0, too, is a number
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) if value else ""


def write_jsonl(rows: Iterable[Mapping[str, Any]], stream: IO[str]) -> int:
    """Rows as one JSON object a line; numbers are numbers, empty ones null. Returns how many."""
    number = 0
    for row in rows:
        record = {key: _json_cell(key, value) for key, value in row.items()}
        stream.write(json.dumps(record, ensure_ascii=False, separators=(", ", ": ")) + "\n")
        number += 1
    return number


def _json_cell(key: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if key in _NUMBERS:
        try:
            return json.loads(value) if value else None
        except ValueError:
            return value  # a start that is a date, a share in km2
    return value


# Reading ------------------------------------------------------------------------------------------------------------


def read_claim(row: Row, sink: Sink) -> None:
    """One row of the claims table into ``sink``. Raises CellError when the row cannot be used."""
    line, cells = row
    more = read_more(cells.get("more", ""))
    predicate = choice(Predicate, cells.get("predicate", ""), "predicate")
    review = cells.get("review", "").strip().casefold()
    if review not in REVIEWS:
        text = f"review {review!r} is not one of ok, wrong, edited: taken as empty"
        sink.report("review-unknown", text, line=line, level="warning", value=review)
        review = ""
    claim_id = cells.get("id", "").strip()
    first = sink.first_line(claim_id, line) if claim_id else line
    if first != line:
        text = f"id {claim_id!r} stands in line {first} already: left out; empty the cell to get a new id"
        raise CellError(code="id-repeated", message=text)
    if cells.get("share", "").strip():
        _read_share(row, more, predicate, review, sink)
        return
    when = _read_when(cells, more, sink.date_order)
    place_id = _read_place(line, cells, more, sink)
    quote, source = _read_origin(row, more, sink)
    actor_id, actor_text = read_actor(cells, "actor", sink)
    other_id, other_text = read_actor(cells, "other", sink)
    claim = Claim(
        id=ClaimId(cells.get("id", "").strip()),
        place_id=place_id,
        place_text=sys.intern(cells.get("place_text", "") or cells.get("place_name", "")),
        predicate=predicate,
        actor_id=actor_id,
        actor_text=sys.intern(actor_text),  # of what rows have in common one text is held
        other_id=other_id,
        other_text=sys.intern(other_text),
        when=when,
        modality=choice(Modality, cells.get("modality", ""), "modality", Modality.ASSERTED),
        extent=choice(Extent, cells.get("extent", ""), "extent", Extent.WHOLE),
        extent_wording=sys.intern(cells.get("extent_wording", "")),
        said_by=sys.intern(cells.get("said_by", "")),
        quote=quote,
        note=cells.get("note", ""),
        source=source,
        rule=sys.intern(cells.get("rule", "")),
        confidence=read_confidence(cells),
        implies=tuple(more.get("implies", ())),
        review=review,
    )
    sink.claims.append(claim if claim.id else replace(claim, id=_made_id(cells)))


def _made_id(cells: Mapping[str, str]) -> ClaimId:
    """The id of a row that has none: from its content, so that the same row has the same id tomorrow."""
    return ClaimId(
        stable_id("row", *(f"{key}={cells[key]}" for key in sorted(cells) if cells[key] and key != "review"))
    )


def _read_share(row: Row, more: Mapping[str, Any], predicate: Predicate, review: str, sink: Sink) -> None:
    cells = row[1]
    if predicate not in (Predicate.LOST, Predicate.HOLDS):
        raise CellError(
            code="share-predicate", message=f"a share is lost or held, not {predicate}: write lost or holds"
        )
    fraction, km2 = read_share(cells["share"])
    for record in more.get("places", ()):
        place = _place_of(record)
        sink.places.setdefault(place.id, place)
    listed = cells.get("place_id", "")
    region = tuple(PlaceId(part) for part in more.get("region", ()) or listed.split(";") if part.strip())
    baseline = more.get("baseline")
    shown = cells.get("baseline", "").strip()
    if baseline is not None:
        whole = When(
            earliest=parse_day(baseline.get("earliest", "")),
            latest=parse_day(baseline.get("latest", "")),
            edtf=baseline.get("edtf", ""),
            basis=baseline.get("basis", ""),
        )
    else:
        whole = When()
    if shown and shown != edtf(whole):
        whole = parse_when(shown, sink.date_order)
    quote, source = _read_origin(row, more, sink)
    loser = predicate is Predicate.LOST and (cells.get("other_text", "").strip() or cells.get("other_id", "").strip())
    actor_id, actor_text = read_actor(cells, "other" if loser else "actor", sink)
    share = ShareClaim(
        id=ClaimId(cells.get("id", "").strip()),
        actor_id=actor_id,
        actor_text=actor_text,
        region=region,
        region_text=cells.get("place_text", ""),
        lost=predicate is Predicate.LOST,
        fraction=fraction,
        km2=km2,
        baseline=whole,
        when=_read_when(cells, more, sink.date_order),
        modality=choice(Modality, cells.get("modality", ""), "modality", Modality.ASSERTED),
        extent_wording=cells.get("extent_wording", ""),
        said_by=cells.get("said_by", ""),
        quote=quote,
        note=cells.get("note", ""),
        source=source,
        rule=cells.get("rule", ""),
        confidence=read_confidence(cells),
        review=review,
    )
    sink.share_claims.append(share if share.id else replace(share, id=_made_id(cells)))


def read_share(text: str) -> tuple[float | None, float | None]:
    """Fraction and km² of ``0.95``, ``95%``, ``95 %`` or ``4000 km2``; exactly one of them is None."""
    bare = text.strip().casefold().replace("²", "2").replace("sq km", "km2")
    if bare.endswith("km2"):
        km2 = parse_number(bare.removesuffix("km2").strip().replace(",", ""), "share")
        if km2 < 0:
            raise CellError(code="share-out-of-range", message=f"share {text!r} is negative")
        return None, km2
    percent = bare.endswith("%")
    fraction = parse_number(bare.removesuffix("%").strip(), "share") / (100 if percent else 1)
    if not 0 <= fraction <= 1:
        raise CellError(
            code="share-out-of-range", message=f"share {text!r} is not between 0 and 1: write 0.95, 95% or 4000 km2"
        )
    return fraction, None


def read_actor(cells: Mapping[str, str], column: str, sink: Sink) -> tuple[ActorId, str]:
    """Id and wording of an actor; an id that nobody bears becomes an actor of the table."""
    text, given = cells.get(f"{column}_text", ""), cells.get(f"{column}_id", "").strip()
    if not given:
        return ActorId(""), text
    known = sink.book.match(given)
    if known is not None and known not in sink.book.made:
        return known, text
    return sink.book.adopt(known or ActorId(given), text), text


def choice(kind: type[Choice], text: str, what: str, default: Choice | None = None) -> Choice:
    """The member of an enumeration that a cell names, however it is cased or spaced."""
    return cast("Choice", default if default is not None and not text else _member(kind, text, what, default))


@lru_cache(maxsize=1 << 12)  # a few words, in every row
def _member(kind: type[Choice], text: str, what: str, default: Choice | None) -> object:
    bare = text.strip().casefold().replace(" ", "_").replace("-", "_")
    if not bare and default is not None:
        return default
    try:
        return kind(bare)
    except ValueError as error:
        known = ", ".join(kind)
        raise CellError(
            code=f"{what}-unknown", message=f"{what} {text!r} is not known: write one of {known}"
        ) from error


def _read_when(cells: Mapping[str, str], more: Mapping[str, Any], order: str) -> When:
    words = cells.get("edtf", "").strip()
    earliest = parse_day(cells.get("earliest", ""), order)
    latest = parse_day(cells.get("latest", ""), order)
    if earliest is None and latest is None:
        return parse_when(words, order) if words else When(basis=more.get("basis", ""))
    if earliest is not None and latest is not None and latest <= earliest:
        text = f"latest {latest} is not after earliest {earliest}: latest is the first day after the interval"
        raise CellError(code="end-before-start", message=text)
    return _when(earliest, latest, words, more.get("basis", "" if "more" in cells else "table"))


@lru_cache(maxsize=1 << 16)
def _when(earliest: date | None, latest: date | None, words: str, basis: str) -> When:
    return When(earliest=earliest, latest=latest, edtf=words, basis=basis)


def _read_place(line: int, cells: Mapping[str, str], more: Mapping[str, Any], sink: Sink) -> PlaceId:
    place_id = PlaceId(sys.intern(cells.get("place_id", "").strip()))
    name = cells.get("place_name", "")
    point = parse_point(cells.get("lat", ""), cells.get("lon", ""))
    if not place_id:
        if point is None:
            return place_id  # unresolved, and it stays so
        return sink.place(cells.get("place_text", "") or name, point, country=cells.get("country", "").strip())
    if point is None and not name:
        return place_id  # an id alone: the gazetteer may know it
    lat, lon = point or (NOWHERE, NOWHERE)
    record = dict(more.get("place", {})) | {
        "id": place_id,
        "name": name or cells.get("place_text", ""),
        "lat": lat,
        "lon": lon,
        "country": cells.get("country", ""),
        "feature_code": cells.get("feature_code", "PPL"),
    }
    place = _place_of(record)
    known = sink.places.setdefault(place_id, place)
    if point is None or known is place:
        return place_id
    if known.point is None:
        sink.places[place_id] = place
    elif apart(known, lat, lon):
        text = f"{place_id} stands elsewhere at {known.lat}, {known.lon}: this row keeps its own coordinates"
        sink.report("place-moved", text, line=line, level="note", value=place_id)
        return sink.place(place.name, point, country=place.country, feature_code=place.feature_code)
    return place_id


def _place_of(record: Mapping[str, Any]) -> Place:
    extras = _PLACE_EXTRAS | {key: record[key] for key in _PLACE_EXTRAS if key in record}
    lat, lon = record.get("lat"), record.get("lon")
    return Place(
        id=PlaceId(record["id"]),
        name=record.get("name", ""),
        lat=NOWHERE if lat is None else float(lat),
        lon=NOWHERE if lon is None else float(lon),
        country=record.get("country", ""),
        feature_code=record.get("feature_code", ""),
        names=tuple(extras["names"]),
        feature_class=extras["feature_class"],
        admin1=extras["admin1"],
        population=extras["population"],
        geometry_ref=extras["geometry_ref"],
        radius_km=float(extras["radius_km"]),
        source=extras["source"],
    )


def _read_origin(row: Row, more: Mapping[str, Any], sink: Sink) -> tuple[Quote, Source]:
    line, cells = row
    article_id = ArticleId(sys.intern(cells.get("article_id", "")) or sink.article_id)
    text = cells.get("quote", "")
    start = int(parse_number(cells.get("start", "") or "0", "start"))
    end = int(parse_number(cells.get("end", "") or str(start + len(text)), "end"))
    source = source_of(
        ArticleId(more.get("source_id") or article_id),
        cells.get("publisher", ""),
        sink.address(cells.get("url", ""), line),
        parse_day(cells.get("published", ""), sink.date_order),
        more.get("title", ""),
    )
    return Quote(article_id=article_id, start=start, end=end, text=text), source


def read_confidence(cells: Mapping[str, str]) -> float:
    return _confidence(cells.get("confidence", "").strip())


@lru_cache(maxsize=1 << 12)
def _confidence(text: str) -> float:
    confidence = parse_number(text, "confidence") if text else 1.0
    if not 0 <= confidence <= 1:
        raise CellError(code="confidence-out-of-range", message=f"confidence {text!r} is not between 0 and 1")
    return confidence
