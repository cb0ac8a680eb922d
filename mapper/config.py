"""mapper.toml → a frozen Config: actors, theatre, thresholds, point of view.

Everything has a default, so no file is needed. What may stand in the file is declared in ``File`` and the tables below
it, with constraints that msgspec checks; docs/generate.py makes the reference page and the JSON schema from the same
declarations. A misspelt threshold that is silently ignored makes a wrong map: every value that is not allowed and every
unknown key is an error that names the file and the key.
"""

from __future__ import annotations

import csv
import dataclasses
import tomllib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from mapper.bundled import bundled
from mapper.model import Actor, ActorId
from mapper.validation import Fault, dotted, faults, shown, wrong

# ISO 3166-1 alpha-2, and XK as GeoNames and most others write Kosovo.
COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 - a list of 250 literals takes as many lines
)
# ISO 3166-3, codes of countries that are no more: actors of past wars had these homes
FORMER = frozenset(["AN", "BU", "CS", "DD", "RH", "SU", "TP", "VD", "YD", "YU", "ZR"])

_LIMIT = 16 << 20  # bytes: the bundled actors take a hundredth of it
_TOLD = 5  # faults that one message names

_C = r"\x00-\x1f\x7f-\x9f\u2028\u2029"  # control characters and ends of lines
_END = r"$(?!\n)"  # for Python, $ alone stands before a last line feed too
Line = Annotated[str, Meta(pattern=rf"^[^{_C}]*{_END}", description="one line of text")]
Name = Annotated[
    str,
    Meta(
        pattern=rf"^[^\s{_C}]([^{_C}]*[^\s{_C}])?{_END}",
        description="one line of text, not empty, without blanks at its ends",
    ),
]
Colour = Annotated[
    str,
    Meta(pattern=rf"^(#[0-9a-fA-F]{{6}})?{_END}", description='a colour as "#rrggbb", or "" to let the palette choose'),
]
_CODE = 'a country code of ISO 3166-1 alpha-2, like "IQ"'
# which codes there are is checked below, where the one that was meant can be named; editors learn them from the schema
Country = Annotated[str, Meta(description=_CODE, extra_json_schema={"enum": sorted(COUNTRIES)})]
Home = Annotated[str, Meta(description=_CODE, extra_json_schema={"enum": sorted(COUNTRIES | FORMER)})]
Year = Annotated[int, Meta(ge=0, le=9999, description="a year as a whole number, 0 for not known")]
Days = Annotated[int, Meta(ge=0, le=36525)]  # a century: beyond it sums leave the calendar
Kilometres = Annotated[float, Meta(ge=0, le=20000)]  # no two places are further apart
Voices = Annotated[int, Meta(ge=1, le=100)]
Inhabitants = Annotated[int, Meta(ge=0, le=100_000_000)]
Longitude = Annotated[float, Meta(ge=-360, le=360)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Box = Annotated[
    tuple[Longitude, Latitude, Longitude, Latitude],
    Meta(description="a list of four numbers, [west, south, east, north] in degrees"),
]
Day = Annotated[date, Meta(description="a day, written 2022-02-24 without quotes")]
Infer = Literal["", "auto", "nearest", "smooth"]
View = Literal["gn_a1_code", "de_facto"]
Reader = Literal["full", "rules"]
Role = Literal[
    "", "government", "rebels", "jihadists", "separatists", "guerrillas", "militia", "coalition", "peacekeepers"
]


class ConfigError(ValueError):
    """The user's configuration is wrong; the message says where and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Thresholds of the timeline's policy, in days."""

    window_days: Days = 7  # claims closer than this that disagree are a contradiction, not a sequence
    stale_days: Days = 0  # a status not repeated for so long looks stale; 0: never
    contest_days: Days = 60  # "fighting in X" without an end is contested for so long
    confirm: Voices = 2  # voices of different perspective that turn "claimed" into "controlled"
    implied_days: Days = 180  # "retook X from B": B held X before, at most so long unless other claims say more


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far from a place its colour goes, in kilometres, and whether gaps are inferred."""

    solid_km: Kilometres = 20.0  # full colour to here from a place somebody made a claim about
    presumed_km: Kilometres = 40.0  # pale to here, and no colour beyond; never less than `solid_km`
    infer: Infer = ""  # "" off, else "auto", "nearest" or "smooth"
    infer_gap_km: Kilometres = 100.0  # never across a wider gap
    min_population: Inhabitants = 0  # places smaller than this (and known to be) get no cell of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Theatre:
    """Where the map is: countries (ISO alpha-2), or a box west, south, east, north; empty: from the claims."""

    countries: tuple[Country, ...] = ()  # ISO 3166-1 alpha-2 codes
    box: Box | None = None  # west, south, east, north in degrees; west greater than east lies across the antimeridian
    since: Day | None = None  # what ended before this day is history: in the list of claims, not on the map


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorEntry:
    """A party to the conflict; an entry with the id of a bundled actor replaces it."""

    id: Name  # short and stable: tables and other entries name the actor by it
    name: Line = ""  # as the map shows it; empty: the id
    aliases: tuple[Name, ...] = ()  # what texts call it; one written in capitals matches only in capitals
    side: Line = ""  # allies share one, and do not contest a place from each other
    colour: Colour = ""  # "#rrggbb"; empty: the palette chooses
    countries: tuple[Home, ...] = ()  # ISO codes, home first: where common nouns ("the army") may mean it
    role: Role = ""  # which common nouns may mean it
    adjectives: tuple[Name, ...] = ()  # before a force noun: "Iraqi" forces
    metonyms: tuple[Name, ...] = ()  # places that stand for it: "Baghdad"
    leaders: tuple[Name, ...] = ()  # people whose forces are its forces
    generic: tuple[Name, ...] = ()  # further common nouns: "insurgents"
    parent: Line = ""  # id of the actor it belongs to
    since: Year = 0  # first year it fought; 0: open
    until: Year = 0  # last year it fought; 0: open
    note: str = ""  # for whoever edits the file

    def actor(self) -> Actor:
        given = {f.name: getattr(self, f.name) for f in dataclasses.fields(Actor)}
        return Actor(**given | {"id": ActorId(self.id), "name": self.name or self.id})


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What a mapper.toml may hold."""

    title: Line = ""  # of the map; empty: the first article's
    point_of_view: View = "gn_a1_code"  # on borders: "gn_a1_code" as GeoNames assigns land, "de_facto" as it is held
    reader: Reader = "full"  # who reads the articles: "full", or "rules" alone without what was learned
    theatre: Theatre = field(default_factory=Theatre)
    fold: Fold = field(default_factory=Fold)
    reach: Reach = field(default_factory=Reach)
    actors: tuple[ActorEntry, ...] = ()  # own actors, before the bundled ones
    parties: dict[Name, Line] = field(default_factory=dict)  # party as tables write it -> actor id, "" for its own
    publishers: dict[Name, Line] = field(default_factory=dict)  # publisher -> side, "neutral" for none
    gazetteers: tuple[Name, ...] = ()  # files with own places; paths start at the mapper.toml
    aliases: dict[Name, Name] = field(default_factory=dict)  # name as written -> place id


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    title: str = ""
    point_of_view: str = "gn_a1_code"
    reader: str = "full"
    theatre: Theatre = field(default_factory=Theatre)
    fold: Fold = field(default_factory=Fold)
    reach: Reach = field(default_factory=Reach)
    actors: tuple[Actor, ...] = ()
    parties: dict[str, str] = field(default_factory=dict)  # party as tables write it -> actor id, "" for its own
    publishers: dict[str, str] = field(default_factory=dict)  # publisher -> side, "neutral" for none
    gazetteers: tuple[Path, ...] = ()
    aliases: dict[str, str] = field(default_factory=dict)  # name as written -> place id
    folder: Path | None = None  # where the file stands; relative paths start here


def lexicon() -> tuple[Actor, ...]:
    """The bundled actors: those of ``actors.toml``, then the rows of the tables beside it, in file order."""
    entries = list(_checked(bundled("actors", "actors.toml")).actors)
    known = {entry.id for entry in entries}
    for name in _TABLES:
        rows = read_parties(bundled("actors", name), known)
        entries += rows
        known.update(entry.id for entry in rows)
    return tuple(entry.actor() for entry in entries)


def read_parties(path: Path, known: Collection[str] = ()) -> tuple[ActorEntry, ...]:
    """The actors of a table: tab-separated, the keys of ``ActorEntry`` as columns, lists joined with ``|``.

    Held to what a mapper.toml is held to; no row may bear an id of ``known``. Raises ConfigError with file, line and column.
    """
    try:
        head, *lines = _read(path).decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError as error:
        message = f"{path}: not UTF-8: {error}"
        raise ConfigError(message) from error
    columns = head.split("\t")
    unknown = [column for column in columns if column not in _COLUMNS]
    if unknown or "id" not in columns:
        message = f"{path}: line 1: {shown(unknown[0]) if unknown else 'no column'} must be one of {', '.join(_COLUMNS)}, id among them"
        raise ConfigError(message)
    seen = set(known)
    entries: list[ActorEntry] = []
    for number, line in enumerate(lines, 2):
        if not line:
            continue
        where = f"{path}: line {number}"
        cells = line.split("\t")
        if len(cells) != len(columns):
            message = f"{where}: {len(cells)} cells, must be {len(columns)} as in the first line, set apart by tabs"
            raise ConfigError(message)
        row = {column: _COLUMNS[column](cell) for column, cell in zip(columns, cells, strict=True) if cell}
        try:
            entry = msgspec.convert(row, ActorEntry)
        except msgspec.ValidationError as error:
            _raise(where, iter([*faults(row, ActorEntry)] or [Fault(path=(), says=str(error))]))
            raise
        _raise(where, _beyond_row(entry, ()))
        if entry.id in seen:
            _raise(where, iter([wrong(("id",), entry.id, "an id that no actor before it has")]))
        seen.add(entry.id)
        entries.append(entry)
    return tuple(entries)


def _year(cell: str) -> int | str:
    return int(cell) if cell.isdecimal() and cell.isascii() and len(cell) <= 4 else cell


def _list(cell: str) -> list[str]:
    return cell.split("|")


# How the cells of each column of a table of actors are read.
_COLUMNS: dict[str, Callable[[str], object]] = {
    f.name: _list if f.type.startswith("tuple") else _year if f.type == "Year" else str
    for f in dataclasses.fields(ActorEntry)
}
_TABLES = ("states.tsv", "groups.tsv")


def default_config() -> Config:
    """The configuration of a run without a mapper.toml."""
    return Config(actors=lexicon())


def read_config(path: Path | str) -> Config:
    """Config from a mapper.toml; its actors come before the bundled ones and replace those of the same id.

    Raises ConfigError with file, key, value and what is allowed.
    """
    path = Path(path)
    file = _checked(path)
    config = default_config()
    _raise(path, _unknown_ids(file, {actor.id for actor in config.actors}))
    own = {entry.id for entry in file.actors}
    kept = ("title", "point_of_view", "reader", "theatre", "fold", "reach", "parties", "publishers", "aliases")
    return replace(
        config,
        **{name: getattr(file, name) for name in kept},
        actors=(*(entry.actor() for entry in file.actors), *(actor for actor in config.actors if actor.id not in own)),
        gazetteers=tuple(path.parent / name for name in file.gazetteers),
        folder=path.parent,
    )


def country_codes(codes: Sequence[str], where: str) -> tuple[str, ...]:
    """Codes of countries in capitals; ConfigError with ``where``, an option, and the code for one that is none."""
    capitals = tuple(code.strip().upper() for code in codes)
    for code in capitals:
        if code not in COUNTRIES:
            message = f"{where}: {shown(code)} is not {_CODE}{_code_meant(code)}"
            raise ConfigError(message)
    return capitals


def _checked(path: Path) -> File:
    raw = _parsed(path)
    _raise(path, faults(raw, File))
    file = msgspec.convert(raw, File)
    _raise(path, _beyond_types(file))
    return file


def _parsed(path: Path) -> dict[str, Any]:
    data = _read(path)
    try:
        return tomllib.loads(data.decode("utf-8-sig"))  # editors of Windows may begin with a byte order mark
    except RecursionError as error:
        message = f"{path}: not valid TOML: nested too deep"
        raise ConfigError(message) from error
    except ValueError as error:  # not UTF-8, not TOML, or a number of thousands of digits
        message = f"{path}: not valid TOML: {error}"
        raise ConfigError(message) from error


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(_LIMIT + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        message = f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})"
        raise ConfigError(message) from error
    if len(data) > _LIMIT:
        message = f"{path}: longer than {_LIMIT >> 20} MB, which no configuration is"
        raise ConfigError(message)
    return data


