"""Lines of plain text: blank lines between paragraphs, and bullets typed by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from termsmith.pages.characters import HARD_BREAK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from termsmith.pages.builder import PageBuilder, Stretch

BULLET = re.compile(r"([ \t]*)(?:([*•‣◦▪·-])|(\d{1,3})[.)])[ \t]+(?=[^ \t\n\u00ad\u2028])")
"""At the start of a line: indentation, bullet or number, and space before the text."""

BLANK_LINE = re.compile(r"\n[ \t\u00ad]*\n")

_LINE_END = re.compile("[\n\u2028]")


class TypedLines:
    """Feeds lines to a builder; knows which numbered line continues a list."""

    def __init__(self, builder: PageBuilder) -> None:
        self._builder = builder
        self._number = 0
        self._indents: list[int] = []

    def forget(self) -> None:
        """Let the next line begin a new list, if it is an item."""
        self._number = 0
        self._indents.clear()

    def line(self, stretches: Sequence[Stretch]) -> None:
        """Add a line of text, which begins where the builder stands."""
        if self._builder.is_plain:
            stretches = self._without_bullet(stretches)
        for text, offset in stretches:
            self._builder.add(text, offset)

    def starts_item(self, text: str) -> bool:
        """Say whether a line is a list item.

        A number counts only when it begins a list or continues one: ``10. Revision`` is text.
        """
        found = BULLET.match(text)
        return found is not None and (found[3] is None or int(found[3]) in {1, self._number + 1})

    def _without_bullet(self, stretches: Sequence[Stretch]) -> Sequence[Stretch]:
        text = joined(stretches)
        found = BULLET.match(text)
        if found is None or not self.starts_item(text):
            return stretches
        if found[3]:
            self._number = int(found[3])
        self._builder.item(self._level(found[1]), f"{int(found[3])}." if found[3] else "*")
        return _behind(stretches, found.end())

    def _level(self, indentation: str) -> int:
        indent = len(indentation.expandtabs())
        while self._indents and self._indents[-1] > indent:
            self._indents.pop()
        if not self._indents or self._indents[-1] < indent:
            self._indents.append(indent)
        return len(self._indents)


def joined(stretches: Sequence[Stretch]) -> str:
    """Return the text of the stretches together."""
    return "".join(text for text, _ in stretches)


def split_lines(stretches: Sequence[Stretch]) -> Iterator[tuple[list[Stretch], Stretch | None]]:
    """Yield each line of a text with the line end behind it, None behind the last."""
    line: list[Stretch] = []
    for text, offset in stretches:
        start = 0
        for found in _LINE_END.finditer(text):
            line.append((text[start : found.start()], offset + start))
            yield line, (found[0], offset + found.start())
            line = []
            start = found.end()
        line.append((text[start:], offset + start))
    yield line, None


def is_blank(stretches: Sequence[Stretch]) -> bool:
    """Say whether a line has no visible text."""
    return all(not text.strip(" \t\u00ad") for text, _ in stretches)


def add_lines(builder: PageBuilder, lines: TypedLines, stretches: Sequence[Stretch]) -> None:
    """Add a text of which every line is a block, and every blank line a paragraph break.

    Its first line continues what the builder has open; its last one stays open.
    """
    for line, end in split_lines(stretches):
        if not is_blank(line):
            if builder.is_open:
                for text, offset in line:
                    builder.add(text, offset)
            else:
                lines.line(line)
            if end is not None:
                end_line(builder, end)
        elif end is None:
            continue
        elif builder.is_open:
            end_line(builder, end)
        else:
            builder.paragraph()


def end_line(builder: PageBuilder, end: Stretch) -> None:
    """Break the line as its end says."""
    character, offset = end
    if character == HARD_BREAK:
        builder.hard_break(offset)
    else:
        builder.line_break()


def _behind(stretches: Sequence[Stretch], count: int) -> list[Stretch]:
    rest: list[Stretch] = []
    for text, offset in stretches:
        if count < len(text):
            rest.append((text[count:], offset + count))
        count = max(0, count - len(text))
    return rest
