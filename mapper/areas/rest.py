"""Land that nothing is said of: cut no finer than what is said beside it needs, one face for each country.

A cell's edges lie between its place and its neighbours in the Delaunay triangulation of its country's places; all other
places may be left out and it stays as it is. Who is left out, and the neighbours, share what the coloured cells leave.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from mapper.areas.tessellation import Faces

Points = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
FEW = 4  # places of a country that are not worth a triangulation


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which of the places are cut round, and which cells come of it: those that ``stay``, then one for the rest of each
    country in ``left``.
    """

    cut: Ints  # places that the land is cut round
    cell: Ints  # the cell each of them gives its land to
    stay: Ints  # places that have a cell
    left: Ints  # countries of which some place has none

    def cells_of(self, places: NDArray[np.int32]) -> NDArray[np.int32]:
        """The cells of those of some places that have one."""
        return np.flatnonzero(np.isin(self.stay, places)).astype(np.int32)

    def rest_of(self, country: int) -> NDArray[np.int32]:
        """The cell of the rest of a country, if there is one."""
        return (len(self.stay) + np.flatnonzero(self.left == country)).astype(np.int32)


def everything(count: int) -> Plan:
    """Every place has its cell."""
    own = np.arange(count)
    return Plan(cut=own, cell=own, stay=own, left=np.empty(0, np.int64))


def planned(coloured: Flags, flat: Points, country: NDArray[np.int32], whole: Collection[int]) -> Plan:
    """What has to be cut for the coloured cells to be what they are among all places; see ``needed``.

    In a country where that is every place each keeps its cell, in the others only coloured ones do.
    """
    wanted = needed(coloured, flat, country, whole)
    left = np.unique(country[~wanted]).astype(np.int64)
    cut = np.flatnonzero(wanted)
    rest = ~coloured & np.isin(country, left)
    stay = np.flatnonzero(~rest)
    cell = np.where(rest, len(stay) + np.searchsorted(left, country), np.cumsum(~rest) - 1)
    return Plan(cut=cut, cell=cell[cut], stay=stay, left=left)


def needed(coloured: Flags, flat: Points, country: NDArray[np.int32], whole: Collection[int]) -> Flags:
    """Which places have to be there for the coloured cells to be what they are among all places.

    ``flat`` are the places in the projection in which cells are made, ``whole`` countries of which every cell is asked
    for. Of each country at least one place stays.
    """
    out = coloured.copy()
    for number in np.unique(country).tolist():
        here = np.flatnonzero(country == number)
        if number in whole or len(here) < FEW:
            out[here] = True
        elif not coloured[here].any():
            out[here[0]] = True
        elif not coloured[here].all():
            one, two = _neighbours(flat[here])
            if len(one) < len(here) - 1:  # not all places are triangulated: they lie on one line, say
                out[here] = True
                continue
            out[here[one[coloured[here[two]]]]] = True
            out[here[two[coloured[here[one]]]]] = True
    return out


def _neighbours(flat: Points) -> tuple[Ints, Ints]:
    """Edges of the Delaunay triangulation as pairs of points."""
    edges = shapely.get_coordinates(shapely.delaunay_triangles(shapely.MultiPoint(flat), only_edges=True))
    points = flat[:, 0] + 1j * flat[:, 1]
    order = np.argsort(points, kind="stable")
    at = order[np.searchsorted(points[order], edges[:, 0] + 1j * edges[:, 1])]
    # an edge is a line of two points; more would be edges in one
    return at[::2].astype(np.int64), at[1::2].astype(np.int64)


def given(faces: Faces, plan: Plan) -> Faces:
    """The faces of the places that were cut round as faces of the plan's cells; the rest of a country is one, beyond reach.

    Arcs inside what becomes one face are gone; the others are as they were.
    """
    cell = plan.cell[faces.face_cell]
    rest = cell >= len(plan.stay)
    if not rest.any():
        return replace(faces, face_cell=cell.astype(np.int32))
    # a cell at the antimeridian has a face on each side, and may stay so: only those of the rest are joined
    names = np.where(rest, -1 - cell, np.arange(len(cell)))
    _, first, face = np.unique(names, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    number = np.empty_like(order)
    number[order] = np.arange(len(order))
    face, first = number[face.ravel()], first[order]
    lookup = np.append(face, -1).astype(np.int32)  # -1, outside, stays
    left, right = lookup[faces.left], lookup[faces.right]
    keep = left != right
    sizes = np.diff(faces.offsets)
    _, nodes = np.unique(faces.arc_nodes[keep], return_inverse=True)
    return Faces(
        face_cell=cell[first].astype(np.int32),
        face_zone=np.where(rest, 2, faces.face_zone)[first].astype(np.int8),
        face_km2=np.bincount(face, weights=faces.face_km2).astype(np.float64),
        xy=faces.xy[np.repeat(keep, sizes)],
        offsets=np.concatenate([[0], np.cumsum(sizes[keep])]).astype(np.int64),
        left=left[keep],
        right=right[keep],
        arc_nodes=nodes.reshape(-1, 2).astype(np.int32),
    )
