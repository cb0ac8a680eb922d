"""Land of what was named just before: "the country's north", "the south of the country", "the rest of the province".

Such words are no name, so they become a mention of their own. Which country is meant is the one named last, unless a place
elsewhere was named since; which province, likewise, or that of the town that bears its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mapper.gazetteer import Gazetteer, normalise
from mapper.model import Place, Quote, Toponym
from mapper.regions import part, region_place, union
from mapper.toponyms.ways import LIST, reference, ways_of

_NOUN = r"(?P<noun>country|province|governorate|oblast)"
_FAR = r"(?:far |extreme |restive |rural |remote |vast |mountainous )?"
_PIECE = r"(?:ern)? (?:parts?|regions?|half|areas?|districts|countryside|corner|deserts?|flank)\b"
_OF_ITS = re.compile(
    rf"\bthe {_NOUN}['’]s {_FAR}(?P<ways>{LIST})\b(?:{_PIECE}|(?![- ]?(?-i:[A-Z])|-| (?:coast|border|frontier|bank|side)\b))",
    re.IGNORECASE,
)
_THE_WAY = re.compile(
    rf"\b(?:the {_FAR}(?P<ways>{LIST})(?:-?most)?(?: (?:part|half|corner|side|tip|end|districts|areas|regions|provinces))?"
    rf"|(?:parts?|areas?|districts) in the (?P<more>{LIST})) of the {_NOUN}\b",
    re.IGNORECASE,
)
_REST = re.compile(
    r"\b(?:the )?(?:rest|remainder) of the (?P<noun>country|province|governorate|oblast)\b", re.IGNORECASE
)
_NEAR = 400  # characters in which what was named is still spoken of
_JOINED = re.compile(r"(?:,| and| or|, and|/|-|–) ?(?:the )?")
_ADJECTIVE = re.compile(r"(?:ern|central)$", re.IGNORECASE)


def aforesaid(text: str, found: Sequence[Toponym], gazetteer: Gazetteer) -> Iterator[Toponym]:
    """Mentions of parts of the country or province that was named last; each wording is told once."""
    told = 0
    matches = [m for pattern in (_OF_ITS, _THE_WAY, _REST) for m in pattern.finditer(text)]
    for match in sorted(matches, key=lambda m: (m.start(), -m.end())):
        start, end = match.span("noun")
        if match.start() < told or any(t.quote.start < match.end() and match.start() < t.quote.end for t in found):
            continue
        groups = match.groupdict()
        words = groups.get("ways") or groups.get("more") or ""
        # "the country's northern army": without a noun for land only a noun for the direction is one
        if match.re is _OF_ITS and _ADJECTIVE.search(match.group()):
            continue
        before = [t for t in found if t.place is not None and match.start() - _NEAR <= t.quote.start < match.start()]
        base = _country(before, text, gazetteer) if match["noun"].lower() == "country" else _province(before, gazetteer)
        if base is None:
            continue
        place: Place | None = base
        if words:
            place = region_place(gazetteer, union([part(way, reference(base)) for way in ways_of(words)]).id)
        if place is None:
            continue
        told = match.end()
        quote = Quote(article_id=before[-1].quote.article_id, start=start, end=end, text=text[start:end])
        wording = Quote(article_id=quote.article_id, start=match.start(), end=match.end(), text=match.group())
        kind = "region" if words else "literal"
        yield Toponym(quote=quote, place=place, score=before[-1].score, kind=kind, wording=wording if words else None)


def _country(before: Sequence[Toponym], text: str, gazetteer: Gazetteer) -> Place | None:
    """The country that was named last, if all that was named since lies in it; for want of names, of adjectives of one.

    Of two named in one breath ("Syria and Iraq") it is the one in which something was named since.
    """
    names = [t for t in before if t.kind != "demonym" and t.place is not None and t.place.country]
    codes = [t.place.country for t in names if t.place is not None]
    at = next((n for n in range(len(names) - 1, -1, -1) if _is_country(names[n])), None)
    if at is None:
        said = set(codes) or {t.place.country for t in before if t.place is not None}
    else:
        said = {codes[at], *codes[at + 1 :]}
        joined = (
            at
            and _is_country(names[at - 1])
            and _JOINED.fullmatch(text[names[at - 1].quote.end : names[at].quote.start])
        )
        if joined:
            said = set(codes[at + 1 :]) or {codes[at - 1], codes[at]}
    return gazetteer.country(said.pop()) if len(said) == 1 else None


def _is_country(toponym: Toponym) -> bool:
    return toponym.place is not None and toponym.place.feature_code.startswith("PCL")


def _province(before: Sequence[Toponym], gazetteer: Gazetteer) -> Place | None:
    """The province that was named last, by itself or with the town of its name, if what was named since lies in it."""
    names = [t.place for t in before if t.kind != "demonym" and t.place is not None]
    inside: set[str] = set()
    for place in reversed(names):
        if place.feature_code.startswith("PCL"):
            continue
        inside.add(place.admin1)
        province = gazetteer.province(place.admin1) if len(inside) == 1 else None
        if province is not None and (
            place.feature_code == "ADM1" or normalise(province.name) in map(normalise, (place.name, *place.names))
        ):
            return province
    return None
