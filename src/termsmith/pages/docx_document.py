"""The text of a Word document: paragraphs and tables, in the order of the body."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from termsmith.catalogue import PAGE_STRUCK_OUT
from termsmith.pages.builder import PageBuilder
from termsmith.pages.characters import HARD_BREAK, clean, plain_line
from termsmith.pages.docx_parts import (
    DRAWN,
    RUN_PROPERTIES,
    Drawing,
    ListLevel,
    Numbering,
    Properties,
    RunProperties,
    Style,
    level_of,
    parse,
)
from termsmith.pages.elements import MOST_COLUMNS_SPANNED, link_url
from termsmith.pages.lines import TypedLines, end_line, split_lines
from termsmith.pages.raised import add_raised

if TYPE_CHECKING:
    from collections.abc import Mapping

    from termsmith.pages.docx_parts import Attributes
    from termsmith.pages.draft import Draft
    from termsmith.pages.raised import Script
    from termsmith.pages.unread import Thing

_NOT_SHOWN = frozenset({"del", "moveFrom", "Fallback", "instrText", "delText", "delInstrText", "posOffset"})
_HYPERLINK_FIELD = re.compile(r'\s*HYPERLINK\s+"([^"]*)"')
_SINGLE = {"tab": "\t", "ptab": "\t", "br": HARD_BREAK, "cr": HARD_BREAK, "noBreakHyphen": "-"}
_MERGED = frozenset({"", "continue"})


class _Shown(NamedTuple):
    text: str
    offset: int
    url: str | None
    """Where it links to."""
    script: Script | None = None
    """Where it stands off the line."""


class _StruckOut(NamedTuple):
    texts: list[str]
    """Of several runs, which are one thing."""
    offset: int


class _Textless(NamedTuple):
    thing: Thing
    offset: int


@dataclass(slots=True)
class _Paragraph:
    properties: Properties
    pieces: list[_Shown | _StruckOut | _Textless] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any(isinstance(piece, _Shown) and piece.text.strip() for piece in self.pieces)


@dataclass(slots=True)
class _Cell:
    spanned: bool = False
    """It is covered by the cell above and not shown."""
    has_text: bool = False
    empty_behind: bool = False
    """The last paragraph is empty and there is text before it."""
    lines: bool = False
    """Its paragraphs are lines; only empty ones stand between real paragraphs."""
    rows: int = 1
    columns: int = 1

    def take(self, paragraph: _Paragraph) -> None:
        if paragraph.is_empty:
            self.empty_behind = self.has_text
        else:
            self.lines = self.lines or self.empty_behind
            self.has_text = True


@dataclass(slots=True)
class _Grid:
    """A table while its rows are read: which cells stand above the one to come."""

    column: int = 0
    above: dict[int, _Cell] = field(default_factory=dict)

    def place(self, cell: _Cell) -> None:
        """Put a cell that has ended into its columns."""
        if cell.spanned and self.column in self.above:
            self.above[self.column].rows += 1
        elif not cell.spanned:
            self.above[self.column] = cell
        self.column += cell.columns


_Step: TypeAlias = "_Paragraph | _Cell | str"
"""A paragraph, the start of a cell, or the name of another start (``tbl``) or end (``/tbl``)."""


def read_body(
    data: bytes, *, styles: Mapping[str, Style], numbering: Numbering, links: Mapping[str, str]
) -> Draft:
    """Return the page that a document's main part shows.

    Raises:
        PageError: as `termsmith.pages.docx_parts.parse`.
    """
    steps = _Steps(links)
    parse(data, steps.start, steps.end, steps.text)
    builder = PageBuilder()
    _Printing(builder, styles, numbering).print(steps.steps)
    return builder.finish(clean("".join(steps.source)))


class _Steps:
    """Turns the elements of the main part into steps, each paragraph a line of the source."""

    def __init__(self, links: Mapping[str, str]) -> None:
        self.steps: list[_Step] = []
        self.source: list[str] = []
        self._length = 0
        self._links = links
        self._paragraphs: list[_Paragraph] = []
        self._cells: list[_Cell] = []
        self._grids: list[_Grid] = []
        self._hidden = 0
        self._in_text = False
        self._run = RunProperties()
        self._drawing = Drawing()
        self._in_properties = False
        self._link: list[str | None] = []
        self._field: list[str] = []
        self._field_link: str | None = None

    def start(self, name: str, attributes: Attributes) -> None:
        if self._hidden or name in _NOT_SHOWN:
            self._in_text = name == "instrText"
            self._hidden += 1
        elif self._in_properties and self._paragraphs:
            self._paragraphs[-1].properties.take(name, attributes)
        elif name == "r":
            self._run = RunProperties()
        elif name in RUN_PROPERTIES:
            self._run.take(name, attributes)
        elif name in DRAWN:
            self._draw(name, attributes)
        elif name == "t":
            self._in_text = not self._run.vanished
        elif name in _SINGLE:
            self._add(_SINGLE[name])
        elif name in {"hyperlink", "fldSimple"}:
            self._link.append(self._target(name, attributes))
        elif name == "fldChar":
            self._field_part(attributes.get("fldCharType", ""))
        else:
            self._start_structure(name, attributes)

    def _start_structure(self, name: str, attributes: Attributes) -> None:
        if name == "p":
            if self._paragraphs:
                self._end_line(self._paragraphs[-1])
            self._paragraphs.append(_Paragraph(Properties()))
        elif name == "pPr":
            self._in_properties = True
        elif name == "vMerge" and self._cells:
            self._cells[-1].spanned = attributes.get("val", "") in _MERGED
        elif name == "gridSpan" and self._cells:
            self._cells[-1].columns = _columns(attributes.get("val", ""))
        elif name == "tc":
            cell = _Cell()
            self._cells.append(cell)
            self.steps.append(cell)
        elif name in {"tbl", "tr"}:
            if name == "tbl":
                self._grids.append(_Grid())
            elif self._grids:
                self._grids[-1].column = 0
            self.steps.append(name)

    def end(self, name: str) -> None:
        self._in_text = False
        if self._hidden:
            self._hidden -= 1
        elif name == "p" and self._paragraphs:
            self._end_line(self._paragraphs.pop())
        elif name == "pPr":
            self._in_properties = False
        elif name in {"hyperlink", "fldSimple"} and self._link:
            self._link.pop()
        elif name in {"tbl", "tr", "tc"}:
            if name == "tc":
                cell = self._cells.pop()
                if self._grids:
                    self._grids[-1].place(cell)
            elif name == "tbl" and self._grids:
                self._grids.pop()
            self.steps.append(f"/{name}")

    def text(self, text: str) -> None:
        if self._hidden:
            if self._in_text:
                self._field.append(text)
        elif self._in_text and self._paragraphs:
            self._add(text.replace("\n", " ").replace("\r", " "))

    def _add(self, text: str) -> None:
        if self._paragraphs:
            pieces = self._paragraphs[-1].pieces
            if self._run.struck:
                last = pieces[-1] if pieces else None
                if isinstance(last, _StruckOut):
                    last.texts.append(text)
                else:
                    pieces.append(_StruckOut([text], self._length))
            else:
                link = self._link[-1] if self._link else self._field_link
                pieces.append(_Shown(text, self._length, link, self._run.script))
            self.source.append(text)
            self._length += len(text)

    def _draw(self, name: str, attributes: Attributes) -> None:
        thing = self._drawing.take(name, attributes)
        if thing is not None and self._paragraphs:
            self._paragraphs[-1].pieces.append(_Textless(thing, self._length))

    def _end_line(self, paragraph: _Paragraph) -> None:
        """End a paragraph, or the part of it that stands before a text box in it."""
        done = _Paragraph(paragraph.properties, paragraph.pieces)
        paragraph.pieces = []
        if self._cells:
            self._cells[-1].take(done)
        self.steps.append(done)
        self.source.append("\n")
        self._length += 1

    def _target(self, name: str, attributes: Attributes) -> str | None:
        if name == "hyperlink":
            return self._links.get(attributes.get("id", ""))
        return _field_link(attributes.get("instr", ""))

    def _field_part(self, kind: str) -> None:
        if kind == "begin":
            self._field = []
        elif kind == "separate":
            self._field_link = _field_link("".join(self._field))
        elif kind == "end":
            self._field_link = None


def _columns(stated: str) -> int:
    return min(int(stated[:6]) or 1, MOST_COLUMNS_SPANNED) if stated.isascii() and stated.isdigit() else 1


def _field_link(instruction: str) -> str | None:
    found = _HYPERLINK_FIELD.match(instruction)
    return link_url(found[1]) if found else None


class _Printing:
    """Feeds steps to a builder."""

    def __init__(self, builder: PageBuilder, styles: Mapping[str, Style], numbering: Numbering) -> None:
        self._builder = builder
        self._styles = styles
        self._numbering = numbering
        self._typed = TypedLines(builder)
        self._counts: dict[str, dict[int, int]] = {}
        """The last number of each level, by what goes on counting together."""
        self._cells: list[_Cell] = []

    def print(self, steps: list[_Step]) -> None:
        builder = self._builder
        skipping = 0
        for step in steps:
            if skipping:
                skipping += (isinstance(step, _Cell)) - (step == "/tc")
            elif isinstance(step, _Paragraph):
                self._paragraph(step)
            elif isinstance(step, _Cell):
                if step.spanned:
                    skipping = 1
                    continue
                self._open_cell(step)
            elif step == "/tc":
                self._cells.pop()
                builder.close_cell()
            elif step == "tbl":
                builder.open_table()
            elif step == "/tbl":
                builder.close_table()
            elif step == "tr":
                builder.open_row()
            else:
                builder.close_row()

    def _open_cell(self, cell: _Cell) -> None:
        self._cells.append(cell)
        self._builder.open_cell()
        if (cell.rows, cell.columns) != (1, 1):
            self._builder.span_cell(cell.rows, cell.columns)
        self._typed.forget()

    def _paragraph(self, paragraph: _Paragraph) -> None:
        builder = self._builder
        style = paragraph.properties.style(self._styles)
        if style.heading:
            builder.heading(style.heading)
        else:
            self._item(style)
        for piece in paragraph.pieces:
            if isinstance(piece, _Shown):
                self._shown(piece)
            elif isinstance(piece, _Textless):
                builder.show(piece.thing, piece.offset)
            elif what := plain_line("".join(piece.texts)):
                builder.omit(PAGE_STRUCK_OUT, what, piece.offset)
        if self._cells and self._cells[-1].lines and not paragraph.is_empty:
            builder.line_break()
        else:
            builder.paragraph()
        if style.heading:
            builder.end_heading()
        else:
            builder.end_item()

    def _shown(self, piece: _Shown) -> None:
        if piece.url is not None:
            self._builder.link(piece.url)
        if piece.script is None:
            self._text(piece.text, piece.offset)
        else:
            add_raised(self._builder, clean(piece.text).text, piece.offset, piece.script)
        if piece.url is not None:
            self._builder.end_link()

    def _item(self, style: Style) -> None:
        if style.list_number not in {None, "0"}:
            number = style.list_number or ""
            unknown = ListLevel(style.marker or "*", f"list {number}")
            listed = self._numbering.get((number, style.list_level), unknown)
            level = level_of(style.list_level) + 1
            self._builder.item(level, self._counted(listed, level))
        elif style.marker:
            self._builder.item(style.depth, self._counted(ListLevel(style.marker, "named"), style.depth))

    def _counted(self, listed: ListLevel, level: int) -> str:
        """Return the marker of the next item of a list; those of deeper levels begin again."""
        counts = self._counts.setdefault(listed.sequence, {})
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        first = listed.marker.removesuffix(".")
        if not first.isdigit():
            return listed.marker
        counts[level] = counts.get(level, int(first) - 1) + 1
        return f"{counts[level]}."

    def _text(self, text: str, offset: int) -> None:
        shown = clean(text).text
        for line, end in split_lines([(shown, offset)]):
            if not self._builder.is_open:
                if line[0][0].strip():
                    self._typed.line(line)
            else:
                self._builder.add(*line[0])
            if end is not None:
                end_line(self._builder, end)
