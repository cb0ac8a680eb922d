"""What each kind of claim does to a place, case by case; docs/policy.md says the same in words."""

from __future__ import annotations

import gc
from dataclasses import replace
from datetime import date

import pytest
from notation import claim, shown

from mapper.model import Actor, ActorId, Modality, Period, Place, PlaceId, Status, Timeline
from mapper.timeline import build_timeline, check, read_checkpoints
from mapper.timeline.voices import Voices

ACTORS = {
    ActorId(i): Actor(id=ActorId(i), name=name, side=side, aliases=aliases)
    for i, name, side, aliases in (
        ("iraq", "Iraqi government", "iraq", ("Iraqi army",)),
        ("pmf", "Popular Mobilisation Forces", "iraq", ()),
        ("is", "Islamic State", "is", ("ISIS",)),
        ("sdf", "Syrian Democratic Forces", "sdf", ()),
    )
}


def fold(*claims, **options):
    made = [claim(c) if isinstance(c, str) else c for c in claims]
    return build_timeline(made, options.pop("places", {}), actors=ACTORS, **options)


def lines(*claims, **options):
    return shown(fold(*claims, **options)[0])


def codes(*claims, **options):
    return sorted({issue.code for issue in fold(*claims, **options)[1]})


def test_the_story_of_rawa_from_one_article():
    assert lines(
        "2017-10-28 Rawa contested by iraq against is",
        "2017-11-17 Rawa captured by iraq from is",
        claim("2017-10-28 Rawa captured by iraq from is", modality=Modality.PLANNED),
    ) == [
        "rawa controlled is ~2017-05-01..2017-10-28 (implied)",
        "rawa contested is/iraq 2017-10-28..2017-11-17",
        "rawa controlled iraq 2017-11-17..",
    ]


def test_a_month_is_an_interval_not_its_first_day():
    timeline, _ = fold("2017-07 Mosul captured by iraq")
    (period,) = timeline.periods
    assert (period.start, period.start_latest, period.start_precision) == (date(2017, 7, 1), date(2017, 7, 31), "month")


def test_an_imprecise_claim_corroborates_a_precise_one_inside_its_interval():
    timeline, _ = fold("2017-07 Mosul captured by iraq from is", "2017-07-10 Mosul captured by iraq from is")
    assert shown(timeline)[-1] == "mosul controlled iraq 2017-07-10.."
    assert len(timeline.periods[-1].claim_ids) == 2


def test_a_capture_known_to_the_year_goes_where_the_days_leave_room_for_it():
    assert lines(
        "2019-05-06 Town holds by is", "2020-03-10 Town captured by is from sdf", "2020 Town captured by sdf from is"
    ) == [
        "town controlled is 2019-05-06..2020-01-01",
        "town controlled sdf ~2020-01-01..2020-03-10",
        "town controlled is 2020-03-10..",
    ]


def test_the_fight_known_to_the_day_comes_before_a_capture_known_to_the_month():
    found = lines("2020-02-10 Town contested by iraq against is", "2020-02 Town captured by iraq from is")
    assert found[-1] == "town controlled iraq ~2020-02-10.."


def test_two_dates_for_one_capture_make_its_start_uncertain():
    one = claim("2020-01-10 Town captured by iraq from is", publisher="p")
    two = claim("2020-01-12 Town captured by iraq from is", publisher="q")
    timeline, _ = fold(one, two)
    assert shown(timeline)[-1] == "town controlled iraq ~2020-01-10.."
    assert timeline.periods[-1].start_latest == date(2020, 1, 12)


def test_what_was_taken_from_somebody_was_held_by_them_for_a_while_before():
    assert lines("2020-07-01 Town captured by iraq from is", implied_days=10) == [
        "town controlled is ~2020-06-21..2020-07-01 (implied)",
        "town controlled iraq 2020-07-01..",
    ]


def test_an_implied_period_begins_after_the_last_thing_that_was_said():
    assert lines("2020-03-01 Town holds by sdf", "2020-07-01 Town captured by iraq from is") == [
        "town controlled sdf 2020-03-01..2020-03-02",
        "town controlled is ~2020-03-02..2020-07-01 (implied)",
        "town controlled iraq 2020-07-01..",
    ]


