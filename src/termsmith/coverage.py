"""The account of a page's words: each piece of its text has exactly one fate."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from termsmith.model.result import Coverage, Fate, Stretch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from termsmith.model.page import Block, Page
    from termsmith.model.result import Evidence, Piece
    from termsmith.records.marks import Mark

_UNUSED = "nothing on the page says what it is about"
_DEEPEST = 8
"""Reasons that overlap at one offset: a block, and parts of it."""


def account(
    page: Page,
    evidence: Iterable[Evidence],
    marks: Iterable[Mark],
    stray: Iterable[tuple[Block, str]],
) -> Coverage:
    """Return the pieces of a page in order; put together they are the page's text again.

    Where words serve twice, use goes before label, and label before furniture and blank.
    """
    used: dict[tuple[int, int], list[str]] = {}
    for each in evidence:
        for span in each.spans:
            if span.start is not None and span.end is not None and span.start < span.end:
                stretch = _trimmed(page.text, span.start, span.end)
                used.setdefault(stretch, []).append(f"{each.resource} {each.element}")
    claims = [
        Stretch(start, end, Fate.USED, None, tuple(elements)) for (start, end), elements in used.items()
    ]
    marked = [Stretch(*_trimmed(page.text, mark.start, mark.end), mark.fate, mark.note) for mark in marks]
    reasons = _Reasons(stray)
    stretches: list[Stretch] = []
    cursor = 0
    for claim in _disjoint(page.text, claims, marked):
        _rest(page, stretches, cursor, claim.start, reasons)
        stretches.append(claim)
        cursor = claim.end
    _rest(page, stretches, cursor, len(page.text), reasons)
    return Coverage(page=page, stretches=tuple(stretches))


def by_chapter(
    pieces: Sequence[Piece], chapters: Sequence[tuple[int, int, str]]
) -> Iterator[tuple[Piece, int]]:
    """Yield pieces with the number of further ones that need no word of their own.

    Args:
        pieces: In page order.
        chapters: Start and end of the parts of the page where one piece of a kind stands for all; in order.
    """
    starts = [start for start, *_ in chapters]
    groups: dict[object, list[Piece]] = {}
    for piece in pieces:
        index = bisect_right(starts, piece.start) - 1
        inside = index >= 0 and piece.start < chapters[index][1]
        groups.setdefault((index, piece.note) if inside else piece.start, []).append(piece)
    for group in groups.values():
        yield group[0], len(group) - 1


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch without the white space at its ends."""
    if start < end and not text[start].isspace() and not text[end - 1].isspace():
        return start, end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _disjoint(text: str, claims: Sequence[Stretch], marked: Sequence[Stretch]) -> list[Stretch]:
    """Cut claims that overlap so that each offset has one; earlier lists win."""
    ordered = sorted((*claims, *marked), key=lambda claim: claim[:2])
    if all(before.end <= after.start for before, after in pairwise(ordered)):
        return [claim for claim in ordered if claim.start < claim.end]
    parts = []
    for part in _cut(claims, marked):
        # Where a part of a claim is another one's, the blank between them is at the end of one of both.
        start, end = _trimmed(text, part.start, part.end)
        if start < end:
            parts.append(part._replace(start=start, end=end))
    return parts


def _cut(claims: Sequence[Stretch], marked: Sequence[Stretch]) -> list[Stretch]:
    edges = sorted({edge for claim in (*claims, *marked) for edge in (claim.start, claim.end)})
    index = {edge: number for number, edge in enumerate(edges)}
    owners: list[Stretch | None] = [None] * len(edges)
    elements: dict[int, tuple[str, ...]] = {}
    for claim in claims:
        for number in range(index[claim.start], index[claim.end]):
            elements[number] = elements.get(number, ()) + claim.elements
            owners[number] = claim
    for claim in marked:
        for number in range(index[claim.start], index[claim.end]):
            owners[number] = owners[number] or claim
    result: list[Stretch] = []
    for number, owner in enumerate(owners[:-1]):
        if owner is None:
            continue
        part = Stretch(edges[number], edges[number + 1], owner.fate, owner.note, elements.get(number, ()))
        if result and result[-1].end == part.start and result[-1][2:] == part[2:]:
            part = part._replace(start=result.pop().start)
        result.append(part)
    return result


def _rest(page: Page, stretches: list[Stretch], start: int, end: int, reasons: _Reasons) -> None:
    """Append what nobody claims: white space, and text that is left over, block by block."""
    if start >= end:
        return
    if page.text[start:end].isspace():
        stretches.append(Stretch(start, end, Fate.SPACE))
        return
    cursor = start
    index = bisect_right(page.starts, start) - 1
    for block in page.blocks[max(index, 0) :]:
        if block.start >= end:
            break
        first, last = _trimmed(page.text, max(block.start, cursor), min(block.end, end))
        if first < last:
            _between(page, stretches, cursor, first)
            stretches.append(Stretch(first, last, Fate.LEFTOVER, reasons.at(first)))
            cursor = last
    _between(page, stretches, cursor, end)


def _between(page: Page, stretches: list[Stretch], start: int, end: int) -> None:
    if start < end:
        space = page.text[start:end].isspace()
        note = None if space else "text outside the page's structure"
        stretches.append(Stretch(start, end, Fate.SPACE if space else Fate.LEFTOVER, note))


class _Reasons:
    """Why text is left over, by offset; of reasons that overlap the last one given counts."""

    def __init__(self, stray: Iterable[tuple[Block, str]]) -> None:
        given = [(block.start, number, block.end, why) for number, (block, why) in enumerate(stray)]
        self._given = sorted(given)
        self._starts = [start for start, *_ in self._given]

    def at(self, offset: int) -> str:
        """Return the reason for an offset."""
        found = (-1, _UNUSED)
        index = bisect_right(self._starts, offset)
        for _, number, end, why in self._given[max(0, index - _DEEPEST) : index]:
            if offset < end and number > found[0]:
                found = (number, why)
        return found[1]
