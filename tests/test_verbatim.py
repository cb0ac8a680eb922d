"""A quotation is what somebody wrote: a table's quotes are held against the articles at hand."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

import mapper
from mapper.cli import run_main
from mapper.config import default_config
from mapper.model import Article, ArticleId
from mapper.records import read_table
from mapper.verbatim import locate, verified

TEXT = (
    "BAGHDAD – The army’s elite units “retook Rawa”\non Friday, officials said. Forces of the\n\nIslamic State fled north,"
    " residents of the town said."
)
HEAD = "date,place,lat,lon,country,predicate,actor,quote,note,publisher,url,published\n"


def article(**more: object) -> Article:
    known = {"id": ArticleId("a1"), "text": TEXT, "title": "The last town falls", "url": "https://example.org/rawa"}
    return Article(**(known | more))  # type: ignore[arg-type]


def row(quote: str, *, note: str = "", publisher: str = "", url: str = "", published: str = "") -> str:
    cells = ("2017-11-17", "Rawa", "34.48", "41.92", "IQ", "captured", "iraq", quote, note, publisher, url, published)
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(cells)
    return stream.getvalue()


def held(line: str, *articles: Article):
    table = read_table(io.StringIO(HEAD + line), name="t.csv", actors=default_config().actors)
    assert table.issues == ()
    (claim,), issues = verified(table.claims, articles)
    return claim, [issue.code for issue in issues]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("officials said", "officials said"),
        ('The army\'s elite units "retook Rawa" on Friday', "The army’s elite units “retook Rawa”\non Friday"),
        ("“Forces of the Islamic State fled north.”", "Forces of the\n\nIslamic State fled north"),
        ("residents of the town said.", "residents of the town said."),
        ("Baghdad - the army's elite", "BAGHDAD – The army’s elite"),
        ("The army’s … on Friday", "The army’s elite units “retook Rawa”\non Friday"),
        ("[f]orces of the Islamic State [...] residents", "Forces of the\n\nIslamic State fled north, residents"),
        ("[The jihadists] fled north", "fled north"),
    ],
)
def test_words_are_found_however_they_were_typeset_and_shortened(words: str, found: str) -> None:
    span = locate(words, TEXT)
    assert span is not None
    assert TEXT[slice(*span)] == found


@pytest.mark.parametrize(
    "words",
    [
        "The army took Rawa on Friday",
        "took Rawa",
        "fled north … officials said",
        "elite unit",
        "…",
        "“”",
        "",
        "Rawa Friday",
    ],
)
def test_words_that_are_not_in_the_text_are_not_found(words: str) -> None:
    assert locate(words, TEXT) is None


def test_a_quote_that_is_in_its_article_becomes_a_span_of_it() -> None:
    claim, issues = held(row("Officials  said", url="http://www.example.org/rawa/"), article())
    assert issues == []
    assert (claim.quote.article_id, claim.quote.text) == ("a1", "officials said")
    assert TEXT[claim.quote.start : claim.quote.end] == "officials said"


def test_a_quote_that_is_not_in_its_article_is_a_note_and_an_issue_says_so() -> None:
    claim, issues = held(row("Rawa was liberated", note="p. 2", url="https://example.org/rawa"), article())
    assert issues == ["quote-not-found"]
    assert (claim.quote.text, claim.note) == ("", "Rawa was liberated (p. 2)")


def test_a_headline_may_be_quoted() -> None:
    claim, issues = held(row("The last town falls", url="https://example.org/rawa"), article())
    assert (claim.quote.text, issues) == ("The last town falls", [])


@pytest.mark.parametrize(
    ("line", "articles"),
    [
        (row("Rawa was liberated", url="https://example.org/other"), [article()]),
        (row("Rawa was liberated", publisher="B"), [article(publisher="A")]),
        (row("Rawa was liberated", published="2017-11-20"), [article(published=date(2017, 11, 18))]),
        (row("Rawa was liberated", publisher="B"), [article()]),
        (row("Rawa was liberated"), []),
    ],
    ids=["other address", "other publisher", "other day", "publisher unknown", "no article"],
)
def test_a_quote_whose_article_is_not_at_hand_stays_a_quote(line: str, articles: list[Article]) -> None:
    claim, issues = held(line, *articles)
    assert (claim.quote.text, claim.note, issues) == ("Rawa was liberated", "", [])


def test_a_row_that_names_no_source_is_looked_for_in_all_that_may_be_it() -> None:
    other = article(id=ArticleId("a2"), text="Nothing of the kind. Officials said otherwise.", url="")
    claim, issues = held(row("residents of the town said"), other, article())
    assert (claim.quote.article_id, issues) == ("a1", [])
    claim, issues = held(row("residents of the province said"), other, article())
    assert (claim.note, issues) == ("residents of the province said", ["quote-not-found"])
    fits = article(publisher="A Paper", published=date(2017, 11, 18))
    claim, issues = held(row("They cheered.", publisher="a paper", published="2017-11-18"), fits)
    assert (claim.note, issues) == ("They cheered.", ["quote-not-found"])


def said(path: str) -> set[tuple[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as stream:
        return {(r["quote"], r["note"]) for r in csv.DictReader(stream) if r["rule"] == "table"}


def test_a_table_beside_its_articles_is_checked_by_program_and_command_alike(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    front = "---\npublished: 2017-11-18\nurl: https://example.org/rawa\n---\n"
    Path("article.txt").write_text(front + TEXT, encoding="utf-8")
    true = row("residents of the town said", url="https://example.org/rawa")
    false = row("Rawa was liberated", url="https://example.org/rawa")
    Path("table.csv").write_text(HEAD + true + false, encoding="utf-8")
    result = mapper.run(tmp_path)
    assert [i.code for i in result.issues if i.code == "quote-not-found"] == ["quote-not-found"]
    mine = [c for c in result.claims if c.rule == "table"]
    assert [(c.quote.text, c.note) for c in mine] == [("residents of the town said", ""), ("", "Rawa was liberated")]
    assert run_main(["claims", "table.csv", "article.txt", "-o", "out.csv"]) == 0
    assert "[quote-not-found]" in capfd.readouterr().err
    assert said("out.csv") == {("residents of the town said", ""), ("", "Rawa was liberated")}
    # what was written is read back, checked again and found as it was
    assert run_main(["claims", "out.csv", "article.txt", "-o", "again.csv"]) == 0
    assert said("again.csv") == said("out.csv")
    assert run_main(["claims", "table.csv", "article.txt", "--keep", "out.csv", "-o", "kept.csv"]) == 0
    assert capfd.readouterr().err.count("[quote-not-found]") == 1
    assert said("kept.csv") == said("out.csv")


def test_an_edited_article_no_longer_vouches_for_what_was_read_from_it(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    front = "---\npublished: 2017-11-18\nurl: https://example.org/rawa\n---\n"
    path.write_text(front + "The Iraqi army captured Rawa from the Islamic State on Friday.", encoding="utf-8")
    table = tmp_path / "claims.csv"
    assert run_main(["claims", str(path), "-o", str(table)]) == 0
    unchanged = mapper.run([table, path])
    assert {c.note for c in unchanged.claims} == {""}
    path.write_text(front + "The Iraqi army entered Rawa on Friday.", encoding="utf-8")
    changed = mapper.run([table, path])
    assert "The Iraqi army captured Rawa from the Islamic State on Friday." in {c.note for c in changed.claims}
    assert "quote-not-found" in {i.code for i in changed.issues}
