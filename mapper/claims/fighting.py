"""Frames of fighting: verbs and nouns of battle, assaults, sieges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mapper.claims import lexicon as lx
from mapper.claims.bearings import further_off, whereabouts
from mapper.claims.draft import (
    Draft,
    Findings,
    Parties,
    agent,
    fight_refs,
    follow,
    governing_verb,
    is_civil,
    is_good_place,
    last_word,
    noun_agent,
    object_of,
    opening_place,
    owners_of,
    refs_ending,
    subject_parties,
    subject_refs,
    told_as_story,
    verb_before,
)
from mapper.claims.mood import mood_of
from mapper.claims.parties import read_list
from mapper.claims.places import read_places
from mapper.claims.rules import Rule
from mapper.claims.scene import PlaceRef, Scene, is_direction, place_ref
from mapper.claims.sides import (
    BYSTANDERS,
    apart,
    casualties,
    named_front,
    of_a_party,
    peoples,
    sides_told,
    two_sides,
)
from mapper.claims.syntax import after, before, kind, passive
from mapper.model import Modality, Predicate


def fight(findings: Findings, rule: Rule, v: int) -> bool:
    scene = findings.scene
    sentence = scene.sentence
    if passive(sentence, v):
        actor = agent(scene, v)
        for word, k in follow(scene, v, "by", limit=8):
            if "by" in word.split():
                actor = read_list(scene, k)
                break
        other = subject_parties(scene, v)
    else:
        actor = subject_parties(scene, v)
        k = object_of(scene, v)
        other = read_list(scene, k) if k > v else ()
        if not other:
            for word, n in follow(scene, v, "with against alongside", limit=8):
                if word != "alongside":
                    other = read_list(scene, n)
                break
    sides = [p for p in (*actor, *other) if not is_civil(p) and (p.actor_id or (p.armed and last_word(p) in lx.FORCES))]
    if all(last_word(p) in lx.POLICE for p in sides):
        return False  # a riot, not a fight for the place
    chunk = sentence.chunks[v]
    if chunk.lemma in ("confront", "squeeze") and not (actor and other):
        return False
    if not passive(sentence, v) and _life_story(scene, v, actor):
        return False
    refs = _located(findings, rule, v)
    for ref in refs:
        findings.add(rule, ref, v, actor=actor, other=other, explicit=bool(other))
    return bool(refs)


def _life_story(scene: Scene, v: int, actor: Parties) -> bool:
    """Reads "he fought with X in Y", "Smith was captured fighting with X": one person's doings, no fight of two sides."""
    if not actor or any(p.armed or p.actor_id for p in actor):
        return False
    caught = kind(scene.sentence, v - 1) == "VG" and passive(scene.sentence, v - 1)
    return caught or all(p.pronoun for p in actor)


def _located(findings: Findings, rule: Rule, v: int) -> list[PlaceRef]:
    """Where an event happens: its own PP, the place "where" it happens, "there", or the PP that opens the sentence."""
    scene = findings.scene
    sentence = scene.sentence
    for word, k in follow(scene, v, rule.preps, limit=14):
        if word.split()[-1] in ("with", "against", "by", "from", "to") and not _way(scene, v):
            continue
        over_country = [r.place for r in read_places(scene, k).refs if word == "over" and r.place is not None]
        if any(p.feature_code.startswith("PCL") for p in over_country):
            return []  # states clash over a country in words
        at = k
        head = sentence.lows[sentence.chunks[k].j - 1]
        controlled = kind(sentence, k + 1) == "I" and sentence.chunks[k + 1].word in ("of", "over")
        if head in lx.CONTROL and controlled and kind(sentence, k + 2) == "NP":
            at = k + 2  # "battling for control of X"
        refs = [r for r in read_places(scene, at).refs if r.place is not None or (r.unknown and r.sure >= 0.5)]
        if refs:
            return refs
    k = v
    while k > 0:
        k -= 1
        chunk = sentence.chunks[k]
        if chunk.kind == "W" and chunk.word == "where":
            a = before(sentence, k)
            if kind(sentence, a) == ",":
                a = before(sentence, a)
            return refs_ending(scene, a)
        if chunk.kind in (";", "S") or (chunk.kind == "VG" and chunk.finite):
            break
    lo, hi = sentence.chunks[max(0, v - 3)].i, sentence.chunks[v].j
    there = [
        t
        for t in range(lo, min(hi + 6, len(sentence.lows)))
        if sentence.lows[t] == "there" and sentence.lows[t + 1 : t + 2] not in (["is"], ["was"])
    ]
    if there:
        t = there[0]
        return [PlaceRef(text="there", start=sentence.starts[t], end=sentence.ends[t], anaphor="there")]
    b = before(sentence, v)
    if sentence.chunks[v].to and not (kind(sentence, b) == "VG" and sentence.chunks[b].lemma in _GOING_ON_TO):
        return []  # "In X they called for a force to fight Y": nobody says where
    return opening_place(scene)


