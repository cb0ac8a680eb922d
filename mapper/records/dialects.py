"""Tables of other people: which columns mark each dialect, and how one of its rows becomes claims or periods.

DIALECTS is the whole list. A dialect is chosen by name or by the columns it needs; the first that fits wins, so the
more particular ones stand first.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from operator import itemgetter

from mapper.model import (
    ActorId,
    Basis,
    Claim,
    ClaimId,
    Extent,
    Modality,
    Period,
    PlaceId,
    Predicate,
    ShareClaim,
    Status,
    When,
    stable_id,
)
from mapper.records.cells import (
    CellError,
    Sink,
    parse_day,
    parse_number,
    parse_point,
    parse_when,
    quote_of,
    source_of,
)
from mapper.records.flat import CLAIM_COLUMNS, PERIOD_COLUMNS, choice, read_claim, read_confidence, read_share
from mapper.records.tables import Row
from mapper.spots import base_of

_REASONS = {
    "event-not-about-control": "{} says nothing about who holds a place: left out",
    "place-too-coarse": "located only to {}: left out",
    "target-civilians": "violence against civilians ({}): left out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """``needs`` are alternatives: one group of columns that are all there marks the dialect."""

    name: str
    needs: tuple[frozenset[str], ...]
    columns: frozenset[str]
    read: Callable[[Row, Sink], None]

    def fits(self, columns: Iterable[str]) -> bool:
        have = set(columns)
        return any(group <= have for group in self.needs)


def close(sink: Sink) -> None:
    """Report what the dialects counted."""
    sink.close(_REASONS)


# Hand-made claims ---------------------------------------------------------------------------------------------------

_HAND = (
    *("id", "date", "place", "place_id", "lat", "lon", "country", "predicate", "actor", "other", "extent", "modality"),
    *("confidence", "publisher", "url", "published", "quote", "note", "share", "baseline", "said_by", "review"),
)

_CONTENT = tuple(column for column in _HAND if column != "review")


@lru_cache(maxsize=1 << 8)  # a table's rows have the same columns
def _content_of(columns: tuple[str, ...]) -> tuple[str, Callable[[Mapping[str, str]], object]]:
    """What the content of a row is hashed as: a template, and what takes the cells that go into it from a row."""
    template = "\x1f".join(["hand", *("%s" if column in columns else "" for column in _CONTENT)])
    return template, itemgetter(*(column for column in _CONTENT if column in columns))


@lru_cache(maxsize=1 << 16)  # the same for every row about a place
def _named(lat: str, lon: str, place: str) -> tuple[tuple[float, float] | None, tuple[str, ...], tuple[str, ...]]:
    """The point of a row, the places that it names, and those that a claim is about: with a point that is one. Raises CellError."""
    point = parse_point(lat, lon)
    names = tuple(sys.intern(name.strip()) for name in place.split(";") if name.strip())
    if not names:
        raise CellError(code="place-missing", message="column place is empty: name the place")
    return point, names, names if point is None else (sys.intern(place.strip()),)


def _read_hand(row: Row, sink: Sink) -> None:
    line, cells = row
    predicate = choice(Predicate, cells.get("predicate", ""), "predicate")
    when = parse_when(cells.get("date", ""), sink.date_order)
    point, names, about = _named(cells.get("lat", ""), cells.get("lon", ""), cells.get("place", ""))
    # of what rows have in common one text is held
    actor_text, other_text = sys.intern(cells.get("actor", "").strip()), sys.intern(cells.get("other", "").strip())
    country = cells.get("country", "").strip().upper()
    quote = quote_of(sink.article_id, cells.get("quote", "").strip())
    note = cells.get("note", "").strip()
    source = source_of(
        sink.article_id,
        sys.intern(cells.get("publisher", "").strip()),
        sink.address(cells.get("url", ""), line),
        parse_day(cells.get("published", ""), sink.date_order),
    )
    review = cells.get("review", "").strip().casefold()
    confidence = read_confidence(cells)
    modality = choice(Modality, cells.get("modality", ""), "modality", Modality.ASSERTED)
    template, taken = _content_of(tuple(cells))
    content = stable_id(template % taken(cells))
    claim_id = ClaimId(cells.get("id", "").strip() or content)
    first, same = sink.first_claim(claim_id, content, line)
    if first != line:
        if same:
            raise CellError(code="row-repeated", message=f"the same as line {first}: left out")
        text = f"id {claim_id!r} stands in line {first} already, in another row: give each row its own or none"
        raise CellError(code="id-repeated", message=text)
    if cells.get("share", "").strip():
        if predicate not in (Predicate.LOST, Predicate.HOLDS):
            raise CellError(
                code="share-predicate", message=f"a share is lost or held, not {predicate}: write lost or holds"
            )
        fraction, km2 = read_share(cells["share"])
        loser = other_text or actor_text
        who, text = (loser, loser) if predicate is Predicate.LOST else (actor_text, actor_text)
        actor_id = sink.book.find([who], sink, line)
        sink.share_claims.append(
            ShareClaim(
                id=claim_id,
                actor_id=actor_id,
                actor_text=text,
                region=tuple(_region(name, point if len(names) == 1 else None, country, sink) for name in names),
                region_text=cells["place"].strip(),
                lost=predicate is Predicate.LOST,
                fraction=fraction,
                km2=km2,
                baseline=parse_when(cells.get("baseline", ""), sink.date_order),
                when=when,
                modality=modality,
                said_by=cells.get("said_by", "").strip(),
                quote=quote,
                note=note,
                source=source,
                rule="table",
                confidence=confidence,
                review=review,
            )
        )
        return
    actor_id, other_id = sink.book.one(actor_text, sink, line), sink.book.one(other_text, sink, line)
    extent = choice(Extent, cells.get("extent", ""), "extent", Extent.WHOLE)
    said_by = sys.intern(cells.get("said_by", "").strip())
    for name in about:
        place_id = sink.place(name, point, place_id=cells.get("place_id", "").strip(), country=country)
        _check_same_day(place_id, predicate, actor_id, when, source.publisher, sink, line)
        sink.claims.append(
            Claim(
                id=claim_id if len(about) == 1 else ClaimId(stable_id(claim_id, name)),
                place_id=place_id,
                place_text=name,
                predicate=predicate,
                actor_id=actor_id,
                actor_text=actor_text,
                other_id=other_id,
                other_text=other_text,
                when=when,
                modality=modality,
                extent=extent,
                said_by=said_by,
                quote=quote,
                note=note,
                source=source,
                rule="table",
                confidence=confidence,
                review=review,
            )
        )


def _region(name: str, point: tuple[float, float] | None, country: str, sink: Sink) -> PlaceId:
    code = country if len(country) == 2 else ""
    return sink.place(name, point, country=code, feature_class="A", feature_code="")


def _check_same_day(
    place_id: PlaceId, predicate: Predicate, actor_id: ActorId, when: When, publisher: str, sink: Sink, line: int
) -> None:
    """One source that gives a place to two holders on one day is named; the fold shows it as contested."""
    if predicate not in (Predicate.HOLDS, Predicate.CAPTURED, Predicate.TRANSFERRED) or when.days != 1:
        return
    sink.hold(predicate.value, place_id, when.earliest, publisher, actor_id, line)


# ACLED --------------------------------------------------------------------------------------------------------------

_ACLED = (
    *("data_id", "iso", "event_id_cnty", "event_id_no_cnty", "event_date", "year", "time_precision", "disorder_type"),
    *("event_type", "sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2"),
    *("interaction", "civilian_targeting", "region", "country", "admin1", "admin2", "admin3", "location", "latitude"),
    *("longitude", "geo_precision", "source", "source_scale", "notes", "fatalities", "tags", "timestamp", "iso3"),
    *("population_1km", "population_2km", "population_5km", "population_best"),
)
_ACLED_PREDICATE = {
    "government regains territory": Predicate.CAPTURED,
    "non-state actor overtakes territory": Predicate.CAPTURED,
    "non-violent transfer of territory": Predicate.TRANSFERRED,
    "headquarters or base established": Predicate.PRESENCE,
    "armed clash": Predicate.CONTESTED,
}
_ACLED_RADIUS = {"1": 0.0, "2": 25.0, "3": 100.0}  # exact; near the named town; the region's capital stands for it
_STATE = re.compile(r"(?:Government|(?:Military|Police|Security|Armed) Forces) of (.+)\Z", re.IGNORECASE)
_STATE_FORCES = frozenset({"1", "state forces"})


def _read_acled(row: Row, sink: Sink) -> None:
    line, cells = row
    event = cells.get("sub_event_type", "").strip()
    predicate = _ACLED_PREDICATE.get(event.casefold())
    if predicate is None:
        if cells.get("event_type", "").strip().casefold() != "battles":
            sink.count("event-not-about-control", event or cells.get("event_type", ""))
            return
        predicate = Predicate.CONTESTED
    day = parse_day(cells.get("event_date", ""), sink.date_order)
    if day is None:
        raise CellError(code="date-missing", message="event_date is empty")
    precision = cells.get("time_precision", "").strip() or "1"
    when = _acled_when(day, precision)
    point = parse_point(cells.get("latitude", ""), cells.get("longitude", ""))
    if point is None:
        raise CellError(code="coordinate-missing", message="latitude and longitude are empty")
    one = _parties(cells.get("actor1", ""), cells.get("assoc_actor_1", ""))
    two = _parties(cells.get("actor2", ""), cells.get("assoc_actor_2", ""))
    state_second = cells.get("inter2", "").strip().casefold() in _STATE_FORCES
    state_first = cells.get("inter1", "").strip().casefold() in _STATE_FORCES
    regained = event.casefold() == "government regains territory"
    overtaken = event.casefold() == "non-state actor overtakes territory"
    if (regained and state_second and not state_first) or (overtaken and state_first and not state_second):
        one, two = two, one  # the winner is the one the sub-event names, whichever column it stands in
    geo = cells.get("geo_precision", "").strip() or "1"
    name = cells.get("location", "").strip() or f"{point[0]}, {point[1]}"
    place_id = sink.place(
        name,
        point,
        country=cells.get("country", "").strip(),
        admin1=cells.get("admin1", "").strip(),
        radius_km=_ACLED_RADIUS.get(geo, 100.0),
    )
    _add_event(
        sink,
        line,
        event_id=cells.get("event_id_cnty", "").strip() or cells.get("data_id", "").strip(),
        place_id=place_id,
        place_text=name,
        predicate=predicate,
        one=one,
        two=two,
        when=when,
        note=cells.get("notes", "").strip(),
        publisher=cells.get("source", "").strip(),
        rule=f"acled:{event.casefold()}",
        part=geo == "3",
    )


def _acled_when(day: date, precision: str) -> When:
    """Time precision 1 is the day, 2 the week around it, 3 its month."""
    if precision == "1":
        return When.day(day, "table")
    if precision == "2":
        return When(earliest=day - timedelta(days=3), latest=day + timedelta(days=4), edtf=f"{day}~", basis="table")
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return When(earliest=first, latest=after, edtf=f"{first:%Y-%m}", basis="table")


def _parties(main: str, associates: str) -> list[str]:
    """The actor as written, without its years and country in brackets, then those associated with it.

    The forces of a state are its government's: "Military Forces of Iraq (2020-2022)" is Iraq before it is a militia
    that fought beside them.
    """
    listed = [main.strip(), *(part.strip() for part in associates.split(";"))]
    bare = [re.sub(r"\s*\([^)]*\)", "", text).strip() for text in listed]
    states = [found[1] if (found := _STATE.match(text)) else "" for text in bare]
    return [text for names in zip(bare, listed, states, strict=True) for text in dict.fromkeys(names) if text]


def _add_event(
    sink: Sink,
    line: int,
    *,
    event_id: str,
    place_id: PlaceId,
    place_text: str,
    predicate: Predicate,
    one: list[str],
    two: list[str],
    when: When,
    note: str,
    publisher: str,
    rule: str,
    title: str = "",
    part: bool = False,
    confidence: float = 1.0,
) -> None:
    """One event as a claim. The words are the coders', so they are a note: neither ACLED nor UCDP quotes its sources."""
    place = sink.places[place_id]
    name = base_of(place_id) if event_id or note else f"{base_of(place_id)}@{place.lat},{place.lon}"
    claim_id = ClaimId(stable_id(rule.split(":", 1)[0], event_id or note, name, when.edtf, *one[:1], *two[:1]))
    first = sink.first_line(f"event {event_id}" if event_id else f"claim {claim_id}", line)
    if first != line:
        raise CellError(code="id-repeated", message=f"event id {event_id!r} stands in line {first} already: left out")
    actor_id, other_id = sink.book.find(one, sink, line), sink.book.find(two, sink, line)
    sink.claims.append(
        Claim(
            id=claim_id,
            place_id=place_id,
            place_text=place_text,
            predicate=predicate,
            actor_id=actor_id,
            actor_text=one[0] if one else "",
            other_id=other_id,
            other_text=two[0] if two else "",
            when=when,
            extent=Extent.PART if part else Extent.WHOLE,
            quote=quote_of(sink.article_id, ""),
            note=note,
            source=source_of(sink.article_id, sys.intern(publisher), title=title),
            rule=rule,
            confidence=confidence,
        )
    )


