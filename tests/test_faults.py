"""What is quick of the fault suite; `make faults` runs all of it (tests/faults/suite.py)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from faults.caches import DAMAGES, TRUST, damaged_is_made_anew, silent_damage_is_found_by_the_full_check
from faults.cases import CASES, Case
from faults.harness import Home

from mapper.gazetteer.store import _UNPACKED

posix = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="signals, limits and owners as Linux has them")


@posix
@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_cache_is_made_anew_and_the_answer_is_right(name: str, tmp_path: Path) -> None:
    damaged_is_made_anew(DAMAGES[name], tmp_path)


@posix
@pytest.mark.parametrize("column", _UNPACKED)
def test_a_silent_change_is_no_traceback_and_the_full_check_finds_it(column: str, tmp_path: Path) -> None:
    silent_damage_is_found_by_the_full_check(column, tmp_path)


@posix
@pytest.mark.parametrize("name", TRUST)
def test_only_the_users_own_cache_is_read(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    TRUST[name](tmp_path, monkeypatch)


@posix
@pytest.mark.parametrize("case", [c for c in CASES if c.quick], ids=lambda c: c.name)
def test_a_fault_ends_in_a_line_and_loses_nothing(case: Case, tmp_path: Path) -> None:
    case.act(Home(tmp_path))


def test_the_suite_is_as_large_as_it_says() -> None:
    assert len({c.name for c in CASES}) == len(CASES)
    assert len(CASES) + len(DAMAGES) + len(TRUST) + len(_UNPACKED) >= 500
