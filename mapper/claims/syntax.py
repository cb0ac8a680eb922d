"""Chunks, verb groups, their subjects and clauses: the light analysis that the frames stand on.

It is only ever run on sentences that a trigger word has let through, so it may spend some tenths of a millisecond on each.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from mapper.claims import lexicon as lx
from mapper.claims.tokens import NEGATED, POSSESSIVE, TOKEN, Chunk, Sentence, Span, tag_tokens


def analyse(
    article: str,
    span: Span,
    *,
    names: Sequence[tuple[int, int]],
    times: Sequence[tuple[int, int]],
) -> Sentence:
    """Tokens, tags and chunks of the sentence ``span``.

    ``names`` are character spans known to be proper names (toponyms, named actors), ``times`` temporal expressions;
    both in the article's offsets, sorted or not.
    """
    found = [match.span() for match in TOKEN.finditer(article, span.body, span.end)]
    text = article[span.start : span.end]
    gapped = {i for i, _ in span.gaps}
    if "'" in text or "’" in text or "‘" in text:
        found = _apostrophes(article, found)
    if span.gaps:
        found = _listed(article, found, span)
    first = span.gaps[0][0] if span.gaps else -1
    words = [":" if i == first else "," if i in gapped else article[i:j] for i, j in found]
    starts = [i for i, _ in found]
    ends = [j for _, j in found]
    lows = list(map(str.lower, words))
    if "’" in text:
        lows = [low.replace("’", "'") for low in lows]
    sentence = Sentence(span, words, lows, starts, ends, [])
    tag_tokens(sentence, names, times)
    for k, (i, _) in enumerate(found):
        if i in gapped:
            sentence.tags[k] = ","
    _chunk(sentence)
    return sentence


def _listed(article: str, tokens: list[tuple[int, int]], span: Span) -> list[tuple[int, int]]:
    """Tokens with one comma for what stands between two items; the colon before the first of them becomes that comma.

    Behind a word that asks for the list ("the villages of:", "the towns are:") there is none.
    """
    edges = [i for i, _ in span.gaps]
    found: list[tuple[int, int]] = []
    done = 0
    for i, j in tokens:
        while done < len(edges) and i >= edges[done]:
            while found and article[found[-1][0] : found[-1][1]] in _LIST_MARKS:
                found.pop()
            if not found or article[found[-1][0] : found[-1][1]].lower() not in _LEADING:
                found.append((edges[done], edges[done] + 1))
            done += 1
        at = bisect_right(edges, i) - 1
        if at < 0 or i >= span.gaps[at][1]:
            found.append((i, j))
    return found


_LIST_MARKS = (":", ",", ";")
_LEADING = lx.PREPOSITIONS | lx.words("are were is was include includes included including namely and")


def _apostrophes(article: str, tokens: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Tokens with possessives and "n't" apart and single quotation marks dropped."""
    found: list[tuple[int, int]] = []
    for i, j in tokens:
        word = article[i:j]
        if word in "’'‘":
            # a plural's possessive: "rebels' grip"; other single quotes are quotation marks
            if found and found[-1][1] == i and article[i - 1] in "sS" and word != "‘":
                found.append((i, j))
            continue
        parts = (POSSESSIVE.match(word) or NEGATED.match(word)) if "'" in word or "’" in word else None
        if parts:
            cut = i + len(parts.group(1))
            found += [(i, cut), (cut, j)]
        else:
            found.append((i, j))
    return found


_NP = re.compile(
    r"(?:D|#(?=D)|A(?=[J#])|(?<=D)A(?=[NP]))*(?:[J#NP]|A(?=[J#])|(?<=')A(?=[NP])|'(?=[J#NPA])|D(?=#))*[J#NP](?:'(?![J#NPA]))?"
)


_PREP = re.compile(r"R*[IO]+|R+")


_TIME_PREPS = lx.words("on in at by from during until within for around over through since late early")


