"""The shipped weights and word lists, read once per process from ``data/models``."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mapper.bundled import bundled


@dataclass(frozen=True, slots=True)
class Words:
    """Folded word lists: everyday words that are also place names, first names, surnames."""

    common: frozenset[str]
    dictionary: frozenset[str]
    first_names: frozenset[str]
    surnames: frozenset[str]


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the recogniser (by feature name), of the ranker's three looks and of the final score.

    ``loose`` is the log-odds from which a span goes on to the ranking; ``keep`` the score from which it is reported.
    """

    recogniser: dict[str, float]
    first: NDArray[np.float32]
    second: NDArray[np.float32]
    third: NDArray[np.float32]
    accept: NDArray[np.float32]
    loose: float
    keep: float
    lean: bool = True  # False in training: what fame and wars say is added to what was learnt, not learnt


@lru_cache(maxsize=1)
def weights() -> Weights:
    raw = json.loads(bundled("models", "weights.json").read_text(encoding="utf-8"))
    return made(raw)


def made(raw: dict[str, dict[str, float]], *, lean: bool = True) -> Weights:
    """Weights from their JSON form: per model, a number by feature name."""
    vectors = (np.array(list(raw[name].values()), np.float32) for name in ("first", "second", "third", "accept"))
    first, second, third, accept = vectors
    limits = raw["limits"]
    return Weights(raw["recogniser"], first, second, third, accept, limits["loose"], limits["keep"], lean)


@lru_cache(maxsize=1)
def words() -> Words:
    raw = json.loads(bundled("models", "words.json").read_text(encoding="utf-8"))
    return Words(*(frozenset(raw[name].split()) for name in ("common", "dictionary", "first_names", "surnames")))


@lru_cache(maxsize=1)
def version() -> str:
    """Checksum of the shipped weights and words: what an output says it was read with."""
    files = (bundled("models", name).read_bytes() for name in ("weights.json", "words.json"))
    return hashlib.sha256(b"".join(files)).hexdigest()[:12]
