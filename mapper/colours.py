"""Who is drawn in which colour: one answer for the page, the chart and every file.

An actor keeps its own colour, moved in lightness and hue until no earlier actor's looks like it to any kind of eye and an
area of it stands out from the ground; one without gets a free hue. Actors come heaviest first, so the great ones keep theirs.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from mapper.model import ActorId, Result

# What areas lie on, as in the page's themes (webmap/static/palette.js; a test holds them together).
GROUNDS = {"light": "#f5f0e6", "dark": "#2e2c29"}
UNKNOWN = "#808080"  # nobody known
# Hues told apart with normal sight, deuteranopia, protanopia and tritanopia (after Okabe and Ito, darkened so that every
# one keeps 3:1 against the light ground).
PALETTE = ("#3b3b3b", "#b5482b", "#1f77a8", "#8a6d00", "#0f7d5f", "#8c4f9f", "#4f7cc4", "#a3577a")
# What an eye without one kind of cone sees, in linear RGB (Viénot, Brettel and Mollon 1999; tritanopia after Brettel 1997,
# one plane).
SIGHTS: dict[str, tuple[tuple[float, float, float], ...]] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.11238, 0.88762, 0), (0.11238, 0.88762, 0), (0.00401, -0.00401, 1)),
    "deuteranopia": ((0.29275, 0.70725, 0), (0.29275, 0.70725, 0), (-0.02234, 0.02234, 1)),
    "tritanopia": ((1, 0.14461, -0.14461), (0, 0.85924, 0.14076), (0, 0.85924, 0.14076)),
}

_SOLID = 0.94  # how much of the colour lies on the ground where control is stated
_PLAIN = 3.0  # contrast with the ground that such an area keeps
_ALIKE, _ALIKE_DARK, _ALIKE_FREE = 6.0, 5.0, 12.0  # distances that are enough: own colours by theme, and free hues
_TURNS = (0, 25, -25, 50, -50, 80, -80, 120, -120, 180)  # degrees of hue
_SHADES = (0, 0.22, -0.22, 0.4, -0.4, -0.6, 0.6)  # towards white, towards black
_LMS = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_LAB = (
    (0.2104542553, 0.793617785, -0.0040720468),
    (1.9779984951, -2.428592205, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.808675766),
)

Channels = tuple[float, float, float]
Floats = NDArray[np.float64]


def colours(result: Result, theme: str = "light") -> dict[ActorId, str]:
    """``#rrggbb`` for every actor of ``own_colours``."""
    return assign(own_colours(result), theme)


def own_colours(result: Result) -> dict[ActorId, str]:
    """The colour that each actor the map or the claims speak of has of its own, empty if none.

    Those with most claims come first, then by id.
    """
    weight: Counter[ActorId] = Counter(map(attrgetter("actor_id"), result.claims))
    weight.update(map(attrgetter("other_id"), result.claims))
    weight.update(map(attrgetter("actor_id"), result.share_claims))
    drawn = [result.timeline.periods, *(() if result.territory is None else result.territory.cell_periods)]
    for side in map(attrgetter, ("actor_id", "other_id")):
        for actor in {actor for periods in drawn for actor in map(side, periods)}:
            weight.setdefault(actor, 0)
    order = sorted((actor for actor in weight if actor), key=lambda actor: (-weight[actor], actor))
    return {actor: known.colour if (known := result.actors.get(actor)) else "" for actor in order}


