"""Claims in the domain's own notation: ``claim("2017-11-17 Rawa captured by iraq from is")``."""

from __future__ import annotations

import re
from datetime import date, timedelta

from mapper.model import (
    ActorId,
    ArticleId,
    Claim,
    ClaimId,
    Extent,
    Modality,
    PlaceId,
    Predicate,
    Quote,
    Source,
    When,
    stable_id,
)

_LINE = re.compile(
    r"(?P<when>\S+) (?P<part>part of )?(?P<place>\w+) (?P<verb>captured|lost|withdrew|transferred|holds|contested|"
    r"besieged|siege_lifted|presence|denied)(?: by (?P<actor>[\w-]+))?(?: (?:from|against|to) (?P<other>[\w-]+))?$"
)


def when(text: str) -> When:
    """``2017-11-17``, ``2017-07``, ``2017``, ``A/B`` (B included), ``/B``, ``A/..`` or ``?`` (undated)."""
    if text == "?":
        return When()
    if "/" in text:
        left, right = text.split("/")
        return When(
            earliest=when(left).earliest if left and left != ".." else None,
            latest=when(right).latest if right and right != ".." else None,
            edtf=text,
            basis="clause",
        )
    year, *rest = (int(part) for part in text.split("-"))
    if not rest:
        return When(earliest=date(year, 1, 1), latest=date(year + 1, 1, 1), edtf=text, basis="clause")
    if len(rest) == 1:
        month = rest[0]
        latest = date(year + month // 12, month % 12 + 1, 1)
        return When(earliest=date(year, month, 1), latest=latest, edtf=text, basis="clause")
    day = date(year, rest[0], rest[1])
    return When(earliest=day, latest=day + timedelta(days=1), edtf=text, basis="clause")


def claim(
    line: str,
    *,
    publisher: str = "",
    said_by: str = "",
    published: date | None = None,
    modality: Modality | None = None,
    implies: tuple[str, ...] = (),
    confidence: float = 0.9,
    review: str = "",
    article: str = "",
) -> Claim:
    """``WHEN [part of] PLACE VERB [by ACTOR] [from OTHER]``; for lost and withdrew, ACTOR is the one who goes."""
    match = _LINE.match(line)
    if match is None:
        message = f"not in the notation: {line!r}"
        raise ValueError(message)
    verb = Predicate(match["verb"])
    actor, other = match["actor"] or "", match["other"] or ""
    if verb in (Predicate.LOST, Predicate.WITHDREW):
        actor, other = other, actor
    article_id = ArticleId(article or f"article-{publisher or 'x'}")
    return Claim(
        id=ClaimId(stable_id(line, publisher, said_by, published, modality, implies, confidence, article)),
        place_id=PlaceId(match["place"].casefold()),
        place_text=match["place"],
        predicate=verb,
        actor_id=ActorId(actor),
        actor_text=actor,
        other_id=ActorId(other),
        other_text=other,
        when=when(match["when"]),
        modality=modality or (Modality.ATTRIBUTED if said_by else Modality.ASSERTED),
        extent=Extent.PART if match["part"] else Extent.WHOLE,
        said_by=said_by,
        quote=Quote(article_id=article_id, start=0, end=len(line), text=line),
        source=Source(article_id=article_id, publisher=publisher, published=published),
        confidence=confidence,
        implies=implies,
        review=review,
    )


def shown(timeline) -> list[str]:
    """The periods as lines: ``rawa controlled iraq 2017-11-17..`` (with ``~`` before an uncertain start)."""
    lines = []
    for p in timeline.periods:
        who = p.actor_id + (f"/{p.other_id}" if p.other_id else "")
        start = f"~{p.start}" if p.start != p.start_latest else str(p.start)
        basis = "" if p.basis == "stated" else f" ({p.basis})"
        lines.append(" ".join(f"{p.place_id} {p.status} {who} {start}..{p.end or ''}{basis}".split()))
    return lines
