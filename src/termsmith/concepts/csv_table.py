"""Code tables in text files: any delimiter, quoting and encoding, found out from the file."""

from __future__ import annotations

import codecs
import csv
import io
import re
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from termsmith.concepts.finding_header import Header, find_header, find_lone_codes
from termsmith.concepts.table import (
    CHUNK,
    CachedReader,
    CodeTable,
    Oddity,
    Rows,
    UnreadableTableError,
    rows_with_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import BinaryIO

DELIMITERS = (",", ";", "\t", "|", "^", "~", ":")
LONGEST_CELL = 1 << 20
"""Characters of a cell at most, as of a string in FHIR; a quote that is never closed would take the rest of
the file for one."""
LONGEST_LINE = 1 << 24
"""Bytes of a line at most, as one line has to be in memory."""
_HEAD = 65_536
_ROWS_LOOKED_AT = 30
_KEPT = 120_000
"""Rows of a file that are kept from the first time it is read to the second."""
_BLOCK = 1 << 20
_MOST_ODDITIES = 1000
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ODD_BYTES = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xef\xbf\xbd")
"""Control characters, and the character that stands for one that was lost."""
_LOST = "\ufffd"
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


class Encoding(NamedTuple):
    """How the characters of a file are written."""

    name: str
    guessed: bool
    """It is not known for sure."""
    odd: bool
    """There may be characters that are no text, or lost."""


class Dialect(NamedTuple):
    """How the cells of a text file are written."""

    delimiter: str
    quote: str | None
    escape: str | None = None
    """What stands before quotes within quotes; absent where they are doubled."""

    def reader(self, lines: Iterable[str]) -> Any:
        """Return a reader that refuses quotes which do not match."""
        if self.quote is None:
            return csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE, strict=True)
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            escapechar=self.escape,
            doublequote=self.escape is None,
            strict=True,
        )

    def __str__(self) -> str:
        """Return it in words."""
        quotes = {None: ", without quotes", "'": ", in single quotes"}.get(self.quote, "")
        escaped = f", {self.escape} before quotes within" if self.escape else ""
        return f"separated by {_NAMES[self.delimiter]}{quotes}{escaped}"


def read_csv_table(
    open_file: Callable[[], BinaryIO], source: str, stated: Mapping[str, str] | None = None
) -> CodeTable | None:
    """Return the code table of a text file; nothing when it has none.

    Args:
        open_file: Opens the file anew, as it is read more than once.
        source: Its name as the user gave it.
        stated: Roles of columns by header, as the user states them.

    Raises:
        UnreadableTableError: When a line or a cell has no end.
    """
    with open_file() as file:
        encoding = _encoding(file)
    with open_file() as file:
        head = file.read(_HEAD).decode(encoding.name, "replace")
    if len(head) >= _HEAD // 4:
        head = head.rpartition("\n")[0] or head
    found = _dialect(head, stated) or _lone(head)
    if found is None:
        return None
    dialect, header = found
    name = "windows-1252" if encoding.name == "cp1252" else encoding.name.removesuffix("-sig").upper()
    return CodeTable(
        source=source,
        shape=f"text {dialect}, {name}{' (guessed)' if encoding.guessed else ''}",
        columns=header.columns,
        header_line=header.line,
        reader=CachedReader(_CsvReader(open_file, encoding, dialect, header), _KEPT),
        preamble=header.rows_before,
    )


def _encoding(file: BinaryIO) -> Encoding:
    """Return the encoding of a file, all of which is looked at.

    Raises:
        UnreadableTableError: When a line is too long to be read.
    """
    start = file.read(_BLOCK)
    name = _wide(start)
    marked = start.startswith(codecs.BOM_UTF8)
    decoder = codecs.getincrementaldecoder("utf-8")()
    guessed, odd, run = False, name is not None, 0
    block = start
    while block:
        end = max(block.rfind(b"\n"), block.rfind(b"\r"))
        run = run + len(block) if end < 0 else len(block) - end
        if run > LONGEST_LINE:
            msg = f"it has a line of more than {LONGEST_LINE:,} bytes"
            raise UnreadableTableError(msg)
        odd = odd or _ODD_BYTES.search(block) is not None
        if name is None and not guessed:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                guessed = odd = True
        block = file.read(_BLOCK)
    if name is None and not guessed:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            guessed = odd = True
    if name is None:
        name = "utf-8-sig" if marked else "cp1252" if guessed else "utf-8"
    return Encoding(name, guessed and not marked, odd)


