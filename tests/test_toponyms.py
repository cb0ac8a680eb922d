"""Place names in whole texts: what is found, where it is put, and as what."""

from __future__ import annotations

import itertools
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.gazetteer import Gazetteer
from mapper.model import Article, ArticleId, Toponym
from mapper.toponyms import find_toponyms, resolve_spans, unresolved
from mapper.toponyms.listing import sentence_around
from mapper.toponyms.reader import pieces
from mapper.toponyms.reading import domain_country


@cache
def opened() -> Gazetteer:
    return Gazetteer.open()


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return opened()


def article(text: str, url: str = "") -> Article:
    return Article(id=ArticleId("a"), text=text, url=url)


def read(text: str, gazetteer: Gazetteer, url: str = "") -> dict[str, Toponym]:
    """The first mention of each name in a text."""
    found: dict[str, Toponym] = {}
    for toponym in find_toponyms(article(text, url), gazetteer):
        found.setdefault(toponym.text, toponym)
    return found


def where(toponym: Toponym) -> tuple[str, str]:
    assert toponym.place is not None
    return toponym.place.country, toponym.place.feature_code


@pytest.mark.parametrize(
    ("text", "name", "country", "admin1"),
    [
        ("Clashes broke out in Tripoli on Tuesday, the Lebanese army said. Beirut sent troops.", "Tripoli", "LB", ""),
        (
            "Fighting reached Tripoli as forces advanced from Tarhuna. The Libyan capital was shelled.",
            "Tripoli",
            "LY",
            "",
        ),
        (
            "Atlanta officials said Georgia will spend $3 million on roads in Fulton County and Savannah.",
            "Georgia",
            "US",
            "US.GA",
        ),
        ("Georgia's president said in Tbilisi that Russian troops remain in Abkhazia.", "Georgia", "GE", ""),
        ("The council of Paris, Texas, met on Monday in Lamar County.", "Paris", "US", "US.TX"),
        ("The French president spoke in Paris and flew to Berlin.", "Paris", "FR", ""),
        (
            "The Rapides Parish sheriff said a man from Alexandria, La., was held in Pineville.",
            "Alexandria",
            "US",
            "US.LA",
        ),
        ("Egyptian police in Alexandria and Cairo were on alert.", "Alexandria", "EG", ""),
        (
            "Springfield police arrested a man from Chatham, the Sangamon County sheriff said.",
            "Springfield",
            "US",
            "US.IL",
        ),
        ("Militants attacked Rawa in Anbar, Iraqi officials said.", "Rawa", "IQ", ""),
    ],
)
def test_a_name_of_many_places_goes_where_the_text_is_about(
    text: str, name: str, country: str, admin1: str, gazetteer: Gazetteer
) -> None:
    place = read(text, gazetteer)[name].place
    assert place is not None
    assert place.country == country
    assert admin1 in ("", place.admin1)


@pytest.mark.parametrize(
    ("text", "name", "place_id"),
    [
        ("Russian forces struck Kyiv and Kharkiv in Ukraine.", "Kyiv", "geonames:703448"),
        ("The battle for Kiev began in February. Ukraine fought on.", "Kiev", "geonames:703448"),
        ("Ukrainian troops left Bakhmut.", "Bakhmut", "geonames:713174"),
        ("Ukrainian troops left Artemivsk.", "Artemivsk", "geonames:713174"),
        ("Sudanese paramilitaries besieged El Fasher in Darfur.", "El Fasher", "geonames:379555"),
        ("In Al-Fashir, in Sudan, hospitals closed.", "Al-Fashir", "geonames:379555"),
        ("Syrian rebels left Albu Kamal on the Euphrates.", "Albu Kamal", "geonames:174448"),
    ],
)
def test_spellings_and_renamings_lead_to_one_place(text: str, name: str, place_id: str, gazetteer: Gazetteer) -> None:
    assert read(text, gazetteer)[name].place_id == place_id


