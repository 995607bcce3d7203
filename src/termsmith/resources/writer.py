"""Elements in any order become JSON in definition order, and each leaf its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.model.result import Evidence
from termsmith.resources.evidence import Absent, Extended, Leaf, default

if TYPE_CHECKING:
    from termsmith.resources.evidence import Elements
    from termsmith.resources.versions import Carrier, VersionTable

_ABSENT_URL = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def write(
    resource: str, elements: Elements, table: VersionTable, carrier: Carrier
) -> tuple[dict[str, Any], list[Evidence]]:
    """Return a resource as FHIR JSON data, and why each of its values is there.

    Elements that the release lacks go into the carrier's extensions; those that nothing carries are left out.
    Paths of evidence are FHIR's, so what JSON calls ``_name`` is ``name`` there.

    Args:
        resource: Type and id: ``CodeSystem/ExampleCodes``.
        elements: Elements by name, the id among them.
        table: The FHIR release to write.
        carrier: Which extensions carry what it lacks.
    """
    resource_type = resource.partition("/")[0]
    extensions: list[Elements] = [
        {"url": extension.url, extension.value: node}
        for element, extension in table.carriers[carrier].get(resource_type, {}).items()
        if (node := elements.get(element))
    ]
    writer = _Writer(table, resource)
    data = writer.object({**elements, "extension": extensions}, resource_type, resource_type)
    return {"resourceType": resource_type} | data, writer.evidence


class _Writer:
    """One resource while it is written."""

    def __init__(self, table: VersionTable, resource: str) -> None:
        self.types = table.types
        self.resource = resource
        self.evidence: list[Evidence] = []

    def object(self, elements: Elements, type_name: str, path: str) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for element, element_type in self.types[type_name].items():
            node = elements.get(element)
            if not node:
                continue
            at = f"{path}.{element}"
            if isinstance(node, Leaf):
                data[element] = self.value(node, at)
            elif isinstance(node, list):
                listed: list[Any] = node
                data[element] = [
                    self.value(item, f"{at}[{index}]")
                    if isinstance(item, Leaf)
                    else self.object(item, element_type, f"{at}[{index}]")
                    for index, item in enumerate(listed)
                ]
            elif isinstance(node, Absent):
                data[f"_{element}"] = self.object(_absent(node), "Element", at)
            elif isinstance(node, Extended):
                data[element] = self.value(node.leaf, at)
                data[f"_{element}"] = self.object({"extension": [node.extension]}, "Element", at)
            else:
                data[element] = self.object(node, element_type, at)
        return data

    def value(self, leaf: Leaf, at: str) -> Any:
        value, origin, spans, reason = leaf
        self.evidence.append(
            Evidence(
                resource=self.resource, element=at, value=value, origin=origin, spans=spans, reason=reason
            )
        )
        return value


def _absent(node: Absent) -> Elements:
    """Return https://hl7.org/fhir/R4/extension-data-absent-reason.html in place of a value."""
    return {
        "extension": [
            {"url": default(_ABSENT_URL, node.reason), "valueCode": default("unknown", node.reason)},
        ]
    }
