"""The command line: the only module that prints, shows progress and exits.

Heavy modules are imported inside the commands that need them, so that ``mapper --help`` answers at once.
Results go to standard output or the file named with ``-o``; everything else goes to standard error.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from mapper import __version__
from mapper.files import OutputError, write_text

EXIT_CODES = (
    """Exit codes: 0 done; 1 no result (nothing usable in the input, or a check failed); 2 the call itself is wrong."""
)

app = typer.Typer(
    name="mapper",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Turn news articles into a dated, sourced map of who controlled what, and when.",
    epilog=EXIT_CODES,
)
gazetteer_app = typer.Typer(no_args_is_help=True, help="What the gazetteer knows, and how to teach it more.")
app.add_typer(gazetteer_app, name="gazetteer")

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Stop(Exception):  # noqa: N818 - it ends a command, it is not always an error
    """Ends the command with a message for the user and an exit code."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class Shell:
    """How much to say; set once by the options before the command."""

    quiet: bool = False
    verbose: bool = False
    online: str = ""


shell = Shell()


def _plain(text: object) -> str:
    """Text that cannot steer a terminal: control and direction characters become visible blanks."""
    return _CONTROL.sub("\ufffd", str(text))


def _say(message: str) -> None:
    if not shell.quiet:
        print(_plain(message), file=sys.stderr)


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        message = f"{value!r} is not a date: write YYYY-MM-DD, for example 2017-11-18"
        raise typer.BadParameter(message) from None


def _version(value: bool) -> None:
    if value:
        from mapper.gazetteer import Gazetteer

        print(f"mapper {__version__}")
        gazetteer = Gazetteer.open(progress=_say)
        for name, text in {**gazetteer.versions(), **gazetteer.credits()}.items():
            print(f"{name}: {text}")
        raise typer.Exit


@app.callback()
def main_options(
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but errors.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="List every issue with its quote.")] = False,
    version: Annotated[  # noqa: ARG001 - its callback does it
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Versions of program and data.")
    ] = False,
    online: Annotated[
        str,
        typer.Option("--online", help="Ask this public geocoder (nominatim) for names nobody knows. Off by default."),
    ] = "",
) -> None:
    shell.quiet, shell.verbose, shell.online = quiet, verbose, online


Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="IN…", help="Articles (.txt .md .html .jsonl .json .csv), claims tables, folders, or - for stdin."
    ),
]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="File to write; its suffix chooses the format.")]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="A mapper.toml. Default: the one beside the input.")]
Published = Annotated[
    Any, typer.Option("--published", parser=_day, metavar="DATE", help="Publication date of the articles.")
]
AsOf = Annotated[
    Any, typer.Option("--as-of", parser=_day, metavar="DATE", help="Use only what was published by this day.")
]
Extra = Annotated[
    list[Path] | None,
    typer.Option("--gazetteer", help="A gazetteer of yours: CSV, GeoJSON, GPKG or GeoNames dump. Repeatable."),
]
Dialect = Annotated[str, typer.Option("--dialect", help="Kind of table; default: detected from its columns.")]


DateOrder = Annotated[str, typer.Option("--date-order", help="dmy or mdy: settles dates like 03/04/2017 in tables.")]


