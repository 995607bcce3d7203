from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from growth import grows_with_size
from hypothesis import given
from hypothesis import strategies as st

import termsmith
from termsmith.toml.places import Places

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(termsmith.__file__).parent
TABLES = sorted(ROOT.rglob("*.toml"))
assert TABLES, "no tables found"

TEXT = '''# title = "no"
title = "A"
text = """
oid = "no"
\\""" """
"quoted \\"key\\"" . 'b c' = 1
dotted.value = [1.5, "a # b", [
  2,  # ] = {
  { x = "=", y.z = [] },
], ]

[ concepts . columns ]
Nr = 'c\\'

[concepts]
file = { value = "x", reason = "[z]" }
[[system]]
title = "B"
[[system.rows]]
[[system]]
[system.title]
value = "C"
[[system.rows]]
a = ''
[[system.rows]]
a = 2020-01-02T03:04:05
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("text",), 3),
        (("oid",), 1),
        (('quoted "key"', "b c"), 6),
        (("dotted", "value", 0), 7),
        (("dotted", "value", 2, 0), 8),
        (("dotted", "value", 2, 1, "y", "z"), 9),
        (("concepts", "columns"), 12),
        (("concepts", "columns", "Nr"), 13),
        (("concepts",), 15),
        (("concepts", "file", "reason"), 16),
        (("concepts", "missing"), 15),
        (("system", 0), 17),
        (("system", 0, "title"), 18),
        (("system", 0, "title", "value"), 18),
        (("system", 0, "rows", 0), 19),
        (("system", 1), 20),
        (("system", 1, "title", "value"), 22),
        (("system", 1, "rows", 0, "a"), 24),
        (("system", 1, "rows", 1, "a"), 26),
    ],
)
def test_a_key_is_found_where_it_stands(path: tuple[str | int, ...], line: int) -> None:
    assert Places(TEXT).line(path) == line


def test_the_line_itself_is_given() -> None:
    assert Places(TEXT).raw(("system", 1, "title", "value")) == 'value = "C"'


def test_parts_that_do_not_stand_in_the_file_are_left_out() -> None:
    assert Places(TEXT).known(("dotted", "union", "value", 2, "x")) == ("dotted", "value", 2)


def paths(stated: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    items = (
        stated.items() if isinstance(stated, dict) else enumerate(stated if isinstance(stated, list) else ())
    )
    for key, value in items:
        yield from paths(value, (*path, key))


@pytest.mark.parametrize("file", TABLES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_all_that_our_own_tables_state_is_found(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    places = Places(text)
    for path in paths(tomllib.loads(text)):
        assert places.known(path) == path
        if isinstance(path[-1], str) and path[-1].isalnum():
            assert path[-1] in places.raw(path)


_VALUES = st.recursive(
    st.just("1") | st.just('"a]}\\""') | st.just("'''\n#'''"),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda each: f"[{', '.join(each)}]")
        | st.lists(inner, max_size=3).map(
            lambda each: f"{{{', '.join(f'k{number} = {one}' for number, one in enumerate(each))}}}"
        )
    ),
    max_leaves=6,
)


@given(st.lists(_VALUES, max_size=4))
def test_nested_values_are_walked_through(values: list[str]) -> None:
    text = "".join(f"[t.u{number}]\na.b = {value}\n" for number, value in enumerate(values))
    places = Places(text)
    assert all(places.known(path) == path for path in paths(tomllib.loads(text)))


@given(st.text(max_size=200))
def test_no_text_is_too_much(text: str) -> None:
    assert 1 <= Places(text).line(("a", 0)) <= text.count("\n") + 1


@pytest.mark.parametrize(
    "piece", ["[[a]]\n", "[a.b{0}]\nc = 1\n", "k{0} = [[[1, 2]]]\n", "# = [\n", "a{0}.b.c = {{}}\n"]
)
def test_time_grows_with_the_file(piece: str) -> None:
    def work(size: int) -> Places:
        return Places("".join(piece.format(number) for number in range(size)))

    assert grows_with_size(work, 1_000, 10_000)


def test_deep_paths_are_cut() -> None:
    assert grows_with_size(lambda size: Places(".".join("a" * size) + " = 1"), 5_000, 50_000)
