"""Unpacked arrays kept between runs: one file a table, verified when it is opened, written whole or not at all.

A file is a head and columns. The head is a line that names the format, the length of the description and its SHA-256, and
the description: what the file was made from (its mark), how long it is, when it was written, each column's type, shape,
offset and CRC-32. Opening checks the head against its own checksum and the file's length, and the time of change against
the time written down: where they differ somebody else wrote or copied the file, and then every column is checked. What
a disk alters without a trace is found by the full check alone (`mapper gazetteer info --verify`).

Only what nobody but the user (or root) can have written is read: owner and mode of the folder and of the open file.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import mmap
import os
import shutil
import stat
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from mapper.files import locked

Columns = dict[str, Any]  # arrays by name

SUFFIX = ".tables"
_FORMAT = b"mapper tables 2"
_LINE = 128  # bytes of the first line: format, length of the description, its SHA-256; padded
_MOST = 8192  # bytes for the description, which is about 2 kB
_ALIGN = 64
_BLOCK = 1 << 20
_KEPT = 2  # files of older versions that stay, for programs that still use them
_STEP = 2_000_000_000  # ns: a time that the coarsest file system (FAT) can keep
_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class DamagedError(ValueError):
    """A file of the cache is not as it was written; the message says in what."""


def ours(found: os.stat_result) -> bool:
    """Whether nobody but this user and root can have written what this status is of."""
    if not hasattr(os, "getuid"):
        return True  # Windows: the folders are in the user's profile, whose rights the system keeps
    return found.st_uid in (os.getuid(), 0) and not found.st_mode & _OTHERS


def folders(cache: Path | None, *, make: bool) -> Iterator[Path]:
    """The private folders in which unpacked tables are looked for and kept, best first; with ``make`` made if missing.

    A folder that the caller names is the only one.
    """
    if cache is not None:
        if _private(cache, make=make):
            yield cache
        return
    with contextlib.suppress(OSError, RuntimeError):  # RuntimeError: no home folder is known
        own = user_cache_path("mapper") / "gazetteer"
        if _private(own, make=make) or _tightened(own):
            yield own
    with contextlib.suppress(OSError):  # not even a temporary folder
        root = Path(tempfile.gettempdir())
        name = f"mapper-gazetteer-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
        for folder in (root / name, *sorted(root.glob(f"{name}-*"))):
            if _private(folder, make=make and folder.name == name):
                yield folder
                return
        if make:  # somebody else took the name
            yield Path(tempfile.mkdtemp(prefix=f"{name}-"))


def _tightened(own: Path) -> bool:
    """Takes write permission from others where the user's own folder is open: older versions left that to the umask."""
    found = own.stat()
    if not hasattr(os, "getuid") or found.st_uid != os.getuid():
        return False
    own.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)
    return _private(own, make=False)


def _private(folder: Path, *, make: bool) -> bool:
    """True for a folder into which nobody but the user and root can put a file."""
    try:
        if make:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        link, found = folder.lstat(), folder.stat()
    except OSError:
        return False
    # a link's own mode says nothing; who made it does
    made_by_us = not hasattr(os, "getuid") or link.st_uid in (os.getuid(), 0)
    return stat.S_ISDIR(found.st_mode) and ours(found) and made_by_us


def kept(folder: Path, stem: str, mark: str) -> Path:
    """The file of a table in a folder of the cache."""
    return folder / f"{stem}-{mark}{SUFFIX}"


def read(path: Path, mark: str, names: Sequence[str], *, full: bool = False) -> Columns:
    """The columns of a file, mapped. ``full`` checks every byte, not the head alone.

    Raises FileNotFoundError when there is none, DamagedError when it is not whole, not of this mark or not the user's
    own, and OSError when it cannot be read.
    """
    # a FIFO of that name must not hold the program up
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb", buffering=0) as stream:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            _fault("not a file")
        if not ours(found):
            _fault("another user owns it or may write it")
        described = _description(stream.read(_LINE), stream.read(_MOST))
        if described["mark"] != mark:
            _fault("made from something else")
        if described["length"] != found.st_size:
            _fault(f"{found.st_size:,} bytes instead of {described['length']:,}")
        columns = described["columns"]
        if sorted(columns) != sorted(names):
            _fault("other columns")
        touched = found.st_mtime_ns != described["written"]
        if full or touched:
            for name, column in columns.items():
                if _checksum(stream, column["at"], column["bytes"]) != column["crc32"]:
                    _fault(f"column {name} was altered")
        if touched:
            with contextlib.suppress(OSError):  # a copy that is whole: not checked again
                os.utime(path, ns=(described["written"], described["written"]))
        mapped = mmap.mmap(handle, found.st_size, access=mmap.ACCESS_READ)
    return {
        name: np.ndarray(column["shape"], dtype=np.dtype(column["type"]), buffer=mapped, offset=column["at"])
        for name, column in columns.items()
    }


