"""Faults of the gazetteer's cache: everything that can be wrong with a file, its folder and their owners."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from faults.harness import SMALL

from mapper.gazetteer import Gazetteer, GazetteerError, store
from mapper.gazetteer import cache as kept
from mapper.gazetteer.importers import as_table
from mapper.gazetteer.shapes import Outlines
from mapper.gazetteer.store import Tables, open_tables

HEAD = 128 + 8192  # bytes before the first column


def _cut(size: int) -> Callable[[Path], None]:
    return lambda file: os.truncate(file, size if size >= 0 else file.stat().st_size + size)


def _set(at: int, value: bytes) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        with file.open("r+b") as stream:
            stream.seek(at, os.SEEK_END if at < 0 else os.SEEK_SET)
            stream.write(value)

    return change


def _instead(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        file.unlink()
        make(file)

    return change


def _socket(file: Path) -> None:
    here = Path.cwd()
    os.chdir(file.parent)  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(file.name)
    finally:
        os.chdir(here)


def _folder(file: Path) -> None:
    file.mkdir()
    (file / "key.npy").write_bytes(b"")


def _foreign(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes a path somebody else's; who is not root becomes somebody else himself."""
    if os.getuid() == 0:
        os.lchown(path, 65534, 65534)
    else:
        monkeypatch.setattr(os, "getuid", lambda: 65534)


# What a power cut, a full disk, another program or a person may leave where an unpacked table was.
DAMAGES: dict[str, Callable[[Path], None]] = {
    "empty": _cut(0),
    "one byte": _cut(1),
    "half a head": _cut(60),
    "a head alone": _cut(HEAD),
    "half": _cut(2_100_000),
    "a byte short": _cut(-1),
    "a byte long": lambda file: _set(file.stat().st_size, b"x")(file),
    "zeros": lambda file: file.write_bytes(bytes(file.stat().st_size)) and None,
    "noise": lambda file: file.write_bytes(np.random.default_rng(1).bytes(file.stat().st_size)) and None,
    "a zero head": _set(0, bytes(HEAD)),
    "another format": _set(0, b"mapper tables 9"),
    "an absurd length of the head": _set(16, b"99999999"),
    "a letter in the length": _set(16, b"x"),
    "an altered checksum": _set(60, b"0000"),
    "an altered description": _set(200, b"7"),
    "a zero page": _set(HEAD, bytes(4096)),
    "an altered first byte": _set(HEAD, b"\xff"),
    "an altered last byte": _set(-1, b"\xff"),
    "gone": lambda file: file.unlink(),
    "a text": lambda file: file.write_text("nothing here") and None,
    "a folder": _instead(_folder),
    "an empty folder": _instead(lambda file: file.mkdir()),
    "a FIFO": _instead(os.mkfifo),
    "a socket": _instead(_socket),
    "a dangling link": _instead(lambda file: file.symlink_to("nowhere")),
    "a link to itself": _instead(lambda file: file.symlink_to(file.name)),
    "a link to a device": _instead(lambda file: file.symlink_to("/dev/zero")),
    "writable by the group": lambda file: file.chmod(0o660),
    "writable by all": lambda file: file.chmod(0o666),
    "no rights": lambda file: file.chmod(0),
}


def small(folder: Path) -> tuple[Path, Path]:
    """A table and the cache folder for it."""
    table = folder / "small.tsv"
    if not table.exists():
        table.write_text(SMALL, encoding="utf-8")
    return table, folder / "c"


def whole(tables: Tables) -> None:
    """The tables say what the file says."""
    assert tables.geonames.tolist() == [5, 7]
    assert tables.line(1).startswith("geonames:7\tSevenburgh")
    assert len(tables.key) == 6


