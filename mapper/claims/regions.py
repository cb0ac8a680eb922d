"""Regions told in words, for claims: the grammar reads the name, the claim is about the region that its words tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mapper.claims.resolve import Made
from mapper.model import Toponym


def plain(toponyms: Sequence[Toponym]) -> list[Toponym]:
    """The toponyms as their names alone have them: "north-eastern" before a name is the grammar's to read."""
    return [toponym.named or toponym for toponym in toponyms]


def told_in(toponyms: Sequence[Toponym]) -> list[Toponym]:
    """Those that stand for a region told in words."""
    return [toponym for toponym in toponyms if toponym.wording is not None]


def regional(made: Made, told: Sequence[Toponym]) -> Made:
    """The claim in the making about the region whose words its place was read from; a part, never the whole of the name."""
    ref = made.ref
    for toponym in told:
        wording, place = toponym.wording, toponym.place
        if wording is None or place is None or toponym.named is None:
            continue
        over = ref.start < toponym.quote.end and toponym.quote.start < ref.end
        same = ref.place is None or ref.place == toponym.named.place
        if over and same:
            return replace(made, ref=replace(ref, place=place, part=ref.part or wording.text), coarse=False)
    return made
