from __future__ import annotations

from typing import Any

import pytest

from checks.samples import broken, code_system, naming_system
from termsmith.checks.rules.work_groups import RULES

CODES = {rule.code for rule in RULES}
URL = "http://hl7.org/fhir/CodeSystem/tea"
PAGE = "http://www.hl7.org/Special/committees/Vocab"


def of_hl7(*groups: str, url: str = URL, page: str = PAGE, **changes: Any) -> dict[str, Any]:
    extension = "http://hl7.org/fhir/StructureDefinition/structuredefinition-wg"
    return code_system(
        url=url,
        extension=[{"url": extension, "valueCode": group} for group in groups],
        contact=[{"name": "Desk"}, {"telecom": [{"system": "url", "value": page}]}],
        **{"publisher": "HL7 International / Terminology Infrastructure", **changes},
    )


def found(resource: dict[str, Any], version: str = "R4") -> list[tuple[str, str, str]]:
    return [each for each in broken(resource, version) if each[0] in CODES]


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
def test_a_resource_of_a_work_group_breaks_no_rule(version: str) -> None:
    assert found(of_hl7("vocab"), version) == []
    assert found(of_hl7("vocab", publisher="HL7 International / Vocabulary"), version) == []


def test_one_work_group_is_responsible() -> None:
    assert found(of_hl7("vocab", "fhir", "vocab")) == [
        ("CAN006", "error", "/extension/1"),
        ("CAN006", "error", "/extension/2"),
    ]


@pytest.mark.parametrize("group", ["xyz", "VOCAB", " vocab"])
def test_work_groups_are_those_of_hl7(group: str) -> None:
    assert found(of_hl7(group)) == [("CAN007", "error", "/extension/0/valueCode")]


@pytest.mark.parametrize(
    ("publisher", "severity", "place"),
    [
        ("HL7 International / Pharmacy", "error", "/publisher"),
        ("HL7/Vocabulary", "error", "/publisher"),
        ("HL7 International", "warning", "/publisher"),
        (None, "warning", ""),
    ],
)
def test_the_publisher_is_the_work_group(publisher: str | None, severity: str, place: str) -> None:
    assert found(of_hl7("vocab", publisher=publisher)) == [("CAN008", severity, place)]


@pytest.mark.parametrize("page", ["https://tea.example.net/", PAGE.replace("http:", "https:")])
def test_the_page_of_the_work_group_is_among_the_contacts(page: str) -> None:
    assert found(of_hl7("vocab", page=page)) == [("CAN009", "warning", "")]


def test_resources_of_others_and_odd_parts_are_left_alone() -> None:
    assert found(of_hl7("xyz", "abc", url="https://tea.example.net/", publisher="Tea/Board")) == []
    assert (
        found(naming_system(url=URL, extension=["x", {"url": 7}, {"valueCode": []}], contact=["x"]), "R5")
        == []
    )
    odd = of_hl7("vocab") | {"contact": [{"telecom": "x"}, {"telecom": [7, {"system": []}]}], "publisher": 7}
    assert [code for code, _, _ in found(odd)] == ["CAN008", "CAN009"]
