"""Styles for QGIS: each actor its colour, each status its pattern, and the temporal controller set.

The text of a style is QML, QGIS' own XML. Names of actors come from users and articles, so they are escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from mapper.colours import UNKNOWN
from mapper.export.markup import NOT_XML, attribute, text

# Share of opacity by how sure the colour is: the same order as on the page
OPACITY = {"solid": 0.75, "presumed": 0.35}
HATCHED = ("partial", "presence", "claimed")
CONTESTED = ("contested", "besieged")
# Every layer has these two date columns. For areas and points they are the days of the period, for claims and changes those on
# which the event may have been; `start` and `end` are characters of the article in a claim, and a change has neither.
FIRST_DAY, LAST_DAY = "begin_date", "end_date"
# Numbers of QgsVectorLayerTemporalProperties. Expressions, because QGIS before 3.24 lets GDAL compare a day with a time as
# texts ('2017-11-17' < '2017-11-17T00:00:00'), which shows everything a day early.
BY_EXPRESSIONS, WITHOUT_END = 4, 0


def style(layer: str, actors: Mapping[str, tuple[str, str]], days: tuple[date, date] | None = None) -> str:
    """QML of a layer: ``actors`` is id → (name, ``#rrggbb``); ``days``, the first and the last of the file, bound its time.

    What has no first or no last day is shown on every day before or after; the slider's full range ends with ``days``.
    """
    first, last = days or (None, None)
    start = _time(f'to_datetime("{FIRST_DAY}")', "@map_start_time", first)
    end = _time(f'to_datetime("{LAST_DAY}") + {_A_DAY}', "@map_end_time", None if last is None else last + timedelta(1))
    if layer in ("territory", "regions"):
        rules, symbols = _area_rules(actors)
        geometry = 2
    else:
        column = {"claims": "actor", "changes": "after_actor"}.get(layer, "actor")
        rules, symbols = _point_rules(column, actors)
        geometry = 0
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        '<qgis version="3.22.0" styleCategories="Symbology|Temporal|Labeling|MapTips" labelsEnabled="0">'
        f'<temporal enabled="1" mode="{BY_EXPRESSIONS}" limitMode="{WITHOUT_END}" startField="{FIRST_DAY}" '
        f'endField="{LAST_DAY}" startExpression={attribute(start)} endExpression={attribute(end)} '
        'fixedDuration="0" durationUnit="days" durationField="" accumulate="0">'
        "<fixedRange><start></start><end></end></fixedRange></temporal>"
        f'<renderer-v2 type="RuleRenderer" symbollevels="0" forceraster="0" enableorderby="0">'
        f'<rules key="root">{"".join(rules)}</rules><symbols>{"".join(symbols)}</symbols></renderer-v2>'
        f"<mapTip>{text(_TIPS[layer])}</mapTip><layerGeometryType>{geometry}</layerGeometryType></qgis>"
    )


_A_DAY = "make_interval(days:=1)"


def _time(known: str, drawn: str, bound: date | None) -> str:
    """The known time, else that of the picture drawn (QGIS' own variable), else the bound where nothing is drawn."""
    last = [] if bound is None else [f"make_datetime({bound.year},{bound.month},{bound.day},0,0,0)"]
    return f"coalesce({', '.join([known, drawn, *last])})"


# Only columns of the layer: an expression that names another is an error to QGIS, and shows nothing
def _said(column: str) -> str:
    """What a column says, in a map tip: QGIS shows tips as HTML and its expressions know no function that escapes it."""
    words = f'"{column}"'
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        words = f"replace({words}, '{char}', '{entity}')"
    return f"[% {words} %]"


_PERIOD_TIP = f"{_said('name')}: {_said('status')}, {_said('actor_name')}<br>{_said('edtf')}"
_TIPS = {
    "territory": _PERIOD_TIP,
    "places": _PERIOD_TIP,
    "regions": _PERIOD_TIP,
    "claims": f"{_said('name')}: {_said('predicate')}<br>{_said('edtf')}",
    "changes": f"{_said('name')}: {_said('after')}, {_said('after_actor')}<br>{_said('edtf')}",
}


def _text(value: str) -> str:
    """A literal of QGIS' expression language; what XML cannot hold is named by its number."""
    quoted = value.replace("\x00", "").replace("\\", "\\\\").replace("'", "''")
    literal = "'" + NOT_XML.sub(lambda char: f"' || char({ord(char[0])}) || '", quoted) + "'"
    return f"({literal})" if NOT_XML.search(quoted) else literal


def _rgba(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def _area_rules(actors: Mapping[str, tuple[str, str]]) -> tuple[list[str], list[str]]:
    rules: list[str] = []
    symbols: list[str] = []
    for actor, (name, colour) in sorted(actors.items()):
        held = f'"actor" = {_text(actor)}'
        kinds = (
            (
                f"{name}",
                f"{held} AND \"status\" = 'controlled' AND \"zone\" = 'solid'",
                _fill(colour, OPACITY["solid"]),
            ),
            (
                f"{name} (presumed)",
                f"{held} AND \"status\" = 'controlled' AND \"zone\" = 'presumed'",
                _fill(colour, OPACITY["presumed"]),
            ),
            (f"{name}: contested or besieged", f'{held} AND "status" IN {_list(CONTESTED)}', _hatch(colour, 135)),
            (f"{name}: in part, present or claimed", f'{held} AND "status" IN {_list(HATCHED)}', _hatch(colour, 45)),
        )
        for label, test, symbol in kinds:
            rules.append(_rule(len(symbols), label, test))
            symbols.append(_symbol(len(symbols), "fill", symbol))
    return rules, symbols


def _point_rules(column: str, actors: Mapping[str, tuple[str, str]]) -> tuple[list[str], list[str]]:
    rules: list[str] = []
    symbols: list[str] = []
    for actor, (name, colour) in sorted(actors.items()):
        rules.append(_rule(len(symbols), name, f'"{column}" = {_text(actor)}'))
        symbols.append(_symbol(len(symbols), "marker", _marker(colour)))
    rules.append(_rule(len(symbols), "not known", "ELSE"))
    symbols.append(_symbol(len(symbols), "marker", _marker(UNKNOWN)))
    return rules, symbols


def _list(values: Iterable[str]) -> str:
    return "(" + ", ".join(map(_text, values)) + ")"


def _rule(number: int, label: str, test: str) -> str:
    return f'<rule key="r{number}" symbol="{number}" label={attribute(label)} filter={attribute(test)}/>'


def _symbol(number: int, kind: str, layer: str) -> str:
    return f'<symbol name="{number}" type="{kind}" alpha="1" clip_to_extent="1" force_rhr="0">{layer}</symbol>'


def _options(values: Mapping[str, str]) -> str:
    inside = "".join(f'<Option name="{k}" type="QString" value={attribute(v)}/>' for k, v in values.items())
    old = "".join(f'<prop k="{k}" v={attribute(v)}/>' for k, v in values.items())
    return f'<Option type="Map">{inside}</Option>{old}'


def _fill(colour: str, opacity: float) -> str:
    values = {
        "color": _rgba(colour, opacity),
        "style": "solid",
        "outline_style": "no",
        "outline_color": _rgba(colour, 1),
        "outline_width": "0",
    }
    return f'<layer class="SimpleFill" enabled="1" locked="0" pass="0">{_options(values)}</layer>'


def _hatch(colour: str, angle: int) -> str:
    line = {"line_color": _rgba(colour, 0.9), "line_width": "0.5", "line_style": "solid"}
    values = {
        "angle": str(angle),
        "distance": "1.6",
        "distance_unit": "MM",
        "color": _rgba(colour, 0.9),
        "line_width": "0.5",
    }
    inner = _symbol_named("line", f'<layer class="SimpleLine" enabled="1" locked="0" pass="0">{_options(line)}</layer>')
    return (
        _fill(colour, 0.15)
        + f'<layer class="LinePatternFill" enabled="1" locked="0" pass="0">{_options(values)}{inner}</layer>'
    )


def _symbol_named(kind: str, layer: str) -> str:
    return f'<symbol name="@0@1" type="{kind}" alpha="1" clip_to_extent="1" force_rhr="0">{layer}</symbol>'


def _marker(colour: str) -> str:
    values = {
        "name": "circle",
        "color": _rgba(colour, 1),
        "outline_color": "255,255,255,255",
        "outline_width": "0.3",
        "size": "2.6",
    }
    return f'<layer class="SimpleMarker" enabled="1" locked="0" pass="0">{_options(values)}</layer>'
