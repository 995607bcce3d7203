"""Code tables that stand on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.concepts.declaration_table import declares_properties
from termsmith.concepts.finding_header import Header, find_header
from termsmith.concepts.table import CodeTable, Oddity, Rows, stripped_columns
from termsmith.model.page import Block, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from termsmith.model.page import Cell, Page


def page_tables(page: Page, stated: Mapping[str, str] | None = None) -> list[tuple[CodeTable, str | None]]:
    """Return the code tables of a page in page order, each with the heading that it stands under."""
    found: list[tuple[CodeTable, str | None]] = []
    heading: str | None = None
    for item in page.items:
        if isinstance(item, Block):
            if item.level and item.kind.value == "heading":
                heading = page.text[item.start : item.end]
            continue
        rows = [
            (number, [_text(page, cell) for cell in row.cells]) for number, row in enumerate(item.rows, 1)
        ]
        header = find_header(rows, stated)
        if header is not None and len(rows) > header.rows_above and not declares_properties(rows, header):
            table = CodeTable(
                source=page.source,
                shape=f"table {item.number} on the page",
                columns=header.columns,
                header_line=header.line,
                reader=_PageReader(page, item, header),
                row_word="row",
                table=item.number,
                preamble=header.rows_before,
            )
            found.append((table, heading))
    return found


def _text(page: Page, cell: Cell) -> str:
    return "\n".join(page.text[block.start : block.end] for block in cell.blocks)


class _PageReader:
    def __init__(self, page: Page, table: Table, header: Header) -> None:
        self._page, self._table, self._header = page, table, header
        self.oddities: list[Oddity] = []

    def rows(self) -> Iterator[Rows]:
        """Yield the rows behind the header."""
        self.oddities.clear()
        width = len(self._header.columns)
        rows: list[Sequence[str]] = []
        lines: list[int] = []
        indents: list[int] = []
        headers = [column.header for column in self._header.columns]
        for number, row in enumerate(
            self._table.rows[self._header.rows_above :], self._header.rows_above + 1
        ):
            cells = [_text(self._page, cell) for cell in row.cells]
            if not any(cells) or cells == headers:  # a header that is repeated on each printed page
                continue
            if len(cells) != width and (len(cells) < width or any(cells[width:])):
                detail = f"{len(cells)} cells instead of {width}"
                extra = ", ".join(cell for cell in cells[width:] if cell)
                self.oddities.append(
                    Oddity("ragged", number, f"{detail}; left out: {extra}" if extra else detail)
                )
            indents.append(self._indent(row.cells))
            rows.append((cells + [""] * width)[:width])
            lines.append(number)
        yield Rows(stripped_columns(rows, width), lines, indents if any(indents) else None)

    def _indent(self, cells: Sequence[Cell]) -> int:
        for index in self._header.indented:
            if index < len(cells) and cells[index].blocks:
                blanks = self._page.indents.get(cells[index].blocks[0].start, 0)
                if blanks:
                    return blanks
        return 0
