"""What goes in, opened the same way for programs and for the command line.

Configuration, gazetteers, articles and tables: ``mapper.run`` and every command find, open and tell them apart here, so
that the same inputs give the same result whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import IO, Any, Literal

from mapper.articles import STDIN, STDIN_NAME, SUFFIXES, decode, list_files, open_stdin, read_file, read_stream, unique
from mapper.config import Config
from mapper.feeds import FEEDS, read_feed
from mapper.gazetteer import Gazetteer
from mapper.gazetteer.importers import user_gazetteers
from mapper.gazetteer.store import GazetteerError
from mapper.model import Actor, ActorId, Article, Issue
from mapper.records import (
    EXPORTED_SUFFIXES,
    SHARED_SUFFIXES,
    TABLE_SUFFIXES,
    Table,
    looks_like_table,
    read_table,
)
from mapper.records.parts import is_extraction, parts

_XML = ".xml"  # a feed where it is named; in a folder it may be anything
KNOWN = SUFFIXES + tuple(suffix for suffix in FEEDS if suffix != _XML) + TABLE_SUFFIXES
_HEAD = 1 << 16  # bytes of a file that tell a table from articles


@dataclass(slots=True)
class Loaded:
    """What the inputs held: articles, tables, and the issues on the way."""

    articles: list[Article] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def add(self, found: Article | Table | Issue) -> None:
        if isinstance(found, Issue):
            self.issues.append(found)
        elif isinstance(found, Article):
            self.articles.append(found)
        else:
            self.tables.append(found)

    def settle(self, config: Config) -> Config:
        """The configuration with the actors that the tables brought."""
        new: dict[ActorId, Actor] = {}
        for actor in (actor for table in self.tables for actor in table.actors):
            new[actor.id] = min(new.get(actor.id, actor), actor, key=repr)  # whichever table was named first
        return replace(config, actors=(*config.actors, *(new[i] for i in sorted(new)))) if new else config

    @property
    def usable(self) -> bool:
        return bool(self.articles) or any(t.claims or t.share_claims or t.periods for t in self.tables)


def config_beside(inputs: Iterable[str]) -> Path | None:
    """The ``mapper.toml`` that stands in or beside the first folder, or beside the first file, that has one."""
    for item in inputs:
        path = Path(item)
        above = path.resolve().parent if path.name in ("", "..") else path.parent
        for folder in (path, above) if path.is_dir() else (above,):
            if item != STDIN and (folder / "mapper.toml").is_file():
                return folder / "mapper.toml"
    return None


def gazetteer_files(config: Config, extra: Sequence[Path] = ()) -> tuple[Path, ...]:
    """The gazetteers of a call, then the project's, then the user's own: the first that knows a name wins.

    Raises GazetteerError for one of the first two that is not there.
    """
    asked = (*extra, *config.gazetteers)
    for path in asked:
        if not path.is_file():
            message = f"gazetteer {path}: no such file"
            raise GazetteerError(message)
    return (*asked, *user_gazetteers())


def open_gazetteer(
    config: Config,
    extra: Sequence[Path] = (),
    *,
    progress: Callable[[str], None] | None = None,
    verify: bool = False,
) -> Gazetteer:
    """The bundled gazetteer under those of ``gazetteer_files``, with the configuration's aliases and point of view."""
    return Gazetteer.open(
        extra=gazetteer_files(config, extra),
        aliases=config.aliases,
        point_of_view=config.point_of_view,
        progress=progress,
        verify=verify,
    )


@dataclass(slots=True)
class Standard:
    """Standard input, which is read once: opened and told apart by its first letters when it is first asked for."""

    stream: IO[bytes] | None = None
    kind: str = ""
    is_table: bool = False

    def open(self, dialect: str) -> IO[bytes]:
        """Raises OSError when it cannot be read."""
        if self.stream is None:
            self.stream, self.kind, head = open_stdin()
            self.is_table = self.kind in SHARED_SUFFIXES and _holds_claims(head, self.kind, dialect)
        return self.stream


def opened(
    inputs: Iterable[str | Article | Table | Issue],
    config: Config,
    *,
    published: date | None = None,
    dialect: str = "",
    date_order: str = "",
    only: Literal["", "tables", "articles"] = "",
    standard: Standard | None = None,
) -> Iterator[Article | Table | Issue]:
    """Articles, tables and issues behind the inputs (paths, ``-``, or what is open already), one at a time.

    Folders are opened, files are told apart by what is in them, and the same article is read once. ``dialect`` and
    ``date_order`` say how to read tables, where that cannot be found out from them. ``only`` passes over all but
    ``tables``, or all but ``articles`` and issues: whoever needs all tables before the first article goes twice over the
    inputs, with the same ``standard``, instead of holding them.
    """
    standard = Standard() if standard is None else standard
    seen: dict[str, str] = {}
    options = {"dialect": dialect, "date_order": date_order, "actors": config.actors, "parties": config.parties}
    for one in inputs:
        found: Iterable[Article | Table | Issue]
        found = _behind(one, published, options, only, standard) if isinstance(one, str) else (one,)
        for item in found:
            if isinstance(item, Table):
                if only != "articles":
                    yield item
            elif only != "tables":
                yield from unique(item, seen)


def load(
    inputs: Iterable[str | Article | Table | Issue],
    config: Config,
    *,
    published: date | None = None,
    dialect: str = "",
    date_order: str = "",
) -> Loaded:
    """All that is ``opened`` behind the inputs, held at once."""
    loaded = Loaded()
    for item in opened(inputs, config, published=published, dialect=dialect, date_order=date_order):
        loaded.add(item)
    return loaded


def _behind(
    path: str, published: date | None, options: dict[str, Any], only: str, standard: Standard
) -> Iterator[Article | Table | Issue]:
    """Everything in a file or folder; the folder of an extraction gives its finished parts.

    Files of the other kind than ``only`` are not read.
    """
    dialect = options["dialect"]
    extracted = path != STDIN and is_extraction(Path(path))
    for item in list_files(
        map(str, parts(Path(path))) if extracted else [path], KNOWN, named=(*EXPORTED_SUFFIXES, _XML)
    ):
        if isinstance(item, Issue):
            yield item
        elif item == STDIN:
            yield from _standard_input(published, options, only, standard)
        elif _is_table(Path(item), dialect):
            if only != "articles":
                yield read_table(Path(item), name=item, **options)
        elif only != "tables":
            read = read_feed if item.lower().endswith(FEEDS) else read_file
            yield from read(item, published=published)


def _standard_input(
    published: date | None, options: dict[str, Any], only: str, standard: Standard
) -> Iterator[Article | Table | Issue]:
    try:
        stream = standard.open(options["dialect"])
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        yield Issue(stage="articles", level="error", code="unreadable", message=message, file=STDIN_NAME)
        return
    if standard.is_table:
        if only != "articles":
            yield read_table(stream, name=STDIN_NAME, **options)
    elif only != "tables":
        yield from read_stream(stream, name=STDIN_NAME, kind=standard.kind, published=published)


def _holds_claims(text: str, kind: str, dialect: str) -> bool:
    return (bool(dialect) and kind != ".json") or looks_like_table(text, kind)


def _is_table(path: Path, dialect: str) -> bool:
    """Whether a file is a table of claims or periods: by its suffix, or by its first lines where articles share it."""
    if path.name.lower().endswith(TABLE_SUFFIXES + EXPORTED_SUFFIXES):
        return True
    if path.suffix.lower() not in SHARED_SUFFIXES:
        return False
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return False  # read_file reports it
    return _holds_claims(decode(head)[0], path.suffix.lower(), dialect)
