from __future__ import annotations

from collections import Counter

from termsmith.pages.characters import clean
from termsmith.pages.draft import character_findings, positions


def test_offsets_become_lines_and_columns() -> None:
    anchors = positions([0, 5, 9], [1, 4, 3], "ab\nc\nd")
    assert anchors.offsets == (0, 5, 9)
    assert anchors.lines == (1, 2, 2)
    assert anchors.columns == (2, 2, 1)


def test_every_kind_of_odd_character_is_reported_once() -> None:
    source = clean("a\u202eb\u202ec#13;\nd\ufffd\u00ad")
    findings = character_findings(
        "abcd\ufffd", source, hidden=Counter({"\u200b": 1}), unseen=[1, 3, 12], hard_breaks=[5]
    )
    assert [(each.code, each.message) for each in findings] == [
        (
            "PAG104",
            "3 control or text-direction character(s) (RIGHT-TO-LEFT OVERRIDE, ZERO WIDTH SPACE) were left out",
        ),
        ("PAG103", "1 character(s) can't be read or were already lost (U+FFFD)"),
        ("PAG105", "1 remains of a character reference such as '#13;' were read as line breaks"),
    ]
