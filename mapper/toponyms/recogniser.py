"""Place here, or surname, organisation, month, team? Features of a candidate span and the filter's decision.

A feature is a short string; the filter is a logistic regression, so a decision can be read off as a sum of named
weights. Nothing is filtered by what a general entity recogniser would call it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from mapper.toponyms.names import ADM1, ADM2, CAPITAL, COUNTRY, REGION, SEAT, WATER, Entry
from mapper.toponyms.spans import Finder, Span, of_cue
from mapper.toponyms.tokens import Tokens
from mapper.toponyms.weights import Words
from mapper.toponyms.words import (
    CAPTURE_VERBS,
    DAYS,
    MONTHS,
    OF_HEADS,
    PLACE_HEADS,
    word_set,
)


def prior(entry: Entry) -> tuple[str, ...]:
    """Features of a name by itself: what is known under it, and how big."""
    if entry.prior:
        return entry.prior
    flags = set(entry.flags.tolist())
    top = float(entry.log_pop.max())
    main = bool(entry.main.any())
    features = [f"n={min(len(entry), 40).bit_length()}", "main" if main else "alias-only"]
    features += [f"pop>{limit}" for limit in (15_000, 100_000, 500_000, 2_000_000) if top > math.log(limit)]
    best_main = float(entry.log_pop[entry.main].max()) if main else 0.0
    features.append(f"pop={int(top // 1.5)}")
    features.append(f"mainpop={int(best_main // 1.5)}" if main else f"aliaspop={int(top // 1.5)}")
    for flag, name in (
        (COUNTRY, "country"),
        (ADM1, "adm1"),
        (ADM2, "adm2"),
        (CAPITAL, "capital"),
        (SEAT, "seat"),
        (WATER, "water"),
        (REGION, "region"),
    ):
        if flag in flags:
            own = any(f == flag and m for f, m in zip(entry.flags.tolist(), entry.main.tolist(), strict=True))
            features.append(f"has-{name}" if own else f"alias-{name}")
    if flags <= {ADM2}:
        features.append("only-adm2")
    entry.prior = tuple(features)
    return entry.prior


class Recogniser:
    """Features over one text. ``features(span, before)`` may look at the spans accepted to its left."""

    def __init__(self, finder: Finder, words: Words) -> None:
        self.finder = finder
        self.tokens: Tokens = finder.tokens
        self.words = words
        tokens = self.tokens
        self.kinds = tokens.kinds
        self.lower_seen = {word for word, upper in zip(tokens.low, tokens.upper, strict=True) if not upper}
        self.as_person: dict[str, int] = {}
        self.as_place: dict[str, int] = {}
        self.seen: dict[str, int] = {}
        self._evidence()

    def _evidence(self) -> None:
        """How often each word of the text stands after a first name or title, and after a locative preposition."""
        tokens, kinds, gaps, keys = self.tokens, self.kinds, self.tokens.gaps, self.tokens.keys
        person, place, seen = self.as_person, self.as_place, self.seen
        for i in tokens.capitals:
            key = keys[i]
            seen[key] = seen.get(key, 0) + 1
            if i == 0:
                continue
            before, gap = kinds[i - 1], gaps[i - 1]
            if before == "loc" and gap == " ":
                place[key] = place.get(key, 0) + 1
            elif gap in (" ", ". "):
                named = before in ("First", "FirstSur") or (
                    before == "Title" and tokens.low[i - 1] not in ("mayor", "sheriff")
                )
                initial = (
                    len(tokens.words[i - 1]) == 1
                    and gap == ". "
                    and i > 1
                    and kinds[i - 2] in ("First", "FirstSur", "Cap", "Title")
                )
                if named or initial:
                    person[key] = person.get(key, 0) + 1

    def features(self, span: Span, before: list[Span]) -> list[str]:
        tokens, kinds, words = self.tokens, self.kinds, self.words
        low, upper, gaps = tokens.low, tokens.upper, tokens.gaps
        i, j = span.first, span.last
        count = len(low)
        f = list(prior(span.entry)) if span.entry is not None else []
        size = j - i
        add = f.append
        if span.fixed:
            f = ["fixed", span.kind, f"fixed:{span.key}"]
            add = f.append
        add(f"size={min(size, 3)}")
        head = low[i]
        if size == 1 and not span.fixed:
            if head in words.common:
                add("common")
            elif head in words.dictionary:
                add("dictionary")
            if head in self.lower_seen:
                add("seen-lower")
            if head in words.first_names:
                add("first")
            if head in words.surnames:
                add("surname")
            if head in MONTHS or head in DAYS:
                add("date")
            kind = kinds[i]
            if kind in ("Title", "Civic", "Brand", "Direction", "Street", "Placehead"):
                add("self=" + kind)
            if not tokens.shouting and tokens.words[i].isupper():
                add(f"caps{min(len(head), 5)}")
            if len(head) <= 3:
                add(f"short{len(head)}")
            # evidence from the rest of the text
            person, place = self.as_person.get(span.key, 0), self.as_place.get(span.key, 0)
            if person:
                add("doc-person")
                if not place:
                    add("doc-person-only")
            if place > 1 or (place and kinds[i - 1] != "loc"):
                add("doc-place")
            if self.seen.get(span.key, 0) > 2:
                add("often")
        elif not span.fixed:
            if low[j - 1] in PLACE_HEADS:
                add("last=" + low[j - 1])
            elif kinds[j - 1] in ("Sur", "FirstSur") and kinds[i] in ("First", "FirstSur"):
                add("like-person")
            if kinds[i] in ("First", "FirstSur"):
                add("first-first")
            if low[i] in (
                "new",
                "north",
                "south",
                "east",
                "west",
                "san",
                "santa",
                "st",
                "saint",
                "fort",
                "port",
                "mount",
                "lake",
                "los",
                "las",
                "el",
                "al",
            ):
                add("placey-start")
            if kinds[i] == "Direction":
                add("direction-start")
            if all(word in words.common or word in words.dictionary for word in low[i:j]):
                add("all-common")
            if not all(upper[i:j]):
                add("has-lower")
        if tokens.shouting:
            add("shouting")
        # left
        if i == 0:
            add("L=^")
        else:
            gap = gaps[i - 1]
            opened = tokens.opens[i]
            if opened:
                add("opens")
                if size == 1 and (head in words.common):
                    add("opens-common")
            if gap == " " or gap == "\n":  # noqa: PLR1714
                kind = kinds[i - 1]
                add("L=" + kind)
                add("l:" + low[i - 1])
                if low[i - 1] == "of" and i > 1:
                    add("of:" + ("head" if low[i - 2] in OF_HEADS else kinds[i - 2]))
                elif low[i - 1] == "the" and i > 1:
                    add(
                        "the<" + low[i - 2]
                        if low[i - 2] in ("in", "of", "from", "to", "at", "on", "for", "by")
                        else "the<"
                    )
                elif low[i - 1] == "and" and before and before[-1].last == i - 1:
                    add("and-place")
                elif kind in ("First", "FirstSur") and size == 1 and head in words.surnames:
                    add("First+surname")
            elif gap.startswith(","):
                if before and before[-1].last == i:
                    add("after-place-comma")
                else:
                    add("L=,")
                    add("L,=" + kinds[i - 1])
            elif gap == "-":
                add("party-" if low[i - 1] in ("d", "r", "i", "dem", "rep") and upper[i - 1] else "L=-")
            elif gap == ". ":
                add("L=. " + ("initial" if len(low[i - 1]) == 1 else kinds[i - 1] if kinds[i - 1] == "Title" else ""))
            else:
                add("L=" + gap.strip()[:1])
        # right
        if j >= count:
            add("R=$")
        else:
            gap = gaps[j - 1]
            if tokens.text[span.end : span.end + 2] in ("'s", "’s"):
                add("R='s")
                gap = gap[2:]
                if j < count and gap == " " and low[j] not in words.common:
                    add("'s>" + kinds[j])
            if gap == " ":
                kind = kinds[j]
                add("R=" + kind)
                add("r:" + low[j])
                if upper[j] and j + 1 < count and gaps[j] == " ":
                    add("RR=" + kinds[j + 1])
                if kind in ("Sur", "FirstSur", "Cap", "CapCommon") and kinds[i] in ("First", "FirstSur") and size == 1:
                    add("first>Cap")
            elif gap.startswith(","):
                kind = kinds[j]
                nxt = self.finder.at.get(j)
                if nxt and gap == ", ":
                    other = nxt[0]
                    add("," + self._region_class(span, other))
                elif kind == "num":
                    add("R=,num")
                else:
                    add("R=,")
                    if upper[j]:
                        add("R=,Cap")
            elif gap == "-":
                add("R=-")
                add("r-:" + low[j])
            elif gap.startswith((" --", " —", " –", " - ")) and (
                i < 8 or (tokens.opens[i] and tokens.words[i].isupper())
            ):
                add("dateline")
            elif gap.startswith(" ("):
                add("R=(")
            else:
                add("R=" + gap.strip()[:1])
        if (
            i > 0
            and j < count
            and gaps[i - 1] in (" ", ". ")
            and gaps[j - 1] == " "
            and upper[i - 1]
            and upper[j]
            and not tokens.opens[i - 1]
        ):
            add("inside-caps")
        if span.cue:
            add("cue")
            add("cue:" + span.cue)
        return f

    @staticmethod
    def _region_class(span: Span, other: Span) -> str:
        """How the region after a comma relates: contains a candidate of this name, is a region, or is just a name."""
        entry, region = span.entry, other.entry
        if entry is None or region is None:
            return "name"
        mine_countries, mine_provinces = set(entry.country.tolist()), set(entry.admin1.tolist())
        for flag, country, admin1 in zip(
            region.flags.tolist(), region.country.tolist(), region.admin1.tolist(), strict=True
        ):
            if flag == COUNTRY and country in mine_countries:
                return "inside"
            if flag in (ADM1, ADM2) and admin1 in mine_provinces:
                return "inside"
        return "region" if region.flags[0] in (COUNTRY, ADM1) else "name"


def score(features: list[str], weights: Mapping[str, float]) -> float:
    """The log-odds that these features belong to a place."""
    get = weights.get
    total = weights["bias"]
    for feature in features:
        total += get(feature, 0.0)
    return total


#: "the town of X": type words whose X is a place whatever else the word means.
_SETTLEMENTS = word_set(
    "town city village hamlet district province governorate suburb towns cities villages districts provinces"
)
_STANDING = word_set("was is has had fell itself remains remained and")
_SAID_TO_BE, _SAID_BEFORE = 2.0, 1.0


def recognise(
    recogniser: Recogniser, weights: Mapping[str, float], threshold: float, theatre: Collection[str] = ()
) -> list[Span]:
    """Left to right, the longest candidate whose log-odds reach the threshold; shorter ones when it does not.

    ``theatre`` are the countries of the war that a sentence alone is about: a battle there is no surname.
    A name that the text calls a town once ("the town of Hit") is one wherever it stands as a name.
    """
    accepted: list[Span] = []
    finder = recogniser.finder
    skip = -1
    doubtful: list[Span] = []
    assured: set[str] = set()
    for i in sorted(finder.at):
        if i < skip:
            continue
        for span in finder.at[i]:
            if not prepare(span, finder):
                continue
            span.features = recogniser.features(span, accepted)
            span.logit = score(span.features, weights)
            if span.cue in _SETTLEMENTS and span.logit < _SAID_TO_BE and said_to_be(span, finder.tokens):
                span.logit = _SAID_TO_BE
                assured.add(span.key)
            if theatre and span.logit < _SAID_BEFORE and of_a_battle(span, finder.tokens, theatre, recogniser.words):
                span.logit = _SAID_BEFORE
            if span.logit >= threshold:
                accepted.append(span)
                skip = span.last
                break
            doubtful.append(span)
    if assured:
        taken = {i for span in accepted for i in range(span.first, span.last)}
        for span in (*accepted, *doubtful):
            if span.key in assured and span.logit < _SAID_BEFORE and stands_as_a_name(span, finder.tokens):
                span.logit = _SAID_BEFORE
                if not taken & set(range(span.first, span.last)):
                    accepted.append(span)
        accepted.sort(key=lambda span: span.first)
    return accepted


_BATTLE_AT = word_set("at near outside around before")
_BATTLE_OF = word_set("battle siege fall capture relief recapture sack storming defence defense loss")
_FALLS = word_set("fell surrendered capitulated")


def of_a_battle(span: Span, tokens: Tokens, theatre: Collection[str], lexicon: Words) -> bool:
    """Whether a name that only places of a war's countries bear stands where its battles do: "at Caporetto", "X fell"."""
    i, j, low = span.first, span.last, tokens.low
    if span.entry is None or not {place.country for place in span.entry.places} <= set(theatre):
        return False
    if j < len(low) and tokens.upper[j] and tokens.gaps[j - 1] in (" ", "-"):
        return False  # the first name of somebody
    if tokens.opens[i]:
        return j < len(low) and low[j] in _FALLS and tokens.gaps[j - 1] == " "
    if i == 0 or tokens.gaps[i - 1] != " " or tokens.upper[i - 1]:
        return False
    if low[i - 1] == "of":
        return i > 1 and low[i - 2] in _BATTLE_OF
    return low[i - 1] in _BATTLE_AT or (low[i - 1] in CAPTURE_VERBS and low[i] not in lexicon.surnames)


