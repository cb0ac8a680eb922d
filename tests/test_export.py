"""Exports: one table of attributes in every format, RFC 7946 to the letter, hostile words inert."""

# ruff: noqa: S314 - the XML read here was written by the test itself

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import sqlite3
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import fastkml
import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pyarrow import parquet

from mapper.export import LAYERS, WRITERS, ExportError, export, frame, series
from mapper.model import (
    Actor,
    ActorId,
    ArticleId,
    Basis,
    Claim,
    ClaimId,
    Period,
    Place,
    PlaceId,
    Predicate,
    Quote,
    Result,
    Source,
    Status,
    Territory,
    Timeline,
    When,
)

HOSTILE = '=HYPERLINK("http://x") {{7*7}} </script><img src=x onerror=alert(1)> ]]> & <b>\x0b \'"; DROP TABLE places'
GOLDEN = Path(__file__).resolve().parent / "golden" / "export"
GOLDEN_OPTIONS: dict[str, dict[str, Any]] = {"day.geojson": {"at": date(2017, 11, 18)}}
KML = "{http://www.opengis.net/kml/2.2}"


def period(place: str, status: Status, actor: str, start: str, end: str | None = None, **more: Any) -> Period:
    first = date.fromisoformat(start)
    return Period(
        place_id=PlaceId(place),
        status=status,
        actor_id=ActorId(actor),
        start=first,
        start_latest=more.pop("start_latest", first),
        end=None if end is None else date.fromisoformat(end),
        **more,
    )


def square_territory(periods: dict[str, list[Period]], *, west: float = 40.0) -> Territory:
    """Cells of a half degree side by side, each with a solid face and a presumed one above it."""
    names = list(periods)
    count = len(names)
    xy: list[tuple[float, float]] = []
    offsets, left, right = [0], [], []

    def face(column: int, row: int) -> int:
        return row * count + column if 0 <= column < count and 0 <= row < 2 else -1

    def arc(a: tuple[int, int], b: tuple[int, int], on_left: int, on_right: int) -> None:
        xy.extend((west + x * 0.5, 30 + y * 0.5) for x, y in (a, b))
        offsets.append(len(xy))
        left.append(on_left)
        right.append(on_right)

    for y in range(3):
        for x in range(count):
            arc((x, y), (x + 1, y), face(x, y), face(x, y - 1))
    for y in range(2):
        for x in range(count + 1):
            arc((x, y), (x, y + 1), face(x - 1, y), face(x, y))
    return Territory(
        cell_place=tuple(map(PlaceId, names)),
        face_cell=np.tile(np.arange(count, dtype=np.int32), 2),
        face_zone=np.repeat(np.array([0, 1], dtype=np.int8), count),
        face_km2=np.full(2 * count, 2600.0),
        xy=np.array(xy),
        offsets=np.array(offsets, dtype=np.int64),
        left=np.array(left, dtype=np.int32),
        right=np.array(right, dtype=np.int32),
        cell_periods=tuple(tuple(p) for p in periods.values()),
        bounds=(west, 30.0, west + count * 0.5, 31.0),
    )


def a_result(*, west: float = 40.0, words: str = "The army retook Rawa.", territory: bool = True) -> Result:
    claim = Claim(
        id=ClaimId("c1"),
        place_id=PlaceId("rawa"),
        place_text="Rawa",
        predicate=Predicate.CAPTURED,
        actor_id=ActorId("iraq"),
        other_id=ActorId("is"),
        when=When.day(date(2017, 11, 17)),
        quote=Quote(article_id=ArticleId("a1"), start=0, end=len(words), text=words),
        note="Second-hand.",
        source=Source(
            article_id=ArticleId("a1"), publisher="A Paper", url="https://example.org/1", published=date(2017, 11, 18)
        ),
    )
    lost = replace(
        claim,
        id=ClaimId("c2"),
        place_id=PlaceId(""),
        place_text="Nowhere",
        source=replace(claim.source, url="javascript:alert(1)"),
    )
    ids = (ClaimId("c1"),)
    periods = {
        "rawa": [
            period("rawa", Status.CONTROLLED, "is", "2014-06-21", "2017-11-17"),
            period("rawa", Status.CONTROLLED, "iraq", "2017-11-17", claim_ids=ids, confidence=0.9),
        ],
        "ana": [
            period("ana", Status.CONTROLLED, "iraq", "2017-09-01", None, start_latest=date(2017, 9, 30), claim_ids=ids)
        ],
        "hit": [period("hit", Status.CONTESTED, "is", "2017-11-01", "2017-12-01", other_id=ActorId("iraq"))],
        "idle": [period("idle", Status.CONTROLLED, "iraq", "2017-11-17", None, basis=Basis.INFERRED)],
    }
    places = {
        PlaceId(name): Place(
            id=PlaceId(name),
            name=name.title() if name != "hit" else words,
            lat=30.25,
            lon=west + 0.25 + 0.5 * n,
            country="IQ",
        )
        for n, name in enumerate(periods)
    }
    return Result(
        title="A map",
        places=places,
        actors={
            ActorId("is"): Actor(id=ActorId("is"), name="Islamic State", colour="#3b3b3b"),
            ActorId("iraq"): Actor(id=ActorId("iraq"), name="Iraq's government"),
        },
        claims=(claim, lost),
        timeline=Timeline(periods=tuple(p for each in periods.values() for p in each if p.basis is not Basis.INFERRED)),
        territory=square_territory(periods, west=west) if territory else None,
    )


