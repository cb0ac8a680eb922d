"""A user's own places: GeoNames dumps, CSV, GeoJSON and GeoPackage points → a user gazetteer file.

A user gazetteer is a table of the same columns as the bundled ones (tab-separated, a header, sorted), so that it can be
read, mended and versioned by hand. Rows that cannot be used become Issues with file and line; the rest is imported.
"""

from __future__ import annotations

import hashlib
import math
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from platformdirs import user_data_path

from mapper import bounded
from mapper.bounded import is_hidden
from mapper.files import atomic
from mapper.gazetteer import readers
from mapper.gazetteer.cache import imported, keep_import
from mapper.gazetteer.names import normalise, normalise_many
from mapper.gazetteer.readers import CODES, DAMAGE, READERS, Raw, place_issue
from mapper.gazetteer.store import GazetteerError, is_table
from mapper.model import Issue, Place, PlaceId, stable_id

_HEADER = "id name lat lon class code country admin1 admin2 population radius geometry names reason source"
HEADER = tuple(_HEADER.split())
SHAPE_HEADER = (*HEADER, "shape")  # with outlines: MultiPolygon coordinates as in GeoJSON
MAX_NAME = 200  # characters of a name or an id
MAX_NAMES = 1000  # other names of one place; the table numbers them in fifteen bits
MAX_NUMBER = 10**12  # GeoNames counts its places; it is at 13 million
MAX_RADIUS = 20_000  # km: half way round the Earth
_KINDS = {
    "": ("P", "PPL"),
    "town": ("P", "PPL"),
    "village": ("P", "PPL"),
    "city": ("P", "PPL"),
    "hamlet": ("P", "PPL"),
    "place": ("P", "PPL"),
    "capital": ("P", "PPLC"),
    "quarter": ("P", "PPLX"),
    "neighbourhood": ("P", "PPLX"),
    "neighborhood": ("P", "PPLX"),
    "district": ("A", "ADM2"),
    "province": ("A", "ADM1"),
    "governorate": ("A", "ADM1"),
    "camp": ("S", "CMP"),
    "base": ("S", "CMP"),
    "airport": ("S", "AIRP"),
    "airbase": ("S", "AIRB"),
    "air base": ("S", "AIRB"),
    "crossing": ("S", "PS"),
    "dam": ("S", "DAM"),
    "hill": ("T", "HLL"),
    "mountain": ("T", "MT"),
    "island": ("T", "ISL"),
    "river": ("H", "STM"),
    "lake": ("H", "LK"),
    "region": ("L", "RGN"),
}
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What an import made: the user gazetteer, how many places are in it, and what could not be used."""

    path: Path
    places: int
    issues: tuple[Issue, ...]


def user_folder() -> Path:
    """Where gazetteers added with ``mapper gazetteer add`` live."""
    return user_data_path("mapper") / "gazetteers"


def user_gazetteers(folder: Path | None = None) -> tuple[Path, ...]:
    """The user gazetteer files of the folder, sorted by name."""
    folder = user_folder() if folder is None else folder
    return tuple(sorted(p for p in folder.glob("*.tsv") if not is_hidden(p.name))) if folder.is_dir() else ()


def read_places(path: Path, *, country: str = "") -> Iterator[Place | Issue]:
    """Places of a GeoNames dump (.txt, .zip), CSV/TSV, GeoJSON or GeoPackage, in file order, with Issues for bad rows.

    ``country`` (ISO alpha-2) fills in where a row has none. Raises GazetteerError when the file cannot be read at all.
    """
    for _line_number, made in numbered_places(path, country):
        yield made


def numbered_places(path: Path, country: str) -> Iterator[tuple[int, Place | Issue]]:
    """``read_places`` with the line (or the number of the feature) that each place or Issue stands on."""
    suffix = path.suffix.lower()
    if suffix not in READERS:
        message = f"{path}: cannot import {suffix or 'a file without suffix'}; known are {', '.join(READERS)}"
        raise GazetteerError(message)
    if not path.is_file():
        message = f"{path}: cannot be read: it is no file"
        raise GazetteerError(message)
    try:
        for number, row in enumerate(READERS[suffix](path)):
            if number >= bounded.MAX_ROWS:
                message = f"{path}: more than {bounded.MAX_ROWS:,} rows: cut it into files first"
                raise GazetteerError(message)
            if isinstance(row, Issue):
                yield row.line, row
                continue
            made = _checked(row, path, country)
            yield row.line, made
            if isinstance(made, Place) and len(made.names) == MAX_NAMES:
                message = f"{made.name}: only the first {MAX_NAMES:,} of its other names are used"
                yield row.line, place_issue(path, row.line, "too-many-names", message)
    except DAMAGE as error:
        message = f"{path}: cannot be read: {error}"
        raise GazetteerError(message) from error


def add_places(path: Path, *, to: Path | None = None, country: str = "") -> Added:
    """Imports a file into a user gazetteer.

    The default is one file per source in the user's data folder; adding a source again replaces it. A dump of the whole
    world is never held in memory. Raises GazetteerError when nothing could be imported.
    """
    target = to if to is not None else user_folder() / f"{normalise(path.stem).replace(' ', '-') or 'places'}.tsv"
    if target.exists() and path.exists() and target.samefile(path):
        message = f"{target} is the file that is to be added: writing it would destroy it; name another with --to"
        raise GazetteerError(message)
    issues = Issues(path)
    with Spool() as spool:
        for line, made in numbered_places(path, country):
            if isinstance(made, Issue):
                issues.add(made)
            else:
                spool.add(row_of(made, path.name), line)
        if not spool.held:
            why = f": {issues.first}" if issues.first else ""
            message = f"{path}: no place could be imported{why}"
            raise GazetteerError(message)
        written = write_table(target, HEADER, spool.rows())
        for line in spool.repeated:
            issues.add(place_issue(path, line, "duplicate-place", "a place with this id came before; not used"))
    return Added(path=target, places=written, issues=issues.all())


def as_table(path: Path, folder: Path) -> tuple[Path, tuple[Issue, ...]]:
    """A user gazetteer for a file that may be one already, or anything that can be imported (into the folder then).

    An import without issues is kept by the file's checksum; one with issues is made again, so that they are told again.
    """
    if not path.is_file():
        message = f"{path}: no such gazetteer; `mapper gazetteer add FILE` makes one"
        raise GazetteerError(message)
    if is_table(path):
        return path, ()
    digest = hashlib.sha256(Path(__file__).read_bytes() + Path(readers.__file__).read_bytes())
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    mark = digest.hexdigest()[:16]
    there = imported(folder / "imported", path.stem, mark)
    if there is not None:
        return there, ()
    try:
        added = add_places(path, to=folder / "imported" / f"{path.stem}.tsv")
    except OSError as error:
        message = f"{path}: cannot be imported into {folder}: {error.strerror or error}"
        raise GazetteerError(message) from error
    return (added.path, added.issues) if added.issues else (keep_import(added.path, path.stem, mark), ())


class Spool:
    """Rows of a table to be, kept on disk: a dump of the whole world is never held in memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - closed with the spool
        self._index: list[
            tuple[int, str, int, int, int]
        ] = []  # GeoNames number or the largest, other id, line, offset, length
        self.repeated: list[int] = []  # lines whose id came before, known once ``rows`` has ended

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def held(self) -> int:
        return len(self._index)

    def add(self, row: str, line: int) -> None:
        identity, raw = row[: row.index("\t")], row.encode()
        number = int(identity[9:]) if identity.startswith("geonames:") else sys.maxsize
        self._index.append((number, "" if number < sys.maxsize else identity, line, self._file.tell(), len(raw)))
        self._file.write(raw)

    def rows(self) -> Iterator[str]:
        """The rows in the order of their ids; of two with one id the one of the earlier line."""
        self._index.sort()
        self.repeated = []
        last = (-1, "")
        for number, identity, line, offset, length in self._index:
            if (number, identity) == last:
                self.repeated.append(line)
                continue
            last = (number, identity)
            self._file.seek(offset)
            yield self._file.read(length).decode()
        self._file.seek(0, 2)


