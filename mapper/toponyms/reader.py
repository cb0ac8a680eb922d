"""The cascade from an article to its toponyms."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from mapper.gazetteer import Gazetteer, names_a_unit
from mapper.layout import clipped
from mapper.model import Article, ArticleId, Place, Quote, Rival, Toponym
from mapper.toponyms.alone import AT_PEACE, KNOWN_EVERYWHERE, fame
from mapper.toponyms.anchors import leads_to_anchor, settle, this_side, twins
from mapper.toponyms.beyond import countries_of, everyday, missing, outside_gazetteer, strays, unbound
from mapper.toponyms.facilities import (
    called_after_elsewhere,
    include_type,
    inside_of,
    lies_elsewhere,
    named_before,
    roughly,
)
from mapper.toponyms.kinds import between_of, kind_of, offset_of, widen
from mapper.toponyms.names import km
from mapper.toponyms.reading import ABROAD, Choice, Kept, Reading, atlas_of, containers, read
from mapper.toponyms.regions import tell_regions
from mapper.toponyms.resolver import FIRST, SECOND, Floats
from mapper.toponyms.spans import Span, may_be_anchored, of_a_longer_name, rule_cue
from mapper.toponyms.tokens import Tokens
from mapper.toponyms.weights import Weights, weights, words
from mapper.toponyms.words import COMMANDED, TYPE_CODES

_RIVALS = 3
FIRST_COLUMN = {name: i for i, name in enumerate(FIRST)}
SECOND_COLUMN = {name: i for i, name in enumerate(SECOND)}

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
        part = replace(article, text=article.text[start:end], blocks=clipped(article.blocks, start, end))
        for toponym in toponyms_of(part, gazetteer):
            quote = toponym.quote
            found.append(replace(toponym, quote=replace(quote, start=quote.start + start, end=quote.end + start)))
    return tuple(found)


_LEAD = re.compile(r"\s*(?:the\s+)?", re.IGNORECASE)


def region_in_words(words: str, gazetteer: Gazetteer) -> Place | None:
    """The region that some words tell from end to end, such as "north-east Syria"; None when they tell none."""
    article = Article(id=ArticleId("words"), text=words)
    for toponym in toponyms_of(article, gazetteer) if len(words) <= _PIECE else ():
        told = toponym.wording
        if told is not None and _LEAD.fullmatch(words, 0, told.start) and not words[told.end :].strip(" ."):
            return toponym.place
    return None


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
    if given is None:
        for span in reading.spans:
            span.led = leads_to_anchor(tokens.text, span.end) >= 0
            span.said = said(span, tokens)
    answers = decide(reading, model)
    taken = [False] * len(tokens)
    kept: list[Kept] = []
    for span, choice in zip(reading.spans, answers, strict=True):
        if choice is None or (given is None and of_a_longer_name(span, tokens)):
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
    if given is None:
        doubtful += unbound(kept, atlas)
    if doubtful:
        # a name that was taken back is no evidence of the country it was taken back from
        about = countries_of(reading, atlas, kept)
    if all(code in ABROAD for code, _ in about):
        # nothing sure: what was too weak to keep may still say which country's village a rule has found
        about = countries_of(reading, atlas, None)
    settled = list(kept)
    absent = [*missing(reading, taken, given, about), *doubtful]
    if absent and given is None:
        # what a sentence says of country or province binds the names it is the only word of, too
        containers(sorted([*(span for span, _, _, _ in kept), *absent], key=lambda s: (s.start, s.end)), tokens)
    for span in absent:
        place, value, kind, alike = outside_gazetteer(span, reading, settled, about, atlas, gazetteer)
        if span.cue == "loose" and (place is None or kind == "coarse") and not alike:
            continue
        if place is None and span.known and not span.said and not span.asked and everyday(span.key):
            continue  # "Comment is Free": a word that some village has for a name
        if kind:
            span.kind = kind
        if given is None:
            widen(span, tokens, place)
        kept.append((span, place, value, alike))
    kept.sort(key=lambda item: (item[0].start, item[0].end))
    # 8. names told by the place beside them, and those of halls and camps that are called after a place elsewhere
    kept = settle(kept, tokens, towns_of(kept), lambda surface, country: atlas.folded(surface, frozenset((country,))))
    if about and given is None:
        kept = this_side(
            kept, tokens, about[0][0], lambda surface, country: atlas.folded(surface, frozenset((country,)))
        )
    if given is None:
        kept = [*facilities(kept, tokens)]
        if not tokens.text.isascii():
            kept = twins(kept, tokens, lambda name: atlas.entry(atlas.key(name)), {code for code, _ in about})
    # 9. what each mention stands for: itself, a dateline, a government, part of an organisation, a point beside it
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
        result.append(
            Toponym(quote=quote, place=found, score=round(value, 3), kind=kind, rivals=rivals, spelling=span.spelling)
        )
    if given is not None:
        return tuple(result)
    # 10. regions told in words: "north-east X", "the border with X", "east of the X"
    return tell_regions(article.text, result, gazetteer, reading.recogniser.lower_seen, len(tokens))


def said(span: Span, tokens: Tokens) -> bool:
    """Whether the words around a name say that it is a place: "the town of X", "X (north of Y)", "captured X in"."""
    if span.fixed or tokens.shouting or like_a_person(span, tokens):
        return False
    if rule_cue(tokens, span.first, span.last, []):
        return True
    return span.led and may_be_anchored(tokens, span.first, span.last)


def towns_of(kept: Sequence[Kept]) -> dict[int, Place]:
    """The towns and spots that mentions stand for, by index: what a distance or a side can be counted from."""
    found = {}
    for at, (span, place, _, _) in enumerate(kept):
        if place is not None and span.kind in ("literal", "dateline"):
            town = as_town(span, place)
            if town.feature_class in ("P", "S"):
                found[at] = town
    return found


def facilities(kept: Sequence[Kept], tokens: Tokens) -> Iterator[Kept]:
    """The same with what is called after a place elsewhere at the place it is said to be in, or nowhere."""
    for at, (span, place, value, rivals) in enumerate(kept):
        if span.kind not in ("literal", "coarse") or span.fixed:
            yield kept[at]
        elif named_before(span, tokens):
            include_type(span, tokens)
            where = inside_of(at, kept, tokens)
            span.kind = "literal" if where is None else "coarse"
            yield span, where, 0.3 if where is not None else 0.0, ()
        elif (where := lies_elsewhere(at, kept, tokens)) is not None:
            span.kind = "coarse"
            yield span, roughly(where), 0.3, ()
        elif called_after_elsewhere(at, kept, tokens):
            where = inside_of(at, kept, tokens)
            span.kind = "literal" if where is None else "coarse"
            yield span, where, 0.3 if where is not None else 0.0, ()
        else:
            yield span, place, value, rivals


def as_town(span: Span, place: Place) -> Place:
    """The town that a province is called after: "30 km south of Kirkuk" and "between Tikrit and Kirkuk" count from it."""
    if place.feature_code != "ADM1" or span.entry is None or TYPE_CODES.get(span.cue) or names_a_unit(span.entry.key):
        return place
    return as_asked((place, *span.entry.places), [1.0] * (1 + len(span.entry)), 0, ("P",))


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


#: Log-odds for a name that everybody knows in a sentence alone, and in one of the war that was fought there.
_KNOWN, _FOUGHT_OVER = 1.1, 1.2
#: And for one that no place elsewhere bears: "Caporetto" in 1917.
_NOWHERE_ELSE = 1.0
#: Score from which a name is kept that the words around it say is a place.
_SAID = 0.12
#: People below which a town of a country at peace sends no army.
SMALL = 100_000
#: Log-odds against a surname before what a commander has: "Sherman's army".
_COMMANDER = 3.0


def commands(span: Span, tokens: Tokens, place: Place) -> bool:
    """Whether a name is of a commander: "Sherman's army"; "Misrata's fighters" is of a town that is no surname."""
    if span.last - span.first > 1 or tokens.text[span.end : span.end + 2] not in ("'s", "’s"):
        return False
    if span.last >= len(tokens) or tokens.low[span.last] not in COMMANDED:
        return False
    word, lexicon = tokens.low[span.first], words()
    small = place.population < SMALL and place.country in AT_PEACE
    return small or word in lexicon.surnames or word in lexicon.first_names


def like_a_person(span: Span, tokens: Tokens) -> bool:
    """Whether a name that opens a sentence, or stands beside another one, may be a person's."""
    word, lexicon, i = tokens.low[span.first], words(), span.first
    if i > 0 and tokens.gaps[i - 1] in (" ", ". ") and tokens.kinds[i - 1] in ("First", "FirstSur", "Title"):
        return True
    if span.last < len(tokens) and tokens.upper[span.last] and tokens.gaps[span.last - 1] == " ":
        return True
    return tokens.opens[span.first] and (word in lexicon.first_names or word in lexicon.surnames)