_GOING_ON_TO = lx.words("continue begin start resume")


def _way(scene: Scene, v: int) -> bool:
    """Reads "fought their way to X"."""
    k = after(scene.sentence, v)
    return kind(scene.sentence, k) == "NP" and scene.sentence.lows[scene.sentence.chunks[k].j - 1] == "way"


def storm(findings: Findings, rule: Rule, v: int) -> bool:
    scene = findings.scene
    sentence = scene.sentence
    if passive(sentence, v):
        actor = agent(scene, v)
        refs: Sequence[PlaceRef] = subject_refs(scene, v)
        anchor = v
    else:
        k = object_of(scene, v)
        if k < 0:
            return False
        actor = subject_parties(scene, v)
        refs = read_places(scene, k).refs
        anchor = k
        noun = sentence.chunks[k]
        if sentence.lows[noun.j - 1] in lx.CIVIL_SITES and not lx.MILITARY.intersection(sentence.lows[noun.i : noun.j]):
            findings.refuse(rule, k, "an attack on a building, not on a town")
            return False
    actor = tuple(p for p in actor if all(p.start != r.start for r in refs))  # "the prospect of invading X was"
    armed = any(
        p.armed and not is_civil(p) and (p.actor_id or last_word(p) in lx.FORCES) and last_word(p) not in lx.POLICE
        for p in actor
    )
    if not armed:
        return False
    for ref in refs:
        meant = rule.name == "breach" or sentence.chunks[v].lemma in ("storm", "invade", "assault")
        if ref.anaphor and not (meant and ref.anaphor in lx.SETTLEMENT and ref.text.lower().startswith("the ")):
            continue
        if ref.unknown and ref.sure < 0.6:
            continue
        if sentence.chunks[v].lemma == "attack" and (ref.part and ref.place is None):
            continue
        if is_good_place(findings, rule, anchor, ref):
            other = owners_of(ref)
            findings.add(rule, ref, v, actor=actor, other=other, explicit=bool(other))
    return bool(refs)


def besiege(findings: Findings, rule: Rule, v: int) -> bool:
    scene = findings.scene
    sentence = scene.sentence
    if passive(sentence, v):
        actor = agent(scene, v)
        refs: Sequence[PlaceRef] = subject_refs(scene, v)
        inside = [p for p in subject_parties(scene, v) if p.armed and (p.actor_id or last_word(p) in lx.FORCES)]
        if inside and not any(r.place for r in refs):
            # "300 fighters are besieged in X by the army"
            for _, n in follow(scene, v, "in at inside around", limit=6):
                for ref in read_places(scene, n).refs:
                    if ref.place is not None or ref.unknown:
                        findings.add(rule, ref, v, actor=actor, other=tuple(inside), explicit=True)
                return True
        if sentence.chunks[v].lemma == "surround" and not any(p.armed for p in actor) and not (scene.war and not actor):
            return False
        if not actor and (not all(r.place for r in refs) or _by_people(scene, v)):
            return False
    else:
        k = object_of(scene, v)
        if k < 0:
            return False
        actor = subject_parties(scene, v)
        refs = read_places(scene, k).refs
        if not any(p.armed or p.actor_id or p.pronoun for p in actor):
            return False
        noun = sentence.chunks[k]
        if sentence.lows[noun.j - 1] in lx.CIVIL_SITES and sentence.lows[noun.i] in ("a", "an"):
            findings.refuse(rule, k, "a building, not a town")
            return False
    if actor and all(last_word(p) in lx.POLICE for p in actor):
        return False
    for ref in refs:
        if ref.anaphor not in ("", *lx.SETTLEMENT, "base", "airport", "camp"):
            continue
        if ref.unknown and ref.sure < 0.5:
            continue
        findings.add(rule, ref, v, actor=actor, other=owners_of(ref), explicit=bool(ref.owners))
    return bool(refs)


