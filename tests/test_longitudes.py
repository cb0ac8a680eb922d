"""Stretches of longitude: the shortest one that holds others, and boxes cut at the antimeridian."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.areas.longitudes import covering, cut_box, seam


@pytest.mark.parametrize(
    ("stretches", "wanted"),
    [
        ([(10, 20), (15, 30)], (10, 30)),
        ([(177, 180), (-180, -178)], (177, -178)),  # halves of Fiji
        ([(166, 179), (-177, -176)], (166, -176)),  # New Zealand and the Chathams
        ([(170, 180)], (170, 180)),
        ([(-180, -170)], (-180, -170)),
        ([(179, -179), (170, 171)], (170, -179)),
        ([(20, -169)], (20, -169)),  # Russia
        ([(-90, -90), (90, 90)], (-90, 90)),  # as short either way: not across
        ([(-180, 180)], (-180, 180)),
        ([(-180, 0), (0, 180)], (-180, 180)),
        ([(5, 5)], (5, 5)),
    ],
)
def test_the_shortest_stretch_holds_all_and_crosses_the_antimeridian_only_if_it_must(
    stretches: list[tuple[float, float]], wanted: tuple[float, float]
) -> None:
    assert covering([w for w, _ in stretches], [e for _, e in stretches]) == wanted


@given(st.lists(st.tuples(st.integers(-180, 180), st.integers(0, 120)), min_size=1, max_size=8), st.integers(0, 359))
def test_a_stretch_is_as_long_wherever_on_the_globe_it_lies(given_: list[tuple[int, int]], turn: int) -> None:
    def length(shift: int) -> float:
        wests = np.array([(w + shift + 180) % 360 - 180 for w, _ in given_])
        easts = np.array([(w + n + shift + 180) % 360 - 180 for w, n in given_])
        west, east = covering(wests, easts)
        if (west, east) == (-180.0, 180.0):
            return 360.0
        for start, (_, wide) in zip(wests, given_, strict=True):  # each is inside
            assert (start - west) % 360 + wide <= (east - west) % 360
        return (east - west) % 360

    assert length(turn) == length(0)


def test_a_box_across_the_antimeridian_is_two_boxes() -> None:
    assert cut_box(170, -20, 190, -10) == [(170, -20, 180.0, -10), (-180.0, -20, -170, -10)]
    assert cut_box(170, -20, -170, -10) == cut_box(170, -20, 190, -10) == cut_box(-190, -20, -170, -10)
    assert cut_box(-200, 0, 200, 1) == [(-180.0, 0, 180.0, 1)]
    assert cut_box(1, 2, 3, 4) == [(1, 2, 3, 4)]


def test_the_circle_is_cut_where_nothing_is() -> None:
    assert seam(177, -178) == -0.5
    assert seam(10, 30) == -180.0
