"""What the page promises, sentence by sentence, where no other test of the page holds it already."""

from __future__ import annotations

import base64
import csv
import struct
import zlib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from browsing import PHONE, READY, WIDE, Visit, pixel
from synthetic import make_basemap, make_result

from mapper.model import ActorId, ClaimId, Modality, Status
from mapper.webmap import render

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])


@SIZES
@pytest.mark.parametrize(
    ("unit", "days"), [("day", {1}), ("week", {7}), ("month", {28, 29, 30, 31})], ids=["day", "week", "month"]
)
def test_time_goes_by_the_step_that_was_chosen(visit, size, unit: str, days: set[int]) -> None:
    v = visit(hash_="#2014-05-10", viewport=size)
    v.page.select_option("#unit", unit)
    before = v.state("day")
    v.page.click("#next")
    assert v.state("day") - before in days
    v.page.click("#prev")
    assert v.state("day") == before


def test_playing_repeats_from_the_first_day_when_asked(visit) -> None:
    v = visit()
    v.page.click("#loop")
    v.page.select_option("#speed", "8")
    v.page.evaluate("Mapper.app.go(Mapper.app.model.last - 2)")
    v.page.click("#play")
    v.until("Mapper.app.store.get().day < Mapper.app.model.first + 300")
    assert v.state("playing")


def test_a_share_claim_stands_on_the_chart_with_its_distance_to_the_map(visit) -> None:
    v = visit()
    marker = v.page.locator(".share").first
    words = marker.get_attribute("aria-label") or marker.get_attribute("title") or ""
    assert "40%" in words.replace(" ", "").replace("\u00a0", "")
    assert "map" in words.lower()


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "touch"])
def test_share_claims_of_one_week_can_each_be_chosen(browser, tmp_path: Path, touch) -> None:
    result = make_result(200, claims=30)
    (one,) = result.share_claims
    several = tuple(
        replace(one, id=ClaimId(f"share-{k}"), when=replace(one.when, **_later(one.when, 2 * k))) for k in range(5)
    )
    page = render(replace(result, share_claims=several), basemap=make_basemap())
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    size = PHONE if touch else WIDE
    v = Visit(browser, tmp_path / "page.html", viewport=size, has_touch=touch, is_mobile=touch)
    v.page.wait_for_timeout(300)
    cell = v.claimed_cell()
    for k in range(5):
        v.page.evaluate(f"Mapper.app.store.set({{cell: {cell}, claim: -1, panel: ''}})")
        v.page.wait_for_timeout(250)  # the chart has its width again
        marker = v.page.locator(".share").nth(k)
        box = marker.bounding_box()
        at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        assert v.page.evaluate("([x,y])=>document.elementFromPoint(x,y).dataset.key", at) == marker.get_attribute(
            "data-key"
        )
        v.page.mouse.click(*at)
        assert v.page.evaluate("Mapper.app.evidence().claims.id[Mapper.app.store.get().claim]") == f"share-{k}"
        assert v.state("cell") == -1
        words = v.page.inner_text("#panel-body")
        said, computed = v.page.evaluate(f"(([s])=>[s.said,s.computed])(Mapper.app.model.shares.slice({k}))")
        assert f"{round(100 * abs(said - computed))} percentage point" in words
    v.close()


def _later(when, days: int) -> dict[str, date]:
    return {key: getattr(when, key) + timedelta(days=days) for key in ("earliest", "latest")}


def test_the_table_of_the_claims_shown_follows_the_filters_of_a_list_never_opened(visit, tmp_path: Path) -> None:
    for asked, rows in (("f.publisher=Made-up%20Wire", None), ("f.text=no-such-words-anywhere", 0)):
        v = visit(hash_="#2015-01-01&panel=about&" + asked)
        with v.page.expect_download() as download:
            v.page.locator(".action", has_text="Table").click()
        download.value.save_as(tmp_path / "claims.csv")
        with (tmp_path / "claims.csv").open(encoding="utf-8-sig", newline="") as file:
            table = list(csv.DictReader(file))
        if rows is None:
            assert table
            assert {row["publisher"] for row in table} == {"Made-up Wire"}
        else:
            assert len(table) == rows
            assert "No claim" in v.page.inner_text("#notice")


