"""Where on the page the parts of resources come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from termsmith.model.place import Place
    from termsmith.model.result import Evidence


class EvidencePlaces:
    """The places of the parts of all resources of a page."""

    def __init__(self, evidence: Iterable[Evidence]) -> None:
        """Take the evidence of all values; it is looked through when the first place is asked for."""
        self._evidence = evidence
        self._grouped: dict[str, list[Evidence]] | None = None
        self._by_pointer: dict[str, dict[str, Place]] = {}

    def of(self, resource: str, pointer: str) -> Place | None:
        """Return the place of a value, or of the nearest part around it that comes from the page.

        Args:
            resource: ``NamingSystem/<id>`` or ``CodeSystem/<id>``.
            pointer: JSON pointer from its root.
        """
        known = self._by_pointer.get(resource)
        if known is None:
            known = self._by_pointer[resource] = self._places(resource)
        while pointer:
            place = known.get(pointer)
            if place is not None:
                return place
            pointer = pointer.rpartition("/")[0]
        return None

    def _places(self, resource: str) -> dict[str, Place]:
        if self._grouped is None:
            self._grouped = {}
            for each in self._evidence:
                if each.spans:
                    self._grouped.setdefault(each.resource, []).append(each)
        places: dict[str, Place] = {}
        for each in self._grouped.get(resource, ()):
            place = each.spans[0].place
            pointer = _pointer(each.element.removeprefix(resource.partition("/")[0]))
            places.setdefault(pointer, place)
            # The containers of a value are where their first value is.
            while pointer := pointer.rpartition("/")[0]:
                places.setdefault(pointer, place)
        return places


def _pointer(element: str) -> str:
    """Return a path of evidence, without its resource type, as JSON pointer.

    >>> _pointer(".uniqueId[0].value")
    '/uniqueId/0/value'
    """
    return element.replace("[", "/").replace("]", "").replace(".", "/")
