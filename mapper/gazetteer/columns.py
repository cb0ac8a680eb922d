"""Populated places as columns: what has to look at all of a continent's makes no object of each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mapper.gazetteer.store import POPULATED, Tables

Box = tuple[float, float, float, float]  # west, south, east, north, in [-180, 180]

SEATS = {"PPLC": 0, "PPLA": 1}  # feature codes of the seats of countries and of provinces, and their ranks
NEITHER = 2
_SEATS = re.compile(rb"\t(PPLC|PPLA)\t")
_GEONAMES = "geonames:"
_DIGITS = 18  # of the longest id of GeoNames that is told from others by its digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Towns:
    """One row a place, in the order of their ids as texts; ``layer`` and ``row`` are what ``Gazetteer.town`` asks for."""

    layer: NDArray[np.int64]
    row: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    population: NDArray[np.int64]
    rank: NDArray[np.int64]  # one of SEATS, else NEITHER
    special: tuple[str, ...]  # the ids that are not GeoNames', in order; their rows stand before and after all others

    def where(self, place_id: str) -> tuple[int, bool]:
        """The row before which a place with an id that is not GeoNames' belongs, and whether that row is of this id."""
        at = bisect_left(self.special, place_id)
        known = at < len(self.special) and self.special[at] == place_id
        return at + (len(self.row) - len(self.special) if place_id > _GEONAMES else 0), known


def towns_in(layers: Sequence[Tables], boxes: Sequence[Box]) -> Towns:
    """The populated places inside any of the boxes; of several with one id that of the first layer."""
    found = [_chosen(tables, boxes) for tables in layers]
    layer = np.repeat(np.arange(len(layers)), [len(rows) for rows in found])
    row = np.concatenate([np.empty(0, np.int64), *found])
    number = np.concatenate(
        [np.empty(0, np.int64), *(_numbers(t, rows) for t, rows in zip(layers, found, strict=True))]
    )
    # texts in order: those before GeoNames' ids, GeoNames' by their digits from the left, those after
    group, first, second = np.ones_like(row), number.copy(), np.zeros_like(row)
    special = np.flatnonzero(number < 0)
    names = [layers[layer[at]].line(int(row[at])).split("\t", 1)[0] for at in special.tolist()]
    place = {name: n for n, name in enumerate(sorted(set(names)))}
    group[special] = [0 if name < _GEONAMES else 2 for name in names]
    first[special] = [place[name] for name in names]
    own = np.flatnonzero(number >= 0)
    width = np.char.str_len(number[own].astype(np.str_)) if len(own) else np.empty(0, np.int64)
    first[own] *= 10 ** np.maximum(0, _DIGITS - width)
    second[own] = width
    order = np.lexsort((row, layer, second, first, group))
    same = np.zeros(len(order), dtype=bool)
    same[1:] = np.all([c[order][1:] == c[order][:-1] for c in (group, first, second)], axis=0)
    order = order[~same]
    out = {"lon": np.empty(len(row)), "lat": np.empty(len(row))}
    population, rank = np.empty_like(row), np.empty_like(row)
    for n, tables in enumerate(layers):
        here = layer == n
        out["lat"][here], out["lon"][here] = (tables.lat_lon[row[here]] / 100_000).T
        population[here] = tables.population[row[here]]
        rank[here] = _ranks(tables)[row[here]]
    return Towns(
        layer=layer[order],
        row=row[order],
        lon=out["lon"][order],
        lat=out["lat"][order],
        population=population[order],
        rank=rank[order],
        special=tuple(sorted(place)),
    )


def _chosen(tables: Tables, boxes: Sequence[Box]) -> NDArray[np.int64]:
    inside = np.zeros(len(tables.kind), dtype=bool)
    lats, lons = tables.lat_lon[:, 0], tables.lat_lon[:, 1]
    for box in boxes:
        west, south, east, north = (round(value * 100_000) for value in box)
        inside |= (lats >= south) & (lats <= north) & (lons >= west) & (lons <= east)
    return np.flatnonzero(inside & np.asarray(tables.kind == POPULATED)).astype(np.int64)


def _numbers(tables: Tables, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """GeoNames' number of each row, -1 for a row with another id."""
    out = np.full(len(tables.kind), -1, dtype=np.int64)
    if len(tables.geonames_row) and int(tables.geonames_row.max()) >= len(out):
        raise tables.damaged()
    out[tables.geonames_row] = tables.geonames
    return out[rows]


def _ranks(tables: Tables) -> NDArray[np.int8]:
    """Per row its rank as a seat, by its feature code: the one cell that is asked of all rows and is no column."""
    out = np.full(len(tables.kind) + 1, NEITHER, dtype=np.int8)
    seats = [(match.start(), SEATS[match[1].decode()]) for match in _SEATS.finditer(tables.lines.data)]
    rows = np.searchsorted(tables.line_start, [at for at, _ in seats], side="right") - 1
    out[np.clip(rows, 0, len(tables.kind))] = [rank for _, rank in seats]
    return out[:-1]
