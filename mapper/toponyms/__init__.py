"""Toponym recognition and resolution: which words of an article are places, and which places.

`find_toponyms` tells the whole story in numbered steps; `resolve_spans` is its second half for spans given by hand;
`unresolved` counts the names that were not found, `suggestions` says what such a name may be. Everything is a pure function of the article and the gazetteer.
"""

from __future__ import annotations

from mapper.toponyms.beyond import suggestions
from mapper.toponyms.listing import alias_line, alias_lines, unresolved
from mapper.toponyms.reader import find_toponyms, region_in_words, resolve_spans
from mapper.toponyms.weights import version

__all__ = [
    "alias_line",
    "alias_lines",
    "find_toponyms",
    "region_in_words",
    "resolve_spans",
    "suggestions",
    "unresolved",
    "version",
]
