"""Laws of the fold: they hold for any claims, in any order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from notation import claim, shown

from mapper.model import Actor, ActorId, ClaimId, Modality, Place, PlaceId, stable_id
from mapper.timeline import build_timeline
from mapper.timeline.build import known_on

ACTORS = {
    ActorId(i): Actor(id=ActorId(i), name=n, side=s)
    for i, n, s in (("a", "Army", "state"), ("b", "Rebels", ""), ("c", "Militia", "state"), ("d", "Band", ""))
}
PUBLISHERS = {"state-tv": "state", "rebel-radio": "b", "wire": "neutral"}
PLACES = {
    PlaceId(i): Place(id=PlaceId(i), name=i.title(), lat=0, lon=0, feature_class="A" if i == "land" else "P")
    for i in ("x", "y", "land")
}

days = st.dates(date(2020, 1, 1), date(2020, 3, 20))
whens = st.one_of(
    days.map(str),
    days.map(str),
    days.map(lambda day: f"{day:%Y-%m}"),
    st.just("2020"),
    st.tuples(days, st.integers(1, 40)).map(lambda t: f"{t[0]}/{t[0] + timedelta(days=t[1])}"),
    days.map(lambda day: f"/{day}"),
    days.map(lambda day: f"{day}/.."),
    st.just("?"),
)
parties = st.sampled_from(["a", "b", "c", "d"])


@st.composite
def claims_of(draw, places=("X", "Y", "Land")):
    verb = draw(
        st.sampled_from(
            [
                "captured",
                "captured",
                "holds",
                "contested",
                "besieged",
                "siege_lifted",
                "presence",
                "lost",
                "withdrew",
                "transferred",
                "denied",
            ]
        )
    )
    actor, other = draw(parties), draw(st.one_of(st.just(""), parties))
    part = "part of " if draw(st.integers(0, 5)) == 0 else ""
    line = f"{draw(whens)} {part}{draw(st.sampled_from(places))} {verb} by {actor}" + (
        f" from {other}" if other else ""
    )
    return claim(
        line,
        publisher=draw(st.sampled_from(["", "wire", "daily", "state-tv", "rebel-radio"])),
        said_by=draw(st.sampled_from(["", "", "", "a", "Rebels", "a monitor"])),
        published=draw(st.one_of(st.none(), days)),
        confidence=draw(st.sampled_from([0.5, 0.9])),
        implies=("last_in:land",) if draw(st.integers(0, 9)) == 0 else (),
        article=draw(st.sampled_from(["one", "two"])),
        review=draw(st.sampled_from(["", "", "", "", "ok", "wrong"])),
    )


bundles = st.lists(claims_of(), max_size=12, unique_by=lambda c: c.id)
numbers = st.fixed_dictionaries(
    {
        "window_days": st.sampled_from([0, 3, 7]),
        "stale_days": st.sampled_from([0, 0, 20]),
        "contest_days": st.sampled_from([10, 60]),
        "confirm": st.sampled_from([1, 2, 3]),
    }
)


def containing(place_id):
    return () if place_id == "land" else (PlaceId("land"),)


def fold(claims, **policy):
    return build_timeline(claims, PLACES, actors=ACTORS, publishers=PUBLISHERS, containing=containing, **policy)


@given(bundles, numbers, st.randoms(use_true_random=False))
@settings(max_examples=120, deadline=None)
def test_claims_in_any_order_give_the_same_timeline_and_issues(claims, policy, random):
    shuffled = list(claims)
    random.shuffle(shuffled)
    assert fold(shuffled, **policy) == fold(claims, **policy)


@given(bundles, numbers)
@settings(max_examples=120, deadline=None)
def test_periods_of_a_place_are_disjoint_in_order_and_touching_ones_differ(claims, policy):
    timeline, _ = fold(claims, **policy)
    assert list(timeline.periods) == sorted(timeline.periods, key=lambda p: (p.place_id, p.start))
    for p in timeline.periods:
        assert p.start <= p.start_latest
        assert p.end is None or p.start_latest < p.end
    for one, two in pairwise(timeline.periods):
        if one.place_id != two.place_id:
            continue
        assert one.end is not None
        assert one.end <= two.start
        if one.end == two.start:
            assert (one.status, one.actor_id, one.other_id, one.basis) != (
                two.status,
                two.actor_id,
                two.other_id,
                two.basis,
            )


@given(bundles, numbers)
@settings(max_examples=120, deadline=None)
def test_every_claim_is_in_a_period_or_named_by_an_issue(claims, policy):
    timeline, issues = fold(claims, **policy)
    used = {i for p in timeline.periods for i in p.claim_ids}
    reported = {issue.value for issue in issues}
    assert {c.id for c in claims} <= used | reported
    assert used <= {c.id for c in claims}


@given(bundles, claims_of(places=("Y",)))
@settings(max_examples=120, deadline=None)
def test_a_claim_about_one_place_changes_no_other_place(claims, extra):
    extra = replace(extra, implies=())
    if extra.id in {c.id for c in claims}:
        return
    before, _ = fold(claims)
    after, _ = fold([*claims, extra])
    assert [p for p in before.periods if p.place_id != "y"] == [p for p in after.periods if p.place_id != "y"]


@given(bundles, numbers)
@settings(max_examples=120, deadline=None)
def test_as_of_the_last_publication_is_the_whole(claims, policy):
    known = [day for c in claims if (day := known_on(c)) is not None]
    if known:
        assert fold(claims, as_of=max(known), **policy) == fold(claims, **policy)


@given(bundles, days)
@settings(max_examples=120, deadline=None)
def test_as_of_a_day_uses_only_what_was_known_by_then(claims, day):
    early = [c for c in claims if (known := known_on(c)) is None or known <= day]
    assert fold(claims, as_of=day)[0] == fold(early)[0]


@given(bundles, numbers, st.integers(0, 11))
@settings(max_examples=120, deadline=None)
def test_a_publisher_that_repeats_itself_changes_nothing(claims, policy, index):
    claims = [c for c in claims if c.source.publisher]
    if not claims:
        return
    said = claims[index % len(claims)]
    again = replace(said, id=ClaimId(stable_id("again", said.id)))
    one, _ = fold(claims, **policy)
    two, _ = fold([*claims, again], **policy)
    assert shown(one) == shown(two)
    assert [replace(p, claim_ids=()) for p in one.periods] == [replace(p, claim_ids=()) for p in two.periods]


@given(bundles)
@settings(max_examples=120, deadline=None)
def test_what_is_planned_never_reaches_the_map(claims):
    planned = [replace(c, modality=Modality.PLANNED) for c in claims]
    timeline, issues = fold(planned)
    assert timeline.periods == ()
    assert {i.value for i in issues} >= {c.id for c in claims}
