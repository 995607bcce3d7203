"""Finding labels and what is printed behind them, in tables and in running lines alike."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.dialects.labels import fold, match_prefix
from termsmith.dialects.table import Field, make_label
from termsmith.dialects.table_kinds import kind_of
from termsmith.model.page import Block, BlockKind, Cell, Page, Row, Table
from termsmith.model.result import Fate
from termsmith.pages.furniture import PAGE_TITLE
from termsmith.records.cell_labels import CellLabels
from termsmith.records.joins import LONGEST_LABEL, skip_separators, text_before
from termsmith.records.line_labels import LineLabels
from termsmith.records.marks import Mark
from termsmith.records.progress import Progress

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from termsmith.dialects.labels import Match
    from termsmith.dialects.table import Dialect, Label
    from termsmith.model.finding import Finding


_LONGEST_SENTENCE = 1_000
_EMPHASIS = "*_"
MOST_ROWS = 10_000_000
"""More than a table can have; tells rows of several tables apart."""


@dataclass(slots=True, kw_only=True)
class Entry:
    """A label on the page with the blocks printed behind it."""

    label: Label
    field: Field
    start: int
    """Offset of the label's text."""
    end: int
    blocks: list[Block] = dataclasses.field(default_factory=list)
    value: str | None = None
    """What is stated, where the words of the blocks only say so in other words."""
    group: int = 0
    """The same for entries of one table row; 0 outside tables of a known kind."""


@dataclass(slots=True, kw_only=True)
class Scan:
    """All that the labels of a page gather."""

    entries: list[Entry] = dataclasses.field(default_factory=list)
    """In page order."""
    marks: list[Mark] = dataclasses.field(default_factory=list)
    stray: list[tuple[Block, str]] = dataclasses.field(default_factory=list)
    """Blocks that no label gathers, each with the reason."""
    findings: list[Finding] = dataclasses.field(default_factory=list)


def scan(page: Page, dialect: Dialect) -> Scan:
    """Return the labels of a dialect on a page with what stands behind each, and the rest."""
    scanner = _Scanner(page, dialect)
    for item in page.items:
        if isinstance(item, Table):
            if not scanner.known_table(item):
                for row in item.rows:
                    scanner.row(row)
            scanner.close()
        elif item.furniture is not None:
            if item.furniture == PAGE_TITLE and scanner.sentence(item):
                continue
            scanner.furniture(item, item.furniture)
        else:
            scanner.line(item)
    return scanner.scan


def _entry_of(field: Field, block: Block, why: str | None = None) -> Entry:
    """Return an entry for text that states a field without a label of its own."""
    label = make_label(
        text=field.value.replace("_", " "), section=0, order=0, is_section=False, field=field, why=why
    )
    return Entry(label=label, field=field, start=block.start, end=block.start, blocks=[block])


