"""What the XML of a workbook says and python-calamine does not: formats, outlines, what is hidden or lost.

Only a few kinds of tags are looked for, a stretch of whole rows at a time, since a sheet may have millions.
"""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from termsmith.concepts.sheet_extent import LONGEST_BLOCK, check_extent
from termsmith.concepts.table import UnreadableTableError
from termsmith.concepts.workbook_sheets import WORKBOOK, part_of
from termsmith.sources.zip_parts import open_part, read_part

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterator
    from concurrent.futures import Future
    from pathlib import Path

LARGEST = 2_000_000_000
"""Bytes that the parts of a workbook unpack to at most."""
_MOST_SQUEEZED = 1032
"""How many times smaller deflate makes data at most."""
_BLOCK = 1 << 22
_NAME = rb"<(?:\w+:)?"
_ROW = re.compile(_NAME + rb"row\b([^<>]*)>")
_ROW_END = re.compile(rb"</(?:\w+:)?row>")
_CELL = re.compile(_NAME + rb"c\b([^<>]*)>")
_WITHOUT_RESULT = re.compile(
    _NAME + rb"c\b([^<>]*)>\s{0,99}" + _NAME + rb"f\b[^<>]*(?:/>|>[^<>]*</(?:\w+:)?f>)\s{0,99}"
    rb"(?:" + _NAME + rb"v\s?/>|" + _NAME + rb"v></|</(?:\w+:)?c>)"
)
_ERROR = re.compile(
    _NAME + rb'c\b(?=[^<>]*\bt=["\']e["\'])([^<>]*)>(?:' + _NAME + rb"f\b[^<>]*>(?:[^<>]*</(?:\w+:)?f>)?)?"
    + _NAME + rb"v>([^<>]{1,20})<"
)  # fmt: skip
_HIDDEN_COLUMN = re.compile(_NAME + rb'col\b(?=[^<>]*\bhidden=["\'](?:1|true)["\'])[^<>]*>')
_ATTRIBUTES = {
    name: re.compile(rb"\b" + name.encode() + rb"""\s{0,9}=\s{0,9}["']([^"'<>]*)["']""")
    for name in ("r", "s", "hidden", "outlineLevel", "numFmtId", "formatCode", "fontId", "val")
}
_FORMAT = re.compile(_NAME + rb"numFmt\b([^<>]*)>")
_CELL_FORMATS = re.compile(_NAME + rb"cellXfs\b[^<>]*>(.*?)</(?:\w+:)?cellXfs>", re.DOTALL)
_FONTS = re.compile(_NAME + rb"fonts\b[^<>]*>(.*?)</(?:\w+:)?fonts>", re.DOTALL)
_ONE_FONT = re.compile(_NAME + rb"font(?:\s[^<>]*)?(?:/>|>(.*?)</(?:\w+:)?font>)", re.DOTALL)
_STRIKE = re.compile(_NAME + rb"strike\b([^<>]*)>")
_ONE_FORMAT = re.compile(_NAME + rb"xf\b([^<>]*)>")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    48: "##0.0E+0",
}
"""Number formats that have no entry of their own: ECMA-376 part 1, 18.8.30."""
_MOST = 1000


class LostCell(NamedTuple):
    """A cell without a value of its own."""

    row: int
    column: int
    """0-based."""
    detail: str


class Seen(NamedTuple):
    """What the XML of a sheet says of its rows and cells."""

    outline: dict[int, int]
    """Outline levels of rows that are grouped."""
    hidden: list[int]
    """Rows that are hidden."""
    hidden_columns: bool
    lost: list[LostCell]
    """Formulas without result, and errors."""
    struck: dict[int, list[int]]
    """Columns, from 0, of cells that are struck out, by row."""


def check_size(path: Path) -> None:
    """Refuse what is no workbook, or unpacks to too much.

    Raises:
        UnreadableTableError: When it is so.
    """
    with _undamaged(), zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if WORKBOOK not in {entry.filename for entry in entries}:
            msg = "it is no .xlsx workbook"
            raise UnreadableTableError(msg)
        declared = sum(entry.file_size for entry in entries)
        if declared > LARGEST:
            msg = f"it unpacks to more than {LARGEST:,} bytes"
            raise UnreadableTableError(msg)
        # What an entry says of its size need not be so; where it could be too much, it is tried.
        for entry in entries:
            if entry.compress_size * _MOST_SQUEEZED > LARGEST:
                with open_part(archive, entry) as file:
                    while file.read(_BLOCK):
                        pass


