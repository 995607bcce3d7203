"""Write the tables of FHIR definitions that checks walk along.

    python tools/make_definitions.py R4 DEFINITIONS

DEFINITIONS holds the official StructureDefinitions, ValueSets and CodeSystems of the release: a folder with
``profile/profiles-*.xml`` and ``valueset/*.xml``, as in the jars ``hapi-fhir-validation-resources-r4`` and
``-r4b`` of Maven's group ``ca.uhn.hapi.fhir``, or a FHIR core package such as ``hl7.fhir.r5.core-5.0.0.tgz``,
which is in ``-r5``.
"""

from __future__ import annotations

import json
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lxml.etree  # type: ignore[import-untyped]  # lxml has no types of its own

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOTS = ("NamingSystem", "CodeSystem", "ValueSet", "Bundle")
"""What is checked, and what is read beside it."""
FHIRPATH = "http://hl7.org/fhirpath/System."
TARGET = Path(__file__).parent.parent / "src" / "termsmith" / "checks" / "definitions"

Json = dict[str, Any]


def resources(source: Path) -> Iterator[Json]:
    """Yield the definitions of a release as JSON, of XML only what we need."""
    if source.is_file():
        with tarfile.open(source) as package:
            for member in package:
                stem = Path(member.name).name.partition("-")[0]
                if stem in {"StructureDefinition", "ValueSet", "CodeSystem"}:
                    file = package.extractfile(member)
                    assert file is not None  # noqa: S101  narrows the type
                    yield json.load(file)
        return
    for path in sorted([*source.glob("profile/*.xml"), *source.glob("valueset/*.xml")]):
        for entry in lxml.etree.parse(str(path)).iterfind("{*}entry/{*}resource/*"):
            name = lxml.etree.QName(entry).localname
            if name in {"StructureDefinition", "ValueSet", "CodeSystem"}:
                yield {"resourceType": name, **from_xml(entry)}


LISTS = frozenset({"element", "type", "concept", "include"})


def from_xml(node: Any) -> Json:
    """Return an element as JSON: texts, objects, and lists of those that repeat."""
    made: Json = {}
    for child in node.iterchildren(tag=lxml.etree.Element):
        name = lxml.etree.QName(child).localname
        if name in {"text", "extension", "differential"}:
            continue
        value = child.get("value") if child.get("value") is not None else from_xml(child)
        if name in LISTS and not (name == "type" and isinstance(value, str)):
            made.setdefault(name, []).append(value)
        else:
            made[name] = value
    return made


class Release:
    """The definitions of one release."""

    def __init__(self, source: Path) -> None:
        """Read them all."""
        self.structures: dict[str, Json] = {}
        self.value_sets: dict[str, Json] = {}
        self.code_systems: dict[str, Json] = {}
        for each in resources(source):
            match each["resourceType"]:
                case "StructureDefinition" if each.get("derivation") != "constraint":
                    self.structures[each["name"]] = each
                case "ValueSet":
                    self.value_sets[each["url"]] = each
                case "CodeSystem":
                    self.code_systems[each["url"]] = each
        self.types: dict[str, list[list[Any]]] = {}
        self.codes: dict[str, list[str]] = {}

    def add(self, name: str) -> None:
        """Take the type of a name and all types that its elements have."""
        if name in self.types or name == "Resource":
            return
        structure = self.structures.get(name)
        if structure is None or structure["kind"] == "primitive-type":
            return
        elements = structure["snapshot"]["element"]
        backbones = {e["path"].rpartition(".")[0] for e in elements} - {""}
        for path in sorted(backbones, key=lambda path: (path.count("."), path)):
            self.types[path] = []
        for element in elements:
            parent, _, local = element["path"].rpartition(".")
            if parent:
                self.types[parent] += self.rows(element, local, backbones)
        for path in sorted(backbones):
            for row in self.types[path]:
                self.add(row[1])

    def rows(self, element: Json, local: str, backbones: set[str]) -> Iterator[list[Any]]:
        """Yield ``[name, type, min, is list, value set, choice]`` for each JSON name of an element."""
        minimum, many = int(element["min"]), element["max"] != "1"
        if element["max"] == "0":
            return
        value_set = self.required(element)
        if "contentReference" in element:
            yield [local, element["contentReference"].rpartition("#")[2], minimum, many, None, None]
        elif local.endswith("[x]"):
            group = local.removesuffix("[x]")
            for kind in element["type"]:
                code = kind["code"]
                name = group + code[0].upper() + code[1:]
                bound = value_set if code in {"code", "Coding", "CodeableConcept"} else None
                yield [name, code, minimum, many, bound, group]
        elif element["path"] in backbones:
            yield [local, element["path"], minimum, many, None, None]
        else:
            code = element["type"][0]["code"]
            if code.startswith(FHIRPATH):
                code = {"url": "uri"}.get(local, "string")
                if element["path"].partition(".")[0] in self.structures and self.is_resource(element["path"]):
                    code = "id"
            yield [local, code, minimum, many, value_set, None]

    def is_resource(self, path: str) -> bool:
        """Tell whether a path is directly below a resource."""
        root, _, rest = path.partition(".")
        return "." not in rest and self.structures[root]["kind"] == "resource"

    def required(self, element: Json) -> str | None:
        """Return the name of the value set that binds an element as required, and keep its codes."""
        binding = element.get("binding", {})
        if binding.get("strength") != "required" or "valueSet" not in binding:
            return None
        url = binding["valueSet"].partition("|")[0]
        name = str(url.rpartition("/")[2])
        codes = self.expansion(url)
        if codes is not None:
            self.codes[name] = codes
        return name

    def expansion(self, url: str) -> list[str] | None:
        """Return the codes of a value set in order; nothing when it can't be listed from the definitions."""
        value_set = self.value_sets.get(url)
        if value_set is None:
            return None
        codes: list[str] = []
        for include in value_set["compose"]["include"]:
            if "filter" in include or "valueSet" in include:
                return None
            if "concept" in include:
                codes += (each["code"] for each in include["concept"])
                continue
            system = self.code_systems.get(include["system"])
            if system is None or not system.get("concept"):
                return None
            codes += all_codes(system["concept"])
        return codes


def all_codes(concepts: list[Json]) -> Iterator[str]:
    """Yield the codes of concepts and of those below them."""
    for concept in concepts:
        yield concept["code"]
        yield from all_codes(concept.get("concept", []))


def table(version: str, source: Path) -> str:
    """Return the table of a release as JSON, a type a line."""
    release = Release(source)
    for root in ROOTS:
        release.add(root)
    version_number = release.structures["CodeSystem"]["fhirVersion"]
    used = {row[4] for rows in release.types.values() for row in rows}
    parts = [
        f'"source": "StructureDefinitions and ValueSets of FHIR {version} ({version_number})"',
        f'"release": "{version_number}"',
        '"columns": ["name", "type", "min", "list", "value set", "choice"]',
        _lines("types", release.types),
        _lines("codes", {name: codes for name, codes in release.codes.items() if name in used}),
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _lines(name: str, table: dict[str, Any]) -> str:
    rows = (f'"{key}": {json.dumps(row, separators=(",", ":"))}' for key, row in sorted(table.items()))
    return f'"{name}": {{\n' + ",\n".join(rows) + "\n}"


if __name__ == "__main__":
    version, source = sys.argv[1], Path(sys.argv[2])
    (TARGET / f"{version}.json").write_text(table(version, source), encoding="utf-8")
