"""Temporal expressions in English news text → half-open intervals with a precision, in EDTF.

``find_times`` finds and resolves them, ``find_offsets`` dates what came so long before or after, ``parse_edtf`` and ``edtf`` read and write tables, ``read_stamp``
reads a field of metadata, ``infer_published`` guesses the day an undated article was written.
"""

from __future__ import annotations

from mapper.dates.edtf import edtf, parse_edtf
from mapper.dates.grammar import TimeExpression, find_times
from mapper.dates.offsets import find_counts, find_offsets
from mapper.dates.published import infer_published
from mapper.dates.stamps import StampError, read_stamp
from mapper.dates.vague import find_vague
from mapper.dates.words import FILLING

__all__ = [
    "FILLING",
    "StampError",
    "TimeExpression",
    "edtf",
    "find_counts",
    "find_offsets",
    "find_times",
    "find_vague",
    "infer_published",
    "parse_edtf",
    "read_stamp",
]
