from __future__ import annotations

import pytest

from pages.printed import outline, read
from termsmith.pages.lines import is_blank, split_lines


def test_typed_bullets_and_numbers_are_items() -> None:
    page = read(
        "Roles:\n* owner\n  - of the codes\n  - of the text\n* steward\n\n1. first\n2) second\n\n• last"
    )
    assert outline(page) == [
        "Roles:",
        "+* owner",
        "+  * of the codes",
        "+  * of the text",
        "+* steward",
        "1. first",
        "+2. second",
        "* last",
    ]


@pytest.mark.parametrize(
    "line",
    ["10. Revision", "2. Auflage", "1.2 Scope", "-5", "*note", "1.", "* ", "- ", "+ 44 1235", "2.16.840"],
)
def test_what_only_looks_like_an_item_is_text(line: str) -> None:
    assert outline(read(line)) == [line.strip()]


def test_a_list_may_be_interrupted_by_text() -> None:
    assert outline(read("1. one\nmore of it\n2. two\n\nother\n\n1. again")) == [
        "1. one",
        "+more of it",
        "+2. two",
        "other",
        "1. again",
    ]


def test_lines_are_split_over_stretches() -> None:
    assert list(split_lines([("a", 0), ("b\nc", 5), ("\u2028", 9)])) == [
        ([("a", 0), ("b", 5)], ("\n", 6)),
        ([("c", 7), ("", 9)], ("\u2028", 9)),
        ([("", 10)], None),
    ]


def test_a_line_of_unseen_characters_is_blank() -> None:
    assert is_blank([(" \t", 0), ("\u00ad", 4)])
    assert not is_blank([(" ", 0), (".", 4)])
