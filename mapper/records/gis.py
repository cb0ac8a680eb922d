"""Files that ``mapper export`` wrote, read back to the timeline they came from, or refused with the way to do it.

Claims come back with every column of the claims table. A file of points gives the periods of its places; a GeoPackage
has both, and its periods that rest on claims are not read beside the claims: the fold makes them. Areas are refused: a
cell tells what is so on a piece of land, not what was said of which place. So are slices of time (``--every``), and the
claims of a Shapefile, whose texts are cut.
"""

from __future__ import annotations

import importlib
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import IO, Any

import numpy as np
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from mapper import bounded
from mapper.bounded import bare_geometry, is_stored, open_sqlite, point_of
from mapper.model import Basis, Issue
from mapper.records.flat import CLAIM_COLUMNS, PERIOD_COLUMNS
from mapper.records.tables import MAX_TABLE, Row, Rows, TableError, cell_text, keyed_rows, problem

# Attributes of an exported period under the names of the periods table
_RENAMED = {"actor": "actor_id", "other": "other_id"}
_MARKS = frozenset({"place_id", "status", "actor", "start", "begin_date", "basis", "claim_ids", "zone"})
_BESIDE = ("actor", "other", "actor_name", "other_name", "begin_date", "zone", "since")
_SHORT = {"actor_name": "actor_nam", "other_name": "other_nam", "start_latest": "start_lat", "confidence": "confid"}
SHORT_TEXT = 254  # bytes that dBase allows a text
_LONGEST_LETTER = 4  # bytes of a letter that did not fit any more
MAX_LAYER = 256_000_000  # bytes of a FlatGeobuf or Shapefile, which GDAL reads whole
_SMALLEST = 4  # bytes that a feature takes at least: where more are said to be, the head is damaged

# What zipfile raises for an archive that is damaged, encrypted or packed in a way it does not know
_DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)

_AREAS = (
    "these are areas, which tell what is so on a piece of land and not what was said of which place: export with"
    " --shape points or --shape claims, or as .gpkg, and read that"
)
_SLICES = "these are slices of time ({} of a period that began {}), whose periods are cut: export without --every and read that"
_CLAIMS_CUT = (
    "claims in a Shapefile have names of ten letters and texts of 254 bytes, the rest is lost: export them with"
    " --shape claims as .csv, .gpkg, .parquet or .geojson and read that"
)
_TOO_MANY = "more than {:,} rows: the rest is not read; cut it into files"
_NOT_OURS = "no claims and no points as mapper export writes them: a map of others is no table; export ours again if it is older"


def short_name(column: str) -> str:
    """The name of a column in a Shapefile, where ten letters are allowed."""
    return _SHORT.get(column, column)[:10]


def is_exported(columns: Iterable[str]) -> bool:
    """Whether the columns are those of a layer of periods that ``mapper export`` wrote."""
    return set(columns) >= _MARKS


def exported(rows: Rows, name: str) -> Rows | None:
    """The claims or periods of a layer that ``mapper export`` wrote; None for other tables.

    Iterating over periods raises TableError for areas and slices.
    """
    if set(rows.columns) >= {*CLAIM_COLUMNS, "begin_date", "end_date"}:
        return keyed_rows(CLAIM_COLUMNS, rows.rows, rows.issues)
    return keyed_rows(PERIOD_COLUMNS, _periods(rows.rows, name), rows.issues) if is_exported(rows.columns) else None


def geopackage_tables(path: Path, name: str, resources: ExitStack) -> list[Rows]:
    """The claims of a GeoPackage and the periods that rest on none of them, or all periods where it has no claims.

    Raises TableError.
    """
    try:
        store = resources.enter_context(closing(open_sqlite(path)))
        names = [layer for layer in ("claims", "places", "territory") if is_stored(store, layer)]
        layers = {layer: _columns(store, layer) for layer in names}
        held = {layer for layer, columns in layers.items() if columns and _holds(store, layer)}
        found: list[Rows] = []
        issues: list[Issue] = []
        if "claims" in held and {"fid", *CLAIM_COLUMNS} <= set(layers["claims"]):
            found.append(keyed_rows(CLAIM_COLUMNS, _claims(store, name), []))
        elif "claims" in held:
            text = "its claims layer lacks columns of the claims table: export it again with this version"
            issues.append(problem(name, "claims-not-whole", text, level="warning"))
        layer = next(
            (
                layer
                for layer in ("places", "territory")
                if layer in held and is_exported(layers[layer]) and "fid" in layers[layer]
            ),
            "",
        )
        if layer == "places" or (layer and not found):
            records = _records(store, layer, layers[layer], name)
            own = (row for row in records if _is_own(row[1])) if found else records
            found.append(keyed_rows(PERIOD_COLUMNS, _periods(own, name), issues))
    except sqlite3.DatabaseError as error:
        raise TableError(problem(name, "table-unreadable", f"not a GeoPackage ({error})")) from error
    if found:
        return found
    text = "no layer claims, places or territory as mapper export writes them: another GeoPackage may be a gazetteer"
    raise TableError(problem(name, "geopackage-unknown", text))


