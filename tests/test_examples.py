"""The flagship example: every row readable and honest about its source, every checkpoint kept, text and table agree."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from mapper.actors import ActorIndex
from mapper.articles import parse_articles
from mapper.config import Config, read_config
from mapper.dates import parse_edtf
from mapper.gazetteer import Gazetteer, normalise
from mapper.model import Actor, ActorId, Claim, Modality, Place, PlaceId, Predicate, Timeline
from mapper.pipeline import read
from mapper.records import Table, read_table
from mapper.timeline import build_timeline, check, read_checkpoints

EXAMPLES = Path(__file__).resolve().parent.parent / "data" / "examples"
FLAGSHIP = EXAMPLES / "isis-2014-2019"
TAKING = {Predicate.CAPTURED, Predicate.TRANSFERRED}


@pytest.fixture(scope="module")
def config() -> Config:
    return read_config(FLAGSHIP / "mapper.toml")


@pytest.fixture(scope="module")
def actors(config: Config) -> dict[ActorId, Actor]:
    return {actor.id: actor for actor in config.actors}


@pytest.fixture(scope="module")
def table(config: Config) -> Table:
    return read_table(FLAGSHIP / "claims.csv", name="claims.csv", actors=config.actors)


@pytest.fixture(scope="module")
def timeline(table: Table, config: Config, actors: dict[ActorId, Actor]) -> Timeline:
    fold = config.fold
    made, _ = build_timeline(
        table.claims,
        table.places,
        window_days=fold.window_days,
        stale_days=fold.stale_days,
        contest_days=fold.contest_days,
        confirm=fold.confirm,
        implied_days=fold.implied_days,
        publishers=config.publishers,
        actors=actors,
    )
    return made


@pytest.fixture(scope="module")
def lines() -> list[dict[str, str]]:
    with (FLAGSHIP / "claims.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_every_row_is_read_without_a_complaint(table: Table, lines: list[dict[str, str]]) -> None:
    assert [i.message for i in table.issues] == []
    assert len(table.claims) + len(table.share_claims) == len(lines)


def test_no_claim_of_ours_is_shown_as_somebodys_words(table: Table, lines: list[dict[str, str]]) -> None:
    assert "quote" not in lines[0], "the compilers' summaries are notes"
    for claim in (*table.claims, *table.share_claims):
        assert claim.quote.text == "", claim
        assert claim.note, claim


def test_it_has_the_size_the_documentation_says(table: Table, lines: list[dict[str, str]]) -> None:
    changes = [c for c in table.claims if c.predicate is not Predicate.HOLDS]
    assert len(changes) >= 300
    assert sum(bool(row["url"]) for row in lines) >= 150
    assert len(table.share_claims) >= 5
    assert {row["country"] for row in lines} == {"IQ", "SY", ""}


def test_a_row_has_a_page_or_says_that_it_has_none(lines: list[dict[str, str]]) -> None:
    for row in lines:
        if row["url"]:
            assert row["url"].startswith(("http://", "https://")), row
            assert row["publisher"], row
        else:
            assert ". General knowledge" in row["note"], row
            assert not row["publisher"], row
            assert not row["published"], row


def test_dates_are_edtf_inside_the_period_and_published_dates_are_not_before_the_event(
    lines: list[dict[str, str]],
) -> None:
    for row in lines:
        when = parse_edtf(row["date"])
        assert when.earliest is not None, row
        assert date(2013, 12, 31) <= when.earliest <= date(2019, 3, 31), row
        if row["published"]:
            assert date.fromisoformat(row["published"]) >= when.earliest, row


def test_actors_are_in_the_lexicon_and_never_on_both_sides(
    lines: list[dict[str, str]], actors: dict[ActorId, Actor]
) -> None:
    for row in lines:
        for name in (row["actor"], row["other"]):
            assert not name or ActorId(name) in actors, row
        assert row["actor"] != row["other"], row
        if row["predicate"] in ("captured", "contested", "besieged", "transferred"):
            assert row["actor"], row
            assert row["other"], row


def test_no_row_is_repeated(lines: list[dict[str, str]]) -> None:
    seen = Counter((r["date"], r["place"], r["predicate"], r["actor"], r["url"], r["share"]) for r in lines)
    assert [key for key, count in seen.items() if count > 1] == []


def test_coordinates_are_those_of_the_gazetteer_where_it_knows_the_place(table: Table) -> None:
    gazetteer = Gazetteer.open()
    far, known = [], 0
    for place in table.places.values():
        if place.lat != place.lat:
            continue
        named = [
            (other, km)
            for other, km in gazetteer.nearest(place.lat, place.lon, k=3)
            if normalise(place.name) in {normalise(n) for n in (other.name, *other.names)}
        ]
        known += bool(named)
        candidates = gazetteer.candidates(place.name, countries=(place.country,))
        same = [c.place for c in candidates if c.place.country == place.country and c.place.feature_class == "P"]
        if same and not named and min(_km(place, s) for s in same) > 20:
            far.append((place.name, round(min(_km(place, s) for s in same))))
    assert known >= 60
    assert far == []


def _km(one: Place, two: Place) -> float:
    return ((one.lat - two.lat) ** 2 + ((one.lon - two.lon) * 0.83) ** 2) ** 0.5 * 111.2


def test_every_checkpoint_holds(table: Table, timeline: Timeline, actors: dict[ActorId, Actor]) -> None:
    points, bad = read_checkpoints(FLAGSHIP / "checkpoints.tsv")
    assert bad == ()
    assert len(points) >= 60
    assert [issue.message for issue in check(timeline, points, table.places, actors)] == []


def test_a_checkpoint_that_is_wrong_is_found(
    table: Table, timeline: Timeline, actors: dict[ActorId, Actor], tmp_path: Path
) -> None:
    path = tmp_path / "wrong.tsv"
    path.write_text("date\tplace\tstatus\tactor\n2017-11-18\tRawa\tcontrolled\tis\n", encoding="utf-8")
    points, _ = read_checkpoints(path)
    assert len(check(timeline, points, table.places, actors)) == 1


def test_no_place_is_held_by_two_sides_on_one_day(timeline: Timeline) -> None:
    by_place: dict[PlaceId, list[tuple[date, date | None]]] = {}
    for period in timeline.periods:
        by_place.setdefault(period.place_id, []).append((period.start, period.end))
    for spans in by_place.values():
        for (_, end), (start, _) in pairwise(spans):
            assert end is not None
            assert end <= start


def test_the_story_of_three_towns_reads_as_history_has_it(table: Table, timeline: Timeline) -> None:
    def story(name: str) -> list[tuple[str, str, str]]:
        place_id = next(i for i, p in table.places.items() if p.name == name)
        return [(str(p.start), str(p.status), p.actor_id) for p in timeline.of(place_id)]

    assert story("Palmyra") == [
        ("2013-12-31", "controlled", "syria"),
        ("2015-05-20", "controlled", "is"),
        ("2016-03-27", "controlled", "syria"),
        ("2016-12-11", "controlled", "is"),
        ("2017-03-02", "controlled", "syria"),
    ]
    assert story("Albu Kamal")[-3:] == [
        ("2017-11-09", "controlled", "syria"),
        ("2017-11-11", "controlled", "is"),
        ("2017-11-19", "controlled", "syria"),
    ]
    assert story("Rawa") == [
        ("2013-12-31", "controlled", "iraq"),
        ("2014-06-21", "controlled", "is"),
        ("2017-10-28", "contested", "is"),
        ("2017-11-17", "controlled", "iraq"),
    ]


@pytest.fixture(scope="module")
def told(config: Config) -> list[tuple[Claim, Place]]:
    """Claims of the example's articles with a day, a place and a taker."""
    gazetteer, index = Gazetteer.open(), ActorIndex(config.actors)
    found = []
    for path in sorted((FLAGSHIP / "articles").glob("*.txt")):
        for article in parse_articles(path.read_text(encoding="utf-8"), name=path.name, kind=".txt"):
            reading = read(article, gazetteer, index)
            for claim in reading.found.claims:
                place = reading.places.get(claim.place_id)
                if place is not None and claim.modality.mapped and claim.predicate in TAKING and claim.actor_id:
                    found.append((claim, place))
    return found


