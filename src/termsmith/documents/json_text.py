"""FHIR JSON: values, keys that come twice, and where a value stands."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import orjson

from termsmith import catalogue
from termsmith.checks.structure.words import shown
from termsmith.collecting import paused
from termsmith.documents.document import DocumentError
from termsmith.documents.encodings import wide_encoding
from termsmith.documents.form import Form
from termsmith.documents.pointers import Spot, wanted_of
from termsmith.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from termsmith.documents.pointers import Wanted

_BOM = b"\xef\xbb\xbf"
_DEEPEST = 1024
"""Levels of objects and arrays that orjson reads."""
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_TO_BRACKET = re.compile(r'(?:[^"{}\[\]]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+([{}\[\]])', re.DOTALL)
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],:]', re.DOTALL)
_SCALAR = re.compile(r"[^\s,\]}]+")
_BLANK = re.compile(r"[ \t\r\n]*")
_NUMBER_WORDS = ("NaN", "Infinity", "-Infinity")
_LONGEST_INDEX = 12
"""Digits of an array's index; what is longer is the name of a property."""


def read_json(data: bytes, source: str) -> tuple[Any, Form]:
    """Return the value of a JSON text, and the keys that come twice in one object (STR090).

    Args:
        data: The bytes, with or without a byte order mark.
        source: Their name, for the finding.

    Raises:
        DocumentError: DOC001, DOC003 or DOC005, with its place.
    """
    data = data.removeprefix(_BOM)
    with paused():
        try:
            value = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise DocumentError(_fault(data, source, error)) from error
        # What is written back to the same bytes had no key twice, as a parsed object has none.
        stripped = data.strip()
        if _same(value, stripped, 0) or _same(value, stripped, orjson.OPT_INDENT_2):
            return value, Form()
        text = data.decode("utf-8")
        return value, _keys_twice(text) if _may_have_keys_twice(text) else Form()


def _same(value: Any, data: bytes, option: int) -> bool:
    try:
        return orjson.dumps(value, option=option) == data
    except orjson.JSONEncodeError:  # nested more deeply than it writes
        return False


def _may_have_keys_twice(text: str) -> bool:
    """Tell whether any object has a key twice; True, too, where Python's reader gives up."""
    found = False

    def pairs(items: list[tuple[str, Any]]) -> None:
        nonlocal found
        found = found or len(dict(items)) != len(items)

    try:
        # Numbers as floats, as whole ones may have more digits than Python takes for an integer.
        json.loads(text, object_pairs_hook=pairs, parse_int=float)
    except (ValueError, RecursionError):
        return True
    return found


class _Open:
    """An object or array that is being read."""

    __slots__ = ("form", "index", "is_object", "name", "times")

    def __init__(self, *, is_object: bool) -> None:
        self.is_object = is_object
        self.times: dict[str, int] = {}
        """How often each key of an object came."""
        self.name = ""
        self.index = 0
        self.form = Form()

    def keep(self, below: Form) -> None:
        """Keep the faults of the object or array that ends here."""
        if below:
            self.form.below[self.name if self.is_object else str(self.index)] = below


def _keys_twice(text: str) -> Form:
    """Read a valid text again, slowly and as deep as it goes, with an eye on each object's keys."""
    levels = [_Open(is_object=False)]
    level = levels[0]
    last = ""
    for found in _TOKEN.finditer(text):
        read = found[0]
        if read == ":":
            level.name = _unquoted(last)
            level.times[level.name] = level.times.get(level.name, 0) + 1
            level.form.below.pop(level.name, None)  # what the same key had before is replaced
        elif read == ",":
            level.index += 1
        elif read in {"{", "["}:
            level = _Open(is_object=read == "{")
            levels.append(level)
        elif read in {"}", "]"}:
            levels.pop()
            for name, times in level.times.items():
                if times > 1:
                    level.form.at(name).add("STR090", name=shown(name), times=times)
            levels[-1].keep(level.form)
            level = levels[-1]
        else:
            last = read
    return level.form.below.get("0", Form())


def _unquoted(token: str) -> str:
    if "\\" not in token:
        return token[1:-1]
    name: str = json.loads(token, strict=False)
    return name