_LENGTHS = lx.words("kilometers kilometres km kms miles mile kilometer kilometre meters metres")


_APPROXIMATELY = lx.words("about nearly almost roughly approximately barely")
_MORE_OR_LESS = lx.words("over around under more less fewer about nearly almost roughly approximately")
_WHOLES = lx.words("half all both most twice")
_MEASURED = ("-kilometer", "-kilometre", "-km", "-mile", "-meter", "-metre", "-foot", "-yard", "-hectare", "-acre")
_COMPOUND = {("as", "well", "as"): ("C", "and"), ("other", "than"): ("I", "other than")}


def _chunk(sentence: Sentence) -> None:
    tags, lows = sentence.tags, sentence.lows
    line = "".join(tags)
    chunks = sentence.chunks
    count = len(tags)
    i = 0
    while i < count:
        tag = tags[i]
        if tag == "(":
            j = line.find(")", i)
            if 0 < j <= i + 25 and i:
                last = chunks[-1] if chunks else None
                i = j + 1
                inside = sentence.words[last.j + 1 : j] if last is not None else []
                group = "of" in inside or (len(inside) == 1 and inside[0].isupper())  # not "Palmyra's (Tadmur) suburbs"
                measured = last is not None and lows[last.j - 1].endswith(_MEASURED)
                if last is not None and last.kind == "NP" and (measured or (group and tags[last.j - 1] == "'")):
                    more = _NP.match(line, i)  # "the army's (SAA) defences", "a three-kilometre (2-mile) stretch"
                    if more:
                        i = last.j = more.end()
                        last.word = lows[i - 1]
                continue
            i += 1
            continue
        if tag in (")", "."):
            i += 1
            continue
        if lows[i] in ("as", "other", "early", "late"):
            fixed = _fixed_phrase(sentence, i)
            if fixed is not None:
                chunks.append(fixed)
                i = fixed.j
                continue
        if (
            tag in ("X", "M", "V")
            or (tag == "O" and _infinitive(line, lows, i))
            or (tag == "A" and _adverb_of_verb(line, i))
        ):
            j = _verb_group(sentence, i)
            if j > i:
                i = j
                continue
        if tag == "E":
            j = i
            while j < count and tags[j] == "E":
                j += 1
            first = i
            if (
                chunks
                and chunks[-1].kind == "I"
                and chunks[-1].j == i
                and chunks[-1].word in _TIME_PREPS
                and lows[i] != "the"
            ):
                first = chunks.pop().i  # "on Friday", "in July"
            chunks.append(Chunk("E", first, j))
            i = j
            continue
        if tag == "A" and lows[i] in _APPROXIMATELY and line[i + 1 : i + 2] == "D":
            match = _NP.match(line, i + 1)  # "about a quarter"
            if match:
                chunks.append(Chunk("NP", i, match.end(), lows[match.end() - 1]))
                i = match.end()
                continue
        if tag in "DJ#NPA'":
            match = _NP.match(line, i)
            if match and match.end() > i:
                j = match.end()
                if lows[j - 1] in _WHOLES and line[j : j + 1] == "D":
                    more = _NP.match(line, j)  # "half the district"
                    j = more.end() if more else j
                if j - 1 > i and lows[j - 1] in _PERIODS and line[j : j + 1] == "S":
                    j -= 1  # "the town of X hours after …"
                if (
                    j - 1 > i + (tags[i] not in ("N", "P"))
                    and tags[j - 1] == "J"
                    and lows[j - 1] in lx.DIRECTIONS
                    and tags[j - 2] in ("N", "P", "A")
                    and not (tag == "D" and tags[j - 2] == "P" and lows[j : j + 1] != ["of"])  # "the Kurdish south"
                ):
                    j -= 2 if tags[j - 2] == "A" else 1  # "the district just south of X"
                for n in range(i + 1, j - 1):
                    if tags[n] == "#" and lows[n + 1] in _LENGTHS and not {"N", "P"}.isdisjoint(tags[i:n]):
                        j = n - (lows[n - 1] in _APPROXIMATELY)  # "the village (about) 20 kilometers north of X"
                        break
                    if lows[n] == "other" and lows[n + 1] == "than":
                        j = n  # "the only town other than X"
                        break
                    if lows[n] in _MORE_OR_LESS and tags[n - 1] in ("N", "P") and tags[n + 1] == "#":
                        j = n  # "according to sources over 200 rebels …", "at that time fewer than 500 troops …"
                        break
                if j - 1 > i and tags[j - 2] in ("N", "P") and _fixed_phrase(sentence, j - 1) is not None:
                    j -= 1  # "the north of X early in the war"
                chunks.append(Chunk("NP", i, j, lows[j - 1]))
                i = j
                continue
        if tag in {"p", "D"}:
            chunks.append(Chunk("NP", i, i + 1, lows[i]))
        elif tag in "IOR":
            match = _PREP.match(line, i)
            j = match.end() if match else i + 1
            if j > i + 1 and tags[j - 1] == "O" and _infinitive(line, lows, j - 1):
                j -= 1
            chunks.append(Chunk("I", i, j, " ".join(lows[i:j])))
            i = j
            continue
        else:
            chunks.append(Chunk(tag, i, i + 1, lows[i]))
        i += 1


