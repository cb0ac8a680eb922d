"""The gazetteer as its users see it: names to places, places to neighbours, provinces and shapes."""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from geopy.exc import GeocoderQueryError
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.gazetteer import Gazetteer, GazetteerError, normalise
from mapper.gazetteer.geocoder import GazetteerGeocoder
from mapper.gazetteer.importers import add_places
from mapper.gazetteer.shapes import inside, rings_of, wkb_polygons
from mapper.gazetteer.store import open_tables


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.open(districts=False)


def found(gazetteer, name, country, **options):
    return [c for c in gazetteer.candidates(name, **options) if c.place.country == country]


# --- names


@pytest.mark.parametrize(
    ("name", "country", "place_id"),
    [
        ("Rawa", "IQ", "geonames:92004"),
        ("Rawah", "IQ", "geonames:92004"),
        ("Kobani", "SY", "geonames:172256"),
        ("Ayn al-Arab", "SY", "geonames:172256"),
        ("Raqqa", "SY", "geonames:172955"),
        ("Deir Ezzor", "SY", "geonames:170794"),
        ("Kyiv", "UA", "geonames:703448"),
        ("Kiev", "UA", "geonames:703448"),
        ("Artemivsk", "UA", "geonames:713174"),
        ("Bakhmut", "UA", "geonames:713174"),
        ("Yarmuk", "SY", "geonames:166716"),
        ("Baghuz", "SY", "mapper:baghuz-sy"),
        ("Robotyne", "UA", "mapper:robotyne-ua"),
        ("الموصل", "IQ", "geonames:99072"),
        ("الرقة", "SY", "geonames:172955"),
    ],
)
def test_news_spellings_find_their_place(gazetteer, name, country, place_id):
    assert place_id in [c.place.id for c in found(gazetteer, name, country, countries=(country,))]


@pytest.mark.parametrize("spelling", ["Albu Kamal", "Abu Kamal", "Al-Bukamal"])
def test_the_town_on_the_border_is_found_in_each_spelling(gazetteer, spelling):
    places = [c.place for c in found(gazetteer, spelling, "SY", countries=("SY",)) if c.place.feature_class == "P"]
    assert any(abs(place.lat - 34.45) < 0.1 and abs(place.lon - 40.92) < 0.1 for place in places)


@pytest.mark.parametrize("spelling", ["El Fasher", "Al-Fashir", "El-Fashir", "al Fashir"])
def test_the_town_in_darfur_is_found_in_each_spelling(gazetteer, spelling):
    places = [c.place for c in found(gazetteer, spelling, "SD", countries=("SD",))]
    assert any(abs(place.lat - 13.63) < 0.1 for place in places)


@pytest.mark.parametrize("name", ["US", "U.S.", "USA", "America", "the United States"])
def test_a_country_answers_to_its_short_names(gazetteer, name):
    assert gazetteer.candidates(name)[0].place.country == "US"
    assert gazetteer.candidates(name)[0].place.geometry_ref == "country:US"


@pytest.mark.parametrize(
    ("name", "code"), [("UK", "GB"), ("Britain", "GB"), ("Burma", "MM"), ("UAE", "AE"), ("DRC", "CD")]
)
def test_more_short_names_of_countries(gazetteer, name, code):
    assert gazetteer.candidates(name)[0].place.id == gazetteer.country(code).id


@pytest.mark.parametrize("country", ["IQ", "SY", "UA", "YE", "SD", "AF", "US", "NG"])
def test_each_province_is_found_with_and_without_its_type_word(gazetteer, country):
    words = {"IQ": "Governorate", "SY": "Governorate", "UA": "Oblast", "YE": "Governorate", "AF": "Province"}
    word = words.get(country, "State")
    for place in gazetteer.regions(country):
        bare = place.name.removesuffix(f" {word}").removesuffix(" State")
        for name in (bare, f"{bare} {word}", f"{bare} Province"):
            assert place.id in [c.place.id for c in gazetteer.candidates(name, countries=(country,))], name


