"""Names told by where they lie: "Zelene (northwest of Hulyaipole)", "Berestove, 20 km north of Bakhmut", "X near Y".

The place beside a name, its *anchor*, chooses among namesakes, and is where a name that nobody knows is put: a point with
a radius, never a namesake at the other end of the country.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from mapper.model import Place, PlaceId, stable_id
from mapper.toponyms.kinds import LENGTH, POINTS, SIDE, destination, kilometres
from mapper.toponyms.names import Entry, km
from mapper.toponyms.reading import Kept
from mapper.toponyms.spans import Span
from mapper.toponyms.tokens import Tokens

_TYPED = r"(?:(?:a|an|the) (?:[a-z-]+ ){0,2}(?:town|village|settlement|hamlet|suburb|area|city) )?"
_ROUGHLY = r"(?:located |lying |situated )?(?:just |immediately |directly |about |some |roughly |around |approximately |only |further |far )?"
_OF_A_TOWN = r"(?:the )?(?:(?:[a-z]+ )?(?:city|town|village) of )?"
#: What stands between a name and its anchor. "from" and "of" alone ask for a distance before them.
_AFTER = re.compile(
    rf",? ?\(?{_TYPED}{_ROUGHLY}(?:{LENGTH},? (?:away )?(?:to the )?(?:{SIDE} (?:of|from)|from|away from|outside)"
    rf"|{SIDE.replace('side', 'side2')} (?:of|from)|(?P<near>near|close to|outside|on the outskirts of|in the vicinity of|not far from|beside|next to)) {_OF_A_TOWN}",
)
_STARTS = re.compile(r",? \(?[a-z0-9]")
#: "north of Kupyansk near Radkivka", "east of Kupyansk toward Pishchane"
_BEFORE = re.compile(rf"\b{SIDE} of {_OF_A_TOWN}$")
_LEADS = (" near ", " toward ", " towards ", " at ", " in ", " around ", " in and near ", " near and in ")
_JOINED = (" and ", ", ", ", and ")
#: How far from its anchor a name may lie that is said to be near it, or on a side of it, in km.
_NEAR_KM, _SIDE_KM = 30.0, 60.0
#: Where a name that nobody knows is put: so far towards the side, give or take so much.
_STEP_KM, _GIVE_KM = 8.0, 15.0
#: A town and its twin beyond the border.
_ACROSS_KM = 10.0
#: People from which a name is of a town that "north of" somewhere need not be next door to.
_OWN_FAME = 50_000
#: People from which a city tells the side of a whole region.
_LANDMARK = 100_000
#: Degrees a bearing may be off the side in words.
_OFF = 75.0


@dataclass(frozen=True, slots=True)
class Anchor:
    """The place beside a name, and what is said of the way: degrees from north and kilometres, None where nothing is."""

    place: Place
    bearing: float | None
    away: float | None
    words: str

    def reach(self) -> float:
        """Kilometres from the anchor within which a namesake is the one meant."""
        if self.away is not None:
            return 1.6 * self.away + 10.0
        return _NEAR_KM if self.bearing is None else _SIDE_KM

    def fits(self, place: Place) -> bool:
        """Whether a place lies where the words say."""
        distance = km(self.place, place)
        if distance > self.reach() or place.id == self.place.id:
            return False
        if self.away is not None and distance < 0.4 * self.away - 5.0:
            return False
        return self.bearing is None or distance < 3.0 or _turn(self.bearing, _bearing(self.place, place)) <= _OFF

    def points_at(self, place: Place) -> bool:
        """Whether a place far off may be meant all the same: beyond a city of its country, on the side that is said."""
        if self.away is not None or self.bearing is None or place.country != self.place.country:
            return False
        return self.place.population >= _LANDMARK and _turn(self.bearing, _bearing(self.place, place)) <= _OFF

    def point(self, name: str) -> Place:
        """Where a name is put that nobody knows."""
        away = self.away if self.away is not None else 0.0 if self.bearing is None else _STEP_KM
        radius = _GIVE_KM if self.away is None else max(3.0, 0.3 * away if self.bearing is not None else away)
        lat, lon = self.place.lat, self.place.lon
        if self.bearing is not None and away:
            lat, lon = destination(lat, lon, self.bearing, away)
        return Place(
            id=PlaceId(f"offset:{lat:.3f},{lon:.3f}:{stable_id(name)[:8]}"), name=f"{name} ({self.words} {self.place.name})", lat=round(lat, 5), lon=round(lon, 5),
            feature_class="P", feature_code="OFFSET", country=self.place.country, admin1=self.place.admin1, radius_km=round(radius, 1),
            source=self.place.id,
        )  # fmt: skip


def _bearing(a: Place, b: Place) -> float:
    east = math.radians(b.lon - a.lon) * math.cos(math.radians((a.lat + b.lat) / 2))
    return math.degrees(math.atan2(east, math.radians(b.lat - a.lat))) % 360


def _turn(one: float, other: float) -> float:
    off = abs(one - other) % 360
    return min(off, 360 - off)


def leads_to_anchor(text: str, end: int) -> int:
    """Where the anchor begins that a name ending at ``end`` is told by; -1 where nothing of the sort follows."""
    if not _STARTS.match(text, end):  # most names: the pattern is slow
        return -1
    match = _AFTER.match(text, end)
    return match.end() if match is not None and text[match.end() : match.end() + 1].isupper() else -1


def anchors_of(spans: list[Span], places: Mapping[int, Place], tokens: Tokens) -> dict[int, Anchor]:
    """Anchors by the index of their span. ``places``: the towns and spots that spans stand for, by index; spans in order."""
    text = tokens.text
    by_start = {span.start: at for at, span in enumerate(spans)}
    found: dict[int, Anchor] = {}
    led: set[int] = set()
    shared: set[int] = set()
    for at, span in enumerate(spans):
        if span.kind not in ("literal", "coarse") or span.fixed:
            continue
        match = _AFTER.match(text, span.end) if _STARTS.match(text, span.end) else None
        other = by_start.get(match.end(), -1) if match is not None else -1
        if match is not None and other in places:
            side = match["side"] or match["side2"]
            found[at] = Anchor(
                places[other],
                None if side is None else POINTS[re.sub(r"[- ]", "", side.lower())],
                kilometres(match) if match["n"] else None,
                _said(match[0]),
            )
            shared.update([at] if match[0].startswith(",") else [])
            continue
        if at == 0:
            continue
        former = spans[at - 1]
        between = text[former.end : span.start]
        if between in _LEADS and at - 1 in places:
            before = _BEFORE.search(text, max(0, former.start - 60), former.start)
            if before is not None:
                found[at] = Anchor(
                    places[at - 1], POINTS[re.sub(r"[- ]", "", before["side"].lower())], None, _said(before[0])
                )
                led.add(at)
        elif between in _JOINED and at - 1 in led:
            found[at] = found[at - 1]
            led.add(at)
    for at in range(len(spans) - 2, -1, -1):
        # "A, B and C, south of Y" tells of all three; "A and C (south of Y)" of the last
        if at + 1 in shared and at not in found and text[spans[at].end : spans[at + 1].start] in _JOINED:
            found[at] = found[at + 1]
            shared.add(at)
    return found


def _said(words: str) -> str:
    """The words of the way as they stand before the anchor's name: "12 km north of"."""
    return " ".join(re.sub(r"^[,( ]+|\b(?:the|city|town|village) (?:of )?$|\bthe $", "", words).split())