def _is_own(cells: Mapping[str, str]) -> bool:
    """A period that a table stated as such: what the fold makes of claims bears their ids or another basis."""
    return not cells.get("claim_ids") and cells.get("basis") == Basis.STATED


def kml_tables(path: Path, name: str, resources: ExitStack) -> list[Rows]:
    """The claims or the points of a KML file or of the one inside a KMZ. Raises TableError, also while it is iterated."""
    try:
        stream: IO[bytes] = resources.enter_context(path.open("rb"))
        if path.suffix.lower() == ".kmz":
            archive = resources.enter_context(zipfile.ZipFile(stream))
            member = next((m for m in archive.namelist() if m.lower().endswith(".kml")), None)
            if member is None:
                raise TableError(problem(name, "table-unreadable", "the archive holds no .kml file"))
            stream = resources.enter_context(archive.open(member))
    except _DAMAGE as error:
        raise TableError(problem(name, "table-unreadable", f"not a KMZ file ({error})")) from error
    marks = _placemarks(_Measured(stream, name), name)
    first = next(marks, None)
    if first is None:
        raise TableError(problem(name, "table-empty", "no placemark in it"))
    folder, (_, cells) = first

    def rows() -> Iterator[tuple[str, Row]]:
        yield first
        yield from marks

    if folder == "claims" and {"id", "predicate"} <= set(cells):
        empty = dict.fromkeys(CLAIM_COLUMNS, "")  # KML leaves out what is empty
        return [keyed_rows(CLAIM_COLUMNS, ((line, empty | row) for _, (line, row) in rows()), [])]
    if {"place_id", "status", "begin_date", "basis"} <= set(cells) or "zone" in cells:
        return [keyed_rows(PERIOD_COLUMNS, _periods((row for _, row in rows()), name), [])]
    raise TableError(problem(name, "not-exported", _NOT_OURS))