# -- RFC 7946 ---------------------------------------------------------------------------------------------------------


def faults(text: str) -> list[str]:
    """What of RFC 7946 a document breaks; empty when it keeps all its MUSTs and the SHOULDs we promise."""
    found: list[str] = []
    document = json.loads(text, parse_constant=lambda name: found.append(f"{name} is no JSON"))
    _object(document, found, "$")
    numbers = re.findall(r"-?\d+\.\d{8,}", re.sub(r'"(?:[^"\\]|\\.)*"', '""', text))
    found.extend(f"{number} has more than seven decimals" for number in numbers)
    return found


def _object(value: Any, found: list[str], path: str) -> None:
    if not isinstance(value, dict) or "type" not in value:
        found.append(f"{path}: a GeoJSON object has a type")
        return
    if "crs" in value:
        found.append(f"{path}: crs is not used any more")
    if "bbox" in value:
        _bbox(value["bbox"], found, path)
    kind = value["type"]
    if kind == "FeatureCollection":
        if not isinstance(value.get("features"), list):
            found.append(f"{path}: a collection has features")
        _without(value, ("coordinates", "geometries", "geometry", "properties"), found, path)
        for n, feature in enumerate(value.get("features", [])):
            if feature.get("type") != "Feature":
                found.append(f"{path}.features[{n}]: not a Feature")
            _object(feature, found, f"{path}.features[{n}]")
    elif kind == "Feature":
        found.extend(f"{path}: a feature has {name}" for name in ("geometry", "properties") if name not in value)
        if not isinstance(value.get("properties"), dict | None):
            found.append(f"{path}: properties is an object or null")
        if not isinstance(value.get("id", ""), str | int | float):
            found.append(f"{path}: an id is a text or a number")
        _without(value, ("coordinates", "geometries", "features"), found, path)
        if value.get("geometry") is not None:
            _geometry(value["geometry"], found, f"{path}.geometry")
    else:
        _geometry(value, found, path)


def _without(value: dict[str, Any], names: tuple[str, ...], found: list[str], path: str) -> None:
    found.extend(f"{path}: {value['type']} has no {name}" for name in names if name in value)


def _geometry(value: Any, found: list[str], path: str) -> None:
    kind, coordinates = value.get("type"), value.get("coordinates")
    _without(value, ("geometry", "properties", "features"), found, path)
    if kind == "Point":
        _position(coordinates, found, path)
    elif kind == "Polygon":
        _rings(coordinates, found, path)
    elif kind == "MultiPolygon":
        for n, polygon in enumerate(coordinates):
            _rings(polygon, found, f"{path}[{n}]")
    else:
        found.append(f"{path}: unexpected type {kind}")


def _rings(rings: Any, found: list[str], path: str) -> None:
    for n, ring in enumerate(rings):
        for position in ring:
            _position(position, found, path)
        if len(ring) < 4 or ring[0] != ring[-1]:
            found.append(f"{path}: a ring has four positions or more and is closed")
            continue
        area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
        if (area > 0) != (n == 0):
            found.append(f"{path}: ring {n} breaks the right-hand rule")
        longest = max(abs(a[0] - b[0]) for a, b in pairwise(ring))
        if longest > 180:
            found.append(f"{path}: crosses the antimeridian uncut")


def _position(position: Any, found: list[str], path: str) -> None:
    if not isinstance(position, list) or not 2 <= len(position) <= 3:
        found.append(f"{path}: a position is two or three numbers")
    elif not all(isinstance(v, int | float) for v in position):
        found.append(f"{path}: a position holds something else than numbers")
    elif not (-180 <= position[0] <= 180 and -90 <= position[1] <= 90):
        found.append(f"{path}: {position} is not on the globe")


def _bbox(box: Any, found: list[str], path: str) -> None:
    if not isinstance(box, list) or len(box) != 4 or not all(isinstance(v, int | float) for v in box):
        found.append(f"{path}: a bbox is four numbers here")
    elif box[1] > box[3] or not all(-180 <= v <= 180 for v in (box[0], box[2])):
        found.append(f"{path}: bbox {box} is upside down or off the globe")


@pytest.mark.parametrize(
    "broken",
    [
        '{"features": []}',
        '{"type": "FeatureCollection"}',
        '{"type": "FeatureCollection", "features": [], "crs": {}}',
        '{"type": "Feature", "properties": {}}',
        '{"type": "Feature", "properties": 3, "geometry": null}',
        '{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [200, 0]}}',
        '{"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}',
        '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}',
        '{"type": "Polygon", "coordinates": [[[179, 0], [-179, 0], [-179, 1], [179, 0]]]}',
        '{"type": "Point", "coordinates": [0.123456789, 0]}',
        '{"type": "Point", "coordinates": [NaN, 0]}',
        '{"type": "Point", "coordinates": [0, 0], "bbox": [0, 1, 0, 0]}',
    ],
)
def test_the_validator_sees_what_is_broken(broken: str) -> None:
    assert faults(broken)


