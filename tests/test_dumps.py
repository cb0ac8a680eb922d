"""A country from open dumps: GeoNames, OCHA's units with P-codes and outlines, OpenStreetMap. All of them made up here."""

import io
import json
import sqlite3
import struct
import urllib.error
import zipfile
from contextlib import closing

import geopandas
import openpyxl
import pytest
import shapely

from mapper.dumps import get_country
from mapper.dumps import layers as layers_module
from mapper.dumps.download import geonames_dump
from mapper.gazetteer import Gazetteer, GazetteerError
from mapper.gazetteer import readers as readers_module
from mapper.gazetteer.shapes import own_shape
from mapper.model import Article, ArticleId
from mapper.regions import outline
from mapper.toponyms import find_toponyms

# provinces as OCHA spells them; their districts and P-codes are invented
COLUMNS = ["ADM2_EN", "ADM2_AR", "ADM2_PCODE", "ADM1_EN", "ADM1_PCODE", "ADM0_EN", "ADM0_PCODE"]
ROWS = [
    ["Zorbatal", "زورباتال", "SY9901", "Idleb", "SY99", "Syrian Arab Republic", "SY"],
    ["Qumfaya", "قمفايا", "SY9801", "Ar-Raqqa", "SY98", "Syrian Arab Republic", "SY"],
]
BOXES = {"SY9901": (36.5, 35.8, 36.8, 36.0), "SY9801": (38.8, 36.0, 39.2, 36.4)}


@pytest.fixture(scope="module")
def bundled():
    return Gazetteer.open(districts=False)


@pytest.fixture
def dumps(tmp_path):
    folder = tmp_path / "dumps"
    folder.mkdir()
    return folder


def geonames_line(number, name, aliases="", lat=35.9, lon=36.6, code="PPL", country="SY", admin1="12"):
    cls = "A" if code.startswith("ADM") else "P"
    cells = [
        number,
        name,
        name,
        aliases,
        lat,
        lon,
        cls,
        code,
        country,
        "",
        admin1,
        "",
        "",
        "",
        "120",
        "",
        "200",
        "",
        "",
    ]
    return "\t".join(map(str, cells))


def table(path, rows=ROWS, columns=COLUMNS):
    path.write_text("\n".join(",".join(row) for row in [columns, *rows]) + "\n", encoding="utf-8")


def workbook(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)


