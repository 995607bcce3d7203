"""FHIR packages: what is read of them, and what is not."""

from __future__ import annotations

import gzip
import io
import json
import tarfile

import pytest

from termsmith.documents.document import DocumentError
from termsmith.documents.package import Manifest, read_manifest, read_members


def package(files: dict[str, bytes], links: dict[str, str] | None = None) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        for name, target in (links or {}).items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            archive.addfile(entry)
    return buffer.getvalue()


MANIFEST = json.dumps({"fhirVersions": ["5.0.0"], "canonical": "http://tea.example/ig"}).encode()
RESOURCE = b'{"resourceType": "CodeSystem"}'


def test_the_manifest_tells_release_and_guide() -> None:
    data = package({"package/package.json": MANIFEST})
    assert read_manifest(data, "x.tgz") == Manifest(("5.0.0",), "http://tea.example/ig")


@pytest.mark.parametrize(
    ("manifest", "versions"),
    [
        (b'{"fhir-version-list": ["4.0.1"]}', ("4.0.1",)),
        (b"{}", ()),
        (b'{"fhirVersions": "4"}', ()),
        (b"[]", ()),
    ],
)
def test_a_manifest_may_say_it_otherwise_or_not(manifest: bytes, versions: tuple[str, ...]) -> None:
    assert read_manifest(package({"package/package.json": manifest}), "x.tgz").fhir_versions == versions


def test_content_is_the_json_in_package_alone() -> None:
    data = package(
        {
            "package/package.json": MANIFEST,
            "package/.index.json": b"{}",
            "package/CodeSystem-a.json": RESOURCE,
            "./package/CodeSystem-b.json": RESOURCE,
            "package/example/CodeSystem-c.json": RESOURCE,
            "package/readme.txt": b"x",
            "../package/CodeSystem-d.json": RESOURCE,
            "package/../CodeSystem-e.json": RESOURCE,
            "/package/CodeSystem-f.json": RESOURCE,
        },
        links={"package/CodeSystem-g.json": "/etc/passwd"},
    )
    names = [member.name for member in read_members(data, "x.tgz")]
    assert names == ["package/CodeSystem-a.json", "package/CodeSystem-b.json"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x1f\x8bnothing", ""),
        (gzip.compress(b"no archive" * 100), ""),
        (package({"x/package.json": MANIFEST}), "it has no package/package.json"),
        (package({"package/package.json": b"{"}), "package.json is no JSON"),
        (package({"package/package.json": MANIFEST})[:60], ""),
    ],
)
def test_a_damaged_package_is_told(data: bytes, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_manifest(data, "x.tgz")
    assert caught.value.finding.code == "DOC007"
    assert words in caught.value.finding.message


def test_a_package_that_unpacks_without_end_is_refused() -> None:
    buffer = io.BytesIO()
    with gzip.open(buffer, "wb") as stream:
        entry = tarfile.TarInfo("package/CodeSystem-a.json")
        entry.size = 5_000_000_000
        stream.write(entry.tobuf())
        stream.write(b"0" * 1_000_000)
    with pytest.raises(DocumentError) as caught:
        list(read_members(buffer.getvalue(), "x.tgz"))
    assert "more than 4,000,000,000 bytes" in caught.value.finding.message
