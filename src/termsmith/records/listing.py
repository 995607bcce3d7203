"""Pages that list terminologies: each row of their tables becomes a record."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.dialects.labels import fold, match_prefix
from termsmith.dialects.lists import is_head
from termsmith.model.page import Table
from termsmith.model.record import IDENTIFYING, IdentifierType, Span, Stated, TerminologyRecord
from termsmith.model.result import Fate
from termsmith.records.extract import Extraction, extract
from termsmith.records.marks import Mark
from termsmith.records.record_link import RECORD_PAGE, record_id_of
from termsmith.records.scan import Entry, Scan
from termsmith.records.websites import with_website

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from termsmith.dialects.lists import ListColumn, ListTable
    from termsmith.dialects.table import Dialect, Label
    from termsmith.model.finding import Finding
    from termsmith.model.page import Block, Cell, Page, Row
    from termsmith.model.place import Place

_LONGEST_QUOTE = 60
_SEPARATORS = ":=–—"
"""What stands between the label of a line and its value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The records of a page that resources are made of."""

    records: tuple[TerminologyRecord, ...]
    places: tuple[Place, ...] = ()
    """Where the row of each stands; empty for a page that is no list."""
    findings: tuple[Finding, ...] = ()
    """What the other rows lack."""
    listed: bool = False
    """The page is a list, whose rows stand for themselves."""


def read_listing(page: Page, dialect: Dialect, lists: Sequence[ListTable]) -> Extraction:
    """Return a record for each row of the lists on a page; nothing is raised.

    A record is made of a row even where it lacks what resources need: `sound_rows` tells those apart once
    a sidecar had its say.
    """
    return _Listing(page, dialect, lists).extraction()


def sound_rows(
    records: Sequence[TerminologyRecord],
    places: Sequence[Place],
    sidecar_name: str,
    *,
    draft: bool,
) -> Rows:
    """Return the records that resources can be made of with their places, and why not of the others.

    Args:
        records: One a row, completed by the sidecar.
        places: Where each row stands.
        sidecar_name: File to be named in the hints.
        draft: All rows are written, and what they lack is a warning.
    """
    sound, where, findings = [], [], []
    for record, place in zip(records, places, strict=True):
        lacks = list(_lacking(record))
        name = record.title or record.short_name
        if lacks:
            findings.append(
                catalogue.ROW_INCOMPLETE.found(
                    place=place,
                    row=repr(_quote(name.value)) if name else "the row",
                    lacks=" and ".join(lacks),
                    sidecar=sidecar_name,
                )
            )
        if draft or not lacks:
            sound.append(record)
            where.append(place)
    return Rows(records=tuple(sound), places=tuple(where), findings=tuple(findings), listed=True)


def repeated_identifiers(records: Sequence[TerminologyRecord], places: Sequence[Place]) -> list[Finding]:
    """Return a finding for each identifier that an earlier row states, too."""
    first: dict[tuple[IdentifierType, str], Place] = {}
    findings = []
    for record, place in zip(records, places, strict=True):
        for identifier in record.identifiers:
            key = (identifier.type, identifier.value.value)
            if key in first and first[key] != place:
                own = identifier.value.spans[0].place if identifier.value.spans else place
                findings.append(
                    catalogue.ROW_REPEATS.found(place=own, value=identifier.value.value, first=first[key])
                )
            first.setdefault(key, place)
    return findings


def said_of_rows(found: Sequence[Sequence[Finding]], places: Sequence[Place]) -> Iterator[Finding]:
    """Yield findings about records with the place of their row, but what holds for all rows just once.

    Args:
        found: The findings about each record.
        places: Where the row of each stands; empty for records that have none.
    """
    if not places:
        yield from (finding for findings in found for finding in findings)
        return
    counts = Counter(finding for findings in found for finding in set(findings) if finding.place is None)
    for findings, place in zip(found, places, strict=True):
        for finding in findings:
            if finding.place is not None or counts[finding] == len(places):
                yield finding
            else:
                yield replace(finding, place=place)


def _lacking(record: TerminologyRecord) -> Iterator[str]:
    if record.title is None and record.short_name is None:
        yield "no name"
    if not any(identifier.type in IDENTIFYING for identifier in record.identifiers):
        yield "no URI and no OID"


def _quote(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


class _Listing:
    """The rows of one page while they are read."""

    def __init__(self, page: Page, dialect: Dialect, lists: Sequence[ListTable]) -> None:
        self.page, self.dialect = page, dialect
        self.lists = {found.table.number: found for found in lists}
        self.records: list[TerminologyRecord] = []
        self.rows: list[Place] = []
        self.marks: list[Mark] = []
        self.stray: list[tuple[Block, str]] = []
        self.findings: list[Finding] = []
        self.gathered: list[tuple[Block, str]] = []

    def extraction(self) -> Extraction:
        for item in self.page.items:
            if not isinstance(item, Table):
                self._outside([item])
            elif item.number in self.lists:
                self._list(self.lists[item.number])
            else:
                self._outside(_blocks(item.rows))
        if not self.records:
            # A list without rows is a page that says nothing of any system.
            first = next(iter(self.lists.values()))
            self.records.append(TerminologyRecord())
            self.rows.append(self.page.place(next(_blocks(first.table.rows)).start))
        return Extraction(
            records=tuple(self.records),
            marks=tuple(self.marks),
            stray=tuple(self.stray),
            findings=tuple(self.findings),
            gathered=tuple(self.gathered),
            rows=tuple(self.rows),
        )

    def _outside(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            if block.furniture is not None:
                self._mark(block, Fate.FURNITURE, block.furniture)
            else:
                self.stray.append((block, "stands outside the list"))

    def _list(self, found: ListTable) -> None:
        head = found.table.rows[found.head]
        self._outside(_blocks(found.table.rows[: found.head]))
        for row in found.table.rows[found.head :]:
            filled = [cell for cell in row.cells if cell.blocks]
            if row is head or is_head(self.page, row, head):
                for block in _blocks([row]):
                    self._mark(block, Fate.LABEL, "table header")
            elif len(filled) == 1 and len(row.cells) == 1:
                self.stray += [(block, "a line across the list") for block in filled[0].blocks]
            elif len(row.cells) < len(head.cells) and filled:
                self._ragged(row, len(head.cells))
            elif filled:
                self._row(row, found.columns)

    def _ragged(self, row: Row, wanted: int) -> None:
        """Refuse a row that lacks cells: a cell from above may reach into it, and shift all others."""
        blocks = list(_blocks([row]))
        self.findings.append(
            catalogue.ROW_RAGGED.found(
                place=self.page.place(blocks[0].start), cells=len(row.cells), wanted=wanted
            )
        )
        self.stray += [(block, "stands in a row that lacks cells") for block in blocks]

    def _row(self, row: Row, columns: Sequence[ListColumn | None]) -> None:
        scan = Scan()
        for number, cell in enumerate(row.cells):
            column = columns[number] if number < len(columns) else None
            if column is not None:
                self._cell(scan, cell, column)
            else:
                scan.stray += [(block, "stands in a column that is not known") for block in cell.blocks]
        found = extract(self.page, self.dialect, scan)
        if len(found.records) == 1 and found.records[0].record_id is None:
            found = self._with_record_id(found, row)
        place = self.page.place(next(_blocks([row])).start)
        for record in found.records:
            organizations = tuple(with_website(self.page, each) for each in record.organizations)
            self.records.append(replace(record, organizations=organizations))
            self.rows.append(place)
            self._reserved(record)
        if found.uncertain is not None:
            self.findings.append(catalogue.ROW_SEVERAL.found(place=place, what=found.uncertain))
        self.marks += found.marks
        self.stray += found.stray
        self.findings += found.findings
        self.gathered += found.gathered

    def _with_record_id(self, found: Extraction, row: Row) -> Extraction:
        """Take the record that a row links though nothing in its words fits, where another link names it too.

        An id such as ``CDCREC`` shares no word with a title; that the row's metadata record is
        ``ECS_MR-CDCREC.html`` shows that it is no slip.
        """
        blocks = list(_blocks([row]))
        links = self.page.links_in(blocks[0].start, blocks[-1].end)
        ids = [(link, named) for link in links if (named := record_id_of(link.url)) is not None]
        others = [link.url for link in links if record_id_of(link.url) is None]
        for link, named in ids[:1]:
            if any(PurePath(url.partition("#")[0]).stem == f"{RECORD_PAGE}{named}" for url in others):
                span = Span(place=self.page.place(link.start), raw=link.url)
                stated = Stated(value=named, spans=(span,), reason="two links of the row name it")
                doubts = (catalogue.RECORD_LINK_DOUBTFUL.code,)
                return replace(
                    found,
                    records=(replace(found.records[0], record_id=stated),),
                    findings=tuple(each for each in found.findings if each.code not in doubts),
                )
        return found

    def _cell(self, scan: Scan, cell: Cell, column: ListColumn) -> None:
        """Gather a cell's lines: behind labels of their own, the rest behind the column's header."""
        entry: Entry | None = None
        for block in cell.blocks:
            if block.furniture is not None:
                scan.marks.append(Mark.of(block, Fate.FURNITURE, block.furniture))
                continue
            labelled = self._labelled(block, column.lines)
            if labelled is not None:
                label, value = labelled
                scan.marks.append(Mark(block.start, value, Fate.LABEL, label.text))
                entry = _open(scan, label, block.start, value)
                if value < block.end:
                    entry.blocks.append(block._replace(start=value, gap=True))
                continue
            if entry is None or entry.blocks:
                own = [each for each in scan.entries if each.label is column.label]
                entry = own[0] if own else _open(scan, column.label, block.start, block.start)
            entry.blocks.append(block)

    def _labelled(self, block: Block, labels: Sequence[Label]) -> tuple[Label, int] | None:
        """Return the label that a line starts with, and the offset of the value behind it."""
        text = self.page.text[block.start : block.end]
        for label in labels:
            for folded in label.folds:
                match = match_prefix(text, folded)
                if match is None:
                    continue
                rest = text[match.end :].lstrip()
                if not rest or rest[0] in _SEPARATORS:
                    return label, block.end - len(rest[1:].lstrip() if rest else "")
        return None

    def _reserved(self, record: TerminologyRecord) -> None:
        """Report an identifier that is used though the page warns against it."""
        for each in record.identifiers:
            if each.endorsed and each.comment and fold(each.comment.value) in self.dialect.reservations:
                self.findings.append(
                    catalogue.IDENTIFIER_RESERVED.found(
                        place=each.value.spans[0].place, value=each.value.value, words=each.comment.value
                    )
                )

    def _mark(self, block: Block, fate: Fate, note: str) -> None:
        self.marks.append(Mark.of(block, fate, note))


def _open(scan: Scan, label: Label, start: int, end: int) -> Entry:
    assert label.field is not None, "every column and line of a list has one"  # noqa: S101  narrows
    entry = Entry(label=label, field=label.field, start=start, end=end)
    scan.entries.append(entry)
    return entry


def _blocks(rows: Iterable[Row]) -> Iterator[Block]:
    for row in rows:
        for cell in row.cells:
            yield from cell.blocks
