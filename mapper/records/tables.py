"""Tables as streams of rows: compression, encoding, delimiter and file kind are found out here and nowhere else.

A row is ``(line, {column: cell})``; columns are folded to lower case, cells are stripped text. Nothing is held in
memory but the row at hand, so a table may be larger than the machine's memory.
"""

from __future__ import annotations

import csv
import gzip
import importlib
import io
import itertools
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import IO, Any, cast

from mapper import bounded
from mapper.bounded import absurd, csv_rows, is_hidden, parse_json
from mapper.model import Issue

Row = tuple[int, dict[str, str]]

TABLE_SUFFIXES = (
    ".tsv",
    ".csv.gz",
    ".tsv.gz",
    ".jsonl.gz",
    ".ndjson.gz",
    ".zip",
    ".parquet",
    ".gpkg",
    ".xlsx",
)
# What only a file that is named is opened for: a folder may hold any maps, and what was made from its tables
EXPORTED_SUFFIXES = (".geojson", ".geojsonl", ".kml", ".kmz", ".fgb", ".shp")
SHARED_SUFFIXES = (".csv", ".jsonl", ".ndjson", ".json")  # articles or a table: the first lines tell
_INNER = (".csv", ".tsv", ".jsonl", ".ndjson", ".geojson", ".geojsonl", ".txt")
_COLLECTION = re.compile(r'\s*\{[^\[]{0,4000}?"type"\s*:\s*"FeatureCollection"')
_DELIMITERS = ",\t;|"
# What a spreadsheet takes for the beginning of a formula; East Asian locales take the full-width signs for the others
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_DANGEROUS = re.compile(rf"'*[{_SIGNS}\t\r\n]")
_DIGITS = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_NUMBER = re.compile(_DIGITS + r"\Z")
# Where lists are parted by semicolons, a spreadsheet cuts a file with commas there, and at tabs and line ends, whatever the
# quotes: such a piece of a cell is one of its cells
_DANGEROUS_PIECE = re.compile(rf"(?<=[;\t\r\n])(?=['\"]*[{_SIGNS}])(?!{_DIGITS}(?:[;\t\r\n]|\Z))")
_DEFUSED_PIECE = re.compile(rf"(?<=[;\t\r\n])'(?=['\"]*[{_SIGNS}])")
_FOREIGN_WORD = re.compile(rb"[\x80-\xff]{3,}")
_NOT_SHOWN = re.compile(
    r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.'
)  # in a number format: words, colours, escaped and padding letters
MAX_TABLE = 8_000_000_000  # bytes a table may have or unpack to; it is read as a stream
MAX_DOCUMENT = 256_000_000  # letters of a GeoJSON document, which is read whole
MAX_BOOK = 512_000_000  # bytes a workbook may unpack to; its shared texts are held in memory
MAX_SHEET_ROWS = (
    1 << 20
)  # rows of a sheet, as Excel has it: a cell that says it is in a later one makes rows without end
# what the libraries raise on damaged files, beside what they say they do
DAMAGE = (
    OSError,
    EOFError,
    UnicodeError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    csv.Error,
)


class TableError(Exception):
    """A table that cannot be read on; ``issue`` says why and what to do. ``whole``: its rows so far do not count either."""

    def __init__(self, issue: Issue, *, whole: bool = False) -> None:
        super().__init__(issue.message)
        self.issue = issue
        self.whole = whole


@dataclass(slots=True, kw_only=True)
class Rows:
    """A table's columns, its rows still to be read, and what was odd about it."""

    columns: tuple[str, ...]
    rows: Iterator[Row]
    issues: list[Issue]
    cells: Iterator[tuple[int, list[str]]]  # the same rows as bare cells, not undefused: for panels of millions of rows


def defuse(cell: str) -> str:
    """The cell with an apostrophe before all that a spreadsheet might run; ``undefuse`` takes exactly those away."""
    safe = _DANGEROUS_PIECE.sub("'", cell)
    return f"'{safe}" if _DANGEROUS.match(safe) and not _NUMBER.match(safe) else safe


