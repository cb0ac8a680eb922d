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
from mapper.toponyms.aforesaid import aforesaid
from mapper.toponyms.alone import AT_PEACE
from mapper.toponyms.ways import LIST, POINT, reference, way_of, ways_of
from mapper.toponyms.words import WAR_COUNTRIES, WAR_WORDS, word_set

#: A text of so many words is a question or a title: whoever asks for a part means it.
_SHORT = 12
#: Words of texts in which land is held or fought for. Elsewhere "north Texas" and "southern France" say where something
#: happened, not which land somebody has.
_OF_LAND = WAR_WORDS | word_set(
    "army armies soldiers fighting clashes clashed offensive insurgency battle battles captured seized overran besieged occupied"
    " hold holds controls rule rules retook recaptured jihadist fighter militant rebel rebellion warlord warlords guerrillas guerrilla ceasefire truce frontline frontlines"
)
_WINDOW = 80
_BEFORE = re.compile(
    rf"\b(?P<ways>{LIST})(?: (?:parts?|half|areas|districts|reaches|stretches|regions|countryside) of)? (?:the )?$",
    re.IGNORECASE,
)
_THE_WAY_OF = re.compile(
    rf"\bthe (?:far |extreme |rural )?(?P<ways>{LIST})(?:-?most)?(?: (?:part|half|corner|side|tip|end))? of (?:the )?$",
    re.IGNORECASE,
)
_OWN_WAY = re.compile(
    rf"['’]s (?:far |extreme |restive |rural |remote )?(?P<ways>{LIST})\b(?P<what>(?:ern)? (?:parts?|regions?|half|areas?|provinces|districts|countryside|corner|deserts?|flank)\b)?"
)
_BORDER = r"(?:borders?|frontiers?|boundary)"
_BORDER_WITH = re.compile(
    rf"\b{_BORDER}(?: (?:area|areas|region|regions|zone|strip|crossings?|fence|line))?,? (?:with|to|of) (?:neighbou?ring )?(?:the )?$",
    re.IGNORECASE,
)
_BORDER_BETWEEN = re.compile(
    rf"\b{_BORDER}(?: (?:area|areas|region|zone|strip))? (?:between|of) (?:the )?$", re.IGNORECASE
)
_ITS_BORDER = re.compile(rf"^ (?:land )?{_BORDER} with (?:neighbou?ring )?(?:the )?$", re.IGNORECASE)
_OWN_BORDER = re.compile(
    rf"['’]s (?:[\w-]+ )?{_BORDER}(?: (?:area|areas|region|regions|zone))? with (?:neighbou?ring )?(?:the )?"
)
_BORDER_AFTER = re.compile(
    rf"^ (?:land )?{_BORDER}\b(?! (?:town|towns|city|village|villages|guards?|guardsmen|police|patrols?|post|posts|officials?|troops|forces|control|dispute|war)\b)",
    re.IGNORECASE,
)
_JOINED = re.compile(r"^(?:-|–|—|/| and (?:the )?)$")
_COAST_AFTER = re.compile(
    r"^(?:['’]s)? (?:(?:Mediterranean|Black Sea|Red Sea|Atlantic|Pacific|Caspian|western|eastern|northern|southern) )?(?:coast|coastline|seaboard|littoral|coastal (?:region|area|areas|strip|provinces))\b(?! ?guard)",
    re.IGNORECASE,
)
_COAST_OF = re.compile(
    r"\b(?:coast|coastline|seaboard|littoral|coastal (?:region|areas?|strip)) of (?:the )?$", re.IGNORECASE
)
_SIDE_OF = re.compile(
    rf"\b(?P<way>{POINT})(?:wards?)?(?: (?:bank|banks|side|shore))? of (?:the )?(?:river )?$", re.IGNORECASE
)
_OF_THE_RIVER = re.compile(rf"\b(?P<way>{POINT})(?: (?:bank|banks|side|shore))? of the (?P<river>river)\b(?! [A-Z])")
_ALONG = re.compile(
    r"\b(?:along|(?:banks|both sides|valley|course) of) (?:the )?(?:banks of (?:the )?)?(?:river )?$", re.IGNORECASE
)
_VALLEY = re.compile(r"^(?: [Rr]iver)? (?:valley|basin|corridor)\b", re.IGNORECASE)
_STRETCH = re.compile(
    r"^(?: river)?(?: valley)?(?: (?:from|stretch|area))? (?:between|from) (?:the )?(?:(?:town|city|village)s? of )?$",
    re.IGNORECASE,
)
_LYING_IN = re.compile(
    r"^(?: [Rr]iver)?(?: valley)?,? (?:in|inside|of) (?:the )?(?:(?:north|south|east|west)[a-z-]* )?$"
)
_BETWEEN = re.compile(r"\bbetween (?:the )?(?:(?:towns|cities|villages|town|city|village) of )?$", re.IGNORECASE)
_ROAD_FROM = re.compile(
    r"\b(?:road|highway|route|corridor|motorway|supply line) (?:that runs |leading |linking |connecting )?(?:from |between )?$",
    re.IGNORECASE,
)
_AND_TO = re.compile(r"^ (?:and|to|with) (?:the )?(?:(?:[a-z]+ )?(?:city|town|village) of )?$")
_ROUND = re.compile(
    r"\b(?P<what>countryside|enclave|pocket|area|areas|region|villages|towns|land|territory|farmland|fields|positions|desert|hills|districts)?"
    r"(?: immediately)? ?(?:around|surrounding|encircling) (?:the )?(?:(?:besieged |nearby )?(?:city|town|village|enclave)(?: of)? )?$",
    re.IGNORECASE,
)
_EDGE_OF = re.compile(
    rf"\b(?:(?P<way>{POINT}) )?(?P<what>outskirts|suburbs|countryside|hinterland|environs|surroundings|periphery|vicinity)"
    r" of (?:the )?(?:(?:[a-z]+ )?(?:city|town|capital)(?: of)? )?$",
    re.IGNORECASE,
)
_WAY_OF = re.compile(
    rf"\b(?P<what>countryside|hinterland|area|areas|villages|towns|land|territory|farmland|fields|hills|desert|steppe|suburbs)"
    rf"(?: to the)? (?:just )?(?P<way>{POINT}) of (?:the )?(?:(?:city|town) of )?$",
    re.IGNORECASE,
)
_AND_ITS = re.compile(
    r"^ and (?:its|the) (?:surroundings|environs|outskirts|suburbs|countryside|hinterland|(?:surrounding|nearby|neighbou?ring) \w+|vicinity)\b"
)
_OWN_EDGE = re.compile(
    rf"^['’]s (?:(?P<way>{POINT}) )?(?P<what>countryside|outskirts|suburbs|hinterland|environs|surroundings)\b"
)
#: How far from its middle what is round a place reaches, in km; "countryside" and land on one side reach further.
_REACH = {
    "countryside": 25,
    "hinterland": 25,
    "desert": 30,
    "steppe": 30,
    "outskirts": 15,
    "vicinity": 15,
    "suburbs": 20,
}
_ROUND_KM, _SIDE_KM = 20, 30
_NEAR = 250  # characters within which another country speaks for where a border is


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
        near = sorted(
            (abs(t.quote.start - here), n) for n, t in enumerate(self.found) if n != at and t.place is not None
        )
        count = Counter(t.place.country for t in self.found if t.place is not None and t.place.country)
        codes = [self.found[n].place.country for gap, n in near if gap <= _NEAR]  # type: ignore[union-attr]
        codes += [code for code, _ in sorted(count.items(), key=lambda item: (-item[1], item[0]))]
        yield from dict.fromkeys(code for code in codes if code)

    def lands(self, at: int) -> Iterator[tuple[str, int]]:
        """What the river of toponym ``at`` may be spoken of in, and where the words end that say so.

        "The Dnipro in Kherson province", "Syria west of the Euphrates", then the countries that the text speaks of.
        """
        end = self.found[at].quote.end
        if at + 1 < len(self.found) and _LYING_IN.match(self.between(at)):
            following = self.found[at + 1].place
            if following is not None and _has_land(following):
                yield reference(following), self.found[at + 1].quote.end
        former = self.found[at - 1].place if at else None
        if (
            former is not None
            and _has_land(former)
            and re.fullmatch(rf",? (?:\w+ )?{POINT} of (?:the )?", self.between(at - 1))
        ):
            yield reference(former), end
        yield from ((code, end) for code in self.neighbours(at))

    def river(self, toponym: Toponym, place: Place) -> str:
        """The slug of the bundled river that a mention names, also one whose name a town has, too ("the Dnipro"); or empty."""
        if place.id.startswith("river:") and place.geometry_ref:
            return place.geometry_ref.removeprefix("river:")
        if place.feature_class == "P" and not re.search(
            r"(?:^|\W)the (?:river )?$", self.before(toponym), re.IGNORECASE
        ):
            return ""
        name = re.sub(r" (?:[Rr]iver|[Vv]alley|[Bb]asin)(?: valley)?$", "", toponym.text)
        found = [c.place for c in self.gazetteer.candidates(name) if c.place.geometry_ref.startswith("river:")]
        return found[0].geometry_ref.removeprefix("river:") if found else ""

    def town(self, toponym: Toponym, place: Place | None) -> Place | None:
        """The town that a mention means where only a town can be meant: of a province that bears its name, its namesake."""
        if place is None or toponym.kind == "demonym" or place.feature_code.startswith("PCL"):
            return None
        if place.feature_class == "P":
            return None if place.feature_code == "OFFSET" else place
        same = [
            c.place
            for c in self.gazetteer.candidates(toponym.text)
            if c.place.feature_class == "P" and c.place.country == place.country
        ]
        return max(same, key=lambda p: (p.population, p.id), default=None)

    def place(self, region: Region) -> Place | None:
        return region_place(self.gazetteer, region.id)


