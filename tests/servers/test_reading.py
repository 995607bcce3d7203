from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
from typing import TYPE_CHECKING, Any

import pytest

from servers.samples import code_system, naming_system, value_set, write
from termsmith.errors import SourceError
from termsmith.servers.outgoing import JSON, XML, Outgoing
from termsmith.servers.reading import Read, read_outgoing
from termsmith.sources.resources import find_check_sources

if TYPE_CHECKING:
    from pathlib import Path


def read(*paths: Path, fhir_version: str | None = None) -> Read:
    return read_outgoing(find_check_sources(map(str, paths)).sources, fhir_version=fhir_version)


def names(result: Read) -> list[str]:
    return [each.name for each in result.outgoing]


def found_codes(result: Read) -> list[str]:
    return [finding.code for _, finding in result.findings]


def package(folder: Path, members: dict[str, Any], versions: list[str] | None = None) -> Path:
    path = folder / "tea.tgz"
    manifest = {"name": "tea", "version": "1.0.0", "fhirVersions": versions or ["4.0.1"]}
    with tarfile.open(path, "w:gz") as archive:
        for name, data in {"package.json": manifest, **members}.items():
            text = data if isinstance(data, bytes) else json.dumps(data).encode()
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))
    return path


def test_a_file_is_sent_as_it_is_and_not_kept_in_memory(tmp_path: Path) -> None:
    text = '{ "resourceType":"CodeSystem", "id":"Tea",\n "url":"http://tea.example/grades" }'
    path = write(tmp_path, "tea.json", text)
    (made,) = read(path).outgoing
    assert (made.name, made.url, made.body.media_type, made.body.packed) == (
        "CodeSystem/Tea",
        "http://tea.example/grades",
        JSON,
        None,
    )
    assert made.body.read() == text.encode()
    assert made.body.size == len(text)


def test_xml_is_sent_as_xml(tmp_path: Path) -> None:
    text = '<CodeSystem xmlns="http://hl7.org/fhir"><id value="Tea"/><content value="complete"/></CodeSystem>'
    (made,) = read(write(tmp_path, "tea.xml", text)).outgoing
    assert (made.name, made.content, made.body.media_type) == ("CodeSystem/Tea", "complete", XML)
    assert made.body.read() == text.encode()


def test_a_byte_order_mark_is_told_and_not_sent(tmp_path: Path) -> None:
    path = write(tmp_path, "tea.json", "\ufeff" + json.dumps(code_system()))
    result = read(path)
    assert found_codes(result) == ["DOC008"]
    assert result.outgoing[0].body.read() == json.dumps(code_system()).encode()


def test_a_file_that_was_changed_meanwhile_is_not_sent(tmp_path: Path) -> None:
    path = write(tmp_path, "tea.json", code_system())
    (made,) = read(path).outgoing
    os.utime(path, ns=(1, 1))
    with pytest.raises(SourceError, match="was changed while it was uploaded"):
        made.body.read()
    path.unlink()
    with pytest.raises(SourceError, match="can't be read"):
        made.body.read()


def test_bundles_are_opened_and_places_lead_into_them(tmp_path: Path) -> None:
    inner = {"resourceType": "Bundle", "entry": [{"resource": naming_system()}]}
    entries = [code_system(), {"resourceType": "Patient"}, value_set(), inner]
    data = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in entries]}
    path = write(tmp_path, "all.json", json.dumps(data, indent=1))
    result = read(path)
    assert names(result) == ["CodeSystem/Tea", "NamingSystem/TeaNames", "ValueSet/TeaSet"]
    assert found_codes(result) == ["SRV111"]
    lines = path.read_text(encoding="utf-8").splitlines()
    for made in result.outgoing:
        assert lines[made.place.line - 1].strip().startswith(('"resource": {', "{"))
    assert [json.loads(each.body.read()) for each in result.outgoing] == [
        code_system(),
        naming_system(),
        value_set(),
    ]


def test_decimals_of_a_bundle_keep_their_zeros(tmp_path: Path) -> None:
    text = (
        '{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "CodeSystem", "id": "Tea", '
        '"concept": [{"code": "a", "property": [{"code": "w", "valueDecimal": 1.500}]}]}}]}'
    )
    (made,) = read(write(tmp_path, "all.json", text)).outgoing
    assert b'"valueDecimal":1.500}' in made.body.read()


