#!/bin/sh
# Cleaning an address with courlan makes different articles one: it drops parameters that identify them.
# Versions: courlan==1.4.0
# Input: pairs of addresses of two articles that differ in gallery=, in eid= or in a bare number after the question mark.
# Guess: tracking parameters (utm_source) go, what tells the articles apart stays.
# Seen: both articles of each pair get one and the same address; ?p= and ?id= are kept.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check courlan==1.4.0
cd "$work"
venv/bin/python - <<'END'
from courlan import clean_url

for query in ("p=%d", "id=%d", "gallery=%d", "eid=%d", "%d"):
    one, two = (clean_url("https://example.org/news?" + query % number) for number in (12345, 67890))
    print(f"{query:12} {one}  {two}")
    assert (one == two) == (query not in ("p=%d", "id=%d")), query
END
