"""Names told by what stands beside them: anchors, camps called after a place elsewhere, spellings a letter away."""

from __future__ import annotations

import csv
import math
import tomllib
from datetime import date
from pathlib import Path

import pytest

from mapper.actors import ActorIndex
from mapper.cli import run_main
from mapper.config import lexicon
from mapper.gazetteer import Gazetteer
from mapper.gazetteer.spelling import alike
from mapper.model import Article, ArticleId, Place, Predicate, Toponym
from mapper.pipeline import read
from mapper.toponyms import alias_line, find_toponyms


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def found(text: str, gazetteer: Gazetteer) -> dict[str, Toponym]:
    return {t.text: t for t in find_toponyms(Article(id=ArticleId("a"), text=text), gazetteer)}


def place_of(name: str, text: str, gazetteer: Gazetteer) -> Place:
    place = found(text, gazetteer)[name].place
    assert place is not None
    return place


def away(place: Place, lat: float, lon: float) -> float:
    return 111.2 * math.hypot(place.lat - lat, (place.lon - lon) * math.cos(math.radians(lat)))


@pytest.mark.parametrize(
    "text",
    [
        "Ukrainian troops hold Ivanivka (east of Kupyansk).",
        "Russian forces attacked Ivanivka, 12 km east of Kupyansk, on Monday.",
        "Shells fell on Ivanivka, a village just southeast of Kupyansk.",
    ],
)
def test_of_many_namesakes_the_one_beside_the_town_named_with_it_is_meant(text: str, gazetteer: Gazetteer) -> None:
    assert away(place_of("Ivanivka", text, gazetteer), 49.71, 37.61) < 40


@pytest.mark.parametrize(
    ("text", "lat", "lon", "radius"),
    [
        ("Russian forces seized Zorbatalka (northwest of Pokrovsk).", 48.33, 37.10, 15.0),
        ("Syrian troops captured Zorbatal, 20 km north of Homs.", 34.91, 36.72, 6.0),
        ("Rebels entered Zorbatal, near Saraqib in Idlib.", 35.86, 36.80, 15.0),
    ],
)
def test_a_village_nobody_knows_is_a_point_beside_its_anchor(
    text: str, lat: float, lon: float, radius: float, gazetteer: Gazetteer
) -> None:
    name = next(n for n in found(text, gazetteer) if n.startswith("Zorbatal"))
    mention = found(text, gazetteer)[name]
    assert mention.kind == "offset"
    assert mention.place is not None
    assert away(mention.place, lat, lon) < 5
    assert mention.place.radius_km == radius
    assert mention.place.name.startswith(name)
    assert mention.score <= 0.5


def test_a_big_city_is_where_it_is_whatever_it_is_north_of(gazetteer: Gazetteer) -> None:
    assert place_of("Mosul", "Iraqi troops entered Mosul, north of Baghdad.", gazetteer).name == "Mosul"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A garrison called Camp Libya fell to the rebels.", "Camp Libya"),
        ("Gunmen overran Fort Georgia at dawn.", "Fort Georgia"),
        ("The brigade left Base Alaska.", "Base Alaska"),
    ],
)
def test_a_camp_called_after_a_country_is_not_the_country(text: str, name: str, gazetteer: Gazetteer) -> None:
    assert found(text, gazetteer)[name].place is None


@pytest.mark.parametrize(
    ("text", "name", "town"),
    [
        ("The Houthis took control of Kelantan (Tuesday) in Taiz.", "Kelantan", "Taiz"),
        ("Misrata's fighters took the Ouagadougou conference hall in Sirte.", "Ouagadougou", "Sirte"),
        ("Rebels hold Camp Jordan in Misrata.", "Camp Jordan", "Misrata"),
    ],
)
def test_a_quarter_or_hall_called_after_a_place_elsewhere_is_in_the_town_it_is_said_to_be_in(
    text: str, name: str, town: str, gazetteer: Gazetteer
) -> None:
    mention = found(text, gazetteer)[name]
    assert mention.kind == "coarse"
    assert mention.place is not None
    assert mention.place.name == town
    assert mention.place.radius_km >= 15


@pytest.mark.parametrize(
    "text",
    [
        "Kurdish forces stormed Zorbatal camp in Syria.",
        "The Iraqi army captured the village of Zorbatal.",
        "Libyan rebels took Zorbatal district.",
    ],
)
def test_a_name_nobody_knows_is_never_a_whole_country(text: str, gazetteer: Gazetteer) -> None:
    (named,) = [t for n, t in found(text, gazetteer).items() if "Zorbatal" in n]
    assert named.place is None or not named.place.feature_code.startswith("PCL")


@pytest.mark.parametrize(
    ("text", "name", "meant"),
    [
        ("The Sudanese army retook Um Rawaba.", "Um Rawaba", "Umm Ruwaba"),
        ("Syrian troops are in Palymra.", "Palymra", "Palmyra"),
        ("Boko Haram seized Gowza in Nigeria.", "Gowza", "Gwoza"),
    ],
)
def test_a_spelling_a_letter_away_is_taken_in_the_countries_spoken_of(
    text: str, name: str, meant: str, gazetteer: Gazetteer
) -> None:
    mention = found(text, gazetteer)[name]
    assert mention.place is not None
    assert mention.place.name == meant
    assert mention.spelling
    assert mention.score < 0.5