def test_a_place_that_was_retaken_must_have_been_lost_in_between():
    assert lines("2020-01-01 Town captured by iraq", "2020-03-01 Town captured by iraq from is", implied_days=30) == [
        "town controlled iraq 2020-01-01..2020-01-31",
        "town controlled is ~2020-01-31..2020-03-01 (implied)",
        "town controlled iraq 2020-03-01..",
    ]


def test_a_loss_without_a_taker_leaves_the_place_unknown():
    assert lines("2020-01-01 Town holds by is", "2020-02-01 Town lost by is") == [
        "town controlled is 2020-01-01..2020-02-01",
        "town unknown /is 2020-02-01..",
    ]


def test_a_withdrawal_and_an_entry_follow_one_another():
    assert lines(
        "2020-01-01 Town holds by is", "2020-02-01 Town withdrew by is", "2020-02-04 Town captured by iraq"
    ) == [
        "town controlled is 2020-01-01..2020-02-01",
        "town unknown /is 2020-02-01..2020-02-04",
        "town controlled iraq 2020-02-04..",
    ]


def test_a_loss_told_beside_the_capture_is_the_same_event():
    timeline, issues = fold(
        claim("2020-02-01 Town captured by iraq", publisher="p"), claim("2020-02-01 Town lost by is", publisher="q")
    )
    assert shown(timeline)[-1] == "town controlled iraq 2020-02-01.."
    assert len(timeline.periods[-1].claim_ids) == 2
    assert issues == ()


def test_a_fight_ends_by_itself_after_contest_days_and_the_holder_is_back():
    assert lines("2020-01-01 Town holds by is", "2020-02-01 Town contested by iraq", contest_days=30) == [
        "town controlled is 2020-01-01..2020-02-01",
        "town contested is/iraq 2020-02-01..2020-03-02",
        "town controlled is 2020-03-02..",
    ]


def test_a_fight_is_prolonged_by_news_of_it_and_ended_by_news_of_a_holder():
    assert lines(
        "2020-01-01 Town contested by iraq against is",
        "2020-01-20 Town contested by iraq against is",
        "2020-02-10 Town holds by is",
        contest_days=30,
    ) == ["town contested is/iraq 2020-01-01..2020-02-10", "town controlled is 2020-02-10.."]


def test_a_fight_given_as_an_interval_fills_it():
    assert lines("2016-10-17/2017-07-09 Mosul contested by iraq against is") == [
        "mosul contested is/iraq 2016-10-17..2017-07-10"
    ]


def test_the_challenger_is_named_second_whoever_the_words_name_first():
    assert lines("2020-01-01 Town holds by is", "2020-02-01 Town contested by is against iraq")[1] == (
        "town contested is/iraq 2020-02-01..2020-04-01"
    )


def test_a_siege_is_holder_and_besieger_and_ends_when_it_is_lifted():
    assert lines("2020-01-01 Town besieged by is against iraq", "2020-05-01 Town siege_lifted by is") == [
        "town besieged iraq/is 2020-01-01..2020-05-01",
        "town controlled iraq 2020-05-01..",
    ]


def test_a_siege_ends_with_the_capture():
    assert lines("2020-01-01 Town besieged by is against iraq", "2020-05-01 Town captured by is from iraq") == [
        "town besieged iraq/is 2020-01-01..2020-05-01",
        "town controlled is 2020-05-01..",
    ]


def test_a_fight_during_a_siege_does_not_end_the_siege():
    assert lines(
        "2020-01-01 Town besieged by is against iraq", "2020-02-01 Town contested by is against iraq", contest_days=10
    ) == [
        "town besieged iraq/is 2020-01-01..2020-02-01",
        "town contested iraq/is 2020-02-01..2020-02-11",
        "town besieged iraq/is 2020-02-11..",
    ]


