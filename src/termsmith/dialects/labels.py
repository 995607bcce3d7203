"""Comparing printed labels: folding of case, space and punctuation, with offsets kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_NO_LETTER_OR_DIGIT = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return a label with case, space and punctuation folded away.

    >>> fold("Technical identifier/s  of the CODE system (OIDs, URNs etc)")
    'technicalidentifiersofthecodesystemoidsurnsetc'
    """
    return _NO_LETTER_OR_DIGIT.sub("", text).casefold()


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """Return the folded text and, for each of its characters, the offset in ``text``."""
    letters: list[str] = []
    offsets: list[int] = []
    for offset, letter in enumerate(text):
        if letter.isalnum():
            for folded in letter.casefold():
                letters.append(folded)
                offsets.append(offset)
    return "".join(letters), offsets


@dataclass(frozen=True, slots=True)
class Match:
    """A label found at the start of a text."""

    end: int
    """Offset in the text behind the label."""
    slip: bool = False
    """The label is misspelt by one letter, or cut."""


def match_prefix(text: str, folded_label: str) -> Match | None:
    """Match a folded label at the start of a text, whatever follows it, even without a separator.

    >>> match_prefix("Formal name of the code systemRadLex", fold("Formal name of the code system"))
    Match(end=30, slip=False)
    """
    head = text[: len(folded_label) * 2 + 24]
    if not fold(head).startswith(folded_label):
        return None
    _, offsets = fold_with_offsets(head)
    return Match(end=behind(text, offsets, len(folded_label)))


def behind(text: str, offsets: list[int], length: int) -> int:
    """Return the offset behind the first ``length`` folded letters and a closing bracket of theirs."""
    end = offsets[length - 1] + 1 if length else 0
    opened = text.count("(", 0, end) - text.count(")", 0, end)
    if opened > 0 and text[end : end + 1] == ")":
        end += 1
    return end
