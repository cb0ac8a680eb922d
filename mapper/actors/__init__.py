"""Mentions of armed actors and governments in text → actor ids.

``ActorIndex`` holds the names of a lexicon, ``find_actors`` reads a text with it.
"""

from __future__ import annotations

from mapper.actors.index import ActorIndex
from mapper.actors.mentions import ActorMention, ActorText, find_actors
from mapper.actors.rulers import ruler

__all__ = ["ActorIndex", "ActorMention", "ActorText", "find_actors", "ruler"]
