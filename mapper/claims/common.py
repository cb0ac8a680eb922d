"""Common nouns read as places: parts of a place, kinds of place, seats, and what is a person or a thing.

The readers of the phrases in them come as an argument, because the reader of noun phrases asks for these.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, Protocol

from mapper.actors import ActorMention
from mapper.claims import lexicon as lx
from mapper.claims.listing import ListReader, announced, enumerates, further, linked_in, listed_names, named_after
from mapper.claims.scene import (
    COMMON_PLACES,
    Reading,
    Scene,
    bare_name,
    facility_name,
    join_wording,
    measured_land,
    place_ref,
    skip_to_preposition,
    starts_clause,
    unknown_holder,
)
from mapper.claims.syntax import after, kind
from mapper.model import Place, Toponym


class Coordination(Protocol):
    """Reads the places of the coordination that starts at a chunk; see ``places._read_list``."""

    def __call__(self, scene: Scene, k: int, *, several: bool = False, nested: bool = False) -> Reading: ...


class Readers(NamedTuple):
    """How the phrases in a common noun's are read: a coordination, one that words before promise, and a single item."""

    places: Coordination
    several: ListReader
    item: ListReader


_IN = lx.words(
    "in near around inside at along outside within on across throughout through surrounding overlooking under between beyond"
    " beside bordering over toward towards above below"
)
_ROADS = lx.words("road highway frontier border route bridge pass tunnel crossing front line lines supply-line")
_SITS = lx.words("stronghold strongholds bastion headquarters base redoubt enclave outpost camp port heartland capital")
_POSSESSORS = lx.words("city town village district province capital camp region")
_LAST = lx.words("last only final remaining sole")
_REGION_WORDS = lx.words("region area province state district country territory governorate zone")
SUPERLATIVE = lx.words(
    "largest biggest second third second-largest third-largest main only first last key southernmost northernmost"
)


