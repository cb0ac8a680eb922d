"""Files → articles: .txt, .md, .html, .jsonl, .json, .csv, folders and standard input.

The text of an article is kept exactly as it was read (line ends included), because every quote is a span of it.
Metadata comes from, in this order: the caller's own word, the record's fields or the page's metadata, front matter,
a date in the file name, and failing all that the page or the text itself, which is reported as an Issue.

A record that cannot be used costs itself and nothing else. Files are read as streams where their kind allows it, and no
reader holds more than one record and the bounds below.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

from mapper import bounded
from mapper.addresses import objection, web_address
from mapper.bounded import MAX_CHARACTERS, OWN_MAP, absurd, csv_rows, is_own_page, lines, parse_json, walk, wide
from mapper.dates import StampError, infer_published, read_stamp
from mapper.layout import infer_blocks, line_blocks
from mapper.model import Article, ArticleId, Issue, stable_id
from mapper.pages import Clues, Page, read_page

_HEAD = 1 << 16  # bytes of standard input by which its kind is told
NO_ARTICLES = ("readme.md", "readme.txt", "checkpoints.tsv")  # what stands beside the articles of a project
SUFFIXES = (".txt", ".md", ".html", ".htm", ".jsonl", ".ndjson", ".json", ".csv")
STDIN = "-"
STDIN_NAME = "standard input"
LINES = (".jsonl", ".ndjson")

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.{0,4000}?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FILE_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
# Names in a query that say how a reader came to a page, not which page it is: those that Firefox and the ClearURLs project
# strip from every site, and those of newsrooms. A name that some site may number its articles with (id, ref, cid) is none.
_TRACKING = re.compile(
    r"(?:utm|mtm|pk|at|hsa)_\w+|(?:fb|g|d|y|tt|tw)clid|msclkid|gbraid|wbraid|igsh(?:id)?|mc_[ce]id|_ga|_gl|_hsenc|_hsmi"
    r"|mkt_tok|vero_(?:id|conv)|oly_(?:anon|enc)_id|li_fat_id|ref_(?:src|url)|cmp(?:id)?|ocid|smid|s_cid|xtor",
    re.IGNORECASE,
)
LONGEST_TITLE = 150  # characters; what is longer is a paragraph
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".replace(" ", "|")
# What stands above an article and is no headline: a byline, a label, an address, a dateline, a line without a letter.
_NO_TITLE = re.compile(
    rf"^\W*(?:(?:by|from|source|published|posted|updated|last modified|date|dateline)\b|https?:|www\.)|^[\W\d_]+$"
    rf"|\b(?:{_MONTHS})[a-z]*\.?(?: \d{{1,2}}(?:st|nd|rd|th)?)?,? \d{{4}}\W*$",
    re.IGNORECASE,
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def _issue(level: str, code: str, message: str, *, file: str = "", line: int = 0, value: str = "") -> Issue:
    return Issue(stage="articles", level=level, code=code, message=message, file=file, line=line, value=value[:200])


def decode(raw: bytes, file: str = "") -> tuple[str, Issue | None]:
    """Text of some bytes: UTF-8, UTF-16 by its mark or its zeros, else Windows-1252 with an Issue that says so."""
    if encoding := wide(raw[:4]):
        return raw.decode(encoding, errors="replace"), None
    try:
        return raw.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        message = (
            f"not UTF-8 (byte {error.start}); read as Windows-1252. If names look wrong, save the file as UTF-8 first"
        )
        return raw.decode("cp1252", errors="replace"), _issue("warning", "encoding", message, file=file)


def canonical_url(url: str) -> str:
    """The address without what varies between copies: scheme, www, port, tracking, fragment and a final slash.

    The rest of the query stays, in the order of its names: ``?p=101`` and ``?p=102`` are two articles. What is no address
    stays as it is written.
    """
    try:
        parts = urlsplit(canonicalize_url(url.strip()))
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:  # "http://[::1", a port of six digits: it still tells one article from another
        return url.strip()
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(k)]
    return urlunsplit(("", host, parts.path.rstrip("/"), urlencode(kept), ""))


def bad_address(url: str, *, file: str = "", line: int = 0) -> Issue | None:
    """The Issue about a link that is no address, None for one that may be."""
    wrong = objection(url)
    return _issue("warning", "bad-address", f"link {wrong}", file=file, line=line, value=url) if wrong else None


def make_article(
    record: Mapping[str, Any], *, file: str = "", line: int = 0, page: Page | None = None
) -> Iterator[Article | Issue]:
    """One article from fields ``id, published (or date), title, text, url, publisher``; Issues for what is wrong.

    ``page`` is what the mark-up of its page tells beside them, where it comes from one.
    """
    page = page or Page()
    text = record.get("text")
    if not isinstance(text, str) or not text.strip():
        yield _issue("warning", "empty-article", "no text: the article is skipped", file=file, line=line)
        return
    if len(text) > MAX_CHARACTERS:
        message = (
            f"text has {len(text):,} characters, more than {MAX_CHARACTERS:,}: cut it into articles first; skipped"
        )
        yield _issue("error", "article-too-long", message, file=file, line=line)
        return
    text = _SURROGATE.sub("\ufffd", text)  # one code point for one: offsets hold, and the text can be written as UTF-8
    published = None
    field: dict[str, str] = {}
    for key in ("title", "url", "publisher", "published", "date", "id"):
        try:
            field[key] = _plain(record.get(key))
        except ValueError as error:
            yield _issue("warning", "bad-field", f"{key} {error}; it is not used", file=file, line=line)
            field[key] = ""
    raw_day = field.pop("published") or field.pop("date")
    field.pop("date", None)
    try:
        published = read_stamp(raw_day)
    except StampError as error:
        message = f"publication date {error}; it is not used"
        yield _issue("warning", error.code, message, file=file, line=line, value=raw_day)
    if published is None:
        published, doubts = _published(text, file, line, page.clues)
        yield from doubts
    wrong = bad_address(field["url"], file=file, line=line)
    # known by its address as written: two records with the same bad one are still the same article
    identity = field.pop("id") or stable_id(canonical_url(field["url"]) if field["url"] else text)
    if wrong is not None:
        yield wrong
    field["url"] = web_address(field["url"])
    field["title"] = field["title"] or headline(text)
    name = "" if file == STDIN_NAME else Path(file.rpartition("!")[2]).name  # of "news.zip!2017/rawa.txt" the member
    yield Article(
        id=ArticleId(identity),
        text=text,
        published=published,
        file=_SURROGATE.sub("\ufffd", name),
        blocks=line_blocks(text, page.marked, page.days) if page.marked else infer_blocks(text),
        **field,
    )


def _published(text: str, file: str, line: int, clues: Clues) -> tuple[date | None, list[Issue]]:
    """The day of publication of an article whose record says none, if anything else does, and Issues for doubts.

    1. What its page states. 2. "Published 17 November 2017" on the page. 3. A date in the file's name. 4. A time beside
    the page's headline or in its address. 5. What the text says. 6. When it was last changed. A day that was not stated
    comes with a warning.
    """
    if clues.stated is not None:
        return clues.stated[0], clues.issues
    named = _FILE_DATE.search(Path(file).stem) if file and clues.labelled is None else None
    if named is not None:
        try:
            return date(*map(int, named.groups())), clues.issues
        except ValueError:
            pass  # 2017-02-31 in a file name is a number, not a date
    inferred = clues.labelled or clues.shown or (None if clues.torn else infer_published(text)) or clues.modified
    if inferred is None:
        message = "no publication date: weekdays and present-tense claims stay undated; give --published"
        return None, [*clues.issues, _issue("warning", "published-unknown", message, file=file, line=line)]
    day, why = inferred
    message = f"no publication date given; {day.isoformat()} inferred ({why})"
    if inferred is clues.modified:
        message = f"no publication date given, only when it was last changed; {day.isoformat()} is used ({why})"
    found = _issue("warning", "published-inferred", message, file=file, line=line, value=day.isoformat())
    return day, [*clues.issues, found]


def headline(text: str) -> str:
    """The first line of a text when it is set apart as a headline, without its mark-up; else empty.

    Set apart is a line with a blank one, a byline or a date below it, or a heading of Markdown. A sentence with a full
    stop, a byline, a date and a name of one or two words are no headlines. The text itself stays as it is.
    """
    first, _, rest = text.lstrip().partition("\n")
    if not rest.strip() or len(first) > LONGEST_TITLE:
        return ""
    line, below = first.strip(), rest.partition("\n")[0].strip()
    marked = re.match(r"#{1,6}\s", line) is not None or re.fullmatch(r"={3,}|-{3,}", below) is not None
    title = " ".join(line.strip("#*_ \t").split())
    if title.endswith((".", ":", ";", ",", "-", "–", "—")) or _NO_TITLE.search(title):
        return ""
    apart = not below or _NO_TITLE.search(below) is not None
    return title if marked or (apart and len(title.split()) > 2) else ""


def _plain(value: object) -> str:
    """The text of a record's field, "" for none. Raises ValueError for a list, an object or a number without measure."""
    if isinstance(value, Mapping | list | tuple | set):
        message = "is a list or an object, not a text"
        raise ValueError(message)  # noqa: TRY004 - the caller treats all that a field may not be alike
    return _SURROGATE.sub("\ufffd", "" if value is None or value is False else str(value))


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """Fields of a ``---`` block at the top, and the text after it."""
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    fields = {}
    for row in match.group(1).splitlines():
        key, colon, value = row.partition(":")
        if colon:
            fields[key.strip().lower()] = value.strip().strip("\"'")
    return fields, text[match.end() :]


