"""The fold: dated claims → who held what, and when. docs/policy.md says in words what fold.py does."""

from __future__ import annotations

from mapper.timeline.build import REASONS, build_timeline
from mapper.timeline.checkpoints import Change, Checkpoint, check, diff, read_checkpoints
from mapper.timeline.fold import Policy

__all__ = [
    "REASONS",
    "Change",
    "Checkpoint",
    "Policy",
    "build_timeline",
    "check",
    "diff",
    "read_checkpoints",
]
