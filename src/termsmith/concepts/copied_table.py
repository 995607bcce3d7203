"""Code tables in text that was copied: put together again where that is certain, named where it is not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from termsmith import catalogue
from termsmith.concepts.columns import ColumnRole, is_known_header, recognise_columns, splits_into_headers
from termsmith.dialects.labels import fold
from termsmith.dialects.loading import shared_tables
from termsmith.dialects.table_kinds import kind_of
from termsmith.model.page import Block, BlockKind, Cell, Row, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from termsmith.model.finding import Finding
    from termsmith.model.page import Page

_LONGEST_HEADER = 60
_LONGEST_LINE = 160
_MOST_COLUMNS = 12
_FEWEST_ROWS = 2
_MOST_TRIES = 1_000
"""Lines of a page that are looked at as the first cell of a header."""
_SHAPES = (
    re.compile(r"[0-9][0-9.\-/]*"),
    re.compile(r"[A-Z0-9][A-Z0-9._\-/+]*"),
    re.compile(r"[a-z0-9][a-z0-9._\-/+]*"),
    re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-/+]*"),
)
"""What codes of one system can look like; a table is put together only where its other cells don't."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A page whose copied code tables are tables again."""

    page: Page
    findings: tuple[Finding, ...] = ()
    undivided: tuple[Block, ...] = ()
    """Lines of tables that can't be put together."""


def with_copied_tables(page: Page, ends: Callable[[str], bool]) -> Copied:
    """Return a page with the code tables in its running lines as tables.

    Cells apart by tabs are told by the tabs. Where each cell is a paragraph, header and rows must fit to the
    last cell, and only the column of codes may look like codes: a cell that is missing shifts all behind it.

    Args:
        page: A page; its tables stay as they are.
        ends: Whether a line is a label, or the like, which no table goes beyond.
    """
    if not any(isinstance(item, Block) for item in page.items):
        return Copied(page=page)
    search = _Search(page, ends)
    search.run()
    if not search.findings and not search.found:
        return Copied(page=page)
    return Copied(
        page=replace(page, items=tuple(search.items)),
        findings=tuple(search.findings),
        undivided=tuple(search.undivided),
    )


class _Fit(NamedTuple):
    """What came of trying to put a table together."""

    width: int
    why: str = ""
    """Why it can't be; empty where it can."""