def _by_people(scene: Scene, v: int) -> bool:
    """Whether a common noun in small letters that is no side stands behind "by": "besieged by tourists"."""
    for _, k in follow(scene, v, "by", limit=3):
        chunk = scene.sentence.chunks[k]
        return all(word == word.lower() for word in scene.sentence.words[chunk.i : chunk.j])
    return False


def cut_off(findings: Findings, rule: Rule, v: int) -> bool:
    """Reads "cut off the town", "cut it off", "severed the last road into X"."""
    scene = findings.scene
    sentence = scene.sentence
    if passive(sentence, v):
        return False
    k = after(sentence, v)
    off = kind(sentence, k) == "I" and sentence.chunks[k].word == "off"
    if off:
        k = after(sentence, k)
    if kind(sentence, k) != "NP":
        return False
    behind = after(sentence, k)
    off = off or (kind(sentence, behind) == "I" and sentence.chunks[behind].word.startswith("off"))
    actor = subject_parties(scene, v)
    if not any(p.armed and not is_civil(p) and (p.actor_id or last_word(p) in lx.FORCES) for p in actor):
        return False
    noun = sentence.chunks[k]
    lows = sentence.lows[noun.i : noun.j]
    refs: Sequence[PlaceRef] = ()
    if lows[-1] in lx.WAYS:
        if lx.EVERY.isdisjoint(lows):
            return False  # one road cut is no siege
        refs = [r for _, n in follow(scene, k, rule.preps, limit=4) for r in read_places(scene, n).refs]
    elif off and sentence.chunks[v].lemma == "cut":
        refs = read_places(scene, k).refs
    made = False
    for ref in refs:
        town = ref.place is not None and not ref.place.is_region
        if (town or ref.anaphor in lx.SETTLEMENT | {"it"}) and not ref.part:
            findings.add(rule, ref, v, actor=actor)
            made = True
    return made


_ATTACK_VERBS = lx.words(
    "launch mount repel repulse thwart foil resume begin renew continue start stage defeat withstand conduct"
)


_FIGURATIVE = lx.words(
    "legal court political legislative media propaganda sexual verbal uphill air security peace diplomatic charm pr election"
    " electoral vaccination recruitment advertising presidential marketing fundraising price budget"
)


