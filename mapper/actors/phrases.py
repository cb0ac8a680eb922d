"""Noun phrases that speak of armed actors, read word by word; whom they mean is decided elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from mapper.actors.index import ActorIndex, Entry, tokens_of
from mapper.actors.vocabulary import (
    ACTS,
    APART,
    BARE,
    DEFINITE,
    DETERMINERS,
    HEADS,
    HELD,
    HELD_PLACES,
    HOLD_NOUNS,
    HOLDERS,
    LINKED,
    MODIFIERS,
    OPENERS,
    TITLES,
    UNIT_NOUNS,
    UNITS,
)

_LONGEST = 16  # words of a noun phrase; bounds the work on hostile text
_LOYAL = frozenset([("loyal", "to"), ("led", "by"), ("commanded", "by"), ("answering", "to"), ("belonging", "to")])
_SIDING = frozenset([("aligned", "with"), ("allied", "with"), ("allied", "to"), ("affiliated", "with")])
_WINGS = frozenset(["wing", "wings", "arm"])
_BEFORE_HELD = frozenset(
    {"under", "in", "to", "from", "of", "into", "back", "full", "total", "complete", "firm", "outside"}
)
_ENGLISH = frozenset({"IS", "US", "FACT", "MODEL", "CAR"})  # abbreviations that are words
_SURNAMES = frozenset(
    {"taylor", "abbas", "hadi", "bashir", "saleh", "rabbani", "massoud", "masood", "doe"}
)  # of many people
_RULERS = frozenset({"government", "regime", "authorities", "administration", "junta"})
_PRONOUNS = frozenset({"they", "it"})
_OF_GROUPS = frozenset({"front", "movement", "army", "union", "alliance", "coalition"})
_ORDINAL = re.compile(
    r"\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
)
_PLAIN_GAPS = frozenset({" ", ", ", "-"})  # the usual ones without an end
_ENDS = re.compile(r"""[.!?:“"]|\u2029|\n\s*\n""")
# Abbreviations that mean other things too (a news agency, a port): they count only where the text supports them.
_WEAK = frozenset(
    [
        "AFP",
        "AA",
        "TIP",
        "ISM",
        "UPC",
        "CPC",
        "SAC",
        "PDF",
        "PDFs",
        "GNU",
        "FACT",
        "MODEL",
        "BIR",
        "KDP",
        "PLA",
        "ANA",
        "OPM",
        "SLA",
        "AU",
        "EMC",
        "AGC",
        "BLA",
        "CSP",
        "TDF",
        "NDF",
        "DPR",
        "ISF",
        "CMA",
        "NRF",
        "RCD",
        "ADF",
        "SNA",
        "UCK",
        "NTC",
    ]
)
_SPACES = frozenset({" ", "-", "‑", "\n", "–"})
_NO_VERB_OBJECT = frozenset("him her them it us you me the a an many people residents".split())  # noqa: SIM905
_CALENDAR = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "the",
        "a",
        "an",
        "in",
        "on",
        "at",
        "by",
        "after",
        "before",
        "but",
        "and",
        "when",
        "while",
        "as",
        "for",
        "since",
    ]
)
_OWNED_FORCES = frozenset({"forces", "troops", "fighters", "soldiers", "army", "militia", "militiamen", "military"})
_NOT_FORCES = frozenset({"jet", "fire", "market", "natural", "driving", "work"})
_MEMBERS = frozenset(
    [
        "fighters",
        "militants",
        "rebels",
        "insurgents",
        "members",
        "troops",
        "soldiers",
        "forces",
        "gunmen",
        "jihadists",
        "elements",
        "guerrillas",
    ]
)
_WORDS = frozenset({*HEADS, *MODIFIERS, "pro", "anti"})
_OPENING = _WORDS | _PRONOUNS


@dataclass(slots=True)
class Phrase:
    """A mention before it is resolved: the candidates its words allow, or the class of its common noun."""

    first: int
    last: int  # token after
    kind: str
    options: tuple[int, ...] = ()
    group: str = ""  # class of the common noun
    head: str = ""
    country: str = ""
    weak: bool = False  # an abbreviation, or a name of common words, that needs other evidence
    common: bool = False  # a name of common words
    people: tuple[int, ...] = ()  # whom the name means as a nation's, in years when none of the options fought
    exclusive: bool = False  # nationality without a matching actor: not to be resolved from context


