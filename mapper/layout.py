"""How a text is set: its blocks (headings, paragraphs, items, captions, cells) and the datelines that open them.

The one place that says where a text is set apart. Sentences, times, names and claims end where a block ends.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from mapper.model import Article, Block

BREAK = "\u2029"  # Unicode's paragraph separator: what ``parted`` puts between blocks

LONGEST_ITEM = 90  # characters of an item that is one more name of a list
_LONGEST_HEADING = 150  # characters; what is longer is a paragraph without its full stop
_NEAR = 2000  # characters within which a page's next element stands in its text
_NARROWEST = 60  # columns; nobody wraps news in fewer
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_NEWLINE = re.compile(r"\r\n|[\n\r\u2028\u2029]")
_MARKED = re.compile(r"#{1,6}[ \t]+(?=\S)")
_RULE = re.compile(r"[-=*_~|:+ \t]{3,}\Z")
_BULLET = re.compile(r"(?:[-–—*+]|[•▪◦‣●○■□➢➤►·])[ \t\u00a0]+(?=\S)")
_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)][ \t\u00a0]+(?=\S)")
_BAR = re.compile(r"\|")
_DOTS = re.compile(r"[•▪●■►][ \t\u00a0]*")
_CAPTION = re.compile(r"(?:FILE|File|Photo|PHOTO|Image|Picture|Caption|CAPTION)\b(?: (?:photo|image|picture))? ?[:–—-]")
# "1791 - The duke …" at the head of an item of a chronicle, whose items need not stand on lines of their own
_YEAR = re.compile(r"(?:1\d|20)\d\d ?[-–—_]{1,2} ?(?=[\"“]?[A-Z])")
_WORD = re.compile(r"\S+")
_ENDED = frozenset('.!?"”:…')
_RUNS_ON = frozenset(",;-–—(/&")
# words that a full stop does not end: titles, ranks, months
ABBREVIATED = "Mr|Mrs|Ms|Dr|Gen|Col|Lt|Maj|Sgt|Capt|Brig|Cmdr|Adm|Sen|Rep|Gov|Prof|Rev|St|Mt|No|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec"
_ABBREVIATED = re.compile(rf"\b(?:{ABBREVIATED}|(?:[A-Z]\.)+[A-Z])\.\Z")
_ARTICLE = re.compile(r"(?:al|el|ad|ar|as|ash|an|at|az)-")  # of a name: "al-Bab"
_UNFINISHED = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "to",
        "with",
        "and",
        "or",
        "but",
        "nor",
        "as",
        "near",
        "into",
        "over",
        "under",
        "between",
        "against",
        "towards",
        "after",
        "before",
        "during",
        "since",
        "until",
        "than",
        "that",
        "which",
        "who",
        "whose",
        "where",
        "when",
        "while",
        "if",
        "because",
        "its",
        "his",
        "her",
        "their",
        "was",
        "were",
        "is",
        "are",
        "be",
        "been",
        "had",
        "has",
        "have",
        "will",
        "would",
        "could",
        "said",
        "not",
    ]
)
_OPENERS = frozenset(
    [
        "The",
        "A",
        "An",
        "In",
        "On",
        "At",
        "He",
        "She",
        "They",
        "It",
        "This",
        "That",
        "These",
        "Those",
        "His",
        "Her",
        "Their",
        "Its",
        "But",
        "And",
        "However",
        "Meanwhile",
        "After",
        "Before",
        "Earlier",
        "Later",
        "When",
        "While",
        "Since",
        "During",
        "According",
        "Both",
        "There",
    ]
)


@dataclass(slots=True)
class _Row:
    """A stretch of a line; ``apart`` when a blank line stands before it, ``width`` is its line's length."""

    start: int
    end: int
    kind: str = ""
    apart: bool = False
    width: int = 0
    number: int = 0  # the line it stands on


def blocks_of(article: Article) -> tuple[Block, ...]:
    """The article's blocks: those its mark-up told, else what its lines tell."""
    return article.blocks or infer_blocks(article.text)


def parted(text: str, blocks: Sequence[Block]) -> str:
    """The text with ``BREAK`` and blanks for what stands between two blocks (marks, numbers, line ends): no offset moves."""
    pieces: list[str] = []
    done = 0
    for block, following in pairwise(blocks):
        if block.end < following.start:
            pieces += (text[done : block.end], BREAK, " " * (following.start - block.end - 1))
            done = following.start
    return "".join((*pieces, text[done:]))


def clipped(blocks: Sequence[Block], start: int, end: int) -> tuple[Block, ...]:
    """The blocks of the piece ``[start, end)`` of a text, by offsets of the piece."""
    return tuple(
        replace(b, start=max(b.start, start) - start, end=min(b.end, end) - start)
        for b in blocks
        if b.start < end and start < b.end
    )