@pytest.mark.parametrize("shape", ["", "cells", "dissolved", "points", "both"])
@pytest.mark.parametrize("when", [{}, {"at": date(2017, 11, 18)}, {"every": "month"}, {"start": date(2017, 11, 1)}])
def test_geojson_keeps_rfc_7946(tmp_path: Path, shape: str, when: dict[str, Any]) -> None:
    path = tmp_path / "control.geojson"
    count = export(a_result(words=HOSTILE), path, shape=shape, **when)
    text = path.read_text(encoding="utf-8")
    assert faults(text) == []
    found = json.loads(text)["features"]
    assert len(found) == count > 0
    assert len({f["id"] for f in found}) == len(found)
    for feature in found:
        assert {"start", "end", "begin_date", "end_date", "status", "actor", "basis", "confidence", "sources"} <= set(
            feature["properties"]
        )


def test_a_theatre_across_the_antimeridian_is_cut_and_boxed_across_it(tmp_path: Path) -> None:
    path = tmp_path / "control.geojson"
    export(a_result(west=179.25), path, at=date(2017, 11, 18), shape="both")
    document = json.loads(path.read_text())
    assert faults(path.read_text()) == []
    assert document["bbox"][0] > document["bbox"][2]
    kinds = {f["geometry"]["type"] for f in document["features"]}
    assert "MultiPolygon" in kinds


# -- time -------------------------------------------------------------------------------------------------------------


def rows(path: Path) -> list[dict[str, Any]]:
    return [f["properties"] for f in json.loads(path.read_text(encoding="utf-8"))["features"]]


def test_a_period_has_half_open_and_inclusive_dates_and_says_how_precise_it_is(tmp_path: Path) -> None:
    path = tmp_path / "p.geojson"
    export(a_result(), path, shape="points")
    document = json.loads(path.read_text())
    by = {(f["properties"]["place_id"], f["properties"]["actor"]): f for f in document["features"]}
    held = by["rawa", "is"]["properties"]
    assert (held["start"], held["end"], held["begin_date"], held["end_date"]) == (
        "2014-06-21",
        "2017-11-17",
        "2014-06-21",
        "2017-11-16",
    )
    assert by["rawa", "is"]["when"] == {"timespans": [{"start": {"in": "2014-06-21"}, "end": {"in": "2017-11-16"}}]}
    open_end = by["ana", "iraq"]
    assert (open_end["properties"]["end"], open_end["properties"]["end_date"]) == (None, None)
    assert open_end["properties"]["edtf"] == "2017-09"
    assert open_end["when"] == {"timespans": [{"start": {"earliest": "2017-09-01", "latest": "2017-09-30"}}]}


def test_one_day_holds_only_what_is_so_on_that_day(tmp_path: Path) -> None:
    path = tmp_path / "p.geojson"
    for day, holder in ((date(2017, 11, 16), "is"), (date(2017, 11, 17), "iraq")):
        export(a_result(), path, at=day, shape="points")
        assert {r["actor"] for r in rows(path) if r["place_id"] == "rawa"} == {holder}
    export(a_result(), path, at=date(2013, 1, 1), shape="points")
    assert rows(path) == []


@pytest.mark.parametrize("every", ["day", "week", "month", "quarter", "year"])
def test_slices_follow_each_other_without_a_gap(tmp_path: Path, every: str) -> None:
    path = tmp_path / "p.geojson"
    export(a_result(), path, every=every, shape="points", start=date(2017, 9, 5), end=date(2018, 1, 10))
    spans = sorted({(r["start"], r["end"]) for r in rows(path)})
    assert all(one[1] == two[0] for one, two in pairwise(spans))
    assert all(r["begin_date"] == r["start"] and r["end_date"] < r["end"] for r in rows(path))


@pytest.mark.parametrize("every", ["week", "month", "quarter", "year"])
@pytest.mark.parametrize("shape", ["points", "cells", "dissolved"])
def test_a_series_ends_with_the_state_of_the_last_day(tmp_path: Path, every: str, shape: str) -> None:
    path = tmp_path / "p.geojson"
    result = a_result()
    taken = result.timeline.changes()[-2]  # Rawa falls on 17 November, Hit's fight ends on 1 December
    export(result, path, every=every, shape=shape, end=taken + timedelta(days=1))
    last = max(r["start"] for r in rows(path))
    assert last == str(taken)
    assert {r["end"] for r in rows(path) if r["start"] == last} == {str(taken + timedelta(days=1))}
    export(result, path, every=every, shape=shape)
    found = rows(path)
    assert min(r["start"] for r in found) == "2014-06-21", "it begins with the first day, not with the month before it"
    assert max(r["start"] for r in found) == "2017-12-01"
    assert {r["status"] for r in found if r["start"] == "2017-12-01"} == {"controlled"}


