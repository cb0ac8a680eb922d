"""Tables in and out: what is lost (nothing), what is refused (with file, line, reason and remedy), what is read."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mapper import bounded
from mapper.articles import decode
from mapper.config import lexicon
from mapper.model import (
    Actor,
    ActorId,
    ArticleId,
    Claim,
    ClaimId,
    Extent,
    Modality,
    Period,
    Place,
    PlaceId,
    Predicate,
    Quote,
    Rival,
    ShareClaim,
    Source,
    Status,
    Timeline,
    Toponym,
    When,
)
from mapper.records import (
    CLAIM_COLUMNS,
    claim_rows,
    looks_like_table,
    merge_reviewed,
    period_rows,
    read_table,
    toponym_rows,
    write_csv,
    write_jsonl,
)
from mapper.records.tables import undefuse

ACTORS = (
    Actor(id=ActorId("is"), name="Islamic State", aliases=("ISIS", "Daesh")),
    Actor(id=ActorId("iraq"), name="Iraqi government", aliases=("Military Forces of Iraq", "Government of Iraq")),
    Actor(id=ActorId("ukraine"), name="Ukraine"),
    Actor(id=ActorId("russia"), name="Russia"),
)
HAND = "date,place,lat,lon,country,predicate,actor,other\n"


def table(text, **options):
    return read_table(io.StringIO(text, newline=""), name="t.csv", actors=ACTORS, **options)


def codes(found):
    return [(issue.code, issue.line) for issue in found.issues]


# Round trips ------------------------------------------------------------------------------------------------------

words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
ids = st.text("abcdefghij:0123456789-", min_size=1, max_size=8)
lats, lons = st.floats(-90, 90), st.floats(-180, 180)
dates = st.dates(date(1900, 1, 1), date(2090, 1, 1))
shares = st.floats(0, 1)


@st.composite
def whens(draw):
    earliest = draw(st.one_of(st.none(), dates))
    latest = draw(st.one_of(st.none(), dates))
    if earliest and latest and latest <= earliest:
        latest = earliest + timedelta(days=draw(st.integers(1, 500)))
    known = earliest is not None or latest is not None
    return When(
        earliest=earliest,
        latest=latest,
        edtf=draw(st.sampled_from(["", "2017-07", "2014/2015~"])) if known else "",
        basis=draw(st.sampled_from(["clause", "table", ""])) if known else "",
    )


@st.composite
def places(draw, place_id):
    return Place(
        id=PlaceId(place_id),
        name=draw(words.filter(bool)),
        lat=draw(lats),
        lon=draw(lons),
        names=tuple(draw(st.lists(words, max_size=2))),
        feature_class=draw(st.sampled_from("PASH")),
        feature_code=draw(st.sampled_from(["PPL", "ADM1", ""])),
        country=draw(st.sampled_from(["", "IQ"])),
        admin1=draw(words),
        population=draw(st.integers(0, 10**8)),
        geometry_ref=draw(words),
        radius_km=draw(st.floats(0, 100)),
        source=draw(words),
    )


@st.composite
def bundles(draw):
    known = {PlaceId(i): draw(places(i)) for i in draw(st.lists(ids, min_size=1, max_size=3, unique=True))}

    def common(number):
        article = ArticleId(draw(ids))
        text = draw(words)
        return {
            "id": ClaimId(f"{number}"),
            "actor_id": draw(st.sampled_from(["", "is", "new-one"])),
            "actor_text": draw(words),
            "when": draw(whens()),
            "modality": draw(st.sampled_from(Modality)),
            "extent_wording": draw(words),
            "said_by": draw(words),
            "quote": Quote(article_id=article, start=draw(st.integers(0, 9)), end=draw(st.integers(9, 99)), text=text),
            "note": draw(words),
            "source": Source(
                article_id=draw(st.sampled_from([article, ArticleId("other")])),
                publisher=draw(words),
                url=draw(st.sampled_from(["", "https://example.org/a;b", "http://\u00e9.org/?q='x"])),
                published=draw(st.one_of(st.none(), dates)),
                title=draw(words),
            ),
            "rule": draw(words),
            "confidence": draw(shares),
            "review": draw(st.sampled_from(["", "ok", "wrong", "edited"])),
        }

    claims = [
        Claim(
            place_id=draw(st.sampled_from(sorted(known))),
            place_text=draw(words.filter(bool)),
            predicate=draw(st.sampled_from(Predicate)),
            other_id=draw(st.sampled_from(["", "iraq"])),
            other_text=draw(words),
            extent=draw(st.sampled_from(Extent)),
            implies=tuple(draw(st.lists(st.sampled_from(["holder_before", "last_in:x"]), max_size=2, unique=True))),
            **common(n),
        )
        for n in range(draw(st.integers(0, 3)))
    ]
    square = draw(st.booleans())
    share_claims = [
        ShareClaim(
            region=tuple(draw(st.lists(st.sampled_from(sorted(known)), max_size=2, unique=True))),
            region_text=draw(words),
            lost=draw(st.booleans()),
            fraction=None if square else draw(shares),
            km2=draw(st.floats(0, 1e7)) if square else None,
            baseline=draw(whens()),
            **common(100 + n),
        )
        for n in range(draw(st.integers(0, 2)))
    ]
    return claims, share_claims, known


@given(bundles(), st.sampled_from([write_csv, write_jsonl]))
@settings(max_examples=150, deadline=None)
def test_claims_shares_and_places_survive_a_round_trip(bundle, write):
    claims, share_claims, known = bundle
    stream = io.StringIO(newline="")
    write(claim_rows(claims, share_claims, known), stream)
    stream.seek(0)
    if not claims and not share_claims:
        return
    back = table(stream.getvalue())
    assert back.claims == tuple(claims)
    assert back.share_claims == tuple(share_claims)
    used = {c.place_id for c in claims} | {r for s in share_claims for r in s.region}
    assert back.places == {i: p for i, p in known.items() if i in used}


def test_the_claims_table_begins_with_the_columns_the_pipe_agreed_on():
    assert ",".join(CLAIM_COLUMNS[:32]) == (
        "id,article_id,place_text,place_id,place_name,lat,lon,country,feature_code,predicate,actor_text,actor_id,"
        "other_text,other_id,earliest,latest,edtf,modality,extent,extent_wording,share,baseline,said_by,start,end,"
        "quote,note,publisher,url,published,rule,confidence"
    )


@given(st.lists(words, min_size=1, max_size=5))
@settings(max_examples=150, deadline=None)
def test_no_cell_of_a_written_csv_starts_like_a_formula(cells):
    stream = io.StringIO(newline="")
    write_csv([{f"c{n}": cell for n, cell in enumerate(cells)}], stream)
    stream.seek(0)
    _, written = list(csv.reader(stream))
    assert all(cell[:1] not in tuple(SIGNS + "\t\r\n") or is_number(cell) for cell in written)


SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
PIECES = st.text("';,\t\r\n\"=+-@1.eA \uff1d\uff0b\uff0d\uff20", max_size=12)


@given(st.lists(PIECES, min_size=2, max_size=4))
@example(["a", "x;=1+1;y"])
@example(["a", "x\n=1+1"])
@example(["a", 'x;"=1+1";'])
@example(["a", "\uff1dHYPERLINK(1)"])
@settings(max_examples=400, deadline=None)
def test_no_piece_is_a_formula_in_a_locale_of_semicolons_or_of_east_asia_and_all_comes_back(cells):
    stream = io.StringIO(newline="")
    write_csv([{f"c{n}": cell for n, cell in enumerate(cells)}], stream)
    text = stream.getvalue()
    header, body = text.split("\n", 1)
    for piece in re.split("[;\t\r\n]", body)[1:]:  # where such a locale cuts, if it minds no quotes
        assert not piece.lstrip('"').startswith(tuple(SIGNS)) or is_number(piece.split(",")[0].strip('"')), piece
    (_, *rows) = csv.reader(io.StringIO(text, newline=""))
    assert [[undefuse(cell) for cell in row] for row in rows] == [cells]
    assert header


def is_number(cell):
    try:
        float(cell)
    except ValueError:
        return cell == ""
    return True


def test_formulas_are_defused_on_writing_and_come_back_as_they_were():
    said = '=HYPERLINK("http://x","y")'
    base = table(HAND + "2017-11-17,Rawa,34.48,41.92,IQ,captured,iraq,is\n").claims[0]
    nasty = replace(base, said_by=said, place_text="'=1+1", actor_text="-5.2", extent_wording="@x")
    stream = io.StringIO(newline="")
    write_csv(claim_rows([nasty], [], {}), stream)
    assert "'=HYPERLINK" in stream.getvalue()
    assert "''=1+1" in stream.getvalue()
    assert table(stream.getvalue()).claims[0] == nasty


def test_json_lines_hold_numbers_as_numbers_and_empty_ones_as_null():
    found = table(HAND + "2017-11-17,Rawa,34.48,41.92,IQ,captured,iraq,is\n")
    stream = io.StringIO()
    write_jsonl(claim_rows(found.claims, [], found.places), stream)
    row = json.loads(stream.getvalue())
    assert (row["lat"], row["start"], row["share"], row["earliest"]) == (34.48, 0, None, "2017-11-17")


# Hand-made tables -------------------------------------------------------------------------------------------------


def test_a_hand_made_row_is_a_claim():
    found = table(HAND + "2017-07,Mosul,36.34,43.12,IQ,captured,Iraqi government,ISIS\n")
    (claim,) = found.claims
    assert found.issues == ()
    assert (claim.actor_id, claim.other_id, claim.predicate) == ("iraq", "is", Predicate.CAPTURED)
    assert (claim.when.earliest, claim.when.latest, claim.when.edtf) == (date(2017, 7, 1), date(2017, 8, 1), "2017-07")
    assert found.places[claim.place_id].lat == 36.34


def test_only_date_place_and_predicate_are_needed():
    found = table("date,place,predicate\n2017-07-10,Mosul,contested\n")
    assert len(found.claims) == 1
    assert math.isnan(found.places[found.claims[0].place_id].lat)


def test_a_row_with_a_share_is_a_share_claim():
    found = table(
        "date,place,predicate,actor,share,baseline\n2017-11-17,Iraq;Syria,lost,ISIS,95%,2014\n2016,Iraq,holds,is,4000 km2,\n"
    )
    one, two = found.share_claims
    assert (one.fraction, one.lost, one.actor_id, len(one.region)) == (0.95, True, "is", 2)
    assert one.baseline.earliest == date(2014, 1, 1)
    assert (two.km2, two.fraction, two.lost) == (4000.0, None, False)
    assert found.claims == ()


def test_an_unknown_actor_becomes_an_actor_of_the_table_with_a_warning():
    found = table(HAND + "2017-07-10,Hit,33.6,42.8,IQ,captured,Sons of the River,\n")
    assert found.claims[0].actor_id == "sons-of-the-river"
    assert [a.name for a in found.actors] == ["Sons of the River"]
    assert codes(found) == [("actor-new", 2)]
    assert found.issues[0].level == "warning"


@pytest.mark.parametrize(
    ("name", "actor"),
    [
        ("Government of Chad", "chad"),
        ("Military Forces of Fiji", "fiji"),
        ("Malian army", "mali"),
        ("Uzbek government forces", "uzbekistan"),
    ],
)
def test_a_state_is_known_as_codebooks_name_it(name, actor):
    text = f"date,place,lat,lon,predicate,actor\n2017-11-17,Hit,33.6,42.8,captured,{name}\n"
    found = read_table(io.StringIO(text), name="t.csv", actors=lexicon())
    assert [claim.actor_id for claim in found.claims] == [actor]
    assert "actor-new" not in codes(found)


def test_the_same_name_far_apart_is_two_places_and_close_by_one():
    rows = "2020-01-01,Salihiya,34.70,40.75,SY,holds,is,\n2020-01-02,Salihiya,35.20,40.30,SY,holds,is,\n"
    rows += "2020-01-03,Salihiya,34.71,40.74,SY,holds,is,\n"
    one, two, three = table(HAND + rows).claims
    assert one.place_id != two.place_id
    assert one.place_id == three.place_id


def test_a_claim_id_depends_on_the_row_alone():
    row = "2017-07-10,Mosul,36.34,43.12,IQ,captured,iraq,is\n"
    other = "2014-06-10,Mosul,36.34,43.12,IQ,captured,is,iraq\n"
    first = table(HAND + row + other).claims[0].id
    assert table(HAND + other + row).claims[1].id == first


# Bad input --------------------------------------------------------------------------------------------------------

GOOD = "2017-11-17,Rawa,34.48,41.92,IQ,captured,iraq,is\n"


@pytest.mark.parametrize(
    ("row", "code", "remedy"),
    [
        ("2017-07-10,X,134.48,41.92,IQ,captured,iraq,is\n", "coordinates-swapped", "exchange"),
        ("2017-07-10,X,34.48,241.92,IQ,captured,iraq,is\n", "coordinates-out-of-range", "decimal degrees"),
        ("2017-07-10,X,34.48,,IQ,captured,iraq,is\n", "coordinate-missing", "give both"),
        ("2017-07-10,X,north,41,IQ,captured,iraq,is\n", "number-unreadable", "not a number"),
        ("31/02/2017,X,34.48,41.92,IQ,captured,iraq,is\n", "date-impossible", "calendar"),
        ("03/04/2017,X,34.48,41.92,IQ,captured,iraq,is\n", "date-ambiguous", "--date-order dmy"),
        ("2017-13-40,X,34.48,41.92,IQ,captured,iraq,is\n", "date-unreadable", "2017-13-40"),
        ("last week,X,34.48,41.92,IQ,captured,iraq,is\n", "date-unreadable", "write"),
        ("2017-07-10/2017-06-01,X,34.48,41.92,IQ,holds,iraq,\n", "date-unreadable", "ends before"),
        ("2017-07-10,,34.48,41.92,IQ,captured,iraq,is\n", "place-missing", "name the place"),
        ("2017-07-10,X,34.48,41.92,IQ,liberated,iraq,is\n", "predicate-unknown", "captured"),
        ("2017-07-10,X,34.48,41.92,IQ,captured,iraq,is,a,b,c\n", "row-too-long", "quote"),
    ],
)
def test_a_bad_row_is_an_issue_with_line_reason_and_remedy_and_the_rest_is_used(row, code, remedy):
    found = table(HAND + GOOD + row + GOOD.replace("Rawa", "Ana"))
    assert codes(found) == [(code, 3)]
    assert found.issues[0].file == "t.csv"
    assert found.issues[0].level == "error"
    assert remedy in found.issues[0].message
    assert [c.place_text for c in found.claims] == ["Rawa", "Ana"]


def test_an_ambiguous_date_is_settled_by_the_date_order():
    text = HAND + "03/04/2017,X,34.48,41.92,IQ,captured,iraq,is\n"
    assert table(text, date_order="dmy").claims[0].when.earliest == date(2017, 4, 3)
    assert table(text, date_order="mdy").claims[0].when.earliest == date(2017, 3, 4)
    assert codes(table(text, date_order="xyz")) == [("date-order-unknown", 0)]


def test_dates_of_spreadsheets_are_read_when_they_have_one_reading():
    days = ("17/11/2017", "17.11.2017", "20171117", "17 November 2017", "November 17, 2017", "2017-11-17T00:00:00")
    for text in days:
        found = table(HAND + f'"{text}",X,34.48,41.92,IQ,captured,iraq,is\n')
        assert found.claims[0].when.earliest == date(2017, 11, 17), text
        assert found.claims[0].when.days == 1


def test_a_row_that_stands_twice_counts_once():
    found = table(HAND + GOOD + GOOD)
    assert len(found.claims) == 1
    assert codes(found) == [("row-repeated", 3)]


def test_two_holders_on_one_day_by_one_source_are_named():
    found = table(HAND + GOOD + GOOD.replace("captured,iraq,is", "captured,is,iraq"))
    assert codes(found) == [("rows-contradict", 3)]
    assert "line 2" in found.issues[0].message
    assert len(found.claims) == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "table-empty"),
        ("\n\n", "table-empty"),
        ("a,b,c\n1,2,3\n", "columns-missing"),
        ("date,date,place,predicate\n", "column-twice"),
        (HAND, "table-empty"),
        ('{"a": 1}\n', "columns-missing"),
        ("{broken\n", "table-empty"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(text, code):
    found = table(text)
    assert code in {issue.code for issue in found.issues}
    assert found.claims == ()


def test_unknown_columns_are_named_once():
    found = table("date,place,predicate,colour,mood\n2017-07-10,Mosul,contested,red,sad\n")
    assert [(i.code, i.value, i.level) for i in found.issues] == [("columns-unknown", "colour,mood", "note")]


def test_an_unknown_dialect_and_a_dialect_that_does_not_fit_are_refused():
    assert codes(table(HAND + GOOD, dialect="gdelt")) == [("dialect-unknown", 0)]
    found = table(HAND + GOOD, dialect="acled")
    assert codes(found) == [("columns-missing", 1)]
    assert "event_date" in found.issues[0].message


@pytest.mark.parametrize(
    ("encoding", "code"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", "encoding-other"), ("cp1252", "encoding-guessed")],
)
def test_encodings_are_found_out_and_said(tmp_path, encoding, code):
    path = tmp_path / "t.csv"
    path.write_bytes((HAND + GOOD.replace("Rawa", "Râwa")).encode(encoding))
    found = read_table(path, name="t.csv", actors=ACTORS)
    assert [c.place_text for c in found.claims] == ["Râwa"]
    assert [i.code for i in found.issues] == ([code] if code else [])


def test_cyrillic_of_windows_is_told_from_western(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes((HAND + GOOD.replace("Rawa", "Ізюм")).encode("cp1251"))
    found = read_table(path, name="t.csv", actors=ACTORS)
    assert [c.place_text for c in found.claims] == ["Ізюм"]
    assert [(i.code, i.value) for i in found.issues] == [("encoding-guessed", "cp1251")]


def test_utf_16_without_a_mark_is_read(tmp_path):
    for encoding in ("utf-16-le", "utf-16-be"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes((HAND + GOOD).encode(encoding))
        assert len(read_table(path, name="t.csv", actors=ACTORS).claims) == 1
        assert decode(path.read_bytes())[0] == HAND + GOOD


def test_an_id_given_to_two_different_rows_is_an_error_and_the_first_is_used():
    head = "id,date,place,lat,lon,country,predicate,actor\n"
    found = table(
        head + "c1,2016-04-14,Hit,33.6,42.8,IQ,captured,iraq\nc1,2016-05-14,Anah,34.4,42.0,IQ,captured,iraq\n"
    )
    assert [c.place_text for c in found.claims] == ["Hit"]
    assert [(i.level, i.code, i.line) for i in found.issues] == [("error", "id-repeated", 3)]


def test_a_letter_cut_by_the_read_buffer_is_still_utf8(tmp_path):
    path = tmp_path / "t.csv"
    start = (HAND + GOOD).encode()
    filler = b"#" + b"x" * ((1 << 20) - len(start) - 2)
    path.write_bytes(start + filler + "é\n".encode() + GOOD.replace("Rawa", "Râwa").encode())
    found = read_table(path, name="t.csv", actors=ACTORS)
    assert [c.place_text for c in found.claims] == ["Rawa", "Râwa"]
    assert found.issues == ()


def test_what_a_mac_or_a_killed_write_left_in_an_archive_is_no_table_of_it(tmp_path):
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        for hidden in ("__MACOSX/._t.csv", "._t.csv", ".t-mapper-1-2-x.csv", "data/__MACOSX/t.csv", "data/.t.csv"):
            archive.writestr(hidden, "\0\5\x16\7")
        archive.writestr("data/t.csv", HAND + GOOD)
    found = read_table(tmp_path / "t.zip", name="t.zip", actors=ACTORS)
    assert [claim.place_text for claim in found.claims] == ["Rawa"]
    assert found.issues == ()


def test_compressed_tables_are_opened(tmp_path):
    text = (HAND + GOOD).encode()
    with gzip.open(tmp_path / "t.csv.gz", "wb") as packed:
        packed.write(text)
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("inner.csv", text)
        archive.writestr("readme.md", "x")
    for name in ("t.csv.gz", "t.zip"):
        found = read_table(tmp_path / name, name=name, actors=ACTORS)
        assert [c.place_text for c in found.claims] == ["Rawa"], name
        assert found.issues == ()


def test_damaged_files_are_reported_with_what_was_read(tmp_path):
    rows = "".join(GOOD.replace("Rawa", f"Town{n}") for n in range(20000))
    whole = gzip.compress((HAND + rows).encode())
    (tmp_path / "cut.csv.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "not.zip").write_bytes(b"hello")
    (tmp_path / "empty.csv").write_bytes(b"")
    for name, code in (
        ("cut.csv.gz", "table-unreadable"),
        ("not.zip", "table-unreadable"),
        ("empty.csv", "table-empty"),
    ):
        found = read_table(tmp_path / name, name=name, actors=ACTORS)
        assert code in [i.code for i in found.issues], name
    assert [i.code for i in read_table(tmp_path / "gone.csv", name="gone.csv").issues] == ["table-unreadable"]


@pytest.mark.parametrize(
    ("day", "shown", "edtf"),
    [
        (date(2017, 7, 1), "mmm-yy", "2017-07"),
        (date(2017, 7, 1), "[$-409]mmmm\\ yyyy;@", "2017-07"),
        (date(2017, 7, 31), "mm/yyyy", "2017-07"),
        (date(2017, 1, 1), "yyyy", "2017"),
        (date(2017, 7, 1), '"in "yyyy', "2017"),
        (date(2017, 7, 1), "yyyy-mm-dd", "2017-07-01"),
        (date(2017, 7, 1), "d-mmm", "2017-07-01"),
        (date(2017, 7, 1), "General", "2017-07-01"),
        (datetime(2017, 7, 1, 12, 30, tzinfo=UTC).replace(tzinfo=None), "m/d/yy h:mm", "2017-07-01"),
    ],
)
def test_a_date_of_a_workbook_is_what_the_sheet_shows_of_it(tmp_path, day, shown, edtf):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["date", "place", "predicate", "actor"])
    book.active.append([day, "Mosul", "captured", "iraq"])
    book.active["A2"].number_format = shown
    book.iso_dates = shown == "General"  # a day written as a day, not as a number
    book.save(tmp_path / "t.xlsx")
    found = read_table(tmp_path / "t.xlsx", name="t.xlsx", actors=ACTORS)
    (claim,) = found.claims
    assert claim.when == table(f"date,place,predicate,actor\n{edtf},Mosul,captured,iraq\n").claims[0].when
    hidden = day.isoformat()[:10] not in (edtf, f"{edtf}-01", f"{edtf}-01-01")
    assert [(i.code, i.level, i.line) for i in found.issues] == ([("date-format", "note", 2)] if hidden else [])


def test_parquet_and_xlsx_give_the_same_claims_as_csv(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    openpyxl = pytest.importorskip("openpyxl")
    header = HAND.strip().split(",")
    cells = [date(2017, 11, 17), "Rawa", 34.48, 41.92, "IQ", "captured", "iraq", "is"]
    parquet.write_table(pyarrow.table({k: [v] for k, v in zip(header, cells, strict=True)}), tmp_path / "t.parquet")
    book = openpyxl.Workbook()
    book.active.append(header)
    book.active.append(cells)
    book.save(tmp_path / "t.xlsx")
    expected = table(HAND + GOOD).claims
    for name in ("t.parquet", "t.xlsx"):
        found = read_table(tmp_path / name, name="t.csv", actors=ACTORS)
        assert found.issues == (), name
        assert found.claims == expected, name


def test_a_missing_library_is_named_with_the_command_that_installs_it(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    (tmp_path / "t.xlsx").write_bytes(b"PK")
    (issue,) = read_table(tmp_path / "t.xlsx", name="t.xlsx").issues
    assert issue.code == "library-missing"
    assert "pip install" in issue.message


def test_a_name_that_begins_a_text_begins_at_letter_nought_in_csv_too():
    stream = io.StringIO()
    write_csv([{"start": 0, "end": 4, "km2": 0.0, "demonym": False, "name": "", "rivals": []}], stream)
    assert stream.getvalue() == "start,end,km2,demonym,name,rivals\n0,4,0.0,false,,\n"


@pytest.mark.parametrize("opened", ['"Rawa', '"a\0b', '"Ra"wa"'])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_quote_that_nothing_closes_costs_its_own_row_and_says_so(opened, at):
    rows = [f"2017-11-1{day},Rawa,34.48,41.92,IQ,captured,iraq,is" for day in (5, 6, 7)]
    rows[at] = rows[at].replace("Rawa", opened)
    found = table(HAND + "\n".join(rows) + "\n")
    assert codes(found) == [("row-unreadable", at + 2)]
    assert [c.when.earliest.day for c in found.claims] == [day for n, day in enumerate((15, 16, 17)) if n != at]


def test_a_quote_that_nothing_closes_costs_one_row_of_a_panel_too():
    found = table(
        'place,lat,lon,date,status\nRawa,34.48,41.92,2017-11-15,RU\n"Hit,33.6,42.8,2017-11-15,RU\nAna,34.4,41.9,2017-11-16,UA\n'
    )
    assert [issue for issue in codes(found) if issue[0] == "row-unreadable"] == [("row-unreadable", 3)]
    assert sorted(place.name for place in found.places.values()) == ["Ana", "Rawa"]


def test_what_an_open_quote_took_beyond_the_bound_of_reading_again_is_told(monkeypatch):
    monkeypatch.setattr(bounded, "MAX_CHARACTERS", 0)
    row = "2017-11-15,Rawa,34.48,41.92,IQ,captured,iraq,is\n"
    found = table(HAND + row + row.replace("Rawa", '"Hit') + row)
    assert codes(found) == [("row-unreadable", 3)]
    assert "lines 3 to 4 are left out" in found.issues[0].message
    assert len(found.claims) == 1


def test_a_long_cell_of_a_table_is_read_whatever_was_read_before():
    list(bounded.csv_rows(["id,text\n", "1,Rawa fell.\n"]))
    row = "2017-11-15,Rawa,34.48,41.92,IQ,captured,iraq,is"
    found = table(HAND.replace("\n", ",quote\n") + f"{row}," + "x" * 11_000_000 + "\n")
    assert found.issues == ()
    assert len(found.claims[0].quote.text) == 11_000_000


def with_more(more, *, share=""):
    """Two rows of a claims table, the first with this cell in its column more."""
    stream = io.StringIO(newline="")
    row = {"place_id": "gn:1", "place_name": "Rawa", "lat": "34.4", "lon": "41.9", "predicate": "holds", "share": share}
    row |= {"actor_id": "is", "earliest": "2017-11-17", "latest": "2017-11-18"}
    rows = csv.DictWriter(stream, CLAIM_COLUMNS)
    rows.writeheader()
    rows.writerows([row | {"more": more}, row])
    return table(stream.getvalue())


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('{"place":5}', "place that is no object"),
        ('{"place":[1]}', "place that is no object"),
        ('{"place":{"names":5}}', "place.names that is no list"),
        ('{"place":{"names":["Rava",5]}}', "place.names[1] that is not text"),
        ('{"place":{"population":"x"}}', "place.population that is not a whole number"),
        ('{"place":{"population":1e400}}', "place.population that is not a whole number"),
        ('{"place":{"population":true}}', "place.population that is not a whole number"),
        ('{"place":{"radius_km":"x"}}', "place.radius_km that is not a number"),
        ('{"place":{"radius_km":NaN}}', "place.radius_km that is not a number"),
        ('{"implies":5}', "implies that is no list"),
        ('{"implies":"abc"}', "implies that is no list"),
        ('{"title":["x"]}', "title that is not text"),
        ('{"place":{"population":' + "9" * 500 + "}}", "number of more than 400 digits"),
        ('{"place":' + "[" * 100_000 + "]" * 100_000 + "}", "not JSON (nested too deep)"),
        ("[]", "not a JSON object"),
        ("{", "not JSON"),
    ],
)
def test_a_column_more_that_somebody_edited_costs_its_own_row_and_says_where(more, said):
    found = with_more(more)
    assert codes(found) == [("more-unreadable", 2)]
    assert said in found.issues[0].message
    assert [claim.place_id for claim in found.claims] == ["gn:1"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('{"places":5}', "places that is no list"),
        ('{"places":[5]}', "places[0] that is no object"),
        ('{"places":[{"name":"Rawa"}]}', "no id in places[0]"),
        ('{"places":[{"id":"gn:1","lat":34.4}]}', "one of lat and lon in places[0]"),
        ('{"places":[{"id":"gn:1","lat":"34.4","lon":41.9}]}', "places[0].lat that is not null or a number"),
        ('{"places":[{"id":"gn:1","lat":91,"lon":41.9}]}', "places[0].lat that is not null or a number"),
        ('{"region":5}', "region that is no list"),
        ('{"baseline":5}', "baseline that is no object"),
        ('{"baseline":{"earliest":5}}', "baseline.earliest that is not text"),
    ],
)
def test_a_column_more_of_a_share_that_somebody_edited_costs_its_own_row_and_says_where(more, said):
    found = with_more(more, share="0.5")
    assert codes(found) == [("more-unreadable", 2)]
    assert said in found.issues[0].message
    assert [share.region for share in found.share_claims] == [("gn:1",)]


# Other people's tables --------------------------------------------------------------------------------------------

ACLED = (
    "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,assoc_actor_1,inter1,actor2,assoc_actor_2,"
    "inter2,country,admin1,location,latitude,longitude,geo_precision,source,notes,fatalities\n"
)


def acled(
    event,
    *,
    id_="IRQ1",
    kind="Battles",
    one="Military Forces of Iraq (2014-)",
    two="Islamic State (Iraq)",
    geo="1",
    time="1",
):
    return (
        f'{id_},17 November 2017,{time},{kind},{event},{one},,1,{two},,2,Iraq,Al Anbar,Rawa,34.48,41.92,{geo},"AP; AFP",'
        "Iraqi forces took the town.,3\n"
    )


@pytest.mark.parametrize(
    ("event", "kind", "predicate", "actor", "other"),
    [
        ("Government regains territory", "Battles", Predicate.CAPTURED, "iraq", "is"),
        ("Non-state actor overtakes territory", "Battles", Predicate.CAPTURED, "is", "iraq"),
        ("Non-violent transfer of territory", "Strategic developments", Predicate.TRANSFERRED, "iraq", "is"),
        ("Headquarters or base established", "Strategic developments", Predicate.PRESENCE, "iraq", "is"),
        ("Armed clash", "Battles", Predicate.CONTESTED, "iraq", "is"),
    ],
)
def test_acled_sub_events_about_control_are_claims(event, kind, predicate, actor, other):
    found = table(ACLED + acled(event, kind=kind))
    (claim,) = found.claims
    assert (claim.predicate, claim.actor_id, claim.other_id) == (predicate, actor, other)
    assert (claim.quote.text, claim.note) == ("", "Iraqi forces took the town."), "a coder's words quote nobody"
    assert claim.source.publisher == "AP; AFP"
    assert claim.when.earliest == date(2017, 11, 17)


def test_acled_precisions_are_carried_over():
    found = table(ACLED + acled("Armed clash", geo="3", time="3") + acled("Armed clash", id_="IRQ2", geo="2", time="2"))
    month, week = found.claims
    assert (month.when.earliest, month.when.latest) == (date(2017, 11, 1), date(2017, 12, 1))
    assert week.when.days == 7
    assert found.places[month.place_id].radius_km == 100
    assert month.extent is Extent.PART


def test_acled_events_that_say_nothing_of_control_are_counted_not_lost():
    text = ACLED + acled("Peaceful protest", kind="Protests") + acled("Peaceful protest", id_="IRQ2", kind="Protests")
    found = table(text)
    assert found.claims == ()
    assert [(i.code, i.value) for i in found.issues if i.code != "table-empty"] == [
        ("event-not-about-control", "Peaceful protest")
    ]
    assert "2 rows" in found.issues[0].message


def test_the_forces_of_a_state_are_its_government_and_not_the_militia_beside_them():
    lexicon = (
        Actor(id=ActorId("iraq"), name="Iraqi government", aliases=("Iraq",)),
        Actor(id=ActorId("pmf"), name="Popular Mobilization Forces"),
        Actor(id=ActorId("is"), name="Islamic State"),
    )
    text = ACLED + (
        "IRQ1,2021-03-15,1,Battles,Government regains territory,Military Forces of Iraq (2020-2022),Popular Mobilization"
        " Forces,1,Islamic State (Iraq),,2,Iraq,Al Anbar,Rawa,34.48,41.92,1,A paper,Troops entered.,0\n"
    )
    found = read_table(io.StringIO(text), name="acled.csv", actors=lexicon)
    assert [(c.actor_id, c.other_id) for c in found.claims] == [("iraq", "is")]


def test_a_repeated_event_id_is_refused():
    found = table(ACLED + acled("Armed clash") + acled("Armed clash"))
    assert codes(found) == [("id-repeated", 3)]


UCDP = (
    "id,type_of_violence,dyad_name,side_a,side_b,source_headline,where_prec,where_coordinates,adm_1,latitude,longitude,"
    "country,date_prec,date_start,date_end,best\n"
)


def ucdp(*, id_=1, kind=1, where=1, start="2017-11-01 00:00:00.000", end="2017-11-30 00:00:00.000"):
    return (
        f"{id_},{kind},Government of Iraq - IS,Government of Iraq,IS,,{where},Rawa town,Al Anbar,34.48,41.92,Iraq,4,"
        f"{start},{end},12\n"
    )


def test_ucdp_events_are_contested_claims_with_their_precision():
    found = table(UCDP + ucdp(where=2))
    (claim,) = found.claims
    assert claim.predicate is Predicate.CONTESTED
    assert claim.actor_id == "iraq"
    assert (claim.when.earliest, claim.when.latest) == (date(2017, 11, 1), date(2017, 12, 1))
    assert found.places[claim.place_id].radius_km == 25
    assert claim.quote.text == ""
    assert claim.note == "Government of Iraq - IS, Rawa; best estimate of deaths 12"


def test_the_headline_ucdp_names_is_the_title_of_the_source_and_not_what_it_says_of_the_place():
    (claim,) = table(UCDP + ucdp().replace(",IS,,", ",IS,Fighting rages on,")).claims
    assert (claim.source.title, claim.quote.text) == ("Fighting rages on", "")


def test_a_claim_of_a_table_has_a_quote_or_a_note_or_both_or_neither():
    head = "date,place,lat,lon,country,predicate,actor,quote,note,publisher\n"
    row = "2017-07-0{},Rawa,34.48,41.92,IQ,captured,iraq,{},{},A Paper\n"
    rows = ((1, "They took it.", ""), (2, "", "Our summary."), (3, "They took it.", "Seen on page 2."), (4, "", ""))
    found = table(head + "".join(row.format(*r) for r in rows)).claims
    assert [(c.quote.text, c.note) for c in found] == [r[1:] for r in rows]
    assert {c.source.title for c in found} == {""}, "a remark is no title of what a publisher wrote"


def test_ucdp_rows_too_coarse_or_against_civilians_are_counted():
    found = table(UCDP + ucdp(where=6) + ucdp(id_=2, kind=3) + ucdp(id_=3, end="2017-10-01"))
    assert found.claims == ()
    assert {i.code for i in found.issues} >= {"place-too-coarse", "target-civilians", "end-before-start"}


def test_intervals_are_half_open_periods():
    found = table("place,lat,lon,start,end,actor,status\nRawa,34.48,41.92,2014-06,2017-11-17,ISIS,controlled\n")
    (period,) = found.periods
    assert (period.start, period.start_latest, period.end) == (date(2014, 6, 1), date(2014, 6, 30), date(2017, 11, 17))
    assert (period.actor_id, period.status, period.start_precision) == ("is", Status.CONTROLLED, "month")


def test_first_and_last_days_seen_are_both_within_and_short_gaps_are_uncertain():
    found = table(
        "place,lat,lon,country,population,status,actor,first_seen,last_seen\n"
        "Town,48.6,38.0,UA,100,controlled,Ukraine,2022-03-01,2022-08-10\n"
        "Town,48.6,38.0,UA,100,contested,,2022-08-12,2022-10-26\n"
        "Town,48.6,38.0,UA,?,controlled,Russia,2023-10-26,2023-10-20\n"
    )
    one, two = found.periods
    assert one.end == date(2022, 8, 11)
    assert (two.start, two.start_latest, two.end) == (date(2022, 8, 11), date(2022, 8, 12), date(2022, 10, 27))
    assert codes(found) == [("end-before-start", 4)]


def test_a_long_panel_becomes_runs():
    rows = [("2022-03-01", "UA"), ("2022-03-02", "UA"), ("2022-03-03", "CONTESTED"), ("2022-03-04", "RU")]
    text = "geonameid,date,status\n" + "".join(f"706483,{day.replace('-', '')},{s}\n" for day, s in rows)
    found = table(text)
    assert [(p.place_id, p.status, p.actor_id, str(p.start), str(p.end)) for p in found.periods] == [
        ("geonames:706483", "controlled", "ukraine", "2022-03-01", "2022-03-03"),
        ("geonames:706483", "contested", "", "2022-03-03", "2022-03-04"),
        ("geonames:706483", "controlled", "russia", "2022-03-04", "2022-03-05"),
    ]


def test_the_order_of_a_panels_rows_does_not_matter():
    rows = [
        f"{place},2022-03-{day:02},{'UA' if day < 9 + place else 'RU'}\n" for place in (1, 2) for day in range(1, 20)
    ]
    forward = table("geonameid,date,status\n" + "".join(rows))
    backward = table("geonameid,date,status\n" + "".join(reversed(rows)))
    assert sorted(forward.periods, key=repr) == sorted(backward.periods, key=repr)


def test_a_change_between_two_observations_of_a_weekly_panel_is_uncertain():
    days = [
        ("2022-03-01", "UA"),
        ("2022-03-08", "UA"),
        ("2022-03-15", "RU"),
        ("2022-03-22", "RU"),
        ("2022-06-01", "RU"),
    ]
    found = table("place,lat,lon,date,status\n" + "".join(f"Town,48,38,{d},{s}\n" for d, s in days))
    assert [(str(p.start), str(p.start_latest), str(p.end)) for p in found.periods] == [
        ("2022-03-01", "2022-03-01", "2022-03-09"),
        ("2022-03-09", "2022-03-15", "2022-03-23"),
        ("2022-06-01", "2022-06-01", "2022-06-02"),
    ]


def test_a_wide_panel_says_the_same_as_a_long_one():
    wide = table("geonameid,status_20220301,status_20220302,status_20220303\n5,UA,UA,RU\n")
    long = table("geonameid,date,status\n5,2022-03-01,UA\n5,2022-03-02,UA\n5,2022-03-03,RU\n")
    assert wide.periods == long.periods


def test_bad_rows_of_a_panel_are_issues_and_contradictions_are_contested():
    found = table("geonameid,date,status\n5,2022-03-01,UA\n5,2022-03-01,RU\n5,31/02/2022,UA\n,2022-03-01,UA\n")
    assert {i.code for i in found.issues} == {"date-impossible", "place-missing", "rows-contradict"}
    assert [(p.status, {p.actor_id, p.other_id}) for p in found.periods] == [("contested", {"ukraine", "russia"})]


# Judging ----------------------------------------------------------------------------------------------------------


def test_what_a_reviewer_said_survives_the_next_extraction():
    rows = [GOOD, GOOD.replace("Rawa", "Ana"), GOOD.replace("Rawa", "Hit"), GOOD.replace("Rawa", "Gone")]
    first = table(HAND + "".join(rows))
    rawa, ana, hit, gone = first.claims
    stream = io.StringIO(newline="")
    judged = [
        replace(rawa, review="ok"),
        replace(ana, review="wrong"),
        replace(hit, review="edited", predicate=Predicate.LOST),
        replace(gone, review="ok"),
    ]
    write_csv(claim_rows(judged, [], first.places), stream)
    reviewed = table(stream.getvalue())
    again = [replace(c, confidence=0.3) for c in (rawa, ana, hit)]
    merged = merge_reviewed(again, [], first.places, reviewed)
    assert [(c.place_text, c.review, c.predicate) for c in merged.claims] == [
        ("Rawa", "ok", "captured"),
        ("Ana", "wrong", "captured"),
        ("Hit", "edited", "lost"),
        ("Gone", "ok", "captured"),
    ]
    assert [i.code for i in merged.issues] == ["reviewed-not-extracted"]


def test_a_reviewer_who_moves_a_claim_moves_that_claim_alone():
    first = table(HAND + GOOD + GOOD.replace("2017-11-17", "2014-06-20"))
    stream = io.StringIO(newline="")
    rows = list(claim_rows(first.claims, [], first.places))
    rows[0] |= {"lat": "34.60", "review": "edited"}
    write_csv(rows, stream)
    reviewed = table(stream.getvalue())
    merged = merge_reviewed(first.claims, [], first.places, reviewed)
    moved, stayed = merged.claims
    assert merged.places[moved.place_id].lat == 34.6
    assert merged.places[stayed.place_id].lat == 34.48


def test_a_claim_id_that_stands_twice_is_refused_the_second_time():
    first = table(HAND + GOOD)
    stream = io.StringIO(newline="")
    write_csv(claim_rows([*first.claims, *first.claims], [], first.places), stream)
    back = table(stream.getvalue())
    assert len(back.claims) == 1
    assert codes(back) == [("id-repeated", 3)]


def test_an_unknown_verdict_is_reported_and_taken_as_none():
    found = table(HAND + GOOD)
    stream = io.StringIO(newline="")
    write_csv(claim_rows([replace(found.claims[0], review="maybe")], [], found.places), stream)
    back = table(stream.getvalue())
    assert back.claims[0].review == ""
    assert codes(back) == [("review-unknown", 2)]


# Rows out ---------------------------------------------------------------------------------------------------------


def test_period_rows_can_be_read_back_as_a_table_of_intervals():
    place = Place(id=PlaceId("p:1"), name="Rawa", lat=34.5, lon=41.9, country="IQ")
    day = date(2017, 11, 17)
    period = Period(
        place_id=place.id,
        status=Status.CONTESTED,
        actor_id=ActorId("is"),
        other_id=ActorId("iraq"),
        start=day,
        start_latest=day + timedelta(days=3),
        end=day + timedelta(days=30),
        start_precision="week",
        confidence=0.75,
        claim_ids=(ClaimId("a"), ClaimId("b")),
    )
    stream = io.StringIO(newline="")
    write_csv(period_rows(Timeline(periods=(period,)), {place.id: place}), stream)
    back = table(stream.getvalue())
    assert back.periods == (period,)
    assert back.issues == ()


def test_an_unresolved_toponym_has_null_coordinates():
    quote = Quote(article_id=ArticleId("a"), start=0, end=4, text="Rawa")
    rival = Rival(place_id=PlaceId("g:1"), name="Rawa", country="PK", lat=1.0, lon=2.0, score=0.2)
    (row,) = toponym_rows([Toponym(quote=quote, place=None, score=0.3, rivals=(rival,))])
    stream = io.StringIO()
    write_jsonl([row], stream)
    back = json.loads(stream.getvalue())
    assert back["lat"] is None
    assert back["rivals"][0]["country"] == "PK"
    csv_stream = io.StringIO(newline="")
    write_csv([row], csv_stream)
    assert len(list(csv.reader(io.StringIO(csv_stream.getvalue())))) == 2


def test_tables_are_told_from_lists_of_articles():
    assert looks_like_table(HAND + GOOD, ".csv")
    assert looks_like_table(",".join(CLAIM_COLUMNS), ".csv")
    assert not looks_like_table("id,published,title,text\n", ".csv")
    assert not looks_like_table('{"id": "1", "text": "IS lost Rawa", "date": "2017"}', ".jsonl")
    assert looks_like_table('{"date": "2017", "place": "Rawa", "predicate": "holds"}', ".jsonl")
    assert not looks_like_table("", ".csv")


HEADERS = (
    ",".join(CLAIM_COLUMNS),
    HAND.strip(),
    ACLED.strip(),
    UCDP.strip(),
    "geonameid,date,status",
    "place,start,actor",
)
cells = st.one_of(
    st.text(max_size=6), st.sampled_from(["2017", "34.5", "-181", "captured", "lost", "{}", "95%", "1e999", '"'])
)


@given(st.sampled_from(HEADERS), st.lists(st.lists(cells, max_size=34), max_size=4))
@settings(max_examples=150, deadline=None)
def test_nothing_in_a_table_stops_the_reading(header, rows):
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    found = table(f"{header}\n{stream.getvalue()}")
    assert all(issue.file == "t.csv" and issue.message and issue.code for issue in found.issues)


@given(st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_a_table_or_an_issue(data):
    found = read_table(io.BytesIO(data), name="t.csv")
    assert found.claims or found.periods or found.issues
