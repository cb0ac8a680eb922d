"""Many articles, in parallel, resumable: extraction is a pure function of one article, so it maps over any executor.

The output folder holds one part file of claims a batch, each with a done-marker that carries its checksum, its issues
and its wire copies. Batches are cut from the input in its own order, so an interrupted run, started again, skips the
batches that are done and makes the others byte for byte as an undisturbed run would have. The issues of all parts end
up in ``issues.jsonl``.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapper.actors import ActorIndex
from mapper.claims.reader import Reader
from mapper.config import Config, default_config, read_config
from mapper.files import OutputError, atomic, locked, write_text
from mapper.gazetteer import Gazetteer
from mapper.model import Article, Issue
from mapper.pipeline import Reading, read
from mapper.reader import open_reader, reader_version
from mapper.records import claim_rows, write_jsonl
from mapper.records.parts import MARKER, marker_of, parts

BATCH = 200  # articles a part: small enough to lose little on a kill, large enough that files stay few
FORMAT = 2
ISSUES = "issues.jsonl"
SHOWN = 100  # issues of one code that a run keeps at hand; all of them are in ISSUES
NEAR = 3  # differing bits of 64 under which two texts are copies of one wire story (Manku et al. 2007)
SHINGLE = 4  # words

_WORD = re.compile(r"\w+")


class WorkersLostError(ValueError):
    """Workers died again and again; the message says what to do. What is done is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Articles that become one part file."""

    number: int
    articles: tuple[Article, ...]
    copies: tuple[tuple[str, str], ...] = ()  # (id of a copy, id of the article it repeats)
    issues: tuple[Issue, ...] = ()  # what reading the input reported on the way


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one batch gave, ready to be written."""

    number: int
    text: str
    articles: int
    claims: int
    issues: tuple[dict[str, Any], ...] = ()


@dataclass(slots=True, kw_only=True)
class Totals:
    """Running sums of a run: read so far, repeated, claims found, and parts that were there already."""

    articles: int = 0
    copies: int = 0
    claims: int = 0
    parts: int = 0
    resumed: int = 0
    counts: Counter[str] = field(default_factory=Counter)  # issues by code
    issues: list[Issue] = field(default_factory=list)  # the first SHOWN of each code

    def note(self, found: Iterable[dict[str, Any]]) -> None:
        """Add issues as markers hold them."""
        for entry in found:
            self.counts[entry["code"]] += 1
            if self.counts[entry["code"]] <= SHOWN:
                self.issues.append(
                    Issue(
                        stage=entry["stage"],
                        level=entry["level"],
                        code=entry["code"],
                        message=entry["message"],
                        file=entry["file"],
                        line=entry["line"],
                    )
                )


def fingerprint(text: str) -> int:
    """64-bit simhash of the text's four-word shingles: near texts have near fingerprints (Charikar 2002)."""
    words = _WORD.findall(text.lower())
    if len(words) < SHINGLE:
        return int.from_bytes(hashlib.sha256(" ".join(words).encode("utf-8", "replace")).digest()[:8], "big")
    hashes = np.fromiter((zlib.crc32(w.encode("utf-8", "replace")) for w in words), np.uint64, len(words))
    mixed = np.zeros(len(words) - SHINGLE + 1, np.uint64)
    for i in range(SHINGLE):
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + hashes[i : i + len(mixed)]
    # the finaliser of splitmix64 spreads what the sum keeps in the low bits
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    bits: NDArray[np.uint8] = np.unpackbits(mixed.view(np.uint8).reshape(-1, 8), axis=1)
    majority = bits.sum(axis=0, dtype=np.int64) * 2 > len(mixed)
    return int.from_bytes(np.packbits(majority).tobytes(), "big")


