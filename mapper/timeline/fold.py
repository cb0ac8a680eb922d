"""The fold's policy: what each kind of evidence does to the status of one place. docs/policy.md says it in words.

A place has up to three layers. The *base* is who holds it (or was seen there, or left). A *siege* and a *fight* lie
over it while they last; when they end without an outcome, the base shows again. A *dispute* is a fight between
sources: the same layer, ended only by what somebody says later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from mapper.model import ActorId, Basis, ClaimId, Period, PlaceId, Status
from mapper.timeline.evidence import HOLD, LIFT, NOBODY, SIEGE, TAKE, Evidence
from mapper.timeline.marks import Mark, distinct, in_order
from mapper.timeline.voices import OTHER, SURE, Voices

# names of the module: see evidence.py
CONTROLLED, PARTIAL, CONTESTED, BESIEGED, PRESENCE, CLAIMED, UNKNOWN = Status
STATED, IMPLIED = Basis.STATED, Basis.IMPLIED
_SAYS_WHO_HOLDS = frozenset({HOLD, TAKE, SIEGE, LIFT})
_FORGOTTEN_DAYS = 400  # evidence older than this is not searched for contradictions: it can have no part in one
HOLDING = (CONTROLLED, PARTIAL)  # CLAIMED is CONTROLLED seen through its voices


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The numbers of the policy, in days; ``confirm`` counts voices. docs/policy.md says what each is for."""

    window_days: int = 7
    stale_days: int = 0
    contest_days: int = 60
    confirm: int = 2
    implied_days: int = 180


@dataclass(slots=True, kw_only=True)
class Finding:
    """What the fold has to say about evidence besides the periods: a code, a message, the claims concerned."""

    code: str
    message: str
    claim_ids: tuple[ClaimId, ...]


class _State:
    """One status in the making; it may cover several stretches of time when a fight interrupts it."""

    __slots__ = ("actor", "basis", "denied", "end", "evidence", "known_to", "other", "prev", "status")

    def __init__(
        self,
        status: Status,
        actor: ActorId,
        other: ActorId = NOBODY,
        *,
        evidence: Sequence[Evidence] = (),
        basis: Basis = STATED,
        prev: _State | None = None,
        end: int | None = None,
    ) -> None:
        self.status = status
        self.actor = actor
        self.other = other
        self.evidence = list(evidence)
        self.basis = basis
        self.prev = prev  # what a denial goes back to
        self.end = end
        self.denied = False
        known_to = 0
        for item in evidence:
            known_to = max(known_to, item.last)
        self.known_to = known_to  # last day somebody vouched for it

    def add(self, items: Sequence[Evidence]) -> None:
        self.evidence.extend(items)
        for item in items:
            self.known_to = max(self.known_to, item.last if item.until is None else item.until - 1)
            if self.end is not None and item.until is None and item.last >= self.end - 1:
                self.end = None
            elif self.end is not None and item.until is not None:
                self.end = max(self.end, item.until)


@dataclass(slots=True)
class _Stretch:
    first: int
    last: int
    state: _State | None
    is_open: bool = False


