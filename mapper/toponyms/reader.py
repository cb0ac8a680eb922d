"""The cascade from an article to its toponyms."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlsplit

import numpy as np

from mapper.gazetteer import Gazetteer, names_a_unit
from mapper.model import Article, Place, PlaceId, Quote, Rival, Toponym
from mapper.toponyms.kinds import between_of, kind_of, offset_of, widen
from mapper.toponyms.names import ADM1, ADM2, COUNTRY, REGION, Atlas, Entry
from mapper.toponyms.recogniser import Recogniser, prepare, recognise, score
from mapper.toponyms.resolver import FIRST, SECOND, Context, Floats, Group, Ranking, context_of, group_spans, rank
from mapper.toponyms.spans import Finder, Span, is_of_a_state, rule_spans, says_only_what
from mapper.toponyms.tokens import Tokens, tokenise
from mapper.toponyms.weights import Weights, weights, words
from mapper.toponyms.words import GROUP_COUNTRIES, TYPE_CODES, WAR_COUNTRIES, WAR_WORDS, word_set

_NO_COUNTRY_TLDS = word_set("com org net edu gov int info tv me io co ai fm")
_RIVALS = 3
FIRST_COLUMN = {name: i for i, name in enumerate(FIRST)}
SECOND_COLUMN = {name: i for i, name in enumerate(SECOND)}


@lru_cache(maxsize=2)
def atlas_of(gazetteer: Gazetteer) -> Atlas:
    """The atlas of a gazetteer, kept for the two used last."""
    return Atlas(gazetteer)


def domain_country(url: str) -> str:
    """The country of a web address's top-level domain (``.co.uk`` → GB), empty when it says nothing."""
    host = urlsplit(url).hostname or ""
    last = host.rpartition(".")[2]
    if len(last) != 2 or last in _NO_COUNTRY_TLDS:
        return ""
    return "GB" if last == "uk" else last.upper()


@dataclass(slots=True)
class Reading:
    """Everything the cascade found, for training and for explaining."""

    tokens: Tokens
    finder: Finder
    recogniser: Recogniser
    spans: list[Span]  # those with candidates
    unnamed: list[Span]  # those the gazetteer has nothing for
    groups: list[Group]
    of_span: list[int]
    context: Context
    ranking: Ranking | None


#: "Ramadi, the capital of Anbar", "Idlib, the main city in Idlib Province"
_SEAT_OF = re.compile(
    r",? (?:the |a )?(?:[a-z]+ )?(?:capital|seat|cent(?:re|er)|city|town|village|hub|stronghold)(?: city)? (?:of|in) (?:the )?"
)


def containers(spans: list[Span], tokens: Tokens) -> list[frozenset[int]]:
    """For each span the interned countries and provinces that a neighbouring name says it is in.

    "Rawa, Anbar", "Ramadi, the capital of Anbar", "Alexandria, La.", "Tripoli (Lebanon)", "Rawa in Anbar", "Iraq's Mosul", "the Iraqi city of Mosul".
    """
    found: list[frozenset[int]] = [frozenset()] * len(spans)
    for index, span in enumerate(spans):
        if span.kind == "demonym":
            continue
        codes: frozenset[int] = frozenset()
        if index + 1 < len(spans):
            following = spans[index + 1]
            between = tokens.text[span.end : following.start]
            if (
                between in (", ", " (", ",", ", in ", " in ", " in the ", ", in the ")
                or re.fullmatch(r",? in (?:the )?(?:north|south|east|west|central|upper|lower|rural)[a-z]* ", between)
                or _SEAT_OF.fullmatch(between)
            ):
                codes = region_codes(following)
                if codes and between in (", ", ",") and index + 2 < len(spans):
                    further = spans[index + 2]
                    # "Athens, Henderson County, Texas": the wider name decides when the nearer one is in doubt
                    if tokens.text[following.end : further.start] == ", " and following.entry is not None:
                        codes = codes if following.fixed else codes | region_codes(further)
        if not codes and index > 0:
            former = spans[index - 1]
            between = tokens.text[former.end : span.start]
            if (
                (
                    former.kind == "demonym"
                    and re.fullmatch(
                        r" (?:[a-z-]+ )?(?:city|town|village|capital|province|governorate|district|region|port|border town|port city|state)(?: of)? ",
                        between,
                    )
                )
                or between in ("'s ", "’s ")
                or re.fullmatch(
                    r"['’]s (?:[a-z-]+ )?(?:city|town|village|capital|province|governorate|district|region|port|state)(?:,| of)? ",
                    between,
                )
            ):
                codes = region_codes(former)
        found[index] = codes
    return found


