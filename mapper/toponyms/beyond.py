"""Step 7 of the cascade: names the gazetteer does not have, or has only at the other end of the world."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from mapper.gazetteer import Candidate, Gazetteer, names_a_unit
from mapper.model import Place, PlaceId, Rival, Toponym
from mapper.toponyms.anchors import leads_to_anchor
from mapper.toponyms.names import ADM1, ADM2, COUNTRY, REGION, Atlas, Entry, is_country, km
from mapper.toponyms.reading import ABROAD, NAMED, Kept, Reading
from mapper.toponyms.spans import Span, rule_spans
from mapper.toponyms.tokens import Tokens
from mapper.toponyms.weights import words
from mapper.toponyms.words import TYPE_CODES, word_set

#: People below which a town told by the place beside it says nothing of where others are.
SMALL = 50_000
#: People from which a town, and a province, is a name on its own: a text about Syria may well speak of Garland or Vermont.
_TOWN_OF_NOTE, _PROVINCE_OF_NOTE = 100_000, 300_000


#: How near to a named place, to a named country's point, and to another place of its own country a stray may be, in km.
_NEAR_PLACE, _NEAR_COUNTRY, _NEAR_ITS_OWN = 800.0, 1200.0, 150.0


def strays(kept: list[Kept], about: Sequence[tuple[str, float]], reading: Reading, atlas: Atlas) -> list[Span]:
    """Takes from ``kept`` the small places far from everything the text speaks of, and returns their spans.

    A text about Syria that names a village known only in Tunisia means a village the tables lack. A text that speaks of
    no other country is about the village's own.
    """
    if romanised_share(about) < 0.4:
        return []
    sure = [(s, p) for s, p, value, _ in kept if p is not None and value > 0.4]
    large = {p.country for s, p in sure if p.population and _of_note(s, p) and s.kind != "demonym"}
    visited = {p.country for s, p in sure if s.kind != "demonym" and p.feature_code != "PPLC"}
    idle = ABROAD - visited
    named = _named_without(reading, atlas)
    found = []
    near: dict[PlaceId, bool] = {}
    staying = []
    for item in kept:
        span, place, _, _ = item
        staying.append(item)
        if place is None or span.kind != "literal" or span.fixed or span.entry is None or _of_note(span, place):
            continue
        countries = (large | named(span.entry.key)) - idle
        if (
            place.country in countries
            or place.country in reading.context.war.countries
            or not place.country
            or not countries & ROMANISED
        ):
            continue
        if place.id not in near:
            # villages of one battle speak for each other
            near[place.id] = any(
                (
                    other.country in countries
                    and km(place, other) < (_NEAR_COUNTRY if is_country(other) else _NEAR_PLACE)
                )
                or (other.country == place.country and s.entry is not span.entry and km(place, other) < _NEAR_ITS_OWN)
                for s, other in sure
                if other.id != place.id and other.country
            )
        if not near[place.id]:
            staying.pop()
            found.append(span)
    kept[:] = staying
    return found


def unbound(kept: list[Kept], atlas: Atlas) -> list[Span]:
    """Takes from ``kept`` the towns outside the country or province that their sentence says they are in; their spans."""
    found = [item[0] for item in kept if item[1] is not None and outside(item[0], item[1], atlas)]
    if found:
        kept[:] = [item for item in kept if not any(item[0] is span for span in found)]
    return found


def outside(span: Span, place: Place, atlas: Atlas) -> bool:
    """Whether a place of a country whose names have many spellings lies outside what its sentence binds its name to."""
    if not span.bound or place.is_region or not place.country:
        return False
    if not {atlas.name_of(code)[:2] for code in span.bound} & ROMANISED:
        return False
    return atlas.code(place.country) not in span.bound and atlas.code(place.admin1) not in span.bound


def _of_note(span: Span, place: Place) -> bool:
    """Whether a place may be named out of the blue: a country, a big town or province, a sea, a region by its own name."""
    code = place.feature_code
    if not span.known:
        return code.startswith("PCL")
    if code == "ADM1":
        named = span.entry is not None and names_a_unit(span.entry.key)
        return named or (_by_own_name(span, place) and place.population >= _PROVINCE_OF_NOTE)
    if place.feature_class == "L":
        return code == "CONT" or _by_own_name(span, place)
    return (
        place.feature_class not in ("P", "A")
        or code.startswith("PCL")
        or place.population > _TOWN_OF_NOTE
        or code == "PPLC"
    )


def _by_own_name(span: Span, place: Place) -> bool:
    entry = span.entry
    return entry is None or any(
        main and other.id == place.id for other, main in zip(entry.places, entry.main.tolist(), strict=True)
    )


def _named_without(reading: Reading, atlas: Atlas) -> Callable[[str], set[str]]:
    """Which countries the text names or means by its fighters and provinces, were the name of a key not in it."""
    totals = reading.context.countries
    own = {group.entry.key: share[0] for group, share in zip(reading.groups, reading.context.by_group, strict=True)}

    def named(key: str) -> set[str]:
        less = own.get(key, {})
        return {atlas.name_of(code) for code, value in totals.items() if value - less.get(code, 0.0) > NAMED}

    return named


def missing(
    reading: Reading, taken: list[bool], given: Sequence[tuple[int, int]] | None, about: Sequence[tuple[str, float]]
) -> list[Span]:
    """Spans whose names the gazetteer does not have as written."""
    if given is not None:
        return [span for span in reading.unnamed if span.asked]
    tokens = reading.tokens
    blocked = list(taken)
    for i in tokens.capitals:
        # people are no towns: a first name or title and the word after it; "Al" is an article before it is a man's name
        if tokens.low[i] in ("al", "el"):
            continue
        if reading.recogniser.kinds[i] in ("First", "FirstSur", "Title") and i + 1 < len(taken) and tokens.upper[i + 1]:
            blocked[i] = blocked[i + 1] = True
    return rule_spans(tokens, blocked, loose=romanised_share(about) > 0.4, leads_to_anchor=leads_to_anchor)


def romanised_share(about: Sequence[tuple[str, float]]) -> float:
    """How much of a text's evidence is for countries whose village names have many spellings."""
    return sum(share for code, share in about if code in ROMANISED)


