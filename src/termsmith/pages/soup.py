"""HTML as it is found: turbohtml builds the tree, as a browser would.

turbohtml tells where elements stand, but not where text does; its tokenizer does. So the page is cut into
tokens, every text is replaced by its number between two marks, the tree is built of that, and the numbers
lead from the tree's text nodes back to the source.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from termsmith.catalogue import PAGE_BINARY, PAGE_TOO_MANY_PARTS
from termsmith.errors import PageError
from termsmith.pages.characters import NOTHING, replace_special
from termsmith.pages.elements import Element as Meaning
from termsmith.pages.elements import element
from termsmith.pages.unread import picture

if TYPE_CHECKING:
    from turbohtml import Element

    from termsmith.pages.builder import Stretch
    from termsmith.pages.markup import MarkupWalker
    from termsmith.pages.unread import Thing

MOST_TOKENS = 2_500_000
"""Tags and texts of a page."""

_ATTRIBUTES = ("class", "id", "style", "hidden", "href", "rowspan", "colspan", "start", "value")
_ONE_NUMBER = 3
_PRIVATE_USE = (range(0xE000, 0xF900), range(0xF0000, 0xFFFFE))


@dataclass(slots=True)
class Masked:
    """HTML whose texts are replaced by numbers."""

    mark: str
    """Stands before and after each number, and nowhere in the source."""
    texts: list[Stretch] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    things: dict[int, Thing] = field(default_factory=dict)
    """What has no text of its own, by number; the text of that number is empty."""
    unseen: list[str] = field(default_factory=list)
    """Characters that references stand for but that are not shown."""

    def add_markup(self, markup: str) -> None:
        """Add markup as it is.

        Raises:
            PageError: PAG007, when there is too much of it.
        """
        if len(self.html) > MOST_TOKENS:
            raise PageError(PAGE_TOO_MANY_PARTS.found(limit=MOST_TOKENS, parts="tags"))
        self.html.append(markup)

    def add_text(self, text: str, offset: int) -> None:
        """Add the number of a text that stands at ``offset``."""
        self.html.append(f"{self.mark}{len(self.texts)}{self.mark}")
        self.texts.append((text, offset))

    def add_thing(self, thing: Thing, offset: int) -> None:
        """Add the number of something without text of its own."""
        self.things[len(self.texts)] = thing
        self.add_text("", offset)

    def add_reference(self, text: str, offset: int) -> None:
        """Add the number of what a character reference stands for."""
        shown = replace_special(text)
        if NOTHING in shown:
            self.unseen.append(text)
            shown = shown.replace(NOTHING, "")
        if shown:
            self.add_text(shown, offset)


def masked_for(source: str) -> Masked:
    """Return a place for the masked HTML of a source.

    Raises:
        PageError: PAG003, when the source has all of Unicode's private characters.
    """
    if chr(_PRIVATE_USE[0].start) not in source:
        return Masked(mark=chr(_PRIVATE_USE[0].start))
    used = set(source)
    for point in chain(*_PRIVATE_USE):
        if chr(point) not in used:
            return Masked(mark=chr(point))
    raise PageError(PAGE_BINARY.found())


def mask(html: str, masked: Masked, offset: int = 0) -> None:
    """Add HTML to ``masked``, its texts by number.

    Args:
        html: A page, or a part of one.
        masked: Takes it.
        offset: Where ``html`` stands in the source.
    """
    from turbohtml import TokenType, tokenize  # noqa: PLC0415  not every page is HTML

    starts = [offset]
    for line in html.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    tags, text_kind = (TokenType.START_TAG, TokenType.END_TAG), TokenType.TEXT
    parts = masked.html
    add_markup = parts.append
    for token in tokenize(html, resolve_references=False, capture_source=True):
        if len(parts) > MOST_TOKENS:
            raise PageError(PAGE_TOO_MANY_PARTS.found(limit=MOST_TOKENS, parts="tags"))
        kind = token.type
        if kind in tags:
            add_markup(token.source or "")
            if token.tag == "img" and token.attrs:
                masked.add_thing(picture(dict(token.attrs)), starts[token.line - 1] + token.col)
            continue
        data = token.data or ""
        if kind is text_kind and data.isspace():
            add_markup(data)
            continue
        at = starts[token.line - 1] + token.col
        if kind is text_kind:
            masked.add_text(data, at)
        elif kind is TokenType.CHARACTER_REFERENCE:
            masked.add_reference(data, at)
        elif kind is TokenType.DOCTYPE:
            add_markup(token.source or "")
        else:
            _cdata(data, at, masked)


def _cdata(comment: str, at: int, masked: Masked) -> None:
    """Add CDATA: a browser takes it in HTML for a comment; in a page that was XML once, it is text."""
    if comment.startswith("[CDATA["):
        masked.add_text(comment.removeprefix("[CDATA[").removesuffix("]]"), at + len("<![CDATA["))


def walk(masked: Masked, walker: MarkupWalker) -> None:
    """Feed the tree of masked HTML to ``walker``."""
    from turbohtml import Element, Text, parse  # noqa: PLC0415  not every page is HTML

    for character in masked.unseen:
        walker.builder.leave_out(character)
    document = parse("".join(masked.html), positions=False)
    stack = [iter(document.children)]
    while stack:
        for node in stack[-1]:
            if isinstance(node, Element):
                walker.start(_meaning(node))
                stack.append(iter(node.children))
                break
            if isinstance(node, Text):
                _text(node.data, masked, walker)
        else:
            stack.pop()
            if stack:
                walker.end()


@lru_cache(maxsize=4096)
def _kept_element(tag: str, *values: str | None) -> Meaning:
    return element(
        tag, {name: value for name, value in zip(_ATTRIBUTES, values, strict=True) if value is not None}
    )


@lru_cache(maxsize=512)
def _bare_element(tag: str) -> Meaning:
    return element(tag, {})


def _meaning(node: Element) -> Meaning:
    attributes = node.attrs
    if not attributes:
        return _bare_element(node.tag)
    values = [attributes.get(name) for name in _ATTRIBUTES]
    return _kept_element(
        node.tag, *(" ".join(value) if isinstance(value, list) else value for value in values)
    )


def _text(text: str, masked: Masked, walker: MarkupWalker) -> None:
    if text.isspace():
        if not walker.skips_space:
            walker.text(text, 0)
        return
    parts = text.split(masked.mark)
    if len(parts) == _ONE_NUMBER and not parts[0] and not parts[2] and not masked.things:
        walker.text(*masked.texts[int(parts[1])])
        return
    stretches: list[Stretch] = []
    offset = 0
    # Numbers stand between marks, so at odd places; elsewhere is what was not masked, nearly always space.
    for place, part in enumerate(parts):
        if place % 2:
            number = int(part)
            found, offset = masked.texts[number]
            if number in masked.things:
                walker.show(masked.things[number], offset)
                continue
            stretches.append((found, offset))
            offset += len(found)
        elif part:
            stretches.append((part, offset))
    if stretches:
        walker.text_in_stretches(stretches)
