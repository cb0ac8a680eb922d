"""Units and points of dumps, joined with the places that are known: one place keeps one id, and gets the other's names.

A unit is the one of its province and name, whatever its spelling; a province without a name in common is the one whose land
it covers. A point is the town of its name within 5 km. What is joined with nothing is a place of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from mapper.dumps.units import LEVELS, Unit, Units
from mapper.gazetteer import TIERS, Gazetteer, normalise, normalise_many
from mapper.gazetteer.importers import MAX_NAMES
from mapper.gazetteer.shapes import OWN
from mapper.model import Place, PlaceId, stable_id
from mapper.regions import outline

SAME_TOWN_KM = 5.0  # two sources' points of one town are no farther apart
_FAR_DEGREES = 0.3  # a unit's point lies within its outline, or this near to it where both are coarse
_SAME_LAND = 0.5  # intersection over union from which two provinces are one
_TOLERANCE = 0.002  # degrees, some 200 m: how far an outline may be moved to be drawn with fewer points
_CODES: Mapping[int, tuple[str, ...]] = {
    1: ("ADM1", "ADMD"),
    2: ("ADM2", "ADMD"),
    3: ("ADM3",),
    4: ("ADM4",),
    5: ("ADM5",),
}
# what the tables put before or after a unit's name and OCHA does not
_TYPES = (
    "{}", "{} District", "{} Governorate", "{} Province", "{} Raion", "{} Subdistrict", "{} County", "منطقة {}", "ناحية {}", "محافظة {}", "قضاء {}",
    "{} район", "{} область",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A place with what a dump says of it; ``known`` when it is one that the gazetteer had. ``shape`` is a table's cell."""

    place: Place
    known: bool
    shape: str = ""
    file: str = ""


def join_units(units: Units, gazetteer: Gazetteer, country: str) -> Iterator[Joined | tuple[Unit, str]]:
    """A place for each unit, level by level; the unit with the reason where there can be none."""
    provinces = {unit.pcode.upper(): unit for unit in units.of_level(1) if unit.shape is not None and unit.pcode}
    settled = units.settled(_provinces_of(units.waiting(), provinces))
    _shaped_by_parts(settled)
    _simplified(settled)
    codes: dict[str, str] = {}  # P-code or first name of a province → its code in the gazetteer
    taken: set[PlaceId] = set()
    for unit in settled:
        admin1 = "" if unit.level == 1 else _province_of(unit, codes)
        known = _known(unit, gazetteer, country, admin1, taken)
        if unit.level == 1 and known is not None:
            for key in (unit.pcode.upper(), *normalise_many(unit.names)):
                codes.setdefault(key, known.admin1)
        if unit.pieced and known is not None and known.geometry_ref:
            unit.shape = None  # a table may list some of a province's districts: its bundled outline is the surer one
        point = _point(unit, known)
        if point is None:
            yield unit, "no coordinates, no outline, and no unit of its name is known in its province"
            continue
        if known is not None:
            taken.add(known.id)
            base = replace(known, lat=point[0], lon=point[1])
        else:
            here, at = gazetteer.locate(*point)
            base = Place(
                id=_identity(unit, country),
                name=unit.names[0] if unit.names else unit.pcode,
                lat=point[0],
                lon=point[1],
                feature_class="A",
                # a province that the tables do not have is a division of another time: its code is not one of theirs
                feature_code="ADMD" if unit.level == 1 else f"ADM{unit.level}",
                country=country,
                admin1=admin1 or (at if here == country else ""),
            )
        shape = "" if unit.shape is None else as_cell(unit.shape)
        names = with_names(base, (*unit.names, unit.pcode) if unit.pcode else unit.names)
        geometry = f"{OWN}{base.id}" if shape else base.geometry_ref
        yield Joined(
            place=replace(base, names=names, geometry_ref=geometry),
            known=known is not None,
            shape=shape,
            file=unit.file,
        )


def join_point(place: Place, gazetteer: Gazetteer) -> Place | None:
    """The populated place of this name and country that a point of another source is; None when it is a new one."""
    best: tuple[float, PlaceId, Place] | None = None
    if place.feature_class != "P":
        return None
    for name in (place.name, *place.names):
        for candidate in gazetteer.candidates(name, countries=(place.country,)):
            other = candidate.place
            if other.feature_class == "P" and other.country == place.country:
                # 111.2 km a degree; the larger of the two distances is within the bound for what is one town
                away = 111.2 * max(other.offset(place.lat, place.lon))
                if away <= SAME_TOWN_KM and (best is None or (away, other.id) < best[:2]):
                    best = (away, other.id, other)
    return None if best is None else best[2]


def with_names(place: Place, names: Sequence[str]) -> tuple[str, ...]:
    """The names of a place and more, one for each distinct key, none that is its principal one."""
    found: dict[str, str] = {}
    for name in (*place.names, *names):
        key = normalise(name)
        if key and key != normalise(place.name):
            found.setdefault(key, name)
    return tuple(found.values())[:MAX_NAMES]


