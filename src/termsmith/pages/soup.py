"""HTML as it is found: turbohtml builds the tree, as a browser would.

turbohtml tells where elements stand, but not where text does; its tokenizer does. So the page is cut into tokens,
every text is replaced by its number between two marks, the tree is built of that, and the numbers lead from the
tree's text nodes back to the source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from termsmith.catalogue import PAGE_BINARY
from termsmith.errors import PageError
from termsmith.pages.characters import NOTHING, replace_special
from termsmith.pages.elements import element

if TYPE_CHECKING:
    from collections.abc import Iterator

    from turbohtml import Element

    from termsmith.pages.builder import Stretch
    from termsmith.pages.markup import MarkupWalker

_PRIVATE_USE = (range(0xE000, 0xF900), range(0xF0000, 0xFFFFE))


@dataclass(slots=True)
class Masked:
    """HTML whose texts are replaced by numbers."""

    mark: str
    """Stands before and after each number, and nowhere in the source."""
    texts: list[Stretch] = field(default_factory=list)
    html: list[str] = field(default_factory=list)

    def add_markup(self, markup: str) -> None:
        """Add markup as it is."""
        self.html.append(markup)

    def add_text(self, text: str, offset: int) -> None:
        """Add the number of a text that stands at ``offset``."""
        self.html.append(self.masked(text, offset))

    def masked(self, text: str, offset: int) -> str:
        """Return what stands for a text."""
        self.texts.append((text, offset))
        return f"{self.mark}{len(self.texts) - 1}{self.mark}"


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
    for token in tokenize(html, resolve_references=False, capture_source=True):
        at = starts[token.line - 1] + token.col
        data = token.data or ""
        if token.type is TokenType.TEXT:
            if data.isspace():
                masked.add_markup(data)
            else:
                masked.add_text(data, at)
        elif token.type is TokenType.CHARACTER_REFERENCE:
            masked.add_text(data, at)
        elif token.type is TokenType.COMMENT:
            # A browser takes CDATA in HTML for a comment; in a page that was XML once, it is text.
            if data.startswith("[CDATA["):
                masked.add_text(data.removeprefix("[CDATA[").removesuffix("]]"), at + len("<![CDATA["))
        elif token.type is not TokenType.PROCESSING_INSTRUCTION:
            masked.add_markup(token.source or "")


def walk(masked: Masked, walker: MarkupWalker) -> None:
    """Feed the tree of masked HTML to ``walker``."""
    from turbohtml import Element, Text, parse  # noqa: PLC0415  not every page is HTML

    number = re.compile(rf"{masked.mark}(\d+){masked.mark}|([^{masked.mark}]+)")
    document = parse("".join(masked.html), positions=False)
    stack = [iter(document.children)]
    while stack:
        for node in stack[-1]:
            if isinstance(node, Element):
                walker.start(element(node.tag, _attributes(node)))
                stack.append(iter(node.children))
                break
            if isinstance(node, Text):
                walker.text_in_stretches(list(_stretches(node.data, number, masked, walker)))
        else:
            stack.pop()
            if stack:
                walker.end()


def _attributes(node: Element) -> dict[str, str | None]:
    return {name: " ".join(value) if isinstance(value, list) else value for name, value in node.attrs.items()}


def _stretches(text: str, number: re.Pattern[str], masked: Masked, walker: MarkupWalker) -> Iterator[Stretch]:
    offset = 0
    for index, space in number.findall(text):
        if space:
            yield space, offset
            continue
        found, offset = masked.texts[int(index)]
        shown = replace_special(found)
        if shown != found:
            # Only a character reference can still have such; the page itself was cleaned before.
            for character in found:
                if replace_special(character) == NOTHING:
                    walker.builder.leave_out(character)
            shown = shown.replace(NOTHING, "")
        if shown:
            yield shown, offset
        offset += len(found)
