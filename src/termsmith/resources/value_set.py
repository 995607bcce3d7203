"""The value set of all codes of a code system: https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.valueSet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from termsmith.model.record import Origin
from termsmith.model.result import Evidence, Resource
from termsmith.resources.models import model_of
from termsmith.resources.versions import FhirVersion, version_table

if TYPE_CHECKING:
    from collections.abc import Iterable

_COPIED_BEFORE = ("status", "experimental", "date", "publisher", "contact")
_COPIED_BEHIND = ("useContext", "jurisdiction")
_LONGEST_NAME = 255
_WHY_COPIED = "as in the CodeSystem"


def all_codes(code_system: Resource, evidence: Iterable[Evidence]) -> tuple[Resource, list[Evidence]] | None:
    """Return the value set that a CodeSystem names, with what its values rest on; nothing when it names none.

    Args:
        code_system: With ``url`` and ``valueSet``.
        evidence: Of the CodeSystem's values.
    """
    source = code_system.data
    url, _, version = str(source.get("valueSet", "")).partition("|")
    if not url or "url" not in source:
        return None
    data: dict[str, Any] = {"resourceType": "ValueSet", "id": source["id"], "url": url}
    data |= {"version": version} if version else {}
    if "name" in source:
        data["name"] = f"{source['name'][: _LONGEST_NAME - 3]}All"
    if "title" in source:
        data["title"] = f"All codes of {source['title']}"
    data |= {name: source[name] for name in _COPIED_BEFORE if name in source}
    data |= {name: source[name] for name in _COPIED_BEHIND if name in source}
    data["immutable"] = True
    data |= {"copyright": source["copyright"]} if "copyright" in source else {}
    data["compose"] = {"include": [{"system": source["url"]}]}
    table = version_table(FhirVersion(code_system.fhir_version))
    made = Resource(data=data, fhir_version=code_system.fhir_version, model_from=partial(model_of, table))
    return made, list(_evidence(made, code_system, evidence))


def _evidence(made: Resource, code_system: Resource, evidence: Iterable[Evidence]) -> Iterable[Evidence]:
    """Yield evidence of all values: that of the CodeSystem's, and reasons for those made of them."""
    name, of = f"{made.type}/{made.id}", f"{code_system.type}/{code_system.id}"
    copied = {*_COPIED_BEFORE, *_COPIED_BEHIND, "copyright", "id"}
    derived = {
        "valueSet": ("ValueSet.url", made.data["url"], "CodeSystem.valueSet"),
        "name": ("ValueSet.name", made.data.get("name"), "the CodeSystem's name and All"),
        "title": ("ValueSet.title", made.data.get("title"), "the CodeSystem's title"),
        "url": ("ValueSet.compose.include[0].system", code_system.data["url"], "CodeSystem.url"),
    }
    for each in evidence:
        if each.resource != of:
            continue
        path = each.element.removeprefix("CodeSystem.")
        element = path.split(".")[0].partition("[")[0]
        if element in copied:
            yield each._replace(resource=name, element=f"ValueSet.{path}", reason=each.reason or _WHY_COPIED)
        elif path in derived:
            target, value, why = derived[path]
            yield each._replace(resource=name, element=target, value=value, reason=why)
            if path == "valueSet" and "version" in made.data:
                yield each._replace(
                    resource=name, element="ValueSet.version", value=made.data["version"], reason=why
                )
    why = "all codes of a system cannot be chosen otherwise"
    yield Evidence(name, "ValueSet.immutable", True, Origin.DEFAULT, (), why)  # noqa: FBT003  a FHIR value
