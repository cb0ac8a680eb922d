"""The colours of the whole actor lexicon as the page assigns them, for every kind of eye and in both themes."""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from mapper.config import lexicon

HERE = Path(__file__).parent
ASSIGN = """
const { palette } = require("./load.cjs")("palette.js");
const theatres = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const found = {};
for (const [name, { actors, theme }] of Object.entries(theatres)) {
  const colours = palette.assign(actors, theme);
  const ground = palette.THEMES[theme].paper;
  const near = [];
  actors.forEach((a, i) => actors.slice(0, i).forEach((b, k) => {
    if (a.side !== b.side || !a.side) near.push([palette.apart(colours[i], colours[k]), a.id, b.id]);
  }));
  found[name] = {
    near: near.sort((p, q) => p[0] - q[0])[0] || [100, "", ""],
    fill: Math.min(...colours.map((c) => palette.contrast(palette.mix(ground, c, palette.TONES[0]), ground))),
  };
}
console.log(JSON.stringify(found));
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("most", "least"), [(8, 5.0), (99, 3.0)], ids=["the first eight", "all at once"])
def test_enemies_of_one_conflict_look_different_to_every_kind_of_eye(
    node: str, theme: str, most: int, least: float
) -> None:
    theatres: dict[str, list[dict[str, str]]] = defaultdict(list)
    for actor in lexicon():
        for country in actor.countries:
            theatres[country].append({"id": actor.id, "side": actor.side, "colour": actor.colour})
    asked = {c: {"theme": theme, "actors": actors[:most]} for c, actors in theatres.items() if len(actors) > 1}
    assert len(asked) > 30
    run = subprocess.run(
        [node, "-e", ASSIGN], input=json.dumps(asked), cwd=HERE, capture_output=True, text=True, check=True, timeout=120
    )
    found = json.loads(run.stdout)
    assert {c: f["near"] for c, f in found.items() if f["near"][0] < least} == {}
    assert min(f["fill"] for f in found.values()) >= 3
