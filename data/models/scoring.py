"""Scores of recognised and resolved place names against marked corpora, as the geoparsing literature counts them.

A hit is an overlapping mention within 161 km (100 miles). End to end, recall is over all geocoded gold and precision over
all predictions that do not sit on gold without coordinates. *Tolerant* counts a country within three quarters of the
radius of a disc of its area and a province within 300 km, because corpora put the point of a surface in different places.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mapper.gazetteer import Gazetteer
from mapper.model import Article, ArticleId, Place, Toponym
from mapper.toponyms import reader
from mapper.toponyms.weights import Weights

HIT_KM = 161.0
# square km of the countries whose radius matters; others count as 300,000
_AREA = {
    "RU": 17.1e6, "CA": 9.98e6, "CN": 9.6e6, "US": 9.63e6, "BR": 8.51e6, "AU": 7.69e6, "IN": 3.29e6, "AR": 2.77e6, "KZ": 2.72e6, "DZ": 2.38e6,
    "CD": 2.34e6, "GL": 2.17e6, "SA": 2.15e6, "MX": 1.97e6, "ID": 1.92e6, "SD": 1.86e6, "LY": 1.76e6, "IR": 1.65e6, "MN": 1.56e6, "PE": 1.29e6,
    "TD": 1.28e6, "NE": 1.27e6, "AO": 1.25e6, "ML": 1.24e6, "ZA": 1.22e6, "CO": 1.14e6, "ET": 1.13e6, "BO": 1.1e6, "MR": 1.03e6, "EG": 1.0e6,
}  # fmt: skip


@dataclass(frozen=True)
class Gold:
    """A marked place: where in the text, and either its point or the country or province (``hint``) it is in."""

    start: int
    end: int
    lat: float | None = None
    lon: float | None = None
    hint: str = ""

    @property
    def placed(self) -> bool:
        return self.lat is not None or bool(self.hint)


@dataclass
class Doc:
    article: Article
    gold: list[Gold]
    corpus: str
    rows: list[Any] = field(default_factory=list)  # the trainer keeps its labelled candidates here


@dataclass(frozen=True)
class Score:
    f1: float
    precision: float
    recall: float

    def __str__(self) -> str:
        return f"F1 {self.f1:.3f}  P {self.precision:.3f}  R {self.recall:.3f}"


def km(a: float, b: float, c: float, d: float) -> float:
    """Great-circle distance of two points (lat, lon, lat, lon)."""
    a, b, c, d = map(math.radians, (a, b, c, d))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 12742 * math.asin(math.sqrt(half))


def slack(place: Place) -> float:
    """How far from the gold point a right answer may be, tolerantly."""
    code = place.feature_code
    if code.startswith("PCL"):
        return max(HIT_KM, 0.75 * math.sqrt(_AREA.get(place.country, 3e5) / math.pi))
    return 2500.0 if code == "CONT" else 300.0 if code == "ADM1" else HIT_KM


def fits(place: Place, gold: Gold) -> bool:
    """Whether a place is where the gold says: near its point, or in its country or province."""
    if gold.lat is not None and gold.lon is not None:
        return km(gold.lat, gold.lon, place.lat, place.lon) <= min(slack(place), 1500)
    return gold.hint in (place.country, place.admin1)


def read_corpus(path: Path, corpus: str) -> list[Doc]:
    """JSON lines ``{id, text, url?, gold: [{start, end, lat, lon}]}``."""
    docs = []
    for line in filter(None, path.read_text(encoding="utf-8").split("\n")):
        raw = json.loads(line)
        article = Article(
            id=ArticleId(str(raw["id"])), text=raw["text"], title=raw.get("title") or "", url=raw.get("url") or ""
        )
        docs.append(Doc(article, [Gold(g["start"], g["end"], g["lat"], g["lon"]) for g in raw["gold"]], corpus))
    return docs


def read_marked(path: Path) -> list[Doc]:
    """Our own marked texts, a blank line between them; the head of ``sentences.txt`` says how they are marked."""
    docs = []
    text = "\n".join(line for line in path.read_text(encoding="utf-8").split("\n") if not line.startswith("#"))
    for number, marked in enumerate(re.split(r"\n\s*\n", text.strip())):
        head, _, rest = marked.partition("\n")
        default, block = (head[1:].strip(), rest) if marked.startswith("@") else ("", marked)
        plain, gold, at = "", [], 0
        for match in re.finditer(r"\[\[(.+?)(?:\|([A-Z.0-9]+))?\]\]", block):
            plain += block[at : match.start()]
            gold.append(Gold(len(plain), len(plain) + len(match[1]), hint=match[2] or default))
            plain += match[1]
            at = match.end()
        plain += block[at:]
        docs.append(Doc(Article(id=ArticleId(f"own-{number}"), text=plain), gold, "own"))
        if number % 3 == 0 and len(plain.upper()) == len(plain):
            # texts in capitals: the same sentences, so that nothing rests on case there
            docs.append(Doc(Article(id=ArticleId(f"own-{number}-caps"), text=plain.upper()), gold, "own"))
    return docs


def found_in(docs: Iterable[Doc], gazetteer: Gazetteer, model: Weights | None = None) -> dict[str, tuple[Toponym, ...]]:
    """What the reader finds, by article id; with weights of one's own when given."""
    return {doc.article.id: reader.toponyms_of(doc.article, gazetteer, model=model) for doc in docs}


