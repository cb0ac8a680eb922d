"""Regions told in words: "north-east Syria", "the border with Iraq", "east of the Euphrates", "the countryside north of Hama".

The last step of the cascade. A name keeps its span; the words round it say which region is meant, and the region's place stands
for the name (kind ``region``), with what the name alone stands for kept beside it (``named``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from mapper.gazetteer import Gazetteer
from mapper.model import Place, Quote, Toponym
from mapper.regions import Region, part, region_place, union
from mapper.toponyms.words import WAR_COUNTRIES, WAR_WORDS, word_set

#: A text of so many words is a question or a title: whoever asks for a part means it.
_SHORT = 12
#: Words of texts in which land is held or fought for. Elsewhere "north Texas" and "southern France" say where something
#: happened, not which land somebody has.
_OF_LAND = WAR_WORDS | word_set(
    "army armies soldiers fighting clashes clashed offensive insurgency battle battles captured seized overran besieged occupied"
    " jihadist fighter militant rebel rebellion warlord warlords guerrillas guerrilla ceasefire truce frontline frontlines"
)
_WINDOW = 80
_POINT = r"(?:north|south|east|west)(?:[- ]?(?:east|west))?(?:ern)?"
_WAY = rf"(?:{_POINT}|central)"
_LIST = rf"{_WAY}(?:(?:, | and |, and | & ){_WAY})*"
_EXTENT = r"(?:the |far |extreme |most of |much of |rural |largely |mainly )*"
_BEFORE = re.compile(rf"\b(?P<ways>{_LIST})(?: (?:parts?|half|areas?|districts?|provinces|reaches|stretches|regions?) of)? (?:the )?$", re.IGNORECASE)
_THE_WAY_OF = re.compile(rf"\bthe (?:far |extreme |rural )?(?P<ways>{_LIST})(?:-?most)?(?: (?:part|half|corner|side|tip|end))? of (?:the )?$", re.IGNORECASE)
_OWN_WAY = re.compile(
    rf"['’]s (?:far |extreme |restive |rural |remote )?(?P<ways>{_LIST})\b(?P<what>(?:ern)? (?:parts?|regions?|half|areas?|provinces|districts|countryside|corner|deserts?|flank)\b)?"
)
_BORDER = r"(?:borders?|frontiers?|boundary)"
_BORDER_WITH = re.compile(rf"\b{_BORDER}(?: (?:area|areas|region|regions|zone|strip|crossings?|fence|line))?,? (?:with|to|of) (?:neighbou?ring )?(?:the )?$", re.IGNORECASE)
_BORDER_BETWEEN = re.compile(rf"\b{_BORDER}(?: (?:area|areas|region|zone|strip))? (?:between|of) (?:the )?$", re.IGNORECASE)
_OWN_BORDER = re.compile(rf"['’]s (?:[\w-]+ )?{_BORDER}(?: (?:area|areas|region|regions|zone))? with (?:neighbou?ring )?(?:the )?")
_BORDER_AFTER = re.compile(rf"^ (?:land )?{_BORDER}\b(?! (?:town|towns|city|village|villages|guards?|guardsmen|police|patrols?|post|posts|officials?|troops|forces|control|dispute|war)\b)", re.IGNORECASE)
_JOINED = re.compile(r"^(?:-|–|—|/| and (?:the )?)$")
_COAST_AFTER = re.compile(r"^(?:['’]s)? (?:(?:Mediterranean|Black Sea|Red Sea|Atlantic|Pacific|Caspian|western|eastern|northern|southern) )?(?:coast|coastline|seaboard|littoral|coastal (?:region|area|areas|strip|provinces))\b(?! ?guard)", re.IGNORECASE)
_COAST_OF = re.compile(r"\b(?:coast|coastline|seaboard|littoral|coastal (?:region|areas?|strip)) of (?:the )?$", re.IGNORECASE)
_SIDE_OF = re.compile(rf"\b(?P<way>{_POINT})(?:wards?)?(?: (?:bank|banks|side|shore))? of (?:the )?(?:river )?$", re.IGNORECASE)
_ALONG = re.compile(r"\b(?:along|(?:banks|both sides|valley|course) of) (?:the )?(?:banks of (?:the )?)?(?:river )?$", re.IGNORECASE)
_VALLEY = re.compile(r"^(?: [Rr]iver)? (?:valley|basin|corridor)\b", re.IGNORECASE)
_STRETCH = re.compile(r"^(?: river)?(?: valley)?(?: (?:from|stretch|area))? (?:between|from) (?:the )?(?:(?:town|city|village)s? of )?$", re.IGNORECASE)
_LYING_IN = re.compile(r"^(?: [Rr]iver)?(?: valley)?,? (?:in|inside|of) (?:the )?(?:(?:north|south|east|west)[a-z-]* )?$")
_LAND = r"(?:land|strip|corridor|territory|area|areas|region|road|highway|belt|stretch|front|villages|towns|countryside|desert|steppe)"
_BETWEEN = re.compile(r"\bbetween (?:the )?(?:(?:towns|cities|villages|town|city|village) of )?$", re.IGNORECASE)
_ROAD_FROM = re.compile(r"\b(?:road|highway|route|corridor|motorway|supply line) (?:that runs |leading |linking |connecting )?(?:from |between )?$", re.IGNORECASE)
_AND_TO = re.compile(r"^ (?:and|to|with) (?:the )?(?:(?:[a-z]+ )?(?:city|town|village) of )?$")
_ROUND = re.compile(
    r"\b(?P<what>countryside|enclave|pocket|area|areas|region|villages|towns|land|territory|farmland|fields|positions|desert|hills|districts)?"
    r"(?: immediately)? ?(?:around|surrounding|encircling) (?:the )?(?:(?:besieged |nearby )?(?:city|town|village|enclave)(?: of)? )?$",
    re.IGNORECASE,
)
_EDGE_OF = re.compile(
    rf"\b(?:(?P<way>{_POINT}) )?(?P<what>outskirts|suburbs|countryside|hinterland|environs|surroundings|periphery|vicinity)"
    r" of (?:the )?(?:(?:[a-z]+ )?(?:city|town|capital)(?: of)? )?$",
    re.IGNORECASE,
)
_WAY_OF = re.compile(
    rf"\b(?P<what>countryside|hinterland|area|areas|villages|towns|land|territory|farmland|fields|hills|desert|steppe|suburbs)"
    rf"(?: to the)? (?:just )?(?P<way>{_POINT}) of (?:the )?(?:(?:city|town) of )?$",
    re.IGNORECASE,
)
_AND_ITS = re.compile(r"^ and (?:its|the) (?:surroundings|environs|outskirts|suburbs|countryside|hinterland|(?:surrounding|nearby|neighbou?ring) \w+|vicinity)\b")
_OWN_EDGE = re.compile(rf"^['’]s (?:(?P<way>{_POINT}) )?(?P<what>countryside|outskirts|suburbs|hinterland|environs|surroundings)\b")
#: How far from its middle what is round a place reaches, in km; "countryside" and land on one side reach further.
_REACH = {"countryside": 25, "hinterland": 25, "desert": 30, "steppe": 30, "outskirts": 15, "vicinity": 15, "suburbs": 20}
_ROUND_KM, _SIDE_KM = 20, 30
_NEAR = 250  # characters within which another country speaks for where a border is


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
    return list(dict.fromkeys(way_of(m) for m in re.findall(_WAY, words, re.IGNORECASE)))


@dataclass(slots=True)
class _Told:
    """A text, its toponyms in order, and the gazetteer."""

    text: str
    found: Sequence[Toponym]
    gazetteer: Gazetteer

    def before(self, toponym: Toponym) -> str:
        return self.text[max(0, toponym.quote.start - _WINDOW) : toponym.quote.start].replace("\n", " ")

    def after(self, toponym: Toponym) -> str:
        return self.text[toponym.quote.end : toponym.quote.end + _WINDOW].replace("\n", " ")

    def between(self, at: int) -> str:
        """What stands between toponym ``at`` and the next; a full stop where there is none."""
        if not 0 <= at < len(self.found) - 1:
            return "."
        return self.text[self.found[at].quote.end : self.found[at + 1].quote.start]

    def neighbours(self, at: int) -> Iterator[str]:
        """Codes of the countries spoken of, those of the nearest names first, then by how often they are."""
        here = self.found[at].quote.start
        near = sorted((abs(t.quote.start - here), n) for n, t in enumerate(self.found) if n != at and t.place is not None)
        count = Counter(t.place.country for t in self.found if t.place is not None and t.place.country)
        codes = [self.found[n].place.country for gap, n in near if gap <= _NEAR]  # type: ignore[union-attr]
        codes += [code for code, _ in sorted(count.items(), key=lambda item: (-item[1], item[0]))]
        yield from dict.fromkeys(code for code in codes if code)

    def place(self, region: Region) -> Place | None:
        return region_place(self.gazetteer, region.id)


def tell_regions(
    text: str, found: Sequence[Toponym], gazetteer: Gazetteer, seen: Collection[str], words: int
) -> tuple[Toponym, ...]:
    """The toponyms with those replaced that stand in words for a region; ``seen`` are the text's lower-case words."""
    told = _Told(text, found, gazetteer)
    of_land = words <= _SHORT or not _OF_LAND.isdisjoint(seen)
    out: list[Toponym] = []
    for at, toponym in enumerate(found):
        place = toponym.place
        if place is None or toponym.kind in ("coarse", "organisation", "metonym", "dateline"):
            out.append(toponym)
            continue
        if not of_land and place.country not in WAR_COUNTRIES:
            out.append(toponym)
            continue
        answer = None
        for tell in TELLERS:
            answer = tell(told, at, place)
            if answer is not None:
                break
        region = None if answer is None else told.place(answer[0])
        if region is None or answer is None:
            out.append(toponym)
            continue
        start, end = answer[1], answer[2]
        wording = Quote(article_id=toponym.quote.article_id, start=start, end=end, text=text[start:end])
        out.append(replace(toponym, place=region, kind="region", named=toponym, wording=wording))
    return tuple(out)