def fighting(findings: Findings, rule: Rule, k: int) -> bool:
    scene = findings.scene
    sentence = scene.sentence
    chunk = sentence.chunks[k]
    lows = sentence.lows[chunk.i : chunk.j]
    if any(w in _FIGURATIVE or w in _FEARED for w in lows) or _background(scene, k):
        return False
    if lows[-1] in ("attack", "attacks"):
        b = before(sentence, k)
        if not (
            kind(sentence, b) == "VG" and sentence.chunks[b].lemma in _ATTACK_VERBS and not passive(sentence, b)
        ) or any(w in lx.TERROR for w in lows):
            return False
    if (
        lows[-1] in _ONLY_NAMED
        and "offensive" not in lows[:-1]
        and (not _named_for(scene, k) or _WAYS_OF_WAR.isdisjoint(lows))
    ):
        return False  # most operations and campaigns are no fighting: "the X ground operation" is
    plan = _purpose(findings, k)
    actor = noun_agent(scene, k)
    other: Parties = ()
    refs: list[PlaceRef] = []
    n = k + 1
    governing = governing_verb(scene, k)
    fought: list[Draft] = []
    parties_seen = bool(actor)
    while n < len(sentence.chunks) and n < k + 22:
        where = sentence.chunks[n]
        if where.kind == "I":
            m = after(sentence, n)
            if kind(sentence, m) != "NP" or where.word.startswith("according"):
                n += 1
                continue
            word = where.word
            last = word.split()[-1]
            if last in ("between", "among"):
                found = two_sides(scene, m)
                if found:
                    actor, other = found[:1], found[1:]
                    parties_seen = True
                elif last in rule.preps and not peoples(scene, m):
                    refs = refs or fight_refs(scene, m)
            elif last == "of" and n > k + 1 and of_a_party(scene, n - 1):
                pass  # "clashes with fighters of the Sons of X in Y"
            elif (
                last == "with"
                and kind(sentence, before(sentence, n)) == "NP"
                and before(sentence, n) != k
                and sentence.lows[sentence.chunks[before(sentence, n)].j - 1] not in lx.FORCES
            ):
                pass  # "the frontier with X"
            elif last in ("with", "against"):
                found = read_list(scene, m)
                other = other or tuple(p for p in found if p.armed or p.actor_id)
                parties_seen = parties_seen or bool(other)
                if not other and last == "against" and not refs:
                    refs = [r for r in fight_refs(scene, m) if r.place is not None]
            elif word == "by":
                found = read_list(scene, m)
                actor = actor or found
                parties_seen = parties_seen or bool(found)
            elif last == "for" and named_front(scene, n - 1):
                pass  # "the Popular Front for the Liberation of X", whoever they are
            elif (last in rule.preps or (last == "of" and "battle" in lows and n == k + 1)) and not refs:
                refs = fight_refs(scene, m)
                refs += further_off(scene, n, refs)
        elif where.kind == "NP" and is_direction(scene, n) and not refs:
            refs = whereabouts(scene, n)  # "west of X", "northeast of X near Y"
        elif where.kind == "VG" and where.bare and where.lemma in lx.WAGING:
            if passive(sentence, n):
                actor = actor or agent(scene, n)
        elif where.kind == "VG" and where.bare and where.lemma in lx.LYING and kind(sentence, n + 1) == "I":
            pass  # "an offensive on forces positioned in X"
        elif where.kind == "VG" and where.lemma == "target" and where.code == "g":
            m = after(sentence, n)
            if kind(sentence, m) == "NP":
                refs = refs + [r for r in fight_refs(scene, m) if all(r.start != q.start for q in refs)]
        elif where.kind == "W" and kind(sentence, n + 1) == "VG" and sentence.chunks[n + 1].lemma in lx.BREAKING_OUT:
            n += 1
        elif where.kind == "VG" and n == governing and where.lemma in lx.GOING_ON and not actor and not other:
            pass  # "clashes erupted between A and B in X"
        elif where.kind in ("VG", "W", "S", ";"):
            break
        n += 1
    if governing >= 0 and not actor:
        v = sentence.chunks[governing]
        if (
            governing < k
            and not passive(sentence, governing)
            and v.lemma not in ("say", "report", "see", "follow", "include")
        ):
            found = subject_parties(scene, governing)
            if v.lemma in lx.REPELLING | {"defeat"}:
                # "the army repelled an attack": the army is not the attacker
                other, found = other or tuple(p for p in found if p.armed or p.actor_id), ()
            actor = tuple(
                p for p in found if not is_civil(p) and (p.actor_id or (p.armed and last_word(p) not in BYSTANDERS))
            )
            parties_seen = parties_seen or bool(actor)
        elif governing < k and v.lemma in ("kill", "wound", "injure", "engage", "lock", "trap") and other:
            # "30 X fighters were killed in clashes with Y": X is the other side
            actor = tuple(p for p in subject_parties(scene, governing) if p.actor_id)
    dead = casualties(scene, k)
    if not actor and not other and not dead:
        actor, other = sides_told(scene, k)
    if not refs and governing >= 0:
        refs = _after_governing(scene, governing, k, rule)
    if not refs and not plan:
        where_refs = opening_place(scene)
        if rule.name == "fighting-noun" and where_refs and parties_seen:
            refs = where_refs
    armed = [
        p
        for p in (*actor, *other, *dead)
        if p.actor_id or (p.armed and last_word(p) in lx.FORCES and last_word(p) != "government" and not is_civil(p))
    ]
    if any(is_civil(p) for p in (*actor, *other)) and len(armed) < 2:
        return False
    if armed and all(last_word(p) in lx.POLICE for p in armed):
        return False
    fierce = any(w in lx.FIERCE for w in lows)
    battle_for = (
        lows[-1] == "battle"
        and lows[0] == "the"
        and sentence.chunks[min(k + 1, len(sentence.chunks) - 1)].word == "for"
    )
    over = _fought_over(findings, k) if rule.name == "fighting-noun" and not refs and not plan else []
    if (
        not armed
        and not over
        and not (
            rule.name == "fighting-noun"
            and (fierce or battle_for or scene.war or "fighting" in lows or _deadly(scene, governing, refs))
        )
        and rule.name != "offensive-noun"
    ):
        return False
    if not refs and not plan:
        refs = _named_for(scene, k)
    elif rule.name == "offensive-noun" and not armed:
        return False
    if rule.name == "offensive-noun" and not armed and not refs:
        return False
    if not refs and not plan and rule.name == "fighting-noun":
        refs = over
        fought = [
            d
            for d in findings.drafts
            if d.predicate is Predicate.CAPTURED and any(d.ref.start == r.start for r in refs)
        ]
        if fought and not actor:
            actor = fought[0].actor
        if fought and not other:
            other = fought[0].other or apart(dead, actor)
        for at, draft in enumerate(findings.drafts):
            if draft in fought and not draft.other and other:
                findings.drafts[at] = replace(
                    draft, other=tuple(p for p in other if all(p.text != q.text for q in draft.actor))
                )
        if not refs and actor and other and len(armed) >= 2:
            named = [
                t
                for t in scene.toponyms
                if t[2].kind in ("literal", "coarse", "offset") and t[2].place is not None and not t[2].place.is_region
            ]
            if len(named) == 1:
                at = sentence.chunk_at(named[0][0])
                refs = (
                    [r for r in read_places(scene, at).refs if r.place is not None]
                    if at >= 0 and kind(sentence, at) == "NP"
                    else []
                )
    other = apart(other, actor)
    actor, other = (actor, other or apart(dead, actor)) if actor else (apart(dead, other), other)
    if not actor and not other:
        actor = _meanwhile(scene, governing)
    for ref in refs:
        findings.add(
            rule,
            ref,
            governing if governing >= 0 else k,
            actor=actor,
            other=other or owners_of(ref),
            weight=1.0 if armed else 0.8,
            explicit=bool(other or ref.owners),
        )
    return bool(refs)


