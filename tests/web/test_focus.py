"""The keyboard's place on the page: what is filled anew under it must not take it away."""

from __future__ import annotations

import pytest
from browsing import PHONE, WIDE

pytestmark = pytest.mark.browser

WHERE = "document.activeElement.dataset.key || document.activeElement.id || document.activeElement.tagName"


def test_tab_and_arrows_go_through_the_claims_row_by_row(visit) -> None:
    v = visit(hash_="#2015-01-01&panel=claims")
    v.page.wait_for_selector(".row")
    v.page.locator(".list").focus()
    at = "Number((document.activeElement.closest('.row')||document.body).getAttribute('aria-posinset'))"
    seen = []
    for _ in range(14):
        v.page.keyboard.press("Tab")
        v.page.wait_for_timeout(40)
        seen.append(v.page.evaluate(at))
    assert seen == list(range(1, 15))
    for _ in range(12):
        v.page.keyboard.press("ArrowDown")
        seen.append(v.page.evaluate(at))
    assert seen[-1] == 26
    v.page.keyboard.press("ArrowUp")
    assert v.page.evaluate(at) == 25
    row, box = (v.page.locator(n).bounding_box() for n in (".row-button:focus", ".list"))
    assert box["y"] - 1 <= row["y"] <= box["y"] + box["height"] - row["height"] + 1
    v.page.keyboard.press("End")
    assert v.page.evaluate(at) == v.page.evaluate("Mapper.app.claims.kept().length")
    v.page.keyboard.press("Home")
    assert v.page.evaluate(at) == 1
    v.page.locator(".list").evaluate("n => { n.scrollTop = 3000 }")
    v.page.wait_for_timeout(100)
    assert v.page.evaluate(at) == 1  # still there, out of sight
    assert v.page.locator(".row").count() < 30


def test_every_claim_of_a_million_can_be_reached_by_arrows(visit) -> None:
    v = visit(hash_="#2015-01-01&panel=claims")
    v.page.wait_for_selector(".row")
    v.page.evaluate(
        "()=>{const c=Mapper.app.evidence().claims,n=c.id.length;"
        "for(const k of Object.keys(c))if(c[k].length===n&&!k.endsWith('s')){const w=c[k];c[k]=Array.from({length:1000000},(_,i)=>w[i%n])}"
        "Mapper.app.store.set({filters:{...Mapper.app.store.get().filters,confidence:0.01}})}"
    )
    v.page.locator(".list").focus()
    seen = []
    for _ in range(20):
        v.page.keyboard.press("ArrowDown")
        v.page.wait_for_timeout(20)
        seen.append(v.page.evaluate("document.activeElement.closest('.row').getAttribute('aria-posinset')"))
    assert seen == [str(k) for k in range(1, 21)]


def test_a_changed_filter_keeps_the_form_and_the_focus(visit) -> None:
    v = visit(hash_="#2015-01-01&panel=claims", viewport=PHONE)
    v.page.wait_for_selector(".row")
    v.page.locator(".filters summary").click()
    select = v.page.locator(".filters select").nth(4)
    select.focus()
    select.select_option("yes")
    assert v.state("filters")["mapped"] == "yes"
    assert v.page.evaluate(WHERE) == "mapped"
    assert v.page.locator(".filters").evaluate("n => n.open")
    v.page.evaluate("Mapper.app.store.set({filters: Mapper.store.noFilters()})")
    assert select.input_value() == ""


def test_a_date_can_be_typed_part_by_part(visit) -> None:
    v = visit(hash_="#2015-06-01&compare=2014-05-01&panel=changes")
    v.page.wait_for_selector("input[type=date]")
    first = v.page.locator("input[type=date]").first
    assert first.input_value() == "2014-05-01"
    first.focus()
    v.page.keyboard.type("09092014", delay=30)
    assert v.page.evaluate("Mapper.format.iso(Mapper.app.store.get().other)") == "2014-09-09"
    assert first.evaluate("n => n === document.activeElement")
    assert "9 Sept 2014" in v.page.inner_text("#panel-body")
    # past the other one: the earlier date is the first as soon as the field is left
    v.page.locator("#panel-title").focus()
    first.focus()
    v.page.keyboard.type("10102015", delay=30)
    v.page.locator("#panel-title").focus()
    v.page.wait_for_timeout(50)
    dates = [v.page.locator("input[type=date]").nth(i).input_value() for i in range(2)]
    assert dates == ["2015-06-01", "2015-10-10"]


