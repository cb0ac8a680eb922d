"""What happened so long before or after a dated event: "took it on Thursday, a day after the fall of the port"."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import timedelta

from mapper.dates.edtf import edtf_of
from mapper.dates.grammar import TimeExpression
from mapper.dates.nodes import closed, far, shift, unit_interval
from mapper.dates.numbers import NUMBER, scale_of, value_of
from mapper.dates.words import UNITS, VAGUE
from mapper.model import When

_EXACT = rf"{NUMBER}|\d{{1,3}}(?:,\d{{3}})?"
_OFFSET = re.compile(
    rf"\b(?:(?:about|around|nearly|almost|just|barely|some|only|more than|less than) )?"
    rf"(?:(?:a )?({'|'.join(VAGUE)})(?: of)?(?: (dozen|hundred|thousand))? "
    rf"|({_EXACT})(?:(?: (?:or|to) |[-–])({_EXACT}))? |(?<!\d )(?<![-–]))"  # no number: "days after", not "1200 days after"
    rf"(hour|day|week|month|year)(s?) (after|before)\b(?! that\b)",
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
        unit, word = UNITS[match[5].lower()], match[7].lower()
        anchor = _anchor(dated, ends, match.start(), match.end())
        if anchor is None or anchor.when.earliest is None:
            continue
        low, high = _count(match)
        sign = -1 if word == "after" else 1
        day = anchor.when.earliest
        if far(shift(day, unit, sign * high)):
            continue
        if unit == "hour":
            start, end = (shift(day, "day", -1), day + timedelta(days=1)) if sign < 0 else (day, shift(day, "day", 2))
        elif low != high:
            edges = sorted((shift(day, unit, sign * low), shift(day, unit, sign * high)))
            start, end = edges[0], edges[1] + timedelta(days=1)
        elif unit == "week":
            middle = shift(day, unit, sign * low)
            start, end = middle - timedelta(days=3), middle + timedelta(days=4)
        else:
            start, end = unit_interval(shift(day, unit, sign * low), unit)
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


def _count(match: re.Match[str]) -> tuple[int, int]:
    """The least and the most that the count of an offset means."""
    vague, scale, number, more, _, plural, _ = match.groups()
    if vague:
        times = scale_of(scale.lower()) if scale else 1
        low, high = VAGUE[vague.lower()]
        return low * times, high * times
    if not number:
        return (2, 9) if plural else (1, 1)
    first = value_of(number)
    return first, max(first, value_of(more)) if more else first


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
