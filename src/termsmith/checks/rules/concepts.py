"""Concepts and their codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.checks.rule import CheckRule, Hit, Invariant, hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from termsmith.checks.subject import Subject

_SPEC = "https://hl7.org/fhir/R4/codesystem.html"
_R4_CSD_1 = "concept.code.combine($this.descendants().concept.code).isDistinct()"
_R5_CSD_1 = (
    "concept.exists() implies concept.code.combine(%resource.concept.descendants().concept.code).isDistinct()"
)
_CSD_2 = "concept.concept.exists() implies hierarchyMeaning.exists()"
_CSD_3 = (
    "concept.where(property.code = 'parent' or property.code = 'child').exists() "
    "implies hierarchyMeaning.exists()"
)
_LINKS = frozenset({"parent", "child"})


def _same_code(subject: Subject) -> Iterator[Hit]:
    concepts = subject.concepts
    if len(concepts.code_set) == len(concepts):
        return
    first = concepts.index_of
    for index, code in enumerate(concepts.codes):
        if code is not None and first[code] != index:
            place = concepts.pointer(first[code])
            yield hit(f"{concepts.pointer(index)}/code", code=shown(code), first=place)


def _same_but_for_case(subject: Subject) -> Iterator[Hit]:
    if subject.data.get("caseSensitive") is not False:
        return
    concepts = subject.concepts
    if len({code.lower() for code in concepts.code_set if code}) == len(concepts.code_set - {None, ""}):
        return
    first: dict[str, str] = {}
    for index, code in enumerate(concepts.codes):
        if code is None or concepts.index_of[code] != index:
            continue
        other = first.setdefault(code.lower(), code)
        if other != code:
            yield hit(f"{concepts.pointer(index)}/code", code=shown(code), other=shown(other))


def _nested_without_meaning(subject: Subject) -> Iterator[Hit]:
    if "hierarchyMeaning" in subject.data or not subject.concepts.is_nested:
        return
    if subject.version == "R5":
        yield hit("", "R5")
    elif "supplements" not in subject.data:
        yield hit("", "hl7" if subject.hl7_metadata else "other")


def _linked_without_meaning(subject: Subject) -> Iterator[Hit]:
    if "hierarchyMeaning" in subject.data or subject.concepts.property_code_set.isdisjoint(_LINKS):
        return
    yield hit("")


def _first_without(subject: Subject, element: str) -> Iterator[Hit]:
    if not subject.hl7_content:
        return
    beside = f"_{element}"
    without = [
        index
        for index, node in enumerate(subject.concepts.nodes)
        if element not in node and beside not in node
    ]
    if without:
        code = subject.concepts.codes[without[0]]
        yield hit(subject.concepts.pointer(without[0]), code=shown(code or ""), total=len(without))


def _no_display(subject: Subject) -> Iterator[Hit]:
    return _first_without(subject, "display")


def _no_definition(subject: Subject) -> Iterator[Hit]:
    return _first_without(subject, "definition")


def _rule(code: str, title: str, message: str, hint: str, **description: Any) -> CheckRule:
    described: dict[str, Any] = {
        "severity": Severity.ERROR,
        "spec": _SPEC,
        "resources": ("CodeSystem",),
        "element": "CodeSystem.concept",
        **description,
    }
    return CheckRule(code=code, title=title, message=message, hint=hint, **described)


RULES: tuple[CheckRule, ...] = (
    _rule(
        "INV040",
        "Code twice",
        "code {code!r} is that of the concept at {first}, too",
        "Keep one of the concepts, or correct a code.",
        check=_same_code,
        element="CodeSystem.concept.code",
        invariants={
            "R4": Invariant("csd-1", _R4_CSD_1, "CodeSystem"),
            "R4B": Invariant("csd-1", _R4_CSD_1, "CodeSystem"),
            "R5": Invariant("csd-1", _R5_CSD_1, "CodeSystem"),
        },
        validator=("CODESYSTEM_DUPLICATE_CODE",),
    ),
    _rule(
        "INV041",
        "Hierarchy without a meaning",
        "concepts are nested, but hierarchyMeaning does not say what that means",
        "State hierarchyMeaning: is-a, part-of, grouped-by or classified-with.",
        check=_nested_without_meaning,
        severity=Severity.INFORMATION,
        levels={"R5": Severity.WARNING, "hl7": Severity.WARNING, "other": Severity.INFORMATION},
        contexts={
            "R5": "FHIR R5",
            "hl7": "R4 and R4B, where the URL contains hl7.org or fhir.org",
            "other": "R4 and R4B, all other systems",
        },
        element="CodeSystem.hierarchyMeaning",
        invariants={"R5": Invariant("csd-2", _CSD_2, "CodeSystem")},
        validator=("CODESYSTEM_CS_HL7_MISSING_ELEMENT_SHOULD", "CODESYSTEM_CS_NONHL7_MISSING_ELEMENT"),
    ),
    _rule(
        "INV042",
        "Links without a meaning",
        "concepts have the properties parent or child, but hierarchyMeaning does not say what that means",
        "State hierarchyMeaning: is-a, part-of, grouped-by or classified-with.",
        check=_linked_without_meaning,
        severity=Severity.WARNING,
        versions=("R5",),
        element="CodeSystem.hierarchyMeaning",
        invariants={"R5": Invariant("csd-3", _CSD_3, "CodeSystem")},
    ),
    _rule(
        "CON020",
        "Codes that differ by case only",
        "code {code!r} is {other!r} but for case, and caseSensitive is false",
        "Correct a code, or state caseSensitive: true.",
        check=_same_but_for_case,
        element="CodeSystem.concept.code",
    ),
    _rule(
        "CON021",
        "Concept without a display",
        "concept {code!r} of an HL7 system has no display; {total:,} in all",
        "Give each concept a display.",
        check=_no_display,
        severity=Severity.WARNING,
        element="CodeSystem.concept.display",
        validator=("CODESYSTEM_CONCEPT_NO_DISPLAY",),
    ),
    _rule(
        "CON022",
        "Concept without a definition",
        "concept {code!r} of an HL7 system has no definition; {total:,} in all",
        "Give each concept a definition.",
        check=_no_definition,
        severity=Severity.WARNING,
        element="CodeSystem.concept.definition",
        validator=("CODESYSTEM_CONCEPT_NO_DEFINITION",),
    ),
)
