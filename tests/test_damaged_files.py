"""Damaged, endless and absurd files at every door: an error or an issue that says so, never a traceback, never a hang."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import sqlite3
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mapper import articles, bounded
from mapper.articles import read_articles
from mapper.cli import run_main
from mapper.gazetteer import importers, readers
from mapper.gazetteer.importers import add_places
from mapper.gazetteer.store import GazetteerError, open_user_table
from mapper.model import Article, Issue
from mapper.records import looks_like_table, read_table, tables

ABSURD = "9" * 5000
HEADER = "id,name,lat,lon\n"
TABLE = "date,place,lat,lon,predicate,actor\n"
ROW = "2017-11-17,Rawa,34.48,41.91,captured,iraq\n"


def point(**properties: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [41.9, 34.5]}, "properties": properties}


def collection(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


GOOD = point(name="Tell Test")
FEATURES = {
    "properties that are a list": GOOD | {"properties": [1, 2]},
    "properties that are a text": GOOD | {"properties": "x"},
    "coordinates that are a number": GOOD | {"geometry": {"type": "Point", "coordinates": 5}},
    "coordinates that are a text": GOOD | {"geometry": {"type": "Point", "coordinates": "41,34"}},
    "coordinates of lists": GOOD | {"geometry": {"type": "Point", "coordinates": [[1], [2]]}},
    "coordinates that are no numbers": GOOD | {"geometry": {"type": "Point", "coordinates": [None, True]}},
    "a geometry without end": GOOD | {"geometry": {"type": "Point", "coordinates": [1e999, 5]}},
    "no object": 5,
    "null": None,
    "a name that is an object": point(name={"en": "Tell Test"}),
    "an id of 23 digits": point(name="Tell Wrong", id="geonames:" + "9" * 23),
    "a bare id of 23 digits": point(name="Tell Wrong", id=int("9" * 23)),
    "a radius without end": point(name="Tell Wrong", radius="inf"),
    "a radius that is no number": point(name="Tell Wrong", radius="nan"),
    "a population without end": point(name="Tell Wrong", population="1e999"),
    "a name of 5000 letters": point(name="x" * 5000),
}


@pytest.mark.parametrize("case", list(FEATURES))
def test_a_damaged_feature_costs_itself_and_later_runs_live(tmp_path: Path, case: str) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(collection(GOOD, FEATURES[case], point(name="Tell Last")))
    added = add_places(path, to=tmp_path / "out.tsv")
    assert [issue.line for issue in added.issues] == [2]
    assert len(open_user_table(added.path, cache=tmp_path / "cache").kind) == 2


def test_a_number_of_thousands_of_digits_costs_its_feature(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    absurd = json.dumps(point(name="Tell Wrong", population=-77)).replace("-77", ABSURD)
    path.write_text(f'{{"type": "FeatureCollection", "features": [{json.dumps(GOOD)}, {absurd}]}}')
    added = add_places(path, to=tmp_path / "out.tsv")
    assert (added.places, [i.code for i in added.issues]) == (1, ["bad-feature"])


def test_a_place_of_half_a_surrogate_and_ten_thousand_names_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(collection(point(name="Tell \ud800 Test", aliases=[f"Tell {i:05}" for i in range(10_000)])))
    added = add_places(path, to=tmp_path / "out.tsv")
    assert [i.code for i in added.issues] == ["too-many-names"]
    unpacked = open_user_table(added.path, cache=tmp_path / "cache")
    assert (len(unpacked.kind), len(unpacked.key)) == (1, 1001)


def test_an_id_with_leading_zeros_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEADER + "geonames:0000000000000000000000099000001,Tell Test,34.5,41.9\n")
    added = add_places(path, to=tmp_path / "out.tsv")
    assert open_user_table(added.path, cache=tmp_path / "cache").geonames.tolist() == [99000001]
    assert added.path.read_text().splitlines()[1].startswith("geonames:99000001\t")


@pytest.mark.parametrize("cell", ["geonames:" + "9" * 23, "geonames:" + ABSURD])
def test_a_table_mended_by_hand_that_cannot_be_read_is_named(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "mine.tsv"
    row = [cell, "Tell Test", "34.5", "41.9", "P", "PPL", "IQ", "", "", "", "", "", "", "", ""]
    path.write_text("\t".join(importers.HEADER) + "\n" + "\t".join(row) + "\n")
    with pytest.raises(GazetteerError, match=r"mine\.tsv.*mend this gazetteer or take it away"):
        open_user_table(path, cache=tmp_path / "cache")


@pytest.mark.parametrize("column", [2, 3, 9, 10])
@pytest.mark.parametrize("cell", ["x", "1e999", "-" * 9])
def test_a_number_mended_by_hand_that_is_none_is_named(tmp_path: Path, column: int, cell: str) -> None:
    path = tmp_path / "mine.tsv"
    row = ["user:1", "Tell Test", "34.5", "41.9", "P", "PPL", "IQ", "", "", "", "", "", "", "", ""]
    row[column] = cell
    path.write_text("\t".join(importers.HEADER) + "\n" + "\t".join(row) + "\n")
    if (column, cell) == (10, "1e999"):
        open_user_table(path, cache=tmp_path / "cache")
        return
    with pytest.raises(GazetteerError, match=r"mine\.tsv"):
        open_user_table(path, cache=tmp_path / "cache")


NO_GAZETTEERS = {
    "empty.csv": b"",
    "blank.csv": b"\n\n",
    "deep.geojson": b"[" * 100_000,
    "deep-object.json": b'{"features": ' * 3_000,
    "half.geojson": b'{"features": [{"type":',
    "list.geojson": b"[1, 2]",
    "bytes.geojson": bytes(range(256)),
    "bytes.tsv": bytes(range(256)),
    "bytes.txt": bytes(range(256)) * 9,
    "bytes.zip": b"PK\3\4" + bytes(range(256)),
    "bytes.gpkg": b"SQLite format 3\0" + bytes(range(256)) * 9,
    "none.gpkg": b"x",
    "header.tsv": b"\x00\x00\x00\x00",
    "quote.csv": b'id,name,lat,lon\nx,"' + b"y" * 3000,
}


def called(*arguments: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run_main([str(a) for a in arguments])
    return code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("name", list(NO_GAZETTEERS))
def test_a_file_that_is_no_gazetteer_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(NO_GAZETTEERS[name])
    code, _, said = called("gazetteer", "add", path, "--to", tmp_path / "out.tsv")
    assert code == 2
    assert name in said
    assert not (tmp_path / "out.tsv").exists()
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_an_encrypted_or_damaged_member_of_a_dump_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "SY.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("SY.txt", "x\t" * 4000)
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\1\2") + 8] |= 1
    raw[6] |= 1
    path.write_bytes(raw)
    assert called("gazetteer", "add", path, "--to", tmp_path / "out.tsv")[0] == 2


def geopackage(path: Path, layer: str) -> Path:
    """A GeoPackage whose only layer is made by the statement ``layer``."""
    blob = b"GP\0\1" + struct.pack("<i", 4326) + struct.pack("<BIdd", 1, 1, 41.9, 34.5)
    with contextlib.closing(sqlite3.connect(path)) as store:
        store.execute("CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER)")
        store.execute("INSERT INTO gpkg_geometry_columns VALUES ('towns', 'geom', 4326)")
        store.execute(layer)
        if layer.startswith("CREATE TABLE"):
            store.execute("INSERT INTO towns VALUES (1, ?, 'Tell Test')", (blob,))
        store.commit()
    return path


def test_a_layer_that_is_a_view_is_not_asked(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "a.gpkg", "CREATE VIEW towns AS SELECT 1 AS fid, x'00' AS geom, 'Tell Test' AS name")
    code, _, said = called("gazetteer", "add", path, "--to", tmp_path / "out.tsv")
    assert code == 2
    assert "no table but a view" in said


def test_a_layer_that_lacks_its_geometry_is_reported(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "a.gpkg", "CREATE TABLE towns (fid INTEGER, shape BLOB, name TEXT)")
    code, _, said = called("gazetteer", "add", path, "--to", tmp_path / "out.tsv")
    assert code == 2
    assert "only points are imported" in said


def test_reading_a_database_ends_after_its_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = geopackage(tmp_path / "a.gpkg", "CREATE TABLE towns (fid INTEGER, geom BLOB, name TEXT)")
    assert add_places(path, to=tmp_path / "out.tsv").places == 1
    monkeypatch.setattr(bounded, "_EVERY", 5)
    monkeypatch.setattr(bounded, "MAX_STEPS", 10)
    with pytest.raises(GazetteerError, match="interrupted"):
        add_places(path, to=tmp_path / "out.tsv")


@pytest.mark.parametrize("layer", ["claims", "places", "territory"])
def test_a_layer_of_ours_that_is_a_view_is_no_layer(tmp_path: Path, layer: str) -> None:
    path = tmp_path / "a.gpkg"
    with contextlib.closing(sqlite3.connect(path)) as store:
        store.execute(f"CREATE VIEW {layer} AS SELECT 1 AS fid, 'x' AS id")
        store.commit()
    assert [i.code for i in read_table(path, name="a.gpkg").issues] == ["geopackage-unknown"]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".txt", ".parquet", ".xlsx", ".gpkg", ".csv.gz", ".zip"])
def test_a_pipe_by_name_is_refused_and_not_waited_for(tmp_path: Path, suffix: str) -> None:
    pipe = tmp_path / f"a{suffix}"
    os.mkfifo(pipe)
    command = [sys.executable, "-B", "-m", "mapper", "timeline", str(pipe)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "pipe" in done.stderr or "cannot read" in done.stderr


def test_a_pipe_as_gazetteer_or_reviewed_table_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "a.csv"
    os.mkfifo(pipe)
    assert [i.code for i in read_table(pipe, name="a.csv").issues] == ["not-a-file"]
    with pytest.raises(GazetteerError, match="is no file"):
        add_places(pipe, to=tmp_path / "out.tsv")


def test_hidden_files_and_what_killed_writes_left_are_no_input(tmp_path: Path) -> None:
    for name in (
        "a.txt",
        ".b.txt",
        ".claims-x1y2z3a4.csv",
        "deep/c.txt",
        "deep/.git/d.txt",
        ".hidden/e.txt",
        "z/__MACOSX/f.txt",
    ):
        path = tmp_path / "news" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name} says that the army retook Rawa.")
    texts = [f.text.split()[0] for f in read_articles([str(tmp_path / "news")]) if isinstance(f, Article)]
    assert texts == ["a.txt", "deep/c.txt"]
    named = [f for f in read_articles([str(tmp_path / "news" / ".b.txt")]) if isinstance(f, Article)]
    assert len(named) == 1, "a hidden file that is named is meant"


def test_files_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    names = ["b/a.txt", "a.txt", "a/z.txt", "a-b.txt", "b.txt", "B.txt", "a/b/c.txt", "ä.txt", "a.d/x.txt"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = list(bounded.walk(tmp_path, (".txt",), "articles"))
    assert found == [str(path) for path in sorted(tmp_path / name for name in names)]


def test_a_folder_deeper_than_python_recurses_is_read(tmp_path: Path) -> None:
    here = tmp_path
    for _ in range(1200):
        here = here / "d"
        here.mkdir()
    (here / "a.txt").write_text("Rawa fell.")
    try:
        assert list(bounded.walk(tmp_path, (".txt",), "articles")) == [str(here / "a.txt")]
    finally:  # whoever clears up after the tests recurses
        (here / "a.txt").unlink()
        while here != tmp_path:
            here.rmdir()
            here = here.parent


TABLES = {
    "deep": b'{"date": ' + b"[" * 50_000,
    "deep cell": b'{"date": "2017", "place": "Rawa", "predicate": ' + b"[" * 900 + b"]" * 900 + b"}",
    "absurd": f'{{"date": "2017", "place": "Rawa", "predicate": {ABSURD}}}'.encode(),
    "open quote": b'date,place,predicate\n"2017,Rawa,captured\n',
    "header quote": b'"date,place' + b"x" * 9000,
}


@pytest.mark.parametrize("case", list(TABLES))
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.tsv"])
def test_a_damaged_table_is_an_issue(tmp_path: Path, name: str, case: str) -> None:
    path = tmp_path / name
    path.write_bytes(TABLES[case])
    looks_like_table(TABLES[case].decode(), path.suffix)
    assert read_table(path, name=name).issues


def test_a_header_cell_beyond_the_bound_is_an_issue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MAX_LINE", 1000)
    path = tmp_path / "a.tsv"
    path.write_text("x" * 5000 + "\n" + TABLE + ROW)
    table = read_table(path, name="a.tsv")
    assert len(table.claims) == 1
    assert [(i.code, i.line) for i in table.issues if i.level == "error"] == [("line-too-long", 1)]


def test_a_line_beyond_the_bound_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MAX_LINE", 200)
    path = tmp_path / "a.tsv"
    path.write_text(TABLE + ROW + "x" * 5000 + "\n" + ROW.replace("Rawa", "Hit"))
    table = read_table(path, name="a.tsv")
    assert len(table.claims) == 2
    assert [(i.code, i.line) for i in table.issues if i.level == "error"] == [("line-too-long", 3)]


def test_rows_beyond_the_bound_are_said_to_be_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MAX_ROWS", 3)
    path = tmp_path / "a.tsv"
    path.write_text(TABLE + "".join(ROW.replace("Rawa", f"Tell {i}") for i in range(9)))
    table = read_table(path, name="a.tsv")
    assert len(table.claims) == 2
    assert [i.code for i in table.issues if i.level == "error"] == ["table-too-long"]


def book(path: Path, rows: int = 3) -> Path:
    openpyxl = pytest.importorskip("openpyxl")
    made = openpyxl.Workbook()
    made.active.append(TABLE.strip().split(","))
    for i in range(rows):
        made.active.append(["2017-11-17", f"Tell {i}", 34.5 + i / 10, 41.9, "captured", "iraq"])
    made.save(path)
    return path


def repacked(path: Path, change: dict[str, object]) -> Path:
    """The workbook with some members changed by functions of their bytes."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, raw in members.items():
            made = change[name](raw) if name in change else raw  # type: ignore[operator]
            if made is not None:
                new.writestr(name, made)
    return path


