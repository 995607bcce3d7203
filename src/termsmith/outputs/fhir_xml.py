"""FHIR XML: a resource as XML in definition order, as the official schemas ask for it.

https://hl7.org/fhir/R4/xml.html. A code system may have very many concepts, so elements that have the same
elements are written together, column by column. Nothing that was read is changed or left out; what XML can't
express is refused with its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial
from io import BytesIO
from itertools import chain, repeat, zip_longest
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

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
    Column = Callable[[Sequence[Any]], Columns]
    Take = Callable[[str, Sequence[Any]], Columns]

FHIR = "http://hl7.org/fhir"
XHTML_DIV = "http://www.w3.org/1999/xhtml div"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MOST_PLANS = 5_000
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 has no way to write (https://www.w3.org/TR/xml/#charsets)."""
_ESCAPING = Escaping(
    {
        "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;",
    },
    forbidden="\ufffe\uffff",
)  # fmt: skip
"""Line ends and tabs would be read as blanks if they stood in attributes as they are."""


def fhir_xml(resource: Mapping[str, Any], fhir_version: str) -> bytes:
    """Return a resource as XML: UTF-8, two spaces of indent.

    Args:
        resource: Its JSON form, whose order doesn't matter. Numbers may be `Decimal`, to keep their digits.
        fhir_version: ``R4``, ``R4B`` or ``R5``, which defines the order of the elements.

    Raises:
        OutputError: OUT005, when something in it can't be written as XML: a control character, an element
            that the release doesn't define, a value of the wrong type, or none.
    """
    text = BytesIO()
    write_fhir_xml(resource, fhir_version, text.write)
    return text.getvalue()


def write_fhir_xml(
    resource: Mapping[str, Any],
    fhir_version: str,
    write: Callable[[bytes], object],
    more_concepts: Chunks | None = None,
) -> None:
    """Write a resource as `fhir_xml` gives it, without ever holding the text of all concepts.

    Args:
        resource: As for `fhir_xml`.
        fhir_version: As for `fhir_xml`.
        write: Takes the bytes, piece by piece.
        more_concepts: Gives the concepts of a CodeSystem in chunks, where they are not in ``resource``.

    Raises:
        OutputError: As for `fhir_xml`; what was written by then is not to be used.
    """
    write_or_locate(
        lambda: _writer(fhir_version).document(resource, more_concepts),
        lambda: _Locator(fhir_version).document(resource, more_concepts),
        write,
        resource,
        "XML",
    )


class _Shape:
    """What the text of an element depends on, besides which elements it has and their values."""

    def __init__(self, tag: str, type_name: str, depth: int, elements: Mapping[str, Element]) -> None:
        self.tag, self.type, self.depth, self.elements = tag, type_name, depth, elements
        last = [*elements.values()][-1:]
        self.below = next((each.name for each in last if each.is_list and each.type == type_name), "")
        """The last element, if it holds elements of the same kind, as a concept holds concepts."""


@dataclass(frozen=True, slots=True)
class _List:
    """An element that repeats, of which each value is an object."""

    name: str
    shape: _Shape


