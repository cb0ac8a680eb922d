"""What a learned reader is asked and what it answers: the seam behind which readers can be exchanged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from mapper.model import Modality, Predicate

KINDS: Final = ("change", "holds", "contest", "presence", "denied")
MODALITIES: Final = (
    "none",
    "said",
    Modality.PLANNED.value,
    Modality.HYPOTHETICAL.value,
    Modality.NEGATED.value,
)
CHANGE: Final = (Predicate.CAPTURED, Predicate.LOST, Predicate.WITHDREW, Predicate.TRANSFERRED)
CONTEST: Final = (Predicate.CONTESTED, Predicate.BESIEGED, Predicate.SIEGE_LIFTED)
KIND_OF: Final[Mapping[Predicate, str]] = {
    **dict.fromkeys(CHANGE, "change"),
    Predicate.HOLDS: "holds",
    **dict.fromkeys(CONTEST, "contest"),
    Predicate.PRESENCE: "presence",
    Predicate.DENIED: "denied",
}
PUBLISHED: Final = -1  # the day of publication, as an answer to "when"
UNDATED: Final = -2
CANDIDATES: Final = ("town", "region", "site", "unknown", "anaphor")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that may be a place somebody claims something of; ``kind`` is one of ``CANDIDATES``."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """An article as a reader sees it: its sentences, and what earlier stages found, as character offsets of ``text``.

    ``sentences`` are disjoint and in text order, ``candidates`` and ``times`` sorted by start. ``actors`` are
    ``(start, end, known)``.
    """

    text: str
    sentences: Sequence[tuple[int, int]]
    candidates: Sequence[Candidate]
    actors: Sequence[tuple[int, int, bool]] = ()
    times: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a reader holds to be claimed of one candidate.

    ``candidate`` indexes the sheet's candidates. ``said`` is the probability that something of this kind is said of the
    place as a fact (asserted or attributed); ``moods`` the probabilities of ``MODALITIES``. ``part`` is the probability
    that only part of the place is meant. ``actor`` and ``other`` are spans of the text, None where nobody is named;
    ``time`` indexes the sheet's times, or is PUBLISHED or UNDATED.
    """

    candidate: int
    kind: str
    said: float
    moods: tuple[float, ...]
    predicate: Predicate
    part: float = 0.0
    actor: tuple[int, int] | None = None
    other: tuple[int, int] | None = None
    time: int = UNDATED


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One answer about one place of a sentence; ``elsewhere`` is the most said of the same of another mention of the place."""

    candidate: Candidate
    answer: Answer
    elsewhere: float = 0.0


def listen(sheet: Sheet, answers: Sequence[Answer]) -> list[Heard]:
    """Each answer with what the rest of the text says of the same place."""
    said: dict[tuple[str, str], list[tuple[float, int]]] = {}

    def key(answer: Answer) -> tuple[str, str]:
        candidate = sheet.candidates[answer.candidate]
        return sheet.text[candidate.start : candidate.end].lower(), answer.kind

    for answer in answers:
        if sheet.candidates[answer.candidate].kind != "anaphor":
            said.setdefault(key(answer), []).append((answer.said, answer.candidate))
    for found in said.values():
        found.sort(reverse=True)
    return [
        Heard(
            candidate=sheet.candidates[a.candidate],
            answer=a,
            elsewhere=next((p for p, c in said.get(key(a), ()) if c != a.candidate), 0.0),
        )
        for a in answers
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """How two voices become one probability: logistic in what each says, fitted on texts the reader had not seen.

    ``alone`` weighs ``ALONE`` where no rule spoke, ``both`` weighs ``BOTH`` where one did (named in ``reconcile``). Below
    ``accept`` there is no claim, nor below ``bare`` one of the reader alone in a text of one sentence, where nothing else
    vouches for it; ``unsaid`` is the least probability of a claim that is planned, supposed or denied, and ``doubt`` the
    probability of these together from which a claim of the reader alone is no fact.
    """

    alone: tuple[float, ...]
    both: tuple[float, ...]
    accept: float = 0.5
    bare: float = 0.5
    unsaid: float = 0.6
    doubt: float = 1.0


class Reader(Protocol):
    """Reads a sheet. The same sheet gives the same answers, whatever was read before it."""

    @property
    def version(self) -> str:
        """Names the weights, so that outputs can say what read them."""

    @property
    def blend(self) -> Blend:
        """How this reader is joined with the rules."""

    def read(self, sheet: Sheet) -> Sequence[Answer]:
        """All that may be claimed of the candidates, in their order; answers of little probability may be left out."""