def tell_regions(
    text: str, found: Sequence[Toponym], gazetteer: Gazetteer, seen: Collection[str], words: int
) -> tuple[Toponym, ...]:
    """The toponyms with those replaced that stand in words for a region; ``seen`` are the text's lower-case words."""
    told = _Told(text, found, gazetteer)
    said = len(_OF_LAND.intersection(seen))
    out: list[Toponym] = []
    pair: Toponym | None = None  # of two names with land between them, the first
    for at, toponym in enumerate(found):
        place = toponym.place
        if (
            pair is not None
            and pair.wording is not None
            and toponym.quote.end == pair.wording.end
            and toponym.place is not None
        ):
            out.append(replace(toponym, place=pair.place, kind="region", named=toponym, wording=pair.wording))
            pair = None
            continue
        if place is None or toponym.kind in ("coarse", "organisation", "metonym", "dateline"):
            out.append(toponym)
            continue
        if words > _SHORT and said < _least(place.country):
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
        pair = out[-1] if answer[0].relation == "between" else pair
    out += _beside_the_river(told, said)
    for more in aforesaid(text, out, gazetteer):
        if words <= _SHORT or (more.place is not None and said >= _least(more.place.country)):
            out.append(more)
    return tuple(sorted(out, key=lambda t: t.quote.start))


