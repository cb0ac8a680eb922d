"""Cells → values: dates, coordinates, actors, places. Each failure says what is wrong and how to mend it."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from operator import itemgetter

from mapper.addresses import objection, web_address
from mapper.dates import parse_edtf
from mapper.model import (
    Actor,
    ActorId,
    ArticleId,
    Claim,
    ClaimId,
    Issue,
    Period,
    Place,
    PlaceId,
    Quote,
    ShareClaim,
    Source,
    When,
    spelling,
    stable_id,
)
from mapper.records.tables import problem
from mapper.spots import NOBODY, TABLE, Spot, base_of, renamed, settled

NOWHERE = float("nan")  # latitude of a place that a table names without coordinates; the pipeline looks it up
_ISO_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{1,2}:\d{2}.*")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
_NUMERIC = re.compile(r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})\Z")
_WORDS = re.compile(r"(?:(\d{1,2})[\s-]+)?([a-z]{3,9})\.?(?:[\s-]+(\d{1,2}),?)?[\s-]+(\d{4})\Z", re.IGNORECASE)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
DATE_ORDERS = ("", "dmy", "mdy", "ymd")


class CellError(ValueError):
    """A cell that cannot be used; the message says why and what to write instead."""

    def __init__(self, *, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@lru_cache(maxsize=1 << 16)  # tables name the same places and parties again and again
def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens; a short hash where nothing ASCII is left."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    words = "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "").replace("\u2019", "")))
    return words or stable_id(text)


@lru_cache(maxsize=1 << 16)  # a table of a war has a few thousand different dates
def parse_when(text: str, order: str = "") -> When:
    """A When from EDTF or from a date as spreadsheets write it.

    ``03/04/2017`` has two readings and is refused unless ``order`` (``dmy`` or ``mdy``) settles it; ``31/02/2017``
    has none. Raises CellError.
    """
    bare = text.strip()
    if not bare:
        return When()
    if found := _ISO_TIME.match(bare):
        bare = found[1]
    elif found := _COMPACT.match(bare):
        bare = f"{found[1]}-{found[2]}-{found[3]}"
    elif found := _NUMERIC.match(bare):
        if len(found[1]) != 4:
            return When.day(_slashed(bare, found[1], found[3], found[4], order), "table")
        if found[2] != "-":
            bare = f"{found[1]}-{int(found[3]):02}-{int(found[4]):02}"
    elif found := _WORDS.match(bare):
        bare = _worded(bare, found)
    try:
        when = parse_edtf(bare)
    except ValueError as error:
        raise CellError(code="date-unreadable", message=str(error)) from error
    return When(earliest=when.earliest, latest=when.latest, edtf=when.edtf, basis="table")


def _slashed(text: str, first: str, second: str, third: str, order: str) -> date:
    one, two, year = int(first), int(second), int(third)
    if len(third) != 4:
        raise CellError(code="date-ambiguous", message=f"{text!r} has a year of {len(third)} digits: write YYYY-MM-DD")
    if not order and one <= 12 and two <= 12 and one != two:
        both = f"{year}-{two:02}-{one:02} or {year}-{one:02}-{two:02}"
        raise CellError(
            code="date-ambiguous",
            message=f"{text!r} may be {both}: write YYYY-MM-DD, or give --date-order dmy (or mdy)",
        )
    monthly_first = order == "mdy" or (not order and two > 12)
    day, month = (two, one) if monthly_first else (one, two)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise CellError(code="date-impossible", message=f"{text!r} is not a date of the calendar ({error})") from error


def _worded(text: str, found: re.Match[str]) -> str:
    month = _MONTHS.get(found[2][:3].casefold())
    if month is None:
        raise CellError(code="date-unreadable", message=f"{text!r} is not a date: write YYYY-MM-DD")
    day = found[1] or found[3]
    return f"{found[4]}-{month:02}" + (f"-{int(day):02}" if day else "")


def parse_day(text: str, order: str = "") -> date | None:
    """The one day a cell names, None if it is empty. Raises CellError if it names none or more than one."""
    if not text:
        return None
    when = parse_when(text, order)
    if not when.known:
        return None
    if when.earliest is None or when.latest is None or when.latest - when.earliest != timedelta(days=1):
        raise CellError(code="date-unreadable", message=f"{text!r} is not one day: write YYYY-MM-DD")
    return when.earliest


def parse_number(text: str, what: str) -> float:
    try:
        number = float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise CellError(code="number-unreadable", message=f"{what} {text!r} is not a number")
    return number


@lru_cache(maxsize=1 << 16)  # the same for every row about a place
def parse_point(lat_text: str, lon_text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, None when both are empty. Raises CellError, also for swapped ones."""
    lat_text, lon_text = lat_text.strip(), lon_text.strip()
    if not lat_text and not lon_text:
        return None
    if not lat_text or not lon_text:
        raise CellError(code="coordinate-missing", message="one of lat and lon is empty: give both or neither")
    lat, lon = parse_number(lat_text, "latitude"), parse_number(lon_text, "longitude")
    if abs(lat) > 90 and abs(lon) <= 90 and abs(lat) <= 180:
        raise CellError(
            code="coordinates-swapped",
            message=f"latitude {lat_text} and longitude {lon_text} look swapped: exchange them",
        )
    if abs(lat) > 90 or abs(lon) > 180:
        text = f"latitude {lat_text}, longitude {lon_text} are out of range (-90..90, -180..180, decimal degrees)"
        raise CellError(code="coordinates-out-of-range", message=text)
    return lat, lon


