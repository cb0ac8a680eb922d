"""Claims of all places → the Timeline, with an account of every claim that is not in it."""

from __future__ import annotations

from collections import ChainMap, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter

from mapper.collector import collector_paused
from mapper.model import (
    Actor,
    ActorId,
    Claim,
    ClaimId,
    Issue,
    Modality,
    Period,
    Place,
    PlaceId,
    Status,
    Timeline,
)
from mapper.timeline.evidence import HOLD, LOSE, Evidence, evidence_of_claim, evidence_of_period, known_on
from mapper.timeline.fold import Finding, PlaceFold, Policy
from mapper.timeline.voices import Voices

_LAST_IN = "last_in:"
_MAPPED = (Modality.ASSERTED, Modality.ATTRIBUTED)

# Why a claim is not on the map: code -> (level, message). Findings of the fold bring their own message.
REASONS: dict[str, tuple[str, str]] = {
    "claim-not-asserted": ("note", "planned, hypothetical or negated: not on the map"),
    "claim-reviewed-wrong": ("note", "a reviewer marked it as wrong"),
    "claim-unplaced": ("warning", "its place is not resolved: listed, not mapped"),
    "claim-undated": ("warning", "no date in the words and none to bound it: not on the map"),
    "claim-dated-by-publication": ("note", "no date in the words: taken as true on the day of publication"),
    "claim-without-actor": ("warning", "the party it speaks of is not understood: not on the map"),
    "claim-not-yet-known": ("note", "published after the as-of date"),
    "claim-repeated": ("note", "the same claim was given twice"),
    "claim-superseded": ("note", "other claims about the same place and time leave no room for it"),
}
_FINDING_LEVELS = {"sources-contradict": "warning", "same-source-contradiction": "warning"}


def build_timeline(
    claims: Iterable[Claim],
    places: Mapping[PlaceId, Place],
    *,
    window_days: int = 7,
    stale_days: int = 0,
    contest_days: int = 60,
    confirm: int = 2,
    implied_days: int = 180,
    publishers: Mapping[str, str] | None = None,
    containing: Callable[[PlaceId], tuple[PlaceId, ...]] | None = None,
    actors: Mapping[ActorId, Actor] | None = None,
    as_of: date | None = None,
    periods: Sequence[Period] = (),
) -> tuple[Timeline, tuple[Issue, ...]]:
    """Fold claims and the periods of tables into one timeline; see docs/policy.md for what each claim does.

    ``publishers`` maps a publisher to its side (an actor id or side label, ``neutral`` for none). ``containing`` gives
    the regions a place lies in; it is asked only when a claim speaks of "the last town in" a region. ``as_of`` leaves
    out what was published later. Every claim is named by a period's ``claim_ids`` or by an issue's ``value``.
    """
    policy = Policy(
        window_days=window_days,
        stale_days=stale_days,
        contest_days=contest_days,
        confirm=confirm,
        implied_days=implied_days,
    )
    voices = Voices(actors or {}, publishers or {})
    issues: list[Issue] = []
    by_place: defaultdict[PlaceId, list[Claim]] = defaultdict(list)
    last: list[Claim] = []
    named = {claim_id for period in periods for claim_id in period.claim_ids}
    beyond: dict[ClaimId, Claim] = {}
    for claim in _distinct(claims, issues):
        if reason := _refused(claim, as_of):
            issues.append(_issue(claim, reason))
            continue
        by_place[claim.place_id].append(claim)
        if claim.implies and any(word.startswith(_LAST_IN) for word in claim.implies):
            last.append(claim)
            beyond[claim.id] = claim
        elif claim.id in named:
            beyond[claim.id] = claim
    stated = _periods_by_place(periods, as_of)
    everywhere = sorted({*by_place, *stated})
    implied = {} if containing is None or not last else _last_in(last, voices, everywhere, containing)
    with collector_paused():
        result = _folded(everywhere, by_place, stated, implied, beyond, places, policy, voices, issues)
    issues.sort(key=lambda issue: (issue.code, issue.value, issue.message))
    return Timeline(periods=tuple(result)), tuple(issues)


