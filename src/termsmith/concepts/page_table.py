"""Code tables that stand on a page: which tables are, which belong together, and their cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from termsmith.catalogue import PAGE_TOO_MANY_PARTS
from termsmith.concepts.columns import MOST_COLUMNS, Column, ColumnRole, language_of
from termsmith.concepts.declaration_table import declares_properties
from termsmith.concepts.finding_header import ROWS_LOOKED_AT, Header, find_header
from termsmith.concepts.table import CodeTable, Oddity, Rows, stripped_columns
from termsmith.dialects.labels import fold
from termsmith.dialects.loading import shared_tables
from termsmith.dialects.table_kinds import kind_of
from termsmith.errors import PageError
from termsmith.model.page import Block, BlockKind, Cell, Table
from termsmith.pages.raised import note_mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from termsmith.model.page import Page

MOST_CELLS = 1_000_000
"""Cells of a code table, those counted again that stand in several rows or columns."""
_MOST_ROWS_ABOVE = 3
"""Rows with text above the header of a table on a page."""
_LONGEST_CODE = 100
_VAGUE = frozenset(
    map(fold, ("value", "key", "id", "identifier", "symbol", "wert", "kennung", "valeur", "waarde", "valor"))
)
"""Headers of codes that tables about other things have, too."""
_NO_CODE = re.compile(
    r"(?:https?|urn|ftp|mailto):\S|\S+@\S+\.\S|(?:urn:oid:)?[0-2](?:\.\d+){5,}\Z", re.IGNORECASE
)
_PART = re.compile(
    r"[\s,:–—-]*(?:\(?(?:part|page|teil|seite|section|partie|parte|deel)\s*(?:\d{1,3}|[ivx]{1,4}|[a-z])"
    r"(?:\s*(?:/|of|von|de)\s*\d{1,3})?\)?|\(?(?:continued|cont\.|cont’d|cont'd|fortsetzung|suite)\)?"
    r"|\(\d{1,3}\s*(?:/|of)\s*\d{1,3}\))\s*\Z",
    re.IGNORECASE,
)
"""What says that something is a part, behind the name of the whole."""
_SECTION = re.compile(
    r"(?:[^\W\d_]|\d{1,4})(?:\s*(?:[-–—]|to|bis)\s*(?:[^\W\d_]|\d{1,4}))?|0-9|#", re.IGNORECASE
)
"""A heading such as ``A``, ``A-C`` or ``100-199``: a section of a list."""
_NOTHING = Cell(blocks=())


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTable:
    """A code table on a page."""

    table: CodeTable
    number: int
    """1-based, of the table on the page."""
    heading: str | None = None
    """What it stands under, without words that only tell its part; absent where there is no heading."""
    names: tuple[str, ...] = ()
    """Whatever it can be named by: headings above it, and the line before it."""
    caption: Block | None = None
    """The heading right above it; absent where something stands between."""

    @property
    def title(self) -> str:
        """What to call it."""
        return repr(self.heading) if self.heading else f"table {self.number}"


def page_tables(page: Page, stated: Mapping[str, str] | None = None) -> list[PageTable]:
    """Return the code tables of a page in page order.

    Args:
        page: The page.
        stated: Roles of columns by header, as the user states them.

    Raises:
        PageError: PAG007, when a code table has too many cells.
    """
    found: list[PageTable] = []
    headings: list[tuple[int, str]] = []
    before: Block | None = None
    for item in page.items:
        if isinstance(item, Block):
            text = page.text[item.start : item.end]
            if item.kind is BlockKind.HEADING:
                headings = [(level, above) for level, above in headings if level < item.level]
                headings.append((item.level, text))
            before = item
            continue
        header = _header(page, item, stated or {})
        if header is None:
            continue
        made = _page_table(page, item, header, headings, before)
        before = None
        if not (_all_languages(made.table) and _merge(found, made)):
            found.append(made)
    return found


def _page_table(
    page: Page, item: Table, header: Header, headings: Sequence[tuple[int, str]], before: Block | None
) -> PageTable:
    texts = [text for _, text in reversed(headings)]
    line = [] if before is None else [page.text[before.start : before.end]]
    whole = next((text for text in texts if _SECTION.fullmatch(text) is None), None)
    reader = PageReader(page, item, header)
    return PageTable(
        table=CodeTable(
            source=page.source,
            shape=f"table {item.number} on the page",
            columns=header.columns,
            header_line=header.line,
            reader=reader,
            row_word="row",
            table=item.number,
            position=reader.position,
            preamble=header.rows_before,
        ),
        number=item.number,
        heading=None if whole is None else _PART.sub("", whole) or whole,
        names=tuple(dict.fromkeys([*texts, *line])),
        caption=before if before is not None and before.kind is BlockKind.HEADING else None,
    )


def grouped(tables: Sequence[PageTable]) -> list[list[PageTable]]:
    """Return tables that continue one another together: the same columns, under the same heading."""
    groups: dict[tuple[str | None, tuple[str, ...]], list[PageTable]] = {}
    for each in tables:
        key = (fold(each.heading or ""), tuple(fold(column.header) for column in each.table.columns))
        groups.setdefault(key, []).append(each)
    return list(groups.values())


# -- which tables are code tables -----------------------------------------------------------------


def _header(page: Page, table: Table, stated: Mapping[str, str]) -> Header | None:
    """Return the header of a table whose rows are codes."""
    rows = list(islice(_grid(table), ROWS_LOOKED_AT + 1))
    texts = [(number, [_header_text(page, cell) for cell in cells]) for number, cells in rows]
    found = find_header(texts, stated)
    if found is None or len(table.rows) <= found.line:
        return None
    header = found._replace(rows_above=found.line)
    if declares_properties(texts, found):
        return None
    index = next(index for index, (number, _) in enumerate(rows) if number == header.line)
    if any(block.furniture is not None for cell in rows[index][1] for block in cell.blocks):
        return None
    if stated.keys() & set(texts[index][1]):
        return header
    if header.rows_before > _MOST_ROWS_ABOVE or kind_of(
        [cells for _, cells in texts[index:]], shared_tables()
    ):
        return None
    return header if _lists_codes(page, table, header) else None


def _lists_codes(page: Page, table: Table, header: Header) -> bool:
    """Whether what stands in the column of codes can be codes."""
    roles = [column.role for column in header.columns]
    code = roles.index(ColumnRole.CODE)
    codes = [
        text
        for number, cells in _grid(table)
        if number > header.line and code < len(cells) and (text := _text(page, cells[code]))
    ]
    if not codes:
        return False
    odd = sum(len(text) > _LONGEST_CODE or text.count("\n") > 1 for text in codes)
    if odd * 2 > len(codes):
        return False
    if fold(header.columns[code].header) not in _VAGUE:
        return True
    # `Name | Value` lists facts; addresses and OIDs under such a header identify other things.
    named_before = ColumnRole.DISPLAY in roles and roles.index(ColumnRole.DISPLAY) < code
    identifiers = sum(_NO_CODE.match(text) is not None for text in codes)
    return not named_before and identifiers * 2 <= len(codes)


def _all_languages(table: CodeTable) -> bool:
    """Whether a table gives nothing but names in further languages."""
    others = [column for column in table.columns if column.role is not ColumnRole.CODE]
    return all(language_of(column.header) is not None for column in others)


def _merge(found: list[PageTable], more: PageTable) -> bool:
    """Give names in further languages to the concepts of a table above; false when there is none."""
    addition = more.table.reader
    assert isinstance(addition, PageReader), "made here"  # noqa: S101  narrows the type
    for index in range(len(found) - 1, -1, -1):
        table = found[index].table
        main = table.reader
        if isinstance(main, PageReader) and main.codes.keys() & addition.codes.keys():
            columns = main.add(addition, more.table.columns)
            found[index] = replace(found[index], table=replace(table, columns=(*table.columns, *columns)))
            return True
    return False


# -- cells ----------------------------------------------------------------------------------------


def _text(page: Page, cell: Cell) -> str:
    return "\n".join(page.text[block.start : block.end] for block in cell.blocks)


def _header_text(page: Page, cell: Cell) -> str:
    return " ".join(page.text[block.start : block.end] for block in cell.blocks)


def _grid(table: Table) -> Iterator[tuple[int, list[Cell]]]:
    """Yield number and cells of the rows that have text, each cell in all the rows that it stands in.

    In the further columns that a cell stands in, there is an empty one.
    """
    covering: dict[int, tuple[Cell, int]] = {}
    number_of_cells = 0
    for number, row in enumerate(table.rows, 1):
        laid: list[Cell] = []
        for cell in row.cells:
            while len(laid) in covering and covering[len(laid)][1] >= number:
                laid.append(covering[len(laid)][0])
            for part in range(cell.columns):
                if len(laid) > MOST_COLUMNS:
                    break
                shown = _NOTHING if part else cell
                if cell.rows > 1:
                    covering[len(laid)] = (shown, number + cell.rows - 1)
                laid.append(shown)
        if not any(cell.blocks for cell in row.cells):
            continue
        while len(laid) in covering and covering[len(laid)][1] >= number and len(laid) <= MOST_COLUMNS:
            laid.append(covering[len(laid)][0])
        number_of_cells += len(laid)
        if number_of_cells > MOST_CELLS:
            raise PageError(PAGE_TOO_MANY_PARTS.found(limit=MOST_CELLS, parts="cells of a code table"))
        yield number, laid


class PageReader:
    """The rows of a code table on a page."""

    def __init__(self, page: Page, table: Table, header: Header) -> None:
        self.page, self.table = page, table
        self._header = header
        self._width = len(header.columns)
        self._code = next(c.index for c in header.columns if c.role is ColumnRole.CODE)
        self._additions: list[tuple[PageReader, int]] = []
        self._rows: dict[int, list[Cell]] | None = None
        self._codes: dict[str, int] | None = None
        self.oddities: list[Oddity] = []
        self.headers: list[int] = []
        """Numbers of the rows that say again what the columns are."""

    @property
    def codes(self) -> Mapping[str, int]:
        """The first row of each code."""
        if self._codes is None:
            self._codes = {}
            for number, cells in self._cells().items():
                if self._code < len(cells):
                    self._codes.setdefault(_text(self.page, cells[self._code]).strip(), number)
        return self._codes

    def position(self, row: int, column: Column | None) -> tuple[int, int]:
        """Return line and column of a row, or of a cell of it, as near as the page tells."""
        cells = self.table.rows[row - 1].cells
        wanted = cells if column is None else cells[column.index : column.index + 1]
        for cell in (*wanted, *cells):
            if cell.blocks:
                return self.page.positions.line_and_column(cell.blocks[0].start)
        return (1, 1)

    def add(self, addition: PageReader, columns: Sequence[Column]) -> list[Column]:
        """Take more columns from a table of the same codes; return them as columns of this one."""
        start = self._width + len(self._additions)
        added: list[Column] = []
        for column in columns:
            if column.role is not ColumnRole.CODE:
                language = language_of(column.header)
                place = start + len(added)
                added.append(
                    Column(
                        index=place,
                        header=column.header,
                        role=ColumnRole.DESIGNATION,
                        language=language,
                    )
                )
                self._additions.append((addition, column.index))
        return added

    def rows(self) -> Iterator[Rows]:
        """Yield the rows behind the header."""
        self.oddities.clear()
        rows: list[Sequence[str]] = []
        lines: list[int] = []
        indents: list[int] = []
        for number, cells in self._cells().items():
            texts = [_text(self.page, cell) for cell in cells]
            if len(texts) < self._width or any(texts[self._width :]):
                detail = f"{len(texts)} cells instead of {self._width}"
                extra = ", ".join(text for text in texts[self._width :] if text)
                self.oddities.append(
                    Oddity("ragged", number, f"{detail}; left out: {extra}" if extra else detail)
                )
            row = (texts + [""] * self._width)[: self._width]
            if mark := note_mark(row[self._code]):
                detail = f"the code {row[self._code]!r} ends in {mark!r}, which may be the mark of a note"
                self.oddities.append(Oddity("raised", number, detail))
            indents.append(self._indent(cells))
            if self._additions:
                more = (
                    self.cell(number, place)
                    for place in range(self._width, self._width + len(self._additions))
                )
                row += ["" if cell is None else _text(self.page, cell) for cell in more]
            rows.append(row)
            lines.append(number)
        width = self._width + len(self._additions)
        yield Rows(stripped_columns(rows, width), lines, indents if any(indents) else None)

    def cell(self, number: int, index: int) -> Cell | None:
        """Return the cell of a row in a column, wherever it stands; nothing when there is none."""
        if index >= self._width:
            addition, column = self._additions[index - self._width]
            code = self.cell(number, self._code)
            row = None if code is None else addition.codes.get(_text(self.page, code).strip())
            return None if row is None else addition.cell(row, column)
        cells = self._cells().get(number, [])
        return cells[index] if index < len(cells) else None

    def header_cells(self) -> Iterator[Cell]:
        """Yield the cells that say what the columns are."""
        for number in (self._header.line, *self.headers):
            yield from self.table.rows[number - 1].cells
        for addition in dict.fromkeys(reader for reader, _ in self._additions):
            yield from addition.header_cells()

    def repeated_codes(self) -> Iterator[Cell]:
        """Yield the cells of further tables that only say which concept a row is about."""
        for addition in dict.fromkeys(reader for reader, _ in self._additions):
            for code, cell in addition.code_cells():
                if code in self.codes:
                    yield cell

    def code_cells(self) -> Iterator[tuple[str, Cell]]:
        """Yield each code with its cell."""
        for code, number in self.codes.items():
            cell = self.cell(number, self._code)
            if cell is not None:
                yield code, cell

    def tables(self) -> Iterator[int]:
        """Yield the numbers of the tables that the cells are from."""
        yield self.table.number
        yield from dict.fromkeys(reader.table.number for reader, _ in self._additions)

    def _cells(self) -> dict[int, list[Cell]]:
        """Return the cells of each row that can be a concept's, by number of the row."""
        if self._rows is None:
            self._rows = {}
            headers = [fold(column.header) for column in self._header.columns]
            padded = 0
            for number, cells in _grid(self.table):
                if number <= self._header.line:
                    continue
                if [fold(_header_text(self.page, cell)) for cell in cells if cell.blocks] == [
                    h for h in headers if h
                ]:
                    self.headers.append(number)
                elif not self._is_title(cells):
                    self._rows[number] = cells
                    padded += self._width
                    if padded > MOST_CELLS:
                        raise PageError(
                            PAGE_TOO_MANY_PARTS.found(limit=MOST_CELLS, parts="cells of a code table")
                        )
        return self._rows

    def _is_title(self, cells: Sequence[Cell]) -> bool:
        """Whether a row has only the title of the rows below it: one cell from side to side."""
        filled = [cell for cell in cells if cell.blocks]
        return len(filled) == 1 and filled[0].columns > 1 and filled[0].columns >= self._width - 1

    def _indent(self, cells: Sequence[Cell]) -> int:
        for index in self._header.indented:
            if index < len(cells) and cells[index].blocks:
                blanks = self.page.indents.get(cells[index].blocks[0].start, 0)
                if blanks:
                    return blanks
        return 0
