"""What descriptions stand for: "the town", "there", "these suburbs", "the last town in the country"."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from mapper.claims import lexicon as lx
from mapper.claims.document import Document, between, seen_since, spans_before
from mapper.claims.draft import Draft, opening_place
from mapper.claims.places import read_places
from mapper.claims.scene import PlaceRef, Scene
from mapper.claims.syntax import before, kind
from mapper.claims.timing import CHANGES
from mapper.model import Place

_SAME_TYPE = {
    "town": "P", "city": "P", "village": "P", "hamlet": "P", "settlement": "P", "capital": "P", "port": "P", "stronghold": "P",
    "municipality": "P", "suburb": "P", "bastion": "P",
    "camp": "PS", "enclave": "PA", "district": "PA", "neighbourhood": "P", "neighborhood": "P",
    "province": "A", "region": "A", "governorate": "A", "area": "AP", "territory": "A", "country": "C", "state": "A",
    "island": "TAP", "valley": "T", "river": "H",
}  # fmt: skip


_BACK = 1500  # characters a description may reach back to its name


def antecedents(document: Document, scene: Scene, draft: Draft) -> list[PlaceRef]:
    """The places a draft means: itself, or what "the town", "there", "it" stand for."""
    ref = draft.ref
    if not ref.anaphor:
        return [ref]
    sentence = scene.sentence
    word = ref.anaphor
    if word == "there":
        seen = [
            r
            for _, r in seen_since(document, ref.start - 599, ref.start)
            if not (r.place is not None and r.place.feature_class == "H")
        ]
        return [replace(seen[-1], part="")] if seen else []
    if word in ("it", "them", "they", "both"):
        recent = [r for _, r in seen_since(document, sentence.span.start, ref.start) if not r.anaphor]
        reached = _reached(scene, ref) if word == "it" else None
        if reached is not None:
            return [reached]
        if word == "it" and not recent and (draft.rule.frame in _OF_PLACES):
            # "ISIS still controls it", "It was in rebel hands": what the sentence before was about
            earlier = spans_before(document, sentence.span.start, 1)
            recent = [r for s in earlier for _, r in seen_since(document, s.start, ref.start) if not r.anaphor]
            recent = recent if len({r.text for r in recent}) == 1 else []
        if word == "it" and recent:
            return [replace(recent[-1], part=ref.part or recent[-1].part)]
        return []
    plural = word in lx.PLURAL_PLACES or (word.endswith("s") and word != "headquarters")
    definite = _DEFINITE.match(ref.text) is not None
    if plural and definite and not draft.ref.part.endswith((" of", " in")):
        group = _group(document, ref)
        if group:
            return [replace(r, owners=ref.owners) for r in group]
    if plural or (ref.part and not ref.text.lower().startswith(("the ", "this ", "that "))):
        opened = [r for r in opening_place(scene) if r.start != ref.start]
        if opened:
            wording = ref.part or ref.text
            return [replace(r, part=f"{wording} in") for r in opened]
    if word in lx.MAYBE_NAMED_OF and plural and not definite and word not in lx.TOWN_WORDS and word != "villages":
        # "entered X on Friday, taking five districts": of X
        recent = [r for _, r in seen_since(document, sentence.span.start, ref.start) if not r.anaphor]
        if recent and recent[-1].place is not None and recent[-1].place.feature_class == "P":
            return [replace(recent[-1], part=f"{ref.text} of")]
    if word in _SAME_TYPE and not plural:
        place = _described(document, scene, ref, word)
        if place is not None:
            # "the last town in the country" means the town, whether or not the country is known
            last = ref.place is not None or (ref.part.endswith(" in") and word != "country")
            if ref.text.lower().startswith(("almost ", "nearly ", "virtually ", "practically ")):
                return [replace(ref, place=place[0], text=place[1], part=f"{ref.text} of")]
            if word == "port" and not last and not _PORT.search(document.article.text, 0, ref.start):
                ref = replace(ref, part="the port of")  # the harbour of a town, not a town by the sea
            return [
                replace(
                    ref,
                    place=place[0],
                    text=place[1],
                    part="" if last or not ref.part or ref.part == ref.text else ref.part,
                )
            ]
        if ref.place is not None:
            return [replace(ref, anaphor="")]
    if word in _BUILT and definite:
        seen = [
            r
            for _, r in seen_since(document, ref.start - 699, ref.start)
            if not (r.place is not None and r.place.is_region and not r.part)
        ]
        typed = [r for r in seen if word in f"{r.text} {r.part}".lower()] or (
            seen[-1:] if seen and (seen[-1].unknown or scene.sentence.span.start - 350 <= seen[-1].start) else []
        )
        if not typed and draft.rule.frame == "flag" and seen:
            typed = seen[-1:]
        if typed:
            known = typed[-1]
            same = (
                word in ("site", "point", "complex", "facility", "strategic")
                or word in f"{known.text} {known.part}".lower()
                or known.place is None
                or known.place.feature_class == "S"
            )
            return [known if same else replace(known, part=f"{ref.text} of")]
        return []
    if word in lx.EDGES and definite:
        # "still held the western outskirts": of the town just spoken of
        town = _described(document, scene, ref, "town")
        if town is not None:
            return [replace(ref, place=town[0], text=town[1], part=f"{ref.text} of", sure=0.85)]
        return []
    if word in ("area", "territory", "region") and (definite or ref.part) and len(ref.text.split()) > 2:
        return [replace(ref, sure=0.5, unknown=True)]
    return []


_PORT = re.compile("port", re.IGNORECASE)
_OF_PLACES = lx.words("take hold under lose abandon enter besiege")


def _reached(scene: Scene, ref: PlaceRef) -> PlaceRef | None:
    """The X of "drove on to X and entered it": where the verb before leads."""
    sentence = scene.sentence
    v = before(sentence, sentence.chunk_at(sentence.tokens_of(ref.start, ref.end)[0]))
    c = before(sentence, v)
    if kind(sentence, v) != "VG" or kind(sentence, c) != "C" or kind(sentence, before(sentence, c)) != "NP":
        return None
    k = before(sentence, c)
    led = before(sentence, k)
    if kind(sentence, led) != "I" or sentence.chunks[led].word.split()[-1] not in ("to", "towards", "toward", "for"):
        return None
    refs = read_places(scene, k).refs
    return refs[0] if refs and refs[0].place is not None and not refs[0].anaphor else None


_DEFINITE = re.compile(r"(?:almost |nearly |virtually )?(?:all )?(?:the|this|that|these|those|both) ", re.IGNORECASE)
_BUILT = lx.words(
    "base airport airbase airfield hospital site hill hilltop bridge facility complex compound outpost dam refinery crossing point strategic"
)


_NUMBER = {"two": 2, "three": 3, "four": 4, "both": 2, "five": 5}


_JOINT = re.compile(
    r"\s*(?:,|and|&|,\s*and)?\s*(?:the\s+)?(?:(?:town|city|village|district|neighbou?rhood|camp|towns|districts)s?(?:\s+of)?\s*)?(?:,|and|,\s*and)?\s*"
)


def _group(document: Document, ref: PlaceRef) -> list[PlaceRef]:
    """The coordination that "the two towns", "these suburbs" stand for: the last list of names before."""
    words = ref.text.lower().split()
    wanted = next((_NUMBER[w] for w in words if w in _NUMBER), 0)
    text = document.article.text
    names: list[PlaceRef] = [r for _, r in seen_since(document, ref.start - _BACK + 1, ref.start) if not r.anaphor]
    for toponym in between(document.toponyms, ref.start - _BACK + 1, ref.start):
        start = toponym.quote.start
        if (
            toponym.kind in ("literal", "coarse", "offset")
            and all(r.start != start and not r.start <= start < r.end for r in names)
        ) and (toponym.place is None or toponym.kind == "coarse" or not toponym.place.is_region):
            names.append(
                PlaceRef(
                    text=" ".join(toponym.text.split()),
                    start=start,
                    end=toponym.quote.end,
                    place=toponym.place,
                    part="",
                )
            )
    names.sort(key=lambda r: r.start)
    group: list[PlaceRef] = []
    best: list[PlaceRef] = []
    for name in names:
        if group and not _JOINT.fullmatch(text, group[-1].end, max(group[-1].end, name.start)):
            group = []
        group = [*group, name]
        if len(group) >= 2 and (not wanted or len(group) == wanted):
            best = group
    return [replace(r, part="", anaphor="") for r in best]


def _described(document: Document, scene: Scene, ref: PlaceRef, word: str) -> tuple[Place | None, str] | None:
    classes = _SAME_TYPE[word]
    best: tuple[Place | None, str] | None = None
    if ref.text.lower() == "the capital" and document.seat is not None:
        return document.seat.place, " ".join(document.seat.text.split())
    here = seen_since(document, scene.sentence.span.start, ref.start)
    near = [r for _, r in here if not r.anaphor]
    if near and "C" not in classes and (near[-1].place is None or near[-1].place.feature_class in classes):
        name = next(
            (t.text for t in between(document.toponyms, near[-1].start, near[-1].end) if t.place is near[-1].place),
            near[-1].text,
        )
        return near[-1].place, " ".join(name.split())
    if "C" not in classes:
        # what the claims before were about, before any other name: not the X of "a minister said in X"
        about = [r for _, r in seen_since(document, ref.start - _BACK + 1, ref.start) if not r.anaphor]
        fit = [r for r in about if r.place is None or r.place.feature_class in classes]
        if fit:
            known = fit[-1]
            name = next(
                (t.text for t in between(document.toponyms, known.start, known.end) if t.place is known.place),
                known.text,
            )
            return known.place, " ".join(name.split())
    if "C" in classes:
        return _country(document, scene, ref)
    for toponym in between(document.toponyms, ref.start - _BACK, ref.start):
        place = toponym.place
        if place is not None and place.feature_code.startswith("PCL"):
            continue
        if toponym.kind in ("dateline", "demonym", "organisation", "metonym"):
            continue
        if place is None or place.feature_class in classes or (toponym.kind == "coarse" and "P" in classes):
            if place is None and "P" not in classes:
                continue
            best = place, " ".join(toponym.text.split())
    if best is None:
        for _, seen_ref in reversed(document.places_seen) if "P" in classes else ():
            if seen_ref.start < ref.start and not seen_ref.part:
                return seen_ref.place, seen_ref.text
        best = _announced(document, ref, word)
    return best


def _country(document: Document, scene: Scene, ref: PlaceRef) -> tuple[Place | None, str] | None:
    """The country of a place that an earlier claim of the sentence is about, else the last country named."""
    seen = [
        r
        for _, r in seen_since(document, scene.sentence.span.start, len(document.article.text))
        if r.place is not None and scene.sentence.span.start <= r.start < ref.start
    ]
    if seen and seen[-1].place is not None:
        country = document.countries.get(seen[-1].place.country)
        if country is not None:
            return country, country.name
    at = bisect_left(document.states, ref.start, key=lambda t: t.quote.start)
    named = (document.states[n] for n in range(at - 1, -1, -1))
    best = next((t for t in named if t.kind not in ("organisation", "dateline")), None) or (
        document.states[at - 1] if at else None
    )
    return (best.place, best.place.name) if best is not None and best.place is not None else None


def _announced(document: Document, ref: PlaceRef, word: str) -> tuple[Place | None, str] | None:
    """A name given later: "the last town held by ISIS", then "the town of Rawa" in a following sentence."""
    if word not in lx.SETTLEMENT:
        return None
    text = document.article.text
    for toponym in between(document.toponyms, ref.end + 1, ref.end + _BACK + 1):
        start = toponym.quote.start
        if toponym.kind not in ("literal", "coarse"):
            continue
        lead = text[max(0, start - 30) : start].lower()
        if re.search(rf"\b{word}\b[\w ]{{0,12}} of $|\b{word} $", lead):
            return toponym.place, " ".join(toponym.text.split())
    return None


_LAST = re.compile(
    r"\blast\b[^,.;]{0,60}\b(?:town|city|village|stronghold|bastion|pocket|enclave|settlement|area|district|territory|foothold)\b"
)


def last_in(document: Document, scene: Scene, draft: Draft, place: Place | None) -> str:
    """``last_in:<place id>`` for "the last town in the country still held by X"; ``place`` is what the town resolved to."""
    text = document.article.text
    span = scene.sentence.span
    if draft.predicate not in CHANGES:
        return ""
    match = _LAST.search(text, max(span.start, draft.ref.start - 5), min(span.end, draft.ref.end + 120))
    if match is None or not draft.other:
        return ""
    tail = text[match.end() : min(span.end, match.end() + 80)]
    whole = re.match(r"[^,.;]{0,30}\bin the (country|region|province)\b", tail)
    if whole is not None:
        country = document.countries.get(place.country) if place is not None else None
        if whole.group(1) == "country":
            return f"last_in:{country.id}" if country is not None else ""
        at = bisect_left(document.toponyms, match.end(), key=lambda t: t.quote.start)
        for n in range(at - 1, -1, -1):
            region = document.toponyms[n].place
            if region is not None and region.feature_code.startswith("ADM"):
                return f"last_in:{region.id}"
        return ""
    for toponym in between(document.toponyms, match.end(), match.end() + 40):
        if (
            toponym.place is not None
            and toponym.place.is_region
            and re.fullmatch(r"\s+(?:\w+\s+){0,2}in\s+(?:the\s+)?", text[match.end() : toponym.quote.start])
        ):
            return f"last_in:{toponym.place.id}"
    return ""
