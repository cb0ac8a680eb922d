"""The nouns of the pipe: frozen values that every stage passes to the next.

Conventions that hold everywhere in mapper:

* coordinates are WGS 84 degrees; fields are named ``lat`` and ``lon``, arrays hold ``(lon, lat)`` columns (x, y);
* time is a half-open interval of days ``[earliest, latest)`` or ``[start, end)``; ``None`` as an end means open;
* sequences are tuples; ids are strings of a named type; areas are geodesic square kilometres.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain, compress
from operator import attrgetter
from typing import NewType

import numpy as np
from numpy.typing import NDArray

ArticleId = NewType("ArticleId", str)
PlaceId = NewType("PlaceId", str)
ActorId = NewType("ActorId", str)
ClaimId = NewType("ClaimId", str)
Years = tuple[int, int]  # first and last; 0 for a year not known


def stable_id(*parts: object) -> str:
    """Twelve hex digits that depend on the parts alone: the same on every run and machine."""
    try:
        text = "\x1f".join(parts)  # type: ignore[arg-type]  # they nearly always are texts, a million times over
    except TypeError:
        text = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def spelling(name: str) -> tuple[bool, str]:
    """Orders spellings of one name: the least is the one shown, and no shouted one if another does."""
    return name.isupper(), name


class Predicate(StrEnum):
    """What a text says happened at a place."""

    CAPTURED = "captured"  # actor takes it; other, if named, had it
    LOST = "lost"  # other loses it, the taker is not named
    WITHDREW = "withdrew"  # other leaves it of its own accord
    TRANSFERRED = "transferred"  # other hands it to actor without a fight
    HOLDS = "holds"  # actor has it
    CONTESTED = "contested"  # actor and other fight for it
    BESIEGED = "besieged"  # actor surrounds it, other is inside
    SIEGE_LIFTED = "siege_lifted"  # actor's siege ends, other keeps it
    PRESENCE = "presence"  # actor has forces there; control is not said
    DENIED = "denied"  # a claim that actor took it is contradicted


class Modality(StrEnum):
    """How the text says it. Planned, hypothetical and negated claims never reach the map."""

    ASSERTED = "asserted"
    ATTRIBUTED = "attributed"
    PLANNED = "planned"
    HYPOTHETICAL = "hypothetical"
    NEGATED = "negated"

    @property
    def mapped(self) -> bool:
        return self in (Modality.ASSERTED, Modality.ATTRIBUTED)


class Extent(StrEnum):
    """How much of the place the claim is about."""

    WHOLE = "whole"
    PART = "part"


class Status(StrEnum):
    """What we conclude about a place on a day; kept apart from what was said."""

    CONTROLLED = "controlled"
    PARTIAL = "partial"  # actor holds part of the place or region; the rest is not said
    CONTESTED = "contested"  # actor and other both there, undecided, or sources disagree
    BESIEGED = "besieged"  # actor holds it, other surrounds it
    PRESENCE = "presence"
    CLAIMED = "claimed"  # a party to the fight says so and nobody else does (yet)
    UNKNOWN = "unknown"  # somebody left or lost it and nobody is said to have come


class Basis(StrEnum):
    """Why we believe a period."""

    STATED = "stated"  # a claim about this very place
    REGION = "region"  # a claim about a region that contains it
    IMPLIED = "implied"  # "retook X from B" says B held X before
    INFERRED = "inferred"  # a spatial model; nobody said it
    STALE = "stale"  # stated long ago and not repeated since


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """An interval of days known to some precision, ``[earliest, latest)``; both None: the text gives no date.

    ``earliest`` None with ``latest`` set is "by / before"; ``latest`` None is "since", still open.
    ``basis`` says what governs it: ``clause``, ``sentence``, ``paragraph``, ``dateline``, ``published``, ``table``,
    ``implied`` or ``""`` when undated. ``edtf`` is the ISO 8601-2 (EDTF) form of what the text says.
    """

    earliest: date | None = None
    latest: date | None = None
    edtf: str = ""
    basis: str = ""

    @property
    def known(self) -> bool:
        return self.earliest is not None or self.latest is not None

    @property
    def days(self) -> int | None:
        """Length in days, None when an end is open."""
        return None if self.earliest is None or self.latest is None else (self.latest - self.earliest).days

    @property
    def years(self) -> Years:
        """First and last year it may lie in: of an interval open at one end those of the other, (0, 0) when undated."""
        last = self.latest if self.latest is None or self.latest == date.min else self.latest - timedelta(days=1)
        ends = [day.year for day in (self.earliest, last) if day is not None]
        return (min(ends), max(ends)) if ends else (0, 0)

    @property
    def precision(self) -> str:
        """``day``, ``week``, ``month``, ``season``, ``year``, ``interval``, ``open`` or ``unknown``."""
        if not self.known:
            return "unknown"
        length = self.days
        if length is None:
            return "open"
        for name, most in (("day", 1), ("week", 7), ("month", 31), ("season", 92), ("year", 366)):
            if length <= most:
                return name
        return "interval"

    @classmethod
    def day(cls, day: date, basis: str = "clause") -> When:
        return cls(earliest=day, latest=day + timedelta(days=1), edtf=day.isoformat(), basis=basis)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch of a text that is set apart from the rest, ``text[start:end]`` without its bullet or marks.

    ``kind`` is ``heading``, ``paragraph``, ``item`` (of a list or chronicle), ``caption`` or ``cell`` (of a table). ``day`` is
    that of the post of a live page in which it stands, None elsewhere.
    """

    start: int
    end: int
    kind: str
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A text as it was published. ``id`` is the input's own id, else a hash of the canonical URL, else of the text.

    ``title`` is the publisher's, else the headline that the text begins with; ``file`` the name of the file it was read from.
    ``blocks`` are disjoint and in text order; without any, they are told from the text's lines.
    """

    id: ArticleId
    text: str
    title: str = ""
    published: date | None = None
    url: str = ""
    publisher: str = ""
    file: str = ""
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A span of an article's text and the words in it: provenance of everything.

    ``start`` and ``end`` index the article's text in Unicode code points (``article.text[start:end] == text``).
    The words travel along so that evidence survives where the article is not at hand. Only words that somebody wrote
    so are a quote: a table that says it in its own has a ``note`` instead and an empty ``text``. Where a table's quote
    leaves words out (…), ``text`` is as the table has it and the span goes from its first word to its last.
    """

    article_id: ArticleId
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who published the words a claim rests on. All but the article id may be empty; without a title it is the file's name."""

    article_id: ArticleId
    publisher: str = ""
    url: str = ""
    published: date | None = None
    title: str = ""


