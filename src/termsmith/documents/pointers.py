"""JSON pointers (RFC 6901) as trees of steps: what is asked for, and what was found of it.

Trees, because a file may hold millions of places below one long pointer, which then stands here once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

_At = TypeVar("_At")


class Wanted(dict[str, "Wanted"]):
    """The next steps of all pointers that are asked for, each with what follows it."""


class Spot(Generic[_At]):
    """Where a value stands, and what was found below it."""

    __slots__ = ("at", "below")

    def __init__(self, at: _At) -> None:
        """Begin with nothing below."""
        self.at = at
        self.below: dict[str, Spot[_At]] = {}

    def nearest(self, pointer: str) -> _At:
        """Return where a pointer leads, or what is nearest around that."""
        spot = self
        for step in steps_of(pointer):
            below = spot.below.get(step)
            if below is None:
                break
            spot = below
        return spot.at


def wanted_of(pointers: Iterable[str]) -> Wanted:
    """Return pointers as one tree."""
    tree = Wanted()
    for pointer in pointers:
        node = tree
        for step in steps_of(pointer):
            below = node.get(step)
            if below is None:
                below = node[step] = Wanted()
            node = below
    return tree


def steps_of(pointer: str) -> list[str]:
    """Return the steps of a pointer as they are in the data.

    >>> steps_of("/a~1b/0/~0")
    ['a/b', '0', '~']
    """
    steps = pointer.split("/")[1:]
    if "~" in pointer:
        return [step.replace("~1", "/").replace("~0", "~") for step in steps]
    return steps


def escaped(name: str) -> str:
    """Return a name as a step of a pointer."""
    return name.replace("~", "~0").replace("/", "~1")
