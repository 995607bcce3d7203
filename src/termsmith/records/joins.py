"""How labels and values are joined on a line: glued, by a blank, by a colon, with hints between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.dialects.labels import fold, match_prefix
from termsmith.dialects.table import START_LENGTH

if TYPE_CHECKING:
    from termsmith.dialects.table import Dialect, Label
    from termsmith.model.page import Page

LONGEST_LABEL = 240
"""Characters of a line or cell in which a label is looked for."""
SEPARATORS = " :\t"
COLON = "colon"


def joins_on(page: Page, dialect: Dialect) -> frozenset[str]:
    """Return how the page's long labels are joined to their values: ``glued``, ``blank``, ``colon``.

    A label with a colon behind it is always taken as one. Short labels (``Name``, ``Version``) at the start
    of a line count only when long ones are joined to their values in the same way.
    """
    joins = {COLON}
    for block in page.blocks:
        if block.furniture is not None or block.address is not None:
            continue
        text = page.text[block.start : block.end]
        folded = fold(text[:LONGEST_LABEL])
        for start, label in dialect.by_start.get(folded[:START_LENGTH], ()):
            if (label.is_long or label.is_section) and folded.startswith(start):
                match = match_prefix(text, start)
                if match is not None and (rest := without_hints(text[match.end :], label)):
                    joined = join_of(rest)
                    if label.is_long or starts_with_row(rest, label, dialect):
                        joins.add(joined)
    return frozenset(joins)


def starts_with_row(rest: str, section: Label, dialect: Dialect) -> bool:
    """Whether a text starts with the label of a row of a section."""
    folded = fold(rest[:LONGEST_LABEL])
    return any(
        label.section == section.section and not label.is_section and folded.startswith(label.folds)
        for label in dialect.labels
    )


def join_of(rest: str) -> str:
    """Return how what follows a label is joined to it."""
    if rest.lstrip(" \t")[:1] == ":":
        return COLON
    return "blank" if rest[:1] in (" ", "\t") else "glued"


def without_hints(rest: str, label: Label) -> str:
    """Return what follows a label, less separators and hints; empty when that is all."""
    if not rest.strip(SEPARATORS):
        return ""
    for hint in label.hint_folds:
        stripped = rest.lstrip("-–— ")
        match = match_prefix(stripped, hint)
        if match is not None:
            rest = stripped[match.end :]
    return rest if rest.strip(SEPARATORS) else ""


def skip_separators(text: str, start: int, end: int) -> int:
    """Return where blanks and colons from ``start`` on end."""
    while start < end and text[start] in SEPARATORS:
        start += 1
    return start


def text_before(text: str, label: str) -> str:
    """Return what stands before a label that ends a line, without white space behind it."""
    if len(text) <= len(label) or text[-len(label) :].casefold() != label.casefold():
        return ""
    return text[: -len(label)].rstrip()
