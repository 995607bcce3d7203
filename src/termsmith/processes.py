"""How many processes convert the pages of a run."""

from __future__ import annotations

import os

_PAGES_FOR_ONE = 150
"""Pages that take about as long as two starts of a process."""
_MOST = 8
"""Each holds all modules and dialects, some 100 MB."""


def processes_for(pages: int) -> int:
    """Return with how many processes a run is soonest done; 1 where the system lets processes share nothing.

    Args:
        pages: Number of pages to convert.
    """
    number = min(pages // _PAGES_FOR_ONE, _processors(), _MOST)
    return number if number > 1 and _can_share() else 1


def _processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _can_share() -> bool:
    """Tell whether processes can wait for each other; some containers have no semaphores."""
    from multiprocessing import get_context  # noqa: PLC0415  only for many pages

    try:
        get_context("spawn").Lock()
    except (ImportError, OSError):
        return False
    return True
