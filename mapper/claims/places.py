"""Noun phrases read as places: names, parts of places, descriptions ("the town"), and what is no place at all."""

from __future__ import annotations

from dataclasses import replace

from mapper.actors import ActorMention
from mapper.claims import lexicon as lx
from mapper.claims.common import SUPERLATIVE, Readers, common
from mapper.claims.listing import announced
from mapper.claims.scene import (
    COMMON_PLACES,
    LENGTH,
    NAMED_TYPES,
    PlaceRef,
    Reading,
    Scene,
    bare_name,
    is_direction,
    is_locating,
    is_mention,
    join_wording,
    lies_in,
    longer_name,
    object_of_plan,
    past_time,
    place_ref,
    resumed_list,
    speaks,
    starts_clause,
    typed_name,
)
from mapper.claims.syntax import after, kind
from mapper.model import Place, Toponym

_EDGE = lx.words("countryside suburbs outskirts frontier border suburb hinterland periphery environs surroundings")


_NAMED_BY_OF = lx.SETTLEMENT | lx.words("island peninsula district region province area neighbourhood neighborhood")
_TYPE_FIRST = lx.words("mount mt mt. lake fort port camp jabal jebel tal tell kafr kafar deir wadi hill base")


def read_places(scene: Scene, k: int) -> Reading:
    """All places of the coordination that starts with the noun phrase at chunk ``k``."""
    known = scene.readings.get(k)
    if known is None:
        known = _read_list(scene, k)
        scene.readings[k] = known
    return known


def tells_names(scene: Scene, k: int) -> bool:
    """Whether the sentence says which places the plural at chunk ``k`` means: what is said of them is its news."""
    return announced(scene, k, _read_several) is not None


def headed(scene: Scene, k: int) -> list[PlaceRef]:
    """The names behind the colon of "Captured by the army: A, B": what the words at chunk ``k`` are the head of."""
    for n in range(k + 1, len(scene.sentence.chunks)):
        chunk = scene.sentence.chunks[n]
        if chunk.kind == "," and chunk.word == ":" and kind(scene.sentence, n + 1) == "NP":
            return [r for r in read_places(scene, n + 1).refs if not r.anaphor]
    return []


def _read_list(scene: Scene, k: int, *, several: bool = False, nested: bool = False) -> Reading:
    """Places of a coordination.

    ``several`` when words before it promise more than one ("the villages of"), ``nested`` when a noun and "of" or "in"
    lead to it: "the bridge at A, as well as B" goes on with B outside.
    """
    sentence = scene.sentence
    several = several or object_of_plan(scene, k)
    first = _read_item(scene, k)
    if first.reason and not first.refs:
        return first
    refs = list(first.refs)
    end = first.end
    pending_comma = False
    while True:
        end = past_time(scene, end)
        where = kind(sentence, end)
        nxt = after(sentence, end)
        if where in (",", "-"):
            resumed = 0 if nested else resumed_list(scene, end)
            alongside = kind(sentence, nxt) == "I" and sentence.chunks[nxt].word in _ALONGSIDE
            conjoined = kind(sentence, nxt) == "C" or resumed > 0 or alongside
            if conjoined:
                if nested and (alongside or sentence.lows[sentence.chunks[nxt].i] == "as"):
                    break
                nxt = resumed or after(sentence, nxt)
            if kind(sentence, nxt) != "NP":
                break
            apposed = None if conjoined else _apposition(scene, nxt, refs)
            if apposed is not None:
                refs, end = apposed
                if kind(sentence, end) in (",", "-") and not _list_goes_on(scene, end):
                    break
                continue
            pending_comma = True
        elif where == "C" and (
            sentence.chunks[end].word in ("and", "&", "or", "nor")
            or sentence.lows[sentence.chunks[end].i :][:2] == ["but", "also"]
        ):
            if kind(sentence, nxt) != "NP":
                break
            pending_comma = False
        elif where == "I" and sentence.chunks[end].word in _ALONGSIDE:
            nxt = end + 1
        else:
            break
        item = _read_item(scene, nxt, listed=True)
        whole = several and ((where == "C" and len(refs) == 1) or _opens_clause(scene, k))
        if not item.refs or (starts_clause(scene, item.end, nxt) and not whole):
            break
        if sentence.lows[sentence.chunks[nxt].j - 1] in _BASED and where != "C" and not _more_sites(scene, item.end):
            break  # "…, the X battalion and police said"
        if any(ref.anaphor for ref in item.refs) and where != "C":
            break
        if where == "," and pending_comma and any(ref.anaphor and not ref.part for ref in item.refs):
            break
        plain = [ref for ref in refs if ref.anaphor and not ref.part]
        if plain and where == "," and refs == plain:
            refs = []  # "two towns, A and B": the names stand for the description
        shared = refs[-1].part if refs and refs[-1].part and where == "C" and bare_name(scene, nxt) else ""
        if " in " not in f" {shared} " and not shared.endswith(("of", "in", "near", "around")):
            shared = ""
        if any(ref.anaphor in lx.PLURAL_PLACES for ref in item.refs) and refs and refs[-1].part:
            end = item.end  # "a dozen Red Sea ports and islands"
            continue
        refs += [replace(ref, part=shared) if shared and not ref.part else ref for ref in item.refs]
        end = item.end
    if any(r.place is not None and not r.unknown for r in refs) or len(refs) > 2:
        refs = [replace(r, sure=max(r.sure, 0.9)) if r.unknown and r.sure >= 0.5 else r for r in refs]
    return Reading(tuple(refs), end, "" if refs else first.reason)


