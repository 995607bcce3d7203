from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from concepts.listing import nesting
from termsmith.concepts.hierarchy import Hierarchy
from termsmith.concepts.rearranging import rearranged
from termsmith.model.place import Place

PLACE = Place("old.json", 1, 1)
NESTED = [
    {"code": "A", "concept": [{"code": "B", "display": "b", "concept": [{"code": "C"}]}, {"code": "D"}]}
]


def parent(code: str) -> dict[str, Any]:
    return {"code": "parent", "valueCode": code}


FLAT: list[dict[str, Any]] = [
    {"code": "A"},
    {"code": "B", "display": "b", "property": [parent("A")]},
    {"code": "C", "property": [parent("B")]},
    {"code": "D", "property": [parent("A")]},
]


def test_nesting_becomes_properties_and_back() -> None:
    assert rearranged(NESTED, Hierarchy.PARENT_CHILD, PLACE) == (FLAT, [])
    assert rearranged(FLAT, Hierarchy.NESTED, PLACE) == (NESTED, [])


def test_children_become_nested() -> None:
    flat: list[dict[str, Any]] = [
        {"code": "A", "property": [{"code": "child", "valueCode": "B"}, {"code": "w", "valueInteger": 1}]},
        {"code": "B"},
    ]
    assert rearranged(flat, Hierarchy.NESTED, PLACE) == (
        [{"code": "A", "property": [{"code": "w", "valueInteger": 1}], "concept": [{"code": "B"}]}], [],
    )  # fmt: skip


def test_what_nesting_does_not_say_stays() -> None:
    extended = {**parent("A"), "extension": [{"url": "http://tea.example/e", "valueCode": "x"}]}
    flat: list[dict[str, Any]] = [
        {"code": "A", "property": [parent("Z")]},
        {"code": "B", "property": [extended]},
    ]
    assert rearranged(flat, Hierarchy.NESTED, PLACE) == (
        [{"code": "A", "property": [parent("Z")], "concept": [{"code": "B", "property": [extended]}]}], [],
    )  # fmt: skip


def test_several_parents_and_deep_trees_stay_flat() -> None:
    several: list[dict[str, Any]] = [
        {"code": "A"},
        {"code": "B"},
        {"code": "C", "property": [parent("A"), parent("B")]},
    ]
    made = rearranged(several, Hierarchy.NESTED, PLACE)
    assert made is not None
    assert (made[0], [each.code for each in made[1]]) == (several, ["TAB018"])
    deep: list[dict[str, Any]] = [
        {"code": str(n), **({"property": [parent(str(n - 1))]} if n else {})} for n in range(61)
    ]
    made = rearranged(deep, Hierarchy.NESTED, PLACE)
    assert made is not None
    assert (made[0], [each.code for each in made[1]]) == (deep, ["TAB019"])


def test_a_cycle_is_told_and_its_last_parent_stays_a_property() -> None:
    made = rearranged(
        [{"code": "A", "property": [parent("B")]}, {"code": "B", "property": [parent("A")]}],
        Hierarchy.NESTED,
        PLACE,
    )
    assert made is not None
    assert nesting(made[0]) == ["B", ["A"]]
    assert made[0][0]["property"] == [parent("A")]
    assert [each.code for each in made[1]] == ["TAB014"]


def test_what_is_no_concept_stays_as_it_is() -> None:
    assert rearranged([{"display": "no code"}], Hierarchy.NESTED, PLACE) is None
    assert rearranged([{"code": "A", "property": ["x"]}], Hierarchy.NESTED, PLACE) is None


@given(st.lists(st.integers(-1, 20), min_size=1, max_size=20))
def test_flat_and_nested_are_one(parents: list[int]) -> None:
    flat: list[dict[str, Any]] = [
        {"code": str(row), **({"property": [parent(str(above))]} if 0 <= above < row else {})}
        for row, above in enumerate(parents)
    ]
    nested = rearranged(flat, Hierarchy.NESTED, PLACE)
    assert nested is not None
    again = rearranged(nested[0], Hierarchy.PARENT_CHILD, PLACE)
    assert again is not None
    assert sorted(again[0], key=str) == sorted(flat, key=str)
