"""A draft with its mood, sides, places and time decided: what the sentence and the text before it make of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mapper.actors import find_actors, ruler
from mapper.claims import lexicon as lx
from mapper.claims.document import Document, mentions_over, spans_before
from mapper.claims.draft import Draft
from mapper.claims.mood import Mood, attribution, goes_on, mood_of, prevented
from mapper.claims.parties import Party, allied, from_mention, read_parties, speakers_own
from mapper.claims.reference import antecedents, last_in
from mapper.claims.rules import BY_NAME
from mapper.claims.scene import PlaceRef, Scene
from mapper.claims.syntax import after, before, kind, passive, subject
from mapper.claims.timing import CHANGES, when_of
from mapper.claims.tokens import Span
from mapper.model import ActorId, Modality, Place, Predicate, When


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Something a trigger found that gives no claim, and why; ``start`` and ``end`` index the article's text."""

    rule: str
    text: str
    reason: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """What each voice said of a claim: the rule's name and confidence, the reader's probability (None: not asked)."""

    rule: str = ""
    rule_confidence: float = 0.0
    reader: float | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A draft with everything resolved, before it becomes a Claim. It holds no scene: an article may have 100,000."""

    draft: Draft
    span: Span
    coarse: bool  # the place stands for a smaller one in it
    ref: PlaceRef
    predicate: Predicate
    modality: Modality
    said_by: str
    when: When
    confidence: float
    actor_text: str
    actor_id: ActorId
    other_text: str
    other_id: ActorId
    implies: tuple[str, ...] = ()
    voices: Voices = Voices()


FIGHTS = frozenset((Predicate.CONTESTED, Predicate.BESIEGED, Predicate.SIEGE_LIFTED))


def resolve(document: Document, scene: Scene, draft: Draft, rejected: list[Rejected]) -> list[Made]:
    """The claims in the making of a draft, one for each place it means; what it gives up goes to ``rejected``."""
    refs = antecedents(document, scene, draft)
    if not refs:
        actor_text, actor_id = named(document, continued(document, scene, draft.actor), When())
        if draft.predicate is Predicate.CAPTURED and actor_id:  # "liberated 7 villages", whose names may follow
            document.subjects_seen.append((scene.sentence.span.start, actor_text, actor_id))
        rejected.append(
            Rejected(
                rule=draft.rule.name,
                text=draft.ref.text,
                reason="no place named before that the words could mean",
                start=draft.ref.start,
                end=draft.ref.end,
            )
        )
        return []
    sentence = scene.sentence
    is_verb = sentence.chunks[draft.verb].kind == "VG"
    mood = mood_of(scene, draft.verb) if is_verb else Mood()
    said = attribution(scene, draft.verb)
    modality, said_by, predicate = mood.modality, mood.said_by, draft.predicate
    if predicate is Predicate.CONTESTED and modality is Modality.NEGATED and mood.offensive:
        modality = Modality.ASSERTED  # "repelled an attempt to storm X": there was a fight
    state = draft.rule.frame in ("adjective", "stronghold", "besieged", "control-of", "base-of")
    if draft.rule.name == "under-control":
        state = (
            kind(sentence, before(sentence, sentence.chunk_at(sentence.tokens_of(draft.ref.end, draft.ref.end + 1)[0])))
            != "VG"
            and draft.ref.end > sentence.starts[sentence.chunks[draft.verb].i]
        )
    if draft.modality is not None:
        modality = draft.modality
    elif (draft.rule.frame == "event" and _after_fact(scene, draft)) or (state and draft.rule.frame != "base-of"):
        modality = Modality.ASSERTED
    elif draft.rule.frame in ("event", "fighting", "siege", "presence") and is_verb:
        modality = _noun_modality(scene, draft, mood)
    if said is not None:
        if said.denied and modality in (Modality.ASSERTED, Modality.ATTRIBUTED):
            if predicate in CHANGES:
                predicate, modality = Predicate.DENIED, Modality.ATTRIBUTED
            else:
                modality = Modality.NEGATED
        elif modality is Modality.ASSERTED:
            modality = Modality.ATTRIBUTED
        said_by = said_by or said.said_by
    if mood.denied and predicate in CHANGES:
        predicate, modality = Predicate.DENIED, Modality.ATTRIBUTED
    if (
        draft.rule.frame == "event"
        and modality is Modality.ASSERTED
        and predicate is not Predicate.DENIED
        and _wanted(scene, draft)
    ):
        modality = Modality.PLANNED
    if modality is Modality.PLANNED and predicate is Predicate.HOLDS:
        predicate = Predicate.CAPTURED  # "fighting to control X"
    actors = tuple(speakers_own(scene, p) for p in continued(document, scene, draft.actor))
    actors = tuple(p for p in actors if p.text != "they" or p.end > p.start)  # nobody acted before
    actors = tuple(p for p in actors if p.text != "its" or p.actor_id)  # "its defenders", of a town
    if not actors and predicate is Predicate.CAPTURED and is_verb and sentence.chunks[draft.verb].lemma in _GOOD_NEWS:
        actors = _own_success(scene, draft.verb)
    when = when_of(document, scene, draft, predicate)
    actor_text, actor_id = named(document, actors, when)
    others = _before_them(scene, draft)
    if len(others) == 1 and not others[0].actor_id:
        others = continued(document, scene, others)
    other_text, other_id = named(document, others, when)
    actor_id = actor_id or state_of(document, actor_text, when)
    other_id = other_id or state_of(document, other_text, when)
    if other_id == actor_id:
        other_id = ActorId("")  # "battling other militants": not itself
    if not other_id and not other_text and predicate in (Predicate.CAPTURED, Predicate.CONTESTED):
        other_text, other_id = _opponent(document, scene, draft, actor_id, when)
    made: list[Made] = []
    for ref in refs:
        confidence = draft.rule.confidence * draft.weight * min(1.0, 0.4 + 0.6 * ref.sure)
        if not actor_text and predicate not in (Predicate.LOST, Predicate.WITHDREW):
            confidence *= 0.9
        elif actor_text and not actor_id:
            confidence *= 0.96
        if ref.place is None:
            confidence *= 0.9
        if draft.ref.anaphor:
            confidence *= 0.85
        if mood.result:
            confidence *= 0.9
        item = Made(
            draft,
            sentence.span,
            is_coarse(scene, ref),
            ref,
            predicate,
            modality,
            said_by,
            when,
            confidence,
            actor_text,
            actor_id,
            other_text,
            other_id,
        )
        if (
            draft.explicit_other
            and other_text
            and predicate in (Predicate.CAPTURED, Predicate.TRANSFERRED, Predicate.LOST, Predicate.WITHDREW)
        ):
            item = replace(item, implies=("holder_before",))
        last = last_in(document, scene, draft, ref.place)
        if last:
            item = replace(item, implies=(*item.implies, last))
        made.append(item)
        fought = mood.offensive or (draft.modality is Modality.NEGATED)
        if fought and predicate is Predicate.CAPTURED and modality in (Modality.PLANNED, Modality.NEGATED):
            contested = replace(
                draft,
                rule=BY_NAME["offensive-to-take"],
                predicate=Predicate.CONTESTED,
                ref=replace(ref, part=""),
                modality=Modality.ASSERTED,
            )
            made.append(
                Made(
                    contested,
                    sentence.span,
                    is_coarse(scene, ref),
                    replace(ref, part=""),
                    Predicate.CONTESTED,
                    Modality.ATTRIBUTED if said is not None and not said.denied else Modality.ASSERTED,
                    said_by,
                    when_of(document, scene, contested, Predicate.CONTESTED),
                    confidence * 0.95,
                    actor_text,
                    actor_id,
                    other_text,
                    other_id,
                )
            )
    remember(document, made)
    return made


def remember(document: Document, made: Sequence[Made]) -> None:
    """Keep who acted and which places claims told of: what "they" and "the town" may mean in the sentences to come."""
    for item in made:
        if item.actor_text and item.actor_text not in ("they", "it") and item.predicate is not Predicate.DENIED:
            subject = (item.span.start, item.actor_text, item.actor_id)
            if document.subjects_seen[-1:] != [subject]:
                document.subjects_seen.append(subject)
        if item.ref.place or not item.draft.ref.anaphor:
            place = (item.draft.ref.start, replace(item.ref, anaphor=""))
            if document.places_seen[-1:] != [place]:
                document.places_seen.append(place)


def forget(document: Document, item: Made) -> None:
    """Undo what ``remember`` kept of the side of a claim that is not believed; its place was spoken of all the same."""
    subject = (item.span.start, item.actor_text, item.actor_id)
    if subject in document.subjects_seen:
        document.subjects_seen.remove(subject)


def is_coarse(scene: Scene, ref: PlaceRef) -> bool:
    """Whether the place of some words is a larger one that stands for a place in it that nobody knows."""
    return ref.place is not None and any(
        t.kind == "coarse" and t.quote.start == ref.start for _, _, t in scene.toponyms
    )


def _after_fact(scene: Scene, draft: Draft) -> bool:
    """Whether the event stands as a fact behind "after", "since", "despite", whatever the verb says."""
    sentence = scene.sentence
    k = sentence.chunk_at(sentence.tokens_of(draft.ref.start, draft.ref.end)[0])
    for n in range(k - 1, max(-1, k - 6), -1):
        chunk = sentence.chunks[n]
        if chunk.kind == "NP" and sentence.lows[chunk.j - 1] in draft.rule.words:
            b = before(sentence, n)
            return b >= 0 and sentence.chunks[b].word in ("after", "since", "following", "despite", "with")
    return False


def _noun_modality(scene: Scene, draft: Draft, mood: Mood) -> Modality:
    """The modality of what a noun names under a verb of its own mood: "could launch an offensive", "failed to stop the fall of"."""
    sentence = scene.sentence
    chunk = sentence.chunks[draft.verb]
    if draft.rule.frame == "fighting" and goes_on(scene, draft.verb, draft.rule.words):
        return Modality.ASSERTED
    if draft.rule.frame == "event" and chunk.lemma in lx.AVERTING:
        heads = [sentence.lows[sentence.chunks[k].j - 1] for k in subject(sentence, draft.verb)]
        if draft.rule.words.isdisjoint(heads) and not passive(sentence, draft.verb):
            return prevented(mood)
    return mood.modality


_WANTED = lx.words(
    "seek want demand plan prepare order urge await anticipate discuss vow threaten aim hope fear predict expect"
)


def _wanted(scene: Scene, draft: Draft) -> bool:
    """Reads "called for the liberation of X", "plans for the recapture of X", "ahead of the recapture of X"."""
    sentence = scene.sentence
    k = sentence.chunk_at(sentence.tokens_of(draft.ref.start, draft.ref.end)[0])
    n = k
    while n > 0 and n > k - 6:
        n -= 1
        chunk = sentence.chunks[n]
        if chunk.kind == "VG":
            return chunk.lemma in _WANTED and not passive(sentence, n)
        if chunk.kind == "NP":
            head = sentence.lows[chunk.j - 1]
            if head in lx.PLAN_NOUNS:
                nxt = sentence.chunks[n + 1] if n + 1 < len(sentence.chunks) else None
                if nxt is not None and nxt.kind == "I" and nxt.word in ("for", "of", "to"):
                    return True
        if (
            chunk.kind == "I"
            and chunk.word in ("for", "towards", "toward")
            and n > 0
            and sentence.chunks[n - 1].kind == "VG"
        ):
            return sentence.chunks[n - 1].lemma in _WANTED | {"push", "fight", "look", "work", "call"}
    return False


def named(document: Document, parties: tuple[Party, ...], when: When) -> tuple[str, ActorId]:
    """Text and id of a claim's party: an antecedent's words for a pronoun, several parties joined with semicolons.

    The id is whom the words mean in the years of the claim, which may not be those of the text.
    """
    texts: list[str] = []
    actor = ActorId("")
    for party in parties:
        text = party.text.strip('“”"«» ')
        if party.pronoun and party.actor_id:
            text = _antecedent_name(document, party) or text
        if text and text not in texts:
            texts.append(text)
        actor = actor or _of_years(document, party, when)
    return "; ".join(texts), actor


def _of_years(document: Document, party: Party, when: When) -> ActorId:
    """Whom a party's words mean when the claim is of other years than the text: Austria, and Austria-Hungary in 1914."""
    if not party.actor_id or not when.known:
        return party.actor_id
    said = [m for m in mentions_over(document, party.start, party.end) if m.actor_id == party.actor_id]
    return document.spoken.meant(said[-1], when.years) if said else party.actor_id