def standing(reading: Reading) -> Floats:
    """One number a span, added to the log-odds of the acceptance: what its fame says where the text says little."""
    found = np.zeros(len(reading.spans), np.float32)
    ranking, context = reading.ranking, reading.context
    if ranking is None:
        return found
    tokens = reading.tokens
    for index, (span, at) in enumerate(zip(reading.spans, reading.of_span, strict=True)):
        if span.fixed or span.entry is None:
            continue
        best = int(ranking.probs[ranking.offsets[at] : ranking.offsets[at + 1]].argmax())
        place = span.entry.places[best]
        if commands(span, tokens, place):
            found[index] -= _COMMANDER
        elif context.alone and not like_a_person(span, tokens):
            fought = min(1.0, context.war.countries.get(place.country, 0.0))
            only = {p.country for p in span.entry.places} <= context.war.countries.keys()
            found[index] += context.alone * (
                _KNOWN * (fame(span.entry)[best] >= KNOWN_EVERYWHERE) + (_FOUGHT_OVER + _NOWHERE_ELSE * only) * fought
            )
    return found


def decide(reading: Reading, model: Weights) -> list[Choice | None]:
    """For each span its place, calibrated score and rivals, or None where it is no place (or not surely enough one)."""
    ranking = reading.ranking
    if ranking is None:
        return []
    raw = accept_features(reading) @ model.accept + standing(reading)
    everyone = ranking.probs.tolist()  # plain numbers: a few at a time are faster than arrays
    choices: list[Choice | None] = []
    made: dict[tuple[int, tuple[str, ...]], tuple[Place, tuple[Rival, ...]]] = {}
    for value, at, span in zip((1 / (1 + np.exp(-raw))).tolist(), reading.of_span, reading.spans, strict=True):
        if value < (_SAID if span.said else model.keep) and not span.asked:
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
        and km(place, chosen) < (300 if codes else 60)
    ]
    return places[min(namesakes)[1]] if namesakes else chosen
