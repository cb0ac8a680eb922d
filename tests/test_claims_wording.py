"""Wordings that texts of many kinds share: lists far from their verb, bearings, what was allowed or could not be prevented."""

from __future__ import annotations

from datetime import date

import pytest
from test_claims import read, said

from mapper.actors import ActorIndex
from mapper.claims import extract_claims
from mapper.config import lexicon
from mapper.gazetteer import Gazetteer
from mapper.model import Article, ArticleId, Extent, Modality
from mapper.toponyms import find_toponyms

FRIDAY = date(2017, 11, 17)
MAPPED = (Modality.ASSERTED, Modality.ATTRIBUTED)


def facts(text: str) -> set[str]:
    """What is claimed as a fact, asserted or attributed, without who says so."""
    return {
        line.removesuffix(" (attributed)")
        for line in said(tuple(c for c in read(text, FRIDAY).claims if c.modality in MAPPED))
    }


@pytest.mark.parametrize(
    "text",
    [
        "The army has liberated Hajin. The liberated villages are Qeshlan, Bardavar and Tolmash.",
        "The army has liberated four villages in Idlib. The liberated villages are Qeshlan, Bardavar (in Idlib) and Tolmash.",
        "The army has taken the whole valley. The captured villages are Qeshlan, Bardavar, and Tolmash.",
    ],
)
def test_names_nobody_knows_are_villages_where_the_sentence_calls_them_so(text: str) -> None:
    found = {(c.place_text, c.predicate.value) for c in read(text, FRIDAY).claims}
    assert {("Qeshlan", "captured"), ("Bardavar", "captured"), ("Tolmash", "captured")} <= found


def test_who_took_the_places_of_a_list_is_who_took_those_before() -> None:
    text = "The army has liberated Hajin. The liberated villages are Qeshlan and Bardavar. It has captured Rawa."
    assert {c.actor_text for c in read(text, FRIDAY).claims} == {"army"}
    spoken = "Turkish-backed fighters took Rawa. The liberated villages are Qeshlan and Bardavar, the Iraqi army said."
    assert {c.actor_text for c in read(spoken, FRIDAY).claims if c.place_text != "Rawa"} == {"Iraqi army"}
    alone = "The liberated villages are Qeshlan and Bardavar."
    assert {c.actor_text for c in read(alone, FRIDAY).claims} == {""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The liberated villages are {Velmar}, {Hit}, {Ana} and {Rawa}.", "captured {}"),
        ("The villages liberated by the army today are {Velmar}, {Hit}, {Ana} and {Rawa}.", "captured {} by army"),
        ("The villages captured by the rebels include {Velmar}, {Hit}, {Ana} and {Rawa}.", "captured {} by rebels"),
        ("Among the towns captured were {Velmar}, {Hit}, {Ana} and {Rawa}.", "captured {}"),
        ("Towns under rebel control include {Velmar}, {Hit}, {Ana} and {Rawa}.", "holds {} by rebel"),
        ("The following towns fell to the rebels: {Velmar}, {Hit}, {Ana}, and {Rawa}.", "captured {} by rebels"),
        ("The army now controls four towns: {Velmar}, {Hit}, {Ana} and {Rawa}.", "holds {} by army"),
        ("The army seized four villages in {Vale Province}: {Velmar}, {Hit}, {Ana} and {Rawa}.", "captured {} by army"),
        (
            "Several villages fell to the rebels on Friday, including {Velmar}, {Hit}, {Ana} and {Rawa}.",
            "captured {} by rebels",
        ),
        ("The rebels took several villages, such as {Velmar}, {Hit}, {Ana} and {Rawa}.", "captured {} by rebels"),
        (
            "Several villages fell to the rebels on Friday, namely {Velmar}, {Hit}, {Ana} and {Rawa}.",
            "captured {} by rebels",
        ),
        ("Villages such as {Velmar}, {Hit}, {Ana} and {Rawa} fell to the rebels.", "captured {} by rebels"),
        ("A string of towns including {Velmar}, {Hit}, {Ana} and {Rawa} fell to the rebels.", "captured {} by rebels"),
        (
            "The rebels took at least six villages in {Vale Province}, including {Velmar}, {Hit}, {Ana} and {Rawa}.",
            "captured {} by rebels",
        ),
        ("The villages of {Velmar}, {Hit}, {Ana} and {Rawa} in {Vale Province} were liberated.", "captured {}"),
        ("Four villages were captured: {Velmar}, {Hit}, {Ana} and {Rawa}, the army said.", "captured {}"),
        ("Recaptured from the rebels: {Velmar}, {Hit}, {Ana} and {Rawa}.", "captured {} from rebels"),
        ("The rebels withdrew from:\n- {Velmar}\n- {Hit}\n- {Ana}\n- {Rawa}", "withdrew {} from rebels"),
        ("Towns held by the rebels:\n- {Velmar}\n- {Hit}\n- {Ana}\n- {Rawa}", "holds {} by rebels"),
        ("Liberated villages: {Velmar}, {Hit}, {Ana}, {Rawa}.", "captured {}"),
        ("Captured today by the army: {Velmar}, {Hit}, {Ana}, {Rawa}.", "captured {} by army"),
        ("Villages captured by the army:\n- {Velmar}\n- {Hit}\n- {Ana}\n- {Rawa}", "captured {} by army"),
        ("The Taliban captured {Velmar}, {Hit}, {Ana}, and {Rawa}.", "captured {} by Taliban"),
    ],
)
def test_a_list_takes_what_is_said_of_it_far_away(text: str, expected: str) -> None:
    assert facts(text) == {expected.format(name) for name in ("Velmar", "Hit", "Ana", "Rawa")}