def _folded(
    everywhere: Sequence[PlaceId],
    by_place: Mapping[PlaceId, Sequence[Claim]],
    stated: Mapping[PlaceId, list[Period]],
    implied: Mapping[PlaceId, list[Evidence]],
    beyond: dict[ClaimId, Claim],
    places: Mapping[PlaceId, Place],
    policy: Policy,
    voices: Voices,
    issues: list[Issue],
) -> list[Period]:
    """The periods of all places, one place after the other. ``beyond``: claims that may count at other places too."""
    result: list[Period] = []
    for place_id in everywhere:
        own = _settled(stated.get(place_id, []), issues)
        said = by_place.get(place_id, ())
        # evidence is made place by place and dropped again: all of it at once would keep the garbage collector busy
        evidence = _evidence(said, voices, issues)
        evidence += implied.get(place_id, ())
        if not evidence:
            result += own
            continue
        evidence += map(evidence_of_period, own)
        by_id = ChainMap({claim.id: claim for claim in said}, beyond)
        place = places.get(place_id)
        folder = PlaceFold(place_id, policy, voices, is_region=place is not None and place.is_region)
        folded = folder.fold(evidence)
        result += folded
        accounted = {claim_id for period in folded for claim_id in period.claim_ids}
        for finding in folder.findings:
            issues += _finding_issues(finding, by_id)
            accounted.update(finding.claim_ids)
        for item in evidence:
            for claim_id in item.claim_ids:
                if claim_id not in accounted and not item.implied and claim_id in by_id:
                    issues.append(_issue(by_id[claim_id], "claim-superseded"))
    return result


def _distinct(claims: Iterable[Claim], issues: list[Issue]) -> list[Claim]:
    """Claims by id; of several with one id, the same one whatever their order."""
    every = tuple(claims)
    by_id = dict(zip(map(attrgetter("id"), every), every, strict=True))  # one for all, given up before the fold
    if len(by_id) == len(every):
        return [by_id[claim_id] for claim_id in sorted(by_id)]
    by_id.clear()
    for claim in every:
        other = by_id.get(claim.id)
        if other is None:
            by_id[claim.id] = claim
            continue
        if other != claim:
            by_id[claim.id] = min(other, claim, key=repr)
        issues.append(_issue(claim, "claim-repeated"))
    return [by_id[claim_id] for claim_id in sorted(by_id)]


def _refused(claim: Claim, as_of: date | None) -> str:
    """The code of the reason why the claim cannot be on this map, whatever it says; empty if it can."""
    if claim.review == "wrong":
        return "claim-reviewed-wrong"
    if claim.modality not in _MAPPED:
        return "claim-not-asserted"
    if not claim.place_id:
        return "claim-unplaced"
    if as_of is not None:
        known = known_on(claim)
        if known is not None and known > as_of:
            return "claim-not-yet-known"
    return ""


def _evidence(claims: Iterable[Claim], voices: Voices, issues: list[Issue]) -> list[Evidence]:
    """What the claims give to the fold; those that give nothing are issues."""
    found = []
    for claim in claims:
        evidence = evidence_of_claim(claim, voices)
        if isinstance(evidence, str):
            issues.append(_issue(claim, evidence))
            continue
        if not claim.when.known:
            issues.append(_issue(claim, "claim-dated-by-publication"))
        found.append(evidence)
    return found


def _last_in(
    claims: Iterable[Claim],
    voices: Voices,
    places: Iterable[PlaceId],
    containing: Callable[[PlaceId], tuple[PlaceId, ...]],
) -> dict[PlaceId, list[Evidence]]:
    """Losses that end the loser's other holdings in a region where "the last town held by" it fell, by place."""
    regions: dict[PlaceId, list[tuple[Claim, Evidence]]] = {}
    for claim in claims:
        evidence = evidence_of_claim(claim, voices)
        if isinstance(evidence, str):
            continue  # reported with its own place
        for word in claim.implies:
            if word.startswith(_LAST_IN):
                regions.setdefault(PlaceId(word.removeprefix(_LAST_IN)), []).append((claim, evidence))
    implied: dict[PlaceId, list[Evidence]] = {}
    for place_id in places:
        for region in sorted({place_id, *containing(place_id)} & regions.keys()):
            for claim, evidence in regions[region]:
                loser = evidence.other or (evidence.actor if evidence.kind is HOLD else ActorId(""))
                if loser and place_id != claim.place_id:
                    loss = Evidence(
                        kind=LOSE,
                        actor=ActorId(""),
                        other=loser,
                        first=evidence.first,
                        last=evidence.last,
                        voice=evidence.voice,
                        perspective=evidence.perspective,
                        weight=evidence.weight,
                        confidence=evidence.confidence,
                        claim_ids=evidence.claim_ids,
                        implied=True,
                    )
                    implied.setdefault(place_id, []).append(loss)
    return implied