def test_presence_says_nothing_against_a_holder():
    timeline, issues = fold("2020-01-01 Town holds by iraq", "2020-02-01 Town presence by is")
    assert shown(timeline) == ["town controlled iraq 2020-01-01.."]
    assert [issue.code for issue in issues] == ["claim-superseded"]


def test_presence_shows_where_nobody_holds_and_yields_to_a_holder():
    assert lines("2020-01-01 Camp presence by is", "2020-02-01 Camp holds by iraq") == [
        "camp presence is 2020-01-01..2020-02-01",
        "camp controlled iraq 2020-02-01..",
    ]


def test_part_of_a_place_is_partial_and_names_who_has_the_rest():
    assert lines("2020-01-01 City holds by is", "2020-02-01 part of City captured by iraq") == [
        "city controlled is 2020-01-01..2020-02-01",
        "city partial iraq/is 2020-02-01..",
    ]


def test_fighting_somewhere_in_a_province_leaves_the_part_that_is_held():
    places = {PlaceId("land"): Place(id=PlaceId("land"), name="Land", lat=0, lon=0, feature_class="A")}
    assert lines(
        "2017-11-18 part of Land holds by is", "2017-11-18 Land contested by sdf against is", places=places
    ) == ["land partial is/sdf 2017-11-18.."]


def test_sources_that_disagree_inside_the_window_make_it_contested_and_are_both_named():
    one = claim("2020-01-10 Town captured by iraq", publisher="p")
    two = claim("2020-01-12 Town holds by is", publisher="q")
    timeline, issues = fold(one, two)
    assert shown(timeline) == ["town controlled iraq 2020-01-10..2020-01-12", "town contested iraq/is 2020-01-12.."]
    assert set(timeline.periods[-1].claim_ids) == {one.id, two.id}
    assert {(issue.code, issue.value) for issue in issues} == {("sources-contradict", c.id) for c in (one, two)}


def test_the_same_two_claims_outside_the_window_are_a_sequence():
    one = claim("2020-01-10 Town captured by iraq", publisher="p")
    two = claim("2020-01-20 Town holds by is", publisher="q")
    assert lines(one, two) == ["town controlled iraq 2020-01-10..2020-01-20", "town controlled is 2020-01-20.."]


def test_a_capture_from_the_holder_we_know_is_a_sequence_however_quick():
    one = claim("2020-01-10 Town captured by iraq", publisher="p")
    two = claim("2020-01-11 Town captured by is from iraq", publisher="q")
    assert lines(one, two) == ["town controlled iraq 2020-01-10..2020-01-11", "town controlled is 2020-01-11.."]


def test_one_voice_that_says_first_this_then_that_reports_a_change():
    one = claim("2020-01-10 Town holds by iraq", publisher="p")
    two = claim("2020-01-12 Town holds by is", publisher="p")
    assert lines(one, two)[-1] == "town controlled is 2020-01-12.."


def test_one_voice_that_contradicts_itself_on_one_day_is_reported():
    one = claim("2020-01-10 Town holds by iraq", publisher="p")
    two = claim("2020-01-10 Town holds by is", publisher="p")
    assert lines(one, two) == ["town contested iraq/is 2020-01-10.."]
    assert codes(one, two) == ["same-source-contradiction"]


def test_a_dispute_is_settled_by_what_is_said_after_the_window():
    one = claim("2020-01-10 Town holds by iraq", publisher="p")
    two = claim("2020-01-12 Town holds by is", publisher="q")
    three = claim("2020-01-30 Town holds by is", publisher="p")
    assert lines(one, two, three)[-2:] == [
        "town contested iraq/is 2020-01-12..2020-01-30",
        "town controlled is 2020-01-30..",
    ]


def test_allies_do_not_contradict_each_other():
    one = claim("2020-01-10 Town captured by pmf from is", publisher="p")
    two = claim("2020-01-12 Town holds by iraq", publisher="q")
    assert lines(one, two)[-1] == "town controlled iraq 2020-01-12.."


