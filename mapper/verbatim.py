"""Whether a table's quotes stand in the articles at hand: those that do are spans of them, those that do not are notes.

A table's quote is verbatim by the word of whoever made it. Where the article it is from is among the inputs that word is
checked. Which article that is, a row says by its article's id or its address; a row with neither may be from any article
that its publisher and date do not exclude.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from mapper.articles import canonical_url
from mapper.model import Article, Claim, Issue, Quote, ShareClaim

Said = TypeVar("Said", bound=Claim | ShareClaim)

_GAP = 2000  # characters that may lie where a quote leaves words out
_MARKS = ("'’‘ʼ`´", '"“”„«»', "-–—‑−")  # what typesetters exchange is the same mark
_CLASS = {mark: f"[{re.escape(marks)}]" for marks in _MARKS for mark in marks}
_OUTER = "\"“”„«»'’‘ "
_END = " .,;:!?"
_LETTER = re.compile(r"\[(\w)\](?=\w)")  # "[F]orces": a letter set in another case
_OMITTED = re.compile(r"[\[(] ?(?:…|\.{3}) ?[\])]|\[[^\]]{0,200}\]|…|\.{3,}")  # "…", "[...]", "[the army]"
_WORD = re.compile(r"\w+")


def locate(words: str, text: str) -> tuple[int, int] | None:
    """Where words stand in a text, as ``[start, end)``; None when they do not.

    Case, the run of white space and the kind of a quotation mark, apostrophe or dash do not matter, nor do quotation marks
    round the whole and punctuation at its end; words left out (…, [...]) and put in ([the army]) may be anything short.
    """
    bare = _LETTER.sub(r"\1", words).strip(_OUTER).rstrip(_END)
    parts = [re.compile(_pattern(part.strip()), re.IGNORECASE) for part in _OMITTED.split(bare) if _WORD.search(part)]
    if not parts:
        return None
    for first in parts[0].finditer(text):
        end = first.end()
        for part in parts[1:]:
            following = part.search(text, end, end + _GAP)
            if following is None:
                break
            end = following.end()
        else:
            ending = words.rstrip(_OUTER)[-1:]
            return first.start(), end + (ending in _END and text[end : end + 1] == ending != "")
    return None


def _pattern(part: str) -> str:
    spaced = r"\s+".join("".join(_CLASS.get(c, re.escape(c)) for c in word) for word in part.split())
    bare = part.strip()
    # languages that write words apart in ASCII: "took" is no quote from "overtook"
    before = r"(?<!\w)" if bare[0].isascii() and bare[0].isalnum() else ""
    after = r"(?!\w)" if bare[-1].isascii() and bare[-1].isalnum() else ""
    return before + spaced + after


class _Shelf:
    """The articles at hand, found by id, by address and by their words."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = articles
        self._by_id = {article.id: article for article in articles}
        self._by_url = {canonical_url(article.url): article for article in articles if article.url}
        self._by_word: dict[str, list[int]] | None = None

    def named(self, row: Claim | ShareClaim) -> Article | None:
        """The article that a row names."""
        found = self._by_id.get(row.quote.article_id) or self._by_id.get(row.source.article_id)
        return found or (self._by_url.get(canonical_url(row.source.url)) if row.source.url else None)

    def with_words(self, words: str) -> list[Article]:
        """Articles that hold the longest word of a quote."""
        if self._by_word is None:
            self._by_word = {}
            for number, article in enumerate(self._articles):
                for word in set(_WORD.findall(f"{article.title} {article.text}".lower())):
                    self._by_word.setdefault(word, []).append(number)
        return [self._articles[number] for number in self._by_word.get(_longest_word(words), ())]

    def tied(self, row: Claim | ShareClaim) -> bool:
        """Whether a row that names no article says nothing of its source but what fits one of these."""
        return any(
            _possible(row, article)
            and (
                not row.source.publisher
                or row.source.publisher.casefold() == article.publisher.casefold()
                or (row.source.published is not None and row.source.published == article.published)
            )
            for article in self._articles
        )


