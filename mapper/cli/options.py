"""Arguments and options that several commands share, declared once."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from mapper.cli.terminal import shell

READERS = ("full", "rules")  # those of `mapper.config.Reader`, which takes long to load


class Every(StrEnum):
    day = "day"
    week = "week"
    month = "month"
    quarter = "quarter"
    year = "year"


def day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        message = f"{value!r} is not a date: write YYYY-MM-DD, for example 2017-11-18"
        raise typer.BadParameter(message) from None


def _reader(value: str) -> str:
    if value and value not in READERS:
        message = f"{value!r} is not a reader: choose {' or '.join(READERS)}"
        raise typer.BadParameter(message)
    shell.reader = value
    return value


Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="IN…",
        help="Articles (.txt .md .html .jsonl .json .csv .rss .atom), claims tables, folders, or - for stdin.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", help="File to write; its suffix chooses the format. - is standard output."),
]
Format = Annotated[str, typer.Option("--format", help="Format for standard output, named like a suffix: csv or jsonl.")]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="A mapper.toml. Default: the one beside the input.")]
OwnConfig = Annotated[  # of commands without an input that a configuration could stand beside
    Path | None,
    typer.Option("--config", help="A mapper.toml with aliases, gazetteers and a point of view. Default: none."),
]
Published = Annotated[
    Any, typer.Option("--published", parser=day, metavar="DATE", help="Publication date of the articles.")
]
AsOf = Annotated[
    Any, typer.Option("--as-of", parser=day, metavar="DATE", help="Use only what was published by this day.")
]
Extra = Annotated[
    list[Path] | None,
    typer.Option("--gazetteer", help="A gazetteer of yours: CSV, GeoJSON, GPKG or GeoNames dump. Repeatable."),
]
Reading = Annotated[
    str,
    typer.Option(
        "--reader",
        callback=_reader,
        metavar="full|rules",
        help="Who reads the sentences: rules and the learned reader (full), or the rules alone. Default: full.",
    ),
]
Dialect = Annotated[str, typer.Option("--dialect", help="Kind of table; default: detected from its columns.")]
DateOrder = Annotated[str, typer.Option("--date-order", help="dmy or mdy: settles dates like 03/04/2017 in tables.")]
