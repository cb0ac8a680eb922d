"""The dumps in a file or folder, told apart by what is in them → one user gazetteer of a country.

Order: GeoNames' rows first; units and points are joined with them and with the bundled places. Rows of other countries are
left out and counted.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from mapper.bounded import is_hidden, walk
from mapper.dumps.joining import join_point, join_units, with_names
from mapper.dumps.layers import features_of
from mapper.dumps.units import Columns, Unit, Units, columns_of, geoboundary, units_of
from mapper.gazetteer import Gazetteer
from mapper.gazetteer.importers import (
    SHAPE_HEADER,
    Issues,
    Spool,
    numbered_places,
    row_of,
    user_folder,
    write_table,
)
from mapper.gazetteer.readers import DAMAGE, place_issue
from mapper.gazetteer.store import REFERENCE, GazetteerError, is_table
from mapper.model import Issue, Place, PlaceId
from mapper.records.tables import Rows, TableError, open_rows, sheet_tables

SUFFIXES = (".txt", ".zip", ".csv", ".tsv", ".xlsx", ".geojson", ".json", ".gpkg", ".shp")
_GEONAMES_TABS = 18
_HEAD = 65_536  # bytes of a file by which it is told apart
_TABLES = (".csv", ".tsv", ".xlsx")
_KEY = re.compile(rb'"([A-Za-z0-9_]{1,40})"[ ]?:')
_LOOKED_AT = 100  # features of a layer by which it is told apart
_NAMED = 5  # files that a message names before it counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """What was made of a country's dumps. ``files`` are the dumps that were used, each with what it is."""

    path: Path
    places: int
    units: int
    outlines: int
    joined: int
    files: tuple[tuple[Path, str], ...]
    issues: tuple[Issue, ...]


@dataclass(slots=True)
class _Dumps:
    """The files by what they are, and what is told of them."""

    used: list[tuple[Path, str]] = field(default_factory=list)
    unknown: list[tuple[Path, str]] = field(default_factory=list)  # and why, where more is known
    abroad: Counter[Path] = field(default_factory=Counter)

    def of(self, kind: str) -> list[Path]:
        return [path for path, what in self.used if what == kind]

    def tell(self, issues: Issues, country: str) -> None:
        """What was left out, one note a kind."""
        for path, count in sorted(self.abroad.items()):
            issues.add(_note(path, "other-country", f"{count:,} places of other countries than {country} are left out"))
        if self.unknown:
            message = f"no dump that is known, left out: {self.left_out()}"
            issues.add(_note(self.unknown[0][0].parent, "no-dump", message))

    def left_out(self) -> str:
        """The files that are no dump, some by name."""
        named = "; ".join(why or path.name for path, why in self.unknown[:_NAMED])
        return named + (f" and {len(self.unknown) - _NAMED:,} more" if len(self.unknown) > _NAMED else "")


def get_country(code: str, source: Path, *, gazetteer: Gazetteer, to: Path | None = None) -> Got:
    """Reads the dumps of a country (ISO 3166-1 alpha-2) and writes its user gazetteer.

    The default is one file a country in the user's data folder; getting it again replaces it. Raises GazetteerError when
    nothing can be used, and for a single file that is no dump.
    """
    country = code.strip().upper()
    if gazetteer.country(country) is None:
        message = f"{code!r} is no country: give its two letters, such as SY for Syria (ISO 3166-1)"
        raise GazetteerError(message)
    target = to if to is not None else user_folder() / f"country-{country.lower()}.tsv"
    issues, dumps, found = Issues(source), _Dumps(), _files(source)
    for item in found:
        if isinstance(item, Issue):
            issues.add(item)
        elif not (target.exists() and target.samefile(item)) and not is_table(item):
            kind, why = kind_of(item)
            if kind:
                dumps.used.append((item, kind))
            else:
                dumps.unknown.append((item, why))
    if not dumps.used:
        message = (
            f"{source}: no dump that is known: a GeoNames table, a table or outlines of units with P-codes, or points"
        )
        raise GazetteerError(f"{message}: {dumps.left_out()}" if dumps.unknown else message)
    with Spool() as first, Spool() as whole:
        for path in dumps.of("geonames"):
            _geonames(path, country, gazetteer, first, dumps, issues)
        known = gazetteer.before(first.rows()) if first.held else gazetteer
        patches: dict[PlaceId, str] = {}
        units = Units()
        for path in dumps.of("units"):
            _units(path, country, gazetteer, units, dumps, issues)
        counts: Counter[str] = Counter()
        for one in join_units(units, known, country):
            if isinstance(one, tuple):
                unit, why = one
                label = f"{unit.pcode} {unit.names[0] if unit.names else ''}".strip()
                issues.add(place_issue(Path(unit.file), unit.line, "unit-without-place", f"{label}: {why}", unit.pcode))
                continue
            counts.update({"units": 1, "outlines": bool(one.shape), "joined": one.known})
            row = row_of(one.place, f"administrative units, {Path(one.file).name}", reason=REFERENCE)
            patches[one.place.id] = f"{row}\t{one.shape}"
        _points(dumps, country, known, patches, issues)
        for row in first.rows():
            identity = PlaceId(row[: row.index("\t")])
            whole.add(patches.pop(identity, f"{row}\t"), 0)
        for row in patches.values():
            whole.add(row, 0)
        if not whole.held:
            why = f": {issues.first}" if issues.first else ""
            message = f"{source}: no place of {country} could be used{why}"
            raise GazetteerError(message)
        written = write_table(target, SHAPE_HEADER, whole.rows())
    dumps.tell(issues, country)
    return Got(
        path=target,
        places=written,
        units=counts["units"],
        outlines=counts["outlines"],
        joined=counts["joined"],
        files=tuple(dumps.used),
        issues=issues.all(),
    )


