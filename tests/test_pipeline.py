from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest

from mapper import pipeline
from mapper.actors import ActorIndex
from mapper.claims import Extraction
from mapper.config import Theatre, default_config
from mapper.gazetteer import Gazetteer
from mapper.model import Article, ArticleId, Issue, Place, stable_id
from mapper.pipeline import Given, read, run, settle
from mapper.records import read_table

HEAD = "date,place,lat,lon,country,predicate,actor,other\n"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def result(table: str, gazetteer: Gazetteer, **more):
    config = default_config()
    read = read_table(io.StringIO(HEAD + table), name="t.csv", actors=config.actors)
    given = Given(claims=read.claims, places=read.places, issues=read.issues)
    return run([], gazetteer=gazetteer, config=config, given=given, **more)


def test_a_tables_town_and_the_gazetteers_are_one_place(gazetteer: Gazetteer) -> None:
    (period,) = result("2017-11-17,Rawa,34.48,41.91,IQ,captured,iraq,\n", gazetteer).timeline.periods
    assert period.place_id == "geonames:92004"


@pytest.mark.parametrize(
    ("one", "two", "count"),
    [
        ("Zzyzx,60.0,30.00", "Zzyzx,60.0,30.05", 1),  # 2.8 km: a degree of longitude is half as long there
        ("Zzyzx,60.0,30.00", "Zzyzx,60.0,30.07", 2),
        ("Zzyzx,0.0,30.00", "Zzyzx,0.0,30.05", 2),
        ("Zzyzx,0.0,179.99", "Zzyzx,0.0,-179.99", 1),
        ("Zzyzx,60.0,-179.98", "Zzyzx,60.0,179.98", 1),
        ("Zzyzx,0.0,179.98", "Zzyzx,0.0,-179.98", 2),
        ("Zzyzx,9.99,30.0", "Zzyzx,10.0,30.0", 1),
        ("ZZYZX,45.00,30.00", "Zzyzx,45.01,30.01", 1),
        ("Zzyzx,-60.0,-30.05", "zzyzx,-60.0,-30.00", 1),
    ],
)
def test_a_table_cut_into_two_files_has_the_places_of_the_whole(one: str, two: str, count: int) -> None:
    def places(*files: list[str]) -> dict[str, Place]:
        tables = []
        for rows in files:
            text = HEAD + "".join(f"2020-01-0{row[-1]},{row[:-1]},,holds,is,\n" for row in rows)
            tables.append(read_table(io.StringIO(text), name="t.csv", actors=default_config().actors))
        given = Given.of(tables)
        assert {claim.place_id for claim in given.claims} == set(given.places)
        return dict(given.places)

    first, second = one + "1", two + "2"
    whole = places([first, second])
    assert len(whole) == count
    assert places([second, first]) == places([first], [second]) == places([second], [first]) == whole
    assert places([first], [second, first], [second]) == whole


@pytest.mark.parametrize("country", ["SY", ""])
@pytest.mark.parametrize("name", ["Tal Abyad", "Tell Abiad", "TALL ABYAD", "Tel Abyaḑ"])
def test_another_spelling_of_a_town_nearby_is_that_town(name: str, country: str, gazetteer: Gazetteer) -> None:
    found = result(f"2015-06-15,{name},36.70,38.96,{country},captured,sdf,is\n", gazetteer)
    assert {p.place_id for p in found.timeline.periods} == {gazetteer.nearest(36.697, 38.957)[0][0].id}
    assert found.territory is not None
    assert sum(bool(periods) for periods in found.territory.cell_periods) == 1


def test_coordinates_that_only_fit_the_country_the_other_way_round_are_refused(gazetteer: Gazetteer) -> None:
    found = result(
        "2016-04-14,Hit,42.83,33.64,IQ,captured,iraq,\n2017-11-17,Rawa,34.48,41.91,IQ,captured,iraq,\n", gazetteer
    )
    (issue,) = [i for i in found.issues if i.code == "coordinates-swapped"]
    assert (issue.level, issue.file, issue.value) == ("error", "t.csv", "Hit")
    assert "exchange" in issue.message
    assert [p.place_id for p in found.timeline.periods] == ["geonames:92004"]


