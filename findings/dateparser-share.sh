#!/bin/sh
# dateparser finds years in percentages and in the numbers of army units.
# Versions: dateparser==1.5.0
# Input: three English sentences without a date, through search_dates.
# Guess: no date in any of the three sentences.
# Seen: 1995 in "95% of the", 2040 in "40% of the", 1982 in "The 82nd".
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check dateparser==1.5.0
cd "$work"
venv/bin/python - <<'END'
from datetime import datetime

from dateparser.search import search_dates

BASE = {"RELATIVE_BASE": datetime(2017, 11, 18)}
SENTENCES = {
    "The group has lost 95% of the territory it held.": ("95% of the", 1995),
    "It lost 40% of the city.": ("40% of the", 2040),
    "The 82nd Airborne took it.": ("The 82nd", 1982),
}
for sentence, (words, year) in SENTENCES.items():
    found = search_dates(sentence, languages=["en"], settings=BASE)
    print(sentence, found)
    assert [(text, day.year) for text, day in found] == [(words, year)]
END
