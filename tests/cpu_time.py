"""The processor's time for a piece of work, which hostile input must not draw out, whatever else runs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Do something, and return the seconds that it took, with its result."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result
