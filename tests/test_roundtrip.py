"""What mapper exports for GIS programs it reads back with nothing lost."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import mapper
from mapper import bounded
from mapper.cli import app
from mapper.config import default_config
from mapper.export import WRITERS, export
from mapper.model import (
    Actor,
    ActorId,
    ArticleId,
    Basis,
    Claim,
    ClaimId,
    Extent,
    Modality,
    Period,
    Place,
    PlaceId,
    Predicate,
    Quote,
    Result,
    ShareClaim,
    Source,
    Status,
    Timeline,
    When,
)
from mapper.records import gis, read_table

ACTORS = (Actor(id=ActorId("is"), name="Islamic State"), Actor(id=ActorId("iraq"), name="Iraqi government"))
PLACES = {
    PlaceId(place_id): place
    for place_id, place in {
        "geonames:1": Place(
            id=PlaceId("geonames:1"), name="Rawa", lat=34.4778, lon=41.917, country="IQ", names=("راوة",)
        ),
        "table:hit": Place(id=PlaceId("table:hit"), name="Hīt, =1+1", lat=33.6, lon=-0.1, population=7, radius_km=2.5),
        "admin1:x": Place(
            id=PlaceId("admin1:x"), name="Anbar", lat=32.5, lon=41.5, feature_class="A", feature_code="ADM1"
        ),
    }.items()
}
CSV = """date,place,lat,lon,country,predicate,actor,other,extent,publisher,quote,share
2014-06-17,Rawa,34.4778,41.9170,IQ,captured,is,iraq,,Daily,"=cmd, ""they"" took
it",
2016-10,Hit,33.64,42.82,IQ,captured,iraq,is,part,Daily,Hit was retaken,
2017-11-17/2017-11-19,Rawa,34.4778,41.9170,IQ,captured,iraq,is,,Weekly,Rawa was retaken,
2017-11-20,Iraq,,,IQ,lost,,is,,Weekly,they lost 95%,0.95
"""

# XML has no words for other control characters, so KML leaves them out
words = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff", include_characters="\t\n\r"
    ),
    max_size=12,
)
dates = st.dates(date(1900, 1, 1), date(2090, 1, 1))
place_ids = st.sampled_from(sorted(PLACES))


@st.composite
def whens(draw: st.DrawFn) -> When:
    earliest, latest = draw(st.none() | dates), draw(st.none() | dates)
    if earliest and latest and latest <= earliest:
        latest = earliest + timedelta(days=draw(st.integers(1, 500)))
    if earliest is None and latest is None:
        return When()
    return When(
        earliest=earliest,
        latest=latest,
        edtf=draw(st.sampled_from(["", "2017-07", "2014/2015~"])),
        basis=draw(st.sampled_from(["clause", "table", ""])),
    )


@st.composite
def said(draw: st.DrawFn) -> dict[str, object]:
    article = ArticleId(draw(st.sampled_from(["a", "b:1"])))
    return {
        "actor_id": ActorId(draw(st.sampled_from(["", "is", "new-one"]))),
        "actor_text": draw(words),
        "when": draw(whens()),
        "modality": draw(st.sampled_from(Modality)),
        "extent_wording": draw(words),
        "said_by": draw(words),
        "quote": Quote(
            article_id=article, start=draw(st.integers(0, 9)), end=draw(st.integers(9, 99)), text=draw(words)
        ),
        "note": draw(words),
        "source": Source(
            article_id=draw(st.sampled_from([article, ArticleId("other")])),
            publisher=draw(words),
            url=draw(st.sampled_from(["", "https://example.org/a?p=1", "http://example.org/b"])),
            published=draw(st.none() | dates),
            title=draw(words),
        ),
        "rule": draw(words),
        "confidence": draw(st.floats(0, 1)),
        "review": draw(st.sampled_from(["", "ok", "wrong", "edited"])),
    }


@st.composite
def results(draw: st.DrawFn) -> Result:
    claims = tuple(
        Claim(
            id=ClaimId(f"c{number}"),
            place_id=draw(place_ids),
            place_text=draw(words.filter(bool)),
            predicate=draw(st.sampled_from(Predicate)),
            other_id=ActorId(draw(st.sampled_from(["", "iraq"]))),
            other_text=draw(words),
            extent=draw(st.sampled_from(Extent)),
            implies=tuple(draw(st.lists(st.sampled_from(["holder_before", "last_in:x"]), max_size=2, unique=True))),
            **draw(said()),
        )
        for number in range(draw(st.integers(1, 3)))
    )
    shares = tuple(
        ShareClaim(
            id=ClaimId(f"s{number}"),
            region=tuple(draw(st.lists(place_ids, max_size=2, unique=True))),
            region_text=draw(words),
            lost=draw(st.booleans()),
            fraction=draw(st.floats(0, 1)) if number else None,
            km2=None if number else draw(st.floats(0, 1e7)),
            baseline=draw(whens()),
            **draw(said()),
        )
        for number in range(draw(st.integers(0, 2)))
    )
    return Result(claims=claims, share_claims=shares, places=PLACES, actors={a.id: a for a in ACTORS})


# what of the writers holds claims whole: a Shapefile cuts texts
WHOLE = sorted(set(WRITERS) - {".shp"})


@given(results(), st.sampled_from([("a.gpkg", ""), *((f"a{suffix}", "claims") for suffix in WHOLE)]))
@settings(max_examples=120, deadline=None)
def test_exported_claims_come_back_with_their_shares_and_places(result: Result, way: tuple[str, str]) -> None:
    name, shape = way
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        export(result, path, shape=shape)
        back = read_table(path, name=name, actors=ACTORS)
    said, shares = result.claims, result.share_claims
    found, found_shares = back.claims, back.share_claims
    if name == "a.fgb":  # its index orders rows by where they lie
        found, found_shares = (tuple(sorted(each, key=lambda c: c.id)) for each in (found, found_shares))
    assert found == said
    assert found_shares == shares
    used = {c.place_id for c in result.claims} | {r for s in result.share_claims for r in s.region}
    assert back.places == {i: p for i, p in PLACES.items() if i in used}
    assert [i.code for i in back.issues if i.level == "error"] == []


@st.composite
def periods(draw: st.DrawFn) -> tuple[Period, ...]:
    found = []
    for place_id in draw(st.lists(place_ids, min_size=1, max_size=3, unique=True)):
        day = draw(dates)
        for _ in range(draw(st.integers(1, 3))):
            length = draw(st.integers(1, 900))
            found.append(
                Period(
                    place_id=PlaceId(place_id),
                    status=draw(st.sampled_from(Status)),
                    actor_id=ActorId(draw(st.sampled_from(["", "is", "iraq"]))),
                    other_id=ActorId(draw(st.sampled_from(["", "iraq"]))),
                    start=day,
                    start_latest=day + timedelta(days=draw(st.integers(0, length - 1))),
                    end=day + timedelta(days=length),
                    start_precision=draw(st.sampled_from(["day", "week", "month", "interval"])),
                    basis=draw(st.sampled_from(Basis)),
                    confidence=draw(st.floats(0, 1)),
                    claim_ids=tuple(
                        map(ClaimId, draw(st.lists(st.sampled_from(["c1", "c2"]), max_size=2, unique=True)))
                    ),
                )
            )
            day += timedelta(days=length + draw(st.integers(0, 9)))
        if draw(st.booleans()):
            found[-1] = replace(found[-1], end=None)
    return tuple(found)


@given(periods(), st.sampled_from(sorted(WRITERS)))
@settings(max_examples=120, deadline=None)
def test_periods_without_claims_come_back_from_every_format(made: tuple[Period, ...], suffix: str) -> None:
    result = Result(timeline=Timeline(periods=made), places=PLACES, actors={a.id: a for a in ACTORS})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        export(result, path)
        back = read_table(path, name=path.name, actors=ACTORS)
    found = list(back.periods)
    if suffix == ".fgb":  # its index orders rows by where they lie
        found.sort(key=lambda p: ([m.place_id for m in made].index(p.place_id), p.start))
    if suffix == ".shp":  # dBase writes fifteen decimals
        assert [p.confidence for p in found] == pytest.approx([p.confidence for p in made])
        found = [replace(p, confidence=m.confidence) for p, m in zip(found, made, strict=True)]
    assert tuple(found) == made
    for place_id in {p.place_id for p in made}:
        there, here = back.places[place_id], PLACES[place_id]
        assert (there.name, there.country) == (here.name, here.country)
        if not here.is_region:
            assert (there.lat, there.lon) == (here.lat, here.lon)
    assert [i.code for i in back.issues if i.level in ("error", "warning")] == []


TOLD = """date,place,lat,lon,country,predicate,actor,other
2014-06-20,Anbar,,,IQ,captured,is,iraq
2014-06-21,Rawa,34.4778,41.9170,IQ,captured,is,iraq
2015-06-20,Front Camp,33.1,41.1,,captured,New Front,is
2016-10,Hit,33.64,42.82,IQ,contested,iraq,is
2017-11-17/2017-11-19,Rawa,34.4778,41.9170,IQ,captured,iraq,is
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[mapper.Result, Path, str]:
    """A province, towns, a camp of ones own and an actor nobody knows; with the timeline as the command writes it."""
    table = tmp_path_factory.mktemp("told") / "claims.csv"
    table.write_text(TOLD, encoding="utf-8")
    return mapper.run(table), table, timeline(table)


