"""Plain text copied from a browser."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from termsmith.pages.builder import PageBuilder
from termsmith.pages.lines import TypedLines, add_lines
from termsmith.pages.reader import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from termsmith.model.page import Positions
    from termsmith.pages.characters import SourceText

_BETWEEN = " \t\u00a0"
_WIDEST_GAP = 200


def is_plain(_: SourceText) -> bool:
    """Say yes: any text is plain text."""
    return True


def read_plain(source: SourceText) -> Reading:
    """Read a text of which every line is a block."""
    builder = PageBuilder()
    add_lines(builder, TypedLines(builder), [(source.text, 0)])
    draft = builder.finish(source)
    if "\t" not in source.original:
        return Reading(draft=draft)
    return Reading(draft=replace(draft, tabs=_tabs(draft.positions, source.original.split("\n"))))


def _tabs(positions: Positions, lines: Sequence[str]) -> dict[int, int]:
    """Return the tabs before words, by the offset of the word; not those before a line's first word."""
    found = {}
    places = zip(positions.offsets, positions.lines, positions.columns, strict=True)
    for offset, line, column in places:
        before = lines[line - 1][max(0, column - 1 - _WIDEST_GAP) : column - 1]
        words = before.rstrip(_BETWEEN)
        if words and (tabs := before.count("\t", len(words))):
            found[offset] = tabs
    return found
