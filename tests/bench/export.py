"""Speed and memory of a long series: a moving front of 33,000 cells, one dissolved slice a day, into a GeoPackage."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from mapper.export import export
from mapper.model import Actor, ActorId, Period, PlaceId, Result, Status, Territory, Timeline

SIDE = 182
DAYS = 1_600
MOST_SECONDS, MOST_MB = 60, 100  # bars: of the processor, and of memory however long the series
FIRST = date(2022, 2, 24)
WEST, EAST = ActorId("ukraine"), ActorId("russia")


def front(side: int = SIDE, days: int = DAYS) -> Result:
    """A square theatre whose front crosses a fifth of it once, ragged, cell by cell."""
    rng = np.random.default_rng(7)
    number = np.arange(side * side).reshape(side, side)
    outside = np.full((1, side), -1)
    below, above = np.vstack([outside, number]), np.vstack([number, outside])
    column = np.full((side, 1), -1)
    before, after = np.hstack([column, number]), np.hstack([number, column])
    rows, columns = np.divmod(np.arange((side + 1) * side), side)
    flat = np.stack([np.stack([columns, rows], 1), np.stack([columns + 1, rows], 1)], 1)
    rows, columns = np.divmod(np.arange(side * (side + 1)), side + 1)
    upright = np.stack([np.stack([columns, rows], 1), np.stack([columns, rows + 1], 1)], 1)
    lines = np.concatenate([flat, upright])
    periods = []
    for cell, noise in enumerate(rng.normal(0, 25, side * side)):
        share = (cell % side) / side
        day = round(days * (share - 0.5 + 0.03 * np.sin(cell // side / 9)) / 0.2 + noise)
        place = PlaceId(f"cell:{cell}")
        turn = FIRST + timedelta(days=min(max(day, 0), days))
        spans = (
            [(WEST, FIRST, turn), (EAST, turn, None)] if 0 < day < days else [(WEST if day > 0 else EAST, FIRST, None)]
        )
        periods.append(
            tuple(
                Period(
                    place_id=place, status=Status.CONTROLLED, actor_id=actor, start=start, start_latest=start, end=end
                )
                for actor, start, end in spans
            )
        )
    territory = Territory(
        cell_place=tuple(PlaceId(f"cell:{n}") for n in range(side * side)),
        face_cell=np.arange(side * side, dtype=np.int32),
        face_zone=np.zeros(side * side, dtype=np.int8),
        face_km2=np.full(side * side, 18.0),
        xy=np.concatenate([lines[:, 0], lines[:, 1]], axis=1).reshape(-1, 2) * 0.05 + (30.0, 44.0),
        offsets=np.arange(len(lines) + 1, dtype=np.int64) * 2,
        left=np.concatenate([above.ravel(), before.ravel()]).astype(np.int32),
        right=np.concatenate([below.ravel(), after.ravel()]).astype(np.int32),
        cell_periods=tuple(periods),
        arc_nodes=(lines[:, :, 1] * (side + 1) + lines[:, :, 0]).astype(np.int32),
    )
    actors = {a: Actor(id=a, name=a, colour=c) for a, c in ((WEST, "#1f5fa8"), (EAST, "#c62828"))}
    return Result(
        actors=actors, timeline=Timeline(periods=tuple(p for each in periods for p in each)), territory=territory
    )


def main() -> int:
    days = int(sys.argv[1]) if len(sys.argv) > 1 else DAYS
    result = front()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "front.gpkg"
        # the processor's time beside the wall's: a busy machine does not change it
        started, worked = time.perf_counter(), time.process_time()
        count = export(result, path, every="day", start=FIRST, end=FIRST + timedelta(days=days), shape="dissolved")
        seconds, worked = time.perf_counter() - started, time.process_time() - worked
        size = path.stat().st_size / 1e6
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 - before
    print(
        f"export: {days:,} daily slices of {SIDE * SIDE:,} cells to GeoPackage: {seconds:.1f} s ({worked:.1f} s of "
        f"processor), "
        f"{count:,} features, {size:.1f} MB, memory grown by {grown} MB"
    )
    missed = worked > MOST_SECONDS or grown > MOST_MB
    if missed:
        print(f"  MISSED: at most {MOST_SECONDS} s of processor and {MOST_MB} MB")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
