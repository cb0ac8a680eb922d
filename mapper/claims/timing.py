"""Which temporal expression governs a claim, and when the present tense means the day of publication."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace
from datetime import date, timedelta

from mapper.claims import lexicon as lx
from mapper.claims.document import Document, within
from mapper.claims.draft import Draft
from mapper.claims.scene import Scene
from mapper.claims.syntax import before, clause, kind, passive
from mapper.claims.tokens import Chunk, Sentence
from mapper.claims.units import unit_at
from mapper.dates import TimeExpression
from mapper.model import Predicate, When

CHANGES = frozenset((Predicate.CAPTURED, Predicate.LOST, Predicate.WITHDREW, Predicate.TRANSFERRED))


def until_published(when: When, published: date | None) -> When:
    """A state "since May" is known to hold until the day of publication, no longer."""
    if published is None or when.latest is not None or when.earliest is None or when.earliest > published:
        return when
    start = when.edtf.split("/", 1)[0] or when.earliest.isoformat()
    return replace(when, latest=published + timedelta(days=1), edtf=f"{start}/{published.isoformat()}")


def _offset(document: Document, scene: Scene, draft: Draft) -> When | None:
    """The time of an event behind "three days after", counted from the dated clause; None when there is no such count."""
    sentence = scene.sentence
    verb = sentence.chunks[draft.verb]
    k = draft.verb
    if draft.rule.frame == "event":
        k = max(k, sentence.chunk_at(sentence.tokens_of(draft.ref.start, draft.ref.end)[0]))
    while k > 0 and sentence.chunks[k].kind not in ("S", ";"):
        k -= 1
    if sentence.chunks[k].kind != "S" or sentence.chunks[k].word not in ("after", "before"):
        return None
    counted = k > 0 and sentence.lows[sentence.chunks[k].i - 1].rstrip("s") in ("hour", "day", "week", "month", "year")
    if not counted:
        return None
    end = sentence.ends[sentence.chunks[k].j - 1]
    offsets = within(document.offsets, sentence.span.start, sentence.span.end)
    found = next((t for t in offsets if t.kind == "offset" and t.end == end), None)
    if found is None or draft.ref.start < end <= sentence.starts[verb.i]:
        return None
    return replace(found.when, basis="sentence")


def lag_of(document: Document, scene: Scene) -> TimeExpression | None:
    """The count of the sentence that dates its main clause: "two days after the capture of A on 1 August, it took B"."""
    span = scene.sentence.span
    return next((t for t in within(document.offsets, span.start, span.end) if t.kind == "lag"), None)


def when_of(document: Document, scene: Scene, draft: Draft, predicate: Predicate) -> When:
    """The expression that governs: same clause, then sentence, then paragraph, then publication for the present tense."""
    sentence = scene.sentence
    if draft.undated:
        return When()
    span = sentence.span
    times = [t for t in within(document.times, span.body, span.end) if not _first_time(scene, t)]
    placed: list[tuple[int, TimeExpression]] = []
    for expression in times:
        token = sentence.tokens_of(expression.start, expression.end)[0]
        k = sentence.chunk_at(token)
        if k >= 0:
            placed.append((k, expression))
        else:
            placed.append((max(0, _near_chunk(sentence, token)), expression))
    item = _item_year(sentence, placed)
    if item is not None:
        # in a chronicle "June 4" is a day of the item's year, not of the year of publication
        placed = [(k, t) for k, t in placed if _YEAR.search(t.text)]
    lag = lag_of(document, scene)
    lagging = lag is not None and not lag.start <= draft.ref.start < lag.reach
    if lag is not None:  # each clause has its own times
        placed = [(k, t) for k, t in placed if (lag.start <= t.start < lag.reach) != lagging]
        times = [t for t in times if (lag.start <= t.start < lag.reach) != lagging]
    v = draft.verb
    lo, hi = clause(sentence, v)
    token = sentence.tokens_of(draft.ref.start, draft.ref.end)[0]
    anchor = sentence.chunk_at(token)
    if anchor >= 0 and sentence.chunks[v].kind == "VG" and not lo <= anchor < hi:
        noun = draft.rule.frame in lx.NOUN_FRAMES
        laid = draft.rule.frame == "siege" and any(c.kind in ("S", "W") for c in sentence.chunks[v:anchor])
        if noun and not laid:  # "broke the siege that X had laid to Y in May": not in May
            lo, hi = _noun_clause(sentence, anchor)
    if predicate in CHANGES:
        # "took X, a stronghold since 2012": an open interval does not date an event unless the verb is perfect
        main = _main_verb(sentence, v)
        if main is None or main.aux[:1] not in (("has",), ("have",)):
            placed = [(k, t) for k, t in placed if t.kind not in ("since", "until")]
    inside = [(k, t) for k, t in placed if lo <= k < hi and not _in_noun(sentence, k)]
    published = document.published_at(span.start)
    counted = _offset(document, scene, draft) if not inside or draft.rule.frame == "event" else None
    if counted is not None:
        return counted
    if lag is not None and lagging and not inside:
        return replace(lag.when, basis="sentence")
    if item is not None and lo == 0:
        return replace(item.when, basis="clause")
    if inside:
        # "took A in May and B in June": the first time after the place, else the one nearest to the verb
        behind = [(k, t) for k, t in inside if v < anchor < k]
        best = min(
            behind or inside, key=lambda kt: (abs(kt[0] - (anchor if behind else v)) + (3 if kt[0] < v else 0), kt[0])
        )[1]
        when = replace(best.when, basis="clause") if best.when.known else best.when
        return until_published(when, published) if best.kind == "since" else when
    if predicate in CHANGES and long_past(document, sentence, lo, hi):
        return When()
    first = next((k for k, chunk in enumerate(sentence.chunks) if chunk.kind == "VG"), len(sentence.chunks))
    for k, expression in placed:
        if (
            k < first
            and not _in_noun(sentence, k)
            and not (k > 0 and published is not None and _going_on(scene, draft))
        ):
            return replace(expression.when, basis="sentence") if expression.when.known else expression.when
    if predicate in CHANGES:
        named = [t for k, t in placed if v < k < hi and t.when.known and _in_noun(sentence, k) and _during(sentence, k)]
        if named:
            # "seized X in the 1994 civil war and took Y in 2003": its own war before the time of the next verb
            return replace(named[0].when, basis="clause")
    outside = [(k, t) for k, t in placed if not _in_noun(sentence, k)]
    loose = [(k, t) for k, t in outside if t.kind not in ("since", "until") and _loosely_linked(sentence, v, k)]
    if loose and not (published is not None and _going_on(scene, draft)):
        best = min(loose, key=lambda kt: abs(kt[0] - v))[1]
        return replace(best.when, basis="sentence") if best.when.known else best.when
    if times and not _present(scene, draft):
        years = [t for k, t in placed if _in_noun(sentence, k) and t.when.known and _same_phrase_event(sentence, k)]
        if years:
            return replace(years[0].when, basis="sentence")
    if (
        published is not None
        and _present(scene, draft)
        and not (predicate in CHANGES and not _headline_present(scene, draft))
    ):
        return When.day(published, basis="published")
    if predicate in CHANGES or not _present(scene, draft):
        framed = _paragraph_frame(document, scene, draft)
        if framed is not None:
            return framed
    unit = unit_at(document.units, span.start)
    if unit is not None and unit.listed and predicate in CHANGES and not times and _told_now(sentence, draft):
        return When.day(unit.day, basis="paragraph")
    if (
        predicate in CHANGES
        and published is not None
        and not times
        and _told_as_news(document, scene, draft, published)
    ):
        day = published + timedelta(days=1)
        return When(earliest=None, latest=day, edtf=f"../{published.isoformat()}", basis="published")
    return When()


def long_past(document: Document, sentence: Sentence, lo: int = 0, hi: int | None = None) -> bool:
    """Reads "took it early in the war" in the chunks from ``lo`` to ``hi``: not on the day of the text, nobody says when."""
    chunks = sentence.chunks
    if not document.vague or not chunks:
        return False
    begin = sentence.starts[chunks[lo].i]
    end = sentence.span.end if hi is None or hi >= len(chunks) else sentence.starts[chunks[hi].i]
    at = bisect_left(document.vague, (begin, 0))
    return at < len(document.vague) and document.vague[at][0] <= end  # at the end: "when the war broke out"


def _told_now(sentence: Sentence, draft: Draft) -> bool:
    """Whether a change is told as one of its day: "Troops took X", not "had taken X" nor what may be."""
    main = _main_verb(sentence, draft.verb)
    return main is None or (main.aux[:1] != ("had",) and not main.modal)


_YEAR = re.compile(r"\d{4}")


def _item_year(sentence: Sentence, placed: list[tuple[int, TimeExpression]]) -> TimeExpression | None:
    """The year that heads an item of a chronicle: "1791 - The fleet captured …"."""
    headed = bool(placed) and placed[0][0] == 0 and placed[0][1].kind == "year" and placed[0][1].when.known
    return placed[0][1] if headed and kind(sentence, 0) == "E" and kind(sentence, 1) == "-" else None


_RECENT = timedelta(days=31)


def _told_as_news(document: Document, scene: Scene, draft: Draft, published: date) -> bool:
    """Whether an event without a time of its own is news: told in the past tense after a time of the last month.

    Then it happened by the day of publication, nobody says when. After "In 2014" it may be history, "had taken" is
    earlier than what is told, and a relative clause is an aside: they stay undated.
    """
    sentence = scene.sentence
    chunk = sentence.chunks[draft.verb]
    if chunk.kind != "VG" or not chunk.finite or chunk.modal or chunk.to or _headline(scene):
        return False
    if chunk.aux and chunk.aux[0] not in ("was", "were", "has", "have"):
        return False
    k = draft.verb
    while k > 0 and sentence.chunks[k - 1].kind not in ("S", ";", "VG"):
        k -= 1
        if sentence.chunks[k].kind == "W":
            return False
        if sentence.chunks[k].kind == "C" and kind(sentence, k - 1) == ",":
            break  # "took A, which lies on the road to B, and went on to take C"
    if k > 0 and sentence.chunks[k - 1].kind == "S" and sentence.chunks[k - 1].word != "that":
        return False
    at = bisect_left(document.dated, sentence.span.start, key=lambda t: t.start)
    if not at:
        return False
    last = document.dated[at - 1].when
    return (
        last.earliest is not None
        and published - _RECENT <= last.earliest <= published
        and (last.latest is None or last.latest <= published + timedelta(days=1))
    )


def _near_chunk(sentence: Sentence, token: int) -> int:
    best = 0
    for k, chunk in enumerate(sentence.chunks):
        if chunk.i <= token:
            best = k
    return best


def _in_noun(sentence: Sentence, k: int) -> bool:
    """A time inside a noun phrase that is not about the event: "the 2014 election", "last year's campaign"."""
    chunk = sentence.chunks[k]
    if chunk.kind != "E":
        return True
    nxt = sentence.chunks[k + 1] if k + 1 < len(sentence.chunks) else None
    if nxt is None or nxt.kind != "NP" or nxt.i != chunk.j or sentence.tags[chunk.i] != "E":
        return False  # "In 2012 the group …" has a preposition of its own
    if sentence.tags[nxt.i] != "'" and sentence.lows[chunk.j - 1] in _PARTS_OF_DAYS:
        return False  # "The next morning they took …", "The same day troops entered …"
    return sentence.lows[chunk.i] == "the" or sentence.tags[nxt.i] == "'" or sentence.lows[chunk.j - 1].isdigit()


_PARTS_OF_DAYS = frozenset({"day", "morning", "afternoon", "evening", "night"})


def _same_phrase_event(sentence: Sentence, k: int) -> bool:
    """Reads "in the 1967 war", "during last year's campaign": the named event dates the verb of the clause."""
    b = before(sentence, k)
    return kind(sentence, b) == "I" and sentence.chunks[b].word.split()[-1] in ("in", "during", "after", "amid", "of")


def _during(sentence: Sentence, k: int) -> bool:
    """Reads "in the 1967 war", "in the country's 1978-84 war": what is told happened in it."""
    b = before(sentence, k)
    if kind(sentence, b) == "NP" and sentence.tags[sentence.chunks[b].j - 1] == "'":
        b = before(sentence, b)
    return kind(sentence, b) == "I" and sentence.chunks[b].word in ("in", "during")


def _noun_clause(sentence: Sentence, k: int) -> tuple[int, int]:
    chunks = sentence.chunks
    lo = k
    while lo > 0 and not (
        chunks[lo - 1].kind in ("S", "W", ";") or (chunks[lo - 1].kind == "VG" and chunks[lo - 1].finite)
    ):
        lo -= 1
    hi = k + 1
    while hi < len(chunks) and not (
        chunks[hi].kind in ("S", "W", ";") or (chunks[hi].kind == "VG" and chunks[hi].finite)
    ):
        hi += 1
    return lo, hi


def _loosely_linked(sentence: Sentence, v: int, k: int) -> bool:
    """Whether a time of another clause dates this one too: "…, capturing X", "after … on Monday" do, "since …" does not."""
    lo, hi = (v, k) if v < k else (k, v)
    for n in range(lo, hi):
        chunk = sentence.chunks[n]
        if chunk.kind == "S" and chunk.word in lx.LOOSE_CONJUNCTIONS and not (chunk.word == "as" and v > k):
            return False
        if chunk.kind == ";" or (chunk.kind == "C" and chunk.word == "but"):
            return False
        if chunk.kind == "W" and chunk.word == "when" and v < n:
            continue  # "fell when the rebels attacked on Sunday"
        if chunk.kind == "W" and chunk.word in lx.RELATIVE_WORDS:
            b = before(sentence, n)
            head = sentence.lows[sentence.chunks[b].j - 1] if b >= 0 else ""
            if head not in lx.OFFENSIVE | lx.FIGHTING | {"conflict", "uprising"}:
                return False
            if sentence.chunks[v].kind == "VG" and v < n:
                return True  # "in the war that broke out in 1991"
    verb = sentence.chunks[v]
    if verb.kind == "VG" and verb.finite and v < k:
        # another finite clause with a subject of its own stands between: "…, and Y entered Z on Monday"
        for n in range(v + 1, k):
            chunk = sentence.chunks[n]
            if chunk.kind == "VG" and chunk.finite and not (chunk.bare and passive(sentence, n)):
                if kind(sentence, n - 1) == "C" and sentence.chunks[n - 1].word == "and" and chunk.bare:
                    continue  # "stormed A and took B on Sunday": one subject, one time
                return any(c.kind in ("S", "W") and c.word in ("after", "when") for c in sentence.chunks[v:n])
    return True


def _main_verb(sentence: Sentence, v: int) -> Chunk | None:
    """The finite verb group that carries the tense of ``v``."""
    chunk = sentence.chunks[v]
    if chunk.kind == "VG" and chunk.finite and not (chunk.bare and passive(sentence, v)):
        return chunk
    for k in range(v - 1, -1, -1):
        other = sentence.chunks[k]
        if (
            other.kind == "VG"
            and other.finite
            and not (other.bare and (passive(sentence, k) or _participle(sentence, k)))
        ):
            return other
    for k in range(v + 1, len(sentence.chunks)):
        other = sentence.chunks[k]
        if other.kind == "VG" and other.finite and not (other.bare and passive(sentence, k)):
            return other
    return None


def _participle(sentence: Sentence, k: int) -> bool:
    """Reads "an offensive aimed at", "a force led by" after a noun as no verb of the clause."""
    chunk = sentence.chunks[k]
    nxt = sentence.chunks[k + 1] if k + 1 < len(sentence.chunks) else None
    return (
        chunk.lemma in ("aim", "back", "lead", "launch", "base", "locate", "know", "call")
        and nxt is not None
        and nxt.kind == "I"
        and kind(sentence, before(sentence, k)) == "NP"
    )


def _headline(scene: Scene) -> bool:
    """A short line without a full stop: "Group left clinging to scraps"."""
    span = scene.sentence.span
    return len(scene.sentence.words) < 16 and scene.article[span.end - 1 : span.end] not in ".!?"


_REPORTED_STATE = frozenset(("adjective", "stronghold", "besieged", "control-of"))


def _present(scene: Scene, draft: Draft) -> bool:
    """Whether the claim is about the time of writing."""
    sentence = scene.sentence
    if draft.rule.frame in _REPORTED_STATE:
        return True
    behind = sentence.tokens_of(draft.ref.start, draft.ref.end)[1]
    if draft.rule.frame == "under" and "still" in sentence.lows[behind : behind + 7]:
        return True  # "X, one of the towns still under Y's control"
    chunk = _main_verb(sentence, draft.verb)
    if chunk is None or _headline(scene):
        return True
    if draft.predicate not in CHANGES and _still(sentence, draft.verb):
        return True
    if chunk.modal:
        return chunk.modal not in ("would", "could", "might")
    if chunk.aux:
        first = chunk.aux[0]
        if first in lx.PRESENT_AUX:
            return True
        return first in ("has", "have") and (
            ("been" in chunk.aux and (chunk.code == "g" or chunk.lemma == "be"))
            or draft.predicate in (Predicate.HOLDS, Predicate.BESIEGED, Predicate.CONTESTED, Predicate.PRESENCE)
        )
    return chunk.code in ("s", "b")


def _first_time(scene: Scene, expression: TimeExpression) -> bool:
    """Reads "for the first time since May": when it last was so, not since when it is."""
    return expression.kind == "since" and (
        scene.article[max(0, expression.start - 15) : expression.start].rstrip().lower().endswith("first time")
    )


def _still(sentence: Sentence, v: int) -> bool:
    """Reads "said the city was still in its hands": what is reported to last was true when it was said."""
    chunk = sentence.chunks[v]
    lasting = chunk.lemma == "remain" or bool({"still", "now", "currently"}.intersection(chunk.adverbs))
    if not lasting and kind(sentence, v + 1) == "A":
        lasting = sentence.chunks[v + 1].word in ("still", "now", "currently")
    return lasting and any(c.kind == "VG" and c.lemma in lx.REPORTING for c in sentence.chunks[:v])


def _going_on(scene: Scene, draft: Draft) -> bool:
    """Reads "…, which took X last week, is now pushing towards Y": the past of another clause does not date it."""
    chunk = scene.sentence.chunks[draft.verb]
    if chunk.kind != "VG" or draft.predicate in CHANGES or chunk.to or _headline(scene):
        return False
    if chunk.aux:
        return chunk.aux[0] in ("is", "are") and (chunk.code == "g" or chunk.passive)
    return not chunk.modal and (chunk.word in ("is", "are") or (chunk.code in ("s", "b") and chunk.lemma != "be"))


def _headline_present(scene: Scene, draft: Draft) -> bool:
    """Reads "Rebels seize X": the present of headlines and captions is the day of publication."""
    chunk = _main_verb(scene.sentence, draft.verb)
    if chunk is None or chunk.aux or chunk.modal:
        return False
    return chunk.code in ("s", "b") and chunk is scene.sentence.chunks[draft.verb]


_FRAMES = lx.words("day weekday week month relative year season range")


def _paragraph_frame(document: Document, scene: Scene, draft: Draft) -> When | None:
    """The time that opens an earlier sentence of the paragraph: "On Monday … . They also took …"."""
    span = scene.sentence.span
    main = _main_verb(scene.sentence, draft.verb)
    if main is None or main.aux[:1] in (("had",), ("has",), ("have",)):
        return None
    at = bisect_right(document.spans, span.start, key=lambda s: s.end)
    earlier = [s for s in document.spans[max(0, at - 2) : at] if s.paragraph == span.paragraph]
    for sentence in reversed(earlier):
        for expression in within(document.times, sentence.start, sentence.end):
            if expression.kind in _FRAMES and expression.when.known:
                if expression.start < sentence.body:
                    continue  # "BAGHDAD, June 20 (Wire) – …": the day of writing, not of what happened
                opens = expression.start - sentence.start < 25
                days = expression.when.days
                if (opens or expression.kind in ("day", "weekday")) and days is not None and days <= 31:
                    return replace(expression.when, basis="paragraph")
    return None


def share_when(document: Document, scene: Scene, stub: Draft, baseline: When, published: date | None) -> When:
    span = scene.sentence.span
    chunk = scene.sentence.chunks[stub.verb]
    if published is not None and not chunk.aux and not chunk.modal and "now" in chunk.adverbs:
        return When.day(published, basis="published")  # "now controls 5 %, down from 20 last summer"
    for expression in within(document.times, span.start, span.end):
        if expression.when.known and expression.when.edtf != baseline.edtf:
            return replace(expression.when, basis="sentence")
    main = _main_verb(scene.sentence, stub.verb)
    present = main is not None and (main.aux[:1] in (("has",), ("have",), ("is",), ("are",)) or main.code in ("s", "b"))
    return When.day(published, basis="published") if published is not None and present else When()
