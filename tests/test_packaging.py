"""What a person installs: a wheel with its data and types, that makes a map far from any checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert build.returncode == 0, build.stdout + build.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.mark.slow
def test_the_wheel_carries_its_data_and_its_types_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "mapper/py.typed" in names
    assert any(name.startswith("mapper/_data/gazetteer/") for name in names)
    assert any(name.startswith("mapper/_data/basemap/") for name in names)
    assert any(name.endswith("LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "docs/", "node_modules/"))]
    (sdist,) = wheel.parent.glob("*.tar.gz")
    assert max(wheel.stat().st_size, sdist.stat().st_size) <= 36_000_000  # 23 MB of them are the reader's weights


@pytest.mark.slow
def test_it_makes_a_map_far_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(installed)
    (tmp_path / "article.txt").write_text(
        "Published: 18 November 2017\n\nThe Iraqi army retook the town of Rawa from ISIS on Friday.\n", encoding="utf-8"
    )
    code = (
        "import mapper, sys; from mapper.cli import run_main; print(mapper.__file__); sys.exit(run_main(sys.argv[1:]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, "map", "article.txt", "--published", "2017-11-18", "-o", "map.html"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith(str(installed)), "not the checkout's own package"
    assert (tmp_path / "map.html").stat().st_size > 100_000
