"""A person's verdicts on claims outlive the next extraction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from mapper.model import Actor, Claim, Issue, Period, Place, PlaceId, ShareClaim
from mapper.records.cells import apart, slug
from mapper.spots import NOBODY, TABLE

_Said = TypeVar("_Said", Claim, ShareClaim)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a table gave; ``actors`` are those it names that were not known before."""

    claims: tuple[Claim, ...] = ()
    share_claims: tuple[ShareClaim, ...] = ()
    places: dict[PlaceId, Place] = field(default_factory=dict)
    periods: tuple[Period, ...] = ()
    issues: tuple[Issue, ...] = ()
    actors: tuple[Actor, ...] = ()


def merge_reviewed(
    claims: Iterable[Claim],
    share_claims: Iterable[ShareClaim],
    places: Mapping[PlaceId, Place],
    reviewed: Table,
    *,
    gazetteer_places: Callable[[PlaceId], Place | None] | None = None,
) -> Table:
    """Extracted claims with the verdicts of a reviewed table, joined by claim id.

    ``ok`` and ``wrong`` keep what was extracted and carry the verdict; ``edited`` puts the reviewed row in its place.
    A judged row that is not extracted any more stays (a person has looked at it), with a note. Rows without a verdict
    follow the new extraction.
    """
    merged_places = dict(places)
    issues = list(reviewed.issues)
    done = _merge(tuple(claims), reviewed.claims, issues)
    shares = _merge(tuple(share_claims), reviewed.share_claims, issues)
    wanted = {claim.place_id for claim in done} | {place_id for share in shares for place_id in share.region}
    moved: dict[PlaceId, PlaceId] = {}
    for place_id in sorted(wanted - {NOBODY}):
        place, ours = reviewed.places.get(place_id), merged_places.get(place_id)
        if place is not None and ours is not None and apart(ours, place.lat, place.lon):
            moved[place_id] = PlaceId(f"{TABLE}{slug(place.name)}@{place.lat:.2f},{place.lon:.2f}")
            merged_places[moved[place_id]] = replace(place, id=moved[place_id])
        elif place is not None and ours is None:
            merged_places[place_id] = place
        elif ours is None and gazetteer_places is not None:
            found = gazetteer_places(place_id)
            if found is not None:
                merged_places[place_id] = found
    done = tuple(
        replace(claim, place_id=moved[claim.place_id])
        if claim.review == "edited" and claim.place_id in moved
        else claim
        for claim in done
    )
    return Table(
        claims=done,
        share_claims=shares,
        places=merged_places,
        periods=reviewed.periods,
        issues=tuple(issues),
        actors=reviewed.actors,
    )


def _merge(extracted: tuple[_Said, ...], reviewed: Iterable[_Said], issues: list[Issue]) -> tuple[_Said, ...]:
    verdicts = {row.id: row for row in reviewed if row.review}
    merged: list[_Said] = []
    for claim in extracted:
        row = verdicts.pop(claim.id, None)
        if row is None:
            merged.append(claim)
        elif row.review == "edited":
            merged.append(row)
        else:
            merged.append(replace(claim, review=row.review))
    for row in verdicts.values():
        issues.append(
            Issue(
                stage="records",
                level="note",
                code="reviewed-not-extracted",
                message=f"{row.review}: the claim is not extracted any more; the reviewed row is kept",
                quote=row.quote,
                note=row.note,
                value=row.id,
            )
        )
        merged.append(row)
    return tuple(merged)
