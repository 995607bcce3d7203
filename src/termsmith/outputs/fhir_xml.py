"""FHIR XML: a resource as XML in definition order, as the official schemas ask for it.

https://hl7.org/fhir/R4/xml.html. A code system may have very many concepts, so the text is made in batches:
the walk over a resource collects templates with their values, and a batch is checked, escaped and filled in
as a whole. Nothing that was read is changed or left out; what XML can't express is refused with its place.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from io import BytesIO
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from termsmith.checks.definitions.loading import BOOLEAN, NUMBERS, definitions
from termsmith.outputs.unwritable import DEEPEST, Unwritable, stated_list, write_or_locate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from termsmith.checks.definitions.loading import Element

    Chunks = Callable[[], Iterator[Sequence[Mapping[str, Any]]]]
    Step = tuple[Callable[..., None], Any, Any, Any]

FHIR = "http://hl7.org/fhir"
XHTML_DIV = "http://www.w3.org/1999/xhtml div"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_BATCH = 20_000
"""Values that are escaped together."""
_MOST_PLANS = 5_000
_SEPARATOR = "\x00"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 has no way to write (https://www.w3.org/TR/xml/#charsets)."""
_CONTROLS = bytes(set(range(1, 0x20)) - set(b"\t\n\r"))
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
"""U+FFFE and U+FFFF."""
_ESCAPES = {
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;",
}  # fmt: skip
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
    """Write a resource as `fhir_xml` gives it, without ever holding all of the text.

    Args:
        resource: As for `fhir_xml`.
        fhir_version: As for `fhir_xml`.
        write: Takes the bytes, piece by piece.
        more_concepts: Gives the concepts of a CodeSystem in chunks, where they are not in ``resource``.

    Raises:
        OutputError: As for `fhir_xml`; what was written by then is not to be used.
    """
    write_or_locate(
        lambda: _Writer(fhir_version, write).document(resource, more_concepts),
        lambda: _Locator(fhir_version, lambda _: None).document(resource, more_concepts),
        resource,
        "XML",
    )


class _Shape:
    """What the text of an element depends on, besides which elements it has and their values."""

    def __init__(self, tag: str, type_name: str, depth: int) -> None:
        self.tag, self.type, self.depth = tag, type_name, depth
        self.plans: dict[tuple[str, ...], tuple[Step, ...]] = {}
        """By the elements that it has, in the order in which the data gives them."""