def _fixed_phrase(sentence: Sentence, i: int) -> Chunk | None:
    """The chunk of "as well as", "other than", and of "early" before "in the war"; None if no such words start at ``i``."""
    lows = sentence.lows
    if lows[i] in ("early", "late"):
        led = lows[i + 1 : i + 2] == ["in"] and "E" not in sentence.tags[i + 2 : i + 3]
        return Chunk("A", i, i + 1, lows[i]) if led else None
    for phrase, (where, word) in _COMPOUND.items():
        if tuple(lows[i : i + len(phrase)]) == phrase:
            return Chunk(where, i, i + len(phrase), word)
    return None


def _adverb_of_verb(line: str, i: int) -> bool:
    j = i
    while j < len(line) and line[j] == "A":
        j += 1
    return j < len(line) and line[j] in "XMV"


def _infinitive(line: str, lows: list[str], i: int) -> bool:
    j = i + 1
    while j < len(line) and line[j] == "A":
        j += 1
    if j >= len(line):
        return False
    if line[j] == "X":
        return lows[j] in ("be", "have", "do")
    return line[j] == "V" and "b" in lx.VERB_FORMS.get(lows[j], ("", ""))[1]


def _verb_group(sentence: Sentence, i: int) -> int:
    lows, tags = sentence.lows, sentence.tags
    count = len(tags)
    j = i
    to = False
    if tags[j] == "O":
        to = True
        j += 1
    aux: list[str] = []
    adverbs: list[str] = []
    modal = ""
    main = -1
    while j < count:
        tag = tags[j]
        if tag == "X":
            aux.append(lows[j])
        elif tag == "M":
            if aux or modal:
                break
            modal = lows[j]
        elif tag == "A":
            adverbs.append(lows[j])
        elif tag == "V":
            main = j
            j += 1
            break
        else:
            break
        j += 1
    if main < 0:
        while j > i and tags[j - 1] == "A":
            j -= 1
            adverbs.pop()
        if not aux:
            return i
        lemma = "be" if aux[-1] in lx.AUX_BE else "have" if aux[-1] in lx.AUX_HAVE else "do"
        form = aux[-1]
        aux = aux[:-1]
        code = {"is": "s", "are": "b", "am": "b", "has": "s", "have": "b", "be": "b", "being": "g", "having": "g"}.get(
            form, "d"
        )
        if form == "been":
            code = "n"
        chunk = Chunk("VG", i, j, form, lemma, code, to, tuple(aux), modal=modal, adverbs=tuple(adverbs))
    else:
        low = lows[main]
        lemma, codes = lx.VERB_FORMS.get(low) or (
            low,
            "g" if low.endswith("ing") else "s" if low.endswith("s") else "dn",
        )
        last = aux[-1] if aux else ""
        passive = False
        if last in lx.AUX_BE:
            passive = "n" in codes
            code = "n" if passive else ("g" if "g" in codes else codes[0])
        elif last in lx.AUX_HAVE:
            code = "n"
        elif to or modal or last in lx.AUX_DO:
            code = "b"
        else:
            code = (
                codes
                if codes in ("dn", "g", "n", "d", "s", "b")
                else ("dn" if "n" in codes and "d" in codes else codes[0])
            )
        chunk = Chunk("VG", i, j, low, lemma, code, to, tuple(aux), passive, modal=modal, adverbs=tuple(adverbs))
    chunk.negated = any(word in lx.NEGATIONS for word in adverbs) or "longer" in adverbs
    sentence.chunks.append(chunk)
    return j


