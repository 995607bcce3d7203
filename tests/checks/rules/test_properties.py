"""Rules about declared properties and filters."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.samples import broken, code_system, hits_of
from termsmith.checks.rules import filters, properties
from termsmith.checks.rules.properties import KNOWN, PREFIX
from termsmith.checks.subject import Subject

RULES = (*properties.RULES, *filters.RULES)
CODES = {rule.code for rule in RULES}
VERSIONS = ("R4", "R4B", "R5")
OWN = "https://tea.example.net/grades#"


def declared(*properties: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return code_system(property=list(properties), **changes)


def codes_of(data: dict[str, Any], version: str = "R5") -> list[tuple[str, str, str]]:
    return [each for each in broken(data, version) if each[0] in CODES]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("code", KNOWN)
def test_properties_that_fhir_names_are_fine_with_their_uri_and_type(code: str, version: str) -> None:
    assert codes_of(declared({"code": code, "uri": PREFIX + code, "type": KNOWN[code]}), version) == []


@pytest.mark.parametrize("uri", ["colour", "#colour", "tea/colour", "HTTP://tea.example.net#colour"])
def test_property_uris_are_absolute(uri: str) -> None:
    assert codes_of(declared({"code": "colour", "uri": uri, "type": "string"})) == [
        ("CON001", "error", "/property/0/uri")
    ]


@pytest.mark.parametrize("uri", [OWN + "colour", "urn:x:colour#1", "https://tea example.net#c", "", 5])
def test_uris_that_are_absolute_or_faulty_otherwise_are_no_relative_ones(uri: object) -> None:
    assert hits_of("CON001", declared({"code": "colour", "uri": uri, "type": "string"})) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_a_property_is_declared_once(version: str) -> None:
    one = {"code": "colour", "uri": OWN + "colour", "type": "string"}
    two = {"code": "colour", "uri": OWN + "color", "type": "string"}
    assert codes_of(declared(one, two), version) == [("CON002", "error", "/property/1/code")]
    assert codes_of(declared(one, two | {"code": "color"}), version) == []


def test_a_property_uri_is_used_once() -> None:
    one = {"code": "colour", "uri": OWN + "colour", "type": "string"}
    assert codes_of(declared(one, one | {"code": "color"})) == [("CON003", "error", "/property/1/uri")]


@pytest.mark.parametrize("uri", [PREFIX + "order", "http://hl7.org/fhir/StructureDefinition/colour"])
def test_hl7s_name_space_is_hl7s(uri: str) -> None:
    bad = {"code": "colour", "uri": uri, "type": "string"}
    assert hits_of("CON004", declared(bad)) == [("error", "/property/0/uri")]
    assert hits_of("CON004", declared(bad, url="http://hl7.org/fhir/tea")) == []
    assert hits_of("CON004", declared(bad | {"uri": "https://hl7.org.example.net#x"})) == []


def test_a_uri_of_hl7s_goes_with_its_code_or_one_that_fhir_does_not_name() -> None:
    uri = PREFIX + "synonym"
    assert hits_of("CON005", declared({"code": "parent", "uri": uri, "type": "code"})) == [
        ("error", "/property/0/code")
    ]
    assert codes_of(declared({"code": "synonymCode", "uri": uri, "type": "code"})) == []


def test_a_uri_of_hl7s_goes_with_its_type() -> None:
    uri = PREFIX + "inactive"
    assert hits_of("CON006", declared({"code": "inactive", "uri": uri, "type": "code"})) == [
        ("error", "/property/0/type")
    ]
    assert hits_of("CON006", declared({"code": "inactive", "uri": uri})) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_properties_without_a_uri(version: str) -> None:
    assert codes_of(declared({"code": "inactive", "type": "boolean"}), version) == [
        ("CON007", "warning", "/property/0")
    ]
    assert codes_of(declared({"code": "inactive", "type": "string"}), version) == [
        ("CON007", "warning", "/property/0"),
        ("CON008", "warning", "/property/0/type"),
    ]
    assert codes_of(declared({"code": "colour", "type": "string"}), version) == [
        ("CON009", "information", "/property/0")
    ]


@pytest.mark.parametrize(
    ("uri", "kind", "severity"),
    [
        ("https://tea.example.net/colour", "string", "information"),
        ("https://tea.example.net/colour", "code", "warning"),
        ("https://coffee.example.net#colour", "string", "warning"),
        (OWN + "colour", "string", None),
        ("http://terminology.hl7.org/CodeSystem/utg-concept-properties#v3-internal-id", "string", None),
    ],
)
def test_uris_that_nothing_at_hand_defines(uri: str, kind: str, severity: str | None) -> None:
    found = hits_of("CON010", declared({"code": "colour", "uri": uri, "type": kind}))
    assert found == ([(severity, "/property/0/uri")] if severity else [])


def test_codes_have_a_value_set() -> None:
    colour: dict[str, Any] = {"code": "colour", "uri": OWN + "colour", "type": "code"}
    assert codes_of(declared(colour)) == [("CON011", "information", "/property/0")]
    extension = "http://hl7.org/fhir/StructureDefinition/codesystem-property-valueset"
    colour["extension"] = [{"url": extension, "valueCanonical": "https://tea.example.net/colours"}]
    assert codes_of(declared(colour)) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_a_filter_is_declared_once(version: str) -> None:
    filters = [{"code": code, "operator": ["=", "in"], "value": "a code"} for code in ("leaf", "tip", "leaf")]
    assert codes_of(code_system(filter=filters), version) == [("CON050", "error", "/filter/2/code")]
    assert codes_of(code_system(filter=filters[:2]), version) == []


def test_an_operator_is_listed_once() -> None:
    filters = [{"code": "leaf", "operator": ["=", "in", "="], "value": "a code"}]
    assert codes_of(code_system(filter=filters)) == [("CON051", "warning", "/filter/0/operator/2")]


JSON = st.recursive(
    st.none() | st.booleans() | st.sampled_from(["code", "parent", PREFIX + "parent", OWN, ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["code", "uri", "type", "extension", "url", "operator"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JSON, JSON, JSON)
def test_whatever_the_json_no_rule_raises(url: object, declarations: object, filters: object) -> None:
    data = {"resourceType": "CodeSystem", "url": url, "property": declarations, "filter": filters}
    subject = Subject(data, version="R5", today="2026-01-01")
    for rule in RULES:
        for each in rule.check(subject):
            assert rule.message.format(**each.facts)
            assert rule.hint.format(**each.facts)
