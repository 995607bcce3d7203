"""Code systems that HL7 Terminology publishes, rendered as its pages render them: equal concepts come back."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from termsmith.conversion import convert_page
from termsmith.documents.reading import read_document
from termsmith.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CONTENT = Path(__file__).parents[2] / "shared" / "corpus" / "content"
FILES = sorted(CONTENT.glob("*.xml"))
pytestmark = pytest.mark.skipif(not FILES, reason="no ../shared/corpus beside the project")
HINTS = {
    "complete": "defines the following codes",
    "fragment": "provides <b>a fragment</b> that includes following codes",
}


def flat(concepts: list[Any], level: int = 1) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for concept in concepts:
        yield level, concept
        yield from flat(concept.get("concept", []), level + 1)


def rendered(system: Mapping[str, Any]) -> str:
    """Render a code system in the layout of HL7's IG Publisher."""
    concepts = list(flat(system["concept"]))
    declared = system.get("property", [])
    nested = any(level > 1 for level, _ in concepts)
    used = [
        p for p in declared if any(p["code"] == v["code"] for _, c in concepts for v in c.get("property", ()))
    ]
    header = [*(["Lvl"] if nested else []), "Code", "Display", "Definition", *(p["code"] for p in used)]
    rows = []
    for level, concept in concepts:
        code = "&#160;" * (2 * (level - 1)) + escape(concept["code"])
        cells = [*([str(level)] if nested else []), code]
        cells += [escape(concept.get(name, "")) for name in ("display", "definition")]
        for each in used:
            values = [value(v) for v in concept.get("property", ()) if v["code"] == each["code"]]
            cells.append("<br/>".join(map(escape, values)))
        rows.append("".join(f"<td>{cell}</td>" for cell in cells))
    properties = "".join(
        f"<tr><td>{p['code']}</td><td>{escape(p.get('uri', ''))}</td><td>{p['type']}</td>"
        f"<td>{escape(p.get('description', ''))}</td></tr>"
        for p in declared
    )
    return (
        f"<html><body><h2>CodeSystem: {escape(system['title'])}</h2><table class='colsi'><tr>"
        f"<td><i>Official URL</i>: {system['url']}</td><td><i>Version</i>: {system['version']}</td></tr>"
        f"<tr><td>Active as of 2024-01-31</td><td><i>Computable Name</i>: {system['name']}</td></tr></table>"
        + (
            f"<table><tr><td>Code</td><td>URI</td><td>Type</td><td>Description</td></tr>{properties}</table>"
            if declared
            else ""
        )
        + f"<p>This case-sensitive code system <code>{system['url']}</code> {HINTS[system['content']]}:</p>"
        f"<table class='codes'><tr>{''.join(f'<td><b>{cell}</b></td>' for cell in header)}</tr>"
        + "".join(f"<tr>{row}</tr>" for row in rows)
        + "</table></body></html>"
    )


def value(data: Mapping[str, Any]) -> str:
    (found,) = (each for key, each in data.items() if key.startswith("value"))
    return str(found).lower() if isinstance(found, bool) else str(found)


def comparable(concepts: list[Any], declared: frozenset[str]) -> list[Any]:
    """Return concepts as a page can show them: without line ends and undeclared properties, in any order."""
    return [
        {
            "code": concept["code"],
            **{
                name: " ".join(concept[name].split())
                for name in ("display", "definition")
                if concept.get(name)
            },
            "property": sorted(
                (v["code"], value(v)) for v in concept.get("property", ()) if v["code"] in declared
            ),
            "concept": comparable(concept.get("concept", []), declared),
        }
        for concept in concepts
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_rendered_code_system_comes_back_equal(path: Path) -> None:
    (document,) = read_document(path.read_bytes(), path.name).resources
    system = document.data
    page = rendered(system)
    conversion = convert_page(page.encode(), "page.html", Settings(), today="2026-01-31")
    (code_system,) = [r.data for r in conversion.resources if r.type == "CodeSystem"]
    declared = frozenset(p["code"] for p in system.get("property", ()))
    assert comparable(code_system["concept"], declared) == comparable(system["concept"], declared)
    assert code_system["content"] == system["content"]
    assert {p["code"]: (p.get("uri"), p["type"]) for p in code_system.get("property", [])} == {
        p["code"]: (p.get("uri"), p["type"]) for p in system.get("property", [])
    }
    assert [piece.text for piece in conversion.coverage.leftovers] == []
