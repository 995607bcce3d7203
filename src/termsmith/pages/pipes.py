"""Pipe rows: tables copied as text, their cells ended by ``|`` (shape S4 of the pages seen).

A row may go over several lines, blank ones too; it ends with the line that ends with a pipe.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from termsmith.pages.builder import PageBuilder
from termsmith.pages.lines import TypedLines, add_lines
from termsmith.pages.reader import Reading

if TYPE_CHECKING:
    from termsmith.pages.characters import SourceText

_PIPE = re.compile(r"(?<!\\)\|")
_INNER_PIPE = re.compile(r"\S[ \t]+\|[ \t]+\S")
_ENDED = re.compile(r"(?<!\\)\|[ \t\u00ad]*\Z")
_BLANK = " \t\u00ad"
_AT_LEAST = 2
_AT_LEAST_WITHOUT_ENDS = 3
_Slice: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    """How the rows of a text are written."""

    leading: bool
    """Rows begin with a pipe that separates nothing."""
    last_ended: int
    """Index of the last line that ends with a pipe; from there on, and without one, a line is a row."""
    width: int
    """Cells that most rows of one line have."""


def is_pipes(source: SourceText) -> bool:
    """Say whether several lines begin or end with a pipe, or have one between words."""
    ended = inner = 0
    for line in source.text.split("\n"):
        if "|" in line:
            bare = line.strip(_BLANK)
            ended += bare.startswith("|") or bare.endswith("|")
            inner += _INNER_PIPE.search(bare) is not None
    return ended >= _AT_LEAST or inner >= _AT_LEAST_WITHOUT_ENDS


def read_pipes(source: SourceText) -> Reading:
    """Read pipe rows as tables; lines above and below are blocks."""
    rows = _Rows(source.text)
    rows.read()
    return Reading(draft=rows.builder.finish(source))


class _Rows:
    """Cuts the text into rows and the lines between them, and feeds them to a builder."""

    def __init__(self, text: str) -> None:
        self.builder = PageBuilder()
        self._text = text
        self._typed = TypedLines(self.builder)
        self._lines = _lines(text)
        self._style = _style([text[start:end] for start, end in self._lines])
        self._waiting: int | None = None
        """Start of lines without a pipe that may belong to the next row's first cell."""
        self._row: list[_Slice] = []

    def read(self) -> None:
        for number, (start, end) in enumerate(self._lines):
            line = self._text[start:end]
            if self._row:
                self._continue_row(start, line)
            elif "|" in line and _PIPE.search(line):
                self._start_row(start, line)
            elif not line.strip(_BLANK):
                self._flush_waiting(start)
                self._add_between(start, end + 1)
            elif self._waiting is None:
                self._waiting = start
            if self._row and (number >= self._style.last_ended or _ENDED.search(line)):
                self._end_row()
        self._flush_waiting(len(self._text))

    def _start_row(self, start: int, line: str) -> None:
        cells = self._cells(start, line)
        if self._waiting is not None:
            if self.builder.in_table and not self._style.leading:
                cells[0] = (self._waiting, cells[0][1])
                self._waiting = None
            else:
                self._flush_waiting(start)
        self._row = cells

    def _continue_row(self, start: int, line: str) -> None:
        (_, end), *others = _split(line, start)
        if others and _ENDED.search(line):
            others.pop()
            alone = self._cells(start, line)
            if len(self._row) + len(others) > self._style.width == len(alone):
                # The row before was never ended, and this line is a whole one.
                self._end_row()
                self._row = alone
                return
        self._row[-1] = (self._row[-1][0], end)
        self._row += others

    def _cells(self, start: int, line: str) -> list[_Slice]:
        cells = _split(line, start)
        if len(cells) > 1 and _ENDED.search(line):
            cells.pop()
        if len(cells) > 1 and self._style.leading and not self._text[slice(*cells[0])].strip(_BLANK):
            cells.pop(0)
        return cells

    def _end_row(self) -> None:
        builder = self.builder
        if not builder.in_table:
            builder.open_table()
        builder.open_row()
        for start, end in self._row:
            builder.open_cell()
            self._typed.forget()
            add_lines(builder, self._typed, [(self._text[start:end], start)])
            builder.close_cell()
        builder.close_row()
        self._row = []

    def _flush_waiting(self, end: int) -> None:
        if self._waiting is not None:
            if self.builder.in_table:
                self.builder.close_table()
            self._add_between(self._waiting, end)
            self._waiting = None

    def _add_between(self, start: int, end: int) -> None:
        if not self.builder.in_table:
            add_lines(self.builder, self._typed, [(self._text[start:end], start)])


def _lines(text: str) -> list[_Slice]:
    """Return start and end of each line."""
    lines: list[_Slice] = []
    start = 0
    for line in text.split("\n"):
        lines.append((start, start + len(line)))
        start += len(line) + 1
    return lines


def _split(line: str, offset: int) -> list[_Slice]:
    """Return what stands between the pipes of a line, and before the first and behind the last."""
    pipes = [found.start() + offset for found in _PIPE.finditer(line)]
    return list(zip((offset, *(pipe + 1 for pipe in pipes)), (*pipes, offset + len(line)), strict=True))


def _style(lines: list[str]) -> _Style:
    rows = [line for line in lines if "|" in line and _PIPE.search(line)]
    leading = sum(line.lstrip(_BLANK).startswith("|") for line in rows)
    ended = [number for number, line in enumerate(lines) if "|" in line and _ENDED.search(line)]
    is_leading = leading * 2 > len(rows)
    widths = Counter(len(_PIPE.findall(line)) - is_leading for line in rows if _ENDED.search(line))
    return _Style(
        leading=is_leading,
        last_ended=ended[-1] if ended else -1,
        width=max(1, max(widths, key=lambda width: (widths[width], width), default=1)),
    )
