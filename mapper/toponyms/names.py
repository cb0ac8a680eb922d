"""The gazetteer as the recogniser and the resolver want it: per name, its candidates as arrays, cached.

One `Atlas` serves one gazetteer for the life of the process. It holds a bounded number of names, so memory does not
grow with the number of articles.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mapper.gazetteer import Candidate, Gazetteer, normalise
from mapper.model import Place, PlaceId

#: Names kept in memory; about 60 MB when full. Emptied whole when exceeded: simple, and names repeat within an article.
_CACHE_NAMES = 30_000
#: Candidates considered for one name, the most populous first. San Jose has 500; a gold one beyond 80 was never seen.
_MOST = 80

# Columns of Entry.flags
COUNTRY, ADM1, ADM2, ADM_LOW, CAPITAL, SEAT, TOWN, WATER, REGION, OTHER = range(10)

_REGIONS_FIRST = {"ADM1": 0, "RGN": 1, "CONT": 1}  # "Texan" is of the state; "Londoner" of the town
_FLAG_OF_CODE = {
    "ADM1": ADM1,
    "ADM2": ADM2,
    "PPLC": CAPITAL,
    "PPLA": SEAT,
    "PPLA2": SEAT,
    "CONT": REGION,
    "RGN": REGION,
}


def _flag(place: Place) -> int:
    code = place.feature_code
    if code.startswith("PCL") or code == "TERR":
        return COUNTRY
    if code in _FLAG_OF_CODE:
        return _FLAG_OF_CODE[code]
    return {"A": ADM_LOW, "P": TOWN, "H": WATER, "L": REGION}.get(place.feature_class, OTHER)


@dataclass(slots=True)
class Says:
    """The country and the province a name may stand for (interned, 0 for none), each with its share of the evidence."""

    country: int
    country_share: float
    province: int
    province_share: float
    of_province: int  # the province's country


@dataclass(slots=True)
class Entry:
    """One name and its candidates, most populous first; arrays are parallel to ``places``."""

    key: str
    places: tuple[Place, ...]
    tiers: NDArray[np.int8]
    flags: NDArray[np.int8]
    xyz: NDArray[np.float32]  # (n, 3) unit vectors
    log_pop: NDArray[np.float32]
    names: NDArray[np.float32]  # log of the number of names
    main: NDArray[np.bool_]  # the name is the place's own, not an alias
    country: NDArray[np.int32]  # interned
    admin1: NDArray[np.int32]
    prior: tuple[str, ...] = ()  # feature strings of the recogniser that depend on the name alone
    facts: NDArray[np.float32] | None = None  # columns of the resolver that depend on the name alone
    fame: NDArray[np.float32] | None = None  # how widely each candidate is known
    says: Says | None = None  # what the name says about where the text is

    def __len__(self) -> int:
        return len(self.places)


def unit(lat: float, lon: float) -> tuple[float, float, float]:
    phi, lam = math.radians(lat), math.radians(lon)
    return math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)


class Atlas:
    """Names → entries of one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._entries: dict[str, Entry | None] = {}
        self._codes: dict[str, int] = {"": 0}
        self._texts: list[str] = [""]
        self._keys: dict[str, str] = {}
        self._regions: dict[str, Place | None] = {}
        self._similar: dict[tuple[str, frozenset[str]], tuple[Candidate, ...]] = {}

    def key(self, surface: str) -> str:
        """The gazetteer's exact-match key of a surface form, remembered."""
        found = self._keys.get(surface)
        if found is None:
            if len(self._keys) > 4 * _CACHE_NAMES:
                self._keys.clear()
            found = self._keys[surface] = normalise(surface)
        return found

    def code(self, text: str) -> int:
        """A small integer for a country or province code; 0 for the empty one."""
        found = self._codes.get(text)
        if found is None:
            found = self._codes[text] = len(self._texts)
            self._texts.append(text)
        return found

    def name_of(self, code: int) -> str:
        """The text a small integer stands for."""
        return self._texts[code]

    def known(self, keys: Sequence[str]) -> list[bool]:
        """Which normalised keys are names of the gazetteer."""
        entries = self._entries
        missing = [key for key in keys if key not in entries]
        if missing:
            if len(entries) > _CACHE_NAMES:
                entries.clear()
                missing = list(dict.fromkeys(keys))
            found = dict(zip(missing, self.gazetteer.scan(missing).tolist(), strict=True))
            entries.update((key, None) for key, hit in found.items() if not hit)
        return [entries.get(key, True) is not None for key in keys]

    def entry(self, key: str) -> Entry | None:
        """The candidates of a normalised key, None when it is no name."""
        if key in self._entries:
            return self._entries[key]
        entry = self.make(key, ((c.place, _tier(c.tier), c.main) for c in self.gazetteer.candidates(key)))
        self._entries[key] = entry
        return entry

    def pinned(self, memo: str, place: Place | None) -> Entry | None:
        """The entry of one place that a form names by itself ("U.S.", "Ky.", "Iraqi")."""
        if memo not in self._entries:
            self._entries[memo] = None if place is None else self.make(memo, ((place, 1, True),))
        return self._entries[memo]

    def folded(self, surface: str, countries: frozenset[str]) -> Entry | None:
        """Candidates in these countries whose romanisation differs from the surface; None when there are none."""
        memo = f"{surface}\x00{','.join(sorted(countries))}"
        if memo not in self._entries:
            found = self.gazetteer.candidates(surface, countries=countries)
            inside = ((c.place, _tier(c.tier), c.main) for c in found if c.place.country in countries)
            self._entries[memo] = self.make(self.key(surface), inside)
        return self._entries[memo]

    def similar(self, surface: str, countries: frozenset[str]) -> tuple[Candidate, ...]:
        """Places in these countries whose names are a letter away, best first."""
        memo = (surface, countries)
        if memo not in self._similar:
            if len(self._similar) > _CACHE_NAMES // 10:
                self._similar.clear()
            self._similar[memo] = self.gazetteer.near_spellings(surface, countries)
        return self._similar[memo]

    def make(self, key: str, found: Iterable[tuple[Place, int, bool]]) -> Entry | None:
        """An entry of the given places, each with its tier and whether the name is its principal one."""
        rows: dict[PlaceId, tuple[Place, int, bool]] = {}
        for place, tier, main in found:
            if place.id not in rows or rows[place.id][1] > tier:
                rows[place.id] = (place, tier, main)
        if not rows:
            return None
        best = sorted(rows.values(), key=lambda row: (row[1] != 0, -self._size(row[0]), row[1], row[0].id))[:_MOST]
        places = tuple(place for place, _, _ in best)
        sizes = [self._size(place) for place in places]
        return Entry(
            key=key,
            places=places,
            tiers=np.array([tier for _, tier, _ in best], np.int8),
            flags=np.array([_flag(place) for place in places], np.int8),
            xyz=np.array([unit(place.lat, place.lon) for place in places], np.float32),
            log_pop=np.array([math.log1p(size) for size in sizes], np.float32),
            names=np.array([math.log1p(len(place.names)) for place in places], np.float32),
            main=np.array([main for _, _, main in best], np.bool_),
            country=np.array([self.code(place.country) for place in places], np.int32),
            admin1=np.array([self.code(place.admin1) for place in places], np.int32),
        )

    def _size(self, place: Place) -> int:
        """People, or what stands for them where the tables do not say: a province ranks like a large town."""
        if place.feature_class == "A" and place.population < 1000:
            of_country = self._people(place.country)
            share, most = {"ADM1": (20, 800_000), "ADM2": (300, 30_000)}.get(place.feature_code, (3000, 3_000))
            return max(100, min(most, of_country // share))
        return place.population or {"H": 20_000, "L": 50_000, "T": 20_000}.get(place.feature_class, 0)

    def _people(self, country: str) -> int:
        place = self.region("", country) if country else None
        return place.population if place is not None else 0

    def region(self, name: str, country: str) -> Place | None:
        """A province or region by name within a country (``""``: anywhere), or the country itself for no name."""
        memo = f"{name}\x00{country}"
        if memo not in self._regions:
            if name:
                places = [c.place for c in self.gazetteer.candidates(name) if country in ("", c.place.country)]
                places.sort(
                    key=lambda p: (
                        _REGIONS_FIRST.get(p.feature_code, 2 + (p.feature_class != "P")),
                        -p.population,
                        p.id,
                    )
                )
                self._regions[memo] = places[0] if places else None
            else:
                self._regions[memo] = self.gazetteer.country(country)
        return self._regions[memo]


def _tier(tier: str) -> int:
    """0 the user's own, 1 exact, 2 alias, 3 folded."""
    return {"alias file": 0, "user": 0, "exact": 1, "alias": 2}.get(tier, 3)


def is_country(place: Place) -> bool:
    return place.feature_code.startswith("PCL")


def km(a: Place, b: Place) -> float:
    """Great-circle distance."""
    phi, psi = math.radians(a.lat), math.radians(b.lat)
    half = (
        math.sin((psi - phi) / 2) ** 2 + math.cos(phi) * math.cos(psi) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    )
    return 12742.0 * math.asin(math.sqrt(min(1.0, half)))
