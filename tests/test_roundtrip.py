"""What mapper exports for GIS programs it reads back with nothing lost."""

from __future__ import annotations

import sqlite3
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import mapper
from mapper.cli import app
from mapper.export import export
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
from mapper.records import read_table

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

words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
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
            url=draw(words),
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


@given(results(), st.sampled_from([("a.gpkg", ""), ("a.gpkg", "claims"), ("a.parquet", "claims"), ("a.csv", "claims")]))
@settings(max_examples=60, deadline=None)
def test_exported_claims_come_back_with_their_shares_and_places(result: Result, way: tuple[str, str]) -> None:
    name, shape = way
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        export(result, path, shape=shape)
        back = read_table(path, name=name, actors=ACTORS)
    assert back.claims == result.claims
    assert back.share_claims == result.share_claims
    used = {c.place_id for c in result.claims} | {r for s in result.share_claims for r in s.region}
    assert back.places == {i: p for i, p in PLACES.items() if i in used}
    assert [i.code for i in back.issues if i.level == "error"] == []


@st.composite
def periods(draw: st.DrawFn) -> tuple[Period, ...]:
    found = []
    for place_id in draw(st.lists(st.sampled_from(["geonames:1", "table:hit"]), min_size=1, max_size=2, unique=True)):
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


@given(periods(), st.sampled_from([".gpkg", ".parquet"]))
@settings(max_examples=30, deadline=None)
def test_periods_without_claims_come_back_from_geopackage_and_geoparquet(made: tuple[Period, ...], suffix: str) -> None:
    result = Result(timeline=Timeline(periods=made), places=PLACES, actors={a.id: a for a in ACTORS})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        export(result, path)
        back = read_table(path, name=path.name, actors=ACTORS)
    assert back.periods == made
    for place_id in {p.place_id for p in made}:
        there, here = back.places[place_id], PLACES[place_id]
        assert (there.name, there.lat, there.lon, there.country) == (here.name, here.lat, here.lon, here.country)
    assert [i.code for i in back.issues if i.level == "error"] == []


def test_areas_in_geoparquet_come_back_as_the_periods_of_their_cells(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(CSV, encoding="utf-8")
    result = mapper.run(tmp_path / "c.csv")
    export(result, tmp_path / "a.parquet")
    back = read_table(tmp_path / "a.parquet", name="a.parquet")
    territory = result.territory
    assert territory is not None
    solid = {territory.cell_place[cell] for cell in territory.face_cell[territory.face_zone < 2].tolist()}
    wanted = {
        place_id: periods
        for place_id, periods in zip(territory.cell_place, territory.cell_periods, strict=True)
        if periods and place_id in solid
    }
    found: dict[PlaceId, list[Period]] = {}
    for period in back.periods:
        found.setdefault(period.place_id, []).append(period)
    assert {place_id: tuple(each) for place_id, each in found.items()} == {
        place_id: tuple(replace(p, place_id=place_id) for p in each) for place_id, each in wanted.items()
    }


def test_dissolved_areas_say_that_they_name_no_place(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(CSV, encoding="utf-8")
    export(mapper.run(tmp_path / "c.csv"), tmp_path / "a.parquet", at=date(2017, 1, 1))
    back = read_table(tmp_path / "a.parquet", name="a.parquet")
    assert back.periods == ()
    assert {i.code for i in back.issues} == {"place-missing"}


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
