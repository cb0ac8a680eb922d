"""The day that a field of metadata states in full: ISO, RFC 2822, seconds since 1970, worded dates. Nothing is completed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from mapper.dates.grammar import find_times

_ISO = re.compile(r"(?P<year>\d{4})(?P<by>[-/.])(?P<month>\d{1,2})(?P=by)(?P<day>\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:\d{6}\Z|(?=T|\s\d|\Z))")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_EITHER = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_SHORT = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}(?!\d)")
_UNSET = re.compile(r"1970-01-01[T ]00:00|0{4}-|0{8}|-?0+\Z")  # what software writes for "no date"
_BEFORE = re.compile(r"[\W\d_]*(?:\b(?:on|at|the|a\.?m\.?|p\.?m\.?|[A-Z]{3,4})\b[\W\d_]*){0,3}")
_LONGEST = 200  # characters; what is longer is no date


class StampError(ValueError):
    """Words that state no one day; ``code`` is that of the Issue about them."""

    def __init__(self, *, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def read_stamp(text: str) -> date | None:
    """The day that some words state, as they write it (no time zone is reckoned with); None when they are empty.

    Raises StampError for a month or a year alone, for 03/04/2016, which two countries read as two days, and for anything
    that is no date of the calendar.
    """
    words = " ".join(text[:_LONGEST].split())
    if not words:
        return None
    if _UNSET.match(words):
        raise StampError(code="bad-date", message=f"{_shown(words)} is what software writes for no date")
    if found := _ISO.match(words) or _COMPACT.match(words):
        return _day(words, int(found["year"]), int(found["month"]), int(found["day"]))
    if _EPOCH.fullmatch(words):
        seconds = int(words[:10])
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).date()
    if either := _EITHER.match(words):
        return _slashed(words, int(either[1]), int(either[3]), int(either[4]))
    if _SHORT.match(words):
        raise StampError(
            code="date-ambiguous", message=f"{_shown(words)} has two figures for its year: write YYYY-MM-DD"
        )
    return _worded(words)


def _shown(words: str) -> str:
    return repr(words[:40])


def _day(words: str, year: int, month: int, day: int) -> date:
    if year < 1000:
        raise StampError(code="bad-date", message=f"{_shown(words)} is no date of a publication")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise StampError(code="bad-date", message=f"{_shown(words)} is not a date of the calendar ({error})") from error


def _slashed(words: str, one: int, two: int, year: int) -> date:
    """The day of 17/11/2017, which has one reading."""
    if one <= 12 and two <= 12 and one != two:
        both = f"{date(year, two, one).isoformat()} or {date(year, one, two).isoformat()}"
        raise StampError(code="date-ambiguous", message=f"{_shown(words)} may be {both}: write YYYY-MM-DD")
    return _day(words, year, one, two) if two > 12 else _day(words, year, two, one)


def _worded(words: str) -> date:
    found = find_times(words)
    days = [e for e in found if e.when.days == 1 and e.kind in {"day", "weekday"} and e.when.earliest is not None]
    if len(days) == 1 and days[0].when.earliest is not None and _BEFORE.fullmatch(words[: days[0].start]):
        return days[0].when.earliest
    try:
        return parsedate_to_datetime(words).date()  # "Fri Nov 17 14:32:00 2017"
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    if found and found[0].when.known and re.search(r"\d{4}", words):
        unit = "a year" if found[0].kind == "year" else "a month" if found[0].kind == "month" else "no one day"
        raise StampError(code="bad-date", message=f"{_shown(words)} names {unit}, not the day")
    if re.fullmatch(r"\d{4}", words):
        raise StampError(code="bad-date", message=f"{_shown(words)} names a year, not the day")
    raise StampError(code="bad-date", message=f"{_shown(words)} is not a date: write YYYY-MM-DD")
