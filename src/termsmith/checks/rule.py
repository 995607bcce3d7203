"""A rule about a FHIR resource: a pure function and its description as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from termsmith.model.finding import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from termsmith.checks.subject import Subject
    from termsmith.model.finding import Severity

VERSIONS = ("R4", "R4B", "R5")


class Hit(NamedTuple):
    """One place in a resource that breaks a rule."""

    pointer: str
    """JSON pointer from the resource's root: ``/uniqueId/0/value``; empty for the resource itself. Points at
    the offending value; where an element is missing, at the object that lacks it."""
    facts: Mapping[str, Any]
    """What the rule's wording names."""
    level: str | None = None
    """Key of the rule's ``levels`` that gives the severity here; absent for the rule's own."""


class Invariant(NamedTuple):
    """What the specification calls the same rule."""

    key: str
    """``nsd-2``."""
    expression: str
    """The published FHIRPath, to the letter."""
    context: str
    """Element that the expression is evaluated on: ``NamingSystem``, ``CodeSystem.concept.designation``."""


class Profile(Enum):
    """Sets of stricter rules that are asked for by name (``--profile``)."""

    SHAREABLE = "shareable"
    """ShareableCodeSystem and ShareableNamingSystem of FHIR core."""
    PUBLISHABLE = "publishable"
    """PublishableCodeSystem and PublishableNamingSystem of FHIR R5 core; includes shareable."""
    CRMI_SHAREABLE = "crmi-shareable"
    CRMI_PUBLISHABLE = "crmi-publishable"
    PUBLICATION = "publication"
    """What the validator adds in its for-publication mode."""
    IG_PUBLISHER = "ig-publisher"
    """What the IG Publisher adds when it builds a guide; includes publication."""
    FHIR_RESOURCES = "fhir-resources"
    """The classes of the Python package fhir.resources, as a second opinion about structure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRule(Rule):
    """A rule that resources are checked against, one at a time."""

    check: Callable[[Subject], Iterable[Hit]]
    """Yields the places that break the rule; pure, and never raises, whatever the resource is like."""
    finder: str | None = None
    """What finds the faults of several rules in one go, and keeps them by code: ``structure``, ``form``,
    ``lexical`` or ``narrative``. The check looks them up then, and is not called where there are none."""
    element: str
    """FHIRPath of what the rule is about, for its description: ``NamingSystem.uniqueId.value``."""
    resources: tuple[str, ...] = ("NamingSystem", "CodeSystem")
    versions: tuple[str, ...] = VERSIONS
    """FHIR releases in which the rule holds."""
    severities: Mapping[str, Severity] = field(default_factory=dict, hash=False)
    """By FHIR release, where it differs from ``severity``."""
    levels: Mapping[str, Severity] = field(default_factory=dict, hash=False)
    """By context that the check tells apart (``hl7``: systems that HL7 defines), where that decides."""
    contexts: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What each level means, in words; one for each of ``levels``."""
    profiles: tuple[Profile, ...] = ()
    """The rule holds only where one of these is asked for; empty: always."""
    invariants: Mapping[str, Invariant] = field(default_factory=dict, hash=False)
    """By FHIR release."""
    validator: tuple[str, ...] = ()
    """Ids of the messages by which HL7's validator says the same; empty where it has no such rule."""

    def severity_of(self, hit: Hit, version: str) -> Severity:
        """Return how bad a hit is in a FHIR release."""
        if hit.level is not None:
            return self.levels[hit.level]
        return self.severities.get(version, self.severity)


def hit(pointer: str, level: str | None = None, **facts: Any) -> Hit:
    """Return a hit; ``facts`` fill the rule's wording."""
    return Hit(pointer, facts, level)
