"""Drafts of claims, and how their parts are found around a verb or noun: objects, agents, complements, owners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mapper.claims import lexicon as lx
from mapper.claims.parties import Party, from_mention, read_list, read_parties
from mapper.claims.places import read_places
from mapper.claims.rules import Rule
from mapper.claims.scene import PlaceRef, Scene
from mapper.claims.syntax import after, before, kind, passive, subject
from mapper.model import Modality, Predicate

Parties = tuple[Party, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A claim before its modality, date and ids are known. ``verb`` is the chunk that governs it."""

    rule: Rule
    predicate: Predicate
    ref: PlaceRef
    actor: Parties = ()
    other: Parties = ()
    verb: int
    explicit_other: bool = False
    modality: Modality | None = None
    weight: float = 1.0
    undated: bool = False  # a former state, which the time of the sentence does not date


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What a trigger found and why it gives no claim."""

    rule: str
    text: str
    reason: str
    start: int
    end: int


@dataclass(slots=True)
class Findings:
    """Drafts and refusals of one sentence."""

    scene: Scene
    drafts: list[Draft]
    refused: list[Refusal]

    def add(
        self,
        rule: Rule,
        ref: PlaceRef,
        verb: int,
        *,
        actor: Parties = (),
        other: Parties = (),
        predicate: Predicate | None = None,
        explicit: bool = False,
        modality: Modality | None = None,
        weight: float = 1.0,
        undated: bool = False,
    ) -> None:
        """Keeps a draft; ``predicate`` is the rule's own unless given."""
        self.drafts.append(
            Draft(
                rule=rule,
                predicate=predicate or rule.predicate,
                ref=ref,
                actor=actor,
                other=other,
                verb=verb,
                explicit_other=explicit,
                modality=modality,
                weight=weight,
                undated=undated,
            )
        )

    def refuse(self, rule: Rule, k: int, reason: str) -> None:
        sentence = self.scene.sentence
        chunk = sentence.chunks[k]
        self.refused.append(
            Refusal(
                rule=rule.name,
                text=self.scene.words(chunk.i, chunk.j),
                reason=reason,
                start=sentence.starts[chunk.i],
                end=sentence.ends[chunk.j - 1],
            )
        )


def object_of(scene: Scene, v: int) -> int:
    """Chunk of the direct object, -1 if there is none: to the right, or the antecedent of a relative clause."""
    sentence = scene.sentence
    nxt = after(sentence, v)
    if kind(sentence, nxt) == "C" and kind(sentence, after(sentence, nxt)) == "VG":
        second = after(sentence, nxt)  # "captured and levelled the town"
        if sentence.chunks[second].bare:
            nxt = after(sentence, second)
    if kind(sentence, nxt) == "NP":
        return nxt
    if kind(sentence, nxt) == "I" and sentence.chunks[nxt].word == "back" and kind(sentence, nxt + 1) == "NP":
        return nxt + 1  # "took back the town"
    b = before(sentence, v)
    if kind(sentence, b) == "NP" and nxt >= 0:
        subjects = subject(sentence, v)
        first = subjects[0] if subjects else b
        w = before(sentence, first)
        if kind(sentence, w) in ("W", "S") and sentence.chunks[w].word in ("which", "that"):
            a = before(sentence, w)
            if kind(sentence, a) == "C":
                # "X, which A took and which B holds"
                earlier = [
                    n
                    for n in range(a)
                    if kind(sentence, n) == "W" and sentence.chunks[n].word == sentence.chunks[w].word
                ]
                a = before(sentence, earlier[-1]) if earlier else a
            if kind(sentence, a) == ",":
                a = before(sentence, a)
            if kind(sentence, a) == "NP":
                return phrase_start(scene, a)
        if kind(sentence, w) == "NP" and w == first - 1:
            return phrase_start(scene, w)  # "the territory the army controlled"
    return -1


def phrase_start(scene: Scene, k: int) -> int:
    """The first chunk of the noun phrase with PPs that ends with chunk ``k``."""
    sentence = scene.sentence
    while True:
        b = before(sentence, k)
        if kind(sentence, b) != "I" or kind(sentence, before(sentence, b)) != "NP":
            return k
        word = sentence.chunks[b].word
        q = before(sentence, b)
        chunk = sentence.chunks[q]
        head = sentence.lows[chunk.j - 1]
        if word == "of" or head in lx.SETTLEMENT | lx.PART_WORDS | lx.PLURAL_PLACES | lx.FACILITY | lx.REGION:
            k = q
            continue
        return k


