"""The program as a person calls it, in a process of its own."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import typer

from mapper import config
from mapper.cli import app, options, run_main
from mapper.export import EVERY, SHAPES

ARTICLE = """On Friday (17 November) Iraqi soldiers drove ISIS out of Rawa, residents said.

About thirty hamlets along the Euphrates in Deir Ezzor Province are still held by the group.
Iraq captured Mosul in July, after nine months of siege.
"""

HOSTILE = """ISIS fighters captured the town of Haditha on 3 May 2016, said {{7*7}} </script><img src=x onerror="alert(1)"> news.

=HYPERLINK("http://example.org","x") said the army retook Rutba on 17 May 2016.
"""


def mapper(
    *arguments: str | Path, stdin: str | None = None, env: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mapper", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **(env or {})},
        cwd=cwd,
        check=False,
        timeout=300,
    )


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "2017-11-18-rawa.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_help_answers_at_once() -> None:
    times = []
    for _ in range(3):
        started = time.perf_counter()
        done = mapper("--help")
        times.append(time.perf_counter() - started)
        assert done.returncode == 0
    # 0.4 s on an idle machine; twice that where the suite runs on all cores
    assert min(times) < 0.8, times
    for command in ("toponyms", "claims", "timeline", "map", "export", "gazetteer"):
        assert command in done.stdout


def test_toponyms_are_json_lines_with_exact_spans(article: Path) -> None:
    done = mapper("toponyms", article)
    assert done.returncode == 0, done.stderr
    found = [json.loads(row) for row in done.stdout.splitlines()]
    for one in found:
        assert ARTICLE[one["start"] : one["end"]] == one["text"]
    rawa = next(one for one in found if one["text"] == "Rawa")
    assert rawa["country"] == "IQ"
    assert abs(rawa["lat"] - 34.48) < 0.2
    keys = (
        "article_id start end text place_id name lat lon feature_class feature_code country admin1 demonym score rivals"
    )
    assert set(keys.split()) <= set(rawa)


def test_claims_come_with_date_and_quote(article: Path) -> None:
    done = mapper("claims", article)
    assert done.returncode == 0, done.stderr
    found = rows(done.stdout)
    rawa = next(r for r in found if r["predicate"] == "captured" and r["place_text"] == "Rawa")
    assert (rawa["earliest"], rawa["latest"], rawa["actor_id"], rawa["other_id"]) == (
        "2017-11-17",
        "2017-11-18",
        "iraq",
        "is",
    )
    mosul = next(r for r in found if r["place_text"] == "Mosul")
    assert (mosul["earliest"], mosul["latest"]) == ("2017-07-01", "2017-08-01")
    assert ARTICLE[int(rawa["start"]) : int(rawa["end"])] == rawa["quote"]


def test_every_stage_starts_from_what_an_earlier_one_wrote(article: Path, tmp_path: Path) -> None:
    table = tmp_path / "claims.csv"
    lines = tmp_path / "claims.jsonl"
    assert mapper("claims", article, "-o", table).returncode == 0
    assert mapper("claims", article, "-o", lines).returncode == 0
    straight = mapper("timeline", article)
    assert straight.returncode == 0, straight.stderr
    assert rows(straight.stdout), "no periods"
    assert mapper("timeline", table).stdout == straight.stdout
    assert mapper("timeline", lines).stdout == straight.stdout
    piped = mapper("timeline", "-", stdin=table.read_text(encoding="utf-8"))
    assert piped.stdout == straight.stdout


def test_map_and_export_write_the_files_they_name(article: Path, tmp_path: Path) -> None:
    page = tmp_path / "deep" / "map.html"
    done = mapper("map", article, "-o", page)
    assert done.returncode == 0, done.stderr
    assert str(page) in done.stdout
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    out = tmp_path / "control.geojson"
    done = mapper("export", article, "-o", out)
    assert done.returncode == 0, done.stderr
    assert json.loads(out.read_text(encoding="utf-8"))["features"]


def test_the_same_input_gives_the_same_bytes(article: Path, tmp_path: Path) -> None:
    pages = []
    for number, seed in enumerate(("0", "1234")):
        folder = tmp_path / str(number)
        env = {"PYTHONHASHSEED": seed, "TZ": ("UTC", "Pacific/Auckland")[number]}
        for name in ("map.html", "control.geojson"):
            command = "map" if name.endswith("html") else "export"
            assert mapper(command, article, "-o", folder / name, env=env).returncode == 0
        pages.append([(folder / name).read_bytes() for name in ("map.html", "control.geojson")])
    assert pages[0] == pages[1]


def test_hostile_text_is_inert_in_every_output(tmp_path: Path) -> None:
    path = tmp_path / "2016-05-20.txt"
    path.write_text(HOSTILE, encoding="utf-8")
    page, table, out = tmp_path / "m.html", tmp_path / "c.csv", tmp_path / "c.geojson"
    assert mapper("map", path, "-o", page).returncode == 0
    assert mapper("claims", path, "-o", table).returncode == 0
    assert mapper("export", path, "-o", out).returncode == 0
    html = page.read_text(encoding="utf-8")
    assert "<img src=x" not in html
    assert html.count("</script>") == html.count("<script")
    found = rows(table.read_text(encoding="utf-8"))
    assert len(found) >= 2
    for row in found:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "@", "\t", "\r")), cell
    assert any("{{7*7}}" in row["quote"] for row in found), "the words are kept, and nothing computes them"
    assert "{{7*7}}" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["map", "no-such-file.txt"], 1, "no such file"),
        (["map"], 2, "Missing argument"),
        (["claims", "x.docx"], 1, "no such file"),
        (["export", "ARTICLE", "-o", "x.docx"], 2, ".docx"),
        (["map", "ARTICLE", "-o", "x.pdf"], 2, ".html"),
        (["map", "ARTICLE", "--published", "yesterday"], 2, "YYYY-MM-DD"),
        (["map", "ARTICLE", "--config", "none.toml"], 2, "none.toml"),
        (["gazetteer", "search", "Qwxzzyx Gghhtt"], 1, "not in the gazetteer"),
    ],
)
def test_a_users_mistake_gets_one_clear_line(
    article: Path, tmp_path: Path, arguments: list[str], code: int, says: str
) -> None:
    done = mapper(*[str(article) if a == "ARTICLE" else a for a in arguments], cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_map_in_the_folder_of_its_articles_is_made_again_with_the_same_bytes(
    article: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(article.parent)
    calls = (
        ["map", ".", "-o", "map.html"],
        ["-v", "map", ".", "-o", "map.html"],
        ["-v", "map", ".", "-o", "other.HTML"],
    )
    made = []
    for call in calls:
        assert run_main(call) == 0
        made.append((article.parent / call[-1]).read_bytes())
        told = capsys.readouterr().err
        assert ("map.html: a map that mapper wrote, no article: left out [own-map]" in told) == (len(made) > 1)
    assert made[0] == made[1] == made[2]
    assert run_main(["extract", ".", "--into", "../claims"]) == 0


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (["map", "map.html", "-o", "map.html"], "map.html is also read"),
        (["map", ".", "map.html", "-o", "map.html"], "map.html is also read"),
        (["claims", "map.html"], "map.html: a map that mapper wrote, no article: give the articles or tables"),
        (["map", ".", "-o", "page.html"], "page.html is also read (as ./page.html)"),  # an article, and nothing of ours
        (["map", "only", "-o", "new.html"], "only: no articles in this folder"),
    ],
)
def test_a_map_is_no_article_and_no_article_is_written_over(
    article: Path, call: list[str], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(article.parent)
    Path("page.html").write_text(f"<!DOCTYPE html><p>{ARTICLE}</p>", encoding="utf-8")
    assert run_main(["map", article.name, "-o", "map.html"]) == 0
    Path("only").mkdir()
    Path("only/map.html").write_bytes(Path("map.html").read_bytes())
    before = {path: path.read_bytes() for path in sorted(Path.cwd().rglob("*.html"))}
    capsys.readouterr()
    assert run_main(call) != 0
    assert told in capsys.readouterr().err
    assert {path: path.read_bytes() for path in sorted(Path.cwd().rglob("*.html"))} == before


def test_an_output_that_is_a_folder_is_refused_and_left_alone(article: Path, tmp_path: Path) -> None:
    folder = tmp_path / "map.html"
    folder.mkdir()
    done = mapper("map", article, "-o", folder)
    assert done.returncode == 2
    assert "is a folder" in done.stderr
    assert not list(folder.iterdir())


def test_a_wrong_key_in_the_configuration_is_named(article: Path, tmp_path: Path) -> None:
    config = tmp_path / "mapper.toml"
    config.write_text("[reach]\nsolid = 3\n")
    done = mapper("timeline", article)
    assert done.returncode == 2
    assert "reach.solid: unknown key, did you mean reach.solid_km?" in done.stderr


def test_the_gazetteer_answers() -> None:
    done = mapper("gazetteer", "search", "Rawa", "--country", "IQ")
    assert done.returncode == 0, done.stderr
    assert rows(done.stdout)[0]["country"] == "IQ"
    info = mapper("gazetteer", "info")
    assert "GeoNames" in info.stdout


@pytest.mark.parametrize(
    ("country", "meant"), [("Iraq", 'did you mean "IQ"?'), ("QQ", "ISO 3166-1"), ("syria", 'did you mean "SY"?')]
)
def test_a_country_that_is_no_code_is_named_with_the_code_that_was_meant(
    country: str, meant: str, tmp_path: Path
) -> None:
    (tmp_path / "mine.csv").write_text("name,lat,lon\nRawa,34.4,41.9\n", encoding="utf-8")
    for call in (["search", "Rawa"], ["add", "mine.csv", "--to", "mine.tsv"]):
        done = mapper("gazetteer", *call, "--country", country, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert meant in done.stderr
        assert "--country" in done.stderr
    assert not (tmp_path / "mine.tsv").exists()


def test_a_search_in_a_country_finds_what_its_name_means_there() -> None:
    for code in ("CA", "ca", " ca , "):
        found = rows(mapper("gazetteer", "search", "London", "--country", code, "--limit", "1").stdout)
        assert [row["country"] for row in found] == ["CA"]
    done = mapper("gazetteer", "search", "north-east Syria", "--country", "IS")
    assert (done.returncode, "not in the gazetteer in IS" in done.stderr) == (1, True)


def test_a_table_in_a_pipe_holds_no_formula(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("name,lat,lon,country\n=cmd Rawa,34.4,41.9,IQ\n", encoding="utf-8")
    found = rows(mapper("gazetteer", "search", "=cmd Rawa", "--gazetteer", tmp_path / "mine.csv").stdout)
    assert [row["name"] for row in found if "cmd" in row["name"]] == ["'=cmd Rawa"]


def test_the_help_of_export_names_every_shape() -> None:
    told = " ".join(mapper("export", "--help", env={"COLUMNS": "200", "TERM": "dumb"}).stdout.split())
    assert f"{', '.join(SHAPES[:-1])}, or {SHAPES[-1]}." in told


def test_version_names_program_and_data() -> None:
    done = mapper("--version")
    assert done.returncode == 0
    assert "mapper 0." in done.stdout
    assert "GeoNames" in done.stdout


def test_an_article_without_claims_says_so_and_still_makes_a_page(tmp_path: Path) -> None:
    path = tmp_path / "2020-01-01.txt"
    path.write_text("The weather was mild and nothing happened.", encoding="utf-8")
    done = mapper("map", path, "-o", tmp_path / "m.html")
    assert done.returncode == 0, done.stderr
    assert "no claim" in done.stderr


def test_the_chart_of_areas_is_written_as_a_drawing_and_as_a_picture(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(
        "date,place,lat,lon,predicate,actor\n2017-11-17,Rawa,34.48,41.91,captured,iraq\n", encoding="utf-8"
    )
    drawing, picture = tmp_path / "a.svg", tmp_path / "a.png"
    assert mapper("areas", table, "-o", drawing).returncode == 0
    assert mapper("areas", table, "-o", picture).returncode == 0
    assert drawing.read_text(encoding="utf-8").startswith("<svg")
    assert picture.read_bytes().startswith(b"\x89PNG\r\n")


COMMANDS = {
    "toponyms": ["toponyms", "{in}"],
    "claims": ["claims", "{in}"],
    "timeline": ["timeline", "{in}"],
    "areas": ["areas", "{in}", "--at", "2017-11-18"],
    "diff": ["diff", "2017-11-01", "2017-11-20", "{in}"],
    "export": ["export", "{in}", "--shape", "points"],
}


def stdout_of(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str | Path) -> bytes:
    """What a command prints, run in this process."""
    capfdbinary.readouterr()
    assert run_main(["-q", *map(str, arguments)]) == 0
    return capfdbinary.readouterr().out


@pytest.mark.parametrize(
    ("command", "kinds"),
    [
        ("toponyms", ["jsonl", "csv"]),
        ("claims", ["csv", "jsonl"]),
        ("timeline", ["csv", "jsonl"]),
        ("areas", ["csv", "jsonl", "svg", "png"]),
        ("diff", ["csv", "jsonl"]),
        ("export", ["geojson", "csv", "kml", "geojsonl", "fgb"]),
    ],
)
def test_a_dash_is_standard_output_in_the_format_asked_for(
    article: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], command: str, kinds: list[str]
) -> None:
    call = [str(article) if part == "{in}" else part for part in COMMANDS[command]]
    for number, kind in enumerate(kinds):
        path = tmp_path / f"out.{kind}"
        assert stdout_of(capfdbinary, *call, "-o", path) in (b"", f"{path}\n".encode())
        if not number:
            assert stdout_of(capfdbinary, *call, "-o", "-") == path.read_bytes(), "the first is the default"
        assert stdout_of(capfdbinary, *call, "-o", "-", "--format", kind) == path.read_bytes()
    assert not Path("-").exists()


@pytest.mark.parametrize(
    "call",
    [
        ["map", "-o", "-"],
        ["map", "-o", "map.html"],
        ["export", "--format", "csv", "-o", "-"],
        ["export", "-o", "places.csv"],
        ["areas", "--format", "svg", "-o", "-"],
        ["areas", "-o", "areas.svg"],
        ["toponyms", "--unresolved", "--format", "toml", "-o", "-"],
        ["claims", "-o", "claims.csv"],
    ],
    ids=" ".join,
)
def test_an_output_is_written_once_and_sent_or_put_in_place(
    article: Path, call: list[str], monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(article.parent)
    made: list[str] = []

    def counted(make: Callable[..., Any]) -> Callable[..., Any]:
        def making(*arguments: Any, **options: Any) -> Any:
            if "dir" not in options or article.parent.samefile(options["dir"]):  # not the gazetteer's cache
                made.append(make.__name__)
            return make(*arguments, **options)

        return making

    monkeypatch.setattr(tempfile, "mkstemp", counted(tempfile.mkstemp))
    monkeypatch.setattr(tempfile, "TemporaryDirectory", counted(tempfile.TemporaryDirectory))
    assert run_main([call[0], article.name, *call[1:]]) == 0
    assert len(made) == 1
    out = capfdbinary.readouterr().out
    assert out if call[-1] == "-" else Path(call[-1]).stat().st_size
    assert {path.name for path in Path.cwd().iterdir()} == {article.name} | ({call[-1]} - {"-"})


def test_a_page_goes_to_standard_output_too(
    article: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run_main(["-q", "map", str(article), "-o", str(tmp_path / "m.html")]) == 0
    assert stdout_of(capfdbinary, "map", article, "-o", "-") == (tmp_path / "m.html").read_bytes()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["export", "--format", "gpkg"], "binary"),
        (["export", "--format", "shp"], "several files"),
        (["areas", "--format", "png"], "binary"),
        (["claims", "--format", "pdf"], "cannot write .pdf"),
    ],
)
def test_what_a_terminal_cannot_show_is_refused_with_a_remedy(
    article: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], call: list[str], words: str
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert run_main([call[0], str(article), "-o", "-", *call[1:]]) == 2
    said = capsys.readouterr()
    assert words in said.err
    assert not said.out


def test_a_format_that_the_files_name_contradicts_is_refused(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_main(["claims", str(article), "-o", "x.csv", "--format", "jsonl"]) == 2
    assert "disagree" in capsys.readouterr().err


def test_a_reader_that_has_seen_enough_ends_a_command_quietly(article: Path) -> None:
    command = [sys.executable, "-m", "mapper", "-q", "map", str(article), "-o", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.read(15) == b"<!DOCTYPE html>"
        running.stdout.close()
        assert running.stderr.read() == b""


def test_a_slice_that_is_no_slice_is_named(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["areas", str(article)], ["export", str(article), "-o", "x.csv"]):
        assert run_main([*command, "--every", "fortnight"]) == 2
        assert "quarter" in capsys.readouterr().err


def test_a_series_says_on_the_terminal_what_fell_between(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "claims.csv"
    rows_of = [
        "2016-05-03,Rawa,34.48,41.92,captured,iraq,is",
        "2016-05-20,Rawa,34.48,41.92,captured,is,iraq",
        "2016-08-02,Rawa,34.48,41.92,captured,iraq,is",
    ]
    table.write_text("\n".join(["date,place,lat,lon,predicate,actor,other", *rows_of]) + "\n", encoding="utf-8")
    for call in (["areas", str(table)], ["export", str(table), "-o", str(tmp_path / "x.csv")]):
        assert run_main([*call, "--every", "month"]) == 0
        assert "1 change fell between two slices: a shorter --every shows more" in capfd.readouterr().err
    last = rows((tmp_path / "x.csv").read_text(encoding="utf-8"))[-1]
    assert (last["start"], last["actor"]) == ("2016-08-02", "iraq")


def test_the_command_line_offers_the_readers_and_slices_that_exist() -> None:
    assert set(options.READERS) == set(get_args(config.Reader))
    assert tuple(options.Every) == EVERY


def test_only_commands_with_an_input_speak_of_a_configuration_beside_it() -> None:
    def told(group: Any, name: str) -> Iterator[tuple[str, str, set[str]]]:
        for part, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from told(command, f"{name}{part} ")
            for parameter in command.params:
                if "--config" in parameter.opts:
                    yield name + part, parameter.help, {p.metavar for p in command.params}

    found = {name: (words, arguments) for name, words, arguments in told(typer.main.get_command(app), "")}
    assert {"map", "claims", "gazetteer search", "gazetteer info"} <= set(found)
    for name, (words, arguments) in found.items():
        assert ("beside the input" in words) == bool({"IN…", "ARCHIVE…"} & arguments), name


def test_a_map_loads_folium_and_no_pandas(tmp_path: Path) -> None:
    table = tmp_path / "claims.csv"
    table.write_text(
        "date,place,lat,lon,predicate,actor\n2017-11-17,Rawa,34.48,41.91,captured,iraq\n", encoding="utf-8"
    )
    done = mapper("map", table, "-o", tmp_path / "map.html", env={"PYTHONPROFILEIMPORTTIME": "1"})
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert done.returncode == 0
    assert "folium" in loaded
    assert not loaded & {"pandas.core", "geopandas"}  # that it looked for pandas is told as well