def test_a_series_says_what_fell_between_its_slices() -> None:
    result = a_result()
    days = series(result, "year")
    assert days == (date(2014, 6, 21), date(2015, 1, 1), date(2016, 1, 1), date(2017, 1, 1), date(2017, 12, 1))
    assert result.timeline.missed(days) == (3, 1), (
        "Rawa and Ana change hands and Hit is fought for; no slice shows its fight"
    )
    assert result.timeline.missed(series(result, "day")) == (0, 0)
    assert result.timeline.missed(()) == (0, 0)
    assert series(result, "year", start=date(2030, 1, 1)) == ()


def test_dissolved_areas_of_a_day_add_up_to_the_cells_of_that_day(tmp_path: Path) -> None:
    path = tmp_path / "p.geojson"
    day = date(2017, 11, 20)
    sums = []
    for shape in ("cells", "dissolved"):
        export(a_result(), path, at=day, shape=shape)
        total: dict[tuple[str, str], float] = {}
        for row in rows(path):
            key = (row["status"], row["actor"])
            total[key] = total.get(key, 0) + row["km2"]
        sums.append(total)
    assert sums[0] == sums[1]
    assert sums[0]["controlled", "iraq"] == pytest.approx(6 * 2600)


def test_inferred_areas_can_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "p.geojson"
    export(a_result(), path)
    assert any(r["basis"] == "inferred" for r in rows(path))
    export(a_result(), path, inferred=False)
    assert rows(path)
    assert all(r["basis"] != "inferred" for r in rows(path))


def test_nothing_is_left_where_everything_is_inferred_and_unwanted(tmp_path: Path) -> None:
    path = tmp_path / "p.geojson"
    export(a_result(), path, inferred=False, at=date(2010, 1, 1))
    assert rows(path) == []
    idle = [period("idle", Status.CONTROLLED, "iraq", "2017-11-17", None, basis=Basis.INFERRED)]
    export(replace(a_result(), territory=square_territory({"idle": idle})), path, inferred=False, at=date(2018, 1, 1))
    assert rows(path) == []


def test_a_result_without_territory_gives_points(tmp_path: Path) -> None:
    path = tmp_path / "p.geojson"
    export(a_result(territory=False), path)
    assert {f["geometry"]["type"] for f in json.loads(path.read_text())["features"]} == {"Point"}


# -- every format -----------------------------------------------------------------------------------------------------

SINGLE = [".geojson", ".geojsonl", ".fgb", ".parquet", ".csv", ".shp"]


def read_back(path: Path) -> Any:
    if path.suffix == ".parquet":
        return gpd.read_parquet(path)
    if path.suffix == ".csv":
        return gpd.pd.read_csv(path, keep_default_na=False)
    return gpd.read_file(path)


