"""A browser, a page server that is a folder, and the synthetic results."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from browsing import Visit, hostile
from synthetic import make_basemap, make_result

from mapper.webmap import render

CI = os.environ.get("CI", "").lower() == "true"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def missing(what: str) -> None:
    """Skip, visibly, on a person's machine; fail where CI promises that the tool is there."""
    if CI:
        pytest.fail(f"{what} is missing and CI=true: the page would go untested")
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def node() -> str:
    found = shutil.which("node")
    if found is None:
        missing("node")
    return str(found)


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium: one on PATH, else Playwright's own."""
    from playwright.sync_api import Error, sync_playwright

    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        try:
            running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except Error as error:
            missing(f"a Chromium browser ({str(error).splitlines()[0]})")
            raise
        yield running
        running.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    result = make_result(400, claims=80)
    (folder / "war.html").write_text(render(result, basemap=make_basemap()), encoding="utf-8")
    (folder / "hostile.html").write_text(render(hostile(result), basemap=make_basemap()), encoding="utf-8")
    return folder


@pytest.fixture
def visit(browser, folder: Path):
    visits: list[Visit] = []

    def open_page(name: str = "war.html", hash_: str = "", **context) -> Visit:
        visits.append(Visit(browser, folder / name, hash_, **context))
        return visits[-1]

    yield open_page
    for opened in visits:
        opened.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A real browser on a busy machine may be late with a frame: its tests, and only they, get a second try."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and "visit" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=2, reruns_delay=1))
