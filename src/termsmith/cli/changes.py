"""Wording of what commands did to files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.cli.messages import counted
from termsmith.outputs.files import Change

if TYPE_CHECKING:
    from collections import Counter


def changes_text(changes: Counter[Change], noun: str) -> str:
    """Return how many files there are, and what writing does to them: ``3 files (1 new, 2 unchanged)``."""
    parts = [f"{changes[change]:,} {change.value}" for change in Change if changes[change]]
    return counted(changes.total(), noun) + (f" ({', '.join(parts)})" if parts else "")
