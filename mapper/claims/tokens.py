"""Sentences, tokens and tags of English news: word lists and contextual rules, no model."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from mapper.claims import lexicon as lx
from mapper.layout import ABBREVIATED, LONGEST_ITEM, dateline, infer_blocks
from mapper.model import Block

_ABBREVIATIONS = lx.words(
    "mr mrs ms dr gen col lt maj sgt capt brig cmdr adm sen rep gov st mt no jan feb mar apr jun jul aug sep sept oct"
    " nov dec vs etc inc corp co ltd jr sr prof rev hon dept est approx km u.s u.n u.k e.g i.e a.m p.m ft fr pres cpl"
)


# those that end a sentence unless a figure follows
_BEFORE_FIGURES = lx.words("jan feb mar apr jun jul aug sep sept oct nov dec a.m p.m ft etc inc corp co ltd")


_BOUNDARY = re.compile(r"([.!?](?<![.!?]{2})[.!?]*)([\"”’')\]]*)(\s+)(?=[\"“‘'(\[]*[^\W_])")


_LAST_WORD = re.compile(r"([^\W\d_][\w.]*)$")


_OPENERS = lx.words(
    "the a an in on at it he she they we i but and however meanwhile after this that his their as when if there"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the article's text and the paragraph it stands in.

    ``body`` is where it begins behind its dateline. ``gaps`` are what stands between the items of a list that the sentence
    leads in ("The villages are:" and bullets): marks and line breaks, read as commas. ``cut`` tells that the sentence goes on in
    the next span, because it is longer than LONGEST_SENTENCE.
    """

    start: int
    end: int
    paragraph: int
    body: int = 0
    gaps: tuple[tuple[int, int], ...] = ()
    cut: bool = False


def sentences(text: str, blocks: Sequence[Block] | None = None) -> tuple[Span, ...]:
    """Sentence spans in order; abbreviations, initials and quotes do not end a sentence, a block's end does.

    Short items of a list belong to the sentence with a colon that leads them in.
    """
    found: list[Span] = []
    given = infer_blocks(text) if blocks is None else blocks
    for number, block in enumerate(given):
        spans = list(_block_sentences(text, block, number))
        lead = found[-1] if found else None
        if (
            lead is not None
            and block.kind == "item"
            and len(spans) == 1
            and _led_in(text, lead, block, given[number - 1])
        ):
            found[-1] = replace(lead, end=block.end, gaps=(*lead.gaps, (lead.end, block.start)))
        else:
            found += spans
    return tuple(found)


def _led_in(text: str, lead: Span, item: Block, before: Block) -> bool:
    """Whether an item is one more name of the list that the sentence before it leads in."""
    if item.end - item.start > LONGEST_ITEM or item.end - lead.start > _LONGEST_LIST:
        return False
    close = text[lead.end - 1]
    if lead.gaps:
        goes_on = close not in ".!?"
    elif before.kind == "item" or text[item.end - 1] in ".!?":
        goes_on = False
    else:
        named = close not in ".!?" and not lx.PLURAL_PLACES.isdisjoint(text[lead.start : lead.end].lower().split())
        goes_on = close == ":" or named
    if not goes_on:
        return False
    for match in re.finditer(r"[^\W\d_]+|[(–—-]", text[item.start : item.end]):
        if match.group() in _APART:
            break
        if match.group() in lx.VERB_FORMS:
            return False  # "Velmar held out": a clause of its own
    return True


_APART = ("where", "which", "who", "(", "–", "—")
_LONGEST_LIST = 1200  # characters of a sentence with its list
LONGEST_SENTENCE = (
    2000  # characters, more than anybody's; what is longer has lost its full stops, and is read in pieces
)
_PAUSES = (";", ":", ",", " ")  # where it is cut, the best first


