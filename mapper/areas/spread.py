"""Which periods a cell has: its place's own, then those of regions that contain it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from mapper.model import Basis, Period, Status
from mapper.statuses import STATUSES

Periods = tuple[Period, ...]

# What a region's claim of this kind says of each of its places is little: it fills what nothing else fills.
WEAK = frozenset(status for status, row in STATUSES.items() if not row.firm)


def succession(periods: Iterable[Period]) -> Periods:
    """Periods of several places in one cell as a disjoint sequence: the one that began last holds."""
    out: list[Period] = []
    for period in sorted(periods, key=lambda p: (p.start, p.start_latest, p.place_id)):
        if out and (out[-1].end is None or out[-1].end > period.start):
            last = out.pop()
            if last.start < period.start:
                out.append(_cut(last, last.start, period.start))
        out.append(period)
    return tuple(out)


def filled(first: Periods, second: Periods) -> Periods:
    """``first``, with ``second`` where ``first`` says nothing (or only what is stale, or that nobody is known)."""
    if not second:
        return first
    if not first:
        return second
    strong = [p for p in first if p.basis is not Basis.STALE and p.status is not Status.UNKNOWN]
    out = list(strong)
    for layer in (second, tuple(p for p in first if p not in strong)):
        taken = sorted(out, key=lambda p: p.start)
        for period in layer:
            out += _outside(period, taken)
    return tuple(sorted(out, key=lambda p: p.start))


def layered(regions: Sequence[Periods]) -> Periods:
    """Firm periods of nested regions, smallest first, as one sequence: a newer claim cuts an older one.

    Of two that began on the same day the smaller region's holds.
    """
    ranked = [(p.start, -rank, p) for rank, periods in enumerate(regions) for p in periods]
    out: list[Period] = []
    for _, _, period in sorted(ranked, key=lambda row: row[:2]):
        if out and (out[-1].end is None or out[-1].end > period.start):
            last = out.pop()
            after = None if period.end is None or (last.end is not None and last.end <= period.end) else period.end
            if last.start < period.start:
                out.append(_cut(last, last.start, period.start))
            out.append(period)
            if after is not None:
                out.append(_cut(last, after, last.end))
            continue
        out.append(period)
    return succession(out)


def as_region(periods: Iterable[Period]) -> Periods:
    """The same periods said of a part: what was stated of the region is now known by way of it."""
    return tuple(replace(p, basis=Basis.REGION) if p.basis is Basis.STATED else p for p in periods)


def _cut(period: Period, start: date, end: date | None) -> Period:
    if start == period.start:
        latest = period.start_latest if end is None else min(period.start_latest, end)
        return replace(period, start=start, start_latest=max(start, latest), end=end)
    return replace(period, start=start, start_latest=max(start, period.start_latest), start_precision="day", end=end)


def _outside(period: Period, taken: Sequence[Period]) -> list[Period]:
    """The parts of a period that no taken one covers; ``taken`` is sorted and disjoint."""
    out: list[Period] = []
    start: date | None = period.start
    for other in taken:
        if start is None or (period.end is not None and start >= period.end):
            break
        if other.end is not None and other.end <= start:
            continue
        if period.end is not None and other.start >= period.end:
            break
        if other.start > start:
            out.append(_cut(period, start, other.start))
        start = other.end if other.end is None or other.end > start else start
    if start is not None and (period.end is None or start < period.end):
        out.append(_cut(period, start, period.end))
    return out
