"""Feeds → articles: the entries of RSS and Atom files, with what they say of title, address and day.

Entities and document types are refused: they make bombs and open files. A damaged entry costs itself and no other.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from mapper.articles import make_article, parse_articles
from mapper.bounded import MAX_MEMBER
from mapper.dates import StampError, read_stamp
from mapper.model import Article, Issue
from mapper.pages import Clues, Page

FEEDS = (".rss", ".atom", ".xml")
MAX_RESUMED = 1000  # damaged entries of one feed after which the rest is given up

Found = Iterator[Article | Issue]


_FEED = {"title": "title", "link": "url", "guid": "id", "id": "id", "pubDate": "published", "published": "published",
         "updated": "updated", "date": "published", "encoded": "content", "content": "content", "description": "summary",
         "summary": "summary"}  # fmt: skip
_FOREIGN = ("http://search.yahoo.com/mrss/", "http://www.itunes.com/")  # media's own titles and descriptions


def read_feed(path: str, *, published: date | None = None) -> Found:
    """The articles of an RSS or Atom file, and Issues for what cannot be used of it."""
    gave = False
    try:
        with Path(path).open("rb") as raw:
            for found in parse_feed(raw, path, published):
                gave = True
                yield found
    except OSError as error:
        gave = True
        yield _issue("unreadable", f"cannot be read: {error.strerror}", path)
    if not gave:
        yield _issue("no-articles", "holds no article", path, level="warning")


def parse_feed(raw: IO[bytes], file: str, published: date | None) -> Found:
    """The articles of an open feed, which must be seekable; ``published`` stands for the days that its entries give."""
    size = raw.seek(0, io.SEEK_END)
    raw.seek(0)
    if size > MAX_MEMBER:
        yield _issue("file-too-large", f"a feed of more than {MAX_MEMBER:,} bytes is not read", file)
        return
    try:
        yield from _parse(raw, file, published)
    except (ParseError, DefusedXmlException) as error:
        message = f"not a well-formed RSS or Atom file, or one with entities: {error!r}; what came before is used"
        yield _issue("bad-feed", message, file)


def _issue(code: str, message: str, file: str, *, level: str = "error") -> Issue:
    return Issue(stage="articles", level=level, code=code, message=message, file=file)


def _parse(raw: IO[bytes], file: str, published: date | None) -> Found:
    done: set[int] = set()
    try:
        for number, fields in _entries(raw):
            done.add(number)
            yield from _entry(fields, file, published)
    except ParseError as error:
        raw.seek(0)
        text = raw.read(MAX_MEMBER)
        starts = [found.start() for found in _ENTRY.finditer(text)]
        if len(done) >= len(starts):
            yield _issue("bad-feed", f"not a well-formed RSS or Atom file: {error}; what came before is used", file)
            return
        # not well-formed from here on: each entry is read by itself, in the frame of what stands above the first
        missing = [number for number in range(len(starts)) if number not in done]
        for number in missing[:MAX_RESUMED]:
            alone = text[: starts[0]] + text[starts[number] : starts[number + 1] if number + 1 < len(starts) else None]
            try:
                for _, fields in itertools.islice(_entries(io.BytesIO(alone)), 1):
                    yield from _entry(fields, file, published)
            except ParseError as wrong:
                yield _issue("bad-entry", f"entry {number + 1} is not well-formed XML: {wrong}; skipped", file)
        if len(missing) > MAX_RESUMED:
            yield _issue(
                "bad-feed", f"more than {MAX_RESUMED:,} entries after a damaged one: the rest is given up", file
            )


_ENTRY = re.compile(rb"<(?:[A-Za-z]+:)?(?:item|entry)[\s>]")


def _entries(raw: IO[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number (in the order of their beginnings, from 0) and fields of each entry of a feed.

    Raises ParseError, and DefusedXmlException for a document type.
    """
    began, open_ones = 0, []
    for event, element in iterparse(raw, events=("start", "end"), forbid_dtd=True):
        if element.tag.rpartition("}")[2] not in ("item", "entry"):
            continue
        if event == "start":
            open_ones.append(began)
            began += 1
        else:
            yield open_ones.pop(), _fields(element)
            element.clear()


def _fields(entry: Any) -> dict[str, Any]:
    """What an entry's own elements say; what is nested deeper belongs to something else."""
    record: dict[str, Any] = {}
    for element in entry:
        space, _, tag = element.tag.rpartition("}")
        if tag not in _FEED or space.lstrip("{").startswith(_FOREIGN):
            continue
        if tag == "link" and element.get("rel", "alternate") != "alternate":
            continue
        value = "".join(element.itertext()).strip() or element.get("href", "")
        if value:
            record.setdefault(_FEED[tag], value)
    return record


def _entry(record: dict[str, Any], file: str, published: date | None) -> Found:
    if published is not None:
        record["published"] = published.isoformat()
    clues = Clues()
    with contextlib.suppress(StampError):
        changed = read_stamp(record.get("updated", ""))
        clues.modified = None if changed is None else (changed, "updated")
    body = record.get("content") or record.get("summary") or ""
    if "<" in body:
        texts = [
            a.text
            for a in parse_articles(f"<html><body><article>{body}</article></body></html>", name="", kind=".html")
            if isinstance(a, Article)
        ]
        body = texts[0] if texts else ""
    yield from make_article({**record, "text": body}, file=file, page=Page(clues=clues))
