"""Which event a time belongs to: counts before and after dated events, and what is told one after the other."""

from __future__ import annotations

from datetime import date

import pytest
from test_claims import read

from mapper.dates import edtf, find_offsets, find_times

PUBLISHED = date(2017, 11, 18)


def days(text: str) -> dict[str, str]:
    return {claim.place_text: edtf(claim.when) for claim in read(text, PUBLISHED).claims}


@pytest.mark.parametrize(
    ("text", "hit", "ana"),
    [
        ("Two days after the capture of {Hit} on 1 August 2017, the army retook {Ana}.", "2017-08-01", "2017-08-03"),
        ("The army captured {Ana} two days after it retook {Hit} on 1 August 2017.", "2017-08-01", "2017-08-03"),
        ("A day before the army retook {Hit} on 3 August 2017, rebels seized {Ana}.", "2017-08-03", "2017-08-02"),
        (
            "A week after rebels captured {Hit} on 4 May 2016, they captured {Ana}.",
            "2016-05-04",
            "2016-05-08/2016-05-14",
        ),
        ("Six months after rebels captured {Hit} in March 2015, the army captured {Ana}.", "2015-03", "2015-09"),
        (
            "Hours after the army captured {Hit} on 3 March 2016, rebels captured {Ana}.",
            "2016-03-03",
            "2016-03-03/2016-03-04",
        ),
        ("The army captured {Hit} on 9 May 2016, three days after it had captured {Ana}.", "2016-05-09", "2016-05-06"),
    ],
)
def test_a_count_and_its_date_go_the_right_way_round(text: str, hit: str, ana: str) -> None:
    assert days(text) == {"Hit": hit, "Ana": ana}


def test_a_count_of_years_leads_from_the_one_event_to_the_other_of_the_same_place() -> None:
    text = "Three years after ISIS captured {Hit} in June 2014, the army retook it."
    assert {edtf(claim.when) for claim in read(text, PUBLISHED).claims} == {"2014-06", "2017"}


def test_the_number_of_a_count_is_no_part_of_a_places_name() -> None:
    for count in ("two days", "12 hours", "a few weeks", "three years"):
        assert set(days(f"The army captured {{Ana}} {count} after it retook {{Hit}}.")) == {"Ana", "Hit"}


def test_a_count_from_a_time_that_is_longer_than_it_can_tell_dates_nothing() -> None:
    for text in ("Two days after the attacks of recent years, it fell.", "Days after the war of 1994, it fell."):
        assert not find_offsets(text, find_times(text, PUBLISHED))
    text = "Ten days after the siege began in June 2014, it fell."
    (found,) = find_offsets(text, find_times(text, PUBLISHED))
    assert edtf(found.when) == "2014-06-11/2014-07-10", "a month has as many days to count from"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Rebels captured {Hit} on 1 August 2017. By nightfall they had captured {Ana}.", "2017-08-01"),
        ("Rebels captured {Hit} on 1 August 2017. The same day the army captured {Ana}.", "2017-08-01"),
        ("Rebels captured {Hit} on Christmas Day. The same evening the army captured {Ana}.", "2016-12-25"),
        ("Rebels captured {Hit} on 1 August 2017. The next morning they captured {Ana}.", "2017-08-02"),
        ("Rebels captured {Hit} on 1 August 2017. Hours later the army captured {Ana}.", "2017-08-01/2017-08-02"),
        ("Rebels captured {Hit} on 1 August 2017. The previous evening the army had captured {Ana}.", "2017-07-31"),
        ("Rebels captured {Hit} on 1 August 2016. The year before, the army captured {Ana}.", "2015"),
        ("Rebels captured {Hit} on 1 August 2016. On the 9th, the army captured {Ana}.", "2016-08-09"),
    ],
)
def test_what_is_told_next_counts_from_the_day_told_last(text: str, day: str) -> None:
    assert days(text)["Ana"] == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("By nightfall the army had {Ana}.", None),
        ("On the 28th of December it fell. On the 4th they came back.", "2017-01-04"),
        ("On 20 June it fell. They had come on the 9th.", "2017-06-09"),
        ("It was taken in the last week of May. The day before the fall it was bombed.", "2017-05-24/2017-05-31"),
    ],
)
def test_a_day_told_last_is_needed_and_the_nearest_is_meant(text: str, day: str | None) -> None:
    found = find_times(text, PUBLISHED)
    assert (edtf(found[-1].when) if found else None) == day
