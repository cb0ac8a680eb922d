"""What the inputs of a command hold: articles, tables, their configuration and gazetteer, and a run over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from mapper.cli.terminal import Stop, Told, progress, report, say, shell


@dataclass(frozen=True, slots=True)
class Tables:
    """How to read tables, where that cannot be found out from them."""

    dialect: str = ""
    date_order: str = ""


@dataclass(slots=True)
class Loaded:
    """What the inputs held: articles, the tables' claims, and the issues on the way."""

    articles: list[Any] = field(default_factory=list)
    tables: list[Any] = field(default_factory=list)
    issues: list[Any] = field(default_factory=list)

    def add(self, found: Any) -> None:
        from mapper.model import Article, Issue

        kept = self.issues if isinstance(found, Issue) else self.articles if isinstance(found, Article) else self.tables
        kept.append(found)


def find_config(inputs: Iterable[str], given: Path | None) -> Any:
    from mapper.config import default_config, read_config

    if given is not None:
        return read_config(given)
    for item in inputs:
        path = Path(item)
        beside = (path if path.is_dir() else path.parent) / "mapper.toml"
        if item != "-" and beside.is_file():
            say(f"using {beside}")
            return read_config(beside)
    return default_config()


def open_gazetteer(config: Any, extra: Sequence[Path] | None = None) -> Any:
    from mapper.gazetteer import Gazetteer
    from mapper.gazetteer.importers import user_gazetteers

    for path in (*config.gazetteers, *(extra or ())):
        if not path.is_file():
            message = f"gazetteer {path}: no such file"
            raise Stop(message, 2)
    # the first that knows a name wins: this call's, then the project's, then the user's own
    files = (*(extra or ()), *config.gazetteers, *user_gazetteers())
    gazetteer = Gazetteer.open(
        extra=files, aliases=config.aliases, point_of_view=config.point_of_view, districts=True, progress=say
    )
    report(gazetteer.issues)
    return gazetteer


def opened(
    inputs: Sequence[str],
    config: Any,
    *,
    published: date | None = None,
    tables: Tables | None = None,
    only: str = "",
    stdin: dict[str, Any] | None = None,
) -> Iterator[Any]:
    """Articles, tables and issues behind the inputs, one at a time; files are told apart by what is in them.

    ``only`` passes over all but ``tables``, or all but ``articles`` and issues: whoever needs all tables before the first
    article goes twice over the inputs instead of holding them. What standard input had in the first pass is in ``stdin``.
    """
    from mapper.articles import SUFFIXES, list_files, open_stdin, read_file, read_stream, unique
    from mapper.model import Issue
    from mapper.records import TABLE_SUFFIXES, read_table

    tables = tables or Tables()
    stdin = {} if stdin is None else stdin
    seen: dict[str, str] = {}
    options = {"dialect": tables.dialect, "date_order": tables.date_order, "actors": config.actors}
    for item in list_files(_parts(inputs), SUFFIXES + TABLE_SUFFIXES):
        if isinstance(item, Issue):
            if only != "tables":
                yield item
            continue
        if item == "-":
            name = "standard input"
            if "stream" not in stdin:
                stream, kind, head = open_stdin()
                is_table = kind in _EITHER and _holds_claims(head, kind, tables)
                stdin |= {"stream": stream, "kind": kind, "is_table": is_table}
            if stdin["is_table"]:
                if only != "articles":
                    yield read_table(stdin["stream"], name=name, **options)
                continue
            found = read_stream(stdin["stream"], name=name, kind=stdin["kind"], published=published)
        elif _is_table(Path(item), tables):
            if only != "articles":
                yield read_table(Path(item), name=item, **options)
            continue
        else:
            found = read_file(item, published=published)
        if only != "tables":
            for article in found:
                yield from unique(article, seen)


def load(inputs: Sequence[str], config: Any, *, published: date | None = None, tables: Tables | None = None) -> Loaded:
    """Articles and tables behind the inputs; folders are opened, files are told apart by what is in them."""
    loaded = Loaded()
    for found in opened(inputs, config, published=published, tables=tables):
        loaded.add(found)
    return loaded


def _parts(inputs: Iterable[str]) -> Iterator[str]:
    """The inputs, with a folder that ``mapper extract`` made replaced by its finished parts."""
    for item in inputs:
        if item != "-" and (Path(item) / "mapper-extract.json").is_file():
            from mapper.corpus import parts

            yield from map(str, parts(Path(item)))
        else:
            yield item


