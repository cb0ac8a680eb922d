"""Rules and reader joined: the one place that decides which of both voices is believed, and how sure the claim is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from mapper.claims.document import Document
from mapper.claims.drafted import make
from mapper.claims.reader import KIND_OF, MODALITIES, Blend, Heard
from mapper.claims.resolve import Made, Rejected, Voices, forget, remember
from mapper.claims.scene import Scene
from mapper.claims.timing import CHANGES
from mapper.model import ActorId, Modality

# what is weighed of an answer that no rule spoke of, and of one beside a rule's claim
ALONE: Final = (
    "constant",
    "reader",
    "unsaid",
    "elsewhere",
    "sentence ruled",
    "place ruled",
    "one sentence",
    "unknown name",
    "description",
    "holds",
    "contest",
    "presence",
)
BOTH: Final = ("constant", "reader", "unsaid", "rule")


def odds(p: float) -> float:
    """Log-odds, bounded."""
    p = min(max(p, 0.001), 0.999)
    return math.log(p / (1 - p))


def alone(document: Document, ruled: Sequence[Made], heard: Heard) -> tuple[float, ...]:
    """The numbers of ``ALONE`` for an answer; ``ruled`` are the rules' claims of its sentence."""
    told = [m for m in ruled if m.modality.mapped]
    here = any(m.draft.ref.start < heard.candidate.end and heard.candidate.start < m.draft.ref.end for m in ruled)
    return (
        1.0,
        odds(heard.answer.said),
        odds(sum(heard.answer.moods[2:])),
        odds(heard.elsewhere),
        float(bool(told)),
        float(here),
        float(len(document.spans) == 1),
        float(heard.candidate.kind == "unknown"),
        float(heard.candidate.kind == "anaphor"),
        *(float(heard.answer.kind == kind) for kind in ("holds", "contest", "presence")),
    )


def both(rule_confidence: float, heard: Heard) -> tuple[float, ...]:
    """The numbers of ``BOTH`` for a rule's claim that the reader was asked about."""
    return 1.0, odds(heard.answer.said), odds(sum(heard.answer.moods[2:])), odds(rule_confidence)


def probability(weights: Sequence[float], numbers: Sequence[float]) -> float:
    return 1 / (1 + math.exp(-sum(w * x for w, x in zip(weights, numbers, strict=True))))


_LIST = 4  # names nobody knows in one sentence: a list of villages


def reconcile(
    document: Document,
    scene: Scene,
    ruled: Sequence[Made],
    heard: Sequence[Heard],
    blend: Blend,
    rejected: list[Rejected],
    *,
    share: bool = False,
) -> list[Made]:
    """The claims of a sentence that are believed, with ``confidence`` from both voices and ``voices`` to say whose.

    ``share`` says that the sentence tells of a share ("has lost 95% of …"). What is not believed is forgotten: no later
    pronoun means its side.
    """
    kept: list[Made] = []
    spoken: set[tuple[int, str]] = set()  # (candidate's start, kind) that a rule spoke of
    for item in ruled:
        kind = KIND_OF.get(item.predicate, "")
        ref = item.draft.ref
        own = [
            h for h in heard if h.answer.kind == kind and h.candidate.start < ref.end and ref.start < h.candidate.end
        ]
        voices = Voices(rule=item.draft.rule.name, rule_confidence=item.confidence)
        if not own:
            kept.append(replace(item, voices=voices))
            continue
        spoken.update((h.candidate.start, kind) for h in own)
        best = max(own, key=lambda h: h.answer.said)
        voices = replace(voices, reader=best.answer.said)
        if not item.modality.mapped:
            kept.append(replace(item, voices=voices))
            continue
        p = probability(blend.both, both(item.confidence, best))
        if p >= blend.accept:
            kept.append(_completed(document, scene, replace(item, confidence=p, voices=voices), best))
            continue
        mood, sure = _mood(best)
        if sure >= blend.unsaid:
            kept.append(replace(item, modality=mood, confidence=sure, voices=voices))
            continue
        if ref.anaphor:  # of "the town" the reader often says nothing because it said it of the name
            kept.append(replace(item, voices=voices))
            continue
        forget(document, item)
        rejected.append(
            Rejected(
                rule=item.draft.rule.name,
                text=item.ref.text,
                reason=f"the reader gives it {best.answer.said:.0%}",
                start=ref.start,
                end=ref.end,
            )
        )
    named = [(h.candidate.start, h.candidate.end) for h in heard if h.candidate.kind == "unknown"]
    for h in heard:
        if (h.candidate.start, h.answer.kind) in spoken:
            continue
        if share and h.answer.predicate in CHANGES:
            continue  # "lost 95% of what it declared in X and Y" is no loss of X
        whose = h.answer.actor
        if (
            whose is not None
            and len(named) >= _LIST
            and any(start < whose[1] and whose[0] < end for start, end in named)
        ):
            continue  # in a list of names a neighbour is no side
        voices = Voices(reader=h.answer.said)
        p = probability(blend.alone, alone(document, ruled, h))
        least = blend.bare if len(document.spans) == 1 else blend.accept
        if p >= least and sum(h.answer.moods[2:]) < blend.doubt:
            found = make(document, scene, h)
            remember(document, found)
            for item in found:
                sure = p * (1.0 if item.ref.place is not None else 0.9) * (0.9 if item.draft.ref.anaphor else 1.0)
                kept.append(replace(item, confidence=sure, voices=voices))
            continue
        mood, sure = _mood(h)
        if sure >= blend.unsaid:
            found = make(document, scene, h)
            remember(document, found)
            kept.extend(replace(item, modality=mood, confidence=sure, voices=voices) for item in found)
    return kept


def _mood(heard: Heard) -> tuple[Modality, float]:
    """The likeliest of planned, hypothetical and negated, and how likely it is."""
    n = max(range(2, len(MODALITIES)), key=lambda i: heard.answer.moods[i])
    return Modality(MODALITIES[n]), heard.answer.moods[n]


def _completed(document: Document, scene: Scene, item: Made, heard: Heard) -> Made:
    """A rule's claim with what the reader alone saw: a side the rule found nobody for, a time it found none for."""
    vague = item.when.earliest is None
    if item.actor_text and item.other_text and not vague:
        return item
    made = make(document, scene, heard)
    if not made:
        return item
    one = made[0]
    if vague and one.when.earliest is not None:
        item = replace(item, when=one.when)
    if not item.actor_text and one.actor_text and one.actor_id != item.other_id:
        item = replace(item, actor_text=one.actor_text, actor_id=one.actor_id)
    if not item.other_text and one.other_text and (one.other_id != item.actor_id or not one.other_id):
        item = replace(item, other_text=one.other_text, other_id=one.other_id or ActorId(""))
    return item