def _note(path: Path, code: str, message: str) -> Issue:
    return replace(place_issue(path, 0, code, message), level="note")


def _files(source: Path) -> Iterator[Path | Issue]:
    if source.is_dir():
        for found in walk(source, SUFFIXES, "gazetteer"):
            yield found if isinstance(found, Issue) else Path(found)
    elif source.is_file() and source.suffix.lower() in SUFFIXES:
        yield source
    else:
        what = "no such file or folder" if not source.exists() else f"no dump: known are {', '.join(SUFFIXES)}"
        message = f"{source}: {what}"
        raise GazetteerError(message)


def kind_of(path: Path) -> tuple[str, str]:
    """``geonames``, ``units`` or ``points``; "" for a file that is no dump, with the reason why it cannot be read as one."""
    try:
        return _kind(path), ""
    except GazetteerError as error:
        return "", str(error)
    except TableError as error:
        return "", f"{path}: {error}"
    except DAMAGE as error:
        return "", f"{path}: cannot be read: {error}"


def _kind(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix == ".txt":
        with path.open("rb") as stream:
            return "geonames" if _is_geonames(stream.read(_HEAD)) else ""
    if suffix == ".zip":
        return _kind_of_archive(path)
    if suffix in (".geojson", ".json"):
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
        if b"FeatureCollection" not in head:
            return ""
        keys = tuple(key.decode().lower() for key in _KEY.findall(head))
        if columns_of(keys) is not None or "shapetype" in keys:
            return "units"
    return _kind_of_table(path) if suffix in _TABLES else _kind_of_layer(path)


def _is_geonames(head: bytes) -> bool:
    first = next((line for line in head.splitlines() if line.strip()), b"")
    return first.count(b"\t") >= _GEONAMES_TABS


def _kind_of_archive(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not is_hidden(name)]
        for name in names:
            if name.endswith(".txt") and "readme" not in name.lower():
                with archive.open(name) as stream:
                    return "geonames" if _is_geonames(stream.read(_HEAD)) else ""
        return _kind_of_layer(path) if any(n.lower().endswith((".geojson", ".json", ".shp")) for n in names) else ""


def _kind_of_layer(path: Path) -> str:
    """A layer is one of units when its features have their columns. Raises GazetteerError when the first cannot be read."""
    kind, wrong = "", ""
    for number, feature in enumerate(features_of(path)):
        if isinstance(feature, Issue):
            wrong = wrong or f"{path}: {feature.message}"
        elif columns_of(tuple(feature.properties)) is not None or "shapetype" in feature.properties:
            return "units"
        elif feature.shape.geom_type == "Point":
            kind = "points"
        if number > _LOOKED_AT:
            break
    if wrong and not kind:
        raise GazetteerError(wrong)
    return kind


def _kind_of_table(path: Path) -> str:
    with ExitStack() as resources:
        for rows in _tables(path, resources):
            if isinstance(rows, Rows):
                columns = set(rows.columns)
                if _columns(rows.columns) is not None:
                    return "units"
                if columns & {"lat", "latitude", "y"} and columns & {"lon", "lng", "long", "longitude", "x"}:
                    return "points" if columns & {"name", "place", "toponym"} and path.suffix.lower() != ".xlsx" else ""
    return ""


def _columns(header: tuple[str, ...]) -> Columns | None:
    """The columns of a table of units; a table without P-codes is taken for something else."""
    found = columns_of(header)
    return found if found is not None and any(level in found.codes for level in found.names if level) else None


def _tables(path: Path, resources: ExitStack) -> Iterator[Rows | Issue]:
    if path.suffix.lower() == ".xlsx":
        yield from sheet_tables(path, str(path), resources)
    else:
        yield open_rows(path, name=str(path), resources=resources)


def _geonames(path: Path, country: str, gazetteer: Gazetteer, spool: Spool, dumps: _Dumps, issues: Issues) -> None:
    """What the bundled tables have, which are GeoNames' too, gets the dump's names and keeps what was mended there."""
    source = f"GeoNames (CC BY 4.0), {path.name}"
    for line, made in numbered_places(path, ""):
        if isinstance(made, Issue):
            issues.add(made)
        elif made.country != country:
            dumps.abroad[path] += 1
        elif not made.feature_code.startswith("PCL"):
            place, known = made, gazetteer.get(made.id)
            if known is not None:  # mended by hand perhaps
                code = (
                    made.feature_code
                    if (known.feature_class, known.feature_code) == ("P", "PPL")
                    else known.feature_code
                )
                people = known.population or made.population
                names = with_names(known, (made.name, *made.names))
                place = replace(known, names=names, feature_code=code, population=people)
            spool.add(row_of(place, source, reason=REFERENCE, district=gazetteer.district_number(place)), line)


def _units(path: Path, country: str, gazetteer: Gazetteer, units: Units, dumps: _Dumps, issues: Issues) -> None:
    told: Iterable[Unit | Issue] = _of_table(path) if path.suffix.lower() in _TABLES else _of_layer(path)
    ours: dict[tuple[str, tuple[str, ...]], bool] = {}
    for one in told:
        if isinstance(one, Issue):
            issues.add(one)
            continue
        above = one.above.get(0, ("", ()))
        if above not in ours:
            ours[above] = _is_of(country, *above, gazetteer)
        if ours[above] and not (one.shape is not None and not one.pcode and _is_abroad(one, country, gazetteer)):
            units.add(one)
        else:
            dumps.abroad[path] += 1


def _is_of(country: str, pcode: str, names: tuple[str, ...], gazetteer: Gazetteer) -> bool:
    """Whether a unit's country is the one asked for; one that says none is taken to be."""
    if pcode.upper() == country or not (pcode or names):
        return True
    for name in names:
        for candidate in gazetteer.candidates(name):
            if candidate.place.feature_code.startswith("PCL"):
                return candidate.place.country == country
    return pcode.upper().startswith(country)


def _is_abroad(unit: Unit, country: str, gazetteer: Gazetteer) -> bool:
    middle = unit.shape.representative_point() if unit.shape is not None else None
    return middle is not None and gazetteer.locate(middle.y, middle.x)[0] not in ("", country)


def _of_table(path: Path) -> Iterator[Unit | Issue]:
    with ExitStack() as resources:
        for rows in _tables(path, resources):
            if isinstance(rows, Issue):
                yield replace(rows, stage="gazetteer")
                continue
            columns = _columns(rows.columns)
            if columns is None:
                continue  # the sheet of the country, or of notes
            try:
                for line, cells in rows.rows:
                    yield from _told(units_of(columns, cells, file=str(path), line=line), path, line)
            except TableError as error:
                yield replace(error.issue, stage="gazetteer")
            yield from (replace(issue, stage="gazetteer") for issue in rows.issues if issue.level == "error")


def _told(made: Iterator[Unit | str], path: Path, line: int) -> Iterator[Unit | Issue]:
    for one in made:
        yield place_issue(path, line, "bad-unit", f"this row is left out: {one}") if isinstance(one, str) else one


def _of_layer(path: Path) -> Iterator[Unit | Issue]:
    for feature in features_of(path):
        if isinstance(feature, Issue):
            yield feature
            continue
        columns = columns_of(tuple(feature.properties))
        made: list[Unit] = []
        if columns is not None:
            for one in _told(
                units_of(columns, feature.properties, file=str(path), line=feature.number), path, feature.number
            ):
                if isinstance(one, Issue):
                    yield one
                else:
                    made.append(one)
        elif (bound := geoboundary(feature.properties, file=str(path), line=feature.number)) is not None:
            made.append(bound)
        if made and feature.shape.geom_type == "Point":
            ((lon, lat),) = feature.shape.coords
            made[-1].point = (lat, lon)
        elif made:
            made[-1].shape = feature.shape
        yield from made


def _points(dumps: _Dumps, country: str, gazetteer: Gazetteer, patches: dict[PlaceId, str], issues: Issues) -> None:
    """Points that say no country are in the one whose outline holds them, at sea in the one asked for."""
    for path in dumps.of("points"):
        found: list[Place] = []
        for _line, made in numbered_places(path, ""):
            if isinstance(made, Issue):
                issues.add(made)
            else:
                found.append(made)
        where = gazetteer.locate_many(np.array([p.lat for p in found]), np.array([p.lon for p in found]))
        for place, (here, province) in zip(found, where, strict=True):
            if (place.country or here or country) != country:
                dumps.abroad[path] += 1
                continue
            own = replace(place, country=country, admin1=place.admin1 or (province if here == country else ""))
            town = join_point(own, gazetteer)
            source = own.source or path.name
            if town is not None:
                own = replace(town, names=with_names(town, (own.name, *own.names)))
                source = f"{town.source or 'the bundled gazetteer'}; {source}"
            if own.id in patches and town is None:
                continue  # the same point in another file
            patches[own.id] = _merged(patches.get(own.id), own, source, gazetteer)


def _merged(before: str | None, place: Place, source: str, gazetteer: Gazetteer) -> str:
    """The row of a place; one that another point was joined with before keeps the names it got then."""
    if before is not None:
        place = replace(place, names=with_names(place, before.split("\t")[12].split("|")))
    return row_of(place, source, reason=REFERENCE, district=gazetteer.district_number(place)) + "\t"
