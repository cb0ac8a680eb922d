"""What a mention stands for: the place, a dateline, a government, part of an organisation's name, a point beside it."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from dataclasses import replace

from mapper.model import Place, PlaceId
from mapper.toponyms.spans import Span
from mapper.toponyms.tokens import Tokens
from mapper.toponyms.words import BRAND_HEADS, CIVIC_HEADS, SPEECH_VERBS, STREETS, word_set

_TYPE_AFTER = frozenset(
    (
        "province",
        "governorate",
        "county",
        "parish",
        "oblast",
        "district",
        "prefecture",
        "river",
        "lake",
        "island",
        "islands",
        "valley",
        "region",
        "raion",
        "municipality",
        "township",
        "peninsula",
        "desert",
        "mountains",
    )
)
_WATER_AFTER = frozenset(("river", "valley", "lake", "sea", "delta", "basin"))
_CAMP = re.compile(r" (?:(?:refugee|displacement|IDP|Palestinian|displaced persons) )?camp\b")
_FORCES = word_set(
    "forces troops army government regime military soldiers leaders officials authorities leadership policy "
    "allies backers jets warplanes air parliament diplomats"
)
_ORG_WORDS = CIVIC_HEADS | BRAND_HEADS | word_set(
    "party front brigade brigades battalion division corps movement union association society federation "
    "league committee congress alliance forces guard academy college church club team study studies center "
    "centre administration office bureau agency service services authority ministry embassy"
) - frozenset(("city", "county", "village", "township", "state", "area", "town", "parish", "borough", "district", "municipal", "central", "regional"))  # fmt: skip
POINTS = {
    "north": 0,
    "northeast": 45,
    "east": 90,
    "southeast": 135,
    "south": 180,
    "southwest": 225,
    "west": 270,
    "northwest": 315,
}
SIDE = r"(?P<side>north|south|east|west|north[- ]?east|north[- ]?west|south[- ]?east|south[- ]?west)(?:ern|wards?)?"
LENGTH = (
    r"(?P<n>\d+(?:[.,]\d+)?|a few|some|several|ten|fifteen|twenty|thirty|forty|fifty|sixty|a hundred)"
    r"[- ]?(?P<unit>km|kms|kilomet(?:er|re)s?|miles?|mi)\b"
)
_DISTANCE = re.compile(
    rf"{LENGTH}\)?,? (?:to the )?{SIDE} (?:of|from) (?:the )?(?:[\w-]+ ){{0,4}}$",
    re.IGNORECASE,
)
#: "15 km from Idlib", "within ten miles of the city of Mosul": so far off, nobody says on which side
_AWAY = re.compile(
    rf"{LENGTH}(?: \([^()]{{1,20}}\))?,? (?:away |out |outside )?(?:of|from|outside) (?:the )?(?:cent(?:re|er) of )?(?:(?:[\w-]+ )?(?:city|town|village|capital) (?:of )?)?$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\bbetween (?:the )?(?:(?:northern|southern|eastern|western) )?(?:(?:cities|towns|villages|city|town|village) of )?$",
    re.IGNORECASE,
)
_AND_THEN = re.compile(r" and (?:the )?(?:(?:[a-z]+ )?(?:city|town|village) of )?")
#: "Talks between Homs and Hama": what these stand between are people.
_RELATIONS = word_set(
    "talks negotiations ties relations war conflict match game games final deal agreement ceasefire truce tension tensions dispute "
    "flights trade difference differences distinction choice rivalry meeting contacts contact cooperation link links alliance "
    "friendship feud peace border time choose split torn comparison partnership derby clash competition exchange correspondence unity"
)
#: Feature classes of towns and of spots: what a distance can be counted from.
_POINTLIKE = ("P", "S")
_FAR_APART_KM = 300.0
_BESIDE = re.compile(
    r"\b(?:near|just outside|outskirts of|suburbs of|edges? of|close to|vicinity of|around) (?:the )?(?:(?:city|town|village) of )?$",
    re.IGNORECASE,
)
_BESIDE_WORDS = ("near ", "just outside ", "outskirts of ", "suburbs of ", "edge of ", "edges of ", "close to ", "vicinity of ", "around ")  # fmt: skip
_BESIDE_SIDE = re.compile(
    rf"\b{SIDE} (?:of|from) (?:the )?(?:(?:[\w-]+ )?(?:city|town|village|capital|capital city)(?: of)? )?$",
    re.IGNORECASE,
)
_NUMBERS = {
    "a few": 5.0,
    "some": 10.0,
    "several": 7.0,
    "ten": 10.0,
    "fifteen": 15.0,
    "twenty": 20.0,
    "thirty": 30.0,
    "forty": 40.0,
    "fifty": 50.0,
    "sixty": 60.0,
    "a hundred": 100.0,
}
_EARTH_KM = 6371.0088


def widen(span: Span, tokens: Tokens, place: Place | None) -> None:
    """Type words join the name: "Anbar Province", "Yarmuk refugee camp", "Euphrates river"."""
    text = tokens.text
    if span.kind == "demonym" or span.fixed:
        return
    match = _CAMP.match(text, span.end)
    if match is not None:
        _stretch(span, tokens, match.end())
        return
    j = span.last
    if j < len(tokens) and tokens.gaps[j - 1] == " " and text[span.end : span.end + 1] == " ":
        word = tokens.low[j]
        if (tokens.upper[j] and word in _TYPE_AFTER and not tokens.shouting) or (
            word in _WATER_AFTER and place is not None and place.feature_class == "H"
        ):
            _stretch(span, tokens, tokens.ends[j])


def _stretch(span: Span, tokens: Tokens, end: int) -> None:
    while span.last < len(tokens) and tokens.starts[span.last] < end:
        span.last += 1
    span.end = end


def kind_of(span: Span, tokens: Tokens, place: Place | None) -> str:
    """``literal`` unless something else is plain from the words around the mention."""
    if span.kind != "literal":
        return span.kind
    i, j = span.first, span.last
    low, upper, gaps = tokens.low, tokens.upper, tokens.gaps
    text = tokens.text
    at = bisect_right(tokens.datelines, (span.start, len(text)))
    if at and span.end <= tokens.datelines[at - 1][1]:
        return "dateline"
    count = len(tokens)
    following = text[span.end : span.end + 2]
    possessive = following in ("'s", "’s")
    if j < count and not possessive and gaps[j - 1] == " " and upper[j] and not tokens.shouting:
        heads = [low[k] for k in range(j, min(j + 4, count)) if upper[k] and (k == j or gaps[k - 1] == " ")]
        if any(word in _ORG_WORDS for word in heads) and not any(word in STREETS for word in heads[:2]):
            return "organisation"
    if (
        not tokens.shouting
        and i >= 2
        and gaps[i - 1] == " "
        and low[i - 1] in ("of", "in", "for", "and")
        and not tokens.opens[i]
    ):
        k = i - 1
        if low[k] == "and" and i >= 4 and upper[k - 1]:
            k -= 2  # "of Iraq and Syria"
        if k >= 1 and low[k] in ("of", "for") and upper[k - 1] and gaps[k - 1] == " " and not tokens.opens[k - 1]:
            head = low[k - 1]
            if head in _ORG_WORDS or head in (
                "state",
                "university",
                "bank",
                "republic",
                "kingdom",
                "voice",
                "people's",
            ):
                before = low[k - 2] if k >= 2 else ""
                if head != "state" or before == "islamic":
                    return "organisation"
    if place is not None and place.feature_code == "PPLC":
        if possessive and j < count and (low[j] in _FORCES or (j + 1 < count and low[j + 1] in _FORCES)):
            return "metonym"
        if (
            j < count
            and gaps[j - 1] == " "
            and low[j] in SPEECH_VERBS
            and (i == 0 or low[i - 1] not in ("in", "from", "near", "of", "at", "to"))
        ):
            return "metonym"
        if (
            j + 1 < count
            and gaps[j - 1] == " "
            and low[j] in ("has", "have", "had", "also")
            and low[j + 1] in SPEECH_VERBS
            and (i == 0 or low[i - 1] not in ("in", "from", "near", "of", "at", "to"))
        ):
            return "metonym"
        if (
            j < count
            and gaps[j - 1] == "-"
            and low[j] in ("backed", "led", "allied", "supported", "based")
            and low[j] != "based"
        ):
            return "metonym"
        if (
            i >= 2
            and low[i - 1] in ("between", "and", "with")
            and low[i - 2] in ("relations", "talks", "ties", "tensions")
        ):
            return "metonym"
    return "literal"


def offset_of(span: Span, tokens: Tokens, place: Place) -> Place | None:
    """The point that "30 km south-west of X" means; X itself with a radius for "near X" and "just south of X"; or None.

    The point lies on the great circle from X at the stated bearing and distance. Its radius is 30 % of the distance, at
    least 3 km, because writers round both.
    """
    if place.feature_class not in _POINTLIKE:
        return None
    window = tokens.text[max(0, span.start - 90) : span.start].replace("\n", " ")
    low = window.lower()  # plain tests for the words each pattern cannot do without: the patterns are slow
    turned = " of " in low or " from " in low
    match = _DISTANCE.search(window) if turned else None
    if match is not None:
        distance = kilometres(match)
        if not 0 < distance <= 500:
            return None
        bearing = POINTS[re.sub(r"[- ]", "", match["side"].lower())]
        lat, lon = destination(place.lat, place.lon, bearing, distance)
        side = re.sub(r"[- ]", "", match["side"].lower())
        return Place(
            id=PlaceId(f"offset:{lat:.3f},{lon:.3f}"), name=f"{distance:.0f} km {side} of {place.name}", lat=round(lat, 5), lon=round(lon, 5),
            feature_class="P", feature_code="OFFSET", country=place.country, admin1=place.admin1, radius_km=round(max(3.0, 0.3 * distance), 1),
            source=place.id,
        )  # fmt: skip
    away = _AWAY.search(window) if turned or " outside " in low else None
    if away is not None and 0 < (distance := kilometres(away)) <= 100:
        return replace(place, radius_km=round(max(place.radius_km, distance), 1))
    beside = any(word in low for word in _BESIDE_WORDS) and _BESIDE.search(window)
    if beside or (turned and _BESIDE_SIDE.search(window)):
        return replace(place, radius_km=max(place.radius_km, 10.0))
    return None


def kilometres(match: re.Match[str]) -> float:
    """The kilometres that a distance in words says."""
    raw = match["n"].lower()
    distance = _NUMBERS.get(raw) or float(raw.replace(",", "."))
    return distance * 1.609344 if match["unit"].lower().startswith("mi") else distance


def between_of(first: Span, second: Span, tokens: Tokens, one: Place, other: Place) -> Place | None:
    """The middle of two towns where the text says "between X and Y", its radius half of what lies between them; or None.

    Two capitals, two names more than 300 km apart, and what people have between them ("talks between X and Y") have no
    middle.
    """
    text = tokens.text
    match = _BETWEEN.search(text, max(0, first.start - 60), first.start)
    if match is None or not _AND_THEN.fullmatch(text, first.end, second.start):
        return None
    if one.feature_code == other.feature_code == "PPLC" or one.id == other.id:
        return None
    if not (one.feature_class in _POINTLIKE and other.feature_class in _POINTLIKE):
        return None
    lead = _WORDS.findall(text[max(0, match.start() - 40) : match.start()].lower())
    if any(word in _RELATIONS for word in lead[-2:]):
        return None
    lat, lon, apart = middle(one, other)
    if not 0 < apart <= _FAR_APART_KM:
        return None
    return Place(
        id=PlaceId(f"offset:{lat:.3f},{lon:.3f}"), name=f"between {one.name} and {other.name}", lat=round(lat, 5), lon=round(lon, 5),
        feature_class="P", feature_code="OFFSET", country=one.country, admin1=one.admin1 if one.admin1 == other.admin1 else "",
        radius_km=round(max(3.0, apart / 2), 1), source=f"{one.id} {other.id}",
    )  # fmt: skip


_WORDS = re.compile(r"[a-z]+")


def middle(one: Place, other: Place) -> tuple[float, float, float]:
    """Latitude and longitude of the point halfway on the great circle, and the length of the whole in km."""
    phi, psi = math.radians(one.lat), math.radians(other.lat)
    turn = math.radians(other.lon - one.lon)
    x, y = math.cos(psi) * math.cos(turn), math.cos(psi) * math.sin(turn)
    lat = math.atan2(math.sin(phi) + math.sin(psi), math.hypot(math.cos(phi) + x, y))
    lon = math.radians(one.lon) + math.atan2(y, math.cos(phi) + x)
    half = math.sin((psi - phi) / 2) ** 2 + math.cos(phi) * math.cos(psi) * math.sin(turn / 2) ** 2
    return (
        math.degrees(lat),
        (math.degrees(lon) + 540) % 360 - 180,
        2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, half))),
    )


def destination(lat: float, lon: float, bearing: float, km: float) -> tuple[float, float]:
    """The point a distance away on a great circle; bearing in degrees clockwise from north."""
    angle, course = km / _EARTH_KM, math.radians(bearing)
    phi, lam = math.radians(lat), math.radians(lon)
    sine = math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(course)
    phi2 = math.asin(max(-1.0, min(1.0, sine)))
    lam2 = lam + math.atan2(math.sin(course) * math.sin(angle) * math.cos(phi), math.cos(angle) - math.sin(phi) * sine)
    return math.degrees(phi2), (math.degrees(lam2) + 540) % 360 - 180
