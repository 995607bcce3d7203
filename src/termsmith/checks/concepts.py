"""The concepts of a code system in columns: one entry a concept, in document order, parents first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEEPEST = 64
"""Levels of concepts that are read; a finding says so where there are more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concepts:
    """All concepts, flattened depth first. What is no JSON object where a concept should be is left out."""

    nodes: Sequence[Mapping[str, Any]] = ()
    parents: Sequence[int] = ()
    """Index of the concept that holds this one; -1 at the top."""
    positions: Sequence[int] = ()
    """Index in the ``concept`` array that holds it."""
    too_deep: Sequence[int] = ()
    """Concepts at the deepest level whose own concepts were not read."""

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
    return Concepts(nodes=nodes, parents=parents, positions=positions, too_deep=too_deep)