def polygons(path, features):
    """A GeoJSON layer of (properties, box)."""
    made = [
        {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(shapely.box(*box))}
        for properties, box in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": made}), encoding="utf-8")


def coded(names=("SY9901", "SY9801")):
    return [({"ADM2_PCODE": code, "ADM1_PCODE": code[:4], "ADM0_PCODE": "SY"}, BOXES[code]) for code in names]


def opened(path):
    return Gazetteer.open(extra=[path], districts=False)


def get(dumps, bundled, tmp_path, country="SY"):
    return get_country(country, dumps, gazetteer=bundled, to=tmp_path / "own.tsv")


def only(gazetteer, name):
    (candidate,) = gazetteer.candidates(name)
    return candidate.place


def test_a_table_and_outlines_of_districts_are_joined_by_their_p_codes(dumps, bundled, tmp_path):
    table(dumps / "syr_adm2.csv")
    polygons(dumps / "syr_adm2.geojson", coded())
    got = get(dumps, bundled, tmp_path)
    assert (got.units, got.outlines, got.issues) == (4, 2, ())
    gazetteer = opened(got.path)
    for name in ("Zorbatal", "زورباتال", "SY9901", "sy9901"):
        place = only(gazetteer, name)
        assert (place.id, place.name, place.feature_code, place.country, place.admin1) == (
            *("pcode:SY9901", "Zorbatal", "ADM2", "SY"),
            "SY.12",
        )
    shape = outline(gazetteer, only(gazetteer, "Zorbatal"))
    assert shape.equals(shapely.box(*BOXES["SY9901"]))


def test_a_province_keeps_its_id_and_gets_the_p_code(dumps, bundled, tmp_path):
    table(dumps / "units.csv")
    polygons(dumps / "units.geojson", coded())
    gazetteer = opened(get(dumps, bundled, tmp_path).path)
    known = only(bundled, "Idlib Governorate")
    assert only(gazetteer, "SY99").id == known.id
    # its towns stand where they stood: what a dump says of units does not outrank them
    assert [c.place.id for c in gazetteer.candidates("Idlib")][:2] == [c.place.id for c in bundled.candidates("Idlib")][
        :2
    ]


@pytest.mark.parametrize("generation", [0, 1, 2])
def test_columns_of_three_generations_are_known(dumps, bundled, tmp_path, generation):
    columns = [
        ["ADM1_EN", "ADM1_PCODE", "ADM2_EN", "ADM2_AR", "ADM2_PCODE"],
        ["admin1Name_en", "admin1Pcode", "admin2Name_en", "admin2Name_ar", "admin2Pcode"],
        ["adm1_name", "adm1_pcode", "adm2_name", "adm2_name1", "adm2_pcode"],
    ][generation]
    table(
        dumps / "units.csv",
        [["Idleb", "SY99", "Zorbatal", "زورباتال", "SY9901", "35.9", "36.6"]],
        [*columns, "center_lat", "center_lon"],
    )
    gazetteer = opened(get(dumps, bundled, tmp_path).path)
    place = only(gazetteer, "زورباتال")
    assert (place.name, place.lat, place.lon, place.admin1) == ("Zorbatal", 35.9, 36.6, "SY.12")


def test_every_sheet_of_a_workbook_with_a_level_is_read_and_the_tags_row_is_none(dumps, bundled, tmp_path):
    tags = ["#adm2+name", "", "#adm2+code", "#adm1+name", "#adm1+code", "#country", "#country+code"]
    third = [["ADM3_EN", "ADM3_PCODE", "ADM2_PCODE", "ADM1_PCODE"], ["Harnusha", "SY990101", "SY9901", "SY99"]]
    workbook(dumps / "syr.xlsx", {"About": [["made up"]], "ADM2": [COLUMNS, tags, *ROWS], "ADM3": third})
    polygons(
        dumps / "syr_adm3.geojson",
        [({"ADM3_PCODE": "SY990101", "ADM2_PCODE": "SY9901", "ADM1_PCODE": "SY99"}, BOXES["SY9901"]), coded()[1]],
    )
    got = get(dumps, bundled, tmp_path)
    gazetteer = opened(got.path)
    assert [issue.message for issue in got.issues] == []
    assert only(gazetteer, "Harnusha").feature_code == "ADM3"
    # a district without an outline of its own has that of the units in it
    assert outline(gazetteer, only(gazetteer, "Zorbatal")).equals(shapely.box(*BOXES["SY9901"]))


def test_outlines_without_p_codes_are_joined_by_province_and_name(dumps, bundled, tmp_path):
    rows = [*ROWS, ["Zorbatal", "", "SY9802", "Ar-Raqqa", "SY98", "Syrian Arab Republic", "SY"]]
    table(dumps / "units.csv", rows)
    far = (39.3, 36.0, 39.5, 36.2)
    polygons(
        dumps / "shapes.geojson",
        [
            ({"ADM2_EN": "ZORBATĀL", "ADM1_EN": "Idleb"}, BOXES["SY9901"]),
            ({"ADM2_EN": "Zorbatal", "ADM1_EN": "Ar Raqqa"}, far),
            ({"ADM2_EN": "Qumfaya", "ADM1_EN": "Ar-Raqqa"}, BOXES["SY9801"]),
        ],
    )
    gazetteer = opened(get(dumps, bundled, tmp_path).path)
    assert outline(gazetteer, only(gazetteer, "SY9901")).equals(shapely.box(*BOXES["SY9901"]))
    assert outline(gazetteer, only(gazetteer, "SY9802")).equals(shapely.box(*far))


def test_outlines_that_name_no_province_are_joined_in_the_one_they_lie_in(dumps, bundled, tmp_path):
    table(dumps / "units.csv")
    polygons(
        dumps / "provinces.geojson",
        [
            ({"ADM1_EN": "Idleb", "ADM1_PCODE": "SY99"}, (36.0, 35.5, 37.2, 36.3)),
            ({"ADM1_PCODE": "SY98"}, (38.0, 35.5, 40.0, 36.7)),
        ],
    )
    polygons(
        dumps / "bounds.geojson",
        [({"shapeName": "Zorbatal", "shapeType": "ADM2", "shapeID": "7"}, BOXES["SY9901"]), coded()[1]],
    )
    gazetteer = opened(get(dumps, bundled, tmp_path).path)
    assert outline(gazetteer, only(gazetteer, "SY9901")).equals(shapely.box(*BOXES["SY9901"]))


def test_a_district_that_the_gazetteer_has_keeps_its_id(dumps, bundled, tmp_path):
    known = next(p for p in (c.place for c in bundled.candidates("Manbij District")) if p.feature_code == "ADM2")
    table(dumps / "units.csv", [["Menbij", "منبج", "SY9701", "Aleppo", "SY97", "Syrian Arab Republic", "SY"]])
    box = (known.lon - 0.1, known.lat - 0.1, known.lon + 0.1, known.lat + 0.1)
    polygons(dumps / "units.geojson", [({"ADM2_PCODE": "SY9701", "ADM1_PCODE": "SY97"}, box)])
    got = get(dumps, bundled, tmp_path)
    gazetteer = opened(got.path)
    assert only(gazetteer, "SY9701").id == known.id
    assert only(gazetteer, "Manbij District").geometry_ref
    # the town is meant, not the district
    assert next(c.place.feature_code for c in gazetteer.candidates("Menbij")) == "PPL"
    text = "The rebels captured Manbij on Monday and the whole of Manbij District a week later, Syrian officials said."
    found = {
        t.text: t.place.feature_code for t in find_toponyms(Article(id=ArticleId("a"), text=text), gazetteer) if t.place
    }
    assert found["Manbij"] == "PPL"
    assert found["Manbij District"] == "ADM2"


def test_a_district_without_a_point_is_told_and_not_guessed(dumps, bundled, tmp_path):
    table(dumps / "units.csv")
    got = get(dumps, bundled, tmp_path)
    told = [(issue.code, issue.line) for issue in got.issues]
    assert told == [("unit-without-place", 2), ("unit-without-place", 3)]
    assert "Zorbatal" in got.issues[0].message
    assert opened(got.path).candidates("Zorbatal") == ()


def test_villages_of_a_geonames_dump_rank_as_the_bundled_places_do(dumps, bundled, tmp_path):
    lines = [
        geonames_line(99000001, "Paris"),
        geonames_line(99000002, "Qumdhur", "Kumdur,قمضور"),
        geonames_line(99000003, "Abroad", country="IQ"),
    ]
    (dumps / "SY.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    got = get(dumps, bundled, tmp_path)
    assert (got.places, [i.code for i in got.issues]) == (2, ["other-country"])
    gazetteer = opened(got.path)
    assert only(gazetteer, "Kumdur").id == "geonames:99000002"
    assert gazetteer.candidates("Paris")[0].place.country == "FR"
    assert "geonames:99000001" in {c.place.id for c in gazetteer.candidates("Paris")}


def test_what_was_mended_by_hand_is_not_undone_by_a_dump(dumps, bundled, tmp_path):
    known = bundled.candidates("Raqqa")[0].place
    number = known.id.removeprefix("geonames:")
    (dumps / "SY.txt").write_text(
        geonames_line(number, "Ar Raqqah", "Raqqastad", lat=35.0, lon=39.9, code="PPLA") + "\n", encoding="utf-8"
    )
    gazetteer = opened(get(dumps, bundled, tmp_path).path)
    place = only(gazetteer, "Raqqastad")
    assert (place.id, place.name, place.lat, place.lon) == (known.id, known.name, known.lat, known.lon)


def osm(path, points, **more):
    features = [
        {
            "type": "Feature",
            "id": f"node/{n}",
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": tags,
        }
        for n, (lat, lon, tags) in enumerate(points, 1)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, **more), encoding="utf-8")


def test_openstreetmap_villages_join_the_towns_that_are_known(dumps, bundled, tmp_path):
    (dumps / "SY.txt").write_text(geonames_line(99000002, "Qumdhur", "قمضور") + "\n", encoding="utf-8")
    points = [
        (35.91, 36.61, {"place": "village", "name": "قمضور", "name:en": "Qomdur"}),
        (35.7, 36.6, {"place": "hamlet", "name": "طلطف", "name:en": "Taltaf"}),
        (33.3, 44.4, {"place": "village", "name": "Iraqi village"}),
    ]
    osm(dumps / "places.geojson", points)
    got = get(dumps, bundled, tmp_path)
    gazetteer = opened(got.path)
    assert only(gazetteer, "Qomdur").id == "geonames:99000002"
    hamlet = only(gazetteer, "Taltaf")
    assert (hamlet.id, hamlet.country, hamlet.admin1) == ("osm:n2", "SY", "SY.12")
    assert "ODbL" in hamlet.source
    assert [issue.code for issue in got.issues] == ["other-country"]
    with zipfile.ZipFile(dumps / "places.zip", "w") as archive:
        archive.write(dumps / "places.geojson", "places.geojson")
    (dumps / "places.geojson").unlink()
    assert get(dumps, bundled, tmp_path).places == got.places


@pytest.mark.parametrize("kind", ["shp", "shp.zip", "geojson.zip", "gpkg", "gpkg-z"])
def test_outlines_are_read_from_every_format_they_come_in(dumps, bundled, tmp_path, kind):
    table(dumps / "units.csv")
    shapes = [shapely.box(*BOXES[code]) for code in ("SY9901", "SY9801")]
    if kind == "gpkg-z":
        shapes = [shapely.force_3d(shape) for shape in shapes]
    frame = geopandas.GeoDataFrame(
        {"ADM2_PCODE": ["SY9901", "SY9801"], "ADM1_PCODE": ["SY99", "SY98"]}, geometry=shapes, crs=4326
    )
    if kind.startswith("gpkg"):
        frame.to_file(dumps / "units.gpkg")
    elif kind == "geojson.zip":
        with zipfile.ZipFile(dumps / "units.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("in a folder/units.geojson", frame.to_json())
    else:
        frame.to_file(dumps / "units.shp")
        if kind == "shp.zip":
            with zipfile.ZipFile(dumps / "units.zip", "w", zipfile.ZIP_DEFLATED) as archive:
                for part in dumps.glob("units.*"):
                    if part.suffix not in (".csv", ".zip"):
                        archive.write(part, f"deep/er/{part.name}")
                        part.unlink()
    got = get(dumps, bundled, tmp_path)
    assert (got.outlines, got.issues) == (2, ())


def test_a_layer_in_metres_is_refused_with_the_remedy(dumps, bundled, tmp_path):
    frame = geopandas.GeoDataFrame(
        {"ADM2_PCODE": ["SY9901"], "ADM2_EN": ["Z"]}, geometry=[shapely.box(*BOXES["SY9901"])], crs=4326
    )
    frame.to_crs(3857).to_file(dumps / "units.shp")
    with pytest.raises(GazetteerError, match="EPSG:4326"):
        get_country("SY", dumps / "units.shp", gazetteer=bundled, to=tmp_path / "own.tsv")
    polygons(
        dumps / "units.geojson",
        [({"ADM2_PCODE": "SY9901", "ADM2_EN": "Z"}, (4_000_000, 4_200_000, 4_100_000, 4_300_000))],
    )
    with pytest.raises(GazetteerError, match="no degrees"):
        get_country("SY", dumps / "units.geojson", gazetteer=bundled, to=tmp_path / "own.tsv")


def test_a_feature_that_cannot_be_read_costs_itself(dumps, bundled, tmp_path):
    table(dumps / "units.csv")
    polygons(dumps / "units.geojson", coded())
    layer = json.loads((dumps / "units.geojson").read_text())
    layer["features"][1:1] = [
        {"type": "Feature", "properties": {"ADM2_PCODE": "SY1"}, "geometry": None},
        {
            "type": "Feature",
            "properties": {"ADM2_PCODE": "SY2"},
            "geometry": {"type": "Polygon", "coordinates": [[[1, 2], "x"]]},
        },
        {
            "type": "Feature",
            "properties": {"ADM2_PCODE": "SY3"},
            "geometry": {"type": "GeometryCollection", "geometries": []},
        },
        {
            "type": "Feature",
            "properties": {"ADM2_PCODE": "=cmd|' /C calc'!A0", "ADM2_EN": "Z"},
            "geometry": layer["features"][0]["geometry"],
        },
        "no feature",
    ]
    (dumps / "units.geojson").write_text(json.dumps(layer))
    got = get(dumps, bundled, tmp_path)
    assert got.outlines == 2
    assert [(issue.code, issue.line) for issue in got.issues] == [
        *[("bad-feature", n) for n in (2, 3, 4)],
        ("bad-unit", 5),
        ("bad-feature", 6),
    ]


def test_geometries_within_geometries_are_not_followed(tmp_path):
    def nested(depth):
        return b"\x01" + struct.pack("<2I", 6, 1) + nested(depth - 1) if depth else b"\x01" + struct.pack("<2I", 3, 0)

    path = tmp_path / "deep.gpkg"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id)")
        database.execute("INSERT INTO gpkg_geometry_columns VALUES ('units', 'geom', 'POLYGON', 4326)")
        database.execute("CREATE TABLE units (geom BLOB, ADM2_PCODE)")
        head = b"GP\x00\x01" + struct.pack("<i", 4326)
        blobs = [head + nested(3), head + b"\x01" + struct.pack("<3I", 3, 1, 2**32 - 1), head, b"GP", None]
        database.executemany("INSERT INTO units VALUES (?, 'SY1')", [(blob,) for blob in blobs])
        database.commit()
    assert [issue.code for issue in layers_module.features_of(path)] == ["bad-feature"] * len(blobs)


def test_what_unpacks_to_more_than_the_bound_is_refused(dumps, monkeypatch):
    polygons(dumps / "units.geojson", coded())
    with zipfile.ZipFile(dumps / "units.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("units.geojson", (dumps / "units.geojson").read_text() + " " * 100_000)
    monkeypatch.setattr(layers_module, "MAX_GEOJSON", 50_000)
    monkeypatch.setattr(readers_module, "MAX_GEOJSON", 50_000)
    with pytest.raises(GazetteerError, match="more than 50,000 bytes"):
        list(layers_module.features_of(dumps / "units.zip"))


def test_files_that_are_no_dump_are_named_and_left(dumps, bundled, tmp_path):
    (dumps / "article.txt").write_text("The army took a town.\n")
    (dumps / "events.csv").write_text("event_date,admin1,admin2,location\n2017-01-01,Idleb,Zorbatal,X\n")
    (dumps / "data.json").write_text("{}")
    (dumps / "broken.zip").write_bytes(b"PK")
    (dumps / "broken.xlsx").write_bytes(b"PK")
    with pytest.raises(GazetteerError, match="no dump that is known"):
        get(dumps, bundled, tmp_path)
    (dumps / "SY.txt").write_text(geonames_line(99000002, "Qumdhur") + "\n")
    (issue,) = get(dumps, bundled, tmp_path).issues
    assert (issue.code, issue.level) == ("no-dump", "note")
    assert all(
        name in issue.message for name in ("article.txt", "events.csv", "data.json", "broken.zip", "broken.xlsx")
    )


def test_the_same_dumps_give_the_same_bytes(dumps, bundled, tmp_path):
    table(dumps / "units.csv")
    polygons(dumps / "units.geojson", coded())
    osm(dumps / "places.geojson", [(35.7, 36.6, {"place": "hamlet", "name": "Taltaf"})])
    (dumps / "SY.txt").write_text(geonames_line(99000002, "Qumdhur") + "\n")
    once = get(dumps, bundled, tmp_path).path.read_bytes()
    assert get(dumps, bundled, tmp_path).path.read_bytes() == once


def test_a_country_that_is_none_and_an_absent_file_are_told(dumps, bundled, tmp_path):
    for code, source, said in [
        ("Syria", dumps, "two letters"),
        ("XX", dumps, "two letters"),
        ("SY", dumps / "none", "no such file"),
    ]:
        with pytest.raises(GazetteerError, match=said):
            get(source, bundled, tmp_path, country=code)


@pytest.mark.parametrize(
    "cell", ["[[[[1,2],[3,4]]]]", "[1]", "{", "[[[1,2,3,4]]]", '"x"', "[[[[1,2],[3,4],[5,6],[null,8]]]]"]
)
def test_a_shape_that_was_mended_wrongly_is_named(dumps, bundled, tmp_path, cell):
    with pytest.raises(ValueError):  # noqa: PT011 - the gazetteer says which row
        own_shape(cell)
    table(dumps / "units.csv")
    polygons(dumps / "units.geojson", coded())
    path = get(dumps, bundled, tmp_path).path
    rows = [row.split("\t") for row in path.read_text(encoding="utf-8").splitlines()]
    path.write_text(
        "\n".join("\t".join([*row[:15], cell] if row[0] == "pcode:SY9901" else row) for row in rows) + "\n",
        encoding="utf-8",
    )
    gazetteer = opened(path)
    with pytest.raises(GazetteerError, match=r"pcode:SY9901.*mend or empty"):
        outline(gazetteer, only(gazetteer, "Zorbatal"))


class Answer(io.BytesIO):
    """What a server sends."""


def zipped(name="SY.txt"):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(name, geonames_line(99000002, "Qumdhur") + "\n")
    return whole.getvalue()


def test_a_download_asks_for_one_documented_address_and_keeps_the_old_file_when_it_fails(
    tmp_path, bundled, monkeypatch
):
    asked = []

    def server(answer):
        def ask(request, timeout):
            asked.append(request.full_url)
            assert timeout > 0
            if isinstance(answer, Exception):
                raise answer
            return Answer(answer)

        return ask

    path = geonames_dump("sy", folder=tmp_path, opener=server(zipped()))
    assert asked == ["https://download.geonames.org/export/dump/SY.zip"]
    assert get_country("SY", path, gazetteer=bundled, to=tmp_path / "own.tsv").places == 1
    for wrong in (zipped("IQ.txt"), b"<html>", urllib.error.URLError("no route"), ConnectionResetError("reset")):
        with pytest.raises(GazetteerError, match=r"geonames\.org"):
            geonames_dump("SY", folder=tmp_path, opener=server(wrong))
    monkeypatch.setattr("mapper.dumps.download.MAX_DUMP", 100)
    with pytest.raises(GazetteerError, match="more than 100 bytes"):
        geonames_dump("SY", folder=tmp_path, opener=server(zipped()))
    assert path.read_bytes() == zipped()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
    with pytest.raises(GazetteerError, match="two letters"):
        geonames_dump("../x", folder=tmp_path, opener=server(zipped()))
