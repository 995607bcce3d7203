"""Words of a page as values with their evidence, and the way back from evidence to the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.model.record import Span, Stated
from termsmith.records.prose import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from termsmith.model.page import Block, Page


def span_at(page: Page, start: int, end: int) -> Span:
    """Return a stretch of a page's text as evidence."""
    return Span(place=page.place(start), raw=page.text[start:end], start=start, end=end)


def stated_at(page: Page, start: int, end: int) -> Stated[str]:
    """Return a stretch of a page's text as a value, as printed."""
    found = span_at(page, start, end)
    return Stated(value=found.raw, spans=(found,))


def stated_in(page: Page, blocks: Sequence[Block]) -> Stated[str]:
    """Return blocks as a value of one line, each of them as evidence."""
    spans = tuple(span_at(page, block.start, block.end) for block in blocks)
    return Stated(value=one_line(page, blocks), spans=spans)


def blocks_of(page: Page, stated: Stated[str]) -> Iterator[Block]:
    """Yield the blocks that a value rests on, cut to its words; words that are not on the page have none."""
    for span in stated.spans:
        if span.start is not None and span.end is not None:
            block = page.block_at(span.start)
            if block is not None:
                yield block._replace(start=span.start, end=span.end)
