"""JSON: where values stand, keys that come twice, and what is no JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termsmith.documents.document import DocumentError
from termsmith.documents.json_text import locate_in_json, read_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


def pointers(value: Any, at: str = "") -> dict[str, Any]:
    found = {at: value}
    if isinstance(value, dict):
        for name, inner in value.items():
            found |= pointers(inner, f"{at}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found |= pointers(inner, f"{at}/{index}")
    return found


@given(VALUES, st.sampled_from([None, 1, "\t"]))
def test_the_place_of_each_pointer_is_where_its_value_begins(value: Any, indent: Any) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    lines = text.split("\n")
    wanted = pointers(value)
    for pointer, (line, column) in locate_in_json(text.encode("utf-8", "surrogatepass"), wanted).items():
        rest = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
        found, _ = json.JSONDecoder().raw_decode(rest)
        assert found == wanted[pointer]


@given(VALUES)
def test_what_json_reads_we_read(value: Any) -> None:
    assert read_json(json.dumps(value).encode(), "x.json") == (value, [])


def test_a_pointer_that_leads_nowhere_gives_what_is_around_it() -> None:
    data = b'{"a": {"b": [1]}, "c": 2}'
    assert locate_in_json(data, ["/a/b/7", "/a/x/y", "/z"]) == {
        "/a/b/7": (1, 13),
        "/a/x/y": (1, 7),
        "/z": (1, 1),
    }


def test_keys_that_come_twice_are_told_wherever_they_are() -> None:
    value, twice = read_json(b'{"a": 1, "b": [{"c": 1, "c": 2, "c": 3}], "a": 4}', "x.json")
    assert value == {"a": 4, "b": [{"c": 3}]}
    assert [(each.pointer, each.times) for each in twice] == [("/a", 2), ("/b/0/c", 3)]


@pytest.mark.parametrize(
    ("text", "code", "line", "words"),
    [
        (b"", "DOC001", 1, "it is empty"),
        (b'{"a": 1,\n "b": }', "DOC001", 2, ""),
        (b'{"a": 1, }', "DOC001", 1, "comma"),
        (b"{'a': 1}", "DOC001", 1, "single quotes"),
        (b'{\n// note\n"a": 1}', "DOC001", 2, "a comment"),
        (b'{"a": NaN}', "DOC001", 1, "NaN"),
        (b'{"a": [1, 2', "DOC001", 1, "cut off"),
        (b'{"a": "\\ud800"}', "DOC001", 1, "surrogate"),
        (b'{"a": 1\x00}', "DOC001", 1, ""),
        (b'{"a":\n "\xff"}', "DOC003", 2, "0xff"),
        ('{"a": 1}'.encode("utf-16"), "DOC003", 1, "UTF-16"),
        (b"[" * 5000 + b"]" * 5000, "DOC005", 1, ""),
    ],
)
def test_what_is_no_json_is_told_with_its_place(text: bytes, code: str, line: int, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_json(text, "x.json")
    finding = caught.value.finding
    assert finding.code == code
    assert words in finding.message
    assert finding.place is not None
    assert (finding.place.source, finding.place.line) == ("x.json", line)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": 1}', "x.json") == ({"a": 1}, [])
    assert locate_in_json(b'\xef\xbb\xbf{"a": 1}', ["/a"]) == {"/a": (1, 7)}
