"""The day on which something is done."""

from __future__ import annotations

from datetime import datetime


def today() -> str:
    """Return the user's own day, ``YYYY-MM-DD``."""
    return datetime.now().astimezone().date().isoformat()
