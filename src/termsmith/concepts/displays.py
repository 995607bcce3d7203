"""Who says what the codes of a table mean."""

from __future__ import annotations

from enum import StrEnum


class Displays(StrEnum):
    """Where the displays of codes are expected."""

    OWN = "own"
    """In the code system itself."""
    OF_THE_BASE = "base"
    """In the code system that this one supplements; it needs to repeat none."""