def timeline(path: Path) -> str:
    done = CliRunner().invoke(app, ["timeline", str(path)])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("suffix", sorted(WRITERS))
@pytest.mark.parametrize("shape", ["claims", "points"])
def test_every_format_is_read_back_to_the_same_timeline(
    tmp_path: Path, told: tuple[mapper.Result, Path, str], suffix: str, shape: str
) -> None:
    result, _, wanted = told
    path = tmp_path / f"a{suffix}"
    export(result, path, shape=shape)
    if (suffix, shape) == (".shp", "claims"):
        back = read_table(path, name="a.shp")
        assert (back.claims, [i.code for i in back.issues]) == ((), ["claims-cut"])
        assert "--shape claims as .csv" in back.issues[0].message
        return
    assert timeline(path) == wanted
    assert wanted.count("Anbar") == 2, "a province is on the timeline too"
    back = read_table(path, name=path.name, actors=default_config().actors)
    assert [i.code for i in back.issues] == []
    assert [a.name for a in back.actors] == ["New Front"], "the name of an actor nobody knows comes along"


@pytest.mark.parametrize("suffix", sorted(set(WRITERS) - {".gpkg"}))
@pytest.mark.parametrize("shape", ["cells", "dissolved"])
def test_areas_are_refused_by_name_with_the_way_to_do_it(
    tmp_path: Path, told: tuple[mapper.Result, Path, str], suffix: str, shape: str
) -> None:
    path = tmp_path / f"a{suffix}"
    export(told[0], path, shape=shape)
    back = read_table(path, name=path.name)
    assert (back.claims, back.periods) == ((), ())
    (issue,) = back.issues
    assert (issue.level, issue.code, issue.file) == ("error", "areas-not-read", path.name)
    assert "--shape points or --shape claims" in issue.message


