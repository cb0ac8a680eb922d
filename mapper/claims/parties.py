"""Noun phrases read as parties: armed actors, governments, or what acts like one in the sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mapper.actors import ActorMention
from mapper.claims import lexicon as lx
from mapper.claims.scene import Scene
from mapper.claims.syntax import after, before, kind, passive
from mapper.claims.tokens import Chunk
from mapper.model import ActorId

_TRIM = lx.words(
    "the a an some these those this that its their his her both other all several many about around at least"
)


_NOBODY = ActorId("")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who acts: what is written (an antecedent's words for a pronoun), what is understood, and how armed it sounds."""

    text: str
    actor_id: ActorId = _NOBODY
    start: int = 0
    end: int = 0
    armed: bool = True
    pronoun: bool = False


def same_as_before(at: int) -> Party:
    """Stands for whoever acted in the claim before: no words of the text, which ``at`` indexes, say so."""
    return Party(text="they", start=at, end=at, pronoun=True)


def from_mention(mention: ActorMention) -> Party:
    """The party of a mention that stands inside another phrase ("rebel" in "the rebel stronghold")."""
    words = mention.text.split()
    generic = mention.generic and bool(words) and words[-1].lower() in _ANAPHORS and bool(mention.actor_id)
    return Party(text=" ".join(words), actor_id=mention.actor_id, start=mention.start, end=mention.end, pronoun=generic)


def read_parties(scene: Scene, chunks: Sequence[int]) -> tuple[Party, ...]:
    """The parties of a coordination of noun phrases, in order; things and places that cannot act are left out."""
    found: list[Party] = []
    for k in chunks:
        party = read_party(scene, k)
        if party is not None and all(party.text != other.text for other in found):
            found.append(party)
    return tuple(found)


def read_list(scene: Scene, k: int) -> tuple[Party, ...]:
    """Parties of the coordination that starts at chunk ``k`` ("A, B and C")."""
    sentence = scene.sentence
    indexes = [k]
    end = _of_end(scene, k)
    while len(indexes) < 8:
        where = kind(sentence, end)
        nxt = after(sentence, end)
        if where == ",":
            if kind(sentence, nxt) == "C":
                nxt = after(sentence, nxt)
        elif where != "C" or sentence.chunks[end].word not in ("and", "&"):
            break
        if kind(sentence, nxt) != "NP":
            break
        party = read_party(scene, nxt)
        if party is None or not (party.actor_id or party.armed):
            break
        stop = _of_end(scene, nxt)
        verb = sentence.chunks[stop] if kind(sentence, stop) == "VG" else None
        if verb is not None and verb.finite and not (verb.bare and passive(sentence, stop)):
            break
        indexes.append(nxt)
        end = stop
    return read_parties(scene, indexes)


def _of_end(scene: Scene, k: int) -> int:
    sentence = scene.sentence
    end = k + 1
    while kind(sentence, end) == "I" and sentence.chunks[end].word == "of" and kind(sentence, end + 1) == "NP":
        end += 2
    return end


