"""The names of a corpus that were not found, for people who settle them by hand."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from mapper.model import Article, Toponym

_NOT_IN_TOML = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # neither as it is in a comment nor in a string


def unresolved(found: Iterable[tuple[Article, Sequence[Toponym]]]) -> list[dict[str, str]]:
    """Names that were not found, or only as part of a region: count, nearest answer and a sentence; most frequent first.

    Rows have ``name, count, nearest, place_id, sentence``; ``alias_lines`` makes an alias file of them.
    """
    counts: Counter[str] = Counter()
    shown: dict[str, tuple[Toponym, str]] = {}
    for article, toponyms in found:
        for toponym in toponyms:
            if toponym.place is not None and toponym.kind != "coarse":
                continue
            counts[toponym.text] += 1
            if toponym.text not in shown:
                shown[toponym.text] = (toponym, sentence_around(article.text, toponym.quote.start, toponym.quote.end))
    rows = []
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        toponym, sentence = shown[name]
        place = toponym.place
        rows.append(
            {
                "name": name,
                "count": str(count),
                "nearest": "" if place is None else place.name,
                "place_id": "" if place is None else place.id,
                "sentence": sentence,
            }
        )
    return rows


_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*\s+(?=[\"'“‘(]?[A-Z\u0600-\u06ff])|\n\s*\n")


def sentence_around(text: str, start: int, end: int, longest: int = 240) -> str:
    """The sentence that holds a span, on one line, cut to a length."""
    left = max(0, start - longest)
    begin = left
    for match in _SENTENCE_END.finditer(text, left, start):
        begin = match.end()
    after = _SENTENCE_END.search(text, end, min(len(text), end + longest))
    stop = after.start() + 1 if after is not None else min(len(text), end + longest)
    return " ".join(text[begin:stop].split())


def alias_lines(rows: Iterable[dict[str, str]]) -> str:
    """The rows of ``unresolved`` as the start of an alias table of ``mapper.toml``.

    Each name is a line to fill in, commented out, so that what is pasted and not yet filled in settles nothing.
    """
    lines = ["[aliases]"]
    for row in rows:
        where = f"; taken as near {row['nearest']} ({row['place_id']})" if row["place_id"] else ""
        times = "once" if row["count"] == "1" else f"{row['count']} times"
        lines += [
            "",
            f"# {times}{where}: {_NOT_IN_TOML.sub(' ', row['sentence'])}",
            f'# {json.dumps(row["name"], ensure_ascii=False)} = "geonames:"',
        ]
    return "\n".join(lines) + "\n"
