from __future__ import annotations

from pathlib import Path

import pytest
from geopy.exc import GeocoderUnavailable
from geopy.location import Location
from geopy.point import Point

from mapper.gazetteer.online import answers, ask, service
from mapper.gazetteer.store import GazetteerError


class Service:
    """Stands in for a public geocoder: knows one village, counts the questions."""

    def __init__(self, *, down: bool = False) -> None:
        self.asked: list[str] = []
        self.down = down

    def __call__(self, name: str, **_: object):
        self.asked.append(name)
        if self.down:
            raise GeocoderUnavailable
        if name == "Umm Qasr al-Gharbi":
            return Location("x", Point(33.25, 44.5), {"address": {"country_code": "iq"}})
        return None


def test_answers_and_refusals_are_kept_and_not_asked_again(tmp_path: Path) -> None:
    path, here = tmp_path / "online.csv", Service()
    assert ask(["Umm Qasr al-Gharbi", "Nowhere"], ["IQ"], path=path, geocode=here, source="test") == 1
    assert ask(["Umm Qasr al-Gharbi", "Nowhere"], ["IQ"], path=path, geocode=here, source="test") == 0
    assert here.asked == ["Nowhere", "Umm Qasr al-Gharbi"]
    table = answers(path, tmp_path / "user.csv").read_text(encoding="utf-8")
    assert "33.25000,44.50000,IQ" in table
    assert "Nowhere" not in table


def test_what_was_answered_survives_a_lost_connection(tmp_path: Path) -> None:
    path = tmp_path / "online.csv"
    ask(["Umm Qasr al-Gharbi"], [], path=path, geocode=Service(), source="test")
    with pytest.raises(GazetteerError, match="cannot be reached"):
        ask(["Elsewhere"], [], path=path, geocode=Service(down=True), source="test")
    assert "33.25" in path.read_text(encoding="utf-8")


def test_an_unknown_service_is_named() -> None:
    with pytest.raises(GazetteerError, match="nominatim"):
        service("oracle")
