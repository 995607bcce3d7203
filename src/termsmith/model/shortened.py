"""Texts of pages and files in messages, which stay readable whatever they are about."""

from __future__ import annotations

LONGEST = 60
"""Characters that are shown unless somebody asks for another number."""


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return a text with at most so many characters; one that is cut ends with an ellipsis.

    >>> shortened("Leaf", 4), shortened("Broken leaf", 4)
    ('Leaf', 'Bro…')
    """
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
