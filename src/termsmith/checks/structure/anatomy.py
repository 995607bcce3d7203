"""What a walk over a resource finds: structural faults, and its values by type."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from termsmith.checks.columns import Column
    from termsmith.checks.rule import Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """The parts of a resource. Values of the wrong JSON type are faults and in no column."""

    faults: Mapping[str, Sequence[Hit]] = field(default_factory=dict)
    """By code of the structural rule."""
    texts: Mapping[str, Sequence[Column[str]]] = field(default_factory=dict)
    """Primitive values by FHIR type: ``string``, ``markdown``, ``uri``, ``url``, ``canonical``, ``oid``,
    ``uuid``, ``id``, ``code``, ``date``, ``dateTime``, ``instant``, ``time``, ``base64Binary``, ``xhtml``."""
    parts: Mapping[str, Sequence[Column[Mapping[str, Any]]]] = field(default_factory=dict)
    """Objects by FHIR type: datatypes (``Coding``, ``Identifier``, ``Extension`` ...), and backbone elements
    by path (``NamingSystem.uniqueId``, ``CodeSystem.concept.property``)."""
