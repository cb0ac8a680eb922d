"""Candidate spans of a text: every run of words the gazetteer knows, every demonym, short form and rule-made name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mapper.toponyms.lexicon import STATE_CODES
from mapper.toponyms.names import Atlas, Entry
from mapper.toponyms.tokens import Tokens
from mapper.toponyms.weights import words
from mapper.toponyms.words import (
    AFTER_COMMA_ONLY,
    CAPTURE_VERBS,
    DAYS,
    DEMONYMS,
    DIRECTIONS,
    MONTHS,
    NEVER_PLACES,
    NOT_THE_TOWN,
    OF_HEADS,
    PLACE_HEADS,
    POSTAL_STATES,
    REGION_DEMONYMS,
    SHORT_FORMS,
    STATE_NAMES,
    STREETS,
    WEAK_DEMONYMS,
    word_set,
)

#: Words of the longest name looked up.
_LONGEST = 6
#: Lower-case words a name may hold.
_PARTICLES = word_set(
    "of the de la le les el al del da do dos das di du des es ez ed er ar as ash ad an at az on upon sur am "
    "der den and e y i in under ben bin ibn bou abu umm deir ul us und im ob na pri sous lès saint-"
)
#: Lower-case words a name may begin with when a hyphen or a capital follows: "al-Bab", "el Fasher", "ad-Dawr".
_OPENERS = word_set("al el ad ed ar er as es az ez ash esh an at ath en et l d")
_ARTICLES = word_set("al el ad ar as es az ez ash esh an at")
_NAME_GAPS = frozenset((" ", "-", "–", "‑", "'", "’", "\u00a0"))
#: The letter ʿayn as texts write it before a later word of a name: "Ayn ‘Issa", "Tal al-‘Eis".
_AYN_GAPS = frozenset((" ‘", "-‘", "-'", "-’", "-`", "-ʿ", " ʿ", "-ʻ"))
_DOTTED_HEADS = frozenset(("st", "ste", "mt", "ft", "pt", "n", "s", "e", "w", "ss", "sts", "no", "so"))


@dataclass(slots=True)
class Span:
    """Words ``first`` to ``last`` (exclusive) that may be a place; ``start`` and ``end`` are offsets in the text."""

    first: int
    last: int
    start: int
    end: int
    key: str
    entry: Entry | None
    kind: str = "literal"
    logit: float = 0.0
    known: bool = True  # False: the gazetteer has not the name, or only part of it; a rule or somebody says it is one
    cue: str = ""  # the type word that governs it, or ""
    features: list[str] = field(default_factory=list)
    country_hint: str = ""  # country of a demonym or short form
    fixed: bool = False  # the form itself names the place: "U.S.", "Ky."
    asked: bool = False  # somebody said that this is a place
    said: bool = False  # the words around it say that it is one
    bound: frozenset[int] = frozenset()  # interned countries and provinces that the sentence says it is in
    led: bool = False  # the place beside it says where it is: no evidence for others before that is settled
    spelling: str = ""  # the gazetteer's, where the text's is only like it


def _pinned(atlas: Atlas, name: str, country: str) -> Entry | None:
    place = atlas.region(name, country)
    memo = f"\x01{name}\x00{country}"
    return atlas.pinned(memo, place)


class Finder:
    """Candidate spans of one text, by first word: ``at[i]`` holds the spans that start at word ``i``, longest first."""

    def __init__(self, tokens: Tokens, atlas: Atlas, *, ayn: bool = False) -> None:
        """``ayn``: a quotation mark that may be the letter does not part the words of a name; training is without it."""
        self.tokens = tokens
        self._ayn = _AYN_GAPS if ayn else frozenset()
        self.atlas = atlas
        self.keys = tokens.keys
        self.at: dict[int, list[Span]] = {}
        self._gazetteer_names()
        self._short_forms()

    def joined(self, i: int) -> bool:
        """Words ``i`` and ``i + 1`` may be of one name."""
        gap = self.tokens.gaps[i]
        if gap in _NAME_GAPS or gap in self._ayn:
            return True
        if gap in (". ", ".") and self.tokens.low[i] in _DOTTED_HEADS:
            return True
        return len(gap) <= 2 and gap.isspace() and gap.count("\n") < 2 and "\u2029" not in gap

    def _starts(self) -> list[int]:
        tokens = self.tokens
        low, gaps, upper = tokens.low, tokens.gaps, tokens.upper
        # "al-Bab", "el Fasher": the article before a capital may be in lower case
        openers = [
            i - 1
            for i in tokens.capitals
            if i > 0 and not upper[i - 1] and low[i - 1] in _OPENERS and gaps[i - 1] in ("-", " ", "’", "'", "‑")
        ]
        return sorted(tokens.capitals + openers) if openers else tokens.capitals

    def _gazetteer_names(self) -> None:
        tokens, keys = self.tokens, self.keys
        upper, low, gaps, count = tokens.upper, tokens.low, tokens.gaps, len(tokens)
        found: list[tuple[int, int]] = []
        wanted: list[str] = []
        bare: list[tuple[int, int, str]] = []
        for i in self._starts():
            key = keys[i]
            if tokens.contraction[i]:
                continue
            if upper[i] and len(tokens.words[i]) > 1:
                found.append((i, i + 1))
                wanted.append(key)
            j = i
            while j + 1 < count and j + 1 - i < _LONGEST and (gaps[j] in _NAME_GAPS or self.joined(j)):
                j += 1
                word = low[j]
                if not upper[j] and word not in _PARTICLES and gaps[j - 1] != "-":
                    break
                key = f"{key} {keys[j]}"
                if upper[j] or gaps[j - 1] in ("-", "‑") or gaps[j - 1] in self._ayn:
                    found.append((i, j + 1))
                    wanted.append(key)
        for (i, j), key, hit in zip(found, wanted, self.atlas.known(wanted), strict=True):
            if hit and key and key not in NEVER_PLACES:
                self._add(i, j, key)
                if i > 0 and gaps[i - 1] in ("-", "‑") and low[i - 1] in _ARTICLES and len(key) > 3:
                    bare.append((i - 1, j, key))
        for i, j, key in bare:
            # "Al-Sweida Governorate" where the tables have it without the article
            others = self.at.get(i, [])
            if not any(span.last >= j for span in others):
                self._add(i, j, key)
                self.at[i][0].known = False

    def _add(self, i: int, j: int, key: str) -> None:
        tokens = self.tokens
        span = Span(i, j, tokens.starts[i], tokens.ends[j - 1], key, None)
        self.at.setdefault(i, []).insert(0, span)

    def _short_forms(self) -> None:
        tokens, atlas = self.tokens, self.atlas
        text = tokens.text
        count = len(tokens)
        for i in tokens.capitals:
            if not tokens.formal[i]:
                continue
            word, low = tokens.words[i], tokens.low[i]
            start, end = tokens.starts[i], tokens.ends[i]
            after_comma = i > 0 and tokens.gaps[i - 1].startswith(",")
            dotted = word if word.endswith(".") else (word + "." if text[end : end + 1] == "." else "")
            two = f"{low} {tokens.low[i + 1]}" if i + 1 < count and tokens.gaps[i] in (" ", "-") else ""
            low_before = tokens.low[i - 1] if i > 0 and tokens.gaps[i - 1] == " " else ""
            following = tokens.low[i + 1] if i + 1 < count and tokens.gaps[i] in (" ", "-") else ""
            form, last, stop = "", i + 1, end
            code = ""
            if text[end : end + 1] == "$" or text[start - 1 : start] == "$":
                self.at.pop(i, None)  # US$10,000 is money
                continue
            if word == "US" and tokens.shouting and low_before != "the" and following not in OF_A_STATE:
                self.at.pop(i, None)  # "LET US GO"
                continue
            if word in SHORT_FORMS and (word not in AFTER_COMMA_ONLY or after_comma):
                form = word
            elif dotted in SHORT_FORMS and (dotted not in AFTER_COMMA_ONLY or after_comma):
                form, stop = dotted, start + len(dotted)
            elif dotted and dotted.lower() in STATE_CODES:
                # "Ga." and the like; without a comma before, common words ("Miss.", "Ill.", "Mass.") do not count
                if after_comma or dotted.count(".") > 1:
                    code, stop = STATE_CODES[dotted.lower()], start + len(dotted)
            elif low == "w" and i + 1 < count and tokens.gaps[i] in (". ", " ") and tokens.low[i + 1] == "va":
                code, last, stop = (
                    "WV",
                    i + 2,
                    tokens.ends[i + 1] + (text[tokens.ends[i + 1] : tokens.ends[i + 1] + 1] == "."),
                )
            elif after_comma and word in POSTAL_STATES and not tokens.shouting:
                code = word
            if form or code:
                name, country = SHORT_FORMS[form] if form else (STATE_NAMES[code], "US")
                entry = _pinned(atlas, name, country)
                if entry is not None:
                    key = "short:" + (name.lower() or country)
                    span = Span(i, last, start, stop, key, entry, country_hint=country, fixed=True)
                    self.at[i] = [span]
                continue
            for size, phrase in ((2, two), (1, low)):
                if phrase in DEMONYMS or phrase in REGION_DEMONYMS:
                    if phrase in WEAK_DEMONYMS:
                        continue
                    country = DEMONYMS.get(phrase, "")
                    entry = _pinned(atlas, REGION_DEMONYMS.get(phrase, ""), country)
                    if entry is None:
                        continue
                    span = Span(i, i + size, start, tokens.ends[i + size - 1], "demonym:" + phrase, entry)
                    span.kind, span.country_hint, span.fixed = "demonym", country, True
                    rest = [other for other in self.at.get(i, ()) if other.last - other.first > size]
                    self.at[i] = [*rest, span]
                    break


#: What follows the country in headlines: "US JETS", "US-LED".
OF_A_STATE = word_set(
    "army forces force troops military soldiers marines navy officials official president senate congress government state court "
    "jets warplanes airstrike airstrikes strike strikes drone drones raid raids air embassy envoy secretary sanctions general "
    "coalition base bases dollar department treasury led backed allies ally special elections election strikes bombs says said vows "
    "warns denies"
)


def is_of_a_state(span: Span, tokens: Tokens) -> bool:
    """Whether a country or nationality stands before what states have: "U.S. jets", "Russian troops", "US-led"."""
    j = span.last
    return j < len(tokens) and tokens.gaps[j - 1] in (" ", "-", ". ", "'s ") and tokens.low[j] in OF_A_STATE


_RULE_STOP = STREETS | MONTHS | DAYS
_TAKING = CAPTURE_VERBS - frozenset(
    (
        "left",
        "took",
        "hit",
        "struck",
        "attacked",
        "attack",
        "visited",
        "enter",
        "capture",
        "attacks",
        "takes",
        "strikes",
    )
)


#: First words of Arabic, Persian and Kurdish place names: hill, mountain, village, valley, monastery, ruin, spring, …
_PLACE_STARTS = word_set(
    "tal tall tel tell jabal jebel jabel kafr kafar kfar kefr wadi umm deir dayr khirbet khirbat ain ayn beit "
    "bayt hawsh khan qalat qalaat bir beer ras nahr bab dahret rasm maarrat maarat marj sabkhat kawm hayy hai "
    "qaryat mazraat burj shaykh qasr tuz camp villages"
)
#: The same, and words with which names of persons begin as well.
_WITHIN = frozenset(("-", "‑", " "))
_NAME_STARTS = _PLACE_STARTS | word_set(
    "abu abou om um sheikh sheik souq souk suq jisr sidi dar madinat medinat beni bani"
)
#: Last words that make any name before them a place.
_PLACE_ENDS = word_set(
    "mountain mountains hill hills dam hospital airport airbase checkpoint district quarter neighborhood "
    "neighbourhood suburb suburbs farms plains plain valley camp crossing base village town bridge roundabout "
    "refinery field fields orchards countryside province governorate city county township junction"
)
#: Words of armed groups and offices: what holds one is no town.
_NO_TOWN = word_set(
    "helmets front fronts jabhat liwa liwaa jaysh jaish harakat ahrar hezbollah hizbullah isis isil daesh taliban fatah kataeb "
    "faylaq hayat hayat army forces front brigade brigades division battalion corps command council party "
    "union movement guard group observatory agency news network alliance coalition state islamic hamas ypg "
    "pkk sdf nusra qaeda qaida fsa saa ndf un nato eu us uk president minister war general parliament "
    "ministry police army's houthi houthis allah god quran muslim shia sunni shiite kurdish christian jewish "
    "arab ramadan friday"
)
_WHAT = _OPENERS | _PLACE_STARTS | _PLACE_ENDS | PLACE_HEADS | DIRECTIONS


def of_a_longer_name(span: Span, tokens: Tokens) -> bool:
    """Whether a span is only part of a name: the "Ras" and "al-Ain" of "Ras al-Ain", the "Nord" of "Kirotshe-Nord"."""
    i, j = span.first, span.last
    behind_article = (
        i > 1 and tokens.low[i - 1] in _ARTICLES and not tokens.upper[i - 1] and tokens.gaps[i - 1] in _WITHIN
    )
    if behind_article and tokens.low[i - 2] in _NAME_STARTS and tokens.upper[i - 2] and tokens.gaps[i - 2] in _WITHIN:
        return True  # "Ain" alone: what stands before the article is of the name, too
    if j - i == 1 and tokens.low[i] in _PLACE_STARTS and tokens.gaps[i : i + 1] == [" "]:
        following = tokens.low[j] in _ARTICLES and not tokens.upper[j] and j + 1 < len(tokens)
        if following and tokens.upper[j + 1] and tokens.gaps[j] in ("-", " "):
            return True
    if i == 0 or not tokens.upper[i - 1] or tokens.opens[i]:
        return False
    if tokens.gaps[i - 1] == " ":
        if tokens.low[i - 1] in NOT_THE_TOWN:
            return True
        return tokens.low[i] in _ARTICLES and not tokens.upper[i] and tokens.low[i - 1] in _PLACE_STARTS
    return tokens.gaps[i - 1] == "-" and tokens.low[i] in _COMPASS and tokens.low[i - 1] not in _OPENERS


#: Parts of a place in other languages: no place after a hyphen.
_COMPASS = word_set("nord sud est ouest norte sur oeste centre centro north south east west")


def says_only_what(span: Span, tokens: Tokens) -> bool:
    """Whether a span is an article or a type word, which some village has for a name too: the "Tal" of "Tal Bizam"."""
    return all(word in _WHAT or word in words().common for word in tokens.low[span.first : span.last])


_TAKEN_OR_HELD = CAPTURE_VERBS | word_set(
    "controls controlled control holds hold held keeps kept defended defend retake clear cleared freed abandoned burned"
)
_AFTER_TAKEN = word_set("from back in on after and near without during again with for by while as when")
_LOOSE_BEFORE = word_set(
    "in at near from to into around outside inside toward towards of reached entered between through entering "
    "leaving via on against"
)


def rule_spans(
    tokens: Tokens, taken: list[bool], *, loose: bool, leads_to_anchor: Callable[[str, int], int] | None = None
) -> list[Span]:
    """Names the gazetteer does not know, where the words around them say they are places.

    "the town of X", "X district", "village of X", "captured X", "towns of X and Y". ``taken`` marks words that belong to
    accepted spans or to people; ``leads_to_anchor`` says where after a name the place begins that it is told by ("X (north
    of Y)"), or -1. ``loose`` adds weaker signs, for texts about countries whose villages the tables lack:
    "near X", "Tal X", "X Mountains", the next name of a list of places; these have the cue ``loose``.
    """
    spans: list[Span] = []
    count = len(tokens)
    if tokens.shouting:
        return spans
    low, gaps, capitals = tokens.low, tokens.gaps, tokens.upper
    reach = 0
    for at in tokens.capitals:
        i = at
        if i > reach and not capitals[i - 1] and low[i - 1] in _OPENERS and gaps[i - 1] in ("-", "‑"):
            i -= 1
        if i < reach or not _name_word(tokens, i, taken):
            continue
        j = i + 1
        while (
            j < count
            and j - i < 5
            and (gaps[j - 1] in _NAME_GAPS or gaps[j - 1] in _AYN_GAPS)
            and not taken[j]
            and (_name_word(tokens, j, taken) or gaps[j - 1] == "-" or (capitals[j] and low[j] in _PLACE_ENDS))
        ):
            j += 1
        cue = rule_cue(tokens, i, j, spans)
        if (
            not cue
            and leads_to_anchor is not None
            and leads_to_anchor(tokens.text, tokens.ends[j - 1]) >= 0
            and may_be_anchored(tokens, i, j)
        ):
            cue = "anchored"
        if not cue and loose:
            cue = _loose_cue(tokens, i, j, taken, spans)
        if cue:
            last = j - 1 if j - i > 1 and low[j - 1] in PLACE_HEADS and low[j - 1] in _DROPPED_ENDS else j
            span = Span(
                i,
                last,
                tokens.starts[i],
                tokens.ends[last - 1],
                " ".join(tokens.keys[i:last]),
                None,
                known=False,
                cue=cue,
            )
            spans.append(span)
        reach = j
    return spans


def may_be_anchored(tokens: Tokens, i: int, j: int) -> bool:
    """Whether words before "(north of Y)", or between "captured" and "near Y", may be a village's name."""
    low = tokens.low
    if any(word in _NO_TOWN for word in low[i:j]):
        return False
    if tokens.opens[i] and (j - i == 1 and low[i] in words().dictionary):
        return False
    apart = tokens.text[tokens.ends[j - 1] : tokens.ends[j - 1] + 2]
    if apart == " (" or apart[:1] == ",":
        return True
    return i > 0 and tokens.gaps[i - 1] == " " and low[i - 1] in _LOOSE_BEFORE | CAPTURE_VERBS | {"of", "and"}


