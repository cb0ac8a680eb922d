"""The story: articles and claims go in, a Result comes out. Nothing here reads a file or knows a sink."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from operator import attrgetter
from typing import Any, Protocol, TypeVar

import numpy as np

from mapper import __version__
from mapper.actors import ActorIndex
from mapper.areas import build_territory
from mapper.claims import Extraction, extract_claims
from mapper.claims.reader import Reader
from mapper.collector import collector_paused, give_back
from mapper.config import Config, Theatre
from mapper.gazetteer import Gazetteer
from mapper.guesses import with_guesses
from mapper.merging import Tables, merged_tables
from mapper.model import (
    Actor,
    ActorId,
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
from mapper.spots import NOBODY, TABLE, renamed, told_apart
from mapper.timeline import build_timeline
from mapper.toponyms import find_toponyms
from mapper.toponyms import version as model_version
from mapper.verbatim import verified
from mapper.whereabouts import Namesakes, Whereabouts

# What a defect of a reading rule raises. A defect costs the article it fell over, which is reported with its text, and not
# the run; this is the only place that catches such errors, because an article is the smallest thing a run can do without.
DEFECTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
_SHOWN = 200  # characters of an article in the Issue about it
_SHARED = 1 << 16  # values of rows whose words are kept at hand
_WORDED = {  # how a value is put into words (as ``repr`` does it), and what of it
    kind: (
        f"{kind.__name__}({', '.join(f'{f.name}=%s' for f in fields(kind))})",
        attrgetter(*(f.name for f in fields(kind))),
    )
    for kind in (Claim, ShareClaim, Period, Quote)
}


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
    @property
    def actors(self) -> tuple[Actor, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What tables brought: claims that need no extraction, periods that need no fold, and parties of their own (``actors``)."""

    claims: tuple[Claim, ...] = ()
    share_claims: tuple[ShareClaim, ...] = ()
    periods: tuple[Period, ...] = ()
    places: Mapping[PlaceId, Place] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    actors: tuple[Actor, ...] = ()

    @classmethod
    def of(cls, tables: Sequence[Tabled]) -> Given:
        """What several tables brought, together; places as ``told_apart``."""
        ids, places, issues = told_apart([t.places for t in tables])
        parts = [renamed(t.claims, t.share_claims, t.periods, own) for t, own in zip(tables, ids, strict=True)]
        return cls(
            claims=tuple(c for claims, _, _ in parts for c in claims),
            share_claims=tuple(s for _, shares, _ in parts for s in shares),
            periods=tuple(p for _, _, periods in parts for p in periods),
            places=places,
            issues=(*(i for t in tables for i in t.issues), *issues),
            actors=tuple(actor for t in tables for actor in t.actors),
        )


def read(
    article: Article,
    gazetteer: Gazetteer,
    actors: ActorIndex,
    reader: Reader | None = None,
    *,
    lazily: bool = False,
) -> Reading:
    """Toponyms and claims of one article; one that a rule falls over has an Issue and no claims.

    ``lazily`` gives the same claims, but no toponyms of an article in which no sentence may claim anything.
    """
    toponyms: tuple[Toponym, ...] = ()

    def find() -> tuple[Toponym, ...]:
        nonlocal toponyms
        toponyms = find_toponyms(article, gazetteer)
        return toponyms

    try:
        found = extract_claims(article, find if lazily else find(), actors, reader)
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


def settle(given: Given, gazetteer: Gazetteer, theatre: Theatre, told: Iterable[Place] = ()) -> Given:
    """``given`` with the places of its tables joined to the gazetteer's, so that a table's Rawa and a text's are one.

    A place without coordinates (not a number) takes the gazetteer's, of namesakes the one in the countries of the tables
    and the theatre; one with coordinates keeps them and its name, and is in the country it lies in when the table names none.
    What is not found, and what may be several, stays without a place, with an Issue.
    """
    whereabouts = Whereabouts(gazetteer)
    written = {i: replace(p, country=whereabouts.code(p.country)) for i, p in sorted(given.places.items())}
    namesakes = Namesakes(
        written.values(), gazetteer, whereabouts, told=told, countries=theatre.countries, box=theatre.box
    )
    moved: dict[PlaceId, PlaceId] = {}
    places: dict[PlaceId, Place] = {}
    issues = list(given.issues)
    for place_id, place in written.items():
        if place.point is None:
            found, issue = namesakes.find(place)
            if issue is not None:
                issues.append(issue)
            moved[place_id] = NOBODY if found is None else found.id
            if found is not None:
                places.setdefault(found.id, replace(found, name=place.name or found.name))
            continue
        if place_id.startswith(TABLE) and whereabouts.swapped(place):
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
            moved[place_id] = NOBODY
            continue
        twin = whereabouts.same(place) if place_id.startswith(TABLE) else None
        if twin is None:
            lost = not place.country and not place.is_region
            places[place_id] = replace(place, country=whereabouts.country(place.lat, place.lon)) if lost else place
        else:
            moved[place_id] = twin.id
            places[twin.id] = replace(twin, name=place.name, lat=place.lat, lon=place.lon)

    claims, shares, periods = renamed(given.claims, given.share_claims, given.periods, moved)
    return replace(given, claims=claims, share_claims=shares, periods=periods, places=places, issues=tuple(issues))