def _beside_the_river(told: _Told, said: int) -> Iterator[Toponym]:
    """Reads "west of the river" behind a river with a name: a mention of its own, of the land on that side."""
    for match in _OF_THE_RIVER.finditer(told.text) if said else ():
        start, end = match.span("river")
        before = [(n, t) for n, t in enumerate(told.found) if t.quote.end <= start and t.place is not None]
        rivers = [(n, t, slug) for n, t in before if t.place is not None and (slug := told.river(t, t.place))]
        if not rivers or any(t.quote.start < end and start < t.quote.end for t in told.found):
            continue
        at, former, slug = rivers[-1]
        for base, _ in told.lands(at):
            region = told.place(Region("side", (way_of(match["way"]), slug, base)))
            if region is not None:
                words = Quote(article_id=former.quote.article_id, start=start, end=end, text=told.text[start:end])
                whole = replace(words, start=match.start(), end=match.end(), text=match.group())
                yield Toponym(quote=words, place=region, score=former.score, kind="region", wording=whole)
                break


def _least(country: str) -> int:
    """How many words of war a text needs in which parts of a country are land that somebody holds."""
    return 4 if country in AT_PEACE else 1 if country in WAR_COUNTRIES or not country else 2  # a river has no country


Answer = tuple[Region, int, int]


