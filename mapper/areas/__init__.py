"""Territory: which land each side holds on a day, in shapes and in square kilometres."""

from mapper.areas.backdrop import basemap
from mapper.areas.chart import FONT, chart_svg
from mapper.areas.measures import (
    Series,
    actor_km2,
    area_rows,
    area_series,
    areas_by_actor,
    diff_rows,
    share_checks,
)
from mapper.areas.rings import Area, cell_polygons, dissolve, face_polygons
from mapper.areas.territory import build_territory

__all__ = [
    "FONT",
    "Area",
    "Series",
    "actor_km2",
    "area_rows",
    "area_series",
    "areas_by_actor",
    "basemap",
    "build_territory",
    "cell_polygons",
    "chart_svg",
    "diff_rows",
    "dissolve",
    "face_polygons",
    "share_checks",
]
