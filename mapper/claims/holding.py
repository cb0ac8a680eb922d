"""Frames of holding: verbs, "under the control of", "X-held", strongholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mapper.claims import lexicon as lx
from mapper.claims.draft import (
    Findings,
    agent,
    follow,
    governing_verb,
    holder_of_control,
    is_good_place,
    last_word,
    noun_agent,
    object_of,
    opening_place,
    phrase_start,
    refs_ending,
    subject_parties,
    subject_refs,
    verb_before,
)
from mapper.claims.mood import happened
from mapper.claims.parties import Party, from_mention, read_list, read_party, same_as_before
from mapper.claims.places import read_places, tells_names
from mapper.claims.rules import BY_NAME, Rule
from mapper.claims.scene import COMMON_PLACES, PlaceRef, Scene, at_war
from mapper.claims.syntax import after, before, kind, passive, subject
from mapper.model import ActorId, Modality, Predicate


def hold(findings: Findings, rule: Rule, v: int) -> bool:
    scene = findings.scene
    sentence = scene.sentence
    chunk = sentence.chunks[v]
    apposed: list[PlaceRef] = []
    if passive(sentence, v):
        actor = agent(scene, v)
        subjects = subject(sentence, v)
        refs: Sequence[PlaceRef] = subject_refs(scene, v)
        b = before(sentence, v)
        k = before(sentence, phrase_start(scene, b)) if kind(sentence, b) == "NP" else -1
        if (
            chunk.bare
            and all(r.anaphor for r in refs)
            and kind(sentence, k) == "VG"
            and sentence.chunks[k].lemma == "be"
        ):
            refs = [r for r in subject_refs(scene, k) if r.place is not None] or refs  # "X is one of the towns held by"
        elif subjects and chunk.aux[:1] in (("are",), ("were",)) and kind(sentence, b) == "W":
            refs = refs_ending(scene, subjects[-1]) or refs  # "A and B, which are held by": both
        elif chunk.bare and subjects != (b,) and _describes(scene, b):
            return False  # "X in the middle of the land held by Y": the land has no name
        if chunk.lemma == "hold" and not actor:
            return False
        anchor = subjects[0] if subjects else v
    else:
        k = object_of(scene, v)
        if k < 0:
            return False
        actor = subject_parties(scene, v)
        reading = read_places(scene, k)
        refs = reading.refs
        anchor = k
        if not refs and sentence.lows[sentence.chunks[k].j - 1] != "place":
            findings.refuse(rule, k, reading.reason or "no place")
            return False
        b = before(sentence, k)
        nameless = all(r.anaphor for r in refs)
        if nameless and kind(sentence, b) == "VG" and sentence.chunks[b].lemma in ("be", "remain", "become"):
            named = [r for r in subject_refs(scene, b) if r.place is not None]
            refs = [*named, *_excepted(scene, k)] if named else refs  # "X was the last city Y held"
        elif nameless:
            apposed = _last_apposed(scene, k) if happened(scene, v) else []
            refs = apposed or refs  # "X, the last city Y held"
        if chunk.lemma == "occupy" and chunk.code in ("dn", "n", "d") and not actor:
            return False
    if not actor and _fought_for(scene, v):
        for ref in refs:
            if ref.place is not None:
                findings.add(rule, ref, v, weight=0.9)
        return True
    if not any(p.armed or p.actor_id or p.pronoun or p.text[:1].isupper() for p in actor):
        return False
    pronoun_only = all(p.pronoun and not p.actor_id for p in actor)
    former = not _FORMERLY.isdisjoint(chunk.adverbs)
    also = _besides(scene) if chunk.lemma in ("hold", "control", "occupy") and not passive(sentence, v) else []
    for ref in also:
        findings.add(rule, ref, v, actor=actor, weight=0.75)
    weak = not any(p.armed and (p.actor_id or p.text.split()[-1].lower() in lx.FORCES | lx.PERSONS) for p in actor)
    for given in refs:
        ref = given
        if ref.anaphor in ("them", "they", "there") or (ref.anaphor == "it" and (weak or passive(sentence, v))):
            continue
        if ref.unknown and ref.sure < (0.8 if weak else 0.5):
            continue
        if ref.unknown and ref.sure >= 0.5 and _by_which(scene, v):
            ref = replace(ref, sure=0.9)
        if ref.anaphor and chunk.lemma in lx.GOVERNING:
            continue
        if chunk.lemma == "dominate" and not any(p.actor_id for p in actor):
            continue
        if weak and not pronoun_only and not at_war(scene) and not any(p.actor_id for p in actor):
            continue  # candidates hold districts too
        if chunk.lemma == "hold" and weak and not ref.part and not ref.place:
            continue
        if chunk.lemma in ("rule", "govern") and weak:
            continue
        if is_good_place(findings, rule, anchor, ref):
            findings.add(
                rule,
                ref,
                v,
                actor=actor,
                weight=0.75 if pronoun_only or weak else 1.0,
                undated=former,
                modality=Modality.ASSERTED if apposed else None,
            )
            _name_loser(findings, ref, actor)
    return bool(refs)


def _fought_for(scene: Scene, v: int) -> bool:
    """Reads "the battle to control X": a plan of somebody who is not named."""
    sentence = scene.sentence
    b = before(sentence, v)
    battles = ("battle", "fight", "offensive", "struggle")
    return sentence.chunks[v].to and kind(sentence, b) == "NP" and sentence.lows[sentence.chunks[b].j - 1] in battles


_FORMERLY = lx.words("formerly previously once")
_LASTS = lx.words("last only sole final remaining")


def _describes(scene: Scene, k: int) -> bool:
    """Whether a noun phrase led by a preposition is a nameless place: "in the territory (held by X)"."""
    sentence = scene.sentence
    if kind(sentence, k) != "NP" or kind(sentence, before(sentence, k)) != "I":
        return False
    chunk = sentence.chunks[k]
    head = sentence.lows[chunk.j - 1]
    opened = sentence.lows[chunk.i] == "the" or chunk.j - chunk.i == 1  # "in land held by X"
    return opened and sentence.tags[chunk.j - 1] != "P" and head in lx.REGION | lx.PART_WORDS


def _last_apposed(scene: Scene, k: int) -> list[PlaceRef]:
    """The places of "X, the only area other than Y that Z held": X and Y."""
    if not _is_last(scene, k):
        return []
    refs = [replace(r, part="" if r.part.endswith(" in") else r.part) for r in _apposed(scene, k)]
    return refs + _excepted(scene, k) if refs else []


def _excepted(scene: Scene, k: int) -> list[PlaceRef]:
    """The places of "the only town other than X", which are held as well."""
    sentence = scene.sentence
    if not (kind(sentence, k + 1) == "I" and sentence.chunks[k + 1].word in ("other than", "apart from", "besides")):
        return []
    if not _is_last(scene, k):
        return []
    return [r for r in read_places(scene, k + 2).refs if r.place is not None or r.sure >= 0.5]


def _name_loser(findings: Findings, ref: PlaceRef, holder: Sequence[Party]) -> None:
    """Gives what the sentence has taken at ``ref`` its loser: who is said to hold it."""
    for n, draft in enumerate(findings.drafts):
        taken = draft.predicate in (Predicate.CAPTURED, Predicate.LOST) and not draft.other
        if taken and draft.ref.start == ref.start and not _same_side(draft.actor, holder):
            findings.drafts[n] = replace(draft, other=tuple(holder), explicit_other=True)


def _same_side(ours: Sequence[Party], theirs: Sequence[Party]) -> bool:
    """Whether two parties are one: the same actor, or the words of one in the other ("Serb", "rebel Serbs")."""
    return any(
        (a.actor_id and a.actor_id == b.actor_id)
        or last_word(a).rstrip("s") == last_word(b).rstrip("s")
        or " " + b.text.lower().rstrip("s") in " " + a.text.lower()
        for a in ours
        for b in theirs
    )


def _by_which(scene: Scene, v: int) -> bool:
    sentence = scene.sentence
    b = before(sentence, v)
    if kind(sentence, b) == "NP":
        b = before(sentence, b)
    return kind(sentence, b) == "W" and sentence.chunks[b].word == "which"


def _besides(scene: Scene) -> list[PlaceRef]:
    """Reads "Beyond the town of X, the group controls …": X is held as well."""
    sentence = scene.sentence
    if kind(sentence, 0) == "I" and sentence.chunks[0].word in ("beyond", "besides") and kind(sentence, 1) == "NP":
        reading = read_places(scene, 1)
        if kind(sentence, reading.end) == ",":
            return [r for r in reading.refs if r.place is not None and not r.part]
    return []


def base_of(findings: Findings, rule: Rule, v: int) -> bool:
    """Reads "X, which the militia had made its headquarters / now regards as its capital"."""
    scene = findings.scene
    sentence = scene.sentence
    k = object_of(scene, v)
    if k < 0:
        return False
    led = [
        n + 1
        for n in range(v + 1, min(v + 4, len(sentence.chunks)))
        if sentence.chunks[n].word == "as" and kind(sentence, n + 1) == "NP"
    ]
    for n in led + [n for _, n in follow(scene, v, rule.preps, limit=6)]:
        chunk = sentence.chunks[n]
        if sentence.lows[chunk.j - 1] in lx.HEADQUARTERS | {"base"} and sentence.lows[chunk.i] in (
            "their",
            "its",
            "his",
            "a",
            "the",
        ):
            actor = subject_parties(scene, v)
            if not any(p.armed or p.actor_id for p in actor):
                return False
            for ref in read_places(scene, k).refs:
                if ref.place is not None or ref.unknown:
                    findings.add(rule, ref, v, actor=actor)
            return True
    return False


def control_of(findings: Findings, rule: Rule, k: int) -> bool:
    """Reads "rebel control of X", "the rebels' grip on X"; with a verb before it the verb's own rule decides."""
    scene = findings.scene
    sentence = scene.sentence
    b = before(sentence, k)
    if (
        kind(sentence, b) == "VG"
        and sentence.chunks[b].lemma
        in BY_NAME["take-control"].words | BY_NAME["keep-control"].words | BY_NAME["lose-control"].words
    ):
        return False
    holder = before(sentence, b)
    led = kind(sentence, b) == "I" and sentence.chunks[b].word
    having = led == "in" and kind(sentence, holder) == "NP"  # "the rebels in control of X"
    if led in ("under", "in", "into", "outside") and not having:
        return False
    n = k + 1
    if not (kind(sentence, n) == "I" and sentence.chunks[n].word in rule.preps and kind(sentence, n + 1) == "NP"):
        return False
    party = read_party(scene, holder) if having else None
    actor = (party,) if party is not None else () if having else noun_agent(scene, k)
    if not any(p.actor_id or (p.armed and last_word(p) in lx.FORCES) for p in actor):
        return False
    for ref in read_places(scene, n + 1).refs:
        if ref.place is not None or (ref.unknown and ref.sure >= 0.5) or ref.part:
            findings.add(rule, ref, governing_verb(scene, k) if governing_verb(scene, k) >= 0 else k, actor=actor)
    return True


