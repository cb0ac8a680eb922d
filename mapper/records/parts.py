"""The folder of an extraction: claims tables in many files, each with a done-marker that vouches for it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

MARKER = "mapper-extract.json"  # what makes a folder an extraction


def marker_of(part: Path) -> dict[str, Any] | None:
    """What the done-marker of a part says, if the part is as whole as when it was written."""
    try:
        marker: dict[str, Any] = json.loads(part.with_suffix(".done").read_text(encoding="utf-8"))
        raw = part.read_bytes()
    except (OSError, ValueError):
        return None
    return marker if marker.get("sha256") == hashlib.sha256(raw).hexdigest() else None


def parts(folder: Path) -> tuple[Path, ...]:
    """The finished part files of an extraction, in order; those unfinished or damaged since are left out."""
    return tuple(p for p in sorted(folder.glob("parts/*/part-*.jsonl")) if marker_of(p) is not None)


def is_extraction(folder: Path) -> bool:
    return (folder / MARKER).is_file()
