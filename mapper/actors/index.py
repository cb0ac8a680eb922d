"""The names of a lexicon as a trie over folded words."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from mapper.actors.vocabulary import HEADS, MODIFIERS
from mapper.model import Actor, ActorId

WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W_]+(?:['’‘ʼʿʾ`][^\W_]+)*")
_PARTS = re.compile(f"({WORD.pattern})")
_MARKS = str.maketrans("", "", "'’‘ʼʿʾ`.")
# Arabic articles: dropped from names and from text, so that al-Nusra, an-Nusra and Nusra are one.
_ARTICLES = frozenset({"al", "el"})
_HYPHEN_ARTICLES = frozenset({"an", "ar", "as", "ash", "at", "ad", "az", "ez", "es", "ul"})
_ANY_ARTICLE = _ARTICLES | _HYPHEN_ARTICLES
# Words of no one's name: the "Allied forces" are those of one war, others are only allied.
_COMMON = frozenset({*HEADS, *MODIFIERS, "republican", "union", "internationally", "recognised", "recognized"}) - {
    "allied"
}


@dataclass(slots=True)
class Token:
    """A word of a text: ``key`` is folded, ``gap`` what stands between it and the word before."""

    start: int
    end: int
    text: str
    key: str
    gap: str
    possessive: bool
    article: bool


@lru_cache(maxsize=1 << 15)
def fold(word: str) -> tuple[str, bool]:
    """The folded word without a possessive ending, and whether it had one."""
    low = word.lower()
    possessive = low.endswith(("'s", "’s", "‘s"))
    if possessive:
        low = low[:-2]
    if not low.isascii():
        decomposed = unicodedata.normalize("NFKD", low)
        low = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return low.translate(_MARKS), possessive


def tokens_of(text: str) -> list[Token]:
    tokens: list[Token] = []
    add, folded, any_article = tokens.append, fold, _ANY_ARTICLE
    parts = iter(_PARTS.split(text))  # gap, word, gap, word, …, gap
    end = 0
    for gap, word in zip(parts, parts, strict=False):
        start = end + len(gap)
        end = start + len(word)
        key, possessive = folded(word)
        article = False
        if key in any_article:
            behind = text[end : end + 1]
            if key in _ARTICLES:
                article = behind in {"-", " ", "‑"}
            else:
                article = behind == "-" and text[end + 1 : end + 2].isupper()
        add(Token(start, end, word, key, gap, possessive, article))
    return tokens


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of a name. ``cases`` has a letter a word: U as written, C capital first, l any.

    A name is ``common`` that many an army of the world is called by: "Union forces", "Shiite militias".
    """

    actor: int
    flag: str  # name, adjective, metonym, leader
    cases: tuple[tuple[str, str], ...]
    common: bool


@dataclass(slots=True)
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)


def _is_common(name: str) -> bool:
    keys = [token.key for token in tokens_of(name)]
    return bool(keys) and all(key in HEADS or key in MODIFIERS or key == "the" for key in keys)


_PEOPLES = {
    "Kurdish": "Kurds",
    "Turkish": "Turks",
    "Polish": "Poles",
    "Finnish": "Finns",
    "Spanish": "Spaniards",
    "Danish": "Danes",
    "Swedish": "Swedes",
    "Serbian": "Serbs",
    "Croatian": "Croats",
    "British": "Britons",
}


def _people(adjective: str) -> str:
    """Those whom an adjective is of: Russian, Russians; Kurdish, Kurds; "" where the language has no such word."""
    return _PEOPLES.get(adjective) or (f"{adjective}s" if adjective.endswith(("n", "i", "b", "t", "k", "g")) else "")


def _case(word: str) -> str:
    letters = [letter for letter in word if letter.isalpha()]
    if len(letters) > 1 and all(letter.isupper() for letter in letters):
        return "U"
    return "C" if word[:1].isupper() else "l"


class ActorIndex:
    """What find_actors looks names up in. Earlier actors win where a name means several and the text does not say."""

    def __init__(self, actors: Sequence[Actor]) -> None:
        self.actors: tuple[Actor, ...] = tuple(actors)
        self.by_id: dict[ActorId, Actor] = {actor.id: actor for actor in self.actors}
        self.number: dict[ActorId, int] = {actor.id: number for number, actor in enumerate(self.actors)}
        self.governments: dict[str, int] = {}
        self.home: dict[str, list[int]] = defaultdict(list)
        self.coalitions = tuple(number for number, actor in enumerate(self.actors) if actor.role == "coalition")
        self.plain_openers: set[str] = set()  # first words of names that need no capital there
        self._root = _Node()
        for number, actor in enumerate(self.actors):
            if not (actor.role or actor.countries or actor.aliases) and _is_common(actor.name):
                continue  # "Army", a table's party: in a text the words mean whom the text is about
            named = {
                "name": tuple(
                    name for name in dict.fromkeys((actor.name, *actor.aliases)) if name not in actor.metonyms
                ),
                "adjective": actor.adjectives,
                "metonym": actor.metonyms,
                "leader": actor.leaders,
                "people": tuple(people for word in actor.adjectives if (people := _people(word))),
            }
            for flag, words in named.items():
                for word in words:
                    self._add(word, number, flag)
            for country in actor.countries[:1]:
                self.home[country].append(number)
                if actor.role == "government":
                    self.governments.setdefault(country, number)

    def _add(self, name: str, number: int, flag: str) -> None:
        words = [token for token in tokens_of(name) if not token.article]
        if not words:
            return
        node = self._root
        for token in words:
            node = node.children.setdefault(token.key, _Node())
        cases = tuple((_case(token.text), token.text) for token in words)
        if cases[0][0] == "l":
            self.plain_openers.add(words[0].key)
        common = flag == "name" and cases[-1][0] == "l" and all(token.key in _COMMON for token in words)
        node.entries.append(Entry(number, flag, cases, common))

    def starts(self, key: str) -> bool:
        return key in self._root.children

    def longest(self, tokens: Sequence[Token], at: int) -> tuple[int, tuple[Entry, ...]]:
        """The longest name that starts at a token: the token after it, and its meanings (``at``, () for none)."""
        node = self._root
        if tokens[at].key not in node.children:
            return at, ()
        best: tuple[int, tuple[Entry, ...]] = (at, ())
        index = at
        matched: list[Token] = []
        while index < len(tokens):
            token = tokens[index]
            if index > at and token.gap not in _INNER:
                break
            if token.article and matched:
                index += 1
                continue
            child = node.children.get(token.key)
            if child is None:
                break
            node = child
            matched.append(token)
            index += 1
            if node.entries:
                fitting = tuple([entry for entry in node.entries if _fits(entry, matched)])
                if fitting:
                    best = (index, fitting)
            if token.possessive and index < len(tokens) and not node.children:
                break
        return best


_INNER = frozenset({" ", "-", "‑", "–", " – ", " - ", "\n", " “", ' "', " -", "- ", "/", " (", " ‘", "' ", "’ "})


def _fits(entry: Entry, matched: Sequence[Token]) -> bool:
    for token, (case, written) in zip(matched, entry.cases, strict=True):
        if case == "l":
            continue
        if case == "U" and (token.text[:-2] if token.possessive else token.text) != written:
            return False
        if case == "C" and not token.text[:1].isupper():
            return False
    return True
