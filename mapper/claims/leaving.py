"""Verb frames of leaving: withdrew from, abandoned, handed over to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mapper.claims import lexicon as lx
from mapper.claims.draft import (
    Draft,
    Findings,
    Parties,
    agent,
    follow,
    holder_of_control,
    is_good_place,
    last_word,
    object_of,
    subject_parties,
    subject_refs,
)
from mapper.claims.parties import read_list, read_party
from mapper.claims.places import read_places
from mapper.claims.rules import Rule
from mapper.claims.scene import PlaceRef
from mapper.claims.syntax import after, kind, passive, subject
from mapper.model import Predicate


def leave(findings: Findings, rule: Rule, v: int) -> bool:
    scene = findings.scene
    sentence = scene.sentence
    chunk = sentence.chunks[v]
    if chunk.lemma == "pull" and not (
        kind(sentence, v + 1) == "I" and sentence.chunks[v + 1].word.split()[0] in ("out", "back", "away")
    ):
        # "pulled its troops out of X"
        k = after(sentence, v)
        if kind(sentence, k) == "NP" and kind(sentence, k + 1) == "I" and sentence.chunks[k + 1].word == "of":
            k += 2  # "pulled nearly all of its fighters out of X"
        if not (kind(sentence, k) == "NP" and read_party(scene, k)):
            return False
    if chunk.lemma == "fall" and not (kind(sentence, v + 1) == "I" and sentence.chunks[v + 1].word.startswith("back")):
        return False
    for word, k in follow(scene, v, rule.preps, limit=9):
        if chunk.lemma == "pull" and "out" not in word and "from" not in word:
            continue
        if word == "from" and chunk.lemma == "evacuate":
            continue
        if word == "outside" and chunk.lemma != "redeploy":
            continue
        other = subject_parties(scene, v)
        o = object_of(scene, v)
        if 0 <= o < k:
            if passive(sentence, v):
                break
            if kind(sentence, o + 1) == "I" and sentence.chunks[o + 1].word == "of" and o + 2 < k:
                o += 2
            other_object = tuple(p for p in read_list(scene, o) if p.armed or p.actor_id)
            if not other_object:
                return False
            if any(p.armed and not p.text[:1].isupper() for p in other_object) and not other:
                other = other_object
        if not any(p.armed or p.actor_id or p.pronoun for p in other):
            return False
        reading = read_places(scene, k)
        if not reading.refs:
            findings.refuse(rule, k, reading.reason or "no place")
            return True
        for ref in reading.refs:
            if is_good_place(findings, rule, k, ref):
                findings.add(rule, ref, v, other=other, weight=0.95 if ref.place else 0.8, explicit=True)
        return True
    pulled = chunk.lemma == "pull" and kind(sentence, v + 1) == "I" and sentence.chunks[v + 1].word == "out"
    if (chunk.lemma in ("withdraw", "retreat", "flee") or pulled) and not passive(sentence, v):
        # "recaptured the two towns as the militia withdrew": the place is the one just spoken of
        nxt = after(sentence, v + 1 if pulled else v)
        loose = kind(sentence, nxt) == "I" and kind(sentence, nxt + 1) == "NP" and not read_places(scene, nxt + 1).refs
        if (loose or kind(sentence, nxt) in ("", ",", "C", ";", "S")) and findings.drafts:
            other = subject_parties(scene, v)
            last = findings.drafts[-1]
            if (
                any(p.armed or p.actor_id or p.text[:1].isupper() for p in other)
                and last.predicate in (Predicate.CAPTURED, Predicate.HOLDS, Predicate.PRESENCE)
                and (chunk.lemma != "flee" or any(last_word(p) in lx.FORCES for p in other))
                and (last.predicate is not Predicate.HOLDS or {p.text for p in last.actor} & {p.text for p in other})
            ):
                same = [d for d in findings.drafts if d.verb == last.verb]
                names = {p.text for p in other}  # "took X and withdrew": from what nobody else had
                for n, draft in enumerate(findings.drafts):
                    taken = draft.verb == last.verb and not draft.other and draft.predicate is Predicate.CAPTURED
                    if taken and names.isdisjoint(p.text for p in draft.actor):
                        findings.drafts[n] = replace(draft, other=other, explicit_other=True)
                findings.drafts.extend(
                    Draft(
                        rule=rule,
                        predicate=rule.predicate,
                        ref=d.ref,
                        other=other,
                        verb=v,
                        explicit_other=True,
                        weight=0.9,
                    )
                    for d in same
                )
                return True
    return False


def abandon(findings: Findings, rule: Rule, v: int) -> bool:
    scene = findings.scene
    sentence = scene.sentence
    chunk = sentence.chunks[v]
    if passive(sentence, v):
        other = agent(scene, v)
        if not any(p.armed for p in other):
            return False
        refs: Sequence[PlaceRef] = subject_refs(scene, v)
        if any(r.anaphor == "it" for r in refs) and findings.drafts:
            refs = [findings.drafts[-1].ref]
    else:
        k = object_of(scene, v)
        if k < 0:
            return False
        other = subject_parties(scene, v)
        if not any(
            (p.armed and p.actor_id) or (p.armed and not p.pronoun and p.text.split()[-1].lower() in lx.FORCES)
            for p in other
        ):
            return False
        refs = [r for r in read_places(scene, k).refs if not (r.unknown and r.sure < 0.5)]
        if chunk.lemma in ("leave", "flee", "quit", "desert") and (
            not refs or any(not r.place and not r.unknown for r in refs)
        ):
            return False
        if chunk.lemma == "leave" and refs and kind(sentence, read_places(scene, k).end) in ("VG", "I", "NP"):
            return False
    for ref in refs:
        if is_good_place(findings, rule, v, ref):
            findings.add(rule, ref, v, other=other, explicit=True)
    return bool(refs)


def control_passes(findings: Findings, rule: Rule, v: int) -> bool:
    """Reads "control of X passed to Y", "rule over X reverted to the army"."""
    scene = findings.scene
    sentence = scene.sentence
    heads = subject(sentence, v)
    k = heads[0] if heads else -1
    if kind(sentence, k) != "NP" or sentence.lows[sentence.chunks[k].j - 1] not in lx.CONTROL_OBJECTS:
        return False
    if not (kind(sentence, k + 1) == "I" and sentence.chunks[k + 1].word in ("of", "over", "in")):
        return False
    actor: Parties = ()
    for word, n in follow(scene, v, "to into", limit=8):
        if word == "to":
            actor = actor or tuple(p for p in read_list(scene, n) if p.armed or p.actor_id)
        elif sentence.lows[sentence.chunks[n].j - 1] == "hands":
            actor = actor or holder_of_control(scene, n)
    if not actor:
        return False
    other = tuple(p for _, n in follow(scene, v, "from", limit=6) for p in read_list(scene, n) if p.armed or p.actor_id)
    for ref in read_places(scene, k + 2).refs:
        if is_good_place(findings, rule, v, ref):
            findings.add(rule, ref, v, actor=actor, other=other, explicit=bool(other))
    return True


def hand(findings: Findings, rule: Rule, v: int) -> bool:
    scene = findings.scene
    sentence = scene.sentence
    chunk = sentence.chunks[v]
    if passive(sentence, v):
        refs: Sequence[PlaceRef] = subject_refs(scene, v)
        other = agent(scene, v)
        end = v + 1
    else:
        k = object_of(scene, v)
        if (
            kind(sentence, v + 1) == "I"
            and sentence.chunks[v + 1].word in ("over", "up")
            and kind(sentence, v + 2) == "NP"
        ):
            k = v + 2
        if k < 0:
            return False
        head = sentence.lows[sentence.chunks[k].j - 1]
        if (
            head in ("control", "responsibility", "authority", "security")
            and kind(sentence, k + 1) == "I"
            and kind(sentence, k + 2) == "NP"
        ):
            k += 2
        reading = read_places(scene, k)
        refs, end = reading.refs, reading.end
        other = subject_parties(scene, v)
        if not refs:
            return False
    to = [(w, n) for w, n in follow(scene, v, "to", limit=14) if n >= end]
    actor: Parties = ()
    for _, n in to:
        actor = tuple(p for p in read_list(scene, n) if p.armed or p.actor_id or p.text[:1].isupper())
        if actor:
            break
    if not actor and chunk.lemma not in ("surrender", "cede", "concede", "relinquish"):
        return False
    if not actor and not any(p.armed for p in other):
        return False
    made = False
    for ref in refs:
        if (ref.unknown and ref.sure < 0.6) or ref.anaphor or not is_good_place(findings, rule, v, ref):
            continue
        predicate = Predicate.TRANSFERRED if actor else Predicate.LOST
        findings.add(rule, ref, v, predicate=predicate, actor=actor, other=other, explicit=True)
        made = True
    return made
