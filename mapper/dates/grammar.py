"""A recursive-descent grammar of dates over the words of a text: one pass, no backtracking beyond a phrase.

Resolution is neutral to tense: a weekday, month or month-day without a year is the latest such not after the day of
publication, as news writes it. What needs a publication date and has none is found and stays an unknown ``When``.
Parts are thirds: early 2016 is January to April, mid-July the 11th to the 20th. Weeks run from Monday to Sunday.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from mapper.dates.edtf import edtf_of
from mapper.dates.nodes import ONE, WEEK, Node, closed, shift, valid
from mapper.dates.numbers import NUMBERS
from mapper.dates.occasions import FEASTS, Occasions
from mapper.dates.tokens import DASHES
from mapper.dates.words import (
    AMBIGUOUS_MONTHS,
    DAY_PARTS,
    MONTH_SHORT,
    MONTHS,
    ORDINALS,
    PARTS,
    SEASONS,
    STOPS,
    UNITS,
    VAGUE,
    WEEKDAY_SHORT,
    WEEKDAYS,
)
from mapper.model import When


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """A span of text that names a time, and the interval it means.

    ``kind``: ``day``, ``weekday``, ``week``, ``month``, ``season``, ``quarter``, ``year``, ``decade`` (also when
    narrowed: "early 2016" is a year), ``relative`` ("two days ago", "three years later"), ``range`` ("3 to 7 May",
    "recent weeks"), ``since``, ``after``, ``until``, ``by``, ``before``, or ``duration`` ("a four-month battle": how
    long, not when). ``anchored`` is true when an earlier expression of the text, not the publication date, fixes it.
    ``offset`` and ``lag`` are those of ``find_offsets``; of a lag ``reach`` is where the clause ends that it counts from.
    """

    start: int
    end: int
    text: str
    when: When
    kind: str
    anchored: bool = False
    reach: int = 0


_QUICK = re.compile(  # a text without any of these names no time; "sun" and "day" stand for many
    r"\d|"
    + "|".join(sorted({*UNITS, *MONTHS, *MONTH_SHORT, *SEASONS, *WEEKDAY_SHORT, *DAY_PARTS, "tomorrow", "christmas"})),
    re.IGNORECASE,
)
_BOUNDS = frozenset({"since", "until", "till", "by", "before", "after", "through", "prior", "up", "ever"})
_SINGLE_DAYS = frozenset({"today", "yesterday", "tomorrow", "tonight", "overnight"})
_COMMON = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "for",
        "from",
        "by",
        "after",
        "before",
        "between",
        "about",
        "around",
        "over",
        "just",
        "some",
        "more",
        "less",
        "its",
        "their",
        "same",
        "up",
        "one",
        "until",
        "through",
        "next",
        "last",
        "past",
        "first",
        "second",
        "third",
        "end",
        "start",
        "close",
        "few",
        "several",
        "its",
        "their",
        "nearly",
        "almost",
    ]
)
_AFTER_COMMON = frozenset("to than of - – weekend least at on in".split())  # noqa: SIM905
_STARTERS = frozenset(
    {
        *MONTHS,
        *MONTH_SHORT,
        *WEEKDAYS,
        *WEEKDAY_SHORT,
        *SEASONS,
        *DAY_PARTS,
        *UNITS,
        *NUMBERS,
        *VAGUE,
        *ORDINALS,
        *PARTS,
        *FEASTS,
    }
    | {*_BOUNDS, *_SINGLE_DAYS, "between", "from", "the", "last", "past", "previous", "next", "this", "that", "coming"}
    | {"following", "same", "recent", "q", "year", "for", "more", "less", "about", "nearly", "almost", "around", "just"}
    | {"over", "roughly", "some", "its", "their"}
)


_PAIRED = frozenset({"day", "weekday", "month", "year", "season"})
_NAMES = frozenset(  # "March 23 Movement", "14 July Bridge": a day in a name is no day
    ["movement", "bridge", "square", "street", "avenue", "boulevard", "university", "stadium", "division", "brigade", "brigades", "battalion", "front", "forces", "group", "alliance", "coalition", "mosque", "market", "district", "neighbourhood", "neighborhood", "quarter", "airport", "station", "road", "martyrs", "hospital"]
)  # fmt: skip
_BULLETS = DASHES | {"*", "•", "·", "▪", "●"}
_DEEPEST = (
    4  # phrases nest a few levels ("the night of late last month"); more is noise, and must not exhaust the stack
)


class _Reader(Occasions):
    """Reads the expressions of one text from left to right."""

    def run(self, units: Sequence[tuple[int, int, date]] = ()) -> tuple[TimeExpression, ...]:
        found: list[TimeExpression] = []
        reached = 0
        dated = False  # some block before told a day to go on from
        opens = -1  # the token that opens a block
        written = self.published
        later = 0  # the first unit that has not ended
        candidates = [at for at, low in enumerate(self.low) if low in _STARTERS or not low.isalpha()]
        for index in candidates:
            if index < reached:
                continue
            if units:
                at = self.starts[index]
                while later < len(units) and units[later][1] <= at:
                    later += 1
                self.published = units[later][2] if later < len(units) and units[later][0] <= at else written
            low = self.low[index]
            if low[0] == "\n":
                self.previous = None
                dated, self.close = dated or self.close, False
                opens = index + (2 if self.word(index + 1) in _BULLETS else 1)
            elif index == opens and (low in MONTHS or low in MONTH_SHORT or low == "on" or low[0].isdigit()):
                self.close = dated  # an item of a chronicle: its day goes on from those before
            if low not in _STARTERS and not low[0].isdigit():
                continue
            if low in _COMMON:
                behind = self.word(index + 1)
                if behind not in _STARTERS and not behind[:1].isdigit() and behind not in _AFTER_COMMON:
                    continue
            node = self.expression(index)
            if node is None or node.end <= index:
                continue
            if node.kind == "day" and node.year is None and self.capital(node.end) and self.word(node.end) in _NAMES:
                reached = node.end
                continue
            found.append(self.made(index, node))
            reached = node.end
        return tuple(found)

    def made(self, index: int, node: Node) -> TimeExpression:
        earliest, latest = self.resolve(node) or (None, None)
        when = When()
        if earliest is not None or latest is not None:
            when = When(earliest=earliest, latest=latest, edtf=node.words or edtf_of(earliest, latest), basis="clause")
        if earliest is not None and latest is not None and node.kind != "duration":
            self.previous = (earliest, latest)
            self.previous_year = earliest.year
        self._remember(index, node, earliest)
        start, end = self.starts[index], self.ends(node.end - 1)
        return TimeExpression(
            start=start, end=end, text=self.text[start:end], when=when, kind=node.kind, anchored=node.anchored
        )

    def _remember(self, index: int, node: Node, earliest: date | None) -> None:
        """What days without a year are counted on from: a date with its year, a day carried on from one, a year as heading."""
        if node.kind in {"weekday", "relative"} and not node.anchored:
            self.current = self.current or self.published is not None
        if earliest is None or node.kind == "duration":
            return
        heading = (
            node.kind == "year" and self.word(index - 1)[:1] in {"", "\n"} and self.word(node.end)[:1] in {"", "\n"}
        )
        carried = self.told is not None and node.month is not None and earliest.year >= self.told.year
        if heading or (node.month is not None and (node.year is not None or carried) and not node.anchored):
            self.told, self.exact = earliest, node.day is not None or heading
            self.close = self.exact

    def expression(self, index: int) -> Node | None:
        """The longest expression that starts at a token."""
        low = self.low[index]
        if low == "later" and self.word(index - 1) == "no" and self.word(index + 1) == "than":
            return self.bounded(index + 1, "by")
        if low in {"until", "till"} and self.word(index - 1) == "not":
            at = index + (2 if self.word(index + 1) in {"on", "in"} else 1)
            return self.point(at)  # "not until 3 June": on that day
        if low in _BOUNDS:
            return self.bounded(index) or (self.by_part_of_day(index) if low == "by" else None)
        if low in {"between", "from"}:
            return self.between(index)
        node = self.duration(index) or self.point(index)
        if node is None:
            return None
        return self.ranged(node) or self.paired(node)

    def paired(self, first: Node) -> Node:
        """A and B, A or B: one interval when they are neighbours or it may be either; the year behind B is A's too."""
        at, joint = first.end, self.word(first.end)
        if joint not in {"and", "or"} or first.interval is not None or first.kind not in _PAIRED:
            return first
        second = None
        if first.day is not None and first.month is not None:
            second = self.lone_day(at + 1)
        if second is None and self.word(at + 1) not in {"the", "last"}:
            second = self.point(at + 1, after_joint=first.kind in {"month", "year"})
        if second is None or second.interval is not None or second.kind != first.kind:
            return first
        if second.month is None and second.day is not None:
            second.month = first.month
        if first.year is None and second.year is not None and first.month is not None:
            wraps = second.month is not None and first.month > second.month
            first.year = second.year - 1 if wraps else second.year
        ends = [closed(self.resolve(replace(node))) for node in (first, second)]
        if ends[0] is None or ends[1] is None:
            return first
        gap = (ends[1][0] - ends[0][1]).days
        if first.weekday is not None and first.day is None and gap < -1:
            gap += 7  # "Saturday and Sunday", told on a Sunday before the Saturday
        near = gap in {0, -7} or (first.part != "" and second.part != "" and 0 <= gap <= 31)
        return (
            (self.joined(first, second) or first)
            if near or (joint == "or" and first.weekday is None and 0 <= gap <= 366)
            else first
        )

    def lone_day(self, index: int) -> Node | None:
        """The second day of "June 3 and 4, 2016", "June 3 to 9": a number that counts nothing, with the year behind it."""
        node = self.bare_day(index)
        if node is None:
            return None
        node.year, node.end = self.trailing_year(node.end, comma=True)
        behind = self.word(node.end)
        free = node.year is not None or behind in STOPS - {"a", "an"} or behind == "" or behind[0] == "\n"
        return node if free else None

    def bounded(self, index: int, low: str = "") -> Node | None:
        """Since / until / by / before / after … a point; ``low`` is what the word at ``index`` stands for."""
        low = low or self.low[index]
        at = index + 1
        if low == "prior":
            if self.word(at) != "to":
                return None
            at += 1
        if low in {"up", "ever"}:
            if self.word(at) not in ({"to", "until", "till"} if low == "up" else {"since"}):
                return None
            low = "since" if self.word(at) == "since" else "until"
            at += 1
        if self.word(at) in {"at", "about", "around", "least", "on", "in"} and low in {
            "since",
            "until",
            "till",
            "by",
            "before",
        }:
            at += 1
        node = self.point(at)
        if node is None:
            return None
        if self.word(node.end) in {"'", "’"} and self.word(node.end + 1) == "s":
            return None  # "after Friday's attack": the attack bounds, Friday is its day
        kind = {"till": "until", "prior": "before", "through": "until", "up": "until", "ever": "since"}.get(low, low)
        if kind == "since" and node.kind == "duration":
            return None
        interval = self.resolve(node)
        result = replace(node, kind=kind, interval=(None, None), words="")
        if interval is None or interval[0] is None or interval[1] is None:
            return result
        result.interval = {
            "since": (interval[0], None), "after": (interval[0], None), "until": (None, interval[1]),
            "by": (None, interval[1]), "before": (None, interval[0]),
        }[kind]  # fmt: skip
        unit_start, unit_end = edtf_of(*interval), edtf_of(*interval)
        result.words = {
            "since": f"{unit_start.partition('/')[0]}/..", "after": f"{unit_start.partition('/')[0]}/..",
            "until": f"../{unit_end.rpartition('/')[2]}", "by": f"../{unit_end.rpartition('/')[2]}", "before": "",
        }[kind]  # fmt: skip
        return result

    def between(self, index: int) -> Node | None:
        """Between A and B, from A to B; "from A" alone is since A."""
        low = self.low[index]
        first = self.point(index + 1) or self.bare_day(index + 1)
        if first is None:
            return None
        joints = {"and"} if low == "between" else {"to", "until", "till", "through", "into"} | DASHES
        if self.word(first.end) in joints:
            second = self.point(first.end + 1) or self._second_day(first, first.end + 1)
            if second is not None:
                joined = self.joined(first, second)
                if joined is not None:
                    return joined
        if first.kind in {"range", "duration", "relative"}:
            return first if first.kind == "range" else None
        if first.month is None and first.year is None and first.weekday is None and first.interval is None:
            return None
        nested = self.ranged(first)
        if nested is not None:
            return nested
        if (
            low == "from"
            and first.kind in {"year", "month", "season", "day", "weekday"}
            and self.word(first.end) != "'"
        ):
            interval = self.resolve(first)
            result = replace(first, kind="since", interval=(None, None), words="")
            if interval is not None and interval[0] is not None:
                result.interval = (interval[0], None)
                result.words = f"{edtf_of(*interval).partition('/')[0]}/.."
            return result
        return None

    def ranged(self, first: Node) -> Node | None:
        """A to B, A-B, A through B, after A has been read."""
        at = first.end
        joint = self.word(at)
        if joint not in DASHES and joint not in {"to", "through", "until", "till"}:
            return None
        if first.interval is not None or first.kind in {"duration", "relative"}:
            return None
        if joint in DASHES and self.word(at + 1) in DASHES:
            return None  # a typed dash, not a range
        if first.kind == "year" and joint in DASHES and self.glued(at) and self.glued(at + 1):
            tail = self.token(at + 1)
            if len(tail) == 2 and tail.isdigit() and first.year is not None and int(tail) > first.year % 100:
                final = first.year // 100 * 100 + int(tail)
                whole = (date(first.year, 1, 1), date(final + 1, 1, 1))
                return Node(end=at + 2, kind="range", interval=whole, words=f"{first.year}/{final}")
        if joint in DASHES and not (self.glued(at) and self.glued(at + 1)) and self.glued(at) != self.glued(at + 1):
            return None
        second = self.point(at + 1, after_joint=True) or (
            self._second_day(first, at + 1) if first.day is not None else None
        )
        return None if second is None else self.joined(first, second)

    def _second_day(self, first: Node, index: int) -> Node | None:
        node = self.bare_day(index)
        if node is not None and first.month is not None:
            node.year, node.end = self.trailing_year(node.end, comma=True)
        return node

    def joined(self, first: Node, second: Node) -> Node | None:
        """One interval from the start of ``first`` to the end of ``second``, each lending the other what it lacks."""
        if first.interval is None and second.interval is None:
            if first.month is None and first.day is not None:
                first.month = second.month
            if second.month is None and second.day is not None:
                second.month = first.month
            if second.month is not None and first.month is None and first.year is None and first.weekday is None:
                return None
            if (first.day is not None and first.month is None) or (second.day is not None and second.month is None):
                return None
            wraps = (first.month or 0) > (second.month or 0)
            if first.year is None and second.year is not None and first.month is not None:
                first.year = second.year - 1 if wraps and second.month is not None else second.year
            if second.year is None and first.year is not None and second.month is not None:
                second.year = first.year + 1 if wraps else first.year
            for node in (first, second):
                if (
                    node.day is not None
                    and node.month is not None
                    and not valid(node.year or 2000, node.month, node.day)
                ):
                    return None
        end = self.resolve(second)
        start = self.resolve(first)
        result = Node(end=second.end, kind="range", interval=(None, None))
        if start is None or end is None or start[0] is None or end[1] is None:
            return result
        low = start[0]
        if low >= end[1] and first.weekday is not None:
            low -= WEEK
        elif low >= end[1] and first.year is None and first.month is not None and low.year > 1:
            low = shift(low, "year", -1)
        if low >= end[1]:
            return None
        result.interval = (low, end[1])
        first_words, last_words = edtf_of(low, start[1] if low == start[0] else low + ONE), edtf_of(*end)
        result.words = f"{first_words.partition('/')[0]}/{last_words.rpartition('/')[2]}"
        if result.words.count("/") and len(set(result.words.split("/"))) == 1:
            result.words = first_words
        return result

    def point(self, index: int, *, after_joint: bool = False) -> Node | None:
        """A day, week, month, season, year or decade, absolute or relative, with its modifiers."""
        if self.depth > _DEEPEST:
            return None
        self.depth += 1
        node = self._point(index, after_joint=after_joint)
        self.depth -= 1
        return node

    def _point(self, index: int, *, after_joint: bool) -> Node | None:
        low = self.word(index)
        if not low:
            return None
        if low[0].isdigit():
            return (
                self.numeric(index)
                or self.day_month(index)
                or self.counted(index)
                or self.year(index, free=after_joint)
            )
        if low in MONTHS or low in MONTH_SHORT:
            return self.month_first(index, free=after_joint)
        if low in WEEKDAYS or low in WEEKDAY_SHORT:
            return self.before_last(index) or self.weekday(index)
        if low in FEASTS:
            return self.feast(index)
        if low in _SINGLE_DAYS:
            return self.single_day(index)
        if low == "the":
            return self.the(index)
        if low in PARTS and low != "first":
            return self.part(index)
        if low in {"last", "past", "previous", "next", "this", "that", "coming", "following", "same", "recent"}:
            return (self.nth_weekday(index) if low == "last" else None) or self.relative_unit(index)
        if low in SEASONS:
            return self.season(index, free=False)
        if low in DAY_PARTS:
            return self.weekday(index + 1) if self.word(index + 1) in WEEKDAYS else None
        if low in ORDINALS:
            return self.nth_weekday(index) or self.ordinal_part(index)
        if low in {"q", "year"}:
            return self.quarter_or_year(index)
        counted = self.counted(index)
        return None if counted is None else self.week_ago_on(counted)

    def the(self, index: int) -> Node | None:
        """The 17th of November · the summer of 2014 · the end of July · the past week · the 1990s · the 2014 battle."""
        at = index + 1
        low = self.word(at)
        if low[:1].isdigit():
            if self.after_ordinal(at) == at + 2:
                return self.day_month(at) or self.ordinal_day(at)
            return self.year(at) or self.counted(at)
        if low in SEASONS:
            return self.season(at, free=True)
        if low in {"early", "mid", "late", "middle", "beginning", "start", "end", "close"}:
            return self.part(at)
        if low in {"last", "past", "previous", "next", "coming", "following", "same", "recent"}:
            return (self.nth_weekday(at) if low == "last" else None) or self.relative_unit(at)
        if low in ORDINALS:
            return self.nth_weekday(at) or self.ordinal_part(at)
        picked = self.before_last(at) or self.around_week(at) or self.next_to(at)
        if picked is not None:
            return picked
        if low == "night":
            return self.night(index)
        if low == "year":
            return self.quarter_or_year(at)
        if low == "weekend":
            return self.relative_unit(index)
        if low in MONTHS and low not in AMBIGUOUS_MONTHS:
            return self.month_first(at)
        if low in {"night", "morning", "evening"} and self.word(at + 1) == "of":
            return self.point(at + 2)
        return None


def find_times(
    text: str, published: date | None = None, units: Sequence[tuple[int, int, date]] = ()
) -> tuple[TimeExpression, ...]:
    """The temporal expressions of a text: sorted, longest, not overlapping; offsets in code points.

    ``units`` are start, end and day of parts that were written on a day of their own, in order.
    """
    if not _QUICK.search(text):
        return ()
    if published is not None and not 100 <= published.year <= 9000:
        published = None  # no room to count from it
    return _Reader(text, published).run([unit for unit in units if 100 <= unit[2].year <= 9000])
