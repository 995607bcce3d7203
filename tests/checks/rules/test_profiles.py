from __future__ import annotations

from typing import Any

import pytest

from checks.samples import TODAY, broken, code_system, hits_of, metadata_record, naming_system
from termsmith.checks.checking import claimed, faults, finding_of
from termsmith.checks.rule import Profile
from termsmith.checks.rules.profiles import RULES
from termsmith.checks.subject import Subject

CODES = {rule.code for rule in RULES}
CORE = "http://hl7.org/fhir/StructureDefinition/"
CRMI = "http://hl7.org/fhir/uv/crmi/StructureDefinition/"
VERSIONS = ("R4", "R4B", "R5")


def missing(data: dict[str, Any], version: str, *profiles: Profile) -> set[str]:
    """Return the parts that profile rules miss."""
    subject = Subject(data, version=version, today=TODAY)
    return {
        str(hit.facts["part"])
        for rule, hit in faults(subject, frozenset(profiles))
        if rule.code in CODES and "part" in hit.facts
    }


def without(data: dict[str, Any], *elements: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in elements}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("profile", Profile)
def test_a_good_code_system_breaks_no_rule(profile: Profile, version: str) -> None:
    found = [each for each in broken(code_system(), version, profile) if each[0] in CODES]
    absent = profile is Profile.PUBLISHABLE and version != "R5"
    assert found == ([("SHA015", "information", "")] if absent else [])


@pytest.mark.parametrize("version", VERSIONS)
def test_that_a_release_has_no_such_profile_is_told(version: str) -> None:
    expected = [] if version == "R5" else [("information", "")]
    assert hits_of("SHA014", naming_system(version), version, Profile.SHAREABLE) == expected
    assert hits_of("SHA014", naming_system(version), version, Profile.PUBLISHABLE) == expected
    assert hits_of("SHA014", code_system(), version, Profile.SHAREABLE) == []
    assert hits_of("SHA014", naming_system(version), version, Profile.CRMI_SHAREABLE) == []


def test_nothing_is_asked_for_without_a_profile() -> None:
    bare = {"resourceType": "CodeSystem", "status": "active", "content": "complete"}
    assert [each for each in broken(bare, "R5") if each[0] in CODES] == []


@pytest.mark.parametrize(
    ("url", "severity"), [("https://tea.example.net", "warning"), ("http://hl7.eu/tea", "error")]
)
def test_publication_asks_for_metadata(url: str, severity: str) -> None:
    bare = {
        "resourceType": "CodeSystem",
        "url": url,
        "name": "Tea",
        "status": "active",
        "content": "complete",
    }
    assert missing(bare, "R4", Profile.PUBLICATION) == {
        "version",
        "title",
        "experimental",
        "description",
        "caseSensitive",
    }
    assert {level for level, _ in hits_of("SHA001", bare, "R4", Profile.PUBLICATION)} == {severity}


def test_a_supplement_states_no_case_sensitivity() -> None:
    supplement = without(
        code_system(content="supplement", supplements="https://x.example.net"), "caseSensitive"
    )
    assert missing(supplement, "R5", Profile.PUBLICATION) == set()


def test_publication_asks_for_a_name() -> None:
    assert hits_of("SHA002", without(code_system(), "name"), "R5", Profile.PUBLICATION) == [("warning", "")]
    assert hits_of("SHA002", code_system(), "R5", Profile.PUBLICATION) == []


R4_CORE = {"url", "version", "name", "experimental", "publisher", "description", "concept"}
R5_CORE = {"url", "version", "title", "experimental", "description", "caseSensitive"}


@pytest.mark.parametrize(
    ("profile", "version", "expected"),
    [
        (Profile.SHAREABLE, "R4", R4_CORE),
        (Profile.SHAREABLE, "R4B", R4_CORE),
        (Profile.SHAREABLE, "R5", R5_CORE),
        (Profile.PUBLISHABLE, "R5", {*R5_CORE, "date"}),
        (Profile.CRMI_SHAREABLE, "R4", R5_CORE),
        (Profile.CRMI_PUBLISHABLE, "R4", {*R5_CORE, "date"}),
        (Profile.CRMI_PUBLISHABLE, "R5", {*R5_CORE, "date"}),
    ],
)
def test_profiles_make_elements_of_code_systems_mandatory(
    profile: Profile, version: str, expected: set[str]
) -> None:
    bare = {"resourceType": "CodeSystem", "status": "active", "content": "not-present"}
    assert missing(bare, version, profile) == expected


