"""Pages made of plain lines, for tests of what comes after reading."""

from __future__ import annotations

import re

from termsmith.model.page import Block, BlockKind, Link, Page, Positions


def page_of(text: str, *, links: tuple[Link, ...] = (), source: str = "page.txt") -> Page:
    """Return a page with a block for each line of a text; empty lines make gaps, ``* `` or ``1. `` makes an item."""
    blocks = []
    lines, offsets = [], []
    start = 0
    gap = True
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            numbered = re.match(r"\d\.(?= )", line)
            marker = "*" if line.startswith("* ") else numbered[0] if numbered else ""
            blocks.append(
                Block(
                    start=start + (len(marker) + 1 if marker else 0),
                    end=start + len(line),
                    gap=gap,
                    kind=BlockKind.ITEM if marker else BlockKind.TEXT,
                    level=1 if marker else 0,
                    marker=marker,
                )
            )
            lines.append(number)
            offsets.append(start)
        gap = not line.strip()
        start += len(line) + 1
    positions = Positions(offsets=tuple(offsets), lines=tuple(lines), columns=(1,) * len(lines))
    return Page(
        source=source, format="text", text=text, items=tuple(blocks), positions=positions, links=links
    )