# UCDP GED -----------------------------------------------------------------------------------------------------------

_UCDP = (
    *("id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id"),
    *("conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a"),
    *("side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office"),
    *("source_date", "source_headline", "source_original", "where_prec", "where_coordinates", "where_description"),
    *("adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region"),
    *("event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians"),
    *("deaths_unknown", "best", "best_est", "high", "high_est", "low", "low_est", "gwnoa", "gwnob"),
)
_UCDP_RADIUS = {1: 0.0, 2: 25.0, 3: 50.0, 4: 150.0, 5: 50.0}  # exact, near, district, province, along a line
_SETTLEMENT = re.compile(r"(?<!\s)\s+(?:town|city|village)\Z", re.IGNORECASE)  # "Hit town": the gazetteer's name is Hit
_UCDP_COARSE = {6: "the country", 7: "international waters or airspace"}


def _read_ucdp(row: Row, sink: Sink) -> None:
    line, cells = row
    if cells.get("type_of_violence", "").strip() == "3":
        sink.count("target-civilians", "type_of_violence 3")
        return
    precision = int(parse_number(cells.get("where_prec", "") or "1", "where_prec"))
    if precision in _UCDP_COARSE:
        sink.count("place-too-coarse", _UCDP_COARSE[precision])
        return
    start = parse_day(cells.get("date_start", ""), sink.date_order)
    end = parse_day(cells.get("date_end", ""), sink.date_order) or start
    if start is None or end is None:
        raise CellError(code="date-missing", message="date_start is empty")
    if end < start:
        raise CellError(code="end-before-start", message=f"date_end {end} is before date_start {start}")
    one_day = start == end
    when = When.day(start, "table") if one_day else When(earliest=start, latest=end + timedelta(days=1), basis="table")
    point = parse_point(cells.get("latitude", ""), cells.get("longitude", ""))
    if point is None:
        raise CellError(code="coordinate-missing", message="latitude and longitude are empty")
    name = (
        cells.get("where_coordinates", "").strip() or cells.get("adm_2", "").strip() or cells.get("adm_1", "").strip()
    )
    name = _SETTLEMENT.sub("", name) or f"{point[0]}, {point[1]}"
    place_id = sink.place(
        name,
        point,
        country=cells.get("country", "").strip(),
        admin1=cells.get("adm_1", "").strip(),
        radius_km=_UCDP_RADIUS.get(precision, 50.0),
    )
    best = cells.get("best", "") or cells.get("best_est", "")
    words = f"{cells.get('dyad_name', '').strip()}, {cells.get('where_description', '').strip() or name}"
    _add_event(
        sink,
        line,
        event_id=cells.get("id", "").strip(),
        place_id=place_id,
        place_text=name,
        predicate=Predicate.CONTESTED,
        one=_parties(cells.get("side_a", ""), ""),
        two=_parties(cells.get("side_b", ""), ""),
        when=when,
        note=f"{words}; best estimate of deaths {best}" if best.strip() else words,
        publisher=cells.get("source_office", "").strip() or cells.get("source_article", "").strip()[:120],
        title=cells.get("source_headline", "").strip(),
        rule="ucdp",
        part=precision >= 3,
    )


