#!/bin/sh
# resvg_py draws nothing for lengths in millimetres or points unless it is told a resolution.
# Versions: resvg_py==0.5.0, pillow==13.0.0
# Input: an SVG of 40 x 40 pixels with a black square of 5 mm.
# Guess: a square of about 19 x 19 pixels: CSS and SVG put 96 pixels on an inch.
# Seen: an empty picture and no error; with dpi=96 the square is there. A root element sized in millimetres is refused
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
SQUARE = HEAD.format("40") + '<rect x="5" y="5" width="5mm" height="5mm"/></svg>'


def inked(**options):
    picture = Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=SQUARE, **options)))).convert("RGBA")
    return sum(picture.getchannel("A").histogram()[129:])


print("pixels drawn:", inked(), "and with dpi=96:", inked(dpi=96))
assert inked() == 0
assert 330 <= inked(dpi=96) <= 450
try:
    resvg_py.svg_to_bytes(svg_string=HEAD.format("20mm") + "</svg>")
except ValueError as error:
    print("a root of 20mm:", error)
else:
    raise AssertionError("a root of 20mm was drawn")
END
