"""What each FHIR release defines: elements of resources and datatypes, as tables loaded once.

The tables are made by ``tools/make_definitions.py`` from the official definitions. They hold all types that
NamingSystem and CodeSystem can reach, and ValueSet and Bundle, which are read beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

BOOLEAN = frozenset({"boolean"})
NUMBERS = frozenset({"integer", "unsignedInt", "positiveInt", "decimal"})
"""``integer64`` is a string in JSON (https://hl7.org/fhir/R5/json.html#primitive)."""
TEXTS = frozenset({
    "base64Binary", "canonical", "code", "date", "dateTime", "id", "instant", "integer64", "markdown", "oid",
    "string", "time", "uri", "url", "uuid", "xhtml",
})  # fmt: skip
PRIMITIVES = BOOLEAN | NUMBERS | TEXTS


class Element(NamedTuple):
    """One element of a type, by its name in JSON."""

    name: str
    """Choices are spelled out: ``valueUri``."""
    type: str
    """FHIR type; backbone elements by their path: ``NamingSystem.uniqueId``."""
    min: int
    """Of a choice: of the whole choice."""
    is_list: bool
    value_set: str | None
    """Last part of the URL of the value set that binds it as required; absent when none does."""
    choice: str | None
    """``value`` for ``valueUri``; absent when it is no choice."""
    codes: frozenset[str] | None
    """What the required value set allows; absent when it can't be listed, as with languages."""

    @property
    def is_primitive(self) -> bool:
        """Whether its value is a string, a number or a boolean in JSON."""
        return self.type in PRIMITIVES


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """One FHIR release."""

    version: str
    """``R4``."""
    release: str
    """``4.0.1``."""
    types: Mapping[str, Mapping[str, Element]]
    """By type or path of a backbone element, then by JSON name, in definition order."""


@cache
def definitions(version: str) -> Definitions:
    """Return the definitions of ``R4``, ``R4B`` or ``R5``."""
    table = orjson.loads(files(__package__).joinpath(f"{version}.json").read_bytes())
    codes = {name: frozenset(listed) for name, listed in table["codes"].items()}
    return Definitions(
        version=version,
        release=table["release"],
        types={
            name: {row[0]: Element._make([*row, codes.get(row[4])]) for row in rows}
            for name, rows in table["types"].items()
        },
    )


@cache
def resource_names() -> frozenset[str]:
    """Return the names of all resources and types of R4, R4B and R5."""
    names: set[str] = set()
    for version in ("R4", "R4B", "R5"):
        table = orjson.loads(files(__package__).joinpath(f"{version}.json").read_bytes())
        for value_set in ("all-types", "fhir-types"):
            names.update(table["codes"].get(value_set, ()))
    return frozenset(name for name in names if name[:1].isupper())


_ABSTRACT = frozenset({"Resource", "DomainResource", "CanonicalResource", "MetadataResource"})


@cache
def resource_types(version: str) -> frozenset[str]:
    """Return the names of the resources of a release, without the abstract ones.

    The value set of all types lists datatypes first; ``xhtml`` is the last of them.
    """
    table = orjson.loads(files(__package__).joinpath(f"{version}.json").read_bytes())["codes"]
    names = table["fhir-types"] if "fhir-types" in table else table["all-types"]
    return frozenset(names[names.index("xhtml") + 1 :]) - _ABSTRACT
