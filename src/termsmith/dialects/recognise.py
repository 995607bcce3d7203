"""Which dialect a page is written in: the table whose labels it prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.dialects.labels import fold
from termsmith.dialects.table import START_LENGTH
from termsmith.errors import PageError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from termsmith.dialects.table import Dialect, Label
    from termsmith.model.page import Page

_LONGEST_LABEL = 160
"""Characters at the start of a line in which a label can stand."""
_SHARE_THAT_FITS = 0.4
_FEWEST_LABELS = 2
_SURE_PREFIX = 10
"""Folded letters of a label that counts even with a value glued to it."""


def labels_on(page: Page, dialect: Dialect) -> set[Label]:
    """Return the labels of a dialect that a page prints at the start of a cell or line.

    A text that several labels share (``Website`` of owner and of publisher) counts for all of them.
    """
    found: set[Label] = set()
    for text in _starts(page):
        _add_labels(text, dialect, found)
    return found


def recognise(page: Page, dialects: Sequence[Dialect]) -> Dialect:
    """Return the dialect that fits a page best.

    Raises:
        PageError: DIA001, when no table fits; DIA002, when two fit equally well.
    """
    scored = sorted(
        ((_score(labels_on(page, dialect), dialect), dialect) for dialect in dialects),
        key=lambda pair: (-pair[0], pair[1].id),
    )
    fitting = [(score, dialect) for score, dialect in scored if score >= _SHARE_THAT_FITS]
    if not fitting:
        nearest = ", ".join(f"{dialect.id} {score:.0%}" for score, dialect in scored[:3])
        raise PageError(catalogue.NO_DIALECT.found(nearest=nearest or "none known"))
    if len(fitting) > 1 and fitting[0][0] == fitting[1][0]:
        raise PageError(catalogue.TWO_DIALECTS.found(first=fitting[0][1].id, second=fitting[1][1].id))
    return fitting[0][1]


def named(dialect_id: str, dialects: Sequence[Dialect]) -> Dialect:
    """Return the dialect with an id.

    Raises:
        UsageError: USE002, when there is none.
    """
    for dialect in dialects:
        if dialect.id == dialect_id:
            return dialect
    known = ", ".join(dialect.id for dialect in dialects)
    raise UsageError("USE002", f"there is no dialect {dialect_id!r}", f"Known dialects: {known}.")


def _starts(page: Page) -> set[str]:
    starts = set()
    for block in page.blocks:
        if block.furniture is None:
            start = page.text[block.start : min(block.end, block.start + _LONGEST_LABEL)]
            starts.add(fold(start))
            before, colon, _ = start.partition(":")
            if colon:
                starts.add(fold(before))
    return starts


def _add_labels(text: str, dialect: Dialect, found: set[Label]) -> None:
    """Add the labels at the start of a folded text, and those glued behind them."""
    for start, label in dialect.by_start.get(text[:START_LENGTH], ()):
        if not text.startswith(start):
            continue
        rest = text[len(start) :]
        for hint in label.hint_folds:
            rest = rest.removeprefix(hint)
        if not rest or len(start) >= _SURE_PREFIX:
            found.add(label)
            if rest:
                _add_labels(rest, dialect, found)


def _score(found: set[Label], dialect: Dialect) -> float:
    """Return the share of a dialect's labels that were found; 0 when too few to tell."""
    if len({label.text for label in found}) < _FEWEST_LABELS:
        return 0.0
    return min(1.0, sum(not label.optional for label in found) / dialect.counted)
