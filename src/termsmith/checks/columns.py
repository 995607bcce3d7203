"""Values of one kind in a resource, side by side, so that rules look at a million of them quickly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class Column(Generic[Value]):
    """Values of one FHIR type, in document order; all have the JSON type that it asks for."""

    values: Sequence[Value]
    pointer: Callable[[int], str]
    """JSON pointer of the value at an index; made when it is asked for."""
    element: str
    """Path of the element without indexes, as ``CodeSystem.concept.display``, when all values are of one
    element of concepts; the resource type for values of the head, which a column mixes."""

    @cached_property
    def distinct(self) -> frozenset[Value]:
        """The values, each once; for texts only."""
        return frozenset(self.values)

    @cached_property
    def shapes(self) -> frozenset[tuple[str, ...]]:
        """The keys that objects have, each combination once; for objects only."""
        objects: Sequence[Any] = self.values
        return frozenset(map(tuple, objects))
