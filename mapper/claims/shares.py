"""Shares of territory: "lost 95% of the caliphate it declared in A and B in 2014", "controls a third of C"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mapper.claims import lexicon as lx
from mapper.claims.parties import Party, read_list, read_parties
from mapper.claims.scene import PlaceRef, Scene
from mapper.claims.syntax import after, kind, passive, subject
from mapper.model import Place

_PERCENT = re.compile(r"(?<!\d)(\d+(?:\.\d+)?)\s*(?:%|percent\b|per\s+cent\b)", re.IGNORECASE)
_FRACTION = re.compile(
    r"\b(?:(one|two|three|four|a)[- ](third|quarter|fifth|tenth)s?|(half)|(third|quarter)s?)\b(?!\s+of\s+the\s+(?:vote|seats|votes))",
    re.IGNORECASE,
)
_AREA = re.compile(
    r"(?<!\d)(\d[\d,.]{0,20})\s*(?:(thousand|million)\s+)?(?:sq(?:uare|\.)?\s*(km|kilomet(?:er|re)s?|miles?|mi)\b|(km2|km²))",
    re.IGNORECASE,
)
_PARTS = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_COUNT = {"one": 1, "two": 2, "three": 3, "four": 4, "a": 1}
_LAND = lx.words(
    "territory caliphate land lands area areas country province region state ground proto-state holdings emirate domain"
)
_LOSING = lx.words("lose cede forfeit")
_HOLDING = lx.words("hold control retain rule govern occupy keep")
_STATING = _LOSING | _HOLDING
_MILE2 = 2.589988


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share as the sentence gives it; ``baseline_from`` is where a time that dates the baseline may stand."""

    verb: int
    actor: tuple[Party, ...]
    lost: bool
    fraction: float | None
    km2: float | None
    wording: str
    region: tuple[Place, ...]
    region_text: str
    baseline_from: int
    ref: PlaceRef


def find_shares(scene: Scene) -> list[Share]:
    """Share statements of a sentence."""
    sentence = scene.sentence
    if not any(chunk.kind == "VG" and chunk.lemma in _STATING for chunk in sentence.chunks):
        return []  # asked first: the patterns are slow
    start, end = sentence.span.start, sentence.span.end
    text = scene.article
    if not (_PERCENT.search(text, start, end) or _FRACTION.search(text, start, end) or _AREA.search(text, start, end)):
        return []
    found: list[Share] = []
    for v, chunk in enumerate(sentence.chunks):
        if chunk.kind != "VG" or chunk.lemma not in _STATING:
            continue
        turned = passive(sentence, v)
        if turned:
            k = subject(sentence, v)[0] if subject(sentence, v) else -1
        else:
            k = after(sentence, v)
            while kind(sentence, k) == "I" and k <= v + 2:
                k = after(sentence, k)
        if (
            kind(sentence, k) == "NP"
            and sentence.lows[sentence.chunks[k].j - 1] == "control"
            and kind(sentence, k + 1) == "I"
        ):
            k += 2
        if kind(sentence, k) != "NP":
            continue
        noun = sentence.chunks[k]
        lo = sentence.starts[noun.i]
        hi = sentence.ends[noun.j - 1] + 14
        fraction, km2 = _amount(text, lo, min(hi, end))
        if fraction is None and km2 is None:
            continue
        actor = agent_parties(scene, v) if turned else read_parties(scene, subject(sentence, v))
        if not any(p.armed or p.actor_id or p.text[:1].isupper() for p in actor):
            continue
        stop = _clause_end(scene, k)
        tail = sentence.lows[noun.i : stop]
        regions = [
            t
            for t in scene.toponyms_in(noun.i, stop)
            if t[2].place is not None
            and t[2].place.feature_class == "A"
            and t[2].kind in ("literal", "coarse", "metonym")
        ]
        land = any(word in _LAND for word in tail)
        if kind(sentence, k + 1) == "I" and kind(sentence, k + 2) == "NP":
            of = sentence.chunks[k + 2]
            named = any(t[1] == of.j for t in scene.toponyms_in(of.i, of.j))
            if not named and sentence.lows[of.j - 1] not in _LAND:
                continue
        if not land and not regions:
            continue
        if any(word in lx.SPORT for word in tail):
            continue
        places = tuple(t[2].place for t in regions if t[2].place is not None)
        region_text = ""
        if regions:
            region_text = scene.words(regions[0][0], regions[-1][1])
        wording = " ".join(text[lo : sentence.ends[noun.j - 1]].split())
        ref = PlaceRef(text=region_text or wording, start=lo, end=sentence.ends[noun.j - 1])
        found.append(
            Share(
                verb=v,
                actor=actor,
                lost=chunk.lemma in _LOSING,
                fraction=fraction,
                km2=km2,
                wording=wording,
                region=places,
                region_text=region_text,
                baseline_from=_baseline_from(scene, k, stop),
                ref=ref,
            )
        )
    return found


def agent_parties(scene: Scene, v: int) -> tuple[Party, ...]:
    """Parties after "by": "40 percent of X is controlled by Y"."""
    sentence = scene.sentence
    n = after(sentence, v)
    if kind(sentence, n) == "I" and sentence.chunks[n].word == "by" and kind(sentence, n + 1) == "NP":
        return read_list(scene, n + 1)
    return ()


def _amount(text: str, lo: int, hi: int) -> tuple[float | None, float | None]:
    match = _PERCENT.search(text, lo, hi)
    if match is not None:
        value = float(match.group(1)) / 100
        return (value, None) if 0 < value <= 1 else (None, None)
    match = _AREA.search(text, lo, hi)
    if match is not None:
        value = float(match.group(1).replace(",", "").rstrip("."))
        value *= {"thousand": 1e3, "million": 1e6}.get((match.group(2) or "").lower(), 1.0)
        mile = (match.group(3) or "").lower().startswith("mi")
        return None, round(value * (_MILE2 if mile else 1.0), 1)
    match = _FRACTION.search(text, lo, hi)
    if match is not None:
        if match.group(3):
            return 0.5, None
        if match.group(4):
            return 1 / _PARTS[match.group(4).lower()], None
        return _COUNT[match.group(1).lower()] / _PARTS[match.group(2).lower()], None
    return None, None


def _clause_end(scene: Scene, k: int) -> int:
    """Token where the object with its relative clause ends: at a comma, a semicolon or the sentence's end."""
    sentence = scene.sentence
    n = k
    while n < len(sentence.chunks) and sentence.chunks[n].kind not in (";", "-", "S"):
        if sentence.chunks[n].kind == "," and not (n + 1 < len(sentence.chunks) and sentence.chunks[n + 1].kind == "W"):
            break
        n += 1
    return sentence.chunks[n - 1].j if n > k else sentence.chunks[k].j


def _baseline_from(scene: Scene, k: int, stop: int) -> int:
    """Times after the verb of the contact clause ("it declared … in 2014") date the baseline."""
    sentence = scene.sentence
    for chunk in sentence.chunks[k + 1 :]:
        if chunk.i >= stop:
            break
        if chunk.kind == "VG":
            return sentence.starts[chunk.i]
    return sentence.span.end
