"""Bench of size: a table of 1,000,000 hand-made claims about 20,000 places becomes a timeline and a map; seconds and memory.

Run alone (``python tests/bench/million.py [--rows N] [--quotes]``) or by ``make bench``. Each command is a process of its
own, whose processor time and largest memory the system tells: a busy machine adds up to a third to the time, as cores share
their caches, and nothing to the memory. The table is made here
from a fixed seed; with ``--quotes`` each row quotes some sixty letters. A bar that is missed makes the exit code 1.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

DAYS = 50
ACTORS = ("iraq", "is", "peshmerga", "ypg", "syria")
KINDS = ("captured",) * 5 + ("holds",) * 4 + ("contested",) * 3 + ("lost", "presence")
BARS = {"timeline": (60.0, 900), "map": (60.0, 900)}  # seconds of processor where nothing else runs, MB
QUOTES = 200  # MB more for the quotes of a million claims: 180 bytes each


def table(rows: int, *, quotes: bool) -> Iterator[str]:
    """Lines of a table: every place on every one of fifty days over four years, from twenty agencies."""
    rng = random.Random(2014)  # noqa: S311  (bench data)
    spots = [(round(30 + 7 * rng.random(), 4), round(39 + 8 * rng.random(), 4)) for _ in range(rows // DAYS)]
    yield "date,place,lat,lon,predicate,actor,other,confidence,publisher" + ",quote" * quotes + "\n"
    for number in range(DAYS):
        day = date(2014, 1, 1) + timedelta(days=29 * number)
        for place, (lat, lon) in enumerate(spots):
            actor, other = rng.sample(ACTORS, 2)
            kind = rng.choice(KINDS)
            said = f',"{actor} {kind} Town {place} on {day}, officials said."' if quotes else ""
            yield f"{day},Town {place},{lat},{lon},{kind},{actor},{other},0.8,Agency {rng.randrange(20)}{said}\n"


def measured(command: str, source: Path, output: Path) -> tuple[float, float, int]:
    """Seconds of processor and of the wall, and the most memory in MB, of ``mapper command source -o output``."""
    began = time.monotonic()
    child = os.spawnv(  # noqa: S606 (ourselves)
        os.P_NOWAIT, sys.executable, [sys.executable, "-m", "mapper", command, str(source), "-o", str(output)]
    )
    _, status, usage = os.wait4(child, 0)
    if status:
        message = f"mapper {command} ended with {os.waitstatus_to_exitcode(status)}"
        raise RuntimeError(message)
    return usage.ru_utime + usage.ru_stime, time.monotonic() - began, usage.ru_maxrss // 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--quotes", action="store_true")
    chosen = parser.parse_args()
    slow = False
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "claims.csv")
        with source.open("w", encoding="utf-8") as stream:
            stream.writelines(table(chosen.rows, quotes=chosen.quotes))
        for command, suffix in (("timeline", ".csv"), ("map", ".html")):
            seconds, wall, megabytes = measured(command, source, Path(folder, f"out{suffix}"))
            bar, most = BARS[command]
            most += QUOTES if chosen.quotes else 0
            slow |= seconds > bar or megabytes > most
            print(
                f"mapper {command} of {chosen.rows:,} claims: {seconds:.0f} s of processor (bar {bar:.0f} s),"
                f" {wall:.0f} s on the wall, {megabytes} MB (bar {most} MB)"
            )
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
