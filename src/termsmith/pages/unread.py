"""What a reader of the page sees and the page's text does not have, such as words that are struck out."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from termsmith.catalogue import PAGE_MORE
from termsmith.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from termsmith.model.finding import Finding, Rule
    from termsmith.model.page import Page

MOST_OF_A_KIND = 100
"""Findings of one kind that are told one by one."""


class Unread(NamedTuple):
    """One thing that was not read."""

    rule: Rule
    what: str
    """How to call it."""
    at: int
    """Offset in `Page.text` that it would stand at."""
    line: int
    column: int


def unread_findings(page: Page, unread: Iterable[Unread]) -> Iterator[Finding]:
    """Yield what is to be told of things that were not read; nothing of those amid furniture."""
    numbers: Counter[Rule] = Counter()
    for each in unread:
        if _is_amid_furniture(page, each.at):
            continue
        numbers[each.rule] += 1
        if numbers[each.rule] <= MOST_OF_A_KIND:
            place = Place(source=page.source, line=each.line, column=each.column)
            yield each.rule.found(place=place, what=each.what)
    for rule, number in numbers.items():
        if number > MOST_OF_A_KIND:
            yield PAGE_MORE.found(code=rule.code, number=number, most=MOST_OF_A_KIND)


def _is_amid_furniture(page: Page, offset: int) -> bool:
    """Say whether the blocks before and behind an offset, as far as there are any, are furniture."""
    behind = bisect_left(page.starts, offset)
    around = page.blocks[max(0, behind - 1) : behind + 1]
    return bool(around) and all(block.furniture is not None for block in around)
