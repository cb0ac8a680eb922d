from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.articles import canonical_url, decode, headline, parse_articles, read_articles, sniff
from mapper.model import Article, Issue


def split(found):
    found = list(found)
    return [f for f in found if isinstance(f, Article)], [f for f in found if isinstance(f, Issue)]


def test_a_text_file_is_kept_to_the_letter(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Zeile eins\r\nRawa fell. \u00e9\r\n".encode())
    (article,), _ = split(read_articles([str(path)], published=date(2017, 11, 18)))
    assert article.text == "Zeile eins\r\nRawa fell. \u00e9\r\n"
    assert article.published == date(2017, 11, 18)


def test_front_matter_gives_metadata_and_leaves_the_text() -> None:
    text = '---\ntitle: "A town falls"\npublished: 2017-11-18\npublisher: The Example\n---\nRawa fell.'
    (article,), issues = split(parse_articles(text, name="x.md", kind=".md"))
    assert (article.title, article.publisher, article.published) == ("A town falls", "The Example", date(2017, 11, 18))
    assert article.text == "Rawa fell."
    assert not issues


def test_the_date_in_a_file_name_is_the_publication_date() -> None:
    (article,), issues = split(parse_articles("Rawa fell.", name="news/2017-11-18-rawa.txt", kind=".txt"))
    assert article.published == date(2017, 11, 18)
    assert not issues


def test_a_number_in_a_file_name_that_is_no_date_is_none() -> None:
    (article,), issues = split(parse_articles("Rawa fell.", name="20170231.txt", kind=".txt"))
    assert article.published is None
    assert [i.code for i in issues] == ["published-unknown"]


def test_a_weekday_with_its_date_pins_the_year_and_says_so() -> None:
    text = "Lost in 2015, the port was shelled in October 2018. Marines landed at Hodeidah on Tuesday (November 6)."
    (article,), issues = split(parse_articles(text, name="x.txt", kind=".txt"))
    assert article.published is not None
    assert article.published.year == 2018
    assert "published-inferred" in [i.code for i in issues]


def test_json_lines_keep_their_ids_and_a_bad_line_is_an_issue_not_the_end() -> None:
    rows = [json.dumps({"id": "a ", "text": "Rawa fell.", "published": "2017-11-18"}), "{broken", '["list"]']
    rows.append(json.dumps({"id": 7, "text": "Hit fell.", "date": "2016-04-14T10:00:00Z"}))
    articles, issues = split(parse_articles("\n".join(rows), name="x.jsonl", kind=".jsonl"))
    assert [a.id for a in articles] == ["a ", "7"]
    assert articles[1].published == date(2016, 4, 14)
    assert [(i.code, i.line) for i in issues] == [("bad-json", 2), ("bad-json", 3)]


def test_a_table_of_articles_is_read_and_one_without_text_is_refused() -> None:
    table = 'id,published,text\n1,2017-11-18,"Rawa\nfell."\n'
    (article,), _ = split(parse_articles(table, name="x.csv", kind=".csv"))
    assert article.text == "Rawa\nfell."
    articles, issues = split(parse_articles("a,b\n1,2\n", name="x.csv", kind=".csv"))
    assert not articles
    assert issues[0].code == "missing-column"


def test_html_gives_its_text_and_metadata() -> None:
    body = "<p>" + "The army retook the town of Rawa on Friday, officials said. " * 6 + "</p>"
    page = (
        '<html><head><title>A town falls</title><meta property="article:published_time" content="2017-11-18">'
        f"</head><body><article><h1>A town falls</h1>{body}{body}</article></body></html>"
    )
    (article,), _ = split(parse_articles(page, name="x.html", kind=".html"))
    assert "retook the town of Rawa" in article.text
    assert article.published == date(2017, 11, 18)


def test_a_missing_file_an_unknown_kind_and_an_empty_folder_are_issues(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "x.docx").write_bytes(b"x")
    inputs = [str(tmp_path / "none.txt"), str(tmp_path / "x.docx"), str(tmp_path / "empty")]
    _, issues = split(read_articles(inputs))
    assert [i.code for i in issues] == ["no-such-file", "unknown-suffix", "empty-folder"]


def test_the_same_article_twice_is_read_once_and_another_text_gets_another_id(tmp_path: Path) -> None:
    rows = [{"id": "a", "text": "Rawa fell."}, {"id": "a", "text": "Rawa fell."}, {"id": "a", "text": "Hit fell."}]
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    articles, issues = split(read_articles([str(path)], published=date(2017, 1, 1)))
    assert [a.id for a in articles] == ["a", "a~2"]
    assert {i.code for i in issues} == {"duplicate-article", "duplicate-id"}


def test_other_encodings_are_read_and_named() -> None:
    assert decode("Raqqa \u2013".encode("utf-16"))[0] == "Raqqa \u2013"
    text, issue = decode(b"caf\xe9")
    assert text == "caf\u00e9"
    assert issue is not None
    assert "Windows-1252" in issue.message


def test_an_empty_text_is_reported() -> None:
    articles, issues = split(parse_articles("  \n", name="x.txt", kind=".txt"))
    assert not articles
    assert issues[0].code == "empty-article"


@given(st.binary(max_size=400), st.sampled_from([".txt", ".jsonl", ".json", ".csv", ".md"]))
def test_no_bytes_break_the_reader(raw: bytes, kind: str) -> None:
    text, _ = decode(raw)
    for found in parse_articles(text, name="x", kind=kind):
        assert isinstance(found, Article | Issue)
        if isinstance(found, Article):
            found.text.encode("utf-8")


def test_standard_input_is_recognised_by_what_it_holds() -> None:
    assert sniff('{"id": 1}') == ".jsonl"
    assert sniff("<!DOCTYPE html><html>") == ".html"
    assert sniff("id,text\n1,x") == ".csv"
    assert sniff("Hello, world\n") == ".txt"


def test_a_folder_of_a_project_gives_its_articles_and_not_what_explains_them(tmp_path: Path) -> None:
    for name in ("2017-11-18-a.txt", "README.md", "checkpoints.tsv"):
        (tmp_path / name).write_text("The army retook Rawa.", encoding="utf-8")
    articles, _ = split(read_articles([str(tmp_path)]))
    assert len(articles) == 1


PAGE = "<p>" + "The army retook the town of Rawa on Friday, officials said. " * 6 + "</p>"


def linked(address: str) -> Article:
    """The article of a page that gives this as its canonical address."""
    head = f'<title>A town falls</title><link rel="canonical" href="{address}">'
    page = f"<html><head>{head}</head><body><article>{PAGE * 2}</article></body></html>"
    (article,), _ = split(parse_articles(page, name="x.html", kind=".html", published=date(2017, 11, 18)))
    return article


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("https://example.org/?p=101", "https://example.org/?p=102"),
        ("https://example.org/news.php?12345", "https://example.org/news.php?12346"),
        ("https://example.org/a?gallery=5", "https://example.org/a?gallery=6"),
        ("https://example.org/a?id=5&lang=en", "https://example.org/a?id=5&lang=ar"),
    ],
)
def test_addresses_that_differ_in_their_query_are_two_articles(one: str, two: str) -> None:
    records = [json.dumps({"text": f"Rawa fell, says page {url}.", "url": url}) for url in (one, two)]
    ids = []
    for order in (records, records[::-1]):
        articles, issues = split(
            parse_articles("\n".join(order), name="x.jsonl", kind=".jsonl", published=date(2017, 1, 1))
        )
        assert not issues
        ids.append({a.url: a.id for a in articles})
    assert ids[0] == ids[1], "a review must find its article in whatever order the pages are read"
    assert len(set(ids[0].values())) == 2
    assert linked(one).id != linked(two).id


