"""The article the project was born from. It is not ours to ship: the cases run where it lies beside the checkout."""

from __future__ import annotations

import json
from datetime import date
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

import pytest

from mapper.articles import read_articles
from mapper.config import default_config
from mapper.gazetteer import Gazetteer
from mapper.model import Article, Basis, Extent, Modality, Predicate, Status
from mapper.pipeline import run

SEED = Path(__file__).resolve().parent.parent.parent / "shared" / "seed"
pytestmark = pytest.mark.skipif(not SEED.is_dir(), reason="the seed article is not beside this checkout")


def km(a: float, b: float, c: float, d: float) -> float:
    a, b, c, d = map(radians, (a, b, c, d))
    return 12742 * asin(sqrt(sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2))


@pytest.fixture(scope="module")
def result():
    found = list(read_articles([str(SEED / "article.txt")]))
    articles = [f for f in found if isinstance(f, Article)]
    assert len(articles) == 1
    assert articles[0].published in (date(2017, 11, 17), date(2017, 11, 18)), "inferred from Friday (November 17)"
    return run(articles, gazetteer=Gazetteer.open(), config=default_config())


@pytest.fixture(scope="module")
def gold():
    return json.loads((SEED / "toponyms.json").read_text(encoding="utf-8"))["toponyms"]


def overlapping(result, one):
    return [t for t in result.toponyms if t.quote.start < one["end"] and one["start"] < t.quote.end]


def test_every_place_is_found_and_resolved(result, gold) -> None:
    wrong = []
    for one in gold:
        found = overlapping(result, one)
        if not found or found[0].place is None:
            wrong.append((one["text"], "not found" if not found else "unresolved"))
            continue
        place = (found[0].named or found[0]).place  # the country in "its border with Syria"
        if one["kind"] in ("town", "camp", "district", "capital-as-metonym"):
            ok = km(one["lat"], one["lon"], place.lat, place.lon) <= 25
        elif one["kind"] == "country":
            ok = place.country == one["country"] and place.feature_code.startswith("PCL")
        elif one["kind"] == "province":
            ok = place.country == one["country"] and place.feature_code == "ADM1"
        elif one["text"].startswith("Euphrates"):
            ok = "euphrates" in place.name.lower()
        else:
            ok = place.country == one["country"] and place.feature_class == "A"
        if not ok:
            wrong.append((one["text"], place.id, place.name))
    assert not wrong


def test_datelines_and_governments_are_told_apart(result) -> None:
    kinds = {(t.text, t.kind) for t in result.toponyms}
    assert ("AMMAN", "dateline") in kinds
    assert ("Baghdad", "metonym") in kinds


def claims_on(result, text: str, predicate: Predicate):
    return [
        c
        for c in result.claims
        if c.predicate == predicate
        and c.modality.mapped
        and text in (c.place_text, result.places[c.place_id].name if c.place_id else "")
    ]


def test_rawa_and_mosul_are_captured_when_the_article_says(result) -> None:
    rawa = claims_on(result, "Rawa", Predicate.CAPTURED)
    assert {(c.actor_id, c.other_id, c.when.edtf) for c in rawa} >= {("iraq", "is", "2017-11-17")}
    mosul = claims_on(result, "Mosul", Predicate.CAPTURED)
    assert {(c.actor_id, c.when.edtf, c.when.precision) for c in mosul} == {("iraq", "2017-07", "month")}


def test_rawa_changes_hands_on_the_timeline(result) -> None:
    place = next(c.place_id for c in claims_on(result, "Rawa", Predicate.CAPTURED))
    day = {d: result.timeline.at(date.fromisoformat(d)).get(place) for d in ("2017-10-27", "2017-10-28", "2017-11-17")}
    assert (day["2017-10-27"].status, day["2017-10-27"].actor_id, day["2017-10-27"].basis) == (
        Status.CONTROLLED,
        "is",
        Basis.IMPLIED,
    )
    assert day["2017-10-28"].status == Status.CONTESTED
    assert (day["2017-11-17"].status, day["2017-11-17"].actor_id) == (Status.CONTROLLED, "iraq")


def test_the_share_of_the_caliphate_is_understood(result) -> None:
    (share,) = [s for s in result.share_claims if s.fraction == pytest.approx(0.95)]
    assert share.lost
    assert share.actor_id == "is"
    assert {result.places[r].country for r in share.region} == {"IQ", "SY"}
    assert share.baseline.edtf.startswith("2014")
    assert "coalition" in share.said_by


def test_parts_presence_and_fights_are_told_apart(result) -> None:
    deir = claims_on(result, "Deir Ezzor Province", Predicate.HOLDS)
    assert any(c.extent == Extent.PART and c.actor_id == "is" for c in deir)
    for name in ("Yarmuk refugee camp", "Hajar Aswad district"):
        assert claims_on(result, name, Predicate.PRESENCE), name
        assert claims_on(result, name, Predicate.CONTESTED), name


def test_nothing_planned_is_on_the_timeline(result) -> None:
    by_id = {c.id: c for c in result.claims}
    used = {i for p in result.timeline.periods for i in p.claim_ids}
    assert used
    assert not [by_id[i].quote.text for i in used if by_id[i].modality not in (Modality.ASSERTED, Modality.ATTRIBUTED)]


def test_the_territory_holds_the_towns(result) -> None:
    assert result.territory is not None
    assert set(result.territory.countries) == {"IQ", "SY"}
