from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from mapper import corpus, pipeline
from mapper.claims import Extraction
from mapper.corpus import (
    Copies,
    Totals,
    WorkersLostError,
    batches,
    extract,
    extract_batch,
    fingerprint,
    prepare,
    settings,
)
from mapper.files import OutputError
from mapper.model import Article, ArticleId, Issue
from mapper.records.parts import parts

TOWNS = ["Rawa", "Mosul", "Fallujah", "Tikrit", "Ramadi", "Haditha", "Hawija", "Kirkuk", "Samarra", "Baqubah"]
FILLER = "The day was {a} in the {b} valley and {c} traders crossed the bridge near the {d} market again."


def text(i: int) -> str:
    words = {k: f"{k}{(i * p) % 997}" for k, p in (("a", 7), ("b", 11), ("c", 13), ("d", 17))}
    town = TOWNS[i % len(TOWNS)]
    return f"The Iraqi army retook {town} from ISIS on {1 + i % 28} July 2017, officials said. {FILLER.format(**words)}"


def article(i: int) -> Article:
    return Article(id=ArticleId(str(i)), text=text(i))


class Here(Executor):
    """Runs at once in this process; breaks when told to."""

    def __init__(self, breaks_at: int = -1) -> None:
        self.given = 0
        self.breaks_at = breaks_at

    def submit(self, fn, /, *args, **kwargs):
        future: Future = Future()
        if self.given == self.breaks_at:
            future.set_exception(BrokenProcessPool("a worker died"))
        else:
            future.set_result(fn(*args, **kwargs))
        self.given += 1
        return future


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "__defaults__", (5,))


def run(folder: Path, count: int = 23, pool=Here) -> Totals:
    return extract((article(i) for i in range(count)), folder, pool, workers=2)


def content(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.rglob("part-*")}


def test_every_claim_lands_in_a_part_once(tmp_path: Path) -> None:
    totals = run(tmp_path)
    rows = [json.loads(row) for p in parts(tmp_path) for row in p.read_text().splitlines()]
    assert (totals.articles, totals.parts, totals.claims) == (23, 5, len(rows))
    assert {r["article_id"] for r in rows} == {str(i) for i in range(23)}
    assert len({r["id"] for r in rows}) == len(rows)


def test_a_second_run_does_nothing_again(tmp_path: Path) -> None:
    run(tmp_path)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("part-*")}
    totals = run(tmp_path)
    assert totals.resumed == totals.parts == 5
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("part-*")} == before


def test_what_is_missing_or_damaged_is_made_again_to_the_byte(tmp_path: Path) -> None:
    run(tmp_path)
    whole = content(tmp_path)
    found = parts(tmp_path)
    found[1].with_suffix(".done").unlink()
    found[2].write_text("half")
    found[3].unlink()
    totals = run(tmp_path)
    assert totals.resumed == 2
    assert content(tmp_path) == whole


def test_other_input_is_not_taken_for_done(tmp_path: Path) -> None:
    run(tmp_path)
    changed = extract((article(i + 1) for i in range(23)), tmp_path, Here, workers=2)
    assert changed.resumed == 0


def test_a_lost_worker_loses_nothing(tmp_path: Path) -> None:
    pools = iter([Here(breaks_at=2), Here(), Here()])
    run(tmp_path / "broken", pool=lambda: next(pools))
    run(tmp_path / "whole")
    assert content(tmp_path / "broken") == content(tmp_path / "whole")


def test_a_pool_that_always_breaks_is_given_up_with_its_error(tmp_path: Path) -> None:
    with pytest.raises(WorkersLostError, match="go on"):
        run(tmp_path, pool=lambda: Here(breaks_at=0))


class Refuses(Here):
    """A pool that is found broken when the next batch is handed to it, as process pools are."""

    def submit(self, fn, /, *args, **kwargs):
        if self.given == self.breaks_at:
            raise BrokenProcessPool
        return super().submit(fn, *args, **kwargs)


