"""How well territory is inferred where nobody spoke: hidden towns of Ukraine against what the rest say.

    python tests/evals/control.py [ukraine_towns.csv] [number of splits, 4]

The table (place, lat, lon, country, population, status, actor, first_seen, last_seen) is read from the folder of
development data when it is there. Thirty per cent of the towns are hidden by a hash of their name, the others go through
``build_territory`` as periods of a timeline, and the cells of the hidden towns are asked on the first day of every second
month. Floors: mean accuracy .935, better than plain nearest place in paired comparison, half of the contested towns in the
contested or uncertain band.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from mapper.areas import build_territory
from mapper.areas.inference import UNCERTAIN
from mapper.gazetteer import Gazetteer
from mapper.model import ActorId, Period, Place, PlaceId, Status, Territory, Timeline

DEFAULT = Path(__file__).resolve().parents[3] / "shared" / "eval" / "control" / "ukraine_towns.csv"
SEEDS = ("", *"abcdefghijklmnopqrstuvwxyz")
SPLITS = 4
FLOOR = 0.935
DATES = [date(2022 + month // 12, month % 12 + 1, 1) for month in range(4, 32, 2)]


def hidden(name: str, seed: str) -> bool:
    return int(hashlib.md5((seed + name).encode(), usedforsecurity=False).hexdigest(), 16) % 10 < 3


def read(path: Path) -> tuple[dict[PlaceId, Place], dict[PlaceId, list[Period]]]:
    places: dict[PlaceId, Place] = {}
    periods: defaultdict[PlaceId, list[Period]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            place_id = PlaceId(f"table:{row['place']}@{row['lat']},{row['lon']}")
            places[place_id] = Place(
                id=place_id, name=row["place"], lat=float(row["lat"]), lon=float(row["lon"]), country=row["country"]
            )
            start = date.fromisoformat(row["first_seen"])
            periods[place_id].append(
                Period(
                    place_id=place_id,
                    status=Status(row["status"]),
                    actor_id=ActorId(row["actor"] or "Russia"),
                    other_id=ActorId("" if row["actor"] else "Ukraine"),
                    start=start,
                    start_latest=start,
                    end=date.fromisoformat(row["last_seen"]) + timedelta(days=1),
                )
            )
    return places, periods


def disjoint(periods: list[Period]) -> list[Period]:
    """The last that began holds; a day with two states keeps the later row."""
    out: list[Period] = []
    for p in sorted(periods, key=lambda p: (p.start, p.end)):
        while out and out[-1].end is not None and out[-1].end > p.start:
            last = out.pop()
            if last.start < p.start:
                out.append(_until(last, p.start))
                break
        out.append(p)
    return out


def _until(period: Period, end: date) -> Period:
    return Period(
        place_id=period.place_id,
        status=period.status,
        actor_id=period.actor_id,
        other_id=period.other_id,
        start=period.start,
        start_latest=period.start_latest,
        end=end,
    )


def on(periods: list[Period], day: date) -> Period | None:
    return next((p for p in periods if p.covers(day)), None)


def cells_at(territory: Territory, places: dict[PlaceId, Place], gazetteer: Gazetteer) -> dict[PlaceId, int]:
    """The cell of each place: that of the nearest cell's place (cells are what is nearest)."""
    sites = [places.get(i) or gazetteer.get(i) for i in territory.cell_place]
    lat = np.array([p.lat for p in sites if p is not None])
    lon = np.array([p.lon for p in sites if p is not None])
    out = {}
    for i, place in places.items():
        gap = (lat - place.lat) ** 2 + ((lon - place.lon) * np.cos(np.radians(place.lat))) ** 2
        out[i] = int(np.argmin(gap))
    return out


def main() -> int:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    if not path.is_file():
        print("control: ukraine_towns.csv is not here, nothing measured")
        return 0
    places, raw = read(path)
    periods = {i: disjoint(rows) for i, rows in raw.items()}
    gazetteer = Gazetteer.open()
    splits = int(sys.argv[2]) if len(sys.argv) > 2 else SPLITS
    smooth_all, nearest_all, spread, wins, losses = [], [], [], 0, 0
    contested = in_band = others = others_band = 0
    for seed in SEEDS[:splits]:
        gone = {i for i, p in places.items() if hidden(p.name, seed)}
        shown = tuple(p for i in sorted(periods) if i not in gone for p in periods[i])
        known = {i: p for i, p in places.items() if i not in gone}
        scores: dict[str, list[float]] = {}
        for model in ("smooth", "nearest"):
            territory = build_territory(
                Timeline(periods=shown), known, gazetteer, countries=("UA",), infer=model, infer_gap_km=500
            )
            cell = cells_at(territory, {i: places[i] for i in gone}, gazetteer)
            scores[model] = []
            for day in DATES:
                right = total = 0
                for i in sorted(gone):
                    truth = on(periods[i], day)
                    if truth is None:
                        continue
                    found = on(list(territory.cell_periods[cell[i]]), day)
                    unsure = found is None or found.status is Status.CONTESTED or found.confidence < UNCERTAIN
                    if truth.status is Status.CONTESTED:
                        if model == "smooth":
                            contested += 1
                            in_band += unsure
                        continue
                    total += 1
                    right += found is not None and found.actor_id == truth.actor_id
                    if model == "smooth":
                        others += 1
                        others_band += unsure
                scores[model].append(right / total)
        smooth_all += scores["smooth"]
        nearest_all += scores["nearest"]
        spread.append(float(np.mean(scores["smooth"])))
        pairs = list(zip(scores["smooth"], scores["nearest"], strict=True))
        wins += sum(s > n for s, n in pairs)
        losses += sum(s < n for s, n in pairs)
        print(
            f"control seed {seed or '-'}: hidden {len(gone)} of {len(places)} towns; "
            f"smooth {np.mean(scores['smooth']):.3f}, nearest {np.mean(scores['nearest']):.3f}"
        )
    mean, plain, band = float(np.mean(smooth_all)), float(np.mean(nearest_all)), in_band / contested
    print(f"control: {len(spread)} splits, {min(spread):.3f} to {max(spread):.3f}, deviation {np.std(spread):.4f}")
    print(f"control: accuracy {mean:.4f} (nearest {plain:.4f}), better on {wins} dates, worse on {losses}")
    print(f"control: contested towns in the band {band:.0%}, of the others {others_band / others:.0%}")
    good = mean >= FLOOR and mean > plain and wins > losses and band >= 0.5
    print("control: ok" if good else "control: BELOW THE FLOOR")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
