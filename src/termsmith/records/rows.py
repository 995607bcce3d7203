"""Facts that are told in several cells or lines each: identifiers, and declarations of properties."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from termsmith.dialects.labels import fold
from termsmith.dialects.table import IDENTIFIER_FIELDS, PROPERTY_FIELDS, Field
from termsmith.model.record import IdentifierType, Property, Span, Stated
from termsmith.model.result import Fate
from termsmith.records.dates import InvalidDateError, parse_date
from termsmith.records.marks import Mark
from termsmith.records.words import blocks_of, stated_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from termsmith.model.page import Block, Page
    from termsmith.records.identifiers import IdentifierReader
    from termsmith.records.scan import Entry

Details: TypeAlias = "dict[Field, Stated[str]]"
"""What is told of one identifier or property."""

_TYPES = {  # folded
    "oid": IdentifierType.OID,
    "uri": IdentifierType.URI,
    "url": IdentifierType.URI,
    "uuid": IdentifierType.UUID,
    fold("IRI stem"): IdentifierType.IRI_STEM,
    "v2csmnemonic": IdentifierType.V2_MNEMONIC,
    "other": IdentifierType.OTHER,
}
_PERIOD = re.compile(r"(?P<start>[^\s>]+)?\s*(?:-->|--|–>|→|–)\s*(?P<end>.+)?")
_OPEN = re.compile(r"\(?(?:ongoing|\?|open|present)\)?", re.IGNORECASE)
_KINDS = {
    fold(kind): kind for kind in ("code", "Coding", "string", "integer", "boolean", "dateTime", "decimal")
}


class RowReader:
    """Gathers the details of identifiers and properties, whether they stand in rows or line by line."""

    def __init__(self, page: Page) -> None:
        """Take the page that the blocks are on."""
        self._page = page
        self._identifiers: list[Details] = []
        self._properties: list[Details] = []
        self._group = {True: -1, False: -1}
        self.stray: list[tuple[Block, str]] = []
        self.marks: list[Mark] = []

    def take(self, entry: Entry, blocks: Sequence[Block]) -> None:
        """Take one detail; it begins another identifier or property where this one has it already."""
        if not blocks:
            return
        is_identifier = entry.field in IDENTIFIER_FIELDS
        rows = self._identifiers if is_identifier else self._properties
        if not rows or entry.field in rows[-1] or entry.group != self._group[is_identifier]:
            rows.append({})
        self._group[is_identifier] = entry.group
        rows[-1][entry.field] = stated_in(self._page, blocks)
        if entry.field is Field.PROPERTY_NAME:
            self.marks += (Mark.of(block, Fate.LABEL, "name of a property's column") for block in blocks)

    def identifiers(self, reader: IdentifierReader) -> None:
        """Give the identifiers to the reader of all others."""
        for row in self._identifiers:
            kind = row.get(Field.IDENTIFIER_TYPE)
            value = row.get(Field.IDENTIFIER_VALUE)
            known = None if kind is None else _TYPES.get(fold(kind.value))
            if value is None or known is None:
                self._leave(row, IDENTIFIER_FIELDS, "belongs to no identifier with a known type and a value")
                continue
            start, end = self._period(row.get(Field.IDENTIFIER_PERIOD))
            reader.row(
                known,
                value,
                kind_span=kind.spans if kind is not None else (),
                preferred=row.get(Field.IDENTIFIER_PREFERRED),
                comment=row.get(Field.IDENTIFIER_COMMENT),
                start=start,
                end=end,
            )

    def properties(self) -> Iterator[Property]:
        """Yield the declarations of properties; what is told twice counts once."""
        seen: set[str] = set()
        for row in self._properties:
            code = row.get(Field.PROPERTY_CODE)
            if code is None or code.value in seen:
                self._leave(row, PROPERTY_FIELDS, "belongs to no property of its own")
                continue
            seen.add(code.value)
            kind = row.get(Field.PROPERTY_TYPE)
            known = None if kind is None else _KINDS.get(fold(kind.value))
            yield Property(
                code=code,
                name=row.get(Field.PROPERTY_NAME),
                uri=row.get(Field.PROPERTY_URI),
                type=None if kind is None or known is None else Stated(value=known, spans=kind.spans),
                description=row.get(Field.PROPERTY_DESCRIPTION),
            )

    def _leave(self, row: Details, fields: frozenset[Field], why: str) -> None:
        for field in sorted(fields & row.keys(), key=lambda field: field.value):
            self._leave_words(row[field], why)

    def _leave_words(self, stated: Stated[str], why: str) -> None:
        self.stray += ((block, why) for block in blocks_of(self._page, stated))

    def _period(self, stated: Stated[str] | None) -> tuple[Stated[str] | None, Stated[str] | None]:
        if stated is None:
            return None, None
        found = _PERIOD.fullmatch(stated.value)
        if found is not None:
            self.marks += (
                Mark.of(block, Fate.LABEL, "period of time") for block in blocks_of(self._page, stated)
            )
        ends: list[Stated[str] | None] = []
        for name in ("start", "end"):
            text = (found[name] or "").strip() if found is not None else stated.value
            if not text or _OPEN.fullmatch(text):
                ends.append(None)
                continue
            try:
                printed = parse_date(text)
            except InvalidDateError:
                printed = None
            if printed is None or printed.end != len(text):
                self._leave_words(stated, "no period of time that can be read")
                return None, None
            ends.append(Stated(value=printed.value, spans=_part(stated, text)))
        return ends[0], ends[1]


def _part(stated: Stated[str], text: str) -> tuple[Span, ...]:
    """Return the words of a value that are a part of it."""
    first = stated.spans[0]
    at = first.raw.find(text)
    if at < 0 or first.start is None:
        return stated.spans
    return (first._replace(raw=text, start=first.start + at, end=first.start + at + len(text)),)
