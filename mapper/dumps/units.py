"""Administrative units as OCHA's tables and layers list them: names in several languages, P-codes, the units above.

Columns of three generations are known, in any case: ``ADM2_EN``/``ADM2_PCODE``, ``admin2Name_en``/``admin2Pcode`` and
``adm2_name``/``adm2_name1``/``adm2_pcode``; and those of geoBoundaries (``shapeName``, ``shapeType``), which have no P-codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from mapper.gazetteer import fold, normalise
from mapper.gazetteer.importers import MAX_NAME

LEVELS = range(1, 6)
_NAME = re.compile(r"adm(?:in)?([0-5])_?(?:(ref)_?)?(?:alt[1-9]?_?)?(name)?_?([a-z]{2,3}|[1-9])?")
_CODE = re.compile(r"adm(?:in)?([0-5])_?p?code")
_NO_LANGUAGE = frozenset({"id", "iso", "cod", "typ", "src"})
_FIRST = ("en", "", "fr", "es", "pt")  # languages, and none said, whose names the news are likeliest to use
_PCODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_POINTS = (("center_lat", "center_lon"), ("latitude", "longitude"), ("lat", "lon"))


@dataclass(slots=True, kw_only=True)
class Unit:
    """One unit: ``above`` are the P-code and the names of each level over it, level 0 being the country.

    ``point`` is (lat, lon); ``shape`` polygons (lon, lat), ``pieced`` when it was put together from the units within.
    """

    level: int
    pcode: str
    names: tuple[str, ...]
    above: dict[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    point: tuple[float, float] | None = None
    shape: BaseGeometry | None = None
    pieced: bool = False
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold the names and P-codes of each level."""

    names: Mapping[int, tuple[str, ...]]
    codes: Mapping[int, str]
    point: tuple[str, str] | None

    @property
    def deepest(self) -> int:
        return max((*self.names, *self.codes), default=0)


def columns_of(header: Sequence[str]) -> Columns | None:
    """The columns of a table or layer of units, names in lower case; None when it is none."""
    names: dict[int, list[tuple[int, str]]] = {}
    codes: dict[int, str] = {}
    for column in header:
        code = _CODE.fullmatch(column)
        name = None if code else _NAME.fullmatch(column)
        if code:
            codes.setdefault(int(code[1]), column)
        elif name and (name[2] or name[3] or name[4]) and name[4] not in _NO_LANGUAGE:
            language = name[4] or ""
            rank = _FIRST.index(language) if language in _FIRST else len(_FIRST)
            names.setdefault(int(name[1]), []).append((rank + 10 * ("alt" in column), column))
    if not any(level in names or level in codes for level in LEVELS):
        return None
    point = next((pair for pair in _POINTS if set(pair) <= set(header)), None)
    return Columns(
        {level: tuple(column for _, column in sorted(found)) for level, found in names.items()}, codes, point
    )


def units_of(columns: Columns, cells: Mapping[str, str], *, file: str, line: int) -> Iterator[Unit | str]:
    """The unit of a row after those above it, or what is wrong with the row; nothing for a row of HXL tags."""
    if any(cell.startswith(("#adm", "#geo", "#date")) for cell in cells.values()):
        return
    above: dict[int, tuple[str, tuple[str, ...]]] = {}
    made: list[Unit] = []
    for level in range(columns.deepest + 1):
        names = tuple(
            dict.fromkeys(
                text
                for column in columns.names.get(level, ())
                if (text := " ".join(cells.get(column, "").split())) and not text.isdecimal() and len(text) <= MAX_NAME
            )
        )
        pcode = cells.get(columns.codes.get(level, ""), "").strip()
        if pcode and not _PCODE.fullmatch(pcode):
            yield f"{pcode[:60]!r} is no P-code"
            return
        if level and (names or pcode):
            made.append(Unit(level=level, pcode=pcode, names=names, above=dict(above), file=file, line=line))
        above[level] = (pcode, names)
    if not made:
        if columns.deepest:
            yield "neither a name nor a P-code"
        return
    if columns.point is not None and made[-1].level == columns.deepest:
        made[-1].point = _point(*(cells.get(column, "") for column in columns.point))
    yield from made


