from __future__ import annotations

from typing import Any

import orjson
import pytest

from servers.samples import code_system
from termsmith.servers.compare import Difference, Sign, differences


def told(ours: dict[str, Any], theirs: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each.element, each.sign.value, each.detail) for each in differences(ours, theirs)]


def test_what_a_server_writes_itself_is_no_difference() -> None:
    theirs = code_system(
        id="1001",
        meta={
            "versionId": "7",
            "lastUpdated": "2026-01-01T00:00:00Z",
            "source": "#x",
            "tag": [{"code": "theirs"}],
        },
        text={"status": "generated", "div": "<div/>"},
    )
    assert differences(code_system(), theirs) == ()


def test_the_order_of_elements_is_no_difference() -> None:
    ours = code_system()
    assert differences(ours, dict(reversed(ours.items()))) == ()


def test_elements_are_named_with_short_values() -> None:
    ours = code_system(title="Teas", publisher="Board", status="active", purpose="p" * 100)
    theirs = code_system(
        title="Tea", status="draft", copyright="free", purpose="q" * 100, contact=[{"name": "x"}]
    )
    assert told(ours, theirs) == [
        ("status", "changed", '"draft" -> "active"'),
        ("title", "changed", '"Tea" -> "Teas"'),
        ("publisher", "added", '"Board"'),
        ("purpose", "changed", f'"{"q" * 57}…" -> "{"p" * 57}…"'),
        ("copyright", "removed", '"free"'),
        ("contact", "removed", ""),
    ]


def test_our_profiles_and_tags_must_be_there() -> None:
    ours = code_system(meta={"profile": ["http://a", "http://b"], "tag": [{"code": "x"}]})
    theirs = code_system(meta={"profile": ["http://a", "http://c"]})
    assert told(ours, theirs) == [("meta.profile", "changed", '"http://b"'), ("meta.tag", "added", "")]


def test_concepts_are_told_by_code() -> None:
    ours = code_system(
        concept=[
            {"code": "A", "display": "a", "concept": [{"code": "B"}, {"code": "N"}]},
            {"code": "C", "display": "new words"},
        ]
    )
    theirs = code_system(
        concept=[
            {"code": "A", "display": "a"},
            {"code": "B"},
            {"code": "C", "display": "words"},
            *({"code": f"G{number}"} for number in range(5)),
        ]
    )
    assert told(ours, theirs) == [
        ("concept", "changed", "1 new (N), 5 gone (G0, G1, G2, …), 2 changed (C, B)")
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "sign", "detail"),
    [
        ([{"code": "A"}], None, Sign.ADDED, "1 new (A)"),
        (None, [{"code": "A"}], Sign.REMOVED, "1 gone (A)"),
        ([{"code": "A"}, {"code": "B"}], [{"code": "B"}, {"code": "A"}], Sign.CHANGED, "in another order"),
    ],
)
def test_all_concepts_may_be_new_gone_or_in_another_order(
    ours: Any, theirs: Any, sign: Sign, detail: str
) -> None:
    assert differences(code_system(concept=ours), code_system(concept=theirs)) == (
        Difference(element="concept", sign=sign, detail=detail),
    )


def test_deep_nesting_of_a_server_is_a_difference_and_no_fault() -> None:
    deep = orjson.loads('{"concept": [' * 500 + '{"code": [[[]]]}' + "]}" * 500)
    deeper = orjson.loads("[" * 900 + "]" * 900)
    theirs = code_system(concept=[deep, {"code": deeper}], title=deeper)
    assert {each.element for each in differences(code_system(), theirs)} == {"concept", "title"}


@pytest.mark.parametrize(
    "theirs",
    [
        {"resourceType": "CodeSystem", "id": "Tea", "concept": "none", "meta": 5},
        {"resourceType": "CodeSystem", "id": "Tea", "concept": [1, {"code": []}, {"concept": {}}], "url": {}},
    ],
)
def test_nonsense_of_a_server_is_a_difference_and_no_fault(theirs: dict[str, Any]) -> None:
    ours = code_system(meta={"profile": ["http://a"]})
    assert {each.element for each in differences(ours, theirs)} >= {"url", "concept", "meta.profile"}