def test_a_period_the_language_and_the_last_step_keep_the_focus(visit) -> None:
    v = visit(hash_="#2015-01-01")
    v.page.evaluate(f"Mapper.app.select({v.claimed_cell()}, false)")
    head = v.page.locator(".period-head").last
    key = head.get_attribute("data-key")
    head.focus()
    v.page.keyboard.press("Enter")
    assert v.page.evaluate(WHERE) == key
    v.page.click("#tool-about")
    select = v.page.locator("#panel select").first
    select.focus()
    select.select_option("fr")
    assert v.page.evaluate("document.activeElement.value") == "fr"
    v.page.evaluate("Mapper.app.go(Mapper.app.model.last - 1)")
    v.page.locator("#next").focus()
    v.page.keyboard.press("Enter")
    assert v.state("day") == v.page.evaluate("Mapper.app.model.last")
    assert v.page.evaluate(WHERE) == "next"
    assert v.page.get_attribute("#next", "aria-disabled") == "true"


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "What changed hands"), ("fr", "Ce qui a changé de mains"), ("ar", "ما انتقل من يد إلى يد")],
)
def test_what_changed_hands_has_a_button_while_two_dates_are_compared(visit, size, language, words) -> None:
    v = visit(hash_="#2015-06-01&lang=" + language, viewport=size)
    button = v.page.locator("#changes")
    assert button.is_hidden()
    for mode in ("#tool-compare", "#range"):
        v.page.click(mode)
        if v.state("panel"):
            v.page.click("#panel-close")
            assert v.page.evaluate(WHERE) == "changes"
        assert button.is_visible()
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44
        assert button.inner_text() == words
        assert (
            v.page.evaluate(
                "([x,y])=>document.elementFromPoint(x,y).closest('button').id",
                [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
            )
            == "changes"
        )
        button.click()
        v.page.wait_for_selector(".exchanges li")
        assert button.get_attribute("aria-expanded") == "true"
        v.page.keyboard.press("Escape")
        assert v.page.evaluate(WHERE) == "changes"
    v.page.click("#range")
    assert button.is_hidden()


def test_crossed_handles_keep_the_earlier_date_on_the_left_and_first(visit) -> None:
    v = visit(hash_="#2014-03-01&compare=2015-06-01&panel=changes")
    v.page.wait_for_selector("input[type=date]")
    dates = [v.page.locator("input[type=date]").nth(i).input_value() for i in range(2)]
    assert dates == ["2014-03-01", "2015-06-01"]
    assert v.page.inner_text("#swipe-left") == "1 Mar 2014"
    assert v.page.inner_text("#swipe-right") == "1 Jun 2015"
    crossed = v.page.evaluate("['before','faces'].map(n=>Mapper.app.layer.canvas[n].toDataURL())")
    w = visit(hash_="#2015-06-01&compare=2014-03-01&panel=changes")
    w.page.wait_for_selector("input[type=date]")
    w.page.wait_for_timeout(400)
    assert w.page.evaluate("['before','faces'].map(n=>Mapper.app.layer.canvas[n].toDataURL())") == crossed
    v.page.evaluate("Mapper.app.store.set({mode: 'range'})")
    assert v.page.inner_text("#date-from") == "up to 1 June 2015"


def test_in_arabic_arrows_and_steps_go_where_they_point(visit) -> None:
    v = visit(hash_="#2015-01-01&lang=ar")
    thumb = v.page.locator("#thumb")
    thumb.focus()
    at = [thumb.bounding_box()["x"]]
    for press in (lambda: v.page.keyboard.press("ArrowRight"), lambda: v.page.click("#next")):
        press()
        at.append(thumb.bounding_box()["x"])
    assert at[0] < at[1] < at[2]
    assert v.page.locator("#prev").bounding_box()["x"] < v.page.locator("#next").bounding_box()["x"]
    for id_ in ("#prev", "#next"):
        assert v.page.locator(id_ + " svg").evaluate("n => getComputedStyle(n).transform") == "none"


def test_a_clicked_button_keeps_only_space_and_enter_for_itself(visit) -> None:
    v = visit(hash_="#2015-01-01")
    v.page.click("#zoom-in")
    day = v.state("day")
    v.page.keyboard.press(".")
    assert v.state("day") > day
    v.page.keyboard.press(",")
    assert v.state("day") <= day
    v.page.keyboard.press(" ")
    assert not v.state("playing")
    v.page.keyboard.press("/")
    assert v.state("panel") == "search"
