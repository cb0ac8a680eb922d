"""Directions as texts write them, and what the ids of regions call them and places."""

from __future__ import annotations

import re

from mapper.model import Place

POINT = r"(?:north|south|east|west)(?:[- ]?(?:east|west))?(?:ern)?"
WAY = rf"(?:{POINT}|central)"
LIST = rf"{WAY}(?:(?:, | and |, and | & ){WAY}){{0,7}}"


def way_of(word: str) -> str:
    """The direction of "north-eastern", "South West" or "central" as ids write it."""
    low = re.sub(r"[^a-z]", "", word.lower()).removesuffix("ern")
    if low.startswith("central"):
        return "c"
    first = low[:5] if low[:5] in ("north", "south") else low[:4]
    rest = low[len(first) :].replace("ern", "")
    return first[0] + (rest[0] if rest in ("east", "west") and first in ("north", "south") else "")


def ways_of(words: str) -> list[str]:
    """The directions of "central and eastern", in their order."""
    return list(dict.fromkeys(way_of(m) for m in re.findall(WAY, words, re.IGNORECASE)))


def reference(place: Place) -> str:
    """What a region's id calls a place: the ISO code of a country, the code of a province, else its id."""
    if place.feature_code.startswith("PCL"):
        return place.country
    return (
        place.admin1 if place.feature_code == "ADM1" and len(place.admin1) > 3 and place.admin1[2] == "." else place.id
    )
