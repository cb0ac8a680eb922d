"""Regions told in words: "north-east Syria", "the border with Iraq", "east of the Euphrates" as values, places and shapes."""

from mapper.regions.places import named, region_place
from mapper.regions.shapes import country_outline, geometry, outline, shape_of
from mapper.regions.value import PREFIX, Region, RegionError, parse, part, union

__all__ = [
    "PREFIX",
    "Region",
    "RegionError",
    "country_outline",
    "geometry",
    "named",
    "outline",
    "parse",
    "part",
    "region_place",
    "shape_of",
    "union",
]
