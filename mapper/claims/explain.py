"""The text behind ``mapper claims --explain``."""

from __future__ import annotations

from mapper.claims.extract import Extraction
from mapper.claims.resolve import Voices
from mapper.model import Claim, ShareClaim, When


def explain(extraction: Extraction) -> str:
    """Each sentence with the claims found in it, their rules and confidence, and what was refused and why."""
    blocks: dict[int, tuple[str, list[str]]] = {}
    for claim in extraction.claims:
        _text, lines = blocks.setdefault(claim.quote.start, (claim.quote.text, []))
        lines.append("  + " + _claim(claim) + _voices(extraction.voices.get(claim.id)))
    for share in extraction.share_claims:
        _text, lines = blocks.setdefault(share.quote.start, (share.quote.text, []))
        lines.append("  + " + _share(share))
    starts = sorted(blocks)
    loose: list[str] = []
    for refusal in extraction.rejected:
        line = f"  - not {refusal.rule}: {refusal.text!r} is {_article(refusal.reason)}"
        home = [s for s in starts if s <= refusal.start < s + len(blocks[s][0])]
        if home:
            blocks[home[-1]][1].append(line)
        else:
            loose.append(f"[{refusal.start}]{line}")
    parts = [f"[{start}] {' '.join(blocks[start][0].split())}\n" + "\n".join(blocks[start][1]) for start in starts]
    if loose:
        parts.append("Seen and refused in other sentences:\n" + "\n".join(loose))
    parts.extend(f"! {issue.code}: {issue.message}" for issue in extraction.issues)
    return "\n\n".join(parts) + "\n" if parts else "No claims and nothing refused.\n"


def _article(reason: str) -> str:
    return reason if reason.startswith(("a ", "an ", "no ", "not ")) else f"refused: {reason}"


def _when(when: When) -> str:
    return f"{when.edtf or '…'} ({when.basis})" if when.known else "undated"


def _voices(voices: Voices | None) -> str:
    """Which voice said it and how surely; nothing where only the rules were asked."""
    if voices is None or (voices.reader is None and not voices.rule):
        return ""
    if voices.reader is None:
        return f" (rule {voices.rule_confidence:.2f}, the reader was not asked of this place)"
    rule = f"rule {voices.rule_confidence:.2f}" if voices.rule else "no rule"
    return f" ({rule}, reader {voices.reader:.2f})"


def _claim(claim: Claim) -> str:
    words = [f"{claim.predicate.value} {claim.place_text!r}"]
    words.append(f"→ {claim.place_id}" if claim.place_id else "(place not known)")
    if claim.actor_text:
        words.append(f"by {claim.actor_text!r}" + (f" [{claim.actor_id}]" if claim.actor_id else ""))
    if claim.other_text:
        words.append(f"other {claim.other_text!r}" + (f" [{claim.other_id}]" if claim.other_id else ""))
    words.append(_when(claim.when))
    if claim.extent_wording:
        words.append(f"part: {claim.extent_wording!r}")
    words.append(claim.modality.value + (f" by {claim.said_by!r}" if claim.said_by else ""))
    words.append(f"rule {claim.rule}, confidence {claim.confidence:.2f}")
    if claim.implies:
        words.append("implies " + ", ".join(claim.implies))
    return " · ".join(words)


def _share(share: ShareClaim) -> str:
    amount = f"{share.fraction:.0%}" if share.fraction is not None else f"{share.km2:,.0f} km²"
    verb = "lost" if share.lost else "holds"
    since = f" of {share.baseline.edtf}" if share.baseline.known else ""
    return f"share: {share.actor_text!r} {verb} {amount} of {share.region_text or 'its territory'}{since} · {_when(share.when)} · rule {share.rule}, confidence {share.confidence:.2f}"
