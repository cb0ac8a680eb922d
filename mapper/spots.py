"""The places that tables give one name: which rows mean one place, which mean several, and what each is called.

What stood first in a table, and which table was named first, must not decide it: all depends on the set of points alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mapper.model import Claim, Issue, Period, Place, PlaceId, ShareClaim, apart_degrees

TABLE = "table:"  # what the ids of places begin with that a table names and gives no id
NOBODY = PlaceId("")  # the id of a name without a point that may be several places
SAME_PLACE_DEGREES = 0.03  # about 3 km: tables give one place a little apart
_SHOWN = 5  # points that an Issue lists
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """One place as one table has it: ``table`` is the table's number."""

    place: Place
    table: int = 0


def heads(points: Iterable[Point]) -> dict[Point, Point]:
    """Of each point of one name (latitude, longitude in degrees) the point of the place it belongs to.

    From south to north, a point is one with the first before it that is within SAME_PLACE_DEGREES, else it begins a place of
    its own: of a chain of points each near the next, the ends may be two places.
    """
    found: dict[Point, Point] = {}
    begun: list[Point] = []
    low = 0
    for point in sorted(set(points)):
        while low < len(begun) and point[0] - begun[low][0] > SAME_PLACE_DEGREES:
            low += 1
        near = (begun[n] for n in range(low, len(begun)) if max(apart_degrees(begun[n], point)) <= SAME_PLACE_DEGREES)
        found[point] = next(near, point)
        if found[point] == point:
            begun.append(point)
    return found


def base_of(place_id: PlaceId) -> str:
    """``table:rawa`` of ``table:rawa@34.48,41.92``."""
    return place_id.partition("@")[0]


def settled(base: str, spots: Sequence[Spot]) -> tuple[dict[Spot, Place | None], Issue | None]:
    """The place that each spot of one name is, None for one without a point that may be several, with an Issue.

    One place takes the name and the point that come first of all that are written. A town and a region are never one.
    """
    clusters: dict[tuple[bool, Point], list[Spot]] = {}
    vague: dict[tuple[bool, str], list[Spot]] = {}
    for region in (False, True):
        own = [spot for spot in spots if spot.place.is_region == region]
        head = heads(spot.place.point for spot in own if spot.place.point is not None)
        for spot in own:
            if spot.place.point is None:
                vague.setdefault((region, spot.place.country.casefold()), []).append(spot)
            else:
                clusters.setdefault((region, head[spot.place.point]), []).append(spot)
    found: dict[Spot, Place | None] = {}
    issue = None
    lone: list[tuple[tuple[bool, str], list[Spot]]] = []
    groups = [_by_words(clusters[key]) for key in sorted(clusters)]
    for key, some in sorted(vague.items()):
        near = [
            group
            for group in groups
            if group[0].place.point is not None and group[0].place.is_region == key[0] and _may_lie(group, key[1])
        ]
        if len(near) == 1:
            near[0].extend(some)
        elif near:
            found.update(dict.fromkeys(some))
            issue = issue or _ambiguous(some, near)
        else:
            lone.append((key, _by_words(some)))
    taken: set[str] = set()
    plain = len(groups) + len(lone) == 1
    for group in [*groups, *(some for _, some in lone)]:
        place = group[0].place
        for spot in group[1:]:
            place = place.agreed(spot.place.name, *(spot.place.point or (place.lat, place.lon)))
        place_id = _id(base, place, group) if plain else _told(base, place, taken)
        taken.add(place_id)
        found.update(dict.fromkeys(group, place if place.id == place_id else replace(place, id=PlaceId(place_id))))
    return found, issue


def _by_words(group: Sequence[Spot]) -> list[Spot]:
    """In an order that depends on what is written alone: from the least point on."""
    return sorted(group, key=lambda spot: (spot.place.point or (0.0, 0.0), repr(spot)))


def _may_lie(group: Sequence[Spot], country: str) -> bool:
    """Whether a place may lie in a country: what one of both rows does not say parts nobody."""
    return not country or any(spot.place.country.casefold() in ("", country) for spot in group)


