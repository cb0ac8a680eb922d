"""The only home of folium: a folium.Map whose page needs nothing from anywhere.

folium 0.20 renders article text as Jinja templates, gives elements random ids, loads ten files from content networks
and starts scripts before the map exists. So the map is folium's, while the document around it is ours: ids are fixed,
Leaflet comes inlined from the installed XStatic-Leaflet, data enters by concatenation and never through a template, and
a Content-Security-Policy lists the hash of every script and style.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from pathlib import Path
from urllib.parse import urlsplit

import folium
from branca.element import Figure
from jinja2 import Template
from xstatic.pkg import leaflet

from mapper.webmap.payload import Payload

LANGUAGES = ("en", "ar", "fr")

_STATIC = Path(__file__).with_name("static")
SCRIPTS = (  # in the order they run; each is a plain file that adds to the one global, Mapper
    "strings.js",
    "format.js",
    "decode.js",
    "palette.js",
    "geometry.js",
    "store.js",
    "series.js",
    "dom.js",
    "basemap.js",
    "inks.js",
    "raster.js",
    "layer.js",
    "timeline.js",
    "panel.js",
    "controls/legend.js",
    "controls/claims.js",
    "controls/compare.js",
    "controls/search.js",
    "controls/picture.js",
    "controls/print.js",
    "controls/export.js",
    "controls/transport.js",
    "main.js",
)


class PageError(ValueError):
    """What was asked of the page cannot be done; the message says how to ask."""


class TimeMap(folium.Map):
    """folium's map without its network: no tiles, no jQuery, no Bootstrap, an id that never changes."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 (folium's own shape)
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    _template = Template(
        """
        {% macro html(this, kwargs) %}<div class="folium-map" id={{ this.get_name()|tojson }}></div>{% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {{ this.options|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__(tiles=None, zoom_control=False)
        self._id = "timemap"
        self.options = {
            "attributionControl": False,  # the page has its own credits, in its own language
            "center": [0, 0],
            "keyboardPanDelta": 120,
            "maxZoom": 13,
            "minZoom": 3,
            "preferCanvas": True,
            "worldCopyJump": False,
            "zoom": 3,
            "zoomControl": False,
            "zoomDelta": 0.5,
            "zoomSnap": 0.1,
            "wheelPxPerZoomLevel": 90,
        }


def document(payload: Payload, *, language: str = "en", tiles_url: str = "", tiles_attribution: str = "") -> str:
    """The page around a payload. Raises PageError for an unknown language or a tiles address that is not a web one."""
    if language not in LANGUAGES:
        message = f"no strings for language {language!r}; there are {', '.join(LANGUAGES)}"
        raise PageError(message)
    host = _tiles_host(tiles_url)
    # A fresh Figure each time: folium keeps links added to one map for every later map of the process.
    figure = Figure(title=None)
    time_map = TimeMap()
    time_map.add_to(figure, name="timemap")
    for child in figure._children.values():  # noqa: SLF001 (branca fills header, html and script only this way)
        child.render()
    body = figure.html.render()
    styles = [_leaflet_css(), _squeezed_css(_static("mapper.css"))]
    scripts = [_leaflet_js(), figure.script.render().strip()]
    scripts += [_squeezed_js(_static(name)) for name in SCRIPTS]
    scripts.append(f"Mapper.start({time_map.get_name()});")
    tiles = ""
    if host:
        tiles = (
            f'<meta name="mapper-tiles" content="{html.escape(tiles_url)}" '
            f'data-attribution="{html.escape(tiles_attribution)}">\n'
        )
    policy = "; ".join(
        (
            "default-src 'none'",
            "script-src " + " ".join(_hash(script) for script in scripts),
            "style-src " + " ".join(_hash(style) for style in styles),
            "img-src data: blob:" + (f" {host}" if host else ""),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    title = html.escape(payload.title)
    head = (
        f'<!DOCTYPE html>\n<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">\n<head>\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f'<meta name="generator" content="mapper">\n{tiles}<title>{title}</title>\n'
    )
    parts = [head]
    parts += [f"<style>{style}</style>\n" for style in styles]
    parts += ["</head>\n<body>\n", _static("body.html").replace("<!--map-->", body.strip())]
    parts.append(f'<script type="application/json" id="payload-core">{payload.core}</script>\n')
    for name, text in (("data", payload.data), ("base", payload.base), ("evidence", payload.evidence)):
        parts += [f'<script type="text/plain" id="payload-{name}">', text, "</script>\n"]
    parts += [f"<script>{script}</script>\n" for script in scripts]
    parts.append("</body>\n</html>\n")
    return "".join(parts)


def _static(name: str) -> str:
    return _STATIC.joinpath(name).read_text(encoding="utf-8")


def inline_script(name: str) -> str:
    """One of the page's own scripts, squeezed."""
    return _squeezed_js(_static(name))


def inline_style(name: str) -> str:
    """One of the page's own style sheets, squeezed."""
    return _squeezed_css(_static(name))


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") + "'"


def _tiles_host(url: str) -> str:
    """The origin that images may come from: ``{s}`` stands for any one label, as in Leaflet."""
    if not url:
        return ""
    parts = urlsplit(url.replace("{s}", "*"))
    if parts.scheme not in ("https", "http") or not re.fullmatch(r"(\*\.)?[\w.-]+(:\d+)?", parts.netloc):
        message = f"tiles address {url!r} is not a web address such as https://host/{{z}}/{{x}}/{{y}}.png"
        raise PageError(message)
    return f"{parts.scheme}://{parts.netloc}"


def _leaflet_js() -> str:
    """Leaflet as released, without the pointer to a source map that developer tools would fetch."""
    text = Path(leaflet.BASE_DIR, "leaflet.js").read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=.*", "", text).strip()


def _leaflet_css() -> str:
    """Leaflet's style without the rules that point at image files."""
    text = Path(leaflet.BASE_DIR, "leaflet.css").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return _squeezed_css(re.sub(r"[^{}]+\{[^{}]*url\([^{}]*\}", "", text))


def _squeezed_css(text: str) -> str:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", text).strip()


def _squeezed_js(text: str) -> str:
    """Without indentation and whole-line comments; the files hold no template literal that spans lines."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))
