"""The account of a page's words: each piece of its text has exactly one fate."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from termsmith.model.result import Coverage, Fate, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from termsmith.model.page import Block, Page
    from termsmith.model.result import Evidence
    from termsmith.records.scan import Mark

_UNUSED = "nothing on the page says what it is about"


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
    claims = [(start, end, Fate.USED, None, tuple(elements)) for (start, end), elements in used.items()]
    marked = [(*_trimmed(page.text, mark.start, mark.end), mark.fate, mark.note, ()) for mark in marks]
    reasons = [(block.start, block.end, why) for block, why in stray]
    pieces: list[Piece] = []
    cursor = 0
    for start, end, fate, note, elements in _disjoint(claims, marked):
        _rest(page, pieces, cursor, start, reasons)
        pieces.append(_piece(page, start, end, fate, note, elements))
        cursor = end
    _rest(page, pieces, cursor, len(page.text), reasons)
    return Coverage(pieces=tuple(pieces))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch without the white space at its ends."""
    stretch = text[start:end]
    start += len(stretch) - len(stretch.lstrip())
    return start, max(start, start + len(stretch.strip()))


_Claim = tuple[int, int, Fate, "str | None", "tuple[str, ...]"]


def _disjoint(claims: Sequence[_Claim], marked: Sequence[_Claim]) -> list[_Claim]:
    """Cut claims that overlap so that each offset has one; earlier lists win."""
    edges = sorted({edge for start, end, *_ in (*claims, *marked) for edge in (start, end)})
    owner: list[_Claim | None] = [None] * len(edges)
    shared: dict[int, tuple[str, ...]] = {}
    index = {edge: number for number, edge in enumerate(edges)}
    for claim in claims:
        for number in range(index[claim[0]], index[claim[1]]):
            shared[number] = shared.get(number, ()) + claim[4]
            owner[number] = claim
    for claim in marked:
        for number in range(index[claim[0]], index[claim[1]]):
            if owner[number] is None:
                owner[number] = claim
    result: list[_Claim] = []
    for number, claim in enumerate(owner[:-1]):
        if claim is None:
            continue
        start, end = edges[number], edges[number + 1]
        elements = shared.get(number, ())
        last = result[-1] if result else None
        if last is not None and last[1] == start and last[2:4] == claim[2:4] and last[4] == elements:
            result[-1] = (last[0], end, *claim[2:4], elements)
        else:
            result.append((start, end, claim[2], claim[3], elements))
    return result


def _rest(
    page: Page, pieces: list[Piece], start: int, end: int, reasons: Sequence[tuple[int, int, str]]
) -> None:
    """Append what nobody claims: white space, and text that is left over, block by block."""
    cursor = start
    index = bisect_right(page.starts, start) - 1
    for block in page.blocks[max(index, 0) :]:
        if block.start >= end:
            break
        first, last = max(block.start, cursor), min(block.end, end)
        while first < last and page.text[first].isspace():
            first += 1
        while last > first and page.text[last - 1].isspace():
            last -= 1
        if first >= last:
            continue
        _space(page, pieces, cursor, first)
        pieces.append(_piece(page, first, last, Fate.LEFTOVER, _reason(first, reasons), ()))
        cursor = last
    _space(page, pieces, cursor, end)


def _space(page: Page, pieces: list[Piece], start: int, end: int) -> None:
    if start >= end:
        return
    if page.text[start:end].isspace():
        pieces.append(_piece(page, start, end, Fate.SPACE, None, ()))
    else:
        pieces.append(_piece(page, start, end, Fate.LEFTOVER, "text outside the page's structure", ()))


def _reason(offset: int, reasons: Sequence[tuple[int, int, str]]) -> str:
    """Return the last reason given for an offset."""
    for start, end, why in reversed(reasons):
        if start <= offset < end:
            return why
    return _UNUSED


def _piece(
    page: Page, start: int, end: int, fate: Fate, note: str | None, elements: tuple[str, ...]
) -> Piece:
    return Piece(
        start=start,
        end=end,
        text=page.text[start:end],
        fate=fate,
        place=page.place(start),
        note=note,
        elements=elements,
    )
