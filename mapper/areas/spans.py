"""The periods of all cells as arrays: what every question about a day or a series of days is answered from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray

from mapper.model import ActorId, Basis, Period, Spans, Status, Territory

OPEN = np.iinfo(np.int32).max


def spans_of(cell_periods: Sequence[tuple[Period, ...]]) -> Spans:
    """Arrays of the periods of all cells, in the order of cells and periods."""
    states: dict[tuple[int, str, str, int], int] = {}  # enumerations by id: their hash is Python's own and slow
    named: list[tuple[Status, ActorId, ActorId, Basis]] = []
    told = {id(periods): periods for periods in cell_periods}  # cells that share a region's periods share the tuple
    flat = list(chain.from_iterable(told.values()))

    def state(period: Period) -> int:
        key = (id(period.status), period.actor_id, period.other_id, id(period.basis))
        if key not in states:
            states[key] = len(named)
            named.append((period.status, period.actor_id, period.other_id, period.basis))
        return states[key]

    def column(numbers: Iterable[int]) -> NDArray[np.int32]:
        return np.fromiter(numbers, dtype=np.int32, count=len(flat))

    begins = dict(zip(told, accumulate(map(len, told.values()), initial=0), strict=False))
    counts = np.fromiter(map(len, cell_periods), dtype=np.int64, count=len(cell_periods))
    first = np.fromiter((begins[id(periods)] for periods in cell_periods), dtype=np.int64, count=len(counts))
    row = np.arange(counts.sum()) + np.repeat(first - np.cumsum(counts) + counts, counts)
    cell = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    return Spans(
        cell=cell,
        start=column(p.start.toordinal() for p in flat)[row],
        certain=column(p.start_latest.toordinal() for p in flat)[row],
        end=column(OPEN if p.end is None else p.end.toordinal() for p in flat)[row],
        state=column(map(state, flat))[row],
        states=tuple(named),
    )


def spans(territory: Territory) -> Spans:
    """The territory's spans, made on the spot for a territory built by hand."""
    if territory.spans.cell.size or not any(territory.cell_periods):
        return territory.spans
    return spans_of(territory.cell_periods)


def state_on(territory: Territory, day: date) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Per cell the index of its state (-1: nothing known) on a day, and whether its start is certain by then."""
    table = spans(territory)
    number = day.toordinal()
    here = (table.start <= number) & (number < table.end)
    state = np.full(len(territory.cell_place), -1, dtype=np.int32)
    certain = np.zeros(len(territory.cell_place), dtype=bool)
    state[table.cell[here]] = table.state[here]
    certain[table.cell[here]] = table.certain[here] <= number
    return state, certain