_PERIODS = lx.words("months years weeks days hours time month year week day decades")


_SKIP = frozenset(("A", "E"))


_OBJECT_CONTROL = lx.words(
    "order expect allow help enable urge force ask tell call lead permit push encourage persuade send want"
)


def before(sentence: Sentence, k: int) -> int:
    """The chunk before ``k`` that is neither adverb nor time, -1 at the start."""
    k -= 1
    while k >= 0 and sentence.chunks[k].kind in _SKIP:
        k -= 1
    return k


def after(sentence: Sentence, k: int) -> int:
    """The chunk after ``k`` that is neither adverb nor time; ``len(chunks)`` at the end."""
    k += 1
    while k < len(sentence.chunks) and sentence.chunks[k].kind in _SKIP:
        k += 1
    return k


def kind(sentence: Sentence, k: int) -> str:
    return sentence.chunks[k].kind if 0 <= k < len(sentence.chunks) else ""


def passive(sentence: Sentence, v: int) -> bool:
    """Whether a verb group is passive, reduced ones ("the town captured by …") included."""
    chunk = sentence.chunks[v]
    if chunk.passive:
        return True
    if not chunk.bare or "n" not in chunk.code:
        return False
    nxt = after(sentence, v)
    follows = sentence.chunks[nxt] if nxt < len(sentence.chunks) else None
    if chunk.code == "n":
        return True
    if v == 0 and any(c.kind == "," and c.word == ":" for c in sentence.chunks):
        return True  # "Recaptured from the rebels: A and B"
    if follows is not None and follows.kind == "I" and follows.word.startswith("by"):
        return True
    if v <= 1 and follows is not None and follows.kind == "," and chunk.lemma in lx.HOLDING_OR_TAKING:
        return True  # the headline "X liberated, ministry says"
    # a participle after its noun, the clause having another finite verb: "towns captured in 2014 were retaken"
    return (
        (follows is None or follows.kind in ("I", "VG"))
        and kind(sentence, before(sentence, v)) == "NP"
        and any(c.kind == "VG" and c.finite and n != v for n, c in enumerate(sentence.chunks[v + 1 : v + 9], v + 1))
        and chunk.lemma in lx.HOLDING_OR_TAKING
    )


def subject(sentence: Sentence, v: int) -> tuple[int, ...]:
    """Chunks that are the grammatical subject of verb group ``v``: the heads of a coordination, empty if none."""
    known = sentence.subjects.get(v)
    if known is None:
        sentence.subjects[v] = ()  # a cycle finds nothing
        known = _subject(sentence, v)
        sentence.subjects[v] = known
    return known


def governor(sentence: Sentence, v: int) -> int:
    """The verb group an infinitive or participle hangs on: the nearest one before it within the clause, else -1."""
    k = v - 1
    while k >= 0:
        chunk = sentence.chunks[k]
        if chunk.kind == "VG":
            return k
        if chunk.kind == ";":
            return -1
        k -= 1
    return -1


