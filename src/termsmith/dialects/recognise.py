"""Which dialect a page is written in: the table whose labels it prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.dialects.labels import fold
from termsmith.dialects.lists import list_tables
from termsmith.dialects.table import START_LENGTH
from termsmith.errors import PageError, UsageError
from termsmith.pages.furniture import PAGE_TITLE

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from termsmith.dialects.table import Dialect, Label
    from termsmith.model.page import Page

_LONGEST_LABEL = 160
"""Characters at the start of a line in which a label can stand."""
_LONGEST_LINE = 1_000
"""Characters of a line that is looked at for what a dialect's pages have."""
_NAMED = 3
"""Dialects that a page without one is said to be nearest to, at most."""
_SHARE_THAT_FITS = 0.4
_FEWEST_LABELS = 2
_SURE_PREFIX = 10
"""Folded letters of a label that counts even with a value glued to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """A dialect and how many of its labels a page prints."""

    dialect: Dialect
    labels: int
    """Number of labels found, optional ones not counted. A text that several labels share (``Website`` of
    owner and of publisher) counts for all of them."""
    columns: int | None = None
    """Number of columns that a list should have; absent where the page has no list of the dialect."""

    @property
    def share(self) -> float:
        """Share of the dialect's labels that the page prints; 0 when too few to tell."""
        if self.labels < _FEWEST_LABELS:
            return 0.0
        return self.labels / self.total

    @property
    def total(self) -> int:
        """Number of labels that the page should print."""
        return self.dialect.counted if self.columns is None else self.columns


def measure(page: Page, dialects: Sequence[Dialect]) -> list[Recognition]:
    """Return how well each dialect fits a page, best first; of those that fit equally, in the order given."""
    starts = _starts(page)
    found = [_measured(page, starts, dialect) for dialect in dialects]
    return sorted(found, key=lambda each: -each.share)


def _nearest(measured: Sequence[Recognition]) -> str:
    near = [f"{each.dialect.id} {share}" for each in measured if (share := f"{each.share:.0%}") != "0%"]
    return f"nearest: {', '.join(near)}" if near else "none comes near"


def recognise(page: Page, dialects: Sequence[Dialect]) -> Recognition:
    """Return the dialect that fits a page best.

    Raises:
        PageError: DIA001, when no table fits; DIA002, when two fit equally well.
    """
    measured = measure(page, dialects)
    fitting = [each for each in measured if each.share >= _SHARE_THAT_FITS]
    if not fitting:
        raise PageError(catalogue.NO_DIALECT.found(nearest=_nearest(measured[:_NAMED])))
    if len(fitting) > 1 and fitting[0].share == fitting[1].share:
        first, second = fitting[0].dialect.id, fitting[1].dialect.id
        raise PageError(catalogue.TWO_DIALECTS.found(first=first, second=second))
    return fitting[0]


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


def _measured(page: Page, starts: set[str], dialect: Dialect) -> Recognition:
    """Measure by the head of a list, or by labels that stand outside of lists."""
    lists = list_tables(page, dialect)
    if lists:
        best = max(lists, key=lambda found: found.known)
        return Recognition(dialect=dialect, labels=best.known, columns=best.layout.needed)
    return Recognition(dialect=dialect, labels=_counted(page, starts, dialect))


def begins_with_label(dialects: Sequence[Dialect], line: str) -> bool:
    """Whether a line is, or surely begins with, a label or sentence of any dialect."""
    text = fold(line[:_LONGEST_LABEL])
    with_colon = fold(line.partition(":")[0]) if ":" in line[:_LONGEST_LABEL] else ""
    for dialect in dialects:
        if with_colon and with_colon in dialect.by_fold:
            return True
        # A short label without a colon may as well be a word in a cell.
        if any(label.is_section for label in dialect.by_fold.get(text, ())):
            return True
        for start, label in dialect.by_start.get(text[:START_LENGTH], ()):
            if label.is_long and text.startswith(start):
                return True
        if len(line) <= _LONGEST_LINE and any(each.pattern.fullmatch(line) for each in dialect.sentences):
            return True
    return False


def _counted(page: Page, starts: set[str], dialect: Dialect) -> int:
    """Return how many labels a page prints; none when it lacks what all pages of the dialect have."""
    if dialect.inline_label is not None:
        starts = starts | _inside_lines(page, dialect.inline_label)
    number = _count(starts, dialect)
    if number < _FEWEST_LABELS or not (dialect.needs or dialect.unless):
        return number
    lines = [
        page.text[block.start : block.end]
        for block in page.blocks
        if block.furniture in {None, PAGE_TITLE} and block.end - block.start <= _LONGEST_LINE
    ]
    if dialect.needs and not _any_matches(dialect.needs, lines):
        return 0
    return 0 if _any_matches(dialect.unless, lines) else number


def _any_matches(patterns: Sequence[re.Pattern[str]], lines: Sequence[str]) -> bool:
    return any(pattern.fullmatch(line) for pattern in patterns for line in lines)


def _inside_lines(page: Page, label: re.Pattern[str]) -> set[str]:
    """Return the labels with a colon behind them that stand inside lines, folded."""
    return {
        fold(found[0])
        for block in page.blocks
        if block.furniture is None and block.end - block.start <= _LONGEST_LINE
        for found in label.finditer(page.text, block.start, block.end)
    }


def _starts(page: Page) -> set[str]:
    starts = set()
    for block in page.blocks:
        in_cell = block.address is not None
        if block.furniture is None and not (in_cell and block.end - block.start > _LONGEST_LABEL):
            start = page.text[block.start : min(block.end, block.start + _LONGEST_LABEL)]
            starts.add(fold(start))
            before, colon, _ = start.partition(":")
            if colon:
                starts.add(fold(before))
    return starts


def _count(starts: set[str], dialect: Dialect) -> int:
    found: set[Label] = set()
    for text in starts:
        if text[:START_LENGTH] in dialect.by_start:
            _add_labels(text, dialect, found)
    # Heads of a list tell something only where there is a list: a line "OID: ..." stands on other pages too.
    return sum(not label.optional for label in found - dialect.of_lists)


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
