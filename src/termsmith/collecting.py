"""The cycle collector in a process of our own: rarely, and never over what stays anyway."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_THRESHOLDS = (50_000, 20, 100)
"""Net allocations, and rounds, between collections. Pages leave hardly any cycles, so memory stays flat."""


def collect_rarely() -> None:
    """Run the cycle collector rarely in this process.

    With Python's own thresholds it goes through the models of fhir.resources again and again, which takes a
    third of the time of a bulk conversion. Only for processes that are ours, not for programs that import us.
    """
    gc.set_threshold(*_THRESHOLDS)


def keep_what_is_loaded() -> None:
    """Take what exists now, modules and models above all, out of all later collections."""
    gc.freeze()


@contextmanager
def paused() -> Iterator[None]:
    """Keep Python from looking for cycles while millions of objects are made, among which there are none."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