class Copies:
    """Finds wire copies: the same fingerprint but for NEAR bits. Remembers the last ``size`` first tellings."""

    def __init__(self, size: int = 500_000) -> None:
        self._size = size
        self._bands: list[dict[int, list[tuple[int, str]]]] = [{} for _ in range(4)]
        self._order: deque[tuple[int, str]] = deque()

    def of(self, article: Article) -> str:
        """Id of the earlier article that this one repeats, or ``""``; only first tellings are remembered."""
        value = fingerprint(article.text)
        for band, known in enumerate(self._bands):  # three differing bits leave one of four bands untouched
            for other, name in known.get(value >> (16 * band) & 0xFFFF, ()):
                if (value ^ other).bit_count() <= NEAR:
                    return name
        entry = (value, article.id)
        for band, known in enumerate(self._bands):
            known.setdefault(value >> (16 * band) & 0xFFFF, []).append(entry)
        self._order.append(entry)
        if len(self._order) > self._size:
            old = self._order.popleft()
            for band, known in enumerate(self._bands):
                known[old[0] >> (16 * band) & 0xFFFF].remove(old)
        return ""


def batches(articles: Iterable[Article | Issue], totals: Totals, size: int = BATCH) -> Iterator[Batch]:
    """Articles in batches of ``size``; copies are set aside and listed with the batch in which they came."""
    copies = Copies()
    number = 0
    held: list[Article] = []
    repeated: list[tuple[str, str]] = []
    issues: list[Issue] = []
    for found in articles:
        if isinstance(found, Issue):
            issues.append(found)
        else:
            totals.articles += 1
            first = copies.of(found)
            if first:
                totals.copies += 1
                repeated.append((found.id, first))
            else:
                held.append(found)
        # an archive of nothing but copies or damage must not pile up either
        if len(held) == size or len(repeated) + len(issues) >= 20 * size:
            yield Batch(number=number, articles=tuple(held), copies=tuple(repeated), issues=tuple(issues))
            number, held, repeated, issues = number + 1, [], [], []
    if held or repeated or issues:
        yield Batch(number=number, articles=tuple(held), copies=tuple(repeated), issues=tuple(issues))


@lru_cache(maxsize=1)
def _tools(config_file: str, gazetteers: tuple[str, ...], reader: str) -> tuple[Gazetteer, ActorIndex, Reader | None]:
    """The gazetteer, the actors and the reader of a worker process: opened once, shared by all its batches."""
    config: Config = read_config(Path(config_file)) if config_file else default_config()
    gazetteer = Gazetteer.open(
        extra=tuple(map(Path, gazetteers)), aliases=config.aliases, point_of_view=config.point_of_view
    )
    return gazetteer, ActorIndex(config.actors), open_reader(reader or config.reader)


def _entry(issue: Issue, article: str = "") -> dict[str, Any]:
    kept = {k: getattr(issue, k) for k in ("stage", "level", "code", "message", "file", "line")}
    return {**kept, "article_id": article or (issue.quote.article_id if issue.quote is not None else "")}


def _readings(
    batch: Batch, gazetteer: Gazetteer, actors: ActorIndex, reader: Reader | None
) -> tuple[list[Reading], list[dict[str, Any]]]:
    """What each article gave; an article that a rule fell over is an issue."""
    readings: list[Reading] = []
    issues = [_entry(issue) for issue in batch.issues]
    for article in batch.articles:
        reading = read(article, gazetteer, actors, reader, lazily=True)
        readings.append(reading)
        issues += [_entry(issue, article.id) for issue in reading.found.issues]
    for copy, first in batch.copies:
        message = f"{copy} repeats {first}: one voice"
        issues.append(_entry(Issue(stage="corpus", level="note", code="copy", message=message), copy))
    return readings, issues


