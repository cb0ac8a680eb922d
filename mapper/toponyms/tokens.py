"""A text cut into words, with what the recogniser asks of each: its place, its case, what stands between it and the next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

from mapper.toponyms.lexicon import REMEMBERED, describe, hushed
from mapper.toponyms.words import word_set

# Words keep inner apostrophes (Mar'e, N'Djamena); dotted initials are one word (U.S., W.Va.). Combining marks belong to
# the letter before them, so decomposed accents and vowelled Arabic stay whole.
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670"
_WORD = rf"[^\W_][^\W_{_MARKS}]*(?:[{_MARKS}]+[^\W_]*)*"
_TOKEN = re.compile(rf"((?:[A-Z][a-z]{{0,2}}\.){{2,}}|{_WORD}(?:['’‘`ʼʻ]{_WORD})*)")
_PLAIN = re.compile(r"((?:[A-Z][a-z]{0,2}\.){2,}|[^\W_]+(?:['’‘`ʼʻ][^\W_]+)*)")  # the same where no marks are
_POSSESSIVES = frozenset(mark + s for mark in "'’ʼ`" for s in "sS")
_HAS_MARKS = re.compile(rf"[{_MARKS}]")
_SENTENCE_GAP = re.compile(r"[.!?][\"'”’)\]]*\s|\n\s*\n|\u2029|[“\"‘]\s*$|:\s*$|•")
#: Words whose full stop does not end a sentence.
_ABBREVIATIONS = word_set(
    "st mt ft mr mrs ms dr sen rep gov gen col lt sgt capt jr sr no vs prof rev hon maj adm pres u.s w.va ala "
    "ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla ore pa "
    "tenn tex vt va wash wis wyo jan feb mar apr aug sept oct nov dec"
)


@dataclass(slots=True)
class Tokens:
    """Parallel lists over the words of a text.

    ``ends`` excludes a possessive 's; ``gaps[i]`` is what stands between word ``i`` (its possessive included) and word
    ``i + 1``. ``upper`` is True where the first letter is a capital or the script has no case; ``opens`` is told for
    these alone. ``capitals`` indexes them.
    """

    text: str
    words: list[str]
    low: tuple[str, ...]
    keys: tuple[str, ...]
    kinds: tuple[str, ...]
    formal: tuple[bool, ...]
    contraction: tuple[bool, ...]
    starts: list[int]
    ends: list[int]
    gaps: list[str]
    upper: tuple[bool, ...]
    capitals: list[int]
    opens: list[bool]  # first word of a sentence, a quotation or a paragraph
    shouting: bool  # the whole text is in capitals, so case says nothing
    datelines: tuple[tuple[int, int], ...] = ()  # character spans, in text order

    def __len__(self) -> int:
        return len(self.words)


def tokenise(text: str, datelines: tuple[tuple[int, int], ...] = (), listed: frozenset[int] = frozenset()) -> Tokens:
    """The words of a text, ``parted`` where blocks end; offsets are code points of the text as given.

    ``listed`` are where items of a list begin: what stands before them reads like a comma.
    """
    pattern = _TOKEN if not text.isascii() and _HAS_MARKS.search(text) else _PLAIN
    parts = pattern.split(text)  # gap, word, gap, word, …, gap
    words, gaps = parts[1::2], parts[2::2]
    if not words:
        return Tokens(text, [], (), (), (), (), (), [], [], [], (), [], [], shouting=False)
    edges = list(accumulate(map(len, parts)))
    starts, ends = edges[0:-1:2], edges[1::2]
    for i, word in enumerate(words):
        if word[-2:] in _POSSESSIVES and len(word) > 2:
            words[i] = word[:-2]
            ends[i] -= 2
            gaps[i] = word[-2:] + gaps[i]
    if listed:
        for i in range(1, len(words)):
            if starts[i] in listed:
                gaps[i - 1] = ", "
    described = [REMEMBERED.get(word) or describe(word) for word in words]
    low, upper, keys, kinds, formal, contraction = zip(*described, strict=True)
    capitals = [i for i, flag in enumerate(upper) if flag]
    opens = [False] * len(words)
    opens[0] = True
    for i in capitals:
        if i == 0:
            continue
        gap = gaps[i - 1]
        if gap in (" ", "-", ", "):
            continue
        if gap == ". ":
            opens[i] = low[i - 1] not in _ABBREVIATIONS and len(low[i - 1]) > 1
        else:
            opens[i] = _SENTENCE_GAP.search(gap) is not None
    shouting = False
    if len(capitals) > 0.4 * len(words):
        letters = sum(map(len, words))
        loud = sum(len(words[i]) for i in capitals if words[i] != low[i] and words[i].isupper())
        shouting = loud > 0.6 * letters
        if shouting:
            kinds = tuple(map(hushed, low))
    return Tokens(
        text,
        words,
        low,
        keys,
        kinds,
        formal,
        contraction,
        starts,
        ends,
        gaps,
        upper,
        capitals,
        opens,
        shouting,
        datelines,
    )