def test_a_country_given_by_name_is_the_theatre(gazetteer: Gazetteer) -> None:
    """ACLED and UCDP write names of countries, not codes."""
    found = result("2016-04-14,Camp Nowhere,33.64,42.83,Iraq,captured,iraq,\n", gazetteer)
    assert [p.country for p in found.places.values() if p.name == "Camp Nowhere"] == ["IQ"]
    assert found.territory is not None
    assert found.territory.countries == ("IQ",)


@pytest.mark.parametrize("row", ["Rawa,34.60,42.20", "Dawa,34.48,41.91"])
def test_the_same_name_far_away_or_another_name_nearby_is_another_place(row: str, gazetteer: Gazetteer) -> None:
    (period,) = result(f"2017-11-17,{row},IQ,captured,iraq,\n", gazetteer).timeline.periods
    assert period.place_id.startswith("table:")


def test_a_table_may_leave_the_coordinates_to_the_gazetteer(gazetteer: Gazetteer) -> None:
    found = result("2017-11-17,Rawa,,,IQ,captured,iraq,\n", gazetteer)
    (place,) = [found.places[p.place_id] for p in found.timeline.periods]
    assert (round(place.lat, 1), round(place.lon, 1)) == (34.5, 41.9)


def settled(*places: str, gazetteer: Gazetteer, theatre: Theatre | None = None) -> tuple[dict[str, str], list[Issue]]:
    """The country of each place of a table (``name,lat,lon,country``, all but the name may be left out), and its issues."""
    rows = (f"2017-01-01,{place}{',' * (3 - place.count(','))},holds,is,\n" for place in places)
    table = read_table(io.StringIO(HEAD + "".join(rows)), name="t.csv", actors=default_config().actors)
    given = settle(Given.of([table]), gazetteer, theatre or Theatre())
    return {place.name: place.country for place in given.places.values()}, list(given.issues)


@pytest.mark.parametrize(
    ("others", "country"),
    [
        (["Hit", "Mosul", "Ramadi"], "IQ"),
        (["Hit"], "IQ"),
        (["Poznań", "Warszawa", "Kraków"], "PL"),
        (["Kut,,,IQ"], "IQ"),
        (["A camp,33.60,42.80"], "IQ"),  # a point in Anbar
        (["Hit", "Mosul", "Paris", "Ana", "Raqqa"], "IQ"),
        (["Bandung", "Surabaya"], "ID"),
    ],
)
def test_a_namesake_is_chosen_by_the_countries_of_the_tables_other_places(
    others: list[str], country: str, gazetteer: Gazetteer
) -> None:
    for rows in (["Rawa", *others], [*reversed(others), "Rawa"]):
        found, issues = settled(*rows, gazetteer=gazetteer)
        assert found["Rawa"] == country
        assert not [i for i in issues if i.value == "Rawa" and i.level != "note"]


@pytest.mark.parametrize(
    ("row", "theatre", "country"),
    [
        ("Rawa,,,IQ", Theatre(), "IQ"),
        ("Rawa,,,PL", Theatre(countries=("IQ",)), "PL"),  # the row itself knows best
        ("Rawa", Theatre(countries=("IQ",)), "IQ"),
        ("Rawa", Theatre(box=(38.0, 29.0, 49.0, 37.0)), "IQ"),
        ("Rawa", Theatre(box=(14.0, 49.0, 24.0, 55.0)), "PL"),
    ],
)
def test_the_country_of_a_row_and_the_theatre_choose_a_namesake(
    row: str, theatre: Theatre, country: str, gazetteer: Gazetteer
) -> None:
    found, issues = settled(row, gazetteer=gazetteer, theatre=theatre)
    assert found == {"Rawa": country}
    assert not [i for i in issues if i.value == "Rawa" and i.level != "note"]


@pytest.mark.parametrize(
    ("rows", "listed"),
    [
        (["Rawa"], ["(PL, 51.76 20.25)", "(IQ, 34.48 41.92)", "(CN, 31.72 93.82)", "(ID, -7.03 108.34)"]),
        (["Rawa", "Hit", "Poznań", "Warszawa"], ["(PL, 51.76 20.25)", "(IQ, 34.48 41.92)"]),
        (["Tripoli"], ["(LY, 32.89 13.19)", "(LB, 34.43 35.84)"]),
        (["Springfield,,,US"], ["(US, 37.22 -93.30)", "(US, 42.10 -72.59)", " more:"]),
    ],
)
def test_a_name_that_may_be_several_places_is_an_error_that_lists_them(
    rows: list[str], listed: list[str], gazetteer: Gazetteer
) -> None:
    name = rows[0].partition(",")[0]
    found, issues = settled(*rows, gazetteer=gazetteer)
    (issue,) = [i for i in issues if i.value == name]
    assert (issue.level, issue.code, issue.file) == ("error", "place-ambiguous", "t.csv")
    assert all(part in issue.message for part in (*listed, "lat and lon", "country", "[theatre]"))
    assert name not in found
    assert len(found) == len(rows) - 1


