"""Cells round places, cut by reach, as faces with shared arcs.

Most cells lie wholly inside their country and within reach of their place: their edges come straight from the Voronoi
diagram. The few that touch a border, or are wide enough for reach to cut them, are noded and polygonised together with
the borders by GEOS on a grid of 0.1 m. Both kinds meet on identical integer vertices, so every edge is known from both
sides and nothing overlaps or gapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from mapper.areas.projection import LocalProjection

Points = NDArray[np.float64]
Ints = NDArray[np.int64]

GRID = 1e-6  # degrees, about 0.1 m: finer than any source, coarse enough for 64-bit keys
OVERSHOOT = 1e-5  # degrees, about 1 m
MARGIN = 50_000.0  # metres that outer cells reach beyond the hull of their country
LONGEST = 10_000.0  # metres: a straight edge of the projection bends by less than 2 m over this
TILE = 256  # points of a piece of coast that cells are cut with
ASIDE = 4.0  # grid steps: how far a vertex that noding puts into an edge may lie off it
_SPAN = 1 << 31  # grid steps: more than the Earth is wide
_CIRCLE = 24  # segments in a quarter of a reach circle: the chord leaves the arc by 0.02 % of the radius


@dataclass(frozen=True, slots=True, kw_only=True)
class Faces:
    """What a tessellation is made of; the fields of the same names in Territory."""

    face_cell: NDArray[np.int32]
    face_zone: NDArray[np.int8]
    face_km2: Points
    xy: Points
    offsets: Ints
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    arc_nodes: NDArray[np.int32]


class TessellationError(RuntimeError):
    """Two faces claim the same side of an edge: the input geometry broke the rounding."""


def tessellate(
    lon_lat: Points,
    country: NDArray[np.int32],
    outlines: Mapping[int, BaseGeometry],
    *,
    projection: LocalProjection,
    solid_km: float,
    presumed_km: float,
) -> Faces:
    """Faces and arcs of the cells round points, each cell clipped to its own country.

    ``lon_lat`` are distinct points, ``country[i]`` the key in ``outlines`` (lon, lat, valid, not overlapping, long edges
    cut up) of the country point ``i`` colours. Cell ``i`` belongs to point ``i``; it has no face when its country is
    empty there. Cells are made in the projection, and cut and joined in degrees east of its centre: what is valid
    there stays valid in the output.
    """
    plane = _Plane(projection)
    sites = projection.forward(lon_lat)
    shapes = {key: plane.unrolled(outline) for key, outline in outlines.items()}
    radii = (solid_km * 1000.0, presumed_km * 1000.0)
    flat_cells = _voronoi(sites, country, shapes, plane)
    reach = _furthest(flat_cells, sites)
    cells = plane.unprojected(shapely.segmentize(flat_cells, LONGEST))
    inside = np.zeros(len(sites), dtype=bool)
    for key, shape in shapes.items():
        shapely.prepare(shape)
        here = np.flatnonzero(country == key)
        inside[here] = shapely.contains_properly(shape, cells[here])
    seam = plane.seam(shapes.values())
    west = np.zeros(len(sites), dtype=np.int8)
    if seam is not None:
        inside &= ~shapely.intersects(seam, cells)
        west = (lon_lat[:, 0] < 0).astype(np.int8)
    simple = inside & (reach <= radii[0])
    for _ in range(4):
        rings, owners = _simple_rings(cells, simple)
        pieces = _noded(cells, sites, country, shapes, ~simple, radii, seam, plane)
        edges = _edges(rings, owners, west[owners], pieces, plane)
        loose = edges.loose_cells(simple)
        if len(loose):
            # GEOS put a vertex into a simple cell's edge: the cell takes it over
            rings, owners = edges.taken_over(rings, owners, simple)
            edges = _edges(rings, owners, west[owners], pieces, plane)
            loose = edges.loose_cells(simple)
        if not len(loose):
            return edges.faces(plane)
        simple[loose] = False  # no such vertex: the cell has to be noded with the others
    message = "the tessellation does not close"
    raise TessellationError(message)


class _Plane:
    """Degrees east of the projection's centre, and north: a map without a seam where the theatre is."""

    def __init__(self, projection: LocalProjection) -> None:
        self.projection = projection
        self.turn = projection.lon

    def from_lon_lat(self, points: Points) -> Points:
        return np.column_stack([(points[:, 0] - self.turn + 180) % 360 - 180, points[:, 1]])

    def to_lon_lat(self, points: Points) -> Points:
        lon_lat = np.column_stack([(points[:, 0] + self.turn + 180) % 360 - 180, points[:, 1]])
        return np.asarray(np.round(lon_lat, 6), dtype=np.float64)

    def forward(self, points: Points) -> Points:
        return self.projection.forward(self.to_lon_lat(points))

    def unrolled(self, outline: BaseGeometry) -> BaseGeometry:
        """A country in the plane: halves that the antimeridian parts become one."""
        if self.turn == 0:
            return outline
        moved = shapely.transform(outline, self.from_lon_lat)
        across = np.abs(shapely.get_coordinates(outline)[:, 0]) >= 180
        return shapely.union_all(shapely.get_parts(moved)) if across.any() else moved

    def unprojected(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        moved = shapely.transform(shapes, lambda xy: self.from_lon_lat(self.projection.inverse(xy)))
        return np.asarray(moved, dtype=object)

    def seam(self, shapes: Iterable[BaseGeometry]) -> BaseGeometry | None:
        """The antimeridian where it runs through the theatre; None nearly everywhere."""
        at = 180 - self.turn if self.turn > 0 else -180 - self.turn
        line = shapely.LineString([(at, -90), (at, 90)])
        found = shapely.union_all([shapely.intersection(line, shape) for shape in shapes])
        return None if found.is_empty or found.length == 0 else found


def _voronoi(
    sites: Points, country: NDArray[np.int32], shapes: Mapping[int, BaseGeometry], plane: _Plane
) -> NDArray[np.object_]:
    """One polygon per site in the projection, among the sites of its country, reaching beyond the country's outline."""
    cells = np.empty(len(sites), dtype=object)
    for key, shape in shapes.items():
        here = np.flatnonzero(country == key)
        if not len(here):
            continue
        corners = np.vstack([plane.forward(shapely.get_coordinates(shape)), sites[here]])
        around = shapely.buffer(shapely.convex_hull(shapely.MultiPoint(corners)), MARGIN, quad_segs=2)
        if len(here) == 1:
            cells[here[0]] = around
            continue
        diagram = shapely.voronoi_polygons(shapely.MultiPoint(sites[here]), extend_to=around, ordered=True)
        found = shapely.get_parts(diagram)
        # without this the outer cells would reach over the pole, or beyond the edge of the projection
        shapely.prepare(around)
        outer = ~shapely.contains_properly(around, found)
        found[outer] = shapely.intersection(around, found[outer])
        cells[here] = found
    return cells


def _furthest(cells: NDArray[np.object_], sites: Points) -> Points:
    """Distance from each site to the farthest corner of its cell."""
    points, owner = shapely.get_coordinates(cells, return_index=True)
    gaps = np.hypot(*(points - sites[owner]).T)
    out = np.zeros(len(sites))
    np.maximum.at(out, owner, gaps)
    return out


def _grid(points: Points) -> Ints:
    return np.rint(points / GRID).astype(np.int64)


def _key(grid: Ints) -> Ints:
    return (grid[:, 0] + _SPAN // 2) * _SPAN + (grid[:, 1] + _SPAN // 2)


def _unkey(key: Ints) -> Ints:
    return np.column_stack([key // _SPAN - _SPAN // 2, key % _SPAN - _SPAN // 2])


def _degrees(keys: Ints) -> Points:
    return np.asarray(_unkey(keys) * GRID, dtype=np.float64)


def _simple_rings(cells: NDArray[np.object_], simple: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Vertex keys of the rings of simple cells, closed, one after the other, and the cell of each vertex."""
    chosen = np.flatnonzero(simple)
    points, owner = shapely.get_coordinates(cells[chosen], return_index=True)
    return _key(_grid(points)), chosen[owner]


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Polygons of the cells that a border, the seam or reach cuts."""

    shape: NDArray[np.object_]
    cell: Ints
    zone: NDArray[np.int8]
    side: NDArray[np.int8]  # 1: west of the antimeridian's line, in a theatre that it runs through


def _noded(
    cells: NDArray[np.object_],
    sites: Points,
    country: NDArray[np.int32],
    shapes: Mapping[int, BaseGeometry],
    chosen: NDArray[np.bool_],
    radii: tuple[float, float],
    seam: BaseGeometry | None,
    plane: _Plane,
) -> _Pieces:
    """The chosen cells, cut by borders, seam and reach; all lines meet in common points on the grid."""
    lines: list[BaseGeometry] = [shapely.boundary(shape) for shape in shapes.values()]
    for key, shape in shapes.items():
        here = np.flatnonzero(chosen & (country == key))
        if len(here):
            lines += _cell_lines(cells[here], sites[here], shape, radii, plane)
    if seam is not None:
        lines.append(seam)
    parts = shapely.get_parts(np.asarray(lines, dtype=object))
    parts = parts[shapely.get_dimensions(parts) == 1]  # an intersection may also touch in points
    noded = shapely.union_all(parts, grid_size=GRID)
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded).tolist()))
    at = shapely.get_coordinates(shapely.point_on_surface(pieces))
    flat = plane.forward(at)
    cell = np.full(len(pieces), -1, dtype=np.int64)
    for key, shape in shapes.items():
        here = np.flatnonzero(country == key)
        within = np.flatnonzero(shapely.contains_xy(shape, at[:, 0], at[:, 1]))
        if len(here) and len(within):
            tree = shapely.STRtree(np.asarray(shapely.points(sites[here]), dtype=object))
            cell[within] = here[tree.nearest(shapely.points(flat[within]))]
    mine = (cell >= 0) & chosen[cell]
    pieces, cell, at, flat = pieces[mine], cell[mine], at[mine], flat[mine]
    gap = np.hypot(*(flat - sites[cell]).T)
    zone = (gap > radii[0]).astype(np.int8) + (gap > radii[1]).astype(np.int8)
    side = np.zeros(len(pieces), dtype=np.int8)
    if seam is not None:
        side = (plane.to_lon_lat(at)[:, 0] < 0).astype(np.int8)
    return _Pieces(pieces, cell, zone, side)


def _tiles(shape: BaseGeometry) -> list[BaseGeometry]:
    """The shape cut in halves until each piece is small: cutting a cell by a piece is quick, by a long coast is not."""
    if shapely.get_num_coordinates(shape) <= TILE:
        return [] if shape.is_empty else [shape]
    west, south, east, north = shape.bounds
    if east - west > north - south:
        middle = (west + east) / 2
        halves = [(west, south, middle, north), (middle, south, east, north)]
    else:
        middle = (south + north) / 2
        halves = [(west, south, east, middle), (west, middle, east, north)]
    out: list[BaseGeometry] = []
    for half in halves:
        part = shapely.intersection(shape, shapely.box(*half))
        if shapely.get_num_coordinates(part) >= shapely.get_num_coordinates(shape):
            return [shape]  # a knot that halving does not part
        out += _tiles(part)
    return out


def _cell_lines(
    cells: NDArray[np.object_], sites: Points, shape: BaseGeometry, radii: tuple[float, float], plane: _Plane
) -> list[BaseGeometry]:
    """Edges of a country's cells and the arcs where reach ends, cut to the country and to the cells.

    A line that only touches another may miss it by a rounding and be lost as dangling: lines overshoot a little.
    """
    # vertices on the grid, but what is cut out below keeps its digits: a line that a tile cuts is two that must meet
    on_grid = shapely.set_precision(cells, GRID, mode="pointwise")
    own = np.asarray(shapely.set_precision(on_grid, 0), dtype=object)
    whole = shapely.contains_properly(shape, own)
    cut = own[~whole]
    tiles = np.array(_tiles(shape), dtype=object)
    wider = np.asarray(shapely.buffer(tiles, OVERSHOOT, join_style="mitre", mitre_limit=2.0), dtype=object)
    number, tile = shapely.STRtree(wider).query(cut, predicate="intersects")
    lines: list[BaseGeometry] = [
        *shapely.boundary(own[whole]).tolist(),
        *shapely.intersection(shapely.boundary(cut[number]), wider[tile]).tolist(),
    ]
    clipped = own.copy()
    order = np.argsort(number, kind="stable")
    parts = shapely.intersection(cut[number[order]], tiles[tile[order]])
    collected = np.full(len(cut), shapely.GeometryCollection(), dtype=object)
    if len(parts):
        shapely.geometrycollections(parts, indices=number[order], out=collected)
    clipped[~whole] = collected
    points, owner = shapely.get_coordinates(clipped, return_index=True)
    far = np.zeros(len(own))
    np.maximum.at(far, owner, np.hypot(*(plane.forward(points) - sites[owner]).T))
    for radius in radii:
        wide = far > radius
        if not wide.any():
            continue
        discs = np.asarray(shapely.buffer(shapely.points(sites[wide]), radius, quad_segs=_CIRCLE), dtype=object)
        near = shapely.buffer(clipped[wide], OVERSHOOT, join_style="mitre", mitre_limit=2.0)
        lines += shapely.intersection(shapely.boundary(plane.unprojected(discs)), near).tolist()
    return lines


@dataclass(slots=True)
class _Edges:
    """Undirected edges between integer vertices, with the face on either side (-1: outside)."""

    vertices: Ints  # keys
    start: Ints
    end: Ints
    left: Ints
    right: Ints
    face_cell: Ints
    face_zone: NDArray[np.int8]
    face_side: NDArray[np.int8]
    area: Points  # of faces, square metres

    def loose_cells(self, simple: NDArray[np.bool_]) -> Ints:
        """Simple cells with an edge that nobody shares: they lie inside, so a neighbour's border differs there."""
        alone = np.where(self.left < 0, self.right, self.left)[(self.left < 0) | (self.right < 0)]
        cells = np.unique(self.face_cell[alone])
        return cells[simple[cells]]

    def taken_over(self, rings: Ints, owners: Ints, simple: NDArray[np.bool_]) -> tuple[Ints, Ints]:
        """The rings of simple cells with the vertices that noding put into their edges, where such are found."""
        alone = np.flatnonzero((self.left < 0) | (self.right < 0))
        cell = self.face_cell[np.where(self.left < 0, self.right, self.left)[alone]]
        starts, ends = self.vertices[self.start[alone]], self.vertices[self.end[alone]]
        lost = simple[cell]
        beside: dict[int, list[int]] = {}
        for one, two in zip(starts[~lost].tolist(), ends[~lost].tolist(), strict=True):
            beside.setdefault(one, []).append(two)
            beside.setdefault(two, []).append(one)
        at: list[int] = []
        new: list[int] = []
        for one, two, own in zip(starts[lost].tolist(), ends[lost].tolist(), cell[lost].tolist(), strict=True):
            way = _way(one, two, beside)
            first, last = np.searchsorted(owners, [own, own + 1])
            ring = rings[first:last]
            for a, b, found in ((one, two, way), (two, one, way[::-1])):
                for where in np.flatnonzero((ring[:-1] == a) & (ring[1:] == b)).tolist():
                    at += [int(first) + where + 1] * len(found)
                    new += found
        return np.insert(rings, at, new), np.insert(owners, at, owners[np.asarray(at, dtype=np.int64)])

    def faces(self, plane: _Plane) -> Faces:
        start, end, left, right = self.start, self.end, self.left, self.right
        lon_lat = plane.to_lon_lat(_degrees(self.vertices))
        if self.face_side.any():
            start, end, left, right, lon_lat = self._parted(lon_lat)
        chains = _chains(start, end, left, right)
        order = np.concatenate(chains)
        lengths = np.fromiter((len(chain) for chain in chains), dtype=np.int64, count=len(chains))
        # a chain lists signed edges (~e: backwards); its first edge gives the faces beside the arc
        first = order[np.concatenate([[0], np.cumsum(lengths)[:-1]])]
        backwards = first < 0
        edge = np.where(backwards, ~first, first)
        arc_left = np.where(backwards, right[edge], left[edge])
        arc_right = np.where(backwards, left[edge], right[edge])
        signed = order
        plain = np.where(signed < 0, ~signed, signed)
        heads = np.where(signed < 0, end[plain], start[plain])
        tails = np.where(signed < 0, start[plain], end[plain])
        ends = np.cumsum(lengths)
        points = np.insert(heads, ends, tails[ends - 1])
        offsets = np.concatenate([[0], ends + np.arange(1, len(chains) + 1)]).astype(np.int64)
        nodes = np.column_stack([points[offsets[:-1]], points[offsets[1:] - 1]])
        _, compact = np.unique(nodes, return_inverse=True)
        return Faces(
            face_cell=self.face_cell.astype(np.int32),
            face_zone=self.face_zone,
            face_km2=self.area / 1e6,
            xy=lon_lat[points],
            offsets=offsets,
            left=arc_left.astype(np.int32),
            right=arc_right.astype(np.int32),
            arc_nodes=compact.reshape(nodes.shape).astype(np.int32),
        )

    def _parted(self, lon_lat: Points) -> tuple[Ints, Ints, Ints, Ints, Points]:
        """The same edges cut along the antimeridian: what lies on it is drawn at 180 and again at -180."""
        count = len(lon_lat)
        on_seam = np.abs(lon_lat[:, 0]) > 180 - 2 * GRID  # the seam's vertices lie on the grid, not on the line
        east, west = lon_lat.copy(), lon_lat.copy()
        east[on_seam, 0], west[on_seam, 0] = 180.0, -180.0
        side = np.append(self.face_side, -1)
        left_side, right_side = side[self.left], side[self.right]
        crossing = (left_side >= 0) & (right_side >= 0) & (left_side != right_side)
        own = np.where(left_side >= 0, left_side, right_side).astype(np.int64)
        start = np.concatenate([self.start + own * count, self.start[crossing] + right_side[crossing] * count])
        end = np.concatenate([self.end + own * count, self.end[crossing] + right_side[crossing] * count])
        left = np.concatenate([self.left, np.full(int(crossing.sum()), -1)])
        right = np.concatenate([np.where(crossing, -1, self.right), self.right[crossing]])
        return start, end, left, right, np.vstack([east, west])


def _way(one: int, two: int, beside: Mapping[int, Sequence[int]]) -> list[int]:
    """Vertices on the way between two ends that noding left: along edges that hardly leave the straight line."""
    ends = _unkey(np.array([one, two]))
    along = ends[1] - ends[0]
    length = float(np.hypot(*along))
    out: list[int] = []
    here, done = one, 0.0
    while two not in beside.get(here, ()):
        following = None
        for vertex in beside.get(here, ()):
            gap = _unkey(np.array([vertex]))[0] - ends[0]
            on, aside = float(gap @ along) / length, abs(float(gap[0] * along[1] - gap[1] * along[0])) / length
            if aside <= ASIDE and done < on < length:
                following, reached = vertex, on
        if following is None:
            return []
        out.append(following)
        here, done = following, reached
    return out


def _edges(rings: Ints, owners: Ints, owner_side: NDArray[np.int8], made: _Pieces, plane: _Plane) -> _Edges:
    """All edges with their two faces; edges inside a face are dropped."""
    oriented = shapely.orient_polygons(made.shape, exterior_cw=False)
    piece_rings, ring_piece = shapely.get_rings(oriented, return_index=True)
    points, ring = shapely.get_coordinates(piece_rings, return_index=True)
    # faces: one per cell, zone and side of the seam
    simple_cells, first = np.unique(owners, return_index=True)
    name = np.concatenate([simple_cells * 6 + owner_side[first], made.cell * 6 + made.zone * 2 + made.side])
    names, face = np.unique(name, return_inverse=True)
    face_of_simple = dict(zip(simple_cells.tolist(), face[: len(simple_cells)].tolist(), strict=True))
    face_lookup = np.full(int(simple_cells.max()) + 1 if len(simple_cells) else 1, -1, dtype=np.int64)
    if face_of_simple:
        face_lookup[simple_cells] = face[: len(simple_cells)]
    keys = np.concatenate([rings, _key(_grid(points))])
    loop = np.concatenate([owners, ring + (int(owners.max()) + 1 if len(owners) else 0)])
    faces = np.concatenate(
        [face_lookup[owners] if len(owners) else owners, face[len(simple_cells) :][ring_piece[ring]]]
    )
    vertices, number = np.unique(keys, return_inverse=True)
    joined = (loop[1:] == loop[:-1]) & (number[1:] != number[:-1])
    a, b, on = number[:-1][joined], number[1:][joined], faces[:-1][joined]
    # GEOS orients Voronoi cells clockwise or not as it likes: the sign of the area says which side is inside
    xy = plane.forward(_degrees(vertices))
    cross = xy[a, 0] * xy[b, 1] - xy[b, 0] * xy[a, 1]
    simple_count = int(joined[: max(len(rings) - 1, 0)].sum()) if len(rings) else 0
    if simple_count:
        turning = np.bincount(on[:simple_count], weights=cross[:simple_count], minlength=len(names))
        flip = np.zeros(len(a), dtype=bool)
        flip[:simple_count] = turning[on[:simple_count]] < 0
        a, b = np.where(flip, b, a), np.where(flip, a, b)
        cross = np.where(flip, -cross, cross)
    area = np.bincount(on, weights=cross, minlength=len(names)) / 2
    low, high = np.minimum(a, b), np.maximum(a, b)
    forward = a < b
    pair = low * len(vertices) + high
    unique, edge = np.unique(pair, return_inverse=True)
    left = np.full(len(unique), -1, dtype=np.int64)
    right = np.full(len(unique), -1, dtype=np.int64)
    left[edge[forward]] = on[forward]
    right[edge[~forward]] = on[~forward]
    if len(unique) and (
        np.bincount(edge[forward], minlength=len(unique)).max() > 1
        or np.bincount(edge[~forward], minlength=len(unique)).max() > 1
    ):
        message = "two faces lie on the same side of an edge"
        raise TessellationError(message)
    keep = left != right
    unique = unique[keep]
    return _Edges(
        vertices=vertices,
        start=unique // len(vertices),
        end=unique % len(vertices),
        left=left[keep],
        right=right[keep],
        face_cell=names // 6,
        face_zone=(names % 6 // 2).astype(np.int8),
        face_side=(names % 2).astype(np.int8),
        area=area,
    )


def _chains(start: Ints, end: Ints, left: Ints, right: Ints) -> list[Ints]:
    """Edges joined to arcs: through every vertex where exactly two edges with the same two faces meet."""
    count = int(max(start.max(), end.max())) + 1
    degree = np.bincount(start, minlength=count) + np.bincount(end, minlength=count)
    through = degree == 2
    single = ~through[start] & ~through[end]
    chains: list[Ints] = [np.array([e]) for e in np.flatnonzero(single)]
    rest = np.flatnonzero(~single)
    beside: dict[int, list[int]] = {}
    for e, s, t in zip(rest.tolist(), start[rest].tolist(), end[rest].tolist(), strict=True):
        beside.setdefault(s, []).append(e)
        beside.setdefault(t, []).append(e)
    starts, ends = start.tolist(), end.tolist()
    lefts, rights = left.tolist(), right.tolist()
    passing = through.tolist()
    used: set[int] = set()

    def walk(first: int, vertex: int) -> list[int]:
        """Signed edges from an edge on, leaving by ``vertex``, to the next junction or round to the start."""
        out: list[int] = []
        e = first
        while passing[vertex]:
            one, two = beside[vertex]
            following = two if one == e else one
            backwards = starts[following] != vertex
            sides = (lefts[following], rights[following])
            before = (lefts[e], rights[e]) if (ends[e] == vertex) else (rights[e], lefts[e])
            if (sides[::-1] if backwards else sides) != before or following in used:
                break
            used.add(following)
            out.append(~following if backwards else following)
            vertex = starts[following] if backwards else ends[following]
            e = following
        return out

    for e in rest.tolist():
        if e in used:
            continue
        used.add(e)
        onward = walk(e, ends[e])
        back = walk(e, starts[e])
        chains.append(np.array([*(~x for x in reversed(back)), e, *onward]))
    return chains
