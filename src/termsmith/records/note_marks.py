"""Raised numbers behind names and identifiers, which may be the marks of notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.catalogue import NOTE_MARK
from termsmith.model.record import Origin
from termsmith.pages.raised import note_mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from termsmith.model.finding import Finding
    from termsmith.model.record import TerminologyRecord


def note_marks(record: TerminologyRecord) -> Iterator[Finding]:
    """Yield a finding for each name, version, identifier and property code of a page that ends in one."""
    stated = (
        record.title,
        record.short_name,
        record.name,
        record.version,
        *(identifier.value for identifier in record.identifiers),
        *(each.code for each in record.properties),
    )
    for each in stated:
        if each is not None and each.origin is Origin.PAGE and (mark := note_mark(each.value)):
            place = each.spans[0].place if each.spans else None
            yield NOTE_MARK.found(place=place, text=each.value, mark=mark)