def _meanwhile(scene: Scene, governing: int) -> Parties:
    """Who fights in "the battle raged as the army tried to enter the town": the subject of the clause with "as"."""
    sentence = scene.sentence
    start = after(sentence, governing)
    while governing >= 0 and kind(sentence, start) in ("NP", "I"):
        start = after(sentence, start)
    if governing < 0 or kind(sentence, start) != "S" or sentence.chunks[start].word not in ("as", "while"):
        return ()
    for n in range(start + 1, min(start + 8, len(sentence.chunks))):
        if sentence.chunks[n].kind == "VG":
            pushing = sentence.chunks[n].lemma in lx.PUSHING | lx.FIGHTING_VERBS | {"storm", "close"}
            found = subject_parties(scene, n) if pushing else ()
            return tuple(p for p in found if p.actor_id or (p.armed and not is_civil(p)))[:1]
    return ()


_FEARED = lx.words("possible imminent looming threatened anticipated hypothetical potential")


def _background(scene: Scene, k: int) -> bool:
    """Reads "who have lived there since fighting in X in 1994": when something else began, not what is reported."""
    sentence = scene.sentence
    b = before(sentence, k)
    if kind(sentence, b) not in ("S", "I") or sentence.chunks[b].word != "since":
        return False
    n = k + 1
    while kind(sentence, n) in ("I", "NP", "E"):
        chunk = sentence.chunks[n]
        if chunk.kind == "E" and any(len(low) == 4 and low.isdigit() for low in sentence.lows[chunk.i : chunk.j]):
            return True
        n += 1
    return False


