"""Territory from timeline to square kilometres: what a claim colours, what it does not, and how it is counted."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import orjson
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.areas import (
    actor_km2,
    area_rows,
    area_series,
    areas_by_actor,
    backdrop,
    basemap,
    build_territory,
    cell_polygons,
    chart,
    chart_svg,
    diff_rows,
    dissolve,
    share_checks,
)
from mapper.areas.backdrop import barriers
from mapper.areas.inference import infer_periods
from mapper.areas.projection import LocalProjection
from mapper.areas.spread import filled, layered, succession
from mapper.gazetteer import Gazetteer
from mapper.model import (
    ActorId,
    ArticleId,
    Basis,
    Claim,
    ClaimId,
    Extent,
    Period,
    Place,
    PlaceId,
    Predicate,
    Quote,
    ShareClaim,
    Source,
    Status,
    Territory,
    Timeline,
    When,
)

IRAQ, SYRIA, NINAWA, ANBAR, DEIR_EZZOR = (PlaceId(f"geonames:{n}") for n in (99237, 163843, 92877, 99592, 170792))


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def town(name: str, lat: float, lon: float, country: str = "IQ") -> Place:
    return Place(id=PlaceId(f"table:{name}"), name=name, lat=lat, lon=lon, country=country)


MOSUL = town("Mosul", 36.335, 43.119)
RAWA = town("Rawa", 34.482, 41.919)
PALMYRA = town("Palmyra", 34.56, 38.267, "SY")
TOWNS = {place.id: place for place in (MOSUL, RAWA, PALMYRA)}


def period(
    place: Place | PlaceId,
    actor: str,
    start: str,
    end: str | None = None,
    status: Status = Status.CONTROLLED,
    **more: object,
) -> Period:
    first = date.fromisoformat(start)
    return Period(
        place_id=place.id if isinstance(place, Place) else place,
        status=status,
        actor_id=ActorId(actor),
        start=first,
        start_latest=more.pop("latest", first),  # type: ignore[arg-type]
        end=None if end is None else date.fromisoformat(end),
        **more,  # type: ignore[arg-type]
    )


def timeline(*periods: Period) -> Timeline:
    return Timeline(periods=tuple(sorted(periods, key=lambda p: (p.place_id, p.start))))


def cell(territory: Territory, place_id: PlaceId) -> int:
    return territory.cell_place.index(place_id)


DAY = date(2015, 1, 1)


@pytest.fixture(scope="module")
def caliphate(gazetteer: Gazetteer) -> Territory:
    return build_territory(
        timeline(
            period(MOSUL, "iraq", "2014-01-01", "2014-06-10"),
            period(MOSUL, "is", "2014-06-10", "2017-07-10"),
            period(MOSUL, "iraq", "2017-07-10"),
            period(RAWA, "is", "2014-06-21", "2017-11-17"),
            period(PALMYRA, "syria", "2014-01-01", "2015-05-20"),
            period(PALMYRA, "is", "2015-05-20", "2016-03-27", status=Status.CONTESTED, other_id=ActorId("syria")),
        ),
        TOWNS,
        gazetteer,
    )


def test_the_theatre_is_the_countries_of_the_claimed_places(caliphate: Territory) -> None:
    assert caliphate.countries == ("IQ", "SY")
    assert caliphate.face_km2.sum() == pytest.approx(438_000 + 186_000, rel=0.02)
    assert set(caliphate.cell_country) == {"IQ", "SY"}


def test_a_claim_colours_its_own_cell_and_not_a_third_of_the_country(caliphate: Territory) -> None:
    areas = areas_by_actor(caliphate, DAY)
    low, likely, possible = areas[Status.CONTROLLED, ActorId("is")]
    assert 0 < low < likely == possible < 2 * np.pi * 40**2
    assert (Status.CONTROLLED, ActorId("iraq")) not in areas  # nobody said so of that day


def test_a_claim_about_a_city_colours_its_quarters_too(caliphate: Territory, gazetteer: Gazetteer) -> None:
    # GeoNames has a second Mosul a kilometre away, and the hand-made places its halves: none of them cuts the city
    assert caliphate.face_km2[caliphate.face_cell == cell(caliphate, MOSUL.id)].sum() > 150
    quarters = {p.id for p in gazetteer.populated_places(("IQ",)) if p.name in ("East Mosul", "Old City of Mosul")}
    assert len(quarters) == 2
    assert not quarters & set(caliphate.cell_place)


def test_a_quarter_with_claims_of_its_own_keeps_its_cell_until_the_city_is_taken(gazetteer: Gazetteer) -> None:
    (east,) = (p for p in gazetteer.populated_places(("IQ",)) if p.name == "East Mosul")
    (mosul,) = (p for p in gazetteer.populated_places(("IQ",)) if p.name == "Mosul" and p.feature_code == "PPLA")
    near = town("Near", 36.375, 43.119)
    territory = build_territory(
        timeline(
            period(mosul, "is", "2014-06-10", "2017-07-10"),
            period(mosul, "iraq", "2017-07-10"),
            period(east, "turkey", "2017-01-24"),  # not true: so that it is nobody else's
            period(near, "peshmerga", "2014-01-01"),
        ),
        {p.id: p for p in (east, mosul, near)},
        gazetteer,
    )
    spans = [(str(p.actor_id), p.start.isoformat(), p.basis) for p in territory.cell_periods[cell(territory, east.id)]]
    assert spans == [
        ("is", "2014-06-10", Basis.REGION),
        ("turkey", "2017-01-24", Basis.STATED),
        ("iraq", "2017-07-10", Basis.REGION),
    ]
    # a town four kilometres away is no quarter
    assert [str(p.actor_id) for p in territory.cell_periods[cell(territory, near.id)]] == ["peshmerga"]


def test_nothing_is_coloured_beyond_reach(caliphate: Territory) -> None:
    shape = cell_polygons(caliphate)[cell(caliphate, RAWA.id)]
    corners = shapely.get_coordinates(shape)
    north = (corners[:, 1] - RAWA.lat) * 111.0
    east = (corners[:, 0] - RAWA.lon) * 111.3 * np.cos(np.radians(RAWA.lat))
    assert np.hypot(north, east).max() < 40.5


def test_dissolved_areas_and_the_rest_are_the_theatre(caliphate: Territory) -> None:
    for day in (date(2014, 3, 1), DAY, date(2015, 6, 1), date(2018, 1, 1)):
        areas = dissolve(caliphate, day, unclaimed=True)
        assert sum(a.km2 for a in areas) == pytest.approx(caliphate.face_km2.sum(), rel=1e-9)
        assert all(a.geometry.is_valid for a in areas)
        union = shapely.union_all([a.geometry for a in areas])
        assert sum(a.geometry.area for a in areas) == pytest.approx(union.area, rel=1e-9)
    assert [a.actor_id for a in dissolve(caliphate, DAY) if not a.presumed] == ["is", "syria"]


def test_the_series_is_what_each_day_gives_alone(caliphate: Territory) -> None:
    series = area_series(caliphate)
    for day in (*series.days, *(d + timedelta(days=40) for d in series.days)):
        alone, summed = areas_by_actor(caliphate, day), series.at(day)
        assert set(alone) == set(summed)
        for key, interval in alone.items():
            assert summed[key] == pytest.approx(interval, abs=1e-3)


def test_contested_land_counts_for_both_and_is_certain_for_none(caliphate: Territory) -> None:
    areas = areas_by_actor(caliphate, date(2015, 6, 1))
    assert areas[Status.CONTESTED, ActorId("is")] == areas[Status.CONTESTED, ActorId("syria")]
    low, likely, possible = areas[Status.CONTESTED, ActorId("syria")]
    assert low == 0
    assert likely == pytest.approx(possible / 2)


def test_an_uncertain_start_is_not_certain_until_its_last_day(gazetteer: Gazetteer) -> None:
    known = build_territory(
        timeline(period(MOSUL, "iraq", "2017-07-01", latest=date(2017, 7, 31))), TOWNS, gazetteer, countries=("IQ",)
    )
    early = areas_by_actor(known, date(2017, 7, 10))[Status.CONTROLLED, ActorId("iraq")]
    late = areas_by_actor(known, date(2017, 7, 31))[Status.CONTROLLED, ActorId("iraq")]
    assert early[0] == 0 < late[0]
    assert early[1:] == late[1:]


def test_what_moved_between_two_days_is_named(caliphate: Territory) -> None:
    history = timeline(period(MOSUL, "iraq", "2014-01-01", "2014-06-10"), period(MOSUL, "is", "2014-06-10"))
    rows = diff_rows(history, caliphate, TOWNS, date(2014, 6, 1), DAY)
    assert [(r["place"], r["from_actor"], r["to_actor"], r["date"]) for r in rows] == [
        ("Mosul", "iraq", "is", "2014-06-10")
    ]
    assert rows[0]["km2"] > 100


def test_rows_and_chart_tell_the_same_story(caliphate: Territory) -> None:
    rows = area_rows(caliphate, every="year")
    assert next(r["date"] for r in rows if r["actor_id"] == "is") == "2015-01-01"
    assert all(r["low_km2"] <= r["km2"] <= r["high_km2"] for r in rows)
    assert area_rows(caliphate, at=date(1990, 1, 1)) == []
    svg = chart_svg(caliphate, {}, title="<Area & time>")
    assert svg.startswith("<svg")
    assert "&lt;Area &amp; time&gt;" in svg
    assert svg.count("<path") > 6


# Regions ------------------------------------------------------------------------------------------------------------


def test_a_province_claim_covers_its_cells_and_yields_to_the_towns_own(gazetteer: Gazetteer) -> None:
    places = TOWNS | {NINAWA: gazetteer.get(NINAWA)}
    land = build_territory(
        timeline(period(NINAWA, "is", "2014-06-15"), period(MOSUL, "iraq", "2017-07-10")),
        places,
        gazetteer,
        countries=("IQ",),
    )
    inside = set(land.region_cells[NINAWA].tolist())
    assert len(inside) > 5
    mosul = cell(land, MOSUL.id)
    assert mosul in inside
    for number, periods in enumerate(land.cell_periods):
        assert bool(periods) == (number in inside)
        if periods and number != mosul:
            assert [(p.actor_id, p.basis, p.place_id) for p in periods] == [("is", Basis.REGION, NINAWA)]
    own = land.cell_periods[mosul]
    assert [(p.actor_id, p.basis) for p in own] == [("is", Basis.REGION), ("iraq", Basis.STATED)]
    assert own[0].end == own[1].start


def test_part_of_a_province_is_only_possible_and_follows_the_river_it_names(gazetteer: Gazetteer) -> None:
    said = period(ANBAR, "is", "2017-11-01", status=Status.PARTIAL, claim_ids=(ClaimId("c1"),))
    claim = Claim(
        id=ClaimId("c1"),
        place_id=ANBAR,
        place_text="Anbar",
        predicate=Predicate.HOLDS,
        extent=Extent.PART,
        extent_wording="about thirty hamlets on both banks of the Euphrates",
        quote=Quote(article_id=ArticleId("a"), start=0, end=0, text=""),
        source=Source(article_id=ArticleId("a")),
    )
    places = {ANBAR: gazetteer.get(ANBAR)}
    everywhere = build_territory(timeline(said), places, gazetteer, countries=("IQ",))
    along = build_territory(timeline(said), places, gazetteer, countries=("IQ",), claims=[claim])
    coloured = [sum(map(bool, land.cell_periods)) for land in (everywhere, along)]
    assert 0 < coloured[1] < coloured[0]
    low, likely, possible = areas_by_actor(along, date(2017, 11, 17))[Status.PARTIAL, ActorId("is")]
    assert (low, likely) == (0, 0) < (possible, possible)


def test_fighting_somewhere_in_a_country_colours_nothing(gazetteer: Gazetteer) -> None:
    said = period(IRAQ, "is", "2017-11-01", status=Status.CONTESTED)
    land = build_territory(timeline(said), {IRAQ: gazetteer.get(IRAQ)}, gazetteer, countries=("IQ",))
    assert not any(land.cell_periods)


def test_a_country_claim_covers_the_country(gazetteer: Gazetteer) -> None:
    land = build_territory(
        timeline(period(IRAQ, "iraq", "2017-12-09")), {IRAQ: gazetteer.get(IRAQ)}, gazetteer, countries=("IQ", "SY")
    )
    assert {c for c, p in zip(land.cell_country, land.cell_periods, strict=True) if p} == {"IQ"}
    assert all(p for c, p in zip(land.cell_country, land.cell_periods, strict=True) if c == "IQ")


# Theatre ------------------------------------------------------------------------------------------------------------


def test_a_country_named_once_among_many_places_is_not_the_theatre(gazetteer: Gazetteer) -> None:
    others = [town(f"t{n}", 33.0 + n / 10, 44.0) for n in range(6)]
    amman = town("Amman", 31.95, 35.93, "JO")
    periods = [period(p, "iraq", "2017-01-01") for p in (*others, amman)]
    land = build_territory(timeline(*periods), {p.id: p for p in (*others, amman)}, gazetteer)
    assert land.countries == ("IQ",)


def test_a_box_cuts_the_theatre(gazetteer: Gazetteer) -> None:
    land = build_territory(timeline(period(RAWA, "is", "2014-06-21")), TOWNS, gazetteer, box=(40.0, 33.0, 44.0, 36.0))
    west, south, east, north = land.bounds
    assert (west, south, east, north) == pytest.approx((40.0, 33.0, 44.0, 36.0), abs=0.01)


def test_a_place_from_a_table_takes_the_cell_of_the_same_town(gazetteer: Gazetteer) -> None:
    land = build_territory(timeline(period(MOSUL, "is", "2014-06-10")), TOWNS, gazetteer, countries=("IQ",))
    assert MOSUL.id in land.cell_place
    assert "geonames:99072" not in land.cell_place  # the gazetteer's Mosul


def test_two_ids_of_one_town_share_a_cell_and_its_history(gazetteer: Gazetteer) -> None:
    mosul = gazetteer.get(PlaceId("geonames:99072"))
    assert mosul is not None
    near = Place(id=PlaceId("table:x"), name=mosul.name, lat=mosul.lat + 0.01, lon=mosul.lon, country="IQ")
    land = build_territory(
        timeline(period(mosul, "is", "2014-06-10"), period(near, "iraq", "2017-07-10")),
        {mosul.id: mosul, near.id: near},
        gazetteer,
        countries=("IQ",),
    )
    (found,) = [p for p in land.cell_periods if p]
    assert [(p.actor_id, p.end) for p in found] == [("is", date(2017, 7, 10)), ("iraq", None)]


def test_crimea_is_in_the_theatre_of_ukraine_by_default(gazetteer: Gazetteer) -> None:
    yalta = town("Yalta", 44.4952, 34.1663, "UA")
    land = build_territory(timeline(period(yalta, "russia", "2014-03-18")), {yalta.id: yalta}, gazetteer)
    assert land.countries == ("UA",)
    assert land.bounds[1] < 44.6
    assert areas_by_actor(land, DAY)[Status.CONTROLLED, ActorId("russia")][1] > 5


def test_fiji_lies_across_the_antimeridian(gazetteer: Gazetteer) -> None:
    suva = town("Suva", -18.1416, 178.4415, "FJ")
    land = build_territory(timeline(period(suva, "a", "2000-05-19")), {suva.id: suva}, gazetteer)
    assert land.bounds[0] > 0 > land.bounds[2]  # west is greater than east
    assert 17_500 < land.face_km2.sum() < 19_500
    assert all(a.geometry.is_valid for a in dissolve(land, date(2001, 1, 1), unclaimed=True))


def test_no_theatre_gives_an_empty_territory(gazetteer: Gazetteer) -> None:
    land = build_territory(Timeline(), {}, gazetteer)
    assert land.cell_place == ()
    assert areas_by_actor(land, DAY) == {}
    assert dissolve(land, DAY) == []
    assert area_rows(land) == []


# Layers of periods ---------------------------------------------------------------------------------------------------

DAYS = st.integers(0, 60)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Period, ...]:
    """Disjoint periods of one place."""
    marks = sorted(draw(st.sets(DAYS, min_size=2, max_size=8)))
    out = []
    for start, end in zip(marks[::2], marks[1::2], strict=False):
        basis = draw(st.sampled_from([Basis.STATED, Basis.STATED, Basis.STALE]))
        last = None if draw(st.booleans()) and end == marks[-1] else DAY + timedelta(days=end)
        first = DAY + timedelta(days=start)
        out.append(
            Period(
                place_id=PlaceId("p"),
                status=draw(st.sampled_from([Status.CONTROLLED, Status.CONTESTED, Status.UNKNOWN])),
                actor_id=ActorId(draw(st.sampled_from("ab"))),
                start=first,
                start_latest=first,
                end=last,
                basis=basis,
            )
        )
    return tuple(out)


def disjoint(periods: tuple[Period, ...]) -> bool:
    return all(a.end is not None and a.end <= b.start for a, b in pairwise(periods))


def at(periods: tuple[Period, ...], number: int) -> Period | None:
    day = DAY + timedelta(days=number)
    return next((p for p in periods if p.covers(day)), None)


def look(period: Period | None) -> tuple[object, ...] | None:
    return None if period is None else (period.status, period.actor_id, period.basis)


@settings(deadline=None)  # a busy machine is no fault
@given(histories(), histories())
def test_a_filled_history_says_something_whenever_either_does(
    first: tuple[Period, ...], second: tuple[Period, ...]
) -> None:
    out = filled(first, second)
    assert disjoint(out)
    for day in range(62):
        own, other = at(first, day), at(second, day)
        firm = own is not None and own.basis is not Basis.STALE and own.status is not Status.UNKNOWN
        expected = own if firm or other is None else other
        assert look(at(out, day)) == look(expected)


@given(st.lists(histories(), min_size=1, max_size=3))
def test_layered_regions_and_successions_are_disjoint_and_lose_no_day(layers: list[tuple[Period, ...]]) -> None:
    for out in (layered(layers), succession(p for layer in layers for p in layer)):
        assert disjoint(out)
        assert all(p.end is None or p.start < p.end for p in out)
        assert all(p.start <= p.start_latest for p in out)
    out = layered(layers)
    for day in range(62):
        spoken = [p for layer in layers if (p := at(layer, day)) is not None]
        assert (at(out, day) is None) == (not spoken) or at(out, day) is None


# Inference ------------------------------------------------------------------------------------------------------------


def line(count: int, step_km: float = 10.0) -> np.ndarray:
    return np.column_stack([np.arange(count) * step_km * 1000.0, np.zeros(count)])


def ids(count: int) -> list[PlaceId]:
    return [PlaceId(str(n)) for n in range(count)]


@pytest.mark.parametrize("model", ["nearest", "smooth"])
def test_unclaimed_cells_take_the_side_around_them_and_say_so(model: str) -> None:
    known: list[tuple[Period, ...]] = [()] * 12
    known[0] = known[2] = (period(PlaceId("0"), "a", "2020-01-01", "2020-06-01", claim_ids=(ClaimId("k"),)),)
    known[9] = known[11] = (period(PlaceId("9"), "b", "2020-01-01"),)
    out = infer_periods(known, line(12), ids(12), model=model, gap_km=60)
    assert [p.actor_id for p in out[1]] == ["a", "b"] or [p.actor_id for p in out[1]] == ["a"]
    assert out[1][0].end == date(2020, 6, 1)
    assert out[1][0].claim_ids == ("k",)
    assert out[10][0].actor_id == "b"
    assert all(p.basis is Basis.INFERRED and p.place_id == str(n) for n, own in enumerate(out) for p in own)


@pytest.mark.parametrize("model", ["nearest", "smooth"])
def test_nothing_is_inferred_across_a_wider_gap(model: str) -> None:
    known: list[tuple[Period, ...]] = [()] * 12
    known[0] = (period(PlaceId("0"), "a", "2020-01-01"),)
    out = infer_periods(known, line(12), ids(12), model=model, gap_km=35)
    assert [bool(own) for own in out] == [False, True, True, True] + [False] * 8


def test_between_two_even_sides_the_smooth_model_says_contested() -> None:
    known: list[tuple[Period, ...]] = [()] * 5
    known[0] = (period(PlaceId("0"), "a", "2020-01-01"),)
    known[4] = (period(PlaceId("4"), "b", "2020-01-01"),)
    (middle,) = infer_periods(known, line(5), ids(5), model="smooth", gap_km=60)[2]
    assert (middle.status, {middle.actor_id, middle.other_id}) == (Status.CONTESTED, {"a", "b"})


def test_a_wide_river_keeps_sides_apart() -> None:
    known: list[tuple[Period, ...]] = [()] * 5
    known[0] = (period(PlaceId("0"), "a", "2020-01-01"),)
    known[4] = (period(PlaceId("4"), "b", "2020-01-01"),)
    river = shapely.LineString([(15_000, -200_000), (15_000, 200_000)])
    (middle,) = infer_periods(known, line(5), ids(5), model="smooth", gap_km=60, water=river)[2]
    assert (middle.status, middle.actor_id) == (Status.CONTROLLED, "b")


def test_the_sea_is_a_barrier_and_the_shore_is_not() -> None:
    odesa, yevpatoria, melitopol, tokmak = (30.73, 46.48), (33.36, 45.19), (35.37, 46.85), (35.71, 47.25)
    lon_lat = np.array([odesa, yevpatoria, melitopol, tokmak])
    projection = LocalProjection.around(lon_lat)
    water = barriers(lon_lat, projection)
    flat = projection.forward(lon_lat)
    over_sea, over_land = shapely.LineString(flat[:2]), shapely.LineString(flat[2:])
    assert shapely.intersects(water, over_sea)
    assert not shapely.intersects(water, over_land)
    assert barriers(lon_lat[:0], projection).is_empty


def test_inferred_land_is_only_possible(gazetteer: Gazetteer) -> None:
    stated = timeline(period(MOSUL, "is", "2014-06-10"))
    plain = build_territory(stated, TOWNS, gazetteer, countries=("IQ",))
    more = build_territory(stated, TOWNS, gazetteer, countries=("IQ",), infer="auto", infer_gap_km=60)
    before = actor_km2(areas_by_actor(plain, DAY), ActorId("is"))
    after = actor_km2(areas_by_actor(more, DAY), ActorId("is"))
    assert after[:2] == pytest.approx(before[:2])
    assert after[2] > 2 * before[2]


def test_the_same_input_gives_the_same_territory(gazetteer: Gazetteer) -> None:
    stated = timeline(period(MOSUL, "is", "2014-06-10"), period(RAWA, "is", "2014-06-21"))
    one, two = (build_territory(stated, TOWNS, gazetteer, countries=("IQ",), infer="auto") for _ in range(2))
    assert one.cell_place == two.cell_place
    assert one.cell_periods == two.cell_periods
    assert one.xy.tobytes() == two.xy.tobytes()
    assert one.left.tobytes() == two.left.tobytes()


# Shares ---------------------------------------------------------------------------------------------------------------


def share(
    fraction: float | None, *, lost: bool, day: str, km2: float | None = None, region: PlaceId = IRAQ
) -> ShareClaim:
    return ShareClaim(
        id=ClaimId(f"s{fraction}{km2}"),
        actor_id=ActorId("is"),
        actor_text="IS",
        region=(region,),
        region_text="Iraq",
        lost=lost,
        fraction=fraction,
        km2=km2,
        when=When.day(date.fromisoformat(day)),
        quote=Quote(article_id=ArticleId("a"), start=0, end=3, text="xyz"),
        source=Source(article_id=ArticleId("a")),
    )


def test_a_share_that_the_map_bears_out_raises_no_issue(caliphate: Territory) -> None:
    rows, issues = share_checks(caliphate, [share(1.0, lost=True, day="2018-01-01")])
    assert rows[0]["computed"] == pytest.approx(1.0)
    assert issues == ()


def test_a_share_more_than_ten_points_off_is_an_issue_with_both_numbers(caliphate: Territory) -> None:
    rows, issues = share_checks(caliphate, [share(0.95, lost=True, day="2015-01-01")])
    assert rows[0]["points"] == pytest.approx(-95.0)
    assert [i.code for i in issues] == ["share-differs"]
    assert "95%" in issues[0].message
    assert "0%" in issues[0].message


def test_a_held_area_is_compared_in_square_kilometres_of_its_region(caliphate: Territory) -> None:
    likely = actor_km2(areas_by_actor(caliphate, DAY, cells=caliphate.region_cells[IRAQ]), ActorId("is"))[1]
    rows, issues = share_checks(caliphate, [share(None, lost=False, day=str(DAY), km2=likely * 1.05)])
    assert rows[0]["computed"] == pytest.approx(likely, abs=1)
    assert issues == ()


# The rest -------------------------------------------------------------------------------------------------------------


def ground(gazetteer: Gazetteer, *periods: Period, shares: list[ShareClaim] | None) -> Territory:
    return build_territory(timeline(*periods), TOWNS, gazetteer, countries=("IQ", "SY"), share_claims=shares)


def test_land_that_nothing_is_said_of_is_one_cell_called_by_its_country(gazetteer: Gazetteer) -> None:
    said = period(RAWA, "is", "2014-06-21")
    whole, lean = ground(gazetteer, said, shares=None), ground(gazetteer, said, shares=[])
    assert lean.cell_place == (RAWA.id, IRAQ, SYRIA)
    assert len(whole.cell_place) > 500
    held = Status.CONTROLLED, ActorId("is")
    assert areas_by_actor(lean, DAY)[held] == pytest.approx(areas_by_actor(whole, DAY)[held], rel=1e-12)
    assert lean.bounds == whole.bounds
    for code, country in (("IQ", IRAQ), ("SY", SYRIA)):
        mine = whole.face_km2[np.isin(whole.face_cell, whole.region_cells[country])].sum()
        rest = lean.face_km2[np.isin(lean.face_cell, lean.region_cells[country])].sum()
        assert rest == pytest.approx(mine, rel=1e-6), code
    (unsaid,) = (a for a in dissolve(lean, DAY, unclaimed=True) if a.status is None)
    assert unsaid.geometry.is_valid
    assert unsaid.km2 > 600_000


def test_a_share_of_a_country_or_a_province_is_counted_in_all_of_it(gazetteer: Gazetteer) -> None:
    said = period(RAWA, "is", "2014-06-21")
    anbar, iraq = (share(0.5, lost=False, day=str(DAY), region=region) for region in (ANBAR, IRAQ))
    for asked in (anbar, iraq):
        whole, lean = (share_checks(ground(gazetteer, said, shares=s), [asked])[0][0] for s in (None, [asked]))
        assert lean["computed"] == pytest.approx(whole["computed"], rel=1e-6)
        assert lean["computed"] > 0
    assert len(ground(gazetteer, said, shares=[anbar]).cell_place) > 100  # the province's cells are Iraq's
    assert len(ground(gazetteer, said, shares=[iraq]).cell_place) == 3


def test_a_map_of_normandy_does_not_reach_to_guiana_and_one_of_guiana_not_to_normandy(gazetteer: Gazetteer) -> None:
    caen = town("Caen", 49.18, -0.36, "FR")
    kourou = Place(id=PlaceId("t:Kourou"), name="Kourou", lat=5.16, lon=-52.65, country="FR", feature_class="P")
    for place, box in ((caen, (-6, 41, 10, 52)), (kourou, (-56, 1, -51, 6))):
        land = build_territory(
            timeline(period(place, "a", "1944-07-20")), {place.id: place}, gazetteer, countries=("FR",), share_claims=[]
        )
        west, south, east, north = land.bounds
        assert box[0] <= west < east <= box[2], place.name
        assert box[1] <= south < north <= box[3], place.name
    both = build_territory(
        timeline(period(caen, "a", "1944-07-20"), period(kourou, "a", "1944-07-20")),
        {caen.id: caen, kourou.id: kourou},
        gazetteer,
        countries=("FR",),
    )
    assert both.bounds[0] < -51
    assert both.bounds[3] > 50


def test_of_a_theatre_that_is_claimed_as_a_whole_every_place_has_its_cell(gazetteer: Gazetteer) -> None:
    held = period(IRAQ, "iraq", "2017-12-09")
    whole, lean = (
        build_territory(timeline(held), {IRAQ: gazetteer.get(IRAQ)}, gazetteer, countries=("IQ",), share_claims=s)
        for s in (None, [])
    )
    assert lean.cell_place == whole.cell_place
    assert np.array_equal(lean.xy, whole.xy)
    assert np.array_equal(lean.face_km2, whole.face_km2)


# Basemap --------------------------------------------------------------------------------------------------------------


def test_the_basemap_of_syria_and_iraq_is_small_and_whole(gazetteer: Gazetteer, caliphate: Territory) -> None:
    ground = basemap(gazetteer, caliphate.bounds)
    assert len(orjson.dumps(ground)) < 250_000
    assert {"Euphrates", "Tigris", "Khabur", "Orontes"} <= {river["name"] for river in ground["rivers"]}
    assert {"Iraq", "Syria"} <= {country["name"] for country in ground["countries"]}
    assert {"Mosul", "Aleppo"} <= {t["name"] for t in ground["towns"] if t["rank"] == 1}
    assert len(ground["borders"]) > 10
    assert len(ground["provinces"]) > 50
    assert all(len(ring) >= 4 for ring in ground["land"])
    land = shapely.union_all([shapely.Polygon(ring).buffer(0) for ring in ground["land"]])
    assert land.contains(shapely.Point(43.1, 36.3))
    assert not land.contains(shapely.Point(34.5, 34.5))  # the sea off Lebanon


def test_the_border_of_crimea_follows_the_point_of_view() -> None:
    isthmus = shapely.Point(33.7, 46.15).buffer(0.4)
    bounds = (32.0, 44.0, 37.0, 47.0)
    crossing = {}
    for view in ("gn_a1_code", "de_facto"):
        ground = basemap(Gazetteer.open(point_of_view=view), bounds)
        crossing[view] = any(shapely.LineString(line).intersects(isthmus) for line in ground["borders"])
    assert crossing == {"gn_a1_code": False, "de_facto": True}


def test_no_bounds_no_basemap(gazetteer: Gazetteer) -> None:
    assert basemap(gazetteer, None)["land"] == []


def test_places_without_area_have_land_around_them(gazetteer: Gazetteer) -> None:
    (mosul,) = (p for p in gazetteer.populated_places(("IQ",)) if p.name == "Mosul" and p.feature_code == "PPLA")
    ground = basemap(gazetteer, None, places={mosul.id: mosul})
    assert ground["land"]
    names = [town["name"] for town in ground["towns"]]
    assert "Mosul" in names
    assert "Qaraqosh" in names
    assert "Al Mawşil al Jadīdah" not in names  # a second entry of Mosul, with more people than Mosul itself


@pytest.mark.parametrize(
    ("lon", "lat", "size"),
    [(38, 35, 0.5), (179.5, -17, 8), (-179.0, 66.0, 20), (105, 60, 40), (32, 15, 12), (0, 85, 9)],
)
def test_a_basemap_anywhere_stays_in_its_window(lon: float, lat: float, size: float, gazetteer: Gazetteer) -> None:
    west, east = lon - size / 2, lon + size / 2
    bounds = ((west + 180) % 360 - 180, max(-85.0, lat - size / 3), (east + 180) % 360 - 180, min(85.0, lat + size / 3))
    ground = basemap(gazetteer, bounds)
    for name in ("land", "lakes", "borders", "provinces"):
        for points in ground[name]:
            for x, y in points:
                assert bounds[1] - 0.56 * size - 0.1 <= y <= bounds[3] + 0.56 * size + 0.1
                assert -180 <= x <= 180


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0, 40, -63, 84.7]), st.integers(1, 400))
def test_of_towns_that_lie_on_each_other_the_best_known_stays(seed: int, north: float, count: int) -> None:
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(10, 10.5, count).round(3), north + rng.uniform(-0.2, 0.2, count).round(3)
    order, own = rng.permutation(count), rng.random(count) < 0.05
    kept: list[int] = []
    for n in order.tolist():  # as one would write it
        narrow = max(0.1, np.cos(np.radians(lat[n])))
        gaps = np.hypot(lat[kept] - lat[n], (lon[kept] - lon[n]) * narrow)
        if own[n] or not (gaps < backdrop.TWIN).any():
            kept.append(n)
    assert np.flatnonzero(backdrop._apart(lon, lat, order, own)).tolist() == sorted(kept)


def test_a_town_of_the_map_itself_is_shown_however_small_it_is(gazetteer: Gazetteer) -> None:
    (mosul,) = (p for p in gazetteer.populated_places(("IQ",)) if p.name == "Mosul" and p.feature_code == "PPLA")
    hamlet = Place(
        id=PlaceId("table:hamlet"), name="Hamlet", lat=mosul.lat, lon=mosul.lon, feature_class="P", feature_code="PPL"
    )
    towns = basemap(gazetteer, (42.0, 35.0, 44.0, 37.0), places={hamlet.id: hamlet})["towns"]
    assert [t["name"] for t in towns if t["name"] in ("Mosul", "Hamlet")] == ["Mosul", "Hamlet"]


def test_labels_of_a_chart_stay_on_it_and_apart() -> None:
    labels = [(380.0, f"actor {n}", "#000000") for n in range(8)]
    heights = [at for at, _, _ in chart._apart(labels)]
    assert max(heights) <= chart.HEIGHT - 10
    assert all(two - one >= 15 for one, two in pairwise(heights))


def test_the_axis_of_a_chart_is_hardly_higher_than_what_it_shows() -> None:
    assert chart._round_up(208_000) == 240_000
    assert all(chart._round_up(v) / v <= 1.51 for v in np.geomspace(1, 1e6, 500))
