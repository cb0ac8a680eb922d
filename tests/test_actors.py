"""Who is meant: names, forces, common nouns and pronouns resolved to actors."""

from __future__ import annotations

import time
import tomllib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.actors import ActorIndex, ActorMention, find_actors
from mapper.bundled import bundled
from mapper.config import lexicon
from mapper.model import Actor, ActorId

ACTORS = lexicon()
INDEX = ActorIndex(ACTORS)


def who(text: str, *countries: str) -> list[tuple[str, str]]:
    """(words, actor) of the mentions, countries by themselves and pronouns left out."""
    found = find_actors(text, INDEX, countries)
    return [(m.text, str(m.actor_id)) for m in found if m.kind not in {"country", "pronoun"}]


# --- the lexicon ------------------------------------------------------------------------------------------------


def test_the_lexicon_is_wide_and_its_ids_are_unique() -> None:
    ids = Counter(actor.id for actor in ACTORS)
    assert len(ids) >= 120
    assert not [i for i, count in ids.items() if count > 1]
    covered = {country for actor in ACTORS for country in actor.countries}
    assert covered >= {
        "SY",
        "IQ",
        "UA",
        "LY",
        "YE",
        "SD",
        "SS",
        "ML",
        "BF",
        "NE",
        "SO",
        "ET",
        "MM",
        "AF",
        "CD",
        "NG",
        "PS",
        "LB",
        "CO",
        "LK",
        "AZ",
        "GE",
        "PH",
        "MZ",
        "HT",
        "CF",
        "BA",
        "HR",
        "XK",
        "RU",
        "LR",
        "SL",
    }


def test_every_actor_has_a_role_a_side_and_a_country_or_is_worldwide() -> None:
    for actor in ACTORS:
        assert actor.side, actor.id
        assert actor.role in {
            "government",
            "rebels",
            "jihadists",
            "separatists",
            "guerrillas",
            "militia",
            "coalition",
            "peacekeepers",
        }, actor.id
        assert actor.countries or actor.id in {"un", "al-qaeda"}, actor.id
        assert all(len(country) == 2 and country.isupper() for country in actor.countries), actor.id


def test_every_actor_is_found_by_its_own_name_and_aliases() -> None:
    for actor in ACTORS:
        for name in actor.aliases:
            text = f"Yesterday {name} entered the town."
            found = find_actors(text, INDEX, actor.countries)
            assert any(name.strip(".") in m.text or m.text in name for m in found), (actor.id, name, found)


def test_a_project_actor_comes_before_the_bundled_ones() -> None:
    own = Actor(id=ActorId("valley-guard"), name="Valley Guard", aliases=("VG",), role="militia", countries=("IQ",))
    found = find_actors("The Valley Guard took the mill. VG men stayed.", ActorIndex((own, *ACTORS)), ["IQ"])
    assert [m.actor_id for m in found] == ["valley-guard", "valley-guard"]


def test_every_row_of_the_lexicons_files_is_an_actor() -> None:
    raw = tomllib.loads(bundled("actors", "actors.toml").read_text(encoding="utf-8"))
    assert set(raw) == {"actors"}
    rows = [line for name in ("states.tsv", "groups.tsv") for line in _lines(name)[1:] if line]
    assert len(raw["actors"]) + len(rows) == len(ACTORS)


def _lines(name: str) -> list[str]:
    return bundled("actors", name).read_text(encoding="utf-8").split("\n")


# --- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "actor"),
    [
        ("IS seized the dam.", "IS", "is"),
        (
            "The Islamic State of Iraq and the Levant (ISIL) seized the dam.",
            "Islamic State of Iraq and the Levant",
            "is",
        ),
        ("Hay’at Tahrir al-Sham entered the town.", "Hay’at Tahrir al-Sham", "hts"),
        ("Jabhat an-Nusra entered the town.", "Jabhat an-Nusra", "hts"),
        ("Jabhat Al-Nusra fighters entered the town.", "Jabhat Al-Nusra fighters", "hts"),
        ("The Syrian Arab Army's 4th Armoured Division advanced.", "Syrian Arab Army's 4th Armoured Division", "syria"),
        ("Islamist rebels of Ahrar al-Sham advanced.", "Islamist rebels of Ahrar al-Sham", "ahrar-al-sham"),
        ("Fighters from the Islamic State advanced.", "Fighters from the Islamic State", "is"),
        ("The Kurdish-led Syrian Democratic Forces advanced.", "Kurdish-led Syrian Democratic Forces", "sdf"),
        ("Rebels led by Hayat Tahrir al-Sham advanced.", "Rebels led by Hayat Tahrir al-Sham", "hts"),
        ("M23 rebels entered Goma.", "M23 rebels", "m23"),
        ("The RSF seized the refinery.", "RSF", "rsf"),
        ("al-Shabaab overran the base.", "al-Shabaab", "al-shabaab"),
        ("The Arakan Army took Paletwa.", "Arakan Army", "arakan-army"),
        ("LTTE cadres withdrew.", "LTTE", "ltte"),
    ],
)
def test_a_name_is_its_actor(text: str, words: str, actor: str) -> None:
    assert (words, actor) in who(text)


