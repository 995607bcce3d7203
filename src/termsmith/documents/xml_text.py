"""FHIR XML as the same data that JSON gives, with the faults that only XML can have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from termsmith import catalogue
from termsmith.checks.definitions.loading import NUMBERS, Element, definitions
from termsmith.checks.rule import Hit, hit
from termsmith.checks.structure.words import shown
from termsmith.documents.document import DocumentError
from termsmith.model.exact_decimal import exact_decimal
from termsmith.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FHIR = "http://hl7.org/fhir"
XHTML = "http://www.w3.org/1999/xhtml"
DEEPEST = 200
"""Levels of elements that are read."""
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)
_PRIMITIVE_PARTS = {
    "extension": Element("extension", "Extension", 0, is_list=True, value_set=None, choice=None, codes=None)
}


class XmlResource:
    """What an XML file holds."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.data: dict[str, Any] = {}
        self.form: dict[str, list[Hit]] = {}
        """Faults by code of the rule, with pointers from the root of the file."""
        self.places: dict[str, tuple[int, int]] = {}
        """Of the pointers that were asked for, and of all that is around them."""


def read_xml(data: bytes, source: str, *, wanted: Iterable[str] = ()) -> XmlResource:
    """Return the resource that an XML text holds.

    Args:
        data: The bytes; their encoding is what XML says.
        source: Their name, for the finding.
        wanted: JSON pointers whose places are noted.

    Raises:
        DocumentError: DOC002, DOC004 or DOC005, with its place.
    """
    return _Reader(data, source, wanted).read()