@contextmanager
def _progress(label: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error when it is a terminal and there is much to do; else nothing."""
    if shell.quiet or total < 20 or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with bar:
        task = bar.add_task(label, total=total)
        yield lambda: bar.advance(task)


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


def _find_config(inputs: Iterable[str], given: Path | None) -> Any:
    from mapper.config import default_config, read_config

    if given is not None:
        return read_config(given)
    for item in inputs:
        path = Path(item)
        beside = (path if path.is_dir() else path.parent) / "mapper.toml"
        if item != "-" and beside.is_file():
            _say(f"using {beside}")
            return read_config(beside)
    return default_config()


def _gazetteer(config: Any, extra: Sequence[Path] | None = None) -> Any:
    from mapper.gazetteer import Gazetteer
    from mapper.gazetteer.importers import user_gazetteers

    for path in (*config.gazetteers, *(extra or ())):
        if not path.is_file():
            message = f"gazetteer {path}: no such file"
            raise Stop(message, 2)
    # the first that knows a name wins: this call's, then the project's, then the user's own
    files = (*(extra or ()), *config.gazetteers, *user_gazetteers())
    gazetteer = Gazetteer.open(
        extra=files, aliases=config.aliases, point_of_view=config.point_of_view, districts=True, progress=_say
    )
    _report(gazetteer.issues)
    return gazetteer


def _load(inputs: Sequence[str], config: Any, *, published: date | None = None, tables: Tables | None = None) -> Loaded:
    """Articles and tables behind the inputs; folders are opened, files are told apart by what is in them."""
    from mapper.articles import SUFFIXES, list_files, parse_articles, read_texts, unique
    from mapper.model import Issue
    from mapper.records import TABLE_SUFFIXES, read_table

    tables = tables or Tables()
    loaded = Loaded()
    seen: dict[str, str] = {}
    options = {"dialect": tables.dialect, "date_order": tables.date_order, "actors": config.actors}
    for item in list_files(_parts(inputs), SUFFIXES + TABLE_SUFFIXES):
        if isinstance(item, Issue):
            loaded.issues.append(item)
            continue
        if item != "-" and _is_table(Path(item), tables):
            loaded.tables.append(read_table(Path(item), name=item, **options))
            continue
        for found in read_texts([item]):
            if isinstance(found, Issue):
                loaded.issues.append(found)
                continue
            name, kind, text = found
            if item == "-" and kind in _EITHER and _holds_claims(text, kind, tables):
                loaded.tables.append(read_table(io.StringIO(text, newline=""), name=name, **options))
                continue
            for article in parse_articles(text, name=name, kind=kind, published=published):
                for one in unique(article, seen):
                    (loaded.issues if isinstance(one, Issue) else loaded.articles).append(one)
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
        return False  # read_texts reports it
    return _holds_claims(decode(head)[0], path.suffix.lower(), tables)


def _with_actors(config: Any, loaded: Loaded) -> Any:
    """The configuration with the actors that the tables brought."""
    new = {actor.id: actor for table in loaded.tables for actor in table.actors}
    return replace(config, actors=(*config.actors, *new.values())) if new else config


def _given(loaded: Loaded) -> Any:
    from mapper.pipeline import Given

    return Given(
        claims=tuple(c for t in loaded.tables for c in t.claims),
        share_claims=tuple(s for t in loaded.tables for s in t.share_claims),
        periods=tuple(p for t in loaded.tables for p in t.periods),
        places={i: p for t in loaded.tables for i, p in t.places.items()},
        issues=tuple(i for t in loaded.tables for i in t.issues),
    )


def _read_all(loaded: Loaded, gazetteer: Any, config: Any) -> tuple[list[Any], Any]:
    """Readings of all articles, and the gazetteer they used: a richer one when a public geocoder was asked."""
    from mapper.actors import ActorIndex
    from mapper.pipeline import read

    index = ActorIndex(config.actors)

    def once() -> list[Any]:
        readings = []
        with _progress("reading articles", len(loaded.articles)) as step:
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
    _say(f"{shell.online}: {found} of {len(unknown)} unknown names found; answers are kept in {path}")
    return _gazetteer(config, [answers(path, path.with_name(f"{path.stem}-places.csv"))])


def _require(loaded: Loaded) -> None:
    """Nothing usable is an answer with a reason, not an empty file."""
    if not loaded.articles and not any(t.claims or t.share_claims or t.periods for t in loaded.tables):
        _report(loaded.issues + [i for t in loaded.tables for i in t.issues])
        message = "nothing usable in the input: no article and no claim (see above)"
        raise Stop(message)


def _where(issue: Any) -> str:
    line = f":{issue.line}" if issue.line else ""
    return f"{issue.file}{line}: " if issue.file else ""


def _report(issues: Iterable[Any]) -> None:
    """Issues on standard error: errors always, warnings unless quiet, everything with its quote when verbose."""
    by_code: dict[tuple[str, str, str], list[Any]] = {}
    for issue in issues:
        by_code.setdefault((issue.level, issue.stage, issue.code), []).append(issue)
    for (level, _, code), found in sorted(by_code.items(), key=lambda kv: ("error", "warning", "note").index(kv[0][0])):
        if shell.quiet and level != "error":
            continue
        if level == "note" and not shell.verbose:
            continue
        shown = found if shell.verbose else found[:3]
        for issue in shown:
            quote = f' "{issue.quote.text[:120]}"' if issue.quote is not None and shell.verbose else ""
            print(_plain(f"{level}: {_where(issue)}{issue.message} [{code}]{quote}"), file=sys.stderr)
        if len(found) > len(shown):
            print(f"{level}: and {len(found) - len(shown)} more [{code}]; -v lists them", file=sys.stderr)


def _write_rows(rows: Iterable[Mapping[str, Any]], output: Path | None, *, default: str = ".csv") -> int:
    """Rows as CSV or JSON lines, by the output's suffix; to standard output when there is none. Returns their number."""
    from mapper.records import write_csv, write_jsonl

    kind = output.suffix.lower() if output is not None else default
    if kind not in (".csv", ".jsonl", ".ndjson"):
        message = f"cannot write {kind or 'a file without a suffix'} here: name a .csv or .jsonl file"
        raise Stop(message, 2)
    rows = list(rows)
    buffer = io.StringIO(newline="")
    (write_csv if kind == ".csv" else write_jsonl)(rows, buffer)
    if output is None:
        sys.stdout.write(buffer.getvalue())
    else:
        write_text(output, buffer.getvalue())
    return len(rows)


def _result(
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

    config = adjust(_find_config(inputs, config_file))
    loaded = _load(inputs, config, published=published, tables=tables)
    _require(loaded)
    config = _with_actors(config, loaded)
    gazetteer = _gazetteer(config, extra)
    readings, gazetteer = _read_all(loaded, gazetteer, config)
    result = combine(
        readings,
        _given(loaded),
        gazetteer=gazetteer,
        config=config,
        issues=loaded.issues,
        as_of=as_of,
        territory=territory,
    )
    _report(result.issues)
    return result, config, gazetteer


@app.command()
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
        bool, typer.Option("--unresolved", help="List the names that were not found, by count, for an alias file.")
    ] = False,
) -> None:
    """Place names in articles, resolved: one JSON object a line (or CSV).

    Example: `mapper toponyms article.txt | head`
    """
    from mapper.records import toponym_rows
    from mapper.toponyms import find_toponyms, resolve_spans
    from mapper.toponyms import unresolved as list_unresolved

    config = _find_config(inputs, config_file)
    loaded = _load(inputs, config, published=published)
    if not loaded.articles:
        _report(loaded.issues)
        message = "nothing usable in the input: no article"
        raise Stop(message)
    gazetteer = _gazetteer(config, extra)
    wanted = _read_spans(spans) if spans is not None else None
    found = []
    with _progress("finding places", len(loaded.articles)) as step:
        for article in loaded.articles:
            if wanted is None:
                found.append((article, find_toponyms(article, gazetteer)))
            else:
                found.append((article, resolve_spans(article, wanted.get(article.id, ()), gazetteer)))
            step()
    if unresolved:
        _write_rows(list_unresolved(found), output, default=".csv")
    else:
        _write_rows(toponym_rows(t for _, ts in found for t in ts), output, default=".jsonl")
    _report(loaded.issues)


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