def read_party(scene: Scene, k: int) -> Party | None:
    """The party a noun phrase names; None for things, places and bare persons of no side."""
    sentence = scene.sentence
    chunk = sentence.chunks[k]
    if chunk.kind != "NP":
        return None
    i, j = chunk.i, chunk.j
    lows, tags = sentence.lows, sentence.tags
    mentions = scene.mentions_in(i, j)
    if j - i == 1 and tags[i] in "pD":
        if mentions and mentions[-1][2].actor_id and lows[i] not in ("he", "she", "his"):
            m = mentions[-1][2]
            return Party(text=lows[i], actor_id=m.actor_id, start=m.start, end=m.end, pronoun=True)
        if lows[i] in lx.ACTING_PRONOUNS:
            if lows[i] == "he":
                return Party(text="he", start=sentence.starts[i], end=sentence.ends[i], pronoun=True, armed=False)
            return Party(text=lows[i], start=sentence.starts[i], end=sentence.ends[i], pronoun=True)
        return None
    own = lows[i] in ("its", "their", "his")
    if lows[j - 1] == "latter":
        previous = [m for m in scene.mentions if m[1] <= i]
        return _whole(previous[-1][2]) if previous else None
    for n in range(i, j):
        if tags[n] == "'" and lows[j - 1] in lx.OFFENSIVE:
            # "the army's attempt": the army
            if lows[n - 1] == "latter":
                previous = [m for m in scene.mentions if m[1] <= i]
                return _whole(previous[-1][2]) if previous else None
            j = n
            break
    while i < j - 1 and (lows[i] in _TRIM or (tags[i] == "A")):
        i += 1
    if tags[j - 1] == "'":
        j -= 1
    if lows[j - 1] == "allied":
        j -= 1  # "militiamen allied with X"
    if j <= i:
        return None
    head = lows[j - 1]
    stop = j
    # "forces loyal to President X", "rebels of the Free Army", "a coalition of Kurdish fighters"
    if kind(sentence, k + 1) == "I" and kind(sentence, k + 2) == "NP":
        inner = sentence.chunks[k + 2]
        prep = sentence.chunks[k + 1].word
        inner_mentions = scene.mentions_in(inner.i, inner.j)
        loyal = head == "loyal" and prep == "to"
        capital = tags[inner.j - 1] == "P"
        led = kind(sentence, k - 1) == "I" and sentence.chunks[k - 1].word.startswith("by")
        whole = any(s >= i and e == inner.j for s, e, _ in scene.mentions)
        placed = any(t[1] == j and t[2].kind in ("literal", "coarse", "offset") for t in scene.toponyms)
        sent = (
            prep == "from" and not led and whole and not placed
        )  # "fighters from the Syrian Army", not "taken by rebels from the army"
        ruled = prep == "of" and lows_of(scene, inner)[-1] in lx.FORCES and head in lx.FORCES
        if (
            loyal
            or sent
            or ruled
            or (prep == "of" and (inner_mentions or (capital and not scene.toponyms_in(inner.i, inner.j))))
        ):
            stop = inner.j
    leader_at = _led_by(scene, k) if stop == j and head in lx.FORCES else -1
    if leader_at >= 0:
        stop = sentence.chunks[leader_at].j
    mentions = [m for m in scene.mentions if m[0] >= chunk.i and m[1] <= stop]
    ends_inside = [m for m in mentions if m[1] == j or m[1] == stop]
    if own and (not ends_inside or not ends_inside[-1][2].actor_id) and head in lx.FORCES:
        owner = [m for m in (*scene.mentions, *scene.states) if m[1] <= i and m[2].kind != "pronoun"]
        if lows[chunk.i] == "his":
            owner = [m for m in owner if m[2].kind == "leader"]  # one man's, not an army's
        if owner:
            return _whole(max(owner, key=lambda m: m[1])[2])  # "… by X when its forces took …"
        leader = _person_before(scene, k) if lows[chunk.i] == "his" else None
        if leader is not None:
            return leader
        if lows[chunk.i] != "his" and not any(t[1] <= i for t in scene.toponyms):
            # "Its men took X": whoever acted before
            return Party(text=lows[chunk.i], start=sentence.starts[chunk.i], end=sentence.ends[chunk.i], pronoun=True)
        nation = [t for t in scene.toponyms if t[1] <= i and t[2].kind in ("demonym", "metonym")]
        if nation:
            quote = nation[-1][2].quote
            return Party(text=quote.text, start=quote.start, end=quote.end)
    if ends_inside:
        named = [m for m in ends_inside if not m[2].generic and m[2].actor_id] or [
            m for m in ends_inside if m[2].actor_id
        ]
        mention = (named or ends_inside)[-1][2]
        here = chunk.i == j - 1 and lows[j - 1] in _ANAPHORS and lows[j : j + 1] == ["there"]  # "Militants there"
        anaphoric = mention.generic and stop == j and (here or _anaphoric(lows[chunk.i : j]))
        return Party(
            text=" ".join(scene.words(i, stop).split()),
            actor_id=mention.actor_id,
            start=sentence.starts[i],
            end=sentence.ends[stop - 1],
            pronoun=(anaphoric or (own and mention.kind == "pronoun")) and bool(mention.actor_id),
        )
    inside = [m for m in mentions if m[2].actor_id]
    tops = scene.toponyms_in(i, j)
    if tops and tops[-1][1] == j:
        place = tops[-1][2].place
        kind_of = tops[-1][2].kind
        ahead = tops[-1][0] - 1
        if ahead >= i and sentence.words[ahead][0].isupper() and lows[ahead] not in lx.DIRECTIONS | lx.ADJECTIVES:
            return None  # "Air France"
        if (place is not None and place.feature_code.startswith("PCL")) or kind_of in ("metonym", "demonym"):
            state = next((m for s, e, m in scene.states if s >= i and e <= j), None)
            return Party(
                text=scene.words(i, j),
                actor_id=state.actor_id if state is not None else ActorId(""),
                start=sentence.starts[i],
                end=sentence.ends[j - 1],
            )
        if tops[-1][0] == i and kind_of in ("literal", "offset"):
            return None
    if head in ("convoy", "convoys", "column", "columns") and not lx.RELIEF.isdisjoint(lows[i:j]):
        return None  # "an aid convoy"
    if head in lx.FORCES or head == "loyal" or (tags[j - 1] == "#" and inside) or lows[j - 1] == "jihadists":
        actor = inside[-1][2].actor_id if inside else ActorId("")
        return Party(
            text=" ".join(scene.words(i, stop).split()),
            actor_id=actor,
            start=sentence.starts[i],
            end=sentence.ends[stop - 1],
        )
    if j - i == 1 and i > chunk.i and tags[i] == "#" and _ORDINAL.fullmatch(head):
        # "the 9th": a unit by its number
        return Party(text=sentence.words[i], start=sentence.starts[i], end=sentence.ends[i])
    if head in lx.PERSONS:
        return Party(
            text=" ".join(scene.words(i, j).split()),
            actor_id=inside[-1][2].actor_id if inside else ActorId(""),
            start=sentence.starts[i],
            end=sentence.ends[j - 1],
            armed=bool(inside) or head not in lx.CIVIL,
        )
    if tags[j - 1] == "P":
        return Party(
            text=" ".join(scene.words(i, stop).split()),
            start=sentence.starts[i],
            end=sentence.ends[stop - 1],
            armed=False,
        )
    if inside and inside[-1][1] >= j - 2:
        # "SAA's 105th Brigade", "an ISIS convoy"
        mention = inside[-1][2]
        if head not in lx.UNIT_WORDS:
            return from_mention(mention)
        return Party(
            text=" ".join(scene.words(i, j).split()),
            actor_id=mention.actor_id,
            start=sentence.starts[i],
            end=sentence.ends[j - 1],
        )
    return None


