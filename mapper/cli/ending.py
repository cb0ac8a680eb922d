"""How the program ends: signals, streams that are closed or full, and errors that are the user's to mend."""

from __future__ import annotations

import contextlib
import errno
import functools
import io
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from mapper.cli.terminal import Stop, plain
from mapper.files import OutputError

_ENDING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # the last is Windows'


class Ended(BaseException):
    """A signal asked the program to end; what is half done is cleared away on the way out."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Carried(BaseException):
    """Carries an error past typer, which would end the command with a word of its own."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(error)
        self.error = error


def past_typer(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose errors reach ``answer``: typer has words of its own for some ("Aborted.")."""

    @functools.wraps(command)
    def carrying(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except (OSError, EOFError, KeyboardInterrupt) as error:
            raise Carried(error) from error

    return carrying


def answer(error: BaseException) -> int:
    """Says on standard error why a command ended, in one line, and gives its exit code; raises what is our own fault."""
    if isinstance(error, Carried):
        return answer(error.error)
    if isinstance(error, Stop):
        return _said(str(error), error.code)
    if isinstance(error, KeyboardInterrupt | Ended):
        number = error.number if isinstance(error, Ended) else signal.SIGINT
        return _said(f"ended by {signal.Signals(number).name}", 128 + number, "mapper: ")
    if isinstance(error, MemoryError):
        return _said("out of memory: give it less at a time, or more memory", 2)
    if isinstance(error, OutputError):
        return _said(str(error), 2)
    if isinstance(error, OSError):  # a name too long, a disk that fails while reading
        if error.errno in (errno.EPIPE, errno.ESHUTDOWN):
            return 1  # who reads our output has seen enough
        if error.strerror is None:
            raise error
        return _said(f"{f'{str(error.filename)[:200]}: ' if error.filename else ''}{error.strerror}", 2)
    if isinstance(error, ValueError) and type(error).__module__.startswith("mapper"):
        return _said(str(error), 2)  # ConfigError and its like say where and what to do
    raise error


def _said(message: str, code: int, head: str = "error: ") -> int:
    with contextlib.suppress(OSError, ValueError):  # standard error may be closed or full: the code says enough
        print(plain(f"{head}{message}"), file=sys.stderr, flush=True)
    return code


def flushed(code: int) -> int:
    """Writes out what standard output still holds; the exit code, of the failure where that fails."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError as error:
            # what could not be written would be tried again when the interpreter ends
            with contextlib.suppress(OSError, ValueError):
                null = os.open(os.devnull, os.O_WRONLY)
                os.dup2(null, stream.fileno())
                os.close(null)
            if stream is sys.stdout:
                code = code or answer(OSError(error.errno, error.strerror or "", "standard output"))
    return code


def open_streams() -> None:
    """Makes the standard streams ones that no text can break.

    The null device is opened for each that is closed: the next file opened would take its number. What goes to a file
    or pipe is UTF-8 with line feeds, whatever the system's language, as in the files that are written; a terminal gets
    its own encoding. What cannot be encoded is written as an escape.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # as Python leaves those that were closed when it started
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - for the whole run
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if stream.isatty():
            stream.reconfigure(errors="backslashreplace")
        else:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def catch_signals() -> None:
    """The first signal that asks for the end raises Ended in the main thread; the second ends the process at once."""
    for name in _ENDING:
        number = getattr(signal, name, None)
        # one that is ignored stays so: nohup, and jobs of a script's background
        if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
            signal.signal(number, _first)


def end_at_once() -> None:
    """From now on any signal ends the process at once: it is ending, and there is nothing more to clear away."""
    for name in _ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is _first:
            signal.signal(number, _second)


def _first(number: int, _frame: FrameType | None) -> None:
    end_at_once()
    raise Ended(number)


def _second(number: int, _frame: FrameType | None) -> None:
    with contextlib.suppress(OSError, ValueError):
        if sys.stderr.isatty():
            os.write(sys.stderr.fileno(), b"\x1b[?25h\n")  # a bar that was drawn hid the cursor
    os._exit(128 + number)
