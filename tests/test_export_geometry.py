"""Arcs to polygons: faces joined by label, right-handed, with holes, touching corners and the antimeridian."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.export.shapes import rounded, shapes, within_range
from mapper.model import PlaceId, Territory


def grid(rows: int, columns: int, *, west: float = 40.0, south: float = 30.0, step: float = 0.5) -> Territory:
    """A theatre of square cells, one face each, row by row from the south-west; every side is an arc of its own."""
    xy: list[tuple[float, float]] = []
    offsets, left, right = [0], [], []

    def face(row: int, column: int) -> int:
        return row * columns + column if 0 <= row < rows and 0 <= column < columns else -1

    def arc(one: tuple[int, int], two: tuple[int, int], on_left: int, on_right: int) -> None:
        for row, column in (one, two):
            xy.append((west + column * step, south + row * step))
        offsets.append(len(xy))
        left.append(on_left)
        right.append(on_right)

    for row in range(rows + 1):
        for column in range(columns):
            arc((row, column), (row, column + 1), face(row, column), face(row - 1, column))
    for row in range(rows):
        for column in range(columns + 1):
            arc((row, column), (row + 1, column), face(row, column - 1), face(row, column))
    count = rows * columns
    return Territory(
        cell_place=tuple(PlaceId(f"cell:{n}") for n in range(count)),
        face_cell=np.arange(count, dtype=np.int32),
        face_zone=np.zeros(count, dtype=np.int8),
        face_km2=np.full(count, 100.0),
        xy=np.array(xy, dtype=np.float64),
        offsets=np.array(offsets, dtype=np.int64),
        left=np.array(left, dtype=np.int32),
        right=np.array(right, dtype=np.int32),
        cell_periods=tuple(() for _ in range(count)),
        bounds=(west, south, west + columns * step, south + rows * step),
    )


def joined(territory: Territory, labels: Sequence[int]) -> dict[int, object]:
    return dict(shapes(territory, np.array(labels, dtype=np.int64)))


def turns_right(geometry: object) -> bool:
    for polygon in shapely.get_parts(geometry):
        if not polygon.exterior.is_ccw or any(ring.is_ccw for ring in polygon.interiors):
            return False
    return True


def test_a_ring_of_cells_is_one_polygon_with_a_hole() -> None:
    found = joined(grid(3, 3), [0, 0, 0, 0, 1, 0, 0, 0, 0])
    assert found[0].geom_type == "Polygon"
    assert len(found[0].interiors) == 1
    assert found[0].area == pytest.approx(8 * 0.25)
    assert found[1].area == pytest.approx(0.25)
    assert turns_right(found[0])


def test_an_island_in_a_hole_belongs_to_no_other_polygon() -> None:
    labels = [0] * 25
    for n in (6, 7, 8, 11, 13, 16, 17, 18):
        labels[n] = -1
    found = joined(grid(5, 5), labels)
    assert found[0].geom_type == "MultiPolygon"
    assert sorted(round(p.area, 3) for p in found[0].geoms) == [0.25, 4.0]


def test_cells_that_touch_in_a_corner_are_two_polygons() -> None:
    found = joined(grid(2, 2), [0, -1, -1, 0])
    assert found[0].geom_type == "MultiPolygon"
    assert found[0].is_valid


def test_a_hole_that_touches_the_outer_ring_in_a_corner_stays_valid() -> None:
    # the hole of the middle meets the outside at its corner
    labels = [0] * 9
    labels[4] = -1
    labels[0] = -1
    found = joined(grid(3, 3), labels)
    assert found[0].is_valid
    assert found[0].area == pytest.approx(7 * 0.25)
    assert turns_right(found[0])


@given(st.lists(st.integers(-1, 2), min_size=20, max_size=20))
@settings(max_examples=60, deadline=None)
def test_joined_areas_are_the_sum_of_their_cells_and_never_overlap(labels: list[int]) -> None:
    found = joined(grid(4, 5), labels)
    assert set(found) == set(labels) - {-1}
    for label, geometry in found.items():
        assert geometry.is_valid
        assert turns_right(geometry)
        assert geometry.area == pytest.approx(0.25 * labels.count(label))
    each = list(found.values())
    for i, one in enumerate(each):
        for two in each[i + 1 :]:
            assert one.intersection(two).area == pytest.approx(0)


def test_what_crosses_the_antimeridian_is_cut_in_two() -> None:
    cut = within_range(shapely.box(179.25, 10, 180.75, 11))
    assert cut.geom_type == "MultiPolygon"
    assert sorted(p.bounds for p in cut.geoms) == [(-180.0, 10.0, -179.25, 11.0), (179.25, 10.0, 180.0, 11.0)]
    assert turns_right(cut)


def test_what_lies_beyond_the_antimeridian_is_moved_without_a_cut() -> None:
    moved = within_range(shapely.Point(190, 10))
    assert (moved.x, moved.y) == (-170.0, 10.0)


@pytest.mark.parametrize(
    ("parts", "area"),
    [
        ([(0, 0, 3, 3), (1, 1, 2, 2)], 9.0),
        ([(0, 0, 3, 3), (1, 0, 4, 3), (2, 1, 5, 2)], 13.0),
        ([(0, 0, 3, 3), (0, 0, 3, 3)], 9.0),
    ],
)
def test_land_that_is_there_twice_does_not_become_a_hole(parts: list[tuple[int, ...]], area: float) -> None:
    twice = shapely.MultiPolygon([shapely.box(*part) for part in parts])
    assert not twice.is_valid
    mended = rounded(twice)
    assert mended.is_valid
    assert mended.area == area
    assert turns_right(mended)


def test_a_polygon_that_laps_over_itself_keeps_the_land_it_laps_over() -> None:
    lap = shapely.Polygon([(0, 0), (4, 0), (4, 3), (1, 3), (1, 1), (3, 1), (3, 2), (2, 2), (2, 4), (0, 4)])
    mended = rounded(lap)
    assert mended.is_valid
    assert shapely.contains_xy(mended, 1.5, 2.5), "two laps lie over this point"
