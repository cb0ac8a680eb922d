#!/bin/sh
# A FlatGeobuf gives its rows back in another order than they were written in.
# Versions: pyogrio==0.13.0, geopandas==1.2.0, shapely==2.2.0
# Input: eight points, numbered 0 to 7, in no spatial order, written by pyogrio.
# Guess: the rows in the order they were written, as in a GeoPackage.
# Seen: the order of a spatial curve, with no option given and no warning; a time series or a drawing order kept by row
#   number is lost. SPATIAL_INDEX=NO keeps it.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check pyogrio==0.13.0 geopandas==1.2.0 shapely==2.2.0
cd "$work"
venv/bin/python - <<'END'
import geopandas
import pyogrio

xy = [(0, 0), (9, 9), (1, 1), (8, 8), (2, 0), (7, 9), (0, 2), (9, 7)]
points = geopandas.points_from_xy(*zip(*xy))
table = geopandas.GeoDataFrame({"n": range(8)}, geometry=points, crs=4326)


def order(name, **options):
    pyogrio.write_dataframe(table, name, **options)
    return list(pyogrio.read_dataframe(name)["n"])


found = {"gpkg": order("a.gpkg"), "fgb": order("a.fgb"), "fgb without index": order("b.fgb", SPATIAL_INDEX="NO")}
print(found)
assert found["gpkg"] == found["fgb without index"] == list(range(8))
assert sorted(found["fgb"]) == list(range(8)) != found["fgb"]
END
