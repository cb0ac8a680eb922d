from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from mapper.bounded import is_hidden
from mapper.files import OutputError, atomic, write_text


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
