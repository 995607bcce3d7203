"""FHIR XML as the same data that JSON gives, with the faults that only XML can have."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from termsmith import catalogue
from termsmith.checks.definitions.loading import NUMBERS
from termsmith.checks.structure.words import shown
from termsmith.collecting import paused
from termsmith.documents.document import DocumentError
from termsmith.documents.encodings import EncodingFault, decode_xml
from termsmith.documents.form import Form
from termsmith.documents.pointers import Spot, Wanted, wanted_of
from termsmith.documents.xml_elements import elements_of
from termsmith.model.attribute_text import AttributeText
from termsmith.model.exact_decimal import exact_decimal
from termsmith.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from termsmith.checks.definitions.loading import Element
    from termsmith.documents.encodings import Decoded

FHIR = "http://hl7.org/fhir"
XHTML = "http://www.w3.org/1999/xhtml"
DEEPEST = 200
"""Levels of elements that are read."""
_OPENING = re.compile(rb"(<(?:([^\s/>:]++):)?[^\s/>]++)(?:[^>\"'/]++|\"[^\"]*+\"|'[^']*+')*+(/?)>")
"""A first tag: with its name, its prefix, and what makes it an empty element."""
_PREFIX = re.compile(r"[<\s/]([^\s<>/=:\"']{1,100}):")
_LONGEST_TEXT = 100
"""Characters of misplaced text that are kept to show them."""
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)


class XmlResource:
    """What an XML file holds."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.data: dict[str, Any] = {}
        self.form = Form()
        self.spot = Spot((1, 1))
        """Places of what was asked for."""
        self.differs = False
        """Whether it has an element that R4 and R5 write differently."""


def read_xml(data: bytes, source: str, *, version: str = "R4", wanted: Wanted | None = None) -> XmlResource:
    """Return the resource that an XML text holds.

    Args:
        data: The bytes; their encoding is what XML says.
        source: Their name, for the finding.
        version: FHIR release whose definition counts where an element differs between them.
        wanted: What places are noted of.

    Raises:
        DocumentError: DOC002, DOC004 or DOC005, with its place.
    """
    decoded = decode_xml(data)
    if isinstance(decoded, EncodingFault):
        place = Place(source, decoded.line, decoded.column)
        raise DocumentError(catalogue.DOCUMENT_XML.found(place=place, problem=decoded.problem))
    with paused():
        return _Reader(decoded, source, version, wanted or Wanted()).read()


