"""Which words of tables are one side: by the countries, the years, the rows themselves, and mapper.toml."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mapper.cli import app
from mapper.config import Theatre, default_config
from mapper.gazetteer import Gazetteer
from mapper.inputs import Loaded
from mapper.model import Article, ArticleId, Result
from mapper.pipeline import Given, run
from mapper.records import read_table

HEAD = "date,place,lat,lon,country,predicate,actor,other\n"
MYANMAR = (
    "2021-05-01,Lashio,22.93,97.75,MM,holds,junta,\n"
    "2021-06-01,Hakha,22.64,93.60,MM,captured,Army,Arakan Army\n"
    "2022-06-01,Falam,22.90,93.67,MM,captured,Myanmar military,\n"
    "2022-07-01,Loikaw,19.67,97.20,MM,holds,the military,\n"
)
MAE_SOT = "2024-01-01,Mae Sot,16.71,98.57,TH,holds,Thailand,\n"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def drawn(
    gazetteer: Gazetteer,
    rows: str,
    *articles: Article,
    countries: tuple[str, ...] = (),
    parties: Mapping[str, str] | None = None,
    head: str = HEAD,
) -> Result:
    config = replace(default_config(), theatre=Theatre(countries=countries), parties=dict(parties or {}))
    table = read_table(io.StringIO(head + rows), name="t.csv", actors=config.actors, parties=config.parties)
    config = Loaded(tables=[table]).settle(config)
    return run(articles, gazetteer=gazetteer, config=config, given=Given.of([table]), territory=False)


def sides(result: Result) -> dict[str, str]:
    """The party that each text of a claim means."""
    found = {claim.actor_text: str(claim.actor_id) for claim in result.claims}
    return found | {claim.other_text: str(claim.other_id) for claim in result.claims if claim.other_text}


def told(result: Result, code: str) -> list[str]:
    return [issue.message for issue in result.issues if issue.code == code]


def test_junta_army_and_myanmar_military_are_one_side_in_a_table_of_myanmar_and_the_issue_counts_them(
    gazetteer: Gazetteer,
) -> None:
    result = drawn(gazetteer, MYANMAR)
    assert sides(result) == {
        "junta": "myanmar",
        "Army": "myanmar",
        "Myanmar military": "myanmar",
        "the military": "myanmar",
        "Arakan Army": "arakan-army",
    }
    (message,) = told(result, "parties-merged")
    assert message.startswith("'Army' (1 row), 'junta' (1 row), 'the military' (1 row): taken as one side, Myanmar mil")
    assert '"army" = ""' in message
    assert not told(result, "actor-new")
    assert set(result.actors) == {"myanmar", "arakan-army"}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("2013-05-01,Homs,34.73,36.71,SY,holds,government,\n", {"government": "syria"}),
        ("2025-05-01,Homs,34.73,36.71,SY,holds,government,\n", {"government": "syria-transitional"}),
        ("2023-05-01,Omdurman,15.65,32.48,SD,captured,Armed Forces,RSF\n", {"Armed Forces": "sudan", "RSF": "rsf"}),
        ("2013-05-01,Gao,16.27,-0.04,ML,captured,Mali army,MNLA\n", {"Mali army": "mali", "MNLA": "tuareg-rebels"}),
        ("1914-09-01,Lviv,49.84,24.03,UA,captured,Tsarist army,\n", {"Tsarist army": "russian-empire"}),
        (
            "2012-11-20,Goma,-1.68,29.22,CD,captured,rebels,troops\n2012-11-21,Sake,-1.57,29.04,CD,captured,M23,\n",
            {"rebels": "m23", "troops": "drc", "M23": "m23"},
        ),
    ],
)
def test_common_nouns_of_a_table_mean_the_party_of_its_country_and_year(
    rows: str, expected: dict[str, str], gazetteer: Gazetteer
) -> None:
    assert sides(drawn(gazetteer, rows)) == expected


@pytest.mark.parametrize(
    ("rows", "apart", "why"),
    [
        (MYANMAR + MAE_SOT, "junta", "the places lie in MM, TH"),
        (MYANMAR + "2022-08-01,Loikaw,19.67,97.20,MM,captured,Army,junta\n", "army", "a row sets it against 'junta'"),
        ("2024-12-08,Homs,34.73,36.71,SY,captured,rebels,army\n", "army", "who governed SY in 2024 is not certain"),
        ("2013-05-01,Homs,34.73,36.71,SY,captured,rebels,government\n", "rebels", "the tables name no rebels"),
        (
            "2012-11-20,Goma,-1.68,29.22,CD,captured,rebels,M23\n2012-11-21,Sake,-1.57,29.04,CD,holds,M23,\n",
            "rebels",
            "a row sets it against M23",
        ),
        (
            "2012-11-20,Goma,-1.68,29.22,CD,captured,rebels,\n2012-11-21,Sake,-1.57,29.04,CD,holds,M23,Mai-Mai Sheka\n",
            "rebels",
            "it may be M23, Mai-Mai Sheka",
        ),
        ("2019-11-20,Sirte,31.20,16.59,LY,captured,army,LNA\n", "army", "it may be Libyan National Army"),
        ("2019-11-20,Brazzaville,-4.26,15.24,CG,holds,army,\n2019-11-20,Goma,-1.68,29.22,CD,holds,army,\n", "army", "CD, CG"),
    ],
)  # fmt: skip
def test_what_may_be_two_sides_stays_apart_and_the_issue_says_why(
    rows: str, apart: str, why: str, gazetteer: Gazetteer
) -> None:
    result = drawn(gazetteer, rows)
    assert apart in {claim.actor_id for claim in result.claims} | {claim.other_id for claim in result.claims}
    assert any(why in message for message in told(result, "parties-apart"))


def test_the_theatre_of_mapper_toml_says_whose_the_junta_is_where_places_lie_in_two_countries(
    gazetteer: Gazetteer,
) -> None:
    result = drawn(gazetteer, MYANMAR + MAE_SOT, countries=("MM",))
    assert sides(result)["junta"] == sides(result)["Army"] == "myanmar"


def test_a_row_without_a_date_means_whom_the_dated_rows_with_its_words_mean(gazetteer: Gazetteer) -> None:
    result = drawn(gazetteer, MYANMAR + ",Hpakant,25.61,96.31,MM,holds,Army,\n")
    assert {claim.actor_id for claim in result.claims if claim.actor_text == "Army"} == {"myanmar"}


@pytest.mark.parametrize(
    ("parties", "expected"),
    [
        ({"army": ""}, {"Army": "army", "junta": "myanmar"}),
        ({"the Army": "arakan-army"}, {"Army": "arakan-army", "junta": "myanmar"}),
        ({"Myanmar military": ""}, {"Myanmar military": "myanmar-military", "junta": "myanmar"}),
        ({"Arakan Army": ""}, {"Arakan Army": "arakan-army-apart", "junta": "myanmar"}),
    ],
)
def test_mapper_toml_says_whom_words_of_tables_mean(
    parties: dict[str, str], expected: dict[str, str], gazetteer: Gazetteer
) -> None:
    result = drawn(gazetteer, MYANMAR, parties=parties)
    found = sides(result)
    assert {words: found[words] for words in expected} == expected
    assert not told(result, "parties-apart")
    assert not told(result, "actor-new")


@pytest.mark.parametrize(("other", "count"), [("junta", 0), ("Myanmar military", 0), ("Arakan Army", 1), ("a Band", 1)])
def test_rows_that_give_a_place_to_two_words_of_one_side_on_one_day_do_not_contradict(
    other: str, count: int, gazetteer: Gazetteer
) -> None:
    rows = MYANMAR + f"2021-06-01,Hakha,22.64,93.60,MM,captured,{other},\n"
    assert len(told(drawn(gazetteer, rows), "rows-contradict")) == count


def test_an_id_that_a_table_gives_of_its_own_is_merged_with_nobody(gazetteer: Gazetteer) -> None:
    head = "place_text,predicate,earliest,latest,lat,lon,country,actor_text,actor_id\n"
    rows = "Lashio,holds,2021-05-01,2021-05-02,22.93,97.75,MM,Army,my-army\n"
    assert sides(drawn(gazetteer, rows, head=head)) == {"Army": "my-army"}
    assert sides(drawn(gazetteer, rows.replace("my-army", "army"), head=head)) == {"Army": "myanmar"}


def test_intervals_are_merged_by_the_years_they_last(gazetteer: Gazetteer) -> None:
    head = "place,lat,lon,country,start,end,actor\n"
    rows = "Homs,34.73,36.71,SY,2017-01-01,2023-01-01,army\nHama,35.13,36.75,SY,2017-01-01,2025-06-01,army\n"
    periods = drawn(gazetteer, rows, head=head).timeline.periods
    assert {period.actor_id for period in periods if period.end.year == 2023} == {"syria"}
    assert {period.actor_id for period in periods if period.end.year == 2025} == {"army"}


def test_a_tables_army_is_no_name_in_an_article_beside_it(gazetteer: Gazetteer) -> None:
    article = Article(id=ArticleId("a"), text="In Myanmar, the junta captured Lashio on 3 May 2021.")
    result = drawn(gazetteer, MYANMAR + MAE_SOT, article)
    assert ("the junta", "myanmar") in {(f"the {c.actor_text}", c.actor_id) for c in result.claims if c.quote.text}


def test_the_order_of_rows_changes_nothing_that_is_merged_or_told(gazetteer: Gazetteer) -> None:
    rows = MYANMAR.splitlines(keepends=True)
    one, two = drawn(gazetteer, "".join(rows)), drawn(gazetteer, "".join(reversed(rows)))
    assert (one.merged, one.claims) == (two.merged, two.claims)
    assert told(one, "parties-merged") == told(two, "parties-merged")


def test_the_legend_lists_the_words_that_were_merged(gazetteer: Gazetteer) -> None:
    result = drawn(gazetteer, MYANMAR)
    assert result.merged == {"myanmar": ("Army", "junta", "the military")}


def test_a_checkpoint_may_name_a_side_by_any_of_its_words(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(HEAD + MYANMAR, encoding="utf-8")
    points = tmp_path / "c.txt"
    points.write_text("".join(f"on 2022-08-01 Hakha is held by {who}\n" for who in ("army", "junta", "myanmar")))
    ran = CliRunner().invoke(app, ["check", str(points), str(tmp_path / "t.csv")])
    assert ran.exit_code == 0, ran.output
    points.write_text("on 2022-08-01 Hakha is held by Arakan Army\n")
    assert CliRunner().invoke(app, ["check", str(points), str(tmp_path / "t.csv")]).exit_code == 1
