"""Rules and reader joined: the one place that decides which of both voices is believed, and how sure the claim is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from mapper.claims.document import Document
from mapper.claims.drafted import make
from mapper.claims.reader import KIND_OF, MODALITIES, Blend, Heard
from mapper.claims.resolve import Made, Rejected, Voices
from mapper.claims.scene import Scene
from mapper.model import ActorId, Modality


def _odds(p: float) -> float:
    p = min(max(p, 0.001), 0.999)
    return math.log(p / (1 - p))


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def reconcile(
    document: Document,
    scene: Scene,
    ruled: Sequence[Made],
    heard: Sequence[Heard],
    blend: Blend,
    rejected: list[Rejected],
) -> list[Made]:
    """The claims of a sentence that are believed, with ``confidence`` from both voices and ``voices`` to say whose."""
    kept: list[Made] = []
    spoken: set[tuple[int, str]] = set()  # (candidate's start, kind) that a rule spoke of
    for item in ruled:
        kind = KIND_OF.get(item.predicate, "")
        ref = item.draft.ref
        own = [
            h
            for h in heard
            if h.answer.kind == kind and h.candidate.start < ref.end and ref.start < h.candidate.end
        ]
        if not own:
            kept.append(replace(item, voices=Voices(rule=item.draft.rule.name, rule_confidence=item.confidence)))
            continue
        best = max(own, key=lambda h: h.answer.said)
        said = best.answer.said
        voices = Voices(rule=item.draft.rule.name, rule_confidence=item.confidence, reader=said)
        if not item.modality.mapped:
            spoken.update((h.candidate.start, kind) for h in own)
            kept.append(replace(item, voices=voices))
            continue
        constant, of_reader, of_rule = blend.both
        p = _probability(constant + of_reader * _odds(said) + of_rule * _odds(item.confidence))
        if p < blend.accept:
            rejected.append(
                Rejected(
                    rule=item.draft.rule.name,
                    text=item.ref.text,
                    reason=f"the reader gives it {said:.0%}",
                    start=ref.start,
                    end=ref.end,
                )
            )
            spoken.update((h.candidate.start, kind) for h in own)
            continue
        spoken.update((h.candidate.start, kind) for h in own)
        kept.append(_completed(document, scene, replace(item, confidence=p, voices=voices), best))
    for h in heard:
        if (h.candidate.start, h.answer.kind) in spoken:
            continue
        p = _probability(blend.alone[0] + blend.alone[1] * _odds(h.answer.said))
        if p >= blend.accept:
            for item in make(document, scene, h):
                sure = p * (1.0 if item.ref.place is not None else 0.9) * (0.9 if item.draft.ref.anaphor else 1.0)
                kept.append(replace(item, confidence=sure, voices=Voices(reader=h.answer.said)))
            continue
        mood = max(range(2, len(MODALITIES)), key=lambda n: h.answer.moods[n])
        if h.answer.moods[mood] >= blend.unsaid:
            kept.extend(
                replace(item, modality=Modality(MODALITIES[mood]), confidence=h.answer.moods[mood], voices=Voices(reader=h.answer.said))
                for item in make(document, scene, h)
            )
    return kept


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