def one_side(
    given: Given, readings: Iterable[Reading], config: Config
) -> tuple[Given, Mapping[ActorId, tuple[str, ...]]]:
    """``given``, settled, with one id for what its words and the theatre say is one side; and the words merged, by that id."""
    if not given.actors:
        return given, {}
    where = {c.place_id for c in given.claims} | {p.place_id for p in given.periods}
    where.update(place_id for s in given.share_claims for place_id in s.region)
    homes = config.theatre.countries or {given.places[i].country for i in where if i in given.places} - {""}
    spoken = {i for r in readings for c in r.found.claims for i in (c.actor_id, c.other_id)}
    tables, found = merged_tables(
        Tables(given.claims, given.share_claims, given.periods),
        made=given.actors,
        said=config.parties,
        actors=config.actors,
        homes=homes,
        others=spoken,
    )
    kept = (i for i in given.issues if (i.code != "actor-new" or i.value not in found.told) and not found.settles(i))
    given = replace(
        given,
        claims=tables.claims,
        share_claims=tables.share_claims,
        periods=tables.periods,
        issues=(*kept, *found.issues),
    )
    return given, found.words


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
    with collector_paused():
        result = _combined(tuple(readings), given, gazetteer, config, issues, as_of, territory=territory)
    give_back()
    return result


