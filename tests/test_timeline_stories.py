"""Made-up stories and what the fold makes of them, written out: a change of the policy is seen line by line.

`tests/golden/stories.txt` has a story a paragraph: `>` what was said (`@` the publisher, `"` who is quoted), `=` the periods,
`!` the issues. ``python tests/test_timeline_stories.py`` writes the periods and issues anew; read the diff before you commit
it: docs/policy.md must say why. The stories were drawn once, at random, so that every kind of news meets every other.
"""

from __future__ import annotations

import random
import re
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from notation import claim, shown

from mapper.model import Actor, ActorId, Claim, Place, PlaceId
from mapper.timeline import build_timeline

GOLDEN = Path(__file__).parent / "golden" / "stories.txt"
ACTORS = {
    ActorId(i): Actor(id=ActorId(i), name=name, side=side)
    for i, name, side in (("a", "Army", "state"), ("b", "Rebels", ""), ("c", "Militia", "state"), ("d", "Band", ""))
}
PLACES = {
    PlaceId(i): Place(id=PlaceId(i), name=i, lat=0, lon=0, feature_class="A" if i == "land" else "P")
    for i in ("town", "village", "land")
}
PUBLISHERS = {"state-tv": "state", "rebel-radio": "b"}
_SAID = re.compile(
    r"> (?P<line>[^@\"\[]+?)(?: @(?P<publisher>\S+))?(?: \"(?P<said_by>[^\"]+)\")?(?: \[(?P<implies>\S+)\])?$"
)


def containing(place_id: PlaceId) -> tuple[PlaceId, ...]:
    return () if place_id == "land" else (PlaceId("land"),)


def read(line: str) -> Claim:
    match = _SAID.match(line)
    assert match is not None, line
    return claim(
        match["line"],
        publisher=match["publisher"] or "",
        said_by=match["said_by"] or "",
        published=date(2020, 6, 1),
        implies=(match["implies"],) if match["implies"] else (),
    )


def told(said: list[str]) -> list[str]:
    """The story with its periods and issues."""
    timeline, issues = build_timeline(
        [read(line) for line in said], PLACES, actors=ACTORS, publishers=PUBLISHERS, containing=containing
    )
    sure = [f"{period.confidence:.2f} {len(period.claim_ids)}" for period in timeline.periods]
    return [
        *said,
        *(f"= {line} | {number}" for line, number in zip(shown(timeline), sure, strict=True)),
        *(f"! {issue.code}" for issue in issues),
    ]


def stories() -> list[list[str]]:
    """The written ones."""
    text = GOLDEN.read_text(encoding="utf-8")
    return [block.split("\n") for block in text.strip().split("\n\n") if block]


@pytest.mark.parametrize("story", stories(), ids=lambda story: story[0])
def test_a_story_is_folded_as_it_is_written_down(story: list[str]) -> None:
    assert told([line for line in story if line.startswith(">")]) == story


def test_no_story_is_lost_from_the_file() -> None:
    assert len(stories()) >= 360


def drawn(count: int, seed: int, most: int = 6) -> list[list[str]]:
    """Stories at random: two and more claims, mostly about one town and two sides."""
    chance = random.Random(seed)  # noqa: S311 no secret
    verbs = ["captured"] * 4 + ["holds"] * 3 + ["contested"] * 2 + ["besieged"] * 2
    verbs += ["siege_lifted", "presence", "lost", "withdrew", "transferred", "denied"]
    found = []
    for _ in range(count):
        day = date(2020, 1, 1)
        story = []
        for _ in range(chance.randint(2, most)):
            day += timedelta(days=chance.choice([0, 0, 1, 3, 6, 7, 8, 20, 59, 60, 61]))
            when = chance.choice([str(day)] * 6 + [f"{day:%Y-%m}", f"{day}/{day + timedelta(days=12)}", f"/{day}"])
            place = chance.choice(["Town"] * 8 + ["Village", "Land"])
            actor, other = chance.sample(["a", "a", "b", "b", "c", "d"], 2)
            verb = chance.choice(verbs)
            part = chance.choice(["part of "] + [""] * 6)
            link = {"contested": "against", "besieged": "against", "transferred": "to"}.get(verb, "from")
            line = f"> {when} {part}{place} {verb} by {actor}"
            line += f" {link} {other}" if other != actor and chance.random() < 0.6 else ""
            line += chance.choice([" @wire", " @daily", " @state-tv", " @rebel-radio", ""])
            line += chance.choice(["", "", "", ' "Army"', ' "Rebels"', ' "a monitor"'])
            line += chance.choice([""] * 9 + [" [last_in:land]"])
            story.append(line)
        found.append(story)
    return found


if __name__ == "__main__":
    given = [[line for line in story if line.startswith(">")] for story in (stories() if GOLDEN.exists() else ())] or [
        *drawn(300, 17),
        *drawn(60, 18, 18),
    ]
    GOLDEN.write_text("\n\n".join("\n".join(told(story)) for story in given) + "\n", encoding="utf-8")
    sys.stdout.write(f"{GOLDEN}\n")