class PlaceFold:
    """The timeline of one place, built by handing it marks in order of time."""

    def __init__(self, place_id: PlaceId, policy: Policy, voices: Voices, *, is_region: bool) -> None:
        self._place_id = place_id
        self._policy = policy
        self._voices = voices
        self._is_region = is_region
        self._base: _State | None = None
        self._siege: _State | None = None
        self._fight: _State | None = None
        self._dispute: dict[ActorId, list[Evidence]] = {}  # who is said to hold it, by the sources that disagree
        self._stretches: list[_Stretch] = []
        self.findings: list[Finding] = []

    def fold(self, evidence: Sequence[Evidence]) -> tuple[Period, ...]:
        """Periods of the place, disjoint and in order."""
        for mark in in_order(distinct(evidence), self._policy.window_days):
            self._expire(mark.first)
            DO[mark.kind](self, mark)
        self._expire(None)
        return self._periods()

    # What each kind of evidence does ---------------------------------------------------------------------------

    def _holds(self, mark: Mark) -> None:
        """Somebody takes or has the place."""
        base = self._base
        if mark.part and not (base and base.actor == mark.actor and mark.kind is TAKE and self._whole(base)):
            self._holds_part(mark)
            return
        if self._disagrees(mark):
            return
        if base is not None and base.actor == mark.actor and base.status in HOLDING and not base.denied:
            if base.status is PARTIAL and not mark.part:
                self._begin(mark, CONTROLLED)
            else:
                self._repeat(base, mark)
            return
        if mark.kind is TAKE and mark.other:
            self._imply(mark)
        self._begin(mark, CONTROLLED)

    def _holds_part(self, mark: Mark) -> None:
        base = self._base
        if base is not None and base.status is PARTIAL and mark.actor in (base.actor, base.other):
            base.add(mark.evidence)
            if mark.kind is TAKE:
                self._end_fight(mark)
            return
        if mark.kind is TAKE and mark.other:
            self._imply(mark)
            base = self._base
        if base is not None and base.status is PARTIAL and not base.other and mark.kind is HOLD:
            self._begin(mark, PARTIAL, actor=base.actor, other=mark.actor, also=base)
            return
        rest = mark.other
        if base is not None and base.status in HOLDING and base.actor != mark.actor:
            rest = base.actor
        self._begin(mark, PARTIAL, other=rest)

    def _loses(self, mark: Mark) -> None:
        """Somebody loses or leaves the place, and nobody is named who has it now."""
        loser, base = mark.other, self._base
        implied = all(item.implied for item in mark.evidence)
        if base is None or (base.status is PRESENCE and base.actor != loser):
            if implied:
                return
            self._imply(mark)
            base = self._base
        elif base.status is UNKNOWN:
            if base.other == loser:
                base.add(mark.evidence)
            return
        elif base.actor != loser:
            if base.other == loser and base.status is PARTIAL and not mark.part:
                self._begin(mark, PARTIAL, actor=base.actor, also=base)
            elif not implied and base.basis is STATED and mark.first - base.known_to <= self._policy.window_days:
                base.add(mark.evidence)  # the winner is known already: the loss confirms it
            return
        if mark.part:
            self._begin(mark, PARTIAL, actor=loser)
        else:
            self._begin(mark, UNKNOWN, actor=NOBODY, other=loser, basis=IMPLIED if implied else STATED)

    def _contest(self, mark: Mark) -> None:
        base = self._base
        holder = base.actor if base is not None and base.status in HOLDING else NOBODY
        if self._is_region and base is not None and base.status is PARTIAL:
            # fighting somewhere in a province does not put all of it in doubt: name the challenger instead
            challenger = next((who for who in (mark.actor, mark.other) if who not in ("", base.actor)), NOBODY)
            if challenger and not base.other:
                self._begin(mark, PARTIAL, actor=base.actor, other=challenger, also=base)
            else:
                base.add(mark.evidence)
            return
        defender, challenger = mark.other, mark.actor
        if holder and holder == mark.actor:
            defender, challenger = mark.actor, mark.other
        elif holder and not mark.other:
            defender = holder
        if not defender:
            defender, challenger = challenger, NOBODY
        until = mark.until
        end = max(mark.last, mark.first) + self._policy.contest_days if until is None else until
        fight = self._fight
        if fight is not None and not self._dispute:
            pair = {fight.actor, fight.other} - {""}
            if {defender, challenger} - {""} <= pair:
                fight.evidence.extend(mark.evidence)
                fight.end = max(fight.end or 0, end)
                return
        self._dispute = {}
        self._fight = _State(CONTESTED, defender, challenger, evidence=mark.evidence, end=end)
        self._show(mark.first, mark.last)

    def _besiege(self, mark: Mark) -> None:
        base, siege = self._base, self._siege
        holder = mark.other or (base.actor if base is not None and base.status in HOLDING else NOBODY)
        if siege is not None and siege.actor == holder and mark.actor in ("", siege.other):
            siege.add(mark.evidence)
            return
        if holder and (base is None or base.actor != holder or base.status not in HOLDING):
            if self._disagrees(mark, holder):
                return
            base = self._base = _State(CONTROLLED, holder, evidence=mark.evidence, prev=base)
        self._siege = _State(BESIEGED, holder, mark.actor, evidence=mark.evidence, end=mark.until)
        self._show(mark.first, mark.last)

    def _lift(self, mark: Mark) -> None:
        base, siege = self._base, self._siege
        holder = mark.other or (siege.actor if siege is not None else NOBODY)
        self._siege = None
        if holder and (base is None or base.actor != holder or base.status not in HOLDING):
            if self._disagrees(mark, holder):
                return
            self._begin(mark, CONTROLLED, actor=holder)
            return
        if base is not None and holder:
            base.add(mark.evidence)
        self._show(mark.first, mark.last)

    def _present(self, mark: Mark) -> None:
        base = self._base
        if base is None or base.status is UNKNOWN:
            self._begin(mark, PRESENCE)
        elif base.status is PRESENCE and mark.actor != base.actor and not base.other:
            self._begin(mark, PRESENCE, actor=base.actor, other=mark.actor, also=base)
        elif mark.actor in (base.actor, base.other) and base.status is not CONTROLLED:
            base.add(mark.evidence)
        elif mark.actor == base.actor:
            base.evidence.extend(mark.evidence)  # being there agrees with holding it, but does not vouch for it

    def _deny(self, mark: Mark) -> None:
        """A claim that actor took the place is contradicted: back to the status before."""
        base = self._base
        if base is None or base.actor != mark.actor or base.status not in HOLDING:
            if base is not None and base.status in HOLDING and base.actor != mark.actor:
                base.add(mark.evidence)  # the denial agrees with what we have
            return
        began = base.evidence[0].first if base.evidence else mark.first
        partisan = all(item.perspective.startswith("side:") for item in mark.evidence)
        if self._weighed(base) is CONTROLLED and partisan:
            if mark.first - began <= self._policy.window_days:
                rival = mark.other or (base.prev.actor if base.prev is not None else NOBODY)
                self._fight = _State(
                    CONTESTED,
                    rival or base.actor,
                    base.actor if rival else NOBODY,
                    evidence=[*base.evidence, *mark.evidence],
                    end=mark.last + self._policy.contest_days,
                )
                self._show(mark.first, mark.last)
            else:
                self._find("denial-overruled", "the capture is confirmed by other voices", mark.evidence)
            return
        if mark.first - began > self._policy.contest_days:
            self._find("denial-overruled", "the capture was never doubted at the time", mark.evidence)
            return
        base.denied = True
        base.evidence.extend(mark.evidence)
        self._base = base.prev
        if self._base is None and mark.other:
            self._base = _State(CONTROLLED, mark.other, evidence=mark.evidence)
        self._fight, self._dispute = None, {}
        self._show(mark.first, mark.last)

    # Contradiction, confirmation, implication -------------------------------------------------------------------

    def _conflicting(self, mark: Mark, holder: ActorId, against: Sequence[Evidence]) -> list[Evidence]:
        """Recent evidence for another holder that this mark cannot simply follow upon."""
        if not against or holder == against[0].actor or self._voices.same_side(holder, against[0].actor):
            return []
        found = []
        long_ago = mark.first - _FORGOTTEN_DAYS
        for item in reversed(against):
            if item.last < long_ago and (item.until is None or item.until <= long_ago):
                break
            if self._excludes(item, mark, holder):
                found.append(item)
        return found

    def _excludes(self, item: Evidence, mark: Mark, holder: ActorId) -> bool:
        """Whether earlier evidence and a mark for another holder cannot both be right."""
        first, last, window, until = mark.first, item.last, self._policy.window_days, item.until
        if first - last > window and (until is None or first >= until + window):
            return False
        if item.implied or item.kind not in _SAYS_WHO_HOLDS:
            return False
        if until is not None and until <= first:
            return False  # it says itself that it had ended
        if last - item.first > window:
            return False  # known only to a month or a year: no contradiction can be proved with it
        if mark.kind is TAKE and mark.other == item.actor:
            mutual = first <= last and item.kind is TAKE and item.other == holder
            if not mutual:
                return False  # took it from the one we know
        # one voice that says first this, then that, reports a change
        return first <= last or any(one.voice != item.voice for one in mark.evidence)

    def _disagrees(self, mark: Mark, holder: ActorId = NOBODY) -> bool:
        """Open or carry on a dispute when sources disagree; True when the mark went into one."""
        holder = holder or mark.actor
        base = self._base
        if self._dispute:
            since = mark.first - self._policy.window_days
            for actor, items in self._dispute.items():  # what is out of the window settles nothing any more
                if any(item.last < since for item in items):
                    self._dispute[actor] = [item for item in items if item.last >= since]
            if any(
                self._excludes(item, mark, holder) and not self._voices.same_side(holder, item.actor)
                for actor, items in self._dispute.items()
                if actor != holder
                for item in items
            ):
                self._dispute.setdefault(holder, []).extend(mark.evidence)
                if self._fight is not None:
                    self._fight.evidence.extend(mark.evidence)
                return True
            self._dispute = {}
            return False
        if base is None or base.status is not CONTROLLED or base.denied or base.actor == holder:
            return False
        against = self._conflicting(mark, holder, base.evidence)
        if not against:
            return False
        same = {item.voice for item in against} & {item.voice for item in mark.evidence}
        code = "same-source-contradiction" if same else "sources-contradict"
        self._find(
            code,
            f"{base.actor} and {holder} are both said to hold it within {self._policy.window_days} days: contested",
            [*against, *mark.evidence],
        )
        self._dispute = {base.actor: against, holder: list(mark.evidence)}
        self._fight = _State(CONTESTED, base.actor, holder, evidence=[*against, *mark.evidence])
        self._show(mark.first, mark.last)
        return True

    def _weighed(self, state: _State) -> Status:
        """``claimed`` while nobody but the winner's own side says so."""
        if state.status is not CONTROLLED or state.basis is not STATED:
            return state.status
        if state.denied:
            return CLAIMED
        others = set()
        for item in state.evidence:
            if item.weight is SURE:
                return CONTROLLED
            if item.weight is OTHER:
                others.add(item.perspective)
        return CONTROLLED if len(others) >= self._policy.confirm - 1 else CLAIMED

    def _repeat(self, base: _State, mark: Mark) -> None:
        """The holder is said to hold it again, or to have taken it."""
        began = base.evidence[0].first if base.evidence else mark.first
        window = self._policy.window_days
        if mark.kind is TAKE and mark.other and mark.other != base.actor:
            fought = self._fight is not None or self._siege is not None
            if mark.first - base.known_to > window and not fought:
                self._imply(mark)  # it must have changed hands in between
                self._begin(mark, CONTROLLED)
                return
            if mark.first - began <= window and base.prev is None:
                self._imply_before(mark, began)
        if mark.first - began > window and self._weighed(base) is CLAIMED:
            # the evidence of the confirmation comes first: that is when it began to be believed
            trial = _State(CONTROLLED, base.actor, evidence=[*mark.evidence, *base.evidence], prev=base.prev)
            if self._weighed(trial) is CONTROLLED:
                self._base = trial
                self._end_fight(mark, show=True)
                return
        base.add(mark.evidence)
        self._end_fight(mark, show=True)

    def _imply(self, mark: Mark) -> None:
        """Fill in what nobody stated: "took it from B" says that B held it until then."""
        loser, base = mark.other, self._base
        begin = mark.first - self._policy.implied_days
        if base is None:
            overlay = self._overlay_start()
            self._imply_before(mark, mark.first if overlay is None else overlay)
            return
        if loser in (base.actor, base.other) and not (base.actor == mark.actor and base.status is CONTROLLED):
            return
        if self._fight is not None and loser in (self._fight.actor, self._fight.other):
            return
        if self._siege is not None and loser in (self._siege.actor, self._siege.other):
            return
        if mark.first - base.known_to <= self._policy.window_days:
            self._find(
                "prior-holder-differs", f"{base.actor or 'nobody'} was said to have it, not {loser}", mark.evidence
            )
            return
        self._fight = self._siege = None
        self._dispute = {}
        begin = max(begin, base.known_to + 1)
        self._base = _State(CONTROLLED, loser, evidence=mark.evidence, basis=IMPLIED, prev=base)
        if begin < mark.first:
            self._show(begin, mark.first - 1, is_open=True)

    def _imply_before(self, mark: Mark, end: int) -> None:
        """The loser's implied period up to ``end``, before stretches that are already there."""
        index = len(self._stretches)
        while index and self._stretches[index - 1].first >= end:
            index -= 1
        begin = end - self._policy.implied_days
        if index:
            before = self._stretches[index - 1]
            if before.state is not None:
                return
            begin = max(begin, before.first)
        implied = _State(CONTROLLED, mark.other, evidence=mark.evidence, basis=IMPLIED)
        if begin < end:
            self._stretches.insert(index, _Stretch(begin, end - 1, implied, is_open=True))
        if self._base is None:
            self._base = implied
        elif self._base.prev is None and self._base.actor != mark.other:
            self._base.prev = implied

    def _overlay_start(self) -> int | None:
        """First day of the unbroken fights and sieges that lead up to now, None when there are none."""
        start = None
        for stretch in reversed(self._stretches):
            if stretch.state is None or stretch.state.status not in (CONTESTED, BESIEGED):
                break
            start = stretch.first
        return start if self._fight is not None or self._siege is not None else None

    # Layers ---------------------------------------------------------------------------------------------------

    def _begin(
        self,
        mark: Mark,
        status: Status,
        *,
        actor: ActorId | None = None,
        other: ActorId = NOBODY,
        basis: Basis = STATED,
        also: _State | None = None,
    ) -> None:
        """A new base from this mark on; fights and sieges are over."""
        base = self._base
        evidence = mark.evidence if also is None else [*also.evidence, *mark.evidence]
        loss = base is not None and base.status is UNKNOWN and base.other != mark.actor
        if base is not None and loss and mark.other in (NOBODY, base.other) and self._starts(base, mark):
            evidence = [*evidence, *base.evidence]  # "B lost it" and "A took it from B" on one day are one event
        until = mark.until if mark.kind is HOLD else None
        state = _State(
            status,
            mark.actor if actor is None else actor,
            other,
            evidence=evidence,
            basis=basis,
            prev=base,
            end=until,
        )
        state.known_to = mark.last if until is None else max(mark.last, until - 1)
        self._base = state
        self._siege = self._fight = None
        self._dispute = {}
        is_open = mark.evidence[0].open and (len(mark.evidence) == 1 or all(item.open for item in mark.evidence))
        self._show(mark.first, mark.last, is_open=is_open)

    def _starts(self, state: _State, mark: Mark) -> bool:
        return bool(self._stretches) and self._stretches[-1].state is state and self._stretches[-1].first == mark.first

    def _whole(self, state: _State) -> bool:
        return state.status is CONTROLLED

    def _end_fight(self, mark: Mark, *, show: bool = False) -> None:
        self._fight, self._dispute = None, {}
        if mark.kind is TAKE:
            self._siege = None
        if show:
            self._show(mark.first, mark.last)

    def _expire(self, day: int | None) -> None:
        """End what ends by itself up to ``day`` (None: all of it)."""
        base = self._base
        if self._fight is None and self._siege is None and (base is None or base.end is None):
            return
        while True:
            end, rank = None, 0
            for index, state in enumerate((self._fight, self._siege, self._base)):
                if state is not None and state.end is not None and (end is None or state.end < end):
                    end, rank = state.end, index
            if end is None or (day is not None and end > day):
                return
            if rank == 0:
                self._fight, self._dispute = None, {}
            elif rank == 1:
                self._siege = None
            else:
                self._base = None
            self._show(end, end)

    def _show(self, first: int, last: int, *, is_open: bool = False) -> None:
        """From ``first`` on the uppermost layer is what the place shows."""
        state = self._fight or self._siege or self._base
        stretches = self._stretches
        while stretches and stretches[-1].first >= first:
            dropped = stretches.pop()
            if dropped.state is state and dropped.first == first:
                last, is_open = max(last, dropped.last), dropped.is_open
        if stretches and stretches[-1].state is state:
            return
        stretches.append(_Stretch(first, max(first, last), state, is_open))

    def _find(self, code: str, message: str, evidence: Sequence[Evidence]) -> None:
        self.findings.append(Finding(code=code, message=message, claim_ids=_claim_ids(evidence)))

    # Periods --------------------------------------------------------------------------------------------------

    def _periods(self) -> tuple[Period, ...]:
        periods: list[Period] = []
        stretches = self._stretches
        for index, stretch in enumerate(stretches):
            if stretch.state is None:
                continue
            end = stretches[index + 1].first if index + 1 < len(stretches) else None
            period = self._period(stretch, stretch.state, end)
            for part in self._aged(period, stretch, stretch.state, end) if self._policy.stale_days > 0 else (period,):
                if periods and _touch_alike(periods[-1], part):
                    periods[-1] = _merged(periods[-1], part)
                else:
                    periods.append(part)
        return tuple(periods)

    def _period(self, stretch: _Stretch, state: _State, end: int | None) -> Period:
        last = stretch.last if end is None else min(stretch.last, end - 1)
        status = self._weighed(state)
        other = state.other
        if status is CLAIMED and not other and state.prev is not None and state.prev.status in HOLDING:
            other = state.prev.actor
        start = _day(stretch.first)
        return Period(
            place_id=self._place_id,
            status=status,
            actor_id=state.actor,
            other_id=other if other != state.actor else NOBODY,
            start=start,
            start_latest=start if last == stretch.first else _day(last),
            end=None if end is None else _day(end),
            start_precision="open" if stretch.is_open else _precision(last - stretch.first + 1),
            basis=state.basis,
            confidence=_confidence(state.evidence),
            claim_ids=_claim_ids(state.evidence),
        )

    def _aged(self, period: Period, stretch: _Stretch, state: _State, end: int | None) -> list[Period]:
        """The period of a stretch, cut in two where it goes stale."""
        cut = self._stale_from(state, stretch.first, end, self._policy.stale_days)
        if cut is None:
            return [period]
        if cut <= stretch.first:
            return [_with(period, basis=Basis.STALE)]
        return [
            _with(period, end=date.fromordinal(cut), start_latest=min(period.start_latest, date.fromordinal(cut - 1))),
            _with(
                period,
                start=date.fromordinal(cut),
                start_latest=date.fromordinal(cut),
                basis=Basis.STALE,
                precision="day",
            ),
        ]

    def _stale_from(self, state: _State, first: int, end: int | None, stale_days: int) -> int | None:
        """The day from which nobody has vouched for the status for so long, None if that never comes."""
        if state.basis is IMPLIED:
            return None
        seen = [
            day
            for item in state.evidence
            for day in (item.last, *((item.until - 1,) if item.until is not None else ()))
            if end is None or day < end
        ]
        cut = max(seen, default=first) + stale_days
        return None if end is not None and cut >= end else cut