def _block_sentences(text: str, block: Block, number: int) -> Iterator[Span]:
    begin = block.start
    body = dateline(text, block.start, block.end, block.kind)
    for match in _BOUNDARY.finditer(text, body, block.end):
        if match.group(1) == "." and not match.group(2) and _abbreviated(text, begin, match.start(), match.end()):
            continue
        end = match.end(2)
        yield from _pieces(text, _trimmed(text, begin, end, number, body))
        begin = body = match.end()
    if text[begin : block.end].strip():
        yield from _pieces(text, _trimmed(text, begin, block.end, number, body))


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """The span, cut behind pauses where it is longer than LONGEST_SENTENCE: what reads one takes the square of its length."""
    while span.end - span.start > LONGEST_SENTENCE:
        most = span.start + LONGEST_SENTENCE
        ends = (text.rfind(pause, span.start + LONGEST_SENTENCE // 2, most) + 1 for pause in _PAUSES)
        end = next(filter(None, ends), most)
        yield replace(_trimmed(text, span.start, end, span.paragraph, span.body), cut=True)
        span = _trimmed(text, end, span.end, span.paragraph, 0)
    yield span


def _trimmed(text: str, begin: int, end: int, number: int, body: int) -> Span:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    return Span(begin, end, number, max(begin, body))


def _abbreviated(text: str, begin: int, dot: int, after: int) -> bool:
    following = text[after : after + 12]
    if following[:1].islower():
        return True
    word = _LAST_WORD.search(text, max(begin, dot - 12), dot)
    if word is None:
        return False
    low = word.group(1).lower()
    if len(low) == 1 or low in ("u.s", "u.n", "u.k"):
        opener = re.match(r"[A-Za-z]+", following)
        return not (opener and opener.group(0).lower() in _OPENERS) or len(low) == 1
    if low in _ABBREVIATIONS:
        return low not in _BEFORE_FIGURES or following[:1].isdigit()
    return False


TOKEN = re.compile(
    r"[a-z]+(?=[ ,;\n])"  # most words, tried first because it is fast
    r"|(?:[A-Z]\.){2,}(?:-\w+)*"  # U.S., U.S.-born
    rf"|(?:{ABBREVIATED})\."
    r"|\d+(?:[.,]\d+)*%?(?:-[a-z]+)*(?:st|nd|rd|th)?(?![^\W\d_])"
    r"|\w+(?:[’'‘ʿʾ`´.-]\w+|-[‘’'ʿ]\w+)*"  # Al-‘Alqamiyah, Hay’at, al-Qaida-linked
    r"|%|&|--+|[–—]|\.\.\.|[^\w\s\"“”«»„`´]"
)


POSSESSIVE = re.compile(r"^(.+?)([’']s)$", re.IGNORECASE)


NEGATED = re.compile(r"^(.+?)(n[’']t)$", re.IGNORECASE)


_ACTOR_SUFFIX = re.compile(r".-(?:held|controlled|occupied|run|ruled|besieged|dominated|administered)$")


_SUFFIXED = re.compile(
    r".-(?:based|led|backed|born|linked|affiliated|allied|aligned|trained|funded|supported|dominated|held|controlled|run|occupied|ruled)$"
)
_ARTICLE = re.compile(r"(?:al|el|ad|ar|as|ash|an|at|az)-[‘’']?[A-Z]")


@dataclass(slots=True)
class Chunk:
    """A noun phrase, a verb group or a single function word: tokens ``[i, j)``.

    Kinds: NP, VG, I (preposition run), C, S, W, E (time), A, and punctuation ``,`` ``;`` ``-``.
    The rest describes verb groups: ``code`` is b, s, d, n or g; ``dn`` stays when past and participle look alike.
    """

    kind: str
    i: int
    j: int
    word: str = ""
    lemma: str = ""
    code: str = ""
    to: bool = False
    aux: tuple[str, ...] = ()
    passive: bool = False
    negated: bool = False
    modal: str = ""
    adverbs: tuple[str, ...] = ()

    @property
    def finite(self) -> bool:
        """Whether the group can be the main verb of a clause by its form."""
        if self.kind != "VG" or self.to or self.aux[:1] in (("having",), ("being",)):
            return False
        return bool(self.aux) or bool(self.modal) or self.code not in ("g", "n")

    @property
    def bare(self) -> bool:
        return self.kind == "VG" and not self.aux and not self.modal and not self.to


@dataclass(slots=True)
class Sentence:
    """Tokens, tags and chunks of one sentence; offsets are the article's."""

    span: Span
    words: list[str]
    lows: list[str]
    starts: list[int]
    ends: list[int]
    tags: list[str]
    chunks: list[Chunk] = field(default_factory=list)
    subjects: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def text(self, i: int, j: int, article: str) -> str:
        return article[self.starts[i] : self.ends[j - 1]] if j > i else ""

    def tokens_of(self, start: int, end: int) -> tuple[int, int]:
        """Token range that overlaps the characters ``[start, end)``."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    def chunk_at(self, token: int) -> int:
        """Index of the chunk holding a token, -1 when it was skipped (parentheses, quotes)."""
        k = bisect_right(self.chunks, token, key=_opens) - 1
        return k if k >= 0 and token < self.chunks[k].j else -1


def _opens(chunk: Chunk) -> int:
    return chunk.i


def _titled(words: list[str]) -> bool:
    """Whether a headline writes Every Word With a Capital."""
    heads = [word[0] for word in words if len(word) > 3 and word[0].isalpha()]
    return len(heads) >= 4 and sum(map(str.isupper, heads)) >= 0.85 * len(heads)


def tag_tokens(sentence: Sentence, names: Sequence[tuple[int, int]], times: Sequence[tuple[int, int]]) -> None:
    words, lows = sentence.words, sentence.lows
    tags = [""] * len(words)
    for start, end in times:
        i, j = sentence.tokens_of(start, end)
        tags[i:j] = "E" * (j - i)
    for start, end in names:
        i, j = sentence.tokens_of(start, end)
        if i < j and "E" not in tags[i:j]:
            tags[i:j] = "P" * (j - i)
    titled = _titled(words)
    plain = _PLAIN
    for k, word in enumerate(words):
        if not tags[k]:
            # most words are lower-case function words whose tag never changes
            tags[k] = plain.get(word) or _own_tag(word) or _tag_word(words, lows, tags, k, titled=titled)
    sentence.tags = tags
    for k, low in enumerate(lows):
        if low == ":" and _leads_list(sentence, k):
            tags[k] = ","
        elif (
            low == "at"
            and tags[k - 1 : k] == ["V"]
            and lows[k + 1 : k + 2] in (["least"], ["most"])
            and tags[k + 2 : k + 3] == ["#"]
        ):
            tags[k : k + 2] = "##"  # "at least six villages"


def _leads_list(sentence: Sentence, colon: int) -> bool:
    """Whether names alone follow a colon, and what they are called or what was done to them stands before it."""
    lows, tags = sentence.lows, sentence.tags
    plural = not lx.PLURAL_PLACES.isdisjoint(lows[:colon])
    done = lx.VERB_FORMS.get(lows[0], ("", ""))
    if not plural and not (done[0] in lx.HOLDING_OR_TAKING and "n" in done[1]):
        return False
    rest = tags[colon + 1 :]
    stop = next((n for n, tag in enumerate(rest) if tag in ("W", ";")), len(rest))
    verb = next((n for n, tag in enumerate(rest[:stop]) if tag in "VXM"), -1)
    if verb > 0 and lx.VERB_FORMS.get(lows[colon + 1 + verb], ("", ""))[0] in lx.REPORTING:
        verb = -1 if "," in rest[:verb] and "P" not in rest[verb - 2 : verb] else verb  # "…: A and B, the army said"
    return "P" in rest[:2] and verb < 0


@lru_cache(maxsize=1 << 14)
def _own_tag(word: str) -> str:
    """What ``_tag_word`` says of a lower-case word wherever it stands; empty if that depends on its neighbours."""
    if not (word.isascii() and word.isalpha() and word.islower()):
        return ""
    if word in _FIXED or word in ("longer", "bin", "ibn", "al", "el", "military"):
        return ""
    if word in lx.NUMBERS:
        return "#"
    if word in lx.VERB_FORMS:
        return ""
    if word in lx.ADJECTIVES or word in lx.DIRECTIONS:
        return "J"
    if word.endswith(("ed", "ing", "s")):
        return ""
    return "A" if word.endswith("ly") and len(word) > 4 and word not in _NOT_VERBS else "N"


def _tag_word(words: list[str], lows: list[str], tags: list[str], k: int, *, titled: bool) -> str:
    word, low = words[k], lows[k]
    first = word[0]
    if not first.isalnum():
        return _MARKS.get(low, ".")
    if low == "longer" and k and lows[k - 1] == "no":
        return "A"
    fixed = _FIXED.get(low)
    capital = first.isupper()
    if fixed is not None and word != "US" and not (capital and k and low in ("may", "it", "an")):
        return _function_word(lows, tags, k, fixed)
    hyphen = "-" in low
    if capital and hyphen and _SUFFIXED.search(low):
        return "J"
    if word == "US" or (capital and k and tags[k - 1] != "(" and not titled):
        return "P"
    if first.isdigit():
        return "#"
    if (hyphen and _ARTICLE.match(word)) or (low in ("bin", "ibn", "al", "el") and k and tags[k - 1] == "P"):
        return "P"
    if low in lx.NUMBERS:
        return "#"
    if hyphen and _ACTOR_SUFFIX.search(low):
        return "J"
    if low in lx.VERB_FORMS:
        return _verb_or_noun(words, lows, tags, k, titled=titled)
    if low == "military" and _military_acts(words, lows, tags, k):
        return "N"
    if low in lx.ADJECTIVES or low in lx.DIRECTIONS:
        return "J"
    if capital:
        return "N" if not k and low in _COMMON_NOUNS else "P"
    if len(low) > 4 and low not in _NOT_VERBS:
        if low.endswith("ed"):
            return "J" if _premodifier(words, lows, tags, k) else "V"
        if low.endswith("ing") and not _premodifier(words, lows, tags, k):
            return "V" if tags[k - 1 : k] and tags[k - 1] not in "DJ#'" else "N"
        if low.endswith("ly"):
            return "A"
        if hyphen and low.endswith(("-backed", "-led", "-based", "-linked", "-affiliated", "-allied")):
            return "J"
    if (
        low.endswith("s")
        and not low.endswith("ss")
        and k
        and tags[k - 1] == "P"
        and k + 1 < len(lows)
        and lows[k + 1] in lx.DETERMINERS
        and low not in lx.FORCES
    ):
        return "V"  # "X worries its neighbours", not "the X rebels that"
    return "N"


_MARKS = {
    ",": ",", ";": ";", ":": ";", "(": "(", ")": ")", "[": "(", "]": ")", "&": "C", "%": "#", "'s": "'", "'": "'",
    "-": "-", "_": "-", "--": "-", "---": "-", "–": "-", "—": "-", "...": "-",
}  # fmt: skip
_NOT_VERBS = lx.words(
    "hundred sacred embed need breed speed indeed morning evening spring string king wing thing something nothing"
    " anything everything ceiling wedding building during family assembly ally reply anomaly monopoly"
)


def _fixed_table() -> dict[str, str]:
    table: dict[str, str] = {}
    for tag, group in (
        ("A", lx.ADVERBS),
        ("I", lx.PREPOSITIONS),
        ("S", lx.SUBORDINATORS),
        ("C", lx.CONJUNCTIONS),
        ("W", lx.RELATIVES),
        ("p", lx.PRONOUNS),
        ("X", lx.AUX_BE | lx.AUX_HAVE | lx.AUX_DO),
        ("M", lx.MODALS),
        ("D", lx.DETERMINERS),
    ):
        for word in group:
            table[word] = tag
    table.update({"to": "O", "not": "A", "n't": "A", "that": "D", "her": "D", "there": "A"})
    for word in ("out", "up", "down", "away", "back", "off", "apart", "aside"):
        table[word] = "R"
    for word in ("less", "more", "than"):
        table[word] = "#"
    table["far"] = "A"
    return table


_FIXED = _fixed_table()


def _function_word(lows: list[str], tags: list[str], k: int, tag: str) -> str:
    low = lows[k]
    if low not in _SHIFTING:
        return tag
    if low in ("itself", "themselves"):
        return "A" if tags[k - 1 : k] in (["N"], ["P"]) else tag  # "the town itself"
    if low == "but":
        return "#" if k and lows[k - 1] == "all" else tag  # "all but four of the districts"
    following = lows[k + 1] if k + 1 < len(lows) else ""
    if tag == "I" and low in ("surrounding", "opposite", "following", "past") and tags[k - 1 : k] in (["D"], ["J"]):
        return "J"
    if low == "no":
        return "A" if following == "longer" else tag
    if low in ("all", "both", "each") and tags[k - 1 : k] in (["N"], ["P"]) and following:
        if _FIXED.get(following) in ("X", "M") or following in lx.VERB_FORMS:
            return "A"  # "A, B and C all fell to the rebels"
        if low != "both":
            return tag
    if low == "both" and (_FIXED.get(following) == "I" or (tags[k - 1 : k] == [","] and following in _HELD_PAST)):
        return "A"  # "A and B, both held by the rebels"
    if low == "once" and k and not (following in lx.DETERMINERS or following in lx.PRONOUNS):
        return "A"
    if low == "that":
        n = k + 1
        while n < len(lows) and (_FIXED.get(lows[n]) == "A" or lows[n] == "once"):
            n += 1
        if (
            n > k + 1
            and n < len(lows)
            and tags[k - 1 : k] in (["N"], ["P"])
            and (lows[n] in lx.VERB_FORMS or _FIXED.get(lows[n], "") in ("X", "M"))
        ):
            return "W"
        if following in _FIXED and _FIXED[following] in "XM":
            return "W"
        if following in lx.VERB_FORMS and (following not in lx.NOUN_OR_VERB or following in _LEADING):
            return "W"
        return "D" if following and following not in _FIXED and tags[k - 1 : k] not in (["V"], ["N"], ["P"]) else "S"
    if low in ("after", "before", "until") and following in _HOURS:
        return "I"  # "before dawn on Saturday"
    if low in ("after", "before", "since", "until", "as") and following:
        # a preposition when a noun phrase without a verb follows; the chunker treats both alike, keep S as boundary
        return "S"
    if (
        low in ("around", "over", "under", "up")
        and following
        and (
            following in lx.NUMBERS
            or following[:1].isdigit()
            or (following == "a" and lows[k + 2 : k + 3] and lows[k + 2] in lx.NUMBERS)
        )
    ):
        return "#"  # "around a fifth", "over 2,000"
    if low == "long" and tags[k - 1 : k] in (["N"], ["#"]):
        return "J"
    if low == "back" and tags[k - 1 : k] in (["D"], ["J"]):
        return "N"
    if low in ("most", "more") and tag == "D":
        return "#"
    if low in ("near", "long", "far", "long") and tag == "A" and tags[k - 1 : k] == ["D"]:
        return "J"
    if tag == "A" and low in ("first", "current") and tags[k - 1 : k] == ["D"]:
        return "J"
    if low == "own":
        return "J"
    return tag


_LEADING = lx.words("links leads runs")
_HELD_PAST = lx.words("held controlled occupied ruled captured seized taken")
_HELD_FORMS = lx.words("hold holds control controls rule rules")
_COMMON_NOUNS = lx.FORCES | lx.PERSONS | lx.PART_WORDS | lx.PLURAL_PLACES | lx.SETTLEMENT | lx.FIGHTING
_ENDURED = lx.words("control siege blockade attack command fire")
_HOURS = lx.words("dawn dusk noon midday midnight sunrise sunset nightfall daybreak dark")
# the only function words whose tag depends on their neighbours
_SHIFTING = frozenset(
    lx.words(
        "no surrounding opposite following past both once that after before since until as around over under up long back most"
        " more near far first current own itself themselves but all each"
    )
)


_PLAIN = {word: tag for word, tag in _FIXED.items() if word not in _SHIFTING and word.isalpha()} | _MARKS | {".": "."}


def _noun_follows(words: list[str], lows: list[str], k: int) -> bool:
    if k + 1 >= len(words):
        return False
    following = lows[k + 1]
    if not words[k + 1][0].isalpha():
        return False
    return following not in _FIXED and (following not in lx.VERB_FORMS or following in lx.NOUN_OR_VERB)


_SAYING = lx.words("saying claiming reporting telling announcing confirming warning")
_MOSTLY = re.compile(r"(?:most|main|large|predominant|overwhelming)ly-")


def _military_acts(words: list[str], lows: list[str], tags: list[str], k: int) -> bool:
    """Reads "the military captured X", "Myanmar's military holds the town"; not "the military captured vehicles"."""
    if tags[k - 1 : k] not in (["D"], ["'"], ["P"]) or k + 2 >= len(lows):
        return False
    verb, behind = lows[k + 1], lows[k + 2]
    codes = lx.VERB_FORMS[verb][1] if verb in lx.VERB_FORMS else ""
    if not ("d" in codes or ("s" in codes and (verb not in lx.NOUN_OR_VERB or verb in ("holds", "controls")))):
        return False
    return behind in lx.DETERMINERS or words[k + 2][0].isupper() or behind in ("control", "back", "full")


def _premodifier(words: list[str], lows: list[str], tags: list[str], k: int) -> bool:
    """A participle that stands before a noun inside a noun phrase: "the besieged town", "two captured tanks"."""
    if not k:
        return (
            lows[1:2] != [] and lows[1] in lx.PLURAL_PLACES and not lows[k].endswith("ing")
        )  # "Liberated villages: …"
    b = k - 1
    while b > 0 and tags[b] == "A":
        b -= 1
    before = tags[b] if b >= 0 else ""
    if k > 1 and lows[k - 1] == "last" and tags[k - 2] in ("D", "'"):
        return _noun_follows(words, lows, k)  # "the last remaining bastion"
    if k and lows[k - 1] == "as" and lows[k] in _SAYING:
        return False  # "quoted a source as saying government forces had …"
    if (
        before == "#"
        and lows[b].endswith(("st", "nd", "rd", "th"))
        and words[k + 1 : k + 2]
        and words[k + 1][0].isupper()
    ):
        return False  # "The 9th captured Arras"
    if before in ("N", "P") and b > 0 and tags[b - 1] in ("D", "'") and _MOSTLY.match(lows[b]):
        return _noun_follows(words, lows, k)  # "the leader's mainly-Highland manned militia"
    if before in ("D", "J", "#", "'") or (before in ("W", "S") and lows[k - 1] in ("where", "when", "while", "as")):
        return _noun_follows(words, lows, k)
    return (
        before == "I"
        and _noun_follows(words, lows, k)
        and not lows[k].endswith("ing")
        and not words[k + 1][0].isupper()
    )


def _verb_or_noun(words: list[str], lows: list[str], tags: list[str], k: int, *, titled: bool) -> str:
    low = lows[k]
    codes = lx.VERB_FORMS[low][1]
    before = tags[k - 1] if k else ""
    b = k - 1
    while b >= 0 and tags[b] == "A":
        b -= 1
    core = tags[b] if b >= 0 else ""
    following = lows[k + 1] if k + 1 < len(lows) else ""
    if "g" in codes and following == "of" and before in ("D", "J", "'"):
        return "N"  # "the retaking of X"
    if low == "fighting" and following == "between":
        return "N"  # "street fighting between A and B"
    if core == "M" or (core == "O" and "b" in codes) or (core == "X" and lows[b] in lx.AUX_DO and "b" in codes):
        return "V"
    if low in ("hold", "holds") and before in ("N", "P") and following in lx.CONTROL_OBJECTS:
        return "V"  # "the militants hold sway over X"
    if low not in lx.NOUN_OR_VERB:
        if low in _GROUNDS and following in _CAMPS:
            return "J"  # "a rebel training camp"
        if ("n" in codes or "g" in codes) and _premodifier(words, lows, tags, k):
            return "J"
        led = before == "V" and lows[k - 2 : k - 1] != ["whose"]  # not "whose forces captured X"
        if led and codes in ("dn", "n") and lows[k - 1] not in _BECOMING and _noun_follows(words, lows, k):
            return "J" if tags[k + 1] != "E" else "V"  # "toured captured bases", not "was believed captured Friday"
        if before == "D" and "g" not in codes:
            return "N"
        if codes in ("s", "b") and (core == "V" or (codes == "s" and _verb_follows(lows, k))):
            return "V" if lows[b] in _BARE_AFTER else "N"
        return "V"
    if low in lx.STRONG_PAST and core not in (
        "D",
        "J",
        "I",
        "O",
    ):
        return "V"
    if core == "X" and ("n" in codes or "g" in codes):
        return "V"
    if (
        before == "A"
        and lows[k - 1] in ("now", "still", "currently", "already", "also")
        and ("b" in codes or "s" in codes)
    ):
        opener = (
            _FIXED.get(following, "") in ("D", "#")
            or following in _AMOUNTS
            or following in lx.NUMBERS
            or words[min(k + 1, len(words) - 1)][0].isupper()
        )
        if opener:
            return "V"  # "…, now control X"
    if core in {"p", "W"}:
        return "V" if following != "of" else "N"
    if before in ("D", "J", "#", "'") or core == "O":
        return (
            "J"
            if "g" in codes and before == "D" and _noun_follows(words, lows, k) and following not in lx.FORCES
            else "N"
        )
    if "b" not in codes and "s" not in codes and "g" not in codes and core != "I":
        return "V"  # a past form is no noun here
    if low in _ENDURED and "under" in lows[max(0, k - 4) : k] and following not in lx.DETERMINERS:
        return "N"  # "was back under government control"
    if low in ("hands", "hand") and k >= 2 and "I" in tags[max(0, k - 3) : k]:
        return "N"  # "in Ukrainian hands"
    next_tag = _FIXED.get(following, "")
    opens_object = (
        next_tag in ("D", "p", "#") or following in lx.NUMBERS or following[:1].isdigit() or following in _AMOUNTS
    )
    capital_next = k + 1 < len(words) and words[k + 1][0].isupper()
    if "g" in codes:
        if core == "V" and next_tag == "I" and lx.VERB_FORMS.get(lows[b], (lows[b],))[0] not in _BEFORE_FIGHTING:
            return "V"  # "was captured fighting with"
        if core in ("I", "S"):
            opened = (opens_object or capital_next) and tags[k + 1] != "E" and following != "that"
            return "V" if opened else "N"  # not "in fighting that killed", "after fighting Saturday"
        return "V" if (core in ("N", "P", ",") and (opens_object or next_tag in ("I", "O") or capital_next)) else "N"
    if "b" in codes and core in ("N", "P") and (opens_object or capital_next):
        seer = b
        while seer >= max(0, b - 6) and tags[seer] in ("N", "P", "J", "D", "#"):
            seer -= 1
        if seer >= 0 and lows[seer] in _BARE_AFTER:
            return "V"  # "a campaign that saw Iraq recapture Mosul"
    if core == "I":
        return "N"
    if core in ("N", "P") and following in ("", ".", ",") and low in _HELD_FORMS:
        first = b
        while first >= 0 and tags[first] in ("N", "P", "J", "D", "A", "'"):
            first -= 1
        if first >= 0 and lows[first] in ("that", "which"):
            return "V"  # "the last town that the rebels hold."
    if core == "C" and "b" in codes and (opens_object or capital_next) and {"have", "are"}.intersection(lows[:b]):
        return "V"  # "have entered A and hold most of it"
    if low in _INTENDING and following == "to" and b >= 0 and (core == "P" or lows[b] in lx.FORCES):
        return "V"  # "London said Kyiv plans to …"
    if low in _MOSTLY_NOUNS:
        return "N"
    if core in ("N", "P", ")", "E", ",", "C"):
        plural = b >= 0 and (lows[b].endswith("s") or lows[b] in lx.FORCES or (core == "P" and words[b].isupper()))
        plural = plural or (core == "P" and opens_object)  # "the Taliban control some …"
        if core == "C" and "b" in codes and b >= 1 and tags[b - 1] == "V" and (opens_object or capital_next):
            return "V"  # "to storm and recapture X"
        agrees = ("b" in codes and plural) or ("s" in codes and b >= 0 and core in ("N", "P", ")", "C", "E"))
        if following in ("of", "and", ",", ".", "between", "against") and not ("d" in codes or "n" in codes):
            return "N"
        if agrees and (
            opens_object or capital_next or following in lx.ADJECTIVES or titled or next_tag in ("I", "O", "S")
        ):
            return "V" if not (next_tag in ("I", "O") and "s" in codes and low not in _OFTEN_VERBS) else "N"
        if agrees and following in (lx.PART_WORDS | lx.SETTLEMENT | lx.PLURAL_PLACES):
            return "V"
        return "N"
    return "N"


_GROUNDS = lx.words("training staging landing firing launching listening")
_CAMPS = lx.SETTLEMENT | lx.FACILITY | lx.REGION | {"ground", "grounds"}
_BECOMING = lx.words("get gets got getting become becomes became becoming feel feels felt keep keeps kept")
# verbs after which "fighting" is a noun: "reported fighting in X", "fled fighting near Y", not "was killed fighting in Z"
_BEFORE_FIGHTING = lx.REPORTING | lx.words(
    "quell suppress crush halt end resume renew ease flee escape escaped escaping see witness hear trigger spark cause follow include"
    " cover monitor"
)
_AMOUNTS = lx.words("about nearly almost most much part parts half some several large roughly more less")
_BARE_AFTER = lx.words("help helped helps helping let lets saw see sees seen seeing make makes made watch watched have")


def _verb_follows(lows: list[str], k: int) -> bool:
    following = lows[k + 1] if k + 1 < len(lows) else ""
    if following in lx.AUX_BE or following in lx.AUX_HAVE or following in lx.MODALS:
        return True
    form = lx.VERB_FORMS.get(following)
    return form is not None and "d" in form[1] and following not in lx.NOUN_OR_VERB


_INTENDING = lx.words("plan plans hope hopes aim aims attempt attempts")
_MOSTLY_NOUNS = lx.words(
    "forces force state states base bases station stations police front number head heads arms mine mines back left close"
    " open free land lands level post house border borders following quarter building meeting corner garrison people"
    " rescue record point mass plant plants"
)


_OFTEN_VERBS = lx.words("falls fall retreat retreats surrender clash clashes holds hold enters remains withdraw")
