"""Claims → evidence: who speaks, on what days it can have happened, and whether it may reach the map.

A piece of evidence is a claim reduced to what the fold needs. Days are ordinals (``date.toordinal``): comparing
integers is what makes a hundred thousand claims cheap.
"""

from __future__ import annotations

from datetime import date
from enum import IntEnum

from mapper.model import ActorId, Claim, ClaimId, Extent, Period, Predicate, Status, When
from mapper.timeline.voices import Voices, Weight

NOBODY = ActorId("")
TABLE = "table"  # the voice of a table of periods


class Kind(IntEnum):
    """What a piece of evidence does to a place; the value orders evidence of the same day.

    A state that was found ("IS-held Rawa") stands before the fight for it, and the fight before its outcome.
    """

    PRESENCE = 0
    HOLD = 1
    SIEGE = 2
    CONTEST = 3
    LIFT = 4
    LOSE = 5
    TAKE = 6
    DENY = 7


# a member is found ten times as fast by a name of the module as in its class (Python 3.11), a hundred times a claim
PRESENCE, HOLD, SIEGE, CONTEST, LIFT, LOSE, TAKE, DENY = Kind

PART = Extent.PART

KIND_OF = {
    Predicate.CAPTURED: TAKE,
    Predicate.TRANSFERRED: TAKE,
    Predicate.LOST: LOSE,
    Predicate.WITHDREW: LOSE,
    Predicate.HOLDS: HOLD,
    Predicate.CONTESTED: CONTEST,
    Predicate.BESIEGED: SIEGE,
    Predicate.SIEGE_LIFTED: LIFT,
    Predicate.PRESENCE: PRESENCE,
    Predicate.DENIED: DENY,
}
KIND_OF_STATUS = {
    Status.CONTROLLED: HOLD,
    Status.CLAIMED: HOLD,
    Status.PARTIAL: HOLD,
    Status.CONTESTED: CONTEST,
    Status.BESIEGED: SIEGE,
    Status.PRESENCE: PRESENCE,
    Status.UNKNOWN: LOSE,
}
STATES = (HOLD, CONTEST, SIEGE, PRESENCE)  # they last; the others happen


class Evidence:
    """One thing somebody says about a place, ready to be folded. ``first``..``last`` are the days it can have begun."""

    __slots__ = (
        "actor",
        "claim_ids",
        "confidence",
        "first",
        "implied",
        "kind",
        "last",
        "open",
        "other",
        "part",
        "perspective",
        "until",
        "voice",
        "weight",
    )

    def __init__(
        self,
        kind: Kind,
        actor: ActorId,
        other: ActorId,
        first: int,
        last: int,
        until: int | None = None,
        *,
        part: bool = False,
        voice: str = "",
        perspective: str = "",
        weight: Weight = Weight.SURE,
        confidence: float = 1.0,
        claim_ids: tuple[ClaimId, ...] = (),
        implied: bool = False,
        is_open: bool = False,
    ) -> None:
        self.kind = kind
        self.actor = actor
        self.other = other
        self.first = first
        self.last = last
        self.until = until
        self.part = part
        self.voice = voice
        self.perspective = perspective
        self.weight = weight
        self.confidence = confidence
        self.claim_ids = claim_ids
        self.implied = implied
        self.open = is_open

    def joined(self, again: Evidence) -> Evidence:
        """The same thing said twice by one voice."""
        return Evidence(
            kind=self.kind,
            actor=self.actor,
            other=self.other,
            first=self.first,
            last=self.last,
            until=self.until,
            part=self.part,
            voice=self.voice,
            perspective=self.perspective,
            weight=self.weight,
            confidence=max(self.confidence, again.confidence),
            claim_ids=tuple(sorted({*self.claim_ids, *again.claim_ids})),
            implied=self.implied,
            is_open=self.open,
        )


def _start_slack(when: When) -> int:
    """How many days after ``earliest`` an interval may begin: its EDTF start may be a month or a year."""
    left = when.edtf.split("/", 1)[0].rstrip("?~%")
    if len(left) == 7 and left[4] == "-" and left[5:].isdigit():
        return {"02": 27, "04": 29, "06": 29, "09": 29, "11": 29}.get(left[5:], 30)
    return 364 if len(left) == 4 and left.isdigit() else 0


