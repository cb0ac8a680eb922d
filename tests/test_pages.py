"""When a page was published: what it states in full, what it shows, and what is never taken for a date."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from mapper.articles import parse_articles
from mapper.dates import StampError, read_stamp
from mapper.model import Article, Issue

STORY = (
    "<p>"
    + "The army said that its soldiers retook the town of Rawa on Friday after a battle of two weeks. " * 4
    + "</p>"
)


def read(head: str = "", body: str = "", *, top: str = "", name: str = "page.html") -> tuple[date | None, list[str]]:
    """Publication date and codes of the issues of a page with this in its head, above and below its story."""
    page = (
        f"<html><head><title>A town falls</title>{head}</head><body><article><h1>A town falls</h1>{top}{STORY * 2}</article>"
        f"{body}</body></html>"
    )
    found = list(parse_articles(page, name=name, kind=".html"))
    (article,) = [one for one in found if isinstance(one, Article)]
    return article.published, [one.code for one in found if isinstance(one, Issue)]


def meta(name: str, value: str) -> str:
    return f'<meta property="{name}" content="{value}">'


def linked(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


LISTED = (
    '<script type="application/ld+json">{"@type": "ItemList", "itemListElement": '
    '[{"@type": "NewsArticle", "datePublished": "2016-03-04"}]}</script>'
)


@pytest.mark.parametrize(
    ("head", "day"),
    [
        (meta("article:published_time", "2017-11-17T14:32:00+03:00"), "2017-11-17"),
        (meta("article:published_time", "1993-06-05"), "1993-06-05"),
        ('<meta name="pubdate" content="20171117">', "2017-11-17"),
        ('<meta name="DC.date.issued" content="1991-02-27">', "1991-02-27"),
        ('<meta name="date" content="17 November 2017">', "2017-11-17"),
        ('<meta name="date" content="17/11/2017">', "2017-11-17"),
        ('<meta itemprop="datePublished" content="Fri, 17 Nov 2017 23:30:00 GMT">', "2017-11-17"),
        (linked(datePublished="2017-11-17T23:30:00-05:00"), "2017-11-17"),
        (linked(datePublished="1914-08-05"), "1914-08-05"),
        (linked(datePublished="2017-11-17", dateModified="2019-01-01"), "2017-11-17"),
        (meta("article:published_time", "2017-11") + linked(datePublished="2017-11-17"), "2017-11-17"),
        (meta("og:updated_time", "2019-01-01") + meta("article:published_time", "2017-11-17"), "2017-11-17"),
    ],
)
def test_a_day_that_metadata_state_in_full_is_the_publication_date(head: str, day: str) -> None:
    assert read(head) == (date.fromisoformat(day), [])


@pytest.mark.parametrize(
    "top",
    [
        '<time datetime="2017-11-17T14:32" pubdate>this Friday</time>',
        '<p>By a reporter <time itemprop="datePublished" datetime="2017-11-17">17 Nov</time></p>',
        '<abbr class="published" title="2017-11-17T14:32:00">a while ago</abbr>',
        '<span itemprop="datePublished">17 November 2017</span>',
    ],
)
def test_a_time_marked_as_that_of_publication_is_the_publication_date(top: str) -> None:
    assert read(top=top) == (date(2017, 11, 17), [])


@pytest.mark.parametrize("value", ["2017-11", "2017", "November 2017", "2017-00-00"])
@pytest.mark.parametrize(
    "head", ['<meta property="article:published_time" content="{}">', '<meta name="date" content="{}">']
)
def test_a_month_or_a_year_is_no_publication_date_and_is_said(head: str, value: str) -> None:
    day, codes = read(head.format(value))
    assert day is None
    assert codes == ["bad-date", "published-unknown"]
    day, codes = read(head.format(value), name="2017-11-18-rawa.html")
    assert day == date(2017, 11, 18), "then the date in the file's name counts"
    assert codes == ["bad-date"]


@pytest.mark.parametrize("value", ["03/04/2016", "3.4.2016", "3-4-2016 10:00", "17/11/17"])
def test_a_day_that_may_be_two_is_refused(value: str) -> None:
    for head in (meta("article:published_time", value), linked(datePublished=value)):
        assert read(head) == (None, ["date-ambiguous", "published-unknown"])
    assert read(top=f"<p>Published {value}</p>") == (None, ["date-ambiguous", "published-unknown"])


@pytest.mark.parametrize(
    "top",
    [
        "<p>Published 17 November 2017</p>",
        "<p>First published on Friday, November 17, 2017 at 2:32 pm</p>",
        "<div>By Jane Doe | Published: 17 Nov 2017 | Updated: 20 Nov 2018</div>",
        "<div><span>Published</span> <span>2017-11-17</span></div>",
        "<dl><dt>Publication date:</dt><dd>17 November 2017</dd></dl>",
        "<div>Published <time datetime='2017-11-17'>two years ago</time></div>",
        "<p>Posted on 17/11/2017 by Jane Doe</p>",
        "<p>Date: 17 November 2017, 14:32 GMT</p>",
    ],
)
def test_a_date_that_the_page_shows_as_that_of_publication_is_used_with_a_warning(top: str) -> None:
    assert read(top=top) == (date(2017, 11, 17), ["published-inferred"])
    assert read(top=top, name="2018-01-01.html") == (date(2017, 11, 17), ["published-inferred"])


def test_when_it_was_last_changed_counts_if_nothing_else_does_and_is_said() -> None:
    for head in (
        meta("article:modified_time", "2017-11-20"),
        linked(dateModified="2017-11-20T10:00:00Z"),
        meta("og:updated_time", "2017-11-20"),
    ):
        assert read(head) == (date(2017, 11, 20), ["published-inferred"])
        assert read(head, name="2017-11-18.html") == (date(2017, 11, 18), [])
        assert read(head, top="<p>Published 17 November 2017</p>")[0] == date(2017, 11, 17)
    assert read(top="<p>Last updated: 20 November 2017</p>") == (date(2017, 11, 20), ["published-inferred"])


@pytest.mark.parametrize(
    "beside",
    [
        "<footer>© 2014–2024 The Paper. All rights reserved.</footer>",
        "<p>We have reported from the valley since 2014.</p>",
        "<p>Write to us: P.O. Box 20160304, Baghdad.</p>",
        '<img src="/images/2016/03/04/rawa-20160304.jpg">',
        '<div class="comments"><p>Posted 4 March 2016 by a reader</p><time datetime="2016-03-04" pubdate>4 March</time></div>',
        '<aside><a href="/2016/03/04/hit">Hit falls</a><time datetime="2016-03-04">4 March 2016</time></aside>',
        '<div id="related-stories"><p>Published 4 March 2016</p></div>',
        '<h2>Related stories</h2><ul><li>Hit falls <time datetime="2016-03-04">4 March 2016</time></li></ul>',
        "<h3>3 Comments</h3><p>Posted on 4 March 2016</p>",
        "<p>The report, published on 4 March 2016, names nine villages.</p>",
        "<p>Published 4 March 2016, the report names nine villages in the valley.</p>",
        '<script>var built = "2016-03-04";</script>',
        linked(comment=[{"@type": "Comment", "datePublished": "2016-03-04"}]),
        LISTED,
        '<script type="application/ld+json">{"datePublished": "2016-03-04"</script>',
        meta("article:published_time", "1970-01-01T00:00:00Z"),
    ],
)
def test_what_is_not_the_articles_day_is_never_taken_for_it(beside: str) -> None:
    day, codes = read(body=beside)
    assert day is None
    assert codes[-1] == "published-unknown"
    assert read(body=beside, name="2017-11-18.html")[0] == date(2017, 11, 18)
    assert read(meta("article:published_time", "2017-11-17"), body=beside)[0] == date(2017, 11, 17)


def test_a_time_beside_the_headline_and_a_day_in_the_address_are_said_to_be_inferred() -> None:
    time = '<p><time datetime="2017-11-17T10:00">17 Nov, 10:00</time></p>'
    assert read(top=time) == (date(2017, 11, 17), ["published-inferred"])
    assert read(top=time, name="2017-11-18.html") == (date(2017, 11, 18), [])
    assert read(top=time, body='<p><time datetime="2017-11-16">before</time></p>') == (None, ["published-unknown"])
    address = '<link rel="canonical" href="https://example.org/news/2017/11/17/rawa">'
    assert read(address) == (date(2017, 11, 17), ["published-inferred"])
    assert read(address.replace("2017/11/17", "20171117")) == (None, ["published-unknown"])


def test_two_stated_days_are_said_and_the_surer_is_used() -> None:
    head = meta("article:published_time", "2017-11-17") + '<meta name="date" content="2019-05-05">'
    assert read(head) == (date(2017, 11, 17), ["published-conflict"])
    night = meta("article:published_time", "2017-11-17T23:30-05:00") + linked(datePublished="2017-11-18T04:30Z")
    assert read(night) == (date(2017, 11, 17), []), "a time zone is no contradiction"
    neighbour = [
        {"@type": "NewsArticle", "url": "https://example.org/hit", "datePublished": "2016-03-04"},
        {"@type": "NewsArticle", "url": "https://example.org/rawa", "datePublished": "2017-11-17"},
    ]
    head = '<link rel="canonical" href="https://example.org/rawa">' + linked(**{"@graph": neighbour, "@type": "Thing"})
    assert read(head) == (date(2017, 11, 17), [])
    shown = "<p>Published 17 November 2017</p><p>Published 4 March 2016</p>"
    assert read(top=shown) == (None, ["published-conflict", "published-unknown"])


def test_the_word_of_the_caller_beats_the_page_and_silences_its_doubts() -> None:
    page = (
        f"<html><head>{meta('article:published_time', '2017-11')}</head><body><article>{STORY}</article></body></html>"
    )
    (article,) = parse_articles(page, name="x.html", kind=".html", published=date(2017, 11, 18))
    assert isinstance(article, Article)
    assert article.published == date(2017, 11, 18)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2017-11-17", "2017-11-17"), ("20171117T143200Z", "2017-11-17"), ("1510929120", "2017-11-17"), ("2017/11/17", "2017-11-17"),
        ("1510929120000", "2017-11-17"), ("11/17/2017", "2017-11-17"), ("04/04/2016", "2016-04-04"), ("17 November 2017", "2017-11-17"),
        ("November 17, 2017 2:32 pm", "2017-11-17"), ("Fri Nov 17 14:32:00 2017", "2017-11-17"), ("1688-11-05", "1688-11-05"),
    ],
)  # fmt: skip
def test_a_field_that_states_a_day_in_full_is_read(words: str, day: str) -> None:
    assert read_stamp(words) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "words",
    ["2017-11", "2017", "May 2017", "5 June", "Friday", "2 hours ago", "2017-02-31", "31/31/2017", "0001-01-01", "0", "2017-W46",
     "since 2014", "3 and 4 June 2016", "P.O. Box 20160304", "03/04/2016", "17/11/17", "\u0661\u0662/11/2017", "9" * 9000],
)  # fmt: skip
def test_a_field_that_states_no_one_day_says_why(words: str) -> None:
    with pytest.raises(StampError) as caught:
        read_stamp(words)
    assert caught.value.code in {"bad-date", "date-ambiguous"}
    assert len(str(caught.value)) < 200


PAGES = {
    "month.html": meta("article:published_time", "2017-11"),
    "year.html": "<meta name='date' content='2017'>",
    "none.html": "",
    "stated.html": meta("article:published_time", "2017-11-17T23:30:00-05:00"),
    "epoch.html": '<meta name="pubdate" content="1510961400">',
    "2017-11-18-named.html": "",
}
# the program with its clock set: whoever asks for the day or the time gets this one
FROZEN = """
import datetime, sys, time
now = float(sys.argv.pop(1))
class Date(datetime.date):
    @classmethod
    def today(cls): return cls.fromtimestamp(now)
