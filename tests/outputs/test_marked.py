"""Our lines in files that belong to the user."""

from __future__ import annotations

import re

import pytest

from termsmith.outputs.marked import Section, UnmergeableError, begin_of, end_of, with_lines, with_section

URLS = Section(key="parameters", entries={"special-url": ('- "urn:a"', '- "urn:b"')})
NAMES = Section(key="resources", entries={"CodeSystem/A": ('name: "A"',), "CodeSystem/B": ('name: "B"',)})


def outside(text: str, name: str) -> str:
    """Return what is not between our lines."""
    return re.sub(rf"(?s)[ ]*{re.escape(begin_of(name))}.*?{re.escape(end_of(name))}\r?\n", "", text)


@pytest.mark.parametrize(
    "text",
    [
        "id: x\nparameters:\n  show-inherited-invariants: false # why\n  path-resource:\n    - a\n    - b\nmenu: y\n",
        "parameters:\n    a: |\n      text\n       more\n# end\n",
        "parameters: # none yet\nmenu: y\n",
        'id: x\r\nparameters:\r\n  a: "b"\r\n',
        '"parameters":\n  # note\n\n  a: b\n',
        "id: x\n\nmenu:\n  parameters: 1\n",
        "\ufeffid: x\n",
        "---\nid: x\n",
        "",
    ],
)
def test_everything_else_stays_to_the_byte_and_a_second_time_changes_nothing(text: str) -> None:
    merged = with_section(text, URLS)
    assert outside(merged, "parameters") == text
    assert with_section(merged, URLS) == merged
    assert merged.count("urn:a") == 1
    assert with_section(merged, Section(key="parameters", entries={})) == text


def test_lines_are_indented_as_their_neighbours_are() -> None:
    merged = with_section("parameters:\n    a: b\n", URLS)
    assert merged.splitlines()[1:6] == [
        f"    {begin_of('parameters')}",
        "    special-url:",
        '      - "urn:a"',
        '      - "urn:b"',
        f"    {end_of('parameters')}",
    ]


def test_what_the_user_states_of_a_resource_goes_before_ours() -> None:
    merged = with_section("resources:\n  CodeSystem/A:\n    name: Mine\n", NAMES)
    assert "CodeSystem/B" in merged
    assert merged.count("CodeSystem/A") == 1


def test_urls_that_the_user_states_all_are_not_stated_again() -> None:
    text = "parameters:\n  special-url:\n  - urn:b\n  - 'urn:a'\n"
    assert with_section(text, URLS) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("parameters: {a: b}\n", "on its own line"),
        ("parameters:\n- a\n", "no table of keys"),
        ("parameters:\n  - a\n", "no table of keys"),
        ("parameters:\n\ta: b\n", "no table of keys"),
        ("parameters:\n  a: b\nparameters:\n  c: d\n", "twice"),
        ("parameters:\n  special-url: urn:c\n", "has special-url already, without"),
        ("parameters:\n  special-url:\n    - urn:a\n", "without urn:b"),
        ("{id: x}\n", "no plain list of keys"),
        ("id: x\n---\nid: y\n", "several documents"),
        (f"{begin_of('parameters')}\nid: x\n", "no pair"),
        (f"{end_of('parameters')}\n{begin_of('parameters')}\n", "no pair"),
    ],
)
def test_what_is_not_safe_to_change_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(UnmergeableError, match=why):
        with_section(text, URLS)


def test_our_lines_stay_where_the_user_moved_them() -> None:
    text = with_section("id: x\n", URLS) + "menu: y\n"
    assert with_section(text, URLS) == text
    assert with_lines(f"a\n{begin_of('m')}\nold\n{end_of('m')}\nb\n", "m", ["new"]) == (
        f"a\n{begin_of('m')}\nnew\n{end_of('m')}\nb\n"
    )


def test_a_last_line_without_end_gets_one() -> None:
    assert with_lines("a", "m", ["b"]).startswith("a\n#")
