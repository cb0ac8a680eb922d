"""Forms of English words, derived: a verb's from its principal parts, a noun's plural. Only what is irregular is listed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

# one vowel between consonants: "stop", "quit"; w, x and y never double
_SHORT: Final = re.compile(r"(?:[^aeiouqy]|qu)*[aeiouy][bcdfgklmnprstvz]$")


def verb_forms(
    lemmas: Iterable[str], irregular: Iterable[str], doubling: Collection[str], either: Collection[str]
) -> dict[str, tuple[str, str]]:
    """Word form → (lemma, codes): b base, s third person, d past, n past participle, g -ing.

    ``irregular`` rows are "base past participle", two rows for a verb with two pasts. ``doubling`` are the longer verbs that double their last letter
    ("expelled"), ``either`` those that do on one side of the Atlantic ("travelled", "traveled"). A form that belongs to
    two verbs goes to the irregular one, else to the one named first.
    """
    strong = [(base, past, participle) for base, past, participle in map(str.split, irregular)]
    bases = {base for base, _, _ in strong}
    table: dict[str, tuple[str, str]] = {}
    for base, past, participle in strong:
        ing = _ing(base, doubling, either)
        for form, code in ((base, "b"), (third_person(base), "s"), (past, "d"), (participle, "n"), *ing):
            # "lay" is one verb's base and another's past: it stays the first one's, with both codes
            lemma, codes = table.get(form, (base, ""))
            table[form] = (lemma, codes if code in codes else codes + code)
    for base in lemmas:
        if base in bases:
            continue
        pasts: tuple[str, ...]
        if base.endswith("e"):
            pasts = (base + "d",)
        elif _consonant_y(base):
            pasts = (base[:-1] + "ied",)
        else:
            pasts = tuple(stem + "ed" for stem in _stems(base, doubling, either))
        past_codes = ((past, "dn") for past in pasts)
        for form, code in ((base, "b"), (third_person(base), "s"), *past_codes, *_ing(base, doubling, either)):
            table.setdefault(form, (base, code))
    return table


def third_person(base: str) -> str:
    """A verb's form after he and she, which is also how a noun makes its plural."""
    if _consonant_y(base):
        return base[:-1] + "ies"
    return base + ("es" if base.endswith(("s", "sh", "ch", "x", "z", "go", "do", "to", "ho")) else "s")


def plurals(nouns: Iterable[str]) -> frozenset[str]:
    """The nouns and their regular plurals."""
    found: set[str] = set()
    for noun in nouns:
        found |= {noun, third_person(noun)}
    return frozenset(found)


def _consonant_y(word: str) -> bool:
    return word.endswith("y") and word[-2:-1] not in ("a", "e", "i", "o", "u")


def _stems(base: str, doubling: Collection[str], either: Collection[str]) -> tuple[str, ...]:
    """What "-ed" and "-ing" are put to."""
    doubled = base + base[-1]
    if base in either:
        return doubled, base
    return (doubled,) if base in doubling or _SHORT.fullmatch(base) else (base,)


def _ing(base: str, doubling: Collection[str], either: Collection[str]) -> tuple[tuple[str, str], ...]:
    if base.endswith("ie"):
        return ((base[:-2] + "ying", "g"),)
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) and len(base) > 2:
        return ((base[:-1] + "ing", "g"),)
    return tuple((stem + "ing", "g") for stem in _stems(base, doubling, either))
