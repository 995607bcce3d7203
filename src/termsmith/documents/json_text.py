"""FHIR JSON: values, keys that come twice, and where a value stands."""

from __future__ import annotations

import gc
import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from termsmith import catalogue
from termsmith.documents.document import DocumentError
from termsmith.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

DEEPEST = 200
"""Levels of objects and arrays that are read."""
_BOM = b"\xef\xbb\xbf"
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKETS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]', re.DOTALL)
_SCALAR = re.compile(r"[^\s,\]}]+")
_BLANK = re.compile(r"[ \t\r\n]*")
_NUMBER_WORDS = ("NaN", "Infinity", "-Infinity")


class Twice(NamedTuple):
    """A key that comes more than once in an object."""

    pointer: str
    """Of the key's last value."""
    name: str
    times: int


def read_json(data: bytes, source: str) -> tuple[Any, list[Twice]]:
    """Return the value of a JSON text, and the keys that come twice in one object.

    Args:
        data: The bytes, with or without a byte order mark.
        source: Their name, for the finding.

    Raises:
        DocumentError: DOC001, DOC003 or DOC005, with its place.
    """
    data = data.removeprefix(_BOM)
    with _without_collector():
        try:
            value = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise DocumentError(_fault(data, source, error)) from error
        # What is written back to the same bytes had no key twice, as a parsed object has none.
        stripped = data.strip()
        if _same(value, stripped, 0) or _same(value, stripped, orjson.OPT_INDENT_2):
            return value, []
        return value, _twice(data)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Keep Python from looking for cycles while millions of objects are made, among which there are none."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _same(value: Any, data: bytes, option: int) -> bool:
    try:
        return orjson.dumps(value, option=option) == data
    except orjson.JSONEncodeError:  # nested more deeply than it writes
        return False


def _twice(data: bytes) -> list[Twice]:
    """Read again, slowly, with an eye on each object's keys."""
    marked: dict[int, list[tuple[str, int]]] = {}
    kept = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) != len(items):
            keys = [key for key, _ in items]
            marked[id(made)] = [(key, keys.count(key)) for key in dict.fromkeys(keys) if keys.count(key) > 1]
            kept.append(made)  # so that no other object gets its id
        return made

    try:
        value = json.loads(data, object_pairs_hook=pairs)
    except (ValueError, RecursionError):  # stricter or less deep than orjson; its own value stands
        return []
    return list(_marked(value, "", marked)) if marked else []


def _marked(value: Any, pointer: str, marked: Mapping[int, list[tuple[str, int]]]) -> Iterator[Twice]:
    if isinstance(value, dict):
        for name, times in marked.get(id(value), ()):
            yield Twice(f"{pointer}/{_escaped(name)}", name, times)
        for name, each in value.items():
            yield from _marked(each, f"{pointer}/{_escaped(name)}", marked)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _marked(each, f"{pointer}/{index}", marked)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _fault(data: bytes, source: str, error: orjson.JSONDecodeError) -> Any:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        before = data[: wrong.start].decode("utf-8")
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in data[:4]:
            return catalogue.DOCUMENT_ENCODING.found(
                place=Place(source, 1, 1), problem="it looks like UTF-16 or UTF-32"
            )
        return catalogue.DOCUMENT_ENCODING.found(
            place=Place(source, *_line_and_column(before, len(before))),
            problem=f"byte 0x{data[wrong.start]:02x} can't stand there",
        )
    place = Place(source, error.lineno, error.colno)
    if any(word in error.msg.lower() for word in ("recursion", "depth")):
        return catalogue.DOCUMENT_DEEP.found(place=Place(source, 1, 1), limit=1024)
    return catalogue.DOCUMENT_JSON.found(place=place, problem=_cause(text, error.pos, error.msg))


