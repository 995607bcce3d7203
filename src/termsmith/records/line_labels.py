"""Finding labels at the start of running lines, where nothing but their text tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.dialects.labels import Match, fold, match_prefix
from termsmith.dialects.slips import SHORTEST_CUT_LINE, end_of_cut, looks_alike, match_slipped_prefix
from termsmith.dialects.table import START_LENGTH
from termsmith.model.page import BlockKind
from termsmith.records.joins import COLON, LONGEST_LABEL, join_of, joins_on, starts_with_row, without_hints

if TYPE_CHECKING:
    from termsmith.dialects.table import Label
    from termsmith.model.page import Block, Page
    from termsmith.records.progress import Progress


class LineLabels:
    """Looks for labels on the lines of one page."""

    def __init__(self, page: Page, progress: Progress) -> None:
        """Take the page, and how far it has been read."""
        self._page, self._progress = page, progress
        self._dialect = progress.dialect
        self._joins = joins_on(page, progress.dialect)

    def at(self, text: str, block: Block) -> tuple[Label, Match] | None:
        """Return the label that a line starts with, if one may stand here."""
        head = fold(text[:LONGEST_LABEL])
        allowed = [
            (label, match)
            for start, label in self._dialect.starting(head)
            if head.startswith(start)
            and (match := match_prefix(text, start)) is not None
            and (len(start) >= START_LENGTH or _is_set_off(label, text[match.end :]))
            and self._may_stand(label, text, match, block)
        ]
        if allowed:
            return min(allowed, key=lambda found: (-found[1].end, self._progress.distance(found[0])))
        return self._slipped_label_at(text, head, block)

    def _may_stand(self, label: Label, text: str, match: Match, block: Block) -> bool:
        rest = text[match.end :]
        behind = without_hints(rest, label)
        whole = not behind or block.kind is BlockKind.HEADING
        hinted = behind != rest
        if not (whole or hinted or label.is_long or join_of(rest) in self._joins):
            return False
        return (
            self._progress.in_order(label)
            or (whole and label.is_long and label.section != self._progress.section)
            or ((whole or hinted) and self._begins_anew(label))
        )

    def _begins_anew(self, label: Label) -> bool:
        """Whether a label comes again that is no prose: the template's first one, or a long one."""
        first = label is self._dialect.labels[0]
        return label in self._progress.seen and (first or (label.is_long and not label.is_section))

    def _slipped_label_at(self, text: str, head: str, block: Block) -> tuple[Label, Match] | None:
        """Return a label with one wrong letter; only where it is alone or a label follows."""
        for label in self._dialect.labels:
            for start in label.folds:
                if not looks_alike(head, start) or not self._progress.in_order(label):
                    continue
                match = match_slipped_prefix(text, start)
                if match is None:
                    continue
                rest = text[match.end :]
                if (
                    not without_hints(rest, label)
                    or label.is_long
                    or (label.is_section and starts_with_row(rest, label, self._dialect))
                ):
                    return label, match
        return self._cut_label(text, head, block)

    def _cut_label(self, text: str, head: str, block: Block) -> tuple[Label, Match] | None:
        """Return the label whose beginning stands at the start of a line (``Other useful Info``)."""
        if len(head) < SHORTEST_CUT_LINE:
            return None
        last = block.end >= len(self._page.text.rstrip())
        cut = []
        for label in self._dialect.labels:
            if not self._progress.in_order(label):
                continue
            end = max((end_of_cut(text, head, start) for start in label.folds), default=0)
            if any(last and start.startswith(head) for start in label.folds):
                end = len(text)
            sure = (
                end == len(text)
                or (
                    not label.is_section
                    and label.text.count(" ") >= 2  # noqa: PLR2004  the start of fewer words is no sign
                    and join_of(text[end:]) in self._joins
                )
            )
            if end and sure:
                cut.append((label, Match(end=end, slip=True)))
        return cut[0] if len(cut) == 1 else None


def _is_set_off(label: Label, rest: str) -> bool:
    """Whether a label stands alone or has a colon behind it, hints not counted."""
    return not without_hints(rest, label) or join_of(without_hints(rest, label)) == COLON