@app.command()
def claims(
    inputs: Inputs,
    output: Output = None,
    config_file: ConfigFile = None,
    published: Published = None,
    extra: Extra = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show each sentence with what was found, by which rule, and what not.")
    ] = False,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="A reviewed claims table whose verdicts survive this extraction.")
    ] = None,
    dialect: Dialect = "",
    date_order: DateOrder = "",
) -> None:
    """Dated control claims with quote and source: CSV or JSON lines.

    Example: `mapper claims articles/ -o claims.csv`, edit the review column, then `mapper map claims.csv -o map.html`
    """
    from mapper.claims import explain as explain_reading
    from mapper.pipeline import Given, combine
    from mapper.records import claim_rows, merge_reviewed, read_table

    config = _find_config(inputs, config_file)
    loaded = _load(inputs, config, published=published, tables=Tables(dialect, date_order))
    _require(loaded)
    gazetteer = _gazetteer(config, extra)
    readings, gazetteer = _read_all(loaded, gazetteer, config)
    if explain:
        for reading in readings:
            print(_CONTROL_BUT_LINES.sub("\ufffd", explain_reading(reading.found)))
        return
    given = _given(loaded)
    if keep is not None:
        reviewed = read_table(keep, name=str(keep), actors=config.actors)
        extracted = combine(readings, given, gazetteer=gazetteer, config=config, territory=False)
        merged = merge_reviewed(
            extracted.claims, extracted.share_claims, {**extracted.places}, reviewed, gazetteer_places=gazetteer.get
        )
        given = Given(
            claims=merged.claims, share_claims=merged.share_claims, places=merged.places, issues=merged.issues
        )
        rows = claim_rows(given.claims, given.share_claims, given.places)
        issues = [*loaded.issues, *merged.issues]
    else:
        places = {i: p for r in readings for i, p in r.places.items()} | dict(given.places)
        rows = claim_rows(
            [*(c for r in readings for c in r.found.claims), *given.claims],
            [*(s for r in readings for s in r.found.share_claims), *given.share_claims],
            places,
        )
        issues = [*loaded.issues, *given.issues, *(i for r in readings for i in r.found.issues)]
    _write_rows(rows, output)
    _report(issues)


