"""The resources on which our rules and HL7's validator are compared: bases, each with one mutation.

``bases.json`` holds three valid resources, ``mutations.jsonl`` one mutation a line:

* ``name``, ``base`` (``cs``, ``ns``), ``format`` (``json``, ``xml``), ``releases`` (both where it is absent);
* ``set`` and ``remove``: JSON pointers that get another value, or go; ``long``: pointers that get a text of so
  many characters; or ``old`` and ``new``: a piece of the file's text that is replaced; with ``encoding``, where
  the file is not UTF-8;
* ``breaks``: what the mutation is to break, in the validator's words; null where nothing is broken.
"""

from __future__ import annotations

import copy
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

FOLDER = Path(__file__).parent
RELEASES = ("R4", "R5")


class Case(NamedTuple):
    """One resource of the corpus."""

    name: str
    """``R4/cs-no-url.json``."""
    data: bytes
    breaks: str | None


@cache
def corpus() -> tuple[Case, ...]:
    """Return all resources, ordered by name."""
    bases = json.loads((FOLDER / "bases.json").read_text(encoding="utf-8"))
    lines = (FOLDER / "mutations.jsonl").read_text(encoding="utf-8").strip().split("\n")
    cases = [
        Case(f"{release}/{row['name']}.{row['format']}", _mutated(row, release, bases), row["breaks"])
        for row in map(json.loads, lines)
        for release in row.get("releases", RELEASES)
    ]
    return tuple(sorted(cases))


def fingerprint() -> str:
    """Return a digest of all resources, by which stored answers are known to be about these."""
    digest = hashlib.sha256()
    for case in corpus():
        digest.update(case.name.encode() + b"\0" + case.data + b"\0")
    return digest.hexdigest()


def _mutated(row: dict[str, Any], release: str, bases: dict[str, Any]) -> bytes:
    base = bases[row["base"]] if row["base"] in bases else bases[f"{row['base']}-{release}"]
    data = copy.deepcopy(base)
    for pointer in row.get("remove", ()):
        inside, step = _inside(data, pointer)
        del inside[step]
    long = {pointer: "x" * length for pointer, length in row.get("long", {}).items()}
    for pointer, value in (row.get("set", {}) | long).items():
        inside, step = _inside(data, pointer)
        inside[step] = value
    text = json.dumps(data, ensure_ascii=False, indent=1) if row["format"] == "json" else to_xml(data)
    if "old" in row:
        assert row["old"] in text, row["name"]
        text = text.replace(row["old"], row["new"], 1)
    return text.encode(row.get("encoding", "utf-8"))


def _inside(data: Any, pointer: str) -> tuple[Any, Any]:
    *around, last = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
    for step in around:
        data = data[int(step)] if isinstance(data, list) else data[step]
    return data, int(last) if isinstance(data, list) else last


def to_xml(data: dict[str, Any]) -> str:
    """Return a base as XML; knows no more than bases need."""
    kind = data["resourceType"]
    parts = "".join(_element(name, value, 1) for name, value in data.items() if name != "resourceType")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="http://hl7.org/fhir">\n{parts}</{kind}>\n'


def _element(name: str, value: Any, depth: int) -> str:
    indent = "  " * depth
    if isinstance(value, list):
        return "".join(_element(name, each, depth) for each in value)
    if isinstance(value, dict):
        inner = "".join(_element(key, each, depth + 1) for key, each in value.items())
        return f"{indent}<{name}>\n{inner}{indent}</{name}>\n"
    if name == "div":
        return f"{indent}{value}\n"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"{indent}<{name} value={quoteattr(text)}/>\n"