#: Countries whose names reach English through several romanisations; only there is a folded match evidence.
ROMANISED = word_set(
    "AE AF AM AO AZ BD BF BG BH BI BY CD CF CI CM CN DJ DZ EG EH ER ET GE GR IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK LY MA MD "
    "MK ML MM MN MR MZ NE NG NP OM PK PS QA RS RU RW SA SD SO SS SY TD TH TJ TM TN TR TW UA UG UZ XK YE"
)


def countries_of(reading: Reading, atlas: Atlas, kept: Sequence[Kept] | None) -> list[tuple[str, float]]:
    """ISO codes of the countries the text is about with their share of the evidence, strongest first; four at most.

    Names that were not kept as places do not count, unless ``kept`` is None.
    """
    counted = None if kept is None else {span.entry.key for span, _, _, _ in kept if span.entry is not None}
    totals = dict(reading.context.countries)
    ranking = reading.ranking
    if ranking is not None:
        for at, group in enumerate(reading.groups):
            if counted is not None and group.entry.key not in counted:
                for code, value in reading.context.by_group[at][0].items():
                    totals[code] = totals.get(code, 0.0) - value
                continue
            start, end = ranking.offsets[at], ranking.offsets[at + 1]
            best = int(ranking.probs[start:end].argmax())
            code = int(group.entry.country[best])
            if code and group.entry.flags[best] != COUNTRY:
                totals[code] = totals.get(code, 0.0) + group.weight * float(ranking.probs[start + best]) * 0.7
    top, everything = max(totals.values(), default=0.0), max(sum(totals.values()), 1e-9)
    ordered = sorted(totals.items(), key=lambda item: (-item[1], atlas.name_of(item[0])))
    return [(atlas.name_of(code), value / everything) for code, value in ordered if value > 0 and value >= 0.2 * top][
        :4
    ]