def _read_several(scene: Scene, k: int) -> Reading:
    return _read_list(scene, k, several=True)


def _opens_clause(scene: Scene, k: int) -> bool:
    """Whether nothing but what the list belongs to stands before it: "the villages of A, B and C were taken"."""
    chunks = scene.sentence.chunks
    return not any(c.kind in ("VG", "S", "W", ";") for c in chunks[:k])


def _more_sites(scene: Scene, comma: int) -> bool:
    """Whether a list goes on with a place, named or not."""
    nxt = after(scene.sentence, comma)
    head = scene.sentence.lows[scene.sentence.chunks[nxt].j - 1] if kind(scene.sentence, nxt) == "NP" else ""
    joined = kind(scene.sentence, comma) in (",", "C")
    return _list_goes_on(scene, comma) or (joined and head in lx.FACILITY | lx.SETTLEMENT)


_BASED = ("battalion", "regiment")
_ALONGSIDE = ("along with", "together with")


def _list_goes_on(scene: Scene, comma: int) -> bool:
    nxt = after(scene.sentence, comma)
    if kind(scene.sentence, nxt) == "C":
        nxt = after(scene.sentence, nxt)
    if kind(scene.sentence, nxt) != "NP":
        return False
    item = _read_item(scene, nxt, listed=True)
    return bool(item.refs) and not any(r.anaphor for r in item.refs) and not starts_clause(scene, item.end, nxt)


