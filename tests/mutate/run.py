"""How many small changes of meaning the tests notice: `make mutate`, or `python tests/mutate/run.py --help`.

For each package: its fast tests are run once, noting which test runs which line. Then each mutant of the sample is put
in place in a fork, and the tests that run its line are run until one fails. Exit code 1 when fewer than four in five are
noticed.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import functools
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType

import hypothesis
import pytest
from mutants import Mutant, mutated, sample

ROOT = Path(__file__).resolve().parents[2]
TESTS = {
    "claims": (
        "test_claims.py",
        "test_claims_rules.py",
        "test_claims_forms.py",
        "test_claims_whose.py",
        "test_claims_wording.py",
        "test_reader.py",
        "test_gold.py::test_a_text_gives_the_claims_that_are_written_down",
    ),
    "timeline": ("test_timeline.py", "test_timeline_limits.py", "test_timeline_stories.py", "test_timeline_laws.py"),
    "areas": (
        "test_areas.py",
        "test_areas_limits.py",
        "test_areas_golden.py",
        "test_areas_tessellation.py",
        "test_longitudes.py",
    ),
    "dates": (
        "test_dates.py",
        "test_dates_words.py",
        "test_dates_golden.py",
        "test_layout.py",
        "test_sequence.py",
        "test_units.py",
        "test_gold.py::test_a_date_that_is_read_rightly_stays_so",
    ),
}
FLOOR = 0.8
SECONDS = 90  # of processor for one mutant: one that never ends is noticed
SLOW = {"areas": 20.0, "timeline": 8.0}  # seconds a test may take while it is watched, else 2: slower ones are left out
OPTIONS = (
    *("-o", "addopts=--import-mode=importlib", "--assert=plain", "-W", "ignore"),
    *("-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:rerunfailures"),
)
# loaded once, before the forks: what no mutant changes
KEPT = ("mapper.gazetteer", "mapper.model", "mapper.bundled", "mapper.files", "mapper.config", "mapper.toponyms")


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

    def run(self, item: pytest.Item, following: pytest.Item | None) -> None:
        self._seen = set()
        started = time.process_time()
        sys.settrace(self._trace)  # type: ignore[arg-type]
        try:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        finally:
            sys.settrace(None)
            self.lines[item.nodeid] = self._seen
            self.seconds[item.nodeid] = time.process_time() - started


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


class Campaign:
    """A pytest plugin that runs the collected tests once, and then again for each mutant."""

    def __init__(self, package: str, files: Sequence[str], drawn: Sequence[Mutant]) -> None:
        self.package, self.files, self.drawn = package, files, drawn
        self.lost: list[Mutant] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        watch = Watch(ROOT / "mapper" / self.package)
        for item, following in zip(session.items, [*session.items[1:], None], strict=True):
            watch.run(item, following)
            if session.testsfailed:
                message = f"{item.nodeid} fails without a mutant"
                raise SystemExit(message)
        slow = SLOW.get(self.package, 2.0)
        ranked = sorted(session.items, key=lambda i: (watch.seconds[i.nodeid], i.nodeid))
        fast = [item for item in ranked if watch.seconds[item.nodeid] < slow]
        print(f"{self.package}: {len(fast)} tests, {len(ranked) - len(fast)} too slow", flush=True)
        for mutant in self.drawn:
            lines = {(str(mutant.path), n) for n in range(mutant.line, mutant.last_line + 1)}
            wanted = [i for i in fast if not mutant.inside or not lines.isdisjoint(watch.lines[i.nodeid])]
            run = functools.partial(self._in_place, session) if mutant.inside else self._imported
            caught = bool(wanted) and _fails(functools.partial(run, mutant, wanted))
            if not caught:
                self.lost.append(mutant)
            where = str(mutant).removeprefix(f"{ROOT}/")
            print("  noticed" if caught else "SURVIVED", where, f"({len(wanted)} tests)", flush=True)
        return True

    def _in_place(self, session: pytest.Session, mutant: Mutant, wanted: Sequence[pytest.Item]) -> bool:
        """The function that holds the mutant gets its code, wherever it is known; the tests run on."""
        replace(mutant)
        for item in wanted:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            if session.testsfailed:
                return True
        return False

    def _imported(self, mutant: Mutant, wanted: Sequence[pytest.Item]) -> bool:
        """The product is imported anew with the changed module: for what a module makes when it is imported."""
        sys.meta_path.insert(0, Swap(module_name(mutant.path), mutant.path, mutated(mutant.path, mutant.number)))
        forget()
        return run_pytest(self.files, Chosen([item.nodeid for item in wanted]), "-x") != 0


class Chosen:
    """Runs these tests only, in this order."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self.rank = {name: n for n, name in enumerate(wanted)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((i for i in items if i.nodeid in self.rank), key=lambda i: self.rank[i.nodeid])


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def forget() -> None:
    """Lets every module of the product be imported anew but those that are kept, and the tests with them."""
    for name, module in list(sys.modules.items()):
        file = str(getattr(module, "__file__", None) or "")
        ours = name.startswith("mapper.") and not name.startswith(KEPT)
        if ours or (file.startswith(str(ROOT / "tests")) and name not in ("__main__", "mutants")):
            del sys.modules[name]


def codes(code: CodeType) -> Iterator[CodeType]:
    """The code objects of a module's functions and of its classes' methods, not those inside functions."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_flags & 0x2:  # CO_NEWLOCALS: a function; a class body has none
                yield constant
            else:
                yield from codes(constant)


def replace(mutant: Mutant) -> None:
    """Puts the mutant's code into the functions of its module and empties what they have remembered."""
    path = str(mutant.path)
    new = {c.co_qualname: c for c in codes(compile(mutated(mutant.path, mutant.number), path, "exec"))}
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__code__.co_filename == path:
            code = new.get(thing.__code__.co_qualname)
            if code is not None and code.co_freevars == thing.__code__.co_freevars:
                thing.__code__ = code
        elif isinstance(thing, functools._lru_cache_wrapper) and str(thing.__module__).startswith("mapper."):
            thing.cache_clear()


def _fails(run: Callable[[], bool]) -> bool:
    """Whether a test fails in a fork; a fork that breaks or never ends has been noticed too."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        failed = True
        with contextlib.suppress(BaseException):
            failed = run()
        os._exit(int(failed))
    return os.waitpid(child, 0)[1] != 0


def run_pytest(files: Sequence[str], plugin: object, *options: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        return int(pytest.main([*OPTIONS, *options, f"--basetemp={folder}/t", *files], plugins=[plugin]))


def check(package: str, count: int, seed: int) -> tuple[int, list[Mutant]]:
    """How many mutants of a package were noticed, and those that were not."""
    drawn = sample(ROOT / "mapper" / package, count, seed)
    campaign = Campaign(package, [str(ROOT / "tests" / name) for name in TESTS[package]], drawn)
    if run_pytest(campaign.files, campaign) != 0:
        message = f"the tests of {package} do not run"
        raise SystemExit(message)
    forget()
    return len(drawn) - len(campaign.lost), campaign.lost


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
    total = noticed = 0
    summary = []
    for package in chosen.packages:
        caught, lost = check(package, chosen.count, chosen.seed)
        total += caught + len(lost)
        noticed += caught
        summary.append(f"{package} {caught} of {caught + len(lost)}")
    print(f"mutants noticed: {noticed} of {total} ({', '.join(summary)})")
    return int(noticed < FLOOR * total)


if __name__ == "__main__":
    sys.exit(main())