def write_table(target: Path, header: Sequence[str], rows: Iterator[str]) -> int:
    """Writes a user gazetteer, whole or not at all; returns how many rows it has."""
    written = 0
    with atomic(target) as made_path, made_path.open("wb") as stream:  # a reader sees the old file or the new one
        stream.write("\t".join(header).encode() + b"\n")
        for row in rows:
            stream.write(row.encode() + b"\n")
            written += 1
    return written


class Issues:
    """Collects issues up to a limit; the rest is counted."""

    _MOST = 1000  # a wrong column in a dump of millions of rows makes millions of equal complaints

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: list[Issue] = []
        self._more = 0

    @property
    def first(self) -> str:
        return self._kept[0].message if self._kept else ""

    def add(self, issue: Issue) -> None:
        if len(self._kept) < self._MOST:
            self._kept.append(issue)
        else:
            self._more += 1

    def all(self) -> tuple[Issue, ...]:
        kept = sorted(self._kept, key=lambda issue: issue.line)
        if self._more:
            kept.append(
                place_issue(self._path, 0, "more-issues", f"and {self._more:,} more rows that could not be used")
            )
        return tuple(kept)


def row_of(place: Place, source: str, *, reason: str = "imported", district: str = "") -> str:
    """A place as a row of a user gazetteer; ``district`` is the GeoNames number of the one it is in."""
    cells = [
        place.id,
        place.name,
        f"{place.lat:.6g}" if abs(place.lat) < 1 else f"{place.lat:.5f}",
        f"{place.lon:.6g}" if abs(place.lon) < 1 else f"{place.lon:.5f}",
        place.feature_class,
        place.feature_code,
        place.country,
        place.admin1,
        district,
        str(place.population or ""),
        f"{place.radius_km:g}" if place.radius_km else "",
        place.geometry_ref,
        "|".join(name.replace("|", " ") for name in place.names),
        reason,
        place.source or source,
    ]
    return "\t".join(" ".join(cell.split()) for cell in cells)


