"""How a sentence says something: asserted, attributed and by whom, planned, hypothetical, negated, denied."""

from __future__ import annotations

from dataclasses import dataclass

from mapper.claims import lexicon as lx
from mapper.claims.scene import Scene
from mapper.claims.syntax import after, before, governor, kind, passive, subject
from mapper.claims.tokens import Sentence
from mapper.model import Modality

_FUTURE = lx.words("will shall wo 'll")
_ABLE = lx.words("able successful finally victorious")
_CLOSE = lx.words("close near")
_UNABLE = lx.words("unable unsuccessful powerless reluctant unwilling impossible difficult hard")
_NOT_MUCH = (["nothing"], ["little"])  # "did nothing to stop the rebels"
_PERMITTING = lx.words(
    "law laws rule rules mandate decree resolution bill treaty constitution permit licence license ruling"
)
_PLANNED_WORDS = lx.words(
    "ready poised set expected likely about due eager determined prepared close supposed scheduled keen bound intent"
    " plan plans bid attempt attempts effort efforts aim goal objective order orders pledge vow promise hope hopes"
    " intention intentions desire decision ambition chance opportunity call calls way mission race permission quest strategy"
    " preparation preparations dream dreams target mandate"
)
_FALSE = lx.words("untrue false baseless unfounded incorrect denied fabricated inaccurate rumours rumors")
_NEGATIVE_NOUNS = lx.words("failure inability refusal")
_NEARLY = frozenset(("almost", "nearly", "narrowly"))
_NEARING = frozenset(("closer", "nearer", "step", "steps"))
_CONTINUING = lx.words("continue begin start help appear seem keep go proceed stop finish end complete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """``offensive`` is true when the plan is being fought for ("an offensive to recapture X")."""

    modality: Modality = Modality.ASSERTED
    offensive: bool = False
    result: bool = False
    said_by: str = ""
    denied: bool = False


def mood_of(scene: Scene, v: int, *, seen: int = 0) -> Mood:
    """The modality of what verb group ``v`` says, from its own words and what it hangs on."""
    sentence = scene.sentence
    chunk = sentence.chunks[v]
    if chunk.kind != "VG":
        return Mood()
    if seen > 6:
        return Mood()
    if _inverted(sentence, v):
        return Mood(modality=Modality.HYPOTHETICAL)
    if chunk.negated or _no_subject(sentence, v) or _no_longer(sentence, v):
        return Mood(modality=Modality.NEGATED)
    if _NEARLY.intersection(chunk.adverbs) and not {"completely", "entirely", "fully", "all"}.intersection(
        chunk.adverbs
    ):
        return Mood(modality=Modality.HYPOTHETICAL)  # "almost captured X"
    if chunk.modal:
        if chunk.modal in _FUTURE:
            return Mood(modality=Modality.PLANNED)
        return Mood(modality=Modality.HYPOTHETICAL)
    if _conditional(sentence, v):
        return Mood(modality=Modality.HYPOTHETICAL)
    if chunk.code in ("s", "b") and not chunk.aux and not chunk.to and _ahead(sentence, v):
        return Mood(modality=Modality.PLANNED)
    joined = governor(sentence, v) if kind(sentence, before(sentence, v)) in ("C", ",") and chunk.bare else -1
    if joined >= 0 and "b" in chunk.code and (sentence.chunks[joined].to or sentence.chunks[joined].modal):
        return mood_of(scene, joined, seen=seen + 1)  # "will storm and recapture X"
    if joined >= 0 and chunk.code == "g" and sentence.chunks[joined].bare and sentence.chunks[joined].code == "g":
        return mood_of(scene, joined, seen=seen + 1)  # "aimed at storming A and seizing B"
    if chunk.to:
        return _infinitive(scene, v, seen)
    if (chunk.code == "g" and not chunk.aux) or chunk.aux[:1] == ("having",):
        return _gerund(scene, v, seen)
    if chunk.code == "b" and not chunk.aux and kind(sentence, before(sentence, v)) == "VG":
        return mood_of(scene, before(sentence, v), seen=seen + 1)
    return Mood()


def prevented(mood: Mood) -> Modality:
    """What becomes of a thing when ``mood`` is that of preventing it: "could not prevent the fall of X" says that it fell."""
    if mood.modality is Modality.NEGATED:
        return Modality.ASSERTED
    return Modality.NEGATED if mood.modality.mapped else Modality.HYPOTHETICAL


def happened(scene: Scene, v: int) -> bool:
    """Whether what verb group ``v`` tells is told as a fact."""
    return mood_of(scene, v).modality.mapped


def goes_on(scene: Scene, v: int, nouns: frozenset[str]) -> bool:
    """Reads "the battle for X will become fiercer", "the fighting will not end": what is to change is there."""
    sentence = scene.sentence
    chunk = sentence.chunks[v]
    heads = {sentence.lows[sentence.chunks[k].j - 1] for k in subject(sentence, v)}
    if not chunk.modal or heads.isdisjoint(nouns):
        return False
    if chunk.lemma in ("become", "get", "grow"):
        more = sentence.lows[chunk.j : chunk.j + 2]
        return any(low == "more" or (low.endswith(("er", "ingly")) and low not in lx.DETERMINERS) for low in more)
    return chunk.lemma in ("intensify", "escalate", "continue", "worsen") or (
        chunk.negated and chunk.lemma in ("end", "stop", "ease", "cease")
    )


def _no_subject(sentence: Sentence, v: int) -> bool:
    return any(sentence.lows[sentence.chunks[k].i] in ("no", "neither", "nobody", "none") for k in subject(sentence, v))


def _conditional(sentence: Sentence, v: int) -> bool:
    k = v - 1
    while k >= 0:
        chunk = sentence.chunks[k]
        if (
            chunk.kind == "S"
            and chunk.word == "if"
            and k > 0
            and kind(sentence, k + 2) == ","
            and kind(sentence, k + 1) == "NP"
        ):
            k -= 1
            continue  # "a powerful, if symbolic, blow"
        if chunk.kind == "S":
            return chunk.word in ("if", "unless", "lest", "once") and not (
                chunk.word == "once" and sentence.chunks[v].code in ("d", "dn")
            )
        if chunk.kind == "W":
            return chunk.word in ("whether", "how")
        if chunk.kind == ";" or (chunk.kind == "VG" and chunk.finite) or (chunk.kind == "C" and chunk.word == "but"):
            return False
        k -= 1
    return False


def _no_longer(sentence: Sentence, v: int) -> bool:
    """Reads "is no longer in its hands": the adverb after the copula."""
    if sentence.chunks[v].lemma != "be":
        return False
    k = v + 1
    while kind(sentence, k) == "A":
        chunk = sentence.chunks[k]
        if lx.NEGATIONS.intersection(sentence.lows[chunk.i : chunk.j]) or chunk.word == "longer":
            return True
        k += 1
    return False


def _inverted(sentence: Sentence, v: int) -> bool:
    """Reads "Had the army captured X, …", "Should X fall, …": what did not happen or may."""
    subject_at = before(sentence, v)
    if not sentence.chunks[v].bare or kind(sentence, subject_at) != "NP":
        return False
    opener = before(sentence, subject_at)
    while kind(sentence, opener) in ("I", "NP"):
        opener = before(sentence, opener)  # "Had the siege of X been broken"
    if opener < 0 or sentence.lows[sentence.chunks[opener].i] not in ("had", "should", "were"):
        return False
    if sentence.chunks[opener].j - sentence.chunks[opener].i > 1:
        return False
    return opener == 0 or kind(sentence, opener - 1) in (",", "C", ";", "-")


def _ahead(sentence: Sentence, v: int) -> bool:
    """Present tense after "before" or "until": not yet so."""
    k = v - 1
    while k >= 0 and k > v - 5:
        chunk = sentence.chunks[k]
        if chunk.kind == "S":
            return chunk.word in ("before", "until")
        if chunk.kind in ("VG", ";", ",", "W"):
            return False
        k -= 1
    return False


_HOPING = lx.words("hope want expect plan aim intend wish like need fail try vow promise love prefer")


def _infinitive(scene: Scene, v: int, seen: int) -> Mood:
    sentence = scene.sentence
    chunks = sentence.chunks
    b = before(sentence, v)
    gov = governor(sentence, v)
    if chunks[v].aux[:1] == ("have",):
        # "hopes to have taken" is a wish; "claims to have taken", "appears to have fallen" are what somebody says
        words = sentence.lows[chunks[b].i : chunks[b].j] if kind(sentence, b) == "NP" else []
        if words[-1:] == ["claims"] or (not words and gov == b and chunks[gov].lemma not in _HOPING):
            said = gov >= 0 and chunks[gov].lemma == "claim" and not passive(sentence, gov)
            return Mood(modality=Modality.ATTRIBUTED, said_by=_speaker(scene, gov) if said else "")
    if chunks[v].lemma in ("remain", "stay") and _ranked(sentence, b):
        return mood_of(scene, gov, seen=seen + 1) if gov >= 0 else Mood()
    # the word right before decides: "an offensive to retake", "unable to enter", "ready to storm"
    if kind(sentence, b) == "NP":
        noun = chunks[b]
        words = sentence.lows[noun.i : noun.j]
        head = words[-1]
        if any(w in _UNABLE for w in words) or words in _NOT_MUCH:
            return Mood(modality=Modality.NEGATED)
        if any(w in _NEGATIVE_NOUNS for w in words) or any(
            w in ("failed", "unsuccessful", "abortive", "futile") for w in words
        ):
            return Mood(modality=Modality.NEGATED, offensive=True)
        if head in _ABLE:
            return mood_of(scene, gov, seen=seen + 1) if gov >= 0 else Mood()
        if head in lx.OFFENSIVE and gov >= 0 and chunks[gov].lemma in ("repel", "repulse", "thwart", "foil", "defeat"):
            return Mood(modality=Modality.NEGATED, offensive=True)
        if any(w in _RANKS for w in words) and gov >= 0 and head not in lx.OFFENSIVE:
            return mood_of(scene, gov, seen=seen + 1)  # "became the first city to fall to the rebels"
        if head in _PLANNED_WORDS or any(w in _PLANNED_WORDS for w in words[-2:]):
            fought = _under_way(scene, words, gov) and not (gov < 0 and _announced(scene, v))
            return Mood(modality=Modality.PLANNED, offensive=fought)
    offensive = False
    k = v - 1
    while k > gov:
        if kind(sentence, k) == "NP" and sentence.lows[chunks[k].j - 1] in lx.OFFENSIVE | lx.FIGHTING:
            offensive = True
            words = sentence.lows[chunks[k].i : chunks[k].j]
            if any(w in ("failed", "unsuccessful", "abortive", "futile") for w in words):
                return Mood(modality=Modality.NEGATED, offensive=True)
            if gov >= 0 and chunks[gov].lemma in ("repel", "repulse", "thwart", "foil", "defeat"):
                return Mood(modality=Modality.NEGATED, offensive=True)
            return Mood(modality=Modality.PLANNED, offensive=_under_way(scene, words, gov))
        k -= 1
    if gov < 0:
        # the subject is an offensive: "Intense clashes are ongoing, as the army attempts to …" has its own verb
        return Mood(modality=Modality.PLANNED)
    verb = chunks[gov]
    if verb.lemma in lx.REPELLING:
        return Mood(modality=Modality.NEGATED, offensive=True)
    if verb.lemma == "fail" or verb.lemma in ("refuse", "decline"):
        return Mood(modality=Modality.NEGATED, offensive=verb.lemma == "fail")
    if verb.lemma in ("manage", "succeed"):
        return mood_of(scene, gov, seen=seen + 1)
    if verb.lemma in _CONTINUING:
        return mood_of(scene, gov, seen=seen + 1)
    if verb.lemma == "claim" and not passive(sentence, gov):
        return Mood(modality=Modality.ATTRIBUTED, said_by=_speaker(scene, gov))
    if passive(sentence, gov) and verb.lemma in lx.REPORTING | {"think", "know", "see"}:
        return Mood(modality=Modality.ATTRIBUTED)
    if verb.lemma in ("force", "compel", "oblige") and sentence.chunks[v].lemma in lx.LEAVING_VERBS:
        return mood_of(scene, gov, seen=seen + 1)
    if verb.lemma == "be" and gov == b:
        return Mood(modality=Modality.PLANNED)
    if verb.lemma == "go" and verb.aux and verb.code == "g":
        return Mood(modality=Modality.PLANNED)
    if verb.lemma == "go" and kind(sentence, gov + 1) == "I" and sentence.chunks[gov + 1].word.startswith("on"):
        return mood_of(scene, gov, seen=seen + 1)
    if verb.lemma in lx.FIGHTING_VERBS:
        maintain = sentence.chunks[v].lemma in ("maintain", "keep", "hold", "retain")
        return Mood(modality=Modality.ASSERTED if maintain else Modality.PLANNED, offensive=True)
    if verb.lemma in lx.RESULTATIVE or _let(sentence, gov):
        inner = mood_of(scene, gov, seen=seen + 1)
        return Mood(modality=inner.modality, result=True, said_by=inner.said_by)
    if verb.lemma in lx.PUSHING and verb.lemma != "seek":
        return Mood(
            modality=Modality.PLANNED,
            offensive=offensive
            or (verb.lemma in ("attempt", "try", "push", "advance") and not (verb.modal or verb.to)),
        )
    return Mood(modality=Modality.PLANNED, offensive=offensive)


def _let(sentence: Sentence, gov: int) -> bool:
    """Whether "allowed the army to retake X" tells what came of something: it did, unless a law allows it."""
    verb = sentence.chunks[gov]
    if verb.lemma != "allow" or passive(sentence, gov) or verb.modal or verb.to or verb.code in ("s", "b", "g"):
        return False
    return _PERMITTING.isdisjoint(sentence.lows[sentence.chunks[k].j - 1] for k in subject(sentence, gov))


def _ranked(sentence: Sentence, k: int) -> bool:
    """Whether the noun phrase that ends with chunk ``k`` is "the last town in the province"."""
    while kind(sentence, k) == "NP":
        chunk = sentence.chunks[k]
        if not _RANKS.isdisjoint(sentence.lows[chunk.i : chunk.j]):
            return True
        b = before(sentence, k)
        k = before(sentence, b) if kind(sentence, b) == "I" else -1
    return False


_RANKS = lx.words("first second third fourth fifth sixth seventh eighth ninth tenth last latest only")


def _announced(scene: Scene, v: int) -> bool:
    """Whether the offensive is the subject of a verb that puts it off: "the battle to retake X is expected to begin"."""
    sentence = scene.sentence
    for k in range(v + 1, len(sentence.chunks)):
        chunk = sentence.chunks[k]
        if chunk.kind == "VG" and chunk.finite and not (chunk.bare and passive(sentence, k)):
            return bool(chunk.modal) or chunk.lemma in ("expect", "plan", "schedule", "delay", "postpone", "prepare")
        if chunk.kind in ("S", "W", ";"):
            return False
    return False


def _under_way(scene: Scene, words: list[str], gov: int) -> bool:
    """Whether an offensive named in the text is being fought rather than announced."""
    if any(w in lx.NOT_YET for w in words):
        return False
    if words[-1] not in lx.OFFENSIVE | lx.FIGHTING or words[-1] in ("mission", "race", "war"):
        return False
    if gov >= 0:
        chunk = scene.sentence.chunks[gov]
        if chunk.modal or chunk.to or chunk.lemma in lx.ANNOUNCING:
            return False
        k = gov - 1
        if chunk.lemma in ("be", "build") and k >= 0:
            return True
    lows = scene.sentence.lows
    return not (
        "anticipation" in lows
        or "preparation" in lows
        or "preparations" in lows
        or "prepare" in lows
        or "imminent" in lows
    )


def _gerund(scene: Scene, v: int, seen: int) -> Mood:
    sentence = scene.sentence
    chunks = sentence.chunks
    b = before(sentence, v)
    where = kind(sentence, b)
    if where == "S" and chunks[b].word in ("after", "since", "when", "while", "until"):
        return Mood()  # "vowed to fight on after losing X": the loss is a fact
    if where == "I":
        word = chunks[b].word.split()[-1]
        q = before(sentence, b)
        if word == "without":
            return Mood(modality=Modality.NEGATED)
        words = sentence.lows[chunks[q].i : chunks[q].j] if q >= 0 else []
        lemma = chunks[q].lemma if kind(sentence, q) == "VG" else ""
        if word == "from":
            gov = governor(sentence, v)
            if gov >= 0 and chunks[gov].lemma in lx.PREVENTING:
                return Mood(modality=prevented(mood_of(scene, gov, seen=seen + 1)))
        lead = sentence.lows[max(0, chunks[b].i - 2) : chunks[b].i]
        if word == "to" and not _CLOSE.isdisjoint([*words, *lead]):
            return Mood(modality=Modality.HYPOTHETICAL)  # "came close to losing X"
        if word in ("to", "toward", "towards") and _NEARING.intersection(words):
            return Mood(modality=Modality.PLANNED)  # "moving a step closer to taking X"
        if word == "of" and kind(sentence, before(sentence, q)) == "I" and chunks[before(sentence, q)].word == "within":
            return Mood(modality=Modality.HYPOTHETICAL)  # "came within a day of capturing X"
        if word == "at" and (lemma == "aim" or "aimed" in words):
            return Mood(modality=Modality.PLANNED, offensive=True)
        if word in ("of", "for", "at", "on", "in") and any(w in _PLANNED_WORDS or w in lx.BRINK for w in words):
            return Mood(modality=Modality.PLANNED)
        if lemma == "fail" or any(w in ("failure", "difficulty") for w in words):
            return Mood(modality=Modality.NEGATED)
        if lemma == "succeed":
            return mood_of(scene, q, seen=seen + 1)
        if lemma in lx.THINKING_OF:
            return Mood(modality=Modality.PLANNED)
        if word == "of" and any(w in lx.RUMOUR for w in words):
            return Mood(modality=Modality.ATTRIBUTED)
    if where == "VG" and chunks[b].lemma in lx.CONTEMPLATING:
        return Mood(modality=Modality.PLANNED)
    if where == "VG" and chunks[b].lemma in ("stop", "avoid", "deny"):
        return Mood(modality=Modality.NEGATED, denied=chunks[b].lemma == "deny")
    if any(w in _FALSE for w in sentence.lows):
        for k in range(v + 1, len(chunks)):
            if chunks[k].kind == "VG" and chunks[k].lemma == "be":
                tail = sentence.lows[chunks[k].j : chunks[k].j + 3]
                if any(w in _FALSE for w in tail):
                    return Mood(modality=Modality.NEGATED)
                break
    gov = _main(sentence, v)
    if gov >= 0 and gov != v:
        inner = mood_of(scene, gov, seen=seen + 1)
        if inner.modality in (Modality.HYPOTHETICAL, Modality.PLANNED):
            return Mood(modality=inner.modality)
        if inner.modality is Modality.NEGATED and where == "I" and chunks[b].word == "by":
            return inner
    return Mood()


def _main(sentence: Sentence, v: int) -> int:
    k = v - 1
    while k >= 0:
        chunk = sentence.chunks[k]
        if chunk.kind == "VG" and (chunk.finite or chunk.to):
            return k
        if chunk.kind == ";":
            return -1
        k -= 1
    return -1


# -- who says so -----------------------------------------------------------------------------------------------------


def _speaker(scene: Scene, r: int) -> str:
    sentence = scene.sentence
    heads = subject(sentence, r)
    if not heads:
        return ""
    names: list[str] = []
    for k in heads:
        chunk = sentence.chunks[k]
        i, j = chunk.i, chunk.j
        while i < j - 1 and sentence.lows[i] in ("the", "a", "an", "some"):
            i += 1
        if sentence.tags[i] == "p" or sentence.lows[j - 1] in ("it", "he", "she", "they", "who"):
            continue
        if (
            kind(sentence, k + 1) == "I"
            and sentence.chunks[k + 1].word in ("of", "for", "in", "from")
            and kind(sentence, k + 2) == "NP"
        ):
            j = sentence.chunks[k + 2].j
        names.append(" ".join(scene.words(i, j).split()))
    return " and ".join(dict.fromkeys(names))


def attribution(scene: Scene, v: int) -> Mood | None:
    """Who says what verb group (or noun) ``v`` says; None when the text itself says it."""
    sentence = scene.sentence
    chunks = sentence.chunks
    for k, chunk in enumerate(chunks):
        if chunk.kind == "I" and chunk.word.startswith("according to") and kind(sentence, k + 1) == "NP":
            return Mood(modality=Modality.ATTRIBUTED, said_by=_noun_text(scene, k + 1))
    # the words nearest before the verb say it: "Rebels said they would …, but the ministry denied that X had fallen"
    for r in (*range(v - 1, -1, -1), *range(v + 1, len(chunks))):
        chunk = chunks[r]
        if chunk.kind != "VG" or chunk.lemma not in lx.REPORTING | {"deny", "dismiss", "reject", "refute"}:
            continue
        if chunk.code == "g" and not chunk.aux and chunk.lemma not in ("say", "add", "claim"):
            continue
        denied = chunk.lemma in ("deny", "dismiss", "reject", "refute")
        if r < v and _complement(scene, r, v):
            if passive(sentence, r) and chunk.lemma != "tell":
                return Mood(modality=Modality.ATTRIBUTED, denied=denied)
            if chunk.negated:
                return Mood(modality=Modality.ATTRIBUTED, said_by=_speaker(scene, r), denied=denied)
            return Mood(modality=Modality.ATTRIBUTED, said_by=_speaker(scene, r), denied=denied)
        if r > v and denied and passive(sentence, r) and _rumoured(sentence, r, v):
            return Mood(modality=Modality.ATTRIBUTED, denied=not chunk.negated)
        if r > v and not denied and _closing(scene, r) and chunk.finite and not passive(sentence, r):
            return Mood(modality=Modality.ATTRIBUTED, said_by=_speaker(scene, r))
    if chunks[v].kind == "VG" and any(a in lx.HEDGES for a in chunks[v].adverbs):
        return Mood(modality=Modality.ATTRIBUTED)
    if any(low in lx.HEDGES for low in sentence.lows[: chunks[v].j]) and sentence.lows[0] in lx.HEDGES:
        return Mood(modality=Modality.ATTRIBUTED)
    return None


def _rumoured(sentence: Sentence, r: int, v: int) -> bool:
    """Reads "Reports that X had entered Y were dismissed": what the subject's clause says."""
    for k in range(v - 1, -1, -1):
        if kind(sentence, k) == "S" and sentence.chunks[k].word == "that":
            head = sentence.lows[sentence.chunks[k - 1].j - 1] if kind(sentence, k - 1) == "NP" else ""
            return head in _RUMOURS and r > v
        if kind(sentence, k) in ("S", "W", ";"):
            return False
    return False


_RUMOURS = lx.words(
    "report reports claim claims allegation allegations rumour rumours rumor rumors suggestions talk news"
)


def _noun_text(scene: Scene, k: int) -> str:
    sentence = scene.sentence
    chunk = sentence.chunks[k]
    i, j = chunk.i, chunk.j
    while i < j - 1 and sentence.lows[i] in ("the", "a", "an"):
        i += 1
    return " ".join(scene.words(i, j).split())


def _complement(scene: Scene, r: int, v: int) -> bool:
    """Whether ``v`` lies in what reporting verb ``r`` reports."""
    sentence = scene.sentence
    chunks = sentence.chunks
    b = before(sentence, r)
    if kind(sentence, b) == "W" and chunks[b].word in ("who", "which"):
        return False
    if kind(sentence, before(sentence, b)) == "W" and any(c.kind == "," for c in chunks[r:v]):
        return False  # "X, where they believed that …, was lost"
    n = after(sentence, r)
    # "said in a statement that", "told AFP that"
    while (
        kind(sentence, n) == "I"
        and kind(sentence, n + 1) == "NP"
        and chunks[n].word.split()[0] in lx.REPORT_PREPOSITIONS
    ):
        n = after(sentence, n + 1)
    where = kind(sentence, n)
    if where == "S" and chunks[n].word == "that":
        return True
    if where in (",", ";", "VG", "S"):
        return where != "S" and not (
            where == "VG" and not chunks[n].to and chunks[n].code == "g" and chunks[r].lemma != "deny"
        )
    if where == "NP":
        if chunks[r].lemma in ("tell", "inform"):
            return True
        # an object of its own, or the subject of what is reported
        for k in range(n + 1, len(chunks)):
            chunk = chunks[k]
            if chunk.kind == "VG":
                if chunk.bare and passive(sentence, k):
                    continue
                heads = subject(sentence, k)
                return bool(heads) and heads[0] >= n and heads[0] <= k
            if chunk.kind == "S":
                return chunk.word == "that"
            if chunk.kind in ("W", ";"):
                return False
        return v >= n and chunks[v].kind == "NP"
    return False


def _closing(scene: Scene, r: int) -> bool:
    """A reporting clause at the end: "…, the military said", "…, said a spokesman"."""
    sentence = scene.sentence
    heads = subject(sentence, r)
    first = heads[0] if heads else r
    b = before(sentence, first)
    if kind(sentence, b) == "," or (kind(sentence, before(sentence, r)) == ","):
        nxt = after(sentence, r)
        follows = kind(sentence, nxt)
        if follows == "NP" and sentence.chunks[r].lemma not in ("tell", "say", "inform"):
            return False
        return not (follows == "S" and sentence.chunks[nxt].word == "that")
    return False
