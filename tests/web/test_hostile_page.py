"""One page full of hostile text in a real browser: nothing runs, nothing is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_hostile import mapper, write_table


@pytest.mark.browser
def test_a_browser_runs_nothing_of_a_hostile_table(tmp_path: Path, browser) -> None:
    assert mapper("map", write_table(tmp_path / "table.csv"), "-o", tmp_path / "table.html").code == 0
    page = browser.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: (wrong.append("a dialog opened"), dialog.dismiss()))
    page.goto((tmp_path / "table.html").as_uri())
    page.wait_for_selector("a[href]", state="attached", timeout=20_000)
    page.wait_for_timeout(1_000)
    assert page.evaluate("typeof window.PWNED") == "undefined"
    schemes = page.evaluate("[...document.querySelectorAll('a[href]')].map((a) => a.protocol)")
    assert set(schemes) <= {"https:", "http:", "file:", "blob:"}
    inside = "document.querySelectorAll('[onerror], [onload], [onmouseover], [onclick], iframe').length"
    assert page.evaluate(inside) == 0
    assert not wrong
    assert not [url for url in asked if not url.startswith(("file:", "data:", "blob:"))]
    page.close()
