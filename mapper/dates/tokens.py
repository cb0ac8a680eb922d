"""The words of a text and where they stand."""

from __future__ import annotations

import re
from datetime import date
from itertools import accumulate

from mapper.dates.edtf import Interval
from mapper.dates.nodes import Clock, Node
from mapper.dates.numbers import NUMBER, NUMBERS, scale_of, value_of

DASHES = frozenset("-–—")
_NUMBER = re.compile(NUMBER, re.IGNORECASE)
_FIGURES = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})?")
_TOKEN = re.compile(r"([^\W\d_]+|\d+(?:,\d{3})+(?!\d)|\d+|[^\w\s]|_|\n\s*\n|\u2029\s*)")


class Words(Clock):
    """A text as words, and what has been read of it so far."""

    def __init__(self, text: str, published: date | None) -> None:
        self.text = text
        self.published = published
        parts = _TOKEN.split(text)  # gap, word, gap, word, …, gap
        self.tokens: list[str] = parts[1::2]
        self.starts: list[int] = list(accumulate(map(len, parts)))[:-1:2]
        self.low = list(map(str.lower, self.tokens))
        if "\u2029" in text:  # between blocks, as a blank line is
            self.low = ["\n\n" if low[0] == "\u2029" else low for low in self.low]
        self.count = len(self.tokens)
        self.previous: Interval | None = None  # the latest expression that others may count from
        self.previous_year: int | None = None
        self.depth = 0  # of phrases within phrases

    def word(self, index: int) -> str:
        return self.low[index] if 0 <= index < self.count else ""

    def token(self, index: int) -> str:
        return self.tokens[index] if 0 <= index < self.count else ""

    def ends(self, index: int) -> int:
        return self.starts[index] + len(self.tokens[index])

    def glued(self, index: int) -> bool:
        """No white space between this token and the one before."""
        return 0 < index < self.count and self.ends(index - 1) == self.starts[index]

    def capital(self, index: int) -> bool:
        return self.token(index)[:1].isupper()

    def day_number(self, index: int) -> int | None:
        token = self.token(index)
        if token.isascii() and token.isdigit() and 1 <= len(token) <= 2 and 1 <= int(token) <= 31:
            return int(token)
        return None

    def number(self, index: int) -> tuple[int, int] | None:
        """A whole number, in words or figures, and the token after it."""
        if _FIGURES.fullmatch(self.token(index)) and not scale_of(self.word(index + 1)):
            return value_of(self.token(index)), index + 1
        if self.word(index) not in NUMBERS and not self.token(index)[:1].isdigit():
            return None
        found = _NUMBER.match(self.text, self.starts[index])
        end = None if found is None else self._token_after(index, found.end())
        return None if found is None or end is None else (value_of(found[0]), end)

    def after_ordinal(self, index: int) -> int:
        """The token after a day number and its ordinal ending."""
        if self.word(index + 1) in {"st", "nd", "rd", "th"} and self.glued(index + 1):
            return index + 2
        return index + 1

    def _token_after(self, index: int, position: int) -> int | None:
        while index < self.count and self.starts[index] < position:
            index += 1
        return index if index == self.count or self.ends(index - 1) == position else None

    def point(self, index: int, *, after_joint: bool = False) -> Node | None:
        """A day, week, month, season, year or decade, absolute or relative, with its modifiers."""
        raise NotImplementedError

    def joined(self, first: Node, second: Node) -> Node | None:
        """One interval from the start of ``first`` to the end of ``second``."""
        raise NotImplementedError
