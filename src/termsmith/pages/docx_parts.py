"""The parts of a Word document beside its text: styles, numbering, and where links lead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from xml.parsers import expat

from termsmith.catalogue import PAGE_ENTITIES, PAGE_MALFORMED, PAGE_TOO_DEEP
from termsmith.errors import PageError
from termsmith.model.finding import Severity
from termsmith.pages.elements import link_url
from termsmith.pages.markup import DEEPEST
from termsmith.pages.raised import Script
from termsmith.pages.unread import Thing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

MAIN_PART = "word/document.xml"
FORMAT = "a Word document (.docx)"

Attributes: TypeAlias = "Mapping[str, str]"


class ListLevel(NamedTuple):
    """One level of a document's lists."""

    marker: str
    """``*``, or the number of the first item with a dot."""
    sequence: str
    """What goes on counting together."""


Numbering: TypeAlias = "Mapping[tuple[str, str], ListLevel]"
"""List number and level, as in the document -> what it is."""

RUN_PROPERTIES = frozenset({"vanish", "strike", "dstrike", "vertAlign"})
_SCRIPTS = {"superscript": Script.SUPER, "subscript": Script.SUB}
_FALSE = frozenset({"0", "false", "off"})
_SHOWING = {"blip": "picture", "imagedata": "picture", "chart": "chart", "relIds": "diagram"}
"""Element that shows something -> what that is."""
_DESCRIBING = frozenset({"docPr", "shape"})
"""Elements around these that name and describe them: in DrawingML and in VML."""
DRAWN = frozenset({*_SHOWING, *_DESCRIBING, "sym"})
_LONGEST_NUMBER = 9
_LAST_HEADING = 6
_LAST_LEVEL = 8
"""Of lists and outlines: ECMA-376 part 1, 17.9.3."""
_LONGEST_LEVEL = 9
"""Digits that are counted; Python refuses numbers of some thousands."""
_NAMED_HEADING = re.compile(r"heading ?(\d)", re.IGNORECASE)
_NAMED_LIST = re.compile(r"list ?(bullet|number)(?: ?(\d))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a paragraph is, by its style or by its own properties."""

    heading: int = 0
    """Level from 1; 0 for no heading."""
    list_number: str | None = None
    """Number of the list it belongs to, as in the document; ``0`` for none after all, absent where unsaid."""
    list_level: str = "0"
    marker: str = ""
    """Of a style that is named as a list."""
    depth: int = 1
    """Of a style that is named as a list, from 1."""


def parse(
    data: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Parse a part and tell of its elements, by their names without namespace.

    Raises:
        PageError: PAG004, when it is not well-formed; PAG005, when it is nested too deeply; PAG006, when it
            declares entities.
    """
    depth = 0

    def refuse(name: str, *_: object) -> None:
        raise PageError(PAGE_ENTITIES.found(name=name))

    def started(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise PageError(PAGE_TOO_DEEP.found(limit=DEEPEST))
        start(name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(name.rpartition(" ")[2])

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = started
    parser.EndElementHandler = ended
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)  # noqa: FBT003
    except expat.ExpatError as error:
        raise PageError(PAGE_MALFORMED.found(format=FORMAT, problem=str(error))) from None
    except (LookupError, ValueError) as error:
        # Whatever codec the XML names is asked for, and raises its own errors.
        problem = f"its encoding is none of XML's: {error}"
        raise PageError(PAGE_MALFORMED.found(format=FORMAT, problem=problem)) from None


def level_of(stated: str) -> int:
    """Return a level, from 0, as a document states it; none that Word does not have.

    >>> level_of("2"), level_of("100000000"), level_of("")
    (2, 8, 0)
    """
    if not stated.isdecimal():
        return 0
    return min(int(stated), _LAST_LEVEL) if len(stated) <= _LONGEST_LEVEL else _LAST_LEVEL


class Properties:
    """Collects what a paragraph's properties say of it."""

    def __init__(self) -> None:
        self.style_id = ""
        self._heading = 0
        self._number: str | None = None
        self._level = "0"

    def take(self, name: str, attributes: Attributes) -> None:
        """Take note of an element in ``w:pPr``."""
        value = attributes.get("val", "")
        if name == "pStyle":
            self.style_id = value
        elif name == "outlineLvl" and value.isdecimal():
            self._heading = level_of(value) + 1 if level_of(value) < _LAST_HEADING else 0
        elif name == "numId":
            self._number = value
        elif name == "ilvl":
            self._level = value

    def style(self, styles: Mapping[str, Style]) -> Style:
        """Return these properties, completed by those of the style that they name."""
        named = styles.get(self.style_id) or _by_name(self.style_id)
        return Style(
            heading=self._heading or named.heading,
            list_number=named.list_number if self._number is None else self._number,
            list_level=named.list_level if self._number is None else self._level,
            marker=named.marker,
            depth=named.depth,
        )


class RunProperties:
    """What the properties of a run say of its text."""

    def __init__(self) -> None:
        self.vanished = False
        self.struck = False
        self.script: Script | None = None
        """Where it stands off the line."""

    def take(self, name: str, attributes: Attributes) -> None:
        """Take note of one of `RUN_PROPERTIES`."""
        if name == "vertAlign":
            self.script = _SCRIPTS.get(attributes.get("val", ""))
            return
        is_so = attributes.get("val", "1") not in _FALSE
        if name == "vanish":
            self.vanished = is_so
        else:
            self.struck = self.struck or is_so


class Drawing:
    """Says of pictures, diagrams and symbols what they are."""

    def __init__(self) -> None:
        self._described: Attributes = {}

    def take(self, name: str, attributes: Attributes) -> Thing | None:
        """Take one of `DRAWN`; return what it shows, if it does."""
        if name in _DESCRIBING:
            self._described = attributes
            return None
        if name == "sym":
            return Thing(
                f"the symbol {attributes.get('char', '')} of the font {attributes.get('font', '')!r}"
            )
        described, self._described = self._described, {}
        title = described.get("name") or attributes.get("title", "")
        alternative = described.get("descr") or described.get("title") or described.get("alt")
        what = f"the {_SHOWING[name]} {title!r}" if title else f"a {_SHOWING[name]}"
        if alternative:
            return Thing(f"{what} ({' '.join(alternative.split())})")
        return Thing(what, Severity.INFORMATION if _SHOWING[name] == "picture" else Severity.WARNING)


def read_styles(data: bytes | None) -> Mapping[str, Style]:
    """Return the paragraph styles of a document by their ids."""
    names: dict[str, str] = {}
    bases: dict[str, str] = {}
    properties: dict[str, Properties] = {}
    current = ""

    def start(name: str, attributes: Attributes) -> None:
        nonlocal current
        if name == "style":
            current = attributes.get("styleId", "")
            properties[current] = Properties()
        elif current and name == "name":
            names[current] = attributes.get("val", "")
        elif current and name == "basedOn":
            bases[current] = attributes.get("val", "")
        elif current:
            properties[current].take(name, attributes)

    if data is not None:
        parse(data, start)
    resolved: dict[str, Style] = {}
    for style_id in properties:
        _resolve(style_id, names, bases, properties, resolved)
    return resolved


def _resolve(
    style_id: str,
    names: Mapping[str, str],
    bases: Mapping[str, str],
    properties: Mapping[str, Properties],
    resolved: dict[str, Style],
) -> None:
    """Resolve a style and the styles that it is based on, the base first."""
    chain = {style_id: None}
    base = bases.get(style_id, "")
    while base in properties and base not in resolved and base not in chain:
        chain[base] = None
        base = bases.get(base, "")
    for each in reversed(chain):
        own = _by_name(names.get(each, each))
        if own == Style():
            own = resolved.get(bases.get(each, ""), own)
        properties[each].style_id = each
        resolved[each] = properties[each].style({each: own})


def _by_name(name: str) -> Style:
    """Return what the name of one of Word's own styles says."""
    if name.lower() == "title":
        return Style(heading=1)
    if heading := _NAMED_HEADING.fullmatch(name):
        return Style(heading=min(int(heading[1]), _LAST_HEADING))
    if named := _NAMED_LIST.fullmatch(name):
        marker = "*" if named[1].lower() == "bullet" else "1."
        return Style(marker=marker, depth=max(1, int(named[2] or 1)))
    return Style()


def read_numbering(data: bytes | None) -> Numbering:
    """Return the levels of a document's lists."""
    reader = _NumberingReader()
    if data is not None:
        parse(data, reader.start)
    return dict(reader.levels())


class _NumberingReader:
    """Definitions of lists, and the lists that use them, which may begin with another number."""

    def __init__(self) -> None:
        self._abstract = self._level = self._number = ""
        self._formats: dict[tuple[str, str], str] = {}
        self._starts: dict[tuple[str, str], str] = {}
        self._definitions: dict[str, str] = {}
        self._overrides: dict[tuple[str, str], str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        value = attributes.get("val", "")
        if name == "abstractNum":
            self._abstract, self._number = attributes.get("abstractNumId", ""), ""
        elif name in {"lvl", "lvlOverride"}:
            self._level = attributes.get("ilvl", "")
        elif name == "numFmt" and not self._number:
            self._formats.setdefault((self._abstract, self._level), value)
        elif name == "start" and not self._number:
            self._starts.setdefault((self._abstract, self._level), value)
        elif name == "num":
            self._number = attributes.get("numId", "")
        elif name == "abstractNumId":
            self._definitions[self._number] = value
        elif name == "startOverride":
            self._overrides[self._number, self._level] = value

    def levels(self) -> Iterator[tuple[tuple[str, str], ListLevel]]:
        by_definition: dict[str, list[tuple[str, str]]] = {}
        for (definition, level), form in self._formats.items():
            by_definition.setdefault(definition, []).append((level, form))
        again = {number for number, _ in self._overrides}
        for number, definition in self._definitions.items():
            sequence = f"list {number}" if number in again else f"lists of {definition}"
            for level, form in by_definition.get(definition, ()):
                first = self._overrides.get((number, level), self._starts.get((definition, level), "1"))
                marker = "*" if form in {"bullet", "none"} else f"{_first(first)}."
                yield (number, level), ListLevel(marker, sequence)


def _first(stated: str) -> int:
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) <= _LONGEST_NUMBER else 1


def read_links(data: bytes | None) -> Mapping[str, str]:
    """Return where a document's links lead, by the ids of the relationships."""
    links: dict[str, str] = {}

    def start(name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") == "External":
            url = link_url(attributes.get("Target", ""))
            if url is not None:
                links[attributes.get("Id", "")] = url

    if data is not None:
        parse(data, start)
    return links
