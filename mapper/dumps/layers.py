"""Layers of outlines as GeoJSON, GeoPackage or Shapefile, also zipped: properties and polygons, within bounds.

Nothing is unpacked to disk: the parts of a zipped Shapefile are handed to GDAL in memory, under names of ours.
"""

from __future__ import annotations

import io
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from mapper.bounded import absurd, is_hidden, is_stored, open_sqlite
from mapper.gazetteer.readers import DAMAGE, MAX_GEOJSON, geojson_features, place_issue
from mapper.gazetteer.store import GazetteerError
from mapper.model import Issue
from mapper.records.gis import MAX_LAYER, read_layer
from mapper.records.tables import TableError

_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}  # bytes of a GeoPackage geometry's envelope by its code
_KINDS = {1: "Point", 3: "Polygon", 6: "MultiPolygon"}  # of WKB and of GeoJSON
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")  # of a Shapefile
_DEGREES = ("EPSG:4326", "OGC:CRS84", None)  # None: nothing said, and what is no degree is found by its numbers


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature's properties as texts, names in lower case; its polygons or point (lon, lat); its number in the file."""

    properties: Mapping[str, str]
    shape: BaseGeometry
    number: int


def features_of(path: Path) -> Iterator[Feature | Issue]:
    """The features of a layer, with an Issue for each that cannot be used. Raises GazetteerError for no layer."""
    try:
        yield from LAYERS[path.suffix.lower()](path)
    except TableError as error:
        message = f"{path}: {error}"
        raise GazetteerError(message) from error
    except DAMAGE as error:
        message = f"{path}: cannot be read: {error}"
        raise GazetteerError(message) from error


def _geojson(path: Path) -> Iterator[Feature | Issue]:
    with path.open("rb") as stream:
        yield from _document(stream.read(MAX_GEOJSON + 1), path)


def _document(raw: bytes, path: Path) -> Iterator[Feature | Issue]:
    for number, feature in enumerate(geojson_features(raw, path), 1):
        wrong = absurd(feature)
        found = feature if isinstance(feature, dict) and not wrong else {}
        geometry, properties = found.get("geometry"), found.get("properties")
        if wrong or not isinstance(geometry, dict) or not isinstance(properties, dict):
            yield _bad(path, number, f"it {wrong}" if wrong else "it has no geometry or no properties")
            continue
        yield _checked(path, number, _texts(properties), _of_geojson, geometry)


def _geopackage(path: Path) -> Iterator[Feature | Issue]:
    with closing(open_sqlite(path)) as database:
        database.row_factory = sqlite3.Row
        if not is_stored(database, "gpkg_geometry_columns"):
            message = f"{path}: not a GeoPackage: no table gpkg_geometry_columns"
            raise GazetteerError(message)
        layers = database.execute("SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns").fetchall()
        number = 0
        for table, column, srs in layers:
            if srs not in (4326, 0, -1) or not is_stored(database, str(table)):
                message = f"layer {table} is in SRS {srs} or no table: save it as a layer in EPSG:4326 first"
                yield place_issue(path, 0, "not-wgs84", message)
                continue
            quoted = '"' + str(table).replace('"', '""') + '"'
            for row in database.execute(f"SELECT * FROM {quoted}"):  # noqa: S608  # a quoted identifier
                number += 1
                cells = {key: row[key] for key in row.keys()}  # noqa: SIM118 - a row is no mapping
                blob = cells.pop(str(column), None)
                yield _checked(path, number, _texts(cells), _of_geopackage, blob)


def _of_geojson(geometry: dict[str, Any]) -> BaseGeometry | None:
    if geometry.get("type") not in _KINDS.values():
        message = f"a {str(geometry.get('type'))[:40]}, no polygon and no point"
        raise ValueError(message)
    return shapely.from_geojson(orjson.dumps(geometry))


def _of_geopackage(blob: object) -> BaseGeometry | None:
    """Raises ValueError for what is no geometry, or one of other geometries: GEOS would follow them down without end."""
    wkb = b""
    if isinstance(blob, bytes) and len(blob) > 8 and blob[:2] == b"GP":
        wkb = blob[8 + _ENVELOPES.get(blob[3] >> 1 & 7, len(blob)) :]
    end = _end(wkb, 0, tuple(_KINDS))
    if end > len(wkb):
        message = "it is cut off"
        raise ValueError(message)
    return shapely.from_wkb(wkb)


