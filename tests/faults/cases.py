"""The table of faults: every case has a name, something that is done to a home, and whether it runs with every test.

`make faults` runs them all; `tests/test_faults.py` those that are quick. A case is added by a row: a command in COMMANDS,
a damage in DAMAGES, an environment in SURROUNDINGS; the groups below cross them.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from faults.harness import SOON, Done, Home, alive, children, finished, listening, refused, until


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, and what happens in it."""

    name: str
    act: Callable[[Home], None]
    quick: bool = False


# What the program is asked in most cases: arguments, and the file that must be whole after.
COMMANDS: dict[str, tuple[tuple[str, ...], str]] = {
    "version": (("--version",), ""),
    "search": (("gazetteer", "search", "Mosul"), ""),
    "info": (("gazetteer", "info"), ""),
    "add": (("gazetteer", "add", "v.csv", "--to", "o.tsv"), "o.tsv"),
    "toponyms": (("toponyms", "a.txt", "-o", "o.jsonl"), "o.jsonl"),
    "claims": (("claims", "a.txt", "-o", "o.csv"), "o.csv"),
    "timeline": (("timeline", "t.csv", "-o", "o.csv"), "o.csv"),
    "map": (("map", "t.csv", "-o", "o.html"), "o.html"),
    "geojson": (("export", "t.csv", "-o", "o.geojson"), "o.geojson"),
    "geopackage": (("export", "t.csv", "-o", "o.gpkg"), "o.gpkg"),
    "flatgeobuf": (("export", "t.csv", "-o", "o.fgb"), "o.fgb"),
    "kml": (("export", "t.csv", "-o", "o.kml"), "o.kml"),
    "parquet": (("export", "t.csv", "-o", "o.parquet"), "o.parquet"),
    "areas": (("areas", "t.csv", "-o", "o.csv"), "o.csv"),
}
TO_STDOUT: dict[str, tuple[str, ...]] = {
    "help": ("--help",),
    "version": ("--version",),
    "search": ("gazetteer", "search", "Mosul"),
    "info": ("gazetteer", "info"),
    "toponyms": ("toponyms", "a.txt"),
    "claims": ("claims", "a.txt"),
    "timeline": ("timeline", "t.csv"),
    "a wrong option": ("map", "--nope"),
    "no such file": ("claims", "nowhere.txt"),
}
OLD = "old and whole\n"


def kept_or_made(home: Home, output: str, done: Done) -> None:
    """The output is the old file or, after success, the new one; never a part of it."""
    if not output:
        return
    text = (home.path / output).read_bytes()
    assert (text != OLD.encode()) if done.code == 0 else (text == OLD.encode()), (done, text[:200])
    home.no_leftovers()


def with_old(home: Home, output: str) -> None:
    if output:
        (home.path / output).write_text(OLD, encoding="utf-8")


# --- signals and kills

SIGNALS = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}


def signalled(command: str, name: str, after: float) -> Callable[[Home], None]:
    def act(home: Home) -> None:
        arguments, output = COMMANDS[command]
        with_old(home, output)
        began = time.monotonic()
        process = home.start(*arguments)
        listening(process)
        time.sleep(after)
        process.send_signal(getattr(signal, name))
        done = finished(process, began)
        # it may have ended before, and a signal at the very end is the system's
        assert done.code in (0, SIGNALS[name], -getattr(signal, name)), done
        if done.code >= 0:
            kept_or_made(home, output, done)

    return act


def killed(command: str, after: float) -> Callable[[Home], None]:
    def act(home: Home) -> None:
        arguments, output = COMMANDS[command]
        with_old(home, output)
        process = home.start(*arguments)
        time.sleep(after)
        process.kill()
        process.communicate()
        text = (home.path / output).read_bytes()
        done = home.run(*arguments)
        assert done.code == 0, done
        assert text in (OLD.encode(), (home.path / output).read_bytes())

    return act


