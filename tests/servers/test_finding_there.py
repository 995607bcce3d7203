from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from servers.samples import TEA, code_system, naming_system, outgoing, value_set
from termsmith.servers.finding_there import condition, matches, next_page, page_of

if TYPE_CHECKING:
    from pathlib import Path

QUOTED = "http%3A%2F%2Ftea.example%2Fgrades"


@pytest.mark.parametrize(
    ("resource", "release", "query"),
    [
        (code_system(), "R4", f"url={QUOTED}&version=1"),
        (code_system(version=None), "R4", f"url={QUOTED}"),
        (code_system(version="2 & 3#|4,"), "R5", f"url={QUOTED}&version=2%20%26%203%23%5C%7C4%5C%2C"),
        (code_system(url=None), "R4", None),
        (value_set(), "R4", "url=http%3A%2F%2Ftea.example%2Fset"),
        (naming_system(), "R4", f"value:exact={QUOTED}"),
        (naming_system(url="http://tea.example/ns"), "R4B", f"value:exact={QUOTED}"),
        (naming_system(url="http://tea.example/ns"), "R5", "url=http%3A%2F%2Ftea.example%2Fns"),
        (naming_system(), "R5", f"value:exact={QUOTED}"),
        (naming_system(uniqueId=[{"type": "oid", "value": "1.2.3"}]), "R4", "value:exact=1.2.3"),
        (naming_system(uniqueId=[{"type": "oid"}]), "R4", None),
        (naming_system(uniqueId=None), "R4", None),
    ],
)
def test_each_type_has_its_search(
    resource: dict[str, Any], release: str, query: str | None, tmp_path: Path
) -> None:
    (made,) = outgoing(tmp_path, resource)
    assert condition(made, release) == query


def test_preferred_identifiers_come_first(tmp_path: Path) -> None:
    ids = [
        {"type": "uri", "value": "http://old"},
        {"type": "uri", "value": "http://new", "preferred": True},
        {"type": "oid", "value": "1.2", "preferred": True},
        {"type": "other", "value": "x"},
    ]
    (made,) = outgoing(tmp_path, naming_system(uniqueId=ids))
    assert made.identifiers == ("http://new", "http://old", "1.2", "x")


def bundle(*resources: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": [{"resource": each} for each in resources]}


def test_only_what_was_searched_for_matches_whatever_the_server_returns(tmp_path: Path) -> None:
    (made,) = outgoing(tmp_path, code_system())
    same = code_system(id="1001")
    others = (
        code_system(url=f"{TEA}/more"),
        value_set(url=TEA),
        naming_system(),
        {"resourceType": "OperationOutcome"},
    )
    assert list(matches(bundle(*others, same), made, "R4")) == [same]


def test_a_naming_system_matches_by_the_whole_value(tmp_path: Path) -> None:
    (made,) = outgoing(tmp_path, naming_system())
    same = naming_system(id="1001", uniqueId=[{"type": "oid", "value": "9"}, {"type": "uri", "value": TEA}])
    longer = naming_system(uniqueId=[{"type": "uri", "value": f"{TEA}/more"}])
    assert list(matches(bundle(longer, same, code_system()), made, "R4")) == [same]


@pytest.mark.parametrize("nonsense", [{}, {"entry": 5}, {"entry": [1, None, {}, {"resource": 7}]}])
def test_nonsense_matches_nothing(nonsense: dict[str, Any], tmp_path: Path) -> None:
    (made,) = outgoing(tmp_path, code_system())
    assert list(matches(nonsense, made, "R4")) == []


def test_pages_follow_each_other() -> None:
    assert page_of("CodeSystem", "url=x") == "CodeSystem?url=x&_count=50"
    following = {"link": [{"relation": "self", "url": "a"}, 5, {"relation": "next", "url": "b"}]}
    assert next_page(following) == "b"
    assert [next_page(each) for each in ({}, {"link": 5}, {"link": [{"relation": "next", "url": 7}]})] == [
        None
    ] * 3
