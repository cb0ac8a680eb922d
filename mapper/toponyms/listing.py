"""The names of a corpus that were not found, for people who settle them by hand."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from mapper.model import Article, Issue, Rival, Toponym

_NOT_IN_TOML = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # neither as it is in a comment nor in a string


def unresolved(
    found: Iterable[tuple[Article, Sequence[Toponym]]],
    lost: Iterable[tuple[Article, Sequence[Issue]]] = (),
    suggest: Callable[[str, Sequence[Toponym]], Sequence[Rival]] | None = None,
) -> list[dict[str, str]]:
    """Names that were not found, or only as part of a region: count, nearest answer and a sentence; most frequent first.

    ``lost`` are articles with their Issues, of which ``place-unresolved`` names what cost a claim its place though no
    toponym was seen in it; ``suggest`` says what such a name may be. Rows have ``name, count, nearest, place_id, meant,
    meant_id, sentence``; ``alias_lines`` makes an alias file of them.
    """
    counts: Counter[str] = Counter()
    shown: dict[str, tuple[Toponym | None, str, Sequence[Rival]]] = {}
    seen: dict[str, Sequence[Toponym]] = {}
    for article, toponyms in found:
        seen[article.id] = toponyms
        for toponym in toponyms:
            if toponym.place is not None and toponym.kind != "coarse":
                continue
            counts[toponym.text] += 1
            if toponym.text not in shown:
                sentence = sentence_around(article.text, toponym.quote.start, toponym.quote.end)
                shown[toponym.text] = toponym, sentence, toponym.rivals
    for article, issues in lost:
        for issue in issues:
            quote, name = issue.quote, issue.value
            if issue.code != "place-unresolved" or quote is None or not name or name in shown:
                continue
            if any(f" {toponym.text} " in f" {name} " for toponym in seen.get(article.id, ()) if toponym.text in shown):
                continue  # "Zorbatal village", where Zorbatal is listed
            start = max(quote.start, article.text.find(name, quote.start, quote.end))
            rivals = suggest(name, seen.get(article.id, ())) if suggest is not None else ()
            shown[name] = None, sentence_around(article.text, start, start + len(name)), rivals
            counts[name] = max(1, article.text.count(name))
    rows = []
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        mention, sentence, rivals = shown[name]
        place = mention.place if mention is not None else None
        rows.append(
            {
                "name": name,
                "count": str(count),
                "nearest": "" if place is None else place.name,
                "place_id": "" if place is None else place.id,
                "meant": f"{rivals[0].name} ({rivals[0].country})" if rivals else "",
                "meant_id": rivals[0].place_id if rivals else "",
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


def alias_line(name: str, place_id: str) -> str:
    """The line of the alias table that settles a name, as TOML wants it."""
    return f"{json.dumps(_NOT_IN_TOML.sub(' ', name), ensure_ascii=False)} = {json.dumps(place_id)}"


def alias_lines(rows: Iterable[dict[str, str]]) -> str:
    """The rows of ``unresolved`` as the start of an alias table of ``mapper.toml``.

    Each name is a line to fill in, commented out, so that what is pasted and not yet filled in settles nothing.
    """
    lines = ["[aliases]"]
    for row in rows:
        meant = f"; did you mean {row['meant']}?" if row.get("meant") else ""
        where = f"; taken as near {row['nearest']} ({row['place_id']})" if row["place_id"] else ""
        times = "once" if row["count"] == "1" else f"{row['count']} times"
        lines += [
            "",
            f"# {times}{where}{_NOT_IN_TOML.sub(' ', meant)}: {_NOT_IN_TOML.sub(' ', row['sentence'])}",
            f"# {alias_line(row['name'], row.get('meant_id') or 'geonames:')}",
        ]
    return "\n".join(lines) + "\n"