@pytest.mark.parametrize("suffix", SINGLE)
def test_every_format_says_the_same(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"control{suffix}"
    count = export(a_result(), path, shape="points", at=date(2017, 11, 18))
    table = read_back(path)
    assert len(table) == count == 3
    if suffix != ".shp":
        missing = {f.name for f in LAYERS["places"]} - set(table.columns) - {"id"}
        assert not missing
    row = table[table["place_id"] == "rawa"].iloc[0]
    assert row["actor"] == "iraq"
    assert row["status"] == "controlled"
    assert str(row["begin_date"])[:10] == "2017-11-17"
    assert "A Paper" in str(row["sources"])
    if hasattr(table, "crs"):
        assert table.crs.to_epsg() == 4326
        assert (row.geometry.x, row.geometry.y) == (40.25, 30.25)
    else:
        assert (row["lon"], row["lat"]) == (40.25, 30.25)


@pytest.mark.parametrize("suffix", sorted(WRITERS))
def test_the_same_result_gives_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    written = []
    for name in ("one", "two"):
        path = tmp_path / name / f"control{suffix}"
        export(a_result(), path)
        written.append(path.read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("name", ["periods.geojson", "day.geojson", "places.csv", "periods.kml"])
def test_text_formats_are_byte_for_byte_the_golden_ones(tmp_path: Path, name: str) -> None:
    """After a wanted change: write the files anew with ``python tests/test_export.py`` and read the difference."""
    path = tmp_path / name
    export(a_result(), path, **GOLDEN_OPTIONS.get(name, {}))
    assert path.read_text(encoding="utf-8") == (GOLDEN / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", sorted(WRITERS))
def test_a_result_with_nothing_in_it_makes_a_file_that_opens(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"control{suffix}"
    assert export(Result(), path) == 0
    assert path.exists()
    if suffix in (".geojson", ".json"):
        assert faults(path.read_text()) == []


def test_a_geopackage_has_four_layers_with_styles_inside(tmp_path: Path) -> None:
    path = tmp_path / "control.gpkg"
    export(a_result(words=HOSTILE), path)
    layers = {name for name, _ in gpd.list_layers(path).itertuples(index=False)}
    assert {"territory", "places", "claims", "changes", "layer_styles"} <= layers
    with sqlite3.connect(path) as store:
        styles = dict(store.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"))
        days = dict(store.execute("SELECT place_id, end_date FROM places"))
        kinds = {row[1]: row[2] for row in store.execute("PRAGMA table_info(places)")}
        unresolved = store.execute("SELECT count(*) FROM claims WHERE geom IS NULL").fetchone()[0]
        assert store.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert set(styles) == {"territory", "places", "claims", "changes"}
    for text in styles.values():
        tree = ET.fromstring(text.partition("\n")[2])
        temporal = tree.find("temporal")
        assert temporal is not None
        assert temporal.attrib["enabled"] == "1"
        assert tree.find("renderer-v2/rules/rule") is not None
    assert kinds["begin_date"] == "DATE"
    assert days["ana"] is None
    assert unresolved == 1


def shown_on(path: Path, layer: str, day: date) -> int:
    """How many rows QGIS shows on a day, counted by the columns that the layer's own style names."""
    with sqlite3.connect(path) as store:
        (text,) = store.execute("SELECT styleQML FROM layer_styles WHERE f_table_name = ?", (layer,)).fetchone()
        temporal = ET.fromstring(text.partition("\n")[2]).find("temporal")
        assert temporal is not None
        first, last = temporal.attrib["startField"], temporal.attrib["endField"]
        assert f'"{first}"' in temporal.attrib["startExpression"]
        assert f'"{last}"' in temporal.attrib["endExpression"]
        kinds = {row[1]: row[2] for row in store.execute("SELECT * FROM pragma_table_info(?)", (layer,))}
        assert (kinds[first], kinds[last]) == ("DATE", "DATE"), layer
        query = f"SELECT count(*) FROM {layer} WHERE ({first} <= :d OR {first} IS NULL) AND ({last} >= :d OR {last} IS NULL)"  # noqa: S608 - columns of our own file
        return int(store.execute(query, {"d": day.isoformat()}).fetchone()[0])


# what of a_result() is so on a day: periods of places, their faces, claims (the one of Rawa and the one of nowhere), changes
ON_A_DAY = {
    "2014-06-20": (0, 0, 0, 0),
    "2014-06-21": (1, 2, 0, 1),
    "2017-09-30": (2, 4, 0, 1),
    "2017-11-16": (3, 6, 0, 0),
    "2017-11-17": (3, 8, 2, 1),
    "2017-11-30": (3, 8, 0, 0),
    "2017-12-01": (2, 6, 0, 0),
}


@pytest.mark.parametrize("day", sorted(ON_A_DAY))
def test_the_time_slider_of_qgis_shows_what_is_so_on_a_day_in_every_layer(tmp_path: Path, day: str) -> None:
    path = tmp_path / "control.gpkg"
    export(a_result(), path)
    layers = ("places", "territory", "claims", "changes")
    assert tuple(shown_on(path, layer, date.fromisoformat(day)) for layer in layers) == ON_A_DAY[day]


def test_a_style_names_only_columns_that_its_layer_has(tmp_path: Path) -> None:
    path = tmp_path / "control.gpkg"
    export(a_result(), path)
    with sqlite3.connect(path) as store:
        for layer, text in store.execute("SELECT f_table_name, styleQML FROM layer_styles").fetchall():
            tree = ET.fromstring(text.partition("\n")[2])
            temporal = tree.find("temporal")
            assert temporal is not None
            said = [rule.attrib["filter"] for rule in tree.iter("rule")] + [tree.findtext("mapTip") or ""]
            said += [temporal.attrib["startExpression"], temporal.attrib["endExpression"]]
            named = {column for words in said for column in re.findall(r'"([a-z_0-9]+)"', words)}
            columns = {row[1] for row in store.execute("SELECT * FROM pragma_table_info(?)", (layer,))}
            assert "name" in named
            assert named <= columns, layer


@pytest.mark.parametrize(
    "char", ["\x01", "\x0b", "\x1b", "\ufffe", "\x7f", "\x85", "\n", "'", "\\", '"', "]]>", "&#1;"]
)
def test_any_letter_in_an_actors_name_or_id_leaves_a_style_that_matches_it(tmp_path: Path, char: str) -> None:
    name = f"Front{char}<b>of</b>"
    found = a_result()
    actors = {ActorId(str(i) + char): replace(a, id=ActorId(str(i) + char), name=name) for i, a in found.actors.items()}
    periods = tuple(
        replace(
            p,
            actor_id=ActorId(str(p.actor_id) + char),
            other_id=ActorId(str(p.other_id) + char) if p.other_id else p.other_id,
        )
        for p in found.timeline.periods
    )
    path = tmp_path / "control.gpkg"
    export(replace(found, actors=actors, timeline=replace(found.timeline, periods=periods), territory=None), path)
    with sqlite3.connect(path) as store:
        held = {row[0] for row in store.execute("SELECT actor FROM places")}
        for layer, text in store.execute("SELECT f_table_name, styleQML FROM layer_styles").fetchall():
            tree = ET.fromstring(text.partition("\n")[2])
            if layer == "places":  # QGIS' literals and || are SQL's, but for the backslash
                tests = [
                    rule.attrib["filter"].replace("\\\\", "\\") for rule in tree.iter("rule") if "filter" in rule.attrib
                ]
                tests = [test for test in tests if test != "ELSE"]
                shown = {row[0] for test in tests for row in store.execute(f"SELECT actor FROM places WHERE {test}")}  # noqa: S608 - our own style
                assert shown == held, tests
                assert [rule for rule in tree.iter("rule") if "<b>of</b>" in rule.attrib.get("label", "")]


@pytest.mark.parametrize("words", ["<img src=x onerror=y>", "Rawa & <b>Ana</b>", "&lt;script&gt;", "[% 1 + 1 %]"])
def test_a_map_tip_shows_the_words_of_a_name_and_is_no_markup(tmp_path: Path, words: str) -> None:
    found = a_result()
    places = {i: replace(place, name=words) for i, place in found.places.items()}
    actors = {i: replace(actor, name=words) for i, actor in found.actors.items()}
    claims = tuple(replace(c, place_text=words, when=replace(c.when, edtf=words)) for c in found.claims)
    path = tmp_path / "control.gpkg"
    export(replace(found, places=places, actors=actors, claims=claims), path)
    with sqlite3.connect(path) as store:
        for layer, text in store.execute("SELECT f_table_name, styleQML FROM layer_styles").fetchall():
            tip = ET.fromstring(text.partition("\n")[2]).findtext("mapTip") or ""
            for expression in re.findall(r"\[%(.*?)%\]", tip):  # replace() is the same in QGIS and in SQL
                for (shown,) in store.execute(f"SELECT {expression} FROM {layer}"):  # noqa: S608 - our own style
                    assert not set(shown or "") & set("<>")
            column = "name" if layer != "claims" else "edtf"
            (expression,) = [each for each in re.findall(r"\[%(.*?)%\]", tip) if f'"{column}"' in each]
            shown = {unescape(row[0]) for row in store.execute(f"SELECT {expression} FROM {layer}")}  # noqa: S608
            assert words in shown


def test_a_shapefile_keeps_its_side_files_together(tmp_path: Path) -> None:
    path = tmp_path / "out" / "control.shp"
    export(a_result(), path)
    assert {p.name for p in path.parent.iterdir()} == {f"control.{s}" for s in ("shp", "shx", "dbf", "prj", "cpg")}


def test_kml_has_a_time_span_for_each_placemark_and_zips_to_kmz(tmp_path: Path) -> None:
    path = tmp_path / "control.kml"
    count = export(a_result(words=HOSTILE), path)
    tree = ET.parse(path)
    marks = list(tree.iter(f"{KML}Placemark"))
    assert len(marks) == count > 0
    order = ["name", "description", "TimeSpan", "styleUrl", "ExtendedData"]
    styles = {f"#{s.attrib['id']}" for s in tree.iter(f"{KML}Style")}
    for mark in marks:
        assert [child.tag.removeprefix(KML) for child in mark][:5] == order
        begin = mark.find(f"{KML}TimeSpan/{KML}begin")
        assert begin is not None
        date.fromisoformat(begin.text or "")
        assert mark.findtext(f"{KML}styleUrl") in styles
        assert "<img" not in (mark.findtext(f"{KML}description") or "")
    export(a_result(), tmp_path / "control.kmz")
    with zipfile.ZipFile(tmp_path / "control.kmz") as archive:
        assert archive.namelist() == ["doc.kml"]
        ET.fromstring(archive.read("doc.kml"))


@pytest.mark.parametrize("shape", ["", "cells", "dissolved", "points", "claims"])
def test_kml_keeps_the_schema_of_its_standard(tmp_path: Path, shape: str) -> None:
    """OGC's own schema, which the development dependency fastkml carries."""
    rules = Path(fastkml.__file__).parent / "schema" / "ogckml22.xsd"
    schema = etree.XMLSchema(etree.parse(rules))
    path = tmp_path / "control.kml"
    count = export(a_result(words=HOSTILE), path, shape=shape)
    document = etree.parse(path)
    assert schema.validate(document), schema.error_log
    spans = document.findall(f".//{KML}TimeSpan")
    assert len(spans) == count
    for span in spans:
        begin, end = (span.findtext(f"{KML}{name}") for name in ("begin", "end"))
        assert date.fromisoformat(begin) <= (date.fromisoformat(end) if end else date.max)
    # the schema does see what is wrong
    mark = next(document.iter(f"{KML}Placemark"))
    mark.append(mark[0])
    assert not schema.validate(document)


@pytest.mark.parametrize("shape", ["cells", "dissolved", "points", "both", "claims"])
def test_a_public_linter_finds_nothing_in_our_geojson(tmp_path: Path, shape: str) -> None:
    node, modules = shutil.which("node"), Path(__file__).resolve().parent.parent / "node_modules"
    if node is None or not (modules / "@placemarkio" / "check-geojson").is_dir():
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail("check-geojson is missing and CI=true: npm install")
        pytest.skip("check-geojson is not in node_modules: npm install")
    lint = (
        "const c = require(process.argv[1] + '/@placemarkio/check-geojson');"
        "console.log(JSON.stringify(c.getIssues(require('node:fs').readFileSync(0, 'utf8'))))"
    )
    path = tmp_path / "control.geojson"
    export(a_result(words=HOSTILE), path, shape=shape)
    text = path.read_text(encoding="utf-8")
    for written, wanted in ((text, True), (text.replace('"FeatureCollection"', '"FeaturePile"'), False)):
        run = subprocess.run(
            [node, "-e", lint, str(modules)], input=written, capture_output=True, text=True, check=True, timeout=60
        )
        assert (json.loads(run.stdout) == []) is wanted, run.stdout


def test_claims_are_a_shape_of_their_own_in_every_format(tmp_path: Path) -> None:
    result = a_result()
    for suffix in WRITERS:
        assert export(result, tmp_path / f"claims{suffix}", shape="claims") == len(result.claims), suffix
    with pytest.raises(ExportError, match="no --at"):
        export(result, tmp_path / "claims.geojson", shape="claims", at=date(2017, 1, 1))


def test_no_cell_of_a_csv_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "control.csv"
    export(a_result(words=HOSTILE), path)
    with path.open(encoding="utf-8", newline="") as text:
        found = list(csv.DictReader(text))
    assert any("{{7*7}}" in row["name"] for row in found), "the words are kept"
    for row in found:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell


def test_only_web_addresses_are_sources(tmp_path: Path) -> None:
    result = a_result()
    bad = replace(result.claims[0], source=replace(result.claims[0].source, url="javascript:alert(1)"))
    path = tmp_path / "p.geojson"
    export(replace(result, claims=(bad,)), path, shape="points")
    assert "javascript" not in path.read_text()


@given(st.text(max_size=60))
@settings(max_examples=25, deadline=None)
def test_any_words_survive_in_a_geopackage_and_in_kml(tmp_path_factory: pytest.TempPathFactory, words: str) -> None:
    words = words.encode("utf-8", "ignore").decode()
    folder = tmp_path_factory.mktemp("words")
    export(a_result(words=words, territory=False), folder / "w.gpkg")
    with sqlite3.connect(folder / "w.gpkg") as store:
        assert store.execute("SELECT quote FROM claims WHERE id = 'c1'").fetchone()[0] == words.replace("\x00", "")
    export(a_result(words=words), folder / "w.kml")
    ET.parse(folder / "w.kml")


# -- wishes that cannot be met ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("x.docx", {}, ".docx"),
        ("x.geojson", {"every": "decade"}, "quarter"),
        ("x.geojson", {"shape": "hexagons"}, "dissolved"),
        ("x.geojson", {"at": date(2017, 1, 1), "every": "day"}, "exclude"),
        ("x.geojson", {"start": date(2017, 1, 2), "end": date(2017, 1, 1)}, "empty"),
        ("x.fgb", {"shape": "both"}, "not both"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_with_a_remedy(
    tmp_path: Path, name: str, options: dict[str, Any], says: str
) -> None:
    with pytest.raises(ExportError, match=re.escape(says)):
        export(a_result(), tmp_path / name, **options)
    assert not list(tmp_path.iterdir()), "nothing half-written is left behind"


def test_an_old_file_survives_a_failed_export(tmp_path: Path) -> None:
    path = tmp_path / "x.fgb"
    path.write_text("old")
    with pytest.raises(ExportError):
        export(a_result(), path, shape="both")
    assert path.read_text() == "old"


# -- other programs ---------------------------------------------------------------------------------------------------


@pytest.fixture
def ogrinfo() -> str:
    program = shutil.which("ogrinfo")
    if program is None:
        pytest.skip("ogrinfo is not installed (package gdal-bin): the exports were not opened by the system's GDAL")
    return program


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".fgb", ".kml"])
def test_the_systems_gdal_opens_it(tmp_path: Path, ogrinfo: str, suffix: str) -> None:
    path = tmp_path / f"control{suffix}"
    export(a_result(words=HOSTILE), path)
    done = subprocess.run([ogrinfo, "-so", "-al", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr
    assert "Feature Count" in done.stdout


QGIS = """
import json
import sys
from qgis.core import (QgsApplication, QgsCoordinateReferenceSystem, QgsDateTimeRange, QgsExpression, QgsExpressionContext,
                       QgsExpressionContextUtils, QgsFeatureRequest, QgsMapRendererSequentialJob, QgsMapSettings,
                       QgsVectorLayer, QgsVectorLayerTemporalContext)
from qgis.PyQt.QtCore import QDate, QDateTime, QSize, QTime
application = QgsApplication([], False)
application.initQgis()
layers = []
for name in ("places", "territory", "claims", "changes"):
    layer = QgsVectorLayer(f"{sys.argv[1]}|layername={name}", name, "ogr")
    assert layer.isValid(), name
    assert layer.renderer().type() == "RuleRenderer", name
    layer.loadDefaultStyle()
    time = layer.temporalProperties()
    assert time.isActive() and (time.startField(), time.endField()) == ("begin_date", "end_date"), name
    layers.append(layer)
    context = QgsVectorLayerTemporalContext()
    context.setLayer(layer)
    for day, counts in json.loads(sys.argv[2]).items():
        start = QDateTime(QDate.fromString(day, "yyyy-MM-dd"), QTime(0, 0))
        frame = QgsDateTimeRange(start, start.addDays(1), True, False)
        request = QgsFeatureRequest().setFilterExpression(time.createFilterString(context, frame))
        found = sum(1 for _ in layer.getFeatures(request))
        assert found == counts[len(layers) - 1], (name, day, found)
    late = QDateTime(QDate(2030, 1, 1), QTime(0, 0))
    scopes = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    scopes.lastScope().setVariable("map_start_time", late)
    scopes.lastScope().setVariable("map_end_time", late.addDays(1))
    request = QgsFeatureRequest().setFilterExpression(
        time.createFilterString(context, QgsDateTimeRange(late, late.addDays(1), True, False)))
    found = sum(1 for _ in layer.getFeatures(request.setExpressionContext(scopes)))
    assert found == {"places": 2, "territory": 6}.get(name, 0), ("still so long after", name, found)
    tip = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    tip.setFeature(next(layer.getFeatures()))
    words = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), tip)
    assert words and "[%" not in words, (name, words)
pictures = []
for year in (2016, 2018):
    day = QDate(year, 1, 1)
    settings = QgsMapSettings()
    settings.setLayers(layers[:2])
    settings.setOutputSize(QSize(200, 100))
    settings.setExtent(layers[1].extent())
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    settings.setIsTemporal(True)
    settings.setTemporalRange(QgsDateTimeRange(QDateTime(day, QTime(0, 0)), QDateTime(day, QTime(23, 59))))
    drawing = QgsExpressionContext()  # as QGIS' own canvas has it
    drawing.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(drawing)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    pictures.append([image.pixel(x, y) for x in range(0, 200, 9) for y in range(0, 100, 9)])
assert pictures[0] != pictures[1], "the two dates look alike"
assert len(set(pictures[1])) > 2, "nothing is drawn"
print("well")
"""


@pytest.mark.slow
def test_qgis_opens_it_coloured_and_plays_it(tmp_path: Path) -> None:
    python = "/usr/bin/python3"
    if (
        not Path(python).exists()
        or subprocess.run([python, "-c", "import qgis"], capture_output=True, check=False).returncode
    ):
        pytest.skip("QGIS is not installed (package python3-qgis): the GeoPackage was not opened by it")
    path = tmp_path / "control.gpkg"
    export(a_result(words=HOSTILE), path)
    done = subprocess.run(
        [python, "-c", QGIS, str(path), json.dumps(ON_A_DAY)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        timeout=120,
    )
    assert "well" in done.stdout, done.stderr


@pytest.mark.parametrize("shape", ["points", "cells", "dissolved", "claims"])
@pytest.mark.parametrize("empty", [False, True])
def test_days_are_days_in_geoparquet(tmp_path: Path, shape: str, empty: bool) -> None:
    path = tmp_path / "control.parquet"
    export(Result() if empty else a_result(), path, shape=shape)
    schema = parquet.read_schema(path)
    layer = LAYERS["claims" if shape == "claims" else "places"]
    days = [column.name for column in layer if column.kind == "date"]
    assert len(days) > 2
    assert {str(schema.field(name).type) for name in days} == {"date32[day]"}
    if not empty:
        table = gpd.read_parquet(path)
        assert date(2017, 11, 17) in set(table["begin_date"])


def test_a_placemark_names_who_holds_the_place(tmp_path: Path) -> None:
    path = tmp_path / "control.kml"
    export(a_result(), path, shape="both")
    names = {mark.findtext(f"{KML}name") for mark in ET.parse(path).iter(f"{KML}Placemark")}
    assert "Rawa – controlled – Islamic State" in names
    assert "Rawa – controlled – Iraq's government" in names
    assert "The army retook Rawa. – contested – Islamic State against Iraq's government" in names
    export(a_result(), path, shape="dissolved", at=date(2017, 11, 18))
    names = {mark.findtext(f"{KML}name") for mark in ET.parse(path).iter(f"{KML}Placemark")}
    assert "Iraq's government – controlled" in names, "said once"
    export(a_result(), path, shape="claims")
    names = {mark.findtext(f"{KML}name") for mark in ET.parse(path).iter(f"{KML}Placemark")}
    assert "Rawa – captured – iraq from is" in names


def test_a_frame_has_dates_and_geometry() -> None:
    table = frame(a_result(), layer="places", at=date(2017, 11, 18))
    assert list(table["place_id"]) == ["rawa", "ana", "hit"]
    assert str(table["begin_date"].dtype).startswith("datetime64")
    assert table["end_date"].isna().sum() == 2
    with pytest.raises(ExportError):
        frame(a_result(), layer="roads")


def test_a_long_series_is_written_in_batches(tmp_path: Path) -> None:
    path = tmp_path / "long.gpkg"
    first = date(2014, 6, 21)
    days = (date(2018, 1, 1) - first).days
    export(a_result(), path, every="day", start=first, end=first + timedelta(days=days), shape="cells")
    with sqlite3.connect(path) as store:
        assert store.execute("SELECT count(DISTINCT begin_date) FROM territory").fetchone()[0] == days
        assert store.execute("SELECT count(*) FROM rtree_territory_geom").fetchone()[0] > 2 * days


def test_shapes_are_what_the_cells_are() -> None:
    table = frame(a_result(), layer="territory", at=date(2017, 11, 18))
    assert all(shapely.is_valid(table.geometry))
    assert shapely.area(table.geometry.values).sum() == pytest.approx(8 * 0.25)


if __name__ == "__main__":
    for golden in ("periods.geojson", "day.geojson", "places.csv", "periods.kml"):
        export(a_result(), GOLDEN / golden, **GOLDEN_OPTIONS.get(golden, {}))
