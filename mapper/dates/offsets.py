"""What happened so long before or after a dated event: "took it on Thursday, a day after the fall of the port"."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import timedelta

from mapper.dates.edtf import edtf_of
from mapper.dates.grammar import TimeExpression
from mapper.dates.nodes import closed, shift, unit_interval
from mapper.dates.words import NUMBERS, UNITS, VAGUE
from mapper.model import When

_COUNT = "|".join(sorted({*NUMBERS, *VAGUE}, key=len, reverse=True))
_OFFSET = re.compile(
    rf"\b(?:(?:about|around|nearly|almost|just|barely|some|only|more than|less than) )?(?:a )?"
    rf"(?:({_COUNT}|\d{{1,3}}) (?:of )?)?(hour|day|week|month|year)s? (after|before)\b(?! that\b)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?][\"”’)]?\s+(?=[A-Z\"“])|[\n\u2029]")


def find_offsets(text: str, times: Sequence[TimeExpression]) -> tuple[TimeExpression, ...]:
    """The times of the events named right behind "two days after", "a week before", and the like; sorted.

    Each counts from the nearest dated expression of its own sentence (one before it is preferred), so it is about the
    event behind the words, never about the clause before them. ``kind`` is ``offset``; without a date to count from
    there is no expression.
    """
    dated = [t for t in times if closed((t.when.earliest, t.when.latest)) and t.kind != "duration"]
    ends = [end.end() for end in _SENTENCE_END.finditer(text)] if dated else []
    found: list[TimeExpression] = []
    for match in _OFFSET.finditer(text) if dated else ():
        count, unit, word = (match[1] or "").lower(), UNITS[match[2].lower()], match[3].lower()
        anchor = _anchor(dated, ends, match.start(), match.end())
        if anchor is None or anchor.when.earliest is None:
            continue
        few = VAGUE.get(count)
        number = NUMBERS.get(count) or (int(count) if count.isdigit() else 1)
        if few is None and not count and match[0].lower().rstrip(" aftebor").endswith("s"):
            few = (2, 9)  # "days after"
        sign = -1 if word == "after" else 1
        day = anchor.when.earliest
        if unit == "hour":
            start, end = (shift(day, "day", -1), day + timedelta(days=1)) if sign < 0 else (day, shift(day, "day", 2))
        elif few is not None:
            edges = sorted((shift(day, unit, sign * few[0]), shift(day, unit, sign * few[1])))
            start, end = edges[0], edges[1] + timedelta(days=1)
        elif unit == "week":
            middle = shift(day, unit, sign * number)
            start, end = middle - timedelta(days=3), middle + timedelta(days=4)
        else:
            start, end = unit_interval(shift(day, unit, sign * number), unit)
        found.append(
            TimeExpression(
                start=match.start(),
                end=match.end(),
                text=match[0],
                when=When(earliest=start, latest=end, edtf=edtf_of(start, end), basis="clause"),
                kind="offset",
                anchored=True,
            )
        )
    return tuple(found)


def _anchor(times: Sequence[TimeExpression], ends: Sequence[int], start: int, end: int) -> TimeExpression | None:
    """The nearest dated expression of the sentence around ``start``…``end``, those before it first.

    ``times`` are dated and sorted, ``ends`` are where sentences end.
    """
    behind = bisect_left(times, end, key=lambda expression: expression.start)
    sentence = bisect_right(ends, start)
    for at in (behind - 1, behind):
        if 0 <= at < len(times) and bisect_right(ends, times[at].start) == sentence:
            return times[at]
    return None