def test_articles_and_table_tell_the_same(told: list[tuple[Claim, Place]], table: Table) -> None:
    assert len(told) >= 15, [c.quote.text for c, _ in told]
    odd = []
    for claim, place in told:
        near = [i for i, p in table.places.items() if p.lat == p.lat and _km(p, place) < 10]
        same = [
            t
            for t in table.claims
            if t.place_id in near and t.actor_id == claim.actor_id and t.predicate in TAKING and _within(claim, t)
        ]
        if not same:
            odd.append((place.name, claim.actor_id, claim.when.edtf, claim.quote.text))
    assert odd == []


def _within(claim: Claim, row: Claim) -> bool:
    """The dates of both may be the same day: half-open intervals that meet or miss by a day."""
    if claim.when.earliest is None or row.when.earliest is None or row.when.latest is None:
        return claim.when.earliest is None
    latest = claim.when.latest or date.max
    slack = timedelta(days=1)
    return claim.when.earliest <= row.when.latest and row.when.earliest - slack <= latest


def test_what_the_articles_plan_is_not_told_as_done(told: list[tuple[Claim, Place]]) -> None:
    assert all(claim.modality in (Modality.ASSERTED, Modality.ATTRIBUTED) for claim, _ in told)
    assert not [c.quote.text for c, p in told if "Mosul" in p.name and c.actor_id == "iraq"]


def test_no_town_of_the_table_is_another_one_of_the_gazetteer_too(table: Table) -> None:
    gazetteer = Gazetteer.open()
    twins = []
    for place in table.places.values():
        for candidate in gazetteer.candidates(place.name, countries={place.country}):
            other = candidate.place
            far = abs(other.lat - place.lat) + abs(other.lon - place.lon)
            if candidate.tier in ("user", "exact") and not other.is_region and 0.1 < far < 1.5:
                twins.append((place.name, place.lat, place.lon, other.id, other.lat, other.lon))
    assert twins == []