_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@app.command()
def timeline(
    inputs: Inputs,
    output: Output = None,
    config_file: ConfigFile = None,
    published: Published = None,
    extra: Extra = None,
    as_of: AsOf = None,
    dialect: Dialect = "",
    date_order: DateOrder = "",
) -> None:
    """Who held which place when: the periods that the claims add up to.

    Example: `mapper timeline claims.csv -o periods.csv`
    """
    from mapper.records import period_rows

    result, _, _ = _result(
        inputs,
        config_file=config_file,
        published=published,
        extra=extra,
        as_of=as_of,
        tables=Tables(dialect, date_order),
        territory=False,
    )
    _write_rows(period_rows(result.timeline, result.places), output)


class Infer(StrEnum):
    off = ""
    auto = "auto"
    nearest = "nearest"
    smooth = "smooth"


@app.command("map")
def make_map(
    inputs: Inputs,
    output: Annotated[Path, typer.Option("-o", "--output", help="The HTML file to write.")] = Path("outputs/map.html"),
    config_file: ConfigFile = None,
    published: Published = None,
    extra: Extra = None,
    title: Annotated[
        str, typer.Option("--title", help="Title of the map. Default: mapper.toml's, or the article's.")
    ] = "",
    as_of: AsOf = None,
    theatre: Annotated[str, typer.Option("--theatre", help="Countries to cover, as ISO codes: IQ,SY.")] = "",
    infer: Annotated[
        Infer | None, typer.Option("--infer", help="Fill gaps between claims by a spatial model, drawn as inferred.")
    ] = None,
    tiles: Annotated[
        str, typer.Option("--tiles", help="URL template of background tiles: the map then needs a network.")
    ] = "",
    tiles_attribution: Annotated[str, typer.Option("--tiles-attribution", help="Credit for the tiles.")] = "",
    dialect: Dialect = "",
    date_order: DateOrder = "",
) -> None:
    """One HTML file with the time-sliced map; it opens anywhere, offline.

    Example: `mapper map article.txt -o outputs/map.html`
    """
    from mapper.areas import basemap
    from mapper.webmap import render

    if output.suffix.lower() not in (".html", ".htm"):
        message = f"{output}: a map is an .html file; for GIS files use `mapper export`"
        raise Stop(message, 2)

    def adjust(config: Any) -> Any:
        if theatre:
            codes = tuple(code.strip().upper() for code in theatre.split(",") if code.strip())
            config = replace(config, theatre=replace(config.theatre, countries=codes, box=None))
        if infer is not None:
            config = replace(config, reach=replace(config.reach, infer=infer.value))
        return replace(config, title=title) if title else config

    result, _, gazetteer = _result(
        inputs,
        config_file=config_file,
        published=published,
        extra=extra,
        as_of=as_of,
        tables=Tables(dialect, date_order),
        adjust=adjust,
    )
    if not result.title:
        headline = next((a.title for a in result.articles if a.title), "") if len(result.articles) == 1 else ""
        result = replace(result, title=headline or "Who controlled what")
    land = result.territory
    page = render(
        result,
        basemap=basemap(gazetteer, land.bounds if land is not None else None, places=result.places),
        tiles_url=tiles,
        tiles_attribution=tiles_attribution,
    )
    write_text(output, page)
    _summary(result, output)