# Place x interval ---------------------------------------------------------------------------------------------------

_INTERVAL = (
    *(
        "id",
        "place",
        "name",
        "lat",
        "lon",
        "latitude",
        "longitude",
        "country",
        "population",
        "start",
        "end",
        "first_seen",
    ),
    *("last_seen", "actor", "other", "status", "note", "source", "publisher", "url", "geonameid", *PERIOD_COLUMNS),
)
_BASES = {basis.value: basis for basis in Basis}
STATUS_WORDS = {
    **{status.value: status for status in Status},
    "control": Status.CONTROLLED,
    "held": Status.CONTROLLED,
    "holds": Status.CONTROLLED,
    "mixed": Status.CONTESTED,
    "disputed": Status.CONTESTED,
    "part": Status.PARTIAL,
}


def _read_interval(row: Row, sink: Sink) -> None:
    line, cells = row
    seen = "first_seen" in cells
    when = parse_when(cells.get("first_seen" if seen else "start", ""), sink.date_order)
    if when.earliest is None:
        raise CellError(code="date-missing", message=f"{'first_seen' if seen else 'start'} is empty")
    start = when.earliest
    start_latest = start if when.latest is None else when.latest - timedelta(days=1)
    stated = parse_day(cells.get("start_latest", ""), sink.date_order)
    if stated is not None and stated >= start:
        start_latest = stated
    until = parse_when(cells.get("last_seen" if seen else "end", ""), sink.date_order)
    end = until.earliest
    if seen and until.latest is not None:
        end = until.latest  # the last day it was seen is still within
    if end is not None and end <= start:
        shown = cells.get("last_seen" if seen else "end", "")
        raise CellError(
            code="end-before-start",
            message=f"end {shown} is not after start {start}: the end is the first day after it",
        )
    name = (cells.get("place", "") or cells.get("name", "")).strip()
    geoname = cells.get("geonameid", "").strip()
    place_id = cells.get("place_id", "").strip() or (f"geonames:{geoname}" if geoname else "")
    if not name and not place_id:
        raise CellError(code="place-missing", message="column place is empty: name the place")
    point = parse_point(
        cells.get("lat", "") or cells.get("latitude", ""), cells.get("lon", "") or cells.get("longitude", "")
    )
    actor_text = (cells.get("actor", "") or cells.get("actor_id", "")).strip()
    other_text = (cells.get("other", "") or cells.get("other_id", "")).strip()
    status_text = cells.get("status", "").strip().casefold() or ("controlled" if actor_text else "unknown")
    status = STATUS_WORDS.get(status_text)
    if status is None:
        known = ", ".join(sorted(STATUS_WORDS))
        raise CellError(code="status-unknown", message=f"status {status_text!r} is not known: write one of {known}")
    parties = [text for text in actor_text.replace("/", ";").split(";") if text.strip()]
    if len(parties) == 2 and not other_text:
        actor_text, other_text = parties
    sink.periods.append(
        Period(
            place_id=sink.place(
                name,
                point,
                place_id=place_id,
                country=cells.get("country", "").strip(),
                population=_population(cells, sink, line),
            ),
            status=status,
            actor_id=_party(actor_text, cells.get("actor_name", ""), sink, line),
            other_id=_party(other_text, cells.get("other_name", ""), sink, line),
            start=start,
            start_latest=start_latest if end is None else min(start_latest, end - timedelta(days=1)),
            end=end,
            start_precision=cells.get("start_precision", "").strip() or when.precision,
            basis=_BASES.get(cells.get("basis", "").strip().casefold(), Basis.STATED),
            confidence=read_confidence(cells),
            claim_ids=tuple(ClaimId(part) for part in cells.get("claim_ids", "").split(";") if part),
        )
    )