DO: tuple[Callable[[PlaceFold, Mark], None], ...] = (  # by Kind: an index is much cheaper than an enum as a key
    PlaceFold._present,  # noqa: SLF001  (the table is part of the class's own module)
    PlaceFold._holds,  # noqa: SLF001
    PlaceFold._besiege,  # noqa: SLF001
    PlaceFold._contest,  # noqa: SLF001
    PlaceFold._lift,  # noqa: SLF001
    PlaceFold._loses,  # noqa: SLF001
    PlaceFold._holds,  # noqa: SLF001
    PlaceFold._deny,  # noqa: SLF001
)


_day = lru_cache(maxsize=1 << 16)(date.fromordinal)  # one value for all periods that begin or end on a day


@lru_cache(maxsize=1 << 12)
def _sure(confidence: float) -> float:
    """One value for all periods that are as sure, from 0 to 1."""
    return round(min(1.0, max(0.0, confidence)), 3)


def _precision(days: int) -> str:
    if days <= 1:
        return "day"
    for name, most in (("week", 7), ("month", 31), ("season", 92), ("year", 366)):
        if days <= most:
            return name
    return "interval"


def _claim_ids(evidence: Sequence[Evidence]) -> tuple[ClaimId, ...]:
    if len(evidence) == 1:
        return evidence[0].claim_ids
    return tuple(sorted({claim_id for item in evidence for claim_id in item.claim_ids}))


