"""Noun phrases that speak of armed actors, and whom they mean.

One pass over the words reads phrases (name, nationality + force noun, common noun, pronoun); a second resolves what is
generic to the actor the text is about: the latest fitting one named before, else the most frequent in the text, else the
only sensible one of the countries the text is about. What stays open keeps its words and an empty id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mapper.actors.index import ActorIndex
from mapper.actors.phrases import Phrase, PhraseReader
from mapper.actors.vocabulary import CLASS_ROLES, HEADS, ONE_OF_SEVERAL, ROLE_CLASSES
from mapper.model import Actor, ActorId, Years


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorMention:
    """A span of text that speaks of an actor; ``actor_id`` is "" when it is not known which.

    ``kind``: ``name``; ``force`` (nationality or possessor + force noun: "Iraqi forces"); ``leader``; ``country`` (a
    country or capital by itself, an actor only if it is what acts); ``people`` ("Russians"); ``held`` (the "rebel" of
    "rebel-held" and of "rebel stronghold"); ``group`` (a named group not in the lexicon); ``common`` ("the rebels",
    "government forces"); ``pronoun`` (they, it; and "their forces").
    ``generic`` is true for common nouns and pronouns: ``actor_id`` is then a conclusion from the context.
    """

    start: int
    end: int
    text: str
    actor_id: ActorId
    generic: bool
    kind: str


class _Resolver(PhraseReader):
    """Decides whom the phrases of a text mean; ``past`` when they tell of another year than the text's."""

    past = False

    def resolve(self, phrases: Sequence[Phrase]) -> list[ActorMention]:
        evidence = self._evidence(phrases)
        mentions: list[ActorMention] = []
        history: list[int] = []  # actors in the order they were last spoken of
        subject: int | None = None  # of the sentence before, then of this one
        spoken = False  # this sentence has named its subject
        near: tuple[str, ...] = ()  # home of the country last named in this sentence
        reached = 0
        for phrase in phrases:
            if any(self.opens[reached : phrase.first + 1]):
                spoken, near = False, ()
            reached = phrase.first + 1
            token = self.tokens[phrase.first]
            first = phrase.first
            if (
                first
                and self.tokens[first - 1].article
                and token.gap in {"-", " "}
                and phrase.kind not in {"common", "pronoun"}
            ):
                first -= 1
            start, end = self.tokens[first].start, self.tokens[phrase.last - 1].end
            if self.tokens[phrase.last - 1].possessive:
                end -= 2
            kind = phrase.kind
            number = self._meaning(phrase, history, evidence, subject, near)
            if phrase.weak and number is not None and not self._supported(number, evidence):
                if kind != "force" and not phrase.common:
                    continue
                number = None  # somebody's soldiers, but whose is open
                if phrase.common:
                    kind = "common"
            generic = kind in {"common", "pronoun"} or (kind == "held" and not phrase.options)
            actor_id = ActorId("") if number is None else self.index.actors[number].id
            if number is not None and kind == "country":
                near = self.index.actors[number].countries[:1]
            elif number is not None and self._fights(number, phrase):
                if number in history:
                    history.remove(number)
                history.append(number)
            acts = kind not in {"country", "held"} or self._opens(phrase)
            if number in history and kind != "pronoun" and not spoken and acts:  # the UN alone does not fight
                subject, spoken = number, True
            mentions.append(
                ActorMention(
                    start=start,
                    end=end,
                    text=self.text[start:end],
                    actor_id=actor_id,
                    generic=generic,
                    kind=kind,
                )
            )
        return mentions

    def _fights(self, number: int, phrase: Phrase) -> bool:
        """Not so the United Nations, unless their troops are spoken of."""
        return self.index.actors[number].role != "peacekeepers" or self.key(phrase.last - 1) in HEADS

    def _opens(self, phrase: Phrase) -> bool:
        """Nothing but a word or two of the sentence stands before the mention."""
        return any(self.opens_sentence(at) for at in range(max(0, phrase.first - 1), phrase.first + 1))

    def _evidence(self, phrases: Sequence[Phrase]) -> Counter[int]:
        counts: Counter[int] = Counter()
        for phrase in phrases:
            if phrase.options and not phrase.weak and phrase.kind in {"name", "force", "leader", "held"}:
                best = self._choose(phrase.options, counts, ())
                if best is not None and not (phrase.kind == "force" and not self._fits_class(best, phrase.group)):
                    counts[best] += 1
        return counts

    def _supported(self, number: int, evidence: Counter[int]) -> bool:
        actor = self.index.actors[number]
        if evidence[number] or set(actor.countries[:2]) & set(self.countries):
            return True
        if actor.until and self.year and actor.fought_in(self.year):
            return True
        return any(set(self.index.actors[other].countries[:1]) & set(actor.countries[:1]) for other in evidence)

    def _rank(self, number: int) -> int:
        """How near an actor's countries are to those the text is about: 0 the nearest."""
        own = self.index.actors[number].countries
        ranks = [
            self.countries.index(country) + (0 if country == own[0] else 50)
            for country in own
            if country in self.countries
        ]
        return min(ranks, default=1000)

    def _choose(self, options: Sequence[int], evidence: Counter[int], near: Sequence[str]) -> int | None:
        if not options:
            return None
        if len(options) == 1 or len(set(options)) == 1:
            return options[0]

        def key(number: int) -> tuple[bool, bool, int, int, bool, int]:
            actor = self.index.actors[number]
            local = not set(near) & set(actor.countries)
            gone = not actor.fought_in(self.year)
            # of a state and one before it the text's year decides; without a year, the one that still is
            other_age = not actor.until if self.year else bool(actor.until)
            return gone, local, self._rank(number), -evidence[number], other_age, number

        return min(options, key=key)

    def _fits_class(self, number: int, group: str) -> bool:
        role = self.index.actors[number].role
        if role in {"government", "coalition", "peacekeepers"}:
            return group in {"V", "C", "", "O"} or (group in {"F", "P"} and role != "government")
        return group != "V" or role != "government"

    def _meaning(
        self, phrase: Phrase, history: Sequence[int], evidence: Counter[int], subject: int | None, near: Sequence[str]
    ) -> int | None:
        if phrase.kind == "pronoun":
            return subject if subject is not None or not history else history[-1]
        if phrase.options:
            options = phrase.options
            if self.past and phrase.people and not any(self.index.actors[n].fought_in(self.year) for n in options):
                options = phrase.people  # "the Serbs" of 1914
            best = self._choose(options, evidence, near)
            if best is None or phrase.kind not in {"force", "held"} or self._fits_class(best, phrase.group):
                return best
            if phrase.group in {"F", "O"} and self.index.actors[best].role == "government":
                return None
            return self._of_countries(phrase.group, phrase.head, self.index.actors[best].countries[:1], evidence)
        if phrase.exclusive:
            return None
        return self._generic(phrase, history, evidence)

    def _may_mean(self, number: int, phrase: Phrase) -> bool:
        actor = self.index.actors[number]
        if self.past and not actor.fought_in(self.year):
            return False
        if phrase.head in actor.generic and self._not_of_another_class(phrase.group, phrase.head, actor):
            return True
        if phrase.head in {"jihadists", "jihadis"}:
            return actor.role == "jihadists"
        return phrase.group in ROLE_CLASSES.get(actor.role, "")

    def _not_of_another_class(self, group: str, head: str, actor: Actor) -> bool:
        """Any may be called "the alliance", only one of rebels "the rebel alliance"."""
        return group in ("", HEADS.get(head, "")) or group in ROLE_CLASSES.get(actor.role, "")

    def _generic(self, phrase: Phrase, history: Sequence[int], evidence: Counter[int]) -> int | None:
        local = next((number for number in reversed(history) if self._may_mean(number, phrase)), None)
        if phrase.group == "V":
            homes = self._theatre(evidence)
            if local is not None and (not homes or set(self.index.actors[local].countries[:1]) & set(homes)):
                return local
            chosen = self._of_countries("V", phrase.head, homes, evidence)
            return local if chosen is None else chosen
        if local is not None:
            return local
        ahead = next((number for number, _ in evidence.most_common() if self._may_mean(number, phrase)), None)
        if ahead is not None:
            return ahead
        return self._of_countries(phrase.group, phrase.head, self._theatre(evidence), evidence)

    def _theatre(self, evidence: Counter[int]) -> tuple[str, ...]:
        """The countries the text is about: given, else the homes of the non-state actors it names, else of all."""
        if self.countries:
            return self.countries
        homes: Counter[str] = Counter()
        for number, count in evidence.items():
            actor = self.index.actors[number]
            for country in actor.countries[:1]:
                homes[country] += count * (3 if actor.role not in {"government", "coalition", "peacekeepers"} else 1)
        return tuple(country for country, _ in homes.most_common())

    def _alive(self, numbers: Sequence[int]) -> list[list[int]]:
        """Those who fought in the text's year; without one, those who still fight, then all."""
        actors = self.index.actors
        fought = [number for number in numbers if actors[number].fought_in(self.year)]
        return [fought] if self.year else [[number for number in fought if not actors[number].until], fought]

    def _of_countries(self, group: str, head: str, countries: Sequence[str], evidence: Counter[int]) -> int | None:
        """The actor at home in one of the countries that a common noun means there: one that lists the very noun first."""
        roles = CLASS_ROLES.get(group, ())
        for country in countries:
            home = self._alive(self.index.home.get(country, []))
            for those in home:
                if group in {"R", "I", "M", "J", "G"} or (group == "P" and head not in {"militia", "militias"}):
                    listed = [
                        number
                        for number in those
                        if head in self.index.actors[number].generic
                        and self._not_of_another_class(group, head, self.index.actors[number])
                    ]
                    if head in ONE_OF_SEVERAL and len(listed) > 1 and not any(evidence[n] for n in listed):
                        return None  # "a rebel group": any of them
                    if listed:
                        return max(listed, key=lambda number: (evidence[number], -number))
                for role in roles:
                    fitting = [number for number in those if self.index.actors[number].role == role]
                    if head in ONE_OF_SEVERAL and len(fitting) > 1 and not any(evidence[n] for n in fitting):
                        return None  # "a rebel group": any of them
                    if fitting:
                        return max(fitting, key=lambda number: (evidence[number], -number))
            if group == "C":  # a coalition is at home elsewhere: the only one that fights there
                there = [n for n in self.index.coalitions if country in self.index.actors[n].countries]
                for those in self._alive(there):
                    if len(those) == 1:
                        return those[0]
        return None