def _id(base: str, place: Place, group: Sequence[Spot]) -> str:
    """The id of the only place of a name: the one that every table has for it, else the plain one."""
    ids = {spot.place.id for spot in group}
    return place.id if len(ids) == 1 else base


def _told(base: str, place: Place, taken: set[str]) -> str:
    """The id of one of several places of a name: with its point, or its country where nobody gives one."""
    where = place.country.casefold() if place.point is None else f"{place.lat:.2f},{place.lon:.2f}"
    place_id = f"{base}@{where}"
    while place_id in taken:
        place_id += "+"  # a town and a region, or two at a pole
    return place_id


def _ambiguous(some: Sequence[Spot], near: Sequence[Sequence[Spot]]) -> Issue:
    place = min((spot.place for spot in some), key=repr)
    shown = [f"{group[0].place.lat}, {group[0].place.lon}" for group in near[:_SHOWN]]
    if len(near) > _SHOWN:
        shown.append(f"{len(near) - _SHOWN} more")
    message = (
        f"place {place.name!r} without coordinates may be the one at {' or at '.join(shown)}: give its lat and lon, or the"
        " country of each; its rows are not mapped"
    )
    return Issue(
        stage="records", level="error", code="place-ambiguous", message=message, value=place.name, file=place.source
    )


def told_apart(
    tables: Sequence[Mapping[PlaceId, Place]],
) -> tuple[list[dict[PlaceId, PlaceId]], dict[PlaceId, Place], tuple[Issue, ...]]:
    """New ids for the places of tables that share a name, a mapping a table; all places by id; and what may be several."""
    alike: dict[str, list[Spot]] = {}
    places: dict[PlaceId, Place] = {}
    for number, table in enumerate(tables):
        for place_id, place in table.items():
            if place_id.startswith(TABLE):
                alike.setdefault(base_of(place_id), []).append(Spot(place, number))
            else:
                known = places.get(place_id)
                places[place_id] = place if known is None else min(known, place, key=repr)
    ids: list[dict[PlaceId, PlaceId]] = [{} for _ in tables]
    issues: list[Issue] = []
    for base, spots in alike.items():
        if len(spots) == 1:
            places[spots[0].place.id] = spots[0].place
            continue
        found, issue = settled(base, spots)
        if issue is not None:
            issues.append(issue)
        for spot, meant in found.items():
            if meant is not None:
                places[meant.id] = meant
            if meant is None or meant.id != spot.place.id:
                ids[spot.table][spot.place.id] = NOBODY if meant is None else meant.id
    return ids, places, tuple(issues)


def renamed(
    claims: Iterable[Claim],
    shares: Iterable[ShareClaim],
    periods: Iterable[Period],
    ids: Mapping[PlaceId, PlaceId],
) -> tuple[tuple[Claim, ...], tuple[ShareClaim, ...], tuple[Period, ...]]:
    """What was said, with new ids for places, also in what a claim implies (``last_in:…``).

    An id that becomes NOBODY stays empty in a claim; a share loses that part of its region, and a period is left out.
    """
    if not ids:
        return tuple(claims), tuple(shares), tuple(periods)

    def of(place_id: PlaceId) -> PlaceId:
        return ids.get(place_id, place_id)

    def implied(words: Iterable[str]) -> Iterator[str]:
        for word in words:
            what, colon, place_id = word.partition(":")
            if not place_id or of(PlaceId(place_id)):
                yield f"{what}{colon}{of(PlaceId(place_id))}"

    return (
        tuple(
            replace(c, place_id=of(c.place_id), implies=tuple(implied(c.implies)))
            if c.place_id in ids or c.implies
            else c
            for c in claims
        ),
        tuple(
            replace(s, region=tuple(filter(None, map(of, s.region)))) if any(r in ids for r in s.region) else s
            for s in shares
        ),
        tuple(replace(p, place_id=ids[p.place_id]) if p.place_id in ids else p for p in periods if of(p.place_id)),
    )