def outside_gazetteer(
    span: Span,
    reading: Reading,
    kept: Sequence[Kept],
    spoken_of: Sequence[tuple[str, float]],
    atlas: Atlas,
    gazetteer: Gazetteer,
) -> tuple[Place | None, float, str, tuple[Rival, ...]]:
    """An answer for a name not found as written: another romanisation or spelling, else the region it is said to be in.

    Returns the place or None, the score, the kind (empty: as the words around it say) and, where only a name like it is
    known and not surely meant, the places of such names.
    """
    about = [code for code, _ in spoken_of if code in ROMANISED]
    if span.bound:
        about = sorted({atlas.name_of(code)[:2] for code in span.bound} & ROMANISED) or about
    surface = reading.tokens.text[span.start : span.end]
    near = _neighbours(span, reading.tokens, kept)
    close = [place for _, place in near[:6]]
    codes = TYPE_CODES.get(span.cue, ())
    known = atlas.entry(atlas.key(surface)) if span.cue != "loose" else None
    if known is not None:
        # a name of the gazetteer that the recogniser would not have, and the words around it say is one
        spoken = {code for code, _ in spoken_of}
        fitting = [
            place
            for place in known.places
            if (place.feature_class != "A" or place.feature_code == "ADM1")
            and (place.country in spoken or any(km(place, other) < _NEAR_ITS_OWN for other in close))
            and not outside(span, place, atlas)
        ]
        entry = atlas.make(known.key, ((place, 1, True) for place in fitting))
        best = None if entry is None else _best_folded(entry, close, codes)
        if best is not None:
            return best, 0.55, "", ()
    rivals: tuple[Rival, ...] = ()
    if about:
        entry = atlas.folded(surface, frozenset(about))
        if entry is not None and span.bound:
            entry = atlas.make(entry.key, ((p, 3, True) for p in entry.places if not outside(span, p, atlas)))
        best = None if entry is None else _best_folded(entry, close, codes)
        if best is not None and (known is None or span.bound or dict(spoken_of).get(best.country, 0.0) >= _MAINLY):
            return best, 0.6, "", ()
        alike: tuple[Candidate, ...] = ()
        if not everyday(surface):
            alike = tuple(c for c in atlas.similar(surface, frozenset(about)) if not outside(span, c.place, atlas))
        likely = _likely(alike, close)
        if likely is not None and (known is None or span.bound):
            span.spelling = likely.matched
            return likely.place, 0.45, "", ()
        rivals = tuple(rival_of(c) for c in alike[:_SUGGESTED] if c.score >= _SUGGEST)
    if known is not None and not rivals:
        named = zip(known.places, known.main.tolist(), strict=True)
        rivals = tuple(rival_of(as_candidate(p, main)) for p, main in named if not outside(span, p, atlas))[:_SUGGESTED]
    for unit in sorted(span.bound):
        region = atlas.gazetteer.province(atlas.name_of(unit))
        if region is not None:
            return replace(region, radius_km=max(region.radius_km, 80.0)), 0.4, "coarse", rivals
    if span.bound and not near:
        return None, 0.0, "", rivals
    for distance, place in near:
        if distance >= 200:
            break
        if place.feature_class == "A" and not place.feature_code.startswith("PCL"):
            return replace(place, radius_km=max(place.radius_km, 80.0)), 0.4, "coarse", rivals
        if place.feature_class == "P":
            return replace(place, radius_km=max(place.radius_km, 40.0)), 0.35, "coarse", rivals
    if span.asked and about and spoken_of[0][0] == about[0] and spoken_of[0][1] > 0.5:
        # somebody wants an answer for this name; found in a text, a name is never a whole country for want of a better one
        country = gazetteer.country(about[0])
        if country is not None:
            return replace(country, radius_km=max(country.radius_km, 300.0)), 0.2, "coarse", rivals
    return None, 0.0, "", rivals


def suggestions(name: str, toponyms: Sequence[Toponym], gazetteer: Gazetteer) -> tuple[Rival, ...]:
    """What a name nobody knows may be: what was found for it in the text, else names like it in the countries of the text."""
    for toponym in toponyms:
        if toponym.text == name and toponym.place is None and toponym.rivals:
            return toponym.rivals
    counts = Counter(t.place.country for t in toponyms if t.place is not None and t.place.country in ROMANISED)
    countries = frozenset(code for code, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:4])
    if not countries:
        return ()
    exact = [c for c in gazetteer.candidates(name, countries=sorted(countries)) if c.place.country in countries]
    alike = [c for c in gazetteer.near_spellings(name, countries) if c.score >= _SUGGEST]
    return tuple(rival_of(c) for c in [*exact, *alike][:_SUGGESTED])


