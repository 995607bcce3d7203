"""Putting a page together, from stretches of source text and the structure between them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from termsmith.catalogue import PAGE_NO_TEXT, PAGE_TOO_MANY_PARTS
from termsmith.errors import PageError
from termsmith.model.page import Block, BlockKind, Cell, CellAddress, Link, Row, Table
from termsmith.pages.characters import HARD_BREAK, NOTHING
from termsmith.pages.draft import Draft, character_findings, indents, positions
from termsmith.pages.furniture import outside_is_furniture
from termsmith.pages.unread import Unread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from termsmith.model.finding import Rule, Severity
    from termsmith.pages.characters import SourceText
    from termsmith.pages.unread import Thing

MOST_PARTS = 200_000
"""Table cells, and stretches of text, on a page; it bounds memory, which a page's bytes alone do not."""

_Piece: TypeAlias = tuple[str, int, "list[str] | None"]
"""As `Stretch`, and the link that it is part of."""

Stretch: TypeAlias = tuple[str, int]
"""Characters that stand one after the other in the source, and the offset of the first."""

_Omission: TypeAlias = "tuple[Rule, str, Severity, int, int]"
"""The rule, what it is, how bad that is, where in the text it would stand, and its offset in the source."""

_SOLID = re.compile(r"[^ \n\t\u00ad\u2028]+(?: [^ \n\t\u00ad\u2028]+)*")
_NOTHING = re.compile(NOTHING)
_EMPTY = Cell(blocks=())
_EMPTY_HEADER = Cell(blocks=(), header=True)


class _OpenTable:
    """A table that is being filled, and the row and cell of it that are."""

    __slots__ = ("cell", "cells", "header", "number", "rows", "spans")

    def __init__(self, number: int) -> None:
        self.number = number
        self.rows: list[tuple[Cell, ...]] = []
        self.cells: list[Cell] | None = None
        self.cell: list[Block] | None = None
        self.header = False
        self.spans: tuple[int, int] | None = None


