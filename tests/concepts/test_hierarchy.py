from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concepts.listing import concepts, listed, messages, nesting, told
from termsmith.concepts.hierarchy import ROOT, Tree, settle, tree_of_levels, tree_of_numbers

PARENTS = "Code,Name,Parent\nA,a,\nB,b,A\nC,c,B\nD,d,A\n"
LEVELS = "Level,Code,Name\n1,A,a\n2,B,b\n3,C,c\n2,D,d\n"
INDENTS = "Code,Name\nA,a\n  B,b\n    C,c\n  D,d\n"
NUMBERS = "No.,Code,Name\n1,A,a\n1.1,B,b\n1.1.1,C,c\n1.2.,D,d\n"
CHILDREN = 'Code,Name,Child\nA,a,"B, D"\nB,b,C\nC,c,\nD,d,\n'
FORMS = {"parent": PARENTS, "level": LEVELS, "indent": INDENTS, "numbering": NUMBERS, "child": CHILDREN}
PARENT = {"code": "parent", "uri": "http://hl7.org/fhir/concept-properties#parent", "type": "code"}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_nested_where_that_is_asked_for(text: str) -> None:
    made = listed(text, "nested")
    assert nesting(concepts(made)) == ["A", ["B", ["C"], "D"]]
    assert made.properties == ()
    assert told(made) == []
    assert made.has_hierarchy


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_parents_as_properties_where_that_is_asked_for(text: str) -> None:
    made = listed(text, "parent-child")
    flat = concepts(made)
    parents = {
        each["code"]: [p["valueCode"] for p in each.get("property", ()) if p["code"] == "parent"]
        for each in flat
    }
    assert parents == {"A": [], "B": ["A"], "C": ["B"], "D": ["A"]}
    assert PARENT in made.properties
    assert not any("concept" in each for each in flat)


def test_as_stated_keeps_properties_of_parents_and_children() -> None:
    assert concepts(listed(PARENTS))[1]["property"] == [{"code": "parent", "valueCode": "A"}]
    made = listed(CHILDREN)
    assert concepts(made)[0]["property"] == [
        {"code": "child", "valueCode": "B"},
        {"code": "child", "valueCode": "D"},
    ]
    assert [each["code"] for each in made.properties] == ["child"]
    for text in (LEVELS, INDENTS, NUMBERS):
        assert nesting(concepts(listed(text))) == ["A", ["B", ["C"], "D"]]


def test_rows_in_any_order_nest() -> None:
    assert nesting(concepts(listed("Code,Name,Parent\nC,c,B\nB,b,A\nD,d,A\nA,a,\n", "nested"))) == [
        "A",
        ["B", ["C"], "D"],
    ]


def test_several_parents_force_properties() -> None:
    text = "Code,Name,Parent,Parent\nA,a,,\nB,b,,\nC,c,A;B,\nD,d,A,B\n"
    made = listed(text, "nested")
    assert [[p["valueCode"] for p in each.get("property", ())] for each in concepts(made)] == [
        [],
        [],
        ["A", "B"],
        ["A", "B"],
    ]
    assert told(made) == [("TAB018", 4)]


def test_a_repeated_row_with_another_parent_is_one_concept_with_both() -> None:
    made = listed("Code,Name,Parent\nA,a,\nB,b,\nC,c,A\nC,c,B\n")
    assert concepts(made)[2]["property"] == [
        {"code": "parent", "valueCode": "A"},
        {"code": "parent", "valueCode": "B"},
    ]
    assert told(made) == [("TAB007", 5)]


def test_what_stands_below_a_repeated_row_stands_below_its_code() -> None:
    made = listed("Level,Code,Name\n1,A,a\n2,X,x\n3,Y,y\n1,B,b\n2,X,x\n3,Z,z\n", "parent-child")
    parents = {each["code"]: [p["valueCode"] for p in each.get("property", ())] for each in concepts(made)}
    assert parents == {"A": [], "X": ["A", "B"], "Y": ["X"], "B": [], "Z": ["X"]}


def test_a_code_with_a_comma_is_one_parent() -> None:
    made = listed('Code,Name,Parent\n"A,B",a,\nC,c,"A,B"\n', "nested")
    assert nesting(concepts(made)) == ["A,B", ["C"]]


def test_a_dash_is_no_parent_but_may_be_a_code() -> None:
    assert told(listed("Code,Name,Parent\nA,a,-\nB,b,A\n")) == []
    assert nesting(concepts(listed("Code,Name,Parent\n-,a,\nB,b,-\n", "nested"))) == ["-", ["B"]]


