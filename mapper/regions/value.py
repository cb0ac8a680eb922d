"""A region told in words as a value: a relation and what it relates, with an id that says what it is.

``region:part(ne,SY)`` is north-east Syria, ``region:within(SY,border(SY,IQ))`` Syria's side of its border with Iraq.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PREFIX = "region:"
#: Points of the compass and the middle, as ids write them.
DIRECTIONS = ("n", "ne", "e", "se", "s", "sw", "w", "nw", "c")
#: Relation → (least, most) arguments.
RELATIONS: dict[str, tuple[int, int]] = {
    "part": (2, 2),  # direction, base
    "border": (2, 2),  # two countries or provinces: a strip on both sides
    "coast": (1, 1),  # base
    "side": (3, 3),  # direction, river, base
    "along": (1, 3),  # river, from place, to place
    "between": (2, 2),  # two places
    "around": (2, 3),  # place, kilometres, direction
    "within": (2, 2),  # base, region: what of the region lies in the base
    "union": (1, 40),
}
_TOKEN = re.compile(r"[A-Za-z0-9_.:'@-]{1,64}")
_LONGEST, _DEEPEST = 600, 6


class RegionError(ValueError):
    """An id that begins like a region's and says none."""


@dataclass(frozen=True, slots=True)
class Region:
    """``args`` are regions, directions, numbers, slugs of rivers, ISO codes, province codes or ids of places."""

    relation: str
    args: tuple[Region | str, ...]

    def __str__(self) -> str:
        return f"{self.relation}({','.join(map(str, self.args))})"

    @property
    def id(self) -> str:
        return f"{PREFIX}{self}"


def part(direction: str, base: str | Region) -> Region:
    """A part of a country, province or region, by direction."""
    return Region("part", (direction, base))


def union(parts: list[Region]) -> Region:
    """Several regions as one; one alone is itself."""
    return parts[0] if len(parts) == 1 else Region("union", tuple(parts))


def parse(region_id: str) -> Region:
    """The region of an id; RegionError when it says none."""
    if not region_id.startswith(PREFIX) or len(region_id) > _LONGEST:
        message = f"{region_id[:80]!r} is no region: expected {PREFIX}relation(…), such as {PREFIX}part(ne,SY)"
        raise RegionError(message)
    text = region_id[len(PREFIX) :]
    found, end = _read(text, 0, 0)
    if end != len(text) or isinstance(found, str):
        message = f"{region_id!r} is no region: {text[end:][:40]!r} stands where it should end"
        raise RegionError(message)
    return found


def _read(text: str, at: int, depth: int) -> tuple[Region | str, int]:
    match = _TOKEN.match(text, at)
    if match is None or depth > _DEEPEST:
        message = f"{PREFIX}{text} is no region: a name is expected at {text[at:][:40]!r}"
        raise RegionError(message)
    word, at = match.group(), match.end()
    if text[at : at + 1] != "(":
        return word, at
    args: list[Region | str] = []
    while True:
        one, at = _read(text, at + 1, depth + 1)
        args.append(one)
        if text[at : at + 1] != ",":
            break
    if text[at : at + 1] != ")":
        message = f"{PREFIX}{text} is no region: a bracket is not closed"
        raise RegionError(message)
    least, most = RELATIONS.get(word, (0, -1))
    if not least <= len(args) <= most:
        message = f"{PREFIX}{text} is no region: {word!r} with {len(args)} parts is not one of {', '.join(RELATIONS)}"
        raise RegionError(message)
    direction = args[0] if word in ("part", "side") else args[2] if word == "around" and len(args) > 2 else "n"
    middle = direction == "c" and word != "part"  # nothing lies to the middle of a river
    if direction not in DIRECTIONS or middle:
        message = f"{PREFIX}{text} is no region: {direction!s} is not one of {', '.join(DIRECTIONS)}"
        raise RegionError(message)
    return Region(word, tuple(args)), at + 1
