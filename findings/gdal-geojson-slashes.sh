#!/bin/sh
# GDAL's reader turns GeoJSON text into dates, and one empty text turns the dates back into text.
# Versions: pyogrio==0.13.0, geopandas==1.2.0, shapely==2.2.0
# Input: GeoJSON points with one property, a JSON string.
# Guess: a JSON string stays text: JSON has no dates.
# Seen: 2017/11/17 comes back as a date of 17 November, and so does 2017-11-17; put an empty text into another row (a
#   period that is still open) and the whole column is text.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check pyogrio==0.13.0 geopandas==1.2.0 shapely==2.2.0
cd "$work"
venv/bin/python - <<'END'
import json

import pyogrio


def kind(*values):
    rows = [
        {"type": "Feature", "properties": {"v": value}, "geometry": {"type": "Point", "coordinates": [n, 0]}}
        for n, value in enumerate(values)
    ]
    with open("a.geojson", "w") as stream:
        json.dump({"type": "FeatureCollection", "features": rows}, stream)
    return pyogrio.read_dataframe("a.geojson")["v"]


slashes, dashes, mixed = kind("2017/11/17"), kind("2017-11-17"), kind("2017-11-17", "")
print(slashes.dtype, dashes.dtype, mixed.dtype, list(mixed))
assert slashes.dtype.kind == dashes.dtype.kind == "M"
assert str(slashes[0].date()) == "2017-11-17"
assert list(mixed) == ["2017-11-17", ""]
END