def _description(line: bytes, rest: bytes) -> dict[str, Any]:
    cells = line.rstrip().rsplit(b" ", 2)
    if len(line) != _LINE or len(cells) != 3 or cells[0] != _FORMAT or not cells[1].isdigit():
        _fault("its head is not one")
    raw = rest[: int(cells[1])]
    if hashlib.sha256(raw).hexdigest().encode() != cells[2]:
        _fault("its head was altered")
    described: dict[str, Any] = json.loads(raw)
    return described


def _fault(message: str) -> NoReturn:
    raise DamagedError(message)


def _checksum(stream: Any, at: int, length: int) -> int:
    value = 0
    stream.seek(at)
    while length:
        block = stream.read(min(length, _BLOCK))
        if not block:
            return -1
        value = zlib.crc32(block, value)
        length -= len(block)
    return value


def write(path: Path, mark: str, columns: Mapping[str, NDArray[Any]]) -> None:
    """Puts a file into the cache in one step, safe on the disk before it counts. Raises OSError; nothing is left then.

    Clears what older versions and killed writes of the same table left.
    """
    written = time.time_ns() // _STEP * _STEP
    listed: dict[str, Any] = {}
    at = _LINE + _MOST  # offsets are part of the text that they come after: room is left for it, more than it needs
    for name, column in columns.items():
        at = -(-at // _ALIGN) * _ALIGN
        whole = np.ascontiguousarray(column)
        listed[name] = {
            "type": whole.dtype.str, "shape": whole.shape, "at": at, "bytes": whole.nbytes,
            "crc32": zlib.crc32(whole.reshape(-1).view(np.uint8).data),
        }  # fmt: skip
        at += whole.nbytes
    described = {"mark": mark, "length": at, "written": written, "columns": listed}
    raw = json.dumps(described, sort_keys=True).encode()
    line = b"%s %d %s" % (_FORMAT, len(raw), hashlib.sha256(raw).hexdigest().encode())
    handle, made = tempfile.mkstemp(prefix=f".{path.name}-", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            locked(handle)  # says to others that its writer lives
            stream.write(line.ljust(_LINE) + raw)
            for name, column in columns.items():
                stream.seek(listed[name]["at"])
                stream.write(np.ascontiguousarray(column).reshape(-1).view(np.uint8).data)
            stream.truncate(at)
            stream.flush()
            os.fsync(handle)
            os.utime(made, ns=(written, written))
            _into_place(Path(made), path)
    finally:
        Path(made).unlink(missing_ok=True)
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    _clear(path)


def _into_place(made: Path, path: Path) -> None:
    if path.is_dir() and not path.is_symlink():  # nothing of ours is a folder of this name
        shutil.rmtree(path)
    made.replace(path)


def _clear(path: Path) -> None:
    """Takes away all but the newest few older files of a table, and what writers that are dead left."""
    stem = path.name.removesuffix(SUFFIX).rpartition("-")[0]
    same = [p for p in path.parent.glob("*-*") if p.name.removesuffix(SUFFIX).rpartition("-")[0] == stem and p != path]
    for other in sorted(same, key=_age)[:-_KEPT]:
        with contextlib.suppress(OSError):
            # versions before 2 made folders
            shutil.rmtree(other) if other.is_dir() and not other.is_symlink() else other.unlink()
    for other in path.parent.glob(f".*{SUFFIX}-*.part"):
        with contextlib.suppress(OSError), other.open("rb") as stream:
            if locked(stream.fileno()):
                other.unlink()


def _age(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:  # another process cleared it just now
        return 0.0


def imported(folder: Path, stem: str, digest: str) -> Path | None:
    """A text that ``keep_import`` put here for this digest, if it is whole and the user's own."""
    for path in sorted(folder.glob(f"*-{digest}-*.tsv")):
        with contextlib.suppress(OSError):
            if path.name.startswith(f"{stem}-") and ours(path.stat()) and path.stem.endswith(f"-{_sha256(path)}"):
                return path
    return None


def keep_import(made: Path, stem: str, digest: str) -> Path:
    """Renames a text to what ``imported`` looks for: its name carries its own checksum; it is the user's alone."""
    made.chmod(0o600)
    return made.replace(made.with_name(f"{stem}-{digest}-{_sha256(made)}.tsv"))


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:16]
