"""Checkpoints: what must be so on a day, written by people and held against the timeline; and what changed between days."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mapper.model import Actor, ActorId, Claim, ClaimId, Issue, Period, Place, PlaceId, Status, Timeline
from mapper.statuses import STATUSES

_SENTENCE = re.compile(r"on (\S+) (.+) is (\w+)(?: by (.+?))?\.?\Z", re.IGNORECASE)
COLUMNS = ("date", "place", "status", "actor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """On ``day`` the place (an id or a name) has this status and actor; an empty status or actor is not checked."""

    day: date
    place: str
    status: str = ""
    actor: str = ""
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A place whose status or holder differs between two days; ``moves`` are the periods that began between them."""

    place_id: PlaceId
    before: Period | None
    after: Period | None
    moves: tuple[Period, ...]

    @property
    def claim_ids(self) -> tuple[ClaimId, ...]:
        """The claims behind the last move, or behind the end of what was before."""
        last = self.moves[-1] if self.moves else self.after or self.before
        return () if last is None else last.claim_ids


def read_checkpoints(path: Path) -> tuple[tuple[Checkpoint, ...], tuple[Issue, ...]]:
    """Checkpoints of a tab-separated file with the columns date, place, status, actor; others are ignored.

    The header may be missing if the columns stand in that order. A line may also be a sentence:
    ``on 2017-11-18 Rawa is held by Iraq``.

    ``status`` is one of the statuses, ``held`` (controlled or besieged), ``none`` (nothing known) or empty. Lines
    that start with # are comments. Lines that cannot be read are issues with file and line.
    """
    found: list[Checkpoint] = []
    issues: list[Issue] = []
    header: list[str] = []
    text = path.read_bytes().decode("utf-8-sig", errors="replace")  # a wrong letter costs a name, not the file
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        said = _SENTENCE.match(line.strip())
        cells = [cell or "" for cell in said.groups()] if said else [cell.strip() for cell in line.split("\t")]
        if not header and not said and cells[0][:1].isdigit():
            header = list(COLUMNS)  # no header line: the usual columns in their usual order
        if not header and not said:
            header = [cell.casefold() for cell in cells]
            if missing := [name for name in ("date", "place") if name not in header]:
                issues.append(
                    _bad(path, number, f"no column {missing[0]}; the first line must name {', '.join(COLUMNS)}")
                )
                break
            continue
        row = dict(zip(COLUMNS if said else header, cells, strict=False))
        try:
            day = date.fromisoformat(row.get("date", ""))
        except ValueError:
            issues.append(_bad(path, number, f"{row.get('date', '')!r} is not a date; write YYYY-MM-DD"))
            continue
        if not row.get("place"):
            issues.append(_bad(path, number, "no place in this line"))
            continue
        status = row.get("status", "").casefold()
        if status and status not in {*Status, "held", "none"}:
            issues.append(
                _bad(path, number, f"{status!r} is no status; known are {', '.join([*Status, 'held', 'none'])}")
            )
            continue
        found.append(
            Checkpoint(
                day=day, place=row["place"], status=status, actor=row.get("actor", ""), file=str(path), line=number
            )
        )
    return tuple(found), tuple(issues)