Records = Iterable[tuple[dict[str, Any] | Issue, int]]


def _from_object(found: object, file: str, number: int) -> tuple[dict[str, Any] | Issue, int]:
    if not isinstance(found, dict):
        message = "expected a JSON object with a text field"
        return _issue("error", "bad-json", message, file=file, line=number), number
    if wrong := absurd(found):
        return _issue("error", "bad-json", f"{wrong}: the record is skipped", file=file, line=number), number
    return found, number


def _from_line(row: str, file: str, number: int) -> tuple[dict[str, Any] | Issue, int]:
    try:
        return _from_object(parse_json(row), file, number)
    except ValueError as error:
        return _issue("error", "bad-json", f"not a JSON object: {error}", file=file, line=number, value=row), number


def _from_json(text: str, file: str) -> Records:
    try:
        loaded = parse_json(text)
    except ValueError as error:
        return [(_issue("error", "bad-json", f"not valid JSON: {error}", file=file), 0)]
    rows = loaded if isinstance(loaded, list) else [loaded]
    return (_from_object(row, file, number) for number, row in enumerate(rows, start=1))


def _from_csv(source: Iterable[str], file: str) -> Records:
    header: list[str] = []
    for number, cells in csv_rows(source):
        if isinstance(cells, str):
            yield _issue("error", "bad-csv", f"{cells}; skipped", file=file, line=number), number
        elif not header:
            header = cells
            if "text" not in header:
                break
        elif any(cell.strip() for cell in cells[len(header) :]):
            message = (
                f"{len(cells)} cells under {len(header)} columns: quote cells that hold a comma; the row is skipped"
            )
            yield _issue("error", "bad-csv", message, file=file, line=number), number
        elif cells:
            yield dict(zip(header, cells, strict=False)), number
    if "text" not in header:
        found = ", ".join(header) or "none: the file is empty"
        message = (
            f"columns: {found}. A table of articles needs a column named text, a table of claims date, place and predicate,"
            " one of periods place, start and actor or status"
        )
        yield _issue("error", "missing-column", message, file=file, line=1), 1


