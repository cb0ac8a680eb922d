"""Polygons of a territory made ready for files: rounded, valid, right-handed, cut at the antimeridian.

Coordinates are WGS 84, longitude first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity

from mapper.areas.rings import joined
from mapper.model import Territory

# 1e-6 degrees is 11 cm: finer than any source, and shared edges stay shared because each is rounded alike
DECIMALS = 6


def shapes(territory: Territory, labels: NDArray[np.int64]) -> Iterator[tuple[int, Any]]:
    """``(label, polygon or multipolygon)`` for each label ≥ 0 among the faces, in the order of the labels.

    ``labels`` has one number a face; -1 leaves the face out.
    """
    if not len(territory.left):
        return
    for label, geometry in sorted(joined(territory, labels).items()):
        ready = rounded(geometry)
        if ready is not None:
            yield int(label), ready


def rounded(geometry: Any) -> Any:
    """An areal geometry at file precision, valid and right-handed; None when nothing with an area is left."""
    moved = shapely.transform(geometry, _round)
    if shapely.is_valid(moved):
        parts = list(shapely.get_parts(moved))
    else:
        # rounding can make slivers cross themselves or vanish; a repair may leave lines, which have no area. shapely's
        # default method turns what two outer rings share into a hole, "structure" joins them
        repaired = shapely.get_parts(shapely.make_valid(moved, method="structure"))
        parts = [q for p in repaired if "Polygon" in p.geom_type for q in shapely.get_parts(p)]
    if not parts:
        return None
    return right_handed(parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts))


def right_handed(geometry: Any) -> Any:
    """Outer rings counter-clockwise, holes clockwise, as RFC 7946 section 3.1.6 asks."""
    return shapely.orient_polygons(geometry, exterior_cw=False)


def within_range(geometry: Any) -> Any:
    """The geometry with longitudes in [-180, 180], cut at the antimeridian where it crosses it.

    RFC 7946 section 3.1.9: what crosses the antimeridian is represented by two parts that do not.
    """
    if geometry is None or geometry.is_empty:
        return geometry
    west, _, east, _ = geometry.bounds
    if west >= -180 and east <= 180:
        return geometry
    kind = geometry.geom_type.removeprefix("Multi")
    parts: list[Any] = []
    for turn in range(int(np.floor((west + 180) / 360)), int(np.floor((east + 180) / 360)) + 1):
        window = shapely.box(-180 + 360 * turn, -90, 180 + 360 * turn, 90)
        piece = shapely.intersection(geometry, window)
        moved = shapely.transform(affinity.translate(piece, xoff=-360.0 * turn), _round)
        parts.extend(p for p in shapely.get_parts(moved) if not p.is_empty and p.geom_type == kind)
    if not parts:
        return geometry
    whole = parts[0] if len(parts) == 1 else _together(kind, parts)
    return right_handed(whole) if kind == "Polygon" else whole


def _together(kind: str, parts: Sequence[Any]) -> Any:
    return shapely.MultiPolygon(parts) if kind == "Polygon" else shapely.MultiPoint(parts)


def _round(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.round(xy, DECIMALS) + 0.0  # + 0.0 turns -0.0 into 0.0