def _apposition(scene: Scene, k: int, refs: list[PlaceRef]) -> tuple[list[PlaceRef], int] | None:
    """Reads "…, the capital of X," or "…, 20 km north of Y," after a place: new refs and end, None when a list goes on."""
    sentence = scene.sentence
    chunk = sentence.chunks[k]
    lows = sentence.lows[chunk.i : chunk.j]
    if not refs:
        return None
    if any(low in LENGTH for low in lows) and sentence.tags[chunk.i] in "#DA":
        end = k + 1
        while end < len(sentence.chunks) and sentence.chunks[end].kind in ("I", "NP", "A"):
            if sentence.chunks[end].kind == "NP" and sentence.chunks[end - 1].kind == "NP":
                break
            end += 1
        return refs, end
    tops = scene.toponyms_in(chunk.i, chunk.j)
    last = refs[-1]
    if lies_in(scene, k, last):
        return refs, k + 1
    if tops and tops[-1][1] == chunk.j and len(tops) == 1 and chunk.j - chunk.i <= tops[0][1] - tops[0][0] + 1:
        # "Mosul, Iraq" / "Rawa, Anbar Province": the region that holds the place just named
        outer = tops[0][2].place
        if outer is not None and outer.feature_class == "A" and _follows_container(scene, k):
            inner = last.place
            same = inner is None or (outer.country == inner.country and inner.id != outer.id)
            # "Kunduz, Takhar, Logar": another province is no container of a town called like its own
            same = same and (inner is None or not inner.admin1 or outer.admin1 in ("", inner.admin1))
            smaller = inner is None or not inner.is_region or outer.feature_code.startswith("PCL")
            province = "" if inner is None else inner.admin1
            elsewhere = province and outer.admin1 and province != outer.admin1  # "Kunduz, Takhar, …": a list
            if same and smaller and not (elsewhere and outer.feature_code.startswith("ADM")):
                return refs, k + 1
        return None
    head = sentence.lows[chunk.j - 1]
    descriptive = (head in COMMON_PLACES or head in lx.PART_WORDS) and sentence.tags[chunk.j - 1] != "P"
    descriptive = descriptive and not (typed_name(scene, k) and _list_goes_on(scene, k + 1))  # "A, the B district, C"
    if descriptive and (
        sentence.tags[chunk.i] in "D#'JAP" or head in lx.HEADQUARTERS or "'" in sentence.tags[chunk.i : chunk.j]
    ):
        end = k + 1
        if kind(sentence, end) == "I" and kind(sentence, end + 1) == "NP":
            prep = sentence.chunks[end].word
            held = sentence.chunks[end + 1]
            if prep == "of" and head in lx.TOWN_WORDS and not any(low in SUPERLATIVE for low in lows):
                return None  # "…, the town of Y and …" is a list
            end += 2
            while (
                kind(sentence, end) == "I"
                and kind(sentence, end + 1) == "NP"
                and sentence.chunks[end].word in ("of", "in", "near")
            ):
                end += 2
            if prep == "between" and kind(sentence, end) == "C" and kind(sentence, end + 1) == "NP":
                end += 2  # "…, the border area between X and Y,"
            owned = prep in ("of", "for") and head not in lx.ORIGINS
            owners = tuple(m for _, _, m in scene.mentions_in(held.i, held.j)) if owned else ()
        else:
            owners = ()
        if all(r.anaphor for r in refs) and not owners:
            return None
        owners += tuple(m for _, _, m in scene.mentions_in(chunk.i, chunk.j))
        named = [*refs[:-1], replace(last, owners=last.owners + owners)]
        if kind(sentence, end) == "C" and kind(sentence, end + 1) == "NP":
            more = sentence.chunks[end + 1]
            if sentence.lows[more.j - 1] in COMMON_PLACES and sentence.tags[more.j - 1] != "P":
                end += 2
        return named, end
    return None


def _follows_container(scene: Scene, k: int) -> bool:
    """Whether a comma or the end follows: "Mosul, Iraq, …", not "Mosul, Iraq and Syria"."""
    return kind(scene.sentence, k + 1) != "C"