def extract_batch(batch: Batch, config_file: str = "", gazetteers: tuple[str, ...] = (), reader: str = "") -> Part:
    """One part from one batch: a pure function of the batch and the data named, so it may run anywhere, twice.

    ``gazetteers`` are all files to read before the bundled one (those of the configuration too), the strongest first;
    ``reader`` is full or rules, empty: as the configuration says.
    """
    readings, issues = _readings(batch, *_tools(config_file, gazetteers, reader))
    places = {i: p for r in readings for i, p in r.places.items()}
    claims = [c for r in readings for c in r.found.claims]
    shares = [s for r in readings for s in r.found.share_claims]
    stream = io.StringIO()
    write_jsonl(claim_rows(claims, shares, places), stream)
    return Part(
        number=batch.number,
        text=stream.getvalue(),
        articles=len(batch.articles),
        claims=len(claims) + len(shares),
        issues=tuple(issues),
    )


def _part_file(folder: Path, number: int) -> Path:
    return folder / "parts" / f"{number // 1000:05d}" / f"part-{number:08d}.jsonl"


def _digest(batch: Batch) -> str:
    """What the batch was made of; a marker with another digest belongs to other input."""
    digest = hashlib.sha256()
    for a in batch.articles:
        fields = (a.id, a.title or a.file, a.url, a.publisher, str(a.published or ""), a.text)
        digest.update("\x1f".join(fields).encode("utf-8", "replace") + b"\x1e")
    for copy in batch.copies:
        digest.update("\x1f".join(copy).encode("utf-8", "replace") + b"\x1d")
    return digest.hexdigest()[:16]


def _done(folder: Path, batch: Batch) -> dict[str, Any] | None:
    """The marker of a finished batch, if its part is whole and from the same articles."""
    marker = marker_of(_part_file(folder, batch.number))
    return marker if marker is not None and marker.get("input") == _digest(batch) else None


def _write(folder: Path, part: Part, digest: str) -> None:
    path = _part_file(folder, part.number)
    write_text(path, part.text)
    marker = {
        "input": digest,
        "sha256": hashlib.sha256(part.text.encode("utf-8")).hexdigest(),
        "articles": part.articles,
        "claims": part.claims,
        "issues": list(part.issues),
    }
    # the marker comes last: a part without it is made again
    write_text(path.with_suffix(".done"), json.dumps(marker, ensure_ascii=False, sort_keys=True) + "\n")


def settings(config_file: str, gazetteers: Sequence[str], versions: dict[str, str], reader: str = "") -> dict[str, Any]:
    """What parts depend on beside their articles; a folder holds parts of one kind only."""
    config = read_config(Path(config_file)) if config_file else default_config()
    # only what extraction reads: a new title or reach leaves the claims as they are
    relevant = {
        "actors": [asdict(a) for a in config.actors],
        "aliases": config.aliases,
        "view": config.point_of_view,
        "reader": reader_version(reader or config.reader),
    }
    digest = hashlib.sha256(json.dumps(relevant, sort_keys=True).encode())
    for name in gazetteers:
        digest.update(Path(name).read_bytes())
    return {"format": FORMAT, "batch": BATCH, "versions": versions, "config": digest.hexdigest()[:16]}


def prepare(folder: Path, wanted: dict[str, Any]) -> None:
    """Make the output folder, or check that it belongs to a run of the same kind. Raises OutputError if not."""
    marker = folder / MARKER
    # before the marker is looked for: another run that starts now writes it first
    found = [p.name for p in folder.iterdir()] if folder.is_dir() else []
    if marker.is_file():
        try:
            there = json.loads(marker.read_text(encoding="utf-8"))
        except ValueError:
            there = None
        if there != wanted:
            message = f"{folder} holds the output of another version or configuration: choose a new folder, or delete this one"
            raise OutputError(message)
        return
    if folder.exists() and (not folder.is_dir() or any(not n.startswith(f".{marker.stem}-") for n in found)):
        message = f"{folder} exists and is not an extraction of mapper's: choose a new folder"
        raise OutputError(message)
    write_text(marker, json.dumps(wanted, indent=1, sort_keys=True) + "\n")