def speakers_own(scene: Scene, party: Party) -> Party:
    """The army of "according to an officer of the X army, soldiers …" for the bare "soldiers"; else the party itself."""
    if party.pronoun or party.text.split()[-1:] not in (["soldiers"], ["troops"]):
        return party
    sentence = scene.sentence
    if any(sentence.tags[t] in "PJ" for t in range(*sentence.tokens_of(party.start, party.end))):
        return party  # "Malian soldiers"
    for _, e, mention in scene.mentions:
        inner = sentence.chunk_at(e - 1)
        b = before(sentence, inner)
        officer = before(sentence, b)
        if mention.end > party.start or kind(sentence, b) != "I" or kind(sentence, officer) != "NP":
            continue
        rank = sentence.lows[sentence.chunks[officer].j - 1] in _RANKS and sentence.chunks[b].word in (
            "of",
            "from",
            "in",
        )
        if (
            rank
            and mention.actor_id
            and party.actor_id in ("", mention.actor_id)
            and mention.kind in ("name", "force")
            and e == sentence.chunks[inner].j
        ):
            i = sentence.chunks[inner].i + (sentence.lows[sentence.chunks[inner].i] in _TRIM)
            return replace(party, text=scene.words(i, e), actor_id=mention.actor_id)
    return party


_RANKS = lx.words("officer commander spokesman spokeswoman general colonel major captain official source")


