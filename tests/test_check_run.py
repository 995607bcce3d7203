"""A whole check: what is told of each source, where, and what one fault costs the others."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from checks.samples import code_system

import termsmith
from termsmith.check_run import CheckOptions, check_bytes, check_resource, check_sources
from termsmith.checks.relations.digest import Digest, digest_of
from termsmith.documents.json_text import locate_in_json
from termsmith.documents.reading import read_document
from termsmith.outputs.fhir_xml import fhir_xml
from termsmith.settings import Settings
from termsmith.sources.resources import CheckSource, find_check_sources

if TYPE_CHECKING:
    from collections.abc import Iterable

    from termsmith.checks.subject import Subject
    from termsmith.documents.document import Document
    from termsmith.model.checked import CheckedSource
    from termsmith.model.finding import Finding

OPTIONS = CheckOptions(settings=Settings(), today="2026-01-01")
FHIR = "http://hl7.org/fhir"
ROOT = Path(__file__).parent.parent


def package(files: dict[str, bytes], manifest: dict[str, Any] | None = None) -> bytes:
    buffer = io.BytesIO()
    stated = json.dumps({"fhirVersions": ["4.0.1"]} if manifest is None else manifest).encode()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in [("package.json", stated), *files.items()]:
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def resource(**elements: object) -> bytes:
    return json.dumps({"resourceType": "CodeSystem", **elements}).encode()


def bundle(*resources: dict[str, Any]) -> bytes:
    entries = [{"resource": each} for each in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def checked(data: bytes) -> list[CheckedSource]:
    return check_bytes(data, "x", OPTIONS)


def only(data: bytes, code: str) -> list[Finding]:
    return [each for source in checked(data) for each in source.findings if each.code == code]


class TestBundles:
    def test_each_finding_has_its_place_in_the_file(self) -> None:
        data = json.dumps(json.loads(bundle(code_system(), code_system() | {"status": "banana"})), indent=1)
        (finding,) = only(data.encode(), "STR012")
        lines = data.split("\n")
        assert finding.pointer == "/entry/1/resource/status"
        assert finding.place is not None
        assert lines[finding.place.line - 1][finding.place.column - 1 :] == '"banana",'

    def test_the_file_is_searched_once_for_all_places(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = []

        def counting(data: bytes, pointers: Iterable[str]) -> dict[str, tuple[int, int]]:
            asked.append(list(pointers))
            return locate_in_json(data, asked[-1])

        monkeypatch.setattr("termsmith.documents.reading.locate_in_json", counting)
        found = checked(bundle(*({"resourceType": "CodeSystem"} for _ in range(20))))[0].findings
        assert len(found) > 40
        assert [len(each) for each in asked] == [len(found)]

    def test_keys_that_come_twice_in_the_bundle_itself_are_told(self) -> None:
        data = b'{"resourceType": "Bundle", "entry": [{}],\n "entry": []}'
        (finding,) = only(data, "STR090")
        assert (finding.element, finding.pointer) == ("Bundle.entry", "/entry")
        assert finding.place is not None
        assert (finding.place.line, finding.place.column) == (2, 11)

    def test_entries_that_are_no_resource_are_told_with_their_place(self) -> None:
        (finding,) = only(
            b'{"resourceType": "Bundle", "entry": [\n{"resource": {"resourceType": "Tea"}}]}', "DOC010"
        )
        assert finding.place is not None
        assert (finding.place.line, finding.place.column) == (2, 31)

    def test_a_fault_of_ours_on_one_resource_does_not_cost_the_others(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def failing(subject: Subject, *arguments: Any) -> Digest:
            if subject.text("id") == "bad":
                raise ZeroDivisionError
            return digest_of(subject, *arguments)

        monkeypatch.setattr("termsmith.check_run.digest_of", failing)
        data = bundle(
            {"resourceType": "CodeSystem", "id": "bad"}, {"resourceType": "CodeSystem", "id": "good"}
        )
        (source,) = checked(data)
        assert [each.id for each in source.resources] == ["bad", "good"]
        (finding,) = (each for each in source.findings if each.code == "INT001")
        assert finding.pointer == "/entry/0/resource"
        assert finding.place is not None

    def test_supplements_beside_their_base_take_no_time_of_their_own(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        base = {
            "resourceType": "CodeSystem",
            "url": "http://a.example/b",
            "status": "draft",
            "content": "complete",
        }
        supplements = [
            base | {"url": f"http://a.example/{index}", "content": "supplement", "supplements": base["url"], "concept": [{"code": "x"}]}
            for index in range(30)
        ]  # fmt: skip
        read = []

        def counting(data: bytes, source: str, **options: Any) -> Document:
            read.append(source)
            return read_document(data, source, **options)

        monkeypatch.setattr("termsmith.check_run.read_document", counting)
        found = only(bundle(base | {"concept": [{"code": "a"}]}, *supplements), "REL024")
        assert len(found) == 30
        assert all(each.place is not None for each in found)
        assert read == ["x", "x"]


class TestXml:
    @pytest.mark.parametrize(
        ("inner", "code", "message"),
        [
            ("hello", "STR093", "CodeSystem holds the text 'hello'; FHIR has values in attributes only"),
            ("<status value='draft' a='b'/>", "STR092", "status has an attribute a, which FHIR does not know there"),
            ("<status xmlns='u' value='draft'/>", "STR094", "status is in the namespace 'u', not in http://hl7.org/fhir"),
            ("<status/>", "STR095", "status has neither a value nor parts"),
            ("<concept><id value='a'/></concept>", "STR098", "id of concept is an element here; in XML it is an attribute"),
            ("<?a b?>", "STR096", "there is a processing instruction a; FHIR has none within resources"),
        ],
    )  # fmt: skip
    def test_each_fault_of_form_is_told_in_words(self, inner: str, code: str, message: str) -> None:
        (finding,) = only(f"<CodeSystem xmlns='{FHIR}'>{inner}</CodeSystem>".encode(), code)
        assert finding.message == message

    def test_the_place_of_an_extension_of_a_simple_value_is_its_own(self) -> None:
        inner = "<name value='Tea'>\n <extension>\n  <valueCode value=' x'/></extension></name>"
        data = f"<CodeSystem xmlns='{FHIR}'>{inner}</CodeSystem>".encode()
        (finding,) = only(data, "DTY006")
        assert finding.pointer == "/_name/extension/0/valueCode"
        assert finding.place is not None
        assert (finding.place.line, finding.place.column) == (3, 3)


class TestPackages:
    def test_what_holds_nothing_to_check_is_told_once(self) -> None:
        patients = {f"Patient-{index}.json": b'{"resourceType": "Patient"}' for index in range(3)}
        found = checked(package({**patients, "ValueSet-v.json": b'{"resourceType": "ValueSet"}'}))
        assert [[each.message for each in source.findings] for source in found if source.findings] == [
            ["the file holds no NamingSystem and no CodeSystem, but Patient, ValueSet"]
        ]
        assert found[0].source == "x"
        assert [each.message for each in checked(package({}))[0].findings] == [
            "the file holds no NamingSystem and no CodeSystem, but no resources"
        ]

    def test_beside_something_to_check_it_is_not_told(self) -> None:
        found = checked(package({"Patient-a.json": b'{"resourceType": "Patient"}', "c.json": resource()}))
        assert "DOC009" not in {each.code for source in found for each in source.findings}
        assert [source.unchecked for source in found] == [("Patient",), ()]

    @pytest.mark.parametrize(
        ("manifest", "version", "reason"),
        [
            ({"fhirVersions": ["5.0.0"]}, "R5", "stated by the package"),
            ({"fhirVersions": ["3.0.2", "4.3.0"]}, "R4B", "stated by the package"),
            ({"dependencies": {"hl7.fhir.r5.core": "5.0.0"}}, "R5", "stated by the package"),
            ({}, "R4", "default"),
        ],
    )
    def test_the_package_tells_the_release(self, manifest: dict[str, Any], version: str, reason: str) -> None:
        (source,) = checked(package({"c.json": resource()}, manifest))
        assert [(each.fhir_version, each.version_reason) for each in source.resources] == [(version, reason)]
        assert "DOC006" not in {each.code for each in source.findings}

    def test_a_damage_behind_the_first_files_is_told_of_the_package(self) -> None:
        data = package({"c.json": resource()})
        found = checked(data[:-8] + b"\0\0\0\0" + data[-4:])
        assert (found[0].source, [each.code for each in found[0].findings]) == ("x", ["DOC007"])
        assert [each.source for each in found] == ["x", "x/package/c.json"]

    def test_two_files_of_one_name_are_told_apart(self) -> None:
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
            for name, data in [
                ("package.json", b"{}"),
                ("c.json", resource(id="a")),
                ("c.json", resource(id="b")),
            ]:
                entry = tarfile.TarInfo(f"package/{name}")
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
        assert [each.source for each in checked(buffer.getvalue())] == [
            "x/package/c.json",
            "x/package/c.json (2)",
        ]


class TestBytes:
    def test_a_page_is_converted(self) -> None:
        report = termsmith.check(b"<html><body><p>Nothing of ours</p></body></html>")
        assert "DIA001" in {each.code for source in report.sources for each in source.findings}

    def test_json_that_is_no_resource_and_no_page_is_told_as_that(self) -> None:
        assert [each.message for each in only(b'{"url": "x"}', "DOC004")] == [
            "the file holds no FHIR resource: it has no resourceType, and is no page of Confluence either"
        ]

    def test_what_is_meant_as_a_resource_is_no_page(self) -> None:
        (source,) = check_resource(b'{"url": "x"}', "x", OPTIONS)
        assert [each.code for each in source.findings] == ["DOC004"]
        report = termsmith.check({"url": "x"})
        assert [each.code for source in report.sources for each in source.findings] == ["DOC004"]

    def test_a_compressed_resource_is_told_as_one(self, tmp_path: Path) -> None:
        path = tmp_path / "bundle.json"
        path.write_bytes(b"\x1f\x8b")
        (source,) = check_sources([CheckSource(name="bundle.json", path=path)], OPTIONS)
        assert [each.code for each in source.findings] == ["DOC007"]

    def test_a_file_that_is_gone_is_an_error_of_its_own(self, tmp_path: Path) -> None:
        for name in ("a.json", "b.json"):
            (tmp_path / name).write_bytes(resource())
        found = find_check_sources([str(tmp_path)]).sources
        (tmp_path / "a.json").unlink()
        results = check_sources(found, OPTIONS)
        assert [None if each.error is None else each.error.code for each in results] == ["SRC002", None]


class TestCopies:
    """A resource that stands in several files is one resource."""

    def told(self, folder: Path) -> list[str]:
        results = check_sources(find_check_sources([str(folder)]).sources, OPTIONS)
        found = (finding for source in results for finding in source.findings)
        return [f"{each.code} {each.message}" for each in found if each.code.startswith("REL")]

    def files(self, folder: Path) -> list[dict[str, Any]]:
        """Write a page, and what it gives as JSON, as XML and in a Bundle."""
        (folder / "pages").mkdir()
        for page in (ROOT / "input").glob("apple-varieties.*"):
            (folder / "pages" / page.name).write_bytes(page.read_bytes())
        resources = termsmith.convert(folder / "pages" / "apple-varieties.txt").to_dicts()
        for each in resources:
            (folder / f"{each['resourceType']}.json").write_text(json.dumps(each), encoding="utf-8")
            (folder / f"{each['resourceType']}.xml").write_bytes(fhir_xml(each, "R4"))
        (folder / "bundle.json").write_bytes(bundle(*resources))
        return resources

    def change(self, folder: Path, old: str, new: str) -> None:
        page = folder / "pages" / "apple-varieties.txt"
        text = page.read_text(encoding="utf-8")
        assert old in text
        page.write_text(text.replace(old, new), encoding="utf-8")

    def test_a_project_with_all_forms_of_its_resources_is_right(self, tmp_path: Path) -> None:
        self.files(tmp_path)
        assert self.told(tmp_path) == []

    def test_the_page_may_be_newer_than_the_files(self, tmp_path: Path) -> None:
        self.files(tmp_path)
        self.change(tmp_path, "in Old Orchards", "of old")
        assert self.told(tmp_path) == []

    def test_a_file_that_says_something_else_is_a_rival(self, tmp_path: Path) -> None:
        _, system = self.files(tmp_path)
        system["concept"][0]["display"] = "Another"
        (tmp_path / "CodeSystem.json").write_text(json.dumps(system), encoding="utf-8")
        assert [each[:25] for each in self.told(tmp_path)] == ["REL001 CodeSystem/APPLES "] * 2

    def test_a_page_about_another_system_is_a_rival(self, tmp_path: Path) -> None:
        self.files(tmp_path)
        self.change(tmp_path, "id/apples", "id/pears")
        told = [each[:25] for each in self.told(tmp_path) if each.startswith("REL001")]
        assert told == ["REL001 NamingSystem/APPLE", "REL001 CodeSystem/APPLES "]

    def test_copies_in_one_package_or_bundle_are_one_too_many(self) -> None:
        system = code_system(id="tea")
        alike = json.dumps(system).encode()
        for data in (package({"a.json": alike, "b.json": alike}), bundle(system, system)):
            assert [each.code for each in only(data, "REL001")] == ["REL001"]
