"""Invariants of elements, extensions, datatypes and of the frame of all resources."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from termsmith.checks.rule import CheckRule, Hit, Invariant, hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from termsmith.checks.subject import Subject

_CONTAINED = "https://hl7.org/fhir/R4/references.html#contained"
_DATATYPES = "https://hl7.org/fhir/R4/datatypes.html"
_VERSIONS = ("R4", "R4B", "R5")
_INSTANT = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d))?)?)?", re.ASCII
)

_OF_A_DAY = 3
"""Parts that a date without a time has: year, month, day."""


def _contained_in_contained(subject: Subject) -> Iterator[Hit]:
    for pointer, data in subject.objects("contained"):
        if "contained" in data:
            yield hit(f"{pointer}/contained")


def _orphan(subject: Subject) -> Iterator[Hit]:
    contained = subject.objects("contained")
    if not contained:
        return
    kinds = ("uri", "url", "canonical", "string")
    referred = {value for kind in kinds for column in subject.texts(kind) for value in column.distinct}
    if subject.narrative is not None:
        referred |= {f"#{target}" for target in subject.narrative.images}
    for pointer, data in contained:
        name = data.get("id")
        # An id that begins with # has a fault of its own; what is meant by it is referred to.
        if isinstance(name, str) and f"#{name.removeprefix('#')}" not in referred and not _refers_back(data):
            yield hit(pointer, id=shown(name))


def _refers_back(value: object) -> bool:
    """Tell whether a contained resource refers to the one around it."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if each.get("reference") == "#":
                return True
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
    return False


def _contained_meta(subject: Subject) -> Iterator[Hit]:
    for pointer, data in subject.objects("contained"):
        meta = data.get("meta")
        for name in ("versionId", "lastUpdated"):
            if isinstance(meta, dict) and name in meta:
                yield hit(f"{pointer}/meta/{name}", name=name)


def _contained_label(subject: Subject) -> Iterator[Hit]:
    for pointer, data in subject.objects("contained"):
        meta = data.get("meta")
        if isinstance(meta, dict) and meta.get("security"):
            yield hit(f"{pointer}/meta/security")


def _contained_without_id(subject: Subject) -> Iterator[Hit]:
    for pointer, data in subject.objects("contained"):
        if "id" not in data and "resourceType" in data:
            yield hit(pointer)


def _contained_code_system(subject: Subject) -> Iterator[Hit]:
    for pointer, data in subject.objects("contained"):
        if data.get("resourceType") == "CodeSystem":
            yield hit(pointer)


def _no_narrative(subject: Subject) -> Iterator[Hit]:
    text = subject.data.get("text")
    if not isinstance(text, dict) or "div" not in text:
        yield hit("")


def _extension(subject: Subject) -> Iterator[Hit]:
    for column in subject.parts("Extension"):
        for index, data in enumerate(column.values):
            has_value = any(name.lstrip("_").startswith("value") for name in data)
            if has_value == ("extension" in data):
                state = "both a value and extensions" if has_value else "neither a value nor extensions"
                yield hit(column.pointer(index), state=state, url=shown(data.get("url")))


def _period(subject: Subject) -> Iterator[Hit]:
    for column in subject.parts("Period"):
        for index, data in enumerate(column.values):
            start, end = data.get("start"), data.get("end")
            if not isinstance(start, str) or not isinstance(end, str):
                continue
            problem = _disorder(start, end, subject.version)
            if problem is not None:
                yield hit(column.pointer(index), start=shown(start), end=shown(end), problem=problem)


def _disorder(start: str, end: str, version: str) -> str | None:
    first, last = _INSTANT.fullmatch(start), _INSTANT.fullmatch(end)
    if first is None or last is None:
        return None
    try:
        if version == "R5":
            # Where no zone is stated, the bounds are those of the zone where it comes first or last. Two
            # days, months or years are in one zone, though.
            alike = _parts(first) == _parts(last) <= _OF_A_DAY
            wrong = start > end if alike else _bound(first, "low") > _bound(last, "high")
            return "the end is before the start" if wrong else None
        return _not_ordered(first, last)
    except (ValueError, OverflowError):  # no day of the calendar, which has a rule of its own
        return None


