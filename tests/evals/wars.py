"""Three wars read from their articles alone: which checkpoints hold, and what of the labels reaches the map.

    python tests/evals/wars.py [--errors] [sudan-2023-2025 …]

A checkpoint is *true* when the timeline says what it says, *wrong* when another side holds the place on that day, else it
is *not known*. Facts and the map are scored against ``gold.jsonl`` by the scorers of the development data beside the
checkout; without them only the checkpoints are counted. Exit code 1 below a floor.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from reading import SHARED, figures

import mapper
from mapper.model import Result, Status
from mapper.records import claim_rows
from mapper.timeline import Checkpoint, check, read_checkpoints

EXAMPLES = Path(__file__).resolve().parents[2] / "data" / "examples"
WARS = ("sudan-2023-2025", "kharkiv-kherson-2022", "west-1944-1945")
FLOORS = {
    "sudan-2023-2025": {"true": 0.45, "map recall": 0.56, "map precision": 0.74},
    "kharkiv-kherson-2022": {"true": 0.53, "map recall": 0.51, "map precision": 0.76},
    "west-1944-1945": {"true": 0.39, "map recall": 0.32, "map precision": 0.74},
}
MOST_WRONG = 0.13  # of the checkpoints of each war


def verdicts(result: Result, points: tuple[Checkpoint, ...], actors: Any) -> list[tuple[Checkpoint, str, str]]:
    """Each checkpoint with ``true``, ``wrong`` or ``not known``, and what the timeline has instead."""
    found = []
    for point in points:
        failed = check(result.timeline, (point,), result.places, actors, result.claims)
        if not failed:
            found.append((point, "true", ""))
            continue
        name = point.place.casefold()
        ids = {
            place.id
            for place in result.places.values()
            if name in {place.name.casefold(), *map(str.casefold, place.names)}
        } | {claim.place_id for claim in result.claims if claim.place_text.casefold() == name and claim.place_id}
        holders = {
            period.actor_id
            for period in result.timeline.periods
            if period.place_id in ids and period.covers(point.day) and period.status is not Status.CONTESTED
        } - {""}
        wrong = bool(point.actor) and bool(holders) and point.actor not in holders
        found.append((point, "wrong" if wrong else "not known", failed[0].message))
    return found


def _by_side(claim: dict[str, Any], words: str) -> dict[str, Any]:
    """The claim with its sides called by their ids: the scorers know the names of other wars only."""
    for role in ("actor", "other"):
        if claim[f"{role}_id"]:
            claim[role + words] = claim[f"{role}_id"].replace(";", "; ")
    return claim


def scored(result: Result, gold: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The figures of facts and map against the labels; None without the scorers. Articles are known by their headlines."""
    if not (SHARED / "score_map.py").exists():
        return None
    ids = {document["title"]: document["id"] for document in gold}
    rows = []
    for row in claim_rows(result.claims, (), result.places):
        title = json.loads(row["more"] or "{}").get("title", "")
        rows.append(_by_side(dict(row), "_text") | {"article_id": ids[title]})
    gold = [{**document, "claims": [_by_side(claim, "") for claim in document["claims"]]} for document in gold]
    with tempfile.TemporaryDirectory() as folder:
        optional = Path(folder) / "optional.jsonl"
        lines = (json.dumps({"id": d["id"], "claims": [_by_side(c, "") for c in d["optional"]]}) for d in gold)
        optional.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        return figures(gold, rows, optional)


def main() -> int:
    wanted = [word for word in sys.argv[1:] if not word.startswith("-")] or WARS
    failed = False
    for war in wanted:
        folder = EXAMPLES / war
        settings = mapper.read_config(folder / "mapper.toml")
        result = mapper.run(str(folder / "articles"), config=settings)
        points, _ = read_checkpoints(folder / "checkpoints.tsv")
        judged = verdicts(result, points, {actor.id: actor for actor in settings.actors})
        count = Counter(verdict for _, verdict, _ in judged)
        f: dict[str, Any] = {verdict: count[verdict] / len(points) for verdict in ("true", "wrong", "not known")}
        print(f"{war}: {len(points)} checkpoints, " + ", ".join(f"{share:.3f} {name}" for name, share in f.items()))
        gold = [json.loads(line) for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
        if facts := scored(result, gold):
            f |= facts
            print(
                f"  {len(gold)} articles, {f['facts']} facts: F1 {f['f1']:.3f}  precision {f['precision']:.3f}  recall {f['recall']:.3f}"
                f"  phantoms {f['phantom']}\n"
                f"  on the map: recall {f['map recall']:.3f}  precision {f['map precision']:.3f}  drawn {f['drawn']}  {f['why']}"
            )
        if "--errors" in sys.argv:
            for point, verdict, said in judged:
                if verdict != "true":
                    print(f"  {verdict}: {point.day} {point.place} {point.status} {point.actor}: {said}")
        short = [f"{key} {f[key]:.3f} < {floor}" for key, floor in FLOORS[war].items() if key in f and f[key] < floor]
        if f["wrong"] > MOST_WRONG:
            short.append(f"wrong {f['wrong']:.3f} > {MOST_WRONG}")
        for line in short:
            print(f"  BELOW FLOOR: {line}")
        failed = failed or bool(short)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
