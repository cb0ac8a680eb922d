"""What a person sees: messages, bars, tables and rows, and how a command ends.

Results go to standard output (``-o -``) or the file named with ``-o``; everything else goes to standard error.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mapper.files import write_text

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


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
    reader: str = ""  # empty: as the configuration says


shell = Shell()


def plain(text: object) -> str:
    """Text that cannot steer a terminal: control and direction characters become visible blanks."""
    return _CONTROL.sub("\ufffd", str(text))


def plain_lines(text: str) -> str:
    """The same for a text of several lines."""
    return _CONTROL_BUT_LINES.sub("\ufffd", text)


def say(message: str) -> None:
    if not shell.quiet:
        print(plain(message), file=sys.stderr)


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[], None]]:
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


@contextmanager
def counter(meter: Any) -> Iterator[Callable[[Any], None]]:
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


def where(issue: Any) -> str:
    line = f":{issue.line}" if issue.line else ""
    return f"{issue.file}{line}: " if issue.file else ""


def _words(issue: Any) -> str:
    """The words an issue is about: what is quoted between quotation marks, a table's note without."""
    if issue.quote is not None and issue.quote.text:
        return f' "{issue.quote.text[:120]}"'
    return f" ({issue.note[:120]})" if issue.note else ""


def report(issues: Iterable[Any]) -> None:
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
            said = _words(issue) if shell.verbose else ""
            print(plain(f"{level}: {where(issue)}{issue.message} [{code}]{said}"), file=sys.stderr)
        if len(found) > len(shown):
            print(f"{level}: and {len(found) - len(shown)} more [{code}]; -v lists them", file=sys.stderr)


def show_table(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
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
        drawn.add_row(*(escape(plain(cell)) for cell in row.values()))
    Console().print(drawn)


STDOUT = Path("-")  # what -o calls standard output
BINARY = (".gpkg", ".fgb", ".parquet", ".kmz", ".png")


def kind_of(output: Path | None, wanted: str, default: str) -> str:
    """The suffix that chooses the format: the file's own, or for standard output the one of ``--format``.

    Stops where standard output cannot take it, before anything is read.
    """
    kind = f".{wanted.lower().lstrip('.')}" if wanted else ""
    if output is None or output == STDOUT:
        if kind == ".shp":
            message = (
                "a Shapefile is several files and cannot go to standard output: name one, or choose another --format"
            )
            raise Stop(message, 2)
        if kind in BINARY and sys.stdout.isatty():
            message = f"{kind} is binary and would garble this terminal: name a file with -o, or send it on with | or >"
            raise Stop(message, 2)
        return kind or default
    if kind and kind != output.suffix.lower():
        message = f"--format {wanted} and the file {output} disagree: the suffix of a file chooses its format"
        raise Stop(message, 2)
    return output.suffix.lower()


@contextmanager
def target(output: Path, kind: str) -> Iterator[Path]:
    """Where to write: ``output`` itself, or for ``-`` a file whose bytes go to standard output once it is whole."""
    if output != STDOUT:
        yield output
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"out{kind}"
        yield path
        sys.stdout.flush()
        with path.open("rb") as whole:
            shutil.copyfileobj(whole, sys.stdout.buffer)


def name_output(output: Path, more: str = "") -> None:
    """The name of a file that was written, on standard output; nothing where that is taken by what was written."""
    if output != STDOUT:
        print(f"{output}{more}")


def write_rows(
    rows: Iterable[Mapping[str, Any]], output: Path | None, wanted: str = "", *, default: str = ".csv"
) -> int:
    """Rows as CSV or JSON lines (``kind_of``); to standard output for ``-`` and for none. Returns their number."""
    from mapper.records import write_csv, write_jsonl

    kind = kind_of(output, wanted, default)
    if kind not in (".csv", ".jsonl", ".ndjson"):
        message = f"cannot write {kind or 'a file without a suffix'} here: name a .csv or .jsonl file"
        raise Stop(message, 2)
    rows = list(rows)
    buffer = io.StringIO(newline="")
    (write_csv if kind == ".csv" else write_jsonl)(rows, buffer)
    if output is None or output == STDOUT:
        sys.stdout.write(buffer.getvalue())
    else:
        write_text(output, buffer.getvalue())
    return len(rows)
