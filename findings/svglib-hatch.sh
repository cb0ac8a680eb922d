#!/bin/sh
# svglib draws nothing where an SVG is filled with a pattern.
# Versions: svglib==2.3.2, reportlab==5.1.0
# Input: an SVG with two squares, one filled with a pattern of red strokes, one with blue.
# Guess: a hatched square in the PDF, or at least one of a flat colour, or a warning.
# Seen: the square is there without any fill: hatched areas of a map are empty in the PDF, while flat ones are right.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check svglib==2.3.2 reportlab==5.1.0
cd "$work"
venv/bin/python - <<'END'
import io

from svglib.svglib import svg2rlg

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><defs><pattern id="hatch" width="4" height="4"'
    b' patternUnits="userSpaceOnUse"><path d="M0 4L4 0" stroke="red"/></pattern></defs>'
    b'<rect width="40" height="40" fill="url(#hatch)"/><rect x="50" width="40" height="40" fill="blue"/></svg>'
)
(group,) = svg2rlg(io.BytesIO(SVG)).contents
fills = [shape.fillColor for shape in group.contents]
print([type(shape).__name__ for shape in group.contents], fills)
assert fills[0] is None
assert fills[1] is not None
assert len(fills) == 2
END
