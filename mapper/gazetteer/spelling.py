"""Spellings a slip or another romanisation away: which keys they are, and how alike two are."""

from __future__ import annotations

_ALPHABET = "abcdefghijklmnopqrstuvwxyz "
_ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي "
#: Letters that romanisations leave out, add and change at will.
_SOFT = frozenset("aeiouywh ")
#: What an edit of a consonant costs against one of a vowel or two letters in the wrong order.
_HARD = 3.0


def edits(key: str, *, spaces: bool = True) -> set[str]:
    """Every string one deletion, swap, replacement or insertion away, within the letters of the key's script."""
    letters = _ALPHABET if key.isascii() else "".join(sorted(set(key) | set(_ARABIC)))
    if not spaces:
        letters = letters.replace(" ", "")
    cuts = [(key[:at], key[at:]) for at in range(len(key) + 1)]
    made = {left + right[1:] for left, right in cuts if right}
    made |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    made |= {left + letter + right[1:] for left, right in cuts if right for letter in letters}
    made |= {left + letter + right for left, right in cuts for letter in letters}
    return made


def alike(one: str, other: str) -> float:
    """How alike two folded keys are that are one edit apart: 1 less the edit's cost by the length of the longer."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    mine, its = one[start : len(one) - end], other[start : len(other) - end]
    swapped = len(mine) == len(its) == 2 and mine == its[::-1]
    soft = swapped or set(mine + its) <= _SOFT
    return 1 - (1.0 if soft else _HARD) / max(len(one), len(other), 1)
