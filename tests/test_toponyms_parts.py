"""The parts of the toponym reader by themselves: words, spans, rules, kinds, ranking, weights."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.bundled import bundled
from mapper.gazetteer import Gazetteer, normalise
from mapper.layout import datelines, infer_blocks
from mapper.model import Place, PlaceId
from mapper.toponyms import reader, resolver
from mapper.toponyms import reading as reading_steps
from mapper.toponyms.kinds import destination, kind_of, middle, offset_of, widen
from mapper.toponyms.lexicon import describe
from mapper.toponyms.names import Atlas, km
from mapper.toponyms.recogniser import score
from mapper.toponyms.spans import Finder, Span, of_cue, rule_spans
from mapper.toponyms.tokens import Tokens, tokenise
from mapper.toponyms.weights import weights, words
from mapper.toponyms.words import DEMONYMS


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return Atlas(Gazetteer.open())


def span_of(tokens: Tokens, name: str) -> Span:
    """The span of a name's words in a tokenised text."""
    start = tokens.text.index(name)
    first = tokens.starts.index(start)
    last = next(i for i in range(first, len(tokens)) if tokens.ends[i] >= start + len(name)) + 1
    return Span(first, last, start, start + len(name), normalise(name), None)


def town(name: str = "X", code: str = "PPL", feature_class: str = "P", lat: float = 35.0, lon: float = 38.0) -> Place:
    return Place(
        id=PlaceId("t"), name=name, lat=lat, lon=lon, feature_class=feature_class, feature_code=code, country="SY"
    )


# --- words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mar'e and N'Djamena", ["Mar'e", "and", "N'Djamena"]),
        ("Iraq's army", ["Iraq", "army"]),
        ("Iraq’s army", ["Iraq", "army"]),
        ("the U.S. in W.Va. won", ["the", "U.S.", "in", "W.Va.", "won"]),
        ("al-Bab; Deir ez-Zor", ["al", "Bab", "Deir", "ez", "Zor"]),
        ("São Tome\u0301 now", ["São", "Tome\u0301", "now"]),
        ("حَلَب سقطت", ["حَلَب", "سقطت"]),
        ("", []),
    ],
)
def test_words_keep_what_belongs_to_a_name(text: str, expected: list[str]) -> None:
    assert tokenise(text).words == expected


@given(st.text(max_size=200))
def test_every_word_is_where_its_offsets_say(text: str) -> None:
    tokens = tokenise(text)
    assert [text[a:b] for a, b in zip(tokens.starts, tokens.ends, strict=True)] == tokens.words
    rebuilt = text[: tokens.starts[0]] if tokens.words else text
    assert rebuilt + "".join(w + g for w, g in zip(tokens.words, tokens.gaps, strict=True)) == text


def test_a_sentence_opens_after_a_full_stop_but_not_after_an_abbreviation() -> None:
    tokens = tokenise("He left. Raqqa fell near St. Louis. “Homs is next,” he said.")
    opened = [word for word, opens in zip(tokens.words, tokens.opens, strict=True) if opens]
    assert opened == ["He", "Raqqa", "Homs"]


def test_only_a_text_mostly_in_capitals_shouts() -> None:
    assert tokenise("RUSSIA HITS KYIV AGAIN").shouting
    assert not tokenise("NATO and the UN met in Kyiv again today").shouting


@pytest.mark.parametrize(
    ("word", "upper"),
    [("Raqqa", True), ("raqqa", False), ("d'Ivoire", True), ("دمشق", True), ("30", False), ("don't", False)],
)
def test_which_words_may_begin_a_name(word: str, upper: bool) -> None:
    assert describe(word)[1] is upper


def test_a_contraction_is_no_state() -> None:
    assert describe("I'll")[5]
    assert not describe("O'Fallon")[5]


# --- candidate spans


