"""The periods of all cells as streams of numbers, with the states and the sets of claims they point into.

A table of a million claims has as many periods: they are packed as columns, and what is only needed on the way is small.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import chain, islice
from operator import attrgetter
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from mapper.model import ClaimId, Period, Result
from mapper.statuses import BASES, STATUSES

PIECE = 50_000  # values that are put into JSON at a time
_EPOCH = date(1970, 1, 1).toordinal()
_STATUSES = tuple(STATUSES)
_BASES = tuple(BASES)
_OPEN, _TOUCHES = 0, 1  # codes of a period's end: still open, or where the next one starts
_NEVER = np.iinfo(np.int32).max

Ints = NDArray[np.integer[Any]]


def day_number(day: date) -> int:
    return day.toordinal() - _EPOCH


def listed(values: Iterable[object]) -> Iterator[bytes]:
    """A JSON list in pieces: of a million claims no column is held as a whole."""
    rest, before = iter(values), b"["
    while piece := list(islice(rest, PIECE)):
        yield before + orjson.dumps(piece)[1:-1]
        before = b","
    yield b"[]" if before == b"[" else b"]"


class ClaimNumbers:
    """Where a claim stands in the evidence, by id: claims first, then share claims.

    A period names its claims by the very texts that are their ids. So where those lie in memory tells which they are, in a
    quarter of the room of a dict; a text that is only spelt like an id is looked up in one, made when it is asked for.
    """

    def __init__(self, result: Result) -> None:
        self._result = result
        ids = map(id, map(attrgetter("id"), result.claims))
        self._lies = np.fromiter(ids, dtype=np.uint64, count=len(result.claims))
        self._order = np.argsort(self._lies)

    def __len__(self) -> int:
        return len(self._result.claims) + len(self._result.share_claims)

    @cached_property
    def _spelt(self) -> dict[ClaimId, int]:
        found = {claim.id: number for number, claim in enumerate(self._result.claims)}
        for share in self._result.share_claims:
            found.setdefault(share.id, len(found))
        return found

    def of(self, claim_ids: Sequence[ClaimId]) -> list[int]:
        """The number of each id, -1 for one that no claim has."""
        asked = np.fromiter(map(id, claim_ids), dtype=np.uint64, count=len(claim_ids))
        found = np.full(len(asked), -1)
        if len(self._order):
            at = np.searchsorted(self._lies, asked, sorter=self._order)
            at = self._order[np.minimum(at, len(self._order) - 1)]
            found = np.where(self._lies[at] == asked, at, -1)
        for number in np.flatnonzero(found < 0).tolist():
            found[number] = self._spelt.get(claim_ids[number], -1)
        return list(found.tolist())


def pack_periods(
    cells: Sequence[Sequence[Period]], actor_index: Mapping[str, int], claims: ClaimNumbers, streams: dict[str, Ints]
) -> tuple[list[list[int]], orjson.Fragment, bytearray]:
    """Fill the period streams; return the distinct states, the distinct sets of claims they point into as JSON, and for
    each claim whether it is in one.
    """
    periods = [period for own in cells for period in sorted(own, key=attrgetter("start"))]
    _pack_days(np.fromiter(map(len, cells), dtype=np.int64, count=len(cells)), periods, streams)
    streams["per_state"], states = _states(periods, actor_index)
    streams["per_set"], sets, used = _claim_sets(periods, claims)
    return states, sets, used


def _pack_days(counts: NDArray[np.int64], periods: Sequence[Period], streams: dict[str, Ints]) -> None:
    """When periods start, each from the start of the one before it in its cell, how uncertain that is, and when they end."""

    def days(name: str) -> NDArray[np.int32]:
        found = (_NEVER if day is None else day.toordinal() - _EPOCH for day in map(attrgetter(name), periods))
        return np.fromiter(found, dtype=np.int32, count=len(periods))

    start, end = days("start"), days("end")
    some = counts[counts > 0]
    beyond = np.cumsum(some)
    following, before = np.roll(start, -1), np.roll(start, 1)
    following[beyond - 1], before[beyond - some] = _NEVER, 0
    streams["per_n"] = counts
    streams["per_start"] = start - before
    streams["per_fuzz"] = np.maximum(0, days("start_latest") - start)
    streams["per_end"] = np.where(end == _NEVER, _OPEN, np.where(end == following, _TOUCHES, end - start + 2))


def _states(periods: Sequence[Period], actor_index: Mapping[str, int]) -> tuple[Ints, list[list[int]]]:
    """The number of each period's state, and the distinct states in the order in which they come."""
    known: dict[tuple[int, str, str, int, float], int] = {}  # enumerations by id: their hash is Python's own and slow
    states: dict[tuple[int, int, int, int, int], int] = {}
    numbers = array("i")
    for period in periods:
        said = (id(period.status), period.actor_id, period.other_id, id(period.basis), period.confidence)
        number = known.get(said)
        if number is None:
            state = (
                _STATUSES.index(period.status),
                actor_index.get(period.actor_id, -1),
                actor_index.get(period.other_id, -1),
                _BASES.index(period.basis),
                round(20 * min(1.0, max(0.0, period.confidence))),
            )
            number = known[said] = states.setdefault(state, len(states))
        numbers.append(number)
    return np.asarray(numbers), [list(state) for state in states]


def _claim_sets(periods: Sequence[Period], claims: ClaimNumbers) -> tuple[Ints, orjson.Fragment, bytearray]:
    """The number of each period's set of claims, the distinct sets as JSON, and for each claim whether it is in one."""
    alone = array("i", [-1]) * len(claims)  # the number of the set that is a claim alone, as most are
    several: dict[tuple[int, ...], int] = {(): 0}
    members, sizes, numbers = array("i"), array("i", [0]), array("i")
    for begin in range(0, len(periods), PIECE):
        named = [period.claim_ids for period in periods[begin : begin + PIECE]]
        found = iter(claims.of(list(chain.from_iterable(named))))
        for size in map(len, named):
            own = (
                tuple(number for number in islice(found, size) if number >= 0)
                if size > 1
                else tuple(islice(found, size))
            )
            if own == (-1,):
                own = ()
            number = alone[own[0]] if len(own) == 1 else several.get(own, -1)
            if number < 0:
                number = len(sizes)
                members.extend(own)
                sizes.append(len(own))
                if len(own) == 1:
                    alone[own[0]] = number
                else:
                    several[own] = number
            numbers.append(number)
    used = bytearray(len(claims))
    for claim in members:
        used[claim] = True
    rest = iter(members)
    sets = b"".join(listed(list(islice(rest, size)) for size in sizes))
    return np.asarray(numbers), orjson.Fragment(sets), used
