"""Nouns that name a change: the capture, fall, loss of a place, the withdrawal from it."""

from __future__ import annotations

from mapper.claims import lexicon as lx
from mapper.claims.draft import (
    Findings,
    Parties,
    agent,
    follow,
    governing_verb,
    last_word,
    noun_agent,
    owners_of,
    subject_parties,
    told_as_story,
    verb_before,
)
from mapper.claims.mood import mood_of
from mapper.claims.parties import read_list
from mapper.claims.places import read_places
from mapper.claims.rules import Rule
from mapper.claims.scene import Scene
from mapper.claims.syntax import before, kind, passive
from mapper.model import Modality, Predicate


def event(findings: Findings, rule: Rule, k: int) -> bool:
    scene = findings.scene
    sentence = scene.sentence
    n = k + 1
    if not (
        kind(sentence, n) == "I" and sentence.chunks[n].word.split()[-1] in rule.preps and kind(sentence, n + 1) == "NP"
    ):
        return False
    if told_as_story(scene, k):
        findings.refuse(rule, k, "a story, not a report")
        return True
    who = noun_agent(scene, k)
    if rule.name == "withdrawal-noun" and sentence.chunks[n].word == "of":
        leavers = tuple(p for p in read_list(scene, n + 1) if p.armed or p.actor_id)
        led = [m for word, m in follow(scene, n, "from", limit=7) if word == "from"]
        if leavers and led:
            who = leavers
            n = led[0] - 1
        elif not (who and read_places(scene, n + 1).refs):  # "the rebels' evacuation of X"
            return False
    reading = read_places(scene, n + 1)
    if not reading.refs:
        findings.refuse(rule, n + 1, reading.reason or "no place")
        return True
    noun = sentence.chunks[k]
    by: Parties = ()
    to: Parties = ()
    frm: Parties = ()
    for word, m in follow(scene, reading.end - 1, "by to from", limit=8):
        found = tuple(p for p in read_list(scene, m) if p.armed or p.actor_id or p.text[:1].isupper())
        if word == "by":
            by = by or found
        elif word == "to":
            to = to or found
        else:
            frm = frm or found
    lows = sentence.lows[noun.i : noun.j]
    predicate = rule.predicate
    actor: Parties = ()
    other: Parties = ()
    if rule.name == "capture-noun":
        actor, other = who or by, frm
        if who and by:
            actor = by
    elif rule.name == "fall-noun":
        other = who or _bereft(scene, k)
        actor = to or by
        launched = _launched_by(scene, reading.end)
        if not actor and launched:
            actor = launched
        if actor:
            predicate = Predicate.CAPTURED
    else:
        other = who or _who_leaves(scene, k)
        if not other:
            return False
    governing = governing_verb(scene, k)
    if rule.name == "capture-noun" and not actor:
        actor = _achiever(scene, k, governing)
    if rule.name != "withdrawal-noun" and not other:
        other = _helpless(scene, k, governing, actor)
    for ref in reading.refs:
        if ref.anaphor and ref.anaphor not in lx.SETTLEMENT | {"base", "airport", "province", "region", "area", "camp"}:
            continue
        if ref.unknown and ref.sure < 0.5:
            continue
        if (
            rule.name == "fall-noun"
            and sentence.lows[noun.j - 1] == "collapse"
            and ref.place is not None
            and ref.place.is_region
        ):
            continue
        findings.add(
            rule,
            ref,
            governing if governing >= 0 else k,
            predicate=predicate,
            actor=actor,
            other=other or owners_of(ref),
            modality=_noun_mood(lows),
            weight=1.0 if actor or rule.predicate is not Predicate.CAPTURED else 0.85,
            explicit=bool(other or ref.owners),
        )
    return True


def _achiever(scene: Scene, k: int, governing: int) -> Parties:
    """Reads "completed the recapture of X" and "With the capture of X, the army …": the subject did it."""
    sentence = scene.sentence
    b = before(sentence, k)
    if governing >= 0 and governing == b and sentence.chunks[governing].lemma in _ACHIEVING:
        return tuple(p for p in subject_parties(scene, governing) if p.armed or p.actor_id)
    if b == 0 and sentence.chunks[b].word in ("with", "by"):
        main = next((n for n, c in enumerate(sentence.chunks) if c.kind == "VG" and c.finite and n > k), -1)
        return tuple(p for p in subject_parties(scene, main) if p.armed or p.actor_id) if main >= 0 else ()
    return ()


def _helpless(scene: Scene, k: int, governing: int, actor: Parties) -> Parties:
    """Reads "the army could not prevent the fall of X": it was the army's."""
    v = governing
    if v < 0 or v != before(scene.sentence, k) or scene.sentence.chunks[v].lemma not in lx.AVERTING:
        return ()
    if passive(scene.sentence, v) or mood_of(scene, v).modality is not Modality.NEGATED:
        return ()
    found = tuple(p for p in subject_parties(scene, v) if p.armed and all(p.text != q.text for q in actor))
    return tuple(p for p in found if p.actor_id or last_word(p) in lx.FORCES)


def _bereft(scene: Scene, k: int) -> Parties:
    """Reads "With the loss of X, the army …": the subject lost it."""
    sentence = scene.sentence
    b = before(sentence, k)
    if sentence.lows[sentence.chunks[k].j - 1] != "loss" or b != 0 or sentence.chunks[b].word not in ("with", "after"):
        return ()
    main = next((n for n, c in enumerate(sentence.chunks) if c.kind == "VG" and c.finite and n > k), -1)
    return tuple(p for p in subject_parties(scene, main) if p.armed or p.actor_id) if main >= 0 else ()


def _who_leaves(scene: Scene, k: int) -> Parties:
    """Reads "the rebels made (what they called) a withdrawal from X", "began their retreat from X"."""
    sentence = scene.sentence
    v = verb_before(scene, k)
    if v >= 0 and sentence.chunks[v].lemma in ("call", "describe") and kind(sentence, v - 2) == "W":
        v = verb_before(scene, v)
    if v < 0 or sentence.chunks[v].lemma not in _LEAVE_TAKING or passive(sentence, v):
        return ()
    return tuple(p for p in subject_parties(scene, v) if p.armed or p.actor_id)


_LEAVE_TAKING = lx.words("make begin complete announce stage start conduct finish order")
_ACHIEVING = lx.words("complete achieve finish lead celebrate hail announce begin launch")


def _launched_by(scene: Scene, end: int) -> Parties:
    """Reads "… in a night raid led by marines"."""
    sentence = scene.sentence
    for n in range(end, min(end + 6, len(sentence.chunks))):
        chunk = sentence.chunks[n]
        if (
            chunk.kind == "VG"
            and chunk.bare
            and chunk.lemma in ("launch", "lead", "conduct", "wage", "mount")
            and passive(sentence, n)
        ):
            return agent(scene, n)
        if chunk.kind in ("VG", "W", ";", ","):
            break
    return ()


def _noun_mood(lows: list[str]) -> Modality | None:
    words = set(lows)
    if words & {
        "planned",
        "expected",
        "imminent",
        "attempted",
        "intended",
        "upcoming",
        "eventual",
        "anticipated",
        "desired",
    }:
        return Modality.PLANNED
    if words & {"possible", "potential", "feared", "likely"}:
        return Modality.HYPOTHETICAL
    if words & {"failed", "unsuccessful", "abortive", "botched"}:
        return Modality.NEGATED
    return None
