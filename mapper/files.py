"""Outputs are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
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


class OutputError(OSError):
    """An output could not be written; the message says which, why and what to do. The old file, if any, is whole."""


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
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
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
