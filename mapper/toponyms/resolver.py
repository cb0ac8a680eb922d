"""Which of a name's places is meant: a listwise linear ranking of all candidates of a text, in two stages.

Mentions of one name form a *group* (one sense per document). Stage one ranks each group's candidates by
what the name, the words around it and the countries and provinces named in the text say. Stage two adds what the other
groups' likely places say: the same province, the same country, a short way off. All candidates of all groups stand in
one matrix, so a text costs a few dozen array operations, however many names it has.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mapper.toponyms.alone import leanings
from mapper.toponyms.names import (
    ADM1,
    ADM2,
    ADM_LOW,
    CAPITAL,
    COUNTRY,
    OTHER,
    REGION,
    SEAT,
    TOWN,
    WATER,
    Atlas,
    Entry,
    Says,
)
from mapper.toponyms.spans import Span
from mapper.toponyms.wars import NO_WAR, War
from mapper.toponyms.weights import Weights
from mapper.toponyms.words import GROUP_COUNTRIES, TYPE_CODES

#: Candidate columns a text's candidates are compared with; the likeliest of each group first.
_LANDMARKS = 320
_PER_GROUP = 8
_EARTH_KM = 6371.0
Floats = NDArray[np.float32]

FIRST = [
    "log_pop",
    "no_pop",
    "rel_pop",
    "share",
    "rank0",
    "rank_log",
    "country",
    "adm1",
    "adm2",
    "adm_low",
    "capital",
    "seat",
    "town",
    "water",
    "region",
    "other",
    "main",
    "alias",
    "folded",
    "user",
    "names",
    "country_named",
    "country_share",
    "country_strong",
    "none_named_us",
    "none_named",
    "province_named",
    "province_share",
    "inside",
    "outside",
    "cue",
    "cue_miss",
    "cue_adm2",
    "fixed",
    "domain",
    "is_us",
    "is_gb",
    "is_au",
    "is_ca",
    "big",
    "main_town",
    "main_province",
    "main_country",
    "single",
    "coord_near",
]
SECOND = [
    "logit",
    "prob",
    "near30",
    "near100",
    "near300",
    "same_province",
    "same_country",
    "text_near100",
    "text_province",
    "text_country",
    "nearest",
    "far",
    "rank_logit",
    "province_holds",
    "country_holds",
]


@dataclass(slots=True)
class Group:
    """The mentions of one name."""

    entry: Entry
    spans: list[Span] = field(default_factory=list)
    weight: float = 0.0  # how sure we are that the mentions are places, 0 to 1
    cue: tuple[str, ...] = ()  # feature codes or classes the first type word at a mention asks for
    container: frozenset[int] = frozenset()  # interned countries and provinces a following or preceding name gives
    positions: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Ranking:
    """Probabilities over each group's candidates, in the order of its entry, and what the choice rested on."""

    groups: list[Group]
    offsets: list[int]
    probs: Floats
    first: Floats
    between: Floats
    second: Floats


def group_spans(spans: list[Span]) -> tuple[list[Group], list[int]]:
    """Groups in order of first mention, and the group of each span."""
    index: dict[str, int] = {}
    groups: list[Group] = []
    of_span: list[int] = []
    for span in spans:
        assert span.entry is not None  # noqa: S101 - spans without candidates never come here
        key = span.entry.key
        at = index.get(key)
        if at is None:
            at = index[key] = len(groups)
            groups.append(Group(span.entry))
        group = groups[at]
        group.spans.append(span)
        group.positions.append(span.first)
        group.weight = max(group.weight, 1.0 / (1.0 + math.exp(-min(max(span.logit, -20.0), 20.0))))
        if not group.cue and not span.fixed:
            group.cue = TYPE_CODES.get(span.cue, ())
        of_span.append(at)
    return groups, of_span


def _cue_matches(group: Group) -> tuple[Floats, Floats]:
    """Whether each candidate is of the kind the group's type word asks for, and whether it is not."""
    entry = group.entry
    if not group.cue:
        none = np.zeros(len(entry), np.float32)
        return none, none
    hits = np.array(
        [place.feature_code in group.cue or place.feature_class in group.cue for place in entry.places], np.float32
    )
    return hits, (1 - hits) * (1.0 if hits.any() else 0.0)