def test_a_town_far_larger_than_its_namesakes_is_taken_with_a_warning_that_names_them(gazetteer: Gazetteer) -> None:
    found, issues = settled("Paris", gazetteer=gazetteer)
    assert found == {"Paris": "FR"}
    (issue,) = [i for i in issues if i.value == "Paris"]
    assert (issue.level, issue.code) == ("warning", "place-chosen")
    assert "(US, 33.66 -95.56)" in issue.message


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Idlib", "PPLA"), ("Aleppo", "PPLA"), ("Tripoli,,,LY", "PPLC"), ("Anbar", "ADM1"), ("Iraq", "PCLI")],
)
def test_the_name_of_a_town_and_of_its_province_is_the_towns(name: str, kind: str, gazetteer: Gazetteer) -> None:
    """As in an article: a table said Idlib, and all of the province was painted."""
    found = result(f"2017-11-17,{name}{',' * (3 - name.count(','))},captured,iraq,\n", gazetteer, territory=False)
    (place,) = [found.places[claim.place_id] for claim in found.claims]
    assert place.feature_code == kind


def test_a_share_of_a_province_is_the_provinces_not_its_towns(gazetteer: Gazetteer) -> None:
    text = "date,place,predicate,actor,share\n2017-01-01,Idlib,holds,is,40%\n"
    table = read_table(io.StringIO(text), name="t.csv", actors=default_config().actors)
    (place,) = settle(Given.of([table]), gazetteer, Theatre()).places.values()
    assert place.feature_code == "ADM1"


def test_a_spelling_is_looked_up_in_the_countries_of_the_tables_other_places(gazetteer: Gazetteer) -> None:
    assert settled("Tell Abiad", "Raqqa", gazetteer=gazetteer)[0]["Tell Abiad"] == "SY"


def test_a_place_nobody_knows_is_an_error_with_its_name(gazetteer: Gazetteer) -> None:
    found = result("2017-11-17,Xyzzyville,,,IQ,captured,iraq,\n", gazetteer)
    assert [i.value for i in found.issues if i.code == "place-unresolved" and i.level == "error"] == ["Xyzzyville"]


def test_a_place_outside_the_theatre_is_reported_not_lost(gazetteer: Gazetteer) -> None:
    table = "2017-11-17,Rawa,34.48,41.91,IQ,captured,iraq,\n2017-11-17,Shipwreck,20.0,63.0,IQ,captured,iraq,\n"
    found = result(table, gazetteer)
    assert "Shipwreck" in next(i.message for i in found.issues if i.code == "outside-theatre")
    assert {p.place_id for p in found.timeline.periods} == {"geonames:92004", found.claims[1].place_id}


@pytest.mark.parametrize(
    ("where", "country"),
    [
        ("48.1351,37.7512", "UA"),  # a trench near Avdiivka
        ("33.64,42.83", "IQ"),  # a camp in Anbar
        ("36.81,40.06", "SY"),  # 9 km from a border
        ("45.0,34.1", "UA"),  # in the point of view the gazetteer has unless told otherwise
        ("-16.86,-179.96", "FJ"),  # beyond the antimeridian
        ("15.5527,32.5324", "SD"),
    ],
)
def test_a_point_of_ones_own_is_in_the_country_it_lies_in(where: str, country: str, gazetteer: Gazetteer) -> None:
    found = result(f"2022-03-01,Position 7,{where},,captured,x,\n", gazetteer)
    (place,) = [p for p in found.places.values() if p.name == "Position 7"]
    assert place.country == country
    assert [i.message for i in found.issues if i.code == "outside-theatre"] == []
    assert found.territory is not None
    assert found.territory.countries == (country,)
    assert sum(bool(periods) for periods in found.territory.cell_periods) == 1