def found_spans(text: str, atlas: Atlas) -> set[str]:
    finder = Finder(tokenise(text), atlas)
    return {text[s.start : s.end] for spans in finder.at.values() for s in spans}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("in New York City today", "New York City"),
        ("in Deir ez-Zor today", "Deir ez-Zor"),
        ("in al-Bab today", "al-Bab"),
        ("in St. Louis today", "St. Louis"),
        ("the Iraqi army", "Iraqi"),
        ("the South Korean army", "South Korean"),
        ("Gary, Ind., is", "Ind."),
        ("Gary, IN", "IN"),
        ("in the U.S. today", "U.S."),
        ("in W. Va. today", "W. Va."),
    ],
)
def test_a_candidate_is_found(text: str, name: str, atlas: Atlas) -> None:
    assert name in found_spans(text, atlas)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Miss. Jones is ill. Ill. Mass. was said.", "Miss."),
        ("IN THIS CASE", "IN"),
        ("I'll go", "I'll"),
        ("for US$5 or so", "US"),
        ("the White House said", "White House"),
        ("the york of old", "york"),
        ("I ate French food", "english"),
    ],
)
def test_no_candidate_is_found(text: str, name: str, atlas: Atlas) -> None:
    assert name not in found_spans(text, atlas)


def test_the_philippines_are_a_country_and_no_demonym() -> None:
    assert "philippines" not in DEMONYMS
    assert DEMONYMS["filipinos"] == "PH"
    assert DEMONYMS["dutch"] == "NL"
    assert "dutchs" not in DEMONYMS


# --- names the gazetteer does not have


def ruled(text: str, *, loose: bool = False) -> list[str]:
    tokens = tokenise(text)
    return [text[s.start : s.end] for s in rule_spans(tokens, [False] * len(tokens), loose=loose)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("They left the town of Zorbatal today.", ["Zorbatal"]),
        ("They left the village of Tal Zorbatal today.", ["Tal Zorbatal"]),
        ("Shells hit Zorbatal district today.", ["Zorbatal"]),
        ("They captured Zorbatal, officers said.", ["Zorbatal"]),
        ("They fled the villages of Zorbatal, Qumfaya and Harnusha.", ["Zorbatal", "Qumfaya", "Harnusha"]),
        ("the outskirts of al-Zorbatal burned", ["al-Zorbatal"]),
    ],
)
def test_the_words_around_an_unknown_name_make_it_a_place(text: str, names: list[str]) -> None:
    assert ruled(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "They captured Zorbatal fighters alive.",
        "The City Manager spoke.",
        "They spoke of Zorbatal today.",
        "It was the Village of the damned.",
        "The town of the brave slept.",
        "THE TOWN OF ZORBATAL FELL",
        "District Attorney Jones lost.",
    ],
)
def test_other_words_do_not(text: str) -> None:
    assert ruled(text) == []


def test_weaker_signs_count_only_where_asked_for() -> None:
    text = "Fighting went on near Zorbatal and at Tal Qumfaya."
    assert ruled(text) == []
    assert ruled(text, loose=True) == ["Zorbatal", "Tal Qumfaya"]
    assert ruled("Fighting went on near Jabhat Fateh and at Ahrar Qumfaya.", loose=True) == []


@pytest.mark.parametrize(
    ("text", "name", "cue"),
    [
        ("the region of Homs fell", "Homs", "region"),
        ("the city of Homs fell", "Homs", "city"),
        ("in Homs province today", "Homs", "province"),
        ("in Anbar Province today", "Anbar Province", "province"),
        ("the town Homs fell", "Homs", "town"),
        ("they fled Homs today", "Homs", ""),
        ("the fall of Homs", "Homs", "fall"),
    ],
)
def test_the_type_word_of_a_name(text: str, name: str, cue: str) -> None:
    tokens = tokenise(text)
    assert of_cue(tokens, span_of(tokens, name)) == cue


# --- kinds


