"""The time map: one self-contained HTML page that opens anywhere, offline, and answers "says who?" in one click."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mapper.model import Result
from mapper.webmap.layer import ControlTimeline
from mapper.webmap.page import LANGUAGES, PageError, document
from mapper.webmap.payload import VERSION, Payload, build_payload

__all__ = ["LANGUAGES", "VERSION", "ControlTimeline", "PageError", "Payload", "build_payload", "document", "render"]


def render(
    result: Result,
    *,
    basemap: Mapping[str, Any] | None = None,
    title: str = "",
    language: str = "en",
    tiles_url: str = "",
    tiles_attribution: str = "",
) -> str:
    """The whole page as a string: the same result gives the same bytes, and no request ever leaves it.

    ``basemap`` is what ``areas.basemap`` returns (land, borders, provinces, rivers, lakes, towns in WGS 84); without it
    the page draws the theatre alone. ``title`` overrides the result's. ``language`` is what the page opens in: one of
    LANGUAGES. ``tiles_url`` (Leaflet's ``https://host/{z}/{x}/{y}.png``) lays tiles under the map; only then may the
    page fetch anything, and only images of that host.

    Raises PageError when the language is unknown or the tiles address is not a web address.
    """
    payload = build_payload(result, basemap=basemap or {}, title=title)
    return document(payload, language=language, tiles_url=tiles_url, tiles_attribution=tiles_attribution)
