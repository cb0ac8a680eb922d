"""Article + toponyms + actors → claims: the story of the stage, sentence by sentence."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from mapper.actors import ActorIndex
from mapper.claims.document import Document, read_document, read_scene, within
from mapper.claims.draft import Draft
from mapper.claims.frames import find_drafts
from mapper.claims.language import is_english
from mapper.claims.mood import attribution, happened, mood_of
from mapper.claims.reader import Heard, Reader, listen, sheet_of
from mapper.claims.reconcile import reconcile
from mapper.claims.regions import plain, regional, told_in
from mapper.claims.resolve import FIGHTS, Made, Rejected, Voices, named, resolve, state_here
from mapper.claims.rules import BY_NAME, STRONG, TRIGGER, WARLIKE, lowered
from mapper.claims.scene import Scene
from mapper.claims.shares import find_shares
from mapper.claims.syntax import before, kind
from mapper.claims.timing import CHANGES, share_when
from mapper.claims.tokens import LONGEST_SENTENCE, Span, sentences
from mapper.layout import blocks_of
from mapper.model import (
    ActorId,
    Article,
    Claim,
    ClaimId,
    Extent,
    Issue,
    Modality,
    PlaceId,
    Predicate,
    Quote,
    ShareClaim,
    Source,
    Toponym,
    When,
    stable_id,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What one article claims, what could not be decided, what was seen and refused, and which voice said each claim."""

    claims: tuple[Claim, ...] = ()
    share_claims: tuple[ShareClaim, ...] = ()
    issues: tuple[Issue, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    voices: Mapping[ClaimId, Voices] = field(default_factory=dict)


def extract_claims(
    article: Article,
    toponyms: Sequence[Toponym] | Callable[[], Sequence[Toponym]],
    actors: ActorIndex,
    reader: Reader | None = None,
) -> Extraction:
    """The claims of an article, in text order. Pure: the same article gives the same ids on every run and machine.

    ``toponyms`` may be a function that finds them: it is called only if some sentence may claim something, which in most
    articles of a news archive none does. A ``reader`` has a say beside the rules, joined as its blend says.
    """
    text = article.text
    if not is_english(text):
        issue = Issue(
            stage="claims",
            level="warning",
            code="language-not-supported",
            message="the text does not look like English; no claims were read from it",
            quote=Quote(article_id=article.id, start=0, end=min(len(text), 80), text=text[:80]),
        )
        return Extraction(issues=(issue,))
    spans = sentences(text, blocks_of(article))
    awake = _woken(text, spans)
    if not awake:
        return Extraction()
    known = toponyms() if callable(toponyms) else toponyms
    document = read_document(article, spans, plain(known), actors)
    made: list[Made] = []
    shares: list[ShareClaim] = []
    rejected: list[Rejected] = []
    heard = _heard(document, reader) if reader is not None else {}
    for span in spans:
        if span not in awake and span.start not in heard:
            continue
        scene = read_scene(document, span)
        ruled: list[Made] = []
        told: list[ShareClaim] = []
        if span in awake:
            ruled = _ruled(document, scene, rejected)
            told = _shares(document, scene)
            shares.extend(told)
        if reader is not None:
            answers = heard.get(span.start, ())
            ruled = reconcile(document, scene, ruled, answers, reader.blend, rejected, share=bool(told))
        made.extend(ruled)
    where = told_in(known)
    claims, issues, voices = _finish(document, [regional(one, where) for one in made] if where else made)
    issues = (*_endless(document), *_counted(document), *issues)
    return Extraction(claims=claims, share_claims=tuple(shares), issues=issues, rejected=tuple(rejected), voices=voices)


def ruled_of(article: Article, toponyms: Sequence[Toponym], actors: ActorIndex) -> tuple[Document, list[Made]]:
    """What the rules alone make of an article, before it is joined and finished: what a reader is calibrated against."""
    spans = sentences(article.text, blocks_of(article))
    document = read_document(article, spans, plain(toponyms), actors)
    awake = _woken(article.text, spans)
    made = [item for span in spans if span in awake for item in _ruled(document, read_scene(document, span), [])]
    return document, made


def _woken(text: str, spans: Sequence[Span]) -> frozenset[Span]:
    """The sentences that the rules look at; the others hold no word that could tell a claim."""
    low = lowered(text)
    trigger = TRIGGER if len(text) < _SHORT or WARLIKE.search(low) else STRONG
    return frozenset(span for span in spans if trigger.search(low, span.start, span.end))


def _ruled(document: Document, scene: Scene, rejected: list[Rejected]) -> list[Made]:
    """What the rules make of a sentence, in text order."""
    findings = find_drafts(scene)
    rejected.extend(
        Rejected(rule=r.rule, text=r.text, reason=r.reason, start=r.start, end=r.end) for r in findings.refused
    )
    drafts = sorted(_pruned(findings.drafts, scene), key=lambda d: d.ref.start)
    return [item for draft in drafts for item in resolve(document, scene, draft, rejected)]


def _endless(document: Document) -> Iterator[Issue]:
    """An Issue about the first sentence that was read in pieces, if any was."""
    span = next((span for span in document.spans if span.cut), None)
    if span is not None:
        message = (
            f"a sentence has more than {LONGEST_SENTENCE:,} characters and is read in pieces: what one says of another is"
            " not seen. End sentences with full stops, or put a list's items on lines of their own"
        )
        begin = replace(span, end=min(span.end, span.start + 80))
        yield Issue(
            stage="claims", level="warning", code="sentence-endless", message=message, quote=_quote(document, begin)
        )


def _counted(document: Document) -> Iterator[Issue]:
    """An Issue about posts of a live page whose days were counted over midnight."""
    unit = next((unit for unit in document.units if unit.counted), None)
    if unit is not None:
        message = (
            f"posts are dated by the clock alone and cross midnight: what begins here is taken as of {unit.day.isoformat()},"
            " the newest as of the day of publication or of the date over them. If that is wrong, write the day over the posts"
        )
        span = Span(unit.start, min(unit.end, unit.start + 80), 0)
        yield Issue(
            stage="claims", level="warning", code="posts-cross-midnight", message=message, quote=_quote(document, span)
        )


def _heard(document: Document, reader: Reader) -> dict[int, list[Heard]]:
    """What the reader answers, by the start of the sentence; sentences of which it holds nothing likely are left out."""
    sheet = sheet_of(document)
    starts = [span.start for span in document.spans]
    found: dict[int, list[Heard]] = {}
    for one in listen(sheet, reader.read(sheet)):
        home = starts[bisect_right(starts, one.candidate.start) - 1]
        found.setdefault(home, []).append(one)
    return found


_SHORT = 800  # characters: a paragraph or a headline need not speak of armed people to be read in full


def _pruned(drafts: list[Draft], scene: Scene) -> list[Draft]:
    """Drafts without those another says better: the same place and kind twice, a hold of what is being taken."""
    kept: list[Draft] = []
    changes = [d for d in drafts if d.predicate in CHANGES and not d.undated and happened(scene, d.verb)]
    changed = {(d.ref.start, bool(d.ref.part)) for d in changes}
    for draft in drafts:
        whole, same = (draft.ref.start, False), (draft.ref.start, bool(draft.ref.part))
        aside = draft.modality is not None or _relative(scene, draft.verb)  # "X, the last town that Y held, fell"
        if draft.rule.name == "hold" and {whole, same} & changed and not aside:
            continue  # "took the last town held by X", "took the land X controlled": X is the other party
        if any(
            d.predicate is draft.predicate
            and d.ref.start == draft.ref.start
            and d.ref.end == draft.ref.end
            and (d.verb == draft.verb or not draft.actor)
            for d in kept
        ):
            continue
        kept.append(draft)
    return kept


def _relative(scene: Scene, v: int) -> bool:
    """Whether the verb stands in a clause with "which" or "that"."""
    sentence = scene.sentence
    b = before(sentence, v)
    if kind(sentence, b) == "NP":
        b = before(sentence, b)
    return kind(sentence, b) == "W"


def _shares(document: Document, scene: Scene) -> list[ShareClaim]:
    found: list[ShareClaim] = []
    article = document.article
    span = scene.sentence.span
    for share in find_shares(scene):
        said = attribution(scene, share.verb)
        mood = mood_of(scene, share.verb)
        if mood.modality not in (Modality.ASSERTED, Modality.ATTRIBUTED):
            continue
        baseline = When()
        for expression in within(document.times, share.baseline_from, span.end):
            if expression.when.known:
                baseline = replace(expression.when, basis="clause")
                break
        stub = Draft(rule=BY_NAME["hold"], predicate=Predicate.HOLDS, ref=share.ref, verb=share.verb)
        published = document.published_at(span.start)
        when = share_when(document, scene, stub, baseline, published)
        text, actor_id = named(document, share.actor, when)
        quote = _quote(document, span)
        found.append(
            ShareClaim(
                id=ClaimId(stable_id(article.id, span.start, span.end, share.wording, "share", text)),
                actor_id=actor_id,
                actor_text=text,
                region=tuple(dict.fromkeys(p.id for p in share.region)),
                region_text=share.region_text,
                lost=share.lost,
                fraction=share.fraction,
                km2=share.km2,
                baseline=baseline,
                when=when,
                modality=Modality.ATTRIBUTED if said is not None else Modality.ASSERTED,
                extent_wording=share.wording,
                said_by=said.said_by if said is not None else "",
                quote=quote,
                source=_source(article),
                rule="share",
                confidence=0.85 if share.region and text else 0.6,
            )
        )
    return found


def _source(article: Article) -> Source:
    return Source(
        article_id=article.id,
        publisher=article.publisher,
        url=article.url,
        published=article.published,
        title=article.title or article.file,
    )


def _quote(document: Document, span: Span) -> Quote:
    return Quote(
        article_id=document.article.id,
        start=span.start,
        end=span.end,
        text=document.article.text[span.start : span.end],
    )


def _finish(document: Document, made: list[Made]) -> tuple[tuple[Claim, ...], tuple[Issue, ...], dict[ClaimId, Voices]]:
    """Claims in text order, one per place, predicate and sentence; ids; an Issue for each place nobody could resolve."""
    article = document.article
    source = _source(article)
    voices: dict[ClaimId, Voices] = {}
    claims: list[Claim] = []
    issues: list[Issue] = []
    seen: dict[tuple[object, ...], int] = {}
    unresolved: set[str] = set()
    for item in (_at_home(document, one) for one in made):
        span = item.span
        place_id = item.ref.place.id if item.ref.place is not None else PlaceId("")
        where = f"{place_id} {item.ref.text.lower()}"
        key = (
            span.start,
            where,
            item.predicate,
            item.modality.mapped,
            item.actor_text if item.predicate in CHANGES else "",
        )
        if key in seen:
            at = seen[key]
            voices[claims[at].id] = _joined(voices[claims[at].id], item.voices)
            if claims[at].confidence < item.confidence:
                claims[at] = replace(claims[at], confidence=round(item.confidence, 3))
            continue
        seen[key] = len(claims)
        quote = _quote(document, span)
        part = item.ref.part
        if item.coarse and not part:
            part = f"{item.ref.text} in"
        claims.append(
            Claim(
                id=ClaimId(
                    stable_id(
                        article.id,
                        span.start,
                        span.end,
                        item.ref.text,
                        item.predicate.value,
                        item.modality.value,
                        item.actor_text,
                    )
                ),
                place_id=place_id,
                place_text=item.ref.text,
                predicate=item.predicate,
                actor_id=item.actor_id,
                actor_text=item.actor_text,
                other_id=item.other_id,
                other_text=item.other_text,
                when=item.when,
                modality=item.modality,
                extent=Extent.PART if part else Extent.WHOLE,
                extent_wording=part,
                said_by=item.said_by,
                quote=quote,
                source=source,
                rule=item.draft.rule.name,
                confidence=round(min(0.99, item.confidence), 3),
                implies=item.implies if item.modality.mapped else (),
            )
        )
        voices[claims[-1].id] = item.voices
        if not place_id and item.ref.text.lower() not in unresolved:
            unresolved.add(item.ref.text.lower())
            issues.append(
                Issue(
                    stage="claims",
                    level="warning",
                    code="place-unresolved",
                    message=f"no place is known for {item.ref.text!r}: the claim is listed but not mapped",
                    quote=quote,
                    value=item.ref.text,
                )
            )
    return tuple(_with_takers(_with_losers(claims))), tuple(issues), voices


def _at_home(document: Document, item: Made) -> Made:
    """The claim in the making with the state of its place for "the government": not the one that was named last."""
    actor_id = state_here(document, item.ref.place, item.actor_text, item.actor_id, item.when)
    other_id = state_here(document, item.ref.place, item.other_text, item.other_id, item.when)
    if (actor_id, other_id) == (item.actor_id, item.other_id):
        return item
    return replace(item, actor_id=actor_id, other_id=ActorId("") if other_id == actor_id else other_id)


def _joined(one: Voices, other: Voices) -> Voices:
    """Two readings of one claim: the rule that was surer, and the most the reader said."""
    best = max(one, other, key=lambda v: v.rule_confidence)
    said = [v.reader for v in (one, other) if v.reader is not None]
    return replace(best, reader=max(said) if said else None)


_ENMITY = 3  # claims of an article that must agree on an actor's only enemy


def _enemies(claims: list[Claim]) -> dict[ActorId, dict[ActorId, str]]:
    """The one enemy of each actor that fights nobody else in the whole article, and often."""
    met: dict[ActorId, Counter[ActorId]] = {}
    names: dict[ActorId, str] = {}
    for claim in claims:
        if claim.predicate in (Predicate.CAPTURED, *FIGHTS) and claim.actor_id and claim.other_id:
            met.setdefault(claim.actor_id, Counter())[claim.other_id] += 1
            met.setdefault(claim.other_id, Counter())[claim.actor_id] += 1
            names.setdefault(claim.actor_id, claim.actor_text)
            names.setdefault(claim.other_id, claim.other_text)
    return {
        actor: {enemy: names[enemy] for enemy in seen}
        for actor, seen in met.items()
        if len(seen) == 1 and seen.total() >= _ENMITY
    }


def _with_losers(claims: list[Claim]) -> list[Claim]:
    """Captures whose loser another sentence names: the one other actor said to hold, leave or lose the place."""
    losers: dict[PlaceId, list[tuple[ActorId, str, int]]] = {}  # with the first year of what is told of them
    for claim in claims:
        if not (claim.place_id and claim.modality.mapped):
            continue
        first = claim.when.years[0]
        if claim.predicate is Predicate.HOLDS and claim.actor_id:
            losers.setdefault(claim.place_id, []).append((claim.actor_id, claim.actor_text, first))
        elif claim.predicate in (Predicate.WITHDREW, Predicate.LOST) and claim.other_id:
            losers.setdefault(claim.place_id, []).append((claim.other_id, claim.other_text, first))
    enemies = _enemies(claims)
    found: list[Claim] = []
    for claim in claims:
        last = claim.when.years[1] or date.max.year  # who holds it years after lost nothing then
        others = {a: t for a, t, first in losers.get(claim.place_id, ())[::-1] if a != claim.actor_id and first <= last}
        others = others or (enemies.get(claim.actor_id, {}) if claim.actor_id else {})
        taken = claim.predicate is Predicate.LOST or (claim.predicate is Predicate.CAPTURED and claim.actor_id)
        if taken and not claim.other_text and len(others) == 1:
            ((actor, text),) = others.items()
            found.append(replace(claim, other_id=actor, other_text=text))
        else:
            found.append(claim)
    return found


_TAKINGS = 2  # claims of an article that must agree on who takes
_UNNAMED = 0.85  # how sure a taker is that another sentence names


def _with_takers(claims: list[Claim]) -> list[Claim]:
    """Places that fell to nobody the sentence names, in an article in which one side alone takes, and loses nothing.

    "The army took A on the 3rd and B on the 4th. C fell on the 5th" is about one advance; where its side is said to lose
    a place, or to have held the one that fell, the text tells of more than that, and the taker stays unknown.
    """
    told = [claim for claim in claims if claim.modality.mapped]
    takers = Counter(claim.actor_id for claim in told if claim.predicate is Predicate.CAPTURED and claim.actor_id)
    if len(takers) != 1 or takers.total() < _TAKINGS:
        return claims
    (taker,) = takers
    name = next(c.actor_text for c in told if c.predicate is Predicate.CAPTURED and c.actor_id == taker)
    if any(claim.other_id == taker for claim in told if claim.predicate in CHANGES):
        return claims
    had = {c.place_id for c in told if c.actor_id == taker and c.predicate in (Predicate.HOLDS, Predicate.CAPTURED)}
    return [
        replace(
            claim,
            predicate=Predicate.CAPTURED,
            actor_id=taker,
            actor_text=name,
            confidence=round(claim.confidence * _UNNAMED, 3),
        )
        if claim.predicate in (Predicate.LOST, Predicate.CAPTURED)
        and not (claim.actor_id or claim.actor_text)
        and not (claim.other_text and not claim.other_id)
        and claim.modality.mapped
        and claim.place_id not in had
        else claim
        for claim in claims
    ]
