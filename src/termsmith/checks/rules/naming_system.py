"""Naming systems and the identifiers that they give."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from termsmith.checks.carried import carried
from termsmith.checks.rule import CheckRule, Hit, Invariant, hit
from termsmith.checks.rules import unique_ids
from termsmith.checks.rules.unique_ids import bare_oid, ids
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from termsmith.checks.subject import Subject

_SPEC = "https://hl7.org/fhir/R4/namingsystem.html"
_DEFINITIONS = "https://hl7.org/fhir/R4/namingsystem-definitions.html"
_TEMPORARY = "http://terminology.hl7.org/temporary-uri"

_IDENTIFIERS = frozenset({
    "http://hl7.org/fhir/5.0/StructureDefinition/extension-NamingSystem.identifier",
    "http://hl7.org/fhir/StructureDefinition/artifact-identifier",
})  # fmt: skip

_NSD_1 = "kind != 'root' or uniqueId.all(type != 'uuid')"
_NSD_2 = "uniqueId.where(preferred = true).select(type).isDistinct()"
_NSD_3 = (
    "uniqueId.where(authoritative = 'true')"
    ".select(type.toString() & period.start.toString() & period.end.toString()).isDistinct()"
)


def _root_with_uuid(subject: Subject) -> Iterator[Hit]:
    if subject.data.get("kind") == "root":
        for pointer, data in subject.objects("uniqueId"):
            if data.get("type") == "uuid":
                yield hit(f"{pointer}/type")


def _preferred_twice(subject: Subject) -> Iterator[Hit]:
    first: dict[str, str] = {}
    for pointer, data in subject.objects("uniqueId"):
        kind = data.get("type")
        if data.get("preferred") is True and isinstance(kind, str):
            if kind in first:
                yield hit(f"{pointer}/preferred", kind=shown(kind), first=first[kind])
            else:
                first[kind] = pointer


def _authoritative_twice(subject: Subject) -> Iterator[Hit]:
    first: dict[tuple[str, str, str], str] = {}
    for pointer, data in subject.objects("uniqueId"):
        if data.get("authoritative") is not True:
            continue
        period = data.get("period")
        stated = period if isinstance(period, dict) else {}
        key = (str(data.get("type")), str(stated.get("start")), str(stated.get("end")))
        if key in first:
            yield hit(f"{pointer}/authoritative", kind=shown(key[0]), first=first[key])
        else:
            first[key] = pointer


def _none_preferred(subject: Subject) -> Iterator[Hit]:
    if subject.data.get("kind") != "codesystem":
        return
    uris = [data for _, data, _ in ids(subject, "uri")]
    if len(uris) > 1 and not any(data.get("preferred") is True for data in uris):
        yield hit("/uniqueId", count=len(uris))


def _preferred_of_the_past(subject: Subject) -> Iterator[Hit]:
    if subject.data.get("status") == "retired":
        return  # nothing is left to be preferred
    for pointer, data, value in ids(subject):
        period = data.get("period")
        end = period.get("end") if isinstance(period, dict) else None
        if data.get("preferred") is True and isinstance(end, str) and _is_past(end, subject.today):
            yield hit(f"{pointer}/period/end", value=shown(value), end=shown(end))


def _is_past(end: str, today: str) -> bool:
    """Tell whether the whole of a year, month or day is before today."""
    return end[: len(today)] < today[: len(end)]


def _same_id_twice(subject: Subject) -> Iterator[Hit]:
    first: dict[tuple[str, str], tuple[str, Mapping[str, Any]]] = {}
    for pointer, data, value in ids(subject):
        before = first.setdefault((str(data.get("type")), value), (pointer, data))
        if before[0] == pointer or data.get("period") != before[1].get("period"):
            continue
        if not data.get("preferred") is before[1].get("preferred") is True:  # else that is the fault
            yield hit(pointer, value=shown(value), first=before[0])


def _temporary(subject: Subject) -> Iterator[Hit]:
    for pointer, data, value in ids(subject, "uri"):
        if data.get("preferred") is True and value.startswith(_TEMPORARY):
            yield hit(f"{pointer}/value", value=shown(value))


def _typed_code_system(subject: Subject) -> Iterator[Hit]:
    if subject.data.get("kind") == "codesystem" and "type" in subject.data:
        yield hit("/type")


def _identifier_of_the_system(subject: Subject) -> Iterator[Hit]:
    identifiers = [*subject.objects("identifier"), *_carried_identifiers(subject)]
    if not identifiers:
        return
    oids = {bare_oid(value) for _, _, value in ids(subject, "oid")}
    for pointer, data in identifiers:
        value = data.get("value")
        if isinstance(value, str) and bare_oid(value) in oids:
            yield hit(f"{pointer}/value", value=shown(value))


def _carried_identifiers(subject: Subject) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the identifiers that extensions carry, as the element is there from R5 on."""
    for pointer, data in subject.objects("extension"):
        value = data.get("valueIdentifier")
        if isinstance(value, dict) and data.get("url") in _IDENTIFIERS:
            yield f"{pointer}/valueIdentifier", value


def _own_url(subject: Subject) -> Iterator[Hit]:
    url = carried(subject.data, "url")
    if url is None:
        return
    uris = [(data, value) for _, data, value in ids(subject, "uri")]
    for data, value in uris:
        if value == url.value and (data.get("preferred") is True or len(uris) == 1):
            yield hit(url.pointer, url=shown(url.value))


@cache
def _well_known() -> Mapping[str, str]:
    """Return the URIs of well-known systems by what near copies of them have in common."""
    from termsmith.registry.lookup import known_systems  # noqa: PLC0415  a table of its own

    return {_alike(system.uri): system.uri for system in known_systems() if system.uri}


