"""A record as NamingSystem: https://hl7.org/fhir/R4/namingsystem.html."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.catalogue import DRAFT_ABSENT
from termsmith.model.record import IdentifierType, Origin, Role
from termsmith.resources.contacts import holder
from termsmith.resources.evidence import Absent, Leaf, derived
from termsmith.resources.options import Drafting
from termsmith.resources.text import stated_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from termsmith.model.finding import Finding
    from termsmith.model.record import Identifier, Stated, TerminologyRecord
    from termsmith.resources.evidence import Elements
    from termsmith.resources.facts import Facts
    from termsmith.resources.options import BuildOptions

_IDENTIFIER_TYPES = "http://terminology.hl7.org/CodeSystem/v2-0203"
_UNKNOWN = Absent("required, but not known; this is a draft")
_TYPE_NAMES = {
    IdentifierType.OID: "an OID",
    IdentifierType.URI: "a URI",
    IdentifierType.UUID: "a UUID",
    IdentifierType.OTHER: "neither an OID nor a URI",
}


def naming_system(
    record: TerminologyRecord, facts: Facts, options: BuildOptions, findings: list[Finding]
) -> Elements:
    """Return the elements of R5's NamingSystem; older releases carry some of them by extension."""
    elements: Elements = {
        "id": facts.id,
        "version": facts.version,
        "name": facts.name,
        "title": facts.title,
        "status": facts.status,
        "kind": facts.kind,
        "experimental": facts.experimental,
        "date": facts.date,
        "publisher": facts.publisher,
        "contact": facts.contact,
        "responsible": holder(
            record.organizations, (Role.STEWARD, Role.OWNER), "NamingSystem.responsible", findings
        ),
        "description": facts.description,
        "copyright": facts.copyright,
        "usage": stated_line(record.usage, "NamingSystem.usage", findings),
        "uniqueId": [
            unique_id
            for i in record.identifiers
            if (unique_id := _unique_id(i, _preferred(i, record.identifiers), findings)) is not None
        ],
    }
    if record.naming_system_url is not None:
        elements["url"] = stated_line(record.naming_system_url, "NamingSystem.url", findings)
    elif options.base_url:
        elements["url"] = Leaf(
            f"{options.base_url.rstrip('/')}/NamingSystem/{facts.id.value}",
            Origin.CONFIGURATION,
            facts.id.spans,
            "the configured base and the id",
        )
    if record.identifier_type:
        elements["type"] = _type(record.identifier_type, findings)
    if options.drafting is Drafting.DRAFT:
        _fill(elements, findings)
    return elements


def _preferred(identifier: Identifier, beside: Sequence[Identifier]) -> Leaf | None:
    """Return whether an identifier is the preferred one of its type; nothing where that is not known."""
    if identifier.endorsed is None:
        return None
    if identifier.endorsed:
        why = "the one of its type to be used"
    elif any(each.type is identifier.type and each.endorsed for each in beside):
        why = "another of its type is to be used"
    else:
        why = "stated as one that is not the one to be used"
    return derived(identifier.endorsed, identifier.value, why)


def _unique_id(identifier: Identifier, preferred: Leaf | None, findings: list[Finding]) -> Elements | None:
    value = stated_line(identifier.value, "NamingSystem.uniqueId.value", findings)
    if value is None:
        return None
    what = _TYPE_NAMES[identifier.type]
    return {
        "type": derived(identifier.type.value, identifier.value, f"“{value.value}” is {what}"),
        "value": value,
        "preferred": preferred,
        "comment": stated_line(identifier.comment, "NamingSystem.uniqueId.comment", findings),
        "period": _period(identifier),
    }


def _period(identifier: Identifier) -> Elements | None:
    ends = {"start": identifier.start, "end": identifier.end}
    return {name: derived(at.value, at, at.reason) for name, at in ends.items() if at is not None} or None


def _type(code: Stated[str], findings: list[Finding]) -> Elements:
    stated = stated_line(code, "NamingSystem.type.coding.code", findings)
    if stated is None:
        return {}
    system = derived(_IDENTIFIER_TYPES, code, "identifier types are codes of HL7 v2 table 0203")
    return {"coding": [{"system": system, "code": stated}]}


def _fill(elements: Elements, findings: list[Finding]) -> None:
    """Say of required elements that they are unknown; status, kind and date always have a value."""
    if not elements["name"]:
        elements["name"] = _UNKNOWN
        findings.append(DRAFT_ABSENT.found(element="NamingSystem.name", what="NamingSystem.name"))
    if not elements["uniqueId"]:
        elements["uniqueId"] = [{"type": _UNKNOWN, "value": _UNKNOWN}]
        findings.append(DRAFT_ABSENT.found(element="NamingSystem.uniqueId", what="NamingSystem.uniqueId"))