def test_a_generated_name_is_an_alias_and_says_what_it_was_made_from(gazetteer):
    (candidate,) = found(gazetteer, "Nineveh Governorate", "IQ")
    assert (candidate.tier, candidate.main, candidate.matched) == ("alias", False, "Nineveh Governorate") or (
        candidate.tier == "alias" and candidate.matched == "Nineveh"
    )


def test_folding_happens_only_within_the_countries_asked_for(gazetteer):
    assert not gazetteer.candidates("Deyr az Zoor")
    inside_syria = gazetteer.candidates("Deyr az Zoor", countries=("SY",))
    assert {c.tier for c in inside_syria} == {"folded"}
    assert {c.place.country for c in inside_syria} == {"SY"}
    assert not gazetteer.candidates("Deyr az Zoor", countries=("FR",))


def test_folding_with_a_type_word_gives_units_only(gazetteer):
    candidates = gazetteer.candidates("Deir Ezzor Province", countries=("SY",))
    assert candidates
    assert all(c.place.is_region for c in candidates)


def test_hama_is_not_hamas(gazetteer):
    hama = {c.place.id for c in gazetteer.candidates("Hama", countries=("SY",))}
    assert hama
    assert not hama & {c.place.id for c in gazetteer.candidates("Hamas", countries=("SY",))}


def test_stronger_tiers_come_first(gazetteer):
    tiers = [c.tier for c in gazetteer.candidates("Homs", countries=("SY",))]
    order = ("exact", "alias", "folded")
    assert tiers == sorted(tiers, key=order.index)


def test_an_unknown_name_has_no_candidates(gazetteer):
    assert gazetteer.candidates("Xqzzvyk", countries=("SY", "IQ")) == ()
    assert gazetteer.candidates("") == ()
    assert gazetteer.candidates("—", countries=("SY",)) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["rawa", "homs", "xqzzvyk", "the", "", "deir ezzor", "anbar province", "us"]), max_size=12)
)
def test_scan_agrees_with_candidates(names):
    gazetteer = Gazetteer.open(districts=False)
    assert gazetteer.scan(names).tolist() == [bool(gazetteer.candidates(name)) for name in names]


def test_scan_is_quick_enough_for_every_n_gram_of_a_document(gazetteer):
    keys = [f"word{n} ezzor" for n in range(5000)]
    gazetteer.scan(keys)
    started = time.perf_counter()
    gazetteer.scan(keys)
    assert time.perf_counter() - started < 0.05  # 0.5 ms on an idle machine


def test_demonyms_name_their_countries(gazetteer):
    assert gazetteer.demonyms["iraqi"] == ("IQ",)
    assert gazetteer.demonyms["britons"] == ("GB",)
    assert set(gazetteer.demonyms["congolese"]) == {"CD", "CG"}


def test_search_finds_a_misspelt_town_and_says_how(gazetteer):
    first = gazetteer.search("Mariupool")[0]
    assert first.place.name == "Mariupol"
    assert first.tier in ("folded", "fuzzy")
    assert 0 < first.score <= 1
    assert gazetteer.search("Kupiansk")[0].place.country == "UA"


def test_search_stays_within_its_limit_and_countries(gazetteer):
    assert len(gazetteer.search("San Jose", limit=3)) == 3
    assert {c.place.country for c in gazetteer.search("London", countries=("CA",))} == {"CA"}


# --- places


def test_ids_lead_back_to_the_place(gazetteer):
    for place_id in ("geonames:92004", "river:euphrates", "mapper:baghuz-sy", "geonames:6255146"):
        assert gazetteer.get(place_id).id == place_id
    for place_id in ("geonames:1", "geonames:", "geonames:x", "river:none", "", "nonsense"):
        assert gazetteer.get(place_id) is None


