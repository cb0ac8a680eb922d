"""What a file says, held against declared types: every fault with its path into the file, the value and what is allowed.

The types are dataclasses whose fields carry msgspec's constraints, so that what is checked, what is documented and what
the JSON schema says are one declaration. msgspec stops at the first fault and names no key of a free table; here each
value is held against its own type, so that all faults are told at once.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import inspect as types

KeyPath = tuple[str | int, ...]  # keys, and places in lists counted from 0

_LONGEST = 60  # characters of a value that a message repeats
_BARE = re.compile(r"[A-Za-z0-9_-]+")  # a TOML key that needs no quotation marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something in a file that is not as declared. ``says`` has the value, and what is allowed in its place."""

    path: KeyPath
    says: str

    def __str__(self) -> str:
        return f"{dotted(self.path)}{self.says}"


def wrong(path: KeyPath, value: object, allowed: str) -> Fault:
    """The fault of a value that is not allowed where it stands."""
    return Fault(path=path, says=f" = {shown(value)}: must be {allowed}")


def faults(value: object, kind: Any) -> Iterator[Fault]:
    """All faults of what a TOML or JSON reader gave, held against a dataclass with annotated fields."""
    return _held(value, kind, (), kind)


def _held(value: object, kind: Any, path: KeyPath, root: type) -> Iterator[Fault]:
    plain = _plain(kind)
    fits = _fits(value, kind)
    parts = get_args(plain)
    if dataclasses.is_dataclass(plain):
        yield from _table(value, plain, path, root, fits=fits)
    elif fits and not _has_tables(plain):
        return
    elif get_origin(plain) is dict and isinstance(value, dict):
        for key, item in value.items():
            if not _fits(key, parts[0]):
                yield Fault(path=(*path, key), says=f": the key must be {allowed(parts[0])}")
            yield from _held(item, parts[1], (*path, key), root)
    elif get_origin(plain) is tuple and isinstance(value, list) and (parts[-1] is ... or len(parts) == len(value)):
        for number, item in enumerate(value):
            yield from _held(item, parts[0 if parts[-1] is ... else number], (*path, number), root)
    else:
        yield wrong(path, value, allowed(kind) + _meant(value, plain))


def _fits(value: object, kind: Any) -> bool:
    """Whether msgspec takes the value; it passes over unknown keys of a dataclass."""
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _table(value: object, kind: Any, path: KeyPath, root: type, *, fits: bool) -> Iterator[Fault]:
    if not isinstance(value, dict):
        name = dotted([part for part in path if isinstance(part, str)])
        yield wrong(path, value, f"a table, [{name}]" if name == dotted(path) else f"a table, [[{name}]]")
        return
    hints = _hints(kind)
    for key, item in value.items():
        if key not in hints:
            says = f": unknown key{_instead(key, path, hints, root)}"
            yield Fault(path=(*path, key), says=f"{says}; known here are {', '.join(sorted(hints))}")
        elif not fits or _has_tables(hints[key]):
            yield from _held(item, hints[key], (*path, key), root)
    for entry in dataclasses.fields(kind):
        if entry.name not in value and entry.default is entry.default_factory is dataclasses.MISSING:
            yield Fault(path=(*path, entry.name), says=f": is missing, and must be {allowed(hints[entry.name])}")


def _instead(key: str, path: KeyPath, hints: Mapping[str, Any], root: type) -> str:
    """The key that was probably meant: one of this table, else one of another table of the file."""
    for near in get_close_matches(key, hints, n=1):
        return f", did you mean {dotted((*path, near))}?"
    elsewhere = {name: home for home, name in reversed(list(_known(root))) if home != path}
    for near in get_close_matches(key, elsewhere, n=1):
        where = "" if elsewhere[near] else ", at the top before the first table"
        return f", did you mean {dotted((*elsewhere[near], near))}{where}?"
    return ""


def _known(kind: type, home: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """The keys of a table and of the tables in it, each with the path of its table."""
    for name, hint in _hints(kind).items():
        yield home, name
        plain = _plain(hint)
        if dataclasses.is_dataclass(plain) and isinstance(plain, type):
            yield from _known(plain, (*home, name))


def _meant(value: object, plain: Any) -> str:
    """What was probably meant by a value of the wrong kind or spelling."""
    if get_origin(plain) is tuple and get_args(plain)[-1] is ... and not isinstance(value, dict | list):
        return f"; did you mean [{shown(value)}]?" if _fits(value, get_args(plain)[0]) else ""
    if get_origin(plain) is Literal and isinstance(value, str):
        near = get_close_matches(value.casefold(), get_args(plain), n=1)
        return f"; did you mean {shown(near[0])}?" if near else ""
    return ""


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _plain(kind: Any) -> Any:
    """A type without what annotates it and without None, which no TOML file can say."""
    if hasattr(kind, "__metadata__"):
        return _plain(kind.__origin__)
    if get_origin(kind) in (UnionType, Union):  # annotated parts make the second of `X | None`
        (one,) = (part for part in get_args(kind) if part is not NoneType)
        return _plain(one)
    return kind


@cache
def _has_tables(kind: Any) -> bool:
    plain = _plain(kind)
    return dataclasses.is_dataclass(plain) or any(_has_tables(part) for part in get_args(plain) if part is not ...)


def allowed(kind: Any) -> str:
    """What a type allows, in words: its description where it has one, else what its constraints say."""
    return _words(types.type_info(kind))


def _words(info: types.Type) -> str:
    if isinstance(info, types.Metadata):
        said = (info.extra_json_schema or {}).get("description")
        return str(said) if said else _words(info.type)
    if isinstance(info, types.UnionType):
        return " or ".join(_words(part) for part in info.types if not isinstance(part, types.NoneType))
    if isinstance(info, types.LiteralType):
        *most, last = map(shown, info.values)
        return f"{', '.join(most)} or {last}" if most else last
    if isinstance(info, types.IntType | types.FloatType):
        noun = "a whole number" if isinstance(info, types.IntType) else "a number"
        if info.ge is not None and info.le is not None:
            return f"{noun} from {_number(info.ge)} to {_number(info.le)}"
        return noun
    if isinstance(info, types.VarTupleType):
        return f"a list, each entry {_words(info.item_type)}"
    if isinstance(info, types.DictType):
        return f"a table whose values are each {_words(info.value_type)}"
    if isinstance(info, types.DataclassType):
        return "a table"
    return "text"


def _number(value: float) -> str:
    return f"{value:g}" if value < 1e6 else f"{value:,.0f}"


def shown(value: object) -> str:
    """A value as TOML writes it, cut short."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, str):
        text = json.dumps(value if len(value) <= _LONGEST else value[:_LONGEST] + "…", ensure_ascii=False)
    elif isinstance(value, dict):
        return "a table" if value else "an empty table"
    elif isinstance(value, list):
        inner = [shown(item) if not isinstance(item, list) else "[…]" for item in value[:6]]
        return f"[{', '.join(inner)}{', …' if len(value) > 6 else ''}]"
    elif isinstance(value, int) and value.bit_length() > 200:  # Python writes out no number of many thousand digits
        return "a number of more than 60 digits"
    else:
        text = str(value)
    return text


def dotted(path: Sequence[str | int]) -> str:
    """A path as TOML writes keys, with places in lists in brackets: ``actors[2].since``."""
    out = ""
    for part in path:
        if isinstance(part, int):
            out += f"[{part}]"
        else:
            out += f"{'.' if out else ''}{part if _BARE.fullmatch(part) else shown(part)}"
    return out
