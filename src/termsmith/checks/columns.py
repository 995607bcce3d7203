"""Values of one kind in a resource, side by side, so that rules look at a million of them quickly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Sequence

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[Value]):
    """Values of one FHIR type, in document order; all have the JSON type that it asks for."""

    values: Sequence[Value]
    pointer: Callable[[int], str]
    """JSON pointer of the value at an index; made when it is asked for."""
    element: str
    """Path of the element without indexes, as ``CodeSystem.concept.display``, when all values are of one
    element of concepts; the resource type for values of the head, which a column mixes."""


def matching(column: Column[str], pattern: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Yield index and value of each value in which a pattern is found."""
    search = pattern.search
    for index, value in enumerate(column.values):
        if search(value) is not None:
            yield index, value
