"""Fuzzers: random and mutated input into every door until the time is up; a crash or a hang is printed with its input.

`python tests/fuzz/fuzz.py [seconds] [target …]`, or `make fuzz`. Every target is a function of bytes that may raise
nothing; `decoder` feeds damaged payloads to the page's script in node. Found inputs are kept in tests/fuzz/found (ignored
by git) and the exit code is 1. Runs of the same seed repeat. `guided.py` beside this file lets the inputs follow the code
they reach.
"""

from __future__ import annotations

import argparse
import csv
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
from urllib.parse import urlsplit

from mapper.actors import ActorIndex
from mapper.archives import read_archives
from mapper.articles import decode, parse_articles
from mapper.config import ConfigError, default_config, lexicon, read_config
from mapper.dates import find_times, parse_edtf
from mapper.export import export
from mapper.gazetteer import Gazetteer, GazetteerError
from mapper.gazetteer.importers import add_places
from mapper.gazetteer.shapes import Outlines
from mapper.gazetteer.store import Tables, arrays, is_table, read_lines
from mapper.model import Article, ArticleId
from mapper.pipeline import Given, combine, read
from mapper.records import claim_rows, looks_like_table, read_table, write_csv
from mapper.timeline import read_checkpoints
from mapper.webmap import render

HANG = 5  # seconds one input may take
GROWTH = 300  # MB the process may grow while fuzzing
ROOT = Path(__file__).parents[2]

TARGETS = (
    "readers", "archives", "extractor", "dates", "tables", "payload", "configuration", "gazetteers", "addresses", "decoder",
)  # fmt: skip

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
        self.outlines = Outlines("gn_a1_code")
        rows = "date,place,lat,lon,predicate,actor\n2017-11-17,Rawa,34.4,41.9,captured,iraq\n"
        self.example = read_table(io.StringIO(rows, newline=""), name="x.csv", actors=self.config.actors)

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

    def configuration(self, raw: bytes) -> None:
        """A mapper.toml: read and used, or a ConfigError."""
        path = self.home / "mapper.toml"
        path.write_bytes(raw if raw[:1] in b"[t" else configured(random.Random(raw)))  # noqa: S311 - repeatable
        try:
            config = read_config(path)
        except ConfigError:
            return
        given = Given(claims=self.example.claims, places=self.example.places)
        render(combine((), given, gazetteer=self.gazetteer, config=config, territory=False))

    def gazetteers(self, raw: bytes) -> None:
        """A file of places in every format: imported, unpacked and asked, or a GazetteerError."""
        for suffix in (".tsv", ".csv", ".txt", ".geojson", ".zip", ".gpkg"):
            path, made = self.home / f"places{suffix}", self.home / "made.tsv"
            path.write_bytes(raw)
            try:
                table = path if is_table(path) else add_places(path, to=made).path
                opened = Gazetteer(Tables(**arrays(read_lines(table)), checksum=""), outlines=self.outlines)
                for name in ("Newvillage", "Rawa"):
                    opened.candidates(name, countries=("IQ",))
                    opened.search(name)
                opened.nearest(34.0, 41.0)
                opened.populated_places(("IQ",))
            except GazetteerError:
                continue
            finally:
                path.unlink()
                made.unlink(missing_ok=True)

    def addresses(self, raw: bytes) -> None:
        """An address in an article's record, in front matter and in a table: what is shown of it can be opened."""
        address = "".join(ch for ch in decode(raw)[0][:300] if ch.isprintable())
        record = json.dumps(
            {"id": "1", "url": address, "text": "The army retook Rawa from ISIS.", "published": "2017-11-18"}
        )
        front = f"---\nurl: {address}\ndate: 2017-11-18\n---\nThe army retook Rawa from ISIS."
        for text, kind in ((record, ".jsonl"), (front, ".md")):
            for article in parse_articles(text, name=f"x{kind}", kind=kind):
                if isinstance(article, Article):
                    read(article, self.gazetteer, self.actors)
        stream = io.StringIO(newline="")
        writer = csv.writer(stream)
        writer.writerow(("date", "place", "lat", "lon", "predicate", "actor", "url"))
        writer.writerow(("2017-11-17", "Rawa", "34.4", "41.9", "captured", "iraq", address))
        stream.seek(0)
        table = read_table(stream, name="x.csv", actors=self.config.actors)
        given = Given(claims=table.claims, periods=table.periods, places=table.places, issues=table.issues)
        result = combine((), given, gazetteer=self.gazetteer, config=self.config, territory=False)
        render(result)
        out = self.home / "shown.geojson"
        export(result, out)
        for feature in json.loads(out.read_text(encoding="utf-8"))["features"]:
            for shown in [
                feature["properties"].get("url"),
                *(s.get("url") for s in feature["properties"].get("sources") or []),
            ]:
                if shown and not urlsplit(shown).hostname:
                    message = f"an address that no browser opens: {shown!r}"
                    raise AssertionError(message)


