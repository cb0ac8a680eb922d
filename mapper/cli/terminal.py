"""What a person sees: messages, bars, tables and rows, and how a command ends.

Results go to standard output (``-o -``) or the file named with ``-o``; everything else goes to standard error.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from mapper.files import OutputError, atomic, descriptor, is_stream, pour

_IN_MEMORY = 1 << 24  # bytes of rows
_SHOWN = 3  # issues of one code that are shown unless -v asks for all
# control characters but tab and line feed (C1 too), what turns the direction of writing, line separators, interlinear
# and tag characters, and lone surrogates, which no encoding knows
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


class Stop(Exception):  # noqa: N818 - it ends a command, it is not always an error
    """Ends the command with a message for the user and an exit code."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class Shell:
    """How much to say, set once by the options before the command; what the command writes (``cli.inputs.guarded``)."""

    quiet: bool = False
    verbose: bool = False
    online: str = ""
    reader: str = ""  # empty: as the configuration says
    writes: tuple[tuple[str, int, int], ...] = ()  # name, device and inode of files that are there


shell = Shell()


def plain(text: object) -> str:
    """Text that cannot steer a terminal: what could is written as JSON writes it, an escape with its number 001b."""
    return _STEERING.sub(lambda found: json.dumps(found[0])[1:-1], str(text))


def show(text: object, end: str = "\n") -> None:
    """Text on standard output: ``plain`` on a terminal; files and pipes get it as it is."""
    said = f"{text}{end}"
    sys.stdout.write(plain(said) if sys.stdout.isatty() else said)


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


class Told:
    """Issues as they come: counted all, and kept only as many as ``report`` shows."""

    def __init__(self, issues: Iterable[Any] = ()) -> None:
        self.shown: dict[tuple[str, str, str], list[Any]] = {}
        self.counts: Counter[tuple[str, str, str]] = Counter()
        self.add(issues)

    def add(self, issues: Iterable[Any]) -> None:
        for issue in issues:
            key = (issue.level, issue.stage, issue.code)
            self.counts[key] += 1
            if shell.verbose or self.counts[key] <= _SHOWN:
                self.shown.setdefault(key, []).append(issue)

    def merge(self, later: Told) -> None:
        """What ``later`` was told, after what this was."""
        for key, found in later.shown.items():
            kept = self.shown.setdefault(key, [])
            kept += found if shell.verbose else found[: _SHOWN - len(kept)]
        self.counts += later.counts


def report(issues: Iterable[Any] | Told) -> None:
    """Issues on standard error: errors always, warnings unless quiet, everything with its quote when verbose."""
    told = issues if isinstance(issues, Told) else Told(issues)
    for key, found in sorted(told.shown.items(), key=lambda kv: ("error", "warning", "note").index(kv[0][0])):
        level, _, code = key
        if shell.quiet and level != "error":
            continue
        if level == "note" and not shell.verbose:
            continue
        for issue in found:
            said = _words(issue) if shell.verbose else ""
            print(plain(f"{level}: {where(issue)}{issue.message} [{code}]{said}"), file=sys.stderr)
        if told.counts[key] > len(found):
            print(f"{level}: and {told.counts[key] - len(found)} more [{code}]; -v lists them", file=sys.stderr)


