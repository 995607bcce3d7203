"""Pages that list terminologies, a table row each: how such a table is headed, and finding it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from termsmith.dialects.labels import fold
from termsmith.dialects.table import Field
from termsmith.model.page import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from termsmith.dialects.table import Dialect, Label
    from termsmith.model.page import Cell, Page, Row

_LONGEST_HEADER = 160
_ROWS_ABOVE = 3
"""Rows in which a table's head is looked for; a caption can stand above it."""
NAMES = frozenset([Field.TITLE, Field.SHORT_NAME])
"""What a terminology is called by."""
IDENTIFIERS = frozenset(
    [Field.IDENTIFIERS, Field.ENDORSED_URI, Field.ENDORSED_OID, Field.OTHER_URIS, Field.OTHER_OIDS]
)
"""What a terminology is known by."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ListColumn:
    """A column of a list: what its cells say."""

    label: Label
    """Its header, and what the lines of its cells say that print no label of their own."""
    lines: tuple[Label, ...] = ()
    """Labels that lines in its cells start with."""
    optional: bool = False
    """Some lists of the layout lack it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ListLayout:
    """A table of which each row is one terminology, known by its head."""

    columns: tuple[ListColumn, ...]

    @property
    def needed(self) -> int:
        """Number of columns without which a table is no such list."""
        return sum(not column.optional for column in self.columns)


class ListTable(NamedTuple):
    """A list found on a page."""

    table: Table
    layout: ListLayout
    head: int
    """0-based number of the head row."""
    columns: tuple[ListColumn | None, ...]
    """The column that each cell of the head starts; nothing for one that the layout does not know."""

    @property
    def known(self) -> int:
        """Number of needed columns that it has."""
        return sum(column is not None and not column.optional for column in self.columns)


def list_tables(page: Page, dialect: Dialect) -> list[ListTable]:
    """Return the tables of a page that are lists of a dialect, in page order."""
    if not dialect.lists:
        return []
    found = (_found(page, item, dialect.lists) for item in page.items if isinstance(item, Table))
    return [table for table in found if table is not None]


def lists_on(page: Page, dialects: Sequence[Dialect]) -> frozenset[int]:
    """Return the numbers of the tables on a page that are lists of any dialect."""
    return frozenset(found.table.number for dialect in dialects for found in list_tables(page, dialect))


def _found(page: Page, table: Table, layouts: Sequence[ListLayout]) -> ListTable | None:
    for number, row in enumerate(table.rows[:_ROWS_ABOVE]):
        heads = [head_of(page, cell) for cell in row.cells]
        matches = list(_matches(table, number, heads, layouts))
        if matches:
            return max(matches, key=lambda match: sum(column is not None for column in match.columns))
    return None


def _matches(
    table: Table, number: int, heads: Sequence[str], layouts: Sequence[ListLayout]
) -> Iterator[ListTable]:
    for layout in layouts:
        by_head = {head: column for column in layout.columns for head in column.label.folds}
        # A header that comes twice is the column only where it comes first.
        taken: set[ListColumn] = set()
        columns: list[ListColumn | None] = []
        for head in heads:
            column = by_head.get(head)
            if column is not None and column in taken:
                column = None
            if column is not None:
                taken.add(column)
            columns.append(column)
        found = ListTable(table, layout, number, tuple(columns))
        if found.known == layout.needed:
            yield found


def head_of(page: Page, cell: Cell) -> str:
    """Return the folded text of a cell that can be a header; nothing for longer text."""
    if not cell.blocks or cell.blocks[-1].end - cell.blocks[0].start > _LONGEST_HEADER:
        return ""
    return fold(page.text[cell.blocks[0].start : cell.blocks[-1].end])


def is_head(page: Page, row: Row, head: Row) -> bool:
    """Whether a row prints the head of its table again, as tables over several printed pages do."""
    return [head_of(page, cell) for cell in row.cells] == [head_of(page, cell) for cell in head.cells]
