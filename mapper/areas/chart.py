"""Area over time as an SVG: a line of likely km² for each actor, with the interval from certain to possible as a band."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mapper.areas.measures import area_series
from mapper.colours import UNKNOWN, assign
from mapper.model import Actor, ActorId, Territory

WIDTH, HEIGHT = 860, 420
LEFT, RIGHT, TOP, BOTTOM = 76, 170, 34, 40
FONT = "Source Sans Pro"  # the open font that comes with the extra `charts`; a browser without it takes its own
MOST = 8  # actors drawn, those with the largest area at any time


def chart_svg(
    territory: Territory,
    actors: Mapping[ActorId, Actor],
    *,
    title: str = "Area by actor",
    colours: Mapping[ActorId, str] | None = None,
) -> str:
    """The chart as a standalone SVG document; numbers are those of ``area_series``, statuses of an actor summed.

    ``colours`` are those of ``mapper.colours``, so that a chart and a map of one result agree; None chooses them here.
    """
    series = area_series(territory)
    totals: dict[ActorId, NDArray[np.float64]] = {}
    for number, (_, actor) in enumerate(series.keys):
        totals[actor] = totals.get(actor, np.zeros((len(series.days), 3))) + series.km2[:, number]
    drawn = sorted(totals, key=lambda a: (-float(totals[a][:, 1].max()), a))[:MOST]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{FONT}, system-ui, sans-serif"'
    out = [
        f'{head} font-size="12" role="img" aria-label="{escape(title)}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="20" font-size="15" font-weight="600">{escape(title)}</text>',
    ]
    if not drawn:
        return "\n".join([*out, f'<text x="{LEFT}" y="60">No areas to show.</text>', "</svg>", ""])
    first, last = series.days[0].toordinal(), max(series.days[-1].toordinal(), series.days[0].toordinal() + 1)
    top = _round_up(max(float(totals[a][:, 2].max()) for a in drawn))

    def x(day: int) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - first) / (last - first), 1)

    def y(km2: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * km2 / top, 1)

    for tick in range(5):
        value = top * tick / 4
        out.append(f'<path d="M{LEFT} {y(value)}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 6}" y="{y(value) + 4}" text-anchor="end" fill="#444">{value:,.0f}</text>')
    out.append(f'<text x="{LEFT - 6}" y="{TOP - 8}" text-anchor="end" fill="#444">km²</text>')
    for year in range(series.days[0].year, series.days[-1].year + 2):
        at = date(year, 1, 1).toordinal()
        if first <= at <= last:
            out.append(f'<path d="M{x(at)} {TOP}V{HEIGHT - BOTTOM + 4}" stroke="#eee"/>')
            out.append(f'<text x="{x(at)}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#444">{year}</text>')
    marks = [day.toordinal() for day in series.days]
    labels: list[tuple[float, str, str]] = []
    if colours is None:
        colours = assign({actor: actors[actor].colour if actor in actors else "" for actor in drawn})
    for actor in drawn:
        known = actors.get(actor)
        colour = colours.get(actor, UNKNOWN)
        values = totals[actor]
        upper = _steps([x(m) for m in marks], [y(v) for v in values[:, 2].tolist()], x(last))
        lower = _steps([x(m) for m in marks], [y(v) for v in values[:, 0].tolist()], x(last))
        middle = _steps([x(m) for m in marks], [y(v) for v in values[:, 1].tolist()], x(last))
        band = "L".join(upper + lower[::-1])
        out.append(f'<path d="M{band}Z" fill="{escape(colour)}" fill-opacity="0.14"/>')
        out.append(f'<path d="M{"L".join(middle)}" fill="none" stroke="{escape(colour)}" stroke-width="2"/>')
        labels.append((y(float(values[-1, 1])), known.name if known is not None else str(actor), colour))
    for height, name, colour in _apart(labels):
        out.append(f'<text x="{WIDTH - RIGHT + 8}" y="{height + 4}" fill="{escape(colour)}">{escape(name)}</text>')
    return "\n".join([*out, "</svg>", ""])


def _steps(xs: list[float], ys: list[float], end: float) -> list[str]:
    """A value holds until the next change, so the line goes in steps."""
    points = [f"{xs[0]} {ys[0]}"]
    for (_, before), (at, after) in pairwise(zip(xs, ys, strict=True)):
        points += [f"{at} {before}", f"{at} {after}"]
    return [*points, f"{end} {ys[-1]}"]


def _round_up(value: float) -> float:
    """The next value whose quarters are round."""
    power = 10.0 ** np.floor(np.log10(max(value, 1.0)))
    return float(next(step * power for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10) if step * power >= value))


def _apart(labels: list[tuple[float, str, str]]) -> list[tuple[float, str, str]]:
    """Labels moved down where they would lie on each other, and up again where that would push them off the chart."""
    out: list[tuple[float, str, str]] = []
    for at, name, colour in sorted(labels):
        floor = out[-1][0] + 15 if out else -1.0
        out.append((max(at, floor), name, colour))
    ceiling = HEIGHT - 10.0
    for number in reversed(range(len(out))):
        at, name, colour = out[number]
        out[number] = (min(at, ceiling), name, colour)
        ceiling = out[number][0] - 15
    return out
