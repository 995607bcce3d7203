from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import termsmith

if TYPE_CHECKING:
    from pathlib import Path

    from termsmith.model.result import Conversion

HEAD = 'canonical_url = "http://tea.example/codes"\ntitle = "Codes of Tea"\nshort_name = "TeaCodes"\nstatus = "active"\n'
TABLE = "Code,Name\nA,a\nB,b\n"


def converted(folder: Path, sidecar: str = "", table: str = TABLE, **options: Any) -> Conversion:
    """Convert a table with a sidecar."""
    (folder / "tea.csv").write_text(table, encoding="utf-8")
    return termsmith.convert(folder / "tea.csv", sidecar=f"{HEAD}[concepts]\n{sidecar}".encode(), **options)


def resource(conversion: Conversion, kind: str = "CodeSystem") -> dict[str, Any]:
    """Return the resource of a kind."""
    found = [each for each in conversion.to_dicts() if each["resourceType"] == kind]
    assert len(found) == 1, [f"{each.code} {each.message}" for each in conversion.findings]
    return found[0]


def test_content_is_complete_only_where_that_is_stated(tmp_path: Path) -> None:
    conversion = converted(tmp_path)
    made = resource(conversion)
    assert (made["content"], made.get("count")) == ("fragment", None)
    assert "TAB023" in [each.code for each in conversion.findings]
    conversion = converted(tmp_path, 'content = "complete"\n')
    made = resource(conversion)
    assert (made["content"], made["count"]) == ("complete", 2)
    assert "TAB023" not in [each.code for each in conversion.findings]


def test_a_count_of_the_whole_system_is_taken_from_the_sidecar(tmp_path: Path) -> None:
    made = resource(converted(tmp_path, 'content = "fragment"\ncount = 300\n'))
    assert (made["content"], made["count"]) == ("fragment", 300)


def test_hierarchy_meaning_and_value_set_are_stated(tmp_path: Path) -> None:
    made = resource(
        converted(tmp_path, 'hierarchy_meaning = "part-of"\nvalue_set = "http://tea.example/all"\n')
    )
    assert (made["hierarchyMeaning"], made["valueSet"]) == ("part-of", "http://tea.example/all")
    assert "ValueSet" not in [each["resourceType"] for each in converted(tmp_path).to_dicts()]


def test_a_supplement_has_no_naming_system_and_no_case(tmp_path: Path) -> None:
    conversion = converted(
        tmp_path,
        'supplements = "http://tea.example/base|1"\n[concepts.columns]\nCode = "code"\nName = "designation:de"\n',
    )
    made = resource(conversion)
    assert (made["content"], made["supplements"]) == ("supplement", "http://tea.example/base|1")
    assert made["concept"][0] == {"code": "A", "designation": [{"language": "de", "value": "a"}]}
    assert "caseSensitive" not in made
    assert "count" not in made
    assert "TAB011" not in {each.code for each in conversion.findings}
    assert [each["resourceType"] for each in conversion.to_dicts()] == ["CodeSystem"]


@pytest.mark.parametrize("fhir_version", ["R4", "R4B", "R5"])
def test_the_value_set_of_all_codes_is_written_on_demand(tmp_path: Path, fhir_version: str) -> None:
    conversion = converted(
        tmp_path,
        'content = "complete"\nvalue_set = "http://tea.example/all|2"\nall_codes_value_set = true\n',
        fhir_version=fhir_version,
    )
    made = resource(conversion, "ValueSet")
    assert made["url"] == "http://tea.example/all"
    assert made["version"] == "2"
    assert made["compose"] == {"include": [{"system": resource(conversion)["url"]}]}
    assert made["status"] == "active"
    assert conversion.resources[-1].model is not None
    elements = {
        each.element.split(".")[1].partition("[")[0]
        for each in conversion.evidence
        if each.resource == "ValueSet/TeaCodes"
    }
    assert elements == set(made) - {"resourceType"}
    report = termsmith.check(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": each} for each in conversion.to_dicts()],
        }
    )
    assert [
        each
        for each in report.findings
        if "valueSet" in (each.element or "") and each.severity.value != "information"
    ] == []


def test_a_value_set_without_its_url_is_an_error(tmp_path: Path) -> None:
    conversion = converted(tmp_path, "all_codes_value_set = true\n")
    assert "TAB049" in [each.code for each in conversion.findings]
    assert "ValueSet" not in [each["resourceType"] for each in conversion.to_dicts()]


@pytest.mark.parametrize(
    "wrong",
    [
        'value_set = "no url"',
        'supplements = "x y"',
        'columns = { Code = "banana" }',
        'hierarchy = "up"',
        "count = -1",
    ],
)
def test_wrong_words_in_the_sidecar_are_told(tmp_path: Path, wrong: str) -> None:
    assert [each.code for each in converted(tmp_path, wrong).findings] == ["SID010"]


def test_declarations_come_with_evidence_of_their_columns(tmp_path: Path) -> None:
    conversion = converted(tmp_path, table="Code,Name,Colour\nA,a,red\n")
    assert resource(conversion)["property"] == [{"code": "colour", "description": "Colour", "type": "string"}]
    found = {each.element for each in conversion.evidence if each.element.startswith("CodeSystem.property")}
    assert found == {
        "CodeSystem.property[0].code",
        "CodeSystem.property[0].description",
        "CodeSystem.property[0].type",
    }
