"""Numbers written as words: "a hundred and twenty", "twenty-one", "two dozen"."""

from __future__ import annotations

import re

_BELOW_TEN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_BELOW_TWENTY = (
    *_BELOW_TEN,
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000}
NUMBERS: dict[str, int] = {  # words that a number begins with
    **{word: number for number, word in enumerate(_BELOW_TWENTY, 1)},
    **{word: 10 * number for number, word in enumerate(_TENS, 2)},
    **_SCALES,
    **dict.fromkeys(("a", "an"), 1),
}


def _any(words: tuple[str, ...]) -> str:
    return rf"(?:{'|'.join(sorted(words, key=len, reverse=True))})\b"


_GAP = r"(?:[-–]|[^\S\n]{1,4}|[^\S\n]{0,4}\n[^\S\n]{0,4})"  # a line may break within a number, a paragraph may not
_AND = rf"(?:{_GAP}and)?{_GAP}"
_SMALL = rf"(?:{_any(_TENS)}(?:{_GAP}{_any(_BELOW_TEN)})?|{_any(_BELOW_TWENTY)})"
_TIMES = rf"(?:(?:an?\b|\d{{1,3}}|{_SMALL}){_GAP})?"
_HUNDREDS = rf"{_TIMES}hundred\b(?:{_AND}{_SMALL})?"
_THOUSANDS = rf"(?:{_HUNDREDS}{_GAP}|{_TIMES})thousand\b(?:{_AND}(?:{_HUNDREDS}|{_SMALL}))?"
# A number of at least one word, all of it: of "five thousand and ten" no one must read the ten.
NUMBER = rf"(?:{_THOUSANDS}|{_HUNDREDS}|{_TIMES}dozen\b|{_SMALL}|an?\b)"
_WORD = re.compile(r"[a-z]+|\d[\d,]*")


def value_of(words: str) -> int:
    """The value of what NUMBER matched, in any case, or of figures."""
    whole = part = 0
    for word in _WORD.findall(words.lower()):
        if word == "thousand":
            whole, part = (part or 1) * 1000, 0
        elif word in _SCALES:
            part = (part or 1) * _SCALES[word]
        elif word != "and":
            part += NUMBERS[word] if word in NUMBERS else int(word.replace(",", ""))
    return whole + part


def scale_of(word: str) -> int:
    """What a word multiplies the number before it with; 0 for one that does not."""
    return _SCALES.get(word, 0)
