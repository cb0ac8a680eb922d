"""The place tables: committed as compressed text, unpacked once into memory-mapped arrays in the user's cache folder.

An unpacked file is named by a checksum of everything it was made from (tables and the code that makes keys); how it is
kept, and when it is believed, is in ``cache``.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import lzma
import os
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapper.bundled import bundled
from mapper.gazetteer import cache as kept
from mapper.gazetteer import names as names_module
from mapper.gazetteer.names import country_number, fold_many, hash_keys, normalise_many, with_country

COUNTRY, PROVINCE, UNIT, POPULATED, OTHER = 1, 2, 3, 4, 5  # kinds of rows
GENERATED = 1 << 15  # added to the number of a name from which a key was made with a type word ("Anbar Province")
_TABLES = ("places.tsv.xz", "features.tsv", "overrides.tsv")
_COLUMNS = 13
REFERENCE = "dump"  # in the column ``reason``: a row of a country's dump, which ranks like the bundled ones
_CHUNK = 20_000  # places unpacked at a time: bounds memory at first use
_MAP_BITS = 24  # size of the bitmaps that answer most misses without a search: 2^24 bits, 2 MB each
# type words that each province also answers to, beside its own
_TYPES = ("Province", "Governorate", "Region", "State")
_TYPES_BY_COUNTRY = {
    "UA": ("Oblast",), "RU": ("Oblast", "Krai", "Republic"), "BY": ("Oblast",), "KZ": ("Oblast",), "KG": ("Oblast",),
    "BG": ("Oblast",), "FR": ("Department",), "HT": ("Department",), "CO": ("Department",), "NI": ("Department",),
    "BO": ("Department",), "PE": ("Department",), "HN": ("Department",), "SV": ("Department",), "GT": ("Department",),
    "JP": ("Prefecture",), "GR": ("Prefecture",), "GB": ("County",), "IE": ("County",), "KE": ("County",),
    "LR": ("County",), "RO": ("County",), "HR": ("County",), "NO": ("County",), "SE": ("County",), "EE": ("County",),
    "HU": ("County",), "SS": ("County",), "DZ": ("Wilaya",), "MA": ("Prefecture",), "PK": ("Division",),
    "BD": ("Division", "District"), "AL": ("County",), "CH": ("Canton",), "BA": ("Canton",),
}  # fmt: skip


# countries whose names come to English news through a romanisation: only theirs are folded
_FOLDED = (
    "AE AF AM AZ BA BD BF BG BH BI BN BY CD CF CG CM DJ DZ EG EH ER ET GE GN IL IN IQ IR JO KE KG KM KW KZ LB LK LR LY MA "
    "MD ME MK ML MM MR NE NG NP OM PK PS QA RS RU RW SA SD SL SN SO SS SY TD TG TJ TM TN TR TZ UA UG UZ XK YE"
)
FOLDED_COUNTRIES = frozenset(_FOLDED.split())


class GazetteerError(ValueError):
    """A gazetteer file is missing or broken; the message says which one and what to do."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Memory-mapped columns. Places are rows, in the order of the files."""

    geonames: NDArray[np.int64]  # (places with a GeoNames id,) sorted
    geonames_row: NDArray[np.uint32]  # (places with a GeoNames id,)
    special_row: NDArray[np.uint32]  # (places with another id,)
    lat_lon: NDArray[np.int32]  # (rows, 2) in 1e-5 degrees
    population: NDArray[np.uint32]  # (rows,)
    country: NDArray[np.uint16]  # (rows,) country_number
    kind: NDArray[np.uint8]  # (rows,) COUNTRY, PROVINCE, UNIT, POPULATED or OTHER
    line_start: NDArray[np.int64]  # (rows + 1,) byte offsets into lines
    lines: NDArray[np.uint8]  # the tables' lines as UTF-8
    key: NDArray[np.uint64]  # (names,) sorted hashes of keys
    key_row: NDArray[np.uint32]  # (names,)
    key_name: NDArray[np.uint16]  # (names,) which name of the row it is: 0 the principal one; plus GENERATED
    key_map: NDArray[np.uint8]  # bitmap over the top bits of key
    folded: NDArray[np.uint64]  # (folded names,) sorted hashes of folded keys with their country
    folded_row: NDArray[np.uint32]
    folded_name: NDArray[np.uint16]
    folded_map: NDArray[np.uint8]
    checksum: str
    file: Path | None = None  # the file of the cache that is mapped; None when they are in memory
    fault: str = ""  # what was wrong with the one that was there before

    def line(self, row: int) -> str:
        """A row of the tables. Raises GazetteerError when the unpacked file says what cannot be."""
        try:
            if row < len(self.kind):
                return self.lines[self.line_start[row] : self.line_start[row + 1]].tobytes().decode()
        except UnicodeDecodeError:
            pass
        raise self.damaged()

    def damaged(self) -> GazetteerError:
        """What to raise where a row is not what every row is."""
        return GazetteerError(f"{self.file}: damaged; `mapper gazetteer info --verify` makes it anew")


