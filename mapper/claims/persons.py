"""What tells a captured person from a captured town when the gazetteer knows the name as a town's."""

from __future__ import annotations

from mapper.claims import lexicon as lx
from mapper.claims.draft import Parties, last_word
from mapper.claims.places import read_places
from mapper.claims.scene import PlaceRef, Scene
from mapper.claims.syntax import after, kind, passive, subject
from mapper.claims.tokens import Chunk

_MOVED = lx.words("take bring fly transfer")
_CELLS = lx.words("prison jail custody cell captivity detention dungeon prisons chains")
_WHERE_TO = lx.words("to back home before")
_PLACES_OF_PERSONS = lx.words("in at near outside")
_DOING = lx.words("try attempt seek flee escape hide travel head leave return visit smuggle sneak sleep cross die")
_HE = lx.words("he him his himself she")
_SOMEBODY = lx.words("man woman fugitive suspect captive prisoner")


def is_captive(scene: Scene, v: int, refs: list[PlaceRef], actor: Parties, *, fought: bool) -> bool:
    """Whether the bare name that is the subject of "was captured" is a person's: by what is done to it, where, by whom.

    ``fought`` says that the words speak of a battle, in which towns are taken too.
    """
    if not fought and (_caught(scene, v, refs) or (actor and all(last_word(p) in lx.POLICE for p in actor))):
        return True
    name = subject(scene.sentence, v)[0]
    return (
        _treated_as_person(scene, v, fought=fought)
        or _busy(scene, v)
        or spoken_of_as_person(scene, name, _agent_end(scene, v))
    )


def _agent_end(scene: Scene, v: int) -> int:
    """The chunk after "was captured by the army of X, A and B"; the one after the verb if nobody is named."""
    sentence = scene.sentence
    n = after(sentence, v)
    if not (kind(sentence, n) == "I" and sentence.chunks[n].word.startswith("by")):
        return n
    n += 1
    while kind(sentence, n) in ("NP", "C") or (kind(sentence, n) == "I" and sentence.chunks[n].word == "of"):
        n += 1
    return n


def _treated_as_person(scene: Scene, v: int, *, fought: bool) -> bool:
    """Whether a further verb of the same subject does what is done to persons: "was captured in May and shot"."""
    sentence = scene.sentence
    if sentence.lows[sentence.chunks[v].j : sentence.chunks[v].j + 1] == ["alive"]:
        return True
    n = after(sentence, v)
    while kind(sentence, n) in (",", "C"):
        n = after(sentence, n)
    if not fought and kind(sentence, n) == "VG" and sentence.chunks[n].lemma in lx.DONE_TO_PERSONS:
        return True
    name = subject(sentence, v)
    return any(
        _done_to_a_person(scene, n)
        for n in range(v + 1, len(sentence.chunks))
        if kind(sentence, n) == "VG"
        and (sentence.chunks[n].passive or _coordinated(scene, n))
        and subject(sentence, n) == name
    )


def _coordinated(scene: Scene, n: int) -> bool:
    """Whether a participle goes on with the auxiliary before it: "was captured by X and flown", not "and flew it"."""
    sentence = scene.sentence
    chunk = sentence.chunks[n]
    if not (chunk.bare and "n" in chunk.code and kind(sentence, n - 1) in ("C", ",")):
        return False
    return "d" not in chunk.code or kind(sentence, n + 1) != "NP"


