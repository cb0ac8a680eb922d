"""Terminals, files and pipes: what a person sees cannot steer the terminal, what goes on is the text itself."""

from __future__ import annotations

import ast
import json
import os
import pty
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from mapper.cli import run_main
from mapper.cli.terminal import plain

# everything that moves a cursor, sets a title, hides or turns what follows
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\U000e0000-\U000e007f]")
EVIL = "\x1b[2J\x1b]0;owned\x07 \x9b2J \u202egnp.exe\u2066 \x7f\r\u2028\U000e0041"
CLI = Path(__file__).parents[1] / "mapper" / "cli"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Inputs whose every word is hostile."""
    told = f"The Iraqi army retook Rawa from ISIS on 17 November 2017, said {EVIL}. He left the town of Nowhere{EVIL}ville."
    record = {"id": "a", "title": EVIL, "text": told, "publisher": EVIL, "published": "2017-11-18"}
    (tmp_path / "a.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    (tmp_path / "v.csv").write_text(f"name,lat,lon,country\nFivetown,34.5,41.9,IQ\nFive{EVIL[:4]},34.6,41.9,IQ\n")
    (tmp_path / "t.csv").write_text(
        f"date,place,lat,lon,country,predicate,actor,other\n2017-11-17,Ra\x1b[2Jwa\u202e,34.4,41.9,IQ,captured,{EVIL[:4]}x,is\n"
        "2017-10,Qaim,34.38,41.06,IQ,captured,iraq,is\n",
        encoding="utf-8",
    )
    (tmp_path / "p.tsv").write_text("date\tplace\tstatus\tactor\n2018-01-01\tRa\x1b[2Jwa\u202e\tcontrolled\tis\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERM", "dumb")  # no colours, so that every escape is somebody else's
    return tmp_path


CALLS = {
    "claims": ("claims", "a.jsonl"),
    "claims as lines": ("claims", "a.jsonl", "--format", "jsonl"),
    "claims explained": ("claims", "a.jsonl", "--explain"),
    "claims of a table": ("claims", "t.csv", "a.jsonl"),
    "toponyms": ("toponyms", "a.jsonl"),
    "names not found": ("toponyms", "a.jsonl", "--unresolved"),
    "names not found as an alias table": ("toponyms", "a.jsonl", "--unresolved", "--format", "toml"),
    "a timeline": ("timeline", "t.csv"),
    "areas": ("areas", "t.csv", "--every", "year"),
    "areas as lines": ("areas", "t.csv", "--every", "year", "--format", "jsonl"),
    "areas as a chart": ("areas", "t.csv", "--every", "year", "--format", "svg"),
    "what changed": ("diff", "2017-01-01", "2018-01-01", "t.csv"),
    "checks": ("check", "p.tsv", "t.csv"),
    "a GeoJSON": ("export", "t.csv", "-o", "-"),
    "a KML": ("export", "t.csv", "-o", "-", "--format", "kml"),
    "claims as GeoJSON": ("export", "a.jsonl", "-o", "-", "--shape", "claims"),
    "a map": ("map", "a.jsonl", "-o", "-"),
    "a search": ("gazetteer", "search", "Five", "--gazetteer", "v.csv"),
    "a search for nothing": ("gazetteer", "search", EVIL.replace("\x00", "")),
}
ENDS_WITH_1 = ("checks", "a search for nothing")  # a checkpoint that is not met; nothing found
TURNED = ("claims", "names not found", "claims explained", "a timeline", "what changed", "claims as GeoJSON", "a map")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("name", CALLS)
def test_no_text_steers_a_terminal(
    name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert run_main(CALLS[name]) == (1 if name in ENDS_WITH_1 else 0)
    said = capfd.readouterr()
    assert said.out or said.err
    assert not STEERING.search(said.out + said.err)


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("name", TURNED)
def test_a_pipe_gets_the_text_that_a_terminal_is_spared(
    name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    run_main(CALLS[name])
    kept = capfd.readouterr().out
    assert STEERING.search(kept)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    run_main(CALLS[name])
    if name != "what changed":  # drawn as a table there
        assert capfd.readouterr().out == plain(kept)


@pytest.mark.usefixtures("home")
def test_json_lines_on_a_terminal_say_the_same_when_they_are_read(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    run_main(CALLS["claims as lines"])
    kept = [json.loads(line) for line in capfd.readouterr().out.split("\n") if line]
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    run_main(CALLS["claims as lines"])
    assert [json.loads(line) for line in capfd.readouterr().out.split("\n") if line] == kept
    assert "\u202e" in kept[0]["quote"]


def test_an_alias_table_of_hostile_sentences_is_toml(home: Path) -> None:
    assert run_main(["toponyms", "a.jsonl", "--unresolved", "-o", "names.toml"]) == 0
    text = (home / "names.toml").read_text(encoding="utf-8")
    assert "Nowhere" in text
    assert tomllib.loads(text) == {"aliases": {}}


@pytest.mark.usefixtures("home")
@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("output", ["-", "/dev/tty", "/dev/stdout"])
def test_a_real_terminal_is_not_steered_under_any_name(output: str) -> None:
    pid, end = pty.fork()
    if pid == 0:
        call = [sys.executable, "-m", "mapper", "-q", "claims", "a.jsonl", "-o", output]
        os.execve(sys.executable, call, os.environ | {"PYTHONPATH": str(CLI.parents[1])})  # noqa: S606 - the child of a fork
    seen = b""
    while True:
        try:
            read = os.read(end, 1 << 16)
        except OSError:  # how Linux says that the other end is closed
            break
        if not read:
            break
        seen += read
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, seen
    text = seen.decode().replace("\r\n", "\n")
    assert "Rawa" in text
    assert "\\u202egnp.exe" in text
    assert not STEERING.search(text)


def test_the_command_line_writes_to_standard_output_in_one_room() -> None:
    for path in CLI.glob("*.py"):
        if path.name in ("terminal.py", "ending.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Name) and node.id == "print"), f"{path}:{node.lineno}: use show"
            assert not (isinstance(node, ast.Attribute) and node.attr == "stdout"), f"{path}:{node.lineno}: use show"


ENCODINGS = {
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "ASCII": {"PYTHONIOENCODING": "ascii"},
    "UTF-16": {"PYTHONIOENCODING": "utf-16"},
    "the C locale": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
}


def bytes_of(home: Path, *call: str, **env: str) -> tuple[int, bytes, bytes]:
    usual = {k: v for k, v in os.environ.items() if k not in ("LC_ALL", "LANG", "PYTHONIOENCODING", "PYTHONUTF8")}
    done = subprocess.run(
        [sys.executable, "-m", "mapper", *call], cwd=home, capture_output=True, check=False, env=usual | env
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_pipe_gets_utf_8_whatever_the_language_of_the_system(home: Path, name: str) -> None:
    for call in (("--help",), ("claims", "a.jsonl")):
        code, out, err = bytes_of(home, *call, **ENCODINGS[name])
        assert (code, out) == bytes_of(home, *call, PYTHONUTF8="1")[:2], call
        assert b"Traceback" not in err
        out.decode("utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that takes any byte")
def test_a_file_name_of_no_encoding_is_written_and_named(home: Path) -> None:
    name = b"caf\xe9.html"
    done = subprocess.run(
        [sys.executable, "-m", "mapper", "map", "t.csv", "-o", name], cwd=home, capture_output=True, check=False
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert done.stdout.startswith(b"caf\\udce9.html")
    assert os.fsdecode(name) in [path.name for path in home.iterdir()]
