"""What of real articles and passages is read, and what of it reaches the map: the development data beside the checkout.

    python tests/evals/reading.py [--reader=full|rules|FOLDER] [--errors] [articles|passages ...]

Facts and attributes are scored by ``score_claims.py``, what a reader of the map sees by ``score_map.py`` of that folder.
Passages are split by genre, facts by kind. The texts only measure: nothing is trained on them and no threshold is read
off them. Exit code 1 below a floor; a reader named by its folder has none. Says so and passes where the data are not there.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from mapper.actors import ActorIndex
from mapper.config import lexicon
from mapper.gazetteer import Gazetteer
from mapper.model import Article, ArticleId
from mapper.pipeline import read
from mapper.reader import OnnxReader, open_reader
from mapper.records import claim_rows

SHARED = Path(__file__).resolve().parents[3] / "shared" / "eval"
SETS = {"articles": "articles_dev", "passages": "passages_dev"}
FLOORS: dict[tuple[str, str], dict[str, float]] = {
    ("articles", "full"): {"f1": 0.64, "precision": 0.74, "map recall": 0.43, "map precision": 0.75},
    ("passages", "full"): {"f1": 0.83, "precision": 0.81, "map recall": 0.56, "map precision": 0.78},
    ("articles", "rules"): {"f1": 0.34},
    ("passages", "rules"): {"f1": 0.79},
}
CONFIDENT = 0.8

Gold = dict[str, Any]


def documents(path: Path) -> list[Gold]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def predicted(gold: list[Gold], voice: str) -> list[dict[str, Any]]:
    """Claims as ``mapper claims`` writes them."""
    gazetteer, index = Gazetteer.open(), ActorIndex(lexicon())
    reader = open_reader(voice) if voice in ("full", "rules") else OnnxReader(Path(voice))
    rows: list[dict[str, Any]] = []
    for document in gold:
        published = date.fromisoformat(document["published"][:10]) if document.get("published") else None
        article = Article(
            id=ArticleId(str(document["id"])),
            text=document["text"],
            title=document.get("title", ""),
            published=published,
        )
        reading = read(article, gazetteer, index, reader)
        rows += list(claim_rows(reading.found.claims, (), reading.places))
    return rows


def scored(script: str, gold: Path, found: Path, optional: Path, *more: str) -> str:
    command = [sys.executable, str(SHARED / script), str(gold), str(found), "--optional", str(optional), *more]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def figures(gold: list[Gold], rows: list[dict[str, Any]], optional: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        there, found = Path(folder) / "gold.jsonl", Path(folder) / "found.jsonl"
        there.write_text("\n".join(map(json.dumps, gold)) + "\n", encoding="utf-8")
        found.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
        facts = json.loads(scored("score_claims.py", there, found, optional, "--json"))
        drawn = json.loads(scored("score_map.py", there, found, optional, "--json"))
        if "--errors" in sys.argv:
            print(scored("score_map.py", there, found, optional, "--errors", "300"))
    return facts | {
        "map recall": drawn["recall"],
        "map precision": drawn["precision"],
        "drawn": drawn["drawn"],
        "why": drawn["why"],
    }


def confident(
    gold: list[Gold], rows: list[dict[str, Any]], optional: Path, least: float, below: float = 2.0
) -> tuple[float, int]:
    """Share of claims at a confidence that the gold or an optional claim bears out, and their number."""
    kept = [row for row in rows if least <= float(row["confidence"]) < below]
    found = figures(gold, kept, optional)
    right = found["precision"]
    return right, len(kept)


def main() -> int:
    voice = next((word.partition("=")[2] for word in sys.argv[1:] if word.startswith("--reader=")), "full")
    wanted = [word for word in sys.argv[1:] if not word.startswith("-")] or list(SETS)
    failed = False
    for name in wanted:
        path = SHARED / "claims" / f"{SETS[name]}.jsonl"
        optional = path.with_name(f"{SETS[name]}_optional.jsonl")
        if not path.exists():
            print(f"reading, {name}: ../shared/eval/claims/{path.name} is not here; nothing was measured")
            continue
        gold = documents(path)
        rows = predicted(gold, voice)
        f = figures(gold, rows, optional)
        print(f"reading, {name} ({voice}): {len(gold)} texts, {f['facts']} facts")
        print(
            f"  facts F1 {f['f1']:.3f}  precision {f['precision']:.3f}  recall {f['recall']:.3f}"
            f"  phantoms {f['phantom']}  actor {f['actor']:.3f}  other {f['other']:.3f}  date {f['date']:.3f}"
        )
        print(
            "  by kind: "
            + "  ".join(f"{k.removeprefix('recall_')} {v}" for k, v in f.items() if k.startswith("recall_"))
        )
        print(
            f"  on the map: recall {f['map recall']:.3f}  precision {f['map precision']:.3f}  drawn {f['drawn']}  {f['why']}"
        )
        right, count = confident(gold, rows, optional, CONFIDENT)
        print(f"  at confidence {CONFIDENT} and more: {right:.3f} of the facts of {count} claims are right")
        bands = [(low / 10, confident(gold, rows, optional, low / 10, low / 10 + 0.1)) for low in range(3, 10)]
        print("  reliability: " + "  ".join(f"from {low} {share:.2f} of {n}" for low, (share, n) in bands if n))
        genres: dict[str, list[Gold]] = defaultdict(list)
        for document in gold:
            genres[document.get("genre", "")].append(document)
        if len(genres) > 1:
            for genre, some in sorted(genres.items()):
                ids = {str(document["id"]) for document in some}
                g = figures(some, [row for row in rows if row["article_id"] in ids], optional)
                print(f"    {genre:14s} {g['facts']:3d} facts  F1 {g['f1']:.3f}  map recall {g['map recall']:.3f}")
        floors = FLOORS.get((name, voice), {})
        short = [f"{key} {f[key]:.3f} < {floor}" for key, floor in floors.items() if f[key] < floor]
        for line in short:
            print(f"  BELOW FLOOR: {line}")
        failed = failed or bool(short)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
