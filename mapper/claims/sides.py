"""Who fights: the sides of a battle by who is named beside it, who died in it and what is told of it."""

from __future__ import annotations

from mapper.claims import lexicon as lx
from mapper.claims.draft import Parties, is_civil, last_word, subject_parties
from mapper.claims.parties import read_list, read_party
from mapper.claims.scene import Scene
from mapper.claims.syntax import after, kind, passive

BYSTANDERS = lx.words(
    "people person persons others civilian civilians man woman women child children boy boys girl girls refugee refugees"
    " resident citizen citizens journalist journalists reporter worker student priest nun hostage hostages victim victims"
    " contractor contractors official officials brother son father mother daughter wife husband sister driver"
)


def apart(parties: Parties, others: Parties) -> Parties:
    return tuple(p for p in parties if all(p.text != q.text for q in others))


def peoples(scene: Scene, k: int) -> bool:
    """Reads "between the X and Y tribes": two peoples, though X may be a place's name."""
    sentence = scene.sentence
    n = k + 1
    while kind(sentence, n) in ("C", ",", "NP") and n < k + 6:
        n += 1
    last = sentence.chunks[n - 1]
    return last.kind == "NP" and n - 1 > k and sentence.lows[last.j - 1] in lx.FORCES | lx.PERSONS


def of_a_party(scene: Scene, k: int) -> bool:
    """Whether the noun phrase before "of" is of fighters, or of a name that goes on."""
    sentence = scene.sentence
    chunk = sentence.chunks[k]
    if chunk.kind != "NP" or scene.toponyms_in(chunk.i, chunk.j):
        return False
    return sentence.tags[chunk.j - 1] == "P" or sentence.lows[chunk.j - 1] in lx.FORCES | lx.PERSONS


def named_front(scene: Scene, k: int) -> bool:
    """Whether the noun phrase ends in the name of a movement, as before "for the Liberation of X"."""
    sentence = scene.sentence
    chunk = sentence.chunks[k]
    named = chunk.kind == "NP" and sentence.tags[chunk.j - 1] == "P" and sentence.words[chunk.j - 1][0].isupper()
    return named and sentence.lows[chunk.j - 1] in lx.FORCES | _PARTIES


_PARTIES = lx.words("union party congress league council committee army")


def casualties(scene: Scene, k: int) -> Parties:
    """Who died in "clashes in X in which ten rebels were killed", "a battle that left ten rebels dead": one of the sides."""
    sentence = scene.sentence
    n = k + 1
    while kind(sentence, n) in ("I", "NP", "E", "A"):
        n += 1
    if kind(sentence, n) == ",":
        n += 1
        while kind(sentence, n) == "I" and kind(sentence, n + 1) == "W":
            n += 1
    if kind(sentence, n) != "W":
        return ()
    v = n + 1
    while kind(sentence, v) in ("NP", "I", "A"):
        v += 1
    if kind(sentence, v) != "VG" or sentence.chunks[v].lemma not in _KILLING:
        return ()
    if passive(sentence, v):
        found = read_party(scene, v - 1) if sentence.chunks[n].word in ("which", "where") else None
        dead: Parties = (found,) if found is not None else ()
    else:
        m = after(sentence, v)
        dead = read_list(scene, m) if kind(sentence, m) == "NP" and v == n + 1 else ()
    return tuple(p for p in dead if not is_civil(p) and (p.actor_id or (p.armed and last_word(p) in lx.FORCES)))


_KILLING = lx.words("kill wound injure leave")
_HARMING = lx.words("kill wound injure attack ambush shell bombard seize capture retake recapture storm")


def sides_told(scene: Scene, k: int) -> tuple[Parties, Parties]:
    """Who fights in "fighting in X, as A seized Y", "fighting in X, saying A had wounded B"; nobody if it is not told."""
    sentence = scene.sentence
    told = False
    for n in range(k + 1, len(sentence.chunks)):
        chunk = sentence.chunks[n]
        if chunk.kind == ";":
            break
        told = told or (chunk.kind == "S" and chunk.word in ("as", "when", "while", "after"))
        if chunk.kind != "VG":
            continue
        told = told or (chunk.code == "g" and chunk.lemma in lx.REPORTING)
        if not told or chunk.lemma not in _HARMING or not chunk.finite or passive(sentence, n):
            continue
        actor = _forces(subject_parties(scene, n))
        m = after(sentence, n)
        while kind(sentence, m + 1) == "I" and sentence.chunks[m + 1].word == "of" and kind(sentence, m + 2) == "NP":
            m += 2  # "a number of soldiers"
        hit = _forces(read_list(scene, m)) if kind(sentence, m) == "NP" else ()
        return (actor, apart(hit, actor)) if actor else ((), ())
    return (), ()


def _forces(parties: Parties) -> Parties:
    return tuple(p for p in parties if not is_civil(p) and p.armed and (p.actor_id or last_word(p) in lx.FORCES))


def two_sides(scene: Scene, k: int) -> Parties:
    """Both parties of "between A and B", whatever verb follows B."""
    found = read_list(scene, k)
    if len(found) != 1:
        return found
    n = after(scene.sentence, k)
    while kind(scene.sentence, n) == "I" and scene.sentence.chunks[n].word == "of":
        n = after(scene.sentence, after(scene.sentence, n))
    second = after(scene.sentence, n)
    if kind(scene.sentence, n) == "C" and kind(scene.sentence, second) == "NP":
        party = read_party(scene, second)
        if party is not None and (party.armed or party.actor_id) and all(party.start != p.start for p in found):
            return (*found, party)
    return found
