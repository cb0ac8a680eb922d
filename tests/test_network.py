"""The whole program runs with the network blocked, and opens nothing: no socket, no name looked up."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[1] / "data" / "examples" / "isis-2014-2019"

# runs mapper with an audit hook, which sees what C code opens too; local sockets between processes are not the network
WATCHED = """
import sys

def watch(event, arguments):
    if event == "socket.bind" and arguments[1][0] == "::1":
        return  # urllib3, which trafilatura brings, finds out at its import whether this machine knows IPv6
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request", "socket.bind"):
        raise SystemExit(f"NETWORK {event} {arguments!r}")
    if event == "socket.connect" and not isinstance(arguments[1], (str, bytes)):
        raise SystemExit(f"NETWORK {event} {arguments!r}")

sys.addaudithook(watch)
from mapper.cli import run_main
sys.exit(run_main(sys.argv[1:]))
"""


def watched(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WATCHED, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "2017-11-18-rawa.html"
    body = "<p>The Iraqi army retook the town of Rawa from ISIS on Friday, officials said in Baghdad.</p>"
    link = '<link rel="stylesheet" href="https://example.org/x.css"><img src="https://example.org/x.png">'
    path.write_text(f"<html><head>{link}</head><body><article>{body * 3}</article></body></html>", encoding="utf-8")
    return path


def test_the_watch_sees_a_connection() -> None:
    code = WATCHED.replace(
        "from mapper.cli import run_main", "import socket; socket.create_connection(('127.0.0.1', 9))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "NETWORK" in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("map", "{article}", "-o", "{folder}/m.html"),
        ("export", "{article}", "-o", "{folder}/c.geojson"),
        ("export", "{article}", "-o", "{folder}/c.gpkg"),
        ("claims", "{article}"),
        ("toponyms", "{article}"),
        ("extract", "{article}", "--into", "{folder}/parts"),
        ("gazetteer", "search", "Kobane"),
        ("gazetteer", "info"),
        ("gazetteer", "get", "SY", "{dump}", "--to", "{folder}/sy.tsv"),
        ("--version",),
    ],
    ids=lambda command: command[0] + command[-1][-8:],
)
def test_a_command_opens_no_connection(command: tuple[str, ...], article: Path, tmp_path: Path) -> None:
    dump = tmp_path / "places.geojson"
    dump.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [36.6, 35.7]},'
        ' "properties": {"place": "village", "name": "Taltaf"}}]}',
        encoding="utf-8",
    )
    done = watched(*(part.format(article=article, folder=tmp_path, dump=dump) for part in command))
    assert "NETWORK" not in done.stderr + done.stdout
    assert done.returncode == 0, done.stderr


def test_what_is_written_names_no_address_to_load_from(article: Path, tmp_path: Path) -> None:
    assert watched("export", article, "-o", tmp_path / "c.geojson").returncode == 0
    (path,) = tmp_path.glob("c*.geojson")
    assert "x.png" not in path.read_text(encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8"))["features"]
