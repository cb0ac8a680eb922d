"""HTML → the record of an article: its text and elements, title, address, publisher, and what says when it was published.

``trafilatura`` finds the text. The day of publication is read here, from what states it: the date finder behind
``trafilatura`` takes any year of a page for a date and completes months from the system's clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, zip_longest
from typing import Any, Final
from urllib.parse import urlsplit

from mapper.bounded import absurd, parse_json
from mapper.dates import FILLING, StampError, find_times, read_stamp
from mapper.model import Issue


@dataclass(slots=True, kw_only=True)
class Clues:
    """What says when an article was published, surest first; a day comes with the words that say why.

    ``stated`` is metadata; ``labelled`` stands on the page as "Published 17 November 2017"; ``shown`` is a time beside the
    headline that no word explains, or in the address; ``modified`` is when it was last changed. ``issues`` are about
    metadata that state no day, for when nothing else does. ``torn`` when the page shows several days as its own.
    """

    stated: tuple[date, str] | None = None
    labelled: tuple[date, str] | None = None
    shown: tuple[date, str] | None = None
    modified: tuple[date, str] | None = None
    issues: list[Issue] = field(default_factory=list)
    torn: bool = False


@dataclass(slots=True, kw_only=True)
class Page:
    """What a page gives to its article: fields, kind and words of its elements, when it was published.

    ``days`` are the places in its text where a paragraph of a post of a live page begins, with the day of the post.
    """

    record: dict[str, Any] = field(default_factory=dict)
    marked: Sequence[tuple[str, str]] = ()
    clues: Clues = field(default_factory=Clues)
    days: Sequence[tuple[int, date]] = ()


def read_page(markup: str, file: str) -> Page:
    """The record of a page, and what else its mark-up tells."""
    # the import takes a third of a second: a run without HTML should not pay for it
    from trafilatura import bare_extraction, load_html  # noqa: PLC0415

    tree = load_html(markup)
    if tree is None:
        return Page(record={"text": "", "file": file})
    address = canonical_link(tree.xpath("//link[@rel='canonical']/@href"))
    clues = read_clues(tree, file, address)
    if _OPEN not in markup and _SHUT not in markup:
        _mark_posts(tree)
    document = bare_extraction(
        tree,
        with_metadata=True,
        include_comments=False,
        favor_recall=True,
        date_extraction_params={"extensive_search": False, "original_date": True},  # its date is not used: be quick
    )
    if document is None:
        return Page(record={"text": "", "file": file}, clues=clues)
    fields = document if isinstance(document, dict) else document.as_dict()
    text, days = _without_marks(fields.get("text") or "")
    record = {
        "text": text,
        "title": _MARK.sub("", fields.get("title") or ""),
        "url": address or fields.get("url"),
        "publisher": fields.get("sitename"),
    }
    marked = tuple((kind, _MARK.sub("", words)) for kind, words in _elements(fields.get("body")))
    return Page(record=record, marked=marked, clues=clues, days=days)


# What carries the day of a post through the extraction, which drops times: signs that no page has which is marked.
_OPEN, _SHUT = "\u27e6", "\u27e7"
_MARK: Final = re.compile(rf"{_OPEN}(\d{{4}}-\d\d-\d\d){_SHUT}")


def _mark_posts(tree: Any) -> None:
    """Writes the day of each post of a live page before its paragraphs, when the times on the page name several days.

    Before all of them, as the extraction may drop or move any.
    """
    stand = [*_standing(tree)]
    times = [one for one in stand if not isinstance(one, _Text) and one.tag == "time" and not _of_page(one)]
    days = {id(one): stated for one in times if (stated := _day_of(one)) is not None}
    if len(set(days.values())) < 2:
        return
    day: date | None = None
    inside: set[int] = set()
    marked: Any = None
    for one in stand:
        if isinstance(one, _Text):
            block = _block(one.parent)
            if day is None or not one.words.strip() or id(one.parent) in inside or block is marked:
                continue
            marked = block
            mark = f"{_OPEN}{day.isoformat()}{_SHUT}"
            if one.before is None:
                one.parent.text = mark + one.words.lstrip()
            else:
                one.before.tail = mark + one.words.lstrip()
        elif id(one) in days:
            day = days[id(one)]
            marked = None
            inside |= {id(part) for part in one.iter()}


def _of_page(time: Any) -> bool:
    """Whether a time is marked as that of the whole page."""
    words = {*(time.get("class") or "").lower().split()}
    return bool(time.get("itemprop")) or time.get("pubdate") is not None or bool(words & _STAMPED)


_STAMPED: Final = frozenset({"published", "dt-published", "updated", "dt-updated", "modified"})


def _without_marks(text: str) -> tuple[str, tuple[tuple[int, date], ...]]:
    days: list[tuple[int, date]] = []
    pieces: list[str] = []
    done = length = 0
    for mark in _MARK.finditer(text):
        pieces.append(text[done : mark.start()])
        length += mark.start() - done
        days.append((length, date.fromisoformat(mark[1])))
        done = mark.end()
    return "".join((*pieces, text[done:])), tuple(days)


def _elements(body: Any) -> Iterator[tuple[str, str]]:
    """Kind and words of each heading, paragraph and item of an extracted page; a line break within one is kept."""
    if body is None:
        return
    for broken in body.iter("lb"):
        broken.tail = "\n" + (broken.tail or "")
    for element in body.iter("head", "p", "item", "quote"):
        lines = "".join(element.itertext()).split("\n")
        yield _KINDS.get(element.tag, "paragraph"), "\n".join(" ".join(line.split()) for line in lines)


_KINDS: Final = {"head": "heading", "item": "item"}


def canonical_link(links: Sequence[str]) -> str:
    """The page's own address as it writes it: trafilatura's lacks parts of the query (``?12345``, ``gallery=5``) and a
    slash where one address stands in another (``web.archive.org/web/2017/https://…``). Empty for a relative one.
    """
    for link in links:
        if re.match(r"https?://[^/\s]", link.strip(), re.IGNORECASE):
            return "".join(link.split())
    return ""


# Names of metadata, lower case and without what parts their words, in order: the first that states a day is believed.
_PUBLISHED: Final = (
    *("articlepublishedtime", "ogarticlepublishedtime", "articlepublished", "articlepublisheddate", "articlepublicationdate"),
    *("datepublished", "rnewsdatepublished", "schemadatepublished", "ogpublishedtime", "publishedtime", "publisheddate"),
    *("parselypubdate", "sailthrudate", "cxenseparserecspublishtime", "cxenseparsepublishtime", "btpubdate", "nrbipubdate"),
    *("shareaholicarticlepublishedtime", "originalpublicationdate", "publicationdate", "publishdate", "publishtime"),
    *("published", "pubdate", "dateposted", "displaydate", "dcdateissued", "dctermsissued", "dcissued", "issued"),
    *("citationpublicationdate", "dcdate", "dctermsdate", "date"),
)  # fmt: skip
_MODIFIED: Final = (
    *("articlemodifiedtime", "ogarticlemodifiedtime", "datemodified", "ogupdatedtime", "articleupdatedtime", "updatedtime"),
    *("dctermsmodified", "dcdatemodified", "dcmodified", "modified", "modifiedtime", "moddate", "lastmodified", "lastmod"),
    *("lastupdated", "updated", "revised"),
)  # fmt: skip
_ARTICLE: Final = re.compile(r"Article|BlogPosting|Report\Z|Posting\Z|Review\Z", re.IGNORECASE)
_DOUBTS: Final = 5  # issues about the day of one page; more tell nothing new
_MOST: Final = 20_000  # elements and objects of a page that are looked through for its date


def read_clues(tree: Any, file: str, address: str = "") -> Clues:
    """When a page was published, by its metadata and by what stands on it; ``tree`` is an lxml tree."""
    clues = Clues()
    found: dict[str, list[str]] = {}
    for name, value in (*_meta(tree), *_linked(tree, address)):
        found.setdefault(name, []).append(value)
    stand = [*_standing(tree)]
    for element in stand:
        for name, value in () if isinstance(element, _Text) else _marked_up(element):
            found.setdefault(name, []).append(value)
    clues.stated = _first(((n, v) for n in _PUBLISHED for v in found.get(n, ())), file, clues.issues)
    clues.modified = _first(((n, v) for n in _MODIFIED for v in found.get(n, ())), file, None)
    if clues.stated is not None:
        clues.issues = _others(clues.stated, ((n, v) for n in _PUBLISHED for v in found.get(n, ())), file)
        return clues
    _labels(_lines(stand), clues, file)
    clues.shown = _beside_headline(stand) or _in_address(address)
    return clues


def _first(named: Iterable[tuple[str, str]], file: str, issues: list[Issue] | None) -> tuple[date, str] | None:
    """The first value that states a day, with its name; ``issues`` gets one for each that fails to."""
    for name, value in named:
        try:
            day = read_stamp(value)
        except StampError as error:
            if issues is not None and len(issues) < _DOUBTS and all(issue.value != value[:200] for issue in issues):
                message = f"publication date of the page ({name}): {error}; it is not used"
                issues.append(_issue(error.code, message, file, value))
        else:
            if day is not None:
                return day, name
    return None


def _others(stated: tuple[date, str], named: Iterable[tuple[str, str]], file: str) -> list[Issue]:
    """An Issue about metadata that state another day than the one believed; time zones make a day of difference."""
    for name, value in named:
        try:
            day = read_stamp(value)
        except StampError:
            continue
        if day is not None and abs((day - stated[0]).days) > 1:
            message = (
                f"the page states two days of publication: {stated[0].isoformat()} ({stated[1]}), which is used,"
                f" and {day.isoformat()} ({name}); if that is wrong, give --published"
            )
            return [_issue("published-conflict", message, file, stated[0].isoformat())]
    return []


def _issue(code: str, message: str, file: str, value: str) -> Issue:
    return Issue(stage="articles", level="warning", code=code, message=message, file=file, value=value[:200])


def _bare(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def _meta(tree: Any) -> Iterator[tuple[str, str]]:
    for element in islice(tree.iter("meta"), _MOST):
        value = element.get("content") or ""
        for key in ("property", "name", "itemprop", "http-equiv"):
            if element.get(key) and value and not (key == "itemprop" and _foreign(element)):
                yield _bare(element.get(key)), value


def _linked(tree: Any, address: str) -> Iterator[tuple[str, str]]:
    """``datepublished`` and ``datemodified`` of the article that the page's JSON-LD describes."""
    objects = [one for script in islice(tree.iter("script"), _MOST) for one in _objects(script)]
    articles = [one for one in objects if _ARTICLE.search(_kind(one))] or [
        one for one in objects if "page" in _kind(one).lower()
    ]
    if len(articles) > 1 and address:  # a page may describe its neighbours too
        articles = [one for one in articles if address in _addresses(one)] or articles
    for one in articles:
        for key in ("datePublished", "dateModified"):
            if isinstance(one.get(key), str | int):
                yield key.lower(), str(one[key])


def _objects(script: Any) -> Iterator[Mapping[str, Any]]:
    """The things a JSON-LD script is about: not those that it only lists, nor the parts and comments of one."""
    if (script.get("type") or "").strip().lower() != "application/ld+json":
        return
    try:
        waiting = [parse_json((script.text or "").strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";"))]
    except ValueError:
        return  # what is no JSON says nothing
    for _ in range(_MOST):
        if not waiting:
            return
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting = [*one, *waiting]
        elif isinstance(one, Mapping) and not absurd(one):
            yield one
            waiting = [one[key] for key in ("@graph", "mainEntity") if key in one] + waiting


