from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.samples import TODAY, broken, code_system, hits_of, metadata_record, naming_system
from termsmith.checks.rule import Profile
from termsmith.checks.rules.canonical import RULES
from termsmith.checks.subject import Subject

CODES = {rule.code for rule in RULES}
CARRIERS = {
    "cross-version": "http://hl7.org/fhir/5.0/StructureDefinition/extension-NamingSystem.version",
    "artifact": "http://hl7.org/fhir/StructureDefinition/artifact-version",
    "old THO": "http://terminology.hl7.org/StructureDefinition/ext-namingsystem-version",
}


def standards_status(code: str) -> list[dict[str, Any]]:
    return [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status",
            "valueCode": code,
        }
    ]


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
def test_good_resources_break_no_rule(version: str) -> None:
    for resource in (naming_system(version), code_system(), metadata_record()):
        found = broken(resource, version, Profile.PUBLICATION)
        assert [each for each in found if each[0] in CODES] == []


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
@pytest.mark.parametrize(
    "name",
    ["tea", "1Tea", "Tea Grades", "Tea-Grades", "Te\u00e4", "_Tea", "Tea!", "tea With Capitals", "T" * 256],
)
def test_a_name_is_an_identifier(name: str, version: str) -> None:
    assert hits_of("INV020", naming_system(version, name=name), version) == [("warning", "/name")]
    assert hits_of("INV045", code_system(name=name), version) == [("warning", "/name")]


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
@pytest.mark.parametrize("name", ["Te", "TeaGrades_2", "T" * 255])
def test_good_names_pass(name: str, version: str) -> None:
    assert hits_of("INV020", naming_system(version, name=name), version) == []


@pytest.mark.parametrize(("version", "hits"), [("R4", 0), ("R4B", 0), ("R5", 1)])
def test_one_letter_is_a_name_before_r5_only(version: str, hits: int) -> None:
    assert len(hits_of("INV045", code_system(name="T"), version)) == hits


@pytest.mark.parametrize("mark", ["|", "#"])
def test_a_url_has_no_marks_of_references_from_r5_on(mark: str) -> None:
    resource = code_system(url=f"https://tea.example.net/{mark}grades")
    assert hits_of("INV021", resource, "R5") == [("warning", "/url")]
    assert hits_of("INV021", resource, "R4") == []


@pytest.mark.parametrize(
    ("standards", "status", "expected"),
    [
        ("draft", "active", ["CAN001"]),
        ("draft", "draft", []),
        ("normative", "draft", ["CAN001"]),
        ("normative", "active", []),
        ("trial-use", "draft", ["CAN002"]),
        ("trial-use", "active", []),
        ("trial-use", "retired", ["CAN001"]),
        ("informative", "draft", []),
        ("informative", "retired", ["CAN002"]),
        ("external", "retired", ["CAN002"]),
        ("deprecated", "active", ["CAN001"]),
        ("deprecated", "retired", []),
        ("withdrawn", "draft", ["CAN001"]),
        ("unknown to us", "draft", []),
    ],
)
def test_status_goes_with_standards_status(standards: str, status: str, expected: list[str]) -> None:
    for resource in (
        code_system(status=status, extension=standards_status(standards)),
        naming_system(status=status, extension=standards_status(standards)),
    ):
        found = [(code, pointer) for code, _, pointer in broken(resource) if code in CODES]
        assert found == [(code, "/status") for code in expected]


def test_deprecation_is_not_only_in_words() -> None:
    words = metadata_record(description="This is Deprecated now.")
    assert hits_of("CAN003", words) == [("information", "/description")]
    stated = words | {"status": "retired", "extension": standards_status("deprecated")}
    assert hits_of("CAN003", stated) == []


def test_a_version_has_no_hash() -> None:
    assert hits_of("CAN004", code_system(version="1#2")) == [("warning", "/version")]
    assert hits_of("CAN004", code_system(version="1|2")) == []


@pytest.mark.parametrize("url", CARRIERS.values(), ids=CARRIERS)
def test_a_version_in_an_extension_has_no_hash(url: str) -> None:
    resource = naming_system("R4", extension=[{"url": url, "valueString": "1#2"}])
    assert hits_of("CAN004", resource, "R4") == [("warning", "/extension/0/valueString")]


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://hl7.org/fhir/CodeSystem/tea", True),
        ("http://hl7.org/fhir/sid/tea", False),
        ("http://terminology.hl7.org/CodeSystem/tea", False),
        ("https://tea.example.net/grades", False),
    ],
)
def test_what_hl7_publishes_has_a_work_group(url: str, *, asked: bool) -> None:
    resource = code_system(url=url)
    expected = [("error", "")] if asked else []
    assert hits_of("CAN005", resource, "R5", Profile.PUBLICATION) == expected
    assert hits_of("CAN005", resource, "R5") == []
    resource["extension"] = [
        {"url": "http://hl7.org/fhir/StructureDefinition/structuredefinition-wg", "valueCode": "vocab"}
    ]
    assert hits_of("CAN005", resource, "R5", Profile.PUBLICATION) == []


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["url", "valueCode"]), inner),
    max_leaves=4,
)


@given(
    st.dictionaries(
        st.sampled_from(["url", "name", "status", "version", "description", "extension"]), anything
    )
)
def test_no_json_makes_a_rule_raise(changes: dict[str, object]) -> None:
    for version in ("R4", "R4B", "R5"):
        subject = Subject({**naming_system(version), **changes}, version=version, today=TODAY)
        for rule in RULES:
            for found in rule.check(subject):
                rule.message.format(**found.facts)
