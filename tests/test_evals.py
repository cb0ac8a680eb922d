"""The gold the evals measure with is well formed: a score against a broken gold says nothing."""

from __future__ import annotations

import json
import runpy
from collections import Counter
from pathlib import Path

import pytest

from mapper.dates import parse_edtf
from mapper.model import Modality, Predicate

GOLD = Path(__file__).parent / "evals" / "claims"
batches = runpy.run_path(str(GOLD.parent / "batches.py"))["batches"]
FILES = ("gold_sentences.jsonl", "gold_news.jsonl", "gold_articles.jsonl")


def documents(name: str) -> list[dict]:
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").split("\n") if line]


def test_there_are_enough_texts_over_enough_conflicts() -> None:
    sentences, articles = documents(FILES[0]), documents(FILES[2])
    assert len(sentences) >= 150
    assert len(articles) >= 20
    claims = [claim for document in sentences + articles for claim in document["claims"]]
    countries = Counter(claim["country"] for claim in claims)
    assert len([country for country, count in countries.items() if count >= 5]) >= 8
    assert {claim["predicate"] for claim in claims} == set(Predicate)
    assert {claim["modality"] for claim in claims} == set(Modality)
    assert sum(not document["claims"] for document in sentences) >= 40


def test_batches_name_only_words_of_their_texts() -> None:
    documents = batches(GOLD / "batches.txt")
    assert len(documents) >= 120
    for document in documents:
        published = parse_edtf(document["published"])
        for claim in document["claims"] + document["optional"]:
            assert claim["place"].lower() in document["text"].lower(), document["text"]
            for party in filter(None, (claim["actor"], claim["other"])):
                assert all(word.lower() in document["text"].lower() for word in party.split()), (document["id"], party)
            Predicate(claim["predicate"])
            Modality(claim["modality"])
            when = parse_edtf(claim["when"])
            assert not claim["when"] or (when.known and when.earliest < published.latest), document["id"]


@pytest.mark.parametrize("name", FILES)
def test_each_claim_points_at_its_words(name: str) -> None:
    seen = set()
    for document in documents(name):
        assert document["id"] not in seen
        seen.add(document["id"])
        assert document["published"]
        text = document["text"]
        for claim in document["claims"] + document.get("optional", []):
            assert text[claim["start"] : claim["end"]] == claim["place"], document["id"]
            for party in filter(None, (claim["actor"] + "; " + claim["other"]).split("; ")):
                assert party.lower() in text.lower(), (document["id"], party)
            if claim.get("share"):
                assert claim["share"].lower() in text.lower(), document["id"]


@pytest.mark.parametrize("name", FILES)
def test_each_claim_has_a_known_vocabulary_and_a_readable_date_not_after_publication(name: str) -> None:
    for document in documents(name):
        published = parse_edtf(document["published"])
        for claim in document["claims"]:
            Predicate(claim["predicate"])
            Modality(claim["modality"])
            assert -90 <= claim["lat"] <= 90
            assert -180 <= claim["lon"] <= 180
            when = parse_edtf(claim["when"])
            if when.known:
                assert when.earliest < published.latest, (document["id"], claim["when"])
