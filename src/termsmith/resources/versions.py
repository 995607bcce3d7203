"""What the FHIR releases have, lack, and carry by extension: ``versions/*.toml``, loaded once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from termsmith.resources.evidence import Leaf, default

if TYPE_CHECKING:
    from collections.abc import Mapping


class FhirVersion(Enum):
    """A FHIR release that resources can be written for."""

    R4 = "R4"
    R4B = "R4B"
    R5 = "R5"


class Carrier(Enum):
    """A family of extensions for elements that a release lacks; the tables tell who uses which."""

    CROSS_VERSION = "cross-version"
    ARTIFACT = "artifact"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryingExtension:
    """An extension in place of an element."""

    url: Leaf
    value: str
    """Name of its value: ``valueString``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitute:
    """A code in place of one that the release lacks."""

    code: str
    url: Leaf
    """Extension of the element that carries the code that is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionTable:
    """One FHIR release, as far as it concerns the resources that we write."""

    release: str
    """``4.0.1``."""
    package: str
    """Package of fhir.resources whose classes check the resources."""
    types: Mapping[str, Mapping[str, str]]
    """Type of each element of each resource, backbone element and datatype, in definition order."""
    carriers: Mapping[Carrier, Mapping[str, Mapping[str, CarryingExtension]]]
    """By family, resource and element, in the order in which they are written."""
    substitutes: Mapping[str, Mapping[str, Substitute]]
    """By element and code that the release lacks there."""


@cache
def version_table(version: FhirVersion) -> VersionTable:
    """Return the table of a FHIR release."""
    merged = _merged(version.value)
    bases, own = merged["bases"], merged["types"]
    lacks = {name: frozenset(elements) for name, elements in merged.get("lacks", {}).items()}
    return VersionTable(
        release=merged["release"],
        package=merged["package"],
        types={
            name: {
                element: element_type
                for element, element_type in (own[bases.get(name, "Element")] | elements).items()
                if element not in lacks.get(name, ())
            }
            for name, elements in own.items()
        },
        carriers={
            carrier: {
                resource: {
                    element: CarryingExtension(
                        url=default(
                            row["url"], f"{version.value} has no {resource}.{element}; this carries it"
                        ),
                        value=row["value"],
                    )
                    for element, row in elements.items()
                }
                for resource, elements in merged.get("carriers", {}).get(carrier.value, {}).items()
            }
            for carrier in Carrier
        },
        substitutes={
            element: {
                code: Substitute(
                    code=row["instead"],
                    url=default(row["url"], f"{version.value} has no {code} among the codes of {element}"),
                )
                for code in row["codes"]
            }
            for element, row in merged.get("later_codes", {}).items()
        },
    )


def _merged(name: str) -> dict[str, Any]:
    table = tomllib.loads(files(__package__).joinpath("versions", f"{name}.toml").read_text("utf-8"))
    parent = table.pop("extends", None)
    return table if parent is None else _merged(parent) | table
