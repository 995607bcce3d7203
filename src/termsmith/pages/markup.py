"""From elements and text nodes to the printed page: what HTML and Confluence's storage format share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.catalogue import PAGE_STRUCK_OUT, PAGE_TOO_DEEP
from termsmith.errors import PageError
from termsmith.pages.builder import PageBuilder
from termsmith.pages.characters import HARD_BREAK, plain_line
from termsmith.pages.elements import Role
from termsmith.pages.lines import (
    BLANK_LINE,
    BULLET,
    TypedLines,
    add_lines,
    end_line,
    is_blank,
    joined,
    split_lines,
)
from termsmith.pages.raised import add_raised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from termsmith.pages.builder import Stretch
    from termsmith.pages.elements import Element
    from termsmith.pages.raised import Script
    from termsmith.pages.unread import Thing

DEEPEST = 200
"""Elements nested deeper are refused."""

# Looked up for every element; a member of an Enum takes longer to look up than a constant.
_CELL, _ROW, _INLINE, _LINK, _TABLE = Role.CELL, Role.ROW, Role.INLINE, Role.LINK, Role.TABLE
_HEADER_CELL, _LINE_BREAK, _TITLE = Role.HEADER_CELL, Role.LINE_BREAK, Role.TITLE


class _List:
    """A list that is open."""

    __slots__ = ("_next",)

    def __init__(self, first: int | None) -> None:
        """Take the number of the first item; nothing for a list without numbers."""
        self._next = first

    def marker(self, own: int | None) -> str:
        """Return the marker of the next item, which may have a number of its own."""
        if self._next is None:
            return "*"
        number = self._next if own is None else own
        self._next = number + 1
        return f"{number}."


class MarkupWalker:
    """Takes a page's elements and text nodes in order and tells a builder what they print."""

    def __init__(self) -> None:
        self.builder = PageBuilder()
        self._lines = TypedLines(self.builder)
        self._open: list[Element] = []
        self._hidden = 0
        self._preformatted = 0
        self._lists: list[_List] = []
        self._items: list[int] = []
        """Levels of the items that are open."""
        self._furniture_at = 0
        self._content_at: dict[int, int] = {}
        self._title: list[str] | None = None
        self._in_title = False
        self._struck = 0
        self._struck_out: list[Stretch] = []
        self._scripts: list[Script] = []

    @property
    def title(self) -> str | None:
        """The text of the first ``<title>``, if there was one."""
        return plain_line("".join(self._title or ()))

    def start(self, element: Element) -> None:
        """Enter an element."""
        self._open.append(element)
        if len(self._open) > DEEPEST:
            raise PageError(PAGE_TOO_DEEP.found(limit=DEEPEST))
        if (self._hidden or not element.usual) and not self._is_shown(element):
            return
        role, builder = element.role, self.builder
        if self._struck_out and role is not _INLINE:
            self._tell_struck_out()
        if role is _CELL and builder.in_table:
            builder.open_cell()
            self._lines.forget()
            if element.spans is not None:
                builder.span_cell(*element.spans)
        elif role is _ROW and builder.in_table:
            builder.open_row()
        elif role is not _INLINE:
            self._start_other(role, element)

    def _is_shown(self, element: Element) -> bool:
        """Take note of what is unusual about an element and say whether it is visible."""
        role, depth = element.role, len(self._open)
        if role is _TITLE and self._title is None:
            self._title = []
            self._in_title = True
        if self._hidden or role is Role.HIDDEN or role is _TITLE:
            self._hidden += 1
            return False
        self._struck += element.struck
        if element.script is not None:
            self._scripts.append(element.script)
        if element.furniture is not None and self.builder.furniture is None:
            self.builder.furniture = element.furniture
            self._furniture_at = depth
        if element.content_rank is not None and self.builder.enter_content(element.content_rank):
            self._content_at[depth] = element.content_rank
        return True

    def _start_other(self, role: Role, element: Element) -> None:
        builder = self.builder
        if role is _LINK:
            builder.link(element.url or "")
        elif role is _LINE_BREAK:
            builder.line_break()
        elif role is _HEADER_CELL and builder.in_table:
            builder.open_header_cell()
            self._lines.forget()
            if element.spans is not None:
                builder.span_cell(*element.spans)
        elif role is _TABLE:
            builder.open_table()
        else:
            self._start_block(role, element)

    def _start_block(self, role: Role, element: Element) -> None:
        builder = self.builder
        builder.paragraph()
        if role is Role.ITEM:
            self._start_item(element)
        elif role is Role.LIST:
            first = element.marker.removesuffix(".")
            self._lists.append(_List(int(first) if first.isdigit() else None))
        elif role is Role.HEADING:
            builder.heading(element.level)
        elif role is Role.PREFORMATTED:
            self._preformatted += 1

    def _start_item(self, element: Element) -> None:
        level = max(1, len(self._lists))
        marker = self._lists[-1].marker(element.number) if self._lists else "*"
        self._items.append(level)
        self.builder.inside_item(level)
        self.builder.item(level, marker)

    def end(self) -> None:
        """Leave the element that was entered last."""
        element = self._open.pop()
        role, builder = element.role, self.builder
        if self._hidden:
            self._hidden -= 1
            if role is _TITLE:
                self._in_title = False
            return
        if self._struck_out and (role is not _INLINE or element.struck):
            self._tell_struck_out()
        if role is _CELL and builder.in_table:
            builder.close_cell()
        elif role is _ROW and builder.in_table:
            builder.close_row()
        elif role is not _INLINE:
            self._end_other(role)
        if not element.usual:
            self._struck -= element.struck
            if element.script is not None:
                self._scripts.pop()
            self._leave(len(self._open) + 1)

    def _leave(self, depth: int) -> None:
        if depth in self._content_at:
            self.builder.leave_content(self._content_at.pop(depth))
        if depth == self._furniture_at:
            self.builder.furniture = None
            self._furniture_at = 0

    def _end_other(self, role: Role) -> None:
        builder = self.builder
        if role is _LINK:
            builder.end_link()
        elif role is _HEADER_CELL and builder.in_table:
            builder.close_cell()
        elif role is _TABLE:
            builder.close_table()
        elif role is not _LINE_BREAK:
            self._end_block(role)

    def _end_block(self, role: Role) -> None:
        builder = self.builder
        builder.paragraph()
        if role is Role.ITEM:
            builder.end_item()
            self._items.pop()
            builder.inside_item(self._items[-1] if self._items else 0)
        elif role is Role.LIST:
            self._lists.pop()
        elif role is Role.HEADING:
            builder.end_heading()
        elif role is Role.PREFORMATTED:
            self._preformatted -= 1

    @property
    def skips_space(self) -> bool:
        """Whether white space shows nothing here: no line is open, and none is kept as typed."""
        return not (self.builder.is_open or self._preformatted or self._in_title)

    def text(self, text: str, offset: int) -> None:
        """Take a text node that stands in the source as it is, from ``offset`` on."""
        builder = self.builder
        if self._hidden:
            if self._in_title and self._title is not None:
                self._title.append(text)
        elif self._struck:
            self._struck_out.append((text, offset))
        elif text.isspace() and not self._preformatted and HARD_BREAK not in text:
            if builder.is_open:
                builder.add(" ", offset)
        elif self._scripts:
            add_raised(builder, text, offset, self._scripts[-1])
        elif self._has_lines(text):
            self._lined_text(((text, offset),), text)
        else:
            builder.add(text, offset)

    def text_in_stretches(self, stretches: Sequence[Stretch]) -> None:
        """Take a text node that stands in the source in several stretches."""
        if len(stretches) == 1:
            self.text(*stretches[0])
        elif self._hidden:
            if self._in_title and self._title is not None:
                self._title.extend(text for text, _ in stretches)
        elif self._struck:
            self._struck_out.extend(stretches)
        elif self._scripts:
            for piece, offset in stretches:
                add_raised(self.builder, piece, offset, self._scripts[-1])
        else:
            text = joined(stretches)
            if self._has_lines(text):
                self._lined_text(stretches, text)
            else:
                for piece, offset in stretches:
                    self.builder.add(piece, offset)

    def show(self, thing: Thing, offset: int) -> None:
        """Take something without text of its own that stands in the source from ``offset`` on."""
        if not self._hidden:
            self.builder.show(thing, offset)

    def _tell_struck_out(self) -> None:
        """Tell of the text that was struck out since the last break."""
        what = plain_line(joined(self._struck_out))
        if what is not None:
            first = next(offset for text, offset in self._struck_out if plain_line(text) is not None)
            self.builder.omit(PAGE_STRUCK_OUT, what, first)
        self._struck_out.clear()

    def _has_lines(self, text: str) -> bool:
        """Say whether the line ends in a text node, or a bullet, may matter."""
        if "\n" in text and (self._preformatted or "\n" in text.strip() or BLANK_LINE.search(text)):
            return True
        return HARD_BREAK in text or (not self.builder.is_open and BULLET.match(text.lstrip()) is not None)

    def _lined_text(self, stretches: Sequence[Stretch], text: str) -> None:
        """Add a text node whose lines may matter.

        A browser shows a line end as a space. But the authors of THO's metadata records type paragraphs and
        bullets into a ``<div>``; so a text node with a blank line in it is read as the plain text it is, and
        a line that starts with a bullet is an item in any text.
        """
        if self._preformatted or (BLANK_LINE.search(text) and not text.isspace()):
            add_lines(self.builder, self._lines, stretches)
            return
        for number, (line, end) in enumerate(split_lines(stretches)):
            self._soft_line(line, is_first=not number)
            if end is None:
                continue
            if end[0] == HARD_BREAK:
                end_line(self.builder, end)
            elif self.builder.is_open:
                self.builder.add(" ", end[1])

    def _soft_line(self, line: Sequence[Stretch], *, is_first: bool) -> None:
        """Add a line of which a browser shows the ends as spaces."""
        builder = self.builder
        if is_blank(line):
            if builder.is_open:
                builder.add(" ", line[0][1])
        elif not builder.is_open:
            self._lines.line(line)
        elif not is_first and not builder.in_heading and self._lines.starts_item(joined(line)):
            builder.line_break()
            self._lines.line(line)
        else:
            for text, offset in line:
                builder.add(text, offset)
