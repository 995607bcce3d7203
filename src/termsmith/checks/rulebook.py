"""All rules for FHIR resources, in the order in which findings are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.checks.rules import (
    canonical,
    code_system,
    concepts,
    datatype_invariants,
    datatypes,
    designations,
    element_ids,
    filters,
    frame,
    hierarchy,
    naming_system,
    narrative,
    primitives,
    profiles,
    properties,
    property_values,
    publisher,
    references,
    structure,
    work_groups,
)

if TYPE_CHECKING:
    from termsmith.checks.rule import CheckRule

FAMILIES = {
    "STR": "Structure: what JSON, XML and the resource's definition allow",
    "DTY": "Datatypes: the form of values",
    "INV": "Invariants of the specification",
    "NAR": "Narrative",
    "CAN": "Canonical resources",
    "COD": "CodeSystem: metadata",
    "CON": "CodeSystem: properties and concepts",
    "NAM": "NamingSystem",
    "SHA": "Shareable and publishable profiles",
    "PUB": "IG Publisher",
    "REL": "Several resources together",
    "EXC": "Exceptions",
}
"""Letters that codes begin with, and what such rules are about."""

CHECK_RULES: tuple[CheckRule, ...] = (
    *structure.RULES,
    *element_ids.RULES,
    *primitives.RULES,
    *datatypes.RULES,
    *frame.RULES,
    *references.RULES,
    *datatype_invariants.RULES,
    *narrative.RULES,
    *canonical.RULES,
    *work_groups.RULES,
    *code_system.RULES,
    *properties.RULES,
    *filters.RULES,
    *concepts.RULES,
    *property_values.RULES,
    *designations.RULES,
    *hierarchy.RULES,
    *naming_system.RULES,
    *profiles.RULES,
    *publisher.RULES,
)
"""What a resource is checked against by itself; rules about several are in `termsmith.checks.relations`."""
