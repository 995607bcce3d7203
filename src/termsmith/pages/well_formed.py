"""Scanning well-formed XML: XHTML pages and Confluence's storage format.

expat says whether the text is well-formed and declares no entities. After that a regular expression tells markup
from text, and every offset is right by construction; asking expat for the position of each event takes longer.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html.entities import html5
from typing import TYPE_CHECKING
from xml.parsers import expat

from termsmith.catalogue import PAGE_ENTITIES
from termsmith.errors import PageError
from termsmith.pages.characters import NOTHING, replace_special
from termsmith.pages.elements import Element, element

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from termsmith.pages.builder import PageBuilder, Stretch
    from termsmith.pages.markup import MarkupWalker

_MARKUP = re.compile(
    r"(<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>"
    r"""|<[^>"']*+(?:"[^"]*+"[^>"']*+|'[^']*+'[^>"']*+)*+>)([^<]*+)""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s=/<>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = re.compile(r"&(?:#(\d+)|#x([0-9A-Fa-f]+)|([^;&#\s]+));")
_LONGEST_KEPT = 300
_CDATA = "<![CDATA["


class _EntityDeclaredError(Exception):
    """expat met an entity declaration."""


def problem(text: str) -> str | None:
    """Return why ``text`` is no well-formed XML; None when it is.

    Named entities of HTML need no declaration, and prefixes need none.

    Raises:
        PageError: PAG006, when it declares entities of its own.
    """

    def refuse(name: str, *_: object) -> None:
        raise _EntityDeclaredError(name)

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = refuse
    # With these, expat takes an undeclared entity as one that a DTD would declare, and skips it.
    parser.UseForeignDTD(True)  # noqa: FBT003
    parser.ExternalEntityRefHandler = lambda *_: 1
    try:
        parser.Parse(text, True)  # noqa: FBT003
    except _EntityDeclaredError as error:
        raise PageError(PAGE_ENTITIES.found(name=str(error))) from None
    except expat.ExpatError as error:
        return str(error)
    return None


def walk(text: str, walker: MarkupWalker, inserted: Mapping[int, Stretch] | None = None) -> None:
    """Feed well-formed XML, or several such elements one after the other, to ``walker``.

    Args:
        text: What `problem` found well-formed.
        walker: Takes the events.
        inserted: Text that software shows in place of an element, by the offset of its start tag.
    """
    offset = max(0, text.find("<"))
    if offset:
        _text(text[:offset], 0, walker)
    start, end = walker.start, walker.end
    for markup, content in map(re.Match.groups, _MARKUP.finditer(text, offset)):
        second = markup[1]
        if second == "/":
            end()
        elif second == "!":
            if markup.startswith(_CDATA):
                walker.text(markup[len(_CDATA) : -3], offset + len(_CDATA))
        elif second != "?":
            start(_kept_element(markup) if len(markup) < _LONGEST_KEPT else _element(markup))
            if inserted and offset in inserted:
                walker.text(*inserted[offset])
            if markup[-2] == "/":
                end()
        offset += len(markup)
        if content:
            if "&" in content:
                walker.text_in_stretches(list(_resolved(content, offset, walker.builder)))
            else:
                walker.text(content, offset)
            offset += len(content)


def _text(content: str, offset: int, walker: MarkupWalker) -> None:
    if "&" in content:
        walker.text_in_stretches(list(_resolved(content, offset, walker.builder)))
    else:
        walker.text(content, offset)


def _element(markup: str) -> Element:
    tag, *_ = markup[1:-1].split(None, 1)
    attributes = {
        name: resolve(quoted or single) for name, quoted, single in _ATTRIBUTE.findall(markup, len(tag) + 1)
    }
    return element(tag.rstrip("/").lower(), attributes)


_kept_element = lru_cache(maxsize=4096)(_element)


def _resolved(text: str, offset: int, builder: PageBuilder) -> Iterator[Stretch]:
    """Yield the stretches of a text node with references, and tell the builder of those that show nothing."""
    done = 0
    for found in _REFERENCE.finditer(text):
        character = _character(found)
        if character is None:
            continue
        if done < found.start():
            yield text[done : found.start()], offset + done
        done = found.end()
        shown = replace_special(character)
        if NOTHING in shown:
            builder.leave_out(character)
            shown = shown.replace(NOTHING, "")
        if shown:
            yield shown, offset + found.start()
    if done < len(text):
        yield text[done:], offset + done


def resolve(text: str) -> str:
    """Return ``text`` with character and HTML entity references resolved; unknown ones stay."""
    if "&" not in text:
        return text
    return _REFERENCE.sub(lambda found: _character(found) or found[0], text)


def _character(reference: re.Match[str]) -> str | None:
    decimal, hexadecimal, name = reference.groups()
    if name is not None:
        return html5.get(name + ";")
    # expat has refused references to what is no character.
    character = chr(int(decimal) if decimal else int(hexadecimal, 16))
    # A line end that is written as a reference is no line end of the text.
    return " " if character == "\r" else character
