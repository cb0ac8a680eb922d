"""How many small changes of meaning the tests notice: `make mutate`, or `python tests/mutate/run.py --help`.

For each package: its fast tests are run once, noting which test runs which line. Then each mutant of the sample is
put in the place of its module in a fork, and the tests that run its line are run until one fails. Exit code 1 when fewer
than four in five are noticed.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType, ModuleType

import hypothesis
import pytest
from mutants import Mutant, mutated, sample

ROOT = Path(__file__).resolve().parents[2]
TESTS = {
    "claims": ("test_claims.py", "test_claims_rules.py", "test_claims_forms.py", "test_claims_words.py"),
    "timeline": ("test_timeline.py", "test_timeline_laws.py"),
    "areas": ("test_areas.py", "test_areas_tessellation.py"),
    "dates": ("test_dates.py",),
}
FLOOR = 0.8
SECONDS = 60  # of processor for one mutant: one that never ends is noticed
SLOW = {"areas": 8.0}  # seconds a test may take under observation, else 1.5: slower ones are left out
QUIET = (
    "-q",
    "-x",
    "--assert=plain",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "-p",
    "no:rerunfailures",
    "-W",
    "ignore",
)
# loaded once, before the forks: what no mutant changes
KEPT = ("mapper.gazetteer", "mapper.model", "mapper.bundled", "mapper.files", "mapper.config", "mapper.actors")


class Watch:
    """Notes the lines of a package that each test runs, and how long it takes."""

    def __init__(self, package: Path) -> None:
        self.package = str(package)
        self.lines: dict[str, set[tuple[str, int]]] = {}
        self.seconds: dict[str, float] = {}
        self._seen: set[tuple[str, int]] = set()

    def _trace(self, frame: FrameType, _event: str, _arg: object) -> object:
        return self._line if frame.f_code.co_filename.startswith(self.package) else None

    def _line(self, frame: FrameType, _event: str, _arg: object) -> object:
        self._seen.add((frame.f_code.co_filename, frame.f_lineno))
        return self._line

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._seen = set()
        started = time.process_time()
        sys.settrace(self._trace)  # type: ignore[arg-type]
        try:
            return (yield)
        finally:
            sys.settrace(None)
            self.lines[item.nodeid] = self._seen
            self.seconds[item.nodeid] = time.process_time() - started


class Chosen:
    """Runs these tests only, in this order."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self.rank = {name: n for n, name in enumerate(wanted)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((i for i in items if i.nodeid in self.rank), key=lambda i: self.rank[i.nodeid])


class Swap(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a tree instead of its file."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name, self.path, self.code = name, path, compile(tree, str(path), "exec")

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        folder = [str(self.path.parent)] if self.path.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(name, self.path, loader=self, submodule_search_locations=folder)

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, vars(module))  # noqa: S102 our own source, with one change


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def forget() -> None:
    """Lets every module of the product be imported anew but those that are kept, and the tests with them."""
    for name in list(sys.modules):
        ours = name.startswith("mapper.") and not name.startswith(KEPT)
        if ours or name.startswith(("test_", "tests.", "notation")):
            del sys.modules[name]


def noticed(mutant: Mutant, files: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether a test fails in a fork in which the mutant's module is the changed one."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        code = 1
        with contextlib.suppress(BaseException):
            sys.meta_path.insert(0, Swap(module_name(mutant.path), mutant.path, mutated(mutant.path, mutant.number)))
            code = pytest_run(files, Chosen(wanted))
        os._exit(code)
    return os.waitpid(child, 0)[1] != 0


def pytest_run(files: Sequence[str], plugin: object) -> int:
    with tempfile.TemporaryDirectory() as folder:
        return int(pytest.main([*QUIET, f"--basetemp={folder}/t", *files], plugins=[plugin]))


def check(package: str, count: int, seed: int) -> tuple[int, list[Mutant]]:
    """How many mutants of a package were noticed, and those that were not."""
    folder = ROOT / "mapper" / package
    files = [str(ROOT / "tests" / name) for name in TESTS[package] if (ROOT / "tests" / name).exists()]
    watch = Watch(folder)
    if pytest_run(files, watch) != 0:
        message = f"the tests of {package} fail without a mutant"
        raise SystemExit(message)
    forget()
    order = sorted(
        (n for n, s in watch.seconds.items() if s < SLOW.get(package, 1.5)), key=lambda n: (watch.seconds[n], n)
    )
    lost: list[Mutant] = []
    drawn = sample(sorted(folder.rglob("*.py")), count, seed)
    for mutant in drawn:
        lines = {(str(mutant.path), n) for n in range(mutant.line, mutant.last_line + 1)}
        wanted = [n for n in order if not mutant.inside or not lines.isdisjoint(watch.lines[n])]
        caught = bool(wanted) and noticed(mutant, files, wanted)
        if not caught:
            lost.append(mutant)
        where = str(mutant).removeprefix(f"{ROOT}/")
        print("  caught " if caught else "SURVIVED", where, f"({len(wanted)} tests)", flush=True)
    return len(drawn) - len(lost), lost


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", nargs="*", default=list(TESTS))
    parser.add_argument("--count", type=int, default=50, help="mutants of each package")
    parser.add_argument("--seed", type=int, default=1, help="another number, another sample")
    chosen = parser.parse_args()
    os.chdir(ROOT)
    sys.dont_write_bytecode = True
    hypothesis.settings.register_profile("mutate", max_examples=25, deadline=None, derandomize=True, database=None)
    hypothesis.settings.load_profile("mutate")
    total = all_caught = 0
    summary = []
    for package in chosen.packages:
        caught, lost = check(package, chosen.count, chosen.seed)
        total += caught + len(lost)
        all_caught += caught
        summary.append(f"{package} {caught} of {caught + len(lost)}")
    print(f"mutants noticed: {all_caught} of {total} ({', '.join(summary)})")
    return int(all_caught < FLOOR * total)


if __name__ == "__main__":
    sys.exit(main())