class SheetParts:
    """The XML of one sheet, read where it is needed."""

    def __init__(self, path: Path, sheet: str) -> None:
        """Take a workbook and the name of a sheet.

        Raises:
            UnreadableTableError: When a part is damaged, or the sheet spans too many cells.
        """
        self._path = path
        self._looking: Future[Seen] | None = None
        with _undamaged():
            with zipfile.ZipFile(path) as archive:
                part = part_of(archive, sheet)
            if part is None:
                msg = f"the sheet {sheet!r} can't be found in it"
                raise UnreadableTableError(msg)
            self._part = part
            self.size = check_extent(self._blocks, repr(sheet))
            """Bytes of the part."""

    def look(self) -> None:
        """Begin to look through the rows, while python-calamine reads them, which leaves Python free."""
        if self._looking is None:
            from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  only where there is a workbook

            executor = ThreadPoolExecutor(1)
            self._looking = executor.submit(self._look)
            executor.shutdown(wait=False)

    def seen(self) -> Seen:
        """Return what there is to see in the rows.

        Raises:
            UnreadableTableError: When a part is damaged.
        """
        self.look()
        assert self._looking is not None, "just begun"  # noqa: S101  narrows the type
        with _undamaged():
            return self._looking.result()

    def formats(self, columns: Collection[int]) -> dict[tuple[int, int], str]:
        """Return the number formats, other than General, of cells in some columns, by row and column.

        Args:
            columns: 0-based.

        Raises:
            UnreadableTableError: When a part is damaged.
        """
        with _undamaged():
            return self._formats(columns)

    def _formats(self, columns: Collection[int]) -> dict[tuple[int, int], str]:
        styles = self._styles()
        letters = {_letters(column): column for column in columns}
        found: dict[tuple[int, int], str] = {}
        for block in self._blocks():
            for cell in _CELL.finditer(block):
                style = _attribute(cell[1], "s")
                number = styles.get(int(style)) if style.isdigit() else None
                place = _REFERENCE.fullmatch(_attribute(cell[1], "r")) if number is not None else None
                if number is not None and place is not None and place[1] in letters:
                    found[int(place[2]), letters[place[1]]] = number
        return found

    def _look(self) -> Seen:
        row = 0
        outline: dict[int, int] = {}
        hidden: list[int] = []
        hidden_columns = False
        lost: list[LostCell] = []
        struck: dict[int, list[int]] = {}
        struck_styles = self._struck_styles()
        for block in self._blocks():
            if struck_styles:
                _strike(struck, _CELL.finditer(block), struck_styles)
            if b"outlineLevel" in block or b"hidden" in block:
                hidden_columns = hidden_columns or _HIDDEN_COLUMN.search(block) is not None
                for found in _ROW.finditer(block):
                    stated = _attribute(found[1], "r")
                    row = int(stated) if stated.isdigit() else row + 1
                    if _attribute(found[1], "hidden") in {"1", "true"}:
                        hidden.append(row)
                    level = _attribute(found[1], "outlineLevel")
                    if level.isdigit() and level != "0":
                        outline[row] = int(level)
            if b"<f" in block or b":f" in block:
                _lose(lost, _WITHOUT_RESULT.finditer(block), "a formula has no result")
            if b't="e"' in block or b"t='e'" in block:
                _lose(lost, _ERROR.finditer(block), "an error stands in place of a value: ")
        return Seen(outline, hidden, hidden_columns, lost, struck)

    def _blocks(self) -> Iterator[bytes]:
        """Yield stretches of whole rows; where one has no end, what there is."""
        with zipfile.ZipFile(self._path) as archive:
            rest = b""
            with open_part(archive, self._part) as file:
                while block := file.read(_BLOCK):
                    block = rest + block
                    end = block.rfind(b"row>")
                    if end < 0 and len(block) < LONGEST_BLOCK:
                        rest = block
                        continue
                    end = len(block) if end < 0 else end + 4
                    yield block[:end]
                    rest = block[end:]
            if rest:
                yield rest

    def _styles_part(self) -> bytes:
        with zipfile.ZipFile(self._path) as archive:
            return _part(archive, "xl/styles.xml")

    def _struck_styles(self) -> frozenset[str]:
        """Return the numbers of the cell formats whose font is struck out."""
        styles = self._styles_part()
        fonts, listed = _FONTS.search(styles), _CELL_FORMATS.search(styles)
        if fonts is None or listed is None or b"strike" not in fonts[1]:
            return frozenset()
        struck = {
            str(number)
            for number, font in enumerate(_ONE_FONT.finditer(fonts[1]))
            if any(
                _attribute(each[1], "val") not in {"0", "false"} for each in _STRIKE.finditer(font[1] or b"")
            )
        }
        return frozenset(
            str(number)
            for number, each in enumerate(_ONE_FORMAT.finditer(listed[1]))
            if _attribute(each[1], "fontId") in struck
        )

    def _styles(self) -> dict[int, str]:
        """Return number formats by number of the cell format, as far as they are not General."""
        styles = self._styles_part()
        codes = dict(_BUILT_IN)
        for each in _FORMAT.finditer(styles):
            number = _attribute(each[1], "numFmtId")
            if number.isdigit():
                codes[int(number)] = html.unescape(_attribute(each[1], "formatCode"))
        listed = _CELL_FORMATS.search(styles)
        found: dict[int, str] = {}
        for index, each in enumerate(_ONE_FORMAT.finditer(listed[1]) if listed is not None else ()):
            number = _attribute(each[1], "numFmtId")
            if number.isdigit() and int(number) in codes:
                found[index] = codes[int(number)]
        return found


