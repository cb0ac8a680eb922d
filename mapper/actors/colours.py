"""Colours of actors that colour-blind eyes can tell apart, at least 3:1 against a light map."""

from __future__ import annotations

from collections.abc import Sequence

from mapper.model import Actor, ActorId

# Candidates, all of contrast 3:1 or more on a light ground.
_CANDIDATES = (
    "#1f5fa8", "#c62828", "#2e7d32", "#a67c00", "#6b3d8b", "#00838f", "#b5541c", "#3b3b3b", "#c2185b", "#5b7a1f",
    "#4a5fc1", "#7a4a2b", "#00695c", "#8a6fb0", "#5d6d7e", "#8d3b3b", "#2b6cb0", "#6c5b00", "#9c27b0", "#1b4d3e",
)  # fmt: skip
_ALIKE = 5.0  # CIE76 distance under which two areas of a map look the same
_PROTAN = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
_DEUTAN = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
_TRITAN = ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900))
_NORMAL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
VISIONS = {"normal": _NORMAL, "protanopia": _PROTAN, "deuteranopia": _DEUTAN, "tritanopia": _TRITAN}

Triple = tuple[float, float, float]


def _linear(colour: str) -> Triple:
    """Linear RGB of ``#rrggbb``."""
    values = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return red, green, blue


def luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colour: str, ground: str) -> float:
    """WCAG contrast ratio."""
    light, dark = sorted((luminance(colour), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _lab(colour: str, vision: str) -> Triple:
    """CIE L*a*b* as seen with a colour vision (Machado et al. 2009 matrices, severity 1)."""
    linear = _linear(colour)
    red, green, blue = (
        max(0.0, min(1.0, sum(m * v for m, v in zip(row, linear, strict=True)))) for row in VISIONS[vision]
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(one: str, other: str) -> float:
    """The least CIE76 distance of two colours over normal and three kinds of colour-blind vision."""
    best = float("inf")
    for vision in VISIONS:
        a, b = _lab(one, vision), _lab(other, vision)
        best = min(best, sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) ** 0.5)
    return best


def palette(actors: Sequence[Actor]) -> dict[ActorId, str]:
    """A colour for each actor of a map: its own if it has one, else the candidate farthest from those in use.

    An own colour that would be taken for that of an actor before it (but is not the very same, which is a choice) gives
    way to a candidate: the lexicon keeps colours apart within a war, not between wars.
    """
    chosen: dict[ActorId, str] = {}
    for actor in actors:
        if actor.colour and all(
            other == actor.colour or distance(actor.colour, other) >= _ALIKE for other in chosen.values()
        ):
            chosen[actor.id] = actor.colour
    for actor in actors:
        if actor.id in chosen:
            continue
        used = list(chosen.values())
        free = [colour for colour in _CANDIDATES if colour not in used] or list(_CANDIDATES)

        def apart(colour: str, used: Sequence[str] = used) -> float:
            return min((distance(colour, other) for other in used), default=0.0)

        chosen[actor.id] = max(free, key=apart)
    return {actor.id: chosen[actor.id] for actor in actors}