def _done_to_a_person(scene: Scene, n: int) -> bool:
    """Whether the verb is of what is done to persons only: towns too are "taken by" others and "brought under" control."""
    sentence = scene.sentence
    chunk = sentence.chunks[n]
    where = after(sentence, n)
    words = sentence.chunks[where].word.split() if kind(sentence, where) == "I" else []
    goal = sentence.chunks[where + 1] if kind(sentence, where + 1) == "NP" else None
    if chunk.lemma == "hold":
        return words in (["in"], ["at"]) and goal is not None and sentence.lows[goal.j - 1] in _CELLS
    if chunk.lemma not in lx.DONE_TO_PERSONS:
        return False
    if chunk.lemma not in _MOVED:
        return True
    if words[:1] == ["into"]:
        return goal is not None and sentence.lows[goal.j - 1] in _CELLS  # towns are "brought into the union"
    return (
        bool(words)
        and words[0] in _WHERE_TO
        and "by" not in words
        and goal is not None
        and sentence.lows[goal.j - 1] not in lx.CONTROL
    )


def _busy(scene: Scene, v: int) -> bool:
    """Whether the subject does what persons do: "was captured by X while fleeing", "was captured trying to leave"."""
    sentence = scene.sentence
    for n in range(v + 1, len(sentence.chunks)):
        chunk = sentence.chunks[n]
        if chunk.kind != "VG" or chunk.code != "g" or not chunk.bare:
            continue
        led = sentence.chunks[n - 1]
        while_doing = led.kind == "S" and led.word in ("while", "when")
        doing = chunk.lemma in _DOING and (n - 1 == v or (led.kind == "S" and led.word == "after"))
        if while_doing or doing:
            return True
    return False


def spoken_of_as_person(scene: Scene, k: int, start: int) -> bool:
    """Whether the words from chunk ``start`` on call the name at chunk ``k`` "he", "him" or "the Briton".

    Only if nobody else is named whom they could mean, in the sentence or, with a title or an age, in the article.
    """
    sentence = scene.sentence
    name = sentence.chunks[k]
    text = scene.words(name.i, name.j)
    if text in scene.known_places or scene.persons:
        return False
    if start < len(sentence.chunks):
        for t in range(sentence.chunks[start].i, len(sentence.lows)):
            if sentence.lows[t] in _HE:
                return _captives(scene, t) and not _somebody_else(scene, k, t) and not _speaker(sentence.lows[t:])
    return _somebody_in_words(scene, start) or (_goes_on(scene) and not _somebody_else(scene, k, len(sentence.lows)))


def _goes_on(scene: Scene) -> bool:
    """Whether the next sentence tells what was done to the captive: "He was later released."."""
    end = scene.sentence.span.end
    lows = scene.article[end : end + 60].lower().split()
    done = {lx.VERB_FORMS.get(low.strip(",.;"), (low,))[0] for low in lows[2:5]}
    return lows[:2] in (["he", "was"], ["he", "is"], ["she", "was"]) and not lx.DONE_TO_PERSONS.isdisjoint(done)


def _speaker(lows: list[str]) -> bool:
    """Whether somebody who is not named says it: "…, he said", "after his forces fled, he told reporters"."""
    return any(
        low in ("he", "she")
        and any(lx.VERB_FORMS.get(v.rstrip(",."), ("",))[0] in lx.REPORTING for v in lows[n + 1 : n + 4])
        for n, low in enumerate(lows)
    )


def _captives(scene: Scene, t: int) -> bool:
    """Whether the pronoun at token ``t`` stands where a captive's would: "he fled", "flew him", "his lawyers".

    A president whose town was lost has a government, vows to return and was abroad.
    """
    sentence = scene.sentence
    low = sentence.lows[t]
    if low == "his":
        k = sentence.chunk_at(t)
        return not _OWN.isdisjoint(sentence.lows[t + 1 : sentence.chunks[k].j]) if k >= 0 else False
    k = sentence.chunk_at(t)
    v = after(sentence, k) if low in ("he", "she") else k - 1
    if kind(sentence, v) != "VG":
        return False
    lemma = sentence.chunks[v].lemma
    if low in ("he", "she"):
        return lemma in _DOING or (passive(sentence, v) and lemma in lx.DONE_TO_PERSONS)
    return lemma in lx.DONE_TO_PERSONS | _DONE_TO_HIM