def test_hama_is_a_town_and_hamas_is_no_place(gazetteer: Gazetteer) -> None:
    text = (
        "Hama was shelled while Hamas leaders met in Gaza. Syrian rebels withdrew from Hama to Idlib. Hamas denied it."
    )
    found = read(text, gazetteer)
    assert where(found["Hama"])[0] == "SY"
    assert "Hamas" not in found


@pytest.mark.parametrize(
    "text",
    [
        "Jordan Henderson passed to Raheem Sterling in the second half.",
        "Paris Hilton met Chelsea Clinton and Brooklyn Beckham.",
        "May and June were warm; April was cold. Reading is fun.",
        "Captain Jack London and Sgt. Dallas Carson were honoured. London thanked Carson.",
        "The Dow Jones fell, and Goldman Sachs and Wells Fargo lost money.",
        '"I\'ll be there," she said. "We\'ll see."',
    ],
)
def test_people_months_and_brands_are_no_places(text: str, gazetteer: Gazetteer) -> None:
    assert find_toponyms(article(text), gazetteer) == ()


def test_money_is_no_country_but_the_country_is(gazetteer: Gazetteer) -> None:
    assert "US" not in read("The fee is US$10,000 a year for the workers.", gazetteer)
    assert where(read("Troops of the US-led coalition left Iraq.", gazetteer)["US"]) == ("US", "PCLI")


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("AMMAN -- The Iraqi army retook a town on Friday.", "AMMAN", "dateline"),
        ("The Iraqi army retook the town of Rawa.", "Iraqi", "demonym"),
        ("The Iraqi army retook the town of Rawa.", "Rawa", "literal"),
        ("Baghdad's forces are waging a push in Iraq.", "Baghdad", "metonym"),
        ("Damascus accused Ankara of arming Syrian rebels.", "Damascus", "metonym"),
        ("Iraqi officials met in Baghdad on Sunday.", "Baghdad", "literal"),
        ("The Islamic State of Iraq and Syria lost ground near Mosul.", "Iraq", "organisation"),
        ("The Islamic State of Iraq and Syria lost ground near Mosul.", "Syria", "organisation"),
        ("The war in Iraq and Syria went on near Mosul.", "Syria", "literal"),
    ],
)
def test_what_a_mention_stands_for(text: str, name: str, kind: str, gazetteer: Gazetteer) -> None:
    assert read(text, gazetteer)[name].kind == kind


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("In the central region of Homs, Syrian troops advanced.", "Homs", "ADM1"),
        ("Shells fell on the city of Homs, Syrian media said.", "Homs", "PPLA"),
        ("Tribes in Iraq's Anbar Province fought on.", "Anbar Province", "ADM1"),
        ("Syrian villages in Deir Ezzor Province fell.", "Deir Ezzor Province", "ADM1"),
        ("The town of Rawa, on the Euphrates river, in Iraq fell.", "Euphrates river", "STM"),
    ],
)
def test_a_type_word_chooses_the_kind_of_place(text: str, name: str, code: str, gazetteer: Gazetteer) -> None:
    assert where(read(text, gazetteer)[name])[1] == code


def test_a_provincial_capital_is_the_town_and_not_its_province(gazetteer: Gazetteer) -> None:
    for text, name, place_id in (
        ("The militants captured Ramadi, the capital of Anbar Province, on May 17.", "Ramadi", "geonames:98717"),
        ("Rebels seized Idlib, the main city of Idlib Province, in March.", "Idlib", "geonames:169389"),
    ):
        found = read(text, gazetteer)
        assert found[name].place_id == place_id
        province = next(t for t in found.values() if "Province" in t.text)
        assert province.place is not None
        assert province.place.feature_code == "ADM1"


def test_the_camp_belongs_to_the_name(gazetteer: Gazetteer) -> None:
    found = read("ISIS holds the Yarmuk refugee camp just south of Damascus, Syrian media said.", gazetteer)
    assert where(found["Yarmuk refugee camp"])[0] == "SY"
    assert "camp" not in "".join(read("They camp near Damascus, Syria.", gazetteer))


