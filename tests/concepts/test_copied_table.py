"""Code tables in copied text: put together where that is certain, left over where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from growth import grows_with_size
from hypothesis import given, settings
from hypothesis import strategies as st

from concepts.tables import as_paragraphs, as_tabs, page_with
from concepts.test_page_table import codes_of, concepts_of, converted, found_codes
from termsmith.concepts.columns import splits_into_headers

if TYPE_CHECKING:
    import termsmith

WHOLE = [
    ["Code", "Display", "Definition"],
    ["OP", "Orange Pekoe", "Long, thin leaves"],
    ["BOP", "Broken Orange Pekoe", "broken"],
    ["D", "Dust", "What is left"],
]
CONCEPTS = [
    {"code": "OP", "display": "Orange Pekoe", "definition": "Long, thin leaves"},
    {"code": "BOP", "display": "Broken Orange Pekoe", "definition": "broken"},
    {"code": "D", "display": "Dust", "definition": "What is left"},
]


def text(rows: list[list[str]], behind: str = "") -> str:
    return page_with(as_paragraphs, rows).decode() + behind


def undivided(conversion: termsmith.Conversion) -> list[str]:
    return [finding.message for finding in conversion.findings if finding.code == "TAB032"]


def test_a_paragraph_for_each_cell_is_put_together_where_all_fits() -> None:
    conversion = converted(text(WHOLE))
    assert concepts_of(conversion) == [CONCEPTS]
    (finding,) = [f for f in conversion.findings if f.code == "TAB033"]
    assert finding.message == (
        "the lines below 'Code Display Definition' are the 9 cells of a code table with 3 rows"
    )
    left = [piece.text for piece in conversion.coverage.leftovers]
    assert left == ["Tea"]


def test_a_cell_of_copied_text_is_found_where_it_stands() -> None:
    conversion = converted(text(WHOLE))
    (evidence,) = [e for e in conversion.evidence if e.element == "CodeSystem.concept[1].display"]
    assert (evidence.spans[0].place.line, evidence.spans[0].raw) == (17, "Broken Orange Pekoe")


@pytest.mark.parametrize("behind", ["\nNo labels\n", "\nFormal name of the code system\n\nTeas\n"])
def test_furniture_and_labels_end_a_table(behind: str) -> None:
    assert codes_of(converted(text(WHOLE, behind))) == [["OP", "BOP", "D"]]


def test_a_cell_that_is_missing_leaves_all_undivided() -> None:
    conversion = converted(text([*WHOLE[:2], ["BOP", "Broken Orange Pekoe"], WHOLE[3]]))
    assert codes_of(conversion) == [[]]
    (message,) = undivided(conversion)
    assert "8 lines are no whole rows of 3 cells" in message
    notes = {piece.text: piece.note for piece in conversion.coverage.leftovers}
    assert notes["Dust"] == "stands in a table that can't be divided"


def test_as_many_missing_cells_as_make_whole_rows_do_not_deceive() -> None:
    rows = [WHOLE[0], ["OP", "Orange Pekoe"], ["BOP", "Broken Orange Pekoe"], ["D", "Dust"]]
    conversion = converted(text(rows))
    assert codes_of(conversion) == [[]]
    assert len(undivided(conversion)) == 1


def test_displays_that_look_like_codes_leave_all_undivided() -> None:
    conversion = converted(text([["Code", "Display"], ["A", "B"], ["C", "D"], ["E", "F"]]))
    assert codes_of(conversion) == [[]]
    assert "'B' may be a code, too" in undivided(conversion)[0]


def test_text_behind_a_table_leaves_it_undivided() -> None:
    conversion = converted(text(WHOLE, "\nAll teas are sorted.\n"))
    assert codes_of(conversion) == [[]]
    assert len(undivided(conversion)) == 1


@pytest.mark.parametrize(
    "lines",
    [
        "CodeDisplayDefinition\nOPOrange PekoeLong, thin leaves\nDDustWhat is left\n",
        "Code Display Definition\nOP Orange Pekoe Long, thin leaves\nD Dust What is left\n",
        "Value Description German Interpretation Comment Chapter\nOP Orange Pekoe 2\n99zzz or L Local 3\n",
    ],
)
def test_cells_without_anything_between_them_are_left_over_with_what_to_do(lines: str) -> None:
    conversion = converted(f"Tea\n\n{lines}")
    assert codes_of(conversion) == [[]]
    (finding,) = [f for f in conversion.findings if f.code == "TAB032"]
    assert "page.concepts.csv" in finding.hint
    assert finding.place is not None
    assert finding.place.line == 3
    assert [piece.text for piece in conversion.coverage.leftovers][1:] == lines.splitlines()


@pytest.mark.parametrize(
    "line",
    ["Code of conduct", "Name", "Code", "The code and the display", "Notes on codes", "Short name of it"],
)
def test_a_line_of_text_is_no_header(line: str) -> None:
    assert not splits_into_headers(line)
    conversion = converted(f"{line}\n\nOne more line\n\nAnd another\n")
    assert "TAB032" not in found_codes(conversion)


def test_tabs_keep_empty_cells_apart() -> None:
    rows = [WHOLE[0], ["OP", "", "Long"], ["D", "Dust", ""]]
    assert concepts_of(converted(page_with(as_tabs, rows))) == [
        [{"code": "OP", "definition": "Long"}, {"code": "D", "display": "Dust"}]
    ]


def test_a_table_in_copied_text_ends_with_its_tabs() -> None:
    conversion = converted(page_with(as_tabs, WHOLE).decode() + "All teas are sorted.\n")
    assert concepts_of(conversion) == [CONCEPTS]
    assert [piece.text for piece in conversion.coverage.leftovers] == ["Tea", "All teas are sorted."]


@given(
    st.lists(
        st.lists(st.sampled_from(["Code", "Display", "OP", "D", "Dust", "x", "7", "a b"]), max_size=4),
        max_size=12,
    )
)
@settings(deadline=None, max_examples=60)
def test_the_words_of_a_page_are_all_accounted_for(lines: list[list[str]]) -> None:
    page = "\n\n".join("\t".join(line) for line in lines) + "\nend"
    conversion = converted(page)
    pieces = conversion.coverage.pieces
    assert [piece.end for piece in pieces[:-1]] == [piece.start for piece in pieces[1:]]
    used = [code for codes in codes_of(conversion) for code in codes]
    assert set(used) <= {word for line in lines for word in line}


@pytest.mark.parametrize(
    "unit", ["Code\n\nName\n\n", "Code Display Name\n", "Code\tName\n", "Code\n", "a\tb\n"]
)
def test_many_headers_take_no_longer_than_many_lines(unit: str) -> None:
    assert grows_with_size(lambda count: converted("x\n\n" + unit * count), 400, 3_200)
