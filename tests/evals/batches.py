"""The short notation of labelled texts; the head of ``claims/batches.txt`` explains it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

Gold = dict[str, Any]


def batches(path: Path) -> list[Gold]:
    """The documents of a file, as the JSON lines of the other gold have them."""
    found: list[Gold] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith(("+ ", "~ ")):
            predicate, place, actor, other, when, modality, part = (
                *(word.strip() for word in line[2:].split("|")),
                *[""] * (6 - line.count("|")),
            )
            claim: Gold = {"predicate": predicate, "place": place, "actor": actor, "other": other, "when": when}
            claim |= {"modality": modality or "asserted", "share": part, "country": found[-1]["country"]}
            found[-1]["claims" if line[0] == "+" else "optional"].append(claim)
        elif line and not line.startswith("#"):
            head, _, text = line.partition(": ")
            published, _, country = head.partition(" ")
            document = {"id": f"batch-{len(found) + 1:03d}", "published": published, "country": country}
            found.append(document | {"text": text.replace("\\n", "\n"), "claims": [], "optional": []})
    return found
