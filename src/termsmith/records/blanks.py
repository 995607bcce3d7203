"""Printed text that means "no value here"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from termsmith.dialects.table import Blank, Dialect

_LONGEST_BLANK = 200
_MOST_BLANKS = 4
"""Cells of one row that can have been joined on one line in copying (``— —``)."""


def blank(dialect: Dialect, text: str) -> Blank | None:
    """Return why a text is no value; absent when it is one."""
    text = text.strip()
    if not text or len(text) > _LONGEST_BLANK:
        return None
    if dialect.any_blank.fullmatch(text) is None:
        parts = text.split()
        if len(parts) > _MOST_BLANKS or not all(map(dialect.any_blank.fullmatch, parts)):
            return None
        text = parts[0]
    for each in dialect.blanks:
        if each.pattern.fullmatch(text):
            return each
    return None