def _parts(found: re.Match[str]) -> int:
    return sum(1 for each in found.groups() if each is not None)


def _bound(found: re.Match[str], which: str) -> datetime:
    """Return the first or the last moment that a date may mean, in UTC."""
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    if hour is not None:
        moment = datetime(
            int(year), int(month), int(day), int(hour), int(minute), min(int(second), 59), tzinfo=UTC
        )
        moment += timedelta(microseconds=int((fraction or "0")[:6].ljust(6, "0")))
        if zone != "Z":
            sign = -1 if zone[0] == "-" else 1
            moment -= sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
        return moment
    if which == "low":
        zone_east = timezone(timedelta(hours=14))
        return datetime(int(year), int(month or 1), int(day or 1), tzinfo=zone_east).astimezone(UTC)
    month_number = int(month or 12)
    last_day = int(day) if day else monthrange(int(year), month_number)[1]
    zone_west = timezone(timedelta(hours=-12))
    return datetime(int(year), month_number, last_day, 23, 59, 59, 999_999, tzinfo=zone_west).astimezone(UTC)


def _not_ordered(first: re.Match[str], last: re.Match[str]) -> str | None:
    """Compare as R4 does: part by part, and what can't be told is a fault."""
    if first[4] is not None and last[4] is not None:
        return "the end is before the start" if _bound(first, "low") > _bound(last, "high") else None
    for one, other in zip(first.groups()[:4], last.groups()[:4], strict=True):
        if one is None and other is None:
            return None
        if one is None or other is None:
            return "one is stated more exactly than the other, so their order can't be told"
        if one != other:
            return "the end is before the start" if one > other else None
    return None


def _contact_without_system(subject: Subject) -> Iterator[Hit]:
    for column in subject.parts("ContactPoint"):
        for index, data in enumerate(column.values):
            if "value" in data and "system" not in data:
                yield hit(column.pointer(index), value=shown(data["value"]))


def _identifier_without_value(subject: Subject) -> Iterator[Hit]:
    for column in subject.parts("Identifier"):
        for index, data in enumerate(column.values):
            if "value" not in data and "_value" not in data:
                yield hit(column.pointer(index))


def _display_without_code(subject: Subject) -> Iterator[Hit]:
    for column in subject.parts("Coding"):
        if all("code" in shape for shape in column.shapes):
            continue
        for index, data in enumerate(column.values):
            if "display" in data and "code" not in data and "_code" not in data:
                yield hit(column.pointer(index), display=shown(data["display"]))


def _everywhere(key: str, expression: str, context: str) -> Mapping[str, Invariant]:
    return {version: Invariant(key, expression, context) for version in _VERSIONS}


def _rule(code: str, title: str, message: str, hint: str, **description: Any) -> CheckRule:
    described: dict[str, Any] = {"severity": Severity.ERROR, "spec": _CONTAINED, **description}
    return CheckRule(code=code, title=title, message=message, hint=hint, **described)


_PER_1 = "start.hasValue().not() or end.hasValue().not() or (start <= end)"
_PER_1_R5 = "start.hasValue().not() or end.hasValue().not() or (start.lowBoundary() <= end.highBoundary())"

