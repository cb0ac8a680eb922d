"""Where the places of tables are: the gazetteer's entry for a name, with a point beside it or without one.

A name without a point is that of one place or of several. Which of several is meant is decided by what the tables say of
countries; what they leave open is an Issue, never a guess nobody hears of.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from mapper.gazetteer import TIERS, Candidate, Gazetteer
from mapper.model import Issue, Place

NEIGHBOURS = 30  # towns whose countries are those near a square degree
COAST_KM = 20.0  # a point in no country's outline is in that of a town this near: outlines of coasts are simplified
SNAP_KM = 5.0  # a table's place and a gazetteer entry of the same name closer than this are one place
CLOSE_KM = 20.0  # namesakes closer than this paint the same land: the reach of a town's cell
LEAD = 3.0  # a country is that of a table's places when this many times as many of them lie there as in the next
ENOUGH = 0.5  # and at least half a place: one other name that two countries know
GREATER = 10.0  # a namesake with this many times the people of the next is meant unless the table says otherwise
UNCOUNTED = 500  # people of a place for which the gazetteer has no number
_SHOWN = 5  # namesakes that an Issue lists
_FOLDED = TIERS.index("folded")
_ROUNDING = 1e-9  # of sums of parts of votes


class Whereabouts:
    """The countries of the towns round a point, looked up once for each square degree."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._known: dict[tuple[int, int], frozenset[str]] = {}
        self._codes: dict[str, str] = {}

    def countries(self, lat: float, lon: float) -> frozenset[str]:
        square = (math.floor(lat), math.floor(lon))
        if square not in self._known:
            near = self._gazetteer.nearest(min(square[0] + 0.5, 90.0), square[1] + 0.5, NEIGHBOURS)
            self._known[square] = frozenset(p.country for p, _ in near if p.country)
        return self._known[square]

    def country(self, lat: float, lon: float) -> str:
        """The code of the country a point lies in, or lies before the coast of; empty at sea."""
        code, _ = self._gazetteer.locate(lat, lon)
        if code:
            return code
        return next((p.country for p, km in self._gazetteer.nearest(lat, lon, 1) if km <= COAST_KM), "")

    def code(self, country: str) -> str:
        """The ISO code of a country that a table gives by name (ACLED, UCDP); as it is when no such country is known."""
        if len(country) == 2 or not country:
            return country
        if country not in self._codes:
            bare = country.partition("(")[0].strip()
            found = [c.place for c in self._gazetteer.candidates(bare) if c.place.feature_code.startswith("PCL")]
            self._codes[country] = found[0].country if found else country
        return self._codes[country]

    def swapped(self, place: Place) -> bool:
        """Whether a place is nowhere near its country, and would be with latitude and longitude exchanged."""
        if not place.country or abs(place.lon) > 90 or place.is_region:
            return False
        if place.country in self.countries(place.lat, place.lon):
            return False
        return place.country in self.countries(place.lon, place.lat)

    def same(self, place: Place) -> Place | None:
        """The gazetteer's entry for a table's place that has coordinates: the same name within SNAP_KM, or None."""
        best, best_km = None, SNAP_KM
        # spellings are folded (Tell Abiad, Tal Abyad) only within a country: a table that names none is asked where it is
        countries = {place.country} if place.country else self.countries(place.lat, place.lon)
        for candidate in self._gazetteer.candidates(place.name, countries=countries):
            other = candidate.place
            km = _km(place, other)
            if km <= best_km and other.is_region == place.is_region:
                best, best_km = other, km
        return best