@dataclass(slots=True)
class _Search:
    page: Page
    ends: Callable[[str], bool]
    items: list[Block | Table] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    undivided: list[Block] = field(default_factory=list)
    found: int = 0
    tables: int = 0
    tries: int = 0

    def run(self) -> None:
        """Go through the page once."""
        self.tables = max((item.number for item in self.page.items if isinstance(item, Table)), default=0)
        items = self.page.items
        index = 0
        while index < len(items):
            item = items[index]
            taken = self._take(index) if isinstance(item, Block) and self._is_line(item) else 0
            if not taken:
                self.items.append(item)
            index += taken or 1

    def _is_line(self, item: Block | Table) -> bool:
        return isinstance(item, Block) and item.furniture is None and item.kind is not BlockKind.HEADING

    def _text(self, block: Block) -> str:
        return self.page.text[block.start : block.end]

    def _lines(self, index: int) -> Iterator[Block]:
        """Yield the lines from a place on to where a table would end at the latest."""
        items = self.page.items
        for place in range(index, len(items)):
            item = items[place]
            if not isinstance(item, Block) or not self._is_line(item):
                return
            if place > index and self.ends(self._text(item)):
                return
            yield item

    def _take(self, index: int) -> int:
        """Take the table that begins at a place; return of how many items it is."""
        first = self.page.items[index]
        assert isinstance(first, Block), "a line"  # noqa: S101  narrows the type
        text = self._text(first)
        if len(text) > _LONGEST_LINE:
            return 0
        if len(self._cells(first)) > 1:
            return self._tabbed(index)
        if len(text) <= _LONGEST_HEADER and is_known_header(text):
            return self._by_paragraphs(index)
        if splits_into_headers(text):
            return self._run_together(index)
        return 0

    # -- cells apart by tabs ----------------------------------------------------------------------

    def _cells(self, block: Block) -> list[Cell]:
        """Return the cells of a line: what stands between its tabs."""
        tabs: Mapping[int, int] = self.page.tabs
        starts = [offset for offset in range(block.start, block.end) if offset in tabs] if tabs else []
        cells: list[Cell] = []
        begin = block.start
        for offset in starts:
            if offset > begin:
                cells.append(self._cell(block, begin, offset))
            cells += [Cell(blocks=())] * (tabs[offset] - (offset > begin))
            begin = offset
        return [*cells, self._cell(block, begin, block.end)]

    def _cell(self, block: Block, start: int, end: int) -> Cell:
        end = start + len(self.page.text[start:end].rstrip())
        return Cell(blocks=(block._replace(start=start, end=end),))

    def _tabbed(self, index: int) -> int:
        first = next(self._lines(index))
        headers = ["".join(map(self._text, cell.blocks)) for cell in self._cells(first)]
        folded = set(map(fold, headers))
        if recognise_columns(headers) is None and not any(kind.needs <= folded for kind in shared_tables()):
            return 0
        rows: list[list[Cell]] = []
        for block in self._lines(index):
            cells = self._cells(block)
            if len(cells) < 2 and rows:  # noqa: PLR2004  a line without tabs
                break
            rows.append(cells)
        texts = [["".join(map(self._text, cell.blocks)) for cell in cells] for cells in rows]
        if len(rows) < _FEWEST_ROWS or not (
            recognise_columns(texts[0]) is not None or kind_of(texts, shared_tables()) is not None
        ):
            return 0
        self._add(rows)
        return len(rows)

    def _add(self, rows: Sequence[Sequence[Cell]]) -> None:
        self.tables += 1
        self.found += 1
        self.items.append(Table(number=self.tables, rows=tuple(Row(cells=tuple(cells)) for cells in rows)))

    # -- a paragraph for each cell ----------------------------------------------------------------

    def _by_paragraphs(self, index: int) -> int:
        headers = [
            text
            for text in map(self._text, islice(self._lines(index), _MOST_COLUMNS))
            if len(text) <= _LONGEST_HEADER
        ]
        known = _distinct(takewhile(is_known_header, headers))
        self.tries += 1
        if self.tries > _MOST_TRIES:
            return 0
        widths = [w for w in range(len(known), 1, -1) if recognise_columns(known[:w]) is not None]
        if not widths:
            return 0
        lines = list(self._lines(index))
        texts = [self._text(line) for line in lines]
        if len(lines) < widths[0] * 2:
            return 0
        fits = [_fit(texts, width) for width in widths]
        header = " ".join(texts[: fits[0].width])
        good = [fit for fit in fits if not fit.why]
        if len(good) != 1:
            self._leave(lines, header, fits[0].why if not good else "it may have more or fewer columns")
            return len(lines)
        width = good[0].width
        cells = [Cell(blocks=(line,)) for line in lines]
        self._add([cells[start : start + width] for start in range(0, len(cells), width)])
        self.findings.append(
            catalogue.TABLE_PUT_TOGETHER.found(
                place=self.page.place(lines[0].start),
                header=" ".join(texts[:width]),
                cells=len(lines) - width,
                rows=len(lines) // width - 1,
            )
        )
        return len(lines)

    # -- cells that can't be told apart -----------------------------------------------------------

    def _run_together(self, index: int) -> int:
        rows: list[Block] = []
        for line in self._lines(index):
            if len(rows) > 1 and line.gap != rows[1].gap:
                break
            rows.append(line)
        if len(rows) < _FEWEST_ROWS:
            return 0
        self._leave(rows, self._text(rows[0]), "nothing stands between them")
        return len(rows)

    def _leave(self, lines: Sequence[Block], header: str, why: str) -> None:
        self.items += lines
        self.undivided += lines
        source = self.page.source
        self.findings.append(
            catalogue.TABLE_UNDIVIDED.found(
                place=self.page.place(lines[0].start),
                header=header,
                why=why,
                stem=PurePath(source).stem if source != "-" else "page",
            )
        )


def _distinct(headers: Iterable[str]) -> list[str]:
    """Return headers up to one that comes again: no table has two columns of one name side by side."""
    found: dict[str, str] = {}
    for header in headers:
        if fold(header) in found:
            break
        found[fold(header)] = header
    return list(found.values())


def _fit(texts: Sequence[str], width: int) -> _Fit:
    """Say whether paragraphs are the cells of a table of some columns, header first."""
    columns = recognise_columns(texts[:width])
    code = next(c.index for c in columns or () if c.role is ColumnRole.CODE)
    if len(texts) % width:
        return _Fit(width, f"{len(texts) - width} lines are no whole rows of {width} cells")
    if len(texts) < width * (_FEWEST_ROWS + 1):
        return _Fit(width, "there are too few rows to tell")
    codes = [text for index, text in enumerate(texts[width:]) if index % width == code]
    others = [text for index, text in enumerate(texts[width:]) if index % width != code]
    shape = next((each for each in _SHAPES if all(map(each.fullmatch, codes))), None)
    if shape is None or len(set(codes)) < len(codes):
        return _Fit(width, "what should be codes does not look like codes of one system")
    odd = next((text for text in others if shape.fullmatch(text)), None)
    if odd is not None and not _is_level(texts, width, odd):
        return _Fit(width, f"{odd!r} may be a code, too")
    return _Fit(width)


def _is_level(texts: Sequence[str], width: int, odd: str) -> bool:
    """Whether a number that looks like a code stands in a column of levels only."""
    columns = recognise_columns(texts[:width]) or ()
    levels = {column.index for column in columns if column.role is ColumnRole.LEVEL}
    return (
        bool(levels)
        and odd.isdigit()
        and all(index % width in levels for index, text in enumerate(texts[width:]) if text == odd)
    )
