"""Importing a user's own places: every row is imported or reported with its file and line."""

import json
import sqlite3
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.bounded import bare_geometry, point_of
from mapper.gazetteer import Gazetteer, GazetteerError
from mapper.gazetteer.importers import add_places, read_places, user_gazetteers
from mapper.model import Issue, Place


def geonames(number, name, aliases="", lat="35.1", lon="38.2", code="PPL", country="SY"):
    cls = {"P": "P", "A": "A"}.get(code[0], "S")
    cells = [number, name, name, aliases, lat, lon, cls, code, country, "", "07", "", "", "", "1200", "", "200", "", ""]
    return "\t".join(map(str, cells))


def split(path, **options):
    rows = list(read_places(path, **options))
    return [row for row in rows if isinstance(row, Place)], [row for row in rows if isinstance(row, Issue)]


def test_a_geonames_dump_keeps_ids_codes_and_news_names(tmp_path):
    dump = tmp_path / "SY.txt"
    lines = [
        geonames(9, "Tall Ḩamīs", "Tel Hamis,تل حميس,tl hmys,THM,http://x", code="PPLA3"),
        geonames(8, "Well", code="WLL"),
        geonames(7, "Dayr", code="ADM3"),
    ]
    dump.write_text("\n".join(lines) + "\n", encoding="utf-8")
    places, issues = split(dump)
    assert issues == []
    assert [(p.id, p.feature_code, p.admin1, p.population) for p in places] == [
        ("geonames:9", "PPLA3", "SY.07", 1200),
        ("geonames:7", "ADM3", "SY.07", 1200),
    ]
    assert places[0].names == ("Tel Hamis", "تل حميس")


def test_a_zipped_dump_is_read_without_its_readme(tmp_path):
    with zipfile.ZipFile(tmp_path / "SY.zip", "w") as archive:
        archive.writestr("readme.txt", "about this data\n")
        archive.writestr("SY.txt", geonames(5, "Hajin") + "\n")
    places, issues = split(tmp_path / "SY.zip")
    assert ([p.name for p in places], issues) == (["Hajin"], [])


def test_a_csv_may_name_its_columns_in_several_ways(tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text(
        "Name;Latitude;LNG;Aliases;Country;Type\nTell X;35,5;38.25;Tel X|Tal X;sy;village\n", encoding="utf-8"
    )
    (place,), issues = split(table)
    assert issues == []
    assert (place.lat, place.lon, place.country, place.names) == (35.5, 38.25, "SY", ("Tel X", "Tal X"))
    assert place.id.startswith("user:")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",35,38,,SY,town", "place-without-name"),
        ("A,north,38,,SY,town", "bad-coordinates"),
        ("A,135,38,,SY,town", "bad-coordinates"),
        ("A,nan,38,,SY,town", "bad-coordinates"),
        ("A,35,38,,Syria,town", "bad-country"),
        ("A,35,38,,SY,castle-in-the-air", "unknown-kind"),
        ("A,35", "bad-row"),
    ],
)
def test_a_bad_row_is_reported_with_file_and_line_and_the_rest_is_kept(tmp_path, row, code):
    table = tmp_path / "mine.csv"
    table.write_text(
        f"name,lat,lon,aliases,country,kind\nGood,35,38,,SY,\n{row}\nFine,36,39,,SY,camp\n", encoding="utf-8"
    )
    places, issues = split(table)
    assert [p.name for p in places] == ["Good", "Fine"]
    assert [(issue.code, issue.line, issue.file) for issue in issues] == [(code, 3, str(table))]


