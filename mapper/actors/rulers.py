"""Whose "the government" and "the army" of a country are in a year."""

from __future__ import annotations

from collections.abc import Iterable

from mapper.model import Actor


def ruler(home: Iterable[Actor], year: int) -> Actor | None:
    """The one government among the actors at home in a country in a year (0: not known); None where it may be several.

    In the year of an overthrow the words may mean either: a government whose years are known must also have been one in the
    years before and after, and then comes before one without years.
    """
    rulers = [actor for actor in home if actor.role == "government" and actor.fought_in(year)]
    if not year:
        rulers = [actor for actor in rulers if not actor.until]  # states that are no more
    dated = [actor for actor in rulers if actor.since or actor.until]
    if dated:
        rulers = [actor for actor in dated if year and actor.fought_in(year - 1) and actor.fought_in(year + 1)]
    return rulers[0] if len(rulers) == 1 else None