class Witnesses:
    """Of articles that come one at a time, those on which the verdict on some rows rests (``kept``, in their order).

    ``verified`` says the same of the rows with these as with all: kept are the articles that rows name, the first that
    holds the words of a row that names none, and of each publisher and day one without its text.
    """

    def __init__(self, rows: Iterable[Claim | ShareClaim]) -> None:
        quoted = [row for row in rows if row.quote.text]
        self.kept: list[Article] = []
        self._ids = {i for row in quoted for i in (row.quote.article_id, row.source.article_id) if i}
        self._urls = {canonical_url(row.source.url) for row in quoted if row.source.url}
        self._open = [(row, _longest_word(row.quote.text)) for row in quoted if _is_from_anywhere(row)]
        self._from_anywhere = bool(self._open)
        self._known: set[tuple[str, date | None]] = set()

    def add(self, article: Article) -> None:
        named = article.id in self._ids or (self._urls and article.url and canonical_url(article.url) in self._urls)
        words = set(_WORD.findall(f"{article.title} {article.text}".lower())) if self._open else set()
        held = [
            row
            for row, word in self._open
            if word in words and _possible(row, article) and _holds(article, row.quote.text)
        ]
        if held:
            self._open = [(row, word) for row, word in self._open if row not in held]
        if named or held:
            self.kept.append(article)
        elif self._from_anywhere and (article.publisher, article.published) not in self._known:
            self._known.add((article.publisher, article.published))
            self.kept.append(replace(article, text="", title="", url="", blocks=()))


def _holds(article: Article, words: str) -> bool:
    return locate(words, article.text) is not None or locate(words, article.title) is not None


def _is_from_anywhere(row: Claim | ShareClaim) -> bool:
    """Whether a row names no article and was read from none."""
    return not row.source.url and row.rule == "table"


def _longest_word(words: str) -> str:
    kept = " ".join(_OMITTED.split(_LETTER.sub(r"\1", words))).lower()
    return max(_WORD.findall(kept), key=len, default="")


def _possible(row: Claim | ShareClaim, article: Article) -> bool:
    """Whether neither publisher nor date of a row excludes that it is from an article."""
    ours, theirs = row.source, article
    if ours.publisher and theirs.publisher and ours.publisher.casefold() != theirs.publisher.casefold():
        return False
    return ours.published is None or theirs.published is None or ours.published == theirs.published


def verified(rows: Iterable[Said], articles: Sequence[Article]) -> tuple[tuple[Said, ...], tuple[Issue, ...]]:
    """A table's claims, their quotes held against the articles at hand.

    A quote that is found becomes the span of its article; one that is not becomes a note, with an Issue
    (``quote-not-found``). Quotes of articles that are not at hand stay as they are.
    """
    shelf = _Shelf(articles)
    done: list[Said] = []
    issues: list[Issue] = []
    for row in rows:
        checked, missed = _check(row, shelf) if articles and row.quote.text else (row, "")
        done.append(checked)
        if missed:
            place = row.place_text if isinstance(row, Claim) else row.region_text
            message = (
                f"{place}: the words quoted are not in {missed}: shown as a note; quote it word for word, or write them"
                " into the column note"
            )
            issues.append(
                Issue(
                    stage="records",
                    level="warning",
                    code="quote-not-found",
                    message=message,
                    quote=row.quote,
                    value=row.id,
                )
            )
    return tuple(done), tuple(issues)


def _check(row: Said, shelf: _Shelf) -> tuple[Said, str]:
    """The row with its quote settled, and where the quote was looked for in vain."""
    words = row.quote.text
    named = shelf.named(row)
    if named is not None:
        if named.text[row.quote.start : row.quote.end] == words and row.quote.article_id == named.id:
            return row, ""
        found = _bound(row, named)
        return (found, "") if found is not None else (_demoted(row), repr(named.title) if named.title else named.id)
    if not _is_from_anywhere(row):  # it names an article, or was read from one, that is not here
        return row, ""
    for article in shelf.with_words(words):
        found = _bound(row, article) if _possible(row, article) else None
        if found is not None:
            return found, ""
    return (_demoted(row), "the articles given") if shelf.tied(row) else (row, "")


def _bound(row: Said, article: Article) -> Said | None:
    """The row with its quote as a span of the article; None when the words are neither in its text nor its title."""
    words = row.quote.text
    span = locate(words, article.text)
    if span is None:
        return row if locate(words, article.title) else None
    start, end = span
    text = words if _OMITTED.search(_LETTER.sub(r"\1", words)) else article.text[start:end]
    return replace(row, quote=Quote(article_id=article.id, start=start, end=end, text=text))


def _demoted(row: Said) -> Said:
    words = f"{row.quote.text} ({row.note})" if row.note else row.quote.text
    return replace(row, quote=replace(row.quote, start=0, end=0, text=""), note=words)