@contextmanager
def _undamaged() -> Iterator[None]:
    """Raise what zipfile raises for damaged parts as the error of a table."""
    try:
        yield
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        msg = f"the workbook is damaged: {error}"
        raise UnreadableTableError(msg) from error


def _lose(lost: list[LostCell], cells: Iterator[re.Match[bytes]], detail: str) -> None:
    for cell in cells:
        place = _REFERENCE.fullmatch(_attribute(cell[1], "r"))
        if place is not None and len(lost) < _MOST:
            more = html.unescape(cell[2].decode("utf-8", "replace")) if cell.re is _ERROR else ""
            lost.append(LostCell(int(place[2]), _number(place[1]), detail + more))


def _strike(struck: dict[int, list[int]], cells: Iterator[re.Match[bytes]], styles: Container[str]) -> None:
    for cell in cells:
        place = (
            _REFERENCE.fullmatch(_attribute(cell[1], "r"))
            if (_attribute(cell[1], "s") or "0") in styles
            else None
        )
        # A cell without content is formatted, no more.
        if place is not None and not cell[1].endswith(b"/") and len(struck) < _MOST:
            struck.setdefault(int(place[2]), []).append(_number(place[1]))


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return read_part(archive, name)
    except KeyError:
        return b""


def _attribute(tag: bytes, name: str) -> str:
    found = _ATTRIBUTES[name].search(tag)
    return "" if found is None else found[1].decode("utf-8", "replace")


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _letters(column: int) -> str:
    """Return the letters of a column.

    >>> _letters(0), _letters(27)
    ('A', 'AB')
    """
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


_EXACT = 10**15
"""Integers from which on a spreadsheet rounds."""
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|([-/ ():])')
_PADDED = re.compile(r'(?:0|"[^"]*"|\\.|[-/ ():])+')
_DECIMALS = re.compile(r"0+\.(0+)")


def shown_number(value: float, number_format: str) -> tuple[str, str | None]:
    """Return a code that is a number as the sheet shows it, and why it may have been another.

    >>> shown_number(7.0, "000"), shown_number(1.1, "0.00"), shown_number(123.0, "00-00")
    (('007', None), ('1.10', None), ('01-23', None))
    """
    plain = format(Decimal(repr(value)), "f").removesuffix(".0")
    if abs(value) >= _EXACT:
        return plain, f"{plain} is a number that a spreadsheet has rounded to 15 digits"
    first = number_format.split(";", maxsplit=1)[0]
    if "E+" in first or "E-" in first:
        return plain, f"{plain} is a number in scientific notation; a code such as 1E5 becomes one"
    if value.is_integer() and value >= 0 and first.count("0") > 1 and _PADDED.fullmatch(first):
        return _padded(int(value), first), None
    decimals = _DECIMALS.fullmatch(first)
    if decimals is not None:
        return f"{value:.{len(decimals[1])}f}", None
    if value.is_integer():
        return plain, None
    return plain, f"{plain} is a number; a code such as 1.10 would have lost its last digit"


def _padded(value: int, number_format: str) -> str:
    """Return digits in the places of a format's zeros, those too many before the first."""
    tokens = [
        (found[1] or found[2] or found[3] or "", False) if found[0] != "0" else ("0", True)
        for found in re.finditer(_LITERAL.pattern + "|0", number_format)
    ]
    places = sum(is_digit for _, is_digit in tokens)
    digits = str(value).zfill(places)
    extra, rest = digits[: len(digits) - places], iter(digits[len(digits) - places :])
    text = ""
    for token, is_digit in tokens:
        text += (extra + next(rest)) if is_digit else token
        extra = "" if is_digit else extra
    return text
