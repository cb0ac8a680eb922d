"""What a phrase says before and after it is resolved: calendar fields, intervals, and the rules between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from mapper.dates.edtf import Interval, add_months, month_interval, month_length, season_interval, year_interval

ONE = timedelta(days=1)
WEEK = timedelta(days=7)
OpenInterval = tuple[date | None, date | None]
UNKNOWN: OpenInterval = (None, None)


@dataclass(slots=True, kw_only=True)
class Node:
    """A phrase read up to token ``end``: calendar fields still to be resolved, or an interval already known."""

    end: int
    kind: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    season: int | None = None
    part: str = ""
    strict: bool = False  # "last Friday": before the day of publication
    forward: bool = False  # "next Friday"
    this: bool = False  # "this December": of the year of publication, or the one that has just passed
    interval: tuple[date | None, date | None] | None = None
    words: str = ""  # EDTF when it says more than the interval does
    anchored: bool = False


def shift(day: date, unit: str, count: int) -> date:
    """``count`` units from ``day``; months and years keep the day where they can. Clamped to what dates can hold."""
    try:
        if unit in {"month", "year", "decade"}:
            return add_months(day, count * {"month": 1, "year": 12, "decade": 120}[unit])
        return day + timedelta(days=count * {"week": 7, "weekend": 7, "fortnight": 14}.get(unit, 1))
    except (ValueError, OverflowError):
        return date(1, 1, 1) if count < 0 else date(9999, 12, 31)


def far(day: date) -> bool:
    """Whether a day is too near the ends of what dates can hold to count from: a count led there that dates nothing."""
    return not 100 <= day.year <= 9000


def unit_interval(day: date, unit: str) -> Interval:
    """The calendar unit around a day."""
    if unit == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + WEEK
    if unit == "weekend":
        saturday = day - timedelta(days=(day.weekday() - 5) % 7)
        return saturday, saturday + 2 * ONE
    if unit == "month":
        return month_interval(day.year, day.month)
    if unit == "year":
        return year_interval(day.year)
    if unit == "decade":
        return year_interval(day.year // 10 * 10, 10)
    return day, day + ONE


def narrowed(interval: Interval, part: str) -> Interval:
    """The third ("early", "mid", "late") or the edge ("start", "end") of an interval; unchanged for no part."""
    start, end = interval
    if not part:
        return interval
    days = (end - start).days
    if days >= 85 and start.day == 1 and end.day == 1:  # whole months: a season, a year, a decade
        months = (end.year - start.year) * 12 + end.month - start.month
        third = max(1, months // 3) if months < 36 else months // 36 * 12  # a decade is cut between years
        edge = max(1, months // 6)
        cuts = {
            "early": (0, third), "mid": (third, months - third), "late": (months - third, months),
            "start": (0, edge), "end": (months - edge, months), "first": (0, months // 2), "second": (months // 2, months),
        }  # fmt: skip
        low, high = cuts.get(part, (0, months))
        return add_months(start, low), add_months(start, high)
    if days > 7:  # a month
        cuts = {
            "early": (0, 10), "mid": (10, 20), "late": (20, days), "start": (0, 7), "end": (days - 8, days),
            "first": (0, 15), "second": (15, days),
        }  # fmt: skip
    elif days == 7:  # a week; two days have no thirds
        cuts = {
            "early": (0, 3), "mid": (1, 5), "late": (3, days), "start": (0, 2), "end": (4, days),
            "first": (0, 3), "second": (3, days),
        }  # fmt: skip
    else:
        return interval
    low, high = cuts.get(part, (0, days))
    return start + timedelta(days=low), start + timedelta(days=high)


def valid(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= month_length(year, month)


def closed(interval: OpenInterval | None) -> Interval | None:
    """The interval if both its ends are known."""
    if interval is None or interval[0] is None or interval[1] is None:
        return None
    return interval[0], interval[1]


_FRESH = timedelta(days=60)  # a day without a year so shortly before publication is news
_BACKWARDS = 3  # months that a narrative may go back without a new year having begun


_JUST_PASSED = 10  # months ahead from which "this December" is the last one: it is January, or November and December


def _this_year(published: date, month: int) -> int:
    """The year of "this December": that of publication, but the one before where that would lie nearly a year ahead."""
    return published.year - (month - published.month >= _JUST_PASSED)


class Clock:
    """Resolves calendar fields against the day of publication, which may be unknown."""

    published: date | None
    told: date | None = None  # the day of the last date that was given with its year, or under a year as a heading
    exact: bool = False  # it was given to the day, or is a year as heading
    close: bool = False  # and stands in this paragraph
    current: bool = False  # the text has spoken of today or of a weekday: it tells news, no history

    def resolve(self, node: Node) -> tuple[date | None, date | None] | None:
        if node.interval is not None:
            return node.interval
        whole = self._whole(node)
        return None if whole is None else narrowed(whole, node.part)

    def _whole(self, node: Node) -> Interval | None:
        published = self.published
        if node.weekday is not None and node.day is None:
            return self._weekday(node)
        if node.season is not None:
            return self._season(node, node.season)
        if node.month is None:
            return None if node.year is None else year_interval(node.year, 10 if node.kind == "decade" else 1)
        if node.year is not None:
            if node.day is None:
                return month_interval(node.year, node.month)
            day = date(node.year, node.month, node.day)
            return day, day + ONE
        carried = self._carried(node, node.month)
        if carried is not None or published is None:
            return carried
        if node.day is None:
            return self._month(node, node.month, published)
        return self._month_day(node, node.month, node.day, published)

    def _carried(self, node: Node, month: int) -> Interval | None:
        """A day or month without a year in a text that goes on from a dated one: "on 3 March 2016. On 9 March …".

        History goes forward: a month long before the last date is next year's. Where the day of publication is known, only
        days of a history, or of the paragraph of an older date, are carried on; news counts from its publication.
        """
        if self.told is None or node.forward or node.strict or node.this:
            return None
        year = self.told.year + (self.told.month - month > _BACKWARDS)
        if not valid(year, month, node.day or 1):
            return None
        first = date(year, month, node.day or 1)
        interval = (first, first + ONE) if node.day is not None else month_interval(year, month)
        if self.published is None:
            return interval
        plain = self._month_day(node, month, node.day, self.published) if node.day is not None else None
        fresh = plain is not None and self.published - plain[0] <= _FRESH
        history = self.exact and (self.close or not (self.current or fresh))
        old = self.told.year < self.published.year and interval[1] <= self.published
        return interval if node.day is not None and node.weekday is None and history and old else None

    def _month(self, node: Node, month: int, published: date) -> Interval:
        year = published.year
        if node.forward:
            return month_interval(year if month > published.month else year + 1, month)
        if node.this:
            return month_interval(_this_year(published, month), month)
        first = narrowed(month_interval(year, month), node.part)[0]
        if first > published or (node.strict and month >= published.month):
            year -= 1
        return month_interval(year, month)

    def _month_day(self, node: Node, month: int, day: int, published: date) -> Interval | None:
        if node.this:
            year = _this_year(published, month)
            return (date(year, month, day), date(year, month, day) + ONE) if valid(year, month, day) else None
        years = range(published.year + 1, published.year - 9, -1)
        days = [date(year, month, day) for year in years if valid(year, month, day)]
        past = [found for found in days if found <= published + ONE]  # a day ahead: time zones
        if node.weekday is not None:
            past = [found for found in past if found.weekday() == node.weekday][:1] or past
        return (past[0], past[0] + ONE) if past else None

    def _weekday(self, node: Node) -> Interval | None:
        if self.published is None or node.weekday is None:
            return None
        back = (self.published.weekday() - node.weekday) % 7
        if node.strict and back == 0:
            back = 7
        if node.forward:
            back = back - 7
        day = self.published - timedelta(days=back)
        return day, day + ONE

    def _season(self, node: Node, season: int) -> Interval | None:
        if node.year is not None:
            return season_interval(node.year, season)
        published = self.published
        if published is None:
            return None
        interval = season_interval(published.year, season)
        if node.forward:
            return interval if interval[0] > published else season_interval(published.year + 1, season)
        if node.this:  # that of now, or the nearest one
            near = [season_interval(published.year + step, season) for step in (-1, 0, 1)]
            return min(near, key=lambda one: max(one[0] - published, published - one[1]))
        limit = interval[1] if node.strict else interval[0]
        return interval if limit <= published else season_interval(published.year - 1, season)
