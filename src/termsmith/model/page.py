"""What is printed on a page, and where: the form that every file format is read into.

What a page has by the hundred is a named tuple: these are made several times quicker than frozen dataclasses.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from termsmith.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from termsmith.model.finding import Finding


class BlockKind(Enum):
    """What a block of text is on the page."""

    TEXT = "text"
    HEADING = "heading"
    ITEM = "item"


class CellAddress(NamedTuple):
    """1-based address of a table cell: table on the page, row in it, cell in the row."""

    table: int
    row: int
    cell: int


class Block(NamedTuple):
    """One printed line of text: a paragraph or the part of one up to a line break."""

    start: int
    """Offset of its first character in `Page.text`."""
    end: int
    """Offset behind its last character; the text has no white space at either end."""
    kind: BlockKind = BlockKind.TEXT
    gap: bool = True
    """A paragraph break stands before it; false after a mere line break."""
    level: int = 0
    """Heading level 1 to 6, or list depth from 1 of an item and of text that goes on with it; 0 else."""
    marker: str = ""
    """List marker that is not part of the text: ``*`` or the number with a dot; empty for other blocks."""
    furniture: str | None = None
    """Why it is page furniture rather than content; absent for content."""
    address: CellAddress | None = None
    """Its table cell; absent outside tables."""


class Cell(NamedTuple):
    """A table cell, with the blocks printed in it; none when it is empty."""

    blocks: tuple[Block, ...]
    header: bool = False
    rows: int = 1
    """Rows that it stands in, its own and those below."""
    columns: int = 1
    """Columns that it stands in."""


class Row(NamedTuple):
    """A table row with the cells that the row itself has; cells spanned from above are not repeated."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table, or consecutive pipe rows."""

    number: int
    rows: tuple[Row, ...]


class Link(NamedTuple):
    """A stretch of `Page.text` that is a hyperlink."""

    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Positions:
    """Source positions of offsets in `Page.text`, as sorted anchors."""

    offsets: tuple[int, ...]
    """Offsets at which a stretch of text starts; ascending."""
    lines: tuple[int, ...]
    columns: tuple[int, ...]

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Return the 1-based source line and column of an offset."""
        index = bisect_right(self.offsets, offset) - 1
        if index < 0:
            return (1, 1)
        return (self.lines[index], self.columns[index] + offset - self.offsets[index])


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as printed: its visible text, the structure over it, and where each piece stood."""

    source: str
    """Path as the user gave it, or ``-``."""
    format: str
    """Name of the file format it was read from."""
    text: str
    """All visible text; lines are separated by ``\\n``, table cells by ``\\t``."""
    items: tuple[Block | Table, ...]
    """Blocks outside tables, and tables, in page order."""
    positions: Positions
    title: str | None = None
    """Title kept beside the visible text (HTML head, REST member); absent where there is none."""
    links: tuple[Link, ...] = ()
    """Hyperlinks in page order; they don't overlap."""
    version_date: str | None = None
    """``YYYY-MM-DD`` on which the page's version was saved; absent where the format has none."""
    findings: tuple[Finding, ...] = ()
    """What reading the bytes already found."""
    indents: Mapping[int, int] = field(default_factory=dict)
    """Visible blanks (no-break spaces and the like) before blocks that begin a cell, by their ``start``."""
    tabs: Mapping[int, int] = field(default_factory=dict)
    """Tabs before words inside lines of plain text, by the offset of the word."""
    blocks: tuple[Block, ...] = field(init=False)
    """Every block, inside tables and out, ordered by offset."""
    starts: tuple[int, ...] = field(init=False)
    """The offset at which each of ``blocks`` starts."""

    def __post_init__(self) -> None:
        blocks = tuple(sorted(self._walk(), key=lambda block: block.start))
        object.__setattr__(self, "blocks", blocks)
        object.__setattr__(self, "starts", tuple(block.start for block in blocks))

    def _walk(self) -> Iterator[Block]:
        for item in self.items:
            if isinstance(item, Block):
                yield item
            else:
                for row in item.rows:
                    for cell in row.cells:
                        yield from cell.blocks

    def block_at(self, offset: int) -> Block | None:
        """Return the block that an offset of `text` lies in; nothing for an offset between blocks."""
        index = bisect_right(self.starts, offset) - 1
        block = self.blocks[index] if index >= 0 else None
        return block if block is not None and offset < block.end else None

    def links_in(self, start: int, end: int) -> tuple[Link, ...]:
        """Return the links that begin in a stretch of `text`."""
        first = bisect_left(self.links, start, key=lambda link: link.start)
        last = bisect_left(self.links, end, key=lambda link: link.start)
        return self.links[first:last]

    def place(self, offset: int) -> Place:
        """Return where the character at an offset of `text` stands in the source."""
        line, column = self.positions.line_and_column(offset)
        index = bisect_right(self.starts, offset) - 1
        address = self.blocks[index].address if index >= 0 else None
        if address is None:
            return Place(source=self.source, line=line, column=column)
        return Place(
            source=self.source,
            line=line,
            column=column,
            table=address.table,
            row=address.row,
            cell=address.cell,
        )
