"""One resource against all rules that hold for it."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from termsmith.checks.rule import Profile
from termsmith.checks.rulebook import CHECK_RULES
from termsmith.model.finding import Finding, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from termsmith.checks.rule import CheckRule, Hit
    from termsmith.checks.subject import Subject
    from termsmith.model.place import Place

_INCLUDED = {
    Profile.PUBLISHABLE: (Profile.SHAREABLE,),
    Profile.CRMI_PUBLISHABLE: (Profile.CRMI_SHAREABLE,),
    Profile.IG_PUBLISHER: (Profile.PUBLICATION,),
}
_NONE: frozenset[Profile] = frozenset()
_CLAIMS = {
    (resource, f"{base}{prefix}{name}{resource.lower()}"): Profile(f"{prefix}{name}")
    for base, prefix in (
        ("http://hl7.org/fhir/StructureDefinition/", ""),
        ("http://hl7.org/fhir/uv/crmi/StructureDefinition/", "crmi-"),
    )
    for name in ("shareable", "publishable")
    for resource in ("CodeSystem", "NamingSystem")
}
_LONGEST_SHOWN = 80
_CHOICES = re.compile(r"\b(value(?!Set\b)|versionAlgorithm)[A-Z]\w*")


MOST_OF_A_RULE = 1000
"""Findings of one rule in one resource that are told one by one; of what is more, the number is told."""
_MORE = Rule(
    code="LIM001",
    severity=Severity.INFORMATION,
    title="More of the same",
    message="{code} was found {number:,} times in this resource; only the first {most:,} are told",
    hint="Correct those, and check again.",
)
LIMIT_RULES = (_MORE,)


class Fault(NamedTuple):
    """A rule that was broken, and where."""

    rule: CheckRule
    hit: Hit


def faults(subject: Subject, profiles: frozenset[Profile] = _NONE) -> Iterator[Fault]:
    """Yield what breaks a rule, rule by rule in the order of the rulebook."""
    asked = with_included(profiles | claimed(subject))
    found = subject.found
    for rule in rules_for(subject.type, subject.version, asked):
        if rule.finder is None or rule.code in found:
            for hit in rule.check(subject):
                yield Fault(rule, hit)


def claimed(subject: Subject) -> frozenset[Profile]:
    """Return the profiles that a resource says it conforms to, as far as rules are known for them."""
    meta = subject.data.get("meta")
    stated = meta.get("profile") if isinstance(meta, dict) else None
    if not isinstance(stated, list):
        return _NONE
    keys = ((subject.type, each.partition("|")[0]) for each in stated if isinstance(each, str))
    found = frozenset(_CLAIMS[key] for key in keys if key in _CLAIMS)
    # Core has publishable profiles from R5 on; before, the claim means nothing.
    return found if subject.version == "R5" else found - {Profile.PUBLISHABLE}


def with_included(profiles: frozenset[Profile]) -> frozenset[Profile]:
    """Return profiles with those that they build on."""
    return profiles.union(*(_INCLUDED.get(profile, ()) for profile in profiles))


@cache
def rules_for(resource_type: str, version: str, profiles: frozenset[Profile]) -> tuple[CheckRule, ...]:
    """Return the rules that hold for a resource type in a FHIR release."""
    return tuple(
        rule
        for rule in CHECK_RULES
        if resource_type in rule.resources
        and version in rule.versions
        and (not rule.profiles or not profiles.isdisjoint(rule.profiles))
    )


def finding_of(
    fault: Fault, subject: Subject, *, place: Place | None = None, severity: Severity | None = None
) -> Finding:
    """Return a fault in words.

    Args:
        fault: The rule and where it is broken.
        subject: The resource.
        place: Where that is in a file or on a page, if it is known.
        severity: Another than the rule has for the resource's FHIR release and context.
    """
    rule, hit = fault
    return rule.found(
        place=place,
        element=fhir_path(subject.type, hit.pointer),
        pointer=hit.pointer,
        severity=rule.severity_of(hit, subject.version) if severity is None else severity,
        offending=offending(subject.data, hit.pointer),
        **hit.facts,
    )


def more_of(code: str, number: int, place: Place | None = None) -> Finding:
    """Return the finding that stands for those that are not told."""
    return _MORE.found(place=place, code=code, number=number, most=MOST_OF_A_RULE)


def offending(data: object, pointer: str) -> str | None:
    """Return the simple value at a JSON pointer as JSON, cut to a line; nothing for objects and arrays.

    >>> offending({"uniqueId": [{"value": "1.2"}]}, "/uniqueId/0/value")
    '"1.2"'
    """
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(data, dict):
            data = data.get(name)
        elif isinstance(data, list) and name.isdecimal() and int(name) < len(data):
            data = data[int(name)]
        else:
            return None
    if data is None or isinstance(data, dict | list):
        return None
    text = json.dumps(data, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 2]}…{text[-1]}"


def fhir_path(root: str, pointer: str) -> str:
    """Return a JSON pointer as FHIRPath.

    >>> fhir_path("NamingSystem", "/uniqueId/0/_value/extension/1/valueUri")
    'NamingSystem.uniqueId[0].value.extension[1].value'
    """
    path = root
    for step in pointer.split("/")[1:]:
        if step.isdecimal():
            path += f"[{step}]"
        else:
            name = step.replace("~1", "/").replace("~0", "~").removeprefix("_")
            path += "." + _CHOICES.sub(r"\1", name)
    return path
