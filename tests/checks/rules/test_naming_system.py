from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.samples import TODAY, broken, hits_of, metadata_record, naming_system
from termsmith.checks.rules.naming_system import RULES
from termsmith.checks.subject import Subject

OID = "2.16.840.1.113883.6.99999"
URI = "https://tea.example.net/grades"
CODES = {rule.code for rule in RULES}


def with_ids(*ids: dict[str, Any], version: str = "R5", **changes: Any) -> dict[str, Any]:
    return naming_system(version, uniqueId=list(ids), **changes)


def uri(value: str, **more: Any) -> dict[str, Any]:
    return {"type": "uri", "value": value, **more}


def oid(value: str, **more: Any) -> dict[str, Any]:
    return {"type": "oid", "value": value, **more}


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
def test_good_resources_break_no_rule(version: str) -> None:
    found = broken(naming_system(version), version) + broken(metadata_record(), version)
    assert [each for each in found if each[0] in CODES] == []


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
def test_a_root_has_no_uuid(version: str) -> None:
    uuid = {"type": "uuid", "value": "6d3c9a6e-52b5-4f0c-9d2c-2f7a3f3f6a10"}
    root = with_ids(oid(OID), uuid, version=version, kind="root")
    assert hits_of("INV022", root, version) == [("error", "/uniqueId/1/type")]
    assert hits_of("INV022", root | {"kind": "identifier"}, version) == []


def test_one_identifier_of_a_type_is_preferred() -> None:
    twice = with_ids(uri(URI, preferred=True), oid(OID, preferred=True), uri(URI + "/old", preferred=True))
    assert hits_of("INV023", twice) == [("error", "/uniqueId/2/preferred")]
    twice["uniqueId"][2]["preferred"] = False
    assert hits_of("INV023", twice) == []


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        (({}, {}), True),
        (({"start": "2020"}, {"start": "2020"}), True),
        (({"start": "2020", "end": "2021"}, {"start": "2020", "end": "2021"}), True),
        (({"start": "2020"}, {"start": "2021"}), False),
    ],
)
def test_one_identifier_of_a_type_and_period_is_authoritative(
    periods: tuple[dict[str, str], dict[str, str]], *, expected: bool
) -> None:
    ids = [
        uri(f"{URI}/{index}", authoritative=True) | ({"period": period} if period else {})
        for index, period in enumerate(periods)
    ]
    expectation = [("error", "/uniqueId/1/authoritative")] if expected else []
    assert hits_of("INV024", with_ids(*ids)) == expectation


def test_one_of_several_uris_of_a_code_system_is_preferred() -> None:
    several = with_ids(uri(URI), uri(URI + "/old"))
    assert hits_of("NAM006", several) == [("warning", "/uniqueId")]
    assert hits_of("NAM006", several | {"kind": "identifier"}) == []
    assert hits_of("NAM006", with_ids(uri(URI), oid(OID))) == []


@pytest.mark.parametrize(
    ("end", "past"),
    [("2025-12-31", True), ("2025", True), ("2025-12-31T23:00:00Z", True), (TODAY, False), ("2026", False)],
)
def test_what_is_over_is_not_preferred(end: str, *, past: bool) -> None:
    resource = with_ids(uri(URI, preferred=True, period={"end": end}))
    assert hits_of("NAM007", resource) == ([("warning", "/uniqueId/0/period/end")] if past else [])
    assert hits_of("NAM007", resource | {"status": "retired"}) == []


def test_an_identifier_stands_once() -> None:
    assert hits_of("NAM008", with_ids(uri(URI), uri(URI))) == [("warning", "/uniqueId/1")]
    assert hits_of("NAM008", with_ids(uri(URI), {"type": "other", "value": URI})) == []
    assert hits_of("NAM008", with_ids(uri(URI, period={"end": "2020"}), uri(URI))) == []


def test_an_identifier_that_is_preferred_twice_is_one_fault() -> None:
    twice = with_ids(uri(URI, preferred=True), uri(URI, preferred=True))
    assert [code for code, _, _ in broken(twice) if code in CODES] == ["INV023"]