def _raise(where: Path | str, found: Iterator[Fault]) -> None:
    """ConfigError with the first faults, if there are any."""
    told = list(islice(found, _TOLD + 1))
    if told:
        more = "; and more" if len(told) > _TOLD else ""
        message = f"{where}: {'; '.join(map(str, told[:_TOLD]))}{more}"
        raise ConfigError(message)


def _beyond_types(file: File) -> Iterator[Fault]:
    """What one value's type cannot say: codes that exist, and values that must fit each other."""
    yield from _countries(file.theatre.countries, ("theatre", "countries"), COUNTRIES)
    if file.theatre.box is not None:
        west, south, east, north = file.theatre.box
        if south >= north or west == east:  # west greater than east lies across the antimeridian
            yield wrong(
                ("theatre", "box"),
                list(file.theatre.box),
                "[west, south, east, north], south below north and west not east",
            )
    reach = file.reach
    if reach.presumed_km < reach.solid_km:
        default = " (the default)" if reach.presumed_km == Reach().presumed_km else ""
        least = f"at least reach.solid_km, which is {reach.solid_km:g}"
        yield Fault(path=("reach", "presumed_km"), says=f" = {reach.presumed_km:g}{default}: must be {least}")
    first: dict[str, int] = {}
    for number, entry in enumerate(file.actors):
        path = ("actors", number)
        yield from _beyond_row(entry, path)
        if first.setdefault(entry.id, number) != number:
            yield wrong((*path, "id"), entry.id, f"another id than that of {dotted(('actors', first[entry.id]))}")


