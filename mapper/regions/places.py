"""A region told in words as a place: its readable name, and a point inside it that stands for it."""

from __future__ import annotations

import math
from functools import lru_cache

import shapely
from shapely.geometry.base import BaseGeometry

from mapper.gazetteer import Gazetteer
from mapper.model import Place, PlaceId
from mapper.regions.shapes import place_named, shape_of
from mapper.regions.value import PREFIX, Region, RegionError, parse

_SIDES = {"n": "northern", "e": "eastern", "s": "southern", "w": "western", "c": "central"}
_CORNERS = {"ne": "north-east", "se": "south-east", "sw": "south-west", "nw": "north-west"}
_WAYS = {"n": "north", "e": "east", "s": "south", "w": "west"} | _CORNERS
_KM = 111.2


@lru_cache(maxsize=1024)
def region_place(gazetteer: Gazetteer, region_id: str) -> Place | None:
    """The place of a region's id, None when it is no region's or what it speaks of has no outline.

    Its point lies inside the shape, at the middle where the middle is inside; ``radius_km`` is that of a disc of its area.
    """
    if not region_id.startswith(PREFIX):
        return None
    try:
        region = parse(region_id)
        shape = shape_of(gazetteer, region_id)
    except RegionError:
        return None
    if shape is None:
        return None
    point = _point(gazetteer, region, shape)
    home = _home(gazetteer, region)
    return Place(
        id=PlaceId(region_id),
        name=named(gazetteer, region),
        lat=round(point.y, 5),
        lon=round(point.x, 5),
        feature_class="A",
        feature_code="RGN",
        country=home[0],
        admin1=home[1],
        geometry_ref=region_id,
        radius_km=round(_radius(shape), 1),
        source="told in words",
    )


def _point(gazetteer: Gazetteer, region: Region, shape: BaseGeometry) -> shapely.Point:
    """The middle of the shape, or the point of the shape nearest to it; a place's surroundings are at the place."""
    middle = shapely.centroid(shape)
    if region.relation == "around" and len(region.args) == 2:
        place = place_named(gazetteer, str(region.args[0]))
        middle = middle if place is None else shapely.Point(place.lon, place.lat)
    if shapely.contains(shape, middle):
        return middle
    core = shapely.buffer(shape, -0.2 * _radius(shape) / _KM / 4)
    within = shape if core.is_empty else core
    line = shapely.shortest_line(middle, within)
    near = shapely.get_point(line, -1)
    return near if shapely.contains(shape, near) else shapely.point_on_surface(shape)


def _radius(shape: BaseGeometry) -> float:
    """The radius in km of a disc of the shape's area."""
    return _KM * math.sqrt(shape.area * math.cos(math.radians(shapely.centroid(shape).y)) / math.pi)


def _home(gazetteer: Gazetteer, region: Region) -> tuple[str, str]:
    """Country and province code of what the region is part of, the first named where it lies in several; empty strings."""
    bases = (
        region.args[1:] if region.relation == "part" else region.args[2:] if region.relation == "side" else region.args
    )
    for base in bases:
        if isinstance(base, Region):
            found = _home(gazetteer, base)
        else:
            place = place_named(gazetteer, base) if (len(base) > 1 and not base[0].islower()) or ":" in base else None
            found = ("", "") if place is None else (place.country, place.admin1 if region.relation == "part" else "")
        if found[0]:
            return found
    return "", ""


def named(gazetteer: Gazetteer, region: Region | str) -> str:
    """A readable name: "north-east Syria", "Syria's border with Iraq", "Syria east of the Euphrates"."""
    if isinstance(region, str):
        place = place_named(gazetteer, region)
        return region if place is None else place.name
    args = region.args
    match region.relation:
        case "part":
            side = str(args[0])
            return f"{_SIDES.get(side) or _CORNERS[side]} {named(gazetteer, args[1])}"
        case "union":
            return _joined(gazetteer, args)
        case "border":
            return f"border of {named(gazetteer, args[0])} and {named(gazetteer, args[1])}"
        case "within":
            base, inner = args
            if isinstance(inner, Region) and inner.relation == "border" and base in inner.args:
                other = inner.args[1] if inner.args[0] == base else inner.args[0]
                return f"{named(gazetteer, base)}'s border with {named(gazetteer, other)}"
            return f"{named(gazetteer, inner)} in {named(gazetteer, base)}"
        case "coast":
            return f"coast of {named(gazetteer, args[0])}"
        case "side":
            return f"{named(gazetteer, args[2])} {_WAYS[str(args[0])]} of the {_river(gazetteer, str(args[1]))}"
        case "along":
            ends = " and ".join(named(gazetteer, end) for end in args[1:])
            return f"along the {_river(gazetteer, str(args[0]))}" + (f" between {ends}" if len(args) == 3 else "")
        case "between":
            return f"between {named(gazetteer, args[0])} and {named(gazetteer, args[1])}"
        case _:
            town = named(gazetteer, args[0])
            return f"{_WAYS[str(args[2])]} of {town}" if len(args) == 3 else f"around {town}"


def _joined(gazetteer: Gazetteer, parts: tuple[Region | str, ...]) -> str:
    """Parts of one base share its name: "central and eastern Syria"."""
    split = [(p.args[0], p.args[1]) for p in parts if isinstance(p, Region) and p.relation == "part"]
    bases = {base for _, base in split}
    if len(split) == len(parts) and len(bases) == 1:
        sides = [_SIDES.get(str(side)) or _CORNERS[str(side)] for side, _ in split]
        return f"{', '.join(sides[:-1])} and {sides[-1]} {named(gazetteer, bases.pop())}"
    names = [named(gazetteer, p) for p in parts]
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _river(gazetteer: Gazetteer, slug: str) -> str:
    place = gazetteer.get(PlaceId(f"river:{slug}"))
    return slug.replace("-", " ").title() if place is None else place.name
