from __future__ import annotations

import ast
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import mapper
from mapper.areas import basemap

TEXT = "The Iraqi army retook the town of Rawa from ISIS on 17 November 2017, officials said."


@pytest.fixture(scope="module")
def result():
    return mapper.run(TEXT, published=date(2017, 11, 18), title="Rawa")


def test_a_text_becomes_a_result_with_periods_and_areas(result) -> None:
    assert [c.predicate for c in result.claims] == ["captured"]
    assert {p.actor_id for p in result.timeline.periods} == {"is", "iraq"}
    assert result.territory is not None


def test_the_result_is_a_geodataframe_when_asked(result) -> None:
    frame = result.to_frame()
    assert frame.crs.to_epsg() == 4326
    assert {"start", "end", "status", "actor", "basis", "confidence"} <= set(frame.columns)
    assert len(frame) == len(result.timeline.periods)


def test_a_notebook_shows_the_map_in_a_frame_of_its_own(result) -> None:
    shown = result._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert "<script" not in shown, "the page is escaped inside the attribute"


def test_it_saves_pages_and_gis_files(result, tmp_path: Path) -> None:
    assert result.save(tmp_path / "m.html").stat().st_size > 100_000
    assert result.save(tmp_path / "m.geojson", at=date(2017, 11, 18)).exists()


@pytest.mark.parametrize("path", ["none.txt", Path("none.txt"), Path("no folder"), [Path("none.csv"), TEXT]])
def test_a_path_that_is_not_there_is_named(path) -> None:
    with pytest.raises(FileNotFoundError, match="no"):
        mapper.run(path)


def test_a_text_that_is_no_path_is_an_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.txt").write_text(TEXT, encoding="utf-8")
    for text in ("", TEXT, " ".join([TEXT] * 100)):
        assert [a.text for a in mapper.run(text).articles] == [text] * bool(text)


def test_a_path_of_many_letters_is_a_path(tmp_path: Path) -> None:
    path = tmp_path.joinpath(*["folder" * 10] * 5, "2017-11-18.txt")
    path.parent.mkdir(parents=True)
    path.write_text(TEXT, encoding="utf-8")
    assert [a.text for a in mapper.run(str(path)).articles] == [TEXT]


def test_paths_mappings_and_articles_may_be_mixed(tmp_path: Path) -> None:
    path = tmp_path / "2017-11-18.txt"
    path.write_text(TEXT, encoding="utf-8")
    mixed = mapper.run([path, {"id": "b", "text": "Rebels captured Hit on 3 May 2016.", "published": "2016-05-04"}])
    assert len(mixed.articles) == 2


def test_every_public_name_is_there_and_the_stub_lists_the_same() -> None:
    stub = ast.parse((Path(mapper.__file__).parent / "__init__.pyi").read_text(encoding="utf-8"))
    typed = {a.asname for n in stub.body if isinstance(n, ast.ImportFrom) for a in n.names}
    assert typed | {"__version__"} == set(mapper.__all__)
    for name in mapper.__all__:
        assert getattr(mapper, name) is not None


def test_importing_mapper_loads_nothing_heavy() -> None:
    code = "import mapper, sys; print(sorted({'geopandas', 'shapely', 'folium', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_base_map_says_whose_borders_it_draws() -> None:
    assert basemap(mapper.Gazetteer.open(point_of_view="de_facto"), None)["point_of_view"] == "de_facto"