def region_codes(span: Span) -> frozenset[int]:
    """Interned codes of the countries and provinces a span may name; empty when it is no region."""
    entry = span.entry
    if entry is None:
        return frozenset()
    codes: set[int] = set()
    unit = span.fixed or names_a_unit(entry.key)
    rows = zip(entry.flags.tolist(), entry.country.tolist(), entry.admin1.tolist(), entry.main.tolist(), strict=True)
    for flag, country, admin1, main in rows:
        if flag == COUNTRY and country:
            codes.add(country)
        elif (flag == ADM1 and admin1 and (main or unit)) or (flag == ADM2 and admin1 and len(codes) < 60):
            codes.add(admin1)
    return frozenset(codes)


def read(
    article: Article, gazetteer: Gazetteer, model: Weights, given: Sequence[tuple[int, int]] | None = None
) -> Reading:
    """Steps 1 to 5: words, candidate spans, the filter, the countries spoken of, the ranking."""
    atlas = atlas_of(gazetteer)
    # 1. words, and every run of them that is a name
    tokens = tokenise(article.text)
    finder = Finder(tokens, atlas)
    # 2. which of these are places here
    recogniser = Recogniser(finder, words())
    if given is None:
        spans = recognise(recogniser, model.recogniser, model.loose)
    else:
        spans = given_spans(given, finder, recogniser, model)
        # the other names of the text are no answers, but say what it is about
        around = recognise(recogniser, model.recogniser, model.loose)
        free = [span for span in around if not any(s.start < span.end and span.start < s.end for s in spans)]
        spans = sorted([*spans, *free], key=_order)
    return resolve(article, tokens, finder, recogniser, spans, atlas, model)


def resolve(
    article: Article,
    tokens: Tokens,
    finder: Finder,
    recogniser: Recogniser,
    spans: list[Span],
    atlas: Atlas,
    model: Weights,
) -> Reading:
    """Ranks the candidates of all spans that have any."""
    named = [span for span in spans if span.entry is not None]
    unnamed = [span for span in spans if span.entry is None]
    groups, of_span = group_spans(named)
    for codes, group_index in zip(containers(named, tokens), of_span, strict=True):
        if codes and not groups[group_index].container:
            groups[group_index].container = codes
    for group in groups:
        if all(span.fixed and span.country_hint in _ABROAD and is_of_a_state(span, tokens) for span in group.spans):
            group.weight *= _WEIGHT_ABROAD
    fighters = {word: count for word in GROUP_COUNTRIES if (count := recogniser.seen.get(word, 0))}
    context = context_of(groups, atlas, domain_country(article.url), fighters)
    silent = not context.domain and all(value <= _NAMED for value in context.countries.values())
    if silent and not recogniser.lower_seen.isdisjoint(WAR_WORDS):
        # nothing says where: as weak as evidence can be that still counts
        for code in map(atlas.code, sorted(WAR_COUNTRIES)):
            context.countries[code] = _NAMED + 0.01
    ranking = rank(groups, context, atlas, model) if groups else None
    return Reading(tokens, finder, recogniser, named, unnamed, groups, of_span, context, ranking)


#: Classes of words that are names: "Cairo" says where downtown Cairo is, "Hassan" not where the Murbet al-Hassan hills are.
_PROPER = frozenset(("Cap", "First", "Sur", "FirstSur"))


