"""How well areas come out of labelled towns: made-up wars over real towns, whose true fronts are known.

    python tests/evals/fronts.py

Three wars each over the towns of Poland and Turkey, which have many: a smooth front, a ragged front with an enclave behind it, and a corridor along a
river (Vistula, Euphrates) through hostile land. 500 towns drawn by hash say whose they are; the areas that
``build_territory`` infers from them are held against the true ones (intersection over union of the land of each side,
beyond no reach). One town in fifty is mistaken. Floors: mean IoU, and better than nearest place.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapper.areas import build_territory
from mapper.areas.projection import LocalProjection
from mapper.areas.rings import face_polygons
from mapper.gazetteer import Gazetteer
from mapper.model import ActorId, Period, Place, Status, Territory, Timeline
from mapper.regions import country_outline, geometry

FLOOR = 0.89
LABELS = 500
MISTAKEN = 50  # one town in so many
DAY = date(2020, 1, 1)
COUNTRIES = {"PL": "river:vistula", "TR": "river:euphrates"}  # many towns, one long river; nothing is meant by it
FAR = 3e6  # metres


def number(*parts: object) -> int:
    return int(hashlib.md5("/".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest(), 16)


def front(towns: np.ndarray, seed: str, *, waves: int, height: float) -> BaseGeometry:
    """Everything west of a winding line through the middle of the towns: a sum of sines, ``height`` metres high."""
    x, y = np.median(towns, axis=0)
    turn = np.radians(number(seed, "turn") % 180)
    along = np.linspace(-FAR, FAR, 4001)
    across = np.zeros_like(along)
    for n in range(1, waves + 1):
        phase = number(seed, n) % 628 / 100
        across += height / n**0.7 * np.sin(along / 1e6 * 2 * np.pi * n + phase)
    points = np.column_stack([along, across])
    ring = np.vstack([points, [[FAR, FAR], [-FAR, FAR]]])
    turned = ring @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return shapely.make_valid(shapely.Polygon(turned + np.array([x, y])), method="structure")


def smooth(towns: np.ndarray, river: BaseGeometry, seed: str) -> BaseGeometry:
    del river
    return front(towns, seed, waves=3, height=60_000)


def ragged(towns: np.ndarray, river: BaseGeometry, seed: str) -> BaseGeometry:
    """A front with many bends, and a town behind it that holds out with 40 km around it."""
    del river
    side = front(towns, seed, waves=24, height=40_000)
    behind = np.flatnonzero(shapely.contains_xy(shapely.buffer(side, -70_000), towns[:, 0], towns[:, 1]))
    enclave = shapely.Point(towns[behind[number(seed, "enclave") % len(behind)]]).buffer(40_000)
    return shapely.difference(side, enclave)


def corridor(towns: np.ndarray, river: BaseGeometry, seed: str) -> BaseGeometry:
    """A strip of 30 km on both banks of a river, and a heartland it leads to."""
    del seed
    points = shapely.get_coordinates(river)
    inside = points[np.argmin(np.hypot(*(points - np.median(towns, axis=0)).T))]
    return shapely.union(shapely.buffer(river, 30_000), shapely.Point(inside).buffer(90_000))


WARS: dict[str, Callable[[np.ndarray, BaseGeometry, str], BaseGeometry]] = {
    "smooth": smooth,
    "ragged": ragged,
    "corridor": corridor,
}


def labelled(places: list[Place], flat: np.ndarray, truth: BaseGeometry, seed: str) -> tuple[Period, ...]:
    chosen = sorted(range(len(places)), key=lambda i: number(seed, places[i].id))[:LABELS]
    out = []
    for i in sorted(chosen, key=lambda i: places[i].id):
        inside = bool(shapely.contains_xy(truth, *flat[i])) != (number(seed, "mistake", places[i].id) % MISTAKEN == 0)
        out.append(
            Period(
                place_id=places[i].id,
                status=Status.CONTROLLED,
                actor_id=ActorId("a" if inside else "b"),
                start=DAY,
                start_latest=DAY,
            )
        )
    return tuple(out)


def overlap(
    land: Territory, faces: dict[int, BaseGeometry], truth: dict[str, BaseGeometry], project: LocalProjection
) -> float:
    """Mean over both sides of the intersection over union; a contested cell counts for its first side."""
    scores = []
    for actor, area in truth.items():
        mine = [
            shape
            for face, shape in faces.items()
            if any(p.covers(DAY) and p.actor_id == actor for p in land.cell_periods[land.face_cell[face]])
        ]
        found = project.project(shapely.segmentize(shapely.union_all(mine), 0.1))
        scores.append(shapely.intersection(found, area).area / shapely.union(found, area).area)
    return float(np.mean(scores))


def main() -> int:
    gazetteer = Gazetteer.open()
    results: dict[str, list[float]] = {"smooth": [], "nearest": []}
    for code, reference in COUNTRIES.items():
        outline = country_outline(gazetteer, code)
        river = geometry(gazetteer.outline(reference))
        assert outline is not None
        assert river is not None
        project = LocalProjection.around(shapely.get_coordinates(outline))
        country = project.project(shapely.segmentize(outline, 0.1))
        places = [p for p in gazetteer.populated_places((code,)) if shapely.contains_xy(outline, p.lon, p.lat)]
        flat = project.forward(np.array([[p.lon, p.lat] for p in places]))
        stream = project.project(shapely.segmentize(shapely.intersection(river, outline), 0.1))
        for war, make in WARS.items():
            side = shapely.intersection(make(flat, stream, f"{code}{war}"), country)
            truth = {"a": side, "b": shapely.difference(country, side)}
            said = Timeline(periods=labelled(places, flat, side, f"{code}{war}"))
            known = {p.id: p for p in places if p.id in {period.place_id for period in said.periods}}
            line = []
            for model, scores in results.items():
                land = build_territory(
                    said, known, gazetteer, countries=(code,), infer=model, infer_gap_km=2000, presumed_km=5000
                )
                score = overlap(land, dict(face_polygons(land)), truth, project)
                scores.append(score)
                line.append(f"{model} {score:.3f}")
            share = side.area / country.area
            print(
                f"fronts {code} {war}: IoU {', '.join(line)} ({len(known)} of {len(places)} towns, side a {share:.0%})"
            )
    mean, plain = float(np.mean(results["smooth"])), float(np.mean(results["nearest"]))
    print(f"fronts: mean IoU {mean:.4f} (nearest {plain:.4f})")
    good = mean >= FLOOR and mean > plain
    print("fronts: ok" if good else "fronts: BELOW THE FLOOR")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
