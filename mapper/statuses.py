"""What each status and each basis means to those who measure and draw: the one table that areas and page read.

A new status is a member of ``model.Status``, a row here and its words in the page's string table; the page's scripts get
these rows in the payload and know no status by name.
"""

from __future__ import annotations

from dataclasses import dataclass

from mapper.model import Basis, Status

Interval = tuple[float, float, float]  # certain, likely, possible

_WHOLE: Interval = (1.0, 1.0, 1.0)
_HALF: Interval = (0.0, 0.5, 1.0)
_POSSIBLE: Interval = (0.0, 0.0, 1.0)
_NOTHING: Interval = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRow:
    """``weight`` is the share of an area that counts as the actor's; ``of_region`` the same where a region's claim says it
    (None: no difference). ``shared``: the other side has as much. ``fill`` and ``edge`` name patterns of the page.
    """

    weight: Interval
    of_region: Interval | None = None
    shared: bool = False
    holds: bool = False  # the actor is who holds it when one asks what changed hands
    firm: bool = False  # wholly the actor's: said of a region, it says the same of each of its places
    rival: bool = False  # its sentence names the other side, and there are other words where nobody is named
    disputed: bool = False  # its sources may contradict each other: shown side by side
    vote: float | None = (
        None  # what the actor weighs for places nearby where control is inferred; the rest is the other's
    )
    fill: str  # flat, hatch, halves, dots, wash or grey
    wash: float = 0.0  # how much of the colour lies under a pattern
    edge: str = ""  # ring (in the other's colour), dashes or dots


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisRow:
    """``most`` caps the weight of a status, factor by factor; ``tone`` is how much paler it is drawn (0, 1 or 2)."""

    most: Interval = _WHOLE
    tone: int = 0
    own: bool = False  # somebody said it of this very place: an event


# What is shared or only claimed counts half as likely; what is said of an unnamed part of a region is only possible, as
# is mere presence. In the order of the legend.
STATUSES: dict[Status, StatusRow] = {
    Status.CONTROLLED: StatusRow(weight=_WHOLE, holds=True, firm=True, vote=1.0, fill="flat"),
    Status.PARTIAL: StatusRow(weight=_HALF, of_region=_POSSIBLE, holds=True, vote=0.5, fill="hatch", wash=0.16),
    Status.CONTESTED: StatusRow(weight=_HALF, shared=True, rival=True, disputed=True, vote=0.5, fill="halves"),
    Status.BESIEGED: StatusRow(weight=_WHOLE, holds=True, firm=True, rival=True, vote=1.0, fill="flat", edge="ring"),
    Status.PRESENCE: StatusRow(weight=_POSSIBLE, fill="dots", wash=0.1, edge="dots"),
    Status.CLAIMED: StatusRow(weight=_HALF, disputed=True, vote=1.0, fill="wash", wash=0.14, edge="dashes"),
    Status.UNKNOWN: StatusRow(weight=_NOTHING, fill="grey", wash=0.22),
}

BASES: dict[Basis, BasisRow] = {
    Basis.STATED: BasisRow(own=True),
    Basis.REGION: BasisRow(),
    Basis.IMPLIED: BasisRow(tone=1),
    Basis.INFERRED: BasisRow(tone=2, most=_POSSIBLE),  # nobody said it of this land
    Basis.STALE: BasisRow(tone=2, most=(0.0, 1.0, 1.0)),
}


def weight(status: Status, basis: Basis) -> Interval:
    """What a state adds to (certain, likely, possible) km², as shares of its area."""
    row = STATUSES[status]
    share = row.of_region if basis is Basis.REGION and row.of_region is not None else row.weight
    low, mid, high = (s * m for s, m in zip(share, BASES[basis].most, strict=True))
    return low, mid, high