def test_a_distance_and_a_direction_give_the_point(gazetteer: Gazetteer) -> None:
    found = read("Syrian forces stood 30 km south-west of Raqqa on Monday.", gazetteer)["Raqqa"]
    assert found.kind == "offset"
    assert found.place is not None
    assert found.place.id.startswith("offset:")
    assert found.place.lat == pytest.approx(35.76, abs=0.05)
    assert found.place.lon == pytest.approx(38.77, abs=0.05)
    assert found.place.radius_km == pytest.approx(9, abs=0.1)


def test_beside_a_town_keeps_the_town_with_a_radius(gazetteer: Gazetteer) -> None:
    near = read("Fighting went on near Raqqa in Syria.", gazetteer)["Raqqa"]
    inside = read("Fighting went on in Raqqa in Syria.", gazetteer)["Raqqa"]
    assert (near.kind, inside.kind) == ("offset", "literal")
    assert near.place_id == inside.place_id
    assert near.place is not None
    assert inside.place is not None
    assert near.place.radius_km >= 10 > inside.place.radius_km


def test_between_two_towns_is_the_land_round_their_middle(gazetteer: Gazetteer) -> None:
    found = read("Syrian troops mined the villages between Homs and the city of Hama.", gazetteer)
    homs = read("Syrian troops mined Homs.", gazetteer)["Homs"].place
    hama = read("Syrian troops mined the city of Hama.", gazetteer)["Hama"].place
    middle = found["Homs"].place
    assert homs is not None
    assert hama is not None
    assert middle is not None
    assert found["Hama"].place == middle
    assert (found["Homs"].kind, found["Hama"].kind) == ("region", "region")
    assert middle.name == "between Homs and Hama"
    assert middle.id == f"region:between({homs.id},{hama.id})"
    assert middle.lat == pytest.approx((homs.lat + hama.lat) / 2, abs=0.01)
    assert middle.lon == pytest.approx((homs.lon + hama.lon) / 2, abs=0.01)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Peace talks between Aleppo and Homs elders failed, Syrian radio said.", "Homs"),
        ("The match between Aleppo and Homs was lost, Syrian radio said.", "Homs"),
        ("Ties between Damascus and Baghdad are good.", "Baghdad"),
        ("Flights between London and Aleppo resumed.", "Aleppo"),
        ("The border between Syria and Iraq was closed.", "Syria"),
        ("The accords that were signed between Lebanon and Syria ended.", "Lebanon"),
        ("He has a workshop in Ann Arbor and another in Detroit, Michigan.", "Detroit"),
        ("They stopped near the New York border in Massachusetts.", "New York"),
        ("The army stands between Hama and the Islamic State in Syria.", "Hama"),
    ],
)
def test_what_people_have_between_them_is_no_point(text: str, name: str, gazetteer: Gazetteer) -> None:
    assert read(text, gazetteer)[name].kind != "offset"


@pytest.mark.parametrize(
    ("text", "name", "radius"),
    [
        ("Syrian rebels were 15 km from Idlib.", "Idlib", 15),
        ("Iraqi troops are within ten miles of the city of Mosul.", "Mosul", 16.1),
        ("Clashes broke out just south of Damascus.", "Damascus", 10),
    ],
)
def test_so_far_from_a_town_or_beside_it_is_the_town_with_a_radius(
    text: str, name: str, radius: float, gazetteer: Gazetteer
) -> None:
    found = read(text, gazetteer)[name]
    assert found.kind == "offset"
    assert found.place is not None
    assert found.place.feature_class == "P"
    assert found.place.radius_km == pytest.approx(radius)


