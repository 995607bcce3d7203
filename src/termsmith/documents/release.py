"""Which FHIR release a resource is of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from termsmith.checks.definitions.loading import definitions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_RELEASES = {"4.0": "R4", "4.3": "R4B", "5.0": "R5"}


class Release(NamedTuple):
    """A FHIR release, and how it is known."""

    version: str
    """``R4``, ``R4B`` or ``R5``."""
    reason: str
    assumed: bool = False
    """The resource fits all releases, so that the default was taken."""


def release_of_number(number: str) -> str | None:
    """Return the release of a version number; nothing for others than R4, R4B and R5.

    >>> release_of_number("4.0.1"), release_of_number("3.0.2")
    ('R4', None)
    """
    return _RELEASES.get(".".join(number.split(".")[:2]))


def release_of(data: Mapping[str, Any], *, default: str) -> Release:
    """Return the release of a resource by the elements that it has, else the default.

    An element that R5 has and R4 has not, at the top or in ``uniqueId``, tells that it is R5. R4 and R4B are
    not told apart.
    """
    kind = str(data["resourceType"])
    older, newer = definitions("R4").types, definitions("R5").types
    for name in data:
        if name in newer.get(kind, {}) and name not in older.get(kind, {}):
            return Release("R5", f"recognised by {kind}.{name}")
    for array in ("uniqueId",):
        path = f"{kind}.{array}"
        items: Sequence[Any] = data[array] if isinstance(data.get(array), list) else ()
        for item in items:
            for name in item if isinstance(item, dict) else ():
                if name in newer.get(path, {}) and name not in older.get(path, {}):
                    return Release("R5", f"recognised by {path}.{name}")
    return Release(default, "default", assumed=True)
