"""Place x day panels (VIINA and its like), long or wide → periods by run length, in arrays: a row is a few bytes.

A run is one status of one place over consecutive observations. The panel's step is the usual distance of two
observations of a place; a longer silence ends a run. Where the status differs from one observation to the next and
days lie between them, the change is uncertain between the two.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from mapper.model import ActorId, Period, PlaceId, Status
from mapper.records.cells import CellError, Sink, parse_day, parse_point
from mapper.records.dialects import STATUS_WORDS
from mapper.records.tables import Rows, undefuse
from mapper.spots import NOBODY

_PLACE = ("geonameid", "place_id", "place", "name", "asciiname")
_DAY = ("date", "day")
_STATE = ("status", "actor", "control", "holder")
_KEY = (*_PLACE, "lat", "lon", "latitude", "longitude", "country", "country_code")
_DATED = re.compile(r"(?:.*[^0-9])?((?:19|20)\d{2})[-_/.]?(\d{2})[-_/.]?(\d{2})\Z")
_KNOWN = frozenset(
    (*_PLACE, *_DAY, *_STATE, "lat", "lon", "latitude", "longitude", "country", "country_code", "population")
)
_NOTHING = frozenset({"", "na", "n/a", "nan", "none", "null", "unknown", "-"})
_BORNE_BY = {"ua": "ukraine", "ru": "russia", "sy": "syria", "iq": "iraq"}  # country codes that panels use as holders


def dated_columns(columns: Iterable[str]) -> list[tuple[str, int]]:
    """Columns of a wide panel, each with its day as an ordinal."""
    found = []
    for column in columns:
        if match := _DATED.match(column):
            try:
                found.append((column, date(int(match[1]), int(match[2]), int(match[3])).toordinal()))
            except ValueError:
                continue
    return found


def is_panel(columns: Sequence[str]) -> str:
    """``long``, ``wide`` or nothing."""
    have = set(columns)
    if not have & set(_PLACE):
        return ""
    if have & set(_DAY) and have & set(_STATE) and "predicate" not in have:
        return "long"
    return "wide" if len(dated_columns(columns)) >= 3 else ""


@dataclass(slots=True)
class Panel:
    """Observations so far: codes of place and state beside the day, as three columns of integers."""

    places: array[int] = field(default_factory=lambda: array("i"))
    days: array[int] = field(default_factory=lambda: array("i"))
    states: array[int] = field(default_factory=lambda: array("i"))
    place_ids: list[PlaceId] = field(default_factory=list)
    state_of: list[tuple[Status, ActorId, ActorId] | None] = field(default_factory=list)
    place_codes: dict[str, int] = field(default_factory=dict)
    state_codes: dict[str, int] = field(default_factory=dict)
    day_codes: dict[str, int] = field(default_factory=dict)


def read_panel(rows: Rows, sink: Sink) -> None:
    """All rows of a panel into periods of ``sink``; a row that cannot be used is an issue."""
    columns = rows.columns
    panel = Panel()
    wide = dated_columns(columns) if is_panel(columns) == "wide" else []
    report_unknown(columns, _KNOWN | {column for column, _ in wide}, sink, "panel")
    index = {column: number for number, column in enumerate(columns)}
    key_columns = [column for column in _KEY if column in index]
    key_at = [index[column] for column in key_columns]
    only = key_at[0] if len(key_at) == 1 else None
    state_at = [index[column] for column in _STATE if column in index][:2]
    day_column = next((column for column in _DAY if column in index), "")
    days_at = [(index[column], day) for column, day in wide] if wide else []
    place_codes, day_codes, state_codes = panel.place_codes, panel.day_codes, panel.state_codes
    add_place, add_day, add_state = panel.places.append, panel.days.append, panel.states.append
    for line, cells in rows.cells:
        try:
            key = cells[only] if only is not None else "\x1f".join([cells[at] for at in key_at])
            place = place_codes.get(key)
            if place is None:
                named = {column: undefuse(cells[at]) for column, at in zip(key_columns, key_at, strict=True)}
                place = _new_place(panel, key, named, sink)
            if days_at:
                for at, day in days_at:
                    words = cells[at]
                    state = state_codes.get(words)
                    add_place(place)
                    add_day(day)
                    add_state(_new_state(panel, words, sink, line) if state is None else state)
                continue
            text = cells[index[day_column]]
            found = day_codes.get(text)
            if found is None:
                found = day_codes[text] = _day(text, day_column, sink)
            words = cells[state_at[0]] if len(state_at) == 1 else cells[state_at[0]] + "\x1f" + cells[state_at[1]]
            state = state_codes.get(words)
            if state is None:
                state = _new_state(panel, words, sink, line)
            add_place(place)
            add_day(found)
            add_state(state)
        except CellError as error:
            sink.report(error.code, str(error), line=line)
    sink.periods += fold_panel(panel, sink)


def _day(text: str, column: str, sink: Sink) -> int:
    parsed = parse_day(text, sink.date_order)
    if parsed is None:
        raise CellError(code="date-missing", message=f"column {column} is empty")
    return parsed.toordinal()


def report_unknown(columns: Iterable[str], known: Iterable[str], sink: Sink, dialect: str) -> None:
    """Name the columns that nobody reads, once."""
    unknown = sorted({column for column in columns if column} - set(known))
    if unknown:
        text = f"columns not used by the {dialect} dialect: {', '.join(unknown)}"
        sink.report("columns-unknown", text, level="note", line=1, value=",".join(unknown))


def _new_place(panel: Panel, key: str, cells: dict[str, str], sink: Sink) -> int:
    geoname = cells.get("geonameid", "").strip()
    name = (cells.get("place") or cells.get("name") or cells.get("asciiname") or "").strip()
    place_id = cells.get("place_id", "").strip() or (f"geonames:{geoname}" if geoname else "")
    if not name and not place_id:
        raise CellError(code="place-missing", message="the place has neither name nor id")
    point = parse_point(cells.get("lat") or cells.get("latitude", ""), cells.get("lon") or cells.get("longitude", ""))
    country = (cells.get("country") or cells.get("country_code", "")).strip()
    panel.place_ids.append(sink.place(name, point, place_id=place_id, country=country))
    code = panel.place_codes[key] = len(panel.place_ids) - 1
    return code


def _new_state(panel: Panel, words: str, sink: Sink, line: int) -> int:
    first, _, second = words.partition("\x1f")
    panel.state_of.append(_state((undefuse(first), undefuse(second)), sink, line))
    code = panel.state_codes[words] = len(panel.state_of) - 1
    return code


def _state(words: tuple[str, str], sink: Sink, line: int) -> tuple[Status, ActorId, ActorId] | None:
    """Status and parties that a panel's cells name: a status word with an actor beside it, or an actor alone."""
    first, second = (word.strip() for word in words)
    if first.casefold() in _NOTHING and second.casefold() in _NOTHING:
        return None
    status = STATUS_WORDS.get(first.casefold())
    party = second if status is not None or first.casefold() in _NOTHING else first
    if status is Status.UNKNOWN:
        return None
    if status is None:
        status = STATUS_WORDS.get(second.casefold(), Status.CONTROLLED) if second else Status.CONTROLLED
    both = [_BORNE_BY.get(text.strip().casefold(), text.strip()) for text in re.split(r"[/;]", party) if text.strip()]
    ids = [sink.book.find([text], sink, line) for text in both if text.casefold() not in _NOTHING]
    return status, ids[0] if ids else ActorId(""), ids[1] if len(ids) > 1 else ActorId("")