@lru_cache(maxsize=1 << 16)  # one value for all rows that one report gave
def source_of(
    article_id: ArticleId, publisher: str = "", url: str = "", published: date | None = None, title: str = ""
) -> Source:
    return Source(article_id=article_id, publisher=publisher, url=url, published=published, title=title)


def quote_of(article_id: ArticleId, text: str) -> Quote:
    """The words of a table's cell; one value for all rows of a table that quote nothing."""
    return Quote(article_id=article_id, start=0, end=len(text), text=text) if text else _no_quote(article_id)


@lru_cache(maxsize=256)
def _no_quote(article_id: ArticleId) -> Quote:
    return Quote(article_id=article_id, start=0, end=0, text="")


_Spot = tuple[str, str, bool, tuple[float, float] | None]  # slug and country of a name, whether a region, and its point


_Told = tuple[str, date | None, str]  # predicate, day and publisher
_ACTOR_BITS = 32  # of a number that is a line and the number of an actor


class Holders:
    """Who holds a place by one source on one day, as the first row has it: one number for each, of a million rows."""

    def __init__(self) -> None:
        self._places: dict[PlaceId, dict[_Told, int]] = {}
        self._told: dict[_Told, _Told] = {}  # what rows about many places share is held once
        self._actors: dict[ActorId, int] = {}

    def copy(self) -> Holders:
        other = Holders()
        other._places = {place_id: dict(own) for place_id, own in self._places.items()}
        other._told, other._actors = dict(self._told), dict(self._actors)
        return other

    def first(self, place_id: PlaceId, told: _Told, actor_id: ActorId, line: int) -> tuple[ActorId, int]:
        """The holder and the line of the first row that tells this of the place: the row's own if it is the first."""
        own = self._places.get(place_id)
        if own is None:
            own = self._places[place_id] = {}
        number = self._actors.setdefault(actor_id, len(self._actors))
        new = line << _ACTOR_BITS | number
        found = own.setdefault(self._told.setdefault(told, told), new)
        if found == new:
            return actor_id, line
        number = found & ((1 << _ACTOR_BITS) - 1)
        return list(self._actors)[number], found >> _ACTOR_BITS

    def by_line(self) -> Iterator[tuple[int, PlaceId, _Told, ActorId]]:
        """All there is to hold against each other, in the order of the rows."""
        actors = list(self._actors)
        every = [(found, place_id, told) for place_id, own in self._places.items() for told, found in own.items()]
        for found, place_id, told in sorted(every, key=itemgetter(0)):
            yield found >> _ACTOR_BITS, place_id, told, actors[found & ((1 << _ACTOR_BITS) - 1)]


