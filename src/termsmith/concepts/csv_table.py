"""Code tables in text files: any delimiter, quoting and encoding, found out from the file."""

from __future__ import annotations

import codecs
import csv
import io
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from termsmith.concepts.finding_header import Header, find_header
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
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import BinaryIO

DELIMITERS = (",", ";", "\t", "|", "^", "~", ":")
LONGEST_CELL = 1_000_000
"""Characters of a cell at most; a quote that is never closed would take the rest of the file for one."""
_HEAD = 65_536
_ROWS_LOOKED_AT = 30
_KEPT = 120_000
"""Rows of a file that are kept from the first time it is read to the second."""
_BLOCK = 1 << 20
_MOST_ODDITIES = 1000
_NAMES = {
    ",": "commas",
    ";": "semicolons",
    "\t": "tabs",
    "|": "bars",
    "^": "carets",
    "~": "tildes",
    ":": "colons",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Dialect(NamedTuple):
    """How a text file is written."""

    encoding: str
    delimiter: str
    quote: str | None
    guessed: bool = False
    """The encoding is not known for sure."""


def read_csv_table(
    open_file: Callable[[], BinaryIO], source: str, stated: Mapping[str, str] | None = None
) -> CodeTable | None:
    """Return the code table of a text file; nothing when it has none.

    Args:
        open_file: Opens the file anew, as it is read more than once.
        source: Its name as the user gave it.
        stated: Roles of columns by header, as the user states them.

    Raises:
        csv.Error: When a cell has no end.
    """
    with open_file() as file:
        encoding, guessed = _encoding(file)
    with open_file() as file:
        head = file.read(_HEAD).decode(encoding, "replace")
    if len(head) >= _HEAD // 4:
        head = head.rpartition("\n")[0] or head
    found = _dialect(head, stated)
    if found is None:
        return None
    delimiter, quote, header = found
    dialect = Dialect(encoding, delimiter, quote, guessed)
    name = "windows-1252" if encoding == "cp1252" else encoding.removesuffix("-sig").upper()
    shape = f"text separated by {_NAMES[delimiter]}, {name}" + (" (guessed)" if guessed else "")
    return CodeTable(
        source=source,
        shape=shape,
        columns=header.columns,
        header_line=header.line,
        reader=CachedReader(_CsvReader(open_file, dialect, header), _KEPT),
        preamble=header.rows_before,
    )


def _encoding(file: BinaryIO) -> tuple[str, bool]:
    """Return the encoding of a file, and whether it is a guess."""
    start = file.read(_BLOCK)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name, False
    if start[1:2] == b"\0" and start[3:4] == b"\0":
        return "utf-16-le", False
    if start[:1] == b"\0" and start[2:3] == b"\0":
        return "utf-16-be", False
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while start:
            decoder.decode(start)
            start = file.read(_BLOCK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252", True
    return "utf-8", False


def _dialect(head: str, stated: Mapping[str, str] | None) -> tuple[str, str | None, Header] | None:
    """Return the delimiter by which there is a header of most columns, with its quote."""
    best: tuple[int, str, str | None, Header] | None = None
    for delimiter in DELIMITERS:
        for quote in ('"', "'"):
            if quote == "'" and f"'{delimiter}'" not in head:
                continue
            header = find_header(_first_rows(head, delimiter, quote), stated)
            if header is not None and (best is None or len(header.columns) > best[0]):
                best = (len(header.columns), delimiter, quote, header)
    return None if best is None else best[1:]


def _first_rows(head: str, delimiter: str, quote: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, quotechar=quote)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            rows.append((line, [cell.strip() for cell in row]))
            line = reader.line_num + 1
            if len(rows) >= _ROWS_LOOKED_AT:
                break
    except csv.Error:
        pass
    return rows


class _CsvReader:
    def __init__(self, open_file: Callable[[], BinaryIO], dialect: Dialect, header: Header) -> None:
        self._open, self._dialect, self._header = open_file, dialect, header
        self.oddities: list[Oddity] = []

    def rows(self) -> Iterator[Rows]:
        """Yield the rows behind the header."""
        self.oddities.clear()
        csv.field_size_limit(LONGEST_CELL)
        width = len(self._header.columns)
        with self._open() as file:
            text = io.TextIOWrapper(file, encoding=self._dialect.encoding, errors="replace", newline="")
            reader = csv.reader(text, delimiter=self._dialect.delimiter, quotechar=self._dialect.quote)
            for _ in range(self._header.rows_above):
                next(reader)
            while True:
                before = reader.line_num
                cells = list(islice(reader, CHUNK))
                if not cells:
                    return
                lines: Sequence[int] = range(before + 1, reader.line_num + 1)
                if len(lines) != len(cells):
                    lines = _lines(cells, before, reader.line_num)
                yield from self._even(cells, lines, width)

    def _even(self, cells: list[list[str]], lines: Sequence[int], width: int) -> Iterator[Rows]:
        """Give all rows as many cells as the header, and leave rows without text out."""
        if set(map(len, cells)) != {width}:
            kept, at = [], []
            for row, line in zip(cells, lines, strict=True):
                if not any(row):
                    continue
                if len(row) != width:
                    self._ragged(row, line, width)
                kept.append((row + [""] * width)[:width])
                at.append(line)
            cells, lines = kept, at
        if cells:
            yield Rows(stripped_columns(cells, width), lines, blanks_before(cells, self._header.indented))

    def _ragged(self, row: Sequence[str], line: int, width: int) -> None:
        extra = [cell for cell in row[width:] if cell.strip()]
        if len(row) > width and not extra:
            return  # delimiters at the end of a line
        if len(self.oddities) < _MOST_ODDITIES:
            detail = f"{len(row)} cells instead of {width}" + (
                f"; left out: {', '.join(extra)[:80]}" if extra else ""
            )
            self.oddities.append(Oddity("ragged", line, detail))


def _lines(cells: Sequence[Sequence[str]], before: int, last: int) -> list[int]:
    """Return where rows begin of which some have line ends within."""
    lines, line = [], before + 1
    for row in cells:
        lines.append(min(line, last))
        line += 1 + sum(_line_ends(cell) for cell in row)
    return lines


def _line_ends(cell: str) -> int:
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n") if "\n" in cell or "\r" in cell else 0