def test_a_town_is_in_its_province_and_country(gazetteer):
    rawa = gazetteer.get("geonames:92004")
    assert gazetteer.containing(rawa)[-2:] == ("geonames:99592", "geonames:99237")
    assert gazetteer.containing(gazetteer.get("geonames:99592")) == ("geonames:99237",)
    assert gazetteer.containing(gazetteer.country("IQ")) == ()


def test_a_place_without_a_province_is_looked_up_by_its_point(gazetteer):
    camp = gazetteer.get("mapper:baghuz-sy")
    assert gazetteer.get(gazetteer.containing(camp)[0]).name == "Deir ez-Zor"
    assert gazetteer.locate(34.45, 40.95) == ("SY", "SY.07")
    assert gazetteer.locate(0.0, -30.0) == ("", "")


def test_crimea_follows_the_point_of_view(gazetteer):
    other = Gazetteer.open(point_of_view="de_facto", districts=False)
    simferopol = "geonames:693805"
    assert gazetteer.get(simferopol).country == "UA"
    assert other.get(simferopol).country == "RU"
    assert "geonames:703883" in {place.id for place in gazetteer.regions("UA")}
    assert "geonames:703883" in {place.id for place in other.regions("RU")}
    assert simferopol in {place.id for place in other.populated_places(("RU",), box=(33, 44, 36, 46))}
    assert simferopol not in {place.id for place in other.populated_places(("UA",))}
    assert gazetteer.locate(44.95, 34.1)[0] == "UA"
    assert other.locate(44.95, 34.1)[0] == "RU"


def test_populated_places_are_those_of_the_countries_and_the_box(gazetteer):
    places = gazetteer.populated_places(("SY",), box=(38, 34, 42, 37))
    assert len(places) > 40
    assert all(p.country == "SY" and 38 <= p.lon <= 42 and 34 <= p.lat <= 37 for p in places)
    assert [p.id for p in places] == sorted(p.id for p in places)
    assert "mapper:al-hol-camp-sy" in {p.id for p in places}
    assert not any(p.is_region for p in places)


def test_towns_as_columns_are_the_populated_places_in_the_same_order(tmp_path):
    header = "id\tname\tlat\tlon\tclass\tcode\tcountry\tadmin1\tadmin2\tpopulation\tradius_km\tgeometry\tnames"
    rows = [  # ids before and after GeoNames' own, a town moved by the user, and a seat that only the user knows
        "a:1\tFirst\t34.1\t42.1\tP\tPPLC\tIQ\t\t\t7\t\t\t",
        "zz:1\tLast\t34.2\t42.2\tP\tPPL\tIQ\t\t\t\t\t\t",
        "geonames:99072\tMosul\t36.0\t43.0\tP\tPPLA\tIQ\t\t\t5\t\t\t",
    ]
    own = tmp_path / "own.tsv"
    own.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    gazetteer = Gazetteer.open(extra=[own], cache=tmp_path / "cache", districts=False)
    box = (38, 30, 49, 38)
    towns = gazetteer.towns([(38, 30, 44, 38), (43, 30, 49, 38)])
    told = gazetteer.populated_places(box=box)
    assert [gazetteer.town(towns, n) for n in range(len(towns.row))] == list(told)
    assert towns.lon.tolist() == [p.lon for p in told]
    assert towns.lat.tolist() == [p.lat for p in told]
    assert towns.population.tolist() == [p.population for p in told]
    assert towns.rank.tolist() == [{"PPLC": 0, "PPLA": 1}.get(p.feature_code, 2) for p in told]
    assert towns.where("zz:1") == (len(told) - 1, True)
    assert towns.where("a:0") == (0, False)
    assert told[towns.where("m:1")[0]].id > "m:1" > told[towns.where("m:1")[0] - 1].id
    assert not len(gazetteer.towns([(-40, -40, -39, -39)]).row)


def test_regions_have_shapes(gazetteer):
    regions = gazetteer.regions("SY")
    assert len(regions) == 14
    assert all(gazetteer.outline(place.geometry_ref)["type"].endswith("Polygon") for place in regions)
    assert len(gazetteer.regions("IQ")) in (18, 19)


