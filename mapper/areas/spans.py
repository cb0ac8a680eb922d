"""The periods of all cells as arrays: what every question about a day or a series of days is answered from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from mapper.model import ActorId, Basis, Period, Spans, Status, Territory

OPEN = np.iinfo(np.int32).max


def spans_of(cell_periods: Sequence[tuple[Period, ...]]) -> Spans:
    """Arrays of the periods of all cells, in the order of cells and periods."""
    states: dict[tuple[Status, ActorId, ActorId, Basis], int] = {}
    rows: dict[int, list[tuple[int, int, int, int]]] = {}  # cells that share a region's periods share the tuple
    table: list[tuple[int, int, int, int]] = []
    counts = []
    for periods in cell_periods:
        known = rows.get(id(periods))
        if known is None:
            known = []
            for p in periods:
                key = (p.status, p.actor_id, p.other_id, p.basis)
                end = OPEN if p.end is None else p.end.toordinal()
                known.append(
                    (p.start.toordinal(), p.start_latest.toordinal(), end, states.setdefault(key, len(states)))
                )
            rows[id(periods)] = known
        table += known
        counts.append(len(known))
    columns = np.array(table, dtype=np.int32).reshape(-1, 4)
    cell = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    return Spans(
        cell=cell,
        start=columns[:, 0],
        certain=columns[:, 1],
        end=columns[:, 2],
        state=columns[:, 3],
        states=tuple(states),
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