def locate_in_xml(data: bytes, pointers: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return line and column of the elements at JSON pointers, or of what is nearest around them."""
    wanted = list(pointers)
    places = read_xml(data, "", wanted=wanted).places
    found = {}
    for pointer in wanted:
        nearest = pointer
        while nearest and nearest not in places:
            nearest = nearest.rpartition("/")[0]
        found[pointer] = places.get(nearest, (1, 1))
    return found


def _element_of(type_name: str | None, name: str) -> tuple[Element | None, int]:
    """Return an element of a type in R5, else R4, and its position in the definition."""
    if type_name is None:
        return None, 0
    if type_name.startswith("#"):  # a simple value, which has extensions only
        return _PRIMITIVE_PARTS.get(name), 0
    for version in ("R5", "R4"):
        elements = definitions(version).types.get(type_name, {})
        if name in elements:
            return elements[name], list(elements).index(name)
    return None, 0


def _is_attribute(parent: _Frame, name: str) -> bool:
    """Tell whether an element should be an attribute: ids of all but resources, and URLs of extensions."""
    if parent.type == "Extension" and name == "url":
        return True
    return name == "id" and "resourceType" not in parent.data and parent.type is not None


class _Frame:
    """An element that is open."""

    __slots__ = (
        "after", "data", "element", "last", "misplaced", "name", "pointer", "text", "type", "value",
    )  # fmt: skip

    def __init__(self, name: str, type_name: str | None, element: Element | None, pointer: str) -> None:
        self.name, self.type, self.element, self.pointer = name, type_name, element, pointer
        self.data: dict[str, Any] = {}
        self.value: Any = None
        self.last, self.after = -1, ""
        self.misplaced: list[tuple[str, str, str]] = []
        """Elements that come after one that they precede in the definition: pointer, name, that one."""
        self.text = ""


class _Reader:
    def __init__(self, data: bytes, source: str, wanted: Iterable[str]) -> None:
        self.data, self.source = data, source
        self.result = XmlResource()
        self.wanted: set[str] = set()
        for each in wanted:
            pointer = each
            while pointer and pointer not in self.wanted:
                self.wanted.add(pointer)
                pointer = pointer.rpartition("/")[0]
        self.frames: list[_Frame] = []
        self.markup: int | None = None
        self.markup_depth = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.ProcessingInstructionHandler = self.instruction
        self.parser.XmlDeclHandler = self.declaration
        self.parser.buffer_text = True

    def read(self) -> XmlResource:
        try:
            self.parser.Parse(self.data, True)  # noqa: FBT003  expat's interface
        except expat.ExpatError as error:
            place = Place(self.source, error.lineno, error.offset + 1)
            problem = expat.errors.messages.get(error.code, str(error))
            raise DocumentError(catalogue.DOCUMENT_XML.found(place=place, problem=problem)) from error
        return self.result

    def place(self) -> Place:
        return Place(self.source, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)

    def doctype(self, *_: object) -> None:
        problem = "it declares a document type, which may define entities; those are not read"
        raise DocumentError(catalogue.DOCUMENT_XML.found(place=self.place(), problem=problem))

    def instruction(self, name: str, _data: str) -> None:
        if self.frames and self.markup is None:
            self.fault("STR096", self.frames[-1].pointer, name=shown(name))

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.upper() not in {"UTF-8", "UTF8"}:
            self.fault("STR097", "", encoding=shown(encoding))

    def fault(self, code: str, pointer: str, **facts: Any) -> None:
        self.result.form.setdefault(code, []).append(hit(pointer, **facts))

    def start(self, full_name: str, attributes: Mapping[str, str]) -> None:
        if self.markup is not None:
            self.markup_depth += 1
            return
        namespace, _, name = full_name.rpartition(" ")
        if len(self.frames) >= DEEPEST:
            raise DocumentError(catalogue.DOCUMENT_DEEP.found(place=self.place(), limit=DEEPEST))
        if not self.frames:
            self.root(namespace, name)
        elif namespace == XHTML and name == "div":
            self.open(name)
            self.markup, self.markup_depth = self.parser.CurrentByteIndex, 0
            return
        else:
            self.open(name)
            if namespace != FHIR:
                self.fault("STR094", self.frames[-1].pointer, element=name, namespace=shown(namespace))
        self.attributes(attributes)

    def root(self, namespace: str, name: str) -> None:
        if namespace != FHIR:
            problem = f"the root element {name} is not in the namespace {FHIR}"
            raise DocumentError(catalogue.DOCUMENT_NO_RESOURCE.found(place=self.place(), problem=problem))
        frame = _Frame(name, name, None, "")
        frame.data["resourceType"] = name
        self.frames.append(frame)
        self.note("")

    def note(self, pointer: str) -> None:
        if pointer in self.wanted or not pointer:
            self.result.places[pointer] = (
                self.parser.CurrentLineNumber,
                self.parser.CurrentColumnNumber + 1,
            )

    def open(self, name: str) -> None:
        """Open an element within another."""
        parent = self.frames[-1]
        if parent.element is not None and parent.element.type == "Resource" and not parent.data:
            # The wrapper of a contained resource becomes the resource.
            parent.data["resourceType"] = name
            frame = _Frame(name, name, None, parent.pointer)
            frame.data = parent.data
            self.frames.append(frame)
            return
        element, position = _element_of(parent.type, name)
        if _is_attribute(parent, name):
            self.fault("STR098", f"{parent.pointer}/{name}", name=name, element=parent.name)
        pointer = f"{parent.pointer}/{self.key(parent, element, name)}"
        if element is not None:
            if position < parent.last:
                parent.misplaced.append((pointer, name, parent.after))
            else:
                parent.last, parent.after = position, name
        kind = None if element is None else f"#{element.type}" if element.is_primitive else element.type
        frame = _Frame(name, kind, element, pointer)
        self.frames.append(frame)
        self.note(pointer)

    @staticmethod
    def key(parent: _Frame, element: Element | None, name: str) -> str:
        """Return the last steps of an element's pointer."""
        stated = parent.data.get(name)
        if element is not None and element.is_list:
            return f"{name}/{len(stated) if isinstance(stated, list) else 0}"
        return name

    def attributes(self, attributes: Mapping[str, str]) -> None:
        frame = self.frames[-1]
        for full_name, text in attributes.items():
            name = full_name.rpartition(" ")[2]
            if name == "value" and frame.type is not None and frame.type.startswith("#"):
                frame.value = _typed(text, frame.type[1:])
            elif name == "id" and frame.element is not None:
                frame.data["id"] = text
            elif name == "url" and frame.type == "Extension":
                frame.data["url"] = text
                self.note(f"{frame.pointer}/url")
            elif frame.type is None and frame.element is None and len(self.frames) > 1:
                frame.data[name] = text
            else:
                self.fault("STR092", frame.pointer, element=frame.name, name=shown(full_name))

    def characters(self, text: str) -> None:
        if self.markup is None and self.frames and not text.isspace():
            self.frames[-1].text += text[:100]

    def end(self, _name: str) -> None:
        if self.markup is not None:
            if self.markup_depth:
                self.markup_depth -= 1
                return
            end = self.data.index(b">", self.parser.CurrentByteIndex) + 1
            self.frames[-1].value = self.data[self.markup : end].decode("utf-8", "replace")
            self.markup = None
        frame = self.frames.pop()
        if frame.text:
            self.fault("STR093", frame.pointer, element=frame.name, text=shown(frame.text.strip()))
        if frame.misplaced:
            pointer, first, before = frame.misplaced[0]
            names = ", ".join(dict.fromkeys(name for _, name, _ in frame.misplaced))
            self.fault("STR091", pointer, name=first, before=before, names=names)
        for name in [name for name, value in frame.data.items() if _only_nothing(value)]:
            del frame.data[name]
        if not self.frames:
            self.result.data = frame.data
            return
        parent = self.frames[-1]
        if frame.data is parent.data:
            return
        self.close(frame, parent)

    def close(self, frame: _Frame, parent: _Frame) -> None:
        """Put what an element gave into the one around it."""
        element, name, into = frame.element, frame.name, parent.data
        if element is None:
            into[name] = frame.data or frame.value
            return
        if not element.is_primitive:
            if not frame.data:
                self.fault("STR095", frame.pointer, element=name)
            _put(into, name, frame.data, element)
            return
        if frame.value is None and not frame.data:
            self.fault("STR095", frame.pointer, element=name)
        shadow = f"_{name}"
        if element.is_list:
            into.setdefault(name, []).append(frame.value)
            into.setdefault(shadow, []).append(frame.data or None)
            return
        if frame.value is not None:
            _put(into, name, frame.value, element)
        if frame.data:
            into[shadow] = frame.data


def _put(into: dict[str, Any], name: str, value: Any, element: Element) -> None:
    if element.is_list:
        into.setdefault(name, []).append(value)
    elif name in into:  # comes twice, which JSON can only say with an array
        stated = into[name]
        into[name] = [*stated, value] if isinstance(stated, list) else [stated, value]
    else:
        into[name] = value


def _only_nothing(value: Any) -> bool:
    return isinstance(value, list) and all(each is None for each in value)


def _typed(text: str, kind: str) -> Any:
    """Return an attribute's text as the value that JSON has; as text where it is none of its type."""
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if kind == "decimal":
        return exact_decimal(text) if _DECIMAL.fullmatch(text) else text
    if kind in NUMBERS:
        return int(text) if _INTEGER.fullmatch(text) else text
    return text