RULES: tuple[CheckRule, ...] = (
    _rule(
        "INV001",
        "Contained in a contained resource",
        "a contained resource contains another",
        "Contain both in the outer resource.",
        check=_contained_in_contained,
        element="DomainResource.contained",
        invariants=_everywhere("dom-2", "contained.contained.empty()", "DomainResource"),
    ),
    _rule(
        "INV002",
        "Contained, but not referred to",
        "the contained resource {id!r} is referred to from nowhere, and does not refer to this one",
        "Refer to it as #{id}, or remove it.",
        check=_orphan,
        element="DomainResource.contained",
        validator=("CONTAINED_ORPHAN_DOM3",),
    ),
    _rule(
        "INV003",
        "Version of a contained resource",
        "a contained resource states meta.{name}, but it has no versions of its own",
        "Remove meta.{name}.",
        check=_contained_meta,
        element="DomainResource.contained.meta",
        invariants=_everywhere(
            "dom-4",
            "contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()",
            "DomainResource",
        ),
    ),
    _rule(
        "INV004",
        "Security label of a contained resource",
        "a contained resource has a security label; those belong to the outer resource",
        "Move the label to the outer resource.",
        check=_contained_label,
        element="DomainResource.contained.meta.security",
        invariants=_everywhere("dom-5", "contained.meta.security.empty()", "DomainResource"),
    ),
    _rule(
        "INV005",
        "Contained resource without an id",
        "the contained resource has no id, so nothing can refer to it",
        "State an id.",
        check=_contained_without_id,
        element="DomainResource.contained.id",
        validator=("Resource_RES_ID_Missing", "CONTAINED_ORPHAN_DOM3"),
    ),
    _rule(
        "INV006",
        "No narrative",
        "the resource has no narrative, a text for people",
        "Add text, or an exception from this rule to termsmith.toml; FHIR recommends narrative, and does not "
        "ask for it.",
        check=_no_narrative,
        severity=Severity.WARNING,
        # R5's definitions of the two resources do not repeat what holds for all, so that HL7's validator,
        # which runs what they list, says nothing there.
        severities={"R5": Severity.INFORMATION},
        element="DomainResource.text",
        spec="https://hl7.org/fhir/R4/domainresource.html",
        invariants=_everywhere("dom-6", "text.`div`.exists()", "DomainResource"),
    ),
    _rule(
        "INV007",
        "Contained code system",
        "a code system is contained; codings name code systems by URL, so nobody will find it here",
        "Make it a resource of its own.",
        check=_contained_code_system,
        severity=Severity.INFORMATION,
        resources=("CodeSystem",),
        element="DomainResource.contained",
        validator=("CODESYSTEM_NOT_CONTAINED",),
    ),
    _rule(
        "INV010",
        "Extension with both or neither",
        "the extension {url!r} has {state}; it needs one of them",
        "Keep the value, or the extensions.",
        check=_extension,
        element="Extension",
        spec="https://hl7.org/fhir/R4/extensibility.html",
        invariants=_everywhere("ext-1", "extension.exists() != value.exists()", "Extension"),
        validator=("Extension_EXT_Simple_ABSENT", "Validation_VAL_Profile_Maximum"),
    ),
    _rule(
        "INV011",
        "Period ends before it starts",
        "the period from {start!r} to {end!r}: {problem}",
        "Correct one of them.",
        check=_period,
        element="Period",
        spec=f"{_DATATYPES}#Period",
        invariants={
            "R4": Invariant("per-1", _PER_1, "Period"),
            "R4B": Invariant("per-1", _PER_1, "Period"),
            "R5": Invariant("per-1", _PER_1_R5, "Period"),
        },
    ),
    _rule(
        "INV012",
        "Contact without a system",
        "the contact {value!r} does not say what it is",
        "State system: phone, fax, email, pager, url, sms or other.",
        check=_contact_without_system,
        element="ContactPoint",
        spec=f"{_DATATYPES}#ContactPoint",
        invariants=_everywhere("cpt-2", "value.empty() or system.exists()", "ContactPoint"),
    ),
    _rule(
        "INV013",
        "Identifier without a value",
        "the identifier has no value",
        "State its value, or remove it.",
        check=_identifier_without_value,
        severity=Severity.WARNING,
        versions=("R5",),
        element="Identifier",
        spec="https://hl7.org/fhir/R5/datatypes.html#Identifier",
        invariants={"R5": Invariant("ident-1", "value.exists()", "Identifier")},
    ),
    _rule(
        "INV014",
        "Display without a code",
        "the coding has the display {display!r}, but no code",
        "State the code, or write the text as CodeableConcept.text.",
        check=_display_without_code,
        severity=Severity.WARNING,
        versions=("R5",),
        element="Coding",
        spec="https://hl7.org/fhir/R5/datatypes.html#Coding",
        invariants={"R5": Invariant("cod-1", "code.exists().not() implies display.exists().not()", "Coding")},
    ),
)
