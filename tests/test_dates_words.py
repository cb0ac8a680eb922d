"""What common words of time mean on a day of publication: Friday, 17 November 2017, unless another is given."""

from __future__ import annotations

from datetime import date

import pytest

from mapper.dates import find_offsets, find_times, infer_published

FRIDAY = date(2017, 11, 17)

MEANINGS = {
    # days
    "today": "2017-11-17",
    "tonight": "2017-11-17",
    "this morning": "2017-11-17",
    "yesterday morning": "2017-11-16",
    "last night": "2017-11-16",
    "tomorrow": "2017-11-18",
    "the day before yesterday": "2017-11-15",
    "two days ago": "2017-11-15",
    "several days ago": "2017-11-10/2017-11-14",
    # weekdays: the last one, or the one the words say
    "on Friday": "2017-11-17",
    "this Friday": "2017-11-17",
    "last Friday": "2017-11-10",
    "next Friday": "2017-11-24",
    "on Monday": "2017-11-13",
    "on Saturday": "2017-11-11",
    "early on Friday": "2017-11-17",
    "overnight Friday": "2017-11-17",
    "on Friday last week": "2017-11-10",
    "on Friday of this week": "2017-11-17",
    "on the Friday of next week": "2017-11-24",
    "from Monday to Friday": "2017-11-13/2017-11-17",
    "by Friday": "../2017-11-17",
    "before Friday": "../2017-11-16",
    # weeks
    "early last week": "2017-11-06/2017-11-08",
    "at the end of last week": "2017-11-10/2017-11-12",
    "at the weekend": "2017-11-11/2017-11-12",
    "in the past two weeks": "2017-11-03/2017-11-17",
    "in the second week of May 2016": "2016-05-08/2016-05-14",
    # days of a month: not after tomorrow
    "on 18 November": "2017-11-18",
    "on 19 November": "2016-11-19",
    "on the 3rd": "2017-11-03",
    "on the 3rd of May": "2017-05-03",
    "on the 17th of November": "2017-11-17",
    "last November 20": "2016-11-20",
    "on 3 to 7 May": "2017-05-03/2017-05-07",
    "3-7 May 2016": "2016-05-03/2016-05-07",
    "May 3-7, 2016": "2016-05-03/2016-05-07",
    "May 3 to June 7, 2016": "2016-05-03/2016-06-07",
    "between 3 May and 7 June 2016": "2016-05-03/2016-06-07",
    # months
    "in November": "2017-11",
    "in December": "2016-12",
    "last month": "2017-10",
    "next month": "2017-12",
    "last March": "2017-03",
    "next March": "2018-03",
    "last December": "2016-12",
    "in May of last year": "2016-05",
    "in early May 2016": "2016-05-01/2016-05-10",
    "in mid-May 2016": "2016-05-11/2016-05-20",
    "in late May": "2017-05-21/2017-05-31",
    "two months ago": "2017-09",
    "in the last three months": "2017-08-17/2017-11-17",
    "since May": "2017-05/..",
    "until May 2016": "../2016-05",
    "from May to July 2016": "2016-05/2016-07",
    # seasons, years, decades
    "last summer": "2017-06/2017-08",
    "next summer": "2018-06/2018-08",
    "in winter 2016": "2016-12/2017-02",
    "in the late summer of 2016": "2016-08",
    "in the first quarter of 2016": "2016-01/2016-03",
    "in Q3 2016": "2016-07/2016-09",
    "in the second half of 2016": "2016-07/2016-12",
    "at the start of 2016": "2016-01/2016-02",
    "in mid-2016": "2016-05/2016-08",
    "this year": "2017",
    "last year": "2016",
    "three years ago": "2014",
    "in the 1990s": "1990/1999",
    "in early 1990s": "1990/1992",
    # figures
    "on 01/13/2017": "2017-01-13",
    "on 13/01/2017": "2017-01-13",
    "on 1/2/2017": "2017",  # January or February: the day is not known
    "on 2017-12-31": "2017-12-31",
    "in 2017-12": "2017-12",
    "in 2016-17": "2016/2017",
}