def undefuse(cell: str) -> str:
    if "'" not in cell:
        return cell
    whole = cell[1:] if cell[0] == "'" and _DANGEROUS.match(cell) else cell
    return _DEFUSED_PIECE.sub("", whole)


def problem(name: str, code: str, message: str, *, line: int = 0, level: str = "error", value: str = "") -> Issue:
    return Issue(stage="records", level=level, code=code, message=message, file=name, line=line, value=value)


def open_rows(source: Path | IO[str] | IO[bytes], *, name: str, resources: ExitStack) -> Rows:
    """Rows of a CSV, TSV, JSON lines, Parquet or XLSX file, also gzipped or zipped, or of an open text or byte stream.

    Files stay open in ``resources``. Raises TableError when nothing can be read.
    """
    if isinstance(source, Path):
        return _open_path(source, name, resources)
    first = source.read(0)
    if isinstance(first, str):
        return _text_rows(cast("IO[str]", source), name, [])  # read(0) told that it is text
    data = source.read()
    return _byte_rows(io.BytesIO(data if isinstance(data, bytes) else data.encode()), name, resources)


def _open_path(path: Path, name: str, resources: ExitStack) -> Rows:
    suffix = path.suffix.lower()
    try:
        if path.exists() and not path.is_file():
            text = "is no file but a folder, a pipe or a device: hand a pipe over as standard input, mapper … - <"
            raise TableError(problem(name, "not-a-file", text))
        if path.stat().st_size == 0:
            raise TableError(problem(name, "table-empty", "the file is empty: give it a header line and rows"))
        if suffix == ".parquet":
            return _parquet_rows(path, name)
        if suffix in (".xlsx", ".xlsm"):
            return _sheet_rows(path, name, resources)
        if suffix == ".zip" or zipfile.is_zipfile(path):
            archive = resources.enter_context(zipfile.ZipFile(path))
            members = [m for m in archive.namelist() if m.lower().endswith(_INNER) and not is_hidden(m)]
            if not members:
                raise TableError(problem(name, "zip-without-table", "the archive holds no .csv, .tsv or .jsonl file"))
            rows = _byte_rows(archive.open(members[0]), f"{name}/{members[0]}", resources)
            if len(members) > 1:
                text = f"only {members[0]} is read; the archive also holds {', '.join(members[1:])}"
                rows.issues.append(problem(name, "zip-members-left", text, level="warning"))
            return rows
        stream: IO[bytes] = resources.enter_context(path.open("rb"))
        if suffix == ".gz":
            packed = gzip.GzipFile(fileobj=stream)
            resources.callback(packed.close)
            stream = cast("IO[bytes]", packed)
        return _byte_rows(stream, name, resources)
    except DAMAGE as error:
        message = f"cannot be read ({getattr(error, 'strerror', None) or error}): check that the file is whole"
        raise TableError(problem(name, "table-unreadable", message)) from error


