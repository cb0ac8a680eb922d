"""Every text and every date of our own gold that is read rightly stays so; what is read wrongly is listed here.

The rules alone are asked: the learned reader, trained on this gold, would hide what they lose.

The evals' floors notice when many are lost; this notices each. A text may leave a list (then it is read rightly) and may
join one by a decision, with its reason in the commit. `tests/golden/claims.txt` has every claim of those texts as it is
read today, right or wrong; ``PYTHONPATH=tests/evals python tests/test_gold.py`` writes it anew: read the diff before you
commit it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import claims as claims_eval
import dates as dates_eval
import press
import pytest

from mapper.claims.lexicon import words
from mapper.dates import find_offsets, find_times

# ids of texts with a fact missed, a false one or an attribute that is wrong
NOT_YET = words(
    "afghanistan-provinces batch-010 batch-023 batch-039 batch-066 batch-099 batch-106 batch-138 batch-140 batch-147"
    " batch-161 batch-164 batch-169 batch-171 batch-172 batch-174 batch-194 batch-198 batch-215 batch-216 batch-217"
    " batch-267 batch-302 batch-305 batch-308 batch-336 batch-344 batch-360 batch-367 batch-375 batch-381"
    " bosnia-1995 iraq-ramadi libya-tripoli own-020 own-021 own-033 own-041 own-047 own-070 own-089 own-177 own-179"
    " own-185 own-188 own-192 own-198 own-199 own-206 own-216 own-217 srilanka-2009 ukraine-kharkiv yemen-aden"
)
NOT_YET_DATED = {
    "April, a nurse, and her sister June lived near the front.",
    "They entered on 9 March 2014. Within days the bridge was theirs.",
    "He spoke for 20 minutes to 2100 recruits.",
}
DATED = [case for path in dates_eval.FLOORS for case in dates_eval.cases(path)]

TEXTS = {
    document["id"]: document
    for name, (gold, _) in claims_eval.data_sets().items()
    if name.startswith("own ")
    for document in gold
}


# what a reader was trained on is long and as various as the press: it shows what the rules make of prose
LONG = {block.id: {"id": block.id, "text": block.text, "published": block.published} for block in press.blocks()}

GOLDEN = Path(__file__).parent / "golden" / "claims.txt"


@cache
def reader() -> claims_eval.Reader:
    return claims_eval.Reader()


def told(document: claims_eval.Gold) -> Iterator[str]:
    """The claims of a text, as a user sees them."""
    for one in reader().read(document):
        c = one.claim
        parts = [
            f"{document['id']}: {c.predicate} {c.place_text}",
            f"by {c.actor_text} ({c.actor_id})" if c.actor_text or c.actor_id else "",
            f"from {c.other_text} ({c.other_id})" if c.other_text or c.other_id else "",
            f"when {c.when.edtf or '?'}",
            "" if c.modality == "asserted" else c.modality,
            f"says {c.said_by}" if c.said_by else "",
            f"part {c.extent_wording}" if c.extent == "part" else "",
            f"implies {' '.join(c.implies)}" if c.implies else "",
        ]
        yield " ".join(" ".join(filter(None, parts)).split())


@cache
def golden() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in TEXTS | LONG}
    for line in GOLDEN.read_text(encoding="utf-8").splitlines():
        found.setdefault(line.split(":", maxsplit=1)[0], []).append(line)
    return found


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_text_that_is_read_rightly_stays_so(name: str) -> None:
    document = TEXTS[name]
    tally = claims_eval.Tally()
    judge = claims_eval.Judge(reader().index, document)
    claims_eval.score_document(
        name, document["claims"], reader().read(document), document.get("optional", ()), judge, tally
    )
    if name in NOT_YET:
        assert tally.errors, "read rightly now: take it off the list"
    else:
        assert not tally.errors, document["text"]


@pytest.mark.parametrize("name", sorted(TEXTS | LONG))
def test_a_text_gives_the_claims_that_are_written_down(name: str) -> None:
    assert list(told((TEXTS | LONG)[name])) == golden()[name]


@pytest.mark.parametrize("case", DATED, ids=lambda case: f"{case.published} {case.text}"[:70])
def test_a_date_that_is_read_rightly_stays_so(case: dates_eval.Case) -> None:
    times = find_times(case.text, case.published)
    found = (*times, *find_offsets(case.text, times))
    assert dates_eval.right(case, found) is (case.text not in NOT_YET_DATED), case.expected


def test_what_is_not_yet_dated_are_cases_of_ours() -> None:
    assert {case.text for case in DATED} >= NOT_YET_DATED


if __name__ == "__main__":
    GOLDEN.write_text(
        "".join(f"{line}\n" for name in sorted(TEXTS | LONG) for line in told((TEXTS | LONG)[name])), encoding="utf-8"
    )
    sys.stdout.write(f"{GOLDEN}\n")
