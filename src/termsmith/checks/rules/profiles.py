"""Shareable and publishable profiles, and the validator's publication mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.checks.carried import carried
from termsmith.checks.rule import CheckRule, Hit, Invariant, Profile, hit
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from termsmith.checks.subject import Subject

_R4_CORE = "https://hl7.org/fhir/R4/shareablecodesystem.html"
_R5_CORE = "https://hl7.org/fhir/R5/shareablecodesystem.html"
_CRMI = "http://hl7.org/fhir/uv/crmi/"

_MANDATORY: dict[Profile, dict[tuple[str, str], tuple[str, ...]]] = {
    Profile.SHAREABLE: {
        ("CodeSystem", "R4"): (
            "url",
            "version",
            "name",
            "experimental",
            "publisher",
            "description",
            "concept",
        ),
        ("CodeSystem", "R4B"): (
            "url",
            "version",
            "name",
            "experimental",
            "publisher",
            "description",
            "concept",
        ),
        ("CodeSystem", "R5"): ("url", "version", "title", "experimental", "description", "caseSensitive"),
        ("NamingSystem", "R5"): ("url", "version", "title", "description"),
    },
    Profile.PUBLISHABLE: {
        ("CodeSystem", "R5"): ("date",),
    },
    Profile.CRMI_SHAREABLE: {
        ("CodeSystem", "R4"): ("url", "version", "title", "experimental", "description", "caseSensitive"),
        ("CodeSystem", "R4B"): ("url", "version", "title", "experimental", "description", "caseSensitive"),
        ("CodeSystem", "R5"): ("url", "version", "title", "experimental", "description", "caseSensitive"),
        ("NamingSystem", "R4"): ("url", "version", "title", "description"),
        ("NamingSystem", "R4B"): ("url", "version", "title", "description"),
        ("NamingSystem", "R5"): ("url", "version", "title", "description"),
    },
    Profile.CRMI_PUBLISHABLE: {
        ("CodeSystem", "R4"): ("date",),
        ("CodeSystem", "R4B"): ("date",),
        ("CodeSystem", "R5"): ("date",),
    },
}
"""What a profile makes mandatory beyond the resource itself, by resource type and FHIR release.