def _is_country(place: Place) -> bool:
    return place.feature_code.startswith("PCL") and len(place.country) == 2


def _has_land(place: Place) -> bool:
    return _is_country(place) or place.feature_code == "ADM1" or (place.is_region and bool(place.geometry_ref))


def by_direction(told: _Told, at: int, place: Place) -> Answer | None:
    """Reads "north-eastern Syria", "the south of Iraq", "Syria's north-west", "central and eastern Syria"."""
    toponym = told.found[at]
    if toponym.kind == "demonym" or not _has_land(place) or place.geometry_ref.startswith("region:around"):
        return None
    start, end = toponym.quote.start, toponym.quote.end
    before = told.before(toponym)
    match = _THE_WAY_OF.search(before) or _BEFORE.search(before)
    if match is not None and before[match.start("ways") - 1 : match.start("ways")] != "-":
        start -= len(before) - match.start("ways")
    else:
        match = _OWN_WAY.match(told.after(toponym))
        if match is None:
            return None
        rest = told.after(toponym)[match.end() :]
        adjective = match["ways"].lower().endswith(("ern", "central"))
        if not match["what"] and (
            adjective
            or re.match(r"[- ]?\w*[A-Z]|-| \w+ern ", rest)
            or re.match(r" (?:coast|border|frontier|bank|side|korea)", rest)
        ):
            return None
        end += match.end()
    ways = ways_of(match["ways"])
    base = reference(place)
    if not ways:
        return None
    return union([part(way, base) for way in ways]), start, end


def border(told: _Told, at: int, place: Place) -> Answer | None:
    """Reads "the border with A", "A's border with B", "the A-B border", "the border between A and B", "the Turkish border"."""
    toponym = told.found[at]
    if not _is_country(place):
        return None
    start, end = toponym.quote.start, toponym.quote.end
    before, after = told.before(toponym), told.after(toponym)
    behind = _BORDER_AFTER.match(after)
    former = told.found[at - 1].place if at else None
    following = told.found[at + 1].place if at + 1 < len(told.found) else None
    if behind is not None and former is not None and _is_country(former) and _JOINED.match(told.between(at - 1)):
        return Region("border", (former.country, place.country)), told.found[at - 1].quote.start, end + behind.end()
    match = _BORDER_BETWEEN.search(before)
    if match is not None and following is not None and _is_country(following) and _AND_TO.match(told.between(at)):
        return (
            Region("border", (place.country, following.country)),
            start - len(before) + match.start(),
            told.found[at + 1].quote.end,
        )
    if former is not None and _is_country(former) and _OWN_BORDER.fullmatch(told.between(at - 1)):
        return _own_side(former.country, place.country), told.found[at - 1].quote.start, end
    if behind is not None and following is not None and _is_country(following) and _ITS_BORDER.match(told.between(at)):
        return _own_side(place.country, following.country), start, told.found[at + 1].quote.end
    match = _BORDER_WITH.search(before)
    if match is not None:
        start -= len(before) - match.start()
    elif behind is not None:
        end += behind.end()
    else:
        return None
    for home in told.neighbours(at):
        region = _own_side(home, place.country)
        if home != place.country and told.place(region) is not None:
            return region, start, end
    return None


def _own_side(home: str, other: str) -> Region:
    return Region("within", (home, Region("border", (home, other))))


def coast(told: _Told, at: int, place: Place) -> Answer | None:
    """Reads "the Syrian coast", "Libya's coast", "the coast of Somalia"."""
    toponym = told.found[at]
    if not _is_country(place):
        return None
    start, end = toponym.quote.start, toponym.quote.end
    behind, before = _COAST_AFTER.match(told.after(toponym)), told.before(toponym)
    if behind is not None:
        return Region("coast", (place.country,)), start, end + behind.end()
    match = _COAST_OF.search(before)
    return None if match is None else (Region("coast", (place.country,)), start - len(before) + match.start(), end)