def _alike(uri: str) -> str:
    return uri.partition("://")[2].casefold().rstrip("/")


def _near_known(subject: Subject) -> Iterator[Hit]:
    stated = [(f"{pointer}/value", data, value) for pointer, data, value in ids(subject, "uri")]
    if subject.type == "CodeSystem" and (url := subject.text("url")):
        stated = [("/url", {}, url)]
    for pointer, data, value in stated:
        # Reading the table takes a while, so only for what may be a slip.
        if not value.startswith("https://") and not (value.startswith("http://") and value.endswith("/")):
            continue
        known = _well_known().get(_alike(value), value)
        both = any(other == known for _, _, other in stated)
        if data.get("preferred") is not False and not both:
            yield hit(pointer, value=shown(value), known=shown(known))


def _rule(code: str, title: str, message: str, hint: str, **description: Any) -> CheckRule:
    described: dict[str, Any] = {
        "severity": Severity.ERROR,
        "spec": _SPEC,
        "resources": ("NamingSystem",),
        "element": "NamingSystem.uniqueId.value",
        **description,
    }
    return CheckRule(code=code, title=title, message=message, hint=hint, **described)


def _always(key: str, expression: str) -> dict[str, Invariant]:
    return {version: Invariant(key, expression, "NamingSystem") for version in ("R4", "R4B", "R5")}


RULES: tuple[CheckRule, ...] = (
    _rule(
        "INV022",
        "UUID of a root",
        "a naming system of kind 'root' has an identifier of type uuid; a root is below no UUID",
        "Make it an OID or a URI, or correct kind.",
        check=_root_with_uuid,
        element="NamingSystem.uniqueId.type",
        invariants=_always("nsd-1", _NSD_1),
    ),
    _rule(
        "INV023",
        "Preferred twice",
        "two identifiers of type {kind} are preferred; the first is at {first}",
        "Keep preferred: true on one of each type.",
        check=_preferred_twice,
        element="NamingSystem.uniqueId.preferred",
        invariants=_always("nsd-2", _NSD_2),
    ),
    _rule(
        "INV024",
        "Authoritative twice",
        "two identifiers of type {kind} are authoritative for the same period; the first is at {first}",
        "Keep authoritative: true on one of them, or state different periods.",
        check=_authoritative_twice,
        versions=("R5",),
        element="NamingSystem.uniqueId.authoritative",
        spec="https://hl7.org/fhir/R5/namingsystem.html",
        invariants={"R5": Invariant("nsd-3", _NSD_3, "NamingSystem")},
    ),
    *unique_ids.RULES,
    _rule(
        "NAM006",
        "No URI preferred",
        "the code system has {count} URIs, none of which is preferred",
        "Set preferred: true on the URI that goes into Coding.system.",
        check=_none_preferred,
        severity=Severity.WARNING,
        element="NamingSystem.uniqueId.preferred",
        spec=f"{_DEFINITIONS}#NamingSystem.uniqueId.preferred",
    ),
    _rule(
        "NAM007",
        "Preferred, but over",
        "the identifier {value!r} is preferred, but its period ended {end}",
        "Prefer another identifier, or correct the period.",
        check=_preferred_of_the_past,
        severity=Severity.WARNING,
        element="NamingSystem.uniqueId.period",
        spec=f"{_DEFINITIONS}#NamingSystem.uniqueId.period",
    ),
    _rule(
        "NAM008",
        "Identifier twice",
        "the identifier {value!r} is stated already at {first}",
        "Keep one of them.",
        check=_same_id_twice,
        severity=Severity.WARNING,
        element="NamingSystem.uniqueId",
    ),
    _rule(
        "NAM009",
        "Temporary URI preferred",
        "the preferred URI {value!r} was given for the time being",
        "Prefer the official URI as soon as it is known.",
        check=_temporary,
        severity=Severity.WARNING,
        spec="https://terminology.hl7.org/external_code_systems.html",
    ),
    _rule(
        "NAM010",
        "Code system with a type of identifier",
        "type says what an identifier is for, but this naming system describes a code system",
        "Remove type, or make kind 'identifier'.",
        check=_typed_code_system,
        severity=Severity.INFORMATION,
        element="NamingSystem.type",
        spec=f"{_DEFINITIONS}#NamingSystem.type",
    ),
    _rule(
        "NAM011",
        "The code system's OID as identifier of the record",
        "identifier {value!r} is the OID of the code system, not of this record",
        "Remove it: the OID belongs in uniqueId and CodeSystem.identifier; the IG Publisher refuses more.",
        check=_identifier_of_the_system,
        severity=Severity.WARNING,
        element="NamingSystem.identifier",
        spec="https://hl7.org/fhir/R5/namingsystem-definitions.html#NamingSystem.identifier",
    ),
    _rule(
        "NAM012",
        "Record and system share a URL",
        "the url {url!r} is also the preferred URI; the one names this record, the other the code system",
        "Give the record a URL of its own, such as .../NamingSystem/<id>.",
        check=_own_url,
        element="NamingSystem.url",
        spec="https://hl7.org/fhir/R5/namingsystem-definitions.html#NamingSystem.url",
    ),
    _rule(
        "NAM013",
        "Nearly the URI of a well-known system",
        "{value!r} is nearly {known!r}, a code system that HL7 knows; for programs these are two",
        "Use the known URI to the letter, unless another system is meant.",
        check=_near_known,
        resources=("NamingSystem", "CodeSystem"),
        severity=Severity.INFORMATION,
        spec="https://terminology.hl7.org/external_code_systems.html",
    ),
)