#: "Rawa [راوة]", "Kupyansk (Куп'янськ)": the name in its own script behind the name in ours.
_TWIN = re.compile(
    r" ?[\[(]\s?([\u0370-\u03ff\u0400-\u052f\u0530-\u06ff\u10a0-\u10ff\u1200-\u137f\u4e00-\u9fff\uac00-\ud7a3][^\])\n]{1,40}?)\s?[\])]"
)


def twins(kept: list[Kept], tokens: Tokens, known: Callable[[str], Entry | None], about: Collection[str]) -> list[Kept]:
    """The same with the names in their own script behind names: one place under both, found by whichever is known.

    ``known`` gives the candidates of a name, ``about`` the countries the text is about.
    """
    found: list[Kept] = []
    for at, item in enumerate(kept):
        span, place, _, _ = item
        opened = tokens.text[span.end : span.end + 2].strip()[:1] in ("[", "(")
        match = _TWIN.match(tokens.text, span.end) if opened else None
        within = [
            i for i in range(span.last, min(span.last + 8, len(tokens))) if match and tokens.ends[i] <= match.end(1)
        ]
        if match is None or not within or (at + 1 < len(kept) and kept[at + 1][0].start < match.end()):
            found.append(item)
            continue
        entry = known(match[1])
        here = [p for p in entry.places if p.country in about] if entry is not None else []
        one = item
        if here and (place is None or span.kind == "coarse"):
            span.kind = "literal"
            one = (span, here[0], 0.6, ())
        twin = Span(within[0], within[-1] + 1, match.start(1), match.end(1), match[1], entry, kind=span.kind)
        found += [one, (twin, one[1], one[2], ())]
    return found


