"""Wordings that texts of many kinds share: lists far from their verb, bearings, what was allowed or could not be prevented."""

from __future__ import annotations

from datetime import date

import pytest
from test_claims import read, said

from mapper.model import Extent, Modality

FRIDAY = date(2017, 11, 17)
MAPPED = (Modality.ASSERTED, Modality.ATTRIBUTED)


def facts(text: str) -> set[str]:
    """What is claimed as a fact, asserted or attributed, without who says so."""
    return {
        line.removesuffix(" (attributed)")
        for line in said(tuple(c for c in read(text, FRIDAY).claims if c.modality in MAPPED))
    }


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
            "Russian forces continued offensive operations northeast of {Velmar} near {Hit} and southeast of {Velmar} near"
            " {Ana} on Friday.",
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
