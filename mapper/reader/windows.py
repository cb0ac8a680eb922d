"""An article cut into windows of tokens, each read once and by itself, so that no answer depends on a neighbour's padding."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mapper.claims.reader import CANDIDATES, Sheet

LIMIT: Final = 160  # tokens of a window, with the two that frame it
BEFORE: Final = 40  # of them, at most so many of what stands before its first sentence
MARKS: Final = len(CANDIDATES) + 4  # nothing, the kinds of candidate, known actor, other actor, time


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One reading: tokens, what earlier stages marked on them, and what is asked.

    ``ids`` and ``marks`` have one entry a token (int64). ``spans``, ``kinds`` and ``sentences`` have a row a candidate:
    token range, kind, token range of its sentence; ``candidates`` index the sheet's. ``times`` are token ranges,
    ``time_ids`` index the sheet's. ``offsets`` are the characters of each token, -1 for the frame.
    """

    ids: NDArray[np.int64]
    marks: NDArray[np.int64]
    spans: NDArray[np.int64]
    kinds: NDArray[np.int64]
    sentences: NDArray[np.int64]
    candidates: tuple[int, ...]
    times: NDArray[np.int64]
    time_ids: tuple[int, ...]
    offsets: NDArray[np.int64]


def cut(sheet: Sheet, ids: Sequence[int], offsets: Sequence[tuple[int, int]], cls: int, sep: int) -> list[Window]:
    """The windows of a tokenized text that hold candidates; ``ids`` and ``offsets`` are the text's, without frame."""
    starts = [s for s, _ in offsets]
    ends = [e for _, e in offsets]
    room = LIMIT - 2
    pieces: list[tuple[int, int]] = []  # token ranges of sentences, long ones cut
    for lo, hi in sheet.sentences:
        i, j = bisect_left(starts, lo), bisect_left(starts, hi)
        while j - i > room:
            pieces.append((i, i + room - BEFORE))
            i += room - BEFORE
        if j > i:
            pieces.append((i, j))
    begins = [c.start for c in sheet.candidates]
    windows: list[Window] = []
    n = 0
    while n < len(pieces):
        first, last = pieces[n]
        if not _asked(begins, starts, first, last):
            n += 1  # nothing to ask here: it can only be context
            continue
        group = [pieces[n]]
        lead = max(first - BEFORE, 0) if n and pieces[n - 1][1] == first else first
        if n and pieces[n - 1][1] == first and first - pieces[n - 1][0] < BEFORE:
            lead = pieces[n - 1][0]
        while n + 1 < len(pieces) and pieces[n + 1][1] - lead <= room:
            n += 1
            group.append(pieces[n])
        while len(group) > 1 and not _asked(begins, starts, *group[-1]) and len(group) > 2:
            group.pop()  # one sentence behind the last candidate is context enough
            n -= 1
        lead = max(lead, group[-1][1] - room)
        windows.append(_window(sheet, ids, starts, ends, lead, group, cls, sep))
        n += 1
    return [w for w in windows if w.candidates]


def _asked(begins: list[int], starts: list[int], i: int, j: int) -> bool:
    at = bisect_left(begins, starts[i])
    return at < len(begins) and (j >= len(starts) or begins[at] < starts[j])


def _window(
    sheet: Sheet,
    ids: Sequence[int],
    starts: list[int],
    ends: list[int],
    lead: int,
    group: list[tuple[int, int]],
    cls: int,
    sep: int,
) -> Window:
    stop = group[-1][1]
    size = stop - lead + 2
    marks = np.zeros(size, np.int64)
    offsets = np.full((size, 2), -1, np.int64)
    offsets[1:-1, 0] = starts[lead:stop]
    offsets[1:-1, 1] = ends[lead:stop]
    low, high = starts[lead], ends[stop - 1]

    def tokens(start: int, end: int) -> tuple[int, int]:
        i = bisect_right(ends, start, lead, stop)
        j = bisect_left(starts, end, lead, stop)
        return i - lead + 1, max(j, i) - lead + 1

    times: list[tuple[int, int]] = []
    time_ids: list[int] = []
    for k in range(bisect_left(sheet.times, (low, 0)), len(sheet.times)):
        start, end = sheet.times[k]
        if start >= high:
            break
        if end <= high:
            i, j = tokens(start, end)
            if j > i:
                marks[i:j] = MARKS - 1
                times.append((i, j))
                time_ids.append(k)
    for n in range(bisect_left(sheet.actors, (low, 0, False)), len(sheet.actors)):
        start, end, known = sheet.actors[n]
        if start >= high:
            break
        if end <= high:
            i, j = tokens(start, end)
            marks[i:j] = MARKS - 3 if known else MARKS - 2
    spans: list[tuple[int, int]] = []
    kinds: list[int] = []
    sentences: list[tuple[int, int]] = []
    asked: list[int] = []
    for k in range(bisect_left(sheet.candidates, low, key=lambda c: c.start), len(sheet.candidates)):
        candidate = sheet.candidates[k]
        if candidate.start >= high:
            break
        if candidate.end > high:
            continue
        i, j = tokens(candidate.start, candidate.end)
        if j <= i:
            continue
        kind = CANDIDATES.index(candidate.kind)
        marks[i:j] = kind + 1
        home = next(((a, b) for a, b in group if a <= i - 1 + lead < b), None)
        if home is not None:
            spans.append((i, j))
            kinds.append(kind)
            sentences.append((home[0] - lead + 1, home[1] - lead + 1))
            asked.append(k)
    return Window(
        ids=np.asarray([cls, *ids[lead:stop], sep], np.int64),
        marks=marks,
        spans=np.asarray(spans, np.int64).reshape(-1, 2),
        kinds=np.asarray(kinds, np.int64),
        sentences=np.asarray(sentences, np.int64).reshape(-1, 2),
        candidates=tuple(asked),
        times=np.asarray(times, np.int64).reshape(-1, 2),
        time_ids=tuple(time_ids),
        offsets=offsets,
    )