def _wide(start: bytes) -> str | None:
    """Return the encoding of a text with several bytes for each character."""
    for mark, name in _MARKS:
        if start.startswith(mark) and mark != codecs.BOM_UTF8:
            return name
    if start[1:2] == b"\0" and start[3:4] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if start[:1] == b"\0" and start[2:3] == b"\0" else None


def _dialect(head: str, stated: Mapping[str, str] | None) -> tuple[Dialect, Header] | None:
    """Return the dialect by which there is a header of most columns."""
    best: tuple[Dialect, Header] | None = None
    for delimiter in DELIMITERS:
        if delimiter not in head:
            continue
        for quote in ('"', "'"):
            if quote == "'" and f"'{delimiter}'" not in head:
                continue
            dialect = Dialect(delimiter, quote)
            header = find_header(_first_rows(head, dialect), stated)
            if header is not None and (
                best is None or len(header.columns) > len(best[1].columns) or _all_quoted(best[1])
            ):
                best = dialect, header
    return None if best is None else _quoting(head, best, stated)


def _all_quoted(header: Header) -> bool:
    """Tell whether all headers are still in single quotes, so that these are quotes."""
    return all(column.header[:1] == "'" == column.header[-1:] for column in header.columns)


def _quoting(
    head: str, found: tuple[Dialect, Header], stated: Mapping[str, str] | None
) -> tuple[Dialect, Header]:
    """Return another quoting where that of the first rows does not match."""
    dialect, header = found
    if not _faults(head, dialect):
        return found
    others = [dialect._replace(escape="\\")] if f"\\{dialect.quote}" in head else []
    if dialect.delimiter == "\t":
        others.append(Dialect("\t", None))  # as the media type of such files has it
    for other in others:
        again = find_header(_first_rows(head, other), stated)
        if again is not None and len(again.columns) == len(header.columns) and not _faults(head, other):
            return other, again
    return found


def _lone(head: str) -> tuple[Dialect, Header] | None:
    """Return the header of a file with nothing but codes."""
    delimiter = next((each for each in ("\t", *DELIMITERS) if each not in head), ",")
    dialect = Dialect(delimiter, '"')
    header = find_lone_codes(_first_rows(head, dialect))
    return None if header is None else (dialect, header)


def _first_rows(head: str, dialect: Dialect) -> list[tuple[int, list[str]]]:
    rows = islice(_careful(io.StringIO(head, newline=""), dialect, []), _ROWS_LOOKED_AT)
    with _limited():
        try:
            return [(line, [cell.strip() for cell in row]) for row, line in rows]
        except csv.Error:
            return []