def _kind(one: Mapping[str, Any]) -> str:
    kind = one.get("@type")
    return " ".join(map(str, kind)) if isinstance(kind, list) else str(kind or "")


def _addresses(one: Mapping[str, Any]) -> list[str]:
    said = [one.get("url"), one.get("@id"), one.get("mainEntityOfPage")]
    return [str(value.get("@id") if isinstance(value, Mapping) else value) for value in said if value]


# Parts of a page that are not its article, by their tags, by the words of their classes and ids, and by the headings over them.
_ASIDE: Final = frozenset(
    {"nav", "aside", "footer", "script", "style", "noscript", "template", "form", "select", "button", "iframe", "svg", "figure"}
)  # fmt: skip
_BESIDE: Final = frozenset(
    {"comment", "comments", "disqus", "reply", "replies", "related", "recommended", "recommendation", "recommendations", "sidebar"}
    | {"promo", "promos", "teaser", "teasers", "trending", "popular", "newsletter", "footer", "copyright", "widget", "breadcrumb"}
    | {"breadcrumbs", "outbrain", "taboola", "readmore", "advert", "advertisement"}
)  # fmt: skip
_BEYOND: Final = re.compile(
    r"\W*(?:related|more (?:on|from|stories|news)|read (?:more|next|also)|(?:\d+ )?comments?|recommended|most (?:read|popular)|latest"
    r"|you (?:may|might) also|see also|also read)\b",
    re.IGNORECASE,
)
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")


