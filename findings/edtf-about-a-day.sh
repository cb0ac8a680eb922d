#!/bin/sh
# To the edtf package "about 10 June 2014" may be any day of more than two years.
# Versions: edtf==5.0.2
# Input: the EDTF dates 2014-06-10~ and 2014-06~.
# Guess: the fuzzy bounds lie some days, at most a month, before and after the day.
# Seen: from 9 May 2013 to 11 July 2015: the paddings of the year, the month and the day add up. The whole month, about
#   June, spans 1 May 2013 to 30 July 2015, hardly more.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check edtf==5.0.2
cd "$work"
venv/bin/python - <<'END'
import time

from edtf import parse_edtf


def bounds(text):
    found = parse_edtf(text)
    return tuple(time.strftime("%Y-%m-%d", day) for day in (found.lower_fuzzy(), found.upper_fuzzy()))


print("2014-06-10~", *bounds("2014-06-10~"))
print("2014-06~", *bounds("2014-06~"))
assert bounds("2014-06-10~") == ("2013-05-09", "2015-07-11")
assert bounds("2014-06~") == ("2013-05-01", "2015-07-30")
END
