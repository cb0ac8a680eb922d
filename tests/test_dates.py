"""The temporal grammar, in its own notation: a sentence with the expression in brackets, a day of publication, EDTF."""

from __future__ import annotations

import importlib.util
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.dates import edtf, find_offsets, find_times, infer_published, parse_edtf
from mapper.model import When

PUBLISHED = date(2017, 11, 18)  # a Saturday


def meaning(marked: str, published: date | None = PUBLISHED) -> str:
    """EDTF of the expression that covers the bracketed words, "?" if left open, "none" if not found."""
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    for found in find_times(text, published):
        if found.start < end and start < found.end:
            return edtf(found.when) or "?"
    return "none"


def test_the_graded_cases_stay_above_their_floor() -> None:
    path = Path(__file__).parent / "evals" / "dates.py"
    spec = importlib.util.spec_from_file_location("dates_eval", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    for cases, floor in module.FLOORS.items():
        share, by_grade, misses = module.score(cases)
        assert sum(total for _, total in by_grade.values()) >= 50
        assert share >= floor, misses


def test_a_weekday_is_the_latest_one_not_after_publication() -> None:
    for back in range(14):
        published = PUBLISHED - timedelta(days=back)
        for name in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
            (found,) = find_times(f"It fell on {name}.", published)
            day = found.when.earliest
            assert day is not None
            assert day.strftime("%A") == name
            assert timedelta(0) <= published - day < timedelta(days=7)


def test_a_weekday_with_its_date_in_brackets_is_one_expression() -> None:
    (found,) = find_times("Marines landed at the port on Tuesday (November 14), before dawn.", PUBLISHED)
    assert found.text == "Tuesday (November 14)"
    assert found.when.edtf == "2017-11-14"
    assert found.when.precision == "day"


def test_a_month_without_a_year_is_an_interval_not_a_day() -> None:
    (found,) = find_times("They reclaimed the city in July after months of combat.", PUBLISHED)
    assert (found.when.earliest, found.when.latest, found.kind) == (date(2017, 7, 1), date(2017, 8, 1), "month")
    assert found.when.precision == "month"


def test_what_needs_a_publication_date_stays_open_without_one() -> None:
    for phrase in (
        "Friday",
        "yesterday",
        "in July",
        "two weeks ago",
        "last month",
        "in recent days",
        "since March",
        "the 3rd of May",
    ):
        (found,) = find_times(f"It fell {phrase}, they said.", None)
        assert not found.when.known, phrase
        assert found.kind


def test_the_same_words_mean_another_day_a_week_later() -> None:
    assert meaning("It fell on [Friday].") == "2017-11-17"
    assert meaning("It fell on [Friday].", PUBLISHED + timedelta(days=7)) == "2017-11-24"


@pytest.mark.parametrize(
    "text",
    [
        "2,014 fighters held 1,900 villages",
        "They lost 95% of the land",
        "The battle killed 2003 people",
        "They may march on the second city",
        "The sun was up and he sat down",
        "Resolution 1973 was adopted, Route 2014 is closed",
        "the fall of the city",
        "a 12-year-old boy",
        "call 815-748-2060",
        "cases that fall under the law",
        "Theresa May said so",
        "the 17th Division and the 2nd Brigade",
        "a force of 1250 men took Hill 1245 in 1500 villages",
        "They held out until 1830 at a height of 1704 and fell back",
        "In 1200 BC the city fell",
        "Resolution 1701 - The council met",
        "Route 1350. 1400 refugees fled",
        "shops at 1234 and 1256 Oak Street",
    ],
)
def test_counts_verbs_and_names_are_not_dates(text: str) -> None:
    assert find_times(text, PUBLISHED) == ()


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("It fell in the [last week of May].", "2017-05-24/2017-05-31"),
        ("It fell in the [last months of 2014].", "2014-09/2014-12"),
        ("It fell in the [last days] of the war.", "none"),
        ("It fell in the [last two weeks] of his rule.", "none"),
        ("It fell in the [last two days] of heavy fighting.", "2017-11-16/2017-11-18"),
        ("It fell in the [last days] of fighting.", "2017-11-11/2017-11-18"),
        ("It fell [late overnight].", "2017-11-17/2017-11-18"),
    ],
)
def test_the_last_days_of_something_end_with_it(marked: str, expected: str) -> None:
    assert meaning(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("The bridge was built in [1688].", "1688"),
        ("In [1736] Tarnish settlers crossed the river.", "1736"),
        ("[1791 ]- The duke marries an heiress.", "1791"),
        ("From the archive:   [1736 ]-- A storm sank the ferry.", "1736"),
        ("It rose in the [1857] rebellion.", "1857"),
        ("It was French [between 1798 and 1801].", "1798/1801"),
        ("It has been British [since 1815].", "1815/.."),
    ],
)
def test_a_year_of_an_earlier_century_needs_words_that_make_it_one(marked: str, expected: str) -> None:
    assert meaning(marked) == expected


