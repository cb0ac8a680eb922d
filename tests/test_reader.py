"""The learned voice: what it is asked, how it is cut, how it is joined with the rules."""

from __future__ import annotations

import json
import shutil
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.actors import ActorIndex
from mapper.bundled import bundled
from mapper.claims import explain, extract_claims
from mapper.claims.document import read_document
from mapper.claims.reader import KINDS, PUBLISHED, UNDATED, Answer, Blend, Candidate, Sheet, sheet_of
from mapper.claims.reconcile import ALONE, BOTH
from mapper.claims.tokens import sentences
from mapper.cli import run_main
from mapper.config import lexicon
from mapper.gazetteer import Gazetteer
from mapper.model import Article, ArticleId, Claim, Modality, Predicate
from mapper.reader import OnnxReader, ReaderError, open_reader
from mapper.reader.windows import BEFORE, LIMIT, cut
from mapper.toponyms import find_toponyms

PLAIN = Blend(alone=(0.0, 1.0) + (0.0,) * (len(ALONE) - 2), both=(0.0, 1.0, 0.0, 1.0), accept=0.5, unsaid=0.6)


@lru_cache(maxsize=1)
def tools() -> tuple[Gazetteer, ActorIndex]:
    return Gazetteer.open(), ActorIndex(lexicon())


def article(text: str, published: str = "2017-11-18") -> Article:
    return Article(id=ArticleId("a"), text=text, published=date.fromisoformat(published))


def asked(text: str) -> list[tuple[str, str]]:
    """What a reader would be asked about: words and their kind."""
    gazetteer, index = tools()
    one = article(text)
    sheet = sheet_of(read_document(one, sentences(text), find_toponyms(one, gazetteer), index))
    return [(text[c.start : c.end], c.kind) for c in sheet.candidates]


@dataclass
class Fake:
    """A reader that answers what the test tells it: by the words of the candidate."""

    says: Mapping[str, Sequence[Answer]]
    blend: Blend = PLAIN
    version: str = "fake"

    def read(self, sheet: Sheet) -> Sequence[Answer]:
        found = []
        for n, c in enumerate(sheet.candidates):
            found += [replace(one, candidate=n) for one in self.says.get(sheet.text[c.start : c.end], ())]
        return found


def answer(
    kind: str, said: float, predicate: Predicate, text: str = "", actor: str = "", other: str = "", time: int = UNDATED, part: float = 0.0,
    moods: tuple[float, ...] = (),
) -> Answer:  # fmt: skip
    def span(words: str) -> tuple[int, int] | None:
        return (text.index(words), text.index(words) + len(words)) if words else None

    rest = (1 - said) / 4
    return Answer(
        candidate=0, kind=kind, said=said, moods=moods or (rest, said, rest, rest, rest), predicate=predicate, part=part,
        actor=span(actor), other=span(other), time=time,
    )  # fmt: skip


def claims(text: str, fake: Fake | None, published: str = "2017-11-18") -> tuple[Claim, ...]:
    gazetteer, index = tools()
    one = article(text, published)
    return extract_claims(one, find_toponyms(one, gazetteer), index, fake).claims


# -- what is asked ------------------------------------------------------------------------------------------------------


def test_a_reader_is_asked_about_known_names_unknown_names_and_descriptions() -> None:
    found = asked(
        "Syrian troops entered Raqqa on Friday. They shelled Zzyzxabad and the northern outskirts. Nobody was there."
    )
    assert ("Raqqa", "town") in found
    assert ("Zzyzxabad", "unknown") in found
    assert ("the northern outskirts", "anaphor") in found
    assert ("there", "anaphor") in found


def test_a_reader_is_not_asked_about_days_armies_and_words_that_open_a_sentence() -> None:
    found = {
        words
        for words, _ in asked(
            "On Monday the Islamic State lost ground. Residents of Mosul fled. Meanwhile Reuters waited."
        )
    }
    assert "Mosul" in found
    assert not found & {"Monday", "Islamic State", "the Islamic State", "Residents", "Meanwhile"}


def test_a_description_with_a_name_is_asked_about_once() -> None:
    found = asked("The army took the town of Hajin on 14 December 2018.")
    assert [w for w, _ in found] == ["Hajin"]


@pytest.mark.parametrize(
    ("text", "person"),
    [
        (
            "Rastan, a photographer, came home from the war. His editor spoke. Rastan’s mother had asked the army for news.",
            "Rastan",
        ),
        ("Hajin said he had left Syria as a boy. Rebels hold Idlib. Hajin never went back.", "Hajin"),
        (
            "A baker told the story. Tripoli, 34, left Libya. The rebels took Zawiya. Tripoli now lives in Leeds.",
            "Tripoli",
        ),
    ],
)
def test_a_reader_is_not_asked_about_people_named_like_towns(text: str, person: str) -> None:
    assert person not in {words for words, _ in asked(text)}


