"""Tables that declare properties and filters of a code system."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.dialects.labels import fold
from termsmith.model.record import FilterDeclaration, Property, Stated
from termsmith.model.result import Fate
from termsmith.records.blanks import blank
from termsmith.records.marks import Mark
from termsmith.records.prose import one_line
from termsmith.records.words import stated_at, stated_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from termsmith.dialects.guide import Guide
    from termsmith.dialects.table import Dialect
    from termsmith.model.finding import Finding, Rule
    from termsmith.model.page import Block, Cell, Page, Row, Table

_TYPES = {
    name.casefold(): name
    for name in ("code", "Coding", "string", "integer", "boolean", "dateTime", "decimal")
}
"""https://hl7.org/fhir/R4/valueset-concept-property-type.html"""
_CODE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]{0,63}")
"""A code that is no sentence and no placeholder such as ``[REL]``."""
_BETWEEN_CODES = re.compile(r"[|,]|\bor\b")
_BETWEEN_OPERATORS = re.compile(r"[/|,]|\bor\b|\band\b")
_PIECE = re.compile(r"\S(?:.*\S)?", re.DOTALL)
_END_OF_SENTENCE = (".", "!", "?", ":", ";")
_LONGEST_QUOTE = 60


@dataclass(slots=True, kw_only=True)
class Declarations:
    """What the tables of a page declare."""

    properties: list[Property] = field(default_factory=list)
    filters: list[FilterDeclaration] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    stray: list[tuple[Block, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class DeclarationReader:
    """Reads one table after the other."""

    def __init__(self, page: Page, dialect: Dialect, guide: Guide) -> None:
        """Take the page that the tables are on, and how its dialect heads them."""
        self._page, self._dialect, self._guide = page, dialect, guide
        self.read = Declarations()

    def filters(self, table: Table) -> bool:
        """Read a table of one filter, a row a part, or of several, a column a part; false for another one."""
        rows = [row for row in table.rows if any(cell.blocks for cell in row.cells)]
        if not rows:
            return False
        if {"code", "operators"} <= {self._filter_part(row.cells[0]) for row in rows}:
            self._filter_of_rows(rows)
            return True
        heads = [self._filter_part(cell) for cell in rows[0].cells]
        if {"code", "operators"} <= set(heads):
            self._label_cells(rows[0].cells)
            for row in rows[1:]:
                self._filter_of_cells(heads, row.cells)
            return True
        return False

    def properties(self, table: Table) -> bool:
        """Read a table of properties, a row each, with a head or without one; false for another one."""
        rows = [row for row in table.rows if any(cell.blocks for cell in row.cells)]
        if not rows:
            return False
        columns = [self._guide.property_columns.get(fold(self._text(cell))) for cell in rows[0].cells]
        if "code" in columns and "type" in columns:
            self._label_cells(rows[0].cells)
            rows = rows[1:]
        else:
            columns = self._columns_without_head(rows)
        if "code" not in columns or "type" not in columns:
            return False
        for row in rows:
            self._property(columns, row.cells)
        return True

    # -- properties ------------------------------------------------------------------------------

    def _columns_without_head(self, rows: Sequence[Row]) -> list[str | None]:
        """Tell columns by what is in them: types, addresses, a code in the first, text in the last."""
        width = min(len(row.cells) for row in rows)
        texts = [[self._text(row.cells[number]) for row in rows] for number in range(width)]
        typed = [number for number, column in enumerate(texts) if all(t.casefold() in _TYPES for t in column)]
        if not typed or typed[0] == 0:
            return []
        columns: list[str | None] = [None] * width
        columns[0], columns[typed[0]] = "code", "type"
        for number, column in enumerate(texts):
            if columns[number] is None and all(re.match(r"(?:https?|urn):", text) for text in column):
                columns[number] = "uri"
        if width > 1 and columns[-1] is None:
            columns[-1] = "description"
        return columns

    def _property(self, columns: Sequence[str | None], cells: Sequence[Cell]) -> None:
        parts: dict[str, list[Block]] = {}
        rest: list[Block] = []
        for number, cell in enumerate(cells):
            part = columns[number] if number < len(columns) else None
            blocks = [block for block in cell.blocks if not self._blank(block)]
            if part is None:
                rest += blocks
            else:
                parts.setdefault(part, []).extend(blocks)
        code, kind = self._stated(parts.get("code")), self._stated(parts.get("type"))
        if code is None and kind is None:
            self._leave([*rest, *(b for blocks in parts.values() for b in blocks)], "declares no property")
            return
        problem = None
        if code is None or not _CODE.fullmatch(code.value):
            problem = "it has no code" if code is None else "that is no code"
        elif kind is None or kind.value.casefold() not in _TYPES:
            problem = "it has no type" if kind is None else f"{kind.value!r} is none of FHIR's types"
        if problem is not None or code is None or kind is None:
            self._refuse(catalogue.PROPERTY_UNREADABLE, parts, code, problem or "")
            self._leave(rest, "belongs to a property that is not declared")
            return
        self._leave(rest, "stands in a column that no element takes")
        self.read.properties.append(
            Property(
                code=code,
                type=_changed(kind, _TYPES[kind.value.casefold()]),
                uri=self._stated(parts.get("uri")),
                description=self._stated(parts.get("description")),
            )
        )

    # -- filters ---------------------------------------------------------------------------------

    def _filter_part(self, cell: Cell) -> str | None:
        return self._guide.filter_rows.get(fold(self._text(cell))) if cell.blocks else None

    def _filter_of_rows(self, rows: Sequence[Row]) -> None:
        parts: dict[str, list[Block]] = {}
        for row in rows:
            part = self._filter_part(row.cells[0])
            blocks = [block for cell in row.cells[1:] for block in cell.blocks]
            if part is None:
                label = self._text(row.cells[0])
                self._leave([*row.cells[0].blocks, *blocks], f"{label!r}: no element of a filter takes it")
                continue
            self._label_cells(row.cells[:1])
            parts.setdefault(part, []).extend(block for block in blocks if not self._blank(block))
        self._filter(parts)

    def _filter_of_cells(self, heads: Sequence[str | None], cells: Sequence[Cell]) -> None:
        parts: dict[str, list[Block]] = {}
        for number, cell in enumerate(cells):
            part = heads[number] if number < len(heads) else None
            if part is None:
                self._leave(cell.blocks, "stands in a column that no element of a filter takes")
                continue
            parts.setdefault(part, []).extend(block for block in cell.blocks if not self._blank(block))
        self._filter(parts)

    def _filter(self, parts: Mapping[str, list[Block]]) -> None:
        code, value = self._stated(parts.get("code")), self._stated(parts.get("value"))
        codes = list(self._pieces(parts.get("code", ()), _BETWEEN_CODES))
        operators = tuple(self._pieces(parts.get("operators", ()), _BETWEEN_OPERATORS))
        problem = None
        if not codes:
            problem = "it has no code"
        elif not all(_CODE.fullmatch(each.value) for each in codes):
            problem = "that is no code, but words about codes"
        elif not operators:
            problem = "it has no operators"
        elif value is None:
            problem = "it has no value"
        if problem is not None or value is None:
            self._refuse(catalogue.FILTER_UNREADABLE, parts, code, problem or "")
            return
        description = self._sentences([parts.get("description"), parts.get("comment")])
        self.read.filters += [
            FilterDeclaration(code=each, operators=operators, value=value, description=description)
            for each in codes
        ]

    def _sentences(self, texts: Sequence[Sequence[Block] | None]) -> Stated[str] | None:
        """Return texts as one, with a full stop between them."""
        stated = [each for blocks in texts if (each := self._stated(blocks)) is not None]
        if len(stated) < 2:  # noqa: PLR2004  nothing to join
            return stated[0] if stated else None
        parts = [each.value if each.value.endswith(_END_OF_SENTENCE) else f"{each.value}." for each in stated]
        parts[-1] = stated[-1].value
        spans = tuple(span for each in stated for span in each.spans)
        return Stated(value=" ".join(parts), spans=spans, reason="description and comments")

    def _pieces(self, blocks: Sequence[Block], between: re.Pattern[str]) -> Iterator[Stated[str]]:
        """Yield the pieces of text between separators, which are marked."""
        for block in blocks:
            start = block.start
            for match in (*between.finditer(self._page.text, block.start, block.end), None):
                end = match.start() if match is not None else block.end
                piece = _PIECE.search(self._page.text, start, end)
                if piece is not None:
                    yield stated_at(self._page, piece.start(), piece.end())
                if match is not None:
                    self.read.marks.append(Mark(match.start(), match.end(), Fate.LABEL, "between values"))
                    start = match.end()

    # -- shared ----------------------------------------------------------------------------------

    def _refuse(
        self,
        rule: Rule,
        parts: Mapping[str, Sequence[Block]],
        code: Stated[str] | None,
        problem: str,
    ) -> None:
        blocks = sorted((block for part in parts.values() for block in part), key=lambda block: block.start)
        named = code.value if code is not None else ""
        self.read.findings.append(
            rule.found(
                place=self._page.place(blocks[0].start) if blocks else None,
                code=named if len(named) <= _LONGEST_QUOTE else f"{named[:_LONGEST_QUOTE]}…",
                problem=problem,
            )
        )
        self._leave(blocks, "belongs to a declaration that can't be made")

    def _leave(self, blocks: Sequence[Block], why: str) -> None:
        self.read.stray += [(block, why) for block in blocks]

    def _label_cells(self, cells: Sequence[Cell]) -> None:
        for cell in cells:
            for block in cell.blocks:
                self.read.marks.append(Mark.of(block, Fate.LABEL, "header of declarations"))

    def _blank(self, block: Block) -> bool:
        found = blank(self._dialect, self._page.text[block.start : block.end])
        if found is None:
            return False
        self.read.marks.append(Mark.of(block, Fate.BLANK, found.reason))
        return True

    def _text(self, cell: Cell) -> str:
        return one_line(self._page, cell.blocks)

    def _stated(self, blocks: Sequence[Block] | None) -> Stated[str] | None:
        return stated_in(self._page, blocks) if blocks else None


def _changed(stated: Stated[str], value: str) -> Stated[str]:
    if stated.value == value:
        return stated
    return Stated(value=value, spans=stated.spans, reason="as FHIR writes it")
