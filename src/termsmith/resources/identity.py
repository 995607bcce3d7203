"""Under which name and id a terminology is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from termsmith.catalogue import ID_CHANGED, NAME_CHANGED
from termsmith.model.record import IdentifierType
from termsmith.model.shortened import shortened
from termsmith.resources.evidence import Leaf, because, default, derived, together
from termsmith.resources.names import digest, make_id, make_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from termsmith.model.finding import Finding
    from termsmith.model.record import Stated, TerminologyRecord

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Name and id of the resources of one terminology."""

    name: Leaf | None
    """Absent when the record says nothing that a name could be made of."""
    id: Leaf
    unused_short_name: Stated[str] | None
    """The short name when the name is another one; it has no element of its own."""


def identify(record: TerminologyRecord, stem: str, findings: list[Finding]) -> Identity:
    """Choose name and id: as stated, else made of the best that is stated.

    The name comes from the stated name, the short name, the id, the title, an identifier, in this order; what
    is not written in Latin letters is passed over. The id comes from the stated id, else from the name.

    Args:
        record: Facts of the terminology.
        stem: File stem of the source, for the id of a record that states nothing.
        findings: Takes a finding for each statement that had to be changed.
    """
    short = record.short_name
    short_made = make_name(short.value.strip()) if short else None
    name = _name(record, short_made)
    printed = record.name or record.short_name
    if name and printed and printed.value.strip() != name.value:
        findings.append(
            NAME_CHANGED.found(
                place=printed.spans[0].place if printed.spans else None,
                element="NamingSystem.name",
                printed=printed.value,
                name=name.value,
            )
        )
    short_used = name is not None and short_made == name.value
    return Identity(
        name=name,
        id=_id(record, name, stem, findings),
        unused_short_name=None if short_used else short,
    )


def _name(record: TerminologyRecord, short_made: str | None) -> Leaf | None:
    short = record.short_name
    for source, text, what in _name_sources(record):
        made = short_made if source is short else make_name(text)
        if made is None:
            continue
        bases = [source]
        if record.name and source is not record.name:
            # Nothing could be made of it, but it was stated for this element.
            bases.append(record.name)
        if short and source is not short and short_made == made:
            bases.append(short)
        reason = f"as the {what}" if made == text else f"made of the {what} {_quoted(text)}"
        return together(made, bases, None if source is record.name and made == text else reason)
    others = [s for s in (record.title, record.short_name, record.name, record.record_id) if s]
    if not others:
        return None
    made = f"CS_{digest(others[0].value)}"
    return together(made, others, "a digest, as nothing stated is written in Latin letters or digits")


def _name_sources(record: TerminologyRecord) -> Iterator[tuple[Stated[str], str, str]]:
    """Yield what a name could be made of, best first: the statement, its words, what it is."""
    named = False
    for source, what in (
        (record.name, "name"),
        (record.short_name, "short name"),
        (record.record_id, "id"),
        (record.title, "title"),
    ):
        if source:
            named = True
            yield source, source.value.strip(), what
    if named:
        for identifier in record.identifiers:
            value = identifier.value.value.strip()
            if identifier.type is IdentifierType.OID:
                yield identifier.value, f"OID {value}", "identifier"
            else:
                yield identifier.value, _SCHEME.sub("", value, count=1), "identifier"


def _id(record: TerminologyRecord, name: Leaf | None, stem: str, findings: list[Finding]) -> Leaf:
    stated = record.record_id
    if stated is None:
        return _id_without_statement(name, stem)
    text = stated.value.strip()
    made = make_id(text)
    if made == text:
        return derived(made, stated, stated.reason)
    if made:
        leaf = derived(made, stated, because(f"made of the id {_quoted(text)}", stated.reason))
    else:
        other = _id_without_statement(name, stem)
        leaf = together(str(other.value), (other, stated))
    findings.append(
        ID_CHANGED.found(
            place=stated.spans[0].place if stated.spans else None,
            element="NamingSystem.id",
            printed=text,
            id=leaf.value,
        )
    )
    return leaf


def _id_without_statement(name: Leaf | None, stem: str) -> Leaf:
    if name:
        made = make_id(str(name.value).replace("_", "-"))
        if made:
            return derived(made, name, "made of the name")
    made = make_id(stem)
    if made:
        return default(made, "made of the file's name, as nothing else is stated")
    return default(f"page-{digest(stem)}", "made of a digest of the file's name, as nothing else is stated")


def _quoted(text: str) -> str:
    return f"“{shortened(text)}”"
