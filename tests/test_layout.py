"""How a text is set: blocks of plain text and of pages, datelines, and what sentences, times and names make of them."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_claims import read, said

from mapper.articles import parse_articles
from mapper.claims.tokens import sentences
from mapper.dates import find_times
from mapper.layout import BREAK, blocks_of, clipped, datelines, infer_blocks, parted
from mapper.model import Article, ArticleId, Claim, Modality
from mapper.toponyms.tokens import tokenise

FRIDAY = date(2017, 11, 17)


def shown(text: str) -> list[str]:
    """``kind: words`` of each block, line breaks within it as ``/``."""
    return [f"{b.kind}: {text[b.start : b.end]}".replace("\n", "/") for b in infer_blocks(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rebels seize Hit\nThe army left.", ["heading: Rebels seize Hit", "paragraph: The army left."]),
        (
            "Army retakes the town of Velmar from rebels on Friday\nThe army retook it.",
            ["heading: Army retakes the town of Velmar from rebels on Friday", "paragraph: The army retook it."],
        ),
        ("Rebels seize Hit\n\nsays army", ["heading: Rebels seize Hit", "paragraph: says army"]),
        ("# Hit falls\nRebels took it.", ["heading: Hit falls", "paragraph: Rebels took it."]),
        ("Hit falls\n=========\nRebels took it.", ["heading: Hit falls", "paragraph: Rebels took it."]),
        (
            "They hold:\n- Hit\n- Ana\nNothing else.",
            ["paragraph: They hold:", "item: Hit", "item: Ana", "paragraph: Nothing else."],
        ),
        ("They hold:\n1. Hit\n2. Ana", ["paragraph: They hold:", "item: Hit", "item: Ana"]),
        ("They hold: • Hit • Ana", ["paragraph: They hold:", "item: Hit", "item: Ana"]),
        (
            "| Town | Held by |\n|---|---|\n| Hit | rebels |",
            ["cell: Town", "cell: Held by", "cell: Hit", "cell: rebels"],
        ),
        ("Photo: Soldiers near Hit\nRebels left Ana.", ["caption: Soldiers near Hit", "paragraph: Rebels left Ana."]),
        (
            "1791 - The duke took Hit. 1792 - He lost it.",
            ["paragraph: 1791 - The duke took Hit.", "item: 1792 - He lost it."],
        ),
    ],
)
def test_headings_items_captions_and_cells_are_blocks_of_their_own(text: str, expected: list[str]) -> None:
    found = shown(text)
    assert [line.replace("caption: Photo: ", "caption: ") for line in found] == expected


@pytest.mark.parametrize(
    "text",
    [
        """Fierce fighting between the army and rebels of the Popular Front in the