def _standing(tree: Any) -> Iterator[Any]:
    """Elements and texts that stand on a page as its article, in order: no navigation, comments or stories beside it."""
    body = next(tree.iter("body"), tree)
    holding = {id(up) for title in islice(tree.iter("h1"), 1) for up in title.iterancestors()}
    waiting: list[Any] = [body]
    for _ in range(_MOST):
        if not waiting:
            return
        one = waiting.pop()
        if isinstance(one, _Text):
            yield one
            continue
        if not isinstance(one.tag, str) or (id(one) not in holding and one is not body and _is_aside(one)):
            continue  # a comment of the mark-up, or what stands beside the article
        if one.tag in _HEADINGS and _BEYOND.match("".join(islice(one.itertext(), 9))):
            return
        yield one
        inside: list[Any] = [_Text(one.text or "", one)]
        for child in one:
            inside += (child, _Text(child.tail or "", one, child))
        waiting += reversed(inside)


@dataclass(frozen=True, slots=True)
class _Text:
    """A text on a page, the element it stands in, and the child of that which it stands behind, if any."""

    words: str
    parent: Any
    before: Any = None


_INLINE: Final = frozenset({"a", "abbr", "b", "em", "font", "i", "small", "span", "strong", "sub", "sup", "time", "u"})


def _block(element: Any) -> Any:
    """The paragraph, division or cell that an element stands in."""
    while element.tag in _INLINE and element.getparent() is not None:
        element = element.getparent()
    return element


