from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termsmith.pages.characters import HARD_BREAK, NOTHING, RESIDUE, clean, control_name, plain_line


@given(st.text(st.characters()))
def test_cleaning_keeps_every_offset(text: str) -> None:
    source = clean(text)
    assert source.original == text
    assert len(source.text) == len(text)
    assert source.text.count("\n") == text.count("\n") - sum(
        ";\n" in residue for residue in RESIDUE.findall(text)
    )


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\u00a0b\u2003c\u3000d", "a b c d"),
        (
            "a\u200bb\ufeffc\u202ed\x00e\x7ff\x9dg",
            f"a{NOTHING}b{NOTHING}c{NOTHING}d{NOTHING}e{NOTHING}f{NOTHING}g",
        ),
        (
            "a\x0bb\x0cc\x85d\u2028e\u2029f",
            f"a{HARD_BREAK}b{HARD_BREAK}c{HARD_BREAK}d{HARD_BREAK}e{HARD_BREAK}f",
        ),
        ("a\u200cb\u200dc", "a\u200cb\u200dc"),
        ("\ud800", "\N{REPLACEMENT CHARACTER}"),
        ("a#13;\nb#xD; c", f"a{HARD_BREAK}{NOTHING * 4}b{HARD_BREAK}{NOTHING * 3} c"),
        ("a&amp;#13;", f"a{HARD_BREAK}{NOTHING * 8}"),
        ("<td>#10;</td>", "<td>#10;</td>"),
        ("<TH class='c'> <p>#13;</p>\n</TH>", "<TH class='c'> <p>#13;</p>\n</TH>"),
        ("| #10; |", "| #10; |"),
        ("<td>a#13;</td>", f"<td>a{HARD_BREAK}{NOTHING * 3}</td>"),
        ("<td>#13;<br/>a</td>", f"<td>{HARD_BREAK}{NOTHING * 3}<br/>a</td>"),
        ("a&#13; http://x.example/#13;y #1300; #14;", "a&#13; http://x.example/#13;y #1300; #14;"),
    ],
)
def test_odd_characters_are_replaced_one_for_one(text: str, cleaned: str) -> None:
    assert clean(text).text == cleaned


def test_controls_are_named() -> None:
    assert control_name("\u202e") == "RIGHT-TO-LEFT OVERRIDE"
    assert control_name("\x9d") == "U+009D"
    assert control_name("\x00") == "NUL"
    assert control_name("\u00ad") is None
    assert control_name("a") is None


def test_a_title_is_one_line() -> None:
    assert plain_line(" A\u200b\n title\u2028x ") == "A title x"
    assert plain_line("\u200b ") is None
