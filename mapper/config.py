"""mapper.toml → a frozen Config: actors, theatre, thresholds, point of view.

Everything has a default, so no file is needed. Unknown keys are errors that name the file and the key, because a
misspelt threshold that is silently ignored makes a wrong map.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from mapper.bundled import bundled
from mapper.model import Actor, ActorId


class ConfigError(ValueError):
    """The user's configuration is wrong; the message says where and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Thresholds of the timeline's policy, in days."""

    window_days: int = 7  # claims closer than this that disagree are a contradiction, not a sequence
    stale_days: int = 0  # a status not repeated for so long looks stale; 0: never
    contest_days: int = 60  # "fighting in X" without an end is contested for so long
    confirm: int = 2  # voices of different perspective that turn "claimed" into "controlled"
    implied_days: int = 180  # "retook X from B" says B held X before: for at most so long, unless other claims say more


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far from a place its colour goes, in kilometres, and whether gaps are inferred."""

    solid_km: float = 20.0
    presumed_km: float = 40.0
    infer: str = ""  # "" off, else "auto", "nearest" or "smooth"
    infer_gap_km: float = 100.0  # never across a wider gap
    min_population: int = 0  # places smaller than this (and known to be) get no cell of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Theatre:
    """Where the map is: countries (ISO alpha-2), or a box west, south, east, north; empty: from the claims."""

    countries: tuple[str, ...] = ()
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    title: str = ""
    point_of_view: str = "gn_a1_code"
    theatre: Theatre = field(default_factory=Theatre)
    fold: Fold = field(default_factory=Fold)
    reach: Reach = field(default_factory=Reach)
    actors: tuple[Actor, ...] = ()
    publishers: dict[str, str] = field(default_factory=dict)  # publisher -> side, "neutral" for none
    gazetteers: tuple[Path, ...] = ()
    aliases: dict[str, str] = field(default_factory=dict)  # name as written -> place id
    reader: str = "full"  # who reads the sentences: full (rules and the learned reader) or rules
    folder: Path | None = None  # where the file stands; relative paths start here


READERS = ("full", "rules")


def _section(cls: type, raw: object, where: str) -> Any:
    if not isinstance(raw, dict):
        message = f"{where}: expected a table, got {raw!r}"
        raise ConfigError(message)
    known = {f.name: f for f in fields(cls)}
    values: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in known:
            message = f"{where}: unknown key {key!r}; known are {', '.join(sorted(known))}"
            raise ConfigError(message)
        default = getattr(cls(), key)
        if isinstance(default, bool) or not isinstance(value, bool):
            value = tuple(value) if isinstance(value, list) else value  # noqa: PLW2901
        if isinstance(default, int | float) and not isinstance(value, int | float):
            message = f"{where}: {key} must be a number, got {value!r}"
            raise ConfigError(message)
        values[key] = value
    return cls(**values)


def _actor(raw: object, where: str) -> Actor:
    if not isinstance(raw, dict) or not raw.get("id"):
        message = f"{where}: each [[actors]] entry needs an id"
        raise ConfigError(message)
    known = {entry.name for entry in fields(Actor)}
    unknown = set(raw) - known - {"note"}
    if unknown:
        message = f"{where}: actor {raw['id']!r} has unknown key {min(unknown)!r}; known are {', '.join(sorted(known))}"
        raise ConfigError(message)
    return Actor(
        id=ActorId(str(raw["id"])),
        name=str(raw.get("name") or raw["id"]),
        aliases=tuple(map(str, raw.get("aliases", ()))),
        side=str(raw.get("side", "")),
        colour=str(raw.get("colour", "")),
        countries=tuple(map(str, raw.get("countries", ()))),
        role=str(raw.get("role", "")),
        adjectives=tuple(map(str, raw.get("adjectives", ()))),
        metonyms=tuple(map(str, raw.get("metonyms", ()))),
        leaders=tuple(map(str, raw.get("leaders", ()))),
        generic=tuple(map(str, raw.get("generic", ()))),
        parent=str(raw.get("parent", "")),
        since=int(raw.get("since", 0)),
        until=int(raw.get("until", 0)),
    )


def lexicon() -> tuple[Actor, ...]:
    """The bundled actors, in file order."""
    path = bundled("actors", "actors.toml")
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(_actor(entry, path.name) for entry in raw.get("actors", ()))


def default_config() -> Config:
    """The configuration of a run without a mapper.toml."""
    return Config(actors=lexicon())


def read_config(path: Path) -> Config:
    """Config from a mapper.toml; its actors come before the bundled ones and replace those of the same id.

    Raises ConfigError with file, key and remedy.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror})"
        raise ConfigError(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path}: not valid TOML: {error}"
        raise ConfigError(message) from error
    config = default_config()
    known = {f.name for f in fields(Config)} - {"folder"}
    for key in raw:
        if key not in known:
            message = f"{path}: unknown key {key!r}; known are {', '.join(sorted(known))}"
            raise ConfigError(message)
    if raw.get("reader", "full") not in READERS:
        message = f"{path}: reader must be one of {', '.join(READERS)}, got {raw['reader']!r}"
        raise ConfigError(message)
    own = tuple(_actor(entry, str(path)) for entry in raw.get("actors", ()))
    own_ids = {actor.id for actor in own}
    return replace(
        config,
        title=str(raw.get("title", "")),
        point_of_view=str(raw.get("point_of_view", config.point_of_view)),
        theatre=_section(Theatre, raw.get("theatre", {}), f"{path} [theatre]"),
        fold=_section(Fold, raw.get("fold", {}), f"{path} [fold]"),
        reach=_section(Reach, raw.get("reach", {}), f"{path} [reach]"),
        actors=own + tuple(actor for actor in config.actors if actor.id not in own_ids),
        publishers={str(k): str(v) for k, v in raw.get("publishers", {}).items()},
        gazetteers=tuple(path.parent / str(p) for p in raw.get("gazetteers", ())),
        aliases={str(k): str(v) for k, v in raw.get("aliases", {}).items()},
        reader=str(raw.get("reader", config.reader)),
        folder=path.parent,
    )
