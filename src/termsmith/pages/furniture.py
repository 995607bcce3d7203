"""Telling page furniture from content, by the table `furniture.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from termsmith.model.page import Block, BlockKind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PAGE_TITLE = "page title"
"""Why the title of the page, printed above it, is furniture."""

LONGEST_LINE = 1_000
"""No line of furniture is longer; longer lines are not compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Lines of furniture with their reasons."""

    texts: Mapping[str, str]
    """Folded line -> reason."""
    pattern: re.Pattern[str]
    """All patterns in one; the name of the group that matched is a key of ``reasons``."""
    reasons: Mapping[str, str]

    def reason(self, line: str) -> str | None:
        """Return why a line is furniture; None when it is not."""
        folded = " ".join(line.split()).casefold()
        if folded in self.texts:
            return self.texts[folded]
        found = self.pattern.fullmatch(folded)
        return self.reasons[found.lastgroup] if found and found.lastgroup else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """The table."""

    contents: Mapping[str, int]
    """Selector of an element that holds the page proper -> its rank, 0 the best."""
    elements: Mapping[str, str]
    """Selector -> reason."""
    lines: Lines
    below: Lines

    def element_reason(self, selectors: Iterable[str]) -> str | None:
        """Return why an element with these selectors is furniture; None when it is not."""
        return next((self.elements[each] for each in selectors if each in self.elements), None)

    def content_rank(self, selectors: Iterable[str]) -> int | None:
        """Return how surely an element with these selectors holds the page proper; None when it doesn't."""
        return min((self.contents[each] for each in selectors if each in self.contents), default=None)


@cache
def furniture() -> Furniture:
    """Return the shipped table."""
    path = Path(__file__).parent / "furniture.toml"
    return load_furniture(path.read_text(encoding="utf-8"))


def load_furniture(toml: str) -> Furniture:
    """Return the table that ``toml`` describes."""
    table = tomllib.loads(toml)
    return Furniture(
        contents={selector: rank for rank, selector in enumerate(table["content"])},
        elements={selector: entry["reason"] for entry in table["element"] for selector in entry["match"]},
        lines=_lines(table["line"]),
        below=_lines(table["below"]),
    )


def _lines(entries: list[dict[str, Any]]) -> Lines:
    groups = {
        f"g{number}": "|".join(entry["pattern"]) for number, entry in enumerate(entries) if "pattern" in entry
    }
    return Lines(
        texts={
            " ".join(text.split()).casefold(): entry["reason"]
            for entry in entries
            for text in entry.get("text", ())
        },
        pattern=re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in groups.items())),
        reasons={f"g{number}": entry["reason"] for number, entry in enumerate(entries)},
    )


def mark_lines(text: str, items: tuple[Block | Table, ...]) -> tuple[Block | Table, ...]:
    """Return the items with the lines of furniture outside tables marked, and all below the last line.

    Args:
        text: The page's text.
        items: The page's items, which may have furniture already.
    """
    table = furniture()
    marked: list[Block | Table] = []
    for index, item in enumerate(items):
        if not isinstance(item, Block) or item.furniture or item.end - item.start > LONGEST_LINE:
            marked.append(item)
            continue
        line = text[item.start : item.end]
        if reason := table.below.reason(line):
            rest = outside_is_furniture(items[index:], 0, 0, reason)
            return (*marked, *rest)
        reason = table.lines.reason(line)
        marked.append(item._replace(furniture=reason) if reason else item)
    return tuple(marked)


def title_block(items: tuple[Block | Table, ...]) -> Block | None:
    """Return the heading that is the title of the page.

    That is the only first-level heading; on a page without one, the only heading before the first table.
    """
    headings = [
        item
        for item in items
        if isinstance(item, Block) and item.kind is BlockKind.HEADING and item.furniture is None
    ]
    first_level = [heading for heading in headings if heading.level == 1]
    if first_level:
        return first_level[0] if len(first_level) == 1 else None
    before_table = _before_first_table(items)
    if before_table is None:
        return None
    above = [heading for heading in headings if heading.start < before_table]
    return above[0] if len(above) == 1 else None


def _before_first_table(items: tuple[Block | Table, ...]) -> int | None:
    for item in items:
        if isinstance(item, Table):
            starts = [block.start for row in item.rows for cell in row.cells for block in cell.blocks]
            if starts:
                return min(starts)
    return None


def outside_is_furniture(
    items: tuple[Block | Table, ...], start: int, end: int, reason: str
) -> tuple[Block | Table, ...]:
    """Return the items with all blocks outside a range of offsets as furniture.

    Args:
        items: Blocks and tables of a page.
        start: Offset at which the content starts.
        end: Offset behind the content.
        reason: Why the rest is furniture, where there is no reason yet.
    """

    def marked(block: Block) -> Block:
        if block.furniture is not None or start <= block.start < end:
            return block
        return block._replace(furniture=reason)

    return tuple(
        marked(item)
        if isinstance(item, Block)
        else replace(
            item,
            rows=tuple(
                Row(
                    cells=tuple(
                        cell._replace(blocks=tuple(marked(block) for block in cell.blocks))
                        for cell in row.cells
                    )
                )
                for row in item.rows
            ),
        )
        for item in items
    )
