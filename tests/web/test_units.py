"""The page's pure scripts, tested in node without a document."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("unit_*.test.cjs"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.removesuffix(".test.cjs"))
def test_the_scripts_hold_in_node(node: str, file: Path) -> None:
    run = subprocess.run([node, "--test", str(file)], capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert "# pass 0" not in run.stdout


def test_there_are_unit_tests_for_every_pure_script() -> None:
    loaded = "".join(file.read_text(encoding="utf-8") for file in FILES)
    for name in ("format.js", "decode.js", "palette.js", "geometry.js", "store.js", "series.js", "strings.js"):
        assert f'"{name}"' in loaded