@pytest.mark.parametrize("words", MEANINGS)
def test_words_of_time_mean_their_days(words: str) -> None:
    (found,) = find_times(f"The town fell {words}.", FRIDAY)
    assert found.when.edtf == MEANINGS[words]


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("That July it was retaken", "2015-07"),
        ("It was retaken the following month", "2015-06"),
        ("It was retaken the following March", "2016-03"),
        ("It was retaken the following July", "2015-07"),
        ("It was retaken that summer", "2015-06/2015-08"),
        ("It was retaken later that year", "2015"),
    ],
)
def test_that_and_following_count_from_the_time_named_before(words: str, meaning: str) -> None:
    before, after = find_times(f"The town fell in May 2015. {words}.", FRIDAY)
    assert (before.when.edtf, after.when.edtf) == ("2015-05", meaning)


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("a hundred and twenty days ago", "2017-07-20"),
        ("one hundred twenty days ago", "2017-07-20"),
        ("a hundred\nand twenty days ago", "2017-07-20"),
        ("A hundred-and-twenty days ago", "2017-07-20"),
        ("twenty-one days ago", "2017-10-27"),
        ("ninety nine days ago", "2017-08-10"),
        ("nine hundred and ninety-nine days ago", "2015-02-22"),
        ("a thousand and one nights ago", "2015-02-20"),
        ("1,200 days ago", "2014-08-05"),
        ("5 hundred days ago", "2016-07-05"),
        ("five thousand two hundred days ago", "2003-08-23"),
        ("two dozen months ago", "2015-11"),
        ("a few hundred days ago", "2016-03-27/2017-05-01"),
        ("two or three days ago", "2017-11-14/2017-11-15"),
        ("20-30 days ago", "2017-10-18/2017-10-28"),
        ("a year and two days ago", "2016-11-15"),
        ("two years, three months and five days ago", "2015-08-12"),
        ("a hundred and twenty hours ago", "2017-11-12"),
        ("in the past hundred and twenty days", "2017-07-20/2017-11-17"),
    ],
)
def test_a_number_is_read_whole_and_never_its_tail(words: str, meaning: str) -> None:
    (found,) = find_times(f"The town fell {words}.", FRIDAY)
    assert found.when.edtf == meaning


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("a hundred and twenty days", "2015-01-03"),
        ("twenty-one days", "2015-04-12"),
        ("two or three days", "2015-04-30/2015-05-01"),
        ("a few hundred days", "2013-09-10/2014-10-15"),
        ("1,000 days", "2012-08-06"),
        ("days", "2015-04-24/2015-05-01"),
        ("a day", "2015-05-02"),
    ],
)
def test_a_number_before_after_is_read_whole(words: str, meaning: str) -> None:
    text = f"The army took Hit on 3 May 2015, {words} after the fall of Rawa."
    (found,) = find_offsets(text, find_times(text, FRIDAY))
    assert (found.text, found.when.edtf) == (f"{words} after", meaning)


@pytest.mark.parametrize(
    "words",
    [
        "999 decades ago",
        "nine thousand years ago",
        "a few years and two days ago",
        "999 decades later",
        "9 thousand years later",
    ],
)
def test_what_counts_to_a_time_without_dates_or_from_a_vague_one_has_no_date(words: str) -> None:
    found = find_times(f"Hit fell on 3 May 2015. It was built {words}.", FRIDAY)
    assert [one.when.edtf for one in found if one.text == words] == [""]


@pytest.mark.parametrize(
    ("published", "words", "meaning"),
    [
        ("2017-11-17", "this December", "2017-12"),
        ("2017-11-17", "this November", "2017-11"),
        ("2017-11-17", "this June", "2017-06"),
        ("2017-11-17", "this January", "2017-01"),
        ("2017-11-17", "this Dec. 5", "2017-12-05"),
        ("2017-11-17", "this December 5", "2017-12-05"),
        ("2017-11-17", "late this December", "2017-12-21/2017-12-31"),
        ("2017-11-17", "this past December", "2016-12"),
        ("2017-11-17", "this December 2016", "2016-12"),
        ("2018-05-10", "this September", "2018-09"),
        ("2018-01-10", "this December", "2017-12"),
        ("2018-01-10", "this autumn", "2017-09/2017-11"),
        ("2017-11-17", "this winter", "2017-12/2018-02"),
        ("2018-02-10", "this winter", "2017-12/2018-02"),
        ("2017-03-03", "this summer", "2017-06/2017-08"),
    ],
)
def test_this_december_is_that_of_the_year_of_publication(published: str, words: str, meaning: str) -> None:
    (found,) = find_times(f"They will take the town {words}.", date.fromisoformat(published))
    assert found.when.edtf == meaning


@pytest.mark.parametrize("words", ["three days later", "the next day", "the following month", "the same day"])
def test_what_counts_from_a_time_nobody_named_has_no_date(words: str) -> None:
    (found,) = find_times(f"The town fell {words}.", FRIDAY)
    assert not found.when.known


@pytest.mark.parametrize("words", ["yesterday", "on Friday", "last month", "three years ago", "in May"])
def test_without_a_day_of_publication_relative_words_have_no_date(words: str) -> None:
    (found,) = find_times(f"The town fell {words}.", None)
    assert not found.when.known


def test_a_dateline_says_when_an_article_was_written_and_its_story_does_not() -> None:
    found = infer_published("BAGHDAD, Nov 17, 2017 - Troops took Rawa in 2014.")
    assert found is not None
    assert found[0] == FRIDAY
    assert infer_published("Troops took Rawa in 2014.") is None