_EITHER = (".csv", ".jsonl", ".ndjson")  # suffixes that articles and tables share


def _holds_claims(text: str, kind: str, tables: Tables) -> bool:
    from mapper.records import looks_like_table

    return bool(tables.dialect) or looks_like_table(text, kind)


def _is_table(path: Path, tables: Tables) -> bool:
    """Whether a file is a table of claims or periods: by its suffix, or by its first lines where articles share it."""
    from mapper.articles import decode
    from mapper.records import TABLE_SUFFIXES

    if path.name.lower().endswith(TABLE_SUFFIXES):
        return True
    if path.suffix.lower() not in _EITHER:
        return False
    try:
        with path.open("rb") as stream:
            head = stream.read(1 << 16)
    except OSError:
        return False  # read_file reports it
    return _holds_claims(decode(head)[0], path.suffix.lower(), tables)


def with_actors(config: Any, loaded: Loaded) -> Any:
    """The configuration with the actors that the tables brought."""
    new = {actor.id: actor for table in loaded.tables for actor in table.actors}
    return replace(config, actors=(*config.actors, *new.values())) if new else config


def given_by(loaded: Loaded) -> Any:
    from mapper.pipeline import Given

    return Given(
        claims=tuple(c for t in loaded.tables for c in t.claims),
        share_claims=tuple(s for t in loaded.tables for s in t.share_claims),
        periods=tuple(p for t in loaded.tables for p in t.periods),
        places={i: p for t in loaded.tables for i, p in t.places.items()},
        issues=tuple(i for t in loaded.tables for i in t.issues),
    )


def read_all(loaded: Loaded, gazetteer: Any, config: Any) -> tuple[list[Any], Any]:
    """Readings of all articles, and the gazetteer they used: a richer one when a public geocoder was asked."""
    from mapper.actors import ActorIndex
    from mapper.pipeline import read

    index = ActorIndex(config.actors)

    def once() -> list[Any]:
        readings = []
        with progress("reading articles", len(loaded.articles)) as step:
            for article in loaded.articles:
                readings.append(read(article, gazetteer, index))
                step()
        return readings

    readings = once()
    richer = _asked_online(readings, config) if shell.online else None
    if richer is not None:
        gazetteer = richer
        readings = once()
    return readings, gazetteer


def _asked_online(readings: Sequence[Any], config: Any) -> Any:
    """A gazetteer that also has what the public geocoder says of the names nobody knew; None when there are none."""
    from mapper.gazetteer.online import answers, ask, online_file, service

    geocode = service(shell.online)
    unknown = {c.place_text for r in readings for c in r.found.claims if not c.place_id}
    unknown |= {t.text for r in readings for t in r.toponyms if t.place is None}
    if not unknown:
        return None
    countries = sorted({p.country for r in readings for p in r.places.values() if p.country})
    path = online_file(shell.online)
    found = ask(unknown, countries, path=path, geocode=geocode, source=shell.online)
    say(f"{shell.online}: {found} of {len(unknown)} unknown names found; answers are kept in {path}")
    return open_gazetteer(config, [answers(path, path.with_name(f"{path.stem}-places.csv"))])


def require(loaded: Loaded, told: Told | None = None) -> None:
    """Nothing usable is an answer with a reason, not an empty file."""
    if not loaded.articles and not any(t.claims or t.share_claims or t.periods for t in loaded.tables):
        told = told or Told(loaded.issues)
        told.add(i for t in loaded.tables for i in t.issues)
        report(told)
        message = "nothing usable in the input: no article and no claim (see above)"
        raise Stop(message)


def run_over(
    inputs: Sequence[str],
    *,
    config_file: Path | None,
    published: date | None,
    extra: Sequence[Path] | None = None,
    as_of: date | None = None,
    tables: Tables | None = None,
    territory: bool = True,
    adjust: Callable[[Any], Any] = lambda config: config,
) -> tuple[Any, Any, Any]:
    """Result, config and gazetteer of a whole run over the inputs."""
    from mapper.pipeline import combine

    config = adjust(find_config(inputs, config_file))
    loaded = load(inputs, config, published=published, tables=tables)
    require(loaded)
    config = with_actors(config, loaded)
    gazetteer = open_gazetteer(config, extra)
    readings, gazetteer = read_all(loaded, gazetteer, config)
    result = combine(
        readings,
        given_by(loaded),
        gazetteer=gazetteer,
        config=config,
        issues=loaded.issues,
        as_of=as_of,
        territory=territory,
    )
    report(result.issues)
    return result, config, gazetteer