def days_of(when: When, kind: Kind) -> tuple[int, int, int | None, bool] | None:
    """First and last possible first day, the day it ends if the words say so, and whether the start is open.

    None when the text gives no date. A fight or siege said of an EDTF interval ("2016-10-17/2017-07-10") fills it, and
    so does any state that a table gives an interval for; in a text "held it in recent months" only bounds when. An
    event said of an interval happened somewhere in it. "By June" is known on its last day, "since May" from its first.
    """
    earliest, latest = when.earliest, when.latest
    if earliest is None:
        if latest is None:
            return None
        day = latest.toordinal() - 1
        return day, day, None, True
    first = earliest.toordinal()
    if latest is None:
        slack = _start_slack(when) if "/" in when.edtf else 0
        return first, first + slack, None, False
    end = latest.toordinal()
    if end - first <= 1:
        return first, first, None, False
    if "/" in when.edtf and (kind in (CONTEST, SIEGE) or (kind in STATES and when.basis == "table")):
        return first, min(first + _start_slack(when), end - 1), end, False
    return first, end - 1, None, False


def evidence_of_claim(claim: Claim, voices: Voices) -> Evidence | str:
    """The claim as evidence, or the code of the reason why it can give none."""
    kind = KIND_OF[claim.predicate]
    actor, other = claim.actor_id, claim.other_id
    if kind is LOSE:
        if actor and other and actor != other:
            kind = TAKE  # "X lost it to Y" names the taker
        else:
            actor, other = NOBODY, other or actor
    if kind is TAKE and not actor:
        kind = LOSE  # taken by somebody we cannot name: all we know is who lost it
    if kind in (HOLD, PRESENCE, DENY) and not actor:
        return "claim-without-actor"
    if kind is LOSE and not other:
        return "claim-without-actor"
    if kind in (CONTEST, SIEGE) and not actor:
        if kind is SIEGE and not other:
            return "claim-without-actor"
        if kind is CONTEST:
            actor, other = other, actor
    if actor == other and kind is not LOSE:
        other = NOBODY
    days = days_of(claim.when, kind)
    if days is None:
        if kind not in STATES or claim.source.published is None:
            return "claim-undated"
        day = claim.source.published.toordinal()
        days = (day, day, None, True)
    first, last, until, is_open = days
    voice, perspective, side, own_voice = voices.of(claim)
    return Evidence(
        kind,
        actor,
        other,
        first,
        last,
        until,
        part=claim.extent is PART,
        voice=voice,
        perspective=perspective,
        weight=voices.weight(side, own_voice=own_voice, winner=actor, loser=other),
        confidence=1.0 if claim.review in ("ok", "edited") else claim.confidence,
        claim_ids=(claim.id,),
        is_open=is_open,
    )


def evidence_of_period(period: Period) -> Evidence:
    """A period that a table states, as evidence that ends when the period ends."""
    unknown = period.status is Status.UNKNOWN
    first = period.start.toordinal()
    actor, other = period.actor_id, period.other_id
    if period.status is Status.BESIEGED or (period.status is Status.CONTESTED and other):
        actor, other = other, actor  # periods name the holder first, claims the one who acts
    return Evidence(
        kind=KIND_OF_STATUS[period.status],
        actor=NOBODY if unknown else actor,
        other=other,
        first=first,
        last=max(first, period.start_latest.toordinal()),
        until=None if period.end is None or unknown else period.end.toordinal(),
        part=period.status is Status.PARTIAL,
        voice=TABLE,
        perspective=TABLE,
        weight=Weight.OWN if period.status is Status.CLAIMED else Weight.SURE,
        confidence=period.confidence,
        claim_ids=period.claim_ids,
    )


def known_on(claim: Claim) -> date | None:
    """The day a claim became known: its publication, else the first day it speaks of."""
    return claim.source.published or claim.when.earliest or claim.when.latest


def order_of(item: Evidence) -> tuple[object, ...]:
    """By day, by kind, then by content: the order in which claims arrive never matters. Equal means said twice."""
    return (
        item.first,
        -1 if item.implied else item.kind,  # what words imply of other places yields to what is stated of this one
        item.part,
        item.actor,
        item.other,
        item.last,
        item.voice,
        -1 if item.until is None else item.until,
        item.perspective,
        item.weight,
        item.open,
    )
