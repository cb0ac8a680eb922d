"""The law of the readers: n good records and k bad ones, in any order, give the n articles and say something of each bad one."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapper import bounded
from mapper.archives import read_archives
from mapper.articles import read_articles
from mapper.cli import run_main
from mapper.model import Article, Issue

NO_ADDRESS = "http://["
ABSURD = "9" * 5000
WORDS = "The army retook the town of Rawa from the group on Friday, officials in the province said after the fighting. "


def text_of(name: str) -> str:
    return f"{WORDS}This is report {name} of the day, which no other report repeats: {name} {name}."


def good(name: str) -> dict[str, str]:
    return {"id": name, "text": text_of(name), "published": "2017-11-18", "url": f"https://example.org/{name}"}


# Records that give no article, in the form of each reader, and below those that give one without its link.
BAD_LINES = {
    "not JSON": '{"id": "x", "text": ',
    "absurd number": f'{{"id": {ABSURD}, "text": "Hit fell."}}',
    "absurd number inside": f'{{"id": "x", "text": "Hit fell.", "tags": [{{"n": {ABSURD}}}]}}',
    "deep": '{"text": ' + "[" * 5000 + "]" * 5000 + "}",
    "a list": '["Hit fell."]',
    "no text": '{"id": "x"}',
    "text is a number": '{"id": "x", "text": 1e999}',
    "control characters": '{"id": "x\x00", "text"\x01: "\x02"}',
    "surrogate half": '{"id": "x", "text": " \\ud800',
}
NO_LINK = json.dumps(good("linkless") | {"url": NO_ADDRESS})


def lines(names: list[str], bad: list[str]) -> list[str]:
    return [json.dumps(good(name)) for name in names] + bad


def csv_line(record: dict[str, str]) -> str:
    stream = io.StringIO()
    csv.DictWriter(stream, ["id", "text", "published", "url"], lineterminator="\n").writerow(record)
    return stream.getvalue().rstrip("\n")


BAD_ROWS = {
    "a quote that is not closed": 'x,"Hit fell,2017-11-18,',
    "too many cells": "x,Hit fell, on Friday, to the army,2017-11-18,https://example.org/x",
    "no text": "x,,2017-11-18,",
    "one cell": "x",
    "text after a quote and a lost quote": '"x"y,"Hit',
}
BAD_ENTRIES = {
    "not closed": "<item><title>Hit</title><description>Hit fell",
    "a bare ampersand": "<item><title>Hit & Haditha</title><description>Hit fell.</description></item>",
    "a wrong end": "<item><title>Hit</description></title></item>",
    "no text": "<item><title>Hit</title></item>",
    "an unknown entity": "<item><description>Hit &nosuch; fell.</description></item>",
}


def item(name: str, *, link: str = "") -> str:
    link = link or f"https://example.org/{name}"
    return (
        f"<item><guid>{name}</guid><link>{escape(link)}</link><pubDate>Sat, 18 Nov 2017 08:00:00 GMT</pubDate>"
        f"<description>{escape(text_of(name))}</description></item>"
    )


def entry(text: str) -> str:
    """An RSS item as Atom has it."""
    for rss, atom in (("item>", "entry>"), ("guid>", "id>"), ("description>", "summary>"), ("pubDate>", "published>")):
        text = text.replace(rss, atom)
    return text.replace("Sat, 18 Nov 2017 08:00:00 GMT", "2017-11-18T08:00:00Z")


def record(
    name: str, *, url: str = "", body: str | None = None, length: int | None = None, first: str = "WARC/1.0"
) -> bytes:
    page = body or f"<html><body><article><p>{text_of(name)}</p><p>{WORDS * 3}</p></article></body></html>"
    http = f"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n{page}".encode()
    size = len(http) if length is None else length
    head = (
        f"{first}\r\nWARC-Type: response\r\nWARC-Target-URI: {url or 'https://example.org/' + name}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {size}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


BAD_WEB = {
    "no version": record("x", first="WORK/1.0"),
    "longer than the file": record("x", length=10**9),
    "longer than it says": record("x", length=40),
    "no number for a length": record("x").replace(b"Content-Length: ", b"Content-Length: x"),
    "no header at all": b"WARC/1.0\r\n\r\n\r\n\r\n",
}
BAD_FILES = {
    "2017-01-01-empty.txt": b" \n",
    "2017-01-02-list.json": b"[1]",
    "2017-01-03-half.json": b'{"text": "Hit',
    "2017-01-04-number.json": f'{{"text": "Hit fell.", "id": {ABSURD}}}'.encode(),
    "2017-01-05-page.html": b"<html></html>",
    "2017-01-06-table.csv": b"a,b\n1,2\n",
    "2017-01-07.jsonl": b"{\n",
}
FRONT = f"---\nurl: {NO_ADDRESS}\npublished: 2017-11-18\n---\n{text_of('linkless')}"


def read(path: Path) -> tuple[set[str], list[Issue]]:
    found = list(read_archives([str(path)]))
    return {f.text for f in found if isinstance(f, Article)}, [f for f in found if isinstance(f, Issue)]


def shuffled(parts: list, seed: int) -> list:
    random.Random(seed).shuffle(parts)  # noqa: S311 - repeatable, not secret
    return parts


def write_lines(path: Path, names: list[str], bad: list[int], seed: int) -> int:
    kinds = list(BAD_LINES.values())
    path.write_text(
        "\n".join(shuffled(lines(names, [kinds[b % len(kinds)] for b in bad]), seed)) + "\n", encoding="utf-8"
    )
    return len(bad)


def write_packed(path: Path, names: list[str], bad: list[int], seed: int) -> int:
    write_lines(path, names, bad, seed)
    path.write_bytes(gzip.compress(path.read_bytes()))
    return len(bad)


def write_csv(path: Path, names: list[str], bad: list[int], seed: int) -> int:
    kinds = list(BAD_ROWS.values())
    rows = shuffled([csv_line(good(name)) for name in names] + [kinds[b % len(kinds)] for b in bad], seed)
    path.write_text("\n".join(["id,text,published,url", *rows]) + "\n", encoding="utf-8")
    return len(bad)


def write_rss(path: Path, names: list[str], bad: list[int], seed: int) -> int:
    kinds = list(BAD_ENTRIES.values())
    items = shuffled([item(name) for name in names] + [kinds[b % len(kinds)] for b in bad], seed)
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>'
    path.write_text(f"{head}{''.join(items)}</channel></rss>", encoding="utf-8")
    return len(bad)


def write_atom(path: Path, names: list[str], bad: list[int], seed: int) -> int:
    kinds = list(BAD_ENTRIES.values())
    items = shuffled([entry(item(name)) for name in names] + [entry(kinds[b % len(kinds)]) for b in bad], seed)
    path.write_text(f'<feed xmlns="http://www.w3.org/2005/Atom">{"".join(items)}</feed>', encoding="utf-8")
    return len(bad)


def write_warc(path: Path, names: list[str], bad: list[int], seed: int) -> int:
    packed = path.name.endswith(".gz")
    # a packed record ends with its member, however long it says it is
    kinds = [raw for kind, raw in BAD_WEB.items() if not (packed and kind.startswith("longer"))]
    chosen = [kinds[b % len(kinds)] for b in bad]
    parts = shuffled([record(name) for name in names] + chosen, seed)
    path.write_bytes(b"".join(gzip.compress(part) if packed else part for part in parts))
    # neighbours may be skipped as one; a packed member that holds no header holds no record, and nothing is said of it
    return int(any(not packed or raw != BAD_WEB["no header at all"] for raw in chosen))


def members(names: list[str], bad: list[int], seed: int) -> list[tuple[str, bytes]]:
    kinds = list(BAD_FILES.items())
    parts = [(f"{name}-2017-11-18.txt", text_of(name).encode()) for name in names]
    parts += [(f"{number}-{kinds[b % len(kinds)][0]}", kinds[b % len(kinds)][1]) for number, b in enumerate(bad)]
    return shuffled(parts, seed)


def write_zip(path: Path, names: list[str], bad: list[int], seed: int) -> int:
    with zipfile.ZipFile(path, "w") as archive:
        for name, raw in members(names, bad, seed):
            archive.writestr(name, raw)
    return len(bad)


def write_tar(path: Path, names: list[str], bad: list[int], seed: int) -> int:
    with tarfile.open(path, "w:gz") as archive:
        for name, raw in members(names, bad, seed):
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return len(bad)


def write_folder(path: Path, names: list[str], bad: list[int], seed: int) -> int:
    path.mkdir()
    for name, raw in members(names, bad, seed):
        (path / name).write_bytes(raw)
    return len(bad)


READERS: dict[str, Callable[[Path, list[str], list[int], int], int]] = {
    "a.jsonl": write_lines,
    "a.jsonl.gz": write_packed,
    "a.csv": write_csv,
    "a.rss": write_rss,
    "a.atom": write_atom,
    "a.warc": write_warc,
    "a.warc.gz": write_warc,
    "a.zip": write_zip,
    "a.tar.gz": write_tar,
    "folder": write_folder,
}


@pytest.mark.parametrize("name", list(READERS))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(n=st.integers(0, 5), bad=st.lists(st.integers(0, 20), max_size=5), seed=st.integers(0, 99))
def test_every_good_record_is_read_whatever_stands_beside_it(
    tmp_path_factory: pytest.TempPathFactory, name: str, n: int, bad: list[int], seed: int
) -> None:
    if name.startswith("a.warc"):
        pytest.importorskip("warcio")
    path = tmp_path_factory.mktemp("law") / name
    names = [f"good{i}" for i in range(n)]
    least = READERS[name](path, names, bad, seed)
    texts, issues = read(path)
    for one in names:
        assert any(f"report {one} of" in text for text in texts), (one, [i.message for i in issues])
    assert len(texts) == n, [i.message for i in issues]
    assert len([i for i in issues if i.level != "note" and i.code != "published-unknown"]) >= least


@pytest.mark.parametrize("name", list(READERS))
@pytest.mark.parametrize("at", range(3))
def test_a_link_that_is_no_address_costs_the_link_and_not_the_article(tmp_path: Path, name: str, at: int) -> None:
    if name.startswith("a.warc"):
        pytest.importorskip("warcio")
    path = tmp_path / name
    if name == "folder":
        path.mkdir()
        for number in range(3):
            told = FRONT if number == at else f"---\npublished: 2017-11-18\n---\n{text_of(str(number))}"
            (path / f"{number}.txt").write_text(told)
    elif name == "a.zip":
        with zipfile.ZipFile(path, "w") as archive:
            for number in range(3):
                archive.writestr(f"{number}.txt", FRONT if number == at else text_of(str(number)))
    elif name == "a.tar.gz":
        with tarfile.open(path, "w:gz") as archive:
            for number in range(3):
                raw = (FRONT if number == at else text_of(str(number))).encode()
                info = tarfile.TarInfo(f"{number}.md")
                info.size = len(raw)
                archive.addfile(info, io.BytesIO(raw))
    elif name.startswith("a.warc"):
        parts = [record(str(i), url=NO_ADDRESS if i == at else "") for i in range(3)]
        path.write_bytes(b"".join(gzip.compress(p) if name.endswith("gz") else p for p in parts))
    elif name in ("a.rss", "a.atom"):
        items = "".join(item(str(i), link=NO_ADDRESS if i == at else "") for i in range(3))
        path.write_text(f"<rss><channel>{items}</channel></rss>" if name == "a.rss" else f"<feed>{entry(items)}</feed>")
    else:
        records = [good(str(i)) | ({"url": NO_ADDRESS} if i == at else {}) for i in range(3)]
        told = (
            "\n".join(["id,text,published,url", *map(csv_line, records)])
            if name == "a.csv"
            else "\n".join(map(json.dumps, records))
        )
        path.write_bytes(gzip.compress(told.encode()) if name.endswith(".gz") else told.encode())
    found = list(read_archives([str(path)]))
    articles = [f for f in found if isinstance(f, Article)]
    assert len(articles) == 3
    assert NO_ADDRESS not in {a.url for a in articles}
    assert [f.code for f in found if isinstance(f, Issue)].count("bad-address") == 1


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "folder"])
@pytest.mark.parametrize("command", ["claims", "toponyms", "timeline"])
def test_a_command_reads_all_but_the_bad_records_and_says_so(
    tmp_path: Path, name: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    READERS[name](path, ["one", "two", "three"], [0, 1, 2, 3], 5)
    if name == "folder":
        (path / "front.txt").write_text(FRONT)
    assert run_main([command, str(path), "-o", str(tmp_path / "out.csv")]) == 0
    said = capsys.readouterr().err
    assert "error: " in said or "warning: " in said
    assert "Traceback" not in said
    if command == "claims":
        with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
            told = {row["article_id"] for row in csv.DictReader(stream)}
        assert len(told) == 3 + (name == "folder")


def test_an_array_of_records_loses_only_the_one_with_an_absurd_number(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(f'[{json.dumps(good("one"))}, {{"id": {ABSURD}, "text": "x"}}, 5, {json.dumps(good("two"))}]')
    found = list(read_articles([str(path)]))
    assert [f.id for f in found if isinstance(f, Article)] == ["one", "two"]
    assert [f.code for f in found if isinstance(f, Issue)] == ["bad-json", "bad-json"]


def test_a_field_that_is_no_text_is_named_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    wrong = {"id": ["a"], "title": {"en": "Rawa"}, "published": [2017], "url": ["x"], "publisher": {"name": "News"}}
    path.write_text(json.dumps(good("one") | wrong) + "\n" + json.dumps(good("two")) + "\n")
    found = list(read_articles([str(path)]))
    articles = [f for f in found if isinstance(f, Article)]
    assert [(a.title, a.url, a.publisher) for a in articles] == [("", "", ""), ("", "https://example.org/two", "")]
    assert [f.code for f in found if isinstance(f, Issue)].count("bad-field") == 5


def test_one_letter_in_another_encoding_spoils_its_own_line_only(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("id,text\n1,Київ stood.\n".encode() + b"2,Caf\xe9 fell.\n" + "3,الرقة fell.\n".encode())
    found = list(read_articles([str(path)]))
    assert [f.text for f in found if isinstance(f, Article)] == ["Київ stood.", "Café fell.", "الرقة fell."]
    assert [(f.code, f.line) for f in found if isinstance(f, Issue) and f.code == "encoding"] == [("encoding", 3)]


def test_tables_and_lines_of_two_bytes_a_letter_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("id,text\n1,Київ stood.\n2,Rawa fell.\n".encode("utf-16"))
    (tmp_path / "b.jsonl").write_bytes('{"text": "Hit fell."}\n{"text": "Київ."}\n'.encode("utf-16-le"))
    texts = [f.text for f in read_articles([str(tmp_path)]) if isinstance(f, Article)]
    assert texts == ["Київ stood.", "Rawa fell.", "Hit fell.", "Київ."]


def test_a_file_of_nothing_but_opened_quotes_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MAX_CHARACTERS", 2_000)
    path = tmp_path / "a.csv"
    path.write_text("id,text\n" + 'x,"Hit ""\n' * 3_000)
    found = list(read_articles([str(path)]))
    assert found
    assert len(found) <= 2 * 3_001


def test_a_bad_row_that_is_longer_than_the_bound_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MAX_LINE", 1_000)
    path = tmp_path / "a.csv"
    path.write_text("id,text\n1," + "x" * 5_000 + "\n2,Rawa fell.\n")
    found = list(read_articles([str(path)]))
    assert [f.text for f in found if isinstance(f, Article)] == ["Rawa fell."]
    assert [(f.code, f.line) for f in found if isinstance(f, Issue) and f.level == "error"] == [("line-too-long", 2)]