def _beyond_row(entry: ActorEntry, path: tuple[str | int, ...]) -> Iterator[Fault]:
    yield from _countries(entry.countries, (*path, "countries"), COUNTRIES | FORMER)
    if entry.until and entry.until < entry.since:
        yield wrong((*path, "until"), entry.until, f"since, which is {entry.since}, or a later year")


def _countries(codes: Sequence[str], path: tuple[str | int, ...], known: frozenset[str]) -> Iterator[Fault]:
    for number, code in enumerate(codes):
        if code not in known:
            yield wrong((*path, number), code, _CODE + _code_meant(code))


def _unknown_ids(file: File, bundled_ids: set[ActorId]) -> Iterator[Fault]:
    known = {entry.id for entry in file.actors} | bundled_ids
    for number, entry in enumerate(file.actors):
        if entry.parent and entry.parent not in known:
            yield wrong(("actors", number, "parent"), entry.parent, "the id of an actor, own or bundled")
    for words, actor_id in file.parties.items():
        if actor_id and actor_id not in known:
            yield wrong(
                ("parties", words), actor_id, 'the id of an actor, own or bundled, or "" for a party of its own'
            )


def _code_meant(text: str) -> str:
    """The code of a country that was written out, or by another custom: "Iraq", "UK"."""
    if text.strip().upper() in COUNTRIES:
        return f"; did you mean {shown(text.strip().upper())}?"
    with bundled("gazetteer", "countries.tsv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            if text.casefold() in (name.casefold() for name in row["names"].split("|")):
                return f"; did you mean {shown(row['code'])}?"
    return ""
