"""JSON: where values stand, keys that come twice, and what is no JSON."""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from growth import grows_with_size
from hypothesis import given
from hypothesis import strategies as st

from termsmith.documents.document import DocumentError
from termsmith.documents.json_text import locate_in_json, read_json

if TYPE_CHECKING:
    from collections.abc import Iterator


class Twice(NamedTuple):
    """A key that comes more than once in an object."""

    pointer: str
    name: str
    times: int


def read(data: bytes) -> tuple[Any, list[Twice]]:
    """Return the value of a text, and the keys that come twice."""
    value, form = read_json(data, "x.json")
    hits = form.hits()
    assert hits.keys() <= {"STR090"}
    return value, [Twice(hit.pointer, **hit.facts) for hit in hits.get("STR090", ())]


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
    assert read(json.dumps(value).encode()) == (value, [])


def test_a_pointer_that_leads_nowhere_gives_what_is_around_it() -> None:
    data = b'{"a": {"b": [1]}, "c": 2}'
    assert locate_in_json(data, ["/a/b/7", "/a/x/y", "/z"]) == {
        "/a/b/7": (1, 13),
        "/a/x/y": (1, 7),
        "/z": (1, 1),
    }


def test_keys_that_come_twice_are_told_wherever_they_are() -> None:
    value, twice = read(b'{"a": 1, "b": [{"c": 1, "c": 2, "c": 3}], "a": 4}')
    assert value == {"a": 4, "b": [{"c": 3}]}
    assert twice == [Twice("/b/0/c", "c", 3), Twice("/a", "a", 2)]


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
        read(text)
    finding = caught.value.finding
    assert finding.code == code
    assert words in finding.message
    assert finding.place is not None
    assert (finding.place.source, finding.place.line) == ("x.json", line)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert read(b'\xef\xbb\xbf{"a": 1}') == ({"a": 1}, [])
    assert locate_in_json(b'\xef\xbb\xbf{"a": 1}', ["/a"]) == {"/a": (1, 7)}


def refused(data: bytes) -> tuple[str, int, int, str]:
    """Return code, line, column and message of why a text can't be read."""
    with pytest.raises(DocumentError) as caught:
        read_json(data, "tea.json")
    finding = caught.value.finding
    assert finding.place is not None
    return finding.code, finding.place.line, finding.place.column, finding.message.partition(": ")[2]


def nested(depth: int, inner: bytes = b"1") -> bytes:
    return b'{"a":' * depth + inner + b"}" * depth


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"9223372036854775807", 2**63 - 1),
        (b"-9223372036854775808", -(2**63)),
        (b"18446744073709551616", float(2**64)),
        (b"9" * 300, float("9" * 300)),
        (b"1e-999", 0.0),
    ],
)
def test_large_numbers_are_read(text: bytes, value: float) -> None:
    assert read(b"[" + text + b"]") == ([value], [])


@pytest.mark.parametrize("fill", [b'\\"', "é{".encode()])
def test_a_string_of_ten_megabytes_takes_time_in_proportion(fill: bytes) -> None:
    def read_string(length: int) -> None:
        data = b'{"a": "' + fill * (length // len(fill)) + b'", "b": [1]}'
        value, twice = read(data)
        places = locate_in_json(data, ["/a", "/b/0"])
        assert (len(value), twice) == (2, [])
        assert places == {"/a": (1, 7), "/b/0": (1, len(data.decode()) - 2)}

    assert grows_with_size(read_string, 1_000_000, 10_000_000)


def test_the_collector_is_left_as_it_was() -> None:
    read(b'{"a":1, "a":2}')
    refused(b"[")
    assert gc.isenabled()
    gc.disable()
    try:
        read(b"[]")
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("text", "line", "column", "problem"),
    [
        (b" \n ", 1, 1, "it is empty"),
        (b'{"a": [1, 2', 1, 12, "it ends too early; the file may be cut off"),
        (b'{"a": 1, ', 1, 10, "it ends too early; the file may be cut off"),
        (
            b'{"a": 1}\n{"a": 2}',
            2,
            1,
            "a second object begins; a file holds one, so put the resources into a Bundle",
        ),
        (b'{"a": {"b": 1} {', 1, 16, "unexpected character, expected ',' or '}'"),
        (b'{"a": /* note */ 1}', 1, 7, "a comment; JSON has none"),
        (b'{"a": Infinity}', 1, 7, "NaN and Infinity are no JSON numbers"),
        (b'{"a": "\\udc00\\ud800"}', 1, 8, "half of a surrogate pair is no character"),
        ('{"é🫖": "é🫖",\n"é🫖": x}'.encode(), 2, 7, "unexpected character, expected a JSON value"),
        (b'\xef\xbb\xbf{"a": x}', 1, 7, "unexpected character, expected a JSON value"),
        (b'{"a": 01}', 1, 7, "number with leading zero is not allowed"),
        (b'{"a": 1e999}', 1, 7, "number is infinity when parsed as double"),
        (b'{"a": "b\x00"}', 1, 9, "unexpected control character in string"),
    ],
)
def test_doc001_says_what_and_where(text: bytes, line: int, column: int, problem: str) -> None:
    code, *place, said = refused(text)
    # What was expected instead, not all versions of orjson say.
    assert (code, place, said.partition(",")[0]) == ("DOC001", [line, column], problem.partition(",")[0])


