"""References to other resources."""

from __future__ import annotations

from typing import Any

import pytest

from checks.samples import code_system, hits_of, messages_of

ORGANISATION = {"resourceType": "Organization", "id": "o", "name": "Tea Board"}
AT = "/identifier/0/assigner"


def assigned_by(reference: dict[str, Any], *contained: dict[str, Any]) -> dict[str, Any]:
    identifier = {"system": "https://tea.example.net/ids", "value": "1", "assigner": reference}
    return code_system(identifier=[identifier], contained=list(contained) or None)


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
@pytest.mark.parametrize("value", ["#p", "#"])
def test_a_reference_leads_to_something_contained(version: str, value: str) -> None:
    assert hits_of("INV015", assigned_by({"reference": value}, ORGANISATION), version) == [
        ("error", f"{AT}/reference")
    ]
    assert hits_of("INV015", assigned_by({"reference": "#o"}, ORGANISATION), version) == []


def test_an_id_that_begins_with_a_hash_is_told_once() -> None:
    data = assigned_by({"reference": "#o"}, {**ORGANISATION, "id": "#o"})
    assert messages_of("DTY002", data) == ["'#o' is no id: it has the character '#'"]
    assert hits_of("INV002", data) == hits_of("INV015", data) == []


@pytest.mark.parametrize("reference", [{"type": "Organization"}, {"id": "x", "type": "Organization"}])
def test_a_reference_says_something_in_r5(reference: dict[str, Any]) -> None:
    assert hits_of("INV016", assigned_by(reference), "R5") == [("error", AT)]
    assert hits_of("INV016", assigned_by(reference), "R4") == []
    assert hits_of("INV016", assigned_by({**reference, "display": "Tea Board"}), "R5") == []


@pytest.mark.parametrize(
    "reference",
    [
        {"reference": "Patient/1"},
        {"reference": "Patient/1/_history/2"},
        {"reference": "#o"},
        {"reference": "Organization/1", "type": "Patient"},
        {"type": "http://hl7.org/fhir/StructureDefinition/Patient", "display": "A. Nobody"},
    ],
)
def test_an_assigner_is_an_organisation(reference: dict[str, Any]) -> None:
    data = assigned_by(reference, {"resourceType": "Patient", "id": "o"})
    assert hits_of("DTY074", data) == [("error", AT)]
    assert messages_of("DTY074", data) == ["assigner refers to Patient, which can't stand there"]


@pytest.mark.parametrize(
    "reference",
    [
        {"reference": "Organization/1", "type": "Organization"},
        {"reference": "#o"},
        {"reference": "https://tea.example.net/anything"},
        {"reference": "urn:uuid:550e8400-e29b-41d4-a716-446655440000"},
        {"reference": "Banana/1"},
        {"display": "Tea Board"},
    ],
)
def test_what_is_no_other_type_for_certain_passes(reference: dict[str, Any]) -> None:
    data = assigned_by(reference, ORGANISATION)
    assert hits_of("DTY074", data) == hits_of("DTY075", data) == []


def test_a_use_context_refers_to_some_types_and_an_extension_to_any() -> None:
    code = {"system": "http://terminology.hl7.org/CodeSystem/usage-context-type", "code": "venue"}
    patient = {"reference": "Patient/1"}
    data = code_system(useContext=[{"code": code, "valueReference": patient}])
    assert hits_of("DTY074", data) == [("error", "/useContext/0/valueReference")]
    data = code_system(extension=[{"url": "https://tea.example.net/x", "valueReference": patient}])
    assert hits_of("DTY074", data) == []


def test_target_and_type_are_one() -> None:
    data = assigned_by({"reference": "Organization/1", "type": "Patient"})
    assert messages_of("DTY075", data) == ["the reference leads to Organization, but its type is Patient"]


@pytest.mark.parametrize(
    "odd", [7, None, [], {"reference": 7}, {"reference": [], "type": {}}, {"type": "Banana"}]
)
def test_odd_references_break_nothing(odd: Any) -> None:
    data = code_system(identifier=[{"assigner": odd}])
    assert [hits_of(code, data) for code in ("INV015", "DTY074", "DTY075")] == [[], [], []]