def test_abbreviations_match_in_capitals_only() -> None:
    assert who("It is here, and the sdf of a distribution is smooth.") == []
    assert who("TOWN IS THEIRS, SAY REBELS")[0][1] != "is"
    assert ("IS", "is") in who("Iraqi troops fought IS in Hit.")
    assert who("He said the model is ISIS-like.")[0][1] == "is"


def test_an_abbreviation_of_many_meanings_needs_support_from_the_text() -> None:
    assert who("Residents told AFP the road was cut.", "SY") == []
    assert who("The AFP sent marines to Jolo.", "PH") == [("AFP", "philippines")]
    assert who("The SNA entered Afrin.", "SY") == [("SNA", "sna")]
    assert who("The SNA entered Adale.", "SO") == [("SNA", "somalia")]


# --- forces -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "actor"),
    [
        ("Iraqi forces", "iraq"),
        ("Iraqi pro-government forces", "iraq"),
        ("Ethiopian troops", "ethiopia"),
        ("Ukrainian soldiers", "ukraine"),
        ("Baghdad's forces", "iraq"),
        ("Kyiv's troops", "ukraine"),
        ("troops loyal to President Bashar al-Assad", "syria"),
        ("forces loyal to Khalifa Haftar", "libya-lna"),
        ("Haftar's forces", "libya-lna"),
        ("forces of the Tripoli government", "libya-gna"),
        ("Houthi-led forces", "houthis"),
        ("pro-Assad fighters", "syria"),
        ("South Vietnamese troops", "south-vietnam"),
        ("anti-Taliban fighters", ""),
        ("US-led coalition", "us-coalition"),
        ("Turkish-backed fighters", "sna"),
        ("Syrian rebels", "syria-opposition"),
        ("Tamil rebels", "ltte"),
        ("Chechen separatists", "chechen-rebels"),
        ("Houthi fighters", "houthis"),
        ("Bosnian Serb forces", "bosnian-serbs"),
        ("pro-Russian separatists", "dpr-lpr"),
        ("Rwanda-backed rebels", "m23"),
        ("Myanmar's military", "myanmar"),
        ("Tuareg rebels", "tuareg-rebels"),
    ],
)
def test_a_nationality_or_a_leader_with_a_force_noun_is_understood(words: str, actor: str) -> None:
    assert who(f"On Monday {words} entered the town.") == [(words, actor)]


def test_kurdish_forces_are_those_of_the_country_the_text_is_about() -> None:
    assert who("Kurdish fighters hold the hills.", "SY") == [("Kurdish fighters", "sdf")]
    assert who("Kurdish fighters hold the hills.", "IQ") == [("Kurdish fighters", "peshmerga")]


def test_a_guard_of_many_countries_is_that_of_the_text() -> None:
    for country, actor in {"SY": "syria", "YE": "yemen", "IQ": "iraq-saddam"}.items():
        assert who("The Republican Guard left the palace.", country) == [("Republican Guard", actor)]


def test_a_common_surname_is_a_leader_only_where_the_text_is_about_his_country() -> None:
    assert who("Taylor's soldiers held the bridge.", "LR") == [("Taylor's soldiers", "liberia")]
    assert who("Taylor's soldiers held the bridge.") == [("Taylor's soldiers", "")]
    assert who("Abbas left.", "PS") == [("Abbas", "palestinian-authority")]
    assert who("Abbas left.", "IN") == []


def test_joined_nationalities_share_their_noun() -> None:
    assert who("NATO-led and Afghan troops left.", "AF") == [("NATO-led", "nato"), ("Afghan troops", "afghanistan")]


def test_an_unknown_group_keeps_its_words() -> None:
    assert who("The Black Valley Brigade took the mill.") == [("Black Valley Brigade", "")]
    assert who("Liwa Ahfad Omar took the mill.", "SY") == [("Liwa Ahfad Omar", "")]
    assert who("On Monday Mutebutsi's fighters left.", "CD") == [("Mutebutsi's fighters", "")]
    assert who("The Front for the Liberation of Qumar took the mill.") == [("Front for the Liberation of Qumar", "")]