def _summary(result: Any, output: Path) -> None:
    mapped = {i for p in result.timeline.periods for i in p.claim_ids}
    days = result.timeline.changes()
    span = f", {days[0].isoformat()} to {days[-1].isoformat()}" if days else ""
    size = output.stat().st_size
    unit = f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"
    if not mapped:
        _say("no claim could be put on the map: `mapper claims --explain` shows what was read")
    _say(
        f"{len(mapped)} of {len(result.claims)} claims on the map, {len({p.place_id for p in result.timeline.periods})} places{span}"
    )
    print(f"{output} ({unit})")


@app.command()
def export(
    inputs: Inputs,
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write; the suffix chooses the format.")],
    config_file: ConfigFile = None,
    published: Published = None,
    extra: Extra = None,
    as_of: AsOf = None,
    at: Annotated[Any, typer.Option("--at", parser=_day, metavar="DATE", help="Only what holds on this day.")] = None,
    every: Annotated[str, typer.Option("--every", help="A slice every day, week, month, quarter or year.")] = "",
    start: Annotated[Any, typer.Option("--from", parser=_day, metavar="DATE", help="First day.")] = None,
    end: Annotated[Any, typer.Option("--to", parser=_day, metavar="DATE", help="Day after the last.")] = None,
    shape: Annotated[str, typer.Option("--shape", help="cells, dissolved, points or both.")] = "",
    inferred: Annotated[bool, typer.Option("--inferred/--no-inferred", help="With or without inferred areas.")] = True,
    dialect: Dialect = "",
    date_order: DateOrder = "",
) -> None:
    """Files for QGIS and others: .geojson, .gpkg, .csv, .fgb, .parquet, .kml and more.

    Example: `mapper export claims.csv --at 2015-05-25 -o control.gpkg`
    """
    from mapper.export import ExportError
    from mapper.export import export as write

    result, _, _ = _result(
        inputs,
        config_file=config_file,
        published=published,
        extra=extra,
        as_of=as_of,
        tables=Tables(dialect, date_order),
    )
    try:
        written = write(
            result, output, at=at, every=every or None, start=start, end=end, shape=shape, inferred=inferred
        )
    except ExportError as error:
        raise Stop(str(error), 2) from error
    _say(f"{written} features")
    print(output)


@app.command()
def areas(
    inputs: Inputs,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help=".csv, .jsonl or .svg. Default: a table.")
    ] = None,
    config_file: ConfigFile = None,
    published: Published = None,
    at: Annotated[Any, typer.Option("--at", parser=_day, metavar="DATE", help="Only this day.")] = None,
    every: Annotated[str, typer.Option("--every", help="day, week, month, quarter or year.")] = "month",
    dialect: Dialect = "",
    date_order: DateOrder = "",
) -> None:
    """Square kilometres by actor and status over time, and share claims against them.

    Example: `mapper areas claims.csv --every year`
    """
    from mapper.areas import area_rows, chart_svg, share_checks

    result, _, _ = _result(inputs, config_file=config_file, published=published, tables=Tables(dialect, date_order))
    if result.territory is None:
        message = "no claim could be put on the map, so there are no areas"
        raise Stop(message)
    if output is not None and output.suffix.lower() == ".svg":
        write_text(output, chart_svg(result.territory, result.actors))
        print(output)
        return
    rows = area_rows(result.territory, at=at, every=every)
    if output is not None:
        _write_rows(rows, output)
        print(output)
        return
    _table("Area by actor, km²", rows)
    checks, issues = share_checks(result.territory, result.share_claims)
    if checks:
        _table("Share claims against computed areas", checks)
    _report(issues)


