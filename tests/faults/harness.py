"""What a fault is done to: a home with small inputs, a run of the program in it, and the laws that hold in every case."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from mapper.gazetteer.store import bundled_tables, open_tables

PYTHON = [sys.executable, "-B", "-m", "mapper"]
LONGEST = 300  # seconds for any case, on a machine with much else to do
SOON = 5  # seconds in which workers follow their parent
NOT_A_WORD = ("Traceback (most recent call last)", "Aborted", "Exception ignored", "core dumped", "\x1b[2J")
SMALL = (
    "id\tname\tlat\tlon\tclass\tcode\tcountry\tadmin1\tadmin2\tpopulation\tradius\tgeometry\tnames\n"
    "geonames:5\tFivetown\t1.5\t2.5\tP\tPPL\tSY\tSY.01\t\t10\t\t\tCinq|خمسة\n"
    "geonames:7\tSevenburgh\t1.7\t2.7\tP\tPPL\tIQ\tIQ.15\t\t1000\t\t\tSept\n"
    "mapper:six\tSixfield\t1.6\t2.6\tS\tCMP\tSY\t\t\t\t3\t\t\n"
)
TABLE = (
    "date,place,lat,lon,country,predicate,actor,other\n2017-11-17,Rawa,34.47,41.91,IQ,captured,iraq,is\n"
    "2017-10,Qaim,34.38,41.06,IQ,captured,iraq,is\n2016-06-26,Fallujah,33.35,43.78,IQ,captured,iraq,is\n"
)
WORDS = (
    "bread", "rivers", "markets", "children", "old", "bridges", "traders", "the", "valley", "of", "long", "roads", "with", "and", "green",
    "fields", "small", "cafes", "in", "summer", "quiet", "evenings", "letters", "from", "distant", "cousins", "football", "a", "school",
)  # fmt: skip
TOWNS = ("Rawa", "Mosul", "Fallujah", "Tikrit", "Ramadi", "Haditha", "Hawija", "Kirkuk", "Samarra", "Baqubah")


@dataclass(frozen=True, slots=True)
class Done:
    """How a run ended."""

    code: int
    out: str
    err: str
    seconds: float


@dataclass(slots=True)
class Home:
    """A folder with inputs, a cache and a data folder of its own; the bundled tables' cache is linked in, not made anew."""

    path: Path
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.path / "a.txt").write_text(
            "The Iraqi army retook Rawa from ISIS on 17 November 2017.\n", encoding="utf-8"
        )
        (self.path / "t.csv").write_text(TABLE, encoding="utf-8")
        (self.path / "small.tsv").write_text(SMALL, encoding="utf-8")
        (self.path / "v.csv").write_text("name,lat,lon,country\nNewvillage,34.5,41.9,IQ\n", encoding="utf-8")
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "TMPDIR"))}
        self.env |= {"XDG_CACHE_HOME": str(self.path / "cache"), "XDG_DATA_HOME": str(self.path / "data")}
        # one thread: what a library does with hundreds of them in little memory is not ours to test
        self.env |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "TMPDIR": str(self.path / "tmp")}
        self.env["PYTHONPATH"] = str(Path(__file__).parents[2])  # the program beside these tests, wherever it runs
        self.tables.mkdir(parents=True, mode=0o700)
        (self.path / "tmp").mkdir()
        made = open_tables(bundled_tables()).file
        assert made is not None
        try:
            os.link(made, self.tables / made.name)
        except OSError:  # another disk
            shutil.copy2(made, self.tables / made.name)

    @property
    def tables(self) -> Path:
        """The folder of the cache that holds unpacked tables."""
        return self.path / "cache" / "mapper" / "gazetteer"

    def archive(self, count: int) -> None:
        """``count`` articles of different words in news.jsonl."""
        with (self.path / "news.jsonl").open("w", encoding="utf-8") as stream:
            for i in range(count):
                words = " ".join(f"{WORDS[(i * 7 + k * k * 5 + k * i) % len(WORDS)]}" for k in range(30))
                text = f"The Iraqi army retook {TOWNS[i % 10]} from ISIS on {1 + i % 28} July 2017, officials said. Later {words} were seen."
                stream.write(json.dumps({"id": str(i), "text": text}) + "\n")

    def start(self, *arguments: str, limit: Limits = (), **more: object) -> subprocess.Popen[str]:
        """The program, started in a session of its own."""
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            [*PYTHON, *arguments],
            cwd=options.pop("cwd", self.path),
            env=self.env,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=lambda: _as_a_shell_starts_it(limit),  # noqa: PLW1509 - there are no threads
            **options,
        )

    def run(self, *arguments: str, limit: Limits = (), **more: object) -> Done:
        """The program, run to its end; the laws are checked."""
        began = time.monotonic()
        return finished(self.start(*arguments, limit=limit, **more), began)

    def content(self, folder: str) -> dict[str, bytes]:
        """The files of a folder, hidden ones too, by name."""
        root = self.path / folder
        return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}

    def no_leftovers(self) -> None:
        """Nothing half-written lies beside the outputs or in the cache."""
        left = [p.name for p in self.path.iterdir() if p.name.startswith(".")]
        left += [p.name for p in self.path.rglob("*.part")]
        assert not left, left


Limits = Iterable[tuple[int, int]]


def _as_a_shell_starts_it(limit: Limits) -> None:
    """In the child: signals that the suite was started to ignore (``nohup``, ``&``) are in force again."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    for kind, most in limit:
        resource.setrlimit(kind, (most, most))


def finished(process: subprocess.Popen[str], began: float) -> Done:
    """How a started program ends; it may not hang, nor end with a traceback."""
    try:
        out, err = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        message = f"still running after {LONGEST} s"
        raise AssertionError(message) from None
    done = Done(process.returncode, out or "", err or "", time.monotonic() - began)
    for word in NOT_A_WORD:
        assert word not in done.err + done.out, done.err[-3000:]
    return done


def refused(done: Done, *words: str) -> None:
    """The run failed with one line that says why."""
    assert done.code in (1, 2), done
    assert "error: " in done.err, done
    for word in words:
        assert word in done.err, done


def listening(process: subprocess.Popen[str]) -> None:
    """Waits until the program has its signals in hand (a signal before that ends any Python program in its own way)."""
    status = Path(f"/proc/{process.pid}/status")
    bit = 1 << (signal.SIGTERM - 1)
    until = time.monotonic() + LONGEST
    while time.monotonic() < until and process.poll() is None:
        caught = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("SigCgt")]
        if caught and int(caught[0], 16) & bit:
            return
        time.sleep(0.005)


def until(condition: Callable[[], object], seconds: float) -> bool:
    """Whether something comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())


def children(pid: int) -> list[int]:
    """The processes that one started and that live."""
    return [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and _parent(int(p.name)) == pid]


def alive(pids: Iterable[int]) -> list[int]:
    return [pid for pid in pids if _parent(pid) is not None]


def _parent(pid: int) -> int | None:
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return None
    return None if state == "Z" else int(parent)