def test_places_named_after_forces_are_not_forces() -> None:
    assert who("The Marj Military Airport was shelled.", "SY") == []
    assert who("The flight to the national airport is full.") == []


def test_held_by_is_read_off_a_compound() -> None:
    assert who("He fled rebel-held Idlib.", "SY") == [("rebel", "syria-opposition")]
    assert who("He fled Taliban-controlled Kunduz.", "AF") == [("Taliban", "taliban")]
    assert who("They shelled a rebel stronghold.", "LK") == [("rebel", "ltte")]
    assert who("It remains under Russian control.", "UA") == [("Russian", "russia")]
    assert who("Most of it is in Serb hands.", "BA") == [("Serb", "bosnian-serbs")]
    assert who("It is the last army stronghold.", "SD") == [("army", "sudan")]
    assert who("It is under rebel control.", "YE") == [("rebel", "houthis")]
    kinds = {m.kind for m in find_actors("Houthi-held Hodeida", INDEX, ["YE"])}
    assert kinds == {"held"}


# --- what common nouns mean ---------------------------------------------------------------------------------------


def resolved(text: str, words: str, *countries: str) -> str:
    for mention in find_actors(text, INDEX, countries):
        if mention.text == words:
            return str(mention.actor_id)
    return "not found"


def test_government_forces_are_those_of_the_country_the_text_is_about() -> None:
    text = "The government forces pushed south and the army took the bridge."
    for country, actor in {"SD": "sudan", "SY": "syria", "LK": "sri-lanka", "CD": "drc", "MM": "myanmar"}.items():
        assert resolved(text, "government forces", country) == actor
        assert resolved(text, "army", country) == actor


def test_the_rebels_are_those_of_the_country_the_text_is_about() -> None:
    for country, actor in {
        "SY": "syria-opposition",
        "CD": "m23",
        "LK": "ltte",
        "YE": "houthis",
        "RU": "chechen-rebels",
    }.items():
        assert resolved("The rebels took the bridge.", "rebels", country) == actor


def test_the_group_is_the_one_named_before() -> None:
    text = "Boko Haram raided the town. The group holds the forest. ISIS is not there."
    assert resolved(text, "group", "NG") == "boko-haram"
    text = "ISIS lost the town. Iraqi forces entered it. The militants fled."
    assert resolved(text, "militants", "IQ") == "is"
    assert resolved(text, "jihadists", "IQ") == "not found"


def test_government_forces_follow_the_enemy_when_no_country_is_given() -> None:
    assert resolved("The Taliban fought government forces at the gate.", "government forces") == "afghanistan"
    assert resolved("ISIS battles government forces.", "government forces") == "iraq"


def test_they_are_the_subject_of_the_sentence_before() -> None:
    mentions = find_actors("ISIS took the town from Iraqi forces. They hold it still.", INDEX, ["IQ"])
    (they,) = [m for m in mentions if m.text == "They"]
    assert (they.actor_id, they.kind, they.generic) == ("is", "pronoun", True)


@pytest.mark.parametrize(("year", "actor"), [(1997, "afdl"), (1999, "rcd"), (2012, "m23"), (2025, "m23"), (0, "m23")])
def test_the_rebels_of_a_year_are_those_who_fought_in_it(year: int, actor: str) -> None:
    (mention,) = find_actors("The rebels entered the city.", INDEX, ["CD"], year=year)
    assert mention.actor_id == actor


def test_a_rebel_alliance_is_no_alliance_of_another_kind() -> None:
    (mention,) = find_actors("The rebel alliance advanced.", INDEX, ["SY"], year=2017)
    assert INDEX.by_id[mention.actor_id].role == "rebels"


def test_an_offensive_belongs_to_whom_the_word_before_names() -> None:
    (mention,) = find_actors("A rebel offensive began.", INDEX, ["YE"])
    assert (mention.text, mention.kind, mention.actor_id) == ("rebel", "held", "houthis")


def test_a_rival_faction_is_nobody_known() -> None:
    assert resolved("The Taliban lost the base to a rival faction.", "rival faction", "AF") == ""


def test_nobody_is_made_up_where_nothing_says_who() -> None:
    assert resolved("Gunmen took the town.", "Gunmen") == ""
    assert resolved("The rebels took the town.", "rebels") == ""


