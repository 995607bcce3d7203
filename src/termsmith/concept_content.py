"""What a CodeSystem says of its concepts as a whole: content, count, hierarchy, properties, filters."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from termsmith import catalogue
from termsmith.model.place import Place
from termsmith.model.record import Origin, Span
from termsmith.resources.evidence import Leaf, default, derived

if TYPE_CHECKING:
    from collections.abc import Mapping

    from termsmith.concept_sources import FoundConcepts
    from termsmith.model.finding import Finding
    from termsmith.model.record import Property, Stated, TerminologyRecord
    from termsmith.resources.evidence import Elements
    from termsmith.settings import Settings
    from termsmith.sidecars.sidecar import Sidecar

LARGE = 20_000
"""Concepts beyond which they are written as they are made, and never in memory together."""


def content_elements(
    found: FoundConcepts,
    record: TerminologyRecord,
    sidecar: Sidecar,
    settings: Settings,
    findings: list[Finding],
) -> Elements | None:
    """Return the elements of a CodeSystem about its concepts; nothing when nobody says anything of them.

    Args:
        found: The concepts.
        record: What the page says of them goes behind what the sidecar says.
        sidecar: What it says goes before what a CodeSystem that is there already says.
        settings: The content to assume where nobody says it.
        findings: Gets what was assumed.
    """
    concepts = found.concepts
    supplements = _stated(sidecar, "supplements")
    supplements = supplements or _printed(record.supplements)
    if concepts is None:
        return _without_concepts(record, findings)
    content = _content(found, record, sidecar, settings, supplements, findings)
    elements: Elements = {
        "valueSet": _stated(sidecar, "value_set")
        or _printed(record.value_set)
        or _carried(found, "valueSet"),
        "hierarchyMeaning": _stated(sidecar, "hierarchy_meaning")
        or _printed(record.hierarchy_meaning)
        or _carried(found, "hierarchyMeaning"),
        "compositional": _carried(found, "compositional"),
        "content": content,
        "supplements": supplements,
        "count": _count(found, sidecar, content),
        "filter": _listed(found, found.stated.get("filter", ())),
        "property": _properties(found, record),
    }
    return elements


def _without_concepts(record: TerminologyRecord, findings: list[Finding]) -> Elements | None:
    """Return what a page says of concepts that it does not list."""
    stated = record.content
    if stated is None and not (record.hierarchy_meaning or record.value_set or record.properties):
        return None
    content = default("not-present", "the page lists no concepts")
    if stated is not None and stated.value in {"not-present", "supplement"}:
        content = derived(stated.value, stated, stated.reason)
    elif stated is not None:
        place = stated.spans[0].place if stated.spans else None
        stem = PurePath(place.source).stem if place is not None else "page"
        findings.append(catalogue.TABLE_PROMISED.found(place=place, content=stated.value, stem=stem))
    return {
        "valueSet": _printed(record.value_set),
        "hierarchyMeaning": _printed(record.hierarchy_meaning),
        "content": content,
        "supplements": _printed(record.supplements),
        "property": [_declared(each) for each in record.properties if each.type is not None],
    }


def _properties(found: FoundConcepts, record: TerminologyRecord) -> list[Elements]:
    """Return declarations as the page prints them; of those that it does not, what the concepts have."""
    concepts = found.concepts
    used = {str(each.get("code")): each for each in (concepts.properties if concepts is not None else ())}
    printed = {each.code.value: each for each in record.properties}
    declared: list[Elements] = []
    for code, each in printed.items():
        own = used.get(code)
        if own is None and each.type is None:
            continue
        elements = _object(found, own) if own is not None else {}
        made = {**elements, **_declared(each)}
        if own is not None and (each.type is None or each.type.value != own["type"]):
            # What the values are counts more than what is declared; that it doesn't fit was reported.
            made["type"] = elements["type"]
        declared.append(made)
    return declared + [_object(found, each) for code, each in used.items() if code not in printed]


def _declared(printed: Property) -> Elements:
    parts = {
        "code": printed.code,
        "uri": printed.uri,
        "description": printed.description,
        "type": printed.type,
    }
    return {name: derived(part.value, part, part.reason) for name, part in parts.items() if part is not None}


def _printed(stated: Stated[str] | None) -> Leaf | None:
    return None if stated is None else derived(stated.value, stated, stated.reason)


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


def _content(
    found: FoundConcepts,
    record: TerminologyRecord,
    sidecar: Sidecar,
    settings: Settings,
    supplements: Leaf | None,
    findings: list[Finding],
) -> Leaf:
    if supplements is not None:
        return Leaf("supplement", supplements.origin, supplements.spans, "it states what it supplements")
    stated = _stated(sidecar, "content") or _carried(found, "content") or _printed(record.content)
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