def test_open_ends_stay_open() -> None:
    assert find_times("since mid-2014", PUBLISHED)[0].when == When(
        earliest=date(2014, 5, 1), latest=None, edtf="2014-05/..", basis="clause"
    )
    assert find_times("until 2016", PUBLISHED)[0].when.latest == date(2017, 1, 1)
    assert find_times("until 2016", PUBLISHED)[0].when.earliest is None


def test_an_event_that_belongs_to_a_day_does_not_bound_it() -> None:
    (found,) = find_times("after Friday's attack", PUBLISHED)
    assert (found.text, found.kind) == ("Friday", "weekday")


def test_later_counts_from_the_expression_before_and_never_across_paragraphs() -> None:
    first, later = find_times("It fell on 3 May 2015 and was lost two days later.", PUBLISHED)
    assert later.when.edtf == "2015-05-05"
    assert later.anchored
    assert not first.anchored
    assert not find_times("It fell on 3 May 2015.\n\nIt was lost two days later.", PUBLISHED)[1].when.known


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ("They took it on Thursday, a day after the fall of the port.", "a day after", "2017-11-15"),
        ("It fell on Thursday, two days before the mill.", "two days before", "2017-11-18"),
        (
            "They took it on 16 November, three weeks after they seized the mill.",
            "three weeks after",
            "2017-10-23/2017-10-29",
        ),
        ("Two days after the fall of the mill, they took it on Thursday.", "Two days after", "2017-11-14"),
        ("They took it in May 2016, more than a year after the militia seized it.", "more than a year after", "2015"),
        ("They took it on Thursday, a day\nafter the fall\nof the port.", "a day\nafter", "2017-11-15"),
        ("Two days after the fall of the mill,\nthey took it on Thursday.", "Two days after", "2017-11-14"),
        ("They took it\non Thursday,\ntwo days after the fall of the mill.", "two days after", "2017-11-14"),
        ("They took it on Thursday, hours after the garrison left.", "hours after", "2017-11-15/2017-11-16"),
    ],
)
def test_an_offset_dates_the_event_behind_it(text: str, offset: str, expected: str) -> None:
    (found,) = find_offsets(text, find_times(text, PUBLISHED))
    assert (found.text, found.when.edtf, found.kind) == (offset, expected, "offset")


def test_an_offset_without_a_date_in_its_sentence_dates_nothing() -> None:
    for text in (
        "They took it a day after the fall of the port.",
        "On Thursday they slept. A day after the fall they left.",
    ):
        assert find_offsets(text, find_times(text, PUBLISHED)) == ()


def test_a_duration_is_found_but_is_no_date() -> None:
    duration, end = find_times("a four-month battle that ended in July", PUBLISHED)
    assert duration.kind == "duration"
    assert duration.when.edtf == "2017-03/2017-07"
    assert end.when.edtf == "2017-07"


def test_a_slashed_date_with_two_readings_keeps_only_its_year() -> None:
    assert meaning("on [03/04/2016]") == "2016"
    assert meaning("on [31/12/2016]") == "2016-12-31"
    assert meaning("on [12/31/2016]") == "2016-12-31"
    assert meaning("on [05/05/2016]") == "2016-05-05"


def test_a_day_that_does_not_exist_is_never_made() -> None:
    for text in ("31 February 2017", "February 30, 2017", "2017-02-31", "31/02/2017", "31 June"):
        assert all(found.when.days != 1 for found in find_times(text, PUBLISHED)), text


# --- EDTF -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2017", date(2017, 1, 1), date(2018, 1, 1)),
        ("2017-07", date(2017, 7, 1), date(2017, 8, 1)),
        ("2017-07-10", date(2017, 7, 10), date(2017, 7, 11)),
        ("2014-06-04/2014-06-10", date(2014, 6, 4), date(2014, 6, 11)),
        ("2014-06/2014-07", date(2014, 6, 1), date(2014, 8, 1)),
        ("2014/..", date(2014, 1, 1), None),
        ("2014/", date(2014, 1, 1), None),
        ("../2016", None, date(2017, 1, 1)),
        ("2017-21", date(2017, 3, 1), date(2017, 6, 1)),
        ("2017-24", date(2017, 12, 1), date(2018, 3, 1)),
        ("201X", date(2010, 1, 1), date(2020, 1, 1)),
        ("2010s", date(2010, 1, 1), date(2020, 1, 1)),
        ("2017-07-10~", date(2017, 7, 7), date(2017, 7, 14)),
        ("2017?", date(2017, 1, 1), date(2018, 1, 1)),
        ("17/11/2017", date(2017, 11, 17), date(2017, 11, 18)),
        ("", None, None),
    ],
)
def test_edtf_reads_as_half_open_intervals(text: str, earliest: date | None, latest: date | None) -> None:
    when = parse_edtf(text)
    assert (when.earliest, when.latest) == (earliest, latest)
    assert edtf(when).rstrip(".").rstrip("/") == text.rstrip(".").rstrip("/")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("03/04/2017", "two ways"),
        ("31/02/2017", "calendar"),
        ("2017-02-30", "calendar"),
        ("2017-13", "month 13"),
        ("tomorrow", "write 2017"),
        ("2018/2017", "ends before"),
        ("2017/2018/2019", "more than one"),
        ("0000", "out of range"),
    ],
)
def test_a_bad_date_says_what_is_wrong(text: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        parse_edtf(text)


days = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1))


