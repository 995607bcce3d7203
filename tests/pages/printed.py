"""Pages in a form that tests can state in full, and the law that every page keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.model.page import Block, BlockKind
from termsmith.pages.reading import read_page

if TYPE_CHECKING:
    from termsmith.model.page import Cell, Page


def read(text: str | bytes) -> Page:
    """Return the page that a text or a file holds."""
    return read_page(text if isinstance(text, bytes) else text.encode(), "page")


def outline(page: Page) -> list[str]:
    """Return a line for each block and each table row.

    ``+`` before a block: no paragraph break before it. ``## `` a heading, ``* `` or ``1. `` an item, ``<reason>``
    behind furniture. Cells stand between pipes, ``!`` before header cells, ``/`` between the blocks of one.
    """
    lines: list[str] = []
    for item in page.items:
        if isinstance(item, Block):
            lines.append(_block(page, item))
        else:
            lines += [
                f"{item.number}: " + " | ".join(_cell(page, cell) for cell in row.cells) for row in item.rows
            ]
    return lines


def _cell(page: Page, cell: Cell) -> str:
    return ("!" if cell.header else "") + " / ".join(_block(page, block) for block in cell.blocks)


def _block(page: Page, block: Block) -> str:
    gap = "" if block.gap else "+"
    mark = ""
    if block.kind is BlockKind.HEADING:
        mark = "#" * block.level + " "
    elif block.kind is BlockKind.ITEM:
        mark = "  " * (block.level - 1) + block.marker + " "
    reason = f" <{block.furniture}>" if block.furniture else ""
    return f"{gap}{mark}{page.text[block.start : block.end]}{reason}"


def texts(page: Page) -> list[str]:
    """Return the text of every block."""
    return [page.text[block.start : block.end] for block in page.blocks]


def codes(page: Page) -> list[str]:
    """Return the codes of the findings."""
    return [finding.code for finding in page.findings]


def told(page: Page) -> list[tuple[str, str, int, int]]:
    """Return code, message, line and column of the findings that have a place."""
    return [
        (each.code, each.message, each.place.line, each.place.column)
        for each in page.findings
        if each.place is not None
    ]


def assert_lawful(page: Page) -> None:
    """Assert that blocks cover the page's text once, and that places and links are in order."""
    covered = 0
    for block in page.blocks:
        between = page.text[covered : block.start]
        assert covered <= block.start < block.end
        assert between.strip("\n\t") == ""
        text = page.text[block.start : block.end]
        assert text == " ".join(text.split())
        covered = block.end
    assert page.text[covered:].strip("\n\t") == ""
    assert list(page.positions.offsets) == sorted(set(page.positions.offsets))
    assert min((*page.positions.lines, *page.positions.columns)) >= 1
    end = 0
    for link in page.links:
        assert end <= link.start < link.end <= len(page.text)
        end = link.end
    numbers = [item.number for item in page.items if not isinstance(item, Block)]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    for item in page.items:
        if isinstance(item, Block):
            assert item.address is None
            continue
        for row_number, row in enumerate(item.rows, 1):
            for cell_number, cell in enumerate(row.cells, 1):
                for block in cell.blocks:
                    place = page.place(block.start)
                    assert (place.table, place.row, place.cell) == (item.number, row_number, cell_number)


def misplaced(page: Page, source: str) -> list[tuple[str, tuple[int, int]]]:
    """Return the characters that do not stand where the page says; a reference stands for any character."""
    lines = source.split("\n")
    wrong = []
    for block in page.blocks:
        for offset in range(block.start, block.end):
            line, column = page.positions.line_and_column(offset)
            there = lines[line - 1][column - 1 : column]
            if page.text[offset] not in {" ", there} and there != "&":
                wrong.append((page.text[offset], (line, column)))
    return wrong