class _Writer:
    """Makes the text of those elements together that have the same elements."""

    def __init__(self, fhir_version: str) -> None:
        self.version = fhir_version
        self.types = definitions(fhir_version).types
        self.shapes: dict[tuple[str, str, int], _Shape] = {}
        self.plans: dict[tuple[_Shape, tuple[str, ...]], tuple[str | Column | _List, ...]] = {}
        """By shape, and the elements that it has, in the order in which the data gives them."""

    def document(self, resource: Mapping[str, Any], more_concepts: Chunks | None) -> Iterator[str]:
        yield _HEAD
        if more_concepts is None:
            yield from self.resource(resource, 0)
            return
        end = f"</{resource['resourceType']}>\n"
        yield "".join(self.resource(resource, 0)).removesuffix(end)
        shape = self.shape("concept", "CodeSystem.concept", 1)
        index = 0
        for chunk in more_concepts():
            yield from self.listed(chunk, shape, index)
            index += len(chunk)
        yield end

    def resource(self, data: Any, depth: int) -> Iterator[str]:
        kind = data.get("resourceType") if isinstance(data, dict) else None
        if not isinstance(kind, str) or not self.is_resource(kind):
            problem = f"is a resource of type {kind!r}, of which the order of elements is not known here"
            raise Unwritable(problem)
        for piece in self.plan(self.shape(kind, kind, depth), tuple(data)):
            if isinstance(piece, str):
                yield piece
            elif isinstance(piece, _List):
                yield from self.listed(stated_at(data, piece.name), piece.shape)
            else:
                yield from joined(piece([data]))

    def is_resource(self, kind: str) -> bool:
        return "implicitRules" in self.types.get(kind, ())

    def shape(self, tag: str, type_name: str, depth: int) -> _Shape:
        key = (tag, type_name, depth)
        if key not in self.shapes:
            self.shapes[key] = _Shape(*key, self.types.get(type_name, {}))
        return self.shapes[key]

    def listed(self, values: Sequence[Any], shape: _Shape, _first: int = 0) -> Iterator[str]:
        """Yield the text of one list: each element, and those of its kind below it, before the next."""
        if not shape.below:
            yield "".join(joined(self.columns(values, shape)))
            return
        before = 0
        for elements, levels in in_order(values, shape.below):
            texts = self.texts_at(levels, elements, shape)
            if before or any(levels):
                for index, level in enumerate(levels):
                    if level < before:
                        texts[index] = self.ends(shape, before, level) + texts[index]
                    before = level
            yield "".join(texts)
        yield self.ends(shape, before, 0)

    def texts_at(self, levels: Sequence[int], values: Sequence[Any], shape: _Shape) -> list[str]:
        def at_one_level(indices: Sequence[int]) -> list[str]:
            deeper = self.shape(shape.tag, shape.type, shape.depth + levels[indices[0]])
            return joined(self.columns([values[index] for index in indices], deeper))

        return in_groups(levels, at_one_level)

    @staticmethod
    def ends(shape: _Shape, level: int, last: int) -> str:
        """Return the ends of elements, from the one around a level outwards to one of another level."""
        levels = range(level - 1, last - 1, -1)
        return "".join(f"{'  ' * (shape.depth + each)}</{shape.tag}>\n" for each in levels)

    def columns(self, values: Sequence[Any], shape: _Shape) -> Columns:
        """Return what makes up the text of each element; of one with others below it, all before these."""
        keys = list(map(tuple, values))
        if keys.count(keys[0]) < len(keys):

            def of_group(indices: Sequence[int]) -> list[str]:
                return joined(self.columns([values[index] for index in indices], shape))

            return [in_groups(keys, of_group)]
        columns: Columns = []
        for piece in self.plan(shape, keys[0]):
            if isinstance(piece, str):
                columns.append(repeat(piece))
            elif isinstance(piece, _List):
                columns += self.several(values, piece)
            else:
                columns += piece(values)
        return columns

    def plan(self, shape: _Shape, keys: tuple[str, ...]) -> tuple[str | Column | _List, ...]:
        known = self.plans.get((shape, keys))
        if known is not None:
            return known
        if shape.depth > DEEPEST:
            raise Unwritable(f"is nested more than {DEEPEST} deep")
        if len(self.plans) >= _MOST_PLANS:
            self.plans.clear()
        pieces = self.plans[shape, keys] = tuple(_Plan(self, shape, keys).pieces())
        return pieces

    def several(self, values: Sequence[Any], piece: _List) -> Columns:
        """Return what makes up the text of a list in each of some elements."""
        stated = lists(values, piece.name)
        if piece.shape.below:
            return [["".join(self.listed(each, piece.shape)) for each in stated]]
        return of_lists(self.columns(list(chain.from_iterable(stated)), piece.shape), stated)

    # What else makes up the text of an element in each of some objects that have it.

    def strings(self, name: str, values: Sequence[Any]) -> Columns:
        return [_ESCAPING.column([value[name] for value in values])]

    def one(self, shape: _Shape, name: str, values: Sequence[Any]) -> Columns:
        return self.columns([value[name] for value in values], shape)

    def extended(self, element: Element, depth: int, name: str, values: Sequence[Any]) -> Columns:
        """Return primitives that have an id or extensions (``_title``)."""
        return [[self.primitive(value.get(name), value.get(f"_{name}"), element, depth) for value in values]]

    def repeated(self, element: Element, depth: int, values: Sequence[Any]) -> Columns:
        """Return primitives that repeat; there may be ids or extensions."""
        return [["".join(self.primitives(value, element, depth)) for value in values]]

    def primitives(self, data: Mapping[str, Any], element: Element, depth: int) -> Iterator[str]:
        with Within(element.name):
            pairs = _paired(data, element.name)
        for index, (value, shadow) in enumerate(pairs):
            with Within(f"{element.name}[{index}]"):
                yield self.primitive(value, shadow, element, depth)

    def primitive(self, value: Any, shadow: Any, element: Element, depth: int) -> str:
        if value is None and not shadow:
            raise Unwritable("is empty")
        start = f"{'  ' * depth}<{element.name}"
        if shadow is not None:
            if not isinstance(shadow, dict) or not shadow.keys() <= {"id", "extension"}:
                raise Unwritable("has something besides id and extension beside its value")
            if "id" in shadow:
                start += f' id="{_ESCAPING.text(_scalar(shadow["id"], "string"))}"'
        if value is not None:
            start += f' value="{_ESCAPING.text(_scalar(value, element.type))}"'
        if shadow is None or "extension" not in shadow:
            return f"{start}/>\n"
        shape = self.shape("extension", "Extension", depth + 1)
        extensions = "".join(self.listed(stated_list(shadow["extension"]), shape))
        return f"{start}>\n{extensions}{'  ' * depth}</{element.name}>\n"

    def resources(self, element: Element, depth: int, values: Sequence[Any]) -> Columns:
        """Return resources within others; each has a wrapper of the element's name."""
        return [["".join(self.wrapped(value, element, depth)) for value in values]]

    def wrapped(self, data: Mapping[str, Any], element: Element, depth: int) -> Iterator[str]:
        name, indent = element.name, "  " * depth
        for index, value in enumerate(stated_at(data, name) if element.is_list else [data[name]]):
            yield f"{indent}<{name}>\n"
            with Within(f"{name}[{index}]" if element.is_list else name):
                yield from self.resource(value, depth + 1)
            yield f"{indent}</{name}>\n"


