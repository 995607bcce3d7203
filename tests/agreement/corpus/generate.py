"""The resources on which our rules and HL7's validator are compared: bases, each with one mutation.

``bases.json`` holds three valid resources, ``beside.json`` the resources that are known beside them, and
``mutations.jsonl`` one mutation a line:

* ``name``, ``base`` (``cs``, ``ns``), ``format`` (``json``, ``xml``), ``releases`` (both where it is absent);
* ``set`` and ``remove``: JSON pointers that get another value, or go; ``long``: pointers that get a text of so
  many characters; or ``old`` and ``new``: a piece of the file's text that is replaced; with ``encoding``, where
  the file is not UTF-8;
* ``breaks``: what the mutation is to break, in the validator's words, by release where that decides; null where
  nothing is broken.

``own.jsonl`` has resources for the rules that the validator has not: ``rule``, ``case`` (``trigger`` or ``close``)
and ``resources``, each a mutation, which may have ``deep`` too: pointers that get concepts so many levels deep.
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
    cases = [
        Case(f"{release}/{row['name']}.{row['format']}", mutated(row, release), _breaks(row, release))
        for row in mutations()
        for release in row.get("releases", RELEASES)
    ]
    return tuple(sorted(cases))


def _breaks(row: dict[str, Any], release: str) -> str | None:
    breaks: str | None = row["breaks"][release] if isinstance(row["breaks"], dict) else row["breaks"]
    return breaks


@cache
def mutations() -> tuple[dict[str, Any], ...]:
    """Return the rows of ``mutations.jsonl``."""
    return _rows("mutations.jsonl")


@cache
def own_examples() -> tuple[dict[str, Any], ...]:
    """Return the rows of ``own.jsonl``: resources that break a rule that the validator has not, or come close."""
    return _rows("own.jsonl")


def _rows(name: str) -> tuple[dict[str, Any], ...]:
    return tuple(map(json.loads, (FOLDER / name).read_text(encoding="utf-8").strip().split("\n")))


@cache
def _bases() -> dict[str, Any]:
    bases: dict[str, Any] = json.loads((FOLDER / "bases.json").read_text(encoding="utf-8"))
    return bases


@cache
def beside() -> tuple[dict[str, Any], ...]:
    """Return the value sets and code systems that each resource may refer to; the same in all releases."""
    return tuple(json.loads((FOLDER / "beside.json").read_text(encoding="utf-8")))


def fingerprint() -> str:
    """Return a digest of all resources, by which stored answers are known to be about these."""
    digest = hashlib.sha256(json.dumps(beside()).encode())
    for case in corpus():
        digest.update(case.name.encode() + b"\0" + case.data + b"\0")
    return digest.hexdigest()


def mutated(row: dict[str, Any], release: str) -> bytes:
    """Return the file that a row describes, for a FHIR release."""
    bases = _bases()
    base = bases[row["base"]] if row["base"] in bases else bases[f"{row['base']}-{release}"]
    data = copy.deepcopy(base)
    for pointer in row.get("remove", ()):
        inside, step = _inside(data, pointer)
        del inside[step]
    long = {pointer: "x" * length for pointer, length in row.get("long", {}).items()}
    deep = {pointer: _nested(levels) for pointer, levels in row.get("deep", {}).items()}
    for pointer, value in (row.get("set", {}) | long | deep).items():
        inside, step = _inside(data, pointer)
        inside[step] = value
    text = json.dumps(data, ensure_ascii=False, indent=1) if row["format"] == "json" else to_xml(data)
    if "old" in row:
        assert row["old"] in text, row["name"]
        text = text.replace(row["old"], row["new"], 1)
    return text.encode(row.get("encoding", "utf-8"))


def _nested(levels: int) -> list[dict[str, Any]]:
    inner: list[dict[str, Any]] = []
    for level in range(levels, 0, -1):
        inner = [{"code": f"x{level}"} | ({"concept": inner} if inner else {})]
    return inner


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
