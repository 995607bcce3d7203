"""FHIR packages: our own reader reads them back, and the same content gives the same bytes."""

from __future__ import annotations

import io
import json
import tarfile
from typing import Any

import pytest

from outputs.rich import code_system, naming_system
from termsmith.documents.package import read_manifest, read_members
from termsmith.outputs.files import render_json
from termsmith.outputs.package import Packaged, index_row, package_json, write_package
from termsmith.settings import PackageSettings

SETTINGS = PackageSettings(
    name="org.example.tea",
    version="1.0.0",
    canonical="https://tea.example",
    license="CC0-1.0",
    date="20270131120000",
    dependencies={"hl7.terminology.r4": "6.0.0", "a.b": "1.0.0"},
)
SUPPLEMENT = {
    "resourceType": "CodeSystem",
    "id": "more",
    "url": "http://tea.example/more",
    "version": "2",
    "status": "draft",
    "content": "supplement",
    "supplements": "http://tea.example/grades",
}


def packaged(resource: dict[str, Any]) -> Packaged:
    name, data = f"{resource['resourceType']}-{resource['id']}.json", render_json(resource)
    return Packaged(name=name, size=len(data), index=index_row(name, resource), content=io.BytesIO(data))


def package(*resources: dict[str, Any], version: str = "R4") -> bytes:
    file = io.BytesIO()
    write_package(file, SETTINGS, version, map(packaged, resources))
    return file.getvalue()


def content(data: bytes, name: str) -> Any:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        file = archive.extractfile(f"package/{name}")
        assert file is not None
        return json.load(file)


def test_our_own_reader_reads_it_back() -> None:
    data = package(naming_system(), code_system())
    assert {member.name: json.loads(member.data) for member in read_members(data, "x.tgz")} == {
        "package/CodeSystem-tea.1.json": code_system(),
        "package/NamingSystem-tea.1.json": naming_system(),
    }
    assert read_manifest(data, "x.tgz") == (("4.0.1",), "https://tea.example")


def test_the_order_of_resources_does_not_matter() -> None:
    assert package(naming_system(), code_system()) == package(code_system(), naming_system())


def test_files_belong_to_nobody_and_to_no_time() -> None:
    data = package(naming_system(), code_system())
    assert data[4:8] == b"\0\0\0\0"  # the time within gzip's header
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        entries = archive.getmembers()
    assert {(each.mtime, each.uid, each.gid, each.uname, each.gname, each.mode) for each in entries} == {
        (0, 0, 0, "", "", 0o644)
    }
    assert [each.name for each in entries] == [
        "package/package.json",
        "package/.index.json",
        "package/CodeSystem-tea.1.json",
        "package/NamingSystem-tea.1.json",
    ]


@pytest.mark.parametrize(
    ("version", "core", "release"),
    [
        ("R4", "hl7.fhir.r4.core", "4.0.1"),
        ("R4B", "hl7.fhir.r4b.core", "4.3.0"),
        ("R5", "hl7.fhir.r5.core", "5.0.0"),
    ],
)
def test_a_package_says_what_is_configured_and_needs_the_core_package(
    version: str, core: str, release: str
) -> None:
    assert package_json(SETTINGS, version) == {
        "name": "org.example.tea",
        "version": "1.0.0",
        "type": "Conformance",
        "date": "20270131120000",
        "license": "CC0-1.0",
        "canonical": "https://tea.example",
        "fhirVersions": [release],
        "dependencies": {core: release, "a.b": "1.0.0", "hl7.terminology.r4": "6.0.0"},
        "directories": {"lib": "package"},
    }


def test_the_index_has_what_resources_state_as_text() -> None:
    index = content(package(naming_system(), code_system(), SUPPLEMENT), ".index.json")
    assert index == {
        "index-version": 2,
        "files": [
            {
                "filename": "CodeSystem-more.json",
                "resourceType": "CodeSystem",
                "id": "more",
                "url": "http://tea.example/more",
                "version": "2",
                "supplements": "http://tea.example/grades",
                "content": "supplement",
            },
            {
                "filename": "CodeSystem-tea.1.json",
                "resourceType": "CodeSystem",
                "id": "tea.1",
                "url": "http://tea.example/grades",
                "version": "1.0",
                "content": "complete",
                "valueSet": "http://tea.example/vs",
            },
            {
                "filename": "NamingSystem-tea.1.json",
                "resourceType": "NamingSystem",
                "id": "tea.1",
                "kind": "codesystem",
            },
        ],
    }
