"""From a region's value to its outline: countries and provinces cut by direction, strips along borders, rivers, coasts.

Everything is worked out on a local plane in kilometres (longitudes shrunk by the cosine of the middle latitude: within 1 %
over the widths used here) and given back as WGS 84 polygons, longitude first.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import orjson
import shapely
import shapely.ops
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from mapper.bundled import bundled
from mapper.gazetteer import Gazetteer
from mapper.model import Place, PlaceId
from mapper.regions.value import PREFIX, Region, RegionError, parse

_KM = 111.2  # a degree of latitude
CARDINAL = 0.4  # of the land that "the north" of a country is
DIAGONAL = 0.33  # and "the north-east"
_MIDDLE = 0.25  # of the land that lies to each of four sides of the centre
_PROVINCES = 8  # a country with fewer is cut through them
_GAP = 3.0  # degrees: what lies further from the mainland is no part of "the north of" a country
BORDER_KM = 25.0
COAST_KM = 30.0
RIVER_KM = 12.0
_TOUCH = 0.02  # degrees: outlines of two countries that should share a line do so within this
_RIVER_GAP = 0.5  # degrees between two pieces of one river
_STRIP = 0.15  # half the width of the land between two places, of their distance
_STRIP_KM = (8.0, 25.0)  # at least, and at most
_FAR = 20_000.0  # km: beyond every country
_COMPASS: dict[str, tuple[float, float]] = {
    "n": (0, 1),
    "ne": (1, 1),
    "e": (1, 0),
    "se": (1, -1),
    "s": (0, -1),
    "sw": (-1, -1),
    "w": (-1, 0),
    "nw": (-1, 1),
}
Points = NDArray[np.float64]


def geometry(shape: Mapping[str, Any] | None) -> BaseGeometry | None:
    """A GeoJSON geometry as a shapely one, mended where it is not valid."""
    if shape is None:
        return None
    made = shapely.from_geojson(orjson.dumps(shape))
    return made if made.is_valid else shapely.make_valid(made, method="structure")


def country_outline(gazetteer: Gazetteer, code: str) -> BaseGeometry | None:
    """Polygons (lon, lat) of a country in the gazetteer's point of view."""
    place = gazetteer.country(code)
    reference = place.geometry_ref if place is not None and place.geometry_ref else f"country:{code}"
    return geometry(gazetteer.outline(reference))


def outline(gazetteer: Gazetteer, place: Place) -> BaseGeometry | None:
    """Polygons (lon, lat) of a country, province, district or region told in words; None where there is no shape."""
    if place.feature_code.startswith("PCL"):
        return country_outline(gazetteer, place.country)
    if place.geometry_ref.startswith(PREFIX):
        try:
            return shape_of(gazetteer, place.geometry_ref)
        except RegionError:  # a table's own words: the place keeps its point
            return None
    return geometry(gazetteer.outline(place.geometry_ref)) if place.geometry_ref else None


@lru_cache(maxsize=512)
def shape_of(gazetteer: Gazetteer, region_id: str) -> BaseGeometry | None:
    """Polygons (lon, lat) of a region's id; None when what it speaks of has no outline. Raises RegionError for no id."""
    return _shape(gazetteer, parse(region_id))