@dataclass(slots=True)
class Context:
    """What the text says about where it is: weights of countries and provinces (interned codes)."""

    countries: dict[int, float]
    provinces: dict[int, float]
    by_group: list[tuple[dict[int, float], dict[int, float]]]
    domain: int = 0  # country of the publisher's address, 0 if it has none
    alone: float = 0.0  # 1 for a sentence alone, 0 for an article
    war: War = NO_WAR
    silent: bool = False  # neither names nor fighters say a country


def context_of(groups: list[Group], atlas: Atlas, domain: str, fighters: Mapping[str, int]) -> Context:
    """Evidence from names of countries and provinces, demonyms and containers; each group's share is kept apart."""
    countries: dict[int, float] = {}
    provinces: dict[int, float] = {}
    by_group: list[tuple[dict[int, float], dict[int, float]]] = []
    for name, count in fighters.items():
        for country in GROUP_COUNTRIES[name]:
            code = atlas.code(country)
            countries[code] = countries.get(code, 0.0) + 0.4 * min(2.0, math.log2(1 + count))
    for group in groups:
        own_c: dict[int, float] = {}
        own_p: dict[int, float] = {}
        says = says_of(group.entry)
        if says.country_share or says.province_share:
            amount = group.weight * min(3.0, math.log2(1 + len(group.spans)))
            if says.country_share:
                own_c[says.country] = amount * says.country_share
            if says.province_share:
                own_p[says.province] = amount * says.province_share
                own_c[says.of_province] = own_c.get(says.of_province, 0.0) + 0.7 * amount * says.province_share
        for code, value in own_c.items():
            if code:
                countries[code] = countries.get(code, 0.0) + value
        for code, value in own_p.items():
            if code:
                provinces[code] = provinces.get(code, 0.0) + value
        by_group.append((own_c, own_p))
    return Context(countries, provinces, by_group, atlas.code(domain) if domain else 0)


def says_of(entry: Entry) -> Says:
    """What a name says about where a text is; the same in every text."""
    if entry.says is None:
        is_country = entry.flags == COUNTRY
        rows = np.flatnonzero((entry.flags == ADM1) & entry.main)
        share = 1.0 if int(is_country.any()) + int(len(rows) > 0) < 2 else 0.5  # Georgia
        entry.says = Says(0, 0.0, 0, 0.0, 0)
        if is_country.any():
            entry.says.country, entry.says.country_share = int(entry.country[is_country][0]), share
        if len(rows):
            best = rows[np.argmax(entry.log_pop[rows])]
            # a province named like its big town (Aleppo, Paris) speaks for the country all the same
            entry.says.province_share = share if len(rows) == 1 else share * 0.7
            entry.says.province, entry.says.of_province = int(entry.admin1[best]), int(entry.country[best])
    return entry.says


def _softmax(logits: Floats, offsets: list[int]) -> Floats:
    starts = np.array(offsets[:-1])
    sizes = np.diff(np.array(offsets))
    top = np.repeat(np.maximum.reduceat(logits, starts), sizes)
    powers = np.exp(logits - top)
    shares: Floats = (powers / np.repeat(np.add.reduceat(powers, starts), sizes)).astype(np.float32)
    return shares


_COLUMN = {name: i for i, name in enumerate(FIRST)}
#: What the country of a text's paper, and a town's rank in its province, is worth: learnt from papers.
_OF_A_PAPER = [_COLUMN[name] for name in ("none_named_us", "is_us", "is_au", "is_ca", "town", "seat")]
_FLAG_COLUMNS = (
    (COUNTRY, "country"), (ADM1, "adm1"), (ADM2, "adm2"), (ADM_LOW, "adm_low"), (CAPITAL, "capital"), (SEAT, "seat"),
    (TOWN, "town"), (WATER, "water"), (REGION, "region"), (OTHER, "other"),
)  # fmt: skip