@pytest.mark.parametrize(("suffix", "shape"), [(".geojson", "both"), (".geojsonl", "both"), (".kml", ""), (".kmz", "")])
def test_of_a_file_with_areas_and_points_the_points_are_read(
    tmp_path: Path, told: tuple[mapper.Result, Path, str], suffix: str, shape: str
) -> None:
    path = tmp_path / f"a{suffix}"
    export(told[0], path, shape=shape)
    assert timeline(path) == told[2]


@pytest.mark.parametrize("suffix", sorted(WRITERS))
def test_slices_of_time_are_refused_because_their_periods_are_cut(
    tmp_path: Path, told: tuple[mapper.Result, Path, str], suffix: str
) -> None:
    bare = replace(told[0], claims=())  # beside its claims a GeoPackage's periods are not needed
    path = tmp_path / f"a{suffix}"
    export(bare, path, every="month", shape="points")
    back = read_table(path, name=path.name)
    assert (back.periods, [i.code for i in back.issues]) == ((), ["slices-not-read"])
    assert "without --every" in back.issues[0].message


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".shp"])
def test_points_that_a_gis_program_saved_again_with_heights_are_where_they_were(
    tmp_path: Path, told: tuple[mapper.Result, Path, str], suffix: str
) -> None:
    result = replace(told[0], claims=())
    export(result, tmp_path / f"flat{suffix}", shape="points")
    flat, high = tmp_path / f"flat{suffix}", tmp_path / f"a{suffix}"
    meta, _, shapes, values = pyogrio.raw.read(flat, **({"layer": "places"} if suffix == ".gpkg" else {}))
    raised = shapely.to_wkb(shapely.force_3d(shapely.from_wkb(shapes), 250), flavor="iso")
    pyogrio.raw.write(
        high,
        raised,
        values,
        meta["fields"],
        layer="places",
        geometry_type="Point Z",
        crs=meta["crs"],
        encoding="utf-8",
        **(
            {"SPATIAL_INDEX": "NO"} if suffix == ".fgb" else {}
        ),  # else the format has no room for a row without a point
    )
    back = read_table(high, name=high.name)
    found = {place.name: (place.lat, place.lon) for place in back.places.values()}
    assert found["Rawa"] == (34.4778, 41.917)
    assert found["Front Camp"] == (33.1, 41.1)
    assert len(back.periods) == len(result.timeline.periods)