def parse_articles(text: str, *, name: str, kind: str, published: date | None = None) -> Iterator[Article | Issue]:
    """Articles of one file's text; ``kind`` is a suffix of SUFFIXES. ``published`` overrides what the file says."""
    records: Records
    page = None
    if kind in LINES:
        rows = enumerate(text.split("\n"), start=1)
        records = (_from_line(row, name, number) for number, row in rows if row.strip())
    elif kind == ".json":
        records = _from_json(text, name)
    elif kind == ".csv":
        records = _from_csv(io.StringIO(text, newline=""), name)
    elif kind in (".html", ".htm") and is_own_page(text[:_HEAD].encode("utf-8", "replace")):
        message = "a map that mapper wrote, no article: give the articles or tables that it was made from"
        records = [(_issue("error", OWN_MAP, message, file=name), 0)]
    elif kind in (".html", ".htm"):
        page = read_page(text, name)
        records = [(page.record, 0)]
    else:
        fields, body = _front_matter(text)
        records = [({**fields, "text": body}, 0)]
    yield from _made(records, name, published, page)


def _made(records: Records, name: str, published: date | None, page: Page | None = None) -> Iterator[Article | Issue]:
    for record, number in records:
        if isinstance(record, Issue):
            yield record
            continue
        if published is not None:
            record["published"] = published.isoformat()
        yield from make_article(record, file=name, line=number, page=page)


