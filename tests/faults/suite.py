"""The cases of the fault suite that take long: `make faults`, or `pytest tests/faults/suite.py -k WORDS`."""

from __future__ import annotations

from pathlib import Path

import pytest
from faults.cases import CASES, Case
from faults.harness import Home


@pytest.mark.parametrize("case", [c for c in CASES if not c.quick], ids=lambda c: c.name)
def test_a_fault_ends_in_a_line_and_loses_nothing(case: Case, tmp_path: Path) -> None:
    case.act(Home(tmp_path))