The R4B profile is taken to be that of R4. R4 core has no profile for NamingSystem. What the resource itself
asks for already (status, content, NamingSystem.date) has a rule of its own.
"""
_PUBLICATION = ("url", "version", "title", "experimental", "description", "caseSensitive")
_CARRIED = frozenset({"url", "version", "title"})
_SCS_1 = "concept.concept.exists() implies hierarchyMeaning.exists()"
_SCS_2 = "content in ( 'example' | 'fragment' | 'complete' ) implies concept.exists()"


def _states(subject: Subject, element: str) -> bool:
    if element in subject.data or f"_{element}" in subject.data:
        return True
    return element in _CARRIED and carried(subject.data, element) is not None


def _mandatory(profile: Profile) -> Callable[[Subject], Iterable[Hit]]:
    """Return the check of what a profile makes mandatory."""

    def check(subject: Subject) -> Iterator[Hit]:
        for element in _MANDATORY[profile].get((subject.type, subject.version), ()):
            if not _states(subject, element):
                yield hit("", element=element, profile=profile.value)

    return check


def _shareable(subject: Subject) -> Iterator[Hit]:
    for element in _PUBLICATION:
        if element == "caseSensitive" and subject.data.get("content") == "supplement":
            continue
        if not _states(subject, element):
            yield hit("", "hl7" if subject.hl7_content else "other", element=element)


def _nameless(subject: Subject) -> Iterator[Hit]:
    if not _states(subject, "name"):
        yield hit("")


def _hierarchy(subject: Subject) -> Iterator[Hit]:
    if "hierarchyMeaning" not in subject.data and any(parent >= 0 for parent in subject.concepts.parents):
        yield hit("")


def _no_concepts(subject: Subject) -> Iterator[Hit]:
    content = subject.data.get("content")
    if isinstance(content, str) and content in {"example", "fragment", "complete"} and not subject.concepts:
        yield hit("/content", content=content)


def _rule(code: str, title: str, message: str, hint: str, **description: Any) -> CheckRule:
    described: dict[str, Any] = {
        "severity": Severity.ERROR,
        "resources": ("CodeSystem",),
        "element": "CodeSystem",
        "spec": _R5_CORE,
        **description,
    }
    return CheckRule(code=code, title=title, message=message, hint=hint, **described)


def _profile_rule(code: str, profile: Profile, spec: str) -> CheckRule:
    versions = {version for _, version in _MANDATORY[profile]}
    return _rule(
        code,
        f"Not {profile.value}",
        "{element} is missing, which the profile {profile} asks for",
        "State {element}.",
        check=_mandatory(profile),
        resources=tuple(sorted({resource for resource, _ in _MANDATORY[profile]})),
        versions=tuple(sorted(versions)),
        profiles=(profile,),
        element="CanonicalResource",
        spec=spec,
    )


_INVARIANT_PROFILES = (Profile.SHAREABLE, Profile.CRMI_SHAREABLE)
_SCS_VERSIONS = ("R4", "R4B", "R5")

RULES: tuple[CheckRule, ...] = (
    _rule(
        "SHA001",
        "Not fit for publication",
        "{element} is missing, which every published code system should state",
        "State {element}.",
        check=_shareable,
        severity=Severity.WARNING,
        levels={"hl7": Severity.ERROR, "other": Severity.WARNING},
        contexts={"hl7": "the URL contains hl7", "other": "all other systems"},
        profiles=(Profile.PUBLICATION, Profile.IG_PUBLISHER),
        validator=("CODESYSTEM_SHAREABLE_MISSING_HL7", "CODESYSTEM_SHAREABLE_MISSING"),
    ),
    _rule(
        "SHA002",
        "Published without a name",
        "name is missing, which every published code system should state",
        "State a name that programs can use.",
        check=_nameless,
        severity=Severity.WARNING,
        profiles=(Profile.PUBLICATION, Profile.IG_PUBLISHER),
        validator=("CODESYSTEM_SHAREABLE_EXTRA_MISSING_HL7", "CODESYSTEM_SHAREABLE_EXTRA_MISSING"),
    ),
    _profile_rule("SHA010", Profile.SHAREABLE, _R4_CORE),
    _profile_rule("SHA011", Profile.PUBLISHABLE, "https://hl7.org/fhir/R5/publishablecodesystem.html"),
    _profile_rule("SHA012", Profile.CRMI_SHAREABLE, f"{_CRMI}StructureDefinition/crmi-shareablecodesystem"),
    _profile_rule(
        "SHA013", Profile.CRMI_PUBLISHABLE, f"{_CRMI}StructureDefinition/crmi-publishablecodesystem"
    ),
    _rule(
        "SHA020",
        "Shared hierarchy without a meaning",
        "concepts are nested, but hierarchyMeaning does not say what that means; the profile asks for it",
        "State hierarchyMeaning.",
        check=_hierarchy,
        versions=_SCS_VERSIONS,
        profiles=_INVARIANT_PROFILES,
        element="CodeSystem.hierarchyMeaning",
        invariants={"R5": Invariant("scs-1", _SCS_1, "CodeSystem")},
    ),
    _rule(
        "SHA021",
        "Shared without concepts",
        "content is {content!r}, but there are no concepts; the profile asks for them",
        "Add the concepts, or make content 'not-present'.",
        check=_no_concepts,
        versions=_SCS_VERSIONS,
        profiles=_INVARIANT_PROFILES,
        element="CodeSystem.concept",
        invariants={"R5": Invariant("scs-2", _SCS_2, "CodeSystem")},
    ),
)