def read_stream(stream: IO[bytes], *, name: str, kind: str, published: date | None = None) -> Iterator[Article | Issue]:
    """The articles of an open file, one at a time where its kind allows it: memory is bounded however long it is."""
    if kind in LINES or kind == ".csv":
        issues: list[Issue] = []
        decoded = _decoded(stream, name, issues)
        records = (
            _from_csv((piece for _, line in decoded for piece in io.StringIO(line, newline="")), name)
            if kind == ".csv"
            else (_from_line(line, name, number) for number, line in decoded if line.strip())
        )
        for found in _made(records, name, published):
            yield from issues
            issues.clear()
            yield found
        yield from issues
        return
    most = _most(kind)
    raw = stream.read(most + 1)
    if len(raw) > most:
        yield too_large(name, most)
        return
    text, issue = decode(raw, name)
    del raw
    if issue is not None:
        yield issue
    yield from parse_articles(text, name=name, kind=kind, published=published)


def _most(kind: str) -> int:
    """Bytes of a file of this kind that is read whole."""
    return bounded.MAX_MEMBER if kind == ".json" else bounded.MAX_PAGE


def too_large(name: str, most: int) -> Issue:
    """The Issue about a file or member that is longer than ``most`` bytes and is not read."""
    message = (
        f"holds more than {most:,} bytes: skipped; cut it into articles, or write JSON lines, which may be of any size"
    )
    return _issue("error", "file-too-large", message, file=name)


def _decoded(stream: IO[bytes], name: str, issues: list[Issue]) -> Iterator[tuple[int, str]]:
    """Number and text of each line. One that is too long is an empty line and one of the ``issues``.

    Lines are decoded one by one, so that a line in another encoding spoils no other.
    """
    told = False
    for number, line in lines(stream):
        if line is None:
            message = f"a line of more than {bounded.MAX_LINE:,} bytes is skipped"
            issues.append(_issue("error", "line-too-long", message, file=name, line=number))
        text, issue = decode(line, name) if isinstance(line, bytes) else (line or "\n", None)
        if issue is not None and not told:
            told = True
            issues.append(replace(issue, line=number))
        yield number, text.removeprefix("\ufeff") if number == 1 else text