@pytest.mark.parametrize(
    ("text", "name", "code", "kind"),
    [
        ("AMMAN -- The army left.", "AMMAN", "PPLC", "dateline"),
        ("AMMAN, Jordan (AP) -- The army left.", "AMMAN", "PPLC", "dateline"),
        ("In Amman - so he said - all was quiet.", "Amman", "PPLC", "literal"),
        ("They met where Baghdad's forces stood.", "Baghdad", "PPLC", "metonym"),
        ("They met where Baghdad's markets stood.", "Baghdad", "PPLC", "literal"),
        ("Then Moscow denied it.", "Moscow", "PPLC", "metonym"),
        ("Then Mosul denied it.", "Mosul", "PPLA", "literal"),
        ("A man in Moscow denied it.", "Moscow", "PPLC", "literal"),
        ("The Oxford University Press closed.", "Oxford", "PPL", "organisation"),
        ("The Oxford road closed.", "Oxford", "PPL", "literal"),
        ("The University of Georgia closed.", "Georgia", "ADM1", "organisation"),
        ("The state of Georgia closed.", "Georgia", "ADM1", "literal"),
    ],
)
def test_kinds_are_told_by_the_words_around(text: str, name: str, code: str, kind: str) -> None:
    tokens = tokenise(text, datelines(text, infer_blocks(text)))
    assert kind_of(span_of(tokens, name), tokens, town(name, code)) == kind


@pytest.mark.parametrize(
    ("text", "name", "feature_class", "wide"),
    [
        ("the Yarmuk refugee camp fell", "Yarmuk", "P", "Yarmuk refugee camp"),
        ("the Yarmuk campaign failed", "Yarmuk", "P", "Yarmuk"),
        ("along the Euphrates river fell", "Euphrates", "H", "Euphrates river"),
        ("the Raqqa river crossing", "Raqqa", "P", "Raqqa"),
        ("in Anbar Province today", "Anbar", "A", "Anbar Province"),
        ("in Anbar province today", "Anbar", "A", "Anbar"),
    ],
)
def test_type_words_join_the_name(text: str, name: str, feature_class: str, wide: str) -> None:
    tokens = tokenise(text)
    span = span_of(tokens, name)
    widen(span, tokens, town(name, feature_class=feature_class))
    assert text[span.start : span.end] == wide


@pytest.mark.parametrize(
    ("text", "km", "degrees"),
    [
        ("It is 30 km north of Raqqa.", 30, 0),
        ("It is 30 kilometres to the east of Raqqa.", 30, 90),
        ("It is 10 miles south-west of Raqqa.", 16.1, 225),
        ("It is twenty kilometers northwest of the city of Raqqa.", 20, 315),
    ],
)
def test_distances_and_directions_are_read(text: str, km: float, degrees: float) -> None:
    tokens = tokenise(text)
    place = offset_of(span_of(tokens, "Raqqa"), tokens, town("Raqqa"))
    assert place is not None
    lat, lon = destination(35.0, 38.0, degrees, km)
    assert (place.lat, place.lon) == (pytest.approx(lat, abs=0.01), pytest.approx(lon, abs=0.01))
    assert place.source == "t"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It is in the north of Raqqa province.", "Raqqa"),
        ("They drove 30 km to Raqqa.", "Raqqa"),
        ("We nearly took Raqqa.", "Raqqa"),
        ("It is 900 km north of Raqqa.", "Raqqa"),
    ],
)
def test_other_words_move_nothing(text: str, name: str) -> None:
    tokens = tokenise(text)
    place = offset_of(span_of(tokens, name), tokens, town(name))
    assert place is None or (place.lat, place.lon) == (35.0, 38.0)


def test_provinces_have_no_offsets() -> None:
    tokens = tokenise("It is 30 km north of Anbar.")
    assert offset_of(span_of(tokens, "Anbar"), tokens, town("Anbar", "ADM1", "A")) is None


@given(st.floats(-80, 80), st.floats(-179, 179), st.floats(0, 360), st.floats(0.1, 500))
def test_a_destination_is_as_far_away_as_asked(lat: float, lon: float, bearing: float, km: float) -> None:
    there = destination(lat, lon, bearing, km)
    a, b, c, d = map(math.radians, (lat, lon, *there))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    assert 2 * 6371.0088 * math.asin(math.sqrt(half)) == pytest.approx(km, rel=1e-4, abs=1e-3)
    assert -180 <= there[1] <= 180