def test_swapped_coordinates_are_guessed_at(tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("name,lat,lon\nA,120.5,15.2\n")
    _, (issue,) = split(table)
    assert "swapped" in issue.message


def test_a_table_without_coordinates_is_refused_with_its_columns(tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("name,remark\nA,b\n")
    with pytest.raises(GazetteerError, match=r"no column for lat, lon.*name, remark"):
        list(read_places(table))


def test_an_unknown_suffix_and_unreadable_files_are_refused(tmp_path):
    with pytest.raises(GazetteerError, match=r"cannot import \.shp"):
        list(read_places(tmp_path / "x.shp"))
    for name, content in (
        ("x.zip", b"nothing"),
        ("x.gpkg", b"nothing"),
        ("x.geojson", b"{"),
        ("x.csv", b"name,lat,lon\n\xff\xfe"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(GazetteerError, match="cannot be read"):
            list(read_places(tmp_path / name))
    with pytest.raises(GazetteerError, match="cannot be read"):
        list(read_places(tmp_path / "absent.csv"))


def test_geojson_points_are_imported_and_other_shapes_reported(tmp_path):
    point = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [38.2, 35.1, 400]},
        "properties": {"Name": "A", "names": ["B", "C"]},
    }
    line = {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
        "properties": {"name": "L"},
    }
    empty = {"type": "Feature", "geometry": None, "properties": {"name": "E"}}
    path = tmp_path / "places.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [point, line, empty]}))
    places, issues = split(path, country="SY")
    assert [(p.name, p.lat, p.lon, p.names, p.country) for p in places] == [("A", 35.1, 38.2, ("B", "C"), "SY")]
    assert [(issue.code, issue.line) for issue in issues] == [("not-a-point", 2), ("not-a-point", 3)]
    path.write_text("[]")
    with pytest.raises(GazetteerError, match="FeatureCollection"):
        list(read_places(path))


def gpkg_blob(lon, lat, *, order="<", envelope=0, kind=1):
    head = b"GP\x00" + bytes([envelope << 1 | (order == "<")]) + struct.pack(f"{order}i", 4326)
    return head + b"\x00" * {0: 0, 1: 32}[envelope] + bytes([order == "<"]) + struct.pack(f"{order}I2d", kind, lon, lat)


def geopackage(path, rows, srs=4326):
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id)")
        database.execute("INSERT INTO gpkg_geometry_columns VALUES ('my places', 'geom', 'POINT', ?)", (srs,))
        database.execute('CREATE TABLE "my places" (fid INTEGER PRIMARY KEY, geom BLOB, NAME, country)')
        database.executemany('INSERT INTO "my places" (geom, NAME, country) VALUES (?, ?, ?)', rows)
    database.close()


def test_geopackage_points_are_imported(tmp_path):
    rows = [(gpkg_blob(38.5, 35.25, envelope=1), "A", "SY"), (gpkg_blob(1, 2, kind=2), "L", "SY"), (None, "N", "SY")]
    geopackage(tmp_path / "p.gpkg", rows)
    places, issues = split(tmp_path / "p.gpkg")
    assert [(p.name, p.lat, p.lon) for p in places] == [("A", 35.25, 38.5)]
    assert [(issue.code, issue.line) for issue in issues] == [("not-a-point", 2), ("not-a-point", 3)]


def test_a_geopackage_in_another_projection_is_refused_with_a_remedy(tmp_path):
    geopackage(tmp_path / "p.gpkg", [(gpkg_blob(500000, 4000000), "A", "SY")], srs=32637)
    places, (issue,) = split(tmp_path / "p.gpkg")
    assert places == []
    assert "4326" in issue.message


@pytest.mark.parametrize("order", ["<", ">"])
def test_geopackage_points_of_either_byte_order_are_read(order):
    assert point_of(bare_geometry(gpkg_blob(38.5, 35.25, order=order))) == (35.25, 38.5)


@pytest.mark.parametrize("kind", [1001, 2001, 3001, 0x80000001, 0xC0000001])
def test_a_point_with_height_or_measure_is_a_point(kind):
    assert point_of(bare_geometry(gpkg_blob(38.5, 35.25, kind=kind))) == (35.25, 38.5)


@pytest.mark.parametrize(
    "blob", [gpkg_blob(1, 2, kind=4), gpkg_blob(float("nan"), float("nan")), gpkg_blob(1, 2)[:-1], "no bytes"]
)
def test_what_is_no_point_has_no_place(blob):
    assert point_of(bare_geometry(blob)) is None


@settings(max_examples=200)
@given(st.binary(max_size=80).map(lambda tail: b"GP\x00\x01" + tail))
def test_broken_geometry_blobs_never_crash(blob):
    point = point_of(bare_geometry(blob))
    assert point is None or len(point) == 2


def test_adding_writes_a_sorted_table_that_opens(tmp_path):
    source = tmp_path / "SY.txt"
    source.write_text("\n".join(geonames(n, f"Town{n}") for n in (30, 10, 20, 10)) + "\n")
    added = add_places(source, to=tmp_path / "out.tsv")
    assert (added.places, [issue.code for issue in added.issues]) == (3, ["duplicate-place"])
    assert [line.split("\t")[0] for line in added.path.read_text().splitlines()[1:]] == [
        "geonames:10",
        "geonames:20",
        "geonames:30",
    ]
    gazetteer = Gazetteer.open(extra=[added.path], cache=tmp_path / "cache", districts=False)
    assert gazetteer.candidates("Town20")[0].tier == "user"


def test_adding_the_same_file_again_gives_the_same_bytes(tmp_path):
    source = tmp_path / "mine.csv"
    source.write_text("name,lat,lon,country\nA,35,38,SY\nB,36,39,IQ\n")
    first = add_places(source, to=tmp_path / "one.tsv").path.read_bytes()
    assert add_places(source, to=tmp_path / "two.tsv").path.read_bytes() == first


def test_adding_nothing_is_an_error_that_says_why(tmp_path):
    source = tmp_path / "mine.csv"
    source.write_text("name,lat,lon\nA,x,y\n")
    with pytest.raises(GazetteerError, match=r"no place could be imported: A: latitude"):
        add_places(source, to=tmp_path / "out.tsv")
    assert not list(tmp_path.glob("out*"))


def test_many_bad_rows_are_counted_not_listed(tmp_path):
    source = tmp_path / "mine.csv"
    source.write_text("name,lat,lon\nGood,1,2\n" + "A,x,y\n" * 1500)
    issues = add_places(source, to=tmp_path / "out.tsv").issues
    assert len(issues) == 1001
    assert "500" in issues[-1].message


def test_names_cannot_break_out_of_their_cell(tmp_path):
    source = tmp_path / "mine.geojson"
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [1, 2]},
        "properties": {"name": "A\tB\nC\u2028D", "aliases": "x|y\tz"},
    }
    source.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    added = add_places(source, to=tmp_path / "out.tsv")
    assert len(added.path.read_text(encoding="utf-8").split("\n")) == 3
    (candidate,) = Gazetteer.open(extra=[added.path], cache=tmp_path / "c", districts=False).candidates("a b c d")
    assert candidate.place.names == ("x", "y z")


