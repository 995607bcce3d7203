"""The classes of fhir.resources, loaded late as that takes half a second."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from termsmith.resources.versions import VersionTable


@cache
def model_class(package: str, resource_type: str) -> Any:
    """Return the class of a resource; ``package`` is that of a FHIR release."""
    # fhir.resources allows ids of 255 characters, FHIR 64; it reads this when its types are first imported.
    constraints: Any = import_module("fhir_core.constraints")
    constraints.TYPES_ID_MAX_LENGTH = 64
    return getattr(import_module(f"{package}.{resource_type.lower()}"), resource_type)


def model_of(table: VersionTable, data: Mapping[str, Any]) -> Any:
    """Return the model of a resource in a FHIR release.

    Raises:
        ValueError: pydantic's, when the classes refuse it.
    """
    return model_class(table.package, str(data["resourceType"])).model_validate(dict(data))
