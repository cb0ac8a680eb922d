from __future__ import annotations

from pathlib import Path

import pytest

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