def said_to_be(span: Span, tokens: Tokens) -> bool:
    """Whether "the town of X" says that X is a place."""
    i, low = span.first, tokens.low
    if tokens.shouting or i < 2 or span.entry is None or tokens.opens[i] or tokens.gaps[i - 1] != " ":
        return False
    if span.last < len(low) and tokens.upper[span.last] and tokens.gaps[span.last - 1] in (" ", "-"):
        return False  # the "Ras" of "the town of Ras Lanuf"
    return low[i - 1] == "of" and low[i - 2] in _SETTLEMENTS and not tokens.upper[i - 2]


def stands_as_a_name(span: Span, tokens: Tokens) -> bool:
    """Whether a word that is also an everyday word has its capital for being a name, not for opening a sentence."""
    i, j = span.first, span.last
    following = tokens.low[j] if j < len(tokens) else ""
    if tokens.opens[i]:
        return following in _STANDING or tokens.text[span.end : span.end + 2] in ("'s", "’s")
    joined = (i > 0 and tokens.upper[i - 1] and tokens.gaps[i - 1] == " ") or (
        j < len(tokens) and tokens.upper[j] and tokens.gaps[j - 1] == " "
    )
    return not joined or tokens.kinds[i - 1] == "capture"


def prepare(span: Span, finder: Finder) -> bool:
    """Candidates and governing type word of a span are filled in; False when the name has none."""
    if span.entry is None:
        span.entry = finder.atlas.entry(span.key)
        if span.entry is None:
            return False
    if not span.cue and not span.fixed:
        span.cue = of_cue(finder.tokens, span)
    return True
