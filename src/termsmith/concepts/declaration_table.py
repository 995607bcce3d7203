"""Tables that declare the properties of a code system, and look like tables of its codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.dialects.labels import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from termsmith.concepts.finding_header import Header

_TYPE_HEADERS = frozenset(["type", "datatype", "fhirtype", "typ"])
_TYPES = frozenset(["code", "coding", "string", "integer", "boolean", "datetime", "decimal"])
"""https://hl7.org/fhir/R4/valueset-concept-property-type.html, folded."""


def declares_properties(rows: Sequence[tuple[int, Sequence[str]]], header: Header) -> bool:
    """Whether at least half of a table's rows say one of FHIR's property types in a column of types."""
    for number, column in enumerate(header.columns):
        if fold(column.header) in _TYPE_HEADERS:
            cells = [row[number] for _, row in rows[header.rows_above :] if number < len(row)]
            stated = [fold(cell) for cell in cells if cell]
            return bool(stated) and sum(cell in _TYPES for cell in stated) * 2 >= len(stated)
    return False
