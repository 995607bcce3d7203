from __future__ import annotations

from typing import Any

import pytest

from checks.relations.sets import broken_together
from checks.samples import code_system

URI = "https://tea.example.net/grades"
ALL = "https://tea.example.net/all-grades"


def value_set(*includes: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "ValueSet",
        "id": "all",
        "url": ALL,
        "version": "1",
        "compose": {"include": list(includes)},
        **changes,
    }


@pytest.mark.parametrize("reference", [ALL, f"{ALL}|1"])
def test_a_value_set_of_all_codes_breaks_no_rule(reference: str) -> None:
    codes = [{"code": code} for code in ("OP", "FOP", "P")]
    whole = value_set({"system": URI}, expansion={"contains": codes})
    assert broken_together(code_system(valueSet=reference), whole) == []


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (value_set(), "REL030"),
        (value_set() | {"compose": None}, "REL030"),
        (value_set({"system": URI}, {"system": URI}), "REL030"),
        (value_set({"system": "https://other.example.net"}), "REL031"),
        (value_set({"valueSet": ["https://other.example.net"]}), "REL031"),
        (value_set({"system": URI, "concept": [{"code": "OP"}]}), "REL032"),
        (value_set({"system": URI, "filter": []}), "REL032"),
        (value_set({"system": URI}, expansion={"contains": [{"code": "OP"}]}), "REL033"),
    ],
)
def test_a_value_set_has_all_codes_of_the_system(found: dict[str, Any], code: str) -> None:
    assert broken_together(code_system(valueSet=ALL), found) == [(code, "error", "0.json", "/valueSet")]


def test_other_value_sets_do_not_matter() -> None:
    assert broken_together(code_system(valueSet=f"{ALL}|2"), value_set()) == []
    assert broken_together(code_system(valueSet="https://other.example.net"), value_set()) == []


def test_an_expansion_has_another_size_than_a_fragment() -> None:
    fragment = code_system(content="fragment", count=None, valueSet=ALL)
    assert broken_together(fragment, value_set({"system": URI}, expansion={"contains": []})) == []
