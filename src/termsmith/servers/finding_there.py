"""How a resource is found at a server whose ids are not ours: by URL, or by what a naming system names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from termsmith.servers.outgoing import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from termsmith.servers.outgoing import Outgoing

_PAGE = 50
MOST_PAGES = 20


def condition(outgoing: Outgoing, server_release: str) -> str | None:
    """Return the search that finds a resource, as the query of a conditional update.

    R4 has no search of NamingSystem by URL, so it is found by the identifier that it is best known by; with
    ``:exact``, because a search by text finds all that begin so.

    Returns:
        The query; nothing when the resource has nothing to be found by.
    """
    if outgoing.type == "NamingSystem":
        if server_release == "R5" and outgoing.url is not None:
            return _query({"url": outgoing.url})
        return _query({"value:exact": outgoing.identifiers[0]}) if outgoing.identifiers else None
    if outgoing.url is None:
        return None
    if outgoing.version is None:
        return _query({"url": outgoing.url})
    return _query({"url": outgoing.url, "version": outgoing.version})


def any_version(outgoing: Outgoing) -> str:
    """Return the search for all versions of a code system."""
    return _query({"url": outgoing.url or ""})


def _query(parameters: Mapping[str, str]) -> str:
    # The colon of a modifier stays: servers look for it before they decode.
    return "&".join(f"{name}={quote(_escaped(value), safe='')}" for name, value in parameters.items())


def _escaped(value: str) -> str:
    r"""Escape what separates values in searches (https://hl7.org/fhir/R4/search.html#escaping).

    >>> print(_escaped("a,b"))
    a\,b
    """
    for character in "\\$,|":
        value = value.replace(character, f"\\{character}")
    return value


def page_of(outgoing_type: str, query: str) -> str:
    """Return the search as a path, with the size of pages."""
    return f"{outgoing_type}?{query}&_count={_PAGE}"


def matches(bundle: Mapping[str, Any], outgoing: Outgoing, server_release: str) -> Iterator[dict[str, Any]]:
    """Yield the results that are what was searched for, whatever the server made of the search."""
    entries = bundle.get("entry")
    for entry in entries if isinstance(entries, list) else ():
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict) and _is_same(resource, outgoing, server_release):
            yield resource


def _is_same(resource: Mapping[str, Any], outgoing: Outgoing, server_release: str) -> bool:
    if resource.get("resourceType") != outgoing.type:
        return False
    if outgoing.type == "NamingSystem" and not (server_release == "R5" and outgoing.url is not None):
        return (
            outgoing.identifiers[:1]
            == tuple(value for value in identifiers_of(resource) if value == outgoing.identifiers[0])[:1]
        )
    return resource.get("url") == outgoing.url


def next_page(bundle: Mapping[str, Any]) -> str | None:
    """Return the URL of the next page of results; nothing on the last."""
    links = bundle.get("link")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("relation") == "next":
            return text_of(link, "url")
    return None


_BY_USE = {"uri": 0, "oid": 1, "uuid": 2}


def identifiers_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a naming system identifies its system by: URIs first, preferred before others.

    >>> identifiers_of({"uniqueId": [{"type": "oid", "value": "1.2"}, {"type": "uri", "value": "http://a"}]})
    ('http://a', '1.2')
    """
    stated = data.get("uniqueId")
    usable = [
        each
        for each in (stated if isinstance(stated, list) else ())
        if isinstance(each, dict) and text_of(each, "value")
    ]
    usable.sort(key=lambda each: (_BY_USE.get(str(each.get("type")), 3), each.get("preferred") is not True))
    return tuple(str(each["value"]) for each in usable)
