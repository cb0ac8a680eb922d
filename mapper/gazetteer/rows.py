"""Rows of one layer of unpacked tables: by id, by kind, by names that look alike, by what is near."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator

import numpy as np

from mapper.gazetteer.names import hash_keys
from mapper.gazetteer.spelling import edits
from mapper.gazetteer.store import POPULATED, Tables, matching, span

_EARTH_KM = 6371.0088


def special_ids(tables: Tables) -> dict[str, int]:
    """Row of each place whose id is not GeoNames'."""
    return {
        tables.line(int(row)).split("\t", 1)[0]: int(row)
        for row in tables.special_row[::-1]  # of two with one id the first stays
    }


def rows_of(tables: Tables, kind: int) -> Iterator[list[str]]:
    """The cells of each row of a kind."""
    for row in np.flatnonzero(tables.kind == kind):
        yield tables.line(int(row)).split("\t")


def similar_rows(tables: Tables, key: str, *, far: bool) -> list[int]:
    """Rows with a name one edit from the key; with ``far`` two, if there is none and the key is long enough."""
    near = edits(key)
    found = rows_with(tables, near)
    if far and not found and 6 <= len(key) <= 16:
        found = rows_with(tables, {further for text in near for further in edits(text)})
    return sorted(found)


def rows_with(tables: Tables, keys: Collection[str]) -> set[int]:
    """Rows that have any of these keys as a name."""
    hashes = hash_keys(sorted(keys))
    rows: set[int] = set()
    for value in hashes[matching(tables.key, tables.key_map, hashes)]:
        low, high = span(tables.key, value)
        rows.update(int(row) for row in tables.key_row[low:high])
    if rows and max(rows) >= len(tables.kind):
        raise tables.damaged()
    return rows


def near_rows(tables: Tables, lat: float, lon: float, k: int) -> list[tuple[int, float]]:
    """Rows of the k populated places nearest to a point, with distances in km."""
    rows = np.flatnonzero(tables.kind == POPULATED)
    if not len(rows):
        return []
    lats = tables.lat_lon[rows, 0] / 100_000
    lons = tables.lat_lon[rows, 1] / 100_000
    east = (lons - lon + 180) % 360 - 180
    rough = (lats - lat) ** 2 + (east * math.cos(math.radians(lat))) ** 2
    # the flat distance errs near the poles: take some more and rank them on the sphere
    few = np.argpartition(rough, min(len(rows) - 1, 8 * k + 8))[: 8 * k + 8]
    rows, lats, east = rows[few], np.radians(lats[few]), np.radians(east[few])
    half = (
        np.sin((lats - math.radians(lat)) / 2) ** 2 + math.cos(math.radians(lat)) * np.cos(lats) * np.sin(east / 2) ** 2
    )
    distance = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    order = np.argsort(distance, kind="stable")[:k]
    return [(int(rows[at]), float(distance[at])) for at in order]
