"""Fuzzers: random and mutated input into every door until the time is up; a crash or a hang is printed with its input.

`python tests/fuzz/fuzz.py [seconds] [target …]`, or `make fuzz`. Every target is a function of bytes that may raise
nothing; `decoder` feeds damaged payloads to the page's script in node. Found inputs are kept in tests/fuzz/found (ignored
by git) and the exit code is 1. Runs of the same seed repeat. `guided.py` beside this file lets the inputs follow the code
they reach.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from mapper.actors import ActorIndex
from mapper.archives import read_archives
from mapper.articles import decode, parse_articles
from mapper.config import default_config, lexicon
from mapper.dates import find_times, parse_edtf
from mapper.gazetteer import Gazetteer
from mapper.model import Article, ArticleId
from mapper.pipeline import Given, combine, read
from mapper.records import claim_rows, looks_like_table, read_table, write_csv
from mapper.timeline import read_checkpoints
from mapper.webmap import render

HANG = 5  # seconds one input may take
GROWTH = 300  # MB the process may grow while fuzzing
ROOT = Path(__file__).parents[2]

TOKENS = (
    "The army retook Rawa from ISIS on Friday. ", "Mosul", "95% of the caliphate", "17 November 2017", "2017-07", "30 km south of ",
    "[", "{", '{"text": "', '"}\n', "<html><body><p>", "</p>", "<![CDATA[", "<?xml?>", "<rss><channel><item><description>", "---\n",
    "date,place,lat,lon,predicate,actor\n", "2017-11-17,Rawa,34.4,41.9,captured,iraq\n", ",", ";", "\t", '"', "'", "=1+1", "\n", "\r\n",
    "\x00", "\x1b[2J", "\u202e", "\ud83d\ude00", "\uffff", "é", "الرقة", "Київ", "9" * 30, "-", "1e309", "nan", "inf", "0000-00-00",
    "9999-12-31", "captured", "holds", "share", "province of ", "said ", "not ", "if ", "between ", " and ", "of ", "x" * 200,
)  # fmt: skip


def text_of(rng: random.Random) -> str:
    parts = [
        rng.choice(TOKENS)
        if rng.random() < 0.85
        else "".join(chr(rng.randrange(1, 0x2FFF)) for _ in range(rng.randrange(9)))
        for _ in range(rng.randrange(1, 40))
    ]
    return "".join(parts)


def mutated(seed: bytes, rng: random.Random) -> bytes:
    raw = bytearray(seed)
    for _ in range(rng.randrange(1, 12)):
        at = rng.randrange(len(raw) + 1)
        kind = rng.randrange(5)
        if kind == 0 and at < len(raw):
            raw[at] = rng.randrange(256)
        elif kind == 1:
            raw[at:at] = rng.choice(TOKENS).encode("utf-8", "surrogatepass")
        elif kind == 2:
            del raw[at : at + rng.randrange(1, 30)]
        elif kind == 3:
            raw[at:at] = raw[at // 2 : at // 2 + rng.randrange(60)]
        else:
            raw[at:at] = rng.randbytes(rng.randrange(1, 20))
    return bytes(raw)


class Doors:
    """The targets, and what they need once."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.gazetteer = Gazetteer.open()
        self.actors = ActorIndex(lexicon())
        self.config = default_config()

    def readers(self, raw: bytes) -> None:
        text, _ = decode(raw, "x")
        for kind in (".txt", ".md", ".html", ".jsonl", ".json", ".csv"):
            list(parse_articles(text, name=f"x{kind}", kind=kind))
            looks_like_table(text, kind)

    def archives(self, raw: bytes) -> None:
        for name in ("a.zip", "a.tar.gz", "a.jsonl.gz", "a.jsonl.zst", "a.rss", "a.warc.gz", "a.warc", "a.jsonl"):
            path = self.home / name
            path.write_bytes(raw)
            list(read_archives([str(path)]))
            path.unlink()

    def extractor(self, raw: bytes) -> None:
        text = decode(raw)[0]
        reading = read(Article(id=ArticleId("x"), text=text, published=date(2017, 11, 18)), self.gazetteer, self.actors)
        for claim in reading.found.claims:
            quote = claim.quote
            if quote.text and text[quote.start : quote.end] != quote.text:
                message = f"a quote that is not in the text: {quote!r}"
                raise AssertionError(message)
        stream = io.StringIO()
        write_csv(claim_rows(reading.found.claims, reading.found.share_claims, reading.places), stream)
        stream.seek(0)
        read_table(stream, name="x.csv", actors=self.config.actors)

    def dates(self, raw: bytes) -> None:
        text = decode(raw)[0]
        find_times(text, date(2017, 11, 18))
        find_times(text, None)
        try:
            parse_edtf(text[:40])
        except ValueError:
            return

    def tables(self, raw: bytes) -> None:
        text = decode(raw)[0]
        for name in ("x.csv", "x.jsonl", "x.tsv"):
            read_table(io.StringIO(text, newline=""), name=name, actors=self.config.actors)
        path = self.home / "c.tsv"
        path.write_bytes(raw)
        read_checkpoints(path)

    def payload(self, raw: bytes) -> None:
        """From a mutated table to a page: the whole pipe."""
        table = read_table(io.StringIO(decode(raw)[0], newline=""), name="x.csv", actors=self.config.actors)
        given = Given(
            claims=table.claims,
            share_claims=table.share_claims,
            periods=table.periods,
            places=table.places,
            issues=table.issues,
        )
        render(combine((), given, gazetteer=self.gazetteer, config=self.config, territory=False))


