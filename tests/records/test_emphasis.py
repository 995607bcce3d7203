from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from termsmith.records.emphasis import escape_emphasis

COMMONMARK = MarkdownIt("commonmark")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("10*3/uL and 10*6/uL", r"10\*3/uL and 10\*6/uL"),
        ("10*3 and 10*6 and 10*9", r"10\*3 and 10\*6 and 10*9"),
        ("10*3/uL", "10*3/uL"),
        ("a * b * c", "a * b * c"),
        ("snake_case_name and _ and __", "snake_case_name and _ and __"),
        ("_note_ (__all__)", r"\_note\_ (\_\_all\_\_)"),
        ("**bold *and* more**", r"\*\*bold \*and\* more\*\*"),
        ("*a _b* c", r"\*a _b\* c"),
        (r"\*a\* *b", r"\*a\* *b"),
        ("`*a*` ``*`*`` *c*", r"`*a*` ``*`*`` \*c\*"),
        ("`*a* b", r"`\*a\* b"),
        ("[*a](http://a.example/*b*) c", "[*a](http://a.example/*b*) c"),
        ("* * *", r"\* \* \*"),
        ("____", r"\_\_\_\_"),
        ("", ""),
    ],
)
def test_what_would_become_emphasis_is_escaped_and_nothing_else(text: str, escaped: str) -> None:
    assert escape_emphasis(text) == escaped


@given(st.text("a1 *_(."))
def test_a_reader_of_markdown_sees_the_text_and_no_emphasis(text: str) -> None:
    line = "x " + " ".join(text.split())
    assert COMMONMARK.renderInline(escape_emphasis(line)) == line
