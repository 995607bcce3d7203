"""How far a page has been read: the section and label at hand, and what can come next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from termsmith.dialects.table import Dialect, Label

_LOST_SECTION_LETTERS = 10
"""A row label may stand without its section's label when it has this many folded letters."""


class Progress:
    """The labels of a page so far."""

    def __init__(self, dialect: Dialect) -> None:
        """Start before the first label."""
        self.dialect = dialect
        self.section: int | None = None
        """Number of the section at hand."""
        self.last: Label | None = None
        self.last_end = 0
        """Offset behind the last label."""
        self.seen: set[Label] = set()
        self.unknown = 0
        """Rows since the last label that have another label in its place."""

    def enter(self, label: Label, end: int) -> None:
        """Take a label that ends at an offset as the one at hand."""
        self.section = label.section
        self.last = label
        self.last_end = end
        self.seen.add(label)
        self.unknown = 0

    def in_order(self, label: Label) -> bool:
        """Whether a label can come next, given the section and the label before it."""
        if self.last is None or self.dialect.any_order:
            return True
        later = label.order > self.last.order
        if label.is_section:
            return later
        if label.section == self.section:
            return later or label.repeats
        shared = len(self.dialect.by_fold[label.folds[0]]) > 1
        return later and not shared and len(label.folds[0]) >= _LOST_SECTION_LETTERS

    def distance(self, label: Label) -> int:
        """Return how far a label is from the one before, in the dialect's order."""
        return abs(label.order - (self.last.order if self.last else 0))

    def expected(self) -> Label | None:
        """Return the label that the template has in this row, when it is in the section at hand."""
        if self.last is None:
            return None
        order = self.last.order + 1 + self.unknown
        following = [label for label in self.dialect.labels if label.order == order]
        if following and following[0].section == self.section and following[0] not in self.seen:
            return following[0]
        return None

    def may_fill_cell(self, label: Label, *, sections_too: bool) -> bool:
        """Whether a label can be what a cell at the start of a row prints."""
        if label.is_section:
            return sections_too
        if label.section == self.section or self.section is None:
            return True
        return sections_too and len(self.dialect.by_fold[label.folds[0]]) == 1
