"""The concepts of a code system in columns: an entry for each concept, in document order, parents first."""

from __future__ import annotations

from functools import cached_property
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

DEEPEST = 64
"""Levels of concepts that are read; a finding says so where there are more."""


class Parts(NamedTuple):
    """The designations or the properties of concepts, in columns of equal length, in document order."""

    owners: Sequence[int]
    """Index of the concept that has it."""
    positions: Sequence[int]
    """Index in the concept's array."""
    data: Sequence[Mapping[str, Any]]


class Concepts:
    """All concepts, flattened depth first. What is no JSON object where one should be is left out."""

    def __init__(
        self,
        nodes: Sequence[Mapping[str, Any]] = (),
        parents: Sequence[int] = (),
        positions: Sequence[int] = (),
        too_deep: Sequence[int] = (),
    ) -> None:
        """Take columns of equal length.

        Args:
            nodes: The concepts.
            parents: Index of the concept that holds each; -1 at the top.
            positions: Index of each in the ``concept`` array that holds it.
            too_deep: Concepts at the deepest level whose own concepts were not read.
        """
        self.nodes, self.parents, self.positions, self.too_deep = nodes, parents, positions, too_deep

    def __len__(self) -> int:
        """Return the number of concepts, all levels."""
        return len(self.nodes)

    def pointer(self, index: int) -> str:
        """Return the JSON pointer of a concept: ``/concept/3/concept/0``."""
        parts = []
        while index >= 0:
            parts.append(f"/concept/{self.positions[index]}")
            index = self.parents[index]
        return "".join(reversed(parts))

    def selected(self, indexes: Sequence[int]) -> Concepts:
        """Return some of the concepts, with the pointers that they have here."""
        return _Selection(self, indexes)

    @cached_property
    def designations(self) -> Parts:
        """The designations of all concepts that are objects, in document order."""
        return self._parts("designation")

    @cached_property
    def properties(self) -> Parts:
        """The properties of all concepts that are objects, in document order."""
        return self._parts("property")

    @cached_property
    def property_codes(self) -> list[str | None]:
        """The code of each property, beside `properties`; None where there is none, or no text."""
        return _texts([data.get("code") for data in self.properties.data])

    @cached_property
    def property_shapes(self) -> frozenset[tuple[str | None, tuple[str, ...]]]:
        """The codes that properties have, each with the keys beside it, each combination once."""
        return frozenset(zip(self.property_codes, map(tuple, self.properties.data), strict=True))

    @cached_property
    def property_code_set(self) -> frozenset[str]:
        """The codes of properties, each once."""
        return frozenset(code for code, _ in self.property_shapes if code is not None)

    def property_indexes(self, codes: Container[str | None]) -> list[int]:
        """Return where in `properties` those with certain codes are."""
        return [index for index, code in enumerate(self.property_codes) if code in codes]

    def property_pointer(self, index: int) -> str:
        """Return the JSON pointer of a property: ``/concept/3/property/0``."""
        owners, positions, _ = self.properties
        return f"{self.pointer(owners[index])}/property/{positions[index]}"

    def designation_pointer(self, index: int) -> str:
        """Return the JSON pointer of a designation: ``/concept/3/designation/0``."""
        owners, positions, _ = self.designations
        return f"{self.pointer(owners[index])}/designation/{positions[index]}"

    @cached_property
    def designation_shapes(self) -> frozenset[tuple[str, ...]]:
        """The keys that designations have, each combination once."""
        return frozenset(map(tuple, self.designations.data))

    @cached_property
    def codes(self) -> list[str | None]:
        """The code of each concept; None where there is none, or no text."""
        return _texts([node.get("code") for node in self.nodes])

    @cached_property
    def code_set(self) -> frozenset[str | None]:
        """The codes, each once."""
        return frozenset(self.codes)

    @cached_property
    def index_of(self) -> Mapping[str | None, int]:
        """Index of the first concept with a code."""
        codes = self.codes
        return dict(zip(reversed(codes), range(len(codes) - 1, -1, -1), strict=True))

    @cached_property
    def is_nested(self) -> bool:
        """Whether concepts stand within others."""
        return bool(self.parents) and max(self.parents) >= 0

    def _parts(self, name: str) -> Parts:
        nodes = self.nodes
        having = [index for index, node in enumerate(nodes) if name in node]
        lists = [nodes[index][name] for index in having]
        if not set(map(type, lists)) <= {list}:
            having = [index for index in having if isinstance(nodes[index][name], list)]
            lists = [nodes[index][name] for index in having]
        lengths = [len(each) for each in lists]
        parts = Parts(
            list(chain.from_iterable(map(repeat, having, lengths))),
            list(chain.from_iterable(map(range, lengths))),
            list(chain.from_iterable(lists)),
        )
        if set(map(type, parts.data)) <= {dict}:
            return parts
        kept = [index for index, part in enumerate(parts.data) if isinstance(part, dict)]
        return Parts(
            [parts.owners[index] for index in kept],
            [parts.positions[index] for index in kept],
            [parts.data[index] for index in kept],
        )


class _Selection(Concepts):
    """Some concepts of a code system."""

    def __init__(self, whole: Concepts, indexes: Sequence[int]) -> None:
        super().__init__([whole.nodes[index] for index in indexes])
        self._whole, self._indexes = whole, indexes

    def pointer(self, index: int) -> str:
        return self._whole.pointer(self._indexes[index])


def _texts(values: list[Any]) -> list[str | None]:
    if set(map(type, values)) <= {str}:
        return values
    return [value if isinstance(value, str) else None for value in values]


def concepts_of(value: object) -> Concepts:
    """Return the concepts in a ``concept`` array, of any JSON type."""
    if not isinstance(value, list):
        return Concepts()
    nodes: list[Mapping[str, Any]] = []
    parents: list[int] = []
    positions: list[int] = []
    too_deep: list[int] = []
    # A stack of what is still to be read: our own, as concepts may be nested more deeply than Python calls.
    waiting: list[tuple[int, int, Any]] = [(-1, 0, iter(enumerate(value)))]
    while waiting:
        parent, depth, rest = waiting[-1]
        for position, node in rest:
            if not isinstance(node, dict):
                continue
            index = len(nodes)
            nodes.append(node)
            parents.append(parent)
            positions.append(position)
            below = node.get("concept")
            if below and isinstance(below, list):
                if depth + 1 >= DEEPEST:
                    too_deep.append(index)
                    continue
                waiting.append((index, depth + 1, iter(enumerate(below))))
                break
        else:
            waiting.pop()
    return Concepts(nodes, parents, positions, too_deep)
