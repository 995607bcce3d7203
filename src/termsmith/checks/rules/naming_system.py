"""Naming systems and the identifiers that they give."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from termsmith.checks.carried import carried
from termsmith.checks.rule import CheckRule, Hit, Invariant, hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from termsmith.checks.subject import Subject

_SPEC = "https://hl7.org/fhir/R4/namingsystem.html"
_DEFINITIONS = "https://hl7.org/fhir/R4/namingsystem-definitions.html"
_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_NO_END = ",;\"'<>)]}\u200b\u200e\u200f\ufeff"
"""Characters that come along when a URI is copied out of a text."""
_OID_URN = "urn:oid:"
_TEMPORARY = "http://terminology.hl7.org/temporary-uri"
_SECOND_ARCS = 40

_NSD_0 = "name.matches('[A-Z]([A-Za-z0-9_]){0,254}')"
_NSD_0_R4B = "name.exists() implies name.matches('[A-Z]([A-Za-z0-9_]){0,254}')"
_NSD_1 = "kind != 'root' or uniqueId.all(type != 'uuid')"
_NSD_2 = "uniqueId.where(preferred = true).select(type).isDistinct()"
_NSD_3 = (
    "uniqueId.where(authoritative = 'true')"
    ".select(type.toString() & period.start.toString() & period.end.toString()).isDistinct()"
)


def _ids(subject: Subject, kind: str | None = None) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """Yield pointer, object and value of each unique id of a type, or of any."""
    for pointer, data in subject.objects("uniqueId"):
        if kind is None or data.get("type") == kind:
            value = data.get("value")
            if isinstance(value, str) and value:
                yield pointer, data, value


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


def _oid_with_prefix(subject: Subject) -> Iterator[Hit]:
    for pointer, _, value in _ids(subject, "oid"):
        if value.casefold().startswith(("urn:oid:", "oid:")):
            yield hit(f"{pointer}/value", value=shown(value), bare=shown(value.rpartition(":")[2]))


def _no_oid(subject: Subject) -> Iterator[Hit]:
    for pointer, _, value in _ids(subject, "oid"):
        if value.casefold().startswith(("urn:oid:", "oid:")):
            continue
        if _OID.fullmatch(value) is None:
            problem = "it is no dotted decimal"
        elif value[0] in "01" and int(value.split(".")[1][:4]) >= _SECOND_ARCS:
            problem = f"below {value[0]} the second arc is at most 39"
        else:
            continue
        yield hit(f"{pointer}/value", value=shown(value), problem=problem)


def _no_uri(subject: Subject) -> Iterator[Hit]:
    for kind in ("uri", "iri-stem"):
        for pointer, _, value in _ids(subject, kind):
            if value[-1] in _NO_END:
                problem = f"it ends with {value[-1]!r}"
            elif any(character.isspace() for character in value):
                problem = "it has white space"
            elif _ABSOLUTE.fullmatch(value) is None:
                problem = "it is not absolute" if ":" not in value else "it has characters that no URI has"
            else:
                continue
            yield hit(f"{pointer}/value", value=shown(value), kind=kind, problem=problem)


def _no_uuid(subject: Subject) -> Iterator[Hit]:
    for pointer, _, value in _ids(subject, "uuid"):
        if _UUID.fullmatch(value) is None:
            yield hit(f"{pointer}/value", value=shown(value))


def _other_oid(subject: Subject) -> Iterator[Hit]:
    oids = [value for _, _, value in _ids(subject, "oid")]
    if not oids:
        return
    for pointer, _, value in _ids(subject, "uri"):
        if value.startswith(_OID_URN) and value[len(_OID_URN) :] not in oids:
            yield hit(f"{pointer}/value", value=shown(value), oid=shown(oids[0]))


def _none_preferred(subject: Subject) -> Iterator[Hit]:
    if subject.data.get("kind") != "codesystem":
        return
    uris = [data for _, data, _ in _ids(subject, "uri")]
    if len(uris) > 1 and not any(data.get("preferred") is True for data in uris):
        yield hit("/uniqueId", count=len(uris))


def _preferred_of_the_past(subject: Subject) -> Iterator[Hit]:
    for pointer, data, value in _ids(subject):
        period = data.get("period")
        end = period.get("end") if isinstance(period, dict) else None
        if data.get("preferred") is True and isinstance(end, str) and _is_past(end, subject.today):
            yield hit(f"{pointer}/period/end", value=shown(value), end=shown(end))


def _is_past(end: str, today: str) -> bool:
    """Tell whether the whole of a year, month or day is before today."""
    return end[: len(today)] < today[: len(end)]


def _same_id_twice(subject: Subject) -> Iterator[Hit]:
    first: dict[tuple[object, str], str] = {}
    for pointer, data, value in _ids(subject):
        kind = data.get("type")
        key = (kind if isinstance(kind, str) else None, value)
        if key in first:
            yield hit(pointer, value=shown(value), first=first[key])
        else:
            first[key] = pointer


def _temporary(subject: Subject) -> Iterator[Hit]:
    for pointer, data, value in _ids(subject, "uri"):
        if data.get("preferred") is True and value.startswith(_TEMPORARY):
            yield hit(f"{pointer}/value", value=shown(value))


def _typed_code_system(subject: Subject) -> Iterator[Hit]:
    if subject.data.get("kind") == "codesystem" and "type" in subject.data:
        yield hit("/type")


def _identifier_of_the_system(subject: Subject) -> Iterator[Hit]:
    oids = {value for _, _, value in _ids(subject, "oid")}
    for pointer, data in subject.objects("identifier"):
        value = data.get("value")
        if isinstance(value, str) and value.removeprefix(_OID_URN) in oids:
            yield hit(f"{pointer}/value", value=shown(value))


def _own_url(subject: Subject) -> Iterator[Hit]:
    url = carried(subject.data, "url")
    if url is None:
        return
    for _, data, value in _ids(subject, "uri"):
        if value == url.value and data.get("preferred") is True:
            yield hit(url.pointer, url=shown(url.value))


@cache
def _known_http() -> frozenset[str]:
    from termsmith.registry.lookup import known_systems  # noqa: PLC0415  a table of its own

    uris = (system.uri or "" for system in known_systems())
    return frozenset(uri.removeprefix("http://").rstrip("/") for uri in uris if uri.startswith("http://"))


def _https_of_known(subject: Subject) -> Iterator[Hit]:
    for pointer, _, value in _ids(subject, "uri"):
        if value.startswith("https://") and value.removeprefix("https://").rstrip("/") in _known_http():
            yield hit(f"{pointer}/value", value=shown(value), known=shown("http" + value[5:].rstrip("/")))


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
    _rule(
        "NAM001",
        "OID with a prefix",
        "the identifier of type oid is {value!r}; here the OID stands bare, so nobody will find this one",
        "Write {bare!r}.",
        check=_oid_with_prefix,
        spec=f"{_DEFINITIONS}#NamingSystem.uniqueId.value",
    ),
    _rule(
        "NAM002",
        "Malformed OID",
        "the identifier of type oid is {value!r}: {problem}",
        "Compare it with its source; an OID looks like 2.16.840.1.113883.6.96.",
        check=_no_oid,
        spec="https://hl7.org/fhir/R4/datatypes.html#oid",
    ),
    _rule(
        "NAM003",
        "Malformed URI",
        "the identifier of type {kind} is {value!r}: {problem}",
        "Compare it with its source; it has to be an absolute URI, letter by letter.",
        check=_no_uri,
        spec=f"{_DEFINITIONS}#NamingSystem.uniqueId.value",
    ),
    _rule(
        "NAM004",
        "Malformed UUID",
        "the identifier of type uuid is {value!r}, which is no bare UUID in lower case",
        "Write it as 8-4-4-4-12 hexadecimal digits in lower case, without urn:uuid:.",
        check=_no_uuid,
        spec="https://hl7.org/fhir/R4/datatypes.html#uuid",
    ),
    _rule(
        "NAM005",
        "OID and its URN disagree",
        "the URI {value!r} is the URN of another OID than the stated {oid!r}",
        "Find out which OID is right, and state it both times.",
        check=_other_oid,
        severity=Severity.WARNING,
    ),
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
        "Remove it: the OID belongs into uniqueId and CodeSystem.identifier; the IG Publisher refuses more.",
        check=_identifier_of_the_system,
        severity=Severity.WARNING,
        versions=("R5",),
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
        "https of a system known by http",
        "{value!r} is {known!r} but for https; as a name of the code system these are two",
        "Use the URI with http, unless both are meant.",
        check=_https_of_known,
        severity=Severity.INFORMATION,
        spec="https://terminology.hl7.org/external_code_systems.html",
    ),
)
