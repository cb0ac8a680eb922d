"""Speed of `mapper extract`: articles a second from archive to parts, memory, and what a second process adds.

Each article has 3,000 characters: sentences of ordinary news that name places and people but no change of control, with
numbers that differ so that no article is a copy of another. In an archive of ordinary news every tenth article starts with
one of our gold articles, in one of war news each. The whole command runs, as a user runs it, with one and with two
processes, with the learned reader and with the rules alone, or with the one named. Run alone (`python
tests/bench/archive.py [articles] [--reader full|rules]`) or by `make bench`; exit code 1 below a bar. Above 20,000 articles
only two processes run, on war news, with the learned reader where none is named: what a long archive shows is whether
memory stays flat and the rate holds.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

GOLD = Path(__file__).parents[1] / "evals" / "claims" / "gold_articles.jsonl"
LENGTH = 3_000
RATES = {
    ("ordinary", "full"): 120,
    ("war", "full"): 40,
    ("war", "rules"): 150,
}  # articles a second, two processes, two cores
SCALING = 1.8  # of two processes against one, on two idle cores
MEMORY = 500  # MB a process
CORES = 2
LONG = 20_000  # articles from which on one process would take too long

ORDINARY = (
    "The ministry of health in {town} said that {n} people had been treated for heatstroke since the start of the month.",
    "Prices of bread in the markets of {town} rose by {n} percent, according to a survey of {m} shops.",
    "A delegation from {country} met business leaders in {town} to talk about a railway of {n} kilometres.",
    "Heavy rain washed away part of the road between {town} and {other}, and {n} families spent the night in schools.",
    "The national team beat {country} by {m} points before a crowd of {n} thousand in {town}.",
    "Doctors at the university hospital in {town} have carried out {n} heart operations this year, its director said.",
    "The central bank kept its main rate at {m} percent and said that inflation in {country} would slow by spring.",
    "Farmers near {town} expect a harvest of {n} thousand tonnes, {m} percent more than a year ago.",
    "The film, shot in {town} and {other} over {m} months, will open in {n} cinemas on Friday.",
    "Engineers repaired {n} metres of the water main in {town}, and supply to {m} districts was restored by evening.",
    "In {country}, {n} schools reopened after the holiday with {m} new teachers each, the education board said.",
    "A court in {town} postponed the trial of {n} former officials until next month because {m} lawyers were ill.",
)
TOWNS = (
    "Baghdad",
    "Aleppo",
    "Lyon",
    "Kharkiv",
    "Nairobi",
    "Basra",
    "Herat",
    "Toronto",
    "Sanaa",
    "Benghazi",
    "Goma",
    "Lviv",
)
COUNTRIES = ("Iraq", "Syria", "France", "Ukraine", "Kenya", "Afghanistan", "Canada", "Yemen", "Libya", "Jordan", "Mali")


def articles(count: int, every: int = 1) -> Iterator[dict[str, str]]:
    """Articles of which every so manieth tells of war."""
    documents = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").split("\n") if line]
    for i in range(count):
        document = documents[i % len(documents)]
        parts = [document["text"]] if i % every == 0 else []
        length = sum(map(len, parts))
        k = i
        while length < LENGTH:
            k = (k * 1_103_515_245 + 12_345 + i) % 2**31  # the same articles on every run and machine
            pick = k >> 8
            sentence = ORDINARY[pick % len(ORDINARY)].format(
                town=TOWNS[pick // 12 % len(TOWNS)],
                other=TOWNS[(pick // 12 + 1 + pick % 7) % len(TOWNS)],
                country=COUNTRIES[pick // 144 % len(COUNTRIES)],
                n=pick // 1_000 % 900 + 7,
                m=pick // 77 % 89 + 2,
            )
            parts.append(sentence)
            length += len(sentence) + 1
        yield {"id": f"bench-{i}", "published": document["published"], "text": " ".join(parts)[:LENGTH]}


def run(source: Path, folder: Path, jobs: int, reader: str) -> tuple[float, float]:
    """Seconds of the whole command, and the largest memory of one of its processes in MB."""
    command = [sys.executable, "-m", "mapper", "-q", "extract", str(source), "--into", str(folder)]
    start = time.perf_counter()
    subprocess.run([*command, "-j", str(jobs), "--reader", reader], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def measure(kind: str, reader: str, count: int) -> bool:
    """One archive read with one and with two processes; whether all bars are met."""
    bar = RATES[kind, reader]
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "news.jsonl"
        with source.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(json.dumps(r) + "\n" for r in articles(count, 1 if kind == "war" else 10))
        one = run(source, Path(name) / "one", 1, reader)[0] if count <= LONG else 0.0
        two, memory = run(source, Path(name) / "two", CORES, reader)
        claims = sum(p.read_bytes().count(b"\n") for p in (Path(name) / "two").rglob("part-*.jsonl"))
    print(
        f"{kind} news, reader {reader}: {count:,} articles of {LENGTH:,} characters, {claims / count:.1f} claims each"
    )
    print(f"  2 processes  {count / two:6.0f} articles a second (bar {bar})")
    if one:
        print(f"  1 process    {count / one:6.0f} articles a second; two are {one / two:.2f} times one (bar {SCALING})")
    print(f"  memory       {memory:6.0f} MB in the largest process (bar {MEMORY})", flush=True)
    scaled = not one or one / two >= SCALING
    return count / two >= bar and scaled and memory <= MEMORY


def main() -> int:
    parser = argparse.ArgumentParser(description="Speed of `mapper extract`.")
    parser.add_argument("articles", nargs="?", type=int, default=2_000)
    parser.add_argument("--reader", choices=("full", "rules"), help="only this one")
    options = parser.parse_args()
    count, reader = options.articles, options.reader
    kinds = [("war", reader or "full")] if count > LONG else [kind for kind in RATES if reader in (None, kind[1])]
    met = [measure(kind, reader, count) for kind, reader in kinds]  # all of them, whatever the first gives
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