def extract(
    articles: Iterable[Article | Issue],
    folder: Path,
    pool: Callable[[], Executor],
    *,
    workers: int,
    config_file: str = "",
    gazetteers: tuple[str, ...] = (),
    reader: str = "",
    retries: int = 3,
    lost: tuple[type[BaseException], ...] = (BrokenExecutor,),
    progress: Callable[[Totals], None] = lambda _: None,
) -> Totals:
    """Claims of all articles into part files under ``folder``; what is done already is not done again.

    ``pool`` makes anything shaped like a ``concurrent.futures`` executor: a process pool, or dask's
    ``Client.get_executor()``. A pool that lost a worker (one of the errors ``lost``) is replaced and its batches are
    given out again; ``retries`` losses in a row without a finished batch raise WorkersLostError. Memory is bounded: at
    most three batches a worker wait. Raises OutputError while another run has the folder.
    """
    with _alone(folder):
        return _extract(articles, folder, pool, workers, config_file, gazetteers, reader, retries, lost, progress)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keeps other runs out of the folder: each would clear away what the other is writing."""
    if not hasattr(os, "O_DIRECTORY"):  # Windows has no locks of folders
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if not locked(handle):
            message = f"another run of mapper is writing into {folder}: wait for its end, or choose another folder"
            raise OutputError(message)
        yield
    finally:
        os.close(handle)


def _extract(
    articles: Iterable[Article | Issue],
    folder: Path,
    pool: Callable[[], Executor],
    workers: int,
    config_file: str,
    gazetteers: tuple[str, ...],
    reader: str,
    retries: int,
    lost: tuple[type[BaseException], ...],
    progress: Callable[[Totals], None],
) -> Totals:
    totals = Totals()
    waiting: deque[Batch] = deque()
    futures: deque[Future[Part]] = deque()  # of the first batches that wait; shorter after a loss
    executor = pool()
    left = retries

    def stop(*, wait: bool) -> None:
        for future in futures:  # dask's executor has no cancel_futures
            future.cancel()
        futures.clear()
        executor.shutdown(wait=wait)

    def finish() -> None:
        """Give out what waits and write the first of it, however often workers die."""
        nonlocal executor, left
        try:
            while len(futures) < len(waiting):
                futures.append(executor.submit(extract_batch, waiting[len(futures)], config_file, gazetteers, reader))
            if len(waiting) < most:
                return
            part = futures[0].result()
        except lost as error:
            if not left:
                message = (
                    f"workers died {retries + 1} times at batch {waiting[0].number} (articles from"
                    f" {waiting[0].articles[0].id if waiting[0].articles else '-'} on): most likely memory ran out. What is"
                    " done is kept; run the same command with fewer processes to go on"
                )
                raise WorkersLostError(message) from error
            left -= 1
            stop(wait=False)
            executor = pool()
            return
        left = retries
        futures.popleft()
        _write(folder, part, _digest(waiting.popleft()))
        totals.parts += 1
        totals.claims += part.claims
        totals.note(part.issues)
        progress(totals)

    most = 3 * workers
    try:
        for batch in batches(articles, totals):
            marker = _done(folder, batch)
            if marker is not None:
                totals.resumed += 1
                totals.parts += 1
                totals.claims += int(marker["claims"])
                totals.note(marker["issues"])
                progress(totals)
                continue
            waiting.append(batch)
            finish()
            while len(waiting) >= most:
                finish()
        most = 1
        while waiting:
            finish()
    except BaseException:
        stop(wait=False)  # whoever interrupts does not wait for batches that nobody will write
        raise
    stop(wait=True)
    _tidy(folder, totals.parts)
    return totals


def _tidy(folder: Path, count: int) -> None:
    """Take away what an earlier, longer input left, and what killed writes left; gather the issues of all parts."""
    keep = {_part_file(folder, number) for number in range(count)}
    for path in sorted(folder.glob("parts/*/*")):
        if path not in keep and path.with_suffix(".jsonl") not in keep:
            path.unlink(missing_ok=True)
    with atomic(folder / ISSUES) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
        for part in parts(folder):
            for entry in (marker_of(part) or {}).get("issues", ()):
                stream.write(json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n")
