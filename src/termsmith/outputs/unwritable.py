"""What a format can't express, and where it stands in the resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DEEPEST = 150
"""Levels of elements that are written; termsmith's own reader stops at 200."""


class Unwritable(Exception):  # noqa: N818  it is no error of the program
    """A value that a format can't express; on its way up it learns where the value stands."""

    def __init__(self, problem: str) -> None:
        """Take what is wrong, worded to follow the place."""
        self.problem = problem
        self.steps: list[str] = []
        super().__init__(problem)

    def within(self, step: str) -> None:
        """Note the element around it: ``concept[3]``."""
        self.steps.append(step)

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


def write_or_locate(
    write: Callable[[], None], locate: Callable[[], None], resource: Mapping[str, Any], format_name: str
) -> None:
    """Write a resource; where something in it can't be written, go through it again to say where.

    Args:
        write: Writes in batches, which don't know where their values stand.
        locate: Goes through the values one by one, and writes nothing.
        resource: The whole resource.
        format_name: As people say it: ``XML``.

    Raises:
        OutputError: OUT005, which names the place.
    """
    try:
        write()
    except (Unwritable, TypeError, UnicodeEncodeError):
        try:
            locate()
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
