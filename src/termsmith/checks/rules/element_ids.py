"""Ids within one resource: of its elements, and of the resources that it contains."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from termsmith.checks.rule import CheckRule, Hit, hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from termsmith.checks.subject import Subject

_INSIDE = re.compile(r"/contained/[0-9]+(?=/)")


def _element_id_twice(subject: Subject) -> Iterator[Hit]:
    """Yield the elements that have the id of another; a contained resource is a world of its own."""
    first: dict[tuple[str, str], str] = {}
    for column in subject.texts("string"):
        # Concepts in columns of their own have no ids; those with one are walked with the head.
        if column.element != subject.type:
            continue
        for index, value in enumerate(column.values):
            pointer = column.pointer(index)
            if not pointer.endswith("/id"):
                continue
            inside = _INSIDE.match(pointer)
            key = (inside[0] if inside else "", value)
            if key in first:
                yield hit(pointer, id=shown(value), first=first[key])
            else:
                first[key] = pointer.removesuffix("/id")


def _contained_id_twice(subject: Subject) -> Iterator[Hit]:
    first: dict[str, str] = {}
    for pointer, data in subject.objects("contained"):
        name = data.get("id")
        if not isinstance(name, str):
            continue
        if name in first:
            yield hit(f"{pointer}/id", id=shown(name), first=first[name])
        else:
            first[name] = pointer


def _rule(code: str, title: str, message: str, hint: str, **description: Any) -> CheckRule:
    described: dict[str, Any] = {"severity": Severity.ERROR, **description}
    return CheckRule(code=code, title=title, message=message, hint=hint, **described)


RULES: tuple[CheckRule, ...] = (
    _rule(
        "STR020",
        "Id of two elements",
        "the id {id!r} is already that of {first}; within a resource each element has its own",
        "Give this element another id, or none.",
        check=_element_id_twice,
        element="Element.id",
        spec="https://hl7.org/fhir/R4/element.html#id",
        validator=("DUPLICATE_ID",),
    ),
    _rule(
        "STR021",
        "Id of two contained resources",
        "the id {id!r} is already that of the contained resource {first}, so #{id} can mean either",
        "Give this one another id, and refer to it by that.",
        check=_contained_id_twice,
        element="DomainResource.contained.id",
        spec="https://hl7.org/fhir/R4/references.html#contained",
        validator=("RESOURCE_DUPLICATE_CONTAINED_ID",),
    ),
)