def continued(document: Document, scene: Scene, parties: tuple[Party, ...]) -> tuple[Party, ...]:
    """Reads "They took …" after a claim as about whoever acted in it: the subject goes on."""
    if len(parties) != 1 or parties[0].text not in ("they", "it", "its", "their"):
        return parties
    unsaid = parties[0].start == parties[0].end  # ``same_as_before``
    if unsaid:
        speakers = _own_success(scene, len(scene.sentence.chunks))
        if speakers:
            return speakers
    ahead = _named_ahead(scene, parties[0])
    if ahead:
        return ahead
    # "a militia said it had captured X": who speaks in the sentence, not who acted in the one before
    for k, chunk in enumerate(scene.sentence.chunks):
        if chunk.kind == "VG" and chunk.lemma in lx.REPORTING and scene.sentence.starts[chunk.i] < parties[0].start:
            speakers = tuple(p for p in read_parties(scene, subject(scene.sentence, k)) if p.armed or p.actor_id)
            if speakers and (not parties[0].actor_id or _is_speaker(scene, k, parties[0], speakers[0])):
                return speakers
    if parties[0].text in ("its", "their"):
        near = [
            m
            for _, _, m in scene.mentions
            if m.end <= parties[0].start and (m.actor_id or m.kind == "common") and m.kind not in ("pronoun", "held")
        ]
        if near:
            return (replace(from_mention(near[0]), pronoun=False),)
    if not document.subjects_seen:
        return parties
    start, text, actor_id = document.subjects_seen[-1]
    earlier = [s.start for s in spans_before(document, scene.sentence.span.start, 1 if unsaid else 2)]
    own = parties[0].text in ("its", "their") or unsaid
    here = own and start == scene.sentence.span.start
    if start not in earlier and not here:
        return parties
    return (replace(parties[0], text=text, actor_id=actor_id, pronoun=False),)