def _cause(text: str, position: int, message: str) -> str:
    """Say what is wrong at a place where a JSON reader stopped."""
    rest = text[position:]
    before = text[:position].rstrip()
    found = {
        "it is empty": not text.strip(),
        "a comment; JSON has none": rest.startswith(("//", "/*")) or before.endswith(("/", "/*")),
        "a comma before the closing bracket": re.search(r",\s*[}\]]?$", before)
        and rest[:1] in {"}", "]", ""},
        "single quotes; JSON has double quotes": rest.startswith("'"),
        "NaN and Infinity are no JSON numbers": rest.startswith(_NUMBER_WORDS),
        "it ends too early; the file may be cut off": not rest.strip(),
        "half of a surrogate pair is no character": "surrogate" in message,
    }
    return next((cause for cause, holds in found.items() if holds), message[:1].lower() + message[1:])


def _line_and_column(text: str, position: int) -> tuple[int, int]:
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


def locate_in_json(data: bytes, pointers: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return line and column of the values at JSON pointers, or of what is nearest around them.

    >>> locate_in_json(b'{"a": [10, 20]}', ["/a/1", "/a/7", "/b"])
    {'/a/1': (1, 12), '/a/7': (1, 7), '/b': (1, 1)}
    """
    text = data.removeprefix(_BOM).decode("utf-8", "replace")
    wanted = list(dict.fromkeys(pointers))
    tree: dict[str, Any] = {}
    for pointer in wanted:
        node = tree
        for step in pointer.split("/")[1:]:
            node = node.setdefault(step.replace("~1", "/").replace("~0", "~"), {})
    offsets: dict[str, int] = {}
    start = _blank(text, 0)
    offsets[""] = start
    if tree and start < len(text):
        _visit(text, start, "", tree, offsets)
    found = {pointer: _nearest(pointer, offsets) for pointer in wanted}
    places = _places(text, sorted(set(found.values())))
    return {pointer: places[offset] for pointer, offset in found.items()}


def _nearest(pointer: str, offsets: Mapping[str, int]) -> int:
    while pointer not in offsets:
        pointer = pointer.rpartition("/")[0]
    return offsets[pointer]


def _places(text: str, offsets: list[int]) -> dict[int, tuple[int, int]]:
    places = {}
    line, last = 1, 0
    for offset in offsets:
        line += text.count("\n", last, offset)
        last = offset
        places[offset] = (line, offset - text.rfind("\n", 0, offset))
    return places


def _visit(text: str, position: int, pointer: str, tree: Mapping[str, Any], offsets: dict[str, int]) -> int:
    """Note the offsets of what is asked for in the value that begins here; return where it ends.

    Calls itself only as deep as the pointers are long.
    """
    opening = text[position]
    if opening not in "{[":
        return _end(text, position)
    position = _blank(text, position + 1)
    index = 0
    while position < len(text) and text[position] not in "}]":
        name = str(index)
        if opening == "{":
            key = _STRING.match(text, position)
            if key is None:
                return len(text)
            name = json.loads(key[0], strict=False)
            position = _blank(text, _blank(text, key.end()) + 1)
        if position >= len(text):
            return position
        below = tree.get(name)
        if below is None:
            position = _end(text, position)
        else:
            at = f"{pointer}/{_escaped(name)}"
            offsets[at] = position
            position = _visit(text, position, at, below, offsets) if below else _end(text, position)
        position = _blank(text, position)
        if position < len(text) and text[position] == ",":
            position = _blank(text, position + 1)
        index += 1
    return position + 1


def _blank(text: str, position: int) -> int:
    found = _BLANK.match(text, position)
    return found.end() if found is not None else position


def _end(text: str, position: int) -> int:
    """Return where the value that begins here ends, without looking into it."""
    opening = text[position]
    if opening == '"':
        string = _STRING.match(text, position)
        return string.end() if string is not None else len(text)
    if opening not in "{[":
        scalar = _SCALAR.match(text, position)
        return scalar.end() if scalar is not None else position + 1
    depth = 0
    for token in _BRACKETS.finditer(text, position):
        bracket = token[0]
        if bracket in {"{", "["}:
            depth += 1
        elif bracket in {"}", "]"}:
            depth -= 1
            if depth == 0:
                return token.end()
    return len(text)
