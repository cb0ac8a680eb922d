#!/bin/sh
# In the edtf package winter is one month long, the other seasons are three.
# Versions: edtf==5.0.2
# Input: the EDTF seasons 2016-21 to 2016-24.
# Guess: winter 2016 is three months and reaches into February 2017.
# Seen: 1 to 31 December 2016. Spring, summer and autumn have three months each.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check edtf==5.0.2
cd "$work"
venv/bin/python - <<'END'
import time

from edtf import parse_edtf


def days(text):
    found = parse_edtf(text)
    return tuple(time.strftime("%Y-%m-%d", day) for day in (found.lower_strict(), found.upper_strict()))


for code in ("21", "22", "23", "24"):
    print("2016-" + code, *days("2016-" + code))
assert days("2016-21") == ("2016-03-01", "2016-05-31")
assert days("2016-22") == ("2016-06-01", "2016-08-31")
assert days("2016-23") == ("2016-09-01", "2016-11-30")
assert days("2016-24") == ("2016-12-01", "2016-12-31")
END