@lru_cache(maxsize=1)
def customary() -> Mapping[str, str]:
    """Parts whose bounds usage fixes, as ids without their prefix → their makeup: "central Mali" is not Mali's middle."""
    lines = bundled("gazetteer", "parts.tsv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
    return {row["part"]: row["makeup"] for row in rows}


class _Flat:
    """A plane in kilometres round the middle of a shape."""

    def __init__(self, bounds: tuple[float, float, float, float]) -> None:
        west, south, east, north = bounds
        self.lon = (west + east) / 2
        self.across = _KM * max(0.05, math.cos(math.radians((south + north) / 2)))

    def forward(self, shape: BaseGeometry) -> BaseGeometry:
        return shapely.transform(
            shape, lambda xy: np.column_stack([(xy[:, 0] - self.lon) * self.across, xy[:, 1] * _KM])
        )

    def back(self, shape: BaseGeometry) -> BaseGeometry:
        return shapely.transform(shape, lambda xy: np.column_stack([xy[:, 0] / self.across + self.lon, xy[:, 1] / _KM]))


def _shape(gazetteer: Gazetteer, region: Region | str) -> BaseGeometry | None:
    """Of a region or of one that it is made of; None where nothing is left of it."""
    made = _made(gazetteer, region)
    return None if made is None or made.is_empty else made


def _made(gazetteer: Gazetteer, region: Region | str) -> BaseGeometry | None:
    if isinstance(region, str):
        return _base(gazetteer, region)
    usual = customary().get(str(region))
    if usual is not None:
        return _shape(gazetteer, parse(PREFIX + usual))
    args = region.args
    match region.relation:
        case "union":
            shapes = [s for one in args if (s := _shape(gazetteer, one)) is not None]
            return shapely.union_all(shapes) if shapes else None
        case "within":
            base, inner = _shape(gazetteer, args[0]), _shape(gazetteer, args[1])
            return None if base is None or inner is None else _areas(shapely.intersection(base, inner))
        case "part":
            base = _shape(gazetteer, args[1])
            return None if base is None else _part(base, str(args[0]), _provinces(gazetteer, args[1]))
        case "border":
            return _border(_shape(gazetteer, args[0]), _shape(gazetteer, args[1]))
        case "coast":
            return _coast(gazetteer, str(args[0]))
        case "side":
            return _side(gazetteer, str(args[0]), str(args[1]), _shape(gazetteer, args[2]))
        case "along":
            return _along(gazetteer, *map(str, args))
        case "between":
            return _between(gazetteer, str(args[0]), str(args[1]))
        case _:
            return _around(gazetteer, *map(str, args))


def _base(gazetteer: Gazetteer, name: str) -> BaseGeometry | None:
    if len(name) == 2:
        return country_outline(gazetteer, name)
    place = place_named(gazetteer, name)
    found = None if place is None else outline(gazetteer, place)
    return found if found is not None else geometry(gazetteer.outline(name if ":" in name else f"unit:{name}"))


def place_named(gazetteer: Gazetteer, name: str) -> Place | None:
    """The place of an argument: an ISO code, a province code ("SY.09") or an id."""
    if len(name) == 2:
        return gazetteer.country(name)
    return gazetteer.get(PlaceId(name)) if ":" in name else gazetteer.province(name)


def _areas(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a shape, without the points and lines that cutting leaves."""
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def mainland(shape: BaseGeometry) -> BaseGeometry:
    """The largest polygon and what lies within a few degrees of it, step by step: France without Guiana, all of Indonesia."""
    parts = shapely.get_parts(shape)
    boxes = shapely.bounds(parts)
    near = np.zeros(len(parts), dtype=bool)
    near[int(np.argmax(shapely.area(parts)))] = True
    while True:
        west, south = boxes[near, :2].min(axis=0)
        east, north = boxes[near, 2:].max(axis=0)
        grown = (boxes[:, 0] <= east + _GAP) & (boxes[:, 2] >= west - _GAP)
        grown &= (boxes[:, 1] <= north + _GAP) & (boxes[:, 3] >= south - _GAP)
        if (grown | near).sum() == near.sum():
            return shapely.union_all(parts[near])
        near |= grown


def _beyond(normal: tuple[float, float], limit: float) -> BaseGeometry:
    """The half-plane of the points whose product with the normal is at least the limit."""
    n = np.array(normal) / np.hypot(*normal)
    at = n * (limit / np.hypot(*normal))
    aside = np.array([-n[1], n[0]]) * _FAR
    return shapely.Polygon([at + aside, at - aside, at - aside + n * _FAR, at + aside + n * _FAR])


def _limit(land: BaseGeometry, normal: tuple[float, float], share: float) -> float:
    """The limit beyond which a share of the land's area lies in a direction."""
    xy = shapely.get_coordinates(land) @ np.array(normal)
    low, high = float(xy.min()), float(xy.max())
    coarse = shapely.simplify(land, (high - low) / np.hypot(*normal) / 200)
    wanted = share * coarse.area
    for _ in range(18):
        middle = (low + high) / 2
        if shapely.intersection(coarse, _beyond(normal, middle)).area > wanted:
            low = middle
        else:
            high = middle
    return high


def _provinces(gazetteer: Gazetteer, base: Region | str) -> list[BaseGeometry]:
    """Outlines of the provinces of a country that has enough of them to speak of its parts; none of anything else."""
    if not isinstance(base, str) or len(base) != 2:
        return []
    found = [shape for place in gazetteer.regions(base) if (shape := outline(gazetteer, place)) is not None]
    return found if len(found) >= _PROVINCES else []


def _part(base: BaseGeometry, direction: str, provinces: Sequence[BaseGeometry]) -> BaseGeometry:
    """The land furthest in a direction, by its share of the area; of the centre what four such cuts leave.

    Where there are provinces, those that lie in it by half: who speaks of the north of a country thinks of its provinces.
    """
    beyond = _cut(base, direction)
    most = [p for p in provinces if shapely.intersection(p, beyond).area >= p.area / 2]
    return shapely.union_all(most) if most else beyond


def _cut(base: BaseGeometry, direction: str) -> BaseGeometry:
    land = mainland(base)
    flat = _Flat(land.bounds)
    land = flat.forward(land)
    plane = land
    if direction == "c":
        for side in ("n", "e", "s", "w"):
            plane = shapely.intersection(plane, _beyond(_COMPASS[side], _limit(land, _COMPASS[side], 1 - _MIDDLE)))
        return flat.back(_areas(plane))
    west, south, east, north = land.bounds
    x, y = _COMPASS[direction]
    # corners are told by both axes alike, however long the country is
    normal = (x / (east - west), y / (north - south)) if x and y else (float(x), float(y))
    limit = _limit(land, normal, DIAGONAL if x and y else CARDINAL)
    return flat.back(_areas(shapely.intersection(land, _beyond(normal, limit))))


def shared_line(one: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    """The line on which two outlines meet; empty when they do not."""
    line = shapely.intersection(shapely.boundary(one), shapely.boundary(other))
    parts = shapely.get_parts(line)
    line = shapely.union_all(parts[shapely.get_dimensions(parts) == 1])
    if line.is_empty and shapely.dwithin(one, other, _TOUCH):
        line = shapely.intersection(shapely.boundary(one), shapely.buffer(other, _TOUCH))
    return shapely.line_merge(line) if line.geom_type == "MultiLineString" else line


def _strip(line: BaseGeometry, km: float) -> BaseGeometry:
    flat = _Flat(line.bounds)
    return flat.back(shapely.buffer(shapely.simplify(flat.forward(line), km / 20), km, quad_segs=6))


def _border(one: BaseGeometry | None, other: BaseGeometry | None) -> BaseGeometry | None:
    if one is None or other is None:
        return None
    line = shared_line(one, other)
    if line.is_empty:
        return None
    strip = _strip(line, BORDER_KM)
    return _areas(shapely.union(shapely.intersection(one, strip), shapely.intersection(other, strip)))


def _coast(gazetteer: Gazetteer, name: str) -> BaseGeometry | None:
    land = _base(gazetteer, name)
    if land is None:
        return None
    land = mainland(land)
    window = shapely.buffer(shapely.box(*land.bounds), 1.0)
    around = [
        shapely.intersection(window, neighbour)
        for code in gazetteer.overlapping(land.bounds)
        if code != name[:2] and (neighbour := country_outline(gazetteer, code)) is not None
    ]
    if len(name) > 2 and (home := country_outline(gazetteer, name[:2])) is not None:
        around.append(shapely.difference(home, shapely.buffer(land, _TOUCH)))
    inland = shapely.buffer(shapely.union_all(around), 2 * _TOUCH)
    shore = shapely.difference(shapely.boundary(land), inland)
    rings = [shapely.boundary(shapely.Polygon(p.exterior)) for p in shapely.get_parts(land)]  # holes are no shore
    shore = shapely.intersection(shore, shapely.union_all(rings))
    return None if shore.is_empty else _areas(shapely.intersection(land, _strip(shore, COAST_KM)))


def river_line(gazetteer: Gazetteer, slug: str, near: BaseGeometry | None = None) -> shapely.LineString | None:
    """The course of a bundled river as one line, of what lies near a shape the longest connected stretch."""
    river = geometry(gazetteer.outline(f"river:{slug}"))
    if river is None:
        return None
    if near is not None:
        river = shapely.intersection(river, shapely.buffer(shapely.box(*near.bounds), 0.3))
    pieces = [p for p in shapely.get_parts(shapely.line_merge(river)) if p.geom_type == "LineString" and p.length > 0]
    if not pieces:
        return None
    pieces.sort(key=lambda p: -p.length)
    chain = list(shapely.get_coordinates(pieces.pop(0)))
    while pieces:
        ends = [
            (float(np.hypot(*(chain[at] - shapely.get_coordinates(p)[end]))), number, at, end)
            for number, p in enumerate(pieces)
            for at in (0, -1)
            for end in (0, -1)
        ]
        gap, number, at, end = min(ends)
        if gap > _RIVER_GAP:
            break
        more = list(shapely.get_coordinates(pieces.pop(number)))
        more = more[::-1] if (at == 0) == (end == 0) else more
        chain = more + chain if at == 0 else chain + more
    return shapely.LineString(chain)


def _side(gazetteer: Gazetteer, direction: str, slug: str, base: BaseGeometry | None) -> BaseGeometry | None:
    """The land of a base on one side of a river, whose ends go straight on as the river runs."""
    if base is None or direction not in _COMPASS:
        return None
    line = river_line(gazetteer, slug, base)
    if line is None or not shapely.intersects(line, base):
        return None
    flat = _Flat(base.bounds)
    xy = shapely.get_coordinates(flat.forward(line))
    chord = (xy[-1] - xy[0]) / max(1e-6, float(np.hypot(*(xy[-1] - xy[0]))))
    across = np.array([-chord[1], chord[0]])
    if across @ np.array(_COMPASS[direction], dtype=float) < 0:
        across = -across
    start, stop = xy[0] - chord * _FAR, xy[-1] + chord * _FAR
    wedge = shapely.Polygon([start, *xy, stop, stop + across * _FAR, start + across * _FAR])
    return _areas(shapely.intersection(base, flat.back(shapely.make_valid(wedge))))


def _along(gazetteer: Gazetteer, slug: str, first: str = "", last: str = "") -> BaseGeometry | None:
    ends = [place_named(gazetteer, name) for name in (first, last) if name]
    if any(end is None for end in ends):
        return None
    points = [shapely.Point(end.lon, end.lat) for end in ends if end is not None]
    near = shapely.buffer(shapely.MultiPoint(points), 1.0) if points else None
    line = river_line(gazetteer, slug, near)
    if line is None:
        return None
    if len(points) == 2:
        first_at, last_at = sorted(float(line.project(point)) for point in points)
        return _strip(shapely.ops.substring(line, first_at, last_at), RIVER_KM)
    return _strip(line, RIVER_KM)


def _between(gazetteer: Gazetteer, first: str, last: str) -> BaseGeometry | None:
    one, other = place_named(gazetteer, first), place_named(gazetteer, last)
    if one is None or other is None:
        return None
    line = shapely.LineString([(one.lon, one.lat), (other.lon, other.lat)])
    flat = _Flat(line.bounds)
    width = min(max(_STRIP * flat.forward(line).length, _STRIP_KM[0]), _STRIP_KM[1])
    return _at_home(gazetteer, _strip(line, width), one.country if one.country == other.country else "")


def _around(gazetteer: Gazetteer, name: str, km: str, direction: str = "") -> BaseGeometry | None:
    place = place_named(gazetteer, name)
    try:
        reach = float(km)
    except ValueError:
        return None
    if place is None or not 0 < reach <= 1000:
        return None
    point = shapely.Point(place.lon, place.lat)
    flat = _Flat(point.bounds)
    east, north = shapely.get_coordinates(flat.forward(point))[0].tolist()
    disc: BaseGeometry = shapely.buffer(shapely.Point(east, north), reach, quad_segs=16)
    if direction in _COMPASS:
        x, y = _COMPASS[direction]
        sides = [(float(x), 0.0)] * bool(x) + [(0.0, float(y))] * bool(y)
        for side in sides:
            disc = shapely.intersection(disc, _beyond(side, side[0] * east + side[1] * north))
    return _at_home(gazetteer, flat.back(disc), place.country)


def _at_home(gazetteer: Gazetteer, shape: BaseGeometry, country: str) -> BaseGeometry:
    """What of a shape lies in its country, so that what is round a border town does not spill over the border."""
    home = country_outline(gazetteer, country) if country else None
    inside = shape if home is None else _areas(shapely.intersection(shape, home))
    return shape if inside.is_empty else inside
