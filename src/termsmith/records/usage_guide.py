"""Pages that explain how to use a terminology: what their summary, chapters and sentences state."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.dialects.labels import fold
from termsmith.dialects.table import Field, make_label
from termsmith.model.page import BlockKind, Table
from termsmith.model.record import Organization, Stated
from termsmith.model.result import Fate
from termsmith.records.blanks import blank, told
from termsmith.records.endorsement import endorse
from termsmith.records.extract import Extraction, extract
from termsmith.records.marks import Mark
from termsmith.records.property_tables import DeclarationReader
from termsmith.records.scan import Entry, Scan
from termsmith.records.sentences import LONGEST_SENTENCE, Part, SentenceReader
from termsmith.records.words import stated_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from termsmith.dialects.guide import Guide
    from termsmith.dialects.table import Dialect, Label
    from termsmith.model.finding import Finding
    from termsmith.model.page import Block, Cell, Page, Row
    from termsmith.model.record import Paragraph, TerminologyRecord

_LONGEST_HEADING = 80
_NO_HEADING = (".", ",", ";", ":", "!", "?", "|", "{", "}", "]", ">")
"""How a line ends that is no heading, on pages that don't mark theirs."""
_LINE_LEVEL = 4
"""Level of headings that are mere lines."""
_MOST_PARTS = 100
"""Parts of one standard beyond which a page is something else; each costs a walk over its text."""
_MOST_COMPARED = 50
"""Paragraphs beyond which none is compared with all others."""
_FEWEST_ROWS = 3
"""Rows with known labels that make a table a summary."""


@dataclass(slots=True, kw_only=True)
class _Gathered:
    """Text of a row or chapter."""

    label: Label
    field: Field
    start: int
    end: int
    blocks: list[tuple[Block, int | None]] = dataclasses.field(default_factory=list)
    """With the number of the column that each stands in, in a summary of several columns."""


def read_guide(page: Page, dialect: Dialect, guide: Guide) -> Extraction:
    """Return what a page states that explains the use of a terminology; nothing is raised.

    Rows and chapters are read as the fields that their labels and headings stand for; single sentences in
    them state identifiers, organisations, names, and whether case matters.
    """
    return _GuideReader(page, dialect, guide).extraction()


