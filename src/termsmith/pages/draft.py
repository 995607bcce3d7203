"""A page without its circumstances, and what can be told of it when all its text is there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from itertools import accumulate, count
from operator import add
from typing import TYPE_CHECKING

from termsmith.catalogue import PAGE_CONTROL, PAGE_ENTITY_RESIDUE, PAGE_REPLACEMENT
from termsmith.model.page import Block, Link, Positions, Table
from termsmith.pages.characters import RESIDUE, control_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from termsmith.model.finding import Finding
    from termsmith.pages.characters import SourceText
    from termsmith.pages.unread import Unread


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A page without its circumstances: what a builder has put together."""

    text: str
    items: tuple[Block | Table, ...]
    positions: Positions
    links: tuple[Link, ...]
    findings: tuple[Finding, ...]
    indents: Mapping[int, int] = field(default_factory=dict)
    """As `Page.indents`."""
    tabs: Mapping[int, int] = field(default_factory=dict)
    """As `Page.tabs`."""
    unread: tuple[Unread, ...] = ()
    """What is seen on the page and not in the text."""


_BLANKS = re.compile(r"(?:[\u00a0\u2000-\u200a\u202f\u205f\u3000]|&nbsp;|&#160;|&#[xX]0*[aA]0;|&e[mn]sp;)+\Z")
"""Blanks that are shown, at the end of a stretch of source."""
_LONGEST_INDENT = 400


def indents(
    items: Iterable[Block | Table], offsets: Sequence[int], source_offsets: Sequence[int], source: str
) -> dict[int, int]:
    """Return how many blanks are shown before the first blocks of table cells that have any."""
    found = {}
    for item in items:
        if isinstance(item, Block):
            continue
        for cell in (cell for row in item.rows for cell in row.cells if cell.blocks):
            start = cell.blocks[0].start
            at = source_offsets[bisect_right(offsets, start) - 1]
            before = source[at - 1 : at]
            if before in {";", ""} or before.isspace():
                blanks = _BLANKS.search(source[max(0, at - _LONGEST_INDENT) : at].rstrip(" \t\n"))
                if blanks is not None:
                    found[start] = len(re.sub(r"&[^;]+;", " ", blanks[0]))
    return found


def positions(offsets: Sequence[int], source_offsets: Sequence[int], source: str) -> Positions:
    """Return lines and columns of offsets in the source, as anchors of offsets in the page's text."""
    starts = [0, *map(add, accumulate(map(len, source.split("\n"))), count(1))]
    lines = [bisect_right(starts, offset) for offset in source_offsets]
    return Positions(
        offsets=tuple(offsets),
        lines=tuple(lines),
        columns=tuple(
            offset - starts[line - 1] + 1 for offset, line in zip(source_offsets, lines, strict=True)
        ),
    )


def character_findings(
    text: str,
    source: SourceText,
    *,
    hidden: Counter[str],
    unseen: Sequence[int],
    hard_breaks: Sequence[int],
) -> Iterator[Finding]:
    """Yield what is to be said of a page's characters.

    Args:
        text: The page's text.
        source: What it was read from.
        hidden: Characters that are not shown and stand in the source as references.
        unseen: Source offsets of the others that are not shown.
        hard_breaks: Source offsets of characters that were read as line breaks.
    """
    left_out = hidden + Counter(source.original[offset] for offset in unseen)
    controls = {name: count for char, count in left_out.items() if (name := control_name(char))}
    if controls:
        yield PAGE_CONTROL.found(count=sum(controls.values()), names=", ".join(sorted(controls)))
    if lost := text.count("\N{REPLACEMENT CHARACTER}"):
        yield PAGE_REPLACEMENT.found(count=lost)
    residues = [found[0] for offset in hard_breaks if (found := RESIDUE.match(source.original, offset))]
    if residues:
        yield PAGE_ENTITY_RESIDUE.found(count=len(residues), text=residues[0].strip())