def under(findings: Findings, rule: Rule, k: int) -> bool:
    """Reads "X, under the control of Y", "villages under rebel control", "X is in the hands of Y", "came under Y's control"."""
    scene = findings.scene
    sentence = scene.sentence
    prep = k - 1
    word = sentence.chunks[prep].word.split()[-1]
    chunk = sentence.chunks[k]
    head = sentence.lows[chunk.j - 1]
    if sentence.tags[chunk.j - 1] == "P":
        return False
    if (
        word not in ("under", "in", "into", "within", "to")
        or (head == "hands") != (word in ("in", "into"))
        or (word == "in" and head == "control")
        or (word == "to" and not _returned(scene, prep))
    ):
        return False
    holder = holder_of_control(scene, k)
    if not holder:
        return False
    if all(p.pronoun and not p.actor_id for p in holder):
        # "with X under their control, the rebels …": the subject of the main clause
        main = next((n for n, c in enumerate(sentence.chunks) if c.kind == "VG" and c.finite and n > k), -1)
        if main >= 0 and sentence.chunks[main].lemma not in lx.REPORTING:
            holder = subject_parties(scene, main) or holder
    b = before(sentence, prep)
    refs: list[PlaceRef] = []
    verb = -1
    predicate = rule.predicate
    if kind(sentence, b) == ",":
        b = before(sentence, b)
    if kind(sentence, b) == "C" and kind(sentence, verb_before(scene, k)) == "VG":
        b = verb_before(scene, k)  # "was safe and firmly under government control"
    if kind(sentence, b) == "NP":
        verb = verb_before(scene, k)
        governed = object_of(scene, verb) if verb >= 0 else -1
        refs = [r for r in read_places(scene, phrase_start(scene, b)).refs if r.anaphor not in ("it", "them")]
        if verb >= 0 and sentence.chunks[verb].lemma in ("bring", "place", "put", "return") and governed >= 0:
            predicate = Predicate.CAPTURED
    elif kind(sentence, b) == "VG":
        verb = b
        lemma = sentence.chunks[b].lemma
        refs = [r for r in subject_refs(scene, b) if r.anaphor != "it" or lemma == "be"]
        if lemma in lx.COMING_UNDER:
            predicate = Predicate.CAPTURED
    if refs and all(r.anaphor for r in refs):
        opened = phrase_start(scene, before(sentence, prep))
        comma = before(sentence, opened)
        a = before(sentence, comma)
        if (
            kind(sentence, comma) == ","
            and kind(sentence, a) == "NP"
            and (sentence.lows[sentence.chunks[opened].i] in _ONE or _is_last(scene, opened))
        ):
            refs = refs_ending(scene, a)[-1:] or refs  # "X, one of the districts still under Y's control"
    if refs and all(r.anaphor for r in refs) and verb >= 0 and sentence.chunks[verb].lemma in ("be", "remain"):
        named = [r for r in subject_refs(scene, verb) if r.place is not None or r.unknown]
        refs = named or refs  # "X was the last town under the control of Y"
    inside = _within(scene, k)
    if (not refs or all(r.anaphor for r in refs)) and inside:
        text = refs[0].text if refs else "areas"
        refs = [replace(r, part=f"{text} in") for r in inside]
    if verb < 0:
        verb = verb_before(scene, k)
    for ref in refs:
        if ref.unknown and ref.sure < 0.5:
            continue
        findings.add(rule, ref, verb if verb >= 0 else k, predicate=predicate, actor=holder)
    return bool(refs)