def _is_speaker(scene: Scene, k: int, pronoun: Party, speaker: Party) -> bool:
    """The pronoun is the first word of what is said behind verb ``k``, and means the same party."""
    chunks = scene.sentence.chunks
    n = k + 1
    while n < len(chunks) and chunks[n].kind != "NP" and chunks[n].word == "that":
        n += 1
    first = scene.sentence.starts[chunks[n].i] if kind(scene.sentence, n) == "NP" else -1
    return first == pronoun.start and pronoun.actor_id == speaker.actor_id


_GOOD_NEWS = lx.words("liberate free retake recapture reclaim clear secure")


def _own_success(scene: Scene, verb: int) -> tuple[Party, ...]:
    """Reads "the army said that X had been liberated": who speaks, before the verb, of freeing X did it."""
    sentence = scene.sentence
    for k, chunk in enumerate(sentence.chunks[:verb]):
        if chunk.kind == "VG" and chunk.lemma in lx.REPORTING and not passive(sentence, k):
            parties = read_parties(scene, subject(sentence, k))
            return tuple(p for p in parties if p.armed and (p.actor_id or p.text[:1].isupper()) and not p.pronoun)
    return ()


def _before_them(scene: Scene, draft: Draft) -> tuple[Party, ...]:
    """The losers of a draft; "from them" means the last other side named before."""
    if [p.text for p in draft.other] not in (["them"], ["they"]):
        return draft.other
    mine = {p.actor_id for p in draft.actor} | {ActorId("")}
    named = [
        from_mention(m)
        for _, _, m in scene.mentions
        if m.end <= draft.other[0].start and m.kind != "pronoun" and m.actor_id not in mine
    ]
    return tuple(named[-1:])


