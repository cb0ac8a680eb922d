"""Words of tables that are one side where the theatre says so: "junta", "Army" and "Myanmar military" in Myanmar.

Only words that name no party of their own are merged: common nouns for a state's forces, a state's name or nationality
before them, and "rebels". What may be two parties stays apart, and either is told.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from mapper.actors import ruler
from mapper.actors.vocabulary import ROLE_CLASSES
from mapper.model import Actor, ActorId, Claim, Issue, Period, ShareClaim, Years

_STATE: Final = frozenset({"junta", "military", "army", "government", "regime", "troops", "soldiers"})
_BEFORE: Final = frozenset({"junta", "military", "army", "government", "regime", "state", "armed", "federal", "ruling"})
_LAST: Final = _STATE | {"forces"}
_REBELS: Final = frozenset({"rebels", "rebel", "rebel forces", "rebel fighters"})
_SHOWN: Final = 4  # parties that a message lists
_NOBODY: Final = ActorId("")
_Row = TypeVar("_Row", Claim, Period)
_WORD: Final = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows of tables that speak of parties."""

    claims: tuple[Claim, ...] = ()
    share_claims: tuple[ShareClaim, ...] = ()
    periods: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """A row that speaks of two parties ("" for none), in the years of its date."""

    actor_id: ActorId
    other_id: ActorId
    years: Years


@dataclass(frozen=True, slots=True)
class Merging:
    """Of each made actor and the years of a row the party it is; ``words`` are those that were merged, by that party."""

    meant: Mapping[tuple[ActorId, Years], ActorId]
    words: Mapping[ActorId, tuple[str, ...]]
    issues: tuple[Issue, ...]
    told: frozenset[str]  # names of parties of which the issues say whether they were merged

    def settles(self, issue: Issue) -> bool:
        """Whether an issue sets against each other what is one side now."""
        sides = [{t for (p, _), t in self.meant.items() if p == party} or {party} for party in issue.parties]
        return bool(sides) and all(side == sides[0] and len(side) == 1 for side in sides)

    def of(self, actor_id: ActorId, years: Years) -> ActorId:
        return self.meant.get((actor_id, years), actor_id)


NOTHING: Final = Merging({}, {}, (), frozenset())


@dataclass(frozen=True, slots=True)
class _Common:
    """A party that only common nouns name: ``nation`` is what stands before them, "" for nothing."""

    name: str
    nation: str
    rebels: bool


def common_of(actor: Actor) -> _Common | None:
    """What the name of a party that a table made says, if it names nobody in particular.

    One with an id of its own was set apart by a person.
    """
    words = words_of(actor.name)
    if not words or actor.role or actor.countries or actor.id not in ("-".join(words), "-".join(("the", *words))):
        return None
    if " ".join(words) in _REBELS:
        return _Common(actor.name, "", rebels=True)
    at = len(words)
    while at and (words[at - 1] in _LAST if at == len(words) else words[at - 1] in _BEFORE):
        at -= 1
    tail, nation = words[at:], " ".join(words[:at])
    if not tail or (tail == ["forces"] and not nation):
        return None
    return _Common(actor.name, nation, rebels=False)


def words_of(text: str) -> list[str]:
    """The folded words of a name without its article and the endings of possession."""
    words = [word.replace("’", "'").removesuffix("'s") for word in _WORD.findall(text.casefold())]
    return words[1:] if words[:1] == ["the"] else words


def merged_tables(
    tables: Tables,
    *,
    made: Iterable[Actor],
    said: Iterable[str],
    actors: Sequence[Actor],
    homes: Iterable[str],
    others: Iterable[ActorId],
) -> tuple[Tables, Merging]:
    """The rows of tables with the parties that their words mean, of which the tables ``made`` some, and what was merged.

    ``said`` are names whose party the user has said; ``actors`` are all; ``homes`` the countries of the theatre; ``others`` parties that articles beside the tables name.
    """
    known = {" ".join(words_of(name)) for name in said}
    commons = {
        actor.id: common
        for actor in made
        if (common := common_of(actor)) is not None and " ".join(words_of(actor.name)) not in known
    }
    if not commons:
        return tables, NOTHING
    uses = [
        *(Use(c.actor_id, c.other_id, _years(c)) for c in tables.claims),
        *(Use(s.actor_id, _NOBODY, _years(s)) for s in tables.share_claims),
        *(Use(p.actor_id, p.other_id, _lasting(p)) for p in tables.periods),
    ]
    found = _Judge(uses, commons, actors, sorted(set(homes)), others).merging()
    if not found.meant:
        return tables, found
    claims = (_of_pair(c, found, _years(c)) for c in tables.claims)
    shares = (replace(s, actor_id=found.of(s.actor_id, _years(s))) for s in tables.share_claims)
    periods = (_of_pair(p, found, _lasting(p)) for p in tables.periods)
    return Tables(tuple(claims), tuple(shares), tuple(periods)), found


