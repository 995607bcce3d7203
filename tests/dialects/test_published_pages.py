"""Pages of HL7's IG Publisher, in the wordings and shapes that were seen."""

from __future__ import annotations

from typing import Any

import pytest

from termsmith.conversion import convert_page
from termsmith.settings import Settings

HEADER = """<html><body><h2>CodeSystem: Tea Grades</h2><table>
<tr><td><i>Official URL</i>: http://tea.example/CodeSystem/tea</td><td><i>Version</i>: 2.0.0</td></tr>
<tr><td>{status}</td><td><i>Responsible:</i> {responsible}</td><td><i>Computable Name</i>: TeaGrades</td></tr>
<tr><td colspan="3"><i>Other Identifiers:</i> {other}</td></tr></table>
<p>Grades of tea.</p>{content}
<h3>History</h3><table><tr><td>Date</td><td>Action</td><td>Author</td></tr>
<tr><td>2020-01-01</td><td>create</td><td>A. Nobody</td></tr></table></body></html>"""
USUAL = {
    "status": "Active as of 2020-11-03",
    "responsible": "Tea Board",
    "other": "OID:2.999.17",
    "content": "",
}
TABLE = "<table><tr><td>Code</td><td>Display</td></tr><tr><td>a</td><td>Aa</td></tr></table>"


def converted(page: str) -> Any:
    return convert_page(page.encode(), "page", Settings(), today="2026-01-31")


def code_system(**parts: str) -> Any:
    conversion = converted(HEADER.format(**{**USUAL, **parts}))
    assert conversion.dialect == "D4"
    assert [piece.text for piece in conversion.coverage.leftovers] == []
    (found,) = [r.data for r in conversion.resources if r.type == "CodeSystem"]
    return found


@pytest.mark.parametrize(
    "other",
    [
        "OID:2.999.17",
        ": urn:oid:2.999.17",
        "id: urn:oid:2.999.17",
        "urn:ietf:rfc:3986#Uniform Resource Identifier (URI)#urn:oid:2.999.17",
        "2.999.17 (for OID based terminology systems)",
        "OID:2.999.17, urn:oid:2.999.17",
    ],
)
def test_the_oid_is_told_in_all_its_wordings(other: str) -> None:
    assert code_system(other=other)["identifier"] == [
        {"system": "urn:ietf:rfc:3986", "value": "urn:oid:2.999.17"}
    ]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Active as of 2020-11-03", ("active", "2020-11-03")),
        ("Active as of 11/3/20", ("active", "2020-11-03")),
        ("Retired as of 2020-11-03T00:00:00-04:00", ("retired", "2020-11-03")),
        ("Draft as of Nov 3, 2020", ("draft", "2020-11-03")),
    ],
)
def test_status_and_date_stand_together(status: str, expected: tuple[str, str]) -> None:
    found = code_system(status=status)
    assert (found["status"], found["date"]) == expected


def test_a_body_that_is_to_be_determined_is_none() -> None:
    found = code_system(responsible="TBD - External Body")
    assert "publisher" not in found
    assert found["description"] == "Grades of tea."


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "This case-sensitive code system <code>http://x.example</code> defines the following code:",
            (True, "complete", None),
        ),
        (
            "This case-insensitive code system http://x.example defines the following codes in an Is-A heirarchy:",
            (False, "complete", "is-a"),
        ),
        (
            "This code system http://x.example defines the following codes in a Grouped By hierarchy:",
            (True, "complete", "grouped-by"),
        ),
        (
            "This case-sensitive code system defines the following codes in an undefined heirarchy:",
            (True, "complete", None),
        ),
        (
            (
                " This case-sensitive code system <code>http://x.example</code> provides <b>a fragment</b> that includes "
                "following codes in a Classified With heirarchy:"
            ),
            (True, "fragment", "classified-with"),
        ),
        (
            (
                "This code system <code>http://x.example</code> provides some codes in a Part Of hierarchy "
                "<b>that are example only</b>:"
            ),
            (True, "example", "part-of"),
        ),
    ],
)
def test_a_sentence_tells_content_case_and_hierarchy(
    sentence: str, expected: tuple[bool, str, str | None]
) -> None:
    found = code_system(content=f"<p>{sentence}</p>{TABLE}")
    assert (found["caseSensitive"], found["content"], found.get("hierarchyMeaning")) == expected
    assert [concept["code"] for concept in found["concept"]] == ["a"]