def test_a_distance_counts_from_the_town_and_not_from_the_province_of_its_name(gazetteer: Gazetteer) -> None:
    found = read("They dug in 30 km south of Kirkuk, Iraqi officers said.", gazetteer)["Kirkuk"]
    assert found.place is not None
    assert found.place.name == "30 km south of Kirkuk"
    assert found.place.lat == pytest.approx(35.20, abs=0.03)


def test_a_village_nobody_knows_is_put_in_the_region_named_with_it(gazetteer: Gazetteer) -> None:
    found = read("Syrian rebels left the village of Zorbatal in Idlib province.", gazetteer)["Zorbatal"]
    assert found.kind == "coarse"
    assert found.place is not None
    assert found.place.country == "SY"
    assert found.place.radius_km >= 40
    assert found.score < 0.6


def test_a_village_nobody_knows_in_no_region_is_unresolved_not_dropped(gazetteer: Gazetteer) -> None:
    found = read("They came from the village of Zorbatal.", gazetteer)["Zorbatal"]
    assert found.place is None
    assert found.place_id is None


def test_a_list_of_villages_goes_on(gazetteer: Gazetteer) -> None:
    text = "Syrian troops took the villages of Zorbatal, Qumfaya and Harnusha in Hama province."
    assert {"Zorbatal", "Qumfaya", "Harnusha"} <= set(read(text, gazetteer))


def test_another_romanisation_is_found_in_the_countries_spoken_of(gazetteer: Gazetteer) -> None:
    inside = read("Rebels in Syria left the town of Kafr Zeeta after the army came.", gazetteer)["Kafr Zeeta"]
    assert inside.place is not None
    assert inside.place.country == "SY"


def test_a_far_namesake_is_not_taken_for_an_unknown_village(gazetteer: Gazetteer) -> None:
    text = "The Syrian Arab Army took the village of Nasrallah in Hama province, Syria."
    place = read(text, gazetteer)["Nasrallah"].place
    assert place is None or place.country == "SY"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jets bombed depots in Babel province, south of Baghdad, the Iraqi spokesman said.", "Babel"),
        ("Syrian rebels shelled the Western Mountains of rural Damascus on Monday.", "Western Mountains"),
        ("A mortar fell on the al-Tijara neighbourhood of central Damascus.", "al-Tijara"),
        ("The Syrian army began to push into the village of Hawsh Al-Farah in East Ghouta.", "Hawsh Al-Farah"),
        ("A bomb killed dozens in the al-Wusta district of Qamishli, Syria.", "al-Wusta"),
        ("Armed men of the village of Zahir al-Arab near Ras al-Ayn, Syria, shot a guard.", "Zahir al-Arab"),
    ],
)
def test_a_war_at_one_end_of_the_world_names_no_village_at_the_other(
    text: str, name: str, gazetteer: Gazetteer
) -> None:
    start = text.index(name)
    inside = [t for t in find_toponyms(article(text), gazetteer) if start <= t.quote.start < start + len(name)]
    given = resolve_spans(article(text), [(start, start + len(name))], gazetteer)
    for toponym in (*inside, *given):
        assert toponym.place is None or toponym.place.country in ("SY", "IQ")


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Thousands marched in Barcelona against the war in Iraq.", "Barcelona", "ES"),
        ("The Syrian talks were moved from Astana to Geneva.", "Geneva", "CH"),
        ("A man from Garland, Tex., had joined the Islamic State in Syria.", "Garland", "US"),
        ("Iraqi Kurds and a band from Vermont sang in Erbil.", "Vermont", "US"),
        ("Russian jets struck Kafr Hamra and Anadan and the Aleppo Governorate's west.", "Kafr Hamra", "SY"),
    ],
)
def test_a_place_of_note_may_be_named_out_of_the_blue(text: str, name: str, country: str, gazetteer: Gazetteer) -> None:
    assert where(read(text, gazetteer)[name])[0] == country


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Gunmen entered Kilinochchi before dawn.", "Kilinochchi", "LK"),
        ("Turkish drones struck a column near Tarhuna.", "Tarhuna", "LY"),
        ("Moscow denied having lost Vasylivka.", "Vasylivka", "UA"),
        ("Fano fighters walked into Lalibela.", "Lalibela", "ET"),
    ],
)
def test_a_town_named_alone_or_with_those_who_fight_abroad_is_where_it_is(
    text: str, name: str, country: str, gazetteer: Gazetteer
) -> None:
    assert where(read(text, gazetteer)[name])[0] == country


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Troops took Tal Bizam, north of Hama, in Syria.", "Tal Bizam", "SY"),
        ("Sappers reached the Al-Assad Academy in Aleppo.", "Al-Assad Academy", "SY"),
        ("In Awja, a village north of Baghdad, people mourned.", "Awja", "IQ"),
        ("They met in downtown Cairo.", "downtown Cairo", "EG"),
    ],
)
def test_a_given_span_is_read_with_the_rest_of_the_text(
    text: str, name: str, country: str, gazetteer: Gazetteer
) -> None:
    start = text.index(name)
    (toponym,) = resolve_spans(article(text), [(start, start + len(name))], gazetteer)
    assert where(toponym)[0] == country