@pytest.mark.parametrize("speaker", ["iraq", "Iraqi army", "the Iraqi army", "Popular Mobilisation Forces"])
def test_a_party_that_speaks_of_its_own_success_only_claims_it(speaker):
    assert lines(claim("2020-01-10 Town captured by iraq from is", said_by=speaker))[-1] == (
        "town claimed iraq/is 2020-01-10.."
    )


def test_a_publisher_of_the_winners_side_only_claims_it():
    said = claim("2020-01-10 Town captured by iraq from is", publisher="State TV")
    assert lines(said, publishers={"state tv": "iraq"})[-1] == "town claimed iraq/is 2020-01-10.."
    assert lines(said, publishers={"state tv": "neutral"})[-1] == "town controlled iraq 2020-01-10.."


@pytest.mark.parametrize(
    "other",
    [
        claim("2020-01-12 Town holds by iraq", publisher="wire"),
        claim("2020-01-10 Town captured by iraq from is", said_by="ISIS"),
        claim("2020-01-11 Town captured by iraq", said_by="a monitor"),
    ],
)
def test_a_claim_is_confirmed_by_another_perspective(other):
    assert lines(claim("2020-01-10 Town captured by iraq from is", said_by="iraq"), other)[-1].startswith(
        "town controlled iraq"
    )


def test_a_confirmation_long_after_confirms_from_then_on():
    assert lines(
        claim("2020-01-10 Town captured by iraq from is", said_by="iraq"),
        claim("2020-03-01 Town holds by iraq", publisher="wire"),
    )[-2:] == ["town claimed iraq/is 2020-01-10..2020-03-01", "town controlled iraq 2020-03-01.."]


def test_repeats_by_the_same_side_confirm_nothing():
    assert (
        lines(
            claim("2020-01-10 Town captured by iraq from is", said_by="iraq"),
            claim("2020-01-11 Town holds by iraq", said_by="iraq", article="second"),
            claim("2020-01-12 Town holds by iraq", said_by="Popular Mobilisation Forces"),
        )[-1]
        == "town claimed iraq/is 2020-01-10.."
    )


def test_three_voices_may_be_asked_for():
    said = (
        claim("2020-01-10 Town captured by iraq from is", said_by="iraq"),
        claim("2020-01-10 Town captured by iraq from is", said_by="a monitor"),
    )
    assert lines(*said)[-1] == "town controlled iraq 2020-01-10.."
    assert lines(*said, confirm=3)[-1] == "town claimed iraq/is 2020-01-10.."


def test_a_denial_goes_back_to_the_status_before():
    assert lines(
        "2019-12-20 Town holds by is",
        claim("2020-01-10 Town captured by iraq from is", said_by="iraq"),
        claim("2020-01-12 Town denied by iraq", publisher="wire"),
    ) == [
        "town controlled is 2019-12-20..2020-01-10",
        "town claimed iraq/is 2020-01-10..2020-01-12",
        "town controlled is 2020-01-12..",
    ]


def test_an_opponents_denial_of_a_confirmed_capture_makes_it_contested():
    assert (
        lines(
            "2019-12-20 Town holds by is",
            claim("2020-01-10 Town captured by iraq from is", publisher="wire"),
            claim("2020-01-12 Town denied by iraq", said_by="ISIS"),
        )[2]
        == "town contested is/iraq 2020-01-12..2020-03-12"
    )


def test_a_status_that_nobody_repeats_goes_stale():
    assert lines("2020-01-01 Town holds by is", "2020-01-20 Town holds by is", stale_days=30) == [
        "town controlled is 2020-01-01..2020-02-19",
        "town controlled is 2020-02-19.. (stale)",
    ]


def test_the_last_town_held_in_a_region_ends_the_losers_other_holdings_there():
    last = claim("2017-11-17 Rawa captured by iraq from is", implies=("last_in:iraq",))

    def inside(place_id):
        return (PlaceId("iraq"),) if place_id in ("rawa", "qaim") else (PlaceId("syria"),)

    assert lines(last, "2017-01-01 Qaim holds by is", "2017-01-01 Mayadin holds by is", containing=inside) == [
        "mayadin controlled is 2017-01-01..",
        "qaim controlled is 2017-01-01..2017-11-17",
        "qaim unknown /is 2017-11-17.. (implied)",
        "rawa controlled is ~2017-05-21..2017-11-17 (implied)",
        "rawa controlled iraq 2017-11-17..",
    ]


