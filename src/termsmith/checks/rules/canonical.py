"""What holds for all canonical resources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from termsmith.checks.carried import carried
from termsmith.checks.rule import CheckRule, Hit, Invariant, hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from termsmith.checks.subject import Subject

_SPEC = "https://hl7.org/fhir/R5/canonicalresource.html"
_NAMES = {
    "R4": re.compile(r"[A-Z][A-Za-z0-9_]{0,254}"),
    "R4B": re.compile(r"[A-Z][A-Za-z0-9_]{0,254}"),
    "R5": re.compile(r"[A-Z][A-Za-z0-9_]{1,254}"),
}
_STANDARDS_STATUS = "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status"
_FITTING = {
    "draft": {"draft"},
    "normative": {"active"},
    "trial-use": {"draft", "active"},
    "informative": {"draft", "active", "retired"},
    "external": {"draft", "active", "retired"},
    "deprecated": {"retired"},
    "withdrawn": {"retired"},
}
_USUAL = {"trial-use": {"active"}, "informative": {"draft", "active"}, "external": {"draft", "active"}}


def _name(subject: Subject) -> Iterator[Hit]:
    fewest = 2 if subject.version == "R5" else 1
    name = subject.text("name")
    if name and _NAMES[subject.version].fullmatch(name) is None:
        yield hit("/name", name=shown(name), fewest=fewest)
    if "name" not in subject.data and isinstance(subject.data.get("_name"), dict):
        yield hit("/_name", name="", fewest=fewest)


def _marks_in_url(subject: Subject) -> Iterator[Hit]:
    url = subject.text("url")
    if url is not None and ("|" in url or "#" in url):
        yield hit("/url", url=shown(url), mark="|" if "|" in url else "#")


def _standards_status(subject: Subject) -> tuple[str, str] | None:
    for pointer, data in subject.objects("extension"):
        if data.get("url") == _STANDARDS_STATUS and isinstance(data.get("valueCode"), str):
            return pointer, data["valueCode"]
    return None


def _statuses_disagree(subject: Subject) -> Iterator[Hit]:
    found, status = _standards_status(subject), subject.text("status")
    if found is not None and status is not None and status not in _FITTING.get(found[1], {status}):
        yield hit("/status", standards=shown(found[1]), status=shown(status))


def _statuses_unusual(subject: Subject) -> Iterator[Hit]:
    found, status = _standards_status(subject), subject.text("status")
    if found is None or status is None or status not in _FITTING.get(found[1], {}):
        return
    if status not in _USUAL.get(found[1], {status}):
        yield hit("/status", standards=shown(found[1]), status=shown(status))


def _deprecated(subject: Subject) -> Iterator[Hit]:
    description = subject.text("description")
    if description is None or "deprecated" not in description.lower():
        return
    found = _standards_status(subject)
    if found is None or found[1] != "deprecated":
        yield hit("/description")


def _hash_in_version(subject: Subject) -> Iterator[Hit]:
    version = carried(subject.data, "version")
    if version is not None and "#" in version.value:
        yield hit(version.pointer, version=shown(version.value))


def _rule(code: str, title: str, message: str, hint: str, **description: Any) -> CheckRule:
    described: dict[str, Any] = {"severity": Severity.WARNING, "spec": _SPEC, **description}
    return CheckRule(code=code, title=title, message=message, hint=hint, **described)


_DEPRECATED = (
    "Resource is not deprecated, but the description mentions deprecated - "
    "check whether it should be deprecated"
)
_R4_NAME = "name.matches('[A-Z]([A-Za-z0-9_]){0,254}')"
_R4B_NAME = "name.exists() implies name.matches('[A-Z]([A-Za-z0-9_]){0,254}')"
_R5_NAME = "name.exists() implies name.matches('^[A-Z]([A-Za-z0-9_]){1,254}$')"


def _name_rule(code: str, resource: str, key: str) -> CheckRule:
    return _rule(
        code,
        "Name that programs can't use",
        "name {name!r} can't be used by programs",
        "Begin with a capital letter; then letters A to Z or a to z, digits and underscores, {fewest} to 255 "
        "in all.",
        check=_name,
        resources=(resource,),
        element=f"{resource}.name",
        spec=f"https://hl7.org/fhir/R4/{resource.lower()}-definitions.html#{resource}.name",
        invariants={
            "R4": Invariant(key, _R4_NAME, resource),
            "R4B": Invariant(key, _R4B_NAME, resource),
            "R5": Invariant("cnl-0", _R5_NAME, resource),
        },
    )


RULES: tuple[CheckRule, ...] = (
    _name_rule("INV020", "NamingSystem", "nsd-0"),
    _name_rule("INV045", "CodeSystem", "csd-0"),
    _rule(
        "INV021",
        "URL with | or #",
        "url {url!r} has {mark!r} in it, which canonical references use for versions and fragments",
        "Use a URL without it.",
        check=_marks_in_url,
        versions=("R5",),
        element="CanonicalResource.url",
        invariants={
            "R5": Invariant("cnl-1", "exists() implies matches('^[^|# ]+$')", "CanonicalResource.url")
        },
    ),
    _rule(
        "CAN001",
        "Status against standards status",
        "status is {status!r}, which does not go with the standards status {standards!r}",
        "Correct one of them.",
        check=_statuses_disagree,
        element="CanonicalResource.status",
        validator=("VALIDATION_VAL_STATUS_INCONSISTENT",),
    ),
    _rule(
        "CAN002",
        "Status unusual for the standards status",
        "status {status!r} is unusual for the standards status {standards!r}",
        "Look whether one of them is out of date.",
        check=_statuses_unusual,
        severity=Severity.INFORMATION,
        element="CanonicalResource.status",
        validator=("VALIDATION_VAL_STATUS_INCONSISTENT_HINT",),
    ),
    _rule(
        "CAN003",
        "Deprecation only in words",
        "the description mentions 'deprecated', but no standards status says so",
        "Where the system is deprecated, say so by status or by the extension standards-status.",
        check=_deprecated,
        severity=Severity.INFORMATION,
        element="CanonicalResource.description",
        validator=(_DEPRECATED,),
    ),
    _rule(
        "CAN004",
        "Version with #",
        "version {version!r} has '#' in it, which packages use between name and version",
        "Write it without '#'.",
        check=_hash_in_version,
        element="CanonicalResource.version",
        validator=("VALIDATION_VAL_VERSION_NOHASH",),
    ),
)