@pytest.mark.parametrize(
    "text",
    [
        "The villages are {Velmar}, {Hit} and {Ana}.",
        "The besieged villages are not {Velmar} and {Hit}.",
        "The liberated villages could be {Velmar} and {Hit}.",
        "Rebels left the captured villages: {Velmar} was calm and {Hit} slept.",
    ],
)
def test_a_list_of_which_nothing_is_said_gives_nothing(text: str) -> None:
    assert facts(text) == set()


def test_a_list_in_the_news_is_dated_by_it() -> None:
    claims = read("The villages liberated on Thursday are {Velmar} and {Hit}.", FRIDAY).claims
    assert [c.when.edtf for c in claims] == ["2017-11-16", "2017-11-16"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russian forces advanced northeast of {Velmar}.", {"contested Velmar by Russian forces"}),
        (
            "Russian forces recently advanced near {Velmar} and south of {Hit}.",
            {"contested Velmar by Russian forces", "contested Hit by Russian forces"},
        ),
        ("Ukrainian forces counterattacked in {Velmar} on Friday.", {"contested Velmar by Ukrainian forces"}),
        (
            "Russian forces attacked southwest of {Velmar} near {Hit} and {Ana}.",
            {"contested Hit by Russian forces", "contested Ana by Russian forces"},
        ),
        (
            "Russian forces led offensive operations northeast of {Velmar} near {Hit} and southeast of {Velmar} near {Ana}.",
            {"contested Hit by Russian forces", "contested Ana by Russian forces"},
        ),
        ("Russian forces advanced in the {Velmar} direction.", {"contested Velmar by Russian forces"}),
        ("Rebels conducted ground attacks west of {Velmar}.", {"contested Velmar by Rebels"}),
        ("The army launched an offensive west of {Velmar}.", {"contested Velmar by army"}),
        ("Elements of the 5th Brigade operate in {Velmar}.", {"presence Velmar by Elements of the 5th Brigade"}),
        ("The 3rd Brigade is operating near {Velmar}.", {"presence Velmar by 3rd Brigade"}),
        (
            "Units of the army have operated in {Velmar} and {Hit}.",
            {"presence Velmar by Units of the army", "presence Hit by Units of the army"},
        ),
    ],
)
def test_the_wording_of_daily_assessments_says_where_forces_fight_and_stand(text: str, expected: set[str]) -> None:
    assert facts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Markets advanced northeast of {Velmar}.",
        "The club attacked near {Velmar} and won.",
        "Several foreign firms operate in {Velmar}.",
        "Police operate in {Velmar} and {Hit}.",
        "Russian forces did not advance near {Velmar}.",
        "Russian forces may attack near {Velmar}.",
    ],
)
def test_who_does_not_fight_advances_nowhere(text: str) -> None:
    assert facts(text) == set()


