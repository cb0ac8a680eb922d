"""A sentence by itself: the place that somebody who knows the world would mean."""

from __future__ import annotations

import pytest

from mapper.gazetteer import Gazetteer
from mapper.model import Article, ArticleId, Toponym
from mapper.toponyms import find_toponyms


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def found(text: str, gazetteer: Gazetteer) -> dict[str, Toponym]:
    return {t.text: t for t in find_toponyms(Article(id=ArticleId("a"), text=text), gazetteer)}


def countries(text: str, gazetteer: Gazetteer) -> dict[str, str]:
    return {name: t.place.country if t.place else "-" for name, t in found(text, gazetteer).items()}


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("The gallery in Milan was shut.", "Milan", "IT"),
        ("The rebels captured Seville.", "Seville", "ES"),
        ("A bakery in Rotterdam sells nothing else.", "Rotterdam", "NL"),
        ("Rowers from Oxford won.", "Oxford", "GB"),
        ("The last tram in Odessa is blue.", "Odessa", "UA"),
        ("The night train to St. Petersburg was late.", "St. Petersburg", "RU"),
        ("A cholera outbreak emptied Calcutta.", "Calcutta", "IN"),
        ("The fish market of Tunis burned.", "Tunis", "TN"),
    ],
)
def test_a_famous_city_alone_is_the_famous_one(text: str, name: str, country: str, gazetteer: Gazetteer) -> None:
    assert countries(text, gazetteer).get(name) == country


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Allied soldiers entered Cologne on 6 March 1945.", {"Cologne": "DE"}),
        ("The Nationalists took Cordoba and Granada in 1936.", {"Cordoba": "ES", "Granada": "ES"}),
        ("Italian troops captured Santander in August 1937.", {"Santander": "ES"}),
        ("Union troops captured Richmond in 1865.", {"Richmond": "US"}),
        ("Confederate cavalry burned Columbia and left Florence.", {"Florence": "US"}),
        ("British marines took Stanley in June 1982.", {"Stanley": "FK"}),
        ("The anzacs landed at Gallipoli in 1915.", {"Gallipoli": "TR"}),
        ("US Marines recaptured Hue in February 1968.", {"Hue": "VN"}),
        ("The Japanese occupied Canton in 1938.", {"Canton": "CN"}),
        ("The Nationalists relieved Toledo in September 1936.", {"Toledo": "ES"}),
        ("The Italians were routed at Caporetto in 1917.", {"Caporetto": "SI"}),
        ("Caporetto fell on 24 October 1917.", {"Caporetto": "SI"}),
        ("Napoleon won at Austerlitz in 1805.", {"Austerlitz": "CZ"}),
        ("The Union army captured Corinth in 1862.", {"Corinth": "US"}),
    ],
)
def test_a_war_of_the_past_was_fought_where_its_years_and_sides_say(
    text: str, where: dict[str, str], gazetteer: Gazetteer
) -> None:
    seen = countries(text, gazetteer)
    assert {name: seen.get(name) for name in where} == where


def test_a_town_is_meant_before_the_province_called_after_it(gazetteer: Gazetteer) -> None:
    for text, name in (
        ("French troops held Smolensk in 1812.", "Smolensk"),
        ("The rebels took Badajoz in 1936.", "Badajoz"),
    ):
        place = found(text, gazetteer)[name].place
        assert place is not None
        assert place.feature_class == "P"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sherman's army marched to the sea.", "Sherman"),
        ("Lee's Confederates were barefoot.", "Lee"),
        ("Custer's cavalry was surrounded.", "Custer"),
        ("Marshal Madison's troops were tired.", "Madison"),
    ],
)
def test_a_commander_before_his_army_is_no_town(text: str, name: str, gazetteer: Gazetteer) -> None:
    assert name not in countries(text, gazetteer)


def test_a_local_paper_keeps_its_own_namesake(gazetteer: Gazetteer) -> None:
    seen = countries("Athens residents met in Henderson County on Saturday. Malakoff sent a fire engine.", gazetteer)
    assert seen["Athens"] == "US"


@pytest.mark.parametrize(
    "text",
    [
        "Rokossovsky attacked in 1944 and the army fell back.",
        "Cadorna withdrew the army from the river in 1917.",
        "Bonaparte was mayor in 1999.",
        "The French army under Ney retreated in 1812.",
    ],
)
def test_a_general_of_a_war_is_no_place_of_it(text: str, gazetteer: Gazetteer) -> None:
    assert not [name for name in countries(text, gazetteer) if name in ("Rokossovsky", "Cadorna", "Bonaparte", "Ney")]


@pytest.mark.parametrize(
    "text",
    [
        "Ras al-Ain fell to the rebels.",
        "Ras al Ain was captured by Turkish-backed rebels in October 2019.",
        "The SDF withdrew from Ras al-Ain.",
        "Clashes in Ras al-Ain.",
    ],
)
def test_ras_al_ain_is_the_syrian_town_and_not_the_french_department(text: str, gazetteer: Gazetteer) -> None:
    (place,) = [t.place for name, t in found(text, gazetteer).items() if name.startswith("Ras")]
    assert place is not None
    assert (place.country, place.feature_class) == ("SY", "P")


@pytest.mark.parametrize("name", ["Deir al-Ain", "Umm al-Ain", "Sheikh al-Ain", "Bir al Ain"])
def test_what_follows_an_article_within_a_name_is_no_name_of_its_own(name: str, gazetteer: Gazetteer) -> None:
    assert "Ain" not in countries(f"{name} fell to the rebels.", gazetteer)