def _combined(
    readings: tuple[Reading, ...],
    given: Given,
    gazetteer: Gazetteer,
    config: Config,
    issues: Sequence[Issue],
    as_of: date | None,
    *,
    territory: bool,
) -> Result:
    told = (r.places[c.place_id] for r in readings for c in r.found.claims if c.place_id in r.places)
    given = settle(hold_against(given, [r.article for r in readings]), gazetteer, config.theatre, told)
    given, merged = one_side(given, readings, config)
    claims = _in_order((c for r in readings for c in r.found.claims), given.claims)
    shares = _in_order((s for r in readings for s in r.found.share_claims), given.share_claims)
    places: dict[PlaceId, Place] = {}
    for r in readings:
        places |= r.places
    places |= given.places
    mapped, older = _of_the_theatre(claims, config.theatre)
    timeline, folded = fold(mapped, places, gazetteer=gazetteer, config=config, periods=given.periods, as_of=as_of)
    folded = (*_untold(folded, claims, readings), *older)
    land = None
    if territory and timeline.periods:
        give_back()
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
            claims=claims,
            share_claims=shares,
        )
        give_back()
        ids = {
            i for i in (*land.cell_place, *(p.place_id for cell in land.cell_periods for p in cell)) if i not in places
        }
        places |= {i: p for i in sorted(ids) if (p := gazetteer.get(i)) is not None}
        folded = (*folded, *outside(timeline, places, land))
    used = {c.actor_id for c in claims} | {c.other_id for c in claims}
    used |= (
        {s.actor_id for s in shares} | {p.actor_id for p in timeline.periods} | {p.other_id for p in timeline.periods}
    )
    return Result(
        title=config.title or _headline(readings, given),
        articles=tuple(r.article for r in readings),
        places=places,
        actors={actor.id: actor for actor in config.actors if actor.id in used},
        toponyms=tuple(t for r in readings for t in r.toponyms),
        claims=claims,
        share_claims=shares,
        merged=merged,
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


def _in_order(read: Iterable[_Said], given: Collection[_Said]) -> tuple[_Said, ...]:
    """One claim an id, a table's before an article's: as their text tells them, those of one table by date.

    In whatever order the inputs and their rows came: what is written must not depend on it.
    """

    def where(claim: _Said) -> tuple[str, int, date, date, str, str]:
        when = claim.when
        text = claim.place_text if isinstance(claim, Claim) else claim.region_text
        start, end = when.earliest or when.latest or date.max, when.latest or date.max
        return claim.quote.article_id, claim.quote.start, start, end, text, claim.id

    last: dict[ClaimId, _Said] = {claim.id: claim for claim in read}
    if last or len({claim.id for claim in given}) < len(given):
        told: dict[ClaimId, _Said] = {}
        for claim in given:
            known = told.get(claim.id)
            told[claim.id] = claim if known is None else max(known, claim, key=repr)
        given = tuple((last | told).values())
    return tuple(sorted(given, key=where))


def _of_the_theatre(claims: tuple[Claim, ...], theatre: Theatre) -> tuple[tuple[Claim, ...], tuple[Issue, ...]]:
    """The claims that are not of before the theatre's first day, and an Issue that counts the others."""
    if theatre.since is None:
        return claims, ()
    kept = tuple(c for c in claims if c.when.latest is None or c.when.latest > theatre.since)
    if len(kept) == len(claims):
        return claims, ()
    message = f"{len(claims) - len(kept)} claims are of before {theatre.since}, the first day of the theatre: listed, not on the map"
    return kept, (Issue(stage="timeline", level="note", code="before-theatre", message=message),)


def _headline(readings: Sequence[Reading], given: Given) -> str:
    """The title of the only article, when there is nothing else on the map."""
    alone = len(readings) == 1 and not (given.claims or given.share_claims or given.periods)
    return readings[0].article.title if alone else ""


def _untold(folded: Iterable[Issue], claims: Iterable[Claim], readings: Iterable[Reading]) -> Iterator[Issue]:
    """The fold's issues but for a claim's missing place of which reading the article told: one place, one Issue."""
    told = {(r.article.id, i.value.lower()) for r in readings for i in r.found.issues if i.code == "place-unresolved"}
    unplaced = {claim.id: claim for claim in claims if not claim.place_id}
    for issue in folded:
        claim = unplaced.get(ClaimId(issue.value)) if issue.code == "claim-unplaced" else None
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
    rows = _ids_in_order((*given.claims, *given.share_claims, *given.periods))
    return stable_id(*sorted(articles), *([rows] if rows else []))


def _ids_in_order(rows: Iterable[Claim | ShareClaim | Period]) -> str:
    """What ``stable_id`` makes of each row, sorted and joined as it joins: a million rows in half the time and a tenth of the room."""
    known: dict[int, str] = {}  # what many rows share is put into words once; ids of what the rows keep alive

    def claimed(claim: Claim) -> str:
        """``repr``, in half the time: nearly all of a million rows are claims."""
        c, q, shared = claim, claim.quote, known.get
        return (
            f"Claim(id={c.id!r}, place_id={c.place_id!r}, place_text={c.place_text!r}, predicate={shared(id(c.predicate)) or worded(c.predicate)}, "
            f"actor_id={c.actor_id!r}, actor_text={c.actor_text!r}, other_id={c.other_id!r}, other_text={c.other_text!r}, "
            f"when={shared(id(c.when)) or worded(c.when)}, modality={shared(id(c.modality)) or worded(c.modality)}, "
            f"extent={shared(id(c.extent)) or worded(c.extent)}, extent_wording={c.extent_wording!r}, said_by={c.said_by!r}, "
            f"quote=Quote(article_id={q.article_id!r}, start={q.start!r}, end={q.end!r}, text={q.text!r}), note={c.note!r}, "
            f"source={shared(id(c.source)) or worded(c.source)}, rule={c.rule!r}, confidence={c.confidence!r}, "
            f"implies={shared(id(c.implies)) or worded(c.implies)}, review={c.review!r})"
        )

    def worded(value: Any) -> str:
        if type(value) not in _WORDED:
            if len(known) >= _SHARED:
                known.clear()
            return known.setdefault(id(value), repr(value))
        words, parts = _WORDED[type(value)]
        return words % tuple([repr(v) if v.__class__ is str else known.get(id(v)) or worded(v) for v in parts(value)])

    found = bytearray()
    for row in rows:
        found += stable_id(claimed(row) if type(row) is Claim else worded(row)).encode()
    ids = np.frombuffer(found, dtype="S12")
    ids.sort()
    parted = np.full((len(ids), 13), 0x1F, dtype=np.uint8)
    parted[:, :12] = ids.view(np.uint8).reshape(-1, 12)
    return parted.reshape(-1)[:-1].tobytes().decode()


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
