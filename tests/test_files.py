from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mapper.bounded import is_hidden
from mapper.files import OutputError, atomic, write_text
from mapper.gazetteer.importers import add_places


def test_an_interrupted_write_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    write_text(path, "old")

    def interrupted() -> None:
        with atomic(path) as temporary:
            temporary.write_text("half of the n")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]


def test_what_a_killed_write_left_is_taken_away_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    code = "import os, sys\nfrom pathlib import Path\nfrom mapper.files import atomic\n"
    code += "with atomic(Path(sys.argv[1])) as temporary:\n"
    code += "    temporary.write_text('half')\n    os.kill(os.getpid(), 9)\n"
    for name in (path, tmp_path / "other.html"):
        subprocess.run([sys.executable, "-B", "-c", code, str(name)], check=False)
    left = sorted(p.name for p in tmp_path.iterdir())
    assert len(left) == 2
    assert all(is_hidden(name) for name in left), "nobody reads it"
    with atomic(path) as mine:
        mine.write_text("new")
        write_text(path, "another's")  # a write that goes on at the same time is left alone
        assert mine.exists()
    assert path.read_text() == "new"
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([left[1], "map.html"]), "another output's stays"
    write_text(tmp_path / "other.html", "x")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["map.html", "other.html"]


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    def failing() -> None:
        with atomic(tmp_path / "map.html") as temporary:
            temporary.write_text("half")
            message = "disk"
            raise OSError(message)

    with pytest.raises(OutputError):
        failing()
    assert not list(tmp_path.iterdir())


def test_a_name_as_long_as_names_may_be_is_written(tmp_path: Path) -> None:
    for name in ("x" * 250 + ".html", "\u8b93" * 80 + ".html"):
        write_text(tmp_path / name, "x")
        assert (tmp_path / name).read_text() == "x"


def test_a_folder_is_no_output(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder"):
        write_text(tmp_path, "x")


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with pytest.raises(OutputError, match="cannot write"):
        write_text(tmp_path / "a" / "map.html", "x")


def test_an_output_is_readable_by_others_as_the_user_has_it_set(tmp_path: Path) -> None:
    plain, written = tmp_path / "plain", tmp_path / "written"
    plain.touch()
    write_text(written, "x")
    assert written.stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize("mask", [0o022, 0o002, 0o077])
def test_a_gazetteer_is_readable_by_others_as_the_user_has_it_set(tmp_path: Path, mask: int) -> None:
    (tmp_path / "v.csv").write_text("name,lat,lon,country\nNewvillage,34.5,41.9,IQ\n")
    old = os.umask(mask)
    try:
        made = add_places(tmp_path / "v.csv", to=tmp_path / "v.tsv").path
    finally:
        os.umask(old)
    assert stat.S_IMODE(made.stat().st_mode) == 0o666 & ~mask


def test_a_file_that_is_written_anew_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "private.csv"
    path.touch()
    path.chmod(0o600)
    write_text(path, "x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may write anything")
def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("old")
    path.chmod(0o444)
    with pytest.raises(OutputError, match="Permission denied"):
        write_text(path, "x")
    assert path.read_text() == "old"


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_the_file_it_points_to_is_written(tmp_path: Path, there: bool) -> None:
    real, link, second = tmp_path / "far" / "real.csv", tmp_path / "link.csv", tmp_path / "second.csv"
    real.parent.mkdir()
    if there:
        real.write_text("old")
    link.symlink_to(Path("far") / "real.csv")
    second.symlink_to(link)
    write_text(second, "new")
    assert (link.is_symlink(), second.is_symlink(), real.read_text()) == (True, True, "new")
    assert [p.name for p in real.parent.iterdir()] == ["real.csv"]


def test_a_link_in_a_circle_is_refused_and_stays(tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to("link.csv")
    with pytest.raises(OutputError, match="cannot write"):
        write_text(link, "x")
    assert [p.name for p in tmp_path.iterdir() if p.is_symlink()] == ["link.csv"]


def test_another_hard_link_keeps_the_old_content(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("old")
    os.link(tmp_path / "a.csv", tmp_path / "backup.csv")
    write_text(tmp_path / "a.csv", "new")
    assert ((tmp_path / "a.csv").read_text(), (tmp_path / "backup.csv").read_text()) == ("new", "old")


def test_a_fifo_is_written_through_and_stays(tmp_path: Path) -> None:
    fifo = tmp_path / "pipe.csv"
    os.mkfifo(fifo)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(fifo.read_text()), daemon=True)
    reader.start()
    write_text(fifo, "through")
    reader.join(10)
    assert read == ["through"]
    assert fifo.is_fifo()
    assert [p.name for p in tmp_path.iterdir()] == ["pipe.csv"]


def test_a_device_is_written_to_and_stays(tmp_path: Path) -> None:
    link = tmp_path / "null.csv"
    link.symlink_to("/dev/null")
    for path in (Path("/dev/null"), link):
        write_text(path, "x")
        assert path.is_char_device()
    assert link.is_symlink()
    if Path("/dev/full").exists():
        with pytest.raises(OutputError, match="No space left"):
            write_text(Path("/dev/full"), "x")


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="needs names for descriptors")
def test_a_descriptor_is_written_where_it_stands_and_its_file_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    with path.open("wb", buffering=0) as stream:
        stream.write(b"before\n")
        link = tmp_path / "link.csv"
        link.symlink_to(f"/dev/fd/{stream.fileno()}")
        write_text(Path(f"/dev/fd/{stream.fileno()}"), "one\n")
        write_text(link, "two\n")
        stream.write(b"after\n")
    assert path.read_text() == "before\none\ntwo\nafter\n"


TABLE = Path(__file__).parents[1] / "data" / "examples" / "isis-2014-2019" / "claims.csv"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["x.html", "x.geojson", "x.gpkg", "x.fgb", "x.kml", "x.parquet"])
def test_a_full_disk_leaves_the_old_file_whole_and_names_the_file(tmp_path: Path, name: str) -> None:
    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))  # the write that passes it fails

    target = tmp_path / name
    target.write_text("old")
    command = [sys.executable, "-B", "-m", "mapper", "-q", "map" if name == "x.html" else "export", str(TABLE)]
    done = subprocess.run([*command, "-o", str(target)], preexec_fn=full, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"cannot write {target}" in done.stderr
    assert "Nothing was changed" in done.stderr
    assert "Traceback" not in done.stderr
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == [name]


@pytest.mark.skipif(not Path("/sys").is_dir(), reason="needs a folder that refuses even root")
def test_a_folder_that_refuses_is_named_with_what_to_do() -> None:
    with pytest.raises(OutputError, match=r"cannot write /sys/x\.html: .* choose another place with -o"):
        write_text(Path("/sys/x.html"), "x")
