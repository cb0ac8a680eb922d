#!/bin/sh
# htmldate completes a month of publication with the day of the month on which it runs.
# Versions: htmldate==1.11.0
# Input: a page whose article:published_time is 2017-10; a page without metadata that says "held since 2014".
# Guess: 2017-10-01 or no date; in any case the same page gives the same date on every day.
# Seen: 2017-10-DD, where DD is the day of the month of the run, so an archive read twice has two dates for each such page. The
#   sentence "held since 2014" in a page without metadata becomes its day of publication, 2014-01-01.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check htmldate==1.11.0
cd "$work"
venv/bin/python - <<'END'
from datetime import date
from htmldate import find_date

page = '<html><head><meta property="article:published_time" content="2017-10"></head><body><p>Rawa fell.</p></body></html>'
before = date.today()
found = find_date(page)
print("2017-10 is read, today, as", found)
assert found in {f"2017-10-{day.day:02d}" for day in (before, date.today())}
since = find_date("<html><body><p>The army has held the town since 2014.</p></body></html>")
print("since 2014:", since)
assert since == "2014-01-01"
END