# how an extraction of two processes is ended: (signal, to the whole group as a terminal does), …; the exit codes allowed
ENDINGS: dict[str, tuple[tuple[tuple[str, bool], ...], tuple[int, ...]]] = {
    "a termination": ((("SIGTERM", False),), (143,)),
    "a termination of the group": ((("SIGTERM", True),), (143,)),
    "two terminations": ((("SIGTERM", False), ("SIGTERM", False)), (143, -15)),
    "Ctrl-C": ((("SIGINT", True),), (130,)),
    "Ctrl-C twice": ((("SIGINT", True), ("SIGINT", True)), (130, -2)),
    "Ctrl-C three times": ((("SIGINT", True),) * 3, (130, -2)),
    "an interrupt of the parent alone": ((("SIGINT", False),), (130,)),
    "a closed terminal": ((("SIGHUP", True),), (129,)),
    "a kill": ((("SIGKILL", False),), (-9,)),
    "a stop and a kill": ((("SIGSTOP", False), ("SIGKILL", False)), (-9,)),
}


def extraction_ended(how: str, after: float) -> Callable[[Home], None]:
    """Workers end within SOON seconds of their parent; what is done stays, and the next run completes it to the byte."""

    def act(home: Home) -> None:
        home.archive(900)
        arguments = ("extract", "news.jsonl", "-j", "2", "--into", "parts")
        steps, codes = ENDINGS[how]
        began = time.monotonic()
        process = home.start(*arguments)
        assert until(lambda: list(home.path.glob("parts/parts/*/*.done")), 60)
        time.sleep(after)
        workers, kept = children(process.pid), home.content("parts")
        ended = time.monotonic()
        for name, group in steps:
            if process.poll() is None:
                (os.killpg if group else os.kill)(process.pid, getattr(signal, name))
                time.sleep(0.1)
        # a killed parent's pipes are held by its workers: they are waited for first
        until(lambda: not alive(workers), SOON)
        late = alive(workers)
        for pid in late:
            os.kill(pid, signal.SIGKILL)
        assert not late, f"alive after {SOON} s: {late}"
        done = finished(process, began)
        assert time.monotonic() - ended < 2 * SOON
        assert done.code in codes or done.code == 0, done
        now = home.content("parts")
        assert all(
            now.get(name) == raw
            for name, raw in kept.items()
            if name.endswith((".done", ".jsonl")) and "/." not in name
        )
        assert home.run(*arguments).code == 0
        assert home.content("parts") == undisturbed(home)

    return act


_whole: dict[str, bytes] = {}  # the same for every case: made once


def undisturbed(home: Home) -> dict[str, bytes]:
    """What an extraction that nothing happens to leaves of the archive of 900 articles."""
    if not _whole:
        assert home.run("-q", "extract", "news.jsonl", "--into", "whole").code == 0
        _whole.update(home.content("whole"))
        assert sum(raw.count(b"captured") for name, raw in _whole.items() if name.endswith("part-00000000.jsonl")) > 100
    return _whole


def a_worker_is_killed(home: Home) -> None:
    home.archive(900)
    process = home.start("-q", "extract", "news.jsonl", "-j", "2", "--into", "parts")
    began = time.monotonic()
    assert until(lambda: list(home.path.glob("parts/parts/*/*.done")), 60)
    # of its children one is the tracker of multiprocessing; workers were started after it
    os.kill(max(children(process.pid)), signal.SIGKILL)
    assert finished(process, began).code == 0
    assert home.content("parts") == undisturbed(home)


