"""Other people's files, read within bounds: folders, lines, CSV rows, JSON and SQLite. What is too much is an Issue.

Every reader of the program comes through here or states a bound of its own beside these; `docs/security.md` lists them.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import json
import math
import os
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Mapping
from operator import methodcaller
from pathlib import Path
from typing import IO, Any

from mapper.model import Issue

MAX_CHARACTERS = 5_000_000  # a longer text is a file that is no article; the bound keeps one record from eating the run
MAX_PAGE = 4 * MAX_CHARACTERS  # bytes of a text or page: no longer one can hold so few characters in any encoding
MAX_MEMBER = 64_000_000  # bytes of what is read whole: a .json file, a feed
MAX_LINE = 16_000_000  # bytes of one line of JSON or CSV
MAX_DIGITS = 400  # of a whole number in JSON: a longer one measures nothing, and reading it takes quadratic time
MAX_ROWS = 20_000_000  # rows of a table or of a gazetteer; all places of GeoNames are 13 million
MAX_STEPS = 5_000_000_000  # instructions of SQLite's machine for one file: some minutes
MAX_CELL = 64_000_000  # bytes of one value of an SQLite file

csv.field_size_limit(MAX_LINE)  # characters of a cell, for the whole process: so it is set here and nowhere else


def is_hidden(name: str) -> bool:
    """Whether a path below a folder or in an archive is hidden, or what a Mac puts beside the files of its archives.

    What a killed write of ours leaves is hidden too.
    """
    parts = name.replace("\\", "/").split("/")
    return any((part.startswith(".") and part.strip(".")) or part == "__MACOSX" for part in parts)


OWN_MAP = "own-map"  # code of the Issue about a map of ours among the inputs
_PAGES = (".html", ".htm")
_PAGE_HEAD = 16_384  # bytes in which a page says what made it
_OUR_MARK = b'<meta name="generator" content="mapper">'


def is_own_page(head: bytes) -> bool:
    """Whether a page that begins so is a map that mapper wrote: it holds claims and texts, and is no article itself."""
    return _OUR_MARK in head[:_PAGE_HEAD] and head.lstrip()[:15].lower() == b"<!doctype html>"


def _own_page(path: str) -> bool:
    try:
        with open(path, "rb") as stream:  # noqa: PTH123 - no Path for each of many files
            return is_own_page(stream.read(_PAGE_HEAD))
    except OSError:
        return False  # whoever reads it reports it


def walk(folder: Path, suffixes: tuple[str, ...], stage: str) -> Iterator[str | Issue]:
    """The files below a folder that end in one of ``suffixes``, in the order of their paths; none that is hidden.

    A map that mapper wrote is left out, with a note: who maps a folder into itself maps it again. Links to folders are not followed. No more is held than the names in the folders on the way.
    """
    waiting: list[tuple[str, bool]] = [(str(folder), True)]
    while waiting:
        path, is_folder = waiting.pop()
        if not is_folder:
            if path.lower().endswith(_PAGES) and _own_page(path):
                message = "a map that mapper wrote, no article: left out"
                yield Issue(stage=stage, level="note", code=OWN_MAP, message=message, file=path)
            else:
                yield path
            continue
        inside: list[tuple[str, bool]] = []
        try:
            with os.scandir(path) as found:
                for entry in sorted(found, key=lambda one: one.name):
                    if is_hidden(entry.name):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        inside.append((entry.path, True))
                    elif entry.name.lower().endswith(suffixes) and os.path.isfile(entry.path):  # noqa: PTH113 - no Path for each of many files
                        inside.append((entry.path, False))
        except OSError as error:
            message = f"this folder cannot be read: {error.strerror}; what is in it is left out"
            yield Issue(stage=stage, level="error", code="unreadable", message=message, file=path)
            continue
        waiting += reversed(inside)


def wide(head: bytes) -> str:
    """The encoding of two bytes a letter that a file's first four bytes tell of, "" for none."""
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    if len(head) > 3 and head.count(0) == 2 and (head[0] == 0) != (head[1] == 0):
        return "utf-16-le" if head[1] == 0 else "utf-16-be"
    return ""


def lines(stream: IO[bytes]) -> Iterator[tuple[int, str | bytes | None]]:
    """Number and content of each line, as text where letters have two bytes; None for one of more than MAX_LINE bytes."""
    peeked = stream if hasattr(stream, "peek") else io.BufferedReader(stream)  # type: ignore[type-var]  # it has readinto
    encoding = wide(peeked.peek(4)[:4])
    text = io.TextIOWrapper(peeked, encoding=encoding, errors="replace", newline="\n") if encoding else None
    source: IO[str] | IO[bytes] = peeked if text is None else text
    end: Any = b"\n" if text is None else "\n"
    number = 0
    try:
        while line := source.readline(MAX_LINE):
            number += 1
            if len(line) < MAX_LINE or line.endswith(end):
                yield number, line
                continue
            while line and not line.endswith(end):
                line = source.readline(MAX_LINE)
            yield number, None
    finally:
        if text is not None:
            text.detach()  # else it would close the stream, which is not ours