def facts_of(entry: Entry) -> Floats:
    """The columns of FIRST that a name has in every text, one row a candidate; the others are 0."""
    if entry.facts is None:
        x = np.zeros((len(entry), len(FIRST)), np.float32)
        flags, log_pop, main = entry.flags, entry.log_pop, entry.main
        population = np.expm1(log_pop) + 50.0
        rank = np.arange(len(entry))
        x[:, _COLUMN["log_pop"]] = log_pop / 10
        x[:, _COLUMN["no_pop"]] = log_pop == 0
        x[:, _COLUMN["rel_pop"]] = (log_pop - log_pop.max()) / 5
        # a sum from left to right, as over all names of a text at once
        x[:, _COLUMN["share"]] = population / np.add.reduceat(population, [0])
        x[:, _COLUMN["rank0"]] = rank == 0
        x[:, _COLUMN["rank_log"]] = np.log1p(rank)
        for flag, name in _FLAG_COLUMNS:
            x[:, _COLUMN[name]] = flags == flag
        x[:, _COLUMN["main"]] = main
        x[:, _COLUMN["alias"]] = ~main
        x[:, _COLUMN["folded"]] = entry.tiers == 3
        x[:, _COLUMN["user"]] = entry.tiers == 0
        x[:, _COLUMN["names"]] = entry.names / 3
        x[:, _COLUMN["main_town"]] = main & ((flags == TOWN) | (flags == SEAT) | (flags == CAPITAL))
        x[:, _COLUMN["main_province"]] = main & (flags == ADM1)
        x[:, _COLUMN["main_country"]] = main & (flags == COUNTRY)
        x[:, _COLUMN["big"]] = log_pop > math.log(100_000)
        x[:, _COLUMN["single"]] = len(entry) == 1
        entry.facts = x
    return entry.facts


def _first_features(groups: list[Group], context: Context, atlas: Atlas, offsets: list[int]) -> Floats:
    total = offsets[-1]
    x = np.concatenate([facts_of(g.entry) for g in groups])
    column = _COLUMN
    flags = np.concatenate([g.entry.flags for g in groups])
    country = np.concatenate([g.entry.country for g in groups])
    admin1 = np.concatenate([g.entry.admin1 for g in groups])
    us, gb, au, ca = (atlas.code(c) for c in ("US", "GB", "AU", "CA"))
    # countries and provinces named by other groups
    codes = max(int(country.max()), int(admin1.max())) + 1
    by_country = np.zeros(codes, np.float32)
    by_province = np.zeros(codes, np.float32)
    for code, value in context.countries.items():
        if code < codes:
            by_country[code] = value
    for code, value in context.provinces.items():
        if code < codes:
            by_province[code] = value
    all_countries = sum(context.countries.values())
    all_provinces = sum(context.provinces.values())
    votes_c, votes_p = by_country[country], by_province[admin1]
    rest_c, rest_p = np.full(total, all_countries, np.float32), np.full(total, all_provinces, np.float32)
    for index, group in enumerate(groups):
        a, b = offsets[index], offsets[index + 1]
        own_c, own_p = context.by_group[index]
        if own_c:  # a name is no evidence for itself
            for code, value in own_c.items():
                votes_c[a:b][country[a:b] == code] -= value
            rest_c[a:b] -= sum(own_c.values())
        if own_p:
            for code, value in own_p.items():
                votes_p[a:b][admin1[a:b] == code] -= value
            rest_p[a:b] -= sum(own_p.values())
        if group.container:
            codes_in = list(group.container)
            within = np.isin(admin1[a:b], codes_in) | np.isin(country[a:b], codes_in)
            if within.any():
                x[a:b, column["inside"]] = within
                x[a:b, column["outside"]] = ~within
        if group.cue:
            hits, misses = _cue_matches(group)
            x[a:b, column["cue"]] = hits
            x[a:b, column["cue_miss"]] = misses
            x[a:b, column["cue_adm2"]] = hits * (flags[a:b] == ADM2)
    spoken = rest_c > 0.3
    x[:, column["country_named"]] = votes_c > 0.3
    x[:, column["country_share"]] = np.where(spoken, votes_c / np.maximum(rest_c, 0.3), 0)
    x[:, column["country_strong"]] = votes_c > 1.5
    x[:, column["none_named"]] = ~spoken & (flags == COUNTRY)
    x[:, column["none_named_us"]] = ~spoken & (country == us)
    x[:, column["province_named"]] = votes_p > 0.3
    x[:, column["province_share"]] = np.where(rest_p > 0.3, votes_p / np.maximum(rest_p, 0.3), 0)
    if context.domain:
        x[:, column["domain"]] = country == context.domain
    for name, code in (("is_us", us), ("is_gb", gb), ("is_au", au), ("is_ca", ca)):
        x[:, column[name]] = country == code
    return x


