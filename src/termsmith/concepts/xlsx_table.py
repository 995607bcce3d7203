"""Code tables in Excel workbooks.

python-calamine reads them; openpyxl, which is slow, is asked for number formats where codes are numbers.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from contextlib import suppress
from itertools import count, islice
from threading import Thread
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from termsmith.concepts.columns import ColumnRole
from termsmith.concepts.finding_header import ROWS_LOOKED_AT, Header, find_header
from termsmith.concepts.table import (
    CHUNK,
    CachedReader,
    CodeTable,
    Oddity,
    Rows,
    blanks_before,
    stripped_columns,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from python_calamine import CalamineSheet

LARGEST_SHEET = 2_000_000_000
"""Bytes that the parts of a workbook unpack to at most."""
_KEPT_TO_THE_LETTER = frozenset({ColumnRole.CODE, ColumnRole.PARENT, ColumnRole.NUMBERING})
_ZEROS = re.compile(r"0+", re.ASCII)
_OUTLINE = re.compile(rb'<row\b[^>]*?\br="(\d+)"[^>]*?\boutlineLevel="(\d)"')
_KEPT = 120_000
"""Rows of a sheet that are kept from the first time it is gone through to the second."""
_BLOCK = 1 << 20
_LONGEST_TAG = 1000
_MOST_ODDITIES = 1000
_EXACT = 10**15
"""Integers from which on a spreadsheet rounds."""


class UnreadableWorkbookError(Exception):
    """A file that is no workbook, or a sheet that is not there."""


class _Sheet(NamedTuple):
    name: str
    found: CalamineSheet
    first_row: int
    """1-based; those above it are empty."""

    def rows(self) -> Iterator[list[Any]]:
        """Yield all rows from the first; again each time."""
        return islice(self.found.iter_rows(), self.first_row - 1, None)


def read_xlsx_table(
    path: Path, source: str, *, sheet: str | None = None, stated: Mapping[str, str] | None = None
) -> CodeTable | None:
    """Return the code table of a workbook; nothing when none of its sheets has one.

    Args:
        path: The workbook, ``.xlsx`` or ``.xlsm``.
        source: Its name as the user gave it.
        sheet: Name of the sheet; without it, the first that has a code table.
        stated: Roles of columns by header, as the user states them.

    Raises:
        UnreadableWorkbookError: When it can't be read, or has no such sheet.
    """
    import python_calamine  # noqa: PLC0415  only where there is a workbook

    _bounded(path)
    outline = _Outline(path)
    try:
        workbook = python_calamine.load_workbook(path)
        names = workbook.sheet_names
        if sheet is not None and sheet not in names:
            msg = f"it has no sheet {sheet!r}, but {', '.join(map(repr, names))}"
            raise UnreadableWorkbookError(msg)
        for name in [sheet] if sheet is not None else names:
            found = workbook.get_sheet_by_name(name)
            start = found.start
            read = _Sheet(name, found, 1 if start is None else start[0] + 1)
            header = find_header(_first_rows(read), stated)
            if header is not None:
                return CodeTable(
                    source=source,
                    shape=f"workbook, sheet {name!r}",
                    columns=header.columns,
                    header_line=header.line,
                    reader=CachedReader(_SheetReader(path, read, header, outline), _KEPT),
                    row_word="row",
                    preamble=header.rows_before,
                )
    except (python_calamine.CalamineError, OSError, zipfile.BadZipFile) as error:
        msg = str(error)
        raise UnreadableWorkbookError(msg) from error
    return None


def _bounded(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (OSError, zipfile.BadZipFile) as error:
        msg = "it is no .xlsx workbook"
        raise UnreadableWorkbookError(msg) from error
    if size > LARGEST_SHEET:
        msg = f"it unpacks to more than {LARGEST_SHEET:,} bytes"
        raise UnreadableWorkbookError(msg)


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
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
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


class _SheetReader:
    def __init__(self, path: Path, sheet: _Sheet, header: Header, outline: _Outline) -> None:
        self._path, self._sheet, self._header, self._outline = path, sheet, header, outline
        self._formats: dict[tuple[int, int], str] | None = None
        self.oddities: list[Oddity] = []

    def rows(self) -> Iterator[Rows]:
        """Yield the rows behind the header."""
        self.oddities.clear()
        width = len(self._header.columns)
        outline = self._outline.levels()
        left = islice(self._sheet.rows(), self._header.rows_above, None)
        for first in count(self._sheet.first_row + self._header.rows_above, CHUNK):
            part = list(islice(left, CHUNK))
            if not part:
                return
            texts = self._texts(part, first, width)
            kept = [index for index, row in enumerate(texts) if any(row)]
            rows = texts if len(kept) == len(texts) else [texts[index] for index in kept]
            lines = [first + index for index in kept]
            levels = [outline.get(line, 0) for line in lines] if outline else None
            yield Rows(
                stripped_columns(rows, width), lines, blanks_before(rows, self._header.indented), levels
            )

    def _texts(self, part: Sequence[Sequence[Any]], first: int, width: int) -> list[tuple[str, ...]]:
        by_column = list(zip(*part, strict=True))
        columns: list[Sequence[str]] = []
        for index in range(width):
            values = by_column[index] if index < len(by_column) else ("",) * len(part)
            if self._header.columns[index].role in _KEPT_TO_THE_LETTER and set(map(type, values)) != {str}:
                columns.append([self._code(value, first + n, index) for n, value in enumerate(values)])
            else:
                columns.append(_texts_of(values))
        return list(zip(*columns, strict=True))

    def _code(self, value: Any, line: int, index: int) -> str:
        """Return a code that a spreadsheet may have taken for a number or a date."""
        text = _text(value)
        if isinstance(value, str | bool) or value is None:
            return text
        shown = self._format(line, index)
        if isinstance(value, float):
            if value.is_integer() and _ZEROS.fullmatch(shown):
                return text.zfill(len(shown))
            if not value.is_integer() or abs(value) >= _EXACT:
                self._mangled(line, f"{text} is a number; a code such as 1.10 would have lost its last digit")
        elif isinstance(value, dt.date | dt.time):
            self._mangled(line, f"{text} is a date; a code such as 1-2 becomes one")
        return text

    def _mangled(self, line: int, detail: str) -> None:
        if len(self.oddities) < _MOST_ODDITIES:
            self.oddities.append(Oddity("mangled", line, detail))

    def _format(self, line: int, index: int) -> str:
        """Return the number format of a cell, which python-calamine does not tell."""
        if self._formats is None:
            import openpyxl  # type: ignore[import-untyped]  # noqa: PLC0415  slow; has no types of its own

            book = openpyxl.load_workbook(self._path, read_only=True)
            wanted = [c.index for c in self._header.columns if c.role in _KEPT_TO_THE_LETTER]
            self._formats = {}
            for row in book[self._sheet.name].iter_rows(min_row=self._header.line + 1):
                for cell in row:
                    if cell.value is not None and cell.column - 1 in wanted:
                        self._formats[cell.row, cell.column - 1] = cell.number_format
            book.close()
        return self._formats.get((line, index), "General")


class _Outline:
    """The outline levels of a workbook's only sheet; they are looked for while calamine reads the cells."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._levels: dict[int, int] = {}
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def levels(self) -> dict[int, int]:
        """Return the levels of rows that are grouped, by row."""
        self._thread.join()
        return self._levels

    def _read(self) -> None:
        # What is wrong with a file, calamine tells, which reads all of it.
        with suppress(Exception), zipfile.ZipFile(self._path) as archive:
            sheets = [n for n in archive.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", n)]
            if len(sheets) == 1:  # which file is which sheet is only certain then
                with archive.open(sheets[0]) as sheet:
                    self._levels = dict(outline_levels(sheet))


def outline_levels(sheet: IO[bytes]) -> Iterator[tuple[int, int]]:
    """Yield the rows of a sheet's XML that are grouped, with their levels; it is read in blocks."""
    rest = b""
    while block := sheet.read(_BLOCK):
        text = rest + block
        cut = text.rfind(b"<row")
        if b"outlineLevel" in text:
            for found in _OUTLINE.finditer(text, 0, max(cut, 0)):
                yield int(found[1]), int(found[2])
        # The last row may go on in the next block: of it, only its tag matters, and what may begin another.
        rest = text[max(cut, 0) :]
        if len(rest) > 2 * _LONGEST_TAG:
            rest = rest[:_LONGEST_TAG] + rest[-_LONGEST_TAG:]
    for found in _OUTLINE.finditer(rest):
        yield int(found[1]), int(found[2])
