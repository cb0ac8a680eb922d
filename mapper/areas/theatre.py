"""Which land a map is about, and which places cut it up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from mapper.areas.longitudes import Box, covering, cut_box
from mapper.areas.projection import LocalProjection
from mapper.gazetteer import Gazetteer, normalise_many
from mapper.model import Place, PlaceId
from mapper.regions import country_outline

STEP = 0.1  # degrees: longest edge of an outline before projection, so that straight borders stay where they are
BORDER_KM = 10.0  # a place this near its country counts as in it: coasts and borders are simplified
VAST_KM2 = 5e6  # a country so large is cut to the surroundings of what the claims name in it
MARGIN_KM = 250.0
SAME_KM = 3.0  # two places of one name this near are one
STAND_IN_KM = 2.5  # a place from a table replaces the gazetteer's unclaimed one this near
POINT_KM = 0.05  # places this near cannot have cells of their own
TOWN = 100_000  # people from which on a town has a radius of its own
TOWN_KM = 3.0  # what the gazetteer has this near such a town is part of it
SPRAWL_KM = 0.006  # km of a town's radius for the root of its people: 5 km for 700,000, 16 km for Baghdad


def chosen_countries(claimed: Sequence[Place]) -> tuple[str, ...]:
    """The countries of the places that have a history; one that only a single place of many lies in is left out."""
    count = Counter(place.country for place in claimed if place.country)
    most = max(count.values(), default=0)
    return tuple(sorted(code for code, n in count.items() if n > 1 or most < 5))


def outlines(
    gazetteer: Gazetteer, countries: Collection[str], box: Box | None, claimed: Sequence[Place], *, chosen: bool
) -> dict[str, BaseGeometry]:
    """Polygons (lon, lat, edges cut to STEP) of the theatre's countries.

    ``chosen`` countries were not asked for by name: vast ones are cut to where their claimed places are.
    """
    window = None if box is None else shapely.union_all([shapely.box(*part) for part in cut_box(*box)])
    found: dict[str, BaseGeometry] = {}
    for code in sorted(countries):
        outline = country_outline(gazetteer, code)
        if outline is None:
            continue
        if window is not None:
            outline = _polygonal(shapely.intersection(outline, window))
        elif chosen and (near := _surroundings(outline, [p for p in claimed if p.country == code])) is not None:
            outline = _polygonal(shapely.intersection(outline, near))
        if not outline.is_empty:
            found[code] = shapely.segmentize(outline, STEP)
    return found


def _polygonal(shape: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shape)
    return shapely.MultiPolygon(parts[shapely.get_dimensions(parts) == 2].tolist())


def _surroundings(outline: BaseGeometry, places: Sequence[Place]) -> BaseGeometry | None:
    """A box round the places of a vast country; None when the country is not vast or is itself what is claimed."""
    if not places or any(p.is_region and p.feature_code.startswith("PCL") for p in places):
        return None
    lon_lat = np.array([[p.lon, p.lat] for p in places])
    projection = LocalProjection.around(shapely.get_coordinates(outline))
    if projection.project(shapely.segmentize(outline, 1.0)).area < VAST_KM2 * 1e6:
        return None
    west, east = covering(lon_lat[:, 0], lon_lat[:, 0])
    if (east - west) % 360 > 180:
        return None
    south, north = lon_lat[:, 1].min(), lon_lat[:, 1].max()
    up = MARGIN_KM / 111.2
    across = up / max(0.1, float(np.cos(np.radians(max(abs(south), abs(north))))))
    around = cut_box(west - across, south - up, (east if east >= west else east + 360) + across, north + up)
    return shapely.union_all([shapely.box(*part) for part in around])


def countries_in(gazetteer: Gazetteer, box: Box, claimed: Sequence[Place]) -> tuple[str, ...]:
    """Countries of the towns inside a box, and of the claimed places."""
    codes = {place.country for place in gazetteer.populated_places(box=box)} | {place.country for place in claimed}
    return tuple(sorted(code for code in codes if code))


def located(places: Sequence[Place], shapes: Mapping[str, BaseGeometry]) -> NDArray[np.int32]:
    """Per place the number of the country (in the order of ``shapes``) whose land it colours, -1 for none.

    A place keeps its own country when it is in it or within BORDER_KM of it; else the country it lies in counts.
    """
    out = np.full(len(places), -1, dtype=np.int32)
    lon = np.array([p.lon for p in places])
    lat = np.array([p.lat for p in places])
    codes = np.array([p.country for p in places])
    reach = BORDER_KM / 111.2
    for number, (code, shape) in enumerate(shapes.items()):
        shapely.prepare(shape)
        own = codes == code
        inside = shapely.contains_xy(shape, lon, lat)
        out[inside & (own | (out < 0))] = number
        near = np.flatnonzero(own & ~inside)
        if len(near):
            gap = shapely.distance(shape, shapely.points(lon[near], lat[near]))
            out[near[gap <= reach]] = number
    return out


def quarters(places: Sequence[Place]) -> dict[int, int]:
    """Index of each quarter of a town → index of the town: of several in reach, the one with the most people.

    Quarters are what the gazetteer calls a section of a place (PPLX), as far as their town sprawls, and any place in the
    middle of a large town: GeoNames has some towns twice.
    """
    people = np.array([p.population for p in places])
    large = np.flatnonzero((people >= TOWN) & np.array([p.feature_code != "PPLX" for p in places], dtype=bool))
    if not len(large):
        return {}
    lon_lat = np.array([[p.lon, p.lat] for p in places])
    flat = LocalProjection.around(lon_lat).forward(lon_lat)
    points = np.asarray(shapely.points(flat), dtype=object)
    reach = np.maximum(TOWN_KM, SPRAWL_KM * np.sqrt(people[large]))
    town, part = shapely.STRtree(points).query(points[large], predicate="dwithin", distance=reach * 1000)
    town = large[town]
    gaps = np.hypot(*(flat[town] - flat[part]).T) / 1000
    section = np.array([p.feature_code == "PPLX" for p in places], dtype=bool)[part]
    good = (town != part) & (section | (gaps <= TOWN_KM))
    found: dict[int, int] = {}
    for i, j in sorted(zip(town[good].tolist(), part[good].tolist(), strict=True), key=lambda p: (-people[p[0]], p)):
        found.setdefault(j, i)
    return found


def distinct(places: Sequence[Place], claimed: Collection[PlaceId]) -> tuple[list[int], dict[int, int]]:
    """Indices of the places that get a cell, and for those that do not the index of the one that stands for it.

    Claimed places come before unclaimed, then larger before smaller; the rest is decided by id. A quarter that nobody
    claimed is part of its town: a claim about the town colours all of it.
    """
    order = sorted(range(len(places)), key=lambda i: (places[i].id not in claimed, -places[i].population, places[i].id))
    rank = {i: r for r, i in enumerate(order)}
    lon_lat = np.array([[p.lon, p.lat] for p in places])
    flat = LocalProjection.around(lon_lat).forward(lon_lat)
    points = np.asarray(shapely.points(flat), dtype=object)
    first, second = shapely.STRtree(points).query(points, predicate="dwithin", distance=SAME_KM * 1000)
    close = first < second
    first, second = first[close], second[close]
    gaps = np.hypot(*(flat[first] - flat[second]).T) / 1000
    names = normalise_many([p.name for p in places])
    own = [p.id.startswith("geonames:") for p in places]
    pairs = sorted(
        (max(rank[i], rank[j]), min(rank[i], rank[j]), gap)
        for i, j, gap in zip(first.tolist(), second.tolist(), gaps.tolist(), strict=True)
    )
    stands = {
        part: town
        for part, town in quarters(places).items()
        if places[part].id not in claimed and (places[town].id in claimed or rank[town] < rank[part])
    }
    for low, high, gap in pairs:
        i, j = order[high], order[low]  # i comes first
        if i in stands or j in stands:
            continue
        stand_in = gap <= STAND_IN_KM and places[i].id in claimed and places[j].id not in claimed and not own[i]
        if gap <= POINT_KM or names[i] == names[j] or stand_in:
            stands[j] = i
    for part, town in list(stands.items()):
        last = town
        while last in stands:
            last = stands[last]
        stands[part] = last
    return [i for i in range(len(places)) if i not in stands], stands
