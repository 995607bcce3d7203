"""What FHIR defines of the elements of a type, over all releases, as far as XML needs it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from termsmith.checks.definitions.loading import TEXTS, Element, definitions

if TYPE_CHECKING:
    from collections.abc import Mapping

_OTHERS = {"R4": "R5", "R4B": "R5", "R5": "R4"}
"""Where an element is looked for that the release itself has not."""
_EXTENSION = Element("extension", "Extension", 0, is_list=True, value_set=None, choice=None, codes=None)


class Defined(NamedTuple):
    """An element of a type."""

    element: Element
    position: int
    """Among the elements of the type in all releases."""
    differs: bool
    """R4 and R5 write it differently: of another JSON type, or repeating in one of them only."""


@cache
def elements_of(type_name: str, version: str) -> Mapping[str, Defined]:
    """Return the elements of a type by name.

    Args:
        type_name: FHIR type, or path of a backbone element; none for what our tables don't hold. A simple
            value, as ``#string``, has extensions only.
        version: The release whose definition counts where two of them differ.
    """
    if type_name.startswith("#"):
        return {"extension": Defined(_EXTENSION, 0, differs=False)}
    own = definitions(version).types.get(type_name, {})
    other = definitions(_OTHERS[version]).types.get(type_name, {})
    defined = {}
    for position, name in enumerate(_merged(list(own), list(other))):
        one, two = own.get(name), other.get(name)
        defined[name] = Defined(one or two or _EXTENSION, position, _differ(one, two))
    return defined


def _merged(names: list[str], others: list[str]) -> list[str]:
    """Return names of both lists; what only the other has comes behind what it follows there."""
    merged = list(names)
    known = set(names)
    behind = 0
    for name in others:
        if name in known:
            behind = merged.index(name) + 1
        else:
            merged.insert(behind, name)
            behind += 1
    return merged


def _differ(one: Element | None, other: Element | None) -> bool:
    if one is None or other is None:
        return False
    return (one.is_list, _in_json(one)) != (other.is_list, _in_json(other))


def _in_json(element: Element) -> str:
    return "text" if element.type in TEXTS else element.type
