"""Text as FHIR allows it: lines for ``string``, paragraphs for ``markdown``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from termsmith.catalogue import TEXT_CUT
from termsmith.resources.evidence import Leaf

if TYPE_CHECKING:
    from termsmith.model.finding import Finding
    from termsmith.model.record import Stated
    from termsmith.resources.evidence import Basis

LIMIT = 1_048_576
"""Characters that a FHIR string may have: https://hl7.org/fhir/R4/datatypes.html#string"""

_FORBIDDEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters, halves of characters, and non-characters, which XML and JSON readers refuse."""
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_ODD_SPACE = re.compile(r"[^\S\n\t ]")
"""R4's regex for string knows blank, tab and line ends; on the rest, Java's ``\\S`` and Python's differ."""


def line(text: str) -> str:
    r"""Return text as one line without white space around it.

    >>> line(" Code\x07 system\n of\xa0colours ")
    'Code system of colours'
    """
    if text.isprintable() and "  " not in text:  # then a blank is its only white space
        return text.strip()
    return " ".join(_FORBIDDEN.sub("", text).split())


def paragraphs(text: str) -> str:
    r"""Return Markdown with plain line ends and blanks, without white space around it.

    >>> paragraphs("\r\nOne\xa0line.\r\n\r\n* item\x00\r\n")
    'One line.\n\n* item'
    """
    if text.isascii() and text.replace("\n", "").isprintable():  # nothing to repair, as nearly always
        return text.strip()
    return _ODD_SPACE.sub(" ", _FORBIDDEN.sub("", _LINE_END.sub("\n", text))).strip()


def stated_line(stated: Stated[str] | None, element: str, findings: list[Finding]) -> Leaf | None:
    """Return what is stated as a FHIR string; None when that leaves nothing, or too much."""
    if stated is None:
        return None
    return fitting(line(stated.value), stated, stated.reason, element, findings)


def fitting(
    value: str, basis: Basis, reason: str | None, element: str, findings: list[Finding]
) -> Leaf | None:
    """Return a text as a leaf; None, and a finding, when FHIR does not allow that many characters."""
    if not value:
        return None
    if len(value) > LIMIT:
        place = basis.spans[0].place if basis.spans else None
        findings.append(
            TEXT_CUT.found(place=place, element=element, what=element, length=len(value), limit=LIMIT)
        )
        return None
    return Leaf(value, basis.origin, basis.spans, reason)
