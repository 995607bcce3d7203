"""What lists of resources say of one: the guide that holds it, and the map of its OIDs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from termsmith.checks.carried import carried

if TYPE_CHECKING:
    from collections.abc import Mapping

_OID_URN = "urn:oid:"


class Listed(NamedTuple):
    """A resource in a list."""

    type: str
    id: str
    name: str
    """Its title, else its name, else its id."""
    description: str | None
    url: str | None
    """Of the resource itself; in R4 and R4B, what a NamingSystem's extension carries."""
    uri: str | None
    """What a NamingSystem says that its system is called in FHIR."""
    oids: tuple[str, ...]
    """Bare OIDs that a NamingSystem gives to its system."""

    @property
    def reference(self) -> str:
        """``CodeSystem/x``."""
        return f"{self.type}/{self.id}"


def listed_of(resource: Mapping[str, Any]) -> Listed:
    """Return what lists say of a resource.

    >>> listed_of({"resourceType": "NamingSystem", "id": "x", "name": "X",
    ...            "uniqueId": [{"type": "oid", "value": "2.999"}, {"type": "uri", "value": "urn:x"}]})[2:]
    ('X', None, None, 'urn:x', ('2.999',))
    """
    title, url = carried(resource, "title"), carried(resource, "url")
    name = resource.get("name") if title is None else title.value
    ids = [each for each in resource.get("uniqueId", ()) if isinstance(each.get("value"), str)]
    uris = sorted(
        (each for each in ids if each.get("type") == "uri"), key=lambda each: not each.get("preferred")
    )
    return Listed(
        type=str(resource["resourceType"]),
        id=str(resource["id"]),
        name=str(name or resource["id"]),
        description=resource.get("description"),
        url=None if url is None else url.value,
        uri=uris[0]["value"] if uris else None,
        oids=tuple(each["value"].removeprefix(_OID_URN) for each in ids if each.get("type") == "oid"),
    )