def _read_item(scene: Scene, k: int, *, listed: bool = False) -> Reading:
    sentence = scene.sentence
    chunk = sentence.chunks[k]
    if chunk.kind != "NP":
        return Reading((), k, "no noun phrase")
    i, j = chunk.i, chunk.j
    tags, lows = sentence.tags, sentence.lows
    if j - i == 1 and tags[i] == "p":
        if lows[i] in lx.PERSONAL:
            return Reading((), k + 1, "a person")
        return Reading((place_ref(scene, i, j, anaphor=lows[i]),), k + 1)
    if tags[j - 1] == "'":
        j -= 1
    a = i
    for n in range(j - 2, i - 1, -1):
        if tags[n] == "'":
            a = n + 1
            break
    owners = tuple(m for s, e, m in scene.mentions_in(i, j) if e < j)
    if a > i:
        lies_in = [t for t in scene.toponyms_in(i, a) if t[2].place is not None and not t[2].place.is_region]
        if not lies_in:  # "Syria's Golan Heights", not "Tripoli's airport"
            owners += tuple(m for s, e, m in scene.states if s >= i and e < a)
    head = lows[j - 1]
    if head in lx.ORIGINS:
        owners = ()  # who was born there does not hold it
    if is_direction(scene, k) and (tags[i] != "D" or lows[i] == "further"):
        return Reading((), k + 1, "a direction")
    if any(lows[n] in lx.SHIPS and tags[n + 1] == "P" for n in range(i, j - 1)):
        return Reading((), k + 1, "a ship")
    tops = scene.toponyms_in(a, j)
    top = tops[-1] if tops else None
    if top is not None and top[2].kind == "demonym" and top[1] < j:
        top = None  # "Russian garrisons"
    inside = scene.toponyms_in(i, a)
    container = inside[-1][2].place if inside else None
    if top is not None and not (
        head in _NAMED_BY_OF and top[1] < j and kind(sentence, k + 1) == "I" and sentence.chunks[k + 1].word == "of"
    ):
        if top[1] == j and (top[2].kind == "coarse" or top[2].place is None):
            return _proper(scene, k, a, j, owners, top[2].place)
        reading = _named(scene, k, a, j, top, owners)
        if reading is not None:
            return reading
        if longer_name(scene, k, top[1], j):
            return _proper(scene, k, a, j, owners, None)
        return common(scene, k, i, j, head, owners, container=top[2].place, held=top, read=READERS)
    acting = [m for s, e, m in scene.mentions if e == j and (s >= a or s < i)]
    based = head in lx.FACILITY - lx.FORCES or (listed and head in _BASED)
    if acting and (not based or any(m.actor_id for m in acting)):
        return Reading((), k + 1, "an actor")  # but "Qasr Tower" is a place, and a battalion in a list is its base
    if tags[j - 1] == "P":
        return _proper(scene, k, a, j, owners, container)
    if head in lx.DIRECTIONS and tags[i] == "D" and not head.endswith("ern") and head not in lx.VAGUE_DIRECTIONS:
        nxt = k + 1
        while kind(sentence, nxt) == "C" and kind(sentence, nxt + 1) == "NP" and is_direction(scene, nxt + 1):
            nxt += 2  # "the north and west of X"
        if not (kind(sentence, nxt) == "I" and sentence.chunks[nxt].word == "of"):
            return Reading((place_ref(scene, i, j, unknown=True, sure=0.9),), k + 1)
        inner = _read_list(scene, nxt + 1) if kind(sentence, nxt + 1) == "NP" else Reading((), nxt, "")
        if nxt > k + 1 and any(r.anaphor for r in inner.refs):
            return Reading((place_ref(scene, i, j, unknown=True, sure=0.9),), k + 1)
        if inner.refs:
            wording = scene.words(i, sentence.chunks[nxt].j)
            return Reading(tuple(replace(r, part=join_wording(wording, r.part)) for r in inner.refs), inner.end)
    return common(scene, k, i, j, head, owners, container=container, held=None, read=READERS)