def _encoding(stream: IO[bytes]) -> str:
    """From the byte order mark, else UTF-8 if all of it is, else one of Windows' code pages."""
    head = stream.read(4)
    stream.seek(0)
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\0\0", "utf-32"),
        (b"\0\0\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if head.startswith(mark):
            return encoding
    if len(head) == 4 and (head[1] == 0 or head[0] == 0):
        return "utf-16-le" if head[1] == 0 else "utf-16-be"
    tail = b""
    encoding = "utf-8"
    size = 0
    while chunk := stream.read(1 << 20):
        size += len(chunk)
        if size > MAX_TABLE:
            message = f"unpacks to more than {MAX_TABLE:,} bytes: cut it into files"
            raise OSError(message)
        block = tail + chunk
        try:
            block.decode("utf-8")
            tail = b""
        except UnicodeDecodeError as error:
            if error.end < len(block) or len(block) - error.start > 3:
                encoding = _code_page(block)
                break
            tail = block[error.start :]  # a letter cut in two by the end of the block
    if tail and encoding == "utf-8":
        encoding = _code_page(block)
    stream.seek(0)
    return encoding


def _code_page(block: bytes) -> str:
    """Windows' Cyrillic code page where most letters beyond ASCII stand in whole words of such, else the western one."""
    words = sum(map(len, _FOREIGN_WORD.findall(block)))
    return "cp1251" if 2 * words > sum(byte > 0x7F for byte in block) else "cp1252"


def _byte_rows(stream: IO[bytes], name: str, resources: ExitStack) -> Rows:
    issues: list[Issue] = []
    encoding = _encoding(stream)
    if encoding.startswith("cp"):
        text = (
            f"not UTF-8: read as Windows-{encoding.removeprefix('cp')}; if letters look wrong, save the file as UTF-8"
        )
        issues.append(problem(name, "encoding-guessed", text, level="warning", value=encoding))
    elif not encoding.startswith("utf-8"):
        issues.append(problem(name, "encoding-other", f"read as {encoding}", level="note", value=encoding))
    text_stream = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    resources.callback(text_stream.close)
    return _text_rows(text_stream, name, issues)


def _lines(stream: IO[str], name: str, issues: list[Issue]) -> Iterator[str]:
    """Lines up to the bounds: one that is too long is an empty one and an Issue, and so is what follows too many."""
    read, most = stream.readline, bounded.MAX_LINE
    number = 0
    while line := read(most):
        number += 1
        if number > bounded.MAX_ROWS:
            text = f"more than {bounded.MAX_ROWS:,} lines: the rest is not read; cut the table into files"
            issues.append(problem(name, "table-too-long", text, line=number))
            return
        if len(line) < most or line.endswith("\n"):
            yield line
            continue
        while line and not line.endswith("\n"):
            line = read(most)
        issues.append(problem(name, "line-too-long", f"a line of more than {most:,} letters is skipped", line=number))
        yield "\n"


def _text_rows(stream: IO[str], name: str, issues: list[Issue]) -> Rows:
    lines = _lines(stream, name, issues)
    head: list[str] = []
    for line in lines:
        head.append(line)
        if line.strip("\ufeff \t\r\n"):
            break
    if not head or not head[-1].strip("\ufeff \t\r\n"):
        raise TableError(problem(name, "table-empty", "the file is empty: give it a header line and rows"))
    head[0] = head[0].removeprefix("\ufeff")
    if head[-1].lstrip().startswith("{"):
        return _json_rows(_chain(head, lines), name, issues)
    return _csv_rows(_chain(head, lines), name, issues, _delimiter(head[-1]))


def _chain(head: list[str], rest: Iterator[str]) -> Iterator[str]:
    yield from head
    yield from rest


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=lambda mark: (header.count(mark), -_DELIMITERS.index(mark)))


def column_name(header: str) -> str:
    return undefuse(header.strip()).strip().casefold()


def _csv_rows(lines: Iterator[str], name: str, issues: list[Issue], delimiter: str) -> Rows:
    found = csv_rows(lines, delimiter=delimiter)
    header: list[str] = []
    for line, cells in found:
        if isinstance(cells, str):
            text = f"the header cannot be read ({cells}): check its quotes"
            raise TableError(problem(name, "table-unreadable", text, line=line))
        if any(cell.strip() for cell in cells) and not cells[0].startswith("#"):
            header = [column_name(cell) for cell in cells]
            break
    _check_header(header, name)

    def cells_of_rows() -> Iterator[tuple[int, list[str]]]:
        width = len(header)
        for line, cells in found:
            if isinstance(cells, str):
                issues.append(problem(name, "row-unreadable", f"{cells}: check the quotes of this row", line=line))
                continue
            if len(cells) != width:
                if not any(cells) or cells[0].startswith("#"):
                    continue
                if any(cell.strip() for cell in cells[width:]):
                    text = f"{len(cells)} cells under {width} columns: quote cells that hold the delimiter"
                    issues.append(problem(name, "row-too-long", text, line=line))
                    continue
                filled = (cells + [""] * width)[:width]
                yield line, filled
            elif cells[0] or any(cells):
                yield line, cells

    bare = cells_of_rows()
    rows = (
        (line, dict(zip(header, map(undefuse, cells) if "'" in "".join(cells) else cells, strict=True)))
        for line, cells in bare
    )
    return Rows(columns=tuple(header), rows=rows, issues=issues, cells=bare)