def _faults(head: str, dialect: Dialect) -> list[Oddity]:
    """Return where quotes do not match; where the text is cut, none can."""
    oddities: list[Oddity] = []
    with _limited():
        last = 0
        try:
            for _, line in _careful(io.StringIO(head, newline=""), dialect, oddities):
                last = line
        except csv.Error:
            pass
    return [each for each in oddities if each.line != last or len(head) < _HEAD // 4 - 1]


@contextmanager
def _limited() -> Iterator[None]:
    """Bound the cells of the csv module, which has but one limit for the whole process."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


class _Feed:
    """Lines of a text, which can be given back."""

    def __init__(self, text: Iterable[str]) -> None:
        self._text = iter(text)
        self._back: list[str] = []
        self.pulled: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.pop() if self._back else next(self._text)
        self.pulled.append(line)
        return line

    def give_back(self) -> None:
        """Take all lines but the first of those that were pulled for the next rows."""
        self._back += reversed(self.pulled[1:])
        del self.pulled[1:]


def _careful(
    text: Iterable[str], dialect: Dialect, oddities: list[Oddity]
) -> Iterator[tuple[list[str], int]]:
    """Yield rows with their lines, one by one; a line whose quotes do not match is a row without quotes.

    Raises:
        csv.Error: When a cell is too long.
    """
    feed = _Feed(text)
    reader = dialect.reader(feed)
    line = 1
    while True:
        feed.pulled.clear()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if not feed.pulled:
                raise
            feed.give_back()
            row = next(dialect._replace(quote=None).reader(feed.pulled[:1]))
            reader = dialect.reader(feed)
            problem = "a quote is not closed" if "expected after" not in str(error) else "text behind a quote"
            if len(oddities) < _MOST_ODDITIES:
                oddities.append(Oddity("quotes", line, problem))
        yield row, line
        line += len(feed.pulled)


class _CsvReader:
    def __init__(
        self, open_file: Callable[[], BinaryIO], encoding: Encoding, dialect: Dialect, header: Header
    ) -> None:
        self._open, self._encoding, self._dialect, self._header = open_file, encoding, dialect, header
        self.oddities: list[Oddity] = []

    def rows(self) -> Iterator[Rows]:
        """Yield the rows behind the header.

        Raises:
            UnreadableTableError: When a cell is too long.
        """
        self.oddities.clear()
        width = len(self._header.columns)
        done = 0
        try:
            for cells, lines in self._fast():
                yield from self._even(cells, lines, width)
                done += len(cells)
        except csv.Error:
            try:
                for cells, lines in self._slow(done):
                    yield from self._even(cells, lines, width)
            except csv.Error as error:
                msg = f"a cell has more than {LONGEST_CELL:,} characters"
                raise UnreadableTableError(msg) from error

    def _text(self, file: BinaryIO) -> io.TextIOWrapper:
        return io.TextIOWrapper(file, encoding=self._encoding.name, errors="replace", newline="")

    def _fast(self) -> Iterator[tuple[list[list[str]], Sequence[int]]]:
        """Yield rows in chunks with their lines, as long as all quotes match."""
        with self._open() as file:
            reader = self._dialect.reader(self._text(file))
            with _limited():
                for _ in range(self._header.rows_above):
                    next(reader)
            while True:
                before = reader.line_num
                with _limited():
                    cells = list(islice(reader, CHUNK))
                if not cells:
                    return
                lines: Sequence[int] = range(before + 1, reader.line_num + 1)
                if len(lines) != len(cells):
                    lines = _lines(cells, before, reader.line_num)
                yield cells, lines

    def _slow(self, done: int) -> Iterator[tuple[list[list[str]], Sequence[int]]]:
        """Yield the rows behind those that are done, with faults of their quotes."""
        with self._open() as file:
            rows = _careful(self._text(file), self._dialect, self.oddities)
            with _limited():
                for _ in islice(rows, self._header.rows_above + done):
                    pass
            while True:
                with _limited():
                    chunk = list(islice(rows, CHUNK))
                if not chunk:
                    return
                yield [row for row, _ in chunk], [line for _, line in chunk]

    def _even(self, cells: list[list[str]], lines: Sequence[int], width: int) -> Iterator[Rows]:
        """Give all rows as many cells as the header, and leave rows without text out."""
        if self._encoding.odd:
            cells = [self._clean(row, line) for row, line in zip(cells, lines, strict=True)]
        if set(map(len, cells)) != {width}:
            kept, at = [], []
            for row, line in zip(cells, lines, strict=True):
                if not any(map(str.strip, row)):
                    continue
                if len(row) != width:
                    self._ragged(row, line, width)
                kept.append((row + [""] * width)[:width])
                at.append(line)
            cells, lines = kept, at
        if not cells:
            return
        rows = rows_with_text(list(zip(*cells, strict=True)), lines, self._header.indented)
        if rows.lines:
            yield rows

    def _clean(self, row: list[str], line: int) -> list[str]:
        """Return cells without control characters."""
        whole = "".join(row)
        if _CONTROLS.search(whole) is not None:
            found = ", ".join(dict.fromkeys(f"U+{ord(each):04X}" for each in _CONTROLS.findall(whole)))
            self._odd("characters", line, f"control characters are left out: {found[:80]}")
            row = [_CONTROLS.sub("", cell) for cell in row]
        if _LOST in whole:
            self._odd("characters", line, f"{_LOST} stands where characters were lost")
        return row

    def _ragged(self, row: Sequence[str], line: int, width: int) -> None:
        extra = [cell for cell in row[width:] if cell.strip()]
        if len(row) > width and not extra:
            return  # delimiters at the end of a line
        left_out = f"; left out: {', '.join(extra)[:80]}" if extra else ""
        self._odd("ragged", line, f"{len(row)} cells instead of {width}{left_out}")

    def _odd(self, kind: str, line: int, detail: str) -> None:
        if len(self.oddities) < _MOST_ODDITIES:
            self.oddities.append(Oddity(kind, line, detail))


def _lines(cells: Sequence[Sequence[str]], before: int, last: int) -> list[int]:
    """Return where rows begin of which some have line ends within."""
    lines, line = [], before + 1
    for row in cells:
        lines.append(min(line, last))
        line += 1 + sum(_line_ends(cell) for cell in row)
    return lines


def _line_ends(cell: str) -> int:
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n") if "\n" in cell or "\r" in cell else 0
