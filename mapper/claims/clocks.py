"""Posts of a live page that only a clock tells apart: "23:50", "00:20". In what order they stand, and where midnight lies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from mapper.model import Block

_CLOCK: Final = re.compile(
    r"\W{0,3}(?:(?:posted|updated|update|at) )?(\d{1,2})(?:[:h](\d\d))?(?:\s?([ap])\.?m\b\.?)?"
    r"(?:\s?(?:gmt|bst|utc|c?e?est|[ecmp][sd]t|cet|eet|msk|local time|local)\b)?(?=\s*\Z|\s*[:|–—-]\s|\s+[\"“]?[A-Z]|\s*\n)",
    re.IGNORECASE,
)
_DAY: Final = 24 * 60
_DISORDER: Final = 3 * 60  # minutes by which a post may stand out of order; more is a midnight between
_OUT_OF_ORDER: Final = 4  # times as much as others weigh the minutes of such a post
_FEWEST: Final = 3  # posts that show an order


def clock_of(text: str, block: Block) -> int | None:
    """The minute of the day that a block begins with; None when it begins with something else."""
    found = _CLOCK.match(text, block.start, block.end)
    if found is None or not (found[2] or found[3]):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[3].lower() == "p" else 0)
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def days_apart(clocks: Sequence[int]) -> list[int] | None:
    """How many midnights each post lies after the first, of the newest posts first fewer than none; None when it is open.

    Of both orders the one in which less time passes, half as much at most.
    """
    if len(clocks) < _FEWEST:
        return None
    rising, up = _passed(clocks)
    falling, down = _passed([_DAY - 1 - clock for clock in clocks])
    if 2 * up <= down:
        return rising
    return [-days for days in falling] if 2 * down <= up else None


def _passed(clocks: Sequence[int]) -> tuple[list[int], int]:
    """The midnights before each post if the oldest stand first, and the minutes that pass, those out of order weighed."""
    days, total = [0], 0
    for before, clock in pairwise(clocks):
        step = (clock - before) % _DAY
        if step > _DAY - _DISORDER:
            total += _OUT_OF_ORDER * (_DAY - step)
            days.append(days[-1] - (clock > before))
        else:
            total += step
            days.append(days[-1] + (clock < before))
    return days, total
