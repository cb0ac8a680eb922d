"""CSV and KML: formats that are text, written by hand so that hostile words stay words."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date
from html import escape as html
from pathlib import Path
from typing import Any, TextIO

import shapely

from mapper.colours import UNKNOWN
from mapper.export import markup
from mapper.export.features import LAYERS, Feature
from mapper.export.geojson import texts
from mapper.export.shapes import within_range
from mapper.records import defuse

# A zip carries times; the same input must give the same bytes
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def write_csv(features: Iterable[Feature], path: Path, *, layer: str) -> int:
    """One row a feature: ``lat`` and ``lon`` for points, ``wkt`` for areas, then the attributes."""
    where = ["wkt"] if layer in ("territory", "regions") else ["lat", "lon"]
    names = ["feature_id", *where, *(column.name for column in LAYERS[layer])]
    count = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, names, lineterminator="\r\n")  # RFC 4180 ends lines so
        writer.writeheader()
        for feature in features:
            row = {"feature_id": feature.id, **dict(texts(feature.properties)), **_where(feature, where)}
            writer.writerow({name: _cell(row.get(name)) for name in names})
            count += 1
    return count


def _where(feature: Feature, columns: list[str]) -> dict[str, Any]:
    geometry = within_range(feature.geometry)
    if geometry is None or geometry.is_empty:
        return {}
    if columns == ["wkt"]:
        return {"wkt": shapely.to_wkt(geometry, rounding_precision=6)}
    return {"lat": float(geometry.y), "lon": float(geometry.x)}


def _cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; numbers and dates as they are."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return defuse(value.replace("\x00", "")) if isinstance(value, str) else value


def write_kml(
    layers: Iterable[tuple[str, Iterable[Feature]]],
    path: Path,
    *,
    title: str,
    attribution: str,
    colours: Mapping[str, str],
) -> int:
    """KML 2.2, a folder a layer, a TimeSpan a feature: the time slider of Google Earth plays it."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        return _kml(layers, out, title, attribution, colours)


def write_kmz(
    layers: Iterable[tuple[str, Iterable[Feature]]],
    path: Path,
    *,
    title: str,
    attribution: str,
    colours: Mapping[str, str],
) -> int:
    """The same, zipped."""
    plain = path.with_name(path.name + ".kml")
    try:
        count = write_kml(layers, plain, title=title, attribution=attribution, colours=colours)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, plain.open("rb") as body:
            entry = zipfile.ZipInfo("doc.kml", _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as inside:
                while block := body.read(1 << 20):
                    inside.write(block)
    finally:
        plain.unlink(missing_ok=True)
    return count


def _kml(
    layers: Iterable[tuple[str, Iterable[Feature]]],
    out: TextIO,
    title: str,
    attribution: str,
    colours: Mapping[str, str],
) -> int:
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n')
    out.write(f"<name>{_xml(title)}</name>\n<description>{_xml(html(attribution))}</description>\n")
    for number, colour in enumerate(sorted(set(colours.values()) | {UNKNOWN})):
        del number
        for name, opacity in (("solid", 0xB0), ("pale", 0x55)):
            line = f"<LineStyle><color>{_kml_colour(colour, 0x80)}</color><width>1</width></LineStyle>"
            fill = f"<PolyStyle><color>{_kml_colour(colour, opacity)}</color></PolyStyle>"
            icon = f"<IconStyle><color>{_kml_colour(colour, 0xFF)}</color><scale>0.7</scale></IconStyle>"
            out.write(f'<Style id="{name}-{colour[1:]}">{icon}{line}{fill}</Style>\n')
    count = 0
    for layer, features in layers:
        out.write(f"<Folder>\n<name>{layer}</name>\n")
        for feature in features:
            geometry = within_range(feature.geometry)
            if (geometry is None or geometry.is_empty) and layer == "territory":
                continue
            out.write(_placemark(feature, geometry))
            count += 1
        out.write("</Folder>\n")
    out.write("</Document>\n</kml>\n")
    return count


def _placemark(feature: Feature, geometry: Any) -> str:
    properties = feature.properties
    colour = str(properties.get("colour") or UNKNOWN)[1:]
    pale = properties.get("zone") == "presumed" or properties.get("status") not in (None, "controlled")
    begin, end = properties.get("begin_date"), properties.get("end_date")
    span = "".join(
        f"<{name}>{day.isoformat()}</{name}>" for name, day in (("begin", begin), ("end", end)) if day is not None
    )
    # The children of a Placemark stand in the order of its schema: name, description, time, styleUrl, data, geometry
    rows = dict(texts(properties))
    said = "<br/>".join(html(line) for line in str(rows.get("sources") or "").splitlines())
    data = "".join(
        f"<Data name={markup.attribute(name)}><value>{_xml(value)}</value></Data>"
        for name, value in rows.items()
        if value not in (None, "")
    )
    who = _who(rows)
    what = str(rows.get("status") or rows.get("predicate") or "")
    name = str(rows.get("name") or "")
    title = " – ".join(filter(None, (name, what, who if who != name else "")))
    return (
        f"<Placemark><name>{_xml(title)}</name><description>{_xml(said)}</description>"
        f"{f'<TimeSpan>{span}</TimeSpan>' if span else ''}"
        f"<styleUrl>#{'pale' if pale else 'solid'}-{colour}</styleUrl>"
        f"<ExtendedData>{data}</ExtendedData>{_geometry(geometry)}</Placemark>\n"
    )


def _who(rows: Mapping[str, Any]) -> str:
    """The holder and the other side, as the list of places in Google Earth shows them."""
    actor, other = (
        str(rows.get(f"{side}_name") or rows.get(f"{side}_text") or rows.get(side) or "") for side in ("actor", "other")
    )
    between = {"contested": " against ", "besieged": ", besieged by ", "captured": " from "}
    return between.get(str(rows.get("status") or rows.get("predicate")), " / ").join(filter(None, (actor, other)))


def _geometry(geometry: Any) -> str:
    if geometry is None or geometry.is_empty:
        return ""  # a claim about a place that was not found, or a region, which has no honest point: KML lists it
    if geometry.geom_type == "Point":
        return f"<Point><coordinates>{geometry.x!r},{geometry.y!r}</coordinates></Point>"
    parts = [_polygon(part) for part in shapely.get_parts(geometry)]
    return parts[0] if len(parts) == 1 else f"<MultiGeometry>{''.join(parts)}</MultiGeometry>"


def _polygon(polygon: Any) -> str:
    inner = "".join(f"<innerBoundaryIs>{_ring(ring)}</innerBoundaryIs>" for ring in polygon.interiors)
    return f"<Polygon><outerBoundaryIs>{_ring(polygon.exterior)}</outerBoundaryIs>{inner}</Polygon>"


def _ring(ring: Any) -> str:
    points = " ".join(f"{x!r},{y!r}" for x, y in ring.coords)
    return f"<LinearRing><coordinates>{points}</coordinates></LinearRing>"


def _kml_colour(colour: str, opacity: int) -> str:
    """KML writes colours as aabbggrr."""
    return f"{opacity:02x}{colour[5:7]}{colour[3:5]}{colour[1:3]}".lower()


def _xml(value: Any) -> str:
    return markup.text(value.isoformat() if isinstance(value, date) else str(value))
