"""A user's own places: GeoNames dumps, CSV, GeoJSON and GeoPackage points → a user gazetteer file.

A user gazetteer is a table of the same columns as the bundled ones (tab-separated, a header, sorted), so that it can be
read, mended and versioned by hand. Rows that cannot be used become Issues with file and line; the rest is imported.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import sqlite3
import struct
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from mapper.files import atomic
from mapper.gazetteer.cache import imported, keep_import
from mapper.gazetteer.names import normalise, normalise_many
from mapper.gazetteer.store import GazetteerError, is_table
from mapper.model import Issue, Place, PlaceId, stable_id

_HEADER = "id name lat lon class code country admin1 admin2 population radius geometry names reason source"
HEADER = tuple(_HEADER.split())
_GEONAMES_COLUMNS = 19
# GeoNames features that say who lives or fights where; the rest of a dump (wells, schools, farms) would drown them
_CODE_LIST = (
    "ADM1 ADM2 ADM3 ADM4 ADMD AIRB AIRF AIRP BDG CMP CMPRF CST DAM FRM HLL HLLS ISL LK MT MTS MNA OILF OILR PASS PCLI PEN "
    "PP PPLC PPLA PPLA2 PPLA3 PPLA4 PPL PPLF PPLG PPLH PPLL PPLQ PPLR PPLS PPLW PPLX PRT PS PSTN RGN RSV RUIN STM STMI "
    "VAL VLC WAD INSM MILB CTRB PLAT PLN DSRT OAS"
)
_CODES = frozenset(_CODE_LIST.split())
_KINDS = {
    "": ("P", "PPL"),
    "town": ("P", "PPL"),
    "village": ("P", "PPL"),
    "city": ("P", "PPL"),
    "hamlet": ("P", "PPL"),
    "place": ("P", "PPL"),
    "capital": ("P", "PPLC"),
    "quarter": ("P", "PPLX"),
    "neighbourhood": ("P", "PPLX"),
    "neighborhood": ("P", "PPLX"),
    "district": ("A", "ADM2"),
    "province": ("A", "ADM1"),
    "governorate": ("A", "ADM1"),
    "camp": ("S", "CMP"),
    "base": ("S", "CMP"),
    "airport": ("S", "AIRP"),
    "airbase": ("S", "AIRB"),
    "air base": ("S", "AIRB"),
    "crossing": ("S", "PS"),
    "dam": ("S", "DAM"),
    "hill": ("T", "HLL"),
    "mountain": ("T", "MT"),
    "island": ("T", "ISL"),
    "river": ("H", "STM"),
    "lake": ("H", "LK"),
    "region": ("L", "RGN"),
}
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What an import made: the user gazetteer, how many places are in it, and what could not be used."""

    path: Path
    places: int
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class _Raw:
    """A place as a file gives it: texts, not checked yet, and the line they stand on."""

    fields: Mapping[str, str]
    line: int


def user_folder() -> Path:
    """Where gazetteers added with ``mapper gazetteer add`` live."""
    return user_data_path("mapper") / "gazetteers"


def user_gazetteers(folder: Path | None = None) -> tuple[Path, ...]:
    """The user gazetteer files of the folder, sorted by name."""
    folder = user_folder() if folder is None else folder
    # a hidden one is what a killed write left
    return tuple(sorted(p for p in folder.glob("*.tsv") if not p.name.startswith("."))) if folder.is_dir() else ()


def read_places(path: Path, *, country: str = "") -> Iterator[Place | Issue]:
    """Places of a GeoNames dump (.txt, .zip), CSV/TSV, GeoJSON or GeoPackage, in file order, with Issues for bad rows.

    ``country`` (ISO alpha-2) fills in where a row has none. Raises GazetteerError when the file cannot be read at all.
    """
    for _line_number, made in _numbered(path, country):
        yield made


def _numbered(path: Path, country: str) -> Iterator[tuple[int, Place | Issue]]:
    suffix = path.suffix.lower()
    if suffix not in READERS:
        message = f"{path}: cannot import {suffix or 'a file without suffix'}; known are {', '.join(READERS)}"
        raise GazetteerError(message)
    try:
        for row in READERS[suffix](path):
            if isinstance(row, Issue):
                yield row.line, row
            else:
                yield row.line, _checked(row, path, country)
    except (OSError, UnicodeDecodeError, zipfile.BadZipFile, sqlite3.Error, json.JSONDecodeError, csv.Error) as error:
        message = f"{path}: cannot be read: {error}"
        raise GazetteerError(message) from error


