"""A table gives the same concepts in whatever format it reaches a user."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from concepts.tables import RENDERINGS, page_with
from concepts.test_page_table import codes_of, concepts_of, converted, found_codes

WORD = st.text(st.sampled_from("abcxyzABCXYZ0189äß"), min_size=1, max_size=8)
CODE = st.text(st.sampled_from("ABCXYZ0189"), min_size=1, max_size=6)
TEXT = st.lists(WORD, max_size=4).map(" ".join)
FURTHER = ("Definition", "Status", "Comment", "German", "Weight of it", "Parent")


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Draw a code table with a header."""
    more = draw(st.lists(st.sampled_from(FURTHER), unique=True, max_size=4))
    codes = draw(st.lists(CODE, unique=True, min_size=1, max_size=6))
    rows = [
        [code, draw(WORD), *(draw(st.sampled_from(["", *codes]) if h == "Parent" else TEXT) for h in more)]
        for code in codes
    ]
    return [["Code", "Display", *more], *rows]


@given(tables())
@settings(deadline=None, max_examples=40)
def test_a_table_gives_the_same_concepts_in_every_format(rows: list[list[str]]) -> None:
    results: dict[str, Any] = {
        rendering.__name__: concepts_of(converted(page_with(rendering, rows))) for rendering in RENDERINGS
    }
    expected = results["as_html"]
    assert {name: result for name, result in results.items() if result != expected} == {}
    (concepts,) = expected
    assert concepts


@given(tables())
@settings(deadline=None, max_examples=40)
def test_every_cell_of_a_table_is_used_or_said_to_be_left_over(rows: list[list[str]]) -> None:
    for rendering in (RENDERINGS[0], RENDERINGS[-1]):
        conversion = converted(page_with(rendering, rows))
        fates: dict[str, set[str]] = {}
        for piece in conversion.coverage.pieces:
            fates.setdefault(piece.text, set()).add(piece.fate.value)
        assert all(fates[header] & {"label", "used"} for header in rows[0])
        assert all(fates[cell] & {"used", "leftover"} for row in rows[1:] for cell in row if cell)
        reported = sum(code == "REC002" for code in found_codes(conversion))
        assert reported == len(conversion.coverage.leftovers)


@given(st.permutations(["Code", "Display", "Definition", "Note"]), st.lists(CODE, unique=True, min_size=1))
@settings(deadline=None, max_examples=30)
def test_columns_come_in_any_order(headers: list[str], codes: list[str]) -> None:
    rows = [headers, *([code if h == "Code" else f"{h} of {code}" for h in headers] for code in codes)]
    assert codes_of(converted(page_with(RENDERINGS[0], rows))) == [codes]
