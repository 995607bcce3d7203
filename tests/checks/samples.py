"""Small valid resources, and how to ask which rules a changed one breaks."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from termsmith.checks.checking import faults, finding_of
from termsmith.checks.subject import Subject

if TYPE_CHECKING:
    from termsmith.checks.rule import Profile

TODAY = "2026-01-01"

NAMING_SYSTEM_R5: dict[str, Any] = {
    "resourceType": "NamingSystem",
    "id": "tea",
    "url": "https://registry.example.net/NamingSystem/tea",
    "version": "1.0.0",
    "name": "TeaGrades",
    "title": "Tea Grades",
    "status": "active",
    "kind": "codesystem",
    "experimental": False,
    "date": "2025-03-01",
    "publisher": "Tea Board",
    "contact": [{"name": "Tea Board", "telecom": [{"system": "url", "value": "https://tea.example.net/"}]}],
    "responsible": "Tea Board",
    "description": "Grades of whole-leaf tea.",
    "uniqueId": [
        {"type": "uri", "value": "https://tea.example.net/grades", "preferred": True},
        {"type": "oid", "value": "2.16.840.1.113883.6.99999", "preferred": True},
    ],
}
_EXTENSION = "http://hl7.org/fhir/5.0/StructureDefinition/extension-NamingSystem."
NAMING_SYSTEM_R4: dict[str, Any] = {
    "resourceType": "NamingSystem",
    "id": "tea",
    "extension": [
        {"url": f"{_EXTENSION}url", "valueUri": "https://registry.example.net/NamingSystem/tea"},
        {"url": f"{_EXTENSION}version", "valueString": "1.0.0"},
        {"url": f"{_EXTENSION}title", "valueString": "Tea Grades"},
    ],
    **{
        key: value
        for key, value in NAMING_SYSTEM_R5.items()
        if key not in {"resourceType", "id", "url", "version", "title", "experimental"}
    },
}
CODE_SYSTEM: dict[str, Any] = {
    "resourceType": "CodeSystem",
    "id": "tea",
    "url": "https://tea.example.net/grades",
    "identifier": [{"system": "urn:ietf:rfc:3986", "value": "urn:oid:2.16.840.1.113883.6.99999"}],
    "version": "1.0.0",
    "name": "TeaGrades",
    "title": "Tea Grades",
    "status": "active",
    "experimental": False,
    "date": "2025-03-01",
    "publisher": "Tea Board",
    "description": "Grades of whole-leaf tea.",
    "caseSensitive": True,
    "hierarchyMeaning": "is-a",
    "content": "complete",
    "count": 3,
    "property": [
        {"code": "inactive", "uri": "http://hl7.org/fhir/concept-properties#inactive", "type": "boolean"}
    ],
    "concept": [
        {
            "code": "OP",
            "display": "Orange Pekoe",
            "definition": "Long, wiry leaves.",
            "designation": [{"language": "de", "value": "Orange Pekoe (Blatt)"}],
            "concept": [{"code": "FOP", "display": "Flowery Orange Pekoe", "definition": "With tips."}],
        },
        {
            "code": "P",
            "display": "Pekoe",
            "definition": "Short leaves.",
            "property": [{"code": "inactive", "valueBoolean": False}],
        },
    ],
}
METADATA_RECORD: dict[str, Any] = {
    key: value
    for key, value in CODE_SYSTEM.items()
    if key not in {"hierarchyMeaning", "count", "property", "concept"}
} | {"content": "not-present"}


def naming_system(version: str = "R5", **changes: Any) -> dict[str, Any]:
    """Return a valid NamingSystem with top-level elements replaced; None removes one."""
    return _changed(NAMING_SYSTEM_R5 if version == "R5" else NAMING_SYSTEM_R4, changes)


def code_system(**changes: Any) -> dict[str, Any]:
    """Return a valid CodeSystem with concepts, changed likewise."""
    return _changed(CODE_SYSTEM, changes)


def metadata_record(**changes: Any) -> dict[str, Any]:
    """Return a valid CodeSystem without concepts, changed likewise."""
    return _changed(METADATA_RECORD, changes)


def broken(data: dict[str, Any], version: str = "R5", *profiles: Profile) -> list[tuple[str, str, str]]:
    """Return ``(code, severity, pointer)`` of each rule that a resource breaks."""
    subject = Subject(data, version=version, today=TODAY)
    return [
        (rule.code, rule.severity_of(hit, version).value, hit.pointer)
        for rule, hit in faults(subject, frozenset(profiles))
    ]


def hits_of(
    code: str, data: dict[str, Any], version: str = "R5", *profiles: Profile
) -> list[tuple[str, str]]:
    """Return ``(severity, pointer)`` of each place that breaks one rule."""
    return [
        (severity, pointer) for each, severity, pointer in broken(data, version, *profiles) if each == code
    ]


def messages_of(code: str, data: dict[str, Any], version: str = "R5") -> list[str]:
    """Return what is said of each breach of one rule."""
    subject = Subject(data, version=version, today=TODAY)
    return [finding_of(fault, subject).message for fault in faults(subject) if fault.rule.code == code]


def _changed(data: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(data) | changes
    return {key: value for key, value in changed.items() if value is not None}