def follow(scene: Scene, k: int, preps: frozenset[str] | str, *, limit: int = 40) -> list[tuple[str, int]]:
    """Prepositional complements to the right of chunk ``k`` within its clause: ``(preposition, noun phrase)``."""
    sentence = scene.sentence
    wanted = lx.words(preps) if isinstance(preps, str) else preps
    found: list[tuple[str, int]] = []
    n = k + 1
    chunks = sentence.chunks
    while n < len(chunks) and n < k + limit:
        chunk = chunks[n]
        if chunk.kind == "VG" and (chunk.finite and not (chunk.bare and passive(sentence, n))):
            break
        if chunk.kind in ("S", "W", ";") or (chunk.kind == "C" and chunk.word in ("but", "or")):
            break
        if chunk.kind == "VG" and (chunk.to or (chunk.code == "g" and chunks[n - 1].kind in (",", "-"))):
            break
        if chunk.kind == "I":
            nxt = after(sentence, n)
            if kind(sentence, nxt) == "NP":
                word = chunk.word
                if not wanted or word in wanted or word.split()[-1] in wanted:
                    found.append((word, nxt))
        n += 1
    return found


def agent(scene: Scene, v: int) -> Parties:
    """Parties after "by" of a passive."""
    for _, k in follow(scene, v, "by", limit=8):
        found = read_list(scene, k)
        if found:
            return found
    return ()


def subject_parties(scene: Scene, v: int) -> Parties:
    return read_parties(scene, subject(scene.sentence, v))


def subject_refs(scene: Scene, v: int) -> tuple[PlaceRef, ...]:
    refs: list[PlaceRef] = []
    for k in subject(scene.sentence, v):
        if any(r.start == scene.sentence.starts[scene.sentence.chunks[k].i] for r in refs):
            continue
        for ref in read_places(scene, k).refs:
            if all(r.start != ref.start for r in refs):
                refs.append(ref)
    return tuple(refs)


def owners_of(ref: PlaceRef) -> Parties:
    found: list[Party] = []
    for mention in ref.owners:
        party = from_mention(mention)
        if all(p.text != party.text and not (p.actor_id and p.actor_id == party.actor_id) for p in found):
            found.append(party)
    return tuple(found)


def is_good_place(findings: Findings, rule: Rule, k: int, ref: PlaceRef) -> bool:
    """Whether a phrase is enough of a place for this rule."""
    if ref.anaphor in lx.NOT_PLACES:
        return False
    needed = 0.3 if rule.territorial else 0.85
    if ref.unknown and ref.sure < needed:
        findings.refuse(rule, k, "an unknown name that may be a person or a thing")
        return False
    if (
        ref.anaphor in lx.FACILITY - lx.SETTLEMENT
        and ref.anaphor not in ("base", "airport", "airbase", "stronghold")
        and not ref.part
    ):
        return ref.anaphor in lx.NAMELESS_SITES
    return True


def holder_of_control(scene: Scene, k: int) -> Parties:
    """Who holds in "ISIS control", "the group's hands", "the control of the rebels"."""
    sentence = scene.sentence
    chunk = sentence.chunks[k]
    inside = scene.mentions_in(chunk.i, chunk.j)
    if kind(sentence, k + 1) == "I" and sentence.chunks[k + 1].word in ("of", "by") and kind(sentence, k + 2) == "NP":
        found = read_list(scene, k + 2)
        if found:
            return tuple(p for p in found if p.armed or p.actor_id or p.text[:1].isupper())
    if inside:
        text_i = inside[0][0]
        party = Party(
            text=scene.words(text_i, inside[-1][1]),
            actor_id=inside[-1][2].actor_id,
            start=inside[0][2].start,
            end=inside[-1][2].end,
            pronoun=inside[-1][2].generic
            and (
                sentence.lows[text_i] in ("its", "their", "his") or sentence.lows[inside[-1][1] - 1] in lx.GROUP_WORDS
            ),
        )
        return (party,)
    if chunk.j - chunk.i >= 2:
        i = chunk.i
        while i < chunk.j - 1 and sentence.lows[i] in lx.CONTROL_MODIFIERS:
            i += 1
        j = chunk.j - 1
        while j > i and sentence.tags[j - 1] == "'":
            j -= 1
        if j > i and sentence.lows[i] in ("its", "their", "his"):
            return (Party(text=sentence.lows[i], start=sentence.starts[i], end=sentence.ends[i], pronoun=True),)
        if j > i and (sentence.tags[j - 1] == "P" or sentence.lows[j - 1] in lx.FORCES | lx.PERSONS):
            return (
                Party(
                    text=scene.words(i, j),
                    start=sentence.starts[i],
                    end=sentence.ends[j - 1],
                    armed=sentence.lows[j - 1] in lx.FORCES | lx.PERSONS,
                ),
            )
    return ()


