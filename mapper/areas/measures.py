"""Square kilometres: by actor and status on a day, over time, between days, and against shares that sources claim."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapper.areas.spans import OPEN, spans, state_on
from mapper.model import ActorId, Basis, Issue, Place, PlaceId, ShareClaim, Status, Territory, Timeline, When
from mapper.statuses import STATUSES, Interval, weight

Key = tuple[Status, ActorId]

FAR_APART = 0.10  # a share that differs by more than ten points is an Issue


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """km² by key over all days on which anything changes; ``km2[i, k]`` holds from ``days[i]`` to before ``days[i + 1]``."""

    days: tuple[date, ...]
    keys: tuple[Key, ...]
    km2: NDArray[np.float64]  # (days, keys, 3): certain, likely, possible

    def at(self, day: date) -> dict[Key, Interval]:
        """The areas of a day, without those that are nothing."""
        row = bisect_right(self.days, day) - 1
        if row < 0:
            return {}
        values = self.km2[row].tolist()
        return {k: (v[0], v[1], v[2]) for k, v in zip(self.keys, values, strict=True) if v[2] > 0}


def _shares(status: Status, actor: ActorId, other: ActorId, basis: Basis) -> Iterator[tuple[Key, Interval]]:
    share = weight(status, basis)
    if share[2] and actor:
        yield (status, actor), share
    if STATUSES[status].shared and other:
        yield (status, other), share


def _cell_km2(territory: Territory) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Per cell the solid area, and the area within reach."""
    count = len(territory.cell_place)
    solid = np.where(territory.face_zone == 0, territory.face_km2, 0.0)
    reached = np.where(territory.face_zone <= 1, territory.face_km2, 0.0)
    return (
        np.bincount(territory.face_cell, weights=solid, minlength=count).astype(np.float64),
        np.bincount(territory.face_cell, weights=reached, minlength=count).astype(np.float64),
    )


def areas_by_actor(territory: Territory, day: date, *, cells: NDArray[np.int32] | None = None) -> dict[Key, Interval]:
    """km² of each (status, actor) on a day as (certain, likely, possible), largest first; all zero: left out.

    Certain is solid reach, stated (of the place, its region, or implied), and begun for sure. Likely adds presumed
    reach, what is stale, and half of what is contested, partial or only claimed. Possible adds the other half, presence,
    what is inferred, and what is said of an unnamed part of a region. A contested cell counts for both sides.
    """
    solid, reached = _cell_km2(territory)
    state, certain = state_on(territory, day)
    if cells is not None:
        state = np.where(np.isin(np.arange(len(state)), cells), state, -1)
    table = spans(territory)
    count = len(table.states)
    low = np.bincount(state + 1, weights=np.where(certain, solid, 0.0), minlength=count + 1)[1:]
    high = np.bincount(state + 1, weights=reached, minlength=count + 1)[1:]
    out: dict[Key, list[float]] = {}
    for number, key in enumerate(table.states):
        for name, shares in _shares(*key):
            sums = out.setdefault(name, [0.0, 0.0, 0.0])
            for at, (share, area) in enumerate(zip(shares, (low[number], high[number], high[number]), strict=True)):
                sums[at] += share * float(area)
    found = [(k, (v[0], v[1], v[2])) for k, v in out.items() if v[2] > 0]
    return dict(sorted(found, key=lambda row: (-row[1][1], -row[1][2], row[0][1], row[0][0])))


def area_series(territory: Territory, *, cells: NDArray[np.int32] | None = None) -> Series:
    """``areas_by_actor`` for every day on which it changes, by adding up the changes."""
    table = spans(territory)
    solid, reached = _cell_km2(territory)
    chosen = np.ones(len(table.cell), dtype=bool) if cells is None else np.isin(table.cell, cells)
    cell, start, end, state = table.cell[chosen], table.start[chosen], table.end[chosen], table.state[chosen]
    certain = np.maximum(start, table.certain[chosen])
    surely = certain < end
    marks = np.unique(np.concatenate([start, certain[surely], end[end < OPEN]]))
    keys = sorted({name for key in table.states for name, _ in _shares(*key)}, key=lambda k: (k[1], k[0].value))
    position = {name: n for n, name in enumerate(keys)}
    moves = np.zeros((len(marks), len(keys), 3))
    first, sure, last = (np.searchsorted(marks, values) for values in (start, certain, end))
    for number, key in enumerate(table.states):
        mine = np.flatnonzero(state == number)
        closed = mine[end[mine] < OPEN]
        begun = mine[surely[mine]]
        begun_closed = begun[end[begun] < OPEN]
        for name, (low, mid, high) in _shares(*key):
            k = position[name]
            area = np.bincount(first[mine], weights=reached[cell[mine]], minlength=len(marks)) - np.bincount(
                last[closed], weights=reached[cell[closed]], minlength=len(marks)
            )
            moves[:, k, 1] += mid * area
            moves[:, k, 2] += high * area
            if low:
                moves[:, k, 0] += low * (
                    np.bincount(sure[begun], weights=solid[cell[begun]], minlength=len(marks))
                    - np.bincount(last[begun_closed], weights=solid[cell[begun_closed]], minlength=len(marks))
                )
    km2 = np.cumsum(moves, axis=0)
    km2[np.abs(km2) < 1e-6] = 0.0  # what adding and taking away leaves of nothing
    return Series(days=tuple(date.fromordinal(int(m)) for m in marks), keys=tuple(keys), km2=km2)