def _named(
    scene: Scene, k: int, a: int, j: int, top: tuple[int, int, Toponym], owners: tuple[ActorMention, ...]
) -> Reading | None:
    """A noun phrase with a resolved or recognised name: "northern Latakia", "Homs Province", "Bagram airport"."""
    sentence = scene.sentence
    ti, tj, toponym = top
    place = toponym.place
    if toponym.kind in ("demonym", "organisation"):
        return None
    low_tail = sentence.lows[tj:j]
    tail = low_tail[-1] if low_tail else ""
    start = ti
    part = ""
    while start > a and sentence.lows[start - 1] in lx.DIRECTIONS:
        start -= 1
    if start < ti and not (start > a and sentence.lows[start - 1] == "the" and sentence.words[start][0].isupper()):
        part = scene.words(start, ti)
    if not low_tail:
        sure = 1.0
        pre = sentence.lows[start - 1] if start > a else ""
        if pre.rstrip(".") in lx.TITLES and sentence.words[start - 1][0].isupper():
            return Reading((), k + 1, "a person with a title")
        if (
            start > a
            and sentence.tags[start - 1] == "P"
            and pre not in NAMED_TYPES
            and not is_mention(scene, start - 1)
        ):
            # an unknown capitalised word before the name: "Ramzi Yousef", but "Tal Rifaat"
            sure = 0.6
            if pre in lx.PLACE_PRE or pre.startswith(("al-", "tal")):
                start -= 1
                sure = 0.9
        if scene.words(ti, tj) in scene.persons:
            return Reading((), k + 1, "a person")
        ref = place_ref(scene, start, j, place=place, part=part, owners=owners, sure=sure)
        return _with_parenthesis(scene, k, ref)
    if tail in lx.PLURAL_PLACES and tail not in ("areas", "regions", "places", "parts"):
        # "a dozen Red Sea ports"
        return Reading((place_ref(scene, start, tj, place=place, part=scene.words(a, j), owners=owners),), k + 1)
    if start > a and sentence.lows[start - 1] in lx.PLACE_PRE and sentence.words[start - 1][0].isupper():
        start -= 1  # "Tall ad-Dirrah village"
    plain = all(low in NAMED_TYPES or low in lx.DIRECTIONS for low in low_tail)
    if plain and tail in lx.SETTLEMENT | lx.REGION and tail != "country":
        edge = tail in _EDGE
        ref = place_ref(scene, start, j, place=place, part=part or (f"{tail} of" if edge else ""), owners=owners)
        return _with_parenthesis(scene, k, ref)
    if tail in lx.FACILITY:
        name = ti
        while name > a and sentence.tags[name - 1] == "P" and not is_mention(scene, name - 1):
            name -= 1
        if name < ti and sentence.lows[name] not in lx.DIRECTIONS and sentence.lows[name] not in lx.PLACE_PRE:
            return (
                None
                if toponym.kind == "literal" and sentence.lows[ti - 1] not in ("bin", "ibn")
                else common(scene, k, a, j, tail, owners, container=None, held=None, read=READERS)
            )
        covered = place is not None and tail in place.name.lower()
        wording = "" if covered else f"the {' '.join(low_tail)} of"
        ref = place_ref(scene, start, j, place=place, part=wording, owners=owners)
        return _with_parenthesis(scene, k, ref)
    return None


def _with_parenthesis(scene: Scene, k: int, ref: PlaceRef) -> Reading:
    """Reads on after a name: a PP that only locates it ("Azaz near the border") belongs to it."""
    sentence = scene.sentence
    end = k + 1
    if ref.place is not None and ref.place.feature_class == "H":
        return Reading((ref,), end)
    if kind(sentence, end) == "NP" and any(
        low in LENGTH for low in sentence.lows[sentence.chunks[end].i : sentence.chunks[end].j]
    ):
        end += 1
        while kind(sentence, end) in ("I", "NP") and kind(sentence, end - 1) != kind(sentence, end):
            end += 1
    n = end if kind(sentence, end) != "A" else end + 1
    if (
        kind(sentence, n) == "NP"
        and is_direction(scene, n)
        and kind(sentence, n + 1) == "I"
        and kind(sentence, n + 2) == "NP"
    ):
        end = n + 3  # "just south of Damascus"
    elif kind(sentence, n) == "NP" and is_direction(scene, n) and sentence.lows[sentence.chunks[n].i] == "further":
        end = n + 1  # "in the Mosul region further north"
    while (
        kind(sentence, end) == "I"
        and sentence.chunks[end].word.split()[-1] in lx.LOCATING
        and kind(sentence, end + 1) == "NP"
        and is_locating(scene, end + 1)
    ):
        end += 2
    return Reading((ref,), end)