class _Writer:
    """Walks over a resource once; `values` belong to the ``%s`` of `templates` in order."""

    def __init__(self, fhir_version: str, write: Callable[[bytes], object]) -> None:
        self.version = fhir_version
        self.types = definitions(fhir_version).types
        self.write = write
        self.templates: list[str] = [_HEAD]
        self.values: list[str] = []
        self.shapes: dict[tuple[str, str, int], _Shape] = {}

    def document(self, resource: Mapping[str, Any], more_concepts: Chunks | None) -> None:
        self.resource(resource, 0)
        if more_concepts is not None:
            end = f"</{resource['resourceType']}>\n"
            self.templates[-1] = self.templates[-1].removesuffix(end)
            shape = self.shape("concept", "CodeSystem.concept", 1)
            index = 0
            for chunk in more_concepts():
                self.items(chunk, shape, index)
                index += len(chunk)
            self.templates.append(end)
        self.flush()

    def resource(self, data: Any, depth: int) -> None:
        kind = data.get("resourceType") if isinstance(data, dict) else None
        if not isinstance(kind, str) or not self.is_resource(kind):
            problem = f"is a resource of type {kind!r}, of which the order of elements is not known here"
            raise Unwritable(problem)
        self.object(data, self.shape(kind, kind, depth))

    def is_resource(self, kind: str) -> bool:
        return "implicitRules" in self.types.get(kind, ())

    def shape(self, tag: str, type_name: str, depth: int) -> _Shape:
        key = (tag, type_name, depth)
        if key not in self.shapes:
            self.shapes[key] = _Shape(*key)
        return self.shapes[key]

    def object(self, data: Any, shape: _Shape) -> None:
        for take, name, template, more in shape.plans.get(tuple(data)) or self.plan(shape, data):
            take(data, name, template, more)

    def items(self, values: Iterable[Any], shape: _Shape, index: int) -> None:
        plans = shape.plans
        try:
            for value in values:
                for take, name, template, more in plans.get(tuple(value)) or self.plan(shape, value):
                    take(value, name, template, more)
                index += 1
                if len(self.values) > _BATCH:
                    self.flush()
        except Unwritable as fault:
            fault.within(f"{shape.tag}[{index}]")
            raise

    def plan(self, shape: _Shape, data: Any) -> tuple[Step, ...]:
        if not isinstance(data, dict):
            raise Unwritable("is no object")
        if shape.depth > DEEPEST:
            raise Unwritable(f"is nested more than {DEEPEST} deep")
        if len(shape.plans) >= _MOST_PLANS:
            shape.plans.clear()
        steps = shape.plans[tuple(data)] = tuple(_Plan(self, shape, tuple(data)).steps())
        return steps

    # What a step of a plan does. All have the same parameters: data, name, template, and what else it needs.

    def no_text(self, _data: Mapping[str, Any], _names: None, template: str, _: None) -> None:
        self.templates.append(template)

    def text(self, data: Mapping[str, Any], name: str, template: str, _: None) -> None:
        self.templates.append(template)
        self.values.append(data[name])

    def texts(
        self,
        data: Mapping[str, Any],
        _names: Sequence[str],
        template: str,
        values_of: Callable[[Mapping[str, Any]], tuple[str, ...]],
    ) -> None:
        self.templates.append(template)
        self.values += values_of(data)

    def scalar(self, data: Mapping[str, Any], name: str, template: str, element: Element) -> None:
        try:
            self.values.append(_scalar(data[name], element.type))
        except Unwritable as fault:
            fault.within(name)
            raise
        self.templates.append(template)

    def single(self, data: Mapping[str, Any], name: str, _: None, shape: _Shape) -> None:
        try:
            self.object(data[name], shape)
        except Unwritable as fault:
            fault.within(name)
            raise

    def several(self, data: Mapping[str, Any], name: str, _: None, shape: _Shape) -> None:
        values = data[name]
        if type(values) is not list or not values:
            values = self.listed(data, name)
        self.items(values, shape, 0)

    def resources(self, data: Mapping[str, Any], name: str, _: None, more: tuple[Element, int]) -> None:
        """Write resources within another; each has a wrapper of the element's name."""
        element, depth = more
        indent = "  " * depth
        for index, value in enumerate(self.listed(data, name) if element.is_list else [data[name]]):
            self.templates.append(f"{indent}<{name}>\n")
            try:
                self.resource(value, depth + 1)
            except Unwritable as fault:
                fault.within(f"{name}[{index}]" if element.is_list else name)
                raise
            self.templates.append(f"{indent}</{name}>\n")

    @staticmethod
    def listed(data: Mapping[str, Any], name: str) -> list[Any]:
        try:
            return stated_list(data[name])
        except Unwritable as fault:
            fault.within(name)
            raise

    def div(self, data: Mapping[str, Any], name: str, _: None, depth: int) -> None:
        try:
            markup = _checked_div(data[name])
        except Unwritable as fault:
            fault.within(name)
            raise
        self.templates.append(f"{'  ' * depth}{markup.replace('%', '%%')}\n")

    def extended(self, data: Mapping[str, Any], name: str, _: None, more: tuple[Element, int]) -> None:
        """Write a primitive that repeats, or has an id or extensions (``_title``)."""
        element, depth = more
        try:
            if not element.is_list:
                self.primitive(data.get(name), data.get(f"_{name}"), element, depth)
                return
            values, shadows = _paired(data, name)
        except Unwritable as fault:
            fault.within(name)
            raise
        for index, (value, shadow) in enumerate(zip(values, shadows, strict=True)):
            try:
                self.primitive(value, shadow, element, depth)
            except Unwritable as fault:
                fault.within(f"{name}[{index}]")
                raise

    def primitive(self, value: Any, shadow: Any, element: Element, depth: int) -> None:
        if value is None and not shadow:
            raise Unwritable("is empty")
        start = f"{'  ' * depth}<{element.name}"
        if shadow is not None:
            if not isinstance(shadow, dict) or not shadow.keys() <= {"id", "extension"}:
                raise Unwritable("has something besides id and extension beside its value")
            if "id" in shadow:
                start += ' id="%s"'
                self.values.append(_scalar(shadow["id"], "string"))
        if value is not None:
            start += ' value="%s"'
            self.values.append(_scalar(value, element.type))
        if shadow is None or "extension" not in shadow:
            self.templates.append(f"{start}/>\n")
            return
        self.templates.append(f"{start}>\n")
        self.items(stated_list(shadow["extension"]), self.shape("extension", "Extension", depth + 1), 0)
        self.templates.append(f"{'  ' * depth}</{element.name}>\n")

    def flush(self) -> None:
        """Write what was collected."""
        values = self.values
        if values:
            joined = _SEPARATOR.join(values)
            encoded = joined.encode()
            if (
                joined.count(_SEPARATOR) >= len(values)
                or _SEPARATOR * 2 in joined
                or not values[0]
                or not values[-1]
                or len(encoded.translate(None, _CONTROLS)) != len(encoded)
                or any(each in encoded for each in _NO_CHARACTERS)
            ):
                raise Unwritable("has a value that can't be written")
            for character, escaped in _ESCAPES.items():
                joined = joined.replace(character, escaped)
            values = joined.split(_SEPARATOR)
        self.write(("".join(self.templates) % tuple(values)).encode())
        self.templates, self.values = [], []


