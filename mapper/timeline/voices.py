"""Who speaks in a claim, from which side, and how much that does for the claim."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import IntEnum
from itertools import pairwise

from mapper.model import Actor, ActorId, Claim, Modality

NEUTRAL = frozenset({"", "neutral", "none", "independent"})
PARTY = "?"  # side of "the army", "the rebels": a party to the fight that is not named, so the one that won
_WORD = re.compile(r"[^\W_]+(?:[-.'\u2019][^\W_]+)*\.?")
_LONGEST_NAME = 7  # words
_FORCES = frozenset(
    [
        "army",
        "military",
        "militia",
        "militias",
        "forces",
        "troops",
        "soldiers",
        "fighters",
        "militants",
        "rebels",
        "insurgents",
        "jihadists",
        "regime",
        "junta",
        "paramilitaries",
        "separatists",
        "guerrillas",
        "commander",
        "commanders",
        "government",
    ]
)
_OFFICES = _FORCES | frozenset(
    [
        "ministry",
        "minister",
        "official",
        "officials",
        "officer",
        "officers",
        "general",
        "colonel",
        "president",
        "presidency",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "authorities",
        "command",
        "staff",
        "police",
        "state",
        "side",
        "navy",
        "parliament",
        "leadership",
        "wing",
    ]
)


class Weight(IntEnum):
    """How much a voice can do for a claim."""

    OWN = 0  # a party speaks of its own success
    OTHER = 1  # another perspective, reported at second hand
    SURE = 2  # a publisher of no known side in its own voice, or the loser admits it


OWN, OTHER, SURE = Weight  # names of the module: see evidence.py


class Voices:
    """Speakers and publishers, and the sides that actors and the configuration give them."""

    def __init__(self, actors: Mapping[ActorId, Actor], publishers: Mapping[str, str]) -> None:
        listed = [actor for _, actor in sorted(actors.items())]
        self._side = {actor.id: actor.side or actor.id for actor in listed}
        self._named: dict[str, ActorId] = {}
        # an id means its actor, whoever else bears it as an alias; then names, then aliases and leaders
        for actor in listed:
            self._named[_fold(actor.id)] = actor.id
        for actor in listed:
            self._named.setdefault(_fold(actor.name), actor.id)
        for actor in listed:
            for name in (*actor.aliases, *actor.leaders):
                self._named.setdefault(_fold(name), actor.id)
        self._seats = _unshared(((_fold(name), a.id) for a in listed for name in a.metonyms), self._side)
        self._adjectives = _unshared(((_fold(name), a.id) for a in listed for name in a.adjectives), self._side)
        self._publishers = {_fold(name): self._known_side(side) for name, side in publishers.items()}
        self._seen: dict[tuple[str, str, bool], tuple[str, str, str, bool]] = {}

    def _known_side(self, side: str) -> str:
        if side.casefold() in NEUTRAL:
            return ""
        actor_id = self._named.get(_fold(side))
        return side if actor_id is None else self._side[actor_id]

    def side_of(self, actor_id: ActorId) -> str:
        return self._side.get(actor_id, actor_id)

    def same_side(self, one: ActorId, two: ActorId) -> bool:
        return one == two or (bool(one) and bool(two) and self.side_of(one) == self.side_of(two))

    def of(self, claim: Claim) -> tuple[str, str, str, bool]:
        """Voice, perspective, side and whether it is a publisher of no known side in its own voice.

        The voice of an unnamed publisher is the article: two texts of unknown origin may contradict each other. Their
        perspective is one and the same, though: unknown origins do not confirm one another.
        """
        attributed = bool(claim.said_by) or claim.modality is Modality.ATTRIBUTED
        key = (claim.said_by, claim.source.publisher or f"\0{claim.source.article_id}", attributed)
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = self._read(claim, attributed=attributed)
        return found

    def _read(self, claim: Claim, *, attributed: bool) -> tuple[str, str, str, bool]:
        publisher = _fold(claim.source.publisher)
        if claim.said_by:
            speaker = _fold(claim.said_by)
            actor_id = self.party(claim.said_by)
            if actor_id is not None:
                side = self._side[actor_id]
                return f"actor:{actor_id}", f"side:{side}", side, False
            if side := self._publishers.get(speaker, ""):
                return f"said:{speaker}", f"side:{side}", side, False
            words = speaker.split()
            if words and words[-1] in _FORCES and len(words) == 1:
                return f"said:{speaker}:{claim.source.article_id}", f"said:{speaker}", PARTY, False
            return f"said:{speaker}", f"said:{speaker}", "", False
        named = self._named.get(publisher)
        side = self._publishers.get(publisher, "" if named is None else self._side[named])
        voice = publisher or f"article:{claim.source.article_id}"
        if side:
            return voice, f"side:{side}", side, False
        return voice, f"publisher:{publisher}", "", not attributed

    def party(self, speaker: str) -> ActorId | None:
        """The actor for whom somebody speaks: "a spokesman for the SDF", "Russia's Defence Ministry", "Moscow".

        The longest actor's name in the words decides. The seat or adjective of an actor counts only where the words
        say that an office speaks: the Syrian Observatory is nobody's army. None when no party is recognised.
        """
        exact = self._named.get(_fold(speaker))
        if exact is not None:
            return exact
        raw = [re.sub(r"['\u2019]s?$", "", word).rstrip(".") for word in _WORD.findall(speaker)]
        words = [word.casefold() for word in raw]
        for length in range(min(_LONGEST_NAME, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                found = self._named.get(" ".join(words[start : start + length]))
                if found is None or (length == 1 and len(words[start]) <= 4 and not raw[start].isupper()):
                    continue  # "is" inside a phrase is a verb, "IS" is not
                return found
        content = [word for word in words if word not in ("the", "a", "an")]
        whole = self._seats.get(" ".join(content))
        if whole is not None:
            return whole
        office = any(word in _OFFICES for word in words)
        spans = [*words, *(f"{one} {two}" for one, two in pairwise(words))]
        for names in (self._adjectives, self._seats) if office else ():
            parties = {names[span] for span in spans if span in names}
            if len({self._side[party] for party in parties}) == 1:
                return min(parties)
        return None

    def weight(self, side: str, *, own_voice: bool, winner: ActorId, loser: ActorId) -> Weight:
        if not side:
            return SURE if own_voice else OTHER
        if winner and side in (PARTY, self.side_of(winner)):
            return OWN
        if own_voice or (loser and side == self.side_of(loser)):
            return SURE
        return OTHER


def _fold(name: str) -> str:
    folded = " ".join(name.casefold().split())
    return folded.removeprefix("the ")


def _unshared(pairs: Iterable[tuple[str, ActorId]], sides: Mapping[ActorId, str]) -> dict[str, ActorId]:
    """Names that actors of one side alone bear: a word that may mean two sides names neither."""
    found: dict[str, ActorId] = {}
    shared: set[str] = set()
    for name, actor_id in pairs:
        first = found.setdefault(name, actor_id)
        if sides[first] != sides[actor_id]:
            shared.add(name)
    return {name: actor_id for name, actor_id in found.items() if name not in shared}
