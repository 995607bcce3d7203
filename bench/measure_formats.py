"""Measures of writing XML and FSH: code systems of many concepts, flat and nested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import table_samples as tables
from lxml import etree  # type: ignore[import-untyped]  # lxml has no types of its own
from showing import verdict
from timing import call_seconds, in_turns

from termsmith.collecting import paused
from termsmith.outputs.fhir_xml import fhir_xml
from termsmith.outputs.fsh import fsh

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TARGET = 3
HEAD: Mapping[str, Any] = {
    "resourceType": "CodeSystem",
    "id": "grades",
    "url": "https://tasters.example/id/grades",
    "version": "1",
    "name": "GradesOfTea",
    "title": "Grades of Tea",
    "status": "active",
    "date": "2025-03-01",
    "publisher": "Guild of Tasters",
    "description": "The grades by which the tasters sort leaves.",
    "content": "complete",
    "property": [{"code": "rank", "type": "integer"}],
}


def written(count: int, runs: int) -> None:
    """(m) XML and FSH of rich concepts, beside lxml serialising the XML's tree."""
    for title, concepts in (("flat", _flat(count)), ("nested", _nested(count))):
        resource = {**HEAD, "count": count, "concept": concepts}
        as_xml = fhir_xml(resource, "R4")
        indented = etree.fromstring(as_xml)
        bare = etree.fromstring(as_xml, etree.XMLParser(remove_blank_text=True))
        assert _serialised(indented).split(b"\n", 1)[1] == as_xml.strip().split(b"\n", 1)[1]  # noqa: S101
        calls: tuple[Callable[[], object], ...] = (
            lambda resource=resource: fhir_xml(resource, "R4"),  # type: ignore[misc]
            lambda resource=resource: fsh(resource, "R4"),  # type: ignore[misc]
            lambda tree=bare: _serialised(tree),  # type: ignore[misc]
            lambda tree=indented: _serialised(tree),  # type: ignore[misc]
        )
        # As the command line does while it writes; lxml has it as good.
        with paused():
            ours_xml, ours_fsh, floor, same = in_turns(
                *(lambda call=call: call_seconds(call, times=1) for call in calls),
                runs=runs,
            )
        size = len(as_xml) / 1e6
        print(f"(m) {count:,} rich concepts, {title}, as XML ({size:,.0f} MB) and as FSH, in process")
        print(f"    floor: lxml serialising the tree of that XML without its indentation\n    {floor}")
        print(f"    with its indentation\n    {same}")
        for name, ours in (("XML", ours_xml), ("FSH", ours_fsh)):
            print(f"    {name}\n    {ours}\n    {verdict(ours.ratio_to(floor), TARGET)}")
            print(f"    with the indentation: {verdict(ours.ratio_to(same), TARGET)}")
        print()


def _serialised(tree: Any) -> bytes:
    data: bytes = etree.tostring(tree, encoding="UTF-8", xml_declaration=True)
    return data


def _flat(count: int) -> list[dict[str, Any]]:
    """Return a concept for each row of a table sample."""
    rows = tables.flat(count)
    next(rows)
    return [
        {
            "code": code,
            "display": display,
            "definition": definition,
            "designation": [{"language": "de", "value": german}],
            "property": [{"code": "rank", "valueInteger": int(rank)}],
        }
        for code, display, definition, german, rank in rows
    ]


def _nested(count: int) -> list[dict[str, Any]]:
    """Return the same concepts, each above those of ten times its number."""
    concepts = _flat(count)
    for number in range(tables.FAN_OUT, count):
        concepts[number // tables.FAN_OUT - 1].setdefault("concept", []).append(concepts[number])
    return concepts[: tables.FAN_OUT]