@pytest.mark.parametrize("text", ["Moscow said the town had fallen.", "Damascus added that Aleppo was calm."])
def test_a_capital_that_speaks_is_no_person(text: str) -> None:
    one = article(text)
    document = read_document(one, sentences(text), find_toponyms(one, Gazetteer.open()), ActorIndex(lexicon()))
    assert not document.persons


def test_what_a_place_is_is_not_its_name() -> None:
    found = {words for words, _ in asked("Druze-inhabited valleys and rebel-run land near Raqqa saw fighting.")}
    assert "Raqqa" in found
    assert not any("-" in words for words in found)


def test_nothing_is_asked_of_sentences_far_from_any_war() -> None:
    calm = "Prices of bread rose in Lyon. A delegation met in Toronto. It rained in Nairobi. "
    found = {words for words, _ in asked(calm + "The army took Hajin. Schools in Mayadin reopened.")}
    assert {"Hajin", "Mayadin"} <= found
    assert not found & {"Lyon", "Toronto"}


# -- windows ------------------------------------------------------------------------------------------------------------


@st.composite
def sheets(draw: st.DrawFn) -> tuple[Sheet, list[int], list[tuple[int, int]]]:
    """A text of words "w" one token each, in sentences of any length, with candidates anywhere."""
    lengths = draw(st.lists(st.integers(1, 400), min_size=1, max_size=12))
    offsets: list[tuple[int, int]] = []
    spans, at = [], 0
    for length in lengths:
        first = at
        for _ in range(length):
            offsets.append((at, at + 1))
            at += 2
        spans.append((first, at))
    places = sorted(draw(st.sets(st.integers(0, len(offsets) - 1), max_size=30)))
    found = tuple(Candidate(offsets[i][0], offsets[i][1], "town") for i in places)
    return Sheet(text="w " * len(offsets), sentences=spans, candidates=found), [7] * len(offsets), offsets


@given(sheets())
@settings(deadline=None)
def test_every_candidate_is_asked_about_in_exactly_one_window_and_no_window_is_too_long(
    case: tuple[Sheet, list[int], list[tuple[int, int]]],
) -> None:
    sheet, ids, offsets = case
    windows = cut(sheet, ids, offsets, 1, 2)
    assert sorted(c for w in windows for c in w.candidates) == list(range(len(sheet.candidates)))
    for window in windows:
        assert len(window.ids) <= LIMIT
        assert len(window.ids) == len(window.marks) == len(window.offsets)
        for (i, j), c in zip(window.spans, window.candidates, strict=True):
            assert window.offsets[i, 0] == sheet.candidates[c].start
            assert window.offsets[j - 1, 1] == sheet.candidates[c].end


def test_a_sentence_is_read_with_what_stands_before_it() -> None:
    offsets = [(2 * i, 2 * i + 1) for i in range(300)]
    sheet = Sheet(text="w " * 300, sentences=[(0, 300), (300, 340)], candidates=(Candidate(310, 311, "town"),))
    (window,) = cut(sheet, [7] * 300, offsets, 1, 2)
    assert window.offsets[1, 0] <= 300 - BEFORE


# -- both voices --------------------------------------------------------------------------------------------------------

MISSED = "Peshmerga flags now hang from every balcony in Sinjar. The army and the rebels fought on."


def test_what_only_the_reader_sees_is_a_claim_with_its_side_and_the_day_of_publication() -> None:
    says = {"Sinjar": [answer("holds", 0.9, Predicate.HOLDS, MISSED, actor="Peshmerga", time=PUBLISHED)]}
    assert not [c for c in claims(MISSED, None) if c.place_text == "Sinjar" and c.predicate is Predicate.HOLDS]
    (found,) = [c for c in claims(MISSED, Fake(says)) if c.place_text == "Sinjar"]
    assert found.predicate is Predicate.HOLDS
    assert found.actor_id == "peshmerga"
    assert found.when.earliest == date(2017, 11, 18)
    assert found.rule == "reader"
    assert 0.85 < found.confidence < 0.95


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        (
            "Sinjar belongs to the Peshmerga, as everybody in the valley knows. The army and the rebels fought on.",
            "2017-11-18",
            "2017-11-19",
        ),
        ("Sinjar had been the Peshmerga's for years, the elders recalled. The army and the rebels fought on.", "", ""),
        (
            "Sinjar went over to the Peshmerga on 3 May 2016, the elders recalled. The army and the rebels fought on.",
            "2016-05-03",
            "2016-05-04",
        ),
    ],
)
def test_a_claim_that_the_reader_gives_no_time_has_the_one_its_sentence_tells(
    text: str, earliest: str, latest: str
) -> None:
    says = {"Sinjar": [answer("holds", 0.9, Predicate.HOLDS, text, actor="Peshmerga", time=UNDATED)]}
    (found,) = [c for c in claims(text, Fake(says)) if c.predicate is Predicate.HOLDS]
    assert (str(found.when.earliest or ""), str(found.when.latest or "")) == (earliest, latest)


