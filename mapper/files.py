"""Outputs are written whole or not at all.

What is being written lies beside its place under a hidden name with the machine and the process in it. A process that
was killed leaves it there; the next write of the same output takes it away.
"""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class OutputError(OSError):
    """An output could not be written; the message says which, why and what to do. The old file, if any, is whole."""


def _prefix(path: Path) -> str:
    """How the hidden names begin under which this machine writes ``path``."""
    machine = hashlib.sha256(platform.node().encode()).hexdigest()[:6]
    return f".{path.stem.encode()[:100].decode(errors='ignore')}-mapper-{machine}-"


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
    """A temporary path beside ``path`` to write to; it takes the place of ``path`` when the block ends well.

    Raises OutputError when the folder cannot be made, the path is a folder, or the disk refuses.
    """
    if path.is_dir():
        message = f"{path} is a folder: name a file in it, for example {path / ('map' + '.html')}"
        raise OutputError(message)
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        handle, name = tempfile.mkstemp(prefix=f"{_prefix(path)}{os.getpid()}-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        # mkstemp makes files only their owner can read; an output is an ordinary file
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        temporary.replace(path)
        temporary = None
    except OutputError:
        raise
    except OSError as error:
        message = f"cannot write {path}: {error.strerror or error}. Nothing was changed; choose another place with -o"
        raise OutputError(message) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """``text`` as UTF-8 with line feeds, atomically."""
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