@cache
def _writer(fhir_version: str) -> _Writer:
    """Return the writer of all resources, which keeps its plans."""
    return _Writer(fhir_version)


class _Locator(_Writer):
    """Looks at each value by itself, to name the first that can't be written."""

    def listed(self, values: Sequence[Any], shape: _Shape, first: int = 0) -> Iterator[str]:
        for index, value in enumerate(values, first):
            with Within(f"{shape.tag}[{index}]"):
                self.columns([value], shape)
                if shape.below in value:
                    deeper = self.shape(shape.tag, shape.type, shape.depth + 1)
                    self.listed(stated_at(value, shape.below), deeper)
        return iter(())

    def columns(self, values: Sequence[Any], shape: _Shape) -> Columns:
        if not all(isinstance(value, dict) for value in values):
            raise Unwritable("is no object")
        return super().columns(values, shape)

    def several(self, values: Sequence[Any], piece: _List) -> Columns:
        for value in values:
            self.listed(stated_at(value, piece.name), piece.shape)
        return [[""] * len(values)]

    def strings(self, name: str, values: Sequence[Any]) -> Columns:
        return [[_scalar(value[name], "string") for value in values]]


class _Plan:
    """The pieces of the text of elements of one shape: what is the same in all, and what is not."""

    def __init__(self, writer: _Writer, shape: _Shape, keys: tuple[str, ...]) -> None:
        self.writer, self.shape, self.keys = writer, shape, keys
        self.done: list[str | Column | _List] = []

    def pieces(self) -> list[str | Column | _List]:
        shape, elements = self.shape, self.shape.elements
        unknown = self.unknown_keys(elements)
        if unknown:
            raise Unwritable(f"has {unknown[0]!r}, which {self.writer.version} does not define")
        indent, keys = "  " * shape.depth, set(self.keys)
        root = f' xmlns="{FHIR}"' if shape.depth == 0 else ""
        self.same(f"{indent}<{shape.tag}{root}")
        attributes = [name for name in ("id", "url") if self.is_attribute(name) and name in keys]
        for name in attributes:
            self.quoted(f" {name}", name, self.writer.strings)
        children = [
            element
            for name, element in elements.items()
            if (name in keys or f"_{name}" in keys) and name not in attributes
        ]
        if not children and not attributes:
            raise Unwritable("is empty")
        self.same(">\n" if children else "/>\n")
        for element in children:
            if element.name != shape.below:
                self.child(element)
        if children and shape.below not in keys:
            self.same(f"{indent}</{shape.tag}>\n")
        return self.done

    def unknown_keys(self, elements: Mapping[str, Element]) -> list[str]:
        shape = self.shape
        return [
            key
            for key in self.keys
            if key not in elements
            and not (key == "resourceType" and self.writer.is_resource(shape.type))
            and not (
                key.startswith("_")
                and (element := elements.get(key[1:])) is not None
                and element.is_primitive
                and element.type != "xhtml"
                and not self.is_attribute(key[1:])
            )
        ]

    def is_attribute(self, name: str) -> bool:
        if name == "url":
            return self.shape.type == "Extension"
        return name == "id" and not self.writer.is_resource(self.shape.type)

    def child(self, element: Element) -> None:
        writer, name, kind, depth = self.writer, element.name, element.type, self.shape.depth + 1
        if kind == "Resource":
            self.done.append(partial(writer.resources, element, depth))
        elif not element.is_primitive and element.is_list:
            self.done.append(_List(name, writer.shape(name, kind, depth)))
        elif not element.is_primitive:
            self.column(name, partial(writer.one, writer.shape(name, kind, depth)))
        elif kind == "xhtml":
            self.column(name, partial(_divs, depth))
        elif element.is_list:
            self.done.append(partial(writer.repeated, element, depth))
        elif f"_{name}" in self.keys:
            self.column(name, partial(writer.extended, element, depth))
        else:
            take = _truths if kind in BOOLEAN else _numbers if kind in NUMBERS else writer.strings
            self.quoted(f"{'  ' * depth}<{name} value", name, take)
            self.same("/>\n")

    def quoted(self, before: str, name: str, take: Take) -> None:
        self.same(f'{before}="')
        self.column(name, take)
        self.same('"')

    def column(self, name: str, take: Take) -> None:
        def column(values: Sequence[Any]) -> Columns:
            with Within(name):
                return take(name, values)

        self.done.append(column)

    def same(self, text: str) -> None:
        last = self.done[-1] if self.done else None
        if isinstance(last, str):
            self.done[-1] = last + text
        else:
            self.done.append(text)


