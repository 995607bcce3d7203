"""The bytes of files, what writing them changes, and sources that want the same file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from termsmith.errors import OutputError
from termsmith.model.result import Resource
from termsmith.outputs.files import (
    Change,
    Plan,
    PlannedFile,
    ResourceFile,
    change_of,
    change_of_stream,
    render_json,
    resource_file,
)

if TYPE_CHECKING:
    from pathlib import Path


def resource(data: dict[str, str]) -> Resource:
    return Resource(data=data, fhir_version="R4", model_from=dict)


def file(name: str, data: bytes = b"{}\n") -> ResourceFile:
    kind, _, rest = name.partition("-")
    return ResourceFile(type=kind, id=rest, name=name, data=data)


def test_json_has_two_spaces_utf8_and_a_newline_at_the_end() -> None:
    assert render_json({"b": "Größe ℞", "a": [1, True]}).decode() == (
        '{\n  "b": "Größe ℞",\n  "a": [\n    1,\n    true\n  ]\n}\n'
    )


def test_a_resource_has_a_file() -> None:
    data = {"resourceType": "NamingSystem", "id": "tea-1.0", "name": "Tea"}
    assert resource_file(resource(data)) == ResourceFile(
        type="NamingSystem", id="tea-1.0", name="NamingSystem-tea-1.0.json", data=render_json(data)
    )


@pytest.mark.parametrize("id_", ["../../x", "a/b", "a\\b", "", "a\0", "x" * 65, "a b", "ä"])
def test_an_id_that_is_no_plain_name_never_becomes_a_file(id_: str) -> None:
    with pytest.raises(OutputError, match="OUT004"):
        resource_file(resource({"resourceType": "CodeSystem", "id": id_}))


def test_a_type_that_is_none_of_ours_never_becomes_a_file() -> None:
    with pytest.raises(OutputError, match="OUT004"):
        resource_file(resource({"resourceType": "../CodeSystem", "id": "x"}))


@pytest.mark.parametrize(
    ("old", "change"),
    [(None, Change.NEW), (b"abc", Change.UNCHANGED), (b"abd", Change.CHANGED), (b"ab", Change.CHANGED)],
)
def test_a_change_is_told_by_content(tmp_path: Path, old: bytes | None, change: Change) -> None:
    path = tmp_path / "x.json"
    if old is not None:
        path.write_bytes(old)
    assert change_of(path, b"abc") is change
    assert change_of_stream(path, io.BytesIO(b"abc")) is change


def test_a_folder_in_the_place_of_a_file_counts_as_a_change(tmp_path: Path) -> None:
    assert change_of(tmp_path, b"abc") is Change.CHANGED
    assert change_of_stream(tmp_path, io.BytesIO(b"abc")) is Change.CHANGED


class TestPlan:
    def test_each_source_gets_its_files(self, tmp_path: Path) -> None:
        (tmp_path / "CodeSystem-b.json").write_bytes(b"{}\n")
        plan = Plan(tmp_path)
        plan.add("a.txt", [file("NamingSystem-a.json"), file("CodeSystem-a.json")])
        plan.add("b.txt", [file("CodeSystem-b.json")])
        assert plan.granted("a.txt") == (
            PlannedFile(name="NamingSystem-a.json", change=Change.NEW),
            PlannedFile(name="CodeSystem-a.json", change=Change.NEW),
        )
        assert plan.granted("b.txt") == (PlannedFile(name="CodeSystem-b.json", change=Change.UNCHANGED),)
        assert list(plan.collisions()) == []

    def test_two_sources_for_one_file_get_none_of_theirs(self, tmp_path: Path) -> None:
        plan = Plan(tmp_path)
        plan.add("a.txt", [file("NamingSystem-x.json"), file("CodeSystem-x.json"), file("CodeSystem-y.json")])
        plan.add("b.txt", [file("CodeSystem-X.json")])
        plan.add("c.txt", [file("CodeSystem-c.json")])
        assert [plan.granted(source) for source in plan.sources[:2]] == [(), ()]
        assert plan.granted("c.txt") != ()
        assert [(source, finding.code, finding.message) for source, finding in plan.collisions()] == [
            (
                source,
                "OUT001",
                "CodeSystem-x.json would be written by a.txt and by b.txt; neither is written",
            )
            for source in ("a.txt", "b.txt")
        ]

    def test_all_files_that_the_same_sources_share_are_one_finding(self, tmp_path: Path) -> None:
        plan = Plan(tmp_path)
        for source in ("a.txt", "b.txt", "c.txt"):
            plan.add(source, [file("NamingSystem-x.json"), file("CodeSystem-x.json")])
        assert [finding.message for _, finding in plan.collisions()] == [
            (
                "NamingSystem-x.json and CodeSystem-x.json would be written by a.txt and by b.txt "
                "and by c.txt; neither is written"
            )
        ] * 3

    def test_one_page_with_two_systems_of_one_id_is_refused(self, tmp_path: Path) -> None:
        plan = Plan(tmp_path)
        plan.add("a.txt", [file("CodeSystem-x.json"), file("CodeSystem-x.json")])
        assert plan.granted("a.txt") == ()
        assert [source for source, _ in plan.collisions()] == ["a.txt"]

    def test_other_resources_of_the_folder_are_listed(self, tmp_path: Path) -> None:
        for name in ("CodeSystem-old.json", "NamingSystem-A.json", "ValueSet-x.json", "notes.txt"):
            (tmp_path / name).write_bytes(b"")
        plan = Plan(tmp_path)
        plan.add("a.txt", [file("NamingSystem-a.json")])
        assert plan.others() == ["CodeSystem-old.json"]
        assert Plan(tmp_path / "gone").others() == []