def fold_panel(panel: Panel, sink: Sink) -> list[Period]:
    """Runs of the panel's observations as periods."""
    if not panel.places:
        return []
    place = np.frombuffer(panel.places, dtype=np.int32)
    day = np.frombuffer(panel.days, dtype=np.int32)
    state = np.frombuffer(panel.states, dtype=np.int32)
    # two spellings of one state, and two rows of one place, are one code
    canonical: dict[tuple[Status, ActorId, ActorId] | None, int] = {}
    state = np.array([canonical.setdefault(s, i) for i, s in enumerate(panel.state_of)], dtype=np.int32)[state]
    moved = sink.settle()
    panel.place_ids = [moved.get(place_id, place_id) for place_id in panel.place_ids]
    same_place: dict[PlaceId, int] = {}
    meant = np.array([place_id != NOBODY for place_id in panel.place_ids], dtype=np.bool_)[place]
    place, day, state = place[meant], day[meant], state[meant]
    place = np.array([same_place.setdefault(p, i) for i, p in enumerate(panel.place_ids)], dtype=np.int32)[place]
    step_up = place[1:] > place[:-1]
    if not np.all(step_up | ((place[1:] == place[:-1]) & (day[1:] >= day[:-1]))):
        order = np.lexsort((day, place))  # stable, so rows of one day keep their order until _one_a_day settles them
        place, day, state = place[order], day[order], state[order]
    place, day, state = _one_a_day(place, day, state, panel, sink)
    if len(place) == 0:
        return []
    same = place[1:] == place[:-1]
    apart = (day[1:] - day[:-1])[same]
    step = int(np.bincount(apart).argmax()) if len(apart) else 1
    gap = same & ((day[1:] - day[:-1]) > step)
    changed = ~same | gap | (state[1:] != state[:-1])
    starts = np.flatnonzero(np.concatenate(([True], changed)))
    ends = np.concatenate((starts[1:], [len(place)])) - 1
    periods: list[Period] = []
    after_gap = np.concatenate(([True], ~same | gap))[starts]
    rows = zip(
        place[starts].tolist(),
        state[starts].tolist(),
        day[starts].tolist(),
        day[ends].tolist(),
        after_gap.tolist(),
        strict=True,
    )
    before = 0
    for place_code, state_code, first, last, fresh in rows:
        what = panel.state_of[state_code]
        start = first if fresh else before + 1
        before = last
        if what is None:
            continue
        status, actor_id, other_id = what
        days = first - start + 1
        periods.append(
            Period(
                place_id=panel.place_ids[place_code],
                status=status,
                actor_id=actor_id,
                other_id=other_id,
                start=date.fromordinal(start),
                start_latest=date.fromordinal(first),
                end=date.fromordinal(last + 1),
                start_precision="day" if days == 1 else "week" if days <= 7 else "month" if days <= 31 else "interval",
            )
        )
    return periods