def test_an_undated_state_holds_on_the_day_of_publication_and_an_undated_event_is_reported():
    held = claim("? Raqqa holds by is", published=date(2015, 1, 5))
    taken = claim("? Hit captured by iraq", published=date(2015, 1, 5))
    assert lines(held, taken) == ["raqqa controlled is 2015-01-05.."]
    assert codes(held, taken) == ["claim-dated-by-publication", "claim-undated"]


def test_as_of_a_day_knows_only_what_was_published_by_then():
    early = claim("2020-01-10 Town captured by iraq from is", said_by="iraq", published=date(2020, 1, 11))
    late = claim("2020-01-10 Town captured by iraq from is", publisher="wire", published=date(2020, 2, 1))
    assert lines(early, late, as_of=date(2020, 1, 20))[-1] == "town claimed iraq/is 2020-01-10.."
    assert lines(early, late)[-1] == "town controlled iraq 2020-01-10.."
    assert codes(early, late, as_of=date(2020, 1, 20)) == ["claim-not-yet-known"]


def test_a_reviewers_verdict_counts():
    wrong = claim("2020-01-10 Town captured by iraq", review="wrong")
    right = claim("2020-01-10 Town captured by sdf", review="ok", confidence=0.4)
    timeline, issues = fold(wrong, right)
    assert shown(timeline) == ["town controlled sdf 2020-01-10.."]
    assert timeline.periods[0].confidence == 1.0
    assert [issue.code for issue in issues] == ["claim-reviewed-wrong"]


def period(place, start, end, actor="iraq", status=Status.CONTROLLED):
    day = date.fromisoformat(start)
    return Period(
        place_id=PlaceId(place),
        status=status,
        actor_id=ActorId(actor),
        start=day,
        start_latest=day,
        end=date.fromisoformat(end) if end else None,
    )


def test_a_tables_periods_pass_through_and_claims_fold_onto_them():
    held = period("town", "2020-01-01", "2020-06-01")
    assert lines(periods=(held,)) == ["town controlled iraq 2020-01-01..2020-06-01"]
    assert lines("2020-03-01 Town captured by is from iraq", periods=(held,)) == [
        "town controlled iraq 2020-01-01..2020-03-01",
        "town controlled is 2020-03-01..",
    ]


def test_rows_of_a_table_that_contradict_each_other_are_contested_where_they_overlap():
    rows = (period("town", "2020-01-01", "2020-03-01"), period("town", "2020-02-01", "2020-04-01", actor="is"))
    assert lines(periods=rows) == [
        "town controlled iraq 2020-01-01..2020-02-01",
        "town contested iraq/is 2020-02-01..2020-03-01",
        "town controlled is 2020-03-01..2020-04-01",
    ]
    assert codes(periods=rows) == ["rows-contradict"]


def test_as_of_a_day_a_tables_period_has_not_ended_yet():
    held = period("town", "2020-01-01", "2020-06-01")
    assert lines(periods=(held,), as_of=date(2020, 3, 1)) == ["town controlled iraq 2020-01-01.."]
    assert lines(periods=(held,), as_of=date(2019, 3, 1)) == []