def _deadly(scene: Scene, governing: int, refs: Sequence[PlaceRef]) -> bool:
    """Reads "rebels were killed as clashes go on in X": whose clashes they are is said, if not by whom they are fought."""
    if governing < 0 or any(r.place is None or r.place.feature_class == "A" for r in refs):
        return False
    lemma = scene.sentence.chunks[governing].lemma
    if lemma in ("kill", "wound", "injure"):
        dead = subject_parties(scene, governing) if passive(scene.sentence, governing) else ()
        return any(p.actor_id and last_word(p) not in lx.POLICE for p in dead)
    return lemma in lx.GOING_ON and any(m.actor_id for _, _, m in scene.mentions)


def _named_for(scene: Scene, k: int) -> list[PlaceRef]:
    """The town of "the X offensive", "the battle-scarred X operation": the noun before the head."""
    chunk = scene.sentence.chunks[k]
    if scene.sentence.lows[chunk.i] not in lx.DEFINITE or scene.sentence.lows[chunk.j - 1] in (
        "push",
        "attack",
        "attacks",
    ):
        return []
    end = chunk.j - 1
    while end > chunk.i and scene.sentence.lows[end - 1] in _WAYS_OF_WAR:
        end -= 1
    found = [t for t in scene.toponyms_in(chunk.i, end) if t[1] == end]
    if not found or found[-1][2].kind not in ("literal", "coarse") or found[-1][2].place is None:
        return []
    i, j, toponym = found[-1]
    if toponym.place is None or toponym.place.feature_code.startswith("PCL"):
        return []
    return [place_ref(scene, i, j, place=toponym.place)]


_WAYS_OF_WAR = lx.words("military ground land air aerial army")
_ONLY_NAMED = lx.words("operation operations campaign campaigns")


def _fought_over(findings: Findings, k: int) -> list[PlaceRef]:
    """The place taken "after clashes": the fighting was for it."""
    sentence = findings.scene.sentence
    b = before(sentence, k)
    if kind(sentence, b) == "I" and sentence.chunks[b].word == "of":  # "after weeks of clashes"
        if sentence.lows[sentence.chunks[b].i - 1] in ("months", "years"):
            return []  # a war of its own, not the fight for the place
        b = before(sentence, before(sentence, b))
    if kind(sentence, b) not in ("S", "I") or sentence.chunks[b].word not in (
        "after",
        "following",
        "amid",
        "during",
        "in",
    ):
        return []
    near = [d for d in findings.drafts if d.predicate is Predicate.CAPTURED and d.modality is None]
    if b <= 1 and sentence.chunks[b].word in ("in", "after", "following"):
        taken = [d for d in near if d.verb > k][:1]
    else:
        taken = [d for d in near if d.verb < k][-1:]
        entered = [d for d in findings.drafts if d.rule.frame == "enter" and d.verb < k]
        if entered and taken and entered[-1].verb > taken[-1].verb:
            return []
    if taken:
        return [d.ref for d in near if d.verb == taken[0].verb]
    verb = verb_before(findings.scene, k)
    if verb >= 0 and sentence.chunks[b].word in ("during", "in", "amid"):
        for _, n in follow(findings.scene, verb, "in at near", limit=6):
            if n < k:
                refs = fight_refs(findings.scene, n)
                if refs:
                    return refs
    return []


def _after_governing(scene: Scene, governing: int, k: int, rule: Rule) -> list[PlaceRef]:
    """Reads "fighting erupted in X", "clashes were reported near X"."""
    sentence = scene.sentence
    chunk = sentence.chunks[governing]
    if governing < k or chunk.lemma not in lx.GOING_ON:
        return []
    for word, n in follow(scene, governing, rule.preps, limit=8):
        if word.split()[-1] in ("with", "against", "to", "for", "by"):
            continue
        refs = fight_refs(scene, n)
        if refs:
            return refs
    return []