def given_spans(given: Sequence[tuple[int, int]], finder: Finder, recogniser: Recogniser, model: Weights) -> list[Span]:
    """Spans at the given offsets: as the finder sees them, by their whole text, or by the words in them."""
    tokens, atlas = finder.tokens, finder.atlas
    spans: list[Span] = []
    for start, end in sorted(given):
        first = next((i for i in range(len(tokens)) if tokens.ends[i] > start), len(tokens))
        last = next((i for i in range(first, len(tokens)) if tokens.starts[i] >= end), len(tokens))
        if first == last:
            continue
        candidates = [span for i in range(first, last) for span in finder.at.get(i, ()) if span.last <= last]
        exact = [span for span in candidates if (span.first, span.last) == (first, last)]
        whole = atlas.key(tokens.text[start:end])
        span = exact[0] if exact else Span(first, last, start, end, whole, atlas.entry(whole))
        if span.entry is None and not prepare(span, finder):
            # "Rapides Parish area", "downtown Cairo": the longest name inside stands for it
            telling = [span for span in candidates if not says_only_what(span, tokens)]
            inside = max(telling, key=lambda s: (s.last - s.first, -s.first), default=None)
            if inside is not None and prepare(inside, finder):
                rest = [i for i in range(first, last) if not inside.first <= i < inside.last]
                proper = any(tokens.kinds[i] in _PROPER for i in rest)
                span = replace(inside, first=first, last=last, known=not proper)
        # one's own: the recogniser may still find the same words
        span = replace(span, start=start, end=end, asked=True)
        if span.entry is not None:
            prepare(span, finder)
            span.features = recogniser.features(span, spans)
            span.logit = max(score(span.features, model.recogniser), 2.0)
        else:
            span.known = False
        spans.append(span)
    return spans


def _order(span: Span) -> tuple[int, int]:
    return span.start, span.end


#: Longer texts are read in pieces of about this many characters, so that memory does not grow with the text.
_PIECE = 120_000


def find_toponyms(article: Article, gazetteer: Gazetteer) -> tuple[Toponym, ...]:
    """The place names of an article, resolved; sorted by start, not overlapping.

    Offsets are code points of ``article.text``. A name that is a place but was not found has ``place`` None.
    """
    if len(article.text) <= 1.5 * _PIECE:
        return toponyms_of(article, gazetteer)
    found: list[Toponym] = []
    for start, end in pieces(article.text):
        part = replace(article, text=article.text[start:end])
        for toponym in toponyms_of(part, gazetteer):
            quote = toponym.quote
            found.append(replace(toponym, quote=replace(quote, start=quote.start + start, end=quote.end + start)))
    return tuple(found)


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Consecutive pieces of a long text, cut where a paragraph, a sentence or at least a word ends."""
    start = 0
    while start < len(text):
        end = min(len(text), start + _PIECE)
        if end < len(text):
            for mark in ("\n\n", ". ", " "):
                cut = text.rfind(mark, start + _PIECE // 2, end)
                if cut > 0:
                    end = cut + len(mark)
                    break
        yield start, end
        start = end


def resolve_spans(article: Article, spans: Iterable[tuple[int, int]], gazetteer: Gazetteer) -> tuple[Toponym, ...]:
    """Resolves spans given by start and end: one Toponym a span, in order of start; none is dropped or moved."""
    return toponyms_of(article, gazetteer, list(spans))


def toponyms_of(
    article: Article,
    gazetteer: Gazetteer,
    given: Sequence[tuple[int, int]] | None = None,
    *,
    model: Weights | None = None,
) -> tuple[Toponym, ...]:
    """The whole cascade, for spans found or given, with the shipped weights or with one's own."""
    model = model or weights()
    atlas = atlas_of(gazetteer)
    reading = read(article, gazetteer, model, given)
    tokens = reading.tokens
    # 6. places the ranking is sure enough of
    answers = decide(reading, model)
    taken = [False] * len(tokens)
    kept: list[Kept] = []
    for span, choice in zip(reading.spans, answers, strict=True):
        if choice is None:
            continue
        place, value, rivals = choice
        if given is None:
            widen(span, tokens, place)
        kept.append((span, place, value, rivals))
        for i in range(span.first, span.last):
            taken[i] = True
    # 7. names only the words around them show to be places
    about = countries_of(reading, atlas, kept)
    doubtful = strays(kept, about, reading, atlas)
    if doubtful:
        # a name that was taken back is no evidence of the country it was taken back from
        about = countries_of(reading, atlas, kept)
    if all(code in _ABROAD for code, _ in about):
        # nothing sure: what was too weak to keep may still say which country's village a rule has found
        about = countries_of(reading, atlas, None)
    settled = list(kept)
    for span in [*missing(reading, taken, given, about), *doubtful]:
        place, value, kind = outside_gazetteer(span, reading, settled, about, atlas, gazetteer)
        if span.cue == "loose" and (place is None or kind == "coarse"):
            continue
        if kind:
            span.kind = kind
        if given is None:
            widen(span, tokens, place)
        kept.append((span, place, value, ()))
    kept.sort(key=lambda item: (item[0].start, item[0].end))
    # 8. what each mention stands for: itself, a dateline, a government, part of an organisation, a point beside it
    result: list[Toponym] = []
    reach = 0
    middle: Place | None = None  # of "between X and Y", when X was the mention before
    for at, (span, place, value, rivals) in enumerate(kept):
        if (span.start < reach) if given is None else not span.asked:
            continue
        reach = span.end
        kind = kind_of(span, tokens, place)
        found = place
        if kind == "literal" and place is not None and given is None:
            if middle is None:
                town = as_town(span, place)
                after, other, _, _ = kept[at + 1] if at + 1 < len(kept) else kept[at]
                if other is not None and after is not span and after.kind == "literal":
                    middle = between_of(span, after, tokens, town, as_town(after, other))
                moved = middle or offset_of(span, tokens, town)
                if moved is not None and town is not place and moved.feature_code != "OFFSET":
                    moved = None  # near the border of the province is not near the town
            else:
                moved, middle = middle, None
            if moved is not None:
                found, kind = moved, "offset"
        quote = Quote(article_id=article.id, start=span.start, end=span.end, text=article.text[span.start : span.end])
        result.append(Toponym(quote=quote, place=found, score=round(value, 3), kind=kind, rivals=rivals))
    return tuple(result)