def show_table(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows as a table on standard output: drawn on a terminal, CSV in a pipe."""
    if not sys.stdout.isatty():
        write_rows(rows, None)
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    drawn = Table(title=escape(plain(title)))
    for name in rows[0] if rows else ():
        drawn.add_column(name)
    for row in rows:
        drawn.add_row(*(escape(plain(cell)) for cell in row.values()))
    Console().print(drawn)


STDOUT = Path("-")  # what -o calls standard output
BINARY = (".gpkg", ".fgb", ".parquet", ".kmz", ".png")


def kind_of(output: Path | None, wanted: str, default: str) -> str:
    """The suffix that chooses the format: the file's own, or for standard output the one of ``--format``.

    A device or FIFO without a suffix is like standard output. Stops where a stream cannot take the format, before
    anything is read.
    """
    kind = f".{wanted.lower().lstrip('.')}" if wanted else ""
    if output is not None and output != STDOUT:
        suffix, stream = output.suffix.lower(), is_stream(output)
        if kind and kind != suffix and (suffix or not stream):
            message = f"--format {wanted} and the file {output} disagree: the suffix of a file chooses its format"
            raise Stop(message, 2)
        if not stream:
            return suffix
        kind = suffix or kind
    kind = kind or default
    where_to = "standard output" if output in (None, STDOUT) else output
    if kind == ".shp":
        message = f"a Shapefile is several files and cannot go to {where_to}: name one, or choose another --format"
        raise Stop(message, 2)
    if kind in BINARY and _is_terminal(output):
        message = f"{kind} is binary and would garble this terminal: name a file with -o, or send it on with | or >"
        raise Stop(message, 2)
    return kind


def _is_terminal(output: Path | None) -> bool:
    """Whether what is written there is seen by a person at once."""
    if output is None or output == STDOUT:
        return sys.stdout.isatty()
    number = descriptor(output)
    if number is not None:
        return os.isatty(number)
    try:
        if not stat.S_ISCHR(output.stat().st_mode):
            return False
        opened = os.open(output, os.O_WRONLY | getattr(os, "O_NOCTTY", 0))
    except OSError:
        return False  # writing says why
    try:
        return os.isatty(opened)
    finally:
        os.close(opened)


def is_through(output: Path) -> bool:
    """Whether an output is sent somewhere once it is whole, and no file that is replaced: ``-``, devices and FIFOs."""
    return output == STDOUT or is_stream(output)


@contextmanager
def target(output: Path, kind: str) -> Iterator[Path]:
    """A temporary file to write to; when the block ends well, it replaces ``output`` or goes down what ``is_through``.

    On a terminal it becomes ``plain``. It is the only temporary file: nobody reads it before it is whole.
    """
    if not is_through(output):
        with atomic(output) as temporary:
            yield temporary
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"out{kind}"
        try:
            yield path
        except (OutputError, BrokenPipeError):
            raise
        except OSError as error:
            message = f"cannot write what goes to {'standard output' if output == STDOUT else output}: {error.strerror or error}"
            raise OutputError(message) from error
        if _is_terminal(output):
            path.write_bytes(plain(path.read_bytes().decode("utf-8")).encode())
        if output != STDOUT:
            pour(path, output)
            return
        sys.stdout.flush()
        with path.open("rb") as whole:
            shutil.copyfileobj(whole, sys.stdout.buffer)


def name_output(output: Path, more: str = "") -> None:
    """The name of a file that was written, on standard output; nothing where that is taken by what was written."""
    if output != STDOUT:
        show(f"{output}{more}")


def write_rows(
    rows: Iterable[Mapping[str, Any]], output: Path | None, wanted: str = "", *, default: str = ".csv"
) -> int:
    """Rows as CSV or JSON lines (``kind_of``); to standard output for ``-`` and for none. Returns their number."""
    from mapper.records import write_csv, write_jsonl

    kind = kind_of(output, wanted, default)
    if kind not in (".csv", ".jsonl", ".ndjson"):
        message = f"cannot write {kind or 'a file without a suffix'} here: name a .csv or .jsonl file"
        raise Stop(message, 2)
    write = write_csv if kind == ".csv" else write_jsonl
    if output is not None and output != STDOUT:
        with target(output, kind) as path, path.open("w", encoding="utf-8", newline="\n") as stream:
            return write(rows, stream)
    # nothing is printed before all is known: rows may be many, so they wait in a file
    with tempfile.SpooledTemporaryFile(
        _IN_MEMORY, "w+", encoding="utf-8", newline="\n", errors="surrogatepass"
    ) as buffer:
        number = write(rows, cast("IO[str]", buffer))
        buffer.seek(0)
        for line in buffer:
            show(line, end="")
    return number
