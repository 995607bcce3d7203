"""The processor's time for a piece of work, which hostile input must not draw out, whatever else runs."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Do something, and return the seconds that it took, with its result.

    What other tests have left in memory does not count: it is kept from the cycle collector meanwhile.
    """
    gc.collect()
    gc.freeze()
    try:
        start = time.process_time()
        result = work()
        return time.process_time() - start, result
    finally:
        gc.unfreeze()


def least_time(work: Callable[[], object]) -> float:
    """Return the seconds that something took the quickest of three times, as machines have slow moments."""
    return min(timed(work)[0] for _ in range(3))