def infer_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a text without mark-up, from its lines, bullets, bars and Markdown's marks for headings.

    A blank line parts two blocks unless the sentence runs on behind it. A line break alone parts them behind a full stop,
    and where nobody had to break: the next line begins like a sentence, or its first word would have fitted.
    """
    rows = list(_rows(text))
    found: list[Block] = []
    first = 0
    while first < len(rows):
        last = first + 1
        while last < len(rows) and not rows[last].apart:
            last += 1
        width = max(_NARROWEST, *(row.width for row in rows[first:last]))
        for at in range(first, last):
            row = rows[at]
            before = rows[at - 1] if at else None
            if before is not None and before.number != row.number and not _parts(text, before, row, width):
                found[-1] = Block(start=found[-1].start, end=row.end, kind=found[-1].kind)
                row.kind = before.kind
            else:
                found.append(Block(start=row.start, end=row.end, kind=row.kind))
        first = last
    return tuple(
        Block(start=b.start, end=b.end, kind=b.kind or _kind(text, b, last=n + 1 == len(found)))
        for n, b in enumerate(found)
    )


def line_blocks(
    text: str, marked: Sequence[tuple[str, str]], days: Sequence[tuple[int, date]] = ()
) -> tuple[Block, ...]:
    """The blocks of a page's text, each line one; ``marked`` are kind and words of the page's elements, in order.

    ``days`` are those of the posts whose paragraphs begin at some places.

    A line that an element without mark of its own breaks in two ("<br>") goes on where the text of the element does.
    """
    rows = list(_rows(text))
    inside: list[tuple[int, int, str]] = []
    cursor = 0
    for kind, words in marked:
        at = text.find(words, cursor, cursor + _NEAR + len(words)) if words else -1
        if at >= 0:
            inside.append((at, at + len(words), kind))
            cursor = at + len(words)
    starts = [start for start, _, _ in inside]
    found: list[Block] = []
    for n, row in enumerate(rows):
        at = bisect_right(starts, row.start) - 1
        start, end, kind = inside[at] if at >= 0 else (0, 0, "")
        known = row.start < end
        goes_on = known and n > 0 and start < row.start and start <= rows[n - 1].start
        if goes_on and not _parts(text, rows[n - 1], row, _NARROWEST):
            found[-1] = Block(start=found[-1].start, end=row.end, kind=found[-1].kind)
            continue
        found.append(Block(start=row.start, end=row.end, kind=row.kind or (kind if known else "paragraph")))
    for at, day in days:
        n = bisect_right(found, at, key=lambda block: block.end)
        if n < len(found):
            found[n] = replace(found[n], day=day)
    return tuple(found)


def _rows(text: str) -> Iterator[_Row]:
    cuts = [at for at in (m.start() for m in _YEAR.finditer(text)) if _opens_item(text, at)]
    done = 0
    number = 0
    free = True  # whether a mark opens an item: nothing that runs on stands before it
    for match in _LINE.finditer(text):
        start, end = _stripped(text, match.start(), match.end())
        if start == end:
            continue
        line = _Row(start, end, width=end - match.start(), number=number)
        line.apart = len(_NEWLINE.findall(text, done, match.start())) > 1
        done, number = match.end(), number + 1
        if _RULE.match(text, start, end):
            free = True
        elif heading := _MARKED.match(text, start, end):
            yield replace(line, start=heading.end(), kind="heading")
            free = True
        elif text[start] == "|" or text.count("|", start, end) > 1:
            yield from (replace(line, start=a, end=b, kind="cell") for a, b in _split(text, start, end, _BAR))
            free = True
        elif at := _item(text, start, end, free=free or line.apart):
            yield from _dotted(text, replace(line, start=at, kind="item"))
            free = True
        else:
            edges = cuts[bisect_left(cuts, start) : bisect_left(cuts, end)]
            for edge, following in pairwise(sorted({start, *edges, end})):
                a, b = _stripped(text, edge, following)
                kind = "caption" if _CAPTION.match(text, a, b) else "item" if edge in edges[:1] or edge > start else ""
                yield from _dotted(text, replace(line, start=a, end=b, kind=kind, apart=line.apart and edge == start))
            free = text[end - 1] in _ENDED


def _item(text: str, start: int, end: int, *, free: bool) -> int:
    """Where the words of an item begin behind its bullet or number, 0 when the line is none."""
    bullet = _BULLET.match(text, start, end)
    if bullet is not None:
        return bullet.end() if free or text[bullet.end()].isupper() else 0
    counted = _NUMBER.match(text, start, end)
    if counted is None:
        return 0
    opening = text[start : counted.end()].strip(" (.)\t\u00a0") in ("1", "a", "i")
    return counted.end() if free or opening else 0


def _dotted(text: str, row: _Row) -> Iterator[_Row]:
    """A row cut at the dots of a list that is written on one line: "Retaken: • A • B"."""
    for n, (a, b) in enumerate(_split(text, row.start, row.end, _DOTS)):
        yield replace(row, start=a, end=b, kind="item" if n else row.kind, apart=row.apart and not n)


def _split(text: str, start: int, end: int, mark: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    at = start
    for match in mark.finditer(text, start, end):
        a, b = _stripped(text, at, match.start())
        if a < b:
            yield a, b
        at = match.end()
    a, b = _stripped(text, at, end)
    if a < b:
        yield a, b


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _opens_item(text: str, at: int) -> bool:
    """Whether a year opens an item: it stands on a new line, after a wide gap, or after a full stop."""
    before = text[max(0, at - 3) : at]
    bare = before.rstrip()
    gap = before[len(bare) :]
    return bool(gap) and (not bare or "\n" in gap or len(gap) > 1 or bare[-1] in ".:!?")


def _parts(text: str, before: _Row, row: _Row, width: int) -> bool:
    """Whether a block ends between two lines."""
    if row.kind or before.kind in ("heading", "cell", "caption"):
        return True
    close = text[before.end - 1]
    tail = text[max(before.start, before.end - 20) : before.end]
    small = text[row.start].islower()
    named = small and _ARTICLE.match(text, row.start)
    ended = close in _ENDED and not (close == "." and _ABBREVIATED.search(tail))
    if ended:
        return not small or bool(named) or row.apart or close in ".!?"
    last = tail.split()[-1].lower()
    if close in _RUNS_ON or (last in _UNFINISHED and before.end - before.start > len(last)):
        return False
    if row.apart:
        return not small or bool(named) or before.end - before.start < _NARROWEST // 2
    if small:
        return False
    opener = _WORD.match(text, row.start, row.end)
    word = opener.group() if opener else ""
    if word in _OPENERS or dateline(text, row.start, row.end) > row.start:
        return True
    return before.width + 1 + len(word) <= width


def _kind(text: str, block: Block, *, last: bool) -> str:
    short = block.end - block.start <= _LONGEST_HEADING
    return "heading" if short and not last and text[block.end - 1] not in _ENDED else "paragraph"


def listed(text: str, blocks: Sequence[Block]) -> frozenset[int]:
    """Where the items begin that are names of one list: short, with nothing ended before them but what leads them in."""
    return frozenset(
        item.start
        for before, item in pairwise(blocks)
        if item.kind == "item"
        and item.end - item.start <= LONGEST_ITEM
        and (text[before.end - 1] == ":" or (before.kind == "item" and text[before.end - 1] not in _ENDED))
    )


_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w.'’ʿ/-]*"
_LATER = rf"(?:,? (?:{_CAPITAL}|\d{{1,4}}(?:st|nd|rd|th)?|al|el|de|la|of|and|the)(?![\w'’])){{0,9}}"
_AGENCIES = "AP|AFP|Reuters|REUTERS|UPI|CNN|Xinhua|BBC|SANA|TASS|RIA|DPA|dpa|IANS|ANI|IRIN"
_DATELINE = re.compile(
    rf"(?P<place>{_CAPITAL}(?: (?:{_CAPITAL}|al|el|de|la|ibn|bin|of|the)(?![\w'’])){{0,4}})"
    rf"(?P<rest>{_LATER}(?: ?\([^()\n]{{2,40}}\))?{_LATER}),?"
    r"(?P<mark> ?(?:--+|—) ?| [–-] | \| |: | {4,})(?=[\"“”'‘(]*[A-ZÀ-Þ\d])"
)
_SIGNED = re.compile(rf"(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ '’/-]+)(?:,{_LATER})? \((?:{_AGENCIES})\)\.? (?=[\"“]?[A-ZÀ-Þ])")
_DAY = re.compile(
    r"(?i)(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|january|february|march|april|august|september|october"
    r"|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)day|spring|summer|autumn|winter|early|mid|late)\b"
)
_STOP = re.compile(r"[.!?](?=\s)")
_DASH = re.compile(r" [–-] |—|--")


def dateline(text: str, start: int, end: int, kind: str = "paragraph") -> int:
    """Where the dateline that a block begins with ends, ``start`` when it has none.

    "BAGHDAD, Nov 18 — ", "KYIV (Agency) – ", "Aleppo, Syria | ", and "Velmar — The army …" unless a second dash makes it
    an insertion ("Velmar — Norland's last town — fell").
    """
    stop = min(end, start + 160)
    found = _DATELINE.match(text, start, stop)
    if found is None:
        signed = _SIGNED.match(text, start, stop)
        return signed.end() if signed is not None else start
    if _DAY.match(found["place"]):
        return start  # "Nov. 28, 2020 — Troops enter …": an item of a chronicle
    name = found["place"].split(" of ")[0]
    loud = sum(map(str.isalpha, name)) > 2 and name.replace("'s", "").isupper()
    dressed = bool(found["rest"].strip())
    mark = found["mark"].strip()
    if mark == ":":
        return found.end() if loud and kind == "paragraph" else start
    if loud or (dressed and (mark or loud) and kind != "cell"):
        return found.end()
    if not mark or mark == "|" or kind != "paragraph":
        return start
    full = _STOP.search(text, found.end(), end)
    again = _DASH.search(text, found.end(), full.start() if full else end)
    return start if again else found.end()


def datelines(text: str, blocks: Sequence[Block]) -> tuple[tuple[int, int], ...]:
    """Start and end of each dateline, in text order."""
    found = ((b.start, dateline(text, b.start, b.end, b.kind)) for b in blocks)
    return tuple((start, end) for start, end in found if end > start)
