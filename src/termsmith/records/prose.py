"""Printed paragraphs and lists as Markdown."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

from termsmith.model.page import Block, BlockKind, Link, Page
from termsmith.records.emphasis import escape_emphasis

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_DELIMITERS = {".": ")", ")": "."}
_SENTENCE_END = tuple(".!?:;\"'”’)»")
_WIDEST_WRAPPED_LINE = 100
_FEWEST_WRAPPED_LINES = 3
_ABSOLUTE = re.compile(r"(?:https?|ftp|mailto|urn):", re.IGNORECASE)
_UNESCAPED_LESS_THAN = re.compile(r"(?<!\\)<")
_UNFINISHED = re.compile(r"(?:[,:(/–—-]|\b(?:of|and|for|the|in|to|on|with|by))$", re.IGNORECASE)
"""How a line ends whose name goes on in the next."""
_UNSAFE_IN_LINK = re.compile(r"[()\s<>\\]")
_LITERAL_LINK = re.compile(r"\[[^\[\]]*\]\(\s*\S*$")


def to_markdown(page: Page, blocks: Sequence[Block]) -> str:
    """Return blocks as Markdown: paragraphs apart by an empty line, hard-wrapped lines joined.

    List items start with ``* `` or their number; hyperlinks become ``[text](url)``; ``<`` is escaped, since
    FHIR's validator takes it for HTML (https://hl7.org/fhir/R4/datatypes.html#markdown), and so is what would
    become emphasis.
    """
    parts: list[str] = []
    lists = _Lists()
    previous: BlockKind | None = None
    for paragraph in _paragraphs(page, blocks):
        first = paragraph[0]
        line = escape_emphasis(" ".join(inline(page, block) for block in paragraph))
        text = lists.before(first) + line
        separator = "\n" if first.kind is previous is BlockKind.ITEM else "\n\n"
        parts += [separator, text] if parts else [text]
        previous = first.kind
    return "".join(parts)


class _Lists:
    """The lists that are open at a paragraph."""

    def __init__(self) -> None:
        self._markers: dict[int, str] = {}
        """Marker of the last item, by level."""

    def before(self, block: Block) -> str:
        """Return what a paragraph begins with: indentation, and the marker of an item.

        What belongs to an item stands below the text of it (https://spec.commonmark.org/0.31.2/#list-items).
        """
        is_item = block.kind is BlockKind.ITEM
        level = 0 if block.kind is BlockKind.HEADING else block.level
        for deeper in [each for each in self._markers if each > level]:
            del self._markers[deeper]
        marker = self._marker(block) if is_item else ""
        around = [each for at, each in self._markers.items() if at < level or not is_item]
        if is_item:
            self._markers[level] = marker
        return " " * sum(map(len, around)) + marker

    def _marker(self, item: Block) -> str:
        number = item.marker.removesuffix(".")
        if not number.isdigit():
            return "* "
        before = self._markers.get(item.level, "").rstrip()
        delimiter = before[-1:] if before[-1:] in _DELIMITERS else ""
        if not delimiter:
            return f"{number}. "
        # A list beside another one is told from it by its delimiter only.
        if int(number) != int(before[:-1]) + 1:
            delimiter = _DELIMITERS[delimiter]
        return f"{number}{delimiter} "


def one_line(page: Page, blocks: Iterable[Block]) -> str:
    """Return blocks as one line of plain text."""
    return " ".join(page.text[block.start : block.end] for block in blocks)


def goes_on(before: str, line: str) -> bool:
    """Whether a line plainly goes on with the name that the line before it begins."""
    return line[:1].islower() or line[:1] in "(&" or _UNFINISHED.search(before) is not None


def inline(page: Page, block: Block) -> str:
    """Return the text of a block with its links and with ``<`` escaped."""
    if not page.links:
        return _escape(page.text[block.start : block.end])
    parts: list[str] = []
    cursor = block.start
    for link in _links_in(page, block):
        parts.append(_escape(page.text[cursor : link.start]))
        text = page.text[link.start : link.end]
        if _LITERAL_LINK.search(page.text[block.start : link.start]):
            parts.append(_escape(text))
        else:
            parts.append(_link(text, link.url))
        cursor = link.end
    parts.append(_escape(page.text[cursor : block.end]))
    return "".join(parts)


def is_absolute(url: str) -> bool:
    """Whether a link leads to a full address, which it keeps wherever the text stands."""
    return _ABSOLUTE.match(url) is not None


def _links_in(page: Page, block: Block) -> list[Link]:
    """Return the absolute links that lie wholly in a block."""
    found = []
    index = bisect_left(page.links, block.start, key=lambda link: link.start)
    while index < len(page.links) and page.links[index].end <= block.end:
        link = page.links[index]
        if link.start < link.end and is_absolute(link.url):
            found.append(link)
        index += 1
    return found


def _link(text: str, url: str) -> str:
    safe = _UNSAFE_IN_LINK.sub(lambda match: f"%{ord(match[0]):02X}", url)
    label = _escape(text).replace("[", "\\[").replace("]", "\\]")
    return f"[{label}]({safe})"


def _escape(text: str) -> str:
    return _UNESCAPED_LESS_THAN.sub(r"\\<", text)


def _paragraphs(page: Page, blocks: Sequence[Block]) -> list[list[Block]]:
    """Group blocks into paragraphs and list items."""
    groups: list[list[Block]] = []
    run: list[Block] = []
    for block in blocks:
        if run and (block.gap or block.kind is BlockKind.ITEM):
            groups += _split_run(page, run)
            run = []
        run.append(block)
    if run:
        groups += _split_run(page, run)
    return groups


def _split_run(page: Page, run: list[Block]) -> list[list[Block]]:
    """Split lines without an empty line between them where they were not hard-wrapped."""
    if len(run) == 1:
        return [run]
    wrapped = _is_hard_wrapped(page, run)
    groups = [[run[0]]]
    for before, block in pairwise(run):
        if wrapped or run[0].kind is BlockKind.ITEM or _continues(page, before, block):
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _continues(page: Page, before: Block, block: Block) -> bool:
    """Whether a line goes on with the sentence of the line before it."""
    if page.text[block.start].islower():
        return True
    return not page.text[before.start : before.end].endswith(_SENTENCE_END)


def _is_hard_wrapped(page: Page, run: list[Block]) -> bool:
    """Whether each line ends where the next word would have passed the right margin."""
    lengths = [block.end - block.start for block in run]
    width = max(lengths)
    if len(run) < _FEWEST_WRAPPED_LINES or width > _WIDEST_WRAPPED_LINE:
        return False
    for length, following in zip(lengths, run[1:], strict=False):
        first_word = page.text[following.start : following.end].split(" ", 1)[0]
        if length + 1 + len(first_word) <= width:
            return False
    return True
