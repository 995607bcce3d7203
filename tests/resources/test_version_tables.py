from __future__ import annotations

import tomllib
from importlib import import_module
from importlib.resources import files

import pytest

from termsmith.checks.definitions.loading import definitions
from termsmith.resources.versions import Carrier, FhirVersion, version_table

CLASSES = {
    "NamingSystem": ("namingsystem", "NamingSystem"),
    "NamingSystem.uniqueId": ("namingsystem", "NamingSystemUniqueId"),
    "CodeSystem": ("codesystem", "CodeSystem"),
    "ContactDetail": ("contactdetail", "ContactDetail"),
    "ContactPoint": ("contactpoint", "ContactPoint"),
    "Identifier": ("identifier", "Identifier"),
    "CodeableConcept": ("codeableconcept", "CodeableConcept"),
    "Coding": ("coding", "Coding"),
}
"""Types of our tables and where fhir.resources, generated from HL7's StructureDefinitions, has them."""


@pytest.mark.parametrize("version", FhirVersion)
@pytest.mark.parametrize("name", CLASSES)
def test_elements_and_their_order_are_those_of_the_release(version: FhirVersion, name: str) -> None:
    table = version_table(version)
    module, class_name = CLASSES[name]
    model = getattr(import_module(f"{table.package}.{module}"), class_name)
    assert list(table.types[name]) == model.elements_sequence()


@pytest.mark.parametrize("version", FhirVersion)
def test_extensions_use_types_that_the_release_has(version: FhirVersion) -> None:
    table = version_table(version)
    model = import_module(f"{table.package}.extension").Extension
    ours = table.types["Extension"]
    assert [element for element in model.elements_sequence() if element in ours] == list(ours)


def test_the_releases_are_those_that_hl7_published() -> None:
    assert {v.value: version_table(v).release for v in FhirVersion} == {
        "R4": "4.0.1",
        "R4B": "4.3.0",
        "R5": "5.0.0",
    }


@pytest.mark.parametrize("version", [FhirVersion.R4, FhirVersion.R4B])
@pytest.mark.parametrize("carrier", Carrier)
def test_only_what_a_release_lacks_is_carried_by_the_type_it_has_in_r5(
    version: FhirVersion, carrier: Carrier
) -> None:
    table, r5 = version_table(version), version_table(FhirVersion.R5)
    carried = table.carriers[carrier]["NamingSystem"]
    assert list(carried) == ["url", "version", "title", "copyright"]
    for element, extension in carried.items():
        assert element not in table.types["NamingSystem"]
        assert table.types["Extension"][extension.value] == r5.types["NamingSystem"][element]
        assert str(extension.url.value).endswith(element)


@pytest.mark.parametrize("version", FhirVersion)
def test_codes_that_a_release_lacks_have_one_that_it_has_in_place(version: FhirVersion) -> None:
    codes, in_r5 = (
        definitions(each).types["NamingSystem.uniqueId"]["type"].codes for each in (version.value, "R5")
    )
    assert codes
    assert in_r5
    found = version_table(version).substitutes.get("NamingSystem.uniqueId.type", {})
    assert set(found) == in_r5 - codes
    assert {each.code for each in found.values()} <= codes


def test_r5_carries_nothing() -> None:
    assert version_table(FhirVersion.R5).carriers == {carrier: {} for carrier in Carrier}


def test_every_file_of_the_folder_is_a_release() -> None:
    folder = files("termsmith.resources").joinpath("versions")
    tables = {item.name: tomllib.loads(item.read_text("utf-8")) for item in folder.iterdir()}
    assert set(tables) == {f"{version.value}.toml" for version in FhirVersion}
    known = {"extends", "release", "package", "bases", "types", "lacks", "carriers", "later_codes"}
    assert all(set(table) <= known for table in tables.values())
    lacking = tables["R4.toml"]["lacks"]
    for name, elements in lacking.items():
        assert set(elements) <= set(tables["R5.toml"]["types"][name])
