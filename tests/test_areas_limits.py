"""How far a claim reaches, and how much of it counts: the distances and shares at their edges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely
from test_areas import DEIR_EZZOR, MOSUL, RAWA, cell, period, timeline, town

from mapper.areas import area_series, areas_by_actor, build_territory
from mapper.areas.longitudes import covering, cut_box
from mapper.areas.projection import LocalProjection
from mapper.areas.rings import _loops
from mapper.areas.theatre import located
from mapper.gazetteer import Gazetteer
from mapper.model import (
    ActorId,
    ArticleId,
    Basis,
    Claim,
    ClaimId,
    Extent,
    Place,
    PlaceId,
    Predicate,
    Quote,
    Source,
    Status,
    Territory,
)
from mapper.regions import geometry

DAY = date(2017, 11, 17)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def bases(land: Territory, place: Place, day: date) -> list[Basis]:
    return [p.basis for p in land.cell_periods[cell(land, place.id)] if p.covers(day)]


def test_villages_along_a_river_are_those_within_twelve_kilometres_of_it(gazetteer: Gazetteer) -> None:
    claim = Claim(
        id=ClaimId("c1"),
        place_id=DEIR_EZZOR,
        place_text="Deir Ezzor",
        predicate=Predicate.HOLDS,
        extent=Extent.PART,
        extent_wording="villages along the Euphrates",
        quote=Quote(article_id=ArticleId("a"), start=0, end=0, text=""),
        source=Source(article_id=ArticleId("a")),
    )
    province = gazetteer.get(DEIR_EZZOR)
    projection = LocalProjection(40.3, 34.9)
    river = projection.project(shapely.segmentize(geometry(gazetteer.outline("river:euphrates")), 0.1))
    here = projection.forward(np.array([[40.25, 35.05]]))[0]  # in the middle of the province, beside the river
    places = []
    for name, km in (("Near", 11.6), ("Far", 12.4)):
        ring = river.buffer(1000 * km).boundary
        x, y = np.asarray(ring.interpolate(ring.project(shapely.Point(here))).coords[0])
        lon, lat = projection.inverse(np.array([[x, y]]))[0]
        places.append(town(name, float(lat), float(lon), "SY"))
        here = here + 30_000  # the next one elsewhere, so that neither stands in for the other
    near, far = places
    land = build_territory(
        timeline(
            period(DEIR_EZZOR, "is", "2017-11-01", status=Status.PARTIAL, claim_ids=(ClaimId("c1"),)),
            *(period(p, "syria", "2019-01-01") for p in places),
        ),
        {p.id: p for p in (province, near, far)},
        gazetteer,
        countries=("SY",),
        claims=[claim],
    )
    assert (bases(land, near, DAY), bases(land, far, DAY)) == ([Basis.REGION], [])


@pytest.mark.parametrize(("radius", "inside", "outside"), [(0.0, 19.0, 21.0), (30.0, 29.0, 31.0)])
def test_a_district_without_a_shape_reaches_twenty_kilometres_or_its_own_radius(
    gazetteer: Gazetteer, radius: float, inside: float, outside: float
) -> None:
    district = Place(
        id=PlaceId("table:district"),
        name="Some district",
        lat=33.0,
        lon=41.0,
        country="IQ",
        feature_class="A",
        feature_code="ADM3",
        radius_km=radius,
    )
    near, far = (town(name, 33.0 + km / 110.9, 41.0) for name, km in (("Near", inside), ("Far", -outside)))
    land = build_territory(
        timeline(period(district, "is", "2014-06-10"), *(period(p, "iraq", "2018-01-01") for p in (near, far))),
        {p.id: p for p in (district, near, far)},
        gazetteer,
        countries=("IQ",),
    )
    assert (bases(land, near, DAY), bases(land, far, DAY)) == ([Basis.REGION], [])


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.CONTROLLED])
def test_a_quarter_follows_its_city_only_where_the_city_is_held(gazetteer: Gazetteer, status: Status) -> None:
    (east,) = (p for p in gazetteer.populated_places(("IQ",)) if p.name == "East Mosul")
    (mosul,) = (p for p in gazetteer.populated_places(("IQ",)) if p.name == "Mosul" and p.feature_code == "PPLA")
    land = build_territory(
        timeline(period(mosul, "is", "2016-10-17", status=status), period(east, "iraq", "2017-01-24")),
        {p.id: p for p in (east, mosul)},
        gazetteer,
    )
    assert bases(land, east, date(2016, 12, 1)) == []
    assert bases(land, east, DAY) == [Basis.STATED]


# certain, likely and possible land of a side, as shares of what it would be if it held the place
COUNTED = {
    Status.CONTROLLED: (1, 1, 1),
    Status.BESIEGED: (1, 1, 1),
    Status.PARTIAL: (0, 0.5, 1),
    Status.CONTESTED: (0, 0.5, 1),
    Status.CLAIMED: (0, 0.5, 1),
    Status.PRESENCE: (0, 0, 1),
}


@pytest.fixture(scope="module")
def held(gazetteer: Gazetteer) -> Territory:
    return build_territory(timeline(period(RAWA, "is", "2014-06-21")), {RAWA.id: RAWA}, gazetteer, countries=("IQ",))


def shares(held: Territory, gazetteer: Gazetteer, **changes: object) -> tuple[float, ...]:
    """Land of one side as shares of what it holds in ``held`` when its period is changed so; from the day and the series."""
    (full,) = areas_by_actor(held, DAY).values()
    changed = replace(period(RAWA, "is", "2014-06-21"), **changes)
    land = build_territory(timeline(changed), {RAWA.id: RAWA}, gazetteer, countries=("IQ",))
    (one,) = (v for (_, actor), v in areas_by_actor(land, DAY).items() if actor == "is")
    (two,) = (v for (_, actor), v in area_series(land).at(DAY).items() if actor == "is")
    assert one == pytest.approx(two)
    return tuple(float(part / whole) for part, whole in zip(one, full, strict=True))


@pytest.mark.parametrize("status", COUNTED)
def test_a_status_counts_as_certain_likely_or_only_possible_land(
    held: Territory, gazetteer: Gazetteer, status: Status
) -> None:
    assert shares(held, gazetteer, status=status) == pytest.approx(COUNTED[status])


def test_land_where_nobody_is_known_is_nobodys(gazetteer: Gazetteer) -> None:
    land = build_territory(
        timeline(period(RAWA, "is", "2014-06-21", status=Status.UNKNOWN)), {RAWA.id: RAWA}, gazetteer, countries=("IQ",)
    )
    assert areas_by_actor(land, DAY) == {}


def test_what_is_stale_is_likely_and_no_longer_certain(held: Territory, gazetteer: Gazetteer) -> None:
    assert shares(held, gazetteer, basis=Basis.STALE) == pytest.approx((0, 1, 1))


def test_what_is_implied_is_as_certain_as_what_is_stated(held: Territory, gazetteer: Gazetteer) -> None:
    assert shares(held, gazetteer, basis=Basis.IMPLIED) == pytest.approx((1, 1, 1))


def test_contested_land_counts_for_both_sides_and_a_siege_for_the_besieged(gazetteer: Gazetteer) -> None:
    land = build_territory(
        timeline(
            period(RAWA, "is", "2014-06-21", status=Status.CONTESTED, other_id=ActorId("iraq")),
            period(MOSUL, "is", "2014-06-21", status=Status.BESIEGED, other_id=ActorId("iraq")),
        ),
        {p.id: p for p in (RAWA, MOSUL)},
        gazetteer,
        countries=("IQ",),
    )
    assert set(areas_by_actor(land, DAY)) == {
        (Status.CONTESTED, "is"),
        (Status.CONTESTED, "iraq"),
        (Status.BESIEGED, "is"),
    }


def test_of_two_stretches_as_short_the_one_that_stays_off_the_antimeridian_is_taken() -> None:
    assert covering([179.5, -0.5], [179.5, -0.5]) == (-0.5, 179.5)
    assert covering([-90, 90], [-90, 90]) == (-90, 90)
    assert covering([170, -175], [175, -170]) == (170, -170)


def test_a_box_round_nearly_the_whole_world_is_cut_where_the_world_is() -> None:
    assert cut_box(10, 0, 9.5, 1) == [(10, 0, 180, 1), (-180, 0, 9.5, 1)]
    assert cut_box(10, 0, 370, 1) == [(-180, 0, 180, 1)]
    assert cut_box(170, 0, 190, 1) == [(170, 0, 180, 1), (-180, 0, -170, 1)]


def test_a_walk_that_comes_through_a_node_twice_is_parted_there() -> None:
    around = [1, 2, 3, 4, 5, 0]
    assert sorted(_loops(around, [0, 1, 2, 0, 3, 4], {0})) == [[0, 1, 2], [3, 4, 5]]
    assert _loops(around, [0, 1, 2, 3, 4, 5], set()) == [[0, 1, 2, 3, 4, 5]]
    assert sorted(_loops([1, 2, 3, 4, 0], [0, 1, 0, 1, 2], {0, 1})) == [[0, 1], [2, 3, 4]]


@pytest.mark.parametrize(("km", "expected"), [(8, 0), (9.9, 0), (10.1, -1), (13, -1)])
def test_a_place_keeps_its_country_within_ten_kilometres_of_it(km: float, expected: int) -> None:
    place = replace(town("Post", 33.0 + km / 111.2, 43.0), country="IQ")
    assert located([place], {"IQ": shapely.box(42, 32, 44, 33)}).tolist() == [expected]