def _is_aside(element: Any) -> bool:
    if element.tag == "footer":
        return next(element.iterancestors("article"), None) is None
    if element.tag in _ASIDE:
        return True
    words = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
    return any(
        not _BESIDE.isdisjoint(word.replace("_", "-").split("-")) and not word.startswith(("has-", "no-", "with-"))
        for word in words
    )


def _foreign(element: Any) -> bool:
    """Whether an element is a property of something within the page's article: a comment, a picture, a person."""
    scope = next((up for up in element.iterancestors() if up.get("itemscope") is not None), None)
    if scope is None:
        return False
    outer = next((up for up in scope.iterancestors() if up.get("itemscope") is not None), None)
    kind = (scope.get("itemtype") or "").rpartition("/")[2]
    return (kind != "" and not _ARTICLE.search(kind) and "page" not in kind.lower()) or (
        outer is not None and scope.get("itemprop") not in (None, "", "mainEntity", "mainEntityOfPage")
    )


def _marked_up(element: Any) -> Iterator[tuple[str, str]]:
    """What an element on the page states in a way that programs read: microdata, ``pubdate``, microformats."""
    value = element.get("datetime") or element.get("content") or element.get("title") or ""
    if element.tag == "meta":
        return  # read with the others
    if element.get("itemprop") and not _foreign(element):
        for name in element.get("itemprop").split():
            yield _bare(name), value or " ".join(islice(element.itertext(), 9))
    words = {*(element.get("class") or "").lower().split()}
    if value and (element.get("pubdate") is not None or words & {"published", "dt-published"}):
        yield "pubdate", value
    elif value and words & {"updated", "dt-updated", "modified"}:
        yield "modified", value


_LABEL: Final = re.compile(
    r"(?:(?<=[|•·–—/)] )|\A\W*|(?<=[\d)] ))(?:first |originally |date |last |article )?"
    r"(?P<label>published|posted|updated|modified|issued|filed|(?:publication|posting) date|date)(?: (?:on|at|date)\b)?(?!\w)[:\s|–—-]*",
    re.IGNORECASE,
)
_FILLING: Final = re.compile(
    rf"\b(?:{FILLING})(?!\w)|[\d:.,()+\s-]",
    re.IGNORECASE,
)
_LONG: Final = 200  # characters; a paragraph, not what stands over one
_PARAGRAPH: Final = 80  # characters of the first paragraph of a story, more than a line beside its headline has
_FIGURES: Final = re.compile(r"(?<![\d-])\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?!\d)")
_SET_APART: Final = re.compile(r"\s*(?:[|•·–—/]|\Z|(?:last )?(?:updated|modified)\b|by [A-Z])")
_DATED_PATH: Final = re.compile(r"/(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?![\d])")