def test_a_point_before_the_coast_is_in_the_country_of_the_coast(gazetteer: Gazetteer) -> None:
    found = result("2022-03-01,Oil rig,46.63,31.05,,captured,x,\n", gazetteer)
    assert [p.country for p in found.places.values() if p.name == "Oil rig"] == ["UA"]


def test_a_point_in_the_open_sea_is_in_no_country_and_the_issue_says_so(gazetteer: Gazetteer) -> None:
    found = result("2022-03-01,Shipwreck,20.0,63.0,,captured,x,\n", gazetteer)
    (issue,) = [i for i in found.issues if i.code == "outside-theatre"]
    assert "no country" in issue.message
    assert "name its country" in issue.message
    assert len(found.timeline.periods) == 1


def test_a_country_the_table_names_stays_what_it_says(gazetteer: Gazetteer) -> None:
    found = result("2022-03-01,Position 7,45.0,34.1,UA,captured,x,\n", gazetteer)
    assert [p.country for p in found.places.values() if p.name == "Position 7"] == ["UA"]


@pytest.mark.parametrize("country", ["IQ", ""])
def test_two_places_at_one_point_share_an_area_and_are_not_outside(country: str, gazetteer: Gazetteer) -> None:
    table = (
        f"2017-11-17,Camp Alpha,33.50,41.50,{country},captured,iraq,\n"
        f"2018-03-01,Camp Beta,33.50,41.50,{country},captured,is,\n"
        f"2018-05-01,Camp Gamma,33.50003,41.50003,{country},captured,iraq,\n"
    )
    found = result(table, gazetteer)
    assert not [i for i in found.issues if i.code == "outside-theatre"]
    shared = [i for i in found.issues if i.code == "cell-shared"]
    assert [i.value for i in shared] == ["table:camp-beta", "table:camp-gamma"]
    assert "Camp Alpha" in shared[0].message
    assert found.territory is not None
    (held,) = [periods for periods in found.territory.cell_periods if periods]
    assert [(p.start.isoformat(), p.actor_id) for p in held] == [
        ("2017-11-17", "iraq"),
        ("2018-03-01", "is"),
        ("2018-05-01", "iraq"),
    ]


def test_the_order_of_rows_changes_no_version(gazetteer: Gazetteer) -> None:
    rows = ["2017-11-17,Rawa,34.48,41.91,IQ,captured,iraq,\n", "2016-04-14,Hit,33.64,42.83,IQ,captured,iraq,\n"]
    one, two = result("".join(rows), gazetteer), result("".join(reversed(rows)), gazetteer)
    assert one.versions["config"] == two.versions["config"]
    assert one.timeline == two.timeline


def test_reading_only_for_claims_gives_the_same_claims(gazetteer: Gazetteer) -> None:
    actors = ActorIndex(default_config().actors)
    article = Article(
        id=ArticleId("a"), text="The Iraqi army retook Rawa from ISIS on 17 November 2017, officials said."
    )
    whole = read(article, gazetteer, actors)
    assert read(article, gazetteer, actors, lazily=True) == whole
    assert whole.found.claims


def test_places_are_not_looked_for_where_nothing_may_be_claimed(gazetteer: Gazetteer) -> None:
    actors = ActorIndex(default_config().actors)
    article = Article(id=ArticleId("a"), text="Prices of bread in the markets of Baghdad rose by a tenth this month.")
    assert read(article, gazetteer, actors).toponyms
    assert read(article, gazetteer, actors, lazily=True).toponyms == ()


def test_a_rule_that_falls_over_costs_one_article_which_is_quoted(
    gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def extract(article: Article, *more: object) -> Extraction:
        if article.id == "bad":
            raise IndexError
        return genuine(article, *more)

    genuine = pipeline.extract_claims
    monkeypatch.setattr(pipeline, "extract_claims", extract)
    texts = {"bad": "The Iraqi army retook Hit from ISIS.", "good": "The Iraqi army retook Rawa from ISIS."}
    articles = [Article(id=ArticleId(i), title=f"Story {i}", text=text) for i, text in texts.items()]
    found = run(articles, gazetteer=gazetteer, config=default_config(), territory=False)
    (issue,) = [i for i in found.issues if i.code == "article-failed"]
    assert "Story bad" in issue.message
    assert issue.quote is not None
    assert issue.quote.text == texts["bad"]
    assert [c.place_text for c in found.claims] == ["Rawa"]


def test_a_stop_is_no_defect(gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch) -> None:
    def extract(*_: object) -> Extraction:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "extract_claims", extract)
    with pytest.raises(KeyboardInterrupt):
        read(Article(id=ArticleId("a"), text="The army took Hit."), gazetteer, ActorIndex(default_config().actors))