def test_a_temporary_uri_is_not_preferred() -> None:
    temporary = "http://terminology.hl7.org/temporary-uri/codeSystem/tea"
    assert hits_of("NAM009", with_ids(uri(temporary, preferred=True))) == [("warning", "/uniqueId/0/value")]
    assert hits_of("NAM009", with_ids(uri(temporary, preferred=False))) == []


def test_type_is_for_identifiers() -> None:
    typed = naming_system(type={"text": "Driver's licence"})
    assert hits_of("NAM010", typed) == [("information", "/type")]
    assert hits_of("NAM010", typed | {"kind": "identifier"}) == []


def test_the_oid_of_the_code_system_is_no_identifier_of_the_record() -> None:
    identifier = {"system": "urn:ietf:rfc:3986", "value": f"urn:oid:{OID}"}
    assert hits_of("NAM011", naming_system(identifier=[identifier])) == [("warning", "/identifier/0/value")]
    assert hits_of("NAM011", naming_system(identifier=[identifier | {"value": "urn:oid:1.2.3.4"}])) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://hl7.org/fhir/5.0/StructureDefinition/extension-NamingSystem.identifier",
        "http://hl7.org/fhir/StructureDefinition/artifact-identifier",
    ],
)
def test_an_identifier_in_an_extension_is_one_too(url: str) -> None:
    identifier = {"system": "urn:ietf:rfc:3986", "value": f"urn:oid:{OID}"}
    resource = naming_system("R4", extension=[{"url": url, "valueIdentifier": identifier}])
    assert hits_of("NAM011", resource, "R4") == [("warning", "/extension/0/valueIdentifier/value")]
    elsewhere = naming_system("R4", extension=[{"url": "https://a.net/x", "valueIdentifier": identifier}])
    assert hits_of("NAM011", elsewhere, "R4") == []


@pytest.mark.parametrize(("version", "pointer"), [("R4", "/extension/0/valueUri"), ("R5", "/url")])
def test_the_record_has_a_url_of_its_own(version: str, pointer: str) -> None:
    url = "https://registry.example.net/NamingSystem/tea"
    resource = with_ids(uri(url), oid(OID), version=version)
    assert hits_of("NAM012", resource, version) == [("error", pointer)]
    resource["uniqueId"].append(uri(URI, preferred=True))
    assert hits_of("NAM012", resource, version) == []


@pytest.mark.parametrize("value", ["https://loinc.org", "http://loinc.org/", "https://loinc.org/"])
def test_well_known_uris_are_written_to_the_letter(value: str) -> None:
    assert hits_of("NAM013", with_ids(uri(value))) == [("information", "/uniqueId/0/value")]
    assert hits_of("NAM013", metadata_record(url=value)) == [("information", "/url")]


def test_well_known_uris_and_declared_variants_pass() -> None:
    assert hits_of("NAM013", with_ids(uri("http://loinc.org"))) == []
    assert hits_of("NAM013", with_ids(uri("https://loinc.org", preferred=False))) == []
    assert hits_of("NAM013", with_ids(uri("http://loinc.org"), uri("https://loinc.org"))) == []
    assert hits_of("NAM013", with_ids(uri(URI))) == []


scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([URI, OID, "uri"])
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
ids_of_any_kind = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["uri", "oid", "uuid", "iri-stem"]) | anything,
            "value": st.text(max_size=12)
            | st.from_regex(r"[0-2](\.[0-9]{1,3}){0,3}", fullmatch=True)
            | anything,
            "preferred": anything,
            "authoritative": anything,
            "period": anything,
        },
    )
    | anything,
    max_size=4,
)


@given(ids=ids_of_any_kind | anything, others=st.dictionaries(st.sampled_from(
    ["url", "kind", "identifier", "extension", "type", "status"]), anything))  # fmt: skip
def test_no_json_makes_a_rule_raise(ids: object, others: dict[str, object]) -> None:
    subject = Subject(
        {**naming_system(), **others, "uniqueId": ids, "resourceType": "NamingSystem"},
        version="R5",
        today=TODAY,
    )
    for rule in RULES:
        for found in rule.check(subject):
            rule.message.format(**found.facts)
            rule.hint.format(**found.facts)