def test_outlines_that_do_not_exist_are_none(gazetteer):
    for ref in ("", "country:QQ", "admin1:", "volcano:1", "river:nowhere", "country"):
        assert gazetteer.outline(ref) is None


def test_rivers_have_lines(gazetteer):
    (euphrates,) = [c.place for c in gazetteer.candidates("Euphrates River")]
    assert gazetteer.outline(euphrates.geometry_ref)["type"] == "MultiLineString"


def test_the_nearest_place_is_near(gazetteer):
    (place, km), *more = gazetteer.nearest(34.48, 41.92, 3)
    assert place.id == "geonames:92004"
    assert km < 1
    assert len(more) == 2
    assert km <= more[0][1] <= more[1][1]
    assert gazetteer.nearest(-16.8, 180.0)[0][1] < 400  # across the date line


def test_versions_name_every_layer(gazetteer):
    assert list(gazetteer.versions()) == ["gazetteer"]


# --- geopy's contract


def test_geocode_gives_geopys_location(gazetteer):
    geocoder = GazetteerGeocoder(gazetteer)
    location = geocoder.geocode("Rawa, Anbar, Iraq", timeout=1)
    assert (round(location.latitude, 1), round(location.longitude, 1)) == (34.5, 41.9)
    assert location.raw["id"] == "geonames:92004"
    assert location.address.endswith("Iraq")
    assert geocoder.geocode("Xqzzvyk") is None
    assert geocoder.geocode("Xqzzvyk", exactly_one=False) is None
    assert len(geocoder.geocode("Tripoli", exactly_one=False, limit=2)) == 2
    with pytest.raises(GeocoderQueryError):
        geocoder.geocode(7)


def test_geocode_tells_the_two_tripolis_apart(gazetteer):
    geocoder = GazetteerGeocoder(gazetteer)
    assert geocoder.geocode("Tripoli, Lebanon").raw["country"] == "LB"
    assert geocoder.geocode("Tripoli, LY").raw["country"] == "LY"
    assert GazetteerGeocoder(gazetteer, countries=("LB",)).geocode("Tripoli").raw["country"] == "LB"


def test_reverse_gives_the_nearest_place(gazetteer):
    location = GazetteerGeocoder(gazetteer).reverse((34.48, 41.92))
    assert location.raw["name"] == "Rawa"
    assert location.raw["distance_km"] < 1
    assert len(GazetteerGeocoder(gazetteer).reverse("34.48, 41.92", exactly_one=False, limit=4)) == 4


# --- the user's own


@pytest.fixture
def own(tmp_path):
    source = tmp_path / "mine.csv"
    source.write_text(
        "name,lat,lon,aliases,country,kind\nRawa,34.4,41.8,Rawa town,IQ,village\nQarzelik,36.1,38.1,,SY,\n"
    )
    return add_places(source, to=tmp_path / "mine.tsv").path


def test_a_user_gazetteer_takes_precedence_and_shows(own, tmp_path):
    gazetteer = Gazetteer.open(extra=[own], cache=tmp_path / "cache", districts=False)
    first = gazetteer.candidates("Rawa")[0]
    assert (first.tier, first.place.lat) == ("user", 34.4)
    assert len(gazetteer.candidates("Rawa")) > 1
    assert gazetteer.scan(["qarzelik"]).tolist() == [True]
    assert gazetteer.candidates("Qarzalik", countries=("SY",))[:1] == ()
    assert gazetteer.get(first.place.id) == first.place
    assert "user gazetteer 1" in gazetteer.versions()
    assert gazetteer.get(gazetteer.containing(first.place)[0]).name == "Anbar"


def test_an_alias_settles_a_name_first(gazetteer):
    settled = Gazetteer.open(aliases={"The Capital": "geonames:98182", "Homs": "geonames:nothing"}, districts=False)
    (candidate,) = settled.candidates("the  capital")
    assert (candidate.tier, candidate.place.name) == ("alias file", "Baghdad")
    assert settled.scan(["the capital"]).tolist() == [True]
    assert [c.place.id for c in settled.candidates("Homs")] == [c.place.id for c in gazetteer.candidates("Homs")]


