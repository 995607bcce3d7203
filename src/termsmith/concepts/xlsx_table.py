"""Code tables in Excel workbooks.

python-calamine reads them; what it does not tell is read from the XML (`workbook_parts`).
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cached_property
from itertools import count, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from termsmith.concepts.columns import ColumnRole
from termsmith.concepts.finding_header import ROWS_LOOKED_AT, Header, find_header, find_lone_codes
from termsmith.concepts.table import (
    CHUNK,
    CachedReader,
    CodeTable,
    Oddity,
    Rows,
    UnreadableTableError,
    rows_with_text,
)
from termsmith.concepts.workbook_parts import SheetParts, check_size, shown_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from python_calamine import CalamineSheet

_KEPT_TO_THE_LETTER = frozenset({ColumnRole.CODE, ColumnRole.PARENT, ColumnRole.CHILD, ColumnRole.NUMBERING})
_KEPT = 120_000
"""Rows of a sheet that are kept from the first time it is gone through to the second."""
_MOST_ODDITIES = 1000
_LARGEST_LOOKED_AT = 5_000_000
"""Bytes of other sheets that are looked at only to tell that they have code tables."""
_MOST_MERGED = 5_000_000
"""Cells that merged ones cover at most."""
_EXACT = 10**15
"""Integers from which on a spreadsheet rounds."""
_DIGITS = 15
"""Digits of a number that a spreadsheet keeps."""


class _Merged(NamedTuple):
    """A cell of several rows."""

    column: int
    last: int
    """The last row that it covers."""


class _Sheet(NamedTuple):
    name: str
    found: CalamineSheet
    first_row: int
    """1-based; those above it are empty."""
    first_column: int
    """0-based; those before it are empty, and not in the rows."""
    hidden: bool
    merged: Mapping[int, Sequence[_Merged]]
    """By the row in which they begin, 0 for the first."""

    def rows(self) -> Iterator[list[Any]]:
        """Yield all rows from the first, all that a merged cell covers with its value; again each time."""
        rows = islice(self.found.iter_rows(), self.first_row - 1, None)
        return _filled(rows, self.merged) if self.merged else rows


def read_xlsx_table(
    path: Path, source: str, *, sheet: str | None = None, stated: Mapping[str, str] | None = None
) -> CodeTable | None:
    """Return the code table of a workbook; nothing when none of its sheets has one.

    Args:
        path: The workbook, ``.xlsx`` or ``.xlsm``.
        source: Its name as the user gave it.
        sheet: Name of the sheet; without it, the first that has a code table, hidden ones last.
        stated: Roles of columns by header, as the user states them.

    Raises:
        UnreadableTableError: When it can't be read, or has no such sheet.
    """
    check_size(path)
    try:
        return _read(path, source, sheet, stated)
    except UnreadableTableError:
        raise
    except Exception as error:
        # Which classes the library raises for a damaged workbook is not told.
        msg = f"the workbook is damaged: {error}"
        raise UnreadableTableError(msg) from error


def _read(path: Path, source: str, wanted: str | None, stated: Mapping[str, str] | None) -> CodeTable | None:
    import python_calamine  # noqa: PLC0415  only where there is a workbook

    workbook = python_calamine.load_workbook(path)
    visible = python_calamine.SheetVisibleEnum.Visible
    kinds = {each.name: each.visible != visible for each in workbook.sheets_metadata}
    names = sorted(workbook.sheet_names, key=lambda name: kinds.get(name, False))
    if wanted is not None and wanted not in names:
        msg = f"it has no sheet {wanted!r}, but {', '.join(map(repr, names))}"
        raise UnreadableTableError(msg)
    chosen: tuple[_Sheet, Header, SheetParts] | None = None
    others: list[str] = []
    for name in [wanted] if wanted is not None else names:
        parts = SheetParts(path, name)
        if chosen is not None and parts.size > _LARGEST_LOOKED_AT:
            continue
        if chosen is None:
            parts.look()
        found = workbook.get_sheet_by_name(name)
        if chosen is not None:
            if _header(_sheet(found, hidden=False), stated):
                others.append(name)
            continue
        read = _sheet(found, hidden=kinds.get(name, False))
        header = _header(read, stated)
        if header is not None:
            chosen = read._replace(merged=_merged(read, header)), header, parts
    if chosen is None:
        return None
    read, header, parts = chosen
    return CodeTable(
        source=source,
        shape=f"workbook, sheet {read.name!r}, header in row {header.line}",
        columns=header.columns,
        header_line=header.line,
        reader=CachedReader(_SheetReader(parts, read, header, others), _KEPT),
        row_word="row",
        preamble=header.rows_before,
    )


def _sheet(found: CalamineSheet, *, hidden: bool) -> _Sheet:
    first_row, first_column = found.start or (0, 0)
    return _Sheet(found.name, found, first_row + 1, first_column, hidden, {})


def _header(sheet: _Sheet, stated: Mapping[str, str] | None) -> Header | None:
    rows = _first_rows(sheet)
    return find_header(rows, stated) or find_lone_codes(rows)


def _merged(sheet: _Sheet, header: Header) -> Mapping[int, Sequence[_Merged]]:
    """Return the cells below the header that cover several rows, by the first of these.

    They show their value for all of them; codes aside, and what covers several columns as well.
    """
    covered = 0
    codes = {column.index for column in header.columns if column.role is ColumnRole.CODE}
    merged: dict[int, list[_Merged]] = {}
    end, _ = sheet.found.end or (0, 0)
    for (top, left), (bottom, right) in sheet.found.merged_cell_ranges or ():
        first = top - sheet.first_row + 1
        last = min(bottom, end) - sheet.first_row + 1
        column = left - sheet.first_column
        if left != right or last <= first or first < header.rows_above or column in codes or column < 0:
            continue
        covered += last - first + 1
        if covered > _MOST_MERGED:
            msg = f"its merged cells cover more than {_MOST_MERGED:,} cells"
            raise UnreadableTableError(msg)
        merged.setdefault(first, []).append(_Merged(column, last))
    return merged


def _filled(rows: Iterator[list[Any]], merged: Mapping[int, Sequence[_Merged]]) -> Iterator[list[Any]]:
    going_on: dict[int, tuple[int, Any]] = {}
    for number, row in enumerate(rows):
        for column, (last, value) in list(going_on.items()):
            if number <= last:
                row[column] = value
            else:
                del going_on[column]
        for cell in merged.get(number, ()):
            if cell.column < len(row):
                going_on[cell.column] = cell.last, row[cell.column]
        yield row


def _first_rows(sheet: _Sheet) -> list[tuple[int, list[str]]]:
    first = islice(sheet.rows(), ROWS_LOOKED_AT)
    return [
        (sheet.first_row + number, [_text(cell).strip() for cell in row]) for number, row in enumerate(first)
    ]


def _text(value: Any) -> str:
    """Return a cell's value as text, as a spreadsheet shows it without a format."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time(0)
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return "" if value is None else str(value)


