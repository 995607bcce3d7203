"""How the time of a piece of work grows with its size: hostile input must not make it grow faster than itself.

Never how long it takes: that is the machine's matter.
"""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_ATTEMPTS = 8
_BOUND = 1.7
"""Exponent: what is in proportion may take somewhat more where caches no longer hold it."""


def grows_with_size(work: Callable[[int], object], small: int, large: int) -> bool:
    """Return whether work of the large size takes about as many times longer than the small one as it is larger.

    What grows with the square of the size is far outside of it: between the two sizes lie eight times or more,
    and the bound is well between (for eight times: linear 8, bound 34, square 64). Machines have slow
    moments, so the least times of several attempts are compared; the first within the bound ends it. The small
    size must be large enough that the work itself is most of what is measured.
    """
    times = large / small
    assert times >= 8, "the sizes are too near to each other to tell one growth from the other"
    work(small)  # so that what is made once is made
    of_small = of_large = float("inf")
    for _ in range(_ATTEMPTS):
        of_small = min(of_small, _seconds(work, small))
        of_large = min(of_large, _seconds(work, large))
        if of_large < of_small * times**_BOUND:
            return True
    return False


def _seconds(work: Callable[[int], object], size: int) -> float:
    # What other tests have left in memory is kept from the cycle collector meanwhile.
    gc.collect()
    gc.freeze()
    try:
        start = time.thread_time()
        work(size)
        return time.thread_time() - start
    finally:
        gc.unfreeze()
