from __future__ import annotations

from typing import Any

import pytest

from checks.samples import TODAY, broken, code_system, hits_of, naming_system
from termsmith.checks.checking import faults
from termsmith.checks.rule import Profile
from termsmith.checks.rules.publisher import RULES
from termsmith.checks.subject import Subject

CODES = {rule.code for rule in RULES}
IG = Profile.IG_PUBLISHER
GUIDE = "https://guide.example.net/"


def found(data: dict[str, Any], guide: str | None, version: str = "R5") -> list[tuple[str, str]]:
    subject = Subject(data, version=version, today=TODAY, guide=guide)
    return [(rule.code, hit.pointer) for rule, hit in faults(subject, frozenset({IG})) if rule.code in CODES]


def test_nothing_is_asked_for_without_the_profile() -> None:
    bare = {"resourceType": "CodeSystem", "status": "active", "content": "not-present"}
    assert [each for each in broken(bare, "R5", Profile.PUBLICATION) if each[0] in CODES] == []


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
def test_a_good_code_system_breaks_no_rule(version: str) -> None:
    assert [each for each in broken(code_system(), version, IG) if each[0] in CODES] == []


@pytest.mark.parametrize(
    ("identifier", "severity"),
    [
        (None, "warning"),
        ([{"system": "urn:ietf:rfc:3986", "value": "urn:uuid:1"}], "warning"),
        ([{"use": "old", "system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3"}], "warning"),
    ],
)
def test_a_code_system_has_an_oid(identifier: object, severity: str) -> None:
    assert hits_of("PUB001", code_system(identifier=identifier), "R5", IG) == [(severity, "")]


def test_a_code_system_of_hl7_has_to_have_an_oid() -> None:
    resource = code_system(identifier=None, url="http://terminology.hl7.org/CodeSystem/tea")
    assert hits_of("PUB001", resource, "R5", IG) == [("error", "")]


def test_a_naming_system_may_have_an_oid_where_it_has_identifiers() -> None:
    assert hits_of("PUB001", naming_system(), "R5", IG) == [("information", "")]
    assert hits_of("PUB001", naming_system("R4"), "R4", IG) == []


def test_a_resource_has_an_id() -> None:
    assert hits_of("PUB002", code_system(id=None), "R5", IG) == [("error", "")]


def test_of_a_url_of_the_guide_the_id_is_taken() -> None:
    own = code_system(id=None, url="https://guide.example.net/CodeSystem/tea")
    assert found(own, GUIDE) == []
    assert found(own, None) == [("PUB002", "")]
    assert found(own, "https://guide.example.net/other") == [("PUB002", "")]


@pytest.mark.parametrize(
    ("guide", "severity"),
    [("http://hl7.org/fhir/us/tea", "error"), ("http://fhir.org/guides/tea", "error"), (GUIDE, "warning")],
)
def test_guides_of_hl7_ask_for_oids(guide: str, severity: str) -> None:
    resource = code_system(identifier=None, url="http://terminology.hl7.org/CodeSystem/tea")
    subject = Subject(resource, version="R5", today=TODAY, guide=guide)
    severities = [
        rule.severity_of(hit, "R5").value
        for rule, hit in faults(subject, frozenset({IG}))
        if rule.code == "PUB001"
    ]
    assert severities == [severity]


def test_a_url_is_that_of_the_guide() -> None:
    assert found(code_system(), GUIDE) == [("PUB003", "/url")]
    assert found(code_system(url="https://guide.example.net/CodeSystem/tea"), GUIDE) == []
    assert found(code_system(), None) == []


def test_the_url_of_a_naming_system_may_be_in_an_extension() -> None:
    assert found(naming_system("R4"), GUIDE, "R4") == [("PUB003", "/extension/0/valueUri")]
