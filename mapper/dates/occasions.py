"""Days that are counted out or named otherwise: the last Sunday of August, the week before last, Christmas Day, by nightfall."""

from __future__ import annotations

from datetime import date, timedelta

from mapper.dates.edtf import Interval, month_interval
from mapper.dates.nodes import ONE, UNKNOWN, WEEK, Node, closed, shift, unit_interval
from mapper.dates.relative import Relative
from mapper.dates.words import DAY_PARTS, MONTH_SHORT, MONTHS, ORDINALS, UNITS, WEEKDAYS

_FEASTS = {
    ("christmas", "day"): (12, 25),
    ("christmas", "eve"): (12, 24),
    ("boxing", "day"): (12, 26),
    ("new", "year", "'", "s", "day"): (1, 1),
    ("new", "year", "'", "s", "eve"): (12, 31),
}
FEASTS = frozenset(words[0] for words in _FEASTS)
_MORNING = frozenset({"dawn", "daybreak", "sunrise", "morning"})  # by it: perhaps the next day's
# Behind "the day after": what shows that no event is named there which it counts from.
_FREE = frozenset(
    ". , ; : ! ? ) and but or when as while in on at by with from to is are was were has had have".split()  # noqa: SIM905
)


class Occasions(Relative):
    """Reads what picks one day out of a longer time, or names it by its feast or its place in a sequence."""

    def feast(self, index: int) -> Node | None:
        """Christmas Day · New Year's Eve, 2014 · Boxing Day last year."""
        if not self.capital(index):
            return None
        for words, (month, day) in _FEASTS.items():
            if all((self.word(index + n).replace("’", "'")) == word for n, word in enumerate(words)) and self.capital(
                index + len(words) - 1
            ):
                return self.month_day_tail(month, day, index + len(words) - 1)
        return None

    def nth_weekday(self, index: int) -> Node | None:
        """First Monday of September · second Friday of July 2017 · last Sunday in August · third Tuesday of last month."""
        low, weekday = self.word(index), WEEKDAYS.get(self.word(index + 1))
        if weekday is None or self.word(index + 2) not in {"of", "in"}:
            return None
        at = index + 3
        month = None
        if self.word(at) in MONTHS or self.word(at) in MONTH_SHORT:
            month = self.month_first(at, free=True)
        elif self.word(at) in {"last", "this", "that", "the"}:
            month = self.relative_unit(at)
        if month is None or month.kind not in {"month", "relative"} or month.day is not None:
            return None
        node = Node(end=month.end, kind="day", interval=UNKNOWN, anchored=month.anchored)
        whole = closed(self.resolve(month))
        if whole is None or (whole[1] - whole[0]).days > 31:
            return node if whole is None else None
        found = self._nth(whole, low, weekday)
        if month.year is None and month.interval is None and self.published and found and found > self.published + ONE:
            found = self._nth(month_interval(whole[0].year - 1, whole[0].month), low, weekday)
        if found is None:
            return None
        node.interval = (found, found + ONE)
        return node

    @staticmethod
    def _nth(month: Interval, low: str, weekday: int) -> date | None:
        if low == "last":
            last = month[1] - ONE
            return last - timedelta(days=(last.weekday() - weekday) % 7)
        first = month[0] + timedelta(days=(weekday - month[0].weekday()) % 7)
        found = first + WEEK * (ORDINALS[low] - 1)
        return found if found < month[1] else None

    def before_last(self, index: int) -> Node | None:
        """(the) Sunday before last · week before last · night before last: one before the latest."""
        if self.word(index + 1) != "before" or self.word(index + 2) != "last":
            return None
        low = self.word(index)
        node = Node(end=index + 3, kind="relative", interval=UNKNOWN)
        today = self.published
        if low in WEEKDAYS:
            if today is not None:
                back = (today.weekday() - WEEKDAYS[low]) % 7 or 7
                day = today - timedelta(days=back + 7)
                node.interval = (day, day + ONE)
            return node
        unit = UNITS.get(low)
        if unit not in {"day", "week", "weekend", "month", "year"}:
            return None
        if today is not None:
            step = -1 if unit == "weekend" and today.weekday() < 5 else -2
            node.interval = unit_interval(shift(today.replace(day=1) if unit == "month" else today, unit, step), unit)
        return node

    def around_week(self, index: int) -> Node | None:
        """(the) week of June 6, 2016 · week ending 12 June."""
        if self.word(index) != "week" or self.word(index + 1) not in {"of", "beginning", "starting", "ending"}:
            return None
        day = self.point(index + 2)
        if day is None or day.kind != "day":
            return None
        known = closed(self.resolve(day))
        node = Node(end=day.end, kind="week", interval=UNKNOWN, anchored=day.anchored)
        if known is not None:
            first = known[0] - 6 * ONE if self.word(index + 1) == "ending" else known[0]
            node.interval = (first, first + WEEK) if self.word(index + 1) != "of" else unit_interval(first, "week")
        return node

    def next_to(self, index: int) -> Node | None:
        """(the) day before · year after · evening before, of what was told last; of publication "the day before yesterday"."""
        low = self.word(index)
        unit = "day" if low in DAY_PARTS else low
        if unit not in {"day", "week", "month", "year"} or self.word(index + 1) not in {"before", "after"}:
            return None
        if low == "day" and self.word(index + 2) == "yesterday" and self.published is not None:
            day = self.published - 2 * ONE
            return Node(end=index + 3, kind="relative", interval=(day, day + ONE))
        step = -1 if self.word(index + 1) == "before" else 1
        behind = self.word(index + 2)
        if behind in _FREE or behind == "" or behind[0] == "\n":
            return self.counted_from(index + 2, unit, (1, 1), step)
        return None

    def by_part_of_day(self, index: int) -> Node | None:
        """By nightfall · by evening · by dawn: of the day told last; nothing where none was."""
        part = self.word(index + 1)
        day = self.previous
        if part not in DAY_PARTS or day is None or (day[1] - day[0]).days != 1 or self.word(index + 2) in {"of", "on"}:
            return None
        if self.word(index + 2) in WEEKDAYS:
            return None
        longer = ONE if part in _MORNING else timedelta(0)
        return Node(end=index + 2, kind="relative", interval=(day[0], day[1] + longer), anchored=True)

    def week_ago_on(self, node: Node) -> Node:
        """Reads "a week ago on Monday" on, behind its "ago"."""
        at = node.end + 1 if self.word(node.end) == "on" else node.end
        weekday = WEEKDAYS.get(self.word(at))
        known = closed(node.interval)
        if weekday is None or known is None or (known[1] - known[0]).days != 7 or not node.words:
            return node
        monday = unit_interval(known[0] + 3 * ONE, "week")[0]
        day = monday + timedelta(days=weekday)
        return Node(end=at + 1, kind="relative", interval=(day, day + ONE))
