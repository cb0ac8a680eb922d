"""What a reader answers of one sentence, as claims in the making: places, sides and times are decided by the code of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from mapper.actors import ActorMention
from mapper.claims.document import Document, mentions_over, within
from mapper.claims.draft import Draft, governing_verb
from mapper.claims.mood import attribution
from mapper.claims.parties import Party, from_mention, read_party
from mapper.claims.places import read_places
from mapper.claims.reader import PUBLISHED, Answer, Candidate, Heard
from mapper.claims.reference import antecedents
from mapper.claims.resolve import Made, continued, is_coarse, named, state_of
from mapper.claims.rules import Rule
from mapper.claims.scene import PlaceRef, Scene
from mapper.claims.timing import CHANGES, lag_of, long_past, until_published, when_of
from mapper.model import ActorId, Modality, Predicate, When

READER: Final = "reader"  # the name of the rule of claims that only the reader found


def _rule(predicate: Predicate) -> Rule:
    return Rule(name=READER, frame=READER, predicate=predicate, words=frozenset(), positive="", negative="")


_RULES: Final = {predicate: _rule(predicate) for predicate in Predicate}


def place_of(scene: Scene, candidate: Candidate) -> tuple[PlaceRef, int] | None:
    """The place a candidate's words speak of, as the rules read its phrase, and the chunk they stand in."""
    sentence = scene.sentence
    i, j = sentence.tokens_of(candidate.start, candidate.end)
    if i >= j:
        return None
    if any(
        t.kind == "offset" and t.quote.start < candidate.end and candidate.start < t.quote.end
        for _, _, t in scene.toponyms
    ):
        return None  # "110 km south of X, a stronghold of Y": the point is not the place that is spoken of
    k = sentence.chunk_at(i)
    if k < 0:
        k = sentence.chunk_at(j - 1)
    text = " ".join(scene.article[candidate.start : candidate.end].split())
    if k >= 0 and sentence.chunks[k].kind == "NP":
        for ref in read_places(scene, k).refs:
            if (
                ref.start < candidate.end
                and candidate.start < ref.end
                and not (ref.anaphor and candidate.kind != "anaphor")
            ):
                return ref, k
    if candidate.kind == "anaphor":
        words = text.lower().split()
        return PlaceRef(text=text, start=candidate.start, end=candidate.end, anaphor=words[-1]), max(k, 0)
    place = next((t.place for _, _, t in scene.toponyms if t.quote.start == candidate.start), None)
    ref = PlaceRef(text=text, start=candidate.start, end=candidate.end, place=place, unknown=place is None)
    return ref, max(k, 0)


def party_of(
    document: Document, scene: Scene, span: tuple[int, int] | None, refs: Sequence[PlaceRef]
) -> tuple[Party, ...]:
    """The sides that some words of the text name, with the ids the actor stage gave them; ``refs`` is where they act."""
    if span is None:
        return ()
    start, end = span
    mentions = mentions_over(document, start, end)
    mentions = [m for m in mentions if m.kind != "country" or (m.start <= start and end <= m.end + 2)] or mentions[:1]
    mentions = [m if _vouched(document, m, refs) else replace(m, actor_id=ActorId("")) for m in mentions]
    known = [m for m in mentions if m.actor_id]
    named_ones = [m for m in known if not m.generic] or known or mentions  # a name before what may stand for one
    if named_ones:
        parties: list[Party] = []
        for mention in named_ones:
            party = from_mention(mention)
            if all(p.actor_id != party.actor_id or not p.actor_id for p in parties):
                parties.append(party)
        return tuple(parties[:4])
    if scene.sentence.span.start <= start < scene.sentence.span.end:
        i, j = scene.sentence.tokens_of(start, end)
        k = scene.sentence.chunk_at(i) if i < j else -1
        read = read_party(scene, k) if k >= 0 else None
        if read is not None:
            return (read,)
    text = " ".join(document.article.text[start:end].split())
    for article in ("the ", "a ", "an ", "The ", "A ", "An "):
        text = text.removeprefix(article)
    if text.lower() in ("theirs", "them"):  # "the town was theirs by nightfall"
        text = "they"
    pronoun = text.lower() in ("they", "it", "its", "their")
    return (Party(text=text, start=start, end=end, pronoun=pronoun),) if text else ()


