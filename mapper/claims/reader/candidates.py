"""Which words of an article may be places somebody claims something of: known names, unknown names, descriptions."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from mapper.claims.document import Document
from mapper.claims.lexicon import words
from mapper.claims.reader.voice import Candidate, Sheet
from mapper.claims.rules import TRIGGER, WARLIKE, lowered
from mapper.model import Toponym

_NOT_PLACES = frozenset(("demonym", "organisation", "dateline"))

# "Khan al-Assal", "Hill 30", "Umm el Qa'ab": capitals joined by particles and numbers
_NAME = re.compile(
    r"(?<![\w’'-])(?:[Aa]l|[Ee]l|[Aa]sh|[Aa]r|[Aa]s|[Aa]t|[Aa]d|[Aa]n|[Aa]z)?-?[A-ZÀ-ÖØ-ÞĀ-Ž‘ʿ][\w’'‘ʿ`-]*"
    r"(?:[ \u00a0](?:(?:al|el|ash|ar|as|at|ad|an|az|de|la|da|do|du|bin|ibn|abu|of the|of)[ \u00a0-])?"
    r"(?:[A-ZÀ-ÖØ-ÞĀ-Ž‘ʿ][\w’'‘ʿ`-]*|\d{1,4}(?![\d,.])))*"
)

# "Druze-inhabited", "rebel-run": what a place is, not its name
_QUALITY = re.compile(
    r"-(?:held|led|run|born|built|bound|based|[a-z]{2,}ed|speaking|majority|style|era|wide|friendly|aligned|run|made)$"
)

_HEADS = (
    "city|town|village|hamlet|settlement|capital|port|region|area|province|governorate|state|district|districts|country"
    "|neighbou?rhoods?|quarters?|suburbs?|outskirts|enclave|pocket|camp|base|airport|airbase|stronghold|bastion|island"
    "|territory|territories|villages|towns|cities|provinces|regions|areas|place|coast|valley|countryside|north|south|east|west"
    "|north-?east|north-?west|south-?east|south-?west|hill|hills|bridge|border|crossing|frontier|peninsula|oil ?fields?"
    "|dam|refinery|road|highway|heights|mountains?|site|compound|positions|hospital|square|centre|center|downtown"
)
_DESCRIPTION = re.compile(
    r"\b(?:(?:[Tt]he|[Tt]his|[Tt]hat|[Tt]hese|[Tt]hose|[Ii]ts|[Tt]heir|[Bb]oth|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]everal"
    r"|[Mm]ost of the|[Mm]uch of the)"
    rf" (?:[a-z][\w-]* ){{0,2}}?(?:{_HEADS})|[Tt]here|[Hh]ere)\b(?! of (?:the )?[A-ZÀ-Þ])"
)

# capitals that open a sentence or a title and are no names
_OPENERS = words(
    "the a an in on at by for from to of and but or nor yet so as if when while where who what which why how it its"
    " he she his her they their we our i you your this that these those there here now then after before since until"
    " during despite although though because with without within into over under about against between among amid"
    " across along more most many much some any all both each every one two three four five six seven eight nine ten"
    " no not only also even just still mr mrs ms dr gen col lt maj sgt capt president minister king prime monday"
    " tuesday wednesday thursday friday saturday sunday january february march april may june july august september"
    " october november december meanwhile however earlier later today yesterday tomorrow last next other another such"
    " according government army military police officials residents fighting soldiers troops rebels forces people"
    " children women men reuters afp ap"
)


def _kind(toponym: Toponym) -> str:
    place = toponym.place
    if place is None or toponym.kind == "coarse":
        return "unknown"
    if place.is_region or place.feature_class in "LH":
        return "region"
    return "site" if place.feature_class in "ST" else "town"


def _near_war(document: Document) -> list[bool]:
    """Of each sentence, whether it, one of the two before or the one behind speaks of armed people or of anything the rules wake for."""
    low = lowered(document.article.text)
    hot = [bool(WARLIKE.search(low, s.start, s.end) or TRIGGER.search(low, s.start, s.end)) for s in document.spans]
    starts = [span.start for span in document.spans]
    for mention in document.speaking:
        if mention.kind not in ("country", "pronoun"):
            hot[max(0, bisect_right(starts, mention.start) - 1)] = True
    return [any(hot[max(0, n - 2) : n + 2]) for n in range(len(hot))]


def sheet_of(document: Document) -> Sheet:
    """The article as the reader sees it; of sentences far from any war nothing is asked."""
    text = document.article.text
    taken: list[tuple[int, int]] = []
    found: list[Candidate] = []

    def free(start: int, end: int) -> bool:
        at = bisect_left(taken, (start, end))
        near = taken[max(0, at - 3) : at + 2]
        return all(end <= s or e <= start for s, e in near)

    for toponym in document.toponyms:
        if toponym.kind in _NOT_PLACES or not free(toponym.quote.start, toponym.quote.end):
            continue
        kind = _kind(toponym)
        if kind in ("town", "unknown") and toponym.quote.text in document.persons:
            continue
        found.append(Candidate(toponym.quote.start, toponym.quote.end, kind))
        taken.append((toponym.quote.start, toponym.quote.end))
    taken.extend(
        (m.start, m.end) for m in document.speaking if m.kind in ("name", "force", "leader", "group", "people")
    )
    taken.extend((t.start, t.end) for t in document.times)
    taken.extend(document.datelines)
    taken.extend((t.quote.start, t.quote.end) for t in document.every if t.kind in _NOT_PLACES)
    taken.sort()
    opens = {span.start for span in document.spans}
    for match in _NAME.finditer(text):
        start, end = match.span()
        while text[end - 1 : end] in "’'‘`-":
            end -= 1
        if text[max(start, end - 2) : end] in ("'s", "’s"):
            end -= 2
        spoken = text[start:end].split()
        while spoken and spoken[0].lower() in _OPENERS:
            start += len(spoken[0])
            while start < end and text[start].isspace():
                start += 1
            spoken = spoken[1:]
        name = text[start:end]
        if len(name) < 3 or not free(start, end) or name in document.persons or _QUALITY.search(name):
            continue
        if start in opens and len(spoken) == 1 and text[end : end + 1] == " " and text[end + 1 : end + 2].islower():
            continue  # an ordinary word that opens a sentence, as far as anybody can tell
        if len(spoken) > 5:
            continue
        found.append(Candidate(start, end, "unknown"))
    named = sorted((c.start, c.end) for c in found)
    for match in _DESCRIPTION.finditer(text):
        start, end = match.span()
        at = bisect_left(named, (start, end))
        if any(s < end and start < e for s, e in named[max(0, at - 2) : at + 2]):
            continue  # "the Garden district" has a name
        found.append(Candidate(start, end, "anaphor"))
    near = _near_war(document)
    starts = [span.start for span in document.spans]
    found = [c for c in found if near[bisect_right(starts, c.start) - 1]]
    found.sort(key=lambda c: (c.start, c.end))
    return Sheet(
        text=text,
        sentences=tuple((span.start, span.end) for span in document.spans),
        candidates=tuple(found),
        actors=tuple(sorted((m.start, m.end, bool(m.actor_id)) for m in document.mentions)),
        times=tuple((t.start, t.end) for t in document.times),  # in text order
    )
