"""Score of the temporal grammar on graded cases of our own.

    python tests/evals/dates.py [--errors]

``cases.txt`` are those the grammar was written with, ``news.txt`` and ``again.txt`` are batches in the wording of news that were labelled before they were read.

A case is right when some expression overlaps the bracketed words and means exactly the stated interval (or is found and
left open where that is stated, or nothing is found where nothing should be). Exit code 1 below the floor.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mapper.dates import TimeExpression, find_offsets, find_times, parse_edtf

FOLDER = Path(__file__).with_name("dates")
CASES = FOLDER / "cases.txt"
FLOORS = {CASES: 0.985, FOLDER / "news.txt": 0.98, FOLDER / "again.txt": 0.95}
GRADES = {1: "calendar dates", 2: "relative to publication", 3: "ranges, parts, anchors", 4: "traps"}


@dataclass(frozen=True)
class Case:
    grade: int
    published: date | None
    text: str
    start: int
    end: int
    expected: str


def cases(path: Path = CASES) -> Iterator[Case]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        grade, published, marked, expected = line.split("|")
        start = marked.find("[")
        end = marked.find("]") - 1
        text = marked.replace("[", "", 1).replace("]", "", 1) if start >= 0 else marked
        yield Case(int(grade), date.fromisoformat(published) if published else None, text, start, end, expected)


def right(case: Case, found: tuple[TimeExpression, ...]) -> bool:
    if case.expected == "none":
        return not found
    hits = [e for e in found if e.start < case.end and case.start < e.end]
    if case.expected == "?":
        return any(not e.when.known for e in hits)
    wanted = parse_edtf(case.expected)
    return any((e.when.earliest, e.when.latest) == (wanted.earliest, wanted.latest) for e in hits)


def score(path: Path = CASES) -> tuple[float, dict[int, tuple[int, int]], list[str]]:
    """Share right, (right, all) by grade, and a line for each miss."""
    hits: Counter[int] = Counter()
    totals: Counter[int] = Counter()
    misses = []
    for case in cases(path):
        found = find_times(case.text, case.published)
        found = tuple(sorted((*found, *find_offsets(case.text, found)), key=lambda e: e.start))
        totals[case.grade] += 1
        if right(case, found):
            hits[case.grade] += 1
        else:
            got = "; ".join(f"{e.text!r} {e.kind} {e.when.edtf or '?'}" for e in found) or "nothing"
            misses.append(f"{case.published} {case.text} -> wanted {case.expected}, got {got}")
    by_grade = {grade: (hits[grade], totals[grade]) for grade in sorted(totals)}
    return sum(hits.values()) / sum(totals.values()), by_grade, misses


def main() -> int:
    failed = False
    for path, floor in FLOORS.items():
        share, by_grade, misses = score(path)
        print(
            f"dates: {share:.3f} right of {sum(n for _, n in by_grade.values())} cases in {path.name} (floor {floor})"
        )
        for grade, (hit, total) in by_grade.items():
            print(f"  {GRADES[grade]:26s} {hit}/{total}")
        if "--errors" in sys.argv[1:]:
            print("\n".join(misses))
        failed = failed or share < floor
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
