"""Turns the compact notation of the labelled texts into JSONL, and refuses what does not fit its text.

    python data/models/reader_texts/convert.py data/models/reader_texts/*.txt > out.jsonl

The notation
------------
``@ Raqqa | SY 35.95 39.01`` says once, for all files of the call, where a place is (``? ?`` where that is not known).
A text starts with ``=== id | published | kind``; its paragraphs follow, then ``---`` and one claim a line::

    place | predicate | actor | other | when | modality | share

Empty fields at the end may be left out. An empty modality is *asserted*, a when of ``.`` is the date of publication, and
``?`` before the line marks a defensible extra. Several places, or several actors, are parted by ``;``: places share the
rest of the line (one claim each), actors act together. A line starting with ``#`` is a comment.

A place, actor or other is the words of the text, in one of these forms:

========================  ===========================================================================================
``Raqqa``                 the words; a place must stand once in the text, an actor is sought nearest to the place
``Raqqa#2``               their second occurrence
``overran [the town] in`` the words in brackets, where the words around them stand (once) in the text
``the town=Raqqa``        any of these, with the name meant
``=Islamic State``        a name only, no words of the text (actors and others)
========================  ===========================================================================================
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

PREDICATES = frozenset(
    {
        "captured",
        "lost",
        "withdrew",
        "transferred",
        "holds",
        "contested",
        "besieged",
        "siege_lifted",
        "presence",
        "denied",
    }
)
MODALITIES = frozenset({"asserted", "attributed", "planned", "hypothetical", "negated"})
FIELDS = 7
COORDINATED = 12  # characters: ' and the ', ', '
LOSER_ONLY = frozenset({"lost", "withdrew"})  # who loses is *other*; a taker would make it a capture
REFERRING = frozenset(
    {"the", "this", "that", "it", "its", "them", "there", "here", "which", "both", "all", "a", "these", "those", "his"}
)
EDTF_DATE = re.compile(r"(\d{4}|\d{3}X)(?:-(\d\d)(?:-(\d\d))?)?")
SENTENCE_END = re.compile(r"[.!?][\"”’)]*\s+(?=[\"“‘(]?[A-Z0-9])|\n+")
Span = tuple[int, int]
Places = dict[str, tuple[str, float | None, float | None]]  # country, latitude, longitude


class NotationError(ValueError):
    """A line that does not fit the notation or its text."""


def refuse(why: str) -> NoReturn:
    raise NotationError(why)


@dataclass
class Block:
    """One text with the lines of its claims."""

    id: str
    published: str
    kind: str
    paragraphs: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs).strip()


def read(path: Path, places: Places) -> list[Block]:
    """The blocks of a file; its ``@`` lines are added to ``places``."""
    blocks: list[Block] = []
    in_claims = True
    for line in path.read_text(encoding="utf-8").splitlines():
        if in_claims and line.startswith("@ "):
            name, _, where = line[2:].partition("|")
            country, lat, lon = where.split()
            at = (country, None if lat == "?" else float(lat), None if lon == "?" else float(lon))
            if places.setdefault(name.strip(), at) != at:
                refuse(f"{path.name}: {name.strip()} is put in two places")
        elif line.startswith("=== "):
            name, published, kind = (x.strip() for x in line[4:].split("|"))
            blocks.append(Block(name, published, kind))
            in_claims = False
        elif line == "---":
            in_claims = True
        elif not in_claims:
            blocks[-1].paragraphs.append(line.rstrip())
        elif line.strip() and not line.startswith("#"):
            blocks[-1].lines.append(line.strip())
    return blocks


def occurrences(words: str, text: str) -> list[Span]:
    """Where the words stand as whole words."""
    return [m.span() for m in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]


def sentence(at: int, text: str) -> int:
    return sum(1 for m in SENTENCE_END.finditer(text) if m.end() <= at)


def locate(mention: str, text: str, near: int | None) -> tuple[Span | None, str]:
    """Where a mention stands, and the name it means."""
    words, _, name = (x.strip() for x in mention.partition("="))
    if not words:
        return None, name
    if inside := re.fullmatch(r"(.*?)\[(.+?)\](.*)", words):
        before, words, after = inside.groups()
        whole = before + words + after
        if text.count(whole) != 1:
            refuse(f"{whole!r} stands {text.count(whole)} times in the text")
        start = text.index(whole) + len(before)
        return (start, start + len(words)), name or words
    words, _, number = words.partition("#")
    found = occurrences(words, text)
    if number:
        if len(found) < int(number):
            refuse(f"{words!r} stands only {len(found)} times in the text")
        return found[int(number) - 1], name or words
    if not found:
        refuse(f"{words!r} is not in the text")
    if near is None:
        if len(found) > 1:
            refuse(f"{words!r} stands {len(found)} times in the text: say which")
        return found[0], name or words
    here = sentence(near, text)
    return min(found, key=lambda s: (sentence(s[0], text) != here, s[0] > near, abs(s[0] - near))), name or words


def locate_all(mentions: str, text: str, near: int) -> tuple[list[Span], str]:
    """The spans of several sides acting together, and their names."""
    found = [locate(m, text, near) for m in mentions.split(";") if m.strip()]
    return [span for span, _ in found if span], "; ".join(name for _, name in found)


def extent(spans: list[Span], side: str) -> dict[str, int | None]:
    """From where to where a side stands: a coordination whole if nothing but a word or two is between, else its first."""
    if not spans:
        return {f"{side}_start": None, f"{side}_end": None}
    close = all(0 < later[0] - earlier[1] <= COORDINATED for earlier, later in pairwise(spans))
    return {f"{side}_start": spans[0][0], f"{side}_end": spans[-1 if close else 0][1]}


def is_edtf(when: str) -> bool:
    """Whether it is empty, a year, month or day, a decade, or an interval of them that runs forward."""
    if not when:
        return True
    ends = when.split("/")
    for end in ends:
        if not (m := EDTF_DATE.fullmatch(end)):
            return False
        year, month, day = m.groups()
        try:
            date(int(year.replace("X", "0")), int(month or 1), int(day or 1))
        except ValueError:
            return False
    return len(ends) == 1 or (len(ends) == 2 and ends[0].replace("X", "0") <= ends[1])


def claims_of(line: str, block: Block, places: Places) -> list[dict[str, Any]]:
    """The claims of one line: one for each of its places."""
    parts = [x.strip() for x in line.split("|")]
    if len(parts) > FIELDS:
        refuse("too many fields")
    where, predicate, actor, other, when, modality, share = parts + [""] * (FIELDS - len(parts))
    when, modality, text = block.published if when == "." else when, modality or "asserted", block.text
    if predicate not in PREDICATES or modality not in MODALITIES:
        refuse(f"unknown predicate or modality: {predicate!r}, {modality!r}")
    if not is_edtf(when):
        refuse(f"not an EDTF date: {when!r}")
    if predicate in LOSER_ONLY and actor:
        refuse(f"{predicate} takes no actor: the loser is the other")
    if share and not all(x.strip() in text for x in share.split("...")):
        refuse(f"the share {share!r} is not in the text")
    claims = []
    for mention in where.split(";"):
        span, name = locate(mention, text, None)
        if span is None:
            refuse(f"no words for the place {name!r}")
        if name not in places:
            refuse(f"no @ line for {name!r}")
        country, lat, lon = places[name]
        actors, actor_name = locate_all(actor, text, span[0])
        others, other_name = locate_all(other, text, span[0])
        claim: dict[str, Any] = {
            "place": name, "start": span[0], "end": span[1], "country": country, "lat": lat, "lon": lon,
            "predicate": predicate, "actor": actor_name, "other": other_name, "when": when, "modality": modality,
            **extent(actors, "actor"), **extent(others, "other"),
        }  # fmt: skip
        if share:
            claim["share"] = share
        if len(actors) > 1:
            claim["actor_spans"] = [list(s) for s in actors]
        if len(others) > 1:
            claim["other_spans"] = [list(s) for s in others]
        words = text[span[0] : span[1]].lower()
        if not share and words.split()[0] in REFERRING and not set(words.split()) & set(name.lower().split()) - {"the"}:
            claim["anaphor"] = True
        claims.append(claim)
    return claims


def record(block: Block, places: Places, faults: list[str]) -> dict[str, Any]:
    """The text with its claims, as a line of the training files has it."""
    out: dict[str, Any] = {
        "id": block.id, "source": "own", "licence": "MIT", "published": block.published or None, "text": block.text,
        "claims": [], "optional": [],
    }  # fmt: skip
    for line in block.lines:
        try:
            out["optional" if line.startswith("?") else "claims"] += claims_of(line.lstrip("? "), block, places)
        except NotationError as fault:
            faults.append(f"{block.id}: {fault}\n    {line}")
    return out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--counts", action="store_true", help="say on stderr what the texts hold")
    args = parser.parse_args()
    places: Places = {}
    try:
        blocks = [block for path in args.files for block in read(path, places)]
    except NotationError as fault:
        print(fault, file=sys.stderr)
        return 1
    faults = [f"{name}: used for {n} texts" for name, n in Counter(b.id for b in blocks).items() if n > 1]
    faults += [f"{b.id}: not a date: {b.published!r}" for b in blocks if not is_edtf(b.published)]
    records = [record(block, places, faults) for block in blocks]
    if faults:
        print("\n".join(faults), file=sys.stderr)
        return 1
    for line in records:
        print(json.dumps(line, ensure_ascii=False))
    if args.counts:
        of = [c for r in records for c in r["claims"]]
        for title, counts in (
            ("texts", Counter(b.kind for b in blocks)),
            ("texts without a claim", Counter(b.kind for b, r in zip(blocks, records, strict=True) if not r["claims"])),
            ("predicates", Counter(c["predicate"] for c in of)),
            ("modalities", Counter(c["modality"] for c in of)),
        ):
            print(f"{title}: {counts.total()}: {dict(counts.most_common())}", file=sys.stderr)
        print(f"optional: {sum(len(r['optional']) for r in records)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