def end_to_end(
    docs: Sequence[Doc], found: Mapping[str, Sequence[Toponym]], *, demonyms: bool = True, tolerant: bool = False
) -> Score:
    """F1 of mentions found and put within 161 km of the gold."""
    hits = predicted = unplaced = placed = 0
    for doc in docs:
        mentions = [t for t in found[doc.article.id] if demonyms or t.kind != "demonym"]
        predicted += len(mentions)
        placed += sum(g.placed for g in doc.gold)
        for gold, mention in matched(doc.gold, mentions):
            if not gold.placed:
                unplaced += 1
            elif mention.place is not None:
                hits += within(gold, mention.place, tolerant=tolerant)
    return Score(
        2 * hits / max(1, predicted - unplaced + placed), hits / max(1, predicted - unplaced), hits / max(1, placed)
    )


def matched(golds: Sequence[Gold], mentions: Sequence[Toponym]) -> list[tuple[Gold, Toponym]]:
    """Overlapping pairs, one to one, exact spans first."""
    free = set(range(len(mentions)))
    pairs: dict[int, int] = {}
    for exact in (True, False):
        for i, g in enumerate(golds):
            if i in pairs:
                continue
            for k in sorted(free):
                q = mentions[k].quote
                if (q.start, q.end) == (g.start, g.end) if exact else q.start < g.end and g.start < q.end:
                    pairs[i] = k
                    free.discard(k)
                    break
    return [(golds[i], mentions[k]) for i, k in pairs.items()]


def within(gold: Gold, place: Place, *, tolerant: bool) -> bool:
    if gold.lat is None or gold.lon is None:
        return fits(place, gold)
    return km(gold.lat, gold.lon, place.lat, place.lon) <= (slack(place) if tolerant else HIT_KM)


def resolution(
    docs: Iterable[Doc], gazetteer: Gazetteer, model: Weights | None = None, *, tolerant: bool = False
) -> float:
    """The share of all placed gold mentions that is put right when their spans are given."""
    hits = count = 0
    for doc in docs:
        spans = [(g.start, g.end) for g in doc.gold]
        answers = {
            (t.quote.start, t.quote.end): t for t in reader.toponyms_of(doc.article, gazetteer, spans, model=model)
        }
        for gold in doc.gold:
            if gold.placed:
                count += 1
                place = answers[gold.start, gold.end].place if (gold.start, gold.end) in answers else None
                hits += place is not None and within(gold, place, tolerant=tolerant)
    return hits / max(1, count)


def precision_above(docs: Sequence[Doc], found: Mapping[str, Sequence[Toponym]], least: float) -> tuple[float, int]:
    """Of the mentions with at least this score, the share that is right within 161 km, and how many there are."""
    right = count = 0
    for doc in docs:
        for mention in found[doc.article.id]:
            q = mention.quote
            over = [g for g in doc.gold if g.start < q.end and q.start < g.end]
            if mention.score < least or (over and not any(g.placed for g in over)):
                continue
            count += 1
            place = mention.place
            right += place is not None and any(g.placed and within(g, place, tolerant=False) for g in over)
    return right / max(1, count), count