def apart_degrees(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """How far two points (latitude, longitude) are apart to north and to east, both in degrees of latitude (111.2 km)."""
    turn = abs(one[1] - other[1]) % 360
    stretch = max(0.05, math.cos(math.radians((one[0] + other[0]) / 2)))  # a point at the pole has one longitude
    return abs(one[0] - other[0]), min(turn, 360 - turn) * stretch


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A town, province, country, river, camp or district: one entry of the gazetteer.

    ``feature_class`` and ``feature_code`` are GeoNames' (P/PPL…, A/ADM1, A/PCLI, H/STM, S/CMP…). ``country`` is
    ISO 3166-1 alpha-2, empty for what crosses borders. ``geometry_ref`` names a bundled shape, empty if there is none.
    ``population`` 0 means unknown. ``radius_km`` is the uncertainty of the point, 0 for an ordinary entry.
    """

    id: PlaceId
    name: str
    lat: float
    lon: float
    names: tuple[str, ...] = ()
    feature_class: str = "P"
    feature_code: str = "PPL"
    country: str = ""
    admin1: str = ""
    population: int = 0
    geometry_ref: str = ""
    radius_km: float = 0.0
    source: str = ""

    @property
    def is_region(self) -> bool:
        """A country, province, district or region with known bounds: it has area and contains other places."""
        return self.feature_class == "A" or self.geometry_ref.startswith("region:")

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees; None for a place that a table names without them (both are not a number)."""
        return None if math.isnan(self.lat) or math.isnan(self.lon) else (self.lat, self.lon)

    def offset(self, lat: float, lon: float) -> tuple[float, float]:
        """How far away a point is to north or south and to east or west, both in degrees of latitude (111.2 km)."""
        return apart_degrees((self.lat, self.lon), (lat, lon))

    def agreed(self, name: str, lat: float, lon: float) -> Place:
        """The place when a table writes its name and point so, too: the least of each counts, whatever came first."""
        if (self.lat, self.lon) == (lat, lon) and name in ("", self.name):
            return self
        best = min(self.name, name or self.name, key=spelling)
        least = min((self.lat, self.lon), (lat, lon))
        same = best == self.name and least == (self.lat, self.lon)
        return self if same else replace(self, name=best, lat=least[0], lon=least[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A candidate that lost, with its score, so that a person can see why."""

    place_id: PlaceId
    name: str
    country: str
    lat: float
    lon: float
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Toponym:
    """A place name in a text; unresolved (``place`` None) is a value, never a dropped row.

    ``kind``: ``literal``, ``demonym`` ("Iraqi"), ``metonym`` ("Baghdad" the government), ``organisation`` (the "Syria"
    inside an organisation's name), ``dateline``, ``offset`` ("30 km south of X": ``place`` is the computed point),
    ``coarse`` (resolved to a containing region) or ``region`` ("north-eastern X": ``place`` is the region that the words
    of ``wording`` tell, ``named`` the mention as the name alone has it). ``score`` is calibrated: the share of such
    mentions that are right. ``spelling`` is the gazetteer's where the text's is only like it; an unresolved name has such
    places as ``rivals``.
    """

    quote: Quote
    place: Place | None
    score: float
    kind: str = "literal"
    rivals: tuple[Rival, ...] = ()
    spelling: str = ""
    named: Toponym | None = None
    wording: Quote | None = None

    @property
    def text(self) -> str:
        return self.quote.text

    @property
    def place_id(self) -> PlaceId | None:
        return None if self.place is None else self.place.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A party to a conflict. ``side`` groups allies; ``colour`` is ``#rrggbb``, empty to let the palette choose.

    ``countries`` are ISO codes, home first. ``role`` is ``government``, ``rebels``, ``jihadists``, ``separatists``,
    ``guerrillas``, ``militia``, ``coalition`` or empty: which common nouns may refer to it ("the army", "the rebels").
    ``adjectives`` name it before a force noun ("Iraqi forces"); ``metonyms`` are places that stand for it ("Kyiv");
    ``leaders`` people whose forces are its forces; ``generic`` further common nouns; ``parent`` the actor it belongs to.
    ``since`` and ``until`` are the years it fought (0: open): "the rebels" of another year are not this actor.
    """

    id: ActorId
    name: str
    aliases: tuple[str, ...] = ()
    side: str = ""
    colour: str = ""
    countries: tuple[str, ...] = ()
    role: str = ""
    adjectives: tuple[str, ...] = ()
    metonyms: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()
    generic: tuple[str, ...] = ()
    parent: str = ""
    since: int = 0
    until: int = 0

    def fought_in(self, year: int) -> bool:
        """Whether the actor existed in a year; 0 is a year not known."""
        return not year or (self.since <= year and (not self.until or year <= self.until))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody says that something about control of a place was so at some time.

    ``*_text`` is what the source wrote; ``*_id`` what we understood (``""`` when not understood). ``implies`` is a
    consequence the words carry beyond the place itself: ``"holder_before"`` (other held it until then) or
    ``"last_in:<place id>"`` (other held nothing else in that region afterwards). ``note`` is what whoever made the table
    says of it in words of their own, never shown as a quotation. ``review`` is a person's verdict: ``""``, ``ok``,
    ``wrong`` or ``edited``.
    """

    id: ClaimId
    place_id: PlaceId
    place_text: str
    predicate: Predicate
    actor_id: ActorId = ActorId("")
    actor_text: str = ""
    other_id: ActorId = ActorId("")
    other_text: str = ""
    when: When = field(default_factory=When)
    modality: Modality = Modality.ASSERTED
    extent: Extent = Extent.WHOLE
    extent_wording: str = ""
    said_by: str = ""
    quote: Quote
    note: str = ""
    source: Source
    rule: str = ""
    confidence: float = 1.0
    implies: tuple[str, ...] = ()
    review: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareClaim:
    """An actor lost or holds a share of a region: "lost 95% of the caliphate declared in 2014".

    Exactly one of ``fraction`` (0..1) and ``km2`` is set. ``baseline`` is the time the share is counted against.
    """

    id: ClaimId
    actor_id: ActorId
    actor_text: str
    region: tuple[PlaceId, ...]
    region_text: str
    lost: bool
    fraction: float | None = None
    km2: float | None = None
    baseline: When = field(default_factory=When)
    when: When = field(default_factory=When)
    modality: Modality = Modality.ASSERTED
    extent_wording: str = ""
    said_by: str = ""
    quote: Quote
    note: str = ""
    source: Source
    rule: str = ""
    confidence: float = 1.0
    review: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One status of one place over ``[start, end)``; ``end`` None is still open.

    ``start`` is the first day on which it may have begun, ``start_latest`` the last such day (equal for day
    precision): between the two the change is uncertain and every output says so. For contested, ``actor_id`` and
    ``other_id`` are the two sides (the attacker or challenger second); for besieged, holder and besieger.
    """

    place_id: PlaceId
    status: Status
    actor_id: ActorId = ActorId("")
    other_id: ActorId = ActorId("")
    start: date
    start_latest: date
    end: date | None = None
    start_precision: str = "day"
    basis: Basis = Basis.STATED
    confidence: float = 1.0
    claim_ids: tuple[ClaimId, ...] = ()

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """All periods, sorted by place and start; per place they are disjoint, and touching ones differ."""

    periods: tuple[Period, ...] = ()

    def of(self, place_id: PlaceId) -> tuple[Period, ...]:
        return tuple(p for p in self.periods if p.place_id == place_id)

    def at(self, day: date) -> dict[PlaceId, Period]:
        return {p.place_id: p for p in self.periods if p.covers(day)}

    def changes(self) -> tuple[date, ...]:
        """Every day on which some period starts or ends, in order."""
        days = {p.start for p in self.periods} | {p.end for p in self.periods if p.end is not None}
        return tuple(sorted(days))

    def missed(self, days: Sequence[date]) -> tuple[int, int]:
        """What a series of days in order leaves out: changes of a place between two of them, periods that none shows."""
        if not days:
            return 0, 0
        shown, first, last = set(days), days[0], days[-1]
        changes = {(p.place_id, day) for p in self.periods for day in (p.start, p.end) if day is not None}
        between = sum(1 for _, day in changes if first < day <= last and day not in shown)
        unseen = 0
        for period in self.periods:
            following = bisect_left(days, period.start)
            if first < period.start <= last and not period.covers(days[following]):
                unseen += 1
        return between, unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """The periods of all cells as arrays, one entry per period; days are proleptic ordinals (``date.toordinal``)."""

    cell: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    start: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    certain: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))  # start_latest
    end: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))  # open: 2**31 - 1
    state: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))  # index into states
    states: tuple[tuple[Status, ActorId, ActorId, Basis], ...] = ()  # status, actor, other, basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """The theatre cut into faces; geometry once, changes over time.

    A *cell* is the part of the theatre nearest to one place. Reach cuts a cell into up to three *faces*: zone 0 within
    the solid radius, 1 presumed (to the outer radius), 2 beyond reach, which nobody's claim colours. *Arcs* are shared
    edges: arc ``i`` is ``xy[offsets[i]:offsets[i + 1]]``, with face ``left[i]`` on its left going forward and
    ``right[i]`` on its right; -1 is outside the theatre. Each border exists once, so neighbours match exactly.
    """

    cell_place: tuple[PlaceId, ...] = ()
    face_cell: NDArray[np.int32]  # (faces,) index into cell_place
    face_zone: NDArray[np.int8]  # (faces,) 0 solid, 1 presumed, 2 beyond reach
    face_km2: NDArray[np.float64]  # (faces,) geodesic area
    xy: NDArray[np.float64]  # (points, 2) lon, lat
    offsets: NDArray[np.int64]  # (arcs + 1,)
    left: NDArray[np.int32]  # (arcs,)
    right: NDArray[np.int32]  # (arcs,)
    arc_nodes: NDArray[np.int32] = field(default_factory=lambda: np.empty((0, 2), np.int32))  # junctions at both ends
    cell_periods: tuple[tuple[Period, ...], ...] = ()  # per cell, own and from region claims and inference, disjoint
    spans: Spans = field(default_factory=Spans)  # cell_periods once more, as arrays
    cell_country: tuple[str, ...] = ()  # ISO alpha-2 per cell
    region_cells: Mapping[PlaceId, NDArray[np.int32]] = field(default_factory=dict)  # cells of countries and provinces
    bounds: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)  # west, south, east, north; west > east: over 180
    countries: tuple[str, ...] = ()
    sharing: Mapping[PlaceId, PlaceId] = field(
        default_factory=dict
    )  # place with a history and no cell → whose it shares
    told: Mapping[PlaceId, bytes] = field(default_factory=dict)  # regions told in words → outline, WKB, lon lat


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Something the input got wrong or the program could not decide.

    ``level`` is ``error`` (a row or article was not used), ``warning`` (used, with a guess) or ``note``.
    ``code`` is a short kebab-case name that documentation explains. ``file`` and ``line`` say where (line 0: whole file);
    ``quote`` or ``note`` are the words of the claim it is about; ``parties`` those whom it sets against each other.
    """

    stage: str
    level: str
    code: str
    message: str
    quote: Quote | None = None
    note: str = ""
    value: str = ""
    file: str = ""
    line: int = 0
    parties: tuple[ActorId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run returns. ``places`` holds every place any other field refers to; ``actors`` likewise.

    ``merged`` are the words of tables ("Army", "junta") that were taken for a party, by the party.
    """

    title: str = ""
    articles: tuple[Article, ...] = ()
    places: Mapping[PlaceId, Place] = field(default_factory=dict)
    actors: Mapping[ActorId, Actor] = field(default_factory=dict)
    toponyms: tuple[Toponym, ...] = ()
    claims: tuple[Claim, ...] = ()
    share_claims: tuple[ShareClaim, ...] = ()
    merged: Mapping[ActorId, tuple[str, ...]] = field(default_factory=dict)
    timeline: Timeline = field(default_factory=Timeline)
    territory: Territory | None = None
    issues: tuple[Issue, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)

    def span(self) -> tuple[date, date] | None:
        """First and last day of what is on the map; None when nothing dated is.

        The days of the claims that periods rest on, of share claims, and of periods that a table gave without claims.
        What follows from them (holds before, sieges that fade) may reach further and is not counted.
        """
        named = set(chain.from_iterable(map(attrgetter("claim_ids"), self.timeline.periods)))
        wrong = {claim.id for claim in self.claims if claim.review == "wrong"}
        on = map((named - wrong if wrong else named).__contains__, map(attrgetter("id"), self.claims))
        shown = chain(
            compress(map(attrgetter("when"), self.claims), on),
            (s.when for s in self.share_claims if s.modality.mapped and s.review != "wrong"),
        )
        whens = {id(when): when for when in shown}  # most claims of a table share theirs
        named.difference_update(map(attrgetter("id"), self.claims))
        days: set[date] = set()
        for when in whens.values():
            days |= set() if when.earliest is None else {when.earliest}
            days |= set() if when.latest is None else {when.latest - timedelta(days=1)}
        for period in self.timeline.periods:
            if not period.claim_ids or (named and named.issuperset(period.claim_ids)):
                days |= {period.start, period.start_latest}
                days |= set() if period.end is None else {period.end}
        return (min(days), max(days)) if days else None