def assign(own: Mapping[ActorId, str], theme: str = "light") -> dict[ActorId, str]:
    """A colour for each actor from its own (empty: none), heaviest first; the dark theme starts from the light one's."""
    ground = GROUNDS[theme]
    light = theme == "light"
    wanted = {a: c.lower() if re.fullmatch(r"#[0-9a-fA-F]{6}", c) else "" for a, c in own.items()}
    if not light:
        wanted = dict(assign(own, "light"))
    chosen: dict[ActorId, str] = {}
    used: list[Floats] = []

    def give(actor: ActorId, near: Sequence[Callable[[], list[str]]], enough: float) -> None:
        pick, most = "", -1.0
        for candidates in near:
            for candidate in candidates():
                far = _far(np.asarray(used), _oklab(candidate)) if used else 100.0
                if far > most:
                    pick, most = candidate, far
                if far >= enough:
                    break
            if most >= enough:
                break
        used.append(_oklab(pick))
        chosen[actor] = pick

    turns, shades = (_TURNS[:6], _SHADES[:5]) if light else (_TURNS[:3], _SHADES)
    for actor, colour in wanted.items():
        if colour:
            give(
                actor,
                (
                    lambda c=colour: _variants((c,), ground, turns, shades),  # type: ignore[misc]
                    lambda c=colour: _variants((c,), ground, _TURNS, _SHADES),  # type: ignore[misc]
                    lambda: [found for hue in PALETTE for found in _variants((hue,), ground, _TURNS, _SHADES)],
                ),
                _ALIKE if light else _ALIKE_DARK,
            )
    for actor, colour in wanted.items():
        if not colour:
            give(actor, (lambda: _variants(PALETTE, ground, (0,), _SHADES[:4]),), _ALIKE_FREE)
    return {actor: chosen[actor] for actor in own}


def apart(one: str, other: str) -> float:
    """The least distance in OKLab, times 100, that any kind of eye sees: below about 5 two areas look alike."""
    return _far(_oklab(one), _oklab(other))


def contrast(colour: str, ground: str) -> float:
    """WCAG contrast ratio."""
    light, dark = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def painted(colour: str, ground: str) -> str:
    """What an area looks like where control is stated."""
    return _mix(ground, colour, _SOLID)


def _far(one: Floats, other: Floats) -> float:
    return 100 * float(np.sqrt(((one - other) ** 2).sum(axis=-1).min()))


@cache
def _oklab(colour: str) -> Floats:
    """(kinds of sight, 3): the colour as each eye sees it on a screen of 256 steps, in OKLab."""
    seen = np.clip(np.asarray([np.asarray(m) @ _linear(colour) for m in SIGHTS.values()]), 0, 1)
    encoded = np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)
    seen = _decoded(np.rint(255 * encoded) / 255)
    return np.asarray(np.cbrt(seen @ np.asarray(_LMS).T) @ np.asarray(_LAB).T, dtype=np.float64)


def _variants(hues: Sequence[str], ground: str, turns: Sequence[int], shades: Sequence[float]) -> list[str]:
    """Colours that stand out from the ground, then their neighbours in lightness and hue, nearest first."""
    made = []
    for turn in turns:
        for shade in shades:
            toward = "#000000" if shade < 0 else "#ffffff"
            made += [_plain(_mix(_turned(hue, turn), toward, abs(shade)), ground) for hue in hues]
    return made


@cache
def _plain(colour: str, ground: str) -> str:
    """The colour moved until an area of it keeps its contrast with the ground."""
    toward = "#000000" if _luminance(ground) > 0.18 else "#ffffff"
    for step in range(34):
        candidate = _mix(colour, toward, 0.03 * step)
        if contrast(painted(candidate, ground), ground) >= _PLAIN:
            return candidate
    return toward


def _turned(colour: str, degrees: int) -> str:
    """The hue turned at the same lightness and strength, roughly."""
    angle = math.radians(degrees)
    red, green, blue = _rgb(colour)
    grey = (red + green + blue) / 3
    u, v = (2 * red - green - blue) / 3, (green - blue) / math.sqrt(3)
    x, y = u * math.cos(angle) - v * math.sin(angle), u * math.sin(angle) + v * math.cos(angle)
    return _hex((grey + x, grey - x / 2 + math.sqrt(3) / 2 * y, grey - x / 2 - math.sqrt(3) / 2 * y))


def _rgb(colour: str) -> Channels:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(channels: Iterable[float]) -> str:
    return "#" + "".join(f"{max(0, min(255, math.floor(c + 0.5))):02x}" for c in channels)


def _mix(one: str, other: str, share: float) -> str:
    return _hex(a + (b - a) * share for a, b in zip(_rgb(one), _rgb(other), strict=True))


@cache
def _linear(colour: str) -> Floats:
    return _decoded(np.asarray(_rgb(colour), dtype=np.float64) / 255)


def _decoded(values: Floats) -> Floats:
    """Linear light of sRGB values."""
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


@cache
def _luminance(colour: str) -> float:
    return float(np.dot((0.2126, 0.7152, 0.0722), _linear(colour)))
