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


@pytest.mark.parametrize(("width", "height"), [(768, 1024), (1024, 700), (844, 390)])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_two_dates_fit_the_panel_and_the_heading(visit, width: int, height: int, lang: str) -> None:
    v = visit(hash_="#2015-01-01&lang=" + lang, viewport={"width": width, "height": height})
    v.page.click("#tool-compare")
    panel, words = (v.page.locator(i).bounding_box() for i in ("#panel", "#date-from"))
    assert words["y"] + words["height"] <= panel["y"] + 1
    first, second = (v.page.locator(".fields input").nth(i).bounding_box() for i in (0, 1))
    assert first["x"] + first["width"] < second["x"]
    assert second["x"] + second["width"] < panel["x"] + panel["width"]


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


PAPER = [{"format": "A4", "landscape": True}, {"format": "A4"}, {"format": "Letter"}]


@pytest.mark.parametrize("paper", PAPER, ids=["landscape", "portrait", "letter"])
def test_one_sheet_of_paper_holds_it_all(visit, paper) -> None:
    v = visit(hash_="#2015-01-01&panel=claims")
    assert v.page.pdf(print_background=True, **paper).count(b"/Type /Page\n") == 1


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_paper_is_light_and_drawn_anew(visit, width: int, height: int) -> None:
    v = visit(hash_="#2015-01-01&theme=dark", viewport={"width": width, "height": height})
    where = "(()=>{const m=Mapper.app.map,c=m.getCenter();return [c.lat,c.lng,m.getZoom(),m.getSize().x]})()"
    chart = "document.getElementById('chart').width"
    before, wide = v.page.evaluate(where), v.page.evaluate(chart)
    v.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert v.page.get_attribute("html", "data-theme") == "light"
    assert v.page.evaluate("[printed.width, printed.height]") == [2000, 1400]
    middle = v.page.evaluate("Array.from(printed.getContext('2d').getImageData(1000, 700, 1, 1).data)")
    assert middle[3] == 255
    assert v.page.evaluate(chart) == 660
    v.page.emulate_media(media="print")
    v.page.wait_for_timeout(300)
    assert v.page.evaluate(chart) == 660
    for hidden in ("#tools", "#transport", "#panel", ".folium-map"):
        assert v.page.locator(hidden).is_hidden(), hidden
    v.page.emulate_media(media="screen")
    v.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert v.page.get_attribute("html", "data-theme") == "dark"
    assert v.page.evaluate(where) == pytest.approx(before, abs=0.02)  # half a pixel
    v.until(chart + " === " + str(wide))
    assert v.page.evaluate("Mapper.app.whole()")


def test_the_chart_is_drawn_anew_when_its_track_alone_is_resized(visit) -> None:
    v = visit()
    v.page.evaluate("document.getElementById('track').style.marginRight = '200px'")
    v.until("chart.width === track.clientWidth * Math.min(2, devicePixelRatio)")


def test_the_picture_has_its_legend_below_the_map_in_full(visit) -> None:
    said = (
        "(()=>{const out=[],p=CanvasRenderingContext2D.prototype,f=p.fillText;p.fillText=function(t,x,y,w)"
        "{out.push([t,x,y,this.direction,w===undefined?1:w/this.measureText(t).width,this.textAlign]);f.apply(this,arguments)};"
        "Mapper.app.picture.sheet();p.fillText=f;return out})()"
    )
    for hash_, viewport in (("#2015-01-01", (390, 844)), ("#2015-01-01&compare=2014-03-01&lang=ar", (1440, 900))):
        v = visit(hash_=hash_, viewport={"width": viewport[0], "height": viewport[1]})
        size = v.page.evaluate("(()=>{const s=Mapper.app.map.getSize();return [s.x,s.y]})()")
        assert v.page.evaluate("Mapper.app.picture.sheet().height") > size[1] + 200
        words = v.page.evaluate(said)
        names = v.page.evaluate("Mapper.app.actorsShown().map(({actor})=>Mapper.app.model.actors[actor].name)")
        key = v.page.evaluate("Mapper.app.legend.samples().map(({label})=>label)")
        for name in names + key:
            at = next(word for word in words if word[0] == name)
            assert at[2] > size[1], "below the map"
            assert at[4] > 0.9, "not squeezed"
        if "compare" in hash_:
            dates = v.page.evaluate("['left','right'].map(i=>document.getElementById('swipe-'+i).textContent)")
            for date in dates:
                at = next(word for word in words if word[0] == date)
                assert at[3] == "rtl"
                assert at[2] < size[1]


@pytest.mark.parametrize(
    ("width", "height", "hash_"),
    [(390, 844, "#2015-01-01"), (390, 844, "#2015-01-01&embed"), (900, 600, "#2015-01-01&embed")],
)
def test_where_the_plate_is_short_a_button_says_how_to_read_the_map(visit, width: int, height: int, hash_: str) -> None:
    v = visit(hash_=hash_, viewport={"width": width, "height": height}, has_touch=True)
    button = v.page.locator("#how-button")
    assert v.page.locator("#how-statuses").is_hidden()
    assert button.bounding_box()["height"] >= 44
    button.tap()
    assert v.page.locator("#how-statuses li").count() == v.page.evaluate("Mapper.app.legend.samples().length") > 3
    assert v.page.locator("#how-statuses").is_visible()
    v.page.keyboard.press("Escape")
    assert v.page.locator("#how-statuses").is_hidden()


@pytest.mark.parametrize("hash_", ["#2014-01-01", "#2014-01-01&embed"])
def test_names_of_the_absent_are_soft_but_not_faint(visit, hash_: str) -> None:
    v = visit(hash_=hash_, viewport={"width": 390, "height": 844})
    v.page.evaluate("document.querySelector('#legend-actors li').classList.add('absent')")
    faint = v.page.evaluate("Array.from(document.querySelectorAll('.absent')).map(n=>getComputedStyle(n).opacity)")
    assert set(faint) == {"1"}


def test_links_in_a_sheet_are_as_high_as_a_finger(visit) -> None:
    v = visit(hash_="#2015-01-01", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    v.page.evaluate(f"Mapper.app.select({v.claimed_cell()}, false)")
    low = v.page.evaluate(
        "Array.from(document.querySelectorAll('.panel a, .panel button, .panel summary, .plate button'))"
        ".filter(n=>n.offsetParent).map(n=>[n.className,n.getBoundingClientRect().height]).filter(([,h])=>h<43.5)"
    )
    assert low == []