_ONE = lx.words("one another among")


def _is_last(scene: Scene, k: int) -> bool:
    chunk = scene.sentence.chunks[k]
    return not _LASTS.isdisjoint(scene.sentence.lows[chunk.i : chunk.j])


def _returned(scene: Scene, prep: int) -> bool:
    """Reads "have returned to government control"."""
    b = before(scene.sentence, prep)
    return kind(scene.sentence, b) == "VG" and scene.sentence.chunks[b].lemma in ("return", "revert", "restore")


def _within(scene: Scene, k: int) -> list[PlaceRef]:
    for _, n in follow(scene, k, "in across inside within", limit=5):
        refs = [r for r in read_places(scene, n).refs if r.place is not None or r.unknown or r.anaphor in lx.WIDE_WORDS]
        if refs:
            return refs
    return []


_PEACEFUL = frozenset(
    (
        "united nations",
        "un",
        "u.n.",
        "nato",
        "european union",
        "eu",
        "african union",
        "au",
        "red cross",
        "osce",
        "police",
    )
)
_RUN = lx.CIVIL_SITES | lx.words("camp camps clinic clinics mine mines plant factory prisons hospitals jails")
_MEDIA = lx.words(
    "radio newspaper television tv news agency media paper website channel station school company airline bank firm hospital"
)