@pytest.mark.parametrize(
    ("speaker", "party"),
    [
        ("Russia's Defence Ministry", "russia"),
        ("the Russian defence ministry", "russia"),
        ("Moscow", "russia"),
        ("the Moscow Times", None),
        ("a spokesman for the Syrian Democratic Forces", "sdf"),
        ("Syrian state TV", "syria"),
        ("the Syrian Observatory for Human Rights", None),
        ("IS", "is"),
        ("it is said", None),
        ("a resident", None),
    ],
)
def test_a_speaker_is_a_party_when_the_words_name_one_or_its_office(speaker, party):
    actors = {
        ActorId(i): Actor(id=ActorId(i), name=name, aliases=aliases, adjectives=adjectives, metonyms=metonyms)
        for i, name, aliases, adjectives, metonyms in (
            ("russia", "Russia", (), ("Russian",), ("Russia", "Moscow")),
            ("syria", "Syrian government", ("Syrian army",), ("Syrian",), ("Syria", "Damascus")),
            ("sdf", "Syrian Democratic Forces", ("SDF",), ("Kurdish",), ()),
            ("is", "Islamic State", ("IS",), (), ()),
        )
    }
    assert Voices(actors, {}).party(speaker) == party


@pytest.mark.parametrize(
    ("side", "speaker", "party"),
    [
        ("", "the Kurdish command", None),
        ("kurds", "the Kurdish command", "krg"),
        ("", "Erbil", None),
        ("kurds", "Erbil", "krg"),
    ],
)
def test_a_word_that_two_sides_bear_names_neither(side, speaker, party):
    actors = {
        ActorId(i): Actor(id=ActorId(i), name=i.upper(), adjectives=("Kurdish",), metonyms=("Erbil",), side=side)
        for i in ("krg", "pkk")
    }
    assert Voices(actors, {}).party(speaker) == party


def test_a_party_without_a_name_speaks_for_the_winner():
    assert lines(claim("2020-01-10 Town captured by iraq from is", said_by="the army"))[-1] == (
        "town claimed iraq/is 2020-01-10.."
    )


def test_a_speaker_may_be_given_a_side_like_a_publisher():
    said = claim("2020-01-10 Town captured by is", said_by="Amaq")
    assert lines(said) == ["town controlled is 2020-01-10.."]
    assert lines(said, publishers={"Amaq": "is"}) == ["town claimed is 2020-01-10.."]


@pytest.mark.parametrize("on", [True, False])
def test_the_garbage_collector_is_left_as_it_was_found(on):
    before = gc.isenabled()
    try:
        (gc.enable if on else gc.disable)()
        fold("2017-11-17 Rawa captured by iraq")
        assert gc.isenabled() is on
    finally:
        (gc.enable if before else gc.disable)()


def test_checkpoints_may_be_sentences_with_or_without_columns_beside_them(tmp_path):
    path = tmp_path / "checkpoints.tsv"
    path.write_text(
        "on 2017-11-18 Rawa is held by Iraq\ndate\tplace\tstatus\tactor\n2017-11-18\tHit\theld\tiraq\n"
        "On 2017-01-01 al-Qaim is contested.\non 2017-02-30 Rawa is held by Iraq\n"
    )
    points, issues = read_checkpoints(path)
    assert [(str(p.day), p.place, p.status, p.actor, p.line) for p in points] == [
        ("2017-11-18", "Rawa", "held", "Iraq", 1),
        ("2017-11-18", "Hit", "held", "iraq", 3),
        ("2017-01-01", "al-Qaim", "contested", "", 4),
    ]
    assert [i.line for i in issues] == [5]


def test_a_checkpoint_may_call_a_place_as_the_claims_do_and_without_its_accents(tmp_path):
    place = Place(id=PlaceId("x:1"), name="Rufā‘ah", lat=14.8, lon=33.4, country="SD", names=("Saint-Lô",))
    period = Period(
        place_id=place.id,
        status=Status.CONTROLLED,
        actor_id=ActorId("rsf"),
        start=date(2024, 1, 1),
        start_latest=date(2024, 1, 1),
    )
    said = replace(claim("2024-01-01 Rufaa captured by rsf"), place_id=place.id)
    path = tmp_path / "checkpoints.tsv"
    lines = ["Rufaa", "saint lo", "Rufa'a"]
    path.write_text("".join(f"2024-02-01\t{name}\tcontrolled\trsf\n" for name in lines), encoding="utf-8")
    points, _ = read_checkpoints(path)
    failed = check(Timeline(periods=(period,)), points, {place.id: place}, {}, [said])
    assert [issue.value for issue in failed] == ["Rufa'a"]