_NEAR = 400  # characters before a common noun in which the actor it means must have been named


def _vouched(document: Document, mention: ActorMention, refs: Sequence[PlaceRef]) -> bool:
    """Whether a common noun ("the forces", "rebel groups") may carry the id the context gave it.

    Its actor was just named, or is at home where the place is.
    """
    if not (mention.generic and mention.kind == "common") or not mention.actor_id:
        return True
    home = document.index.by_id[mention.actor_id].countries[:1]
    if any(ref.place is not None and ref.place.country in home for ref in refs):
        return True
    return any(
        m.actor_id == mention.actor_id and not m.generic
        for m in within(document.speaking, mention.start - _NEAR, mention.end)
    )


def _when(document: Document, scene: Scene, draft: Draft, answer: Answer) -> When:
    published = document.published_at(scene.sentence.span.start)
    if answer.time >= 0:
        expression = document.times[answer.time]
        span = scene.sentence.span
        elsewhere = not span.start <= expression.start < span.end
        if elsewhere and draft.predicate in CHANGES and long_past(document, scene.sentence):
            return When()
        lag = lag_of(document, scene)
        if (
            lag is not None
            and lag.start <= expression.start < lag.reach
            and not lag.start <= draft.ref.start < lag.reach
        ):
            return replace(lag.when, basis="sentence")  # the date is that of the event it counts from
        when = replace(expression.when, basis="clause") if expression.when.known else expression.when
        return until_published(when, published) if expression.kind == "since" else when
    if answer.time == PUBLISHED and not (draft.predicate in CHANGES and long_past(document, scene.sentence)):
        return When.day(published, basis="published") if published is not None else When()
    return when_of(document, scene, draft, draft.predicate)


def make(document: Document, scene: Scene, heard: Heard) -> list[Made]:
    """A claim in the making for each place the candidate stands for; none where its words stand for nothing known."""
    answer, candidate = heard.answer, heard.candidate
    found = place_of(scene, candidate)
    if found is None:
        return []
    ref, k = found
    v = governing_verb(scene, k)
    draft = Draft(rule=_RULES[answer.predicate], predicate=answer.predicate, ref=ref, verb=v if v >= 0 else k)
    refs = antecedents(document, scene, draft)
    if not refs:
        return []
    said = attribution(scene, draft.verb)
    modality = Modality.ATTRIBUTED if said is not None and not said.denied else Modality.ASSERTED
    actors = continued(document, scene, party_of(document, scene, answer.actor, refs))
    others = continued(document, scene, party_of(document, scene, answer.other, refs))
    when = _when(document, scene, draft, answer)
    actor_text, actor_id = named(document, actors, when)
    other_text, other_id = named(document, others, when)
    actor_id = actor_id or state_of(document, actor_text, when)
    other_id = other_id or state_of(document, other_text, when)
    if other_id == actor_id:
        other_id = ActorId("")
    return [
        Made(
            draft,
            scene.sentence.span,
            is_coarse(scene, one),
            replace(one, part=(one.part or _part(scene, one)) if answer.part > 0.5 else ""),
            answer.predicate,
            modality,
            said.said_by if said is not None else "",
            when,
            answer.said,
            actor_text,
            actor_id,
            other_text,
            other_id,
        )
        for one in refs
    ]


def _part(scene: Scene, ref: PlaceRef) -> str:
    """The words before a place's name in its phrase: "the western outskirts of"."""
    sentence = scene.sentence
    i, j = sentence.tokens_of(ref.start, ref.end)
    k = sentence.chunk_at(i) if i < j else -1
    if k < 0:
        return "part of"
    first = k
    while first > 1 and sentence.chunks[first - 1].kind == "I" and sentence.chunks[first - 1].word in ("of", "in"):
        first -= 2
    start = sentence.starts[sentence.chunks[max(first, 0)].i]
    return " ".join(scene.article[start : ref.start].split()) or "part of"
