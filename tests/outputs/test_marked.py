"""Our lines in files that belong to the user."""

from __future__ import annotations

import re

import pytest

from termsmith.outputs.marked import (
    Section,
    UnmergeableError,
    begin_of,
    end_of,
    lacks,
    with_lines,
    with_section,
)

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
        "a: {\n  b: c\n}\n",
        'a: "b\n  parameters:\n  c" # d\n',
        "a: it's\nb: [c, d's,\n  'e']\n\"c: d\": |\n  parameters:\n\n  \"e\n",
        "a:\n- 'a: b'\n- |\n x: 'y\n- c: |-\n    'd\n",
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
    "stated",
    [
        "[urn:a, 'urn:b']",
        '\n  - urn:a # ours\n  - "urn:b" # too',
        " [ # both\n    urn:a,\nurn:b\n  ]".replace("\nurn", "\n    urn"),
    ],
)
def test_urls_are_seen_in_whatever_form_they_are_stated(stated: str) -> None:
    text = f"parameters:\n  special-url: {stated}\n"
    assert with_section(text, URLS) == text


def test_one_url_needs_no_list() -> None:
    text = "parameters:\n  special-url: urn:a # ours\n"
    assert with_section(text, Section(key="parameters", entries={"special-url": ('- "urn:a"',)})) == text


def test_a_section_without_entries_asks_nothing_of_a_file() -> None:
    assert (
        with_section("parameters: {a: b}\n", Section(key="parameters", entries={})) == "parameters: {a: b}\n"
    )


def test_a_last_text_whose_last_line_end_does_not_count_gets_one() -> None:
    assert with_section("a: |-\n  b", URLS).startswith("a: |-\n  b\n#")


@pytest.mark.parametrize(
    "text",
    [
        "parameters: {special-url: [urn:a, 'urn:bb']}\n",
        "parameters: {special-url: [urn:a]} # urn:b\n",
        "parameters: {other: [urn:a, urn:b]}\n",
    ],
)
def test_what_nobody_put_in_is_lacking(text: str) -> None:
    assert lacks(text, URLS)


def test_what_somebody_put_in_by_hand_is_not_lacking() -> None:
    assert not lacks("parameters: {special-url: [urn:a, 'urn:b']}\n", URLS)


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
        ("- id: x\n", "no plain list of keys"),
        ("id: x\n---\nid: y\n", "several documents"),
        ('a: "b\nparameters:\nc"\n', "'parameters:' stands at the left edge and is no plain key"),
        ("a: 'b\n\nc: d'\n", "c: d'. stands at the left edge"),
        ("a: {\nparameters:\n  b: c }\n", "'parameters:' stands at the left edge"),
        ("? parameters\n: a: b\n", "'. parameters' stands at the left edge"),
        ("&a parameters:\n  b: c\n", "'&a parameters:' stands at the left edge"),
        ("a: |\n  text", "has no line end"),
        ("a: >+ # folded\n  text", "has no line end"),
        ("a: 'b", "has no line end"),
        ("parameters:\n  special-url: [urn:a, urn:c]\n", "without urn:b"),
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
