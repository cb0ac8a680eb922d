#!/bin/sh
# pycountry's search for Niger puts Nigeria first.
# Versions: pycountry==26.2.16
# Input: names of countries, through countries.search_fuzzy.
# Guess: the country of exactly that name comes first.
# Seen: Nigeria before Niger. Mali, in the same way a part of Somalia, does come first; for Kosovo, which has no code,
#   the only answer is Serbia. A program that takes the best match puts events into the wrong country.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check pycountry==26.2.16
cd "$work"
venv/bin/python - <<'END'
import pycountry

names = lambda text: [country.name for country in pycountry.countries.search_fuzzy(text)]
print(names("Niger"), names("Mali"), names("Kosovo"))
assert names("Niger")[:2] == ["Nigeria", "Niger"]
assert names("Mali")[0] == "Mali"
assert names("Kosovo") == ["Serbia"]
END
