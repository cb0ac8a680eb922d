"""The story: articles and claims go in, a Result comes out. Nothing here reads a file or knows a sink."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol, TypeVar

from mapper import __version__
from mapper.actors import ActorIndex
from mapper.areas import build_territory
from mapper.claims import Extraction, extract_claims
from mapper.claims.reader import Reader
from mapper.config import Config
from mapper.gazetteer import Gazetteer
from mapper.guesses import with_guesses
from mapper.model import (
    Article,
    Claim,
    ClaimId,
    Issue,
    Period,
    Place,
    PlaceId,
    Quote,
    Result,
    ShareClaim,
    Territory,
    Timeline,
    Toponym,
    stable_id,
)
from mapper.timeline import build_timeline
from mapper.toponyms import find_toponyms
from mapper.toponyms import version as model_version
from mapper.verbatim import verified

# What a defect of a reading rule raises. A defect costs the article it fell over, which is reported with its text, and not
# the run; this is the only place that catches such errors, because an article is the smallest thing a run can do without.
DEFECTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
_SHOWN = 200  # characters of an article in the Issue about it
NEIGHBOURS = 30  # towns whose countries are those near a square degree
COAST_KM = 20.0  # a point in no country's outline is in that of a town this near: outlines of coasts are simplified
SAME_PLACE_DEGREES = 0.03  # about 3 km: tables give one place a little apart
SNAP_KM = 5.0  # a table's place and a gazetteer entry of the same name closer than this are one place


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one article gave: a pure function of the article, so many can be read in parallel."""

    article: Article
    toponyms: tuple[Toponym, ...]
    found: Extraction
    reader: str = "rules"  # what read it: the version of the learned reader, or the rules alone

    @property
    def places(self) -> dict[PlaceId, Place]:
        return {t.place.id: t.place for t in self.toponyms if t.place is not None}


_Said = TypeVar("_Said", Claim, ShareClaim)