def seeds(target: str) -> list[bytes]:
    article = (ROOT / "data/examples/isis-2014-2019/articles").glob("*")
    table = (ROOT / "data/examples/isis-2014-2019/claims.csv").read_bytes().splitlines(keepends=True)[:12]
    lines = json.dumps({"id": "1", "text": "The army retook Rawa.", "published": "2017-11-18"}).encode() + b"\n"
    if target == "archives":
        packed, tarred = io.BytesIO(), io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.jsonl", lines * 9)
            archive.writestr("b.txt", "The army retook Rawa.")
        with tarfile.open(fileobj=tarred, mode="w:gz") as archive:
            info = tarfile.TarInfo("a.jsonl")
            info.size = len(lines)
            archive.addfile(info, io.BytesIO(lines))
        rss = b"<rss><channel><item><title>x</title><pubDate>Sat, 18 Nov 2017 08:00:00 GMT</pubDate><description>y</description></item></channel></rss>"
        warc = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://e.org/\r\nContent-Length: 70\r\n\r\nHTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>Rawa fell.</p></html>"
        return [packed.getvalue(), tarred.getvalue(), gzip.compress(lines * 9), rss, warc, lines]
    if target in ("tables", "payload"):
        return [b"".join(table), b"date,place,lat,lon,predicate,actor\n2017-11-17,Rawa,34.4,41.9,captured,iraq\n"]
    return [path.read_bytes() for path in sorted(article) if path.is_file()] + [lines]


class Hang(Exception):  # noqa: N818 - an alarm, not an error of the program
    pass


def alarm(*_: object) -> None:
    raise Hang


def fuzz(name: str, door: Callable[[bytes], None], seconds: float, seed: int) -> tuple[int, int]:
    """Inputs tried and faults found."""
    rng = random.Random(seed)  # noqa: S311 - repeatable, not secret
    grown = seeds(name)
    known: set[str] = set()
    tried = 0
    end = time.monotonic() + seconds
    found = ROOT / "tests" / "fuzz" / "found"
    start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    while time.monotonic() < end:
        tried += 1
        raw = mutated(rng.choice(grown), rng) if rng.random() < 0.6 else text_of(rng).encode("utf-8", "surrogatepass")
        signal.setitimer(signal.ITIMER_PROF, HANG)
        try:
            door(raw)
        except Exception as error:  # noqa: BLE001 - finding what nobody expected is the purpose
            place = traceback.extract_tb(error.__traceback__)[-1]
            key = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
            if key not in known:
                known.add(key)
                found.mkdir(exist_ok=True)
                kept = found / f"{name}-{len(known)}.bin"
                kept.write_bytes(raw)
                print(f"{name}: {key}: {str(error)[:100]!r} with {kept.name}: {raw[:100]!r}", flush=True)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    grew = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) / 1024
    if grew > GROWTH:
        known.add("growth")
    print(f"{name}: {tried:,} inputs in {seconds:.0f} s, {len(known)} faults, memory +{grew:.0f} MB", flush=True)
    return tried, len(known)


def decoder(home: Path, doors: Doors, seconds: float, seed: int) -> int:
    """Faults of the page's decoder under damaged payloads."""
    node = shutil.which("node")
    if node is None:
        print("decoder: node not found, not tried", flush=True)
        return 0
    example = ROOT / "data/examples/isis-2014-2019/claims.csv"
    with example.open(encoding="utf-8", newline="") as stream:
        table = read_table(stream, name=example.name, actors=doors.config.actors)
    given = Given(claims=table.claims, share_claims=table.share_claims, periods=table.periods, places=table.places)
    page = home / "page.html"
    page.write_text(render(combine((), given, gazetteer=doors.gazetteer, config=doors.config)), encoding="utf-8")
    script = Path(__file__).with_name("decoder.cjs")
    command = [node, str(script), str(page), str(seconds), str(seed)]
    return subprocess.run(command, check=False, timeout=seconds + 600).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", nargs="?", type=float, default=60.0, help="for each target")
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    signal.signal(signal.SIGPROF, alarm)
    faults = 0
    with tempfile.TemporaryDirectory() as home:
        doors = Doors(Path(home))
        for name in given.targets or ("readers", "archives", "extractor", "dates", "tables", "payload", "decoder"):
            if name == "decoder":
                faults += decoder(Path(home), doors, given.seconds, given.seed)
                continue
            faults += fuzz(name, getattr(doors, name), given.seconds, given.seed)[1]
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
