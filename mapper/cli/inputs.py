"""A run over the inputs of a command: their configuration and gazetteer, with what a person is told on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from mapper.cli.terminal import Stop, progress, report, say, shell


def find_config(inputs: Iterable[str], given: Path | None) -> Any:
    """The configuration of ``--config``, else of the mapper.toml beside an input, else the default."""
    from mapper.config import default_config, read_config

    path = given or find_config_file(inputs)
    config = default_config() if path is None else read_config(path)
    return replace(config, reader=shell.reader) if shell.reader else config


def find_config_file(inputs: Iterable[str]) -> Path | None:
    from mapper.inputs import config_beside

    beside = config_beside(inputs)
    if beside is not None:
        say(f"using {beside}")
    return beside


def open_gazetteer(config: Any, extra: Sequence[Path] | None = None, *, verify: bool = False) -> Any:
    """The gazetteer of a run that has no result to carry its issues: they are reported at once."""
    from mapper.inputs import open_gazetteer as open_all

    gazetteer = open_all(config, extra or (), progress=say, verify=verify)
    report(gazetteer.issues)
    return gazetteer


def read_all(loaded: Any, gazetteer: Any, config: Any, extra: Sequence[Path] | None = None) -> tuple[list[Any], Any]:
    """Readings of all articles, and the gazetteer they used: a richer one when a public geocoder was asked."""
    from mapper.actors import ActorIndex
    from mapper.pipeline import read
    from mapper.reader import open_reader

    index = ActorIndex(config.actors)
    reader = open_reader(config.reader) if loaded.articles else None

    def once() -> list[Any]:
        readings = []
        with progress("reading articles", len(loaded.articles)) as step:
            for article in loaded.articles:
                readings.append(read(article, gazetteer, index, reader))
                step()
        return readings

    readings = once()
    richer = _asked_online(readings, config, extra) if shell.online else None
    if richer is not None:
        gazetteer = richer
        readings = once()
    return readings, gazetteer


def _asked_online(readings: Sequence[Any], config: Any, extra: Sequence[Path] | None) -> Any:
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
    return open_gazetteer(config, [answers(path, path.with_name(f"{path.stem}-places.csv")), *(extra or ())])


def require(loaded: Any) -> None:
    """Nothing usable is an answer with a reason, not an empty file."""
    if not loaded.usable:
        report(loaded.issues + [i for t in loaded.tables for i in t.issues])
        message = "nothing usable in the input: no article and no claim (see above)"
        raise Stop(message)


def run_over(
    inputs: Sequence[str],
    *,
    config_file: Path | None,
    published: date | None,
    extra: Sequence[Path] | None = None,
    as_of: date | None = None,
    dialect: str = "",
    date_order: str = "",
    territory: bool = True,
    adjust: Callable[[Any], Any] = lambda config: config,
) -> tuple[Any, Any, Any]:
    """Result, config and gazetteer of a whole run over the inputs."""
    from mapper.inputs import load
    from mapper.inputs import open_gazetteer as open_all
    from mapper.pipeline import Given, combine

    config = adjust(find_config(inputs, config_file))
    loaded = load(inputs, config, published=published, dialect=dialect, date_order=date_order)
    require(loaded)
    config = loaded.settle(config)
    gazetteer = open_all(config, extra or (), progress=say)
    opened = (*gazetteer.issues, *loaded.issues)
    readings, gazetteer = read_all(loaded, gazetteer, config, extra)
    result = combine(
        readings,
        Given.of(loaded.tables),
        gazetteer=gazetteer,
        config=config,
        issues=opened,
        as_of=as_of,
        territory=territory,
    )
    report(result.issues)
    return result, config, gazetteer
