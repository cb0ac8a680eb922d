"""Claims whose place was guessed at or not found: an Issue that says so, with the line of the alias table that settles it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mapper.claims import Extraction
from mapper.gazetteer import Gazetteer
from mapper.model import Claim, Issue, Rival, Toponym
from mapper.toponyms import alias_line, suggestions

#: No claim is surer than this whose place is a guess.
_AT_MOST = 0.5


def with_guesses(found: Extraction, toponyms: Sequence[Toponym], gazetteer: Gazetteer) -> Extraction:
    """The same with an Issue for each place that was guessed, and with what an unknown name may be."""
    if not found.claims:
        return found
    guessed = {
        (t.place.id, t.text): t
        for t in toponyms
        if t.place is not None and (t.spelling or t.place.feature_code == "OFFSET")
    }
    issues = [_with_suggestions(issue, toponyms, gazetteer) for issue in found.issues]
    claims: list[Claim] = []
    told: set[str] = set()
    for claim in found.claims:
        toponym = guessed.get((claim.place_id, claim.place_text))
        if toponym is None or (not toponym.spelling and not _is_put(toponym)):
            claims.append(claim)
            continue
        claims.append(replace(claim, confidence=min(claim.confidence, _AT_MOST)))
        if claim.place_text not in told:
            told.add(claim.place_text)
            issues.append(_guessed(claim, toponym))
    return replace(found, claims=tuple(claims), issues=tuple(issues))


def _is_put(toponym: Toponym) -> bool:
    """Whether a name that nobody knows was put beside its anchor: the point bears its name."""
    return toponym.place is not None and toponym.place.name.startswith(f"{toponym.text} (")


def _guessed(claim: Claim, toponym: Toponym) -> Issue:
    place = toponym.place
    assert place is not None  # noqa: S101 - only those with a place are asked for
    if toponym.spelling:
        where = f"taken for {toponym.spelling} ({place.country}), whose name is like it"
        remedy = alias_line(claim.place_text, place.id)
    else:
        way = place.name.removeprefix(f"{toponym.text} (").removesuffix(")")
        where = f"in no gazetteer: put {way}, give or take {place.radius_km:.0f} km"
        remedy = alias_line(claim.place_text, "geonames:")
    return Issue(
        stage="claims",
        level="warning",
        code="place-guessed",
        message=f"{claim.place_text!r} is {where}; if it is another place, settle it under [aliases] in mapper.toml: {remedy}",
        quote=claim.quote,
        value=claim.place_text,
    )


def _with_suggestions(issue: Issue, toponyms: Sequence[Toponym], gazetteer: Gazetteer) -> Issue:
    if issue.code != "place-unresolved" or not issue.value:
        return issue
    rivals = suggestions(issue.value, toponyms, gazetteer)
    if not rivals:
        return issue
    meant = " or ".join(_named(rivals))
    line = alias_line(issue.value, rivals[0].place_id)
    return replace(
        issue, message=f"{issue.message}; did you mean {meant}? If so, under [aliases] in mapper.toml: {line}"
    )


def _named(rivals: Sequence[Rival]) -> Iterator[str]:
    for rival in rivals:
        yield f"{rival.name} ({rival.country})"