def _loose_cue(tokens: Tokens, i: int, j: int, taken: list[bool], before: list[Span]) -> str:
    low, gaps, capitals = tokens.low, tokens.gaps, tokens.upper
    if any(word in _NO_TOWN for word in low[i:j]) or (j < len(low) and low[j] in _NO_TOWN and gaps[j - 1] == " "):
        return ""
    if j - i > 1 and (low[j - 1] in _PLACE_ENDS or low[i] in _PLACE_STARTS):
        return "loose-sure"
    if i == 0:
        return ""
    if gaps[i - 1] == " " and low[i - 1] in _TAKEN_OR_HELD and not capitals[i - 1]:
        ends = gaps[j - 1][:1] in (",", ".", ";", "") if j <= len(gaps) else True
        return "loose" if ends or (j < len(low) and low[j] in _AFTER_TAKEN) else ""
    if (
        gaps[i - 1] == " "
        and low[i - 1] in _LOOSE_BEFORE
        and (low[i - 1] != "of" or (i > 1 and low[i - 2] in OF_HEADS))
    ):
        return "loose"
    if gaps[i - 1] == " " and low[i - 1] in ("northern", "southern", "eastern", "western", "central", "and"):
        return "loose" if low[i - 1] != "and" or taken[i - 2] or (before and before[-1].last == i - 1) else ""
    if gaps[i - 1] == ", " and (taken[i - 1] or (before and before[-1].last == i)):
        return "loose"
    return ""