def test_what_the_reader_hardly_believes_is_no_claim() -> None:
    says = {"Sinjar": [answer("holds", 0.3, Predicate.HOLDS, MISSED, actor="Peshmerga", time=PUBLISHED)]}
    assert not [c for c in claims(MISSED, Fake(says)) if c.place_text == "Sinjar"]


def test_the_reader_can_veto_a_rule_and_the_refusal_says_so() -> None:
    text = "The Iraqi army captured Rawa on 17 November 2017."
    gazetteer, index = tools()
    one = article(text)
    certain = Fake({"Rawa": [answer("change", 0.97, Predicate.CAPTURED)]})
    never = Fake({"Rawa": [answer("change", 0.001, Predicate.CAPTURED)]}, blend=PLAIN)
    assert [c.place_text for c in claims(text, certain)] == ["Rawa"]
    found = extract_claims(one, find_toponyms(one, gazetteer), index, never)
    assert not found.claims
    assert any("the reader gives it 0%" in r.reason for r in found.rejected)


@pytest.mark.parametrize("words", ["the town", "the city"])
def test_the_reader_cannot_veto_what_a_rule_says_of_a_place_by_another_word(words: str) -> None:
    text = f"Fighting raged in Rawa for a week. On 17 November 2017 the Iraqi army captured {words}."
    assert words in [asked_words for asked_words, _ in asked(text)]
    never = Fake({words: [answer("change", 0.001, Predicate.CAPTURED)]})
    assert [c.place_text for c in claims(text, never) if c.predicate is Predicate.CAPTURED] in ([words], ["Rawa"])


def test_in_a_list_of_names_nobody_knows_a_neighbour_is_no_side() -> None:
    text = "The army advanced. Nothing is quieter than Velmirza, Qeshlan, Bardavar, Tolmash and Ormazir now."
    says = {
        name: [answer("holds", 0.95, Predicate.HOLDS, text, actor="Velmirza")]
        for name in ("Velmirza", "Qeshlan", "Bardavar", "Tolmash", "Ormazir")
    }
    assert not [c for c in claims(text, Fake(says)) if "Velmirza" in c.actor_text]
    group = "The army advanced. All of Qeshlan is now quiet under Velmirza."
    one = Fake({"Qeshlan": [answer("holds", 0.95, Predicate.HOLDS, group, actor="Velmirza")]})
    assert [c.actor_text for c in claims(group, one)] == ["Velmirza"]


def test_a_side_that_was_not_believed_is_nobodys_they() -> None:
    text = "The Islamic State had threatened the area. Iraqi forces captured Rawa on Friday. They also captured Hit."
    says = {"Rawa": [answer("change", 0.9, Predicate.CAPTURED, text, actor="The Islamic State")]}
    assert [(c.place_text, c.actor_id) for c in claims(text, Fake(says))] == [("Rawa", "iraq"), ("Hit", "iraq")]


@pytest.mark.parametrize(("share", "lost"), [("80% of the", set()), ("the", {"Iraq", "Syria"})])
def test_what_is_told_as_a_share_is_no_loss_of_the_country(share: str, lost: set[str]) -> None:
    text = f"A minister said ISIS has lost {share} emirate it proclaimed in Iraq and Syria. The army fought on."
    says = {name: [answer("change", 0.95, Predicate.WITHDREW, text, other="ISIS")] for name in ("Iraq", "Syria")}
    assert {c.place_text for c in claims(text, Fake(says))} == lost


def test_two_voices_that_agree_are_surer_than_either() -> None:
    text = "The Iraqi army captured Rawa on 17 November 2017."
    (alone,) = claims(text, None)
    (both,) = claims(text, Fake({"Rawa": [answer("change", 0.9, Predicate.CAPTURED)]}))
    assert both.rule == alone.rule
    assert both.confidence > alone.confidence


