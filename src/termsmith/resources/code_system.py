"""A record as CodeSystem without concepts: https://hl7.org/fhir/R4/codesystem.html."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.catalogue import CASE_ASSUMED, NO_URL, URL_FROM_OID
from termsmith.model.record import IdentifierType
from termsmith.resources.declarations import declared
from termsmith.resources.evidence import because, default, derived
from termsmith.resources.facts import said_of
from termsmith.resources.text import line

if TYPE_CHECKING:
    from termsmith.model.finding import Finding
    from termsmith.model.record import Stated, TerminologyRecord
    from termsmith.resources.evidence import Elements, Leaf
    from termsmith.resources.facts import Facts
    from termsmith.resources.options import BuildOptions

_URI_SYSTEM = "urn:ietf:rfc:3986"
"""System of identifiers that are URIs: https://hl7.org/fhir/R4/identifier-registry.html"""

_CONTENT = default("not-present", "the page describes the code system and lists no concepts")
_CASE_SENSITIVE = default(True, "the page does not say; taking two codes for one would be worse")  # noqa: FBT003


def code_system(
    record: TerminologyRecord,
    facts: Facts,
    options: BuildOptions,
    findings: list[Finding],
    content: Elements | None = None,
) -> Elements:
    """Return the elements of a CodeSystem; every release has all of them.

    Args:
        record: What the page and its sidecar say.
        facts: What the NamingSystem says, too.
        options: Decisions that no page can make.
        findings: Gets what was assumed.
        content: Elements about concepts; absent for a page that lists none.
    """
    oid = _endorsed(record, IdentifierType.OID)
    case = record.case_sensitive or options.case_sensitive
    supplement = content is not None and content.get("supplements") is not None
    if case is None and not supplement:
        silent = "the page does not say whether codes are case sensitive"
        place, says = said_of(record, "case_sensitive", silent)
        findings.append(CASE_ASSUMED.found(place=place, element="CodeSystem.caseSensitive", says=says))
    about_concepts: Elements = {"content": _CONTENT} if content is None else content
    return {
        "id": facts.id,
        "url": _url(record, oid, findings),
        "identifier": [_identifier(oid)] if oid else None,
        "version": facts.version,
        "name": facts.name,
        "title": facts.title,
        "status": facts.status,
        "experimental": facts.experimental,
        "date": facts.date,
        "publisher": facts.publisher,
        "contact": facts.contact,
        "description": facts.description,
        "copyright": facts.copyright,
        # The codes of a supplement are those of its base, and so is whether case matters.
        "caseSensitive": None
        if supplement
        else derived(case.value, case, case.reason)
        if case
        else _CASE_SENSITIVE,
        **declared(record, about_concepts, options.fhir_version, findings),
    }


def _endorsed(record: TerminologyRecord, wanted: IdentifierType) -> Stated[str] | None:
    for identifier in record.identifiers:
        if identifier.type is wanted and identifier.endorsed and line(identifier.value.value):
            return identifier.value
    return None


def _url(record: TerminologyRecord, oid: Stated[str] | None, findings: list[Finding]) -> Leaf | None:
    uri = _endorsed(record, IdentifierType.URI)
    if uri:
        return derived(line(uri.value), uri, uri.reason)
    if oid is None:
        findings.append(NO_URL.found(element="CodeSystem.url"))
        return None
    url = f"urn:oid:{line(oid.value)}"
    place = oid.spans[0].place if oid.spans else None
    others = any(each.type is IdentifierType.URI for each in record.identifiers)
    lacking = "endorsed" if others else "stated"
    findings.append(URL_FROM_OID.found(place=place, element="CodeSystem.url", url=url, lacking=lacking))
    return derived(url, oid, because(f"no URI is {lacking}; the OID as URN", oid.reason))


def _identifier(oid: Stated[str]) -> Elements:
    return {
        "system": derived(_URI_SYSTEM, oid, "FHIR writes OIDs as identifiers of the URI system"),
        "value": derived(f"urn:oid:{line(oid.value)}", oid, because("the OID as URN", oid.reason)),
    }
