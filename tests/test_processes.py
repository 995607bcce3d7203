from __future__ import annotations

import multiprocessing.synchronize
import os
from typing import Any

import pytest

from termsmith.processes import processes_for


@pytest.mark.parametrize(
    ("pages", "processors", "processes"),
    [
        (0, 8, 1),
        (1, 8, 1),
        (299, 8, 1),
        (300, 8, 2),
        (300, 1, 1),
        (670, 2, 2),
        (670, 8, 4),
        (1_000_000, 64, 8),
    ],
)
def test_many_pages_are_converted_by_several_processes(
    monkeypatch: pytest.MonkeyPatch, pages: int, processors: int, processes: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(processors)), raising=False)
    assert processes_for(pages) == processes


def test_where_a_system_tells_no_affinity_all_processors_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert processes_for(1000) == 3
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert processes_for(1000) == 1


@pytest.mark.parametrize("refusal", [ImportError("no sem_open"), PermissionError(13, "Permission denied")])
def test_where_processes_can_share_nothing_there_is_one(
    monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)

    def refuse(*_: Any, **__: Any) -> None:
        raise refusal

    monkeypatch.setattr(multiprocessing.synchronize, "Lock", refuse)
    assert processes_for(1000) == 1
