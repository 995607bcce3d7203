"""Pipe rows as extraction tools print tables (S4), in the two variants seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapes.text import HEADER, INDEX_NOTE, printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapes.page import Row, TestPage


def trailing(page: TestPage) -> str:
    """Render rows that end in a pipe; the section's cell is missing on all rows but its first."""
    if page.dialect == "D1":
        return "".join(f"{_label(row)} | {printed(row.value)} |\n" for row in page.rows) + "|\n"
    head = [INDEX_NOTE, " | ".join(HEADER) + " |"] if page.dialect == "D2" else []
    return "\n".join([*head, *map(_trailing_row, page.rows)]) + "\n"


def leading(page: TestPage) -> str:
    """Render rows between pipes; a spanning cell leaves ``||`` on a line of its own, a rule a lone ``|``."""
    return "\n".join(_leading_lines(page)) + "\n"


def _label(row: Row) -> str:
    return f"{row.label} {row.hint}" if row.hint else row.label


def _trailing_row(row: Row) -> str:
    value = printed(row.value)
    names = [text for text in (row.section, row.organization, row.label) if text]
    if row.section and row.label:
        return " | ".join(names) + f" | {value} |"
    return " | ".join(names) + (f" | {value} | |" if value else " | | |")


def _leading_lines(page: TestPage) -> Iterator[str]:
    for index, row in enumerate(page.rows):
        if row.section and index:
            yield "|"
        names = [text for text in (row.section, row.organization, _label(row)) if text]
        cells = [*names, printed(row.value)] if row.value or not row.link else names
        yield "| " + " | ".join(cells) + " |"
        if page.dialect != "D1":
            yield "||"
