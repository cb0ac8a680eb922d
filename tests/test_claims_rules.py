"""Every rule of the table finds its positive sentence and leaves its negative one alone."""

from __future__ import annotations

import re

import pytest

from mapper.actors import ActorIndex
from mapper.claims import RULES, Extraction, Rule, extract_claims
from mapper.config import lexicon
from mapper.model import Article, ArticleId, Place, PlaceId, Quote, Toponym

INDEX = ActorIndex(lexicon())
_MARK = re.compile(r"\{([^}]+)\}")


def extract(marked: str, **article: object) -> Extraction:
    """Claims of a text in which ``{Name}`` marks the place names."""
    text, toponyms, shift = "", [], 0
    identity = ArticleId("t")
    for match in _MARK.finditer(marked):
        text += marked[shift : match.start()]
        place = Place(id=PlaceId(f"table:{match.group(1).lower()}"), name=match.group(1), lat=1.0, lon=2.0)
        quote = Quote(article_id=identity, start=len(text), end=len(text) + len(match.group(1)), text=match.group(1))
        toponyms.append(Toponym(quote=quote, place=place, score=0.9))
        text += match.group(1)
        shift = match.end()
    text += marked[shift:]
    return extract_claims(Article(id=identity, text=text, **article), toponyms, INDEX)  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_finds_its_positive_sentence(rule: Rule) -> None:
    claims = extract(rule.positive).claims
    assert any(c.rule == rule.name and c.predicate is rule.predicate and "Velmar" in c.place_text for c in claims), (
        claims
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_leaves_its_negative_sentence_alone(rule: Rule) -> None:
    assert extract(rule.negative).claims == ()


def test_rule_names_are_unique_and_speak_for_themselves() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)