def actor_km2(areas: Mapping[Key, Interval], actor: ActorId) -> Interval:
    """All statuses of an actor together."""
    found = [interval for (_, name), interval in areas.items() if name == actor]
    return sum(v[0] for v in found), sum(v[1] for v in found), sum(v[2] for v in found)


def next_slice(day: date, every: str) -> date:
    """The first day of the day, week (Monday), month, quarter or year after the one that ``day`` lies in."""
    if every in ("day", "week"):
        return day + timedelta(days=1 if every == "day" else 7 - day.weekday())
    step = {"month": 1, "quarter": 3, "year": 12}[every]
    months = day.year * 12 + day.month - 1
    months += step - months % step
    return date(months // 12, months % 12 + 1, 1)


def days_between(first: date, last: date, every: str) -> tuple[date, ...]:
    """The days of a series: ``first``, the first day of each slice after it, and ``last``, so that no end is lost."""
    days = [first]
    while days[-1] < last:
        days.append(min(next_slice(days[-1], every), last))
    return tuple(days)


def area_rows(
    territory: Territory, *, at: date | None = None, every: str = "month", span: tuple[date, date] | None = None
) -> list[dict[str, Any]]:
    """Rows of date, actor, status and km² (low, likely, high) for a day, or for the days of a series.

    A series goes from the first to the last day of ``span``, without it over all days on which an area changes.
    """
    series = area_series(territory)
    if not series.days:
        return []
    first, last = span or (series.days[0], series.days[-1])
    days = (at,) if at is not None else days_between(first, last, every)
    rows = []
    for day in days:
        areas = series.at(day)
        for (status, actor), (low, mid, high) in sorted(areas.items(), key=lambda r: (-r[1][1], -r[1][2], r[0][1])):
            rows.append(
                {
                    "date": day.isoformat(),
                    "actor_id": actor,
                    "status": status.value,
                    "low_km2": round(low),
                    "km2": round(mid),
                    "high_km2": round(high),
                }
            )
    return rows


def diff_rows(
    timeline: Timeline,
    territory: Territory | None,
    places: Mapping[PlaceId, Place],
    first: date,
    second: date,
) -> list[dict[str, Any]]:
    """Places whose status or holder differs between two days: when it last changed, by which claims, and its km²."""
    before, after = timeline.at(first), timeline.at(second)
    reached: dict[PlaceId, float] = {}
    if territory is not None:
        _, areas = _cell_km2(territory)
        reached = dict(zip(territory.cell_place, areas.tolist(), strict=True))
    rows = []
    for place_id in sorted({*before, *after}):
        old, new = before.get(place_id), after.get(place_id)
        if (old and (old.status, old.actor_id, old.other_id)) == (new and (new.status, new.actor_id, new.other_id)):
            continue
        place = places.get(place_id)
        rows.append(
            {
                "place": place.name if place is not None else str(place_id),
                "place_id": place_id,
                "from_status": old.status.value if old else "",
                "from_actor": old.actor_id if old else "",
                "to_status": new.status.value if new else "",
                "to_actor": new.actor_id if new else "",
                "date": new.start.isoformat() if new else (old.end.isoformat() if old and old.end else ""),
                "km2": round(reached.get(place_id, 0.0)),
                "claim_ids": " ".join(new.claim_ids if new else ()),
            }
        )
    return sorted(rows, key=lambda row: (row["date"], row["place"], row["place_id"]))


def share_checks(
    territory: Territory, share_claims: Sequence[ShareClaim]
) -> tuple[list[dict[str, Any]], tuple[Issue, ...]]:
    """Each dated share claim beside the share computed for its date, and an Issue where they are far apart.

    A share that is lost is counted against the actor's largest likely area in the baseline's interval, or at any time
    before when no baseline is given; a share that is held against the whole region. Rows: claim, actor, date, said and
    computed (low, likely, high) as shares or km², difference in points.
    """
    rows: list[dict[str, Any]] = []
    issues: list[Issue] = []
    everything: dict[tuple[PlaceId, ...], Series] = {}
    for claim in sorted(share_claims, key=lambda c: (middle(c.when) or date.min, c.id)):
        day = middle(claim.when)
        said = claim.fraction if claim.fraction is not None else claim.km2
        if day is None or said is None or not claim.modality.mapped:
            continue
        cells = cells_of(territory, claim.region)
        region = tuple(sorted(claim.region))
        if region not in everything:
            everything[region] = area_series(territory, cells=cells)
        series = everything[region]
        now = actor_km2(series.at(day), claim.actor_id)
        reference = _reference(claim, territory, series, cells, day)
        computed = _computed(claim, now, reference)
        row: dict[str, Any] = {
            "claim_id": claim.id,
            "actor_id": claim.actor_id,
            "date": day.isoformat(),
            "lost": claim.lost,
            "unit": "share" if claim.fraction is not None else "km2",
            "said": round(said, 4),
            "low": None if computed is None else round(computed[0], 4),
            "computed": None if computed is None else round(computed[1], 4),
            "high": None if computed is None else round(computed[2], 4),
            "points": None if computed is None or claim.fraction is None else round(100 * (computed[1] - said), 1),
        }
        rows.append(row)
        if computed is None:
            issues.append(_issue(claim, "share-unchecked", "the map has no area to count this share against"))
        elif claim.fraction is not None and abs(computed[1] - said) > FAR_APART:
            text = (
                f"{claim.actor_id} {'lost' if claim.lost else 'held'} {said:.0%} by {day.isoformat()} says the source; "
                f"the map has {computed[1]:.0%} ({computed[0]:.0%} to {computed[2]:.0%})"
            )
            issues.append(_issue(claim, "share-differs", text))
        elif claim.km2 is not None and abs(computed[1] - said) > FAR_APART * said:
            text = f"{said:,.0f} km² says the source for {day.isoformat()}; the map has {computed[1]:,.0f}"
            issues.append(_issue(claim, "share-differs", text))
    return rows, tuple(issues)


def _issue(claim: ShareClaim, code: str, message: str) -> Issue:
    return Issue(
        stage="areas",
        level="warning",
        code=code,
        message=message,
        quote=claim.quote,
        note=claim.note,
        value=claim.id,
    )


def middle(when: When) -> date | None:
    """The day a share is compared on: the middle of the interval, its last day for "by", its first for "since"."""
    if when.latest is not None:
        last = when.latest - timedelta(days=1)
        return last if when.earliest is None else when.earliest + (last - when.earliest) // 2
    return when.earliest


def cells_of(territory: Territory, region: Sequence[PlaceId]) -> NDArray[np.int32] | None:
    """The cells of the named countries and provinces, None (all) when none of them is in the theatre."""
    found = [territory.region_cells[i] for i in region if i in territory.region_cells]
    return np.unique(np.concatenate(found)).astype(np.int32) if found else None


def _reference(
    claim: ShareClaim, territory: Territory, series: Series, cells: NDArray[np.int32] | None, day: date
) -> float:
    if not claim.lost:
        inside = np.ones(len(territory.face_cell), bool) if cells is None else np.isin(territory.face_cell, cells)
        return float(territory.face_km2[inside].sum())
    first, last = claim.baseline.earliest, claim.baseline.latest
    mine = [n for n, key in enumerate(series.keys) if key[1] == claim.actor_id]
    if not mine or not series.days:
        return 0.0
    likely = series.km2[:, mine, 1].sum(axis=1)
    low = 0 if first is None else max(0, bisect_right(series.days, first) - 1)
    high = bisect_right(series.days, last - timedelta(days=1) if last is not None else day)
    return float(likely[low : max(high, low + 1)].max())


def _computed(claim: ShareClaim, now: Interval, reference: float) -> Interval | None:
    if claim.fraction is None and not claim.lost:
        return now
    if reference <= 0:
        return None
    if claim.fraction is None:
        return max(0.0, reference - now[2]), max(0.0, reference - now[1]), max(0.0, reference - now[0])
    low, mid, high = (min(1.0, value / reference) for value in now)
    return (1 - high, 1 - mid, 1 - low) if claim.lost else (low, mid, high)