def _named_ahead(scene: Scene, party: Party) -> tuple[Party, ...]:
    """Reads "Three days after it captured X, the army …": who is named only in the main clause."""
    sentence = scene.sentence
    k = sentence.chunk_at(sentence.tokens_of(party.start, party.end)[0])
    if k < 1 or k > 4 or kind(sentence, k - 1) != "S" or any(e <= sentence.chunks[k].i for _, e, _ in scene.mentions):
        return ()
    comma = next((n for n in range(k, len(sentence.chunks)) if sentence.chunks[n].kind == ","), len(sentence.chunks))
    if kind(sentence, comma + 1) != "NP" or kind(sentence, after(sentence, comma + 1)) != "VG":
        return ()
    return tuple(p for p in read_parties(scene, (comma + 1,)) if p.armed or p.actor_id)


def state_of(document: Document, text: str, when: When) -> ActorId:
    """The state behind a bare nationality: "under Russian occupation", "Israeli-occupied"."""
    if not text[:1].isupper() or " " in text:
        return ActorId("")
    year = when.years[0]
    known = document.states_by_adjective.get((text, year))
    if known is None:
        known = ActorId("")
        for mention in find_actors(f"{text} forces", document.index, year=year):
            if mention.kind == "force" and mention.start == 0:
                known = mention.actor_id
        document.states_by_adjective[text, year] = known
    return known


