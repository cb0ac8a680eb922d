"""Who is drawn in which colour: told apart by every kind of eye, plain on the ground, and the same on page and in files."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

import mapper
from mapper.areas import chart_svg
from mapper.colours import GROUNDS, PALETTE, SIGHTS, UNKNOWN, apart, assign, colours, contrast, painted
from mapper.config import lexicon
from mapper.export import export
from mapper.model import Actor, ActorId
from mapper.webmap import build_payload

ACTORS = {actor.id: actor for actor in lexicon()}
EXAMPLES = Path(__file__).resolve().parent.parent / "data" / "examples"
STATIC = Path(mapper.__file__).parent / "webmap" / "static"

# Actors drawn side by side on the map of one war.
THEATRES = {
    "Iraq and Syria": "is iraq sdf peshmerga syria syria-opposition hts sna turkey us-coalition",
    "Ukraine": "ukraine russia dpr-lpr wagner",
    "Libya": "libya-gna libya-lna libya-gaddafi is",
    "Yemen": "yemen houthis stc aqap saudi-coalition",
    "Sudan": "sudan rsf",
    "Mali": "mali jnim isgs tuareg-rebels france wagner",
    "Somalia": "somalia al-shabaab amisom",
    "Ethiopia": "ethiopia tplf amhara-fano eritrea",
    "Myanmar": "myanmar arakan-army mndaa tnla kia knu pdf",
    "Afghanistan": "afghanistan taliban northern-alliance isk hezb-i-islami",
    "Great Lakes": "drc m23 rwanda adf afdl",
    "Lake Chad": "nigeria boko-haram iswap chad",
    "Palestine and Lebanon": "israel hamas hezbollah palestinian-authority lebanon",
    "Colombia": "colombia farc eln auc clan-del-golfo",
    "Sri Lanka": "sri-lanka ltte",
    "Nagorno-Karabakh": "armenia artsakh azerbaijan",
    "Philippines": "philippines maute abu-sayyaf milf npa",
    "Central African Republic": "car seleka anti-balaka wagner",
    "Bosnia and Croatia": "serbia bosnian-serbs bosnia bosnian-croats croatia",
    "Haiti": "haiti haiti-gangs",
    "Mozambique": "mozambique mozambique-insurgents",
}


def of_actors(actors: list[Actor], theme: str = "light") -> dict[ActorId, str]:
    return assign({actor.id: actor.colour for actor in actors}, theme)


def bare(count: int) -> dict[ActorId, str]:
    return {ActorId(f"a{n}"): "" for n in range(count)}


def test_an_actors_own_colour_is_plain_on_a_light_map() -> None:
    for actor in ACTORS.values():
        if actor.colour:
            assert contrast(actor.colour, "#f4f1ea") >= 3.0, (actor.id, actor.colour)


@pytest.mark.parametrize("theme", GROUNDS)
@pytest.mark.parametrize(("most", "least"), [(8, 5.0), (12, 3.0)], ids=["the first eight", "a dozen at once"])
def test_enemies_of_one_conflict_look_different_to_every_kind_of_eye(theme: str, most: int, least: float) -> None:
    countries: dict[str, list[Actor]] = defaultdict(list)
    for actor in ACTORS.values():
        for country in actor.countries if actor.fought_in(2015) else ():
            countries[country].append(actor)
    asked = {c: actors[:most] for c, actors in countries.items() if len(actors) > 1}
    assert len(asked) > 30
    for country, actors in asked.items():
        chosen = of_actors(actors, theme)
        for one, other in combinations(actors, 2):
            if one.side != other.side or not one.side:
                assert apart(chosen[one.id], chosen[other.id]) >= least, (country, one.id, other.id)
        for colour in chosen.values():
            assert contrast(painted(colour, GROUNDS[theme]), GROUNDS[theme]) >= 3.0


@pytest.mark.parametrize("theatre", THEATRES)
def test_colours_of_one_war_stay_apart_for_every_kind_of_sight(theatre: str) -> None:
    chosen = of_actors([ACTORS[ActorId(i)] for i in THEATRES[theatre].split()])
    assert min(apart(one, other) for one, other in combinations(chosen.values(), 2)) >= 5.0


def test_two_actors_without_a_colour_are_not_two_greys() -> None:
    first, second = assign(bare(2)).values()
    assert apart(first, second) >= 12
    assert {first, second} <= set(PALETTE)


def test_actors_without_a_colour_get_hues_that_every_kind_of_eye_tells_apart() -> None:
    chosen = list(assign(bare(5)).values())
    assert min(apart(a, b) for a, b in combinations(chosen, 2)) >= 6
    assert len(assign(bare(40))) == 40


def test_an_own_colour_is_kept_and_one_that_looks_like_it_gives_way() -> None:
    ukraine = ACTORS[ActorId("ukraine")].colour
    chosen = assign({ActorId("ukraine"): ukraine, ActorId("twin"): ukraine, **bare(3)})
    assert chosen[ActorId("ukraine")] == ukraine
    assert min(apart(a, b) for a, b in combinations(chosen.values(), 2)) >= 5
    last = assign({**bare(3), ActorId("ukraine"): ukraine, ActorId("twin"): ukraine})
    assert last == chosen  # those without a colour wait, wherever they stand


@pytest.mark.parametrize("colour", ["#f7e018", "#ffffff", "#000000", "#3b3b3b", "#00ff00", "red", "javascript:1"])
@pytest.mark.parametrize("theme", GROUNDS)
def test_any_colour_a_table_names_is_plain_on_the_ground(theme: str, colour: str) -> None:
    (chosen,) = assign({ActorId("a"): colour}, theme).values()
    assert re.fullmatch("#[0-9a-f]{6}", chosen)
    assert contrast(painted(chosen, GROUNDS[theme]), GROUNDS[theme]) >= 3


def test_distance_is_the_least_over_kinds_of_sight() -> None:
    assert set(SIGHTS) == {"normal", "protanopia", "deuteranopia", "tritanopia"}
    assert apart("#123456", "#123456") == 0
    assert apart("#000000", "#ffffff") > 90
    assert apart("#ff0000", "#00a000") < 25  # red and green come near for some eyes


def test_page_chart_and_files_draw_an_actor_in_the_same_colour(tmp_path: Path) -> None:
    folder = EXAMPLES / "isis-2014-2019"
    result = mapper.run(folder / "claims.csv", config=folder / "mapper.toml")
    # two that bring no colour, so that each place would have to invent one
    actors = {i: replace(a, colour="" if i in ("iraq", "sdf") else a.colour) for i, a in result.actors.items()}
    result = replace(result, actors=actors)
    chosen = colours(result)
    page = {a["id"]: a["colours"]["light"] for a in json.loads(build_payload(result, basemap={}).core)["actors"]}
    assert page == chosen
    frame = result.to_frame("territory", at=date(2016, 1, 1))
    assert {a: c for a, c in zip(frame["actor"], frame["colour"], strict=True) if a}.items() <= page.items()
    assert len(set(frame["colour"])) > 4
    assert result.territory is not None
    drawn = set(
        re.findall(r'stroke="(#[0-9a-f]{6})" stroke-width="2"', chart_svg(result.territory, actors, colours=chosen))
    )
    assert drawn <= set(chosen.values())
    assert chosen[ActorId("iraq")] in drawn
    export(result, tmp_path / "points.kml", shape="points")
    styles = set(re.findall(r'<Style id="solid-([0-9a-f]{6})"', (tmp_path / "points.kml").read_text(encoding="utf-8")))
    assert styles == {colour[1:] for colour in (*chosen.values(), UNKNOWN)}


def test_colours_are_chosen_for_the_grounds_and_shades_of_the_page() -> None:
    script = (STATIC / "palette.js").read_text(encoding="utf-8")
    for theme, ground in GROUNDS.items():
        assert re.search(rf'{theme}: {{ paper: "{ground}"', script)
    solid = float(re.search(r"TONES = \[([\d.]+),", script)[1])  # type: ignore[index]
    assert painted("#000000", "#ffffff") == "#" + f"{round(255 * (1 - solid)):02x}" * 3
