from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from servers.samples import code_system, naming_system, outgoing
from termsmith.servers.content import may_shadow, replaced_content

if TYPE_CHECKING:
    from pathlib import Path

ONE = [{"code": "OP"}]


@pytest.mark.parametrize(
    ("ours", "theirs", "refused"),
    [
        ({"content": "not-present", "concept": None}, {}, True),
        ({"content": "not-present", "concept": None}, {"content": "complete", "concept": None}, True),
        ({"content": "not-present", "concept": None}, {"content": "not-present"}, True),
        ({"content": "not-present", "concept": None}, {"content": "not-present", "concept": None}, False),
        ({"content": "not-present", "concept": None}, {"content": "supplement", "concept": None}, False),
        ({"content": "fragment", "concept": ONE}, {}, True),
        ({"content": "fragment"}, {}, False),
        ({"content": "fragment"}, {"concept": ONE}, False),
        ({"content": "example", "concept": ONE}, {}, True),
        ({"content": "complete", "concept": None}, {}, True),
        ({"content": "complete", "concept": ONE}, {}, False),
        ({"content": "supplement", "concept": None}, {"content": "supplement"}, True),
    ],
)
def test_a_record_never_replaces_more_content_than_it_has(
    *, ours: dict[str, Any], theirs: dict[str, Any], refused: bool, tmp_path: Path
) -> None:
    (made,) = outgoing(tmp_path, code_system(**ours))
    there = code_system(**theirs)
    assert (replaced_content(made, [there]) is there) == refused


def test_nested_concepts_count(tmp_path: Path) -> None:
    (made,) = outgoing(tmp_path, code_system(content="fragment"))
    nested = code_system(concept=[{"code": "A", "concept": [{"code": "B", "concept": [{"code": "C"}]}]}])
    assert replaced_content(made, [nested]) is nested


def test_the_first_that_would_be_lost_is_named(tmp_path: Path) -> None:
    (made,) = outgoing(tmp_path, code_system(content="not-present", concept=None))
    record, real = code_system(content="not-present", concept=None), code_system(id="1001")
    assert replaced_content(made, [record, real, code_system()]) is real
    assert replaced_content(made, []) is None


@pytest.mark.parametrize(
    ("changes", "shadows"),
    [
        ({}, False),
        ({"content": "not-present", "concept": None}, True),
        ({"content": "fragment"}, True),
        ({"concept": None}, True),
        ({"content": "supplement", "concept": None}, False),
    ],
)
def test_records_are_those_without_all_concepts(
    *, changes: dict[str, Any], shadows: bool, tmp_path: Path
) -> None:
    (made,) = outgoing(tmp_path, code_system(**changes))
    assert may_shadow(made) == shadows


def test_naming_systems_have_no_content_to_lose(tmp_path: Path) -> None:
    (made,) = outgoing(tmp_path, naming_system())
    assert not may_shadow(made)
    assert replaced_content(made, [code_system()]) is None
