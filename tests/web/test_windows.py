"""Windows of every size, frames in other pages, paper: the map keeps most of what there is."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

# How much of the map is in sight beside an open panel, as a share of the window.
SEEN = (
    "()=>{const of=(i)=>document.getElementById(i).getBoundingClientRect(),s=of('stage'),p=of('panel');"
    "const w=Math.max(0,Math.min(s.right,p.right)-Math.max(s.left,p.left)),"
    "h=Math.max(0,Math.min(s.bottom,p.bottom)-Math.max(s.top,p.top));"
    "return (s.width*s.height-w*h)/(innerWidth*innerHeight)}"
)


def _until_seen(v, cell: int) -> None:
    v.page.wait_for_timeout(400)
    x, y = v.cell_point(cell)
    assert v.page.evaluate("([x, y]) => Boolean(document.elementFromPoint(x, y).closest('#stage'))", [x, y])


@pytest.mark.parametrize(
    ("width", "height", "least"), [(768, 1024, 0.45), (1024, 700, 0.45), (844, 390, 0.4), (1280, 720, 0.25)]
)
def test_an_open_panel_leaves_the_map_in_sight(visit, width: int, height: int, least: float) -> None:
    v = visit(hash_="#2015-01-01", viewport={"width": width, "height": height})
    cell = v.claimed_cell()
    v.page.mouse.click(*v.cell_point(cell))
    v.page.wait_for_selector("#panel:not([hidden])")
    assert v.page.evaluate(SEEN) >= least
    tools, stage = (v.page.locator(i).bounding_box() for i in ("#tools", "#stage"))
    assert tools["x"] >= stage["x"]
    assert v.page.locator("#date").is_visible()
    _until_seen(v, cell)


@pytest.mark.parametrize(("width", "height"), [(844, 390), (667, 375), (1200, 420)])
def test_a_low_window_is_mostly_map(visit, width: int, height: int) -> None:
    v = visit(hash_="#2015-01-01", viewport={"width": width, "height": height})
    stage = v.page.locator("#stage").bounding_box()
    assert stage["width"] * stage["height"] > 0.5 * width * height
    small = v.page.evaluate(
        "Array.from(document.querySelectorAll('.transport button, .transport select, .tools button'))"
        ".filter(n=>n.offsetParent&&(n.offsetWidth<44||n.offsetHeight<43.5)).map(n=>n.id)"
    )
    assert small == []


@pytest.mark.parametrize(("width", "height"), [(390, 520), (640, 420), (900, 300), (900, 600)])
def test_a_place_in_a_frame_opens_beside_the_map(visit, width: int, height: int) -> None:
    v = visit(hash_="#2015-01-01&embed", viewport={"width": width, "height": height})
    stage = v.page.locator("#stage").bounding_box()
    if width > height:
        assert stage["width"] * stage["height"] > 0.5 * width * height
    cell = v.claimed_cell()
    v.page.mouse.click(*v.cell_point(cell))
    v.page.wait_for_selector("#panel:not([hidden])")
    panel = v.page.locator("#panel").bounding_box()
    assert panel["y"] + panel["height"] <= height + 45  # it may still be rising
    assert panel["y"] > v.page.locator("#plate").bounding_box()["y"] + 20 or panel["x"] > stage["x"]
    assert v.page.evaluate(SEEN) > 0.1
    _until_seen(v, cell)
