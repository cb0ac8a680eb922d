"""The README is true: its commands run, its links lead somewhere, its picture is there."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest

from mapper.cli import run_main

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return [
        line.split("  #")[0].split(" # ")[0].strip() for block in blocks for line in block.splitlines() if line.strip()
    ]


def test_every_command_of_the_readme_runs_in_its_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    articles = ROOT / "data" / "examples" / "isis-2014-2019" / "articles"
    shutil.copy(min(articles.glob("*.txt")), tmp_path / "article.txt")
    monkeypatch.chdir(tmp_path)
    assert len(commands()) >= 10
    for command in commands():
        program, *arguments = shlex.split(command)
        assert program == "mapper", command
        code = run_main(arguments)
        said = capsys.readouterr()
        assert code == 0, f"{command}\n{said.err}"
    assert (tmp_path / "outputs" / "map.html").stat().st_size > 100_000


def test_the_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = ROOT / "data" / "examples" / "isis-2014-2019" / "articles"
    shutil.copy(min(articles.glob("*.txt")), tmp_path / "article.txt")
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    exec(block, {})  # noqa: S102 - our own README
    assert (tmp_path / "control.gpkg").exists()


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_link_and_picture_is_there(name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)", (ROOT / name).read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target


def test_the_readme_names_make_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)`", README)) <= targets


def test_the_credits_name_every_library_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = project["dependencies"] + [name for extra in project["optional-dependencies"].values() for name in extra]
    names = {re.match(r"[\w.-]+", wish)[0] for wish in asked}
    credited = (ROOT / "docs" / "credits.md").read_text(encoding="utf-8")
    assert {name for name in names if f"`{name}`" not in credited and not name.endswith("-stubs")} <= {
        name for name in names if name.startswith("types-")
    }
