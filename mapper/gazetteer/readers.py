"""Files of places as others write them → rows of texts: GeoNames dumps, CSV, GeoJSON and GeoPackage points.

Nothing is checked here but the form: a row that cannot be a place's becomes an Issue with file and line.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from mapper import bounded
from mapper.bounded import absurd, bare_geometry, csv_rows, is_stored, lines, open_sqlite, parse_json, point_of
from mapper.gazetteer.store import GazetteerError
from mapper.model import Issue

_GEONAMES_COLUMNS = 19
MAX_GEOJSON = 256_000_000  # bytes of a GeoJSON file, which is read whole
# GeoNames features that say who lives or fights where; the rest of a dump (wells, schools, farms) would drown them
_CODE_LIST = (
    "ADM1 ADM2 ADM3 ADM4 ADMD AIRB AIRF AIRP BDG CMP CMPRF CST DAM FRM HLL HLLS ISL LK MT MTS MNA OILF OILR PASS PCLI PEN "
    "PP PPLC PPLA PPLA2 PPLA3 PPLA4 PPL PPLF PPLG PPLH PPLL PPLQ PPLR PPLS PPLW PPLX PRT PS PSTN RGN RSV RUIN STM STMI "
    "VAL VLC WAD INSM MILB CTRB PLAT PLN DSRT OAS"
)
CODES = frozenset(_CODE_LIST.split())
# what the libraries raise on damaged files, beside what they say they do
DAMAGE = (
    OSError, UnicodeDecodeError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, sqlite3.Error,
    sqlite3.Warning, csv.Error,
)  # fmt: skip
# what people call the columns of a CSV or the properties of a feature
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "place", "asciiname", "name_en", "toponym", "label"),
    "lat": ("lat", "latitude", "y"),
    "lon": ("lon", "lng", "long", "longitude", "x"),
    "aliases": ("aliases", "names", "alternatenames", "alternate_names", "other_names", "alias"),
    "country": ("country", "countrycode", "country_code", "iso2", "iso_a2"),
    "kind": ("kind", "type", "feature_code", "code", "fcode", "place_type"),
    "admin1": ("admin1", "admin1_code", "province"),
    "population": ("population", "pop"),
    "radius": ("radius_km", "radius", "precision_km"),
    "id": ("id", "place_id", "geonameid"),
    "source": ("source",),
}
# OpenStreetMap's place=* → ours; what is no place of its own, or land without a point, is left out
_OSM_KINDS = {
    "city": "PPL", "town": "PPL", "village": "PPL", "hamlet": "PPL", "isolated_dwelling": "PPLF", "suburb": "PPLX",
    "quarter": "PPLX", "neighbourhood": "PPLX", "island": "ISL", "national_capital": "PPLC",
}  # fmt: skip
_OSM_LEFT_OUT = frozenset({
    "locality", "farm", "allotments", "plot", "city_block", "square", "borough", "islet", "archipelago", "continent", "country",
    "state", "region", "province", "district", "county", "subdistrict", "municipality", "ocean", "sea", "polder", "yes",
})  # fmt: skip
_OSM_NAME = re.compile(r"(?:(?:alt|old|official|int|loc|short)_)?name(?:[:_][a-z]{2,3}(?:-[A-Za-z]+)?)?")
_OSM_ID = re.compile(r"(?:(n|w|r|node|way|relation)/?)?([0-9]{1,19})", re.IGNORECASE)
OSM_SOURCE = "OpenStreetMap contributors (ODbL)"
ADMIN_HINT = "; tables and outlines of districts are read by `mapper gazetteer get COUNTRY FILE`"


@dataclass(frozen=True, slots=True)
class Raw:
    """A place as a file gives it: texts, not checked yet, and the line they stand on."""

    fields: Mapping[str, str]
    line: int


def place_issue(path: Path, line: int, code: str, message: str, value: str = "") -> Issue:
    return Issue(stage="gazetteer", level="error", code=code, message=message, value=value, file=str(path), line=line)


def _geonames_line(text: str, line: int, path: Path) -> Raw | Issue | None:
    cells = text.rstrip("\r\n").split("\t")
    if len(cells) < _GEONAMES_COLUMNS:
        message = f"{len(cells)} columns; a GeoNames dump has {_GEONAMES_COLUMNS}, tab-separated"
        return place_issue(path, line, "bad-row", message, text[:60])
    if cells[7] not in CODES:
        return None
    aliases = "|".join(name for name in (cells[2], *cells[3].split(",")) if _news_name(name))
    return Raw(
        {
            "id": f"geonames:{cells[0]}",
            "name": cells[1],
            "aliases": aliases,
            "lat": cells[4],
            "lon": cells[5],
            "class": cells[6],
            "kind": cells[7],
            "country": cells[8],
            "admin1": f"{cells[8]}.{cells[10]}" if cells[10] else "",
            "population": cells[14],
        },
        line,
    )


def _news_name(name: str) -> bool:
    """False for GeoNames' codes, links and machine romanisations, which are all lower case."""
    if not name or "http" in name or len(name) > 60 or any(letter.isdigit() for letter in name):
        return False
    if not name.isascii():
        return True
    return any(letter.isupper() for letter in name) and not (name.isupper() and len(name) <= 4)