class Tabled(Protocol):
    """The part of a table that the story reads."""

    @property
    def claims(self) -> tuple[Claim, ...]: ...
    @property
    def share_claims(self) -> tuple[ShareClaim, ...]: ...
    @property
    def periods(self) -> tuple[Period, ...]: ...
    @property
    def places(self) -> Mapping[PlaceId, Place]: ...
    @property
    def issues(self) -> tuple[Issue, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What tables brought: claims that need no extraction, and periods that need no fold."""

    claims: tuple[Claim, ...] = ()
    share_claims: tuple[ShareClaim, ...] = ()
    periods: tuple[Period, ...] = ()
    places: Mapping[PlaceId, Place] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()

    @classmethod
    def of(cls, tables: Sequence[Tabled]) -> Given:
        """What several tables brought, together; places as ``_told_apart``."""
        ids, places = _told_apart([t.places for t in tables])
        return cls(
            claims=tuple(_moved(c, own) for t, own in zip(tables, ids, strict=True) for c in t.claims),
            share_claims=tuple(
                replace(s, region=tuple(own.get(r, r) for r in s.region)) if own else s
                for t, own in zip(tables, ids, strict=True)
                for s in t.share_claims
            ),
            periods=tuple(
                replace(p, place_id=own[p.place_id]) if p.place_id in own else p
                for t, own in zip(tables, ids, strict=True)
                for p in t.periods
            ),
            places=places,
            issues=tuple(i for t in tables for i in t.issues),
        )


def _told_apart(tables: Sequence[Mapping[PlaceId, Place]]) -> tuple[list[dict[PlaceId, PlaceId]], dict[PlaceId, Place]]:
    """New ids for the places of tables that share a name and not a point, a mapping a table; and all places by id.

    Which of them stood first in a table, and which table was named first, must not decide what it is called.
    """
    alike: dict[str, list[tuple[float, float, PlaceId, int]]] = {}
    places: dict[PlaceId, Place] = {}
    for number, table in enumerate(tables):
        for place_id, place in table.items():
            if place_id.startswith("table:") and not math.isnan(place.lat):
                base = place_id.partition("@")[0]
                alike.setdefault(base, []).append((place.lat, place.lon, place_id, number))
            known = places.get(place_id)
            places[place_id] = place if known is None else min(known, place, key=repr)
    ids: list[dict[PlaceId, PlaceId]] = [{} for _ in tables]
    for base, found in alike.items():
        found.sort()
        if all(_near(one, found[0]) for one in found) and len({place_id for _, _, place_id, _ in found}) == 1:
            continue
        heads: list[tuple[float, float, PlaceId, int]] = []
        for one in found:
            head = next((each for each in heads if _near(one, each)), one)
            if head is one:
                heads.append(one)
            _, _, place_id, number = one
            ids[number][place_id] = PlaceId(f"{base}@{head[0]:.2f},{head[1]:.2f}")
        for _, _, place_id, _ in found:
            places.pop(place_id, None)
        for _, _, place_id, number in reversed(heads):
            new = ids[number][place_id]
            places[new] = replace(tables[number][place_id], id=new)
    return ids, places


def _near(one: tuple[float, float, PlaceId, int], two: tuple[float, float, PlaceId, int]) -> bool:
    """Whether two points of one name are one place."""
    return max(abs(one[0] - two[0]), abs(one[1] - two[1])) <= SAME_PLACE_DEGREES


def _moved(claim: Claim, ids: Mapping[PlaceId, PlaceId]) -> Claim:
    """The claim with the new id of its place, also in what it implies (``last_in:…``)."""
    if not ids:
        return claim
    parts = [word.partition(":") for word in claim.implies]
    implies = tuple(f"{what}{colon}{ids.get(PlaceId(of), of)}" for what, colon, of in parts)
    return replace(claim, place_id=ids.get(claim.place_id, claim.place_id), implies=implies)


def read(article: Article, gazetteer: Gazetteer, actors: ActorIndex, reader: Reader | None = None) -> Reading:
    """Toponyms and claims of one article; one that a rule falls over has an Issue and no claims."""
    toponyms: tuple[Toponym, ...] = ()
    try:
        toponyms = find_toponyms(article, gazetteer)
        found = with_guesses(extract_claims(article, toponyms, actors, reader), toponyms, gazetteer)
    except DEFECTS as error:
        found = _fell_over(article, error)
    return Reading(article=article, toponyms=toponyms, found=found, reader=reader.version if reader else "rules")


def read_claims(article: Article, gazetteer: Gazetteer, actors: ActorIndex, reader: Reader | None = None) -> Reading:
    """Like ``read``, with the same claims; an article in which no sentence may claim anything has no toponyms here."""
    toponyms: tuple[Toponym, ...] = ()

    def find() -> tuple[Toponym, ...]:
        nonlocal toponyms
        toponyms = find_toponyms(article, gazetteer)
        return toponyms

    try:
        found = extract_claims(article, find, actors, reader)
        found = with_guesses(found, toponyms, gazetteer)
    except DEFECTS as error:
        found = _fell_over(article, error)
    return Reading(article=article, toponyms=toponyms, found=found, reader=reader.version if reader else "rules")


def _fell_over(article: Article, error: Exception) -> Extraction:
    """What an article gives over which a rule fell: nothing but an Issue that names it and quotes how it begins."""
    name = repr(article.title) if article.title else article.id
    message = f"article {name} was not read, mapper has a defect here: {type(error).__name__}: {error}"
    quote = Quote(article_id=article.id, start=0, end=min(len(article.text), _SHOWN), text=article.text[:_SHOWN])
    return Extraction(
        issues=(Issue(stage="claims", level="error", code="article-failed", message=message, quote=quote),)
    )


class _Whereabouts:
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


def _same(place: Place, gazetteer: Gazetteer, where: _Whereabouts) -> Place | None:
    """The gazetteer's entry for a table's place that has coordinates: the same name within SNAP_KM, or None."""
    reach = math.cos(math.radians(place.lat))
    best, best_km = None, SNAP_KM
    # spellings are folded (Tell Abiad, Tal Abyad) only within a country: a table that names none is asked where it is
    countries = {place.country} if place.country else where.countries(place.lat, place.lon)
    for candidate in gazetteer.candidates(place.name, countries=countries):
        other = candidate.place
        km = 111.2 * math.hypot(other.lat - place.lat, (other.lon - place.lon) * reach)
        if km <= best_km and other.is_region == place.is_region:
            best, best_km = other, km
    return best


def _named(place: Place, countries: Collection[str], gazetteer: Gazetteer) -> Place | None:
    """The gazetteer's entry for a table's place that has only a name or an id, or None."""
    known = gazetteer.get(place.id)
    if known is not None:
        return known
    wanted = {place.country} if place.country else countries
    found = [c.place for c in gazetteer.candidates(place.name, countries=wanted)]
    inside = [p for p in found if not wanted or p.country in wanted or not p.country]
    return max(inside, key=lambda p: (p.population, p.id), default=None)


def settle(given: Given, gazetteer: Gazetteer) -> Given:
    """``given`` with the places of its tables joined to the gazetteer's, so that a table's Rawa and a text's are one.

    A place without coordinates (not a number) takes the gazetteer's; one with coordinates keeps them and its name, and is
    in the country it lies in when the table names none.
    What is not found stays without a place, with an Issue.
    """
    whereabouts = _Whereabouts(gazetteer)
    countries = {whereabouts.code(p.country) for p in given.places.values() if p.country}
    moved: dict[PlaceId, PlaceId] = {}
    places: dict[PlaceId, Place] = {}
    issues = list(given.issues)
    for place_id, written in sorted(given.places.items()):
        place = replace(written, country=whereabouts.code(written.country))
        if math.isnan(place.lat) or math.isnan(place.lon):
            found = _named(place, countries, gazetteer)
            if found is None:
                message = (
                    f"place {place.name!r} is not in the gazetteer: give lat and lon, or `mapper gazetteer add` it"
                )
                issues.append(
                    Issue(stage="records", level="error", code="place-unresolved", message=message, value=place.name)
                )
                moved[place_id] = PlaceId("")
                continue
            moved[place_id] = found.id
            places.setdefault(found.id, replace(found, name=place.name or found.name))
            continue
        if place_id.startswith("table:") and whereabouts.swapped(place):
            message = (
                f"place {place.name!r} at latitude {place.lat}, longitude {place.lon} is not in {place.country}, the other"
                " way round it is: exchange them; its rows are not mapped"
            )
            issues.append(
                Issue(
                    stage="records",
                    level="error",
                    code="coordinates-swapped",
                    message=message,
                    value=place.name,
                    file=place.source,
                )
            )
            moved[place_id] = PlaceId("")
            continue
        twin = _same(place, gazetteer, whereabouts) if place_id.startswith("table:") else None
        if twin is None:
            lost = not place.country and not place.is_region
            places[place_id] = replace(place, country=whereabouts.country(place.lat, place.lon)) if lost else place
        else:
            moved[place_id] = twin.id
            places[twin.id] = replace(twin, name=place.name, lat=place.lat, lon=place.lon)

    def where(place_id: PlaceId) -> PlaceId:
        return moved.get(place_id, place_id)

    return Given(
        claims=tuple(replace(c, place_id=where(c.place_id)) for c in given.claims),
        share_claims=tuple(replace(s, region=tuple(r for r in map(where, s.region) if r)) for s in given.share_claims),
        periods=tuple(replace(p, place_id=where(p.place_id)) for p in given.periods if where(p.place_id)),
        places=places,
        issues=tuple(issues),
    )


def hold_against(given: Given, articles: Sequence[Article]) -> Given:
    """``given`` with the quotes of its tables held against the articles: what is not in them is a note, with an Issue."""
    claims, unfound = verified(given.claims, articles)
    shares, more = verified(given.share_claims, articles)
    return replace(given, claims=claims, share_claims=shares, issues=(*given.issues, *unfound, *more))


def fold(
    claims: Sequence[Claim],
    places: Mapping[PlaceId, Place],
    *,
    gazetteer: Gazetteer,
    config: Config,
    periods: Sequence[Period] = (),
    as_of: date | None = None,
) -> tuple[Timeline, tuple[Issue, ...]]:
    """The timeline of some claims under the configuration's policy."""

    def containing(place_id: PlaceId) -> tuple[PlaceId, ...]:
        place = places.get(place_id)
        return () if place is None else gazetteer.containing(place)

    return build_timeline(
        claims,
        places,
        window_days=config.fold.window_days,
        stale_days=config.fold.stale_days,
        contest_days=config.fold.contest_days,
        confirm=config.fold.confirm,
        implied_days=config.fold.implied_days,
        publishers=config.publishers,
        containing=containing,
        actors={actor.id: actor for actor in config.actors},
        as_of=as_of,
        periods=periods,
    )


def combine(
    readings: Iterable[Reading],
    given: Given,
    *,
    gazetteer: Gazetteer,
    config: Config,
    issues: Sequence[Issue] = (),
    as_of: date | None = None,
    territory: bool = True,
) -> Result:
    """From readings and tables to a Result: settle, fold, tessellate."""
    readings = tuple(readings)
    given = settle(hold_against(given, [r.article for r in readings]), gazetteer)
    claims = _in_order((c for r in readings for c in r.found.claims), given.claims)
    shares = _in_order((s for r in readings for s in r.found.share_claims), given.share_claims)
    places: dict[PlaceId, Place] = {}
    for r in readings:
        places |= r.places
    places |= given.places
    timeline, folded = fold(
        tuple(claims.values()), places, gazetteer=gazetteer, config=config, periods=given.periods, as_of=as_of
    )
    folded = tuple(_untold(folded, claims, readings))
    land = None
    if territory and timeline.periods:
        land = build_territory(
            timeline,
            places,
            gazetteer,
            countries=config.theatre.countries,
            box=config.theatre.box,
            solid_km=config.reach.solid_km,
            presumed_km=config.reach.presumed_km,
            infer=config.reach.infer,
            infer_gap_km=config.reach.infer_gap_km,
            min_population=config.reach.min_population,
            claims=tuple(claims.values()),
        )
        ids = {
            i for i in (*land.cell_place, *(p.place_id for cell in land.cell_periods for p in cell)) if i not in places
        }
        places |= {i: p for i in sorted(ids) if (p := gazetteer.get(i)) is not None}
        folded = (*folded, *outside(timeline, places, land))
    used = {c.actor_id for c in claims.values()} | {c.other_id for c in claims.values()}
    used |= (
        {s.actor_id for s in shares.values()}
        | {p.actor_id for p in timeline.periods}
        | {p.other_id for p in timeline.periods}
    )
    return Result(
        title=config.title or _headline(readings, given),
        articles=tuple(r.article for r in readings),
        places=places,
        actors={actor.id: actor for actor in config.actors if actor.id in used},
        toponyms=tuple(t for r in readings for t in r.toponyms),
        claims=tuple(claims.values()),
        share_claims=tuple(shares.values()),
        timeline=timeline,
        territory=land,
        issues=(*issues, *(i for r in readings for i in r.found.issues), *given.issues, *folded),
        versions={
            "mapper": __version__,
            **gazetteer.versions(),
            "models": model_version(),
            **({"reader": " ".join(sorted({r.reader for r in readings}))} if readings else {}),
            "config": config_version(config),
            "inputs": inputs_version(readings, given),
        },
    )


def _in_order(read: Iterable[_Said], given: Iterable[_Said]) -> dict[ClaimId, _Said]:
    """Claims by id, a table's before an article's: as their text tells them, those of one table by date.

    In whatever order the inputs and their rows came: what is written must not depend on it.
    """

    def where(claim: _Said) -> tuple[str, int, date, date, str, str]:
        when = claim.when
        text = claim.place_text if isinstance(claim, Claim) else claim.region_text
        start, end = when.earliest or when.latest or date.max, when.latest or date.max
        return claim.quote.article_id, claim.quote.start, start, end, text, claim.id

    last: dict[ClaimId, _Said] = {claim.id: claim for claim in read}
    told: dict[ClaimId, _Said] = {}
    for claim in given:
        known = told.get(claim.id)
        told[claim.id] = claim if known is None else max(known, claim, key=repr)
    return {claim.id: claim for claim in sorted((last | told).values(), key=where)}


def _headline(readings: Sequence[Reading], given: Given) -> str:
    """The title of the only article, when there is nothing else on the map."""
    alone = len(readings) == 1 and not (given.claims or given.share_claims or given.periods)
    return readings[0].article.title if alone else ""


def _untold(folded: Iterable[Issue], claims: Mapping[ClaimId, Claim], readings: Iterable[Reading]) -> Iterator[Issue]:
    """The fold's issues but for a claim's missing place of which reading the article told: one place, one Issue."""
    told = {(r.article.id, i.value.lower()) for r in readings for i in r.found.issues if i.code == "place-unresolved"}
    for issue in folded:
        claim = claims.get(ClaimId(issue.value)) if issue.code == "claim-unplaced" else None
        if claim is None or (claim.quote.article_id, claim.place_text.lower()) not in told:
            yield issue


def outside(timeline: Timeline, places: Mapping[PlaceId, Place], land: Territory) -> Iterator[Issue]:
    """An Issue for each place that has periods and no cell: a point that shares one, outside the theatre, or in the sea."""
    cells = set(land.cell_place)
    for place_id in sorted({p.place_id for p in timeline.periods} - cells):
        place = places.get(place_id)
        if place is None or place.is_region or place.feature_class != "P":
            continue  # regions are spread over cells, rivers and the like have none of their own
        where = f"{place.name} ({place.lat:.3f}, {place.lon:.3f})"
        if place_id in land.sharing:
            other = places.get(land.sharing[place_id])
            name = land.sharing[place_id] if other is None else other.name
            message = f"{where} lies where {name} lies and shares its area, which shows what began last"
            yield Issue(stage="areas", level="note", code="cell-shared", message=message, value=place_id)
            continue
        remedy = "on the timeline, but without an area"
        if land.countries:
            message = f"{where} lies outside the theatre ({', '.join(land.countries)}): {remedy}"
        else:
            message = f"{where} lies in no country: {remedy}; check its coordinates, or name its country"
        yield Issue(stage="areas", level="warning", code="outside-theatre", message=message, value=place_id)


def config_version(config: Config) -> str:
    """A hash of all that the configuration decides; where its files lie does not count."""
    return stable_id(replace(config, folder=None, gazetteers=()))


def inputs_version(readings: Iterable[Reading], given: Given) -> str:
    """A hash of what went in, the same in whatever order the inputs were named."""
    articles = [stable_id(r.article.id, r.article.published, r.article.text) for r in readings]
    rows = [stable_id(row) for row in (*given.claims, *given.share_claims, *given.periods)]
    return stable_id(*sorted(articles), *sorted(rows))


def run(
    articles: Iterable[Article],
    *,
    gazetteer: Gazetteer,
    config: Config,
    given: Given | None = None,
    issues: Sequence[Issue] = (),
    as_of: date | None = None,
    territory: bool = True,
    reader: Reader | None = None,
) -> Result:
    """The whole pipe: articles and tables to timeline and territory. ``issues`` are those of opening the inputs.

    ``reader`` has a say beside the rules; None: the rules alone.
    """
    index = ActorIndex(config.actors)
    readings = [read(article, gazetteer, index, reader) for article in articles]
    return combine(
        readings,
        given or Given(),
        gazetteer=gazetteer,
        config=config,
        issues=issues,
        as_of=as_of,
        territory=territory,
    )
