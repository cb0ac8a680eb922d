"""The learned voice beside the rules: what it is asked, what it answers, and how its answers become drafts."""

from mapper.claims.reader.candidates import sheet_of
from mapper.claims.reader.voice import (
    CANDIDATES,
    CHANGE,
    CONTEST,
    KIND_OF,
    KINDS,
    MODALITIES,
    PUBLISHED,
    UNDATED,
    Answer,
    Blend,
    Candidate,
    Heard,
    Reader,
    Sheet,
    listen,
)

__all__ = [
    "CANDIDATES",
    "CHANGE",
    "CONTEST",
    "KINDS",
    "KIND_OF",
    "MODALITIES",
    "PUBLISHED",
    "UNDATED",
    "Answer",
    "Blend",
    "Candidate",
    "Heard",
    "Reader",
    "Sheet",
    "listen",
    "sheet_of",
]