_UNPACKED = tuple(f.name for f in fields(Tables) if f.name not in ("checksum", "file", "fault"))


def bundled_tables() -> list[Path]:
    """The committed tables, in the order in which they are read; later rows of the same id replace earlier ones."""
    return [bundled("gazetteer", name) for name in _TABLES]


def is_table(path: Path) -> bool:
    """True for a gazetteer table of ours; False for other files and for none."""
    try:
        with path.open("rb") as stream:
            return stream.readline(200).startswith(b"id\tname\tlat\tlon\tclass\tcode\t")
    except OSError:
        return False


def cache_folder(cache: Path | None) -> Path:
    """The folder for what is made from other files: the first private one, else a new one.

    Raises GazetteerError when none can be made.
    """
    for folder in kept.folders(cache, make=True):
        if os.access(folder, os.W_OK):
            return folder
    with contextlib.suppress(OSError):
        return Path(tempfile.mkdtemp(prefix="mapper-gazetteer-"))
    message = "no folder for the gazetteer's cache can be made: set TMPDIR to one that can be written"
    raise GazetteerError(message)


def checksum(paths: Iterable[Path]) -> str:
    """A checksum of the tables and of the code that turns them into keys."""
    digest = hashlib.sha256()
    for path in (*paths, Path(names_module.__file__), Path(__file__)):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def read_lines(path: Path) -> Iterator[str]:
    """The rows of a table, without its header, comments and blank lines, cut to the common columns."""
    try:
        yield from _lines(path)
    except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
        remedy = "reinstall mapper" if path in bundled_tables() else "mend or remove it"
        message = f"{path}: cannot be read ({getattr(error, 'strerror', None) or error}): {remedy}"
        raise GazetteerError(message) from error


def _lines(path: Path) -> Iterator[str]:
    compressed = path.suffix == ".xz"
    with (lzma.open if compressed else open)(path, "rt", encoding="utf-8", newline="\n") as stream:
        header = next(stream, "").rstrip("\r\n").split("\t")
        if header[:4] != ["id", "name", "lat", "lon"]:
            message = f"{path}: not a gazetteer table (its first line must name the columns id, name, lat, lon, …)"
            raise GazetteerError(message)
        for number, line in enumerate(stream, 2):
            if line.startswith("#") or not line.strip():
                continue
            if line.count("\t") < _COLUMNS - 1 or ":" not in line[: line.index("\t")]:
                message = (
                    f"{path}, line {number}: expected an id and {_COLUMNS} or more tab-separated cells: {line[:40]!r}"
                )
                raise GazetteerError(message)
            yield line.rstrip("\r\n")


def merged_rows(paths: Sequence[Path]) -> Iterator[str]:
    """All rows. A later table's row of an id that came before adds its names there and replaces the cells it fills.

    The first table is streamed: it is too big to hold twice.
    """
    late: dict[str, str] = {}
    for path in paths[1:]:
        for line in read_lines(path):
            identity = line[: line.index("\t")]
            late[identity] = patched(late[identity], line) if identity in late else line
    for line in read_lines(paths[0]):
        patch = late.pop(line[: line.index("\t")], None)
        yield line if patch is None else patched(line, patch)
    yield from late.values()


def patched(old: str, new: str) -> str:
    """A row with the filled cells of another in its place; the old name and all aliases are kept as aliases."""
    before, after = old.split("\t"), new.split("\t")
    merged = [fresh or kept for kept, fresh in zip(before, after, strict=False)][:_COLUMNS]
    aliases = [*after[12].split("|"), *before[12].split("|"), before[1]]
    merged[12] = "|".join(dict.fromkeys(name for name in aliases if name and name != merged[1]))
    return "\t".join(merged) + "".join(f"\t{cell}" for cell in after[_COLUMNS:])


