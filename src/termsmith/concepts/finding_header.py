"""The row of a table that names its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from termsmith.concepts.columns import (
    Column,
    ColumnRole,
    column_of,
    distinct,
    name_columns,
    recognise_columns,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ROWS_LOOKED_AT = 20
"""Rows among which the header is looked for; above it there may be a title, and the like."""


class Header(NamedTuple):
    """The header row of a code table."""

    columns: tuple[Column, ...]
    line: int
    """Where it stands."""
    rows_above: int
    """Rows up to and with it."""
    rows_before: int
    """Rows with text above it."""

    @property
    def indented(self) -> list[int]:
        """Indexes of the columns whose blanks in front may tell a hierarchy: code, then display."""
        order = (ColumnRole.CODE, ColumnRole.DISPLAY)
        return [column.index for role in order for column in self.columns if column.role is role]


def find_header(
    rows: Iterable[tuple[int, Sequence[str]]], stated: Mapping[str, str] | None = None
) -> Header | None:
    """Return the header among the first rows of a table; nothing when it is no code table.

    Args:
        rows: Line and cells of each row.
        stated: Roles of columns by header, as the user states them (`column_of`).
    """
    before = 0
    for number, (line, cells) in enumerate(rows, start=1):
        if number > ROWS_LOOKED_AT:
            break
        trimmed = _without_empty_end(cells)
        columns = stated_columns(trimmed, stated) if stated else recognise_columns(trimmed)
        if columns is not None:
            return Header(columns, line, number, before)
        before += any(cells)
    return None


def _without_empty_end(cells: Sequence[str]) -> Sequence[str]:
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return [cell.strip() for cell in cells[:end]]


def find_lone_codes(rows: Iterable[tuple[int, Sequence[str]]]) -> Header | None:
    """Return the header of a table with nothing but codes: its first row with text, one cell."""
    for number, (line, cells) in enumerate(rows, start=1):
        trimmed = _without_empty_end(cells)
        if any(trimmed):
            columns = name_columns(trimmed) if len(trimmed) == 1 else None
            return None if columns is None else Header(columns, line, number, 0)
    return None


def stated_columns(headers: Sequence[str], stated: Mapping[str, str]) -> tuple[Column, ...] | None:
    """Return columns of which the user says what some are, and the header words the rest.

    Where the user says something of a table, it needs no column but that of codes.
    """
    if not stated.keys() & set(headers):
        return recognise_columns(headers)
    given = {
        index: column
        for index, header in enumerate(headers)
        if header in stated and (column := column_of(index, header, stated[header])) is not None
    }
    roles = {column.role for column in given.values()}
    # The other headers have no role that is given already.
    fillers = [word for word, role in _FILLERS if role in roles]
    recognised = name_columns([*("" if i in given else header for i, header in enumerate(headers)), *fillers])
    if recognised is None:
        return None
    taken = {column.code for column in given.values() if column.role is ColumnRole.PROPERTY}
    others = distinct([each for each in recognised[: len(headers)] if each.index not in given], taken)
    columns = tuple(sorted([*given.values(), *others], key=lambda column: column.index))
    return columns if [column.role for column in columns].count(ColumnRole.CODE) == 1 else None


_FILLERS = (("code", ColumnRole.CODE), ("display", ColumnRole.DISPLAY), ("definition", ColumnRole.DEFINITION))
"""The plainest header of each role that a table has once."""
