"""Plain text copied from a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.pages.builder import PageBuilder
from termsmith.pages.lines import TypedLines, add_lines
from termsmith.pages.reader import Reading

if TYPE_CHECKING:
    from termsmith.pages.characters import SourceText


def is_plain(_: SourceText) -> bool:
    """Say yes: any text is plain text."""
    return True


def read_plain(source: SourceText) -> Reading:
    """Read a text of which every line is a block."""
    builder = PageBuilder()
    add_lines(builder, TypedLines(builder), [(source.text, 0)])
    return Reading(draft=builder.finish(source))
