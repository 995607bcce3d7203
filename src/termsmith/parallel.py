"""Converting sources in several processes: the same results, in the same order, as one after the other."""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import TYPE_CHECKING, TypeAlias

from termsmith.batch import Job, convert_read_source, convert_source
from termsmith.collecting import collect_rarely
from termsmith.errors import TermsmithError
from termsmith.sources.local import LocalSource, SourceBytes, read_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from termsmith.outputs.results import PageResult

_CHUNK = 16
"""Sources that a worker gets at once: enough that handing them over costs little beside the work."""
_AHEAD = 4
"""Chunks for each worker that may wait, so that memory does not grow with the number of sources."""


def convert_sources_in_parallel(
    sources: Iterable[LocalSource], job: Job, *, processes: int
) -> Iterator[PageResult]:
    """Convert sources in several processes; results come in the order of the sources.

    Raises:
        SourceError: When standard input can't be read.
        TermsmithError: INT002, when a process dies (the system may have killed it for want of memory).
    """
    with _pool(replace(job, on_rows=None), processes) as pool:
        waiting: deque[tuple[list[_Task], Future[list[PageResult | None]]]] = deque()
        try:
            for chunk in _chunks(sources):
                with _interrupts_held():
                    waiting.append((chunk, pool.submit(_convert_chunk, chunk)))
                if len(waiting) >= _AHEAD * processes:
                    yield from _results(*waiting.popleft(), job)
            while waiting:
                yield from _results(*waiting.popleft(), job)
        except BrokenProcessPool as error:
            raise TermsmithError(
                "INT002",
                "a process that converts pages died",
                "Run again with --jobs 1 to see which page it is.",
            ) from error


_Task: TypeAlias = "tuple[LocalSource, SourceBytes | None]"
"""A source; with its bytes if only this process can read it."""


def _chunks(sources: Iterable[LocalSource]) -> Iterator[list[_Task]]:
    """Yield sources in small lists."""
    waiting = iter(sources)
    while chunk := [_task(source) for source in islice(waiting, _CHUNK)]:
        yield chunk


def _task(source: LocalSource) -> _Task:
    return source, None if source.path is not None else read_source(source)


_worker_job: Job
"""In a worker process: the job of the run. Handed over once, since settings name tables to be loaded."""


def _begin_worker(job: Job) -> None:
    # Ctrl-C reaches every process of a terminal; the parent alone decides what then happens.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_rarely()
    Thread(target=_die_with_parent, daemon=True).start()
    global _worker_job  # noqa: PLW0603  a pool has no other way to give workers state
    _worker_job = job


def _die_with_parent() -> None:
    """End this worker when the parent was killed; it would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _convert_chunk(chunk: list[_Task]) -> list[PageResult | None]:
    results = (_convert(task, _worker_job) for task in chunk)
    return [None if any(file.write is not None for file in result.files) else result for result in results]


def _convert(task: _Task, job: Job) -> PageResult:
    source, read = task
    return convert_source(source, job) if read is None else convert_read_source(source, read, job)


def _results(chunk: list[_Task], future: Future[list[PageResult | None]], job: Job) -> Iterator[PageResult]:
    """Yield what a worker gave. What is too large to be handed over is converted here instead."""
    for task, result in zip(chunk, future.result(), strict=True):
        yield result if result is not None else _convert(task, job)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Keep Ctrl-C waiting while a worker may be started, and from that worker for good.

    A worker inherits the mask; without it, Ctrl-C would reach one that is still importing, before
    `_begin_worker`, and end it with a traceback.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _pool(job: Job, processes: int) -> Iterator[ProcessPoolExecutor]:
    # spawn on every system: what works here works on macOS and Windows too.
    pool = ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_begin_worker, initargs=(job,)
    )
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