_MOST_YEARS = 50  # of a text; a chronicle of more is read as one of its own year


class ActorText:
    """The mentions of a text in its own year, and whom they mean where it tells of another.

    ``countries`` are the ISO codes the text is about, most important first; they decide what "government forces", "the
    rebels" and ambiguous abbreviations mean; so does ``year``, the text's (0: not known).
    """

    def __init__(self, text: str, index: ActorIndex, countries: Iterable[str] = (), year: int = 0) -> None:
        self._resolver = _Resolver(text, index, countries, year)
        self._phrases = self._resolver.phrases()
        self.mentions: tuple[ActorMention, ...] = tuple(self._resolver.resolve(self._phrases))
        self._own = year
        self._others: dict[int, dict[int, ActorMention]] = {}

    def meant(self, mention: ActorMention, years: Years) -> ActorId:
        """The actor of a mention in a sentence about some years: of common nouns one that fought then, "" for nobody known."""
        first, last = years
        if not first or first <= self._own <= last:
            return mention.actor_id
        ends = [self._in_year(year).get(mention.start) for year in dict.fromkeys(years)]
        found = {ActorId("") if twin is None else twin.actor_id for twin in ends}
        if len(found) == 1 and "" not in found:
            return found.pop()
        known = self._resolver.index.by_id.get(mention.actor_id)
        named = mention.kind in {"name", "leader", "country"}
        fought = known is not None and known.since <= last and (not known.until or first <= known.until)
        return mention.actor_id if named or fought else ActorId("")

    def _in_year(self, year: int) -> dict[int, ActorMention]:
        known = self._others.get(year)
        if known is None:
            if len(self._others) >= _MOST_YEARS:
                return {mention.start: mention for mention in self.mentions}
            self._resolver.year, self._resolver.past = year, True
            known = {mention.start: mention for mention in self._resolver.resolve(self._phrases)}
            self._others[year] = known
        return known


def find_actors(
    text: str, index: ActorIndex, countries: Iterable[str] = (), *, year: int = 0
) -> tuple[ActorMention, ...]:
    """The mentions of a whole article's text, sorted; offsets in code points. ``countries`` and ``year`` as of ``ActorText``."""
    return ActorText(text, index, countries, year).mentions
