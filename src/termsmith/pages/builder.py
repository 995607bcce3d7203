"""Putting a page together, from stretches of source text and the structure between them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from itertools import accumulate, count
from operator import add
from typing import TYPE_CHECKING, TypeAlias

from termsmith.catalogue import PAGE_CONTROL, PAGE_ENTITY_RESIDUE, PAGE_REPLACEMENT
from termsmith.model.page import Block, BlockKind, Cell, CellAddress, Link, Positions, Row, Table
from termsmith.pages.characters import HARD_BREAK, NOTHING, RESIDUE, control_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from termsmith.model.finding import Finding
    from termsmith.pages.characters import SourceText

Stretch: TypeAlias = tuple[str, int]
"""Characters that stand one after the other in the source, and the offset of the first."""

SOLID = r"[^ \n\t\u00ad\u2028]+(?: [^ \n\t\u00ad\u2028]+)*"

_SOLID = re.compile(SOLID)
_EMPTY = Cell(blocks=())
_EMPTY_HEADER = Cell(blocks=(), header=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A page without its circumstances: what `PageBuilder` has put together."""

    text: str
    items: tuple[Block | Table, ...]
    positions: Positions
    links: tuple[Link, ...]
    findings: tuple[Finding, ...]


class _OpenTable:
    """A table that is being filled, and the row and cell of it that are."""

    __slots__ = ("cell", "cells", "header", "number", "rows")

    def __init__(self, number: int) -> None:
        self.number = number
        self.rows: list[tuple[Cell, ...]] = []
        self.cells: list[Cell] | None = None
        self.cell: list[Block] | None = None
        self.header = False


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
        self._stack: list[_OpenTable] = []
        self._table: _OpenTable | None = None
        self.in_table = False
        """Whether rows may be opened."""
        self._cell: list[Block] | None = None
        self._pieces: list[tuple[str, int, list[str] | None]] = []
        self._fresh = True
        self._gap = True
        self._kind = BlockKind.TEXT
        self._level = 0
        self._marker = ""
        self._heading = 0
        self._reason: str | None = None
        self._link: list[str] | None = None
        self._hidden: Counter[str] = Counter()
        self._unseen: list[int] = []
        self._hard_breaks: list[int] = []
        self._contents: dict[int, tuple[int, int | None]] = {}

    # text

    def add(self, text: str, offset: int) -> None:
        """Add a stretch of text; ``offset`` is that of its first character in the source."""
        self._pieces.append((text, offset, self._link))

    def leave_out(self, character: str) -> None:
        """Take note of a character that is not shown and is no character of the source itself."""
        self._hidden[character] += 1

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

    # breaks

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

    # what the next block is

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

    def _plain(self) -> None:
        self._marker = ""
        self._level = self._heading
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

    # tables

    def open_table(self) -> None:
        """Begin a table, or one in a cell of another."""
        self.paragraph()
        self._plain()
        self._tables += 1
        if self._table is not None:
            self._stack.append(self._table)
        self._table = _OpenTable(self._tables)
        self._cell = None
        self._items.append(self._table)
        self.in_table = True

    def close_table(self) -> None:
        """End the innermost table."""
        self.close_row()
        self._table = self._stack.pop() if self._stack else None
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
        table.header = False
        self._fresh = True
        self._gap = True

    def close_cell(self) -> None:
        """End the cell, if one is open."""
        if self._pieces:
            self._close()
        table, blocks = self._table, self._cell
        if table is None or table.cells is None or blocks is None:
            return
        if blocks:
            table.cells.append(Cell(blocks=tuple(blocks), header=table.header))
        else:
            table.cells.append(_EMPTY_HEADER if table.header else _EMPTY)
        self._cell = table.cell = None
        self._gap = True

    # the block

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
        # Much faster than a regular expression; most blocks are one stretch and stand as they are.
        if "  " in shown or "\n" in shown or "\t" in shown or NOTHING in shown or HARD_BREAK in shown:
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

    def _close_collapsed(self, pieces: Iterable[tuple[str, int, list[str] | None]]) -> bool:
        start = end = -1
        space = False
        linked: list[str] | None = None
        for text, offset, link in pieces:
            done = 0
            for found in _SOLID.finditer(text):
                at = found.start()
                space |= self._between(text, done, at, offset)
                done = found.end()
                if start < 0:
                    start = end = self._begin()
                elif space:
                    self._out.append(" ")
                    end += 1
                space = False
                self._anchors.append(end)
                self._anchored.append(offset + at)
                self._out.append(found[0])
                if link is not None:
                    # White space between two stretches of a link is part of it.
                    if link is linked:
                        last = self._links.pop()
                        self._links.append(Link(start=last.start, end=end + done - at, url=link[0]))
                    else:
                        self._links.append(Link(start=end, end=end + done - at, url=link[0]))
                linked = link
                end += done - at
            space |= self._between(text, done, len(text), offset)
        if start < 0:
            return False
        self._end(start, end)
        return True

    def _between(self, text: str, start: int, end: int, offset: int) -> bool:
        """Say whether there is white space in a part of ``text`` without solid characters."""
        between = text[start:end]
        if NOTHING not in between:
            return end > start
        self._unseen.extend(
            offset + start + index for index, character in enumerate(between) if character == NOTHING
        )
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

    # the page

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
            positions=self._positions(source.text),
            links=tuple(self._links),
            findings=tuple(self._findings(text, source)),
        )

    def _positions(self, source: str) -> Positions:
        starts = [0, *map(add, accumulate(map(len, source.split("\n"))), count(1))]
        lines = [bisect_right(starts, offset) for offset in self._anchored]
        columns = [offset - starts[line - 1] + 1 for offset, line in zip(self._anchored, lines, strict=True)]
        return Positions(offsets=tuple(self._anchors), lines=tuple(lines), columns=tuple(columns))

    def _with_content_marked(self, items: tuple[Block | Table, ...]) -> tuple[Block | Table, ...]:
        if not self._contents:
            return items
        start, end = self._contents[min(self._contents)]
        return outside_is_furniture(
            items, start, self._length if end is None else end, "outside the page's content"
        )

    def _findings(self, text: str, source: SourceText) -> Iterable[Finding]:
        hidden = self._hidden + Counter(source.original[offset] for offset in self._unseen)
        controls = {name: count for char, count in hidden.items() if (name := control_name(char))}
        if controls:
            yield PAGE_CONTROL.found(count=sum(controls.values()), names=", ".join(sorted(controls)))
        if lost := text.count("\N{REPLACEMENT CHARACTER}"):
            yield PAGE_REPLACEMENT.found(count=lost)
        residues = [
            found[0] for offset in self._hard_breaks if (found := RESIDUE.match(source.original, offset))
        ]
        if residues:
            yield PAGE_ENTITY_RESIDUE.found(count=len(residues), text=residues[0])


def outside_is_furniture(
    items: tuple[Block | Table, ...], start: int, end: int, reason: str
) -> tuple[Block | Table, ...]:
    """Return the items with all blocks outside a range of offsets as furniture, for ``reason`` if for no other."""

    def marked(block: Block) -> Block:
        if block.furniture is not None or start <= block.start < end:
            return block
        return replace(block, furniture=reason)

    return tuple(
        marked(item)
        if isinstance(item, Block)
        else replace(
            item,
            rows=tuple(
                Row(
                    cells=tuple(
                        replace(cell, blocks=tuple(marked(block) for block in cell.blocks))
                        for cell in row.cells
                    )
                )
                for row in item.rows
            ),
        )
        for item in items
    )


__all__ = ["HARD_BREAK", "Draft", "PageBuilder", "Stretch", "outside_is_furniture"]