def damaged_is_made_anew(damage: Callable[[Path], None], folder: Path) -> None:
    """Right at once, mended on the disk for the next run, and nothing left beside it."""
    table, cache = small(folder)
    file = open_tables([table], cache=cache).file
    assert file is not None
    damage(file)
    whole(open_tables([table], cache=cache))
    said: list[str] = []
    whole(open_tables([table], cache=cache, progress=said.append))
    assert not said
    assert [p.name for p in cache.iterdir()] == [file.name]
    assert stat.S_ISREG(file.lstat().st_mode)


def silent_damage_is_found_by_the_full_check(column: str, folder: Path) -> None:
    """A byte that a disk altered without a trace: no use of it is a traceback, and the full check mends it."""
    table, cache = small(folder)
    tables = open_tables([table], cache=cache)
    file = tables.file
    assert file is not None
    values = getattr(tables, column)
    found = file.stat()
    raw = bytearray(file.read_bytes())
    wanted = values.tobytes()
    at = raw.index(wanted, HEAD) if wanted else HEAD
    for step in range(max(1, min(len(wanted), 24))):
        raw[at + step] ^= 0xFF
    file.write_bytes(raw)
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))
    used(open_tables([table], cache=cache))
    again = open_tables([table], cache=cache, verify=True)
    assert column in again.fault if wanted else True
    whole(again)
    whole(open_tables([table], cache=cache))


def used(tables: Tables) -> None:
    """Every way into the tables; a GazetteerError is the one allowed answer to damage."""
    gazetteer = Gazetteer(tables, outlines=Outlines("gn_a1_code"))
    for call in (
        lambda: gazetteer.candidates("Fivetown", countries=("SY",)),
        lambda: gazetteer.candidates("Cinq"),
        lambda: gazetteer.search("Sevenburg"),
        lambda: gazetteer.scan(["fivetown", "sixfield", "x"]),
        lambda: gazetteer.get("geonames:5"),
        lambda: gazetteer.get("geonames:7"),
        lambda: gazetteer.get("mapper:six"),
        lambda: gazetteer.nearest(1.5, 2.5, k=2),
        lambda: gazetteer.populated_places(("SY",)),
        lambda: gazetteer.populated_places(box=(0, 0, 9, 9)),
        lambda: gazetteer.towns([(0, 0, 9, 9)]),
        lambda: gazetteer.regions("SY"),
        gazetteer.info,
    ):
        try:
            call()
        except GazetteerError as error:
            assert "--verify" in str(error)  # noqa: PT017 - it may be raised, it need not


def foreign_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table, cache = small(folder)
    file = open_tables([table], cache=cache).file
    assert file is not None
    planted(file)
    _foreign(file, monkeypatch)
    whole(open_tables([table], cache=cache))


def planted(file: Path) -> None:
    """A whole file for the same table that says that Sevenburgh is elsewhere."""
    mark = file.name.removesuffix(kept.SUFFIX).rpartition("-")[2]
    names = store._UNPACKED
    columns = {name: np.array(values) for name, values in kept.read(file, mark, names).items()}
    columns["lat_lon"] += 100
    columns["lines"] = np.frombuffer(columns["lines"].tobytes().replace(b"Seven", b"Forge"), dtype=np.uint8)
    kept.write(file, mark, columns)


def foreign_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table, cache = small(folder)
    file = open_tables([table], cache=cache).file
    assert file is not None
    planted(file)
    _foreign(cache, monkeypatch)
    whole(open_tables([table], cache=cache))


def open_folder(mode: int) -> Callable[[Path, pytest.MonkeyPatch], None]:
    def act(folder: Path, _: pytest.MonkeyPatch) -> None:
        table, cache = small(folder)
        file = open_tables([table], cache=cache).file
        assert file is not None
        planted(file)
        cache.chmod(mode)
        whole(open_tables([table], cache=cache))

    return act