def test_a_name_the_tables_have_without_its_article_keeps_the_article(gazetteer: Gazetteer) -> None:
    found = read("Syrian troops entered the Al-Sweida Governorate on Monday.", gazetteer)
    assert where(found["Al-Sweida Governorate"]) == ("SY", "ADM1")


def test_state_abbreviations_count_after_a_comma(gazetteer: Gazetteer) -> None:
    found = read("A man from Lexington, Ky., and one from Gary, IN were held.", gazetteer)
    assert found["Ky."].place is not None
    assert found["Ky."].place.name == "Kentucky"
    assert where(found["Lexington"])[0] == "US"
    assert "IN" not in read("IN THE BEGINNING he said OK to me.", gazetteer)


def test_the_publishers_country_settles_a_tie(gazetteer: Gazetteer) -> None:
    text = "London city council voted on Monday to repair the market. The mayor of London said so."
    canadian = read(text, gazetteer, url="http://paper.example.ca/1")["London"].place
    british = read(text, gazetteer, url="http://paper.example.co.uk/1")["London"].place
    assert canadian is not None
    assert british is not None
    assert british.country == "GB"


def test_names_in_arabic_script_are_found_in_an_english_text(gazetteer: Gazetteer) -> None:
    found = read("The road to دمشق was cut and rebels in إدلب cheered in Syria.", gazetteer)
    assert where(found["دمشق"])[0] == "SY"
    assert where(found["إدلب"])[0] == "SY"


def test_a_text_in_capitals_has_places_too(gazetteer: Gazetteer) -> None:
    found = read("SYRIAN ARMY RETAKES RAQQA FROM ISIS. RUSSIAN JETS HIT ALEPPO. TURKEY CONFIRMS.", gazetteer)
    assert where(found["RAQQA"])[0] == "SY"
    assert where(found["ALEPPO"])[0] == "SY"
    assert "ISIS" not in found


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "…", "۞", "12 34 56", "a", "é́"])
def test_texts_without_names_have_none(text: str, gazetteer: Gazetteer) -> None:
    assert find_toponyms(article(text), gazetteer) == ()


def test_a_long_text_is_read_in_pieces_that_fit_together(gazetteer: Gazetteer) -> None:
    sentence = "Fighting went on in Raqqa, and Syrian troops left Palmyra for Homs. "
    text = sentence * 4000
    found = find_toponyms(article(text), gazetteer)
    assert sum(t.text == "Raqqa" for t in found) == 4000
    assert all(text[t.quote.start : t.quote.end] == t.text for t in found)
    assert all(a.quote.end <= b.quote.start for a, b in itertools.pairwise(found))