_STATES = lx.words("federal government regime state authorities loyalist loyalists junta")
_THEIRS = lx.words("the pro anti forces troops army soldiers fighters militia militias security side control military")


def state_here(document: Document, place: Place | None, text: str, actor_id: ActorId, when: When) -> ActorId:
    """Whose "government forces", "the regime", "loyalists" are: those of the state whose land the place is.

    Only where the lexicon knows one government of it in the claim's years, else the article's; a party the words name, and an opponent ("anti-government"),
    keeps the id it has.
    """
    words = [word.removesuffix("'s").removesuffix("’s") for word in text.lower().replace("-", " ").split()]
    index = document.index
    if place is None or "anti" in words or not set(words) <= _STATES | _THEIRS:
        return actor_id
    published = document.article.published
    own = published.year if published is not None else 0
    years = dict.fromkeys(when.years if when.known else (own,))
    if _STATES.isdisjoint(words):
        known = index.by_id.get(actor_id)  # "the army" of a state that is not at war here
        if known is None or known.role != "government" or place.country in known.countries:
            return actor_id
    home = [index.actors[number] for number in index.home.get(place.country, ())]
    states = {ruler(home, year) for year in years}
    state = states.pop()
    return actor_id if state is None or states else state.id


def _antecedent_name(document: Document, party: Party) -> str:
    """The last name of the actor before; where it has none, the first words for its kind."""
    named, generic = document.mentions_of.get(party.actor_id, ((), ()))
    at = bisect_left(named, party.start, key=lambda mention: mention.start)
    best = named[at - 1].text if at else generic[0].text if generic and generic[0].start < party.start else ""
    return " ".join(best.split())


def _opponent(document: Document, scene: Scene, draft: Draft, actor_id: ActorId, when: When) -> tuple[str, ActorId]:
    """The only other armed actor that the sentence speaks of; not certain enough to imply that it held the place."""
    sentence = scene.sentence
    own = {party.text for party in draft.actor}
    spans = [(party.start, party.end) for party in draft.actor]
    found: dict[str, tuple[str, ActorId]] = {}
    for _, _, mention in scene.mentions:
        if mention.kind == "pronoun" or any(s < mention.end and mention.start < e for s, e in spans):
            continue
        i, j = sentence.tokens_of(mention.start, mention.end)
        if sentence.chunk_at(i) < 0 or allied(scene, i):
            continue  # in parentheses; "in an attack coordinated with X", "backed by X"
        if (mention.kind == "leader" and sentence.tags[j : j + 1] == ["'"]) or sentence.lows[i - 1 : i] == ["whose"]:
            continue  # "the leader's birthday"; "X, whose forces captured Y"
        meant = document.spoken.meant(mention, when.years) if mention.actor_id else mention.actor_id
        if actor_id and actor_id in (mention.actor_id, meant):
            continue
        if " ".join(mention.text.split()) in own:
            continue
        if not meant and mention.text.split()[-1].lower() not in _SIDES:
            continue
        found.setdefault(meant or mention.text.lower(), (" ".join(mention.text.split()), meant))
    if len(found) == 1 and (actor_id or draft.actor):
        return next(iter(found.values()))
    return "", ActorId("")


_SIDES = lx.words("rebels insurgents militants guerrillas separatists government regime jihadists opposition")
