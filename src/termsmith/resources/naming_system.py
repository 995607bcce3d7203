"""A record as NamingSystem: https://hl7.org/fhir/R4/namingsystem.html."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.catalogue import DRAFT_ABSENT
from termsmith.model.record import Origin, Role
from termsmith.resources.contacts import holder
from termsmith.resources.evidence import Absent, Leaf, derived
from termsmith.resources.options import Drafting
from termsmith.resources.text import stated_line
from termsmith.resources.unique_ids import unique_ids

if TYPE_CHECKING:
    from termsmith.model.finding import Finding
    from termsmith.model.record import Stated, TerminologyRecord
    from termsmith.resources.evidence import Elements
    from termsmith.resources.facts import Facts
    from termsmith.resources.options import BuildOptions

_IDENTIFIER_TYPES = "http://terminology.hl7.org/CodeSystem/v2-0203"
_UNKNOWN = Absent("required, but not known; this is a draft")


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
        "uniqueId": unique_ids(record.identifiers, options.fhir_version, findings),
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