def test_an_imprecise_change_fades_in_over_its_days(visit) -> None:
    v = visit()
    cell, start, full = v.page.evaluate(
        "()=>{const {cells,periods,states,first}=Mapper.app.model,b=Mapper.app.map.getBounds().pad(-0.2);"
        "for(let p=0;p<periods.n;p++){const c=periods.cell[p],a=Mapper.app.place(c);"
        "if(periods.start[p]>first&&periods.full[p]-periods.start[p]>6&&periods.end[p]>periods.full[p]+2"
        "&&states[periods.state[p]].status==='controlled'&&b.contains([a.lat,a.lon]))"
        "return [c,periods.start[p],periods.full[p]]}}"
    )
    spot = v.cell_point(cell)
    seen = []
    for day in (start, (start + full) // 2, full):
        v.page.evaluate(f"Mapper.app.go({day})")
        seen.append(pixel(v, "faces", *spot)[:3])
    paper = v.page.evaluate("Mapper.palette.rgb(Mapper.app.theme().paper)")
    far = [sum((a - b) ** 2 for a, b in zip(colour, paper, strict=True)) for colour in seen]
    assert far[0] < far[1] < far[2]


def test_a_marker_pulses_where_a_claim_falls_on_the_date_that_passes(visit) -> None:
    v = visit()
    day = v.page.evaluate(
        "()=>{const c=Mapper.app.evidence().claims,m=Mapper.app.model,on=c.reasons.indexOf('');"
        "return c.from.find((d,i)=>d>m.first+5&&d<m.last&&c.reason[i]===on&&Mapper.app.cellOfPlace(c.place[i])>=0)}"
    )
    v.page.evaluate(f"Mapper.app.go({day - 1})")
    v.page.wait_for_timeout(1100)
    v.page.evaluate(f"Mapper.app.go({day})")
    v.until(
        "(()=>{const c=Mapper.app.layer.canvas.effects,d=c.getContext('2d').getImageData(0,0,c.width,c.height).data;"
        "for(let i=3;i<d.length;i+=4)if(d[i])return true;return false})()",
        seconds=2,
    )


@pytest.fixture(scope="module")
def crowd(folder) -> str:
    """A page of so many small cells that a moving date is painted as pixels."""
    (folder / "crowd.html").write_text(render(make_result(9000, claims=5), basemap=make_basemap()), encoding="utf-8")
    return "crowd.html"


PICTURE = (
    "()=>{const c=Mapper.app.layer.canvas.faces,d=c.getContext('2d').getImageData(0,0,c.width,c.height).data;"
    "const out=[];for(let i=0;i<d.length;i+=4*7)out.push(d[i]*d[i+3]/255,d[i+1]*d[i+3]/255,d[i+2]*d[i+3]/255);return out}"
)


@pytest.mark.parametrize("ratio", [1, 2])
@pytest.mark.parametrize("crowded", [True, False], ids=["crowded", "roomy"])
def test_a_moving_date_shows_what_the_resting_one_shows(visit, crowd, crowded, ratio) -> None:
    v = visit(crowd if crowded else "war.html", device_scale_factor=ratio, viewport=WIDE if ratio == 1 else PHONE)
    v.page.wait_for_timeout(600)
    start = v.page.evaluate(PICTURE)
    v.page.evaluate(
        "()=>{const C=CanvasRenderingContext2D.prototype,was=C.fill;window.fills=0;"
        "C.fill=function(...a){window.fills++;return was.apply(this,a)}}"
    )
    moving, fills = v.page.evaluate(
        f"()=>{{Mapper.app.go(Mapper.app.model.first+500);const used=window.fills;return [({PICTURE})(),used]}}"
    )
    assert fills == 0  # no area is a path
    v.until("window.fills>0")  # until it rests
    v.page.wait_for_timeout(100)
    resting = v.page.evaluate(PICTURE)

    def apart(a: list[float], b: list[float]) -> float:
        """The share of pixels whose colours differ so much that an eye sees it."""
        pixels = zip(zip(*[iter(a)] * 3, strict=True), zip(*[iter(b)] * 3, strict=True), strict=True)
        seen = [max(abs(p - q) for p, q in zip(one, other, strict=True)) > 60 for one, other in pixels]
        return sum(seen) / len(seen)

    assert apart(start, resting) > 0.05  # the war moved
    assert apart(moving, resting) < 0.02  # only rims of areas, smooth now


def _not_mapped():
    """A planned claim beside the others, and one whose place nobody knows."""
    result = make_result(200, claims=30)
    first, second, *rest = result.claims
    planned = replace(first, modality=Modality.PLANNED)
    lost = replace(second, place_id="", place_text="Nowhere-on-Sea")
    timeline_claims = {first.id, second.id}
    assert result.territory is not None
    cells = tuple(
        tuple(p for p in periods if not timeline_claims & set(p.claim_ids)) for periods in result.territory.cell_periods
    )
    return replace(result, claims=(planned, lost, *rest), territory=replace(result.territory, cell_periods=cells))


def test_claims_that_are_not_on_the_map_are_listed_with_the_reason(browser, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(render(_not_mapped(), basemap=make_basemap()), encoding="utf-8")
    v = Visit(browser, tmp_path / "page.html")
    v.page.click("#tool-claims")
    v.page.wait_for_selector(".row")
    v.page.locator(".fields select").nth(4).select_option("no")
    listed = v.page.inner_text(".rows")
    assert "Nowhere-on-Sea" in listed
    assert "planned" in listed
    v.page.locator(".row-button", has_text="Nowhere-on-Sea").click()
    assert "Not on the map" in v.page.inner_text("#panel .reason")
    v.close()


@pytest.mark.parametrize(
    ("language", "planned", "negated"),
    [("en", "Planned: ", "Did not happen: "), ("fr", "Prévu : ", "N’a pas eu lieu : "), ("ar", "مخطط: ", "لم يحدث: ")],
)
def test_what_is_not_said_to_have_happened_is_not_told_as_a_fact(
    browser, tmp_path: Path, language: str, planned: str, negated: str
) -> None:
    result = _not_mapped()
    first, second, *rest = result.claims
    second = replace(second, modality=Modality.NEGATED)
    (tmp_path / "page.html").write_text(
        render(replace(result, claims=(first, second, *rest)), basemap=make_basemap()), encoding="utf-8"
    )
    v = Visit(browser, tmp_path / "page.html", "#2014-05-01&panel=claims&f.mapped=no&lang=" + language)
    v.page.wait_for_selector(".row")
    listed = v.page.locator(".row-what").all_inner_texts()
    assert sum(words.startswith(planned) for words in listed) == 1
    assert sum(words.startswith(negated) for words in listed) == 1
    assert "{" not in "".join(listed)
    v.page.locator(".row-button", has_text=planned).click()
    assert v.page.inner_text(".claim-lead").startswith(planned)
    assert v.page.inner_text("#panel .claim-facts").startswith(planned)
    v.close()


def test_sources_that_contradict_each_other_stand_side_by_side(browser, tmp_path: Path) -> None:
    result = make_result(200, claims=60)
    claims = {claim.id: claim for claim in result.claims}
    assert result.territory is not None
    place, ids = next(
        (p.place_id, p.claim_ids) for periods in result.territory.cell_periods for p in periods if p.claim_ids
    )
    said = claims[ids[0]]
    rival = next(a for a in result.actors if a not in (said.actor_id, said.other_id))
    against = replace(
        said,
        id=ClaimId("against"),
        actor_id=ActorId(rival),
        actor_text="",
        quote=replace(said.quote, text="They hold it."),
    )
    cells = tuple(
        tuple(
            replace(p, status=Status.CONTESTED, other_id=rival, claim_ids=(*p.claim_ids, ClaimId("against")))
            if p.place_id == place and p.claim_ids == ids
            else p
            for p in periods
        )
        for periods in result.territory.cell_periods
    )
    changed = replace(result, claims=(*result.claims, against), territory=replace(result.territory, cell_periods=cells))
    (tmp_path / "page.html").write_text(render(changed, basemap=make_basemap()), encoding="utf-8")
    v = Visit(browser, tmp_path / "page.html", f"#2016-01-01&place={place}")
    v.page.wait_for_selector(".quotes.sides")
    sides = v.page.locator(".quotes.sides").first.locator(".side")
    assert sides.count() == 2
    tops = [sides.nth(i).bounding_box() for i in range(2)]
    assert abs(tops[0]["y"] - tops[1]["y"]) < 2
    assert "They hold it." in v.page.inner_text(".quotes.sides")
    v.close()


NOTES = {"en": "Note in the table", "fr": "Note du tableau", "ar": "ملاحظة في الجدول"}


@pytest.mark.parametrize("language", NOTES)
def test_a_note_of_a_table_is_named_as_one_and_stands_in_no_quotation_marks(browser, tmp_path: Path, language) -> None:
    result = make_result(200, claims=60)
    assert result.territory is not None
    place, ids = next(
        (p.place_id, p.claim_ids) for periods in result.territory.cell_periods for p in periods if p.claim_ids
    )
    claims = tuple(
        replace(c, quote=replace(c.quote, text=""), note="Our own summary.") if c.id == ids[0] else c
        for c in result.claims
    )
    (tmp_path / "page.html").write_text(
        render(replace(result, claims=claims), basemap=make_basemap()), encoding="utf-8"
    )
    v = Visit(browser, tmp_path / "page.html", f"#2016-01-01&place={place}&lang={language}")
    v.page.wait_for_selector("#panel .note")
    item = v.page.locator(f"#panel [data-claim='{ids[0]}']").first
    assert item.locator("blockquote").count() == 0
    assert item.locator(".note").inner_text().split("\n\n") == [NOTES[language], "Our own summary."]
    drawn = "e => ['::before', '::after'].map(p => getComputedStyle(e, p).content).join()"
    assert item.locator(".note p").evaluate(drawn) == "none,none"
    v.close()


def test_keys_alone_lead_from_opening_to_a_source(visit) -> None:
    v = visit()
    v.page.keyboard.press("/")
    v.page.wait_for_selector("#panel input[type=search]")
    name = v.page.evaluate("Mapper.app.placeName(Mapper.app.evidence().claims.place[0])")
    v.page.keyboard.type(name)
    v.page.wait_for_selector(".results button")
    v.page.keyboard.press("Enter")
    v.page.wait_for_selector("#panel .quote a")
    for _ in range(40):
        v.page.keyboard.press("Tab")
        if v.page.evaluate("document.activeElement.matches('.quote a')"):
            break
    assert v.page.evaluate("document.activeElement.matches('.quote a')")
    ring = v.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring != "none"
    v.page.keyboard.press("Escape")
    assert v.page.locator("#panel").is_hidden()
    assert v.page.evaluate("document.activeElement !== document.body")


def test_a_finger_drags_time_and_the_swipe(visit) -> None:
    v = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    session = v.context.new_cdp_session(v.page)

    def drag(x0: float, x1: float, y: float) -> None:
        send = lambda kind, points: session.send(  # noqa: E731
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": points}
        )
        send("touchStart", [{"x": x0, "y": y}])
        for k in range(1, 6):
            send("touchMove", [{"x": x0 + (x1 - x0) * k / 5, "y": y}])
            v.page.wait_for_timeout(20)
        send("touchEnd", [])

    track = v.page.locator("#track").bounding_box()
    drag(track["x"] + 20, track["x"] + track["width"] * 0.6, track["y"] + 40)
    share = v.page.evaluate(
        "(Mapper.app.store.get().day - Mapper.app.model.first) / (Mapper.app.model.last - Mapper.app.model.first)"
    )
    assert share == pytest.approx(0.6, abs=0.05)
    v.page.locator("#tool-compare").tap()
    v.page.wait_for_timeout(500)  # the stage has its new size
    stage = v.page.locator("#stage").bounding_box()
    drag(stage["x"] + stage["width"] / 2, stage["x"] + stage["width"] * 0.8, stage["y"] + stage["height"] / 2)
    assert v.state("swipe") == pytest.approx(0.8, abs=0.05)


def test_on_a_phone_the_map_moves_above_the_sheet(visit) -> None:
    v = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    v.page.locator("#tool-claims").tap()
    v.page.wait_for_selector(".row")
    top = v.page.evaluate("innerHeight - document.getElementById('panel').offsetHeight")
    lowest = v.page.evaluate(
        "()=>{const m=Mapper.app.map,e=Mapper.app.layer.extent(),lat=(y)=>Math.atan(Math.sinh(Math.PI*(1-2*y)))*180/Math.PI;"
        "return m.latLngToContainerPoint([lat(e[3]),(e[2]-.5)*360]).y+m.getContainer().getBoundingClientRect().top}"
    )
    assert lowest <= top
    v.page.locator("#panel-close").tap()
    cell = v.claimed_cell()
    key = v.page.evaluate(f"Mapper.app.evidence().places.id[Mapper.app.model.cells.place[{cell}]]")
    w = visit(hash_=f"#2015-01-01&place={key}", viewport=PHONE, has_touch=True, is_mobile=True)
    w.page.wait_for_selector("#panel:not([hidden])")
    for _ in range(50):  # the map moves when the sheet has its words, on a busy machine a moment later
        if w.cell_point(cell)[1] < top:
            break
        w.page.wait_for_timeout(100)
    assert w.cell_point(cell)[1] < top
    # as large as it was: the rest of the map may go below the sheet
    zoom = v.page.evaluate("Mapper.app.map.getZoom()")
    v.page.evaluate(f"Mapper.app.select({cell}, false)")
    v.until(
        f"Mapper.app.map.latLngToContainerPoint([Mapper.app.place({cell}).lat, Mapper.app.place({cell}).lon]).y > 0"
    )
    v.page.wait_for_timeout(500)
    assert v.cell_point(cell)[1] < top
    assert v.page.evaluate("Mapper.app.map.getZoom()") == zoom


def test_arabic_stands_on_the_right_and_foreign_names_keep_their_own_order(visit) -> None:
    v = visit(hash_="#2015-01-01&lang=ar")
    title = v.page.locator("#title")
    assert title.evaluate("n => getComputedStyle(n).textAlign") == "right"
    plate, stage = (v.page.locator(i).bounding_box() for i in ("#plate", "#stage"))
    assert plate["x"] > stage["x"]
    # time runs from left to right in every language, as on its chart
    thumb = v.page.locator("#thumb")
    thumb.focus()
    before = thumb.bounding_box()["x"]
    v.page.keyboard.press("End")
    assert thumb.bounding_box()["x"] > before


def test_the_legend_says_which_words_of_tables_are_in_a_colour(visit, folder: Path) -> None:
    result = make_result(40, claims=10)
    merged = {result.claims[0].actor_id: ("Army", "<b>junta</b>")}
    (folder / "merged.html").write_text(
        render(replace(result, merged=merged), basemap=make_basemap()), encoding="utf-8"
    )
    v = visit("merged.html", hash_="#2015-01-01")
    assert v.page.locator("#legend-actors .merged").all_inner_texts() == ["also Army, <b>junta</b>"]
    assert visit(hash_="#2015-01-01").page.locator("#legend-actors .merged").count() == 0


def test_an_embedded_map_says_whose_colour_is_whose_and_covers_nothing(visit) -> None:
    v = visit(hash_="#2015-01-01&embed", viewport={"width": 640, "height": 420})
    assert "Northern League" in v.page.inner_text("#legend-actors")
    plate, stage = (v.page.locator(i).bounding_box() for i in ("#plate", "#stage"))
    assert plate["y"] + plate["height"] <= stage["y"] + 1
    assert stage["height"] > 180
    assert v.page.locator("#whole").is_visible()


def test_print_keeps_map_date_legend_and_credits(visit) -> None:
    v = visit(hash_="#2015-01-01")
    v.page.emulate_media(media="print")
    for shown in ("#stage", "#date", "#legend", "#chart", "#credits"):
        assert v.page.locator(shown).is_visible(), shown
    for hidden in ("#tools", "#transport", "#panel", ".mapbuttons"):
        assert v.page.locator(hidden).is_hidden(), hidden
    assert len(v.page.pdf(landscape=True)) > 20_000


@SIZES
def test_words_keep_their_contrast_in_both_themes(visit, size) -> None:
    v = visit(hash_="#2015-01-01&panel=claims", viewport=size)
    for theme in ("light", "dark"):
        v.page.evaluate(f"Mapper.app.store.set({{theme: '{theme}'}})")
        low = v.page.evaluate(
            """() => {
              const style = getComputedStyle(document.documentElement), of = (n) => style.getPropertyValue('--' + n).trim();
              const out = [];
              for (const ink of ['ink', 'soft', 'accent']) for (const ground of ['paper', 'wash'])
                if (Mapper.palette.contrast(of(ink), of(ground)) < 4.5) out.push(ink + ' on ' + ground);
              return out;
            }"""
        )
        assert low == [], theme


def _png(red: int, green: int, blue: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((red, green, blue)) * 4 for _ in range(4))
    head = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("shares", [True, False], ids=["with CORS", "without CORS"])
def test_the_picture_holds_the_tiles_when_their_server_lets_it(browser, tmp_path: Path, shares: bool) -> None:
    page = render(
        make_result(60, claims=10),
        basemap=make_basemap(),
        tiles_url="https://tiles.example/{z}/{x}/{y}.png",
        tiles_attribution="© Example",
    )
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    v = Visit(browser, tmp_path / "page.html", wait="")
    # without the header Playwright would add one of its own
    headers = {"Access-Control-Allow-Origin": "*" if shares else "https://elsewhere.example"}
    v.context.route(
        "https://tiles.example/**",
        lambda route: route.fulfill(body=_png(10, 200, 30), content_type="image/png", headers=headers),
    )
    v.page.goto((tmp_path / "page.html").as_uri())
    v.page.wait_for_selector(READY, state="attached")
    v.until("document.querySelectorAll('img.leaflet-tile-loaded').length > 3")
    picture = v.page.evaluate("Mapper.app.picture.sheet().toDataURL()")
    assert base64.b64decode(picture.split(",")[1])[:4] == b"\x89PNG"
    green = v.page.evaluate(
        "()=>{const c=Mapper.app.picture.sheet(),d=c.getContext('2d').getImageData(0,130,c.width,c.height-180).data;"
        "let n=0;for(let i=0;i<d.length;i+=4)if(d[i]===10&&d[i+1]===200&&d[i+2]===30)n++;return n}"
    )
    assert (green > 1000) is shares
    v.page.click("#tool-about")
    with v.page.expect_download():
        v.page.locator(".action", has_text="Picture").click()
    assert ("leaves out the tiles" in v.page.inner_text("#notice")) is not shares
    v.context.close()


def test_the_address_holds_every_choice_there_is(visit) -> None:
    v = visit()
    v.page.evaluate(
        "()=>{const a=Mapper.app,c=a.evidence().claims;a.map.setView([33.1,42.2],7,{animate:false});"
        "a.openClaim(3,null);a.openPanel('claims');"
        "a.store.set({day:a.model.first+400,mode:'range',other:a.model.first+100,unit:'month',speed:4,loop:true,theme:'dark',lang:'fr',"
        "filters:{actor:'1',predicate:c.predicates[0],publisher:c.publishers[0],confidence:0.5,modality:c.modalitys[0],mapped:'yes',text:'é & #='}})}"
    )
    v.until("location.hash.includes('f.text')")
    v.page.wait_for_timeout(400)
    w = visit(hash_=v.page.evaluate("location.hash"))
    w.page.wait_for_timeout(400)
    everything = v.page.evaluate("Mapper.app.store.get()")
    again = w.page.evaluate("Mapper.app.store.get()")
    assert again.pop("view") == pytest.approx(everything.pop("view"), abs=0.01)
    assert again == everything


@pytest.mark.parametrize(("view", "words"), [("gn_a1_code", "GeoNames assigns"), ("de_facto", "who governs"), ("", "")])
def test_the_credits_say_whose_borders_these_are(browser, tmp_path: Path, view: str, words: str) -> None:
    page = render(make_result(40, claims=4), basemap={**make_basemap(), "point_of_view": view})
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    v = Visit(browser, tmp_path / "page.html")
    said = v.page.text_content("#credits")
    assert words in said
    assert ("Borders:" in said) is bool(view)
    v.close()


def _damaged(folder: Path, target: Path) -> Path:
    """The page with noise in the middle of its sources."""
    text = (folder / "war.html").read_text(encoding="utf-8")
    start = text.index('id="payload-evidence">') + len('id="payload-evidence">')
    middle = start + (text.index("</script>", start) - start) // 2
    target.write_text(text[:middle] + "A" * 400 + text[middle + 400 :], encoding="utf-8")
    return target


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_damaged_sources_are_named_and_the_map_works_on(browser, folder: Path, tmp_path: Path, language: str) -> None:
    words = {"en": "cannot be read", "fr": "illisibles", "ar": "لا يمكن قراءتها"}[language]
    v = Visit(browser, _damaged(folder, tmp_path / "page.html"), f"#2015-01-01&panel=claims&lang={language}")
    assert words in v.page.inner_text("#panel-body")
    v.until("!document.getElementById('notice').hidden")
    for tool in ("#tool-search", "#tool-claims"):
        v.page.click(tool)
        if v.page.locator("#panel").is_visible():
            assert words in v.page.inner_text("#panel-body")
    v.page.evaluate("Mapper.app.select(0, false)")
    assert words in v.page.inner_text("#panel-body")
    v.page.click("#tool-about")
    v.page.locator(".action").nth(3).click()
    v.page.wait_for_timeout(100)
    assert words in v.page.inner_text("#notice")
    day = v.state("day")
    v.page.click("#next")
    assert v.state("day") > day
    v.close()


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_file_cut_off_before_its_scripts_says_so(browser, folder: Path, tmp_path: Path, motion: str) -> None:
    text = (folder / "war.html").read_text(encoding="utf-8")
    (tmp_path / "page.html").write_text(text[: text.index('id="payload-evidence">') + 900], encoding="utf-8")
    v = Visit(browser, tmp_path / "page.html", wait="", reduced_motion=motion)
    v.page.wait_for_selector("#cut p[lang=en]", state="visible", timeout=8000)
    assert "not whole" in v.page.inner_text("#cut")
    assert v.page.locator("#cut p[lang=fr]").is_hidden()
    assert v.page.evaluate("document.elementFromPoint(1300, 40).id") == "cut"
    v.close()


def test_a_whole_file_never_says_that_it_is_cut(visit) -> None:
    assert visit().page.locator("#cut").count() == 0