class _Measured:
    """A KML file or member, which may unpack to anything, up to its bounds: raises TableError beyond them."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name
        self._size = 0
        self.held = 0  # bytes read since the last placemark that came to its end

    def read(self, most: int = -1) -> bytes:
        data = self._stream.read(most)
        self._size += len(data)
        self.held += len(data)
        if self._size > MAX_TABLE:
            text = f"more than {MAX_TABLE:,} bytes: the rest is not read; cut it into files"
            raise TableError(problem(self._name, "table-too-long", text))
        if self.held > bounded.MAX_LINE:
            text = f"a placemark of more than {bounded.MAX_LINE:,} bytes: it and the rest are not read; take it out"
            raise TableError(problem(self._name, "line-too-long", text))
        return data


def _placemarks(stream: _Measured, name: str) -> Iterator[tuple[str, Row]]:
    """Folder, number and cells of each placemark: its data, and ``lat`` and ``lon`` of its point."""
    folder, number, above = "", 0, []
    cells: dict[str, str] = {}
    try:
        for event, element in iterparse(stream, events=("start", "end")):
            tag = str(element.tag).rpartition("}")[2]
            if event == "start":
                above.append(element)
                continue
            above.pop()
            inside = str(above[-1].tag).rpartition("}")[2] if above else ""
            if tag == "name" and inside == "Folder":
                folder = element.text or ""
            elif tag == "value" and inside == "Data":
                cells[str(above[-1].get("name", "")).casefold()] = element.text or ""
            elif tag == "coordinates" and inside == "Point":
                lon, lat = [*(element.text or "").strip().split(","), "", ""][:2]
                cells = {"lat": lat, "lon": lon} | cells
            elif tag == "Placemark":
                number += 1
                if number > bounded.MAX_ROWS:
                    raise TableError(problem(name, "table-too-long", _TOO_MANY.format(bounded.MAX_ROWS), line=number))
                yield folder, (number, cells)
                cells = {}
                stream.held = 0
                for element_above in above:
                    del element_above[:]  # a long file must not stay in memory
    except (ParseError, DefusedXmlException, *_DAMAGE) as error:
        raise TableError(problem(name, "table-unreadable", f"not whole KML ({error})")) from error


def vector_tables(path: Path, name: str, resources: ExitStack) -> list[Rows]:  # noqa: ARG001 - one contract of READERS
    """The claims or the points of a FlatGeobuf, the points of a Shapefile; through GDAL. Raises TableError."""
    meta, shapes, values = read_layer(path, name)
    columns = [str(field).casefold() for field in meta["fields"]]
    issues: list[Issue] = []
    rows: Iterator[Row] = (
        (line, {"geometry": (shape or b"").hex()} | {c: _vector_cell(v) for c, v in zip(columns, row, strict=True)})
        for line, (shape, *row) in enumerate(zip(shapes, *values, strict=True), start=1)
    )
    if path.suffix.lower() == ".shp":
        if {"predicate", "actor_text", "quote"} <= set(columns):
            raise TableError(problem(name, "claims-cut", _CLAIMS_CUT))
        whole = {short_name(column): column for column in (*PERIOD_COLUMNS, *_BESIDE)}
        columns = [whole.get(column, column) for column in columns]
        rows = _lengthened(rows, whole, name, issues)
    found = exported(keyed_rows(tuple(columns), rows, issues), name)
    if found is not None:
        return [found]
    raise TableError(problem(name, "not-exported", _NOT_OURS))


def read_layer(
    source: Path | bytes, name: str
) -> tuple[dict[str, Any], Sequence[bytes | None], Sequence[Sequence[Any]]]:
    """A layer as pyogrio describes it, the WKB of its features, and their columns. Raises TableError, also beyond bounds.

    ``source`` is a file, or a bounded zip archive of one Shapefile's parts, not compressed.
    """
    pyogrio = importlib.import_module("pyogrio")  # slow to load
    if isinstance(source, Path):
        if source.suffix.lower() == ".shp":
            _check_whole(source, name)
        _check_bytes(source, name)
    size = len(source) if isinstance(source, bytes) else _size(source)
    try:
        _check_count(pyogrio.read_info(source)["features"], size, name)
        meta, _, shapes, values = pyogrio.raw.read(source)
    except (RuntimeError, IndexError, ValueError) as error:  # pyogrio's own errors, and what damage makes of its arrays
        raise TableError(problem(name, "table-unreadable", f"GDAL cannot read it: {error}")) from error
    return meta, shapes, values


def _size(path: Path) -> int:
    """Bytes of a layer's file, of a Shapefile with those beside it."""
    beside = (".shx", ".dbf") if path.suffix.lower() == ".shp" else ()
    files = [path, *(path.with_suffix(end.upper() if path.suffix.isupper() else end) for end in beside)]
    return sum(file.stat().st_size for file in files if file.exists())


def _check_bytes(path: Path, name: str) -> None:
    """Raises TableError for a file larger than the bound."""
    if _size(path) > MAX_LAYER:
        text = f"more than {MAX_LAYER:,} bytes, and such a file is read whole: export as .gpkg, .csv or .parquet and read that"
        raise TableError(problem(name, "table-too-long", text))


def _check_count(count: int, size: int, name: str) -> None:
    """Raises TableError for more features than are read or than the file has room for: GDAL makes room for all it is told."""
    if count > size // _SMALLEST:
        text = f"says it has {count:,} features, for which the file is too short: it is damaged"
        raise TableError(problem(name, "table-unreadable", text))
    if count > bounded.MAX_ROWS:
        text = f"says it has {count:,} rows; mapper reads {bounded.MAX_ROWS:,}: cut it into files"
        raise TableError(problem(name, "table-too-long", text))


def _check_whole(path: Path, name: str) -> None:
    """Raises TableError for a Shapefile shorter than its head says: GDAL reads it, without the points that are cut off."""
    with path.open("rb") as stream:
        head = stream.read(28)
    if len(head) == 28 and 2 * int.from_bytes(head[24:], "big") > path.stat().st_size:
        raise TableError(problem(name, "table-unreadable", "the file is shorter than it says: it was cut off"))


def _vector_cell(value: Any) -> str:
    if isinstance(value, np.datetime64):
        return "" if np.isnat(value) else str(value.astype("datetime64[D]"))
    return cell_text(value.item() if isinstance(value, np.generic) else value)