def adjective(findings: Findings, rule: Rule, k: int, token: int) -> None:
    """Reads "rebel-held X", "the ISIS-controlled town of X", "Kurdish-controlled northern Iraq"."""
    scene = findings.scene
    sentence = scene.sentence
    chunk = sentence.chunks[k]
    owner: Party | None = None
    low = sentence.lows[token]
    if "-" in low:
        text = sentence.words[token].rsplit("-", 1)[0]
        begin = sentence.starts[token]
        mention = next(
            (m for s, e, m in scene.mentions if m.start <= begin + len(text) and m.end >= begin and s <= token < e),
            None,
        )
        if any(w in _MEDIA for w in sentence.lows[token + 1 : chunk.j]):
            return
        if low.endswith(("-run", "-administered")) and sentence.lows[chunk.j - 1] in _RUN:
            return  # who runs a prison or a hospital need not hold the town
        if low.startswith(
            (
                "state-",
                "government-run",
                "family-",
                "privately-",
                "self-",
                "well-",
                "church-",
                "city-",
                "un-run",
                "company-",
                "foreign-",
            )
        ) and (not low.startswith("government-") or low.endswith("run")):
            return
        first = token
        while (
            first > chunk.i
            and sentence.tags[first - 1] == "P"
            and mention is not None
            and any(s <= first - 1 < e for s, e, m in scene.mentions if m is mention)
        ):
            first -= 1
        full = scene.article[sentence.starts[first] : begin + len(text)]
        owner = Party(
            text=full,
            actor_id=mention.actor_id if mention else ActorId(""),
            start=sentence.starts[first],
            end=begin + len(text),
        )
    else:
        inside = [m for m in scene.mentions_in(chunk.i, token) if m[1] == token]
        if not inside:
            previous = [m for m in scene.mentions if m[1] <= token and token - m[1] <= 4]
            inside = previous[-1:]
        if not inside:
            return
        owner = from_mention(inside[-1][2])
    head = sentence.lows[chunk.j - 1]
    last = head in lx.REGION | lx.PART_WORDS and not _LASTS.isdisjoint(sentence.lows[chunk.i : token])
    apposed = _apposed(scene, k) if head in lx.SETTLEMENT or last else []  # "X, the last Y-held part of Z": X
    refs = apposed or [
        r
        for r in read_places(scene, k).refs
        if r.place is not None or (r.unknown and r.sure >= 0.5) or (r.part and not r.anaphor) or (r.anaphor and r.part)
    ]
    if not refs:
        opened = opening_place(scene) if read_places(scene, k).refs else []
        if opened:
            refs = [replace(r, part=f"{scene.words(chunk.i, chunk.j)} in") for r in opened]
    if not refs:
        return
    taken = {
        d.ref.start
        for d in findings.drafts
        if d.predicate in (Predicate.CAPTURED, Predicate.LOST) and d.modality is None
    }
    governing = verb_before(scene, k)
    for ref in refs:
        if ref.start in taken:
            real = False
            for n, draft in enumerate(findings.drafts):
                real = real or (draft.ref.start == ref.start and happened(scene, draft.verb))
                if apposed and draft.ref.start == ref.start and _same_side(draft.actor, (owner,)):
                    real = False  # "X, the last Y-held part, was taken by Y": they have it
                elif draft.ref.start == ref.start and not draft.other:
                    findings.drafts[n] = replace(draft, other=(owner,), explicit_other=True)
            if real:
                continue
        if (ref.anaphor and not ref.part) or (ref.place is None and not ref.unknown and not ref.anaphor):
            continue
        former = sentence.lows[max(0, token - 1)] in _FORMERLY
        findings.add(rule, replace(ref, owners=()), governing if governing >= 0 else k, actor=(owner,), undated=former)


