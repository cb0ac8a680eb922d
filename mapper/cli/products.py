"""The commands at the end of the pipe: the map, files, areas, what changed, and checks of the whole."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from enum import StrEnum
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any

import typer

from mapper.cli.inputs import run_over
from mapper.cli.options import (
    AsOf,
    ConfigFile,
    DateOrder,
    Dialect,
    Every,
    Extra,
    Format,
    Inputs,
    Output,
    Published,
    Reading,
    day,
)
from mapper.cli.terminal import (
    STDOUT,
    Stop,
    is_through,
    kind_of,
    name_output,
    report,
    say,
    show,
    show_table,
    target,
    where,
    write_rows,
)
from mapper.files import is_stream

_BLOCK = 1 << 20  # letters of a page that are written at a time


class Infer(StrEnum):
    off = ""
    auto = "auto"
    nearest = "nearest"
    smooth = "smooth"


def make_map(
    inputs: Inputs,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The HTML file to write; - is standard output.")
    ] = Path("outputs/map.html"),
    config_file: ConfigFile = None,
    reader: Reading = "",  # noqa: ARG001 - its callback keeps it
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
    from mapper.collector import give_back
    from mapper.config import country_codes

    with without("pandas"):  # folium knows data frames by it and gets none here: 60 MB and half a second of every map
        from mapper.webmap import build_payload, document

    if (
        output != STDOUT
        and output.suffix.lower() not in (".html", ".htm")
        and not (is_stream(output) and not output.suffix)
    ):
        message = f"{output}: a map is an .html file; for GIS files use `mapper export`"
        raise Stop(message, 2)

    def adjust(config: Any) -> Any:
        if theatre:
            codes = country_codes([code for code in theatre.split(",") if code.strip()], "--theatre")
            config = replace(config, theatre=replace(config.theatre, countries=codes, box=None))
        if infer is not None:
            config = replace(config, reach=replace(config.reach, infer=infer.value))
        return replace(config, title=title) if title else config

    result, _, gazetteer = run_over(
        inputs,
        config_file=config_file,
        published=published,
        extra=extra,
        as_of=as_of,
        dialect=dialect,
        date_order=date_order,
        adjust=adjust,
    )
    land = result.territory
    ground = basemap(gazetteer, land.bounds if land is not None else None, places=result.places)
    # what is no longer needed makes room for the page: of a million claims there is little
    gazetteer.forget()
    give_back()
    told = [*_summary(result)]
    payload = build_payload(result, basemap=ground)
    del result, land
    page = document(payload, tiles_url=tiles, tiles_attribution=tiles_attribution)
    del payload
    with target(output, ".html") as path:
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(page[at : at + _BLOCK] for at in range(0, len(page), _BLOCK))
        size = path.stat().st_size
    for line in told:
        say(line)
    name_output(output, f" ({size / 1e6:.1f} MB)" if size >= 1e6 else f" ({size / 1e3:.0f} kB)")


@contextmanager
def without(module: str) -> Iterator[None]:
    """Imports in which a library that can do without another one does."""
    known = sys.modules.get(module)
    if known is None:
        sys.modules[module] = None  # type: ignore[assignment]  # Python's own way to say that there is none
    try:
        yield
    finally:
        if known is None:
            del sys.modules[module]


def _summary(result: Any) -> Iterator[str]:
    """How much of what was read is on the map, in words."""
    mapped = len(set(chain.from_iterable(map(attrgetter("claim_ids"), result.timeline.periods))))
    days = result.span()
    span = f", {days[0].isoformat()} to {days[1].isoformat()}" if days else ""
    if not mapped:
        yield "no claim could be put on the map: `mapper claims --explain` shows what was read"
    places = len({p.place_id for p in result.timeline.periods})
    yield f"{mapped} of {len(result.claims)} claims on the map, {places} places{span}"


def export(
    inputs: Inputs,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="File to write; the suffix chooses the format. - is standard output.")
    ],
    config_file: ConfigFile = None,
    reader: Reading = "",  # noqa: ARG001 - its callback keeps it
    published: Published = None,
    extra: Extra = None,
    as_of: AsOf = None,
    at: Annotated[Any, typer.Option("--at", parser=day, metavar="DATE", help="Only what holds on this day.")] = None,
    every: Annotated[
        Every | None, typer.Option("--every", help="A slice every day, week, month, quarter or year, and the last day.")
    ] = None,
    start: Annotated[Any, typer.Option("--from", parser=day, metavar="DATE", help="First day.")] = None,
    end: Annotated[Any, typer.Option("--to", parser=day, metavar="DATE", help="Day after the last.")] = None,
    shape: Annotated[str, typer.Option("--shape", help="cells, dissolved, points, both, regions, or claims.")] = "",
    inferred: Annotated[bool, typer.Option("--inferred/--no-inferred", help="With or without inferred areas.")] = True,
    dialect: Dialect = "",
    date_order: DateOrder = "",
    wanted_format: Annotated[
        str, typer.Option("--format", help="Format for standard output (-o -), named like a suffix. Default: geojson.")
    ] = "",
) -> None:
    """Files for QGIS and others: .geojson, .gpkg, .csv, .fgb, .parquet, .kml and more.

    Example: `mapper export claims.csv --at 2015-05-25 -o control.gpkg`
    """
    from mapper.export import ExportError, View, series, write
    from mapper.export import export as replace_file

    kind = kind_of(output, wanted_format, ".geojson")
    result, _, _ = run_over(
        inputs,
        config_file=config_file,
        published=published,
        extra=extra,
        as_of=as_of,
        dialect=dialect,
        date_order=date_order,
    )
    try:
        wanted = {"at": at, "every": every or "", "start": start, "end": end, "shape": shape, "inferred": inferred}
        if is_through(output):
            with target(output, kind) as path:
                written = write(result, path, View(**wanted))
        else:
            written = replace_file(result, output, **wanted)
    except ExportError as error:
        raise Stop(str(error), 2) from error
    say(f"{written} features")
    if every is not None:
        _say_missed(result.timeline, series(result, every, start=start, end=end), every)
    name_output(output)


def _say_missed(timeline: Any, days: Sequence[date], every: str) -> None:
    """A series tells less than a timeline: how much less is said."""
    between, unseen = timeline.missed(days)
    if between:
        lost = f"; no slice shows {unseen} state{'s' * (unseen > 1)} that ended before the next" if unseen else ""
        shorter = "" if every == "day" else ": a shorter --every shows more"
        say(f"{between} change{'s' * (between > 1)} fell between two slices{lost}{shorter}")


def areas(
    inputs: Inputs,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help=".csv, .jsonl, .svg or .png; - is standard output. Default: a table."),
    ] = None,
    config_file: ConfigFile = None,
    reader: Reading = "",  # noqa: ARG001 - its callback keeps it
    published: Published = None,
    at: Annotated[Any, typer.Option("--at", parser=day, metavar="DATE", help="Only this day.")] = None,
    every: Annotated[
        Every, typer.Option("--every", help="Rows every day, week, month, quarter or year, and for the last day.")
    ] = Every.month,
    dialect: Dialect = "",
    date_order: DateOrder = "",
    wanted_format: Annotated[
        str, typer.Option("--format", help="Format for standard output (-o -): csv, jsonl, svg or png.")
    ] = "",
) -> None:
    """Square kilometres by actor and status over time, and share claims against them.

    Example: `mapper areas claims.csv --every year`
    """
    from mapper.areas import area_rows, chart_svg, share_checks
    from mapper.areas.measures import days_between
    from mapper.colours import colours

    kind = kind_of(output, wanted_format, ".csv")
    output = STDOUT if output is None and wanted_format else output
    result, _, _ = run_over(
        inputs, config_file=config_file, published=published, dialect=dialect, date_order=date_order
    )
    if result.territory is None:
        message = "no claim could be put on the map, so there are no areas"
        raise Stop(message)
    if output is not None and kind in (".svg", ".png"):
        drawn = chart_svg(result.territory, result.actors, colours=colours(result))
        with target(output, kind) as path:
            path.write_bytes(drawn.encode() if kind == ".svg" else _png(drawn))
        name_output(output)
        return
    span = result.span()
    rows = area_rows(result.territory, at=at, every=every, span=span)
    if at is None and span is not None:
        _say_missed(result.timeline, days_between(span[0], span[1], every), every)
    if output is not None:
        write_rows(rows, output, wanted_format)
        name_output(output)
        return
    show_table("Area by actor, km²", rows)
    checks, issues = share_checks(result.territory, result.share_claims)
    if checks:
        show_table("Share claims against computed areas", checks)
    report(issues)


def _png(svg: str) -> bytes:
    """The chart as pixels, two for each of the drawing's, for documents that take no SVG.

    Its words are set in a font of our own: resvg draws no letter, and says nothing, where it knows none of the families
    named. The system's fonts come after it, for letters it lacks.
    """
    from importlib.resources import as_file, files

    from mapper.areas import FONT

    try:
        from resvg_py import svg_to_bytes

        folder = files("font_source_sans_pro") / "files"
    except ImportError:
        message = "a .png needs resvg-py and a font: pip install 'control-mapper[charts]', or name an .svg"
        raise Stop(message, 2) from None
    with as_file(folder) as fonts:
        own = sorted(str(path) for path in fonts.glob("*.ttf"))
        return svg_to_bytes(svg_string=svg, zoom=2, font_files=own, font_family=FONT, sans_serif_family=FONT)


def diff(
    first: Annotated[Any, typer.Argument(parser=day, metavar="DATE")],
    second: Annotated[Any, typer.Argument(parser=day, metavar="DATE")],
    inputs: Inputs,
    output: Output = None,
    config_file: ConfigFile = None,
    reader: Reading = "",  # noqa: ARG001 - its callback keeps it
    published: Published = None,
    dialect: Dialect = "",
    date_order: DateOrder = "",
    wanted_format: Format = "",
) -> None:
    """Which places changed hands between two days, when, by which claim, and the km² that moved.

    Example: `mapper diff 2017-01-01 2017-12-31 claims.csv`
    """
    from mapper.areas import diff_rows

    output = STDOUT if output is None and wanted_format else output
    result, _, _ = run_over(
        inputs, config_file=config_file, published=published, dialect=dialect, date_order=date_order
    )
    rows = diff_rows(result.timeline, result.territory, result.places, first, second)
    if output is not None:
        write_rows(rows, output, wanted_format)
        name_output(output)
    else:
        show_table(f"{first} to {second}", rows)


def check(
    checkpoints: Annotated[Path, typer.Argument(help="Tab-separated: date, place, status, actor.")],
    inputs: Inputs,
    config_file: ConfigFile = None,
    reader: Reading = "",  # noqa: ARG001 - its callback keeps it
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
    result, config, _ = run_over(
        inputs,
        config_file=config_file,
        published=published,
        extra=extra,
        dialect=dialect,
        date_order=date_order,
        territory=False,
    )
    points, issues = read_checkpoints(checkpoints)
    words = {word for those in result.merged.values() for word in those}
    actors = {
        a.id: replace(a, aliases=(*a.aliases, *result.merged.get(a.id, ())))
        for a in config.actors
        if a.id in result.actors or a.name not in words  # who was merged is called by the same words
    }
    failed = [*issues, *check_timeline(result.timeline, points, result.places, actors, result.claims)]
    for issue in failed:
        show(f"{where(issue)}{issue.message}")
    if failed:
        message = f"{len(failed)} of {len(points)} checkpoints do not hold"
        raise Stop(message)
    show(f"all {len(points)} checkpoints hold")
