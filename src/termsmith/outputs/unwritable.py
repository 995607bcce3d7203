"""What a format can't express, and where it stands in the resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping

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
