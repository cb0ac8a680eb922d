"""Tables in and out: claims, periods and toponyms ⇄ CSV, JSON lines, Parquet and XLSX; other people's tables in.

``read_table`` never stops at a bad row: what cannot be used becomes an Issue with file, line, reason and remedy.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from mapper.bounded import parse_json
from mapper.collector import collector_paused
from mapper.model import Actor
from mapper.records.cells import DATE_ORDERS, ActorBook, CellError, Sink
from mapper.records.dialects import DIALECTS, Dialect, bridge, close
from mapper.records.flat import (
    CLAIM_COLUMNS,
    PERIOD_COLUMNS,
    TOPONYM_COLUMNS,
    claim_rows,
    period_rows,
    toponym_rows,
    write_csv,
    write_jsonl,
)
from mapper.records.gis import READERS, SHORT_TEXT, exported, short_name
from mapper.records.panel import is_panel, read_panel, report_unknown
from mapper.records.review import Table, merge_reviewed
from mapper.records.tables import (
    DAMAGE,
    EXPORTED_SUFFIXES,
    SHARED_SUFFIXES,
    TABLE_SUFFIXES,
    Rows,
    TableError,
    column_name,
    defuse,
    is_collection,
    open_rows,
    problem,
)

__all__ = [
    "CLAIM_COLUMNS",
    "DIALECT_NAMES",
    "EXPORTED_SUFFIXES",
    "PERIOD_COLUMNS",
    "SHARED_SUFFIXES",
    "SHORT_TEXT",
    "TABLE_SUFFIXES",
    "TOPONYM_COLUMNS",
    "Table",
    "claim_rows",
    "defuse",
    "looks_like_table",
    "merge_reviewed",
    "period_rows",
    "read_table",
    "short_name",
    "toponym_rows",
    "write_csv",
    "write_jsonl",
]

DIALECT_NAMES = (*(dialect.name for dialect in DIALECTS), "panel")


def read_table(
    source: Path | IO[str] | IO[bytes],
    *,
    name: str,
    dialect: str = "",
    actors: Sequence[Actor] = (),
    date_order: str = "",
    parties: Mapping[str, str] | None = None,
) -> Table:
    """Claims, share claims, periods and places of a table in any of DIALECT_NAMES.

    ``dialect`` empty: found out from the columns. ``date_order`` (``dmy`` or ``mdy``) settles dates like 03/04/2017.
    ``parties`` says whom texts of party cells mean: the id of an actor, or "" for a party of its own.
    A place that the table names without coordinates has NaN for them. Never raises for what is in the table.
    """
    sink = Sink(name=name, date_order=date_order, book=ActorBook(actors, parties))
    before = sink
    with ExitStack() as resources, collector_paused():
        try:
            _check_order(date_order, name)
            for rows in _open(source, name, resources):
                rows.issues[:0] = sink.issues
                sink.issues = rows.issues
                before = sink.copy()
                _read_rows(rows, dialect, sink)
        except TableError as error:
            sink = before if error.whole else sink
            sink.issues.append(error.issue)
        except DAMAGE as error:
            text = f"reading stopped here: {error}; check that the file is whole"
            sink.issues.append(problem(name, "table-unreadable", text))
    return Table(
        claims=tuple(sink.claims),
        share_claims=tuple(sink.share_claims),
        periods=tuple(sink.periods),
        places=sink.places,
        issues=tuple(sink.issues),
        actors=tuple(sink.book.made.values()),
    )


def _open(source: Path | IO[str] | IO[bytes], name: str, resources: ExitStack) -> list[Rows]:
    """The tables of a file: one, but for a GeoPackage, which may hold claims and periods."""
    if isinstance(source, Path) and source.suffix.lower() in READERS and source.exists():
        return READERS[source.suffix.lower()](source, name, resources)
    rows = open_rows(source, name=name, resources=resources)
    return [exported(rows, name) or rows]


def _check_order(date_order: str, name: str) -> None:
    if date_order not in DATE_ORDERS:
        raise TableError(problem(name, "date-order-unknown", f"date order {date_order!r}: give dmy or mdy"))


def _read_rows(rows: Rows, dialect: str, sink: Sink) -> None:
    chosen = _choose(rows.columns, dialect, sink.name)
    if chosen is None:
        read_panel(rows, sink)
        return
    report_unknown(rows.columns, chosen.columns, sink, chosen.name)
    for line, cells in rows.rows:
        try:
            chosen.read((line, cells), sink)
        except CellError as error:
            level = "note" if error.code == "row-repeated" else "error"
            sink.report(error.code, str(error), line=line, level=level)
    sink.settle()
    if chosen.name == "intervals" and "first_seen" in rows.columns:
        bridge(sink)
    close(sink)
    if not (sink.claims or sink.share_claims or sink.periods or any(i.level == "error" for i in sink.issues)):
        sink.report("table-empty", "no row in it could be used", level="warning")


def _choose(columns: Sequence[str], dialect: str, name: str) -> Dialect | None:
    """The dialect given or detected; None is a panel. Raises TableError that names what is missing."""
    wanted = dialect.strip().casefold()
    if wanted in ("panel", "viina"):
        if is_panel(columns):
            return None
        text = "a panel needs a place column (geonameid, place, name), a date column and status or actor"
        raise TableError(problem(name, "columns-missing", text, line=1))
    for one in DIALECTS:
        if wanted == one.name:
            if one.fits(columns):
                return one
            lacking = min((sorted(group - set(columns)) for group in one.needs), key=len)
            text = f"the {one.name} dialect needs the column{'s' * (len(lacking) > 1)} {', '.join(lacking)}"
            raise TableError(problem(name, "columns-missing", text, line=1))
    if wanted:
        text = f"dialect {dialect!r} is not known: give one of {', '.join(DIALECT_NAMES)}"
        raise TableError(problem(name, "dialect-unknown", text))
    for one in DIALECTS:
        if one.fits(columns):
            return one
    if is_panel(columns):
        return None
    text = (
        f"no dialect fits the columns {', '.join(columns)}: a claims table needs date, place, predicate; an interval "
        "table place, start, status or actor; a panel a place, date and status"
    )
    raise TableError(problem(name, "columns-missing", text, line=1))


def looks_like_table(text: str, kind: str) -> bool:
    """Whether the text of a file of SHARED_SUFFIXES is a table that ``read_table`` knows, not a list of articles."""
    if is_collection(text):
        return True
    if kind.lstrip(".") == "json":
        return False
    lines = (line for line in text.lstrip("\ufeff").splitlines() if line.strip() and not line.startswith("#"))
    head = next(lines, "")
    if kind.lstrip(".") in ("jsonl", "ndjson") or head.lstrip().startswith("{"):
        columns = next(filter(None, map(_keys, (head, *lines))), [])  # a bad first record does not decide
    else:
        mark = max(",\t;|", key=head.count)
        columns = [column_name(cell) for cell in next(csv.reader([head], delimiter=mark), [])]
    if "text" in columns and "predicate" not in columns:
        return False
    return bool(is_panel(columns)) or any(dialect.fits(columns) for dialect in DIALECTS)


def _keys(line: str) -> list[str]:
    """Column names of a JSON line, none when it is no object."""
    try:
        record = parse_json(line)
    except ValueError:
        return []
    if isinstance(record, dict) and record.get("type") == "Feature" and isinstance(record.get("properties"), dict):
        record = record["properties"] | {"lat": "", "lon": ""}  # a line of GeoJSON
    return [column_name(key) for key in record] if isinstance(record, dict) else []
