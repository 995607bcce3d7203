from __future__ import annotations

import pytest

from termsmith.servers.patience import Patience, wait_before

NOW = {"date": "Wed, 25 Nov 2026 12:00:00 GMT"}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0.5),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "99999999999999999999"}, 60.0),
        ({"retry-after": "-5"}, 0.5),
        ({"retry-after": "soon"}, 0.5),
        ({"retry-after": "٣"}, 0.5),
        ({"retry-after": "Wed, 25 Nov 2026 12:00:20 GMT", **NOW}, 20.0),
        ({"retry-after": "Wed, 25 Nov 2026 11:00:00 GMT", **NOW}, 0.0),
        ({"retry-after": "Wed, 25 Nov 2026 12:00:20 GMT"}, 0.5),
        ({"retry-after": "Wed, 25 Nov 2026 12:00:20", **NOW}, 0.5),
    ],
)
def test_what_the_server_asks_for_is_honoured_up_to_a_limit(headers: dict[str, str], seconds: float) -> None:
    assert wait_before(2, headers, Patience()) == seconds


def test_waits_double_and_are_the_same_each_time() -> None:
    waits = [wait_before(attempt, {}, Patience(first_wait=1, longest_wait=10)) for attempt in range(2, 8)]
    assert waits == [1, 2, 4, 8, 10, 10]
    assert wait_before(100_000, {}, Patience()) == 60
