"""A result as features: the same attributes in every format, one table says which.

Time is half-open in ``start`` and ``end`` (``end`` empty: still so), and inclusive in ``begin_date`` and ``end_date``
for programs that think in last days. Features come lazily, slice after slice, so that a long series fits in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from mapper.addresses import web_address
from mapper.areas.measures import days_between, next_slice
from mapper.colours import UNKNOWN, colours
from mapper.export.shapes import DECIMALS, rounded, shapes
from mapper.model import Basis, Claim, ClaimId, Period, Place, PlaceId, Result, ShareClaim, Territory
from mapper.records import claim_rows

SHAPES = ("cells", "dissolved", "points", "both", "regions", "claims")
EVERY = ("day", "week", "month", "quarter", "year")
ZONES = ("solid", "presumed")
_DAY = timedelta(days=1)
_CLAIM_NUMBERS = ("lat", "lon", "start", "end", "confidence")


class ExportError(ValueError):
    """The wish cannot be met; the message says why and what can be had instead."""


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute: its name, its kind (``text``, ``date``, ``number`` or ``sources``), and what it says."""

    name: str
    kind: str
    says: str


PERIOD_FIELDS = (
    Field("name", "text", "the place, or the actor of a dissolved area"),
    Field("place_id", "text", "id of the place; empty for dissolved areas"),
    Field("country", "text", "ISO 3166-1 alpha-2 code of the place"),
    Field("status", "text", "controlled, partial, contested, besieged, presence, claimed or unknown"),
    Field("actor", "text", "id of the actor; for contested the first side, for besieged the holder"),
    Field("actor_name", "text", "its name"),
    Field("other", "text", "id of the other side: challenger or besieger"),
    Field("other_name", "text", "its name"),
    Field("start", "date", "first day, or day of the slice"),
    Field("end", "date", "day after the last; empty: still so when the sources end"),
    Field("begin_date", "date", "first day, the same as start"),
    Field("end_date", "date", "last day, inclusive; empty: still so"),
    Field("start_latest", "date", "last day on which it may have begun; equal to start when the day is known"),
    Field("start_precision", "text", "how exactly the start is known: day, week, month, season, year, interval"),
    Field("edtf", "text", "when it began, as EDTF (ISO 8601-2)"),
    Field("since", "date", "in a slice: when the period that holds on that day began"),
    Field("zone", "text", "solid: within reach of the claim; presumed: further out; empty for points"),
    Field("basis", "text", "stated, region, implied, inferred or stale"),
    Field("confidence", "number", "0 to 1"),
    Field("km2", "number", "geodesic area; empty for points"),
    Field("colour", "text", "colour of the actor, #rrggbb"),
    Field("claim_ids", "text", "ids of the claims behind it, separated by spaces"),
    Field(
        "sources",
        "sources",
        "who said so: publisher, date, address, and quote (words of the source) or note (words of the table);"
        " the title or file where there is neither publisher nor address",
    ),
)
CHANGE_FIELDS = (
    Field("name", "text", "the place"),
    Field("place_id", "text", "its id"),
    Field("country", "text", "ISO 3166-1 alpha-2 code"),
    Field("begin_date", "date", "first day on which it may have happened"),
    Field("end_date", "date", "last day on which it may have happened"),
    Field("edtf", "text", "the same as EDTF"),
    Field("before", "text", "status until then; empty: not known"),
    Field("before_actor", "text", "actor until then"),
    Field("after", "text", "status from then on"),
    Field("after_actor", "text", "actor from then on"),
    Field("basis", "text", "why we believe what came after"),
    Field("confidence", "number", "0 to 1"),
    Field("claim_ids", "text", "ids of the claims behind it"),
    Field("sources", "sources", "who said so"),
)
CLAIM_FIELDS = (
    Field("id", "text", "id of the claim"),
    Field("name", "text", "the place as the source wrote it"),
    Field("place_id", "text", "the place we understood; empty: unresolved, no geometry"),
    Field("predicate", "text", "captured, lost, withdrew, transferred, holds, contested, besieged, …"),
    Field("actor", "text", "id of the actor"),
    Field("actor_text", "text", "the actor as the source wrote it"),
    Field("other", "text", "id of the other side"),
    Field("other_text", "text", "the other side as the source wrote it"),
    Field("begin_date", "date", "first day the text allows"),
    Field("end_date", "date", "last day the text allows"),
    Field("edtf", "text", "the date as EDTF"),
    Field("modality", "text", "asserted, attributed, planned, hypothetical or negated"),
    Field("extent", "text", "whole or part"),
    Field("said_by", "text", "who says it, where the text says"),
    Field("confidence", "number", "0 to 1"),
    Field("quote", "text", "the words, where somebody is quoted; empty otherwise"),
    Field("note", "text", "what the table says in words of its own: no quotation"),
    Field("publisher", "text", "who published them"),
    Field("url", "text", "where"),
    Field("published", "date", "when"),
    Field("rule", "text", "the rule that found it"),
    # the rest of the claims table, so that the file can be read back as one
    Field("article_id", "text", "id of the article"),
    Field("place_text", "text", "the place as the source wrote it"),
    Field("place_name", "text", "name of the place we understood"),
    Field("lat", "number", "its latitude"),
    Field("lon", "number", "its longitude"),
    Field("country", "text", "its ISO 3166-1 alpha-2 code"),
    Field("feature_code", "text", "what it is, in GeoNames' codes"),
    Field("actor_id", "text", "id of the actor"),
    Field("other_id", "text", "id of the other side"),
    Field("earliest", "text", "first day of the half-open interval the text allows"),
    Field("latest", "text", "the day after its last"),
    Field("extent_wording", "text", "the words for a part of the place"),
    Field("share", "text", "a share claim: fraction or km² of a region"),
    Field("baseline", "text", "a share claim: what the share is counted against, as EDTF"),
    Field("start", "number", "where the quote begins in the article, in characters"),
    Field("end", "number", "where it ends"),
    Field("review", "text", "a person's verdict: ok, wrong or edited"),
    Field("more", "text", "what has no column of its own, as JSON"),
)
LAYERS: dict[str, tuple[Field, ...]] = {
    "territory": PERIOD_FIELDS,
    "places": PERIOD_FIELDS,
    "regions": PERIOD_FIELDS,
    "claims": CLAIM_FIELDS,
    "changes": CHANGE_FIELDS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One row of a layer. ``geometry`` is a shapely geometry in WGS 84 or None; ``properties`` has the layer's fields."""

    layer: str
    id: str
    geometry: Any
    properties: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What of a result to write. ``shape`` empty lets the format choose."""

    at: date | None = None
    every: str = ""
    start: date | None = None
    end: date | None = None
    shape: str = ""
    inferred: bool = True

    def __post_init__(self) -> None:
        if self.shape and self.shape not in SHAPES:
            message = f"shape {self.shape!r} is not known: choose {', '.join(SHAPES)}"
            raise ExportError(message)
        if self.every and self.every not in EVERY:
            message = f"slices every {self.every!r} cannot be made: choose {', '.join(EVERY)}"
            raise ExportError(message)
        if self.at is not None and (self.every or self.start is not None or self.end is not None):
            message = "one day (--at) and a series of days (--every, --from, --to) exclude each other"
            raise ExportError(message)
        if self.shape == "claims" and (
            self.at is not None or self.every or self.start is not None or self.end is not None
        ):
            message = "claims are what was said, not what held on a day: --shape claims takes no --at, --every, --from or --to"
            raise ExportError(message)
        if self.start is not None and self.end is not None and self.end <= self.start:
            message = f"the range from {self.start} to {self.end} is empty: the second day is the one after the last"
            raise ExportError(message)


@dataclass(slots=True)
class Writer:
    """Rows out of one result; looks up names, colours and sources once."""

    result: Result
    view: View
    claims: dict[ClaimId, Claim] = field(init=False)
    colours: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.claims = {claim.id: claim for claim in self.result.claims}
        self.colours = {str(actor): colour for actor, colour in colours(self.result).items()}

    # -- layers -------------------------------------------------------------------------------------------------------

    def territory(self) -> Iterator[Feature]:
        """Areas: cells or dissolved, as the view asks; nothing when the result has no territory."""
        territory = self.result.territory
        if territory is None or not len(territory.face_cell):
            return
        sliced = self.view.at is not None or bool(self.view.every)
        if self.view.shape == "dissolved" or (sliced and self.view.shape != "cells"):
            series = _Series(territory, self._wanted, self.claims)
            # without slices, every day on which something changes begins one
            for day, following in self._slices() if sliced else pairwise(self._range_changes()):
                yield from self._dissolved(series, day, following)
        elif sliced:
            faces = list(self._faces(territory))
            for day, following in self._slices():
                yield from self._cells_on(territory, faces, day, following)
        else:
            yield from self._cells(territory)

    def places(self) -> Iterator[Feature]:
        """The periods of places: points, but regions are nowhere, because they have no honest point."""
        for period, start, end in self._spans():
            place = self.result.places.get(period.place_id)
            row = self._row(period, start, end, place=place, zone="", km2=None)
            geometry = None if place is None or place.is_region else _point(place)
            yield Feature(layer="places", id=f"{row['place_id']}/{start}", geometry=geometry, properties=row)

    def regions(self) -> Iterator[Feature]:
        """The periods of regions told in words, with the outline that the words mean: never all of it is held for sure."""
        told = {} if self.result.territory is None else self.result.territory.told
        for period, start, end in self._spans():
            if period.place_id not in told:
                continue
            place = self.result.places.get(period.place_id)
            row = self._row(period, start, end, place=place, zone=ZONES[1], km2=None)
            outline = rounded(shapely.from_wkb(told[period.place_id]))
            yield Feature(layer="regions", id=f"{row['place_id']}/{start}", geometry=outline, properties=row)

    def changes(self) -> Iterator[Feature]:
        """One point for each day a place's status or holder became another."""
        for place_id, periods in self._by_place():
            place = self.result.places.get(place_id)
            if place is None or place.is_region:
                continue
            for number, period in enumerate(periods):
                before = periods[number - 1] if number and periods[number - 1].end == period.start else None
                properties = {
                    "name": place.name,
                    "place_id": place_id,
                    "country": place.country,
                    "begin_date": period.start,
                    "end_date": period.start_latest,
                    "edtf": _edtf(period),
                    "before": str(before.status) if before else "",
                    "before_actor": before.actor_id if before else "",
                    "after": str(period.status),
                    "after_actor": period.actor_id,
                    "basis": str(period.basis),
                    "confidence": round(period.confidence, 3),
                    "claim_ids": " ".join(period.claim_ids),
                    "sources": self.sources(period.claim_ids),
                }
                yield Feature(
                    layer="changes", id=f"{place_id}/{period.start}", geometry=_point(place), properties=properties
                )

    def claim_points(self) -> Iterator[Feature]:
        """Every claim, mapped or not, at its place, then the share claims; nowhere where there is no such point.

        Columns of the claims table are as there, so that nothing is lost on the way back.
        """
        said: tuple[Claim | ShareClaim, ...] = (*self.result.claims, *self.result.share_claims)
        rows = claim_rows(self.result.claims, self.result.share_claims, self.result.places)
        for claim, row in zip(said, rows, strict=True):
            place = self.result.places.get(claim.place_id) if isinstance(claim, Claim) else None
            properties: dict[str, Any] = dict(row)
            properties |= {name: float(row[name]) if row[name] else None for name in _CLAIM_NUMBERS}
            properties |= {
                "name": row["place_text"],
                "actor": row["actor_id"],
                "other": row["other_id"],
                "begin_date": claim.when.earliest,
                "end_date": None if claim.when.latest is None else claim.when.latest - _DAY,
                "published": claim.source.published,
                "url": web_address(claim.source.url),
            }
            geometry = None if place is None else _point(place)
            yield Feature(layer="claims", id=claim.id, geometry=geometry, properties=properties)

    # -- rows ---------------------------------------------------------------------------------------------------------

    def sources(self, claim_ids: Sequence[ClaimId], *, quotes: bool = True) -> list[dict[str, str]]:
        """Who said so, in the order of the claims, each source once."""
        found: dict[tuple[str, ...], dict[str, str]] = {}
        for claim_id in claim_ids:
            claim = self.claims.get(claim_id)
            if claim is None:
                continue
            published = claim.source.published
            address = web_address(claim.source.url)  # a Result may come from a program that checks nothing
            nameless = not claim.source.publisher and not address
            row = {
                "publisher": claim.source.publisher,
                "published": "" if published is None else published.isoformat(),
                "url": address,
                **({"title": claim.source.title} if nameless and claim.source.title else {}),
                **({"quote": claim.quote.text, "note": claim.note} if quotes else {}),
            }
            if any(row.values()):
                found.setdefault(tuple(row.values()), row)
        return list(found.values())

    def _row(
        self, period: Period, start: date, end: date | None, *, place: Place | None, zone: str, km2: float | None
    ) -> dict[str, Any]:
        return {
            "name": place.name if place is not None else period.place_id,
            "place_id": place.id if place is not None else period.place_id,
            "country": place.country if place is not None else "",
            **self._who(period),
            "start": start,
            "end": end,
            "begin_date": start,
            "end_date": None if end is None else end - _DAY,
            "start_latest": period.start_latest if start == period.start else start,
            "start_precision": period.start_precision,
            "edtf": _edtf(period),
            "since": period.start,
            "zone": zone,
            "basis": str(period.basis),
            "confidence": period.confidence,
            "km2": km2,
            "colour": self.colours.get(period.actor_id, UNKNOWN),
            "claim_ids": " ".join(period.claim_ids),
            "sources": self.sources(period.claim_ids),
        }

    def _who(self, period: Period) -> dict[str, str]:
        def name(actor_id: Any) -> str:
            actor = self.result.actors.get(actor_id)
            return actor.name if actor is not None else str(actor_id)

        return {
            "status": str(period.status),
            "actor": period.actor_id,
            "actor_name": name(period.actor_id),
            "other": period.other_id,
            "other_name": name(period.other_id),
        }

    def _faces(self, territory: Territory) -> Iterator[tuple[int, str, float, Any]]:
        """``(cell, zone, km², geometry)`` of every face within reach that has a period at all."""
        labels = np.full(len(territory.face_cell), -1, dtype=np.int64)
        for face, (cell, zone) in enumerate(zip(territory.face_cell, territory.face_zone, strict=True)):
            if zone < len(ZONES) and territory.cell_periods[cell]:
                labels[face] = face
        for face, geometry in shapes(territory, labels):
            cell = int(territory.face_cell[face])
            yield cell, ZONES[territory.face_zone[face]], float(territory.face_km2[face]), geometry

    def _cells(self, territory: Territory) -> Iterator[Feature]:
        for cell, zone, km2, geometry in self._faces(territory):
            for period in territory.cell_periods[cell]:
                if self._wanted(period):
                    yield self._cell(territory, cell, period, (period.start, period.end), (zone, km2), geometry)

    def _cells_on(
        self, territory: Territory, faces: Sequence[tuple[int, str, float, Any]], day: date, following: date
    ) -> Iterator[Feature]:
        for cell, zone, km2, geometry in faces:
            for period in territory.cell_periods[cell]:
                if period.covers(day) and self._wanted(period):
                    span = self._shown(period, day, following)
                    yield self._cell(territory, cell, period, span, (zone, km2), geometry)

    def _cell(
        self,
        territory: Territory,
        cell: int,
        period: Period,
        span: tuple[date, date | None],
        zone_km2: tuple[str, float],
        geometry: Any,
    ) -> Feature:
        place = self.result.places.get(territory.cell_place[cell])
        zone, km2 = zone_km2
        row = self._row(period, *span, place=place, zone=zone, km2=round(km2, 2))
        row["place_id"] = territory.cell_place[cell]
        return Feature(
            layer="territory", id=f"{territory.cell_place[cell]}/{zone}/{span[0]}", geometry=geometry, properties=row
        )

    def _dissolved(self, series: _Series, day: date, following: date | None) -> Iterator[Feature]:
        territory = series.territory
        if not series.periods:
            return
        held = series.on(day)
        label_of_cell = np.where(held >= 0, series.key[held], -1)
        zone = territory.face_zone.astype(np.int64)
        face_label = label_of_cell[territory.face_cell]
        within = (face_label >= 0) & (zone < len(ZONES))
        labels = np.where(within, face_label * len(ZONES) + zone, -1)
        order = np.argsort(labels, kind="stable")
        ordered = labels[order]
        for label, geometry in shapes(territory, labels):
            faces = order[np.searchsorted(ordered, label) : np.searchsorted(ordered, label, side="right")]
            sizes = territory.face_km2[faces]
            periods = held[territory.face_cell[faces]]
            sample = series.periods[int(periods[0])]
            how = "inferred" if sample.basis is Basis.INFERRED else "stated"
            km2 = float(sizes.sum())
            row = self._row(
                replace(sample, start=day, start_latest=day),
                day,
                following,
                place=None,
                zone=ZONES[label % len(ZONES)],
                km2=round(km2, 1),
            )
            row |= {
                "name": row["actor_name"] or row["status"],
                "place_id": "",
                "since": None,
                "start_precision": "",
                "edtf": "",
                "basis": how,
                "confidence": round(float(series.confidence[periods] @ sizes) / km2, 3) if km2 else 0.0,
                # one day names every claim behind an area; a year of slices would repeat each of them every day
                "claim_ids": " ".join(series.claims_of(periods)) if self.view.at else "",
                "sources": [{"publisher": series.publishers[n]} for n in series.published_by(periods)],
            }
            parts = (row["status"], row["actor"], row["other"], how, row["zone"], str(day))
            yield Feature(layer="territory", id="/".join(filter(None, parts)), geometry=geometry, properties=row)

    # -- time ---------------------------------------------------------------------------------------------------------

    def _wanted(self, period: Period) -> bool:
        if period.basis is Basis.INFERRED and not self.view.inferred:
            return False
        if self.view.start is not None and period.end is not None and period.end <= self.view.start:
            return False
        return self.view.end is None or period.start < self.view.end

    def _periods(self) -> Iterator[Period]:
        return (period for period in self.result.timeline.periods if self._wanted(period))

    def _spans(self) -> Iterator[tuple[Period, date, date | None]]:
        """Each period with the days it is shown for: its own, or those of each slice on whose first day it holds."""
        if self.view.at is None and not self.view.every:
            yield from ((period, period.start, period.end) for period in self._periods())
            return
        for day, following in self._slices():
            for period in self._periods():
                if period.covers(day):
                    yield (period, *self._shown(period, day, following))

    def _by_place(self) -> Iterator[tuple[PlaceId, list[Period]]]:
        found: dict[PlaceId, list[Period]] = {}
        for period in self._periods():
            found.setdefault(period.place_id, []).append(period)
        yield from found.items()

    def _shown(self, period: Period, day: date, following: date) -> tuple[date, date | None]:
        """The span a sliced feature states: its own for one day, the slice's in a series."""
        return (period.start, period.end) if self.view.at is not None else (day, following)

    def _range(self) -> tuple[date, date] | None:
        """All days on which anything changes, the last exclusive."""
        days = self.result.timeline.changes()
        if not days:
            return None
        return self.view.start or days[0], self.view.end or days[-1] + _DAY

    def _range_changes(self) -> list[date]:
        span = self._range()
        if span is None:
            return []
        territory = self.result.territory
        days = set(self.result.timeline.changes())
        if territory is not None:
            for periods in territory.cell_periods:
                days |= {p.start for p in periods} | {p.end for p in periods if p.end is not None}
        inside = sorted(d for d in days | {span[0]} if span[0] <= d < span[1])
        return [*inside, span[1]]

    def series(self) -> tuple[date, ...]:
        """The days that a series shows: from the first to the last of what is on the map, or of the view."""
        span = self.result.span()
        if span is None or not self.view.every:
            return ()
        first = self.view.start or span[0]
        last = self.view.end - _DAY if self.view.end is not None else span[1]
        return days_between(first, last, self.view.every) if first <= last else ()

    def _slices(self) -> Iterator[tuple[date, date]]:
        if self.view.at is not None:
            yield self.view.at, self.view.at + _DAY
            return
        days = self.series()
        if days:
            # the state of the last day is valid to the end of its slice, or of the view
            yield from pairwise((*days, self.view.end or next_slice(days[-1], self.view.every)))


class _Series:
    """Which period holds in each cell, day after day: arrays, so that thousands of slices of thousands of cells are quick."""

    def __init__(self, territory: Territory, wanted: Callable[[Period], bool], claims: Mapping[ClaimId, Claim]) -> None:
        self.territory = territory
        self.periods = [p for periods in territory.cell_periods for p in periods if wanted(p)]
        counts = [sum(map(wanted, periods)) for periods in territory.cell_periods]
        self._cell = np.repeat(np.arange(len(counts)), counts)
        self._start = np.array([p.start.toordinal() for p in self.periods], dtype=np.int64)
        self._end = np.array(
            [date.max.toordinal() if p.end is None else p.end.toordinal() for p in self.periods], dtype=np.int64
        )
        self.confidence = np.array([p.confidence for p in self.periods], dtype=np.float64)
        # the order of keys is the order of the features of a slice: by name, not by the accident of the first cell
        keys = [(str(p.status), p.actor_id, p.other_id, p.basis is Basis.INFERRED) for p in self.periods]
        number = {key: n for n, key in enumerate(sorted(set(keys)))}
        self.key = np.array([number[key] for key in keys], dtype=np.int64)
        names = [sorted({claims[c].source.publisher for c in p.claim_ids if c in claims} - {""}) for p in self.periods]
        self.publishers = sorted({name for each in names for name in each})
        index = {name: n for n, name in enumerate(self.publishers)}
        self._publisher = np.array([index[name] for each in names for name in each], dtype=np.int64)
        self._offset = np.concatenate([[0], np.cumsum([len(each) for each in names])]).astype(np.int64)

    def on(self, day: date) -> NDArray[np.int64]:
        """For each cell the number of the period that holds on the day, -1 for none."""
        number = day.toordinal()
        held = np.full(len(self.territory.cell_periods), -1, dtype=np.int64)
        now = np.flatnonzero((self._start <= number) & (number < self._end))
        held[self._cell[now]] = now
        return held

    def claims_of(self, periods: NDArray[np.int64]) -> list[str]:
        """Ids of the claims behind some periods, sorted."""
        return sorted({str(c) for number in np.unique(periods) for c in self.periods[int(number)].claim_ids})

    def published_by(self, periods: NDArray[np.int64]) -> NDArray[np.int64]:
        """Numbers of the publishers behind some periods, in the order of their names."""
        if not self.publishers:
            return np.empty(0, dtype=np.int64)
        flags = np.zeros(len(self.publishers), dtype=bool)
        unique = np.unique(periods)
        first, count = self._offset[unique], self._offset[unique + 1] - self._offset[unique]
        steps = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
        flags[self._publisher[np.repeat(first, count) + steps]] = True
        return np.flatnonzero(flags)


def _point(place: Place) -> Any:
    if place.point is None:
        return None
    return shapely.Point(round(place.lon, DECIMALS), round(place.lat, DECIMALS))


def _edtf(period: Period) -> str:
    """When it began: a day, or the interval of days on which it may have begun; whole months and years as such."""
    first, last = period.start, period.start_latest
    if first == last:
        return first.isoformat()
    if first.day == 1 and (last + _DAY).day == 1:
        if first.year == last.year and first.month == last.month:
            return first.isoformat()[:7]
        if first.year == last.year and (first.month, last.month) == (1, 12):
            return first.isoformat()[:4]
    return f"{first.isoformat()}/{last.isoformat()}"
