#!/bin/sh
# The geojson package rounds coordinates while it reads.
# Versions: geojson==3.3.0
# Input: a GeoJSON point with nine decimals, through loads and dumps.
# Guess: the text that was read, digit for digit.
# Seen: six decimals: what is finer than 11 cm is gone after reading and writing, without a word. Survey data and points
#   in a local system are changed by a program that only passes them on.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check geojson==3.3.0
cd "$work"
venv/bin/python - <<'END'
import geojson

text = '{"type": "Point", "coordinates": [41.912345678, 34.1]}'
back = geojson.dumps(geojson.loads(text))
print(back)
assert back == '{"type": "Point", "coordinates": [41.912346, 34.1]}'
END
