"""Whose the forces of a text are: by the place, the year and the clause, over the whole way from text to claims."""

from __future__ import annotations

from datetime import date

import pytest

from mapper.actors import ActorIndex
from mapper.actors.vocabulary import HEADS
from mapper.claims import extract_claims
from mapper.claims.lexicon import FORCES
from mapper.config import default_config, lexicon
from mapper.gazetteer import Gazetteer
from mapper.model import Article, ArticleId
from mapper.pipeline import run
from mapper.toponyms import find_toponyms

INDEX = ActorIndex(lexicon())


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def sides(text: str, year: int, gazetteer: Gazetteer) -> list[tuple[str, str, str]]:
    """(place, actor, other) of each claim of an article of a year, 0 for one without a date."""
    article = Article(id=ArticleId("a"), text=text, published=date(year, 3, 5) if year else None)
    claims = extract_claims(article, find_toponyms(article, gazetteer), INDEX).claims
    return [(claim.place_text, str(claim.actor_id), str(claim.other_id)) for claim in claims]


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        ("Rwanda denied it. The loyalist army recaptured Masisi from the M23.", 2024, ("Masisi", "drc", "m23")),
        ("The loyalist army captured Rutshuru. Rwanda sent troops.", 2012, ("Rutshuru", "drc", "")),
        ("Rwandan officers watched. Loyalist troops retook Bukavu.", 2004, ("Bukavu", "drc", "")),
        (
            "Burundian troops fell back from Goma to Beni, which remains under government control.",
            2024,
            ("Beni", "drc", ""),
        ),
        (
            "Burundian troops fell back from Goma towards Butembo, which remains under government control.",
            2024,
            ("Butembo", "drc", ""),
        ),
        ("Turkish troops entered Afrin. Government forces captured Nubl.", 2018, ("Nubl", "syria", "")),
        ("Soldiers loyal to Libya's government seized Gharyan.", 2019, ("Gharyan", "libya-gna", "")),
        (
            "Soldiers loyal to Libya's internationally recognised government seized Gharyan.",
            2019,
            ("Gharyan", "libya-gna", ""),
        ),
        ("The internationally recognised government captured Marib.", 2021, ("Marib", "yemen", "")),
        ("Syrian troops shelled Tadef. In Iraq, the army lost Mosul.", 2014, ("Mosul", "", "iraq")),
        ("Uruguayan peacekeepers left. The army lost Rumangabo.", 2008, ("Rumangabo", "", "drc")),
    ],
)
def test_a_states_own_forces_are_those_of_the_places_country(
    text: str, year: int, expected: tuple[str, str, str], gazetteer: Gazetteer
) -> None:
    assert expected in sides(text, year, gazetteer)


@pytest.mark.parametrize(
    ("text", "places", "taker", "loser"),
    [
        (
            "Japanese forces seized Guam and Wake Island from the United States.",
            ["Guam", "Wake Island"],
            "japan",
            "us",
        ),
        ("Prussian troops captured Metz from France.", ["Metz"], "prussia", "france"),
        ("Chadian troops seized Damasak from Boko Haram.", ["Damasak"], "chad", "boko-haram"),
        ("Qing troops captured Nanjing from the Taipings.", ["Nanjing"], "qing", "taiping"),
    ],
)
def test_who_takes_a_place_from_a_state_has_it(
    text: str, places: list[str], taker: str, loser: str, gazetteer: Gazetteer
) -> None:
    assert sides(text, 0, gazetteer) == [(place, taker, loser) for place in places]


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        (
            "Russian forces shelled Kupiansk. A Ukrainian brigade confirmed it had withdrawn from Shevchenko.",
            2024,
            ("Shevchenko", "", "ukraine"),
        ),
        (
            "Ukrainian troops shelled Tokmak. The Russian regiment admitted it had abandoned Robotyne.",
            2023,
            ("Robotyne", "", "russia"),
        ),
        (
            "The Houthis shelled Taiz. A Yemeni brigade announced that it had withdrawn from Haradh.",
            2020,
            ("Haradh", "", "yemen"),
        ),
        (
            "A Ukrainian garrison held Bakhmut. Russian forces said they had captured Soledar.",
            2023,
            ("Soledar", "russia", ""),
        ),
        ("Rebels held Hama. The Syrian army said it had captured Homs.", 2013, ("Homs", "syria", "")),
    ],
)
def test_who_speaks_in_the_clause_comes_before_who_acted_in_the_last_sentence(
    text: str, year: int, expected: tuple[str, str, str], gazetteer: Gazetteer
) -> None:
    assert expected in sides(text, year, gazetteer)