def side_by_side(scene: Scene, k: int) -> bool:
    """Whether the noun phrase names who fights along: "alongside X", "in a joint attack with X", "with the help of X"."""
    sentence = scene.sentence
    chunk = sentence.chunks[k]
    if sentence.lows[chunk.j - 1] in ("ally", "allies"):
        return True
    b = k - 1
    if kind(sentence, b) != "I":
        return False
    word = sentence.chunks[b].word
    a = before(sentence, b)
    if word in ("alongside", "along with", "together with") or kind(sentence, a) != "NP":
        return word in ("alongside", "along with", "together with")
    noun = sentence.chunks[a]
    if word == "with":
        return not lx.JOINT.isdisjoint(sentence.lows[noun.i : noun.j])
    return word in ("of", "from") and sentence.lows[noun.j - 1] in lx.HELP


def last_word(party: Party) -> str:
    return party.text.split()[-1].lower() if party.text else ""


def is_civil(party: Party) -> bool:
    return last_word(party) in lx.CIVIL and last_word(party) not in lx.FORCES


def opening_place(scene: Scene) -> list[PlaceRef]:
    """Places of the PP that opens a sentence: "In the central region of Homs, …"."""
    sentence = scene.sentence
    k = 0
    while kind(sentence, k) in ("A", "E", ","):
        k += 1
    if kind(sentence, k) == "I" and sentence.chunks[k].word.split()[-1] in lx.OPENERS_OF_PLACE:
        if kind(sentence, k + 1) != "NP":
            if sentence.chunks[k].word == "on" and kind(sentence, k + 1) == "E":
                k += 2
                while kind(sentence, k) in ("E", "A", "NP"):
                    k += 1
                if not (kind(sentence, k) == "I" and kind(sentence, k + 1) == "NP"):
                    return []
            else:
                return []
        reading = read_places(scene, k + 1)
        if kind(sentence, reading.end) == ",":
            return [r for r in reading.refs if r.place is not None or (r.unknown and r.sure >= 0.85)]
    return []


def refs_ending(scene: Scene, a: int) -> list[PlaceRef]:
    """Places of the coordination that ends with chunk ``a``."""
    sentence = scene.sentence
    best: list[PlaceRef] = []
    for k in range(max(0, a - 9), a + 1):
        if kind(sentence, k) != "NP":
            continue
        reading = read_places(scene, k)
        if reading.end >= a + 1 and any(r.place is not None or r.unknown for r in reading.refs):
            best = [r for r in reading.refs if r.place is not None or (r.unknown and r.sure >= 0.5)]
            if best:
                return best
    return best


def noun_agent(scene: Scene, k: int) -> Parties:
    """Who does what a noun names: "ISIS's capture of", "the army offensive", "the capture of X by Y"."""
    sentence = scene.sentence
    chunk = sentence.chunks[k]
    inside = [m for m in scene.mentions_in(chunk.i, chunk.j) if m[1] < chunk.j]
    if inside:
        first, last = inside[0], inside[-1]
        pronoun = last[2].generic and sentence.lows[last[0]] in ("its", "their", "his")
        return (
            Party(
                text=" ".join(scene.words(first[0], last[1]).split()),
                actor_id=last[2].actor_id,
                start=first[2].start,
                end=last[2].end,
                pronoun=pronoun,
            ),
        )
    for n in range(chunk.i, chunk.j):
        if sentence.tags[n] == "'" and n > chunk.i:
            i = chunk.i + (sentence.lows[chunk.i] == "the")
            if i < n and (sentence.lows[n - 1] in lx.FORCES or sentence.tags[n - 1] == "P"):
                return (
                    Party(
                        text=scene.words(i, n),
                        start=sentence.starts[i],
                        end=sentence.ends[n - 1],
                        armed=sentence.lows[n - 1] in lx.FORCES,
                    ),
                )
    for n in range(chunk.i, chunk.j - 1):
        top = next((t for t in scene.toponyms if t[0] == n and t[2].kind in ("demonym", "metonym")), None)
        if top is not None:
            return (Party(text=scene.words(n, top[1]), start=sentence.starts[n], end=sentence.ends[top[1] - 1]),)
    for n in range(chunk.j - 2, chunk.i - 1, -1):
        if sentence.lows[n] in _SIDE_WORDS:
            return (Party(text=sentence.words[n], start=sentence.starts[n], end=sentence.ends[n]),)
    if sentence.lows[chunk.i] in ("their", "its", "his"):
        b = verb_before(scene, k)
        if b >= 0:
            return subject_parties(scene, b)
    return ()