def _finite_before(sentence: Sentence, v: int) -> int:
    k = v - 1
    depth_relative = -1
    while k >= 0:
        chunk = sentence.chunks[k]
        if chunk.kind == "VG" and chunk.finite and not (chunk.bare and passive(sentence, k)):
            b = before(sentence, k)
            contact = kind(sentence, b) == "NP" and b > 0 and sentence.chunks[b - 1].kind == "NP"
            if (
                kind(sentence, b) == "W"
                or contact
                or (kind(sentence, b) == "NP" and kind(sentence, before(sentence, b)) == "W")
            ):
                depth_relative = k if depth_relative < 0 and kind(sentence, b) == "W" else depth_relative
                k -= 1
                continue
            return k
        if chunk.kind == ";":
            break
        k -= 1
    return depth_relative


def _finite_after(sentence: Sentence, v: int) -> int:
    for k in range(v + 1, len(sentence.chunks)):
        chunk = sentence.chunks[k]
        if chunk.kind == "VG" and chunk.finite and not (chunk.bare and passive(sentence, k)):
            return k
    return -1


def _subject(sentence: Sentence, v: int) -> tuple[int, ...]:
    chunk = sentence.chunks[v]
    b = before(sentence, v)
    if chunk.to:
        return _infinitive_subject(sentence, v, b)
    where = kind(sentence, b)
    if where == "NP":
        a = before(sentence, b)
        led = kind(sentence, a) == "I" and sentence.chunks[a].word in ("of", "with", "without", "from")
        if chunk.bare and chunk.code == "g" and led:
            return (b,)  # "reports of rebels entering"
        aim = before(sentence, a)
        if chunk.finite and kind(sentence, a) == "VG" and sentence.chunks[a].to and kind(sentence, aim) == "VG":
            who = before(sentence, aim)
            if sentence.chunks[aim].bare and sentence.chunks[aim].code == "g" and kind(sentence, who) == "NP":
                return heads(sentence, who)  # "rebels fighting to topple the government took X"
        return heads(sentence, b)
    if where == "W":
        return _antecedent(sentence, b)
    if where == "VG":
        return subject(sentence, b)
    if where == "I" and chunk.bare and chunk.code == "g" and sentence.chunks[b].word == "from":
        kept, gov = before(sentence, b), governor(sentence, v)
        held_back = 0 <= gov < kept and sentence.chunks[gov].lemma in lx.PREVENTING and not passive(sentence, gov)
        if held_back and kind(sentence, kept) == "NP":
            return heads(sentence, kept)  # "the snow kept the army from taking X"
    if where in (",", "-", "C", "S", "I", ""):
        if where in (",", "-") and chunk.finite:
            found = _before_apposition(sentence, b)
            if found:
                return found
        finite = _finite_before(sentence, v)
        if finite < 0:
            finite = _finite_after(sentence, v)
        return subject(sentence, finite) if finite >= 0 else ()
    return ()


def _infinitive_subject(sentence: Sentence, v: int, b: int) -> tuple[int, ...]:
    if kind(sentence, b) == "NP":
        bb = before(sentence, b)
        noun = sentence.chunks[b]
        head = sentence.lows[noun.j - 1]
        if kind(sentence, bb) == "I" and sentence.chunks[bb].word == "for" and head not in _PERIODS:
            return (b,)
        if head in lx.OFFENSIVE and "'" in sentence.tags[noun.i : noun.j]:
            return (b,)  # "the army's attempt to retake"
        a = before(sentence, bb)
        led = kind(sentence, bb) == "I" and sentence.chunks[bb].word == "by" and kind(sentence, a) == "NP"
        if led and sentence.lows[sentence.chunks[a].j - 1] in lx.OFFENSIVE:
            return (b,)  # "an attempt by the rebels to seize"
    gov = governor(sentence, v)
    if gov < 0:
        return heads(sentence, b) if kind(sentence, b) == "NP" else ()
    chunk = sentence.chunks[gov]
    if chunk.lemma in _OBJECT_CONTROL and not chunk.passive:
        for k in range(v - 1, gov, -1):
            if kind(sentence, k) == "NP":
                return heads(sentence, k)
    return subject(sentence, gov)