def _checked(row: Raw, path: Path, country: str) -> Place | Issue:
    """A Place from raw texts, or the Issue that says what is wrong with them."""
    fields = {key: _SURROGATE.sub("\ufffd", " ".join(value.split())) for key, value in row.fields.items()}
    name = fields.get("name", "")
    if not normalise(name):
        return place_issue(path, row.line, "place-without-name", "no name", name)
    if len(name) > MAX_NAME or len(fields.get("id", "")) > MAX_NAME:
        return place_issue(
            path, row.line, "too-long", f"a name or id of more than {MAX_NAME} characters", name[:MAX_NAME]
        )
    if not _number_fits(fields.get("id", "")):
        message = f"{name}: no GeoNames id has so many digits; leave it empty, or give it a prefix of your own"
        return place_issue(path, row.line, "bad-id", message, fields["id"])
    try:
        lat, lon = float(fields.get("lat", "").replace(",", ".")), float(fields.get("lon", "").replace(",", "."))
    except ValueError:
        value = f"{fields.get('lat', '')}, {fields.get('lon', '')}"
        return place_issue(path, row.line, "bad-coordinates", f"{name}: latitude and longitude must be numbers", value)
    if not (math.isfinite(lat) and math.isfinite(lon) and -90 <= lat <= 90 and -180 <= lon <= 180):
        hint = "; are they swapped?" if -90 <= lon <= 90 and -180 <= lat <= 180 else ""
        return place_issue(path, row.line, "bad-coordinates", f"{name}: not on Earth{hint}", f"{lat:g}, {lon:g}")
    code = (fields.get("country") or country).upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        return place_issue(path, row.line, "bad-country", f"{name}: country must be a two-letter ISO code", code)
    kind = fields.get("kind", "")
    if fields.get("class") and kind:
        feature = (fields["class"], kind)
    elif kind.lower() in _KINDS:
        feature = _KINDS[kind.lower()]
    elif kind.upper() in CODES:
        feature = (_class_of(kind.upper()), kind.upper())
    else:
        known = ", ".join(filter(None, _KINDS))
        return place_issue(
            path, row.line, "unknown-kind", f"{name}: unknown kind; known are {known}, GeoNames codes", kind
        )
    admin1 = fields.get("admin1", "")
    try:
        population = max(0, int(float(fields.get("population") or 0)))
        radius = float(fields.get("radius") or 0)
    except (ValueError, OverflowError):
        radius = math.inf
    if not radius <= MAX_RADIUS:
        return place_issue(
            path,
            row.line,
            "bad-number",
            f"{name}: population and radius must be numbers, a radius up to {MAX_RADIUS:,} km",
        )
    return Place(
        id=_identity(fields.get("id", ""), name, lat, lon),
        name=name,
        lat=lat,
        lon=lon,
        names=_distinct(name, fields.get("aliases", "")),
        feature_class=feature[0],
        feature_code=feature[1],
        country=code,
        admin1=admin1 if "." in admin1 or not admin1 or not code else f"{code}.{admin1}",
        population=min(population, 2**32 - 1),
        radius_km=max(0.0, radius),
        source=fields.get("source", ""),
    )


def _identity(given: str, name: str, lat: float, lon: float) -> PlaceId:
    """GeoNames ids and ids with a prefix stay; a bare or missing id becomes one made from name and point."""
    prefix, _, rest = given.partition(":")
    if prefix == "geonames" and rest.isascii() and rest.isdigit():
        return PlaceId(f"geonames:{int(rest)}")
    if rest and prefix.isidentifier() and prefix != "geonames":
        return PlaceId(given)
    return PlaceId(f"user:{stable_id(name, f'{lat:.4f}', f'{lon:.4f}')}")


def _number_fits(given: str) -> bool:
    """Whether an id is no GeoNames number that the table's columns could not hold."""
    number = given.removeprefix("geonames:").lstrip("0")
    return not (number.isascii() and number.isdigit()) or len(number) < len(str(MAX_NUMBER))


def _class_of(code: str) -> str:
    if code.startswith(("ADM", "PCL")):
        return "A"
    if code.startswith("PPL"):
        return "P"
    if code in ("STM", "STMI", "LK", "RSV", "WAD", "CST"):
        return "H"
    if code in ("HLL", "HLLS", "MT", "MTS", "ISL", "VLC", "PASS", "PEN", "VAL", "PLAT", "PLN", "DSRT"):
        return "T"
    return "L" if code in ("RGN", "OILF", "MILB") else "S"


def _distinct(name: str, aliases: str) -> tuple[str, ...]:
    """Aliases separated by ``|``, ``;`` or (where there is neither) commas; one for each distinct key."""
    mark = "|" if "|" in aliases else ";" if ";" in aliases else ","
    given = [alias.strip() for alias in aliases.split(mark) if alias.strip() and len(alias) <= MAX_NAME]
    own = normalise(name)
    kept: dict[str, str] = {}
    for alias, key in zip(given, normalise_many(given), strict=True):
        if key and key != own:
            kept.setdefault(key, alias)
        if len(kept) == MAX_NAMES:
            break
    return tuple(kept.values())
