"""The commands that stop the pipe at a stage: place names, claims, periods, and the claims of a whole archive."""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from mapper import __version__
from mapper.cli.ending import Ended
from mapper.cli.inputs import find_config, find_config_file, open_gazetteer, read_all, require, run_over
from mapper.cli.options import AsOf, ConfigFile, DateOrder, Dialect, Extra, Format, Inputs, Output, Published, Reading
from mapper.cli.terminal import (
    STDOUT,
    Stop,
    Told,
    counter,
    kind_of,
    progress,
    report,
    say,
    shell,
    show,
    target,
    write_rows,
)


def toponyms(
    inputs: Inputs,
    output: Output = None,
    config_file: ConfigFile = None,
    published: Published = None,
    extra: Extra = None,
    spans: Annotated[
        Path | None, typer.Option("--spans", help="Resolve only these spans: JSON lines with id and gold or spans.")
    ] = None,
    unresolved: Annotated[
        bool,
        typer.Option(
            "--unresolved",
            help="List the names that were not found, by count; with -o names.toml as lines of an alias table to fill in.",
        ),
    ] = False,
    wanted_format: Format = "",
) -> None:
    """Place names in articles, resolved: one JSON object a line (or CSV).

    Example: `mapper toponyms article.txt | head`
    """
    from mapper.inputs import load
    from mapper.records import toponym_rows
    from mapper.toponyms import alias_lines, find_toponyms, resolve_spans, suggestions
    from mapper.toponyms import unresolved as list_unresolved

    config = find_config(inputs, config_file)
    loaded = load(inputs, config, published=published)
    if not loaded.articles:
        report(loaded.issues)
        message = "nothing usable in the input: no article"
        raise Stop(message)
    gazetteer = open_gazetteer(config, extra)
    wanted = _read_spans(spans) if spans is not None else None
    found: list[Any] = []
    lost: list[Any] = []
    if unresolved and wanted is None:
        # what cost a claim its place is known only once the claims are read
        readings, gazetteer = read_all(loaded, gazetteer, config, extra)
        found = [(reading.article, reading.toponyms) for reading in readings]
        lost = [(reading.article, reading.found.issues) for reading in readings]
    else:
        with progress("finding places", len(loaded.articles)) as step:
            for article in loaded.articles:
                if wanted is None:
                    found.append((article, find_toponyms(article, gazetteer)))
                else:
                    found.append((article, resolve_spans(article, wanted.get(article.id, ()), gazetteer)))
                step()
    if unresolved:
        rows = list_unresolved(found, lost, lambda name, seen: suggestions(name, seen, gazetteer))
        if kind_of(output, wanted_format, ".csv") == ".toml":
            with target(output or STDOUT, ".toml") as path:
                path.write_text(alias_lines(rows), encoding="utf-8", newline="\n")
        else:
            write_rows(rows, output, wanted_format, default=".csv")
    else:
        write_rows(toponym_rows(t for _, ts in found for t in ts), output, wanted_format, default=".jsonl")
    report(loaded.issues)


