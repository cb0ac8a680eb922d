"""The chart of areas: a drawing, and a picture whose words are letters."""

from __future__ import annotations

import re
import sys
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
import resvg_py

from mapper.areas import FONT, chart_svg
from mapper.areas.spans import spans_of
from mapper.cli.products import _png
from mapper.model import Actor, ActorId, Period, PlaceId, Status, Territory

WORDS = re.compile(r"<text.*?</text>")


def a_chart(name: str) -> str:
    first, last = date(2014, 6, 10), date(2017, 11, 17)
    held = Period(
        place_id=PlaceId("a"),
        status=Status.CONTROLLED,
        actor_id=ActorId("x"),
        start=first,
        start_latest=first,
        end=last,
    )
    land = Territory(
        cell_place=(PlaceId("a"),),
        face_cell=np.zeros(1, np.int32),
        face_zone=np.zeros(1, np.int8),
        face_km2=np.array([900.0]),
        xy=np.zeros((0, 2)),
        offsets=np.zeros(1, np.int64),
        left=np.empty(0, np.int32),
        right=np.empty(0, np.int32),
        cell_periods=((held,),),
        spans=spans_of(((held,),)),
    )
    return chart_svg(land, {ActorId("x"): Actor(id=ActorId("x"), name=name, colour="#0072b2")})


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which no font is installed."""
    bare = SimpleNamespace(svg_to_bytes=lambda **options: resvg_py.svg_to_bytes(**options, skip_system_fonts=True))
    monkeypatch.setitem(sys.modules, "resvg_py", bare)


@pytest.mark.usefixtures("no_fonts")
@pytest.mark.parametrize("name", ["Iraqi government", "Збройні сили України", "Türkiye – Δημοκρατία"])
def test_every_word_of_the_chart_is_drawn_where_no_font_is_installed(name: str) -> None:
    svg = a_chart(name)
    words = WORDS.findall(svg)
    assert len(words) > 8
    assert name in words[-1]
    whole = _png(svg)
    for word in words:
        assert _png(svg.replace(word, "", 1)) != whole, f"nothing was drawn for {word}"


@pytest.mark.usefixtures("no_fonts")
def test_a_name_in_the_chart_is_drawn_letter_by_letter() -> None:
    pictures = {_png(a_chart(name)) for name in ("Iraq", "Iran", "Ірак", "Ιράκ", "IRAQ")}
    assert len(pictures) == 5


def test_the_test_would_see_a_chart_without_letters() -> None:
    svg = a_chart("Iraq").replace(FONT, "No Such Family")
    plain = WORDS.sub("", svg)
    assert resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True) == resvg_py.svg_to_bytes(
        svg_string=plain, skip_system_fonts=True
    )


def test_the_drawing_names_the_font_first_and_leaves_a_browser_its_own() -> None:
    assert f'font-family="{FONT}, system-ui, sans-serif"' in a_chart("Iraq")
