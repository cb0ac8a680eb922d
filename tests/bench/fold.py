"""Bench of the fold: 1,000,000 place-day rows of a panel and 100,000 claims; prints medians beside their bars.

Run alone (``python tests/bench/fold.py``) or by ``make bench``. The data are made here from a fixed seed.
"""

from __future__ import annotations

import gc
import io
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

from mapper.model import (
    ActorId,
    ArticleId,
    Claim,
    ClaimId,
    Modality,
    Place,
    PlaceId,
    Predicate,
    Quote,
    Source,
    When,
)
from mapper.records import read_table
from mapper.timeline import build_timeline

PANEL_ROWS, PANEL_BAR = 1_000_000, 6.0
CLAIMS, CLAIMS_BAR = 100_000, 3.0
DAY_ONE = date(2022, 2, 24)


def panel(rows: int) -> str:
    """A long panel of 1,000 days; a place changes hands about three times."""
    rng = random.Random(20220224)  # noqa: S311  (bench data)
    lines = ["geonameid,date,status"]
    days = [(DAY_ONE + timedelta(days=n)).isoformat() for n in range(1000)]
    for place in range(rows // 1000):
        cuts = sorted(rng.randrange(1000) for _ in range(3))
        states = [rng.choice(("UA", "RU", "CONTESTED")) for _ in range(4)]
        lines += [f"{700000 + place},{day},{states[sum(cut <= n for cut in cuts)]}" for n, day in enumerate(days)]
    return "\n".join(lines) + "\n"


def claims(count: int, places: int) -> list[Claim]:
    """Claims of all kinds over places and three years, from twenty publishers, some dated to a month."""
    rng = random.Random(20171117)  # noqa: S311  (bench data)
    made = []
    kinds = [Predicate.CAPTURED] * 5 + [Predicate.HOLDS] * 4 + [Predicate.CONTESTED] * 3
    kinds += [Predicate.BESIEGED, Predicate.LOST, Predicate.PRESENCE, Predicate.WITHDREW, Predicate.DENIED]
    actors = [ActorId(name) for name in ("a", "b", "c", "d")]
    for number in range(count):
        day = date(2015, 1, 1) + timedelta(days=rng.randrange(1100))
        vague = rng.random() < 0.15
        when = When(earliest=day, latest=day + timedelta(days=30 if vague else 1), edtf=str(day), basis="clause")
        actor, other = rng.sample(actors, 2)
        article = ArticleId(f"article-{rng.randrange(count // 5)}")
        made.append(
            Claim(
                id=ClaimId(f"{number:012x}"),
                place_id=PlaceId(f"place:{rng.randrange(places)}"),
                place_text="X",
                predicate=rng.choice(kinds),
                actor_id=actor,
                other_id=other if rng.random() < 0.6 else ActorId(""),
                when=when,
                modality=Modality.ASSERTED,
                quote=Quote(article_id=article, start=0, end=1, text="X"),
                source=Source(article_id=article, publisher=f"p{rng.randrange(20)}", published=day),
                confidence=0.8,
            )
        )
    return made


def median(work: Callable[[], object], runs: int = 3) -> float:
    """Processor seconds, so that whatever else the machine does is not measured; the fold runs on one core."""
    times = []
    for _ in range(runs):
        gc.collect()
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def main() -> int:
    text = panel(PANEL_ROWS)

    def read_and_fold() -> object:
        table = read_table(io.StringIO(text), name="panel.csv")
        return build_timeline((), table.places, periods=table.periods)

    seconds = median(read_and_fold)
    slow = seconds > PANEL_BAR
    print(f"read and fold {PANEL_ROWS:,} place-day rows: {seconds:.2f} s (bar {PANEL_BAR} s)")
    for places in (100, 5_000, 50_000):
        made = claims(CLAIMS, places)
        known = {PlaceId(f"place:{n}"): Place(id=PlaceId(f"place:{n}"), name="X", lat=0, lon=0) for n in range(places)}
        seconds = median(lambda made=made, known=known: build_timeline(made, known))
        slow |= seconds > CLAIMS_BAR
        print(f"fold {CLAIMS:,} claims about {places:,} places: {seconds:.2f} s (bar {CLAIMS_BAR} s)")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