def as_town(span: Span, place: Place) -> Place:
    """The town that a province is called after: "30 km south of Kirkuk" and "between Tikrit and Kirkuk" count from it."""
    if place.feature_code != "ADM1" or span.entry is None or TYPE_CODES.get(span.cue) or names_a_unit(span.entry.key):
        return place
    return as_asked((place, *span.entry.places), np.ones(1 + len(span.entry), np.float32), 0, ("P",))


#: What the acceptance model looks at, in this order.
ACCEPT = [
    "bias",
    "logit",
    "logit_low",
    "prob",
    "log_prob",
    "log_pop",
    "no_pop",
    "country",
    "adm1",
    "adm2",
    "town",
    "region",
    "main",
    "near100",
    "province",
    "country_named",
    "inside",
    "outside",
    "many",
    "fixed",
    "demonym",
    "long",
    "mentions",
    "cue",
    "cue_miss",
    "folded",
    "near30",
    "text_near",
    "far",
    "weak_word",
]


def accept_features(reading: Reading) -> Floats:
    """One row a span, columns ACCEPT."""
    x = np.zeros((len(reading.spans), len(ACCEPT)), np.float32)
    ranking = reading.ranking
    if ranking is None:
        return x
    lexicon = words()
    first, second = FIRST_COLUMN, SECOND_COLUMN
    best_rows = [
        start + int(ranking.probs[start:end].argmax())
        for start, end in zip(ranking.offsets, ranking.offsets[1:], strict=False)
    ]
    rows1 = ranking.first[best_rows].tolist()  # plain numbers: reading them one by one is faster
    rows2 = ranking.second[best_rows].tolist()
    probs = ranking.probs[best_rows].tolist()
    for index, (span, at) in enumerate(zip(reading.spans, reading.of_span, strict=True)):
        group = reading.groups[at]
        r1, r2 = rows1[at], rows2[at]
        logit = max(-8.0, min(8.0, span.logit))
        p = probs[at]
        x[index] = (
            1.0, logit / 4, max(0.0, -logit) / 4, p, math.log(max(p, 1e-3)), r1[first["log_pop"]], r1[first["no_pop"]], r1[first["country"]],
            r1[first["adm1"]], r1[first["adm2"]], r1[first["town"]], r1[first["region"]], r1[first["main"]], r2[second["near100"]],
            r2[second["same_province"]], r1[first["country_named"]], r1[first["inside"]], r1[first["outside"]], math.log(len(group.entry)) / 3,
            span.fixed and span.kind != "demonym", span.kind == "demonym", span.last - span.first > 1, math.log1p(len(group.spans)) / 2,
            r1[first["cue"]], r1[first["cue_miss"]], r1[first["folded"]], r2[second["near30"]], r2[second["text_near100"]], r2[second["far"]],
            span.last - span.first == 1 and reading.tokens.low[span.first] in lexicon.common,
        )  # fmt: skip
    return x


