"""Verb frames of taking: who took what from whom, who says so, who denies it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mapper.claims import lexicon as lx
from mapper.claims.draft import (
    Draft,
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
from mapper.claims.parties import Party, allied, read_list, read_party
from mapper.claims.persons import is_captive, spoken_of_as_person
from mapper.claims.places import headed, read_places
from mapper.claims.rules import Rule
from mapper.claims.scene import PlaceRef, Scene, at_war, speaks
from mapper.claims.syntax import after, before, kind, passive, subject
from mapper.claims.tokens import Chunk
from mapper.model import Predicate


def _loser(scene: Scene, v: int, ref: PlaceRef, end: int) -> tuple[Parties, bool]:
    """Who had the place before: "from X", "held by X", "the X stronghold of", "which X had held"."""
    sentence = scene.sentence
    for _, k in follow(scene, v, "from of" if sentence.chunks[v].lemma in _CLEARING else "from", limit=30):
        if allied(scene, sentence.chunks[k].i):
            continue  # "with help from X"
        head = sentence.lows[sentence.chunks[k].j - 1]
        found = (
            holder_of_control(scene, k)
            if head in lx.CONTROL
            else tuple(p for p in read_list(scene, k) if p.armed or p.actor_id)
        )
        # "from an X safehouse" names a building, not who lost it
        if found and (
            head in lx.CONTROL
            or head in lx.FORCES | lx.PERSONS
            or found[-1].end >= sentence.ends[sentence.chunks[k].j - 1] - 2
        ):
            return found, True
    for n in range(v + 1, end + 1):  # "captured X, held by Y", "captured two villages held by Y in X"
        if kind(sentence, n) == "VG" and sentence.chunks[n].lemma in _KEEPING and passive(sentence, n):
            found = agent(scene, n)
            if found:
                return found, True
    owners = owners_of(ref)
    struck = _struck(scene, v) if all(m.kind == "country" for m in ref.owners) else ()
    if struck:
        return struck, False
    if owners:
        return owners, True
    own = sentence.chunk_at(sentence.tokens_of(ref.start, ref.end)[1] - 1) + 1
    for k in (own, end) if v < own < end else (end,):
        party = _had_it(scene, k)
        if party is not None:
            return (party,), True
    for _, n in follow(scene, v, "with against", limit=40):
        if allied(scene, sentence.chunks[n].i):
            continue
        b = before(sentence, n)
        p = before(sentence, b)
        if kind(sentence, p) == "NP" and sentence.lows[sentence.chunks[p].j - 1] in lx.FIGHTING | lx.OFFENSIVE:
            found = tuple(q for q in read_list(scene, n) if q.armed or q.actor_id)
            if found:
                return found, False
    return (), False


def _struck(scene: Scene, v: int) -> Parties:
    """Reads "…, dealing a blow to the rebels": who lost, whosever country it is."""
    sentence = scene.sentence
    for n in range(v + 1, len(sentence.chunks) - 3):
        chunk = sentence.chunks[n]
        blow = sentence.chunks[n + 1]
        if chunk.kind == "VG" and chunk.code == "g" and blow.kind == "NP" and sentence.lows[blow.j - 1] in _BLOWS:
            led = kind(sentence, n + 2) == "I" and sentence.chunks[n + 2].word in ("to", "on", "for", "against")
            if led and kind(sentence, n + 3) == "NP":
                return tuple(p for p in read_list(scene, n + 3) if p.armed or p.actor_id)
    return ()


_BLOWS = lx.words("blow blows defeat defeats setback setbacks")
_CLEARING = lx.words("clear purge cleanse")
_KEEPING = lx.words("hold control occupy rule run")


def _had_it(scene: Scene, k: int) -> Party | None:
    """Reads ", which the rebels had held" at chunk ``k``: the rebels."""
    sentence = scene.sentence
    if kind(sentence, k) == ",":
        k += 1
    n = after(sentence, k)
    v = after(sentence, n)
    if kind(sentence, k) != "W" or kind(sentence, n) != "NP" or kind(sentence, v) != "VG":
        return None
    party = read_party(scene, n)
    return party if party is not None and party.armed and sentence.chunks[v].lemma in lx.HAD_BEFORE else None


def take(findings: Findings, rule: Rule, v: int) -> bool:
    scene = findings.scene
    taken = _taken(findings, rule, v) if passive(scene.sentence, v) else _takes(findings, rule, v)
    if isinstance(taken, bool):
        return taken
    refs, end, actor, anchor = taken
    if rule.name == "take":
        back = kind(scene.sentence, end) == "I" and scene.sentence.chunks[end].word == "back"  # "take it back"
        refs = [
            r
            for r in refs
            if not r.anaphor or r.anaphor in lx.SETTLEMENT | lx.MAYBE_NAMED_OF or (back and r.anaphor == "it")
        ]
        refs = [r for r in refs if not r.unknown or r.sure >= 0.9]
        agentless = passive(scene.sentence, v) and scene.war and not actor
        if agentless and refs and all(not r.anaphor and not r.part for r in refs) and _just_taken(scene, v):
            pass  # "the towns of A and B have been taken"
        elif not actor or not any(p.armed for p in actor):
            return False
    if rule.name == "clear" and not any(w == "of" for w, _ in follow(scene, v, "of")):
        refs = [r for r in refs if r.place is not None and not r.part and not r.place.is_region]
        if not refs or not any(p.actor_id or p.pronoun or last_word(p) in lx.FORCES for p in actor):
            return False
    if rule.name == "clear" and _cleared_of_forces(scene, v):
        refs = [replace(r, sure=max(r.sure, 0.9)) if r.unknown else r for r in refs]  # persons are not cleared
    found = _keep(findings, rule, v, refs, end, actor, anchor)
    for more, stop, losers in _gapped(scene, end):
        for ref in more:
            if is_good_place(findings, rule, anchor, ref):
                findings.add(rule, ref, v, actor=actor, other=losers, explicit=bool(losers))
        end = stop
    if found and passive(scene.sentence, v):
        add_gapped(findings, v, refs)
    return found


def _cleared_of_forces(scene: Scene, v: int) -> bool:
    cleared = tuple(p for _, n in follow(scene, v, "of from", limit=6) for p in read_list(scene, n) if p.armed)
    return any(p.actor_id or last_word(p) in lx.FORCES for p in cleared)


def _just_taken(scene: Scene, v: int) -> bool:
    """Whether nothing but a time or a reason follows "was taken": not "taken to hospital", "taken by surprise"."""
    nxt = after(scene.sentence, v)
    where = kind(scene.sentence, nxt)
    return where in ("", ",", "C", ";", "S") or (
        where == "I" and scene.sentence.chunks[nxt].word in ("after", "without", "during")
    )


def _fought_before(findings: Findings, v: int, refs: Sequence[PlaceRef]) -> Draft | None:
    """The siege or fight before "… until it was taken": the taker is who besieged it, unless the words say otherwise."""
    if [r.anaphor for r in refs] != ["it"]:
        return None
    fought = [d for d in findings.drafts if d.predicate in (Predicate.BESIEGED, Predicate.CONTESTED) and d.verb < v]
    return fought[-1] if fought else None


Taken = tuple[list[PlaceRef], int, Parties, int]  # places, the chunk after them, who took them, the chunk to quote


def _taken(findings: Findings, rule: Rule, v: int) -> Taken | bool:
    """The parts of a passive: "X was captured by Y"; a truth value when there is no such claim."""
    scene = findings.scene
    sentence = scene.sentence
    chunk = sentence.chunks[v]
    refs = list(subject_refs(scene, v))
    actor = agent(scene, v)
    heads = subject(sentence, v)
    if chunk.lemma == "occupy" and (_stative(chunk) or _ever_since(scene, v)):
        return False  # a state: the rule for holding reads it
    if not refs and before(sentence, v) < 0:
        refs = headed(scene, v)
        heads = heads or (v,)
    if not refs:
        for k in heads[:1]:
            findings.refuse(rule, k, read_places(scene, k).reason or "no place")
        return False
    again = _fought_before(findings, v, refs)
    if again is not None:
        findings.add(rule, again.ref, v, actor=actor or again.actor, other=again.other, explicit=bool(again.other))
        return True
    bare = (
        len(refs) == 1
        and heads != (v,)
        and not refs[0].part
        and sentence.chunks[heads[0]].j - sentence.chunks[heads[0]].i <= 2
    )
    fought = any(
        c.kind == "NP"
        and n > v
        and sentence.lows[c.j - 1] in _HARD_WON
        and _led_by(scene, n) in ("after", "following", "amid", "in", "during")
        for n, c in enumerate(sentence.chunks)
    )
    if bare and fought and actor and all(p.armed for p in actor):
        refs = [
            replace(r, sure=max(r.sure, 0.9)) if r.unknown else r for r in refs
        ]  # "X was captured after months of fighting"
    if bare and is_captive(scene, v, refs, actor, fought=fought):
        findings.refuse(rule, heads[0], "a person (by what else is done to them, where or by whom)")
        return False
    apart = chunk.bare and kind(sentence, before(sentence, v)) != "NP"
    if apart and any(r.unknown and r.sure < 0.6 for r in refs):
        return False  # "held until liberated by": the subject may well be a person
    if rule.name == "clear" and _cleared_of_forces(scene, v):
        return [replace(r, sure=max(r.sure, 0.9)) if r.unknown else r for r in refs], v + 1, actor, heads[0]
    called = scene.war and all(r.sure >= 0.9 for r in refs)  # "the towns of A and B have been taken"
    if rule.name in ("take", "clear") and not actor and not any(r.place for r in refs) and not called:
        return False
    return refs, v + 1, actor, heads[0]


_HARD_WON = lx.FIGHTING | {"siege", "offensive", "assault", "months", "weeks"}


def _led_by(scene: Scene, k: int) -> str:
    """The preposition or conjunction before a noun phrase, over "months of"."""
    sentence = scene.sentence
    b = before(sentence, k)
    if kind(sentence, b) == "I" and sentence.chunks[b].word == "of":
        b = before(sentence, before(sentence, b))
    return sentence.chunks[b].word if kind(sentence, b) in ("S", "I") else ""


def _takes(findings: Findings, rule: Rule, v: int) -> Taken | bool:
    """The parts of an active: "Y captured X"; a truth value when there is no such claim."""
    scene = findings.scene
    sentence = scene.sentence
    chunk = sentence.chunks[v]
    k = object_of(scene, v)
    if k < 0:
        return False
    reading = read_places(scene, k)
    head = sentence.lows[sentence.chunks[k].j - 1]
    if head in lx.CONTROL and kind(sentence, k + 1) == "I":
        return False  # "seized control of": a rule of its own
    if chunk.lemma == "occupy" and (_stative(chunk) or chunk.code in ("g", "s", "b") or _ever_since(scene, v)):
        return False
    if not reading.refs:
        findings.refuse(rule, k, reading.reason or "no place")
        return rule.name not in ("take", "clear")
    if rule.name == "take" and kind(sentence, reading.end) == "VG" and sentence.chunks[reading.end].to:
        return False  # "it will take Israel a year to leave"
    actor = subject_parties(scene, v)
    if (rule.name in ("take", "capture") or chunk.lemma == "recapture") and not _really_taken(
        findings, rule, k, reading.refs, reading.end
    ):
        return True
    if not actor and _other_subject(scene, v):
        findings.refuse(rule, k, "taken by something that is no party")
        return True
    if not _warlike(findings, actor, finite=chunk.finite):
        findings.refuse(rule, k, "taken by somebody who is no party to a fight")
        return True
    return list(reading.refs), reading.end, actor, k


def _keep(
    findings: Findings, rule: Rule, v: int, refs: Sequence[PlaceRef], end: int, actor: Parties, anchor: int
) -> bool:
    """Adds a draft for each reference that is a place, with who lost it; whether there was any."""
    scene = findings.scene
    active = not passive(scene.sentence, v)
    found = False
    for given in refs:
        ref = given
        other, explicit = _loser(scene, v, ref, end)
        if ref.unknown and explicit and other and not ref.owners and ref.sure >= 0.3 and active:
            ref = replace(ref, sure=max(ref.sure, 0.9))  # nobody takes a person "from the rebels"
        if ref.unknown and ref.sure >= 0.5 and _insurgent(actor) and " " not in ref.text and active:
            ref = replace(ref, sure=max(ref.sure, 0.85))  # rebels take towns; states also take persons
        if not is_good_place(findings, rule, anchor, ref):
            continue
        inside = _inside(scene, v, end) if ref.anaphor and ref.part and active else []
        for place in inside:
            located = replace(place, part=f"{ref.part} in")
            findings.add(rule, located, v, actor=actor, other=other, explicit=explicit)
        found = found or bool(inside)
        if inside:
            continue
        if not explicit and len(refs) > 1:
            for sibling in refs:
                if sibling.owners:
                    other, explicit = owners_of(sibling), True
                    break
        other = tuple(p for p in other if not any(_itself(p, q) for q in actor))
        findings.add(rule, ref, v, actor=actor, other=other, explicit=explicit and bool(other))
        found = True
    return found


def _itself(loser: Party, taker: Party) -> bool:
    """Whether a place "held by Serbs" was taken by them: the same words, or one actor under the same noun."""
    same = bool(loser.actor_id) and loser.actor_id == taker.actor_id
    return loser.text == taker.text or (same and last_word(loser).rstrip("s") == last_word(taker).rstrip("s"))


def _gapped(scene: Scene, end: int) -> list[tuple[tuple[PlaceRef, ...], int, Parties]]:
    """Further groups after "took A from X, B from Y, and C from Z": places, the chunk after, who lost them."""
    sentence = scene.sentence
    found: list[tuple[tuple[PlaceRef, ...], int, Parties]] = []
    n = end
    while kind(sentence, n) == "I" and sentence.chunks[n].word == "from" and kind(sentence, n + 1) == "NP":
        m = n + 2
        while kind(sentence, m) in (",", "C"):
            m += 1
        if m == n + 2 or kind(sentence, m) != "NP":
            break
        reading = read_places(scene, m)
        stop = reading.end
        if not reading.refs or not (kind(sentence, stop) == "I" and sentence.chunks[stop].word == "from"):
            break
        losers = tuple(p for p in read_list(scene, stop + 1) if p.armed or p.actor_id)[:1]
        found.append((reading.refs, stop, losers))
        n = stop
    return found


def _stative(chunk: Chunk) -> bool:
    """Whether "occupied" tells a state: "still occupied by", "is occupied by", "were then occupied by"."""
    if chunk.aux and chunk.aux[0] in ("is", "are"):
        return True
    return bool(set(chunk.adverbs) & {"still", "then", "now", "currently", "formerly", "previously"})


def _ever_since(scene: Scene, v: int) -> bool:
    """Whether "have occupied" goes on with "since May", "for two years": a state, not the event that began it."""
    sentence = scene.sentence
    if sentence.chunks[v].aux[:1] not in (("has",), ("have",), ("had",)):
        return False
    return any(
        (c.kind == "E" and "since" in sentence.lows[c.i : c.j])
        or (c.word in ("since", "for") and kind(sentence, n + 1) in ("E", "NP"))
        for n, c in enumerate(sentence.chunks[v + 1 : v + 6], v + 1)
    )


def _other_subject(scene: Scene, v: int) -> bool:
    """Whether the verb has a subject that is neither a party nor an operation: "the photographer captured …"."""
    sentence = scene.sentence
    heads = subject(sentence, v)
    if not heads or sentence.chunks[v].to:
        return False
    words = {sentence.lows[sentence.chunks[k].j - 1] for k in heads}
    return not words & (lx.OFFENSIVE | lx.FIGHTING | {"it", "they", "which", "that", "who"}) and all(
        sentence.tags[sentence.chunks[k].j - 1] == "N" for k in heads
    )


def _warlike(findings: Findings, actor: Parties, *, finite: bool) -> bool:
    """Whether the taker can take ground: an armed actor, a state, or a name in a sentence about war."""
    if not actor and not finite:
        return True
    if any(p.actor_id or p.pronoun for p in actor):
        return True
    if any(last_word(p) in lx.POLICE for p in actor):
        return False
    if any(p.armed for p in actor):
        return True
    return at_war(findings.scene)


def _insurgent(actor: Parties) -> bool:
    return any(
        re.search(r"rebel|insurgent|guerrill|separatist|militia|jihadi|islamist", p.text, re.IGNORECASE) for p in actor
    )


def _acts(scene: Scene, k: int) -> bool:
    """Whether the noun phrase after a comma is the subject of a verb: "after it captured X, the rebel alliance went on"."""
    sentence = scene.sentence
    n = k + 1
    while kind(sentence, n) in ("I", "NP", "A", "E") and n < k + 6:
        n += 1
    chunk = sentence.chunks[n] if kind(sentence, n) == "VG" else None
    return chunk is not None and chunk.finite and not (chunk.bare and passive(sentence, n))


def _inside(scene: Scene, v: int, end: int) -> list[PlaceRef]:
    """Where the nameless things taken lie: "seized several points from the army inside X"."""
    for word, k in follow(scene, v, "in inside near around along at on within", limit=20):
        if k <= end - 1 or word == "from":
            continue
        refs = [r for r in read_places(scene, k).refs if r.place is not None or (r.unknown and r.sure >= 0.5)]
        if refs:
            return refs
    return []


def _really_taken(findings: Findings, rule: Rule, k: int, refs: Sequence[PlaceRef], end: int) -> bool:
    """The object test of verbs that are mostly about persons and things: the name may be the place's or a person's."""
    scene = findings.scene
    sentence = scene.sentence
    chunk = sentence.chunks[k]
    low = sentence.lows[chunk.i]
    follower = sentence.chunks[end].word if kind(sentence, end) == "NP" else ""
    if follower in ("hostage", "prisoner", "captive", "hostages", "prisoners") or any(
        w in ("hostage", "prisoner", "captive")
        for w in sentence.lows[chunk.i : sentence.chunks[min(end, len(sentence.chunks) - 1)].j]
    ):
        findings.refuse(rule, k, "taken hostage")
        return False
    if rule.name == "take" and any(r.text.lower() in ("place", "part", "control") for r in refs):
        return False
    bare = chunk.j - chunk.i == 1 or sentence.tags[chunk.i] == "P"
    if bare and len(refs) == 1 and low not in lx.DETERMINERS:
        if not refs[0].part and chunk.j - chunk.i <= 2 and spoken_of_as_person(scene, k, end):
            findings.refuse(rule, k, "a person (by a word that means it)")
            return False
        n = end
        while kind(sentence, n) in ("E", "A"):
            n += 1
        if (
            kind(sentence, n) == "I"
            and sentence.chunks[n].word in ("along with", "together with", "with")
            and kind(sentence, n + 1) == "NP"
        ):
            inner = sentence.chunks[n + 1]
            if any(w in lx.PERSONS for w in sentence.lows[inner.i : inner.j]):
                findings.refuse(rule, k, "a person (taken along with others)")
                return False
        nxt = k + 1
        while kind(sentence, nxt) in ("E", "A"):
            nxt += 1
        if (
            kind(sentence, nxt) == "I"
            and sentence.chunks[nxt].word in ("in", "at")
            and kind(sentence, nxt + 1) == "NP"
            and not refs[0].part
        ):
            where = read_places(scene, nxt + 1).refs
            name = refs[0].place
            towns = [r for r in where if r.place is not None and r.place.feature_class == "P" and not r.part]
            if (
                towns
                and name is not None
                and name.feature_class == "P"
                and towns[0].place is not None
                and towns[0].place.id != name.id
            ):
                findings.refuse(rule, k, "a person (a town does not lie in a town)")
                return False
        if (
            n > end
            and kind(sentence, n) == "I"
            and sentence.chunks[n].word in ("in", "at", "near", "outside")
            and kind(sentence, n + 1) == "NP"
        ):
            elsewhere = read_places(scene, n + 1).refs
            name = refs[0].place
            if elsewhere and (
                name is None or all(r.place is not None and name.country != r.place.country for r in elsewhere)
            ):
                findings.refuse(rule, k, "a person (taken at a place that is named)")
                return False
        if (
            kind(sentence, end) == ","
            and kind(sentence, end + 1) == "NP"
            and not speaks(scene, end + 1)
            and not _acts(scene, end + 1)
        ):
            inner = sentence.chunks[end + 1]
            head = sentence.lows[inner.j - 1]
            if head in lx.PERSONS or (
                any(w in lx.PERSONS for w in sentence.lows[inner.i : inner.j]) and sentence.tags[inner.i] == "D"
            ):
                findings.refuse(rule, k, "a person (by the apposition)")
                return False
    return True


def take_over(findings: Findings, rule: Rule, v: int) -> bool:
    scene = findings.scene
    sentence = scene.sentence
    nxt = v + 1
    if (
        kind(sentence, nxt) == "I"
        and sentence.chunks[nxt].word in ("over", "over in")
        and kind(sentence, nxt + 1) == "NP"
    ):
        actor = subject_parties(scene, v)
        reading = read_places(scene, nxt + 1)
        if not any(p.armed for p in actor):
            return False
        for ref in reading.refs:
            if not ref.anaphor and is_good_place(findings, rule, nxt + 1, ref):
                other, explicit = _loser(scene, v, ref, reading.end)
                findings.add(rule, ref, v, actor=actor, other=other, explicit=explicit)
        return bool(reading.refs)
    if passive(sentence, v) and kind(sentence, nxt) == "I" and sentence.chunks[nxt].word.startswith("over"):
        actor = agent(scene, v) or agent(scene, nxt)
        if kind(sentence, nxt) == "I" and sentence.chunks[nxt].word == "over by" and kind(sentence, nxt + 1) == "NP":
            actor = read_list(scene, nxt + 1)
        for ref in subject_refs(scene, v):
            if actor and is_good_place(findings, rule, v, ref):
                findings.add(rule, ref, v, actor=actor)
        return bool(actor)
    return False


def declare_taken(findings: Findings, rule: Rule, v: int) -> bool:
    """Reads "declared X liberated", "declared the city free of Y"."""
    scene = findings.scene
    sentence = scene.sentence
    k = object_of(scene, v)
    if k <= v:
        return False
    reading = read_places(scene, k)
    stop = sentence.chunks[reading.end - 1].j if reading.refs else sentence.chunks[k].j
    following = sentence.lows[stop : stop + 2]
    inside = sentence.lows[sentence.chunks[k].j - 1]
    if not _FREED.intersection(following) and inside not in _FREED:
        return False
    refs = reading.refs or read_places(scene, k).refs
    if not refs:
        # "declared the city free": one noun phrase
        chunk = sentence.chunks[k]
        refs = tuple(
            PlaceRef(
                text=scene.words(chunk.i, n + 1),
                start=sentence.starts[chunk.i],
                end=sentence.ends[n],
                anaphor=sentence.lows[n],
            )
            for n in range(chunk.i, chunk.j)
            if sentence.lows[n] in lx.SETTLEMENT
        )[:1] or tuple(
            PlaceRef(text=t[2].text, start=t[2].quote.start, end=t[2].quote.end, place=t[2].place)
            for t in scene.toponyms_in(chunk.i, chunk.j)
        )
    actor = subject_parties(scene, v)
    for ref in refs:
        findings.add(rule, ref, v, actor=tuple(p for p in actor if p.armed or p.actor_id))
    return bool(refs)


_FREED = lx.words("free liberated recaptured captured retaken freed cleared")


def deny(findings: Findings, rule: Rule, v: int) -> bool:
    """Reads "… had captured X, but the army denied it": the claim just made, denied."""
    scene = findings.scene
    sentence = scene.sentence
    k = after(sentence, v)
    lows = sentence.lows[sentence.chunks[k].i : sentence.chunks[k].j] if kind(sentence, k) == "NP" else []
    b = before(sentence, v)
    a = before(sentence, b) if kind(sentence, b) == "NP" else -1
    contact = (
        a >= 0
        and kind(sentence, a) == "NP"
        and sentence.lows[sentence.chunks[a].j - 1] in ("claim", "report", "allegation")
    )
    if not contact and lows not in (
        ["it"],
        ["this"],
        ["that"],
        ["the", "claim"],
        ["the", "claims"],
        ["the", "report"],
        ["the", "reports"],
    ):
        return False
    made = [d for d in findings.drafts if d.predicate in (Predicate.CAPTURED, Predicate.LOST) and d.verb < v]
    for draft in [d for d in made if d.verb == made[-1].verb]:
        findings.add(rule, draft.ref, v, actor=draft.actor, other=draft.other)
    return bool(made)


def raise_flag(findings: Findings, rule: Rule, v: int) -> bool:
    """Reads "raised the flag over X": done by whoever has just taken it."""
    scene = findings.scene
    sentence = scene.sentence
    k = after(sentence, v)
    if kind(sentence, k) != "NP" or sentence.lows[sentence.chunks[k].j - 1] not in ("flag", "flags"):
        return False
    actor = subject_parties(scene, v)
    if not any(p.armed and (p.actor_id or last_word(p) in lx.FORCES) for p in actor):
        return False
    for _, n in follow(scene, k, rule.preps, limit=5):
        for ref in read_places(scene, n).refs:
            meant = ref.text.lower().startswith("the ") and ref.anaphor in lx.SETTLEMENT | lx.FACILITY
            if ref.place is not None or (ref.unknown and ref.sure >= 0.5) or meant:
                findings.add(rule, ref, v, actor=actor)
        return True
    return False


def take_or_keep_control(findings: Findings, rule: Rule, v: int) -> bool:
    """Reads "took control of X", "keeps its grip on X", "was in control of X"."""
    scene = findings.scene
    sentence = scene.sentence
    chunk = sentence.chunks[v]
    k = after(sentence, v)
    if chunk.lemma == "be":
        if kind(sentence, k) == "A" or (kind(sentence, k) == "NP" and sentence.chunks[k].word == "back"):
            k += 1  # "is back in control of X"
        if not (kind(sentence, k) == "I" and sentence.chunks[k].word.split()[-1] == "in"):
            return False
        k += 1
    if kind(sentence, k) != "NP":
        if not passive(sentence, v):
            return False
        k = subject(sentence, v)[0] if subject(sentence, v) else -1
        if k < 0:
            return False
    noun = sentence.chunks[k]
    head = sentence.lows[noun.j - 1]
    if head not in lx.CONTROL_OBJECTS:
        return False
    if head == "ground" and chunk.lemma != "lose":
        return False
    if head == "power" and any(last_word(p) in lx.PERSONS - lx.FORCES for p in subject_parties(scene, v)):
        return False  # a coup takes a state, not the town it happens in
    n = after(sentence, k)
    if not (kind(sentence, n) == "I" and sentence.chunks[n].word.split()[-1] in rule.preps):
        return False
    if sentence.chunks[n].word.startswith("over to"):
        return False
    n = after(sentence, n)
    if kind(sentence, n) != "NP":
        return False
    reading = read_places(scene, n)
    if not reading.refs:
        findings.refuse(rule, n, reading.reason or "no place")
        return True
    who = agent(scene, v) if passive(sentence, v) else subject_parties(scene, v)
    predicate = rule.predicate
    if not any(p.armed or p.actor_id or p.pronoun or p.text[:1].isupper() for p in who) and not passive(sentence, v):
        who = _whose_control(scene, k) if chunk.lemma in _STRENGTHENING else ()
        predicate = Predicate.HOLDS  # "the victory extends his control of X"
        if not who:
            return True
    for ref in reading.refs:
        if not is_good_place(findings, rule, n, ref) or ref.anaphor in ("it", "them"):
            continue
        if ref.anaphor and not ref.part and ref.anaphor not in lx.SETTLEMENT | lx.REGION | lx.FACILITY:
            continue
        if predicate is Predicate.LOST:
            other = who
            actor: Parties = ()
            explicit = False
            for _, q in follow(scene, reading.end - 1, "to", limit=5):
                actor = tuple(p for p in read_list(scene, q) if p.armed or p.actor_id)
                break
        else:
            actor = who
            other, explicit = _loser(scene, v, ref, reading.end) if predicate is Predicate.CAPTURED else ((), False)
        said = Predicate.CAPTURED if predicate is Predicate.LOST and actor else predicate
        findings.add(rule, ref, v, predicate=said, actor=actor, other=other, explicit=explicit)
    return True


_STRENGTHENING = lx.words("extend expand consolidate tighten strengthen cement reinforce restore secure")


def _whose_control(scene: Scene, k: int) -> Parties:
    """Whose "the rebels' control" and "his control" is when the verb's subject is no party: "his" is who acts first."""
    sentence = scene.sentence
    noun = sentence.chunks[k]
    if sentence.lows[noun.i] not in ("his", "its", "their"):
        return tuple(p for p in noun_agent(scene, k) if p.armed or p.actor_id)
    for n, chunk in enumerate(sentence.chunks[:k]):
        if chunk.kind == "VG" and chunk.finite:
            found = subject_parties(scene, n)
            if any(p.armed or p.actor_id or p.text[:1].isupper() for p in found):
                return found
    return ()