def numbered_names(cells: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Every name a row answers to with its number; a province also answers to its names with type words."""
    names = [cells[1], *cells[12].split("|")] if cells[12] else [cells[1]]
    for number, name in enumerate(names):
        yield name, number
    if cells[5] not in ("ADM1", "ADMD"):
        return
    types = _TYPES + _TYPES_BY_COUNTRY.get(cells[6], ())
    lowered = tuple(f" {word.lower()}" for word in types)
    for number, name in enumerate(names):
        if name.isascii() and not name.lower().endswith(lowered):
            for word in types:
                yield f"{name} {word}", number | GENERATED


def kind_of(cls: str, code: str) -> int:
    """The kind of a row from its GeoNames feature class and code. Camps are lived in."""
    if cls == "P" or code == "CMP":
        return POPULATED
    if cls == "A":
        return COUNTRY if code == "PCLI" else PROVINCE if code == "ADM1" else UNIT
    return OTHER


def bitmap(hashes: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """One bit for each value of the top bits that occurs."""
    bits = np.zeros(1 << _MAP_BITS, dtype=np.uint8)
    bits[(hashes >> np.uint64(64 - _MAP_BITS)).astype(np.int64)] = 1
    return np.packbits(bits, bitorder="little")


def possible(bits: NDArray[np.uint8], hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """False where a hash is certainly absent from the table that the bitmap was made of."""
    top = (hashes >> np.uint64(64 - _MAP_BITS)).astype(np.int64)
    return np.asarray((bits[top >> 3] >> (top & 7).astype(np.uint8)) & 1 == 1)


def chunks(rows: Iterable[str]) -> Iterator[list[str]]:
    """Rows in batches, so that unpacking holds only some at a time."""
    stream = iter(rows)
    while batch := list(itertools.islice(stream, _CHUNK)):
        yield batch


def arrays(rows: Iterable[str]) -> dict[str, NDArray[Any]]:
    """Every column of Tables but the checksum."""
    folding = np.array(sorted(map(country_number, FOLDED_COUNTRIES)), dtype=np.uint16)
    geonames, geonames_row, special_row = array("q"), array("I"), array("I")
    lat_lon, population, country, kind = array("i"), array("I"), array("H"), array("B")
    starts, lines = array("q", [0]), bytearray()
    parts: list[tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint16]]] = []
    folds: list[tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint16]]] = []
    for batch in chunks(rows):
        texts: list[str] = []
        row_of, name_of = array("I"), array("H")
        for line in batch:
            cells = line.split("\t", _COLUMNS)
            try:
                if cells[0].startswith("geonames:"):
                    geonames.append(int(cells[0][9:]))
                    geonames_row.append(len(kind))
                else:
                    special_row.append(len(kind))
                lat_lon.append(round(float(cells[2]) * 100_000))
                lat_lon.append(round(float(cells[3]) * 100_000))
                population.append(min(int(cells[9] or 0), 2**32 - 1))
                float(cells[10] or 0)  # the radius, which is read with the place
            except (ValueError, OverflowError) as error:
                message = f"gazetteer row {cells[0][:60]} ({cells[1][:60]}): {error}"
                raise GazetteerError(message) from error
            country.append(country_number(cells[6]))
            kind.append(kind_of(cells[4], cells[5]))
            lines += line.encode()
            starts.append(len(lines))
            for name, number in numbered_names(cells):
                texts.append(name)
                row_of.append(len(kind) - 1)
                name_of.append(number)
        keys = normalise_many(texts)
        rows_here, names_here = np.array(row_of, dtype=np.uint32), np.array(name_of, dtype=np.uint16)
        parts.append((hash_keys(keys), rows_here, names_here))
        numbers = np.array(country, dtype=np.uint16)[rows_here]
        wanted = np.flatnonzero((names_here < GENERATED) & np.isin(numbers, folding))
        if len(wanted):
            folded = hash_keys(fold_many([keys[at] for at in wanted.tolist()]))
            folds.append(
                (with_country(folded, numbers[wanted].astype(np.uint64)), rows_here[wanted], names_here[wanted])
            )
    if not len(kind):
        message = "a gazetteer table without a single place"
        raise GazetteerError(message)
    key, key_row, key_name = sorted_once(parts)
    folded, folded_row, folded_name = sorted_once(folds)
    ids = np.array(geonames, dtype=np.int64)
    order = np.argsort(ids, kind="stable")
    return {
        "geonames": ids[order],
        "geonames_row": np.array(geonames_row, dtype=np.uint32)[order],
        "special_row": np.array(special_row, dtype=np.uint32),
        "lat_lon": np.array(lat_lon, dtype=np.int32).reshape(-1, 2),
        "population": np.array(population, dtype=np.uint32),
        "country": np.array(country, dtype=np.uint16),
        "kind": np.array(kind, dtype=np.uint8),
        "line_start": np.array(starts, dtype=np.int64),
        "lines": np.frombuffer(bytes(lines), dtype=np.uint8),
        "key": key,
        "key_row": key_row,
        "key_name": key_name,
        "key_map": bitmap(key),
        "folded": folded,
        "folded_row": folded_row,
        "folded_name": folded_name,
        "folded_map": bitmap(folded),
    }


def sorted_once(
    parts: Sequence[tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint16]]],
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint16]]:
    """Keys with their rows and name numbers, sorted; of a row's names with one key the first stays."""
    none = (np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint16))
    key, row, name = (np.concatenate(column) for column in zip(none, *parts, strict=True))
    order = np.lexsort((name, row, key))
    key, row, name = key[order], row[order], name[order]
    fresh = np.ones(len(key), dtype=bool)
    fresh[1:] = (key[1:] != key[:-1]) | (row[1:] != row[:-1])
    return key[fresh], row[fresh], name[fresh]


