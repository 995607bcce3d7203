"""Markdown: CommonMark with GitHub's tables, and HTML in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from termsmith.catalogue import PAGE_MARKDOWN_TOO_LONG
from termsmith.errors import PageError
from termsmith.pages import soup
from termsmith.pages.markup import MarkupWalker
from termsmith.pages.reader import Reading

if TYPE_CHECKING:
    from termsmith.pages.characters import SourceText

LARGEST = 1_000_000
"""Characters of a page. markdown-it's time and memory stay in proportion, but are many times those of HTML:
up to 16 seconds, or 800 MB, for a million of the worst ones."""

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE)
_DASHES = r":?-+:?[ \t]*"
_DELIMITERS = re.compile(
    rf"^[^\n|]*+\|[^\n]*+\n {{0,3}}"
    rf"(?:\|[ \t]*{_DASHES}(?:\|[ \t]*{_DASHES})*\|?|{_DASHES}(?:\|[ \t]*{_DASHES})+\|?)[ \t]*$",
    re.MULTILINE,
)
"""A line with a pipe, and below it a row of dashes."""


def is_markdown(source: SourceText) -> bool:
    """Say whether the text has two headings, or a table's row of dashes."""
    headings = _HEADING.finditer(source.text)
    return (next(headings, None) and next(headings, None)) is not None or _DELIMITERS.search(
        source.text
    ) is not None


def read_markdown(source: SourceText) -> Reading:
    """Read a page as its rendering would show it.

    Raises:
        PageError: PAG008, when it is too long for Markdown; PAG005, when elements are nested too deeply.
    """
    if len(source.text) > LARGEST:
        raise PageError(PAGE_MARKDOWN_TOO_LONG.found(size=len(source.text), limit=LARGEST))
    from termsmith.pages.markdown_rendering import render  # noqa: PLC0415  it imports markdown-it

    masked = soup.masked_for(source.text)
    render(source.text, masked)
    walker = MarkupWalker()
    soup.walk(masked, walker)
    return Reading(draft=walker.builder.finish(source))
