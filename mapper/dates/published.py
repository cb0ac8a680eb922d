"""The day an undated article was written, guessed from what it says."""

from __future__ import annotations

import re
from datetime import date, timedelta

from mapper.dates.grammar import find_times
from mapper.dates.words import FILLING, MONTH_SHORT, MONTHS, WEEKDAY_SHORT, WEEKDAYS

_MONTH = "|".join(name.title() for name in MONTHS) + "|" + "|".join(f"{name.title()}\\.?" for name in MONTH_SHORT)
_WEEKDAY = "|".join(name.title() for name in WEEKDAYS) + "|" + "|".join(f"{name.title()}\\.?" for name in WEEKDAY_SHORT)
_PAIR = re.compile(
    rf"\b({_WEEKDAY})(?: (?:morning|afternoon|evening|night))?[,(\s]{{1,3}}(?:the )?"
    rf"(?:({_MONTH}) (\d{{1,2}})|(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({_MONTH}))\b(?!,? \d{{4}})"
)
_YEAR = re.compile(r"\d{4}")
# "Published: 17 November 2017" at the head of a line or behind a bar; not "a report published 17 November 2017"
_LABEL = re.compile(
    r"(?:^|[|•·–—/)])\W*(?:first |originally |date |last )?"
    r"(?:(?P<first>published|posted|publication date|date)|updated|modified)(?: on| at)?(?P<colon>:?) ?\Z",
    re.IGNORECASE,
)
# what may stand behind such a date when no colon before it says that it is one
_ENDS = re.compile(
    r"(?:[\s\d:.,()+-]|(?:at|on|[ap]\.?m|[a-z]{3,4})\b){0,12}(?:\Z|\n|[|•·–—/]|(?:last )?(?:updated|modified)|by [a-z])",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"\W*[A-Z][A-Z .'’/-]{2,40}(?:, [A-Z][\w .]{2,30})?(?: \([A-Za-z ]{2,20}\))?[,(\s–—-]{1,3}")
# "Port Sudan, 14 January 2025": a dateline that does not shout; only at the top, and only if no later day is named
_QUIET = re.compile(
    r"\W*(?!(?:In|On|At|By|From|Since|Until|After|Before|Near|The|And|But)\b)[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}"
    r"(?:, [A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,2})?(?: \([A-Za-z ]{2,20}\))?,? ?[(–—-]? ?"
)
_AFTER = re.compile(r"[)\s]*(?:$|[\n:–—-])")
_TOP = 3  # lines, empty ones not counted
# What may stand beside a date on a line that is only a dateline or a byline.
_BESIDE = re.compile(
    rf"\b(?:{FILLING}|by|in|published|posted|updated|first|last|modified|date)(?!\w)|[\d:.,|•·()/\-–—+\s]",
    re.IGNORECASE,
)
_HEAD = 700  # characters in which a date on a line of its own is the article's, not one of its subjects
_YEARS_AHEAD = 12  # a weekday falls on a given month-day at least once in twelve years


def _number(name: str, names: dict[str, int], short: dict[str, int]) -> int:
    key = name.lower().rstrip(".")
    return names[key] if key in names else short[key]


def infer_published(text: str) -> tuple[date, str] | None:
    """A day and the reason for it, or None when the text does not pin one.

    First a labelled full date ("Published: 17 November 2017") or one in the dateline; then a weekday with a month-day
    ("Friday (November 17)"), whose year is the nearest fitting one at or after the latest year the text names; when the
    month-day is bracketed, the day after it.
    """
    explicit = [
        expression
        for expression in find_times(text, None)
        if expression.when.known
        and expression.kind not in {"until", "by", "before", "duration"}
        and _YEAR.search(expression.text)  # a year of its own, not one carried on from the date before
    ]
    days = [e for e in explicit if e.kind in {"day", "weekday"} and e.when.days == 1]
    changed: tuple[date, str] | None = None  # "Updated: …" counts when nothing says when it was published
    for expression in days:
        line_start = text.rfind("\n", 0, expression.start) + 1
        dateline = _DATELINE.fullmatch(text[line_start : expression.start])
        line_end = text.find("\n", expression.end)
        line_end = len(text) if line_end < 0 else line_end
        beside = text[line_start : expression.start] + " " + text[expression.end : line_end]
        label = _LABEL.search(text[line_start : expression.start]) if expression.start - line_start < _HEAD else None
        if label and expression.when.earliest and (label["colon"] or _ENDS.match(text, expression.end)):
            found = expression.when.earliest, f"the text is labelled {text[expression.start : expression.end]!r}"
            if label["first"]:
                return found
            changed = changed or found
            continue
        if dateline and expression.when.earliest:
            return expression.when.earliest, f"the dateline says {expression.text!r}"
        if (
            expression is days[0]
            and expression.when.earliest
            and _QUIET.fullmatch(text[line_start : expression.start])
            and _AFTER.match(text, expression.end)
            and sum(1 for line in text[:line_start].split("\n") if line.strip()) < _TOP
            and expression.when.earliest >= max(e.when.earliest for e in days if e.when.earliest)
        ):
            return expression.when.earliest, f"the dateline says {expression.text!r}"
        alone = expression.start < _HEAD and len(beside) <= 60 and not _BESIDE.sub("", beside)
        if alone and line_end < len(text.rstrip()) and expression.when.earliest:
            return expression.when.earliest, f"{expression.text!r} stands on a line of its own"
    if changed is not None:
        return changed
    years = [e.when.earliest.year for e in explicit if e.when.earliest is not None and e.kind != "decade"]
    if not years:
        return None
    latest_year = max(years)
    best: tuple[date, str] | None = None
    for pair in _PAIR.finditer(text):
        weekday = _number(pair[1], WEEKDAYS, WEEKDAY_SHORT)
        month = _number(pair[2] or pair[5], MONTHS, MONTH_SHORT)
        number = int(pair[3] or pair[4])
        for year in range(latest_year, latest_year + _YEARS_AHEAD):
            try:
                day = date(year, month, number)
            except ValueError:
                continue
            if day.weekday() == weekday:
                words = pair[0] + (")" if "(" in pair[0] else "")
                reason = f"{words!r} fits {year}, the nearest such year from {latest_year}, the latest the text names"
                if "(" in pair[0]:
                    # a date in brackets is put there for readers who will not take "Friday" for today
                    day += timedelta(days=1)
                    reason += "; bracketed, so told the day after"
                if best is None or day > best[0]:
                    best = day, reason
                break
    return best