_OWN = lx.words(
    "lawyer lawyers family wife mother father brother son sister home house hotel hideout car release trial death arrest"
    " captors ransom whereabouts body injuries wounds interrogation bodyguards bodyguard aides childhood freedom captivity"
)
_DONE_TO_HIM = lx.words("hand hold free send move keep fly")


def _somebody_else(scene: Scene, k: int, stop: int) -> bool:
    """Whether another person is named before token ``stop``: a name that is no place's, a rank, a leader."""
    sentence = scene.sentence
    return any(
        n != k and chunk.kind == "NP" and chunk.i < stop and _may_be_person(scene, chunk)
        for n, chunk in enumerate(sentence.chunks)
    )


def _may_be_person(scene: Scene, chunk: Chunk) -> bool:
    sentence = scene.sentence
    head = sentence.lows[chunk.j - 1]
    if head in lx.PERSONS and not head.endswith("s") and head not in lx.FORCES:
        return True
    mentions = scene.mentions_in(chunk.i, chunk.j)
    if any(m.kind == "leader" for _, _, m in mentions):
        return True
    owners = [t for t in range(chunk.i + 1, chunk.j) if sentence.lows[t] in ("'s", "'") and sentence.tags[t - 1] == "P"]
    if any(all(t[1] != n for t in scene.toponyms) and all(e != n for _, e, _ in mentions) for n in owners):
        return True  # "Kabila's rebels"
    named = sentence.tags[chunk.j - 1] == "P" and not any(e == chunk.j for _, e, _ in mentions)
    return named and not any(t[1] == chunk.j for t in scene.toponyms)


def _somebody_in_words(scene: Scene, start: int) -> bool:
    """Reads "…, but the Briton was handed over": the name's nationality stands for it as a person's."""
    sentence = scene.sentence
    for n in range(start, len(sentence.chunks) - 1):
        chunk = sentence.chunks[n]
        if chunk.kind != "NP" or chunk.j - chunk.i != 2 or sentence.lows[chunk.i] != "the":
            continue
        low = sentence.lows[chunk.j - 1]
        demonym = any(t[2].kind == "demonym" and t[1] == chunk.j for t in scene.toponyms)
        verb = sentence.chunks[n + 1]
        done = verb.kind == "VG" and verb.aux[:1] in (("was",), ("is",), ("has",)) and passive(sentence, n + 1)
        if done and verb.lemma in lx.DONE_TO_PERSONS | {"hand"} and (demonym or low in _SOMEBODY):
            return True
    return False


def _caught(scene: Scene, v: int, refs: list[PlaceRef]) -> bool:
    """Whether a bare name that was "captured at a roadblock in X" is a person: towns are not taken at other places."""
    sentence = scene.sentence
    heads = subject(sentence, v)
    if len(refs) != 1 or len(heads) != 1 or refs[0].part:
        return False
    chunk = sentence.chunks[heads[0]]
    if chunk.j - chunk.i > 2 or sentence.tags[chunk.j - 1] != "P":
        return False
    nxt = after(sentence, v)
    if kind(sentence, nxt) == "I" and sentence.chunks[nxt].word.startswith("by"):
        nxt = _agent_end(scene, v)
        while kind(sentence, nxt) in ("E", "A"):
            nxt += 1
        return _led_to(scene, nxt) and any(
            r.anaphor in lx.FACILITY
            or (r.place is not None and r.place.feature_class == "P" and r.place != refs[0].place)
            for r in read_places(scene, nxt + 1).refs
            if not r.part
        )
    if not _led_to(scene, nxt):
        return False
    return any(r.place is not None or r.anaphor in lx.FACILITY for r in read_places(scene, nxt + 1).refs)


def _led_to(scene: Scene, n: int) -> bool:
    sentence = scene.sentence
    where = kind(sentence, n) == "I" and sentence.chunks[n].word in _PLACES_OF_PERSONS
    return where and kind(sentence, n + 1) == "NP"