def test_a_place_nobody_knows_is_one_issue(gazetteer: Gazetteer) -> None:
    text = "The Iraqi army captured the village of Quellmond on 3 May 2017. ISIS had left Quellmond."
    article = Article(id=ArticleId("a"), text=text)
    found = run([article], gazetteer=gazetteer, config=default_config(), territory=False)
    assert [i.code for i in found.issues if i.code in ("place-unresolved", "claim-unplaced")] == ["place-unresolved"]


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("Turkish troops crossed at Kilis on Monday. Government forces captured Maarat al-Numan on Tuesday.", "syria"),
        ("Russia denied it. The regime holds Aleppo, a monitor said.", "syria"),
        ("Rwandan troops were seen near the border. The government's army controls Goma.", "drc"),
        ("Saudi Arabia said pro-government forces recaptured Zinjibar.", "yemen"),
        ("Turkish troops crossed at Kilis on Monday. The Turkish government's forces captured Jarablus.", "turkey"),
        ("Anti-government fighters seized Tafas on Sunday.", "syria-opposition"),
    ],
)
def test_the_governments_forces_are_those_of_the_state_whose_land_it_is(
    gazetteer: Gazetteer, text: str, actor: str
) -> None:
    article = Article(id=ArticleId("a"), text=text, published=date(2018, 5, 9))
    claims = read(article, gazetteer, ActorIndex(default_config().actors), None).found.claims
    assert [claim.actor_id for claim in claims] == [actor]


def test_the_version_of_the_inputs_hashes_each_row_as_python_writes_it() -> None:
    rows = (
        HEAD.strip()
        + ",publisher,quote,share\n"
        + (
            '2017-11-17,Rawa,34.48,41.91,IQ,captured,iraq,is,Agency,"They took ""Rawa"", it\'s said.",\n'
            "2016,Mosul,36.34,43.13,IQ,holds,is,,,,\n"
            "2016-05,Iraq,,,IQ,lost,,is,,,45%\n"
        )
    )
    table = read_table(io.StringIO(rows), name="t.csv", actors=default_config().actors)
    given = Given(claims=table.claims, share_claims=table.share_claims, places=table.places)
    assert len(table.claims) == 2
    assert len(table.share_claims) == 1
    expected = sorted(stable_id(repr(row)) for row in (*table.claims, *table.share_claims))
    assert pipeline.inputs_version([], given) == stable_id("\x1f".join(expected))


def test_a_gazetteer_that_forgot_what_it_looked_up_finds_it_again() -> None:
    gazetteer = Gazetteer.open()

    def asked() -> object:
        return (
            gazetteer.candidates("Rawa", countries=["IQ"]),
            gazetteer.locate(34.48, 41.91),
            gazetteer.outline("country:IQ"),
            gazetteer.regions("IQ"),
        )

    before = asked()
    gazetteer.forget()
    assert asked() == before


def test_history_before_the_theatres_first_day_is_listed_and_not_drawn() -> None:
    text = "Norman troops captured Caen in 1346. Canadian troops captured Caen on 9 July 1944. German troops had held Caen since 1940."
    article = Article(id=ArticleId("a"), text=text, published=date(1944, 7, 11))
    gazetteer = Gazetteer.open()
    config = default_config()
    all_of_it = run([article], gazetteer=gazetteer, config=config, territory=False)
    assert min(p.start.year for p in all_of_it.timeline.periods) == 1346
    later = replace(config, theatre=Theatre(since=date(1944, 6, 1)))
    result = run([article], gazetteer=gazetteer, config=later, territory=False)
    assert len(result.claims) == len(all_of_it.claims)
    assert min(p.start.year for p in result.timeline.periods) >= 1940
    (told,) = [issue for issue in result.issues if issue.code == "before-theatre"]
    assert told.message.startswith("1 ")
