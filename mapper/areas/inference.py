"""Sides for the cells nobody spoke of, from the cells around them. Nobody said it: every such period is INFERRED.

*nearest* takes the side of the nearest labelled cell. *smooth* is simple kriging (a Gaussian process with an exponential
kernel) over the nearest labelled cells, with water as a barrier: a cell across a wide river or the sea counts as BARRIER_KM further
away. docs/explanation/reach.md says how it was chosen. Both look only at what is said to hold on the day in question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from mapper.areas.spread import Periods
from mapper.model import ActorId, Basis, ClaimId, Period, PlaceId, Status
from mapper.statuses import STATUSES

Points = NDArray[np.float64]

FEW = 20  # below so many labelled cells kriging has nothing to average
RANGE_KM = 150.0  # the kernel falls to 1/e over this; long against the spacing of towns, so scale hardly matters
NOISE = 0.15  # variance of a label beside the kernel's 1: one town in about fourteen is misplaced or misreported
SHARED_NOISE = 0.4  # contested and partly held cells say less
BARRIER_KM = 15.0
POOL, USED = 60, 40  # labelled cells remembered per cell (at most 62: they are bits), and those used on a day
ALL_PAIRS = 1500  # up to so many labelled cells, which of them lie across water from each other is looked up
EVEN = 0.1  # a lead smaller than this is no lead: contested
UNCERTAIN = 0.75  # confidence below this is the uncertain band: about one cell in seven, two thirds of contested towns
SILENT = 1e9  # noise of a neighbour that says nothing on the day
NAMED = 3  # neighbours whose claims stand as the reason
_OPEN = date.max.toordinal()

# What a label says of (actor, other): the weights of the two sides, and whether it is noisy.
_LABELS: dict[Status, tuple[float, float, bool]] = {
    status: (row.vote, 1.0 - row.vote, not row.firm) for status, row in STATUSES.items() if row.vote is not None
}


@dataclass(slots=True)
class _Label:
    """What one period says of the cells near it."""

    sides: tuple[tuple[int, float], ...]  # actor number, weight
    noise: float
    claim_ids: tuple[ClaimId, ...]
    shared: bool


def infer_periods(
    periods: Sequence[Periods],
    flat: Points,
    cell_ids: Sequence[PlaceId],
    *,
    model: str,
    gap_km: float,
    water: BaseGeometry | None = None,
) -> list[Periods]:
    """Per cell the periods inferred for all days on which some labelled cell lies within ``gap_km``.

    ``flat`` are the cells' places in metres, ``water`` wide rivers and the sea in the same projection. ``model`` is ``nearest``,
    ``smooth``, or ``auto``: smooth from FEW labelled cells on.
    """
    labels = _Labels(periods)
    if not len(labels.cells):
        return [() for _ in periods]
    if model == "auto":
        model = "smooth" if len(labels.cells) >= FEW else "nearest"
    out: list[Periods] = [() for _ in periods]
    todo = np.array([n for n, own in enumerate(periods) if not _complete(own, labels.first, labels.last)], np.int64)
    if not len(todo):
        return out
    sites = flat[labels.cells]
    pool = 1 + (POOL if model == "smooth" else 8)
    sources, gaps = _nearest(flat[todo], sites, min(pool, len(labels.cells)))
    crossed = np.zeros(sources.shape, dtype=bool)
    if water is not None and model == "smooth" and not water.is_empty:
        crossed = _crossings(flat[todo], sites, sources, gaps, water)
    banks = _banks(sites, water) if crossed.any() else None
    position = {int(cell): n for n, cell in enumerate(labels.cells)}
    for row, cell in enumerate(todo.tolist()):
        mine = np.flatnonzero(sources[row] != position.get(cell, -1))[: pool - 1]
        near, gap, over = sources[row][mine], gaps[row][mine], crossed[row][mine]
        if model == "smooth":
            order = np.argsort(gap + BARRIER_KM * over, kind="stable")
            near, gap, over = near[order], gap[order], over[order]
        if len(near) and gap.min() <= gap_km:
            # else: on different banks, when the way from the cell crosses water to one of the two only
            parted = over[:, None] != over[None, :] if banks is None else banks[np.ix_(near, near)]
            apart = np.hypot(*(sites[near][:, None] - sites[near][None, :]).transpose(2, 0, 1)) / 1000
            apart += BARRIER_KM * parted
            decided = _decide(labels, near, gap, over, apart, gap_km, smooth=model == "smooth")
            out[cell] = _as_periods(decided, labels, cell_ids[cell])
    return out


def _complete(own: Periods, first: int, last: int) -> bool:
    """Whether own periods leave no gap between the first and the last labelled day."""
    at = first
    for period in own:
        if period.start.toordinal() > at:
            return False
        at = _OPEN if period.end is None else period.end.toordinal()
    return bool(own) and at >= last


class _Labels:
    """The labelled cells and, per stretch of days on which nothing changes, what each of them says."""

    def __init__(self, periods: Sequence[Periods]) -> None:
        useful = [
            (cell, [p for p in own if p.status in _LABELS and p.actor_id and p.basis is not Basis.INFERRED])
            for cell, own in enumerate(periods)
        ]
        useful = [(cell, own) for cell, own in useful if own]
        self.cells = np.array([cell for cell, _ in useful], dtype=np.int64)
        marks = {p.start.toordinal() for _, own in useful for p in own}
        marks |= {p.end.toordinal() for _, own in useful for p in own if p.end is not None}
        self.days = np.array(sorted(marks), dtype=np.int64)
        self.first = int(self.days[0]) if len(self.days) else 0
        always_open = any(p.end is None for _, own in useful for p in own)
        self.last = _OPEN if always_open else int(self.days[-1]) if len(self.days) else 0
        self.actors: list[ActorId] = sorted(
            {a for _, own in useful for p in own for a in (p.actor_id, p.other_id) if a}
        )
        number = {actor: n for n, actor in enumerate(self.actors)}
        self.kinds: list[_Label] = [_Label((), 0.0, (), False)]  # 0: nothing is said
        self.said = np.zeros((len(useful), len(self.days)), dtype=np.int32)
        known: dict[tuple[Status, ActorId, ActorId, tuple[ClaimId, ...]], int] = {}
        for row, (_, own) in enumerate(useful):
            for period in own:
                key = (period.status, period.actor_id, period.other_id, period.claim_ids)
                if key not in known:
                    known[key] = len(self.kinds)
                    one, two, noisy = _LABELS[period.status]
                    sides = [(number[period.actor_id], one)]
                    if two and period.other_id:
                        sides.append((number[period.other_id], two))
                    self.kinds.append(_Label(tuple(sides), SHARED_NOISE if noisy else NOISE, period.claim_ids, two > 0))
                start = int(np.searchsorted(self.days, period.start.toordinal()))
                end = len(self.days)
                if period.end is not None:
                    end = int(np.searchsorted(self.days, period.end.toordinal()))
                self.said[row, start:end] = known[key]
        self.noise = np.array([kind.noise for kind in self.kinds])
        self.shared = np.array([kind.shared for kind in self.kinds])
        self.weight = np.zeros((len(self.kinds), len(self.actors)))
        for n, kind in enumerate(self.kinds):
            for actor, share in kind.sides:
                self.weight[n, actor] += share


def _nearest(points: Points, sources: Points, count: int) -> tuple[NDArray[np.int64], Points]:
    """Per point the nearest sources, nearest first, and their distances in km; brute force, in slices."""
    index = np.empty((len(points), count), dtype=np.int64)
    gaps = np.empty((len(points), count))
    rows = max(1, 4_000_000 // len(sources))
    for at in range(0, len(points), rows):
        here = points[at : at + rows]
        square = ((here[:, None, :] - sources[None, :, :]) ** 2).sum(axis=2)
        few = np.argpartition(square, count - 1, axis=1)[:, :count] if count < len(sources) else None
        few = np.broadcast_to(np.arange(len(sources)), square.shape) if few is None else few
        picked = np.take_along_axis(square, few, axis=1)
        order = np.lexsort((few, picked), axis=1)
        index[at : at + rows] = np.take_along_axis(few, order, axis=1)
        gaps[at : at + rows] = np.sqrt(np.take_along_axis(picked, order, axis=1)) / 1000
    return index, gaps


def _crossings(
    points: Points, sources: Points, index: NDArray[np.int64], gaps: Points, water: BaseGeometry
) -> NDArray[np.bool_]:
    """Whether the straight way from each point to each of its sources crosses water."""
    shapely.prepare(water)
    to_water = np.asarray(shapely.distance(water, shapely.points(points))) / 1000
    maybe = gaps >= to_water[:, None]
    rows, columns = np.nonzero(maybe)
    crossed = np.zeros(index.shape, dtype=bool)
    step = 500_000
    for at in range(0, len(rows), step):
        r, c = rows[at : at + step], columns[at : at + step]
        ways = shapely.linestrings(np.stack([points[r], sources[index[r, c]]], axis=1))
        crossed[r, c] = shapely.intersects(water, ways)
    return crossed


def _banks(sources: Points, water: BaseGeometry | None) -> NDArray[np.bool_] | None:
    """Which pairs of sources have water between them; None when there are too many to look at each pair."""
    if water is None or len(sources) > ALL_PAIRS:
        return None
    everyone = np.broadcast_to(np.arange(len(sources)), (len(sources), len(sources)))
    gaps = np.hypot(*(sources[:, None] - sources[None, :]).transpose(2, 0, 1)) / 1000
    crossed = _crossings(
        sources, sources, everyone, np.where(np.tri(len(sources), k=-1, dtype=bool), gaps, -1.0), water
    )
    return crossed | crossed.T


@dataclass(slots=True)
class _Verdicts:
    """What one cell is taken for, one entry per stretch of days on which its neighbours say the same."""

    start: NDArray[np.int64]  # numbers of ``_Labels.days``
    actor: NDArray[np.int64]  # -1: nothing is inferred
    other: NDArray[np.int64]  # -1: nobody
    confidence: Points
    said: NDArray[np.int32]  # (neighbours, stretches): kinds of the neighbours' labels
    weight: Points  # (stretches, neighbours)


def _decide(
    labels: _Labels,
    near: NDArray[np.int64],
    gap: Points,
    over: NDArray[np.bool_],
    apart: Points,
    gap_km: float,
    *,
    smooth: bool,
) -> _Verdicts:
    said = labels.said[near]
    changes = np.concatenate([[0], np.flatnonzero((said[:, 1:] != said[:, :-1]).any(axis=0)) + 1])
    said = said[:, changes]
    present = said > 0  # (neighbours, stretches)
    reached = np.asarray((present & (gap <= gap_km)[:, None]).any(axis=0))
    if smooth:
        used = present & (np.cumsum(present, axis=0, dtype=np.int8) <= USED)
        # what the neighbours beyond those used say changes nothing
        heard = np.where(used, said, 0)
        anew = np.any(heard[:, 1:] != heard[:, :-1], axis=0) | np.not_equal(reached[1:], reached[:-1])
        again = np.concatenate([[True], anew])
        changes, said, reached, used = changes[again], said[:, again], reached[again], used[:, again]
        noisy = labels.noise[said] > NOISE
        places = np.int64(1) << np.arange(len(near), dtype=np.int64)
        _, by_used = np.unique(places @ used, return_inverse=True)
        _, by_noise = np.unique(places @ (used & noisy), return_inverse=True)
        _, sample, which = np.unique(by_used * (by_noise.max() + 1) + by_noise, return_index=True, return_inverse=True)
        weight = _weights(gap, over, apart, used[:, sample].T, labels.noise[said[:, sample]].T)[which]
    else:
        weight = np.zeros((len(changes), len(near)))
        weight[np.arange(len(changes)), np.argmax(present, axis=0)] = 1.0
        weight[~present.any(axis=0)] = 0.0  # nobody near says anything
    scores = np.einsum("sn,nsa->sa", weight, labels.weight[said])
    rows = np.arange(len(changes))
    best = np.argmax(scores, axis=1)
    top = scores[rows, best]
    scores[rows, best] = -np.inf
    second = np.argmax(scores, axis=1) if scores.shape[1] > 1 else best
    rest = np.where(scores[rows, second] > 0, scores[rows, second], 0.0)
    lead = top - rest
    pull = np.clip(weight, 0, None)
    shared = (pull * labels.shared[said].T).sum(axis=1) > 0.5 * pull.sum(axis=1)
    undecided = (rest > 0) & ((lead < EVEN) | shared)
    return _Verdicts(
        start=changes,
        actor=np.where(reached & (top > 0), best, -1),
        other=np.where(undecided, second, -1),
        confidence=np.minimum(0.99, 0.5 + lead / 2) if smooth else np.full(len(changes), 0.7),
        said=said,
        weight=weight,
    )


def _weights(gap: Points, over: NDArray[np.bool_], apart: Points, used: NDArray[np.bool_], noise: Points) -> Points:
    """Kriging weights of the neighbours for each pattern of neighbours that speak: (patterns, neighbours).

    ``apart`` are the distances between neighbours in km, water counted.
    """
    kernel = np.exp(-apart / RANGE_KM)
    reach = np.exp(-(gap + BARRIER_KM * over) / RANGE_KM)
    most = int(used.sum(axis=1).max())
    out = np.zeros(used.shape)
    if not most:
        return out
    columns = np.argsort(~used, axis=1, kind="stable")[:, :most]
    counted = np.take_along_axis(used, columns, axis=1)
    matrix = kernel[columns[:, :, None], columns[:, None, :]]
    # those that do not speak only fill up the batch: with so much noise they weigh nothing
    own = np.where(counted, np.take_along_axis(noise, columns, axis=1), SILENT)
    matrix[:, np.arange(most), np.arange(most)] += own
    solved = np.linalg.solve(matrix, reach[columns][:, :, None])[:, :, 0]
    np.put_along_axis(out, columns, np.where(counted, solved, 0.0), axis=1)
    return out


def _as_periods(verdicts: _Verdicts, labels: _Labels, place_id: PlaceId) -> Periods:
    """Verdicts one after the other as periods; neighbours in time that agree are one."""
    unsure = verdicts.confidence < UNCERTAIN
    look = np.stack([verdicts.actor, verdicts.other, unsure])
    firsts = np.concatenate([[0], np.flatnonzero((look[:, 1:] != look[:, :-1]).any(axis=0)) + 1])
    least = np.minimum.reduceat(verdicts.confidence, firsts)
    days = [*labels.days[verdicts.start[firsts]].tolist(), labels.last]
    out = []
    for n, first in enumerate(firsts.tolist()):
        actor, other = int(verdicts.actor[first]), int(verdicts.other[first])
        if actor < 0 or days[n] >= days[n + 1]:
            continue
        claims: dict[ClaimId, None] = {}
        weight = verdicts.weight[first]
        for neighbour in np.argsort(-weight, kind="stable")[:NAMED].tolist():
            if weight[neighbour] > 0:
                claims.update(dict.fromkeys(labels.kinds[verdicts.said[neighbour, first]].claim_ids[:1]))
        start = date.fromordinal(days[n])
        out.append(
            Period(
                place_id=place_id,
                status=Status.CONTROLLED if other < 0 else Status.CONTESTED,
                actor_id=labels.actors[actor],
                other_id=labels.actors[other] if other >= 0 else ActorId(""),
                start=start,
                start_latest=start,
                end=None if days[n + 1] >= _OPEN else date.fromordinal(days[n + 1]),
                basis=Basis.INFERRED,
                confidence=round(float(least[n]), 2),
                claim_ids=tuple(claims),
            )
        )
    return tuple(out)
