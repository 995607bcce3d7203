"""What a CodeSystem says of its concepts as a whole: content, count, hierarchy, properties, filters."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from termsmith import catalogue
from termsmith.checks.structure.words import shown
from termsmith.model.place import Place
from termsmith.model.record import Origin, Span
from termsmith.model.result import Evidence
from termsmith.resources.evidence import Leaf, default, derived
from termsmith.resources.versions import FhirVersion, version_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from termsmith.concept_sources import FoundConcepts
    from termsmith.model.finding import Finding
    from termsmith.model.record import Property, Stated, TerminologyRecord
    from termsmith.model.result import Resource
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
    if concepts is None:
        # What the page promises is no fault of its own where they can't be read.
        return _without_concepts(record, [] if found.withheld else findings)
    supplements = _stated(sidecar, "supplements") or _printed(record.supplements)
    supplements = supplements or _carried(found, "supplements")
    content = _content(found, record, sidecar, settings, supplements, findings)
    return {
        "valueSet": _stated(sidecar, "value_set")
        or _printed(record.value_set)
        or _carried(found, "valueSet"),
        "hierarchyMeaning": _stated(sidecar, "hierarchy_meaning")
        or _printed(record.hierarchy_meaning)
        or _carried(found, "hierarchyMeaning"),
        "content": content,
        "supplements": supplements,
        "count": _count(found, sidecar, content),
        # Those of a CodeSystem that is there already come with everything else that it says.
        "property": None if found.existing else _properties(found, record),
    }


def _without_concepts(record: TerminologyRecord, findings: list[Finding]) -> Elements | None:
    """Return what a page says of concepts that it does not list."""
    stated = record.content
    if stated is None and record.value_set is None:
        return None
    content = default("not-present", "the page lists no concepts")
    if stated is not None and stated.value in {"not-present", "supplement"}:
        content = derived(stated.value, stated, stated.reason)
    elif stated is not None:
        place = stated.spans[0].place if stated.spans else None
        stem = PurePath(place.source).stem if place is not None else "page"
        findings.append(catalogue.TABLE_PROMISED.found(place=place, content=stated.value, stem=stem))
    # What else the page declares is the same with and without concepts (`resources.declarations`).
    return {
        "valueSet": _printed(record.value_set),
        "content": content,
        "supplements": _printed(record.supplements),
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
    value = found.existing.get(element)
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
    if supplements is not None and (found.existing.get("content") in {None, "supplement"}):
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


_OURS = frozenset({"resourceType", "id", "concept"})
"""What is never taken from a CodeSystem that is there already; its concepts are added in the end."""


def with_existing(
    resource: Resource, evidence: Sequence[Evidence], found: FoundConcepts, fhir_version: str
) -> tuple[Resource, list[Evidence], list[Finding], frozenset[str]]:
    """Return a CodeSystem of a page with everything that the one says which is there already.

    What page, sidecar and configuration state is written, and reported where the other says something else;
    defaults give way.

    Returns:
        The resource; evidence of what was added; findings; the elements whose defaults gave way.
    """
    existing, ours = found.existing, resource.data
    by_default = _defaults(f"CodeSystem/{resource.id}", evidence)
    place = Place(found.source, 1, 1)
    data: dict[str, Any] = {"resourceType": "CodeSystem"}
    added: list[str] = []
    findings: list[Finding] = []
    replaced: set[str] = set()
    known = version_table(FhirVersion(fhir_version)).types["CodeSystem"]
    for name in [each for element in known for each in (element, f"_{element}")]:
        mine, theirs = ours.get(name), existing.get(name)
        if name in _OURS or theirs is None or mine == theirs:
            chosen = mine
        elif name == "text":
            chosen, why = mine, "it describes the CodeSystem before it was changed"
            findings.append(
                catalogue.TABLE_ELEMENT_LOST.found(place=place, what=name, source=found.source, why=why)
            )
        elif name == "identifier" and isinstance(mine, list) and isinstance(theirs, list):
            chosen = [*mine, *(each for each in theirs if each not in mine)]
            added += [f"identifier[{index}]" for index in range(len(mine), len(chosen))]
        elif mine is None or name in by_default:
            chosen = theirs
            added.append(name)
            replaced.add(name)
        else:
            chosen = mine
            facts: dict[str, Any] = {
                "what": name,
                "source": found.source,
                "old": shown(theirs),
                "new": shown(mine),
            }
            findings.append(
                catalogue.TABLE_ELEMENT_REPLACED.found(place=place, element=f"CodeSystem.{name}", **facts)
            )
        if chosen is not None:
            data[name] = chosen
    for name in existing:
        if name not in _OURS and name.removeprefix("_") not in known:
            why = f"{fhir_version} has no such element"
            facts = {"what": name, "source": found.source, "why": why}
            findings.append(catalogue.TABLE_ELEMENT_LOST.found(place=place, **facts))
    more = [
        Evidence(
            f"CodeSystem/{resource.id}",
            f"CodeSystem.{path.removeprefix('_')}",
            value,
            Origin.FILE,
            (Span(place, shown(value)),),
            "as it stands in the CodeSystem",
        )
        for name in added
        # What is empty has no values, but a place.
        for path, value in list(_leaves(_at(data, name), name)) or [(name, _at(data, name))]
    ]
    gone = {f"CodeSystem.{name}" for name in replaced}
    return replace(resource, data=data), more, findings, frozenset(gone)


def _at(data: Mapping[str, Any], name: str) -> Any:
    element, _, index = name.removesuffix("]").partition("[")
    return data[element][int(index)] if index else data[element]


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the primitive values within one, with their paths."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _leaves(each, f"{path}.{name}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _leaves(each, f"{path}[{index}]")
    elif value is not None:
        yield path, value


def _defaults(resource: str, evidence: Sequence[Evidence]) -> frozenset[str]:
    """Return the elements of a resource that rest on nothing but defaults."""
    origins: dict[str, set[Origin]] = {}
    for each in evidence:
        if each.resource == resource:
            name = each.element.split(".")[1].partition("[")[0]
            origins.setdefault(name, set()).add(each.origin)
    return frozenset(name for name, found in origins.items() if found == {Origin.DEFAULT})
