"""Claims: who took, held, lost which place, when, and who says so.

``extract_claims`` reads one article with its toponyms and the actor lexicon; ``explain`` writes down, sentence by
sentence, what was found by which rule and what was refused and why. ``RULES`` is the table of rules.
"""

from __future__ import annotations

from mapper.claims.explain import explain
from mapper.claims.extract import Extraction, extract_claims
from mapper.claims.resolve import Rejected
from mapper.claims.rules import RULES, Rule

__all__ = ["RULES", "Extraction", "Rejected", "Rule", "explain", "extract_claims"]
