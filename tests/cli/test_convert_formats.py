"""`termsmith convert --format`: what is written, compared, left alone and refused."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from cli.pages import listing, termsmith, write_page
from termsmith.documents.package import read_members
from termsmith.documents.xml_text import read_xml
from termsmith.outputs.formats import FORMATS

PACKAGE = '[package]\nname = "org.example.tea"\nversion = "1.0.0"\ncanonical = "https://tea.example"\n'
ALL = [argument for name in FORMATS for argument in ("--format", name)]
NAMES = {f"{kind}-Tea.{end}" for kind in ("CodeSystem", "NamingSystem") for end in ("json", "xml", "fsh")}


@pytest.fixture(autouse=True)
def _page() -> None:
    write_page("in/tea.txt", "Tea")
    Path("termsmith.toml").write_text(PACKAGE, encoding="utf-8")


def test_without_a_format_json_is_written() -> None:
    termsmith("convert", "in", "-o", "out")
    assert set(listing("out")) == {"CodeSystem-Tea.json", "NamingSystem-Tea.json"}


def test_all_formats_hold_the_same_resources() -> None:
    result = termsmith("convert", "in", "-o", "out", *ALL)
    assert result.exit_code == 0
    files = listing("out")
    assert set(files) == {*NAMES, "package.tgz", "bundle.json"}
    resources = [json.loads(files[f"{kind}-Tea.json"]) for kind in ("NamingSystem", "CodeSystem")]
    assert [read_xml(files[f"{each['resourceType']}-Tea.xml"], "").data for each in resources] == resources
    assert [json.loads(each.data) for each in read_members(files["package.tgz"], "")] == resources[::-1]
    assert [each["resource"] for each in json.loads(files["bundle.json"])["entry"]] == resources
    assert "CodeSystem: Tea\n" in files["CodeSystem-Tea.fsh"].decode()
    assert "package.tgz (new)\nbundle.json (new)\n" in result.stdout
    assert "1 page: 8 files (8 new)" in result.stderr


def test_only_what_is_asked_for_is_written_and_the_rest_is_mentioned() -> None:
    termsmith("convert", "in", "-o", "out", *ALL)
    result = termsmith("convert", "in", "-o", "out", "--format", "xml")
    assert "1 page: 2 resources (2 unchanged)" in result.stderr
    assert "note: 6 other files in out left alone: CodeSystem-Tea.fsh" in result.stderr
    result = termsmith("convert", "in", "-o", "out", "--format", "package")
    assert "1 page: 1 file (1 unchanged)" in result.stderr
    assert "note: 7 other files in out left alone" in result.stderr


def test_check_sees_each_format(tmp_path: Path) -> None:
    assert termsmith("convert", "in", "-o", "out", *ALL, "--check").exit_code == 1
    assert not (tmp_path / "out").exists()
    termsmith("convert", "in", "-o", "out", *ALL)
    before = listing("out")
    assert termsmith("convert", "in", "-o", "out", *ALL, "--check").exit_code == 0
    for name in ("CodeSystem-Tea.xml", "NamingSystem-Tea.fsh", "package.tgz", "bundle.json"):
        Path("out", name).write_bytes(b"old")
        result = termsmith("convert", "in", "-o", "out", *ALL, "--check")
        assert (result.exit_code, f"{name} (changed)" in result.stdout) == (1, True)
        termsmith("convert", "in", "-o", "out", *ALL)
        assert listing("out") == before


def test_what_two_pages_want_is_in_none_of_the_files() -> None:
    write_page("in/tea2.txt", "Tea", number=2)
    write_page("in/milk.txt", "Milk", number=3)
    result = termsmith("convert", "in", "-o", "out", "--format", "package", "--format", "bundle")
    assert result.exit_code == 1
    assert "OUT001" in result.stderr
    names = [each.name for each in read_members(Path("out/package.tgz").read_bytes(), "")]
    assert names == ["package/CodeSystem-Milk.json", "package/NamingSystem-Milk.json"]
    ids = [each["resource"]["id"] for each in json.loads(Path("out/bundle.json").read_bytes())["entry"]]
    assert ids == ["Milk", "Milk"]


def test_without_resources_there_is_no_package() -> None:
    write_page("in/tea2.txt", "Tea", number=2)
    termsmith("convert", "in", "-o", "out", "--format", "package")
    assert not Path("out/package.tgz").exists()


@pytest.mark.parametrize("configuration", ["", "[bundle]\n"])
def test_a_package_is_never_named_by_us(configuration: str) -> None:
    Path("termsmith.toml").write_text(configuration, encoding="utf-8")
    result = termsmith("convert", "in", "-o", "out", "--format", "package")
    assert result.exit_code == 2
    assert result.stderr == (
        "error[SET004]: a package needs a name, a version and a canonical URL, and the configuration has no "
        "[package]\n  hint: Put [package] with name, version and canonical into termsmith.toml.\n"
    )
    assert not Path("out").exists()


def test_the_manifest_lists_every_file_with_its_digest() -> None:
    termsmith("convert", "in", "-o", "out", *ALL, "--manifest", "m.json")
    manifest = json.loads(Path("m.json").read_bytes())
    listed = [*manifest["sources"][0]["resources"], *manifest["files"]]
    assert {each["file"]: each["sha256"] for each in listed} == {
        name: hashlib.sha256(data).hexdigest() for name, data in listing("out").items()
    }


def test_several_processes_write_the_same() -> None:
    write_page("in/milk.txt", "Milk", number=3)
    termsmith("convert", "in", "-o", "one", *ALL)
    termsmith("convert", "in", "-o", "two", *ALL, "--jobs", "2")
    assert listing("one") == listing("two")


@pytest.mark.parametrize("version", ["R4B", "R5"])
def test_formats_follow_the_fhir_version(version: str) -> None:
    assert termsmith("convert", "in", "-o", "out", *ALL, "--fhir-version", version).exit_code == 0
    files = listing("out")
    assert read_xml(files["NamingSystem-Tea.xml"], "").data == json.loads(files["NamingSystem-Tea.json"])


def test_a_code_table_too_large_for_memory_is_in_all_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("termsmith.conversion.LARGE", 100)
    rows = "".join(f'{number},"Tea ""{number}"" & 100%"\n' for number in range(1000))
    Path("in/tea.concepts.csv").write_text("code,display\n" + rows, encoding="utf-8")
    assert termsmith("convert", "in", "-o", "out", *ALL).exit_code == 0
    files = listing("out")
    data = json.loads(files["CodeSystem-Tea.json"])
    assert len(data["concept"]) == 1000
    assert read_xml(files["CodeSystem-Tea.xml"], "").data == data
    assert files["CodeSystem-Tea.fsh"].decode().count("* #") == 1000
    members = {each.name: each.data for each in read_members(files["package.tgz"], "")}
    assert members["package/CodeSystem-Tea.json"] == files["CodeSystem-Tea.json"]
    assert json.loads(files["bundle.json"])["entry"][1]["resource"] == data
    before = files
    termsmith("convert", "in", "-o", "out", *ALL)
    assert listing("out") == before
