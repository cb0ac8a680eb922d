"""From a timeline to a Territory: theatre, tessellation, and what is known of each cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from mapper.areas.backdrop import barriers
from mapper.areas.inference import infer_periods
from mapper.areas.longitudes import Box, covering
from mapper.areas.projection import LocalProjection
from mapper.areas.rest import everything, given, planned
from mapper.areas.spans import spans_of
from mapper.areas.spread import WEAK, Periods, as_region, filled, layered, succession
from mapper.areas.tessellation import tessellate
from mapper.areas.theatre import (
    MARGIN_KM,
    chosen_countries,
    countries_in,
    distinct,
    located,
    outlines,
    quarters,
)
from mapper.gazetteer import Gazetteer
from mapper.model import Claim, Extent, Period, Place, PlaceId, ShareClaim, Status, Territory, Timeline
from mapper.regions import PREFIX, geometry, outline

RIVER_KM = 12.0  # "villages along the river": cells whose place is this near
EDGE = 1e-4  # degrees: an outline and its faces are the same line to this
DISTRICT_KM = 20.0  # a district without a shape reaches this far from its point


def build_territory(
    timeline: Timeline,
    places: Mapping[PlaceId, Place],
    gazetteer: Gazetteer,
    *,
    countries: Sequence[str] = (),
    box: Box | None = None,
    solid_km: float = 20.0,
    presumed_km: float = 40.0,
    infer: str = "",
    infer_gap_km: float = 100.0,
    min_population: int = 0,
    claims: Sequence[Claim] = (),
    share_claims: Sequence[ShareClaim] | None = None,
) -> Territory:
    """The theatre cut into cells round all populated places, and the periods of each cell.

    The theatre is the countries given (ISO alpha-2), else a box (west, south, east, north), else the countries of the
    places that have periods. ``infer`` is ``""``, ``auto``, ``nearest`` or ``smooth``; see ``inference``. ``claims``
    say which river a partial claim about a region names. ``share_claims`` are those that will be held against the
    territory: where they ask for no more, what nothing is said of is one cell for each country, with the country's id as
    its place and one face beyond reach. None: nothing is known of them, and every place has its cell.
    """
    histories: defaultdict[PlaceId, list[Period]] = defaultdict(list)
    for period in timeline.periods:
        histories[period.place_id].append(period)
    claimed = [p for i in sorted(histories) if (p := places.get(i) or gazetteer.get(i)) is not None and _on_earth(p)]
    codes = tuple(countries)
    if not codes:
        codes = countries_in(gazetteer, box, claimed) if box is not None else chosen_countries(claimed)
    shapes = outlines(gazetteer, codes, box, claimed, chosen=not countries and box is None)
    if not shapes:
        return _empty(codes)
    pool = _places(gazetteer, claimed, codes, box, min_population)
    where = located(pool, shapes)
    pool = [place for place, at in zip(pool, where.tolist(), strict=True) if at >= 0]
    where = where[where >= 0]
    if not pool:
        return _empty(codes)
    kept, stands = distinct(pool, frozenset(histories))
    number = {i: n for n, i in enumerate(kept)}
    own: list[list[PlaceId]] = [[pool[i].id] for i in kept]
    sharing: dict[PlaceId, PlaceId] = {}
    for gone, stay in sorted(stands.items()):
        if pool[gone].id in histories:
            own[number[stay]].append(pool[gone].id)
            sharing[pool[gone].id] = pool[stay].id
    cells = [pool[i] for i in kept]
    towns = {
        number[part]: number[stands.get(town, town)]
        for part, town in quarters(pool).items()
        if part in number and pool[part].feature_code == "PPLX"
    }
    lon_lat = np.array([[p.lon, p.lat] for p in cells])
    country = where[kept]
    projection = LocalProjection.around(np.vstack([shapely.get_coordinates(s) for s in shapes.values()]))
    names = list(shapes)
    cell_country = [names[n] for n in country.tolist()]
    region_cells = _region_cells(gazetteer, cells, cell_country, lon_lat, shapes)
    cell_periods = _cell_periods(
        cells, own, towns, histories, claimed, region_cells, gazetteer, lon_lat, projection, claims, infer, infer_gap_km
    )
    plan = everything(len(cells))
    if share_claims is not None:
        coloured = np.array([bool(periods) for periods in cell_periods])
        whole = _asked_whole(share_claims, names, places, gazetteer)
        plan = planned(coloured, projection.forward(lon_lat), country, whole)
    faces = tessellate(
        lon_lat[plan.cut],
        country[plan.cut],
        dict(enumerate(shapes.values())),
        projection=projection,
        solid_km=solid_km,
        presumed_km=presumed_km,
    )
    faces = given(faces, plan)
    left = [names[n] for n in plan.left.tolist()]
    homes = {at.id: n for n, code in enumerate(names) if (at := gazetteer.country(code)) is not None}
    said = cell_periods
    cell_periods = (*(said[n] for n in plan.stay.tolist()), *(() for _ in left))
    return Territory(
        cell_place=(
            *(cells[n].id for n in plan.stay.tolist()),
            *(i for n in plan.left.tolist() for i in homes if homes[i] == n),
        ),
        face_cell=faces.face_cell,
        face_zone=faces.face_zone,
        face_km2=faces.face_km2,
        xy=faces.xy,
        offsets=faces.offsets,
        left=faces.left,
        right=faces.right,
        arc_nodes=faces.arc_nodes,
        cell_periods=cell_periods,
        spans=spans_of(cell_periods),
        cell_country=(*(cell_country[n] for n in plan.stay.tolist()), *left),
        region_cells={
            i: np.concatenate([plan.cells_of(found), plan.rest_of(homes.get(i, -1))])
            for i, found in region_cells.items()
        },
        bounds=_bounds(faces.xy, shapes.values(), lon_lat[[bool(periods) for periods in said]]),
        countries=tuple(names),
        sharing=sharing,
        told={
            region.id: shapely.to_wkb(shape)
            for region in claimed
            if region.geometry_ref.startswith(PREFIX) and (shape := outline(gazetteer, region)) is not None
        },
    )


def _asked_whole(
    shares: Sequence[ShareClaim], codes: Sequence[str], places: Mapping[PlaceId, Place], gazetteer: Gazetteer
) -> set[int]:
    """Numbers of the countries of which every cell is asked for: a share that is held of a province counts its cells.

    A share of a country needs no more than the country; neither does one that is lost, which is counted in what was
    held. A country that the gazetteer does not know has nothing to call its rest by.
    """
    asked = {
        place.country
        for share in shares
        if not share.lost
        for i in share.region
        if (place := places.get(i) or gazetteer.get(i)) is not None and not place.feature_code.startswith("PCL")
    }
    return {n for n, code in enumerate(codes) if code in asked or gazetteer.country(code) is None}


def _on_earth(place: Place) -> bool:
    """False for a place without coordinates (NaN) or with impossible ones."""
    return abs(place.lat) <= 90 and abs(place.lon) <= 180


def _empty(countries: Sequence[str]) -> Territory:
    return Territory(
        face_cell=np.empty(0, np.int32),
        face_zone=np.empty(0, np.int8),
        face_km2=np.empty(0),
        xy=np.empty((0, 2)),
        offsets=np.zeros(1, np.int64),
        left=np.empty(0, np.int32),
        right=np.empty(0, np.int32),
        countries=tuple(countries),
    )


def _places(
    gazetteer: Gazetteer, claimed: Sequence[Place], codes: Sequence[str], box: Box | None, min_population: int
) -> list[Place]:
    """Populated places of the theatre, and the points that have a history, by id."""
    found = {p.id: p for p in claimed if not p.is_region and p.feature_class != "H"}
    for place in gazetteer.populated_places(codes, box=box if box is None or box[0] <= box[2] else None):
        if not 0 < place.population < min_population:
            found.setdefault(place.id, place)
    return [found[i] for i in sorted(found)]


def _bounds(
    xy: NDArray[np.float64], shapes: Iterable[BaseGeometry], lon_lat: NDArray[np.float64]
) -> tuple[float, float, float, float]:
    """West, south, east, north; west is greater than east when the theatre lies across the antimeridian.

    Parts of the land further than MARGIN_KM from every place in ``lon_lat`` (those something is said of) are left out: a
    map of Normandy need not reach to Guiana. Without such places, or with none near, all of it counts.
    """
    parts = np.concatenate([shapely.get_parts(shape) for shape in shapes])
    up = MARGIN_KM / 111.2
    west, south, east, north = shapely.bounds(parts).T
    near = np.zeros(len(parts), dtype=bool)
    for lon, lat in lon_lat.tolist():
        across = up / max(0.1, float(np.cos(np.radians(lat))))
        beside = np.maximum(west - lon, lon - east)  # degrees off, on the short way round
        beside = np.minimum(beside, 360 - np.maximum(east - lon, lon - west))
        near |= (beside <= across) & (south - up <= lat) & (lat <= north + up)
    if near.any() and not near.all():
        inside = np.zeros(len(xy), dtype=bool)
        for w, s, e, n in shapely.bounds(parts[near]).tolist():
            inside |= (xy[:, 0] >= w - EDGE) & (xy[:, 0] <= e + EDGE) & (xy[:, 1] >= s - EDGE) & (xy[:, 1] <= n + EDGE)
        xy = xy[inside] if inside.any() else xy
    lons = np.unique(xy[:, 0])
    w, e = covering(lons, lons)  # edges are shorter than the gaps between far islands
    return w, float(xy[:, 1].min()), e, float(xy[:, 1].max())


def _region_cells(
    gazetteer: Gazetteer,
    cells: Sequence[Place],
    cell_country: Sequence[str],
    lon_lat: NDArray[np.float64],
    shapes: Mapping[str, BaseGeometry],
) -> dict[PlaceId, NDArray[np.int32]]:
    """The cells of each country and province of the theatre: by the province a place names, else by where it lies."""
    out: dict[PlaceId, NDArray[np.int32]] = {}
    codes = np.array(cell_country)
    admin = np.array([p.admin1 for p in cells])
    for code in shapes:
        here = np.flatnonzero(codes == code).astype(np.int32)
        country = gazetteer.country(code)
        if country is not None:
            out[country.id] = here
        regions = gazetteer.regions(code)
        known = {r.admin1 for r in regions if r.admin1} | {str(r.id) for r in regions}
        lost = here[~np.isin(admin[here], sorted(known))]
        for region in regions:
            inside = here[np.isin(admin[here], [region.admin1 or str(region.id), str(region.id)])]
            if len(lost):
                shape = geometry(gazetteer.outline(region.geometry_ref)) if region.geometry_ref else None
                if shape is not None:
                    hit = shapely.contains_xy(shape, lon_lat[lost, 0], lon_lat[lost, 1])
                    inside = np.concatenate([inside, lost[hit]])
            out[region.id] = np.unique(inside).astype(np.int32)
    return out


def _cell_periods(
    cells: Sequence[Place],
    own: Sequence[Sequence[PlaceId]],
    towns: Mapping[int, int],
    histories: Mapping[PlaceId, Sequence[Period]],
    claimed: Sequence[Place],
    region_cells: Mapping[PlaceId, NDArray[np.int32]],
    gazetteer: Gazetteer,
    lon_lat: NDArray[np.float64],
    projection: LocalProjection,
    claims: Sequence[Claim],
    infer: str,
    infer_gap_km: float,
) -> tuple[Periods, ...]:
    """Per cell: own periods and its town's, then firm ones of its regions, then inferred, then what is said of parts of regions."""
    flat = projection.forward(lon_lat)
    periods: list[Periods] = []
    for ids in own:
        if len(ids) == 1:
            periods.append(tuple(histories.get(ids[0], ())))
        else:
            periods.append(succession(p for i in ids for p in histories.get(i, ())))
    _town_into_quarters(periods, towns)
    firm: defaultdict[int, list[tuple[int, Periods]]] = defaultdict(list)
    weak: defaultdict[int, list[tuple[int, Periods]]] = defaultdict(list)
    rivers = _rivers(claims, gazetteer, projection)
    for region in claimed:
        if not region.is_region:
            continue
        inside = _inside(region, region_cells, gazetteer, lon_lat, flat, projection)
        size = len(inside)
        said = as_region(histories[region.id])
        strong = tuple(p for p in said if p.status not in WEAK)
        for cell in inside.tolist():
            if strong:
                firm[cell].append((size, strong))
        if region.feature_code.startswith("PCL"):
            continue  # "fighting in Iraq" says nothing of any one place in Iraq
        for period in said:
            if period.status in WEAK:
                for cell in _along(period, inside, rivers, flat).tolist():
                    weak[cell].append((size, (period,)))
    cache: dict[tuple[int, ...], Periods] = {}
    for cell, layers in firm.items():
        layers.sort(key=lambda layer: layer[0])
        key = tuple(id(layer) for _, layer in layers)
        if key not in cache:
            cache[key] = layered([layer for _, layer in layers]) if len(layers) > 1 else layers[0][1]
        periods[cell] = filled(periods[cell], cache[key])
    if infer:
        added = infer_periods(
            periods,
            flat,
            [p.id for p in cells],
            model=infer,
            gap_km=infer_gap_km,
            water=barriers(lon_lat, projection),
        )
        periods = [filled(known, more) if more else known for known, more in zip(periods, added, strict=True)]
    for cell, layers in weak.items():
        layers.sort(key=lambda layer: layer[0])
        periods[cell] = filled(periods[cell], succession(p for _, layer in layers for p in layer))
    return tuple(periods)


