"""Every rule tried on every chunk of a sentence; which function reads which frame."""

from __future__ import annotations

from collections.abc import Callable

from mapper.claims import lexicon as lx
from mapper.claims.bearings import about
from mapper.claims.draft import Findings
from mapper.claims.events import event
from mapper.claims.fighting import besiege, besieged, cut_off, fight, fighting, siege, storm
from mapper.claims.holding import (
    adjective,
    base_of,
    control_of,
    hold,
    stronghold,
    stronghold_inside,
    taken_adjective,
    under,
)
from mapper.claims.leaving import abandon, control_passes, hand, leave
from mapper.claims.losing import expel, fall, lose, reverse
from mapper.claims.presence import at, build_up, enter, presence
from mapper.claims.rules import BY_NAME, NOUN_RULES, VERB_RULES, Rule
from mapper.claims.scene import Scene
from mapper.claims.syntax import kind
from mapper.claims.taking import (
    declare_taken,
    deny,
    raise_flag,
    take,
    take_or_keep_control,
    take_over,
)
from mapper.claims.tokens import Chunk


def find_drafts(scene: Scene) -> Findings:
    """Every rule tried on every chunk of the sentence, left to right."""
    findings = Findings(scene, [], [])
    chunks = scene.sentence.chunks
    for k, chunk in enumerate(chunks):
        if chunk.kind == "VG":
            for rule in VERB_RULES.get(chunk.lemma, ()):
                if _VERBS[rule.frame](findings, rule, k):
                    break
    lows = scene.sentence.lows
    modified = bool(_MODIFIERS.intersection(lows)) or any("-" in low for low in lows)
    for k, chunk in enumerate(chunks):
        if chunk.kind == "NP":
            _nouns(findings, k, chunk)
            if modified and chunk.j - chunk.i > 1:
                _modifiers(findings, k, chunk)
    return findings


def _nouns(findings: Findings, k: int, chunk: Chunk) -> None:
    sentence = findings.scene.sentence
    head = sentence.lows[chunk.j - 1]
    if head == "'" and chunk.j - chunk.i > 1:
        head = sentence.lows[chunk.j - 2]
    for rule in NOUN_RULES.get(head, ()):
        if _NOUNS[rule.frame](findings, rule, k):
            break
    if (head in lx.CONTROL or head == "command") and kind(sentence, k - 1) == "I":
        under(findings, BY_NAME["under-control"], k)


def _modifiers(findings: Findings, k: int, chunk: Chunk) -> None:
    """Rules for words inside a noun phrase: "X-held", "besieged", "the X stronghold Y"."""
    sentence = findings.scene.sentence
    head = sentence.lows[chunk.j - 1]
    for i in range(chunk.i, chunk.j):
        low = sentence.lows[i]
        if "-" in low and low.rsplit("-", 1)[1] in BY_NAME["held-adjective"].words:
            adjective(findings, BY_NAME["held-adjective"], k, i)
            break
        if low in BY_NAME["besieged-adjective"].words and sentence.tags[i] == "J":
            besieged(findings, BY_NAME["besieged-adjective"], k)
            break
        if low in ("controlled", "held") and sentence.tags[i] == "J" and i > chunk.i:
            adjective(findings, BY_NAME["held-adjective"], k, i)
            break
        if low in BY_NAME["taken-adjective"].words and sentence.tags[i] == "J":
            taken_adjective(findings, BY_NAME["taken-adjective"], k, i)
            break
    if (
        any(low in BY_NAME["stronghold"].words for low in sentence.lows[chunk.i : chunk.j - 1])
        and head not in BY_NAME["stronghold"].words
    ):
        stronghold_inside(findings, BY_NAME["stronghold"], k)


_MODIFIERS = frozenset(("controlled", "held")).union(
    *(BY_NAME[name].words for name in ("besieged-adjective", "taken-adjective", "stronghold"))
)
Frame = Callable[[Findings, Rule, int], bool]


_VERBS: dict[str, Frame] = {
    "take": take,
    "take-over": take_over,
    "declare": declare_taken,
    "deny": deny,
    "control-noun": take_or_keep_control,
    "expel": expel,
    "reverse": reverse,
    "fall": fall,
    "flag": raise_flag,
    "lose": lose,
    "leave": leave,
    "abandon": abandon,
    "control-passes": control_passes,
    "hand": hand,
    "hold": hold,
    "at": at,
    "fight": fight,
    "storm": storm,
    "about": about,
    "besiege": besiege,
    "cut-off": cut_off,
    "enter": enter,
    "build-up": build_up,
    "base-of": base_of,
}


_NOUNS: dict[str, Frame] = {
    "stronghold": stronghold,
    "fighting": fighting,
    "siege": siege,
    "presence": presence,
    "event": event,
    "control-of": control_of,
}
