"""Samples for measuring `termsmith check`: naming systems by the thousand, concepts by the million."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson


def naming_system(number: int) -> bytes:
    """Return NamingSystem ``number`` (R5), as registries publish them."""
    url = f"https://tasters.example.net/id/{number}"
    data = {
        "resourceType": "NamingSystem",
        "id": f"tea-{number}",
        "text": {
            "status": "generated",
            "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>Grades of tea {number}</p></div>',
        },
        "url": f"https://registry.example.net/NamingSystem/tea-{number}",
        "version": "1.0.0",
        "name": f"TeaGrades{number}",
        "title": f"Grades of Tea, Collection {number}",
        "status": "active",
        "kind": "codesystem",
        "experimental": False,
        "date": "2025-03-01T00:00:00-00:00",
        "publisher": "Guild of Tasters",
        "contact": [
            {
                "name": "Guild of Tasters; Kettle Lane 7, Teatown",
                "telecom": [
                    {"system": "url", "value": "https://tasters.example.net/"},
                    {"system": "email", "value": "desk@tasters.example.net"},
                ],
            }
        ],
        "responsible": "Guild of Tasters",
        "usage": "Labels of chests.",
        "description": "The grades by which the tasters sort leaves: by size, by wholeness and by colour.",
        "jurisdiction": [{"coding": [{"system": "urn:iso:std:iso:3166", "code": "GB"}]}],
        "copyright": "Copyright Guild of Tasters. The list may be used by everyone.",
        "uniqueId": [
            {"type": "uri", "value": url, "preferred": True, "comment": "The official URI.",
             "period": {"start": "2025-03-01"}},
            {"type": "oid", "value": f"2.16.840.1.113883.6.99999.{number}", "preferred": True},
            {"type": "uri", "value": f"urn:oid:2.16.840.1.113883.6.99999.{number}", "preferred": False},
        ],
    }  # fmt: skip
    return orjson.dumps(data, option=orjson.OPT_INDENT_2)


def code_system(count: int) -> bytes:
    """Return a CodeSystem of ``count`` concepts with two properties and two designations each, fan-out 10."""
    head = {
        "resourceType": "CodeSystem",
        "id": "tea",
        "url": "https://tasters.example.net/id",
        "version": "1.0.0",
        "name": "TeaGrades",
        "title": "Grades of Tea",
        "status": "active",
        "experimental": False,
        "date": "2025-03-01",
        "publisher": "Guild of Tasters",
        "description": "The grades by which the tasters sort leaves.",
        "caseSensitive": True,
        "hierarchyMeaning": "is-a",
        "content": "complete",
        "count": count,
        "text": {
            "status": "generated",
            "div": '<div xmlns="http://www.w3.org/1999/xhtml">Grades of Tea</div>',
        },
        "property": [
            {"code": "inactive", "uri": "http://hl7.org/fhir/concept-properties#inactive", "type": "boolean"},
            {"code": "rank", "uri": "https://tasters.example.net/id#rank", "type": "integer"},
        ],
    }
    return orjson.dumps(head | {"concept": _concepts(count)})


def _concepts(count: int) -> list[dict[str, Any]]:
    use = {"system": "http://terminology.hl7.org/CodeSystem/designation-usage", "code": "display"}
    made: list[dict[str, Any]] = [
        {
            "code": f"T{number:07}",
            "display": f"Grade {number} of the leaf",
            "definition": f"Leaves that taste of number {number}, whole or broken.",
            "designation": [
                {"language": "de", "use": dict(use), "value": f"Blattgrad {number}"},
                {"language": "fr", "use": dict(use), "value": f"Grade {number} de la feuille"},
            ],
            "property": [
                {"code": "inactive", "valueBoolean": False},
                {"code": "rank", "valueInteger": number},
            ],
        }
        for number in range(count)
    ]
    for number in range(count - 1, 9, -1):
        made[number // 10 - 1].setdefault("concept", []).insert(0, made[number])
    return made[:10]


def walk(value: object) -> int:
    """Look at every value of a JSON document once, and return how many there are."""
    seen = 0
    waiting = [value]
    while waiting:
        each = waiting.pop()
        seen += 1
        if isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
    return seen


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(code_system(int(sys.argv[1])))
