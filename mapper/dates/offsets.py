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
    (
        rf"\b(?:(?:about|around|nearly|almost|just|barely|some|only|more than|less than) )?"
        rf"(?:(?:a )?({'|'.join(VAGUE)})(?: of)?(?: (dozen|hundred|thousand))? "
        rf"|({_EXACT})(?:(?: (?:or|to) |[-–])({_EXACT}))? |(?<!\d )(?<![-–]))"  # no number: "days after", not "1200 days after"
        rf"(hour|day|week|month|year)(s?) (after|before)\b(?! that\b)"
    ).replace(" ", r"\s"),  # a line may end between any two of its words
    re.IGNORECASE,
)
_WIDEST = {"hour": 31, "day": 31, "week": 92, "month": 366}  # days of a time from which such units are counted
_SENTENCE_END = re.compile(r"[.!?][\"”’)]?\s+(?=[A-Z\"“])|\u2029|\n\s*\n")


def find_offsets(text: str, times: Sequence[TimeExpression]) -> tuple[TimeExpression, ...]:
    """What "two days after", "a week before" and the like date, in text order; nothing without a date to count from.

    Where the clause behind the words has a date of its own ("two days after the fall of A on 1 August, it took B"), the
    count dates the clause it belongs to: ``kind`` is ``lag``, ``reach`` the end of the clause with the date. Else it
    dates the event behind the words, counted from the nearest date of the sentence, one before it preferred ("took B on
    3 August, two days after the fall of A"): ``kind`` is ``offset``.
    """
    dated = [t for t in times if closed((t.when.earliest, t.when.latest)) and t.kind != "duration"]
    ends = [end.end() for end in _SENTENCE_END.finditer(text)] if dated else []
    found: list[TimeExpression] = []
    for match in _OFFSET.finditer(text) if dated else ():
        unit, word = UNITS[match[5].lower()], match[7].lower()
        behind = _behind(text, dated, ends, match.end())
        anchor = behind or _anchor(dated, ends, match.start(), match.end())
        if anchor is None or anchor.when.earliest is None or anchor.when.latest is None:
            continue
        low, high = _count(match)
        sign = 1 if (word == "after") == (behind is not None) else -1
        day, last = anchor.when.earliest, anchor.when.latest - timedelta(days=1)
        if far(shift(day, unit, sign * high)) or (last - day).days >= _WIDEST.get(unit, 4000):
            continue  # "days after the attacks of recent years"
        if unit == "hour":
            start, end = (shift(day, "day", -1), day + timedelta(days=1)) if sign < 0 else (day, shift(day, "day", 2))
        elif low != high:
            edges = sorted((shift(day, unit, sign * low), shift(day, unit, sign * high)))
            start, end = edges[0], edges[1] + timedelta(days=1)
        elif unit == "week":
            start = shift(day, unit, sign * low) - timedelta(days=3)
            end = shift(last, unit, sign * low) + timedelta(days=4)
        else:  # from "in June 2014" a count of days leads to as many days as June has
            start = unit_interval(shift(day, unit, sign * low), unit)[0]
            end = unit_interval(shift(last, unit, sign * low), unit)[1]
        found.append(
            TimeExpression(
                start=match.start(),
                end=match.end(),
                text=match[0],
                when=When(earliest=start, latest=end, edtf=edtf_of(start, end), basis="clause"),
                kind="offset" if behind is None else "lag",
                anchored=True,
                reach=0 if behind is None else _clause_end(text, behind.end),
            )
        )
    return tuple(found)


def find_counts(text: str) -> tuple[tuple[int, int], ...]:
    """Where "two days" of "two days after …" stands: words that name no place, whoever they follow."""
    return tuple((m.start(), m.start(7) - 1) for m in _OFFSET.finditer(text) if m[1] or m[3])


_CLAUSE_END = re.compile(r"[,;:.!?)](?=\s|\Z)|\u2029|\n\s*\n|\s[–—-]\s")


def _clause_end(text: str, start: int) -> int:
    found = _CLAUSE_END.search(text, start)
    return found.start() if found else len(text)


def _behind(text: str, times: Sequence[TimeExpression], ends: Sequence[int], end: int) -> TimeExpression | None:
    """The dated expression in the clause behind a count."""
    at = bisect_left(times, end, key=lambda expression: expression.start)
    if at == len(times) or bisect_right(ends, times[at].start) != bisect_right(ends, end):
        return None
    return times[at] if times[at].start <= _clause_end(text, end) else None


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
