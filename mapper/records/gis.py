"""Files that ``mapper export`` wrote, read back: the claims of a GeoPackage, the periods of a GeoPackage or GeoParquet.

A GeoPackage is an SQLite file, and its ``claims`` layer carries every column of the claims table, so its claims come
back as they were. A file without claims (a table of periods was mapped) gives the periods of its places; a file of
areas gives the periods of its cells. Periods that rest on claims are not read beside the claims: the fold makes them.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from mapper import bounded
from mapper.bounded import is_stored, open_sqlite
from mapper.model import Basis, Issue
from mapper.records.flat import CLAIM_COLUMNS, PERIOD_COLUMNS
from mapper.records.tables import Row, Rows, TableError, cell_text, problem

# Attributes of an exported period under the names of the periods table
_RENAMED = {"actor": "actor_id", "other": "other_id"}
_MARKS = frozenset({"feature_id", "place_id", "status", "actor", "start", "begin_date", "basis", "claim_ids", "zone"})
_POINT = 1  # geometry type of WKB
_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}  # bytes of a GeoPackage geometry's envelope by its code


def is_exported(columns: Iterable[str]) -> bool:
    """Whether the columns are those of a layer of periods that ``mapper export`` wrote."""
    return set(columns) >= _MARKS


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
            found.append(_rows(CLAIM_COLUMNS, _claims(store), []))
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
        # cells of a region's claims are many and not the table's: beside claims only points are the table's own periods
        if layer == "places" or (layer and not found):
            records = _records(store, layer, layers[layer])
            own = (row for row in records if _is_own(row[1])) if found else records
            found.append(_rows(PERIOD_COLUMNS, _periods(own), issues))
    except sqlite3.DatabaseError as error:
        raise TableError(problem(name, "table-unreadable", f"not a GeoPackage ({error})")) from error
    if found:
        return found
    text = "no layer claims, places or territory as mapper export writes them: another GeoPackage may be a gazetteer"
    raise TableError(problem(name, "geopackage-unknown", text))


def _is_own(cells: Mapping[str, str]) -> bool:
    """A period that a table stated as such: what the fold makes of claims bears their ids or another basis."""
    return not cells.get("claim_ids") and cells.get("basis") == Basis.STATED


def period_table(rows: Rows) -> Rows:
    """Rows of an exported layer of periods under the columns of the periods table."""
    return _rows(PERIOD_COLUMNS, _periods(rows.rows), rows.issues)


def point_of(geometry: bytes) -> tuple[float, float] | None:
    """Latitude and longitude of a point in WKB; None for all other geometries."""
    if len(geometry) < 21:
        return None
    kind, lon, lat = struct.unpack_from("<Idd" if geometry[0] else ">Idd", geometry, 1)
    return (lat, lon) if kind == _POINT and lat == lat else None  # noqa: PLR0124 - an empty point is NaN


def _unhex(text: str) -> bytes:
    """The bytes of a geometry in hex; none when it is written otherwise, as in WKT."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def bare_geometry(blob: bytes | None) -> bytes:
    """The WKB inside a GeoPackage's wrapping: magic, version, flags, srs id, envelope."""
    if blob is None or len(blob) < 8 or blob[:2] != b"GP":
        return b""
    return blob[8 + _ENVELOPES.get(blob[3] >> 1 & 7, 0) :]


def _columns(store: sqlite3.Connection, layer: str) -> list[str]:
    return [str(row[1]) for row in store.execute("SELECT * FROM pragma_table_info(?)", (layer,))]


def _holds(store: sqlite3.Connection, layer: str) -> bool:
    return store.execute(f'SELECT 1 FROM "{layer}" LIMIT 1').fetchone() is not None  # noqa: S608 - a name of ours


def _claims(store: sqlite3.Connection) -> Iterator[Row]:
    columns = ", ".join(f'"{column}"' for column in CLAIM_COLUMNS)
    found = store.execute(f"SELECT {columns} FROM claims ORDER BY fid")  # noqa: S608 - names of ours
    for line, values in enumerate(_bounded(found), start=1):
        yield line, {key: cell_text(value) for key, value in zip(CLAIM_COLUMNS, values, strict=True)}


def _bounded(found: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Rows of a layer up to the bound. Raises OSError beyond it, and for a row that SQLite cannot read."""
    try:
        for number, row in enumerate(found):
            if number >= bounded.MAX_ROWS:
                message = f"more than {bounded.MAX_ROWS:,} rows"
                raise OSError(message)
            yield row
    except sqlite3.Error as error:
        raise OSError(str(error)) from error


def _records(store: sqlite3.Connection, layer: str, columns: Sequence[str]) -> Iterator[Row]:
    found = store.execute(f'SELECT * FROM "{layer}" ORDER BY fid')  # noqa: S608 - a name of ours
    for line, values in enumerate(_bounded(found), start=1):
        record = dict(zip(columns, values, strict=True))
        record["geometry"] = bare_geometry(record.pop("geom", None))
        yield line, {key: cell_text(value) for key, value in record.items()}


def _where(point: tuple[float, float] | None) -> dict[str, str]:
    return {} if point is None else {"lat": repr(point[0]), "lon": repr(point[1])}


def _periods(rows: Iterable[Row]) -> Iterator[Row]:
    """The faces of one cell are one period; dissolved areas have no place and are left to say so."""
    seen: set[tuple[str, str]] = set()
    for line, row in rows:
        cells = dict(row)
        if "lat" not in cells:  # GeoParquet: the point stands in the geometry alone, which a cell shows in hex
            cells |= _where(point_of(_unhex(cells.get("geometry", ""))))
        key = (cells.get("place_id", ""), cells.get("start", ""))
        if key[0] and key in seen:
            continue
        seen.add(key)
        yield line, _period(cells)


def _period(cells: Mapping[str, str]) -> dict[str, str]:
    renamed = {_RENAMED.get(key, key): value for key, value in cells.items()}
    row = {column: renamed.get(column, "") for column in PERIOD_COLUMNS}
    if not row["place_id"]:
        row["name"] = ""  # a dissolved area bears the name of its actor, which is no place
    return row | {"claim_ids": ";".join(row["claim_ids"].split())}


def _rows(columns: tuple[str, ...], rows: Iterator[Row], issues: list[Issue]) -> Rows:
    cells: Iterator[tuple[int, list[Any]]] = ((line, [row.get(c, "") for c in columns]) for line, row in rows)
    return Rows(columns=columns, rows=rows, issues=issues, cells=cells)
