"""What the grammar of time makes of a thousand wordings, written out: a change of it is seen line by line.

`tests/golden/dates.txt` has a wording a line and, behind the bar, what is found in it when it was published on Friday, 17
November 2017: the words with their EDTF, "?" where the day is left open. `tests/golden/dates_in_prose.txt` has the times of long
texts, each wording once. Not every line is as it should be; each is as it is. ``PYTHONPATH=tests python
tests/test_dates_golden.py`` writes the files anew: read the diff before you commit it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path

import press
import pytest

from mapper.dates import find_times

GOLDEN = Path(__file__).parent / "golden" / "dates.txt"
PROSE = GOLDEN.with_name("dates_in_prose.txt")
FRIDAY = date(2017, 11, 17)

PARTS = (
    "", "early ", "mid-", "late ", "the end of ", "the start of ", "the middle of ", "the first half of ", "the second week of ",
    "the last days of ", "the last quarter of ", "most of ",
)  # fmt: skip
WHOLES = (
    "May 2016", "May", "2016", "last year", "last month", "last week", "the 1990s", "the summer of 2016", "summer", "this year",
    "that month", "the following year", "next May", "May last year", "May of that year", "December", "November",
    "this December", "this May", "this Dec. 5", "this summer", "this winter",
)  # fmt: skip
WEEKDAYS = (
    "Friday", "Fri", "Fri.", "Monday", "friday", "Saturday night", "early Friday", "late on Friday", "last Friday", "this Monday",
    "next Monday", "the Friday", "that Friday", "Friday morning", "the night of Friday",
)  # fmt: skip
AFTER_WEEKDAY = (
    "", " last week", " next week", " of this week", ", 3 May", ", May 3, 2016", " 3 May", " the 3rd", " (3 May)", " week", " and Saturday",
    " or Saturday", " to Sunday", " 17 November", " Times reported",
)  # fmt: skip
COUNTS = ("two", "2", "a few", "several", "a", "about two", "more than two", "a dozen", "twenty-two", "100", "many",
    "a hundred and twenty", "two or three", "a few hundred", "a year and two")  # fmt: skip
UNITS = ("days", "weeks", "months", "years", "decades", "hours", "day", "fortnight", "weekends")
SINCE = ("ago", "earlier", "later", "before", "after the battle", "from now")
SPANS = ("the last {}", "the past {}", "the next {}", "for {}", "within {}", "in {}", "over the previous {}")
FIGURES = (
    "3 May 2016", "3rd of May", "the 3rd of May, 2016", "May 3rd", "May the 3rd", "3/4 May", "3-4 May", "3–4 May 2016", "3 and 4 May",
    "May 3 and 4", "May 3 or 4", "3 May-4 June", "3 May – 4 June 2016", "May 2016-June 2016", "2016-2017", "2016/17", "2015-16", "May-June 2016",
    "May and June 2016", "between 2014 and 2016", "between May and July", "from 3 to 5 May 2016", "from 2014 to 2016", "from May", "3.5.2016",
    "03.05.2016", "13.05.2016", "2016/05/03", "2016-05-03T10:00", "2016-05", "1900-01", "1899-12", "2099-12", "2100-01", "5/3/16", "13/5/2016",
    "5/13/2016", "31 April 2016", "30 February", "29 February 2015", "29 Feb 2016", "Feb 29, 2016", "Nov 17", "Nov. 17", "Nov. 18", "Nov. 19",
    "17 Nov", "17 nov 2016", "Sept 3", "Sept. 3, 2016", "May 3, 2016", "May 3 2016", "May, 2016", "May of 2016", "in the May of 2016", "3 May '16",
    "the 17th", "the 18th", "the 31st", "1st", "the 1st and 2nd of May", "the first of May", "first week of May 2016", "the third quarter of 2016",
    "Q1 2016", "Q5 2016", "the spring", "spring 2016", "winter 2015-16", "the winter of 2015", "autumn", "last autumn", "that summer", "the 90s",
    "the 1940s", "the '90s", "1944", "6 June 1944", "the year 2016", "year 2016", "the same year", "the same month", "the same day",
    "the next day", "the day before", "the day after", "a day earlier", "the day before yesterday", "the week before last", "the month after",
    "the following Monday", "the previous Friday", "the weekend", "this weekend", "last weekend", "next weekend", "at dawn on Friday",
    "overnight", "overnight Sunday", "tonight", "today", "tomorrow", "yesterday", "yesterday evening", "this morning", "last night", "the other day",
    "recent weeks", "recent months", "the recent days", "since 2014", "since May 2014", "since last week", "since Friday", "until 2016",
    "until May", "until yesterday", "by 2016", "by the end of 2016", "by mid-May", "before 3 May 2016", "before May", "before 2016", "after 3 May 2016",
    "after May", "after 2016", "as of 3 May 2016", "as of Friday", "not before May 2016", "no later than 3 May 2016", "through May 2016",
    "throughout 2016", "during May", "during 2016", "around 3 May 2016", "about May 2016", "circa 1916", "in or around May 2016",
    "the 2016 battle", "the May 2016 battle", "the 3 May attack", "May's battle", "2016's battle", "Friday's battle", "last year's battle",
    "the two-day battle", "the two-year-old war", "1688", "in 1688", "1066", "0900", "in 3016", "at 2016",
)  # fmt: skip
TRAPS = (
    "3 May people", "May said", "Mrs May", "by May Smith", "the march on Hit", "March on", "it may fall", "they may, 3 of them, leave", "2016 troops",
    "2016 soldiers", "2,016 men", "$2016", "No. 2016", "call 555-2016", "the 3rd Brigade", "the 9th Army", "3rd", "Mar de Plata", "Sat down",
    "Sun City", "the Friday mosque", "Apr figures", "2016 km", "12 May Street", "Route 2016", "1,000 days", "second division", "the second city",
    "last town", "the last man", "next door", "past the town", "half of the town", "a third of 2016", "week in, week out", "day by day",
    "one day", "some day", "the day", "in time", "version 2.5.2016.1", "10:30", "at 5 p.m.", "5 May p.m.", "August Landmesser", "April and June",
    "April, a nurse", "June Carter", "Summer Smith", "Winter came", "fall of 2016", "the fall of Hit in 2016", "Spring Hill", "decades", "ages ago",
    "the Second of May Brigade", "17 November movement", "1 May 2 June", "May May", "2016 2017", "3 3 May",
)  # fmt: skip


def wordings() -> Iterator[str]:
    for part, whole in product(PARTS, WHOLES):
        yield f"It fell in {part}{whole}."
    for weekday, tail in product(WEEKDAYS, AFTER_WEEKDAY):
        yield f"It fell on {weekday}{tail}."
    for n, (count, unit) in enumerate(product(COUNTS, UNITS)):
        yield f"It fell {count} {unit} {SINCE[n % len(SINCE)]}."
        yield f"It fell {SPANS[n % len(SPANS)].format(f'{count} {unit}')}."
    for words in FIGURES:
        yield f"It fell {words}."
        yield f"Hit fell in May 2015. It was retaken in {words}, he said."
    for words in TRAPS:
        yield f"It fell, {words}, he said."


def line(text: str) -> str:
    found = "; ".join(f"{one.text} = {one.when.edtf or '?'}" for one in find_times(text, FRIDAY))
    return f"{text} | {found}".rstrip()


def written() -> list[str]:
    return GOLDEN.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("golden", written())
def test_a_wording_means_what_is_written_down(golden: str) -> None:
    assert line(golden.split(" | ", maxsplit=1)[0].removesuffix(" |")) == golden


def test_every_wording_is_written_down() -> None:
    assert [*dict.fromkeys(map(line, wordings()))] == written()


def prose() -> Iterator[str]:
    """Times told in prose whose wording no text before had, digits aside: many lean on what was told before them."""
    seen: set[str] = set()
    for block in press.blocks():
        published = date.fromisoformat(block.published) if block.published else None
        for one in find_times(block.text, published):
            before = block.text[max(0, one.start - 25) : one.start]
            shape = re.sub(r"\d", "0", before.split("\n")[-1].rpartition(" ")[0].rpartition(" ")[2] + one.text.lower())
            if shape not in seen:
                seen.add(shape)
                yield f"{block.id} {one.start}: {' '.join(one.text.split())} = {one.when.edtf or '?'} {one.kind}"


def test_times_in_prose_mean_what_is_written_down() -> None:
    assert list(prose()) == PROSE.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    PROSE.write_text("".join(f"{one}\n" for one in prose()), encoding="utf-8")
    GOLDEN.write_text("\n".join(dict.fromkeys(map(line, wordings()))) + "\n", encoding="utf-8")
    sys.stdout.write(f"{GOLDEN}\n")
