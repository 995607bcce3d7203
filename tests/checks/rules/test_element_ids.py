"""Ids within one resource."""

from __future__ import annotations

import pytest

from checks.samples import code_system, hits_of, messages_of

TWICE = "STR020"
ORGANISATION = {"resourceType": "Organization", "id": "o", "name": "Tea Board"}


def concepts(*rows: dict[str, object]) -> dict[str, object]:
    return code_system(concept=list(rows), count=None, hierarchyMeaning=None, property=None)


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
def test_no_two_elements_have_one_id(version: str) -> None:
    data = concepts({"id": "x", "code": "A"}, {"id": "y", "code": "B"}, {"id": "x", "code": "C"})
    assert hits_of(TWICE, data, version) == [("error", "/concept/2/id")]
    assert messages_of(TWICE, data, version)[0].startswith("the id 'x' is already that of /concept/0;")


def test_what_stands_beside_a_simple_value_has_an_id_too() -> None:
    data = concepts({"id": "x", "code": "A", "display": "a", "_display": {"id": "x"}})
    assert hits_of(TWICE, data) == [("error", "/concept/0/_display/id")]
    data = concepts({"code": "A", "display": "a", "_display": {"id": "x"}}, {"code": "B"})
    assert hits_of(TWICE, data) == []


def test_the_id_of_the_resource_is_none_of_an_element() -> None:
    assert hits_of(TWICE, code_system(id="x", contact=[{"id": "x", "name": "A"}])) == []


def test_each_contained_resource_is_a_world_of_its_own() -> None:
    value_set = {
        "resourceType": "ValueSet",
        "id": "v",
        "status": "active",
        "contact": [{"id": "x", "name": "A"}],
    }
    apart = code_system(contained=[value_set, {**value_set, "id": "w"}], contact=[{"id": "x", "name": "A"}])
    assert hits_of(TWICE, apart) == []
    value_set["contact"] = [{"id": "x", "name": "A"}, {"id": "x", "name": "B"}]
    assert hits_of(TWICE, code_system(contained=[value_set])) == [("error", "/contained/0/contact/1/id")]


def test_no_two_contained_resources_have_one_id() -> None:
    assert hits_of("STR021", code_system(contained=[ORGANISATION, ORGANISATION])) == [
        ("error", "/contained/1/id")
    ]
    assert hits_of("STR021", code_system(contained=[ORGANISATION, {**ORGANISATION, "id": "p"}])) == []