class _GuideReader:
    """One page while it is read."""

    def __init__(self, page: Page, dialect: Dialect, guide: Guide) -> None:
        self.page, self.dialect, self.guide = page, dialect, guide
        self.rows = {folded: labels[0] for folded, labels in dialect.by_fold.items()}
        self.declarations = DeclarationReader(page, dialect, guide)
        self.sentences = SentenceReader(page, guide)
        self.facts = self.sentences.facts
        self.gathered: list[_Gathered] = []
        self.marks: list[Mark] = []
        self.stray: list[tuple[Block, str]] = []
        self.findings: list[Finding] = []
        self.chapters: list[tuple[int, int, str]] = []
        self.marked_headings = any(
            not isinstance(item, Table) and item.kind is BlockKind.HEADING for item in page.items
        )
        # The chapter at hand: what it is about, the level of its heading, its text, and its start.
        self.field: Field | None = None
        self.level = 0
        self.heading: str | None = None
        self.start = 0
        self.entry: _Gathered | None = None

    def extraction(self) -> Extraction:
        for item in self.page.items:
            if isinstance(item, Table):
                self._table(item)
            elif item.furniture is not None:
                # The title of a page can be the only place that names the system.
                if item.kind is BlockKind.HEADING:
                    self.sentences.read(item, None)
                self._mark(item, Fate.FURNITURE, item.furniture)
            elif self._is_heading(item):
                self._heading(item)
            else:
                self._text(item)
        self._end_chapter(len(self.page.text))
        read = self.declarations.read
        parts: list[Part | None] = [*self.facts.parts] or [None]
        uncertain = None
        if len(parts) > _MOST_PARTS:
            uncertain = f"{len(parts)} parts, where no standard has more than {_MOST_PARTS}"
            parts = [None]
        if len(parts) > 1 and (read.properties or read.filters):
            self._declarations_of_which(len(parts))
            self._leave_declarations()
        records: list[TerminologyRecord] = []
        marks: list[Mark] = []
        stray: list[tuple[Block, str]] = []
        findings: list[Finding] = []
        for number, part in enumerate(parts):
            found = extract(self.page, self.dialect, self._scan(number, part))
            records.append(self._record(found.records[0], part, alone=len(parts) == 1))
            marks += found.marks
            stray += found.stray
            findings += found.findings
        return Extraction(
            records=tuple(records),
            marks=(*self.marks, *self.sentences.marks, *read.marks, *marks),
            stray=(*self.stray, *self.sentences.stray, *read.stray, *stray),
            findings=(*self.findings, *self.sentences.findings, *read.findings, *findings),
            gathered=tuple((block, each.label.text) for each in self.gathered for block, _ in each.blocks),
            chapters=tuple(self.chapters),
            uncertain=uncertain,
        )

    # -- walking over the page -------------------------------------------------------------------

    def _is_heading(self, block: Block) -> bool:
        if self.marked_headings:
            return block.kind is BlockKind.HEADING
        text = self._of(block)
        return (
            block.kind is BlockKind.TEXT
            and block.gap
            and len(text) <= _LONGEST_HEADING
            and not text.endswith(_NO_HEADING)
            and text[:1].isalnum()
            and not text[:1].islower()
        )

    def _heading(self, block: Block) -> None:
        """Start a chapter; a deeper heading that names no topic of its own stays within the chapter."""
        text = self._of(block)
        level = block.level if block.kind is BlockKind.HEADING else _LINE_LEVEL
        if self.sentences.read(block, None):
            self._start_chapter(block, level, None)
            return
        for chapter in self.guide.chapters:
            if len(text) <= _LONGEST_HEADING and chapter.heading.fullmatch(text):
                self._start_chapter(block, level, chapter.field)
                self._mark(block, Fate.LABEL, f"heading: {chapter.field.value}")
                return
        if self.field is not None and level > self.level:
            if self.entry is None:
                self._mark(block, Fate.LABEL, "heading")
            else:
                self._text(block)
            return
        self._start_chapter(block, level, None)
        self._mark(block, Fate.LABEL, "heading")

    def _start_chapter(self, block: Block, level: int, about: Field | None) -> None:
        self._end_chapter(block.start)
        self.field, self.level, self.heading, self.start = about, level, self._of(block), block.start
        self.entry = None
        if about is not None and about not in (Field.PROPERTIES, Field.FILTERS, Field.VALUE_SETS):
            label = _chapter_label(self.heading, about, self.dialect)
            self.entry = _Gathered(label=label, field=about, start=block.start, end=block.end)
            self.gathered.append(self.entry)

    def _end_chapter(self, end: int) -> None:
        if self.heading is not None:
            self.chapters.append((self.start, end, self.heading))

    def _text(self, block: Block) -> None:
        """Take a line: text of a chapter that is text, else what its sentences state."""
        if self.entry is not None:
            self.entry.blocks.append((block, None))
            self.sentences.read(block, self.field)
            return
        if self._is_blank(block) or self._is_pointer(block):
            return
        stated = self.sentences.read(block, self.field)
        if stated and self.field is Field.VALUE_SETS:
            label = _chapter_label(self.heading or "", Field.VALUE_SETS, self.dialect)
            gathered = _Gathered(label=label, field=Field.VALUE_SETS, start=block.start, end=block.start)
            gathered.blocks.append((block, None))
            self.gathered.append(gathered)
        elif not stated or self.field is not None or self.heading is not None:
            self._leave(block)

    def _leave(self, block: Block) -> None:
        where = f"in the chapter {self.heading!r}" if self.heading else "before the first chapter"
        self.stray.append((block, f"stands {where}"))

    def _table(self, table: Table) -> None:
        rows = [row for row in table.rows if any(cell.blocks for cell in row.cells)]
        labelled = sum(self._row_label(row.cells[0]) is not None for row in rows)
        known = sum(not label.is_section for label in self.dialect.labels)
        if labelled >= min(_FEWEST_ROWS, known) > 0 and labelled * 2 >= len(rows):
            self._summary(rows)
        elif self.declarations.filters(table):
            return
        elif not (self.field is Field.PROPERTIES and self.declarations.properties(table)):
            for row in rows:
                for cell in row.cells:
                    for block in cell.blocks:
                        if not self._is_blank(block):
                            self._leave(block)

    def _row_label(self, cell: Cell) -> Label | None:
        if not cell.blocks or cell.blocks[-1].end - cell.blocks[0].start > _LONGEST_HEADING:
            return None
        label = self.rows.get(fold(self.page.text[cell.blocks[0].start : cell.blocks[-1].end]))
        return label if label is not None and label.field is not None else None

    def _summary(self, rows: Sequence[Row]) -> None:
        """Read the table with a row for each of the page's questions; several columns are several systems."""
        columns = max(len(row.cells) for row in rows if self._row_label(row.cells[0]) is not None) - 1
        for row in rows:
            label = self._row_label(row.cells[0])
            if label is None or label.field is None:
                self._unlabelled(row, columns)
                continue
            first, last = row.cells[0].blocks[0], row.cells[0].blocks[-1]
            for block in row.cells[0].blocks:
                self._mark(block, Fate.LABEL, label.text)
            entry = _Gathered(label=label, field=label.field, start=first.start, end=last.end)
            for number, cell in enumerate(row.cells[1:]):
                column = number if columns > 1 and len(row.cells) - 1 == columns else None
                for block in cell.blocks:
                    self._summary_line(entry, block, column)
            self.gathered.append(entry)

    def _unlabelled(self, row: Row, columns: int) -> None:
        """Take the head of a summary with a column for each system; leave any other row over."""
        names = [cell for cell in row.cells[1:] if len(cell.blocks) == 1]
        if columns > 1 and len(names) == columns and not self.facts.parts and not row.cells[0].blocks:
            for cell in names:
                name = stated_at(self.page, cell.blocks[0].start, cell.blocks[0].end)
                self.facts.parts.append(Part(name=None, title=name))
            return
        for cell in row.cells:
            for block in cell.blocks:
                self.stray.append((block, "stands in a row without a known label"))

    def _summary_line(self, entry: _Gathered, block: Block, column: int | None) -> None:
        if entry.field is Field.FILTERS:
            if not self._is_blank(block) and not self._is_pointer(block):
                self.stray.append((block, f"stands after {entry.label.text!r}; no element takes it"))
            return
        if entry.field is Field.SYSTEM and self._is_blank(block):
            return
        stated = self.sentences.read(block, entry.field, column)
        if not (entry.field is Field.SYSTEM and stated):
            entry.blocks.append((block, column))

    # -- what becomes of it ----------------------------------------------------------------------

    def _scan(self, number: int, part: Part | None) -> Scan:
        """Return the text that is about one system, or about all of them."""
        entries = []
        others = {name for name, other in self.facts.parts_by_name.items() if other is not part}
        for each in self.gathered:
            about = Field.OTHER if each.field is Field.SYSTEM else each.field
            entry = Entry(label=each.label, field=about, start=each.start, end=each.end)
            for block, column in each.blocks:
                if column is not None and column != number:
                    continue
                before, colon, _ = self._of(block).partition(":")
                if not (colon and fold(before) in others):
                    entry.blocks.append(block)
            entries.append(entry)
        return Scan(entries=entries)

    def _record(self, record: TerminologyRecord, part: Part | None, *, alone: bool) -> TerminologyRecord:
        name = _merged(self.facts.names)
        identifiers, findings = endorse(
            [each for each, own in self.facts.identifiers if alone or own in (None, part)]
        )
        self.findings += findings
        read = self.declarations.read
        short_name, title = name, _merged(self.facts.titles)
        if part is not None and part.title is not None:
            short_name = _joined(name, part.name) if part.name is not None else part.title
            title = _joined(name, part.title) if part.name is not None else part.title
        case = self._constant("case_sensitive", part)
        compositional = self._constant("compositional", part)
        return replace(
            record,
            title=title,
            short_name=short_name,
            identifiers=identifiers,
            organizations=_distinct([each for each, own in self.facts.organizations if own in (None, part)]),
            description=tuple(_without_repetition(record.description)),
            copyright=tuple(_without_repetition(record.copyright)),
            case_sensitive=None if case is None else _as_bool(case),
            compositional=None if compositional is None else _as_bool(compositional),
            hierarchy_meaning=self._constant("hierarchy_meaning", part),
            implicit_value_set=_merged(self.facts.value_sets) if alone else None,
            properties=tuple(read.properties) if alone else (),
            filters=tuple(read.filters) if alone else (),
        )

    def _constant(self, name: str, part: Part | None) -> Stated[str] | None:
        stated = [each for each, own in self.facts.constants.get(name, ()) if own in (None, part)]
        other = next((each for each in stated if each.value != stated[0].value), None)
        if other is not None:
            self.findings.append(
                catalogue.CONTRADICTION.found(
                    place=other.spans[0].place, what=name, first=stated[0].value, second=other.value
                )
            )
            return None
        return _merged(stated)

    def _declarations_of_which(self, count: int) -> None:
        read = self.declarations.read
        declared = [each.code for each in read.properties] + [each.code for each in read.filters]
        codes = ", ".join(each.value for each in declared)
        self.findings.append(
            catalogue.DECLARATIONS_OF_WHICH.found(place=declared[0].spans[0].place, count=count, what=codes)
        )

    def _leave_declarations(self) -> None:
        read = self.declarations.read
        properties = [(each.code, each.type, each.uri, each.description) for each in read.properties]
        filters = [(each.code, *each.operators, each.value, each.description) for each in read.filters]
        for stated in (part for parts in (*properties, *filters) for part in parts):
            if stated is not None:
                self.sentences.leave_words(stated, "it is not certain which system it is declared of")

    # -- shared ----------------------------------------------------------------------------------

    def _is_blank(self, block: Block) -> bool:
        text = self._of(block)
        found = blank(self.dialect, text)
        if found is None:
            return False
        self._mark(block, Fate.BLANK, found.reason)
        self.findings += told(found, self.page, block.start, label=self.heading or "the page", text=text)
        return True

    def _is_pointer(self, block: Block) -> bool:
        text = self._of(block)
        if len(text) > LONGEST_SENTENCE or not any(each.fullmatch(text) for each in self.guide.pointers):
            return False
        self._mark(block, Fate.LABEL, "points to another place of the page")
        return True

    def _of(self, block: Block) -> str:
        return self.page.text[block.start : block.end]

    def _mark(self, block: Block, fate: Fate, note: str) -> None:
        self.marks.append(Mark.of(block, fate, note))