def _temporary(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """No home that can be used, and a temporary folder of this test's: the table, and the folder's usual name in it."""
    table, _ = small(folder)
    (folder / "tmp").mkdir()
    (folder / "blocked").write_text("a file where a folder should be", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "blocked"))
    monkeypatch.setattr("tempfile.tempdir", str(folder / "tmp"))
    return table, folder / "tmp" / f"mapper-gazetteer-{os.getuid()}"


def squatted(make: Callable[[Path, Path], None]) -> Callable[[Path, pytest.MonkeyPatch], None]:
    """The name in the temporary folder is taken by somebody else before the first unpacking."""

    def act(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        table, name = _temporary(folder, monkeypatch)
        file = open_tables([table], cache=folder / "made").file
        assert file is not None
        planted(file)
        make(file.parent, name)
        if os.getuid() == 0:
            os.lchown(name, 65534, 65534)
        else:
            name.is_symlink() or name.chmod(0o777)
        first = open_tables([table])
        whole(first)
        assert first.file is not None
        assert first.file.parent != name
        assert first.file.parent.stat().st_mode & 0o777 == 0o700
        said: list[str] = []
        again = open_tables([table], progress=said.append)  # found again, not made anew
        assert (again.file, said) == (first.file, [])

    return act


def own_open_folder_is_closed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders that older versions made under a loose umask stay in use; nobody else can write there any more."""
    table, _ = small(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "x"))
    file = open_tables([table]).file
    assert file is not None
    file.parent.chmod(0o777)
    assert open_tables([table]).file == file
    assert file.parent.stat().st_mode & 0o022 == 0


def a_copy_is_checked_once(folder: Path, _: pytest.MonkeyPatch) -> None:
    table, cache = small(folder)
    file = open_tables([table], cache=cache).file
    assert file is not None
    before = file.stat().st_mtime_ns
    os.utime(file)
    said: list[str] = []
    whole(open_tables([table], cache=cache, progress=said.append))
    assert (file.stat().st_mtime_ns, said) == (before, [])


def the_next_write_clears_what_a_killed_one_left(folder: Path, _: pytest.MonkeyPatch) -> None:
    table, cache = small(folder)
    cache.mkdir(mode=0o700)
    (cache / ".small-0123456789abcdef.tables-x1y2.part").write_bytes(b"half")
    (cache / "small-0123456789abcdef").mkdir()  # what version 1 kept
    open_tables([table], cache=cache)
    assert not [p.name for p in cache.iterdir() if p.name.startswith(".")]


def an_altered_import_is_made_anew(folder: Path, _: pytest.MonkeyPatch) -> None:
    cache = folder / "c"
    (folder / "v.csv").write_text("name,lat,lon,country\nNewvillage,34.5,41.9,IQ\n", encoding="utf-8")
    first, _issues = as_table(folder / "v.csv", cache)
    right = first.read_bytes()
    first.write_bytes(right.replace(b"34.50000", b"12.00000"))
    again, _issues = as_table(folder / "v.csv", cache)
    assert again.read_bytes() == right
    assert as_table(folder / "v.csv", cache)[0] == again


def _link(file: Path, name: Path) -> None:
    name.symlink_to(file, target_is_directory=True)


TRUST: dict[str, Callable[[Path, pytest.MonkeyPatch], None]] = {
    "a file of somebody else is not read": foreign_file,
    "a folder of somebody else is not read": foreign_folder,
    "a folder that the group may write is not read": open_folder(0o770),
    "a folder that all may write is not read": open_folder(0o777),
    "a squatted folder is passed over": squatted(lambda made, name: made.rename(name) and None),
    "a squatted link is passed over": squatted(_link),
    "a squatted file is passed over": squatted(lambda _, name: name.write_text("mine") and None),
    "the user's own open folder is closed": own_open_folder_is_closed,
    "a copy of the cache is checked once": a_copy_is_checked_once,
    "leftovers of a killed write are cleared": the_next_write_clears_what_a_killed_one_left,
    "an altered import is made anew": an_altered_import_is_made_anew,
}