def _town_into_quarters(periods: list[Periods], towns: Mapping[int, int]) -> None:
    """Who takes a town takes its quarters, until something newer is said of one; in place, by the towns' own periods."""
    own = list(periods)
    for part, town in towns.items():
        held = as_region(p for p in own[town] if p.status is Status.CONTROLLED)
        if held:
            periods[part] = layered([own[part], held])


def _inside(
    region: Place,
    region_cells: Mapping[PlaceId, NDArray[np.int32]],
    gazetteer: Gazetteer,
    lon_lat: NDArray[np.float64],
    flat: NDArray[np.float64],
    projection: LocalProjection,
) -> NDArray[np.int32]:
    """The cells of a region: known members, else those its shape holds, else those near its point."""
    if region.id in region_cells:
        return region_cells[region.id]
    shape = outline(gazetteer, region)
    if shape is not None:
        return np.flatnonzero(shapely.contains_xy(shape, lon_lat[:, 0], lon_lat[:, 1])).astype(np.int32)
    middle = projection.forward(np.array([[region.lon, region.lat]]))[0]
    reach = 1000 * max(region.radius_km, DISTRICT_KM)
    return np.flatnonzero(np.hypot(*(flat - middle).T) <= reach).astype(np.int32)


def _rivers(claims: Sequence[Claim], gazetteer: Gazetteer, projection: LocalProjection) -> dict[str, BaseGeometry]:
    """Per claim id the river its words name, projected; only for claims about part of a region."""
    found: dict[str, BaseGeometry] = {}
    for claim in claims:
        if claim.extent is not Extent.PART:
            continue
        words = f"{claim.extent_wording} {claim.quote.text} {claim.note}".casefold()
        for slug in RIVER_WORDS:
            if slug in words and (shape := geometry(gazetteer.outline(f"river:{slug.replace(' ', '-')}"))) is not None:
                found[claim.id] = projection.project(shapely.segmentize(shape, 0.1))
                break
    return found


# Rivers of data/basemap whose names no ordinary word shares.
RIVER_WORDS = (
    "euphrates", "tigris", "khabur", "orontes", "balikh", "great zab", "little zab", "diyala", "jordan", "dnipro",
    "dniester", "siverskyi donets", "oskil", "inhulets", "southern bug", "nile", "blue nile", "white nile", "niger",
    "benue", "congo", "ubangi", "jubba", "helmand", "amu darya", "indus", "irrawaddy", "salween", "mekong",
)  # fmt: skip


def _along(
    period: Period, inside: NDArray[np.int32], rivers: Mapping[str, BaseGeometry], flat: NDArray[np.float64]
) -> NDArray[np.int32]:
    """The cells a weak claim about a region is drawn on: near the river it names, else all of the region's."""
    named = [rivers[i] for i in period.claim_ids if i in rivers]
    if not named or not len(inside):
        return inside
    gap = shapely.distance(shapely.union_all(named), shapely.points(flat[inside]))
    near = inside[gap <= RIVER_KM * 1000]
    return near if len(near) else inside