def add_places(path: Path, *, to: Path | None = None, country: str = "") -> Added:
    """Imports a file into a user gazetteer.

    The default is one file per source in the user's data folder; adding a source again replaces it. A dump of the whole
    world is never held in memory. Raises GazetteerError when nothing could be imported.
    """
    target = to if to is not None else user_folder() / f"{normalise(path.stem).replace(' ', '-') or 'places'}.tsv"
    if target.exists() and path.exists() and target.samefile(path):
        message = f"{target} is the file that is to be added: writing it would destroy it; name another with --to"
        raise GazetteerError(message)
    issues = _Issues(path)
    with tempfile.TemporaryFile("w+b") as spool:
        index: list[tuple[int, str, int, int, int]] = []  # GeoNames number or -, other id, line, offset, length
        for line, made in _numbered(path, country):
            if isinstance(made, Issue):
                issues.add(made)
                continue
            text = _line(made, path.name).encode()
            number = int(made.id[9:]) if made.id.startswith("geonames:") else sys.maxsize
            index.append((number, "" if number < sys.maxsize else made.id, line, spool.tell(), len(text)))
            spool.write(text)
        if not index:
            why = f": {issues.first}" if issues.first else ""
            message = f"{path}: no place could be imported{why}"
            raise GazetteerError(message)
        index.sort()
        written, last = 0, (-1, "")
        with atomic(target) as temporary, temporary.open("wb") as stream:
            stream.write("\t".join(HEADER).encode() + b"\n")
            for number, identity, line, offset, length in index:
                if (number, identity) == last:
                    issues.add(_issue(path, line, "duplicate-place", "a place with this id came before; not used"))
                    continue
                last = (number, identity)
                spool.seek(offset)
                stream.write(spool.read(length) + b"\n")
                written += 1
    return Added(path=target, places=written, issues=issues.all())


def as_table(path: Path, folder: Path) -> tuple[Path, tuple[Issue, ...]]:
    """A user gazetteer for a file that may be one already, or anything that can be imported (into the folder then).

    An import without issues is kept by the file's checksum; one with issues is made again, so that they are told again.
    """
    if not path.is_file():
        message = f"{path}: no such gazetteer; `mapper gazetteer add FILE` makes one"
        raise GazetteerError(message)
    if is_table(path):
        return path, ()
    digest = hashlib.sha256(Path(__file__).read_bytes())
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    mark = digest.hexdigest()[:16]
    there = imported(folder / "imported", path.stem, mark)
    if there is not None:
        return there, ()
    try:
        added = add_places(path, to=folder / "imported" / f"{path.stem}.tsv")
    except OSError as error:
        message = f"{path}: cannot be imported into {folder}: {error.strerror or error}"
        raise GazetteerError(message) from error
    return (added.path, added.issues) if added.issues else (keep_import(added.path, path.stem, mark), ())


class _Issues:
    """Collects issues up to a limit; the rest is counted."""

    _MOST = 1000  # a wrong column in a dump of millions of rows makes millions of equal complaints

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: list[Issue] = []
        self._more = 0

    @property
    def first(self) -> str:
        return self._kept[0].message if self._kept else ""

    def add(self, issue: Issue) -> None:
        if len(self._kept) < self._MOST:
            self._kept.append(issue)
        else:
            self._more += 1

    def all(self) -> tuple[Issue, ...]:
        kept = sorted(self._kept, key=lambda issue: issue.line)
        if self._more:
            kept.append(_issue(self._path, 0, "more-issues", f"and {self._more:,} more rows that could not be used"))
        return tuple(kept)


def _line(place: Place, source: str) -> str:
    cells = [
        place.id,
        place.name,
        f"{place.lat:.6g}" if abs(place.lat) < 1 else f"{place.lat:.5f}",
        f"{place.lon:.6g}" if abs(place.lon) < 1 else f"{place.lon:.5f}",
        place.feature_class,
        place.feature_code,
        place.country,
        place.admin1,
        "",
        str(place.population or ""),
        f"{place.radius_km:g}" if place.radius_km else "",
        "",
        "|".join(name.replace("|", " ") for name in place.names),
        "imported",
        place.source or source,
    ]
    return "\t".join(" ".join(cell.split()) for cell in cells)


def _issue(path: Path, line: int, code: str, message: str, value: str = "") -> Issue:
    return Issue(stage="gazetteer", level="error", code=code, message=message, value=value, file=str(path), line=line)


