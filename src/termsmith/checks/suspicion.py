"""Texts that a closer look is worth, found by one quick look at each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from termsmith.checks.columns import Column

_SUSPICIOUS = re.compile(
    r"^\s|\s\Z|[<\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|[\u202a-\u202e\u2066-\u2069\ufffd]"
    r"|[\xc2\xc3\xe2][\x80-\xbf\u20ac\u2122]|#[A-Z]"
)
"""White space at the ends, tags, control and direction characters, signs of wrongly decoded text, and
errors of spreadsheets."""

_MARKS = "<#\xc2\xc3\xe2\ufffd"


class Suspect(NamedTuple):
    """A text that is worth a closer look."""

    type: str
    """``string`` or ``markdown``."""
    value: str
    pointer: str


def suspects(columns: Iterable[tuple[str, Column[str]]]) -> list[Suspect]:
    """Return the suspicious texts of columns with their types, in order."""
    search = _SUSPICIOUS.search
    found = []
    for kind, column in columns:
        if not _is_plain(column.values):
            found += [
                Suspect(kind, value, column.pointer(index))
                for index, value in enumerate(column.values)
                if search(value) is not None
            ]
    return found


def _is_plain(values: Sequence[str]) -> bool:
    """Tell whether nothing in a column is suspicious, by means that look at all of it at once."""
    together = "".join(values)
    if not together.isprintable() or any(mark in together for mark in _MARKS):
        return False
    return [value.strip() for value in values] == values