def test_unknown_parents_and_children_are_told_and_kept_as_properties() -> None:
    made = listed("Code,Name,Parent\nA,a,Z\n")
    assert told(made) == [("TAB013", 2)]
    assert concepts(made)[0]["property"] == [{"code": "parent", "valueCode": "Z"}]
    assert [each["code"] for each in made.properties] == ["parent"]
    assert told(listed("Code,Name,Child\nA,a,Z\n")) == [("TAB038", 2)]


def test_a_cycle_is_shown_with_its_way_and_taken_apart() -> None:
    made = listed("Code,Name,Parent\nA,a,C\nB,b,A\nC,c,B\nD,d,D\n", "nested")
    assert told(made) == [("TAB014", 3), ("TAB014", 5)]
    assert "A > C > B > A" in messages(made)
    assert "D > D" in messages(made)
    assert made.count == 4
    assert nesting(concepts(made)) == ["B", ["C", ["A"]], "D"]


def test_a_skipped_level_is_told() -> None:
    made = listed("Level,Code,Name\n1,A,a\n3,B,b\n,C,c\n1,D,d\n")
    assert told(made) == [("TAB015", 3), ("TAB016", 4)]
    assert nesting(concepts(made)) == ["A", ["B", "C"], "D"]
    assert told(listed("No,Code,Name\n1,A,a\n1.2.1,B,b\n2.1,C,c\n,D,d\n")) == [
        ("TAB015", 3),
        ("TAB015", 4),
        ("TAB017", 5),
    ]


@pytest.mark.parametrize(
    ("header", "cells", "values"),
    [
        ("Level", ["Beginner", "Expert"], ["Beginner", "Expert"]),
        ("No.", ["1", "2"], [1, 2]),
        ("Level", ["3", "3"], [3, 3]),
    ],
)
def test_levels_and_numbers_that_tell_nothing_become_properties(
    header: str, cells: list[str], values: list[object]
) -> None:
    made = listed(f"{header},Code,Name\n{cells[0]},A,a\n{cells[1]},B,b\n")
    got = [next(v for k, v in each["property"][0].items() if k != "code") for each in concepts(made)]
    assert got == values
    assert told(made) == [("TAB037", 1)]
    assert not made.has_hierarchy


def test_a_level_beside_parents_becomes_a_property() -> None:
    made = listed("Level,Code,Name,Parent\n1,A,a,\n2,B,b,A\n", "nested")
    assert nesting(concepts(made)) == ["A", ["B"]]
    assert concepts(made)[0]["property"] == [{"code": "level", "valueInteger": 1}]


def test_one_stray_blank_is_no_hierarchy() -> None:
    rows = "".join(f"{number},name {number}\n" for number in range(50))
    made = listed(f"Code,Name\n{rows} x,stray\n")
    assert not made.has_hierarchy
    assert made.properties == ()
    assert not listed("Code, Name\n1, a\n2, b\n").has_hierarchy


def test_deep_hierarchies_become_properties() -> None:
    rows = "".join(f"{number},n,{number - 1 if number else ''}\n" for number in range(61))
    made = listed(f"Code,Name,Parent\n{rows}", "nested")
    assert told(made) == [("TAB019", None)]
    assert len(concepts(made)) == 61


def test_rows_of_one_table_are_not_below_those_of_another() -> None:
    assert list(tree_of_levels([1, 2, 2, 3], "level", starts=[0, 2]).parents) == [ROOT, 0, ROOT, 2]


def test_a_number_of_a_million_parts_is_none() -> None:
    tree = tree_of_numbers(["1", ".".join("1" * 500_000)])
    assert list(tree.parents) == [ROOT, ROOT]
    assert [fault.kind for fault in tree.faults] == ["number"]


@given(st.lists(st.integers(-1, 30), max_size=30), st.sets(st.integers(0, 29)))
def test_settled_trees_have_no_way_round(parents: list[int], gone: set[int]) -> None:
    length = len(parents)
    tree = Tree("parent", array("i", [parent if parent < length else ROOT for parent in parents]))
    settle(tree, {row for row in gone if row < length})
    for row in range(length):
        at, steps = row, 0
        while at != ROOT:
            at, steps = tree.parents[at], steps + 1
            assert steps <= length
        assert tree.parents[row] not in gone