def taken_adjective(findings: Findings, rule: Rule, k: int, token: int) -> None:
    """Reads "the recaptured town of X", "captured rebel bases in X": taken before the sentence, nobody says when."""
    scene = findings.scene
    sentence = scene.sentence
    chunk = sentence.chunks[k]
    head = sentence.lows[chunk.j - 1]
    named = any(t[1] == chunk.j for t in scene.toponyms)
    if not (named or head in COMMON_PLACES) or "'" in sentence.tags[token : chunk.j]:
        return
    if sentence.lows[chunk.i] in ("a", "an", "no") or sentence.lows[token - 1] in ("yet", "not", "never"):
        return  # "dreams of a liberated X"
    owners = tuple(from_mention(m) for _, _, m in scene.mentions_in(token, chunk.j))
    governing = verb_before(scene, k)
    told = {d.ref.start for d in findings.drafts if d.predicate in (Predicate.CAPTURED, Predicate.LOST)}
    names = tells_names(scene, k)  # "The liberated villages are A and B": names nobody knows are villages too
    for ref in read_places(scene, k).refs:
        if (ref.place is not None or (ref.unknown and names)) and not ref.anaphor and ref.start not in told:
            findings.add(
                rule,
                replace(ref, owners=()),
                governing if governing >= 0 else k,
                actor=(same_as_before(sentence.starts[chunk.i]),) if names else (),
                other=owners,
                explicit=bool(owners),
                undated=not names,
            )


