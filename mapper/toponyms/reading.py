"""Steps 1 to 5 of the cascade: words, candidate spans, the filter, the countries spoken of, the ranking."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlsplit

from mapper.gazetteer import Gazetteer, names_a_unit
from mapper.layout import blocks_of, datelines, listed, parted
from mapper.model import Article, Place, Rival
from mapper.toponyms.alone import aloneness
from mapper.toponyms.names import ADM1, ADM2, COUNTRY, Atlas
from mapper.toponyms.recogniser import Recogniser, prepare, recognise, score
from mapper.toponyms.resolver import Context, Group, Ranking, context_of, group_spans, rank
from mapper.toponyms.spans import Finder, Span, is_of_a_state, says_only_what
from mapper.toponyms.tokens import Tokens, tokenise
from mapper.toponyms.wars import war_of
from mapper.toponyms.weights import Weights, words
from mapper.toponyms.words import GROUP_COUNTRIES, OF_A_PAGE, WAR_COUNTRIES, WAR_WORDS, word_set

#: A place (None: no place, or none known), the score, and what else the name may mean.
Choice = tuple[Place | None, float, tuple[Rival, ...]]
#: The same with its span.
Kept = tuple[Span, Place | None, float, tuple[Rival, ...]]
#: Countries whose armies and jets are news far from home: their adjective and their capital say little of where one is.
ABROAD = word_set("AE FR GB IL IR RU SA TR US")
_WEIGHT_ABROAD = 0.15
#: Evidence for a country from which the ranking takes it as named.
NAMED = 0.3
_NO_COUNTRY_TLDS = word_set("com org net edu gov int info tv me io co ai fm")


@lru_cache(maxsize=2)
def atlas_of(gazetteer: Gazetteer) -> Atlas:
    """The atlas of a gazetteer, kept for the two used last."""
    return Atlas(gazetteer)


def domain_country(url: str) -> str:
    """The country of a web address's top-level domain (``.co.uk`` → GB), empty when it says nothing."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # no address: whoever read it has said so
        return ""
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
        if index + 1 < len(spans) and not of_a_list(index, spans, tokens):
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
                span.bound = codes
        found[index] = codes
    for index, codes in opening(spans, tokens):
        found[index] = found[index] or codes
        spans[index].bound = spans[index].bound or codes
    return found


#: "In Kursk region," "Across Helmand province"
_OPENING = re.compile(r"(?:^|[.!?:\n][^\S\n]*)(?:In|Across|Throughout|Elsewhere in) (?:the )?(?:[a-z-]+ )?$")


def opening(spans: list[Span], tokens: Tokens) -> Iterator[tuple[int, frozenset[int]]]:
    """The names of a sentence that begins with a province or region, each with what it is thereby said to be in."""
    text = tokens.text
    for index, span in enumerate(spans):
        if span.kind == "demonym" or not _OPENING.search(text, max(0, span.start - 40), span.start):
            continue
        unit = span.cue in _UNIT_CUES or (span.entry is not None and names_a_unit(span.entry.key))
        codes = region_codes(span) if unit else frozenset()
        if not codes:
            continue
        for later in range(index + 1, len(spans)):
            former, other = spans[later - 1], spans[later]
            if any(tokens.opens[k] for k in range(former.last, other.first + 1)):
                break
            if not other.fixed and other.kind != "demonym":
                yield later, codes


_UNIT_CUES = frozenset(("region", "province", "oblast", "governorate", "state", "district"))


def of_a_list(index: int, spans: list[Span], tokens: Tokens) -> bool:
    """Whether a name is one of three provinces or more in a row: "Kunduz, Takhar, Nangarhar, and Badghis"."""
    near = spans[max(0, index - 2) : index + 3]
    run = 0
    for at, span in enumerate(near):
        joined = at > 0 and tokens.text[near[at - 1].end : span.start] in (", ", " and ", ", and ", "; ")
        run = (run + 1 if joined and run else 1) if _is_province(span) else 0
        if run >= _LIST and any(span is spans[n] for n in range(index, min(index + 3, len(spans)))):
            return True
    return False


#: So many provinces in a row are a list, not a place in a district in a province.
_LIST = 3


def _is_province(span: Span) -> bool:
    entry = span.entry
    return entry is not None and bool(((entry.flags == ADM1) & entry.main).any())


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
    blocks = blocks_of(article)
    tokens = tokenise(parted(article.text, blocks), datelines(article.text, blocks), listed(article.text, blocks))
    finder = Finder(tokens, atlas, ayn=model.lean)
    # 2. which of these are places here
    recogniser = Recogniser(finder, words())
    if given is None:
        alone = model.lean and aloneness(tokens) == 1.0
        spans = recognise(recogniser, model.recogniser, model.loose, war_of(tokens).countries if alone else ())
        if model.lean:
            spans = [span for span in spans if span.key not in OF_A_PAGE]
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
        if all(span.fixed and span.country_hint in ABROAD and is_of_a_state(span, tokens) for span in group.spans):
            group.weight *= _WEIGHT_ABROAD
    fighters = {
        word: count
        for word in GROUP_COUNTRIES
        if (count := recogniser.seen.get(word, 0) or (word in recogniser.lower_seen))
    }
    context = context_of(groups, atlas, domain_country(article.url), fighters)
    if model.lean:
        context.war = war_of(tokens)
        context.alone = 0.0 if context.domain else aloneness(tokens)
    silent = context.silent = not context.domain and all(value <= NAMED for value in context.countries.values())
    if silent and not recogniser.lower_seen.isdisjoint(WAR_WORDS):
        # nothing says where: as weak as evidence can be that still counts
        for code in map(atlas.code, sorted(WAR_COUNTRIES)):
            context.countries[code] = NAMED + 0.01
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
