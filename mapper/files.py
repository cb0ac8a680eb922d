"""Outputs are written whole or not at all; links are written through, and what is no file is never replaced by one.

What is being written lies beside its place under a hidden name with the machine and the process in it. A process that
was killed leaves it there; the next write of the same output takes it away.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import platform
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_ABANDONED = 3600  # seconds after which a file that nobody changes is nobody's, where the system has no locks

try:
    from fcntl import LOCK_EX, LOCK_NB, flock

    def locked(handle: int) -> bool:
        """Takes the lock of an open file or folder until it is closed; False while a living process has it."""
        try:
            flock(handle, LOCK_EX | LOCK_NB)
        except OSError:
            return False
        return True

except ImportError:  # Windows

    def locked(handle: int) -> bool:
        return time.time() - os.fstat(handle).st_mtime > _ABANDONED


_DESCRIPTOR = re.compile(r"/(?:dev|proc/(self|[0-9]+))/fd/([0-9]+)")
_MOST_LINKS = 40  # that Linux follows


class OutputError(OSError):
    """An output could not be written; the message says which, why and what to do. The old file, if any, is whole."""


def _prefix(path: Path) -> str:
    """How the hidden names begin under which this machine writes ``path``."""
    machine = hashlib.sha256(platform.node().encode()).hexdigest()[:6]
    return f".{os.fsdecode(os.fsencode(path.stem)[:100])}-mapper-{machine}-"


def _sweep(path: Path) -> None:
    """Take away what processes of this machine that live no longer left of earlier writes of ``path``."""
    prefix = _prefix(path)
    for found in path.parent.iterdir():
        process = found.name.removeprefix(prefix).partition("-")[0]
        if found.name.startswith(prefix) and process.isdecimal() and not _lives(int(process)):
            with suppress(OSError):
                found.unlink()


def _lives(process: int) -> bool:
    if os.name == "nt":
        return True  # asking would end it there; a leftover stays
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """A temporary path to write to; when the block ends well, it takes the place of ``path``, or goes down the stream.

    A link stays and the file it points to is replaced; a file that is replaced keeps its rights and its owner; another
    hard link of it keeps the old content. Raises OutputError when the folder cannot be made, the path is a folder or
    a file nobody may write, or the disk refuses; BrokenPipeError when the reader of a stream has left.
    """
    if os.path.isdir(path):  # noqa: PTH112 - Path's own raises for a name that is too long
        message = f"{path} is a folder: name a file in it, for example {path / ('map' + '.html')}"
        raise OutputError(message)
    try:
        with _sent(path) if is_stream(path) else _replaced(path) as temporary:
            yield temporary
    except (OutputError, BrokenPipeError):
        raise
    except OSError as error:
        message = f"cannot write {path}: {error.strerror or error}. Nothing was changed; choose another place with -o"
        raise OutputError(message) from error


def write_text(path: Path, text: str) -> None:
    """``text`` as UTF-8 with line feeds, atomically."""
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def descriptor(path: Path) -> int | None:
    """The open descriptor that a path stands for (``/dev/stdout``, ``/dev/fd/63``, a link to one), or None.

    What it leads to may be an ordinary file: that is written where the descriptor stands, and not replaced.
    """
    at = os.path.abspath(path)  # noqa: PTH100 - Path.resolve follows the link that is looked for
    for _ in range(_MOST_LINKS):
        found = _DESCRIPTOR.fullmatch(at)
        if found and found[1] in (None, "self", str(os.getpid())):
            return int(found[2])
        try:
            at = os.path.normpath(Path(at).parent / os.readlink(at))  # noqa: PTH115 - as text
        except OSError:
            return None
    return None


def is_stream(path: Path) -> bool:
    """Whether a path is written through and cannot be replaced: a descriptor, a device, a FIFO, or a link to one."""
    if descriptor(path) is not None:
        return True
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def pour(file: Path, stream: Path) -> None:
    """Sends the bytes of a file down what ``is_stream``; for a descriptor that is from where it stands.

    Raises OutputError, or BrokenPipeError when the reader has left.
    """
    try:
        number = descriptor(stream)
        into = stream.open("wb") if number is None else os.fdopen(os.dup(number), "wb")
        with file.open("rb") as whole, into:
            shutil.copyfileobj(whole, into)
    except BrokenPipeError:
        raise
    except OSError as error:
        message = f"cannot write to {stream}: {error.strerror or error}"
        raise OutputError(message) from error


@contextmanager
def _sent(path: Path) -> Iterator[Path]:
    """A temporary file whose bytes go down a stream once it is whole."""
    with tempfile.TemporaryDirectory() as folder:
        temporary = Path(folder) / f"out{path.suffix}"
        yield temporary
        pour(temporary, path)


@contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    """A temporary file beside the one that ``path`` leads to, which takes its place once it is whole."""
    real = Path(os.path.realpath(path))
    if real.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    old = real.stat() if real.exists() else None
    if old is not None and not os.access(real, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    real.parent.mkdir(parents=True, exist_ok=True)
    _sweep(real)
    handle, name = tempfile.mkstemp(prefix=f"{_prefix(real)}{os.getpid()}-", suffix=path.suffix, dir=real.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        if old is not None and hasattr(os, "chown"):
            with contextlib.suppress(OSError):  # only root may give files away
                os.chown(temporary, old.st_uid, old.st_gid)
        temporary.chmod(stat.S_IMODE(old.st_mode) if old is not None else _ordinary())
        temporary.replace(real)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _ordinary() -> int:
    """The rights of a new file as the user has them set: mkstemp makes files that only their owner can read."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
