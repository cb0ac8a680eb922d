"""Archives → articles, streamed: folders, JSON lines (also .gz, .zst), .zip, .tar.gz, WARC, RSS and Atom.

Nothing is unpacked to disk, so no member's name can lead anywhere. What one member may unpack to is bounded: a bomb is
an Issue, not a full memory. JSON lines are streamed wherever they are, so they may be of any size. One damaged member,
feed entry or web record costs itself, not the archive. An archive inside an archive is not opened, and that is reported
too, as is a file that gave nothing at all.
"""

from __future__ import annotations

import contextlib
import glob
import gzip
import importlib
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import IO, Any, Self, cast

from mapper.articles import (
    SUFFIXES,
    bad_address,
    canonical_url,
    decode,
    parse_articles,
    read_stream,
    too_large,
    unique,
)
from mapper.bounded import MAX_PAGE, is_hidden, walk
from mapper.feeds import FEEDS, parse_feed
from mapper.model import Article, ArticleId, Issue, stable_id

MAX_HEADER = 1_000_000  # bytes of a tar's extended header, which tarfile would read whole
MAX_WINDOW = 128_000_000  # bytes of memory a .zst file may ask for
MAX_RESUMED = 1000  # damaged records of one web archive or feed after which the rest is given up
# what the libraries raise on damaged input, found by fuzzing them
_DAMAGE = (
    zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError,
    ValueError, LookupError, OverflowError,
)  # fmt: skip
ARCHIVE_SUFFIXES = (
    ".jsonl.gz", ".ndjson.gz", ".jsonl.zst", ".ndjson.zst", ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz",
    ".warc", ".warc.gz", *FEEDS,
)  # fmt: skip

Found = Iterator[Article | Issue]


@dataclass(slots=True)
class Meter:
    """How far the reading of some files is, in bytes as they lie on the disk."""

    total: int = 0
    _before: int = 0
    _now: IO[bytes] | None = field(default=None)

    def opened(self, stream: IO[bytes]) -> None:
        self._now = stream

    def closed(self, size: int) -> None:
        self._before += size
        self._now = None

    @property
    def share(self) -> float:
        """Between 0 and 1; 0 when nothing is known."""
        at = self._now.tell() if self._now is not None and not self._now.closed else 0
        return min(1.0, (self._before + at) / self.total) if self.total else 0.0


def _issue(code: str, message: str, file: str, *, line: int = 0, level: str = "error") -> Issue:
    return Issue(stage="archives", level=level, code=code, message=message, file=file, line=line)


def _optional(name: str, file: str) -> ModuleType | Issue:
    try:
        return importlib.import_module(name)
    except ImportError:
        message = f"reading this needs the package {name}: pip install 'control-mapper[archives]'"
        return _issue("missing-package", message, file)


def _bounded(stream: IO[bytes], most: int) -> bytes | None:
    """All of a stream, or None when it is longer than ``most`` bytes."""
    raw = stream.read(most + 1)
    return None if len(raw) > most else raw


def _member(stream: IO[bytes], name: str, published: date | None) -> Found:
    """The articles of one file or member, whatever it is called."""
    yield from read_stream(stream, name=name, kind=Path(name).suffix.lower(), published=published)


def _zip(raw: IO[bytes], file: str, published: date | None) -> Found:
    with zipfile.ZipFile(raw) as archive:
        for info in archive.infolist():
            name = f"{file}!{info.filename}"
            if info.is_dir() or is_hidden(info.filename):
                continue
            if not info.filename.lower().endswith(SUFFIXES):
                yield _issue("unknown-suffix", "not a kind of article: skipped", name, level="note")
                continue
            if info.flag_bits & 1:
                yield _issue("encrypted", "is encrypted: skipped", name)
                continue
            try:
                with archive.open(info) as stream:
                    yield from _member(stream, name, published)
            except _DAMAGE as error:
                yield _issue("bad-member", f"damaged: {error}; what came before in it is used", name)


_LONG_HEADER = "\0a header too long"


