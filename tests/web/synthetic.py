"""Invented results for the page's tests and bench: deterministic, of any size, with fronts that move like fronts.

Cells are Voronoi cells of random points; control is decided by the nearest of a few wandering strongholds, so that
changes happen along fronts. No name, quote or date here means anything.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from scipy.spatial import Voronoi

from mapper.model import (
    Actor,
    ActorId,
    Article,
    ArticleId,
    Basis,
    Claim,
    ClaimId,
    Extent,
    Modality,
    Period,
    Place,
    PlaceId,
    Predicate,
    Quote,
    Result,
    ShareClaim,
    Source,
    Status,
    Territory,
    Timeline,
    When,
)

BOX = (35.5, 29.0, 48.6, 37.4)  # west, south, east, north
FIRST = date(2014, 1, 1)
ACTORS = (
    Actor(id=ActorId("north"), name="Northern League", colour="#2f6f9f", side="a"),
    Actor(id=ActorId("south"), name="Southern Army", colour="#b03a2e", side="b"),
    Actor(id=ActorId("river"), name="River Brigades", colour="#222222", side="c"),
    Actor(id=ActorId("hill"), name="قوات التلال", colour="", side="d"),
)
_SYLLABLES = ("ba", "qa", "tel", "mar", "sou", "ra", "wa", "ha", "dir", "zor", "kan", "lis", "um", "rat", "bey", "dan")


def _names(rng: np.random.Generator, count: int) -> list[str]:
    picks = rng.integers(0, len(_SYLLABLES), size=(count, 3))
    return ["".join(_SYLLABLES[i] for i in row).title() for row in picks]


def territory_of(points: np.ndarray, places: tuple[PlaceId, ...], *, zones: bool = True) -> Territory:
    """Voronoi cells inside BOX; far from the middle of things a cell is presumed (zone 1)."""
    west, south, east, north = BOX
    # Mirroring the points in the four sides makes every inner cell finite and cut exactly at the box.
    mirrored = [points]
    for axis, edge in ((0, west), (0, east), (1, south), (1, north)):
        image = points.copy()
        image[:, axis] = 2 * edge - image[:, axis]
        mirrored.append(image)
    diagram = Voronoi(np.concatenate(mirrored))
    n = len(points)
    xy, offsets, left, right = [], [0], [], []
    vertices = diagram.vertices
    for (p, q), (a, b) in zip(diagram.ridge_points, diagram.ridge_vertices, strict=True):
        if a < 0 or b < 0 or (p >= n and q >= n):
            continue
        start, end = vertices[a], vertices[b]
        inner = p if p < n else q
        ahead = end - start
        towards = points[inner] - start
        inner_left = ahead[0] * towards[1] - ahead[1] * towards[0] > 0
        outer = (q if inner == p else p) if max(p, q) < n else -1
        xy += [start, end]
        offsets.append(len(xy))
        left.append(inner if inner_left else outer)
        right.append(outer if inner_left else inner)
    coordinates = np.clip(np.asarray(xy), (west, south), (east, north))
    lefts, rights = np.asarray(left, dtype=np.int32), np.asarray(right, dtype=np.int32)
    area = np.zeros(n)
    radius = 6371.0072
    for i in range(len(offsets) - 1):
        (x0, y0), (x1, y1) = coordinates[offsets[i]], coordinates[offsets[i + 1] - 1]
        piece = -np.radians(x1 - x0) * (np.sin(np.radians(y0)) + np.sin(np.radians(y1))) / 2 * radius**2
        if left[i] >= 0:
            area[left[i]] += piece
        if right[i] >= 0:
            area[right[i]] -= piece
    zone = np.zeros(n, dtype=np.int8)
    if zones:  # large cells lie far from any place: presumed, and beyond reach
        zone[np.argsort(area)[int(n * 0.85) :]] = 1
        zone[np.argsort(area)[int(n * 0.97) :]] = 2
    return Territory(
        cell_place=places,
        face_cell=np.arange(n, dtype=np.int32),
        face_zone=zone,
        face_km2=np.abs(area),
        xy=coordinates,
        offsets=np.asarray(offsets, dtype=np.int64),
        left=lefts,
        right=rights,
        bounds=BOX,
        countries=("SY", "IQ"),
    )


def make_result(
    cells: int = 600, days: int = 1000, claims: int = 120, *, seed: int = 7, changes_per_cell: float | None = None
) -> Result:
    """A whole Result. With ``changes_per_cell`` the strongholds wander until cells change hands that often."""
    rng = np.random.default_rng(seed)
    west, south, east, north = BOX
    points = np.column_stack([rng.uniform(west, east, cells), rng.uniform(south, north, cells)])
    ids = tuple(PlaceId(f"geonames:{100000 + i}") for i in range(cells))
    names = _names(rng, cells)
    places = {
        ids[i]: Place(
            id=ids[i],
            name=names[i],
            lat=float(points[i, 1]),
            lon=float(points[i, 0]),
            country="SY" if points[i, 0] < 41.3 else "IQ",
            population=int(10 ** rng.uniform(2, 6)),
        )
        for i in range(cells)
    }
    # Where villages stand as thick as in a theatre of thousands of cells, no cell reaches beyond its place.
    territory = territory_of(points, ids, zones=cells < 5000)
    holders = _fronts(rng, points, days, changes_per_cell)
    claim_list: list[Claim] = []
    claimed = set(rng.choice(cells, size=min(claims, cells), replace=False).tolist()) if claims else set()
    cell_periods = []
    timeline: list[Period] = []
    for i in range(cells):
        periods = _periods(ids[i], holders[i], i, days)
        if i in claimed:
            periods, made = _with_claims(periods, names[i], i)
            claim_list += made
            timeline += periods
        cell_periods.append(tuple(periods))
    article = Article(
        id=ArticleId("a1"), text="", title="An invented report", published=FIRST, url="https://example.org/1"
    )
    share = ShareClaim(
        id=ClaimId("share1"),
        actor_id=ActorId("river"),
        actor_text="the River Brigades",
        region=(),
        region_text="the whole theatre",
        lost=True,
        fraction=0.4,
        when=When.day(FIRST + timedelta(days=days * 2 // 3)),
        quote=Quote(article_id=article.id, start=0, end=10, text="The River Brigades have lost 40% of what they held."),
        source=Source(
            article_id=article.id, publisher="Invented Gazette", url="https://example.org/1", published=FIRST
        ),
    )
    return Result(
        title="An invented war in a real landscape",
        articles=(article,),
        places=places,
        actors={actor.id: actor for actor in ACTORS},
        claims=tuple(claim_list),
        share_claims=(share,) if claims else (),
        timeline=Timeline(periods=tuple(timeline)),
        territory=replace(territory, cell_periods=tuple(cell_periods)),
        versions={"mapper": "test"},
    )


def _fronts(
    rng: np.random.Generator, points: np.ndarray, days: int, wanted: float | None
) -> list[list[tuple[int, int, int]]]:
    """Per cell (first day, holder, rival), from strongholds that move: whoever is nearest holds; -1 for nobody.

    A rival is named where another's stronghold is hardly farther: along the fronts.
    """
    count = 9
    owner = np.arange(count) % len(ACTORS)
    at = np.column_stack([rng.uniform(BOX[0], BOX[2], count), rng.uniform(BOX[1], BOX[3], count)])
    speed = rng.normal(scale=1.0, size=(count, 2))
    steps = min(days, 100)
    history: list[list[tuple[int, int, int]]] = [[] for _ in range(len(points))]
    scale = 0.08 if wanted is None else 0.075 * wanted
    for step in range(steps):
        day = step * days // steps
        squares = ((points[:, None, :] - at[None]) ** 2).sum(axis=2)
        best = np.argmin(squares, axis=1)
        reach = np.sqrt(squares.min(axis=1))
        foreign = np.where(owner[None, :] == owner[best][:, None], np.inf, squares)
        challenger = owner[np.argmin(foreign, axis=1)]
        near = np.sqrt(foreign.min(axis=1)) - reach < 0.06
        holder = np.where(reach > 3.2, -1, owner[best])
        rival = np.where(near & (holder >= 0), challenger, -1)
        # Each cell hears of it on its own day within the step, as in life.
        jitter = rng.integers(0, max(1, days // steps), size=len(points))
        pairs = list(zip(holder.tolist(), rival.tolist(), strict=True))
        for i in [i for i, (h, new) in enumerate(zip(history, pairs, strict=True)) if not h or h[-1][1:] != new]:
            history[i].append((int(day + (jitter[i] if step else 0)), *pairs[i]))
        speed += rng.normal(scale=0.35, size=speed.shape)
        speed *= 0.9
        at += speed * scale
        for axis, (low, high) in enumerate(((BOX[0], BOX[2]), (BOX[1], BOX[3]))):
            out = (at[:, axis] < low) | (at[:, axis] > high)
            speed[out, axis] *= -1
            at[:, axis] = np.clip(at[:, axis], low, high)
    return history


def _periods(place: PlaceId, history: list[tuple[int, int, int]], number: int, days: int) -> list[Period]:
    periods = []
    for k, (start, holder, rival) in enumerate(history):
        if holder < 0:
            continue
        end = history[k + 1][0] if k + 1 < len(history) else None
        if end is not None and end <= start:
            continue
        kind = (number * 7 + k) % 97
        status = {1: Status.PARTIAL, 2: Status.PRESENCE, 3: Status.BESIEGED, 4: Status.CLAIMED}.get(
            kind, Status.CONTROLLED
        )
        if rival >= 0:
            status = Status.CONTESTED
        fuzz = 20 if kind in (9, 10) else 0
        first = FIRST + timedelta(days=start)
        periods.append(
            Period(
                place_id=place,
                status=status,
                actor_id=ACTORS[holder].id,
                other_id=_other(status, holder, rival),
                start=first,
                start_latest=first + timedelta(days=fuzz if end is None or start + fuzz < end else 0),
                end=None if end is None else FIRST + timedelta(days=min(end, days)),
                basis=Basis.IMPLIED if kind in (11, 12, 13) else Basis.REGION,
                confidence=0.9,
            )
        )
    return periods


def _other(status: Status, holder: int, rival: int) -> ActorId:
    if status is Status.CONTESTED:
        return ACTORS[rival].id
    return ACTORS[(holder + 1) % len(ACTORS)].id if status is Status.BESIEGED else ActorId("")


def _with_claims(periods: list[Period], name: str, number: int) -> tuple[list[Period], list[Claim]]:
    made, kept = [], []
    for k, period in enumerate(periods):
        actor = next(actor for actor in ACTORS if actor.id == period.actor_id)
        quote = f"On that day the {actor.name} took {name} after a short fight, residents said."
        claim = Claim(
            id=ClaimId(f"c{number}-{k}"),
            place_id=period.place_id,
            place_text=name,
            predicate=Predicate.CAPTURED,
            actor_id=actor.id,
            actor_text=actor.name,
            other_id=period.other_id,
            when=When(
                earliest=period.start, latest=period.start_latest + timedelta(days=1), edtf=period.start.isoformat()
            ),
            modality=Modality.ATTRIBUTED if number % 3 else Modality.ASSERTED,
            extent=Extent.WHOLE,
            said_by="residents" if number % 3 else "",
            quote=Quote(article_id=ArticleId("a1"), start=10 * k, end=10 * k + len(quote), text=quote),
            source=Source(
                article_id=ArticleId("a1"),
                publisher=("Invented Gazette", "Made-up Wire")[number % 2],
                url=f"https://example.org/{number}",
                published=period.start + timedelta(days=1),
            ),
            rule="took",
            confidence=0.6 + 0.1 * (number % 4),
        )
        made.append(claim)
        kept.append(replace(period, claim_ids=(claim.id,), basis=Basis.STATED))
    return kept, made


def make_basemap() -> dict[str, object]:
    """A box of land with a lake, two rivers, a border and some towns."""
    west, south, east, north = BOX
    ring = [
        [west - 2, south - 2],
        [east + 2, south - 2],
        [east + 2, north + 2],
        [west - 2, north + 2],
        [west - 2, south - 2],
    ]
    steps = np.linspace(0, 1, 60)
    river = [[38 + 9 * t, 36.8 - 5.5 * t + 0.25 * np.sin(18 * t)] for t in steps]
    border = [[41.3 + 0.4 * np.sin(5 * t), south + (north - south) * t] for t in steps]
    lake = [[43 + 0.25 * np.cos(a), 33.9 + 0.2 * np.sin(a)] for a in np.linspace(0, 2 * np.pi, 30)]
    rng = np.random.default_rng(3)
    names = _names(rng, 60)
    towns = [
        {
            "name": names[i],
            "lat": float(rng.uniform(south, north)),
            "lon": float(rng.uniform(west, east)),
            "rank": 1 + i // 6,
        }
        for i in range(60)
    ]
    return {
        "land": [ring],
        "borders": [border],
        "provinces": [[[39, south], [39.5, north]], [[44, south], [45, north]]],
        "rivers": [{"name": "Long River", "lines": [river]}],
        "lakes": [lake],
        "towns": towns,
        "countries": [{"name": "Westland", "lat": 34.6, "lon": 38.2}, {"name": "Eastland", "lat": 32.2, "lon": 44.2}],
    }