# --- states and groups of other times --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "actor"),
    [
        ("Spanish Republicans", "spain-republic"),
        ("Prussian troops", "prussia"),
        ("Confederate forces", "us-confederacy"),
        ("Ottomans", "ottoman-empire"),
        ("Soviet forces", "soviet-union"),
        ("Austro-Hungarian troops", "austria-hungary"),
        ("South Vietnamese soldiers", "south-vietnam"),
        ("Boers", "boer-republics"),
        ("Qing troops", "qing"),
        ("Chadian troops", "chad"),
        ("Fijian soldiers", "fiji"),
        ("Rhodesian forces", "rhodesia"),
        ("Taiping army", "taiping"),
        ("Khmer National Armed Forces", "khmer-republic"),
        ("Kamuina Nsapu", "kamuina-nsapu"),
        ("CNDD-FDD", "cndd-fdd"),
        ("Lashkar-e-Taiba", "lashkar-e-taiba"),
        ("FMLN", "fmln"),
    ],
)
def test_states_of_past_and_present_and_their_foes_are_parties(words: str, actor: str) -> None:
    assert who(f"On Monday the {words} entered the town.") == [(words, actor)]


@pytest.mark.parametrize(
    ("words", "country", "year", "actor"),
    [
        ("Yugoslav army", "HR", 1991, "serbia"),
        ("Yugoslav troops", "RS", 1941, "yugoslavia-kingdom"),
        ("Yugoslav troops", "RS", 0, "serbia"),
        ("Chinese troops", "CN", 1895, "qing"),
        ("Chinese troops", "CN", 1937, "kuomintang"),
        ("Chinese troops", "IN", 2020, "china"),
        ("Chinese troops", "CN", 0, "china"),
        ("Rwandan army", "RW", 1993, "rwanda-habyarimana"),
        ("Rwandan army", "CD", 2025, "rwanda"),
        ("Austrian troops", "IT", 1848, "austrian-empire"),
        ("Austrian troops", "IT", 1917, "austria-hungary"),
        ("Austrian troops", "LB", 2012, "austria"),
        ("Russian troops", "UA", 1855, "russian-empire"),
        ("Russian troops", "UA", 2022, "russia"),
    ],
)
def test_a_nationality_of_two_states_is_that_of_the_texts_year(words: str, country: str, year: int, actor: str) -> None:
    found = find_actors(f"The {words} entered the town.", INDEX, [country], year=year)
    assert [(m.text, m.actor_id) for m in found] == [(words, actor)]


@pytest.mark.parametrize(
    ("words", "country", "actor"),
    [
        ("Union forces", "US", "us-union"),
        ("Union forces", "KM", ""),
        ("Resistance fighters", "MM", "pdf"),
        ("Resistance fighters", "FR", ""),
        ("Republican troops", "ES", "spain-republic"),
        ("Republican troops", "IE", ""),
    ],
)
def test_a_name_of_common_words_is_somebodys_only_in_his_country(words: str, country: str, actor: str) -> None:
    (mention,) = find_actors(f"{words} entered the town.", INDEX, [country])
    assert (mention.text, mention.actor_id) == (words, actor)


def test_every_state_of_today_with_soldiers_is_known_by_its_nationality() -> None:
    for actor in ACTORS:
        if actor.role == "government" and not actor.until and actor.adjectives:
            ((_, found),) = who(f"On Monday {actor.adjectives[0]} soldiers entered the town.", *actor.countries[:1])
            assert found == actor.id or found in {a.id for a in ACTORS if actor.adjectives[0] in a.adjectives}


# --- laws -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "country", "mention", "actor"),
    [
        ("Hajin, by then an Isis-dominated place, was quiet.", "SY", "Isis", "is"),
        ("A Taliban-dominated district lies beyond the pass.", "AF", "Taliban", "taliban"),
        ("YPG-dominated forces took Manbij.", "SY", "YPG-dominated forces", "sdf"),
        ("The village was held by Kurds.", "SY", "Kurds", "sdf"),
        ("The village was held by Kurds.", "IQ", "Kurds", "peshmerga"),
        ("The Turks entered Jarablus.", "SY", "Turks", "turkey"),
        ("Militiamen aligned with the TPLF took Woldiya.", "ET", None, "tplf"),
        ("Tribesmen allied with al-Shabaab seized the well.", "SO", None, "al-shabaab"),
        ("Fighters allied to Turkey took Afrin.", "SY", "Fighters", ""),
        ("Troops led by General Khalifa Haftar seized Gharyan.", "LY", None, "libya-lna"),
        ("Iraqi forces led by the US entered Qayyarah.", "IQ", "Iraqi forces", "iraq"),
        ("Hamas's military wing took the crossing.", "PS", None, "hamas"),
    ],
)
def test_whose_a_force_is_stands_in_the_words_round_it(
    text: str, country: str, mention: str | None, actor: str
) -> None:
    found = [m for m in find_actors(text, INDEX, [country]) if mention in (None, m.text)]
    assert found, find_actors(text, INDEX, [country])
    assert found[0].actor_id == actor


