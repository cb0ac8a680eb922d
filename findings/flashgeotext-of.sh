#!/bin/sh
# flashgeotext finds a town in "Of the towns on the river, none fell".
# Versions: flashgeotext==0.5.5
# Input: an English sentence without a place name.
# Guess: no place is found.
# Seen: the town Of, in Turkey: the first word of the sentence.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check flashgeotext==0.5.5
cd "$work"
venv/bin/python - <<'END'
from flashgeotext.geotext import GeoText

finder = GeoText()
cities = lambda text: sorted(finder.extract(text)["cities"])
first = cities("Of the towns on the river, none fell.")
print(first)
assert first == ["Of"]
END
