"""Invariants of datatypes; the corpus of tests/agreement has a resource that breaks each, and one that nearly does."""

from __future__ import annotations

from typing import Any

import pytest

from checks.samples import code_system, hits_of, messages_of
from termsmith.checks.checking import faults
from termsmith.checks.rules.datatype_invariants import RULES
from termsmith.checks.subject import Subject
from termsmith.model.exact_decimal import ExactDecimal

URL = "https://tea.example.net/x"
AGE = {"system": "http://terminology.hl7.org/CodeSystem/usage-context-type", "code": "age"}


def used(name: str, value: Any) -> dict[str, Any]:
    return code_system(useContext=[{"code": AGE, name: value}])


def extended(name: str, value: Any) -> dict[str, Any]:
    return code_system(extension=[{"url": URL, name: value}])


def year(value: float, **more: Any) -> dict[str, Any]:
    return {"value": value, "system": "http://unitsofmeasure.org", "code": "a", **more}


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
def test_a_unit_has_a_system_wherever_a_quantity_stands(version: str) -> None:
    wrong = {"value": 5, "code": "a"}
    assert hits_of("INV050", used("valueQuantity", wrong), version) == [
        ("error", "/useContext/0/valueQuantity")
    ]
    assert hits_of("INV050", used("valueRange", {"low": wrong}), version) == [
        ("error", "/useContext/0/valueRange/low")
    ]
    assert hits_of("INV050", extended("valueAge", wrong), version) == [("error", "/extension/0/valueAge")]
    assert messages_of("INV050", used("valueQuantity", wrong), version) == [
        "Quantity: it has code, but no system"
    ]
    assert hits_of("INV050", used("valueQuantity", year(5)), version) == []


@pytest.mark.parametrize(
    ("low", "high", "wrong_in"),
    [
        (year(5), year(3), {"R4", "R4B", "R5"}),
        (year(3), year(3), set()),
        ({"value": 5}, {"value": 3}, {"R4", "R4B"}),  # R5 compares what a unit of UCUM makes comparable
        ({"value": 5, "unit": "kg"}, {"value": 3, "unit": "kg"}, {"R4", "R4B"}),
        (year(5), year(3, code="mo"), set()),  # what a unit is of another we do not know
        (year(5), {"unit": "a"}, set()),
        ({"value": "5"}, {"value": 3}, set()),
    ],
)
@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
def test_a_range_does_not_end_before_it_starts(low: Any, high: Any, wrong_in: set[str], version: str) -> None:
    expected = [("error", "/useContext/0/valueRange")] if version in wrong_in else []
    assert hits_of("INV051", used("valueRange", {"low": low, "high": high}), version) == expected


def test_a_document_in_r5_has_a_content_type() -> None:
    data = code_system(relatedArtifact=[{"type": "documentation", "document": {"data": "YWJj"}}])
    assert hits_of("INV052", data, "R5") == [("error", "/relatedArtifact/0/document")]


def test_an_extension_in_the_place_of_a_value_counts() -> None:
    absent = {
        "extension": [
            {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}
        ]
    }
    assert hits_of("INV052", extended("valueAttachment", {"data": "YWJj", "_contentType": absent})) == []
    assert hits_of("INV053", extended("valueRatio", {"extension": absent["extension"]})) == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (ExactDecimal("1.0"), "Count: it is 1.0, which is no whole number"),
        (1.5, "Count: it is 1.5, which is no whole number"),
    ],
)
def test_a_count_is_a_whole_number_to_the_letter(value: float, said: str) -> None:
    data = extended("valueCount", {"value": value, "system": "http://unitsofmeasure.org", "code": "1"})
    assert messages_of("INV055", data) == [said]


@pytest.mark.parametrize(
    "odd", [7, None, [], {}, {"value": []}, {"repeat": 7}, {"repeat": {"when": {}}}, {"type": []}]
)
@pytest.mark.parametrize(
    "kind", ["Age", "Count", "Duration", "Range", "Ratio", "Timing", "TriggerDefinition"]
)
def test_odd_values_break_nothing(odd: Any, kind: str) -> None:
    subject = Subject(extended(f"value{kind}", odd), version="R5", today="2026-01-01")
    assert all(each.hit.pointer.startswith("/") or each.hit.pointer == "" for each in faults(subject))


def test_every_rule_has_the_text_of_the_specification() -> None:
    assert [rule.code for rule in RULES if not rule.invariants] == []
    assert [rule.code for rule in RULES if set(rule.invariants) != set(rule.versions)] == []
