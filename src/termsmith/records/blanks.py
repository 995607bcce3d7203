"""Printed text that means "no value here"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.dialects.table import Report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from termsmith.dialects.table import Blank, Dialect
    from termsmith.model.finding import Finding
    from termsmith.model.page import Page

_LONGEST_BLANK = 200
_MOST_BLANKS = 4
"""Cells of one row that can have been joined on one line in copying (``— —``)."""


def blank(dialect: Dialect, text: str) -> Blank | None:
    """Return why a text is no value; absent when it is one."""
    text = text.strip()
    if not text or len(text) > _LONGEST_BLANK:
        return None
    if dialect.any_blank.fullmatch(text) is None:
        parts = text.split()
        if len(parts) > _MOST_BLANKS or not all(map(dialect.any_blank.fullmatch, parts)):
            return None
        text = parts[0]
    for each in dialect.blanks:
        if each.pattern.fullmatch(text):
            return each
    return None


def told(found: Blank, page: Page, start: int, *, label: str, text: str) -> Iterator[Finding]:
    """Yield the finding that says that there is no value; none for blanks that the account alone lists.

    Args:
        found: Why the text is no value.
        page: The page.
        start: Where the text begins on it.
        label: What it stands under.
        text: As printed.
    """
    if found.report is not Report.QUIET:
        rule = catalogue.SPREADSHEET_ERROR if found.report is Report.WARNING else catalogue.STATED_BLANK
        yield rule.found(place=page.place(start), label=label, text=text, reason=found.reason)
