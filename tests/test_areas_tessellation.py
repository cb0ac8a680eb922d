"""Laws of the tessellation and of dissolving: areas add up, neighbours share exact borders, nothing overlaps."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.areas import tessellation
from mapper.areas.projection import LocalProjection
from mapper.areas.rest import given as given_cells
from mapper.areas.rest import planned
from mapper.areas.rings import face_polygons, joined
from mapper.areas.tessellation import Faces, tessellate
from mapper.model import Territory

GEOD = pyproj.Geod(ellps="WGS84")


def theatre(*polygons: list[tuple[float, float]], near: tuple[float, float] = (40.0, 35.0)):
    """Countries by number, in degrees, and a projection."""
    shapes = [shapely.segmentize(shapely.Polygon(p), 0.1) for p in polygons]
    return dict(enumerate(shapes)), LocalProjection(*near)


def territory(faces: Faces, cells: int) -> Territory:
    return Territory(
        cell_place=tuple(f"t:{n}" for n in range(cells)),
        face_cell=faces.face_cell,
        face_zone=faces.face_zone,
        face_km2=faces.face_km2,
        xy=faces.xy,
        offsets=faces.offsets,
        left=faces.left,
        right=faces.right,
        arc_nodes=faces.arc_nodes,
    )


# Two countries that share a crooked border; the second has a lake cut out of it.
WEST = [(38.0, 34.0), (40.0, 34.0), (40.3, 34.7), (39.8, 35.2), (40.1, 36.0), (38.0, 36.0)]
EAST = [(40.0, 34.0), (42.0, 34.0), (42.0, 36.0), (40.1, 36.0), (39.8, 35.2), (40.3, 34.7)]


@st.composite
def sites(draw: st.DrawFn) -> np.ndarray:
    """Places on a grid of 0.01 degrees, so that some share a line or a circle."""
    found = draw(
        st.lists(st.tuples(st.integers(3790, 4210), st.integers(3395, 3605)), min_size=2, max_size=60, unique=True)
    )
    return np.array(found, dtype=float) / 100


def countries_of(points: np.ndarray) -> np.ndarray:
    return (points[:, 0] > 40.0).astype(np.int32)


@settings(max_examples=40, deadline=None)
@given(sites())
def test_faces_add_up_to_the_theatre_and_never_overlap(points: np.ndarray) -> None:
    shapes, projection = theatre(WEST, EAST)
    country = countries_of(points)
    present = {k: v for k, v in shapes.items() if (country == k).any()}
    faces = tessellate(points, country, present, projection=projection, solid_km=20, presumed_km=40)
    whole = sum(projection.project(s).area for s in present.values()) / 1e6
    assert faces.face_km2.min() > 0
    assert faces.face_km2.sum() == pytest.approx(whole, rel=1e-6)
    polygons = face_polygons(territory(faces, len(points)))
    assert len(polygons) == len(faces.face_km2)
    degrees = sum(s.area for s in present.values())
    assert sum(p.area for p in polygons.values()) == pytest.approx(degrees, rel=1e-7)
    assert shapely.union_all(list(polygons.values())).area == pytest.approx(degrees, rel=1e-7)


@settings(max_examples=40, deadline=None)
@given(sites())
def test_both_sides_of_every_arc_make_the_faces_they_name(points: np.ndarray) -> None:
    shapes, projection = theatre(WEST, EAST)
    country = countries_of(points)
    present = {k: v for k, v in shapes.items() if (country == k).any()}
    faces = tessellate(points, country, present, projection=projection, solid_km=20, presumed_km=40)
    xy = projection.forward(faces.xy)
    area = np.zeros(len(faces.face_km2) + 1)
    for arc in range(len(faces.left)):
        line = xy[faces.offsets[arc] : faces.offsets[arc + 1]]
        assert len(line) >= 2
        turn = (line[:-1, 0] * line[1:, 1] - line[1:, 0] * line[:-1, 1]).sum() / 2e6
        assert faces.left[arc] != faces.right[arc]
        area[faces.left[arc]] += turn
        area[faces.right[arc]] -= turn
    assert area[:-1] == pytest.approx(faces.face_km2, rel=1e-4, abs=1e-4)


@settings(max_examples=12, deadline=None)
@given(sites())
def test_a_place_lies_in_its_own_cell_and_reach_is_kept(points: np.ndarray) -> None:
    shapes, projection = theatre(WEST, EAST)
    country = countries_of(points)
    present = {k: v for k, v in shapes.items() if (country == k).any()}
    faces = tessellate(points, country, present, projection=projection, solid_km=10, presumed_km=25)
    polygons = face_polygons(territory(faces, len(points)))
    flat = projection.forward(points)
    for face, polygon in polygons.items():
        cell, zone = faces.face_cell[face], faces.face_zone[face]
        corners = projection.forward(shapely.get_coordinates(polygon))
        gap = np.hypot(*(corners - flat[cell]).T) / 1000
        assert zone == 2 or gap.max() <= (10, 25)[zone] * 1.005
        assert zone == 0 or gap.min() >= (0, 10, 25)[zone] * 0.995
    for cell, (lon, lat) in enumerate(points):
        if shapely.contains_xy(present[country[cell]], lon, lat):
            own = [p for f, p in polygons.items() if faces.face_cell[f] == cell and faces.face_zone[f] == 0]
            assert any(shapely.Point(lon, lat).distance(p) < 1e-6 for p in own)


@settings(max_examples=40, deadline=None)
@given(sites(), st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_dissolving_any_labels_equals_the_union_of_their_faces(points: np.ndarray, seed: int, kinds: int) -> None:
    shapes, projection = theatre(WEST, EAST)
    country = countries_of(points)
    present = {k: v for k, v in shapes.items() if (country == k).any()}
    faces = tessellate(points, country, present, projection=projection, solid_km=15, presumed_km=30)
    land = territory(faces, len(points))
    label = np.random.default_rng(seed).integers(-1, kinds, len(faces.face_km2))
    found = joined(land, label)
    single = face_polygons(land)
    assert set(found) == set(label[label >= 0].tolist())
    for number, geometry in found.items():
        assert geometry.is_valid, shapely.is_valid_reason(geometry)
        assert geometry.geom_type == "MultiPolygon"
        parts = [single[f] for f in np.flatnonzero(label == number).tolist()]
        assert geometry.area == pytest.approx(sum(p.area for p in parts), rel=1e-9)
        assert geometry.symmetric_difference(shapely.union_all(parts)).area < 1e-9
        for polygon in geometry.geoms:
            assert polygon.exterior.is_ccw
            assert not any(hole.is_ccw for hole in polygon.interiors)


def test_areas_are_geodesic_to_a_hundredth_of_a_percent() -> None:
    shapes, projection = theatre(WEST, EAST)
    points = np.array([[38.5, 34.5], [39.0, 35.5], [41.0, 34.6], [41.5, 35.5], [40.6, 35.0]])
    faces = tessellate(points, countries_of(points), shapes, projection=projection, solid_km=30, presumed_km=60)
    for face, polygon in face_polygons(territory(faces, len(points))).items():
        km2 = abs(GEOD.geometry_area_perimeter(polygon)[0]) / 1e6
        assert faces.face_km2[face] == pytest.approx(km2, rel=1e-4)


def test_one_place_alone_gets_the_whole_country() -> None:
    shapes, projection = theatre(WEST)
    faces = tessellate(
        np.array([[39.0, 35.0]]),
        np.zeros(1, np.int32),
        shapes,
        projection=projection,
        solid_km=20,
        presumed_km=40,
    )
    assert sorted(faces.face_zone.tolist()) == [0, 1, 2]
    assert faces.face_km2[0] == pytest.approx(np.pi * 20**2, rel=2e-3)
    assert faces.face_km2.sum() == pytest.approx(projection.project(shapes[0]).area / 1e6, rel=1e-6)


def test_cells_at_the_antimeridian_are_cut_there_and_still_add_up() -> None:
    projection = LocalProjection(180.0, -17.0)
    halves = [shapely.box(178.0, -18.0, 180.0, -16.0), shapely.box(-180.0, -18.0, -178.5, -16.0)]
    country = shapely.segmentize(shapely.MultiPolygon(halves), 0.1)
    points = np.array([[179.5, -17.0], [-179.6, -16.8], [178.3, -17.5], [-178.9, -17.2]])
    faces = tessellate(points, np.zeros(4, np.int32), {0: country}, projection=projection, solid_km=40, presumed_km=80)
    assert faces.face_km2.sum() == pytest.approx(projection.project(country).area / 1e6, rel=1e-6)
    land = territory(faces, 4)
    assert np.abs(faces.xy[:, 0]).max() <= 180
    for arc in range(len(faces.left)):
        lons = faces.xy[faces.offsets[arc] : faces.offsets[arc + 1], 0]
        assert np.ptp(lons) < 5  # no arc jumps round the globe
    whole = joined(land, np.zeros(len(faces.face_cell), dtype=int))[0]
    assert whole.is_valid
    assert whole.area == pytest.approx(sum(h.area for h in halves), rel=1e-4)
    # places on both sides of the line have land on both sides of it
    first = joined(land, np.where(faces.face_cell == 0, 0, -1))[0]
    assert {np.sign(p.centroid.x) for p in first.geoms} == {1.0, -1.0}


def test_simple_and_noded_cells_meet_without_a_seam() -> None:
    """A dense country: most cells take the short way, and dissolving all of them leaves one outline."""
    shapes, projection = theatre(WEST)
    rng = np.random.default_rng(7)
    points = np.unique(np.round(rng.uniform((38.02, 34.02), (39.7, 35.98), (3000, 2)), 3), axis=0)
    faces = tessellate(
        points, np.zeros(len(points), np.int32), shapes, projection=projection, solid_km=20, presumed_km=40
    )
    whole = joined(territory(faces, len(points)), np.zeros(len(faces.face_cell), dtype=int))[0]
    assert len(whole.geoms) == 1
    assert not whole.geoms[0].interiors
    assert whole.is_valid


def ringed(cells: int, points: np.ndarray, seed: int, kinds: int, width: float) -> np.ndarray:
    """Sides in rings round two centres: holes within holes, islands in holes, and rings that touch others."""
    rng = np.random.default_rng(seed)
    centres = np.array([[40.0, 35.0], [40.0, 35.0]]) + rng.uniform(-1, 1, (2, 2)) * [[0.3, 0.1], [1.5, 0.5]]
    gap = np.hypot(*(points[:, None] - centres[None, :]).transpose(2, 0, 1))
    side = (np.min(gap, axis=1) // width).astype(np.int64) % kinds
    stray = rng.random(cells) < 0.02  # single cells of another side, as islands
    side[stray] = rng.integers(0, kinds, int(stray.sum()))
    return side


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 4), st.sampled_from([0.2, 0.3, 0.4]))
def test_areas_of_all_sides_tile_the_theatre_whatever_encloses_what(seed: int, kinds: int, width: float) -> None:
    points = np.unique(np.random.default_rng(seed).integers([3800, 3400], [4200, 3600], (500, 2)), axis=0) / 100.0
    shapes, projection = theatre(WEST, EAST)
    faces = tessellate(points, countries_of(points), shapes, projection=projection, solid_km=12, presumed_km=24)
    land = territory(faces, len(points))
    face_side = ringed(len(points), points, seed, kinds, width)[faces.face_cell]
    found = joined(land, face_side)
    whole = shapely.union_all(list(shapes.values()))
    assert sum(m.area for m in found.values()) == pytest.approx(whole.area, rel=1e-3)
    edges: dict[tuple[float, ...], list[int]] = {}
    for number, geometry in found.items():
        assert geometry.is_valid, shapely.is_valid_reason(geometry)
        for polygon in geometry.geoms:
            for ring in (polygon.exterior, *polygon.interiors):
                line = shapely.get_coordinates(ring)
                for one, two in zip(line[:-1].tolist(), line[1:].tolist(), strict=True):
                    edges.setdefault((*min(one, two), *max(one, two)), []).append(number)
    # an edge borders one side (the theatre ends there) or two different ones that have it point for point
    assert all(len(both) == 1 or (len(both) == 2 and both[0] != both[1]) for both in edges.values())
    outside = shapely.boundary(whole)
    alone = [edge for edge, both in edges.items() if len(both) == 1]
    middles = shapely.points([((a + c) / 2, (b + d) / 2) for a, b, c, d in alone])
    assert shapely.distance(outside, middles).max() < 1e-4
    parts = list(found.values())
    one, two = shapely.STRtree(parts).query(parts, predicate="overlaps")
    assert all(shapely.intersection(parts[i], parts[j]).area < 1e-9 for i, j in zip(one, two, strict=True) if i < j)


@pytest.mark.parametrize("seed", range(4))
def test_cells_that_tiles_of_a_long_coast_cut_close_at_the_first_noding(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, 6000, endpoint=False)
    reach = 1.5 + 0.1 * np.sin(40 * angle) + rng.uniform(-0.01, 0.01, len(angle))
    coast = shapely.Polygon(np.column_stack([40 + reach * np.cos(angle), 35 + reach * np.sin(angle)]).round(3))
    coast = shapely.make_valid(coast, method="structure")
    points = np.unique(rng.uniform([38.3, 33.3], [41.7, 36.7], (700, 2)).round(3), axis=0)
    points = points[shapely.contains_xy(coast, points[:, 0], points[:, 1])]
    nodings: list[int] = []

    def counted(*arguments: object) -> object:
        nodings.append(1)
        return noded(*arguments)

    noded = tessellation._noded
    monkeypatch.setattr(tessellation, "_noded", counted)
    country = np.zeros(len(points), dtype=np.int32)
    faces = tessellate(points, country, {0: coast}, projection=LocalProjection(40, 35), solid_km=12, presumed_km=24)
    land = territory(faces, len(points))
    (whole,) = joined(land, np.zeros(len(faces.face_km2), dtype=np.int64)).values()
    assert whole.symmetric_difference(coast).area < 1e-5 * coast.area
    assert len(nodings) == 1


def borders(faces: Faces, coloured: np.ndarray) -> dict[tuple[int, ...], float]:
    """Length in degrees of the border of every two faces of coloured cells, by cell and zone."""
    out: dict[tuple[int, ...], float] = {}
    for arc, (one, two) in enumerate(zip(faces.left.tolist(), faces.right.tolist(), strict=True)):
        if min(one, two) >= 0 and coloured[faces.face_cell[[one, two]]].all():
            key = tuple(sorted((int(faces.face_cell[f]) * 3 + int(faces.face_zone[f])) for f in (one, two)))
            line = faces.xy[faces.offsets[arc] : faces.offsets[arc + 1]]
            out[key] = out.get(key, 0.0) + float(np.hypot(*np.diff(line, axis=0).T).sum())
    return out


# A long edge that an uncoloured cell or its reach meets has a vertex there, on the grid and so some 0.1 m beside the line.
LITTLE = 0.02  # km²


@pytest.mark.parametrize("polygons", [[WEST], [WEST, EAST]], ids=["one country", "two countries"])
@settings(max_examples=30, deadline=None)
@given(sites(), st.integers(0, 2**32 - 1), st.sampled_from([0.05, 0.2, 0.6]), st.sampled_from([12, 40]))
def test_coloured_cells_are_the_same_whether_or_not_the_rest_is_cut(
    polygons: list[list[tuple[float, float]]], points: np.ndarray, seed: int, share: float, solid: int
) -> None:
    shapes, projection = theatre(*polygons)
    country = countries_of(points) if len(polygons) > 1 else np.zeros(len(points), dtype=np.int32)
    present = {k: v for k, v in shapes.items() if (country == k).any()}
    coloured = np.random.default_rng(seed).random(len(points)) < share
    reach = {"projection": projection, "solid_km": solid, "presumed_km": 2 * solid}
    full = tessellate(points, country, present, **reach)
    plan = planned(coloured, projection.forward(points), country, set())
    faces = given_cells(tessellate(points[plan.cut], country[plan.cut], present, **reach), plan)
    assert set(np.flatnonzero(coloured)) <= set(plan.stay.tolist())
    known = np.append(plan.stay, np.full(len(plan.left), -1))[faces.face_cell]

    def coloured_faces(found: Faces, cell: np.ndarray) -> dict[tuple[int, int], tuple[float, shapely.Geometry]]:
        shape = face_polygons(territory(found, len(points) + 2))
        return {
            (int(cell[f]), int(found.face_zone[f])): (float(found.face_km2[f]), shape[f])
            for f in range(len(cell))
            if found.face_zone[f] < 2 and cell[f] >= 0 and coloured[cell[f]]
        }

    before, after = coloured_faces(full, full.face_cell), coloured_faces(faces, known)
    assert set(before) == set(after)
    for name, (km2, shape) in before.items():
        assert after[name][0] == pytest.approx(km2, rel=1e-9, abs=LITTLE)
        assert shape.symmetric_difference(after[name][1]).area <= LITTLE * 1e-4  # a square degree has some 10,000 km²
    assert faces.face_km2.sum() == pytest.approx(full.face_km2.sum(), rel=1e-5)  # and the rest is the rest
    renamed = dataclasses.replace(faces, face_cell=known)
    assert borders(renamed, np.append(coloured, False)) == pytest.approx(borders(full, coloured), rel=1e-6, abs=1e-3)
    shown = joined(territory(faces, len(points) + 2), np.zeros(len(known), dtype=int))[0]
    assert shown.is_valid
    assert shown.area == pytest.approx(sum(s.area for s in present.values()), rel=1e-7)


def test_where_places_lie_close_coloured_cells_are_the_same_to_the_last_digit() -> None:
    shapes, projection = theatre(WEST)
    rng = np.random.default_rng(7)
    points = np.unique(np.round(rng.uniform((38.02, 34.02), (39.7, 35.98), (2000, 2)), 3), axis=0)
    country = np.zeros(len(points), np.int32)
    coloured = np.hypot(*(points - (38.9, 35.0)).T) < 0.2
    reach = {"projection": projection, "solid_km": 20, "presumed_km": 40}
    plan = planned(coloured, projection.forward(points), country, set())
    assert coloured.sum() < len(plan.cut) < 2 * coloured.sum()
    full = tessellate(points, country, shapes, **reach)
    faces = given_cells(tessellate(points[plan.cut], country[plan.cut], shapes, **reach), plan)
    assert faces.face_cell.max() == len(plan.stay) == coloured.sum()
    before = np.bincount(full.face_cell, full.face_km2)[plan.stay]
    assert np.bincount(faces.face_cell, faces.face_km2)[:-1] == pytest.approx(before, rel=1e-9)
