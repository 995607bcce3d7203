"""Faults of a file's form, which its data no longer shows: keys that come twice, XML out of order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.checks.checking import MOST_OF_A_RULE
from termsmith.checks.rule import Hit
from termsmith.documents.pointers import escaped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

LONGEST_POINTER = 10_000
"""Characters; what has a longer pointer is told of what is nearest around it."""


class Form:
    """The faults at a value and below it. A tree, as there may be millions below a long pointer."""

    __slots__ = ("below", "own")

    def __init__(self) -> None:
        """Begin with none."""
        self.own: list[tuple[str, Mapping[str, Any]]] = []
        """Code of the rule, and facts for its wording."""
        self.below: dict[str, Form] = {}

    def __bool__(self) -> bool:
        """Tell whether there is any fault."""
        return bool(self.own or self.below)

    def at(self, *steps: str) -> Form:
        """Return the faults of a value below, to add to them."""
        node = self
        for step in steps:
            below = node.below.get(step)
            if below is None:
                below = node.below[step] = Form()
            node = below
        return node

    def add(self, code: str, **facts: Any) -> None:
        """Note a fault of the value itself."""
        self.own.append((code, facts))

    def hits(self) -> dict[str, list[Hit]]:
        """Return all faults by code, with pointers from here; see `hits_by_resource`."""
        return hits_by_resource(self, ("",)).get("", {})


def hits_by_resource(form: Form, resources: Collection[str]) -> dict[str, dict[str, list[Hit]]]:
    """Return faults by the pointer of the resource they are in, then by code of the rule.

    Args:
        form: Of the whole file.
        resources: Pointers of all resources in it; a fault belongs to the innermost around it.

    Returns:
        Hits with pointers from the resource's root. Where a rule has more of them than are ever told one by
        one, the last of those stands for each of the rest, so that only their number grows.
    """
    found: dict[str, dict[str, list[Hit]]] = {}
    for resource, pointer, node in _walk(form, frozenset(resources)):
        by_code = found.setdefault(resource, {})
        for code, facts in node.own:
            hits = by_code.setdefault(code, [])
            hits.append(Hit(pointer, facts) if len(hits) < MOST_OF_A_RULE else hits[-1])
    return found


def _walk(form: Form, resources: frozenset[str]) -> Iterator[tuple[str, str, Form]]:
    """Yield what has faults, in the order of the file: its resource, its pointer from there, the faults."""
    waiting: list[tuple[str, str, Form, bool]] = [("", "", form, True)]
    while waiting:
        resource, pointer, node, grows = waiting.pop()
        if node.own:
            yield resource, pointer, node
        for step, below in reversed(node.below.items()):
            longer = f"{pointer}/{escaped(step)}" if grows else pointer
            if not grows or len(longer) > LONGEST_POINTER:
                waiting.append((resource, pointer, below, False))
            elif step == "resource" and f"{resource}{longer}" in resources:
                waiting.append((f"{resource}{longer}", "", below, True))
            else:
                waiting.append((resource, longer, below, True))
