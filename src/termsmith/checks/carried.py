"""What a NamingSystem states by an element, or before R5 by an extension in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_FAMILIES = (
    "http://hl7.org/fhir/5.0/StructureDefinition/extension-NamingSystem.{element}",
    "http://hl7.org/fhir/StructureDefinition/artifact-{element}",
    "http://terminology.hl7.org/StructureDefinition/ext-namingsystem-{element}",
)
"""Extensions that carry elements: of HL7's converter, of CRMI, of old THO; they count in this order."""


class Carried(NamedTuple):
    """A text and where it stands."""

    pointer: str
    value: str


def carried(data: Mapping[str, Any], element: str) -> Carried | None:
    """Return what a resource states as ``url``, ``version``, ``title`` or ``copyright``, if it does.

    Args:
        data: A NamingSystem or CodeSystem of any release.
        element: Name of the element in R5.
    """
    value = data.get(element)
    if isinstance(value, str):
        return Carried(f"/{element}", value)
    extensions = data.get("extension")
    if data.get("resourceType") != "NamingSystem" or not isinstance(extensions, list):
        return None
    for family in _FAMILIES:
        url = family.format(element=element)
        for index, extension in enumerate(extensions):
            if isinstance(extension, dict) and extension.get("url") == url:
                for name, text in extension.items():
                    if name.startswith("value") and isinstance(text, str):
                        return Carried(f"/extension/{index}/{name}", text)
    return None
