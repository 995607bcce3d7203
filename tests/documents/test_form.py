"""Faults of a file's form, and the resources that they are in."""

from __future__ import annotations

from termsmith.checks.checking import MOST_OF_A_RULE
from termsmith.checks.rule import Hit
from termsmith.documents.form import LONGEST_POINTER, Form, hits_by_resource


def test_a_fault_belongs_to_the_innermost_resource_around_it() -> None:
    form = Form()
    form.add("A", n=1)
    form.at("entry", "0", "resource").add("A", n=2)
    form.at("entry", "0", "resource", "entry", "1", "resource", "x/y").add("B", n=3)
    form.at("entry", "7").add("A", n=4)
    resources = ["", "/entry/0/resource", "/entry/0/resource/entry/1/resource"]
    assert hits_by_resource(form, resources) == {
        "": {"A": [Hit("", {"n": 1}), Hit("/entry/7", {"n": 4})]},
        "/entry/0/resource": {"A": [Hit("", {"n": 2})]},
        "/entry/0/resource/entry/1/resource": {"B": [Hit("/x~1y", {"n": 3})]},
    }


def test_an_element_called_resource_is_no_resource_by_its_name() -> None:
    form = Form()
    form.at("resource", "a").add("A")
    assert form.hits() == {"A": [Hit("/resource/a", {})]}


def test_all_are_counted_and_as_many_as_are_told_have_pointers_of_their_own() -> None:
    form = Form()
    for index in range(MOST_OF_A_RULE + 500):
        form.at(str(index)).add("A")
    hits = form.hits()["A"]
    assert len(hits) == MOST_OF_A_RULE + 500
    assert len({hit.pointer for hit in hits}) == MOST_OF_A_RULE


def test_what_is_too_far_down_is_told_of_what_is_around_it() -> None:
    form = Form()
    form.at("a", "k" * LONGEST_POINTER, "b", "c").add("A", n=1)
    form.at("a", "b").add("A", n=2)
    assert form.hits() == {"A": [Hit("/a", {"n": 1}), Hit("/a/b", {"n": 2})]}
