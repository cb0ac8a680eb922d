from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from mapper import bounded
from mapper.archives import read_archives
from mapper.model import Article, Issue

RECORD = {"id": "a", "text": "The army retook Rawa.", "published": "2017-11-18"}
OTHER = {"id": "b", "text": "Rebels took Hit.", "published": "2016-01-02"}


def split(found):
    found = list(found)
    return [f for f in found if isinstance(f, Article)], [f.code for f in found if isinstance(f, Issue)]


def lines(*records) -> bytes:
    return "".join(json.dumps(r) + "\n" for r in records).encode()


def test_compressed_json_lines_are_streamed(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines(RECORD, OTHER)))
    articles, issues = split(read_archives([str(tmp_path)]))
    assert [a.id for a in articles] == ["a", "b"]
    assert not issues


def test_zstandard_lines_are_read(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    (tmp_path / "a.jsonl.zst").write_bytes(zstandard.ZstdCompressor().compress(lines(RECORD, OTHER)))
    articles, issues = split(read_archives([str(tmp_path)]))
    assert [a.id for a in articles] == ["a", "b"]
    assert not issues


def test_a_truncated_file_gives_what_came_before_and_says_so(tmp_path: Path) -> None:
    whole = gzip.compress(lines(*({"id": str(i), "text": f"Text {i} {i * 7919 % 1000}."} for i in range(3000))))
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    articles, issues = split(read_archives([str(tmp_path / "a.jsonl.gz")]))
    assert 100 < len(articles) < 3000
    assert issues[-1] == "bad-archive"


def test_zip_and_tar_members_are_articles_wherever_their_names_point(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../../2017-11-18-escape.txt", "The army retook Rawa.")
        archive.writestr("inner.zip", b"PK")
        archive.writestr("more.jsonl", lines(OTHER))
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo("/etc/2017-01-01.txt")
        info.size = 7
        archive.addfile(info, io.BytesIO(b"Hit fel"))
    before = sorted(p.name for p in tmp_path.parent.iterdir())
    articles, issues = split(read_archives([str(tmp_path)]))
    assert [a.text for a in articles] == ["The army retook Rawa.", "Rebels took Hit.", "Hit fel"]
    assert issues == ["unknown-suffix"]
    assert sorted(p.name for p in tmp_path.parent.iterdir()) == before


def test_a_bomb_is_an_issue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MAX_PAGE", 1_000_000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"0" * 5_000_000)
        archive.writestr("2017-11-18.txt", "The army retook Rawa.")
    articles, issues = split(read_archives([str(tmp_path / "bomb.zip")]))
    assert len(articles) == 1
    assert "file-too-large" in issues


def test_an_endless_line_is_skipped_and_the_next_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MAX_LINE", 1000)
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "' + b"x" * 5000 + b'"}\n' + lines(RECORD))
    articles, issues = split(read_archives([str(tmp_path / "a.jsonl")]))
    assert [a.id for a in articles] == ["a"]
    assert issues == ["line-too-long"]


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><item><title>Rawa retaken</title>
<link>https://example.org/rawa</link><pubDate>Sat, 18 Nov 2017 08:00:00 GMT</pubDate>
<description>The army retook Rawa on Friday.</description></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Hit</title><id>urn:x:1</id>
<link href="https://example.org/hit"/><updated>2016-04-14T09:00:00Z</updated><summary>Hit was retaken.</summary></entry></feed>"""
BOMB = """<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel><item>
<description>&b;</description></item></channel></rss>"""


def test_feeds_give_articles_with_date_and_address(tmp_path: Path) -> None:
    (tmp_path / "a.rss").write_text(RSS)
    (tmp_path / "b.atom").write_text(ATOM)
    articles, issues = split(read_archives([str(tmp_path)]))
    assert [(a.title, a.url, str(a.published)) for a in articles] == [
        ("Rawa retaken", "https://example.org/rawa", "2017-11-18"),
        ("Hit", "https://example.org/hit", "2016-04-14"),
    ]
    assert issues == ["published-inferred"], "an Atom entry that only says when it was updated"


def test_entities_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.rss").write_text(BOMB)
    articles, issues = split(read_archives([str(tmp_path / "a.rss")]))
    assert not articles
    assert issues == ["bad-feed"]


def test_a_web_archive_gives_its_pages(tmp_path: Path) -> None:
    writer = pytest.importorskip("warcio.warcwriter")
    headers = pytest.importorskip("warcio.statusandheaders")
    page = "<html><body><article>" + "<p>The army retook the town of Rawa on Friday, officials said.</p>" * 8
    with (tmp_path / "a.warc.gz").open("wb") as stream:
        warc = writer.WARCWriter(stream, gzip=True)
        for kind, url in (("text/html", "https://example.org/rawa"), ("image/png", "https://example.org/x.png")):
            http = headers.StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.0")
            body = io.BytesIO((page + "</article></body></html>").encode())
            warc.write_record(warc.create_warc_record(url, "response", payload=body, http_headers=http))
    articles, _ = split(read_archives([str(tmp_path / "a.warc.gz")]))
    assert [a.url for a in articles] == ["https://example.org/rawa"]


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.jsonl.gz", "a.rss", "a.warc.gz"])
def test_noise_is_reported_not_raised(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(bytes(range(256)) * 9)
    articles, issues = split(read_archives([str(tmp_path / name)]))
    assert not articles
    assert issues or name == "a.warc.gz"


def test_a_pattern_that_matches_nothing_is_named() -> None:
    assert split(read_archives(["no/such/*.zip"])) == ([], ["no-such-file"])