def test_a_second_byte_order_mark_is_doc001() -> None:
    assert refused(b"\xef\xbb\xbf\xef\xbb\xbf{}")[:3] == ("DOC001", 1, 1)


@pytest.mark.parametrize(
    ("text", "line", "column", "byte"),
    [
        ('{"é🫖":\n "é🫖'.encode() + b'\xe9"}', 2, 5, "0xe9"),
        (b'{"a": "\xed\xa0\x80"}', 1, 8, "0xed"),
        (b'{"a": "\xc0\x80"}', 1, 8, "0xc0"),
    ],
)
def test_doc003_says_which_byte(text: bytes, line: int, column: int, byte: str) -> None:
    assert refused(text) == ("DOC003", line, column, f"byte {byte} can't stand there")


@pytest.mark.parametrize("encoding", ["utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_doc003_recognises_wide_encodings(encoding: str) -> None:
    found = refused('{"resourceType": "CodeSystem"}'.encode(encoding))
    assert found == ("DOC003", 1, 1, "it looks like UTF-16 or UTF-32")


def test_letters_beyond_ascii_are_no_doc003() -> None:
    assert read('"é🫖\u2028\x7f"'.encode()) == ("é🫖\u2028\x7f", [])


@pytest.mark.parametrize("data", [nested(1100), b'{"a":' * 100_000, b"[" * 1025 + b"]" * 1025])
def test_doc005_is_told_of_deep_texts(data: bytes) -> None:
    assert refused(data)[:3] == ("DOC005", 1, 1)


def test_what_is_less_deep_is_no_doc005() -> None:
    value, twice = read(nested(1000))
    assert twice == []
    for _ in range(1000):
        value = value["a"]
    assert value == 1


@given(data=st.binary(max_size=30) | st.text('{}[]":,\\0129eE.-tnu \n', max_size=20).map(str.encode))
def test_any_bytes_are_read_or_refused_with_a_place(data: bytes) -> None:
    try:
        value, _ = read_json(data, "tea.json")
    except DocumentError:
        code, line, column, _ = refused(data)
        assert code in {"DOC001", "DOC003"}
        assert 1 <= line <= data.count(b"\n") + 1
        assert 1 <= column <= len(data) + 1
    else:
        assert value == json.loads(data)


@pytest.mark.parametrize("depth", [800, 1010])
def test_deep_keys_that_come_twice_are_told(depth: int) -> None:
    assert len(read(nested(depth, b'{"b":1,"b":2}'))[1]) == 1


def test_thousands_of_keys_that_come_twice_take_time_in_proportion() -> None:
    def read_keys(number: int) -> None:
        half = b",".join(b'"k%d":1' % each for each in range(number))
        assert len(read(b"{" + half + b"," + half + b"}")[1]) == number

    assert grows_with_size(read_keys, 1_000, 10_000)


def test_numbers_of_any_length_hide_no_key_that_comes_twice() -> None:
    _, twice = read(b'{"a": ' + b"9" * 5_000 + b'e-4999, "b": ' + b"0." + b"1" * 5_000 + b', "a": 1}')
    assert twice == [Twice("/a", "a", 2)]


def test_what_a_replaced_value_held_is_not_told() -> None:
    assert read(b'{"a": {"b": 1, "b": 2}, "a": [{"c": 1, "c": 2}, {"d": 1, "d": 1}]}')[1] == [
        Twice("/a", "a", 2),
        Twice("/a/0/c", "c", 2),
        Twice("/a/1/d", "d", 2),
    ]


def test_pointers_as_deep_as_any_text_are_located() -> None:
    pointer = "/a" * 1000
    assert locate_in_json(nested(1000), [pointer]) == {pointer: (1, 5_001)}


def test_thousands_of_places_in_one_line_take_time_in_proportion() -> None:
    def locate(number: int) -> None:
        data = b"[" + b'{"a":[1,2]},' * number + b"0]"
        places = locate_in_json(data, [f"/{index}/a/1" for index in range(0, number, 50)])
        assert places["/50/a/1"] == (1, 610)

    assert grows_with_size(locate, 20_000, 200_000)


class Pairs(list[tuple[str, Any]]):
    """An object as it is written: keys may come twice."""


KEYS = st.sampled_from(["a", "b", "a/b", "~", "", "é", '"', "\\"])
WRITTEN = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 2**63) | st.floats(-9, 9, width=16) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.lists(st.tuples(KEYS, inner), max_size=5).map(Pairs),
    max_leaves=15,
)
BLANKS = st.sampled_from(["", " ", "\n", "\r\n\t", "\n\n  "])


