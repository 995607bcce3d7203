"""Pages that explain how to use a terminology."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from growth import grows_with_size

from termsmith.conversion import convert_page
from termsmith.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from termsmith.model.result import Conversion

ROWS = {
    "Source": "Made available by the Tea Board",
    "System": "The URI http://tea.example identifies tea codes",
    "Version": "None defined",
    "Code": "Four letters",
    "Display": "The name",
    "Inactive": "None defined",
    "Subsumption": "None defined",
    "Filter Properties": "None are described yet",
}


def page(chapters: str = "", **rows: str) -> str:
    stated = ROWS | {label.replace("_", " "): value for label, value in rows.items()}
    cells = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in stated.items())
    return (
        "<html><body><h3>Using TeaCodes with FHIR</h3><h4>Summary</h4>"
        f"<table>{cells}</table>{chapters}</body></html>"
    )


def convert(text: str, name: str = "page.html", **settings: Any) -> Conversion:
    return convert_page(text.encode(), name, Settings(**settings), today="2026-01-31")


def code_system(conversion: Conversion) -> dict[str, Any]:
    (made,) = (each for each in conversion.to_dicts() if each["resourceType"] == "CodeSystem")
    return made


def codes(conversion: Conversion) -> list[str]:
    return [each.code for each in conversion.findings]


@pytest.mark.parametrize(
    ("sentence", "uri"),
    [
        ("The URI http://tea.example identifies tea codes", "http://tea.example"),
        ("The URI to identify tea codes is http://tea.example/v.", "http://tea.example/v"),
        ("The URI for the tea codes is <code>urn:x-tea:codes</code>", "urn:x-tea:codes"),
        ("http://tea.example", "http://tea.example"),
    ],
)
def test_a_sentence_states_the_uri(sentence: str, uri: str) -> None:
    assert code_system(convert(page(System=sentence)))["url"] == uri


@pytest.mark.parametrize("value", ["2.999.3", "urn:oid:2.999.3", "The OID 2.999.3 identifies tea codes"])
def test_an_oid_stands_in_a_row_of_its_own(value: str) -> None:
    assert code_system(convert(page(OID=value)))["identifier"][0]["value"] == "urn:oid:2.999.3"


def test_a_sentence_that_no_pattern_knows_identifies_nothing() -> None:
    conversion = convert(page(System="Ask the desk, not http://tea.example, for the URI"))
    assert conversion.resources == ()
    assert "REC020" in codes(conversion)


def test_words_around_the_uri_that_no_pattern_knows_are_kept() -> None:
    conversion = convert(
        page(System="The URI http://tea.example identifies codes, but only of leaves; beware")
    )
    assert [piece.text for piece in conversion.coverage.leftovers] == ["codes, but only of leaves; beware"]


@pytest.mark.parametrize(
    ("sentence", "stated"),
    [
        ("Tea codes are not case sensitive.", False),
        ("Codes may be long. Comparisons are case insensitive", False),
        ("Valid expressions use case sensitive symbols", True),
        ("The codes are case-sensitive", True),
        ("Displays are not case sensitive", None),
        ("Four letters", None),
    ],
)
def test_case_matters_as_the_code_row_says(sentence: str, stated: bool | None) -> None:  # noqa: FBT001  a fact
    conversion = convert(page(Code=sentence))
    assert code_system(conversion)["caseSensitive"] is (stated is not False)
    assert ("RES002" in codes(conversion)) == (stated is None)
    assert sentence.rstrip(".") in code_system(conversion)["description"]


def test_case_is_no_matter_of_other_chapters() -> None:
    conversion = convert(page("<h4>Correct display</h4><p>Codes aside, displays are not case sensitive.</p>"))
    assert code_system(conversion)["caseSensitive"] is True
    assert "RES002" in codes(conversion)


def test_statements_that_contradict_are_not_used() -> None:
    conversion = convert(
        page(
            "<h4>Case Sensitivity</h4><p>Codes are case sensitive.</p>", Code="Codes are not case sensitive."
        )
    )
    assert {"REC062", "RES002"} <= set(codes(conversion))


@pytest.mark.parametrize(
    ("sentence", "meaning"),
    [
        ("The hierarchy is one of is-a relations", "is-a"),
        ("Codes below are part-of the code above", "part-of"),
        ("No is-a relations are defined", None),
        ("The hierarchy is the basis for subsumption", None),
    ],
)
def test_the_hierarchy_means_what_the_specification_s_words_say(sentence: str, meaning: str | None) -> None:
    made = code_system(convert(page(Subsumption=sentence)))
    assert made.get("hierarchyMeaning") == meaning
    assert f"Subsumption: {sentence}" in made["description"]


def test_evidence_of_a_statement_is_its_words() -> None:
    conversion = convert(page(Subsumption="The hierarchy is one of is-a relations"))
    (why,) = (each for each in conversion.evidence if each.element == "CodeSystem.hierarchyMeaning")
    assert [span.raw for span in why.spans] == ["The hierarchy is one of is-a"]


@pytest.mark.parametrize(
    ("source", "publisher", "names"),
    [
        ("Published by Tea Board", "Tea Board", ["Tea Board"]),
        ("Developed by the Tea Lab. See http://x.example", "Tea Lab", ["Tea Lab"]),
        (
            'Made available by <a href="https://b.example">Board</a> and <a href="https://g.example">Guild</a>',
            "Board",
            ["Board", "Guild"],
        ),
        ("Made available by Food and Tea Office", "Food and Tea Office", ["Food and Tea Office"]),
        ('<a href="http://home.example">Home page</a>', None, []),
    ],
)
def test_a_source_names_who_is_behind_it(source: str, publisher: str | None, names: list[str]) -> None:
    made = code_system(convert(page(Source=source)))
    assert made.get("publisher") == publisher
    assert [each["name"] for each in made.get("contact", ())] == names


PROPERTIES = "<h4>TeaCodes Properties</h4><table>{rows}</table>"


def declared(*rows: str) -> Conversion:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row.split('|'))}</tr>" for row in rows)
    return convert(page(PROPERTIES.format(rows=body)))


@pytest.mark.parametrize(
    "head", [[], ["Code|Type|Description"], ["Property|Type|Definition"], ["Name|Type|Description"]]
)
def test_properties_are_declared_with_and_without_a_head(head: list[str]) -> None:
    made = code_system(declared(*head, "heat|decimal|How hot", "since|datetime|First brewed"))
    assert made["property"] == [
        {"code": "heat", "description": "How hot", "type": "decimal"},
        {"code": "since", "description": "First brewed", "type": "dateTime"},
    ]
    assert made["content"] == "not-present"


def test_a_property_whose_type_fhir_does_not_have_is_left_over() -> None:
    conversion = declared("Code|Type|Description", "mood|feeling|How it feels", "heat|decimal|How hot")
    assert [each["code"] for each in code_system(conversion)["property"]] == ["heat"]
    (refused,) = (each for each in conversion.findings if each.code == "REC060")
    assert refused.message == "the property 'mood' is not declared: 'feeling' is none of FHIR's types"
    assert {"mood", "feeling", "How it feels"} == {piece.text for piece in conversion.coverage.leftovers}


def test_a_table_in_another_chapter_declares_nothing() -> None:
    conversion = convert(
        page("<h4>Types</h4><table><tr><td>heat</td><td>decimal</td><td>Hot</td></tr></table>")
    )
    assert "property" not in code_system(conversion)
    assert {piece.text for piece in conversion.coverage.leftovers} == {"heat", "decimal", "Hot"}


def test_every_part_of_a_declaration_has_the_words_it_rests_on() -> None:
    conversion = declared("heat|decimal|How hot")
    words = {
        each.element: [span.raw for span in each.spans]
        for each in conversion.evidence
        if each.element.startswith("CodeSystem.property")
    }
    assert words == {
        "CodeSystem.property[0].code": ["heat"],
        "CodeSystem.property[0].type": ["decimal"],
        "CodeSystem.property[0].description": ["How hot"],
    }


def filtered(version: str = "R4", **rows: str) -> Conversion:
    cells = "".join(
        f"<tr><td>{label.replace('_', ' ')}</td><td>{value}</td></tr>" for label, value in rows.items()
    )
    return convert(page(f"<h4>TeaCodes Filters</h4><table>{cells}</table>"), fhir_version=version)


@pytest.mark.parametrize(("version", "operators"), [("R4", ["="]), ("R5", ["=", "child-of"])])
def test_operators_are_those_that_the_release_has(version: str, operators: list[str]) -> None:
    conversion = filtered(
        version, Property_Name="garden", Operations_Allowed="= / child-of / near", Values_Allowed="names"
    )
    assert code_system(conversion)["filter"] == [{"code": "garden", "operator": operators, "value": "names"}]
    unknown = [each.message for each in conversion.findings if each.code == "RES021"]
    assert len(unknown) == 3 - len(operators)


@pytest.mark.parametrize(
    ("missing", "problem"),
    [
        ("Property_Name", "it has no code"),
        ("Operations_Allowed", "it has no operators"),
        ("Values_Allowed", "it has no value"),
    ],
)
def test_a_filter_without_one_of_its_parts_is_left_over(missing: str, problem: str) -> None:
    rows = {"Property_Name": "garden", "Operations_Allowed": "=", "Values_Allowed": "names"}
    conversion = filtered(**{**rows, missing: "—"})
    assert "filter" not in code_system(conversion)
    assert next(each.message for each in conversion.findings if each.code == "REC061").endswith(problem)
    assert {piece.text for piece in conversion.coverage.leftovers} == set(rows.values()) - {rows[missing]}


def test_filters_may_stand_a_row_each() -> None:
    table = (
        "<table><tr><th>Property Name</th><th>Operations Allowed</th><th>Values Allowed</th></tr>"
        "<tr><td>garden</td><td>=</td><td>names</td></tr><tr><td>heat</td><td>in</td><td>degrees</td></tr>"
        "</table>"
    )
    made = code_system(convert(page(f"<h4>Filters</h4>{table}")))
    assert [each["code"] for each in made["filter"]] == ["garden", "heat"]


def test_a_page_without_headings_is_read_by_its_lines() -> None:
    rows = "\n".join(f"| {label} | {value} |" for label, value in ROWS.items())
    conversion = convert(
        f"Using TeaCodes with FHIR\n\nSummary\n\n{rows}\n\nCopyright\n\nFree for use.\n\nTasting\n\nTaste it.\n",
        "page.txt",
    )
    assert code_system(conversion)["copyright"] == "Free for use."
    assert [piece.text for piece in conversion.coverage.leftovers] == ["Taste it."]


def test_the_all_codes_value_set_is_an_element_once_the_content_is_complete(tmp_path: Path) -> None:
    from termsmith import convert as convert_file  # noqa: PLC0415  files, for this test only

    sentence = "The identifier http://tea.example/vs represents a value set that contains all tea codes."
    path = tmp_path / "tea.html"
    path.write_text(page(f"<h4>TeaCodes Value Sets</h4><p>{sentence}</p>"), encoding="utf-8")
    assert "valueSet" not in code_system(convert_file(path))
    (tmp_path / "tea.concepts.csv").write_text("code,display\nA,Assam\n", encoding="utf-8")
    (tmp_path / "tea.toml").write_text('[concepts]\ncontent = "complete"\n', encoding="utf-8")
    made = code_system(convert_file(path))
    assert made["valueSet"] == "http://tea.example/vs"
    assert sentence in made["description"]


def test_hostile_sentences_take_time_in_proportion() -> None:
    def converted(number: int) -> None:
        text = "codes not case URI is identifies by the and " * number
        convert(page(f"<h4>Case Sensitivity</h4><p>{text}</p>", System=text, Source=text, Code=text))

    assert grows_with_size(converted, 1_000, 8_000)


def test_a_page_with_more_parts_than_a_standard_has_is_not_split() -> None:
    def convert_parts(number: int) -> Conversion:
        items = "".join(f"<li>urn:x-tea:{n}: Part {n}, Leaves</li>" for n in range(number))
        return convert(page(System=f"<ul>{items}</ul>"))

    few, many = convert_parts(3), convert_parts(500)
    assert len(few.resources) == 6
    assert many.resources == ()
    assert "REC023" in codes(many)
    assert grows_with_size(convert_parts, 500, 4_000)
