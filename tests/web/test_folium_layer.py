"""ControlTimeline in a folium map of somebody's own: it draws, it moves by keys, and it leaves the page alone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import folium
import pytest
from synthetic import make_result
from xstatic.pkg import leaflet

from mapper import ControlTimeline
from mapper.model import Result
from mapper.webmap import PageError

HOSTILE = '</script><img src=x onerror="window.ran=1"> {{7*7}} {% raise %}'
READY = '.mapper-timebar[data-ready="true"]'
# Pixels of the faces canvas that are painted at all, and a sum that changes with their colours
PAINTED = """() => {
  const canvas = document.querySelector("canvas.mapper-faces");
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let painted = 0, sum = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3]) { painted++; sum += data[i] + 3 * data[i + 1] + 7 * data[i + 2]; }
  return [painted, sum];
}"""


def hostile(result: Result) -> Result:
    claim = result.claims[0]
    bad = replace(claim, place_text=HOSTILE, quote=replace(claim.quote, text=HOSTILE))
    actors = {i: replace(a, name=HOSTILE + a.name) for i, a in result.actors.items()}
    return replace(result, claims=(bad, *result.claims[1:]), actors=actors, title=HOSTILE)


def page_of(whole: Result, path: Path, *names: str, result: Result | None = None) -> Path:
    """A folium map over the whole's theatre with the layer of ``result``, which is the whole if none is given."""
    where = whole.territory.bounds
    the_map = folium.Map(tiles=None)
    for name in names or ("control-timeline",):
        ControlTimeline(result or whole, name=name).add_to(the_map)
    the_map.fit_bounds([[where[1], where[0]], [where[3], where[2]]])
    path.write_text(the_map.get_root().render(), encoding="utf-8")
    return path


class Visit:
    """The page with Leaflet from the installed package; folium's other files from content networks are empty."""

    def __init__(self, browser, path: Path) -> None:
        self.page = browser.new_page(viewport={"width": 1000, "height": 700})
        self.asked: list[str] = []
        self.trouble: list[str] = []
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.route(re.compile("https?:"), self._serve)
        self.page.goto(path.as_uri())
        self.page.wait_for_selector(READY, timeout=15000)

    def _serve(self, route) -> None:
        name = route.request.url.split("?")[0].rsplit("/", 1)[-1]
        self.asked.append(name)
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        local = Path(leaflet.BASE_DIR, name)
        body = local.read_text(encoding="utf-8") if name in ("leaflet.js", "leaflet.css") else ""
        route.fulfill(body=body, content_type=kind)

    def painted(self) -> list[int]:
        return self.page.evaluate(PAINTED)


@pytest.mark.browser
def test_the_slider_moves_the_day_by_keys_and_the_canvas_follows(browser, tmp_path: Path) -> None:
    visit = Visit(browser, page_of(make_result(120, claims=40), tmp_path / "m.html"))
    first, date = visit.painted(), visit.page.inner_text("#control-timeline-date")
    visit.page.focus("#control-timeline-slider")
    visit.page.keyboard.press("End")
    visit.page.wait_for_function("d => document.querySelector('#control-timeline-date').textContent !== d", arg=date)
    last = visit.painted()
    assert last[0] > 1000, "something is drawn"
    assert last != first, "another day is another picture"
    assert visit.page.get_attribute("#control-timeline-slider", "aria-valuetext") != date
    assert visit.page.is_disabled("#control-timeline-next")
    visit.page.keyboard.press("Home")
    assert visit.page.inner_text("#control-timeline-date") == date
    assert visit.painted() == first, "the way back gives the same picture"
    visit.page.click("#control-timeline-next")
    assert visit.page.inner_text("#control-timeline-date") != date
    assert visit.trouble == []


@pytest.mark.browser
def test_two_layers_on_one_map_share_scripts_and_keep_their_own_days(browser, tmp_path: Path) -> None:
    path = page_of(make_result(40, claims=10), tmp_path / "m.html", "one", "two")
    assert path.read_text(encoding="utf-8").count("var MapperTimeline") == 1
    visit = Visit(browser, path)
    visit.page.wait_for_function(f"document.querySelectorAll('{READY}').length === 2")
    before = visit.page.inner_text("#two-date")
    visit.page.focus("#one-slider")
    visit.page.keyboard.press("End")
    assert visit.page.inner_text("#one-date") != before
    assert visit.page.inner_text("#two-date") == before
    assert visit.page.evaluate("typeof Mapper") == "undefined", "one global of ours, not two"


@pytest.mark.browser
def test_words_of_an_article_stay_words(browser, tmp_path: Path) -> None:
    visit = Visit(browser, page_of(hostile(make_result(40, claims=10)), tmp_path / "m.html"))
    assert visit.page.evaluate("window.ran") is None
    assert visit.page.locator(".mapper-timebar img").count() == 0
    assert "{{7*7}}" in visit.page.inner_text(".mapper-timebar ul")
    assert visit.page.get_attribute("#control-timeline", "aria-label") == HOSTILE
    assert visit.trouble == []