def _table(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows as a table on standard output: drawn on a terminal, CSV in a pipe."""
    if not sys.stdout.isatty():
        if rows:
            writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    drawn = Table(title=title)
    for name in rows[0] if rows else ():
        drawn.add_column(name)
    for row in rows:
        drawn.add_row(*(escape(_plain(cell)) for cell in row.values()))
    Console().print(drawn)


@app.command()
def diff(
    first: Annotated[Any, typer.Argument(parser=_day, metavar="DATE")],
    second: Annotated[Any, typer.Argument(parser=_day, metavar="DATE")],
    inputs: Inputs,
    output: Output = None,
    config_file: ConfigFile = None,
    published: Published = None,
    dialect: Dialect = "",
    date_order: DateOrder = "",
) -> None:
    """Which places changed hands between two days, when, by which claim, and the km² that moved.

    Example: `mapper diff 2017-01-01 2017-12-31 claims.csv`
    """
    from mapper.areas import diff_rows

    result, _, _ = _result(inputs, config_file=config_file, published=published, tables=Tables(dialect, date_order))
    rows = diff_rows(result.timeline, result.territory, result.places, first, second)
    if output is not None:
        _write_rows(rows, output)
        print(output)
    else:
        _table(f"{first} to {second}", rows)


@app.command()
def check(
    checkpoints: Annotated[Path, typer.Argument(help="Tab-separated: date, place, status, actor.")],
    inputs: Inputs,
    config_file: ConfigFile = None,
    published: Published = None,
    extra: Extra = None,
    dialect: Dialect = "",
    date_order: DateOrder = "",
) -> None:
    """Hold the timeline against statements you know to be true.

    Example: `mapper check checkpoints.tsv claims.csv`
    """
    from mapper.timeline import check as check_timeline
    from mapper.timeline import read_checkpoints

    if not checkpoints.is_file():
        message = f"{checkpoints}: no such file"
        raise Stop(message, 2)
    result, config, _ = _result(
        inputs,
        config_file=config_file,
        published=published,
        extra=extra,
        tables=Tables(dialect, date_order),
        territory=False,
    )
    points, issues = read_checkpoints(checkpoints)
    failed = [*issues, *check_timeline(result.timeline, points, result.places, {a.id: a for a in config.actors})]
    for issue in failed:
        print(_plain(f"{_where(issue)}{issue.message}"))
    if failed:
        message = f"{len(failed)} of {len(points)} checkpoints do not hold"
        raise Stop(message)
    print(f"all {len(points)} checkpoints hold")


@app.command()
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
    published: Published = None,
    extra: Extra = None,
) -> None:
    """Claims of an archive of articles, in parallel; interrupted, it goes on where it stopped.

    Example: `mapper extract news/ --into claims/ -j 4`, then `mapper map claims/ -o map.html`
    """
    from mapper.archives import Meter, read_archives
    from mapper.corpus import ISSUES, prepare, settings
    from mapper.corpus import extract as extract_all

    config = _find_config((), config_file)
    gazetteer = _gazetteer(config, extra)
    name = str(config_file) if config_file is not None else ""
    files = tuple(map(str, extra or ()))
    prepare(folder, settings(name, files, {"mapper": __version__, **gazetteer.versions()}))
    meter = Meter()
    with _pool(jobs, scheduler) as (pool, workers, lost), _counter(meter) as step:
        totals = extract_all(
            read_archives(archives, published=published, meter=meter),
            folder,
            pool,
            workers=workers,
            config_file=name,
            extra=files,
            lost=lost,
            progress=step,
        )
    _report(totals.issues)
    if sum(totals.counts.values()) > len(totals.issues):
        _say(f"{sum(totals.counts.values())} issues in all: {folder / ISSUES}")
    if not totals.articles:
        message = "nothing usable in the input: no article"
        raise Stop(message)
    resumed = f", {totals.resumed} of {totals.parts} parts were there already" if totals.resumed else ""
    _say(f"{totals.articles} articles, {totals.copies} copies of others, {totals.claims} claims{resumed}")
    print(folder)


@contextmanager
def _pool(jobs: int, scheduler: str) -> Iterator[tuple[Callable[[], Any], int, tuple[type[BaseException], ...]]]:
    """What makes executors, their number of workers and the errors of lost ones: processes here, or a dask cluster's."""
    from concurrent.futures import BrokenExecutor, CancelledError, ProcessPoolExecutor

    if not scheduler:
        import multiprocessing

        # spawned, not forked: a forked copy of a process with threads may hang, and memory is then told apart
        context = multiprocessing.get_context("spawn")
        yield lambda: ProcessPoolExecutor(jobs, mp_context=context), jobs, (BrokenExecutor,)
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


@contextmanager
def _counter(meter: Any) -> Iterator[Callable[[Any], None]]:
    """Articles read, claims found, the rate and the time left, on standard error when it is a terminal."""
    if shell.quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    first: list[
        tuple[float, float, int]
    ] = []  # time, share and articles when new work began: what was done is skipped fast
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("reading", total=None)

        def step(totals: Any) -> None:
            words = [f"{totals.articles:,} articles", f"{totals.claims:,} claims"]
            now = (bar.tasks[task].elapsed or 0.0, meter.share, totals.articles)
            if totals.parts > totals.resumed and not first:
                first.append(now)
            if first and now[0] > first[0][0] + 1:
                seconds = now[0] - first[0][0]
                words.append(f"{(now[2] - first[0][2]) / seconds:.0f}/s")
                if now[1] > first[0][1]:
                    left = round(seconds / (now[1] - first[0][1]) * (1 - now[1]))
                    words.append(f"{now[1]:.0%}, {left // 3600}:{left // 60 % 60:02}:{left % 60:02} left")
            bar.update(task, description=" · ".join(words))

        yield step


@gazetteer_app.command("search")
def gazetteer_search(
    name: Annotated[str, typer.Argument(help="A place name, in any spelling or script.")],
    country: Annotated[str, typer.Option("--country", help="Only in these countries: SY,IQ.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many to show.")] = 10,
    config_file: ConfigFile = None,
    extra: Extra = None,
) -> None:
    """Which places a name may mean, and why.

    Example: `mapper gazetteer search Kobane`
    """
    config = _find_config((), config_file)
    gazetteer = _gazetteer(config, extra)
    countries = {code.strip().upper() for code in country.split(",") if code.strip()}
    found = [
        c
        for c in gazetteer.search(name, limit=limit if not countries else 1000)
        if not countries or c.place.country in countries
    ]
    if not found:
        message = f"{name!r} is not in the gazetteer; `mapper gazetteer add FILE` teaches it places"
        raise Stop(message)
    _table(
        f"Places that {name!r} may mean",
        [
            {
                "id": c.place.id,
                "name": c.place.name,
                "kind": c.place.feature_code,
                "country": c.place.country,
                "province": c.place.admin1,
                "lat": f"{c.place.lat:.4f}",
                "lon": f"{c.place.lon:.4f}",
                "people": c.place.population or "",
                "matched": c.matched,
                "why": c.why,
            }
            for c in found[:limit]
        ],
    )


@gazetteer_app.command("info")
def gazetteer_info(config_file: ConfigFile = None, extra: Extra = None) -> None:
    """Sources, versions, licences and counts of the bundled gazetteer and of yours."""
    gazetteer = _gazetteer(_find_config((), config_file), extra)
    for key, value in gazetteer.info().items():
        print(_plain(f"{key}: {value}"))


@gazetteer_app.command("add")
def gazetteer_add(
    file: Annotated[
        Path,
        typer.Argument(help="A GeoNames dump (SY.txt, .zip, allCountries.txt), CSV, GeoJSON or GeoPackage of points."),
    ],
    to: Annotated[
        Path | None, typer.Option("--to", help="A gazetteer file of a project instead (name it in mapper.toml).")
    ] = None,
    country: Annotated[str, typer.Option("--country", help="ISO code for rows that have none.")] = "",
) -> None:
    """Teach the gazetteer places; they come before the bundled ones from now on.

    Example: `mapper gazetteer add SY.txt`, or `mapper gazetteer add villages.csv --to villages.tsv`
    """
    from mapper.gazetteer.importers import add_places

    if not file.is_file():
        message = f"{file}: no such file"
        raise Stop(message, 2)
    added = add_places(file, to=to, country=country.upper())
    _report(added.issues)
    _say(f"{added.places:,} places added")
    print(added.path)


def run_main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of a call. A user's mistake ends in one line on standard error, never in a traceback."""
    try:
        app(args=None if arguments is None else list(arguments))
    except SystemExit as done:  # how typer ends: after help, after a wrong option, and when all went well
        if isinstance(done.code, str):
            raise  # not typer's: somebody stops the program, and says why
        return done.code or 0
    except Stop as stop:
        print(_plain(f"error: {stop}"), file=sys.stderr)
        return stop.code
    except OutputError as error:
        print(_plain(f"error: {error}"), file=sys.stderr)
        return 2
    except OSError as error:  # a name too long, a disk that fails while reading
        if error.strerror is None:
            raise
        where = f"{str(error.filename)[:200]}: " if error.filename else ""
        print(_plain(f"error: {where}{error.strerror}"), file=sys.stderr)
        return 2
    except ValueError as error:
        if type(error).__module__.startswith("mapper"):  # ConfigError and its like say where and what to do
            print(_plain(f"error: {error}"), file=sys.stderr)
            return 2
        raise
    return 0


def main() -> None:
    sys.exit(run_main())