_SIDE_WORDS = lx.words(
    "rebel rebels government army regime militia insurgent jihadist opposition separatist militant guerrilla junta loyalist coalition"
)


def verb_before(scene: Scene, k: int) -> int:
    n = k - 1
    while n >= 0:
        chunk = scene.sentence.chunks[n]
        if chunk.kind == "VG":
            return n
        if chunk.kind == ";":
            return -1
        n -= 1
    return -1


def governing_verb(scene: Scene, k: int) -> int:
    """The verb that has the noun phrase as object or subject; -1 if none is near."""
    sentence = scene.sentence
    b = before(sentence, k)
    if kind(sentence, b) == "VG":
        return b
    if kind(sentence, b) == "I" and kind(sentence, before(sentence, b)) == "VG":
        return before(sentence, b)
    n = k + 1
    while n < len(sentence.chunks):
        where = sentence.chunks[n].kind
        if where == "VG":
            chunk = sentence.chunks[n]
            if chunk.finite and not (chunk.bare and passive(sentence, n)):
                return n
        elif where not in ("I", "NP", "E", "A", "C"):
            break
        n += 1
    return verb_before(scene, k)


def told_as_story(scene: Scene, k: int) -> bool:
    """Reads "a film on the fall of X", "her book about the siege of X": what is told, not what is reported."""
    sentence = scene.sentence
    about = sentence.lows[sentence.chunks[k].i] == "about"  # "about the siege" reads like "about a dozen"
    if not about and not (k > 0 and sentence.chunks[k - 1].word in ("about", "on", "of")):
        return False
    a = before(sentence, k if about else k - 1)
    return kind(sentence, a) == "NP" and sentence.lows[sentence.chunks[a].j - 1] in lx.STORIES


def fight_refs(scene: Scene, k: int) -> list[PlaceRef]:
    """Places after a preposition of place, where an unknown name most often is a place too."""
    sentence = scene.sentence
    b = k - 1
    local = kind(sentence, b) == "I" and sentence.chunks[b].word.split()[-1] in lx.LOCAL
    needed = 0.3 if local else 0.6
    refs = read_places(scene, k).refs
    named = [r for r in refs if r.place is not None or (r.unknown and r.sure >= needed)]
    if named or len(refs) != 1:
        return named
    # "fighting in the city": a description of what the text has named
    return [r for r in refs if r.anaphor in lx.SETTLEMENT and r.text.lower().startswith(("the ", "this ", "that "))]


def add_gapped(findings: Findings, v: int, refs: Sequence[PlaceRef]) -> None:
    """Claims of the places after "X fell on Saturday and Y on Sunday", "X was taken in May, Y in June": drafts like X's."""
    sentence = findings.scene.sentence
    model = next((d for d in reversed(findings.drafts) if d.verb == v and d.ref.start == refs[-1].start), None)
    if model is None:
        return
    k = v
    while k < len(sentence.chunks):
        k += 1
        while kind(sentence, k) == "A":
            k += 1
        if (
            kind(sentence, k) == "I"
            and kind(sentence, k + 1) == "NP"
            and not any(r.place is not None for r in read_places(findings.scene, k + 1).refs)
        ):
            k += 2  # "by the army", "after a siege"
        if kind(sentence, k) != "E":
            return
        while kind(sentence, k) in ("E", "A"):
            k += 1
        if kind(sentence, k) not in (",", "C", ";"):
            return
        while kind(sentence, k) in (",", "C", ";"):
            k += 1
        if kind(sentence, k) != "NP":
            return
        reading = read_places(findings.scene, k)
        named = [r for r in reading.refs if not r.anaphor and (r.place is not None or r.sure >= 0.5)]
        stop = reading.end
        while kind(sentence, stop) in ("E", "A"):
            stop += 1
        timed = "E" in (sentence.chunks[n].kind for n in range(k, stop))  # without a time it is no clause cut short
        if not named or len(named) != len(reading.refs) or not timed or kind(sentence, stop) == "VG":
            return
        for ref in named:
            findings.drafts.append(replace(model, ref=ref))
        k = next(n for n in range(k, stop) if sentence.chunks[n].kind == "E") - 1
