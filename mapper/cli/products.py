"""The commands at the end of the pipe: the map, files, areas, what changed, and checks of the whole."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from mapper.cli.inputs import Tables, run_over
from mapper.cli.options import AsOf, ConfigFile, DateOrder, Dialect, Extra, Inputs, Output, Published, day
from mapper.cli.terminal import Stop, plain, report, say, show_table, where, write_rows
from mapper.files import atomic, write_text


class Infer(StrEnum):
    off = ""
    auto = "auto"
    nearest = "nearest"
    smooth = "smooth"


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

    result, _, gazetteer = run_over(
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
        say("no claim could be put on the map: `mapper claims --explain` shows what was read")
    say(
        f"{len(mapped)} of {len(result.claims)} claims on the map, {len({p.place_id for p in result.timeline.periods})} places{span}"
    )
    print(f"{output} ({unit})")


def export(
    inputs: Inputs,
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write; the suffix chooses the format.")],
    config_file: ConfigFile = None,
    published: Published = None,
    extra: Extra = None,
    as_of: AsOf = None,
    at: Annotated[Any, typer.Option("--at", parser=day, metavar="DATE", help="Only what holds on this day.")] = None,
    every: Annotated[str, typer.Option("--every", help="A slice every day, week, month, quarter or year.")] = "",
    start: Annotated[Any, typer.Option("--from", parser=day, metavar="DATE", help="First day.")] = None,
    end: Annotated[Any, typer.Option("--to", parser=day, metavar="DATE", help="Day after the last.")] = None,
    shape: Annotated[str, typer.Option("--shape", help="cells, dissolved, points, both, or claims.")] = "",
    inferred: Annotated[bool, typer.Option("--inferred/--no-inferred", help="With or without inferred areas.")] = True,
    dialect: Dialect = "",
    date_order: DateOrder = "",
) -> None:
    """Files for QGIS and others: .geojson, .gpkg, .csv, .fgb, .parquet, .kml and more.

    Example: `mapper export claims.csv --at 2015-05-25 -o control.gpkg`
    """
    from mapper.export import ExportError
    from mapper.export import export as write

    result, _, _ = run_over(
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
    say(f"{written} features")
    print(output)


def areas(
    inputs: Inputs,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help=".csv, .jsonl, .svg or .png. Default: a table.")
    ] = None,
    config_file: ConfigFile = None,
    published: Published = None,
    at: Annotated[Any, typer.Option("--at", parser=day, metavar="DATE", help="Only this day.")] = None,
    every: Annotated[str, typer.Option("--every", help="day, week, month, quarter or year.")] = "month",
    dialect: Dialect = "",
    date_order: DateOrder = "",
) -> None:
    """Square kilometres by actor and status over time, and share claims against them.

    Example: `mapper areas claims.csv --every year`
    """
    from mapper.areas import area_rows, chart_svg, share_checks

    result, _, _ = run_over(inputs, config_file=config_file, published=published, tables=Tables(dialect, date_order))
    if result.territory is None:
        message = "no claim could be put on the map, so there are no areas"
        raise Stop(message)
    if output is not None and output.suffix.lower() == ".svg":
        write_text(output, chart_svg(result.territory, result.actors))
        print(output)
        return
    if output is not None and output.suffix.lower() == ".png":
        picture = _png(chart_svg(result.territory, result.actors))
        with atomic(output) as temporary:
            temporary.write_bytes(picture)
        print(output)
        return
    rows = area_rows(result.territory, at=at, every=every)
    if output is not None:
        write_rows(rows, output)
        print(output)
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
    published: Published = None,
    dialect: Dialect = "",
    date_order: DateOrder = "",
) -> None:
    """Which places changed hands between two days, when, by which claim, and the km² that moved.

    Example: `mapper diff 2017-01-01 2017-12-31 claims.csv`
    """
    from mapper.areas import diff_rows

    result, _, _ = run_over(inputs, config_file=config_file, published=published, tables=Tables(dialect, date_order))
    rows = diff_rows(result.timeline, result.territory, result.places, first, second)
    if output is not None:
        write_rows(rows, output)
        print(output)
    else:
        show_table(f"{first} to {second}", rows)


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
    result, config, _ = run_over(
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
        print(plain(f"{where(issue)}{issue.message}"))
    if failed:
        message = f"{len(failed)} of {len(points)} checkpoints do not hold"
        raise Stop(message)
    print(f"all {len(points)} checkpoints hold")