def _check_header(header: list[str], name: str) -> None:
    if not any(header):
        raise TableError(problem(name, "table-empty", "no header line: name the columns in the first line"))
    twice = sorted({column for column in header if column and header.count(column) > 1})
    if twice:
        text = f"column {twice[0]!r} stands twice in the header: rename one of them"
        raise TableError(problem(name, "column-twice", text, line=1))


def keyed_rows(columns: tuple[str, ...], rows: Iterator[Row], issues: list[Issue]) -> Rows:
    """A table of rows by column."""
    cells = ((line, [row.get(column, "") for column in columns]) for line, row in rows)
    return Rows(columns=columns, rows=rows, issues=issues, cells=cells)


def is_collection(text: str) -> bool:
    """Whether a text begins as a GeoJSON FeatureCollection does."""
    return _COLLECTION.match(text) is not None


def _json_rows(lines: Iterator[str], name: str, issues: list[Issue]) -> Rows:
    """JSON objects, one a line, or the features of one GeoJSON document."""
    head: list[str] = []
    for line in lines:
        head.append(line)
        if line.strip():
            break
    if head[-1].rstrip().endswith("}") and not is_collection(head[-1]):
        return _record_rows(_records(_chain(head, lines), name, issues), name, issues)
    text = "".join(_up_to(MAX_DOCUMENT, _chain(head, lines), name))
    try:
        document = parse_json(text)
    except ValueError as error:
        if not is_collection(text):
            return _record_rows(_records(iter(text.splitlines()), name, issues), name, issues)
        raise TableError(problem(name, "table-unreadable", f"not whole GeoJSON ({error})")) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        message = "one JSON object over several lines, without features: write one {…} a line, or a FeatureCollection"
        raise TableError(problem(name, "table-unreadable", message))
    if not features:
        raise TableError(problem(name, "table-empty", "a GeoJSON file without features"))
    return _record_rows(_objects(enumerate(features, start=1), name, issues), name, issues)


def _up_to(most: int, lines: Iterable[str], name: str) -> Iterator[str]:
    """Lines of a document that is read whole. Raises TableError for one of more than ``most`` letters."""
    size = 0
    for line in lines:
        size += len(line)
        if size > most:
            text = f"more than {most:,} letters: write one JSON object a line, which may be of any number"
            raise TableError(problem(name, "table-too-long", text))
        yield line


