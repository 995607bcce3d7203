"""What a reader of the page sees and the page's text does not have: words struck out, pictures, macros."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from termsmith.catalogue import PAGE_MORE
from termsmith.model.finding import Severity
from termsmith.model.place import Place
from termsmith.pages.characters import plain_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from termsmith.model.finding import Finding, Rule
    from termsmith.model.page import Page

MOST_OF_A_KIND = 100
"""Findings of one kind that are told one by one."""
_ICONS = frozenset({"emoticon", "emoji", "icon", "userlogo", "avatar", "aui-avatar", "confluence-userlink"})
"""Classes of images that say nothing beside text."""


class Thing(NamedTuple):
    """Something that shows no text of its own."""

    what: str
    """How to call it."""
    severity: Severity | None = Severity.WARNING
    """How much it matters beside text; absent where only as all that a cell shows."""


def picture(attributes: Mapping[str, str | None]) -> Thing:
    """Return what an image is, by its attributes in HTML.

    One with an empty description is decoration (https://html.spec.whatwg.org/multipage/images.html#alt); one
    without any may be a figure.
    """
    alternative = plain_line(attributes.get("alt") or "")
    if _ICONS & set((attributes.get("class") or "").lower().split()):
        return Thing(f"the icon {alternative!r}" if alternative else "an icon", None)
    source = (attributes.get("src") or "").partition("?")[0]
    name = "" if source.startswith("data:") else source.rstrip("/").rpartition("/")[2]
    what = f"the picture {name!r}" if name else "a picture"
    if alternative:
        return Thing(f"{what} ({alternative})")
    is_decoration = "alt" in attributes or attributes.get("role") == "presentation"
    return Thing(what, None if is_decoration else Severity.INFORMATION)


class Unread(NamedTuple):
    """One thing that was not read."""

    rule: Rule
    what: str
    """How to call it."""
    severity: Severity
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
            yield each.rule.found(place=place, severity=each.severity, what=each.what)
    for rule, number in numbers.items():
        if number > MOST_OF_A_KIND:
            yield PAGE_MORE.found(code=rule.code, number=number, most=MOST_OF_A_KIND)


def _is_amid_furniture(page: Page, offset: int) -> bool:
    """Say whether the blocks before and behind an offset, as far as there are any, are furniture."""
    behind = bisect_left(page.starts, offset)
    around = page.blocks[max(0, behind - 1) : behind + 1]
    return bool(around) and all(block.furniture is not None for block in around)
