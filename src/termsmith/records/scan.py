"""Finding labels and what is printed behind them, in tables and in running lines alike."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.dialects.labels import Match, fold, fold_with_offsets, match_prefix, match_slipped_prefix
from termsmith.dialects.table import START_LENGTH, Dialect, Field, Label
from termsmith.model.page import Block, BlockKind, Cell, Page, Row, Table
from termsmith.model.result import Fate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from termsmith.model.finding import Finding

_LONGEST_LABEL_CELL = 240
_SHORTEST_CUT_LABEL, _SHORTEST_CUT_LINE = 5, 10
"""Folded letters of a cell, and of a line, that can be a label whose end is cut off."""
_LOST_SECTION_LETTERS = 10
"""A row label may stand without its section's label when it has this many folded letters."""
_SEPARATORS = " :\t"
_COLON = "colon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A stretch of page text whose fate is known before anything is made of it."""

    start: int
    end: int
    fate: Fate
    note: str


@dataclass(slots=True, kw_only=True)
class Entry:
    """A label on the page with the blocks printed behind it."""

    label: Label
    field: Field
    start: int
    """Offset of the label's text."""
    end: int
    blocks: list[Block] = dataclasses.field(default_factory=list)


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
            for row in item.rows:
                scanner.row(row)
            scanner.close()
        elif item.furniture is not None:
            scanner.mark(item.start, item.end, Fate.FURNITURE, item.furniture)
        else:
            scanner.line(item)
    return scanner.scan


