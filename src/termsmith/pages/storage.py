"""Confluence's storage format: XHTML with prefixes that nothing declares, and macros."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from termsmith.catalogue import PAGE_NOT_WELL_FORMED
from termsmith.pages import well_formed
from termsmith.pages.html_page import read_html
from termsmith.pages.macros import made_by_software
from termsmith.pages.markup import MarkupWalker
from termsmith.pages.reader import Reading

if TYPE_CHECKING:
    from termsmith.pages.characters import SourceText

_STORAGE = re.compile(r"<(?:ac|ri):[a-z-]+[\s/>]")
_ROOT = "<page>"


def is_storage(source: SourceText) -> bool:
    """Say whether the text is markup with elements of Confluence's own."""
    return source.text.lstrip().startswith("<") and _STORAGE.search(source.text) is not None


def read_storage(source: SourceText) -> Reading:
    """Read a page body; as HTML, with a finding, if it is not well-formed.

    Raises:
        PageError: PAG005, when elements are nested too deeply; PAG006, when it declares entities.
    """
    problem = well_formed.problem(f"{_ROOT}{source.text}</page>")
    if problem is not None:
        return read_html(source).with_finding(PAGE_NOT_WELL_FORMED.found(problem=_without_root(problem)))
    walker = MarkupWalker()
    well_formed.walk(source.text, walker, made_by_software(source.text))
    return Reading(draft=walker.builder.finish(source), title=walker.title)


def _without_root(problem: str) -> str:
    """Return expat's message with the column in the page itself."""
    return re.sub(
        r"(line 1, column )(\d+)", lambda found: f"{found[1]}{max(0, int(found[2]) - len(_ROOT))}", problem
    )
