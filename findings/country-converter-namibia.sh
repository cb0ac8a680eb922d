#!/bin/sh
# With pandas 3.1 the country_converter package cannot convert a single country, because of Namibia.
# Versions: country_converter==1.3.2, pandas==3.1.1; for comparison pandas==3.0.0
# Input: the names Iraq, Kenya and Peru, to be converted into three-letter codes; a CSV of two rows with a converter
#   for its code column.
# Guess: IRQ, KEN and PER.
# Seen: TypeError for each. The package reads its table with a converter to text for the column of two-letter
#   codes; pandas 3.0 kept Namibia's code NA as that text, 3.1 reads it as missing although the column has a converter.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
cd "$work"
for pandas in 3.0.0 3.1.1; do
  venv/bin/python -m pip install --quiet --disable-pip-version-check country_converter==1.3.2 "pandas==$pandas"
  venv/bin/python - <<'END'
import io

import country_converter
import pandas

old = pandas.__version__ == "3.0.0"
table = pandas.read_csv(io.StringIO("name,code\nNamibia,NA\nIraq,IQ\n"), converters={"code": str})
print(pandas.__version__, list(table["code"]))
assert table["code"].isna().tolist() == [not old, False]
for name, code in (("Iraq", "IRQ"), ("Kenya", "KEN"), ("Peru", "PER")):
    try:
        found = country_converter.convert(name, to="ISO3")
    except TypeError as error:
        print(name, error)
        found = None
    assert found == (code if old else None), found
END
done