def river(told: _Told, at: int, place: Place) -> Answer | None:
    """Reads "east of the Euphrates", "along the Tigris", "the Khabur valley", "the Euphrates valley between X and Y"."""
    toponym = told.found[at]
    before, after = told.before(toponym), told.after(toponym)
    side, along = _SIDE_OF.search(before), _ALONG.search(before)
    valley = _VALLEY.match(after) or (
        _VALLEY.search(f" {toponym.text.partition(' ')[2]}") if " " in toponym.text else None
    )
    stretch = _STRETCH.match(told.between(at))
    if not (side or along or valley):
        return None
    slug = told.river(toponym, place)
    if not slug:
        return None
    match = side or along
    start = toponym.quote.start
    start -= len(before) - match.start() if match is not None else 0
    if stretch is not None and at + 2 < len(told.found) and _AND_TO.match(told.between(at + 1)):
        between_them = told.found[at + 1].place
        if between_them is not None and between_them.feature_code == "OFFSET":
            ids = between_them.source.split(" ")
        else:
            towns = [told.town(told.found[n], told.found[n].place) for n in (at + 1, at + 2)]
            ids = [town.id for town in towns if town is not None]
        if len(ids) == 2:
            return Region("along", (slug, *ids)), start, told.found[at + 2].quote.end
    for base, end in told.lands(at):
        if side is not None:
            region = Region("side", (way_of(side["way"]), slug, base))
        else:
            region = Region("within", (base, Region("along", (slug,))))
        if told.place(region) is not None:
            return region, start, end
    return None


def between(told: _Told, at: int, place: Place) -> Answer | None:
    """Reads "the land between X and Y", "the road from X to Y": the first of the two stands for it."""
    toponym = told.found[at]
    if at + 1 >= len(told.found) or not _AND_TO.match(told.between(at)):
        return None
    former = told.found[at - 1].place if at else None
    if (
        former is not None
        and _STRETCH.match(told.between(at - 1))
        and (valley := river(told, at - 1, former)) is not None
    ):
        return valley if valley[0].relation == "along" else None
    before = told.before(toponym)
    following = told.found[at + 1]
    if toponym.kind == "offset" and place.feature_code == "OFFSET" and " " in place.source:
        first, last = place.source.split(" ", 1)
    else:
        match = _ROAD_FROM.search(before)
        towns = [told.town(toponym, place), told.town(following, following.place)]
        if match is None or any(town is None for town in towns):
            return None
        first, last = (town.id for town in towns if town is not None)
    match = _BETWEEN.search(before) or _ROAD_FROM.search(before)
    start = toponym.quote.start - (len(before) - match.start() if match is not None else 0)
    return Region("between", (first, last)), start, following.quote.end


def surroundings(told: _Told, at: int, place: Place) -> Answer | None:
    """Reads "an enclave around X", "X and its surroundings", "the outskirts of X", "the countryside north of X"."""
    toponym = told.found[at]
    if toponym.kind not in ("literal", "offset") or place.feature_class != "P" or place.feature_code == "OFFSET":
        return None
    start, end = toponym.quote.start, toponym.quote.end
    before, after = told.before(toponym), told.after(toponym)
    match = _WAY_OF.search(before) or _EDGE_OF.search(before) or _ROUND.search(before)
    if match is not None:
        start -= len(before) - match.start()
    else:
        match = _OWN_EDGE.match(after) or _AND_ITS.match(after)
        if match is None:
            return None
        end += match.end()
    groups = match.groupdict()
    what, way = (groups.get("what") or "").lower(), groups.get("way")
    if way:
        return (
            Region(
                "around",
                (
                    place.id,
                    str(_REACH.get(what, _SIDE_KM) if what in ("outskirts", "suburbs") else _SIDE_KM),
                    way_of(way),
                ),
            ),
            start,
            end,
        )
    return Region("around", (place.id, str(_REACH.get(what, _ROUND_KM)))), start, end


TELLERS: tuple[Callable[[_Told, int, Place], Answer | None], ...] = (
    border,
    coast,
    river,
    between,
    surroundings,
    by_direction,
)
