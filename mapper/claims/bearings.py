"""Where forces stand or fight by what daily assessments say: "northeast of A near B", "in the A direction", "near A and south of B"."""

from __future__ import annotations

from mapper.claims import lexicon as lx
from mapper.claims.draft import Findings, Parties, fight_refs, is_civil, last_word, subject_parties
from mapper.claims.rules import Rule
from mapper.claims.scene import LENGTH, PlaceRef, Scene, is_direction, place_ref
from mapper.claims.syntax import after, kind, passive

_NEAR = lx.words("in near around at inside outside within along across throughout toward towards beyond")
_NEARER = lx.words("near in around at toward towards")
_ALONG = lx.words("direction directions axis sector front")


def whereabouts(scene: Scene, start: int) -> list[PlaceRef]:
    """The places of the phrases that tell, from chunk ``start`` on, where something goes on.

    What a direction counts from is meant itself only where nothing nearer is named: "southwest of A near B" is about B.
    """
    sentence = scene.sentence
    found: list[PlaceRef] = []
    n = start
    while n < len(sentence.chunks):
        while kind(sentence, n) in ("A", "E") or _distance(scene, n):
            n += 1
        k = _place_at(scene, n)
        if k < 0:
            break
        nearer = kind(sentence, k + 1) == "I" and sentence.chunks[k + 1].word in _NEARER
        if k > n + 1 and nearer and _refs(scene, k + 2):
            n = k + 1
            continue
        refs = _refs(scene, k)
        if not refs:
            break
        found += [r for r in refs if all(r.start != q.start for q in found)]
        n = _behind(scene, k, refs)
        following = after(sentence, n)
        joined = kind(sentence, n)
        if joined == "," and kind(sentence, following) == "C":
            joined, following = "C", after(sentence, following)
        apposed = joined == "," and kind(sentence, following) == "NP"  # "in A, south-west of B": where A lies
        if joined not in (",", "C") or apposed or _place_at(scene, following) < 0:
            break
        n = following
    return found


def further_off(scene: Scene, start: int, refs: list[PlaceRef]) -> list[PlaceRef]:
    """What "near A and south of B" names behind the list ``refs`` that the preposition at chunk ``start`` leads to."""
    seats = whereabouts(scene, start) if refs else []
    read = {ref.start for ref in refs}
    return [ref for ref in seats if ref.start not in read] if seats and seats[0].start in read else []


def _place_at(scene: Scene, n: int) -> int:
    """The noun phrase of the location that begins at chunk ``n``, -1 if none does."""
    sentence = scene.sentence
    where = kind(sentence, n)
    if where == "I" and sentence.chunks[n].word.split()[-1] in _NEAR and kind(sentence, n + 1) == "NP":
        return _place_at(scene, n + 1) if is_direction(scene, n + 1) else n + 1
    if where == "NP" and is_direction(scene, n):
        led = kind(sentence, n + 1) == "I" and sentence.chunks[n + 1].word == "of"
        return n + 2 if led and kind(sentence, n + 2) == "NP" else -1
    return -1


def _distance(scene: Scene, n: int) -> bool:
    chunk = scene.sentence.chunks[n] if kind(scene.sentence, n) == "NP" else None
    return chunk is not None and scene.sentence.lows[chunk.j - 1] in LENGTH


def _refs(scene: Scene, k: int) -> list[PlaceRef]:
    """Places of the list at chunk ``k``; the town of "the A direction"."""
    sentence = scene.sentence
    if kind(sentence, k) != "NP":
        return []
    chunk = sentence.chunks[k]
    if sentence.lows[chunk.j - 1] in _ALONG:
        named = [t for t in scene.toponyms_in(chunk.i, chunk.j - 1) if t[1] == chunk.j - 1 and t[2].place is not None]
        return [place_ref(scene, i, j, place=t.place) for i, j, t in named]
    return fight_refs(scene, k)


def _behind(scene: Scene, k: int, refs: list[PlaceRef]) -> int:
    """The chunk behind the last place read, and behind what is bracketed or located after it."""
    sentence = scene.sentence
    last = sentence.chunk_at(sentence.tokens_of(refs[-1].start, refs[-1].end)[1] - 1)
    return max(k, last) + 1


def _bare_direction(ref: PlaceRef) -> bool:
    """Whether a place is "the north" of nothing that is named."""
    return ref.place is None and ref.text.lower().removeprefix("the ") in lx.DIRECTIONS


def _armed(parties: Parties) -> Parties:
    """Those that fight as one: an actor that is known or a force, no police."""
    return tuple(
        p
        for p in parties
        if p.armed and not is_civil(p) and last_word(p) not in lx.POLICE and (p.actor_id or last_word(p) in lx.FORCES)
    )


def about(findings: Findings, rule: Rule, v: int) -> bool:
    """Reads "advanced northeast of X", "attacked near X", "counterattacked in X", "elements of N operate in X"."""
    scene = findings.scene
    if passive(scene.sentence, v):
        return False
    actor = _armed(subject_parties(scene, v))
    refs = [r for r in whereabouts(scene, v + 1) if not _bare_direction(r)] if actor else []
    for ref in refs:
        findings.add(rule, ref, v, actor=actor)
    return bool(refs)
