"""Who may import whom: the table of the architecture, held against every import statement."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "mapper"

# A module may import the modules of its row, and itself where it is a package.
MAY_IMPORT = {
    "model": set(),
    "addresses": set(),
    "layout": {"model"},
    "statuses": {"model"},
    "spots": {"model"},
    "colours": {"model"},
    "bundled": set(),
    "files": set(),
    "bounded": {"model"},
    "workers": set(),
    "collector": set(),
    "validation": set(),
    "config": {"model", "bundled", "validation"},
    "gazetteer": {"model", "bundled", "files", "bounded"},
    "regions": {"model", "gazetteer", "bundled"},
    "dates": {"model"},
    "timeline": {"model", "statuses", "collector"},
    "articles": {"model", "addresses", "dates", "bounded", "layout", "pages"},
    "pages": {"model", "dates", "bounded"},
    "records": {"model", "addresses", "dates", "bounded", "collector", "spots"},
    "actors": {"model"},
    "toponyms": {"model", "gazetteer", "bundled", "layout", "regions"},
    "claims": {"model", "dates", "actors", "layout"},
    "reader": {"model", "bundled", "claims"},
    "areas": {"model", "statuses", "colours", "gazetteer", "bundled", "regions"},
    "export": {"model", "addresses", "colours", "areas", "files", "records"},
    "webmap": {"model", "addresses", "statuses", "collector", "colours", "areas"},
    "verbatim": {"model", "articles"},
    "whereabouts": {"model", "gazetteer"},
    "merging": {"model", "actors"},
    "guesses": {"model", "gazetteer", "toponyms", "claims"},
    "pipeline": {
        *("model", "config", "gazetteer", "toponyms", "actors", "claims", "timeline", "areas", "verbatim", "collector"),
        *("whereabouts", "guesses", "merging", "spots"),
    },
    "feeds": {"model", "articles", "bounded", "dates", "pages"},
    "archives": {"model", "articles", "bounded", "feeds"},
    "corpus": {"reader", "claims", "model", "actors", "config", "gazetteer", "pipeline", "records", "files"},
    "dumps": {"model", "bounded", "files", "gazetteer", "records", "regions"},
    "inputs": {"model", "config", "gazetteer", "articles", "feeds", "records"},
    "api": {
        "reader",
        *("model", "config", "gazetteer", "articles", "records", "areas", "export", "webmap", "files", "pipeline"),
        "inputs",
    },
    "__main__": {"cli"},
}
ANYTHING = {"cli", "__init__"}

# Each heavy library has one home (export may cut geometries too; the command line owns the terminal).
HOMES = {
    "geopandas": {"export", "api"},  # api only names its type
    "onnxruntime": {"reader"},
    "tokenizers": {"reader"},
    "folium": {"webmap"},
    "branca": {"webmap"},
    "shapely": {"areas", "dumps", "export", "regions"},
    "pyproj": {"areas", "export"},
    "trafilatura": {"pages"},
    "geopy": {"gazetteer"},
    "ada_url": {"addresses"},
    "defusedxml": {"feeds", "records"},
    "msgspec": {"config", "validation"},
    "typer": {"cli"},
    "rich": {"cli"},
    "pandas": {"records", "export"},
    "pyarrow": {"records", "export"},
    "openpyxl": {"records"},
}

# Modules whose work takes long to load and that few runs need: imported where they are used.
LAZY = {
    ("pages", "trafilatura"),
    ("reader", "onnxruntime"),
    ("reader", "tokenizers"),
    ("__main__", "mapper"),  # so that Ctrl-C while it loads can be caught
}

FILES = sorted(PACKAGE.rglob("*.py"))


def module_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> list[tuple[str, int, bool]]:
    """``(dotted name, line, inside a function)`` of every import in a file; relative ones made absolute."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)]
    inside = {id(child) for function in functions for child in ast.walk(function)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno, id(node) in inside) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = ["mapper", *path.relative_to(PACKAGE).parts[:-1]]
                base = ".".join(package[: len(package) - node.level + 1] + ([base] if base else []))
            if base == "mapper":
                found += [(f"mapper.{a.name}", node.lineno, id(node) in inside) for a in node.names]
            else:
                found.append((base, node.lineno, id(node) in inside))
    return found


def test_no_permission_is_unused() -> None:
    used: dict[str, set[str]] = {}
    for path in FILES:
        for name, _, _ in imports(path):
            parts = name.split(".")
            if parts[0] == "mapper" and module_of(path) in MAY_IMPORT:
                used.setdefault(module_of(path), set()).add(parts[1] if len(parts) > 1 else "")
    spare = {module: allowed - used.get(module, set()) for module, allowed in MAY_IMPORT.items()}
    assert not {module: names for module, names in spare.items() if names}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_what_stands_above_it(path: Path) -> None:
    module = module_of(path)
    if module in ANYTHING:
        return
    assert module in MAY_IMPORT, f"{module} has no row: add one here and in the architecture"
    for name, line, _ in imports(path):
        parts = name.split(".")
        if parts[0] != "mapper":
            continue
        other = parts[1] if len(parts) > 1 else ""
        if other in ("__version__", module):
            continue
        assert other in MAY_IMPORT[module], f"{path.name}:{line}: {module} may not import {other}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_heavy_library_stays_in_its_home(path: Path) -> None:
    module = module_of(path)
    for name, line, _ in imports(path):
        home = HOMES.get(name.split(".")[0])
        assert home is None or module in home | {"__init__"}, f"{path.name}:{line}: {name} belongs to {sorted(home)}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_stand_at_the_top_and_hide_from_nobody(path: Path) -> None:
    module = module_of(path)
    assert "TYPE_CHECKING" not in path.read_text(encoding="utf-8"), path
    for name, line, inside in imports(path):
        if module in ANYTHING or (module, name.split(".")[0]) in LAZY:
            continue
        assert not inside, f"{path.name}:{line}: import {name} inside a function"


def test_there_are_no_cycles() -> None:
    reach = {module: set(allowed) - {""} for module, allowed in MAY_IMPORT.items()}
    for _ in reach:
        for far in reach.values():
            far |= {further for near in far for further in reach.get(near, ())}
    assert not [module for module, far in reach.items() if module in far]


def test_the_core_has_no_clock_no_chance_and_no_environment() -> None:
    forbidden = {"random", "time", "secrets", "uuid", "logging"}
    core = {"model", "toponyms", "dates", "actors", "claims", "timeline", "areas", "pipeline"}
    for path in FILES:
        if module_of(path) not in core:
            continue
        used = {name.split(".")[0] for name, _, _ in imports(path)}
        assert not used & forbidden, path
        text = path.read_text(encoding="utf-8")
        for call in ("date.today(", "datetime.now(", "os.environ"):
            assert call not in text, f"{path}: {call}"