def _antecedent(sentence: Sentence, w: int) -> tuple[int, ...]:
    """Noun phrases a relative pronoun stands for."""
    b = before(sentence, w)
    if kind(sentence, b) in (",", "-", "C"):
        b = before(sentence, b)
    if kind(sentence, b) == "I":  # "some of which"
        b = before(sentence, b)
    return (b,) if kind(sentence, b) == "NP" else ()


def _before_apposition(sentence: Sentence, comma: int) -> tuple[int, ...]:
    """The subject when an insertion between commas stands before the verb."""
    if kind(sentence, comma) == "-":
        for k in range(comma - 1, 0, -1):  # an insertion between a pair of dashes
            if kind(sentence, k) == "-" and kind(sentence, before(sentence, k)) == "NP":
                return heads(sentence, before(sentence, k))
    if _main_before(sentence, comma) >= 0:
        return ()
    k = comma - 1
    best = -1
    while k >= 0:
        chunk = sentence.chunks[k]
        if chunk.kind in (",", "-") and kind(sentence, before(sentence, k)) == "NP":
            opener = sentence.chunks[k + 1]
            best = k
            if opener.kind == "W" or (opener.kind == "VG" and not _inserted_before(sentence, k)):
                break
        if chunk.kind == ";" or (chunk.kind == "S" and not (_inner_that(sentence, k) or _known_as(sentence, k))):
            break
        k -= 1
    return heads(sentence, before(sentence, best)) if best >= 0 else ()


def _inserted_before(sentence: Sentence, comma: int) -> bool:
    """Whether a participle opens an insertion before this one too: "X, known as Y in Z, located in W, …"."""
    k = comma - 1
    while k > 0 and (sentence.chunks[k].kind in ("NP", "I", "A", "E", "C") or _known_as(sentence, k)):
        k -= 1
    opener = sentence.chunks[k]
    return k > 0 and opener.kind == "VG" and opener.bare and sentence.chunks[k - 1].kind == ","


def _known_as(sentence: Sentence, k: int) -> bool:
    """Whether chunk ``k`` is the "as" of "known as", "described as", which opens no clause."""
    opener = sentence.chunks[k - 1] if k else None
    return (
        sentence.chunks[k].word == "as"
        and opener is not None
        and opener.kind == "VG"
        and opener.bare
        and "n" in opener.code
    )


def _main_before(sentence: Sentence, stop: int) -> int:
    """A finite verb group before ``stop`` that is not in a relative clause, else -1."""
    first = stop
    while first > 0 and (sentence.chunks[first - 1].kind not in ("S", ";") or _inner_that(sentence, first - 1)):
        first -= 1
    for k in range(first, stop):
        chunk = sentence.chunks[k]
        if chunk.kind == "VG" and chunk.finite and not (chunk.bare and passive(sentence, k)):
            b = before(sentence, k)
            if kind(sentence, b) == "W" or (kind(sentence, b) == "," and chunk.bare):
                continue
            a = before(sentence, b)
            if kind(sentence, b) == "NP" and (kind(sentence, a) == "W" or _inner_that(sentence, a)):
                continue
            return k
    return -1


def _inner_that(sentence: Sentence, k: int) -> bool:
    """Whether chunk ``k`` is the second word of ", where they believed that …,": inside an insertion."""
    if kind(sentence, k) != "S" or sentence.chunks[k].word != "that":
        return False
    a = before(sentence, k)
    while kind(sentence, a) in ("NP", "I"):
        a = before(sentence, a)
        if kind(sentence, a) == ",":
            return True  # "X, the last town that Y held, fell"
    b = before(sentence, before(sentence, k))
    return kind(sentence, before(sentence, k)) == "VG" and "W" in (
        kind(sentence, b),
        kind(sentence, before(sentence, b)) if kind(sentence, b) == "NP" else "",
    )


