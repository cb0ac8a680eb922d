"""Dates, months, seasons, years and weekdays."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from mapper.dates.edtf import month_interval
from mapper.dates.nodes import ONE, WEEK, Node, shift, unit_interval, valid
from mapper.dates.tokens import DASHES, Words
from mapper.dates.words import (
    AFTER_MONTH,
    AMBIGUOUS_MONTHS,
    COUNTED,
    DAY_PARTS,
    MONTH_CUES,
    MONTH_SHORT,
    MONTHS,
    NAME_MONTHS,
    SEASONS,
    STOPS,
    WEEKDAY_SHORT,
    WEEKDAYS,
    YEAR_CUES,
)

_OLD = 1900  # four digits below are more often a number of something than a year
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?(?![\d-])|(\d{4})/(\d{2})/(\d{2})(?![\d/])")
_SLASHED = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?!\d)")
_CONFLICTS = frozenset(
    "war wars revolution uprising rebellion revolt siege battle treaty campaign invasion conquest partition".split()  # noqa: SIM905
)
_ERAS = frozenset({"bc", "bce", "gmt", "utc", "local", "est"})  # behind a year of another era, or a time of day
_ITEM_DASHES = DASHES | {"_"}  # a wire's typewriter has no dash
_CLOCK_CUES = frozenset({"by", "until", "till", "before", "after", "from", "between"})
_PAPERS = frozenset({"times", "telegraph", "mirror", "herald", "express", "mail", "post", "school", "league"})


class Absolute(Words):
    """Reads what names a point of the calendar."""

    def bare_day(self, index: int) -> Node | None:
        """A day of the month as half of a range: "3" in "between 3 and 7 May"."""
        if self.word(index) == "the":
            index += 1
        day = self.day_number(index)
        if day is None:
            return None
        return Node(end=self.after_ordinal(index), kind="day", day=day)

    def numeric(self, index: int) -> Node | None:
        """2017-11-17, 2017-11, 17/11/2017 where only one reading exists."""
        start = self.starts[index]
        if self.glued(index) and self.word(index - 1) not in {"(", "[", '"', "“", "'"}:
            return None
        found = _ISO.match(self.text, start)
        if found:
            year, month, day = (found[n] or found[n + 3] for n in (1, 2, 3))
            return self._iso(int(year), int(month), int(day or 0), self._token_after(index, found.end()))
        found = _SLASHED.match(self.text, start)
        if found:
            first, second, year = int(found[1]), int(found[3]), int(found[4])
            end = self._token_after(index, found.end())
            if end is None or not 1000 <= year <= 2999:
                return None
            readings = {(second, first), (first, second)}
            days = [date(year, month, day) for month, day in sorted(readings) if valid(year, month, day)]
            if len(days) == 1:
                return Node(end=end, kind="day", year=year, month=days[0].month, day=days[0].day)
            # Two readings: the day is not known, the year is.
            return Node(end=end, kind="year", year=year) if days else None
        return None

    @staticmethod
    def _iso(year: int, month: int, day: int, end: int | None) -> Node | None:
        if not 1000 <= year <= 2999 or end is None:
            return None
        if day and valid(year, month, day):
            return Node(end=end, kind="day", year=year, month=month, day=day)
        if not day and 1 <= month <= 12 and 1900 <= year <= 2099 and month != (year + 1) % 100:
            return Node(end=end, kind="month", year=year, month=month)
        return None

    def day_month(self, index: int, *, alone: bool = False) -> Node | None:
        """17 November 2017, 17th of November, 3-7 May, 17 Nov."""
        day = self.day_number(index)
        if day is None or (self.glued(index) and self.word(index - 1) in {".", ",", "/", ":", "$", "€", "£", "#"}):
            return None
        at = self.after_ordinal(index)
        dashed = self.word(at) in DASHES and self.glued(at) and self.glued(at + 1) and self.word(at + 1).isalpha()
        if (
            self.word(at) in DASHES | {"to", "and", "or"} and not dashed
        ):  # 3-7 May, 3 and 4 May; of "3 and 7 May" the last
            last = self.day_month(at + 1, alone=True) if not alone and self.bare_day(at + 1) is not None else None
            if last is None or last.month is None or last.day is None or not valid(last.year or 2000, last.month, day):
                return None
            joins = self.word(at) != "and" or last.day - day == 1
            return self.joined(Node(end=at, kind="day", day=day), last) if joins else None
        at += dashed  # 14-Jul-2014
        if self.word(at) == "of":
            at += 1
        month = self.month_number(at, free=True)
        if month is None or not valid(2000, month, day):
            return None
        at = self.after_month(at)
        if dashed and self.word(at) in DASHES and self.glued(at) and self.glued(at + 1):
            at += 1
        return self._with_year(month, day, at)

    def _with_year(self, month: int, day: int, at: int) -> Node | None:
        """A day of a month and the year behind it, told or counted: ", 2016", "last year", "of the previous year"."""
        year, end = self.trailing_year(at, comma=True)
        if year is not None and not valid(year, month, day):
            return None
        node = Node(end=end, kind="day", year=year, month=month, day=day)
        return node if year is not None else self.relative_year(node) or node

    def relative_year(self, node: Node) -> Node | None:
        """A day or month with "(of) last year", "of that year", "of the previous year", "the year before" behind it."""
        at = node.end + (self.word(node.end) in {"of", "in"})
        words = [self.word(at + n) for n in range(3)]
        if words[0] in {"last", "this", "next"} and words[1] == "year":
            return self._of_relative_year(at, replace(node, end=at + 2))
        told = self.previous_year
        if at > node.end and (words[:2] == ["that", "year"] or words[1:] == ["same", "year"]):
            width = 2 if words[1] == "year" else 3
            return replace(node, end=at + width, year=told, anchored=told is not None)
        if words[0] != "the" or not (
            words[1] in {"previous", "preceding", "following", "next"} or words[1:] == ["year", "before"]
        ):
            return None
        if words[1] != "year" and words[2] != "year":
            return None
        if words[1] in {"following", "next"}:
            return (
                replace(node, end=at + 3, year=None if told is None else told + 1, anchored=told is not None)
                if told
                else None
            )
        from_here = (
            self.previous[0].year if self.previous is not None else self.published.year if self.published else None
        )
        if from_here is None:
            return replace(node, end=at + 3, interval=(None, None))
        return replace(node, end=at + 3, year=from_here - 1, anchored=self.previous is not None)

    def month_number(self, index: int, *, free: bool) -> int | None:
        """The month a token names; ``free`` lifts the guards on words that also mean something else."""
        low = self.word(index)
        if low == "may" and self.word(index + 1) == "day" and self.capital(index + 1):
            return None  # "May Day marchers"
        if low in MONTHS:
            if not self.capital(index) and not (free and low not in AMBIGUOUS_MONTHS):
                return None
            return MONTHS[low]
        if low in MONTH_SHORT and self.capital(index):
            dotted = self.word(index + 1) == "."
            numbered = self.token(index + (2 if dotted else 1))[:1].isdigit()
            if free or numbered or (dotted and low not in {"mar", "jan", "jun", "dec"}):
                return MONTH_SHORT[low]
        return None

    def after_month(self, index: int) -> int:
        """The token after a month's name and the dot of its abbreviation."""
        if self.low[index] in MONTH_SHORT and self.word(index + 1) == "." and self.glued(index + 1):
            following = self.token(index + 2)
            if following[:1].isdigit() or following[:1].islower() or following[:1] in {",", ")", ""}:
                return index + 2
        return index + 1

    def trailing_year(self, index: int, *, comma: bool) -> tuple[int | None, int]:
        """A year after a month or day, and the token behind it."""
        at = index
        if comma and self.word(at) == ",":
            at += 1
        if self.word(at) in {"of", "in"}:
            at += 1
        token = self.token(at)
        behind = self.word(at + 1)
        counts = behind in COUNTED and behind not in {"strikes", "attacks", "raids", "airstrikes"}
        if len(token) == 4 and token.isascii() and token.isdigit() and 1000 <= int(token) <= 2099 and not counts:
            return int(token), at + 1
        return None, index

    def month_first(self, index: int, *, free: bool = False) -> Node | None:
        """November 17, 2017 · Nov. 17-19 · November 2017 · July."""
        low = self.low[index]
        before = self.word(index - 1)
        cued = before in MONTH_CUES or before in DASHES
        month = self.month_number(index, free=free)
        if month is None:
            return None
        free = free or (self.word(index + 1) in DASHES and self.glued(index + 1) and self.word(index + 2) in MONTHS)
        at = self.after_month(index)
        day = self.day_number(at)
        if self.word(at) == "the" and self.day_number(at + 1) is not None and self.after_ordinal(at + 1) == at + 3:
            at += 1
            day = self.day_number(at)
        if day is not None and valid(2000, month, day) and self.word(at + 1) not in {"%", "."} | COUNTED:
            return self.month_day_tail(month, day, at)
        decimal = self.word(at + 1) == "." and self.token(at + 2).isdigit() and self.glued(at + 2)
        if day is not None and valid(2000, month, day) and self.word(at + 1) == "." and not decimal:
            return self.month_day_tail(month, day, at)
        year, end = self.trailing_year(at, comma=True)
        if year is not None:
            return Node(end=end, kind="month", year=year, month=month)
        if low in MONTH_SHORT and not free and low != "sept" and self.word(index + 1) != ".":
            return None
        if low in AMBIGUOUS_MONTHS and not cued and not free:
            return None
        if low in AMBIGUOUS_MONTHS and before in {"to", "and", "by", "or", "the"} and not free:
            behind = self.word(index + 1)
            if behind.isalpha() and behind not in AFTER_MONTH:
                return None  # "the March", "by May Smith"
        if low in NAME_MONTHS and not cued and (index == 0 or self.capital(index + 1)):
            return None
        if self.capital(index + 1) and self.capital(index - 1) and before not in MONTH_CUES:
            return None  # part of a name
        node = Node(end=at, kind="month", month=month)
        return self.relative_year(node) or node

    def _of_relative_year(self, at: int, node: Node) -> Node:
        step = {"last": -1, "this": 0, "next": 1}[self.word(at)]
        if self.published is None:
            node.interval = (None, None)
        else:
            node.year = self.published.year + step
        return node

    def month_day_tail(self, month: int, day: int, at: int) -> Node | None:
        end = self.after_ordinal(at)
        if (
            self.word(end) in DASHES
            and self.glued(end)
            and self.day_number(end + 1) is not None
            and self.glued(end + 1)
        ):
            last = self.day_number(end + 1)
            tail = self.after_ordinal(end + 1)
            if last is not None and last > day and valid(2000, month, last):
                year, tail = self.trailing_year(tail, comma=True)
                first = Node(end=end, kind="day", year=year, month=month, day=day)
                return self.joined(first, Node(end=tail, kind="day", year=year, month=month, day=last))
        return self._with_year(month, day, end)

    def year(self, index: int, *, free: bool = False) -> Node | None:
        """A bare year, or a decade; guarded so that counts do not become years."""
        token = self.token(index)
        if not (len(token) == 4 and token.isascii() and token.isdigit() and 1000 <= int(token) <= 2099):
            return None
        value = int(token)
        if value < _OLD and not self._old_year(index, value, free=free):
            return None
        before, behind = self.word(index - 1), self.word(index + 1)
        if before in DASHES and self.glued(index) and self.glued(index - 1) and not free:
            return None  # a telephone number
        if behind == "s" and self.glued(index + 1):
            return Node(end=index + 2, kind="decade", year=value) if value % 10 == 0 else None
        if behind in {"'", "’"} and self.word(index + 2) == "s" and value % 10 == 0 and before == "the":
            return Node(end=index + 3, kind="decade", year=value)
        if behind in COUNTED or behind in {"%", "°", "€"}:
            return None
        if before in {"$", "€", "£", "#", "/", ":", "+", "no"} and self.glued(index):
            return None
        if (
            behind in {".", ",", ":"}
            and self.glued(index + 1)
            and self.token(index + 2)[:1].isdigit()
            and self.glued(index + 2)
        ):
            return None
        if self.glued(index) and before.isalpha():
            return None
        if before in {"to", "or", "and", "of", "from", "by", "until"} and value % 100 == 0 and not free:
            return None  # "a force of 2000"
        cued = before in YEAR_CUES or before in MONTHS or before in SEASONS or before in {"'", "’"}
        if free or cued or self.opens_item(index):
            return Node(end=index + 1, kind="year", year=value)
        if before in {"(", "[", ";", "–", "—", "-", ",", "s", "", ":", ".", '"', "“"} or before[:1] == "\n":
            ok = (
                before in {"(", "[", "", "."}
                or before[:1] == "\n"
                or behind in {")", ",", ".", "-", "–", "—", ":", ";", "]", ""}
            )
            return Node(end=index + 1, kind="year", year=value) if ok else None
        return None

    def _old_year(self, index: int, value: int, *, free: bool) -> bool:
        """Whether a number that is more often a count, a height or an hour must be a year: "in 1688", "1791 - The duke …"."""
        before, behind = self.word(index - 1), self.word(index + 1)
        if behind in _ERAS:
            return False
        if self.opens_item(index):
            return True
        if before == "the":
            return behind in _CONFLICTS
        closed = behind in STOPS or not behind.isalpha() or self.capital(index + 1)
        if not closed or self.glued(index):
            return False
        if before in {"and", "to"} and self.token(index - 2).isdigit() and len(self.token(index - 2)) == 4:
            return self.word(index - 3) in {"between", "from", "in", ","}  # "between 1798 and 1801", no house numbers
        if before in _CLOCK_CUES and value % 100 in {0, 15, 30, 45}:
            return False  # "until 1830"
        return (
            free or before in {"in", "since", "during", "circa", "year"} | _CLOCK_CUES | MONTHS.keys() | SEASONS.keys()
        )

    def opens_item(self, index: int) -> bool:
        """Whether a year stands at the head of an item of a chronicle: "1791 - The duke …", "1736 -- A storm …"."""
        before = self.word(index - 1)
        if not (before in {"", ".", ":", ";", "!", "?", ")", '"', "”"} or before[:1] == "\n" or self._new_line(index)):
            return False
        at = index + 1
        while self.word(at) in _ITEM_DASHES and at < index + 3:
            at += 1
        return at > index + 1 and self.capital(at) and not (self.glued(index + 1) and self.glued(at))

    def _new_line(self, index: int) -> bool:
        gap = self.text[self.ends(index - 1) : self.starts[index]]
        return "\n" in gap or len(gap) > 1

    def ordinal_day(self, index: int) -> Node | None:
        """The 17th, with nothing counted behind it: a day of this or the last month."""
        day = self.day_number(index)
        end = self.after_ordinal(index)
        cued = self.word(index - 2) in {"on", "by", "since", "until", "before", "after"}
        if day is None or not cued or not (self.word(end) in STOPS or self.word(end) == ""):
            return None
        node = Node(end=end, kind="day", interval=(None, None))
        told = self.previous
        if told is not None and (told[1] - told[0]).days == 1 and (self.published is None or told[0] <= self.published):
            months = [shift(told[0].replace(day=1), "month", step) for step in (-1, 0, 1)]
            days = [first.replace(day=day) for first in months if valid(first.year, first.month, day)]
            days = [found for found in days if self.published is None or found <= self.published]
            if days:  # of the month that is nearest to the day told last
                found = min(days, key=lambda one: abs(one - told[0]))
                node.interval, node.anchored = (found, found + ONE), True
        elif self.published is not None:
            for back in range(4):
                first = shift(self.published.replace(day=1), "month", -back)
                if valid(first.year, first.month, day) and first.replace(day=day) <= self.published:
                    found = first.replace(day=day)
                    node.interval = (found, found + ONE)
                    break
        return node

    def weekday(self, index: int, *, strict: bool = False, forward: bool = False) -> Node | None:
        """Friday · Friday night · Friday (November 17) · Friday, 17 November 2017 · Fri., Nov. 17."""
        low = self.word(index)
        at = index + 1
        if low in WEEKDAYS:
            if not self.capital(index):
                return None
            number = WEEKDAYS[low]
        elif low in WEEKDAY_SHORT and self.capital(index):
            number = WEEKDAY_SHORT[low]
            if self.word(at) == ".":
                at += 1
            following = at + 1 if self.word(at) == "," else at
            if not (
                self.token(following)[:1].isdigit()
                or self.word(following) in MONTHS
                or self.word(following) in MONTH_SHORT
            ):
                return None
        else:
            return None
        if self.word(index - 1) in {"every", "each"}:
            return None
        if self.word(at) in _PAPERS or self.word(index - 1) in {"black", "good", "bloody", "ash", "palm", "ruby"}:
            return None
        if self.word(at) in DAY_PARTS:
            at += 1
        node = Node(end=at, kind="weekday", weekday=number, strict=strict, forward=forward)
        dated = at + 1 if self.word(at) in {"(", ","} else at
        if self.word(dated) == "the":
            dated += 1
        day = self.day_month(dated) if self.token(dated)[:1].isdigit() else None
        if day is None and (self.word(dated) in MONTHS or self.word(dated) in MONTH_SHORT):
            day = self.month_first(dated)
        if day is None and self.token(dated)[:1].isdigit():
            day = self.numeric(dated)
        if day is not None and day.day is not None and day.kind == "day":
            closing = day.end + 1 if self.word(at) == "(" and self.word(day.end) == ")" else day.end
            day.end = closing
            day.weekday = number
            return day
        number_only = self.day_number(dated)
        if number_only is not None and self.after_ordinal(dated) == dated + 2:
            return self._weekday_number(number, number_only, dated + 2, -1 if forward else 1)
        if self.word(at) == "of" and self.word(at + 1) in {"last", "next", "this"} and self.word(at + 2) == "week":
            at += 1
        if self.word(at) in {"last", "next"} and self.word(at + 1) == "week" and self.published is not None:
            monday = unit_interval(self.published, "week")[0] + (WEEK if self.word(at) == "next" else -WEEK)
            found = monday + timedelta(days=number)
            return Node(end=at + 2, kind="weekday", interval=(found, found + ONE))
        if self.word(at) in {"last", "this"} and self.word(at + 1) == "week":
            node.end = at + 2
        return node

    def _weekday_number(self, weekday: int, day: int, end: int, back: int) -> Node:
        """Saturday the 9th: the latest day that is both, the next one when ``back`` is -1."""
        node = Node(end=end, kind="weekday", interval=(None, None))
        if self.published is not None:
            months = [shift(self.published.replace(day=1), "month", -back * step) for step in range(12)]
            days = [first.replace(day=day) for first in months if valid(first.year, first.month, day)]
            passed = [one for one in days if one.weekday() == weekday and (self.published - one).days * back >= 0]
            if passed:
                node.interval = (passed[0], passed[0] + ONE)
        return node

    def season(self, index: int, *, free: bool) -> Node | None:
        """Summer 2014 · the summer of 2014 · (in) the spring."""
        low = self.low[index]
        year, end = self.trailing_year(index + 1, comma=True)
        season = SEASONS[low]
        if year is not None:
            return Node(end=end, kind="season", season=season, year=year)
        if self.word(index + 1) == "of" and self.word(index + 2) in {"last", "this"} and self.word(index + 3) == "year":
            return self._of_relative_year(index + 2, Node(end=index + 4, kind="season", season=season))
        before = self.word(index - 2 if free else index - 1)
        if low == "fall" and self.word(index + 1) == "of":
            return None  # the fall of a city
        in_season = (
            before in {"in", "since", "during", "until", "by", "early", "late", "mid", "last", "over", "through"}
            or before in DASHES
        )
        if (
            not in_season
            or (low == "fall" and not free)
            or not (self.word(index + 1) in STOPS or self.word(index + 1) == "")
        ):
            return None
        return Node(end=index + 1, kind="season", season=season)

    def quarter_or_year(self, index: int) -> Node | None:
        """Q1 2017 (tokens Q, 1) · the year 2014."""
        if self.low[index] == "year":
            return self.year(index + 1)
        number = self.token(index + 1)
        if number not in {"1", "2", "3", "4"} or not self.glued(index + 1):
            return None
        year, end = self.trailing_year(index + 2, comma=False)
        if year is None:
            return None
        return Node(end=end, kind="quarter", interval=month_interval(year, int(number) * 3 - 2, 3))
