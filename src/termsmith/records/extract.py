"""From a page and its dialect to the facts that it states, each with its words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.dialects.labels import fold
from termsmith.dialects.table import IDENTIFIER_FIELDS, ONCE_FIELDS, PROPERTY_FIELDS, Field
from termsmith.model.record import (
    IdentifierType,
    Origin,
    Paragraph,
    Role,
    Span,
    Stated,
    TerminologyRecord,
)
from termsmith.model.result import Fate
from termsmith.records.blanks import blank, told
from termsmith.records.contacts import ContactReader
from termsmith.records.endorsement import endorse
from termsmith.records.identifiers import IdentifierReader
from termsmith.records.marks import Mark
from termsmith.records.prose import goes_on, is_absolute, one_line, to_markdown
from termsmith.records.record_link import fits, record_id_of
from termsmith.records.rows import RowReader
from termsmith.records.scan import Entry, Scan, scan
from termsmith.records.single_values import SingleValueReader
from termsmith.records.syntax import URI
from termsmith.records.systems import Restarts, SystemFacts, split
from termsmith.records.words import blocks_of, stated_at, stated_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from termsmith.dialects.table import Dialect
    from termsmith.model.finding import Finding
    from termsmith.model.page import Block, Page
    from termsmith.model.place import Place

_FAMILY = re.compile(r"\bsee (?:the )?sub-?pages?\b", re.IGNORECASE)
_LOST_LINK = re.compile(r"(?:\($|\bsee here\b\.?$|\b(?:available|found) at(?: and\b|\.?$))", re.IGNORECASE)
_TITLE_FIELDS = (Field.TITLE, Field.SHORT_NAME)
_DESCRIPTION_TOPICS = (
    Field.DESCRIPTION,
    Field.SOURCE,
    Field.LINKS,
    Field.CODES,
    Field.DISPLAYS,
    Field.CASE_RULE,
    Field.INACTIVE,
    Field.SUBSUMPTION,
    Field.VERSIONS,
    Field.CHANGE_REQUESTS,
    Field.VALUE_SETS,
    Field.OTHER,
)
"""In the order in which they make up a description."""
_COPYRIGHT_TOPICS = (Field.COPYRIGHT, Field.AGREEMENT)
_TELECOMS = (Field.WEBSITE, Field.EMAIL, Field.PHONE, Field.FAX)
_WITHOUT_READER = (Field.LEFT_OVER, Field.SYSTEM, Field.PROPERTIES, Field.FILTERS)
"""What is read from chapters and sentences, or not at all."""
_PROSE = (*_DESCRIPTION_TOPICS, *_COPYRIGHT_TOPICS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What a page states, and what became of the words that state nothing."""

    records: tuple[TerminologyRecord, ...]
    """One for each terminology in page order; one also when the page states nothing."""
    marks: tuple[Mark, ...]
    """Labels, furniture and blanks."""
    stray: tuple[tuple[Block, str], ...]
    """Text that states nothing known, with the reason."""
    findings: tuple[Finding, ...]
    gathered: tuple[tuple[Block, str], ...]
    """All text behind labels, with the label."""
    family: Stated[str] | None = None
    """The words by which the page only points to others; absent for pages of terminologies."""
    uncertain: str | None = None
    """What can't be assigned to one of several terminologies; absent when all is certain."""
    uncertain_at: Place | None = None
    """Where the page shows it, when it does so at one place."""
    titles: tuple[Stated[str], ...] = ()
    """All formal names, also those of which it is not certain what they name."""
    short_names: tuple[Stated[str], ...] = ()
    """Likewise."""
    unread: tuple[Stated[str], ...] = ()
    """Text among identifiers that could not be read as one."""
    rows: tuple[Place, ...] = ()
    """Where the row of each record stands, on pages that list terminologies; empty for others."""
    chapters: tuple[tuple[int, int, str], ...] = ()
    """Start, end and heading of the parts of a page in whose leftovers one finding is enough."""


