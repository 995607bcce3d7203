"""Whether a record says enough for resources, and what to write in the sidecar where it does not."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.model.finding import Finding, Severity
from termsmith.model.record import IdentifierType, TerminologyRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from termsmith.model.page import Page
    from termsmith.model.place import Place
    from termsmith.model.record import Stated
    from termsmith.records.extract import Extraction

_RETIRED = re.compile(
    r"(?:^|[\s-])-- ?OLD\b"
    r"|\b(?:has ceased|have ceased|was discontinued|has been (?:retired|discontinued|withdrawn|superseded))\b"
    r"|\bno longer (?:maintained|updated|published)\b"
    r"|\bis (?:now )?(?:retired|obsolete|superseded|withdrawn|discontinued)\b",
    re.IGNORECASE,
)
_SIGNS = ("ceased", "discontinued", "retired", "withdrawn", "superseded", "longer", "obsolete", "-- old")
"""Words of which each match of ``_RETIRED`` has one; looking for them first is many times quicker."""
_LONGEST_QUOTE = 60
_MOST_UNREAD = 3


def incomplete(
    records: Sequence[TerminologyRecord],
    *,
    family: Stated[str] | None,
    uncertain: str | None,
    uncertain_at: Place | None,
    unread: Sequence[Stated[str]],
    settled: bool,
    sidecar_name: str,
) -> list[Finding]:
    """Return an error for each thing without which no resource can be written.

    Args:
        records: The terminologies of the page, completed by the sidecar.
        family: Words that point to other pages.
        uncertain: What can't be assigned to one of several terminologies.
        uncertain_at: Where the page shows it.
        unread: Text among identifiers that could not be read as one.
        settled: The sidecar says which systems there are, or how the one system is identified.
        sidecar_name: File to be named in the hints.
    """
    findings = []
    if uncertain is not None and not settled:
        findings.append(catalogue.NOT_SPLIT.found(place=uncertain_at, what=uncertain, sidecar=sidecar_name))
    titleless = any(
        record.title is None and record.short_name is None and record.name is None for record in records
    )
    if family is not None and titleless:
        place = family.spans[0].place if family.spans else None
        findings.append(catalogue.FAMILY_PAGE.found(place=place, text=family.value, sidecar=sidecar_name))
    elif titleless:
        findings.append(catalogue.NO_TITLE.found(sidecar=sidecar_name))
    if family is None and not all(_identified(record) for record in records):
        place = unread[0].spans[0].place if unread and unread[0].spans else None
        findings.append(
            catalogue.NO_IDENTIFIER.found(place=place, unread=_unread(unread), sidecar=sidecar_name)
        )
    return findings


def tolerated(findings: Iterable[Finding]) -> list[Finding]:
    """Return errors as the warnings that they are where a draft is asked for."""
    return [replace(finding, severity=Severity.WARNING) for finding in findings]


def words_of_retirement(page: Page, extraction: Extraction, status: str) -> list[Finding]:
    """Return a finding when title or text tell that the terminology is retired, but its status does not."""
    if status == "retired":
        return []
    texts: list[tuple[str, int | None]] = [(page.title or "", None)]
    for record in extraction.records[:1]:
        stated = [record.title, *(paragraph.text for paragraph in record.description)]
        texts += [(span.raw, span.start) for each in stated if each is not None for span in each.spans]
    for text, start in texts:
        folded = text.casefold()
        match = _RETIRED.search(text) if any(sign in folded for sign in _SIGNS) else None
        if match is not None:
            place = page.place(start + match.start()) if start is not None else None
            quote = text[max(0, match.start() - 20) : match.start() + _LONGEST_QUOTE].strip()
            return [catalogue.MAYBE_RETIRED.found(place=place, text=quote, status=status)]
    return []


def _unread(texts: Sequence[Stated[str]]) -> str:
    """Return what stands where identifiers are expected, as the end of a sentence."""
    if not texts:
        return ""
    shown = [repr(each.value[:_LONGEST_QUOTE]) for each in texts[:_MOST_UNREAD]]
    more = f" and {len(texts) - _MOST_UNREAD} more" if len(texts) > _MOST_UNREAD else ""
    return f" that can be read; among its identifiers stands {', '.join(shown)}{more}"


def _identified(record: TerminologyRecord) -> bool:
    return any(identifier.type is not IdentifierType.OTHER for identifier in record.identifiers)