def test_a_side_of_a_town_is_a_part_of_it() -> None:
    (claim,) = read("Russian forces advanced in western {Velmar}.", FRIDAY).claims
    assert (claim.extent, claim.extent_wording) == (Extent.PART, "western")


def test_a_town_is_not_told_with_what_it_lies_near() -> None:
    text = "Street fighting between the army and rebels broke out in {Velmar}, south-west of {Hit}, on Friday."
    assert {c.place_text for c in read(text, FRIDAY).claims} == {"Velmar"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The strikes allowed the army to retake {Velmar}.", {"captured Velmar by army"}),
        ("The retreat has allowed the rebels to enter {Velmar}.", {"presence Velmar by rebels"}),
        (
            "Heavy shelling allowed the militia to capture {Velmar} and {Hit}.",
            {"captured Velmar by militia", "captured Hit by militia"},
        ),
        ("The army could not prevent the fall of {Velmar}.", {"lost Velmar from army"}),
        ("The army failed to stop the capture of {Velmar} by the rebels.", {"captured Velmar by rebels from army"}),
        ("The army was unable to stop the rebels from capturing {Velmar}.", {"captured Velmar by rebels"}),
        (
            "The militia did not manage to stop the fall of {Velmar} to the rebels.",
            {"captured Velmar by rebels from militia"},
        ),
        ("The government did nothing to prevent the fall of {Velmar}.", {"lost Velmar from government"}),
        ("The law allowed the army to enter {Velmar}.", set()),
        ("The deal will allow the army to retake {Velmar}.", set()),
        ("The army was allowed to enter {Velmar}.", set()),
        ("The army prevented the fall of {Velmar}.", set()),
        ("The rebels were deterred from capturing {Velmar}.", set()),
        ("The airstrikes prevented the rebels from taking {Velmar}.", set()),
        ("The army could prevent the rebels from taking {Velmar}.", set()),
        ("Reinforcements saved {Velmar} from falling to the rebels.", set()),
    ],
)
def test_what_was_allowed_or_could_not_be_prevented_happened(text: str, expected: set[str]) -> None:
    assert facts(text) == expected


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("The army besieged {Velmar}, the last big redoubt of Hamas in {Norland}.", "Hamas"),
        ("Troops closed in on {Velmar}, the last remaining bastion of Islamic State in {Norland}.", "Islamic State"),
        ("The rebels' last redoubt in {Norland}, {Velmar}, was shelled.", "rebels"),
        ("The last stronghold of the rebels in {Norland}, {Velmar}, was shelled.", "rebels"),
        ("The rebels spoke of {Velmar}, their last redoubt in {Norland}.", "rebels"),
    ],
)
def test_a_stronghold_in_a_region_is_the_town_and_not_the_region(text: str, holder: str) -> None:
    found = facts(text)
    assert f"holds Velmar by {holder}" in found
    assert not any("Norland" in line for line in found)