Choice = tuple[Place | None, float, tuple[Rival, ...]]
Kept = tuple[Span, Place | None, float, tuple[Rival, ...]]


#: People from which a town, and a province, is a name on its own: a text about Syria may well speak of Garland or Vermont.
_TOWN_OF_NOTE, _PROVINCE_OF_NOTE = 100_000, 300_000


#: Countries whose armies and jets are news far from home: their adjective and their capital say little of where one is.
_ABROAD = word_set("AE FR GB IL IR RU SA TR US")
_WEIGHT_ABROAD = 0.15
#: Evidence for a country from which the ranking takes it as named.
_NAMED = 0.3
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
    idle = _ABROAD - visited
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
        if place.country in countries or not place.country or not countries & ROMANISED:
            continue
        if place.id not in near:
            # villages of one battle speak for each other
            near[place.id] = any(
                (
                    other.country in countries
                    and _km(place, other) < (_NEAR_COUNTRY if is_country(other) else _NEAR_PLACE)
                )
                or (other.country == place.country and s.entry is not span.entry and _km(place, other) < _NEAR_ITS_OWN)
                for s, other in sure
                if other.id != place.id and other.country
            )
        if not near[place.id]:
            staying.pop()
            found.append(span)
    kept[:] = staying
    return found


def is_country(place: Place) -> bool:
    return place.feature_code.startswith("PCL")


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
        return {atlas.name_of(code) for code, value in totals.items() if value - less.get(code, 0.0) > _NAMED}

    return named


def decide(reading: Reading, model: Weights) -> list[Choice | None]:
    """For each span its place, calibrated score and rivals, or None where it is no place (or not surely enough one)."""
    ranking = reading.ranking
    if ranking is None:
        return []
    raw = accept_features(reading) @ model.accept
    everyone = ranking.probs.tolist()  # plain numbers: a few at a time are faster than arrays
    choices: list[Choice | None] = []
    made: dict[tuple[int, tuple[str, ...]], tuple[Place, tuple[Rival, ...]]] = {}
    for value, at, span in zip((1 / (1 + np.exp(-raw))).tolist(), reading.of_span, reading.spans, strict=True):
        if value < model.keep and not span.asked:
            choices.append(None)
            continue
        codes = TYPE_CODES.get(span.cue, ()) if not span.fixed else ()
        memo = (at, codes)
        if memo not in made:
            probs = everyone[ranking.offsets[at] : ranking.offsets[at + 1]]
            places = reading.groups[at].entry.places
            order = sorted(range(len(probs)), key=probs.__getitem__, reverse=True) if len(probs) > 1 else [0]
            rivals = tuple(
                Rival(
                    place_id=p.id,
                    name=p.name,
                    country=p.country,
                    lat=p.lat,
                    lon=p.lon,
                    score=round(probs[row], 3),
                )
                for row in order[1 : _RIVALS + 1]
                if probs[row] >= 0.02
                for p in (places[row],)
            )
            made[memo] = (as_asked(places, probs, order[0], codes), rivals)
        place, rivals = made[memo]
        choices.append((place, value, rivals))
    return choices


def as_asked(places: Sequence[Place], probs: Sequence[float], best: int, codes: Sequence[str]) -> Place:
    """The likeliest place, or its namesake of the kind the type word asks for: the province in "the region of Homs"."""
    chosen = places[best]
    wanted = tuple(codes)
    if not codes and chosen.feature_code in ("ADM2", "ADM3") and chosen.country != "US":
        wanted = ("P",)  # outside the United States a bare name is the town, not the district called after it
    if not wanted or chosen.feature_code in wanted or chosen.feature_class in wanted:
        return chosen
    namesakes = [
        (-probs[row], row)
        for row, place in enumerate(places)
        if (place.feature_code in wanted or place.feature_class in wanted)
        and place.country == chosen.country
        and _km(place, chosen) < (300 if codes else 60)
    ]
    return places[min(namesakes)[1]] if namesakes else chosen