def test_a_pool_found_broken_on_handing_out_loses_nothing(tmp_path: Path) -> None:
    pools = iter([Refuses(breaks_at=2), Refuses(breaks_at=0), Here()])
    run(tmp_path / "broken", pool=lambda: next(pools))
    run(tmp_path / "whole")
    assert content(tmp_path / "broken") == content(tmp_path / "whole")


def test_what_a_longer_input_left_is_taken_away(tmp_path: Path) -> None:
    run(tmp_path, count=23)
    (tmp_path / "parts" / "00000" / ".part-00000001-x.jsonl").write_text("half a write")
    run(tmp_path, count=8)
    assert [p.name for p in parts(tmp_path)] == ["part-00000000.jsonl", "part-00000001.jsonl"]
    assert len(list(tmp_path.rglob("*part-*"))) == 4


def test_a_part_damaged_after_the_run_is_not_used(tmp_path: Path) -> None:
    run(tmp_path, count=8)
    parts(tmp_path)[0].write_text('{"id": "forged"}\n')
    assert [p.name for p in parts(tmp_path)] == ["part-00000001.jsonl"]


def test_a_rule_that_falls_over_costs_one_article_and_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def extract(article: Article, *_: object) -> Extraction:
        if article.id == "3":
            raise IndexError
        return genuine(article, *_)

    genuine = pipeline.extract_claims
    monkeypatch.setattr(pipeline, "extract_claims", extract)
    totals = run(tmp_path, count=8)
    assert [(i.code, i.level) for i in totals.issues if "3" in i.message] == [("article-failed", "error")]
    assert {json.loads(row)["article_id"] for p in parts(tmp_path) for row in p.read_text().splitlines()} >= {"2", "4"}


def test_every_issue_is_in_the_folder_and_few_are_held(tmp_path: Path) -> None:
    def found():
        for i in range(300):
            yield Issue(stage="archives", level="error", code="bad-line", message=f"line {i}", file="x", line=i)
        yield article(1)

    for _ in range(2):  # a resumed run reports as much
        totals = extract(found(), tmp_path, Here, workers=2)
        assert (totals.counts["bad-line"], sum(i.code == "bad-line" for i in totals.issues)) == (300, corpus.SHOWN)
        rows = [json.loads(row) for row in (tmp_path / corpus.ISSUES).read_text().splitlines()]
        assert sum(row["code"] == "bad-line" for row in rows) == 300


def test_wire_copies_are_one_voice() -> None:
    long = " ".join(text(i) for i in range(12))
    copies = Copies()
    assert copies.of(Article(id=ArticleId("a"), text=long)) == ""
    assert copies.of(Article(id=ArticleId("b"), text=long.replace("Mosul", "Mossul", 1))) == "a"
    assert copies.of(Article(id=ArticleId("c"), text=" ".join(text(i) for i in range(20, 32)))) == ""


def test_texts_of_one_template_are_not_copies() -> None:
    assert len({fingerprint(text(i)) for i in range(50)}) == 50
    totals = Totals()
    assert sum(len(b.articles) for b in batches((article(i) for i in range(50)), totals)) == 50


def test_a_folder_of_another_kind_is_refused(tmp_path: Path) -> None:
    wanted = settings("", (), {"mapper": "1"})
    prepare(tmp_path / "a", wanted)
    prepare(tmp_path / "a", wanted)
    with pytest.raises(OutputError, match="another version"):
        prepare(tmp_path / "a", settings("", (), {"mapper": "2"}))
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "letter.txt").touch()
    with pytest.raises(OutputError, match="not an extraction"):
        prepare(tmp_path / "b", wanted)


def test_a_folder_is_for_one_run_at_a_time(tmp_path: Path) -> None:
    def articles():
        with pytest.raises(OutputError, match="another run of mapper is writing"):
            run(tmp_path / "a", count=3)
        yield article(1)

    assert extract(articles(), tmp_path / "a", Here, workers=2).articles == 1
    assert run(tmp_path / "a", count=3).parts == 1


def test_a_folder_whose_marker_was_being_written_is_no_strangers(tmp_path: Path) -> None:
    (tmp_path / ".mapper-extract-x1.json").write_text("half")
    prepare(tmp_path, settings("", (), {"mapper": "1"}))
    assert (tmp_path / corpus.MARKER).is_file()