def an_ignored_signal_stays_ignored(home: Home) -> None:
    """As under nohup."""
    code = (
        "import signal, os, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); os.execv(sys.executable, sys.argv[1:])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, sys.executable, "-m", "mapper", "timeline", "t.csv"],
        cwd=home.path, env=home.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    began = time.monotonic()
    listening(process)
    process.send_signal(signal.SIGHUP)
    done = finished(process, began)
    assert (done.code, "Rawa" in done.out) == (0, True)


def signals() -> Iterator[Case]:
    quick = {("map", "SIGTERM", 0.4), ("timeline", "SIGINT", 0.0), ("claims", "SIGHUP", 0.2)}
    for command in ("claims", "timeline", "map", "geopackage", "add", "version"):
        for name in SIGNALS:
            for after in (0.0, 0.2, 0.4) if command != "add" else (0.0, 0.1):
                yield Case(
                    f"{command} gets {name} after {after} s",
                    signalled(command, name, after),
                    (command, name, after) in quick,
                )
    for command in ("map", "geojson", "claims"):
        for after in (0.3, 0.7, 1.1):
            yield Case(f"{command} is killed after {after} s", killed(command, after))
    for how in ENDINGS:
        for after in (0.0, 0.3):
            name = f"an extraction of two processes meets {how} {after} s after its first part"
            yield Case(name, extraction_ended(how, after), (how, after) in {("a kill", 0.0), ("Ctrl-C twice", 0.0)})
    yield Case("an extraction loses a worker", a_worker_is_killed)
    yield Case("a signal that was ignored stays ignored", an_ignored_signal_stays_ignored, quick=True)


# --- disks


def full_disk(command: str, size: int) -> Callable[[Home], None]:
    """No file may grow beyond ``size`` bytes."""

    def act(home: Home) -> None:
        arguments, output = COMMANDS[command]
        with_old(home, output)
        done = home.run(*arguments, limit=[(resource.RLIMIT_FSIZE, size)])
        if done.code:
            refused(done)
        kept_or_made(home, output, done)

    return act


def full_stdout(command: str, stream: str) -> Callable[[Home], None]:
    def act(home: Home) -> None:
        with Path("/dev/full").open("w") as full:
            done = home.run(*TO_STDOUT[command], **{stream: full})
        if stream == "stdout" and command not in ("a wrong option", "no such file"):
            refused(done, "No space left on device")

    return act


def no_room_for_the_cache(home: Home) -> None:
    """Nothing can be kept: the tables are made in memory, and the answer is the same."""
    done = home.run(
        "-q", "gazetteer", "search", "Fivetown", "--gazetteer", "small.tsv", limit=[(resource.RLIMIT_FSIZE, 100_000)]
    )
    assert (done.code, "Fivetown" in done.out) == (0, True), done
    home.no_leftovers()


def disks() -> Iterator[Case]:
    for command, (_, output) in COMMANDS.items():
        if output:
            for size in (0, 10, 5_000):
                quick = (command, size) in {("map", 5_000), ("claims", 0), ("add", 10)}
                yield Case(f"{command} meets a disk full after {size} bytes", full_disk(command, size), quick)
    for command in TO_STDOUT:
        for stream in ("stdout", "stderr"):
            quick = (command, stream) in {("claims", "stdout"), ("no such file", "stderr")}
            yield Case(f"{command} with {stream} on a full device", full_stdout(command, stream), quick)
    yield Case("there is no room for the cache", no_room_for_the_cache)


# --- pipes


def closed(command: str, streams: tuple[int, ...]) -> Callable[[Home], None]:
    """The shell's ``>&-``: a file that is opened later must not become what is printed to."""

    def act(home: Home) -> None:
        code = f"import os, sys; [os.close(n) for n in {streams!r}]; os.execv(sys.executable, sys.argv[1:])"
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-c", code, sys.executable, "-B", "-m", "mapper", *TO_STDOUT[command]],
            cwd=home.path, env=home.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        done = finished(process, began)
        expected = {"a wrong option": 2, "no such file": 1}.get(command, 0)
        assert done.code == expected, done

    return act


def reader_leaves(command: str, lines: int) -> Callable[[Home], None]:
    """As ``| head``: what was read is right, and the program ends without a word."""

    def act(home: Home) -> None:
        began = time.monotonic()
        process = home.start(*TO_STDOUT[command])
        assert process.stdout is not None
        for _ in range(lines):
            process.stdout.readline()
        os.close(process.stdout.fileno())
        process.stdout = None
        done = finished(process, began)
        assert done.code in (0, 1, 2), done
        assert "Broken pipe" not in done.err

    return act


def pipes() -> Iterator[Case]:
    for command in TO_STDOUT:
        for streams in ((0,), (1,), (2,), (0, 1, 2)):
            quick = (command, streams) in {("timeline", (1,)), ("claims", (0, 1, 2))}
            yield Case(f"{command} with the streams {streams} closed", closed(command, streams), quick)
        for lines in (0, 1):
            yield Case(
                f"{command}, whose reader leaves after {lines} lines",
                reader_leaves(command, lines),
                (command, lines) == ("info", 1),
            )


# --- limits


def limited(command: str, kind: int, most: int) -> Callable[[Home], None]:
    """Too little of something: the right answer, or a line that says what is missing."""

    def act(home: Home) -> None:
        arguments, output = COMMANDS[command]
        with_old(home, output)
        done = home.run(*arguments, limit=[(kind, most)])
        if done.code:
            refused(done)
        kept_or_made(home, output, done)

    return act


def limits() -> Iterator[Case]:
    for command in ("version", "claims", "timeline", "map", "geopackage", "add"):
        for most in (8, 10, 14, 20):
            quick = (command, most) == ("map", 10)
            yield Case(f"{command} with {most} descriptors", limited(command, resource.RLIMIT_NOFILE, most), quick)
        # below 450 numpy itself is not loaded; orjson, which reads the outlines, does not survive a refused allocation
        for most in (450, 700, 1000) if command not in ("map", "geopackage") else ():
            quick = (command, most) == ("claims", 450)
            yield Case(f"{command} with {most} MB of memory", limited(command, resource.RLIMIT_AS, most << 20), quick)


# --- two at once


def together(*calls: tuple[str, ...]) -> Callable[[Home], None]:
    """Runs that start at the same time all succeed, and leave what one alone leaves."""

    def act(home: Home) -> None:
        home.archive(300)
        began = time.monotonic()
        started = [home.start("-q", *call) for call in calls]
        for process in started:
            done = finished(process, began)
            assert done.code == 0, done
        home.no_leftovers()
        made = {
            name: raw for name, raw in home.content("").items() if Path(name).parts[0] in ("o.html", "o.csv", "parts")
        }
        for name in {Path(name).parts[0] for name in made}:
            shutil.rmtree(home.path / name) if (home.path / name).is_dir() else (home.path / name).unlink()
        assert home.run("-q", *calls[0]).code == 0
        for name, raw in made.items():
            assert (home.path / name).read_bytes() == raw, name

    return act


def one_folder(home: Home) -> None:
    """One run has the folder and completes; the other is told so, or finds all of it done."""
    home.archive(900)
    began = time.monotonic()
    arguments = ("extract", "news.jsonl", "--into", "parts")
    done = [finished(process, began) for process in [home.start(*arguments), home.start(*arguments)]]
    for refusal in [d for d in done if d.code]:
        refused(refusal, "another run of mapper is writing into parts")
    assert any(d.code == 0 for d in done)
    assert home.content("parts") == undisturbed(home)


def at_once() -> Iterator[Case]:
    rows = {
        "two maps into one file": (("map", "t.csv", "-o", "o.html"),) * 2,
        "four timelines into one file": (("timeline", "t.csv", "-o", "o.csv"),) * 4,
        "two first uses of a gazetteer": (("timeline", "t.csv", "--gazetteer", "small.tsv", "-o", "o.csv"),) * 2,
        "two imports of a file": (("timeline", "t.csv", "--gazetteer", "v.csv", "-o", "o.csv"),) * 2,
        "two additions of a file": (("gazetteer", "add", "v.csv", "--to", "o.tsv"),) * 2,
        "two additions for the user": (("gazetteer", "add", "v.csv"),) * 2,
    }
    yield Case("at once: two extractions into one folder", one_folder)
    for name, calls in rows.items():
        yield Case(f"at once: {name}", together(*calls), name == "two first uses of a gazetteer")


# --- surroundings


def _env(**changes: str) -> Callable[[Home], None]:
    def change(home: Home) -> None:
        home.env |= {key: value.replace("HERE", str(home.path)) for key, value in changes.items()}

    return change


def _without(*names: str) -> Callable[[Home], None]:
    def change(home: Home) -> None:
        for name in names:
            home.env.pop(name, None)

    return change


# what may be wrong around the program; the answer is the same
SURROUNDINGS: dict[str, Callable[[Home], None]] = {
    "no home": _without("HOME"),
    "a home that is a file": _env(HOME="HERE/a.txt"),
    "a home that is not there": _env(HOME="/nonexistent"),
    "no language": _without("LANG", "LC_ALL"),
    "a language nobody knows": _env(LC_ALL="xx_YY.UTF-8"),
    "no path": _env(PATH=""),
    "a data folder that is a file": _env(XDG_DATA_HOME="HERE/a.txt"),
    "a time zone nobody knows": _env(TZ="Nowhere/Land"),
    "a terminal nobody knows": _env(TERM="nothing", COLUMNS="x"),
    "a temporary folder that is not there": _env(TMPDIR="/nonexistent"),
    "a temporary folder that is a file": _env(TMPDIR="HERE/a.txt"),
    "a temporary folder nobody may write": _env(TMPDIR="/proc"),
    "a cache folder that is a file and a temporary one that is there": _env(XDG_CACHE_HOME="HERE/a.txt"),
    "a cache folder that refuses": _env(XDG_CACHE_HOME="/proc/nope"),
    "a cache folder that is relative": _env(XDG_CACHE_HOME="elsewhere"),
}


def surrounded(change: Callable[[Home], None]) -> Callable[[Home], None]:
    def act(home: Home) -> None:
        change(home)
        done = home.run("-q", "timeline", "t.csv", "--gazetteer", "small.tsv")
        assert (done.code, done.out.count("Rawa") > 0) == (0, True), done

    return act


def without_a_folder(home: Home) -> None:
    """The folder that the shell stands in was removed."""
    gone = home.path / "gone"
    gone.mkdir()
    code = "import os, sys; os.rmdir(os.getcwd()); os.execv(sys.executable, sys.argv[1:])"
    command = [sys.executable, "-c", code, sys.executable, "-B", "-m", "mapper", "timeline", str(home.path / "t.csv")]
    began = time.monotonic()
    process = subprocess.Popen(
        command, cwd=gone, env=home.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert finished(process, began).code in (0, 2)


# where an output cannot be; each is refused by its name and nothing is made
NO_PLACE = {
    "a folder": ".",
    "a folder in a file": "a.txt/o",
    "a name too long": "o" * 300,
    "a folder that refuses": "/proc/o",
    "a folder of the kernel": "/sys/o",
}


def no_place(command: str, place: str) -> Callable[[Home], None]:
    def act(home: Home) -> None:
        arguments, output = COMMANDS[command]
        target = place if place == "." else place + Path(output).suffix
        before = home.content("")
        done = home.run(*(target if a == output else a for a in arguments))
        refused(done)
        assert {n: raw for n, raw in home.content("").items() if not n.startswith(("cache/", "tmp/"))} == {
            n: raw for n, raw in before.items() if not n.startswith(("cache/", "tmp/"))
        }

    return act


def surroundings() -> Iterator[Case]:
    quick = {"no home", "a temporary folder that is not there"}
    for name, change in SURROUNDINGS.items():
        yield Case(f"around the program: {name}", surrounded(change), name in quick)
    yield Case("around the program: the folder it was started in is gone", without_a_folder)
    for command in ("map", "geojson", "geopackage", "claims", "add", "parquet"):
        for name, place in NO_PLACE.items():
            yield Case(
                f"{command} into {name}", no_place(command, place), (command, name) == ("add", "a folder in a file")
            )


# --- the cache, through the command line


def bundled_cache(change: Callable[[Path], None], *arguments: str) -> Callable[[Home], None]:
    """The bundled table's own file is damaged: the command answers, says so once, and the next run is silent."""

    def act(home: Home) -> None:
        (file,) = home.tables.glob("places-*.tables")
        raw = file.read_bytes()
        file.unlink()  # a link to the file that other tests use
        file.write_bytes(raw)
        change(file)
        first, second = home.run(*arguments), home.run(*arguments)
        assert (first.code, second.code) == (0, 0), first
        assert "was not used" in first.err or "unpacking" in first.err or "made anew" in first.out
        assert "unpacking" not in second.err
        assert "Mosul" in home.run("-q", "gazetteer", "search", "Mosul").out

    return act


def a_silent_change_is_found(home: Home) -> None:
    (file,) = home.tables.glob("places-*.tables")
    raw, found = bytearray(file.read_bytes()), file.stat()
    at = raw.index(b"geonames:99072\t")
    raw[at : at + 14] = b"geonames:1\xff\xff\xff\xff"
    file.unlink()
    file.write_bytes(raw)
    os.utime(file, ns=(found.st_mtime_ns, found.st_mtime_ns))
    refused(home.run("gazetteer", "search", "Mosul"), "gazetteer info --verify")
    done = home.run("gazetteer", "info", "--verify")
    assert (done.code, "column lines was altered" in done.out) == (0, True), done
    assert home.run("gazetteer", "search", "Mosul").code == 0


def cache() -> Iterator[Case]:
    half = lambda file: os.truncate(file, file.stat().st_size // 2)  # noqa: E731
    empty = lambda file: os.truncate(file, 0)  # noqa: E731
    gone = lambda file: file.unlink()  # noqa: E731
    version, info = ("--version",), ("gazetteer", "info", "--verify")
    yield Case("an empty cache does not stop --version", bundled_cache(empty, *version), quick=True)
    yield Case("half a cache does not stop --version", bundled_cache(half, *version))
    yield Case("a cache that is gone does not stop --version", bundled_cache(gone, *version))
    yield Case("an empty cache is made anew by info --verify", bundled_cache(empty, *info))
    yield Case("half a cache is made anew by info --verify", bundled_cache(half, *info))
    yield Case("what a disk altered without a trace is found by info --verify", a_silent_change_is_found)


# --- outputs that are inputs

# what is read and written: arguments with OUT where the output is, the file that is both, and the option
BOTH: dict[str, tuple[tuple[str, ...], str]] = {
    "export": (("export", "t.csv", "-o", "OUT"), "t.csv"),
    "timeline": (("timeline", "t.csv", "-o", "OUT"), "t.csv"),
    "areas": (("areas", "t.csv", "-o", "OUT"), "t.csv"),
    "diff": (("diff", "2017-01-01", "2018-01-01", "t.csv", "-o", "OUT"), "t.csv"),
    "claims": (("claims", "a.txt", "t.csv", "-o", "OUT"), "t.csv"),
    "claims of a folder": (("claims", "d", "-o", "OUT"), "d/in.csv"),
    "claims that keep a review": (("claims", "a.txt", "--keep", "t.csv", "-o", "OUT"), "t.csv"),
    "toponyms": (("toponyms", "n.jsonl", "-o", "OUT"), "n.jsonl"),
    "toponyms of spans": (("toponyms", "a.txt", "--spans", "n.jsonl", "-o", "OUT"), "n.jsonl"),
    "toponyms into the configuration": (("toponyms", "d", "--unresolved", "-o", "OUT"), "d/mapper.toml"),
    "map": (("map", "m.html", "-o", "OUT"), "m.html"),
    "add": (("gazetteer", "add", "small.tsv", "--to", "OUT"), "small.tsv"),
    "a gazetteer": (("timeline", "t.csv", "--gazetteer", "v.csv", "-o", "OUT"), "v.csv"),
    "a gazetteer of the configuration": (("timeline", "d/in.csv", "-o", "OUT"), "d/v.csv"),
}


def _symlink(home: Home, name: str) -> str:
    link = home.path / f"link{Path(name).suffix}"
    link.symlink_to(home.path / name)
    return link.name


def _hard_link(home: Home, name: str) -> str:
    os.link(home.path / name, home.path / f"hard{Path(name).suffix}")
    return f"hard{Path(name).suffix}"


def _linked_folder(home: Home, name: str) -> str:
    (home.path / "beside").symlink_to(home.path, target_is_directory=True)
    return f"beside/{name}"


SPELLINGS: dict[str, Callable[[Home, str], str]] = {
    "its own name": lambda _, name: name,
    "a way round": lambda home, name: f"../{home.path.name}/./{name}",
    "its whole path": lambda home, name: str(home.path / name),
    "a symbolic link": _symlink,
    "a hard link": _hard_link,
    "a linked folder": _linked_folder,
}


def written_over(command: str, spelling: str) -> Callable[[Home], None]:
    """Refused before anything is read; the file is the same file with the same bytes."""

    def act(home: Home) -> None:
        (home.path / "d").mkdir()
        shutil.copy(home.path / "t.csv", home.path / "d" / "in.csv")
        shutil.copy(home.path / "v.csv", home.path / "d" / "v.csv")
        (home.path / "d" / "mapper.toml").write_text('gazetteers = ["v.csv"]\n', encoding="utf-8")
        (home.path / "m.html").write_text(
            "<p>The army retook Rawa from ISIS on 17 November 2017.</p>", encoding="utf-8"
        )
        (home.path / "n.jsonl").write_text('{"id": "a", "text": "Rawa fell.", "spans": []}\n', encoding="utf-8")
        arguments, name = BOTH[command]
        file = home.path / name
        before = (file.read_bytes(), file.stat().st_ino, file.stat().st_mtime_ns)
        output = SPELLINGS[spelling](home, name)
        done = home.run(*(output if a == "OUT" else a for a in arguments))
        assert done.code == 2, done
        refused(done, str(Path(output)))  # as the program shows it, without what leads nowhere
        assert before == (file.read_bytes(), file.stat().st_ino, file.stat().st_mtime_ns)
        home.no_leftovers()

    return act


def read_from_the_shell(home: Home) -> None:
    """Standard input and output are files too: the shell's ``<`` and ``>>``."""
    raw = (home.path / "t.csv").read_bytes()
    with (home.path / "t.csv").open("rb") as stream:
        refused(home.run("timeline", "-", "-o", "t.csv", stdin=stream), "t.csv", "standard input")
    with (home.path / "t.csv").open("ab") as stream:
        refused(home.run("timeline", "t.csv", stdout=stream), "t.csv", "standard output")
    assert (home.path / "t.csv").read_bytes() == raw


def extracted_into_itself(home: Home) -> None:
    home.archive(3)
    assert home.run("extract", "news.jsonl", "--into", "parts").code == 0
    before = home.content("parts")
    refused(home.run("extract", "parts", "--into", "./parts"), "--into")
    assert home.content("parts") == before


def both() -> Iterator[Case]:
    quick = {("export", "its own name"), ("add", "a hard link"), ("claims of a folder", "a symbolic link")}
    for command in BOTH:
        for spelling in SPELLINGS:
            yield Case(
                f"{command} writes into what it reads by {spelling}",
                written_over(command, spelling),
                (command, spelling) in quick,
            )
    yield Case("what is read and written is named by the shell", read_from_the_shell, quick=True)
    yield Case("an extraction is extracted into itself", extracted_into_itself)


# --- outputs that are no files


def through(command: str, link: bool) -> Callable[[Home], None]:
    """A FIFO gets the bytes that a file gets, and is a FIFO after; by a link too."""

    def act(home: Home) -> None:
        arguments, output = COMMANDS[command]
        assert home.run(*arguments).code == 0
        whole = (home.path / output).read_bytes()
        fifo = home.path / f"fifo{Path(output).suffix}"
        os.mkfifo(fifo)
        name = _symlink(home, fifo.name) if link else fifo.name
        process = home.start(*(name if a == output else a for a in arguments))
        began = time.monotonic()
        got = fifo.read_bytes()
        assert finished(process, began).code == 0
        assert (got == whole) or command in UNLIKE
        assert len(got) > 100
        assert fifo.is_fifo()
        home.no_leftovers()

    return act


UNLIKE = ("geopackage",)  # holds the time it was made


def into_a_device(command: str, device: str, code: int) -> Callable[[Home], None]:
    def act(home: Home) -> None:
        arguments, output = COMMANDS[command]
        kind = Path(device).stat().st_rdev
        (home.path / f"device{Path(output).suffix}").symlink_to(device)
        names = [f"device{Path(output).suffix}"] + [device] * (command in ("claims", "timeline", "map", "add", "areas"))
        for name in names:
            done = home.run(*(name if a == output else a for a in arguments))
            assert done.code == code, done
            assert "No space left" in done.err or not code
        assert Path(device).stat().st_rdev == kind

    return act


def reader_of_a_fifo_leaves(home: Home) -> None:
    fifo = home.path / "o.html"
    os.mkfifo(fifo)
    process, began = home.start("map", "t.csv", "-o", "o.html"), time.monotonic()
    os.close(os.open(fifo, os.O_RDONLY))
    done = finished(process, began)
    assert (done.code, "Broken pipe" in done.err) == (1, False), done
    assert fifo.is_fifo()


def no_files() -> Iterator[Case]:
    outputs = [command for command, (_, output) in COMMANDS.items() if output]
    for command in outputs:
        for link in (False, True):
            yield Case(
                f"{command} into a FIFO{' by a link' * link}",
                through(command, link),
                (command, link) == ("claims", True),
            )
        yield Case(f"{command} into a device", into_a_device(command, "/dev/null", 0), command == "timeline")
        yield Case(f"{command} into a full device", into_a_device(command, "/dev/full", 2))
    yield Case("the reader of a FIFO leaves", reader_of_a_fifo_leaves)


# --- standard output in another encoding

ENCODINGS: dict[str, dict[str, str]] = {
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "ASCII": {"PYTHONIOENCODING": "ascii:strict"},
    "cp437": {"PYTHONIOENCODING": "cp437"},
    "UTF-16": {"PYTHONIOENCODING": "utf-16"},
    "the C locale": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
}


def encoded(command: str, encoding: str) -> Callable[[Home], None]:
    """The bytes are those of UTF-8."""

    def act(home: Home) -> None:
        (home.path / "a.txt").write_text("ISIS captured Rawa (راوة) on 3 May 2016, “said” Łukasz.\n", encoding="utf-8")
        usual = dict(home.env)
        home.env = usual | {"PYTHONUTF8": "1"}
        right = home.run(*TO_STDOUT[command])
        home.env = usual | ENCODINGS[encoding]
        done = home.run(*TO_STDOUT[command])
        assert (done.code, done.out) == (right.code, right.out)

    return act


def encodings() -> Iterator[Case]:
    for command in TO_STDOUT:
        for encoding in ENCODINGS:
            quick = (command, encoding) in {("help", "cp1252"), ("claims", "ASCII")}
            yield Case(f"{command} with {encoding} as the encoding of its output", encoded(command, encoding), quick)


CASES = (
    *signals(),
    *disks(),
    *pipes(),
    *limits(),
    *at_once(),
    *surroundings(),
    *cache(),
    *both(),
    *no_files(),
    *encodings(),
)
