"""The numbers of the policy at their edges: one day more or less is another story."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from notation import claim
from test_timeline import ACTORS, codes, fold, lines

from mapper.dates import parse_edtf
from mapper.model import ActorId, Period, PlaceId, Status, Timeline
from mapper.timeline import Checkpoint, check, diff
from mapper.timeline.evidence import CONTEST, HOLD, SIEGE, TAKE, Kind, days_of, evidence_of_claim
from mapper.timeline.voices import Voices


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


# -- what each kind of news leaves ------------------------------------------------------------------------------------------


def test_a_loss_of_part_of_a_place_leaves_the_rest() -> None:
    assert lines("2017-01-01 Rawa holds by is", "2017-02-01 part of Rawa lost by is") == [
        "rawa controlled is 2017-01-01..2017-02-01",
        "rawa partial is 2017-02-01..",
    ]


@pytest.mark.parametrize(
    ("day", "expected"), [(8, "rawa controlled iraq 2017-01-01.."), (9, "rawa claimed iraq 2017-01-01..2017-01-09")]
)
def test_a_confirmation_within_the_window_confirms_from_the_first_day(day: int, expected: str) -> None:
    own = claim("2017-01-01 Rawa captured by iraq", said_by="Iraqi army")
    assert lines(own, claim(f"2017-01-0{day} Rawa holds by iraq", publisher="wire"))[0] == expected


def test_a_siege_goes_on_while_the_besieged_hold_out_and_ends_when_they_break_it() -> None:
    besieged = "2017-01-01 Rawa besieged by iraq against is"
    assert lines(besieged, "2017-01-20 Rawa holds by is") == ["rawa besieged is/iraq 2017-01-01.."]
    assert lines(besieged, "2017-01-20 Rawa siege_lifted by is") == [
        "rawa besieged is/iraq 2017-01-01..2017-01-20",
        "rawa controlled is 2017-01-20..",
    ]


def test_a_denial_that_somebody_else_took_it_agrees_with_the_holder() -> None:
    timeline, _ = fold("2017-01-01 Rawa holds by is", claim("2017-01-05 Rawa denied by iraq", publisher="wire"))
    (period,) = timeline.periods
    assert (str(period.actor_id), len(period.claim_ids)) == ("is", 2)


def test_a_period_names_every_claim_behind_it_and_two_voices_are_surer_than_one() -> None:
    said = [
        claim("2017-01-01 Rawa holds by is", publisher=publisher, confidence=confidence)
        for publisher, confidence in (("a", 0.5), ("b", 0.8), ("b", 0.4))
    ]
    timeline, _ = fold(*said)
    (period,) = timeline.periods
    assert period.claim_ids == tuple(sorted(c.id for c in said))
    assert period.confidence == pytest.approx(1 - 0.5 * 0.2)  # a voice counts once, at its best
    assert fold(said[0])[0].periods[0].confidence == 0.5


def test_a_claim_given_twice_counts_once_and_is_reported() -> None:
    one = claim("2017-01-01 Rawa holds by is", publisher="a")
    other = replace(one, confidence=0.3)
    assert codes(one, one) == ["claim-repeated"]
    assert fold(one, other) == fold(other, one)
    assert len(fold(one, other)[0].periods[0].claim_ids) == 1


# -- what is known to a month finds its place ---------------------------------------------------------------------------------


def test_a_capture_known_to_the_month_comes_between_the_fight_and_the_hold() -> None:
    assert (
        lines(
            "2017-01-01 Rawa holds by is",
            "2017-03-10 Rawa contested by iraq against is",
            "2017-03 Rawa captured by iraq",
            "2017-05-01 Rawa holds by iraq",
        )[-1]
        == "rawa controlled iraq ~2017-03-10.."
    )


def test_a_capture_known_to_the_month_goes_before_a_hold_by_the_same_side() -> None:
    assert (
        lines("2017-03-12 Rawa holds by iraq", "2017-03 Rawa captured by iraq")[0]
        == "rawa controlled iraq ~2017-03-01.."
    )


def test_a_loss_and_a_capture_of_one_day_are_one_event() -> None:
    assert lines("2017-03-01 Rawa holds by is", "2017-03-05 Rawa lost by is", "2017-03-05 Rawa captured by iraq") == [
        "rawa controlled is 2017-03-01..2017-03-05",
        "rawa controlled iraq 2017-03-05..",
    ]


def test_of_two_captures_on_one_day_the_second_takes_from_the_first() -> None:
    assert lines("2017-03-01 Rawa captured by iraq from is", "2017-03-01 Rawa captured by is from sdf") == [
        "rawa controlled sdf ~2016-09-02..2017-03-01 (implied)",
        "rawa controlled iraq 2017-03-01..",
    ]


# -- periods of a table, differences, checkpoints --------------------------------------------------------------------------------


def period(place: str, start: str, status: Status, actor: str, other: str = "", end: str | None = None) -> Period:
    day = date.fromisoformat(start)
    return Period(
        place_id=PlaceId(place),
        status=status,
        actor_id=ActorId(actor),
        other_id=ActorId(other),
        start=day,
        start_latest=day,
        end=date.fromisoformat(end) if end else None,
    )


@pytest.mark.parametrize(
    "status", [Status.BESIEGED, Status.CONTESTED, Status.CONTROLLED, Status.PARTIAL, Status.PRESENCE]
)
def test_a_tables_period_keeps_its_parties_in_their_places(status: Status) -> None:
    given = period("rawa", "2017-01-01", status, "is", "iraq", "2017-03-01")
    (kept, *_) = fold(periods=[given])[0].periods
    assert (kept.status, kept.actor_id, kept.other_id, kept.end) == (status, "is", "iraq", date(2017, 3, 1))


STORY = Timeline(
    periods=(
        period("hit", "2017-01-01", Status.CONTROLLED, "is"),
        period("qaim", "2017-02-01", Status.CONTESTED, "is", "iraq"),
        period("rawa", "2017-01-01", Status.CONTROLLED, "is", end="2017-03-01"),
        period("rawa", "2017-03-01", Status.BESIEGED, "iraq", "is"),
    )
)


def test_a_difference_names_the_places_that_changed_and_their_moves() -> None:
    changes = diff(STORY, date(2017, 1, 15), date(2017, 3, 1))
    assert [(c.place_id, len(c.moves), c.before is None, c.after is None) for c in changes] == [
        ("qaim", 1, True, False),
        ("rawa", 1, False, False),
    ]
    assert diff(STORY, date(2017, 3, 1), date(2017, 4, 1)) == ()
    assert [c.place_id for c in diff(STORY, date(2017, 3, 1), date(2017, 2, 28))] == ["rawa"]


@pytest.mark.parametrize(
    ("day", "place", "status", "actor", "met"),
    [
        ("2017-01-01", "rawa", "held", "is", True),
        ("2017-01-01", "rawa", "held", "Islamic State", True),
        ("2017-01-01", "rawa", "held", "ISIS", True),
        ("2017-01-01", "rawa", "held", "iraq", False),
        ("2017-02-28", "rawa", "controlled", "is", True),
        ("2017-03-01", "rawa", "controlled", "iraq", False),
        ("2017-03-01", "rawa", "held", "iraq", True),  # who is besieged holds
        ("2017-03-01", "rawa", "held", "is", False),
        ("2017-02-01", "qaim", "contested", "iraq", True),  # either side
        ("2017-02-01", "qaim", "contested", "is", True),
        ("2017-02-01", "qaim", "contested", "sdf", False),
        ("2017-02-01", "qaim", "held", "is", False),
        ("2017-01-31", "qaim", "none", "", True),
        ("2017-02-01", "qaim", "none", "", False),
        ("2017-01-31", "qaim", "held", "is", False),
        ("2017-01-31", "nowhere", "none", "", False),
    ],
)
def test_a_checkpoint_is_met_or_says_what_the_timeline_has(
    day: str, place: str, status: str, actor: str, *, met: bool
) -> None:
    point = Checkpoint(day=date.fromisoformat(day), place=place, status=status, actor=actor, file="c.tsv", line=3)
    issues = check(STORY, [point], {}, ACTORS)
    assert (issues == ()) is met
    assert all((i.level, i.line, i.value) == ("error", 3, place) for i in issues)


def test_a_period_of_a_table_is_known_from_its_first_day() -> None:
    given = [period("rawa", "2017-01-01", Status.CONTROLLED, "is")]
    assert len(fold(periods=given, as_of=date(2017, 1, 1))[0].periods) == 1
    assert fold(periods=given, as_of=date(2016, 12, 31))[0].periods == ()


@pytest.mark.parametrize(
    ("edtf", "kind", "expected"),
    [
        ("../2020-03-10", HOLD, ("2020-03-10", "2020-03-10", None, True)),
        ("2020-03-10/..", HOLD, ("2020-03-10", "2020-03-10", None, False)),
        ("2020-03/..", HOLD, ("2020-03-01", "2020-03-31", None, False)),
        ("2020-02/..", HOLD, ("2020-02-01", "2020-02-28", None, False)),
        ("2020/..", HOLD, ("2020-01-01", "2020-12-30", None, False)),
        ("2020-03-10", TAKE, ("2020-03-10", "2020-03-10", None, False)),
        ("2020-03", TAKE, ("2020-03-01", "2020-03-31", None, False)),
        ("2020-03-10/2020-03-20", TAKE, ("2020-03-10", "2020-03-20", None, False)),
        ("2020-03-10/2020-03-20", CONTEST, ("2020-03-10", "2020-03-10", "2020-03-21", False)),
        ("2020-03/2020-05", SIEGE, ("2020-03-01", "2020-03-31", "2020-06-01", False)),
        ("2020-03-10/2020-03-20", HOLD, ("2020-03-10", "2020-03-10", "2020-03-21", False)),
    ],
)
def test_the_days_a_time_may_begin_and_end_on(edtf: str, kind: Kind, expected: tuple[object, ...]) -> None:
    when = parse_edtf(edtf)
    found = days_of(when, kind)
    assert found is not None
    first, last, until, is_open = found
    days = tuple(None if day is None else str(date.fromordinal(day)) for day in (first, last, until))
    assert (*days, is_open) == expected


@pytest.mark.parametrize(
    ("line", "sides"),
    [
        ("2020-01-10 Town captured by iraq from iraq", ("iraq", "")),
        ("2020-01-10 Town captured by iraq from is", ("iraq", "is")),
        ("2020-01-10 Town holds by iraq from iraq", ("iraq", "")),
        ("2020-01-10 Town lost by is", ("", "is")),
        ("2020-01-10 Town contested by is against is", ("is", "")),
    ],
)
def test_nobody_is_his_own_enemy(line: str, sides: tuple[str, str]) -> None:
    found = evidence_of_claim(claim(line), Voices({}, {}))
    assert not isinstance(found, str)
    assert (found.actor, found.other) == sides
