"""Scanning well-formed XML: XHTML pages and Confluence's storage format.

expat says whether the text is well-formed and declares no entities. After that, telling markup from text is
easy, and every offset is right by construction; asking expat for the position of each event takes longer.
"""

from __future__ import annotations

import re
from html.entities import html5
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from termsmith.catalogue import PAGE_ENTITIES
from termsmith.errors import PageError
from termsmith.pages.characters import HARD_BREAK, NOTHING, replace_special
from termsmith.pages.elements import PLAIN, Element, element
from termsmith.pages.unread import picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from termsmith.pages.builder import PageBuilder, Stretch
    from termsmith.pages.markup import MarkupWalker
    from termsmith.pages.unread import Thing

_MARKUP = re.compile(
    r"(<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>"
    r"""|<[^>"']*+(?:"[^"]*+"[^>"']*+|'[^']*+'[^>"']*+)*+>)([^<]*+)""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s=/<>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = re.compile(r"&(?:#(\d+)|#x([0-9A-Fa-f]+)|([^;&#\s]+));")

_CDATA = "<![CDATA["


class _Tag(NamedTuple):
    """A tag, as far as it matters."""

    element: Element
    is_empty: bool
    thing: Thing | None = None
    """What it shows, where that has no text."""


_END = _Tag(PLAIN, is_empty=False)
_NO_TAG = _Tag(PLAIN, is_empty=True)

_KNOWN: dict[str, _Tag] = {}
"""What has been found in tags before, by what stands between ``<`` and ``>``: pages repeat theirs."""
_LONGEST_KEPT = 300
_MOST_KEPT = 4_096


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


class Instead(NamedTuple):
    """What software makes of an element, beyond its content."""

    element: Element | None = None
    """What it means instead of what its name says."""
    thing: Thing | None = None
    """What it shows, where that has no text."""
    shown: Stretch | None = None
    """Text that is shown before its content."""
    shown_in: Element = PLAIN
    """What that text stands in."""


def walk(text: str, walker: MarkupWalker, instead: Mapping[int, Instead] | None = None) -> None:
    """Feed well-formed XML, or several such elements one after the other, to ``walker``.

    Args:
        text: What `problem` found well-formed.
        walker: Takes the events.
        instead: What software makes of elements, by the offset of their start tags.
    """
    parts = text.split("<")
    offset = len(parts[0])
    walker.text_in_stretches(list(_resolved(parts[0], 0, walker.builder)))
    known, add, made = _KNOWN.get, walker.text, instead or {}
    behind = 0
    for part in parts[1:]:
        if offset < behind:
            # What looks like markup is in a comment, in CDATA or in an attribute.
            offset += 1 + len(part)
            continue
        markup, _, content = part.partition(">")
        tag = known(markup)
        if tag is not None:
            at = offset + 2 + len(markup)
        else:
            found = _at(text, offset)
            content, at, behind = found[2], found.start(2), found.end()
            tag = _tag(found[1])
            _cdata(found[1], offset, walker)
        if tag is _END:
            walker.end()
        elif tag is not _NO_TAG:
            if tag.thing is None and offset not in made:
                walker.start(tag.element)
            else:
                _start(walker, tag, made.get(offset) or Instead(thing=tag.thing), offset)
            if tag.is_empty:
                walker.end()
        if "&" in content:
            walker.text_in_stretches(list(_resolved(content, at, walker.builder)))
        elif content and not (content.isspace() and walker.skips_space and HARD_BREAK not in content):
            add(content, at)
        offset += 1 + len(part)


def _start(walker: MarkupWalker, tag: _Tag, instead: Instead, offset: int) -> None:
    if instead.thing is not None:
        walker.show(instead.thing, offset)
    walker.start(instead.element or tag.element)
    if instead.shown is not None:
        walker.start(instead.shown_in)
        walker.text(*instead.shown)
        walker.end()


def _cdata(markup: str, offset: int, walker: MarkupWalker) -> None:
    if markup.startswith(_CDATA):
        walker.text(markup[len(_CDATA) : -len("]]>")], offset + len(_CDATA))


def _at(text: str, offset: int) -> re.Match[str]:
    found = _MARKUP.match(text, offset)
    if found is None:
        raise RuntimeError(f"no markup at offset {offset} of well-formed text")
    return found


def _tag(markup: str) -> _Tag:
    """Return what a piece of markup is, and remember short ones."""
    if markup.startswith(("<!", "<?")):
        return _NO_TAG
    if markup.startswith("</"):
        tag = _END
    else:
        is_empty = markup.endswith("/>")
        inner = markup[1 : -2 if is_empty else -1]
        name, *_ = inner.split(None, 1)
        attributes = {
            key: resolve(quoted or single) for key, quoted, single in _ATTRIBUTE.findall(inner, len(name))
        }
        tag_name = name.lower()
        thing = picture(attributes) if tag_name == "img" else None
        tag = _Tag(element(tag_name, attributes), is_empty, thing)
    if len(markup) < _LONGEST_KEPT:
        if len(_KNOWN) >= _MOST_KEPT:
            _KNOWN.clear()
        _KNOWN[markup[1:-1]] = tag
    return tag


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
    return chr(int(decimal) if decimal else int(hexadecimal, 16))