def _list_head(tokens: Tokens, i: int) -> str:
    """The plural type word of the list that word ``i`` continues: "the villages of A, B and …"; ``""`` for none."""
    low, gaps, upper = tokens.low, tokens.gaps, tokens.upper
    k = i - 1
    if k < 3 or not (gaps[k] == ", " or low[k] == "and"):
        return ""
    while k > 2 and i - k < 24:
        if upper[k] or low[k] in ("and", "al", "el", "ad", "as", "ash", "ez"):
            k -= 1
        elif low[k] == "of" and low[k - 1] in _TOWNS and low[k - 1].endswith("s"):
            return low[k - 1]
        else:
            return ""
    return ""


_DROPPED_ENDS = word_set(
    "district province governorate village town city suburb suburbs neighborhood neighbourhood quarter "
    "countryside county township crossing"
)


def _name_word(tokens: Tokens, i: int, taken: list[bool]) -> bool:
    if taken[i]:
        return False
    if not tokens.upper[i]:
        return (
            tokens.low[i] in _OPENERS
            and i + 1 < len(tokens)
            and tokens.gaps[i] in ("-", "‑")
            and tokens.upper[i + 1]
            and not taken[i + 1]
        )
    low = tokens.low[i]
    return (
        low not in _RULE_STOP
        and (low not in words().common or low in _OPENERS)
        and len(low) > 1
        and not low[0].isdigit()
    )