class _Neighbours:
    """What each candidate has near it among the likely candidates of other groups: masks once, sums for each look."""

    def __init__(self, groups: list[Group], offsets: list[int], probs: Floats) -> None:
        total = offsets[-1]
        self.groups, self.offsets, self.total = groups, offsets, total
        self.starts = np.array(offsets[:-1])
        self.sizes = np.diff(np.array(offsets))
        self.group_of = np.repeat(np.arange(len(groups)), self.sizes)
        self.weight = np.array([g.weight for g in groups], np.float32)[self.group_of]
        self.flags = np.concatenate([g.entry.flags for g in groups])
        mass = probs * self.weight
        place = self._places(mass)
        chosen = np.flatnonzero((place < _PER_GROUP) & (mass > 0.01))
        if len(chosen) > _LANDMARKS:
            chosen = np.sort(chosen[np.argsort(-mass[chosen], kind="stable")[:_LANDMARKS]])
        self.chosen = chosen
        self.blocks: list[tuple[int, int, Floats, Floats, Floats]] = []
        if not len(chosen):
            return
        xyz = np.concatenate([g.entry.xyz for g in groups])
        country = np.concatenate([g.entry.country for g in groups])
        admin1 = np.concatenate([g.entry.admin1 for g in groups])
        # countries and continents are too wide to be near anything
        compact = (self.flags[chosen] != COUNTRY) & (self.flags[chosen] != REGION)
        self.compact = compact
        cuts = [math.cos(km / _EARTH_KM) for km in (30, 100, 300)]
        closeness = _closeness(groups)
        size = max(1, 200_000 // len(chosen))
        for a in range(0, total, size):
            b = min(total, a + size)
            other = self.group_of[a:b, None] != self.group_of[chosen][None, :]
            cosine = xyz[a:b] @ xyz[chosen].T
            near = other & compact[None, :]
            provinces = near & (admin1[a:b, None] == admin1[chosen][None, :]) & (admin1[a:b, None] > 0)
            countries = other & (country[a:b, None] == country[chosen][None, :]) & (country[a:b, None] > 0)
            masks = np.array([near & (cosine > cut) for cut in cuts] + [provinces, countries], np.float32)
            close = closeness[self.group_of[a:b]][:, self.group_of[chosen]]
            self.blocks.append((a, b, masks, masks[[1, 3, 4]] * close, np.where(near, cosine, -2.0).astype(np.float32)))

    def _places(self, mass: Floats) -> NDArray[np.int64]:
        """Rank of each candidate within its group."""
        order = np.lexsort((-mass, self.group_of))
        place = np.empty(self.total, np.int64)
        place[order] = np.arange(self.total) - np.repeat(self.starts, self.sizes)
        return place

    def features(self, logits: Floats, probs: Floats) -> Floats:
        """One row a candidate, columns SECOND."""
        x = np.zeros((self.total, len(SECOND)), np.float32)
        mass = probs * self.weight
        x[:, 0] = (logits - np.repeat(np.maximum.reduceat(logits, self.starts), self.sizes)) / 5
        x[:, 1] = probs
        x[:, 12] = np.log1p(self._places(mass))
        if not len(self.chosen):
            return x
        m = mass[self.chosen]
        sure = m > 0.4
        for a, b, masks, close, cosine in self.blocks:
            x[a:b, 2:7] = (masks @ m).T
            x[a:b, 7:10] = (close @ m).T
            best = cosine[:, sure].max(1) if sure.any() else np.full(b - a, -2.0, np.float32)
            x[a:b, 10] = np.where(best > -1.5, np.log1p(np.arccos(np.clip(best, -1, 1)) * _EARTH_KM) / 5, 1.0)
            x[a:b, 11] = (best > -1.5) & (best < math.cos(1500 / _EARTH_KM))
        by_group = np.add.reduceat(mass, self.starts)
        others = np.maximum(by_group.sum() - np.repeat(by_group, self.sizes), 0.5)[:, None]
        x[:, 2:7] = np.log1p(x[:, 2:7]) * 0.5 + x[:, 2:7] / others
        x[:, 7:10] = np.log1p(x[:, 7:10])
        x[:, 13] = x[:, 5] * (self.flags == ADM1)
        x[:, 14] = x[:, 6] * (self.flags == COUNTRY)
        # what stands out is what the group's candidates differ in
        x[:, 2:10] -= 0.5 * np.repeat(np.minimum.reduceat(x[:, 2:10], self.starts, axis=0), self.sizes, axis=0)
        return x


def _closeness(groups: list[Group]) -> Floats:
    """exp(-d / 25) for the least number of words d between mentions of each two groups."""
    count = len(groups)
    firsts = np.array([p for g in groups for p in g.positions[:30]], np.float32)
    owners = np.array([i for i, g in enumerate(groups) for _ in g.positions[:30]])
    order = np.argsort(firsts, kind="stable")
    firsts, owners = firsts[order], owners[order]
    result = np.zeros((count, count), np.float32)
    # mentions further apart than a dozen others add next to nothing
    for shift in range(1, min(12, len(firsts))):
        value = np.exp(-(firsts[shift:] - firsts[:-shift]) / 25)
        np.maximum.at(result, (owners[shift:], owners[:-shift]), value)
        np.maximum.at(result, (owners[:-shift], owners[shift:]), value)
    return result


#: Log-odds taken from what lies outside the country or province a name is said to be in, beyond what was learnt.
_BOUND = 4.0
#: Log-odds taken from a province that is said to lie in itself: "Idlib, the capital of Idlib Province" is the town.
_ITSELF = 6.0


def _containing_itself(groups: list[Group]) -> Floats:
    """1 for each candidate that is the province its own mention is said to be in, where the group has another one."""
    rows = []
    for group in groups:
        row = np.zeros(len(group.entry), np.float32)
        if group.container:
            row[:] = (group.entry.flags == ADM1) & np.isin(group.entry.admin1, list(group.container))
            if row.all():
                row[:] = 0
        rows.append(row)
    return np.concatenate(rows)


def rank(groups: list[Group], context: Context, atlas: Atlas, model: Weights) -> Ranking:
    """Probabilities of all candidates of all groups."""
    offsets = [0]
    for group in groups:
        offsets.append(offsets[-1] + len(group.entry))
    x1 = _first_features(groups, context, atlas, offsets)
    logits = x1 @ model.first
    if context.alone or context.war.countries:
        spoken = 0.0 if context.silent else sum(context.countries.values())
        told = [spoken - sum(own.values()) > 0.3 for own, _ in context.by_group]
        logits += leanings([g.entry for g in groups], told, context.alone, context.war, atlas)
        if context.alone and (context.war.countries or not all(told)):
            elsewhere = np.repeat([not t for t in told], np.diff(offsets)) if not context.war.countries else 1.0
            logits -= context.alone * elsewhere * (x1[:, _OF_A_PAPER] @ model.first[_OF_A_PAPER])
    probs = _softmax(logits, offsets)
    neighbours = _Neighbours(groups, offsets, probs)
    x2 = neighbours.features(logits, probs)
    # a second look: places that others made likely now speak for their neighbours
    better = _softmax(logits + x2 @ model.second, offsets)
    x3 = neighbours.features(logits, better)
    final = logits + x3 @ model.third - _ITSELF * _containing_itself(groups)
    if model.lean:
        final -= _BOUND * x1[:, _COLUMN["outside"]]
    return Ranking(groups, offsets, _softmax(final, offsets), x1, x2, x3)
