"""The code systems with concepts that HL7 Terminology publishes, as tables and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tables.rendering import Shape, as_csv, as_html, as_xlsx, render

import termsmith
from termsmith.documents.reading import read_document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from termsmith.model.result import Conversion

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "content"
SYSTEMS = sorted(CORPUS.glob("*.xml"))
pytestmark = pytest.mark.skipif(not SYSTEMS, reason="no ../shared/corpus/content beside the project")

EXPECTED = {"TAB001", "TAB002", "TAB023"}
"""What is told of any table: how it was read, unknown columns, and that its content may be a fragment."""


def concepts_of(path: Path) -> list[dict[str, Any]]:
    """Return the concepts as they were published."""
    return list(read_document(path.read_bytes(), path.name).resources[0].data["concept"])


def plain(concepts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return concepts with properties and designations in an order that tables keep: by their column."""
    made = []
    for concept in concepts:
        each = dict(concept)
        for name in ("property", "designation"):
            if name in each:
                each[name] = sorted(each[name], key=str)
        if "concept" in each:
            each["concept"] = plain(each["concept"])
        made.append(each)
    return made


def squeezed(value: Any) -> Any:
    """Return a value with single blanks only, as HTML shows texts."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, list):
        return [squeezed(each) for each in value]
    return {name: squeezed(each) for name, each in value.items()} if isinstance(value, dict) else value


def code_system(conversion: Conversion) -> dict[str, Any]:
    """Return the CodeSystem of a conversion."""
    found = [each for each in conversion.to_dicts() if each["resourceType"] == "CodeSystem"]
    assert len(found) == 1, [f"{each.code} {each.message}" for each in conversion.findings]
    return found[0]


def converted(path: Path, shape: Shape, form: str, tmp_path: Path) -> Conversion:
    """Return what a published system gives, rendered in a form and read back."""
    table = render(concepts_of(path), shape)
    sidecar = table.sidecar('hierarchy = "nested"')
    if form == "html":
        return termsmith.convert(as_html(table), sidecar=sidecar)
    if form == "xlsx":
        return termsmith.convert(as_xlsx(table, tmp_path / "codes.xlsx"), sidecar=sidecar)
    source = tmp_path / f"codes.{form}"
    source.write_bytes(as_csv(table, "," if form == "csv" else "\t"))
    return termsmith.convert(source, sidecar=sidecar)


@pytest.mark.parametrize("form", ["csv", "tsv", "xlsx", "html"])
@pytest.mark.parametrize("shape", list(Shape), ids=lambda shape: shape.name)
@pytest.mark.parametrize("path", SYSTEMS, ids=lambda path: path.stem)
def test_published_concepts_come_back_equal(path: Path, shape: Shape, form: str, tmp_path: Path) -> None:
    got = code_system(converted(path, shape, form, tmp_path))
    expected = plain(concepts_of(path))
    assert plain(got["concept"]) == (squeezed(expected) if form == "html" else expected)


@pytest.mark.parametrize("form", ["csv", "xlsx", "html"])
@pytest.mark.parametrize("path", SYSTEMS, ids=lambda path: path.stem)
def test_check_finds_nothing_but_what_the_source_has(path: Path, form: str, tmp_path: Path) -> None:
    conversion = converted(path, Shape.LEVEL, form, tmp_path)
    source = read_document(path.read_bytes(), path.name).resources[0].data
    with_ours = {**source, "concept": code_system(conversion)["concept"]}
    found = [(each.code, each.message) for each in termsmith.check(with_ours).findings]
    expected = [(each.code, each.message) for each in termsmith.check(source).findings]
    assert sorted(found) == sorted(expected)
    told = [
        each.code for each in conversion.findings if each.code.startswith("TAB") and each.code not in EXPECTED
    ]
    assert told == ["TAB011"] * sum("display" not in concept for concept in listed(source["concept"]))


def listed(concepts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return concepts of all levels."""
    return [each for concept in concepts for each in (concept, *listed(concept.get("concept", ())))]


@pytest.mark.parametrize("path", SYSTEMS, ids=lambda path: path.stem)
def test_a_published_resource_keeps_its_concepts_below_the_facts_of_a_page(path: Path) -> None:
    sidecar = b'canonical_url = "http://tea.example/codes"\ntitle = "Codes of Tea"\nshort_name = "TeaCodes"\n'
    made = code_system(termsmith.convert(b"Words only.", sidecar=sidecar, concepts=path, fhir_version="R5"))
    source = read_document(path.read_bytes(), path.name).resources[0].data
    ours = {"id", "text", "name", "title", "url"}
    assert {name: made[name] for name in source if name not in ours} == {
        name: value for name, value in source.items() if name not in ours
    }