@pytest.mark.parametrize(
    "sentence",
    [
        "This code system http://x.example defines many codes, but they are not represented here",
        (
            "This case-sensitive code system http://x.example defines codes in an Is-A heirarchy, but no codes are "
            "represented here"
        ),
    ],
)
def test_codes_that_are_elsewhere_are_said_to_be_so(sentence: str) -> None:
    found = code_system(content=f"<p>{sentence}</p>")
    assert (found["content"], "concept" in found) == ("not-present", False)


def test_a_table_on_a_page_that_lists_no_codes_is_not_used() -> None:
    page = HEADER.format(
        **{
            **USUAL,
            "content": f"<p>This code system defines many codes, but they are not represented here</p>{TABLE}",
        }
    )
    conversion = converted(page)
    assert "concept" not in conversion.to_dicts()[1]
    assert [f.code for f in conversion.findings if f.code.startswith("TAB")] == ["TAB036"]


def test_codes_that_are_promised_but_not_there_are_missed() -> None:
    conversion = converted(
        HEADER.format(**{**USUAL, "content": "<p>This code system defines the following codes:</p>"})
    )
    assert conversion.to_dicts()[1]["content"] == "not-present"
    assert "TAB034" in [f.code for f in conversion.findings]


def test_a_column_whose_header_is_the_name_of_a_property_has_its_code() -> None:
    table = (
        "<table><tr><td>Name</td><td>Code</td><td>URI</td><td>Type</td></tr>"
        "<tr><td>Hours of steeping</td><td>steep</td><td>http://tea.example/steep</td><td>integer</td></tr>"
        "<tr><td>Unused</td><td>unused</td><td></td><td>string</td></tr></table>"
        "<table><tr><td>Code</td><td>Display</td><td>Hours of steeping</td></tr>"
        "<tr><td>a</td><td>Aa</td><td>3</td></tr></table>"
    )
    found = code_system(content=table)
    assert found["property"] == [
        {"code": "steep", "uri": "http://tea.example/steep", "type": "integer"},
        {"code": "unused", "type": "string"},
    ]
    assert found["concept"][0]["property"] == [{"code": "steep", "valueInteger": 3}]


ROWS = [
    ("Defining URL:", "http://tea.example/CodeSystem/tea"),
    ("Version:", "2.0.0"),
    ("Name:", "TeaGrades"),
    ("Title:", "Tea Grades"),
    ("Status:", "Active as of 11/3/20"),
    ("Definition:", "Grades of tea."),
    ("Publisher:", "Tea Board"),
    ("Content:", "Not Present: None of the concepts defined by the code system are included in the resource"),
    ("OID:", "2.999.17 (for OID based terminology systems)"),
    ("Copyright:", "Tea Board 2020"),
    ("Source Resource:", "XML / JSON"),
]


@pytest.mark.parametrize(
    "joint", ["\n\n", "\n", " ", "", "\t"], ids=["para", "lines", "blank", "glued", "tab"]
)
def test_a_summary_is_read_in_every_shape_of_copied_text(joint: str) -> None:
    page = "CodeSystem: Tea Grades\n\n" + "\n\n".join(f"{label}{joint}{value}" for label, value in ROWS)
    conversion = converted(page)
    found = conversion.to_dicts()[1]
    assert {name: found.get(name) for name in ("url", "version", "name", "title", "status", "date")} == {
        "url": "http://tea.example/CodeSystem/tea",
        "version": "2.0.0",
        "name": "TeaGrades",
        "title": "Tea Grades",
        "status": "active",
        "date": "2020-11-03",
    }
    assert (found["description"], found["publisher"], found["copyright"], found["content"]) == (
        "Grades of tea.",
        "Tea Board",
        "Tea Board 2020",
        "not-present",
    )
    assert found["identifier"][0]["value"] == "urn:oid:2.999.17"
    assert [piece.text for piece in conversion.coverage.leftovers] == []


