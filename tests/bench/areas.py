"""Times the territory at the scale of a war beside what one would write with geopandas alone.

    python tests/bench/areas.py [places]

Places are random points of Ukraine, all held by one of two sides with a front that moves, so that dissolving and
counting have as much to do as in a real war. Each number is the median of a few runs in one process, in seconds of CPU
(nothing here uses more than one core), so that a busy machine does not spoil it; the naive way runs on the same cells,
once, or on one day and scaled up where it says so.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import TypeVar

import geopandas
import numpy as np
import shapely

from mapper.areas import area_series, areas_by_actor, cell_polygons, dissolve
from mapper.areas.projection import LocalProjection
from mapper.areas.spans import spans_of
from mapper.areas.tessellation import tessellate
from mapper.gazetteer import Gazetteer
from mapper.model import ActorId, Period, PlaceId, Status, Territory
from mapper.regions import country_outline

T = TypeVar("T")
START = date(2020, 1, 1)


def timed(work: Callable[[], T], runs: int = 5) -> tuple[float, T]:
    """Median seconds of CPU and the last result."""
    seconds = []
    for _ in range(runs):
        begin = time.process_time()
        result = work()
        seconds.append(time.process_time() - begin)
    return statistics.median(seconds), result


def points_in(outline: shapely.Geometry, count: int) -> np.ndarray:
    rng = np.random.default_rng(1)
    west, south, east, north = outline.bounds
    shapely.prepare(outline)
    found = np.empty((0, 2))
    while len(found) < count:
        more = np.round(rng.uniform((west, south), (east, north), (2 * count, 2)), 4)
        found = np.unique(np.vstack([found, more[shapely.contains_xy(outline, more[:, 0], more[:, 1])]]), axis=0)
    return found[np.sort(rng.permutation(len(found))[:count])]


def build(points: np.ndarray, outline: shapely.Geometry, projection: LocalProjection, days: int) -> Territory:
    faces = tessellate(
        points, np.zeros(len(points), np.int32), {0: outline}, projection=projection, solid_km=20, presumed_km=40
    )
    periods = tuple(history(n, lon, lat, days) for n, (lon, lat) in enumerate(points.tolist()))
    return Territory(
        cell_place=tuple(PlaceId(f"p:{n}") for n in range(len(points))),
        face_cell=faces.face_cell,
        face_zone=faces.face_zone,
        face_km2=faces.face_km2,
        xy=faces.xy,
        offsets=faces.offsets,
        left=faces.left,
        right=faces.right,
        arc_nodes=faces.arc_nodes,
        cell_periods=periods,
        spans=spans_of(periods),
    )


def history(number: int, lon: float, lat: float, days: int) -> tuple[Period, ...]:
    """Three stretches; the front is a wave through the country that passes each place once there and once back."""
    first = int(days * (0.1 + 0.4 * abs(np.sin(lon + lat / 3))))
    second = first + 1 + int(days * 0.4 * abs(np.cos(lat)))
    marks = [0, first + 1, second + 1]
    place = PlaceId(f"p:{number}")
    return tuple(
        Period(
            place_id=place,
            status=Status.CONTROLLED,
            actor_id=ActorId(actor),
            start=START + timedelta(days=mark),
            start_latest=START + timedelta(days=mark),
            end=None if n == 2 else START + timedelta(days=marks[n + 1]),
        )
        for n, (mark, actor) in enumerate(zip(marks, ("a", "b", "a"), strict=True))
    )


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 33_000
    found = country_outline(Gazetteer.open(), "UA")
    assert found is not None
    outline = shapely.segmentize(found, 0.1)
    projection = LocalProjection.around(shapely.get_coordinates(outline))
    days = 1600
    sets = {n: points_in(outline, n) for n in (8_000, 32_000, count)}

    seconds: dict[int, float] = {}
    for n, points in sets.items():
        seconds[n], _ = timed(
            lambda points=points: tessellate(
                points,
                np.zeros(len(points), np.int32),
                {0: outline},
                projection=projection,
                solid_km=20,
                presumed_km=40,
            ),
            3,
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    land = build(sets[count], outline, projection, days)

    def naive_cells() -> geopandas.GeoDataFrame:
        sites = geopandas.GeoSeries(shapely.points(sets[count]), crs=4326).to_crs(projection.crs)
        cells = geopandas.GeoDataFrame(geometry=sites.voronoi_polygons(), crs=projection.crs)
        country = geopandas.GeoDataFrame(geometry=[projection.project(outline)], crs=projection.crs)
        return geopandas.overlay(cells, country, how="intersection")

    naive_tessellation, _ = timed(naive_cells, 1)
    print(f"tessellate, clip, topology, {count:,} places: {seconds[count]:.2f} s, peak {peak:.0f} MB (bar 4 s, 600 MB)")
    print(f"  geopandas voronoi_polygons + overlay, no topology: {naive_tessellation:.2f} s")
    print(f"  8,000 -> 32,000 places: x {seconds[32_000] / seconds[8_000]:.1f} (bar x 5)")

    day = START + timedelta(days=days // 3)
    one, areas = timed(partial(dissolve, land, day), 9)
    polygons = cell_polygons(land)
    held = {n: next((p.actor_id for p in land.cell_periods[n] if p.covers(day)), "") for n in polygons}
    frame = geopandas.GeoDataFrame({"actor": [held[n] for n in polygons]}, geometry=list(polygons.values()), crs=4326)
    naive_dissolve, merged = timed(partial(frame.dissolve, "actor"), 1)
    ratio = naive_dissolve / one
    print(f"dissolve one day: {1000 * one:.1f} ms in {len(areas)} areas (bar 30 ms)")
    print(f"  GeoDataFrame.dissolve: {1000 * naive_dissolve:.0f} ms, x {ratio:.0f} (bar x 50), {len(merged)} areas")
    valid = all(area.geometry.is_valid for area in areas)
    total = sum(area.km2 for area in dissolve(land, day, unclaimed=True)) / float(land.face_km2.sum())
    print(f"  all valid: {valid}; areas add up to {100 * total:.4f} % of the theatre")

    whole, series = timed(partial(area_series, land), 5)
    short = build(sets[count], outline, projection, 400)
    fewer, _ = timed(partial(area_series, short), 5)
    single, _ = timed(partial(areas_by_actor, land, day), 5)
    equal_area = frame.to_crs(projection.crs)

    def naive_areas() -> object:
        return equal_area.assign(km2=equal_area.area / 1e6).groupby("actor").km2.sum()

    naive_day, _ = timed(naive_areas, 3)
    print(
        f"km2 by actor for {len(series.days):,} days: {1000 * whole:.0f} ms (bar 1,000 ms); one day {1000 * single:.1f} ms"
    )
    print(f"  geopandas area + groupby, {days:,} days: {days * naive_day:.0f} s (one day x {days:,})")
    print(f"  400 -> 1,600 days: x {whole / fewer:.1f} (bar x 5)")
    good = valid and abs(total - 1) < 1e-3 and seconds[count] <= 4 and one <= 0.03 and whole <= 1 and ratio >= 50
    print("areas: ok" if good else "areas: BELOW THE BAR")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
