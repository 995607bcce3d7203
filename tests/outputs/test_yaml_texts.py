"""Values of a YAML file that go on over several lines."""

from __future__ import annotations

import pytest

from termsmith.outputs.yaml_texts import Texts, texts_of


@pytest.mark.parametrize(
    ("text", "inner", "ends_inside"),
    [
        ("a: it's\nb: c\n", set(), False),
        ('a: "b\\"\nc"\nd: e\n', {1}, False),
        ("a: 'b''\nc'\nd: e\n", {1}, False),
        ("'a: b': {c: \"}\", # }\n d: [e]\n}\nf: g\n", {1, 2}, False),
        ("- - 'a\n    b'\n- &x !y 'c\n d'\n", {1, 3}, False),
        ("# 'a\nb: c # 'd\n", set(), False),
        ("a: |2-\n  'b\nc: >\n  'd\n", set(), True),
        ("a: |-\n  b\n", set(), False),
        ("a: [b\n", set(), True),
    ],
)
def test_lines_inside_of_values_are_told(text: str, inner: set[int], *, ends_inside: bool) -> None:
    assert texts_of(text.splitlines(keepends=True)) == Texts(frozenset(inner), ends_inside)