IDENTIFIERS = {
    "tabs": "Type\tValue\tPreferred\tPeriod\tComment\nOID\t2.999.17\ttrue\t\t\n"
    "URI\thttp://tea.example/grades\ttrue\t2021-08-18 --> (ongoing)\tOfficial.\n",
    "blanks": "Type Value Preferred Period Comment\nOID 2.999.17 true\n"
    "URI http://tea.example/grades true 2021-08-18 --> (ongoing) Official.\n",
    "glued": "TypeValuePreferredPeriodComment\nOID2.999.17true\n"
    "URIhttp://tea.example/gradestrue2021-08-18 --> (ongoing)Official.\n",
}


@pytest.mark.parametrize("rows", IDENTIFIERS.values(), ids=IDENTIFIERS)
def test_the_identifiers_of_a_naming_system_are_read_in_copied_text(rows: str) -> None:
    conversion = converted(
        "NamingSystem: Tea Grades\n\nOfficial URL: http://tea.example/NamingSystem/tea Version: 1.0.0\n"
        f"Active as of 2021-08-18 Computable Name: TeaGrades\n\nGrades of tea.\n\nIdentifiers\n\n{rows}"
    )
    assert conversion.dialect == "D4-naming-system"
    naming_system = conversion.to_dicts()[0]
    assert naming_system["uniqueId"] == [
        {
            "type": "uri",
            "value": "http://tea.example/grades",
            "preferred": True,
            "comment": "Official.",
            "period": {"start": "2021-08-18"},
        },
        {"type": "oid", "value": "2.999.17", "preferred": True},
    ]
    assert naming_system["id"] == "tea"
    assert [piece.text for piece in conversion.coverage.leftovers] == []


def test_an_identifier_that_is_not_preferred_is_not_made_so() -> None:
    page = (
        "<html><body><h2>NamingSystem: Tea</h2><table><tr><td>Defining URL</td>"
        "<td>http://tea.example/NamingSystem/tea</td></tr><tr><td>Version</td><td>1</td></tr>"
        "<tr><td>Name</td><td>Tea</td></tr></table><table><tr><td>Type</td><td>Value</td><td>Preferred</td></tr>"
        "<tr><td>OID</td><td>2.999.1</td><td>false</td></tr><tr><td>URI</td><td>http://tea.example</td>"
        "<td>true</td></tr><tr><td>UUID</td><td>53fefa32-fcbb-4ff8-8a92-55ee120877b7</td><td>false</td></tr>"
        "<tr><td>Kind</td><td>x</td><td>true</td></tr></table></body></html>"
    )
    conversion = converted(page)
    assert [(u["type"], u["preferred"]) for u in conversion.to_dicts()[0]["uniqueId"]] == [
        ("uri", True),
        ("oid", False),
        ("uuid", False),
    ]
    assert [piece.text for piece in conversion.coverage.leftovers] == ["Kind", "x", "true"]


def test_pages_of_other_resources_are_not_taken_for_code_systems() -> None:
    page = (
        HEADER.format(**USUAL).replace("CodeSystem: Tea", "ValueSet: Tea").replace("CodeSystem/", "ValueSet/")
    )
    assert converted(page).dialect is None


def test_identifiers_of_types_that_r5_added_are_read() -> None:
    rows = (
        "OID 2.999.17 true\niri-stem http://tea.example/rdf/ true\nIRI stem http://tea.example/old/ false\n"
    )
    conversion = converted(
        "NamingSystem: Tea Grades\n\nOfficial URL: http://tea.example/NamingSystem/tea Version: 1.0.0\n"
        "Active as of 2021-08-18 Computable Name: TeaGrades\n\nGrades of tea.\n\nIdentifiers\n\n"
        f"Type Value Preferred\n{rows}"
    )
    assert [(u["value"], u["preferred"], u.get("comment")) for u in conversion.to_dicts()[0]["uniqueId"]] == [
        ("2.999.17", True, None),
        ("http://tea.example/rdf/", True, "iri-stem"),
        ("http://tea.example/old/", False, "iri-stem"),
    ]
    assert conversion.coverage.leftovers == ()