def _one_a_day(
    place: NDArray[np.int32], day: NDArray[np.int32], state: NDArray[np.int32], panel: Panel, sink: Sink
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Repeated rows are one; rows that contradict each other on a day make it contested, and are named."""
    again = np.concatenate(([False], (place[1:] == place[:-1]) & (day[1:] == day[:-1])))
    if not again.any():
        return place, day, state
    differs = again & np.concatenate(([False], state[1:] != state[:-1]))
    first = np.maximum.accumulate(np.where(again, 0, np.arange(len(place))))
    state = state.copy()
    spots = np.flatnonzero(differs)
    for spot in spots.tolist():
        here = int(first[spot])
        one, two = panel.state_of[int(state[here])], panel.state_of[int(state[spot])]
        mixed = _both(one, two)
        if mixed not in panel.state_of:
            panel.state_of.append(mixed)
        state[here] = panel.state_of.index(mixed)
    for spot in spots[:20].tolist():
        when = date.fromordinal(int(day[spot]))
        name = panel.place_ids[int(place[spot])]
        sink.report(
            "rows-contradict", f"{name} has two statuses on {when}: shown as contested", level="warning", value=name
        )
    if len(spots) > 20:
        sink.report("rows-contradict", f"and {len(spots) - 20} more place-days with two statuses", level="warning")
    kept = ~again
    return place[kept], day[kept], state[kept]


def _both(
    one: tuple[Status, ActorId, ActorId] | None, two: tuple[Status, ActorId, ActorId] | None
) -> tuple[Status, ActorId, ActorId] | None:
    if one is None or two is None:
        return one or two
    parties = sorted({actor for actor in (*one[1:], *two[1:]) if actor})
    parties += [ActorId(""), ActorId("")]
    return Status.CONTESTED, parties[0], parties[1]
