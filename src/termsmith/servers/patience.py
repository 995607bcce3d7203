"""How often and how long a server is waited for. Nothing is random: the same answers give the same waits."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

RETRIED = frozenset({429, 502, 503, 504})
"""Answers that say "later". All our requests may be repeated: what they do twice is what they do once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Limits in time and size."""

    attempts: int = 5
    """Of one request, the first one included."""
    timeout: float = 60.0
    """Seconds for connecting, and between two parts of an answer."""
    longest_answer: float = 600.0
    """Seconds from the first part of an answer to its last."""
    first_wait: float = 0.5
    """Seconds before the second attempt; each further wait is twice as long."""
    longest_wait: float = 60.0
    """Seconds that are waited at most, whatever the server asks for."""
    largest_answer: int = 500_000_000
    """Bytes, decompressed."""


def wait_before(attempt: int, headers: Mapping[str, str], patience: Patience) -> float:
    """Return the seconds to wait before an attempt.

    Args:
        attempt: 2 for the first repetition.
        headers: Of the answer that made it necessary, names in lower case; empty where there was none.
        patience: The limits.

    >>> [wait_before(attempt, {}, Patience()) for attempt in (2, 3, 4, 9)]
    [0.5, 1.0, 2.0, 60.0]
    >>> wait_before(2, {"retry-after": "7"}, Patience())
    7.0
    """
    asked = _retry_after(headers)
    wait = patience.first_wait * 2.0 ** min(attempt - 2, 20) if asked is None else asked
    return max(0.0, min(wait, patience.longest_wait))


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that Retry-After asks for; a date is compared with the server's own clock."""
    stated = headers.get("retry-after", "").strip()
    if stated.isascii() and stated.isdigit():
        return float(stated[:9])
    if not stated:
        return None
    try:
        until = parsedate_to_datetime(stated)
        now = parsedate_to_datetime(headers.get("date", ""))
        return (until - now).total_seconds()
    except (ValueError, TypeError):  # no dates, or one of them without a zone
        return None
