"""Shareable and publishable profiles, and the validator's publication mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.checks.rule import CheckRule, Hit, Invariant, Profile, hit
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from termsmith.checks.subject import Subject

_R4_CORE = "https://hl7.org/fhir/R4/shareablecodesystem.html"
_R5_CORE = "https://hl7.org/fhir/R5/shareablecodesystem.html"
_CRMI = "http://hl7.org/fhir/uv/crmi/"

_R4_SHAREABLE = ("url", "version", "name", "experimental", "publisher", "description", "concept")
_R5_SHAREABLE = ("url", "version", "title", "experimental", "description", "caseSensitive")
_NAMING_SHAREABLE = ("url", "version", "title", "description")
_DATE = ("date",)
_MANDATORY: dict[Profile, dict[tuple[str, str], tuple[str, ...]]] = {
    Profile.SHAREABLE: {
        ("CodeSystem", "R4"): _R4_SHAREABLE,
        ("CodeSystem", "R4B"): _R4_SHAREABLE,
        ("CodeSystem", "R5"): _R5_SHAREABLE,
        ("NamingSystem", "R5"): _NAMING_SHAREABLE,
    },
    Profile.PUBLISHABLE: {("CodeSystem", "R5"): _DATE},
    Profile.CRMI_SHAREABLE: {
        ("CodeSystem", "R4"): _R5_SHAREABLE,
        ("CodeSystem", "R4B"): _R5_SHAREABLE,
        ("CodeSystem", "R5"): _R5_SHAREABLE,
        ("NamingSystem", "R4"): _NAMING_SHAREABLE,
        ("NamingSystem", "R4B"): _NAMING_SHAREABLE,
        ("NamingSystem", "R5"): _NAMING_SHAREABLE,
    },
    Profile.CRMI_PUBLISHABLE: {
        ("CodeSystem", "R4"): _DATE,
        ("CodeSystem", "R4B"): _DATE,
        ("CodeSystem", "R5"): _DATE,
    },
}
"""What a profile makes mandatory beyond the resource itself, by resource type and FHIR release.

Elements that a profile only marks as mustSupport may be absent. R4 and R4B core have no profile for
NamingSystem and no publishable ones. What the resource itself asks for already (status, content, a
NamingSystem's name and date) has a rule of its own.
"""
_PUBLICATION = ("url", "version", "title", "experimental", "description", "caseSensitive")
_CARRIED = frozenset({"url", "version", "title"})
"""Elements that NamingSystem has from R5 on."""
_ARTIFACT = "http://hl7.org/fhir/StructureDefinition/artifact-"
_SCS_1 = "concept.concept.exists() implies hierarchyMeaning.exists()"
_SCS_2 = "content in ( 'example' | 'fragment' | 'complete' ) implies concept.exists()"


def _states(subject: Subject, element: str) -> bool:
    return element in subject.data or f"_{element}" in subject.data


def _mandatory(profile: Profile) -> Callable[[Subject], Iterable[Hit]]:
    """Return the check of what a profile makes mandatory."""

    def check(subject: Subject) -> Iterator[Hit]:
        for element in _MANDATORY[profile].get((subject.type, subject.version), ()):
            part = element
            if subject.type == "NamingSystem" and subject.version != "R5" and element in _CARRIED:
                # CRMI asks for its own extension; that of HL7's converter does not do.
                part = f"the extension {_ARTIFACT}{element}"
                if any(data.get("url") == _ARTIFACT + element for _, data in subject.objects("extension")):
                    continue
            elif _states(subject, element):
                continue
            yield hit("", part=part, profile=profile.value)

    return check


def _shareable(subject: Subject) -> Iterator[Hit]:
    for element in _PUBLICATION:
        if element == "caseSensitive" and subject.data.get("content") == "supplement":
            continue
        if not _states(subject, element):
            yield hit("", "hl7" if subject.hl7_content else "other", part=element)


def _nameless(subject: Subject) -> Iterator[Hit]:
    if not _states(subject, "name"):
        yield hit("")


def _no_profile(subject: Subject) -> Iterator[Hit]:
    yield hit("", type=subject.type, version=subject.version)


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
        "{part} is missing, which the profile {profile} asks for",
        "State {part}.",
        check=_mandatory(profile),
        resources=tuple(sorted({resource for resource, _ in _MANDATORY[profile]})),
        versions=tuple(sorted(versions)),
        profiles=(profile,),
        validator=("Validation_VAL_Profile_Minimum",),
        element="CanonicalResource",
        spec=spec,
    )


def _absent_rule(code: str, profile: Profile, resource: str, instead: str) -> CheckRule:
    """Return the rule that tells that a profile says nothing, so that nobody takes silence for a pass."""
    return _rule(
        code,
        f"No profile {profile.value} in this release",
        "FHIR {version} has no profile " + f"{profile.value} for " + "{type}, so nothing was checked for it",
        f"Ask for {instead}, which has one, or check against R5.",
        check=_no_profile,
        severity=Severity.INFORMATION,
        resources=(resource,),
        versions=("R4", "R4B"),
        profiles=(profile,),
        element=resource,
    )


def _invariant(key: str, expression: str, *versions: str) -> dict[str, Invariant]:
    return {version: Invariant(key, expression, "CodeSystem") for version in versions}


def _invariant_rules(
    of_hierarchy: str, of_content: str, versions: tuple[str, ...], *profiles: Profile
) -> tuple[CheckRule, CheckRule]:
    """Return the two invariants of shareable code systems, which core has from R5 on and CRMI always."""
    return (
        _rule(
            of_hierarchy,
            "Shared hierarchy without a meaning",
            "concepts are nested, but hierarchyMeaning does not say what that means; the profile asks for it",
            "State hierarchyMeaning.",
            check=_hierarchy,
            versions=versions,
            profiles=profiles,
            element="CodeSystem.hierarchyMeaning",
            invariants=_invariant("scs-1", _SCS_1, *versions),
        ),
        _rule(
            of_content,
            "Shared without concepts",
            "content is {content!r}, but there are no concepts; the profile asks for them",
            "Add the concepts, or make content 'not-present'.",
            check=_no_concepts,
            versions=versions,
            profiles=profiles,
            element="CodeSystem.concept",
            invariants=_invariant("scs-2", _SCS_2, *versions),
        ),
    )


RULES: tuple[CheckRule, ...] = (
    _rule(
        "SHA001",
        "Not fit for publication",
        "{part} is missing, which every published code system should state",
        "State {part}.",
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
    _absent_rule("SHA014", Profile.SHAREABLE, "NamingSystem", "crmi-shareable"),
    _absent_rule("SHA015", Profile.PUBLISHABLE, "CodeSystem", "crmi-publishable"),
    *_invariant_rules("SHA020", "SHA021", ("R5",), Profile.SHAREABLE, Profile.CRMI_SHAREABLE),
    *_invariant_rules("SHA022", "SHA023", ("R4", "R4B"), Profile.CRMI_SHAREABLE),
)
