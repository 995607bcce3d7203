"""Designations of concepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.checks.rule import CheckRule, Hit, Invariant, hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from termsmith.checks.subject import Subject

_SPEC = "https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.concept.designation"
_CSD_5 = "additionalUse.exists() implies use.exists()"


def _additional_use(subject: Subject) -> Iterator[Hit]:
    concepts = subject.concepts
    if not any("additionalUse" in shape for shape in concepts.designation_shapes):
        return
    for index, data in enumerate(concepts.designations.data):
        if "additionalUse" in data and "use" not in data:
            yield hit(concepts.designation_pointer(index))


def _designation_like_display(subject: Subject) -> Iterator[Hit]:
    concepts = subject.concepts
    if all("use" in shape for shape in concepts.designation_shapes):
        return
    owners, _, parts = concepts.designations
    resource_language = subject.data.get("language")
    nodes = concepts.nodes
    for index, data in enumerate(parts):
        if "use" in data or ("additionalUse" in data and subject.version == "R5"):
            continue
        language = data.get("language")
        if language is not None and language != resource_language:
            continue
        display, value = nodes[owners[index]].get("display"), data.get("value")
        if isinstance(value, str) and isinstance(display, str) and value != display:
            facts = {"value": shown(value), "display": shown(display)}
            yield hit(concepts.designation_pointer(index), **facts)


def _rule(code: str, title: str, message: str, hint: str, **description: Any) -> CheckRule:
    described: dict[str, Any] = {
        "severity": Severity.ERROR,
        "spec": _SPEC,
        "resources": ("CodeSystem",),
        "element": "CodeSystem.concept.designation",
        **description,
    }
    return CheckRule(code=code, title=title, message=message, hint=hint, **described)


RULES: tuple[CheckRule, ...] = (
    _rule(
        "INV044",
        "Additional use without a use",
        "the designation has additionalUse, but no use",
        "Make the first of them the use.",
        check=_additional_use,
        versions=("R5",),
        element="CodeSystem.concept.designation",
        spec="https://hl7.org/fhir/R5/codesystem.html",
        invariants={"R5": Invariant("csd-5", _CSD_5, "CodeSystem.concept.designation")},
    ),
    _rule(
        "CON027",
        "Designation against display",
        "a designation without use, in the resource's language, is {value!r}, not the display {display!r}",
        "State its use or its language, or make it the display.",
        check=_designation_like_display,
        severity=Severity.WARNING,
        element="CodeSystem.concept.designation",
        validator=("CODESYSTEM_DESIGNATION_DISP_CLASH_NO_LANG", "CODESYSTEM_DESIGNATION_DISP_CLASH_LANG"),
    ),
)
