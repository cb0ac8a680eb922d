"""No pattern backtracks catastrophically, and no text makes the extractor slow out of proportion.

Every compiled pattern of the program is found by walking its modules, so a new one is tested without being listed.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import mapper
from mapper.actors import ActorIndex
from mapper.articles import MAX_CHARACTERS, make_article
from mapper.config import lexicon
from mapper.gazetteer import Gazetteer
from mapper.model import Article, ArticleId, Issue
from mapper.pipeline import read

SMALL, LARGE = 500, 2_000  # four times the text may take about four times as long, not sixteen
GROWTH = 9.0
WINDOWS = {  # patterns that are only shown so many characters: what they do with more does not matter
    "mapper.toponyms.kinds._DISTANCE": 90,
    "mapper.toponyms.kinds._AWAY": 90,
    "mapper.claims.tokens._LAST_WORD": 12,
}
INSTANT = 0.004  # seconds: below this, timing is noise
HANG = 2.0  # seconds nothing may take at LARGE


def walked(value: object, seen: set[int], depth: int = 0) -> Iterator[re.Pattern[str]]:
    if id(value) in seen or depth > 5:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        for item in [*value.keys(), *value.values()][:5_000]:
            yield from walked(item, seen, depth + 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in list(value)[:5_000]:
            yield from walked(item, seen, depth + 1)
    elif is_dataclass(value) and not isinstance(value, type):
        for entry in fields(value):
            yield from walked(getattr(value, entry.name, None), seen, depth + 1)
    elif isinstance(value, type) and value.__module__.startswith("mapper"):
        for item in vars(value).values():
            yield from walked(item, seen, depth + 1)


def patterns() -> list[tuple[str, re.Pattern[str]]]:
    found: dict[tuple[str, int], str] = {}
    seen: set[int] = set()
    for entry in pkgutil.walk_packages(mapper.__path__, "mapper."):
        if entry.name.endswith("__main__"):
            continue
        module = importlib.import_module(entry.name)
        for name, value in sorted(vars(module).items()):
            for pattern in walked(value, seen):
                if isinstance(pattern.pattern, str):
                    found.setdefault((pattern.pattern, pattern.flags), f"{entry.name}.{name}")
    return [(where, re.compile(text, flags)) for (text, flags), where in found.items()]


PATTERNS = patterns()
WORDS = re.compile(r"[A-Za-z]{2,}|\d+")


def own_words(pattern: str) -> list[str]:
    """Words out of the pattern itself: what it waits for is what makes it try again."""
    plain = re.sub(r"\(\?P?[<:=!][^)>]*>?|\\[a-zA-Z]|\[[^\]]*\]|\{[^}]*\}", " ", pattern)
    return sorted(set(WORDS.findall(plain)), key=lambda word: (-len(word), word))[:12] or ["a"]


def worst(pattern: str, size: int) -> Iterator[str]:
    """Long strings that almost match."""
    for unit in ("a", "A", " ", "\n", "0", "(", "-", ".", ",", "'", '"', "é", "x ", "A ", "Ab ", "1 ", "1,", "a-", "a.", "a,",
                 "- ", "\t\n", "Of ", "of the ", "the of ", "A. ", "aa\n\n", "12-", "<a ", "&a;", "A'b", "Ab-"):  # fmt: skip
        yield (unit * size)[:size] + "\x00"
    mine = own_words(pattern)
    for unit in (" ".join(mine) + " ", mine[0] + " ", mine[-1] + " ", mine[0], mine[0] + "-", mine[0] + ", "):
        yield (unit * size)[:size] + "\x00"


SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(Path(mapper.__file__).parent.rglob("*.py")))


@cache
def searches(where: str) -> bool:
    """Whether the program looks for the pattern everywhere in a text, or only where a text begins."""
    name = where.rpartition(".")[2]
    if re.search(rf"\b{name}\.(?:search|finditer|findall|sub|split)\b", SOURCE):
        return True
    return not re.search(rf"\b{name}\.(?:match|fullmatch)\b", SOURCE)


def seconds(where: str, pattern: re.Pattern[str], text: str) -> float:
    start = time.process_time()
    if searches(where):
        for _ in pattern.finditer(text):
            pass
    else:
        pattern.match(text)
        pattern.fullmatch(text)
    return time.process_time() - start


def test_the_walk_finds_the_patterns() -> None:
    assert len(PATTERNS) > 80
    homes = {where.split(".")[1] for where, _ in PATTERNS}
    assert homes >= {"articles", "claims", "dates", "toponyms", "records", "cli"}


@pytest.mark.parametrize(("where", "pattern"), PATTERNS, ids=[f"{where}-{i}" for i, (where, _) in enumerate(PATTERNS)])
def test_a_pattern_takes_time_in_proportion_to_the_text(where: str, pattern: re.Pattern[str]) -> None:
    window = WINDOWS.get(where, LARGE)
    for small, whole in zip(worst(pattern.pattern, SMALL), worst(pattern.pattern, LARGE), strict=True):
        large = whole[:window]
        taken = seconds(where, pattern, large)
        assert taken < HANG, f"{where}: {taken:.1f} s on {large[:30]!r}…"
        if taken < INSTANT:
            continue
        before = min(seconds(where, pattern, small[:window]) for _ in range(3))
        taken = min(taken, seconds(where, pattern, large))
        assert taken < max(INSTANT, GROWTH * before), f"{where}: {before:.4f} → {taken:.4f} s on {large[:30]!r}…"


UNITS = (
    " ", "a", "0", '"', "(", "\n", "A. ", ". . ", ", ", "of the ", "Baghdad ", "captured ", "ISIS ", "Monday ", "1 May 2017, ",
    "said that ", "Abcd Efgh ", "Al-", "Mosul, Raqqa and ", "The army captured Mosul. ", "95% of ", "30 km north of ", "\u202eabc ",
    "Al-Bab-", "Qa'a", "The army took A and soldiers went on, ",
)  # fmt: skip


@pytest.fixture(scope="module")
def tools() -> tuple[Gazetteer, ActorIndex]:
    return Gazetteer.open(), ActorIndex(lexicon())


@pytest.mark.parametrize("unit", UNITS)
def test_reading_takes_time_in_proportion_to_the_article(unit: str, tools: tuple[Gazetteer, ActorIndex]) -> None:
    def taken(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        start = time.process_time()
        read(Article(id=ArticleId("x"), text=text, published=date(2017, 7, 1)), *tools)
        return time.process_time() - start

    taken(2_000)
    before, after = taken(12_000), taken(48_000)
    assert after < max(1.0, GROWTH * before), f"{before:.2f} s → {after:.2f} s"


@pytest.mark.slow
def test_a_quarter_of_a_megabyte_of_claims_is_read_in_bounded_time(tools: tuple[Gazetteer, ActorIndex]) -> None:
    text = "The army captured Mosul from ISIS on Monday, officials said. " * 4_000
    start = time.process_time()
    read(Article(id=ArticleId("x"), text=text, published=date(2017, 7, 1)), *tools)
    assert time.process_time() - start < 60


def test_an_article_over_the_bound_is_an_issue() -> None:
    (found,) = make_article({"text": "x" * (MAX_CHARACTERS + 1)})
    assert isinstance(found, Issue)
    assert found.code == "article-too-long"