def _checked(row: _Raw, path: Path, country: str) -> Place | Issue:
    """A Place from raw texts, or the Issue that says what is wrong with them."""
    fields = {key: " ".join(value.split()) for key, value in row.fields.items()}
    name = fields.get("name", "")
    if not normalise(name):
        return _issue(path, row.line, "place-without-name", "no name", name)
    try:
        lat, lon = float(fields.get("lat", "").replace(",", ".")), float(fields.get("lon", "").replace(",", "."))
    except ValueError:
        value = f"{fields.get('lat', '')}, {fields.get('lon', '')}"
        return _issue(path, row.line, "bad-coordinates", f"{name}: latitude and longitude must be numbers", value)
    if not (math.isfinite(lat) and math.isfinite(lon) and -90 <= lat <= 90 and -180 <= lon <= 180):
        hint = "; are they swapped?" if -90 <= lon <= 90 and -180 <= lat <= 180 else ""
        return _issue(path, row.line, "bad-coordinates", f"{name}: not on Earth{hint}", f"{lat:g}, {lon:g}")
    code = (fields.get("country") or country).upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        return _issue(path, row.line, "bad-country", f"{name}: country must be a two-letter ISO code", code)
    kind = fields.get("kind", "")
    if fields.get("class") and kind:
        feature = (fields["class"], kind)
    elif kind.lower() in _KINDS:
        feature = _KINDS[kind.lower()]
    elif kind.upper() in _CODES:
        feature = (_class_of(kind.upper()), kind.upper())
    else:
        known = ", ".join(filter(None, _KINDS))
        return _issue(path, row.line, "unknown-kind", f"{name}: unknown kind; known are {known}, GeoNames codes", kind)
    admin1 = fields.get("admin1", "")
    try:
        population = max(0, int(float(fields.get("population") or 0)))
        radius = max(0.0, float(fields.get("radius") or 0))
    except (ValueError, OverflowError):
        return _issue(path, row.line, "bad-number", f"{name}: population and radius must be numbers")
    return Place(
        id=_identity(fields.get("id", ""), name, lat, lon),
        name=name,
        lat=lat,
        lon=lon,
        names=_distinct(name, fields.get("aliases", "")),
        feature_class=feature[0],
        feature_code=feature[1],
        country=code,
        admin1=admin1 if "." in admin1 or not admin1 or not code else f"{code}.{admin1}",
        population=min(population, 2**32 - 1),
        radius_km=radius,
        source=fields.get("source", ""),
    )


def _identity(given: str, name: str, lat: float, lon: float) -> PlaceId:
    """GeoNames ids and ids with a prefix stay; a bare or missing id becomes one made from name and point."""
    prefix, _, rest = given.partition(":")
    if rest and prefix.isidentifier() and (prefix != "geonames" or (rest.isascii() and rest.isdigit())):
        return PlaceId(given)
    return PlaceId(f"user:{stable_id(name, f'{lat:.4f}', f'{lon:.4f}')}")


def _class_of(code: str) -> str:
    if code.startswith(("ADM", "PCL")):
        return "A"
    if code.startswith("PPL"):
        return "P"
    if code in ("STM", "STMI", "LK", "RSV", "WAD", "CST"):
        return "H"
    if code in ("HLL", "HLLS", "MT", "MTS", "ISL", "VLC", "PASS", "PEN", "VAL", "PLAT", "PLN", "DSRT"):
        return "T"
    return "L" if code in ("RGN", "OILF", "MILB") else "S"


def _distinct(name: str, aliases: str) -> tuple[str, ...]:
    """Aliases separated by ``|``, ``;`` or (where there is neither) commas; one for each distinct key."""
    mark = "|" if "|" in aliases else ";" if ";" in aliases else ","
    given = [alias.strip() for alias in aliases.split(mark) if alias.strip()]
    own = normalise(name)
    kept: dict[str, str] = {}
    for alias, key in zip(given, normalise_many(given), strict=True):
        if key and key != own:
            kept.setdefault(key, alias)
    return tuple(kept.values())


# --- readers: each yields rows as the file has them


