"""Markdown: CommonMark with GitHub's tables, and HTML in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from termsmith.pages import soup
from termsmith.pages.markup import MarkupWalker
from termsmith.pages.reader import Reading

if TYPE_CHECKING:
    from termsmith.pages.characters import SourceText

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE)
_DELIMITERS = re.compile(
    r"^[^\n]*\|[^\n]*\n {0,3}(?:\|[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?|:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?)[ \t]*$",
    re.MULTILINE,
)


def is_markdown(source: SourceText) -> bool:
    """Say whether the text has two headings, or a table's row of dashes."""
    headings = _HEADING.finditer(source.text)
    return (next(headings, None) and next(headings, None)) is not None or _DELIMITERS.search(
        source.text
    ) is not None


def read_markdown(source: SourceText) -> Reading:
    """Read a page as its rendering would show it.

    Raises:
        PageError: PAG005, when elements are nested too deeply.
    """
    from termsmith.pages.markdown_rendering import render  # noqa: PLC0415  imports markdown-it only for Markdown

    masked = soup.masked_for(source.text)
    render(source.text, masked)
    walker = MarkupWalker()
    soup.walk(masked, walker)
    return Reading(draft=walker.builder.finish(source))