def _records(lines: Iterable[str], name: str, issues: list[Issue]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects of some lines with their numbers; Issues for lines that are none."""

    def parsed() -> Iterator[tuple[int, object]]:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield number, parse_json(line)
            except ValueError as error:
                issues.append(problem(name, "row-unreadable", f"not a JSON object ({error})", line=number))

    return _objects(parsed(), name, issues)


def _objects(
    numbered: Iterable[tuple[int, object]], name: str, issues: list[Issue]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Those values that are JSON objects with numbers that measure something; Issues for the others."""
    for number, record in numbered:
        if not isinstance(record, dict):
            issues.append(problem(name, "row-unreadable", "not a JSON object: one {…} a line", line=number))
        elif wrong := absurd(record):
            issues.append(problem(name, "row-unreadable", f"the row {wrong}", line=number))
        else:
            yield number, record


def _flat(record: Mapping[str, Any]) -> dict[str, str]:
    """The cells of a JSON object; of a GeoJSON feature its properties, and where its point is if they do not say."""
    properties = record.get("properties")
    if record.get("type") != "Feature" or not isinstance(properties, Mapping):
        return {column_name(key): cell_text(value) for key, value in record.items()}
    cells = {column_name(key): cell_text(value) for key, value in properties.items()}
    shape = record.get("geometry")
    if isinstance(shape, Mapping) and shape.get("type") == "Point" and isinstance(shape.get("coordinates"), list):
        lon, lat = [*map(cell_text, shape["coordinates"]), "", ""][:2]
        cells = {"lat": lat, "lon": lon} | cells
    elif "lat" not in cells:
        cells |= {"lat": "", "lon": ""}
    return cells


def _record_rows(records: Iterator[tuple[int, dict[str, Any]]], name: str, issues: list[Issue]) -> Rows:
    columns: dict[str, None] = {}
    buffered: list[Row] = []

    def flattened() -> Iterator[Row]:
        for number, record in records:
            try:
                yield number, _flat(record)
            except (ValueError, RecursionError) as error:
                issues.append(problem(name, "row-unreadable", f"not a row ({error})", line=number))

    rows = flattened()
    for number, row in rows:  # a few rows, because JSON has no header
        buffered.append((number, row))
        columns.update(dict.fromkeys(row))
        if len(buffered) >= 50:
            break
    if not buffered:
        raise TableError(problem(name, "table-empty", "no JSON object in it: one {…} a line"))

    def both() -> Iterator[Row]:
        yield from buffered
        yield from rows

    return keyed_rows(tuple(columns), both(), issues)


def cell_text(value: Any) -> str:
    """A JSON, Parquet or spreadsheet cell as the text a CSV would hold; lists are joined with a semicolon."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is the one value that differs from itself
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple):
        return ";".join(map(cell_text, value))
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return str(value)


def _library(module: str, package: str, name: str) -> ModuleType:
    """An optional library, looked for only when a file needs it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        text = f"reading this file needs {package}: pip install 'control-mapper[tables]', or save it as CSV"
        raise TableError(problem(name, "library-missing", text, value=package)) from error


def _parquet_rows(path: Path, name: str) -> Rows:
    parquet = _library("pyarrow.parquet", "pyarrow", name)
    arrow = _library("pyarrow", "pyarrow", name)
    try:
        file = parquet.ParquetFile(path)
    except arrow.ArrowException as error:
        raise TableError(problem(name, "table-unreadable", f"not a Parquet file ({error})")) from error
    if file.metadata.num_rows > bounded.MAX_ROWS:
        text = f"says it has {file.metadata.num_rows:,} rows; mapper reads {bounded.MAX_ROWS:,}: cut it into files"
        raise TableError(problem(name, "table-too-long", text))
    header = [column_name(column) for column in file.schema_arrow.names]
    _check_header(header, name)

    def rows() -> Iterator[Row]:
        line = 0
        try:
            for batch in file.iter_batches(batch_size=8192):
                for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                    line += 1
                    yield line, {key: cell_text(value) for key, value in zip(header, values, strict=True)}
        except (arrow.ArrowException, OSError, OverflowError) as error:
            text = f"damaged after row {line}: {error}; what came before is used"
            raise TableError(problem(name, "table-unreadable", text, line=line)) from error

    return keyed_rows(tuple(header), rows(), [])


def _sound(
    rows: Iterable[list[str]], name: str, issues: list[Issue], damage: tuple[type[Exception], ...]
) -> Iterator[list[str]]:
    """A sheet's rows up to the first damaged one and the bound, each an Issue."""
    number = 0
    try:
        for number, row in enumerate(itertools.islice(rows, MAX_SHEET_ROWS), start=1):  # noqa: B007 - the Issue tells it
            yield row
    except damage as error:
        text = f"the sheet is damaged after row {number} ({error}); what came before is used"
        issues.append(problem(name, "table-unreadable", text, line=number))
    if number == MAX_SHEET_ROWS:
        text = f"more than {MAX_SHEET_ROWS:,} rows: the rest is not read"
        issues.append(problem(name, "table-too-long", text, line=number, level="warning"))


def _sheet_rows(path: Path, name: str, resources: ExitStack) -> Rows:
    sheets, damage = _sheets(path, name, resources)
    rows = _rows_of_sheet(sheets[0], name, damage)
    if len(sheets) > 1:
        text = f"only the first sheet, {sheets[0].title!r}, is read"
        rows.issues.append(problem(name, "sheets-left", text, level="warning"))
    return rows


def sheet_tables(path: Path, name: str, resources: ExitStack) -> Iterator[Rows | Issue]:
    """The rows of each sheet of a workbook; an Issue for one that is no table. Raises TableError for no workbook."""
    sheets, damage = _sheets(path, name, resources)
    for sheet in sheets:
        try:
            yield _rows_of_sheet(sheet, f"{name}, sheet {sheet.title}", damage)
        except TableError as error:
            yield error.issue


def _sheets(path: Path, name: str, resources: ExitStack) -> tuple[list[Any], tuple[type[Exception], ...]]:
    """The sheets of a workbook, and what is raised when one is damaged. Raises TableError."""
    openpyxl = _library("openpyxl", "openpyxl", name)
    # what it raises on a damaged part, found by damaging them
    damage: tuple[type[Exception], ...] = (
        *(AttributeError, LookupError, SyntaxError, TypeError, ValueError, OverflowError, *DAMAGE),
        importlib.import_module("openpyxl.utils.exceptions").InvalidFileException,
    )
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > MAX_BOOK:
            text = f"unpacks to {size:,} bytes; mapper reads {MAX_BOOK:,}: save it as CSV"
            raise TableError(problem(name, "table-too-long", text))
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        resources.callback(book.close)
        sheets = list(book.worksheets)
        for sheet in sheets:
            sheet.reset_dimensions()  # what a sheet says of its size may be anything: its cells tell
    except damage as error:
        raise TableError(problem(name, "table-unreadable", f"not an Excel workbook ({error})")) from error
    if not sheets:
        raise TableError(problem(name, "table-empty", "a workbook without a sheet of cells"))
    return sheets, damage


def _rows_of_sheet(sheet: Any, name: str, damage: tuple[type[Exception], ...]) -> Rows:
    issues: list[Issue] = []
    values = _sound(
        ([_sheet_cell(cell, name, issues) for cell in row] for row in sheet.iter_rows()), name, issues, damage
    )
    header: list[str] = []
    line = 0
    for cells in values:
        line += 1
        if any(cells):
            header = [column_name(cell) for cell in cells]
            break
    while header and not header[-1]:
        header.pop()
    _check_header(header, name)
    start = line

    def rows() -> Iterator[Row]:
        for number, cells in enumerate(values, start=start + 1):
            if any(cells):
                filled = itertools.chain(cells, itertools.repeat(""))  # a row ends with its last filled cell
                yield number, {key: undefuse(cell) for key, cell in zip(header, filled, strict=False)}

    return keyed_rows(tuple(header), rows(), issues)


def _sheet_cell(cell: Any, name: str, issues: list[Issue]) -> str:
    """The text of a cell; of a date what the sheet shows of it: ``mmm-yy`` shows a month, ``yyyy`` a year."""
    value = cell.value
    if not isinstance(value, datetime | date):
        return cell_text(value)
    shown = shown_of_date(cell.number_format or "")
    whole = cell_text(value)
    if shown == "day":
        return whole
    text = whole[:7] if shown == "month" else whole[:4]
    if not whole.startswith(f"{text}-01" if shown == "month" else f"{text}-01-01"):
        message = f"{whole} is formatted as {cell.number_format!r} and read as the {shown} it shows, {text}"
        issues.append(problem(name, "date-format", message, line=cell.row, level="note", value=whole))
    return text


def shown_of_date(number_format: str) -> str:
    """``day``, ``month`` or ``year``: the finest that a number format of a spreadsheet shows of a date."""
    bare = _NOT_SHOWN.sub("", number_format.partition(";")[0]).casefold()
    letters = set() if bare == "general" else set(bare)
    if "d" in letters or not letters & set("ymeb"):
        return "day"
    if "m" in letters and not letters & set("hs"):  # beside hours or seconds m is minutes
        return "month"
    return "year" if letters & set("yeb") and not letters & set("hs") else "day"
