"""`mapper extract` killed with SIGKILL at random moments and started again: the output must be that of an undisturbed run.

`python tests/fuzz/kills.py [kills] [seed]`, or as part of `make fuzz`. Kills fall on a folder one after the other until the
run completes, then on a new one; every completed folder is compared byte for byte. Exit code 1 when one differs.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

TOWNS = ("Rawa", "Mosul", "Fallujah", "Tikrit", "Ramadi", "Haditha", "Hawija", "Kirkuk", "Samarra", "Baqubah")
ARTICLES = 3_000


def archive(path: Path) -> None:
    with path.open("w", encoding="utf-8") as stream:
        for i in range(ARTICLES):
            words = " ".join(f"w{(i * 7919 + k * 104729) % 9973}" for k in range(60))
            text = (
                f"The Iraqi army retook {TOWNS[i % 10]} from ISIS on {1 + i % 28} July 2017, officials said. {words}."
            )
            stream.write(json.dumps({"id": str(i), "text": text}) + "\n")


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def run(command: list[str], after: float | None = None) -> bool:
    """Whether the command ended by itself with success; ``after`` is when it is killed, in seconds."""
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return False
    return process.returncode == 0


def main() -> int:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)  # noqa: S311 - repeatable, not secret
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        archive(home / "news.jsonl")
        command = [sys.executable, "-m", "mapper", "-q", "extract", str(home / "news.jsonl"), "-j", "2", "--into"]
        if not run([*command, str(home / "whole")]):
            print("kills: the undisturbed run failed")
            return 1
        whole = content(home / "whole")
        done = folders = different = 0
        while done < kills:
            folder = home / f"killed-{folders}"
            folders += 1
            ended = False
            while not ended and done < kills:
                ended = run([*command, str(folder)], rng.uniform(0.2, 6.0))
                done += not ended
            if not ended and not run([*command, str(folder)]):
                print("kills: a resumed run failed")
                return 1
            if content(folder) != whole:
                different += 1
                print(f"kills: {folder.name} differs from the undisturbed run")
    print(f"kills: {done} kills on {folders} folders, {different} differ from the undisturbed run")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
