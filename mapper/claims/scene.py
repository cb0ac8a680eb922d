"""A sentence with its places and actors, and small questions about its noun phrases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mapper.actors import ActorMention
from mapper.claims import lexicon as lx
from mapper.claims.syntax import after, before, kind
from mapper.claims.tokens import Sentence
from mapper.model import ActorId, Place, Toponym

LENGTH = lx.words("kilometers kilometres km kms miles mile kilometer kilometre meters metres")


NAMED_TYPES = (lx.SETTLEMENT | lx.REGION | lx.FACILITY) - lx.words("line lines point points block division front")


COMMON_PLACES = lx.SETTLEMENT | lx.REGION | lx.FACILITY | lx.PLURAL_PLACES


_BETWEEN = lx.words(
    "refugee military air army naval gas oil border industrial power water train bus international central grain fuel cement"
    " sugar flour textile training"
)


_LIES = lx.words("lie locate situate")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRef:
    """One place that a phrase speaks of. ``part`` is the wording when only part of it is meant.

    ``anaphor`` is the head noun of a description without a name ("town"); ``owners`` are actors named inside the
    phrase ("the rebel stronghold of X"); ``sure`` is how certain it is that the phrase is a place at all.
    """

    text: str
    start: int
    end: int
    place: Place | None = None
    part: str = ""
    anaphor: str = ""
    owners: tuple[ActorMention, ...] = ()
    unknown: bool = False
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """Places read from a phrase, the chunk after it, and why nothing was read."""

    refs: tuple[PlaceRef, ...]
    end: int
    reason: str = ""


@dataclass(slots=True)
class Scene:
    """A sentence with the toponyms and actor mentions in it, by token."""

    article: str
    sentence: Sentence
    toponyms: list[tuple[int, int, Toponym]]
    mentions: list[tuple[int, int, ActorMention]]
    known_places: frozenset[str] = frozenset()  # folded names that the document uses as places elsewhere
    persons: frozenset[str] = frozenset()  # names that the document uses as persons
    states: list[tuple[int, int, ActorMention]] = field(
        default_factory=list
    )  # countries by name, actors only if they act
    war: bool = False  # whether the rest of the article speaks of war
    readings: dict[int, Reading] = field(default_factory=dict)

    def toponyms_in(self, i: int, j: int) -> list[tuple[int, int, Toponym]]:
        return [t for t in self.toponyms if t[0] >= i and t[1] <= j]

    def mentions_in(self, i: int, j: int) -> list[tuple[int, int, ActorMention]]:
        return [m for m in self.mentions if m[0] >= i and m[1] <= j]

    def words(self, i: int, j: int) -> str:
        return self.sentence.text(i, j, self.article)


def at_war(scene: Scene) -> bool:
    """Whether the sentence or the rest of the article speaks of war."""
    return scene.war or not lx.WAR.isdisjoint(scene.sentence.lows)


def past_time(scene: Scene, end: int) -> int:
    """Steps over a time between the members of a list: "captured A in May and B in June"."""
    n = end
    while kind(scene.sentence, n) in ("E", "A"):
        n += 1
    if kind(scene.sentence, n) == "I" and kind(scene.sentence, n + 1) == "NP":
        chunk = scene.sentence.chunks[n + 1]
        if scene.sentence.lows[chunk.j - 1] in ("days", "hours", "weeks", "months"):
            n += 2  # "took A within three days and B on Thursday"
    return n if n > end and kind(scene.sentence, n) in ("C", ",") else end


def bare_name(scene: Scene, k: int) -> bool:
    chunk = scene.sentence.chunks[k]
    return scene.sentence.tags[chunk.i] == "P"


def starts_clause(scene: Scene, end: int, k: int) -> bool:
    """Whether the phrase just read is the subject of a following verb rather than one more object."""
    chunks = scene.sentence.chunks
    n = end if kind(scene.sentence, end) not in ("A", "E") else after(scene.sentence, end)
    if n < len(chunks) and chunks[n].kind == "VG" and chunks[n].finite and n > k:
        chunk = chunks[n]
        if chunk.bare and "n" in chunk.code:
            follow = after(scene.sentence, n)
            return not (kind(scene.sentence, follow) == "I" and chunks[follow].word.startswith("by"))
        return True
    return False


def place_ref(
    scene: Scene,
    i: int,
    j: int,
    *,
    place: Place | None = None,
    part: str = "",
    anaphor: str = "",
    owners: Iterable[ActorMention] = (),
    unknown: bool = False,
    sure: float = 1.0,
) -> PlaceRef:
    sentence = scene.sentence
    if sentence.lows[i] == "the" and not anaphor and not unknown and j - i > 1:
        i += 1
    return PlaceRef(
        text=" ".join(scene.words(i, j).split()),
        start=sentence.starts[i],
        end=sentence.ends[j - 1],
        place=place,
        part=" ".join(part.split()),
        anaphor=anaphor,
        owners=tuple(owners),
        unknown=unknown,
        sure=sure,
    )


def join_wording(outer: str, inner: str) -> str:
    return f"{outer} {inner}".strip() if inner else outer


def is_mention(scene: Scene, token: int) -> bool:
    return any(s <= token < e for s, e, _ in scene.mentions)


def is_direction(scene: Scene, k: int) -> bool:
    chunk = scene.sentence.chunks[k]
    return all(
        low in lx.DIRECTIONS or low in ("further", "just", "far") for low in scene.sentence.lows[chunk.i : chunk.j]
    )


def is_locating(scene: Scene, k: int) -> bool:
    chunk = scene.sentence.chunks[k]
    head = scene.sentence.lows[chunk.j - 1]
    tops = scene.toponyms_in(chunk.i, chunk.j)
    if tops and (tops[-1][1] == chunk.j or head in COMMON_PLACES):
        return True
    return head in COMMON_PLACES or head in lx.DIRECTIONS


def skip_to_preposition(scene: Scene, n: int) -> int:
    """The preposition that leads on from a noun: over adverbs, directions and "lying", "located"."""
    sentence = scene.sentence
    start = n
    while n < start + 4:
        where = kind(sentence, n)
        if (
            where in ("A", "E")
            or (where == "NP" and is_direction(scene, n))
            or (where == "VG" and sentence.chunks[n].lemma in _LIES)
        ):
            n += 1
            continue
        break
    return n if kind(sentence, n) == "I" else start


def facility_name(scene: Scene, i: int, j: int) -> PlaceRef | None:
    """A facility with a name of its own: "the old Umar ibn al-Khattab mosque"."""
    tags = scene.sentence.tags
    start = j - 1
    while start > i and (
        tags[start - 1] == "P"
        or scene.sentence.lows[start - 1] in _BETWEEN
        or (tags[start - 1] == "#" and tags[start - 2 : start - 1] == ["P"])  # "the Block 1070 area"
    ):
        start -= 1
    while start < j - 1 and tags[start] != "P":
        start += 1
    if start >= j - 1 or any(s >= start and e <= j for s, e, _ in scene.mentions):
        return None
    if (scene.sentence.lows[j - 1] in lx.PART_WORDS and scene.sentence.lows[j - 1] != "area") or scene.sentence.lows[
        start
    ] in lx.DIRECTIONS:
        return None
    return place_ref(scene, start, j, unknown=True, sure=0.95)


def typed_name(scene: Scene, k: int) -> bool:
    """Reads "the Garden district", "the Block 1070 area": a name of its own, neither a people's nor a known place's."""
    chunk = scene.sentence.chunks[k]
    tags = scene.sentence.tags
    start = chunk.j - 1
    while start > chunk.i and tags[start - 1] in "P#":
        start -= 1
    if start >= chunk.j - 1 or tags[start] != "P" or scene.sentence.lows[chunk.j - 1] not in _TYPES:
        return False
    return not scene.mentions_in(start, chunk.j - 1) and not any(
        t[0] < chunk.j and t[1] > start and t[2].kind in ("demonym", "metonym") for t in scene.toponyms
    )


_TYPES = (lx.SETTLEMENT | lx.FACILITY | lx.words("area district neighbourhood neighborhood")) - (
    lx.HEADQUARTERS | lx.words("capital port command")
)
_MEASURES = LENGTH | lx.words("hectares acres")
_LAND = lx.words(
    "territory territories land lands ground terrain countryside farmland desert forest jungle road roads highway railway"
    " coast coastline shoreline border frontier front frontline"
)


def measured_land(scene: Scene, k: int) -> bool:
    """Reads "200 square kilometres", "12 miles of road": a part of a place by its size, no distance from it."""
    sentence = scene.sentence
    chunk = sentence.chunks[k]
    if sentence.lows[chunk.j - 1] not in _MEASURES or kind(sentence, k + 1) != "I":
        return False
    if sentence.lows[chunk.j - 2] in ("square", "sq"):
        return True
    land = sentence.chunks[k + 2] if kind(sentence, k + 2) == "NP" else None
    return sentence.chunks[k + 1].word == "of" and land is not None and sentence.lows[land.j - 1] in _LAND


_KEPT = lx.words("camps bases positions outposts posts checkpoints hideouts strongholds bunkers trenches")


def unknown_holder(scene: Scene, i: int, j: int) -> ActorMention | None:
    """The holder that "two X camps", "several X positions" name, X being nothing that is known."""
    sentence = scene.sentence
    if sentence.lows[j - 1] not in _KEPT or sentence.lows[i] in lx.DEFINITE:
        return None
    start = j - 1
    while start > i and sentence.tags[start - 1] == "P":
        start -= 1
    counted = start > i and (sentence.tags[start - 1] == "#" or sentence.lows[start - 1] in lx.DETERMINERS)
    if not counted or start == j - 1 or scene.mentions_in(start, j - 1) or scene.toponyms_in(start, j - 1):
        return None
    begin, end = sentence.starts[start], sentence.ends[j - 2]
    text = scene.article[begin:end]
    return ActorMention(start=begin, end=end, text=text, actor_id=ActorId(""), generic=False, kind="group")


_PURPOSEFUL = lx.OFFENSIVE | lx.words("plan plans goal aim order orders")


def object_of_plan(scene: Scene, k: int) -> bool:
    """Whether the verb after the places belongs to the plan before them: "the offensive to seize A and B is over"."""
    sentence = scene.sentence
    v = before(sentence, k)
    while kind(sentence, v) in ("NP", "I"):
        v = before(sentence, v)
    if kind(sentence, v) != "VG" or not sentence.chunks[v].to:
        return False
    b = before(sentence, v)
    if kind(sentence, b) != "NP" or sentence.lows[sentence.chunks[b].j - 1] not in _PURPOSEFUL:
        return False
    return kind(sentence, before(sentence, b)) in ("", ",", ";", "S", "W")


_ASIDE = lx.words("near outside on along to from in")


def resumed_list(scene: Scene, comma: int) -> int:
    """The next member of a list after what is told of the member before: "X, which …, as well as Y", "X, near Z, and Y".

    0 if there is none.
    """
    sentence = scene.sentence
    opener = sentence.chunks[comma + 1] if comma + 1 < len(sentence.chunks) else None
    side = kind(sentence, comma + 1) == "NP" and is_direction(scene, comma + 1) and kind(sentence, comma + 2) == "I"
    located = side or (opener is not None and opener.kind == "I" and opener.word.split()[-1] in _ASIDE)
    if not located and (opener is None or opener.kind != "W" or opener.word not in ("which", "where")):
        return 0
    for n in range(comma + 2, len(sentence.chunks)):
        where = sentence.chunks[n].kind
        if where in (";", "W", "S"):
            return 0
        if where == ",":
            nxt = after(sentence, n)
            member = after(sentence, nxt)
            joined = kind(sentence, nxt) == "C" and sentence.chunks[nxt].word == "and"
            return member if joined and kind(sentence, member) == "NP" else 0
    return 0


def speaks(scene: Scene, k: int) -> bool:
    """Whether the noun phrase after a comma opens a reporting clause: "…, officials in X said"."""
    sentence = scene.sentence
    for n in range(k + 1, min(k + 9, len(sentence.chunks))):
        chunk = sentence.chunks[n]
        if chunk.kind == "VG":
            return chunk.finite and chunk.lemma in lx.REPORTING
        if chunk.kind in (",", ";", "W", "S"):
            return False
    return False


def lies_in(scene: Scene, k: int, last: PlaceRef) -> bool:
    """Reads "Vukovar, eastern Slavonia, …": the side of a region after a town says where the town lies, unless a list goes on."""
    sentence = scene.sentence
    chunk = sentence.chunks[k]
    side = chunk.j - chunk.i > 1 and sentence.lows[chunk.i] in lx.DIRECTIONS and sentence.words[chunk.i][0].islower()
    if not side or any(tag != "P" for tag in sentence.tags[chunk.i + 1 : chunk.j]):
        return False
    if last.part or last.anaphor or (last.place is not None and last.place.is_region):
        return False
    n = after(sentence, k)
    if kind(sentence, n) != ",":
        return kind(sentence, n) != "C"
    following = after(sentence, n)
    named = kind(sentence, following) == "NP" and bare_name(scene, following)
    return kind(sentence, following) != "C" and not (named and not starts_clause(scene, following + 1, following))


def longer_name(scene: Scene, k: int, i: int, j: int) -> bool:
    """Whether the capitals from ``i`` on belong to the name before them: "the village of Hawsh Al-Farah", Hawsh a place."""
    sentence = scene.sentence
    if any(tag != "P" for tag in sentence.tags[i:j]) or any(is_mention(scene, t) for t in range(i, j)):
        return False
    b = before(sentence, k)
    a = before(sentence, b)
    described = kind(sentence, b) == "I" and sentence.chunks[b].word == "of" and kind(sentence, a) == "NP"
    if described and sentence.lows[sentence.chunks[a].j - 1] in lx.SETTLEMENT | lx.VILLAGES:
        return True
    return i < j and sentence.lows[i].startswith(("al-", "ad-", "ar-", "as-", "ash-", "at-", "az-", "el-"))