class _Scanner:
    """Walks over a page once, knowing the section and the label it is under."""

    def __init__(self, page: Page, dialect: Dialect) -> None:
        self.page, self.dialect = page, dialect
        self.scan = Scan()
        self.progress = Progress(dialect)
        self.line_labels = LineLabels(page, self.progress)
        self.cell_labels = CellLabels(self.progress)
        self.entry: Entry | None = None
        self.in_cell = False
        self.told_hidden = False
        self.may_be_loose = dialect.loose_text is not None

    def mark(self, start: int, end: int, fate: Fate, note: str) -> None:
        if start < end:
            self.scan.marks.append(Mark(start=start, end=end, fate=fate, note=note))

    def furniture(self, block: Block, reason: str) -> None:
        """Take a line that is no content; a label in it that each description has is told, the first one."""
        self.mark(block.start, block.end, Fate.FURNITURE, reason)
        text = self._text(block)
        if self.told_hidden or len(text) > LONGEST_LABEL:
            return
        folded = fold(text)
        for label in self.dialect.labels:
            if label.required and label in self.progress.seen and folded in label.folds:
                self.told_hidden = True
                self.scan.findings.append(
                    catalogue.LABEL_HIDDEN.found(
                        place=self.page.place(block.start), label=label.text, reason=reason
                    )
                )

    def close(self) -> None:
        """End of a table: what follows is not behind its last label."""
        self.entry = None

    # -- running lines ---------------------------------------------------------------------------

    def line(self, block: Block) -> None:
        """Take a line outside tables, or in a cell of its own."""
        text = self._text(block)
        if self._is_special(block, text):
            return
        found = self.line_labels.at(text, block)
        if found is None:
            if block.kind is BlockKind.HEADING:
                self._end_loose_text()
            if not self._name_before_label(block, text):
                self._value(block)
            return
        self._labelled(block, text, *found)

    def _is_special(self, block: Block, text: str) -> bool:
        """Take a line that is a hint, a header or a sentence, or that is to be cut before it is read."""
        if self._is_hint(text):
            self.mark(block.start, block.end, Fate.LABEL, "hint")
            return True
        if self.progress.section is None and len(text) < LONGEST_LABEL and self._is_header(fold(text)):
            self.mark(block.start, block.end, Fate.LABEL, "table header")
            return True
        parts = self._parts(block, text)
        if len(parts) == 1:
            return self.sentence(block)
        for part in parts:
            self.line(part)
        return True

    def _is_header(self, folded: str) -> bool:
        """Whether a line is nothing but headers of a table, one or a row of them."""
        while folded:
            found = [header for header in self.dialect.headers if folded.startswith(header)]
            if not found:
                return False
            folded = folded[len(max(found, key=len)) :]
        return bool(self.dialect.headers)

    def _labelled(self, block: Block, text: str, label: Label, match: Match) -> None:
        """Take a line that starts with a label."""
        if match.slip:
            self._misspelt(block.start, text[: match.end], label)
        if label.preceded_by is not None:
            self._take_line_before(label)
        rest = self._open(label, block.start, block.start + match.end, block)
        if rest is None:
            return
        if label.is_section and label.field is None:
            self.line(rest)
        else:
            self._value(rest)
            if label.one_line and not self.in_cell:
                self.entry = None

    def sentence(self, block: Block) -> bool:
        """Take a line that states facts by its form; false for other lines."""
        text = self._text(block)
        if len(text) > _LONGEST_SENTENCE:
            return False
        for sentence in self.dialect.sentences:
            found = sentence.pattern.fullmatch(text)
            if found is None:
                continue
            self._mark_sentence(block, found)
            for field, value in sentence.states:
                entry = _entry_of(field, block)
                entry.value = value
                self.scan.entries.append(entry)
            for name in sentence.pattern.groupindex:
                if found[name]:
                    part = block._replace(
                        start=block.start + found.start(name), end=block.start + found.end(name)
                    )
                    self.scan.entries.append(_entry_of(Field(name), part, sentence.why))
            self.entry = None
            return True
        return False

    def _mark_sentence(self, block: Block, found: re.Match[str]) -> None:
        """Mark a sentence, but not the words in it that say nothing of the terminology."""
        ignored = found.re.groupindex.get(Field.IGNORED.value)
        start, end = found.span(ignored) if ignored is not None and found[ignored] else (found.end(),) * 2
        for first, last in ((found.start(), start), (end, found.end())):
            self.mark(block.start + first, block.start + last, Fate.LABEL, "sentence that states facts")

    def _parts(self, block: Block, text: str) -> list[Block]:
        """Cut a line that begins with a label where further labels with a colon stand in it."""
        label = self.dialect.inline_label
        if label is None or len(text) > _LONGEST_SENTENCE:
            return [block]
        starts = [found.start() for found in label.finditer(text)]
        if not starts:
            return [block]
        if starts[0] > 0:
            before = text[: starts[0]].rstrip()
            if not any(sentence.pattern.fullmatch(before) for sentence in self.dialect.sentences):
                return [block]
            starts.insert(0, 0)
        ends = [*starts[1:], len(text)]
        return [
            block._replace(start=block.start + start, end=block.start + start + len(text[start:end].rstrip()))
            for start, end in zip(starts, ends, strict=True)
        ]

    def _open(self, label: Label, start: int, end: int, block: Block) -> Block | None:
        """Open the entry of a label; return what follows label, separator and hints in its block."""
        text = self.page.text
        cursor = skip_separators(text, end, block.end)
        if text[start] in _EMPHASIS:
            # `*Label:*value`, where Markdown takes the marks for text.
            while cursor < block.end and text[cursor] in _EMPHASIS:
                cursor += 1
            cursor = skip_separators(text, cursor, block.end)
        for hint in label.hint_folds:
            behind = text[cursor : block.end].lstrip("-–— ")
            shift = block.end - len(behind)
            match = match_prefix(behind, hint)
            if match is not None:
                cursor = skip_separators(text, shift + match.end, block.end)
        if cursor > end and text[end:cursor].strip():
            end = cursor
        self.mark(start, end, Fate.LABEL, label.text)
        self._enter(label, start, end)
        if cursor >= block.end:
            return None
        return block._replace(start=cursor, gap=True)

    def _enter(self, label: Label, start: int, end: int) -> None:
        self.progress.enter(label, end)
        if label.field is Field.IGNORED:
            self._end_loose_text()
        if label.field is None:
            self.entry = None
        else:
            self.entry = Entry(label=label, field=label.field, start=start, end=end)
            self.scan.entries.append(self.entry)

    def _value(self, block: Block) -> None:
        if self.entry is None:
            self.entry = self._loose_text(block)
        if self.entry is not None:
            self.entry.blocks.append(block)
        elif self.progress.last is None:
            self.scan.stray.append((block, "stands before the first label"))
        else:
            self.scan.stray.append(
                (block, f"stands after {self.progress.last.text!r} without a label of its own")
            )

    def _loose_text(self, block: Block) -> Entry | None:
        """Return an entry for text without a label of its own, where the dialect says what it states."""
        field = self.dialect.loose_text
        if field is None or not self.may_be_loose or self.in_cell or self.progress.last is None:
            return None
        if any(entry.field is field for entry in self.scan.entries):
            return None
        entry = _entry_of(field, block)
        entry.blocks.clear()
        self.scan.entries.append(entry)
        return entry

    def _end_loose_text(self) -> None:
        if self.progress.last is not None:
            self.may_be_loose = False
            if self.entry is not None and self.entry.field is self.dialect.loose_text:
                self.entry = None

    def _is_hint(self, text: str) -> bool:
        if self.progress.last is None or not self.progress.last.hint_folds or len(text) > LONGEST_LABEL:
            return False
        if self.entry is not None and self.entry.blocks:
            return False
        return fold(text) in self.progress.last.hint_folds

    def _name_before_label(self, block: Block, text: str) -> bool:
        """Take a line such as ``Example Body Roles``, where a value stands before its row's label."""
        for label in self.dialect.labels:
            if label.preceded_by is None or label.section != self.progress.section:
                continue
            name = text_before(text, label.text)
            if not name:
                continue
            self._before(label, block._replace(end=block.start + len(name)))
            start = block.start + len(text) - len(label.text)
            self.mark(start, block.end, Fate.LABEL, label.text)
            self._enter(label, start, block.end)
            return True
        return False

    def _take_line_before(self, label: Label) -> None:
        """Take the line before a label as the value that stands before it."""
        if self.entry is not None and self.entry.blocks:
            self._before(label, self.entry.blocks.pop())
        elif (
            self.progress.last is not None and self.progress.last.section == label.section and self.scan.stray
        ):
            block, _ = self.scan.stray[-1]
            if block.start >= self.progress.last_end:
                self.scan.stray.pop()
                self._before(label, block)

    def _before(self, label: Label, block: Block) -> None:
        """Gather the value that stands before a label."""
        if label.preceded_by is not None:
            entry = Entry(label=label, field=label.preceded_by, start=block.start, end=block.start)
            entry.blocks.append(block)
            self.scan.entries.append(entry)

    # -- table rows ------------------------------------------------------------------------------

    def known_table(self, table: Table) -> bool:
        """Take a table of a kind that is known by its header, row by row; false for others."""
        rows = [row for row in table.rows if any(cell.blocks for cell in row.cells)]
        kinds = self.dialect.tables
        texts = [[self._cell_text(cell) for cell in row.cells] for row in rows]
        kind = kind_of(texts, kinds)
        if kind is None:
            return False
        for cell in rows[0].cells:
            self._mark_cell(cell, f"header of a table of {kind.title}")
        fields = [dict(kind.columns).get(fold(text)) for text in texts[0]]
        for number, row in enumerate(rows[1:], 1):
            for index, cell in enumerate(row.cells):
                field = fields[index] if index < len(fields) else None
                for block in cell.blocks if field is None else ():
                    if kind.why is not None:
                        self.mark(block.start, block.end, Fate.FURNITURE, kind.why)
                    else:
                        self.scan.stray.append((block, f"stands in a table of {kind.title}"))
                if field is not None and cell.blocks:
                    entry = _entry_of(field, cell.blocks[0])
                    entry.blocks[:] = cell.blocks
                    entry.group = table.number * MOST_ROWS + number
                    self.scan.entries.append(entry)
        return True

    def row(self, row: Row) -> None:
        """Take a table row: section and label cells first, then what they are about."""
        cells = self._content(row.cells)
        filled = [cell for cell in cells if cell.blocks]
        if not filled:
            return
        if self.progress.section is None and self._is_header_row(filled):
            for cell in filled:
                self._mark_cell(cell, "table header")
            return
        cells = cells[cells.index(filled[0]) :]
        label = self._cell_label(cells[0], sections_too=True)
        if label is None and self._labelled_cells(filled):
            return
        if label is not None and label.is_section:
            self._open_cell(label, cells[0])
            cells = cells[1:]
            while cells and not cells[0].blocks and any(cell.blocks for cell in cells):
                cells = cells[1:]
            label = self._cell_label(cells[0], sections_too=False) if cells else None
            if label is None and self.entry is not None:
                self._values(cells)
                return
        if label is not None:
            self._open_cell(label, cells[0])
            self._values(cells[1:])
            return
        self._unlabelled(cells)

    def _labelled_cells(self, filled: Sequence[Cell]) -> bool:
        """Take a row whose cells each hold a label, a colon and the value; false for other rows."""
        if not self.dialect.values_in_label_cells or not self._starts_with_label(filled[0].blocks[0]):
            return False
        for cell in filled:
            self.entry = None
            first, *others = cell.blocks
            self.in_cell = True
            self.line(first)
            for block in others:
                self._value(block)
            self.in_cell = False
        return True

    def _starts_with_label(self, block: Block) -> bool:
        text = self._text(block)
        if any(sentence.pattern.fullmatch(text) for sentence in self.dialect.sentences):
            return True
        found = self.line_labels.at(text, block)
        return found is not None and found[1].end < len(text)

    def _unlabelled(self, cells: Sequence[Cell]) -> None:
        """Take a row that starts with no known label."""
        filled = [cell for cell in cells if cell.blocks]
        if not filled:
            return
        following = self._cell_label(cells[1], sections_too=False) if len(cells) > 1 else None
        if following is not None and following.preceded_by is not None:
            for block in filled[0].blocks:
                self._before(following, block)
            self._open_cell(following, cells[1])
            self._values(cells[2:])
            return
        if len(cells) == 1:
            for block in filled[0].blocks:
                self.line(block)
            return
        if len(filled) == 1 and not self._looks_like_label(filled[0]) and self.entry is not None:
            self._values(filled)
            return
        expected = self.progress.expected()
        printed = self._cell_text(filled[0])
        for cell in filled:
            for block in cell.blocks:
                self.scan.stray.append((block, "stands in a row without a known label"))
        if expected is not None and self._looks_like_label(filled[0]):
            self.progress.unknown += 1
            self.scan.findings.append(
                catalogue.LABEL_UNKNOWN.found(
                    place=self.page.place(filled[0].blocks[0].start),
                    printed=printed,
                    label=expected.text,
                    field=expected.field.value if expected.field else "it",
                )
            )

    def _looks_like_label(self, cell: Cell) -> bool:
        return len(self._cell_text(cell)) <= LONGEST_LABEL // 3

    def _cell_label(self, cell: Cell, *, sections_too: bool) -> Label | None:
        """Return the label that a cell prints, and report when it is misspelt."""
        if not cell.blocks:
            return None
        text = self._cell_text(cell)
        found = self.cell_labels.of(text, sections_too=sections_too)
        if found is None:
            return None
        if found.slip:
            self._misspelt(cell.blocks[0].start, text, found.label)
        return found.label

    def _open_cell(self, label: Label, cell: Cell) -> None:
        """Mark a label cell, whose text is label and hints only, and open its entry."""
        self._mark_cell(cell, label.text)
        self._enter(label, cell.blocks[0].start, cell.blocks[-1].end)

    def _mark_cell(self, cell: Cell, note: str) -> None:
        for block in cell.blocks:
            self.mark(block.start, block.end, Fate.LABEL, note)

    def _values(self, cells: Sequence[Cell]) -> None:
        for cell in cells:
            for block in cell.blocks:
                self._value(block)

    def _content(self, cells: Sequence[Cell]) -> list[Cell]:
        """Return cells without the furniture in them, which is marked."""
        kept = []
        for cell in cells:
            if any(block.furniture is not None for block in cell.blocks):
                for block in cell.blocks:
                    if block.furniture is not None:
                        self.mark(block.start, block.end, Fate.FURNITURE, block.furniture)
                kept.append(cell._replace(blocks=tuple(b for b in cell.blocks if b.furniture is None)))
            else:
                kept.append(cell)
        return kept

    def _is_header_row(self, filled: Sequence[Cell]) -> bool:
        return bool(self.dialect.headers) and all(
            fold(self._cell_text(cell)[:LONGEST_LABEL]) in self.dialect.headers for cell in filled
        )

    # -- shared ----------------------------------------------------------------------------------

    def _text(self, block: Block) -> str:
        return self.page.text[block.start : block.end]

    def _cell_text(self, cell: Cell) -> str:
        if len(cell.blocks) == 1:
            return self._text(cell.blocks[0])
        return " ".join(self._text(block) for block in cell.blocks)

    def _misspelt(self, offset: int, printed: str, label: Label) -> None:
        self.scan.findings.append(
            catalogue.LABEL_MISSPELT.found(
                place=self.page.place(offset), printed=printed.strip(), label=label.text
            )
        )
