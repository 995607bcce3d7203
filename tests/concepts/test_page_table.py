"""Code tables on pages, in every format in which tables reach a user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from concepts.tables import RENDERINGS, as_html, page_with
from termsmith.concepts.page_table import grouped, page_tables
from termsmith.conversion import convert_page
from termsmith.pages.reading import read_page
from termsmith.settings import Settings

if TYPE_CHECKING:
    import termsmith

TEAS = [
    ["Code", "Display", "Definition"],
    ["OP", "Orange Pekoe", "Long, thin leaves"],
    ["BOP", "Broken Orange Pekoe", ""],
    ["007", "Dust", "What is left"],
]
CONCEPTS = [
    {"code": "OP", "display": "Orange Pekoe", "definition": "Long, thin leaves"},
    {"code": "BOP", "display": "Broken Orange Pekoe"},
    {"code": "007", "display": "Dust", "definition": "What is left"},
]
SIDECAR = b"""
title = "Tea Grades"
canonical_url = "http://tea.example/grades"
"""
TWO = b"""
[[system]]
title = "Tea Grades"
canonical_url = "http://tea.example/grades"
%s
[[system]]
title = "Tea Colours"
canonical_url = "http://tea.example/colours"
%s
"""


def converted(page: str | bytes, sidecar: bytes = SIDECAR) -> termsmith.Conversion:
    data = page.encode() if isinstance(page, str) else page
    return convert_page(data, "page", Settings(), today="2026-01-31", sidecar=sidecar)


def concepts_of(conversion: termsmith.Conversion) -> list[Any]:
    return [
        resource.data.get("concept", []) for resource in conversion.resources if resource.type == "CodeSystem"
    ]


def codes_of(conversion: termsmith.Conversion) -> list[list[str]]:
    return [[concept["code"] for concept in concepts] for concepts in concepts_of(conversion)]


def found_codes(conversion: termsmith.Conversion) -> list[str]:
    return [finding.code for finding in conversion.findings]


@pytest.mark.parametrize("rendering", RENDERINGS, ids=lambda rendering: rendering.__name__)
def test_a_code_table_gives_the_same_concepts_in_every_format(rendering: Any) -> None:
    assert concepts_of(converted(page_with(rendering, TEAS))) == [CONCEPTS]


def test_every_cell_of_a_code_table_is_used_or_label() -> None:
    conversion = converted(page_with(as_html, TEAS))
    fates = {piece.text: piece.fate.value for piece in conversion.coverage.pieces if piece.text.strip()}
    assert {fates[text] for text in TEAS[0]} == {"label"}
    assert {fates[text] for row in TEAS[1:] for text in row if text} == {"used"}


def test_a_leaf_of_a_concept_says_which_cell_it_rests_on() -> None:
    conversion = converted(page_with(as_html, TEAS))
    (evidence,) = [e for e in conversion.evidence if e.element == "CodeSystem.concept[2].definition"]
    assert (evidence.value, evidence.spans[0].place.row, evidence.spans[0].place.cell) == (
        "What is left",
        4,
        3,
    )


PARTS = [["Code", "Name"], ["A", "Apple"]], [["Code", "Name"], ["B", "Banana"]]


@pytest.mark.parametrize(
    ("first", "second", "groups"),
    [
        ("<h2>Codes, Part 1</h2>", "<h2>Codes, Part 2</h2>", 1),
        ("<h2>Codes</h2>", "<h2>Codes (continued)</h2>", 1),
        ("<h2>Codes</h2><h3>A</h3>", "<h3>B</h3>", 1),
        ("<h2>Codes</h2><h3>A-C</h3>", "<h3>D-F</h3>", 1),
        ("<h2>Codes</h2>", "<p>and more</p>", 1),
        ("<h2>Fruits</h2>", "<h2>Trees</h2>", 2),
    ],
)
def test_tables_continue_one_another_by_their_headings(first: str, second: str, groups: int) -> None:
    html = f"<html><body>{first}{as_html(PARTS[0])}{second}{as_html(PARTS[1])}</body></html>"
    tables = page_tables(read_page(html.encode(), "page.html"))
    assert len(tables) == 2
    assert len(grouped(tables)) == groups
    conversion = converted(html)
    assert codes_of(conversion) == [["A", "B"]]
    assert ("TAB028" in found_codes(conversion)) == (groups == 2)


def test_tables_of_other_columns_are_joined_with_a_finding() -> None:
    html = as_html(PARTS[0]) + as_html([["Code", "Name", "Note"], ["B", "Banana", "ripe"]])
    conversion = converted(html)
    assert codes_of(conversion) == [["A", "B"]]
    (finding,) = [f for f in conversion.findings if f.code == "TAB028"]
    assert "table 1, table 2" in finding.message


TWO_TABLES = "<h2>Grades of leaves</h2>" + as_html(PARTS[0]) + "<h2>Colours of cups</h2>" + as_html(PARTS[1])


def test_two_systems_get_no_concepts_that_nobody_assigned() -> None:
    conversion = converted(TWO_TABLES, TWO % (b"", b""))
    assert codes_of(conversion) == [[], []]
    errors = [f for f in conversion.findings if f.code == "TAB029"]
    assert [f.severity.value for f in errors] == ["error", "error"]
    assert 'heading = "Colours of cups"' in errors[1].hint
    left = {piece.text: piece.note for piece in conversion.coverage.leftovers}
    assert left["Banana"] == "stands in a code table that is not used"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (b'concepts.heading = "Grades of leaves"', b'[system.concepts]\nheading = "Colours of cups"'),
        (b"concepts.tables = [1]", b"concepts.tables = [2]"),
    ],
)
def test_a_sidecar_gives_each_system_its_table(first: bytes, second: bytes) -> None:
    conversion = converted(TWO_TABLES, TWO % (first, second))
    assert codes_of(conversion) == [["A"], ["B"]]
    assert not [f for f in conversion.findings if f.code.startswith("TAB0") and f.severity.value == "error"]


def test_headings_that_are_the_names_of_the_systems_assign_the_tables() -> None:
    html = TWO_TABLES.replace("Grades of leaves", "Codes of the Tea Grades").replace(
        "Colours of cups", "Tea colours"
    )
    assert codes_of(converted(html, TWO % (b"", b""))) == [["A"], ["B"]]


def test_a_table_that_one_system_takes_is_not_the_others() -> None:
    conversion = converted(TWO_TABLES, TWO % (b"concepts.tables = [2]", b""))
    assert codes_of(conversion) == [["B"], []]
    assert found_codes(conversion).count("TAB029") == 1


def test_a_heading_that_is_not_there_is_an_error_that_names_those_that_are() -> None:
    conversion = converted(TWO_TABLES, SIDECAR + b'[concepts]\nheading = "Grade of leaves"\n')
    (finding,) = [f for f in conversion.findings if f.code == "TAB030"]
    assert "table 1 ('Grades of leaves'), table 2 ('Colours of cups')" in finding.message
    assert finding.place is not None
    assert finding.place.line == 5
    assert codes_of(conversion) == [[]]


def test_a_sidecar_chooses_among_the_tables_of_one_system() -> None:
    conversion = converted(TWO_TABLES, SIDECAR + b"[concepts]\ntables = [2]\n")
    assert codes_of(conversion) == [["B"]]
    assert "TAB031" in found_codes(conversion)


def test_what_is_of_one_system_cannot_be_said_of_all() -> None:
    conversion = converted(TWO_TABLES, b"[concepts]\ntables = [1]\n" + TWO % (b"", b""))
    (finding,) = [f for f in conversion.findings if f.code == "SID010"]
    assert "concepts.tables" in finding.message
    assert conversion.resources == ()


OTHERS = {
    "history": [["Date", "Action", "Author"], ["2020-01-01", "create", "A. Nobody"]],
    "identifiers": [["Type", "Value", "Preferred"], ["OID", "2.999.17", "true"]],
    "links": [["Name", "Description"], ["Our wiki", "all about tea"]],
    "facts": [["Name", "Value"], ["Owner", "Tea Board"], ["Shelf", "12"]],
    "addresses": [["Id", "Name"], ["http://tea.example/a", "Tea A"], ["http://tea.example/b", "Tea B"]],
    "properties": [["Code", "URI", "Type", "Description"], ["status", "http://x.example/s", "code", "State"]],
    "filters": [["Code", "Description", "Operators", "Value"], ["concept", "by code", "= in", "a code"]],
    "filters of one operator": [
        ["Code", "Description", "operator", "Value"],
        ["concept", "by code", "=", "a code"],
    ],
    "filters, a plural in brackets": [["Code", "Operator(s)", "Value"], ["concept", "=", "a code"]],
    "expansion": [["Code", "System", "Display"], ["a", "http://x.example", "A"]],
    "prose": [["Code", "Description"], ["x " * 80, "text"], ["y " * 90, "text"]],
    "empty": [["Code", "Description"]],
}


@pytest.mark.parametrize("rows", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("rendering", RENDERINGS, ids=lambda rendering: rendering.__name__)
def test_a_table_that_only_looks_like_a_code_table_is_none(rows: list[list[str]], rendering: Any) -> None:
    assert page_tables(read_page(page_with(rendering, rows), "page")) == []


def test_a_sidecar_can_say_that_it_is_one_all_the_same() -> None:
    sidecar = SIDECAR + b'[concepts.columns]\n"Value" = "code"\n"Name" = "display"\n'
    assert codes_of(converted(as_html(OTHERS["facts"]), sidecar)) == [["Tea Board", "12"]]


def test_cells_that_stand_in_several_rows_belong_to_each_of_them() -> None:
    html = (
        "<table><tr><th>Group</th><th>Code</th><th>Name</th></tr>"
        "<tr><td rowspan=2>leaf</td><td>A</td><td>Apple</td></tr><tr><td>B</td><td>Banana</td></tr>"
        "<tr><td>root</td><td>C</td><td>Carrot</td></tr></table>"
    )
    (concepts,) = concepts_of(converted(html))
    assert [(c["code"], c["display"], c["property"][0]["valueString"]) for c in concepts] == [
        ("A", "Apple", "leaf"),
        ("B", "Banana", "leaf"),
        ("C", "Carrot", "root"),
    ]


def test_a_row_that_is_one_cell_from_side_to_side_is_no_concept() -> None:
    html = as_html(TEAS).replace("<tr><td>007", "<tr><td colspan=3>Other teas</td></tr><tr><td>007")
    conversion = converted(html)
    assert codes_of(conversion) == [["OP", "BOP", "007"]]
    assert [piece.note for piece in conversion.coverage.leftovers if piece.text == "Other teas"] == [
        "stands in a code table, but in no row or column that gives concepts"
    ]


def test_a_header_that_is_printed_again_is_a_label() -> None:
    conversion = converted(as_html([*TEAS[:2], TEAS[0], *TEAS[2:]]))
    assert codes_of(conversion) == [["OP", "BOP", "007"]]
    assert conversion.coverage.leftovers == ()


def test_names_in_further_languages_join_the_concepts_of_the_table_above() -> None:
    names = [
        ["Code", "Deutsch (German, de)", "fr"],
        ["OP", "Orangen-Pekoe", "Pekoe orange"],
        ["007", "Staub", ""],
    ]
    conversion = converted(as_html(TEAS) + "<p>Additional Language Displays</p>" + as_html(names))
    (concepts,) = concepts_of(conversion)
    assert [concept.get("designation") for concept in concepts] == [
        [{"language": "de", "value": "Orangen-Pekoe"}, {"language": "fr", "value": "Pekoe orange"}],
        None,
        [{"language": "de", "value": "Staub"}],
    ]
    used = [piece.elements for piece in conversion.coverage.pieces if piece.text == "Staub"]
    assert used == [("CodeSystem/TeaGrades CodeSystem.concept[2].designation[0].value",)]


def test_a_code_table_that_spreads_beyond_all_bounds_is_refused() -> None:
    wide = "".join(f"<th rowspan=60000>h{n}</th>" for n in range(190))
    html = f"<table><tr><th>Code</th><th>Name</th>{wide}</tr>" + "<tr><td>a<td>b</tr>" * 9000 + "</table>"
    assert found_codes(converted(html)) == ["PAG007"]


def test_codes_of_an_identifier_system_are_reported_as_lost() -> None:
    conversion = converted(as_html(TEAS), SIDECAR + b'kind = "identifier"\n')
    assert [r.type for r in conversion.resources] == ["NamingSystem"]
    assert "TAB035" in found_codes(conversion)


def test_a_code_with_what_may_be_the_mark_of_a_note_is_told() -> None:
    page = as_html([["Code", "Display"], ["A<sup>1</sup>", "10<sup>9</sup>/L"], ["B", "b<sup>2</sup>"]])
    made = converted(page.replace("&lt;", "<").replace("&gt;", ">"))
    assert concepts_of(made) == [
        [{"code": "A¹", "display": "10⁹/L"}, {"code": "B", "display": "b²"}],
    ]
    assert [(each.code, each.message) for each in made.findings if each.code == "TAB054"] == [
        ("TAB054", "row 2: the code 'A¹' ends in '¹', which may be the mark of a note")
    ]
