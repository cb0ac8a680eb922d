"""Parts of a text with a day of their own: posts of a live page, days of a chronicle, items of a timeline, dispatches.

What such a part calls today is its day, not that of the whole text's publication.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from mapper.claims.clocks import clock_of, days_apart
from mapper.dates import FILLING, TimeExpression
from mapper.layout import dateline
from mapper.model import Block


@dataclass(frozen=True, slots=True)
class Unit:
    """``text[start:end]`` is of ``day``; ``listed`` when it tells what happened on it, not only what was written on it."""

    start: int
    end: int
    day: date
    listed: bool
    counted: bool = False  # the day is counted over midnights that only the clocks of posts tell of


_SHORT: Final = 60  # characters of a heading that is only a date
_LINE: Final = 150  # characters of a line over a list
_FEW: Final = 25  # characters between the beginning of an item and the date it begins with: "14:32, "
_FILLING: Final = re.compile(
    rf"\b(?:{FILLING}|of|day|live|updates?|updated|posted)(?!\w)|[\d\W_]",
    re.IGNORECASE,
)
_SUMMARY: Final = re.compile(
    r"\W*(?:what (?:happened|we know)|key (?:events|developments|moments)|(?:main |major |latest )?(?:events|developments)|summary|timeline"
    r"|as it happened|(?:daily |situation )?(?:update|report|summary|overview|briefing)|the day)\b",
    re.IGNORECASE,
)
_SEPARATED: Final = re.compile(r"\)?\s*(?::|\||[-–—]{1,2})\s|\)?\s*\n")


def read_units(
    text: str, blocks: Sequence[Block], times: Sequence[TimeExpression], published: date | None
) -> tuple[Unit, ...]:
    """The blocks that have a day of their own, in order; ``times`` are the text's temporal expressions, sorted.

    A heading that is a date and a dateline open what follows until the next of them, "What happened on 9 November" until
    the next heading; "9 November: …" and a paragraph of a post are units alone.
    """
    kinds = [_kind(text, block, times) for block in blocks]
    clocked = _days_by_clock(text, blocks, kinds, published)
    chronicle = sum(1 for how, _ in kinds if how == "date") > 1  # else the one date is that of the text
    outer: tuple[date, bool] | None = None
    inner: tuple[date, bool] | None = None
    units: list[Unit] = []
    for block, (how, day), post in zip(blocks, kinds, clocked, strict=True):
        own = inner or outer
        if how == "post":
            own = None if day is None else (day, False)
        elif how in ("date", "dateline"):
            outer, inner = (None if day is None else (day, how == "date" and chronicle)), None
            own = None if how == "date" else outer
        elif how in ("list", "heading"):
            inner = None if day is None else (day, True)
            own = None if day is not None else outer
        elif day is not None:
            own = day, True
        if post is not None and how in ("", "heading"):
            own = post, False
        if own is not None and (own[0] != published or own[1]):
            units.append(Unit(block.start, block.end, *own, counted=post is not None))
    return tuple(units)


def _days_by_clock(
    text: str, blocks: Sequence[Block], kinds: Sequence[tuple[str, date | None]], published: date | None
) -> list[date | None]:
    """The day of each block of a post that only its clock dates, where the posts cross midnight; None for other blocks.

    They are counted from the date that stands over them; without one the newest is of the day of publication.
    """
    found: list[date | None] = [None] * len(blocks)
    if any(how == "post" for how, _ in kinds):
        return found
    posts = [
        (n, clock)
        for n, (block, (how, _)) in enumerate(zip(blocks, kinds, strict=True))
        if how in ("", "heading") and (clock := clock_of(text, block)) is not None
    ]
    apart = days_apart([clock for _, clock in posts])
    if apart is None or len(set(apart)) == 1:
        return found
    newest = max(apart)
    dated = {n: day for n, (how, day) in enumerate(kinds) if how in ("date", "dateline", "list") and day is not None}
    base, of_base = published, newest
    ahead = 0
    for n in range(len(blocks)):
        if n in dated:
            base = dated[n]
            of_base = apart[min(ahead, len(posts) - 1)]
        if ahead < len(posts) and posts[ahead][0] == n:
            ahead += 1
        if ahead and base is not None:
            day = base.toordinal() + apart[ahead - 1] - of_base
            found[n] = date.fromordinal(day) if 1 <= day <= date.max.toordinal() else None
    return found


def unit_at(units: Sequence[Unit], at: int) -> Unit | None:
    """The unit that a place of the text lies in."""
    n = bisect_right(units, at, key=lambda unit: unit.start) - 1
    return units[n] if n >= 0 and at < units[n].end else None


def _kind(text: str, block: Block, times: Sequence[TimeExpression]) -> tuple[str, date | None]:
    """What a block opens, and the day of it."""
    if block.day is not None:
        return "post", block.day
    start, end = block.start, block.end
    first = bisect_left(times, start, key=lambda t: t.start)
    inside = [t for t in times[first : first + 3] if t.end <= end]
    days = [t for t in inside if t.when.days == 1 and t.kind in ("day", "weekday")]
    heading = block.kind == "heading"
    day = days[0].when.earliest if days else None
    if day is None:
        return ("heading" if heading else ""), None
    found = days[0]
    if len(days) == 1:
        if end - start <= _SHORT and not _FILLING.sub("", text[start : found.start] + text[found.end : end]):
            return "date", day
        over = heading or (end - start <= _LINE and text[end - 1] == ":")
        if over and _SUMMARY.match(text, start, end):
            return "list", day
    if heading:
        return "heading", None
    if found.end <= dateline(text, start, end, block.kind):
        return "dateline", day
    leads = found.start - start <= _FEW and not _FILLING.sub("", text[start : found.start])
    if not leads or not _SEPARATED.match(text, found.end):
        return "", None
    last = bisect_left(times, end, key=lambda t: t.start)
    several = any(_SEPARATED.match(text, t.end) for t in times[first + 1 : last] if t is not found and t.kind == "day")
    return ("", None) if several else ("item", day)  # "29 January: … 24 February: …" in one paragraph