def _confidence(evidence: Sequence[Evidence]) -> float:
    """Chance that at least one voice is right, if voices err independently; a voice counts once, at its best."""
    if len(evidence) == 1:
        return _sure(evidence[0].confidence)
    best: dict[str, float] = {}
    for item in evidence:
        if item.confidence > best.get(item.voice, -1.0):
            best[item.voice] = item.confidence
    doubt = 1.0
    for confidence in sorted(best.values()):  # sorted: the product must not depend on the order of the voices
        doubt *= 1.0 - min(1.0, max(0.0, confidence))
    return _sure(1.0 - doubt)


def _touch_alike(one: Period, two: Period) -> bool:
    return (
        one.end == two.start
        and one.status is two.status
        and one.actor_id == two.actor_id
        and one.other_id == two.other_id
        and one.basis is two.basis
    )


def _merged(one: Period, two: Period) -> Period:
    return Period(
        place_id=one.place_id,
        status=one.status,
        actor_id=one.actor_id,
        other_id=one.other_id,
        start=one.start,
        start_latest=one.start_latest,
        end=two.end,
        start_precision=one.start_precision,
        basis=one.basis,
        confidence=max(one.confidence, two.confidence),
        claim_ids=tuple(sorted({*one.claim_ids, *two.claim_ids})),
    )


def _with(
    period: Period,
    *,
    start: date | None = None,
    start_latest: date | None = None,
    end: date | None = None,
    basis: Basis | None = None,
    precision: str = "",
) -> Period:
    return Period(
        place_id=period.place_id,
        status=period.status,
        actor_id=period.actor_id,
        other_id=period.other_id,
        start=start or period.start,
        start_latest=start_latest or period.start_latest,
        end=end or period.end,
        start_precision=precision or period.start_precision,
        basis=basis or period.basis,
        confidence=period.confidence,
        claim_ids=period.claim_ids,
    )
