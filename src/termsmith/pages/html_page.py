"""HTML pages: tag soup as saved by a browser, and XHTML as in THO's sources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from termsmith.catalogue import PAGE_NOT_WELL_FORMED
from termsmith.pages import soup, well_formed
from termsmith.pages.markup import MarkupWalker
from termsmith.pages.reader import Reading

if TYPE_CHECKING:
    from termsmith.pages.characters import SourceText

_XHTML = re.compile(
    r"\s*(?:<\?xml\b|(?:<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<[A-Za-z][^<>]*\bxmlns\s*=\s*"
    r"""["']http://www\.w3\.org/1999/xhtml["'])""",
    re.DOTALL | re.IGNORECASE,
)
_HTML = re.compile(
    r"\s*<(?:!doctype\b|!--|/?[a-z][a-z0-9-]*(?::[a-z][a-z0-9-]*)?(?:[\s/>]|\Z))", re.IGNORECASE
)
_INNER_HTML = re.compile(r"<(?:table|html|body|div)(?:\s[^<>]*)?>", re.IGNORECASE)


def is_xhtml(source: SourceText) -> bool:
    """Say whether the text begins with an XML declaration or an element of XHTML's namespace."""
    return _XHTML.match(source.text) is not None


def is_html(source: SourceText) -> bool:
    """Say whether the text begins with HTML."""
    return _HTML.match(source.text) is not None


def has_html(source: SourceText) -> bool:
    """Say whether there is HTML somewhere in the text."""
    return _INNER_HTML.search(source.text) is not None


def read_xhtml(source: SourceText) -> Reading:
    """Read a page of XML; as HTML, with a finding, if it is not well-formed.

    Raises:
        PageError: PAG005, when elements are nested too deeply; PAG006, when it declares entities.
    """
    problem = well_formed.problem(source.text)
    if problem is not None:
        return read_html(source).with_finding(PAGE_NOT_WELL_FORMED.found(problem=problem))
    walker = MarkupWalker()
    well_formed.walk(source.text, walker)
    return Reading(draft=walker.builder.finish(source), title=walker.title)


def read_html(source: SourceText) -> Reading:
    """Read a page, or a part of one, as a browser would.

    Raises:
        PageError: PAG005, when elements are nested too deeply.
    """
    walker = MarkupWalker()
    masked = soup.masked_for(source.text)
    soup.mask(source.text, masked)
    soup.walk(masked, walker)
    return Reading(draft=walker.builder.finish(source), title=walker.title)
