"""Whether a record says enough for resources, and what to write in the sidecar where it does not."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.model.finding import Finding, Severity
from termsmith.model.record import IDENTIFYING, TerminologyRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from termsmith.model.page import Page
    from termsmith.model.place import Place
    from termsmith.model.record import Stated
    from termsmith.records.extract import Extraction

_GONE = "retired|discontinued|withdrawn|superseded|deprecated|obsolete"
_RETIRED = re.compile(
    r"(?:^|[\s-])-- ?OLD\b"
    rf"|\b(?:has|have) (?:ceased\b|been (?:{_GONE})\b)"
    rf"|\b(?:was|were|is|are)(?: now)? (?:{_GONE})\b"
    r"|\bno longer (?:maintained|updated|published)\b"
    # At the start of a sentence, and with something behind it of which it can't be an attribute.
    rf"|(?:^|(?<=[.!?] ))(?:{_GONE})\b(?=[.,;:!]|\s*$|\s+(?:in|by|as of|since|on|from|[-–—(\d]))",
    re.IGNORECASE,
)
_RETIRED_TITLE = re.compile(
    rf"[(\[]\s*(?:now )?(?:{_GONE})\b[^()\[\]]{{0,40}}[)\]]|[-–—:]\s*(?:{_GONE})$", re.IGNORECASE
)
_OF_CODES = re.compile(
    r"\b(?:codes?(?! ?systems?\b)|concepts?|terms?|entry|entries|values?|items?|records?|versions?|releases?"
    r"|editions?)\b[^.!?]*$",
    re.IGNORECASE,
)
"""Words before one of retirement that say of what it is: not of the terminology."""
_FARTHEST = 80
_SIGNS = (
    "ceased",
    "discontinued",
    "retired",
    "withdrawn",
    "superseded",
    "deprecated",
    "longer",
    "obsolete",
    "-- old",
)
"""Words of which each match has one; looking for them first is many times quicker."""
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
    titles: list[tuple[str, int | None]] = [(page.title or "", None)]
    texts: list[tuple[str, int | None]] = []
    for record in extraction.records[:1]:
        if record.title is not None:
            titles += [(span.raw, span.start) for span in record.title.spans]
        texts += [(span.raw, span.start) for p in record.description for span in p.text.spans]
    found = [(text, start, _RETIRED_TITLE.search(text)) for text, start in titles]
    found += [(text, start, _retirement(text)) for text, start in (*titles, *texts)]
    for text, start, match in found:
        if match is not None:
            place = page.place(start + match.start()) if start is not None else None
            return [catalogue.MAYBE_RETIRED.found(place=place, text=_around(text, match), status=status)]
    return []


def _retirement(text: str) -> re.Match[str] | None:
    """Return the first words that tell the retirement of the terminology, not of some of its codes."""
    folded = text.casefold()
    if not any(sign in folded for sign in _SIGNS):
        return None
    for match in _RETIRED.finditer(text):
        if not _OF_CODES.search(text, max(0, match.start() - _FARTHEST), match.start()):
            return match
    return None


def _around(text: str, match: re.Match[str]) -> str:
    """Return whole words around a match."""
    start, end = max(0, match.start() - 20), match.start() + _LONGEST_QUOTE
    if start > 0 and not text[start - 1].isspace():
        blank = text.find(" ", start, match.start())
        start = blank if blank >= 0 else match.start()
    if end < len(text) and not text[end].isspace():
        end = max(text.rfind(" ", match.end(), end), match.end())
    return text[start:end].strip()


def _unread(texts: Sequence[Stated[str]]) -> str:
    """Return what stands where identifiers are expected, as the end of a sentence."""
    if not texts:
        return ""
    shown = [repr(each.value[:_LONGEST_QUOTE]) for each in texts[:_MOST_UNREAD]]
    more = f" and {len(texts) - _MOST_UNREAD} more" if len(texts) > _MOST_UNREAD else ""
    return f" that can be read; among its identifiers stands {', '.join(shown)}{more}"


def _identified(record: TerminologyRecord) -> bool:
    return any(identifier.type in IDENTIFYING for identifier in record.identifiers)