def csv_rows(source: Iterable[str], *, delimiter: str = ",") -> Iterator[tuple[int, list[str] | str]]:
    """Line number and cells of each row of a CSV file, or what is wrong with it.

    A quote that nothing closes would take all that follows into one cell: it costs its own line, and reading goes on at
    the next one. How much is read again for that is bounded; beyond it such a quote costs what it took, which is told.
    """
    rest = map(_WITHOUT_NUL, source)
    given: list[str] = []  # lines of the row at hand
    again: list[str] = []  # lines to be read again, the next one last

    def next_lines() -> Iterator[str]:
        while again:
            line = again.pop()
            given.append(line)
            yield line
        for line in rest:
            given.append(line)
            yield line

    reader = csv.reader(next_lines(), delimiter=delimiter, strict=True)
    before, left = 0, 4 * MAX_CHARACTERS
    while True:
        given.clear()
        first = before + reader.line_num + 1
        try:
            yield first, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if len(given) == 1 and given[0].count('"') % 2 == 0:  # a"b"c: as spreadsheets read it
                with contextlib.suppress(csv.Error):
                    yield first, next(csv.reader(given, delimiter=delimiter), [])
                    continue
            lost = ""
            if left > 0:
                left -= sum(map(len, given[1:]))
                again += given[:0:-1]
                reader = csv.reader(next_lines(), delimiter=delimiter, strict=True)
                before = first
            elif len(given) > 1:
                lost = f"; lines {first} to {first + len(given) - 1} are left out"
            yield first, f"not a row of a CSV file: {error}{lost}"


_WITHOUT_NUL = methodcaller("replace", "\0", "\ufffd")


class _AbsurdNumber:
    """Stands in a JSON document where a number of more than MAX_DIGITS digits was."""


_ABSURD = _AbsurdNumber()


def _whole(digits: str) -> int | _AbsurdNumber:
    return int(digits) if len(digits) <= MAX_DIGITS else _ABSURD


def parse_json(text: str) -> Any:
    """The value of a JSON document. Raises ValueError, also for one too deep to be anything.

    A number of too many digits costs its own record only: ask ``absurd`` about each.
    """
    try:
        return json.loads(text, parse_int=_whole)
    except RecursionError as error:
        message = "nested too deep"
        raise ValueError(message) from error


def absurd(value: object) -> str:
    """What is wrong with a value of ``parse_json`` that holds a number of too many digits; "" when nothing is."""
    inside = [value]
    while inside:
        one = inside.pop()
        if one is _ABSURD:
            return f"holds a number of more than {MAX_DIGITS} digits"
        if isinstance(one, Mapping):
            inside += one.values()
        elif isinstance(one, list):
            inside += one
    return ""


def open_sqlite(path: Path) -> sqlite3.Connection:
    """Somebody's SQLite file, to read only: no statement on it runs for ever or makes a value larger than MAX_CELL."""
    store = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    store.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_CELL)
    store.execute("PRAGMA trusted_schema = OFF")
    store.text_factory = lambda raw: raw.decode("utf-8", "replace")
    rest = iter(range(MAX_STEPS // _EVERY))
    store.set_progress_handler(lambda: next(rest, None) is None, _EVERY)
    return store


_EVERY = 1_000_000  # instructions between two looks at the bound


def is_stored(store: sqlite3.Connection, table: str) -> bool:
    """Whether a name is a table whose rows lie in the file: a view or virtual table makes them up, without end perhaps."""
    found = store.execute("SELECT type, sql FROM sqlite_master WHERE lower(name) = lower(?)", (table,)).fetchone()
    return found is not None and found[0] == "table" and not str(found[1]).upper().startswith("CREATE VIRTUAL")


_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}  # bytes of a GeoPackage geometry's envelope by its code
_POINTS = (1, 1001, 2001, 3001)  # bare, with Z, with M, with both
_OLD_FLAGS = 0xC0000000  # how Z and M were told before there were codes for them, and still are by some programs


def bare_geometry(blob: object) -> bytes:
    """The WKB inside a GeoPackage's wrapping (magic, version, flags, srs id, envelope); none of what is not so wrapped."""
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":
        return b""
    envelope = _ENVELOPES.get(blob[3] >> 1 & 7)
    return b"" if envelope is None else blob[8 + envelope :]


def point_of(wkb: bytes) -> tuple[float, float] | None:
    """Latitude and longitude of a point in WKB, with or without height and measure; None for all else and an empty one."""
    if len(wkb) < 21 or wkb[0] not in (0, 1):
        return None
    kind, lon, lat = struct.unpack_from("<Idd" if wkb[0] else ">Idd", wkb, 1)
    if kind & ~_OLD_FLAGS not in _POINTS:
        return None
    return (lat, lon) if math.isfinite(lat) and math.isfinite(lon) else None
