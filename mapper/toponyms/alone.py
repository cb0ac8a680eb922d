"""What speaks for a namesake where little else does: fame, and the war that a sentence is about.

The ranking learnt from whole articles, most of them of local papers, that a text without a country is from the United
States. A sentence that stands alone comes from no paper: there the famous place is meant, and in a sentence of war the
place where that war was fought.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mapper.toponyms.names import ADM1, ADM2, CAPITAL, COUNTRY, SEAT, TOWN, Atlas, Entry
from mapper.toponyms.tokens import Tokens
from mapper.toponyms.wars import War
from mapper.toponyms.words import word_set

Floats = NDArray[np.float32]
#: A text of so many words stands alone wholly, and from so many on not at all.
_ALONE, _NOT_ALONE = 30, 60
#: Words of local news: who writes them means the town next door.
_OF_A_LOCAL_PAPER = word_set("county counties sheriff township council councilman zoning deputies")
#: Log-odds a unit of fame is worth: in a text without a country, and in one of a known war.
_FAME, _FAME_WAR = 1.0, 1.0
_FEW_NAMES = 1.4
#: Log-odds for a country of the war spoken of, and against one where no war was fought in living memory.
_THEATRE, _PEACE = 4.0, 2.0
#: What of the first a longer text keeps: it names more than one war, and says more of where.
_THEATRE_OF_A_TEXT = 0.5
#: Countries where no war was fought in living memory.
AT_PEACE = word_set("AU CA IE NZ US")
#: A province called after its town lends it its people within so many km.
_ITS_PROVINCE_KM = 120.0
_ITS_TOWN = 1.5
#: What a name loses by being only another name of the place, of a country much: "Tunis" is a town.
_ALIAS, _ALIAS_COUNTRY = 0.7, 6.0
#: Fame from which a place is one that a reader anywhere knows by its name alone.
KNOWN_EVERYWHERE = 9.3


def aloneness(tokens: Tokens) -> float:
    """1 for a sentence, 0 for an article and for what a local paper writes, between the two in proportion to its words."""
    if not _OF_A_LOCAL_PAPER.isdisjoint(tokens.low):
        return 0.0
    return min(1.0, max(0.0, (_NOT_ALONE - len(tokens)) / (_NOT_ALONE - _ALONE)))


def leanings(entries: Sequence[Entry], told: Sequence[bool], alone: float, war: War, atlas: Atlas) -> Floats:
    """Log-odds to add to each candidate of all names, one name after the other. ``told``: other names say a country."""
    theatre = {atlas.code(code): share for code, share in war.countries.items()}
    peaceful = {atlas.code(code) for code in AT_PEACE}
    # names of one neighbourhood speak for each other: the more there are, the less fame counts
    worth = alone * (_FAME_WAR if theatre else _FAME * min(1.0, _FEW_NAMES / len(entries)) ** 2)
    parts = []
    for entry, elsewhere in zip(entries, told, strict=True):
        known = fame(entry)
        part = np.zeros(len(entry), np.float32)
        if theatre:
            shares = np.array([theatre.get(code, 0.0) for code in entry.country.tolist()], np.float32)
            part += (_THEATRE * max(alone, _THEATRE_OF_A_TEXT)) * shares
        elif war.fought and not elsewhere:
            part -= (_PEACE * alone) * np.isin(entry.country, list(peaceful))
        if theatre or not elsewhere:
            part += worth * (known - known.max())
        parts.append(part)
    return np.concatenate(parts)


def fame(entry: Entry) -> Floats:
    """How widely each candidate of a name is known: by the number of its names in all languages and its people."""
    if entry.fame is None:
        people = entry.log_pop.astype(np.float32).copy()
        less = np.zeros(len(entry), np.float32)
        flags = entry.flags
        for at in np.flatnonzero(np.isin(flags, (TOWN, SEAT, CAPITAL))):
            units = np.isin(flags, (ADM1, ADM2)) & (entry.country == entry.country[at])
            near = units & (entry.xyz @ entry.xyz[at] > math.cos(_ITS_PROVINCE_KM / 6371.0))
            if near.any():  # Toledo, Granada, Verona: what a province is called after is no small town
                people[at] = max(people[at], float(entry.log_pop[near].max()) - 0.5)
                less[near] = _ITS_TOWN  # "Smolensk" alone is the town
        known = entry.names + 0.6 * people - less
        known[flags == COUNTRY] += 2.0
        known[~entry.main] -= np.where(flags[~entry.main] == COUNTRY, _ALIAS_COUNTRY, _ALIAS)
        entry.fame = known.astype(np.float32)
    return entry.fame