def stronghold(findings: Findings, rule: Rule, k: int) -> bool:
    """Reads "the rebel stronghold of X", "X, a bastion of Y", "X is the last Y stronghold", "a rebel stronghold in X"."""
    scene = findings.scene
    sentence = scene.sentence
    chunk = sentence.chunks[k]
    lows = sentence.lows[chunk.i : chunk.j]
    former = any(w in lx.FORMER or w == "once" for w in lows) or sentence.lows[max(0, chunk.i - 1)] == "once"
    if rule.name == "capital-of-holder":
        facto = "facto" in lows or "de-facto" in lows or "self-declared" in lows or "self-proclaimed" in lows
        if not facto and not (scene.mentions_in(chunk.i, chunk.j - 1) and lows[-1] != "base" and lows[-1] != "capital"):
            return False
    owners: list[Party] = [
        from_mention(m) for s, e, m in scene.mentions_in(chunk.i, chunk.j) if e < chunk.j or s < chunk.j - 1
    ]
    lies_in = [t[2].quote.start for t in scene.toponyms if t[2].place is not None and t[2].place.feature_class == "P"]
    inside = tuple(p for p in noun_agent(scene, k) if p.actor_id or p.start not in lies_in)  # not "Hama's enclave of X"
    owners = list(inside) or owners
    if lows[0] in ("their", "its", "his") and not at_war(scene):
        owners = [p for p in owners if p.armed or p.actor_id]  # a politician's "family's stronghold" is a seat
    refs: list[PlaceRef] = _apposed(scene, k)
    if (
        refs
        and kind(sentence, k + 1) == "I"
        and kind(sentence, k + 2) == "NP"
        and sentence.chunks[k + 1].word in ("of", "for")
    ):
        party = read_party(scene, k + 2)
        if party is not None and (party.actor_id or (party.armed and last_word(party) in lx.FORCES | lx.PERSONS)):
            owners = owners or list(read_list(scene, k + 2))
    elif not refs and kind(sentence, k + 1) == "I" and kind(sentence, k + 2) == "NP":
        word = sentence.chunks[k + 1].word.split()[-1]
        party = read_party(scene, k + 2) if word in ("of", "for") else None
        if party is not None and (party.actor_id or (party.armed and last_word(party) in lx.FORCES | lx.PERSONS)):
            owners = owners or list(read_list(scene, k + 2))
            refs = _named_behind(scene, k + 2)
        else:
            reading = read_places(scene, k)
            refs = [r for r in reading.refs if r.place is not None or r.unknown or r.part]
            inner = sentence.chunks[k + 2]
            if not refs and scene.toponyms_in(inner.i, inner.j) and word in ("of", "at", "in", "on", "near"):
                refs = list(read_places(scene, k + 2).refs)
                if word not in ("of", "at"):
                    refs = [replace(r, part=r.part or f"{scene.words(chunk.i, chunk.j)} {word}") for r in refs]
    if not owners or (rule.name == "capital-of-holder" and all(p.text.lower() in _PEACEFUL for p in owners)):
        return False
    b = before(sentence, k)
    if not refs:
        if kind(sentence, b) in (",", "-"):
            a = before(sentence, b)
            refs = refs_ending(scene, a) if kind(sentence, a) == "NP" else []
        elif kind(sentence, b) == "VG" and sentence.chunks[b].lemma in ("be", "remain", "become"):
            refs = [r for r in subject_refs(scene, b) if r.place is not None or r.unknown or r.anaphor in lx.SETTLEMENT]
        elif kind(sentence, after(sentence, k)) == "NP":
            refs = [r for r in read_places(scene, after(sentence, k)).refs if r.place is not None or r.sure >= 0.5]
    if kind(sentence, b) == "VG" and sentence.chunks[b].aux[:1] == ("had",):
        former = True  # "had been the sect's capital"
    governing = verb_before(scene, k)
    taken = [d for d in findings.drafts if d.predicate in (Predicate.CAPTURED, Predicate.LOST, Predicate.WITHDREW)]
    for ref in refs:
        hit = False
        for n, draft in enumerate(findings.drafts):
            if draft in taken and draft.ref.start == ref.start:
                hit = hit or happened(scene, draft.verb)  # "an offensive to take X, a stronghold of Y": Y has it
                if not draft.other:
                    findings.drafts[n] = replace(draft, other=tuple(owners), explicit_other=True)
        if hit:
            continue
        findings.add(
            rule, replace(ref, owners=()), governing if governing >= 0 else k, actor=tuple(owners), undated=former
        )
    return bool(refs)