def _proper(scene: Scene, k: int, a: int, j: int, owners: tuple[ActorMention, ...], container: Place | None) -> Reading:
    """A capitalised name that the gazetteer does not know."""
    sentence = scene.sentence
    tags, lows, words = sentence.tags, sentence.lows, sentence.words
    start = j
    while start > a and (tags[start - 1] == "P" or (tags[start - 1] == "#" and words[start - 1][0].isdigit())):
        start -= 1
    last = lows[j - 1]
    name = scene.words(start, j)
    if j - start == 1 and last in NAMED_TYPES and kind(sentence, k + 1) == "I" and sentence.chunks[k + 1].word == "of":
        return common(scene, k, a, j, last, owners, container=container, held=None, read=READERS)  # "the Republic of X"
    if last in lx.INSTITUTIONS and not container:
        return Reading((), k + 1, "an institution")
    pre = lows[start - 1] if start > a else ""
    if pre.rstrip(".") in lx.TITLES or lows[start].rstrip(".") in lx.TITLES:
        return Reading((), k + 1, "a person with a title")
    if name in scene.persons or (j - start == 1 and last in lx.PERSONS):
        return Reading((), k + 1, "a person")  # "the Emir of X" too
    typed = last in NAMED_TYPES or (last.endswith("s") and last[:-1] in NAMED_TYPES)
    direction = ""
    while start > a and lows[start - 1] in lx.DIRECTIONS and not typed:
        start -= 1
        direction = scene.words(start, j).split(" ", 1)[0]
    if (typed or lows[start] in _TYPE_FIRST) and j - start >= 2:
        ref = place_ref(
            scene,
            start,
            j,
            place=container,
            part=f"{name} in" if container else "",
            owners=owners,
            unknown=True,
            sure=0.95,
        )
        if (
            last in lx.FACILITY
            and kind(sentence, k + 1) == "I"
            and sentence.chunks[k + 1].word in ("in", "at", "of")
            and kind(sentence, k + 2) == "NP"
        ):
            inner = _read_list(scene, k + 2)
            if len(inner.refs) == 1 and not inner.refs[0].anaphor:
                # "the Central Church in X": the church by name, mapped as a part of X
                whole = scene.article[ref.start : inner.refs[-1].end]
                part = scene.words(start, sentence.chunks[k + 1].j)
                return Reading(
                    (replace(ref, text=" ".join(whole.split()), place=inner.refs[0].place, part=part),), inner.end
                )
        return _with_parenthesis(scene, k, ref)
    if pre in lx.SETTLEMENT | lx.REGION | lx.FACILITY and pre not in lx.PERSONS:
        return _with_parenthesis(scene, k, place_ref(scene, start, j, owners=owners, unknown=True, sure=0.95))
    aged = j + 1 < len(words) and lows[j] == "," and words[j + 1].isdigit() and len(words[j + 1]) == 2
    after_name = aged and (j + 2 >= len(words) or lows[j + 2] in (",", ".", "and"))
    if after_name:
        return Reading((), k + 1, "a person with an age")
    sure = 0.5
    if name in scene.known_places:
        sure = 0.9
    elif last.startswith(("al-", "ad-", "ar-", "as-", "ash-", "at-", "el-")) or lows[start] in lx.PLACE_PRE:
        sure = 0.6
    elif direction or lows[start] in lx.DIRECTIONS:
        sure = 0.9
    elif j - start >= 2:
        sure = 0.3
    elif pre == "the":
        sure = 0.25  # "overran the Dinka": a people, a unit, a ship
    reading = _with_parenthesis(
        scene, k, place_ref(scene, start, j, part=direction, owners=owners, unknown=True, sure=sure)
    )
    nxt = reading.end
    if nxt > k + 1 and sure >= 0.5:
        leads = sentence.chunks[k + 1].word if kind(sentence, k + 1) == "I" else ""
        led = sentence.chunks[k + 2].word if nxt > k + 2 else ""
        border = leads == "on" and led in lx.LINES
        reading = Reading((replace(reading.refs[0], sure=0.9 if border else sure + 0.1),), nxt)
    if kind(sentence, nxt) == "," and kind(sentence, nxt + 1) == "NP":
        following = sentence.chunks[nxt + 1]
        head = lows[following.j - 1]
        if (head in lx.PERSONS or head == "who") and not speaks(scene, nxt + 1):
            return Reading((), k + 1, "a person")
        if tags[following.j - 1] != "P" and head in COMMON_PLACES | lx.HEADQUARTERS | {"gateway"}:
            reading = Reading((replace(reading.refs[0], sure=0.95),), nxt)
        if any(low in LENGTH for low in lows[following.i : following.j]):
            reading = Reading((replace(reading.refs[0], sure=0.95),), nxt)
    if (
        kind(sentence, nxt) == ","
        and kind(sentence, nxt + 1) == "W"
        and sentence.chunks[nxt + 1].word in ("who", "whose")
    ):
        return Reading((), k + 1, "a person")
    return reading


READERS = Readers(places=_read_list, several=_read_several, item=_read_item)