def extract(page: Page, dialect: Dialect, found: Scan | None = None) -> Extraction:
    """Return what a page of a dialect states. Nothing is raised: what can't be read is stray.

    Args:
        page: The page.
        dialect: The dialect that it is in.
        found: What labels gather, where it was found in another way than by walking over the whole page.
    """
    return _Extractor(page, dialect, scan(page, dialect) if found is None else found).extraction()


class _Extractor:
    """Reads the entries of one page, field by field."""

    def __init__(self, page: Page, dialect: Dialect, found: Scan) -> None:
        self.page, self.dialect = page, dialect
        self.scan = found
        self.marks = list(self.scan.marks)
        self.findings = list(self.scan.findings)
        self.stray: list[tuple[Block, str]] = []
        self.contacts = ContactReader(page, dialect)
        self.identifiers = IdentifierReader(page, dialect)
        self.names: dict[Field, list[Stated[str]]] = {field: [] for field in _TITLE_FIELDS}
        self.names_again: dict[Field, list[Stated[str]]] = {field: [] for field in _TITLE_FIELDS}
        self.restarts = Restarts()
        self.single = SingleValueReader(page, dialect)
        self.prose: dict[Field, list[Paragraph]] = {field: [] for field in _PROSE}
        self.usage: Stated[str] | None = None
        self.record_id: Stated[str] | None = None
        self.naming_system_url: Stated[str] | None = None
        self.family: Stated[str] | None = None
        # What finds blanks by itself, line by line, and what gets its blocks without them.
        self._raw_readers: dict[Field, Callable[[Entry], None]] = {
            Field.RECORD_LINK: self._record_link,
            Field.IDENTIFIERS: self._identifiers,
            Field.ENDORSED_URI: self._uris,
            Field.OTHER_URIS: self._uris,
            Field.ENDORSED_OID: self._oids,
            Field.OTHER_OIDS: self._oids,
            Field.ALTERNATE_IDENTIFIERS: self._alternate,
        }
        self.rows = RowReader(page)
        self._readers: dict[Field, Callable[[Entry, Sequence[Block]], None]] = {
            Field.STATUS_AND_DATE: self.single.status_and_date,
            **dict.fromkeys((*IDENTIFIER_FIELDS, *PROPERTY_FIELDS), self.rows.take),
            Field.ORGANIZATION: self._organization,
            Field.ORGANIZATION_NAME: self._organization_name,
            Field.ROLES: self._roles,
            Field.ADDRESS: self._address,
            Field.USAGE: self._usage,
            Field.IGNORED: self._ignored,
            **dict.fromkeys(_WITHOUT_READER, self._left_over),
            **dict.fromkeys(_TITLE_FIELDS, self._names),
            **dict.fromkeys(_TELECOMS, self._telecom),
            **dict.fromkeys(_PROSE, self._prose),
            **dict.fromkeys(ONCE_FIELDS, self.single.take),
        }

    def extraction(self) -> Extraction:
        for block, why in self.scan.stray:
            if not self._is_blank(block, "a row"):
                self.stray.append((block, why))
        self._report_missing()
        for entry in self.scan.entries:
            self._read(entry)
        self.rows.identifiers(self.identifiers)
        properties = tuple(self.rows.properties())
        organizations = self.contacts.organizations()
        found = split(
            self.names[Field.TITLE], self.names[Field.SHORT_NAME], self.identifiers.reading.identifiers
        )
        restart = self.restarts.what()
        if restart is not None:
            found = replace(found, uncertain=restart)
        self._find_titles_again(found.systems)
        for name in found.unused:
            why = "a further name; it is not certain what it names"
            self.stray += [(block, why) for block in blocks_of(self.page, name)]
        records = []
        for system in found.systems:
            identifiers, findings = endorse(system.identifiers)
            if found.uncertain is None:
                self.findings += findings
            record = TerminologyRecord(
                naming_system_url=self.naming_system_url,
                kind=self._kind(),
                title=system.title,
                short_name=system.short_name,
                identifiers=identifiers,
                organizations=organizations,
                description=tuple(p for topic in _DESCRIPTION_TOPICS for p in self.prose[topic]),
                copyright=tuple(p for topic in _COPYRIGHT_TOPICS for p in self.prose[topic]),
                usage=self.usage,
                version=self.single.get(Field.VERSION),
                date=self.single.get(Field.DATE),
                status=self.single.get(Field.STATUS),
                case_sensitive=self.single.boolean(Field.CASE_SENSITIVE),
                name=self.single.get(Field.NAME),
                experimental=self.single.boolean(Field.EXPERIMENTAL),
                content=self.single.get(Field.CONTENT),
                hierarchy_meaning=self.single.get(Field.HIERARCHY_MEANING),
                value_set=self.single.get(Field.VALUE_SET),
                supplements=self.single.get(Field.SUPPLEMENTS),
                properties=properties,
                unread=self.single.unread,
            )
            records.append(replace(record, record_id=self._checked_record_id(record)))
        self._check_owner(records)
        reading = self.identifiers.reading
        return Extraction(
            records=tuple(records),
            marks=(*self.marks, *self.single.marks, *self.rows.marks, *self.contacts.marks, *reading.marks),
            stray=(*self.stray, *self.single.stray, *self.rows.stray, *self.contacts.stray, *reading.stray),
            findings=(*self.findings, *self.single.findings, *self.contacts.findings, *reading.findings),
            gathered=tuple(
                (block, entry.label.text) for entry in self.scan.entries for block in entry.blocks
            ),
            family=self.family,
            uncertain=found.uncertain,
            unread=tuple(stated_at(self.page, block.start, block.end) for block, _ in reading.stray),
            titles=(*self.names[Field.TITLE], *self.names_again[Field.TITLE]),
            short_names=(*self.names[Field.SHORT_NAME], *self.names_again[Field.SHORT_NAME]),
            uncertain_at=self.restarts.place() if restart is not None else None,
        )

    # -- one entry -------------------------------------------------------------------------------

    def _read(self, entry: Entry) -> None:
        readers = self._raw_readers
        if entry.field in readers:
            readers[entry.field](entry)
        else:
            self._readers[entry.field](entry, self._without_blanks(entry))

    def _identifiers(self, entry: Entry) -> None:
        known = len(self.identifiers.reading.identifiers)
        self.identifiers.mixed(entry.blocks)
        self.identifiers.links(entry.blocks)
        self.restarts.identifiers(entry.label.text, self.identifiers.reading.identifiers[known:])

    def _uris(self, entry: Entry) -> None:
        self._one_type(entry, IdentifierType.URI)

    def _oids(self, entry: Entry) -> None:
        self._one_type(entry, IdentifierType.OID)

    def _alternate(self, entry: Entry) -> None:
        self.identifiers.alternate(entry.blocks)

    def _organization(self, entry: Entry, blocks: Sequence[Block]) -> None:
        self.contacts.cell(self._without_lost_title(blocks), entry.label.role)

    def _organization_name(self, entry: Entry, blocks: Sequence[Block]) -> None:
        self.contacts.name(blocks, entry.label.role)

    def _roles(self, _entry: Entry, blocks: Sequence[Block]) -> None:
        self.contacts.roles(blocks)

    def _telecom(self, entry: Entry, blocks: Sequence[Block]) -> None:
        self.contacts.telecom(blocks, entry.field, entry.label.text)

    def _address(self, _entry: Entry, blocks: Sequence[Block]) -> None:
        self.contacts.address(blocks)

    def _ignored(self, entry: Entry, blocks: Sequence[Block]) -> None:
        for block in blocks:
            self._mark(block, Fate.FURNITURE, f"{entry.label.text}: {entry.label.why}")

    def _left_over(self, entry: Entry, blocks: Sequence[Block]) -> None:
        why = f"stands after {entry.label.text!r}; no element takes it"
        self.stray += [(block, why) for block in blocks]

    def _names(self, entry: Entry, blocks: Sequence[Block]) -> None:
        known = self.names[entry.field]
        if entry.field is Field.TITLE and blocks:
            self.restarts.title(stated_in(self.page, blocks))
        if known and blocks:
            again = stated_in(self.page, blocks)
            if len(known) == 1 and again.value == known[0].value:
                known[0] = replace(known[0], spans=known[0].spans + again.spans)
            else:
                self.single.repeated(entry, blocks)
                self.names_again[entry.field].append(again)
            return
        for name in self._lines_of_names(blocks):
            stated = stated_in(self.page, name)
            if entry.field is Field.TITLE and _FAMILY.search(stated.value):
                self.family = stated
                for block in name:
                    self.stray.append((block, "points to other pages"))
            else:
                known.append(stated)

    def _lines_of_names(self, blocks: Sequence[Block]) -> list[list[Block]]:
        """Group blocks into names: one a line, unless a line plainly goes on with the name before it."""
        names: list[list[Block]] = []
        for block in blocks:
            text = self.page.text[block.start : block.end]
            before = one_line(self.page, names[-1]) if names else ""
            if before and not block.gap and goes_on(before, text):
                names[-1].append(block)
            else:
                names.append([block])
        return names

    def _one_type(self, entry: Entry, kind: IdentifierType) -> None:
        endorsed = entry.field in (Field.ENDORSED_URI, Field.ENDORSED_OID)
        known = len(self.identifiers.reading.identifiers)
        self.identifiers.single_type(entry.blocks, kind, entry.label.text, canonical=endorsed)
        self.identifiers.links(entry.blocks)
        read = self.identifiers.reading.identifiers
        if endorsed:
            self.restarts.identifiers(entry.label.text, read[known:])
        else:
            read[known:] = [replace(each, other=True) for each in read[known:]]

    def _prose(self, entry: Entry, blocks: Sequence[Block]) -> None:
        if not blocks:
            return
        text = to_markdown(self.page, blocks)
        self._report_lost_links(blocks)
        self._report_relative_links(blocks)
        stated = replace(stated_in(self.page, blocks), value=text)
        for index, known in enumerate(self.prose[entry.field]):
            # Where labels come again, so do their texts; elsewhere two labels may well say the same.
            if self.dialect.any_order and known.text.value == text:
                merged = replace(known.text, spans=known.text.spans + stated.spans)
                self.prose[entry.field][index] = replace(known, text=merged)
                return
        self.prose[entry.field].append(Paragraph(topic=entry.field.value, text=stated))

    def _usage(self, _entry: Entry, blocks: Sequence[Block]) -> None:
        if blocks:
            stated = stated_in(self.page, blocks)
            text = stated.value.rstrip(", ")
            self.usage = replace(stated, value=text) if text else None

    def _kind(self) -> Stated[str] | None:
        stated = self.single.get(Field.KIND)
        if stated is not None or self.dialect.kind == "codesystem":
            return stated
        return Stated(
            value=self.dialect.kind,
            origin=Origin.CONFIGURATION,
            reason=f"what pages of dialect {self.dialect.id} describe",
        )

    def _record_link(self, entry: Entry) -> None:
        starts = [entry.start, *(block.start for block in entry.blocks)]
        for link in self.page.links_in(min(starts), max(entry.end, *starts, entry.start + 1) + 1):
            if (
                any(start <= link.start < max(entry.end, start + 1) for start in starts)
                or link.start == entry.start
            ):
                record_id = record_id_of(link.url)
                if record_id is not None:
                    span = Span(place=self.page.place(link.start), raw=link.url)
                    self.record_id = Stated(value=record_id, spans=(span,))
                    break
        for block in entry.blocks:
            if self._is_blank(block, entry.label.text):
                continue
            self._mark(block, Fate.LABEL, "name of a link")
            text = self.page.text[block.start : block.end]
            record_id = record_id_of(text) if URI.fullmatch(text) else None
            if record_id is not None:
                self._own_url(stated_at(self.page, block.start, block.end), record_id)

    def _find_titles_again(self, systems: Sequence[SystemFacts]) -> None:
        """Take lines without a label that say no more than the title for what they are."""
        titles = {system.title.value for system in systems if system.title is not None}
        for block, _ in self.scan.stray:
            if self.page.text[block.start : block.end] in titles:
                self._mark(block, Fate.LABEL, "the title, again")

    def _own_url(self, url: Stated[str], record_id: str) -> None:
        """Take the URL of the NamingSystem that the page shows, which ends with its id."""
        if self.naming_system_url is None:
            self.naming_system_url = url
            self.record_id = self.record_id or replace(url, value=record_id)
        elif self.naming_system_url.value == url.value:
            spans = self.naming_system_url.spans + url.spans
            self.naming_system_url = replace(self.naming_system_url, spans=spans)

    # -- checks over the page --------------------------------------------------------------------

    def _report_missing(self) -> None:
        seen = {entry.label for entry in self.scan.entries}
        for label in self.dialect.labels:
            if label.required and label not in seen and label.field is not None:
                self.findings.append(catalogue.LABEL_MISSING.found(label=label.text, field=label.field.value))

    def _without_lost_title(self, blocks: Sequence[Block]) -> Sequence[Block]:
        """Keep a last paragraph out of the owner where the label of the formal name behind it is lost."""
        title_printed = any(entry.field is Field.TITLE for entry in self.scan.entries)
        if title_printed or len(blocks) < 2 or not blocks[-1].gap:  # noqa: PLR2004  owner and one more
            return blocks
        self.stray.append((blocks[-1], "may be the formal name, whose label is missing"))
        return blocks[:-1]

    def _checked_record_id(self, record: TerminologyRecord) -> Stated[str] | None:
        stated = self.single.get(Field.RECORD_ID)
        if stated is not None or self.record_id is None:
            return stated
        if fits(self.record_id.value, record, self.page.source):
            return self.record_id
        self.findings.append(
            catalogue.RECORD_LINK_DOUBTFUL.found(
                place=self.record_id.spans[0].place, linked=self.record_id.value
            )
        )
        return None

    def _check_owner(self, records: Sequence[TerminologyRecord]) -> None:
        titles = {fold(record.title.value) for record in records if record.title is not None}
        for organization in records[0].organizations:
            owns = any(role.value is Role.OWNER for role in organization.roles)
            if owns and fold(organization.name.value) in titles:
                self.findings.append(
                    catalogue.OWNER_IS_SYSTEM.found(
                        place=organization.name.spans[0].place, text=organization.name.value
                    )
                )

    def _report_lost_links(self, blocks: Sequence[Block]) -> None:
        if self.page.links:
            return
        for block in blocks:
            text = self.page.text[block.start : block.end]
            if _LOST_LINK.search(text):
                self.findings.append(
                    catalogue.LINK_TEXT_LOST.found(
                        place=self.page.place(block.end - 1), text=text[-40:].lstrip()
                    )
                )

    def _report_relative_links(self, blocks: Sequence[Block]) -> None:
        """Report links that Markdown can't keep, but not those to another place of the page."""
        for block in blocks:
            for link in self.page.links_in(block.start, block.end):
                url = link.url.strip()
                if url and not url.startswith("#") and not is_absolute(url):
                    text = self.page.text[link.start : link.end]
                    self.findings.append(
                        catalogue.LINK_WITHOUT_ADDRESS.found(
                            place=self.page.place(link.start), text=text, url=url
                        )
                    )

    # -- shared ----------------------------------------------------------------------------------

    def _without_blanks(self, entry: Entry) -> list[Block]:
        """Return an entry's blocks less those that say that there is no value.

        In prose a word such as ``None`` is blank only when the entry says nothing else.
        """
        texts = (self.page.text[block.start : block.end] for block in entry.blocks)
        if entry.field in _PROSE and any(blank(self.dialect, text) is None for text in texts):
            return entry.blocks
        return [block for block in entry.blocks if not self._is_blank(block, entry.label.text)]

    def _is_blank(self, block: Block, label: str) -> bool:
        text = self.page.text[block.start : block.end]
        found = blank(self.dialect, text)
        if found is None:
            return False
        self._mark(block, Fate.BLANK, found.reason)
        self.findings += told(found, self.page, block.start, label=label, text=text)
        return True

    def _mark(self, block: Block, fate: Fate, note: str) -> None:
        self.marks.append(Mark.of(block, fate, note))