def _purpose(findings: Findings, k: int) -> bool:
    """Reads "an offensive to recapture X" / "aimed at taking X": contested; the planned capture comes from the verb's own rule."""
    scene = findings.scene
    sentence = scene.sentence
    n = k + 1
    while n < len(sentence.chunks) and n < k + 8:
        chunk = sentence.chunks[n]
        if chunk.kind == "VG":
            return bool(chunk.to or chunk.code == "g" or chunk.lemma == "aim")
        if chunk.kind in ("S", "W", ";"):
            return False
        n += 1
    return False


def siege(findings: Findings, rule: Rule, k: int) -> bool:
    scene = findings.scene
    sentence = scene.sentence
    n = k + 1
    governing = governing_verb(scene, k)
    lifted = (
        governing >= 0
        and (governing == before(sentence, k) or passive(sentence, governing))
        and sentence.chunks[governing].lemma in ("break", "lift", "end", "ease", "relieve")
    )
    still = lifted and _unbroken(scene, governing)
    if (lifted and not still) != (rule.predicate is Predicate.SIEGE_LIFTED):
        return False
    refs: Sequence[PlaceRef] = ()
    if kind(sentence, n) == "I" and sentence.chunks[n].word in rule.preps and kind(sentence, n + 1) == "NP":
        refs = read_places(scene, n + 1).refs
    elif (
        kind(sentence, before(sentence, k)) == "I"
        and sentence.chunks[before(sentence, k)].word == "under"
        and governing >= 0
    ):
        refs = [r for r in subject_refs(scene, governing) if r.place is not None or r.unknown]
    actor = noun_agent(scene, k)
    other: Parties = ()
    laid = _laid(scene, k)
    if laid >= 0:
        actor = actor or (agent(scene, laid) if passive(sentence, laid) else subject_parties(scene, laid))
        refs = refs or [r for _, m in follow(scene, laid, "to on", limit=6) for r in read_places(scene, m).refs]
    if governing >= 0 and governing < k and not passive(sentence, governing):
        found = tuple(
            p for p in subject_parties(scene, governing) if p.actor_id or (p.armed and last_word(p) not in BYSTANDERS)
        )
        if lifted:
            other = found if sentence.chunks[governing].lemma == "break" else ()
            actor = actor or (found if sentence.chunks[governing].lemma != "break" else ())
        else:
            actor = actor or found
    if not actor:
        for _, m in follow(scene, k, "by", limit=6):
            actor = read_list(scene, m)
    if not any(r.place for r in refs) and not any(
        (p.armed and not p.text[:1].islower()) or p.actor_id for p in (*actor, *other)
    ):
        return False
    if told_as_story(scene, k) or (not actor and not other and all(r.part for r in refs) and not scene.war):
        return False
    for ref in refs:
        if ref.anaphor and ref.anaphor not in lx.SETTLEMENT | {"base", "airport", "camp", "area"}:
            continue
        if not lx.WAYS.isdisjoint(ref.part.lower().split()):
            continue  # a highway near a village, a town's supply route
        findings.add(
            rule,
            ref,
            governing if governing >= 0 else k,
            actor=actor,
            other=other,
            explicit=bool(other),
            modality=Modality.ASSERTED if still else None,
        )
    return bool(refs)


def _laid(scene: Scene, k: int) -> int:
    """The verb of "a siege that X had laid to Y", "the siege imposed on Y by X"; -1 if there is none."""
    sentence = scene.sentence
    n = k + 1
    while n < min(k + 4, len(sentence.chunks)) and sentence.chunks[n].kind in ("W", "NP", "S", "A"):
        n += 1
    if kind(sentence, n) == "VG" and sentence.chunks[n].lemma in ("lay", "impose", "put", "set"):
        return n
    return -1


def _unbroken(scene: Scene, v: int) -> bool:
    """Reads "did not end the siege", "failed to break the siege", "vowed to lift it": the siege goes on."""
    chunk = scene.sentence.chunks[v]
    return mood_of(scene, v).modality in (Modality.NEGATED, Modality.PLANNED) and (chunk.negated or chunk.to)


def besieged(findings: Findings, rule: Rule, k: int) -> None:
    scene = findings.scene
    governing = verb_before(scene, k)
    for ref in read_places(scene, k).refs:
        if ref.place is not None and not ref.part:
            findings.add(rule, ref, governing if governing >= 0 else k, weight=0.9)
