"""Regions told in words, for claims: the grammar reads the name, the claim is about the region that its words tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mapper.claims.resolve import Made
from mapper.model import Place, Toponym


def plain(toponyms: Sequence[Toponym]) -> list[Toponym]:
    """The toponyms as their names alone have them: "north-eastern" before a name is the grammar's to read."""
    found = (toponym.named if toponym.wording is not None else toponym for toponym in toponyms)
    return [toponym for toponym in found if toponym is not None]  # "west of the river" has no name


def told_in(toponyms: Sequence[Toponym]) -> list[Toponym]:
    """Those that stand for a region told in words."""
    return [toponym for toponym in toponyms if toponym.wording is not None]


def regional(made: Made, told: Sequence[Toponym]) -> Made:
    """The claim in the making about the region whose words its place was read from; a part, never the whole of the name."""
    ref = made.ref
    for toponym in told:
        wording, place = toponym.wording, toponym.place
        if wording is None or place is None:
            continue
        named = None if toponym.named is None else toponym.named.place
        over = ref.start < toponym.quote.end and toponym.quote.start < ref.end
        touches = ref.start < wording.end and wording.start < ref.end
        # "everything east of the Euphrates in X": the claim's place is X, which the region is a part of
        if (over and ref.place is not None and ref.place == named) or (
            touches and (ref.place is None or _part_of(place, ref.place))
        ):
            return replace(made, ref=replace(ref, place=place, part=ref.part or wording.text), coarse=False)
    return made


def _part_of(region: Place, base: Place | None) -> bool:
    """Whether a region's id names a country or province as what it is a part of."""
    if base is None or not base.is_region:
        return False
    code = base.country if base.feature_code.startswith("PCL") else base.admin1
    return bool(code) and re.search(rf"[(,]{re.escape(code)}[,)]", region.id) is not None