class _Locator(_Writer):
    """Looks at each value by itself, to name the first that can't be written."""

    def text(self, data: Mapping[str, Any], name: str, template: str, more: None) -> None:
        self.look(data, name)
        super().text(data, name, template, more)

    def texts(
        self,
        data: Mapping[str, Any],
        names: Sequence[str],
        template: str,
        values_of: Callable[[Mapping[str, Any]], tuple[str, ...]],
    ) -> None:
        for name in names:
            self.look(data, name)
        super().texts(data, names, template, values_of)

    @staticmethod
    def look(data: Mapping[str, Any], name: str) -> None:
        try:
            _scalar(data[name], "string")
        except Unwritable as fault:
            fault.within(name)
            raise


class _Plan:
    """The steps that write elements of one shape; neighbouring texts become one step."""

    def __init__(self, writer: _Writer, shape: _Shape, keys: tuple[str, ...]) -> None:
        self.writer, self.shape, self.keys = writer, shape, keys
        self.template, self.names = "", list[str]()
        self.done: list[Step] = []

    def steps(self) -> list[Step]:
        shape, elements = self.shape, self.writer.types.get(self.shape.type, {})
        unknown = self.unknown_keys(elements)
        if unknown:
            raise Unwritable(f"has {unknown[0]!r}, which {self.writer.version} does not define")
        indent, keys = "  " * shape.depth, set(self.keys)
        root = f' xmlns="{FHIR}"' if shape.depth == 0 else ""
        self.template = f"{indent}<{shape.tag}{root}"
        attributes = [name for name in ("id", "url") if self.is_attribute(name) and name in keys]
        for name in attributes:
            self.template += f' {name}="%s"'
            self.names.append(name)
        children = [
            element
            for name, element in elements.items()
            if (name in keys or f"_{name}" in keys) and name not in attributes
        ]
        if not children and not attributes:
            raise Unwritable("is empty")
        self.template += ">\n" if children else "/>\n"
        for element in children:
            self.child(element)
        if children:
            self.template += f"{indent}</{shape.tag}>\n"
        self.end_texts()
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
        writer, name, depth = self.writer, element.name, self.shape.depth + 1
        template = f'{"  " * depth}<{name} value="%s"/>\n'
        if element.type == "Resource":
            self.step(writer.resources, name, None, (element, depth))
        elif not element.is_primitive:
            take = writer.several if element.is_list else writer.single
            self.step(take, name, None, writer.shape(name, element.type, depth))
        elif element.type == "xhtml":
            self.step(writer.div, name, None, depth)
        elif element.is_list or f"_{name}" in self.keys:
            self.step(writer.extended, name, None, (element, depth))
        elif element.type in BOOLEAN or element.type in NUMBERS:
            self.step(writer.scalar, name, template, element)
        else:
            self.template += template
            self.names.append(name)

    def step(self, take: Callable[..., None], name: str, template: str | None, more: Any) -> None:
        self.end_texts()
        self.done.append((take, name, template, more))

    def end_texts(self) -> None:
        writer, names = self.writer, tuple(self.names)
        if len(names) > 1:
            self.done.append((writer.texts, names, self.template, itemgetter(*names)))
        elif names:
            self.done.append((writer.text, names[0], self.template, None))
        elif self.template:
            self.done.append((writer.no_text, None, self.template, None))
        self.template, self.names = "", []


def _paired(data: Mapping[str, Any], name: str) -> tuple[list[Any], list[Any]]:
    """Return the values of a repeating primitive, and what stands beside each."""
    stated, beside = data.get(name), data.get(f"_{name}")
    values = [] if stated is None else stated_list(stated)
    shadows = [] if beside is None else stated_list(beside)
    length = max(len(values), len(shadows))
    if not length:
        raise Unwritable("is empty")
    return values + [None] * (length - len(values)), shadows + [None] * (length - len(shadows))


def _scalar(value: Any, kind: str) -> str:
    """Return a primitive's value as the text of its attribute, before escaping."""
    if kind in BOOLEAN:
        if isinstance(value, bool):
            return "true" if value else "false"
        raise Unwritable(f"is {value!r}, not true or false")
    if kind in NUMBERS:
        return number_text(value)
    if not isinstance(value, str):
        raise Unwritable(f"is {value!r}, not text")
    if not value:
        raise Unwritable("is empty")
    found = _FORBIDDEN.search(value)
    if found is not None:
        raise Unwritable(f"holds the character U+{ord(found[0]):04X}, which XML has no way to write")
    return value


def number_text(value: Any) -> str:
    """Return a number with its digits.

    Raises:
        Unwritable: When it is none, or not finite.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Unwritable(f"is {value!r}, not a number")
    if not isinstance(value, int) and not math.isfinite(value):
        raise Unwritable(f"is {value!r}, which FHIR has no number for")
    return repr(value) if isinstance(value, float) else str(value)


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