def _periods_by_place(periods: Sequence[Period], as_of: date | None) -> dict[PlaceId, list[Period]]:
    by_place: dict[PlaceId, list[Period]] = {}
    for period in periods:
        if as_of is not None:
            if period.start > as_of:
                continue
            if period.end is not None and period.end > as_of:
                period = replace(period, end=None)  # noqa: PLW2901  (that it would end was not known yet)
        by_place.setdefault(period.place_id, []).append(period)
    for own in by_place.values():
        own.sort(
            key=lambda period: (period.start, period.end or date.max, period.status, period.actor_id, period.other_id)
        )
    return by_place


def _settled(periods: list[Period], issues: list[Issue]) -> list[Period]:
    """A table's periods of one place made disjoint: where rows disagree, the place is contested."""
    if all(
        one.end is not None and (one.end < two.start or (one.end == two.start and _face(one) != _face(two)))
        for one, two in pairwise(periods)
    ):
        return periods
    days = sorted({p.start for p in periods} | {p.end for p in periods if p.end is not None})
    settled: list[Period] = []
    contradictions = 0
    active: list[Period] = []
    upcoming = 0
    for index, day in enumerate(days):
        end = days[index + 1] if index + 1 < len(days) else None
        while upcoming < len(periods) and periods[upcoming].start <= day:
            active.append(periods[upcoming])
            upcoming += 1
        active = [period for period in active if period.end is None or period.end > day]
        if not active:
            continue
        whole = active[0]
        if len({_face(period) for period in active}) > 1:
            contradictions += 1
            parties = [who for period in active for who in (period.actor_id, period.other_id) if who]
            parties = [*dict.fromkeys(parties), ActorId(""), ActorId("")]
            whole = replace(
                whole,
                status=Status.CONTESTED,
                actor_id=parties[0],
                other_id=parties[1],
                start=day,
                start_latest=day,
                claim_ids=tuple(sorted({claim_id for period in active for claim_id in period.claim_ids})),
            )
        latest = whole.start_latest if whole.start == day else day
        if settled and settled[-1].end == day and _face(settled[-1]) == _face(whole):
            settled[-1] = replace(settled[-1], end=end)
        else:
            last = latest if end is None else min(latest, end - timedelta(days=1))
            settled.append(replace(whole, start=day, start_latest=max(day, last), end=end))
    if contradictions:
        issues.append(
            Issue(
                stage="timeline",
                level="warning",
                code="rows-contradict",
                message=f"the table gives {periods[0].place_id} different statuses for the same days: contested then",
                value=periods[0].place_id,
            )
        )
    return settled


def _face(period: Period) -> tuple[str, str, str, str]:
    return period.status, period.actor_id, period.other_id, period.basis


def _issue(claim: Claim, code: str) -> Issue:
    level, message = REASONS[code]
    return Issue(
        stage="timeline",
        level=level,
        code=code,
        message=_told(claim.place_text, message),
        quote=claim.quote,
        note=claim.note,
        value=claim.id,
    )


@lru_cache(maxsize=1 << 8)  # a place's claims have much to say in the same words
def _told(place_text: str, message: str) -> str:
    return f"{place_text}: {message}"


def _finding_issues(finding: Finding, by_id: Mapping[ClaimId, Claim]) -> list[Issue]:
    level = _FINDING_LEVELS.get(finding.code, "note")
    return [
        Issue(
            stage="timeline",
            level=level,
            code=finding.code,
            message=_told(by_id[claim_id].place_text, finding.message),
            quote=by_id[claim_id].quote,
            note=by_id[claim_id].note,
            value=claim_id,
        )
        for claim_id in finding.claim_ids
        if claim_id in by_id
    ]
