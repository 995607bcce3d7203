"""FHIR Shorthand: a CodeSystem as ``CodeSystem:``, any other resource as ``Instance:``.

https://hl7.org/fhir/uv/shorthand/reference.html. SUSHI turns the text back into the same resource, except for
what SUSHI does by itself: it fills in a CodeSystem's ``url``, ``status`` and ``name`` where there is none,
and the ``count`` of a complete one; it reads numbers as JavaScript does (``1.50`` is 1.5); and it takes
needless blanks out of narratives.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache, partial
from io import BytesIO
from itertools import chain, repeat, zip_longest
from typing import TYPE_CHECKING, Any

from termsmith.checks.definitions.loading import BOOLEAN, NUMBERS, definitions
from termsmith.outputs.columns import (
    Escaping,
    in_groups,
    in_order,
    joined,
    lists,
    number,
    numbers,
    of_lists,
    truth,
)
from termsmith.outputs.unwritable import DEEPEST, Unwritable, Within, stated_at, stated_list, write_or_locate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from termsmith.checks.definitions.loading import Element
    from termsmith.outputs.columns import Columns

    Chunks = Callable[[], Iterator[Sequence[Mapping[str, Any]]]]
    Column = Callable[[Columns, Sequence[Any], int], Columns]
    Piece = str | Column
    Take = Callable[[str, Sequence[Any]], Iterable[str]]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,254}", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)
_BARE_CODE = re.compile(r'[^\s"\\]+')
"""A code that needs no quotes."""
_CODE = re.compile("[^ \t\r\n\f\u00a0]+(?:[ \u00a0][^ \t\r\n\f\u00a0]+)*")
"""What FSH can write between quotes: no blank at an end, no two together; nor does FHIR allow these."""
_BARE_SYSTEM = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\s#|"\\()]+')
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""What no text in FHIR may hold (https://hl7.org/fhir/R4/datatypes.html#string)."""
_ESCAPING = Escaping({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_CODING = frozenset({"system", "code", "display"})
_TITLE = re.compile(r"https?://hl7\.org/fhir/\S*(?:extension-NamingSystem\.title|artifact-title)")
_SAID_OF_CONCEPTS = frozenset({"code", "concept"})
_QUOTED_IN_CODES = bytes(range(0x21)) + b'"\\'
"""ASCII characters for which a code needs quotes, or that it must not have."""
_MOST_PLANS = 5_000


def fsh(resource: Mapping[str, Any], fhir_version: str) -> bytes:
    """Return a resource as FHIR Shorthand, in UTF-8.

    Args:
        resource: Its JSON form; it needs an ``id``.
        fhir_version: ``R4``, ``R4B`` or ``R5``, which tells codes from other text.

    Raises:
        OutputError: OUT005, when something in it can't be written as FSH: a code with blanks at an end or
            two together, an element that the release doesn't define, a value of the wrong type, or none.
    """
    text = BytesIO()
    write_fsh(resource, fhir_version, text.write)
    return text.getvalue()


def write_fsh(
    resource: Mapping[str, Any],
    fhir_version: str,
    write: Callable[[bytes], object],
    more_concepts: Chunks | None = None,
) -> None:
    """Write a resource as `fsh` gives it, without ever holding the text of all concepts.

    Args:
        resource: As for `fsh`.
        fhir_version: As for `fsh`.
        write: Takes the bytes, piece by piece.
        more_concepts: Gives the concepts of a CodeSystem in chunks, where they are not in ``resource``.

    Raises:
        OutputError: As for `fsh`; what was written by then is not to be used.
    """
    write_or_locate(
        lambda: _writer(fhir_version).document(resource, more_concepts),
        lambda: _Locator(fhir_version).document(resource, more_concepts),
        write,
        resource,
        "FSH",
    )


class _Shape:
    """What the rules of an element depend on, besides which elements it has and their values."""

    def __init__(self, type_name: str, said: frozenset[str]) -> None:
        self.type, self.said = type_name, said


class _Writer:
    """Makes the rules of those elements together that have the same elements.

    What stands before the names of elements in rules, such as ``* #parent #child ^property[0].``, is a path.
    """

    def __init__(self, fhir_version: str) -> None:
        self.version = fhir_version
        self.types = definitions(fhir_version).types
        self.shapes: dict[tuple[str, frozenset[str]], _Shape] = {}
        self.plans: dict[tuple[_Shape, tuple[str, ...]], tuple[Piece, ...]] = {}
        """By shape, and the elements that it has, in the order in which the data gives them."""

    def document(self, resource: Mapping[str, Any], more_concepts: Chunks | None) -> Iterator[str]:
        if resource.get("resourceType") == "CodeSystem":
            return self.code_system(resource, more_concepts)
        return self.instance(resource)

    def code_system(self, resource: Mapping[str, Any], more_concepts: Chunks | None) -> Iterator[str]:
        name = resource.get("name")
        named = isinstance(name, str) and _NAME.fullmatch(name) is not None
        yield f"CodeSystem: {name if named else _id(resource)}\n"
        yield f"Id: {_id(resource)}\n"
        keywords = _keywords(resource)
        yield from keywords.values()
        said = frozenset({"id", "concept"} | ({"name"} if named else set()) | keywords.keys())
        yield from joined(self.rules([["* ^"]], [resource], self.shape("CodeSystem", said), 0))
        if more_concepts is None:
            if "concept" in resource:
                yield from self.concepts(stated_at(resource, "concept"))
            return
        index = 0
        for chunk in more_concepts():
            yield from self.concepts(chunk, index)
            index += len(chunk)

    def instance(self, resource: Mapping[str, Any]) -> Iterator[str]:
        kind = self.resource_type(resource)
        # Code systems and their naming systems often have the same id; names are unique in a guide.
        yield f"Instance: {kind}-{_id(resource)}\nInstanceOf: {kind}\nUsage: #definition\n"
        keywords = _keywords(resource)
        yield from keywords.values()
        said = frozenset(keywords.keys() & self.types[kind].keys() & resource.keys())
        yield from joined(self.rules([["* "]], [resource], self.shape(kind, said), 0))

    def shape(self, type_name: str, said: frozenset[str] = frozenset()) -> _Shape:
        key = (type_name, said)
        if key not in self.shapes:
            self.shapes[key] = _Shape(*key)
        return self.shapes[key]

    def concepts(self, concepts: Sequence[Any], _first: int = 0) -> Iterator[str]:
        """Yield rules: ``* #parent #child "display" "definition"``, and caret rules for the rest."""
        shape = self.shape("CodeSystem.concept", _SAID_OF_CONCEPTS)
        above = {0: "*"}
        for elements, levels in in_order(concepts, "concept"):
            paths = []
            for level, stated in zip(levels, _codes_of(elements), strict=True):
                above[level + 1] = path = f"{above[level]} #{stated}"
                paths.append(path)
            yield "".join(joined(self.rules([paths], elements, shape, max(levels) + 1)))

    def rules(self, paths: Columns, values: Sequence[Any], shape: _Shape, depth: int) -> Columns:
        """Return the rules for what is within each of some elements."""
        if depth > DEEPEST:
            raise Unwritable(f"is nested more than {DEEPEST} deep")
        keys = list(map(tuple, values))
        if keys.count(keys[0]) < len(keys):
            whole = joined(paths)

            def of_group(indices: Sequence[int]) -> list[str]:
                group = [values[index] for index in indices]
                return joined(self.rules([[whole[index] for index in indices]], group, shape, depth))

            return [in_groups(keys, of_group)]
        columns: Columns = []
        for piece in self.plan(shape, keys[0]):
            columns += [repeat(piece)] if isinstance(piece, str) else piece(paths, values, depth)
        return columns

    def plan(self, shape: _Shape, keys: tuple[str, ...]) -> tuple[Piece, ...]:
        known = self.plans.get((shape, keys))
        if known is not None:
            return known
        if len(self.plans) >= _MOST_PLANS:
            self.plans.clear()
        pieces = self.plans[shape, keys] = tuple(_Plan(self, shape, keys).pieces())
        return pieces

    def resource_type(self, resource: Any) -> str:
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        if not isinstance(kind, str) or "implicitRules" not in self.types.get(kind, ()):
            raise Unwritable(f"is a resource of type {kind!r}, whose elements are not known here")
        return kind

    # Values of an element in some objects that have it.

    def strings(self, name: str, values: Sequence[Any]) -> Iterable[str]:
        return _ESCAPING.column([value[name] for value in values])

    def codes(self, name: str, values: Sequence[Any]) -> Iterable[str]:
        return _codes([value[name] for value in values])

    # Rules for an element in some objects that have it, of which the paths and the depth are known. The label
    # is the element's name as it follows the path.

    def one(
        self, label: str, name: str, shape: _Shape, paths: Columns, values: Sequence[Any], depth: int
    ) -> Columns:
        with Within(name):
            within = [value[name] for value in values]
            return self.rules([*paths, repeat(f"{label}.")], within, shape, depth + 1)

    def several(
        self, label: str, name: str, shape: _Shape, paths: Columns, values: Sequence[Any], depth: int
    ) -> Columns:
        stated = lists(values, name)
        longest = max(map(len, stated))
        if longest == 1:
            places = [*paths, repeat(f"{label}[0].")]
        else:
            ends = [f"{label}[{index}]." for index in range(longest)]
            whole = zip(joined(paths), stated, strict=True)
            places = [[path + end for path, each in whole for end in ends[: len(each)]]]
        return of_lists(self.rules(places, list(chain.from_iterable(stated)), shape, depth + 1), stated)

    def single(
        self, label: str, element: Element, paths: Columns, values: Sequence[Any], depth: int
    ) -> Columns:
        """Return rules for what may have more than a value, or several ways to be written."""
        name, rules = element.name, []
        with Within(name):
            for path, data in zip(joined(paths), values, strict=True):
                rule = ""
                if name in data:
                    rule += self.value(f"{path}{label}", element, data[name], depth)
                if f"_{name}" in data:
                    rule += self.shadow(f"{path}{label}", data[f"_{name}"], depth)
                rules.append(rule)
        return [rules]

    def each(
        self, label: str, element: Element, paths: Columns, values: Sequence[Any], depth: int
    ) -> Columns:
        """Return rules for values that repeat: primitives, Codings and resources."""
        objects = zip(joined(paths), values, strict=True)
        return [["".join(self.items(f"{path}{label}", element, data, depth)) for path, data in objects]]

    def items(self, path: str, element: Element, data: Mapping[str, Any], depth: int) -> Iterator[str]:
        name = element.name
        with Within(name):
            values = stated_list(data[name]) if name in data else []
            shadows = stated_list(data[f"_{name}"]) if f"_{name}" in data else []
        for index, (value, beside) in enumerate(zip_longest(values, shadows)):
            with Within(f"{name}[{index}]"):
                if value is not None or beside is None:
                    yield self.value(f"{path}[{index}]", element, value, depth)
                if beside is not None:
                    yield self.shadow(f"{path}[{index}]", beside, depth)

    def value(self, path: str, element: Element, value: Any, depth: int) -> str:
        kind, resource_type = element.type, ""
        if element.is_primitive:
            return f"{path} = {_rendered(value, kind)}\n"
        if kind == "Resource":
            kind = self.resource_type(value)
            resource_type = f'{path}.resourceType = "{kind}"\n'
        elif kind == "Coding" and (coded := _coding(value)) is not None:
            return f"{path} = {coded}\n"
        return resource_type + "".join(
            joined(self.rules([[f"{path}."]], [value], self.shape(kind), depth + 1))
        )

    def shadow(self, path: str, beside: Any, depth: int) -> str:
        """Return rules for the id and the extensions of a primitive."""
        if not isinstance(beside, dict) or not beside or not beside.keys() <= {"id", "extension"}:
            raise Unwritable("has something besides id and extension beside its value")
        rules = f"{path}.id = {_rendered(beside['id'], 'id')}\n" if "id" in beside else ""
        if "extension" in beside:
            name, shape = "extension", self.shape("Extension")
            rules += "".join(joined(self.several(name, name, shape, [[f"{path}."]], [beside], depth + 1)))
        return rules


@cache
def _writer(fhir_version: str) -> _Writer:
    """Return the writer of all resources, which keeps its plans."""
    return _Writer(fhir_version)


class _Locator(_Writer):
    """Looks at each value by itself, to name the first that can't be written."""

    def concepts(self, concepts: Sequence[Any], first: int = 0, depth: int = 1) -> Iterator[str]:
        shape = self.shape("CodeSystem.concept", _SAID_OF_CONCEPTS)
        for index, concept in enumerate(concepts, first):
            with Within(f"concept[{index}]"):
                if isinstance(concept, dict):
                    with Within("code"):
                        _rendered(concept.get("code"), "code")
                self.rules([[""]], [concept], shape, depth)
                if "concept" in concept:
                    self.concepts(stated_at(concept, "concept"), 0, depth + 1)
        return iter(())

    def rules(self, paths: Columns, values: Sequence[Any], shape: _Shape, depth: int) -> Columns:
        if not all(isinstance(value, dict) for value in values):
            raise Unwritable("is no object")
        return super().rules(paths, values, shape, depth)

    def strings(self, name: str, values: Sequence[Any]) -> Iterable[str]:
        return [_rendered(value[name], "string") for value in values]

    def codes(self, name: str, values: Sequence[Any]) -> Iterable[str]:
        return [_rendered(value[name], "code")[1:] for value in values]

    def several(
        self, _label: str, name: str, shape: _Shape, paths: Columns, values: Sequence[Any], depth: int
    ) -> Columns:
        for data in values:
            for index, value in enumerate(stated_at(data, name)):
                with Within(f"{name}[{index}]"):
                    self.rules([[""]], [value], shape, depth + 1)
        return paths


class _Plan:
    """The pieces of the rules for elements of one shape: what is the same in all, and what is not."""

    def __init__(self, writer: _Writer, shape: _Shape, keys: tuple[str, ...]) -> None:
        self.writer, self.shape = writer, shape
        self.elements = writer.types[shape.type]
        self.keys = set(keys) - shape.said
        if "implicitRules" in self.elements:
            self.keys.discard("resourceType")
        self.done: list[Piece] = []
        self.mark = ""
        """What stands before the name of an element in a rule, besides the path."""

    def pieces(self) -> list[Piece]:
        for key in self.keys:
            element = self.elements.get(key.removeprefix("_"))
            if element is None or (key.startswith("_") and not element.is_primitive):
                raise Unwritable(f"has {key!r}, which {self.writer.version} does not define")
        if not self.keys and not self.shape.said:
            raise Unwritable("is empty")
        if self.shape.said is _SAID_OF_CONCEPTS:
            self.begin_concept()
        for name, element in self.elements.items():
            if name in self.keys or f"_{name}" in self.keys:
                self.child(element)
        return self.done

    def begin_concept(self) -> None:
        """Say code, display and definition in one line; a text by itself would be the display."""
        self.mark = " ^"
        self.done.append(_paths)
        for name in ("display", "definition"):
            if name not in self.keys:
                break
            self.value(' "', name, self.writer.strings, '"')
            self.keys.discard(name)
        self.same("\n")

    def child(self, element: Element) -> None:
        writer, name, kind = self.writer, element.name, element.type
        label = f"{self.mark}{name}"
        if element.is_list and not element.is_primitive and kind not in {"Coding", "Resource"}:
            self.done.append(partial(writer.several, label, name, writer.shape(kind)))
        elif element.is_list:
            self.done.append(partial(writer.each, label, element))
        elif not element.is_primitive and kind not in {"Coding", "Resource"}:
            self.done.append(partial(writer.one, label, name, writer.shape(kind)))
        elif (
            not element.is_primitive or name not in self.keys or f"_{name}" in self.keys or kind == "markdown"
        ):
            self.done.append(partial(writer.single, label, element))
        elif kind == "code":
            self.rule(label, name, writer.codes, "#")
        elif kind in BOOLEAN:
            self.rule(label, name, _truths)
        elif kind in NUMBERS:
            self.rule(label, name, _numbers)
        else:
            self.rule(label, name, writer.strings, '"', '"')

    def rule(self, label: str, name: str, take: Take, before: str = "", after: str = "") -> None:
        self.done.append(_paths)
        self.value(f"{label} = {before}", name, take, f"{after}\n")

    def value(self, before: str, name: str, take: Take, after: str) -> None:
        def column(_paths: Columns, values: Sequence[Any], _depth: int) -> Columns:
            with Within(name):
                return [take(name, values)]

        self.same(before)
        self.done.append(column)
        self.same(after)

    def same(self, text: str) -> None:
        """Add text that is the same in all."""
        last = self.done[-1]
        if isinstance(last, str):
            self.done[-1] = last + text
        else:
            self.done.append(text)


def _paths(paths: Columns, _values: Sequence[Any], _depth: int) -> Columns:
    return paths


def _truths(name: str, values: Sequence[Any]) -> Iterable[str]:
    return [truth(value[name]) for value in values]


def _numbers(name: str, values: Sequence[Any]) -> Iterable[str]:
    return numbers([value[name] for value in values])


def _codes_of(concepts: Sequence[Any]) -> Sequence[str]:
    try:
        return _codes([concept["code"] for concept in concepts])
    except KeyError as error:
        raise Unwritable("has a concept without a code") from error


def _codes(values: Sequence[Any]) -> Sequence[str]:
    """Return codes as FSH writes them behind ``#``."""
    lines = "\n".join(values)
    plain = lines.isascii() and all(values)
    if plain and len(lines.encode().translate(None, _QUOTED_IN_CODES)) == len(lines) - len(values) + 1:
        return values
    return [_rendered(value, "code")[1:] for value in values]


def _keywords(resource: Mapping[str, Any]) -> dict[str, str]:
    """Return title and description as keywords, which also name the resource in a guide's lists."""
    said = {}
    title = resource["title"] if "title" in resource else _carried_title(resource)
    if isinstance(title, str) and title:
        said["title"] = f"Title: {string(title)}\n"
    description = resource.get("description")
    if isinstance(description, str) and description:
        said["description"] = f"Description: {text(description)}\n"
    return said


def _rendered(value: Any, kind: str) -> str:
    """Return a primitive's value as FSH writes it."""
    if kind in BOOLEAN:
        return truth(value)
    if kind in NUMBERS:
        return number(value)
    if not isinstance(value, str):
        raise Unwritable("is empty" if value is None else f"is {value!r}, not text")
    if not value:
        raise Unwritable("is empty")
    found = _FORBIDDEN.search(value)
    if found is not None:
        raise Unwritable(f"holds the character U+{ord(found[0]):04X}, which FHIR forbids in text")
    if kind == "code":
        return code(value)
    return text(value) if kind == "markdown" else string(value)


def string(value: str) -> str:
    r"""Return text in quotes.

    >>> print(string('a "b"'))
    "a \"b\""
    """
    return f'"{_ESCAPING.text(value)}"'


def text(value: str) -> str:
    r"""Return text between triple quotes where it has several lines that come back unchanged; else in quotes.

    SUSHI takes away the indent that all lines share and blanks in lines of blanks only, and reads ``\n``.
    """
    lines = value.split("\n")
    if (
        len(lines) == 1
        or '"""' in value
        or value.endswith('"')
        or any(character in value for character in "\\\t\r")
        or not _inked(lines[0])
        or not _inked(lines[-1])
        or not all(line == "" or _inked(line) for line in lines)
        or not any(line and _inked(line[0]) for line in lines)
    ):
        return string(value)
    return f'"""\n{value}\n"""'


@lru_cache(maxsize=1 << 12)
def code(value: str) -> str:
    """Return a code as FSH writes it.

    >>> print(code("a"), code("a b"))
    #a #"a b"
    """
    if _BARE_CODE.fullmatch(value) is not None:
        return f"#{value}"
    if _CODE.fullmatch(value) is None:
        raise Unwritable(f"is the code {value!r}, whose blanks FSH has no way to write")
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'#"{quoted}"'


def _inked(line: str) -> bool:
    """Tell whether a line has something that JavaScript and Python both see as no space."""
    return bool(line.strip(" \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u00a0\ufeff\u2028\u2029").strip())


def _id(resource: Mapping[str, Any]) -> str:
    stated = resource.get("id")
    if not isinstance(stated, str) or _ID.fullmatch(stated) is None:
        raise Unwritable("has no valid id, which FSH needs")
    return stated


def _coding(value: Any) -> str | None:
    """Return ``system#code "display"``, where that says all."""
    if not isinstance(value, dict):
        return None
    system, coded, display = value.get("system"), value.get("code"), value.get("display")
    if not (
        value.keys() <= _CODING
        and isinstance(system, str)
        and isinstance(coded, str)
        and _BARE_SYSTEM.fullmatch(system) is not None
    ):
        return None
    if "display" not in value:
        return f"{system}{code(coded)}"
    return f"{system}{code(coded)} {string(display)}" if isinstance(display, str) and display else None


def _carried_title(resource: Mapping[str, Any]) -> Any:
    """Return the title that an extension carries where NamingSystem has no element for it."""
    for extension in resource.get("extension") or ():
        if isinstance(extension, dict) and _TITLE.fullmatch(str(extension.get("url"))) is not None:
            return extension.get("valueString")
    return None
