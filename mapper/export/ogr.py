"""GeoPackage, FlatGeobuf, Shapefile and GeoParquet, through GDAL and geopandas.

Rows go to GDAL in batches, so a series of any length takes constant memory.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import pyogrio.raw
import shapely

from mapper.export.features import LAYERS, ExportError, Feature, Field
from mapper.export.geojson import source_text, texts
from mapper.export.qgis import style
from mapper.export.shapes import within_range
from mapper.records import SHORT_TEXT, short_name

# So many rows, or so many corners in them, are handed to GDAL at once: enough to be quick, few enough for any memory
BATCH = 5_000
BATCH_CORNERS = 200_000
CRS = "EPSG:4326"
GEOMETRY_TYPES = {
    "territory": "MultiPolygon",
    "places": "Point",
    "regions": "MultiPolygon",
    "claims": "Point",
    "changes": "Point",
}
# A GeoPackage carries the time it was written; the same input must give the same bytes, so it carries this one.
WRITTEN = "2000-01-01T00:00:00.000Z"


def write_geopackage(
    layers: Iterable[tuple[str, Iterable[Feature]]],
    path: Path,
    *,
    actors: dict[str, tuple[str, str]],
    about: str = "",
    days: tuple[date, date] | None = None,
) -> int:
    """Layers with their QGIS styles inside; returns how many features they have.

    ``actors``: id → (name, colour), for the legend of the styles. ``about`` becomes each layer's description. ``days``:
    the first and the last of the file.
    """
    path.unlink(missing_ok=True)  # GDAL appends to what is there, and an empty file is no GeoPackage
    count, styles = 0, []
    with _fixed_time():
        for layer, features in layers:
            written = _write_layer(features, path, driver="GPKG", layer=layer, append=count > 0, about=about)
            if written:
                styles.append((layer, style(layer, actors, days)))
            count += written
        if styles:
            _write_styles(path, styles)
        elif not path.exists():
            _write_batch([], path, driver="GPKG", layer="places", append=False)
    return count


def write_flatgeobuf(features: Iterable[Feature], path: Path, *, layer: str) -> int:
    """One layer with a spatial index; the format wants all rows at once."""
    path.unlink(missing_ok=True)
    rows = list(features)
    _write_batch(rows, path, driver="FlatGeobuf", layer=layer, append=False)
    return len(rows)


def write_shapefile(features: Iterable[Feature], path: Path, *, layer: str) -> int:
    """A Shapefile, with what it cannot hold cut: names of ten letters, texts of 254 bytes, no empty dates' precision.

    Its side files (.dbf, .shx, .prj, .cpg) stand beside ``path`` under the same name.
    """
    rows = list(features)
    path.unlink(missing_ok=True)
    _write_batch(rows, path, driver="ESRI Shapefile", layer=layer, append=False)
    return len(rows)


def move_side_files(temporary: Path, path: Path) -> None:
    """The side files of a Shapefile written under a temporary name, put beside the finished one."""
    for suffix in (".dbf", ".shx", ".prj", ".cpg"):
        side = temporary.with_suffix(suffix)
        if side.exists():
            shutil.move(side, path.with_suffix(suffix))


def write_geoparquet(features: Iterable[Feature], path: Path, *, layer: str) -> int:
    """GeoParquet 1.1, one row a feature, dates as dates."""
    table = frame(features, layer=layer)
    try:
        for column in LAYERS[layer]:
            if column.kind == "date":
                table[column.name] = table[column.name].astype("date32[pyarrow]")
        table.to_parquet(path, index=False)
    except ImportError as error:
        message = "Parquet needs pyarrow: pip install 'control-mapper[tables]', or write .gpkg or .geojson"
        raise ExportError(message) from error
    return len(table)


def frame(features: Iterable[Feature], *, layer: str) -> gpd.GeoDataFrame:
    """Features as a GeoDataFrame in WGS 84: dates as datetime64, sources as text."""
    rows = list(features)
    data: dict[str, Any] = {"feature_id": [f.id for f in rows]}
    for column in LAYERS[layer]:
        values, mask = _column(column, rows)
        if column.kind == "date":
            # pandas has no days without an hour: midnight, and NaT where there is none
            data[column.name] = np.where(mask, np.datetime64("NaT", "D"), values).astype("datetime64[s]")
        elif column.kind == "number":
            data[column.name] = np.where(mask, np.nan, values)
        else:
            data[column.name] = values
    geometry = [within_range(f.geometry) for f in rows]
    return gpd.GeoDataFrame(data, geometry=geometry, crs=CRS)


def _write_layer(
    features: Iterable[Feature], path: Path, *, driver: str, layer: str, append: bool, about: str = ""
) -> int:
    count = 0
    for rows in _batches(features):
        _write_batch(rows, path, driver=driver, layer=layer, append=append if not count else True, about=about)
        count += len(rows)
    return count


def _batches(features: Iterable[Feature]) -> Iterator[list[Feature]]:
    rows: list[Feature] = []
    corners = 0
    for feature in features:
        rows.append(feature)
        corners += int(shapely.get_num_coordinates(feature.geometry))
        if len(rows) >= BATCH or corners >= BATCH_CORNERS:
            yield rows
            rows, corners = [], 0
    if rows:
        yield rows


def _write_batch(
    rows: Sequence[Feature], path: Path, *, driver: str, layer: str, append: bool, about: str = ""
) -> None:
    fields = [Field("feature_id", "text", "id of the feature, stable across runs"), *LAYERS[layer]]
    short = driver == "ESRI Shapefile"
    names, columns, masks = [], [], []
    for column in fields:
        values, mask = _column(column, rows)
        if short and column.kind in ("text", "sources"):
            values = np.array([str(v).encode()[:SHORT_TEXT].decode("utf-8", "ignore") for v in values], dtype=object)
        names.append(short_name(column.name) if short else column.name)
        columns.append(values)
        masks.append(mask)
    kind = GEOMETRY_TYPES[layer]
    geometry = np.array([_bytes(feature.geometry, kind) for feature in rows], dtype=object)
    # version 1.3: GDAL before 3.7 (QGIS before 3.34) warns of anything newer, and nothing newer is used
    options: dict[str, Any] = {"SPATIAL_INDEX": "YES", "VERSION": "1.3"} if driver == "GPKG" else {}
    if driver == "FlatGeobuf" and any(each is None for each in geometry):
        options["SPATIAL_INDEX"] = "NO"  # its index has no room for a row that is nowhere
    if about and driver == "GPKG":
        options["DESCRIPTION"] = about
    try:
        pyogrio.raw.write(
            str(path),
            geometry,
            columns,
            names,
            field_mask=masks,
            layer=None if short else layer,
            driver=driver,
            geometry_type="Polygon" if short and kind == "MultiPolygon" else kind,
            crs=CRS,
            encoding="UTF-8",
            append=append and path.exists(),
            **options,
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        message = f"GDAL refused: {error}"
        raise OSError(message) from error  # what guards the output file adds its name and that the old one is whole


def _column(column: Field, rows: Sequence[Feature]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, np.dtype[np.bool_]]]:
    """Values of a field and which of them are missing."""
    if column.name == "feature_id":
        raw: list[Any] = [feature.id for feature in rows]
    else:
        raw = [feature.properties.get(column.name) for feature in rows]
    mask = np.array([value is None for value in raw], dtype=bool)
    if column.kind == "date":
        days = ["1970-01-01" if value is None else value.isoformat() for value in raw]
        return np.array(days, dtype="datetime64[D]"), mask
    if column.kind == "number":
        return np.array([0.0 if value is None else float(value) for value in raw], dtype=np.float64), mask
    written = [source_text(value) if isinstance(value, list) else str(value or "") for value in raw]
    return np.array([text.replace("\x00", "") for text in written], dtype=object), np.zeros(len(raw), dtype=bool)


def _bytes(geometry: Any, kind: str) -> bytes | None:
    inside = within_range(geometry)
    if inside is None or inside.is_empty:
        return None
    if kind == "MultiPolygon" and inside.geom_type == "Polygon":
        inside = shapely.MultiPolygon([inside])
    return bytes(shapely.to_wkb(inside))


def _write_styles(path: Path, styles: Sequence[tuple[str, str]]) -> None:
    """The table QGIS looks for: a layer listed here opens with its style."""
    columns: dict[str, list[Any]] = {
        "f_table_catalog": [""] * len(styles),
        "f_table_schema": [""] * len(styles),
        "f_table_name": [layer for layer, _ in styles],
        "f_geometry_column": ["geom"] * len(styles),
        "styleName": ["control"] * len(styles),
        "styleQML": [text for _, text in styles],
        "styleSLD": [""] * len(styles),
        "useAsDefault": [True] * len(styles),
        "description": ["who controls what, from mapper"] * len(styles),
        "owner": ["mapper"] * len(styles),
        "ui": [""] * len(styles),
        "update_time": [np.datetime64(WRITTEN[:-1], "ms")] * len(styles),
    }
    arrays = []
    for name, values in columns.items():
        dtype: Any = {"useAsDefault": np.bool_, "update_time": "datetime64[ms]"}.get(name, object)
        arrays.append(np.array(values, dtype=dtype))
    pyogrio.raw.write(
        str(path),
        None,
        arrays,
        list(columns),
        layer="layer_styles",
        driver="GPKG",
        geometry_type=None,
        crs=None,
        append=True,
    )


@contextmanager
def _fixed_time() -> Iterator[None]:
    """GDAL writes WRITTEN instead of the clock's time."""
    key = "OGR_CURRENT_DATE"
    before = pyogrio.get_gdal_config_option(key)
    pyogrio.set_gdal_config_options({key: WRITTEN})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({key: before})


__all__ = [
    "frame",
    "move_side_files",
    "texts",
    "write_flatgeobuf",
    "write_geopackage",
    "write_geoparquet",
    "write_shapefile",
]