class PhraseReader:
    """Reads the phrases of one text in one pass."""

    def __init__(self, text: str, index: ActorIndex, countries: Iterable[str], year: int = 0) -> None:
        self.text = text
        self.index = index
        self.year = year
        self.countries = tuple(dict.fromkeys(countries))
        self.tokens = tokens_of(text)
        self.count = len(self.tokens)
        self.opens = [token.gap not in _PLAIN_GAPS and _ENDS.search(token.gap) is not None for token in self.tokens]
        if self.opens:
            self.opens[0] = True

    def key(self, at: int) -> str:
        return self.tokens[at].key if 0 <= at < self.count else ""

    def near(self, at: int) -> bool:
        """The token continues the phrase of the one before: a space or a hyphen between them, and no possessive end."""
        return 0 < at < self.count and self.tokens[at].gap in _SPACES

    def capital(self, at: int) -> bool:
        return 0 <= at < self.count and self.tokens[at].text[:1].isupper()

    def opens_sentence(self, at: int) -> bool:
        return self.opens[at]

    def phrases(self) -> list[Phrase]:
        found: list[Phrase] = []
        at = 0
        floor = 0
        for candidate in self._candidates():
            if candidate < at:
                continue
            at = candidate
            token = self.tokens[at]
            key = token.key
            read: list[Phrase] = []
            known = key in _WORDS or self.index.starts(key)
            if known:
                read = self.noun_phrase(at, floor)
            if not read and token.text[0].isupper():
                if not known and key not in OPENERS and key not in _PRONOUNS and not self._name_goes_on(at):
                    continue
                read = self.unknown_name(at)
            if not read and key in _PRONOUNS:
                read = [Phrase(at, at + 1, "pronoun", head=key)]
            if read:
                found.extend(read)
                at = floor = max(at + 1, read[-1].last)
        return found

    def _candidates(self) -> list[int]:
        """The tokens a phrase may start at: words that open one, and capitals."""
        openers = self.index.plain_openers | _OPENING
        return [at for at, token in enumerate(self.tokens) if token.key in openers or token.text[0].isupper()]

    def lookup(self, at: int) -> tuple[int, dict[str, tuple[int, ...]], tuple[Entry, ...]]:
        end, entries = self.index.longest(self.tokens, at)
        if not entries:
            return end, {}, ()
        if len(entries) == 1:
            return end, {entries[0].flag: (entries[0].actor,)}, entries
        flags: dict[str, tuple[int, ...]] = {}
        for entry in entries:
            flags[entry.flag] = (*flags.get(entry.flag, ()), entry.actor)
        return end, flags, entries

    def noun_phrase(self, first: int, floor: int) -> list[Phrase]:
        """Everything that may stand before a force noun, and the noun; or a name by itself."""
        at = first
        names: tuple[int, ...] = ()
        people: tuple[int, ...] = ()
        owners: tuple[int, ...] = ()  # nationality or possessor
        others: list[tuple[int, int, tuple[int, ...]]] = []  # earlier owners, joined by "and"
        owner_from = first
        group = head = ""
        head_end = name_end = country_end = country_from = 0
        apart = False
        metonym = leader = ()  # type: tuple[int, ...]
        linked = False
        led_by: tuple[int, ...] = ()  # the X of "X-led", "X-dominated"
        weak = common = False
        while at < min(self.count, first + _LONGEST) and (
            at == first or self.near(at) or (self.tokens[at].gap in {' "', " “", " ‘"} and owners)
        ):
            token = self.tokens[at]
            key = token.key
            if key in {"pro", "anti"} and self.near(at + 1) and self.tokens[at + 1].gap == "-":
                end, flags, _ = self.lookup(at)
                if flags.get("name"):
                    names, name_end, at = flags["name"], end, end
                    continue
                if flags.get("adjective"):
                    owners = flags["adjective"]
                    at = end
                    continue
                group = group or self._pro(at)
                if not group:
                    end, whom, _ = self.lookup(at + 1)
                    party = whom.get("leader", ()) or whom.get("adjective", ()) or whom.get("name", ())
                    if key == "pro":
                        owners = owners or party
                        group = "V" if whom.get("leader") else group
                    elif party:
                        apart = True  # "anti-Taliban alliance": somebody, but not who
                    at = max(end, at + 2)
                    continue
                at += 2
                continue
            if self.index.starts(key):
                end, flags, entries = self.lookup(at)
                if end > at:
                    behind = self.key(end)
                    hyphen = self.near(end) and self.tokens[end].gap in {"-", "‑"}
                    if hyphen and behind in HELD and behind not in LINKED | {"led"} and not head:
                        return [
                            Phrase(at, end, "held", tuple(number for numbers in flags.values() for number in numbers))
                        ]
                    if hyphen and behind in LINKED and not flags.get("held"):
                        if behind in HELD and self.key(end + 1) not in HEADS:
                            return [
                                Phrase(
                                    at, end, "held", tuple(number for numbers in flags.values() for number in numbers)
                                )
                            ]
                        linked = True
                        if behind in {"led", "dominated"}:
                            led_by = led_by or flags.get("name", ()) or flags.get("adjective", ())
                        at = end + 1
                        continue
                    possessive = self.tokens[end - 1].possessive
                    if self._shouted(at, end):
                        break
                    if flags.get("name") and not head:
                        names, people = flags["name"], flags.get("people", ())
                        common = any(entry.common for entry in entries)
                        weak = common or (
                            all(case == "U" for entry in entries for case, _ in entry.cases)
                            and self.tokens[end - 1].text in _WEAK
                        )
                        name_end = at = end
                        if possessive:
                            at = name_end = self._unit(end)
                            if at == end and self.key(end) not in HEADS and self.key(end) not in MODIFIERS:
                                break
                        continue
                    if flags.get("adjective") and not head:
                        if owners and not names and owner_from < at and self.key(at - 1) == "and":
                            pass
                        owners = flags["adjective"]
                        at = end
                        if (
                            _ORDINAL.fullmatch(self.key(at)) and (numbered := self._unit(at)) > at
                        ):  # "the American Third Army"
                            group = group or "O"
                            head = self.key(numbered - 1)
                            at = head_end = numbered
                            if self.tokens[at - 1].possessive:
                                break
                            continue
                        if not (
                            self.near(at)
                            and (self.key(at) in HEADS or self.key(at) in MODIFIERS or self.index.starts(self.key(at)))
                        ):
                            joined = self.near(at) and self.key(at) == "and" and self.near(at + 1)
                            if joined:
                                others.append((owner_from, at, owners))
                                owner_from = at = at + 1
                                continue
                        continue
                    if head or names:
                        break
                    if flags.get("metonym"):
                        metonym, country_from, country_end = flags["metonym"], at, end
                    if flags.get("leader"):
                        leader, country_from, country_end = flags["leader"], at, end
                        weak = weak or (end == at + 1 and token.key in _SURNAMES)
                    if flags.get("people") and not head and not owners:
                        return [Phrase(at, end, "people", flags["people"])]
                    governs = metonym and self.near(end) and self.key(end) in _RULERS
                    if governs or (
                        possessive and (self.key(end) in HEADS or self.key(end) in MODIFIERS or self._owned(end))
                    ):
                        owners = metonym or leader
                        at = end
                        continue
                    if at == first or owners:
                        at = end
                    break
            if key in HOLDERS and not head and not names and self.near(at + 1) and self._is_held(at + 1):
                return [Phrase(at, at + 1, "held", owners, group=MODIFIERS.get(key, "V"), head=key)]
            if key in HEADS and self.key(at + 1) in _WINGS and not owners and not names:
                return []  # "its military wing": whose, the words before say
            if key in HEADS and not (key in MODIFIERS and self._more(at + 1)):
                if key == "forces" and at == first and self.key(at + 1) in _NO_VERB_OBJECT:
                    break
                if key == "police" and at == first:
                    break
                group = group or HEADS[key]
                head = key
                at += 1
                head_end = at
                if token.possessive:
                    break
                continue
            if key in UNITS and owners and not head and not names and not self.capital(at):
                group = group or "O"
                head = key
                at += 1
                head_end = at
                if token.possessive:
                    break
                continue
            if key in MODIFIERS and not head:
                if (
                    self.near(at + 1)
                    and self.tokens[at + 1].gap in {"-", "‑"}
                    and self.key(at + 1) in HELD
                    and self.key(at + 1) != "led"
                ):
                    if key in HOLDERS and at == first:
                        return [Phrase(at, at + 1, "held", group=MODIFIERS[key], head=key)]
                    break
                group = group or MODIFIERS[key]
                apart = apart or key in APART
                at += 1
                if self.near(at) and self.tokens[at].gap == "-" and self.key(at) in LINKED:
                    linked = True
                    at += 1
                continue
            if key == "and" and at > first and not head and not names and (owners or group) and self._more(at + 1):
                others.append((owner_from, at, owners))
                owner_from = at = at + 1
                owners = ()
                continue
            if (head or names) and key in HEADS:
                at += 1
                continue
            break
        if names:
            last = max(name_end, head_end)
            phrase = Phrase(first, last, "name", names, weak=weak, common=common, head=head, people=people)
            return self._tail(phrase, head)
        if head:
            if self.capital(head_end - 1) and self.near(head_end) and self.capital(head_end) and not owners:
                return []  # "Military Airport"
            if led_by and not owners:
                return self._tail(Phrase(first, head_end, "force", led_by, head=head), head)
            named = first
            if not owners and not others and first > floor and not linked:
                first = self._named_before(first, floor)
            kind = "force" if owners or first < named else "common"
            phrase = Phrase(owner_from if others else first, head_end, kind, owners, group=group, head=head, weak=weak)
            if kind == "force" and not owners:
                phrase.kind, phrase.exclusive = "group", True
            phrase.exclusive = phrase.exclusive or apart
            if kind == "common" and self.key(head_end - 1) in _OWNED_FORCES and head_end == first + 1:
                if self.key(first - 1) in {"its", "their", "his"}:
                    phrase.kind, phrase.head = "pronoun", "their"
                elif self.key(first - 1) in _NOT_FORCES:
                    return []
            if kind == "common" and head_end == owner_from + 1 and not self._stands_alone(owner_from, head):
                return []
            before = [
                Phrase(start, end, "force" if numbers else "common", numbers, group=group, head=head)
                for start, end, numbers in others
            ]
            return [*before, *self._tail(phrase, head)]
        if (metonym or leader) and country_end:
            return [Phrase(country_from, country_end, "country" if metonym else "leader", metonym or leader, weak=weak)]
        held = owners and not group and at > first and self.near(at) and self.key(at) in HOLD_NOUNS
        if held and self.key(first - 1) in _BEFORE_HELD:
            return [Phrase(first, at, "held", owners)]
        return []

    def _pro(self, at: int) -> str:
        word = self.key(at + 1)
        if self.key(at) == "pro":
            return "V" if word in {"government", "regime", "state", "junta"} else ""
        return "R" if word in {"government", "regime", "state", "junta"} else ""

    def _shouted(self, at: int, end: int) -> bool:
        """A word in the middle of a line in capitals: "TOWN IS THEIRS" names nobody."""
        if end != at + 1 or self.tokens[at].text not in _ENGLISH:
            return False
        beside = (self.tokens[n].text for n in (at - 1, at + 1) if 0 <= n < self.count)
        return all(len(word) > 1 and word.isupper() for word in beside)

    def _more(self, at: int) -> bool:
        """The phrase goes on at this token."""
        if not self.near(at):
            return False
        key = self.key(at)
        if key in HEADS or (key in MODIFIERS and (self.key(at + 1) in HEADS or self.key(at + 1) in MODIFIERS)):
            return True
        end, flags, _ = self.lookup(at) if self.index.starts(key) else (at, {}, ())
        return (
            bool(flags.get("adjective")) and self.near(end) and (self.key(end) in HEADS or self.key(end) in MODIFIERS)
        )

    def _owned(self, at: int) -> bool:
        return self.near(at) and self.capital(at) and self.key(at) in UNIT_NOUNS

    def _unit(self, at: int) -> int:
        """The end of a unit after a possessive: "4th Mechanized Division", "Republican Guard"."""
        for end in range(at, min(at + 5, self.count)):
            if not self.near(end):
                break
            if self.key(end) in UNIT_NOUNS and (self.capital(end) or end == at):
                return end + 1
            if not (self.capital(end) or self.tokens[end].text[:1].isdigit()):
                break
        return at

    def _named_before(self, first: int, floor: int) -> int:
        """Take in the unknown owner of a force noun: "Saleh's troops", "Mutebutsi fighters"."""
        at = first
        while at > max(floor, first - 5) and self.near(at):
            before = self.tokens[at - 1]
            if not (before.text[:1].isupper() or before.article) or before.key in _CALENDAR:
                break
            if self.opens_sentence(at - 1) and not before.possessive and at == first:
                break
            at -= 1
            if before.possessive and at < first - 1:
                at += 1
                break
        return at

    def _stands_alone(self, at: int, head: str) -> bool:
        before = self.key(at - 1) if self.near(at) or (at and self.tokens[at].gap.strip(" \n'\"“”‘’") == "") else ""
        if head in DEFINITE and head not in BARE:
            return before in DETERMINERS
        if head not in BARE:
            return False
        return not (
            head in {"government", "military", "army", "opposition"}
            and before not in DETERMINERS
            and not self.opens_sentence(at)
        )

    def _tail(self, phrase: Phrase, head: str) -> list[Phrase]:
        """What may follow: "loyal to President X", "of Jabhat al-Nusra", "from the Islamic State"."""
        at = phrase.last
        bound = (self.key(at), self.key(at + 1)) if head else ("", "")
        if bound[1] == "by" and phrase.kind != "common":
            bound = ("", "")  # "Iraqi forces led by the US" stay Iraq's
        if bound in _LOYAL or bound in _SIDING:
            end = at + 2
            while self.near(end) and self.key(end) in TITLES:
                end += 1
            found, flags, _ = self.lookup(end) if end < self.count else (end, {}, ())
            whom = flags.get("leader", ()) or flags.get("name", ())
            if bound in _SIDING:  # "allied to Turkey": not Turkey's
                if not whom or self.index.actors[whom[0]].role in {"government", "coalition"}:
                    return [phrase]
            else:
                whom = whom or flags.get("metonym", ()) or flags.get("adjective", ())
            if whom:
                return [replace(phrase, last=found, options=whom, kind="force", group="")]
            if self.key(end) in {"government", "regime", "state"}:
                return [replace(phrase, last=end + 1, group="V")]
            stop = end
            while self.capital(stop) and self.near(stop) and stop < end + 4:
                stop += 1
            if stop > end:
                return [replace(phrase, last=stop, kind="group", exclusive=True)]
        if head in _MEMBERS and self.key(at) in {"of", "from"} and phrase.kind != "name":
            start = at + 2 if self.key(at + 1) == "the" else at + 1
            if start < self.count and self.capital(start):
                end, flags, _ = self.lookup(start)
                if flags.get("name"):
                    return [replace(phrase, last=end, options=flags["name"], kind="name", exclusive=False)]
                inner = self.noun_phrase(start, start) if not flags.get("people") else []
                if inner and inner[-1].kind == "force" and inner[-1].options:
                    return [replace(inner[-1], first=phrase.first)]
                unknown = self.unknown_name(start)
                if unknown:
                    return [replace(phrase, last=unknown[-1].last, kind="group", exclusive=True)]
        return [phrase]

    def _is_held(self, at: int) -> bool:
        """The token is a place or a grip that the word before names the holder of: "rebel base", "army control"."""
        if self.capital(at):
            return False  # "Local Government Area"
        return self.key(at) in HELD_PLACES or self.key(at) in HOLD_NOUNS or self.key(at) in ACTS

    def _name_goes_on(self, at: int) -> bool:
        """The next word is a capital too, or joins capitals: without it there is no unknown name."""
        if at + 1 >= self.count:
            return False
        after = self.tokens[at + 1]
        return after.gap in _SPACES and (after.text[0].isupper() or after.key in {"of", "for", "the"})

    def unknown_name(self, first: int) -> list[Phrase]:
        """A group the lexicon lacks: Liwa Xyz, the Xyz Brigade, Front for the Liberation of Xyz."""
        token = self.tokens[first]
        if token.key in OPENERS and not token.possessive:
            end = first + 1
            while (
                end < min(first + 6, self.count) and self.near(end) and (self.capital(end) or self.tokens[end].article)
            ):
                end += 1
            while end > first + 1 and self.tokens[end - 1].article:
                end -= 1
            return [Phrase(first, end, "group", exclusive=True)] if end > first + 1 else []
        if token.key in _CALENDAR:
            return []
        end = first
        last = 0
        while (
            end < min(first + 7, self.count)
            and (end == first or self.near(end))
            and (self.capital(end) or self.key(end) in {"of", "for", "the"})
        ):
            if self.key(end) in UNIT_NOUNS and self.capital(end) and end > first:
                last = end + 1
            if self.tokens[end].possessive and end > first:
                break
            if end > first and self.index.starts(self.key(end)) and self.lookup(end)[1].get("name"):
                return []
            end += 1
        if self.key(first) in _OF_GROUPS and self.key(first + 1) in {"for", "of"} and end > first + 2:
            while not self.capital(end - 1):
                end -= 1
            last = max(last, end)
        if not last or self.key(last - 1) == "party":
            return []
        if self.key(first) in UNIT_NOUNS and last == first + 1:
            return []
        return [Phrase(first, last, "group", exclusive=True)]
