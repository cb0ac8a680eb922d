"""The example notebook runs from top to bottom in one namespace, without Jupyter, and shows what it says."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).resolve().parent.parent / "docs" / "notebooks" / "quickstart.ipynb"


def run(cells: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The namespace after all code cells, and what each would show: its last line's value, as in a notebook."""
    names: dict[str, Any] = {"__name__": "__main__"}
    shown: dict[str, Any] = {}
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]), filename=cell["id"])
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, cell["id"], "exec"), names)  # noqa: S102 - our own notebook
        if last is not None:
            shown[cell["id"]] = eval(compile(ast.Expression(last.value), cell["id"], "eval"), names)  # noqa: S307
    return names, shown


def test_the_notebook_is_clean_and_runs_and_shows_the_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert book["nbformat"] == 4
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code), "kept without outputs"
    monkeypatch.chdir(tmp_path)
    names, shown = run(book["cells"])
    assert [row[:3] for row in shown["run"]] == [
        ("captured", "Rawa", "2014-06-17"),
        ("captured", "Rawa", "2017-11-17"),
    ]
    assert list(shown["frame"]["start"].astype(str)) == ["2014-06-17", "2017-11-17"]
    assert set(shown["frame"]["name"]) == {"Rawa"}
    assert shown["map"]._repr_html_().startswith("<iframe srcdoc=")
    assert "MapperTimeline.attach" in shown["folium"].get_root().render()
    assert (tmp_path / "outputs" / "rawa.html").stat().st_size > 100_000
    assert (tmp_path / "outputs" / "rawa.gpkg").exists()
    assert shown["save"] is True
    assert len(names["back"].claims) == 2
