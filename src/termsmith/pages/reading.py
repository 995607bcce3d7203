"""From the bytes of a page to the page, whatever its file format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from termsmith.catalogue import PAGE_EMPTY
from termsmith.errors import PageError
from termsmith.model.page import Block, Page
from termsmith.pages.characters import SourceText, clean
from termsmith.pages.decode import check_size, decode
from termsmith.pages.docx import is_docx, read_docx
from termsmith.pages.furniture import PAGE_TITLE, mark_lines, title_block
from termsmith.pages.html_page import has_html, is_html, is_xhtml, read_html, read_xhtml
from termsmith.pages.markdown import is_markdown, read_markdown
from termsmith.pages.pipes import is_pipes, read_pipes
from termsmith.pages.plain import is_plain, read_plain
from termsmith.pages.reader import Reading
from termsmith.pages.rest import is_rest, read_rest
from termsmith.pages.storage import is_storage, read_storage
from termsmith.pages.unread import unread_findings
from termsmith.pages.word_export import is_word_export, read_word_export

if TYPE_CHECKING:
    from termsmith.model.finding import Finding
    from termsmith.model.page import Table

FileFormat: TypeAlias = tuple[str, Callable[[bytes], bool], Callable[[bytes], Reading]]
TextFormat: TypeAlias = tuple[str, Callable[[SourceText], bool], Callable[[SourceText], Reading]]

FILE_FORMATS: tuple[FileFormat, ...] = (
    ("docx", is_docx, read_docx),
    ("word-export", is_word_export, read_word_export),
)
"""Formats told by their bytes: name, recogniser, reader. The first that fits is taken."""

TEXT_FORMATS: tuple[TextFormat, ...] = (
    ("confluence-rest", is_rest, read_rest),
    ("confluence-storage", is_storage, read_storage),
    ("xhtml", is_xhtml, read_xhtml),
    ("html", is_html, read_html),
    ("markdown", is_markdown, read_markdown),
    ("html", has_html, read_html),
    ("pipes", is_pipes, read_pipes),
    ("text", is_plain, read_plain),
)
"""Formats told by their decoded text; the last one takes what is left."""


def read_page(data: bytes, source: str) -> Page:
    """Return the page that a file holds.

    Args:
        data: The file. Its format is told by its content.
        source: Its path, for places and messages.

    Raises:
        PageError: PAG001 to PAG007, when there is no page in it or it is damaged or hostile.
    """
    check_size(len(data))
    name, reading, findings = _read(data)
    items = mark_lines(reading.draft.text, reading.draft.items)
    title = reading.title
    heading = title_block(items)
    if heading is not None:
        items = tuple(_titled(item, heading) for item in items)
        title = title or reading.draft.text[heading.start : heading.end]
    page = Page(
        source=source,
        format=name,
        text=reading.draft.text,
        items=items,
        positions=reading.draft.positions,
        title=title,
        links=reading.draft.links,
        indents=reading.draft.indents,
        tabs=reading.draft.tabs,
        version_date=reading.version_date,
        findings=(*findings, *reading.findings, *reading.draft.findings),
    )
    if not page.blocks:
        raise PageError(PAGE_EMPTY.found())
    if reading.draft.unread:
        unread = unread_findings(page, reading.draft.unread)
        return replace(page, findings=(*page.findings, *unread))
    return page


def _read(data: bytes) -> tuple[str, Reading, tuple[Finding, ...]]:
    for name, recognises_file, read_file in FILE_FORMATS:
        if recognises_file(data):
            return name, read_file(data), ()
    text, findings = decode(data)
    source = clean(text)
    name, read = next((name, read) for name, recognises, read in TEXT_FORMATS if recognises(source))
    return name, read(source), findings


def _titled(item: Block | Table, heading: Block) -> Block | Table:
    return heading._replace(furniture=PAGE_TITLE) if item is heading else item