@given(days, st.integers(1, 4000))
def test_edtf_of_an_interval_reads_back_as_that_interval(start: date, length: int) -> None:
    when = When(earliest=start, latest=start + timedelta(days=length))
    back = parse_edtf(edtf(when))
    assert (back.earliest, back.latest) == (when.earliest, when.latest)


# --- the day of publication ---------------------------------------------------------------------------------------


def test_a_weekday_with_a_month_day_pins_the_year() -> None:
    text = "Taken on October 9, 2018.\n\nMarines landed on Tuesday (November 6) at the port that had been given up in 2015."
    found = infer_published(text)
    assert found is not None
    assert found[0] == date(2018, 11, 7)
    assert "2018" in found[1]
    plain = infer_published(text.replace("(November 6)", "November 6"))
    assert plain is not None
    assert plain[0] == date(2018, 11, 6)


def test_a_labelled_date_and_a_dateline_say_when_it_was_written() -> None:
    assert (infer_published("Published: 3 March 2016\nThe town fell.") or [None])[0] == date(2016, 3, 3)
    assert (infer_published("GOMA, 28 January 2025 - The airport fell.") or [None])[0] == date(2025, 1, 28)
    assert (infer_published("HOMS, Syria (XY) — Nov. 17, 2017: The gate fell.") or [None])[0] == date(2017, 11, 17)
    assert (infer_published("The gate falls\n\n17 November 2017\n\nThe army came.") or [None])[0] == date(2017, 11, 17)
    for line in (
        "Kyiv, 12 September 2022\n\n",
        "Port Sudan, Sudan, September 12, 2022 – ",
        "Wad Madani (12 September 2022): ",
    ):
        assert (infer_published(line + "The army came on Friday.") or [None])[0] == date(2022, 9, 12)
    assert infer_published("In Izium, 12 September 2022\nThe army came.") is None
    assert infer_published("Izium, 10 September 2022: taken.\nKupiansk, 12 September 2022: entered.") is None
    assert infer_published("Izium was taken.\n\nA.\n\nB.\n\nKyiv, 12 September 2022\nThe army came.") is None
    assert infer_published("In the town, on 3 May 2015,\nthe army left.") is None


def test_a_report_published_some_day_is_not_this_article_and_a_day_of_publication_goes_before_one_of_change() -> None:
    assert infer_published("The report published on 4 March 2016 names nine villages.") is None
    assert infer_published("Published 4 March 2016, the report names nine villages.") is None
    assert infer_published("Nine villages are named in a list, updated 4 March 2016, of the ministry.") is None
    both = "Updated: 20 November 2018\nPublished: 17 November 2017\nThe town fell."
    assert (infer_published(both) or [None])[0] == date(2017, 11, 17)
    assert (infer_published("By Jane Doe | Posted 17 Nov 2017 at 14:32 GMT\nThe town fell.") or [None])[0] == date(
        2017, 11, 17
    )
    assert (infer_published("Last updated 20 November 2018\nThe town fell.") or [None])[0] == date(2018, 11, 20)


def test_a_text_without_a_year_pins_nothing() -> None:
    assert infer_published("Marines landed at the port on Tuesday (November 6).") is None
    assert infer_published("The town fell in 2014.") is None


# --- laws -------------------------------------------------------------------------------------------------------

