"""The same doors with inputs that follow the code they reach: needs `pip install atheris`, which is not among our tools.

`python tests/fuzz/guided.py TARGET [seconds]`; targets as in fuzz.py, without `decoder`. Ends at the first fault and leaves
its input in tests/fuzz/found.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["mapper"]):
    import fuzz


def main() -> None:
    target = sys.argv[1]
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 600
    home = Path(tempfile.mkdtemp())
    corpus = home / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(fuzz.seeds(target)):
        (corpus / f"seed-{number}").write_bytes(seed)
    found = Path(fuzz.__file__).parent / "found"
    found.mkdir(exist_ok=True)
    options = (
        str(corpus), f"-max_total_time={seconds}", f"-timeout={fuzz.HANG}", "-max_len=20000", "-rss_limit_mb=2000",
        f"-artifact_prefix={found}/guided-{target}-",
    )  # fmt: skip
    atheris.Setup([sys.argv[0], *options], getattr(fuzz.Doors(home), target))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
