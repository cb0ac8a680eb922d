"""The same inputs give the same map, whether a program or the command line opens them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

import mapper
from mapper.cli import run_main
from mapper.gazetteer import GazetteerError
from mapper.gazetteer.importers import add_places
from mapper.inputs import gazetteer_files, load
from mapper.records import period_rows, write_csv

EXAMPLES = Path(__file__).resolve().parent.parent / "data" / "examples"
ROWS = "date,place,predicate,actor,other\n"
VILLAGE = "name,lat,lon,country\nZubrovka Ford,34.61,41.02,IQ\n"
TOLD = "The Iraqi army captured Zubrovka Ford from the Islamic State on 3 May 2016, officials said.\n"


def examples() -> list[Path]:
    """Every input of the examples: each table, each folder of articles, each article, each whole folder."""
    found = [path for pattern in ("*", "*/claims.csv", "*/articles", "*/articles/*") for path in EXAMPLES.glob(pattern)]
    return sorted(found)


def by_command(source: Path, folder: Path, *more: str) -> dict[str, str]:
    """What the commands write of an input, by file name."""
    commands = {"map.html": "map", "control.geojson": "export", "periods.csv": "timeline"}
    for name, command in commands.items():
        assert run_main(["-q", command, str(source), "-o", str(folder / name), *more]) == 0
    return {name: (folder / name).read_text(encoding="utf-8") for name in commands}


def by_program(source: Path, folder: Path) -> dict[str, str]:
    """The same files of ``mapper.run``."""
    result = mapper.run(source)
    for name in ("map.html", "control.geojson"):
        result.save(folder / name)
    buffer = io.StringIO(newline="")
    write_csv(period_rows(result.timeline, result.places), buffer)
    (folder / "periods.csv").write_text(buffer.getvalue(), encoding="utf-8", newline="")
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def both(source: Path, tmp_path: Path) -> tuple[dict[str, str], dict[str, str]]:
    folders = [tmp_path / "by-command", tmp_path / "by-program"]
    for folder in folders:
        folder.mkdir()
    return by_command(source, folders[0]), by_program(source, folders[1])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's data folder of its own, for gazetteers added with ``mapper gazetteer add``."""
    monkeypatch.setattr("mapper.gazetteer.importers.user_data_path", lambda _: tmp_path / "home")
    return tmp_path / "home"


@pytest.mark.slow
@pytest.mark.parametrize("source", examples(), ids=lambda path: str(path.relative_to(EXAMPLES)))
def test_an_example_is_the_same_map_for_programs_and_on_the_command_line(source: Path, tmp_path: Path) -> None:
    written, made = both(source, tmp_path)
    assert written.keys() == made.keys()
    for name in written:
        assert written[name] == made[name], name


def test_a_program_reads_the_configuration_beside_the_input(tmp_path: Path) -> None:
    claims = tmp_path / "project" / "claims.csv"
    claims.parent.mkdir()
    claims.write_text(ROWS + "2016-05-03,Rawa,captured,iraq,is\n", encoding="utf-8")
    (tmp_path / "project" / "mapper.toml").write_text('title = "Of this project"\n', encoding="utf-8")
    assert mapper.run(claims).title == mapper.run(claims.parent).title == "Of this project"
    assert mapper.run(claims, config=mapper.Config()).title == "", "a configuration that is given is the one used"
    written, made = both(claims, tmp_path)
    assert written == made


def test_places_a_user_has_taught_are_known_to_programs_too(home: Path, tmp_path: Path) -> None:
    (tmp_path / "villages.csv").write_text(VILLAGE, encoding="utf-8")
    article = tmp_path / "2016-05-04.txt"
    article.write_text(TOLD, encoding="utf-8")
    assert not mapper.run(article).timeline.periods, "nobody knows the village yet"
    add_places(tmp_path / "villages.csv")
    assert home.is_dir()
    assert {p.place_id for p in mapper.run(article).timeline.periods}
    written, made = both(article, tmp_path)
    assert written == made
    assert "Zubrovka Ford" in made["periods.csv"]


