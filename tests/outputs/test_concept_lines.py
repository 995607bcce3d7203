"""Concepts that come in chunks give the bytes of the whole document."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termsmith.model.result import Nesting
from termsmith.outputs.files import render_json, write_concepts

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD = {"resourceType": "CodeSystem", "id": "tea", "property": [{"code": "rank", "type": "decimal"}]}


def written(chunks: Sequence[Sequence[dict[str, Any]]], nesting: Nesting | None = None) -> bytes:
    file = io.BytesIO()
    write_concepts(HEAD, lambda: iter(chunks), file, nesting=None if nesting is None else lambda: nesting)
    return file.getvalue()


def whole(concepts: list[dict[str, Any]]) -> bytes:
    return render_json({**HEAD, "concept": concepts} if concepts else HEAD)


def concept(number: int) -> dict[str, Any]:
    """Return a concept with all that may confuse one who works with lines."""
    return {
        "code": f"c{number}",
        "display": '"concept": [\n    },\n    {\\',
        "designation": [{"language": "de", "value": "Tee\n  }\n"}],
        "property": [{"code": "rank", "valueDecimal": number / 4}, {"code": "big", "valueDecimal": 1e-7}],
    }


@pytest.mark.parametrize("sizes", [[], [0], [1], [0, 2, 0, 1], [3, 0], [0, 0, 1]])
def test_chunks_of_any_size_give_the_same_bytes(sizes: list[int]) -> None:
    chunks = [[concept(number) for number in range(size)] for size in sizes]
    assert written(chunks) == whole([each for chunk in chunks for each in chunk])


def test_concepts_that_hold_others_are_written_as_they_are() -> None:
    tree = [{**concept(0), "concept": [{**concept(1), "concept": [concept(2)]}]}, concept(3)]
    assert written([tree[:1], tree[1:]]) == whole(tree)


forests: st.SearchStrategy[list[Any]] = st.recursive(
    st.just([]), lambda below: st.lists(below, min_size=1, max_size=4), max_leaves=25
)  # a forest is the list of the forests below each of its trees


@given(
    forest=forests,
    random=st.randoms(use_true_random=False),
    size=st.integers(1, 5),
    mixed=st.booleans(),
)
def test_concepts_one_by_one_give_the_same_bytes(
    forest: list[Any], random: Any, size: int, *, mixed: bool
) -> None:
    levels: list[int] = []
    flat: list[dict[str, Any]] = []

    def grow(trees: list[Any], level: int) -> list[dict[str, Any]]:
        grown = []
        for below in trees:
            made = concept(len(flat))
            flat.append(dict(made))
            levels.append(level)
            nested = grow(below, level + 1)
            grown.append({**made, "concept": nested} if nested else made)
        return grown

    expected = whole(grow(forest, 0))
    order = None
    coming = flat
    if mixed:
        places = list(range(len(flat)))
        random.shuffle(places)
        coming = [flat[place] for place in places]
        order = [places.index(place) for place in range(len(flat))]
    chunks = [coming[start : start + size] for start in range(0, len(coming), size)]
    assert written(chunks, Nesting(levels, order)) == expected


def test_sixty_levels_are_closed_one_by_one() -> None:
    nested: list[dict[str, Any]] = []
    for number in reversed(range(60)):
        nested = [
            {**concept(number), "concept": nested} if nested else concept(number),
            concept(100 + number),
        ]
    levels = [*range(60), *reversed(range(60))]
    flat = [
        *(concept(number) for number in range(60)),
        *(concept(100 + number) for number in reversed(range(60))),
    ]
    assert written([flat], Nesting(levels, None)) == whole(nested)
