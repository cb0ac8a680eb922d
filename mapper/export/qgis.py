"""Styles for QGIS: each actor its colour, each status its pattern, and the temporal controller set.

The text of a style is QML, QGIS' own XML. Names of actors come from users and articles, so they are escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

# Share of opacity by how sure the colour is: the same order as on the page
OPACITY = {"solid": 0.75, "presumed": 0.35}
HATCHED = ("partial", "presence", "claimed")
CONTESTED = ("contested", "besieged")


def style(layer: str, actors: Mapping[str, tuple[str, str]]) -> str:
    """QML of a layer: ``actors`` is id → (name, ``#rrggbb``)."""
    if layer == "territory":
        rules, symbols = _area_rules(actors)
        geometry = 2
    else:
        column = {"claims": "actor", "changes": "after_actor"}.get(layer, "actor")
        rules, symbols = _point_rules(column, actors)
        geometry = 0
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        '<qgis version="3.22.0" styleCategories="Symbology|Temporal|Labeling|MapTips" labelsEnabled="0">'
        '<temporal enabled="1" mode="2" limitMode="0" startField="start" endField="end" '
        'fixedDuration="0" durationUnit="days" durationField="" accumulate="0" startExpression="" endExpression="">'
        "<fixedRange><start></start><end></end></fixedRange></temporal>"
        f'<renderer-v2 type="RuleRenderer" symbollevels="0" forceraster="0" enableorderby="0">'
        f'<rules key="root">{"".join(rules)}</rules><symbols>{"".join(symbols)}</symbols></renderer-v2>'
        f"<mapTip>{escape(_TIP)}</mapTip><layerGeometryType>{geometry}</layerGeometryType></qgis>"
    )


_TIP = '[% "name" %]: [% coalesce("status", "after", "predicate", \'\') %]<br>[% coalesce("edtf", \'\') %]'


def _text(value: str) -> str:
    """A literal of QGIS' expression language."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


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
    symbols.append(_symbol(len(symbols), "marker", _marker("#808080")))
    return rules, symbols


def _list(values: Iterable[str]) -> str:
    return "(" + ", ".join(map(_text, values)) + ")"


def _rule(number: int, label: str, test: str) -> str:
    return f'<rule key="r{number}" symbol="{number}" label={quoteattr(label)} filter={quoteattr(test)}/>'


def _symbol(number: int, kind: str, layer: str) -> str:
    return f'<symbol name="{number}" type="{kind}" alpha="1" clip_to_extent="1" force_rhr="0">{layer}</symbol>'


def _options(values: Mapping[str, str]) -> str:
    inside = "".join(f'<Option name="{k}" type="QString" value={quoteattr(v)}/>' for k, v in values.items())
    old = "".join(f'<prop k="{k}" v={quoteattr(v)}/>' for k, v in values.items())
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