def _geonames_line(text: str, line: int, path: Path) -> _Raw | Issue | None:
    cells = text.rstrip("\r\n").split("\t")
    if len(cells) < _GEONAMES_COLUMNS:
        message = f"{len(cells)} columns; a GeoNames dump has {_GEONAMES_COLUMNS}, tab-separated"
        return _issue(path, line, "bad-row", message, text[:60])
    if cells[7] not in _CODES:
        return None
    aliases = "|".join(name for name in (cells[2], *cells[3].split(",")) if _news_name(name))
    return _Raw(
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


def _geonames_lines(stream: Iterable[str], path: Path) -> Iterator[_Raw | Issue]:
    for line, text in enumerate(stream, 1):
        if text.strip():
            row = _geonames_line(text, line, path)
            if row is not None:
                yield row


def _geonames_rows(path: Path) -> Iterator[_Raw | Issue]:
    with path.open(encoding="utf-8-sig", newline="\n") as stream:
        yield from _geonames_lines(stream, path)


def _geonames_zip(path: Path) -> Iterator[_Raw | Issue]:
    with zipfile.ZipFile(path) as archive:
        tables = [name for name in archive.namelist() if name.endswith(".txt") and "readme" not in name.lower()]
        if not tables:
            message = f"{path}: holds no .txt table"
            raise GazetteerError(message)
        for name in tables:
            with archive.open(name) as raw:
                yield from _geonames_lines(io.TextIOWrapper(raw, encoding="utf-8-sig", newline="\n"), path)


def _csv_rows(path: Path) -> Iterator[_Raw | Issue]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        sample = stream.read(4096)
        stream.seek(0)
        first = sample.split("\n", 1)[0]
        delimiter = max("\t;,", key=first.count)
        reader = csv.reader(stream, delimiter=delimiter)
        header = [cell.strip().lower() for cell in next(reader, [])]
        columns = {
            field: header.index(known) for field, names in _FIELDS.items() for known in names[::-1] if known in header
        }
        missing = [field for field in ("name", "lat", "lon") if field not in columns]
        if missing:
            message = f"{path}: no column for {', '.join(missing)}; its columns are {', '.join(header)}"
            raise GazetteerError(message)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) < max(columns.values()) + 1:
                message = f"{len(cells)} cells where the header has {len(header)}"
                yield _issue(path, reader.line_num, "bad-row", message, delimiter.join(cells)[:60])
                continue
            yield _Raw({field: cells[at] for field, at in columns.items()}, reader.line_num)


def _properties(properties: Mapping[str, object]) -> dict[str, str]:
    """Our fields out of a feature's properties, whatever their case."""
    lowered = {str(key).lower(): value for key, value in properties.items() if value is not None}
    found: dict[str, str] = {}
    for field, names in _FIELDS.items():
        value = next((lowered[name] for name in names if name in lowered), None)
        if isinstance(value, list):
            found[field] = "|".join(map(str, value))
        elif value is not None:
            found[field] = str(value)
    return found


def _geojson_rows(path: Path) -> Iterator[_Raw | Issue]:
    data = json.loads(path.read_text(encoding="utf-8-sig"))
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        message = f"{path}: not a GeoJSON FeatureCollection"
        raise GazetteerError(message)
    for number, feature in enumerate(features, 1):
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if not isinstance(geometry, dict) or geometry.get("type") != "Point":
            kind = geometry.get("type") if isinstance(geometry, dict) else None
            yield _issue(path, number, "not-a-point", "only Point features are imported", str(kind))
            continue
        lon, lat = [*(geometry.get("coordinates") or []), "", ""][:2]
        fields = _properties(feature.get("properties") or {})
        yield _Raw({**fields, "lat": str(lat), "lon": str(lon)}, number)


def _gpkg_rows(path: Path) -> Iterator[_Raw | Issue]:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        layers = database.execute("SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns").fetchall()
        for table, column, srs in layers:
            if srs not in (4326, 0, -1):
                yield _issue(path, 0, "not-wgs84", f"layer {table} is in SRS {srs}; save it as EPSG:4326 first")
                continue
            quoted = '"' + str(table).replace('"', '""') + '"'
            for number, row in enumerate(database.execute(f"SELECT * FROM {quoted}"), 1):  # noqa: S608  # a quoted identifier
                point = gpkg_point(row[column])
                if point is None:
                    yield _issue(path, number, "not-a-point", f"layer {table}: only points are imported")
                    continue
                fields = _properties({key: row[key] for key in row.keys() if key not in (column, "fid")})  # noqa: SIM118
                yield _Raw({**fields, "lon": str(point[0]), "lat": str(point[1])}, number)


def gpkg_point(blob: object) -> tuple[float, float] | None:
    """(lon, lat) of a GeoPackage geometry blob: None if it is empty, broken or not a point."""
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":
        return None
    envelope = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}.get(blob[3] >> 1 & 7)
    if envelope is None or len(blob) < 8 + envelope + 21:
        return None
    start = 8 + envelope
    order = "<" if blob[start] == 1 else ">"
    (kind,) = struct.unpack_from(f"{order}I", blob, start + 1)
    if kind % 1000 != 1:  # 1001, 2001, 3001 are points with Z and M
        return None
    lon, lat = struct.unpack_from(f"{order}2d", blob, start + 5)
    return (lon, lat) if math.isfinite(lon) and math.isfinite(lat) else None


READERS: Mapping[str, Callable[[Path], Iterator[_Raw | Issue]]] = {
    ".txt": _geonames_rows,
    ".zip": _geonames_zip,
    ".csv": _csv_rows,
    ".tsv": _csv_rows,
    ".geojson": _geojson_rows,
    ".json": _geojson_rows,
    ".gpkg": _gpkg_rows,
}
