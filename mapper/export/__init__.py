"""Files for GIS programs and spreadsheets: one table of writers, the same attributes everywhere.

``export(result, path)`` chooses the format by the suffix of ``path`` and writes the file whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import geopandas as gpd
import orjson

from mapper.export import geojson, ogr, plain
from mapper.export.features import (
    EVERY,
    LAYERS,
    SHAPES,
    ExportError,
    Feature,
    Field,
    View,
    Writer,
)
from mapper.files import atomic, is_stream
from mapper.model import Result
from mapper.records import claim_rows, write_csv

ATTRIBUTION = "Made with mapper. Places: GeoNames (CC BY 4.0). Borders and rivers: Natural Earth (public domain)."

__all__ = [
    "ATTRIBUTION",
    "EVERY",
    "LAYERS",
    "SHAPES",
    "WRITERS",
    "ExportError",
    "Feature",
    "Field",
    "View",
    "export",
    "features",
    "frame",
    "series",
    "write",
]


def export(
    result: Result,
    path: Path,
    *,
    at: date | None = None,
    every: str | None = None,
    start: date | None = None,
    end: date | None = None,
    shape: str = "",
    inferred: bool = True,
) -> int:
    """Write ``result`` to ``path`` in the format of its suffix; how many features it has.

    Without ``at`` and ``every`` a feature is a period; with them it is what holds on that day, or on the first day, the
    first of each slice after it and the last day (``series``). ``start`` and ``end`` (the day after the last) narrow the time. ``shape``: ``cells`` (one area a place),
    ``dissolved`` (one area a side and status), ``points``, ``both``, ``regions`` (outlines of regions told in words), or ``claims`` (what was said, a point each, with
    every column of the claims table); the default is areas where there are any.
    Raises ExportError for wishes that cannot be met, OutputError when the disk refuses.
    """
    path = Path(path)
    suffix = _known(path)
    if suffix == ".shp" and is_stream(path):
        raise ExportError(_ONE_STREAM.format(path))
    view = View(at=at, every=every or "", start=start, end=end, shape=shape, inferred=inferred)
    with atomic(path) as temporary:
        count = WRITERS[suffix](Writer(result, view), temporary)
        if suffix == ".shp":
            ogr.move_side_files(temporary, path.resolve())  # beside the file that a link leads to
    return count


def write(result: Result, path: Path, view: View) -> int:
    """Like ``export``, to a file that nobody reads before it is whole: whoever asks sends it on and takes it away."""
    suffix = _known(path)
    if suffix == ".shp":
        raise ExportError(_ONE_STREAM.format("the output"))
    return WRITERS[suffix](Writer(result, view), path)


def _known(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in WRITERS:
        message = f"cannot write {path.name}: known formats are {', '.join(WRITERS)}"
        raise ExportError(message)
    return suffix


_ONE_STREAM = "{} is one stream, and a Shapefile is several files: name a file, or another format"


def series(result: Result, every: str, *, start: date | None = None, end: date | None = None) -> tuple[date, ...]:
    """The days that ``export`` shows with ``every``; ``result.timeline.missed`` says what happened between them."""
    return Writer(result, View(every=every, start=start, end=end)).series()


def features(result: Result, view: View | None = None, *, layer: str = "territory") -> Iterator[Feature]:
    """Features of one layer (``territory``, ``places``, ``regions``, ``claims`` or ``changes``), lazily."""
    writer = Writer(result, view or View())
    yield from {
        "territory": writer.territory,
        "places": writer.places,
        "regions": writer.regions,
        "claims": writer.claim_points,
        "changes": writer.changes,
    }[layer]()


def frame(result: Result, *, layer: str = "places", at: date | None = None) -> gpd.GeoDataFrame:
    """One layer of a result as a GeoDataFrame in WGS 84."""
    if layer not in LAYERS:
        message = f"layer {layer!r} is not known: choose {', '.join(LAYERS)}"
        raise ExportError(message)
    return ogr.frame(features(result, View(at=at), layer=layer), layer=layer)


def _has_areas(writer: Writer) -> bool:
    territory = writer.result.territory
    return territory is not None and any(territory.cell_periods)


def _layer(writer: Writer) -> str:
    """The one layer of a format that has only one."""
    if writer.view.shape == "both":
        message = "this format holds areas or points, not both: write .gpkg, .geojson or .kml, or choose one shape"
        raise ExportError(message)
    if writer.view.shape in ("points", "regions", "claims"):
        return "places" if writer.view.shape == "points" else writer.view.shape
    return "territory" if writer.view.shape or _has_areas(writer) else "places"


def _stream(writer: Writer) -> Iterator[Feature]:
    """Areas, or points, or one after the other."""
    if writer.view.shape == "both":
        yield from writer.territory()
        yield from writer.places()
        yield from writer.regions()
    else:
        yield from _rows(writer, _layer(writer))


def _rows(writer: Writer, layer: str) -> Iterator[Feature]:
    rows = {"territory": writer.territory, "places": writer.places, "regions": writer.regions}
    return rows[layer]() if layer in rows else writer.claim_points()


def _layers(writer: Writer) -> Iterator[tuple[str, Iterator[Feature]]]:
    if writer.view.shape == "claims":
        yield "claims", writer.claim_points()
        return
    if writer.view.shape not in ("points", "regions") and _has_areas(writer):
        yield "territory", writer.territory()
    if writer.view.shape in ("", "points", "both"):
        yield "places", writer.places()
    if writer.view.shape in ("", "both", "regions") and next(writer.regions(), None) is not None:
        yield "regions", writer.regions()


def _geojson(writer: Writer, path: Path) -> int:
    result = writer.result
    return geojson.write_geojson(
        _stream(writer), path, title=result.title, attribution=ATTRIBUTION, versions=result.versions
    )


def _geojson_lines(writer: Writer, path: Path) -> int:
    return geojson.write_geojson_lines(_stream(writer), path, title=writer.result.title, attribution=ATTRIBUTION)


def _geopackage(writer: Writer, path: Path) -> int:
    def layers() -> Iterator[tuple[str, Iterator[Feature]]]:
        yield from _layers(writer)
        if writer.view.shape != "claims":
            yield "claims", writer.claim_points()
            yield "changes", writer.changes()

    drawn = writer.colours
    names = {str(a): (actor.name, drawn[a]) for a, actor in writer.result.actors.items() if a in drawn}
    about = orjson.dumps(dict(writer.result.versions), option=orjson.OPT_SORT_KEYS).decode()
    return ogr.write_geopackage(layers(), path, actors=names, about=about, days=_days(writer.result))


def _days(result: Result) -> tuple[date, date] | None:
    """The first and the last day that the timeline or a claim knows."""
    said = [claim.when for claim in result.claims]
    days = [*result.timeline.changes(), *(w.earliest for w in said), *(w.latest for w in said)]
    known = [day for day in days if day is not None]
    return (min(known), max(known)) if known else None


def _flatgeobuf(writer: Writer, path: Path) -> int:
    layer = _layer(writer)
    return ogr.write_flatgeobuf(_stream(writer), path, layer=layer)


def _geoparquet(writer: Writer, path: Path) -> int:
    layer = _layer(writer)
    return ogr.write_geoparquet(_stream(writer), path, layer=layer)


def _shapefile(writer: Writer, path: Path) -> int:
    layer = _layer(writer)
    return ogr.write_shapefile(_stream(writer), path, layer=layer)


def _csv(writer: Writer, path: Path) -> int:
    """Points unless areas are asked for: a table of corners helps nobody."""
    result = writer.result
    if writer.view.shape == "claims":  # the claims table itself, as `mapper claims` writes it
        rows = list(claim_rows(result.claims, result.share_claims, result.places))
        with path.open("w", encoding="utf-8", newline="") as out:
            write_csv(rows, out)
        return len(rows)
    layer = _layer(writer) if writer.view.shape else "places"
    return plain.write_csv(_rows(writer, layer), path, layer=layer)


def _kml(writer: Writer, path: Path) -> int:
    title = writer.result.title or "mapper"
    return plain.write_kml(_layers(writer), path, title=title, attribution=ATTRIBUTION, colours=writer.colours)


def _kmz(writer: Writer, path: Path) -> int:
    title = writer.result.title or "mapper"
    return plain.write_kmz(_layers(writer), path, title=title, attribution=ATTRIBUTION, colours=writer.colours)


WRITERS: dict[str, Callable[[Writer, Path], int]] = {
    ".geojson": _geojson,
    ".json": _geojson,
    ".geojsonl": _geojson_lines,
    ".ndjson": _geojson_lines,
    ".gpkg": _geopackage,
    ".fgb": _flatgeobuf,
    ".parquet": _geoparquet,
    ".csv": _csv,
    ".kml": _kml,
    ".kmz": _kmz,
    ".shp": _shapefile,
}
