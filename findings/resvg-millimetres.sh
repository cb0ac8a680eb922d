#!/bin/sh
# resvg_py draws nothing for lengths in millimetres or points unless it is told a resolution.
# Versions: resvg_py==0.5.0, pillow==13.0.0
# Input: an SVG of 40 x 40 pixels with a black square of 5 mm, and one with a square of 15 points.
# Guess: squares of about 19 x 19 and of 20 x 20 pixels: CSS and SVG put 96 pixels on an inch.
# Seen: empty pictures and no error; with dpi=96 the squares are there. A root element sized in millimetres is refused
#   (ValueError, invalid size).
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check resvg_py==0.5.0 pillow==13.0.0
cd "$work"
venv/bin/python - <<'END'
import io
import resvg_py
from PIL import Image

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}">'
SQUARE = HEAD.format("40") + '<rect x="5" y="5" width="{0}" height="{0}"/></svg>'


def inked(side, **options):
    picture = bytes(resvg_py.svg_to_bytes(svg_string=SQUARE.format(side), **options))
    return sum(Image.open(io.BytesIO(picture)).convert("RGBA").getchannel("A").histogram()[129:])


for side in ("5mm", "15pt"):
    print(side, "pixels drawn:", inked(side), "and with dpi=96:", inked(side, dpi=96))
    assert inked(side) == 0
    assert 330 <= inked(side, dpi=96) <= 450
try:
    resvg_py.svg_to_bytes(svg_string=HEAD.format("20mm") + "</svg>")
except ValueError as error:
    print("a root of 20mm:", error)
else:
    raise AssertionError("a root of 20mm was drawn")
END