@pytest.mark.parametrize(
    ("text", "country", "word", "actor"),
    [
        ("The United Nations met. They hold Sana, the Houthis said.", "YE", "They", ""),
        ("The Houthis left. The United Nations pulled out its staff. They still hold Sana.", "YE", "They", "houthis"),
        ("The United Nations warned of hunger. The coalition took Khokha.", "YE", "coalition", "saudi-coalition"),
        ("The United Nations warned of hunger. The coalition bombed Raqqa.", "SY", "coalition", "us-coalition"),
        ("UN peacekeepers hold the bridge. They fired.", "ML", "They", "un"),
    ],
)
def test_the_united_nations_are_no_coalition_and_no_they(text: str, country: str, word: str, actor: str) -> None:
    found = [m for m in find_actors(text, INDEX, [country]) if m.text == word]
    assert [m.actor_id for m in found] == [actor]


@pytest.mark.parametrize("text", ["The group and its military wing hold Afrin.", "Its military wing holds the hill."])
def test_a_wing_of_somebody_is_not_the_states_army(text: str) -> None:
    assert not [m for m in find_actors(text, INDEX, ["SY"]) if "military" in m.text]
    (army,) = [m for m in find_actors(text.replace(" wing", ""), INDEX, ["SY"]) if "military" in m.text]
    assert army.text.endswith("military")


words = st.sampled_from(
    [
        "the",
        "Iraqi",
        "Syrian",
        "forces",
        "and",
        "rebel",
        "IS",
        "ISIS",
        "-held",
        "'",
        "'s",
        "Army",
        "of",
        "loyal",
        "to",
        "President",
        "pro-",
        "anti-",
        "-backed",
        "-led",
        "US",
        "Kurdish",
        "fighters",
        "group",
        "they",
        "it",
        "al",
        "-",
        "Liwa",
        "Brigade",
        "(",
        ")",
        '"',
        ".",
        "\n",
        "Front",
        "for",
        "Baghdad",
        "Assad",
        "government",
        "militants",
        "Jaysh",
        "al-Nusra",
        "é",
        "İ",
        "’",
    ]
)
soup = st.lists(words, max_size=30).map(" ".join) | st.lists(words, max_size=14).map("".join) | st.text(max_size=60)


@settings(max_examples=300, deadline=None)
@given(soup, st.lists(st.sampled_from(["IQ", "SY", "AF", "XX"]), max_size=2))
def test_mentions_of_any_text_are_exact_sorted_and_apart(text: str, countries: list[str]) -> None:
    reached = 0
    for mention in find_actors(text, INDEX, countries):
        assert isinstance(mention, ActorMention)
        assert mention.start >= reached
        assert mention.start < mention.end
        assert text[mention.start : mention.end] == mention.text
        assert mention.actor_id == "" or mention.actor_id in INDEX.by_id
        reached = mention.end


@pytest.mark.parametrize(
    "piece", ["Iraqi and ", "rebel ", "Liwa ", "The Army of the ", "pro-", "US-backed ", "A ", "Assad's ", "al-"]
)
def test_hostile_repetition_takes_linear_time(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    start = time.process_time()
    find_actors(text, INDEX, ["IQ"])
    assert time.process_time() - start < 3.0


def test_no_bundled_name_begins_with_the_word_that_begins_every_other_phrase() -> None:
    names = [n for a in ACTORS for n in (a.name, *a.aliases, *a.adjectives, *a.metonyms, *a.leaders)]
    assert not [name for name in names if name.lower().startswith("the ")]


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("American infantry", "us"),
        ("Two British divisions", "uk"),
        ("a German armoured column", "germany"),
        ("The American Third Army", "us"),
        ("The Canadian First Army", "canada"),
        ("British 4th Infantry Division", "uk"),
        ("The Iraqi 9th Division", "iraq"),
        ("a Ukrainian 92nd Brigade", "ukraine"),
    ],
)
def test_a_unit_behind_a_nationality_is_that_states_with_or_without_a_number(words: str, who: str) -> None:
    found = find_actors(f"{words} took the town.", ActorIndex(lexicon()))
    assert [mention.actor_id for mention in found if mention.kind != "pronoun"] == [who]


@pytest.mark.parametrize(
    "words",
    ["The British Council", "A Russian company", "The French Third Republic"],
)
def test_what_is_no_unit_behind_a_nationality_is_nobodys_army(words: str) -> None:
    found = find_actors(f"{words} said so.", ActorIndex(lexicon()))
    assert not [mention for mention in found if mention.kind == "force"]