class PageBuilder:
    """Collects text and structure in page order.

    Text is added in stretches; white space between and in them is collapsed. A block ends where a paragraph,
    a line, a cell or the like begins; a block without visible text does not come to be.
    """

    def __init__(self) -> None:
        self._out: list[str] = []
        self._length = 0
        self._anchors: list[int] = []
        self._anchored: list[int] = []
        self._links: list[Link] = []
        self._items: list[Block | _OpenTable] = []
        self._tables = 0
        self._cells = 0
        self._stack: list[_OpenTable] = []
        self._table: _OpenTable | None = None
        self.in_table = False
        """Whether rows may be opened."""
        self._cell: list[Block] | None = None
        self._pieces: list[_Piece] = []
        self._fresh = True
        self._gap = True
        self._kind = BlockKind.TEXT
        self._level = 0
        self._marker = ""
        self._inside = (0, 0)
        """Depth of the list item that is open, and number of the tables around it."""
        self._heading = 0
        self._reason: str | None = None
        self._link: list[str] | None = None
        self._hidden: Counter[str] = Counter()
        self._unseen: list[int] = []
        self._hard_breaks: list[int] = []
        self._contents: dict[int, tuple[int, int | None]] = {}
        self._unread: list[_Omission] = []
        self._beside: list[tuple[str, int]] = []
        """What matters only as all that the open cell shows: what it is, and its offset in the source."""

    def add(self, text: str, offset: int) -> None:
        """Add a stretch of text; ``offset`` is that of its first character in the source."""
        self._pieces.append((text, offset, self._link))

    def leave_out(self, character: str) -> None:
        """Take note of a character that is not shown and is no character of the source itself."""
        self._hidden[character] += 1

    def omit(self, rule: Rule, what: str, offset: int, severity: Severity | None = None) -> None:
        """Take note of something that the page shows here and its text does not have; not of furniture.

        Args:
            rule: What to tell of it.
            what: How to call it.
            offset: Where it stands in the source.
            severity: The rule's unless given.
        """
        if self._reason is None:
            self._unread.append((rule, what, severity or rule.severity, self._length, offset))
            if len(self._unread) > MOST_PARTS:
                raise PageError(PAGE_TOO_MANY_PARTS.found(limit=MOST_PARTS, parts="things that are no text"))

    def show(self, thing: Thing, offset: int) -> None:
        """Take note of something without text that stands here, at ``offset`` in the source."""
        if thing.severity is not None:
            self.omit(PAGE_NO_TEXT, thing.what, offset, thing.severity)
        elif self._cell is not None:
            self._beside.append((thing.what, offset))

    @property
    def is_open(self) -> bool:
        """Whether text was added since the last break."""
        return bool(self._pieces)

    @property
    def is_plain(self) -> bool:
        """Whether the block to come is neither a heading nor an item."""
        return self._kind is BlockKind.TEXT

    @property
    def in_heading(self) -> bool:
        """Whether blocks are headings here."""
        return self._heading > 0

    def paragraph(self) -> None:
        """Begin a new paragraph."""
        if self._pieces:
            self._close()
        self._gap = True

    def line_break(self) -> None:
        """Begin a new line; the second break in a row begins a new paragraph."""
        self._gap = not (self._pieces and self._close())

    def hard_break(self, offset: int) -> None:
        """Begin a new line where `HARD_BREAK` stands at ``offset``."""
        self._hard_breaks.append(offset)
        self.line_break()

    def heading(self, level: int) -> None:
        """Make the blocks from here on headings."""
        self._heading = level
        self._plain()

    def end_heading(self) -> None:
        """Make the blocks from here on text again."""
        self._heading = 0
        self._plain()

    def item(self, level: int, marker: str) -> None:
        """Make the next block a list item."""
        self._kind = BlockKind.ITEM
        self._level = level
        self._marker = marker

    def end_item(self) -> None:
        """Take back `item`, if its block had no text."""
        self._plain()

    def inside_item(self, level: int) -> None:
        """Let the blocks from here on that are no items go on with one of this level, 0 for none."""
        self._inside = (level, self._depth)
        if self._kind is BlockKind.TEXT:
            self._plain()

    @property
    def _depth(self) -> int:
        return len(self._stack) + (self._table is not None)

    def _plain(self) -> None:
        self._marker = ""
        level, depth = self._inside
        self._level = self._heading or (level if depth == self._depth else 0)
        self._kind = BlockKind.HEADING if self._heading else BlockKind.TEXT

    def link(self, url: str) -> None:
        """Make the text from here on a link."""
        # A list of its own: two links to one place, side by side, are two.
        self._link = [url]

    def end_link(self) -> None:
        """End the link."""
        self._link = None

    @property
    def furniture(self) -> str | None:
        """Why the text from here on is furniture; None when it is not."""
        return self._reason

    @furniture.setter
    def furniture(self, reason: str | None) -> None:
        if self._pieces:
            self.line_break()
        self._reason = reason

    def enter_content(self, rank: int) -> bool:
        """Take note that what follows is the page's content, and say whether it is the first of that rank.

        Args:
            rank: The content of the lowest rank is the page's; all else is furniture.
        """
        self.paragraph()
        if rank in self._contents:
            return False
        self._contents[rank] = (self._length, None)
        return True

    def leave_content(self, rank: int) -> None:
        """Take note that the content of that rank has ended."""
        self.paragraph()
        self._contents[rank] = (self._contents[rank][0], self._length)

    def open_table(self) -> None:
        """Begin a table, or one in a cell of another."""
        self.paragraph()
        self._tables += 1
        if self._table is not None:
            self._stack.append(self._table)
        self._table = _OpenTable(self._tables)
        self._plain()
        self._cell = None
        self._items.append(self._table)
        self.in_table = True

    def close_table(self) -> None:
        """End the innermost table."""
        self.close_row()
        self._table = self._stack.pop() if self._stack else None
        self._plain()
        self._cell = self._table.cell if self._table is not None else None
        self.in_table = self._table is not None
        self._fresh = not self._length
        self._gap = True

    def open_row(self) -> None:
        """Begin a row of the innermost table."""
        table = self._table
        if table is None:
            raise RuntimeError("a row outside a table")
        if table.cells is not None:
            self.close_row()
        elif self._pieces:
            self.paragraph()
        table.cells = []

    def close_row(self) -> None:
        """End the row, if one is open."""
        if self._cell is not None:
            self.close_cell()
        elif self._pieces:
            self.paragraph()
        table = self._table
        if table is not None and table.cells is not None:
            table.rows.append(tuple(table.cells))
            table.cells = None

    def open_header_cell(self) -> None:
        """Begin a header cell, in a new row where none is open."""
        self.open_cell()
        if self._table is not None:
            self._table.header = True

    def open_cell(self) -> None:
        """Begin a cell, in a new row where none is open."""
        table = self._table
        if table is None:
            raise RuntimeError("a cell outside a table")
        if self._cell is not None:
            self.close_cell()
        elif self._pieces:
            self.paragraph()
        if table.cells is None:
            table.cells = []
        if table.cells:
            self._out.append("\t")
            self._length += 1
        elif self._length:
            self._out.append("\n")
            self._length += 1
        self._cell = table.cell = []
        self._beside.clear()
        self._cells += 1
        if self._cells > MOST_PARTS:
            raise PageError(PAGE_TOO_MANY_PARTS.found(limit=MOST_PARTS, parts="table cells"))
        table.header = False
        table.spans = None
        self._fresh = True
        self._gap = True

    def span_cell(self, rows: int, columns: int) -> None:
        """Let the open cell stand in several rows, or columns."""
        if self._table is not None:
            self._table.spans = (rows, columns)

    def close_cell(self) -> None:
        """End the cell, if one is open."""
        if self._pieces:
            self._close()
        table, blocks = self._table, self._cell
        if table is None or table.cells is None or blocks is None:
            return
        if self._beside:
            if not blocks:
                for what, offset in self._beside:
                    self.omit(PAGE_NO_TEXT, what, offset)
            self._beside.clear()
        if table.spans is not None:
            rows, columns = table.spans
            table.cells.append(Cell(tuple(blocks), table.header, rows, columns))
        elif blocks:
            table.cells.append(Cell(blocks=tuple(blocks), header=table.header))
        else:
            table.cells.append(_EMPTY_HEADER if table.header else _EMPTY)
        self._cell = table.cell = None
        self._gap = True

    def _close(self) -> bool:
        """End the block and say whether there was any text in it."""
        pieces = self._pieces
        self._pieces = []
        if len(pieces) > 1:
            return self._close_collapsed(pieces)
        text, offset, link = pieces[0]
        shown = text.strip()
        if not shown:
            return False
        # Most blocks are one stretch and stand as they are.
        if _needs_collapsing(shown):
            return self._close_collapsed(pieces)
        if shown is not text:
            offset += text.find(shown)
        start = self._begin()
        end = start + len(shown)
        self._anchors.append(start)
        self._anchored.append(offset)
        self._out.append(shown)
        if link is not None:
            self._links.append(Link(start=start, end=end, url=link[0]))
        self._end(start, end)
        return True

    def _close_collapsed(self, pieces: Iterable[_Piece]) -> bool:
        """End a block of which white space, or what is not shown, must be taken out."""
        start = end = -1
        space = False
        linked: list[str] | None = None
        for text, offset, link in pieces:
            for solid, at in self._solids(text, offset):
                if not solid:
                    space = True
                    continue
                if start < 0:
                    start = end = self._begin()
                elif space:
                    self._out.append(" ")
                    end += 1
                space = False
                self._anchors.append(end)
                self._anchored.append(at)
                self._out.append(solid)
                if link is not None:
                    # White space between two stretches of a link is part of it.
                    first = self._links.pop().start if link is linked else end
                    self._links.append(Link(start=first, end=end + len(solid), url=link[0]))
                linked = link
                end += len(solid)
        if start < 0:
            return False
        self._end(start, end)
        return True

    def _solids(self, text: str, offset: int) -> Iterator[Stretch]:
        """Yield the parts of a text without superfluous white space; an empty one for white space between."""
        if not _needs_collapsing(text):
            # The greater part: what stands before, in and behind an element inside a line.
            solid = text.strip(" ")
            if not solid:
                yield "", offset
                return
            if text[0] == " ":
                yield "", offset
                yield solid, offset + 1
            else:
                yield solid, offset
            if text[-1] == " ":
                yield "", offset
            return
        done = 0
        for found in _SOLID.finditer(text):
            at = found.start()
            if self._has_space(text[done:at], offset + done):
                yield "", offset
            yield found[0], offset + at
            done = found.end()
        if self._has_space(text[done:], offset + done):
            yield "", offset

    def _has_space(self, between: str, offset: int) -> bool:
        """Say whether there is white space in a text without solid characters; note what is not shown."""
        if NOTHING not in between:
            return bool(between)
        self._unseen.extend(found.start() + offset for found in _NOTHING.finditer(between))
        return bool(between.strip(NOTHING))

    def _begin(self) -> int:
        """Write what separates the block from the one before and return where it starts."""
        if self._fresh:
            self._fresh = False
        elif self._gap:
            self._out.append("\n\n")
            self._length += 2
        else:
            self._out.append("\n")
            self._length += 1
        return self._length

    def _end(self, start: int, end: int) -> None:
        if len(self._anchors) > MOST_PARTS:
            raise PageError(PAGE_TOO_MANY_PARTS.found(limit=MOST_PARTS, parts="stretches of text"))
        self._length = end
        table, cell = self._table, self._cell
        if table is not None and cell is not None:
            address = (
                cell[0].address
                if cell
                else CellAddress(table=table.number, row=len(table.rows) + 1, cell=len(table.cells or ()) + 1)
            )
        else:
            address = None
        block = Block(
            start=start,
            end=end,
            kind=self._kind,
            gap=self._gap,
            level=self._level,
            marker=self._marker,
            furniture=self._reason,
            address=address,
        )
        if cell is not None:
            cell.append(block)
        elif table is not None and not table.rows and self._items[-1] is table:
            # A caption stands above its table.
            self._items.insert(-1, block)
        else:
            self._items.append(block)
        self._gap = True
        if self._kind is BlockKind.ITEM:
            self._plain()

    def finish(self, source: SourceText) -> Draft:
        """End everything that is open and return the whole."""
        self.paragraph()
        while self._table is not None:
            self.close_table()
        text = "".join(self._out)
        items = tuple(
            item
            if isinstance(item, Block)
            else Table(number=item.number, rows=tuple(Row(cells=cells) for cells in item.rows))
            for item in self._items
        )
        return Draft(
            text=text,
            items=self._with_content_marked(items),
            positions=positions(self._anchors, self._anchored, source.original),
            links=tuple(self._links),
            indents=indents(items, self._anchors, self._anchored, source.original),
            unread=self._all_unread(source),
            findings=tuple(
                character_findings(
                    text,
                    source,
                    hidden=self._hidden,
                    unseen=self._unseen,
                    hard_breaks=self._hard_breaks,
                )
            ),
        )

    def _all_unread(self, source: SourceText) -> tuple[Unread, ...]:
        if not self._unread:
            return ()
        found = positions((), [offset for *_, offset in self._unread], source.original)
        return tuple(
            Unread(rule, what, severity, at, line, column)
            for (rule, what, severity, at, _), line, column in zip(
                self._unread, found.lines, found.columns, strict=True
            )
        )

    def _with_content_marked(self, items: tuple[Block | Table, ...]) -> tuple[Block | Table, ...]:
        if not self._contents:
            return items
        start, end = self._contents[min(self._contents)]
        return outside_is_furniture(
            items, start, self._length if end is None else end, "outside the page's content"
        )


def _needs_collapsing(text: str) -> bool:
    # Much faster than a regular expression.
    return "  " in text or "\n" in text or "\t" in text or NOTHING in text or HARD_BREAK in text