def allied(scene: Scene, i: int) -> bool:
    """Whether the actor at token ``i`` is named as a helper: "coordinated with X", "backed by X", "with support from X"."""
    sentence = scene.sentence
    at = sentence.chunk_at(i)
    if at >= 0 and sentence.lows[sentence.chunks[at].j - 1] in ("ally", "allies"):
        return True
    b = before(sentence, at)
    while kind(sentence, b) == "C" and sentence.chunks[b].word == "and":
        b = before(sentence, before(sentence, b))  # "backed by A and B"
    if kind(sentence, b) != "I":
        return False
    word = sentence.chunks[b].word
    if word in _BESIDE:
        return True
    led = before(sentence, b)
    if kind(sentence, led) == "VG":
        return sentence.chunks[led].lemma in _ALLYING.get(word, _NOTHING)
    if kind(sentence, led) != "NP":
        return False
    noun = sentence.chunks[led]
    if word == "with" and not lx.JOINT.isdisjoint(sentence.lows[noun.i : noun.j]):
        return True  # "in a joint attack with X"
    low = sentence.lows[noun.j - 1]
    return low in _HELP | {"allied"} and word in ("with", "of", "from", "by")


_BESIDE = lx.words("alongside") | {"along with", "together with", "in coordination with", "in cooperation with"}
_ALLYING = {
    "with": lx.words("coordinate cooperate work join"),
    "by": lx.words("back support aid assist join help"),
}
_NOTHING: frozenset[str] = frozenset()
_HELP = lx.HELP | lx.words("coordination cooperation alliance")


def _led_by(scene: Scene, k: int) -> int:
    """The name in "fighters led by X", "troops under Gen. X": whose they are; -1 if none."""
    sentence = scene.sentence
    n = k + 1
    if kind(sentence, n) == "VG" and sentence.chunks[n].lemma in ("lead", "command") and sentence.chunks[n].bare:
        n += 1
        if not (kind(sentence, n) == "I" and sentence.chunks[n].word == "by"):
            return -1
    elif not (kind(sentence, n) == "I" and sentence.chunks[n].word == "under"):
        return -1
    if kind(sentence, n + 1) != "NP":
        return -1
    leader = sentence.chunks[n + 1]
    named = sentence.tags[leader.j - 1] == "P" and not scene.toponyms_in(leader.i, leader.j)
    return n + 1 if named else -1


def _person_before(scene: Scene, k: int) -> Party | None:
    """Whose "his troops" are: the nearest name before that is no place, of one who acts or speaks."""
    sentence = scene.sentence
    for n in range(k - 1, -1, -1):
        chunk = sentence.chunks[n]
        if chunk.kind != "NP" or sentence.tags[chunk.j - 1] != "P" or kind(sentence, after(sentence, n)) != "VG":
            continue
        if scene.toponyms_in(chunk.i, chunk.j):
            continue
        i = chunk.j - 1
        while i > chunk.i and sentence.tags[i - 1] == "P":
            i -= 1
        return Party(text=scene.words(i, chunk.j), start=sentence.starts[i], end=sentence.ends[chunk.j - 1])
    return None


def lows_of(scene: Scene, chunk: Chunk) -> list[str]:
    return scene.sentence.lows[chunk.i : chunk.j]


def _whole(mention: ActorMention) -> Party:
    return from_mention(mention)


def _anaphoric(lows: list[str]) -> bool:
    """Reads "the group", "the militants": the words alone name nobody."""
    return len(lows) == 2 and lows[0] in ("the", "this", "that", "these", "those") and lows[1] in _ANAPHORS


_ANAPHORS = lx.words(
    "group organisation organization movement militants fighters jihadists jihadis extremists militia alliance faction"
)