def _chapter_label(heading: str, about: Field, dialect: Dialect) -> Label:
    """Return a label for a chapter, as rows have one."""
    order = len(dialect.labels)
    return make_label(text=heading, section=-1, order=order, is_section=False, field=about)


def _merged(stated: Sequence[Stated[str]]) -> Stated[str] | None:
    """Return the first of several statements with the words of those that say the same."""
    if not stated:
        return None
    same = [each for each in stated if each.value == stated[0].value]
    return replace(stated[0], spans=tuple(span for each in same for span in each.spans))


def _joined(name: Stated[str] | None, part: Stated[str]) -> Stated[str]:
    """Return the name of a part with the name of the whole before it."""
    if name is None or fold(part.value).startswith(fold(name.value)):
        return part
    return Stated(
        value=f"{name.value} {part.value}",
        spans=(*name.spans, *part.spans),
        reason="the name of the page and of the part",
    )


def _as_bool(stated: Stated[str]) -> Stated[bool]:
    return Stated(value=stated.value == "true", spans=stated.spans, reason=stated.reason)


def _without_repetition(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Yield paragraphs without those that another one of their topic says too, as chapters repeat rows."""
    if len(paragraphs) > _MOST_COMPARED:
        yield from paragraphs
        return
    folded = [fold(paragraph.text.value) for paragraph in paragraphs]
    within: dict[int, int] = {}
    for number, paragraph in enumerate(paragraphs):
        for other, each in enumerate(paragraphs):
            same = each.topic == paragraph.topic and other != number and other not in within
            if same and folded[number] in folded[other]:
                within[number] = other
                break
    for number, paragraph in enumerate(paragraphs):
        if number not in within:
            repeated = [paragraphs[each].text for each, other in within.items() if other == number]
            spans = (*paragraph.text.spans, *(span for text in repeated for span in text.spans))
            yield replace(paragraph, text=replace(paragraph.text, spans=spans))


def _distinct(organizations: Sequence[Organization]) -> tuple[Organization, ...]:
    """Return organisations, each named once; of several roles all are kept."""
    same: dict[str, list[Organization]] = {}
    for each in organizations:
        same.setdefault(fold(each.name.value) or each.name.value, []).append(each)
    merged = []
    for first, *others in same.values():
        spans = tuple(span for each in (first, *others) for span in each.name.spans)
        roles = {role.value: role for each in (first, *others) for role in reversed(each.roles)}
        merged.append(replace(first, name=replace(first.name, spans=spans), roles=tuple(roles.values())))
    return tuple(merged)