@pytest.mark.parametrize(
    ("text", "year", "place"),
    [
        ("A rebel group captured Nyala.", 2024, "Nyala"),
        ("Resistance fighters captured Brest.", 2024, "Brest"),
        ("A rebel faction captured Moundou.", 2008, "Moundou"),
    ],
)
def test_where_several_may_be_meant_the_words_stay_and_name_nobody(
    text: str, year: int, place: str, gazetteer: Gazetteer
) -> None:
    article = Article(id=ArticleId("a"), text=text, published=date(year, 3, 5))
    (claim,) = extract_claims(article, find_toponyms(article, gazetteer), INDEX).claims
    assert (claim.place_text, claim.actor_id) == (place, "")
    assert claim.actor_text


def test_every_word_for_armed_people_that_actors_know_is_one_for_claims() -> None:
    assert set(HEADS) <= FORCES


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Syrian tanks captured Zabadani.", "Zabadani"),
        ("Syrian paratroopers captured Zabadani.", "Zabadani"),
        ("Syrian conscripts seized Qusayr.", "Qusayr"),
        ("Syrian infantrymen retook Palmyra.", "Palmyra"),
    ],
)
def test_tanks_and_paratroopers_take_towns_like_troops(text: str, place: str, gazetteer: Gazetteer) -> None:
    assert sides(text, 2013, gazetteer) == [(place, "syria", "")]


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        ("In August 1914, the Austrians captured Sabac.", 2014, ("Sabac", "austria-hungary", "")),
        ("Austrian troops captured Shkoder in January 1916.", 2016, ("Shkoder", "austria-hungary", "")),
        ("Russian forces captured Grozny in February 2000.", 2025, ("Grozny", "russia", "")),
        ("Russian troops captured Plevna in December 1877.", 2025, ("Plevna", "russian-empire", "")),
        ("The Serbs retook Belgrade in December 1914.", 2014, ("Belgrade", "serbia", "")),
        ("The Serbs captured Srebrenica in July 1995.", 2015, ("Srebrenica", "bosnian-serbs", "")),
        ("In 1997 the rebels captured Kinshasa.", 2024, ("Kinshasa", "afdl", "")),
        ("M23 holds Goma. In 1965 the rebels captured Bukavu.", 2025, ("Bukavu", "simbas", "")),
        ("The rebels, who hold Goma, first captured it in November 2012.", 2025, ("Goma", "m23", "")),
        ("Government forces captured Basra in March 1991.", 2020, ("Basra", "iraq-saddam", "")),
        ("The army lost Hama in December 2013.", 2026, ("Hama", "", "syria")),
        ("Prussian troops captured Metz in October 1870.", 0, ("Metz", "prussia", "")),
    ],
)
def test_the_year_of_the_claim_says_who_can_be_meant_and_not_that_of_the_text(
    text: str, year: int, expected: tuple[str, str, str], gazetteer: Gazetteer
) -> None:
    assert expected in sides(text, year, gazetteer)


def test_of_two_years_in_one_text_each_has_its_own_party(gazetteer: Gazetteer) -> None:
    text = "Government forces captured Aleppo in December 2016. Government forces hold Aleppo today."
    assert sides(text, 2026, gazetteer) == [("Aleppo", "syria", ""), ("Aleppo", "syria-transitional", "")]


def test_a_common_noun_of_a_year_in_which_nobody_known_fought_keeps_its_words_and_names_nobody(
    gazetteer: Gazetteer,
) -> None:
    text = "M23 holds Goma. In 1931 the rebels captured Bukavu."
    article = Article(id=ArticleId("a"), text=text, published=date(2025, 3, 5))
    claims = extract_claims(article, find_toponyms(article, gazetteer), INDEX).claims
    assert [(c.actor_text, c.actor_id) for c in claims if c.place_text == "Bukavu"] == [("rebels", "")]


def test_a_chronicle_of_a_thousand_years_is_read_in_time(gazetteer: Gazetteer) -> None:
    text = "\n".join(f"In {year} the army captured Rawa from the rebels." for year in range(1000, 2000))
    article = Article(id=ArticleId("a"), text=text, published=date(2025, 3, 5))
    assert len(extract_claims(article, find_toponyms(article, gazetteer), INDEX).claims) == 1000


