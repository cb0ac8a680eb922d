"""What an article offers to its sentences: toponyms, actors, times, and what has been named before."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from mapper.actors import ActorIndex, ActorMention, ActorText
from mapper.claims.scene import PlaceRef, Scene
from mapper.claims.syntax import analyse
from mapper.claims.tokens import Span
from mapper.claims.units import Unit, read_units, unit_at
from mapper.dates import TimeExpression, find_counts, find_offsets, find_times, find_vague
from mapper.layout import blocks_of, datelines, parted
from mapper.model import ActorId, Article, Place, Toponym

_Spanned = TypeVar("_Spanned", ActorMention, TimeExpression)


@dataclass(slots=True)
class Document:
    """What later sentences may refer back to."""

    article: Article
    spans: tuple[Span, ...]
    toponyms: list[Toponym]
    mentions: list[ActorMention]
    times: list[TimeExpression]
    known_places: frozenset[str]
    persons: frozenset[str]
    every: list[Toponym]
    places_seen: list[tuple[int, PlaceRef]]
    subjects_seen: list[tuple[int, str, ActorId]]  # (sentence start, words, id) of who acted in earlier claims
    countries: dict[str, Place]
    speaking: list[ActorMention]
    war: bool
    index: ActorIndex
    states_by_adjective: dict[tuple[str, int], ActorId]
    dated: list[TimeExpression]  # times that begin some day
    states: list[Toponym]  # countries, in text order
    seat: Toponym | None  # the first capital
    mentions_of: dict[ActorId, tuple[list[ActorMention], list[ActorMention]]]  # by name and by kind, no pronouns
    longest: int  # length of the longest mention
    datelines: tuple[tuple[int, int], ...]
    units: tuple[Unit, ...]
    offsets: list[TimeExpression]  # what "two days after" and the like date
    counts: list[tuple[int, int]]  # where the "two days" of these stand
    spoken: ActorText
    vague: tuple[tuple[int, int], ...]  # where "early in the war" and the like stand

    def published_at(self, at: int) -> date | None:
        """The day on which a part of the text was written: that of its post or dispatch, else of the article."""
        unit = unit_at(self.units, at)
        return self.article.published if unit is None else unit.day


def read_document(
    article: Article, spans: tuple[Span, ...], toponyms: Sequence[Toponym], actors: ActorIndex
) -> Document:
    text = article.text
    blocks = blocks_of(article)
    apart = parted(text, blocks)
    named = Counter(t.place.country for t in toponyms if t.place is not None and t.place.country)
    countries = [country for country, _ in named.most_common()]  # what the text is most about, first
    year = article.published.year if article.published is not None else 0
    spoken = ActorText(apart, actors, countries, year)
    speaking = list(spoken.mentions)
    mentions = [m for m in speaking if m.kind != "country" and not _way_of_war(text, m)]
    covered = [(m.start, m.end) for m in mentions if m.kind in ("name", "group", "force", "leader")]
    literal: list[Toponym] = []
    for toponym in sorted(toponyms, key=lambda t: (t.quote.start, t.quote.end)):
        start, end = toponym.quote.start, toponym.quote.end
        state = toponym.place is not None and toponym.place.feature_code.startswith("PCL")
        at = bisect_right(covered, (start, len(text)))
        if any(end <= e and (e - s > end - start or not state) for s, e in covered[max(0, at - 4) : at]):
            continue  # inside an actor's name, or an actor's name itself unless it is a country's
        if _AGENCY.search(text, max(0, start - 30), start):
            continue  # "the state news service, Sana,"
        literal.append(toponym)
    persons: set[str] = set()
    for match in _TITLED.finditer(text):
        persons.add(match.group(1))
        persons.update(part for part in match.group(1).split() if len(part) > 3)
    for match in _AGED.finditer(text) if _AGE.search(text) else ():
        persons.add(match.group(1))
        persons.add(match.group(1).split()[-1])
    known = frozenset(m.group(1) for m in _LOCATED.finditer(text))
    powers = {m.text for m in speaking}  # "Moscow said"
    capitals = {
        t.quote.text
        for t in toponyms
        if t.place is not None and (t.place.is_region or t.place.feature_code in ("PPLC", "PPLA"))
    }
    persons.update(
        m.group(1)
        for m in _SPOKE.finditer(text)
        if m.group(1) not in powers and m.group(1) not in capitals and m.group(1) not in known
    )
    published = article.published
    by_id = {
        t.place.country: t.place for t in toponyms if t.place is not None and t.place.feature_code.startswith("PCL")
    }
    times = [t for t in find_times(apart, published) if t.kind != "duration"]
    units = read_units(text, blocks, times, published)
    if units:
        days = [(unit.start, unit.end, unit.day) for unit in units]
        times = [t for t in find_times(apart, published, days) if t.kind != "duration"]
    every = sorted(toponyms, key=lambda t: t.quote.start)
    mentions_of: dict[ActorId, tuple[list[ActorMention], list[ActorMention]]] = {}
    for mention in speaking:
        if mention.kind not in ("pronoun", "held"):
            mentions_of.setdefault(mention.actor_id, ([], []))[mention.generic].append(mention)
    return Document(
        article,
        spans,
        literal,
        mentions,
        times,
        known - frozenset(persons),
        frozenset(persons),
        every,
        [],
        [],
        by_id,
        speaking,
        len(mentions) >= 3 and len(spans) > 2,
        actors,
        {},
        [t for t in times if t.when.earliest is not None],
        [t for t in every if t.place is not None and t.place.feature_code.startswith("PCL")],
        next((t for t in literal if t.place is not None and t.place.feature_code == "PPLC"), None),
        mentions_of,
        max((m.end - m.start for m in speaking), default=0),
        datelines(text, blocks),
        units,
        list(find_offsets(apart, times)),
        list(find_counts(apart)),
        spoken,
        find_vague(apart),
    )


def _way_of_war(text: str, mention: ActorMention) -> bool:
    """Whether "the X military" of "the X military offensive" is no army but the place and the kind of the offensive."""
    if mention.actor_id or not mention.text.endswith(" military"):
        return False
    return text[mention.end : mention.end + 16].lower().split()[:1] in _OPERATIONS


_OPERATIONS = [[word] for word in ("offensive", "operation", "campaign", "assault")]


_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Maj|Sgt|Capt|Brig|Cmdr|Sen|President|Minister|General|Colonel|Commander|Prime Minister"
    r"|King|Sheikh|spokesman|spokeswoman|leader|warlord|chief)\.? ((?:[A-Z][\w’'-]+ ?){1,3})(?<! )"
)


_AGENCY = re.compile(r"\b(?:news|press|wire|state|official) (?:agency|service),? $")


_AGE = re.compile(r", \d\d,")  # what _AGED cannot do without, found faster
# names of at most 60 letters: of a word without end every capital begins one
_AGED = re.compile(r"\b((?:[A-Z][\w’'-]{1,60} ){0,2}[A-Z][\w’'-]{1,60}), \d\d,")


_SPOKE = re.compile(
    r"(?<!\bof )(?<!\bin )(?<!\bfrom )(?<!\bnear )(?<!\bto )(?<!\bat )(?<!\bof the )(?<!\bin the )\b([A-Z][\w-]{1,60}(?:’(?!s\b)\w{1,60})?)(?: (?:said|says|told|added|wrote|recalled|explained|joined|tweeted|died|joked|laughed|married)"
    r"|[’']s (?:father|mother|brother|sister|wife|husband|son|daughter|parents|family|widow|lawyer|friends?))\b"
)


_LOCATED = re.compile(
    r"\b(?:in|near|outside|around|towards|town of|city of|village of|villages of|towns of|outskirts of|district of) ((?:[A-Z][\w’'‘`-]+ ?){1,3})(?<! )"
)


def read_scene(document: Document, span: Span) -> Scene:
    text = document.article.text
    lo, hi = span.start, span.end
    tops = list(between(document.toponyms, lo, hi))
    mentions = within(document.mentions, lo, hi)
    times = within(document.times, lo, hi)
    names = [(t.quote.start, t.quote.end) for t in tops] + [
        (m.start, m.end)
        for m in mentions
        if (m.kind in ("name", "group") and m.text[:1].isupper() and m.text[-1:].isalpha())
        or (m.kind != "common" and " and " in m.text)
    ]
    counts = document.counts
    first, last = bisect_left(counts, (lo, 0)), bisect_left(counts, (hi, 0))
    sentence = analyse(text, span, names=names, times=[*((t.start, t.end) for t in times), *counts[first:last]])
    placed: list[tuple[int, int, Toponym]] = []
    for toponym in tops:
        i, j = sentence.tokens_of(toponym.quote.start, toponym.quote.end)
        if i < j and not _hyphenated(sentence.words[j - 1], sentence.ends[j - 1] - toponym.quote.end):
            placed.append((i, j, toponym))
    acting: list[tuple[int, int, ActorMention]] = []
    for mention in mentions:
        i, j = sentence.tokens_of(mention.start, mention.end)
        if i < j:
            acting.append((i, j, mention))
    states: list[tuple[int, int, ActorMention]] = []
    for mention in within(document.speaking, lo, hi):
        if mention.kind == "country":
            i, j = sentence.tokens_of(mention.start, mention.end)
            if i < j:
                states.append((i, j, mention))
    return Scene(text, sentence, placed, acting, document.known_places, document.persons, states, document.war)


def within(found: list[_Spanned], lo: int, hi: int) -> list[_Spanned]:
    """Those that start in ``[lo, hi)``; ``found`` is in text order."""
    return found[bisect_left(found, lo, key=lambda f: f.start) : bisect_left(found, hi, key=lambda f: f.start)]


def _hyphenated(word: str, rest: int) -> bool:
    """Whether a name is only the first part of a word: "U.S.-born"; "X-held" keeps its X apart by other means."""
    return (rest > 1 and word[-rest:].startswith("-")) or word.endswith(("-held", "-controlled", "-occupied"))


def between(toponyms: list[Toponym], lo: int, hi: int) -> list[Toponym]:
    """Those that start in ``[lo, hi)``; ``toponyms`` is in text order."""
    key = _begin
    return toponyms[bisect_left(toponyms, lo, key=key) : bisect_left(toponyms, hi, key=key)]


def _begin(toponym: Toponym) -> int:
    return toponym.quote.start


def mentions_over(document: Document, lo: int, hi: int) -> list[ActorMention]:
    """Those that share a letter with ``[lo, hi)``, in text order."""
    return [m for m in within(document.speaking, lo - document.longest, hi) if lo < m.end]


def spans_before(document: Document, start: int, count: int) -> tuple[Span, ...]:
    """The last ``count`` sentences that begin before ``start``, in text order."""
    at = bisect_left(document.spans, start, key=lambda span: span.start)
    return document.spans[max(0, at - count) : at]


def seen_since(document: Document, lo: int, hi: int) -> list[tuple[int, PlaceRef]]:
    """Places of earlier claims, with where they were spoken of, for ``lo <= where < hi``, in the order they were read.

    That is the text's order from sentence to sentence, and within one what the rules read before what the reader does.
    """
    home = spans_before(document, lo + 1, 1)
    first = home[0].start if home else lo
    found: list[tuple[int, PlaceRef]] = []
    for where, ref in reversed(document.places_seen):
        if where < first:
            break
        if lo <= where < hi:
            found.append((where, ref))
    return found[::-1]
