"""What is known about a word by itself: folded form, case, key, class. Remembered, because words repeat across articles."""

from __future__ import annotations

import re

from mapper.gazetteer import normalise
from mapper.toponyms.weights import Words, words
from mapper.toponyms.words import (
    AP_STATES,
    BRAND_HEADS,
    CAPTURE_VERBS,
    CIVIC_HEADS,
    DAYS,
    DEMONYMS,
    DIRECTIONS,
    LOCATIVES,
    MONTHS,
    PLACE_HEADS,
    POSTAL_STATES,
    REGION_DEMONYMS,
    SHORT_FORMS,
    SPEECH_VERBS,
    STREETS,
    TITLES,
)

#: Dotted form of a state without blanks, folded ("w.va.") → postal code.
STATE_CODES = {dotted.replace(" ", "").lower(): code for dotted, code in AP_STATES.items()}
_MOST = 120_000
_FIRST_OF_DEMONYM = frozenset(name.split(" ")[0] for name in (*DEMONYMS, *REGION_DEMONYMS))
_CONTRACTION = re.compile(
    r"(?:i|we|he|she|it|they|you|who|that|there|what|don|can|won|isn|doesn|didn|wouldn|couldn|let|here)[’'`](?:ll|m|d|ve|re|t|s)$",
    re.IGNORECASE,
)

_ELIDED = re.compile(r"[dlns][’'`][A-ZÀ-Þ]")  # "d'Ivoire" is a name though it begins small

#: (folded, starts like a name, key, class, may be a demonym or short form, contraction)
Info = tuple[str, bool, str, str, bool, bool]
REMEMBERED: dict[str, Info] = {}


def _is_upper(word: str) -> bool:
    first = word[0]
    return first.isupper() or (first.isalpha() and first.lower() == first.upper()) or _ELIDED.match(word) is not None


def _kind(word: str, upper: bool, lists: Words) -> str:  # noqa: FBT001
    """One coarse class of a word as a neighbour."""
    if word in LOCATIVES:
        return "loc"
    if word in MONTHS or word in DAYS:
        return "date"
    if upper:
        if word.upper() == word:  # a script without case: its words tell nothing by their shape
            return "Script"
        for name, members in (
            ("Street", STREETS), ("Title", TITLES), ("Civic", CIVIC_HEADS), ("Placehead", PLACE_HEADS), ("Brand", BRAND_HEADS), ("Direction", DIRECTIONS),
        ):  # fmt: skip
            if word in members:
                return name
        if word in lists.first_names:
            return "FirstSur" if word in lists.surnames else "First"
        if word in lists.surnames:
            return "Sur"
        return "CapCommon" if word in lists.common else "Cap"
    for name, members in (
        ("direction", DIRECTIONS), ("placehead", PLACE_HEADS), ("title", TITLES), ("speech", SPEECH_VERBS), ("capture", CAPTURE_VERBS), ("civic", CIVIC_HEADS),
    ):  # fmt: skip
        if word in members:
            return name
    return "num" if word[0].isdigit() else "low"


def describe(word: str) -> Info:
    """The facts about a word as written."""
    found = REMEMBERED.get(word)
    if found is None:
        if len(REMEMBERED) >= _MOST:
            REMEMBERED.clear()
        low = word.lower()
        upper = _is_upper(word)
        formal = upper and (
            word in SHORT_FORMS
            or word + "." in SHORT_FORMS
            or low in STATE_CODES
            or low + "." in STATE_CODES
            or word in POSTAL_STATES
            or low == "w"
            or low in _FIRST_OF_DEMONYM
        )
        contraction = _CONTRACTION.match(word) is not None
        found = REMEMBERED[word] = (low, upper, normalise(word), _kind(low, upper, words()), formal, contraction)
    return found


def hushed(low: str) -> str:
    """The class of a word of a text all in capitals: what it is in small letters if that says anything."""
    lists = words()
    small = _kind(low, False, lists)
    if small in ("speech", "capture"):
        return small
    return _kind(low, True, lists)
