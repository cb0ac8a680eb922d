"""The texts the learned reader was trained on: long, and as various as the press; goldens show what the rules make of them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "data" / "models" / "reader_texts"


def blocks() -> list[Any]:
    """Texts with ``id``, ``published`` and ``text``, in the order of the files."""
    spec = importlib.util.spec_from_file_location("convert", FOLDER / "convert.py")
    assert spec is not None
    assert spec.loader is not None
    convert = importlib.util.module_from_spec(spec)
    sys.modules["convert"] = convert  # its dataclasses look themselves up
    spec.loader.exec_module(convert)
    places: dict[str, Any] = {}
    return [block for path in sorted(FOLDER.glob("*.txt")) for block in convert.read(path, places)]