def test_a_program_reads_an_export_as_the_command_does(tmp_path: Path, told: tuple[mapper.Result, Path, str]) -> None:
    for name in ("a.kml", "a.json"):
        export(told[0], tmp_path / name, shape="points")
        assert mapper.run(tmp_path / name).timeline == told[0].timeline


def test_a_map_of_one_day_is_read_as_what_held_on_it(tmp_path: Path, told: tuple[mapper.Result, Path, str]) -> None:
    path = tmp_path / "a.geojson"
    export(told[0], path, at=date(2015, 1, 1), shape="points")
    back = read_table(path, name=path.name)
    assert set(back.periods) == {p for p in told[0].timeline.periods if p.covers(date(2015, 1, 1))}


def test_a_file_of_points_may_come_from_standard_input(told: tuple[mapper.Result, Path, str], tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    export(told[0], path, shape="points")
    done = CliRunner().invoke(app, ["timeline", "-"], input=path.read_bytes())
    assert done.stdout == told[2], done.output


def test_the_map_of_a_folder_is_not_made_of_the_maps_that_lie_in_it(
    tmp_path: Path, told: tuple[mapper.Result, Path, str]
) -> None:
    (tmp_path / "claims.csv").write_text(TOLD, encoding="utf-8")
    export(told[0], tmp_path / "control.geojson")
    export(told[0], tmp_path / "control.kml")
    done = CliRunner().invoke(app, ["timeline", str(tmp_path)])
    assert done.stdout == told[2], done.output


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.geojson", '{"type": "FeatureCollection", "features": [\n{"type": "Feature"', "table-unreadable"),
        ("a.geojson", '{"type": "FeatureCollection", "features": []}', "table-empty"),
        ("a.geojson", '{"type": "Topology",\n "objects": {}}', "table-unreadable"),
        (
            "a.geojson",
            '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "x"}, "geometry": null}]}',
            "columns-missing",
        ),
        ("a.kml", "<kml><Document><Placemark><name>x</name></Placemark></Document></kml>", "not-exported"),
        ("a.kml", "<kml><Document>", "table-unreadable"),
        ("a.kml", "<kml><Document></Document></kml>", "table-empty"),
        ("a.kml", "<Placemark><name>x</name></Placemark>", "not-exported"),
        ("a.kmz", "no archive", "table-unreadable"),
        ("a.fgb", "no map", "table-unreadable"),
        ("a.shp", "no map", "table-unreadable"),
    ],
)
def test_what_is_no_map_of_ours_is_refused_with_a_reason(tmp_path: Path, name: str, text: str, code: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    back = read_table(tmp_path / name, name=name)
    assert (back.claims, back.periods, [i.code for i in back.issues]) == ((), (), [code])
    assert CliRunner().invoke(app, ["timeline", str(tmp_path / name)]).exit_code == 1


@pytest.mark.parametrize("suffix", [".geojson", ".geojsonl", ".kml", ".kmz", ".fgb", ".shp", ".parquet"])
def test_a_map_that_is_cut_off_or_damaged_says_so(
    tmp_path: Path, told: tuple[mapper.Result, Path, str], suffix: str
) -> None:
    path = tmp_path / f"a{suffix}"
    export(told[0], path, shape="points")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    assert [i.level for i in read_table(path, name=path.name).issues][-1:] == ["error"]
    if suffix in (".fgb", ".shp", ".parquet"):
        return  # what other libraries make of damage is theirs
    for at in range(0, len(whole), max(1, len(whole) // 40)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x15]) + whole[at + 1 :])
        read_table(path, name=path.name)  # whatever it says, it does not fall over


def kmz(path: Path, text: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", text)
    return path


@pytest.mark.parametrize("suffix", [".kml", ".kmz"])
def test_a_kml_that_unpacks_to_more_than_the_bound_is_read_up_to_it(
    tmp_path: Path, told: tuple[mapper.Result, Path, str], monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    path = tmp_path / f"a{suffix}"
    export(told[0], path, shape="claims")
    text = (path.read_text() if suffix == ".kml" else zipfile.ZipFile(path).read("doc.kml").decode()).rstrip()
    end = text.index("</Placemark>") + len("</Placemark>")
    longer = text[:end] + " " * 200_000 + text[end:]
    path = kmz(path, longer) if suffix == ".kmz" else path
    if suffix == ".kml":
        path.write_text(longer)
    assert len(read_table(path, name=path.name).claims) == 5
    monkeypatch.setattr(gis, "MAX_TABLE", 100_000)
    back = read_table(path, name=path.name, actors=default_config().actors)
    assert (len(back.claims), [i.code for i in back.issues if i.level == "error"]) == (1, ["table-too-long"])
    assert (back.issues[-1].file, "cut it into files" in back.issues[-1].message) == (path.name, True)


@pytest.mark.parametrize(
    "filling",
    ["<Data name='x'><value>{}</value></Data>", "<!--{}-->", "<Data name='{}'/>", "<Style id='{}'/>", "{}"],
    ids=["a value", "a comment", "an attribute", "a style", "bare text"],
)
def test_one_endless_placemark_in_a_kmz_is_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filling: str
) -> None:
    monkeypatch.setattr(bounded, "MAX_LINE", 50_000)
    text = (
        "<kml><Document><Folder><Placemark>" + filling.format("x" * 200_000) + "</Placemark></Folder></Document></kml>"
    )
    back = read_table(kmz(tmp_path / "a.kmz", text), name="a.kmz")
    assert [(i.code, i.file) for i in back.issues] == [("line-too-long", "a.kmz")]
    assert "50,000 bytes" in back.issues[0].message


def test_what_a_long_kml_held_of_earlier_placemarks_is_given_back() -> None:
    folder = "<Folder>" + "<Style id='s'/><Placemark><name>x</name></Placemark>" * 20_000 + "</Folder>"
    held = []
    tracemalloc.start()
    stream = gis._Measured(io.BytesIO(f"<kml><Document>{folder * 3}</Document></kml>".encode()), "a.kml")
    for number, _ in enumerate(gis._placemarks(stream, "a.kml"), start=1):
        if number % 10_000 == 0:
            held.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert len(held) == 6
    assert held[-1] < held[0] + 100_000


@pytest.mark.parametrize("suffix", [".kml", ".kmz", ".gpkg"])
def test_more_rows_than_the_bound_are_said_to_be_left(
    tmp_path: Path, told: tuple[mapper.Result, Path, str], monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    path = tmp_path / f"a{suffix}"
    export(told[0], path, shape="claims")
    monkeypatch.setattr(bounded, "MAX_ROWS", 2)
    back = read_table(path, name=path.name)
    assert len(back.claims) == 2
    assert [(i.code, i.line) for i in back.issues if i.level == "error"] == [("table-too-long", 3)]
    assert "more than 2 rows" in back.issues[-1].message


@pytest.mark.parametrize("suffix", [".fgb", ".shp", ".SHP"])
def test_a_layer_that_is_read_whole_has_bounds(
    tmp_path: Path, told: tuple[mapper.Result, Path, str], monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    path = tmp_path / f"a{suffix.lower()}"
    export(told[0], path, shape="points")
    if suffix == ".SHP":
        for part in list(tmp_path.glob("a.*")):
            part.rename(tmp_path / part.name.upper())
        path = tmp_path / "A.SHP"
    whole = read_table(path, name=path.name)
    assert (len(whole.periods) > 3, whole.issues) == (True, ())
    monkeypatch.setattr(bounded, "MAX_ROWS", 3)
    (issue,) = read_table(path, name=path.name).issues
    assert (issue.code, issue.file, "mapper reads 3" in issue.message) == ("table-too-long", path.name, True)
    monkeypatch.setattr(bounded, "MAX_ROWS", 1000)
    beside = 0 if suffix == ".fgb" else path.with_suffix(".DBF" if suffix == ".SHP" else ".dbf").stat().st_size
    monkeypatch.setattr(gis, "MAX_LAYER", path.stat().st_size + max(0, beside - 1) - (not beside))
    (issue,) = read_table(path, name=path.name).issues
    assert (issue.code, ".gpkg" in issue.message) == ("table-too-long", True)


def test_a_layer_that_says_it_has_more_features_than_bytes_is_damaged(
    tmp_path: Path, told: tuple[mapper.Result, Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    export(told[0], tmp_path / "a.fgb", shape="points")
    monkeypatch.setattr(pyogrio, "read_info", lambda _: {"features": 10**12})
    (issue,) = read_table(tmp_path / "a.fgb", name="a.fgb").issues
    assert (issue.code, "damaged" in issue.message) == ("table-unreadable", True)


def test_a_slice_that_comes_late_takes_back_what_came_before(tmp_path: Path) -> None:
    columns = "feature_id,place_id,name,lat,lon,status,actor,actor_name,start,begin_date,basis,claim_ids,zone,since"
    rows = [f"1,geonames:{n},Town,34,42,controlled,new-{n},New {n},2017-11-17,2017-11-17,stated,,," for n in range(9)]
    late = "1,geonames:99,Town,34,42,controlled,iraq,,2017-11-01,2017-11-17,stated,,,2017-11-17"
    for at in (0, 5, 9):
        path = tmp_path / "a.csv"
        path.write_text("\n".join([columns, *rows[:at], late, *rows[at:]]) + "\n", encoding="utf-8")
        back = read_table(path, name="a.csv")
        assert (back.periods, back.places, back.actors) == ((), {}, ())
        assert [(i.code, i.line) for i in back.issues] == [("slices-not-read", at + 2)]


def test_periods_are_read_row_by_row_however_many() -> None:
    cells = {"place_id": "geonames:1", "status": "controlled", "start": "2017-11-17", "geometry": "00" * 5000}
    given = []

    def rows() -> Iterator[tuple[int, dict[str, str]]]:
        for number in range(3):
            given.append(number)
            yield number, dict(cells)

    for number, (_, period) in enumerate(gis._periods(rows(), "a.kml")):
        assert (given[-1], "geometry" in period) == (number, False)


def test_points_of_others_are_a_table_like_any_other(tmp_path: Path) -> None:
    feature = {
        "type": "Feature",
        "properties": {"date": "2017-11-17", "place": "Post 4", "predicate": "captured", "actor": "iraq"},
        "geometry": {"type": "Point", "coordinates": [41.5, 33.5]},
    }
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}, indent=1), encoding="utf-8")
    back = read_table(path, name=path.name, actors=ACTORS)
    (place,) = back.places.values()
    assert (place.name, place.lat, place.lon) == ("Post 4", 33.5, 41.5)
    assert [c.when.edtf for c in back.claims] == ["2017-11-17"]


def test_ids_that_a_shapefile_cuts_are_left_out_with_a_word(tmp_path: Path) -> None:
    day = date(2017, 11, 17)
    ids = tuple(ClaimId(f"claim-{n:04}") for n in range(40))
    held = Period(
        place_id=PlaceId("geonames:1"),
        status=Status.CONTROLLED,
        actor_id=ActorId("is"),
        start=day,
        start_latest=day,
        claim_ids=ids,
    )
    export(Result(timeline=Timeline(periods=(held,)), places=PLACES), tmp_path / "a.shp")
    back = read_table(tmp_path / "a.shp", name="a.shp", actors=ACTORS)
    (period,) = back.periods
    assert period.claim_ids == ids[: len(period.claim_ids)]
    assert len(period.claim_ids) > 20
    assert [i.code for i in back.issues] == ["text-cut"]


def test_the_timeline_of_an_exported_geopackage_is_that_of_the_claims_it_was_made_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("claims.csv").write_text(CSV, encoding="utf-8")
    run = CliRunner().invoke
    assert run(app, ["export", "claims.csv", "-o", "a.gpkg"]).exit_code == 0
    first, second = run(app, ["timeline", "claims.csv"]), run(app, ["timeline", "a.gpkg"])
    assert first.exit_code == second.exit_code == 0, second.output
    assert first.stdout.count("\n") > 4
    assert second.stdout == first.stdout


def test_the_periods_of_a_table_come_back_beside_the_claims_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("claims.csv").write_text(CSV, encoding="utf-8")
    held = "place,lat,lon,country,start,end,status,actor\nQaim,34.37,41.09,IQ,2014-06-20,2017-11-03,controlled,is\n"
    Path("held.csv").write_text(held, encoding="utf-8")
    run = CliRunner().invoke
    assert run(app, ["export", "claims.csv", "held.csv", "-o", "a.gpkg"]).exit_code == 0
    back = read_table(Path("a.gpkg"), name="a.gpkg")
    assert [(p.start, p.end, p.actor_id) for p in back.periods] == [(date(2014, 6, 20), date(2017, 11, 3), "is")]
    both, once = run(app, ["timeline", "claims.csv", "held.csv"]), run(app, ["timeline", "a.gpkg"])
    assert once.stdout == both.stdout
    assert once.stdout.count("Qaim") == 1


def test_another_geopackage_is_refused_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "towns.gpkg"
    with sqlite3.connect(path) as store:
        store.execute("CREATE TABLE towns (fid INTEGER PRIMARY KEY, name TEXT)")
    assert [i.code for i in read_table(path, name="towns.gpkg").issues] == ["geopackage-unknown"]
    path.write_bytes(b"not a database at all" * 100)
    assert [i.code for i in read_table(path, name="towns.gpkg").issues] == ["table-unreadable"]