_TOWN_HEADS = word_set(
    "town village city hamlet district suburb neighborhood neighbourhood countryside camp province "
    "governorate subdistrict sub-district township crossing airbase"
)
_TOWNS = word_set(
    "towns villages cities hamlets settlements districts suburbs neighborhoods neighbourhoods provinces town village city "
    "hamlet settlement suburb district neighborhood neighbourhood"
)
_OF = word_set(
    "town village hamlet suburb outskirts countryside district province governorate region neighborhood "
    "neighbourhood towns villages city cities camp districts neighborhoods neighbourhoods suburbs settlement "
    "subdistrict hills plains valley"
)


def rule_cue(tokens: Tokens, i: int, j: int, before: list[Span]) -> str:
    """The word that makes words ``i`` to ``j`` a place, or ``""``."""
    low, gaps = tokens.low, tokens.gaps
    last = low[j - 1]
    if j - i > 1 and last in ("district", "camp", "province", "governorate", "airbase", "crossing", "village"):
        return last
    if i >= 2 and low[i - 1] == "of" and low[i - 2] in _OF:
        return low[i - 2]
    if (
        i >= 3
        and low[i - 1] == "the"
        and low[i - 2] == "of"
        and low[i - 3] in _OF
        and j < len(tokens)
        and low[j] in _TOWN_HEADS
    ):
        return low[j]
    if j < len(tokens) and gaps[j - 1] == " " and low[j] in _TOWN_HEADS and not tokens.upper[j]:
        return low[j]
    if i >= 1 and low[i - 1] in _TOWNS and gaps[i - 1] == " " and not tokens.opens[i] and not tokens.upper[i - 1]:
        return low[i - 1]
    listed = _list_head(tokens, i)
    if listed:
        return listed
    if i >= 1 and low[i - 1] in _TAKING and gaps[i - 1] == " ":
        follows = low[j] if j < len(tokens) else ""
        return (
            "captured"
            if gaps[j - 1][:1] in (",", ".", ";") or follows in ("from", "in", "on", "after", "and", "near")
            else ""
        )
    if before and before[-1].cue and before[-1].last == i - 1 and low[i - 1] == "and":
        return before[-1].cue if before[-1].cue in _OF | _TOWNS else ""
    if before and before[-1].cue and before[-1].last == i and gaps[i - 1] == ", ":
        return before[-1].cue if before[-1].cue in _TOWNS and before[-1].cue.endswith("s") else ""
    return ""


def of_cue(tokens: Tokens, span: Span) -> str:
    """The type word that governs a span: "town of X", "X province", "town X"; ``""`` for none."""
    i, j, low = span.first, span.last, tokens.low
    if low[j - 1] in PLACE_HEADS and j - i > 1:
        return low[j - 1]
    if j < len(low) and tokens.gaps[j - 1] == " " and low[j] in PLACE_HEADS:
        return low[j]
    if i >= 2 and low[i - 1] == "of" and low[i - 2] in OF_HEADS:
        return low[i - 2]
    if i >= 3 and low[i - 1] in ("the", "of") and low[i - 2] == "of" and low[i - 3] in OF_HEADS:
        return low[i - 3]
    if (
        i >= 1
        and tokens.gaps[i - 1] == " "
        and low[i - 1] in ("town", "city", "village", "province", "governorate", "hamlet")
    ):
        return low[i - 1]
    return ""