def test_decimals_of_an_xml_bundle_keep_their_zeros(tmp_path: Path) -> None:
    text = (
        '<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/><entry><resource><CodeSystem>'
        '<id value="Tea"/><concept><code value="a"/><property><code value="w"/><valueDecimal value="1.50"/>'
        "</property></concept></CodeSystem></resource></entry></Bundle>"
    )
    (made,) = read(write(tmp_path, "all.xml", text)).outgoing
    assert (made.findings, made.body.media_type) == ((), JSON)
    assert b'"valueDecimal":1.50}' in made.body.read()


def test_packages_give_their_resources_and_their_release(tmp_path: Path) -> None:
    path = package(
        tmp_path,
        {
            "CodeSystem-Tea.json": code_system(),
            "StructureDefinition-x.json": {"resourceType": "StructureDefinition"},
            "damaged.json": b'{"resourceType": ',
            "other.json": b"{}",
        },
        ["5.0.0"],
    )
    result = read(path)
    (made,) = result.outgoing
    assert (made.source, made.release, made.release_reason) == (
        f"{path}/package/CodeSystem-Tea.json",
        "R5",
        "stated by the package",
    )
    assert sorted(found_codes(result)) == ["DOC001", "SRV111"]


def test_an_unknown_release_of_a_package_leaves_the_resource_to_show_it(tmp_path: Path) -> None:
    path = package(tmp_path, {"a.json": code_system(), "b.json": naming_system(url="http://u")}, ["3.0.2"])
    assert [each.release for each in read(path).outgoing] == [None, "R5"]
    assert [each.release for each in read(path, fhir_version="R4B").outgoing] == ["R4B", "R4B"]


def test_wrong_form_is_not_sent(tmp_path: Path) -> None:
    path = write(tmp_path, "tea.json", '{"resourceType": "CodeSystem", "id": "Tea", "url": "a", "url": "b"}')
    (made,) = read(path).outgoing
    (finding,) = made.findings
    assert (finding.code, finding.message) == (
        "SRV107",
        "the form of CodeSystem/Tea is wrong (STR090), so that servers may read it differently; it was not sent",
    )


def test_pages_and_damaged_files_are_told_and_cost_no_other(tmp_path: Path) -> None:
    page = write(tmp_path, "page.txt", "Tea Grades")
    damaged = write(tmp_path, "damaged.json", '{"resourceType": "CodeSystem"')
    (tmp_path / "broken.tgz").write_bytes(gzip.compress(b"no archive"))
    good = write(tmp_path, "good.json", code_system())
    result = read(page, damaged, tmp_path / "broken.tgz", good)
    assert found_codes(result) == ["SRV110", "DOC001", "DOC007"]
    assert names(result) == ["CodeSystem/Tea"]


def test_a_file_that_went_away_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path, "tea.json", code_system())
    sources = find_check_sources([str(path)]).sources
    path.unlink()
    result = read_outgoing(sources)
    assert [error.code for error in result.errors] == ["SRC002"]


def test_a_folder_gives_its_resources_without_its_pages(tmp_path: Path) -> None:
    write(tmp_path, "a.json", code_system())
    write(tmp_path, "b.json", {"not": "a resource"})
    write(tmp_path, "page.md", "# Tea")
    result = read(tmp_path)
    assert (names(result), result.findings) == (["CodeSystem/Tea"], [])


def test_a_value_set_alone_is_no_finding(tmp_path: Path) -> None:
    result = read(write(tmp_path, "a.json", value_set()))
    assert (names(result), result.findings) == (["ValueSet/TeaSet"], [])


def test_a_resource_without_id_is_named_by_its_url(tmp_path: Path) -> None:
    def made(**changes: Any) -> Outgoing:
        (one,) = read(write(tmp_path, "a.json", code_system(**changes))).outgoing
        return one

    assert made(id=None).name == "CodeSystem http://tea.example/grades"
    assert made(id=None, url=None).name == "CodeSystem without id"
