"""Verb frames of losing: who was driven out, what fell, what was lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mapper.claims import lexicon as lx
from mapper.claims.draft import (
    Findings,
    Parties,
    add_gapped,
    agent,
    follow,
    holder_of_control,
    is_good_place,
    last_word,
    noun_agent,
    object_of,
    owners_of,
    subject_parties,
    subject_refs,
)
from mapper.claims.parties import read_list
from mapper.claims.places import read_places
from mapper.claims.rules import Rule
from mapper.claims.scene import PlaceRef, Scene, at_war
from mapper.claims.syntax import after, before, kind, passive
from mapper.model import Predicate


def expel(findings: Findings, rule: Rule, v: int) -> bool:
    scene = findings.scene
    sentence = scene.sentence
    for word, k in follow(scene, v, rule.preps, limit=8):
        if word in ("from", "out of") or word.startswith(("out ", "away from")):
            if kind(sentence, before(sentence, k)) != "I":
                continue
            reading = read_places(scene, k)
            if reading.reason == "an actor" and word == "from":
                continue  # "drove fighters from the X army out of Y"
            if passive(sentence, v):
                other, actor = subject_parties(scene, v), agent(scene, v)
            else:
                o = object_of(scene, v)
                other = read_list(scene, o) if o >= 0 and o != k else ()
                actor = subject_parties(scene, v)
            grouped = o_is_group(scene, v) if not passive(sentence, v) and any(p.armed for p in actor) else False
            if not any(p.armed or p.actor_id for p in other) and not grouped:
                return False
            if not reading.refs:
                findings.refuse(rule, k, reading.reason or "no place")
                return True
            for ref in reading.refs:
                if is_good_place(findings, rule, k, ref):
                    findings.add(
                        rule,
                        ref,
                        v,
                        predicate=Predicate.CAPTURED if actor else Predicate.LOST,
                        actor=actor,
                        other=other,
                        explicit=True,
                    )
            return True
    chunk = sentence.chunks[v]
    o = after(sentence, v)
    out = after(sentence, o)
    if (
        not passive(sentence, v)
        and chunk.lemma in lx.DRIVING
        and kind(sentence, o) == "NP"
        and kind(sentence, out) == "I"
        and sentence.chunks[out].word == "out"
    ):
        # "commandos pushed them out": of the place the text is about
        actor = tuple(p for p in subject_parties(scene, v) if p.armed)
        them = sentence.lows[sentence.chunks[o].i : sentence.chunks[o].j] == ["them"]
        other = () if them else tuple(p for p in read_list(scene, o) if p.armed)
        if actor and (other or them):
            place = sentence.chunks[out]
            ref = PlaceRef(
                text="there", start=sentence.starts[place.i], end=sentence.ends[place.j - 1], anaphor="there", sure=0.8
            )
            findings.add(rule, ref, v, actor=actor, other=other, explicit=bool(other))
            return True
    if passive(sentence, v) and chunk.lemma in lx.DRIVING and findings.drafts:
        # "captured X before being forced out by Y": the place is the one just taken
        follow_on = sentence.chunks[v + 1].word if v + 1 < len(sentence.chunks) else ""
        actor = agent(scene, v)
        if "by" in follow_on.split() and kind(sentence, v + 2) == "NP":
            actor = read_list(scene, v + 2)
        last = findings.drafts[-1]
        if follow_on.startswith("out") and actor and last.predicate is Predicate.CAPTURED:
            findings.add(rule, last.ref, v, predicate=Predicate.CAPTURED, actor=actor, other=last.actor, explicit=True)
            return True
    return False


def reverse(findings: Findings, rule: Rule, v: int) -> bool:
    """Reads "reversed all of the rebels' gains in X", "rolled back their gains in X": part of X taken from whose they were."""
    scene = findings.scene
    sentence = scene.sentence
    k = object_of(scene, v)
    while (
        k >= 0
        and kind(sentence, k + 1) == "I"
        and sentence.chunks[k + 1].word == "of"
        and kind(sentence, k + 2) == "NP"
    ):
        k += 2
    if k < 0 or sentence.lows[sentence.chunks[k].j - 1] != "gains" or passive(sentence, v):
        return False
    actor = tuple(p for p in subject_parties(scene, v) if p.armed)
    other = tuple(p for p in noun_agent(scene, k) if p.armed and all(p.text != q.text for q in actor))
    if not any(p.actor_id or last_word(p) in lx.FORCES for p in actor):
        return False
    for word, n in follow(scene, k, rule.preps, limit=3):
        for ref in read_places(scene, n).refs:
            if ref.place is not None:
                part = f"gains {word} {ref.part}".strip()
                findings.add(rule, replace(ref, part=part), v, actor=actor, other=other, explicit=bool(other))
        return True
    return False


def o_is_group(scene: Scene, v: int) -> bool:
    """Whether the object is a capitalised group with its article: "chased the Islamic Courts out of X"."""
    sentence = scene.sentence
    k = object_of(scene, v)
    chunk = sentence.chunks[k] if k >= 0 else None
    return chunk is not None and sentence.lows[chunk.i] == "the" and sentence.tags[chunk.j - 1] == "P"


def fall(findings: Findings, rule: Rule, v: int) -> bool:
    scene = findings.scene
    sentence = scene.sentence
    if passive(sentence, v):
        return False
    refs = [r for r in subject_refs(scene, v) if not r.unknown or r.sure >= 0.5]
    if not refs:
        return False
    nxt = after(sentence, v)
    actor: Parties = ()
    if kind(sentence, nxt) == "I":
        word = sentence.chunks[nxt].word
        k = nxt + 1
        chunk = sentence.chunks[k] if kind(sentence, k) == "NP" else None
        if word == "to" and chunk is not None:
            actor = tuple(p for p in read_list(scene, k) if p.armed or p.actor_id or sentence.tags[chunk.j - 1] == "P")
            if not actor:
                return False
        elif (
            word in ("into", "under", "in", "in to")
            and chunk is not None
            and sentence.lows[chunk.j - 1] in ("hands", "control", "rule")
        ):
            actor = holder_of_control(scene, k)
            if not actor:
                return False
        elif word in lx.FALL_ELSE or word not in lx.FALL_CIRCUMSTANCE:
            return False
    elif (kind(sentence, nxt) in ("NP", "A") and nxt < len(sentence.chunks)) or not all(
        r.place is not None for r in refs
    ):
        return False
    states = all(not p.armed or " " not in p.text for p in actor)
    if actor and states and not at_war(scene) and all(r.place is not None and r.place.is_region for r in refs):
        return False  # one country falls to another in sport
    for ref in refs:
        if not is_good_place(findings, rule, v, ref) or (ref.part and not actor):
            continue
        findings.add(
            rule,
            ref,
            v,
            predicate=Predicate.CAPTURED if actor else Predicate.LOST,
            actor=actor,
            other=owners_of(ref),
            weight=1.0 if actor else 0.85,
            explicit=bool(ref.owners),
        )
    add_gapped(findings, v, refs)
    return True


def lose(findings: Findings, rule: Rule, v: int) -> bool:
    scene = findings.scene
    sentence = scene.sentence
    if passive(sentence, v):
        refs: Sequence[PlaceRef] = subject_refs(scene, v)
        other: Parties = ()
        end = v + 1
        if not refs or not all(r.place or r.anaphor in lx.SETTLEMENT for r in refs):
            return False
    else:
        k = object_of(scene, v)
        if k < 0:
            return False
        reading = read_places(scene, k)
        refs, end = reading.refs, reading.end
        other = tuple(
            p for p in subject_parties(scene, v) if p.armed or p.actor_id or p.pronoun or p.text[:1].isupper()
        )
        if not other or not refs:
            if reading.reason:
                findings.refuse(rule, k, reading.reason)
            return False
        refs = [r for r in refs if not r.unknown or r.sure >= 0.6]
        if not any(p.armed for p in other) and not any(r.place for r in refs):
            return False
        if not any(p.armed or p.actor_id for p in other) and not at_war(scene):
            return False  # candidates lose districts too
    actor: Parties = ()
    for _, n in follow(scene, v, "to", limit=10):
        if n >= end:
            actor = tuple(p for p in read_list(scene, n) if p.armed or p.actor_id)
            break
    for ref in refs:
        if is_good_place(findings, rule, v, ref):
            findings.add(
                rule,
                ref,
                v,
                predicate=Predicate.CAPTURED if actor else Predicate.LOST,
                actor=actor,
                other=other,
                explicit=bool(actor),
            )
    return bool(refs)