def dated(text: str, gazetteer: Gazetteer) -> set[tuple[str, str, str]]:
    """(place, actor, date) of each capture told in an article of Sunday 1 March 2026."""
    article = Article(id=ArticleId("a"), text=text, published=date(2026, 3, 1))
    claims = extract_claims(article, find_toponyms(article, gazetteer), INDEX).claims
    return {(c.place_text, str(c.actor_id), c.when.edtf) for c in claims if c.predicate == "captured"}


@pytest.mark.parametrize(
    "told",
    [
        "The RSF took Zalingei early in the war.",
        "The RSF seized Zalingei in the first weeks of the conflict.",
        "At the start of the civil war the RSF captured Zalingei.",
        "The RSF captured Zalingei when the war broke out.",
        "Long ago, the RSF captured Zalingei.",
        "Earlier in the war the RSF seized Zalingei.",
        "The RSF previously captured Zalingei from the army.",
        "During the war the RSF captured Zalingei.",
    ],
)
def test_what_was_taken_early_in_the_war_is_not_of_the_day_that_the_text_tells_of(
    told: str, gazetteer: Gazetteer
) -> None:
    found = dated(f"The army retook Nyala on Monday. {told}", gazetteer)
    assert {("Nyala", "sudan", "2026-02-23"), ("Zalingei", "rsf", "")} <= found


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("The RSF captured Nyala early in the war, in October 2023.", "2023-10"),
        ("In October 2023, early in the war, the RSF captured Nyala.", "2023-10"),
        ("The RSF captured Nyala on Monday, the first such gain in the war.", "2026-02-23"),
        ("The RSF captured Nyala on Monday, early in the war's third year.", "2026-02-23"),
        ("The army lost Geneina on Monday. The RSF captured Nyala.", "2026-02-23"),
    ],
)
def test_a_date_beside_early_in_the_war_counts(text: str, when: str, gazetteer: Gazetteer) -> None:
    assert ("Nyala", "rsf", when) in dated(text, gazetteer)


def test_the_army_does_not_hold_until_publication_what_it_lost_early_in_the_war(gazetteer: Gazetteer) -> None:
    text = "Fighting went on in Omdurman on Friday. The RSF took Nyala from the army early in the war."
    article = Article(id=ArticleId("a"), text=text, published=date(2026, 3, 1))
    result = run([article], gazetteer=gazetteer, config=default_config(), territory=False)
    claim = next(c for c in result.claims if c.place_text == "Nyala")
    assert not [p for p in result.timeline.periods if p.place_id == claim.place_id]
    assert [issue.value for issue in result.issues if issue.code == "claim-undated"] == [claim.id]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The military captured Hakha on Monday.", ("Hakha", "myanmar", "")),
        ("On Monday the military seized Hakha from the Arakan Army.", ("Hakha", "myanmar", "arakan-army")),
        ("The military holds Hakha.", ("Hakha", "myanmar", "")),
        ("The military lost control of Hakha on Monday.", ("Hakha", "", "myanmar")),
        ("Myanmar's military captured Hakha.", ("Hakha", "myanmar", "")),
        ("The Arakan Army captured the military base of Hakha.", ("Hakha", "arakan-army", "myanmar")),
    ],
)
def test_the_military_takes_holds_and_loses_like_the_army(
    text: str, expected: tuple[str, str, str], gazetteer: Gazetteer
) -> None:
    assert sides(text, 2022, gazetteer) == [expected]


def test_vehicles_that_the_military_captured_are_no_town(gazetteer: Gazetteer) -> None:
    assert sides("The military captured vehicles in Hakha.", 2022, gazetteer) == []


def test_junta_military_and_army_of_several_articles_are_one_side(gazetteer: Gazetteer) -> None:
    texts = (
        "The junta captured Loikaw on Monday.",
        "The military captured Hakha on Monday.",
        "Army troops captured Falam on Sunday.",
        "Regime forces captured Mindat on Friday.",
    )
    articles = [Article(id=ArticleId(text), text=text, published=date(2022, 5, 9)) for text in texts]
    result = run(articles, gazetteer=gazetteer, config=default_config(), territory=False)
    assert {claim.actor_id for claim in result.claims} == {"myanmar"}