def test_a_consonant_counts_for_more_than_a_vowel() -> None:
    assert alike("umrawaba", "umrwaba") > alike("sukuliuka", "subuliuka")
    assert alike("palimra", "palmira") == pytest.approx(1 - 1 / 7)


NEWS = (
    "KHARTOUM, February 3, 2025\n\nThe Sudanese army recaptured Um Rawaba from the Rapid Support Forces on Thursday. "
    "On Friday the RSF took Wad Zorbat. Soldiers captured Qumfayeh (north of Kosti) on Saturday. The army took Rutshulu."
)


def test_a_guess_at_a_place_is_said_with_the_line_that_settles_it(gazetteer: Gazetteer) -> None:
    reading = read(Article(id=ArticleId("a"), text=NEWS, published=date(2025, 2, 3)), gazetteer, ActorIndex(lexicon()))
    guessed = {i.value: i.message for i in reading.found.issues if i.code == "place-guessed"}
    assert "taken for Umm Ruwaba (SD)" in guessed["Um Rawaba"]
    assert '"Um Rawaba" = "geonames:364706"' in guessed["Um Rawaba"]
    assert "put north of Kosti, give or take 15 km" in guessed["Qumfayeh"]
    assert all(c.confidence <= 0.5 for c in reading.found.claims if c.place_text in guessed)


def test_an_unknown_place_says_what_it_may_be(gazetteer: Gazetteer) -> None:
    text = "Congolese troops are in Goma. M23 fighters captured Rutshulu from the army on Monday."
    reading = read(Article(id=ArticleId("a"), text=text, published=date(2024, 2, 3)), gazetteer, ActorIndex(lexicon()))
    (lost,) = (i.message for i in reading.found.issues if i.code == "place-unresolved")
    assert "did you mean Rutshuru (CD)" in lost
    assert 'under [aliases] in mapper.toml: "Rutshulu" = "geonames:' in lost


def test_every_name_that_cost_a_claim_its_place_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article = tmp_path / "a.txt"
    article.write_text(NEWS + " The RSF controls Xyzbala Garrison Town.", encoding="utf-8")
    assert run_main(["claims", str(article)]) == 0
    claims = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert run_main(["toponyms", str(article), "--unresolved"]) == 0
    listed = [row["name"] for row in csv.DictReader(capsys.readouterr().out.splitlines())]
    lost = {row["place_text"] for row in claims if not row["place_id"]}
    assert lost
    assert all(any(name in text for name in listed) for text in lost)


def test_provinces_in_a_list_are_each_a_place(gazetteer: Gazetteer) -> None:
    text = "The Taliban captured Kunduz, Takhar, Nangarhar, Logar, and Badghis on 12 August 2021."
    reading = read(Article(id=ArticleId("a"), text=text, published=date(2021, 8, 14)), gazetteer, ActorIndex(lexicon()))
    taken = [c.place_text for c in reading.found.claims if c.predicate is Predicate.CAPTURED]
    assert taken == ["Kunduz", "Takhar", "Nangarhar", "Logar", "Badghis"]


@pytest.mark.parametrize(
    ("text", "name", "unit"),
    [
        ("Turkish jets struck the northern Syrian town of Ras al-Ain.", "Ras al-Ain", "SY"),
        ("The Syrian town of Suluk fell to the rebels.", "Suluk", "SY"),
        ("In Kursk region, Russian troops retook Novoivanovka.", "Novoivanovka", "RU"),
        ("In Idlib province, rebels entered Zorbatal.", "Zorbatal", "SY.12"),
    ],
)
def test_what_a_sentence_says_of_country_or_province_binds(
    text: str, name: str, unit: str, gazetteer: Gazetteer
) -> None:
    place = place_of(name, text, gazetteer)
    assert unit in (place.country, place.admin1)


def test_a_village_said_to_be_in_a_country_is_no_namesake_in_another(gazetteer: Gazetteer) -> None:
    assert found("The Iraqi village of Baghuz fell.", gazetteer)["Baghuz"].place is None


@pytest.mark.parametrize(
    ("text", "names", "country"),
    [
        ("Rawa [راوة] was retaken by Iraqi forces.", ("Rawa", "راوة"), "IQ"),
        ("The army entered Mosul (الموصل) in 2017.", ("Mosul", "الموصل"), "IQ"),
        ("Ukrainian troops hold Kupyansk (Куп'янськ).", ("Kupyansk", "Куп'янськ"), "UA"),
    ],
)
def test_a_name_and_its_own_spelling_in_brackets_are_one_place(
    text: str, names: tuple[str, str], country: str, gazetteer: Gazetteer
) -> None:
    latin, own = (place_of(name, text, gazetteer) for name in names)
    assert latin.id == own.id
    assert latin.country == country