class DateTime(datetime.datetime):
    @classmethod
    def now(cls, tz=None): return cls.fromtimestamp(now, tz)
    @classmethod
    def utcnow(cls): return cls.fromtimestamp(now, datetime.timezone.utc).replace(tzinfo=None)
    @classmethod
    def today(cls): return cls.fromtimestamp(now)
import htmldate.core, htmldate.extractors, htmldate.validators
for module in (htmldate.core, htmldate.extractors, htmldate.validators):
    if hasattr(module, "datetime"): module.datetime = DateTime
datetime.date, datetime.datetime = Date, DateTime
time.time = lambda: now
from mapper.articles import read_articles
for found in read_articles([sys.argv[1]]): print(repr(found))
"""


def test_pages_mean_the_same_whenever_and_wherever_they_are_read(tmp_path: Path) -> None:
    for name, head in PAGES.items():
        page = f"<html><head><title>A town falls</title>{head}</head><body><article><h1>{name}</h1>{STORY * 2}</article></body></html>"
        (tmp_path / name).write_text(page, encoding="utf-8")
    told = set()
    for now, zone in (
        ("1510900000", "UTC"), ("1800000000", "UTC"), ("1800000000", "Asia/Kathmandu"), ("1510900000", "Pacific/Kiritimati"),
        ("1800000000", "America/New_York"),
    ):  # fmt: skip
        env = {**os.environ, "TZ": zone}
        done = subprocess.run(
            [sys.executable, "-c", FROZEN, now, str(tmp_path)], env=env, check=True, capture_output=True, text=True
        )
        told.add(done.stdout)
    assert len(told) == 1
    assert told.pop().count("published=None") == 3