@pytest.mark.parametrize(
    "text",
    [
        "The army took {Velmar}, a town 150 km east of {Hit}.",
        "The army took {Velmar}, the border area between {Norland} and {Sudland}.",
        "The army took {Velmar}, the crossing between {Hit} and {Ana}.",
        "The army took {Velmar}, a strategic town that links {Hit} with {Ana}.",
        "The army took {Velmar}, a strip of land along the border with {Sudland}.",
        "The army took {Velmar}, 20 km from {Hit}, on Friday.",
    ],
)
def test_an_apposition_says_what_a_place_is_and_claims_no_other(text: str) -> None:
    assert facts(text) == {"captured Velmar by army"}


@pytest.mark.parametrize(
    "aside", ["near the border with {Sudland}", "near {Ana}", "south of {Ana}", "on the road to {Ana}"]
)
def test_a_list_goes_on_behind_where_a_member_lies(aside: str) -> None:
    assert facts(f"The army took {{Velmar}}, {aside}, and {{Hit}}.") == {
        "captured Velmar by army",
        "captured Hit by army",
    }
    assert "captured Hit by army" not in facts(f"The army took {{Velmar}}, {aside}, and {{Hit}} was calm.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The army took {Velmar} from the rebels and {Hit} from Islamic State.",
            {"captured Velmar by army from rebels", "captured Hit by army from Islamic State"},
        ),
        ("Both the rebels and Islamic State withdrew from {Velmar}.", {"withdrew Velmar from rebels; Islamic State"}),
        (
            "The army expelled both Islamic State and the Taliban from {Velmar}.",
            {"captured Velmar by army from Islamic State; Taliban"},
        ),
        (
            "The army captured {Velmar}, besieged {Hit} and withdrew from {Ana}.",
            {"captured Velmar by army", "besieged Hit by army", "withdrew Ana from army"},
        ),
        (
            "The rebels lost {Velmar} and {Hit} but took {Ana}.",
            {"lost Velmar from rebels", "lost Hit from rebels", "captured Ana by rebels"},
        ),
    ],
)
def test_several_sides_share_a_fate_and_one_side_has_several(text: str, expected: set[str]) -> None:
    assert facts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The army captured {Velmar} and\n\nentered {Hit} on Friday.",
        "The army captured {Velmar} before noon on Friday and later\n\nentered {Hit} on Friday.",
        "On Friday the army, which had captured {Velmar},\n\nentered {Hit}.",
    ],
)
def test_a_clause_goes_on_across_a_paragraphs_break(text: str) -> None:
    assert facts(text) == {"captured Velmar by army", "presence Hit by army"}


def told(text: str, published: date) -> list[tuple[str, str]]:
    """Predicate and place of the claims of a text, its places found in the gazetteer."""
    gazetteer = Gazetteer.open()
    article = Article(id=ArticleId("x"), text=text, published=published)
    found = extract_claims(article, find_toponyms(article, gazetteer), ActorIndex(lexicon()))
    return [(c.predicate.value, c.place_text) for c in found.claims if c.place_id]


@pytest.mark.parametrize(
    "names",
    [
        ("Kunduz", "Takhar", "Nangarhar", "Logar", "Badghis"),
        ("Kunduz", "Baghlan", "Takhar"),
        ("Ghazni", "Herat", "Kandahar"),
    ],
)
def test_a_list_of_provinces_is_no_town_in_a_province(names: tuple[str, ...]) -> None:
    text = f"Taliban captured {', '.join(names[:-1])}, and {names[-1]}, officials said on Thursday."
    assert told(text, date(2021, 8, 12)) == [("captured", name) for name in names]


@pytest.mark.parametrize(
    "bullets",
    ["- Rawa\n- Anah\n- Hit", "• Rawa\n• Anah\n• Hit", "1. Rawa\n2. Anah\n3. Hit"],
)
def test_the_names_of_a_bulleted_list_are_found_like_those_of_a_sentence(bullets: str) -> None:
    text = f"The Iraqi army has retaken the following villages from Islamic State:\n{bullets}\n"
    assert told(text, date(2017, 11, 18)) == [("captured", name) for name in ("Rawa", "Anah", "Hit")]
