"""Where something stands in what the user gave us."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A position in a page or a sidecar, for people to find it again."""

    source: str
    """Path as the user gave it, or ``-`` for standard input."""
    line: int
    """1-based line of the decoded text (for wrapped formats: of the part that holds the page)."""
    column: int
    """1-based column in characters."""
    table: int | None = None
    """1-based number of the table on the page; absent outside tables."""
    row: int | None = None
    """1-based row in the table."""
    cell: int | None = None
    """1-based cell in the row, counting the cells that the row itself has."""

    def __str__(self) -> str:
        where = f"{self.source}:{self.line}:{self.column}"
        if self.table is None:
            return where
        cell = "" if self.cell is None else f", cell {self.cell}"
        return f"{where} (table {self.table}, row {self.row}{cell})"
