"""Speed of reading: dates, actors and the whole way from text to claims, in articles of 3,000 characters a second.

One core. War news is the text of the archive's bench: one of our gold articles, three claims on average, and ordinary
sentences around it. Dense text is gold articles joined to that length, nearly forty claims in each: the worst case, shown
with a floor of its own. Run alone or by ``make bench``; exit code 1 below a bar.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import archive

from mapper.actors import ActorIndex, find_actors
from mapper.claims import extract_claims
from mapper.config import lexicon
from mapper.dates import find_times
from mapper.gazetteer import Gazetteer
from mapper.model import Article, ArticleId
from mapper.reader import open_reader
from mapper.toponyms import find_toponyms

GOLD = Path(__file__).parents[1] / "evals" / "claims" / "gold_articles.jsonl"
LENGTH = 3_000
BARS = {
    "dates": 1_000,
    "actors": 500,
    "war news, rules alone": 100,
    "dense text, rules alone": 40,
    "war news, with the reader": 20,
    "dense text, with the reader": 7,
}


def news() -> list[Article]:
    return [
        Article(id=ArticleId(a["id"]), text=a["text"], published=date.fromisoformat(a["published"]))
        for a in archive.articles(60)
    ]


def articles() -> list[Article]:
    """Each starts with another gold article, so that nothing is read twice in the same context."""
    documents = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").split("\n") if line]
    made = []
    for number, first in enumerate(documents):
        text = "\n\n".join(d["text"] for d in documents[number:] + documents[:number])[:LENGTH]
        made.append(Article(id=ArticleId(first["id"]), text=text, published=date.fromisoformat(first["published"])))
    return made


def rate(read: Callable[[Article], object], texts: list[Article], rounds: int = 5) -> float:
    """Articles a second of processor time, the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for text in texts:
            read(text)
        best = min(best, time.process_time() - start)
    return len(texts) / best


def main() -> int:
    texts = articles()
    index = ActorIndex(lexicon())
    gazetteer = Gazetteer.open()
    rates = {
        "dates": rate(lambda article: find_times(article.text, article.published), texts),
        "actors": rate(lambda article: find_actors(article.text, index), texts),
    }
    for voice, reader in (("rules alone", None), ("with the reader", open_reader("full"))):
        for kind, given in (("war news", news()), ("dense text", texts)):
            rates[f"{kind}, {voice}"] = rate(
                lambda article, reader=reader: extract_claims(
                    article, find_toponyms(article, gazetteer), index, reader
                ),
                given,
                rounds=3,
            )
    for name, figure in rates.items():
        print(f"{name:30s} {figure:8,.0f} articles a second (bar {BARS[name]:,})")
    return 0 if all(rates[name] >= bar for name, bar in BARS.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