def test_a_missing_or_foreign_user_gazetteer_is_reported(tmp_path):
    with pytest.raises(GazetteerError, match="no such gazetteer"):
        Gazetteer.open(extra=[tmp_path / "none.tsv"], districts=False)
    broken = tmp_path / "broken.tsv"
    broken.write_text("one\ttwo\n1\t2\n")
    with pytest.raises(GazetteerError, match="no column for name"):
        Gazetteer.open(extra=[broken], cache=tmp_path / "cache", districts=False)
    header = "id\tname\tlat\tlon\tclass\tcode\tcountry\tadmin1\tadmin2\tpopulation\tradius\tgeometry\tnames"
    broken.write_text(f"{header}\nuser:1\tX\tnorth\t2\tP\tPPL\tSY\t\t\t\t\t\t\n")
    with pytest.raises(GazetteerError, match="user:1"):
        Gazetteer.open(extra=[broken], cache=tmp_path / "cache", districts=False)


def test_a_csv_can_be_opened_as_it_is_and_its_bad_rows_are_told_each_time(tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("name,lat,lon,country\nQarzelik,36.1,38.1,SY\nBad,x,y,SY\n")
    for _ in range(2):
        gazetteer = Gazetteer.open(extra=[table], cache=tmp_path / "cache", districts=False)
        assert gazetteer.candidates("Qarzelik")[0].tier == "user"
        assert [(issue.code, issue.line) for issue in gazetteer.issues] == [("bad-coordinates", 3)]
    assert str(table) in gazetteer.info()["user gazetteer 1"]


def test_info_names_the_sources_and_their_licences(gazetteer):
    info = gazetteer.info()
    assert any("GeoNames" in value and "CC BY 4.0" in value for value in info.values())
    assert any("Natural Earth" in value for value in info.values())
    assert int(info["populated places"].replace(",", "")) > 230_000


def test_every_candidate_says_why(gazetteer):
    assert gazetteer.search("Mosul")[0].why == "its principal name"
    assert "romanisation" in gazetteer.candidates("Deyr az Zoor", countries=("SY",))[0].why
    assert "alike" in gazetteer.search("Mossulk")[0].why


def test_a_user_gazetteer_edited_by_hand_may_be_unsorted(tmp_path):
    header = "id\tname\tlat\tlon\tclass\tcode\tcountry\tadmin1\tadmin2\tpopulation\tradius\tgeometry\tnames"
    row = "{}\t{}\t1.0\t2.0\tP\tPPL\tSY\t\t\t\t\t\t"
    table = tmp_path / "hand.tsv"
    table.write_text(
        "\r\n".join([header, row.format("user:b", "Bbb"), row.format("geonames:7", "Seven"), "# note", ""])
    )
    gazetteer = Gazetteer.open(extra=[table], cache=tmp_path / "cache", districts=False)
    assert gazetteer.get("geonames:7").name == "Seven"
    assert gazetteer.get("user:b").name == "Bbb"


# --- unpacking


SMALL = "id\tname\tlat\tlon\tclass\tcode\tcountry\tadmin1\tadmin2\tpopulation\tradius\tgeometry\tnames\ngeonames:5\tFive\t1.5\t2.5\tP\tPPL\tSY\tSY.01\t\t10\t\t\tCinq|خمسة\nmapper:six\tSix\t1.6\t2.6\tS\tCMP\tSY\t\t\t\t3\t\t\n"


def test_a_changed_table_is_unpacked_anew(tmp_path):
    table = tmp_path / "small.tsv"
    table.write_text(SMALL)
    first = open_tables([table], cache=tmp_path / "cache")
    table.write_text(SMALL.replace("Five", "Fünf"))
    second = open_tables([table], cache=tmp_path / "cache")
    assert first.checksum != second.checksum
    assert b"Five" in first.lines.tobytes()
    assert "Fünf".encode() in second.lines.tobytes()


def test_unpacked_tables_are_reused_without_a_word(tmp_path):
    table = tmp_path / "small.tsv"
    table.write_text(SMALL)
    said = []
    open_tables([table], cache=tmp_path / "cache", progress=said.append)
    assert len(said) == 1
    open_tables([table], cache=tmp_path / "cache", progress=said.append)
    assert len(said) == 1


def test_a_damaged_cache_is_never_believed(tmp_path):
    table = tmp_path / "small.tsv"
    table.write_text(SMALL)
    whole = open_tables([table], cache=tmp_path / "cache")
    (file,) = (tmp_path / "cache").iterdir()
    file.write_bytes(b"broken")
    again = open_tables([table], cache=tmp_path / "cache")
    assert np.array_equal(again.geonames, [5])
    assert whole.checksum == again.checksum
    assert len(again.key) == 4


def test_without_a_writable_cache_the_tables_stay_in_memory(tmp_path):
    table = tmp_path / "small.tsv"
    table.write_text(SMALL)
    blocked = tmp_path / "file"
    blocked.write_text("a file where a folder should be")
    assert open_tables([table], cache=blocked / "cache").geonames.tolist() == [5]


def test_programs_that_start_together_all_get_the_tables(tmp_path):
    table = tmp_path / "small.tsv"
    table.write_text(SMALL)
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: open_tables([table], cache=tmp_path / "cache"), range(16)))
    assert all(tables.geonames.tolist() == [5] and len(tables.key) == 4 for tables in opened)
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_old_unpacked_folders_are_cleared_away(tmp_path):
    table = tmp_path / "small.tsv"
    for number in range(6):
        table.write_text(SMALL.replace("Five", f"Five{number}"))
        open_tables([table], cache=tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) <= 3