@pytest.mark.browser
def test_a_result_without_areas_shows_its_points_and_an_empty_one_an_empty_map(browser, tmp_path: Path) -> None:
    whole = make_result(60, claims=30)
    visit = Visit(browser, page_of(whole, tmp_path / "m.html", result=replace(whole, territory=None)))
    visit.page.focus("#control-timeline-slider")
    visit.page.keyboard.press("End")
    assert visit.painted()[0] > 20, "points are drawn"
    assert visit.trouble == []
    empty = Visit(browser, page_of(whole, tmp_path / "e.html", result=Result()))
    assert empty.painted()[0] == 0
    assert empty.page.is_disabled("#control-timeline-next")
    assert empty.trouble == []


@pytest.mark.browser
def test_a_click_says_who_held_it_that_day_in_the_words_of_a_source(browser, tmp_path: Path) -> None:
    result = make_result(120, claims=120)
    visit = Visit(browser, page_of(result, tmp_path / "m.html"))
    visit.page.focus("#control-timeline-slider")
    visit.page.keyboard.press("End")
    box = visit.page.locator(".folium-map").bounding_box()
    visit.page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.4)
    visit.page.wait_for_selector(".mapper-popup blockquote")
    words = visit.page.inner_text(".mapper-popup")
    assert "held by" in words or "contested" in words
    assert "confidence" in words
    link = visit.page.locator(".mapper-popup blockquote + p a").first
    assert link.get_attribute("href").startswith("https://example.org/")
    assert "noopener" in link.get_attribute("rel")
    assert visit.trouble == []


@pytest.mark.browser
def test_a_click_shows_a_tables_note_as_a_note(browser, tmp_path: Path) -> None:
    result = make_result(120, claims=120)
    notes = tuple(replace(c, quote=replace(c.quote, text=""), note="Our own summary.") for c in result.claims)
    visit = Visit(browser, page_of(replace(result, claims=notes), tmp_path / "m.html"))
    visit.page.focus("#control-timeline-slider")
    visit.page.keyboard.press("End")
    box = visit.page.locator(".folium-map").bounding_box()
    visit.page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.4)
    visit.page.wait_for_selector(".mapper-popup .mapper-note")
    assert visit.page.inner_text(".mapper-note >> nth=0").split("\n\n") == ["Note in the table", "Our own summary."]
    assert visit.page.locator(".mapper-popup blockquote").count() == 0
    assert visit.trouble == []


@pytest.mark.browser
def test_play_runs_through_the_changes_and_stops_when_asked(browser, tmp_path: Path) -> None:
    visit = Visit(browser, page_of(make_result(60, claims=20), tmp_path / "m.html"))
    date = visit.page.inner_text("#control-timeline-date")
    visit.page.click("#control-timeline-play")
    assert visit.page.get_attribute("#control-timeline-play", "aria-label") == "Pause"
    visit.page.wait_for_function("d => document.querySelector('#control-timeline-date').textContent !== d", arg=date)
    visit.page.click("#control-timeline-play")
    still = visit.page.inner_text("#control-timeline-date")
    visit.page.wait_for_timeout(500)
    assert visit.page.inner_text("#control-timeline-date") == still
    assert visit.page.get_attribute("#control-timeline-play", "aria-label") == "Play"
    assert visit.trouble == []


@pytest.mark.browser
def test_it_speaks_the_language_it_was_given(browser, tmp_path: Path) -> None:
    result = make_result(40, claims=10)
    the_map = folium.Map(tiles=None)
    ControlTimeline(result, language="fr").add_to(the_map)
    (tmp_path / "m.html").write_text(the_map.get_root().render(), encoding="utf-8")
    visit = Visit(browser, tmp_path / "m.html")
    assert "janvier" in visit.page.inner_text("#control-timeline-date")
    assert visit.page.get_attribute("#control-timeline-play", "aria-label") == "Lire"
    with pytest.raises(PageError, match="no strings"):
        ControlTimeline(result, language="xx")


def test_the_layer_adds_no_address_and_the_same_map_twice_differs_only_in_foliums_ids() -> None:
    result = make_result(20, claims=5)
    figures = []
    for _ in range(2):
        the_map = folium.Map(tiles=None)
        ControlTimeline(result).add_to(the_map)
        text = the_map.get_root().render()
        bare = folium.Map(tiles=None).get_root().render()
        assert text.count('src="http') == bare.count('src="http')
        assert text.count('href="http') == bare.count('href="http')
        figures.append(text.replace(the_map.get_name(), "the_map"))
    assert figures[0] == figures[1]


def test_outside_a_folium_map_it_says_where_it_belongs() -> None:
    figure = folium.Figure()
    group = folium.FeatureGroup().add_to(folium.Map(tiles=None).add_to(figure))
    ControlTimeline(make_result(20, claims=5)).add_to(group)
    with pytest.raises(PageError, match=r"folium\.Map itself"):
        figure.render()
    with pytest.raises(PageError, match="plain word"):
        ControlTimeline(make_result(20, claims=5), name='x"><script>')
