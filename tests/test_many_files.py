"""`mapper claims` over many files: the rows of all together, in memory that does not grow with their number."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from mapper.actors import ActorIndex
from mapper.articles import read_articles
from mapper.cli import run_main
from mapper.config import default_config
from mapper.gazetteer import Gazetteer
from mapper.model import Article
from mapper.pipeline import Given, read
from mapper.reader import open_reader
from mapper.records import claim_rows, read_table, write_csv

EXAMPLE = Path(__file__).parents[1] / "data" / "examples" / "isis-2014-2019"
SHARES = "IS has lost 95 percent of the territory it held in Iraq in 2014, the coalition said. The army retook Rawa on Friday.\n"


def expected(inputs: list[str], table: Path | None) -> str:
    """The rows as one call makes them that holds everything: claims, those of tables, share claims."""
    gazetteer, index = Gazetteer.open(), ActorIndex(default_config().actors)
    readings = [read(a, gazetteer, index, open_reader("full")) for a in read_articles(inputs) if isinstance(a, Article)]
    given = Given()
    if table is not None:
        found = read_table(table, name=str(table), actors=default_config().actors)
        given = Given(claims=found.claims, share_claims=found.share_claims, places=found.places)
    places = {i: p for r in readings for i, p in r.places.items()} | dict(given.places)
    stream = io.StringIO(newline="")
    write_csv(
        claim_rows(
            [*(c for r in readings for c in r.found.claims), *given.claims],
            [*(s for r in readings for s in r.found.share_claims), *given.share_claims],
            places,
        ),
        stream,
    )
    return stream.getvalue()


@pytest.mark.parametrize("with_table", [False, True])
@pytest.mark.parametrize("table_first", [False, True])
def test_the_rows_are_those_of_all_articles_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, with_table: bool, table_first: bool
) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for path in sorted((EXAMPLE / "articles").glob("*.txt"))[:4]:
        (news / path.name).write_bytes(path.read_bytes())
    (news / "2017-11-18-shares.txt").write_text(SHARES)
    (news / "2017-11-19-more-shares.txt").write_text(SHARES.replace("Rawa", "Hit"))
    table = tmp_path / "claims.csv"
    table.write_bytes(b"".join((EXAMPLE / "claims.csv").read_bytes().splitlines(keepends=True)[:30]))
    inputs = [str(news), *([str(table)] if with_table else [])]
    inputs = inputs[::-1] if table_first else inputs
    assert run_main(["-q", "claims", *inputs, "-o", str(tmp_path / "out.csv")]) == 0
    wanted = expected([str(news)], table if with_table else None)
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == wanted
    assert sum(bool(row["share"]) for row in csv.DictReader(io.StringIO(wanted))) >= 2
    capsys.readouterr()
    assert run_main(["-q", "claims", *inputs]) == 0
    assert capsys.readouterr().out == wanted


@pytest.mark.parametrize("command", ["claims", "timeline"])
def test_a_folder_of_nothing_usable_says_why(tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text(" ")
    assert run_main([command, str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "no text" in said
    assert "nothing usable" in said


def test_articles_from_standard_input_are_read_as_they_come(tmp_path: Path) -> None:
    told = [{"id": str(i), "text": f"The army captured Rawa from ISIS on {i + 1} May 2016."} for i in range(5)]
    command = [sys.executable, "-B", "-m", "mapper", "-q", "claims", "-"]
    text = "\n".join(json.dumps(record) for record in told)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=300)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["article_id"] for row in rows] == ["0", "1", "2", "3", "4"]
    again = subprocess.run(
        command, input=done.stdout, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=300
    )
    assert again.stdout == done.stdout, "a table from standard input is a table"


def peak(folder: Path) -> int:
    """Megabytes that `mapper claims` over a folder takes at most."""
    code = "import sys\nfrom pathlib import Path\nfrom mapper.cli import run_main\nrun_main(sys.argv[1:])\n"
    code += "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    command = [sys.executable, "-B", "-c", code, "-q", "claims", str(folder), "-o", str(folder.with_suffix(".csv"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    return int(done.stdout.split()[-1]) // 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs a process that tells its memory")
def test_memory_does_not_grow_with_the_number_of_files(tmp_path: Path) -> None:
    sizes = []
    for number in (50, 2000):
        folder = tmp_path / str(number)
        folder.mkdir()
        for i in range(number):
            # ten thousand characters each: 2,000 of them held would be 20 MB, and as many again of issues
            quiet = f"The council spoke of water and of roads, report {i} says. " * 170
            (folder / f"{i:05}.txt").write_text(f"The army captured Rawa from ISIS on 17 May 2016.\n\n{quiet}")
        sizes.append(peak(folder))
    assert sizes[1] - sizes[0] < 15, sizes
    assert sizes[1] <= 250