def open_tables(
    paths: Sequence[Path],
    *,
    cache: Path | None = None,
    progress: Callable[[str], None] | None = None,
    verify: bool = False,
) -> Tables:
    """The unpacked tables of some files; unpacked now if they never were, or if what is there is damaged.

    Kept in memory when no folder can be written. Raises GazetteerError when a file is not what it should be.
    """
    stem = paths[0].name.partition(".")[0]
    return unpacked(stem, checksum(paths), lambda: merged_rows(paths), cache, progress, verify=verify)


def open_user_table(
    path: Path, *, cache: Path | None = None, progress: Callable[[str], None] | None = None, verify: bool = False
) -> Tables:
    """The unpacked tables of a user gazetteer. Raises GazetteerError when it is missing or not one."""
    if not path.is_file():
        message = f"{path}: no such gazetteer; `mapper gazetteer add FILE` makes one"
        raise GazetteerError(message)
    name = f"user-{path.name.partition('.')[0]}"
    try:
        return unpacked(name, checksum([path]), lambda: read_lines(path), cache, progress, verify=verify)
    except (GazetteerError, UnicodeDecodeError) as error:
        message = f"{path}: {error}; mend this gazetteer or take it away".replace(f"{path}: {path}", str(path))
        raise GazetteerError(message) from error


def unpacked(
    stem: str,
    mark: str,
    rows: Callable[[], Iterable[str]],
    cache: Path | None = None,
    progress: Callable[[str], None] | None = None,
    *,
    verify: bool = False,
) -> Tables:
    """The tables of some rows, whose checksum is ``mark``, from the cache folder or made now.

    ``verify`` checks every byte of what is in the cache, not only its head.
    """
    faults = []
    for folder in kept.folders(cache, make=False):
        file = kept.kept(folder, stem, mark)
        try:
            found = kept.read(file, mark, _UNPACKED, full=verify)
            return Tables(**found, checksum=mark, file=file)
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            faults.append(f"{file} was not used: {reason or type(error).__name__}")
    fault = "; ".join(faults)
    if progress is not None:
        progress(f"unpacking the gazetteer ({stem}): {fault or 'only the first time'}")
    columns: dict[str, Any] = arrays(rows())
    for folder in kept.folders(cache, make=True):
        file = kept.kept(folder, stem, mark)
        try:
            kept.write(file, mark, columns)
            mapped = kept.read(file, mark, _UNPACKED)
            return Tables(**mapped, checksum=mark, file=file, fault=fault)
        except (OSError, ValueError):
            continue  # a full or read-only disk: the next folder, or memory
    return Tables(**columns, checksum=mark, fault=fault)


def matching(table: NDArray[np.uint64], bits: NDArray[np.uint8], hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which hashes the sorted table holds."""
    found = possible(bits, hashes)
    at = np.flatnonzero(found)
    if len(at):
        where = np.searchsorted(table, hashes[at])
        found[at] = (where < len(table)) & (table[np.minimum(where, len(table) - 1)] == hashes[at])
    return found


def span(table: NDArray[np.uint64], value: np.uint64) -> tuple[int, int]:
    """The half-open range of a value in a sorted table."""
    low = int(np.searchsorted(table, value, side="left"))
    high = low
    while high < len(table) and table[high] == value:
        high += 1
    return low, high
