"""Evidence → marks: reports of one event become one, and what is dated to a month finds its place among the days."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from mapper.model import ActorId
from mapper.timeline.evidence import CONTEST, HOLD, LOSE, NOBODY, TAKE, Evidence, Kind, order_of


@dataclass(slots=True)
class Mark:
    """Evidence that says the same about the same time: one turn of the fold."""

    kind: Kind
    actor: ActorId
    other: ActorId
    part: bool
    first: int
    last: int
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def until(self) -> int | None:
        ends = [item.until for item in self.evidence]
        return None if None in ends else max(end for end in ends if end is not None)


def _mark_of(item: Evidence) -> Mark:
    return Mark(item.kind, item.actor, item.other, item.part, item.first, item.last, [item])


def _contrary(mark: Mark, actor: ActorId, kind: Kind) -> bool:
    """Whether the mark says that somebody else holds the place (or, for a loss, that the loser still does)."""
    if mark.kind is TAKE or mark.kind is HOLD:
        return mark.actor == actor if kind is LOSE else mark.actor != actor
    return mark.kind is LOSE and kind is TAKE and mark.other == actor


def _joined(mark: Mark, item: Evidence, window: int) -> bool:
    """Whether two reports of one event can be told apart only by their dates, which are close enough to be one."""
    if mark.kind is not item.kind or mark.part != item.part:
        return False
    if mark.kind is not LOSE and mark.actor != item.actor:
        return False
    if mark.other != item.other and ((mark.other and item.other) or mark.kind is LOSE):
        return False
    if item.first <= mark.last and mark.first <= item.last:
        return True
    return max(mark.last, item.last) - min(mark.first, item.first) <= window


def _join(mark: Mark, item: Evidence) -> None:
    """The dates both allow; if they exclude each other, the days they span."""
    first, last = max(mark.first, item.first), min(mark.last, item.last)
    if first > last:
        first, last = min(mark.first, item.first), max(mark.last, item.last)
    mark.first, mark.last = first, last
    mark.other = mark.other or item.other
    mark.evidence.append(item)


def distinct(evidence: Sequence[Evidence]) -> list[Evidence]:
    """In order of day, kind and content, whatever the order they came in.

    One piece where one voice says the same again: repeats count once, at their best confidence.
    """
    if len(evidence) == 1:
        return list(evidence)
    found: dict[tuple[object, ...], Evidence] = {}
    for item in evidence:
        key = order_of(item)
        same = found.get(key)
        found[key] = item if same is None else same.joined(item)
    return [found[key] for key in sorted(found)]


def in_order(evidence: Sequence[Evidence], window: int) -> list[Mark]:
    """Distinct evidence in the order of what happened.

    Evidence of a known day comes first and makes the skeleton. Evidence of an event that is known only to a month
    or a year then corroborates an event of the skeleton that it agrees with, or is put into the gap of the skeleton,
    inside its interval, where it contradicts its neighbours least.
    """
    marks: list[Mark] = []
    vague: list[Evidence] = []
    for item in evidence:
        kind = item.kind
        if kind is not TAKE and kind is not LOSE:
            marks.append(_mark_of(item))
            continue
        if item.last > item.first:
            vague.append(item)
            continue
        holder = item.other if kind is LOSE else item.actor
        since = item.first - window
        for mark in reversed(marks):
            if mark.first < since or _contrary(mark, holder, kind):
                marks.append(_mark_of(item))
                break
            if _joined(mark, item, window):
                _join(mark, item)
                break
        else:
            marks.append(_mark_of(item))
    for item in sorted(vague, key=lambda item: (item.last - item.first, order_of(item))):
        _place_vague(marks, item, window)
    return _chained(marks)


def _first(mark: Mark) -> int:
    return mark.first


def _place_vague(marks: list[Mark], item: Evidence, window: int) -> None:
    low = bisect_left(marks, item.first - window, key=_first)
    high = bisect_right(marks, item.last + window, key=_first)
    best = None
    for index in range(low, high):
        mark = marks[index]
        if _joined(mark, item, window):
            began = mark.first
            _join(mark, item)
            if mark.first != began:
                del marks[index]
                marks.insert(bisect_right(marks, mark.first, key=_first), mark)
            return
        if (
            item.kind is LOSE
            and mark.kind is TAKE
            and mark.actor != item.other
            and mark.other in (NOBODY, item.other)
            and item.first <= mark.first <= item.last
        ):
            mark.evidence.append(item)  # the loss and the capture are one event told from two sides
            mark.other = item.other
            return
    low = bisect_left(marks, item.first, key=_first)
    high = bisect_right(marks, item.last, key=_first)
    before = NOBODY
    for mark in reversed(marks[:low]):
        if mark.kind in (TAKE, HOLD, LOSE):
            before = mark.actor
            break
    score = (-99, 0)
    for index in range(low, high + 1):
        if index > low:
            left = marks[index - 1]
            if left.kind in (TAKE, HOLD, LOSE):
                before = left.actor
        after = marks[index] if index < high else None
        fit = _fit(item, before, marks[index - 1] if index > low else None, after)
        if (fit, -index) > score:
            score, best = (fit, -index), index
    if best is None:  # cannot be: the loop runs at least once and -99 loses to every fit
        best = low
    first = item.first if best == low else max(item.first, marks[best - 1].first)
    last = item.last if best == high else max(first, min(item.last, marks[best].first))
    marks.insert(best, Mark(item.kind, item.actor, item.other, item.part, first, last, [item]))


def _fit(item: Evidence, before: ActorId, left: Mark | None, after: Mark | None) -> int:
    """How well an event suits the gap between two marks: who had it before, and what comes next."""
    fit = 0
    if item.other and before == item.other:
        fit += 2
    if item.actor and before == item.actor:
        fit -= 2
    if left is not None and left.kind is CONTEST and item.actor in (left.actor, left.other):
        fit += 1
    if after is None:
        return fit
    if after.kind in (TAKE, LOSE) and after.other:
        fit += 2 if after.other == item.actor else -1
    elif after.kind is HOLD:
        fit += 2 if after.actor == item.actor else -2
    elif after.kind is CONTEST and item.actor in (after.actor, after.other):
        fit -= 1  # the fight comes before its outcome
    return fit


def _chained(marks: list[Mark]) -> list[Mark]:
    """Marks by day; of captures on one day, the one that takes from another taker comes after it."""
    for index in range(len(marks) - 1):
        one, two = marks[index], marks[index + 1]
        if (
            one.kind is TAKE
            and two.kind is TAKE
            and one.first == two.first
            and one.other == two.actor
            and two.other != one.actor
        ):
            marks[index], marks[index + 1] = two, one
    return marks
