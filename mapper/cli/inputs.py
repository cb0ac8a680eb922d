"""A run over the inputs of a command: their configuration and gazetteer, with what a person is told on the way."""

from __future__ import annotations

import functools
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from mapper.cli.terminal import STDOUT, Stop, Told, progress, report, say, shell
from mapper.files import descriptor

OUTPUTS = ("output", "to", "folder")  # parameters of commands that name what is written; all other paths are read


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """A command that refuses to write into what it reads, under whatever name, before anything is read.

    It reads every list and path among its parameters that is not in OUTPUTS. ``/dev/stdout`` as the output is ``-``.
    """

    @functools.wraps(command)
    def guarding(**given: Any) -> None:
        output = given.get("output")
        if output is not None and descriptor(output) == 1:
            given["output"] = STDOUT
        outputs = [str(given[name]) for name in ("output", "to") if given.get(name) is not None]
        shell.writes = tuple(_there(outputs, 1))
        read = [value for name, value in given.items() if name not in OUTPUTS and isinstance(value, list | Path)]
        inputs = [str(item) for value in read for item in (value if isinstance(value, list) else [value])]
        refuse_overwriting(inputs)
        into = given.get("folder")
        for item in inputs:
            if into is not None and Path(item).resolve().is_relative_to(into.resolve()):
                message = f"{item} is in the folder that is written, {into}: choose another with --into"
                raise Stop(message, 2)
        command(**given)

    return guarding


def refuse_overwriting(read: Iterable[str]) -> None:
    """Stops when one of the files and folders that are read is also what the command writes.

    A map that mapper wrote is no file that is read of a folder: it may be written again.
    """
    if not shell.writes:
        return
    written = {(device, inode): name for name, device, inode in shell.writes}
    read = tuple(read)
    for item, device, inode in _there(_files(read), 0):
        if (device, inode) in written:
            name = written[device, inode]
            same = "" if name == item else f" (as {item})"
            remedy = "send it elsewhere" if name == "standard output" else "name another file to write"
            if item not in (*read, "standard input"):
                remedy += ", outside the folders that are read"
            message = f"{name} is also read{same}, and writing would destroy it: {remedy}"
            raise Stop(message, 2)


def _files(read: Iterable[str]) -> Iterator[str]:
    """The files to be read, those in folders too."""
    for item in read:
        if os.path.isdir(item):  # noqa: PTH112 - Path's own raises for a name that is too long
            from mapper.articles import list_files
            from mapper.inputs import KNOWN

            yield from (name for name in list_files([item], KNOWN) if isinstance(name, str))
        else:
            yield item


def _there(names: Iterable[str], standard: int) -> Iterator[tuple[str, int, int]]:
    """Name, device and inode of the ordinary files that are there; ``-`` is the descriptor ``standard``.

    What is written always counts standard output in: any word there would go into the file.
    """
    for name in (*names, *(["-"] if standard else [])):
        try:
            found = os.fstat(standard) if name == "-" else os.stat(name)  # noqa: PTH116 - as the line above
        except OSError:
            continue
        if stat.S_ISREG(found.st_mode):
            yield (
                (("standard output" if standard else "standard input") if name == "-" else name),
                found.st_dev,
                found.st_ino,
            )


def find_config(inputs: Iterable[str], given: Path | None) -> Any:
    """The configuration of ``--config``, else of the mapper.toml beside an input, else the default."""
    from mapper.config import default_config, read_config

    path = given or find_config_file(inputs)
    config = default_config() if path is None else read_config(path)
    if path is not None:
        refuse_overwriting(map(str, (path, *config.gazetteers)))
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


def require(loaded: Any, told: Told | None = None) -> None:
    """Nothing usable is an answer with a reason, not an empty file."""
    if not loaded.usable:
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
    dialect: str = "",
    date_order: str = "",
    territory: bool = True,
    adjust: Callable[[Any], Any] = lambda config: config,
) -> tuple[Any, Any, Any]:
    """Result, config and gazetteer of a whole run over the inputs."""
    from mapper.bounded import OWN_MAP
    from mapper.inputs import load
    from mapper.inputs import open_gazetteer as open_all
    from mapper.pipeline import Given, combine

    config = adjust(find_config(inputs, config_file))
    loaded = load(inputs, config, published=published, dialect=dialect, date_order=date_order)
    require(loaded)
    config = loaded.settle(config)
    gazetteer = open_all(config, extra or (), progress=say)
    # told, and not in the result: a map made a second time in the folder of its articles has the same bytes
    aside = tuple(issue for issue in loaded.issues if issue.code == OWN_MAP)
    opened = (*gazetteer.issues, *(issue for issue in loaded.issues if issue.code != OWN_MAP))
    readings, gazetteer = read_all(loaded, gazetteer, config, extra)
    given = Given.of(loaded.tables)
    del loaded  # of a million rows nothing is kept twice
    result = combine(
        readings,
        given,
        gazetteer=gazetteer,
        config=config,
        issues=opened,
        as_of=as_of,
        territory=territory,
    )
    report((*aside, *result.issues))
    return result, config, gazetteer