def _fault(data: bytes, source: str, error: orjson.JSONDecodeError) -> Any:
    if wide_encoding(data) is not None:
        return catalogue.DOCUMENT_ENCODING.found(
            place=Place(source, 1, 1), problem="it looks like UTF-16 or UTF-32"
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        before = data[: wrong.start].decode("utf-8")
        return catalogue.DOCUMENT_ENCODING.found(
            place=Place(source, *_line_and_column(before, len(before))),
            problem=f"byte 0x{data[wrong.start]:02x} can't stand there",
        )
    place = Place(source, error.lineno, error.colno)
    if any(word in error.msg.lower() for word in ("recursion", "depth")):
        return catalogue.DOCUMENT_DEEP.found(place=Place(source, 1, 1), limit=_DEEPEST)
    return catalogue.DOCUMENT_JSON.found(place=place, problem=_cause(text, error.pos, error.msg))


def _cause(text: str, position: int, message: str) -> str:
    """Say what is wrong at a place where a JSON reader stopped."""
    rest = text[position : position + 100]
    before = text[max(0, position - 100) : position].rstrip()
    found = {
        "it is empty": not text.strip(),
        "a comment; JSON has none": rest.startswith(("//", "/*")) or before.endswith(("/", "/*")),
        "a comma before the closing bracket": re.search(r",\s*[}\]]?$", before) and rest[:1] in {"}", "]"},
        "single quotes; JSON has double quotes": rest.startswith("'"),
        "NaN and Infinity are no JSON numbers": rest.startswith(_NUMBER_WORDS),
        "a second object begins; a file holds one, so put the resources into a Bundle": "after document"
        in message
        and rest.startswith("{"),
        "it ends too early; the file may be cut off": not text[position:].strip(),
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
    asked = list(dict.fromkeys(pointers))
    root = _Search(text).run(wanted_of(asked))
    offsets = {pointer: root.nearest(pointer) for pointer in asked}
    places = _places(text, sorted(set(offsets.values())))
    return {pointer: places[offset] for pointer, offset in offsets.items()}


def _places(text: str, offsets: list[int]) -> dict[int, tuple[int, int]]:
    places = {}
    line, begin, last = 1, 0, 0
    for offset in offsets:
        ends = text.count("\n", last, offset)
        if ends:
            line += ends
            begin = text.rfind("\n", last, offset) + 1
        last = offset
        places[offset] = (line, offset - begin + 1)
    return places


class _Entered:
    """An object or array below which something is wanted."""

    __slots__ = ("index", "is_object", "last", "spot", "wanted")

    def __init__(self, spot: Spot[int], wanted: Wanted, *, is_object: bool) -> None:
        self.spot, self.wanted, self.is_object = spot, wanted, is_object
        self.index = 0
        indexes = () if is_object else (step for step in wanted if _is_index(step))
        self.last = max(map(int, indexes), default=-1)
        """Index of an array behind which nothing is wanted."""


def _is_index(step: str) -> bool:
    return step.isdecimal() and len(step) <= _LONGEST_INDEX


class _Search:
    """Goes through a text, into what something is wanted of, and past the rest."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = _blank(text, 0)
        self.levels: list[_Entered] = []

    def run(self, wanted: Wanted) -> Spot[int]:
        """Return the offsets of what is wanted. Of equal keys the last counts, as in the data."""
        root = Spot(self.position)
        text = self.text
        if self.position < len(text):
            self.value(root, wanted)
        while self.levels and self.position < len(text):
            level = self.levels[-1]
            if text[self.position] in "}]":
                self.leave(self.position + 1)
            elif not level.is_object and level.index > level.last:
                self.leave(_closed(text, self.position, 1))
            else:
                step = self.step(level)
                if step is None or self.position >= len(text):
                    break  # no JSON
                below = level.wanted.get(step)
                spot = Spot(self.position)
                if below is not None:
                    level.spot.below[step] = spot
                self.value(spot, below)
        return root

    def step(self, level: _Entered) -> str | None:
        """Go to the next value of an object or array, and return the step that leads to it."""
        if not level.is_object:
            level.index += 1
            return str(level.index - 1)
        key = _STRING.match(self.text, self.position)
        if key is None:
            return None
        self.position = _blank(self.text, _blank(self.text, key.end()) + 1)
        try:
            return _unquoted(key[0])
        except ValueError:
            return None

    def value(self, spot: Spot[int], below: Wanted | None) -> None:
        """Enter the value that begins here, or pass it."""
        opening = self.text[self.position]
        if below and opening in "{[":
            self.levels.append(_Entered(spot, below, is_object=opening == "{"))
            self.position = _blank(self.text, self.position + 1)
        else:
            self.pass_to(_end(self.text, self.position))

    def leave(self, end: int) -> None:
        """Go on behind the object or array that ends here."""
        self.levels.pop()
        self.pass_to(end)

    def pass_to(self, end: int) -> None:
        """Go to the next value or closing bracket behind an end."""
        self.position = _blank(self.text, end)
        if self.text.startswith(",", self.position):
            self.position = _blank(self.text, self.position + 1)


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
    return _closed(text, position, 0)


def _closed(text: str, position: int, depth: int) -> int:
    """Return where so many open brackets, and those that open from here on, are closed."""
    while (found := _TO_BRACKET.match(text, position)) is not None:
        position = found.end()
        depth += 1 if found[1] in "{[" else -1
        if depth == 0:
            return position
    return len(text)
