"""A table of codes before it is understood: a header, and rows of text with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple, Protocol

from termsmith.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from termsmith.concepts.columns import Column

CHUNK = 10_000
"""Rows that are in memory together, where a table is long."""


class Rows(NamedTuple):
    """Consecutive rows, as columns: one for each of the header, all of equal length."""

    columns: Sequence[Sequence[str]]
    """Cells have no blanks around them."""
    lines: Sequence[int]
    """Where each row begins: line of a file, row of a sheet or of a table; 1-based."""
    indents: Sequence[int] | None = None
    """Blanks before each row's code or display; absent where none has any."""
    levels: Sequence[int] | None = None
    """Outline level of each row, as a spreadsheet keeps it; absent where none has one."""


def stripped_columns(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """Return rows of equal length as columns, without blanks around the cells."""
    if not rows:
        return [[] for _ in range(width)]
    return [list(map(str.strip, column)) for column in zip(*rows, strict=True)]


def rows_with_text(columns: Sequence[Sequence[str]], lines: Sequence[int], indented: Sequence[int]) -> Rows:
    """Return those of some rows that have any text.

    Args:
        columns: The cells with the blanks around them.
        lines: Where each row begins.
        indented: Indexes of the columns whose blanks in front may tell a hierarchy.
    """
    stripped = [list(map(str.strip, column)) for column in columns]
    if all("" in column for column in stripped):
        filled = list(map(any, zip(*stripped, strict=True)))
        if not all(filled):
            columns = [list(compress(column, filled)) for column in columns]
            stripped = [list(compress(column, filled)) for column in stripped]
            lines = list(compress(lines, filled))
    return Rows(stripped, lines, _blanks_before(columns, indented))


def _blanks_before(columns: Sequence[Sequence[str]], indexes: Sequence[int]) -> list[int] | None:
    """Return the blanks before the cells of the first column that has any; nothing when none has."""
    for index in indexes:
        column = columns[index]
        text = "\n".join(column)
        if text[:1].isspace() or _INDENTED.search(text) is not None:
            return [len(cell) - len(cell.lstrip()) if cell.strip() else 0 for cell in column]
    return None


_INDENTED = re.compile(r"\n[ \t\u00a0\u2000-\u200a\u3000]+\S")


class CachedReader:
    """Keeps the rows of a table that is not long, so that they are read once."""

    def __init__(self, reader: TableReader, most: int) -> None:
        """Take a reader; of tables with more than ``most`` rows nothing is kept."""
        self._reader, self._most = reader, most
        self._kept: list[Rows] | None = None

    @property
    def oddities(self) -> Sequence[Oddity]:
        """What was odd about the rows that were read so far."""
        return self._reader.oddities

    def rows(self) -> Iterator[Rows]:
        """Yield the rows behind the header."""
        if self._kept is not None:
            yield from self._kept
            return
        kept: list[Rows] | None = []
        number = 0
        for rows in self._reader.rows():
            number += len(rows.lines)
            if kept is not None:
                kept.append(rows)
                if number > self._most:
                    kept = None
            yield rows
        self._kept = kept


class WatchedReader:
    """Tells how many rows were read; from the second time on, with how many there are."""

    def __init__(self, reader: TableReader, on_rows: Callable[[int, int | None], None]) -> None:
        """Take a reader, and who is told after each chunk of rows."""
        self._reader, self._on_rows = reader, on_rows
        self._total: int | None = None

    @property
    def oddities(self) -> Sequence[Oddity]:
        """What was odd about the rows that were read so far."""
        return self._reader.oddities

    def rows(self) -> Iterator[Rows]:
        """Yield the rows behind the header."""
        done = 0
        for rows in self._reader.rows():
            yield rows
            done += len(rows.lines)
            self._on_rows(done, self._total)
        self._total = done


class UnreadableTableError(Exception):
    """A file that can't be read as a table: damaged, too large, or of another kind."""


class Oddity(NamedTuple):
    """Something about a row that its cells no longer show."""

    kind: str
    """``ragged``: more or fewer cells than the header; ``mangled``: a spreadsheet has changed the value;
    ``quotes``: they do not match; ``characters``: some were lost or left out; ``formula``: without result;
    ``hidden``: what people do not see; ``struck``: struck out;
    ``raised``: a code has what may be the mark of a note; ``sheets``: others with code tables."""
    line: int
    detail: str


class TableReader(Protocol):
    """Gives the rows of a table, as often as they are asked for, and never all together."""

    def rows(self) -> Iterator[Rows]:
        """Yield the rows behind the header; those without any text are left out."""

    @property
    def oddities(self) -> Sequence[Oddity]:
        """What was odd about the rows that were read so far."""


@dataclass(frozen=True, kw_only=True)
class CodeTable:
    """A table of codes: what its columns are, and who gives its rows."""

    source: str
    """File or page, as the user gave it."""
    shape: str
    """What kind of file it is, in words: ``CSV, separated by ;, UTF-8``."""
    columns: tuple[Column, ...]
    header_line: int
    reader: TableReader
    row_word: str = "line"
    """What `Rows.lines` counts: ``line`` of a file, ``row`` of a sheet or of a table."""
    table: int | None = None
    """1-based number of the table on its page; absent for files."""
    preamble: int = 0
    """Rows with text above the header."""
    position: Callable[[int, Column | None], tuple[int, int]] | None = None
    """Gives line and column of a row, or of a cell of it; absent where rows are lines."""

    def place(self, line: int, column: Column | None = None) -> Place:
        """Return where a row, or a cell of it, stands."""
        cell = None if column is None else column.index + 1
        if self.table is not None:
            at = (1, 1) if self.position is None else self.position(line, column)
            return Place(self.source, *at, table=self.table, row=line, cell=cell)
        return Place(self.source, line, cell or 1)

    def columns_by_header(self) -> Mapping[str, Column]:
        """Return the columns by what is printed above them."""
        return {column.header: column for column in self.columns}
