"""Posts, days of a chronicle, items of a timeline and dispatches take their own day for what they call today."""

from __future__ import annotations

import re
from datetime import date

import pytest
from test_claims import read

from mapper.articles import parse_articles
from mapper.dates import edtf, find_times
from mapper.layout import blocks_of
from mapper.model import Article

PUBLISHED = date(2017, 11, 20)


def days(text: str, published: date | None = PUBLISHED) -> dict[str, str]:
    """What day each place's claim is of."""
    return {claim.place_text: edtf(claim.when) for claim in read(text, published).claims}


@pytest.mark.parametrize(
    "text",
    [
        "The battle day by day\n\n9 November\n\nThe army took {Hit} today.\n\n11 November\n\nThe army took {Ana} today.",
        "Live\n\n9 Nov, 14:32\n\nThe army took {Hit} today.\n\n11 Nov, 09:10 GMT\n\nThe army took {Ana} today.",
        "Live\n\nThursday 9 November 2017\n\nThe army takes {Hit}.\n\nSaturday 11 November 2017\n\nThe army takes {Ana}.",
        "What happened on 9 November\n- The army took {Hit}.\n\nWhat happened on 11 November\n- The army took {Ana}.",
        "Key events of Thursday, 9 November\n\nThe army has taken {Hit} today.\n\nSummary for 11 November:\n\nThe army took {Ana}.",
        "Timeline\n\n- 9 November: Fighting began. The army took {Hit}.\n- 11 November: The army took {Ana}.",
        "Timeline\n\n9 Nov – Shells fall. The army takes {Hit}.\n\n11 Nov – The army takes {Ana}.",
        "{BAGHDAD}, Nov 9 — The army took {Hit} today.\n\n{ERBIL}, Nov 11 — The army took {Ana} today.",
        "{Norland}, 9 November 2017 (Agency) — The army took {Hit} on Thursday.\n\n{ERBIL}, Nov 11 — The army took {Ana} on Saturday.",
    ],
)
def test_each_unit_takes_its_own_day(text: str) -> None:
    found = days(text)
    assert (found["Hit"], found["Ana"]) == ("2017-11-09", "2017-11-11")


def test_what_stands_over_and_behind_the_units_is_of_the_articles_day() -> None:
    text = "The army took {Velmar} today.\n\nWhat happened on 9 November\n- The army took {Hit}.\n\nThe rest\n\nThe army took {Ana} today."
    assert days(text) == {"Velmar": "2017-11-20", "Hit": "2017-11-09", "Ana": "2017-11-20"}
    alone = "The town falls\n\n17 November 2017\n\nThe army took {Hit} on Friday."
    assert days(alone, date(2017, 11, 18)) == {"Hit": "2017-11-17"}


def test_a_heading_that_tells_of_a_day_is_not_the_day_of_what_follows() -> None:
    text = "Attack on 9 November kills twelve\n\nThe army took {Hit} today."
    assert days(text)["Hit"] == "2017-11-20"
    assert days("On 9 November the army left. It took {Hit} today.")["Hit"] == "2017-11-20"
    for heading in (
        "Attacks of 9 November",
        "9 November: the monastery",
        "The offensive of 9 November",
        "Sunken on 9 November",
    ):
        text = (
            f"{heading}\n\nThe army took {{Hit}} today.\n\nThe attacks of 11 November\n\nThe army took {{Ana}} today."
        )
        assert days(text) == {"Hit": "2017-11-20", "Ana": "2017-11-20"}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The push began on 3 March 2016. On 9 March, troops retook {Hit}.", "2016-03-09"),
        ("2013\n\nOn 22 July the army took {Hit}.", "2013-07-22"),
        ("The siege of 2013\n\nIt began on 2 June 2013.\n\nOn 22 July the army took {Hit}.", "2013-07-22"),
        ("Timeline\n\n- 3 March 2016: The push begins.\n- 9 March: The army takes {Hit}.", "2016-03-09"),
    ],
)
def test_years_carry_on(text: str, day: str) -> None:
    assert days(text, date(2026, 5, 1))["Hit"] == day


FILLER = (
    "The soldiers said that they had gone on through the valley to the river, where they built a camp for the night. "
)


