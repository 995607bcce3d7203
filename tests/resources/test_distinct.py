"""Ids for the terminologies of one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from termsmith.model.record import Stated, TerminologyRecord
from termsmith.resources.distinct import with_distinct_ids
from termsmith.resources.identity import identify

if TYPE_CHECKING:
    from termsmith.model.finding import Finding


def records(*ids: str) -> list[TerminologyRecord]:
    return [TerminologyRecord(title=Stated(value="T"), record_id=Stated(value=each)) for each in ids]


def ids_of(made: list[TerminologyRecord]) -> list[object]:
    return [identify(record, "page", []).id.value for record in made]


def test_the_first_of_an_id_keeps_it_and_the_others_get_numbers() -> None:
    findings: list[Finding] = []
    made = with_distinct_ids(records("tea", "TEA", "tea-2", "tea"), "page", findings)
    assert ids_of(made) == ["tea", "TEA-3", "tea-2", "tea-4"]
    assert [each.message for each in findings] == [
        "the id 'TEA' is another system's on this page; 'TEA-3' is used",
        "the id 'tea' is another system's on this page; 'tea-4' is used",
    ]


def test_a_long_id_is_cut_for_its_number() -> None:
    made = with_distinct_ids(records("x" * 64, "x" * 64), "page", [])
    assert ids_of(made) == ["x" * 64, "x" * 62 + "-2"]


@given(st.lists(st.sampled_from(["a", "A", "a-2", "b", "a-3", "x" * 64, "x" * 63]), max_size=12))
def test_ids_are_distinct_whatever_the_case_and_none_is_changed_for_nothing(ids: list[str]) -> None:
    made = ids_of(with_distinct_ids(records(*ids), "page", []))
    assert len({str(each).casefold() for each in made}) == len(ids)
    seen: set[str] = set()
    for own, stated in zip(made, ids, strict=True):
        assert (own == stated) == (stated.casefold() not in seen)
        seen.add(stated.casefold())