def check(
    timeline: Timeline,
    checkpoints: Sequence[Checkpoint],
    places: Mapping[PlaceId, Place],
    actors: Mapping[ActorId, Actor] | None = None,
    claims: Iterable[Claim] = (),
) -> tuple[Issue, ...]:
    """One error for each checkpoint that the timeline does not meet, in their order.

    A place is known by its id, its names, or the words that ``claims`` call it by, without regard to case and accents.
    """
    by_place: dict[PlaceId, list[Period]] = {}
    for period in timeline.periods:
        by_place.setdefault(period.place_id, []).append(period)
    names: dict[str, list[PlaceId]] = {}
    for place_id in sorted({*places, *by_place}):
        place = places.get(place_id)
        keys = {_plain(place_id)} | (set() if place is None else set(map(_plain, (place.name, *place.names))))
        for key in sorted(keys):
            names.setdefault(key, []).append(place_id)
    for claim in claims:
        told = names.setdefault(_plain(claim.place_text), [])
        if claim.place_id and claim.place_id not in told:
            told.append(claim.place_id)
    actor_ids = _actor_ids((actors or {}).values())
    issues = []
    for point in checkpoints:
        ids = names.get(_plain(point.place), [])
        ids = [place_id for place_id in ids if place_id in by_place] or ids
        if not ids:
            issues.append(_failed(point, "the timeline knows no such place"))
            continue
        wanted = actor_ids.get(point.actor.casefold(), ActorId(point.actor))
        periods = [next((p for p in by_place.get(i, ()) if p.covers(point.day)), None) for i in ids]
        if not any(_meets(period, point.status, wanted) for period in periods):
            issues.append(_failed(point, f"but the timeline has {' / '.join(map(_said, periods))}"))
    return tuple(issues)


def _plain(name: str) -> str:
    """A name without case, accents and what parts its words."""
    letters = (c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join("".join(letters).casefold().replace("-", " ").split())


def diff(timeline: Timeline, day_a: date, day_b: date) -> tuple[Change, ...]:
    """Places whose status or parties differ between two days, by place id."""
    by_place: dict[PlaceId, list[Period]] = {}
    for period in timeline.periods:
        by_place.setdefault(period.place_id, []).append(period)
    changes = []
    for place_id, periods in sorted(by_place.items()):
        before, after = _on(periods, day_a), _on(periods, day_b)
        if _face(before) != _face(after):
            moves = tuple(p for p in periods if min(day_a, day_b) < p.start <= max(day_a, day_b))
            changes.append(Change(place_id=place_id, before=before, after=after, moves=moves))
    return tuple(changes)


def _on(periods: Sequence[Period], day: date) -> Period | None:
    index = bisect_right(periods, day, key=lambda period: period.start) - 1
    return periods[index] if index >= 0 and periods[index].covers(day) else None


def _face(period: Period | None) -> tuple[str, str, str]:
    return ("", "", "") if period is None else (period.status, period.actor_id, period.other_id)


def _actor_ids(actors: Iterable[Actor]) -> dict[str, ActorId]:
    """Ids by folded id, name and alias; an id wins over another actor's name, a name over an alias."""
    listed = list(actors)
    ids = {actor.id.casefold(): actor.id for actor in listed}
    for actor in listed:
        ids.setdefault(actor.name.casefold(), actor.id)
    for actor in listed:
        for alias in actor.aliases:
            ids.setdefault(alias.casefold(), actor.id)
    return ids


def _meets(period: Period | None, status: str, actor: ActorId) -> bool:
    if status == "none":
        return period is None
    if period is None:
        return False
    if status == "held":
        if not STATUSES[period.status].firm:
            return False
    elif status and period.status != status:
        return False
    if STATUSES[period.status].shared:
        return actor in ("", period.actor_id, period.other_id)
    return actor in ("", period.actor_id)


def _said(period: Period | None) -> str:
    if period is None:
        return "nothing"
    other = f" / {period.other_id}" if period.other_id else ""
    return f"{period.status} {period.actor_id}{other} since {period.start}".replace("  ", " ")


def _bad(path: Path, line: int, message: str) -> Issue:
    return Issue(stage="check", level="error", code="checkpoint-unreadable", message=message, file=str(path), line=line)


def _failed(point: Checkpoint, message: str) -> Issue:
    wanted = f"on {point.day} {point.place} is {point.status or 'held'} {point.actor}".rstrip()
    return Issue(
        stage="check",
        level="error",
        code="checkpoint-failed",
        message=f"{wanted}: {message}",
        value=point.place,
        file=point.file,
        line=point.line,
    )
