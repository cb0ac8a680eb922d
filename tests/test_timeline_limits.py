"""The numbers of the policy at their edges: one day more or less is another story."""

from __future__ import annotations

from datetime import date

import pytest
from notation import claim
from test_timeline import codes, lines


@pytest.mark.parametrize("days", [1, 6, 7])
def test_two_sources_that_differ_within_the_window_contest_the_place(days: int) -> None:
    second = date.fromordinal(date(2017, 1, 1).toordinal() + days)
    assert "sources-contradict" in codes(
        claim("2017-01-01 Rawa holds by iraq", publisher="a"), claim(f"{second} Rawa holds by is", publisher="b")
    )


def test_one_day_after_the_window_the_second_source_reports_a_change() -> None:
    assert (
        codes(
            claim("2017-01-01 Rawa holds by iraq", publisher="a"), claim("2017-01-09 Rawa holds by is", publisher="b")
        )
        == []
    )


def test_presence_agrees_with_a_hold_and_does_not_vouch_for_it() -> None:
    # nobody said since January that Iraq holds Rawa: by May it may have been lost to the Islamic State
    story = ("2017-01-01 Rawa captured by iraq", "2017-05-08 Rawa captured by sdf from is")
    expected = ["rawa controlled iraq 2017-01-01..2017-01-02", "rawa controlled is ~2017-01-02..2017-05-08 (implied)"]
    assert lines(*story)[:2] == expected
    assert lines(story[0], "2017-05-06 Rawa presence by iraq", story[1])[:2] == expected
    assert codes(story[0], "2017-05-06 Rawa presence by iraq", story[1]) == []
    # a hold said again does
    assert codes(story[0], "2017-05-06 Rawa holds by iraq", story[1]) == ["prior-holder-differs"]


@pytest.mark.parametrize(("day", "contested"), [("2017-01-08", True), ("2017-01-09", False)])
def test_the_losers_denial_of_a_confirmed_capture_counts_for_a_window_and_no_longer(
    day: str, *, contested: bool
) -> None:
    found = lines(
        claim("2017-01-01 Rawa captured by iraq from is", publisher="a"),
        claim("2017-01-01 Rawa captured by iraq from is", publisher="b"),
        claim(f"{day} Rawa denied by iraq", said_by="Islamic State"),
    )
    assert any(line.startswith("rawa contested is/iraq") for line in found) == contested


def test_a_denial_long_after_changes_nothing_and_says_so() -> None:
    captured = claim("2017-01-01 Rawa captured by iraq", said_by="Iraqi army")
    assert codes(captured, claim("2017-03-02 Rawa denied by iraq", said_by="a resident")) == []  # the 60th day
    assert codes(captured, claim("2017-03-03 Rawa denied by iraq", said_by="a resident")) == ["denial-overruled"]
