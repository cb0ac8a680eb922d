"""The committed tables: hand-made rows are checked against the outlines and against the tables they add to."""

import lzma
import re
import tomllib
from itertools import pairwise

import numpy as np
import pytest

from mapper.bundled import bundled
from mapper.gazetteer import Gazetteer, fold, normalise
from mapper.gazetteer.shapes import Outlines, inside, rings_of
from mapper.gazetteer.store import bundled_tables, open_tables, read_lines

COLUMNS = [
    "id",
    "name",
    "lat",
    "lon",
    "class",
    "code",
    "country",
    "admin1",
    "admin2",
    "population",
    "radius",
    "geometry",
    "names",
    "reason",
    "source",
]
TOLERANCE_KM = 10  # coasts and borders of the basemap are simplified


def hand_rows(name):
    lines = bundled("gazetteer", name).read_text(encoding="utf-8").split("\n")
    return [
        dict(zip(COLUMNS, line.split("\t"), strict=True)) for line in lines[1:] if line and not line.startswith("#")
    ]


OVERRIDES = hand_rows("overrides.tsv")
FEATURES = hand_rows("features.tsv")
ADDED = [row for row in OVERRIDES if not row["id"].startswith("geonames:")]
PATCHES = [row for row in OVERRIDES if row["id"].startswith("geonames:")]


@pytest.fixture(scope="module")
def tables_alone(tmp_path_factory):
    """The gazetteer without the overrides."""
    tables = open_tables(bundled_tables()[:2], cache=tmp_path_factory.mktemp("alone"))
    return Gazetteer(tables, outlines=Outlines("gn_a1_code"))


def km(row, place):
    lat, lon = np.radians([float(row["lat"]), place.lat]), np.radians([float(row["lon"]), place.lon])
    return 6371 * np.hypot(lat[1] - lat[0], (lon[1] - lon[0]) * np.cos(lat.mean()))


def test_there_are_a_few_hundred_hand_made_places():
    assert len(ADDED) >= 600


@pytest.mark.parametrize("rows", [OVERRIDES, FEATURES], ids=["overrides", "features"])
def test_every_hand_made_row_has_an_id_a_reason_and_a_source(rows):
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == len(ids)
    for row in rows:
        assert re.fullmatch(r"(geonames:\d+|(mapper|river|lake):[a-z0-9-]+)", row["id"]), row
        assert row["reason"], row
        assert row["source"], row


def test_every_added_place_is_complete_and_honest_about_its_precision():
    for row in ADDED:
        assert row["name"], row
        assert -90 <= float(row["lat"]) <= 90, row
        assert -180 <= float(row["lon"]) <= 180, row
        assert row["class"] in "PSTRL", row
        assert 1 <= float(row["radius"]) <= 40, row


def test_every_added_place_is_inside_its_country(tables_alone):
    shapes = {
        code: rings_of(tables_alone.outline(f"country:{code}"))
        for code in {r["country"] for r in ADDED if r["country"]}
    }
    for row in ADDED:
        if not row["country"]:
            continue
        lat, lon = float(row["lat"]), float(row["lon"])
        north = TOLERANCE_KM / 111.2
        east = north / np.cos(np.radians(lat))
        turns = np.linspace(0, 2 * np.pi, 16, endpoint=False)
        around = np.concatenate([[0.0], np.sin(turns)]), np.concatenate([[0.0], np.cos(turns)])
        assert inside(shapes[row["country"]], lon + east * around[0], lat + north * around[1]).any(), row


def test_no_added_place_repeats_one_the_tables_have(tables_alone):
    for row in ADDED:
        if row["code"] not in ("PPL", "PPLX"):
            continue
        for candidate in tables_alone.candidates(row["name"], countries=(row["country"],)):
            place = candidate.place
            if place.country == row["country"] and place.feature_class == "P":
                assert km(row, place) > 5, (row["id"], place.id, place.name)


def test_no_two_added_places_are_one():
    seen = {}
    for row in ADDED:
        key = (row["country"], fold(normalise(row["name"])), row["code"])
        assert key not in seen, (row["id"], seen[key])
        seen[key] = row["id"]


def test_every_patch_meets_an_entry(tables_alone):
    for row in PATCHES:
        assert tables_alone.get(row["id"]) is not None, row
        assert row["name"] or row["names"], row


def test_every_geometry_reference_of_a_hand_made_row_has_a_shape(tables_alone):
    for row in FEATURES:
        if row["geometry"] and not row["geometry"].startswith("region:"):  # those are made of others: test_regions
            assert tables_alone.outline(row["geometry"]) is not None, row


def test_the_built_table_is_sorted_and_without_repetition():
    ids = [line.split("\t", 1)[0] for line in read_lines(bundled("gazetteer", "places.tsv.xz"))]
    numbers = [int(identity[9:]) for identity in ids if identity.startswith("geonames:")]
    assert all(one < other for one, other in pairwise(numbers))
    assert len(set(ids)) == len(ids)


def test_nearly_every_province_shape_of_the_basemap_is_reached():
    provinces = {f"admin1:{feature['id']}" for feature in Outlines("gn_a1_code").features("admin1")}
    with lzma.open(bundled("gazetteer", "places.tsv.xz"), "rt", encoding="utf-8") as stream:
        named = {line.split("\t")[11] for line in stream} & provinces
    assert len(named) >= 0.95 * len(provinces)


def test_the_committed_tables_are_small():
    assert sum(path.stat().st_size for path in bundled_tables()) < 15e6


def test_every_country_has_a_name_a_point_and_mostly_demonyms():
    lines = bundled("gazetteer", "countries.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines[1:]]
    assert all(len(row) == 5 and re.fullmatch("[A-Z]{2}", row[0]) and row[1] for row in rows)
    assert sum(bool(row[2]) for row in rows) > 180


def test_sources_are_pinned_with_version_licence_and_checksum():
    sources = tomllib.loads(bundled("gazetteer", "SOURCES.toml").read_text(encoding="utf-8"))
    for source in sources.values():
        assert source["version"]
        assert source["licence"]
        assert source["credit"]
        assert all(re.fullmatch("[0-9a-f]{64}", checksum) for checksum in source["sha256"].values())