class Namesakes:
    """The places that names without points may mean, and which of them the tables mean.

    ``places`` are all places of the tables, their countries as codes, ``told`` those that claims of articles beside them
    speak of. ``countries`` and ``box`` (west, south, east, north) are those of the theatre.
    """

    def __init__(
        self,
        places: Iterable[Place],
        gazetteer: Gazetteer,
        where: Whereabouts,
        *,
        told: Iterable[Place] = (),
        countries: Sequence[str] = (),
        box: tuple[float, float, float, float] | None = None,
    ) -> None:
        self._gazetteer = gazetteer
        self._theatre = frozenset(countries)
        self._box = box
        self._votes: Counter[str] = Counter()
        self._own: dict[str, dict[str, float]] = {}
        places = tuple(places)
        if all(place.point is not None for place in places):
            return  # there is nothing to tell apart
        for place in places:
            self._own[place.id] = self._vote(place, where)
            self._votes.update(self._own[place.id])
        self._votes.update(place.country for place in told if place.country)

    def _vote(self, place: Place, where: Whereabouts) -> dict[str, float]:
        """The countries the place may lie in, with equal parts of one vote."""
        if place.country:
            return {place.country: 1.0}
        if place.point is not None:
            countries = {where.country(*place.point)}
        elif (known := self._gazetteer.get(place.id)) is not None:
            countries = {known.country}
        else:
            countries = {one.place.country for one in self._called(place, ())}
        countries.discard("")
        return {country: 1 / len(countries) for country in sorted(countries)}

    def _called(self, place: Place, countries: Collection[str]) -> list[Candidate]:
        """Places of the name; of another romanisation of it, in ``countries``, only when no place has the name itself."""
        found = self._gazetteer.candidates(place.name, countries=countries)
        named = [one for one in found if TIERS.index(one.tier) < _FOLDED]
        return named or list(found)

    def find(self, place: Place) -> tuple[Place | None, Issue | None]:
        """The place that a table means by a name or an id, if that can be told, and what there is to say about it."""
        known = self._gazetteer.get(place.id)
        if known is not None:
            return known, None
        hints = {place.country} if place.country else {*self._theatre, *self._votes}
        every = self._called(place, hints)
        if place.country:
            every = [one for one in every if one.place.country in ("", place.country)]
        if not every:
            where = f" in {place.country}" if place.country else ""
            message = (
                f"place {place.name!r} is not in the gazetteer{where}: give lat and lon, or `mapper gazetteer add` it"
            )
            return None, _issue("place-unresolved", message, place, "error")
        if place.is_region:  # a share is one of a province or country
            every = [one for one in every if one.place.is_region] or every
        meant = [one for one in every if self._in_theatre(one.place)] or every
        lands = {one.place.country for one in meant}
        land = self._land(place, lands) if len(lands) > 1 else None
        if land is not None:
            meant = [one for one in meant if one.place.country == land]
        meant = [one for one in meant if one.tier == "user"] or meant  # who added one of the name means that
        guess = land is None and len({one.place.country for one in meant}) > 1
        return _greatest([one.place for one in meant], place, level="warning" if guess else "note")

    def _in_theatre(self, place: Place) -> bool:
        return place.country in self._theatre or (self._box is not None and _in_box(place, self._box))

    def _land(self, place: Place, lands: Collection[str]) -> str | None:
        """Of several countries the one in which the tables' other places lie."""
        own = self._own.get(place.id, {})
        ranked = sorted(((self._votes[land] - own.get(land, 0.0), land) for land in lands), reverse=True)
        (best, land), (next_best, _) = ranked[:2]
        return land if best >= ENOUGH - _ROUNDING and best >= LEAD * next_best - _ROUNDING else None


def _greatest(found: Sequence[Place], place: Place, *, level: str) -> tuple[Place | None, Issue | None]:
    """Of several places of a name the one everybody means by it, or none; an Issue where there was a choice."""
    ranked = sorted(found, key=lambda one: (-_weight(one), one.id))
    top, *others = ranked
    rivals = [one for one in others if not _one_with(top, one)]
    if rivals and _weight(top) < GREATER * max(UNCOUNTED, *map(_weight, rivals)):
        message = (
            f"place {place.name!r} may be {_listed(ranked)}: give its lat and lon or its country, or the countries of"
            " [theatre] in mapper.toml; its rows are not mapped"
        )
        return None, _issue("place-ambiguous", message, place, "error")
    if not others:
        return top, None
    message = f"place {place.name!r} is taken as {_described(top)}, not {_listed(others)}: give lat and lon to choose"
    return top, _issue("place-chosen", message, place, level if rivals else "note")


def _weight(place: Place) -> float:
    """People; of a province or district a tenth: who names a town that has the name of its province means the town."""
    return 0.1 * place.population if _is_unit(place) else place.population


def _is_unit(place: Place) -> bool:
    """A province or district, not a country."""
    return place.feature_code.startswith("ADM")


def _one_with(place: Place, other: Place) -> bool:
    """Whether two of one name need not be told apart: close by, or a town and the unit round it."""
    units = _is_unit(place) + _is_unit(other)
    if units and place.country == other.country and place.admin1 == other.admin1:
        return True
    return _km(place, other) <= CLOSE_KM


def _km(place: Place, other: Place) -> float:
    return 111.2 * math.hypot(*place.offset(other.lat, other.lon))


def _in_box(place: Place, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    across = west <= place.lon <= east if west <= east else place.lon >= west or place.lon <= east
    return across and south <= place.lat <= north


def _described(place: Place) -> str:
    what = f", {place.feature_code}" if place.is_region else ""
    return f"{place.name} ({place.country or 'no country'}{what}, {place.lat:.2f} {place.lon:.2f})"


def _listed(places: Sequence[Place]) -> str:
    def parts() -> Iterator[str]:
        yield from map(_described, places[:_SHOWN])
        if len(places) > _SHOWN:
            yield f"{len(places) - _SHOWN} more"

    *first, last = parts()
    return f"{', '.join(first)} or {last}" if first else last


def _issue(code: str, message: str, place: Place, level: str) -> Issue:
    return Issue(stage="records", level=level, code=code, message=message, value=place.name, file=place.source)