#: The share of a text's evidence from which a country's other romanisation goes before another country's exact name.
_MAINLY = 0.5
#: How alike a spelling must be to be taken, and to be suggested; how many are.
_TAKEN, _SUGGEST, _SUGGESTED = 0.75, 0.5, 3
#: Two places of one spelling are told apart by what lies within so many km, or by one having so many times the people.
_CLOSE_KM, _TIMES_LARGER = 80.0, 10


def _likely(alike: Sequence[Candidate], close: Sequence[Place]) -> Candidate | None:
    """Of names a letter away the one that is surely enough meant: the only one, the nearest, or much the largest."""
    best = [c for c in alike if c.score >= _TAKEN and c.place.feature_class in ("P", "S", "L", "T")]
    best = [c for c in best if c.score >= best[0].score - 0.05]
    towns = [place for place in close if not place.feature_code.startswith("PCL")]
    beside = [c for c in best if any(km(c.place, town) < _CLOSE_KM for town in towns)]
    best = beside or best
    if not best:
        return None
    first, *others = best
    apart = [c for c in others if km(c.place, first.place) > _CLOSE_KM]
    if any(first.place.population < _TIMES_LARGER * max(1, c.place.population) for c in apart):
        return None
    return first


def as_candidate(place: Place, main: bool) -> Candidate:  # noqa: FBT001 - one column of the entry
    return Candidate(place=place, tier="exact" if main else "alias", matched=place.name, main=main, score=0.5)


def everyday(name: str) -> bool:
    """Whether a name is an English word: "Free" is no slip for a village's name."""
    word = name.casefold()
    return word in words().common or word in words().dictionary


def rival_of(candidate: Candidate) -> Rival:
    place = candidate.place
    return Rival(
        place_id=place.id,
        name=candidate.matched,
        country=place.country,
        lat=place.lat,
        lon=place.lon,
        score=candidate.score,
    )


def _neighbours(span: Span, tokens: Tokens, kept: Sequence[Kept]) -> list[tuple[int, Place]]:
    """Resolved places within 80 words of a span, nearest first; what follows goes before what precedes.

    ``kept`` must be sorted by first word. Places of another sentence come last, with 200 added to their distance.
    """
    low = bisect_left(kept, span.first - 80, key=_first_word)
    high = bisect_left(kept, span.first + 80, key=_first_word)
    found = []
    for other, place, value, _ in kept[low:high]:
        if (
            place is None
            or value < 0.3
            or (other.led and place.population < SMALL)
            or other.kind == "demonym"
            or place.feature_code == "CONT"
        ):
            continue
        distance = abs(other.first - span.first) + (12 if other.first < span.first else 0)
        found.append((distance + (200 if _parted(tokens, span, other) else 0), place))
    return sorted(found, key=lambda item: (item[0], item[1].id))


def _first_word(item: Kept) -> int:
    return item[0].first


def _parted(tokens: Tokens, span: Span, other: Span) -> bool:
    """Whether a sentence ends between two spans."""
    low, high = sorted((span.first, other.first))
    return any(tokens.opens[low + 1 : high + 1]) and "." in tokens.text[tokens.starts[low] : tokens.starts[high]]


def _best_folded(entry: Entry, near: Sequence[Place], codes: Sequence[str]) -> Place | None:
    """Of the folded candidates the one nearest to what the text names around it; by size when nothing is near."""
    best: tuple[float, str, Place] | None = None
    for place, flag, log_pop in zip(entry.places, entry.flags.tolist(), entry.log_pop.tolist(), strict=True):
        towns = [other for other in near if not other.feature_code.startswith("PCL")]
        away = min((km(place, other) for other in towns), default=150.0)
        cost = math.log1p(away) - 0.15 * log_pop + (2.0 if flag in (ADM1, ADM2, REGION) else 0.0)
        if codes:
            cost -= 6.0 if place.feature_code in codes or place.feature_class in codes else 0.0
        if best is None or (cost, place.id) < best[:2]:
            best = (cost, place.id, place)
    return None if best is None else best[2]