def _texts_of(values: Sequence[Any]) -> Sequence[str]:
    """Return the texts of a column, most of which hold values of one type."""
    types = set(map(type, values))
    if types == {str}:
        return values
    if types == {float} and all(map(float.is_integer, values)) and max(map(abs, values)) < _EXACT:
        return list(map(str, map(int, values)))
    return list(map(_text, values))


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    text = repr(value)
    if len(text.replace("-", "").replace(".", "").lstrip("0")) > _DIGITS:
        text = f"{value:.{_DIGITS}g}"
    return format(Decimal(text), "f")


class _SheetReader:
    def __init__(self, parts: SheetParts, sheet: _Sheet, header: Header, others: Sequence[str]) -> None:
        self._parts, self._sheet, self._header, self._others = parts, sheet, header, others
        self.oddities: list[Oddity] = []

    @cached_property
    def _formats(self) -> dict[tuple[int, int], str]:
        wanted = {
            self._sheet.first_column + column.index
            for column in self._header.columns
            if column.role in _KEPT_TO_THE_LETTER
        }
        return self._parts.formats(wanted)

    def rows(self) -> Iterator[Rows]:
        """Yield the rows behind the header."""
        self.oddities.clear()
        width = len(self._header.columns)
        outline = self._parts.seen().outline
        self._tell_what_is_odd()
        left = islice(self._sheet.rows(), self._header.rows_above, None)
        for first in count(self._sheet.first_row + self._header.rows_above, CHUNK):
            part = list(islice(left, CHUNK))
            if not part:
                return
            lines = range(first, first + len(part))
            rows = rows_with_text(self._columns(part, first, width), lines, self._header.indented)
            if outline:
                rows = rows._replace(levels=[outline.get(line, 0) for line in rows.lines])
            if rows.lines:
                yield rows

    def _tell_what_is_odd(self) -> None:
        """Note what people do not see, and what is not in the sheet though it should be."""
        seen, sheet, line = self._parts.seen(), self._sheet, self._header.line
        columns = range(sheet.first_column, sheet.first_column + len(self._header.columns))
        if sheet.hidden:
            self._odd("hidden", line, f"the sheet {sheet.name!r} is hidden")
        rows = [row for row in seen.hidden if row > line]
        if rows:
            self._odd(
                "hidden", rows[0], f"{len(rows):,} rows of {sheet.name!r} are hidden, the first is {rows[0]}"
            )
        if seen.hidden_columns:
            self._odd("hidden", line, f"columns of {sheet.name!r} are hidden")
        if self._others:
            listed = ", ".join(map(repr, self._others[:5]))
            self._odd("sheets", line, f"only {sheet.name!r} is read; {listed} have code tables, too")
        for lost in seen.lost:
            if lost.row > line and lost.column in columns:
                header = self._header.columns[lost.column - sheet.first_column].header
                self._odd("formula", lost.row, f"{header!r}: {lost.detail}")
        for row, cells in seen.struck.items():
            headers = [
                repr(self._header.columns[cell - sheet.first_column].header)
                for cell in cells
                if cell in columns
            ]
            if row > line and headers:
                self._odd(
                    "struck", row, f"{', '.join(headers)}: struck out in the sheet, and read all the same"
                )

    def _columns(self, part: Sequence[Sequence[Any]], first: int, width: int) -> list[Sequence[str]]:
        by_column = list(zip(*part, strict=True))
        columns: list[Sequence[str]] = []
        for index in range(width):
            values = by_column[index] if index < len(by_column) else ("",) * len(part)
            if self._header.columns[index].role in _KEPT_TO_THE_LETTER and set(map(type, values)) != {str}:
                columns.append([self._code(value, first + n, index) for n, value in enumerate(values)])
            else:
                columns.append(_texts_of(values))
        return columns

    def _code(self, value: Any, line: int, index: int) -> str:
        """Return a code that a spreadsheet may have taken for a number, a date or a logical value."""
        text = _text(value)
        if isinstance(value, str) or value is None:
            return text
        if isinstance(value, bool):
            self._odd("mangled", line, f"{text} is a logical value; how it was written is lost")
        elif isinstance(value, int | float):
            column = self._sheet.first_column + index
            text, problem = shown_number(float(value), self._formats.get((line, column), ""))
            if problem is not None:
                self._odd("mangled", line, problem)
        else:
            self._odd("mangled", line, f"{text} is a date or time; a code such as 1-2 becomes one")
        return text

    def _odd(self, kind: str, line: int, detail: str) -> None:
        if len(self.oddities) < _MOST_ODDITIES:
            self.oddities.append(Oddity(kind, line, detail))
