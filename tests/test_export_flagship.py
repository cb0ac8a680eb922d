"""The exports of the flagship example, summed up: a change of any of them is seen, and has to be meant.

``python tests/test_export_flagship.py`` writes the golden summary anew; read its diff before it is committed.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

import mapper
from mapper.export import LAYERS, View, export, features, series
from mapper.model import Result

ROOT = Path(__file__).resolve().parent.parent
FLAGSHIP = ROOT / "data" / "examples" / "isis-2014-2019"
GOLDEN = ROOT / "tests" / "golden" / "flagship.json"
DAYS = ("2014-06-15", "2015-05-25", "2016-08-15", "2017-07-10", "2017-11-17", "2019-03-23")


def flagship() -> Result:
    return mapper.run(FLAGSHIP / "claims.csv", config=FLAGSHIP / "mapper.toml")


def summary(result: Result) -> dict[str, Any]:
    """Counts, bounds and areas of every layer, km² by actor on the days everybody remembers, a digest of the points."""
    layers: dict[str, Any] = {}
    for layer in LAYERS:
        rows = list(features(result, layer=layer))
        shapes = [row.geometry for row in rows if row.geometry is not None and not row.geometry.is_empty]
        layers[layer] = {
            "features": len(rows),
            "nowhere": len(rows) - len(shapes),
            "bounds": shapely.total_bounds(shapes).round(2).tolist() if shapes else [],
            "km2": round(sum(row.properties.get("km2") or 0 for row in rows), -2),
        }
    held: dict[str, dict[str, float]] = {}
    for day in DAYS:
        sums: dict[str, float] = defaultdict(float)
        for row in features(result, View(at=date.fromisoformat(day), shape="dissolved")):
            sums[f"{row.properties['status']} {row.properties['actor']}"] += row.properties["km2"]
        held[day] = {who: round(km2, -1) for who, km2 in sorted(sums.items())}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "points.csv"
        export(result, path, shape="points")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return {"layers": layers, "km2 on": held, "sha256 of points.csv": digest}


@pytest.fixture(scope="module")
def result() -> Result:
    return flagship()


def test_exports_of_the_flagship_are_the_golden_ones(result: Result) -> None:
    found, golden = summary(result), json.loads(GOLDEN.read_text(encoding="utf-8"))
    advice = "if that is meant: python tests/test_export_flagship.py, and read the diff"
    assert found["layers"] == golden["layers"], advice
    assert found["km2 on"] == golden["km2 on"], advice
    assert found == golden, advice


def test_months_and_years_of_the_flagship_end_with_the_fall_of_baghuz(result: Result) -> None:
    for every in ("month", "year"):
        days = series(result, every)
        assert days[-1] == date(2019, 3, 23)
        last = list(features(result, View(every=every, start=date(2019, 1, 1)), layer="places"))
        baghuz = [row.properties for row in last if row.properties["name"].startswith("Baghuz")]
        assert (baghuz[-1]["start"], baghuz[-1]["status"], baghuz[-1]["actor"]) == (days[-1], "controlled", "sdf")
        between, unseen = result.timeline.missed(days)
        assert between > unseen > 0, "and what no slice shows is counted"


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(summary(flagship()), indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{GOLDEN.relative_to(ROOT)}\n")
