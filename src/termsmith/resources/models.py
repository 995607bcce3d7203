"""The classes of fhir.resources, loaded late as that takes half a second, and what they refuse."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from termsmith.catalogue import MODEL_REFUSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

    from termsmith.model.finding import Finding
    from termsmith.model.result import Evidence
    from termsmith.resources.versions import VersionTable

_LONGEST_SHOWN = 60


@cache
def model_class(package: str, resource_type: str) -> Any:
    """Return the class of a resource; ``package`` is that of a FHIR release."""
    # fhir.resources allows ids of 255 characters, FHIR 64; it reads this when its types are first imported.
    constraints: Any = import_module("fhir_core.constraints")
    constraints.TYPES_ID_MAX_LENGTH = 64
    return getattr(import_module(f"{package}.{resource_type.lower()}"), resource_type)


def validated(
    data: dict[str, Any], table: VersionTable, evidence: Sequence[Evidence], findings: list[Finding]
) -> Any | None:
    """Return the model of a resource; None, with a finding for each fault, when the classes refuse it."""
    resource_type = str(data["resourceType"])
    try:
        return model_class(table.package, resource_type).model_validate(data)
    except ValueError as error:
        from pydantic import ValidationError  # noqa: PLC0415  loaded by now; too slow to load for --help

        if not isinstance(error, ValidationError):
            raise
        findings.extend(_refusal(fault, resource_type, table, evidence) for fault in error.errors())
        return None


def _refusal(
    fault: ErrorDetails, resource_type: str, table: VersionTable, evidence: Sequence[Evidence]
) -> Finding:
    path, type_name = resource_type, resource_type
    for step in fault["loc"]:
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            element = step.removeprefix("_")
            path += f".{element}"
            type_name = table.types.get(type_name, {}).get(element, "value")
    if fault["type"].endswith("missing"):
        return MODEL_REFUSES.found(element=path, value="the resource", problem=f"{path} is required")
    shown = str(fault["input"])
    if len(shown) > _LONGEST_SHOWN:
        shown = f"{shown[: _LONGEST_SHOWN - 1]}…"
    words = next((e.spans for e in evidence if e.element == path and e.spans), ())
    return MODEL_REFUSES.found(
        place=words[0].place if words else None,
        element=path,
        value=repr(shown),
        problem=f"it is no valid FHIR {type_name}",
    )
