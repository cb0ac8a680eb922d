#!/bin/sh
# With pandas 3.1 the country_converter package cannot convert a single country, because of Namibia.
# Versions: country_converter==1.3.2, pandas==3.1.1
# Input: the name Iraq, to be converted into its three-letter code; a CSV of two rows with a converter for its code
#   column.
# Guess: Iraq becomes IRQ.
# Seen: TypeError in every conversion. The package reads its table with a converter to text for the column of two-letter
#   codes; pandas 3.0 kept Namibia's code NA as that text, 3.1 reads it as missing although the column has a converter.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check country_converter==1.3.2 pandas==3.1.1
cd "$work"
venv/bin/python - <<'END'
import io

import country_converter
import pandas

table = pandas.read_csv(io.StringIO("name,code\nNamibia,NA\nIraq,IQ\n"), converters={"code": str})
print(pandas.__version__, list(table["code"]))
assert table["code"].isna().tolist() == [True, False]
try:
    country_converter.convert("Iraq", to="ISO3")
except TypeError as error:
    print("Iraq:", error)
else:
    raise AssertionError("it converts again")
END
