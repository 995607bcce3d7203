"""Texts of many elements at once: nothing is lost or moved, however elements are batched and grouped."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termsmith.documents.xml_text import read_xml
from termsmith.outputs import columns
from termsmith.outputs.columns import Escaping, in_groups, in_order, joined, lists, numbers, of_lists
from termsmith.outputs.fhir_xml import fhir_xml
from termsmith.outputs.fsh import fsh
from termsmith.outputs.unwritable import Unwritable

if TYPE_CHECKING:
    from collections.abc import Sequence

ESCAPING = Escaping({"&": "&amp;", "\n": "&#10;"}, forbidden="\uffff")
TREES: st.SearchStrategy[list[dict[str, Any]]] = st.recursive(
    st.fixed_dictionaries({"code": st.sampled_from("abc")}, optional={"display": st.just("&")}),
    lambda below: st.builds(
        lambda concept, concepts: {**concept, "concept": concepts},
        st.fixed_dictionaries({"code": st.sampled_from("de")}, optional={"definition": st.just('"')}),
        st.lists(below, min_size=1, max_size=4),
    ),
    max_leaves=30,
).map(lambda concept: [concept, {"code": "z"}])


@given(st.lists(st.text(st.sampled_from("ab&\n\u00e4"), min_size=1), min_size=1))
def test_a_column_is_escaped_as_each_of_its_texts_is(values: list[str]) -> None:
    assert list(ESCAPING.column(values)) == [ESCAPING.text(value) for value in values]


@pytest.mark.parametrize("value", ["", "\x00", "a\x00b", "\x00\x00", "\x01", "\uffff"])
@pytest.mark.parametrize("others", [[], ["a"], ["&"]])
def test_a_column_with_a_text_that_is_none_is_refused(value: str, others: list[str]) -> None:
    for column in ([value, *others], [*others, value], [*others, value, *others]):
        with pytest.raises(Unwritable):
            ESCAPING.column(column)
    with pytest.raises(TypeError):
        ESCAPING.column(["a", 1])


def test_numbers_keep_their_digits() -> None:
    assert numbers([1, -2]) == ["1", "-2"]
    assert numbers([1, 2.5, Decimal("0.10")]) == ["1", "2.5", "0.10"]
    for value in (True, "1", float("inf")):
        with pytest.raises(Unwritable):
            numbers([1, value])


def test_columns_of_lists_become_columns_of_what_holds_them() -> None:
    assert joined(of_lists([["a", "b"], ["1", "2"]], [["x"], ["y"]])) == ["a1", "b2"]
    assert joined(of_lists([["a", "b", "c"], ["1", "2", "3"]], [["x"], ["y", "z"]])) == ["a1", "b2c3"]
    # As many elements as lists, though not one in each.
    with pytest.raises(Unwritable):
        lists([{"x": []}, {"x": [1, 2]}], "x")


@given(st.lists(st.sampled_from("abc"), min_size=1))
def test_groups_come_back_in_the_order_of_the_elements(keys: list[str]) -> None:
    seen: list[str] = []

    def render(indices: Sequence[int]) -> list[str]:
        seen.append(keys[indices[0]])
        return [f"{keys[index]}{index}" for index in indices]

    assert in_groups(keys, render) == [f"{key}{index}" for index, key in enumerate(keys)]
    assert sorted(seen) == sorted(set(keys))


@given(TREES, st.integers(1, 5))
def test_trees_come_in_batches_and_in_order(trees: list[dict[str, Any]], batch: int) -> None:
    def walk(concepts: list[dict[str, Any]], level: int) -> list[tuple[dict[str, Any], int]]:
        return [
            each
            for concept in concepts
            for each in ((concept, level), *walk(concept.get("concept", []), level + 1))
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "_BATCH", batch)
        batches = list(in_order(trees, "concept"))
    assert [pair for elements, levels in batches for pair in zip(elements, levels, strict=True)] == walk(
        trees, 0
    )
    assert all(len(elements) <= batch for elements, _ in batches)


@given(TREES, st.integers(1, 5))
def test_no_batch_shows_in_what_is_written(trees: list[dict[str, Any]], batch: int) -> None:
    data = {"resourceType": "CodeSystem", "id": "x", "concept": trees}
    whole = fhir_xml(data, "R4"), fsh(data, "R4")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "_BATCH", batch)
        assert (fhir_xml(data, "R4"), fsh(data, "R4")) == whole
    assert read_xml(whole[0], "x.xml").data == data
