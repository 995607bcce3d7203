"""Asterisks and underscores of a page that Markdown would take for emphasis.

Only those are escaped that a reader of CommonMark would pair
(https://spec.commonmark.org/0.31.2/#emphasis-and-strong-emphasis): ``10*3 and 10*6``, not ``snake_case``.
Some runs whose lengths alone keep them apart (its "rule of 3") are escaped as well, which shows nothing.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PARTS = re.compile(r"\\.|(?P<code>`+)|\]\([^()\s]*\)|(?P<run>\*+|_+)", re.DOTALL)
"""What is escaped already, code, where a link leads, and runs of asterisks or underscores."""
_RULE = re.compile(r"\s*([*_])(?:\s*\1){2,}\s*")
"""A line across the page."""


@dataclass(slots=True)
class _Run:
    start: int
    end: int
    opens: bool
    closes: bool
    left: int
    """Characters that are not paired yet."""
    paired: bool = False


def escape_emphasis(text: str) -> str:
    r"""Return a paragraph of Markdown in which nothing is emphasised.

    >>> print(escape_emphasis("10*3/uL and 10*6/uL, 2 * 3 * 4, snake_case_name"))
    10\*3/uL and 10\*6/uL, 2 * 3 * 4, snake_case_name
    """
    if "*" not in text and "_" not in text:
        return text
    if _RULE.fullmatch(text):
        return re.sub("[*_]", r"\\\g<0>", text)
    parts: list[str] = []
    done = 0
    for run in _paired(text):
        parts += [text[done : run.start], *("\\" + character for character in text[run.start : run.end])]
        done = run.end
    return "".join((*parts, text[done:]))


def _paired(text: str) -> list[_Run]:
    """Return the runs that make emphasis together, in order."""
    runs: list[_Run] = []
    openers: dict[str, list[_Run]] = {"*": [], "_": []}
    for run in _runs(text):
        runs.append(run)
        before = openers[text[run.start]]
        while run.closes and run.left and before:
            opener = before[-1]
            used = min(opener.left, run.left)
            opener.left -= used
            run.left -= used
            opener.paired = run.paired = True
            if not opener.left:
                before.pop()
        if run.opens and run.left:
            before.append(run)
    return [run for run in runs if run.paired]


def _runs(text: str) -> Iterator[_Run]:
    """Yield the runs outside code and links."""
    ticks: dict[int, list[int]] = {}
    for found in re.finditer("`+", text):
        ticks.setdefault(len(found[0]), []).append(found.start())
    at = 0
    while (part := _PARTS.search(text, at)) is not None:
        at = part.end()
        if part["code"] is not None:
            same = ticks.get(len(part[0]), [])
            following = bisect_left(same, at)
            if following < len(same):
                at = same[following] + len(part[0])
        elif part["run"] is not None:
            yield _run(text, part)


def _run(text: str, found: re.Match[str]) -> _Run:
    before, behind = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
    left = not _is_space(behind) and (
        not _is_punctuation(behind) or _is_space(before) or _is_punctuation(before)
    )
    right = not _is_space(before) and (
        not _is_punctuation(before) or _is_space(behind) or _is_punctuation(behind)
    )
    opens, closes = left, right
    if found[0][0] == "_":
        opens = left and (not right or _is_punctuation(before))
        closes = right and (not left or _is_punctuation(behind))
    return _Run(found.start(), found.end(), opens, closes, len(found[0]))


def _is_space(character: str) -> bool:
    """Say whether a character is white space; the end of the text counts as such."""
    return not character or character.isspace()


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS" if character else False