def missing(
    reading: Reading, taken: list[bool], given: Sequence[tuple[int, int]] | None, about: Sequence[tuple[str, float]]
) -> list[Span]:
    """Spans whose names the gazetteer does not have as written."""
    if given is not None:
        return [span for span in reading.unnamed if span.asked]
    tokens = reading.tokens
    blocked = list(taken)
    for i in tokens.capitals:
        # people are no towns: a first name or title and the word after it
        if reading.recogniser.kinds[i] in ("First", "FirstSur", "Title") and i + 1 < len(taken) and tokens.upper[i + 1]:
            blocked[i] = blocked[i + 1] = True
    return rule_spans(tokens, blocked, loose=romanised_share(about) > 0.4)


def romanised_share(about: Sequence[tuple[str, float]]) -> float:
    """How much of a text's evidence is for countries whose village names have many spellings."""
    return sum(share for code, share in about if code in ROMANISED)


#: Countries whose names reach English through several romanisations; only there is a folded match evidence.
ROMANISED = word_set(
    "AE AF AM AZ BD BG BH BY CN DJ DZ EG EH ER ET GE GR IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK LY MA MD "
    "MK ML MM MN MR NE NP OM PK PS QA RS RU SA SD SO SS SY TD TH TJ TM TN TR TW UA UZ XK YE"
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
) -> tuple[Place | None, float, str]:
    """An answer for a name not found as written: another romanisation, else the region it is said to be in, else None.

    Returns the place, the score and the kind (empty: as the words around it say).
    """
    about = [code for code, _ in spoken_of if code in ROMANISED]
    surface = reading.tokens.text[span.start : span.end]
    near = _neighbours(span, reading.tokens, kept)
    if about:
        entry = atlas.folded(surface, frozenset(about))
        if entry is not None:
            best = _best_folded(entry, [place for _, place in near[:6]], TYPE_CODES.get(span.cue, ()))
            if best is not None:
                return best, 0.6, ""
    for distance, place in near:
        if distance >= 200:
            break
        if place.feature_class == "A" and not place.feature_code.startswith("PCL"):
            return replace(place, radius_km=max(place.radius_km, 80.0)), 0.4, "coarse"
        if place.feature_class == "P":
            return replace(place, radius_km=max(place.radius_km, 40.0)), 0.35, "coarse"
    if about and spoken_of[0][0] == about[0] and spoken_of[0][1] > 0.5:
        country = gazetteer.country(about[0])
        if country is not None:
            return replace(country, radius_km=max(country.radius_km, 300.0)), 0.2, "coarse"
    return None, 0.0, ""


def _neighbours(span: Span, tokens: Tokens, kept: Sequence[Kept]) -> list[tuple[int, Place]]:
    """Resolved places within 80 words of a span, nearest first; what follows goes before what precedes.

    ``kept`` must be sorted by first word. Places of another sentence come last, with 200 added to their distance.
    """
    low = bisect_left(kept, span.first - 80, key=_first_word)
    high = bisect_left(kept, span.first + 80, key=_first_word)
    found = []
    for other, place, value, _ in kept[low:high]:
        if place is None or value < 0.3 or other.kind == "demonym" or place.feature_code == "CONT":
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
        away = min((_km(place, other) for other in towns), default=150.0)
        cost = math.log1p(away) - 0.15 * log_pop + (2.0 if flag in (ADM1, ADM2, REGION) else 0.0)
        if codes:
            cost -= 6.0 if place.feature_code in codes or place.feature_class in codes else 0.0
        if best is None or (cost, place.id) < best[:2]:
            best = (cost, place.id, place)
    return None if best is None else best[2]


def _km(a: Place, b: Place) -> float:
    phi, psi = math.radians(a.lat), math.radians(b.lat)
    half = (
        math.sin((psi - phi) / 2) ** 2 + math.cos(phi) * math.cos(psi) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    )
    return 12742.0 * math.asin(math.sqrt(min(1.0, half)))