def _truths(name: str, values: Sequence[Any]) -> Columns:
    return [[truth(value[name]) for value in values]]


def _numbers(name: str, values: Sequence[Any]) -> Columns:
    return [numbers([value[name] for value in values])]


def _divs(depth: int, name: str, values: Sequence[Any]) -> Columns:
    return [[f"{'  ' * depth}{_checked_div(value[name])}\n" for value in values]]


def _paired(data: Mapping[str, Any], name: str) -> Iterable[tuple[Any, Any]]:
    """Return the values of a repeating primitive, and what stands beside each."""
    stated, beside = data.get(name), data.get(f"_{name}")
    values = [] if stated is None else stated_list(stated)
    shadows = [] if beside is None else stated_list(beside)
    if not values and not shadows:
        raise Unwritable("is empty")
    return zip_longest(values, shadows)


def _scalar(value: Any, kind: str) -> str:
    """Return a primitive's value as the text of its attribute, before escaping."""
    if kind in BOOLEAN:
        return truth(value)
    if kind in NUMBERS:
        return number(value)
    if not isinstance(value, str):
        raise Unwritable(f"is {value!r}, not text")
    if not value:
        raise Unwritable("is empty")
    found = _FORBIDDEN.search(value)
    if found is not None:
        raise Unwritable(f"holds the character U+{ord(found[0]):04X}, which XML has no way to write")
    return value


def _checked_div(value: Any) -> str:
    """Return a narrative's markup as it can stand in XML, which is as it is: XHTML is XML."""
    if not isinstance(value, str):
        raise Unwritable(f"is {value!r}, not text")
    markup = value.strip()
    problem = _Div().problem_of(markup)
    if problem is not None:
        raise Unwritable(problem)
    return markup


class _Div:
    """Tells whether a text is one XHTML div and nothing else."""

    def __init__(self) -> None:
        self.problem: str | None = None
        self.depth = 0
        self.parser = expat.ParserCreate("UTF-8", " ")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        for handler in ("StartDoctypeDeclHandler", "XmlDeclHandler", "CommentHandler"):
            setattr(self.parser, handler, self.outside)
        self.parser.ProcessingInstructionHandler = self.outside

    def problem_of(self, markup: str) -> str | None:
        try:
            self.parser.Parse(markup.encode(), True)  # noqa: FBT003  expat's interface
        except (expat.ExpatError, UnicodeEncodeError) as error:
            return self.problem or f"is no well-formed XHTML ({error})"
        return self.problem

    def start(self, name: str, _: object) -> None:
        if self.depth == 0 and name != XHTML_DIV:
            self.problem = "does not begin with a div of the XHTML namespace"
        self.depth += 1

    def end(self, _: str) -> None:
        self.depth -= 1

    def outside(self, *_: object) -> None:
        if self.depth == 0:
            self.problem = self.problem or "has something besides the div"