def common(
    scene: Scene,
    k: int,
    i: int,
    j: int,
    head: str,
    owners: tuple[ActorMention, ...],
    *,
    container: Place | None,
    held: tuple[int, int, Toponym] | None,
    read: Readers,
) -> Reading:
    """A common noun: a part of a place, a kind of place, a person or a thing; ``read`` reads the phrases in it."""
    sentence = scene.sentence
    chunks, lows, tags = sentence.chunks, sentence.lows, sentence.tags
    if held is not None and held[2].kind in ("demonym", "organisation"):
        container = None
    core = head == "heart" and kind(sentence, k + 1) == "I" and kind(sentence, k + 2) == "NP"
    core = core and bool(scene.toponyms_in(chunks[k + 2].i, chunks[k + 2].j))  # "the heart of X"
    if head in lx.SPORT and not core:
        return Reading((), k + 1, f"a thing ({head})")
    placeish = head in COMMON_PLACES
    partish = head in lx.PART_WORDS or tags[j - 1] == "#" or measured_land(scene, k)
    if not placeish and not partish:
        return Reading(
            (), k + 1, f"a person ({head})" if head in lx.PERSONS or head in lx.FORCES else f"a thing ({head})"
        )
    told = announced(scene, k, read.several)
    if told is not None:
        return replace(told, refs=tuple(replace(r, owners=owners + r.owners) for r in told.refs))
    keeper = unknown_holder(scene, i, j)
    owners += (keeper,) if keeper is not None else ()
    nxt = skip_to_preposition(scene, k + 1)
    prep = chunks[nxt].word if kind(sentence, nxt) == "I" else ""
    last_prep = prep.split()[-1] if prep else ""
    follows = kind(sentence, nxt + 1) == "NP"
    if nxt > k + 1 and last_prep == "of":
        last_prep = "near"  # "the town further south of X"
    led = kind(sentence, k + 1) in ("W", "S") and chunks[k + 1].word in ("that", "which")
    if kind(sentence, k + 1 + led) == "NP" and kind(sentence, k + 2 + led) == "VG" and not prep:
        # "the territory that the army controlled in X"
        clause = chunks[k + 2 + led]
        at = k + 3 + led
        if kind(sentence, at) == "I" and chunks[at].word == "to":
            at += 2  # "the territory they lost to the army in X"
        if clause.lemma in lx.HAVING and kind(sentence, at) == "I" and kind(sentence, at + 1) == "NP":
            inner = read.places(scene, at + 1)
            whose = chunks[k + 1 + led]
            holder = tuple(m for _, _, m in scene.mentions_in(whose.i, whose.j))
            if inner.refs:
                wording = scene.words(i, chunks[at].j)
                return Reading(
                    tuple(replace(r, part=join_wording(wording, r.part), owners=holder) for r in inner.refs), inner.end
                )
    if prep and follows and (last_prep == "of" or last_prep in _IN or (head in _ROADS and last_prep in ("to", "with"))):
        wording = scene.words(i, chunks[nxt].j)
        inner_chunk = chunks[nxt + 1]
        if head in _ROADS and last_prep in ("to", "with", "over", "between", "linking"):
            inner = read.places(scene, nxt + 1)
            place = inner.refs[0].place if inner.refs and last_prep in ("to", "over") else None
            stop = chunks[inner.end - 1].j if inner.refs else inner_chunk.j
            first = j - 1
            return Reading(
                (place_ref(scene, first, stop, place=place, part=scene.words(i, j), owners=owners, unknown=True),),
                inner.end if inner.refs else nxt + 2,
            )
        if last_prep == "of" and head in _SEATS:
            seat_of = _seat(scene, nxt + 1, owners, read)
            if seat_of is not None:
                return seat_of
        inner = read.places(scene, nxt + 1, several=last_prep == "of" and head in lx.PLURAL_PLACES, nested=True)
        if last_prep == "of" and announced(scene, nxt + 1, read.several) is not None:
            return replace(
                inner, refs=tuple(replace(r, owners=owners + r.owners) for r in inner.refs)
            )  # "a string of towns: A"
        named_in = further(scene, inner, nxt + 1, read.places)
        if named_in is not None:
            inner, nxt = named_in
            wording, last_prep = scene.words(i, chunks[nxt].j), "in"
        if inner.refs and placeish and (last_prep in lx.INSIDE or head in lx.SETTLEMENT | lx.REGION | lx.PLURAL_PLACES):
            inner = replace(
                inner, refs=tuple(replace(r, sure=max(r.sure, 0.9)) if r.unknown else r for r in inner.refs)
            )
        if inner.refs:
            name_of = last_prep == "of" and (
                head in lx.SETTLEMENT
                or head in lx.PLURAL_PLACES
                or (head in _SITS and head != "port")
                or head in _REGION_WORDS
                or head in lx.NAMED_OF
            )
            if head in lx.MAYBE_NAMED_OF and not enumerates(scene, nxt + 1, inner, head):
                name_of = False
            if lows[i] in ("a", "an", "another", "one") or (
                head in lx.MAYBE_NAMED_OF and lows[i + 1 : i + 2] == ["last"]
            ):
                name_of = False  # "a district of X", "the last districts of X" are parts of X
            if head == "port" and last_prep == "of" and j - i == 2 and lows[i] == "the":
                name_of = False  # "the port of X" is its harbour, "the southern port of X" the town
            if head == "capital" and any(r.place is not None and r.place.is_region for r in inner.refs):
                name_of = False
            seat = head in _SITS and last_prep in ("at", "of") and (name_of or head != "port")
            if (name_of or (seat and head != "base")) and not all(r.anaphor for r in inner.refs):
                return Reading(
                    tuple(replace(r, owners=owners + r.owners, sure=max(r.sure, 0.95)) for r in inner.refs), inner.end
                )
            if last_prep == "of" and any(low in lx.ALL_WORDS for low in lows[i:j]) and head not in COMMON_PLACES:
                return Reading(inner.refs, inner.end)
            if placeish and last_prep != "of":
                named = named_after(scene, inner, owners, read.places, plural=head in lx.PLURAL_PLACES)
                if named is not None:
                    return named
            mixed = tuple(m for m in owners if m not in inner.refs[0].owners)
            facility = facility_name(scene, i, j) if keeper is None else None
            if facility is not None and placeish:
                ref = inner.refs[0]
                whole = scene.article[facility.start : inner.refs[-1].end]
                return Reading(
                    (replace(facility, text=" ".join(whole.split()), place=ref.place, part=wording, owners=mixed),),
                    inner.end,
                )
            if (
                head in lx.SETTLEMENT
                and lows[i] == "the"
                and any(low in _LAST for low in lows[i:j])
                and last_prep == "in"
            ):
                # "the last town in the country": a town named elsewhere, else a part of the country
                ref = inner.refs[0]
                last = place_ref(scene, i, j, place=ref.place, anaphor=head, part=wording, owners=mixed, sure=0.9)
                return Reading((last,), inner.end)
            return Reading(
                tuple(replace(r, part=join_wording(wording, r.part), owners=mixed + r.owners) for r in inner.refs),
                inner.end,
            )
        if last_prep == "between" and kind(sentence, nxt + 2) == "C" and kind(sentence, nxt + 3) == "NP":
            inner = read.places(scene, nxt + 3)
            if inner.refs:
                wording = scene.words(i, chunks[nxt + 2].j)
                return Reading(
                    tuple(replace(r, part=join_wording(wording, r.part), owners=owners) for r in inner.refs), inner.end
                )
        called = _called(scene, nxt + 2, read) if placeish and last_prep == "of" and lows[i] in lx.DEFINITE else None
        if called is not None:
            return called
        owner_of = last_prep == "of" and inner.reason == "an actor" and placeish
        if owner_of:
            # "the X base of the Tigers"
            owners += tuple(m for _, _, m in scene.mentions_in(inner_chunk.i, inner_chunk.j))
        elif not placeish or last_prep == "of":
            if last_prep == "of" and inner.reason:
                return Reading((), nxt + 1, inner.reason)
            return Reading((), k + 1, f"a thing ({head})")
    listed = listed_names(scene, k + 1, head, owners, read.several)
    if listed is not None:
        return listed
    if (
        container is None
        and head in ("centre", "center", "outskirts", "suburbs")
        and j - i >= 2
        and lows[j - 2] in ("city", "town", "village", "district", "camp")
    ):
        return Reading(
            (place_ref(scene, i, j, anaphor=lows[j - 2], part=f"{scene.words(i, j)} of", owners=owners, sure=0.8),),
            k + 1,
        )
    facility = facility_name(scene, i, j) if keeper is None else None
    if facility is not None:
        return Reading(
            (replace(facility, place=container, part=f"{facility.text} in" if container else "", owners=owners),), k + 1
        )
    settled = container is not None and not container.is_region
    ranked = head in lx.REGION and any(low in SUPERLATIVE for low in lows[i:j])
    elsewhere = ranked or head in lx.SETTLEMENT - {"camp", "enclave", "port"}
    if container is not None and container.is_region and held is None and elsewhere:
        container = None  # "laid siege to Iraq's second city": a city named elsewhere
    if container is not None and held is None and placeish and (settled or head not in lx.FACILITY - lx.REGION):
        # "the city's eastern sector" has no name, "Ivory Coast's cocoa belt" has
        ref = place_ref(scene, i, j, place=container, part=scene.words(i, j), owners=owners)
        return Reading((ref,), k + 1)
    if held is not None and placeish:
        return Reading((place_ref(scene, held[0], j, place=container, part=scene.words(i, j), owners=owners),), k + 1)
    link = k + 1 + led  # "the bridge linking X with Y", "the road that links X to Y"
    if (
        head in _ROADS
        and kind(sentence, link) == "VG"
        and chunks[link].lemma in ("link", "connect", "lead")
        and (led or chunks[link].code == "g")
    ):
        lies_in = linked_in(scene, link, read.places)
        if lies_in is not None:
            wording = f"{scene.words(i, j)} in"
            parts = tuple(replace(r, part=join_wording(wording, r.part)) for r in lies_in.refs)
            return Reading(parts, lies_in.end)
        n = link + 1 if kind(sentence, link + 1) == "NP" else link + 2
        ends = [
            t
            for t in scene.toponyms
            if t[0] >= chunks[link].j and n < len(chunks) and t[1] <= chunks[min(n + 2, len(chunks) - 1)].j
        ]
        if ends:
            ref = place_ref(
                scene, j - 1, ends[-1][1], place=ends[0][2].place, part=scene.words(i, j), owners=owners, unknown=True
            )
            return Reading((ref,), n + 1)
    if placeish:
        for n in range(j - 1, i, -1):
            if tags[n] == "'" and lows[n - 1] in _POSSESSORS:
                # "the city's western outskirts"
                wording = f"{scene.words(i, j)} of"
                return Reading(
                    (place_ref(scene, i, j, anaphor=lows[n - 1], part=wording, owners=owners, sure=0.8),), k + 1
                )
            if tags[n] == "'" and tags[n - 1] == "P" and head in lx.PLURAL_PLACES | lx.EDGES and not owners:
                # "X's western suburbs", X in no gazetteer
                start = n - 1
                while start > i and tags[start - 1] == "P":
                    start -= 1
                return Reading(
                    (place_ref(scene, start, n, part=scene.words(n + 1, j), unknown=True, sure=0.85),), k + 1
                )
    if (
        head in lx.SETTLEMENT | lx.HEADQUARTERS | {"foothold", "pocket"}
        and kind(sentence, k + 1) == ","
        and kind(sentence, k + 2) == "NP"
        and (tags[chunks[k + 2].i] == "P" or lows[chunks[k + 2].j - 1] in lx.SETTLEMENT)
    ):
        # "their de facto capital, X, to …"
        named = read.item(scene, k + 2)
        closed = kind(sentence, named.end) in (",", "")
        if len(named.refs) == 1 and closed and not named.refs[0].anaphor and lows[i] in lx.DEFINITE:
            return Reading(
                (replace(named.refs[0], owners=owners + named.refs[0].owners, sure=0.95),),
                min(named.end + 1, len(chunks)),
            )
    if placeish:
        if kind(sentence, nxt) == "NP" and nxt == k + 1 and tags[chunks[nxt].i] == "P":
            named = read.item(scene, nxt)
            if named.refs:
                return named
        part = "" if tags[i] == "D" and lows[i] in lx.DEFINITE and head not in lx.PLURAL_PLACES else scene.words(i, j)
        return Reading((place_ref(scene, i, j, anaphor=head, part=part, owners=owners, sure=0.8),), k + 1)
    return Reading((), k + 1, f"a thing ({head})")


