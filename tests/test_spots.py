"""Which rows of tables mean one place: the set of their points decides, not the order of rows or tables."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations

import pytest

from mapper.config import default_config
from mapper.gazetteer import Gazetteer
from mapper.model import Claim, Place, PlaceId
from mapper.pipeline import Given, settle
from mapper.records import Table, read_table
from mapper.spots import heads

HEAD = "id,date,place,lat,lon,country,predicate,actor\n"


def table(*rows: str) -> Table:
    text = HEAD + "".join(f"{row.split(',', 1)[0]},2020-01-01,{row.split(',', 1)[1]},holds,is\n" for row in rows)
    return read_table(io.StringIO(text), name="t.csv", actors=default_config().actors)


def where(claims: tuple[Claim, ...], places: Mapping[PlaceId, Place]) -> dict[str, tuple[float, float] | None]:
    """Of each claim the point of its place, None for one that has none."""
    assert {claim.place_id for claim in claims} <= {"", *places}
    return {
        claim.id: (places[claim.place_id].lat, places[claim.place_id].lon) if claim.place_id else None
        for claim in claims
    }


def told(*tables: Table) -> tuple[dict[str, tuple[float, float] | None], list[tuple[str, str]]]:
    given = Given.of(tables)
    return where(given.claims, given.places), [(i.code, i.value) for i in given.issues]


TWO = ("a,Zzyzx,10.0,30.0,", "b,Zzyzx,20.0,40.0,")


def test_a_row_without_a_point_that_may_be_either_of_two_places_is_reported_in_every_order() -> None:
    for rows in permutations((*TWO, "c,Zzyzx,,,")):
        found = table(*rows)
        assert where(found.claims, found.places) == {"a": (10.0, 30.0), "b": (20.0, 40.0), "c": None}
        (issue,) = found.issues
        assert (issue.level, issue.code, issue.value, issue.file) == ("error", "place-ambiguous", "Zzyzx", "t.csv")
        assert "10.0, 30.0" in issue.message
        assert "give its lat and lon" in issue.message


def test_a_row_without_a_point_is_where_the_only_other_row_of_its_name_is() -> None:
    for rows in permutations(("a,Zzyzx,10.0,30.0,", "b,ZZYZX,10.01,30.0,", "c,Zzyzx,,,", "d,Zzyzx,,,IQ")):
        found = table(*rows)
        assert set(where(found.claims, found.places).values()) == {(10.0, 30.0)}
        assert set(found.places) == {"table:zzyzx"}
        assert not found.issues


def test_the_country_of_a_row_without_a_point_chooses_between_places_of_its_name() -> None:
    for rows in permutations(("a,Zzyzx,10.0,30.0,SD", "b,Zzyzx,20.0,40.0,SA", "c,Zzyzx,,,SA")):
        found = table(*rows)
        assert where(found.claims, found.places)["c"] == (20.0, 40.0)
        assert not found.issues


def test_points_in_a_chain_are_the_same_places_in_every_order() -> None:
    chain = [f"{n},Zzyzx,{10 + 0.02 * n:.2f},30.0," for n in range(5)]
    expected = where(table(*chain).claims, table(*chain).places)
    assert len(set(expected.values())) == 3
    for rows in permutations(chain):
        found = table(*rows)
        assert where(found.claims, found.places) == expected
        assert set(found.places) == set(table(*chain).places)


def test_a_row_without_a_point_in_one_table_and_two_places_of_its_name_in_another_is_reported() -> None:
    both, lone = table(*TWO), table("c,Zzyzx,,,")
    expected = ({"a": (10.0, 30.0), "b": (20.0, 40.0), "c": None}, [("place-ambiguous", "Zzyzx")])
    assert told(both, lone) == told(lone, both) == expected
    assert told(table(TWO[0]), table(TWO[1]), lone) == expected


def test_two_countries_places_without_points_stay_two_and_each_has_an_entry() -> None:
    one, other = table("a,Tripoli,,,LY"), table("b,Tripoli,,,LB")
    for tables in ((one, other), (other, one)):
        given = settle(Given.of(tables), Gazetteer.open(), default_config().theatre)
        countries = {claim.id: given.places[claim.place_id].country for claim in given.claims}
        assert countries == {"a": "LY", "b": "LB"}


def test_the_last_town_held_in_a_place_is_in_that_place_when_it_gets_the_gazetteers_id() -> None:
    given = Given.of([table("a,Rawa,34.4778,41.917,IQ", "b,Zzyzx,,,IQ", "c,Hit,33.64,42.82,IQ")])
    named = {claim.id: claim.place_id for claim in given.claims}
    implied = (f"last_in:{named['a']}", f"last_in:{named['b']}", "holder_before")
    given = replace(given, claims=tuple(replace(c, implies=implied if c.id == "c" else ()) for c in given.claims))
    found = {claim.id: claim for claim in settle(given, Gazetteer.open(), default_config().theatre).claims}
    assert found["a"].place_id.startswith("geonames:")
    assert found["b"].place_id == "", "nobody knows it"
    assert found["c"].implies == (f"last_in:{found['a'].place_id}", "holder_before")


def test_a_town_and_a_province_of_one_name_are_two() -> None:
    text = (
        "date,place,lat,lon,country,predicate,actor,share\n2020-01-01,Zzyzx,10.0,30.0,IQ,holds,is,\n"
        "2020-01-01,Zzyzx,,,IQ,holds,is,40%\n"
    )
    found = read_table(io.StringIO(text), name="t.csv", actors=default_config().actors)
    (claim,), (share,) = found.claims, found.share_claims
    assert claim.place_id != share.region[0]
    assert not found.places[claim.place_id].is_region
    assert found.places[share.region[0]].is_region


@pytest.mark.parametrize("points", [[(0.0, 179.99), (0.0, -179.99)], [(89.9, 0.0), (89.9, 0.5)]])
def test_points_across_the_date_line_and_near_a_pole_are_one_place(points: list[tuple[float, float]]) -> None:
    assert set(heads(points).values()) == {min(points)}


def test_rows_a_little_apart_that_contradict_each_other_are_reported() -> None:
    text = (
        "date,place,lat,lon,predicate,actor\n2020-01-01,Zzyzx,10.0,30.0,holds,is\n"
        "2020-01-01,Zzyzx,10.01,30.0,holds,iraq\n"
    )
    found = read_table(io.StringIO(text), name="t.csv", actors=default_config().actors)
    assert [(i.code, i.line, i.value) for i in found.issues] == [("rows-contradict", 3, "table:zzyzx")]


def test_a_panel_whose_points_jitter_is_one_place() -> None:
    text = "place,lat,lon,date,actor\nZzyzx,10.0,30.0,2020-01-01,is\nZzyzx,10.01,30.0,2020-01-02,is\n"
    found = read_table(io.StringIO(text), name="t.csv", dialect="panel", actors=default_config().actors)
    (period,) = found.periods
    assert (period.place_id, period.start.isoformat(), str(period.end)) == ("table:zzyzx", "2020-01-01", "2020-01-03")
