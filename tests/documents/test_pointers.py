"""Pointers as trees of steps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from termsmith.documents.pointers import Spot, escaped, steps_of, wanted_of


@given(st.lists(st.text(max_size=5)))
def test_steps_come_back_as_they_were(steps: list[str]) -> None:
    assert steps_of("".join(f"/{escaped(step)}" for step in steps)) == steps


def test_pointers_share_their_steps() -> None:
    assert wanted_of(["/a/0/b", "/a/0", "/a/1", "", "/c~1d"]) == {"a": {"0": {"b": {}}, "1": {}}, "c/d": {}}


def test_the_nearest_place_is_the_last_that_was_found() -> None:
    root: Spot[int] = Spot(1)
    root.below["a"] = Spot(2)
    root.below["a"].below["b"] = Spot(3)
    assert [root.nearest(pointer) for pointer in ("", "/a", "/a/b", "/a/b/c", "/a/x", "/x/b")] == [
        1, 2, 3, 3, 2, 1,
    ]  # fmt: skip


def test_many_pointers_below_a_long_one_hold_it_once() -> None:
    node = wanted_of("/a" * 500 + f"/{index}" for index in range(5_000))
    for _ in range(500):
        assert list(node) == ["a"]
        node = node["a"]
    assert list(node) == [str(index) for index in range(5_000)]