class _Header(tarfile.TarInfo):
    """A tar header whose extension is bounded: tarfile reads those whole into memory."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        made = super().frombuf(buf, encoding, errors)
        extension = made.type not in tarfile.SUPPORTED_TYPES or made.type in (
            tarfile.GNUTYPE_LONGNAME,
            tarfile.GNUTYPE_LONGLINK,
        )
        if extension and made.size > MAX_HEADER:
            made.type, made.name = tarfile.REGTYPE, _LONG_HEADER  # to be skipped like a member
        return made


def _tar(raw: IO[bytes], file: str, published: date | None) -> Found:
    with tarfile.open(fileobj=raw, mode="r|*", tarinfo=_Header) as archive:
        while (info := archive.next()) is not None:
            # tarfile remembers every header: memory would grow with the archive
            archive.members = []  # type: ignore[attr-defined]
            name = f"{file}!{info.name}"
            if info.isdir() or is_hidden(info.name):
                continue
            if info.name == _LONG_HEADER:
                message = f"a header of more than {MAX_HEADER:,} bytes is skipped; the member after it has a cut name"
                yield _issue("header-too-large", message, file)
                continue
            stream = archive.extractfile(info) if info.isfile() else None
            if stream is None or not info.name.lower().endswith(SUFFIXES):
                yield _issue("unknown-suffix", "not a kind of article: skipped", name, level="note")
                continue
            yield from _member(stream, name, published)


_LENGTH = "it is not as long as it says"
# where a record of a web archive may begin, packed or plain
_RECORD = re.compile(rb"\x1f\x8b\x08[\0-\x1f].{4}[\0\2\4][\0-\x0d\xff]|(?<=\n)WARC/\d", re.DOTALL)


def _warc(raw: IO[bytes], file: str, published: date | None) -> Found:
    """HTML responses of a web archive; the record's own date stands in where the page has none.

    After a damaged record reading goes on at the next place that looks like the beginning of one.
    """
    module = _optional("warcio.archiveiterator", file)
    if isinstance(module, Issue):
        yield module
        return
    # it falls over a missing header as over a missing attribute
    damage = (importlib.import_module("warcio.exceptions").ArchiveLoadFailed, AttributeError, TypeError, *_DAMAGE)
    size = raw.seek(0, io.SEEK_END)
    at = 0
    for _ in range(MAX_RESUMED):
        raw.seek(at)
        records = module.ArchiveIterator(raw)
        pages: list[Article | Issue] = []  # of the record before: used when its length turns out to be what it says
        try:
            while True:
                with contextlib.redirect_stderr(
                    io.StringIO()
                ):  # it prints what it finds wrong, in the file's own words
                    record = next(records, None)
                if records.err_count:
                    raise ValueError(_LENGTH)
                yield from pages
                pages = []
                if record is None:
                    return
                at = records.offset
                said = record.length or int(record.rec_headers.get_header("Content-Length") or size + 1)
                if records.reader.decompressor is None and at + said > size:  # a packed one ends with its member
                    raise ValueError(_LENGTH)
                pages = list(_page(record, file, published))
        except damage as error:
            if not records.err_count:
                yield from pages
                at = max(at, records.offset)
            yield _issue("bad-record", f"the record at byte {at:,} is damaged or none of a WARC file: {error}", file)
        at = _next_record(raw, at + 1)
        if at < 0:
            return
    yield _issue("bad-archive", f"more than {MAX_RESUMED:,} damaged records: the rest is given up", file)


def _next_record(raw: IO[bytes], at: int) -> int:
    """The offset of the next beginning of a record at or after ``at``, -1 when there is none."""
    start = at - 1  # a plain record begins after the end of a line
    while True:
        raw.seek(start)
        block = raw.read(1 << 20)
        found = _RECORD.search(block, 1)
        if found:
            return start + found.start()
        if len(block) < 1 << 20:
            return -1
        start += len(block) - 16  # a beginning may lie across the end of a block


def _page(record: Any, file: str, published: date | None) -> Found:
    """The article of one record of a web archive, if it is the response with a page."""
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    kind = (record.http_headers.get_header("Content-Type") or "") if record.http_headers else ""
    if record.rec_type != "response" or "html" not in kind:
        return
    name = f"{file}!{url}"
    page = _bounded(record.content_stream(), MAX_PAGE)
    if page is None:
        yield too_large(name, MAX_PAGE)
        return
    text, issue = decode(page, name)
    if issue is not None:
        yield issue
    for found in parse_articles(text, name=name, kind=".html", published=published):
        if isinstance(found, Issue) or not url or found.url:
            yield found
            continue
        if wrong := bad_address(url, file=name):
            yield wrong
            yield found
        else:  # the address under which the page was fetched is surer than none
            yield replace(found, url=url, id=ArticleId(stable_id(canonical_url(url))))


def _gzip_lines(raw: IO[bytes], file: str, published: date | None) -> Found:
    with gzip.open(raw) as stream:
        yield from read_stream(cast("IO[bytes]", stream), name=file, kind=".jsonl", published=published)


def _zstd_lines(raw: IO[bytes], file: str, published: date | None) -> Found:
    module = _optional("zstandard", file)
    if isinstance(module, Issue):
        yield module
        return
    try:
        with module.ZstdDecompressor(max_window_size=MAX_WINDOW).stream_reader(raw, read_across_frames=True) as stream:
            lines = cast("IO[bytes]", io.BufferedReader(stream))
            yield from read_stream(lines, name=file, kind=".jsonl", published=published)
    except module.ZstdError as error:
        yield _issue("bad-archive", f"damaged: {error}; what came before is used", file)


def _plain(raw: IO[bytes], file: str, published: date | None) -> Found:
    yield from _member(raw, file, published)


_OPENERS: tuple[tuple[tuple[str, ...], Callable[[IO[bytes], str, date | None], Found]], ...] = (
    ((".jsonl.gz", ".ndjson.gz"), _gzip_lines),
    ((".jsonl.zst", ".ndjson.zst"), _zstd_lines),
    ((".zip",), _zip),
    ((".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz"), _tar),
    ((".warc", ".warc.gz"), _warc),
    (FEEDS, parse_feed),
    (("",), _plain),
)


def _open(path: Path, published: date | None, meter: Meter) -> Found:
    name = path.name.lower()
    opener = next(opener for suffixes, opener in _OPENERS if name.endswith(suffixes))
    gave = False
    try:
        size = path.stat().st_size
        with path.open("rb") as raw:
            meter.opened(raw)
            for found in opener(raw, str(path), published):
                gave = True
                yield found
        meter.closed(size)
    except _DAMAGE as error:
        gave = True
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        yield _issue("bad-archive", f"damaged, or not what its name says: {why}; what came before is used", str(path))
    if not gave:
        yield _issue("no-articles", "holds no article", str(path), level="warning")


def list_archives(inputs: Iterable[str]) -> Iterator[Path | Issue]:
    """The files behind paths, folders and globs, each folder in name order, so that every run sees the same order."""
    for item in inputs:
        try:
            yield from _behind(item)
        except (OSError, ValueError) as error:  # a name too long or with a null
            yield _issue("unreadable", f"cannot be read: {getattr(error, 'strerror', None) or error}", item[:200])


def _behind(item: str) -> Iterator[Path | Issue]:
    path = Path(item)
    if path.is_dir():
        known = SUFFIXES + ARCHIVE_SUFFIXES
        empty = True
        for found in walk(path, known, "archives"):
            empty = empty and isinstance(found, Issue) and found.level != "error"
            yield Path(found) if isinstance(found, str) else found
        if empty:
            message = f"no articles or archives in this folder; mapper reads {' '.join(known)}"
            yield _issue("empty-folder", message, item)
    elif path.is_file():
        yield path
    else:
        matched = sorted(Path(p) for p in glob.glob(item, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
        if not matched:
            yield _issue("no-such-file", "no such file or folder, and no file matches it as a pattern", item)
        yield from (p for p in matched if p.is_file())


def read_archives(inputs: Iterable[str], *, published: date | None = None, meter: Meter | None = None) -> Found:
    """Every article behind the inputs, one at a time, and an Issue for all that could not be used.

    ``meter`` is told how much there is and how far the reading is.
    """
    meter = meter or Meter()
    seen: dict[str, str] = {}
    listed = list(list_archives(inputs))
    for path in listed:
        if isinstance(path, Path):
            try:
                meter.total += path.stat().st_size
            except OSError:
                continue  # opening it reports it
    for path in listed:
        if isinstance(path, Issue):
            yield path
            continue
        for found in _open(path, published, meter):
            yield from unique(found, seen)