Answer = tuple[Region, int, int]


def reference(place: Place) -> str:
    """What a region's id calls a place: the ISO code of a country, the code of a province, else its id."""
    if place.feature_code.startswith("PCL"):
        return place.country
    return place.admin1 if place.feature_code == "ADM1" and len(place.admin1) > 3 and place.admin1[2] == "." else place.id


def _is_country(place: Place) -> bool:
    return place.feature_code.startswith("PCL") and len(place.country) == 2


def _has_land(place: Place) -> bool:
    return _is_country(place) or place.feature_code == "ADM1" or (place.is_region and bool(place.geometry_ref))


def by_direction(told: _Told, at: int, place: Place) -> Answer | None:
    """Reads "north-eastern Syria", "the south of Iraq", "Syria's north-west", "central and eastern Syria"."""
    toponym = told.found[at]
    if toponym.kind == "demonym" or not _has_land(place):
        return None
    start, end = toponym.quote.start, toponym.quote.end
    before = told.before(toponym)
    match = _THE_WAY_OF.search(before) or _BEFORE.search(before)
    if match is not None and not before[match.start("ways") - 1 : match.start("ways")] == "-":
        start -= len(before) - match.start("ways")
    else:
        match = _OWN_WAY.match(told.after(toponym))
        if match is None:
            return None
        rest = told.after(toponym)[match.end() :]
        adjective = match["ways"].lower().endswith(("ern", "central"))
        if not match["what"] and (adjective or re.match(r"[- ]?\w*[A-Z]|-| \w+ern ", rest) or re.match(r" (?:coast|border|frontier|bank|side|korea)", rest)):
            return None
        end += match.end()
    ways = ways_of(match["ways"])
    base = reference(place)
    if not ways:
        return None
    return union([part(way, base) for way in ways]), start, end


TELLERS: tuple[Callable[[_Told, int, Place], Answer | None], ...] = (by_direction,)
