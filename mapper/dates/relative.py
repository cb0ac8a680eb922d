"""What counts from the day of publication or from an earlier expression: last week, two days ago, three years later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from mapper.dates.absolute import Absolute
from mapper.dates.edtf import Interval
from mapper.dates.nodes import ONE, UNKNOWN, Node, closed, far, narrowed, shift, unit_interval, valid
from mapper.dates.numbers import NUMBERS, scale_of
from mapper.dates.tokens import DASHES
from mapper.dates.words import (
    APPROXIMATE,
    DAY_PARTS,
    MONTH_SHORT,
    MONTHS,
    ORDINALS,
    PARTS,
    SEASONS,
    STOPS,
    UNITS,
    VAGUE,
    WEEKDAYS,
)

_OWN = frozenset({"the", "a", "an", "its", "his", "her", "their", "this", "that"})
_STILL_ON = frozenset(
    "fighting clashes battle battles offensive attacks violence shelling bombardment campaign month year week".split()  # noqa: SIM905
)


class Relative(Absolute):
    """Reads what needs another date to mean one."""

    def single_day(self, index: int) -> Node | None:
        """Today · yesterday · tomorrow · tonight · overnight."""
        low = self.low[index]
        if low == "overnight":
            named = self.point(index + (2 if self.word(index + 1) in {"on", "from"} else 1))
            if named is not None and (named.kind == "weekday" or named.day is not None or named.kind == "range"):
                return named
        node = Node(end=index + 1, kind="relative", interval=(None, None))
        if low in {"yesterday", "tomorrow", "today"} and self.word(index + 1) in DAY_PARTS:
            node.end += 1
        if self.published is None:
            return node
        first, days = {
            "today": (0, 1),
            "tonight": (0, 1),
            "yesterday": (-1, 1),
            "tomorrow": (1, 1),
            "overnight": (-1, 2),
        }[low]
        start = self.published + timedelta(days=first)
        node.interval = (start, start + timedelta(days=days))
        return node

    def night(self, index: int) -> Node | None:
        """During the night: the last one before publication, unless the text is already about another day."""
        if self.word(index - 1) not in {"during", "in"} or self.word(index + 2) in {"of", "before", "after"}:
            return None
        if self.published is None or self.previous is not None:
            return None
        start = self.published - ONE
        return Node(end=index + 2, kind="relative", interval=(start, self.published + ONE))

    def relative_unit(self, index: int) -> Node | None:
        """Last week · the past two months · this morning · next Friday · that year · recent days · the previous day."""
        low = self.low[index]
        at = index + 1
        if low == "the":
            low = "this"
        if low == "same":
            low = "that"
        if low == "this" and self.word(at) in {"past", "last", "coming"}:
            low = self.word(at)
            at += 1
        if low == "that" and self.word(at) == "same":
            at += 1
        part = ""
        if self.word(at) in {"early", "late", "mid"}:
            part = PARTS[self.word(at)]
            at += 1
        word = self.word(at)
        back, ahead = low in {"last", "past", "previous"}, low in {"next", "coming", "following"}
        if word in WEEKDAYS:
            return self.weekday(at, strict=back, forward=low in {"next", "coming"}) if low != "that" else None
        month = self.month_number(at, free=False)
        if month is not None:
            return self._relative_month(at, month, low, part)
        if word in SEASONS:
            return self._relative_season(at, low, part)
        if word in DAY_PARTS and low in {"next", "following", "previous"}:
            return self._anchored_unit(at, low, "day")
        if word in DAY_PARTS and low in {"last", "this", "that"}:
            return self._relative_day_part(at, low)
        if low == "recent":
            return self._recent(at)
        if low == "last" and self.word(index - 1) == "the":
            unit_at = at if word in UNITS else at + 1
            if self.word(unit_at) in UNITS and self.word(unit_at + 1) == "of":
                whole = self.point(unit_at + 2)
                if whole is not None:
                    return self._end_of(whole, "end" if UNITS[self.word(unit_at)] in {"day", "week"} else "late")
                if self.word(unit_at + 2) in _OWN and self.word(unit_at + 3) not in _STILL_ON:
                    return None  # "the last days of the war" are not the days before publication
        if word in NUMBERS or word in VAGUE or word[:1].isdigit():
            return self._past_units(at) if back else None
        unit = UNITS.get(word)
        if unit is None or unit in {"hour", "minute"}:
            return None
        plural = word.endswith("s")
        if plural:
            return self._recent(at) if back and low != "previous" else None
        if low in {"that", "previous", "following"} or (low == "next" and unit == "day"):
            return self._anchored_unit(at, low, unit)
        if low == "past":
            return self._past_units(at)
        if low in {"last", "next"} and unit == "day":
            return None
        node = Node(end=at + 1, kind="week" if unit == "weekend" else unit, interval=(None, None), part=part)
        if self.published is not None:
            step = -1 if back else 1 if ahead else 0
            if unit == "weekend" and back and self.published.weekday() < 5:
                step = 0  # on a Wednesday, last weekend is the latest one
            day = shift(self.published if unit != "month" else self.published.replace(day=1), unit, step)
            node.interval = narrowed(unit_interval(day, unit), part)
        return node

    @staticmethod
    def _end_of(whole: Node, part: str) -> Node | None:
        """The last week of May · the last months of 2014."""
        if whole.kind not in {"month", "year", "season", "decade"}:
            return None
        if whole.interval is None:
            whole.part = part
        else:
            known = closed(whole.interval)
            whole.interval = narrowed(known, part) if known is not None else whole.interval
        return whole

    def _relative_month(self, at: int, month: int, low: str, part: str) -> Node | None:
        day = self.day_number(self.after_month(at))
        end = self.after_month(at)
        node = Node(end=end, kind="month", month=month, part=part)
        if day is not None and valid(2000, month, day):
            node = Node(end=self.after_ordinal(end), kind="day", month=month, day=day)
        node.year, node.end = self.trailing_year(node.end, comma=True)
        if node.year is None and low == "that" and self.previous_year is not None:
            node.year, node.anchored = self.previous_year, True
        if node.year is None and low == "following" and self.previous is not None:
            before = self.previous[0]
            node.year, node.anchored = before.year + (1 if month <= before.month else 0), True
        if node.year is None and low in {"last", "past", "previous"}:
            node.strict = True
        if node.year is None and low in {"next", "coming"}:
            node.forward = True
        node.this = low == "this"
        if node.day is not None and node.year is not None and not valid(node.year, month, node.day):
            return None
        return node

    def _relative_season(self, at: int, low: str, part: str) -> Node | None:
        node = Node(end=at + 1, kind="season", season=SEASONS[self.word(at)], part=part)
        if self.word(at) == "fall" and (self.word(at + 1) == "of" or low == "that"):
            return None  # "this fall of a city", "cases that fall"
        if low == "that":
            node.year, node.anchored = self.previous_year, self.previous_year is not None
            if node.year is None:
                node.interval = (None, None)
        node.strict = low in {"last", "past", "previous"}
        node.forward = low in {"next", "coming"}
        node.this = low == "this"
        return node

    def _relative_day_part(self, at: int, low: str) -> Node | None:
        node = Node(end=at + 1, kind="relative", interval=(None, None))
        if low == "that":
            if self.previous is not None and (self.previous[1] - self.previous[0]).days == 1:
                node.interval, node.anchored = self.previous, True
            return node
        if low == "last" and self.word(at) not in {"night", "evening"}:
            return None
        if self.published is not None:
            day = self.published - ONE if low == "last" else self.published
            node.interval = (day, day + ONE)
        return node

    def _recent(self, at: int) -> Node | None:
        """Recent days: the last seven; weeks: six weeks; months: six; years: five."""
        unit = UNITS.get(self.word(at), "")
        if unit not in {"day", "week", "month", "year", "hour"} or not self.word(at).endswith("s"):
            return None
        node = Node(end=at + 1, kind="range", interval=(None, None))
        if self.published is not None:
            amount = {
                "hour": ("day", 1),
                "day": ("day", 7),
                "week": ("week", 6),
                "month": ("month", 6),
                "year": ("year", 5),
            }[unit]
            node.interval = (shift(self.published, amount[0], -amount[1]), self.published + ONE)
        return node

    def _past_units(self, at: int) -> Node | None:
        """(the) past two months, the last few days, the past week: up to the day of publication."""
        count = 1
        word = self.word(at)
        if word not in UNITS:
            read = self.quantity(at)
            if read is None:
                return None
            (_, count), at = read
        unit = UNITS.get(self.word(at))
        if unit is None:
            return None
        node = Node(end=at + 1, kind="range", interval=(None, None))
        if self.published is not None:
            if unit in {"hour", "minute"}:
                unit, count = "day", max(1, count // 24)
            node.interval = (shift(self.published, unit, -count), self.published + ONE)
        return node

    def _anchored_unit(self, at: int, low: str, unit: str) -> Node | None:
        """That month · the previous day · the following year: counted from the expression before."""
        node = Node(end=at + 1, kind="relative", interval=(None, None))
        if self.previous is not None:
            step = {"that": 0, "previous": -1}.get(low, 1)
            base = self.previous[0] if step <= 0 else self.previous[1] - ONE
            if unit == "month" and step:
                base = base.replace(day=1)
            if unit == "day" and (self.previous[1] - self.previous[0]).days > 1:
                return node
            node.interval, node.anchored = unit_interval(shift(base, unit, step), unit), True
        elif low == "previous" and self.published is not None and unit != "day":
            node.interval = unit_interval(shift(self.published.replace(day=1), unit, -1), unit)
        return node

    def _this_unit(self, end: int, unit: str) -> Node:
        node = Node(end=end, kind=unit, interval=(None, None))
        if self.published is not None:
            node.interval = unit_interval(self.published, unit)
        return node

    def part(self, index: int) -> Node | None:
        """Early 2016 · mid-July · late last month · earlier this week · the end of 2016 · early on Friday."""
        low = self.low[index]
        name = PARTS[low]
        at = index + 1
        if self.word(at) in DASHES:
            at += 1
        if name in {"earlier", "later"}:
            return self.earlier_later(index, name)
        if name in {"start", "end"} or low == "middle":
            if self.word(at) != "of":
                return None
            at += 1
        elif self.word(at) in {"in", "on"}:
            at += 1
        node: Node | None
        if self.word(at) == "the" and self.word(at + 1) in {"week", "month", "year"}:
            node = self._this_unit(at + 2, UNITS[self.word(at + 1)])
        elif self.word(at) in DAY_PARTS and self.word(at + 1) in WEEKDAYS:
            node = self.weekday(at + 1)
        elif self.word(at) in MONTHS or self.word(at) in MONTH_SHORT:
            node = self.month_first(at, free=self.word(at) in MONTHS and self.capital(at))
        elif self.token(at)[:1].isdigit():
            node = self.year(at, free=True)
        else:
            node = self.point(at) if self.word(at) not in {"earlier", "later"} else None
        if node is None or node.kind in {"duration", "range"}:
            return None
        if node.interval is None:
            node.part = name
            return node
        known = closed(node.interval)
        if known is not None and not node.words:
            node.interval = narrowed(known, name)
        return node

    def earlier_later(self, index: int, name: str) -> Node | None:
        """Earlier today · earlier this month · later in 2016 · earlier in the week · later that year."""
        at = index + 1
        if self.word(at) in {"in", "on"}:
            at += 1
        if self.word(at) == "the" and self.word(at + 1) in {"day", "week", "month", "year", "decade"}:
            node: Node | None = self._this_unit(at + 2, UNITS[self.word(at + 1)])
        elif self.token(at)[:1].isdigit():
            node = self.year(at, free=True)
        elif self.word(at) in {"this", "that", "today", "last"} or self.word(at) in WEEKDAYS or self.word(at) in MONTHS:
            node = self.point(at)
        else:
            node = None
        if node is None:
            return None
        interval = closed(self.resolve(node))
        if interval is None or self.published is None:
            return node
        start, end = interval
        today = self.published
        if name == "earlier" and start <= today < end:
            node.interval = (start, today + ONE)
        elif name == "later" and start <= today < end - ONE and not node.anchored:
            node.interval = (today, end)
        return node

    def ordinal_part(self, index: int) -> Node | None:
        """First half of 2015 · second week of June · first three months of 2016 · third quarter of 2017."""
        number = ORDINALS[self.low[index]]
        at = index + 1
        unit = self.word(at)
        amount = 1
        counted = self.number(at)
        if counted is not None and number == 1:
            amount, at = counted
            unit = UNITS.get(self.word(at), "")
            if unit not in {"month", "week", "day"}:
                return None
        if number == 1 and unit == "days":
            unit, amount = "day", 7  # "the first days of May"
        if unit not in {"half", "quarter", "week", "month", "day"} or self.word(at + 1) != "of":
            return None
        at += 2
        node = self.year(at, free=True) if self.token(at)[:1].isdigit() else None
        if node is None and (self.word(at) in MONTHS or self.word(at) in MONTH_SHORT):
            node = self.month_first(at, free=self.capital(at))
        if node is None and self.word(at) in {"last", "this"}:
            node = self.relative_unit(at)
        if node is None and self.word(at) == "the" and self.word(at + 1) in {"month", "year"}:
            node = self._this_unit(at + 2, self.word(at + 1))
        if node is None or node.kind not in {"year", "month"}:
            return None
        interval = closed(self.resolve(node))
        result = Node(end=node.end, kind="quarter" if unit == "quarter" else "range", interval=UNKNOWN)
        if interval is None:
            return result
        start, end = interval
        if unit == "half":
            result.interval = narrowed((start, end), "first" if number == 1 else "second")
        else:
            step = {
                "quarter": ("month", 3),
                "month": ("month", amount),
                "week": ("week", amount),
                "day": ("day", amount),
            }[unit]
            low = shift(start, step[0], step[1] * (number - 1))
            high = min(end, shift(low, step[0], step[1]))
            if low >= high:
                return None
            result.interval = (low, high)
        return result

    def quantity(self, index: int) -> tuple[tuple[int, int], int] | None:
        """A count, exact or vague, and the token after it."""
        low = self.word(index)
        at = index
        if low in APPROXIMATE and (self.word(at + 1) in NUMBERS or self.token(at + 1)[:1].isdigit()):
            at += 1
            low = self.word(at)
        if low in {"more", "less"} and self.word(at + 1) == "than":
            at += 2
            low = self.word(at)
        if low in {"a", "the"} and self.word(at + 1) in {"few", "couple", "half"}:
            at += 1
            low = self.word(at)
        if low in VAGUE:
            at += 2 if self.word(at + 1) == "of" else 1
            times = scale_of(self.word(at))  # "several hundred"
            few, many = VAGUE[low]
            return ((few * times, many * times), at + 1) if times else ((few, many), at)
        exact = self.number(at)
        if exact is None:
            return None
        number, at = exact
        more = self.number(at + 1) if self.word(at) in {"or", "to"} | DASHES else None
        if more is not None and more[0] > number and UNITS.get(self.word(more[1])):  # "two or three days"
            return (number, more[0]), more[1]
        return (number, number), at

    def counted(self, index: int) -> Node | None:
        """Two days ago · a week ago · three years later · a month after (that) · days earlier."""
        if self.word(index) in {"days", "weeks", "months", "years", "hours"}:
            count, at = (2, 9), index
        else:
            read = self.quantity(index)
            if read is None:
                return None
            count, at = read
        unit = UNITS.get(self.word(at))
        if unit is None:
            return None
        whole: list[tuple[str, tuple[int, int]]] = []
        while self.word(at + 1) in {"and", ","}:  # "a year and two days ago"
            read = self.quantity(at + 2)
            smaller = None if read is None else UNITS.get(self.word(read[1]))
            if read is None or smaller is None:
                break
            whole.append((unit, count))
            (count, at), unit = read, smaller
        behind = self.word(at + 1)
        if whole:
            return self.ago(at + 2, unit, count, whole) if behind == "ago" else None
        if behind == "ago" or (behind == "back" and self.word(at) != "day"):
            return self.ago(at + 2, unit, count)
        if behind in {"later", "earlier"}:
            return self.counted_from(at + 2, unit, count, 1 if behind == "later" else -1)
        if behind in {"after", "before"} and self.word(at + 2) in {"that", "this"} and self.word(at + 3) in STOPS:
            return self.counted_from(at + 3, unit, count, 1 if behind == "after" else -1)
        return None

    def ago(
        self, end: int, unit: str, count: tuple[int, int], before: Sequence[tuple[str, tuple[int, int]]] = ()
    ) -> Node:
        """Days exactly, weeks to ±3 days, months and years as calendar units; vague counts as a range.

        ``before`` are larger units with their counts: the year of "a year and two days ago".
        """
        node = Node(end=end, kind="relative", interval=(None, None))
        today = self.published
        if today is None:
            return node
        for larger, (low, high) in before:
            if low != high or larger in {"hour", "minute"}:
                return node  # "some years and two days ago": not known to the day
            today = shift(today, larger, -high)
        low, high = count
        if far(today) or far(shift(today, unit, -high)):
            return node
        if unit == "hour" and high > 24:
            node.interval = (today - timedelta(days=-(-high // 24)), today - timedelta(days=low // 24) + ONE)
        elif unit in {"hour", "minute"}:
            day = today - ONE if high * (1 if unit == "hour" else 0) >= 24 else today
            node.interval = (min(day, today - ONE) if unit == "hour" and high >= 6 else day, today + ONE)
        elif low != high:
            node.interval = (shift(today, unit, -high), shift(today, unit, -low) + ONE)
        else:
            node.interval = self._around(shift(today, unit, -high), unit)
            node.words = self._around_words(shift(today, unit, -high), unit)
        return node

    @staticmethod
    def _around(day: date, unit: str) -> Interval:
        if unit in {"week", "fortnight", "weekend"}:
            return day - 3 * ONE, day + 4 * ONE
        return unit_interval(day, unit)

    @staticmethod
    def _around_words(day: date, unit: str) -> str:
        return f"{day.isoformat()}~" if unit in {"week", "fortnight", "weekend"} else ""

    def counted_from(self, end: int, unit: str, count: tuple[int, int], sign: int) -> Node:
        """A count of units from the expression before; unresolved when there is none."""
        node = Node(end=end, kind="relative", interval=(None, None))
        if self.previous is None:
            return node
        start, stop = self.previous
        low, high = count
        if far(shift(start, unit, sign * high)) or far(shift(stop, unit, sign * high)):
            return node
        node.anchored = True
        if unit in {"hour", "minute"}:
            node.interval = (start, stop + (ONE if sign > 0 else timedelta(0)))
        elif low != high:
            edges = sorted((shift(start, unit, sign * low), shift(start, unit, sign * high)))
            node.interval = (edges[0], edges[1] + ONE)
        elif unit == "day":
            node.interval = (shift(start, unit, sign * low), shift(stop, unit, sign * low))
        else:
            node.interval = self._around(shift(start, unit, sign * low), unit)
            node.words = self._around_words(shift(start, unit, sign * low), unit)
        return node

    def duration(self, index: int) -> Node | None:
        """A four-month battle (that ended in July) · for three years · a week-long siege."""
        low = self.low[index]
        at = index
        if low in {"for", "after", "during"}:
            at += 1
            read = self.quantity(at)
            unit = UNITS.get(self.word(read[1])) if read else None
            if read is None or unit is None or self.word(read[1] + 1) in {"ago", "later", "earlier"}:
                return None
            return Node(end=read[1] + 1, kind="duration", interval=(None, None)) if low == "for" else None
        if low in {"a", "the", "its", "their"}:
            at += 1
        number = self.number(at)
        if number is None:
            return None
        count, at = number
        unit = UNITS.get(self.word(at + 1), "")
        if self.word(at) not in DASHES or not self.glued(at) or not unit:
            return None
        end = at + 2
        if self.word(end) in DASHES and self.word(end + 1) == "old":
            return None  # an age
        if self.word(end) in DASHES and self.word(end + 1) == "long":
            end += 2
        node = Node(end=end, kind="duration", interval=(None, None))
        for ahead in range(end, min(end + 4, self.count)):
            if self.low[ahead] in {"ended", "ending"} and self.word(ahead + 1) in {"in", "on", "last", "early", "late"}:
                final = self.point(ahead + 2 if self.word(ahead + 1) in {"in", "on"} else ahead + 1)
                interval = self.resolve(final) if final is not None else None
                if interval is not None and interval[0] is not None and interval[1] is not None:
                    node.interval = (shift(interval[0], unit, -count), interval[1])
                break
        return node
