"""Page and tables say the same: areas counted by the page's own code in node against those of ``mapper areas``."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

import mapper
from mapper.api import MapResult
from mapper.areas import actor_km2, area_series
from mapper.model import Basis, Status
from mapper.statuses import BASES, STATUSES
from mapper.webmap import build_payload
from mapper.webmap.payload import day_number

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "mapper" / "webmap" / "static"
EXAMPLES = sorted(p for p in (HERE.parents[1] / "data" / "examples").iterdir() if p.is_dir())
COUNT = """
const { decode, series } = require("./load.cjs")("format.js", "decode.js", "geometry.js", "store.js", "series.js");
const { core, data, days } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
decode.unpacked(data).then((bytes) => {
  const model = decode.model(JSON.parse(core), bytes);
  const made = series.areaSeries(model);
  const days_ = days || [0, 0.5, 1].map((part) => Math.round(model.first + part * (model.last - model.first)));
  const found = days_.map((day) => [day, model.actors.map((actor, i) => [actor.id, series.areaOn(made, i, day)])]);
  console.log(JSON.stringify(found));
});
"""


def on_the_page(node: str, result: MapResult, days: list[date] | None = None) -> dict[date, dict[str, list[float]]]:
    payload = build_payload(result, basemap={})
    asked = {"core": payload.core, "data": payload.data, "days": days and [day_number(d) for d in days]}
    run = subprocess.run(
        [node, "-e", COUNT], input=json.dumps(asked), cwd=HERE, capture_output=True, text=True, check=True, timeout=120
    )
    epoch = date(1970, 1, 1).toordinal()
    return {date.fromordinal(epoch + day): dict(rows) for day, rows in json.loads(run.stdout)}


def opened(folder: Path) -> MapResult:
    table, config = folder / "claims.csv", folder / "mapper.toml"
    return mapper.run(table if table.exists() else folder, config=config if config.exists() else None)


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_the_page_counts_the_same_square_kilometres_as_the_areas_table(node: str, folder: Path) -> None:
    result = opened(folder)
    assert result.territory is not None
    series = area_series(result.territory)
    shown = on_the_page(node, result)
    assert len(shown) == 3
    counted = 0.0
    for day, actors in shown.items():
        areas = series.at(day)
        assert {str(actor) for _, actor in areas} <= set(actors), day
        for actor, page in actors.items():
            table = actor_km2(areas, actor)
            counted += table[2]
            assert page == pytest.approx(table, abs=0.5), (day, actor)
    assert counted > 0


def test_land_that_is_only_inferred_is_not_counted_as_likely_on_the_page(node: str) -> None:
    folder = HERE.parents[1] / "data" / "examples" / "isis-2014-2019"
    result = opened(folder)
    day = date(2015, 5, 25)
    page = on_the_page(node, result, [day])[day]["is"]
    series = area_series(result.territory)
    inferred = [key for key in result.territory.spans.states if key[3] is Basis.INFERRED]
    assert inferred, "the flagship infers land: without any this test says nothing"
    assert page == pytest.approx(actor_km2(series.at(day), "is"), abs=0.5)
    assert page[2] > page[1] + 20_000  # what is inferred is possible all the same


def test_every_status_and_basis_has_a_row_and_words_in_every_language(node: str) -> None:
    assert set(STATUSES) == set(Status)
    assert set(BASES) == set(Basis)
    said = json.loads(
        subprocess.run(
            [node, "-e", 'console.log(JSON.stringify(require("./load.cjs")("strings.js").strings.TABLE))'],
            cwd=HERE, capture_output=True, text=True, check=True, timeout=60,
        ).stdout
    )  # fmt: skip
    wanted = {f"status.{s}" for s in STATUSES} | {f"key.{s}" for s in STATUSES} | {f"basis.{b}" for b in BASES}
    wanted |= {f"status.{s}.alone" for s, row in STATUSES.items() if row.rival}
    wanted |= {f"key.{b}" for b, row in BASES.items() if row.tone}
    for language, words in said.items():
        assert wanted - set(words) == set(), language


def test_the_scripts_of_the_page_know_no_status_by_name() -> None:
    """Words and colours of statuses are looked up by the ids of the payload: a new one needs no new line of script."""
    names = "|".join({*Status, *Basis} - {Basis.REGION})  # a region is a kind of place too
    for file in sorted(STATIC.rglob("*.js")):
        if file.name == "strings.js":
            continue
        code = re.sub(r"^\s*//.*$", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        found = re.findall(rf"""["'](?:{names})["']|/\^?\(?(?:{names})\b""", code)
        assert not found, f"{file.name}: {found}"