def _lines(stand: Sequence[Any]) -> list[str]:
    """The texts of a page, a block a line; a time that carries a date for programs shows that one."""
    lines: list[tuple[Any, list[str]]] = []
    dated: set[int] = set()
    for one in stand:
        if isinstance(one, _Text):
            words, block = "" if id(one.parent) in dated else one.words, _block(one.parent)
        elif one.tag == "time" and (day := _day_of(one)) is not None:
            words, block = f" {day.isoformat()} ", _block(one)
            dated |= {id(inside) for inside in one.iter()}
        else:
            continue
        if lines and lines[-1][0] is block:
            lines[-1][1].append(words)
        elif words.strip():
            lines.append((block, [words]))
    return [" ".join("".join(words).split()) for _, words in lines]


def _day_of(time: Any) -> date | None:
    try:
        return read_stamp(time.get("datetime") or "")
    except StampError:
        return None


def _labels(lines: Sequence[str], clues: Clues, file: str) -> None:
    """Reads "Published 17 November 2017" and "Updated: …" off the lines of a page, where they stand alone."""
    days: dict[bool, list[date]] = {True: [], False: []}  # of publication, of modification
    for at, line in enumerate(lines):
        labels = list(_LABEL.finditer(line)) if len(line) <= _LONG else []
        for label, following in zip_longest(labels, labels[1:]):
            rest = line[label.end() : following.start() if following is not None else len(line)]
            if not rest.strip() and at + 1 < len(lines) and len(lines[at + 1]) <= _LONG:
                rest = lines[at + 1]  # the date stands under its label
            try:
                day = _alone(rest)
            except StampError as error:
                message = f"the page says {line[:80]!r}: {error}; it is not used"
                if len(clues.issues) < _DOUBTS and all(issue.value != line for issue in clues.issues):
                    clues.issues.append(_issue(error.code, message, file, line))
                continue
            if day is not None:
                days[not label["label"].lower().startswith(("upda", "modi"))].append(day)
    published = sorted(set(days[True]))
    if len(published) > 1:
        several = ", ".join(day.isoformat() for day in published)
        message = f"the page shows several days of publication ({several}); none is used, give --published"
        clues.issues.append(_issue("published-conflict", message, file, several))
        clues.torn = True
    elif published:
        clues.labelled = published[0], "the page says that it was published then"
    if days[False] and clues.modified is None:
        clues.modified = max(days[False]), "the page says that it was updated then"


def _alone(words: str) -> date | None:
    """The day that some words begin with, when nothing behind it makes them a sentence. Raises StampError for 03/04/2016."""
    figures = _FIGURES.search(words)
    if figures is not None and not _FILLING.sub("", words[: figures.start()]):
        day, end = read_stamp(figures[0]), figures.end()
    else:
        found = next(iter(find_times(words)), None)
        if found is None or found.when.days != 1 or _FILLING.sub("", words[: found.start]):
            return None
        day, end = found.when.earliest, found.end
    return day if _SET_APART.match(_FILLING.sub(" ", words[end:])) else None


def _beside_headline(stand: Sequence[Any]) -> tuple[date, str] | None:
    """The day of the time between the headline and the first paragraph, when no other day stands on the page as one."""
    days = {
        day for one in stand if not isinstance(one, _Text) and one.tag == "time" and (day := _day_of(one)) is not None
    }
    below = False
    for one in stand if len(days) == 1 else ():
        if isinstance(one, _Text):
            continue
        below = below or one.tag == "h1"
        if below and one.tag == "p" and len("".join(islice(one.itertext(), 9))) >= _PARAGRAPH:
            break
        if below and one.tag == "time" and _day_of(one) is not None:
            return days.pop(), "a time beside the headline"
    return None


def _in_address(address: str) -> tuple[date, str] | None:
    found = _DATED_PATH.search(urlsplit(address).path)
    try:
        return (date(int(found[1]), int(found[3]), int(found[4])), "the page's address") if found is not None else None
    except ValueError:
        return None  # a number, no date
