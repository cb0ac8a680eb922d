"""A small theatre written out: every cell, area, difference, share and line of the basemap, as they are today.

``python tests/test_areas_golden.py`` writes `tests/golden/areas.txt` anew; read its diff before you commit it. Square
kilometres are whole, so that another version of GEOS draws the same lines.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from shapely import LineString
from test_areas import IRAQ, MOSUL, NINAWA, PALMYRA, RAWA, period, share, timeline, town

from mapper.areas import area_rows, basemap, build_territory, chart_svg, diff_rows, dissolve, share_checks
from mapper.areas.backdrop import barriers
from mapper.areas.measures import days_between
from mapper.areas.projection import LocalProjection
from mapper.gazetteer import Gazetteer
from mapper.model import Actor, ActorId, Basis, Status, Territory

GOLDEN = Path(__file__).parent / "golden" / "areas.txt"
DAYS = (date(2014, 7, 1), date(2016, 1, 1), date(2017, 8, 1))
HIT, TIKRIT = town("Hit", 33.64, 42.83), town("Tikrit", 34.6, 43.68)
BOX = (41.0, 33.0, 45.0, 37.0)  # west, south, east, north


def theatre() -> tuple[Gazetteer, Territory, dict[str, object]]:
    gazetteer = Gazetteer.open(districts=False)
    places = {p.id: p for p in (MOSUL, RAWA, PALMYRA, HIT, TIKRIT, gazetteer.get(NINAWA), gazetteer.get(IRAQ))}
    history = timeline(
        period(MOSUL, "is", "2014-06-10", "2017-07-10"),
        period(MOSUL, "iraq", "2017-07-10"),
        period(RAWA, "is", "2014-06-21", "2017-11-17"),
        period(HIT, "is", "2014-10-02", "2016-04-14", status=Status.CLAIMED, latest=date(2014, 10, 9)),
        period(HIT, "iraq", "2016-04-14", status=Status.BESIEGED, other_id=ActorId("is")),
        period(TIKRIT, "is", "2014-06-11", "2015-03-02"),
        period(TIKRIT, "is", "2015-03-02", "2015-03-31", status=Status.CONTESTED, other_id=ActorId("iraq")),
        period(TIKRIT, "iraq", "2015-03-31", basis=Basis.IMPLIED),
        period(PALMYRA, "syria", "2014-01-01", "2015-05-20"),
        period(PALMYRA, "is", "2015-05-20", status=Status.PRESENCE),
        period(NINAWA, "is", "2014-06-15", "2016-10-17"),
        period(NINAWA, "iraq", "2016-10-17", status=Status.PARTIAL, other_id=ActorId("is")),
    )
    land = build_territory(history, places, gazetteer, infer="auto", infer_gap_km=60, box=BOX)
    return gazetteer, land, {"history": history, "places": places}


def islands() -> Iterator[str]:
    """Across the antimeridian."""
    gazetteer = Gazetteer.open(districts=False)
    towns = [
        town("Labasa", -16.43, 179.38, "FJ"), town("Taveuni", -16.85, -179.97, "FJ"), town("Suva", -18.12, 178.44, "FJ"), town("Lakeba", -18.22, -178.8, "FJ"),
    ]  # fmt: skip
    history = timeline(
        period(towns[0], "a", "2020-01-01"), period(towns[1], "a", "2020-01-01", "2020-03-01"),
        period(towns[1], "b", "2020-03-01"), period(towns[2], "b", "2020-01-01"), period(towns[3], "b", "2020-02-01"),
    )  # fmt: skip
    land = build_territory(history, {p.id: p for p in towns}, gazetteer)
    yield from (f"islands {line}" for line in cells(land))
    for area in dissolve(land, date(2020, 4, 1), unclaimed=True):
        west, south, east, north = area.geometry.bounds
        yield f"islands {area.actor_id or 'nobody'} {area.km2:.0f} km2 {west:.1f} {south:.1f} {east:.1f} {north:.1f}"


def front() -> Iterator[str]:
    """Thirty towns of two sides and the land between them, as each model infers it."""
    gazetteer = Gazetteer.open(districts=False)
    towns = [p for p in gazetteer.populated_places(box=BOX) if p.population > 4_000]
    known = sorted(towns, key=lambda p: (-p.population, p.id))[:30]
    sides = [("is" if p.lon < 43.3 else "iraq", p) for p in known]
    spans = [(side, p, f"2015-{n % 12 + 1:02}-01") for n, (side, p) in enumerate(sides)]
    later = [(p, f"2016-{n % 12 + 1:02}-15") for n, (side, p) in enumerate(sides) if side == "is" and n % 3 == 0]
    ends = {p.id: day for p, day in later}
    history = timeline(
        *(period(p, side, start, ends.get(p.id)) for side, p, start in spans),
        *(period(p, "iraq", day) for p, day in later),
    )
    for model in ("", "auto", "nearest", "smooth"):
        land = build_territory(history, {p.id: p for p in known}, gazetteer, infer=model, infer_gap_km=80, box=BOX)
        for day in (date(2015, 7, 1), date(2016, 7, 1), date(2017, 1, 1)):
            for area in dissolve(land, day, unclaimed=True):
                parts = area.geometry.geoms
                holes = sum(len(polygon.interiors) for polygon in parts)
                yield f"front {model or 'none'} {day} {area.actor_id or 'nobody'} {area.basis} {area.km2:.0f} {len(parts)} {holes}"


def cells(land: Territory) -> Iterator[str]:
    for number, place_id in enumerate(land.cell_place):
        mine = land.face_cell == number
        km2 = [round(float(land.face_km2[mine & (land.face_zone == zone)].sum())) for zone in (0, 1, 2)]
        own = "; ".join(
            f"{p.status} {p.actor_id}{'/' + p.other_id if p.other_id else ''} {p.start}..{p.end or ''} {p.basis}"
            for p in land.cell_periods[number]
        )
        yield f"cell {place_id} {km2[0]}+{km2[1]}+{km2[2]} km2: {own}".rstrip()
    for region, inside in sorted(land.region_cells.items()):
        yield f"region {region} has {len(inside)} cells"


def sums(land: Territory, history: object, places: object) -> Iterator[str]:
    for row in area_rows(land, every="quarter"):
        yield "area " + " ".join(str(value) for value in row.values())
    for first, second in ((DAYS[0], DAYS[1]), (DAYS[1], DAYS[2])):
        for row in diff_rows(history, land, places, first, second):  # type: ignore[arg-type]
            yield "changed " + " ".join(str(value) for value in row.values())
    for day in DAYS:
        for area in dissolve(land, day, unclaimed=True):
            holes = sum(len(polygon.interiors) for polygon in area.geometry.geoms)
            yield (
                f"dissolved {day} {area.status or 'nobody'} {area.actor_id}/{area.other_id} {area.basis} {area.presumed}"
                f" {round(area.km2)} km2 {len(area.geometry.geoms)} parts {holes} holes"
            )
    said = [
        share(fraction, lost=lost, day=day, km2=km2, region=region)
        for fraction, km2 in ((0.4, None), (0.95, None), (None, 20_000.0))
        for lost in (False, True)
        for day in ("2015-01-01", "2017-08-01")
        for region in (IRAQ, NINAWA)
    ]
    rows, issues = share_checks(land, said)
    for row in rows:
        yield "share " + " ".join(f"{v:.2f}" if isinstance(v, float) else str(v) for v in list(row.values())[1:])
    yield f"issues {[issue.code for issue in issues]}"


def drawn(lines: list[list[list[float]]]) -> str:
    """How many lines of how many points, and how long in degrees."""
    return f"{len(lines)} {sum(map(len, lines))} {sum(LineString(line).length for line in lines):.1f}"


def ground(gazetteer: Gazetteer) -> Iterator[str]:
    for box in (BOX, (33.0, 44.0, 37.0, 47.0), (176.0, -20.0, -178.0, -15.0)):
        for layer, things in basemap(gazetteer, box).items():
            listed = things if isinstance(things, list) else [things]
            names = sorted(
                f"{t['name']} {t.get('rank', '')}".strip() for t in listed if isinstance(t, dict) and "name" in t
            )
            yield f"ground {box} {layer} {len(listed)} {names}"
            if layer in ("land", "borders", "provinces", "lakes"):
                yield f"ground {box} {layer} drawn {drawn(things)}"
            if layer == "rivers":
                yield from (f"ground {box} {river['name']} drawn {drawn(river['lines'])}" for river in things)
    for points in (
        [(44.0, 36.0), (44.4, 33.3)],
        [(34.4, 31.5), (34.9, 32.8)],
        [(33.0, 46.6)],
        [(-179.0, -16.0), (179.0, -18.0)],
    ):
        where = np.array(points)
        water = barriers(where, LocalProjection.around(where))
        yield f"ground barriers {points} {len(water.geoms)} {water.length / 1000:.0f} km {water.area / 1e6:.0f} km2"


def intervals() -> Iterator[str]:
    for every in ("day", "week", "month", "quarter", "year"):
        last = date(2016, 1, 3) if every == "day" else date(2016, 2, 20) if every == "week" else date(2018, 2, 3)
        yield f"every {every} {[str(day) for day in days_between(date(2015, 12, 30), last, every)]}"


def chart() -> Iterator[str]:
    """Of land given by hand: no geometry has a say."""
    land = Territory(
        cell_place=tuple(place.id for place in (MOSUL, RAWA, HIT)),
        face_cell=np.array([0, 0, 1, 1, 2], dtype=np.int32),
        face_zone=np.array([0, 1, 0, 2, 0], dtype=np.int8),
        face_km2=np.array([900.0, 350.0, 1200.0, 77.0, 60.0]),
        xy=np.zeros((0, 2)),
        offsets=np.zeros(1, dtype=np.int32),
        left=np.zeros(0, dtype=np.int32),
        right=np.zeros(0, dtype=np.int32),
        arc_nodes=np.zeros((0, 2), dtype=np.int32),
        cell_periods=(
            (period(MOSUL, "is", "2014-06-10", "2017-07-10"), period(MOSUL, "iraq", "2017-07-10")),
            (period(RAWA, "is", "2014-06-21", "2017-11-17", latest=date(2014, 9, 1)),),
            (period(HIT, "sdf", "2015-01-01", status=Status.CONTESTED, other_id=ActorId("is")),),
        ),
    )
    actors = {ActorId("is"): Actor(id=ActorId("is"), name="Islamic State", colour="#111111")}
    yield from chart_svg(land, actors, title="Land & time").splitlines()


def told(part: str) -> list[str]:
    """Nothing is kept from one part to the next, so that a change of meaning shows wherever it is made."""
    if part == "intervals":
        return list(intervals())
    if part == "chart":
        return list(chart())
    if part == "islands":
        return list(islands())
    if part == "front":
        return list(front())
    if part == "ground":
        return list(ground(Gazetteer.open(districts=False)))
    _, land, given = theatre()
    return list(cells(land) if part == "cells" else sums(land, given["history"], given["places"]))


PARTS = {
    "cells": ("cell", "region"),
    "sums": ("area", "changed", "dissolved", "share", "issues"),
    "ground": ("ground",),
    "islands": ("islands",),
    "front": ("front",),
    "intervals": ("every",),
    "chart": ("<",),
}


@pytest.mark.parametrize("part", PARTS)
def test_a_small_theatre_is_drawn_as_it_is_written_down(part: str) -> None:
    golden = [line for line in GOLDEN.read_text(encoding="utf-8").splitlines() if line.startswith(PARTS[part])]
    assert golden
    assert told(part) == golden


if __name__ == "__main__":
    GOLDEN.write_text("".join(f"{line}\n" for part in PARTS for line in told(part)), encoding="utf-8")
    sys.stdout.write(f"{GOLDEN}\n")