def list_files(
    inputs: Iterable[str], suffixes: tuple[str, ...] = SUFFIXES, *, named: tuple[str, ...] = ()
) -> Iterator[str | Issue]:
    """The files behind the inputs, folders opened in name order; Issues for what is not there or not of ``suffixes``.

    ``named`` are suffixes of files that are taken when they are named themselves, and passed over in folders.
    """
    for item in inputs:
        path = Path(item)
        if item == STDIN:
            yield item
        elif path.is_dir():
            found = False
            for file in walk(path, suffixes, "articles"):
                if isinstance(file, Issue):
                    found = found or file.level == "error"
                    yield file
                elif Path(file).name.lower() not in NO_ARTICLES:
                    found = True
                    yield file
            if not found:
                message = f"no articles in this folder; mapper reads {' '.join(suffixes)}"
                yield _issue("error", "empty-folder", message, file=item)
        elif not path.exists():
            yield _issue("error", "no-such-file", "no such file or folder", file=item)
        elif not path.is_file():
            message = (
                "is no file but a pipe or a device, which may never end: hand it over as standard input, mapper … - <"
            )
            yield _issue("error", "not-a-file", message, file=item)
        elif not path.name.lower().endswith(suffixes + named):
            known = " ".join(suffixes + named)
            message = f"cannot read {path.suffix or 'files without a suffix'}; mapper reads {known}"
            yield _issue("error", "unknown-suffix", message, file=item)
        else:
            yield item


def sniff(text: str) -> str:
    """The suffix that standard input would have had: .jsonl, .html, .csv or .txt."""
    head = text.lstrip()[:300].lower()
    if head.startswith("{"):
        return ".jsonl"
    if head.startswith(("<!doctype html", "<html")):
        return ".html"
    first = head.split("\n", 1)[0]
    if "," in first and {"text", "predicate", "place"} & {cell.strip('" \r') for cell in first.split(",")}:
        return ".csv"
    return ".txt"


def read_file(item: str, *, published: date | None = None) -> Iterator[Article | Issue]:
    """The articles of one file, streamed where its kind allows it; an Issue when it cannot be read (any further)."""
    kind = Path(item).suffix.lower()
    try:
        with Path(item).open("rb") as stream:
            if kind not in LINES and kind != ".csv" and os.fstat(stream.fileno()).st_size > _most(kind):
                yield too_large(item, _most(kind))
                return
            yield from read_stream(stream, name=item, kind=kind, published=published)
    except OSError as error:
        yield _issue("error", "unreadable", f"cannot be read: {error.strerror}", file=item)


class _Rejoined(io.RawIOBase):
    """What was read from a stream to look at it, and then the rest of the stream."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._head.read(len(buffer)) or self._rest.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def open_stdin() -> tuple[IO[bytes], str, str]:
    """Standard input as a stream, the suffix that it would have had, and the text it begins with."""
    raw = sys.stdin.buffer
    head = raw.read(_HEAD)
    text, _ = decode(head)
    return io.BufferedReader(_Rejoined(head, raw)), sniff(text), text


def read_articles(inputs: Iterable[str], *, published: date | None = None) -> Iterator[Article | Issue]:
    """Every article behind the inputs (paths, folders, ``-``), and an Issue for all that could not be used.

    The same text under the same id is read once; another text under a known id gets a number behind its id.
    """
    seen: dict[str, str] = {}
    for item in list_files(inputs):
        if isinstance(item, Issue):
            yield item
            continue
        if item == STDIN:
            stream, kind, _ = open_stdin()
            found = read_stream(stream, name=STDIN_NAME, kind=kind, published=published)
        else:
            found = read_file(item, published=published)
        for one in found:
            yield from unique(one, seen)


def unique(found: Article | Issue, seen: dict[str, str]) -> Iterator[Article | Issue]:
    """``found``, unless it repeats what ``seen`` (id → hash of the text, updated here) already has."""
    if isinstance(found, Issue):
        yield found
        return
    digest = stable_id(found.text)
    if seen.get(found.id) == digest:
        yield _issue("note", "duplicate-article", f"article {found.id} appears twice; read once", value=found.id)
        return
    if found.id in seen:
        number = 2
        while f"{found.id}~{number}" in seen:
            number += 1
        message = f"two texts share the id {found.id}; the later one is called {found.id}~{number}"
        yield _issue("warning", "duplicate-id", message, value=found.id)
        found = replace(found, id=ArticleId(f"{found.id}~{number}"))
    seen[found.id] = digest
    yield found
