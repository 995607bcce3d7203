"""What a format can't express, and where it stands in the resource."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from termsmith.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DEEPEST = 150
"""Levels of elements that are written; termsmith's own reader stops at 200."""


class Unwritable(Exception):  # noqa: N818  it is no error of the program
    """A value that a format can't express; on its way up it learns where the value stands."""

    def __init__(self, problem: str) -> None:
        """Take what is wrong, worded to follow the place."""
        self.problem = problem
        self.steps: list[str] = []
        super().__init__(problem)

    def as_error(self, resource: Mapping[str, Any], format_name: str) -> OutputError:
        """Return the error to raise.

        Args:
            resource: The whole resource.
            format_name: As people say it: ``XML``.
        """
        kind, name = resource.get("resourceType"), resource.get("id")
        place = ".".join([str(kind), *reversed(self.steps)])
        return OutputError(
            "OUT005",
            f"{kind}/{name} can't be written as {format_name}: {place} {self.problem}",
            "Correct it in the page, the sidecar or the code table; `termsmith check` tells more.",
        )


class Within:
    """Notes the element around what can't be written: ``concept[3]``."""

    __slots__ = ("step",)

    def __init__(self, step: str) -> None:
        self.step = step

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, _type: object, fault: object, _traceback: object) -> None:
        """Note the element, where something can't be written."""
        if isinstance(fault, Unwritable):
            fault.steps.append(self.step)


def write_or_locate(
    texts: Callable[[], Iterable[str]],
    locate: Callable[[], Iterable[str]],
    write: Callable[[bytes], object],
    resource: Mapping[str, Any],
    format_name: str,
) -> None:
    """Write a resource; where something in it can't be written, go through it again to say where.

    Args:
        texts: Gives the text in pieces, made of many values together, which don't know where they stand.
        locate: Goes through the values one by one; its texts are of no use.
        write: Takes the bytes, piece by piece.
        resource: The whole resource.
        format_name: As people say it: ``XML``.

    Raises:
        OutputError: OUT005, which names the place.
    """
    try:
        for text in texts():
            write(text.encode())
    except (Unwritable, TypeError, UnicodeEncodeError):
        try:
            deque(locate(), maxlen=0)
        except Unwritable as fault:
            raise fault.as_error(resource, format_name) from fault
        raise


def stated_list(value: Any) -> list[Any]:
    """Return a repeating element's values.

    Raises:
        Unwritable: When they are no list, or there are none.
    """
    if not isinstance(value, list):
        raise Unwritable("repeats, so a list is needed")
    if not value:
        raise Unwritable("is empty")
    return value


def stated_at(data: Mapping[str, Any], name: str) -> list[Any]:
    """Return the values of a repeating element; where that is not possible, the place is its name."""
    with Within(name):
        return stated_list(data[name])
