"""References from a resource to others: whether they lead somewhere, and to what may stand there."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from termsmith.checks.definitions.loading import resource_types
from termsmith.checks.rule import CheckRule, Hit, Invariant, hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from termsmith.checks.subject import Subject

_SPEC = "https://hl7.org/fhir/R4/references.html"
_RELATIVE = re.compile(r"([A-Z][A-Za-z]{1,60})/[A-Za-z0-9.-]{1,64}(?:/_history/[A-Za-z0-9.-]{1,64})?")
_DEFINITION = "http://hl7.org/fhir/StructureDefinition/"


@cache
def _targets() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return what references can lead to: by type, then by element."""
    table = files("termsmith.checks.definitions").joinpath("reference_targets.toml")
    return tomllib.loads(table.read_text("utf-8"))


def _to_nothing(subject: Subject) -> Iterator[Hit]:
    for column in subject.parts("Reference"):
        for index, data in enumerate(column.values):
            value, pointer = data.get("reference"), column.pointer(index)
            if not isinstance(value, str) or not value.startswith("#"):
                continue
            # A contained resource refers to the one around it by a bare #.
            inner = value == "#" and pointer.startswith("/contained/")
            if not inner and value[1:] not in subject.contained_types:
                yield hit(f"{pointer}/reference", value=shown(value))


def _says_nothing(subject: Subject) -> Iterator[Hit]:
    kept = ("reference", "identifier", "display", "extension")
    for column in subject.parts("Reference"):
        for index, data in enumerate(column.values):
            if not any(name in data or f"_{name}" in data for name in kept):
                yield hit(column.pointer(index))


def _wrong_target(subject: Subject) -> Iterator[Hit]:
    for kind, elements in _targets().items():
        for column in subject.parts(kind):
            for index, data in enumerate(column.values):
                for name, allowed in elements.items():
                    reference = data.get(name)
                    found = _types(reference, subject) if isinstance(reference, dict) else ()
                    wrong = [each for each in found if each not in allowed]
                    if wrong:
                        facts = {"name": name, "found": wrong[0], "allowed": ", ".join(allowed)}
                        yield hit(f"{column.pointer(index)}/{name}", **facts)


def _contradicts_itself(subject: Subject) -> Iterator[Hit]:
    for column in subject.parts("Reference"):
        for index, data in enumerate(column.values):
            found = _types(data, subject)
            if len(found) > 1 and found[0] != found[1]:
                yield hit(f"{column.pointer(index)}/type", target=found[0], stated=found[1])


def _types(reference: Mapping[str, Any], subject: Subject) -> list[str]:
    """Return the types of resources that a reference names: of what it leads to, and that which it states."""
    known = resource_types(subject.version)
    target, stated = reference.get("reference"), reference.get("type")
    found: list[object] = []
    if isinstance(target, str):
        if target.startswith("#"):
            found.append(subject.contained_types.get(target[1:]))
        elif (relative := _RELATIVE.fullmatch(target)) is not None:
            found.append(relative[1])
    if isinstance(stated, str):
        found.append(stated.removeprefix(_DEFINITION))
    return [each for each in found if isinstance(each, str) and each in known]


def _rule(code: str, title: str, message: str, hint: str, **description: Any) -> CheckRule:
    described: dict[str, Any] = {
        "severity": Severity.ERROR, "spec": _SPEC, "element": "Reference", **description,
    }  # fmt: skip
    return CheckRule(code=code, title=title, message=message, hint=hint, **described)


_REF_1 = (
    "reference.startsWith('#').not() or "
    "(reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids'))"
)
_REF_1_R5 = (
    "reference.exists()  implies (reference.startsWith('#').not() or (reference.substring(1).trace('url') in "
    "%rootResource.contained.id.trace('ids')) or (reference='#' and %rootResource!=%resource))"
)
_REF_2 = "reference.exists() or identifier.exists() or display.exists() or extension.exists()"

RULES: tuple[CheckRule, ...] = (
    _rule(
        "INV015",
        "Reference to nothing contained",
        "the reference {value!r} leads to a contained resource, but none has that id",
        "Contain the resource, or refer to where it is; what follows # is an id without #.",
        check=_to_nothing,
        spec=f"{_SPEC}#contained",
        invariants={
            "R4": Invariant("ref-1", _REF_1, "Reference"),
            "R4B": Invariant("ref-1", _REF_1, "Reference"),
            "R5": Invariant("ref-1", _REF_1_R5, "Reference"),
        },
        validator=("Reference_REF_CantResolve",),
    ),
    _rule(
        "INV016",
        "Reference that says nothing",
        "the reference has neither reference nor identifier nor display",
        "State one of them, or remove it.",
        check=_says_nothing,
        versions=("R5",),
        spec="https://hl7.org/fhir/R5/references.html",
        invariants={"R5": Invariant("ref-2", _REF_2, "Reference")},
    ),
    _rule(
        "DTY074",
        "Reference to the wrong type",
        "{name} refers to {found}, which can't stand there",
        "Refer to one of these: {allowed}.",
        check=_wrong_target,
        validator=("Reference_REF_BadTargetType", "Reference_REF_WrongTarget"),
    ),
    _rule(
        "DTY075",
        "Reference that contradicts itself",
        "the reference leads to {target}, but its type is {stated}",
        "Correct type, or the reference.",
        check=_contradicts_itself,
        spec="https://hl7.org/fhir/R4/references-definitions.html#Reference.type",
    ),
)
