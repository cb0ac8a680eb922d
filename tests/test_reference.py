"""The documentation: generated pages match the program, every block runs, every issue code is explained, the site builds."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mapper.cli import run_main
from mapper.config import read_config

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
BLOCK = re.compile(r"^( *)```(\w+)([^\n]*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


def generator():
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["cli.md", "attributes.md", "config.md", "mapper.schema.json"])
def test_generated_pages_are_those_of_the_program(name: str) -> None:
    made = generator().PAGES[name]()
    assert (DOCS / "reference" / name).read_text(encoding="utf-8") == made, "run: python docs/generate.py"


def blocks(path: Path) -> list[tuple[str, str, str]]:
    """``(language, title, body)`` of every fenced block."""
    found = []
    for indent, language, rest, body in BLOCK.findall(path.read_text(encoding="utf-8")):
        title = re.search(r'title="([^"]+)"', rest)
        text = "".join(line.removeprefix(indent) for line in body.splitlines(keepends=True))
        found.append((language, title[1] if title else "", text))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with the files the pages speak of, as the pages themselves give them."""
    place = tmp_path_factory.mktemp("docs")
    for path in PAGES:
        for _, title, body in blocks(path):
            if title and title != "mapper.toml":
                (place / title).write_text(body, encoding="utf-8")
    shutil.copytree(ROOT / "data" / "examples" / "isis-2014-2019" / "articles", place / "articles")
    assert _run(place, "mapper claims article.txt -o claims.csv") == 0
    return place


def _run(place: Path, line: str) -> int:
    """A command line as a person types it, in this process: starting Python anew for each would take minutes."""
    words = shlex.split(line)
    assert words[0] == "mapper", line
    before = Path.cwd()
    os.chdir(place)
    try:
        return run_main(words[1:])
    finally:
        os.chdir(before)


COMMANDS = sorted(
    {
        line
        for path in PAGES
        for language, _, body in blocks(path)
        if language == "sh"
        for line in body.splitlines()
        if line.strip() and not line.startswith("#")
    },
    # what a command needs another one writes
    key=lambda line: ("--keep" in line, line),
)


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_the_documentation_runs(folder: Path, line: str) -> None:
    assert _run(folder, line) == 0


SNIPPETS = [(path, body) for path in PAGES for language, _, body in blocks(path) if language == "python"]


@pytest.mark.parametrize(
    ("path", "body"), SNIPPETS, ids=lambda value: value.name if isinstance(value, Path) else "code"
)
def test_every_python_block_of_the_documentation_runs(folder: Path, path: Path, body: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", body], cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, f"{path}: {done.stderr}"


def test_every_toml_block_is_a_configuration(tmp_path: Path) -> None:
    found = [body for path in PAGES for language, _, body in blocks(path) if language == "toml"]
    assert found
    for body in found:
        path = tmp_path / "mapper.toml"
        path.write_text(body, encoding="utf-8")
        read_config(path)


# Functions through which modules make issues: the code is named, or the first of the arguments that looks like one.
_MAKERS = {"Issue", "Finding", "_issue", "place_issue", "problem", "report", "warn", "count", "_bad", "_find", "_note"}
_CODE = re.compile("[a-z]+(?:-[a-z]+)*")
_LEVELS = {"error", "warning", "note"}


def _texts(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return []
    return [node.value] if _CODE.fullmatch(node.value) and node.value not in _LEVELS else []


def _codes(path: Path) -> Iterator[str]:
    """The codes of the issues that a module makes."""
    text = path.read_text(encoding="utf-8")
    yield from re.findall(r'^    "([a-z]+(?:-[a-z]+)+)": \(', text, re.MULTILINE)  # a table of codes
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            named = [text for k in node.keywords if k.arg == "code" for text in _texts(k.value)]
            if named or getattr(node.func, "id", getattr(node.func, "attr", "")) in _MAKERS:
                yield from named or next(filter(None, map(_texts, node.args)), [])
        elif isinstance(node, ast.Assign) and "code" in [getattr(target, "id", "") for target in node.targets]:
            yield from (text for text in _texts(node.value) if "-" in text)


def test_every_issue_code_is_explained() -> None:
    page = (DOCS / "reference" / "issues.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`([a-z]+(?:-[a-z]+)*)`", page))
    made = {code: path.name for path in sorted((ROOT / "mapper").rglob("*.py")) for code in _codes(path)}
    assert len(made) > 110, "the walk that finds codes has gone blind"
    assert {code: where for code, where in made.items() if code not in explained} == {}


def test_links_between_pages_lead_somewhere() -> None:
    for path in PAGES:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_no_page_is_a_stub() -> None:
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        assert len(text) > 400, path
        assert not re.search(r"\b(TODO|TBD|FIXME|XXX)\b", text), path


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    if importlib.util.find_spec("material") is None:
        pytest.skip("mkdocs-material is not installed: the documentation site was not built")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "https://fonts." not in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
