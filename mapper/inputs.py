"""What goes in, opened the same way for programs and for the command line.

Configuration, gazetteers, articles and tables: ``mapper.run`` and every command find, open and tell them apart here, so
that the same inputs give the same result whoever asks.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from mapper.articles import STDIN, SUFFIXES, decode, list_files, parse_articles, read_texts, unique
from mapper.config import Config
from mapper.gazetteer import Gazetteer
from mapper.gazetteer.importers import user_gazetteers
from mapper.gazetteer.store import GazetteerError
from mapper.model import Article, Issue
from mapper.records import (
    EXPORTED_SUFFIXES,
    SHARED_SUFFIXES,
    TABLE_SUFFIXES,
    Table,
    looks_like_table,
    read_table,
)
from mapper.records.parts import is_extraction, parts

KNOWN = SUFFIXES + TABLE_SUFFIXES
_HEAD = 1 << 16  # bytes of a file that tell a table from articles


@dataclass(slots=True)
class Loaded:
    """What the inputs held: articles, tables, and the issues on the way."""

    articles: list[Article] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def settle(self, config: Config) -> Config:
        """The configuration with the actors that the tables brought."""
        new = {actor.id: actor for table in self.tables for actor in table.actors}
        return replace(config, actors=(*config.actors, *new.values())) if new else config

    @property
    def usable(self) -> bool:
        return bool(self.articles) or any(t.claims or t.share_claims or t.periods for t in self.tables)


def config_beside(inputs: Iterable[str]) -> Path | None:
    """The ``mapper.toml`` that stands in the first folder, or beside the first file, that has one."""
    for item in inputs:
        path = Path(item)
        beside = (path if path.is_dir() else path.parent) / "mapper.toml"
        if item != STDIN and beside.is_file():
            return beside
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


def load(
    inputs: Iterable[str | Article | Table | Issue],
    config: Config,
    *,
    published: date | None = None,
    dialect: str = "",
    date_order: str = "",
) -> Loaded:
    """Articles and tables behind the inputs: paths, ``-``, or what is open already.

    Folders are opened, files are told apart by what is in them, and the same article is read once. ``dialect`` and
    ``date_order`` say how to read tables, where that cannot be found out from them.
    """
    loaded = Loaded()
    seen: dict[str, str] = {}
    options = {"dialect": dialect, "date_order": date_order, "actors": config.actors}
    for one in inputs:
        found: Iterable[Article | Table | Issue]
        found = _behind(one, published, options) if isinstance(one, str) else (one,)
        for item in found:
            if isinstance(item, Table):
                loaded.tables.append(item)
                continue
            for kept in unique(item, seen):
                if isinstance(kept, Issue):
                    loaded.issues.append(kept)
                else:
                    loaded.articles.append(kept)
    return loaded


def _behind(path: str, published: date | None, options: dict[str, Any]) -> Iterator[Article | Table | Issue]:
    """Everything in a file or folder; the folder of an extraction gives its finished parts."""
    dialect = options["dialect"]
    extracted = path != STDIN and is_extraction(Path(path))
    for item in list_files(map(str, parts(Path(path))) if extracted else [path], KNOWN, named=EXPORTED_SUFFIXES):
        if isinstance(item, Issue):
            yield item
        elif item != STDIN and _is_table(Path(item), dialect):
            yield read_table(Path(item), name=item, **options)
        else:
            for found in read_texts([item]):
                if isinstance(found, Issue):
                    yield found
                    continue
                name, kind, text = found
                if item == STDIN and kind in SHARED_SUFFIXES and _holds_claims(text, kind, dialect):
                    yield read_table(io.StringIO(text, newline=""), name=name, **options)
                else:
                    yield from parse_articles(text, name=name, kind=kind, published=published)


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
        return False  # read_texts reports it
    return _holds_claims(decode(head)[0], path.suffix.lower(), dialect)
