"""Texts a new user would try: what a reader of news expects of each, in the words of the news."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from mapper.actors import ActorIndex
from mapper.claims import extract_claims
from mapper.config import lexicon
from mapper.gazetteer import Gazetteer
from mapper.model import Article, ArticleId, Toponym
from mapper.toponyms import find_toponyms


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def places(text: str, gazetteer: Gazetteer) -> list[tuple[str, str]]:
    """Each mention with the country it was put in, ``-`` for none."""
    return [(t.text, t.place.country if t.place else "-") for t in found(text, gazetteer)]


def found(text: str, gazetteer: Gazetteer) -> tuple[Toponym, ...]:
    return find_toponyms(Article(id=ArticleId("a"), text=text), gazetteer)


def test_local_news_of_a_syrian_front_stays_in_syria(gazetteer: Gazetteer) -> None:
    text = (
        "The Syrian army moved through the southern countryside of Idlib on Tuesday and entered the villages of Tal Mardikh, "
        "Zurqash and Jabala. Rebels shelled Jurin in the Ghab plain. Fighters left Kafr Nabudah, Latamneh and Kafr Zita. "
        "In Daraa, gunmen killed a man in Tafas, and a bomb went off near the Nawa road. Families reached the Atmeh camp "
        "near Bab al-Hawa."
    )
    seen = dict(places(text, gazetteer))
    assert set(seen.values()) - {"-"} == {"SY"}  # a village nobody knows is nowhere rather than anywhere in Syria
    assert {"Tal Mardikh", "Zurqash", "Jurin", "Kafr Nabudah", "Latamneh", "Kafr Zita", "Tafas"} <= set(seen)
    village = next(t for t in found(text, gazetteer) if t.text == "Zurqash")
    assert village.kind == "coarse"
    assert village.place is not None
    assert village.place.radius_km >= 40


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Gunmen fired at each other overnight in Tripoli. Schools in Akkar and Zgharta stayed closed.", "LB"),
        ("Militias from Misrata entered Tripoli, and the airport at Mitiga came under fire.", "LY"),
        ("Haftar's men shelled the suburbs of Tripoli.", "LY"),
        ("A man from Tripoli was held in Waverly, Iowa.", "US"),
    ],
)
def test_tripoli_is_where_its_text_is(text: str, country: str, gazetteer: Gazetteer) -> None:
    assert ("Tripoli", country) in places(text, gazetteer)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("The governor of Georgia signed the bill in Atlanta. Voters in Macon and Savannah will decide.", "US"),
        ("Georgia accused Russia of moving the boundary line near Gori and Tskhinvali.", "GE"),
        ("Protesters marched to parliament in Tbilisi, Georgia.", "GE"),
    ],
)
def test_georgia_is_a_state_or_a_country(text: str, country: str, gazetteer: Gazetteer) -> None:
    assert ("Georgia", country) in places(text, gazetteer)


def test_hamas_is_no_place_whatever_is_said_of_it(gazetteer: Gazetteer) -> None:
    text = "Hamas said it had no men in Hama. Gunmen from Hamas met Hezbollah in Lebanon. In Hama, Syria, it was quiet."
    assert [name for name, _ in places(text, gazetteer)] == ["Hama", "Lebanon", "Hama", "Syria"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Shells fell on Kyiv.", "Shells fell on Kiev."),
        ("Russian forces entered Bakhmut.", "Russian forces entered Artyomovsk."),
        ("Russian forces entered Bakhmut.", "Russian forces entered Artemivsk."),
        ("Drones struck Odesa overnight.", "Odessa was hit by drones on Monday, killing three."),
        ("In Ukraine, a block of flats in Dnipro was hit.", "In Ukraine, a block of flats in Dnepropetrovsk was hit."),
        ("Ukrainian guns near Kharkiv.", "Ukrainian guns near Kharkov."),
        ("The RSF stormed El Fasher.", "The RSF stormed al-Fashir."),
        ("Rebels in Syria left Kobani.", "Rebels in Syria left Ayn al-Arab."),
        ("Syrian rebels took Jarabulus.", "Syrian rebels took Jarablus."),
        ("Syrian troops left Abu Kamal.", "Syrian troops left Albu Kamal."),
    ],
)
def test_two_spellings_are_one_place(one: str, other: str, gazetteer: Gazetteer) -> None:
    first, second = (found(text, gazetteer)[-1].place for text in (one, other))
    assert first is not None
    assert second is not None
    assert first.id == second.id


def test_names_in_arabic_script_are_read_among_english_words(gazetteer: Gazetteer) -> None:
    text = "Fighters in الرقة and دير الزور withdrew, a monitor in Syria said."
    assert places(text, gazetteer) == [("الرقة", "SY"), ("دير الزور", "SY"), ("Syria", "SY")]


def test_a_text_in_capitals_has_its_towns_and_no_pronouns(gazetteer: Gazetteer) -> None:
    text = (
        "SYRIAN TROOPS ENTER PALMYRA AFTER ISIS RETREATS FROM DEIR EZZOR. U.S. JETS BOMBED RAQQA, THE US ARMY SAID. "
        "GIVE US PEACE, SAY PEOPLE IN IDLIB. LET US GO HOME, THEY SAID."
    )
    seen = places(text, gazetteer)
    assert [pair for pair in seen if pair[1] == "SY"] == [
        ("SYRIAN", "SY"),
        ("PALMYRA", "SY"),
        ("DEIR EZZOR", "SY"),
        ("RAQQA", "SY"),
        ("IDLIB", "SY"),
    ]
    starts = [t.quote.start for t in found(text, gazetteer) if t.text == "US"]
    assert all(text[start - 4 : start] == "THE " for start in starts)


def test_a_name_that_is_also_a_word_is_a_place_once_the_text_says_so(gazetteer: Gazetteer) -> None:
    text = "People fled from Hit to Ramadi. The town of Hit in Iraq was shelled. Mortars hit Hit again. Hit by shells, it burned."
    hits = [t for t in found(text, gazetteer) if t.text == "Hit"]
    assert [text[t.quote.end : t.quote.end + 6] for t in hits] == [" to Ra", " in Ir", " again"]
    assert all(t.place is not None and t.place.country == "IQ" for t in hits)
    assert "Hit" not in dict(places("Hit by shells, the truck burned in Ramadi, Iraq.", gazetteer))


def test_a_local_paper_means_its_own_paris(gazetteer: Gazetteer) -> None:
    text = (
        "The Athens City Council met on Monday. The mayor of Athens said the Henderson County road needed money. "
        "Residents of Paris, Tyler and Athens came."
    )
    assert set(places(text, gazetteer)) == {
        ("Athens", "US"),
        ("Henderson County", "US"),
        ("Paris", "US"),
        ("Tyler", "US"),
    }


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Palmyra was shelled on Monday.", "Palmyra", "SY"),
        ("Militants overran Hadera on Sunday, and troops fled to Gao.", "Gao", "ML"),
        ("Rockets fell on Tripoli's port.", "Tripoli", "LY"),
    ],
)
def test_a_war_without_a_country_is_not_in_a_quiet_one(
    text: str, name: str, country: str, gazetteer: Gazetteer
) -> None:
    assert (name, country) in places(text, gazetteer)


def test_jets_over_a_country_do_not_bring_their_own_towns(gazetteer: Gazetteer) -> None:
    text = "U.S. jets and the US-led coalition struck Palmyra; American warplanes also hit Manbij."
    assert ("Palmyra", "SY") in places(text, gazetteer)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("The AA captured Minbya and Ponnagyun; fighting reached Hsipaw and Kawlin in Myanmar.", "MM"),
        ("Jihadists attacked Markoye, Thiou and Kantchari in Burkina Faso.", "BF"),
        ("The army left Hombori, Boni and Léré in Mali.", "ML"),
        ("Al-Shabab attacked Balad, Afmadow and Warshiikh in Somalia.", "SO"),
        ("The M23 took Kalehe, Katana and Luvungi in Congo.", "CD"),
        ("Shells fell on Tawergha, Garabulli and Ras Lanuf in Libya.", "LY"),
        ("Tigrayan fighters left Hawzen, Samre and Wegel Tena in Ethiopia.", "ET"),
    ],
)
def test_towns_of_less_reported_wars_are_known(text: str, country: str, gazetteer: Gazetteer) -> None:
    found_there = [t for t in found(text, gazetteer) if t.kind == "literal" and t.place is not None]
    towns = [t for t in found_there if t.place is not None and t.place.feature_class == "P"]
    assert len(towns) >= 3
    assert {t.place.country for t in towns if t.place is not None} == {country}


def test_two_megabytes_are_read_in_bounded_time(gazetteer: Gazetteer) -> None:
    sentence = (
        "Rebels left Kafr Zita for Idlib as Syrian troops shelled Khan Shaykhun, 30 km south of Maarrat al-Numan. "
    )
    text = sentence * (2_000_000 // len(sentence))
    begun = time.process_time()
    toponyms = found(text, gazetteer)
    # a tenth of the speed of articles would take this long
    assert time.process_time() - begun < 30
    assert len(toponyms) > 90_000


def test_a_claim_between_two_towns_is_at_their_middle(gazetteer: Gazetteer) -> None:
    text = "Fighting raged between Bakhmut and Chasiv Yar on Monday, the Ukrainian army said."
    article = Article(id=ArticleId("a"), text=text)
    claims = extract_claims(article, find_toponyms(article, gazetteer), ActorIndex(lexicon())).claims
    assert claims
    assert {claim.place_id.partition("(")[0] for claim in claims} == {"region:between"}
    assert all(not claim.actor_text for claim in claims)


def test_offsets_come_out_of_the_command(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "Syrian rebels stood 30 km south-west of Raqqa. They mined the road between Homs and Hama. Clashes broke out just "
        "south of Damascus and on the outskirts of Aleppo, and near Idlib.",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "mapper", "toponyms", str(path)], capture_output=True, text=True, check=True, timeout=120
    )
    rows = {row["text"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert {name: row["kind"] for name, row in rows.items() if row["kind"] in ("offset", "region")} == {
        "Raqqa": "offset",
        "Homs": "region",
        "Hama": "region",
        "Damascus": "offset",
        "Aleppo": "region",
        "Idlib": "offset",
    }
    assert rows["Raqqa"]["name"] == "30 km southwest of Raqqa"
    assert rows["Homs"]["name"] == rows["Hama"]["name"] == "between Homs and Hama"


def test_names_that_were_not_found_come_as_lines_of_an_alias_table(tmp_path: Path) -> None:
    article, names, config = tmp_path / "a.txt", tmp_path / "names.toml", tmp_path / "mapper.toml"
    article.write_text("They left the village of Zorbatal.\n\nThe village of Zorbatal burned.", encoding="utf-8")
    command = [sys.executable, "-m", "mapper", "toponyms", str(article)]
    subprocess.run([*command, "--unresolved", "-o", str(names)], check=True, timeout=120, capture_output=True)
    lines = names.read_text(encoding="utf-8")
    assert tomllib.loads(lines) == {"aliases": {}}
    assert "# 2 times: They left the village of Zorbatal." in lines
    filled = lines.replace('# "Zorbatal" = "geonames:"', '"Zorbatal" = "geonames:169577"')
    assert tomllib.loads(filled) == {"aliases": {"Zorbatal": "geonames:169577"}}
    config.write_text(filled, encoding="utf-8")
    done = subprocess.run([*command, "--config", str(config)], check=True, timeout=120, capture_output=True, text=True)
    assert {json.loads(line)["name"] for line in done.stdout.splitlines()} == {"Homs"}
