"""Words for a time in the past that no calendar has: "early in the war", "long ago", "when the conflict broke out"."""

from __future__ import annotations

import re
from typing import Final

# No offensive or campaign: these may have begun on the day that the text has just told.
_WAR: Final = (
    r"(?:(?:the|this|that|its|their|a)\s+)?(?:[\w’'-]{1,30}\s+){0,3}?"
    r"(?:war|conflict|uprising|rebellion|insurgency|revolution|hostilities|civil war)\b(?!-)"
)
_VAGUE: Final = re.compile(
    rf"\b(?:(?:very\s+)?(?:early|earlier|late|later|midway|halfway)\s+(?:on\s+)?(?:in|into|during|through)\s+{_WAR}"
    rf"|(?:the\s+)?(?:very\s+)?(?:start|beginning|outset|outbreak|onset|height)\s+of\s+{_WAR}"
    rf"|(?:first|early|earliest|opening|initial)\s+(?:few\s+)?(?:hours|days|weeks|months|years|stages?|phases?)\s+of\s+{_WAR}"
    rf"|(?:during|throughout|over\s+the\s+course\s+of|in\s+the\s+course\s+of)\s+{_WAR}"
    rf"|(?:when|soon\s+after|shortly\s+after|after)\s+{_WAR}\s+(?:first\s+)?(?:began|started|broke\s+out|erupted)"
    r"|early\s+on(?=\s*[,.;:!?)\n\u2029]|\Z)"
    r"|(?:long|ages)\s+(?:ago|before)\b(?!\s+(?:the|that)\b)|in\s+the\s+(?:distant\s+)?past\b(?!\s+\w)"
    r"|previously|formerly|originally|at\s+(?:one|some)\s+point)",
    re.IGNORECASE,
)
_QUICK: Final = re.compile(
    r"\b(?:war|conflict|uprising|rebellion|insurgency|revolution|hostilities|early on|ago|long|past|previously|formerly|"
    r"originally|point)\b",
    re.IGNORECASE,
)


def find_vague(text: str) -> tuple[tuple[int, int], ...]:
    """Where such words stand, in text order; they date nothing, and what they stand beside is not of the day of the text."""
    return tuple(m.span() for m in _VAGUE.finditer(text)) if _QUICK.search(text) else ()
