"""The document: one file, nothing fetched, everything hashed, hostile words asleep, same bytes every time."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from dataclasses import replace
from datetime import date

import folium
import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic import make_basemap, make_result

from mapper.model import Period, PlaceId, Result, Status, Timeline
from mapper.webmap import LANGUAGES, PageError, payload, render
from mapper.webmap.histories import ClaimNumbers, pack_periods
from mapper.webmap.page import SCRIPTS, TimeMap
from mapper.webmap.payload import build_payload, varints


@pytest.fixture(scope="module")
def page() -> str:
    return render(make_result(60), basemap=make_basemap())


def _blocks(page: str, tag: str) -> list[str]:
    return re.findall(rf"<{tag}>(.*?)</{tag}>", page, flags=re.DOTALL)


def test_the_policy_lists_the_hash_of_every_script_and_style_and_allows_nothing_else(page: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    for kind, tag in (("script-src", "script"), ("style-src", "style")):
        allowed = set(re.search(kind + r" ([^;]*)", policy[1])[1].split())
        digests = {
            "'sha256-" + base64.b64encode(hashlib.sha256(block.encode()).digest()).decode() + "'"
            for block in _blocks(page, tag)
        }
        assert digests == allowed
    assert "unsafe" not in policy[1]
    assert "default-src 'none'" in policy[1]
    assert "http" not in policy[1]


def test_nothing_in_the_page_points_at_the_network(page: str) -> None:
    assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=", page)
    assert not re.search(r"url\(\s*['\"]?(?!data:)[^)]", "".join(_blocks(page, "style")))
    assert "sourceMappingURL" not in page
    for host in ("jsdelivr", "jquery", "cloudflare", "openstreetmap.org/{z}"):
        assert host not in page


def test_no_markup_carries_inline_styles_or_handlers_that_the_policy_would_block(page: str) -> None:
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    assert not re.search(r"\s(style|on\w+)=", markup)


def test_same_result_same_bytes(page: str) -> None:
    assert render(make_result(60), basemap=make_basemap()) == page


def test_folium_is_the_map_and_leaks_nothing_into_other_maps() -> None:
    assert issubclass(TimeMap, folium.Map)
    before = folium.Map().get_root().render().count("<script")
    render(make_result(20))
    assert folium.Map().get_root().render().count("<script") == before


@pytest.mark.parametrize(
    "hostile", ["{{7*7}}", "{% raw %}", "</script><img src=x onerror=alert(1)>", "<!--<script>", "\u2028</title>"]
)
def test_hostile_words_are_data_in_every_place_they_can_stand(hostile: str) -> None:
    result = make_result(20, claims=10)
    claim = result.claims[0]
    poisoned = replace(
        result,
        title=hostile,
        claims=(
            replace(
                claim,
                place_text=hostile,
                actor_text=hostile,
                said_by=hostile,
                rule=hostile,
                quote=replace(claim.quote, text=hostile),
                note=hostile,
                source=replace(claim.source, publisher=hostile, url="javascript:" + hostile, title=hostile),
            ),
            *result.claims[1:],
        ),
        actors={key: replace(actor, name=hostile) for key, actor in result.actors.items()},
        places={key: replace(place, name=hostile, country=hostile[:2]) for key, place in result.places.items()},
    )
    page = render(poisoned, basemap=make_basemap())
    clean = render(result, basemap=make_basemap())
    assert page.count("<script") == clean.count("<script")
    assert page.count("</script>") == clean.count("</script>")
    assert "<img" not in page
    assert ">49<" not in page


def test_tiles_open_the_policy_for_their_host_alone() -> None:
    page = render(
        make_result(20), tiles_url="https://{s}.tiles.example/{z}/{x}/{y}.png", tiles_attribution="© Example & sons"
    )
    policy = re.search(r'Security-Policy" content="([^"]*)"', page)[1]
    assert "img-src data: blob: https://*.tiles.example;" in policy
    assert "© Example &amp; sons" in page
    for bad in ("javascript:alert(1)", "ftp://x/{z}", "https://a b/{z}", "//host/{z}", "https://x; script-src */{z}"):
        with pytest.raises(PageError):
            render(make_result(20), tiles_url=bad)


def test_an_unknown_language_is_refused_by_name() -> None:
    assert "ar" in LANGUAGES
    with pytest.raises(PageError, match="xx"):
        render(Result(), language="xx")
    assert 'dir="rtl"' in render(Result(), language="ar")


def test_an_empty_result_still_makes_a_page() -> None:
    core = json.loads(build_payload(Result(), basemap={}).core)
    assert core["first"] == core["last"]
    assert "<title>Who controlled what</title>" in render(Result())


def test_every_script_of_the_page_exists_and_stays_readable() -> None:
    from mapper.webmap import page as module

    for name in SCRIPTS:
        text = module._static(name)
        assert text.count("\n") < 620, name
        assert "innerHTML" not in text, name
        assert "`" not in text, f"{name}: template literals would not survive the squeezing of lines"


def _unpacked(data: str) -> bytes:
    return zlib.decompress(base64.b64decode(data), wbits=-15)


def _numbers(blob: bytes, count: int) -> list[int]:
    values, value, shift = [], 0, 0
    for byte in blob:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            values.append((value >> 1) ^ -(value & 1))
            value = shift = 0
    assert len(values) == count
    return values


@given(st.lists(st.integers(min_value=-(2**40), max_value=2**40), max_size=60))
@settings(max_examples=60)
def test_varints_are_read_back_as_they_were(values: list[int]) -> None:
    assert _numbers(varints(np.asarray(values, dtype=np.int64)), len(values)) == values


def test_the_payload_says_of_every_cell_and_day_what_the_territory_says() -> None:
    result = make_result(80, claims=30)
    payload = build_payload(result, basemap={})
    core, blob = json.loads(payload.core), _unpacked(payload.data)
    streams, at = {}, 0
    for name, count, size in core["streams"]:
        streams[name] = _numbers(blob[at : at + size], count)
        at += size
    places = json.loads(_unpacked(payload.evidence))["places"]
    epoch = 719163
    place_number, row = 0, 0
    seen = {}
    for delta, count in zip(streams["cell_place"], streams["per_n"], strict=True):
        place_number += delta
        start, cell = 0, []
        for k in range(count):
            start += streams["per_start"][row + k]
            status, actor, *_ = core["states"][streams["per_state"][row + k]]
            cell.append(
                (start, core["statuses"][status]["id"], core["actors"][actor]["id"], streams["per_fuzz"][row + k])
            )
        row += count
        seen[places["lon"][place_number], places["lat"][place_number]] = cell
    for place_id, periods in zip(result.territory.cell_place, result.territory.cell_periods, strict=True):
        place = result.places[place_id]
        assert seen[round(place.lon, 3), round(place.lat, 3)] == [
            (p.start.toordinal() - epoch, p.status.value, p.actor_id, (p.start_latest - p.start).days) for p in periods
        ]


def test_what_is_said_of_a_country_is_told_though_its_unclaimed_land_has_its_id() -> None:
    result = make_result()
    land = result.territory
    assert land is not None
    here = next(n for n, periods in enumerate(land.cell_periods) if periods)
    said = replace(land.cell_periods[here][0], place_id=PlaceId("country:1"))
    rest = replace(
        land,
        cell_place=("country:1", *land.cell_place[1:]),
        cell_periods=((), *land.cell_periods[1:]),
    )
    told = replace(result, territory=rest, timeline=Timeline(periods=(*result.timeline.periods, said)))
    assert [periods for place, periods in payload._cells(told) if place == "country:1"] == [(), (said,)]


def test_every_claim_is_either_on_the_map_or_says_why_not() -> None:
    result = make_result(40, claims=12)
    spare = replace(result.claims[0], id="spare", place_id="", place_text="Nowhere")
    table = json.loads(_unpacked(build_payload(replace(result, claims=(*result.claims, spare)), basemap={}).evidence))[
        "claims"
    ]
    reasons = [table["reasons"][number] for number in table["reason"]]
    assert reasons[: len(result.claims)] == [""] * len(result.claims)
    assert reasons[len(result.claims)] == "unresolved"


def test_search_keeps_a_spelling_of_every_script() -> None:
    result = make_result(60, claims=10)
    place_id = result.claims[0].place_id
    latin = tuple(f"Spelling {chr(97 + n)}" for n in range(30))
    names = ("1917", *latin, "Spëlling a", "Халеб", "حلب", "الحلب")
    places = {**result.places, place_id: replace(result.places[place_id], names=names)}
    evidence = json.loads(
        _unpacked(build_payload(replace(result, places=places), basemap=make_basemap()).evidence.split(":")[-1])
    )
    kept = evidence["places"]["also"][evidence["places"]["id"].index(str(place_id))]
    assert kept == ["1917", *latin[:24], "Халеб", "حلب", "الحلب"]


def test_a_claim_of_a_table_keeps_what_its_quote_calls_the_actors() -> None:
    result = make_result(60, claims=10)
    first = result.claims[0]
    actor_id = first.actor_id
    actors = {**result.actors, actor_id: replace(result.actors[actor_id], aliases=("Velmar army", "army", "VA"))}

    def called(quote: str, text: str = "id-of-a-table", note: str = "") -> str:
        claim = replace(first, actor_text=text, quote=replace(first.quote, text=quote), note=note)
        made = build_payload(replace(result, claims=(claim, *result.claims[1:]), actors=actors), basemap=make_basemap())
        return json.loads(_unpacked(made.evidence.split(":")[-1]))["claims"]["actorText"][0]

    assert called("The Velmar army took the town.") == "Velmar army"
    assert called("The army took the town.", text="army") == "army"
    assert called("", note="The Velmar army took the town.") == "Velmar army"
    assert called("Vast crowds left.") == "id-of-a-table"  # VA is no part of a word


def _evidence(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text), -15)


def test_a_page_of_many_claims_says_the_same_squeezed_less(monkeypatch: pytest.MonkeyPatch) -> None:
    result = make_result(60)
    closest = build_payload(result, basemap=make_basemap())
    monkeypatch.setattr("mapper.webmap.payload._MANY_CLAIMS", 1)
    usual = build_payload(result, basemap=make_basemap())
    assert usual.data != closest.data
    assert usual.core == closest.core
    assert _evidence(usual.data) == _evidence(closest.data)
    assert _evidence(usual.evidence) == _evidence(closest.evidence)


def test_a_period_finds_its_claims_by_how_their_ids_are_spelt() -> None:
    result = make_result(60)
    assert any(period.claim_ids for cell in result.territory.cell_periods for period in cell)
    copied = replace(
        result,
        territory=replace(
            result.territory,
            cell_periods=tuple(
                tuple(replace(p, claim_ids=tuple("".join(list(c)) for c in p.claim_ids)) for p in cell)
                for cell in result.territory.cell_periods
            ),
        ),
    )
    assert build_payload(copied, basemap=make_basemap()) == build_payload(result, basemap=make_basemap())


def test_a_period_of_unknown_claims_rests_on_none_and_one_known_claim_counts_alone() -> None:
    result = make_result(60)
    known = result.claims[0].id
    numbers = ClaimNumbers(result)
    assert numbers.of([known, "nobody's", "".join(list(known))]) == [0, -1, 0]
    day = date(2020, 1, 1)
    cells = [
        [Period(place_id="x", status=Status.CONTROLLED, start=day, start_latest=day, claim_ids=ids)]
        for ids in ((), ("nobody's",), ("nobody's", known), (known,))
    ]
    streams: dict[str, object] = {}
    _, sets, used = pack_periods([*cells, []], {}, numbers, streams)
    assert orjson.dumps(sets) == b"[[],[0]]"
    assert list(streams["per_set"]) == [0, 0, 1, 1]
    assert list(streams["per_n"]) == [1, 1, 1, 1, 0]
    assert [number for number, on in enumerate(used) if on] == [0]