@pytest.mark.usefixtures("gazetteer")
def test_a_program_with_the_gazetteer_is_small_and_starts_fast():
    code = (
        "import time,json;t=time.perf_counter();from mapper.gazetteer import Gazetteer;g=Gazetteer.open(districts=False);"
        "o=time.perf_counter()-t;g.candidates('Mosul');g.populated_places(('SY','IQ'));"
        "rss=[int(l.split()[1])/1024 for l in open('/proc/self/status') if l.startswith('VmRSS')][0];"
        "print(json.dumps([o,rss]))"
    )
    if not Path("/proc/self/status").exists():
        pytest.skip("no /proc on this system")
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    opening, rss = json.loads(made.stdout)
    assert rss < 130
    assert opening < 3  # with imports, on a busy machine; 0.2 s when it is idle


# --- shapes


SQUARE = {
    "type": "Polygon",
    "coordinates": [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]], [[1, 1], [1, 2], [2, 2], [2, 1], [1, 1]]],
}


def test_a_point_in_a_hole_is_outside():
    lon, lat = np.array([0.5, 1.5, 3.0, 5.0]), np.array([0.5, 1.5, 3.0, 1.0])
    assert inside(rings_of(SQUARE), lon, lat).tolist() == [True, False, True, False]


def test_wkb_polygons_are_read():
    shapely = pytest.importorskip("shapely")
    shape = shapely.from_geojson(json.dumps(SQUARE))
    both = shapely.MultiPolygon([shape, shapely.affinity.translate(shape, 10, 0)])
    for geometry in (shape, both):
        made = wkb_polygons(shapely.to_wkb(geometry))
        assert shapely.from_geojson(json.dumps(made)).equals(geometry)
    assert wkb_polygons(shapely.to_wkb(shapely.Point(1, 2))) is None
    assert wkb_polygons(shapely.to_wkb(both)[:-5]) is None
    assert wkb_polygons(b"") is None


def test_normalise_is_the_key_that_scan_wants(gazetteer):
    assert gazetteer.scan([normalise("‘Ayn al ‘Arab")]).tolist() == [True]
