"""GeoJSON as RFC 7946 has it: one collection, or one feature a line.

``when`` is the Linked Places form of the time of a feature, a foreign member that readers may ignore.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import orjson
import shapely

from mapper.areas.longitudes import Box, covering
from mapper.export.features import Feature
from mapper.export.shapes import DECIMALS, within_range


def write_geojson(
    features: Iterable[Feature], path: Path, *, title: str, attribution: str, versions: Mapping[str, str] | None = None
) -> int:
    """A FeatureCollection that says what it was made with; returns how many features it has."""
    boxes: list[Box] = []
    # the box of the collection stands before the features and is known only after them: they pass once through a file
    body = path.with_name(path.name + ".features")
    try:
        with body.open("wb") as out:
            count = _write(features, out, b",\n", boxes.append)
        head: dict[str, Any] = {"type": "FeatureCollection", "title": title, "attribution": attribution}
        head["versions"] = dict(sorted((versions or {}).items()))
        if boxes:
            head["bbox"] = _join(boxes)
        with path.open("wb") as out, body.open("rb") as rows:
            out.write(orjson.dumps({k: v for k, v in head.items() if v})[:-1] + b',"features":[\n')
            while block := rows.read(1 << 20):
                out.write(block)
            out.write(b"\n]}\n")
    finally:
        body.unlink(missing_ok=True)
    return count


def write_geojson_lines(features: Iterable[Feature], path: Path, *, title: str, attribution: str) -> int:  # noqa: ARG001
    """One Feature a line (newline-delimited GeoJSON); there is no place for a title in it."""
    with path.open("wb") as out:
        count = _write(features, out, b"\n", lambda _: None)
        if count:
            out.write(b"\n")
    return count


def _write(features: Iterable[Feature], out: BinaryIO, separator: bytes, note: Callable[[Box], None]) -> int:
    count = 0
    for feature in features:
        row, box = feature_object(feature)
        if box is not None:
            note(box)
        out.write((separator if count else b"") + orjson.dumps(row, option=orjson.OPT_NON_STR_KEYS))
        count += 1
    return count


def feature_object(feature: Feature) -> tuple[dict[str, Any], Box | None]:
    """A feature as a GeoJSON object, with its box."""
    geometry = within_range(feature.geometry)
    row: dict[str, Any] = {"type": "Feature", "id": feature.id}
    box = None
    if geometry is not None and not geometry.is_empty:
        box = _box(geometry)
        if geometry.geom_type != "Point":
            row["bbox"] = list(box)
    row["properties"] = {name: _plain(value) for name, value in feature.properties.items()}
    when = _when(feature.properties)
    if when:
        row["when"] = when
    row["geometry"] = None if box is None else orjson.loads(shapely.to_geojson(geometry))
    return row, box


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.replace("\x00", "") if isinstance(value, str) else value


def _box(geometry: Any) -> Box:
    parts = shapely.bounds(shapely.get_parts(geometry))
    south, north = parts[:, 1].min(), parts[:, 3].max()
    west, east = covering(parts[:, 0], parts[:, 2])
    west, south, east, north = (round(float(v), DECIMALS) + 0.0 for v in (west, south, east, north))
    return west, south, east, north


def _join(boxes: Iterable[Box]) -> list[float]:
    each = np.array(list(boxes))
    south, north = each[:, 1].min(), each[:, 3].max()
    west, east = covering(each[:, 0], each[:, 2])
    return [float(west), float(south), float(east), float(north)]


def _when(properties: Mapping[str, Any]) -> dict[str, Any]:
    begin, end = properties.get("begin_date"), properties.get("end_date")
    if begin is None and end is None:
        return {}
    span: dict[str, Any] = {}
    latest = properties.get("start_latest", begin)
    if begin is not None:
        known = latest is None or latest == begin
        span["start"] = (
            {"in": begin.isoformat()} if known else {"earliest": begin.isoformat(), "latest": latest.isoformat()}
        )
    if end is not None:
        span["end"] = {"in": end.isoformat()}
    return {"timespans": [span]}


def texts(properties: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Properties for formats without lists: the sources as one text, one source a line."""
    for name, value in properties.items():
        yield name, source_text(value) if isinstance(value, list) else value


def source_text(sources: Iterable[Mapping[str, str]]) -> str:
    """``publisher, date: “words” (address)``, one source a line; a note stands without quotation marks.

    The title stands for a publisher nobody named.
    """
    lines = []
    for source in sources:
        name = source.get("publisher", "") or source.get("title", "")
        who = ", ".join(filter(None, (name, source.get("published", ""))))
        quote, note = (" ".join(source.get(key, "").split()) for key in ("quote", "note"))
        said = ": ".join(filter(None, (who, " ".join(filter(None, (f"“{quote}”" if quote else "", note))))))
        url = source.get("url", "")
        lines.append(f"{said} ({url})" if url and said else said or url)
    return "\n".join(lines)