def test_user_gazetteers_are_listed_in_order(tmp_path):
    for name in ("b.tsv", "a.tsv", "c.csv"):
        (tmp_path / name).write_text("")
    assert [path.name for path in user_gazetteers(tmp_path)] == ["a.tsv", "b.tsv"]
    assert user_gazetteers(tmp_path / "none") == ()


def osm(*features):
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "id": number,
                    "geometry": {"type": "Point", "coordinates": [38.2, 35.1]},
                    "properties": tags,
                }
                for number, tags in features
            ],
        }
    )


def test_an_openstreetmap_village_has_its_english_name_first_and_the_others_beside_it(tmp_path):
    path = tmp_path / "places.geojson"
    tags = {
        "place": "hamlet",
        "name": "تل ألف",
        "name:en": "Tall Alif",
        "alt_name": "Til Elif;Tel Alef",
        "name:etymology": "nobody",
        "population": "~1 200",
    }
    path.write_text(osm(("node/77", tags)), encoding="utf-8")
    (place,), issues = split(path, country="SY")
    assert issues == []
    assert (place.id, place.name, place.feature_code, place.population) == ("osm:n77", "Tall Alif", "PPL", 1200)
    assert place.names == ("تل ألف", "Til Elif", "Tel Alef")
    assert "ODbL" in place.source


@pytest.mark.parametrize(
    "tags",
    [
        {"@id": "way/5", "place": "town", "name": "B"},
        {"osm_id": 5, "osm_type": "ways", "place": "town", "name": "B"},
        {"osm_id": "w5", "fclass": "town", "name": "B"},
    ],
    ids=["overpass", "humanitarian export", "shapefile extract"],
)
def test_openstreetmap_ids_are_the_same_however_they_were_extracted(tmp_path, tags):
    path = tmp_path / "places.geojson"
    path.write_text(osm((None, tags)))
    (place,), _ = split(path)
    assert place.id == "osm:w5"


def test_an_openstreetmap_village_without_a_name_is_not_called_village(tmp_path):
    path = tmp_path / "places.geojson"
    path.write_text(
        osm(
            (1, {"place": "village"}),
            (2, {"place": "locality", "name": "A field"}),
            (3, {"place": "city", "name": "C"}),
        )
    )
    places, issues = split(path)
    assert [p.name for p in places] == ["C"]
    assert [(issue.code, issue.line) for issue in issues] == [("place-without-name", 1)]
