"""The identifiers of a record as NamingSystem.uniqueId, in the types that a release has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.catalogue import PREFERRED_TWICE_AS_OTHER, TYPE_AS_OTHER
from termsmith.model.record import IdentifierType
from termsmith.resources.evidence import Extended, because, derived
from termsmith.resources.text import stated_line
from termsmith.resources.versions import version_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from termsmith.model.finding import Finding, Rule
    from termsmith.model.record import Identifier
    from termsmith.resources.evidence import Elements, Leaf
    from termsmith.resources.versions import FhirVersion, Substitute

_TYPE = "NamingSystem.uniqueId.type"
_TYPE_NAMES = {
    IdentifierType.OID: "an OID",
    IdentifierType.URI: "a URI",
    IdentifierType.UUID: "a UUID",
    IdentifierType.IRI_STEM: "what IRIs of codes begin with",
    IdentifierType.V2_MNEMONIC: "a mnemonic of HL7 v2 table 0396",
    IdentifierType.OTHER: "neither an OID nor a URI",
}


def unique_ids(
    identifiers: Sequence[Identifier], version: FhirVersion, findings: list[Finding]
) -> list[Elements]:
    """Return an element for each identifier that has a value.

    Args:
        identifiers: Those of one record.
        version: The release, which may lack types of identifiers.
        findings: Gets what can't be written as it is stated.
    """
    substitutes = version_table(version).substitutes.get(_TYPE, {})
    # What is written in place of other types may be preferred once only, too (nsd-2).
    preferred = {each.type.value for each in identifiers if each.endorsed}
    written: list[Elements] = []
    for each in identifiers:
        element = _unique_id(each, _preferred(each, identifiers), findings)
        if element is None:
            continue
        substitute = substitutes.get(each.type.value)
        if substitute is not None:
            findings.append(_told(TYPE_AS_OTHER, each, version))
            if each.endorsed and substitute.code in preferred:
                findings.append(_told(PREFERRED_TWICE_AS_OTHER, each, version))
                element["preferred"] = None
            elif each.endorsed:
                preferred.add(substitute.code)
            _substituted(element, each, substitute)
        written.append(element)
    return written


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


def _substituted(element: Elements, identifier: Identifier, substitute: Substitute) -> None:
    """Write a type that the release lacks as another one, and tell it by extension and comment."""
    code = identifier.type.value
    value = identifier.value
    element["type"] = Extended(
        derived(substitute.code, value, because(substitute.url.reason, value.reason)),
        {"url": substitute.url, "valueCode": derived(code, value, value.reason)},
    )
    element["comment"] = element["comment"] or derived(code, value, substitute.url.reason)


def _told(rule: Rule, identifier: Identifier, version: FhirVersion) -> Finding:
    value = identifier.value
    return rule.found(
        place=value.spans[0].place if value.spans else None,
        element="NamingSystem.uniqueId",
        value=value.value,
        type=identifier.type.value,
        version=version.value,
    )


def _period(identifier: Identifier) -> Elements | None:
    ends = {"start": identifier.start, "end": identifier.end}
    return {name: derived(at.value, at, at.reason) for name, at in ends.items() if at is not None} or None