def test_places_a_user_has_taught_are_known_to_an_extraction_too(home: Path, tmp_path: Path) -> None:
    (tmp_path / "villages.csv").write_text(VILLAGE, encoding="utf-8")
    add_places(tmp_path / "villages.csv")
    news = tmp_path / "news"
    news.mkdir()
    (news / "2016-05-04.txt").write_text(TOLD, encoding="utf-8")
    assert run_main(["-q", "extract", str(news), "--into", str(tmp_path / "claims")]) == 0
    assert mapper.run(tmp_path / "claims").timeline == mapper.run(news).timeline
    assert mapper.run(news).timeline.periods
    assert home.is_dir()


def test_an_extraction_reads_the_configuration_beside_its_articles(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "2016-05-04.txt").write_text(TOLD.replace("the Islamic State", "the Ruritanian Guard"), encoding="utf-8")
    toml = 'gazetteers = ["villages.csv"]\n[[actors]]\nid = "guard"\nname = "Ruritanian Guard"\n'
    (news / "mapper.toml").write_text(toml, encoding="utf-8")
    (news / "villages.csv").write_text(VILLAGE, encoding="utf-8")
    article = news / "2016-05-04.txt"
    assert run_main(["-q", "extract", str(article), "--into", str(tmp_path / "claims")]) == 0
    extracted = mapper.run(tmp_path / "claims", config=news / "mapper.toml")
    assert {c.other_id for c in extracted.claims} == {"guard"}
    assert extracted.timeline == mapper.run(article).timeline


def test_what_a_users_gazetteer_got_wrong_is_among_the_issues_for_both(tmp_path: Path) -> None:
    claims = tmp_path / "claims.csv"
    claims.write_text(ROWS + "2016-05-03,Rawa,captured,iraq,is\n", encoding="utf-8")
    (tmp_path / "mapper.toml").write_text('gazetteers = ["bad.csv"]\n', encoding="utf-8")
    (tmp_path / "bad.csv").write_text(VILLAGE + "Nowhere,934.0,41.0,IQ\n", encoding="utf-8")
    assert "Nowhere" in " ".join(i.message + i.value for i in mapper.run(claims).issues)
    written, made = both(claims, tmp_path)
    assert written == made


def test_an_article_given_twice_is_one_voice_for_both(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for name in ("a.txt", "b.txt"):
        (news / name).write_text(
            "The Iraqi army captured Rawa from the Islamic State on 3 May 2016.\n", encoding="utf-8"
        )
    assert len(mapper.run(news).articles) == 1
    written, made = both(news, tmp_path)
    assert written == made


def test_a_gazetteer_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "mapper.toml").write_text('gazetteers = ["none.csv"]\n', encoding="utf-8")
    with pytest.raises(GazetteerError, match=r"none\.csv: no such file"):
        mapper.run(tmp_path)


def test_gazetteers_of_the_call_come_before_those_of_the_project_and_of_the_user(home: Path, tmp_path: Path) -> None:
    for name in ("call.csv", "project.csv", "own.csv"):
        (tmp_path / name).write_text(VILLAGE, encoding="utf-8")
    own = add_places(tmp_path / "own.csv").path
    config = mapper.Config(gazetteers=(tmp_path / "project.csv",))
    found = gazetteer_files(config, [tmp_path / "call.csv"])
    assert found == (tmp_path / "call.csv", tmp_path / "project.csv", own)
    assert own.is_relative_to(home)


def test_a_table_and_an_article_of_one_suffix_are_told_apart_by_what_is_in_them(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(ROWS + "2016-05-03,Rawa,captured,iraq,is\n", encoding="utf-16")
    (tmp_path / "b.csv").write_text("text,published\nRebels took Hit.,2016-05-04\n", encoding="utf-8")
    loaded = load([str(tmp_path)], mapper.Config())
    assert (len(loaded.tables), len(loaded.articles)) == (1, 1)
    assert len(loaded.tables[0].claims) == 1
