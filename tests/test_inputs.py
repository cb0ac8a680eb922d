"""The same inputs give the same map, whether a program or the command line opens them."""

from __future__ import annotations

import io
import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import mapper
from mapper.cli import run_main
from mapper.config import Config
from mapper.gazetteer import GazetteerError
from mapper.gazetteer.importers import add_places
from mapper.inputs import config_beside, gazetteer_files, load
from mapper.records import period_rows, write_csv

EXAMPLES = Path(__file__).resolve().parent.parent / "data" / "examples"
ROWS = "date,place,predicate,actor,other\n"
VILLAGE = "name,lat,lon,country\nZubrovka Ford,34.61,41.02,IQ\n"
TOLD = "The Iraqi army captured Zubrovka Ford from the Islamic State on 3 May 2016, officials said.\n"


def examples() -> list[Path]:
    """Every input of the flagship: the table, the folder of articles, each article, the whole folder; and a feed of a war."""
    flagship = EXAMPLES / "isis-2014-2019"
    found = [
        flagship,
        *(path for pattern in ("claims.csv", "articles", "articles/*") for path in flagship.glob(pattern)),
    ]
    return [*sorted(found), EXAMPLES / "kharkiv-kherson-2022" / "articles" / "flashes.rss"]


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


SUDAN = """Sudan's army retakes towns on the Nile

The Sudanese army captured Wad Madani from the Rapid Support Forces on 10 March 2025, officials said.

Fighting continued in Bahri on 12 March 2025 between the army and the Rapid Support Forces.
"""


def core_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script[^>]*id="payload-core"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found
    core: dict[str, Any] = json.loads(found[1])
    return core


def test_the_terminal_and_the_page_name_the_same_days(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    article = tmp_path / "2025-03-15.txt"
    article.write_text(SUDAN, encoding="utf-8")
    assert run_main(["map", str(article), "-o", str(tmp_path / "m.html")]) == 0
    said = capfd.readouterr().err
    core = core_of((tmp_path / "m.html").read_text(encoding="utf-8"))
    first, last = (date(1970, 1, 1) + timedelta(core[key]) for key in ("first", "last"))
    assert (first, last) == (date(2025, 3, 10), date(2025, 3, 15)), (
        "the days told of, not a hold before and a fight's end"
    )
    assert f"{first} to {last}" in said


def test_what_is_not_on_the_map_does_not_stretch_its_days() -> None:
    said = [
        "The Sudanese army captured Wad Madani from the Rapid Support Forces on 10 March 2025.",
        "The army captured Qwertzopolis from the Rapid Support Forces on 3 May 2023.",
        "The army plans to capture El Fasher on 1 December 2025.",
    ]
    result = mapper.run(" ".join(said) + "\n", published=date(2025, 3, 12))
    assert len(result.claims) == 3
    assert result.span() == (date(2025, 3, 10), date(2025, 3, 10))
    assert mapper.run("Nothing happened.\n", published=date(2025, 3, 12)).span() is None


def test_periods_of_a_table_count_beside_the_claims_of_an_article(tmp_path: Path) -> None:
    table = tmp_path / "periods.csv"
    table.write_text("place,start,end,status,actor\nRawa,2014-06-21,2017-11-17,controlled,is\n", encoding="utf-8")
    told = {"text": "The Iraqi army captured Hit from ISIS on 14 April 2016.", "published": "2016-04-15"}
    assert mapper.run([table, told]).span() == (date(2014, 6, 21), date(2017, 11, 17))


def test_a_source_without_a_publisher_is_called_by_its_headline_or_its_file(tmp_path: Path) -> None:
    for name, text in (("2025-03-15-nile.txt", SUDAN), ("2025-03-16-rsf.txt", SUDAN.partition("\n\n")[2])):
        (tmp_path / name).write_text(text, encoding="utf-8")
        result = mapper.run(tmp_path / name)
        title = "Sudan's army retakes towns on the Nile" if "nile" in name else "2025-03-16-rsf.txt"
        assert {c.source.title for c in result.claims} == {title}
        assert result.title == ("" if title.endswith(".txt") else title), "a map is not called by a file"
        result.save(tmp_path / "points.geojson", shape="points")
        features = json.loads((tmp_path / "points.geojson").read_text(encoding="utf-8"))["features"]
        assert {s["title"] for f in features for s in f["properties"]["sources"]} == {title}
        table = tmp_path / "claims.csv"
        assert run_main(["-q", "claims", str(tmp_path / name), "-o", str(table)]) == 0
        assert {c.source.title for c in mapper.run(table).claims} == {title}, "the name outlives a table"


FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Example</title>
<item><title>Rawa retaken</title><pubDate>Fri, 17 Nov 2017 12:00:00 GMT</pubDate>
<content:encoded><![CDATA[<p>The army retook Rawa on Friday.</p>]]></content:encoded></item>
<item><title>Anah retaken</title><pubDate>Thu, 21 Sep 2017 12:00:00 GMT</pubDate>
<description>The army retook Anah on Thursday.</description></item></channel></rss>"""


def test_feeds_are_articles_wherever_articles_are_read(tmp_path: Path) -> None:
    (tmp_path / "week.rss").write_text(FEED, encoding="utf-8")
    (tmp_path / "other.xml").write_text("<project/>", encoding="utf-8")  # in a folder it may be anything
    loaded = load([str(tmp_path)], Config())
    assert [(a.title, str(a.published)) for a in loaded.articles] == [
        ("Rawa retaken", "2017-11-17"),
        ("Anah retaken", "2017-09-21"),
    ]
    assert loaded.issues == []
    (tmp_path / "named.xml").write_text(FEED, encoding="utf-8")
    assert len(load([str(tmp_path / "named.xml")], Config()).articles) == 2
    (empty,) = load([str(tmp_path / "other.xml")], Config()).issues
    assert empty.code == "no-articles"
    (tmp_path / "cut.rss").write_text(FEED[:420], encoding="utf-8")
    cut = load([str(tmp_path / "cut.rss")], Config())
    assert (len(cut.articles), [issue.code for issue in cut.issues]) == (1, ["bad-entry"])


@pytest.mark.parametrize("given", ["articles", "articles/", "articles/a.txt", "."])
def test_a_project_is_found_beside_the_folder_of_its_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("Nothing.", encoding="utf-8")
    (tmp_path / "mapper.toml").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = config_beside([given])
    assert found is None if given.endswith(".txt") else found is not None and found.samefile(tmp_path / "mapper.toml")
    (tmp_path / "articles" / "mapper.toml").write_text("", encoding="utf-8")
    assert config_beside(["articles"]) == Path("articles/mapper.toml")