@given(st.floats(-80, 80), st.floats(-179, 179), st.floats(-80, 80), st.floats(-179, 179))
def test_the_middle_is_equally_far_from_both_ends(lat: float, lon: float, lat2: float, lon2: float) -> None:
    one, other = town(lat=lat, lon=lon), town(lat=lat2, lon=lon2)
    y, x, apart = middle(one, other)
    between = town(lat=y, lon=x)
    if apart < 19_000:  # two ends of the Earth have a circle of middles
        assert km(one, between) == pytest.approx(apart / 2, abs=0.1)
        assert km(between, other) == pytest.approx(apart / 2, abs=0.1)
    assert -180 <= x <= 180


# --- ranking and weights


def test_probabilities_of_each_name_add_up_to_one(atlas: Atlas) -> None:
    from mapper.model import Article, ArticleId

    text = "Springfield and Paris and Georgia met Alexandria in Tripoli."
    reading = reading_steps.read(Article(id=ArticleId("a"), text=text), atlas.gazetteer, weights())
    assert reading.ranking is not None
    ranking = reading.ranking
    for a, b in zip(ranking.offsets, ranking.offsets[1:], strict=False):
        assert float(ranking.probs[a:b].sum()) == pytest.approx(1, abs=1e-4)


def test_the_shipped_weights_are_small_readable_and_complete() -> None:
    paths = [bundled("models", "weights.json"), bundled("models", "words.json")]
    assert sum(path.stat().st_size for path in paths) <= 300_000
    raw = json.loads(paths[0].read_text(encoding="utf-8"))
    assert list(raw["first"]) == list(resolver.FIRST)
    assert list(raw["second"]) == list(resolver.SECOND) == list(raw["third"])
    assert list(raw["accept"]) == list(reader.ACCEPT)
    assert all(math.isfinite(value) for part in raw.values() for value in part.values())


def test_a_decision_is_a_sum_of_named_weights() -> None:
    table = {"bias": -1.0, "a": 2.0, "b": 0.5}
    assert score(["a", "b", "unknown"], table) == pytest.approx(1.5)


def test_word_lists_are_folded_and_hold_no_blanks() -> None:
    lists = words()
    for members in (lists.common, lists.dictionary, lists.first_names, lists.surnames):
        assert members
        assert all(word == word.lower() and word.strip() == word for word in members)


def test_an_entry_holds_each_place_once_the_most_populous_first(atlas: Atlas) -> None:
    entry = atlas.entry("springfield")
    assert entry is not None
    assert len({place.id for place in entry.places}) == len(entry)
    assert np.all(np.diff(entry.log_pop[entry.tiers == entry.tiers[0]]) <= 1e-6) or len(entry) == 1
    assert atlas.entry("no such name at all") is None


ROOT = Path(__file__).resolve().parents[1]
GEOVIRUS = ROOT.parent / "shared" / "eval" / "toponyms" / "geovirus.jsonl"


@pytest.mark.slow
@pytest.mark.skipif(not GEOVIRUS.is_file(), reason="../shared/eval is not here: the weights were not made again")
def test_the_shipped_weights_are_what_training_makes(tmp_path: Path) -> None:
    made = tmp_path / "weights.json"
    command = [sys.executable, str(ROOT / "data/models/train.py"), "--geovirus", str(GEOVIRUS), "--skip-folds"]
    subprocess.run([*command, "-o", str(made)], check=True, capture_output=True)
    shipped = json.loads((ROOT / "data/models/weights.json").read_text(encoding="utf-8"))
    again = json.loads(made.read_text(encoding="utf-8"))
    assert again.keys() == shipped.keys()
    for part, values in shipped.items():
        assert again[part].keys() == values.keys(), part
        # another processor may add in another order
        assert again[part] == pytest.approx(values, abs=0.02), part
