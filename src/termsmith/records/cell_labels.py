"""Finding labels in table cells, where a cell is a label as a whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from termsmith.dialects.labels import fold
from termsmith.dialects.slips import SHORTEST_CUT_CELL, is_slip, looks_alike
from termsmith.records.joins import LONGEST_LABEL

if TYPE_CHECKING:
    from termsmith.dialects.table import Label
    from termsmith.records.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLabel:
    """A label that a cell prints."""

    label: Label
    slip: bool = False
    """It is misspelt by one letter, or its end is cut off."""


class CellLabels:
    """Looks for labels in the cells of one page."""

    def __init__(self, progress: Progress) -> None:
        """Take how far the page has been read."""
        self._progress = progress

    def of(self, text: str, *, sections_too: bool) -> CellLabel | None:
        """Return the label that a cell prints, if it prints nothing else but hints."""
        if not text or len(text) > LONGEST_LABEL:
            return None
        folded = fold(text)
        exact = self._progress.dialect.by_fold.get(folded) or [
            label
            for start, label in self._progress.dialect.starting(folded)
            if folded.startswith(start) and not _without_hint_folds(folded[len(start) :], label)
        ]
        choices = [label for label in exact if self._progress.may_fill_cell(label, sections_too=sections_too)]
        if choices:
            nearest = min(choices, key=lambda label: (-len(label.folds[0]), self._progress.distance(label)))
            return CellLabel(label=nearest)
        return self._slipped(folded, sections_too=sections_too)

    def _slipped(self, folded: str, *, sections_too: bool) -> CellLabel | None:
        """Return the one label that a cell misspells by a letter, or that it is the start of."""
        alike = [
            label
            for label in self._progress.dialect.labels
            if any(looks_alike(folded, start) for start in label.folds)
        ]
        choices = [
            label
            for label in alike
            if self._progress.may_fill_cell(label, sections_too=sections_too)
            and label not in self._progress.seen
            and self._progress.in_order(label)
            and (
                any(is_slip(folded, start) for start in _with_hints(label))
                or (len(folded) >= SHORTEST_CUT_CELL and any(s.startswith(folded) for s in label.folds))
            )
        ]
        if not choices:
            return None
        return CellLabel(label=min(choices, key=self._progress.distance), slip=True)


def _without_hint_folds(folded: str, label: Label) -> str:
    for hint in label.hint_folds:
        folded = folded.removeprefix(hint)
    return folded


def _with_hints(label: Label) -> tuple[str, ...]:
    """Return a label's folded texts, without and with its hints behind."""
    hints = "".join(label.hint_folds)
    return (*label.folds, *(start + hints for start in label.folds)) if hints else label.folds