def text_of(value: Any, blank: str = "") -> str:
    if isinstance(value, Pairs):
        inner = f",{blank}".join(f"{json.dumps(key)}{blank}:{text_of(each, blank)}" for key, each in value)
        return f"{{{blank}{inner}{blank}}}"
    if isinstance(value, list):
        return f"[{blank}{f'{blank},'.join(text_of(each, blank) for each in value)}{blank}]"
    return json.dumps(value, ensure_ascii=isinstance(value, str) and len(value) % 2 == 0)


def twice_in(value: Any, pointer: str = "") -> Iterator[Twice]:
    if isinstance(value, Pairs):
        names = [key for key, _ in value]
        for key, each in dict(value).items():
            below = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            if names.count(key) > 1:
                yield Twice(below, key, names.count(key))
            yield from twice_in(each, below)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from twice_in(each, f"{pointer}/{index}")


@given(value=WRITTEN, blank=BLANKS)
def test_all_keys_that_come_twice_are_told(value: Any, blank: str) -> None:
    assert sorted(read(text_of(value, blank).encode())[1]) == sorted(twice_in(value))


@given(value=WRITTEN, blank=BLANKS, mark=st.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_the_last_of_equal_keys_is_located_however_it_is_written(value: Any, blank: str, mark: bytes) -> None:
    text = f"{blank}{text_of(value, blank)}{blank}"
    meant = pointers(json.loads(text))
    places = locate_in_json(mark + text.encode(), meant)
    assert places.keys() == meant.keys()
    for pointer, (line, column) in places.items():
        rest = "\n".join(text.split("\n")[line - 1 :])
        assert json.JSONDecoder().raw_decode(rest, column - 1)[0] == meant[pointer]


@given(value=WRITTEN, key=KEYS.filter("~".__ne__).filter("a/b".__ne__))
def test_beyond_any_value_is_its_own_place(value: Any, key: str) -> None:
    data = text_of(value).encode()
    known = pointers(json.loads(data))
    beyond = {f"{pointer}/9/{key}": pointer for pointer in known}
    places = locate_in_json(data, [*beyond, *known])
    assert {pointer: places[pointer] for pointer in beyond} == {
        pointer: places[parent] for pointer, parent in beyond.items()
    }


def test_below_a_value_that_was_replaced_is_the_place_of_the_last() -> None:
    assert locate_in_json(b'{"a": {"b": 1}, "a": 2}', ["/a/b"]) == {"/a/b": (1, 22)}


@given(data=st.binary(max_size=20) | st.text('{}[]":,\\1 \n', max_size=20).map(str.encode))
def test_a_place_in_any_bytes_is_some_place(data: bytes) -> None:
    lines = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").split("\n")
    for line, column in locate_in_json(data, ["", "/a", "/0", "/0/0"]).values():
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1