@pytest.mark.parametrize(
    "copy",
    [
        "http://www.example.org/a/?p=101&utm_source=mail&utm_campaign=x",
        "https://example.org:443/a?fbclid=Iw3&p=101#comments",
        "HTTPS://EXAMPLE.org/a?p=101&xtor=RSS-3208&CMP=share_btn",
    ],
)
def test_copies_of_an_address_that_only_say_how_a_reader_came_are_one_article(copy: str) -> None:
    assert canonical_url(copy) == canonical_url("https://example.org/a?p=101") == "//example.org/a?p=101"


@pytest.mark.parametrize(
    "address",
    [
        "https://web.archive.org/web/20171118000000/https://example.org/news?p=101",
        "https://archive.ph/2017/http://example.org/a",
        "https://example.org/a?gallery=5",
        "https://example.org/news.php?12345",
    ],
)
def test_a_pages_own_address_is_kept_as_it_writes_it(address: str) -> None:
    assert linked(address).url == address


@pytest.mark.parametrize(
    "address", ["http://[::1", "http://example.org:999999/a", "javascript:alert(1)", "urn:x:1", "\x00"]
)
def test_what_is_no_address_still_tells_articles_apart(address: str) -> None:
    rows = [json.dumps({"text": "Rawa fell.", "url": url}) for url in (address, address + "2")]
    articles, _ = split(parse_articles("\n".join(rows), name="x.jsonl", kind=".jsonl", published=date(2017, 1, 1)))
    assert len({a.id for a in articles}) == 2