SHEET = "xl/worksheets/sheet1.xml"
BOOKS = {
    "no sheet": {SHEET: lambda _: None},
    "no workbook": {"xl/workbook.xml": lambda _: None},
    "no types": {"[Content_Types].xml": lambda _: None},
    "half a sheet": {SHEET: lambda raw: raw[: len(raw) // 2]},
    "no XML": {SHEET: lambda _: b"x"},
    "empty sheet": {SHEET: lambda _: b""},
    "half a workbook": {"xl/workbook.xml": lambda raw: raw[: len(raw) // 2]},
    "no styles": {"xl/styles.xml": lambda _: b"<x"},
    "a row that is no number": {SHEET: lambda raw: raw.replace(b'<row r="2"', b'<row r="two"')},
    "a cell that is nowhere": {SHEET: lambda raw: raw.replace(b'r="B2"', b'r="2B"')},
    "a text that is not there": {SHEET: lambda raw: raw.replace(b't="inlineStr"', b't="s"').replace(b"<v>", b"<v>999")},
    "another relation": {"xl/_rels/workbook.xml.rels": lambda raw: raw.replace(b"sheet1", b"sheet9")},
}


@pytest.mark.parametrize("case", list(BOOKS))
def test_a_damaged_workbook_is_an_issue(tmp_path: Path, case: str) -> None:
    path = repacked(book(tmp_path / "a.xlsx"), BOOKS[case])
    table = read_table(path, name="a.xlsx")
    assert [i for i in table.issues if i.level == "error"]


def test_a_workbook_damaged_anywhere_is_read_or_reported(tmp_path: Path) -> None:
    raw = book(tmp_path / "a.xlsx").read_bytes()
    rng = random.Random(7)  # noqa: S311 - repeatable, not secret
    for number in range(150):
        made = bytearray(raw)
        for _ in range(rng.randrange(1, 6)):
            made[rng.randrange(len(made))] = rng.randrange(256)
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(made[: rng.randrange(len(made))] if number % 3 == 0 else made)
        table = read_table(path, name=path.name)
        assert table.claims or table.issues


def test_a_workbook_whose_size_is_a_lie_is_read_as_it_is(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    repacked(path, {SHEET: lambda raw: raw.replace(b'<dimension ref="A1:F4"', b'<dimension ref="A1:XFD1048576"')})
    assert len(read_table(path, name="a.xlsx").claims) == 3


def test_a_workbook_of_too_many_rows_or_bytes_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path / "a.xlsx", rows=9)
    monkeypatch.setattr(tables, "MAX_SHEET_ROWS", 5)
    table = read_table(path, name="a.xlsx")
    assert (len(table.claims), [i.code for i in table.issues][-1]) == (4, "table-too-long")
    monkeypatch.setattr(tables, "MAX_BOOK", 1000)
    assert [i.code for i in read_table(path, name="a.xlsx").issues] == ["table-too-long"]


def test_a_row_with_empty_cells_at_its_end_is_read_like_any_other(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    made = openpyxl.Workbook()
    made.active.append([*TABLE.strip().split(","), "note"])
    made.active.append(["2017-11-17", "Rawa", 34.48, 41.91, "captured", "iraq"])
    made.active.append(["2017-11-18", "Hit", 33.64, 42.83, "captured", "iraq", "seen"])
    made.save(tmp_path / "a.xlsx")
    assert len(read_table(tmp_path / "a.xlsx", name="a.xlsx").claims) == 2


def test_a_parquet_file_damaged_anywhere_is_read_or_reported(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    names = TABLE.strip().split(",")
    rows = [f"2017-11-17,Town {n},34.{n:02},41.{n:02},captured,iraq".split(",") for n in range(50)]
    parquet.write_table(arrow.table({n: [r[i] for r in rows] for i, n in enumerate(names)}), tmp_path / "a.parquet")
    raw = (tmp_path / "a.parquet").read_bytes()
    path = tmp_path / "b.parquet"
    path.write_bytes(raw[: len(raw) // 2])
    assert [i.code for i in read_table(path, name="b.parquet").issues] == ["table-unreadable"]
    for at in range(0, len(raw), 23):
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :])
        table = read_table(path, name="b.parquet")
        assert len(table.claims) == 50 or [i for i in table.issues if i.level == "error"], at


def test_a_geometry_written_in_words_is_not_taken_for_hex(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    columns = "feature_id,place_id,status,actor,start,begin_date,basis,claim_ids,zone,geometry"
    path.write_text(f"{columns}\n1,geonames:1,controlled,iraq,2017-11-17,2017-11-17,stated,,,POINT (1 2)\n")
    table = read_table(path, name="a.csv")
    (period,) = table.periods
    assert (period.place_id, period.actor_id) == ("geonames:1", "iraq")
    assert [i.code for i in table.issues] == ["actor-new"]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs a process that tells its memory")
def test_a_refused_article_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "2017-11-18.txt"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)  # zeros that take no room on the disk
    # ru_maxrss would count the process that called this one
    code = "import sys\nfrom pathlib import Path\nfrom mapper.cli import run_main\ncode = run_main(sys.argv[1:])\n"
    code += (
        "status = Path('/proc/self/status').read_text()\nprint(code, int(status.split('VmHWM:')[1].split()[0]) // 1024)"
    )
    command = [sys.executable, "-B", "-c", code, "claims", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    status, megabytes = map(int, done.stdout.split())
    assert status == 1
    assert "more than" in done.stderr
    assert megabytes <= 150


@pytest.mark.parametrize(("name", "bound"), [("a.txt", "MAX_PAGE"), ("a.html", "MAX_PAGE"), ("a.json", "MAX_MEMBER")])
def test_a_file_above_the_bound_of_its_kind_is_refused_unread(
    name: str, bound: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unread(*_: object, **__: object) -> None:
        pytest.fail("the file is read")

    with (tmp_path / name).open("wb") as file:
        file.truncate(getattr(bounded, bound) + 1)  # of holes: it takes no room
    monkeypatch.setattr(articles, "read_stream", unread)
    (issue,) = read_articles([str(tmp_path / name)])
    assert isinstance(issue, Issue)
    assert (issue.code, f"{getattr(bounded, bound):,}" in issue.message) == ("file-too-large", True)


def test_an_article_above_the_bound_is_an_issue_beside_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MAX_PAGE", 1000)
    (tmp_path / "a.txt").write_text("x" * 5000)
    (tmp_path / "b.txt").write_text("Rawa fell.")
    (tmp_path / "c.html").write_text("<html>" + "x" * 5000)
    found = list(read_articles([str(tmp_path)]))
    assert [f.text for f in found if isinstance(f, Article)] == ["Rawa fell."]
    assert [f.code for f in found if isinstance(f, Issue)].count("file-too-large") == 2


def test_lines_beyond_the_bound_of_a_dump_end_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MAX_ROWS", 5)
    path = tmp_path / "SY.txt"
    path.write_text("x\n" * 9)
    with pytest.raises(GazetteerError, match="more than 5 lines"):
        add_places(path, to=tmp_path / "out.tsv")
    monkeypatch.setattr(readers, "MAX_GEOJSON", 10)
    (tmp_path / "a.geojson").write_text(collection(GOOD))
    with pytest.raises(GazetteerError, match="more than 10 bytes"):
        add_places(tmp_path / "a.geojson", to=tmp_path / "out.tsv")
