"""Faces joined to polygons by following the arcs where two labels meet. Nothing is intersected: neighbours match exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray

from mapper.areas.spans import spans, state_on
from mapper.model import ActorId, Basis, Status, Territory

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One look on the map on a day: who, how surely, on what basis; ``geometry`` is a valid MultiPolygon (lon, lat).

    ``presumed`` is the outer part of reach. ``basis`` joins what was stated of the place and of its region.
    An area with an empty ``status`` is land nobody is said to hold.
    """

    status: Status | None
    actor_id: ActorId
    other_id: ActorId
    basis: Basis | None
    presumed: bool
    km2: float
    geometry: shapely.MultiPolygon


def dissolve(territory: Territory, day: date, *, unclaimed: bool = False) -> list[Area]:
    """The territory on a day as one area per status, actor, other, basis and zone, in a fixed order.

    With ``unclaimed``, what is left of the theatre comes last: all areas together are the theatre.
    """
    state, _ = state_on(territory, day)
    table = spans(territory)
    merged = {
        key: number
        for number, key in enumerate(
            sorted({_look(*s) for s in table.states}, key=lambda s: (s[1], s[0].value, s[2], s[3].value))
        )
    }
    look = np.array([merged[_look(*s)] for s in table.states] + [-1], dtype=np.int64)[state]
    face_look = look[territory.face_cell]
    label = np.where((face_look >= 0) & (territory.face_zone < 2), face_look * 2 + territory.face_zone, -1)
    if unclaimed:
        label = np.where(label < 0, 2 * len(merged), label)
    km2 = np.bincount(label + 1, weights=territory.face_km2)
    keys = list(merged)
    areas = []
    for number, geometry in joined(territory, label).items():
        status, actor, other, basis = (
            keys[number // 2] if number < 2 * len(keys) else (None, ActorId(""), ActorId(""), None)
        )
        areas.append(
            Area(
                status=status,
                actor_id=actor,
                other_id=other,
                basis=basis,
                presumed=number % 2 == 1,
                km2=float(km2[number + 1]),
                geometry=geometry,
            )
        )
    return areas


def _look(status: Status, actor: ActorId, other: ActorId, basis: Basis) -> tuple[Status, ActorId, ActorId, Basis]:
    return status, actor, other, Basis.STATED if basis is Basis.REGION else basis


def cell_polygons(territory: Territory, *, zones: tuple[int, ...] = (0, 1)) -> dict[int, shapely.MultiPolygon]:
    """Per cell number its polygon within the zones; cells without a face there are left out."""
    wanted = np.isin(territory.face_zone, zones)
    return joined(territory, np.where(wanted, territory.face_cell, -1))


def face_polygons(territory: Territory) -> dict[int, shapely.MultiPolygon]:
    """Per face number its polygon."""
    return joined(territory, np.arange(len(territory.face_cell)))


def joined(territory: Territory, label: NDArray[np.integer]) -> dict[int, shapely.MultiPolygon]:
    """Per label (≥ 0, one per face) the union of its faces: shells counter-clockwise, holes clockwise (RFC 7946)."""
    label = np.append(label.astype(np.int64), -1)  # face -1 is outside
    on_left, on_right = label[territory.left], label[territory.right]
    forward = np.flatnonzero((on_left != on_right) & (on_left >= 0))
    backward = np.flatnonzero((on_left != on_right) & (on_right >= 0))
    if not len(forward) + len(backward):
        return {}
    nodes = _nodes(territory)
    arc = np.concatenate([forward, backward])
    back = np.zeros(len(arc), dtype=bool)
    back[len(forward) :] = True
    own = np.concatenate([on_left[forward], on_right[backward]])
    tail = np.where(back, nodes[arc, 1], nodes[arc, 0]).astype(np.int64)
    head = np.where(back, nodes[arc, 0], nodes[arc, 1]).astype(np.int64)
    order = np.lexsort((arc, tail, own))
    arc, back, own, tail, head = arc[order], back[order], own[order], tail[order], head[order]
    width = int(nodes.max()) + 1
    leaving, arriving = own * width + tail, own * width + head
    low = np.searchsorted(leaving, arriving, side="left")
    high = np.searchsorted(leaving, arriving, side="right")
    following = low.copy()
    crowded = np.flatnonzero(high - low > 1)
    if len(crowded):
        _turn(territory, arc, back, low, high, crowded, following)
    pinched = set(arriving[crowded].tolist())
    loops = _loops(following.tolist(), leaving.tolist() if pinched else [], pinched)
    sizes = np.array([len(loop) for loop in loops], dtype=np.int64)
    walk = np.concatenate([np.asarray(loop, dtype=np.int64) for loop in loops])
    points, ring = _points(territory, arc[walk], back[walk], np.repeat(np.arange(len(loops)), sizes))
    ring_label = own[walk[np.concatenate([[0], np.cumsum(sizes)[:-1]])]]
    return _polygons(points, ring, ring_label)


def _nodes(territory: Territory) -> NDArray[np.int32]:
    if len(territory.arc_nodes) == len(territory.left):
        return territory.arc_nodes
    ends = np.vstack([territory.xy[territory.offsets[:-1]], territory.xy[territory.offsets[1:] - 1]])
    _, number = np.unique(ends, axis=0, return_inverse=True)
    return number.reshape(2, -1).T.astype(np.int32)


def _turn(
    territory: Territory,
    arc: Ints,
    back: NDArray[np.bool_],
    low: Ints,
    high: Ints,
    crowded: Ints,
    following: Ints,
) -> None:
    """Where a label leaves a node more than once, go on along the sector to the left of the arriving arc.

    That is the first leaving arc clockwise from the way back: loops then touch in points but never cross.
    """
    xy, offsets = territory.xy, territory.offsets
    for d in crowded.tolist():
        first, last = int(offsets[arc[d]]), int(offsets[arc[d] + 1]) - 1
        node, before = (xy[first], xy[first + 1]) if back[d] else (xy[last], xy[last - 1])
        return_angle = np.arctan2(before[1] - node[1], before[0] - node[0])
        best, least = int(low[d]), np.inf
        for option in range(int(low[d]), int(high[d])):
            first, last = int(offsets[arc[option]]), int(offsets[arc[option] + 1]) - 1
            after = xy[last - 1] if back[option] else xy[first + 1]
            angle = np.arctan2(after[1] - node[1], after[0] - node[0])
            clockwise = (return_angle - angle) % (2 * np.pi)
            clockwise = clockwise if clockwise > 1e-12 else 2 * np.pi
            if clockwise < least:
                best, least = option, clockwise
        following[d] = best


def _loops(following: list[int], leaving: list[int], pinched: set[int]) -> list[list[int]]:
    """Closed walks; one that comes through the same node twice is parted there, so that every ring is simple."""
    seen = bytearray(len(following))
    loops: list[list[int]] = []
    for first in range(len(following)):
        if seen[first]:
            continue
        loop: list[int] = []
        d = first
        while not seen[d]:
            seen[d] = 1
            loop.append(d)
            d = following[d]
        if pinched and any(leaving[d] in pinched for d in loop):
            loops += _parted(loop, leaving, pinched)
        else:
            loops.append(loop)
    return loops


def _parted(loop: list[int], leaving: list[int], pinched: set[int]) -> list[list[int]]:
    out: list[list[int]] = []
    stack: list[int] = []
    at: dict[int, int] = {}
    for d in loop:
        node = leaving[d]
        if node in pinched:
            if node in at:
                cut = at[node]
                ring = stack[cut:]
                del stack[cut:]
                for other in ring:
                    at.pop(leaving[other], None)
                out.append(ring)
            at[node] = len(stack)
        stack.append(d)
    if stack:
        out.append(stack)
    return out


def _points(territory: Territory, arc: Ints, back: NDArray[np.bool_], loop: Ints) -> tuple[NDArray[np.float64], Ints]:
    """Coordinates of the arcs one after the other, each without its last point, and the loop of each point."""
    first = territory.offsets[arc]
    last = territory.offsets[arc + 1] - 1
    count = last - first
    begin = np.where(back, last, first)
    step = np.where(back, -1, 1)
    ends = np.cumsum(count)
    within = np.arange(ends[-1]) - np.repeat(ends - count, count)
    index = np.repeat(begin, count) + np.repeat(step, count) * within
    return territory.xy[index], np.repeat(loop, count)


def _polygons(points: NDArray[np.float64], ring: Ints, ring_label: Ints) -> dict[int, shapely.MultiPolygon]:
    """Shells with their holes, per label."""
    starts = np.flatnonzero(np.concatenate([[True], ring[1:] != ring[:-1]]))
    after = np.arange(1, len(points) + 1)
    after[np.append(starts[1:], len(points)) - 1] = starts
    # relative to each ring's first point, so that small rings far from zero keep their digits
    local = points - np.repeat(points[starts], np.diff(np.append(starts, len(points))), axis=0)
    cross = local[:, 0] * local[after, 1] - local[after, 0] * local[:, 1]
    area = np.add.reduceat(cross, starts)
    counts = np.diff(np.append(starts, len(points)))
    sound = (counts >= 3) & (area != 0)
    rings = np.empty(len(starts), dtype=object)
    keep = np.flatnonzero(sound)
    chosen = sound[ring]
    compact = np.cumsum(sound) - 1
    rings[keep] = shapely.linearrings(points[chosen], indices=compact[ring[chosen]])
    shells = keep[area[keep] > 0]
    holes = keep[area[keep] < 0]
    owner = _owners(rings, area, ring_label, shells, holes)
    position = {int(shell): number for number, shell in enumerate(shells)}
    inner: list[list[shapely.LinearRing]] = [[] for _ in shells]
    for hole, shell in zip(holes.tolist(), owner.tolist(), strict=True):
        if shell >= 0:
            inner[position[shell]].append(rings[hole])
    parts = np.asarray(shapely.polygons(rings[shells]), dtype=object)
    for number, found in enumerate(inner):
        if found:
            parts[number] = shapely.Polygon(rings[shells[number]], found)
    labels = ring_label[shells]
    order = np.argsort(labels, kind="stable")
    names, index = np.unique(labels[order], return_inverse=True)
    made = np.asarray(shapely.multipolygons(parts[order], indices=index), dtype=object)
    return dict(zip(names.tolist(), made.tolist(), strict=True))


def _owners(rings: NDArray[np.object_], area: NDArray[np.float64], label: Ints, shells: Ints, holes: Ints) -> Ints:
    """For each hole the smallest shell of its label that contains it."""
    owner = np.full(len(holes), -1, dtype=np.int64)
    if not len(holes):
        return owner
    solid = np.asarray(shapely.polygons(rings[shells]), dtype=object)
    tree = shapely.STRtree(solid)
    middle = shapely.point_on_surface(shapely.polygons(rings[holes]))
    hole, shell = tree.query(middle, predicate="within")
    # a shell inside the hole may hold the point too: only a larger one can be around it
    same = (label[holes[hole]] == label[shells[shell]]) & (area[shells[shell]] > -area[holes[hole]])
    hole, shell = hole[same], shell[same]
    order = np.lexsort((-area[shells[shell]], hole))
    owner[hole[order]] = shells[shell[order]]  # the smallest comes last and stays
    return owner
