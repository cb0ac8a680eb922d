"""Regions told in words, from the text to the shape on the map."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from typer.testing import CliRunner

from mapper.actors import ActorIndex
from mapper.areas import build_territory
from mapper.bundled import bundled
from mapper.cli import app
from mapper.config import Config, lexicon
from mapper.export import export
from mapper.gazetteer import Gazetteer
from mapper.model import (
    ActorId,
    Article,
    ArticleId,
    Extent,
    Period,
    Place,
    PlaceId,
    Status,
    Timeline,
    Toponym,
)
from mapper.pipeline import Given, combine, read
from mapper.regions import RegionError, country_outline, outline, parse, region_place, shape_of
from mapper.regions.shapes import customary
from mapper.toponyms import find_toponyms, region_in_words
from mapper.toponyms.regions import ways_of


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def regions(text: str, gazetteer: Gazetteer) -> list[Toponym]:
    return [t for t in find_toponyms(Article(id=ArticleId("a"), text=text), gazetteer) if t.kind == "region"]


def told(text: str, gazetteer: Gazetteer) -> list[str]:
    return [str(t.place_id) for t in regions(text, gazetteer)]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("The SDF holds north-eastern Syria.", "part(ne,SY)"),
        ("The SDF holds northeast Syria.", "part(ne,SY)"),
        ("The SDF holds the north east of Syria.", "part(ne,SY)"),
        ("Fighters hold Syria’s north-east, officials said.", "part(ne,SY)"),
        ("Troops took central and eastern Syria.", "union(part(c,SY),part(e,SY))"),
        ("Troops took the south and west of Mali.", "union(part(s,ML),part(w,ML))"),
        ("The army advanced in eastern Aleppo province.", "part(e,SY.09)"),
        ("Rebels in Syria reached the border with Iraq.", "within(SY,border(SY,IQ))"),
        ("Rebels reached Iraq's border with Syria.", "within(IQ,border(IQ,SY))"),
        ("Troops are fighting along the Syrian-Turkish frontier.", "border(SY,TR)"),
        ("Fighters hold the border between Sudan and Chad.", "border(SD,TD)"),
        ("Kurdish fighters in Syria hold the land east of the Euphrates.", "side(e,euphrates,SY)"),
        ("The army holds the western bank of the Dnieper in Kherson Oblast.", "side(w,dnipro,UA.08)"),
        ("Jihadists in Iraq hold villages along the Tigris.", "within(IQ,along(tigris))"),
        ("Troops took the road from Homs to Palmyra.", "between(geonames:169577,geonames:163808)"),
        ("Rebels hold an enclave around Afrin in Syria.", "around(geonames:174186,20)"),
        ("Rebels hold Idlib and its surroundings.", "around(geonames:169389,20)"),
        ("Rebels hold the countryside north of Hama in Syria.", "around(geonames:170017,30,n)"),
        ("Assad's troops hold the Syrian coast.", "coast(SY)"),
        ("The Euphrates flows through Syria. Fighters hold everything west of the river.", "side(w,euphrates,SY)"),
        ("Rebels hold most of Syria. On Monday they captured the country's north from the army.", "part(n,SY)"),
        ("In Mali, Islamist rebels captured the country’s vast north in April 2012.", "part(n,ML)"),
        ("Fighting went on in Libya. Rebels seized the south and east of the country.", "union(part(s,LY),part(e,LY))"),
        ("Jihadists seized Helmand province's largest town and the eastern half of the province.", "part(e,AF.10)"),
        ("Syrian rebels captured large areas in the country's north-east in July 2012.", "part(ne,SY)"),
        ("War in Syria and Iraq: Turkish troops seized Mosul and the country's north.", "part(n,IQ)"),
        ("Troops in Ukraine reached the Dnipro. Rebels hold the eastern bank of the river.", "side(e,dnipro,UA)"),
        ("Shells fell on the northern outskirts of Aleppo.", "around(geonames:170063,15,n)"),
        ("They fought in the western suburbs of Mosul, Iraq.", "around(geonames:99072,20,w)"),
    ],
)
def test_words_tell_a_region_and_its_id_says_which(text: str, region: str, gazetteer: Gazetteer) -> None:
    assert f"region:{region}" in told(text, gazetteer)


@pytest.mark.parametrize(
    "text",
    [
        "North Korea and South Sudan sent troops.",
        "The army retook the northern Syrian town of Manbij.",
        "Turkish border guards fired at the rebels.",
        "The Syrian coast guard fought the rebels.",
        "Rebels hold Syria's eastern Ghouta.",
        "It rained in northern Kentucky, where the county fair was held on Saturday, and the mayor spoke to many visitors.",
        "Fighters crossed the border with Japan into Syria.",
        "Talks between Homs and Hama on a truce for the fighters failed.",
    ],
)
def test_names_and_peoples_and_peaceful_news_tell_no_region(text: str, gazetteer: Gazetteer) -> None:
    assert told(text, gazetteer) == []


def test_a_region_keeps_its_words_its_name_and_what_the_name_alone_means(gazetteer: Gazetteer) -> None:
    (found,) = regions("The SDF holds most of north-eastern Syria.", gazetteer)
    assert found.text == "Syria"
    assert found.wording is not None
    assert found.wording.text == "north-eastern Syria"
    assert found.place is not None
    assert (found.place.name, found.place.country, found.place.feature_class) == ("north-east Syria", "SY", "A")
    assert found.named is not None
    assert found.named.place is not None
    assert found.named.place.feature_code == "PCLI"


def phrases() -> list[tuple[str, str]]:
    lines = (Path(__file__).parent / "evals" / "regions.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [(line.split("\t")[0], line.split("\t")[1]) for line in lines]


def test_the_point_of_a_region_lies_inside_it_and_the_region_is_never_a_whole_country(gazetteer: Gazetteer) -> None:
    seen = 0
    for text, phrase in phrases():
        for toponym in regions(text, gazetteer):
            place = toponym.place
            assert place is not None
            shape = outline(gazetteer, place)
            assert shape is not None, phrase
            assert shapely.intersects(shape, shapely.Point(place.lon, place.lat)), phrase
            home = country_outline(gazetteer, place.country)
            assert home is not None
            assert shape.area < 0.75 * home.area, phrase
            seen += 1
    assert seen > 80


@pytest.mark.parametrize(
    "region_id",
    ["region:", "region:part", "region:part(ne)", "region:part(up,SY)", "region:side(c,euphrates,SY)", "region:part(ne,SY", "region:part(ne,SY))", "region:hole(SY)", "region:around(geonames:1,20,c)",
     "region:" + "union(" * 50 + "SY" + ")" * 50, "SY"],
)  # fmt: skip
def test_an_id_that_says_no_region_is_refused_with_what_is_wrong(region_id: str) -> None:
    with pytest.raises(RegionError, match="is no region"):
        parse(region_id)


def test_an_id_reads_back_as_the_region_it_was_made_from() -> None:
    for text in (
        "part(ne,SY)",
        "union(part(c,SY),part(e,SY))",
        "within(SY,along(euphrates))",
        "around(geonames:1,20,n)",
    ):
        assert parse(f"region:{text}").id == f"region:{text}"


def test_what_has_no_outline_is_no_place(gazetteer: Gazetteer) -> None:
    for text in (
        "part(n,XX)",
        "border(SY,JP)",
        "coast(ML)",
        "side(e,thames,SY)",
        "around(geonames:1,20)",
        "along(nowhere)",
    ):
        assert region_place(gazetteer, f"region:{text}") is None, text


def test_the_two_sides_of_a_river_make_up_the_country(gazetteer: Gazetteer) -> None:
    east, west = (shape_of(gazetteer, f"region:side({way},euphrates,SY)") for way in "ew")
    syria = country_outline(gazetteer, "SY")
    assert east is not None
    assert west is not None
    assert syria is not None
    assert shapely.intersection(east, west).area < 1e-6
    assert shapely.union(east, west).area == pytest.approx(syria.area, rel=1e-6)
    assert shapely.contains_xy(east, 40.75, 36.5)  # Hasakah
    assert shapely.contains_xy(west, 37.16, 36.2)  # Aleppo


def test_every_makeup_of_the_tables_has_an_outline(gazetteer: Gazetteer) -> None:
    for part, makeup in customary().items():
        assert shape_of(gazetteer, f"region:{part}") is not None, (part, makeup)
    named = 0
    for line in bundled("gazetteer", "features.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        cells = line.split("\t")
        if cells[11].startswith("region:"):
            shape = shape_of(gazetteer, cells[11])
            assert shape is not None, cells[:2]
            gap = 111 * shapely.distance(shape, shapely.Point(float(cells[3]), float(cells[2])))
            assert gap <= float(cells[10]), (cells[:4], round(gap))
            named += 1
    assert named >= 140


def test_a_claim_of_a_part_is_about_that_part_and_colours_none_of_the_rest(gazetteer: Gazetteer) -> None:
    text = "The Syrian Democratic Forces seized north-eastern Syria on 3 March 2016."
    article = Article(id=ArticleId("a"), text=text, published=date(2016, 3, 4))
    reading = read(article, gazetteer, ActorIndex(lexicon()))
    (claim,) = reading.found.claims
    assert claim.place_id == "region:part(ne,SY)"
    assert claim.extent is Extent.PART
    result = combine([reading], Given(), gazetteer=gazetteer, config=Config(actors=lexicon()))
    land = result.territory
    assert land is not None
    shape = shape_of(gazetteer, "region:part(ne,SY)")
    coloured = [
        result.places.get(i) or gazetteer.get(i) for i, p in zip(land.cell_place, land.cell_periods, strict=True) if p
    ]
    assert len(coloured) > 40
    within = land.face_km2[np.isin(land.face_cell, [n for n, own in enumerate(land.cell_periods) if own])].sum()
    assert within < land.face_km2.sum() / 2
    assert all(p is not None and shapely.contains_xy(shape, p.lon, p.lat) for p in coloured)
    assert {p.status for periods in land.cell_periods for p in periods} == {Status.PARTIAL}


@pytest.mark.parametrize(
    ("text", "region"),
    [
        (
            "Islamic State fighters captured villages east of the Euphrates in Deir ez-Zor province.",
            "side(e,euphrates,SY.07)",
        ),
        ("Turkish-backed rebels took the Syrian border with Turkey on 7 March 2016.", "within(SY,border(SY,TR))"),
        ("Islamic State fighters captured the countryside north of Hama in Syria.", "around(geonames:170017,30,n)"),
        ("The Syrian army captured villages between Homs and Palmyra.", "between(geonames:169577,geonames:163808)"),
    ],
)
def test_a_claim_is_about_the_region_its_words_tell(text: str, region: str, gazetteer: Gazetteer) -> None:
    article = Article(id=ArticleId("a"), text=text, published=date(2016, 3, 8))
    claims = read(article, gazetteer, ActorIndex(lexicon())).found.claims
    assert {c.place_id for c in claims} == {f"region:{region}"}
    assert {c.extent for c in claims} == {Extent.PART}


def test_a_region_that_has_a_name_is_land_and_no_point(gazetteer: Gazetteer) -> None:
    donbas = gazetteer.get(PlaceId("mapper:donbas"))
    assert donbas is not None
    assert donbas.is_region
    day = date(2022, 7, 3)
    held = Period(place_id=donbas.id, status=Status.CONTROLLED, actor_id=ActorId("russia"), start=day, start_latest=day)
    land = build_territory(Timeline(periods=(held,)), {donbas.id: donbas}, gazetteer)
    places = [gazetteer.get(i) for i, p in zip(land.cell_place, land.cell_periods, strict=True) if p]
    inside = [p for p in places if p is not None and p.admin1 in ("UA.05", "UA.14")]
    assert len(inside) > 100
    assert len(places) - len(inside) < 5  # villages on the border, which the outline and the tables draw differently
    assert donbas.id in land.told


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".csv", ".kml", ".fgb", ".shp"])
def test_every_format_can_carry_the_outline_of_a_region(suffix: str, tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = "The Syrian Democratic Forces seized north-eastern Syria on 3 March 2016."
    article = Article(id=ArticleId("a"), text=text, published=date(2016, 3, 4))
    reading = read(article, gazetteer, ActorIndex(lexicon()))
    result = combine([reading], Given(), gazetteer=gazetteer, config=Config(actors=lexicon()))
    path = tmp_path / f"out{suffix}"
    export(result, path, shape="regions")
    (row,) = written_regions(path)
    assert (row["place_id"], row["status"]) == ("region:part(ne,SY)", "partial")
    assert row["geometry"].area == pytest.approx(shape_of(gazetteer, "region:part(ne,SY)").area, rel=0.01)


def written_regions(path: Path) -> list[dict]:
    """The rows of an export's regions, with their shapes."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return [row | {"geometry": shapely.from_wkt(row["wkt"])} for row in csv.DictReader(stream)]
    layer = None if path.suffix in (".geojson", ".shp") else "regions"
    return gpd.read_file(path, layer=layer).to_dict("records")


