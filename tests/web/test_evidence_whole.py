"""Evidence with one entry that cannot be shown: it says so, and everything else is there, on the page and in the layer."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from browsing import Visit
from synthetic import make_basemap, make_result
from test_folium_layer import Visit as LayerVisit
from test_folium_layer import page_of

from mapper.model import Result
from mapper.webmap import payload, render

REFUSED = "http://["


def nameless(result: Result, url: str) -> Result:
    """The result with claims that name no publisher and no title, only an address."""
    return replace(
        result,
        articles=(),
        claims=tuple(replace(c, source=replace(c.source, publisher="", title="", url=url)) for c in result.claims),
    )


def altered(page: Path, edit: Callable[[dict[str, Any]], None]) -> Path:
    """The page with its block of evidence unpacked, edited and packed again."""

    def again(found: re.Match[str]) -> str:
        evidence = orjson.loads(zlib.decompress(base64.b64decode(found[2]), -15))
        edit(evidence)
        return found[1] + payload._deflated([orjson.dumps(evidence)], 9) + found[3]

    text = page.read_text(encoding="utf-8")
    text, count = re.subn(r'(<script type="text/plain" id="[\w-]*evidence">)([^<]*)(</script>)', again, text)
    assert count == 1
    page.write_text(text, encoding="utf-8")
    return page


def refuse(evidence: dict[str, Any]) -> None:
    claims = evidence["claims"]
    claims["url"] = [REFUSED] * len(claims["url"])


def damage_first(evidence: dict[str, Any]) -> None:
    """Dates that no calendar has, in all but the last claim."""
    claims = evidence["claims"]
    claims["published"] = [10**12] * (len(claims["published"]) - 1) + claims["published"][-1:]


@pytest.mark.browser
def test_a_claim_with_an_address_that_the_browser_refuses_shows_its_words(browser, tmp_path: Path) -> None:
    path = tmp_path / "m.html"
    path.write_text(render(nameless(make_result(60, claims=40), REFUSED), basemap=make_basemap()), encoding="utf-8")
    for page in (path, altered(path, refuse)):
        visit = Visit(browser, page)
        cell = visit.claimed_cell()
        visit.page.evaluate("(c) => Mapper.app.select(c, false)", cell)
        visit.page.wait_for_selector("#panel li.quote blockquote")
        assert "source not named" in visit.page.inner_text("#panel")
        assert visit.page.locator("#panel a[href]").count() == 0
        visit.page.evaluate("Mapper.app.openPanel('claims')")
        visit.page.wait_for_selector("#panel .row")
        visit.close()


@pytest.mark.browser
def test_an_entry_that_cannot_be_shown_says_so_and_the_others_are_there(browser, tmp_path: Path) -> None:
    path = tmp_path / "m.html"
    path.write_text(render(make_result(60, claims=40), basemap=make_basemap()), encoding="utf-8")
    whole = Visit(browser, path)
    cell = whole.claimed_cell()
    whole.page.evaluate("(c) => Mapper.app.select(c, false)", cell)
    count = whole.page.locator("#panel li.quote").count()
    whole.close()

    def spoil(evidence: dict[str, Any]) -> None:
        claims = evidence["claims"]
        claims["published"] = [10**12 if n % 2 else day for n, day in enumerate(claims["published"])]

    visit = Visit(browser, altered(path, spoil))
    told = 0
    for each in range(visit.page.evaluate("Mapper.app.model.cells.n")):
        if not visit.page.evaluate(
            "(c) => Mapper.app.model.cells.offset[c + 1] > Mapper.app.model.cells.offset[c]", each
        ):
            continue
        visit.page.evaluate("(c) => Mapper.app.select(c, false)", each)
        told += visit.page.locator("#panel li.quote", has_text="This entry cannot be shown").count()
        assert visit.page.locator("#panel li.period").count() > 0
    assert told > 0
    visit.page.evaluate("(c) => Mapper.app.select(c, false)", cell)
    assert visit.page.locator("#panel li.quote").count() == count
    assert visit.trouble, "the console hears of it"
    visit.trouble.clear()
    visit.close()


@pytest.mark.browser
@pytest.mark.parametrize("edit", [refuse, damage_first], ids=["address", "date"])
def test_the_layers_popup_shows_what_it_can(browser, tmp_path: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    result = nameless(make_result(120, claims=120), "")
    visit = LayerVisit(browser, altered(page_of(result, tmp_path / "m.html"), edit))
    visit.page.focus("#control-timeline-slider")
    visit.page.keyboard.press("End")
    box = visit.page.locator(".folium-map").bounding_box()
    visit.page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.4)
    visit.page.wait_for_selector(".mapper-popup strong")
    words = visit.page.inner_text(".mapper-popup")
    assert "held by" in words or "contested" in words
    assert ("This entry cannot be shown" in words) == (edit is damage_first)
    assert bool(visit.trouble) == (edit is damage_first)
