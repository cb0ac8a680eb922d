"""Frames of presence: entering, deploying, building up forces."""

from __future__ import annotations

from mapper.claims import lexicon as lx
from mapper.claims.draft import (
    Findings,
    Parties,
    follow,
    governing_verb,
    is_civil,
    is_good_place,
    last_word,
    noun_agent,
    object_of,
    subject_parties,
)
from mapper.claims.parties import read_list
from mapper.claims.places import read_places
from mapper.claims.rules import Rule
from mapper.claims.scene import Scene
from mapper.claims.syntax import after, before, kind, passive
from mapper.model import Predicate


def at(findings: Findings, rule: Rule, v: int) -> bool:
    scene = findings.scene
    sentence = scene.sentence
    chunk = sentence.chunks[v]
    nxt = after(sentence, v)
    actor = subject_parties(scene, v)
    if rule.name == "storm-into" and not any(p.actor_id or (p.armed and last_word(p) in lx.FORCES) for p in actor):
        return False
    if chunk.lemma in ("hang", "hold") and not (
        kind(sentence, nxt) == "I" and sentence.chunks[nxt].word in ("on to", "onto")
    ):
        return False
    if kind(sentence, nxt) == "NP" and not passive(sentence, v):
        if chunk.lemma not in ("deploy", "station", "mass", "amass", "garrison", "cross"):
            return False
        if chunk.lemma != "cross":
            actor = actor or read_list(scene, nxt)
    if passive(sentence, v) and rule.name != "deploy":
        return False
    armed = any(
        p.armed and not is_civil(p) and (p.actor_id or p.pronoun or last_word(p) in lx.FORCES | lx.PERSONS)
        for p in actor
    )
    if not armed and rule.name in ("deploy", "move-into", "advance-on", "remain"):
        return False
    if rule.name == "advance-on" and not any(
        p.actor_id or last_word(p) in lx.FORCES for p in actor if last_word(p) not in lx.POLICE
    ):
        return False  # protesters march on places too
    if (
        rule.name == "deploy"
        and chunk.lemma in ("base", "station", "arrive")
        and not any(p.actor_id or last_word(p) in lx.FORCES for p in actor)
    ):
        return False
    for word, k in follow(scene, v, rule.preps, limit=7):
        words = word.split()
        if rule.name in ("move-into", "storm-into") and "into" not in words:
            continue
        reading = read_places(scene, k)
        refs = [
            r
            for r in reading.refs
            if r.place is not None or (r.unknown and r.sure >= 0.5) or r.part or r.anaphor in lx.SETTLEMENT
        ]
        if rule.name == "cling" and not any(r.part or r.place for r in refs):
            findings.refuse(rule, k, reading.reason or "no place")
            return False
        if not refs:
            if reading.reason:
                findings.refuse(rule, k, reading.reason)
            return False
        for ref in refs:
            if is_good_place(findings, rule, k, ref):
                findings.add(rule, ref, v, actor=actor)
        return True
    return False


def enter(findings: Findings, rule: Rule, v: int) -> bool:
    scene = findings.scene
    sentence = scene.sentence
    if passive(sentence, v):
        return False
    k = object_of(scene, v)
    if k < 0:
        return False
    actor = subject_parties(scene, v)
    strict = sentence.chunks[v].lemma == "reach"
    if not any(
        p.armed
        and not is_civil(p)
        and (p.actor_id or p.pronoun or last_word(p) in lx.FORCES or last_word(p) in ("gunmen", "fighters", "troops"))
        for p in actor
    ) and not (not strict and any(p.text[:1].isupper() and p.armed for p in actor)):
        return False
    fought = any(
        sentence.lows[c.j - 1] in lx.FIGHTING
        and kind(sentence, before(sentence, n)) in ("S", "I")
        and sentence.chunks[before(sentence, n)].word in ("after", "amid", "following")
        for n, c in enumerate(sentence.chunks)
        if c.kind == "NP" and n > v
    ) or any(
        c.kind == "VG" and c.lemma in ("attack", "storm", "assault") and c.code == "g" for c in sentence.chunks[:v]
    )
    for ref in read_places(scene, k).refs:
        if (
            ref.anaphor not in ("", "it", "city", "town", "village")
            or (ref.unknown and ref.sure < 0.5)
            or (strict and (ref.part or not ref.place or not any(p.actor_id for p in actor)))
        ):
            continue
        predicate = Predicate.CONTESTED if fought and not strict else rule.predicate
        findings.add(
            rule,
            ref,
            v,
            predicate=predicate,
            actor=actor,
            other=_fought_with(scene, v) if fought else (),
            weight=0.85 if strict or fought else 1.0,
        )
    return True


def _fought_with(scene: Scene, v: int) -> Parties:
    """The other side of "after a battle with X" anywhere to the right."""
    sentence = scene.sentence
    for n in range(v + 1, len(sentence.chunks) - 1):
        chunk = sentence.chunks[n]
        if (
            chunk.kind == "I"
            and chunk.word in ("with", "against")
            and kind(sentence, n - 1) == "NP"
            and sentence.lows[sentence.chunks[n - 1].j - 1] in lx.FIGHTING
        ):
            return (
                tuple(p for p in read_list(scene, n + 1) if p.armed or p.actor_id)
                if kind(sentence, n + 1) == "NP"
                else ()
            )
    return ()


def build_up(findings: Findings, rule: Rule, v: int) -> bool:
    scene = findings.scene
    sentence = scene.sentence
    chunk = sentence.chunks[v]
    nxt = after(sentence, v)
    if chunk.lemma == "build":
        if not (kind(sentence, nxt) == "I" and sentence.chunks[nxt].word == "up"):
            return False
        nxt = after(sentence, nxt)
    up = chunk.lemma == "take" and kind(sentence, nxt) == "I" and sentence.chunks[nxt].word == "up"
    if chunk.lemma == "take" and not up:
        return False
    if up:
        nxt = after(sentence, nxt)
    if kind(sentence, nxt) != "NP":
        return False
    noun = sentence.chunks[nxt]
    if sentence.lows[noun.j - 1] not in (("position", "positions") if up else lx.TROOPS):
        return False
    actor = subject_parties(scene, v)
    if not any(p.armed and (p.actor_id or last_word(p) in lx.FORCES) for p in actor):
        return False
    for word, k in follow(scene, nxt, rule.preps, limit=6):
        refs = [r for r in read_places(scene, k).refs if r.place is not None or (r.unknown and r.sure >= 0.5)]
        for ref in refs:
            findings.add(rule, ref, v, actor=actor, weight=0.9 if word == "in" else 0.8)
        if refs:
            return True
    return False


def presence(findings: Findings, rule: Rule, k: int) -> bool:
    scene = findings.scene
    governing = governing_verb(scene, k)
    actor = noun_agent(scene, k)
    if not actor and governing >= 0:
        actor = subject_parties(scene, governing)
    if not any(p.actor_id or (p.armed and last_word(p) in lx.FORCES) for p in actor):
        return False
    if governing >= 0 and scene.sentence.chunks[governing].lemma in ("eliminate", "end", "lose", "destroy", "remove"):
        return False
    made = False
    for _, n in follow(scene, k, rule.preps, limit=6):
        for ref in read_places(scene, n).refs:
            if ref.place is not None or (ref.unknown and ref.sure >= 0.5) or (ref.anaphor in lx.SETTLEMENT):
                findings.add(rule, ref, governing if governing >= 0 else k, actor=actor)
                made = True
        break
    return made
