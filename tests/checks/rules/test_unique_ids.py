from __future__ import annotations

from typing import Any

import pytest

from checks.samples import hits_of, naming_system

OID = "2.16.840.1.113883.6.99999"
URI = "https://tea.example.net/grades"


def with_ids(*ids: dict[str, Any]) -> dict[str, Any]:
    return naming_system(uniqueId=list(ids))


def uri(value: str, **more: Any) -> dict[str, Any]:
    return {"type": "uri", "value": value, **more}


def oid(value: str) -> dict[str, Any]:
    return {"type": "oid", "value": value}


@pytest.mark.parametrize("value", [f"urn:oid:{OID}", f"URN:OID:{OID}", f"oid:{OID}"])
def test_an_oid_has_no_prefix(value: str) -> None:
    assert hits_of("NAM001", with_ids(oid(value))) == [("error", "/uniqueId/0/value")]
    assert hits_of("NAM002", with_ids(oid(value))) == []
    assert hits_of("NAM001", with_ids(oid(OID))) == []


@pytest.mark.parametrize("value", ["tea", "3.1.2", "1.2.", "1.02.3", "0.40.1", "1.100.1", "2.16,840", "2"])
def test_an_oid_is_dotted_decimal(value: str) -> None:
    assert hits_of("NAM002", with_ids(oid(value))) == [("error", "/uniqueId/0/value")]


@pytest.mark.parametrize(
    "value", [OID, "1.0.3166.2", "0.39.1", "2.999.1", "2.16.840.1.113883.6.0", f" {OID}"]
)
def test_good_oids_pass(value: str) -> None:
    assert hits_of("NAM002", with_ids(oid(value))) == []


@pytest.mark.parametrize(
    "value",
    [
        "tea.example.net/grades",
        OID,
        "www.tea.example.net/a:b",
        "https://tea.example.net/gra des",
        "https://tea.example.net/grades,",
        'https://tea.example.net/grades"',
        "https://tea.example.net/grades)",
        "<https://tea.example.net/grades>",
        "https://tea.example.net/gra\u200bdes",
        "https://tea.example.net/{grade}",
        "https:///grades",
        "http:grades",
        "urn:oid:1.02",
    ],
)
@pytest.mark.parametrize("kind", ["uri", "iri-stem"])
def test_a_uri_is_absolute_and_nothing_else(value: str, kind: str) -> None:
    assert hits_of("NAM003", with_ids({"type": kind, "value": value})) == [("error", "/uniqueId/0/value")]


@pytest.mark.parametrize(
    "value",
    [
        URI,
        "http://loinc.org",
        "http://id.nlm.nih.gov/mesh/",
        "https://tea.example.net/Tea_(drink)",
        "https://tea.example.net/t\u00e9#",
        f"urn:oid:{OID}",
        "urn:iso:std:iso:3166:-2",
        "did:tea:1",
    ],
)
def test_good_uris_pass(value: str) -> None:
    assert hits_of("NAM003", with_ids(uri(value))) == []


def test_white_space_around_a_uri_is_a_fault_of_strings_only() -> None:
    assert hits_of("NAM003", with_ids(uri(URI + " "))) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("6d3c9a6e-52b5-4f0c-9d2c-2f7a3f3f6a10", []),
        ("6D3C9A6E-52B5-4F0C-9D2C-2F7A3F3F6A10", [("warning", "/uniqueId/0/value")]),
        ("urn:uuid:6d3c9a6e-52b5-4f0c-9d2c-2f7a3f3f6a10", [("error", "/uniqueId/0/value")]),
        ("6d3c9a6e52b54f0c9d2c2f7a3f3f6a10", [("error", "/uniqueId/0/value")]),
    ],
)
def test_a_uuid_is_bare_and_in_lower_case(value: str, expected: list[tuple[str, str]]) -> None:
    assert hits_of("NAM004", with_ids({"type": "uuid", "value": value})) == expected


def test_an_oid_is_that_of_its_urn() -> None:
    assert hits_of("NAM005", with_ids(uri("urn:oid:1.2.3"), oid(OID))) == [("warning", "/uniqueId/0/value")]
    assert hits_of("NAM005", with_ids(uri(f"urn:oid:{OID}"), oid(OID))) == []
    assert hits_of("NAM005", with_ids(uri(f"urn:oid:{OID}"), oid(f"urn:oid:{OID}"))) == []
    assert hits_of("NAM005", with_ids(uri("urn:oid:1.2.3", preferred=False), oid(OID))) == []
    assert hits_of("NAM005", with_ids(uri("urn:oid:1.2.3"))) == []
