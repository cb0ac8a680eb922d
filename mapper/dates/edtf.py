"""EDTF (ISO 8601-2, levels 0 and 1, and what people write in tables) ⇄ half-open intervals of days.

Qualifiers: ``?`` (the source is doubted) leaves the interval as it is; ``~`` and ``%`` (approximate) widen it on each
side: a day by 3 days, a month by 15, a season by 30, a year by 183, a decade by 5 years. The words keep the qualifier.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from mapper.model import When

_WIDEN = {"day": 3, "month": 15, "season": 30, "year": 183, "decade": 1826}
_SEASON_MONTH = {21: 3, 22: 6, 23: 9, 24: 12}  # first month, northern hemisphere
_POINT = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")
_DECADE = re.compile(r"(\d{3})(?:[Xxu]|0s)$")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})$")

Interval = tuple[date, date]


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, month_length(year, month + 1)))


def month_length(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days


def month_interval(year: int, month: int, months: int = 1) -> Interval:
    first = date(year, month, 1)
    return first, add_months(first, months)


def year_interval(year: int, years: int = 1) -> Interval:
    return date(year, 1, 1), date(year + years, 1, 1)


def season_interval(year: int, season: int) -> Interval:
    """``season`` is EDTF's 21 spring … 24 winter; winter of a year begins in its December."""
    return month_interval(year, _SEASON_MONTH[season], 3)


def edtf_of(earliest: date | None, latest: date | None) -> str:
    """The shortest EDTF form of a half-open interval."""
    if earliest is None and latest is None:
        return ""
    if latest is None and earliest is not None:
        return f"{earliest.isoformat()}/.."
    if latest is not None and earliest is None:
        return f"../{(latest - timedelta(days=1)).isoformat()}"
    assert earliest is not None  # noqa: S101 - narrowed by the two tests above
    assert latest is not None  # noqa: S101
    last = latest - timedelta(days=1)
    if last <= earliest:
        return earliest.isoformat()
    if earliest.day == 1 and latest.day == 1:
        if earliest.month == latest.month == 1:
            first, final = f"{earliest.year:04}", f"{last.year:04}"
            return first if first == final else f"{first}/{final}"
        first, final = earliest.isoformat()[:7], last.isoformat()[:7]
        return first if first == final else f"{first}/{final}"
    return f"{earliest.isoformat()}/{last.isoformat()}"


def edtf(when: When) -> str:
    """The EDTF form of a When: its own words if it has them, else the shortest form of its interval."""
    return when.edtf or edtf_of(when.earliest, when.latest)


def _calendar_day(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        message = f"{text!r} is not a date of the calendar ({error})"
        raise ValueError(message) from error


def _widened(interval: Interval, unit: str, qualifier: str) -> Interval:
    if not set(qualifier) & {"~", "%"}:
        return interval
    margin = timedelta(days=_WIDEN[unit])
    return interval[0] - margin, interval[1] + margin


def _point(text: str) -> Interval:
    bare = text.rstrip("?~%")
    qualifier = text[len(bare) :]
    bare = bare.strip()
    if found := _DECADE.fullmatch(bare):
        return _widened(year_interval(_year(f"{found[1]}0", text), 10), "decade", qualifier)
    if found := _SLASHED.fullmatch(bare):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        if first <= 12 and second <= 12 and first != second:
            message = f"{text!r} may be read in two ways; write {year}-{first:02}-{second:02} or {year}-{second:02}-{first:02}"
            raise ValueError(message)
        month, day = (first, second) if second > 12 else (second, first)
        found_day = _calendar_day(_year(found[3], text), month, day, text)
        return _widened((found_day, found_day + timedelta(days=1)), "day", qualifier)
    found = _POINT.fullmatch(bare)
    if not found:
        message = f"{text!r} is not a date: write 2017, 2017-07, 2017-07-10, or an interval such as 2017-07/2017-09"
        raise ValueError(message)
    year = _year(found[1], text)
    if not found[2]:
        return _widened(year_interval(year), "year", qualifier)
    month = int(found[2])
    if month in _SEASON_MONTH and not found[3]:
        return _widened(season_interval(year, month), "season", qualifier)
    if not found[3]:
        if not 1 <= month <= 12:
            message = f"{text!r}: month {month} does not exist (seasons are 21 to 24)"
            raise ValueError(message)
        return _widened(month_interval(year, month), "month", qualifier)
    only = _calendar_day(year, month, int(found[3]), text)
    return _widened((only, only + timedelta(days=1)), "day", qualifier)


def _year(digits: str, text: str) -> int:
    year = int(digits)
    if not 100 <= year <= 9900:  # room to widen and shift inside what datetime can hold
        message = f"{text!r}: year {year} is out of range"
        raise ValueError(message)
    return year


def parse_edtf(text: str) -> When:
    """A When from EDTF text; an empty text is the unknown When.

    Levels 0 and 1 as used in tables: ``2017``, ``2017-07``, ``2017-07-10``, intervals with ``/``, open ends ``..`` (or
    nothing), qualifiers ``~ ? %``, seasons ``2017-21`` … ``2017-24``, decades ``201X`` or ``2010s``; also
    ``17/11/2017`` where only one reading exists. Raises ValueError that says what is wrong and what to write.
    """
    bare = text.strip()
    if not bare or bare in {"..", "../..", "/"}:
        return When()
    if "/" not in bare or _SLASHED.fullmatch(bare.rstrip("?~%")):
        earliest, latest = _point(bare)
        return When(earliest=earliest, latest=latest, edtf=bare, basis="table")
    left, _, right = bare.partition("/")
    if "/" in right:
        message = f"{text!r} has more than one '/': write an interval as start/end"
        raise ValueError(message)
    left, right = left.strip(), right.strip()
    start = None if left in {"", ".."} else _point(left)[0]
    end = None if right in {"", ".."} else _point(right)[1]
    if start is not None and end is not None and end <= start:
        message = f"{text!r} ends before it starts"
        raise ValueError(message)
    return When(earliest=start, latest=end, edtf=f"{left or '..'}/{right or '..'}", basis="table")
