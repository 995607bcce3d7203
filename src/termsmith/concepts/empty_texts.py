"""Cells of code tables that are filled, but with nothing: dashes, errors of formulas, words such as TBD.

A code is never one of them: ``N/A`` and ``-`` may well be codes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.concepts.columns import ColumnRole
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from termsmith.concepts.columns import Column
    from termsmith.concepts.survey import Survey

_DASH = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_DASHES = frozenset(dash * number for dash in _DASH for number in (1, 2, 3))
_ERRORS = frozenset(
    {
        "#N/A", "#NV", "#REF!", "#BEZUG!", "#NAME?", "#VALUE!", "#WERT!", "#DIV/0!", "#NUM!", "#ZAHL!",
        "#NULL!",
    }
)  # fmt: skip
_NOTHING = _DASHES | _ERRORS
_FORMS = ("n/a", "n.a.", "tbd", "tba", "tbc", "todo", "none", "null", "to be determined", "not assigned")
_WORDS = frozenset(
    form for words in _FORMS for form in (words, words.upper(), words.capitalize(), words.title())
)
_SUSPECT = _NOTHING | _WORDS
TEXTS = frozenset({ColumnRole.DISPLAY, ColumnRole.DEFINITION, ColumnRole.DESIGNATION})
"""The roles of columns whose cells are texts of a concept."""


def filled(cells: Sequence[str], codes: Sequence[str]) -> Sequence[str]:
    """Return cells, those that are certain to hold nothing as empty ones; a code may be its own display.

    >>> filled(["Leaf", "—", "#REF!", "-", "N/A"], ["A", "B", "C", "-", "E"])
    ['Leaf', '', '', '-', 'N/A']
    """
    if _NOTHING.isdisjoint(cells):
        return cells
    return [
        "" if cell in _NOTHING and cell != code else cell for cell, code in zip(cells, codes, strict=True)
    ]


def tell(column: Column, cells: Sequence[str], codes: Sequence[str], first: int, surveyed: Survey) -> None:
    """Tell the cells of a column that hold nothing, and those of which this may be so.

    Args:
        column: A column of texts.
        cells: Its cells in a chunk of rows.
        codes: The codes of these rows.
        first: Number of the first row.
        surveyed: Takes the findings.
    """
    if _SUSPECT.isdisjoint(cells):
        return
    for row, (cell, code) in enumerate(zip(cells, codes, strict=True), start=first):
        if cell not in _SUSPECT or cell == code or not code:
            continue
        facts = {"header": column.header, "code": code, "text": cell}
        place = surveyed.place(row, column)
        if cell in _WORDS:
            surveyed.told.add(catalogue.TABLE_TEXT_DOUBTFUL, place, **facts)
        else:
            severity = Severity.WARNING if cell in _ERRORS else Severity.INFORMATION
            surveyed.told.add(catalogue.TABLE_TEXT_EMPTY, place, severity=severity, **facts)