def heads(sentence: Sentence, k: int) -> tuple[int, ...]:
    """Head noun phrases of the group that ends with noun phrase ``k``: PPs and participles are stepped over, lists kept."""
    found = [k]
    joined = False
    cut: list[int] = []
    after_conjunction: list[int] = []
    while True:
        left = found[0]
        b = before(sentence, left)
        where = kind(sentence, b)
        if where == "I":
            word = sentence.chunks[b].word
            q = before(sentence, b)
            if kind(sentence, q) == "NP" and not word.startswith(("according",)):
                if cut and _fronted(sentence, q):
                    return tuple(cut)  # "In X, A and B captured"
                found = [q]  # a list inside the PP belongs to it
                cut = []
                joined = False
                continue
            if kind(sentence, q) == "VG" and sentence.chunks[q].bare and sentence.chunks[q].code in ("dn", "n", "g"):
                qq = before(sentence, q)
                if kind(sentence, qq) in (",", "-"):
                    qq = before(sentence, qq)
                if kind(sentence, qq) == "NP":
                    found = [qq]
                    cut = []
                    joined = False
                    continue
            if cut:
                return tuple(cut)
            return tuple(found)
        if where == "C" and sentence.chunks[b].word in ("and", "&", "or"):
            q = before(sentence, b)
            if kind(sentence, q) == ",":
                q = before(sentence, q)
                if not joined and kind(sentence, before(sentence, q)) == "I":
                    return tuple(found)  # "… in X, and Y took Z": a new clause
            if kind(sentence, b - 1) == "E":
                return tuple(found)  # "… on Friday and the city was taken": a new clause
            if kind(sentence, q) == "NP":
                cut = list(found)
                after_conjunction = after_conjunction or list(found)
                joined = True
                found.insert(0, q)
                continue
            return tuple(found)
        if where == "," and joined:
            q = before(sentence, b)
            if kind(sentence, q) == "NP":
                cut = list(found)
                found.insert(0, q)
                continue
            return tuple(found)
        if where == "VG":
            chunk = sentence.chunks[b]
            if chunk.bare and chunk.code == "g":
                q = before(sentence, b)
                if kind(sentence, q) == "NP":
                    found[0] = q
                    continue
            return tuple(cut or after_conjunction or found)
        return tuple(found)


def _fronted(sentence: Sentence, k: int) -> bool:
    """Whether the noun phrase closes a chain of PPs that opens its clause: "According to a source in X, …"."""
    while True:
        b = before(sentence, k)
        if kind(sentence, b) != "I":
            return False
        q = before(sentence, b)
        if kind(sentence, q) != "NP":
            return kind(sentence, q) in ("", ",", ";", "S", "C", "W")
        k = q


def clause(sentence: Sentence, v: int) -> tuple[int, int]:
    """Chunk range of the clause of verb group ``v``: between subordinators, relatives, semicolons and other finite verbs."""
    chunks = sentence.chunks
    lo = v
    while lo > 0:
        where = chunks[lo - 1]
        if where.kind in ("S", "W", ";"):
            break
        if where.kind == "VG" and lo - 1 != v and not where.to:
            # the other verb's own words stay with it: stop after its object, at the conjunction or comma
            k = lo
            while k < v and chunks[k].kind not in (",", "C", "-"):
                k += 1
            lo = min(k + 1, v) if k < v else lo
            break
        lo -= 1
    hi = v + 1
    while hi < len(chunks):
        where = chunks[hi]
        if where.kind in ("S", "W", ";"):
            break
        if where.kind == "VG" and not where.to:
            k = hi - 1
            while k > v and chunks[k].kind not in (",", "C", "-"):
                k -= 1
            hi = k if k > v else hi
            break
        hi += 1
    return lo, hi
