"""How far a sheet's cells reach, before python-calamine reads them.

It has all cells of the rectangle around them in memory, empty or not: one cell in the last corner would take
half a terabyte, and end the process.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from termsmith.concepts.strict_xml import parse
from termsmith.concepts.table import UnreadableTableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

LARGEST_AREA = 20_000_000
"""Cells of the rectangle around all cells of a sheet at most."""
LONGEST_BLOCK = 1 << 24
"""Bytes of a block from which on it may end anywhere, and not behind a row."""
_BEYOND = LARGEST_AREA + 1
"""A row or column that no sheet has, however its number is written."""
_NOT_NEAR = re.compile(rb"""<c(?!\s+r=["'][A-Pa-p][0-9]{1,6}["'])[\s/>]""")
"""Begins with two letters that the search looks for first; all others would take four times as long."""
_NEAR = (999_999, 16)
"""Rows and columns that a sheet has at most whose cells are all near: fewer than `LARGEST_AREA`."""
_PREFIXED = re.compile(rb":c[\s/>]")
_UNPLACED = re.compile(rb"""[:<]c(?!\s+r\s*+=\s*+["'])[\s/>]""")
"""A cell that does not begin by saying where it stands."""
_REFERENCE = re.compile(rb"""r\s*+=\s*+["']([A-Za-z]++)([0-9]++)""")
_PLACE = re.compile(r"([A-Za-z]*)([0-9]+)", re.ASCII)
_LONGEST_ROW, _LONGEST_COLUMN = 7, 3
"""Digits and letters of a place that a sheet has at most."""


def check_extent(blocks: Callable[[], Iterable[bytes]], shown: str) -> int:
    """Refuse a sheet that spans too many cells.

    Args:
        blocks: Gives the XML from its beginning, each time: stretches that end behind a row, unless they have
            `LONGEST_BLOCK` bytes.
        shown: Its name in quotes.

    Returns:
        The number of its bytes.

    Raises:
        UnreadableTableError: When it does, or is damaged.
    """
    size = rows = columns = 0
    placed = True
    for block in blocks():
        size += len(block)
        reach = _NEAR
        if len(block) >= LONGEST_BLOCK:
            placed = False
        elif _NOT_NEAR.search(block) is not None or _PREFIXED.search(block) is not None:
            placed = placed and _UNPLACED.search(block) is None
            reach = _reach(block)
        rows, columns = max(rows, reach[0]), max(columns, reach[1])
    if placed and rows * columns > LARGEST_AREA:
        # What is near was only estimated.
        reaches = [_reach(block) for block in blocks()]
        rows, columns = (max(each) for each in zip(*reaches, strict=True))
    if (placed and rows * columns > LARGEST_AREA) or (not placed and _Walk(blocks()).goes_too_far):
        msg = f"the sheet {shown} spans more than {LARGEST_AREA:,} cells"
        raise UnreadableTableError(msg)
    return size


def _reach(block: bytes) -> tuple[int, int]:
    """Return the last row and column that cells say they are in, counted from 1; 0 for none."""
    found = _REFERENCE.findall(block)
    rows = max((_row(row.decode()) for row in {row for _, row in found}), default=0)
    columns = max((_column(letters.decode()) for letters in {each for each, _ in found}), default=0)
    return rows, columns


def _row(digits: str) -> int:
    plain = digits.lstrip("0")
    return int(plain or "0") if len(plain) <= _LONGEST_ROW else _BEYOND


def _column(letters: str) -> int:
    if len(letters) > _LONGEST_COLUMN:
        return _BEYOND
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class _EnoughError(Exception):
    """A sheet turned out to go too far."""


class _Walk:
    """Goes from cell to cell as python-calamine does, which takes those without a place for the next ones."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self.goes_too_far = False
        self._row, self._column = 1, 1
        self._rows = self._columns = 0
        try:
            parse(_without_mark(blocks), self._start, self._end)
        except _EnoughError:
            self.goes_too_far = True

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name not in {"row", "c"}:
            return
        place = _PLACE.match(attributes.get("r", ""))
        if place is not None:
            self._row = _row(place[2])
        if name == "row":
            return
        if place is not None and place[1]:
            self._column = _column(place[1])
        self._rows, self._columns = max(self._rows, self._row), max(self._columns, self._column)
        if self._rows * self._columns > LARGEST_AREA:
            raise _EnoughError
        self._column += 1

    def _end(self, name: str) -> None:
        if name == "row":
            self._row, self._column = self._row + 1, 1


def _without_mark(blocks: Iterable[bytes]) -> Iterator[bytes]:
    for number, block in enumerate(blocks):
        yield block.removeprefix(b"\xef\xbb\xbf") if number == 0 else block
