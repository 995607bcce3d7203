"""Each test system in each shape in which its dialect was seen: the facts must be the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from shapes.catalogue import SHAPES, Shape
from shapes.facts import problems
from shapes.load import TestSystem, load_system

import termsmith

SYSTEMS = [load_system(path) for path in sorted((Path(__file__).parent / "systems").glob("*.toml"))]
CASES = [
    (system, shape)
    for system in SYSTEMS
    for shape in SHAPES
    if system.page.dialect in shape.dialects and (system.shapes is None or shape.name in system.shapes)
]
assert CASES, "no test systems found"


@pytest.mark.parametrize(
    ("system", "shape"), CASES, ids=[f"{system.id}-{shape.name}" for system, shape in CASES]
)
def test_a_page_gives_its_facts_in_every_shape(system: TestSystem, shape: Shape) -> None:
    conversion = termsmith.convert(shape(system.page))
    assert problems(system.facts, conversion) == []


def named(system: str, shape: str) -> tuple[TestSystem, Shape]:
    """Return a test system and a shape by their names."""
    return (
        next(each for each in SYSTEMS if each.id == system),
        next(each for each in SHAPES if each.name == shape),
    )


def test_a_page_that_ends_in_the_middle_of_a_label_keeps_its_facts() -> None:
    system, shape = named("orphanet", "para")
    text = shape(system.page).decode()
    cut = text[: text.index("Code System Copyright") + len("Code System Copyr")]
    facts = replace(system.facts, copyright=(), absent=("Copyr",))
    assert problems(facts, termsmith.convert(cut.encode())) == []


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_encodings_and_line_ends_change_no_fact(encoding: str, line_end: str) -> None:
    system, shape = named("orphanet", "para")
    text = shape(system.page).decode().replace("\n", line_end)
    assert problems(system.facts, termsmith.convert(text.encode(encoding))) == []
