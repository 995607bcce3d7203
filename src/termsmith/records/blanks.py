"""Printed text that means "no value here"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from termsmith.dialects.table import Blank, Dialect

_LONGEST_BLANK = 200


def blank(dialect: Dialect, text: str) -> Blank | None:
    """Return why a text is no value; absent when it is one."""
    text = text.strip()
    if not text or len(text) > _LONGEST_BLANK or dialect.any_blank.fullmatch(text) is None:
        return None
    for each in dialect.blanks:
        if each.pattern.fullmatch(text):
            return each
    return None
