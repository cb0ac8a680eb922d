"""The time layer for a folium map that somebody already has: dissolving areas and a date slider, nothing else.

The map's page is not ours, so all we add stands under one global (``MapperTimeline``), one class prefix and the ids
that begin with ``name``. Nothing is fetched; text enters as JSON and reaches the page through ``textContent``.
"""

from __future__ import annotations

import re
from typing import Any

import folium
from branca.element import Element, Figure, MacroElement

from mapper.model import Result
from mapper.webmap.page import LANGUAGES, PageError, inline_script, inline_style
from mapper.webmap.payload import build_payload

_SCRIPTS = (
    *(
        "strings.js",
        "format.js",
        "decode.js",
        "palette.js",
        "geometry.js",
        "store.js",
        "dom.js",
        "basemap.js",
        "inks.js",
        "raster.js",
        "layer.js",
    ),
    "control.js",
)
# The scripts hang what they offer on globalThis.Mapper: here that is an object of theirs, so that nothing of a page
# (not even another of our maps in it) is overwritten.
_BEFORE = """var MapperTimeline = (function (globalThis) {
"""
_AFTER = """
return globalThis.Mapper.control;
})({ get devicePixelRatio() { return window.devicePixelRatio; } });"""


class _Verbatim(Element):
    """Markup that goes into the page as it is; branca would run article text as a template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self, **_: Any) -> str:
        return self._text


class ControlTimeline(MacroElement):
    """A result as a layer with a date slider: ``ControlTimeline(result).add_to(folium.Map(...))``.

    It steps and plays by change; a click opens what held there on that day, with quotes and sources. ``name`` begins
    the ids of its elements; give another one to a second layer of the same page. Raises PageError for a name that is no
    plain word or a ``language`` without strings, and when rendered outside a folium.Map.
    """

    def __init__(self, result: Result, *, name: str = "control-timeline", language: str = "en") -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca leaves this one without types
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name):
            message = f"name {name!r} is not a plain word: letters, digits, - and _, a letter first"
            raise PageError(message)
        if language not in LANGUAGES:
            message = f"no strings for language {language!r}; there are {', '.join(LANGUAGES)}"
            raise PageError(message)
        self._language = language
        self._name = "ControlTimeline"
        self._id = name.replace("-", "_")
        self._prefix = name
        self._payload = build_payload(result, basemap={})

    def render(self, **_: Any) -> str:
        """Style, scripts (once a page) and data into the figure; the call that joins them to the map after the map's."""
        figure = self.get_root()
        owner = self._parent
        if not isinstance(figure, Figure) or not isinstance(owner, folium.Map):
            message = "add a ControlTimeline to a folium.Map itself: ControlTimeline(result).add_to(the_map)"
            raise PageError(message)
        style = f"<style>{inline_style('control.css')}</style>"
        script = _BEFORE + "\n".join(inline_script(name) for name in _SCRIPTS) + _AFTER
        figure.header.add_child(_Verbatim(style), name="mapper-timeline-style")
        figure.header.add_child(_Verbatim(f"<script>{script}</script>"), name="mapper-timeline-script")
        blocks = [f'<script type="application/json" id="{self._prefix}-core">{self._payload.core}</script>']
        blocks += [
            f'<script type="text/plain" id="{self._prefix}-{block}">{text}</script>'
            for block, text in (
                ("data", self._payload.data),
                ("base", self._payload.base),
                ("evidence", self._payload.evidence),
            )
        ]
        figure.html.add_child(_Verbatim("\n".join(blocks)), name=f"{self._prefix}-payload")
        # both names are plain words, so the call needs no quoting
        call = f'MapperTimeline.attach({owner.get_name()}, "{self._prefix}", "{self._language}");'
        figure.script.add_child(_Verbatim(call), name=f"{self._prefix}-call")
        return ""  # all of it stands in the figure