CONFIGURATION = (
    (b'title = "T"\npoint_of_view = "de_facto"\n[theatre]\ncountries = ["IQ", "SY"]\nbox = [40, 30, 45, 37]\n[fold]\nwindow_days = 3\n'
    b'stale_days = 90\n[reach]\nsolid_km = 10\npresumed_km = 30.5\ninfer = "auto"\ninfer_gap_km = 50\n[aliases]\nRawa = "geonames:91695"\n'
    b'[publishers]\n"Al Jazeera" = "neutral"\n'),
    b'[[actors]]\nid = "is"\nname = "Daesh"\ncolour = "#112233"\naliases = ["IS", "ISIS"]\nsince = 2013\nuntil = 2019\nside = "x"\n',
    b'title = "T"\n', b"[reach]\nsolid_km = inf\n", b"[fold]\nstale_days = 1.5\n",
)  # fmt: skip
SECTIONS = {
    "": ("title", "point_of_view", "gazetteers", "fold", "reach", "theatre", "aliases", "publishers", "titel"),
    "[theatre]": ("countries", "box", "x"),
    "[fold]": ("window_days", "stale_days", "contest_days", "confirm", "implied_days", "y"),
    "[reach]": ("solid_km", "presumed_km", "infer", "infer_gap_km", "min_population"),
    "[aliases]": ("Rawa", '""', '"\u202e"'),
    "[publishers]": ("X", '"Al Jazeera"'),
    "[[actors]]": ("id", "name", "aliases", "side", "colour", "countries", "role", "adjectives", "leaders", "parent", "since", "until"),
}  # fmt: skip
VALUES = (
    "1", "0", "-1", "1.5", "inf", "-inf", "nan", "1e308", "9" * 30, "true", '""', '"x"', '"IQ"', '"is"', '"#112233"', '"nearest"',
    '"de_facto"', '"geonames:91695"', "[]", "[1]", '["IQ"]', '["IQ", 1]', "[[1]]", "[40, 30, 45, 37]", "[45, 37, 40, 30]", "[nan, 0, 1, 2]",
    "{}", "{x = 1}", "2017-11-17", "00:00:00", '"\\u0000"', '"\\u202e"', '["../../etc/passwd"]', '"' + "x" * 5000 + '"',
)  # fmt: skip


def configured(rng: random.Random) -> bytes:
    """A configuration that is TOML, with keys that are known and values that may be of any kind."""
    lines = []
    for section, keys in SECTIONS.items():
        if section and rng.random() < 0.5:
            continue
        lines.append(section)
        chosen = rng.sample(keys, rng.randrange(len(keys) + 1))
        if section == "[[actors]]" and "id" not in chosen and rng.random() < 0.8:
            chosen.insert(0, "id")
        # a table that has a section of its own may not be a value too
        lines += [
            f"{key} = {rng.choice(VALUES)}" for key in chosen if section or key not in ("fold", "reach", "theatre")
        ]
    return "\n".join(lines).encode()


ADDRESSES = (
    b"https://example.org/a?b=c#d", b"http://user:pass@example.org:8080/", b"https://[2001:db8::1]/x", b"http://xn--e1afmkfd.org/",
    "https://пример.рф/путь".encode(), b"http://example.org:99999/", b"//example.org", b"javascript:x", b"http://[", b"https://",
)  # fmt: skip


def place_files() -> list[bytes]:
    """A table of ours, a CSV, a row of GeoNames, GeoJSON and a zip."""
    packed = io.BytesIO()
    row = (
        b"99072\tNewvillage\tNewvillage\tNova\t34.5\t41.9\tP\tPPL\tIQ\t\t15\t\t\t\t10\t\t5\tAsia/Baghdad\t2020-01-01\n"
    )
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("IQ.txt", row)
    point = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [41.9, 34.5]},
        "properties": {"name": "Newvillage"},
    }
    return [
        (
            b"id\tname\tlat\tlon\tclass\tcode\tcountry\tadmin1\tadmin2\tpopulation\tradius\tgeometry\tnames\n"
            b"geonames:5\tNewvillage\t34.5\t41.9\tP\tPPL\tIQ\tIQ.15\t\t10\t\t\tNova|Neu\n"
        ),
        b"name,lat,lon,country,kind,aliases,population\nNewvillage,34.5,41.9,IQ,village,Nova|Neu,10\n",
        row,
        json.dumps({"type": "FeatureCollection", "features": [point] * 2}).encode(),
        packed.getvalue(),
    ]


def seeds(target: str) -> list[bytes]:
    if target == "configuration":
        return list(CONFIGURATION)
    if target == "addresses":
        return list(ADDRESSES)
    if target == "gazetteers":
        return place_files()
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
        for name in given.targets or TARGETS:
            if name == "decoder":
                faults += decoder(Path(home), doors, given.seconds, given.seed)
                continue
            faults += fuzz(name, getattr(doors, name), given.seconds, given.seed)[1]
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