class _Scanner:
    """Walks over a page once, knowing the section and the label it is under."""

    def __init__(self, page: Page, dialect: Dialect) -> None:
        self.page, self.dialect = page, dialect
        self.scan = Scan()
        self.joins = _joins(page, dialect)
        self.section: int | None = None
        self.last: Label | None = None
        self.last_end = 0
        self.entry: Entry | None = None
        self.seen: set[Label] = set()

    def mark(self, start: int, end: int, fate: Fate, note: str) -> None:
        if start < end:
            self.scan.marks.append(Mark(start=start, end=end, fate=fate, note=note))

    def close(self) -> None:
        """End of a table: what follows is not behind its last label."""
        self.entry = None

    # -- running lines ---------------------------------------------------------------------------

    def line(self, block: Block) -> None:
        """Take a line outside tables, or in a cell of its own."""
        text = self._text(block)
        if self._is_hint(text):
            self.mark(block.start, block.end, Fate.LABEL, "hint")
            return
        if self.section is None and len(text) < _LONGEST_LABEL_CELL and fold(text) in self.dialect.headers:
            self.mark(block.start, block.end, Fate.LABEL, "table header")
            return
        found = self._label_at(text, block)
        if found is None:
            if not self._name_before_label(block, text):
                self._value(block)
            return
        label, match = found
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

    def _open(self, label: Label, start: int, end: int, block: Block) -> Block | None:
        """Open the entry of a label; return what follows label, separator and hints in its block."""
        text = self.page.text
        cursor = _skip_separators(text, end, block.end)
        for hint in label.hint_folds:
            behind = text[cursor : block.end].lstrip("-–— ")
            shift = block.end - len(behind)
            match = match_prefix(behind, hint)
            if match is not None:
                cursor = _skip_separators(text, shift + match.end, block.end)
        if cursor > end and text[end:cursor].strip():
            end = cursor
        self.mark(start, end, Fate.LABEL, label.text)
        self._enter(label, start, end)
        if cursor >= block.end:
            return None
        return replace(block, start=cursor, gap=True)

    def _enter(self, label: Label, start: int, end: int) -> None:
        self.section = label.section
        self.last = label
        self.last_end = end
        self.seen.add(label)
        if label.field is None:
            self.entry = None
        else:
            self.entry = Entry(label=label, field=label.field, start=start, end=end)
            self.scan.entries.append(self.entry)

    def _value(self, block: Block) -> None:
        if self.entry is not None:
            self.entry.blocks.append(block)
        elif self.last is None:
            self.scan.stray.append((block, "stands before the first label"))
        else:
            self.scan.stray.append((block, f"stands behind {self.last.text!r} without a label of its own"))

    def _is_hint(self, text: str) -> bool:
        if self.last is None or not self.last.hint_folds or len(text) > _LONGEST_LABEL_CELL:
            return False
        if self.entry is not None and self.entry.blocks:
            return False
        return fold(text) in self.last.hint_folds

    def _label_at(self, text: str, block: Block) -> tuple[Label, Match] | None:
        """Return the label that a line starts with, if one may stand here."""
        head = fold(text[:_LONGEST_LABEL_CELL])
        candidates = [
            (label, match)
            for start, label in self.dialect.by_start.get(head[:START_LENGTH], ())
            if head.startswith(start) and (match := match_prefix(text, start)) is not None
        ]
        allowed = [
            (label, match) for label, match in candidates if self._may_stand(label, text, match, block)
        ]
        if allowed:
            return min(allowed, key=lambda found: (-found[1].end, self._distance(found[0])))
        return self._slipped_label_at(text, head, block)

    def _may_stand(self, label: Label, text: str, match: Match, block: Block) -> bool:
        rest = text[match.end :]
        behind = _without_hints(rest, label)
        whole = not behind or block.kind is BlockKind.HEADING
        hinted = behind != rest
        if not (whole or hinted or label.is_long or _join(rest) in self.joins):
            return False
        return self._in_order(label) or (whole and label.is_long and label.section != self.section)

    def _in_order(self, label: Label) -> bool:
        """Whether a label can come next, given the section and the label before it."""
        if self.last is None:
            return True
        later = label.order > self.last.order
        if label.is_section:
            return later
        if label.section == self.section:
            return later or label.repeats
        shared = len(self.dialect.by_fold[label.folds[0]]) > 1
        return later and not shared and len(label.folds[0]) >= _LOST_SECTION_LETTERS

    def _distance(self, label: Label) -> int:
        return abs(label.order - (self.last.order if self.last else 0))

    def _slipped_label_at(self, text: str, head: str, block: Block) -> tuple[Label, Match] | None:
        """Return a label with one wrong letter; only where it is alone or a label follows."""
        for label in self.dialect.labels:
            for start in label.folds:
                if not _looks_alike(head, start) or not self._in_order(label):
                    continue
                match = match_slipped_prefix(text, start)
                if match is None:
                    continue
                rest = text[match.end :]
                if not _without_hints(rest, label) or label.is_long or self._starts_row_of(label, rest):
                    return label, match
        return self._cut_label(text, head, block)

    def _cut_label(self, text: str, head: str, block: Block) -> tuple[Label, Match] | None:
        """Return the label whose beginning stands at the start of a line (``Other useful Info``)."""
        if len(head) < _SHORTEST_CUT_LINE:
            return None
        last = block.end >= len(self.page.text.rstrip())
        cut = []
        for label in self.dialect.labels:
            if not self._in_order(label):
                continue
            end = max((_end_of_cut(text, head, start) for start in label.folds), default=0)
            if any(last and start.startswith(head) for start in label.folds):
                end = len(text)
            sure = (
                end == len(text)
                or (
                    not label.is_section
                    and label.text.count(" ") >= 2  # noqa: PLR2004  the start of fewer words is no sign
                    and _join(text[end:]) in self.joins
                )
            )
            if end and sure:
                cut.append((label, Match(end=end, slip=True)))
        return cut[0] if len(cut) == 1 else None

    def _starts_row_of(self, section: Label, rest: str) -> bool:
        folded = fold(rest[:_LONGEST_LABEL_CELL])
        return section.is_section and any(
            label.section == section.section and not label.is_section and folded.startswith(label.folds)
            for label in self.dialect.labels
        )

    def _name_before_label(self, block: Block, text: str) -> bool:
        """Take a line such as ``Example Body Roles``, where a value stands before its row's label."""
        for label in self.dialect.labels:
            if label.preceded_by is None or label.section != self.section:
                continue
            name = _text_before(text, label.text)
            if not name:
                continue
            self._before(label, replace(block, end=block.start + len(name)))
            start = block.start + len(text) - len(label.text)
            self.mark(start, block.end, Fate.LABEL, label.text)
            self._enter(label, start, block.end)
            return True
        return False

    def _take_line_before(self, label: Label) -> None:
        """Take the line before a label as the value that stands before it."""
        if self.entry is not None and self.entry.blocks:
            self._before(label, self.entry.blocks.pop())
        elif self.last is not None and self.last.section == label.section and self.scan.stray:
            block, _ = self.scan.stray[-1]
            if block.start >= self.last_end:
                self.scan.stray.pop()
                self._before(label, block)

    def _before(self, label: Label, block: Block) -> None:
        """Gather the value that stands before a label."""
        if label.preceded_by is not None:
            entry = Entry(label=label, field=label.preceded_by, start=block.start, end=block.start)
            entry.blocks.append(block)
            self.scan.entries.append(entry)

    # -- table rows ------------------------------------------------------------------------------

    def row(self, row: Row) -> None:
        """Take a table row: section and label cells first, then what they are about."""
        cells = self._content(row.cells)
        filled = [cell for cell in cells if cell.blocks]
        if not filled:
            return
        if self.section is None and self._is_header_row(filled):
            for cell in filled:
                self._mark_cell(cell, "table header")
            return
        cells = cells[cells.index(filled[0]) :]
        label = self._cell_label(cells[0], sections_too=True)
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
        expected = self._expected()
        printed = self._cell_text(filled[0])
        for cell in filled:
            for block in cell.blocks:
                self.scan.stray.append((block, "stands in a row without a known label"))
        if expected is not None and self._looks_like_label(filled[0]):
            self.scan.findings.append(
                catalogue.LABEL_UNKNOWN.found(
                    place=self.page.place(filled[0].blocks[0].start),
                    printed=printed,
                    label=expected.text,
                    field=expected.field.value if expected.field else "it",
                )
            )

    def _looks_like_label(self, cell: Cell) -> bool:
        return len(self._cell_text(cell)) <= _LONGEST_LABEL_CELL // 3

    def _expected(self) -> Label | None:
        """Return the label that the template has next, when it is in the section at hand."""
        if self.last is None:
            return None
        following = [label for label in self.dialect.labels if label.order == self.last.order + 1]
        if following and following[0].section == self.section and following[0] not in self.seen:
            return following[0]
        return None

    def _cell_label(self, cell: Cell, *, sections_too: bool) -> Label | None:
        """Return the label that a cell prints, if it prints nothing else but hints."""
        if not cell.blocks:
            return None
        text = self._cell_text(cell)
        if len(text) > _LONGEST_LABEL_CELL:
            return None
        folded = fold(text)
        exact = [
            label
            for start, label in self.dialect.by_start.get(folded[:START_LENGTH], ())
            if folded == start
            or (folded.startswith(start) and not _without_hint_folds(folded[len(start) :], label))
        ]
        choices = [label for label in exact if self._cell_may_be(label, sections_too=sections_too)]
        if choices:
            return min(choices, key=lambda label: (-len(label.folds[0]), self._distance(label)))
        return self._slipped_cell_label(cell, folded, sections_too=sections_too)

    def _cell_may_be(self, label: Label, *, sections_too: bool) -> bool:
        if label.is_section:
            return sections_too
        if label.section == self.section or self.section is None:
            return True
        return sections_too and len(self.dialect.by_fold[label.folds[0]]) == 1

    def _slipped_cell_label(self, cell: Cell, folded: str, *, sections_too: bool) -> Label | None:
        """Return the one label that a cell misspells by a letter, or that it is the start of."""
        choices = [
            label
            for label in self.dialect.labels
            if self._cell_may_be(label, sections_too=sections_too)
            and label not in self.seen
            and self._in_order(label)
            and (
                any(_looks_alike(folded, start) and _is_slip(folded, start) for start in _with_hints(label))
                or (len(folded) >= _SHORTEST_CUT_LABEL and any(s.startswith(folded) for s in label.folds))
            )
        ]
        if not choices:
            return None
        label = min(choices, key=self._distance)
        self._misspelt(cell.blocks[0].start, self._cell_text(cell), label)
        return label

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
                kept.append(replace(cell, blocks=tuple(b for b in cell.blocks if b.furniture is None)))
            else:
                kept.append(cell)
        return kept

    def _is_header_row(self, filled: Sequence[Cell]) -> bool:
        return bool(self.dialect.headers) and all(
            fold(self._cell_text(cell)[:_LONGEST_LABEL_CELL]) in self.dialect.headers for cell in filled
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


def _joins(page: Page, dialect: Dialect) -> frozenset[str]:
    """Return how the page's long labels are joined to their values: ``glued``, ``blank``, ``colon``.

    A label with a colon behind it is always taken as one. Short labels (``Name``, ``Version``) at the start
    of a line count only when long ones are joined to their values in the same way.
    """
    joins = {_COLON}
    for block in page.blocks:
        if block.furniture is not None or block.address is not None:
            continue
        text = page.text[block.start : block.end]
        folded = fold(text[:_LONGEST_LABEL_CELL])
        for start, label in dialect.by_start.get(folded[:START_LENGTH], ()):
            if (label.is_long or label.is_section) and folded.startswith(start):
                match = match_prefix(text, start)
                if match is not None and (rest := _without_hints(text[match.end :], label)):
                    joined = _join(rest)
                    if label.is_long or _starts_with_row(rest, label, dialect):
                        joins.add(joined)
    return frozenset(joins)


def _starts_with_row(rest: str, section: Label, dialect: Dialect) -> bool:
    folded = fold(rest[:_LONGEST_LABEL_CELL])
    return any(
        label.section == section.section and not label.is_section and folded.startswith(label.folds)
        for label in dialect.labels
    )


def _join(rest: str) -> str:
    if rest.lstrip(" \t")[:1] == ":":
        return _COLON
    return "blank" if rest[:1] in (" ", "\t") else "glued"


def _without_hints(rest: str, label: Label) -> str:
    """Return what follows a label, less separators and hints; empty when that is all."""
    if not rest.strip(_SEPARATORS):
        return ""
    for hint in label.hint_folds:
        stripped = rest.lstrip("-–— ")
        match = match_prefix(stripped, hint)
        if match is not None:
            rest = stripped[match.end :]
    return rest if rest.strip(_SEPARATORS) else ""


def _without_hint_folds(folded: str, label: Label) -> str:
    for hint in label.hint_folds:
        folded = folded.removeprefix(hint)
    return folded


def _skip_separators(text: str, start: int, end: int) -> int:
    while start < end and text[start] in _SEPARATORS:
        start += 1
    return start


def _looks_alike(text: str, label: str) -> bool:
    """Whether two folded texts start alike, give or take one letter; a cheap filter."""
    return (
        text[:3] == label[:3] or text[1:4] == label[:3] or text[:3] == label[1:4] or text[1:4] == label[1:4]
    )


def _end_of_cut(text: str, head: str, label: str) -> int:
    """Return where the beginning of a label ends in a text; 0 when it is too short or ends in a word."""
    if head[:_SHORTEST_CUT_LINE] != label[:_SHORTEST_CUT_LINE]:
        return 0
    pairs = enumerate(zip(head, label, strict=False))
    same = next((number for number, (one, other) in pairs if one != other), min(len(head), len(label)))
    if same == len(label) or same * 5 < len(label) * 3:
        return 0
    _, offsets = fold_with_offsets(text[: same * 2 + 24])
    end = offsets[same - 1] + 1
    following = text[end : end + 1]
    return end if not following.isalnum() or (text[end - 1].islower() and not following.islower()) else 0


def _with_hints(label: Label) -> tuple[str, ...]:
    """Return a label's folded texts, without and with its hints behind."""
    hints = "".join(label.hint_folds)
    return (*label.folds, *(start + hints for start in label.folds)) if hints else label.folds


def _is_slip(folded: str, label: str) -> bool:
    match = match_slipped_prefix(folded, label)
    return match is not None and match.end == len(folded)


def _text_before(text: str, label: str) -> str:
    """Return what stands before a label that ends a line, without white space behind it."""
    if len(text) <= len(label) or text[-len(label) :].casefold() != label.casefold():
        return ""
    return text[: -len(label)].rstrip()