def test_a_table_gives_its_regions_back(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("The Syrian Democratic Forces seized north-eastern Syria on 3 March 2016.", encoding="utf-8")
    runner = CliRunner()
    table, out = tmp_path / "claims.csv", tmp_path / "out.geojson"
    assert runner.invoke(app, ["claims", str(article), "-o", str(table), "--reader", "rules"]).exit_code == 0
    assert "region:part(ne,SY)" in table.read_text(encoding="utf-8")
    assert runner.invoke(app, ["export", str(table), "-o", str(out), "--shape", "regions"]).exit_code == 0
    assert len(json.loads(out.read_text())["features"]) == 1


def test_the_search_answers_words_that_tell_a_region(gazetteer: Gazetteer) -> None:
    for words, name in (
        ("north-east Syria", "north-east Syria"),
        ("the border of Syria with Iraq", "border of Syria and Iraq"),
        ("east of the Euphrates in Syria", "Syria east of the Euphrates"),
    ):
        place = region_in_words(words, gazetteer)
        assert place is not None, words
        assert place.name == name
    assert region_in_words("Mosul", gazetteer) is None
    found = CliRunner().invoke(app, ["gazetteer", "search", "north-east Syria", "--limit", "1"])
    assert "region:part(ne,SY)" in found.output


def test_directions_are_read_in_every_spelling() -> None:
    assert ways_of("north-eastern, South West and central") == ["ne", "sw", "c"]
    assert ways_of("northwest and southeastern") == ["nw", "se"]
    assert ways_of("east") == ["e"]


def test_a_countrys_mainland_is_cut_not_its_far_islands(gazetteer: Gazetteer) -> None:
    place: Place | None = region_place(gazetteer, "region:part(s,FR)")
    assert place is not None
    assert 42 < place.lat < 46
    shape = shape_of(gazetteer, "region:part(ne,US)")
    assert shape is not None
    assert np.all(np.array(shape.bounds[:2]) > (-81, 38))


def test_a_part_of_nothing_is_no_region(gazetteer: Gazetteer) -> None:
    assert shape_of(gazetteer, "region:part(n,within(SY,coast(FR)))") is None


@pytest.mark.parametrize(
    ("words", "told"),
    [("The north of Syria", True), ("the north-east of Syria", True), ("teeth north-east Syria", False)],
)
def test_words_that_lead_to_a_region_are_articles_only(gazetteer: Gazetteer, words: str, *, told: bool) -> None:
    assert (region_in_words(words, gazetteer) is not None) is told


@pytest.mark.parametrize(
    "text",
    [
        "The army said in Syria that the country's northern army captured Hama on Monday from rebels.",
        "Rebels hold most of the north of the country.",
        "Syria and Iraq are at war. The rebels captured the country's north.",
        "She works in France, in a bank at Lille, and people enjoyed the sun in the south of the country last week.",
    ],
    ids=["an army", "no country was named", "two countries were", "no war"],
)
def test_a_part_of_no_country_that_was_named_is_no_region(text: str, gazetteer: Gazetteer) -> None:
    assert told(text, gazetteer) == []


@pytest.mark.parametrize(
    ("text", "province"),
    [
        (
            "On 3 May 2014 militants captured Raqqa city and the rest of the province from the Syrian army.",
            "geonames:172957",
        ),
        (
            "The army retook Idlib province's capital. The rebels still controlled the rest of the province.",
            "geonames:169387",
        ),
        ("On 3 May 2014 the Syrian army captured Manbij and the rest of the province from rebels.", ""),
    ],
    ids=["of the town's name", "named", "a town of another name"],
)
def test_the_rest_of_the_province_is_of_the_one_named_before(text: str, province: str, gazetteer: Gazetteer) -> None:
    article = Article(id=ArticleId("a"), text=text, published=date(2014, 6, 1))
    claims = read(article, gazetteer, ActorIndex(lexicon())).found.claims
    rest = [claim for claim in claims if "rest" in claim.extent_wording]
    assert [claim.place_id for claim in rest if claim.place_id] == ([province] if province else [])
    assert all(claim.extent is Extent.PART for claim in rest)