def this_side(kept: list[Kept], tokens: Tokens, about: str, folded: Callable[[str, str], Entry | None]) -> list[Kept]:
    """The same with towns that a border parts (Ras al-Ain, Ceylanpınar) on the side of the country the text is about."""
    found: list[Kept] = []
    for span, place, value, rivals in kept:
        meant = place
        if place is not None and place.feature_class == "P" and place.country != about and not span.fixed:
            entries = (span.entry, folded(tokens.text[span.start : span.end], about))
            here = [p for entry in entries if entry is not None for p in entry.places if p.country == about]
            near = [p for p in here if p.feature_class == "P" and km(p, place) <= _ACROSS_KM]
            meant = near[0] if near else place
        found.append((span, meant, value, rivals))
    return found


def settle(
    kept: list[Kept], tokens: Tokens, towns: Mapping[int, Place], folded: Callable[[str, str], Entry | None]
) -> list[Kept]:
    """Each anchored name's place: the namesake where the words say, else a point there; what is known widely stays.

    ``towns`` as ``places`` of `anchors_of`; ``folded`` gives the candidates of a spelling in a country.
    """
    settled = list(kept)
    for at, anchor in anchors_of([item[0] for item in kept], towns, tokens).items():
        span, place, value, _ = kept[at]
        if place is not None and span.kind != "coarse":
            # a name that is only like the text's must lie where the words say
            astray = span.spelling or km(anchor.place, place) > 1.3 * anchor.reach() + 5.0
            if anchor.fits(place) or place.is_region or not astray:
                continue
        surface = tokens.text[span.start : span.end]
        entries = [entry for entry in (span.entry, folded(surface, anchor.place.country)) if entry is not None]
        near = [
            (km(anchor.place, p), p.id, p)
            for entry in entries
            for p in entry.places
            if p.feature_class in "PSTLA" and not p.is_region and anchor.fits(p)
        ]
        famous = place is not None and span.kind != "coarse" and place.population >= _OWN_FAME
        if famous and (not near or (place is not None and place.country == anchor.place.country)):
            continue  # Mosul, north of Baghdad; but Paris, north of Dallas, is not the one in France
        known = place is not None and span.kind != "coarse" and not span.spelling
        if not near and known and place is not None and anchor.points_at(place):
            continue  # Tikrit, north of Baghdad: a city is named for towns far off, too
        if near:
            settled[at] = (span, min(near)[2], max(value, 0.6), ())
        else:
            span.kind, span.spelling = "offset", ""
            settled[at] = (span, anchor.point(surface), 0.5, ())
    return settled