def _geonames_lines(stream: IO[bytes], path: Path) -> Iterator[Raw | Issue]:
    for line, raw in lines(stream):
        if line > bounded.MAX_ROWS:  # of any kind: only some of a dump's are used
            message = f"{path}: more than {bounded.MAX_ROWS:,} lines: cut it into files first"
            raise GazetteerError(message)
        if raw is None:
            yield place_issue(path, line, "line-too-long", f"a line of more than {bounded.MAX_LINE:,} bytes is skipped")
            continue
        text = raw if isinstance(raw, str) else raw.decode("utf-8-sig" if line == 1 else "utf-8")
        if text.strip():
            row = _geonames_line(text, line, path)
            if row is not None:
                yield row


def _geonames_rows(path: Path) -> Iterator[Raw | Issue]:
    with path.open("rb") as stream:
        yield from _geonames_lines(stream, path)


def _zip_rows(path: Path) -> Iterator[Raw | Issue]:
    with zipfile.ZipFile(path) as archive:
        tables = [name for name in archive.namelist() if name.endswith(".txt") and "readme" not in name.lower()]
        documents = [name for name in archive.namelist() if name.lower().endswith((".geojson", ".json"))]
        if not tables and not documents:
            message = f"{path}: holds no .txt table and no .geojson"
            raise GazetteerError(message)
        for name in tables:
            with archive.open(name) as raw:
                yield from _geonames_lines(raw, path)
        for name in () if tables else documents:
            with archive.open(name) as raw:
                yield from _geojson_document(raw.read(MAX_GEOJSON + 1), path)


def _text_lines(stream: IO[bytes]) -> Iterator[str]:
    """Lines as text; one that is too long is empty, so that the numbers of the others stay."""
    for line, raw in lines(stream):
        text = raw.decode("utf-8-sig" if line == 1 else "utf-8") if isinstance(raw, bytes) else raw or "\n"
        yield from io.StringIO(text, newline="")


def _csv_rows(path: Path) -> Iterator[Raw | Issue]:
    with path.open("rb") as stream:
        source = _text_lines(stream)
        first = next(source, "")
        delimiter = max("\t;,", key=first.count)
        header: list[str] = []
        columns: dict[str, int] = {}
        for line, cells in csv_rows(itertools.chain([first], source), delimiter=delimiter):
            if isinstance(cells, str):
                yield place_issue(path, line, "bad-row", cells)
                continue
            if not header:
                header = [cell.strip().lower() for cell in cells]
                columns = {
                    field: header.index(known)
                    for field, names in _FIELDS.items()
                    for known in names[::-1]
                    if known in header
                }
                missing = [field for field in ("name", "lat", "lon") if field not in columns]
                if missing:
                    message = f"{path}: no column for {', '.join(missing)}; its columns are {', '.join(header)}"
                    message += ADMIN_HINT if any(cell.startswith("adm") for cell in header) else ""
                    raise GazetteerError(message)
                continue
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) < max(columns.values()) + 1:
                message = f"{len(cells)} cells where the header has {len(header)}"
                yield place_issue(path, line, "bad-row", message, delimiter.join(cells)[:60])
                continue
            yield Raw({field: cells[at] for field, at in columns.items()}, line)
        if not header:
            message = f"{path}: the file is empty: give it a header line and rows"
            raise GazetteerError(message)


def _properties(properties: Mapping[str, object]) -> dict[str, str] | None:
    """Our fields out of a feature's properties, whatever their case; None for a feature that is left out."""
    lowered = {str(key).lower(): value for key, value in properties.items() if value is not None}
    kind = str(lowered.get("place") or lowered.get("fclass") or "")
    if kind in _OSM_LEFT_OUT:
        return None
    found: dict[str, str] = {}
    for field, names in _FIELDS.items():
        value = next((lowered[name] for name in names if name in lowered), None)
        if isinstance(value, list):
            found[field] = "|".join(str(one) for one in value if isinstance(one, str | int | float))
        elif isinstance(value, str | int | float):
            found[field] = str(value)
    return found | _of_openstreetmap(lowered, kind, found.get("aliases", "")) if kind in _OSM_KINDS else found