@pytest.mark.parametrize(
    ("profile", "version", "expected"),
    [
        (Profile.SHAREABLE, "R4", set()),
        (Profile.SHAREABLE, "R5", {"url", "version", "title", "description"}),
        (Profile.CRMI_SHAREABLE, "R5", {"url", "version", "title", "description"}),
        (
            Profile.CRMI_SHAREABLE,
            "R4",
            {f"the extension {CORE}artifact-{element}" for element in ("url", "version", "title")}
            | {"description"},
        ),
    ],
)
def test_profiles_make_elements_of_naming_systems_mandatory(
    profile: Profile, version: str, expected: set[str]
) -> None:
    bare = {"resourceType": "NamingSystem", "name": "Tea", "status": "active", "kind": "codesystem"}
    assert missing(bare, version, profile) == expected


def test_crmi_asks_for_its_own_extensions() -> None:
    assert missing(naming_system("R4"), "R4", Profile.CRMI_SHAREABLE) == {
        f"the extension {CORE}artifact-{element}" for element in ("url", "version", "title")
    }
    artifacts = [
        {"url": f"{CORE}artifact-url", "valueUri": "https://tea.example.net/NamingSystem/tea"},
        {"url": f"{CORE}artifact-version", "valueString": "1"},
        {"url": f"{CORE}artifact-title", "valueString": "Tea"},
    ]
    assert missing(naming_system("R4", extension=artifacts), "R4", Profile.CRMI_SHAREABLE) == set()


@pytest.mark.parametrize(
    ("profile", "version", "codes"),
    [
        (Profile.SHAREABLE, "R4", []),
        (Profile.SHAREABLE, "R5", ["SHA020"]),
        (Profile.CRMI_SHAREABLE, "R4", ["SHA022"]),
        (Profile.CRMI_SHAREABLE, "R5", ["SHA020"]),
    ],
)
def test_a_shared_hierarchy_has_a_meaning(profile: Profile, version: str, codes: list[str]) -> None:
    nested = without(code_system(), "hierarchyMeaning")
    found = [(code, severity) for code, severity, _ in broken(nested, version, profile) if code in CODES]
    assert found == [(code, "error") for code in codes]
    flat = nested | {"concept": [{"code": "OP"}]}
    assert [each for each in broken(flat, version, profile) if each[0] in CODES] == []


def test_what_is_shared_has_concepts_unless_they_are_not_present() -> None:
    empty = without(code_system(), "concept")
    assert hits_of("SHA021", empty, "R5", Profile.SHAREABLE) == [("error", "/content")]
    assert hits_of("SHA023", empty, "R4", Profile.CRMI_SHAREABLE) == [("error", "/content")]
    assert hits_of("SHA021", metadata_record(), "R5", Profile.SHAREABLE) == []


def test_a_metadata_record_is_not_shareable_in_r4() -> None:
    assert missing(metadata_record(), "R4", Profile.SHAREABLE) == {"concept"}


@pytest.mark.parametrize(
    ("profile", "version", "expected"),
    [
        (f"{CORE}shareablecodesystem", "R4", {Profile.SHAREABLE}),
        (f"{CORE}shareablecodesystem|4.0.1", "R4", {Profile.SHAREABLE}),
        (f"{CORE}publishablecodesystem", "R5", {Profile.PUBLISHABLE}),
        (f"{CORE}publishablecodesystem", "R4", set()),
        (f"{CRMI}crmi-publishablecodesystem", "R4", {Profile.CRMI_PUBLISHABLE}),
        (f"{CORE}shareablenamingsystem", "R5", set()),
        ("https://tea.example.net/StructureDefinition/tea", "R5", set()),
    ],
)
def test_claimed_profiles_count(profile: str, version: str, expected: set[Profile]) -> None:
    subject = Subject(code_system(meta={"profile": [profile]}), version=version, today=TODAY)
    assert claimed(subject) == expected


@pytest.mark.parametrize(
    "meta", [None, [], {}, {"profile": None}, {"profile": "x"}, {"profile": [1, {}, []]}]
)
def test_claims_of_any_form_are_read(meta: object) -> None:
    subject = Subject({**code_system(), "meta": meta}, version="R5", today=TODAY)
    assert claimed(subject) == frozenset()


def test_a_claimed_profile_is_checked() -> None:
    record = without(metadata_record(meta={"profile": [f"{CORE}shareablecodesystem"]}), "title")
    assert hits_of("SHA010", record, "R5") == [("error", "")]


def test_findings_say_what_is_missing() -> None:
    subject = Subject(without(code_system(), "title"), version="R5", today=TODAY)
    (fault,) = (
        fault for fault in faults(subject, frozenset({Profile.SHAREABLE})) if fault.rule.code == "SHA010"
    )
    finding = finding_of(fault, subject)
    assert finding.message == "title is missing, which the profile shareable asks for"
    assert finding.element == "CodeSystem"
