"""A Bundle that loads resources into a terminology server: one transaction, or a batch.

https://hl7.org/fhir/R4/http.html#transaction. Entries stand in the order in which a batch has to do them:
naming systems, code systems, their supplements, value sets. A code system without content (``not-present``)
is only created where the server has none of its URL; it never takes the place of real content unless the
configuration says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from termsmith.settings import BundleSettings

_ORDER = {"NamingSystem": 0, "CodeSystem": 1, "ValueSet": 3}
_SUPPLEMENT = 2
_OTHER = 4


class Entry(NamedTuple):
    """What a Bundle says of a resource besides the resource itself."""

    rank: int
    """Smaller comes first."""
    type: str
    id: str
    full_url: str
    request: dict[str, str]

    @property
    def is_conditional(self) -> bool:
        """Whether the server finds the resource by a search, and has an id of its own for it.

        Such a resource states no id: servers refuse an update with another id than that of what they found
        (https://hl7.org/fhir/R4/http.html#cond-update).
        """
        return "?" in self.request["url"]


def entry_of(
    resource: Mapping[str, Any], settings: BundleSettings, fhir_version: str, base_url: str | None
) -> Entry:
    """Return how a resource is loaded.

    Args:
        resource: Its JSON form, with ``id``; concepts don't matter.
        settings: How existing resources are found, and whether ``not-present`` may replace content.
        fhir_version: In R4 and R4B, servers can't search naming systems by URL; their first identifier
            that is preferred is searched for.
        base_url: Base of ``fullUrl``; absent for UUIDs made from type and id.
    """
    kind, name = str(resource["resourceType"]), str(resource["id"])
    query = _query(resource, fhir_version)
    guarded = resource.get("content") == "not-present" and settings.not_present == "create"
    if guarded and "url" in resource:
        request = {"method": "POST", "url": kind, "ifNoneExist": f"url={_escaped(resource['url'])}"}
    elif settings.update == "conditional" and query is not None:
        request = {"method": "PUT", "url": f"{kind}?{query}"}
    else:
        request = {"method": "PUT", "url": f"{kind}/{name}"}
    return Entry(_rank(resource), kind, name, _full_url(request, kind, name, base_url), request)


def bundle(
    resources: Iterable[Mapping[str, Any]],
    settings: BundleSettings,
    fhir_version: str,
    base_url: str | None = None,
) -> dict[str, Any]:
    """Return the Bundle of resources; for what the arguments mean see `entry_of`."""
    entries = [(entry_of(each, settings, fhir_version, base_url), each) for each in resources]
    return {
        "resourceType": "Bundle",
        "type": settings.type,
        "entry": [
            {"fullUrl": entry.full_url, "resource": _carried(entry, resource), "request": entry.request}
            for entry, resource in sorted(entries, key=lambda pair: pair[0][:3])
        ],
    }


def write_bundle(
    write: Callable[[bytes], object],
    entries: Iterable[tuple[Entry, Callable[[], Iterable[bytes]]]],
    settings: BundleSettings,
) -> None:
    """Write a Bundle as JSON without holding its resources.

    Args:
        write: Takes the bytes, piece by piece.
        entries: Each entry with what gives its resource as JSON: lines with two blanks of indent a level.
        settings: The type of the Bundle.
    """
    write(f'{{\n  "resourceType": "Bundle",\n  "type": "{settings.type}",\n  "entry": ['.encode())
    separator = b"\n"
    for entry, lines in sorted(entries, key=lambda pair: pair[0][:3]):
        write(separator + b'    {\n      "fullUrl": ' + orjson.dumps(entry.full_url))
        write(b',\n      "resource": ')
        indent = b""
        for line in _without_id(lines()) if entry.is_conditional else lines():
            write(indent + line.rstrip(b"\n"))
            indent = b"\n      "
        request = orjson.dumps(entry.request, option=orjson.OPT_INDENT_2).replace(b"\n", b"\n      ")
        write(b',\n      "request": ' + request + b"\n    }")
        separator = b",\n"
    write(b"]\n}\n" if separator == b"\n" else b"\n  ]\n}\n")


def _carried(entry: Entry, resource: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in resource.items() if key != "id" or not entry.is_conditional}


def _without_id(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of a resource without that of its id: the only ``id`` with two blanks before it."""
    before = b""
    for line in lines:
        if not line.startswith(b'  "id":'):
            if before:
                yield before
            before = line
        elif not line.rstrip().endswith(b","):
            before = before.rstrip().removesuffix(b",") + b"\n"
    yield before


def _rank(resource: Mapping[str, Any]) -> int:
    if resource.get("content") == "supplement":
        return _SUPPLEMENT
    return _ORDER.get(str(resource["resourceType"]), _OTHER)


def _query(resource: Mapping[str, Any], fhir_version: str) -> str | None:
    """Return the search that finds the resource on a server; absent where it states nothing to search for."""
    if resource["resourceType"] == "NamingSystem" and fhir_version != "R5":
        stated = [each for each in resource.get("uniqueId", ()) if each.get("value")]
        best = sorted(stated, key=lambda each: not each.get("preferred", False))
        return f"value={_escaped(best[0]['value'])}" if best else None
    if not resource.get("url"):
        return None
    version = resource.get("version")
    return f"url={_escaped(resource['url'])}" + (f"&version={_escaped(version)}" if version else "")


def _escaped(value: str) -> str:
    # FHIR searches read , | $ and \ in a value as syntax, unless a backslash stands before them.
    for character in "\\,$|":
        value = value.replace(character, f"\\{character}")
    return quote(value, safe="")


def _full_url(request: Mapping[str, str], kind: str, name: str, base_url: str | None) -> str:
    """Return the URL that the resource will have, or a UUID where only the server knows."""
    if base_url is not None and request["url"] == f"{kind}/{name}":
        return f"{base_url}/{kind}/{name}"
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{kind}/{name}')}"
