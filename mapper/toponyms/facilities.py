"""Camps, halls and hills that are called after a place elsewhere: "Camp Libya", "Ouagadougou conference hall" in Sirte."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mapper.model import Place
from mapper.toponyms.names import is_country, km
from mapper.toponyms.reading import Kept
from mapper.toponyms.spans import Span
from mapper.toponyms.tokens import Tokens
from mapper.toponyms.words import CAPTURE_VERBS, word_set

#: "Camp Libya": with a capital before a name that is a place elsewhere, these make it a facility's.
_BEFORE = word_set("camp fort base hill outpost checkpoint firebase fob garrison barracks position height heights")
#: "Ouagadougou conference hall": in small letters or capitals after the name.
_AFTER = word_set(
    "hall hospital hotel prison barracks roundabout mosque school stadium palace bridge building camp quarter factory "
    "market club college hill cinema clinic compound base checkpoint"
)
#: Within so many km of a place named beside it a facility may well be that of the town it is called after.
_BESIDE_KM = 300.0
#: "took control of X (Tuesday) in Y"
_IN = re.compile(
    r"(?: \([^()\n]{1,24}\))?,? (?:in|at|inside) (?:the )?(?:(?:[a-z]+ )?(?:city|town|province|governorate) of )?"
)
_INSIDE = re.compile(
    r"(?: [a-z]+){0,3}(?: \([^()\n]{1,24}\))?,? (?:in|at|inside|near|outside) (?:the )?(?:(?:[a-z]+ )?(?:city|town|province|governorate) of )?"
)
_OF_CONTROL = CAPTURE_VERBS | word_set("control controls controlled hold holds held")


def named_before(span: Span, tokens: Tokens) -> bool:
    """Whether a type word with a capital stands before a name: "Camp Libya"."""
    i = span.first
    return (
        i > 0
        and tokens.gaps[i - 1] == " "
        and tokens.upper[i - 1]
        and tokens.low[i - 1] in _BEFORE
        and not tokens.shouting
        and tokens.text[span.end : span.end + 2] not in ("'s", "’s")
    )


def include_type(span: Span, tokens: Tokens) -> None:
    """The type word joins the span."""
    span.first -= 1
    span.start = tokens.starts[span.first]


def called_after_elsewhere(at: int, kept: Sequence[Kept], tokens: Tokens) -> bool:
    """Whether a name before "hall", "hospital" … is of a place far from everything else that the text names."""
    span, place, _, _ = kept[at]
    j = span.last
    following = [
        tokens.low[k] for k in range(j, min(j + 2, len(tokens))) if all(g == " " for g in tokens.gaps[j - 1 : k])
    ]
    if place is None or _AFTER.isdisjoint(following):
        return False
    others = _others(at, kept)
    return bool(others) and all(p.country != place.country and km(place, p) > _BESIDE_KM for p in others)


def lies_elsewhere(at: int, kept: Sequence[Kept], tokens: Tokens) -> Place | None:
    """Of "took control of X in Y" the Y, where the X known by that name is in another country."""
    span, place, _, _ = kept[at]
    if place is None or is_country(place) or at + 1 >= len(kept):
        return None
    if _OF_CONTROL.isdisjoint(tokens.low[max(0, span.first - 4) : span.first]):
        return None
    after, other, _, _ = kept[at + 1]
    if other is None or after.kind == "demonym" or not _IN.fullmatch(tokens.text, span.end, after.start):
        return None
    if other.country in ("", place.country) or not place.country or km(place, other) < _BESIDE_KM:
        return None
    return other


def inside_of(at: int, kept: Sequence[Kept], tokens: Tokens) -> Place | None:
    """The town or province that the words after a name say it is in, roughly; None where they do not."""
    if at + 1 >= len(kept):
        return None
    span, (after, other, _, _) = kept[at][0], kept[at + 1]
    between = tokens.text[span.end : after.start]
    # the type word may stand between: "Ouagadougou conference hall in Sirte"
    if other is None or is_country(other) or after.kind == "demonym" or not _INSIDE.fullmatch(between):
        return None
    return roughly(other)


def roughly(place: Place) -> Place:
    """A place for something in it that nobody knows."""
    return replace(place, radius_km=max(place.radius_km, 80.0 if place.is_region else 15.0))


def _others(at: int, kept: Sequence[Kept]) -> list[Place]:
    mine = kept[at][0]
    return [
        place
        for n, (span, place, value, _) in enumerate(kept)
        if n != at and place is not None and place.country and value > 0.4 and span.entry is not mine.entry
    ]