def _named_behind(scene: Scene, k: int) -> list[PlaceRef]:
    """The Y of "the last redoubt of the rebels in X, Y, was shelled"; ``k`` is whose it is."""
    sentence = scene.sentence
    if not (
        kind(sentence, k + 1) == "I"
        and sentence.chunks[k + 1].word in ("in", "inside")
        and kind(sentence, k + 2) == "NP"
    ):
        return []
    if kind(sentence, k + 3) != "," or kind(sentence, k + 4) != "NP" or kind(sentence, k + 5) not in (",", ""):
        return []
    refs = read_places(scene, k + 4).refs
    return [r for r in refs if not r.anaphor and not r.part and (r.place is not None or r.sure >= 0.5)][:1]


def _apposed(scene: Scene, k: int) -> list[PlaceRef]:
    """The place that "…, the last X stronghold in Y," describes: the name before the comma."""
    sentence = scene.sentence
    b = before(sentence, k)
    if kind(sentence, b) not in (",", "-") or sentence.lows[sentence.chunks[k].i] not in (
        "the",
        "a",
        "an",
        "once",
        "another",
        "their",
        "its",
    ):
        return []
    a = before(sentence, b)
    return refs_ending(scene, a) if kind(sentence, a) == "NP" else []


def stronghold_inside(findings: Findings, rule: Rule, k: int) -> None:
    """Reads "the rebel stronghold X", all one noun phrase."""
    scene = findings.scene
    sentence = scene.sentence
    chunk = sentence.chunks[k]
    at = next(i for i in range(chunk.i, chunk.j) if sentence.lows[i] in rule.words)
    owners = [from_mention(m) for _, _, m in scene.mentions_in(chunk.i, at)]
    if not owners or any(w in ("former", "onetime", "one-time") for w in sentence.lows[chunk.i : at]):
        return
    taken = {d.ref.start for d in findings.drafts}
    governing = verb_before(scene, k)
    for ref in read_places(scene, k).refs:
        if (ref.place is not None or ref.unknown) and ref.start not in taken:
            findings.add(rule, replace(ref, owners=()), governing if governing >= 0 else k, actor=tuple(owners))
