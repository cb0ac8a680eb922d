"""Longitudes on the circle they are: stretches that may lie across the antimeridian, in degrees of [-180, 180].

A stretch is a west and an east; west > east says that it crosses the antimeridian (RFC 7946 section 5.2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

Box = tuple[float, float, float, float]  # west, south, east, north; west > east: across the antimeridian


def covering(west: ArrayLike, east: ArrayLike) -> tuple[float, float]:
    """The shortest stretch that holds all the given ones (at least one), with edges that are theirs.

    Of two as short the one that does not cross the antimeridian; (-180, 180) when they leave no gap.
    """
    wests, easts = np.asarray(west, dtype=np.float64), np.asarray(east, dtype=np.float64)
    widths = np.where(easts >= wests, easts - wests, easts + 360 - wests)
    if widths.max() >= 360:
        return -180.0, 180.0
    starts = np.mod(wests + 180, 360)
    order = np.lexsort((wests, starts))
    starts, ends = starts[order], (starts + widths)[order]
    reached = np.maximum(ends.max() - 360, np.append(-np.inf, np.maximum.accumulate(ends)[:-1]))  # by those before
    gaps = starts - reached
    first = int(np.argmax(gaps))
    if gaps[first] <= 0:
        return -180.0, 180.0
    last = int(np.argmin(np.abs(np.mod(ends - reached[first] + 180, 360) - 180)))  # whose end that is, turns aside
    return float(wests[order[first]]), float(easts[order[last]])


def cut_box(west: float, south: float, east: float, north: float) -> list[Box]:
    """A box as boxes within [-180, 180]: two when it lies across the antimeridian, which east > 180, west < -180 or
    west > east say.
    """
    width = east - west if east >= west else east + 360 - west
    if width >= 360:
        return [(-180.0, south, 180.0, north)]
    if not -180 <= west <= 180:
        west = (west + 180) % 360 - 180
    if west + width > 180:
        return [(west, south, 180.0, north), (-180.0, south, west + width - 360, north)]
    return [(west, south, west + width, north)]


def seam(west: float, east: float) -> float:
    """Where to cut the circle so that a stretch across the antimeridian is in one piece: the middle of what is beside it.

    Whoever draws the stretch adds 360 to every longitude less than this; -180 (nothing is less) for all others.
    """
    return (east + west) / 2 if west > east else -180.0
