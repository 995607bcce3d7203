"""Rules about the hierarchy that nesting and properties make."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.samples import code_system, hits_of
from termsmith.checks.rules.hierarchy import RULES, cycles
from termsmith.checks.rules.properties import PREFIX
from termsmith.checks.subject import Subject

DECLARED = [{"code": name, "uri": PREFIX + name, "type": "code"} for name in ("parent", "child")]


def linked(code: str, *uppers: str, by: str = "parent", **more: Any) -> dict[str, Any]:
    return {"code": code, "property": [{"code": by, "valueCode": upper} for upper in uppers], **more}


def having(*concepts: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return code_system(concept=list(concepts), **{"property": DECLARED} | changes)


def messages(code: str, data: dict[str, Any]) -> list[str]:
    subject = Subject(data, version="R5", today="2026-01-01")
    return [
        rule.message.format(**each.facts)
        for rule in RULES
        if rule.code == code
        for each in rule.check(subject)
    ]


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
def test_parents_go_round_in_no_circle(version: str) -> None:
    data = having(linked("A", "C"), linked("B", "A"), linked("C", "B"), linked("D", "A"))
    assert hits_of("CON040", data, version) == [("error", "/concept/0/property/0")]
    assert messages("CON040", data) == [
        "going up from parent to parent leads round in a circle: A -> C -> B -> A"
    ]
    data["concept"][0]["property"] = []
    assert hits_of("CON040", data, version) == []


def test_a_concept_is_not_its_own_parent() -> None:
    assert hits_of("CON040", having(linked("A", "A"))) == [("error", "/concept/0/property/0")]


def test_children_are_parents_the_other_way_round() -> None:
    data = having(linked("A", "B", by="child"), linked("B", "A", by="child"))
    assert messages("CON040", data) == ["going up from parent to parent leads round in a circle: A -> B -> A"]
    assert hits_of("CON040", having(linked("A", "B", by="child"), linked("B", "A"))) == []


def test_nesting_and_parents_can_make_a_circle_together() -> None:
    data = having(linked("A", "B", concept=[{"code": "B"}]))
    assert hits_of("CON040", data) == [("error", "/concept/0/property/0")]


def test_a_long_circle_is_cut() -> None:
    chain = [linked(f"C{index}", f"C{(index + 1) % 100_000}") for index in range(100_000)]
    (message,) = messages("CON040", having(*chain))
    assert message.endswith("C7 -> (99,992 more) -> C0")


def test_properties_with_other_uris_are_no_links() -> None:
    other = [{"code": "parent", "uri": "https://tea.example.net#parent", "type": "code"}]
    up = [{"code": "up", "uri": PREFIX + "parent", "type": "code"}]
    circle = (linked("A", "B"), linked("B", "A"))
    assert hits_of("CON040", having(*circle, property=other)) == []
    assert len(hits_of("CON040", having(*circle, property=None))) == 1
    assert len(hits_of("CON040", having(linked("A", "A", by="up"), property=up))) == 1


def test_a_nested_concept_names_the_one_that_it_stands_in() -> None:
    data = having({"code": "A", "concept": [linked("B", "C")]}, {"code": "C"})
    assert hits_of("CON041", data) == [("warning", "/concept/0/concept/0/property/0")]
    data["concept"][0]["concept"][0] = linked("B", "C", "A")
    assert hits_of("CON041", data) == []
    assert hits_of("CON041", having({"code": "A"}, {"code": "B"}, linked("C", "B"))) == []


LINKS = st.lists(st.tuples(st.integers(-1, 7), st.integers(-1, 7)), max_size=14)


def goes_round(above: dict[int, set[int]]) -> bool:
    def reaches(start: int, node: int, met: frozenset[int]) -> bool:
        return any(
            upper == start or (upper not in met and reaches(start, upper, met | {upper}))
            for upper in above.get(node, ())
        )

    return any(reaches(start, start, frozenset()) for start in above)


@given(LINKS)
def test_circles_are_found_where_there_are_some(links: list[tuple[int, int]]) -> None:
    found = cycles([lower for lower, _ in links], [upper for _, upper in links])
    above: dict[int, set[int]] = {}
    for lower, upper in links:
        if lower >= 0 and upper >= 0:
            above.setdefault(lower, set()).add(upper)
    assert bool(found) == goes_round(above)
    for cycle in found:
        assert all(upper in above[lower] for lower, upper in zip(cycle, [*cycle[1:], cycle[0]], strict=True))
        assert cycle[0] == min(cycle)
    assert len({node for cycle in found for node in cycle}) == sum(map(len, found))


@given(
    st.lists(
        st.tuples(st.sampled_from("ABCDE"), st.lists(st.sampled_from("ABCDEX"), max_size=2), st.booleans()),
        max_size=6,
        unique_by=lambda each: each[0],
    )
)
def test_a_system_has_circles_where_its_links_have(concepts: list[tuple[str, list[str], bool]]) -> None:
    codes = [code for code, _, _ in concepts]
    above: dict[int, set[int]] = {}
    stated = []
    for index, (code, others, is_parent) in enumerate(concepts):
        stated.append(linked(code, *others, by="parent" if is_parent else "child"))
        for other in others:
            if other in codes:
                link = (index, codes.index(other))
                lower, upper = link if is_parent else link[::-1]
                above.setdefault(lower, set()).add(upper)
    assert bool(hits_of("CON040", having(*stated))) == goes_round(above)