@pytest.mark.parametrize(
    "posts",
    [
        ('<div class="post"><time datetime="2017-11-11T14:32:00Z">14:32</time><h3>News from Ana</h3><p>{}</p></div>',
         '<div class="post"><time datetime="2017-11-09T09:10:00Z">09:10</time><h3>News from Hit</h3><p>{}</p></div>'),
        ('<section><header><time datetime="2017-11-11">11 Nov</time></header><p>{}</p></section>',
         '<section><header><time datetime="2017-11-09">9 Nov</time></header><p>{}</p></section>'),
        ('<ul><li><time datetime="2017-11-11">Saturday</time> {}</li>', '<li><b><time datetime="2017-11-09">Thursday</time></b> {}</li></ul>'),
    ],
)  # fmt: skip
def test_the_posts_of_a_live_page_have_the_days_of_their_times(posts: tuple[str, str]) -> None:
    ana, hit = (
        post.format(f"The army said that it took {place} today. {FILLER}")
        for post, place in zip(posts, ("Ana", "Hit"), strict=True)
    )
    page = f"<html><head><title>Live</title></head><body><main><article><h1>Live: the valley</h1><p>{FILLER * 3}</p>{ana}{hit}</article></main></body></html>"
    (article,) = [
        one
        for one in parse_articles(page, name="x.html", kind=".html", published=PUBLISHED)
        if isinstance(one, Article)
    ]
    assert "\u27e6" not in article.text + article.title
    of_day = {
        place: block.day
        for block in blocks_of(article)
        for place in ("Ana", "Hit")
        if f"took {place}" in article.text[block.start : block.end]
    }
    assert of_day == {"Ana": date(2017, 11, 11), "Hit": date(2017, 11, 9)}
    intro = next(b for b in blocks_of(article) if article.text.startswith(FILLER.strip(), b.start))
    assert intro.day is None, "what stands over the posts is in none of them"
    marked = "".join(
        "{Ana}" if w == "Ana" else "{Hit}" if w == "Hit" else w for w in re.split(r"\b(Ana|Hit)\b", article.text)
    )
    found = {c.place_text: edtf(c.when) for c in read(marked, PUBLISHED, blocks=article.blocks).claims}
    assert found == {"Ana": "2017-11-11", "Hit": "2017-11-09"}


def test_a_part_that_was_written_on_a_day_counts_from_it() -> None:
    text = "It fell today. It fell on Friday."
    found = find_times(text, PUBLISHED, [(0, 14, date(2017, 11, 9))])
    assert [edtf(time.when) for time in found] == ["2017-11-09", "2017-11-17"]


OLD, NEW = ("{Hit}", "2017-11-19"), ("{Ana}", "2017-11-20")


@pytest.mark.parametrize(
    "text",
    [
        "Live\n\n22:10\n\nShells fell.\n\n23:50\n\nThe army has taken {Hit} today.\n\n00:20\n\nThe army has taken {Ana} today.",
        "Live\n\n00:20\n\nThe army has taken {Ana} today.\n\n23:50\n\nThe army has taken {Hit} today.\n\n22:10\n\nShells fell.",
        "21:05 GMT – Shells fell.\n\n23:40 GMT – The army took {Hit} today.\n\n05:55 GMT – The army took {Ana} today.",
        "7:05 am The army took {Ana} today.\n\n12:30 am Shells fell.\n\n11:15 pm The army took {Hit} today.",
        "09:00: The army took {Ana} today.\n\n08:10: Rain.\n\n08:12: Snow.\n\n23:00: The army took {Hit} today.\n\n22:00: Wind.\n\n21:30: Fog.",
        "14:32\nRain.\n\n18:00\nShells fell.\n\nThe army took {Hit} today.\n\n01:10\nThe army took {Ana} today.\n\n01:05\nWind.",
    ],
)
def test_posts_that_only_a_clock_dates_are_told_apart_at_midnight_in_either_order(text: str) -> None:
    found = days(text)
    assert (found["Hit"], found["Ana"]) == (OLD[1], NEW[1])
    (issue,) = [issue for issue in read(text, PUBLISHED).issues if issue.code == "posts-cross-midnight"]
    assert issue.level == "warning"


@pytest.mark.parametrize(
    ("text", "hit", "ana"),
    [
        (
            "9 November\n\n22:10\n\nRain.\n\n23:50\n\nThe army took {Hit} today.\n\n00:20\n\nThe army took {Ana} today.",
            "2017-11-09",
            "2017-11-10",
        ),
        (
            "10 November\n\n00:20\n\nThe army took {Ana} today.\n\n23:50\n\nThe army took {Hit} today.\n\n22:10\n\nRain.",
            "2017-11-09",
            "2017-11-10",
        ),
        (
            "10 November\n\n00:20\n\nThe army took {Ana} today.\n\n9 November\n\n23:50\n\nThe army took {Hit} today.\n\n22:10\n\nRain.",
            "2017-11-09",
            "2017-11-10",
        ),
    ],
)
def test_a_date_over_the_posts_counts_before_the_day_of_publication(text: str, hit: str, ana: str) -> None:
    assert days(text) == {"Hit": hit, "Ana": ana}


@pytest.mark.parametrize(
    "text",
    [
        "22:10\n\nThe army took {Hit} today.\n\n21:50\n\nThe army took {Ana} today.\n\n20:00\n\nRain.",
        "09:00 The army took {Hit} today.\n\n09:30 Rain.\n\n09:20 Snow.\n\n11:00 The army took {Ana} today.",
        "23:50 The army took {Hit} today.\n\n00:20 The army took {Ana} today.",
        "03:00 The army took {Hit} today.\n\n15:00 Rain.\n\n03:00 The army took {Ana} today.",
    ],
)
def test_posts_of_one_day_and_posts_whose_order_is_open_stay_of_the_day_of_publication(text: str) -> None:
    assert days(text) == {"Hit": "2017-11-20", "Ana": "2017-11-20"}
    assert not [issue for issue in read(text, PUBLISHED).issues if issue.code == "posts-cross-midnight"]


def test_a_page_of_a_hundred_thousand_midnights_has_an_end() -> None:
    text = "The army took {Hit} today.\n\n" + "23:00\n\nRain.\n\n01:00\n\nRain.\n\n" * 3000
    assert days(text, date(1, 1, 2)) is not None
