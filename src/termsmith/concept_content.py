"""What a CodeSystem says of its concepts as a whole: content, count, hierarchy, properties, filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith import catalogue
from termsmith.model.place import Place
from termsmith.model.record import Origin, Span
from termsmith.resources.evidence import Leaf, default

if TYPE_CHECKING:
    from collections.abc import Mapping

    from termsmith.concept_sources import FoundConcepts
    from termsmith.model.finding import Finding
    from termsmith.resources.evidence import Elements
    from termsmith.settings import Settings
    from termsmith.sidecars.sidecar import Sidecar

LARGE = 20_000
"""Concepts beyond which they are written as they are made, and never in memory together."""


def content_elements(
    found: FoundConcepts, sidecar: Sidecar, settings: Settings, findings: list[Finding]
) -> Elements | None:
    """Return the elements of a CodeSystem about its concepts; nothing when there are no concepts.

    Args:
        found: The concepts.
        sidecar: What it says goes before what a CodeSystem that is there already says.
        settings: The content to assume where nobody says it.
        findings: Gets what was assumed.
    """
    concepts = found.concepts
    supplements = _stated(sidecar, "supplements")
    if concepts is None:
        return None
    content = _content(found, sidecar, settings, supplements, findings)
    elements: Elements = {
        "valueSet": _of(found, sidecar, "value_set", "valueSet"),
        "hierarchyMeaning": _of(found, sidecar, "hierarchy_meaning", "hierarchyMeaning"),
        "compositional": _carried(found, "compositional"),
        "content": content,
        "supplements": supplements,
        "count": _count(found, sidecar, content),
        "filter": _listed(found, found.stated.get("filter", ())),
        "property": _listed(found, concepts.properties),
    }
    return elements


def _stated(sidecar: Sidecar, key: str) -> Leaf | None:
    value = sidecar.concepts.get(key)
    if value is None:
        return None
    stated = value.stated(value.value)
    return Leaf(stated.value, stated.origin, stated.spans, stated.reason)


def _carried(found: FoundConcepts, element: str) -> Leaf | None:
    value = found.stated.get(element)
    if not isinstance(value, str | bool | int):
        return None
    span = Span(Place(found.source, 1, 1), str(value))
    return Leaf(value, Origin.FILE, (span,), "as it stands in the CodeSystem")


def _of(found: FoundConcepts, sidecar: Sidecar, key: str, element: str) -> Leaf | None:
    return _stated(sidecar, key) or _carried(found, element)


def _content(
    found: FoundConcepts,
    sidecar: Sidecar,
    settings: Settings,
    supplements: Leaf | None,
    findings: list[Finding],
) -> Leaf:
    if supplements is not None:
        return Leaf("supplement", supplements.origin, supplements.spans, "it states what it supplements")
    stated = _stated(sidecar, "content") or _carried(found, "content")
    if stated is not None:
        return stated
    if settings.content is not None:
        return Leaf(settings.content, Origin.CONFIGURATION, (), "configuration")
    count = 0 if found.concepts is None else found.concepts.count
    findings.append(
        catalogue.TABLE_CONTENT_ASSUMED.found(
            place=Place(found.source, 1, 1), element="CodeSystem.content", count=count
        )
    )
    return default("fragment", "nothing says that these are all codes")


def _count(found: FoundConcepts, sidecar: Sidecar, content: Leaf) -> Leaf | None:
    """Return the number of concepts in the code system; what a fragment is of, only its maker knows."""
    stated = _stated(sidecar, "count")
    if stated is not None:
        return stated
    if content.value != "complete" or found.concepts is None:
        return _carried(found, "count") if content.value != "supplement" else None
    span = Span(Place(found.source, 1, 1), found.source)
    origin = Origin.PAGE if found.from_page else Origin.FILE
    spans = () if found.from_page else (span,)
    return Leaf(found.concepts.count, origin, spans, "counted; the content is complete")


def _listed(found: FoundConcepts, objects: Any) -> list[Elements]:
    """Return declarations with what they rest on: the column's header, or the resource."""
    return [_object(found, each) for each in objects if isinstance(each, dict)]


def _object(found: FoundConcepts, data: Mapping[str, Any]) -> Elements:
    span = Span(Place(found.source, 1, 1), str(data.get("description", data.get("code", ""))))
    spans = () if found.from_page else (span,)
    origin = Origin.PAGE if found.from_page else Origin.FILE
    elements: Elements = {}
    for name, value in data.items():
        if isinstance(value, list):
            elements[name] = [Leaf(each, origin, spans, None) for each in value if isinstance(each, str)]
        elif isinstance(value, str | bool | int):
            elements[name] = Leaf(value, origin, spans, "by the header of the column")
    return elements
