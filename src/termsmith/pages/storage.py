"""Confluence's storage format: XHTML with prefixes that nothing declares, and macros."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from termsmith.catalogue import PAGE_NOT_WELL_FORMED
from termsmith.pages import well_formed
from termsmith.pages.html_page import read_html
from termsmith.pages.markup import MarkupWalker
from termsmith.pages.reader import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from termsmith.pages.builder import Stretch
    from termsmith.pages.characters import SourceText

_STORAGE = re.compile(r"<(?:ac|ri):[a-z-]+[\s/>]")
_ROOT = "<page>"
_SHOWN_PARAMETERS = {"jira": "key", "status": "title"}
"""Macro -> the parameter that a browser shows in its place."""
_SHOWN_AFTER = {"jira": " - Getting issue details... STATUS"}
"""Macro -> what the browser shows until it has asked Jira; nobody will, for a copied page."""

_INSTEAD = re.compile(
    r'<ac:structured-macro\b[^<>]*\bac:name="(?P<macro>jira|status)"[^<>]*(?<!/)>'
    r"|<ri:page\b[^<>]*\bri:content-title=\"(?P<page>[^\"<>]*)\"[^<>]*/>(?P<alone>\s*</ac:link>)?"
    r"|<time\b[^<>]*\bdatetime=\"(?P<date>[^\"<>]*)\"[^<>]*/>"
)
_PARAMETER = re.compile(
    r'\s*(?:<ac:parameter\b[^<>]*\bac:name="(?P<name>[^"<>]*)"[^<>]*>(?P<value>[^<>]*)</ac:parameter>'
    r"|<ac:parameter\b[^<>]*/>)"
)


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
    well_formed.walk(source.text, walker, dict(_shown_instead(source.text)))
    return Reading(draft=walker.builder.finish(source), title=walker.title)


def _without_root(problem: str) -> str:
    """Return expat's message with the column in the page itself."""
    return re.sub(
        r"(line 1, column )(\d+)", lambda found: f"{found[1]}{max(0, int(found[2]) - len(_ROOT))}", problem
    )


def _shown_instead(text: str) -> Iterator[tuple[int, Stretch]]:
    """Yield what a browser shows for elements without text of their own, by the offset of their start."""
    for found in _INSTEAD.finditer(text):
        macro = found["macro"]
        if macro is not None:
            yield from _shown_parameter(text, macro, found)
        elif found["date"]:
            yield found.start(), (found["date"], found.start("date"))
        elif found["alone"]:
            yield found.start(), (well_formed.resolve(found["page"]), found.start("page"))


def _shown_parameter(text: str, macro: str, start: re.Match[str]) -> Iterator[tuple[int, Stretch]]:
    at = start.end()
    while parameter := _PARAMETER.match(text, at):
        if parameter["name"] == _SHOWN_PARAMETERS[macro]:
            value = well_formed.resolve(parameter["value"])
            yield start.start(), (value + _SHOWN_AFTER.get(macro, ""), parameter.start("value"))
            return
        at = parameter.end()