def _lengthened(rows: Iterator[Row], names: Mapping[str, str], name: str, issues: list[Issue]) -> Iterator[Row]:
    """Rows of a Shapefile under the whole names of their columns; of texts that were cut what is whole."""
    for line, cells in rows:
        row = {names.get(column, column): text for column, text in cells.items()}
        if len(row.get("claim_ids", "").encode()) > SHORT_TEXT - _LONGEST_LETTER:
            row["claim_ids"] = row["claim_ids"].rpartition(" ")[0]
            text = "the ids of its claims are cut at 254 bytes, the last of them is left out: .gpkg keeps them all"
            issues.append(problem(name, "text-cut", text, line=line, level="warning"))
        yield line, row


def _unhex(text: str) -> bytes:
    """The bytes of a geometry in hex; none when it is written otherwise, as in WKT."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _columns(store: sqlite3.Connection, layer: str) -> list[str]:
    return [str(row[1]) for row in store.execute("SELECT * FROM pragma_table_info(?)", (layer,))]


def _holds(store: sqlite3.Connection, layer: str) -> bool:
    return store.execute(f'SELECT 1 FROM "{layer}" LIMIT 1').fetchone() is not None  # noqa: S608 - a name of ours


def _claims(store: sqlite3.Connection, name: str) -> Iterator[Row]:
    columns = ", ".join(f'"{column}"' for column in CLAIM_COLUMNS)
    found = store.execute(f"SELECT {columns} FROM claims ORDER BY fid")  # noqa: S608 - names of ours
    for line, values in enumerate(_bounded(found, name), start=1):
        yield line, {key: cell_text(value) for key, value in zip(CLAIM_COLUMNS, values, strict=True)}


def _bounded(found: Iterator[tuple[Any, ...]], name: str) -> Iterator[tuple[Any, ...]]:
    """Rows of a layer. Raises TableError beyond the bound, OSError for a row that SQLite cannot read."""
    try:
        for number, row in enumerate(found, start=1):
            if number > bounded.MAX_ROWS:
                raise TableError(problem(name, "table-too-long", _TOO_MANY.format(bounded.MAX_ROWS), line=number))
            yield row
    except sqlite3.Error as error:
        raise OSError(str(error)) from error


def _records(store: sqlite3.Connection, layer: str, columns: Sequence[str], name: str) -> Iterator[Row]:
    found = store.execute(f'SELECT * FROM "{layer}" ORDER BY fid')  # noqa: S608 - a name of ours
    for line, values in enumerate(_bounded(found, name), start=1):
        record = dict(zip(columns, values, strict=True))
        record["geometry"] = bare_geometry(record.pop("geom", None))
        yield line, {key: cell_text(value) for key, value in record.items()}


def _where(point: tuple[float, float] | None) -> dict[str, str]:
    return {} if point is None else {"lat": repr(point[0]), "lon": repr(point[1])}


def _periods(rows: Iterable[Row], name: str) -> Iterator[Row]:
    """The periods of points. Areas beside points are passed over, areas alone refused, and slices of time too.

    A file is slices or none, and a period that begins with the first slice looks like a whole one: what was read of a
    table before its first slice is told not to count.
    """
    areas = points = False
    for line, row in rows:
        if row.get("zone"):
            areas = True
            continue
        if row.get("since") and row["since"] != row.get("start"):
            text = _SLICES.format(row.get("start", ""), row["since"])
            raise TableError(problem(name, "slices-not-read", text, line=line), whole=True)
        points = True
        if "lat" not in row:  # the point stands in the geometry alone
            row = row | _where(point_of(_unhex(row.get("geometry", ""))))  # noqa: PLW2901 - the same row, with its point
        yield line, _period(row)
    if areas and not points:
        raise TableError(problem(name, "areas-not-read", _AREAS))


def _period(cells: Mapping[str, str]) -> dict[str, str]:
    renamed = {_RENAMED.get(key, key): value for key, value in cells.items()}
    row = {column: renamed.get(column, "") for column in PERIOD_COLUMNS}
    names = {key: cells.get(key, "") for key in ("actor_name", "other_name")}
    return row | names | {"claim_ids": ";".join(row["claim_ids"].split())}


READERS: dict[str, Callable[[Path, str, ExitStack], list[Rows]]] = {
    ".gpkg": geopackage_tables,
    ".kml": kml_tables,
    ".kmz": kml_tables,
    ".fgb": vector_tables,
    ".shp": vector_tables,
}
