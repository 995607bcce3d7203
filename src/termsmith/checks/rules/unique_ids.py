"""The form of the identifiers that a naming system gives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from termsmith.checks.oids import OID, problem_of_form
from termsmith.checks.rule import CheckRule, Hit, hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from termsmith.checks.subject import Subject

_DEFINITIONS = "https://hl7.org/fhir/R4/namingsystem-definitions.html"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:", re.ASCII)
_WEB = re.compile(r"https?:(?!//[^/?#:])", re.IGNORECASE)
_NOT_IN_URIS = re.compile(r"[\s<>\"{}|\\^`]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_NO_END = ",;\"'<>]}"
"""What comes along when a URI is copied out of a text."""
_PREFIXES = ("urn:oid:", "oid:")
_URN = "urn:oid:"
_SECOND_ARCS = 40


UniqueId = tuple[str, "Mapping[str, Any]", str]
"""Pointer, object and value."""


def ids(subject: Subject, kind: str | None = None) -> Sequence[UniqueId]:
    """Return pointer, object and value of each unique id of a type, or of any.

    White space around a value is left out; that it is there is a fault of its own.
    """
    found = subject.unique_ids
    if found is None:
        found = subject.unique_ids = {None: []}
        for pointer, data in subject.objects("uniqueId"):
            value, stated = data.get("value"), data.get("type")
            if isinstance(value, str) and (bare := value.strip()):
                found[None].append((pointer, data, bare))
                if isinstance(stated, str):
                    found.setdefault(stated, []).append((pointer, data, bare))
    return found.get(kind, ())


def bare_oid(value: str) -> str:
    """Return an OID without the prefix of its URN.

    >>> bare_oid("urn:oid:2.16.840.1.113883.6.1")
    '2.16.840.1.113883.6.1'
    """
    return value.rpartition(":")[2] if value.casefold().startswith(_PREFIXES) else value


def _problem_of_oid(value: str) -> str | None:
    if OID.fullmatch(value) is not None:
        first, second = value.split(".")[:2]
        # Such an arc could not be told from one below the next top arc (ITU-T X.660, 6.2).
        if first != "2" and (len(second) > 2 or int(second) >= _SECOND_ARCS):  # noqa: PLR2004  digits of 39
            return f"below {first} the second arc is at most 39"
        return None
    return problem_of_form(value)


def _problem_of_uri(value: str) -> str | None:
    last = value[-1]
    if last in _NO_END or (last == ")" and "(" not in value):
        return f"it ends with {last!r}"
    if _INVISIBLE.search(value):
        return "it has an invisible character"
    if _SCHEME.match(value) is None:
        bare = f"a bare OID; as URI that is {_URN}{value}" if OID.fullmatch(value) else "not absolute"
        return f"it is {bare}"
    found = _NOT_IN_URIS.search(value)
    if found is not None:
        return "it has white space" if found[0].isspace() else f"it has {found[0]!r}, which no URI has"
    return _problem_of_scheme(value)


def _problem_of_scheme(value: str) -> str | None:
    if _WEB.match(value):
        return "it has no host after http://"
    if value.casefold().startswith(_URN) and (problem := _problem_of_oid(value[len(_URN) :])):
        return f"its OID is malformed: {problem}"
    return None


def _oid_with_prefix(subject: Subject) -> Iterator[Hit]:
    for pointer, _, value in ids(subject, "oid"):
        if value.casefold().startswith(_PREFIXES):
            yield hit(f"{pointer}/value", value=shown(value), bare=shown(bare_oid(value)))


def _no_oid(subject: Subject) -> Iterator[Hit]:
    for pointer, _, value in ids(subject, "oid"):
        if not value.casefold().startswith(_PREFIXES) and (problem := _problem_of_oid(value)):
            yield hit(f"{pointer}/value", value=shown(value), problem=problem)


def _no_uri(subject: Subject) -> Iterator[Hit]:
    for pointer, data, value in ids(subject):
        kind = data.get("type")
        if (kind in ("uri", "iri-stem")) and (problem := _problem_of_uri(value)):
            yield hit(f"{pointer}/value", value=shown(value), kind=kind, problem=problem)


def _no_uuid(subject: Subject) -> Iterator[Hit]:
    for pointer, _, value in ids(subject, "uuid"):
        if _UUID.fullmatch(value) is None:
            lower = _UUID.fullmatch(value.lower()) is not None
            problem = "it has capital letters" if lower else "it is no bare UUID"
            yield hit(f"{pointer}/value", "case" if lower else "form", value=shown(value), problem=problem)


def _other_oid(subject: Subject) -> Iterator[Hit]:
    oids = [bare_oid(value) for _, _, value in ids(subject, "oid")]
    if not oids:
        return
    for pointer, data, value in ids(subject, "uri"):
        oid = value.removeprefix(_URN)
        if oid != value and oid not in oids and data.get("preferred") is not False and OID.fullmatch(oid):
            yield hit(f"{pointer}/value", value=shown(value), oid=shown(oids[0]))


def _rule(code: str, title: str, message: str, hint: str, **description: Any) -> CheckRule:
    described: dict[str, Any] = {
        "severity": Severity.ERROR,
        "spec": f"{_DEFINITIONS}#NamingSystem.uniqueId.value",
        "resources": ("NamingSystem",),
        "element": "NamingSystem.uniqueId.value",
        **description,
    }
    return CheckRule(code=code, title=title, message=message, hint=hint, **described)


RULES: tuple[CheckRule, ...] = (
    _rule(
        "NAM001",
        "OID with a prefix",
        "the identifier of type oid is {value!r}; here the OID stands bare, so nobody will find this one",
        "Write {bare!r}.",
        check=_oid_with_prefix,
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
    ),
    _rule(
        "NAM004",
        "Malformed UUID",
        "the identifier of type uuid is {value!r}: {problem}",
        "Write it as 8-4-4-4-12 hexadecimal digits in lower case, without urn:uuid:.",
        check=_no_uuid,
        levels={"form": Severity.ERROR, "case": Severity.WARNING},
        contexts={"form": "it is no UUID", "case": "it is one but for capital letters"},
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
)