def test_a_reader_that_was_not_asked_leaves_the_rules_alone() -> None:
    text = "The Iraqi army captured Rawa on 17 November 2017. ISIS still holds Qaim."
    assert claims(text, Fake({})) == claims(text, None)


def test_a_plan_that_only_the_reader_sees_is_listed_and_not_mapped() -> None:
    moods = (0.1, 0.1, 0.75, 0.03, 0.02)
    says = {"Sinjar": [answer("change", 0.1, Predicate.CAPTURED, MISSED, actor="Peshmerga", moods=moods)]}
    (found,) = [c for c in claims(MISSED, Fake(says)) if c.place_text == "Sinjar"]
    assert found.modality is Modality.PLANNED
    assert not found.modality.mapped


# -- weights ------------------------------------------------------------------------------------------------------------

UNFIT: dict[str, dict[str, Any]] = {
    "too few weights": {"alone": [1.0, 2.0]},
    "words for weights": {"both": ["x"] * len(BOTH)},
    "nothing for a threshold": {"accept": float("nan")},
    "a word for a threshold": {"unsaid": "much"},
    "weights in a table": {"alone": dict.fromkeys(ALONE, 1.0)},
}


def damaged(tmp_path: Path, what: str) -> Path:
    """A copy of the weights that ship, with one thing off."""
    folder = tmp_path / "reader"
    shutil.copytree(bundled("models", "reader"), folder)
    if what == "no folder":
        shutil.rmtree(folder)
    elif what.startswith("no "):
        (folder / what.removeprefix("no ")).unlink()
    elif what.startswith("cut "):
        path = folder / what.removeprefix("cut ")
        path.write_bytes(path.read_bytes()[:-100])
    elif what in UNFIT:
        path = folder / "reader.json"
        card = json.loads(path.read_text(encoding="utf-8"))
        card["blend"] |= UNFIT[what]
        path.write_text(json.dumps(card), encoding="utf-8")
    elif what == "brackets without end":
        (folder / "reader.json").write_text("[" * 100_000, encoding="utf-8")
    else:
        path = folder / "reader.json"
        card = json.loads(path.read_text(encoding="utf-8"))
        card[what] = {"accept": 0.5} if what == "blend" else 7
        path.write_text(json.dumps(card), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "what",
    [
        *("no folder", "no reader.onnx", "no tokenizer.json", "no reader.json"),
        *(
            "cut reader.onnx",
            "cut tokenizer.json",
            "cut reader.json",
            "blend",
            "sha256",
            "brackets without end",
            *UNFIT,
        ),
    ],
)
def test_missing_or_damaged_weights_end_in_one_line_that_says_what_to_do(
    tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = damaged(tmp_path, what)
    with pytest.raises(ReaderError, match="--reader rules"):
        OnnxReader(folder)
    (tmp_path / "a.txt").write_text("The Iraqi army captured Rawa on 17 November 2017.", encoding="utf-8")
    monkeypatch.setattr("mapper.reader.model._folder", lambda: folder)
    open_reader.cache_clear()
    try:
        for command in (
            ["claims"],
            ["map", "-o", str(tmp_path / "m.html")],
            ["extract", "--into", str(tmp_path / "p")],
        ):
            assert run_main([command[0], str(tmp_path / "a.txt"), *command[1:]]) == 2
            said = capsys.readouterr().err
            assert "error: " in said
            assert "--reader rules" in said
        assert run_main(["claims", str(tmp_path / "a.txt"), "--reader", "rules"]) == 0
    finally:
        open_reader.cache_clear()


def test_kinds_are_those_the_weights_were_trained_for() -> None:
    assert KINDS == ("change", "holds", "contest", "presence", "denied")


def test_an_explanation_names_each_voice_and_its_probability() -> None:
    text = "The Iraqi army captured Rawa on 17 November 2017. Peshmerga flags now hang from every balcony in Sinjar."
    gazetteer, index = tools()
    one = article(text)
    fake = Fake(
        {
            "Rawa": [answer("change", 0.9, Predicate.CAPTURED)],
            "Sinjar": [answer("holds", 0.8, Predicate.HOLDS, text, actor="Peshmerga", time=PUBLISHED)],
        }
    )
    told = explain(extract_claims(one, find_toponyms(one, gazetteer), index, fake))
    assert "reader 0.90)" in told
    assert "(no rule, reader 0.80)" in told
    assert "reader" not in explain(extract_claims(one, find_toponyms(one, gazetteer), index))


# -- the reader that ships ------------------------------------------------------------------------------------------------

FRONT = (
    "Peshmerga flags now hang from every balcony in Sinjar, a town the militants overran in August 2014.\n\n"
    "The army pushed them out of Zzyzxabad on Friday; government troops are massing north of Hawija.\n\n"
    "Raqqa, the group's de facto capital, is still in its hands, and fighting rages around Tabqa."
)


@lru_cache(maxsize=1)
def shipped() -> OnnxReader:
    return OnnxReader.open()


def answers(text: str) -> tuple[Answer, ...]:
    gazetteer, index = tools()
    one = article(text)
    return tuple(shipped().read(sheet_of(read_document(one, sentences(text), find_toponyms(one, gazetteer), index))))


def test_the_shipped_reader_fits_its_size_and_names_its_version() -> None:
    folder = bundled("models", "reader")
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 25_000_000
    assert shipped().version == json.loads((folder / "reader.json").read_text(encoding="utf-8"))["version"]
    assert len(shipped().blend.alone) == len(ALONE)
    assert len(shipped().blend.both) == len(BOTH)


def test_the_same_text_is_read_the_same_whatever_was_read_before_it() -> None:
    first = answers(FRONT)
    answers("Clashes broke out in Baga. " * 40)
    assert answers(FRONT) == first
    assert any(a.kind == "holds" and a.said > 0.5 for a in first)


def test_what_stands_in_another_window_does_not_change_an_answer() -> None:
    filler = (
        "The council of Springfield met about the budget of its schools and roads, and adjourned without a vote. " * 30
    )
    tail = "\n\n" + FRONT
    apart = [a for a in answers(filler + tail) if a.said > 0.5]
    more = [a for a in answers("Mayors spoke. " + filler + tail) if a.said > 0.5]
    assert [(a.kind, round(a.said, 1)) for a in apart] == [(a.kind, round(a.said, 1)) for a in more]


@dataclass
class Counting:
    """The encoder's session, which counts the tokens of each of its runs."""

    session: Any
    tokens: list[int] = field(default_factory=list)

    def run(self, names: None, feeds: dict[str, Any]) -> Any:
        self.tokens.append(feeds["ids"].shape[1])
        return self.session.run(names, feeds)


HOSTILE: dict[str, Callable[[int], str]] = {
    "one sentence of verbs": lambda n: "captured " * (40 * n) + "Rawa.",
    "one sentence of names": lambda n: "Rawa, Hit and Mosul, " * (5 * n) + "fell to the army.",
    "one paragraph of sentences": lambda n: "The army retook Rawa from ISIS on Friday. " * n,
    "control characters and surrogates": lambda n: "\x00\x1b[31m The army captured Rawa \u202e\ud83d\ude00. " * n,
    "another script": lambda n: "Армия взяла Рава. " * n,
    "one word": lambda n: "The army fought. " + "R" * (1000 * n),
    "names of nobody": lambda n: (
        "The army fought. " + " ".join(f"Zz{chr(97 + i % 26)}{chr(97 + i // 26 % 26)}bad," for i in range(5 * n))
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_texts_take_runs_of_the_encoder_and_memory_in_proportion(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = shipped()

    def cost(size: int) -> tuple[list[int], int]:
        """Tokens of each run of the encoder, and the most bytes that Python held beside it."""
        counting = Counting(reader._session)
        with monkeypatch.context() as patch:
            patch.setattr(reader, "_session", counting)
            tracemalloc.start()
            claims(HOSTILE[kind](size), reader)  # type: ignore[arg-type]
            answers(HOSTILE[kind](size))  # which asks where no rule sees a reason to
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return counting.tokens, peak

    cost(40)  # what is loaded or kept once
    few, little = cost(10)
    many, much = cost(40)
    assert bool(few) == (kind != "another script")  # which has nothing to ask about
    assert max(few + many, default=0) <= LIMIT
    assert len(many) <= 4 * len(few) + 2
    assert sum(many) <= 5 * sum(few) + 2 * LIMIT  # long sentences are cut with an overlap
    assert much <= 5 * little + 1_000_000


def test_ordinary_news_gives_nothing() -> None:
    for text in (
        "Leeds captured the title in Rome after a long siege of the Italian goal.",
        "Police seized 40 kilos of cocaine in Rotterdam and held three men.",
        "The firm lost Asia but retook Europe, said its chief in Zurich.",
        "Fire crews battled a blaze in Athens; the mayor of Thessaloniki offered help.",
    ):
        assert not [c for c in claims(text, shipped()) if c.modality.mapped], text  # type: ignore[arg-type]