Velmar district went on for a third day on Monday as the government and
Islamic State said they had taken ground in the south of the city.""",
        "The army said on Monday that its soldiers had taken Velmar, Hit,\nAna and Kirkuk.",
        "The army took Velmar and\n\nHit on Friday.",
        "The town was taken by men of the 5th division, said Gen.\nAhmed, who leads them.",
        "The army of the north took the town of Velmar and two villages on Nov.\n16, the rebels said.",
        "The army of the north took the town of Velmar and two villages on Sept.\n16, the rebels said.",
        "Forces that had come from the north of the country took the towns of\r\nHit and Ana on Friday.",
        "Officials who spoke to reporters in the capital on Monday said that the\n– as they put it – army had left.",
    ],
)
def test_a_wrapped_line_and_a_sentence_that_runs_on_part_nothing(text: str) -> None:
    assert len(infer_blocks(text)) == 1
    assert len(sentences(text)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BAGHDAD, Nov 18 — The army left.", "BAGHDAD, Nov 18 — "),
        ("KYIV (Agency) — The army left.", "KYIV (Agency) — "),
        ("Aleppo, Syria | The army left.", "Aleppo, Syria | "),
        ("BAGHDAD, Nov. 18 (Reuters) - The army left.", "BAGHDAD, Nov. 18 (Reuters) - "),
        ("PORT SUDAN: The army left.", "PORT SUDAN: "),
        ("MOSUL (AP) The army left.", "MOSUL (AP) "),
        ("Velmar — The army left.", "Velmar — "),
        ("QAMISHLI, Syria     Two fighters left.", "QAMISHLI, Syria     "),
        ("Velmar — Norland's last town — fell to the army.", ""),
        ("Velmar — the last town — fell.", ""),
        ("Aleppo-Damascus traffic stopped.", ""),
        ("Velmar | Army", ""),
        ("Officials in Velmar — The army left.", ""),
        ("Nov. 28, 2020 — Federal troops enter Velmar.", ""),
        ("MARCH 14 — Velmar falls.", ""),
        ("Spring 1943 — The army left.", ""),
    ],
)
def test_a_dateline_is_told_from_an_insertion(text: str, expected: str) -> None:
    assert [text[s:e] for s, e in datelines(text, infer_blocks(text))] == ([expected] if expected else [])


def test_a_dateline_begins_its_sentence() -> None:
    text = "BAGHDAD, Nov. 18 (Reuters) — The army retook Rawa. It went on."
    first, second = sentences(text)
    assert text[first.start : first.end] == "BAGHDAD, Nov. 18 (Reuters) — The army retook Rawa."
    assert text[first.body : first.end] == "The army retook Rawa."
    assert second.body == second.start


@given(st.text(alphabet="ab A.\n\r|-•#:,\u2029", max_size=200))
def test_blocks_are_disjoint_in_order_and_move_no_offset(text: str) -> None:
    blocks = infer_blocks(text)
    done = 0
    for block in blocks:
        assert done <= block.start < block.end <= len(text)
        assert text[block.start : block.end] == text[block.start : block.end].strip()
        done = block.end
    apart = parted(text, blocks)
    assert len(apart) == len(text)
    assert all(apart[b.start : b.end] == text[b.start : b.end] for b in blocks)
    assert all(not apart[a.end : b.start].strip() for a, b in pairwise(blocks))
    assert all(span.start <= span.body < span.end for span in sentences(text, blocks))


def test_a_piece_of_a_text_keeps_the_blocks_in_it() -> None:
    text = "One\n\nTwo.\n\nThree."
    assert [(b.start, b.end) for b in clipped(infer_blocks(text), 5, 12)] == [(0, 4), (6, 7)]


def test_names_and_times_end_where_a_block_ends() -> None:
    text = "Talks on Sunday\nNov 18 brought peace to Khan\nBaghdad was calm."
    apart = parted(text, infer_blocks(text))
    assert apart.count(BREAK) == 2
    assert [t.text for t in find_times(apart, FRIDAY)] == ["Sunday", "Nov 18"]
    tokens = tokenise(apart)
    assert tokens.opens[tokens.words.index("Baghdad")]


PARAGRAPH = (
    "<p>The army said that its soldiers had gone on through the valley to the river, where they built a camp.</p>"
)


def page(body: str) -> Article:
    text = f"<html><head><title>Valley</title></head><body><article>{body}{PARAGRAPH * 4}</article></body></html>"
    (article,) = [a for a in parse_articles(text, name="x.html", kind=".html") if isinstance(a, Article)]
    return article


def test_a_page_keeps_its_headings_items_and_cells() -> None:
    article = page(
        "<h2>Islamic State seizes Rawa</h2><p>BAGHDAD, Nov 18 — The army<br>retook Rawa</p><p>It holds:</p>"
        "<ul><li>Hit</li><li>The village of Ana</li></ul>"
        "<table><tr><th>Town</th><th>Held by</th></tr><tr><td>Hit</td><td>rebels</td></tr></table>"
    )
    found = [(b.kind, article.text[b.start : b.end]) for b in blocks_of(article)]
    assert found[:9] == [
        ("heading", "Islamic State seizes Rawa"),
        ("paragraph", "BAGHDAD, Nov 18 — The army\nretook Rawa"),
        ("paragraph", "It holds:"),
        ("item", "Hit"),
        ("item", "The village of Ana"),
        ("cell", "Town"),
        ("cell", "Held by"),
        ("cell", "Hit"),
        ("cell", "rebels"),
    ]


def test_a_record_cannot_say_where_its_blocks_are() -> None:
    row = '{"text": "Rebels seize Hit\\nThe army left.", "blocks": [[0, 99]]}'
    (article,) = [a for a in parse_articles(row, name="x.jsonl", kind=".jsonl") if isinstance(a, Article)]
    assert article.blocks == infer_blocks(article.text)


def facts(text: str) -> set[str]:
    return said(tuple(c for c in read(text, FRIDAY).claims if c.modality in (Modality.ASSERTED, Modality.ATTRIBUTED)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Islamic State seizes {Rawa}\n{BAGHDAD}, Nov 18 — The army retook {Hit}.",
            {"captured Rawa by Islamic State", "captured Hit by army"},
        ),
        (
            "Rebels withdraw from {Ana}\n{KYIV} (Agency) — Government forces captured {Hit} on Friday.",
            {"withdrew Ana from Rebels", "captured Hit by Government forces"},
        ),
        (
            "Taliban capture {Ana}\n{Velmar}, Norland | Government forces captured {Hit} on Friday.",
            {"captured Ana by Taliban", "captured Hit by Government forces"},
        ),
    ],
)
def test_a_headline_is_apart_from_a_dateline_and_no_dateline_is_claimed(text: str, expected: set[str]) -> None:
    assert facts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Government forces captured the following villages:\n- {Velmar}\n- {Hit}\n- {Ana}",
        "Government forces captured three towns on Friday:\n\n• {Velmar}\n• {Hit};\n• {Ana}.\n\nThe rest of {Norland} was calm.",
        "Government forces captured these places: • {Velmar} • {Hit} • {Ana}",
        "Government forces have captured the villages of:\n1) {Velmar}\n2) {Hit}\n3) {Ana}",
    ],
)
def test_the_items_of_a_list_take_what_the_sentence_before_it_says(text: str) -> None:
    names = ("Velmar", "Hit", "Ana")
    assert facts(text) == {f"captured {name} by Government forces" for name in names}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Latest:\n- Rebels captured {Velmar}\n- The army left {Hit}",
            {"captured Velmar by Rebels", "withdrew Hit from army"},
        ),
        ("Rebels captured {Velmar} after:\n- {Hit} held out\n- {Ana} starved", {"captured Velmar by Rebels"}),
        ("Rebels captured {Velmar}.\n- {Hit}\n- {Ana}", {"captured Velmar by Rebels"}),
        ("| Rebels captured {Velmar} | {Hit} |\n| {Ana} | calm |", {"captured Velmar by Rebels"}),
    ],
)
def test_an_item_with_a_clause_of_its_own_and_a_cell_stand_alone(text: str, expected: set[str]) -> None:
    assert facts(text) == expected


def test_a_claim_quotes_the_sentence_with_its_list() -> None:
    claims: tuple[Claim, ...] = read("The army captured these towns:\n- {Velmar}\n- {Hit}\nIt rained.", FRIDAY).claims
    assert {c.quote.text for c in claims} == {"The army captured these towns:\n- Velmar\n- Hit"}


def test_an_article_without_blocks_is_read_by_its_lines() -> None:
    article = Article(id=ArticleId("x"), text="Rebels seize Hit\nThe army left.")
    assert blocks_of(article) == infer_blocks(article.text)