def _of_openstreetmap(tags: Mapping[str, object], kind: str, aliases: str) -> dict[str, str]:
    """A place=* of OpenStreetMap, however it was extracted.

    The English name is the principal one where there is one, the others are its aliases.
    """
    names = [
        one.strip()
        for key in sorted(
            tags, key=lambda key: (key not in ("name:en", "name_en"), key != "int_name", key != "name", key)
        )
        if _OSM_NAME.fullmatch(key) and isinstance(tags[key], str)
        for one in str(tags[key]).split(";")
        if one.strip()
    ]
    match = next((m for key in ("@id", "osm_id", "id") if (m := _OSM_ID.fullmatch(str(tags.get(key, ""))))), None)
    given = str(tags.get("osm_type") or (match and match[1]) or "n")[0].lower()
    people = "".join(letter for letter in str(tags.get("population", "")) if letter.isdecimal())
    return {
        "name": names[0] if names else "",
        "aliases": "|".join([*(name.replace("|", " ") for name in names[1:]), *filter(None, [aliases])]),
        "kind": "PPLC" if tags.get("capital") == "yes" else _OSM_KINDS[kind],
        "id": f"osm:{given}{match[2]}" if match else "",
        "country": next(
            (str(tags[k]) for k in ("is_in:country_code", "addr:country") if len(str(tags.get(k, ""))) == 2), ""
        ),
        "population": people if len(people) < 10 else "",
        "source": OSM_SOURCE,
    }


def _geojson_rows(path: Path) -> Iterator[Raw | Issue]:
    with path.open("rb") as stream:
        yield from _geojson_document(stream.read(MAX_GEOJSON + 1), path)


def geojson_features(raw: bytes, path: Path) -> list[Any]:
    """The features of a document that was read up to MAX_GEOJSON + 1. Raises GazetteerError and UnicodeDecodeError."""
    if len(raw) > MAX_GEOJSON:
        message = f"{path}: more than {MAX_GEOJSON:,} bytes: save it as CSV or GeoPackage"
        raise GazetteerError(message)
    try:
        data = parse_json(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise
    except ValueError as error:
        message = f"{path}: cannot be read: {error}"
        raise GazetteerError(message) from error
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        message = f"{path}: not a GeoJSON FeatureCollection"
        raise GazetteerError(message)
    return features


def _geojson_document(raw: bytes, path: Path) -> Iterator[Raw | Issue]:
    features = geojson_features(raw, path)
    for number, feature in enumerate(features, 1):
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if not isinstance(geometry, dict) or geometry.get("type") != "Point":
            kind = geometry.get("type") if isinstance(geometry, dict) else None
            message = "only Point features are imported" + (ADMIN_HINT if str(kind).endswith("Polygon") else "")
            yield place_issue(path, number, "not-a-point", message, str(kind)[:60])
            continue
        if wrong := absurd(feature):
            yield place_issue(path, number, "bad-feature", f"the feature {wrong}")
            continue
        point, properties = geometry.get("coordinates"), feature.get("properties")
        lon, lat = [*(point if isinstance(point, list) else ()), "", ""][:2]
        own = {"@id": feature["id"]} if isinstance(feature.get("id"), str | int) else {}
        fields = _properties(own | properties if isinstance(properties, dict) else {})
        if fields is not None:
            yield Raw({**fields, "lat": _degrees(lat), "lon": _degrees(lon)}, number)


def _degrees(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) else ""


def _gpkg_rows(path: Path) -> Iterator[Raw | Issue]:
    with closing(open_sqlite(path)) as database:
        database.row_factory = sqlite3.Row
        if not is_stored(database, "gpkg_geometry_columns"):
            message = f"{path}: not a GeoPackage: no table gpkg_geometry_columns"
            raise GazetteerError(message)
        layers = database.execute("SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns").fetchall()
        for table, column, srs in layers:
            if srs not in (4326, 0, -1):
                yield place_issue(path, 0, "not-wgs84", f"layer {table} is in SRS {srs}; save it as EPSG:4326 first")
                continue
            if not is_stored(database, str(table)):
                message = f"layer {table} is no table but a view, which may never end: save it as a layer of its own"
                yield place_issue(path, 0, "not-a-table", message)
                continue
            quoted = '"' + str(table).replace('"', '""') + '"'
            for number, row in enumerate(database.execute(f"SELECT * FROM {quoted}"), 1):  # noqa: S608  # a quoted identifier
                point = point_of(bare_geometry(row[column])) if column in row.keys() else None  # noqa: SIM118 - a row is no mapping
                if point is None:
                    yield place_issue(path, number, "not-a-point", f"layer {table}: only points are imported")
                    continue
                fields = _properties({key: row[key] for key in row.keys() if key not in (column, "fid")})  # noqa: SIM118
                if fields is not None:
                    yield Raw({**fields, "lat": str(point[0]), "lon": str(point[1])}, number)


READERS: Mapping[str, Callable[[Path], Iterator[Raw | Issue]]] = {
    ".txt": _geonames_rows,
    ".zip": _zip_rows,
    ".csv": _csv_rows,
    ".tsv": _csv_rows,
    ".geojson": _geojson_rows,
    ".json": _geojson_rows,
    ".gpkg": _gpkg_rows,
}