def _party(text: str, name: str, sink: Sink, line: int) -> ActorId:
    """The actor of a text; one that an exported file names beside its id is no new one."""
    if text and name:
        return sink.book.match(text) or sink.book.adopt(ActorId(text), name)
    return sink.book.find([text], sink, line)


def _population(cells: Mapping[str, str], sink: Sink, line: int) -> int:
    """0 where it is not known; a strange population is no reason to lose a row."""
    text = cells.get("population", "").strip()
    try:
        return max(0, int(parse_number(text, "population"))) if text else 0
    except CellError as error:
        sink.report(error.code, f"{error}: taken as unknown", line=line, level="warning", value=text)
        return 0


def bridge(sink: Sink, gap_days: int = 31) -> None:
    """Between the last day one status was seen and the first day of the next the change is uncertain, not unknown.

    Only over gaps of at most ``gap_days``, and only for tables of first and last days seen.
    """
    by_place: dict[PlaceId, list[Period]] = {}
    for period in sink.periods:
        by_place.setdefault(period.place_id, []).append(period)
    sink.periods = []
    for own in by_place.values():
        own.sort(key=lambda period: (period.start, period.end or date.max, period.status, period.actor_id))
        for index, period in enumerate(own):
            before = own[index - 1].end if index else None
            if before is not None and timedelta(0) < period.start - before <= timedelta(days=gap_days):
                period = replace(period, start=before, start_latest=period.start)  # noqa: PLW2901
                days = (period.start_latest - period.start).days + 1
                precision = "week" if days <= 7 else "month"
                period = replace(period, start_precision=precision)  # noqa: PLW2901
            sink.periods.append(period)


def _needs(*groups: Iterable[str]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(group) for group in groups)


DIALECTS: tuple[Dialect, ...] = (
    Dialect(
        name="mapper",
        needs=_needs(("place_text", "predicate", "earliest"), ("id", "place_id", "predicate", "edtf")),
        columns=frozenset(CLAIM_COLUMNS),
        read=read_claim,
    ),
    Dialect(name="acled", needs=_needs(("event_date", "sub_event_type")), columns=frozenset(_ACLED), read=_read_acled),
    Dialect(
        name="ucdp", needs=_needs(("date_start", "side_a", "where_prec")), columns=frozenset(_UCDP), read=_read_ucdp
    ),
    Dialect(name="claims", needs=_needs(("date", "place", "predicate")), columns=frozenset(_HAND), read=_read_hand),
    Dialect(
        name="intervals",
        needs=_needs(
            *(
                (place, start, what)
                for place in ("place", "place_id", "name", "geonameid")
                for start in ("start", "first_seen")
                for what in ("actor", "actor_id", "status")
            )
        ),
        columns=frozenset(_INTERVAL),
        read=_read_interval,
    ),
)