_SEATS = lx.words("capital centre center seat hub headquarters city town")


def _seat(scene: Scene, k: int, owners: tuple[ActorMention, ...], read: Readers) -> Reading | None:
    """Reads "the capital of X province, Y, …": the town Y, not a part of the region and a town."""
    sentence = scene.sentence
    region = read.item(scene, k)
    if len(region.refs) != 1 or region.refs[0].place is None or not region.refs[0].place.is_region:
        return None
    if kind(sentence, region.end) != "," or kind(sentence, region.end + 1) != "NP":
        return None
    named = read.item(scene, region.end + 1)
    closed = kind(sentence, named.end) in (",", "") or kind(sentence, named.end) == "E"
    if len(named.refs) != 1 or not closed or not bare_name(scene, region.end + 1):
        return None
    town = named.refs[0]
    if town.part or town.anaphor or (town.place is not None and town.place.is_region):
        return None
    nxt = after(sentence, named.end)
    if (
        kind(sentence, named.end) == ","
        and kind(sentence, nxt) in ("NP", "C")
        and not starts_clause(scene, nxt + 1, nxt)
    ):
        return None  # a list goes on
    return Reading(
        (replace(town, owners=owners + town.owners, sure=max(town.sure, 0.95)),),
        min(named.end + 1, len(sentence.chunks)),
    )


def _called(scene: Scene, n: int, read: Readers) -> Reading | None:
    """The name behind "the birthplace of the president, X, …"; a known one, for the president has a name too."""
    if not (kind(scene.sentence, n) == "," and kind(scene.sentence, n + 1) == "NP"):
        return None
    named = read.item(scene, n + 1)
    if len(named.refs) != 1 or named.refs[0].place is None or kind(scene.sentence, named.end) not in (",", ""):
        return None
    return Reading(named.refs, min(named.end + 1, len(scene.sentence.chunks)))