@dataclass(slots=True, kw_only=True)
class Sink:
    """What a dialect fills while it reads: claims, places, periods, and every issue with its file and line."""

    name: str
    date_order: str = ""
    claims: list[Claim] = field(default_factory=list)
    share_claims: list[ShareClaim] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    places: dict[PlaceId, Place] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    book: ActorBook
    holders: Holders = field(default_factory=Holders)
    article_id: ArticleId = field(
        init=False
    )  # the table stands in for it: its file name, without the folders of one machine
    _spots: dict[_Spot, PlaceId] = field(default_factory=dict)
    _counts: dict[tuple[str, str], int] = field(default_factory=dict)
    _lines: dict[str, int] = field(default_factory=dict)
    _contents: dict[ClaimId, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.article_id = ArticleId(re.split(r"[/\\]", self.name)[-1])

    def copy(self) -> Sink:
        """What was read so far, untouched by what is read from here on."""
        return replace(
            self,
            claims=[*self.claims],
            share_claims=[*self.share_claims],
            periods=[*self.periods],
            places=dict(self.places),
            issues=[*self.issues],
            book=self.book.copy(),
            holders=self.holders.copy(),
            _spots=dict(self._spots),
            _counts=dict(self._counts),
            _lines=dict(self._lines),
            _contents=dict(self._contents),
        )

    def report(self, code: str, message: str, *, line: int = 0, level: str = "error", value: str = "") -> None:
        self.issues.append(problem(self.name, code, message, line=line, level=level, value=value))

    def address(self, text: str, line: int) -> str:
        """The web address in a cell; empty, and reported, for what a browser would not open."""
        if not text:
            return text
        if wrong := objection(text):
            self.report("bad-address", f"url {wrong}", line=line, level="warning", value=text)
        return web_address(text)

    def count(self, code: str, value: str) -> None:
        """Rows that are left out for a good reason are counted by reason, not listed one by one."""
        self._counts[code, value] = self._counts.get((code, value), 0) + 1

    def close(self, messages: dict[str, str]) -> None:
        for (code, value), number in sorted(self._counts.items()):
            rows = "1 row" if number == 1 else f"{number} rows"
            self.report(code, f"{rows}: {messages[code].format(value)}", level="note", value=value)

    def first_line(self, key: str, line: int) -> int:
        """The line that had this key first: ``line`` itself if the key is new."""
        return self._lines.setdefault(key, line)

    def first_claim(self, claim_id: ClaimId, content: str, line: int) -> tuple[int, bool]:
        """The line that had this id first, ``line`` itself if it is new, and whether that row had the same content.

        A row without an id has its content for one.
        """
        first = self._lines.setdefault(claim_id, line)
        if first != line:
            return first, self._contents.get(claim_id, claim_id) == content
        if claim_id != content:
            self._contents[claim_id] = content
        return line, True

    def place(
        self,
        name: str,
        point: tuple[float, float] | None,
        *,
        place_id: str = "",
        country: str = "",
        admin1: str = "",
        radius_km: float = 0.0,
        population: int = 0,
        feature_class: str = "P",
        feature_code: str = "PPL",
    ) -> PlaceId:
        """Id of the place of that name at that point, until ``settle`` has seen which points of a name are one place."""
        lat, lon = point or (NOWHERE, NOWHERE)
        if place_id:
            found = PlaceId(place_id)
            known = self.places.get(found)
            if known is not None and (known.point is not None or point is None):
                return found
        else:
            key = (slug(name), country.casefold(), feature_class == "A", point)
            if (spot := self._spots.get(key)) is not None:
                known = self.places[spot]
                self.places[spot] = known.agreed(name, known.lat, known.lon)
                return spot
            found = PlaceId(f"{TABLE}{key[0]}")
            if found in self.places:
                found = PlaceId(f"{found}@{len(self.places)}")  # until ``settle``
            self._spots[key] = found
        self.places[found] = Place(
            id=found,
            name=name or found,
            lat=lat,
            lon=lon,
            feature_class=feature_class,
            feature_code=feature_code,
            country=country,
            admin1=admin1,
            population=population,
            radius_km=radius_km,
            source=self.article_id,
        )
        return found

    def settle(self) -> dict[PlaceId, PlaceId]:
        """One id for what is one place: rows of one name within 3 km, and those without a point where only one is meant.

        Returns the new ids by the old ones, "" for a name without a point that may be several, which is reported.
        """
        alike: dict[str, list[Spot]] = {}
        for place_id in dict.fromkeys(self._spots.values()):
            alike.setdefault(base_of(place_id), []).append(Spot(self.places[place_id]))
        moved: dict[PlaceId, PlaceId] = {}
        fresh: dict[PlaceId, Place] = {}
        for base, spots in alike.items():
            if len(spots) == 1:
                continue
            found, issue = settled(base, spots)
            if issue is not None:
                self.issues.append(replace(issue, file=self.name))
            for spot, place in found.items():
                old = spot.place.id
                if place is not None:
                    fresh[place.id] = place
                if place is None or place.id != old:
                    moved[old] = NOBODY if place is None else place.id
        for old in moved:
            del self.places[old]
        self.places |= fresh
        self._spots = {key: new for key, old in self._spots.items() if (new := moved.get(old, old))}
        if moved:
            self._move(moved)
        return moved

    def _move(self, moved: Mapping[PlaceId, PlaceId]) -> None:
        """Rows and issues with the new ids; a holder that two rows give to what is now one place is reported."""
        claims, shares, periods = renamed(self.claims, self.share_claims, self.periods, moved)
        self.claims, self.share_claims, self.periods = list(claims), list(shares), list(periods)
        contradictions = [n for n, issue in enumerate(self.issues) if issue.code == "rows-contradict"]
        for n in contradictions:
            value = PlaceId(self.issues[n].value)
            self.issues[n] = replace(self.issues[n], value=moved.get(value, value))
        holders, self.holders = self.holders, Holders()
        for line, place_id, (predicate, day, publisher), actor_id in holders.by_line():
            self.hold(predicate, moved.get(place_id, place_id), day, publisher, actor_id, line)

    def hold(
        self, predicate: str, place_id: PlaceId, day: date | None, publisher: str, actor_id: ActorId, line: int
    ) -> None:
        """One source that gives a place to two holders on one day is named; the fold shows it as contested."""
        if not place_id:
            return
        first, before = self.holders.first(place_id, (predicate, day, publisher), actor_id, line)
        if first != actor_id:
            text = f"contradicts line {before}: {first} and {actor_id} on {day}, same source"
            self.report("rows-contradict", text, line=line, level="warning", value=place_id)
            self.issues[-1] = replace(self.issues[-1], parties=(first, actor_id))


def apart(place: Place, lat: float, lon: float) -> bool:
    """Whether the point is somebody's correction of where the place is: more than a rounding error away."""
    return abs(place.lat - lat) > 0.01 or abs(place.lon - lon) > 0.01


_STATE = ("government", "military forces", "police forces")
_FORCES = ("government", "army", "military", "armed forces", "forces", "troops", "government forces")


class ActorBook:
    """Actors by id, name or alias; a text that nobody bears becomes an actor of the table.

    ``parties`` are texts whose party the user has said: the id of an actor, or "" for one of its own.
    """

    def __init__(self, actors: Sequence[Actor], parties: Mapping[str, str] | None = None) -> None:
        self._said = {_bare(text): ActorId(actor_id) for text, actor_id in (parties or {}).items()}
        self._known = frozenset(actor.id for actor in actors)
        self._ids: dict[str, ActorId] = {}
        for actor in actors:
            self._ids.setdefault(_key(actor.id), actor.id)
        for names in ([a.name for a in actors], None):
            for actor in actors:
                for name in [actor.name] if names is not None else actor.aliases:
                    self._ids.setdefault(_key(name), actor.id)
        for actor in actors:
            if actor.role == "government" and not actor.until:
                for state in actor.metonyms:  # as the codebooks of conflict data name states
                    for what in _STATE:
                        self._ids.setdefault(_key(f"{what} of {state}"), actor.id)
                for nation in actor.adjectives:
                    for what in _FORCES:
                        self._ids.setdefault(_key(f"{nation} {what}"), actor.id)
        self.made: dict[ActorId, Actor] = {}
        self._read: dict[str, ActorId] = {}  # a table's rows name the same few again and again

    def copy(self) -> ActorBook:
        other = ActorBook(())
        other._said, other._known = self._said, self._known
        other._ids = dict(self._ids)
        other.made = dict(self.made)
        return other

    def match(self, text: str) -> ActorId | None:
        key = _key(text)
        if self._said and (said := self._said.get(_bare(text))) is not None:
            own = self._own(text)
            return said or (own if own in self.made else None)
        return self._ids.get(key) or self._ids.get(key.removeprefix("the "))

    def one(self, text: str, sink: Sink, line: int) -> ActorId:
        """``find`` of a single text."""
        found = self._read.get(text)
        if found is None:
            found = self._read[text] = self.find([text], sink, line)
        return found

    def find(self, texts: Iterable[str], sink: Sink, line: int) -> ActorId:
        """The actor of the first text that fits, else a new one named after the first; "" when all are empty."""
        listed = [text.strip() for text in texts if text.strip()]
        for text in listed:
            if (found := self.match(text)) is not None:
                return self.adopt(found, text) if found in self.made else found
        if not listed:
            return ActorId("")
        made = self._own(listed[0])
        if made not in self.made and _bare(listed[0]) not in self._said:
            message = f"actor {listed[0]!r} is not known: taken as a new one, id {made!r}; correct it, or name it in mapper.toml"
            sink.report("actor-new", message, line=line, level="warning", value=listed[0])
        self.adopt(made, listed[0])
        self._ids[_key(listed[0])] = made
        return made

    def _own(self, text: str) -> ActorId:
        """The id of a party of the table's own; one that the user tells apart from the actor of that id takes another."""
        made = slug(text)
        return ActorId(f"{made}-apart" if _bare(text) in self._said and made in self._known else made)

    def adopt(self, actor_id: ActorId, name: str) -> ActorId:
        """An id that the table itself gives; it needs no name in the lexicon.

        Of several spellings it bears the first of the alphabet, whatever the order of the rows; any rather than its id.
        """
        known = self.made.get(actor_id)
        if known is None:
            self.made[actor_id] = Actor(id=actor_id, name=name or actor_id)
            self._ids.setdefault(_key(actor_id), actor_id)
        elif name and (name == actor_id, *spelling(name)) < (known.name == actor_id, *spelling(known.name)):
            self.made[actor_id] = replace(known, name=name)
        return actor_id


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def _bare(text: str) -> str:
    return _key(text).removeprefix("the ")