def locate_in_xml(data: bytes, pointers: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return line and column of the elements at JSON pointers, or of what is nearest around them."""
    asked = list(dict.fromkeys(pointers))
    root = read_xml(data, "", wanted=wanted_of(asked)).spot
    return {pointer: root.nearest(pointer) for pointer in asked}


class _Frame:
    """An element that is open."""

    __slots__ = (
        "after", "data", "element", "inner_spot", "inner_wanted", "key", "last", "misplaced", "more", "name",
        "parent", "steps", "text", "type", "value",
    )  # fmt: skip

    def __init__(self, name: str, type_name: str | None, element: Element | None) -> None:
        self.name, self.type, self.element = name, type_name, element
        self.key = name
        """Its name in JSON."""
        self.parent: _Frame | None = None
        self.steps: tuple[str, ...] = ()
        """From the parent's object to the value in JSON: ``("concept", "0")``."""
        self.inner_spot: Spot[tuple[int, int]] | None = None
        self.inner_wanted: Wanted | None = None
        self.data: dict[str, Any] = {}
        self.more: list[dict[str, Any]] = []
        """Of the wrapper of a contained resource: those that stand beside the first, where one belongs."""
        self.value: Any = None
        self.last, self.after = -1, ""
        self.misplaced: list[tuple[tuple[str, ...], str, str]] = []
        """Elements that come after one that they precede in the definition: steps, name, that one."""
        self.text = ""

    @property
    def is_primitive(self) -> bool:
        return self.element is not None and self.element.is_primitive

    @property
    def inner_steps(self) -> tuple[str, ...]:
        """From the parent's object to the object of its own parts, which simple values have beside them."""
        return (f"_{self.steps[0]}", *self.steps[1:]) if self.is_primitive else self.steps


class _Reader:
    def __init__(self, decoded: Decoded, source: str, version: str, wanted: Wanted) -> None:
        self.decoded, self.source, self.version, self.wanted = decoded, source, version, wanted
        self.result = XmlResource()
        self.frames: list[_Frame] = []
        self.markup: int | None = None
        self.markup_depth = 0
        self.namespaces: dict[str | None, list[str]] = {}
        """By prefix, innermost last."""
        self.declared: set[str | None] = set()
        """Prefixes that the element to come declares itself."""
        self.declared_by_markup: set[str | None] = set()
        """Those that the narrative declares itself."""
        self.parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.ProcessingInstructionHandler = self.instruction
        self.parser.XmlDeclHandler = self.declaration
        self.parser.StartNamespaceDeclHandler = self.namespace
        self.parser.EndNamespaceDeclHandler = self.end_namespace
        self.parser.buffer_text = True

    def read(self) -> XmlResource:
        if not self.decoded.is_utf8:
            self.result.form.add("STR097", encoding=shown(self.decoded.encoding))
        try:
            self.parser.Parse(self.decoded.data, True)  # noqa: FBT003  expat's interface
        except expat.ExpatError as error:
            place = Place(self.source, error.lineno, error.offset + 1)
            problem = expat.errors.messages.get(error.code, str(error))
            raise DocumentError(catalogue.DOCUMENT_XML.found(place=place, problem=problem)) from error
        finally:
            del self.parser  # it knows our methods and we know it, which only the cycle collector would end
        return self.result

    def here(self) -> tuple[int, int]:
        return self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1

    def place(self) -> Place:
        return Place(self.source, *self.here())

    def doctype(self, *_: object) -> None:
        # Expat stands somewhere in it, or at its end; there is nothing but comments and instructions before.
        before = self.decoded.data[: self.parser.CurrentByteIndex + 1].rpartition(b"<!DOCTYPE")[0]
        text = before.decode("utf-8", "replace")
        place = Place(self.source, text.count("\n") + 1, len(text) - text.rfind("\n"))
        problem = "it declares a document type, which may define entities; those are not read"
        raise DocumentError(catalogue.DOCUMENT_XML.found(place=place, problem=problem))

    def instruction(self, name: str, _data: str) -> None:
        if self.frames and self.markup is None:
            self.form(self.frames[-1]).add("STR096", name=shown(name))

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        stated = "UTF-8" if encoding is None else encoding
        if self.decoded.is_utf8 and stated.upper() not in {"UTF-8", "UTF8"}:
            self.result.form.add("STR097", encoding=shown(stated))

    def namespace(self, prefix: str | None, uri: str) -> None:
        self.declared.add(prefix)
        self.namespaces.setdefault(prefix, []).append(uri or "")

    def end_namespace(self, prefix: str | None) -> None:
        self.namespaces[prefix].pop()

    def form(self, frame: _Frame) -> Form:
        """Return the faults of an element, to add to them."""
        return self.inside(frame.parent).at(*frame.steps)

    def inside(self, frame: _Frame | None) -> Form:
        """Return the faults of what stands in an element."""
        path: list[str] = []
        while frame is not None:
            path[:0] = frame.inner_steps
            frame = frame.parent
        return self.result.form.at(*path)

    def start(self, full_name: str, attributes: Mapping[str, str]) -> None:
        declared, self.declared = self.declared, set()
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
            self.declared_by_markup = declared
            return
        else:
            self.open(name)
            if namespace != FHIR:
                self.form(self.frames[-1]).add("STR094", tag=shown(name), namespace=shown(namespace))
        self.attributes(attributes)

    def root(self, namespace: str, name: str) -> None:
        if namespace != FHIR:
            problem = f"the root element {shown(name)} is not in the namespace {FHIR}"
            raise DocumentError(catalogue.DOCUMENT_NO_RESOURCE.found(place=self.place(), problem=problem))
        frame = _Frame(name, name, None)
        frame.data["resourceType"] = name
        self.result.spot = frame.inner_spot = Spot(self.here())
        frame.inner_wanted = self.wanted
        self.frames.append(frame)

    def note(
        self, parent: _Frame, steps: tuple[str, ...]
    ) -> tuple[Spot[tuple[int, int]] | None, Wanted | None]:
        """Keep the place of what begins here, if it or something below it is wanted."""
        spot, wanted = parent.inner_spot, parent.inner_wanted
        for number, step in enumerate(steps, start=1):
            wanted = None if wanted is None else wanted.get(step)
            if spot is None or wanted is None:
                return None, None
            # Of what repeats and should not, the last counts; a list begins where its first item does.
            if number == len(steps) or step not in spot.below:
                spot.below[step] = Spot(self.here())
            spot = spot.below[step]
        return spot, wanted

    def open(self, name: str) -> None:
        """Open an element within another."""
        parent = self.frames[-1]
        if parent.element is not None and parent.element.type == "Resource":
            # The wrapper of a contained resource becomes the resource.
            frame = _Frame(name, name, None)
            frame.parent = parent
            if parent.data:
                parent.more.append(frame.data)
            else:
                frame.data = parent.data
            frame.data["resourceType"] = name
            frame.inner_spot, frame.inner_wanted = parent.inner_spot, parent.inner_wanted
            self.frames.append(frame)
            return
        defined = None if parent.type is None else elements_of(parent.type, self.version).get(name)
        element = None if defined is None else defined.element
        kind = None if element is None else f"#{element.type}" if element.is_primitive else element.type
        frame = _Frame(name, kind, element)
        frame.parent = parent
        if element is None and (name.startswith("_") or (name == "resourceType" and name in parent.data)):
            frame.key = f"{name} (XML element)"  # the plain name means something else in JSON
        frame.steps = self.steps(parent, frame)
        if _is_attribute(parent, name):
            self.form(frame).add("STR098", name=name, tag=shown(parent.name))
        if defined is not None:
            self.result.differs = self.result.differs or defined.differs
            if defined.position < parent.last:
                parent.misplaced.append((frame.steps, name, parent.after))
            else:
                parent.last, parent.after = defined.position, name
        spot, wanted = self.note(parent, frame.steps)
        if frame.is_primitive:
            spot, wanted = self.note(parent, frame.inner_steps)
        frame.inner_spot, frame.inner_wanted = spot, wanted
        self.frames.append(frame)

    @staticmethod
    def steps(parent: _Frame, frame: _Frame) -> tuple[str, ...]:
        if frame.element is not None and frame.element.is_list:
            stated = parent.data.get(frame.key)
            return (frame.key, str(len(stated) if isinstance(stated, list) else 0))
        return (frame.key,)

    def attributes(self, attributes: Mapping[str, str]) -> None:
        frame = self.frames[-1]
        for name, text in attributes.items():
            if name == "value" and frame.type is not None and frame.type.startswith("#"):
                frame.value = _typed(text, frame.type[1:])
            elif name == "id" and frame.element is not None and frame.element.type != "Resource":
                frame.data["id"] = text
            elif name == "url" and frame.type == "Extension":
                frame.data["url"] = text
                self.note(frame, ("url",))
            elif frame.type is None and frame.element is None and len(self.frames) > 1 and " " not in name:
                frame.data[name] = text
            else:
                self.form(frame).add("STR092", tag=shown(frame.name), name=shown(name))

    def characters(self, text: str) -> None:
        if self.markup is None and self.frames and not text.isspace():
            frame = self.frames[-1]
            if len(frame.text) < _LONGEST_TEXT:
                frame.text += text[:_LONGEST_TEXT]

    def end(self, _name: str) -> None:
        if self.markup is not None:
            if self.markup_depth:
                self.markup_depth -= 1
                return
            self.frames[-1].value = self.narrative(self.markup)
            self.markup = None
        frame = self.frames.pop()
        if frame.text:
            self.form(frame).add("STR093", tag=shown(frame.name), text=shown(frame.text.strip()))
        if frame.misplaced:
            steps, first, before = frame.misplaced[0]
            names = ", ".join(dict.fromkeys(name for _, name, _ in frame.misplaced))
            self.inside(frame).at(*steps).add("STR091", name=first, before=before, names=names)
        for name in [name for name, value in frame.data.items() if _only_nothing(value)]:
            del frame.data[name]
        if not self.frames:
            self.result.data = frame.data
            return
        parent = self.frames[-1]
        is_wrapped = frame.data is parent.data or (parent.more and parent.more[-1] is frame.data)
        if not is_wrapped:
            self.close(frame, parent)

    def narrative(self, start: int) -> str:
        """Return the markup that ends here to the letter, with the namespaces that it has from around it."""
        data = self.decoded.data
        opening = _OPENING.match(data, start)
        assert opening is not None, "expat read one here"  # noqa: S101  narrows the type
        # Of an empty element, expat does not stand at its end, but behind it.
        end = opening.end() if opening[3] else data.index(b">", self.parser.CurrentByteIndex) + 1
        text = data[start:end].decode("utf-8", "replace")
        name = opening[1].decode()
        used: dict[str | None, None] = {} if opening[2] else {None: None}
        used |= dict.fromkeys(_PREFIX.findall(text))
        needed = [
            f" xmlns{'' if prefix is None else ':'}{prefix or ''}={quoteattr(self.namespaces[prefix][-1])}"
            for prefix in used
            if prefix not in self.declared_by_markup and self.namespaces.get(prefix)
        ]
        return f"{name}{''.join(needed)}{text[len(name) :]}"

    def close(self, frame: _Frame, parent: _Frame) -> None:
        """Put what an element gave into the one around it."""
        element, name, into = frame.element, frame.key, parent.data
        if element is None:
            _put(into, name, frame.data or frame.value or {})
            return
        if frame.value is None and not frame.data:
            self.form(frame).add("STR095", tag=shown(frame.name))
        if not element.is_primitive:
            data = [frame.data, *frame.more] if frame.more else frame.data
            if element.is_list:
                into.setdefault(name, []).append(data)
            else:
                _put(into, name, data)
            return
        shadow = f"_{name}"
        if element.is_list:
            into.setdefault(name, []).append(frame.value)
            into.setdefault(shadow, []).append(frame.data or None)
            return
        if frame.value is not None:
            _put(into, name, frame.value)
        if frame.data:
            into[shadow] = frame.data


def _is_attribute(parent: _Frame, name: str) -> bool:
    """Tell whether an element should be an attribute: ids of all but resources, and URLs of extensions."""
    if parent.type == "Extension" and name == "url":
        return True
    return name == "id" and "resourceType" not in parent.data and parent.type is not None


def _put(into: dict[str, Any], name: str, value: Any) -> None:
    """Put a value that is no list; when it comes twice, which JSON can only say with one, as a list."""
    if name not in into:
        into[name] = value
    elif isinstance(into[name], list):
        into[name].append(value)
    else:
        into[name] = [into[name], value]


def _only_nothing(value: Any) -> bool:
    return isinstance(value, list) and all(each is None for each in value)


def _typed(text: str, kind: str) -> Any:
    """Return an attribute's text as the value that JSON has; as text where it is none of its type."""
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, AttributeText(text))
    if kind == "decimal":
        number = exact_decimal(text) if _DECIMAL.fullmatch(text) else math.inf
        return number if math.isfinite(number) else AttributeText(text)
    if kind in NUMBERS:
        return int(text) if _INTEGER.fullmatch(text) else AttributeText(text)
    return text
