"""What a page says of a code system's concepts as a whole, though it lists none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.catalogue import FILTER_OPERATOR, VALUE_SET_KEPT_BACK
from termsmith.resources.evidence import Leaf, derived
from termsmith.resources.text import stated_line
from termsmith.resources.versions import FhirVersion

if TYPE_CHECKING:
    from termsmith.model.finding import Finding
    from termsmith.model.record import FilterDeclaration, Property, Stated, TerminologyRecord
    from termsmith.resources.evidence import Elements, Listed

_OPERATORS = frozenset(
    ["=", "is-a", "descendent-of", "is-not-a", "regex", "in", "not-in", "generalizes", "exists"]
)
"""https://hl7.org/fhir/R4/valueset-filter-operator.html"""
_OPERATORS_OF_R5 = _OPERATORS | {"child-of", "descendent-leaf"}
"""https://hl7.org/fhir/R5/valueset-filter-operator.html"""


def declared(
    record: TerminologyRecord, content: Elements, version: FhirVersion, findings: list[Finding]
) -> Elements:
    """Return elements about concepts: what goes with the content, then what only the page says.

    Args:
        record: What the page and its sidecar say.
        content: Elements about the concepts that there are; they go first.
        version: The release whose operators count.
        findings: Gets what can't be written.
    """
    elements: Elements = dict(content)
    for name, stated in (
        ("compositional", record.compositional),
        ("hierarchyMeaning", record.hierarchy_meaning),
    ):
        if stated is not None and not elements.get(name):
            elements[name] = derived(stated.value, stated, stated.reason)
    if record.implicit_value_set is not None and not elements.get("valueSet"):
        _value_set(record.implicit_value_set, elements, findings)
    filters = [_filter(each, version, findings) for each in record.filters]
    elements["filter"] = _joined(elements.get("filter"), [each for each in filters if each])
    typed = [_property(each, findings) for each in record.properties if each.type is not None]
    elements["property"] = _joined(elements.get("property"), typed)
    return elements


def _value_set(stated: Stated[str], elements: Elements, findings: list[Finding]) -> None:
    content = elements.get("content")
    if isinstance(content, Leaf) and content.value == "complete":
        elements["valueSet"] = stated_line(stated, "CodeSystem.valueSet", findings)
        return
    place = stated.spans[0].place if stated.spans else None
    findings.append(VALUE_SET_KEPT_BACK.found(place=place, element="CodeSystem.valueSet", value=stated.value))


def _property(declaration: Property, findings: list[Finding]) -> Elements:
    return {
        "code": stated_line(declaration.code, "CodeSystem.property.code", findings),
        "uri": stated_line(declaration.uri, "CodeSystem.property.uri", findings),
        "description": stated_line(declaration.description, "CodeSystem.property.description", findings),
        "type": stated_line(declaration.type, "CodeSystem.property.type", findings),
    }


def _filter(declaration: FilterDeclaration, version: FhirVersion, findings: list[Finding]) -> Elements | None:
    """Return a filter; nothing when the release knows none of its operators."""
    known = _OPERATORS_OF_R5 if version is FhirVersion.R5 else _OPERATORS
    operators: list[Leaf] = []
    for operator in declaration.operators:
        if operator.value in known:
            operators.append(derived(operator.value, operator, operator.reason))
            continue
        findings.append(
            FILTER_OPERATOR.found(
                place=operator.spans[0].place if operator.spans else None,
                element="CodeSystem.filter.operator",
                code=declaration.code.value,
                operator=operator.value,
                version=version.value,
            )
        )
    if not operators:
        return None
    return {
        "code": stated_line(declaration.code, "CodeSystem.filter.code", findings),
        "description": stated_line(declaration.description, "CodeSystem.filter.description", findings),
        "operator": operators,
        "value": stated_line(declaration.value, "CodeSystem.filter.value", findings),
    }


def _joined(first: object, then: list[Elements]) -> Listed:
    """Return declarations; of two with one code the first counts."""
    joined: list[Elements] = []
    if isinstance(first, list):
        joined += [each for each in first if isinstance(each, dict)]
    codes = {code.value for each in joined if isinstance(code := each.get("code"), Leaf)}
    for each in then:
        code = each.get("code")
        if isinstance(code, Leaf) and code.value not in codes:
            codes.add(code.value)
            joined.append(each)
    return joined