def geoboundary(cells: Mapping[str, str], *, file: str, line: int) -> Unit | None:
    """The unit of a feature of geoBoundaries; None for another feature."""
    kind, name = cells.get("shapetype", ""), " ".join(cells.get("shapename", "").split())
    if not re.fullmatch(r"ADM[1-5]", kind) or not name or len(name) > MAX_NAME:
        return None
    return Unit(level=int(kind[3]), pcode="", names=(name,), file=file, line=line)


def _point(lat: str, lon: str) -> tuple[float, float] | None:
    try:
        point = float(lat.replace(",", ".")), float(lon.replace(",", "."))
    except ValueError:
        return None
    return point if abs(point[0]) <= 90 and abs(point[1]) <= 180 else None


class Units:
    """All units of a country: what several files say of one P-code is one unit."""

    def __init__(self) -> None:
        self._coded: dict[tuple[int, str], Unit] = {}
        self._bare: list[Unit] = []

    def add(self, unit: Unit) -> None:
        if not unit.pcode:
            self._bare.append(unit)
            return
        known = self._coded.setdefault((unit.level, unit.pcode.upper()), unit)
        if known is not unit:
            merge(known, unit)

    def settled(self, province_at: Mapping[int, str]) -> list[Unit]:
        """Units by level and P-code, those without one last; each of these that a coded one of the same province and
        name exists for has given it its outline.

        ``province_at`` is the P-code of the province that holds an outline, by ``id`` of the unit.
        """
        named: dict[tuple[int, str, str], list[Unit]] = {}
        for unit in self._coded.values():
            for province in _province_keys(unit):
                for key in _keys(unit.names):
                    named.setdefault((unit.level, province, key), []).append(unit)
        left: dict[tuple[int, str, str], Unit] = {}
        for unit in self._bare:
            provinces = [*_province_keys(unit), province_at.get(id(unit), "").upper()]
            found = [u for p in provinces for key in _keys(unit.names) for u in named.get((unit.level, p, key), ())]
            if len({id(one) for one in found}) == 1:  # of several of one name none is guessed
                merge(found[0], unit)
                continue
            own = left.setdefault((unit.level, provinces[0] or provinces[-1], normalise(unit.names[0])), unit)
            if own is not unit:
                merge(own, unit)
        coded = sorted(self._coded.values(), key=lambda unit: (unit.level, unit.pcode))
        return [*coded, *(left[key] for key in sorted(left))]

    def waiting(self) -> list[Unit]:
        """Units without a P-code that have an outline and name no unit above them."""
        return [unit for unit in self._bare if unit.shape is not None and not any(_province_keys(unit))]

    def of_level(self, level: int) -> list[Unit]:
        return [unit for unit in (*self._coded.values(), *self._bare) if unit.level == level]


def merge(known: Unit, other: Unit) -> None:
    """Adds to a unit what another file says of it."""
    known.names = tuple(dict.fromkeys((*known.names, *other.names)))
    known.above = other.above | {level: said for level, said in known.above.items() if any(said)}
    known.point = known.point if known.point is not None else other.point
    known.shape = known.shape if known.shape is not None else other.shape


def _keys(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for name in names for key in (normalise(name), fold(normalise(name))) if key))


def _province_keys(unit: Unit) -> tuple[str, ...]:
    """What a unit may be looked up under beside its own name: P-code and names of its province; "" for a province."""
    if unit.level == 1:
        return ("",)
    pcode, names = unit.above.get(1, ("", ()))
    return tuple(filter(None, (pcode.upper(), *_keys(names)))) or ("",)