STORY = "The Iraqi army retook the town of Rawa from ISIS on 17 November 2017, officials said.\n"


@pytest.mark.parametrize(
    ("above", "title"),
    [
        ("Iraqi army retakes Rawa\n\n", "Iraqi army retakes Rawa"),
        ("\n  Has Raqqa   fallen?  \r\n\r\n", "Has Raqqa fallen?"),
        ("Iraqi army retakes Rawa\nBy Jane Doe\n\n", "Iraqi army retakes Rawa"),
        ("Iraqi army retakes Rawa\n18 November 2017\n\n", "Iraqi army retakes Rawa"),
        ("## Rawa\n", "Rawa"),
        ("Rawa\n====\n", "Rawa"),
        ("**Last town in Anbar falls**\n\n", "Last town in Anbar falls"),
        ("سقوط مدينة راوة في يد الجيش\n\n", "سقوط مدينة راوة في يد الجيش"),
        ("Rawa fell on Friday.\n\n", ""),
        ("Reuters\n\n", ""),
        ("By Jane Doe in Baghdad\n\n", ""),
        ("Published: 17 November 2017\n\n", ""),
        ("17/11/2017 - 18:00\n\n", ""),
        ("Port Sudan, 14 January 2025\n\n", ""),
        ("BAGHDAD (Reuters) -\n\n", ""),
        ("https://example.org/a-b-c d e f\n\n", ""),
        ("The Iraqi army and its allies, which had been\n", ""),
        ("word " * 40 + "\n\n", ""),
    ],
)
def test_the_first_line_of_a_text_is_its_title_when_it_is_a_headline(above: str, title: str) -> None:
    text = above + STORY
    (article,), _ = split(parse_articles(text, name="x.txt", kind=".txt", published=date(2017, 11, 18)))
    assert article.title == title
    assert article.text == text, "quotes are spans of the text: nothing is cut from it"


def test_a_line_with_nothing_under_it_is_a_text_and_no_title() -> None:
    assert headline("Iraqi army retakes Rawa\n\n") == headline("Iraqi army retakes Rawa") == headline("\n \n") == ""


def test_a_title_that_is_given_is_not_taken_from_the_text() -> None:
    text = "---\ntitle: Of the paper\n---\nIraqi army retakes Rawa\n\n" + STORY
    (article,), _ = split(parse_articles(text, name="x.txt", kind=".txt"))
    assert article.title == "Of the paper"


def test_an_article_knows_the_name_of_its_file_and_not_where_it_lay() -> None:
    names = ["news/2017/rawa.txt", "news.zip!2017/rawa.txt", "standard input", ""]
    found = [split(parse_articles(STORY, name=name, kind=".txt"))[0][0].file for name in names]
    assert found == ["rawa.txt", "rawa.txt", "", ""]