def _end(wkb: bytes, at: int, kinds: tuple[int, ...]) -> int:
    """Where the point or the polygons at an offset end. Raises ValueError for other kinds, struct.error beyond the end."""
    order = "<" if wkb[at : at + 1] == b"\x01" else ">"
    kind, count = struct.unpack_from(f"{order}2I", wkb, at + 1)
    if kind % 1000 not in kinds or kind // 1000 > 3:
        message = "no polygon and no point"
        raise ValueError(message)
    size = 8 * (2, 3, 3, 4)[kind // 1000]  # bytes of a point: Z and M come beside
    if kind % 1000 == 1:
        return at + 5 + size
    at += 9
    for _ in range(count):
        at = _end(wkb, at, (3,)) if kind % 1000 == 6 else at + 4 + size * struct.unpack_from(f"{order}I", wkb, at)[0]
    return at


def _of_wkb(wkb: bytes | None) -> BaseGeometry | None:
    return shapely.from_wkb(wkb or b"")


def _shapefile(path: Path) -> Iterator[Feature | Issue]:
    yield from _vector(path, path)


def _vector(source: Path | bytes, path: Path) -> Iterator[Feature | Issue]:
    meta, shapes, values = read_layer(source, str(path))
    if meta["crs"] not in _DEGREES:
        message = f"{path}: in {str(meta['crs'])[:60]}: save it in EPSG:4326 (longitude and latitude) first"
        raise GazetteerError(message)
    fields = [str(name).lower() for name in meta["fields"]]
    for number, (wkb, *row) in enumerate(zip(shapes, *values, strict=True), 1):
        yield _checked(path, number, _texts(dict(zip(fields, row, strict=True))), _of_wkb, wkb)


def _zipped(path: Path) -> Iterator[Feature | Issue]:
    with zipfile.ZipFile(path) as archive:
        members = sorted(name for name in archive.namelist() if not is_hidden(name))
        for name in members:
            if name.lower().endswith((".geojson", ".json")):
                with archive.open(name) as stream:
                    yield from _document(stream.read(MAX_GEOJSON + 1), path)
            elif name.lower().endswith(".shp"):
                parts = {end: m for m in members for end in _PARTS if m.lower() == name[:-4].lower() + end}
                yield from _vector(_in_memory(archive, parts, path), path)


def _in_memory(archive: zipfile.ZipFile, parts: Mapping[str, str], path: Path) -> bytes:
    """The parts of one Shapefile as an archive of their own, not compressed. Raises GazetteerError beyond the bound."""
    whole, left = io.BytesIO(), MAX_LAYER
    with zipfile.ZipFile(whole, "w") as made:
        for end, name in sorted(parts.items()):
            with archive.open(name) as stream:
                raw = stream.read(left + 1)
            left -= len(raw)
            if left < 0:
                message = f"{path}: {name} and what belongs to it unpack to more than {MAX_LAYER:,} bytes: save it as GeoPackage"
                raise GazetteerError(message)
            if end == ".shp" and 2 * int.from_bytes(raw[24:28], "big") > len(raw):
                message = f"{path}: {name} is shorter than it says: it was cut off"
                raise GazetteerError(message)
            made.writestr(zipfile.ZipInfo(f"layer{end}"), raw)
    return whole.getvalue()


def _texts(cells: Mapping[str, Any]) -> dict[str, str]:
    plain = ((key, value.item() if isinstance(value, np.generic) else value) for key, value in cells.items())
    return {
        str(key).lower(): str(value).strip()
        for key, value in plain
        if isinstance(value, str | int | float) and value == value  # noqa: PLR0124 - NaN stands for an empty cell
    }


def _checked(
    path: Path, number: int, properties: dict[str, str], make: Callable[[Any], BaseGeometry | None], value: Any
) -> Feature | Issue:
    try:
        shape = make(value)
    except (ShapelyError, ValueError, TypeError, struct.error) as error:
        return _bad(path, number, f"its geometry cannot be read: {str(error)[:120]}")
    if shape is None or shape.is_empty:
        return _bad(path, number, "its geometry is empty")
    if shape.geom_type not in _KINDS.values():
        return _bad(path, number, f"a {shape.geom_type}, no polygon and no point")
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return _bad(path, number, "its coordinates are no degrees: save it in EPSG:4326 (longitude and latitude) first")
    return Feature(properties, shapely.force_2d(shape), number)


def _bad(path: Path, number: int, why: str) -> Issue:
    return place_issue(path, number, "bad-feature", f"feature {number} is left out: {why}")


LAYERS: Mapping[str, Callable[[Path], Iterator[Feature | Issue]]] = {
    ".geojson": _geojson,
    ".json": _geojson,
    ".gpkg": _geopackage,
    ".shp": _shapefile,
    ".zip": _zipped,
}
