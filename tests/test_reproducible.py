"""The same inputs give the same bytes, whatever the hash seed, time zone and locale; outputs say what made them."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest

import mapper
from mapper.areas.projection import LocalProjection, Points
from mapper.export import export
from mapper.webmap import render

TABLE = (
    "date,place,lat,lon,country,predicate,actor,other\n2017-11-17,Rawa,34.47,41.91,IQ,captured,iraq,is\n"
    "2017-10,Qaim,34.38,41.06,IQ,captured,iraq,is\n"
)
PLACES = (("0", "UTC", "C"), ("7", "Asia/Kathmandu", "C.UTF-8"))
# a full disk, as a program sees it: the kernel refuses to let a file grow


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    home = tmp_path_factory.mktemp("same")
    (home / "t.csv").write_text(TABLE, encoding="utf-8")
    (home / "2017-11-18.txt").write_text("The Iraqi army retook Rawa from ISIS on Friday.", encoding="utf-8")
    folders = []
    for seed, zone, language in PLACES:
        folder = home / seed
        for name in ("o.html", "o.geojson", "o.gpkg"):
            command = "map" if name == "o.html" else "export"
            subprocess.run(
                [sys.executable, "-m", "mapper", "-q", command, "t.csv", "2017-11-18.txt", "-o", str(folder / name)],
                check=True,
                cwd=home,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language},
            )
        folders.append(folder)
    return folders


@pytest.mark.slow
@pytest.mark.parametrize("name", ["o.html", "o.geojson", "o.gpkg"])
def test_bytes_do_not_depend_on_where_and_when(outputs: list[Path], name: str) -> None:
    first, second = outputs
    assert (first / name).read_bytes() == (second / name).read_bytes()


# one row a line: what share, what is said of one place by two, one name at two points, several spellings of one thing
SHUFFLED = """2014-06-17,Rawa,34.47,41.91,captured,is,iraq,A,https://a.example/1,
2017-11-17,Rawa,34.475,41.92,captured,iraq,is,B,,
2017-11-17,RAWA,34.47,41.91,captured,Some Front,is,C,,
2015-01,Hit,33.64,42.83,captured,is,,A,,
2015-01,Hit,33.64,42.83,contested,is,Other Front,B,,
2016-04-14,Hit,33.64,42.83,captured,iraq,is,B,,
2016,Anah,34.37,41.99,holds,is,,A,,
2017-09-21,Anah,34.37,41.99,captured,iraq,is,A,,
2017-09-21,Anah,34.37,41.99,captured,iraq,is,D,,
2015-06-01,Village One,34.0,42.5,presence,some front,,A,,
2015-06-01,Village One,33.0,43.5,presence,Other Front,,A,,
2015-07-01,village one,33.0,43.51,captured,is,other front,A,,
2015-08-01,Nowhere Known,,,captured,is,,A,,
2016-05,Anbar,,,lost,,is,A,,0.4
2016-07,Anbar,,,lost,,is,B,,0.5""".splitlines()
TOLD = {
    "2017-11-18.txt": "The Iraqi army retook Rawa from ISIS on Friday. Government forces captured al-Qaim on 3 November 2017.",
    "2015-03-06.txt": "Islamic State fighters seized Haditha on 5 March 2015, residents said. ISIS also captured Rutba.",
}


def _told_in(folder: Path, order: Random | None, *, split: int) -> dict[str, bytes]:
    """What the rows in two tables and the articles give; their order and that of the inputs is shuffled, if at all."""
    folder.mkdir()
    for name, text in TOLD.items():
        (folder / name).write_text(text, encoding="utf-8")
    head = "date,place,lat,lon,predicate,actor,other,publisher,url,share\n"
    for name, rows in (("t.csv", SHUFFLED[:split]), ("u.csv", SHUFFLED[split:])):
        mixed = order.sample(rows, len(rows)) if order else rows
        (folder / name).write_text(head + "\n".join(mixed) + "\n", encoding="utf-8")
    names = [name for name in ("t.csv", "u.csv", *TOLD) if name != "u.csv" or SHUFFLED[split:]]
    inputs = [str(folder / name) for name in (order.sample(names, len(names)) if order else names)]
    result = mapper.run(inputs)
    (folder / "o.html").write_text(render(result, basemap={}), encoding="utf-8")
    for suffix in ("gpkg", "geojson", "csv"):
        export(result, folder / f"o.{suffix}", shape="claims" if suffix == "csv" else "")
    return {suffix: (folder / f"o.{suffix}").read_bytes() for suffix in ("html", "gpkg", "geojson", "csv")}


@pytest.mark.slow
@pytest.mark.parametrize("split", [len(SHUFFLED), 5])
def test_bytes_do_not_depend_on_the_order_of_rows_and_inputs(tmp_path: Path, split: int) -> None:
    first = _told_in(tmp_path / "as-written", None, split=split)
    other = _told_in(tmp_path / "shuffled", Random(split), split=split)  # noqa: S311 - no secret
    assert {name for name in first if first[name] != other[name]} == set()


@pytest.mark.slow
def test_every_output_says_what_made_it(outputs: list[Path]) -> None:
    page = (outputs[0] / "o.html").read_text(encoding="utf-8")
    versions = json.loads((outputs[0] / "o.geojson").read_text(encoding="utf-8"))["versions"]
    for key in ("mapper", "gazetteer", "models", "reader", "config", "inputs"):
        assert f'"{key}":' in page
        assert versions[key]
    with contextlib.closing(sqlite3.connect(outputs[0] / "o.gpkg")) as package:
        (about,) = package.execute("SELECT description FROM gpkg_contents WHERE table_name = 'claims'").fetchone()
    assert json.loads(about) == versions


def test_areas_do_not_depend_on_the_last_digits_of_the_projection_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "claims.csv"
    rows = ["2017-11-17,Rawa,34.47,41.91,IQ,captured,iraq,is", "2017-10-29,Qaim,34.38,41.06,IQ,captured,iraq,is"]
    table.write_text("date,place,lat,lon,country,predicate,actor,other\n" + "\n".join(rows) + "\n", encoding="utf-8")
    forward, inverse = LocalProjection.forward, LocalProjection.inverse

    def drawn(metres: float) -> bytes:
        def there(self: LocalProjection, points: Points) -> Points:
            found = forward(self, points)
            return np.asarray(found + metres * np.sin(977 * found))

        def back(self: LocalProjection, points: Points) -> Points:
            found = inverse(self, points)
            return np.asarray(found + 1e-5 * metres * np.sin(1e7 * found))

        monkeypatch.setattr(LocalProjection, "forward", there)
        monkeypatch.setattr(LocalProjection, "inverse", back)
        path = tmp_path / f"{metres}.geojson"
        export(mapper.run(table), path)
        return path.read_bytes()

    assert drawn(2e-9) == drawn(0.0)
    assert drawn(2.0) != drawn(0.0), "what is two metres away is another corner"
