"""The project's own gold of ``tests/evals/claims`` in the format of the reader's training texts, one JSON object a line.

    python data/models/reader_texts/gold.py > gold.jsonl

The batches name places and sides by their words only: each is looked up in the text, the nearest to the place.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

EVALS = Path(__file__).resolve().parents[3] / "tests" / "evals"
sys.path.insert(0, str(EVALS))

from batches import batches  # noqa: E402 - stands beside the gold


def found(text: str, words: str, near: int) -> tuple[int | None, int | None]:
    """The occurrence of some words that is nearest to a character, or nothing."""
    starts = []
    at = text.lower().find(words.lower()) if words else -1
    while at >= 0:
        starts.append(at)
        at = text.lower().find(words.lower(), at + 1)
    best = min(starts, key=lambda start: (abs(start - near), start), default=None)
    return (None, None) if best is None else (best, best + len(words))


def documents() -> list[dict[str, Any]]:
    texts = []
    for name in ("gold_sentences", "gold_news", "gold_articles"):
        lines = (EVALS / "claims" / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")
        texts += [json.loads(line) for line in lines if line.strip()]
    texts += batches(EVALS / "claims" / "batches.txt")
    for text in texts:
        text |= {"id": f"gold-{text['id']}", "source": "own", "licence": "MIT"}
        for claim in (*text.get("claims", ()), *(text.get("optional") or ())):
            if claim.get("start") is None:
                claim["start"], claim["end"] = found(text["text"], claim["place"], 0)
            for side in ("actor", "other"):
                words = (claim.get(side) or "").split(";")[0].strip()
                claim[f"{side}_start"], claim[f"{side}_end"] = found(text["text"], words, claim["start"] or 0)
    return texts


if __name__ == "__main__":
    for document in documents():
        print(json.dumps(document, ensure_ascii=False, default=str))
