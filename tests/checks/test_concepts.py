"""Concepts in columns."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from checks.samples import code_system
from termsmith.checks.checking import offending
from termsmith.checks.concepts import DEEPEST, concepts_of

JSON = st.recursive(
    st.none() | st.integers(0, 3) | st.sampled_from(["a", "b"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["code", "concept", "property", "designation", "valueCode"]), inner, max_size=4
        )
    ),
    max_leaves=15,
)


def at(data: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        data = data[int(step)] if isinstance(data, list) else data[step]
    return data


def test_parents_come_before_what_they_hold() -> None:
    concepts = concepts_of(code_system()["concept"])
    assert concepts.codes == ["OP", "FOP", "P"]
    assert concepts.parents == [-1, 0, -1]
    assert [concepts.pointer(index) for index in range(3)] == [
        "/concept/0",
        "/concept/0/concept/0",
        "/concept/1",
    ]
    assert concepts.is_nested
    assert concepts.index_of == {"OP": 0, "FOP": 1, "P": 2}


def test_the_first_of_concepts_with_the_same_code_counts() -> None:
    assert concepts_of([{"code": "A"}, {"code": "B"}, {"code": "A"}]).index_of == {"A": 0, "B": 1}


def test_properties_are_known_by_code_and_keys() -> None:
    concepts = concepts_of(code_system()["concept"])
    assert concepts.property_shapes == {("inactive", ("code", "valueBoolean"))}
    assert concepts.property_code_set == {"inactive"}
    assert concepts.property_indexes({"inactive"}) == [0]
    assert concepts.property_indexes(()) == []
    assert concepts.property_pointer(0) == "/concept/1/property/0"
    assert concepts.designation_pointer(0) == "/concept/0/designation/0"
    assert concepts.designation_shapes == {("language", "value")}


def test_concepts_are_read_to_a_limit() -> None:
    concept: dict[str, Any] = {"code": "deepest"}
    for level in range(DEEPEST):
        concept = {"code": str(level), "concept": [concept]}
    concepts = concepts_of([concept])
    assert len(concepts) == DEEPEST
    assert concepts.too_deep == [DEEPEST - 1]


@given(JSON)
def test_pointers_lead_to_what_they_are_of(value: object) -> None:
    data = {"concept": value}
    concepts = concepts_of(value)
    for index, node in enumerate(concepts.nodes):
        assert at(data, concepts.pointer(index)) is node
    for index, each in enumerate(concepts.properties.data):
        assert at(data, concepts.property_pointer(index)) is each
    for index, each in enumerate(concepts.designations.data):
        assert at(data, concepts.designation_pointer(index)) is each
        assert offending(data, concepts.designation_pointer(index)) is None
    assert concepts.is_nested == any(parent >= 0 for parent in concepts.parents)
    assert len(concepts.codes) == len(concepts)
    assert len(concepts.property_codes) == len(concepts.properties.data)
