"""Land, borders, provinces, rivers, lakes and towns under the map, cut to its bounds and thinned for its scale."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from mapper.areas.longitudes import Box, covering, cut_box
from mapper.areas.projection import LocalProjection
from mapper.bundled import bundled
from mapper.gazetteer import Gazetteer
from mapper.gazetteer.columns import NEITHER, SEATS
from mapper.model import Place, PlaceId

MARGIN = 0.3  # of the bounds' width, shown at each side
MARGIN_UP = 0.55  # of their height, above and below: a phone held upright shows more of it
FINEST = 0.003  # degrees: finer than that the data has nothing to show
DETAIL = 4500.0  # steps along the map's longer side that a line may be off by
GRID = 1e-3  # degrees: the bundled data's own
TOWNS = 1200
TWIN = 0.027  # degrees of latitude, 3 km: two entries of one town lie nearer to each other
BUCKETS = 40  # towns are thinned on a grid of so many columns
SHORE = 1500.0  # metres
SMALLEST_LAKE = 2e-5  # of the window's area
RANKS = (1_000_000, 300_000, 100_000, 50_000, 20_000, 5_000)  # population a town of rank 1, 2, … has at least
CREDITS = ("Natural Earth (public domain)", "GeoNames (CC BY 4.0)")

# Countries of which data/basemap has a second shape; see its README.
_DE_FACTO = ("CY", "RU", "SO", "UA")

Points = NDArray[np.float64]
Ints = NDArray[np.int64]


def basemap(
    gazetteer: Gazetteer, bounds: Box | None, *, places: Mapping[PlaceId, Place] | None = None
) -> dict[str, Any]:
    """What lies under a map of ``bounds`` (west, south, east, north; None: the surroundings of ``places``, if any).

    ``land`` and ``lakes`` are lists of rings, to be filled by the even-odd rule; ``borders``, ``provinces`` and each
    river's ``lines`` are lists of lines; points are [lon, lat]. ``towns`` have name, lat, lon and rank (1: over a
    million people, 7: a village); ``countries`` a name and where to write it. Places whose ids are not GeoNames' own
    (a table's, say) are kept among the towns whatever their size.
    """
    bounds = bounds or _around(places or {})
    empty: dict[str, Any] = {"land": [], "borders": [], "provinces": [], "rivers": [], "lakes": [], "towns": []}
    if bounds is None or bounds[0] == bounds[2]:
        return empty | {"countries": [], "credits": list(CREDITS), "point_of_view": gazetteer.point_of_view}
    window, boxes = _window(bounds)
    _, south, _, north = window.bounds
    tolerance = max(FINEST, max((sum(b[2] - b[0] for b in boxes)), north - south) / DETAIL)
    shapes = _countries(gazetteer, window)
    rings, ring_province, countries = _provinces(gazetteer, window)
    borders, inner = _lines(rings, ring_province, countries, window)
    land = shapely.union_all([_clipped(s, boxes) for s in shapes.values()])
    return {
        "land": _rings(land, tolerance),
        "borders": _thinned(borders, boxes, tolerance),
        "provinces": _thinned(inner, boxes, tolerance * 1.5),
        "rivers": _rivers(window, boxes, tolerance),
        "lakes": _rings(_lakes(window, boxes), tolerance),
        "towns": _towns(gazetteer, boxes, places or {}),
        "countries": _names(gazetteer, shapes, boxes),
        "credits": list(CREDITS),
        "point_of_view": gazetteer.point_of_view,
    }


def _around(places: Mapping[PlaceId, Place]) -> Box | None:
    """The box of places that are named but hold no area (only planned, say), a degree wider at each side."""
    known = [p for p in places.values() if p.point is not None]
    if not known:
        return None
    lons, lats = [p.lon for p in known], [p.lat for p in known]
    west, east = covering(lons, lons)
    return west - 1, min(lats) - 1, east + 1, max(lats) + 1


def _window(bounds: Box) -> tuple[BaseGeometry, list[Box]]:
    """The bounds with their margin as a shape, and as boxes: two when they lie across the antimeridian."""
    west, south, east, north = bounds
    width = east - west if east >= west else east + 360 - west
    side = MARGIN * max(width, 0.2)
    up = MARGIN_UP * max(north - south, 0.2)
    south, north = max(-90.0, south - up), min(90.0, north + up)
    west, east = west - side, west + width + side
    parts = cut_box(west, south, east, north)
    return shapely.union_all([shapely.box(*part) for part in parts]), parts


def _features(name: str, window: BaseGeometry | None = None) -> Iterator[tuple[dict[str, Any], BaseGeometry]]:
    """Properties and shape of a bundled file's features, only of those that show in the window."""
    west, south, east, north = (-180.0, -90.0, 180.0, 90.0) if window is None else window.bounds
    if window is not None:
        shapely.prepare(window)
    for line in gzip.decompress(bundled("basemap", f"{name}.geojson.gz").read_bytes()).splitlines():
        if not line.startswith(b'{"type":"Feature",'):
            continue
        at = line.index(b'"bbox":[') + 8
        box = orjson.loads(b"[" + line[at : line.index(b"]", at) + 1])
        if box[0] > east or box[2] < west or box[1] > north or box[3] < south:
            continue
        # the geometry, nearly all of the line, comes last and goes to GEOS as it is
        head, _, tail = line.rstrip(b",").partition(b',"geometry":')
        shape = shapely.from_geojson(tail[:-1])
        if window is None or shapely.intersects(window, shape):
            own = orjson.loads(head + b"}")
            yield own["properties"] | {"id": own["id"]}, shape


def _countries(gazetteer: Gazetteer, window: BaseGeometry) -> dict[str, BaseGeometry]:
    """Outlines of the countries that show in the window, in the gazetteer's point of view."""
    views: dict[str, dict[str, BaseGeometry]] = {"gn_a1_code": {}, "de_facto": {}}
    for own, shape in _features("countries", window):
        views[own["point_of_view"]][own["country"]] = shape
    found = views["gn_a1_code"]
    if gazetteer.point_of_view == "de_facto":
        # a country that is drawn differently shows in the window only if its other shape does
        different = set(_DE_FACTO)
        found = {code: shape for code, shape in found.items() if code not in different} | views["de_facto"]
    return found


def _provinces(gazetteer: Gazetteer, window: BaseGeometry) -> tuple[NDArray[np.object_], NDArray[np.int64], list[str]]:
    """Rings of the provinces that show, the province of each ring, and each province's country."""
    de_facto = gazetteer.point_of_view == "de_facto"
    geometries, countries = [], []
    for own, shape in _features("provinces", window):
        geometries.append(shape)
        countries.append(own.get("de_facto", own["country"]) if de_facto else own["country"])
    parts, province = shapely.get_parts(np.array(geometries, dtype=object), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    return rings, province[part], countries


def _lines(
    rings: NDArray[np.object_], ring_province: NDArray[np.int64], countries: list[str], window: BaseGeometry
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Borders between countries, and between provinces of one country: edges that two provinces share."""
    if not len(rings):
        return np.empty(0, object), np.empty(0, object)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    west, south, east, north = window.bounds
    grid = np.rint(points / GRID).astype(np.int64)
    key = (grid[:, 0] + 200_000) * 1_000_000 + grid[:, 1] + 100_000
    near = (points[:, 1] >= south - 1) & (points[:, 1] <= north + 1)
    if west > -180 or east < 180:
        near &= (points[:, 0] >= west - 1) & (points[:, 0] <= east + 1)
    edge = (ring[1:] == ring[:-1]) & near[1:] & near[:-1] & (key[1:] != key[:-1])
    low = np.minimum(key[:-1], key[1:])[edge]
    high = np.maximum(key[:-1], key[1:])[edge]
    province = ring_province[ring[:-1][edge]]
    order = np.lexsort((province, high, low))
    low, high, province = low[order], high[order], province[order]
    shared = np.flatnonzero((low[1:] == low[:-1]) & (high[1:] == high[:-1]))
    code = np.unique(np.array(countries), return_inverse=True)[1]
    foreign = code[province[shared]] != code[province[shared + 1]]
    ends = [
        np.column_stack([k // 1_000_000 - 200_000, k % 1_000_000 - 100_000]) * GRID for k in (low[shared], high[shared])
    ]
    segments = np.stack(ends, axis=1)
    return tuple(
        shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapely.linestrings(segments[which]))))
        for which in (foreign, ~foreign)
    )  # type: ignore[return-value]


def _clipped(shape: Any, boxes: list[Box]) -> Any:
    parts = [shapely.clip_by_rect(shape, *box) for box in boxes]
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _coordinates(line: BaseGeometry) -> list[list[float]]:
    points: list[list[float]] = np.round(shapely.get_coordinates(line), 3).tolist()
    return points


def _thinned(lines: NDArray[np.object_], boxes: list[Box], tolerance: float) -> list[list[list[float]]]:
    out = []
    for box in boxes:
        cut = shapely.get_parts(shapely.clip_by_rect(lines, *box))
        thin = shapely.simplify(cut, tolerance)
        out += [_coordinates(line) for line in thin if line.length > tolerance]
    return sorted(out)


def _rings(shape: BaseGeometry, tolerance: float) -> list[list[list[float]]]:
    """Rings of polygons, thinned; specks smaller than the tolerance are left out."""
    out = []
    for polygon in shapely.get_parts(shape):
        if shapely.get_type_id(polygon) != 3:
            continue
        rings = [r for r in shapely.get_rings(polygon) if shapely.Polygon(r).area > 4 * tolerance**2]
        out += [_coordinates(shapely.simplify(ring, tolerance)) for ring in rings]
    return sorted(out)


def _rivers(window: BaseGeometry, boxes: list[Box], tolerance: float) -> list[dict[str, Any]]:
    out = []
    for own, shape in _features("rivers", window):
        lines = _thinned(shapely.get_parts(shape), boxes, tolerance)
        if lines:
            out.append({"name": own["name"], "lines": lines})
    return out


def barriers(lon_lat: Points, projection: LocalProjection) -> BaseGeometry:
    """Water near some points that parts one side from the other, projected: wide rivers and the sea.

    Rivers are those of the source, which are the wide ones, not those drawn by hand. The sea begins SHORE metres off
    the coast, so that a way along a ragged coast does not count as one across water, and a way over a bay does.
    """
    if not len(lon_lat) or np.ptp(lon_lat[:, 0]) > 180:
        return shapely.MultiLineString()
    west, south = lon_lat.min(axis=0) - 0.5
    east, north = lon_lat.max(axis=0) + 0.5
    box = shapely.box(west, south, east, north)
    parts = []
    for own, shape in _features("rivers", box):
        if not own["drawn"]:
            parts += shapely.get_parts(shapely.clip_by_rect(shape, west, south, east, north)).tolist()
    near = shapely.MultiLineString([part for part in parts if shapely.get_type_id(part) == 1])
    land = shapely.union_all(
        [shapely.clip_by_rect(s, west, south, east, north) for _, s in _features("countries", box)]
    )
    open_sea = shapely.difference(shapely.segmentize(box, 0.1), land)
    water = [projection.project(shapely.segmentize(near, 0.1))]
    water += shapely.get_parts(shapely.buffer(projection.project(open_sea), -SHORE, quad_segs=2)).tolist()
    return shapely.GeometryCollection([shape for shape in water if not shape.is_empty])


def _lakes(window: BaseGeometry, boxes: list[Box]) -> BaseGeometry:
    least = SMALLEST_LAKE * shapely.area(window)
    return shapely.union_all([_clipped(shape, boxes) for _, shape in _features("lakes", window) if shape.area > least])


def _towns(gazetteer: Gazetteer, boxes: list[Box], places: Mapping[PlaceId, Place]) -> list[dict[str, Any]]:
    """The larger towns, spread so that thinly settled land shows some too."""
    found = gazetteer.towns(boxes)
    own = [
        p
        for i, p in sorted(places.items())
        if not i.startswith("geonames:") and p.feature_class == "P" and p.point
        if any(b[0] <= p.lon <= b[2] and b[1] <= p.lat <= b[3] for b in boxes)
    ]
    spots = [found.where(p.id) for p in own]
    kept = np.ones(len(found.row), dtype=bool)
    kept[[at for at, known in spots if known]] = False  # what the map says of its own place holds

    def column(given: NDArray[Any], added: list[Any]) -> NDArray[Any]:
        found: NDArray[Any] = np.insert(given, at, added)[shown]
        return found

    at = [at for at, _ in spots]
    shown = np.insert(kept, at, [True] * len(own))
    number = column(np.arange(len(found.row)), [-1 - n for n in range(len(own))])
    lon, lat = column(found.lon, [p.lon for p in own]), column(found.lat, [p.lat for p in own])
    people = column(found.population, [p.population for p in own])
    rank = column(found.rank, [SEATS.get(p.feature_code, NEITHER) for p in own])
    mine = number < 0
    apart = _apart(lon, lat, np.lexsort((-people, rank)), mine)
    step = sum(b[2] - b[0] for b in boxes) / BUCKETS
    ranked = np.lexsort((~mine, -people))
    ranked = ranked[apart[ranked]]
    bucket = np.column_stack([lon[ranked] // step, lat[ranked] // step])
    _, bucket_of = np.unique(bucket, axis=0, return_inverse=True)
    full = np.where(mine[ranked], 0, _counted(bucket_of.ravel()))
    few = ranked[np.sort(np.argsort(full, kind="stable")[:TOWNS])]
    chosen = [gazetteer.town(found, n) if n >= 0 else own[-1 - n] for n in number[few].tolist()]
    return [{"name": p.name, "lat": round(p.lat, 4), "lon": round(p.lon, 4), "rank": _rank(p)} for p in chosen]


def _counted(group: Ints) -> Ints:
    """Per entry how many of its group have come so far, itself among them."""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    sizes = np.diff(np.append(starts, len(group)))
    out = np.empty(len(group), dtype=np.int64)
    out[order] = np.arange(len(group)) - np.repeat(starts, sizes) + 1
    return out


def _apart(lon: Points, lat: Points, order: Ints, own: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """False for towns that lie on a better known one, a city's own second entry or a quarter: its seat stands for both.

    ``order`` numbers the towns from the best known on; ``own`` ones stay whatever they lie on.
    """
    known = np.empty_like(order)
    known[order] = np.arange(len(order))
    one, two = _near(lon, lat)
    first, second = np.where(known[one] < known[two], (one, two), (two, one))
    narrow = np.maximum(0.1, np.cos(np.radians(lat[second])))
    close = np.hypot(lat[first] - lat[second], (lon[first] - lon[second]) * narrow) < TWIN
    close &= ~own[second]
    first, second = first[close], second[close]
    apart = np.ones(len(order), dtype=bool)
    for n in np.argsort(known[second], kind="stable").tolist():
        if apart[first[n]]:
            apart[second[n]] = False
    return apart


def _near(lon: Points, lat: Points) -> tuple[Ints, Ints]:
    """Pairs of towns of which one may lie within TWIN of the other: those of squares beside each other."""
    if not len(lon):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    row, column = (np.floor(c / TWIN).astype(np.int64) for c in (lat, lon))
    reach = math.ceil(1 / max(0.1, math.cos(math.radians(float(np.abs(lat).max())))))
    wide = 1 << 20  # more than there are columns
    key = row * wide + column
    order = np.argsort(key, kind="stable")
    key = key[order]
    pairs = []
    for up, along in [(0, a) for a in range(reach + 1)] + [(1, a) for a in range(-reach, reach + 1)]:
        beside = key + up * wide + along
        low = np.searchsorted(key, beside, side="left")
        high = np.searchsorted(key, beside, side="right")
        if not (up or along):
            low = np.arange(1, len(key) + 1)  # each pair of one square once
        count = high - low
        which = np.repeat(np.arange(len(key)), count)
        within = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
        pairs.append(np.stack([order[which], order[low[which] + within]]))
    one, two = np.concatenate(pairs, axis=1)
    return one, two


def _rank(place: Place) -> int:
    rank = next((n for n, least in enumerate(RANKS, 1) if place.population >= least), len(RANKS) + 1)
    return min(rank, {"PPLC": 1, "PPLA": 2}.get(place.feature_code, rank))


def _names(gazetteer: Gazetteer, shapes: Mapping[str, BaseGeometry], boxes: list[Box]) -> list[dict[str, Any]]:
    """Each country's name where its largest part in the window leaves most room for it."""
    out = []
    whole = sum((b[2] - b[0]) * (b[3] - b[1]) for b in boxes)
    for code, shape in sorted(shapes.items()):
        parts = shapely.get_parts(_clipped(shape, boxes))
        place = gazetteer.country(code)
        if place is None or not len(parts):
            continue
        largest = parts[int(np.argmax(shapely.area(parts)))]
        if largest.area < 0.002 * whole:
            continue
        middle = shapely.get_coordinates(shapely.maximum_inscribed_circle(largest, 0.05))[0]
        out.append({"name": place.name, "lat": round(float(middle[1]), 3), "lon": round(float(middle[0]), 3)})
    return out