words = st.sampled_from(
    [
        "since",
        "until",
        "by",
        "between",
        "from",
        "and",
        "to",
        "the",
        "a",
        "early",
        "mid",
        "late",
        "end",
        "of",
        "last",
        "next",
        "this",
        "that",
        "May",
        "March",
        "Nov",
        ".",
        ",",
        "-",
        "(",
        ")",
        "17",
        "3",
        "2014",
        "2,014",
        "1990",
        "s",
        "Friday",
        "Sat",
        "July",
        "summer",
        "fall",
        "week",
        "weeks",
        "month",
        "years",
        "ago",
        "later",
        "earlier",
        "two",
        "several",
        "few",
        "past",
        "recent",
        "same",
        "first",
        "second",
        "half",
        "quarter",
        "Q1",
        "today",
        "overnight",
        "yesterday",
        "'s",
        "in",
        "on",
        "at",
        "2017-11-17",
        "03/04/2016",
        "31",
        "th",
        "nd",
        "year",
        "day",
        "before",
        "after",
        "previous",
        "following",
        "four",
        "\n\n",
        "0",
        "99999",
        "²",
        "٣",
        "é",
        "–",
    ]
)
soup = st.lists(words, max_size=30).map(" ".join) | st.lists(words, max_size=12).map("".join) | st.text(max_size=80)


@settings(max_examples=400, deadline=None)
@given(soup, st.none() | st.dates())
def test_any_text_gives_sorted_exact_and_possible_expressions(text: str, published: date | None) -> None:
    reached = 0
    for found in find_times(text, published):
        assert found.start >= reached
        assert text[found.start : found.end] == found.text
        assert found.text == found.text.strip()
        reached = found.end
        when = found.when
        if when.earliest is not None and when.latest is not None:
            assert when.earliest < when.latest
        if when.known:
            assert when.edtf
            back = parse_edtf(when.edtf)
            assert (back.earliest, back.latest) == (when.earliest, when.latest), when


@settings(max_examples=100, deadline=None)
@given(soup)
def test_without_a_publication_date_nothing_relative_is_resolved(text: str) -> None:
    known = [found for found in find_times(text, None) if found.when.known]
    other = {(f.start, f.end): f for f in find_times(text, date(1983, 5, 5))}
    for found in known:
        match = other.get((found.start, found.end))
        if match is not None and not found.anchored and not match.anchored:
            assert match.when == found.when


@pytest.mark.parametrize(
    "piece",
    [
        "between ",
        "3 to ",
        "May-",
        "the ",
        "12/",
        "2014-",
        "two weeks ",
        "since ",
        "((",
        "first half of ",
        "1,000",
        "a " * 3,
        "\n",
    ],
)
def test_hostile_repetition_takes_linear_time(piece: str) -> None:
    def seconds(text: str) -> float:
        start = time.process_time()
        find_offsets(text, find_times(text, PUBLISHED))
        infer_published(text)
        return time.process_time() - start

    size = 20_000
    text = piece * (size // len(piece))
    assert min(seconds(text) for _ in range(2)) < 2.0


def test_a_long_article_is_read_quickly() -> None:
    sentence = "The army on Friday retook the town that the militants had held since mid-2014, officials said in July. "
    article = (sentence + "Nothing else was reported from the valley where families wait for water and bread. ") * 16
    start = time.process_time()
    for _ in range(20):
        find_times(article, PUBLISHED)
    assert (time.process_time() - start) / 20 < 0.02


@pytest.mark.parametrize(
    ("text", "published", "wanted"),
    [
        ("The push began on 3 March 2016. On 9 March, troops retook Sabratha.", "2026-03-20", ["2016-03-03", "2016-03-09"]),
        ("It was launched on 12 May 2016.\n\nOn 4 June it reached the base. The following day it fell.", "", ["2016-05-12", "2016-06-04", "2016-06-05"]),
        ("JUNE 28, 1950. Seoul is lost.\n\nJULY 5. They stop.\n\nThe city burns.\n\nSEPT. 26. It is freed.", "2010-06-25", ["1950-06-28", "1950-07-05", "1950-09-26"]),
        ("The siege began on 20 November 1870. On 9 January it was lifted.", "", ["1870-11-20", "1871-01-09"]),
        ("2013\n\nOn 22 July, rebels took the town.\n\n2014\n\nOn 3 May they lost it.", "", ["2013", "2013-07-22", "2014", "2014-05-03"]),
        ("In June 2014 it took Mosul. On 17 October the army began an offensive.", "2016-10-20", ["2014-06", "2016-10-17"]),
        ("On 10 June 2014 it took Mosul, officials said on Tuesday.\n\nThe army retook it on 9 July.", "2017-12-01", ["2014-06-10", "2017-11-28", "2017-07-09"]),
        ("The army took Rawa on 17 November. It had taken Anah in July.", "2017-11-20", ["2017-11-17", "2017-07"]),
    ],
)  # fmt: skip
def test_a_day_without_a_year_goes_on_from_the_date_told_before_it_in_history_and_from_publication_in_news(
    text: str, published: str, wanted: list[str]
) -> None:
    found = find_times(text, date.fromisoformat(published) if published else None)
    assert [time.when.edtf for time in found] == wanted
