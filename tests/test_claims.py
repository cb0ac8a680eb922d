"""Reading claims out of sentences and short articles: modality, attribution, lists, references, dates, ids."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.actors import ActorIndex
from mapper.claims import Extraction, explain, extract_claims
from mapper.claims.tokens import LONGEST_SENTENCE, sentences
from mapper.config import lexicon
from mapper.model import Article, ArticleId, Block, Claim, Extent, Modality, Place, PlaceId, Predicate, Quote, Toponym

INDEX = ActorIndex(lexicon())
MARK = re.compile(r"\{([^}]+)\}")
COUNTRY = {"Norland": ("A", "PCLI", "AQ"), "Sudland": ("A", "PCLI", "SU"), "Vale Province": ("A", "ADM1", "AQ")}


def read(
    marked: str, published: date | None = None, *, identity: str = "t", blocks: tuple[Block, ...] = ()
) -> Extraction:
    """Claims of a text in which ``{Name}`` marks place names; names in COUNTRY are regions, the others towns."""
    text, toponyms, done = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[done : match.start()]
        name = match.group(1)
        kind, code, country = COUNTRY.get(name, ("P", "PPL", "AQ"))
        place = Place(
            id=PlaceId(f"table:{name.lower()}"),
            name=name,
            lat=1.0,
            lon=2.0,
            feature_class=kind,
            feature_code=code,
            country=country,
        )
        quote = Quote(article_id=ArticleId(identity), start=len(text), end=len(text) + len(name), text=name)
        toponyms.append(Toponym(quote=quote, place=place, score=0.9))
        text += name
        done = match.end()
    text += marked[done:]
    article = Article(id=ArticleId(identity), text=text, published=published, blocks=blocks)
    return extract_claims(article, toponyms, INDEX)


def said(claims: tuple[Claim, ...]) -> set[str]:
    """``predicate place < actor > other (modality)`` of each claim; asserted is not written."""
    found = set()
    for c in claims:
        words = f"{c.predicate.value} {c.place_text}"
        words += f" by {c.actor_text}" if c.actor_text else ""
        words += f" from {c.other_text}" if c.other_text else ""
        words += "" if c.modality is Modality.ASSERTED else f" ({c.modality.value})"
        found.add(words)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Iraqi forces retook {Velmar} from the Islamic State.",
            {"captured Velmar by Iraqi forces from Islamic State"},
        ),
        ("{Velmar} was recaptured by Iraqi forces.", {"captured Velmar by Iraqi forces"}),
        ("{Velmar} fell to the Taliban in May.", {"captured Velmar by Taliban"}),
        ("The Taliban lost {Velmar} in May.", {"lost Velmar from Taliban"}),
        ("The Taliban lost {Velmar} to government forces.", {"captured Velmar by government forces from Taliban"}),
        ("After the loss of the town of {Velmar} the rebels fled.", {"lost Velmar from rebels"}),
        ("The loss of the town of {Velmar} was felt.", {"lost Velmar"}),
        ("{Velmar} fell on Saturday and {Hit} on Sunday.", {"lost Velmar", "lost Hit"}),
        (
            "{Velmar} was captured by the Taliban in May and {Hit} in June.",
            {"captured Velmar by Taliban", "captured Hit by Taliban"},
        ),
        ("{Velmar} fell on Saturday and {Hit} was calm on Sunday.", {"lost Velmar"}),
        (
            "{Velmar} was besieged by the Taliban before it was taken in May.",
            {"besieged Velmar by Taliban", "captured Velmar by Taliban"},
        ),
        ("Before it was taken to a museum in {Velmar}, the Taliban besieged the shrine.", set()),
        ("Malian troops cleared {Velmar} of the rebels.", {"captured Velmar by Malian troops from rebels"}),
        ("Control of {Velmar} passed from the rebels to the Taliban.", {"transferred Velmar by Taliban from rebels"}),
        ("{Velmar} has returned to government control.", {"captured Velmar by government"}),
        ("The Taliban took back {Velmar}.", {"captured Velmar by Taliban"}),
        ("The Taliban have occupied {Velmar} since May.", {"holds Velmar by Taliban"}),
        ("The Taliban made what they called a retreat from {Velmar}.", {"withdrew Velmar from Taliban"}),
        ("The army failed to break the siege of {Velmar}.", {"besieged Velmar from army"}),
        ("Air Norland pulled out of {Velmar}.", set()),
        (
            "Clashes broke out between the Malian army and the Taliban in the vicinity of {Velmar}.",
            {"contested Velmar by Malian army from Taliban"},
        ),
        (
            "Soldiers captured a three-kilometre stretch of road in {Velmar} after a battle with the Taliban.",
            {"captured Velmar by Soldiers from Taliban", "contested Velmar by Soldiers from Taliban"},
        ),
        (
            "The Taliban stormed the Afghan army's (ANA) defences in {Velmar}.",
            {"contested Velmar by Taliban from Afghan army"},
        ),
        ("A Taliban fighter died in the {Velmar} offensive.", {"contested Velmar by Taliban fighter"}),
        ("A Taliban fighter saw a {Velmar} offensive line.", set()),
        ("The Taliban cut off {Velmar}.", {"besieged Velmar by Taliban"}),
        ("The Taliban cut off power to {Velmar}.", set()),
        ("The Taliban cut a road into {Velmar}.", set()),
        (
            "{Velmar}, the last town in the valley that the Taliban held, fell.",
            {"lost Velmar from Taliban", "holds Velmar by Taliban"},
        ),
        ("{Velmar} has been under rebel blockade for a year.", {"besieged Velmar by rebel"}),
        ("{Velmar} was under the command of the Taliban.", {"holds Velmar by Taliban"}),
        ("The Taliban took over in {Velmar}.", {"captured Velmar by Taliban"}),
        ("{Velmar} was the last city the Taliban held.", {"holds Velmar by Taliban"}),
        ("{Velmar} is the last city that the Taliban hold.", {"holds Velmar by Taliban"}),
        ("The Taliban streamed into {Velmar}.", {"presence Velmar by Taliban"}),
        (
            "The Taliban reached {Velmar}. They stormed the town.",
            {"presence Velmar by Taliban", "contested Velmar by Taliban"},
        ),
        ("{Velmar} liberated, ministry says.", {"captured Velmar (attributed)"}),
        ("{Velmar} surrendered to the Taliban.", {"captured Velmar by Taliban"}),
        ("US marines fought their way to the heart of {Velmar}.", {"contested Velmar by US marines"}),
        ("The Taliban pulled nearly all of their fighters out of {Velmar}.", {"withdrew Velmar from Taliban"}),
        ("The Taliban walked into {Velmar}.", {"presence Velmar by Taliban"}),
        ("Taliban fighters began to leave {Velmar}.", {"withdrew Velmar from Taliban fighters"}),
        ("The rebels' evacuation of {Velmar} was completed.", {"withdrew Velmar from rebels"}),
        ("Police marched on the centre of {Velmar}.", set()),
        (
            "The Taliban, having already seized {Hit}, took {Velmar}.",
            {"captured Hit by Taliban", "captured Velmar by Taliban"},
        ),
        (
            "Calm returned to the centre of {Hit}, and the Taliban now control {Velmar}.",
            {"holds Velmar by Taliban"},
        ),
        ("{Velmar} itself, home to a shrine, remained in Taliban hands.", {"holds Velmar by Taliban"}),
        ("{Velmar} became the first city to fall to the Taliban.", {"captured Velmar by Taliban"}),
        ("It would be the first city to fall to the Taliban after {Velmar}.", set()),
        (
            "{Velmar}, where the Taliban believed that the last battle would be fought, was lost.",
            {"lost Velmar"},
        ),
        (
            "Fighting between the Malian army and the Taliban raged in {Velmar}.",
            {"contested Velmar by Malian army from Taliban"},
        ),
        ("Taliban units crossed the river into {Velmar}.", {"presence Velmar by Taliban units"}),
        ("The Taliban's last foothold, the village of {Velmar}, was overrun.", {"captured Velmar from Taliban"}),
        ("{Velmar} was back under Taliban control.", {"holds Velmar by Taliban"}),
        (
            "The army broke the siege that the Taliban had laid to {Velmar}.",
            {"siege_lifted Velmar by Taliban from army"},
        ),
        (
            "The Taliban captured {Velmar}. On Tuesday government commandos pushed them out.",
            {"captured Velmar by Taliban", "captured Velmar by government commandos"},
        ),
        (
            "The Taliban entered {Velmar}, taking five districts.",
            {"presence Velmar by Taliban", "captured Velmar by Taliban"},
        ),
        ("The Taliban have taken up positions in {Velmar}.", {"presence Velmar by Taliban"}),
        (
            "The Taliban drove on to {Hit} and entered it after the fall of {Velmar}.",
            {"presence Hit by Taliban", "lost Velmar"},
        ),
        ("The Taliban pulled out of {Velmar} on Monday.", {"withdrew Velmar from Taliban"}),
        ("The rebels handed over {Velmar} to the Malian army.", {"transferred Velmar by Malian army from rebels"}),
        ("{Velmar} is in the hands of the rebels.", {"holds Velmar by rebels"}),
        ("Aid reached Taliban-held {Velmar}.", {"holds Velmar by Taliban"}),
        ("{Velmar}, a stronghold of the Taliban, was quiet.", {"holds Velmar by Taliban"}),
        ("The army has besieged {Velmar} since May.", {"besieged Velmar by army"}),
        ("The army broke the siege of {Velmar}.", {"siege_lifted Velmar from army"}),
        ("Hundreds of Russian troops were deployed to {Velmar}.", {"presence Velmar by Hundreds of Russian troops"}),
    ],
)
def test_voice_and_frame_decide_who_has_what(text: str, expected: set[str]) -> None:
    assert said(read(text).claims) == expected


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("The army will retake {Velmar}.", Modality.PLANNED),
        ("The army vowed to retake {Velmar}.", Modality.PLANNED),
        ("The army is preparing to storm and recapture {Velmar}.", Modality.PLANNED),
        ("The army could retake {Velmar} within days.", Modality.HYPOTHETICAL),
        ("If the army retakes {Velmar}, the rebels are lost.", Modality.HYPOTHETICAL),
        ("The army failed to retake {Velmar}.", Modality.NEGATED),
        ("Had the army captured {Velmar}, the war would have ended.", Modality.HYPOTHETICAL),
        ("The army has not captured {Velmar}.", Modality.NEGATED),
        ("The rebels repelled an attempt by the army to capture {Velmar}.", Modality.NEGATED),
        ("The army reportedly captured {Velmar}.", Modality.ATTRIBUTED),
        ("The army has captured {Velmar}, residents said.", Modality.ATTRIBUTED),
        ("The army managed to capture {Velmar}.", Modality.ASSERTED),
        ("The army inched nearer to capturing {Velmar}.", Modality.PLANNED),
        ("The rebels came within an hour of capturing {Velmar}.", Modality.HYPOTHETICAL),
    ],
)
def test_modality_comes_from_the_words_around_the_verb(text: str, modality: Modality) -> None:
    taken = [c for c in read(text).claims if c.predicate is Predicate.CAPTURED]
    assert [c.modality for c in taken] == [modality]


def test_an_offensive_to_recapture_is_a_plan_and_a_fight() -> None:
    claims = read("Iraqi forces launched an offensive to recapture {Velmar} from the Islamic State.").claims
    assert {(c.predicate, c.modality.mapped) for c in claims} == {
        (Predicate.CAPTURED, False),
        (Predicate.CONTESTED, True),
    }


def test_a_denied_capture_is_a_denial_with_its_speaker() -> None:
    (claim,) = read("Kyiv denied that {Velmar} had fallen to Russian forces.").claims
    assert claim.predicate is Predicate.DENIED
    assert (claim.actor_id, claim.said_by, claim.modality) == ("russia", "Kyiv", Modality.ATTRIBUTED)


def test_the_speaker_of_a_claim_is_kept() -> None:
    (claim,) = read("The army has captured {Velmar}, the Observatory said on Monday.").claims
    assert claim.said_by == "Observatory"


def test_a_list_gives_a_claim_each_and_an_apposition_none() -> None:
    claims = read("The army retook {Hit}, {Rutba} and {Velmar}, the largest city of {Vale Province}, in May.").claims
    assert [c.place_text for c in claims] == ["Hit", "Rutba", "Velmar"]


def test_each_member_of_a_list_takes_its_own_date() -> None:
    claims = read("The rebels took {Hit} on 3 May 2016 and {Rutba} on 5 May 2016.").claims
    assert [(c.place_text, c.when.edtf) for c in claims] == [("Hit", "2016-05-03"), ("Rutba", "2016-05-05")]


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("The army captured parts of {Velmar}.", "parts of"),
        ("The rebels hold about 80 percent of {Velmar}.", "about 80 percent of"),
        ("The army seized the airport of {Velmar}.", "the airport of"),
        ("The Taliban control nearly fifty villages in {Vale Province}.", "nearly fifty villages in"),
        ("The army captured northern {Velmar}.", "northern"),
        ("The army captured the port of {Velmar}.", "the port of"),
        ("The army captured the last districts of {Velmar}.", "the last districts of"),
    ],
)
def test_parts_of_a_place_are_partial_with_their_wording(text: str, wording: str) -> None:
    (claim,) = read(text).claims
    assert (claim.extent, claim.extent_wording) == (Extent.PART, wording)


@pytest.mark.parametrize(
    "text",
    [
        "Police captured the gang's leader in {Velmar}.",
        "The striker captured the hearts of {Velmar}.",
        "A photographer captured {Velmar} at night.",
        "She captured the gold medal in {Velmar} on Sunday.",
        "Soldiers captured a rebel commander and two of his aides near {Velmar}.",
        "The candidate captured 57 percent of the vote in {Velmar}.",
        "Rebels captured large quantities of weapons in {Velmar}.",
        "The suspect was captured at a checkpoint in {Velmar} after three weeks on the run.",
        "Democrats seized control of the Senate after they won in {Velmar}.",
        "Riot police surrounded a mosque in {Velmar}.",
        "{Norland} fell to {Sudland} in {Velmar}.",
        "A film on the fall of {Velmar} opens on Friday.",
        "Her book about the siege of {Velmar} won a prize.",
        "Aid convoys entered {Velmar} on Monday.",
        "Smith held {Velmar} and lost {Hit} by a hair.",
        "The army chief took power in {Velmar}.",
        "The two ministers clashed over {Norland} in {Velmar}.",
        "Hospitals in {Velmar} are under siege from the virus.",
        "In May the militia overran the Oskari.",
        "The 82nd street fair captured the hearts of {Velmar}.",
        "The army captured 400 square metres of weapons stores and a range of vehicles near {Velmar}.",
        "Rebels captured his hometown on Friday.",
        "Anna Oskarson lost {Velmar}, her party's bastion, and John Tarn lost {Hit}, his party's stronghold.",
    ],
)
def test_persons_things_and_prizes_are_not_places(text: str) -> None:
    assert read(text).claims == ()


@pytest.mark.parametrize(
    "words",
    [
        "was captured by Malian soldiers while trying to cross the border in March.",
        "was captured by the Taliban in May and flown to {Norland} in June.",
        "was captured by Malian troops near {Tarn} in March.",
        "was captured by the Taliban, but its chief has said the fugitive was handed over to the army.",
        "was captured by the Malian army, but his lawyers say he was never a fighter.",
        "was captured alive by the Taliban.",
        "was captured by Malian troops last year and is being held in a prison.",
        "was seized by the Taliban after leaving a hotel.",
        "was captured by the Taliban. He was later released.",
        "was captured by the rebels, who flew him to a base.",
        "was captured by the rebels at dawn and his family has asked for help.",
        "was captured by the Taliban and, months later, tried in {Tarn}.",
    ],
)
def test_a_name_that_is_also_a_towns_is_a_persons_by_what_is_said_of_it(words: str) -> None:
    assert read("{Osk} " + words).claims == ()
    assert read("Malian troops captured {Osk} and handed him over to prosecutors.").claims == ()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("was captured by the Taliban in May and brought under their control.", "captured Osk by Taliban"),
        ("was captured by General Hadi and his men.", "captured Osk by General Hadi; men"),
        ("was captured by the Taliban and is still held by them.", "captured Osk by Taliban"),
        ("was captured by the Taliban, and President Hadi said he would resign.", "captured Osk by Taliban"),
        ("was captured by the Taliban after changing hands twice.", "captured Osk by Taliban"),
        ("was captured by the Taliban on Sunday, he said.", "captured Osk by Taliban (attributed)"),
        (
            "was captured by the Taliban after his men fled, he told reporters.",
            "captured Osk by Taliban from men (attributed)",
        ),
        ("was captured by the Taliban on Sunday. He added that the army had fled.", "captured Osk by Taliban"),
        ("was captured by the Taliban and brought into the union.", "captured Osk by Taliban"),
        ("was captured by the Taliban last month, but he has vowed to return.", "captured Osk by Taliban"),
        ("was captured by Kamara's rebels, and he was executed in June.", "captured Osk by Kamara's rebels"),
        ("was captured by the Taliban, who gave him a hero's welcome.", "captured Osk by Taliban"),
        ("was captured by the Taliban, but the commander was killed.", "captured Osk by Taliban"),
        ("was captured by rebels in {Vale Province} in May.", "captured Osk by rebels"),
        ("was captured by the Taliban and taken back by the army.", "captured Osk by Taliban"),
    ],
)
def test_a_town_stays_a_town_beside_what_persons_do(words: str, expected: str) -> None:
    assert expected in said(read("{Osk} " + words).claims)
    assert said(read("The Taliban captured {Osk}, he said.").claims) == {"captured Osk by Taliban (attributed)"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He was captured fighting alongside the Taliban in {Velmar} in 2001.", set()),
        ("They were captured fighting the Taliban in {Velmar}.", {"contested Velmar"}),
        (
            "The official news agency, {Osk}, cited a source as saying government troops had captured the area nearby.",
            set(),
        ),
        (
            "The state news agency, {Osk}, cited a source as saying government troops had captured {Velmar}.",
            {"captured Velmar by government troops (attributed)"},
        ),
        (
            "Hadi has cousins in the {Tarn} region further south, another stronghold of the Taliban.",
            {"holds Tarn region by Taliban"},
        ),
        ("Dozens died in fierce fighting in {Velmar}, southern {Osk}, a part of {Norland}.", {"contested Velmar"}),
        (
            "Fierce fighting was reported in {Velmar}, northern {Osk} and {Tarn}.",
            {"contested Velmar", "contested northern Osk", "contested Tarn"},
        ),
        ("Refugees have lived there since fierce fighting in neighbouring {Sudland} in 1996.", set()),
        (
            "Thousands have left since fierce fighting between the army and the Taliban in {Velmar} on Monday.",
            {"contested Velmar by army from Taliban"},
        ),
        (
            "{Velmar}, known as {Osk} in {Sudland}, located in northern {Vale Province}, was captured by Malian troops.",
            {"captured Velmar by Malian troops"},
        ),
    ],
)
def test_what_stands_beside_the_place_is_not_the_place(text: str, expected: set[str]) -> None:
    assert said(read(text).claims) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The militants captured {Velmar} from soldiers from the Afghan National Army.",
            {"captured Velmar by militants from soldiers from the Afghan National Army"},
        ),
        ("{Velmar} was captured by militants from the Afghan army.", {"captured Velmar by militants from Afghan army"}),
        (
            "The Afghan army drove fighters from the Taliban out of {Velmar}.",
            {"captured Velmar by Afghan army from fighters from the Taliban"},
        ),
        (
            "In an assault coordinated with the Afghan army, militiamen captured {Velmar}, straining Taliban supplies.",
            {"captured Velmar by militiamen from Taliban"},
        ),
        ("Backed by the Afghan army, militiamen captured {Velmar}.", {"captured Velmar by militiamen"}),
        ("The marines, backed by tanks and the Taliban, captured {Velmar}.", {"captured Velmar by marines"}),
        ("The prospect of invading {Norland} was unpopular in {Velmar}.", set()),
        ("Troops captured {Velmar} with help from the Taliban.", {"captured Velmar by Troops"}),
        ("Troops captured {Velmar} from the Taliban.", {"captured Velmar by Troops from Taliban"}),
        ("Militiamen allied with the Afghan army captured {Velmar}.", {"captured Velmar by Militiamen"}),
        (
            "The rebels captured {Norland}'s coffee belt, dealing a severe blow to the Afghan army.",
            {"captured Norland's coffee belt by rebels from Afghan army"},
        ),
        ("The rebels captured {Velmar}, dealing a blow to hopes of peace.", {"captured Velmar by rebels"}),
        (
            "The cook was caught after clashes in {Velmar} on Monday in which dozens of Taliban fighters were killed.",
            {"contested Velmar by Taliban fighters"},
        ),
        ("Fierce clashes in {Velmar} in which many civilians were killed went on.", {"contested Velmar"}),
        (
            "Radio reported fighting on Sunday at {Velmar}, saying rebels had wounded several government soldiers.",
            {"contested Velmar by rebels from government soldiers"},
        ),
        ("Fierce fighting at {Velmar} went on after a car had killed two soldiers.", {"contested Velmar"}),
        (
            "Ten people died in fighting around {Velmar}, as government forces seized {Tarn} while rebels withdrew.",
            {
                "contested Velmar by government forces from rebels",
                "captured Tarn by government forces from rebels",
                "withdrew Tarn from rebels",
            },
        ),
        (
            "According to an officer of the Afghan army, soldiers captured {Velmar}.",
            {"captured Velmar by Afghan army (attributed)"},
        ),
        (
            "According to an officer of the Afghan army, Malian soldiers captured {Velmar}.",
            {"captured Velmar by Malian soldiers from Afghan army (attributed)"},
        ),
    ],
)
def test_sides_are_those_who_fight_and_not_who_help(text: str, expected: set[str]) -> None:
    assert said(read(text).claims) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Riot police clashed with some fifty masked youths on {Velmar} Square.", set()),
        ("Police clashed with Taliban fighters in {Velmar}.", {"contested Velmar by Police from Taliban fighters"}),
        ("Police stormed a holy site in {Velmar} to disperse the young people.", set()),
        ("Some 150 victims marched to protest a blockade of {Velmar} on Friday.", {"besieged Velmar"}),
        ("Gunmen laid siege to a highway near {Velmar} village.", set()),
        ("A bomb went off in {Velmar}'s Shiite enclave of {Osk}.", set()),
        ("A bomb went off in the Taliban's enclave of {Osk}.", {"holds Osk by Taliban"}),
        ("Troops were sent to quell fighting in a feud between the {Osk} and Zaway tribes.", set()),
        ("Crowds met at the United Nations headquarters in {Velmar}.", set()),
        ("Crowds met near the Taliban headquarters in {Velmar}.", {"holds Velmar by Taliban"}),
        ("He died in a Taliban-run prison near {Velmar}.", set()),
        ("He died in a Taliban-run town near {Velmar}.", {"holds Velmar by Taliban"}),
        ("In {Velmar} on Wednesday, crowds called for the creation of a new force to fight the Taliban.", set()),
        (
            "In {Velmar}, the Afghan army continued to fight the Taliban.",
            {"contested Velmar by Afghan army from Taliban"},
        ),
        ("Thousands marched to protest against a possible Taliban offensive in {Velmar}.", set()),
        (
            "Rebels launched an attack against the Popular Front for the {Salvation} of Sudan in {Velmar}.",
            {"contested Velmar by Rebels from Popular Front"},
        ),
        (
            "Gunmen launched an attack in {Velmar}, targeting the Emir of {Osk}'s palace and a base.",
            {"contested Velmar by Gunmen"},
        ),
    ],
)
def test_unrest_fears_and_prisons_are_no_war_for_a_place(text: str, expected: set[str]) -> None:
    assert said(read(text).claims) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The army captured the village of {Velmar} Al-Tarn in the eastern region of {Vale Province}.",
            {"captured Velmar Al-Tarn by army"},
        ),
        (
            "The rebels captured the commercial centre of {Vale Province}, {Velmar}, killing ten people.",
            {"captured Velmar by rebels"},
        ),
        (
            "The rebels captured the centre of {Velmar}, {Osk} and {Tarn}.",
            {"captured Velmar by rebels", "captured Osk by rebels", "captured Tarn by rebels"},
        ),
        (
            "At least 69 Taliban fighters were killed in clashes with the Afghan army near {Velmar}.",
            {"contested Velmar by 69 Taliban fighters from Afghan army"},
        ),
        (
            "At the time of the truce fewer than 500 French troops remained in {Velmar}.",
            {"presence Velmar by fewer than 500 French troops"},
        ),
        (
            "OSK, {Norland}     Two members of the Afghan army died in clashes with the Taliban in {Velmar}.",
            {"contested Velmar by Two members of the Afghan army from Taliban"},
        ),
        (
            "Jets hit a hospital in {Velmar}, a town near {Osk} controlled by the Taliban, on Saturday.",
            {"holds Velmar by Taliban"},
        ),
        ("Jets hit a town near {Osk} held by the Taliban.", {"holds Osk by Taliban"}),
        (
            "Ten men were killed in clashes with the Afghan army in the Kurdish southeast.",
            {"contested the Kurdish southeast from Afghan army"},
        ),
        (
            "Seven Taliban soldiers died in fierce clashes with fighters of the Sons of {Osk} in the {Velmar} area.",
            {"contested Velmar area by Seven Taliban soldiers from fighters of the Sons"},
        ),
        ("Hundreds of families fled fighting near {Velmar}.", {"contested Velmar"}),
        (
            "The army killed 30 men during ISIS' failed offensive to capture {Velmar}.",
            {"captured Velmar by ISIS (negated)", "contested Velmar by ISIS"},
        ),
    ],
)
def test_names_and_numbers_end_where_they_end(text: str, expected: set[str]) -> None:
    assert said(read(text).claims) == expected


def test_the_town_means_the_town_named_before() -> None:
    claims = read("Rebels surrounded {Velmar} on Monday. The army retook the town on Friday.", date(2024, 5, 20)).claims
    assert [(c.predicate.value, c.place_id) for c in claims] == [
        ("besieged", "table:velmar"),
        ("captured", "table:velmar"),
    ]


def test_they_are_whoever_acted_in_the_sentence_before() -> None:
    claims = read("The Taliban captured {Hit} from government forces. They took {Rutba} a day later.").claims
    assert [(c.place_text, c.actor_id) for c in claims] == [("Hit", "taliban"), ("Rutba", "taliban")]


def test_the_last_town_of_a_country_implies_the_rest() -> None:
    text = "Rebels and troops had clashed in {Norland}, in {Sudland} and at the town of {Velmar}. On Monday the army captured the last town in the country the Islamic State still controlled."
    claim = next(c for c in read(text).claims if c.predicate is Predicate.CAPTURED and c.modality is Modality.ASSERTED)
    assert (claim.place_id, claim.other_id, claim.extent) == ("table:velmar", "is", Extent.WHOLE)
    assert claim.implies == ("holder_before", "last_in:table:norland")


def test_taken_from_implies_held_before_and_a_plan_implies_nothing() -> None:
    assert read("The army retook {Velmar} from the rebels.").claims[0].implies == ("holder_before",)
    assert read("The army vowed to retake {Velmar} from the rebels.").claims[0].implies == ()


def test_a_share_is_read_with_its_region_baseline_and_speaker() -> None:
    text = 'ISIS has lost 80% of the "emirate" it proclaimed in {Norland} and {Sudland} in 2011, according to the governor.'
    (share,) = read(text, date(2017, 11, 18)).share_claims
    assert (share.actor_id, share.lost, share.fraction) == ("is", True, 0.8)
    assert share.region == ("table:norland", "table:sudland")
    assert (share.baseline.edtf, share.when.edtf, share.said_by) == ("2011", "2017-11-18", "governor")


@pytest.mark.parametrize(
    ("text", "fraction", "km2"),
    [
        ("The rebels control a third of {Norland}.", 1 / 3, None),
        ("The rebels hold 4,000 sq km of territory in {Norland}.", None, 4000.0),
        ("Two thirds of {Norland} is controlled by the rebels.", 2 / 3, None),
    ],
)
def test_shares_are_fractions_or_areas(text: str, fraction: float | None, km2: float | None) -> None:
    (share,) = read(text).share_claims
    assert share.fraction == pytest.approx(fraction) if fraction else share.fraction is None
    assert share.km2 == km2


@pytest.mark.parametrize(
    ("text", "edtf", "basis"),
    [
        ("The army retook {Velmar} on Friday.", "2024-05-17", "clause"),
        ("On Friday, the army attacked in the north, retaking {Velmar}.", "2024-05-17", "sentence"),
        ("The army retook {Velmar}.", "", ""),
        ("The army holds {Velmar}.", "2024-05-20", "published"),
        ("The army has held {Velmar} since 2021.", "2021/2024-05-20", "clause"),
        ("The army retook {Velmar}, a rebel stronghold since 2021.", "", ""),
        ("The army retook {Velmar} on Friday, three days after it captured {Hit}.", "2024-05-17", "clause"),
    ],
)
def test_the_governing_time_is_taken_and_says_so(text: str, edtf: str, basis: str) -> None:
    claim = read(text, date(2024, 5, 20)).claims[0]
    assert (claim.when.edtf, claim.when.basis) == (edtf, basis)


def test_days_after_are_counted_from_the_main_clause() -> None:
    claims = read("The army retook {Velmar} on Friday, three days after it captured {Hit}.", date(2024, 5, 20)).claims
    assert {c.place_text: c.when.edtf for c in claims} == {"Velmar": "2024-05-17", "Hit": "2024-05-14"}


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("The army, which took {Hit} last week, is now pushing towards {Velmar}.", "2024-05-20"),
        ("The army took {Hit} on Friday and now holds {Velmar}.", "2024-05-20"),
        ("The army stormed {Velmar} and took {Hit} on Friday.", "2024-05-17"),
        ("On Sunday the army said that {Velmar} was still in its hands.", "2024-05-19"),
        ("The army said that {Velmar} was still in its hands.", "2024-05-20"),
        ("{Velmar} is in Taliban hands for the first time since 2021.", "2024-05-20"),
        ("The Taliban took {Velmar} before dawn on Saturday.", "2024-05-18"),
        ("{Velmar} fell when the Taliban attacked on Sunday.", "2024-05-19"),
    ],
)
def test_the_time_of_another_clause_is_taken_only_if_it_can_be_this_ones(text: str, edtf: str) -> None:
    claims = read(text, date(2024, 5, 20)).claims
    assert [c.when.edtf for c in claims if c.place_text == "Velmar"] == [edtf]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In 1688, marines landed and took {Velmar}.", {"Velmar": "1688"}),
        ("1791 - {Velmar} falls to cavalry units.", {"Velmar": "1791"}),
        (
            "From the archive:   1736 -- Tribesmen seized {Velmar} under Osman I.   1921 -- Troops took {Hit}.",
            {"Velmar": "1736", "Hit": "1921"},
        ),
        ("1926 - Troops capture {Velmar}\n1949 - Rebels capture {Hit}", {"Velmar": "1926", "Hit": "1949"}),
        ("1898 _ Troops captured {Velmar}.", {"Velmar": "1898"}),
        ("1944 - Allied troops capture {Velmar} on June 4.", {"Velmar": "1944"}),
        ("1923 - Troops capture {Velmar}, a town that rebels had entered in 1920.", {"Velmar": "1923"}),
        ("Rebels seized {Velmar} in the 1994 civil war and took {Hit} in 2003.", {"Velmar": "1994", "Hit": "2003"}),
        ("{Velmar} was seized by rebels in the 1994 civil war and razed in 2003.", {"Velmar": "1994"}),
        ("Rebels took {Velmar} in Oskaria's 1978-84 civil war.", {"Velmar": "1978/1984"}),
        ("{Velmar}, seized by troops in the last days of the 1939-45 war, is calm.", {"Velmar": "1939/1945"}),
        ("Troops captured {Velmar} and shelled {Hit} on Friday.", {"Velmar": "2024-05-17"}),
        ("Troops captured {Velmar} with 1650 rifles.", {"Velmar": ""}),
        ("Brigade 1704 - Troops captured {Velmar}.", {"Velmar": ""}),
    ],
)
def test_an_event_has_the_year_of_its_own_item_or_war(text: str, expected: dict[str, str]) -> None:
    found = read(text, date(2024, 5, 20)).claims
    assert {c.place_text: c.when.edtf for c in found if c.predicate is Predicate.CAPTURED} == expected


def test_it_before_its_name_is_the_subject_of_the_main_clause() -> None:
    claims = read("Three days after it captured {Velmar}, the Taliban massed near {Hit}.").claims
    assert {c.actor_id for c in claims} == {"taliban"}


def test_reports_that_are_dismissed_are_not_told_as_facts() -> None:
    claims = read("Reports that the Taliban had entered {Velmar} were dismissed by the army.").claims
    assert not any(c.modality.mapped for c in claims)
    claims = read("Reports that the Taliban had entered {Velmar} were read by the army.").claims
    assert any(c.modality.mapped for c in claims)


def test_it_is_the_only_place_of_the_sentence_before() -> None:
    claims = read("The army withdrew from {Velmar}. It was in Taliban hands by night.").claims
    assert {(c.predicate.value, c.place_id) for c in claims} == {
        ("withdrew", "table:velmar"),
        ("holds", "table:velmar"),
    }
    claims = read("The army withdrew from {Velmar} and took {Hit}. It was in Taliban hands by night.").claims
    assert Predicate.HOLDS not in {c.predicate for c in claims}


def test_its_men_are_whoever_acted_before() -> None:
    claims = read("The Taliban captured {Velmar}. Its men, who took {Hit} in May, left.").claims
    assert {c.actor_id for c in claims} == {"taliban"}


def test_what_is_no_longer_so_is_not_so() -> None:
    assert not any(c.modality.mapped for c in read("{Velmar} is no longer in Taliban hands.").claims)
    assert any(c.modality.mapped for c in read("{Velmar} is now in Taliban hands.").claims)


def test_a_countrys_second_city_is_the_one_named_before() -> None:
    claims = read("The army entered {Velmar}, two weeks after it laid siege to {Norland}'s second city.").claims
    assert {c.place_id for c in claims} == {"table:velmar"}


def test_an_only_enemy_is_who_lost_what_else_was_taken() -> None:
    battles = "The Iraqi army took {Hit} from ISIS. The Iraqi army is fighting ISIS in {Rutba} and {Vale Province}."
    taken = [c for c in read(battles + " The Iraqi army captured {Velmar}.").claims if c.place_text == "Velmar"]
    assert [(c.other_id, c.implies) for c in taken] == [("is", ())]
    more = " The Iraqi army took {Samawa} from the Peshmerga. The Iraqi army captured {Velmar}."
    taken = [c for c in read(battles + more).claims if c.place_text == "Velmar"]
    assert [c.other_id for c in taken] == [""]


def test_what_remains_in_a_country_is_a_part_of_it() -> None:
    claims = read("Fighting went on in {Norland}. Scraps of desert remain under ISIS control in the country.").claims
    held = [c for c in claims if c.predicate is Predicate.HOLDS]
    assert [(c.place_id, c.extent) for c in held] == [("table:norland", Extent.PART)]


def test_from_them_is_the_side_named_before() -> None:
    text = "{Velmar}, which the Taliban ruled for years, was wrested from them by government soldiers."
    taken = next(c for c in read(text).claims if c.predicate is Predicate.CAPTURED)
    assert (taken.other_id, taken.actor_text) == ("taliban", "government soldiers")


def test_who_says_that_a_place_is_freed_freed_it() -> None:
    freed = read("The Syrian army said {Velmar} had been liberated.").claims[0]
    lost = read("The Syrian army said {Velmar} had been captured.").claims[0]
    assert (freed.actor_id, lost.actor_id) == ("syria", "")


def test_the_outskirts_are_those_of_the_town_spoken_of() -> None:
    claims = read("{Velmar} has not fallen. The rebels still hold the southern outskirts.").claims
    held = next(c for c in claims if c.predicate is Predicate.HOLDS)
    assert (held.place_id, held.extent) == ("table:velmar", Extent.PART)


def test_what_is_to_be_taken_from_somebody_is_still_theirs() -> None:
    planned = read("An offensive to seize {Velmar}, the last bastion of the Taliban, began.").claims
    done = read("The army seized {Velmar}, the last bastion of the Taliban.").claims
    assert Predicate.HOLDS in {c.predicate for c in planned}
    assert Predicate.HOLDS not in {c.predicate for c in done}


def test_an_unknown_name_is_listed_with_an_issue_when_the_words_make_it_a_place() -> None:
    found = read("The army captured the village of Quellmond from the rebels.")
    assert [(c.place_text, c.place_id) for c in found.claims] == [("Quellmond", "")]
    assert [i.code for i in found.issues] == ["place-unresolved"]


def test_what_is_refused_says_why_and_where() -> None:
    text = "The army captured a rebel commander in {Velmar}."
    found = read(text)
    assert found.claims == ()
    assert any("person" in r.reason for r in found.rejected)
    plain = text.replace("{", "").replace("}", "")
    assert all(plain[r.start : r.end] == r.text for r in found.rejected)


def test_another_language_gives_an_issue_and_no_claims() -> None:
    text = "Las fuerzas del ejército capturaron la ciudad de {Velmar} el viernes, según el portavoz de la coalición en la capital."
    found = read(text)
    assert found.claims == ()
    assert [i.code for i in found.issues] == ["language-not-supported"]


def test_a_sentence_without_end_is_read_in_pieces_that_lose_no_word_and_an_issue_says_so() -> None:
    words = "The army captured Velmar and soldiers went on, while rebels held the hills near Hit, " * 7000
    spans = sentences(words)
    assert len(words.split()) > 90_000
    assert max(s.end - s.start for s in spans) <= LONGEST_SENTENCE
    assert " ".join(words[s.start : s.end] for s in spans).split() == words.split()
    assert all(words[s.end - 1] == "," for s in spans)
    found = read("The army captured {Velmar} on 3 May 2016, " + "and the rain fell, " * 200 + "and went home.")
    assert [c.place_text for c in found.claims] == ["Velmar"]
    assert [i.code for i in found.issues] == ["sentence-endless"]


def test_a_word_without_end_is_cut_where_no_pause_is() -> None:
    spans = sentences("The army captured Velmar " + "A" * 9000 + " and left.")
    assert max(s.end - s.start for s in spans) <= LONGEST_SENTENCE
    assert [s.cut for s in spans] == [True] * (len(spans) - 1) + [False]


def test_quotes_are_the_sentence_as_it_stands_in_the_article() -> None:
    text = "Rain fell. The army captured {Velmar} from the rebels. Night fell."
    (claim,) = read(text).claims
    plain = text.replace("{", "").replace("}", "")
    assert claim.quote.text == plain[claim.quote.start : claim.quote.end] == "The army captured Velmar from the rebels."


def test_ids_are_stable_and_differ_between_claims() -> None:
    text = "The army captured {Hit} and {Rutba} from the rebels and besieged {Velmar}."
    first, second = read(text).claims, read(text).claims
    assert [c.id for c in first] == [c.id for c in second]
    assert len({c.id for c in first}) == len(first) == 3
    assert {c.id for c in read(text, identity="other").claims}.isdisjoint({c.id for c in first})


def test_explain_shows_rule_confidence_and_refusals() -> None:
    shown = explain(read("The army captured {Velmar} on 3 May 2016. The army captured a sniper in {Hit}."))
    assert "captured 'Velmar'" in shown
    assert "rule capture, confidence" in shown
    assert "not capture: 'a sniper'" in shown


def test_a_claim_is_surer_with_every_part_found() -> None:
    full = read("Iraqi forces recaptured {Velmar} from the Islamic State on 3 May 2016.").claims[0]
    bare = read("Velmont was recaptured.").claims
    assert full.confidence >= 0.8
    assert all(c.confidence < full.confidence for c in bare)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=300))
def test_any_text_is_read_without_harm(text: str) -> None:
    found = extract_claims(Article(id=ArticleId("h"), text="The army captured " + text), (), INDEX)
    for claim in found.claims:
        assert claim.quote.text == ("The army captured " + text)[claim.quote.start : claim.quote.end]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "the",
                "army",
                "captured",
                "of",
                "from",
                "by",
                ",",
                "and",
                "which",
                "to",
                "rebels",
                "{Velmar}",
                "was",
                "not",
                "in",
                "-",
                "(",
                ")",
                "'s",
                "after",
            ]
        ),
        max_size=30,
    )
)
def test_no_order_of_words_breaks_the_analysis(words: list[str]) -> None:
    found = read(" ".join(words))
    assert all(0 <= c.confidence <= 1 for c in found.claims)


PUBLISHED = date(2016, 5, 21)


def edtf(text: str, place: str) -> str:
    return next(c.when.edtf for c in read(text, PUBLISHED).claims if c.place_text == place)


@pytest.mark.parametrize(
    "text",
    [
        "Rebels captured {Velmar} on Friday. Later the army retook {Osk}.",
        "Rebels captured {Velmar} on Friday. The army seized {Tarn}, which lies on the road to the sea, and took {Osk}.",
        "Rebels captured {Velmar} on Friday. Officials said that {Osk} was recaptured.",
    ],
)
def test_news_without_a_time_of_its_own_happened_by_the_day_of_publication(text: str) -> None:
    assert edtf(text.replace(". ", ".\n\n", 1), "Osk") == "../2016-05-21"


@pytest.mark.parametrize(
    "text",
    [
        "Rebels captured {Velmar} in 2014. Later the army retook {Osk}.",
        "Rebels captured {Velmar} on Friday. The army had retaken {Osk}.",
        "Rebels captured {Velmar} on Friday. The group, which took {Osk}, thanked its allies.",
        "The army retook {Osk}.",
    ],
)
def test_history_and_asides_stay_undated(text: str) -> None:
    assert edtf(text.replace(". ", ".\n\n", 1), "Osk") == ""


def test_the_day_of_writing_in_a_dateline_dates_no_later_sentence() -> None:
    text = "NORLAND, May 21 (Wire) – Rebels captured {Velmar} on Friday. They also took {Osk}."
    assert edtf(text, "Osk") == "2016-05-20"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{Velmar}, {Osk} and {Tarn} all fell to ISIS.", {f"captured {x} by ISIS" for x in ("Velmar", "Osk", "Tarn")}),
        ("ISIS militants hold sway over {Velmar}.", {"holds Velmar by ISIS militants"}),
        ("The Iraqi army is back in control of {Velmar}.", {"holds Velmar by Iraqi army"}),
        ("{Velmar}, which ISIS claims to have captured, is quiet.", {"captured Velmar by ISIS (attributed)"}),
        ("The Iraqi army hopes to have captured {Velmar} by spring.", {"captured Velmar by Iraqi army (planned)"}),
        ("Moscow said the Ukrainian army plans to attack {Velmar}.", {"contested Velmar by Ukrainian army (planned)"}),
        (
            "Rebels seeking to overthrow the government captured {Velmar}.",
            {"captured Velmar by Rebels from government"},
        ),
    ],
)
def test_small_words_between_the_parties_and_the_verb(text: str, expected: set[str]) -> None:
    assert said(read(text, PUBLISHED).claims) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The 9th captured {Velmar} without a shot.", {"captured Velmar by 9th"}),
        ("The 7th seized an airstrip outside {Velmar}.", {"captured Velmar by 7th"}),
        (
            "Oskar's mainly-Highland manned militia took {Velmar}.",
            {"captured Velmar by Oskar's mainly-Highland manned militia"},
        ),
        (
            "Oskar's mainly Highland fighters captured {Velmar}.",
            {"captured Velmar by Oskar's mainly Highland fighters"},
        ),
        ("Oskarson promised peace while his men seized {Velmar}.", {"captured Velmar by Oskarson"}),
        ("A Tarn subclan seized {Velmar} overnight.", {"captured Velmar by Tarn subclan"}),
        (
            "The Taliban seized the village of {Velmar} about 9 miles from {Hit}.",
            {"captured Velmar by Taliban"},
        ),
        (
            "Insurgents seized dozens of square miles of land in eastern {Norland}.",
            {"captured eastern Norland by Insurgents"},
        ),
        ("ISIS took the poet's hometown of {Velmar}.", {"captured Velmar by ISIS"}),
        ("The Taliban overran his family's home town of {Velmar}.", {"captured Velmar by Taliban"}),
        ("The Taliban captured the birthplace of the president, {Velmar}.", {"captured Velmar by Taliban"}),
        ("The Taliban captured the birthplace of the president, Oskar Velm.", set()),
        ("The Taliban captured the 3,200-metre peak of Oskaring.", {"captured Oskaring by Taliban"}),
        ("ISIS captured Assad's birthplace of {Velmar}.", {"captured Velmar by ISIS"}),
        ("Rebels seized the barren 700-foot (213-metre) {Velmar}.", {"captured Velmar by Rebels"}),
        ("Troops under Gen. Oskarson captured {Velmar}.", {"captured Velmar by Troops under Gen. Oskarson"}),
        ("Fighters led by Oskarson captured {Velmar}.", {"captured Velmar by Fighters led by Oskarson"}),
        ("Troops under fire from {Hit} captured {Velmar}.", {"captured Velmar by Troops"}),
        ("Gen. Oskarson, whose forces captured {Velmar}, spoke.", {"captured Velmar by Gen. Oskarson"}),
        ("The Oskari fleet captured {Velmar}.", {"captured Velmar by Oskari fleet"}),
        ("Troops captured a fishing fleet off {Velmar}.", set()),
        ("The Oskari fleet seized the frigate Port of {Velmar}.", set()),
        ("Troops captured the tanker {Velmar}.", set()),
        ("Elements of the 2nd Infantry captured {Velmar}.", {"captured Velmar by Elements of the 2nd Infantry"}),
        ("The Taliban captured {Velmar} and withdrew.", {"captured Velmar by Taliban"}),
        ("Troops _ most of them recruits _ captured {Velmar}.", {"captured Velmar by Troops"}),
        ("The Taliban captured {Velmar} in a joint operation with ISIS.", {"captured Velmar by Taliban"}),
        ("The Taliban captured {Velmar} with the help of ISIS.", {"captured Velmar by Taliban"}),
        ("The Taliban captured {Velmar} in a battle with ISIS.", {"captured Velmar by Taliban from ISIS"}),
        (
            "Troops seized three Oskari bases at {Velmar}, roughly 40 miles (64 km) west of {Hit}.",
            {"captured Velmar by Troops from Oskari"},
        ),
    ],
)
def test_words_between_the_parts_of_a_claim_do_not_hide_them(text: str, expected: set[str]) -> None:
    assert {words for words in said(read(text).claims) if words.startswith("captured")} == expected


def test_a_name_in_the_middle_of_nowhere_is_a_place_by_its_distance() -> None:
    found = read("Osk Varn, about 15 km east of {Hit}, was seized by rebels.").claims
    assert [(c.place_text, c.actor_text) for c in found] == [("Osk Varn", "rebels")]


def test_a_sentence_full_of_foreign_names_is_still_english() -> None:
    names = ", ".join(
        f"Liwa {x} Al-Din" for x in ("Nasr", "Badr", "Fath", "Noor", "Saif", "Shams", "Hilal", "Salah", "Ward")
    )
    found = read(f"Troops captured {{Velmar}} from rebels of Jaysh Al-Oskar, {names}, and Harakat Tarn Al-Velm.")
    assert found.issues == ()
    assert [c.place_text for c in found.claims] == ["Velmar"]


def test_the_speaker_nearest_before_the_verb_says_it() -> None:
    found = read("Rebels said they would march on {Tarn}, but the ministry denied that {Osk} had fallen.").claims
    assert {(c.predicate, c.modality) for c in found if c.place_text == "Osk"} == {
        (Predicate.DENIED, Modality.ATTRIBUTED)
    }


@pytest.mark.parametrize(
    ("text", "place", "part"),
    [
        ("Rebels captured hundreds of square kilometres of territory in {Norland}.", "Norland", "territory in"),
        ("Rebels captured about 200 square miles of land in {Norland}.", "Norland", "land in"),
        ("Rebels captured 12 kilometres of road in {Norland}.", "Norland", "road in"),
        ("Guerrillas captured a relay station in the Mount Orsa range of {Norland}.", "Mount Orsa range", "station in"),
        ("Guerrillas took territory in {Norland} early in the war.", "Norland", "territory in"),
        ("Marines captured a guerrilla training camp in {Norland}, killing four.", "Norland", "training camp in"),
        ("The army captured a rebel base in the jungles of {Norland}.", "Norland", "base in the jungles of"),
        ("The army captured two bridges and a water plant in {Velmar}.", "Velmar", "water plant in"),
        ("Rebels seized part of the highway that links {Osk} to {Tarn}.", "highway that links Osk", "highway"),
        (
            "Troops captured a five-kilometer (3.1-mile) stretch of road linking {Osk} and {Tarn} in {Vale Province}.",
            "Vale Province",
            "stretch of road in",
        ),
    ],
)
def test_a_part_is_told_by_its_size_its_kind_or_the_region_it_lies_in(text: str, place: str, part: str) -> None:
    (claim,) = read(text).claims
    assert claim.place_text.startswith(place)
    assert claim.extent is Extent.PART
    assert part in claim.extent_wording


@pytest.mark.parametrize(
    "text",
    [
        "Rebels captured 12 kilometres of film in {Norland}.",
        "Rebels captured a general about 12 kilometres north of {Velmar}.",
        "Rebels captured hundreds of rounds of ammunition in {Norland}.",
        "Rebels captured a 70-year-old (retired) general in {Norland}.",
    ],
)
def test_a_measure_of_no_land_is_no_part(text: str) -> None:
    assert read(text).claims == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The minister visited the newly captured town of {Velmar}.", {"captured Velmar"}),
        ("The general inspected captured rebel bases in {Velmar}.", {"captured Velmar from rebel"}),
        ("The general inspected captured rebel weapons in {Velmar}.", set()),
        (
            "Iraqi forces rolled back the militants' gains in {Velmar}.",
            {"captured Velmar by Iraqi forces from militants"},
        ),
        ("Iraqi forces erased all of ISIS's gains near {Velmar}.", {"captured Velmar by Iraqi forces from ISIS"}),
        ("Iraqi forces rolled back an old tank in {Velmar}.", set()),
        ("The rebels dream of a liberated {Velmar}.", set()),
        ("The army holds the liberated {Velmar}.", {"holds Velmar by army", "captured Velmar"}),
        (
            "Rebels seized {Velmar}, the Lions Battalion and the depots.",
            {"captured Velmar by Rebels", "captured Lions Battalion by Rebels"},
        ),
        ("Rebels seized {Velmar}, the Lions Battalion and police said.", {"captured Velmar by Rebels (attributed)"}),
        ("The captured {Velmar} commander was shown to reporters.", set()),
        ("The army captured two Danjuma camps in {Velmar}.", {"captured Velmar by army from Danjuma"}),
        ("The army arrested two Danjuma brothers in {Velmar}.", set()),
        (
            "The army captured four villages held by Danjuma or his allies in {Norland}.",
            {"captured Norland by army from Danjuma"},
        ),
        (
            "Rebels seized {Velmar}, as well as {Osk} and {Tarn}.",
            {f"captured {x} by Rebels" for x in ("Velmar", "Osk", "Tarn")},
        ),
        (
            "Rebels seized the airfield of {Velmar}, which the army had used for raids, as well as {Osk}.",
            {"captured Velmar by Rebels from army", "captured Osk by Rebels"},
        ),
        (
            "Rebels seized {Velmar}, which lies on the road to {Tarn}, and {Osk} was shelled.",
            {"captured Velmar by Rebels"},
        ),
        (
            "Rebels seized {Velmar}, the Block 1070 area, the Garden district, the Lions Battalion, the sugar factory and {Osk}.",
            {
                f"captured {x} by Rebels"
                for x in ("Velmar", "Block 1070 area", "Garden district", "Lions Battalion", "Osk")
            },
        ),
        ("Rebels seized {Velmar}, the Garden district of the county, and fled.", {"captured Velmar by Rebels"}),
        (
            "The rebel offensive to seize the villages of {Velmar} and {Osk} is over.",
            {f"{x} (planned)" for x in ("captured Velmar", "captured Osk")} | {"contested Velmar", "contested Osk"},
        ),
        ("After rebels seized {Velmar}, {Osk} fell.", {"captured Velmar by rebels", "lost Osk"}),
        ("Rebels seized a number of positions north of {Velmar}.", {"captured Velmar by Rebels"}),
        ("Rebels seized {Velmar} north of {Osk}.", {"captured Velmar by Rebels"}),
        ("Rebels seized a dozen towns in the north and west of {Norland}.", {"captured Norland by Rebels"}),
        (
            "Rebels seized {Velmar}, along with the village of Harim.",
            {"captured Velmar by Rebels", "captured Harim by Rebels"},
        ),
        ("Rebels seized {Velmar}, along with the mayor of Harim.", {"captured Velmar by Rebels"}),
        ("Rebels seized not only {Velmar} but also {Osk}.", {"captured Velmar by Rebels", "captured Osk by Rebels"}),
        (
            "The army seized the villages of {Velmar} and {Osk} and the depots.",
            {"captured Velmar by army", "captured Osk by army"},
        ),
        (
            "The battle to control {Velmar} and {Osk} has begun.",
            {*(f"captured {x} (planned)" for x in ("Velmar", "Osk")), "contested Velmar", "contested Osk"},
        ),
        ("The battle to control inflation in {Velmar} has begun.", set()),
        (
            "In addition to seizing the Qasr Tower, the army took control of {Velmar}.",
            {"captured Qasr Tower by army", "captured Velmar by army"},
        ),
    ],
)
def test_lists_and_parts_of_what_was_taken(text: str, expected: set[str]) -> None:
    found = {c.replace("withdrew Velmar from Rebels", "") for c in said(read(text).claims)} - {""}
    assert {c.replace(" from Rebels", "") for c in found} == expected


def test_a_list_that_goes_on_after_a_clause_shares_no_part() -> None:
    found = read("Rebels seized the airfield of {Velmar}, which the army had used for raids, as well as {Osk}.").claims
    assert {c.place_text: c.extent for c in found} == {"Velmar": Extent.PART, "Osk": Extent.WHOLE}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The army wants to retake {Velmar} from the Islamist rebels that now control it.",
            {"captured Velmar by army from Islamist rebels (planned)", "holds Velmar by Islamist rebels"},
        ),
        ("{Velmar}, the last rebel-held part of {Norland}, was shelled.", {"holds Velmar by rebel"}),
        (
            "{Velmar}, the last Serb-held part of {Norland}, was seized by rebel Serbs.",
            {"captured Velmar by rebel Serbs", "holds Velmar by Serb"},
        ),
        (
            "{Velmar}, the last rebel-held part of {Norland}, was seized by the army.",
            {"captured Velmar by army from rebel"},
        ),
        ("The victory extends the rebels' control of {Velmar}.", {"holds Velmar by rebels"}),
        ("The victory extends the club's lead over {Velmar}.", set()),
        (
            "Warlord Omar Hassan seized {Velmar} in a battle that left 40 wounded and extends his control of {Osk}.",
            {f"{x} by Warlord Omar Hassan" for x in ("captured Velmar", "contested Velmar", "holds Osk")},
        ),
        (
            "Troops took a hill in {Velmar}, the only area other than {Osk} that Danjuma still controlled.",
            {"captured Velmar by Troops from Danjuma", "holds Velmar by Danjuma", "holds Osk by Danjuma"},
        ),
        (
            "{Velmar} is the only place besides {Osk} that rebels control.",
            {f"holds {x} by rebels" for x in ("Velmar", "Osk")},
        ),
        ("{Velmar}, the last town in the valley to remain in rebel hands, was shelled.", {"holds Velmar by rebel"}),
        ("The army wants {Velmar} to remain in rebel hands.", {"captured Velmar by rebel (planned)"}),
        ("{Velmar}, the only town still under rebel control in the valley, was shelled.", {"holds Velmar by rebel"}),
        ("{Velmar} is one of the last towns held by rebels.", {"holds Velmar by rebels"}),
        ("{Velmar} is one of the last towns visited by rebels.", set()),
        ("{Velmar} and {Osk}, both held by rebels, were shelled.", {f"holds {x} by rebels" for x in ("Velmar", "Osk")}),
        (
            "{Velmar} and {Osk}, which are held by rebels, were shelled.",
            {f"holds {x} by rebels" for x in ("Velmar", "Osk")},
        ),
        ("The rebels in control of {Velmar} said they would stay.", {"holds Velmar by rebels"}),
        ("The rebels in control of traffic in {Velmar} said they would stay.", set()),
        ("Rebels shelled {Velmar} and {Osk} on land formerly controlled by the army.", set()),
        (
            "The army took {Velmar}, a step closer to seizing the rebel-held town of {Osk}.",
            {"captured Velmar by army", "captured Osk by army from rebel (planned)", "holds Osk by rebel"},
        ),
        (
            "The battle for {Velmar} will become even fiercer as the army and its allies close in.",
            {"contested Velmar"},
        ),
        (
            "The battle for {Velmar} raged as rebels tried to enter it.",
            {"contested Velmar by rebels", "presence Velmar by rebels (planned)"},
        ),
        ("The battle for {Velmar} raged as residents tried to flee.", {"contested Velmar"}),
        ("The fighting in {Velmar} will not stop, though the army is tired.", {"contested Velmar"}),
        ("The fighting in {Velmar} will start when the army is ready.", {"contested Velmar (planned)"}),
        (
            "Since beginning its {Velmar} military offensive in March, the Iraqi army has lost ten men.",
            {"contested Velmar by Iraqi army"},
        ),
        ("Since beginning its {Velmar} aid campaign in March, the Iraqi army has lost ten men.", set()),
        ("During its {Velmar} offensive, the Iraqi army lost 300 men.", {"contested Velmar by Iraqi army"}),
        ("The Iraqi army halted its {Velmar} ground operation.", {"contested Velmar by Iraqi army"}),
        ("The Iraqi army halted its {Velmar} rescue operation.", set()),
        (
            "Soldiers seized {Velmar} in fighting that killed nine.",
            {"captured Velmar by Soldiers", "contested Velmar by Soldiers"},
        ),
        (
            "Soldiers seized {Velmar} on Monday after a battle that killed nine.",
            {"captured Velmar by Soldiers", "contested Velmar by Soldiers"},
        ),
        ("Soldiers seized weapons on Monday after a battle that killed nine.", set()),
    ],
)
def test_holds_and_fights_told_in_passing(text: str, expected: set[str]) -> None:
    assert said(read(text).claims) == expected


def test_what_is_still_so_has_the_date_of_the_report() -> None:
    text = '"They are near," said a man in {Velmar}, one of the towns still under Taliban control.'
    assert [(c.predicate, c.when.edtf) for c in read(text, PUBLISHED).claims] == [(Predicate.HOLDS, "2016-05-21")]


@pytest.mark.parametrize("held", ["{Velmar}, formerly controlled by the army,", "The once army-held town of {Velmar}"])
def test_a_former_hold_has_no_date(held: str) -> None:
    found = read(f"{held} was shelled on Monday.", date(2016, 5, 21)).claims
    assert [(c.predicate, c.when.edtf) for c in found] == [(Predicate.HOLDS, "")]


def test_no_pattern_is_catastrophic() -> None:
    slow = "captured " + "a-" * 3000 + " " + "the " * 3000 + "," * 3000 + "U." * 2000
    assert read(slow).claims == ()


def test_every_module_of_the_stage_is_of_readable_size() -> None:
    folder = Path(__file__).parent.parent / "mapper" / "claims"
    sizes = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in folder.glob("*.py")}
    assert max(sizes.values()) <= 900, sizes


ADVANCE = "Islamic State fighters captured {Velmar} on 3 May 2015. They took {Hit} on 4 May 2015. "


@pytest.mark.parametrize(
    ("more", "taker"),
    [
        ("{Ana} fell on 5 May 2015.", "is"),
        ("{Ana} was captured on 5 May 2015, and {Rawa} was cleared on the 6th.", "is"),
        ("Iraqi forces lost {Ana} on 5 May 2015.", "is"),
        ("{Ana} fell on 5 May 2015. Islamic State lost {Rawa} the day after.", ""),  # not an advance alone
        ("{Ana} fell on 5 May 2015, and Iraqi forces captured {Rawa}.", ""),  # two sides take
        ("Islamic State had held {Ana}. {Ana} fell on 5 May 2015.", ""),  # it was its own
    ],
)
def test_what_fell_in_an_article_about_one_advance_was_taken_by_its_side(more: str, taker: str) -> None:
    found = [claim for claim in read(ADVANCE + more, date(2015, 5, 8)).claims if claim.place_text == "Ana"]
    assert found[-1].actor_id == taker
    assert found[-1].predicate is (Predicate.CAPTURED if taker else Predicate.LOST)
