"""What follows a common noun that stands for places: the names of its list, where its road lies, what it is called.

The reader of lists comes as an argument, because it is the reader of common nouns that asks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mapper.actors import ActorMention
from mapper.claims import lexicon as lx
from mapper.claims.scene import (
    COMMON_PLACES,
    Reading,
    Scene,
    join_wording,
    starts_clause,
)
from mapper.claims.syntax import after, kind, passive, subject

ListReader = Callable[[Scene, int], Reading]


def linked_in(scene: Scene, v: int, read: ListReader) -> Reading | None:
    """Where a road lies by the words after its two ends: "linking A and B in X province"."""
    sentence = scene.sentence
    n = v + 1
    while kind(sentence, n) in ("NP", "C") or (kind(sentence, n) == "I" and sentence.chunks[n].word in ("to", "with")):
        n += 1
    if not (kind(sentence, n) == "I" and sentence.chunks[n].word == "in" and kind(sentence, n + 1) == "NP"):
        return None
    reading = read(scene, n + 1)
    return reading if len(reading.refs) == 1 and not reading.refs[0].anaphor else None


def listed_names(scene: Scene, n: int, head: str, owners: tuple[ActorMention, ...], read: ListReader) -> Reading | None:
    """Names or a region that follow a plural: "strongholds, including X", "several towns held by Y in Z"."""
    sentence = scene.sentence
    chunks = sentence.chunks
    k = n + 1 if kind(sentence, n) == "," else n
    names = introduced(scene, k)
    if kind(sentence, names) == "NP":
        reading = read(scene, names)
        if reading.refs and not any(r.anaphor for r in reading.refs):
            return Reading(tuple(replace(r, owners=owners + r.owners) for r in reading.refs), reading.end)
    if (
        kind(sentence, n) == "VG"
        and chunks[n].bare
        and chunks[n].lemma in ("hold", "control", "occupy", "rule")
        and kind(sentence, n + 1) == "I"
    ):
        m = n + 2
        holder: list[ActorMention] = []
        while kind(sentence, m) in ("NP", "C") and m < n + 8:
            holder += [x for _, _, x in scene.mentions_in(chunks[m].i, chunks[m].j)]
            m += 1
        if (
            chunks[n + 1].word == "by"
            and kind(sentence, m) == "I"
            and chunks[m].word in ("in", "near", "around", "inside")
            and kind(sentence, m + 1) == "NP"
        ):
            reading = read(scene, m + 1)
            if reading.refs:
                return Reading(
                    tuple(
                        replace(r, part=join_wording(f"{head} in", r.part), owners=owners + tuple(holder))
                        for r in reading.refs
                    ),
                    reading.end,
                )
    return None


_ENUMERATING = lx.words("be include comprise")


def introduced(scene: Scene, n: int) -> int:
    """The chunk behind "including", "like", "namely", "such as" or "among them" at chunk ``n``; -1 where none stands there."""
    sentence = scene.sentence
    what = kind(sentence, n)
    if what not in ("I", "A", "NP"):
        return -1
    chunk = sentence.chunks[n]
    if (what == "I" and chunk.word in ("including", "like")) or (what == "A" and chunk.word == "namely"):
        return n + 1
    pair = sentence.lows[chunk.i : chunk.i + 2]
    return n + 2 if pair in (["such", "as"], ["among", "them"]) else -1


def announced(scene: Scene, k: int, read: ListReader) -> Reading | None:
    """The names that a plural without any is about, told later in its sentence; ``end`` is behind what was read at ``k``.

    "The liberated villages are A and B", "the following towns fell to the rebels: A, B", "several villages fell on Friday,
    including A and B", "among the towns captured were A and B".
    """
    sentence = scene.sentence
    chunks = sentence.chunks
    if sentence.lows[chunks[k].j - 1] not in lx.PLURAL_PLACES:
        return None
    for n in range(k + 1, len(chunks)):
        chunk = chunks[n]
        at = -1
        if chunk.kind == "," and chunk.word == ":":
            at = after(sentence, n)
        elif (behind := introduced(scene, n)) >= 0:
            at = behind
            if kind(sentence, n - 1) != "," and n != k + 1:
                return None
        elif chunk.kind == "VG" and chunk.lemma in _ENUMERATING and _tells_which(scene, k, n):
            at = after(sentence, n)
        elif chunk.kind == ";" or (chunk.kind == "NP" and sentence.lows[chunk.j - 1] in lx.PLURAL_PLACES):
            return None  # the names are of what is nearest to them
        if at >= 0:
            named = _bare_names(scene, at, read)
            near = n <= k + 2 and all(kind(sentence, m) == "," for m in range(k + 1, n))
            return None if named is None else Reading(named.refs, named.end if near and chunk.kind != "VG" else k + 1)
    return None


def _tells_which(scene: Scene, k: int, v: int) -> bool:
    """Whether the verb says which places the plural at ``k`` means: it is its subject, or "among them" opens the sentence."""
    sentence = scene.sentence
    chunk = sentence.chunks[v]
    denied = kind(sentence, v + 1) == "A" and sentence.chunks[v + 1].word in lx.NEGATIONS
    if not chunk.finite or chunk.negated or denied or chunk.modal or chunk.code == "g" or passive(sentence, v):
        return False
    return k in subject(sentence, v) or (kind(sentence, k - 1) == "I" and sentence.chunks[k - 1].word == "among")


def _bare_names(scene: Scene, k: int, read: ListReader) -> Reading | None:
    if kind(scene.sentence, k) != "NP":
        return None
    named = read(scene, k)
    if not named.refs or any(r.anaphor or r.part for r in named.refs):
        return None
    return replace(named, refs=tuple(replace(r, sure=max(r.sure, 0.9)) if r.unknown else r for r in named.refs))


def further(scene: Scene, inner: Reading, k: int, read: ListReader) -> tuple[Reading, int] | None:
    """The next PP when the first only leads there: "along the river in X province", "on Route 5 at Y"."""
    sentence = scene.sentence
    chunk = sentence.chunks[k]
    head = sentence.lows[chunk.j - 1]
    river = any(r.place is not None and r.place.feature_class == "H" for r in inner.refs)
    end = inner.end if inner.refs else k + 1
    bare = not inner.refs and (head in COMMON_PLACES or sentence.tags[chunk.j - 1] in "P#")
    anaphoric = all(r.anaphor for r in inner.refs) and bool(inner.refs)
    if not (river or bare or anaphoric):
        return None
    if (
        kind(sentence, end) == "I"
        and sentence.chunks[end].word.split()[-1] in ("in", "at", "near", "of", "inside")
        and kind(sentence, end + 1) == "NP"
    ):
        more = read(scene, end + 1)
        if any(r.place is not None or (r.unknown and r.sure >= 0.5) for r in more.refs):
            return more, end
    return None


def enumerates(scene: Scene, k: int, inner: Reading, head: str) -> bool:
    """Whether "the villages of A and B" names the villages, rather than "villages of A province"."""
    chunk = scene.sentence.chunks[k - 2] if k >= 2 else None
    definite = chunk is not None and scene.sentence.lows[chunk.i] in ("the", "these", "those")
    if head in lx.VILLAGES:
        return len(inner.refs) > 1 or (
            definite and not any(r.place is not None and r.place.is_region for r in inner.refs)
        )
    if head in ("quarter", "area", "sector", "territory", "pocket"):
        settled = all(r.place is None or not r.place.is_region for r in inner.refs)
        return definite and settled and head != "quarter"
    return len(inner.refs) > 1 and head not in lx.ONLY_PARTS


def named_after(
    scene: Scene, inner: Reading, owners: tuple[ActorMention, ...], read: ListReader, *, plural: bool
) -> Reading | None:
    """The names that a description announces: "two villages in the north of Kunar, Hila and Dangam"."""
    sentence = scene.sentence
    if len(inner.refs) > 1 and plural and not any(r.part for r in inner.refs[1:]):
        first = inner.refs[0]
        rest = inner.refs[1:]
        if (
            first.place is not None
            and first.place.is_region
            and all(r.place is None or not r.place.is_region for r in rest)
        ):
            return Reading(tuple(replace(r, owners=owners, sure=max(r.sure, 0.9)) for r in rest), inner.end)
    where = kind(sentence, inner.end)
    if len(inner.refs) == 2 and not plural and where in (",", "") and not inner.refs[1].part:
        region, town = inner.refs[0].place, inner.refs[1]
        if region is not None and region.is_region and (town.place is None or not town.place.is_region):
            return Reading(
                (replace(town, owners=owners, sure=max(town.sure, 0.9)),), inner.end
            )  # "the last redoubt in X, Y,"
    if where not in (",", "-"):
        return None
    nxt = after(sentence, inner.end)
    if kind(sentence, nxt) == "I" and sentence.chunks[nxt].word == "among" and kind(sentence, nxt + 2) == "NP":
        nxt += 2  # "five villages in X, among them A and B"
    if kind(sentence, nxt) != "NP" or sentence.tags[sentence.chunks[nxt].i] != "P":
        return None
    named = read(scene, nxt)
    if not named.refs or any(r.anaphor or r.part for r in named.refs) or starts_clause(scene, named.end, nxt):
        return None
    if named.refs[0].place is not None and named.refs[0].place.is_region and not plural:
        return None
    return Reading(tuple(replace(r, owners=owners, sure=max(r.sure, 0.9)) for r in named.refs), named.end)
