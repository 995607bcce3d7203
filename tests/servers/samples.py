"""Resources and files that the tests of uploads share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from termsmith.servers.outgoing import Outgoing

TEA = "http://tea.example/grades"


def code_system(**changes: Any) -> dict[str, Any]:
    """Return a code system of two concepts; ``None`` takes an element away."""
    made: dict[str, Any] = {
        "resourceType": "CodeSystem",
        "id": "Tea",
        "url": TEA,
        "version": "1",
        "name": "Tea",
        "status": "active",
        "content": "complete",
        "concept": [{"code": "OP", "display": "Orange Pekoe"}, {"code": "FOP", "display": "Flowery"}],
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def naming_system(**changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "resourceType": "NamingSystem",
        "id": "TeaNames",
        "name": "Tea",
        "status": "active",
        "kind": "codesystem",
        "date": "2020",
        "uniqueId": [
            {"type": "oid", "value": "1.2.3"},
            {"type": "uri", "value": TEA, "preferred": True},
        ],
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def value_set(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "ValueSet",
        "id": "TeaSet",
        "url": "http://tea.example/set",
        "status": "active",
        **changes,
    }


def write(folder: Path, name: str, data: Any) -> Path:
    path = folder / name
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def outgoing(folder: Path, *resources: dict[str, Any]) -> list[Outgoing]:
    """Return resources as they are when they were read, each from a file of its own."""
    from termsmith.servers.reading import read_outgoing  # noqa: PLC0415  for tests that need it
    from termsmith.sources.resources import find_check_sources  # noqa: PLC0415  as above

    paths = [str(write(folder, f"{index:03}.json", resource)) for index, resource in enumerate(resources)]
    read = read_outgoing(find_check_sources(paths).sources)
    assert not read.findings
    assert not read.errors
    return read.outgoing
