"""Keys of names: the exact-match key, the transliteration fold, and their 64-bit hashes.

Every function works on many names at once, joined by newlines, because the tables hold most of a million of them and a
document has thousands of n-grams. None of them lets a name influence its neighbour, so ``many(a + b)`` equals
``many(a) + many(b)``; tests hold that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

_APOSTROPHES = "'’‘`´ʹʻʼʽʾʿˈˊˋ′‛＇\"“”„«»ʺ″ـ\u200b\u200c\u200d\u200e\u200f\ufeff."
_SEPARATORS = "-‐‑‒–—―−_/\\,;:()[]{}|!?&+*=#@~^<>·•。・ـ،؛؟\t\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029"
_LETTERS = {
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ħ": "h",
    "ŋ": "ng",
    "ə": "e",
    "ɛ": "e",
    "ɔ": "o",
    "ŧ": "t",
    "ƙ": "k",
    "ɓ": "b",
    "ɗ": "d",
    "ɠ": "g",
    "ⱪ": "k",
    "ß": "ss",
    # one spelling of letters that Arabic, Persian, Urdu and Kurdish keyboards write differently
    "ة": "ه",
    "ہ": "ه",
    "ھ": "ه",
    "ە": "ه",
    "ى": "ي",
    "ی": "ي",
    "ې": "ي",
    "ک": "ك",
    "ڪ": "ك",
    "ٱ": "ا",
    "ء": "",
}


def _character_table() -> dict[int, str]:
    table: dict[int, str] = {ord(letter): to for letter, to in _LETTERS.items()}
    table.update({ord(mark): " " for mark in _SEPARATORS})
    table.update({ord(mark): "" for mark in _APOSTROPHES})
    table.update(dict.fromkeys(range(0x300, 0x370), ""))  # accents
    table.update(dict.fromkeys(range(0x610, 0x61B), ""))  # Arabic signs
    table.update(dict.fromkeys(range(0x64B, 0x660), ""))  # Arabic vowels, hamza above and below
    table.update({code: "" for code in range(0x591, 0x5C8) if unicodedata.category(chr(code)) == "Mn"})  # Hebrew points
    table[0x670] = ""  # Arabic superscript alef
    return table


_TABLE = _character_table()
_SPACES = re.compile(" {2,}")
_EDGES = re.compile("(?m)^ +| +$")


def normalise_lines(text: str) -> str:
    """The keys of newline-separated names, one a line. Other line breaks inside a name count as spaces."""
    if not text.isascii():
        # a spacing accent used as an apostrophe goes first: NFKD would make a space of it
        text = unicodedata.normalize("NFKD", text.replace("´", ""))
    text = text.casefold()
    text = text.translate(_TABLE)
    return _EDGES.sub("", _SPACES.sub(" ", text))


def normalise(name: str) -> str:
    """The exact-match key: case, accents, apostrophes and dots gone, other punctuation as single spaces.

    ``normalise("a b")`` equals ``normalise("a") + " " + normalise("b")``, so keys of n-grams can be joined from keys of
    tokens.
    """
    return normalise_lines(name.replace("\n", " "))


def normalise_many(names: Iterable[str]) -> list[str]:
    """Keys of many names, several times faster than one by one."""
    lines = [name.replace("\n", " ") for name in names]
    # apart, because translating text is ten times faster when all of it is ASCII
    plain = iter(normalise_lines("\n".join(line for line in lines if line.isascii())).split("\n"))
    other = iter(normalise_lines("\n".join(line for line in lines if not line.isascii())).split("\n"))
    return [next(plain if line.isascii() else other) for line in lines]


# Folding. News spell one Arabic, Persian, Kurdish or Slavic name in many ways. The fold maps these to one key; it merges
# different names too, so it may only be used among the places of a few countries. It works token by token.
_ARTICLE_WORDS = "al el ad ed ar er as es az ez an en at et ash esh ath eth adh edh ul uz ur us ud ut il the"
_ARTICLES = frozenset(_ARTICLE_WORDS.split())
_WORDS = {
    spelling: word
    for word, spellings in {
        "bu": "abu albu abou abo bou bu abi",
        "tal": "tell tel tal tall teil",
        "kafr": "kafr kafar kufr kufur kefr kfar kfer kafer kfr",
        "jabal": "jabal jebel jabel jbel djebel gebel gabal djabal",
        "dir": "dayr deir dair der dar deyr",
        "bit": "bayt beit bait bet beth",
        "in": "ayn ein ain aine ayin",
        "um": "um oum om omm umm",
        "shix": "shaykh sheikh shekh cheikh cheik shaikh sheik shayk sheykh",
        "kalat": "qalat qalaat qalah qala kalat kalaat qalet",
        "wadi": "wadi wad oued wady",
        "ras": "ras raas",
        "xirbat": "khirbat khirbah kherbet khirba khurbat khirbet khirbit",
        "marat": "marat maarat maarrat maaret maarret maarrit maarit maarra",
        "mazrat": "mazraat mazraah mazra mazrat mazraet",
        "madinat": "madinat medinat madina",
        "hajar": "hajar hajjar hajer",
        "saint": "st saint",
        "mount": "mt mount",
    }.items()
    for spelling in spellings.split()
}
_UNITS = (
    "province governorate state region oblast department county prefecture district raion rayon subdistrict division "
    "territory wilaya"
)
_UNIT_WORDS = frozenset(_UNITS.split())
_TYPES = _UNIT_WORDS | {"city", "town", "village"}
_VOWELS, _CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxz"
# in order; each is applied to a whole column of tokens, one a line
_LETTER_RULES = tuple(
    (re.compile(pattern, re.MULTILINE), to)
    for pattern, to in (
        (r"^(?:al(?=[bghjkmfqxwy][a-z]{3})|[ae](?=([ztrsdn])\1[a-z]{2}))", ""),  # glued article: albab, ezzor, arraqqa
        (r"([^\W\d_])\1+", r"\1"),
        ("^abu(?=[a-z]{3})", "bu"),
        ("sch", "sh"),
        ("tch", "ch"),
        ("ch", "sh"),
        ("dj", "j"),
        ("kh", "x"),
        ("ph", "f"),
        ("gh", "g"),
        ("dh", "d"),
        ("th", "t"),
        ("zh", "z"),
        ("c|q", "k"),
        ("v", "w"),
        (f"w(?=[{_CONSONANTS}])|w$", "u"),
        ("(?:eh|ah|ae|e)$", "a"),
        ("iy", "i"),
        ("uw", "w"),
        ("aeu|ao|au|ou|o", "u"),
        (f"ei|ey|ai|ay(?![{_VOWELS}])|ie|ea|y$", "i"),
        (f"y(?=[{_CONSONANTS}])", "i"),
        ("e", "i"),
        (f"(?<=[{_VOWELS}])h(?=[{_CONSONANTS}])|h$", ""),
        (r"([^\W\d_])\1+", r"\1"),
    )
)


def _folded_tokens(tokens: Iterable[str]) -> dict[str, str]:
    """Folded form of each token."""
    wanted = sorted(set(tokens))
    if not wanted:
        return {}
    text = "\n".join(_WORDS.get(token, token) for token in wanted)
    for pattern, to in _LETTER_RULES:
        text = pattern.sub(to, text)
    return dict(zip(wanted, text.split("\n"), strict=True))


def fold_many(keys: Sequence[str]) -> list[str]:
    """Folded keys: one spelling for the usual ways to romanise a name, without articles, spaces and type words.

    A trailing type word ("province", "oblast", …) is dropped when something else is left.
    """
    split = [key.split() for key in keys]
    forms = _folded_tokens(token for tokens in split for token in tokens)
    out = []
    for tokens in split:
        own = tokens[:-1] if len(tokens) > 1 and tokens[-1] in _TYPES else tokens
        kept = [token for token in own[:-1] if token not in _ARTICLES] + own[-1:]
        out.append("".join(map(forms.__getitem__, kept)))
    return out


def fold(key: str) -> str:
    """The folded form of one normalised key."""
    return fold_many([key])[0]


def names_a_unit(key: str) -> bool:
    """True when a key says that it is an administrative unit: "anbar province"."""
    return key.rpartition(" ")[2] in _UNIT_WORDS and " " in key


# Hashing: a polynomial over the bytes modulo 2^64 with an odd multiplier, then a finaliser. It vectorises over a joined
# buffer, which a library hash called once a name does not.
_MULTIPLIER = 0x9E3779B97F4A7C15
_LONGEST = 200  # bytes of a name that count; longer ones are truncated alike when stored and when asked


def _powers() -> NDArray[np.uint64]:
    values, power = [], 1
    for _ in range(_LONGEST):
        values.append(power)
        power = power * _MULTIPLIER % 2**64
    return np.array(values, dtype=np.uint64)


_POWERS = _powers()


def _mix(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))


def hash_lines(lines: bytes) -> NDArray[np.uint64]:
    """One 64-bit hash per newline-separated UTF-8 key; the empty buffer is one empty key."""
    data = np.frombuffer(lines + b"\n", dtype=np.uint8)
    ends = np.flatnonzero(data == 10)
    starts = np.empty_like(ends)
    starts[0] = 0
    starts[1:] = ends[:-1] + 1
    position = np.arange(len(data), dtype=np.int64) - np.repeat(starts, ends - starts + 1)
    terms = (data.astype(np.uint64) + np.uint64(1)) * _POWERS[np.minimum(position, _LONGEST - 1)]
    terms[position >= _LONGEST] = 0
    return _mix(np.add.reduceat(terms, starts))


def hash_keys(keys: Sequence[str]) -> NDArray[np.uint64]:
    """Hashes of normalised keys, in order."""
    if not keys:
        return np.zeros(0, dtype=np.uint64)
    return hash_lines("\n".join(keys).encode("utf-8", "surrogatepass"))


def with_country(hashes: NDArray[np.uint64], countries: NDArray[np.uint64] | int) -> NDArray[np.uint64]:
    """Hashes of folded keys made different in each country."""
    salt = np.atleast_1d(np.asarray(countries, dtype=np.uint64)) + np.uint64(1)  # an array: scalars warn on wrap-around
    return _mix(hashes ^ (salt * np.uint64(_MULTIPLIER)))


def country_number(code: str) -> int:
    """A number for an ISO 3166-1 alpha-2 code: 0 for none, else its two bytes."""
    return 0 if len(code) != 2 or not code.isascii() else ord(code[0]) * 256 + ord(code[1])
