"""The bench's data through folium's three time plugins, and how each is opened and stepped in a browser.

The scripts that folium's pages load from content networks are answered from ``tests/bench/node_modules``
(``npm install --prefix tests/bench``), so that nothing is measured but the page.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import folium
from folium import JsCode
from folium.plugins import Timeline, TimelineSlider, TimeSliderChoropleth, TimestampedGeoJson
from synthetic import BOX, FIRST

from mapper.model import Period, Result
from mapper.webmap.payload import day_number

MODULES = Path(__file__).parents[1] / "bench" / "node_modules"
PLUGINS = ("Timeline", "TimestampedGeoJson", "TimeSliderChoropleth")
_SERVED = {  # the end of the address folium writes -> the file of the npm package it is
    "leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "jquery-3.7.1.min.js": "jquery/dist/jquery.min.js",
    "jquery.min.js": "jquery/dist/jquery.min.js",
    "jquery-ui.min.js": "jquery-ui-dist/jquery-ui.min.js",
    "bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "iso8601.min.js": "iso8601-js-period/iso8601.js",
    "leaflet.timedimension.min.js": "leaflet-timedimension/dist/leaflet.timedimension.min.js",
    "leaflet.timedimension.control.css": "leaflet-timedimension/dist/leaflet.timedimension.control.css",
    "leaflet.timeline.min.js": "leaflet.timeline/dist/leaflet.timeline.js",
    "moment.min.js": "moment/min/moment.min.js",
    "d3.v4.min.js": "d3/build/d3.min.js",
}


@dataclass(frozen=True, slots=True)
class FoliumPage:
    """A written page; ``go`` is a script that shows day number ``i`` of the span, ``shown`` says that it works."""

    plugin: str
    file: Path
    go: str
    shown: str


def serve(page: Any) -> None:
    """Answer every request of a folium page that is not for a file: scripts from npm's copies, the rest empty."""

    def answer(route: Any) -> None:
        name = _SERVED.get(route.request.url.rsplit("/", 1)[-1])
        if name is None:
            route.fulfill(body="", content_type="text/css" if route.request.url.endswith(".css") else "text/javascript")
        else:
            kind = "text/css" if name.endswith(".css") else "text/javascript"
            route.fulfill(body=(MODULES / name).read_text(encoding="utf-8"), content_type=kind)

    page.route(re.compile("https?://"), answer)


def write(result: Result, days: int, folder: Path, plugin: str) -> FoliumPage:
    """The result's cells as one plugin wants them. Who holds a cell shows as its colour, as it does on our page."""
    colours = {actor.id: actor.colour or "#777777" for actor in result.actors.values()}
    shapes = _polygons(result)
    assert result.territory is not None
    cells = list(zip(shapes, result.territory.cell_periods, strict=True))
    centre = [(BOX[1] + BOX[3]) / 2, (BOX[0] + BOX[2]) / 2]
    figure = folium.Map(location=centre, zoom_start=6, tiles=None, prefer_canvas=plugin != "TimeSliderChoropleth")
    start = day_number(FIRST) * 86400
    if plugin == "Timeline":
        layer = Timeline(
            _collection(cells, colours, days, plugin), style=JsCode("(feature) => feature.properties.style")
        ).add_to(figure)
        slider = TimelineSlider(auto_play=False, show_ticks=False).add_timelines(layer)
        slider.add_to(figure)
        go = f"i => {slider.get_name()}.setTime({start * 1000} + i * 86400000)"
        shown = f"{layer.get_name()}.getLayers().length"
    elif plugin == "TimestampedGeoJson":
        layer = TimestampedGeoJson(_collection(cells, colours, days, plugin), auto_play=False, add_last_point=False)
        layer.add_to(figure)
        at = f"{figure.get_name()}.timeDimension"
        go = (
            f"i => {{ const d = {at}, times = d.getAvailableTimes(), t = {start * 1000} + i * 86400000;"
            "let k = 0; while (k + 1 < times.length && times[k + 1] <= t) k++; d.setCurrentTimeIndex(k); }"
        )
        shown = f"Object.keys({figure.get_name()}._layers).length"
    else:
        features = [
            {"type": "Feature", "id": str(i), "geometry": g, "properties": {}} for i, (g, _) in enumerate(cells)
        ]
        styles = {
            str(i): {
                str(start + 86400 * n): {"color": colour, "opacity": 0.8}
                for n, colour in enumerate(_every_day(periods, colours, days))
            }
            for i, (_, periods) in enumerate(cells)
        }
        text = json.dumps({"type": "FeatureCollection", "features": features})
        layer = TimeSliderChoropleth(text, styledict=styles).add_to(figure)
        go = (
            f"i => {{ const s = document.querySelector('#slider_{layer.get_name()} > input');"
            "s.value = i; s.dispatchEvent(new Event('input')); }"
        )
        shown = "document.querySelectorAll('path[fill-opacity]').length"
    file = folder / f"{plugin}.html"
    figure.save(str(file))
    return FoliumPage(plugin, file, go, shown)


def _collection(
    cells: list[tuple[dict[str, Any], tuple[Period, ...]]], colours: dict[Any, str], days: int, plugin: str
) -> dict[str, Any]:
    """A feature for every period. TimestampedGeoJson cannot end an area: a later one is drawn over it, so in order."""
    features = []
    for geometry, periods in cells:
        for period in periods:
            colour = colours.get(period.actor_id, "#777777")
            end = period.end or FIRST + timedelta(days=days)
            properties: dict[str, Any] = {"style": {"color": colour, "weight": 1, "fillOpacity": 0.8}}
            if plugin == "Timeline":
                properties |= {"start": period.start.isoformat(), "end": end.isoformat()}
            else:
                properties |= {"times": [max(period.start, FIRST).isoformat()]}
            features.append({"type": "Feature", "geometry": geometry, "properties": properties})
    if plugin != "Timeline":
        features.sort(key=lambda feature: feature["properties"]["times"])
    return {"type": "FeatureCollection", "features": features}


def _every_day(periods: tuple[Period, ...], colours: dict[Any, str], days: int) -> Iterator[str]:
    for n in range(days):
        day = FIRST + timedelta(days=n)
        here = next((p for p in periods if p.start <= day and (p.end is None or day < p.end)), None)
        yield "#ffffff" if here is None else colours.get(here.actor_id, "#777777")


def _polygons(result: Result) -> list[dict[str, Any]]:
    """The Voronoi cells as polygons; they are convex, so the angle around the middle orders their corners."""
    land = result.territory
    assert land is not None
    corners: list[set[tuple[float, float]]] = [set() for _ in land.face_cell]
    for arc in range(len(land.left)):
        points = [(x, y) for x, y in land.xy[land.offsets[arc] : land.offsets[arc + 1]].round(5).tolist()]
        for face in (land.left[arc], land.right[arc]):
            if face >= 0:
                corners[int(land.face_cell[face])].update(points)
    shapes = []
    for points in corners[: len(land.cell_periods)]:
        x, y = (sum(axis) / max(1, len(points)) for axis in zip(*points, strict=True))
        ring = sorted(points, key=lambda p, x=x, y=y: math.atan2(p[1] - y, p[0] - x))
        shapes.append({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
    return shapes