@pytest.mark.slow
def test_killed_and_resumed_it_ends_as_if_undisturbed(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text("".join(json.dumps({"id": str(i), "text": text(i)}) + "\n" for i in range(900)))
    command = [sys.executable, "-m", "mapper", "-q", "extract", str(source), "--into"]
    subprocess.run([*command, str(tmp_path / "whole")], check=True, capture_output=True)
    for moment in (1.5, 2.5):
        victim = subprocess.Popen(
            [*command, str(tmp_path / "killed")], start_new_session=True, stderr=subprocess.DEVNULL
        )
        time.sleep(moment)
        os.killpg(victim.pid, signal.SIGKILL)
        victim.wait()
    subprocess.run([*command, str(tmp_path / "killed")], check=True, capture_output=True)
    assert content(tmp_path / "killed") == content(tmp_path / "whole")


@pytest.mark.slow
def test_processes_give_the_same_bytes_as_one(tmp_path: Path) -> None:
    run(tmp_path / "here", count=12)
    run(tmp_path / "there", count=12, pool=lambda: ProcessPoolExecutor(2))
    assert content(tmp_path / "here") == content(tmp_path / "there")


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_bytes(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    run(tmp_path / "here", count=12)
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        run(tmp_path / "there", count=12, pool=lambda: client.get_executor(pure=False, retries=2))
    assert content(tmp_path / "here") == content(tmp_path / "there")


@pytest.mark.slow
def test_a_cluster_of_three_processes_that_loses_a_worker_loses_nothing(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    source = tmp_path / "a.jsonl"
    address = tmp_path / "scheduler.json"
    source.write_text("".join(json.dumps({"id": str(i), "text": text(i)}) + "\n" for i in range(1600)))
    base = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    started = [subprocess.Popen([*base, "--no-dashboard", "--scheduler-file", str(address)], stderr=subprocess.DEVNULL)]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(address), "--no-nanny"]
    worker += ["--no-dashboard", "--nthreads", "1", "--local-directory", str(tmp_path)]
    try:
        deadline = time.monotonic() + 20
        while not address.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        started += [subprocess.Popen(worker, stderr=subprocess.DEVNULL) for _ in range(2)]
        with distributed.Client(scheduler_file=str(address), timeout="20s") as client:
            client.wait_for_workers(2, timeout=20)
            command = [sys.executable, "-m", "mapper", "-q", "extract", str(source)]
            there = [*command, "--into", str(tmp_path / "there"), "--scheduler", client.scheduler.address]
            extracting = subprocess.Popen(there, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
            deadline = time.monotonic() + 30
            while not parts(tmp_path / "there") and time.monotonic() < deadline:
                time.sleep(0.05)
            started[1].kill()
            _, errors = extracting.communicate(timeout=180)
            assert extracting.returncode == 0, errors.decode()[-2000:]
    finally:
        for process in started:
            process.kill()
            process.wait()
    subprocess.run([*command, "--into", str(tmp_path / "alone")], check=True, capture_output=True)
    assert content(tmp_path / "there") == content(tmp_path / "alone")
    assert content(tmp_path / "there")


@pytest.mark.slow
def test_the_map_goes_on_from_an_extraction(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"id": str(i), "text": text(i)}) + "\n" for i in range(12)))
    mapper = [sys.executable, "-m", "mapper", "-q"]
    subprocess.run([*mapper, "extract", str(tmp_path / "a.jsonl"), "--into", str(tmp_path / "c")], check=True)
    done = subprocess.run([*mapper, "timeline", str(tmp_path / "c")], check=True, capture_output=True, text=True)
    assert "Rawa" in done.stdout
    subprocess.run([*mapper, "map", str(tmp_path / "c"), "-o", str(tmp_path / "m.html")], check=True)
    assert (tmp_path / "m.html").stat().st_size > 100_000


def test_extraction_is_a_pure_function_of_the_batch() -> None:
    batch = corpus.Batch(number=0, articles=(article(1), article(2)))
    assert extract_batch(batch) == extract_batch(batch)