@pytest.mark.parametrize(
    ("text", "country"),
    [
        (
            "Home | World | State\n\nTowns\n- Saraqib\nGovernment forces took Homs. Capital: calm. The White Helmets came.",
            "SY",
        ),
        ("World Newsnews24\nIslamic state fighters entered Kabul.", "AF"),
        (
            "Yemen: Comment is Free. Editorial. Towns fell. State collapsed. Front with a total of 14 clashes: Taiz.",
            "YE",
        ),
    ],
)
def test_words_of_headings_and_menus_are_no_places(text: str, country: str, gazetteer: Gazetteer) -> None:
    assert {t.place.country if t.place else "-" for t in found(text, gazetteer).values()} == {country}


@pytest.mark.parametrize("text", ["Real Madrid won.", "We had Baked Alaska.", "Inter Miami lost again."])
def test_a_team_or_a_dish_is_no_town(text: str, gazetteer: Gazetteer) -> None:
    assert not found(text, gazetteer)


def test_a_list_is_told_by_what_stands_behind_its_last_name(gazetteer: Gazetteer) -> None:
    text = "Syrian forces took Kafr Zorb, Tal Zorbal and Umm Zorb, south of Idlib."
    places = [place_of(name, text, gazetteer) for name in ("Kafr Zorb", "Tal Zorbal", "Umm Zorb")]
    assert {(p.lat, p.lon) for p in places} == {(places[0].lat, places[0].lon)}
    assert all(p.name.endswith("(south of Idlib)") for p in places)
    assert len({p.id for p in places}) == 3


def test_a_famous_namesake_abroad_gives_way_to_the_one_beside_the_anchor(gazetteer: Gazetteer) -> None:
    assert place_of("Troy", "Rain fell on Troy, north of Albany.", gazetteer).country == "US"
    assert place_of("Mosul", "Mosul, north of Baghdad, fell.", gazetteer).country == "IQ"


@pytest.mark.parametrize(
    ("text", "name", "meant"),
    [
        ("A bomb exploded in northern ‘Ayn ‘Issa, the Syrian army said.", "Ayn ‘Issa", "Ain Issa"),
        ("Syrian rebels lost the town of Tal Al-‘Eiss.", "Tal Al-‘Eiss", "al-Eis"),
    ],
)
def test_an_ayn_within_a_name_does_not_cut_it(text: str, name: str, meant: str, gazetteer: Gazetteer) -> None:
    assert place_of(name, text, gazetteer).name == meant


def test_a_word_without_end_has_no_spellings_near_it(gazetteer: Gazetteer) -> None:
    assert gazetteer.near_spellings("Um Rawaba", ["SD"])
    assert gazetteer.near_spellings("Qa'a" * 5000, ["IQ", "SY"]) == ()
    assert gazetteer.search("Qa'a" * 5000) == ()
    assert not [
        t for t in found("The army captured Rawa and " + "Qa'a" * 5000 + ".", gazetteer).values() if "Qa" in t.text
    ]


PARTED = (
    "Turkish troops and their Syrian allies captured Ras al-Ain on Sunday and now hold the strip between Tal Abyad and Ras al-Ain."
    " The Syrian Democratic Forces still control most of north-eastern Syria, the Euphrates valley between Raqqa and Deir"
    " ez-Zor, and Hasakah. Syrian government forces have moved into Manbij and Kobani, east of the Euphrates."
)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        (
            PARTED,
            "SY",
        ),
        (
            "Shells fell on Ras al-Ain in Syria's north, the Syrian state agency said. Syria blamed Turkish troops.",
            "SY",
        ),
        ("The army of Syria left Ras al-Ain, a Syrian officer said in Hasakah.", "SY"),
    ],
)
def test_a_town_that_a_border_parts_is_on_the_side_of_the_country_the_text_is_about(text: str, country: str) -> None:
    article = Article(id=ArticleId("a"), text=text, published=date(2019, 10, 20))
    found = [t for t in find_toponyms(article, Gazetteer.open()) if t.text == "Ras al-Ain"]
    assert {t.place.country for t in found if t.place is not None} == {country}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Iraqi forces recaptured Tikrit, north of Baghdad, from Islamic State.", "Tikrit"),
        ("The army entered Haditha, west of Baghdad.", "Haditha"),
        ("The rebels took Bor, north of Juba, from the army.", "Bor"),
        ("The Taliban overran Sangin, north of Kandahar.", "Sangin"),
    ],
)
def test_a_town_is_told_by_a_city_far_off_too_and_stays_where_it_is(text: str, name: str) -> None:
    (found,) = [t for t in find_toponyms(Article(id=ArticleId("a"), text=text), Gazetteer.open()) if t.text == name]
    assert found.kind == "literal"
    assert found.place is not None
    assert found.place.name.startswith(name)
    assert not found.place.id.startswith("offset:")


def test_the_line_an_issue_gives_for_the_alias_table_is_one() -> None:
    line = alias_line('the "old" Crossing\x7f', "geonames:1")
    assert tomllib.loads(f"[aliases]\n{line}") == {"aliases": {'the "old" Crossing ': "geonames:1"}}