def test_pieces_cover_a_text_once_and_never_cut_a_word() -> None:
    text = "palmyra " * 60_000
    cuts = list(pieces(text))
    assert len(cuts) > 2
    assert "".join(text[a:b] for a, b in cuts) == text
    assert all(text[a:b].endswith(" ") for a, b in cuts)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "Raqqa",
                "in",
                "the",
                "town of",
                "Syria",
                ",",
                ".",
                "--",
                "\n",
                "U.S.",
                "W. Va.",
                "Al-",
                "al-Bab",
                "’s",
                "'s",
                "é",
                "́",
                "دمشق",
                "🔥",
                "Washington",
                "said",
                "30 km south of",
                "near",
                "Georgia",
                "New York",
                "(",
                ")",
                "COUNTY",
                "County",
                "Mar'e",
                "$",
                "US",
                "D-",
                "Ohio",
                "\u2028",
            ]
        ),
        max_size=40,
    ),
    st.sampled_from([" ", "", "\n"]),
)
def test_spans_are_exact_sorted_and_apart_whatever_the_text(words: list[str], gap: str) -> None:
    text = gap.join(words)
    found = find_toponyms(article(text), opened())
    assert all(text[t.quote.start : t.quote.end] == t.text for t in found)
    assert all(a.quote.end <= b.quote.start for a, b in itertools.pairwise(found))
    assert all(0 <= t.score <= 1 for t in found)


def test_the_same_text_gives_the_same_answer_whatever_was_read_before(gazetteer: Gazetteer) -> None:
    text = "Clashes in Tripoli and Springfield; Georgia and Paris watched. Syrian troops left Kafr Zita."
    first = find_toponyms(article(text), Gazetteer.open())
    find_toponyms(article("Lebanon, Ohio, and Tripoli, Lebanon, in Georgia."), gazetteer)
    assert find_toponyms(article(text), gazetteer) == first


def test_given_spans_are_answered_one_by_one(gazetteer: Gazetteer) -> None:
    text = "From Zorbatal to Raqqa in Syria, and Raqqa city."
    spans = [(5, 13), (17, 22), (26, 31), (37, 47)]
    found = resolve_spans(article(text), spans, gazetteer)
    assert [(t.quote.start, t.quote.end) for t in found] == spans
    assert found[1].place is not None
    assert found[1].place.country == "SY"
    assert found[3].place is not None
    assert found[3].place.country == "SY"


def test_rivals_are_told_with_the_answer(gazetteer: Gazetteer) -> None:
    toponym = read("Officials in Springfield met.", gazetteer).get("Springfield")
    if toponym is not None:
        assert toponym.rivals
        assert all(rival.place_id != toponym.place_id for rival in toponym.rivals)


def test_unresolved_names_are_listed_by_count_with_a_sentence(gazetteer: Gazetteer) -> None:
    text = "It was quiet. They left the village of Zorbatal. They left the village of Qumfaya. The village of Zorbatal burned."
    rows = unresolved([(article(text), find_toponyms(article(text), gazetteer))])
    assert [(row["name"], row["count"]) for row in rows] == [("Zorbatal", "2"), ("Qumfaya", "1")]
    assert rows[0]["sentence"] == "They left the village of Zorbatal."
    found_only = "Fighting went on in Raqqa in Syria."
    assert unresolved([(article(found_only), find_toponyms(article(found_only), gazetteer))]) == []


def test_a_sentence_is_cut_out_of_its_text() -> None:
    text = "One. Two is here.\n\nThree."
    assert sentence_around(text, text.index("is"), text.index("is") + 2) == "Two is here."


@pytest.mark.parametrize(
    ("url", "country"),
    [
        ("https://www.example.co.uk/a", "GB"),
        ("https://example.ca/a", "CA"),
        ("https://example.com/a.uk", ""),
        ("https://example.tv", ""),
        ("", ""),
        ("not a url", ""),
    ],
)
def test_an_addresss_country(url: str, country: str) -> None:
    assert domain_country(url) == country