def _read_spans(path: Path) -> dict[str, tuple[tuple[int, int], ...]]:
    """Spans by article id from JSON lines ``{id, gold: [{start, end}]}``."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: cannot be read ({error})"
        raise Stop(message, 2) from error
    spans = {}
    for number, row in enumerate(text.split("\n"), start=1):
        if not row.strip():
            continue
        try:
            record = json.loads(row)
            listed = record.get("gold", record.get("spans", record.get("toponyms", ())))
            spans[str(record["id"])] = tuple((int(s["start"]), int(s["end"])) for s in listed)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            message = f"{path}:{number}: expected {{id, gold: [{{start, end}}]}} ({error!r})"
            raise Stop(message, 2) from error
    return spans


def claims(
    inputs: Inputs,
    output: Output = None,
    config_file: ConfigFile = None,
    reader: Reading = "",  # noqa: ARG001 - its callback keeps it
    published: Published = None,
    extra: Extra = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="Show each claim in its sentence, the rule that found it, and what was refused and why."
        ),
    ] = False,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="A reviewed claims table whose verdicts survive this extraction.")
    ] = None,
    dialect: Dialect = "",
    date_order: DateOrder = "",
    wanted_format: Format = "",
) -> None:
    """Dated control claims with quote and source: CSV or JSON lines.

    Example: `mapper claims articles/ -o claims.csv`, edit the review column, then `mapper map claims.csv -o map.html`
    """
    from mapper.claims import explain as explain_reading
    from mapper.inputs import load
    from mapper.pipeline import Given, combine, hold_against
    from mapper.records import claim_rows, merge_reviewed, read_table

    config = find_config(inputs, config_file)
    if not explain and keep is None and not shell.online:
        options = {"published": published, "dialect": dialect, "date_order": date_order}
        _claims_as_they_come(inputs, output, config, wanted_format=wanted_format, extra=extra, options=options)
        return
    loaded = load(inputs, config, published=published, dialect=dialect, date_order=date_order)
    require(loaded)
    config = loaded.settle(config)
    gazetteer = open_gazetteer(config, extra)
    readings, gazetteer = read_all(loaded, gazetteer, config, extra)
    if explain:
        for reading in readings:
            show(explain_reading(reading.found))
        return
    given = Given.of(loaded.tables)
    if keep is not None:
        reviewed = read_table(keep, name=str(keep), actors=config.actors, parties=config.parties)
        extracted = combine(readings, given, gazetteer=gazetteer, config=config, territory=False)
        merged = merge_reviewed(
            extracted.claims, extracted.share_claims, {**extracted.places}, reviewed, gazetteer_places=gazetteer.get
        )
        given = Given(
            claims=merged.claims, share_claims=merged.share_claims, places=merged.places, issues=merged.issues
        )
        rows = claim_rows(given.claims, given.share_claims, given.places)
        issues = [*loaded.issues, *(i for i in extracted.issues if i.code == "quote-not-found"), *merged.issues]
    else:
        given = hold_against(given, loaded.articles)
        places = {i: p for r in readings for i, p in r.places.items()} | dict(given.places)
        rows = claim_rows(
            [*(c for r in readings for c in r.found.claims), *given.claims],
            [*(s for r in readings for s in r.found.share_claims), *given.share_claims],
            places,
        )
        issues = [*loaded.issues, *given.issues, *(i for r in readings for i in r.found.issues)]
    write_rows(rows, output, wanted_format)
    report(issues)


def _claims_as_they_come(
    inputs: Sequence[str],
    output: Path | None,
    config: Any,
    *,
    wanted_format: str,
    extra: Sequence[Path] | None,
    options: dict[str, Any],
) -> None:
    """The claims of one article after the other: memory does not grow with their number.

    The rows are those of all articles together: claims of articles, of tables, then share claims. Tables are read before
    the first article, because their actors and places are those of the articles too; of the articles only those are kept
    that quotes of the tables are held against.
    """
    from mapper.actors import ActorIndex
    from mapper.archives import Meter
    from mapper.corpus import Totals
    from mapper.inputs import Loaded, Standard, opened
    from mapper.model import Issue
    from mapper.pipeline import Given, hold_against, read
    from mapper.reader import open_reader
    from mapper.records import claim_rows
    from mapper.verbatim import Witnesses

    standard = Standard()
    loaded = Loaded()
    for table in opened(inputs, config, **options, only="tables", standard=standard):
        loaded.add(table)
    given = Given.of(loaded.tables)
    told = Told()
    found = opened(inputs, config, **options, only="articles", standard=standard)

    def articles() -> Iterator[Any]:
        for one in found:
            if isinstance(one, Issue):
                told.add([one])
            else:
                yield one

    coming = articles()
    first = next(coming, None)
    if first is None:
        require(loaded, told)
    config = loaded.settle(config)
    gazetteer = open_gazetteer(config, extra)
    index = ActorIndex(config.actors)
    reader = open_reader(config.reader) if first is not None else None
    totals = Totals()

    def rows(step: Callable[[Any], None], later: IO[str]) -> Iterator[dict[str, str]]:
        said = Told()  # of reading, to be told after those of the inputs
        witnesses = Witnesses((*given.claims, *given.share_claims))
        for article in () if first is None else itertools.chain([first], coming):
            witnesses.add(article)
            reading = read(article, gazetteer, index, reader, lazily=True)
            places = reading.places | dict(given.places)
            said.add(reading.found.issues)
            totals.articles += 1
            totals.claims += len(reading.found.claims) + len(reading.found.share_claims)
            for row in claim_rows((), reading.found.share_claims, places):
                later.write(json.dumps(row) + "\n")
            step(totals)
            yield from claim_rows(reading.found.claims, (), places)
        held = hold_against(given, witnesses.kept)
        yield from claim_rows(held.claims, (), held.places)
        later.seek(0)
        yield from map(json.loads, later)
        yield from claim_rows((), held.share_claims, held.places)
        told.add(held.issues)
        told.merge(said)

    with counter(Meter()) as step, tempfile.TemporaryFile("w+", encoding="utf-8") as later:
        write_rows(rows(step, later), output, wanted_format)
    report(told)


def timeline(
    inputs: Inputs,
    output: Output = None,
    config_file: ConfigFile = None,
    reader: Reading = "",  # noqa: ARG001 - its callback keeps it
    published: Published = None,
    extra: Extra = None,
    as_of: AsOf = None,
    dialect: Dialect = "",
    date_order: DateOrder = "",
    wanted_format: Format = "",
) -> None:
    """Who held which place when: the periods that the claims add up to.

    Example: `mapper timeline claims.csv -o periods.csv`
    """
    from mapper.records import period_rows

    result, _, _ = run_over(
        inputs,
        config_file=config_file,
        published=published,
        extra=extra,
        as_of=as_of,
        dialect=dialect,
        date_order=date_order,
        territory=False,
    )
    write_rows(period_rows(result.timeline, result.places), output, wanted_format)


def extract(
    archives: Annotated[
        list[str],
        typer.Argument(
            metavar="ARCHIVE…", help="Folders, patterns, .jsonl(.gz .zst) .zip .tar.gz .warc.gz .rss .atom files."
        ),
    ],
    folder: Annotated[Path, typer.Option("--into", help="Folder for the part files; run again to go on.")],
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="Processes on this machine.")] = 1,
    scheduler: Annotated[str, typer.Option("--scheduler", help="A dask cluster instead: tcp://host:8786.")] = "",
    config_file: ConfigFile = None,
    reader: Reading = "",  # noqa: ARG001 - its callback keeps it
    published: Published = None,
    extra: Extra = None,
) -> None:
    """Claims of an archive of articles, in parallel; interrupted, it goes on where it stopped.

    Example: `mapper extract news/ --into claims/ -j 4`, then `mapper map claims/ -o map.html`
    """
    from mapper.archives import Meter, read_archives
    from mapper.corpus import ISSUES, prepare, settings
    from mapper.corpus import extract as extract_all
    from mapper.inputs import gazetteer_files
    from mapper.reader import open_reader

    config_file = config_file or find_config_file(archives)
    config = find_config((), config_file)
    gazetteer = open_gazetteer(config, extra)
    name = str(config_file) if config_file is not None else ""
    files = tuple(map(str, gazetteer_files(config, extra or ())))
    open_reader(config.reader)  # weights that are missing or damaged are told before any worker starts
    prepare(folder, settings(name, files, {"mapper": __version__, **gazetteer.versions()}, config.reader))
    meter = Meter()
    with _pool(jobs, scheduler) as (pool, workers, lost), counter(meter) as step, _kept(folder):
        totals = extract_all(
            read_archives(archives, published=published, meter=meter),
            folder,
            pool,
            workers=workers,
            config_file=name,
            gazetteers=files,
            reader=config.reader,
            lost=lost,
            progress=step,
        )
    report(totals.issues)
    if sum(totals.counts.values()) > len(totals.issues):
        say(f"{sum(totals.counts.values())} issues in all: {folder / ISSUES}")
    if not totals.articles:
        message = "nothing usable in the input: no article"
        raise Stop(message)
    resumed = f", {totals.resumed} of {totals.parts} parts were there already" if totals.resumed else ""
    say(f"{totals.articles} articles, {totals.copies} copies of others, {totals.claims} claims{resumed}")
    show(folder)


@contextmanager
def _kept(folder: Path) -> Iterator[None]:
    """Tells whoever interrupts what stays."""
    try:
        yield
    except (KeyboardInterrupt, Ended):
        say(f"the parts that are done stay in {folder}; the same command goes on from there")
        raise


@contextmanager
def _pool(jobs: int, scheduler: str) -> Iterator[tuple[Callable[[], Any], int, tuple[type[BaseException], ...]]]:
    """What makes executors, their number of workers and the errors of lost ones: processes here, or a dask cluster's."""
    from concurrent.futures import BrokenExecutor, CancelledError

    from mapper.workers import Workers, end_workers

    if not scheduler:
        try:
            yield lambda: Workers(jobs), jobs, (BrokenExecutor,)
        except BaseException:
            end_workers()  # they would finish their batches first
            raise
        return
    try:
        from distributed import Client, KilledWorker
        from distributed.comm.core import CommClosedError
    except ImportError:
        message = "--scheduler needs dask: pip install 'control-mapper[cluster]'"
        raise Stop(message, 2) from None
    try:
        client = Client(scheduler, timeout="20s")
    except (OSError, ValueError) as error:
        message = f"no dask scheduler answers at {scheduler}: {error}"
        raise Stop(message, 2) from error
    with client:
        workers = len(client.scheduler_info()["workers"])
        if not workers:
            message = f"the scheduler at {scheduler} has no workers"
            raise Stop(message, 2)
        yield (
            lambda: client.get_executor(pure=False, retries=3),
            workers,
            (BrokenExecutor, CancelledError, CommClosedError, KilledWorker),
        )