def _years(claim: Claim | ShareClaim) -> Years:
    """The years of a claim's date, else the year it was published in."""
    year = claim.source.published.year if claim.source.published is not None else 0
    return claim.when.years if claim.when.known else (year, year)


def _lasting(period: Period) -> Years:
    return period.start.year, (period.end or period.start_latest).year


def _of_pair(row: _Row, found: Merging, years: Years) -> _Row:
    actor_id, other_id = found.of(row.actor_id, years), found.of(row.other_id, years)
    return (
        row
        if (actor_id, other_id) == (row.actor_id, row.other_id)
        else replace(row, actor_id=actor_id, other_id=other_id)
    )


class _Judge:
    """Decides whom the common nouns of some tables mean."""

    def __init__(
        self,
        uses: Sequence[Use],
        commons: Mapping[ActorId, _Common],
        actors: Sequence[Actor],
        homes: Sequence[str],
        others: Iterable[ActorId],
    ) -> None:
        self.uses = uses
        self.commons = commons
        self.homes = homes
        self.by_id = {actor.id: actor for actor in actors}
        self.home: defaultdict[str, list[Actor]] = defaultdict(list)
        self.nations: defaultdict[str, list[Actor]] = defaultdict(list)
        for actor in actors:
            for country in actor.countries[:1]:
                self.home[country].append(actor)
            if actor.role == "government":
                for name in (*actor.adjectives, *actor.metonyms):
                    self.nations[" ".join(words_of(name))].append(actor)
        named = {party for use in uses for party in (use.actor_id, use.other_id)} | set(others)
        self.named = [self.by_id[i] for i in sorted(named) if i in self.by_id and i not in commons]
        self.rebels = [actor for actor in self.named if "R" in ROLE_CLASSES.get(actor.role, "")]
        self.why: dict[ActorId, str] = {}  # why a party stays apart

    def merging(self) -> Merging:
        rows: Counter[tuple[ActorId, Years]] = Counter(
            (party, use.years) for use in self.uses for party in {use.actor_id, use.other_id} if party in self.commons
        )
        meant: dict[tuple[ActorId, Years], ActorId] = {}
        for party, years in sorted(rows):
            found = self._meant(party, years)
            if found is not None:
                meant[party, years] = found
        self._without_foes(meant)
        self._undated(meant, rows)
        counts: defaultdict[ActorId, Counter[ActorId]] = defaultdict(Counter)
        for (party, years), target in meant.items():
            counts[target][party] += rows[party, years]
        apart = {party for party, years in rows if (party, years) not in meant}
        words = {
            target: tuple(sorted(self.commons[party].name for party in parties))
            for target, parties in sorted(counts.items())
        }
        told = frozenset(self.commons[party].name for party, _ in rows)
        return Merging(meant, words, (*self._told(counts), *self._told_apart(apart)), told)

    def _meant(self, party: ActorId, years: Years) -> ActorId | None:
        common = self.commons[party]
        found = self._rebels(years) if common.rebels else self._state(common, years)
        if isinstance(found, Actor):
            return found.id
        self.why.setdefault(party, found)
        return None

    def _rebels(self, years: Years) -> Actor | str:
        fits = [actor for actor in self.rebels if set(actor.countries[:1]) & set(self.homes) or not actor.role]
        if len(fits) != 1 or not fits[0].role:
            shown = ", ".join(actor.name for actor in fits[:_SHOWN])
            return f"it may be {shown}" if fits else "the tables name no rebels who are at home there"
        if not all(fits[0].fought_in(year) for year in years):
            return f"{fits[0].name} did not fight in those years"
        return fits[0]

    def _state(self, common: _Common, years: Years) -> Actor | str:
        if common.nation:
            states = self.nations.get(common.nation, [])
            homes = list(dict.fromkeys(country for state in states for country in state.countries[:1]))
            if len(homes) > 1:
                homes = [country for country in homes if country in self.homes]
            if len(homes) != 1:
                return f"{common.nation!r} may be several states" if states else f"{common.nation!r} is no state's name"
            country = homes[0]
        elif len(self.homes) == 1:
            country = self.homes[0]
        else:
            return f"the places lie in {', '.join(self.homes)}" if self.homes else "no place lies in a known country"
        found = {ruler(self.home[country], year) for year in years}
        state = found.pop()
        if found or state is None:
            return f"who governed {country} {_in_years(years)} is not certain"
        rival = self._rival(common, state, country)
        return f"it may be {rival.name}" if rival is not None else state

    def _rival(self, common: _Common, state: Actor, country: str) -> Actor | None:
        """A party of the tables that bears the nation's own name: of Libya's army and the Libyan National Army either."""
        nations = {" ".join(words_of(name)) for name in (*state.adjectives, *state.metonyms)}
        nations |= {
            " ".join(words_of(name)) for a in self.home[country] if a.role == "government" for name in a.adjectives
        }
        noun = words_of(common.name)[-1]
        for actor in self.named:
            if actor.role == "government" or country not in actor.countries[:1]:
                continue
            for name in (actor.name, *actor.aliases):
                words = words_of(name)
                before = " ".join(word for word in words[:-1] if word != "national")
                if words[-1:] == [noun] and len(words) > 1 and before in nations:
                    return actor
        return None

    def _without_foes(self, meant: dict[tuple[ActorId, Years], ActorId]) -> None:
        """Parties that a row sets against each other are not one."""
        foes: set[ActorId] = set()
        for use in self.uses:
            sides = [(party, meant.get((party, use.years), party)) for party in (use.actor_id, use.other_id) if party]
            if len(sides) == 2 and sides[0][0] != sides[1][0] and sides[0][1] == sides[1][1]:
                foes.update(party for party, _ in sides if party in self.commons)
                for party, other in (sides, sides[::-1]):
                    if party[0] in self.commons:
                        self.why[party[0]] = f"a row sets it against {self._name(other[0])}"
        for key in [key for key in meant if key[0] in foes]:
            del meant[key]

    def _undated(self, meant: dict[tuple[ActorId, Years], ActorId], rows: Mapping[tuple[ActorId, Years], int]) -> None:
        """Rows without a date mean whom all the dated rows with the words mean."""
        for party, years in rows:
            if years != (0, 0) or (party, years) in meant:
                continue
            dated = [key for key in rows if key[0] == party and key != (party, years)]
            targets = {meant.get(key) for key in dated}
            if len(targets) == 1 and (target := targets.pop()) is not None:
                meant[party, years] = target

    def _name(self, actor_id: ActorId) -> str:
        actor = self.by_id.get(actor_id)
        return repr(self.commons[actor_id].name) if actor_id in self.commons else actor.name if actor else actor_id

    def _told(self, counts: Mapping[ActorId, Counter[ActorId]]) -> Iterator[Issue]:
        for target, parties in sorted(counts.items()):
            names = sorted((self.commons[party].name, number) for party, number in parties.items())
            listed = ", ".join(f"{name!r} ({number} row{'s' * (number != 1)})" for name, number in names)
            own = all(self.commons[party].nation for party in parties)
            where = "" if own else f", in a theatre of {', '.join(self.homes)}"
            message = (
                f"{listed}: taken as one side, {self._name(target)} ({target}){where}; to keep one apart, write"
                f' {_key(names[0][0])} = "" under [parties] in mapper.toml'
            )
            yield Issue(stage="records", level="note", code="parties-merged", message=message, value=target)

    def _told_apart(self, apart: Iterable[ActorId]) -> Iterator[Issue]:
        for party in sorted(apart):
            name = self.commons[party].name
            message = (
                f"{name!r} is taken as a party of its own, id {party!r}: {self.why.get(party, 'it has no date')}; say whom it"
                f' means under [parties] in mapper.toml: {_key(name)} = "id of an actor"'
            )
            yield Issue(stage="records", level="warning", code="parties-apart", message=message, value=name)


def _in_years(years: Years) -> str:
    first, last = years
    return "at an unknown time" if not first else f"in {first}" if first == last else f"from {first} to {last}"


def _key(name: str) -> str:
    return '"' + name.casefold().replace("\\", "\\\\").replace('"', '\\"') + '"'