def as_cell(shape: BaseGeometry) -> str:
    """The polygons as the text of the column ``shape``; degrees to four places, about 10 m."""
    coordinates = [
        [[[round(x, 4), round(y, 4)] for x, y in ring.coords] for ring in (polygon.exterior, *polygon.interiors)]
        for polygon in getattr(shape, "geoms", [shape])
    ]
    return orjson.dumps(coordinates).decode()


def _identity(unit: Unit, country: str) -> PlaceId:
    if unit.pcode:
        return PlaceId(f"pcode:{unit.pcode}")
    province = unit.above.get(1, ("", ()))
    return PlaceId(f"unit:{stable_id(country, str(unit.level), province[0] or str(province[1][:1]), unit.names[0])}")


def _province_of(unit: Unit, codes: Mapping[str, str]) -> str:
    pcode, names = unit.above.get(1, ("", ()))
    return next((codes[key] for key in (pcode.upper(), *normalise_many(names)) if key and key in codes), "")


def _provinces_of(waiting: Sequence[Unit], provinces: Mapping[str, Unit]) -> dict[int, str]:
    """The P-code of the province whose outline holds the middle of a unit, by ``id`` of the unit."""
    found: dict[int, str] = {}
    for unit in waiting:
        middle = unit.shape.representative_point() if unit.shape is not None else None
        for pcode, province in provinces.items():
            if middle is not None and province.shape is not None and province.shape.contains(middle):
                found[id(unit)] = pcode
                break
    return found


def _shaped_by_parts(settled: Sequence[Unit]) -> None:
    """A unit without an outline gets that of the units in it, when all that are listed have one."""
    for level in sorted(LEVELS, reverse=True):
        parts: dict[str, list[Unit]] = {}
        for unit in settled:
            if unit.level == level + 1 and (above := unit.above.get(level, ("", ()))[0]):
                parts.setdefault(above.upper(), []).append(unit)
        for unit in settled:
            inside = parts.get(unit.pcode.upper(), []) if unit.level == level and unit.shape is None else []
            shapes = [part.shape for part in inside if part.shape is not None]
            if shapes and len(shapes) == len(inside):
                unit.shape, unit.pieced = _polygons(shapely.union_all(shapes)), True


def _simplified(settled: Sequence[Unit]) -> None:
    """Fewer points a level at a time, so that neighbours keep one border."""
    for level in LEVELS:
        shaped = [unit for unit in settled if unit.level == level and unit.shape is not None]
        shapes = shapely.make_valid([unit.shape for unit in shaped], method="structure", keep_collapsed=False)
        whole = shapely.is_valid(shapes) & ~shapely.is_empty(shapes)
        simple = shapely.coverage_simplify(shapes, _TOLERANCE) if shaped and whole.all() else shapes
        for unit, shape in zip(shaped, simple, strict=True):
            unit.shape = _polygons(shape)


def _polygons(shape: BaseGeometry) -> BaseGeometry | None:
    parts = [part for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon" and not part.is_empty]
    return shapely.MultiPolygon(parts) if parts else None


def _known(unit: Unit, gazetteer: Gazetteer, country: str, admin1: str, taken: set[PlaceId]) -> Place | None:
    """The gazetteer's unit that this one is; None when it has none or two that fit alike."""
    codes = _CODES[unit.level]
    fits: dict[PlaceId, tuple[int, int, Place]] = {}
    for name in unit.names:
        for form in _TYPES:
            for candidate in gazetteer.candidates(form.format(name), countries=(country,)):
                place = candidate.place
                if (
                    place.feature_code in codes
                    and place.country == country
                    and place.id not in taken
                    and (unit.level == 1 or (admin1 and place.admin1 == admin1))
                    and _is_there(unit, place)
                ):
                    rank = (TIERS.index(candidate.tier), codes.index(place.feature_code), place)
                    fits[place.id] = min(fits.get(place.id, rank), rank, key=lambda one: one[:2])
    best = sorted(fits.values(), key=lambda one: (*one[:2], one[2].id))
    if best and (len(best) == 1 or best[0][:2] < best[1][:2]):
        return best[0][2]
    return _covered(unit, gazetteer, country, taken) if unit.level == 1 else None


def _is_there(unit: Unit, place: Place) -> bool:
    if unit.shape is None or unit.pieced:
        return True
    return bool(unit.shape.distance(shapely.Point(place.lon, place.lat)) <= _FAR_DEGREES)


def _covered(unit: Unit, gazetteer: Gazetteer, country: str, taken: set[PlaceId]) -> Place | None:
    """The province whose land is most of this one's."""
    for place in gazetteer.regions(country) if unit.shape is not None and not unit.pieced else ():
        land = None if place.id in taken else outline(gazetteer, place)
        if land is None or unit.shape is None:
            continue
        if land.intersection(unit.shape).area >= _SAME_LAND * land.union(unit.shape).area:
            return place
    return None


def _point(unit: Unit, known: Place | None) -> tuple[float, float] | None:
    """Where a unit is written: the known point, unless it is outside its outline."""
    if unit.shape is not None:
        inside = known is not None and unit.shape.contains(shapely.Point(known.lon, known.lat))
        if known is not None and inside:
            return known.lat, known.lon
        middle = unit.shape.representative_point()
        return float(middle.y), float(middle.x)
    return (known.lat, known.lon) if known is not None else unit.point
