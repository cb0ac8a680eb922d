"""The gazetteer behind geopy's contract, so that it can stand wherever a geopy geocoder can."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from geopy.exc import GeocoderQueryError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from mapper.gazetteer.index import Candidate, Gazetteer, prominence
from mapper.gazetteer.names import normalise
from mapper.model import Place


class GazetteerGeocoder(Geocoder):  # type: ignore[misc]  # geopy is untyped
    """Offline geocoder over a Gazetteer. ``timeout`` is accepted and ignored: nothing here waits."""

    def __init__(self, gazetteer: Gazetteer, *, countries: Collection[str] = ()) -> None:
        """``countries`` (ISO codes) limits answers and lets other romanisations match."""
        super().__init__(scheme="https", user_agent="mapper")
        self.gazetteer = gazetteer
        self.countries = tuple(sorted(countries))

    def geocode(
        self,
        query: str,
        *,
        exactly_one: bool = True,
        timeout: float | None = DEFAULT_SENTINEL,  # noqa: ARG002
        limit: int = 10,
    ) -> Location | list[Location] | None:
        """The place of a name: "Rawa", or "Rawa, Anbar, Iraq" with what contains it after commas.

        Returns None when there is none, one Location, or with ``exactly_one=False`` a list, best first. ``raw`` holds
        the place's id, names, feature code, country, province, population, uncertainty in km and how it was matched.
        """
        if not isinstance(query, str):
            message = f"the query must be a string, got {type(query).__name__}"
            raise GeocoderQueryError(message)
        head, *within = (part.strip() for part in query.split(","))
        found = [c for c in self._candidates(head) if all(self._inside(c.place, part) for part in within)]
        locations = [self._location(candidate) for candidate in found[:limit]]
        if exactly_one:
            return locations[0] if locations else None
        return locations or None

    def reverse(
        self,
        query: Point | str | Sequence[float],
        *,
        exactly_one: bool = True,
        timeout: float | None = DEFAULT_SENTINEL,  # noqa: ARG002
        limit: int = 5,
    ) -> Location | list[Location] | None:
        """The populated places nearest to a point (latitude, longitude); ``raw["distance_km"]`` says how far."""
        point = Point(query) if isinstance(query, str) else Point(*query[:2])
        found = self.gazetteer.nearest(point.latitude, point.longitude, 1 if exactly_one else limit)
        locations = [
            self._location(Candidate(place=place, tier="exact", matched=place.name, main=True), distance_km=distance)
            for place, distance in found
        ]
        if exactly_one:
            return locations[0] if locations else None
        return locations or None

    def _candidates(self, name: str) -> list[Candidate]:
        found = self.gazetteer.candidates(name, countries=self.countries)
        if self.countries:
            found = tuple(c for c in found if c.place.country in self.countries)
        return sorted(found, key=_order)

    def _inside(self, place: Place, part: str) -> bool:
        """True when a containing unit, or the country's code, answers to the name."""
        key = normalise(part)
        if key == place.country.lower():
            return True
        wanted = {candidate.place.id for candidate in self.gazetteer.candidates(part)}
        return bool(wanted.intersection(self.gazetteer.containing(place)))

    def _location(self, candidate: Candidate, **more: Any) -> Location:
        place = candidate.place
        above = [self.gazetteer.get(place_id) for place_id in self.gazetteer.containing(place)]
        address = ", ".join(dict.fromkeys([place.name, *(unit.name for unit in above if unit is not None)]))
        raw = {
            "id": place.id,
            "name": place.name,
            "names": list(place.names),
            "feature_class": place.feature_class,
            "feature_code": place.feature_code,
            "country": place.country,
            "admin1": place.admin1,
            "population": place.population,
            "radius_km": place.radius_km,
            "tier": candidate.tier,
            "matched": candidate.matched,
            **more,
        }
        return Location(address, Point(place.lat, place.lon), raw)


def _order(candidate: Candidate) -> tuple[bool, bool, float, str]:
    """Without any context the user's own entry wins, then a country, then the larger and better known place."""
    place = candidate.place
    known = (prominence(place) + 1) * candidate.n_names * (1 if candidate.main else 0.5)
    return (
        candidate.tier not in ("alias file", "user"),
        place.feature_code not in ("PCLI", "CONT"),
        -known if candidate.tier != "folded" else 0.0,
        place.id,
    )
